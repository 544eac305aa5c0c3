/* Operators and the protocols behind them: arithmetic, subscription, length, truth, hash. */
#include "config.h"

#include <string.h>

#include "base/utf8.h"
#include "python/interp.h"

/* ------------------------------------------------------------------ lengths and indexes */

int64_t py_as_index(struct py_run *run, struct py_value v, const char *what)
{
    run->touched |= v.mark;
    py_require_known(run, v);
    struct py_value i;
    if (py_is_int(v))
        i = py_unbox_int(v);
    else if (!py_call_special(run, v, "__index__", NULL, 0, &i))
        py_raise(run, &py_type_error_class, "'%s' object cannot be interpreted as an integer",
                 py_class_name(run, v));
    if (i.kind == PY_INT)
        return i.integer;
    py_raise(run, &py_overflow_error_class, "%s",
             what ? what : "Python int too large to convert to C ssize_t");
}

/* A slice bound: None is absent, big ints clamp. */
static int64_t slice_index(struct py_run *run, struct py_value v)
{
    py_require_known(run, v);
    if (!py_is_int(v)) {
        struct py_value i;
        if (!py_call_special(run, v, "__index__", NULL, 0, &i))
            py_raise(run, &py_type_error_class,
                     "slice indices must be integers or None or have an __index__ method");
        if (!py_is_int(i))
            py_raise(run, &py_type_error_class, "__index__ returned non-int (type %s)",
                     py_class_name(run, i));
        v = i;
    }
    v = py_unbox_int(v);
    if (v.kind == PY_INT)
        return v.integer;
    return py_int_sign(v) < 0 ? INT64_MIN : INT64_MAX;
}

size_t py_slice_bounds(struct py_run *run, struct py_value slice, size_t len, int64_t *start,
                       int64_t *step)
{
    const struct py_slice *s = (const struct py_slice *)slice.object;
    int64_t n = (int64_t)len;
    *step = py_is_unset(s->step) ? 1 : slice_index(run, s->step);
    if (*step == 0)
        py_raise(run, &py_value_error_class, "slice step cannot be zero");
    if (*step == INT64_MIN)
        *step = -INT64_MAX;
    bool down = *step < 0;
    int64_t low = down ? -1 : 0, high = down ? n - 1 : n, bound[2];
    struct py_value given[2] = {s->start, s->stop};
    for (int i = 0; i < 2; i++) {
        if (py_is_unset(given[i])) {
            bound[i] = (i == 0) == down ? high : low;
            continue;
        }
        int64_t b = slice_index(run, given[i]);
        if (b < 0) {
            b = b < -n ? low : b + n;
            if (b < low)
                b = low;
        }
        bound[i] = b > high ? high : b;
    }
    *start = bound[0];
    if (down)
        return bound[1] < bound[0] ? (size_t)((bound[0] - bound[1] - 1) / -*step + 1) : 0;
    return bound[0] < bound[1] ? (size_t)((bound[1] - bound[0] - 1) / *step + 1) : 0;
}

int64_t py_len(struct py_run *run, struct py_value v)
{
    run->touched |= v.mark;
    py_require_known(run, v);
    struct py_value n;
    if (v.kind == PY_OBJECT && v.object->cls->native) {
        switch ((int)v.object->cls->layout) {
        case PY_LAYOUT_STR:
            return (int64_t)py_str_of(v)->count;
        case PY_LAYOUT_BYTES:
            return (int64_t)py_bytes_of(v)->len;
        case PY_LAYOUT_LIST:
            return (int64_t)py_list_of(v)->len;
        case PY_LAYOUT_TUPLE:
            return (int64_t)py_tuple_of(v)->len;
        case PY_LAYOUT_DICT:
            return (int64_t)py_dict_of(v)->table.len;
        case PY_LAYOUT_SET:
            return (int64_t)py_set_of(v)->table.len;
        default:
            break;
        }
    }
    if (!py_call_special(run, v, "__len__", NULL, 0, &n)) {
        if (py_class(run, v)->partial)
            py_refuse(run, PY_REFUSE_OPERATION, "len() of %s is not supported",
                      py_class_name(run, v));
        py_raise(run, &py_type_error_class, "object of type '%s' has no len()",
                 py_class_name(run, v));
    }
    int64_t len = py_as_index(run, n, NULL);
    if (len < 0)
        py_raise(run, &py_value_error_class, "__len__() should return >= 0");
    return len;
}

