/* Comparisons: identity, equality, order, membership. */
#include "config.h"

#include <string.h>

#include "python/interp.h"

bool py_is(struct py_value a, struct py_value b)
{
    if (a.kind != b.kind)
        return false;
    switch (a.kind) {
    case PY_BOOL:
        return a.boolean == b.boolean;
    case PY_INT:
        return a.integer == b.integer;
    case PY_FLOAT:
        return memcmp(&a.number, &b.number, sizeof(a.number)) == 0;
    case PY_OBJECT:
        return a.object == b.object;
    default:
        return true;
    }
}

/* Strings and single characters may or may not be shared in CPython; "is" on them is as good as
 * equality there, and is answered so. */
static bool identical(struct py_run *run, struct py_value a, struct py_value b)
{
    py_require_known(run, a);
    py_require_known(run, b);
    if (py_is_str(a) && py_is_str(b) && a.object->cls == b.object->cls && a.object->cls->native)
        return py_equal(run, a, b);
    return py_is(a, b);
}

static bool is_number(struct py_value v)
{
    return py_is_int(v) || py_is_float(v);
}

static int compare_numbers(struct py_run *run, struct py_value a, struct py_value b,
                           bool *unordered)
{
    *unordered = false;
    bool fa = py_is_float(a), fb = py_is_float(b);
    if (!fa && !fb)
        return py_int_compare(run, py_unbox_int(a), py_unbox_int(b));
    double x = fa ? py_unbox_float(run, a) : 0, y = fb ? py_unbox_float(run, b) : 0;
    if ((fa && x != x) || (fb && y != y)) {
        *unordered = true;
        return 1;
    }
    if (fa && fb)
        return x < y ? -1 : x > y;
    if (fa)
        return -py_int_compare_double(run, py_unbox_int(b), x);
    return py_int_compare_double(run, py_unbox_int(a), y);
}

static int compare_bytes(const char *a, size_t alen, const char *b, size_t blen)
{
    size_t n = alen < blen ? alen : blen;
    int r = n ? memcmp(a, b, n) : 0;
    return r ? r : alen < blen ? -1 : alen > blen;
}

static bool answer(enum py_compare_op op, int order)
{
    switch ((int)op) {
    case PY_OP_EQ:
        return order == 0;
    case PY_OP_NE:
        return order != 0;
    case PY_OP_LT:
        return order < 0;
    case PY_OP_LE:
        return order <= 0;
    case PY_OP_GT:
        return order > 0;
    default:
        return order >= 0;
    }
}

static bool compare_sequences(struct py_run *run, enum py_compare_op op,
                              const struct py_value *a, size_t alen, const struct py_value *b,
                              size_t blen)
{
    if ((op == PY_OP_EQ || op == PY_OP_NE) && alen != blen)
        return op == PY_OP_NE;
    py_enter(run);
    size_t n = alen < blen ? alen : blen, i = 0;
    py_step(run);
    for (; i < n && (py_is(a[i], b[i]) || py_equal(run, a[i], b[i])); i++)
        py_work(run, PY_WORK_EACH * 8);
    bool r;
    if (i == n)
        r = answer(op, alen < blen ? -1 : alen > blen);
    else if (op == PY_OP_EQ || op == PY_OP_NE)
        r = op == PY_OP_NE;
    else
        r = py_compare_true(run, op, a[i], b[i]);
    py_leave(run);
    return r;
}

static bool dicts_equal(struct py_run *run, const struct py_dict *a, const struct py_dict *b)
{
    if (a->table.len != b->table.len)
        return false;
    py_enter(run);
    py_step(run);
    bool equal = true;
    for (size_t i = 0; equal && i < a->table.used; i++) {
        const struct py_entry e = a->table.entries[i];
        py_work(run, PY_WORK_STEP);
        if (e.key.kind == PY_ABSENT)
            continue;
        const struct py_entry *other = py_table_find(run, &b->table, e.key, e.hash);
        equal = other && (py_is(e.value, other->value) || py_equal(run, e.value, other->value));
    }
    py_leave(run);
    return equal;
}

