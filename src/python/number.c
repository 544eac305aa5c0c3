/* The classes int, bool and float. */
#include "config.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "python/interp.h"

/* ------------------------------------------------------------------ floats */

/* The shortest digits that read back as the same double, in Python's layout. */
const char *py_float_repr(struct py_run *run, double d)
{
    if (isnan(d))
        return "nan";
    if (isinf(d))
        return d < 0 ? "-inf" : "inf";
    char text[40];
    for (int precision = 1; precision <= 17; precision++) {
        snprintf(text, sizeof(text), "%.*e", precision - 1, d);
        if (strtod(text, NULL) == d)
            break;
    }
    char *e = strchr(text, 'e');
    int exponent = atoi(e + 1);
    *e = '\0';
    char digits[24];
    size_t n = 0;
    for (const char *p = text; *p; p++) {
        if (*p >= '0' && *p <= '9')
            digits[n++] = *p;
    }
    while (n > 1 && digits[n - 1] == '0')
        n--;
    digits[n] = '\0';
    struct str s = STR_IN(run->arena);
    if (signbit(d))
        str_addc(&s, '-');
    if (exponent < -4 || exponent >= 16) {
        str_addc(&s, digits[0]);
        if (n > 1)
            str_addf(&s, ".%s", digits + 1);
        str_addf(&s, "e%c%02d", exponent < 0 ? '-' : '+', abs(exponent));
    } else if (exponent < 0) {
        str_add(&s, "0.");
        str_fill(&s, '0', (size_t)(-exponent - 1));
        str_add(&s, digits);
    } else {
        for (int i = 0; i <= exponent; i++)
            str_addc(&s, (size_t)i < n ? digits[i] : '0');
        str_addc(&s, '.');
        str_add(&s, n > (size_t)exponent + 1 ? digits + exponent + 1 : "0");
    }
    return s.ptr;
}

static double python_mod(double a, double b)
{
    double m = fmod(a, b);
    if (m != 0 && (b < 0) != (m < 0))
        m += b;
    return m == 0 ? copysign(0, b) : m;
}

static double float_power(struct py_run *run, double a, double b)
{
    if (a == 0 && b < 0)
        py_raise(run, &py_zero_division_error_class, "0.0 cannot be raised to a negative power");
    if (a < 0 && isfinite(a) && isfinite(b) && b != floor(b))
        py_refuse(run, PY_REFUSE_COMPLEX, "complex numbers are not supported");
    double r = pow(a, b);
    if (isinf(r) && isfinite(a) && isfinite(b))
        py_raise_value(run, py_new_exception(run, py_builtin(run, PY_T_overflow_error),
                                             (const struct py_value[]){
                                                 py_int(34),
                                                 py_new_str(run, "Numerical result out of range")},
                                             2));
    return r;
}

struct py_value py_float_binary(struct py_run *run, enum py_binary_op op, double a, double b)
{
    if (b == 0 && op == PY_OP_DIV)
        py_raise(run, &py_zero_division_error_class, "float division by zero");
    if (b == 0 && op == PY_OP_MOD)
        py_raise(run, &py_zero_division_error_class, "float modulo");
    if (b == 0 && op == PY_OP_FLOOR_DIV)
        py_raise(run, &py_zero_division_error_class, "float floor division by zero");
    switch ((int)op) {
    case PY_OP_ADD:
        return py_float(a + b);
    case PY_OP_SUB:
        return py_float(a - b);
    case PY_OP_MUL:
        return py_float(a * b);
    case PY_OP_DIV:
        return py_float(a / b);
    case PY_OP_MOD:
        return py_float(python_mod(a, b));
    case PY_OP_FLOOR_DIV: {
        double m = python_mod(a, b), q = (a - m) / b, f = floor(q);
        if (q - f > 0.5)
            f += 1;
        return py_float(q == 0 ? copysign(0, a / b) : f);
    }
    case PY_OP_POW:
        return py_float(float_power(run, a, b));
    default:
        py_raise(run, &py_type_error_class,
                 "unsupported operand type(s) for %s: 'float' and 'float'",
                 py_binary_op_info(op)->symbol);
    }
}