bool py_truth(struct py_run *run, struct py_value v)
{
    run->touched |= v.mark;
    switch (v.kind) {
    case PY_ABSENT:
    case PY_NONE:
        return false;
    case PY_BOOL:
        return v.boolean;
    case PY_INT:
        return v.integer != 0;
    case PY_FLOAT:
        return v.number != 0;
    case PY_OBJECT:
        break;
    default:
        return true;
    }
    py_require_known(run, v);
    struct py_value raw, r;
    struct py_type *owner;
    if (py_special(run, v, "__bool__", &raw, &owner)) {
        r = py_call_raw(run, raw, owner, v, NULL, 0, NULL);
        if (r.kind != PY_BOOL)
            py_raise(run, &py_type_error_class, "__bool__ should return bool, returned %s",
                     py_class_name(run, r));
        return r.boolean;
    }
    if (py_is_layout(v, PY_LAYOUT_INT))
        return py_int_sign(py_unbox_int(v)) != 0;
    if (py_is_layout(v, PY_LAYOUT_FLOAT))
        return py_unbox_float(run, v) != 0;
    if (py_special(run, v, "__len__", &raw, &owner))
        return py_len(run, v) != 0;
    return true;
}

/* ------------------------------------------------------------------ hash */

uint64_t py_hash(struct py_run *run, struct py_value v)
{
    switch (v.kind) {
    case PY_NONE:
        return 0xfca86420;
    case PY_BOOL:
    case PY_INT:
        return py_int_hash(run, v);
    case PY_FLOAT:
        return py_float_hash(v.number);
    case PY_OBJECT:
        break;
    default:
        return v.kind * 7919u;
    }
    struct py_type *owner;
    struct py_value raw, r;
    if (v.object->cls->native) {
        if (py_is_str(v))
            return py_str_hash(py_str_of(v));
        py_work(run, PY_WORK_EACH);
        if (py_is_layout(v, PY_LAYOUT_INT))
            return py_int_hash(run, v);
    }
    py_require_known(run, v);
    bool hashable = py_special(run, v, "__hash__", &raw, &owner);
    if (hashable && raw.kind == PY_ROW)
        hashable = ((const struct py_member *)(uintptr_t)raw.object)->kind != PY_MEMBER_NONE;
    if (!hashable || raw.kind == PY_NONE)
        py_raise(run, &py_type_error_class, "unhashable type: '%s'", py_class_name(run, v));
    py_enter(run); /* tuples are hashed by their items */
    r = py_call_raw(run, raw, owner, v, NULL, 0, NULL);
    py_leave(run);
    if (!py_is_int(r))
        py_raise(run, &py_type_error_class, "__hash__ method should return an integer");
    return py_int_hash(run, py_unbox_int(r));
}

/* ------------------------------------------------------------------ arithmetic */

static bool plain_int(struct py_value v)
{
    return v.kind == PY_INT || v.kind == PY_BOOL ||
           (v.kind == PY_OBJECT && v.object->cls->native == &py_int_class);
}

static bool plain_number(struct py_value v)
{
    return v.kind == PY_FLOAT || plain_int(v);
}

static PY_NORETURN void unsupported(struct py_run *run, const char *symbol, struct py_value a,
                                    struct py_value b)
{
    if (py_class(run, a)->partial || py_class(run, b)->partial)
        py_refuse(run, PY_REFUSE_OPERATION, "operator %s between %s and %s is not supported",
                  symbol, py_class_name(run, a), py_class_name(run, b));
    py_raise(run, &py_type_error_class, "unsupported operand type(s) for %s: '%s' and '%s'",
             symbol, py_class_name(run, a), py_class_name(run, b));
}

static bool try_method(struct py_run *run, struct py_value v, const char *name,
                       struct py_value other, struct py_value *result)
{
    struct py_value raw;
    struct py_type *owner;
    if (!py_special(run, v, name, &raw, &owner))
        return false;
    *result = py_call_raw(run, raw, owner, v, &other, 1, NULL);
    return result->kind != PY_NOT_IMPLEMENTED;
}

