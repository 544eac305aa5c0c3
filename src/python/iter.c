/* Iteration: the protocol, the built-in iterators, range, generators, comprehensions. */
#include "config.h"

#include <string.h>

#include "base/utf8.h"
#include "python/interp.h"

struct py_value py_new_iterator(struct py_run *run, enum py_builtin_id id,
                                bool (*next)(struct py_run *run, struct py_iterator *it,
                                             struct py_value *item),
                                struct py_value source)
{
    struct py_iterator *it = py_new_object(run, id, sizeof(*it));
    it->next = next;
    it->source = source;
    return py_object(&it->base);
}

/* ------------------------------------------------------------------ iterators of containers */

static bool next_list(struct py_run *run, struct py_iterator *it, struct py_value *item)
{
    (void)run;
    const struct py_list *l = py_list_of(it->source);
    if (it->index >= l->len)
        return false;
    *item = l->items[it->index++];
    return true;
}

static bool next_tuple(struct py_run *run, struct py_iterator *it, struct py_value *item)
{
    (void)run;
    const struct py_tuple *t = py_tuple_of(it->source);
    if (it->index >= t->len)
        return false;
    *item = t->items[it->index++];
    return true;
}

static bool next_str(struct py_run *run, struct py_iterator *it, struct py_value *item)
{
    const struct py_str *s = py_str_of(it->source);
    if (it->index >= s->len)
        return false;
    size_t size = 1;
    if (s->len != s->count)
        utf8_decode(s->ptr + it->index, s->len - it->index, &size);
    *item = py_str_char(run, s->ptr + it->index, size);
    it->index += size;
    return true;
}

static bool next_bytes(struct py_run *run, struct py_iterator *it, struct py_value *item)
{
    (void)run;
    const struct py_bytes *b = py_bytes_of(it->source);
    if (it->index >= b->len)
        return false;
    *item = py_int((unsigned char)b->ptr[it->index++]);
    return true;
}

static const struct py_table *table_of(struct py_value v)
{
    return py_is_dict(v) ? &py_dict_of(v)->table : &py_set_of(v)->table;
}

/* extra_count: 0 keys, 1 values, 2 items. */
static bool next_entry(struct py_run *run, struct py_iterator *it, struct py_value *item)
{
    const struct py_table *t = table_of(it->source);
    if (t->version != it->version)
        py_raise(run, &py_runtime_error_class,
                 py_is_dict(it->source) ? "dictionary changed size during iteration"
                                        : "Set changed size during iteration");
    for (; it->index < t->used && t->entries[it->index].key.kind == PY_ABSENT; it->index++)
        py_work(run, PY_WORK_EACH); /* a hole */
    if (it->index >= t->used)
        return false;
    const struct py_entry *e = &t->entries[it->index++];
    if (it->extra_count == 2)
        *item = py_new_tuple(run, (const struct py_value[]){e->key, e->value}, 2);
    else
        *item = it->extra_count == 1 ? e->value : e->key;
    return true;
}

static struct py_value table_iterator(struct py_run *run, struct py_value v, size_t what)
{
    struct py_value it = py_new_iterator(run, PY_T_iterator, next_entry, v);
    ((struct py_iterator *)it.object)->version = table_of(v)->version;
    ((struct py_iterator *)it.object)->extra_count = what;
    return it;
}

static bool next_range(struct py_run *run, struct py_iterator *it, struct py_value *item)
{
    (void)run;
    const struct py_range *r = (const struct py_range *)it->source.object;
    if (it->index >= (size_t)r->len)
        return false;
    *item = py_int(r->start + (int64_t)it->index++ * r->step);
    return true;
}

/* Objects with __getitem__ only. */
struct getitem_job {
    struct py_value v, item;
    size_t index;
};

static void getitem_body(struct py_run *run, void *payload)
{
    struct getitem_job *job = payload;
    job->item = py_getitem(run, job->v, py_int((int64_t)job->index));
}

static bool next_getitem(struct py_run *run, struct py_iterator *it, struct py_value *item)
{
    struct getitem_job job = {.v = it->source, .index = it->index++};
    if (!py_try(run, getitem_body, &job, &py_index_error_class, NULL))
        return false;
    *item = job.item;
    return true;
}