/* As CPython's _Py_HashDouble(): equal to the hash of an equal int. */
uint64_t py_float_hash(double d)
{
    const int bits = 61;
    const uint64_t modulus = (UINT64_C(1) << 61) - 1;
    if (isinf(d))
        return d > 0 ? 314159 : 0 - UINT64_C(314159);
    if (isnan(d))
        return 0x7ff8;
    int e;
    double m = frexp(fabs(d), &e);
    uint64_t x = 0;
    while (m != 0) {
        x = ((x << 28) & modulus) | x >> (bits - 28);
        m *= 268435456.0;
        e -= 28;
        uint64_t y = (uint64_t)m;
        m -= (double)y;
        x += y;
        if (x >= modulus)
            x -= modulus;
    }
    e = e >= 0 ? e % bits : bits - 1 - ((-1 - e) % bits);
    x = ((x << e) & modulus) | x >> (bits - e);
    x = d < 0 ? 0 - x : x;
    return x == UINT64_MAX ? UINT64_MAX - 1 : x;
}

static struct py_value new_boxed(struct py_run *run, struct py_type *cls, struct py_value value)
{
    struct py_boxed *b = py_alloc(run, sizeof(*b));
    b->base.cls = cls;
    b->value = value;
    return py_object(&b->base);
}

static struct py_value parse_float(struct py_run *run, struct py_value v)
{
    const struct py_str *s = py_str_of(v);
    struct str clean = STR_IN(run->arena);
    bool bad = memchr(s->ptr, 0, s->len) != NULL;
    const char *p = s->ptr, *end = s->ptr + s->len;
    while (p < end && isspace((unsigned char)*p))
        p++;
    while (end > p && isspace((unsigned char)end[-1]))
        end--;
    for (const char *q = p; q < end; q++) {
        if (*q != '_') {
            str_addc(&clean, *q);
            bad |= *q == 'x' || *q == 'X' || *q == '(';
        } else if (q == p || q + 1 == end || !isdigit((unsigned char)q[-1]) ||
                   !isdigit((unsigned char)q[1])) {
            bad = true;
        }
    }
    char *stop;
    double d = strtod(clean.ptr, &stop);
    if (bad || clean.len == 0 || *stop || isspace((unsigned char)*clean.ptr))
        py_raise(run, &py_value_error_class, "could not convert string to float: %s",
                 py_repr_text(run, v));
    return py_float(d);
}

static struct py_value float_new(struct py_run *run, struct py_call *call)
{
    struct py_type *cls = py_type_of(call->args[0]);
    struct py_value d = py_float(0), v;
    if (call->count > 1) {
        v = py_require_known(run, call->args[1]);
        if (py_is_str(v))
            d = parse_float(run, v);
        else if (py_is_float(v) || py_is_int(v))
            d = py_float(py_unbox_float(run, v));
        else if (!py_call_special(run, v, "__float__", NULL, 0, &d))
            py_raise(run, &py_type_error_class,
                     "float() argument must be a string or a real number, not '%s'",
                     py_class_name(run, v));
    }
    return cls->native ? d : new_boxed(run, cls, d);
}

static struct py_value float_is_integer(struct py_run *run, struct py_call *call)
{
    double d = py_unbox_float(run, call->self);
    return py_bool(isfinite(d) && floor(d) == d);
}

static struct py_value to_int(struct py_run *run, double d)
{
    if (isnan(d))
        py_raise(run, &py_value_error_class, "cannot convert float NaN to integer");
    if (isinf(d))
        py_raise(run, &py_overflow_error_class, "cannot convert float infinity to integer");
    return py_int_from_double(run, d);
}

static struct py_value float_as_integer_ratio(struct py_run *run, struct py_call *call)
{
    int e;
    double m = frexp(py_unbox_float(run, call->self), &e);
    for (int i = 0; i < 300 && m != floor(m); i++) {
        m *= 2;
        e--;
    }
    struct py_value top = to_int(run, m), bottom = py_int(1);
    struct py_value shift = py_int(e < 0 ? -e : e);
    if (e < 0)
        bottom = py_int_binary(run, PY_OP_LSHIFT, bottom, shift);
    else
        top = py_int_binary(run, PY_OP_LSHIFT, top, shift);
    return py_new_tuple(run, (const struct py_value[]){top, bottom}, 2);
}

/* ------------------------------------------------------------------ operators as methods */

