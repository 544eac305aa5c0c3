/* math: functions of floats, from the C library; and gcd(). */
#include "config.h"

#include <math.h>

#include "python/interp.h"

typedef double (*unary_fn)(double x);

/* The result, or CPython's errors for what C answers with a NaN or an infinity. */
static struct py_value checked(struct py_run *run, double x, double result)
{
    if (isnan(result) && !isnan(x))
        py_raise(run, &py_value_error_class, "math domain error");
    if (isinf(result) && isfinite(x))
        py_raise(run, &py_overflow_error_class, "math range error");
    return py_float(result);
}

static struct py_value unary(struct py_run *run, struct py_call *call, unary_fn fn)
{
    double x = py_as_double(run, call->args[0], "argument");
    return checked(run, x, fn(x));
}

#define UNARY(name)                                                                                \
    static struct py_value math_##name(struct py_run *run, struct py_call *call)                   \
    {                                                                                              \
        return unary(run, call, name);                                                             \
    }
UNARY(sqrt)
UNARY(exp)
UNARY(sin)
UNARY(cos)
UNARY(tan)
UNARY(asin)
UNARY(acos)
UNARY(atan)
UNARY(fabs)
#undef UNARY

/* A whole float as an int; beyond 64 bits is refused. */
static struct py_value whole(struct py_run *run, double x)
{
    if (isnan(x))
        py_raise(run, &py_value_error_class, "cannot convert float NaN to integer");
    if (isinf(x))
        py_raise(run, &py_overflow_error_class, "cannot convert float infinity to integer");
    if (x < -9.2e18 || x > 9.2e18)
        py_refuse(run, PY_REFUSE_LIBRARY, "rounding a float of more than 64 bits is not supported");
    return py_int((int64_t)x);
}

static struct py_value rounded(struct py_run *run, struct py_call *call, const char *method,
                               unary_fn fn)
{
    struct py_value v = py_require_known(run, call->args[0]), found;
    if (py_is_int(v))
        return v;
    if (!py_is_float(v) && py_find_attr(run, v, method, &found))
        return py_call(run, found, NULL, 0, NULL);
    return whole(run, fn(py_as_double(run, v, "argument")));
}

static struct py_value math_floor(struct py_run *run, struct py_call *call)
{
    return rounded(run, call, "__floor__", floor);
}

static struct py_value math_ceil(struct py_run *run, struct py_call *call)
{
    return rounded(run, call, "__ceil__", ceil);
}

static struct py_value math_trunc(struct py_run *run, struct py_call *call)
{
    return rounded(run, call, "__trunc__", trunc);
}

static double positive(struct py_run *run, struct py_value v)
{
    double x = py_as_double(run, v, "argument");
    if (x <= 0)
        py_raise(run, &py_value_error_class, "math domain error");
    return x;
}

static struct py_value math_log(struct py_run *run, struct py_call *call)
{
    double x = log(positive(run, call->args[0]));
    if (call->count < 2)
        return py_float(x);
    double base = log(positive(run, call->args[1]));
    if (base == 0)
        py_raise(run, &py_zero_division_error_class, "float division by zero");
    return py_float(x / base);
}

static struct py_value math_log2(struct py_run *run, struct py_call *call)
{
    return py_float(log2(positive(run, call->args[0])));
}

static struct py_value math_log10(struct py_run *run, struct py_call *call)
{
    return py_float(log10(positive(run, call->args[0])));
}

static struct py_value math_pow(struct py_run *run, struct py_call *call)
{
    double x = py_as_double(run, call->args[0], "argument");
    double y = py_as_double(run, call->args[1], "argument");
    if (x == 0 && y < 0)
        py_raise(run, &py_value_error_class, "math domain error");
    return isfinite(y) ? checked(run, x, pow(x, y)) : py_float(pow(x, y));
}

static struct py_value math_fmod(struct py_run *run, struct py_call *call)
{
    double x = py_as_double(run, call->args[0], "argument");
    return checked(run, x, fmod(x, py_as_double(run, call->args[1], "argument")));
}

static struct py_value math_isnan(struct py_run *run, struct py_call *call)
{
    return py_bool(isnan(py_as_double(run, call->args[0], "argument")));
}

static struct py_value math_isinf(struct py_run *run, struct py_call *call)
{
    return py_bool(isinf(py_as_double(run, call->args[0], "argument")));
}

static struct py_value math_isfinite(struct py_run *run, struct py_call *call)
{
    return py_bool(isfinite(py_as_double(run, call->args[0], "argument")));
}

static struct py_value math_gcd(struct py_run *run, struct py_call *call)
{
    uint64_t a = 0;
    for (size_t i = 0; i < call->count; i++) {
        int64_t value = py_as_int64(run, call->args[i], "argument");
        uint64_t b = value < 0 ? -(uint64_t)value : (uint64_t)value;
        while (b) {
            uint64_t rest = a % b;
            a = b;
            b = rest;
        }
    }
    if (a > INT64_MAX)
        py_refuse(run, PY_REFUSE_LIBRARY, "a gcd() of more than 63 bits is not supported");
    return py_int((int64_t)a);
}

#define CONSTANT(name, value)                                                                      \
    static struct py_value math_##name(struct py_run *run, struct py_call *call)                   \
    {                                                                                              \
        (void)run;                                                                                 \
        (void)call;                                                                                \
        return py_float(value);                                                                    \
    }
CONSTANT(pi, 3.141592653589793)
CONSTANT(e, 2.718281828459045)
CONSTANT(tau, 6.283185307179586)
CONSTANT(inf, (double)INFINITY)
CONSTANT(nan, (double)NAN)
#undef CONSTANT

static const struct py_member math_members[] = {
    PY_FUNCTION_N("sqrt", math_sqrt, 1, 1),
    PY_FUNCTION_N("exp", math_exp, 1, 1),
    PY_FUNCTION_N("sin", math_sin, 1, 1),
    PY_FUNCTION_N("cos", math_cos, 1, 1),
    PY_FUNCTION_N("tan", math_tan, 1, 1),
    PY_FUNCTION_N("asin", math_asin, 1, 1),
    PY_FUNCTION_N("acos", math_acos, 1, 1),
    PY_FUNCTION_N("atan", math_atan, 1, 1),
    PY_FUNCTION_N("fabs", math_fabs, 1, 1),
    PY_FUNCTION_N("floor", math_floor, 1, 1),
    PY_FUNCTION_N("ceil", math_ceil, 1, 1),
    PY_FUNCTION_N("trunc", math_trunc, 1, 1),
    PY_FUNCTION_N("log", math_log, 1, 2),
    PY_FUNCTION_N("log2", math_log2, 1, 1),
    PY_FUNCTION_N("log10", math_log10, 1, 1),
    PY_FUNCTION_N("pow", math_pow, 2, 2),
    PY_FUNCTION_N("fmod", math_fmod, 2, 2),
    PY_FUNCTION_N("isnan", math_isnan, 1, 1),
    PY_FUNCTION_N("isinf", math_isinf, 1, 1),
    PY_FUNCTION_N("isfinite", math_isfinite, 1, 1),
    PY_FUNCTION_N("gcd", math_gcd, 0, -1),
    PY_VALUE("pi", math_pi),
    PY_VALUE("e", math_e),
    PY_VALUE("tau", math_tau),
    PY_VALUE("inf", math_inf),
    PY_VALUE("nan", math_nan),
    PY_MEMBERS_END,
};

const struct py_native_module py_math_module = {"math", math_members, 0, NULL};
