#include "config.h"

#include "base/quote.h"

#include <string.h>

#include "base/str.h"
#include "base/utf8.h"

/* What repr() prints as it is: the blocks of unassigned, control, space and format characters that
 * matter are escaped (str.isprintable()). */
static bool is_printable(uint32_t c)
{
    if (c < 0x7f)
        return c >= 0x20;
    if (c < 0xa1 || c == 0xad)
        return false;
    return !(c == 0x1680 || (c >= 0x2000 && c <= 0x200f) || (c >= 0x2028 && c <= 0x202f) ||
             (c >= 0x205f && c <= 0x206f) || c == 0x3000 || c == 0xfeff ||
             (c >= 0xd800 && c <= 0xf8ff) || (c >= 0xfff0 && c <= 0xfffb) || c == 0xfffe ||
             c == 0xffff || c >= 0xe0000);
}

void quote_escape(struct str *out, uint32_t c)
{
    if (c == '\n')
        str_add(out, "\\n");
    else if (c == '\r')
        str_add(out, "\\r");
    else if (c == '\t')
        str_add(out, "\\t");
    else if (c < 0x100)
        str_addf(out, "\\x%02x", c);
    else if (c < 0x10000)
        str_addf(out, "\\u%04x", c);
    else
        str_addf(out, "\\U%08x", c);
}

void quote_python(struct str *out, const char *text, size_t len, bool ascii)
{
    char quote = memchr(text, '\'', len) && !memchr(text, '"', len) ? '"' : '\'';
    str_addc(out, quote);
    for (size_t i = 0; i < len;) {
        size_t size = 1;
        uint32_t c = (unsigned char)text[i];
        if (c >= 0x80)
            c = utf8_decode(text + i, len - i, &size);
        if (c == (uint32_t)quote || c == '\\')
            str_addf(out, "\\%c", (char)c);
        else if (is_printable(c) && (c < 0x80 || !ascii))
            str_addn(out, text + i, size);
        else
            quote_escape(out, c);
        i += size;
    }
    str_addc(out, quote);
}