static enum py_binary_op op_of(const char *name, bool *reflected)
{
    for (int i = 0; i < (int)PY_BINARY_OPS; i++) {
        const struct py_binary_op_info *info = py_binary_op_info((enum py_binary_op)i);
        *reflected = strcmp(info->reflected, name) == 0;
        if (*reflected || strcmp(info->method, name) == 0)
            return (enum py_binary_op)i;
    }
    return PY_OP_ADD;
}

static struct py_value int_op(struct py_run *run, struct py_call *call)
{
    bool reflected;
    enum py_binary_op op = op_of(call->function->name, &reflected);
    if (!py_is_int(call->args[0]))
        return py_not_implemented();
    struct py_value a = py_unbox_int(call->self), b = py_unbox_int(call->args[0]);
    if (call->count > 1 && op == PY_OP_POW && call->args[1].kind != PY_NONE)
        return py_int_binary(run, PY_OP_MOD, py_int_binary(run, op, a, b), call->args[1]);
    struct py_value r = reflected ? py_int_binary(run, op, b, a) : py_int_binary(run, op, a, b);
    bool bits = op == PY_OP_BIT_AND || op == PY_OP_BIT_OR || op == PY_OP_BIT_XOR;
    return bits && call->self.kind == PY_BOOL && call->args[0].kind == PY_BOOL
               ? py_bool(r.integer != 0)
               : r;
}

static struct py_value float_op(struct py_run *run, struct py_call *call)
{
    bool reflected;
    enum py_binary_op op = op_of(call->function->name, &reflected);
    struct py_value v = call->args[0];
    if (!py_is_int(v) && !py_is_float(v))
        return py_not_implemented();
    double a = py_unbox_float(run, call->self), b = py_unbox_float(run, v);
    return reflected ? py_float_binary(run, op, b, a) : py_float_binary(run, op, a, b);
}

static struct py_value number_neg(struct py_run *run, struct py_call *call)
{
    if (py_is_float(call->self))
        return py_float(-py_unbox_float(run, call->self));
    return py_int_negate(run, py_unbox_int(call->self));
}

static struct py_value number_pos(struct py_run *run, struct py_call *call)
{
    if (py_is_float(call->self))
        return py_float(py_unbox_float(run, call->self));
    return py_unbox_int(call->self);
}

static struct py_value int_invert(struct py_run *run, struct py_call *call)
{
    return py_unary(run, PY_OP_INVERT, py_unbox_int(call->self));
}

static struct py_value number_abs(struct py_run *run, struct py_call *call)
{
    if (py_is_float(call->self))
        return py_float(fabs(py_unbox_float(run, call->self)));
    struct py_value v = py_unbox_int(call->self);
    return py_int_sign(v) < 0 ? py_int_negate(run, v) : v;
}

static struct py_value number_to_int(struct py_run *run, struct py_call *call)
{
    if (py_is_float(call->self))
        return to_int(run, py_unbox_float(run, call->self));
    return py_unbox_int(call->self);
}

static struct py_value number_to_float(struct py_run *run, struct py_call *call)
{
    return py_float(py_unbox_float(run, call->self));
}

static struct py_value number_bool(struct py_run *run, struct py_call *call)
{
    if (py_is_float(call->self))
        return py_bool(py_unbox_float(run, call->self) != 0);
    return py_bool(py_int_sign(call->self) != 0);
}

static struct py_value number_hash(struct py_run *run, struct py_call *call)
{
    if (py_is_float(call->self))
        return py_int((int64_t)py_float_hash(py_unbox_float(run, call->self)));
    return py_int((int64_t)py_int_hash(run, call->self));
}

/* round() to even; with digits, what the decimal repr rounds to. */
static struct py_value float_round(struct py_run *run, struct py_call *call)
{
    double d = py_unbox_float(run, call->self);
    if (call->count == 0 || py_is_unset(call->args[0]))
        return to_int(run, nearbyint(d));
    int64_t n = py_as_index(run, call->args[0], NULL);
    if (!isfinite(d) || n > 323)
        return py_float(d);
    if (n < -308)
        return py_float(copysign(0, d));
    char text[400];
    if (n >= 0) {
        snprintf(text, sizeof(text), "%.*f", (int)n, d);
        return py_float(strtod(text, NULL));
    }
    double p = pow(10, (double)-n);
    return py_float(nearbyint(d / p) * p);
}

