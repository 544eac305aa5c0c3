/*
 * Integers of any size: sign and magnitude in 32-bit limbs. A result that fits 64 bits becomes a
 * plain PY_INT again, so equal integers always look alike.
 */
#include "config.h"

#include <math.h>
#include <string.h>

#include "python/interp.h"

struct big {
    const uint32_t *limbs;
    size_t len;
    bool negative;
    uint32_t small[2];
};

static void load(struct big *b, struct py_value v)
{
    v = py_unbox_int(v);
    if (v.kind == PY_OBJECT) {
        const struct py_bigint *o = (const struct py_bigint *)v.object;
        *b = (struct big){.limbs = o->limbs, .len = o->len, .negative = o->negative};
        return;
    }
    uint64_t m = v.integer < 0 ? 0 - (uint64_t)v.integer : (uint64_t)v.integer;
    b->negative = v.integer < 0;
    b->small[0] = (uint32_t)m;
    b->small[1] = (uint32_t)(m >> 32);
    b->limbs = b->small;
    b->len = b->small[1] ? 2 : b->small[0] ? 1 : 0;
}

static struct py_value store(struct py_run *run, uint32_t *limbs, size_t len, bool negative)
{
    while (len > 0 && limbs[len - 1] == 0)
        len--;
    if (len <= 2) {
        uint64_t m = (len > 0 ? limbs[0] : 0) | (uint64_t)(len > 1 ? limbs[1] : 0) << 32;
        if (m <= INT64_MAX)
            return py_int(negative ? -(int64_t)m : (int64_t)m);
        if (negative && m == (uint64_t)INT64_MAX + 1)
            return py_int(INT64_MIN);
    }
    if ((uint64_t)len * 32 > run->limits.int_bits + 64)
        py_limit(run, PY_REFUSE_LIMIT_INTEGER, "more than %llu bits in an integer",
                 (unsigned long long)run->limits.int_bits);
    struct py_bigint *b = py_new_object(run, PY_T_int, sizeof(*b));
    b->limbs = limbs;
    b->len = len;
    b->negative = negative;
    return py_object(&b->base);
}

static uint32_t *new_limbs(struct py_run *run, size_t len)
{
    if ((uint64_t)len * 32 > run->limits.int_bits + 256)
        py_limit(run, PY_REFUSE_LIMIT_INTEGER, "more than %llu bits in an integer",
                 (unsigned long long)run->limits.int_bits);
    return py_alloc(run, (len + 1) * sizeof(uint32_t));
}

static int compare_magnitude(const struct big *a, const struct big *b)
{
    if (a->len != b->len)
        return a->len < b->len ? -1 : 1;
    for (size_t i = a->len; i-- > 0;) {
        if (a->limbs[i] != b->limbs[i])
            return a->limbs[i] < b->limbs[i] ? -1 : 1;
    }
    return 0;
}

static struct py_value add_signed(struct py_run *run, const struct big *a, const struct big *b,
                                  bool negate_b)
{
    bool bneg = b->negative != negate_b;
    size_t n = (a->len > b->len ? a->len : b->len) + 1;
    uint32_t *out = new_limbs(run, n);
    if (a->negative == bneg) {
        uint64_t carry = 0;
        for (size_t i = 0; i < n; i++) {
            carry += (uint64_t)(i < a->len ? a->limbs[i] : 0) + (i < b->len ? b->limbs[i] : 0);
            out[i] = (uint32_t)carry;
            carry >>= 32;
        }
        return store(run, out, n, a->negative);
    }
    const struct big *x = a, *y = b;
    bool negative = a->negative;
    if (compare_magnitude(a, b) < 0) {
        x = b;
        y = a;
        negative = bneg;
    }
    int64_t borrow = 0;
    for (size_t i = 0; i < x->len; i++) {
        int64_t d = (int64_t)x->limbs[i] - (i < y->len ? y->limbs[i] : 0) - borrow;
        borrow = d < 0;
        out[i] = (uint32_t)d;
    }
    return store(run, out, x->len, negative);
}