/* iter(callable, sentinel) */
bool py_next_sentinel(struct py_run *run, struct py_iterator *it, struct py_value *item)
{
    *item = py_call(run, it->source, NULL, 0, NULL);
    return !py_equal(run, *item, it->extra[0]);
}

static struct py_value iter_plain(struct py_run *run, struct py_value v)
{
    switch ((int)v.object->cls->layout) {
    case PY_LAYOUT_LIST:
        return py_new_iterator(run, PY_T_iterator, next_list, v);
    case PY_LAYOUT_TUPLE:
        return py_new_iterator(run, PY_T_iterator, next_tuple, v);
    case PY_LAYOUT_STR:
        return py_new_iterator(run, PY_T_iterator, next_str, v);
    case PY_LAYOUT_BYTES:
        return py_new_iterator(run, PY_T_iterator, next_bytes, v);
    case PY_LAYOUT_DICT:
    case PY_LAYOUT_SET:
        return table_iterator(run, v, 0);
    default:
        return py_absent();
    }
}

static bool is_native_iterator(struct py_value v)
{
    if (v.kind != PY_OBJECT || !v.object->cls->native)
        return false;
    const struct py_native_class *c = v.object->cls->native;
    return c == &py_iterator_class || c == &py_enumerate_class || c == &py_zip_class ||
           c == &py_map_class || c == &py_filter_class || c == &py_reversed_class;
}

struct py_value py_iter(struct py_run *run, struct py_value v)
{
    run->touched |= v.mark;
    py_require_known(run, v);
    if (v.kind == PY_OBJECT) {
        const struct py_native_class *native = v.object->cls->native;
        if (native && !native->module) {
            struct py_value it = iter_plain(run, v);
            if (it.kind != PY_ABSENT) {
                it.mark = v.mark;
                return it;
            }
        }
        if (is_native_iterator(v) || native == &py_generator_class)
            return v;
    }
    struct py_value raw, it;
    struct py_type *owner;
    if (py_special(run, v, "__iter__", &raw, &owner) && raw.kind != PY_NONE) {
        it = py_call_raw(run, raw, owner, v, NULL, 0, NULL);
        struct py_value next;
        if (!is_native_iterator(it) && !py_special(run, it, "__next__", &next, &owner))
            py_raise(run, &py_type_error_class, "iter() returned non-iterator of type '%s'",
                     py_class_name(run, it));
        return it;
    }
    if (py_special(run, v, "__getitem__", &raw, &owner))
        return py_new_iterator(run, PY_T_iterator, next_getitem, v);
    if (py_class(run, v)->partial)
        py_refuse(run, PY_REFUSE_OPERATION, "iterating over %s is not supported",
                  py_class_name(run, v));
    py_raise(run, &py_type_error_class, "'%s' object is not iterable", py_class_name(run, v));
}

struct next_job {
    struct py_value it, item;
};

static void next_body(struct py_run *run, void *payload)
{
    struct next_job *job = payload;
    if (!py_call_special(run, job->it, "__next__", NULL, 0, &job->item))
        py_raise(run, &py_type_error_class, "'%s' object is not an iterator",
                 py_class_name(run, job->it));
}

bool py_next(struct py_run *run, struct py_value it, struct py_value *item)
{
    py_step(run);
    bool more;
    if (is_native_iterator(it)) {
        struct py_iterator *native = (struct py_iterator *)it.object;
        if (native->source.kind == PY_ABSENT)
            return false;
        py_enter(run); /* iterators stand behind iterators */
        more = native->next(run, native, item);
        py_leave(run);
        if (!more)
            native->source = py_absent();
    } else if (it.kind == PY_OBJECT && it.object->cls->native == &py_generator_class) {
        more = py_gen_next(run, (struct py_gen *)it.object, py_none(), py_absent(), item);
    } else {
        struct next_job job = {.it = py_require_known(run, it)};
        more = py_try(run, next_body, &job, &py_stop_iteration_class, NULL);
        *item = job.item;
    }
    if (more) {
        item->mark |= it.mark;
        run->touched |= item->mark;
    }
    return more;
}