/* The reflected method of a subclass goes first when it is overridden (reference, 3.3.8). */
static bool binary_methods(struct py_run *run, const char *method, const char *reflected,
                           struct py_value a, struct py_value b, struct py_value *result)
{
    struct py_type *ta = py_class(run, a), *tb = py_class(run, b);
    bool first = false;
    if (ta != tb && py_issubclass(tb, ta)) {
        struct py_type *oa = NULL, *ob = NULL;
        py_type_find_text(run, ta, reflected, &oa);
        py_type_find_text(run, tb, reflected, &ob);
        first = ob && ob != oa;
    }
    if (first && try_method(run, b, reflected, a, result))
        return true;
    if (try_method(run, a, method, b, result))
        return true;
    return !first && ta != tb && try_method(run, b, reflected, a, result);
}

/* What may stand in an annotation: X | None. */
static bool names_type(struct py_value v)
{
    if (v.kind == PY_NONE || py_is_unknown(v) || py_is_class(v))
        return true;
    return v.kind == PY_OBJECT && (v.object->cls->native == &py_union_class ||
                                   v.object->cls->native == &py_generic_alias_class);
}

/* A union with a class that is not known is not known either; annotations hurt nobody. */
static bool is_unknown_union(struct py_run *run, enum py_binary_op op, struct py_value a,
                             struct py_value b)
{
    return op == PY_OP_BIT_OR && !run->strict && (py_is_unknown(a) || py_is_unknown(b)) &&
           names_type(a) && names_type(b);
}

struct py_value py_binary(struct py_run *run, enum py_binary_op op, struct py_value a,
                          struct py_value b)
{
    uint8_t mark = a.mark | b.mark;
    struct py_value r;
    if (is_unknown_union(run, op, a, b))
        return py_is_unknown(a) ? a : b;
    if (plain_int(a) && plain_int(b)) {
        r = py_int_binary(run, op, a, b);
    } else if (plain_number(a) && plain_number(b) &&
               (op < PY_OP_LSHIFT || op == PY_OP_FLOOR_DIV)) {
        r = py_float_binary(run, op, py_unbox_float(run, a), py_unbox_float(run, b));
    } else {
        py_require_known(run, a);
        py_require_known(run, b);
        const struct py_binary_op_info *info = py_binary_op_info(op);
        const char *symbol = op == PY_OP_POW ? "** or pow()" : info->symbol;
        if (!binary_methods(run, info->method, info->reflected, a, b, &r)) {
            if (op == PY_OP_ADD && py_is_str(a))
                py_raise(run, &py_type_error_class,
                         "can only concatenate str (not \"%s\") to str", py_class_name(run, b));
            if (op == PY_OP_ADD && py_is_bytes(a))
                py_raise(run, &py_type_error_class, "can't concat %s to bytes",
                         py_class_name(run, b));
            if (op == PY_OP_ADD && (py_is_list(a) || py_is_tuple(a)))
                py_raise(run, &py_type_error_class,
                         "can only concatenate %s (not \"%s\") to %s",
                         py_is_list(a) ? "list" : "tuple", py_class_name(run, b),
                         py_is_list(a) ? "list" : "tuple");
            bool sequence = py_is_str(a) || py_is_list(a) || py_is_tuple(a) || py_is_bytes(a);
            bool other = py_is_str(b) || py_is_list(b) || py_is_tuple(b) || py_is_bytes(b);
            if (op == PY_OP_MUL && (sequence || other))
                py_raise(run, &py_type_error_class,
                         "can't multiply sequence by non-int of type '%s'",
                         py_class_name(run, sequence ? b : a));
            unsupported(run, symbol, a, b);
        }
    }
    r.mark |= mark;
    return r;
}

struct py_value py_inplace(struct py_run *run, enum py_binary_op op, struct py_value a,
                           struct py_value b)
{
    const struct py_binary_op_info *info = py_binary_op_info(op);
    struct py_value r;
    if (a.kind == PY_OBJECT && !py_is_str(a) && !py_is_unknown(a) && !py_is_unknown(b) &&
        try_method(run, a, info->inplace, b, &r)) {
        r.mark |= a.mark | b.mark;
        return r;
    }
    if (plain_number(a) && plain_number(b))
        return py_binary(run, op, a, b);
    py_require_known(run, a);
    py_require_known(run, b);
    if (op != PY_OP_ADD && op != PY_OP_MUL) {
        if (!binary_methods(run, info->method, info->reflected, a, b, &r)) {
            char symbol[8] = "";
            strncat(symbol, info->symbol, sizeof(symbol) - 2);
            strcat(symbol, "=");
            unsupported(run, op == PY_OP_POW ? "** or pow()" : symbol, a, b);
        }
        r.mark |= a.mark | b.mark;
        return r;
    }
    if (!py_is_str(a) && !py_is_list(a) && !py_is_tuple(a) && !py_is_bytes(a) && !py_is_str(b) &&
        !py_is_list(b) && !py_is_tuple(b)) {
        if (!binary_methods(run, info->method, info->reflected, a, b, &r))
            unsupported(run, op == PY_OP_ADD ? "+=" : "*=", a, b);
        r.mark |= a.mark | b.mark;
        return r;
    }
    return py_binary(run, op, a, b);
}