static struct py_value int_round(struct py_run *run, struct py_call *call)
{
    struct py_value v = py_unbox_int(call->self);
    if (call->count == 0 || py_is_unset(call->args[0]))
        return v;
    int64_t n = py_as_index(run, call->args[0], NULL);
    if (n >= 0)
        return v;
    struct py_value p = py_int_binary(run, PY_OP_POW, py_int(10), py_int(-n));
    struct py_value q = py_int_binary(run, PY_OP_FLOOR_DIV, v, p);
    struct py_value r = py_int_binary(run, PY_OP_MOD, v, p);
    int order = py_int_compare(run, py_int_binary(run, PY_OP_MUL, r, py_int(2)), p);
    bool odd = py_int_sign(py_int_binary(run, PY_OP_MOD, q, py_int(2))) != 0;
    if (order > 0 || (order == 0 && odd))
        q = py_int_binary(run, PY_OP_ADD, q, py_int(1));
    return py_int_binary(run, PY_OP_MUL, q, p);
}

static struct py_value number_divmod(struct py_run *run, struct py_call *call)
{
    bool swap = strcmp(call->function->name, "__rdivmod__") == 0;
    struct py_value a = swap ? call->args[0] : call->self, b = swap ? call->self : call->args[0];
    if (!(py_is_int(call->args[0]) || py_is_float(call->args[0])))
        return py_not_implemented();
    struct py_value pair[2] = {py_binary(run, PY_OP_FLOOR_DIV, a, b),
                               py_binary(run, PY_OP_MOD, a, b)};
    return py_new_tuple(run, pair, 2);
}

/* ------------------------------------------------------------------ int */

static int digit_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 32;
    return c >= 'a' && c <= 'z' ? c - 'a' + 10 : 99;
}

static bool parse_int(struct py_run *run, const char *text, size_t len, int base,
                      struct py_value *out)
{
    const char *p = text, *end = text + len;
    while (p < end && isspace((unsigned char)*p))
        p++;
    while (end > p && isspace((unsigned char)end[-1]))
        end--;
    bool negative = p < end && *p == '-';
    if (p < end && (*p == '-' || *p == '+'))
        p++;
    int prefix = 0;
    if (end - p > 1 && *p == '0') {
        char c = (char)(p[1] | 32);
        prefix = c == 'x' ? 16 : c == 'o' ? 8 : c == 'b' ? 2 : 0;
    }
    bool zero_start = base == 0 && !prefix && p < end && *p == '0';
    if (prefix && (base == 0 || base == prefix)) {
        base = prefix;
        p += 2;
        if (p < end && *p == '_')
            p++;
    } else if (base == 0) {
        base = 10;
    }
    struct str digits = STR_IN(run->arena);
    bool gap = true;
    for (; p < end; p++) {
        if (*p == '_') {
            if (gap)
                return false;
            gap = true;
            continue;
        }
        if (digit_value(*p) >= base)
            return false;
        if (zero_start && *p != '0')
            return false;
        str_addc(&digits, *p);
        gap = false;
    }
    if (gap)
        return false;
    *out = py_int_parse(run, digits.ptr, digits.len, base);
    if (negative)
        *out = py_int_negate(run, *out);
    return true;
}

struct py_value py_int_new(struct py_run *run, struct py_type *cls, struct py_value value)
{
    return cls->native == &py_int_class ? value : new_boxed(run, cls, value);
}

static struct py_value int_convert(struct py_run *run, struct py_value v)
{
    struct py_value r;
    if (py_is_int(v))
        return py_unbox_int(v);
    if (py_is_float(v))
        return to_int(run, py_unbox_float(run, v));
    static const char *const hooks[] = {"__int__", "__index__", "__trunc__"};
    for (size_t i = 0; i < 3; i++) {
        if (!py_is_str(v) && py_call_special(run, v, hooks[i], NULL, 0, &r))
            return r;
    }
    py_raise(run, &py_type_error_class,
             "int() argument must be a string, a bytes-like object or a real number, not '%s'",
             py_class_name(run, v));
}

enum { INT_CLS, INT_X, INT_BASE };

static const struct py_arg int_args[] = {
    [INT_CLS] = PY_POSITIONAL("cls"),
    [INT_X] = PY_POSITIONAL_DEFAULTED("x"),
    [INT_BASE] = PY_DEFAULTED("base"),
    PY_ARGS_END,
};

