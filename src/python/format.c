/* The format mini-language (library reference, "Format Specification Mini-Language"). */
#include "config.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "python/interp.h"

struct spec {
    char fill[UTF8_MAX + 1];
    char align; /* '<', '>', '=', '^', or 0 */
    char sign;  /* '-', '+', ' ' */
    bool alternate, zero_negative;
    size_t width;
    char grouping; /* ',', '_' or 0 */
    int precision; /* -1: none */
    char type;     /* 0: none */
};

static size_t read_number(struct py_run *run, const char **p, const char *end)
{
    size_t n = 0;
    for (; *p < end && isdigit((unsigned char)**p); (*p)++) {
        n = n * 10 + (size_t)(**p - '0');
        if (n > INT32_MAX)
            py_raise(run, &py_value_error_class, "Too many decimal digits in format string");
    }
    return n;
}

static bool is_align(char c)
{
    return c == '<' || c == '>' || c == '=' || c == '^';
}

static struct spec parse_spec(struct py_run *run, const char *text, size_t len, const char *cls)
{
    struct spec s = {.fill = " ", .sign = '-', .precision = -1};
    const char *p = text, *end = text + len;
    size_t size = 1;
    if (p < end)
        utf8_decode(p, len, &size);
    if (p + size < end && is_align(p[size])) {
        memset(s.fill, 0, sizeof(s.fill));
        memcpy(s.fill, p, size);
        s.align = p[size];
        p += size + 1;
    } else if (p < end && is_align(*p)) {
        s.align = *p++;
    }
    if (p < end && (*p == '+' || *p == '-' || *p == ' '))
        s.sign = *p++;
    if (p < end && *p == 'z') {
        s.zero_negative = true;
        p++;
    }
    if (p < end && *p == '#') {
        s.alternate = true;
        p++;
    }
    if (p < end && *p == '0') {
        if (!s.align) {
            s.align = '=';
            strcpy(s.fill, "0");
        }
        p++;
    }
    s.width = read_number(run, &p, end);
    py_check_string(run, s.width);
    if (p < end && (*p == ',' || *p == '_'))
        s.grouping = *p++;
    if (p < end && *p == '.') {
        p++;
        if (p == end || !isdigit((unsigned char)*p))
            py_raise(run, &py_value_error_class, "Format specifier missing precision");
        s.precision = (int)read_number(run, &p, end);
    }
    if (p < end)
        s.type = *p++;
    if (p < end)
        py_raise(run, &py_value_error_class,
                 "Invalid format specifier '%s' for object of type '%s'", text, cls);
    return s;
}

static PY_NORETURN void unknown_code(struct py_run *run, char type, const char *cls)
{
    py_raise(run, &py_value_error_class, "Unknown format code '%c' for object of type '%s'", type,
             cls);
}

static void add_fill(struct str *out, const char *fill, size_t n)
{
    for (size_t i = 0; i < n; i++)
        str_add(out, fill);
}

/* Pads sign + prefix + digits to the width. */
static struct py_value pad(struct py_run *run, const struct spec *s, const char *sign,
                           const char *body, size_t len, char align)
{
    struct str out = STR_IN(run->arena);
    size_t count = strlen(sign) + utf8_count(body, len);
    size_t fill = s->width > count ? s->width - count : 0;
    py_check_string(run, fill * strlen(s->fill) + len);
    size_t left = align == '>' ? fill : align == '^' ? fill / 2 : 0;
    add_fill(&out, s->fill, left);
    str_add(&out, sign);
    if (align == '=')
        add_fill(&out, s->fill, fill);
    str_addn(&out, body, len);
    if (align != '=')
        add_fill(&out, s->fill, fill - left);
    return py_str_take(run, &out);
}

/* Puts separators between groups of digits; zero padding counts as digits. */
static const char *group(struct py_run *run, const struct spec *s, const char *sign,
                         const char *digits, const char *tail, int every)
{
    size_t n = strlen(digits);
    if (s->align == '=' && s->fill[0] == '0' && s->fill[1] == '\0') {
        size_t fixed = strlen(sign) + strlen(tail);
        while (n + (n - 1) / (size_t)every + fixed < s->width)
            n++;
    }
    struct str out = STR_IN(run->arena);
    size_t have = strlen(digits);
    for (size_t i = 0; i < n; i++) {
        if (i > 0 && (n - i) % (size_t)every == 0)
            str_addc(&out, s->grouping);
        str_addc(&out, i < n - have ? '0' : digits[i - (n - have)]);
    }
    return out.ptr;
}

