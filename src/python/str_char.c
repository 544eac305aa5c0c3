/* The class str: kinds and case of characters. */
#include "config.h"

#include <string.h>
#include <wctype.h>

#include "base/utf8.h"
#include "python/str_private.h"

/* ------------------------------------------------------------------ characters */

/*
 * Case and kind of characters. ASCII and Latin-1 are answered here, the rest by the C library,
 * whose tables are Unicode's in every UTF-8 locale; without one, letters beyond Latin-1 stay as
 * they are.
 */
bool py_char_is_space(uint32_t c)
{
    return (c >= 9 && c <= 13) || (c >= 0x1c && c <= 0x20) || c == 0x85 || c == 0xa0 ||
           c == 0x1680 || (c >= 0x2000 && c <= 0x200a) || c == 0x2028 || c == 0x2029 ||
           c == 0x202f || c == 0x205f || c == 0x3000;
}

static uint32_t to_upper(uint32_t c)
{
    if (c < 0x80)
        return c >= 'a' && c <= 'z' ? c - 32 : c;
    if ((c >= 0xe0 && c <= 0xfe && c != 0xf7))
        return c - 32;
    if (c == 0xff)
        return 0x178;
    if (c == 0xb5)
        return 0x39c;
    return (uint32_t)towupper((wint_t)c);
}

static uint32_t to_lower(uint32_t c)
{
    if (c < 0x80)
        return c >= 'A' && c <= 'Z' ? c + 32 : c;
    if (c >= 0xc0 && c <= 0xde && c != 0xd7)
        return c + 32;
    return (uint32_t)towlower((wint_t)c);
}

static bool is_upper(uint32_t c)
{
    return to_lower(c) != c;
}

static bool is_lower(uint32_t c)
{
    return to_upper(c) != c || c == 0xdf || c == 0xaa || c == 0xba;
}

static bool is_digit(uint32_t c)
{
    return c >= '0' && c <= '9';
}

static bool is_alpha(uint32_t c)
{
    if (c < 0x80)
        return (c | 32) >= 'a' && (c | 32) <= 'z';
    if (c < 0x100)
        return c == 0xaa || c == 0xb5 || c == 0xba || (c >= 0xc0 && c != 0xd7 && c != 0xf7);
    return iswalpha((wint_t)c) != 0;
}

bool py_char_next(struct py_char_walk *w, uint32_t *c)
{
    if (w->p >= w->end)
        return false;
    size_t size = 1;
    *c = (unsigned char)*w->p;
    if (*c >= 0x80)
        *c = utf8_decode(w->p, (size_t)(w->end - w->p), &size);
    w->p += size;
    return true;
}

struct py_char_walk py_char_walk(const struct py_str *s)
{
    return (struct py_char_walk){s->ptr, s->ptr + s->len};
}

void py_char_add(struct str *out, uint32_t c)
{
    char buf[UTF8_MAX];
    str_addn(out, buf, utf8_encode(buf, c));
}

/* ------------------------------------------------------------------ case */

struct py_value py_str_case(struct py_run *run, struct py_call *call)
{
    const char *name = call->function->name;
    struct py_char_walk w = py_char_walk(py_str_self(call));
    struct str out = STR_IN(run->arena);
    uint32_t c;
    bool upper = strcmp(name, "upper") == 0, swap = strcmp(name, "swapcase") == 0;
    bool title = strcmp(name, "title") == 0, capital = strcmp(name, "capitalize") == 0;
    bool fold = strcmp(name, "casefold") == 0, in_word = false, first = true;
    while (py_char_next(&w, &c)) {
        bool up = upper || (swap && !is_upper(c)) || (title && !in_word) || (capital && first);
        if (c == 0xdf && (up || fold))
            str_add(&out, fold ? "ss" : title || capital ? "Ss" : "SS");
        else
            py_char_add(&out, up ? to_upper(c) : to_lower(c));
        in_word = is_alpha(c);
        first = false;
    }
    return py_str_take(run, &out);
}

struct py_value py_str_is(struct py_run *run, struct py_call *call)
{
    const char *kind = call->function->name + 2;
    py_work(run, py_str_self(call)->len * PY_WORK_EACH * 2);
    struct py_char_walk w = py_char_walk(py_str_self(call));
    uint32_t c, previous = 0;
    bool any = false, cased = false;
    if (py_str_self(call)->len == 0)
        return py_bool(strcmp(kind, "ascii") == 0 || strcmp(kind, "printable") == 0);
    while (py_char_next(&w, &c)) {
        bool fits = true;
        if (strcmp(kind, "upper") == 0 || strcmp(kind, "lower") == 0) {
            bool up = *kind == 'u';
            fits = up ? !is_lower(c) : !is_upper(c);
            cased |= up ? is_upper(c) : is_lower(c);
        } else if (strcmp(kind, "title") == 0) {
            fits = is_alpha(previous) ? !is_upper(c) : !is_lower(c);
            cased |= is_alpha(c);
        } else if (strcmp(kind, "space") == 0) {
            fits = py_char_is_space(c);
        } else if (strcmp(kind, "alpha") == 0) {
            fits = is_alpha(c);
        } else if (strcmp(kind, "alnum") == 0) {
            fits = is_alpha(c) || is_digit(c);
        } else if (strcmp(kind, "identifier") == 0) {
            fits = c == '_' || is_alpha(c) || (any && is_digit(c));
        } else if (strcmp(kind, "ascii") == 0) {
            fits = c < 0x80;
        } else if (strcmp(kind, "printable") == 0) {
            fits = c >= 0x20 && c != 0x7f && !(c >= 0x80 && c <= 0xa0) &&
                   (c == ' ' || !py_char_is_space(c));
        } else {
            fits = is_digit(c) || (strcmp(kind, "decimal") != 0 &&
                                   (c == 0xb2 || c == 0xb3 || c == 0xb9));
        }
        if (!fits)
            return py_bool(false);
        any = true;
        previous = c;
    }
    bool needs_cased = strcmp(kind, "upper") == 0 || strcmp(kind, "lower") == 0 ||
                       strcmp(kind, "title") == 0;
    return py_bool(!needs_cased || cased);
}