static struct py_value int_new(struct py_run *run, struct py_call *call)
{
    struct py_type *cls = py_type_of(call->args[INT_CLS]);
    struct py_value v = call->args[INT_X], base = call->args[INT_BASE], r = py_int(0);
    if (v.kind != PY_ABSENT)
        py_require_known(run, v);
    if (base.kind != PY_ABSENT || py_is_str(v) || py_is_bytes(v)) {
        int64_t b = base.kind == PY_ABSENT ? 10 : py_as_index(run, base, NULL);
        if (b != 0 && (b < 2 || b > 36))
            py_raise(run, &py_value_error_class, "int() base must be >= 2 and <= 36, or 0");
        if (!py_is_str(v) && !py_is_bytes(v))
            py_raise(run, &py_type_error_class,
                     "int() can't convert non-string with explicit base");
        const char *text = py_is_str(v) ? py_str_of(v)->ptr : py_bytes_of(v)->ptr;
        size_t len = py_is_str(v) ? py_str_of(v)->len : py_bytes_of(v)->len;
        if (!parse_int(run, text, len, (int)b, &r))
            py_raise(run, &py_value_error_class, "invalid literal for int() with base %d: %s",
                     (int)b, py_repr_text(run, v));
    } else if (v.kind != PY_ABSENT) {
        r = int_convert(run, v);
    }
    return py_int_new(run, cls, r);
}

static struct py_value int_bit_length(struct py_run *run, struct py_call *call)
{
    (void)run;
    return py_int((int64_t)py_int_bits(call->self));
}

static struct py_value int_bit_count(struct py_run *run, struct py_call *call)
{
    const char *digits = py_int_digits(run, py_unbox_int(call->self), 2);
    int64_t n = 0;
    for (; *digits; digits++)
        n += *digits == '1';
    return py_int(n);
}

enum { TB_LENGTH, TB_ORDER, TB_SIGNED };

static const struct py_arg to_bytes_args[] = {
    [TB_LENGTH] = PY_DEFAULTED("length"),
    [TB_ORDER] = PY_DEFAULTED("byteorder"),
    [TB_SIGNED] = PY_KEYWORD_DEFAULTED("signed"),
    PY_ARGS_END,
};

static struct py_value int_to_bytes(struct py_run *run, struct py_call *call)
{
    int64_t len =
        py_is_absent(call->args[TB_LENGTH]) ? 1 : py_as_index(run, call->args[TB_LENGTH], NULL);
    bool little = !py_is_absent(call->args[TB_ORDER]) &&
                  strcmp(py_as_string(run, call->args[TB_ORDER], "byteorder"), "little") == 0;
    bool is_signed = py_truth(run, call->args[TB_SIGNED]);
    struct py_value v = py_unbox_int(call->self);
    if (len < 0 || len > 4096)
        py_raise(run, &py_value_error_class, "length argument must be non-negative");
    if (py_int_sign(v) < 0 && !is_signed)
        py_raise(run, &py_overflow_error_class, "can't convert negative int to unsigned");
    size_t bits = py_int_bits(py_int_sign(v) < 0 ? py_int_binary(run, PY_OP_ADD, v, py_int(1)) : v);
    if (bits + is_signed > (size_t)len * 8)
        py_raise(run, &py_overflow_error_class, "int too big to convert");
    char *out = py_alloc(run, (size_t)len + 1);
    for (int64_t i = 0; i < len; i++) {
        struct py_value b = py_int_binary(run, PY_OP_BIT_AND, v, py_int(255));
        out[little ? i : len - 1 - i] = (char)b.integer;
        v = py_int_binary(run, PY_OP_RSHIFT, v, py_int(8));
    }
    return py_new_bytes(run, out, (size_t)len);
}

enum { FB_BYTES, FB_ORDER, FB_SIGNED };

static const struct py_arg from_bytes_args[] = {
    [FB_BYTES] = PY_REQUIRED("bytes"),
    [FB_ORDER] = PY_DEFAULTED("byteorder"),
    [FB_SIGNED] = PY_KEYWORD_DEFAULTED("signed"),
    PY_ARGS_END,
};

