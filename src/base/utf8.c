#include "config.h"

#include "base/utf8.h"

#include <string.h>

uint32_t utf8_decode(const char *s, size_t len, size_t *size)
{
    const unsigned char *p = (const unsigned char *)s;
    *size = 1;
    if (p[0] < 0x80)
        return p[0];
    size_t need;
    uint32_t cp, lowest;
    if (p[0] >= 0xC2 && p[0] <= 0xDF) {
        need = 2, cp = p[0] & 0x1Fu, lowest = 0x80;
    } else if (p[0] >= 0xE0 && p[0] <= 0xEF) {
        need = 3, cp = p[0] & 0x0Fu, lowest = 0x800;
    } else if (p[0] >= 0xF0 && p[0] <= 0xF4) {
        need = 4, cp = p[0] & 0x07u, lowest = 0x10000;
    } else {
        return UTF8_BAD;
    }
    if (len < need)
        return UTF8_BAD;
    for (size_t i = 1; i < need; i++) {
        if ((p[i] & 0xC0) != 0x80)
            return UTF8_BAD;
        cp = cp << 6 | (p[i] & 0x3Fu);
    }
    if (cp < lowest || cp > 0x10FFFF || (cp >= 0xD800 && cp <= 0xDFFF))
        return UTF8_BAD;
    *size = need;
    return cp;
}

size_t utf8_encode(char out[UTF8_MAX], uint32_t cp)
{
    if (cp < 0x80) {
        out[0] = (char)cp;
        return 1;
    }
    if (cp < 0x800) {
        out[0] = (char)(0xC0 | cp >> 6);
        out[1] = (char)(0x80 | (cp & 0x3F));
        return 2;
    }
    if (cp < 0x10000) {
        if (cp >= 0xD800 && cp <= 0xDFFF)
            return 0;
        out[0] = (char)(0xE0 | cp >> 12);
        out[1] = (char)(0x80 | (cp >> 6 & 0x3F));
        out[2] = (char)(0x80 | (cp & 0x3F));
        return 3;
    }
    if (cp > 0x10FFFF)
        return 0;
    out[0] = (char)(0xF0 | cp >> 18);
    out[1] = (char)(0x80 | (cp >> 12 & 0x3F));
    out[2] = (char)(0x80 | (cp >> 6 & 0x3F));
    out[3] = (char)(0x80 | (cp & 0x3F));
    return 4;
}

size_t utf8_count(const char *s, size_t len)
{
    size_t count = utf8_ascii(s, len), size;
    for (size_t i = count; i < len; i += size, count++)
        utf8_decode(s + i, len - i, &size);
    return count;
}

size_t utf8_ascii(const char *s, size_t len)
{
    size_t n = 0;
    for (uint64_t eight; n + sizeof(eight) <= len; n += sizeof(eight)) {
        memcpy(&eight, s + n, sizeof(eight)); /* eight bytes are looked at together */
        if (eight & UINT64_C(0x8080808080808080))
            break;
    }
    while (n < len && (unsigned char)s[n] < 0x80)
        n++;
    return n;
}

bool utf8_valid(const char *s, size_t len, size_t *bad)
{
    size_t size;
    for (size_t i = 0; i < len; i += size) {
        i += utf8_ascii(s + i, len - i);
        if (i == len)
            break;
        if (utf8_decode(s + i, len - i, &size) == UTF8_BAD && size == 1) {
            if (bad)
                *bad = i;
            return false;
        }
    }
    return true;
}

size_t utf8_offset(const char *s, size_t len, size_t index)
{
    size_t at = 0, size;
    while (index-- > 0 && at < len) {
        utf8_decode(s + at, len - at, &size);
        at += size;
    }
    return at;
}