struct py_value py_list_of_items(struct py_run *run, struct py_value iterable)
{
    struct py_value list = py_new_list(run), item;
    if (iterable.kind == PY_OBJECT && iterable.object->cls->native == &py_range_class)
        py_check_items(run, (size_t)((struct py_range *)iterable.object)->len);
    struct py_value it = py_iter(run, iterable);
    while (py_next(run, it, &item))
        py_list_append(run, list, item);
    return list;
}

struct py_tuple *py_items(struct py_run *run, struct py_value iterable)
{
    if (py_is_tuple(iterable) && iterable.object->cls->native == &py_tuple_class)
        return py_tuple_of(iterable);
    struct py_list *l = py_list_of(py_list_of_items(run, iterable));
    return py_tuple_of(py_tuple_own(run, l->items, l->len));
}

/* ------------------------------------------------------------------ iterator objects */

static struct py_value iterator_iter(struct py_run *run, struct py_call *call)
{
    (void)run;
    return call->self;
}

static struct py_value iterator_next(struct py_run *run, struct py_call *call)
{
    struct py_value item;
    if (!py_next(run, call->self, &item))
        py_raise_value(run, py_new_exception(run, py_builtin(run, PY_T_stop_iteration), NULL, 0));
    return item;
}

static const struct py_member iterator_members[] = {
    PY_FUNCTION_N("__iter__", iterator_iter, 0, 0),
    PY_FUNCTION_N("__next__", iterator_next, 0, 0),
    PY_MEMBERS_END,
};

const struct py_native_class py_iterator_class = {
    .name = "iterator",
    .members = iterator_members,
    .flags = PY_CLASS_COMPLETE | PY_CLASS_FINAL | PY_CLASS_ABSTRACT,
    .layout = PY_LAYOUT_OPAQUE,
};

static struct py_iterator *fresh(struct py_run *run, enum py_builtin_id id,
                                 bool (*next)(struct py_run *run, struct py_iterator *it,
                                              struct py_value *item),
                                 struct py_value source, size_t extra)
{
    struct py_value v = py_new_iterator(run, id, next, source);
    struct py_iterator *it = (struct py_iterator *)v.object;
    it->extra_count = extra;
    it->extra = py_alloc(run, (extra + 1) * sizeof(*it->extra));
    return it;
}

static bool next_enumerate(struct py_run *run, struct py_iterator *it, struct py_value *item)
{
    struct py_value v;
    if (!py_next(run, it->source, &v))
        return false;
    *item = py_new_tuple(run, (const struct py_value[]){it->extra[0], v}, 2);
    it->extra[0] = py_int_binary(run, PY_OP_ADD, it->extra[0], py_int(1));
    return true;
}

static const struct py_arg enumerate_args[] = {
    PY_POSITIONAL("cls"), PY_REQUIRED("iterable"), PY_DEFAULTED("start"), PY_ARGS_END};

static struct py_value enumerate_new(struct py_run *run, struct py_call *call)
{
    struct py_iterator *it =
        fresh(run, PY_T_enumerate, next_enumerate, py_iter(run, call->args[1]), 1);
    it->extra[0] = call->args[2].kind == PY_ABSENT ? py_int(0) : call->args[2];
    return py_object(&it->base);
}

static bool next_zip(struct py_run *run, struct py_iterator *it, struct py_value *item)
{
    struct py_value *items = py_alloc(run, (it->extra_count + 1) * sizeof(*items));
    if (it->extra_count == 0)
        return false;
    for (size_t i = 0; i < it->extra_count; i++) {
        if (py_next(run, it->extra[i], &items[i]))
            continue;
        if (it->flag && i > 0)
            py_raise(run, &py_value_error_class,
                     i == 1 ? "zip() argument %zu is shorter than argument 1"
                            : "zip() argument %zu is shorter than arguments 1-%zu",
                     i + 1, i);
        struct py_value ignored;
        for (size_t k = 1; it->flag && k < it->extra_count; k++) {
            if (py_next(run, it->extra[k], &ignored))
                py_raise(run, &py_value_error_class,
                         k == 1 ? "zip() argument %zu is longer than argument 1"
                                : "zip() argument %zu is longer than arguments 1-%zu",
                         k + 1, k);
        }
        return false;
    }
    *item = py_tuple_own(run, items, it->extra_count);
    return true;
}

