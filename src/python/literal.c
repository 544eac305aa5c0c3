#include "config.h"

#include "python/literal.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "base/utf8.h"
#include "python/ast.h"

/* ---- numbers ---- */

enum { DIGITS_MAX = 4300, LIMB = 1000000000, LIMB_DIGITS = 9 };

static int digit_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Digits of any base as decimal digits, by limbs of nine. */
static const char *to_decimal(struct arena *a, const char *digits, size_t len, unsigned base)
{
    uint32_t *limbs = ARENA_ARRAY(a, len * 2 / LIMB_DIGITS + 2, uint32_t);
    size_t count = 1;
    for (size_t i = 0; i < len; i++) {
        uint64_t carry = (uint64_t)digit_value(digits[i]);
        for (size_t k = 0; k < count; k++) {
            uint64_t value = (uint64_t)limbs[k] * base + carry;
            limbs[k] = (uint32_t)(value % LIMB);
            carry = value / LIMB;
        }
        if (carry)
            limbs[count++] = (uint32_t)carry;
    }
    struct str out = STR_IN(a);
    str_addf(&out, "%u", limbs[count - 1]);
    for (size_t k = count - 1; k-- > 0;)
        str_addf(&out, "%09u", limbs[k]);
    return out.ptr;
}

static bool integer(struct arena *a, const char *digits, size_t len, unsigned base,
                    struct py_constant *out, const char **problem)
{
    while (len > 1 && *digits == '0') {
        digits++;
        len--;
    }
    if (len > DIGITS_MAX) {
        *problem = arena_printf(a,
                                "Exceeds the limit (%d digits) for integer string conversion: "
                                "value has %zu digits",
                                DIGITS_MAX, len);
        return false;
    }
    out->kind = PY_CONST_INT;
    errno = 0;
    out->integer = strtoll(digits, NULL, (int)base);
    out->fits = errno != ERANGE;
    if (!out->fits)
        out->text = to_decimal(a, digits, len, base);
    return true;
}

bool py_literal_number(struct arena *a, const char *text, size_t len, struct py_constant *out,
                       const char **problem)
{
    *out = (struct py_constant){0};
    char *digits = arena_alloc(a, len + 1);
    size_t n = 0;
    for (size_t i = 0; i < len; i++) {
        if (text[i] != '_')
            digits[n++] = text[i];
    }
    if (n > 1 && digits[0] == '0') {
        int letter = digits[1] | 0x20;
        unsigned base = letter == 'x' ? 16 : letter == 'o' ? 8 : letter == 'b' ? 2 : 0;
        if (base)
            return integer(a, digits + 2, n - 2, base, out, problem);
    }
    if (strspn(digits, "0123456789") == n)
        return integer(a, digits, n, 10, out, problem);
    out->kind = (digits[n - 1] | 0x20) == 'j' ? PY_CONST_IMAGINARY : PY_CONST_FLOAT;
    out->number = strtod(digits, NULL);
    return true;
}

/* ---- strings ---- */

struct decoder {
    struct arena *arena;
    struct str *out;
    const char *text;
    size_t len, pos;
    unsigned kind;
    size_t shown; /* pos as CPython's messages count it: a non-ASCII character is ten */
    struct py_text_facts *facts;
    const char **problem;
};

static bool codec_error(struct decoder *d, size_t size, const char *what)
{
    *d->problem = arena_printf(d->arena,
                               "(unicode error) 'unicodeescape' codec can't decode bytes in "
                               "position %zu-%zu: %s",
                               d->shown, d->shown + size - 1, what);
    return false;
}

static void add_code_point(struct decoder *d, uint32_t cp)
{
    char bytes[UTF8_MAX];
    size_t size = utf8_encode(bytes, cp);
    if (size == 0) { /* a surrogate: what UTF-8 would make of it */
        bytes[0] = (char)(0xE0 | (cp >> 12));
        bytes[1] = (char)(0x80 | ((cp >> 6) & 0x3F));
        bytes[2] = (char)(0x80 | (cp & 0x3F));
        size = 3;
        d->facts->has_surrogate = true;
    }
    str_addn(d->out, bytes, size);
}

/* \xXX, \uXXXX, \UXXXXXXXX; pos is at the backslash. */
static bool hex_escape(struct decoder *d, size_t digits)
{
    uint32_t value = 0;
    size_t n = 0;
    while (n < digits && d->pos + 2 + n < d->len && digit_value(d->text[d->pos + 2 + n]) >= 0)
        value = value * 16 + (uint32_t)digit_value(d->text[d->pos + 2 + n++]);
    bool bytes = d->kind & PY_TEXT_BYTES;
    if (n < digits && bytes) {
        *d->problem =
            arena_printf(d->arena, "(value error) invalid \\x escape at position %zu", d->shown);
        return false;
    }
    if (n < digits)
        return codec_error(d, 2 + n,
                           digits == 2   ? "truncated \\xXX escape"
                           : digits == 4 ? "truncated \\uXXXX escape"
                                         : "truncated \\UXXXXXXXX escape");
    if (value > 0x10FFFF)
        return codec_error(d, 2 + n, "illegal Unicode character");
    if (bytes)
        str_addc(d->out, (char)value);
    else
        add_code_point(d, value);
    d->pos += 2 + n;
    return true;
}