static struct py_value int_from_bytes(struct py_run *run, struct py_call *call)
{
    struct py_value given = py_require_known(run, call->args[FB_BYTES]);
    if (!py_is_bytes(given))
        py_raise(run, &py_type_error_class, "cannot convert '%s' object to bytes",
                 py_class_name(run, given));
    bool little = !py_is_absent(call->args[FB_ORDER]) &&
                  strcmp(py_as_string(run, call->args[FB_ORDER], "byteorder"), "little") == 0;
    const struct py_bytes *b = py_bytes_of(given);
    struct py_value v = py_int(0);
    for (size_t i = 0; i < b->len; i++) {
        unsigned char c = (unsigned char)b->ptr[little ? b->len - 1 - i : i];
        v = py_int_binary(run, PY_OP_BIT_OR, py_int_binary(run, PY_OP_LSHIFT, v, py_int(8)),
                          py_int(c));
    }
    if (py_truth(run, call->args[FB_SIGNED]) && py_int_bits(v) == b->len * 8 && b->len > 0)
        v = py_int_binary(run, PY_OP_SUB, v,
                          py_int_binary(run, PY_OP_LSHIFT, py_int(1), py_int((int64_t)b->len * 8)));
    return py_int_new(run, py_type_of(call->self), v);
}

static struct py_value number_repr(struct py_run *run, struct py_call *call)
{
    struct str s = STR_IN(run->arena);
    struct py_value v = call->self;
    if (py_is_float(v))
        str_add(&s, py_float_repr(run, py_unbox_float(run, v)));
    else
        str_add(&s, v.kind == PY_BOOL ? v.boolean ? "True" : "False"
                                      : py_int_digits(run, py_unbox_int(v), 10));
    return py_str_take(run, &s);
}

static struct py_value number_format(struct py_run *run, struct py_call *call)
{
    const struct py_str *spec = py_as_text(run, call->args[0], "format spec");
    struct py_value v = py_is_float(call->self) ? py_float(py_unbox_float(run, call->self))
                                                : call->self;
    if (v.kind == PY_OBJECT)
        v = py_unbox_int(v);
    return py_format_value(run, v, spec->ptr, spec->len);
}

static struct py_value number_compare(struct py_run *run, struct py_call *call)
{
    for (int i = 0; i < (int)PY_COMPARE_OPS; i++) {
        bool r;
        if (strcmp(py_compare_op_info((enum py_compare_op)i)->method, call->function->name) != 0)
            continue;
        if (py_compare_plain(run, (enum py_compare_op)i, call->self, call->args[0], &r))
            return py_bool(r);
        break;
    }
    return py_not_implemented();
}

static struct py_value int_real(struct py_run *run, struct py_call *call)
{
    (void)run;
    return py_unbox_int(call->self);
}

static struct py_value int_imag(struct py_run *run, struct py_call *call)
{
    (void)run;
    (void)call;
    return py_int(0);
}

static struct py_value int_one(struct py_run *run, struct py_call *call)
{
    (void)run;
    (void)call;
    return py_int(1);
}

#define NUMBER_ROWS(op)                                                                            \
    PY_FUNCTION_N("__add__", op, 1, 1), PY_FUNCTION_N("__radd__", op, 1, 1),                       \
        PY_FUNCTION_N("__sub__", op, 1, 1), PY_FUNCTION_N("__rsub__", op, 1, 1),                   \
        PY_FUNCTION_N("__mul__", op, 1, 1), PY_FUNCTION_N("__rmul__", op, 1, 1),                   \
        PY_FUNCTION_N("__truediv__", op, 1, 1), PY_FUNCTION_N("__rtruediv__", op, 1, 1),           \
        PY_FUNCTION_N("__floordiv__", op, 1, 1), PY_FUNCTION_N("__rfloordiv__", op, 1, 1),         \
        PY_FUNCTION_N("__mod__", op, 1, 1), PY_FUNCTION_N("__rmod__", op, 1, 1),                   \
        PY_FUNCTION_N("__pow__", op, 1, 2), PY_FUNCTION_N("__rpow__", op, 1, 2),                   \
        PY_FUNCTION_N("__divmod__", number_divmod, 1, 1),                                          \
        PY_FUNCTION_N("__rdivmod__", number_divmod, 1, 1),                                         \
        PY_FUNCTION_N("__neg__", number_neg, 0, 0), PY_FUNCTION_N("__pos__", number_pos, 0, 0),    \
        PY_FUNCTION_N("__abs__", number_abs, 0, 0), PY_FUNCTION_N("__int__", number_to_int, 0, 0), \
        PY_FUNCTION_N("__float__", number_to_float, 0, 0),                                         \
        PY_FUNCTION_N("__bool__", number_bool, 0, 0),                                              \
        PY_FUNCTION_N("__hash__", number_hash, 0, 0),                                              \
        PY_FUNCTION_N("__repr__", number_repr, 0, 0),                                              \
        PY_FUNCTION_N("__format__", number_format, 1, 1),                                          \
        PY_FUNCTION_N("__eq__", number_compare, 1, 1),                                             \
        PY_FUNCTION_N("__ne__", number_compare, 1, 1),                                             \
        PY_FUNCTION_N("__lt__", number_compare, 1, 1),                                             \
        PY_FUNCTION_N("__le__", number_compare, 1, 1),                                             \
        PY_FUNCTION_N("__gt__", number_compare, 1, 1),                                             \
        PY_FUNCTION_N("__ge__", number_compare, 1, 1),                                             \
        PY_FUNCTION_N("__trunc__", number_to_int, 0, 0),                                           \
        PY_FUNCTION_N("conjugate", number_pos, 0, 0), PY_PROPERTY("imag", int_imag)