static const struct py_arg zip_args[] = {PY_POSITIONAL("cls"), PY_REST("iterables"),
                                         PY_KEYWORD_DEFAULTED("strict"), PY_ARGS_END};

static struct py_value zip_new(struct py_run *run, struct py_call *call)
{
    const struct py_tuple *t = py_tuple_of(call->args[1]);
    struct py_iterator *it = fresh(run, PY_T_zip, next_zip, py_none(), t->len);
    it->flag = py_truth(run, call->args[2]);
    for (size_t i = 0; i < t->len; i++)
        it->extra[i] = py_iter(run, t->items[i]);
    return py_object(&it->base);
}

static bool next_map(struct py_run *run, struct py_iterator *it, struct py_value *item)
{
    struct py_value *items = py_alloc(run, it->extra_count * sizeof(*items));
    for (size_t i = 0; i < it->extra_count; i++) {
        if (!py_next(run, it->extra[i], &items[i]))
            return false;
    }
    *item = py_call(run, it->source, items, it->extra_count, NULL);
    return true;
}

static struct py_value map_new(struct py_run *run, struct py_call *call)
{
    if (call->count < 3)
        py_raise(run, &py_type_error_class, "map() must have at least two arguments.");
    struct py_iterator *it = fresh(run, PY_T_map, next_map, call->args[1], call->count - 2);
    for (size_t i = 2; i < call->count; i++)
        it->extra[i - 2] = py_iter(run, call->args[i]);
    return py_object(&it->base);
}

static bool next_filter(struct py_run *run, struct py_iterator *it, struct py_value *item)
{
    while (py_next(run, it->extra[0], item)) {
        struct py_value keep =
            it->source.kind == PY_NONE ? *item : py_call(run, it->source, item, 1, NULL);
        if (py_truth(run, keep))
            return true;
    }
    return false;
}

static struct py_value filter_new(struct py_run *run, struct py_call *call)
{
    struct py_iterator *it = fresh(run, PY_T_filter, next_filter, call->args[1], 1);
    it->extra[0] = py_iter(run, call->args[2]);
    return py_object(&it->base);
}

static bool next_reversed(struct py_run *run, struct py_iterator *it, struct py_value *item)
{
    if (it->index == 0)
        return false;
    *item = py_getitem(run, it->source, py_int((int64_t)--it->index));
    return true;
}

static struct py_value reversed_new(struct py_run *run, struct py_call *call)
{
    struct py_value v = py_require_known(run, call->args[1]), r, raw;
    struct py_type *owner;
    if (py_call_special(run, v, "__reversed__", NULL, 0, &r))
        return r;
    if (py_is_dict(v) || (v.kind == PY_OBJECT && (v.object->cls->native == &py_dict_keys_class ||
                                                  v.object->cls->native == &py_dict_values_class ||
                                                  v.object->cls->native == &py_dict_items_class)))
        v = py_list_of_items(run, v);
    if (py_is_set(v) || !py_special(run, v, "__getitem__", &raw, &owner))
        py_raise(run, &py_type_error_class, "'%s' object is not reversible",
                 py_class_name(run, v));
    struct py_iterator *it = fresh(run, PY_T_reversed, next_reversed, v, 0);
    it->index = (size_t)py_len(run, v);
    return py_object(&it->base);
}

#define ITERATOR_CLASS(id, new_row)                                                                \
    static const struct py_member id##_members[] = {                                               \
        new_row, PY_FUNCTION_N("__iter__", iterator_iter, 0, 0),                                   \
        PY_FUNCTION_N("__next__", iterator_next, 0, 0), PY_MEMBERS_END};                           \
    const struct py_native_class py_##id##_class = {                                               \
        .name = #id,                                                                               \
        .members = id##_members,                                                                   \
        .flags = PY_CLASS_COMPLETE | PY_CLASS_FINAL,                                               \
        .layout = PY_LAYOUT_OPAQUE,                                                                \
    };

