/* The classes dict, set and frozenset. */
#include "config.h"

#include <string.h>

#include "python/interp.h"

static struct py_dict *dict_of(struct py_call *call)
{
    return py_dict_of(call->self);
}

static struct py_value table_len(struct py_run *run, struct py_call *call)
{
    (void)run;
    return py_int((int64_t)(py_is_dict(call->self) ? py_dict_of(call->self)->table.len
                                                   : py_set_of(call->self)->table.len));
}

static struct py_value table_contains(struct py_run *run, struct py_call *call)
{
    return py_bool(py_contains_plain(run, call->self, call->args[0]));
}

static struct py_value table_repr(struct py_run *run, struct py_call *call)
{
    struct str s = STR_IN(run->arena);
    py_repr_plain(run, &s, call->self);
    return py_str_take(run, &s);
}

static struct py_value table_compare(struct py_run *run, struct py_call *call)
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

/* ------------------------------------------------------------------ dict */

static struct py_value dict_new(struct py_run *run, struct py_call *call)
{
    return py_new_builtin_of(run, py_type_of(call->args[0]), sizeof(struct py_dict));
}

static void update_pairs(struct py_run *run, struct py_dict *d, struct py_value v)
{
    struct py_value it = py_iter(run, v), item;
    for (size_t i = 0; py_next(run, it, &item); i++) {
        struct py_value raw;
        struct py_type *owner;
        if (!py_special(run, py_require_known(run, item), "__iter__", &raw, &owner))
            py_raise(run, &py_type_error_class,
                     "cannot convert dictionary update sequence element #%zu to a sequence", i);
        struct py_tuple *pair = py_items(run, item);
        if (pair->len != 2)
            py_raise(run, &py_value_error_class,
                     "dictionary update sequence element #%zu has length %zu; 2 is required", i,
                     pair->len);
        py_dict_put(run, d, pair->items[0], pair->items[1]);
    }
}

static void update(struct py_run *run, struct py_dict *d, struct py_value v)
{
    struct py_value key, value, keys;
    py_require_known(run, v);
    if (py_is_dict(v)) {
        for (size_t i = 0; py_dict_next(py_dict_of(v), &i, &key, &value);) {
            py_work(run, PY_WORK_STEP);
            py_dict_put(run, d, key, value);
        }
        return;
    }
    if (py_find_attr(run, v, "keys", &keys)) {
        struct py_tuple *names = py_items(run, py_call(run, keys, NULL, 0, NULL));
        for (size_t i = 0; i < names->len; i++)
            py_dict_put(run, d, names->items[i], py_getitem(run, v, names->items[i]));
        return;
    }
    update_pairs(run, d, v);
}

static struct py_value dict_update(struct py_run *run, struct py_call *call)
{
    struct py_value key, value;
    if (call->count > 1)
        py_raise(run, &py_type_error_class, "%s expected at most 1 argument, got %zu",
                 strcmp(call->function->name, "__init__") == 0 ? "dict" : "update", call->count);
    if (call->count > 0)
        update(run, dict_of(call), call->args[0]);
    for (size_t i = 0; py_dict_next(call->kwargs, &i, &key, &value);)
        py_dict_put(run, dict_of(call), key, value);
    return py_none();
}

static struct py_value dict_get(struct py_run *run, struct py_call *call)
{
    struct py_value v = py_dict_get(run, dict_of(call), call->args[0]);
    if (v.kind != PY_ABSENT)
        return v;
    return call->count > 1 ? call->args[1] : py_none();
}

static struct py_value dict_setdefault(struct py_run *run, struct py_call *call)
{
    uint64_t hash = py_hash(run, call->args[0]);
    struct py_entry *e = py_table_put(run, &dict_of(call)->table, call->args[0], hash);
    if (e->value.kind == PY_ABSENT)
        e->value = call->count > 1 ? call->args[1] : py_none();
    return e->value;
}

static PY_NORETURN void key_error(struct py_run *run, struct py_value key)
{
    py_raise_value(run, py_new_exception(run, py_builtin(run, PY_T_key_error), &key, 1));
}

