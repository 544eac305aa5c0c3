/* The classes list, tuple and bytes. */
#include "config.h"

#include <string.h>

#include "base/utf8.h"
#include "python/interp.h"

static struct py_list *list_of(struct py_call *call)
{
    return py_list_of(call->self);
}

/* The items of self, a list or a tuple. */
static const struct py_value *items_of(struct py_value v, size_t *len)
{
    *len = py_is_list(v) ? py_list_of(v)->len : py_tuple_of(v)->len;
    return py_is_list(v) ? py_list_of(v)->items : py_tuple_of(v)->items;
}

/* ------------------------------------------------------------------ shared by all three */

static struct py_value sequence_compare(struct py_run *run, struct py_call *call)
{
    for (int i = 0; i < (int)PY_COMPARE_OPS; i++) {
        bool r;
        if (strcmp(py_compare_op_info((enum py_compare_op)i)->method, call->function->name) == 0)
            return py_compare_plain(run, (enum py_compare_op)i, call->self, call->args[0], &r)
                       ? py_bool(r)
                       : py_not_implemented();
    }
    return py_not_implemented();
}

static struct py_value sequence_getitem(struct py_run *run, struct py_call *call)
{
    return py_getitem_plain(run, call->self, call->args[0]);
}

static struct py_value sequence_contains(struct py_run *run, struct py_call *call)
{
    return py_bool(py_contains_plain(run, call->self, call->args[0]));
}

static struct py_value sequence_len(struct py_run *run, struct py_call *call)
{
    size_t len;
    (void)run;
    if (py_is_bytes(call->self))
        return py_int((int64_t)py_bytes_of(call->self)->len);
    items_of(call->self, &len);
    return py_int((int64_t)len);
}

static struct py_value sequence_repr(struct py_run *run, struct py_call *call)
{
    struct str s = STR_IN(run->arena);
    py_repr_plain(run, &s, call->self);
    return py_str_take(run, &s);
}

static struct py_value sequence_mul(struct py_run *run, struct py_call *call)
{
    return py_is_int(call->args[0]) ? py_repeat(run, call->self, call->args[0])
                                    : py_not_implemented();
}

/* As a plain object of the built-in class, sharing the items. */
static struct py_value as_plain(struct py_run *run, struct py_value v)
{
    if (py_is_bytes(v))
        return py_new_bytes(run, py_bytes_of(v)->ptr, py_bytes_of(v)->len);
    if (py_is_tuple(v))
        return py_tuple_own(run, py_tuple_of(v)->items, py_tuple_of(v)->len);
    return v;
}

static bool next_live(struct py_run *run, struct py_iterator *it, struct py_value *item)
{
    (void)run;
    const struct py_list *l = py_list_of(it->source);
    if (it->index >= l->len)
        return false;
    *item = l->items[it->index++];
    return true;
}

static struct py_value sequence_iter(struct py_run *run, struct py_call *call)
{
    if (py_is_list(call->self))
        return py_new_iterator(run, PY_T_iterator, next_live, call->self);
    return py_iter(run, as_plain(run, call->self));
}

static struct py_value sequence_index(struct py_run *run, struct py_call *call)
{
    size_t len;
    const struct py_value *items = items_of(call->self, &len);
    int64_t n = (int64_t)len, lo = 0, hi = n;
    if (call->count > 1)
        lo = py_as_index(run, call->args[1], NULL);
    if (call->count > 2)
        hi = py_as_index(run, call->args[2], NULL);
    lo = lo < 0 ? (lo + n < 0 ? 0 : lo + n) : lo;
    hi = hi < 0 ? hi + n : hi > n ? n : hi;
    for (int64_t i = lo; i < hi; i++) {
        py_work(run, PY_WORK_EACH * 4);
        if (py_is(items[i], call->args[0]) || py_equal(run, items[i], call->args[0]))
            return py_int(i);
    }
    if (py_is_list(call->self))
        py_raise(run, &py_value_error_class, "%s is not in list",
                 py_repr_text(run, call->args[0]));
    py_raise(run, &py_value_error_class, "tuple.index(x): x not in tuple");
}