static bool named_escape(struct decoder *d)
{
    static const struct {
        uint32_t cp;
        const char *name;
    } rows[] = {
#define CHARACTER(cp, name) {cp, name},
#include "unicode_names.def"
    };
    const char *start = d->text + d->pos;
    const char *end = memchr(start, '}', d->len - d->pos);
    bool braced = d->pos + 2 < d->len && start[2] == '{';
    if (!braced || !end || end == start + 3)
        return codec_error(d, !braced ? 2 : !end ? d->len - d->pos : 4,
                           "malformed \\N character escape");
    size_t len = (size_t)(end - start) - 3;
    char *name = arena_strndup(d->arena, start + 3, len);
    for (char *c = name; *c; c++) {
        if (*c >= 'a' && *c <= 'z')
            *c = (char)(*c - 'a' + 'A');
    }
    d->pos += len + 4;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (str_eq(rows[i].name, name)) {
            add_code_point(d, rows[i].cp);
            return true;
        }
    }
    d->facts->unknown_char = true;
    add_code_point(d, UTF8_BAD);
    return true;
}

static bool octal_escape(struct decoder *d)
{
    uint32_t value = 0;
    size_t n = 0;
    while (n < 3 && d->pos + 1 + n < d->len && d->text[d->pos + 1 + n] >= '0' &&
           d->text[d->pos + 1 + n] <= '7')
        value = value * 8 + (uint32_t)(d->text[d->pos + 1 + n++] - '0');
    if (d->kind & PY_TEXT_BYTES)
        str_addc(d->out, (char)(value & 0xFF));
    else
        add_code_point(d, value);
    d->pos += 1 + n;
    return true;
}

/* A backslash at pos and what belongs to it. */
static bool escape(struct decoder *d)
{
    static const char letters[] = "\\'\"abfnrtv", values[] = "\\'\"\a\b\f\n\r\t\v";
    if (d->pos + 1 >= d->len) {
        str_addc(d->out, d->text[d->pos++]);
        return true;
    }
    char c = d->text[d->pos + 1];
    const char *letter = c ? strchr(letters, c) : NULL;
    if (letter) {
        str_addc(d->out, values[letter - letters]);
        d->pos += 2;
        return true;
    }
    bool bytes = d->kind & PY_TEXT_BYTES;
    if (c == '\n' || c == '\r') {
        d->pos += c == '\r' && d->pos + 2 < d->len && d->text[d->pos + 2] == '\n' ? 3 : 2;
        return true;
    }
    if (c == 'x')
        return hex_escape(d, 2);
    if (c >= '0' && c <= '7')
        return octal_escape(d);
    if (!bytes && (c == 'u' || c == 'U'))
        return hex_escape(d, c == 'u' ? 4 : 8);
    if (!bytes && c == 'N')
        return named_escape(d);
    str_addc(d->out, d->text[d->pos++]);
    return true;
}

/* Whether the value is the text as it stands, as that of most strings is. */
static bool is_itself(const char *text, size_t len, unsigned kind)
{
    return !(kind & (PY_TEXT_BYTES | PY_TEXT_FSTRING)) && !memchr(text, '\\', len) &&
           !memchr(text, '\r', len);
}

bool py_literal_text(struct arena *a, struct str *out, const char *text, size_t len, unsigned kind,
                     struct py_text_facts *facts, const char **problem, size_t *offset)
{
    struct decoder d = {a, out, text, len, 0, kind, 0, facts, problem};
    if (is_itself(text, len, kind)) {
        str_addn(out, text, len);
        return true;
    }
    while (d.pos < len) {
        char c = text[d.pos];
        size_t before = d.pos;
        *offset = before;
        if (c == '\\' && !(kind & PY_TEXT_RAW)) {
            if (!escape(&d))
                return false;
            d.shown += d.pos - before;
            continue;
        }
        if (c == '\r') {
            d.pos += before + 1 < len && text[before + 1] == '\n' ? 2 : 1;
            c = '\n';
        } else if ((kind & PY_TEXT_FSTRING) && (c == '{' || c == '}')) {
            d.pos += 2;
        } else {
            d.pos++;
        }
        if ((kind & PY_TEXT_BYTES) && (unsigned char)c >= 128) {
            *problem = "bytes can only contain ASCII literal characters";
            return false;
        }
        str_addc(out, c);
        /* A character counts once, with its first byte. */
        d.shown += (unsigned char)c < 128 ? 1 : (unsigned char)c >= 0xC0 ? 10 : 0;
    }
    return true;
}