static struct py_value format_int(struct py_run *run, struct py_value v, const struct spec *s,
                                  const char *cls)
{
    bool negative = py_int_sign(v) < 0;
    char type = s->type ? s->type : 'd';
    int base = type == 'b' ? 2 : type == 'o' ? 8 : type == 'x' || type == 'X' ? 16 : 10;
    if (!strchr("bcdoxXn", type))
        unknown_code(run, type, cls);
    if (s->precision >= 0)
        py_raise(run, &py_value_error_class, "Precision not allowed in integer format specifier");
    if (s->grouping == ',' && base != 10)
        py_raise(run, &py_value_error_class, "Cannot specify ',' with '%c'.", type);
    if (type == 'c') {
        char c[UTF8_MAX];
        int64_t cp = py_as_index(run, v, NULL);
        if (cp < 0 || cp > 0x10ffff)
            py_raise(run, &py_overflow_error_class, "%%c arg not in range(0x110000)");
        return pad(run, s, "", c, utf8_encode(c, (uint32_t)cp), s->align ? s->align : '<');
    }
    const char *digits = py_int_digits(run, v, base);
    if (negative)
        digits++;
    const char *sign = negative ? "-" : s->sign == '+' ? "+" : s->sign == ' ' ? " " : "";
    if (s->alternate && base != 10)
        sign = arena_printf(run->arena, "%s0%c", sign, type);
    if (type == 'X') {
        char *upper = arena_strdup(run->arena, digits);
        for (char *p = upper; *p; p++)
            *p = (char)toupper((unsigned char)*p);
        digits = upper;
    }
    if (s->grouping)
        digits = group(run, s, sign, digits, "", base == 10 ? 3 : 4);
    return pad(run, s, sign, digits, strlen(digits), s->align ? s->align : '>');
}

/* %g in Python's manner keeps no trailing zeros; 'r' style for no type. */
void py_format_double(struct py_run *run, struct str *out, double d, char type, int precision,
                      bool alternate)
{
    char fmt[8] = {'%', 0};
    size_t n = 1;
    if (alternate)
        fmt[n++] = '#';
    strcpy(fmt + n, ".*");
    char lower = (char)tolower((unsigned char)type);
    fmt[strlen(fmt)] = type;
    if (!isfinite(d)) {
        const char *word = isnan(d) ? "nan" : "inf";
        bool upper = isupper((unsigned char)type);
        str_add(out, isnan(d) ? (upper ? "NAN" : word) : (upper ? "INF" : word));
        return;
    }
    if (precision < 0)
        precision = 6;
    if (lower == 'g' && precision == 0)
        precision = 1;
    py_check_string(run, (uint64_t)precision + 400);
    size_t cap = (size_t)precision + 400;
    char *text = py_alloc(run, cap);
    snprintf(text, cap, fmt, precision, d);
    str_add(out, text);
}

static const char *float_digits(struct py_run *run, double d, const struct spec *s)
{
    struct str out = STR_IN(run->arena);
    char type = s->type;
    if (type == 0 && s->precision < 0) {
        str_add(&out, py_float_repr(run, d));
        return out.ptr;
    }
    if (type == '%') {
        py_format_double(run, &out, d * 100, 'f', s->precision, s->alternate);
        str_addc(&out, '%');
        return out.ptr;
    }
    if (type == 0 || type == 'n') {
        /* like 'g', but with a digit behind the point and one digit less before the exponent */
        py_format_double(run, &out, d, 'g', s->precision, s->alternate);
        if (type == 0 && isfinite(d)) {
            int precision = s->precision ? s->precision : 1;
            int exponent = d == 0 ? 0 : (int)floor(log10(d));
            char text[64];
            snprintf(text, sizeof(text), "%.*e", precision > 40 ? 40 : precision - 1, d);
            exponent = atoi(strchr(text, 'e') + 1);
            bool has_exponent = strchr(out.ptr, 'e') != NULL;
            if (!has_exponent && exponent == precision - 1 && !strchr(out.ptr, '.')) {
                str_cut(&out, 0);
                py_format_double(run, &out, d, 'e', precision - 1, s->alternate);
                char *e = strchr(out.ptr, 'e'), *q = e;
                if (strchr(out.ptr, '.')) {
                    while (q[-1] == '0')
                        q--;
                    if (q[-1] == '.')
                        q--;
                }
                return arena_printf(run->arena, "%.*s%s", (int)(q - out.ptr), out.ptr, e);
            }
            if (!has_exponent && !strchr(out.ptr, '.'))
                str_add(&out, ".0");
        }
        return out.ptr;
    }
    py_format_double(run, &out, d, type, s->precision, s->alternate);
    return out.ptr;
}