static struct py_value sequence_count(struct py_run *run, struct py_call *call)
{
    size_t len;
    const struct py_value *items = items_of(call->self, &len);
    int64_t n = 0;
    for (size_t i = 0; i < len; i++) {
        py_work(run, PY_WORK_EACH * 4);
        n += py_is(items[i], call->args[0]) || py_equal(run, items[i], call->args[0]);
    }
    return py_int(n);
}

#define COMMON_ROWS                                                                                \
    PY_FUNCTION_N("__eq__", sequence_compare, 1, 1),                                               \
        PY_FUNCTION_N("__ne__", sequence_compare, 1, 1),                                           \
        PY_FUNCTION_N("__lt__", sequence_compare, 1, 1),                                           \
        PY_FUNCTION_N("__le__", sequence_compare, 1, 1),                                           \
        PY_FUNCTION_N("__gt__", sequence_compare, 1, 1),                                           \
        PY_FUNCTION_N("__ge__", sequence_compare, 1, 1),                                           \
        PY_FUNCTION_N("__getitem__", sequence_getitem, 1, 1),                                      \
        PY_FUNCTION_N("__contains__", sequence_contains, 1, 1),                                    \
        PY_FUNCTION_N("__len__", sequence_len, 0, 0),                                              \
        PY_FUNCTION_N("__iter__", sequence_iter, 0, 0),                                            \
        PY_FUNCTION_N("__repr__", sequence_repr, 0, 0),                                            \
        PY_FUNCTION_N("__mul__", sequence_mul, 1, 1),                                              \
        PY_FUNCTION_N("__rmul__", sequence_mul, 1, 1)

/* ------------------------------------------------------------------ list */

static struct py_value list_new(struct py_run *run, struct py_call *call)
{
    struct py_type *cls = py_type_of(call->args[0]);
    return py_new_builtin_of(run, cls, sizeof(struct py_list));
}

static void extend(struct py_run *run, struct py_list *l, struct py_value v)
{
    struct py_value item;
    if (py_is_list(v) || py_is_tuple(v)) {
        size_t len;
        const struct py_value *items = items_of(v, &len);
        py_list_reserve(run, l, len);
        py_work(run, len * sizeof(*items));
        if (len > 0)
            memcpy(l->items + l->len, items, len * sizeof(*items));
        l->len += len;
        return;
    }
    if (v.kind == PY_OBJECT && v.object->cls->native == &py_range_class)
        py_check_items(run, (size_t)((struct py_range *)v.object)->len);
    struct py_value it = py_iter(run, v);
    while (py_next(run, it, &item))
        py_list_append(run, py_object(&l->base), item);
}

static struct py_value list_init(struct py_run *run, struct py_call *call)
{
    list_of(call)->len = 0;
    if (call->count > 0)
        extend(run, list_of(call), py_require_known(run, call->args[0]));
    return py_none();
}

static struct py_value list_append(struct py_run *run, struct py_call *call)
{
    py_list_append(run, call->self, call->args[0]);
    return py_none();
}

static struct py_value list_extend(struct py_run *run, struct py_call *call)
{
    extend(run, list_of(call), py_require_known(run, call->args[0]));
    return strcmp(call->function->name, "__iadd__") == 0 ? call->self : py_none();
}

static struct py_value list_insert(struct py_run *run, struct py_call *call)
{
    struct py_list *l = list_of(call);
    int64_t i = py_as_index(run, call->args[0], NULL), n = (int64_t)l->len;
    i = i < 0 ? (i + n < 0 ? 0 : i + n) : i > n ? n : i;
    py_list_reserve(run, l, 1);
    py_work(run, (size_t)(n - i) * sizeof(*l->items));
    memmove(l->items + i + 1, l->items + i, (size_t)(n - i) * sizeof(*l->items));
    l->items[i] = call->args[1];
    l->len++;
    return py_none();
}

static struct py_value list_pop(struct py_run *run, struct py_call *call)
{
    struct py_list *l = list_of(call);
    int64_t i = call->count ? py_as_index(run, call->args[0], NULL) : -1;
    if (l->len == 0)
        py_raise(run, &py_index_error_class, "pop from empty list");
    if (i < 0)
        i += (int64_t)l->len;
    if (i < 0 || i >= (int64_t)l->len)
        py_raise(run, &py_index_error_class, "pop index out of range");
    struct py_value v = l->items[i];
    py_work(run, (l->len - (size_t)i) * sizeof(*l->items));
    memmove(l->items + i, l->items + i + 1, (l->len - (size_t)i - 1) * sizeof(*l->items));
    l->len--;
    return v;
}