struct py_value py_unary(struct py_run *run, enum py_unary_op op, struct py_value v)
{
    if (op == PY_OP_NOT) {
        struct py_value r = py_bool(!py_truth(run, v));
        r.mark = v.mark;
        return r;
    }
    struct py_value r;
    if (plain_int(v)) {
        v = py_unbox_int(v);
        if (op == PY_OP_POSITIVE)
            return v;
        r = op == PY_OP_NEGATIVE ? py_int_negate(run, v)
                                 : py_int_binary(run, PY_OP_SUB, py_int_negate(run, v), py_int(1));
    } else if (v.kind == PY_FLOAT && op != PY_OP_INVERT) {
        r = op == PY_OP_NEGATIVE ? py_float(-v.number) : v;
    } else {
        py_require_known(run, v);
        const struct py_unary_op_info *info = py_unary_op_info(op);
        if (!py_call_special(run, v, info->method, NULL, 0, &r)) {
            if (py_class(run, v)->partial)
                py_refuse(run, PY_REFUSE_OPERATION, "unary %s of %s is not supported", info->symbol,
                          py_class_name(run, v));
            py_raise(run, &py_type_error_class, "bad operand type for unary %s: '%s'",
                     info->symbol, py_class_name(run, v));
        }
    }
    r.mark |= v.mark;
    return r;
}

/* ------------------------------------------------------------------ repetition */

struct py_value py_repeat(struct py_run *run, struct py_value seq, struct py_value times)
{
    struct py_value count = py_unbox_int(times);
    int64_t n;
    if (count.kind == PY_INT)
        n = count.integer < 0 ? 0 : count.integer;
    else
        n = py_int_sign(count) < 0 ? 0 : INT64_MAX;
    if (py_is_str(seq) || py_is_bytes(seq)) {
        const char *ptr = py_is_str(seq) ? py_str_of(seq)->ptr : py_bytes_of(seq)->ptr;
        size_t len = py_is_str(seq) ? py_str_of(seq)->len : py_bytes_of(seq)->len;
        if (len > 0)
            py_check_string(run, (uint64_t)n > UINT64_MAX / len ? UINT64_MAX : (uint64_t)n * len);
        size_t total = len * (len > 0 ? (size_t)n : 0);
        char *text = py_alloc(run, total + 1);
        for (size_t done = 0; done < total;) { /* what is there doubles */
            size_t part = done == 0 ? len : done < total - done ? done : total - done;
            memcpy(text + done, done == 0 ? ptr : text, part);
            done += part;
        }
        return py_is_str(seq) ? py_str_own(run, text, total) : py_new_bytes(run, text, total);
    }
    const struct py_value *items = py_is_list(seq) ? py_list_of(seq)->items
                                                   : py_tuple_of(seq)->items;
    size_t len = py_is_list(seq) ? py_list_of(seq)->len : py_tuple_of(seq)->len;
    if (len == 0)
        n = 0;
    py_check_items(run, len && (uint64_t)n > SIZE_MAX / len ? SIZE_MAX : (size_t)n * len);
    struct py_value *copy = py_alloc(run, (size_t)n * len * sizeof(*copy));
    for (size_t i = 0; i < (size_t)n; i++)
        memcpy(copy + i * len, items, len * sizeof(*copy));
    return py_is_list(seq) ? py_list_own(run, copy, (size_t)n * len)
                           : py_tuple_own(run, copy, (size_t)n * len);
}

/* ------------------------------------------------------------------ subscription */

static const char *index_kind(struct py_value v)
{
    return py_is_list(v) ? "list" : py_is_tuple(v) ? "tuple" : py_is_str(v) ? "string" : "byte";
}