static struct py_value dict_pop(struct py_run *run, struct py_call *call)
{
    struct py_dict *d = dict_of(call);
    struct py_entry *e =
        py_table_find(run, &d->table, call->args[0], py_hash(run, call->args[0]));
    if (e) {
        struct py_value v = e->value;
        py_table_remove_entry(run, &d->table, e);
        return v;
    }
    if (call->count < 2)
        key_error(run, call->args[0]);
    return call->args[1];
}

static struct py_value dict_popitem(struct py_run *run, struct py_call *call)
{
    struct py_table *t = &dict_of(call)->table;
    for (size_t i = t->used; i-- > 0;) {
        struct py_entry *e = &t->entries[i];
        py_work(run, PY_WORK_EACH);
        if (e->key.kind == PY_ABSENT)
            continue;
        struct py_value pair = py_new_tuple(run, (const struct py_value[]){e->key, e->value}, 2);
        py_table_remove_entry(run, t, e);
        return pair;
    }
    key_error(run, py_new_str(run, "popitem(): dictionary is empty"));
}

static struct py_value table_clear(struct py_run *run, struct py_call *call)
{
    (void)run;
    py_table_clear(py_is_dict(call->self) ? &py_dict_of(call->self)->table
                                          : &py_set_of(call->self)->table);
    return py_none();
}

static struct py_value dict_copy(struct py_run *run, struct py_call *call)
{
    struct py_value d = py_new_dict(run);
    py_table_copy(run, &py_dict_of(d)->table, &dict_of(call)->table);
    return d;
}

static struct py_value dict_view(struct py_run *run, struct py_call *call)
{
    const char *name = call->function->name;
    return py_new_view(run,
                       *name == 'k'   ? PY_T_dict_keys
                       : *name == 'v' ? PY_T_dict_values
                                      : PY_T_dict_items,
                       call->self);
}

static struct py_value dict_iter(struct py_run *run, struct py_call *call)
{
    return py_iter(run, py_new_view(run, PY_T_dict_keys, call->self));
}

static struct py_value dict_getitem(struct py_run *run, struct py_call *call)
{
    return py_getitem_plain(run, call->self, call->args[0]);
}

static struct py_value dict_setitem(struct py_run *run, struct py_call *call)
{
    py_dict_put(run, dict_of(call), call->args[0], call->args[1]);
    return py_none();
}

static struct py_value dict_delitem(struct py_run *run, struct py_call *call)
{
    py_delitem_plain(run, call->self, call->args[0]);
    return py_none();
}

static struct py_value dict_or(struct py_run *run, struct py_call *call)
{
    if (!py_is_dict(call->args[0]))
        return py_not_implemented();
    bool reflected = strcmp(call->function->name, "__ror__") == 0;
    struct py_value d = py_new_dict(run);
    update(run, py_dict_of(d), reflected ? call->args[0] : call->self);
    update(run, py_dict_of(d), reflected ? call->self : call->args[0]);
    return d;
}

static struct py_value dict_ior(struct py_run *run, struct py_call *call)
{
    update(run, dict_of(call), call->args[0]);
    return call->self;
}

static struct py_value dict_fromkeys(struct py_run *run, struct py_call *call)
{
    struct py_value d = py_call(run, call->self, NULL, 0, NULL), item;
    struct py_value it = py_iter(run, call->args[0]);
    while (py_next(run, it, &item))
        py_setitem(run, d, item, call->count > 1 ? call->args[1] : py_none());
    return d;
}