static bool is_subset(struct py_run *run, const struct py_set *a, const struct py_set *b)
{
    if (a->table.len > b->table.len)
        return false;
    for (size_t i = 0; i < a->table.used; i++) {
        const struct py_entry *e = &a->table.entries[i];
        py_work(run, PY_WORK_STEP);
        if (e->key.kind != PY_ABSENT && !py_table_find(run, &b->table, e->key, e->hash))
            return false;
    }
    return true;
}

static bool compare_sets(struct py_run *run, enum py_compare_op op, const struct py_set *a,
                         const struct py_set *b)
{
    bool same = a->table.len == b->table.len;
    switch ((int)op) {
    case PY_OP_EQ:
        return same && is_subset(run, a, b);
    case PY_OP_NE:
        return !(same && is_subset(run, a, b));
    case PY_OP_LE:
        return is_subset(run, a, b);
    case PY_OP_LT:
        return !same && is_subset(run, a, b);
    case PY_OP_GE:
        return is_subset(run, b, a);
    default:
        return !same && is_subset(run, b, a);
    }
}

/* What the built-in classes do. False: NotImplemented. */
bool py_compare_plain(struct py_run *run, enum py_compare_op op, struct py_value a,
                      struct py_value b, bool *result)
{
    bool unordered;
    if (is_number(a) && is_number(b)) {
        int order = compare_numbers(run, a, b, &unordered);
        *result = unordered ? op == PY_OP_NE : answer(op, order);
        return true;
    }
    if (py_is_str(a) && py_is_str(b)) {
        const struct py_str *x = py_str_of(a), *y = py_str_of(b);
        py_work(run, x->len < y->len ? x->len : y->len);
        *result = answer(op, compare_bytes(x->ptr, x->len, y->ptr, y->len));
        return true;
    }
    if (a.kind != PY_OBJECT || b.kind != PY_OBJECT ||
        a.object->cls->layout != b.object->cls->layout)
        return false;
    switch ((int)a.object->cls->layout) {
    case PY_LAYOUT_BYTES:
        py_work(run, py_bytes_of(a)->len);
        *result = answer(op, compare_bytes(py_bytes_of(a)->ptr, py_bytes_of(a)->len,
                                           py_bytes_of(b)->ptr, py_bytes_of(b)->len));
        return true;
    case PY_LAYOUT_LIST:
        *result = compare_sequences(run, op, py_list_of(a)->items, py_list_of(a)->len,
                                    py_list_of(b)->items, py_list_of(b)->len);
        return true;
    case PY_LAYOUT_TUPLE:
        *result = compare_sequences(run, op, py_tuple_of(a)->items, py_tuple_of(a)->len,
                                    py_tuple_of(b)->items, py_tuple_of(b)->len);
        return true;
    case PY_LAYOUT_DICT:
        if (op != PY_OP_EQ && op != PY_OP_NE)
            return false;
        *result = dicts_equal(run, py_dict_of(a), py_dict_of(b)) == (op == PY_OP_EQ);
        return true;
    case PY_LAYOUT_SET:
        *result = compare_sets(run, op, py_set_of(a), py_set_of(b));
        return true;
    default:
        return false;
    }
}

static bool is_plain(struct py_value v)
{
    if (v.kind != PY_OBJECT)
        return true;
    if (!v.object->cls->native)
        return false;
    switch ((int)v.object->cls->layout) {
    case PY_LAYOUT_INSTANCE:
    case PY_LAYOUT_OPAQUE:
    case PY_LAYOUT_CLASS:
    case PY_LAYOUT_UNKNOWN:
        return false;
    default:
        return v.object->cls->native->module == NULL;
    }
}