static const struct py_member int_members[] = {
    NUMBER_ROWS(int_op),
    PY_STATIC("__new__", int_new, int_args),
    PY_FUNCTION_N("__lshift__", int_op, 1, 1),
    PY_FUNCTION_N("__rlshift__", int_op, 1, 1),
    PY_FUNCTION_N("__rshift__", int_op, 1, 1),
    PY_FUNCTION_N("__rrshift__", int_op, 1, 1),
    PY_FUNCTION_N("__and__", int_op, 1, 1),
    PY_FUNCTION_N("__rand__", int_op, 1, 1),
    PY_FUNCTION_N("__or__", int_op, 1, 1),
    PY_FUNCTION_N("__ror__", int_op, 1, 1),
    PY_FUNCTION_N("__xor__", int_op, 1, 1),
    PY_FUNCTION_N("__rxor__", int_op, 1, 1),
    PY_FUNCTION_N("__invert__", int_invert, 0, 0),
    PY_FUNCTION_N("__index__", number_to_int, 0, 0),
    PY_FUNCTION_N("__round__", int_round, 0, 1),
    PY_FUNCTION_N("bit_length", int_bit_length, 0, 0),
    PY_FUNCTION_N("bit_count", int_bit_count, 0, 0),
    PY_FUNCTION("to_bytes", int_to_bytes, to_bytes_args),
    PY_CLASSMETHOD("from_bytes", int_from_bytes, from_bytes_args),
    PY_PROPERTY("real", int_real),
    PY_PROPERTY("numerator", int_real),
    PY_PROPERTY("denominator", int_one),
    PY_MEMBERS_END,
};

const struct py_native_class py_int_class = {
    .name = "int",
    .members = int_members,
    .flags = PY_CLASS_COMPLETE,
    .layout = PY_LAYOUT_INT,
};

static struct py_value bool_new(struct py_run *run, struct py_call *call)
{
    return py_bool(call->count > 1 && py_truth(run, call->args[1]));
}

static const struct py_member bool_members[] = {
    PY_STATIC_N("__new__", bool_new, 1, 2),
    PY_MEMBERS_END,
};

const struct py_native_class py_bool_class = {
    .name = "bool",
    .bases = PY_BASES(&py_int_class),
    .members = bool_members,
    .flags = PY_CLASS_COMPLETE | PY_CLASS_FINAL,
    .layout = PY_LAYOUT_INT,
};

static const struct py_member float_members[] = {
    NUMBER_ROWS(float_op),
    PY_STATIC_N("__new__", float_new, 1, 2),
    PY_FUNCTION_N("__round__", float_round, 0, 1),
    PY_FUNCTION_N("is_integer", float_is_integer, 0, 0),
    PY_FUNCTION_N("as_integer_ratio", float_as_integer_ratio, 0, 0),
    PY_PROPERTY("real", number_to_float),
    PY_MEMBERS_END,
};

const struct py_native_class py_float_class = {
    .name = "float",
    .members = float_members,
    .flags = PY_CLASS_COMPLETE,
    .layout = PY_LAYOUT_FLOAT,
};