ITERATOR_CLASS(enumerate, PY_STATIC("__new__", enumerate_new, enumerate_args))
ITERATOR_CLASS(zip, PY_STATIC("__new__", zip_new, zip_args))
ITERATOR_CLASS(map, PY_STATIC_N("__new__", map_new, 1, -1))
ITERATOR_CLASS(filter, PY_STATIC_N("__new__", filter_new, 3, 3))
ITERATOR_CLASS(reversed, PY_STATIC_N("__new__", reversed_new, 2, 2))

/* ------------------------------------------------------------------ range */

struct py_value py_new_range(struct py_run *run, int64_t start, int64_t stop, int64_t step)
{
    struct py_range *r = py_new_object(run, PY_T_range, sizeof(*r));
    r->start = start;
    r->stop = stop;
    r->step = step;
    __int128 distance = step > 0 ? (__int128)stop - start : (__int128)start - stop;
    __int128 by = step > 0 ? step : -(__int128)step;
    __int128 len = distance > 0 ? (distance - 1) / by + 1 : 0;
    if (len > INT64_MAX)
        py_refuse(run, PY_REFUSE_BUILTIN, "a range of more than 2**63 items is not supported");
    r->len = (int64_t)len;
    return py_object(&r->base);
}

static struct py_value range_new(struct py_run *run, struct py_call *call)
{
    int64_t v[3] = {0, 0, 1};
    for (size_t i = 1; i < call->count; i++) {
        struct py_value n = py_require_known(run, call->args[i]);
        if (py_is_int(n) && py_unbox_int(n).kind != PY_INT)
            py_refuse(run, PY_REFUSE_BUILTIN, "a range beyond 64 bits is not supported");
        v[call->count == 2 ? 1 : i - 1] = py_as_index(run, n, NULL);
    }
    if (v[2] == 0)
        py_raise(run, &py_value_error_class, "range() arg 3 must not be zero");
    return py_new_range(run, v[0], v[1], v[2]);
}

static struct py_range *range_of(struct py_call *call)
{
    return (struct py_range *)call->self.object;
}

static struct py_value range_iter(struct py_run *run, struct py_call *call)
{
    return py_new_iterator(run, PY_T_iterator, next_range, call->self);
}

static struct py_value range_len(struct py_run *run, struct py_call *call)
{
    (void)run;
    return py_int(range_of(call)->len);
}

static struct py_value range_item(struct py_run *run, struct py_call *call)
{
    const struct py_range *r = range_of(call);
    if (py_is_slice(call->args[0])) {
        int64_t start, step;
        size_t n = py_slice_bounds(run, call->args[0], (size_t)r->len, &start, &step);
        int64_t first = r->start + start * r->step, by = r->step * step;
        return py_new_range(run, first, first + (int64_t)n * by, by);
    }
    int64_t i = py_as_index(run, call->args[0], NULL);
    if (i < 0)
        i += r->len;
    if (i < 0 || i >= r->len)
        py_raise(run, &py_index_error_class, "range object index out of range");
    return py_int(r->start + i * r->step);
}

static bool range_find(const struct py_range *r, struct py_value v, int64_t *index)
{
    if (!py_is_int(v))
        return false;
    v = py_unbox_int(v);
    if (v.kind != PY_INT || r->len == 0)
        return false;
    __int128 d = (__int128)v.integer - r->start;
    if (d % r->step != 0)
        return false;
    d /= r->step;
    if (d < 0 || d >= r->len)
        return false;
    *index = (int64_t)d;
    return true;
}

static struct py_value range_contains(struct py_run *run, struct py_call *call)
{
    int64_t i;
    struct py_value v = call->args[0];
    if (py_is_float(v)) {
        double d = py_unbox_float(run, v);
        if (d != (double)(int64_t)d)
            return py_bool(false);
        v = py_int((int64_t)d);
    }
    return py_bool(range_find(range_of(call), v, &i));
}