static struct py_value rich_compare(struct py_run *run, enum py_compare_op op, struct py_value a,
                                    struct py_value b)
{
    static const enum py_compare_op swapped[] = {
        [PY_OP_EQ] = PY_OP_EQ, [PY_OP_NE] = PY_OP_NE, [PY_OP_LT] = PY_OP_GT,
        [PY_OP_LE] = PY_OP_GE, [PY_OP_GT] = PY_OP_LT, [PY_OP_GE] = PY_OP_LE,
    };
    bool plain;
    if (is_plain(a) && is_plain(b)) {
        if (py_compare_plain(run, op, a, b, &plain))
            return py_bool(plain);
    } else {
        py_require_known(run, a);
        py_require_known(run, b);
        struct py_value r, raw;
        struct py_type *owner, *ta = py_class(run, a), *tb = py_class(run, b);
        const char *method = py_compare_op_info(op)->method;
        const char *reflected = py_compare_op_info(swapped[op])->method;
        bool first = ta != tb && py_issubclass(tb, ta);
        if (first && py_special(run, b, reflected, &raw, &owner)) {
            r = py_call_raw(run, raw, owner, b, &a, 1, NULL);
            if (r.kind != PY_NOT_IMPLEMENTED)
                return r;
        }
        if (py_special(run, a, method, &raw, &owner)) {
            r = py_call_raw(run, raw, owner, a, &b, 1, NULL);
            if (r.kind != PY_NOT_IMPLEMENTED)
                return r;
        }
        if (!first && py_special(run, b, reflected, &raw, &owner)) {
            r = py_call_raw(run, raw, owner, b, &a, 1, NULL);
            if (r.kind != PY_NOT_IMPLEMENTED)
                return r;
        }
    }
    if (op == PY_OP_EQ)
        return py_bool(py_is(a, b));
    if (op == PY_OP_NE)
        return py_bool(!py_is(a, b));
    if (py_class(run, a)->partial || py_class(run, b)->partial)
        py_refuse(run, PY_REFUSE_OPERATION, "operator %s between %s and %s is not supported",
                  py_compare_op_info(op)->symbol, py_class_name(run, a), py_class_name(run, b));
    py_raise(run, &py_type_error_class, "'%s' not supported between instances of '%s' and '%s'",
             py_compare_op_info(op)->symbol, py_class_name(run, a), py_class_name(run, b));
}

struct py_value py_compare(struct py_run *run, enum py_compare_op op, struct py_value a,
                           struct py_value b)
{
    struct py_value r;
    switch ((int)op) {
    case PY_OP_IS:
        r = py_bool(identical(run, a, b));
        break;
    case PY_OP_IS_NOT:
        r = py_bool(!identical(run, a, b));
        break;
    case PY_OP_IN:
        r = py_bool(py_contains(run, b, a));
        break;
    case PY_OP_NOT_IN:
        r = py_bool(!py_contains(run, b, a));
        break;
    default:
        r = rich_compare(run, op, a, b);
    }
    r.mark |= a.mark | b.mark;
    return r;
}

bool py_compare_true(struct py_run *run, enum py_compare_op op, struct py_value a,
                     struct py_value b)
{
    return py_truth(run, py_compare(run, op, a, b));
}

bool py_equal(struct py_run *run, struct py_value a, struct py_value b)
{
    return py_compare_true(run, PY_OP_EQ, a, b);
}

bool py_less(struct py_run *run, struct py_value a, struct py_value b)
{
    return py_compare_true(run, PY_OP_LT, a, b);
}