static size_t item_index(struct py_run *run, struct py_value v, struct py_value key, size_t len,
                         const char *out_of_range)
{
    struct py_value i;
    py_require_known(run, key);
    if (py_is_int(key))
        i = py_unbox_int(key);
    else if (!py_call_special(run, key, "__index__", NULL, 0, &i))
        py_raise(run, &py_type_error_class,
                 py_is_str(v) ? "%s indices must be integers, not '%s'"
                              : "%s indices must be integers or slices, not %s",
                 index_kind(v), py_class_name(run, key));
    if (i.kind != PY_INT)
        py_raise(run, &py_index_error_class, "cannot fit 'int' into an index-sized integer");
    int64_t n = i.integer < 0 ? i.integer + (int64_t)len : i.integer;
    if (n < 0 || n >= (int64_t)len)
        py_raise(run, &py_index_error_class, "%s", out_of_range);
    return (size_t)n;
}

static struct py_value str_item(struct py_run *run, struct py_value v, struct py_value key)
{
    const struct py_str *s = py_str_of(v);
    bool ascii = s->len == s->count;
    if (!ascii)
        py_work(run, s->len * (PY_WORK_EACH / 2)); /* characters are counted one by one */
    if (!py_is_slice(key)) {
        size_t i = item_index(run, v, key, s->count, "string index out of range");
        size_t at = ascii ? i : utf8_offset(s->ptr, s->len, i), size = 1;
        if (!ascii)
            utf8_decode(s->ptr + at, s->len - at, &size);
        return py_str_char(run, s->ptr + at, size);
    }
    int64_t start, step;
    size_t n = py_slice_bounds(run, key, s->count, &start, &step);
    if (n == 0)
        return py_new_strn(run, "", 0);
    if (step == 1) {
        size_t from = ascii ? (size_t)start : utf8_offset(s->ptr, s->len, (size_t)start);
        size_t to = ascii ? from + n : from + utf8_offset(s->ptr + from, s->len - from, n);
        if (to - from == s->len)
            return py_is_str(v) && v.object->cls->native ? v : py_new_strn(run, s->ptr, s->len);
        return py_new_strn(run, s->ptr + from, to - from);
    }
    struct str out = STR_IN(run->arena);
    for (size_t k = 0; k < n; k++, start += step) {
        size_t at = ascii ? (size_t)start : utf8_offset(s->ptr, s->len, (size_t)start), size = 1;
        if (!ascii) {
            utf8_decode(s->ptr + at, s->len - at, &size);
            py_work(run, at * (PY_WORK_EACH / 2));
        }
        str_addn(&out, s->ptr + at, size);
        py_step(run);
    }
    return py_str_take(run, &out);
}

static struct py_value bytes_item(struct py_run *run, struct py_value v, struct py_value key)
{
    const struct py_bytes *b = py_bytes_of(v);
    if (!py_is_slice(key))
        return py_int((unsigned char)b->ptr[item_index(run, v, key, b->len, "index out of range")]);
    int64_t start, step;
    size_t n = py_slice_bounds(run, key, b->len, &start, &step);
    char *out = py_alloc(run, n + 1);
    for (size_t k = 0; k < n; k++, start += step)
        out[k] = b->ptr[start];
    return py_new_bytes(run, out, n);
}

static struct py_value sequence_item(struct py_run *run, struct py_value v, struct py_value key)
{
    bool list = py_is_list(v);
    const struct py_value *items = list ? py_list_of(v)->items : py_tuple_of(v)->items;
    size_t len = list ? py_list_of(v)->len : py_tuple_of(v)->len;
    if (!py_is_slice(key))
        return items[item_index(run, v, key, len,
                                list ? "list index out of range" : "tuple index out of range")];
    int64_t start, step;
    size_t n = py_slice_bounds(run, key, len, &start, &step);
    struct py_value *copy = py_alloc(run, n * sizeof(*copy));
    for (size_t k = 0; k < n; k++, start += step)
        copy[k] = items[start];
    return list ? py_list_own(run, copy, n) : py_tuple_own(run, copy, n);
}

