/* Making values and reading them: the part of native.h that touches no protocol. */
#include "config.h"

#include <stdarg.h>
#include <string.h>

#include "base/utf8.h"
#include "python/interp.h"

void *py_new_object(struct py_run *run, enum py_builtin_id id, size_t size)
{
    struct py_type *type = py_builtin(run, id);
    struct py_object *o = py_alloc(run, size);
    o->cls = type;
    return o;
}

struct py_value py_new_builtin_of(struct py_run *run, struct py_type *type, size_t size)
{
    struct py_object *o = py_alloc(run, size);
    o->cls = type;
    return py_object(o);
}

/* ------------------------------------------------------------------ str, bytes */

static uint64_t hash_text(const char *text, size_t len)
{
    uint32_t h = 2166136261u; /* FNV-1a, as struct py_name has it */
    for (size_t i = 0; i < len; i++)
        h = (h ^ (unsigned char)text[i]) * 16777619u;
    return h ? h : 1;
}

uint64_t py_str_hash(struct py_str *s)
{
    if (s->hash == 0)
        s->hash = hash_text(s->ptr, s->len);
    return s->hash;
}

struct py_value py_str_own(struct py_run *run, const char *text, size_t len)
{
    py_check_string(run, len);
    struct py_str *s = py_new_object(run, PY_T_str, sizeof(*s));
    s->ptr = text;
    s->len = len;
    s->count = utf8_count(text, len);
    return py_object(&s->base);
}

struct py_value py_str_char(struct py_run *run, const char *text, size_t len)
{
    if (len == 0) {
        if (!run->empty)
            run->empty = py_str_of(py_str_own(run, "", 0));
        return py_object(&run->empty->base);
    }
    if (len == 1 && (unsigned char)*text < 128) {
        struct py_str **known = &run->chars[(unsigned char)*text];
        if (!*known)
            *known = py_str_of(py_str_own(run, arena_strndup(run->arena, text, 1), 1));
        return py_object(&(*known)->base);
    }
    py_check_string(run, len);
    char *copy = py_alloc(run, len + 1);
    memcpy(copy, text, len);
    return py_str_own(run, copy, len);
}

struct py_value py_new_strn(struct py_run *run, const char *text, size_t len)
{
    return py_str_char(run, text, len);
}

struct py_value py_new_str(struct py_run *run, const char *text)
{
    return py_str_char(run, text, strlen(text));
}

struct py_value py_new_strf(struct py_run *run, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    char *text = arena_vprintf(run->arena, fmt, ap);
    va_end(ap);
    return py_str_own(run, text, strlen(text));
}

struct py_value py_str_take(struct py_run *run, struct str *s)
{
    size_t len = s->len;
    if (len <= 1)
        return py_str_char(run, s->ptr, len);
    return py_str_own(run, s->ptr, len);
}

struct py_value py_new_bytes(struct py_run *run, const void *data, size_t len)
{
    py_check_string(run, len);
    struct py_bytes *b = py_new_object(run, PY_T_bytes, sizeof(*b));
    char *copy = py_alloc(run, len + 1);
    if (len > 0)
        memcpy(copy, data, len);
    b->ptr = copy;
    b->len = len;
    return py_object(&b->base);
}

/* ------------------------------------------------------------------ list, tuple */

struct py_value py_list_own(struct py_run *run, struct py_value *items, size_t count)
{
    py_check_items(run, count);
    struct py_list *l = py_new_object(run, PY_T_list, sizeof(*l));
    l->items = items;
    l->len = l->cap = count;
    return py_object(&l->base);
}

struct py_value py_new_list(struct py_run *run)
{
    return py_list_own(run, NULL, 0);
}

void py_list_reserve(struct py_run *run, struct py_list *list, size_t more)
{
    size_t need = list->len + more;
    if (need <= list->cap)
        return;
    py_check_items(run, need);
    size_t cap = list->cap < 4 ? 4 : list->cap * 2;
    if (cap < need)
        cap = need;
    struct py_value *items = py_alloc(run, cap * sizeof(*items));
    if (list->len > 0)
        memcpy(items, list->items, list->len * sizeof(*items));
    list->items = items;
    list->cap = cap;
}