static struct py_value multiply(struct py_run *run, const struct big *a, const struct big *b)
{
    size_t n = a->len + b->len;
    uint32_t *out = new_limbs(run, n);
    for (size_t i = 0; i < a->len; i++) {
        uint64_t carry = 0;
        for (size_t k = 0; k < b->len; k++) {
            carry += (uint64_t)a->limbs[i] * b->limbs[k] + out[i + k];
            out[i + k] = (uint32_t)carry;
            carry >>= 32;
        }
        out[i + b->len] = (uint32_t)carry;
        run->steps += b->len / 64;
    }
    py_step(run);
    return store(run, out, n, a->negative != b->negative);
}

static uint32_t divide_small(uint32_t *limbs, size_t len, uint32_t by)
{
    uint64_t rest = 0;
    for (size_t i = len; i-- > 0;) {
        rest = rest << 32 | limbs[i];
        limbs[i] = (uint32_t)(rest / by);
        rest %= by;
    }
    return (uint32_t)rest;
}

/* Knuth, The Art of Computer Programming, 4.3.1, algorithm D: q = a / b, a becomes the rest. */
static void divide_long(uint32_t *a, size_t alen, const uint32_t *b, size_t blen, uint32_t *q)
{
    for (size_t j = alen - blen; j-- > 0;) {
        uint64_t top = (uint64_t)a[j + blen] << 32 | a[j + blen - 1];
        uint64_t qhat = top / b[blen - 1], rhat = top % b[blen - 1];
        while (qhat >> 32 || qhat * b[blen - 2] > (rhat << 32 | a[j + blen - 2])) {
            qhat--;
            rhat += b[blen - 1];
            if (rhat >> 32)
                break;
        }
        int64_t borrow = 0;
        uint64_t carry = 0;
        for (size_t i = 0; i < blen; i++) {
            carry += qhat * b[i];
            int64_t d = (int64_t)a[i + j] - borrow - (int64_t)(carry & 0xffffffff);
            a[i + j] = (uint32_t)d;
            borrow = d < 0;
            carry >>= 32;
        }
        int64_t d = (int64_t)a[j + blen] - borrow - (int64_t)carry;
        a[j + blen] = (uint32_t)d;
        if (d < 0) {
            qhat--;
            carry = 0;
            for (size_t i = 0; i < blen; i++) {
                carry += (uint64_t)a[i + j] + b[i];
                a[i + j] = (uint32_t)carry;
                carry >>= 32;
            }
            a[j + blen] += (uint32_t)carry;
        }
        q[j] = (uint32_t)qhat;
    }
}