static struct py_value list_remove(struct py_run *run, struct py_call *call)
{
    struct py_list *l = list_of(call);
    for (size_t i = 0; i < l->len; i++) {
        py_step(run);
        if (!py_is(l->items[i], call->args[0]) && !py_equal(run, l->items[i], call->args[0]))
            continue;
        if (i >= l->len) /* the comparison has emptied it */
            break;
        memmove(l->items + i, l->items + i + 1, (l->len - i - 1) * sizeof(*l->items));
        l->len--;
        return py_none();
    }
    py_raise(run, &py_value_error_class, "list.remove(x): x not in list");
}

static struct py_value list_clear(struct py_run *run, struct py_call *call)
{
    (void)run;
    list_of(call)->len = 0;
    return py_none();
}

static struct py_value list_copy(struct py_run *run, struct py_call *call)
{
    struct py_value l = py_new_list(run);
    extend(run, py_list_of(l), call->self);
    return l;
}

static struct py_value list_reverse(struct py_run *run, struct py_call *call)
{
    struct py_list *l = list_of(call);
    py_work(run, l->len * sizeof(*l->items));
    for (size_t i = 0; i < l->len / 2; i++) {
        struct py_value t = l->items[i];
        l->items[i] = l->items[l->len - 1 - i];
        l->items[l->len - 1 - i] = t;
    }
    return py_none();
}

/* A stable merge sort of index pairs: keys decide, items move along. */
static void merge_sort(struct py_run *run, struct py_value *keys, struct py_value *items,
                       struct py_value *spare, size_t len, bool reverse)
{
    if (len < 2)
        return;
    size_t half = len / 2;
    merge_sort(run, keys, items, spare, half, reverse);
    merge_sort(run, keys + half, items + half, spare, len - half, reverse);
    struct py_value *spare_items = spare + len;
    for (size_t a = 0, b = half, n = 0; n < len; n++) {
        bool take_b = a == half ||
                      (b < len && (reverse ? py_less(run, keys[a], keys[b])
                                           : py_less(run, keys[b], keys[a])));
        size_t from = take_b ? b++ : a++;
        spare[n] = keys[from];
        spare_items[n] = items[from];
        py_step(run);
    }
    memcpy(keys, spare, len * sizeof(*keys));
    memcpy(items, spare_items, len * sizeof(*items));
}

static const struct py_arg sort_args[] = {PY_KEYWORD_ONLY("key"), PY_KEYWORD_DEFAULTED("reverse"),
                                          PY_ARGS_END};

static struct py_value list_sort(struct py_run *run, struct py_call *call)
{
    struct py_list *l = list_of(call);
    bool reverse = py_truth(run, call->args[1]);
    size_t len = l->len;
    if (len == 0)
        return py_none();
    struct py_value *items = arena_memdup(run->arena, l->items, len * sizeof(*items));
    struct py_value *keys = py_alloc(run, len * sizeof(*keys));
    struct py_value *spare = py_alloc(run, len * 2 * sizeof(*spare));
    for (size_t i = 0; i < len; i++)
        keys[i] = call->args[0].kind == PY_NONE ? items[i]
                                                : py_call(run, call->args[0], &items[i], 1, NULL);
    merge_sort(run, keys, items, spare, len, reverse);
    l->items = items;
    l->len = l->cap = len;
    return py_none();
}

static struct py_value list_add(struct py_run *run, struct py_call *call)
{
    if (!py_is_list(call->args[0]))
        return py_not_implemented();
    struct py_value l = py_new_list(run);
    extend(run, py_list_of(l), call->self);
    extend(run, py_list_of(l), call->args[0]);
    return l;
}

static struct py_value list_imul(struct py_run *run, struct py_call *call)
{
    if (!py_is_int(call->args[0]))
        return py_not_implemented();
    struct py_list *r = py_list_of(py_repeat(run, call->self, call->args[0])), *l = list_of(call);
    l->items = r->items;
    l->len = r->len;
    l->cap = r->cap;
    return call->self;
}