static struct py_value range_index(struct py_run *run, struct py_call *call)
{
    int64_t i;
    if (!range_find(range_of(call), call->args[0], &i))
        py_raise(run, &py_value_error_class, "%s is not in range",
                 py_repr_text(run, call->args[0]));
    return py_int(i);
}

static struct py_value range_count(struct py_run *run, struct py_call *call)
{
    int64_t i;
    (void)run;
    return py_int(range_find(range_of(call), call->args[0], &i));
}

static struct py_value range_repr(struct py_run *run, struct py_call *call)
{
    const struct py_range *r = range_of(call);
    if (r->step == 1)
        return py_new_strf(run, "range(%lld, %lld)", (long long)r->start, (long long)r->stop);
    return py_new_strf(run, "range(%lld, %lld, %lld)", (long long)r->start, (long long)r->stop,
                       (long long)r->step);
}

static struct py_value range_eq(struct py_run *run, struct py_call *call)
{
    (void)run;
    struct py_value v = call->args[0];
    if (v.kind != PY_OBJECT || v.object->cls->native != &py_range_class)
        return py_not_implemented();
    const struct py_range *a = range_of(call), *b = (const struct py_range *)v.object;
    return py_bool(a->len == b->len &&
                   (a->len == 0 ||
                    (a->start == b->start && (a->len == 1 || a->step == b->step))));
}

static struct py_value range_hash(struct py_run *run, struct py_call *call)
{
    (void)run;
    const struct py_range *r = range_of(call);
    return py_int(r->len == 0 ? 0 : r->len * 31 + r->start);
}

static struct py_value range_attr(struct py_run *run, struct py_call *call)
{
    (void)run;
    const struct py_range *r = range_of(call);
    const char *name = call->function->name;
    return py_int(strcmp(name, "start") == 0 ? r->start : strcmp(name, "stop") == 0 ? r->stop
                                                                                   : r->step);
}

static const struct py_member range_members[] = {
    PY_STATIC_N("__new__", range_new, 2, 4),
    PY_FUNCTION_N("__iter__", range_iter, 0, 0),
    PY_FUNCTION_N("__len__", range_len, 0, 0),
    PY_FUNCTION_N("__getitem__", range_item, 1, 1),
    PY_FUNCTION_N("__contains__", range_contains, 1, 1),
    PY_FUNCTION_N("index", range_index, 1, 1),
    PY_FUNCTION_N("count", range_count, 1, 1),
    PY_FUNCTION_N("__repr__", range_repr, 0, 0),
    PY_FUNCTION_N("__eq__", range_eq, 1, 1),
    PY_FUNCTION_N("__hash__", range_hash, 0, 0),
    PY_PROPERTY("start", range_attr),
    PY_PROPERTY("stop", range_attr),
    PY_PROPERTY("step", range_attr),
    PY_MEMBERS_END,
};

const struct py_native_class py_range_class = {
    .name = "range",
    .members = range_members,
    .flags = PY_CLASS_COMPLETE | PY_CLASS_FINAL,
    .layout = PY_LAYOUT_OPAQUE,
};

/* ------------------------------------------------------------------ views of dicts */

struct view {
    struct py_object base;
    struct py_value dict;
};

static size_t view_kind(struct py_value v)
{
    const struct py_native_class *c = v.object->cls->native;
    return c == &py_dict_items_class ? 2 : c == &py_dict_values_class;
}

struct py_value py_new_view(struct py_run *run, enum py_builtin_id id, struct py_value dict)
{
    struct view *v = py_new_object(run, id, sizeof(*v));
    v->dict = dict;
    return py_object(&v->base);
}

static struct py_value view_iter(struct py_run *run, struct py_call *call)
{
    struct py_value dict = ((struct view *)call->self.object)->dict;
    struct py_value it = table_iterator(run, dict, view_kind(call->self));
    it.mark = dict.mark;
    return it;
}

static struct py_value view_len(struct py_run *run, struct py_call *call)
{
    (void)run;
    return py_int((int64_t)py_dict_of(((struct view *)call->self.object)->dict)->table.len);
}