void py_list_append(struct py_run *run, struct py_value list, struct py_value item)
{
    struct py_list *l = py_list_of(list);
    if (l->len == l->cap)
        py_list_reserve(run, l, 1);
    l->items[l->len++] = item;
}

struct py_value py_tuple_own(struct py_run *run, const struct py_value *items, size_t count)
{
    py_check_items(run, count);
    if (count == 0) {
        if (run->empty_tuple.kind == PY_ABSENT) {
            struct py_tuple *t = py_new_object(run, PY_T_tuple, sizeof(*t));
            run->empty_tuple = py_object(&t->base);
        }
        return run->empty_tuple;
    }
    struct py_tuple *t = py_new_object(run, PY_T_tuple, sizeof(*t));
    t->items = items;
    t->len = count;
    return py_object(&t->base);
}

struct py_value py_new_tuple(struct py_run *run, const struct py_value *items, size_t count)
{
    if (count == 0)
        return py_tuple_own(run, NULL, 0);
    py_check_items(run, count);
    struct py_value *copy = py_alloc(run, count * sizeof(*copy));
    memcpy(copy, items, count * sizeof(*copy));
    return py_tuple_own(run, copy, count);
}

/* ------------------------------------------------------------------ dict, set */

struct py_value py_new_dict(struct py_run *run)
{
    struct py_dict *d = py_new_object(run, PY_T_dict, sizeof(*d));
    return py_object(&d->base);
}

struct py_value py_new_set(struct py_run *run)
{
    struct py_set *s = py_new_object(run, PY_T_set, sizeof(*s));
    return py_object(&s->base);
}

struct py_value py_new_frozenset(struct py_run *run)
{
    struct py_set *s = py_new_object(run, PY_T_frozenset, sizeof(*s));
    return py_object(&s->base);
}

struct py_value py_dict_get(struct py_run *run, struct py_dict *dict, struct py_value key)
{
    uint64_t hash = py_hash(run, key);
    struct py_entry *e = py_table_find(run, &dict->table, key, hash);
    return e ? e->value : py_absent();
}

void py_dict_put(struct py_run *run, struct py_dict *dict, struct py_value key,
                 struct py_value value)
{
    uint64_t hash = py_hash(run, key);
    py_table_put(run, &dict->table, key, hash)->value = value;
}

bool py_dict_remove(struct py_run *run, struct py_dict *dict, struct py_value key)
{
    uint64_t hash = py_hash(run, key);
    return py_table_remove(run, &dict->table, key, hash);
}

struct py_name py_name_of(const char *text)
{
    size_t len = strlen(text);
    return (struct py_name){
        .text = text, .len = (uint32_t)len, .hash = (uint32_t)hash_text(text, len)};
}

struct py_value py_name_value(struct py_run *run, const struct py_name *name)
{
    struct py_entry *e = py_table_find_name(&run->strings, name);
    if (e)
        return e->key;
    struct py_value s = py_new_strn(run, name->text, name->len);
    return py_table_put(run, &run->strings, s, py_str_hash(py_str_of(s)))->key;
}

struct py_value py_dict_get_name(const struct py_dict *dict, const char *key)
{
    if (!dict)
        return py_absent();
    struct py_name name = py_name_of(key);
    const struct py_entry *e = py_table_find_name(&dict->table, &name);
    return e ? e->value : py_absent();
}

void py_dict_put_name(struct py_run *run, struct py_dict *dict, const char *key,
                      struct py_value value)
{
    struct py_name name = py_name_of(key);
    struct py_entry *e = py_table_find_name(&dict->table, &name);
    if (!e) {
        struct py_value k = py_name_value(run, &name);
        e = py_table_put(run, &dict->table, k, py_str_hash(py_str_of(k)));
    }
    e->value = value;
}

struct py_value py_dict_take_name(struct py_run *run, struct py_dict *dict, const char *key)
{
    if (!dict)
        return py_absent();
    struct py_name name = py_name_of(key);
    struct py_entry *e = py_table_find_name(&dict->table, &name);
    if (!e)
        return py_absent();
    struct py_value value = e->value;
    py_table_remove_entry(run, &dict->table, e);
    return value;
}