static const struct py_member dict_members[] = {
    {.name = "__new__", .kind = PY_MEMBER_STATIC, .fn = dict_new, .min = 1, .max = -1,
     .keywords = true},
    PY_FUNCTION_ANY("__init__", dict_update),
    PY_FUNCTION_ANY("update", dict_update),
    PY_FUNCTION_N("get", dict_get, 1, 2),
    PY_FUNCTION_N("setdefault", dict_setdefault, 1, 2),
    PY_FUNCTION_N("pop", dict_pop, 1, 2),
    PY_FUNCTION_N("popitem", dict_popitem, 0, 0),
    PY_FUNCTION_N("clear", table_clear, 0, 0),
    PY_FUNCTION_N("copy", dict_copy, 0, 0),
    PY_FUNCTION_N("keys", dict_view, 0, 0),
    PY_FUNCTION_N("values", dict_view, 0, 0),
    PY_FUNCTION_N("items", dict_view, 0, 0),
    PY_CLASSMETHOD_N("fromkeys", dict_fromkeys, 1, 2),
    PY_FUNCTION_N("__iter__", dict_iter, 0, 0),
    PY_FUNCTION_N("__len__", table_len, 0, 0),
    PY_FUNCTION_N("__contains__", table_contains, 1, 1),
    PY_FUNCTION_N("__getitem__", dict_getitem, 1, 1),
    PY_FUNCTION_N("__setitem__", dict_setitem, 2, 2),
    PY_FUNCTION_N("__delitem__", dict_delitem, 1, 1),
    PY_FUNCTION_N("__or__", dict_or, 1, 1),
    PY_FUNCTION_N("__ror__", dict_or, 1, 1),
    PY_FUNCTION_N("__ior__", dict_ior, 1, 1),
    PY_FUNCTION_N("__eq__", table_compare, 1, 1),
    PY_FUNCTION_N("__ne__", table_compare, 1, 1),
    PY_FUNCTION_N("__repr__", table_repr, 0, 0),
    PY_NONE_CONSTANT("__hash__"),
    PY_MEMBERS_END,
};

const struct py_native_class py_dict_class = {
    .name = "dict",
    .members = dict_members,
    .flags = PY_CLASS_COMPLETE | PY_CLASS_INERT,
    .layout = PY_LAYOUT_DICT,
};

/* ------------------------------------------------------------------ set, frozenset */

static struct py_set *set_of(struct py_call *call)
{
    return py_set_of(call->self);
}

static void add_all(struct py_run *run, struct py_value set, struct py_value v)
{
    struct py_value it = py_iter(run, py_require_known(run, v)), item;
    while (py_next(run, it, &item))
        py_set_add(run, set, item);
}

/* Any iterable as a set object; sets themselves are not copied. */
static struct py_set *as_set(struct py_run *run, struct py_value v)
{
    if (py_is_set(v))
        return py_set_of(v);
    struct py_value set = py_new_set(run);
    add_all(run, set, v);
    return py_set_of(set);
}

static struct py_value like(struct py_run *run, struct py_value self)
{
    return py_class_is(self.object->cls, &py_frozenset_class) ? py_new_frozenset(run)
                                                              : py_new_set(run);
}

static struct py_value set_new(struct py_run *run, struct py_call *call)
{
    struct py_type *cls = py_type_of(call->args[0]);
    struct py_value v = py_new_builtin_of(run, cls, sizeof(struct py_set));
    if (py_class_is(cls, &py_frozenset_class) && call->count > 1)
        add_all(run, v, call->args[1]);
    return v;
}

static struct py_value set_init(struct py_run *run, struct py_call *call)
{
    py_table_clear(&set_of(call)->table);
    if (call->count > 0)
        add_all(run, call->self, call->args[0]);
    return py_none();
}

enum set_op { SET_OR, SET_AND, SET_SUB, SET_XOR };

static bool has(struct py_run *run, const struct py_set *s, const struct py_entry *e)
{
    return py_table_find(run, &s->table, e->key, e->hash) != NULL;
}

static void put(struct py_run *run, struct py_value set, const struct py_entry *e)
{
    py_table_put(run, &py_set_of(set)->table, e->key, e->hash);
}

static struct py_value combine(struct py_run *run, enum set_op op, struct py_value self,
                               const struct py_set *a, const struct py_set *b)
{
    struct py_value out = like(run, self);
    for (size_t i = 0; i < a->table.used; i++) {
        const struct py_entry e = a->table.entries[i];
        py_work(run, PY_WORK_STEP);
        if (e.key.kind != PY_ABSENT && (op == SET_OR || has(run, b, &e) == (op == SET_AND)))
            put(run, out, &e);
    }
    for (size_t i = 0; (op == SET_OR || op == SET_XOR) && i < b->table.used; i++) {
        const struct py_entry e = b->table.entries[i];
        if (e.key.kind != PY_ABSENT && (op == SET_OR || !has(run, a, &e)))
            put(run, out, &e);
    }
    return out;
}

