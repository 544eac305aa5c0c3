#include "config.h"

#include "config/percent.h"

#include <ctype.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "base/utf8.h"

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)tolower((unsigned char)c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Replaces what is not UTF-8 by U+FFFD, as bytes.decode("utf-8", "replace") does. */
static const char *repaired(struct arena *a, struct str *bytes)
{
    if (utf8_valid(bytes->ptr, bytes->len, NULL))
        return bytes->ptr;
    struct str out = STR_IN(a);
    for (size_t i = 0, size; i < bytes->len; i += size) {
        char utf8[UTF8_MAX];
        uint32_t cp = utf8_decode(bytes->ptr + i, bytes->len - i, &size);
        str_addn(&out, utf8, utf8_encode(utf8, cp));
    }
    return out.ptr;
}

const char *percent_decode(struct arena *a, const char *text, size_t len, bool plus)
{
    struct str out = STR_IN(a);
    for (size_t i = 0; i < len; i++) {
        int high = text[i] == '%' && i + 2 < len ? hex_value(text[i + 1]) : -1;
        int low = high >= 0 ? hex_value(text[i + 2]) : -1;
        if (low >= 0 && high * 16 + low > 0) {
            str_addc(&out, (char)(high * 16 + low));
            i += 2;
        } else {
            str_addc(&out, plus && text[i] == '+' ? ' ' : text[i]);
        }
    }
    return repaired(a, &out);
}

void percent_encode(struct str *out, const char *text, const char *safe, bool plus)
{
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        bool plain = (c < 0x80 && isalnum(c)) || strchr("_.-~", c) || strchr(safe, c);
        if (plain)
            str_addc(out, *text);
        else if (plus && c == ' ')
            str_addc(out, '+');
        else
            str_addf(out, "%%%02X", c);
    }
}