static bool next_entry(const struct py_table *t, size_t *i, struct py_value *key,
                       struct py_value *value)
{
    while (*i < t->used) {
        const struct py_entry *e = &t->entries[(*i)++];
        if (e->key.kind == PY_ABSENT)
            continue;
        if (key)
            *key = e->key;
        if (value)
            *value = e->value;
        return true;
    }
    return false;
}

bool py_dict_next(const struct py_dict *dict, size_t *i, struct py_value *key,
                  struct py_value *value)
{
    return dict && next_entry(&dict->table, i, key, value);
}

bool py_set_next(const struct py_set *set, size_t *i, struct py_value *item)
{
    return next_entry(&set->table, i, item, NULL);
}

void py_set_add(struct py_run *run, struct py_value set, struct py_value item)
{
    uint64_t hash = py_hash(run, item);
    py_table_put(run, &py_set_of(set)->table, item, hash);
}

/* ------------------------------------------------------------------ small objects */

struct py_value py_new_slice(struct py_run *run, struct py_value start, struct py_value stop,
                             struct py_value step)
{
    struct py_slice *s = py_new_object(run, PY_T_slice, sizeof(*s));
    s->start = start;
    s->stop = stop;
    s->step = step;
    return py_object(&s->base);
}

bool py_is_slice(struct py_value v)
{
    return v.kind == PY_OBJECT && v.object->cls->native == &py_slice_class;
}

struct py_value py_new_method(struct py_run *run, struct py_value function, struct py_value self)
{
    struct py_method *m = py_new_object(run, PY_T_method, sizeof(*m));
    m->function = function;
    m->self = self;
    return py_object(&m->base);
}

struct py_value py_new_cell(struct py_run *run, struct py_value v)
{
    struct py_cell *c = py_alloc(run, sizeof(*c));
    c->value = v;
    return py_object(&c->base);
}

struct py_value py_new_function(struct py_run *run, const struct py_member *row,
                                struct py_value self)
{
    struct py_native_object *f = py_new_object(run, PY_T_builtin_function, sizeof(*f));
    f->row = row;
    f->self = self;
    return py_object(&f->base);
}

struct py_value py_new_unknown(struct py_run *run, enum py_refusal refusal, const char *what,
                               const char *reason)
{
    struct py_unknown *u = py_new_object(run, PY_T_unknown, sizeof(*u));
    struct py_place where = py_where(run);
    u->refusal = refusal;
    u->what = arena_strdup(run->arena, what);
    u->reason = arena_strdup(run->arena, reason);
    u->file = where.file;
    u->line = where.line;
    u->column = where.column;
    return py_object(&u->base);
}

/* ------------------------------------------------------------------ unknowns and marks */

struct py_value py_require_known(struct py_run *run, struct py_value v)
{
    if (!py_is_unknown(v))
        return v;
    const struct py_unknown *u = (const struct py_unknown *)v.object;
    struct py_place here = py_where(run);
    if (u->file && (!here.file || here.line != u->line || strcmp(here.file, u->file) != 0))
        py_refuse(run, u->refusal, "the value of %s is not known: %s (%s:%d)", u->what, u->reason,
                  u->file, u->line);
    py_refuse(run, u->refusal, "the value of %s is not known: %s", u->what, u->reason);
}

/* Calls visit for v and everything in its containers; true as soon as one call is. */
static bool visit_deep(struct py_run *run, struct py_value v, int depth,
                       bool (*visit)(struct py_run *run, struct py_value v))
{
    if (visit(run, v))
        return true;
    if (v.kind != PY_OBJECT)
        return false;
    if (depth > 100)
        py_limit(run, PY_REFUSE_LIMIT_DEPTH, "containers nested too deeply");
    struct py_value key, value;
    size_t i = 0;
    switch ((int)v.object->cls->layout) {
    case PY_LAYOUT_LIST:
        for (; i < py_list_of(v)->len; i++) {
            if (visit_deep(run, py_list_of(v)->items[i], depth + 1, visit))
                return true;
        }
        break;
    case PY_LAYOUT_TUPLE:
        for (; i < py_tuple_of(v)->len; i++) {
            if (visit_deep(run, py_tuple_of(v)->items[i], depth + 1, visit))
                return true;
        }
        break;
    case PY_LAYOUT_DICT:
        while (py_dict_next(py_dict_of(v), &i, &key, &value)) {
            if (visit_deep(run, key, depth + 1, visit) || visit_deep(run, value, depth + 1, visit))
                return true;
        }
        break;
    case PY_LAYOUT_SET:
        while (py_set_next(py_set_of(v), &i, &key)) {
            if (visit_deep(run, key, depth + 1, visit))
                return true;
        }
        break;
    case PY_LAYOUT_INSTANCE:
        while (py_dict_next(v.object->dict, &i, &key, &value)) {
            if (value.mark && visit(run, value))
                return true;
        }
        break;
    default:
        break;
    }
    return false;
}