static enum set_op op_of(const char *name)
{
    static const struct {
        const char *word;
        enum set_op op;
    } words[] = {
        {"union", SET_OR},         {"intersection", SET_AND},  {"symmetric", SET_XOR},
        {"difference", SET_SUB},   {"update", SET_OR},         {"or__", SET_OR},
        {"xor__", SET_XOR},        {"and__", SET_AND},         {"sub__", SET_SUB},
    };
    for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
        if (strstr(name, words[i].word))
            return words[i].op == SET_OR && strstr(name, "xor") ? SET_XOR : words[i].op;
    }
    return SET_OR;
}

/* union(*others) and the like; the names with "update" change self. */
static struct py_value set_method(struct py_run *run, struct py_call *call)
{
    enum set_op op = op_of(call->function->name);
    bool update_self = strstr(call->function->name, "update") != NULL;
    static const struct py_set nothing = {0};
    struct py_value out = combine(run, SET_OR, call->self, set_of(call), &nothing);
    for (size_t i = 0; i < call->count; i++)
        out = combine(run, op, call->self, py_set_of(out), as_set(run, call->args[i]));
    if (!update_self)
        return out;
    set_of(call)->table = py_set_of(out)->table;
    return py_none();
}

static struct py_value set_operator(struct py_run *run, struct py_call *call)
{
    const char *name = call->function->name + 2;
    if (!py_is_set(call->args[0]))
        return py_not_implemented();
    struct py_value a = call->self, b = call->args[0];
    bool inplace = *name == 'i', reflected = *name == 'r';
    if (reflected) {
        a = call->args[0];
        b = call->self;
    }
    struct py_value out = combine(run, op_of(name), a, py_set_of(a), py_set_of(b));
    if (!inplace)
        return out;
    set_of(call)->table = py_set_of(out)->table;
    return call->self;
}

static struct py_value set_add(struct py_run *run, struct py_call *call)
{
    py_set_add(run, call->self, call->args[0]);
    return py_none();
}

static struct py_value set_remove(struct py_run *run, struct py_call *call)
{
    uint64_t hash = py_hash(run, call->args[0]);
    bool gone = py_table_remove(run, &set_of(call)->table, call->args[0], hash);
    if (!gone && call->function->name[0] == 'r')
        key_error(run, call->args[0]);
    return py_none();
}

static struct py_value set_pop(struct py_run *run, struct py_call *call)
{
    struct py_table *t = &set_of(call)->table;
    for (size_t i = 0; i < t->used; i++) {
        struct py_entry *e = &t->entries[i];
        py_work(run, PY_WORK_EACH);
        if (e->key.kind == PY_ABSENT)
            continue;
        struct py_value v = e->key;
        py_table_remove_entry(run, t, e);
        return v;
    }
    key_error(run, py_new_str(run, "pop from an empty set"));
}

static struct py_value set_copy(struct py_run *run, struct py_call *call)
{
    struct py_value s = like(run, call->self);
    py_table_copy(run, &py_set_of(s)->table, &set_of(call)->table);
    return s;
}

static struct py_value set_relation(struct py_run *run, struct py_call *call)
{
    const char *name = call->function->name;
    const struct py_set *a = set_of(call), *b = as_set(run, call->args[0]);
    bool super = strcmp(name, "issuperset") == 0;
    if (strcmp(name, "isdisjoint") == 0)
        return py_bool(py_set_of(combine(run, SET_AND, call->self, a, b))->table.len == 0);
    return py_bool(py_set_of(combine(run, SET_SUB, call->self, super ? b : a, super ? a : b))
                       ->table.len == 0);
}

static struct py_value set_iter(struct py_run *run, struct py_call *call)
{
    struct py_value s = py_new_set(run);
    py_set_of(s)->table = set_of(call)->table;
    return py_iter(run, s);
}

static struct py_value frozenset_hash(struct py_run *run, struct py_call *call)
{
    uint64_t h = 1927868237;
    const struct py_table *t = &set_of(call)->table;
    py_work(run, t->used * PY_WORK_EACH);
    for (size_t i = 0; i < t->used; i++) {
        if (t->entries[i].key.kind != PY_ABSENT)
            h ^= (t->entries[i].hash ^ (t->entries[i].hash << 16) ^ 89869747) * 3644798167u;
    }
    return py_int((int64_t)(h * 69069 + 907133923));
}