static struct py_value list_setitem(struct py_run *run, struct py_call *call)
{
    py_setitem_plain(run, call->self, call->args[0], call->args[1]);
    return py_none();
}

static struct py_value list_delitem(struct py_run *run, struct py_call *call)
{
    py_delitem_plain(run, call->self, call->args[0]);
    return py_none();
}

static const struct py_member list_members[] = {
    COMMON_ROWS,
    PY_STATIC_N("__new__", list_new, 1, -1),
    PY_FUNCTION_N("__init__", list_init, 0, 1),
    PY_FUNCTION_N("append", list_append, 1, 1),
    PY_FUNCTION_N("extend", list_extend, 1, 1),
    PY_FUNCTION_N("insert", list_insert, 2, 2),
    PY_FUNCTION_N("pop", list_pop, 0, 1),
    PY_FUNCTION_N("remove", list_remove, 1, 1),
    PY_FUNCTION_N("clear", list_clear, 0, 0),
    PY_FUNCTION_N("copy", list_copy, 0, 0),
    PY_FUNCTION_N("reverse", list_reverse, 0, 0),
    PY_FUNCTION("sort", list_sort, sort_args),
    PY_FUNCTION_N("index", sequence_index, 1, 3),
    PY_FUNCTION_N("count", sequence_count, 1, 1),
    PY_FUNCTION_N("__add__", list_add, 1, 1),
    PY_FUNCTION_N("__iadd__", list_extend, 1, 1),
    PY_FUNCTION_N("__imul__", list_imul, 1, 1),
    PY_FUNCTION_N("__setitem__", list_setitem, 2, 2),
    PY_FUNCTION_N("__delitem__", list_delitem, 1, 1),
    PY_NONE_CONSTANT("__hash__"),
    PY_MEMBERS_END,
};

const struct py_native_class py_list_class = {
    .name = "list",
    .members = list_members,
    .flags = PY_CLASS_COMPLETE | PY_CLASS_INERT,
    .layout = PY_LAYOUT_LIST,
};

/* ------------------------------------------------------------------ tuple */

static struct py_value tuple_new(struct py_run *run, struct py_call *call)
{
    struct py_type *cls = py_type_of(call->args[0]);
    struct py_value v = py_new_tuple(run, NULL, 0);
    if (call->count > 1)
        v = py_object(&py_items(run, py_require_known(run, call->args[1]))->base);
    if (cls->native == &py_tuple_class)
        return v;
    struct py_value t = py_new_builtin_of(run, cls, sizeof(struct py_tuple));
    py_tuple_of(t)->items = py_tuple_of(v)->items;
    py_tuple_of(t)->len = py_tuple_of(v)->len;
    return t;
}

static struct py_value tuple_add(struct py_run *run, struct py_call *call)
{
    if (!py_is_tuple(call->args[0]))
        return py_not_implemented();
    const struct py_tuple *a = py_tuple_of(call->self), *b = py_tuple_of(call->args[0]);
    struct py_value *items = py_alloc(run, (a->len + b->len + 1) * sizeof(*items));
    if (a->len > 0)
        memcpy(items, a->items, a->len * sizeof(*items));
    if (b->len > 0)
        memcpy(items + a->len, b->items, b->len * sizeof(*items));
    return py_tuple_own(run, items, a->len + b->len);
}

static struct py_value tuple_hash(struct py_run *run, struct py_call *call)
{
    const struct py_tuple *t = py_tuple_of(call->self);
    uint64_t h = 2870177450012600261u; /* CPython's tuple hash, after xxHash */
    py_step(run);
    for (size_t i = 0; i < t->len; i++) {
        py_work(run, PY_WORK_EACH * 2);
        h += py_hash(run, t->items[i]) * 14029467366897019727u;
        h = (h << 31 | h >> 33) * 11400714785074694791u;
    }
    h += t->len ^ (2870177450012600261u ^ 3527539);
    return py_int((int64_t)(h == UINT64_MAX ? 1546275796 : h));
}

static struct py_value tuple_getnewargs(struct py_run *run, struct py_call *call)
{
    struct py_value v = as_plain(run, call->self);
    return py_new_tuple(run, &v, 1);
}

