#include "config.h"

#include "ui/pattern.h"

#include <stdint.h>
#include <string.h>
#include <wctype.h>

#include "base/mem.h"
#include "base/utf8.h"

void pattern_clear(struct pattern *pattern)
{
    mem_free(pattern->text);
    *pattern = PATTERN_INIT;
}

void pattern_set(struct pattern *pattern, const char *text)
{
    char *copy = *text ? mem_strdup(text) : NULL;
    pattern_clear(pattern);
    pattern->text = copy;
    size_t len = strlen(text), size;
    for (size_t i = 0; i < len; i += size)
        pattern->exact |= iswupper((wint_t)utf8_decode(text + i, len - i, &size)) != 0;
}

/*
 * Whether the pattern cannot begin with this byte: decided for ASCII alone, where most of what is
 * searched ends. (Some letters beyond it have a lower case within.)
 */
static bool is_other(const struct pattern *pattern, char c)
{
    unsigned char first = (unsigned char)pattern->text[0], byte = (unsigned char)c;
    if (byte >= 0x80)
        return (byte & 0xC0) == 0x80; /* not the start of a character */
    if (!pattern->exact && byte >= 'A' && byte <= 'Z')
        byte = (unsigned char)(byte - 'A' + 'a');
    return byte != first;
}

/* Whether the pattern stands at the start of text; *match_len gets its bytes there. */
static bool matches_at(const struct pattern *pattern, const char *text, size_t len,
                       size_t *match_len)
{
    size_t want = strlen(pattern->text), i = 0, j = 0, i_size, j_size;
    while (i < want) {
        if (j >= len)
            return false;
        uint32_t a = utf8_decode(pattern->text + i, want - i, &i_size);
        uint32_t b = utf8_decode(text + j, len - j, &j_size);
        if (!pattern->exact)
            b = (uint32_t)towlower((wint_t)b);
        if (a != b)
            return false;
        i += i_size;
        j += j_size;
    }
    *match_len = j;
    return true;
}

bool pattern_find(const struct pattern *pattern, const char *text, size_t len, size_t from,
                  size_t *start, size_t *match_len)
{
    if (!pattern->text)
        return false;
    for (size_t i = from; i < len; i++) {
        if (is_other(pattern, text[i]))
            continue;
        if (matches_at(pattern, text + i, len - i, match_len)) {
            *start = i;
            return true;
        }
    }
    return false;
}