static struct py_value format_float(struct py_run *run, double d, const struct spec *s,
                                    const char *cls)
{
    if (s->type && !strchr("eEfFgGn%", s->type))
        unknown_code(run, s->type, cls);
    bool negative = signbit(d) && !isnan(d);
    const char *digits = float_digits(run, fabs(d), s);
    if (s->zero_negative && negative && strspn(digits, "0.") == strlen(digits))
        negative = false;
    const char *sign = negative ? "-" : s->sign == '+' ? "+" : s->sign == ' ' ? " " : "";
    if (s->grouping && isfinite(d)) {
        size_t whole = strspn(digits, "0123456789");
        const char *tail = digits + whole;
        digits = arena_printf(run->arena, "%s%s",
                              group(run, s, sign, arena_strndup(run->arena, digits, whole), tail,
                                    3),
                              tail);
    }
    return pad(run, s, sign, digits, strlen(digits), s->align ? s->align : '>');
}

static struct py_value format_str(struct py_run *run, struct py_value v, const struct spec *s)
{
    const struct py_str *text = py_str_of(v);
    if (s->type && s->type != 's')
        unknown_code(run, s->type, "str");
    if (s->sign != '-')
        py_raise(run, &py_value_error_class, "%s not allowed in string format specifier",
                 s->sign == ' ' ? "Space" : "Sign");
    if (s->alternate)
        py_raise(run, &py_value_error_class,
                 "Alternate form (#) not allowed in string format specifier");
    if (s->grouping)
        py_raise(run, &py_value_error_class, "Cannot specify '%c' with 's'.", s->grouping);
    char align = s->align ? s->align : '<';
    if (align == '=') {
        if (strcmp(s->fill, "0") != 0)
            py_raise(run, &py_value_error_class,
                     "'=' alignment not allowed in string format specifier");
        align = '<';
    }
    size_t len = text->len;
    if (s->precision >= 0 && (size_t)s->precision < text->count)
        len = utf8_offset(text->ptr, text->len, (size_t)s->precision);
    return pad(run, s, "", text->ptr, len, align);
}

struct py_value py_format_value(struct py_run *run, struct py_value v, const char *text, size_t len)
{
    run->touched |= v.mark;
    struct py_value raw, r;
    struct py_type *owner;
    bool plain = v.kind != PY_OBJECT ||
                 (v.object->cls->native && !v.object->cls->native->module &&
                  (py_is_str(v) || py_is_int(v)));
    if (!plain) {
        py_require_known(run, v);
        if (py_special(run, v, "__format__", &raw, &owner) &&
            owner->native != &py_object_class) {
            struct py_value arg = py_new_strn(run, text, len);
            r = py_call_raw(run, raw, owner, v, &arg, 1, NULL);
            if (!py_is_str(r))
                py_raise(run, &py_type_error_class, "__format__ must return a str, not %s",
                         py_class_name(run, r));
            return r;
        }
        if (len > 0)
            py_raise(run, &py_type_error_class, "unsupported format string passed to %s.__format__",
                     py_class_name(run, v));
        return py_to_str(run, v);
    }
    if (len == 0)
        return py_to_str(run, v);
    if (v.kind != PY_OBJECT && v.kind > PY_FLOAT)
        py_raise(run, &py_type_error_class, "unsupported format string passed to %s.__format__",
                 py_class_name(run, v));
    if (v.kind == PY_NONE)
        py_raise(run, &py_type_error_class,
                 "unsupported format string passed to NoneType.__format__");
    const char *cls = py_class_name(run, v);
    struct spec s = parse_spec(run, text, len, cls);
    if (py_is_str(v))
        return format_str(run, v, &s);
    if (v.kind == PY_FLOAT)
        return format_float(run, v.number, &s, cls);
    if (s.type && strchr("eEfFgG%", s.type))
        return format_float(run, py_int_to_double(run, v), &s, cls);
    return format_int(run, py_unbox_int(v), &s, cls);
}

struct py_value py_to_format(struct py_run *run, struct py_value v, const char *spec)
{
    return py_format_value(run, v, spec, strlen(spec));
}

/* ------------------------------------------------------------------ str.format() */

struct formatter {
    const struct py_value *args;
    size_t count;
    struct py_value mapping; /* keyword arguments, or what format_map() was given */
    int64_t next;            /* automatic numbering; -1: manual */
};

static struct py_value field_argument(struct py_run *run, struct formatter *f, const char *name,
                                      size_t len)
{
    bool number = len > 0 && strspn(name, "0123456789") >= len;
    if (len == 0 || number) {
        if ((len == 0 && f->next < 0) || (len > 0 && f->next > 0))
            py_raise(run, &py_value_error_class,
                     len == 0 ? "cannot switch from manual field specification to automatic "
                                "field numbering"
                              : "cannot switch from automatic field numbering to manual field "
                                "specification");
        size_t i = len == 0 ? (size_t)f->next++ : (size_t)strtoul(name, NULL, 10);
        if (len > 0)
            f->next = -1;
        if (i >= f->count)
            py_raise(run, &py_index_error_class,
                     "Replacement index %zu out of range for positional args tuple", i);
        return f->args[i];
    }
    struct py_value key = py_new_strn(run, name, len);
    if (f->mapping.kind == PY_ABSENT)
        py_raise_value(run, py_new_exception(run, py_builtin(run, PY_T_key_error), &key, 1));
    return py_getitem(run, f->mapping, key);
}