static const struct py_member tuple_members[] = {
    COMMON_ROWS,
    PY_STATIC_N("__new__", tuple_new, 1, 2),
    PY_FUNCTION_N("index", sequence_index, 1, 3),
    PY_FUNCTION_N("count", sequence_count, 1, 1),
    PY_FUNCTION_N("__add__", tuple_add, 1, 1),
    PY_FUNCTION_N("__hash__", tuple_hash, 0, 0),
    PY_FUNCTION_N("__getnewargs__", tuple_getnewargs, 0, 0),
    PY_MEMBERS_END,
};

const struct py_native_class py_tuple_class = {
    .name = "tuple",
    .members = tuple_members,
    .flags = PY_CLASS_COMPLETE | PY_CLASS_INERT,
    .layout = PY_LAYOUT_TUPLE,
};

/* ------------------------------------------------------------------ bytes */

enum { BYTES_CLS, BYTES_SOURCE, BYTES_ENCODING };

static const struct py_arg bytes_args[] = {
    [BYTES_CLS] = PY_POSITIONAL("cls"),
    [BYTES_SOURCE] = PY_DEFAULTED("source"),
    [BYTES_ENCODING] = PY_DEFAULTED("encoding"),
    PY_ARGS_END,
};

static struct py_value bytes_new(struct py_run *run, struct py_call *call)
{
    struct py_value v = call->args[BYTES_SOURCE], item;
    if (v.kind == PY_ABSENT)
        return py_new_bytes(run, "", 0);
    py_require_known(run, v);
    if (py_is_str(v)) {
        if (call->args[BYTES_ENCODING].kind == PY_ABSENT)
            py_raise(run, &py_type_error_class, "string argument without an encoding");
        return py_call_method(run, v, "encode", &call->args[BYTES_ENCODING], 1);
    }
    if (py_is_bytes(v))
        return v;
    if (py_is_int(v)) {
        int64_t n = py_as_index(run, v, NULL);
        if (n < 0)
            py_raise(run, &py_value_error_class, "negative count");
        py_check_string(run, (uint64_t)n);
        return py_new_bytes(run, py_alloc(run, (size_t)n + 1), (size_t)n);
    }
    struct str out = STR_IN(run->arena);
    struct py_value it = py_iter(run, v);
    while (py_next(run, it, &item)) {
        int64_t b = py_as_index(run, item, NULL);
        if (b < 0 || b > 255)
            py_raise(run, &py_value_error_class, "bytes must be in range(0, 256)");
        str_addc(&out, (char)b);
        py_check_string(run, out.len);
    }
    return py_new_bytes(run, out.ptr, out.len);
}

static const struct py_arg decode_args[] = {PY_DEFAULTED("encoding"), PY_DEFAULTED("errors"),
                                            PY_ARGS_END};

static struct py_value bytes_decode(struct py_run *run, struct py_call *call)
{
    const struct py_bytes *b = py_bytes_of(call->self);
    const char *name = py_is_unset(call->args[0]) ? "utf-8"
                                                  : py_as_string(run, call->args[0], "encoding");
    size_t bad;
    if (strcasecmp(name, "utf-8") == 0 || strcasecmp(name, "utf8") == 0) {
        if (!utf8_valid(b->ptr, b->len, &bad))
            py_raise(run, &py_unicode_decode_error_class,
                     "'utf-8' codec can't decode byte 0x%02x in position %zu: invalid start byte",
                     (unsigned char)b->ptr[bad], bad);
        return py_new_strn(run, b->ptr, b->len);
    }
    bool ascii = strcasecmp(name, "ascii") == 0;
    if (!ascii && strcasecmp(name, "latin-1") != 0 && strcasecmp(name, "latin1") != 0)
        py_refuse(run, PY_REFUSE_CODEC, "the encoding %s is not supported", name);
    struct str out = STR_IN(run->arena);
    for (size_t i = 0; i < b->len; i++) {
        char c[UTF8_MAX];
        if (ascii && (unsigned char)b->ptr[i] > 127)
            py_raise(run, &py_unicode_decode_error_class,
                     "'ascii' codec can't decode byte 0x%02x in position %zu: ordinal not in "
                     "range(128)",
                     (unsigned char)b->ptr[i], i);
        str_addn(&out, c, utf8_encode(c, (unsigned char)b->ptr[i]));
    }
    return py_str_take(run, &out);
}