/* A class that takes parameters: class Foo[T], or one of the library's own Python text. */
static bool is_generic_class(const struct py_type *cls)
{
    if (cls->native)
        return cls->native->flags & PY_CLASS_INERT;
    return cls->statement && (cls->statement->as.class_def->type_params ||
                              (cls->source && cls->source->path[0] == '<'));
}

/* Foo[...] where Foo is a class. */
static struct py_value class_item(struct py_run *run, struct py_value v, struct py_value key)
{
    struct py_type *cls = py_type_of(v), *owner;
    struct py_value raw = py_type_find_text(run, cls->base.cls, "__getitem__", &owner);
    if (raw.kind != PY_ABSENT)
        return py_call_raw(run, raw, owner, v, &key, 1, NULL);
    raw = py_type_find_text(run, cls, "__class_getitem__", &owner);
    if (raw.kind != PY_ABSENT) {
        struct py_value f = py_bind_raw(run, raw, owner, py_absent(), cls);
        if (py_is_python_function(f))
            f = py_new_method(run, f, v);
        return py_call(run, f, &key, 1, NULL);
    }
    for (size_t i = 0; i < cls->mro_len; i++) {
        if (is_generic_class(cls->mro[i]))
            return py_new_generic(run, v, py_is_tuple(key) ? key : py_new_tuple(run, &key, 1));
    }
    if (cls->partial)
        py_refuse(run, PY_REFUSE_OPERATION, "%s[...] is not supported", cls->name);
    py_raise(run, &py_type_error_class, "type '%s' is not subscriptable", cls->name);
}

static struct py_value unknown_item(struct py_run *run, struct py_value v)
{
    const struct py_unknown *u = (const struct py_unknown *)v.object;
    struct py_unknown *n = py_new_object(run, PY_T_unknown, sizeof(*n));
    *n = *u;
    n->base.dict = NULL;
    n->what = arena_printf(run->arena, "%s[...]", u->what);
    return py_object(&n->base);
}

static struct py_value dict_missing(struct py_run *run, struct py_value v, struct py_value key)
{
    struct py_value r;
    if (!v.object->cls->native && py_call_special(run, v, "__missing__", &key, 1, &r))
        return r;
    if (v.object->cls->native != &py_dict_class &&
        py_call_special(run, v, "__missing__", &key, 1, &r))
        return r;
    py_raise_value(run, py_new_exception(run, py_builtin(run, PY_T_key_error), &key, 1));
}

struct py_value py_getitem_plain(struct py_run *run, struct py_value v, struct py_value key)
{
    switch ((int)v.object->cls->layout) {
    case PY_LAYOUT_STR:
        return str_item(run, v, key);
    case PY_LAYOUT_BYTES:
        return bytes_item(run, v, key);
    case PY_LAYOUT_LIST:
    case PY_LAYOUT_TUPLE:
        return sequence_item(run, v, key);
    default: {
        struct py_value item = py_dict_get(run, py_dict_of(v), key);
        return item.kind == PY_ABSENT ? dict_missing(run, v, key) : item;
    }
    }
}

static bool is_container(struct py_value v)
{
    if (v.kind != PY_OBJECT)
        return false;
    switch ((int)v.object->cls->layout) {
    case PY_LAYOUT_STR:
    case PY_LAYOUT_BYTES:
    case PY_LAYOUT_LIST:
    case PY_LAYOUT_TUPLE:
    case PY_LAYOUT_DICT:
        return true;
    default:
        return false;
    }
}

struct py_value py_getitem(struct py_run *run, struct py_value v, struct py_value key)
{
    if (is_container(v) && v.object->cls->native)
        return py_getitem_plain(run, v, key);
    if (py_is_class(v))
        return class_item(run, v, key);
    if (py_is_unknown(v))
        return unknown_item(run, v);
    struct py_value r;
    if (py_call_special(run, v, "__getitem__", &key, 1, &r))
        return r;
    if (py_class(run, v)->partial)
        py_refuse(run, PY_REFUSE_OPERATION, "%s[...] is not supported", py_class_name(run, v));
    py_raise(run, &py_type_error_class, "'%s' object is not subscriptable", py_class_name(run, v));
}

