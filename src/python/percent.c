/* printf-style formatting: str % values (library reference, "printf-style String Formatting"). */
#include "config.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

#include "base/utf8.h"
#include "python/interp.h"

struct conversion {
    bool left, plus, space, zero, alternate;
    size_t width;
    int precision; /* -1: none */
    char type;
};

struct percent {
    struct py_value args;
    size_t next;
    bool single; /* args is one value, not a tuple */
    bool used_mapping;
};

static struct py_value next_arg(struct py_run *run, struct percent *p)
{
    if (p->single && p->next == 0) {
        p->next = 1;
        return p->args;
    }
    if (p->single || p->next >= py_tuple_of(p->args)->len)
        py_raise(run, &py_type_error_class, "not enough arguments for format string");
    return py_tuple_of(p->args)->items[p->next++];
}

static void add_padded(struct py_run *run, struct str *out, const struct conversion *c,
                       const char *sign, const char *body, size_t len, bool number)
{
    size_t count = strlen(sign) + utf8_count(body, len);
    size_t fill = c->width > count ? c->width - count : 0;
    py_check_string(run, out->len + fill + len);
    if (!c->left && !(c->zero && number))
        str_fill(out, ' ', fill);
    str_add(out, sign);
    if (!c->left && c->zero && number)
        str_fill(out, '0', fill);
    str_addn(out, body, len);
    if (c->left)
        str_fill(out, ' ', fill);
}

static void add_integer(struct py_run *run, struct str *out, const struct conversion *c,
                        struct py_value v)
{
    char type = c->type == 'i' || c->type == 'u' ? 'd' : c->type;
    struct py_value i;
    py_require_known(run, v);
    if (py_is_float(v) && type == 'd') {
        double d = py_unbox_float(run, v);
        if (!isfinite(d))
            py_raise(run, isnan(d) ? &py_value_error_class : &py_overflow_error_class,
                     "cannot convert float %s to integer", isnan(d) ? "NaN" : "infinity");
        i = py_int_from_double(run, d);
    } else if (py_is_int(v)) {
        i = py_unbox_int(v);
    } else if (!(type == 'd' && py_call_special(run, v, "__int__", NULL, 0, &i)) &&
               !py_call_special(run, v, "__index__", NULL, 0, &i)) {
        py_raise(run, &py_type_error_class,
                 type == 'd' ? "%%%c format: a real number is required, not %s"
                             : "%%%c format: an integer is required, not %s",
                 c->type, py_class_name(run, v));
    }
    int base = type == 'o' ? 8 : type == 'x' || type == 'X' ? 16 : 10;
    const char *digits = py_int_digits(run, i, base);
    bool negative = *digits == '-';
    digits += negative;
    struct str body = STR_IN(run->arena);
    if (c->precision > 0)
        py_check_string(run, (uint64_t)c->precision);
    if (c->precision > (int)strlen(digits))
        str_fill(&body, '0', (size_t)c->precision - strlen(digits));
    str_add(&body, digits);
    if (type == 'X') {
        for (size_t k = 0; k < body.len; k++)
            body.ptr[k] = (char)toupper((unsigned char)body.ptr[k]);
    }
    const char *sign = negative ? "-" : c->plus ? "+" : c->space ? " " : "";
    if (c->alternate && base != 10)
        sign = arena_printf(run->arena, "%s0%c", sign, type);
    add_padded(run, out, c, sign, body.ptr, body.len, true);
}

static void add_float(struct py_run *run, struct str *out, const struct conversion *c,
                      struct py_value v)
{
    py_require_known(run, v);
    struct py_value f;
    if (!py_is_float(v) && !py_is_int(v)) {
        if (py_is_str(v) || !py_call_special(run, v, "__float__", NULL, 0, &f))
            py_raise(run, &py_type_error_class, "must be real number, not %s",
                     py_class_name(run, v));
        v = f;
    }
    double d = py_unbox_float(run, v);
    struct str body = STR_IN(run->arena);
    py_format_double(run, &body, fabs(d), c->type, c->precision, c->alternate);
    bool negative = signbit(d) && !isnan(d);
    const char *sign = negative ? "-" : c->plus ? "+" : c->space ? " " : "";
    add_padded(run, out, c, sign, body.ptr, body.len, isfinite(d));
}