static struct py_value view_contains(struct py_run *run, struct py_call *call)
{
    struct py_dict *dict = py_dict_of(((struct view *)call->self.object)->dict);
    struct py_value v = call->args[0], key, value;
    size_t kind = view_kind(call->self);
    if (kind == 0)
        return py_bool(py_dict_get(run, dict, v).kind != PY_ABSENT);
    if (kind == 2) {
        if (!py_is_tuple(v) || py_tuple_of(v)->len != 2)
            return py_bool(false);
        value = py_dict_get(run, dict, py_tuple_of(v)->items[0]);
        return py_bool(value.kind != PY_ABSENT &&
                       py_equal(run, value, py_tuple_of(v)->items[1]));
    }
    for (size_t i = 0; py_dict_next(dict, &i, &key, &value);) {
        if (py_is(value, v) || py_equal(run, value, v))
            return py_bool(true);
    }
    return py_bool(false);
}

static struct py_value view_repr(struct py_run *run, struct py_call *call)
{
    struct str s = STR_IN(run->arena);
    str_addf(&s, "%s(", call->self.object->cls->name);
    py_add_repr(run, &s, py_list_of_items(run, call->self));
    str_addc(&s, ')');
    return py_str_take(run, &s);
}

static struct py_value as_set(struct py_run *run, struct py_value v)
{
    struct py_value set = py_new_set(run), item;
    struct py_value it = py_iter(run, v);
    while (py_next(run, it, &item))
        py_set_add(run, set, item);
    return set;
}

static struct py_value view_set_op(struct py_run *run, struct py_call *call)
{
    const char *name = call->function->name;
    struct py_value a = as_set(run, call->self), b = as_set(run, call->args[0]);
    if (name[2] == 'r') {
        struct py_value t = a;
        a = b;
        b = t;
        name++;
    }
    return py_binary(run, name[2] == 'a' ? PY_OP_BIT_AND
                          : name[2] == 'o' ? PY_OP_BIT_OR
                          : name[2] == 's' ? PY_OP_SUB
                                           : PY_OP_BIT_XOR,
                     a, b);
}

static struct py_value view_eq(struct py_run *run, struct py_call *call)
{
    return py_bool(py_equal(run, as_set(run, call->self), as_set(run, call->args[0])));
}

#define VIEW_ROWS                                                                                  \
    PY_FUNCTION_N("__iter__", view_iter, 0, 0), PY_FUNCTION_N("__len__", view_len, 0, 0),          \
        PY_FUNCTION_N("__contains__", view_contains, 1, 1),                                        \
        PY_FUNCTION_N("__repr__", view_repr, 0, 0)
#define SET_ROWS                                                                                   \
    PY_FUNCTION_N("__and__", view_set_op, 1, 1), PY_FUNCTION_N("__or__", view_set_op, 1, 1),       \
        PY_FUNCTION_N("__sub__", view_set_op, 1, 1), PY_FUNCTION_N("__xor__", view_set_op, 1, 1),  \
        PY_FUNCTION_N("__rand__", view_set_op, 1, 1), PY_FUNCTION_N("__ror__", view_set_op, 1, 1), \
        PY_FUNCTION_N("__rsub__", view_set_op, 1, 1), PY_FUNCTION_N("__eq__", view_eq, 1, 1)

static const struct py_member set_view_members[] = {VIEW_ROWS, SET_ROWS, PY_MEMBERS_END};
static const struct py_member values_members[] = {VIEW_ROWS, PY_MEMBERS_END};

#define VIEW_CLASS(id, rows)                                                                       \
    const struct py_native_class py_##id##_class = {                                               \
        .name = #id,                                                                               \
        .members = rows,                                                                           \
        .flags = PY_CLASS_COMPLETE | PY_CLASS_FINAL | PY_CLASS_ABSTRACT,                           \
        .layout = PY_LAYOUT_OPAQUE,                                                                \
    };

VIEW_CLASS(dict_keys, set_view_members)
VIEW_CLASS(dict_values, values_members)
VIEW_CLASS(dict_items, set_view_members)