static bool visit_known(struct py_run *run, struct py_value v)
{
    py_require_known(run, v);
    return false;
}

static bool visit_mark(struct py_run *run, struct py_value v)
{
    (void)run;
    return v.mark != 0;
}

void py_require_known_deep(struct py_run *run, struct py_value v)
{
    visit_deep(run, v, 0, visit_known);
}

bool py_is_marked(struct py_run *run, struct py_value v)
{
    return visit_deep(run, v, 0, visit_mark);
}

/* ------------------------------------------------------------------ converters */

static PY_NORETURN void wrong_kind(struct py_run *run, struct py_value v, const char *what,
                                   const char *kind)
{
    if (v.kind == PY_ABSENT)
        py_raise(run, &py_type_error_class, "%s must be %s", what, kind);
    py_raise(run, &py_type_error_class, "%s must be %s, not %s", what, kind,
             py_class_name(run, v));
}

const struct py_str *py_as_text(struct py_run *run, struct py_value v, const char *what)
{
    run->touched |= v.mark;
    if (!py_is_str(v)) {
        py_require_known(run, v);
        wrong_kind(run, v, what, "str");
    }
    return py_str_of(v);
}

const char *py_as_string(struct py_run *run, struct py_value v, const char *what)
{
    const struct py_str *s = py_as_text(run, v, what);
    if (strlen(s->ptr) != s->len)
        py_refuse(run, PY_REFUSE_NUL, "%s: a string with a NUL character is not supported",
                  what ? what : "this place");
    return s->ptr;
}

const char *py_as_string_or_null(struct py_run *run, struct py_value v, const char *what)
{
    return py_is_unset(v) ? NULL : py_as_string(run, v, what);
}

struct py_value py_unbox_int(struct py_value v)
{
    if (v.kind == PY_BOOL) {
        struct py_value i = py_int(v.boolean);
        i.mark = v.mark;
        return i;
    }
    if (v.kind == PY_OBJECT && v.object->cls->native != &py_int_class)
        return ((struct py_boxed *)v.object)->value;
    return v;
}

int64_t py_as_int64(struct py_run *run, struct py_value v, const char *what)
{
    run->touched |= v.mark;
    if (!py_is_int(v)) {
        py_require_known(run, v);
        wrong_kind(run, v, what, "int");
    }
    v = py_unbox_int(v);
    if (v.kind != PY_INT)
        py_raise(run, &py_overflow_error_class, "Python int too large to convert to C long");
    return v.integer;
}

double py_unbox_float(struct py_run *run, struct py_value v)
{
    if (v.kind == PY_FLOAT)
        return v.number;
    if (py_is_layout(v, PY_LAYOUT_FLOAT))
        return ((struct py_boxed *)v.object)->value.number;
    return py_int_to_double(run, py_unbox_int(v));
}

double py_as_double(struct py_run *run, struct py_value v, const char *what)
{
    run->touched |= v.mark;
    if (!py_is_int(v) && !py_is_float(v)) {
        py_require_known(run, v);
        wrong_kind(run, v, what, "a number");
    }
    return py_unbox_float(run, v);
}

/* ------------------------------------------------------------------ functions as values */

bool py_is_python_function(struct py_value v)
{
    return v.kind == PY_OBJECT && v.object->cls->native == &py_function_class;
}

const char *py_function_name(struct py_run *run, struct py_value v)
{
    return py_as_string(run, py_getattr(run, v, "__name__"), "__name__");
}