/* Floor division and modulo, as Python rounds. */
static void divide(struct py_run *run, const struct big *a, const struct big *b,
                   struct py_value *quotient, struct py_value *rest)
{
    struct py_value q, r;
    if (compare_magnitude(a, b) < 0) {
        uint32_t *copy = new_limbs(run, a->len);
        memcpy(copy, a->limbs, a->len * 4);
        q = py_int(0);
        r = store(run, copy, a->len, a->negative);
    } else if (b->len == 1) {
        uint32_t *copy = new_limbs(run, a->len);
        memcpy(copy, a->limbs, a->len * 4);
        uint32_t m = divide_small(copy, a->len, b->limbs[0]);
        q = store(run, copy, a->len, a->negative != b->negative);
        r = py_int(a->negative ? -(int64_t)m : (int64_t)m);
    } else {
        int shift = __builtin_clz(b->limbs[b->len - 1]);
        uint32_t *x = new_limbs(run, a->len + 1), *y = new_limbs(run, b->len);
        uint32_t *out = new_limbs(run, a->len - b->len + 1);
        for (size_t i = 0; i < b->len; i++)
            y[i] = b->limbs[i] << shift |
                   (shift && i ? b->limbs[i - 1] >> (32 - shift) : 0);
        for (size_t i = 0; i < a->len; i++)
            x[i] = a->limbs[i] << shift | (shift && i ? a->limbs[i - 1] >> (32 - shift) : 0);
        x[a->len] = shift ? a->limbs[a->len - 1] >> (32 - shift) : 0;
        divide_long(x, a->len + 1, y, b->len, out);
        run->steps += a->len * b->len / 64;
        py_step(run);
        for (size_t i = 0; i < b->len; i++)
            x[i] = x[i] >> shift | (shift ? (uint32_t)((uint64_t)x[i + 1] << (32 - shift)) : 0);
        q = store(run, out, a->len - b->len + 1, a->negative != b->negative);
        r = store(run, x, b->len, a->negative);
    }
    if (py_int_sign(r) != 0 && a->negative != b->negative) {
        struct big bq, br, one = {.limbs = (const uint32_t[]){1}, .len = 1};
        load(&bq, q);
        q = add_signed(run, &bq, &one, true);
        load(&br, r);
        r = add_signed(run, &br, b, false);
    }
    if (quotient)
        *quotient = q;
    if (rest)
        *rest = r;
}

/* Limb i of the two's complement form. */
struct twos {
    const struct big *b;
    uint64_t carry;
};

static uint32_t next_limb(struct twos *t, size_t i)
{
    uint32_t m = i < t->b->len ? t->b->limbs[i] : 0;
    if (!t->b->negative)
        return m;
    t->carry += (uint32_t)~m;
    uint32_t r = (uint32_t)t->carry;
    t->carry >>= 32;
    return r;
}

static struct py_value bitwise(struct py_run *run, enum py_binary_op op, const struct big *a,
                               const struct big *b)
{
    size_t n = (a->len > b->len ? a->len : b->len) + 1;
    uint32_t *out = new_limbs(run, n);
    struct twos x = {a, 1}, y = {b, 1};
    for (size_t i = 0; i < n; i++) {
        uint32_t l = next_limb(&x, i), r = next_limb(&y, i);
        out[i] = op == PY_OP_BIT_AND ? l & r : op == PY_OP_BIT_OR ? l | r : l ^ r;
    }
    bool negative = out[n - 1] >> 31;
    if (negative) {
        uint64_t carry = 1;
        for (size_t i = 0; i < n; i++) {
            carry += (uint32_t)~out[i];
            out[i] = (uint32_t)carry;
            carry >>= 32;
        }
    }
    return store(run, out, n, negative);
}

static struct py_value shift_left(struct py_run *run, const struct big *a, uint64_t by)
{
    if (a->len == 0)
        return py_int(0);
    if (by > run->limits.int_bits)
        py_limit(run, PY_REFUSE_LIMIT_INTEGER, "more than %llu bits in an integer",
                 (unsigned long long)run->limits.int_bits);
    size_t limbs = (size_t)(by / 32), bits = (size_t)(by % 32);
    uint32_t *out = new_limbs(run, a->len + limbs + 1);
    for (size_t i = 0; i < a->len; i++) {
        uint64_t v = (uint64_t)a->limbs[i] << bits;
        out[i + limbs] |= (uint32_t)v;
        out[i + limbs + 1] = (uint32_t)(v >> 32);
    }
    return store(run, out, a->len + limbs + 1, a->negative);
}

static struct py_value shift_right(struct py_run *run, const struct big *a, uint64_t by)
{
    size_t limbs = (size_t)(by / 32), bits = (size_t)(by % 32);
    if (by / 32 >= a->len)
        return py_int(a->negative ? -1 : 0);
    size_t n = a->len - limbs;
    uint32_t *out = new_limbs(run, n);
    bool lost = false;
    for (size_t i = 0; i < limbs; i++)
        lost |= a->limbs[i] != 0;
    lost |= (a->limbs[limbs] & ((1u << bits) - 1)) != 0;
    for (size_t i = 0; i < n; i++) {
        uint64_t hi = i + limbs + 1 < a->len ? a->limbs[i + limbs + 1] : 0;
        out[i] = (uint32_t)((hi << 32 | a->limbs[i + limbs]) >> bits);
    }
    struct py_value r = store(run, out, n, a->negative);
    return lost && a->negative ? py_int_binary(run, PY_OP_SUB, r, py_int(1)) : r;
}