static void set_list_slice(struct py_run *run, struct py_value v, struct py_value key,
                           struct py_value items)
{
    struct py_list *l = py_list_of(v);
    int64_t start, step;
    const struct py_tuple *t = NULL;
    if (items.kind != PY_ABSENT) {
        struct py_value copy = py_list_of_items(run, items);
        t = py_tuple_of(py_tuple_own(run, py_list_of(copy)->items, py_list_of(copy)->len));
    }
    size_t n, len, count = t ? t->len : 0;
    do { /* an __index__ of the program's own can change the list */
        len = l->len;
        n = py_slice_bounds(run, key, len, &start, &step);
    } while (l->len != len);
    py_work(run, len * sizeof(*l->items));
    if (step == 1) {
        if (count > n)
            py_list_reserve(run, l, count - n);
        memmove(l->items + (size_t)start + count, l->items + (size_t)start + n,
                (l->len - (size_t)start - n) * sizeof(*l->items));
        if (count > 0)
            memcpy(l->items + start, t->items, count * sizeof(*l->items));
        l->len = l->len - n + count;
        return;
    }
    if (t && count != n)
        py_raise(run, &py_value_error_class,
                 "attempt to assign sequence of size %zu to extended slice of size %zu", count, n);
    for (size_t k = 0; t && k < n; k++, start += step)
        l->items[start] = t->items[k];
    if (t)
        return;
    if (step < 0 && n > 0) {
        start += step * (int64_t)(n - 1);
        step = -step;
    }
    size_t kept = 0;
    for (size_t i = 0; i < l->len; i++) {
        bool gone = n > 0 && (int64_t)i >= start && ((int64_t)i - start) % step == 0 &&
                    (size_t)(((int64_t)i - start) / step) < n;
        if (!gone)
            l->items[kept++] = l->items[i];
    }
    l->len = kept;
}

/* The index of an item that is set or deleted; an __index__ can have shortened the list. */
static size_t list_index(struct py_run *run, struct py_value v, struct py_value key)
{
    static const char *const out_of_range = "list assignment index out of range";
    size_t i = item_index(run, v, key, py_list_of(v)->len, out_of_range);
    if (i >= py_list_of(v)->len)
        py_raise(run, &py_index_error_class, "%s", out_of_range);
    return i;
}

bool py_setitem_plain(struct py_run *run, struct py_value v, struct py_value key,
                      struct py_value item)
{
    if (py_is_dict(v)) {
        py_dict_put(run, py_dict_of(v), key, item);
        return true;
    }
    if (!py_is_list(v))
        return false;
    if (py_is_slice(key)) {
        set_list_slice(run, v, key, item);
        return true;
    }
    py_list_of(v)->items[list_index(run, v, key)] = item;
    return true;
}

void py_setitem(struct py_run *run, struct py_value v, struct py_value key, struct py_value item)
{
    if (v.kind == PY_OBJECT && v.object->cls->native && py_setitem_plain(run, v, key, item))
        return;
    py_require_known(run, v);
    struct py_value args[2] = {key, item}, r;
    if (py_call_special(run, v, "__setitem__", args, 2, &r))
        return;
    if (py_class(run, v)->partial)
        py_refuse(run, PY_REFUSE_OPERATION, "setting %s[...] is not supported",
                  py_class_name(run, v));
    py_raise(run, &py_type_error_class, "'%s' object does not support item assignment",
             py_class_name(run, v));
}

bool py_delitem_plain(struct py_run *run, struct py_value v, struct py_value key)
{
    if (py_is_dict(v)) {
        if (!py_dict_remove(run, py_dict_of(v), key))
            py_raise_value(run, py_new_exception(run, py_builtin(run, PY_T_key_error), &key, 1));
        return true;
    }
    if (!py_is_list(v))
        return false;
    if (py_is_slice(key)) {
        set_list_slice(run, v, key, py_absent());
        return true;
    }
    struct py_list *l = py_list_of(v);
    size_t i = list_index(run, v, key);
    py_work(run, (l->len - i) * sizeof(*l->items));
    memmove(l->items + i, l->items + i + 1, (l->len - i - 1) * sizeof(*l->items));
    l->len--;
    return true;
}

void py_delitem(struct py_run *run, struct py_value v, struct py_value key)
{
    if (v.kind == PY_OBJECT && v.object->cls->native && py_delitem_plain(run, v, key))
        return;
    py_require_known(run, v);
    struct py_value r;
    if (py_call_special(run, v, "__delitem__", &key, 1, &r))
        return;
    py_raise(run, &py_type_error_class, "'%s' object doesn't support item deletion",
             py_class_name(run, v));
}