static struct py_value bytes_hex(struct py_run *run, struct py_call *call)
{
    const struct py_bytes *b = py_bytes_of(call->self);
    struct str out = STR_IN(run->arena);
    static const char digits[] = "0123456789abcdef";
    py_check_string(run, (uint64_t)b->len * 2);
    for (size_t i = 0; i < b->len; i++) {
        str_addc(&out, digits[(unsigned char)b->ptr[i] >> 4]);
        str_addc(&out, digits[b->ptr[i] & 15]);
    }
    return py_str_take(run, &out);
}

static int hex_digit(char c)
{
    return c >= '0' && c <= '9'              ? c - '0'
           : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10
                                             : -1;
}

static struct py_value bytes_fromhex(struct py_run *run, struct py_call *call)
{
    const struct py_str *s = py_as_text(run, call->args[0], "fromhex() argument");
    struct str out = STR_IN(run->arena);
    for (size_t i = 0; i < s->len; i++) {
        if (s->ptr[i] == ' ' || s->ptr[i] == '\n' || s->ptr[i] == '\t')
            continue;
        int hi = hex_digit(s->ptr[i]), lo = i + 1 < s->len ? hex_digit(s->ptr[i + 1]) : -1;
        if (hi < 0 || lo < 0)
            py_raise(run, &py_value_error_class,
                     "non-hexadecimal number found in fromhex() arg at position %zu",
                     hi < 0 ? i : i + 1);
        str_addc(&out, (char)(hi * 16 + lo));
        i++;
    }
    return py_new_bytes(run, out.ptr, out.len);
}

static struct py_value bytes_add(struct py_run *run, struct py_call *call)
{
    if (!py_is_bytes(call->args[0]))
        return py_not_implemented();
    const struct py_bytes *a = py_bytes_of(call->self), *b = py_bytes_of(call->args[0]);
    struct str out = STR_IN(run->arena);
    str_addn(&out, a->ptr, a->len);
    str_addn(&out, b->ptr, b->len);
    return py_new_bytes(run, out.ptr, out.len);
}

static struct py_value bytes_hash(struct py_run *run, struct py_call *call)
{
    const struct py_bytes *b = py_bytes_of(call->self);
    uint32_t h = 2166136261u;
    for (size_t i = 0; i < b->len; i++)
        h = (h ^ (unsigned char)b->ptr[i]) * 16777619u;
    (void)run;
    return py_int(h);
}

static struct py_value bytes_affix(struct py_run *run, struct py_call *call)
{
    const struct py_bytes *b = py_bytes_of(call->self);
    if (!py_is_bytes(py_require_known(run, call->args[0])))
        py_raise(run, &py_type_error_class,
                 "%s first arg must be bytes or a tuple of bytes, not %s", call->function->name,
                 py_class_name(run, call->args[0]));
    const struct py_bytes *x = py_bytes_of(call->args[0]);
    bool ends = call->function->name[0] == 'e';
    return py_bool(x->len <= b->len &&
                   memcmp(ends ? b->ptr + b->len - x->len : b->ptr, x->ptr, x->len) == 0);
}

static const struct py_member bytes_members[] = {
    COMMON_ROWS,
    PY_STATIC("__new__", bytes_new, bytes_args),
    PY_FUNCTION("decode", bytes_decode, decode_args),
    PY_FUNCTION_N("hex", bytes_hex, 0, 0),
    PY_CLASSMETHOD_N("fromhex", bytes_fromhex, 1, 1),
    PY_FUNCTION_N("startswith", bytes_affix, 1, 1),
    PY_FUNCTION_N("endswith", bytes_affix, 1, 1),
    PY_FUNCTION_N("__add__", bytes_add, 1, 1),
    PY_FUNCTION_N("__hash__", bytes_hash, 0, 0),
    PY_MEMBERS_END,
};

/* Not complete: what is rare on bytes is refused. */
const struct py_native_class py_bytes_class = {
    .name = "bytes",
    .members = bytes_members,
    .layout = PY_LAYOUT_BYTES,
};