static struct py_value power(struct py_run *run, struct py_value base, struct py_value exponent)
{
    if (py_int_sign(exponent) < 0) {
        double b = py_int_to_double(run, base), e = py_int_to_double(run, exponent);
        return py_float_binary(run, PY_OP_POW, b, e);
    }
    struct py_value b = py_unbox_int(base), e = py_unbox_int(exponent);
    bool trivial = b.kind == PY_INT && b.integer >= -1 && b.integer <= 1;
    if (e.kind != PY_INT) {
        if (!trivial)
            py_limit(run, PY_REFUSE_LIMIT_INTEGER, "more than %llu bits in an integer",
                     (unsigned long long)run->limits.int_bits);
        struct big big;
        load(&big, e);
        bool odd = big.limbs[0] & 1;
        return b.integer == -1 && !odd ? py_int(1) : b;
    }
    if (!trivial && (uint64_t)e.integer > run->limits.int_bits)
        py_limit(run, PY_REFUSE_LIMIT_INTEGER, "more than %llu bits in an integer",
                 (unsigned long long)run->limits.int_bits);
    struct py_value r = py_int(1);
    for (uint64_t n = (uint64_t)e.integer; n > 0; n >>= 1) {
        if (n & 1)
            r = py_int_binary(run, PY_OP_MUL, r, b);
        if (n > 1)
            b = py_int_binary(run, PY_OP_MUL, b, b);
    }
    return r;
}

static uint64_t shift_count(struct py_run *run, struct py_value v)
{
    if (py_int_sign(v) < 0)
        py_raise(run, &py_value_error_class, "negative shift count");
    return v.kind == PY_INT ? (uint64_t)v.integer : UINT64_MAX;
}

/* Both fit 64 bits and so does the result: true. */
static bool small_binary(enum py_binary_op op, int64_t a, int64_t b, int64_t *r)
{
    switch ((int)op) {
    case PY_OP_ADD:
        return !__builtin_add_overflow(a, b, r);
    case PY_OP_SUB:
        return !__builtin_sub_overflow(a, b, r);
    case PY_OP_MUL:
        return !__builtin_mul_overflow(a, b, r);
    case PY_OP_BIT_AND:
        *r = a & b;
        return true;
    case PY_OP_BIT_OR:
        *r = a | b;
        return true;
    case PY_OP_BIT_XOR:
        *r = a ^ b;
        return true;
    case PY_OP_FLOOR_DIV:
    case PY_OP_MOD:
        if (b == 0 || (a == INT64_MIN && b == -1))
            return false;
        *r = op == PY_OP_MOD ? a % b : a / b;
        if (a % b != 0 && (a < 0) != (b < 0))
            *r += op == PY_OP_MOD ? b : -1;
        return true;
    default:
        return false;
    }
}