static void add_text(struct py_run *run, struct str *out, const struct conversion *c,
                     struct py_value v)
{
    struct str body = STR_IN(run->arena);
    char ch[UTF8_MAX];
    if (c->type == 's') {
        py_add_str(run, &body, v);
    } else if (c->type == 'r') {
        py_add_repr(run, &body, v);
    } else if (c->type == 'a') {
        py_add_ascii(run, &body, v);
    } else if (py_is_str(v) && py_str_of(v)->count == 1) {
        py_add_str(run, &body, v);
    } else if (py_is_int(v)) {
        int64_t cp = py_as_index(run, v, NULL);
        if (cp < 0 || cp > 0x10ffff)
            py_raise(run, &py_overflow_error_class, "%%c arg not in range(0x110000)");
        str_addn(&body, ch, utf8_encode(ch, (uint32_t)cp));
    } else {
        py_require_known(run, v);
        py_raise(run, &py_type_error_class, "%%c requires int or char");
    }
    size_t len = body.len;
    if (c->precision >= 0 && c->type != 'c')
        len = utf8_offset(body.ptr, body.len, (size_t)c->precision);
    add_padded(run, out, c, "", body.ptr, len, false);
}

static size_t read_size(struct py_run *run, struct percent *p, const char **at, const char *end,
                        bool *negative)
{
    size_t n = 0;
    *negative = false;
    if (*at < end && **at == '*') {
        (*at)++;
        struct py_value v = next_arg(run, p);
        if (!py_is_int(v))
            py_raise(run, &py_type_error_class, "* wants int");
        int64_t i = py_as_index(run, v, NULL);
        *negative = i < 0;
        return (size_t)(i < 0 ? -i : i);
    }
    for (; *at < end && isdigit((unsigned char)**at); (*at)++) {
        n = n * 10 + (size_t)(**at - '0');
        py_check_string(run, n);
    }
    return n;
}

static const char *add_one(struct py_run *run, struct str *out, struct percent *p, const char *at,
                           const char *start, const char *end)
{
    struct conversion c = {.precision = -1};
    struct py_value mapped = py_absent();
    bool negative;
    if (at < end && *at == '(') {
        const char *key = ++at;
        int depth = 1;
        for (; at < end && depth > 0; at++)
            depth += *at == '(' ? 1 : *at == ')' ? -1 : 0;
        if (depth > 0)
            py_raise(run, &py_value_error_class, "incomplete format key");
        if (!p->single || py_is_tuple(p->args) || py_is_str(p->args) ||
            p->args.kind != PY_OBJECT)
            py_raise(run, &py_type_error_class, "format requires a mapping");
        mapped = py_getitem(run, p->args, py_new_strn(run, key, (size_t)(at - 1 - key)));
        p->used_mapping = true;
    }
    for (; at < end && strchr("-+ #0", *at); at++) {
        c.left |= *at == '-';
        c.plus |= *at == '+';
        c.space |= *at == ' ';
        c.alternate |= *at == '#';
        c.zero |= *at == '0';
    }
    c.width = read_size(run, p, &at, end, &negative);
    c.left |= negative;
    if (at < end && *at == '.') {
        at++;
        size_t n = read_size(run, p, &at, end, &negative);
        c.precision = negative ? 0 : (int)n;
    }
    while (at < end && strchr("hlL", *at))
        at++;
    if (at >= end)
        py_raise(run, &py_value_error_class, "incomplete format");
    c.type = *at;
    if (c.type == '%') {
        str_addc(out, '%');
        return at + 1;
    }
    if (!strchr("diouxXeEfFgGcrsa", c.type))
        py_raise(run, &py_value_error_class,
                 "unsupported format character '%c' (0x%x) at index %zu", c.type,
                 (unsigned)(unsigned char)c.type, utf8_count(start, (size_t)(at - start)));
    struct py_value v = mapped.kind == PY_ABSENT ? next_arg(run, p) : mapped;
    run->touched |= v.mark;
    if (strchr("diouxX", c.type))
        add_integer(run, out, &c, v);
    else if (strchr("eEfFgG", c.type))
        add_float(run, out, &c, v);
    else
        add_text(run, out, &c, v);
    return at + 1;
}

struct py_value py_percent(struct py_run *run, struct py_value fmt, struct py_value args)
{
    py_require_known(run, args);
    const struct py_str *f = py_str_of(fmt);
    const char *p = f->ptr, *end = f->ptr + f->len;
    struct percent state = {.args = args, .single = !py_is_tuple(args)};
    struct str out = STR_IN(run->arena);
    while (p < end) {
        const char *q = memchr(p, '%', (size_t)(end - p));
        if (!q)
            q = end;
        str_addn(&out, p, (size_t)(q - p));
        p = q < end ? add_one(run, &out, &state, q + 1, f->ptr, end) : end;
        py_check_string(run, out.len);
    }
    bool mapping = state.single && !py_is_str(args) && args.kind == PY_OBJECT &&
                   py_type_find_text(run, args.object->cls, "__getitem__", NULL).kind != PY_ABSENT;
    size_t given = state.single ? 1 : py_tuple_of(args)->len;
    if (state.next < given && !(mapping || state.used_mapping))
        py_raise(run, &py_type_error_class,
                 "not all arguments converted during string formatting");
    return py_str_take(run, &out);
}