bool py_contains_plain(struct py_run *run, struct py_value v, struct py_value item)
{
    const struct py_value *items;
    size_t len;
    switch ((int)v.object->cls->layout) {
    case PY_LAYOUT_STR: {
        if (!py_is_str(item)) {
            py_require_known(run, item);
            py_raise(run, &py_type_error_class,
                     "'in <string>' requires string as left operand, not %s",
                     py_class_name(run, item));
        }
        const struct py_str *s = py_str_of(v), *t = py_str_of(item);
        py_work(run, s->len * PY_WORK_EACH);
        return t->len == 0 || memmem(s->ptr, s->len, t->ptr, t->len) != NULL;
    }
    case PY_LAYOUT_BYTES: {
        const struct py_bytes *s = py_bytes_of(v);
        if (py_is_int(item)) {
            int64_t b = py_as_index(run, item, NULL);
            if (b < 0 || b > 255)
                py_raise(run, &py_value_error_class, "byte must be in range(0, 256)");
            py_work(run, s->len);
            return s->len > 0 && memchr(s->ptr, (int)b, s->len) != NULL;
        }
        if (!py_is_bytes(item))
            py_raise(run, &py_type_error_class, "a bytes-like object is required, not '%s'",
                     py_class_name(run, item));
        const struct py_bytes *t = py_bytes_of(item);
        py_work(run, s->len * PY_WORK_EACH);
        return t->len == 0 || memmem(s->ptr, s->len, t->ptr, t->len) != NULL;
    }
    case PY_LAYOUT_DICT:
        return py_dict_get(run, py_dict_of(v), item).kind != PY_ABSENT;
    case PY_LAYOUT_SET:
        return py_table_find(run, &py_set_of(v)->table, item, py_hash(run, item)) != NULL;
    case PY_LAYOUT_LIST:
        items = py_list_of(v)->items;
        len = py_list_of(v)->len;
        break;
    default:
        items = py_tuple_of(v)->items;
        len = py_tuple_of(v)->len;
    }
    for (size_t i = 0; i < len; i++) {
        py_step(run);
        if (py_is(items[i], item) || py_equal(run, items[i], item))
            return true;
        if (py_is_list(v)) { /* __eq__ may have changed it */
            items = py_list_of(v)->items;
            len = py_list_of(v)->len;
        }
    }
    return false;
}

bool py_contains(struct py_run *run, struct py_value v, struct py_value item)
{
    py_require_known(run, v);
    py_require_known(run, item);
    if (v.kind == PY_OBJECT && v.object->cls->native) {
        switch ((int)v.object->cls->layout) {
        case PY_LAYOUT_STR:
        case PY_LAYOUT_BYTES:
        case PY_LAYOUT_LIST:
        case PY_LAYOUT_TUPLE:
        case PY_LAYOUT_DICT:
        case PY_LAYOUT_SET:
            return py_contains_plain(run, v, item);
        default:
            break;
        }
    }
    struct py_value r, raw;
    struct py_type *owner;
    if (py_call_special(run, v, "__contains__", &item, 1, &r))
        return py_truth(run, r);
    if (!py_special(run, v, "__iter__", &raw, &owner) &&
        !py_special(run, v, "__getitem__", &raw, &owner)) {
        if (py_class(run, v)->partial)
            py_refuse(run, PY_REFUSE_OPERATION, "in %s is not supported", py_class_name(run, v));
        py_raise(run, &py_type_error_class, "argument of type '%s' is not iterable",
                 py_class_name(run, v));
    }
    struct py_value it = py_iter(run, v);
    while (py_next(run, it, &r)) {
        if (py_is(r, item) || py_equal(run, r, item))
            return true;
    }
    return false;
}

struct py_value py_operate(struct py_run *run, const char *symbol, struct py_value a,
                           struct py_value b)
{
    for (int i = 0; i < (int)PY_BINARY_OPS; i++) {
        if (strcmp(py_binary_op_info((enum py_binary_op)i)->symbol, symbol) == 0)
            return py_binary(run, (enum py_binary_op)i, a, b);
    }
    for (int i = 0; i < (int)PY_COMPARE_OPS; i++) {
        if (strcmp(py_compare_op_info((enum py_compare_op)i)->symbol, symbol) == 0)
            return py_compare(run, (enum py_compare_op)i, a, b);
    }
    py_refuse(run, PY_REFUSE_OPERATION, "operator %s is not supported", symbol);
}