struct py_value py_int_binary(struct py_run *run, enum py_binary_op op, struct py_value x,
                              struct py_value y)
{
    x = py_unbox_int(x);
    y = py_unbox_int(y);
    int64_t small;
    if (x.kind == PY_INT && y.kind == PY_INT && small_binary(op, x.integer, y.integer, &small))
        return py_int(small);
    struct big a, b;
    struct py_value r = py_absent();
    load(&a, x);
    load(&b, y);
    if (b.len == 0 && (op == PY_OP_FLOOR_DIV || op == PY_OP_MOD))
        py_raise(run, &py_zero_division_error_class,
                 op == PY_OP_MOD ? "integer modulo by zero" : "integer division or modulo by zero");
    switch ((int)op) {
    case PY_OP_ADD:
        return add_signed(run, &a, &b, false);
    case PY_OP_SUB:
        return add_signed(run, &a, &b, true);
    case PY_OP_MUL:
        return multiply(run, &a, &b);
    case PY_OP_FLOOR_DIV:
        divide(run, &a, &b, &r, NULL);
        return r;
    case PY_OP_MOD:
        divide(run, &a, &b, NULL, &r);
        return r;
    case PY_OP_DIV:
        if (b.len == 0)
            py_raise(run, &py_zero_division_error_class, "division by zero");
        return py_float(py_int_to_double(run, x) / py_int_to_double(run, y));
    case PY_OP_POW:
        return power(run, x, y);
    case PY_OP_LSHIFT:
        return shift_left(run, &a, shift_count(run, y));
    case PY_OP_RSHIFT:
        return shift_right(run, &a, shift_count(run, y));
    case PY_OP_BIT_AND:
    case PY_OP_BIT_OR:
    case PY_OP_BIT_XOR:
        return bitwise(run, op, &a, &b);
    default:
        py_raise(run, &py_type_error_class, "unsupported operand type(s) for %s: 'int' and 'int'",
                 py_binary_op_info(op)->symbol);
    }
}

int py_int_sign(struct py_value v)
{
    struct big b;
    load(&b, v);
    return b.len == 0 ? 0 : b.negative ? -1 : 1;
}

int py_int_compare(struct py_run *run, struct py_value x, struct py_value y)
{
    if (x.kind == PY_INT && y.kind == PY_INT)
        return x.integer < y.integer ? -1 : x.integer > y.integer;
    struct big a, b;
    load(&a, x);
    load(&b, y);
    if (a.negative != b.negative)
        return a.negative ? -1 : 1;
    py_work(run, a.len * sizeof(*a.limbs));
    int order = compare_magnitude(&a, &b);
    return a.negative ? -order : order;
}

struct py_value py_int_negate(struct py_run *run, struct py_value v)
{
    return py_int_binary(run, PY_OP_SUB, py_int(0), v);
}

size_t py_int_bits(struct py_value v)
{
    struct big b;
    load(&b, v);
    return b.len == 0 ? 0 : b.len * 32 - (size_t)__builtin_clz(b.limbs[b.len - 1]);
}

/* The value modulo 2**61 - 1, as CPython hashes numbers (library reference, "Hashing of numeric
 * types"). */
uint64_t py_int_hash(struct py_run *run, struct py_value v)
{
    const uint64_t modulus = (UINT64_C(1) << 61) - 1;
    struct big b;
    load(&b, v);
    uint64_t h = 0;
    py_work(run, b.len * PY_WORK_EACH);
    for (size_t i = b.len; i-- > 0;) {
        unsigned __int128 wide = (unsigned __int128)h << 32 | b.limbs[i];
        h = (uint64_t)(wide % modulus);
    }
    if (b.negative)
        h = 0 - h;
    return h == UINT64_MAX ? UINT64_MAX - 1 : h;
}

double py_int_to_double(struct py_run *run, struct py_value v)
{
    v = py_unbox_int(v);
    if (v.kind == PY_INT)
        return (double)v.integer;
    struct big b;
    load(&b, v);
    size_t bits = py_int_bits(v);
    if (bits > 1024)
        py_raise(run, &py_overflow_error_class, "int too large to convert to float");
    /* The top 64 bits, with a sticky bit for what is below, round correctly. */
    size_t drop = bits - 64, limb = drop / 32, off = drop % 32;
    uint64_t top = 0;
    for (size_t i = 0; i < 3 && limb + i < b.len; i++) {
        if (i * 32 >= off)
            top |= i * 32 - off < 64 ? (uint64_t)b.limbs[limb + i] << (i * 32 - off) : 0;
        else
            top |= b.limbs[limb + i] >> off;
    }
    bool sticky = off && (b.limbs[limb] & ((1u << off) - 1));
    for (size_t i = 0; i < limb; i++)
        sticky |= b.limbs[i] != 0;
    double d = ldexp((double)(top | sticky), (int)drop);
    if (isinf(d))
        py_raise(run, &py_overflow_error_class, "int too large to convert to float");
    return b.negative ? -d : d;
}