/* name, name.attr, 0[key] */
static struct py_value field_value(struct py_run *run, struct formatter *f, const char *name,
                                   size_t len)
{
    size_t i = 0;
    while (i < len && name[i] != '.' && name[i] != '[')
        i++;
    struct py_value v = field_argument(run, f, name, i);
    while (i < len) {
        size_t start = i + 1;
        bool attr = name[i] == '.';
        for (i = start; i < len && (attr ? name[i] != '.' && name[i] != '[' : name[i] != ']'); i++)
            ;
        if (i == start)
            py_raise(run, &py_value_error_class, "Empty attribute in format string");
        const char *part = arena_strndup(run->arena, name + start, i - start);
        if (attr) {
            v = py_getattr(run, v, part);
            continue;
        }
        if (i == len)
            py_raise(run, &py_value_error_class, "Missing ']' in format string");
        bool number = strspn(part, "0123456789") == strlen(part);
        v = py_getitem(run, v, number ? py_int(atoll(part)) : py_new_str(run, part));
        i++;
    }
    return v;
}

static void format_into(struct py_run *run, struct formatter *f, struct str *out, const char *p,
                        const char *end, int depth);

static void format_field(struct py_run *run, struct formatter *f, struct str *out,
                         const char *start, const char *end, int depth)
{
    const char *p = start;
    int brackets = 0;
    while (p < end && (brackets > 0 || (*p != '!' && *p != ':'))) {
        brackets += *p == '[' ? 1 : *p == ']' ? -1 : 0;
        p++;
    }
    struct py_value v = field_value(run, f, start, (size_t)(p - start));
    char conversion = 0;
    if (p < end && *p == '!') {
        if (p + 1 >= end)
            py_raise(run, &py_value_error_class, "end of string while looking for conversion "
                                                 "specifier");
        conversion = p[1];
        p += 2;
        if (p < end && *p != ':')
            py_raise(run, &py_value_error_class, "expected ':' after conversion specifier");
    }
    struct str spec = STR_IN(run->arena);
    if (p < end)
        format_into(run, f, &spec, p + 1, end, depth - 1);
    if (conversion == 'r' || conversion == 'a') {
        struct str text = STR_IN(run->arena);
        if (conversion == 'r')
            py_add_repr(run, &text, v);
        else
            py_add_ascii(run, &text, v);
        v = py_str_take(run, &text);
    } else if (conversion == 's') {
        v = py_to_str(run, v);
    } else if (conversion) {
        py_raise(run, &py_value_error_class, "Unknown conversion specifier %c", conversion);
    }
    v = py_format_value(run, v, spec.ptr, spec.len);
    run->touched |= v.mark;
    py_check_string(run, out->len + py_str_of(v)->len);
    str_addn(out, py_str_of(v)->ptr, py_str_of(v)->len);
}

static void format_into(struct py_run *run, struct formatter *f, struct str *out, const char *p,
                        const char *end, int depth)
{
    if (depth < 0)
        py_raise(run, &py_value_error_class, "Max string recursion exceeded");
    while (p < end) {
        if ((*p == '{' || *p == '}') && p + 1 < end && p[1] == *p && depth == 2) {
            str_addc(out, *p);
            p += 2;
            continue;
        }
        if (*p == '}')
            py_raise(run, &py_value_error_class, "Single '}' encountered in format string");
        if (*p != '{') {
            str_addc(out, *p++);
            continue;
        }
        const char *start = ++p;
        if (start == end)
            py_raise(run, &py_value_error_class, "Single '{' encountered in format string");
        for (int nested = 1; nested > 0; p++) {
            if (p == end)
                py_raise(run, &py_value_error_class, "expected '}' before end of string");
            nested += *p == '{' ? 1 : *p == '}' ? -1 : 0;
        }
        format_field(run, f, out, start, p - 1, depth);
    }
}

struct py_value py_str_format(struct py_run *run, const struct py_str *fmt,
                              const struct py_value *args, size_t count, struct py_value mapping)
{
    struct formatter f = {.args = args, .count = count, .mapping = mapping};
    struct str out = STR_IN(run->arena);
    format_into(run, &f, &out, fmt->ptr, fmt->ptr + fmt->len, 2);
    return py_str_take(run, &out);
}
