#include "config.h"

#include <string.h>

#include "python/lex.h"

/*
 * Numbers (Python reference, "Numeric literals"). Only their borders and mistakes are found here;
 * their values are made in literal.c.
 */

struct scan {
    struct py_lexer *lex;
    struct err *err;
};

static char peek(const struct scan *s)
{
    return s->lex->src->text[s->lex->pos];
}

static bool is_digit(char c, int base)
{
    if (base == 16)
        return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
    return c >= '0' && c < '0' + base;
}

/* Digits with single underscores between them. */
static bool scan_digits(struct scan *s, int base, const char *kind)
{
    for (;;) {
        if (!is_digit(peek(s), base)) {
            if (base < 10 && is_digit(peek(s), 10))
                return py_lex_fail(s->lex, s->err, s->lex->pos, "invalid digit '%c' in %s literal",
                                   peek(s), kind);
            return py_lex_fail(s->lex, s->err, s->lex->pos, "invalid %s literal", kind);
        }
        while (is_digit(peek(s), base))
            s->lex->pos++;
        if (peek(s) != '_')
            break;
        s->lex->pos++;
    }
    if (base < 10 && is_digit(peek(s), 10))
        return py_lex_fail(s->lex, s->err, s->lex->pos, "invalid digit '%c' in %s literal", peek(s),
                           kind);
    return true;
}

/* No name may touch a number, but these keywords may: 1if x else 2. */
static bool check_end(struct scan *s, const char *kind)
{
    static const char *const words[] = {"and", "else", "for", "if", "in", "is", "not", "or"};
    const char *text = s->lex->src->text + s->lex->pos;
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (strncmp(text, words[i], strlen(words[i])) == 0)
            return true;
    }
    if (py_is_name_char(*text))
        return py_lex_fail(s->lex, s->err, s->lex->pos, "invalid %s literal", kind);
    return true;
}

static bool scan_based(struct scan *s, int base, const char *kind)
{
    s->lex->pos += 2;
    if (peek(s) == '_')
        s->lex->pos++;
    return scan_digits(s, base, kind) && check_end(s, kind);
}

/* An exponent, if there is one: 1else is a number and a keyword. */
static bool scan_exponent(struct scan *s, bool *found)
{
    const char *text = s->lex->src->text + s->lex->pos;
    *found = false;
    if ((text[0] | 0x20) != 'e')
        return true;
    bool has_sign = text[1] == '+' || text[1] == '-';
    if (!has_sign && !is_digit(text[1], 10))
        return true;
    *found = true;
    s->lex->pos += has_sign ? 2 : 1;
    return scan_digits(s, 10, "decimal");
}

static bool scan_decimal(struct scan *s)
{
    uint32_t start = s->lex->pos;
    bool is_integer = true, exponent;
    if (peek(s) != '.' && !scan_digits(s, 10, "decimal"))
        return false;
    uint32_t integer_end = s->lex->pos;
    if (peek(s) == '.') {
        is_integer = false;
        s->lex->pos++;
        if (is_digit(peek(s), 10) && !scan_digits(s, 10, "decimal"))
            return false;
    }
    if (!scan_exponent(s, &exponent))
        return false;
    if ((peek(s) | 0x20) == 'j') {
        s->lex->pos++;
        return check_end(s, "imaginary");
    }
    const char *text = s->lex->src->text + start;
    size_t zeros = strspn(text, "0_");
    if (is_integer && !exponent && text[0] == '0' && start + zeros < integer_end)
        return py_lex_fail(s->lex, s->err, start,
                           "leading zeros in decimal integer literals are not permitted; use an "
                           "0o prefix for octal integers");
    return check_end(s, "decimal");
}

bool py_lex_number(struct py_lexer *lex, struct py_token *token, struct err *err)
{
    struct scan s = {lex, err};
    uint32_t start = lex->pos;
    const char *text = lex->src->text + start;
    int letter = text[0] == '0' ? text[1] | 0x20 : 0;
    bool done = letter == 'x'   ? scan_based(&s, 16, "hexadecimal")
                : letter == 'o' ? scan_based(&s, 8, "octal")
                : letter == 'b' ? scan_based(&s, 2, "binary")
                                : scan_decimal(&s);
    *token = (struct py_token){.kind = PY_TOKEN_NUMBER, .span = {start, lex->pos}};
    return done;
}