struct py_value py_int_from_double(struct py_run *run, double d)
{
    if (d >= -9.2e18 && d <= 9.2e18)
        return py_int((int64_t)d);
    int exponent;
    double m = frexp(fabs(d), &exponent);
    struct py_value v = py_int((int64_t)ldexp(m, 53));
    v = py_int_binary(run, PY_OP_LSHIFT, v, py_int(exponent - 53));
    return d < 0 ? py_int_negate(run, v) : v;
}

int py_int_compare_double(struct py_run *run, struct py_value i, double d)
{
    if (isinf(d))
        return d > 0 ? -1 : 1;
    double whole = floor(d);
    int order = py_int_compare(run, py_unbox_int(i), py_int_from_double(run, whole));
    return order == 0 && whole < d ? -1 : order;
}

bool py_int_equals_double(struct py_run *run, struct py_value i, double d)
{
    return d == d && py_int_compare_double(run, i, d) == 0;
}

const char *py_int_digits(struct py_run *run, struct py_value v, int base)
{
    struct big b;
    load(&b, v);
    size_t cap = b.len * 32 + 3;
    char *text = py_alloc(run, cap), *p = text + cap - 1;
    uint32_t *limbs = new_limbs(run, b.len);
    memcpy(limbs, b.limbs, b.len * 4);
    size_t len = b.len;
    uint32_t chunk = (uint32_t)base;
    int chunk_digits = 1;
    while (chunk < 10000000) {
        chunk *= (uint32_t)base;
        chunk_digits++;
    }
    *p = '\0';
    do {
        uint32_t rest = divide_small(limbs, len, chunk);
        while (len > 0 && limbs[len - 1] == 0)
            len--;
        run->steps += len / 16;
        for (int i = 0; i < chunk_digits && (i == 0 || len > 0 || rest > 0); i++) {
            *--p = "0123456789abcdefghijklmnopqrstuvwxyz"[rest % (uint32_t)base];
            rest /= (uint32_t)base;
        }
    } while (len > 0);
    if (b.negative)
        *--p = '-';
    return p;
}

struct py_value py_int_parse(struct py_run *run, const char *digits, size_t len, int base)
{
    if (len > run->limits.int_bits / 3 + 64)
        py_limit(run, PY_REFUSE_LIMIT_INTEGER, "more than %llu bits in an integer",
                 (unsigned long long)run->limits.int_bits);
    size_t n = len * 6 / 32 + 2, used = 0;
    uint32_t *limbs = py_alloc(run, (n + 1) * sizeof(uint32_t));
    for (size_t i = 0; i < len; i++) {
        char c = digits[i];
        uint32_t d = c <= '9' ? (uint32_t)(c - '0') : (uint32_t)((c | 32) - 'a' + 10);
        uint64_t carry = d;
        for (size_t k = 0; k < used; k++) {
            carry += (uint64_t)limbs[k] * (uint32_t)base;
            limbs[k] = (uint32_t)carry;
            carry >>= 32;
        }
        if (carry)
            limbs[used++] = (uint32_t)carry;
        run->steps += used / 64;
    }
    py_step(run);
    return store(run, limbs, used, false);
}

struct py_value py_new_int_text(struct py_run *run, const char *digits)
{
    bool negative = *digits == '-';
    if (*digits == '-' || *digits == '+')
        digits++;
    struct py_value v = py_int_parse(run, digits, strlen(digits), 10);
    return negative ? py_int_negate(run, v) : v;
}