#define SET_ROWS                                                                                   \
    PY_STATIC_N("__new__", set_new, 1, 2), PY_FUNCTION_N("union", set_method, 0, -1),              \
        PY_FUNCTION_N("intersection", set_method, 0, -1),                                          \
        PY_FUNCTION_N("difference", set_method, 0, -1),                                            \
        PY_FUNCTION_N("symmetric_difference", set_method, 1, 1),                                   \
        PY_FUNCTION_N("issubset", set_relation, 1, 1),                                             \
        PY_FUNCTION_N("issuperset", set_relation, 1, 1),                                           \
        PY_FUNCTION_N("isdisjoint", set_relation, 1, 1), PY_FUNCTION_N("copy", set_copy, 0, 0),    \
        PY_FUNCTION_N("__or__", set_operator, 1, 1), PY_FUNCTION_N("__ror__", set_operator, 1, 1), \
        PY_FUNCTION_N("__and__", set_operator, 1, 1),                                              \
        PY_FUNCTION_N("__rand__", set_operator, 1, 1),                                             \
        PY_FUNCTION_N("__sub__", set_operator, 1, 1),                                              \
        PY_FUNCTION_N("__rsub__", set_operator, 1, 1),                                             \
        PY_FUNCTION_N("__xor__", set_operator, 1, 1),                                              \
        PY_FUNCTION_N("__rxor__", set_operator, 1, 1), PY_FUNCTION_N("__iter__", set_iter, 0, 0),  \
        PY_FUNCTION_N("__len__", table_len, 0, 0),                                                 \
        PY_FUNCTION_N("__contains__", table_contains, 1, 1),                                       \
        PY_FUNCTION_N("__repr__", table_repr, 0, 0), PY_FUNCTION_N("__eq__", table_compare, 1, 1), \
        PY_FUNCTION_N("__ne__", table_compare, 1, 1),                                              \
        PY_FUNCTION_N("__lt__", table_compare, 1, 1),                                              \
        PY_FUNCTION_N("__le__", table_compare, 1, 1),                                              \
        PY_FUNCTION_N("__gt__", table_compare, 1, 1), PY_FUNCTION_N("__ge__", table_compare, 1, 1)

static const struct py_member set_members[] = {
    SET_ROWS,
    PY_FUNCTION_N("__init__", set_init, 0, 1),
    PY_FUNCTION_N("add", set_add, 1, 1),
    PY_FUNCTION_N("remove", set_remove, 1, 1),
    PY_FUNCTION_N("discard", set_remove, 1, 1),
    PY_FUNCTION_N("pop", set_pop, 0, 0),
    PY_FUNCTION_N("clear", table_clear, 0, 0),
    PY_FUNCTION_N("update", set_method, 0, -1),
    PY_FUNCTION_N("intersection_update", set_method, 0, -1),
    PY_FUNCTION_N("difference_update", set_method, 0, -1),
    PY_FUNCTION_N("symmetric_difference_update", set_method, 1, 1),
    PY_FUNCTION_N("__ior__", set_operator, 1, 1),
    PY_FUNCTION_N("__iand__", set_operator, 1, 1),
    PY_FUNCTION_N("__isub__", set_operator, 1, 1),
    PY_FUNCTION_N("__ixor__", set_operator, 1, 1),
    PY_NONE_CONSTANT("__hash__"),
    PY_MEMBERS_END,
};

const struct py_native_class py_set_class = {
    .name = "set",
    .members = set_members,
    .flags = PY_CLASS_COMPLETE | PY_CLASS_INERT,
    .layout = PY_LAYOUT_SET,
};

static const struct py_member frozenset_members[] = {
    SET_ROWS,
    PY_FUNCTION_N("__hash__", frozenset_hash, 0, 0),
    PY_MEMBERS_END,
};

const struct py_native_class py_frozenset_class = {
    .name = "frozenset",
    .members = frozenset_members,
    .flags = PY_CLASS_COMPLETE | PY_CLASS_INERT,
    .layout = PY_LAYOUT_SET,
};
