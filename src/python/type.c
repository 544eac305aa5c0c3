/*
 * Classes: from native tables (on first use) and from class statements.
 *
 * A native class keeps its members as rows (PY_ROW values) in its namespace; a row becomes an
 * object when a program asks for it.
 */
#include "config.h"

#include <string.h>

#include "python/interp.h"

static const struct py_native_class *const builtin_tables[] = {
#define PY_BUILTIN_CLASS(id, name) [PY_T_##id] = &py_##id##_class,
#define PY_EXCEPTION_CLASS(id, name, base, members) [PY_T_##id] = &py_##id##_class,
#include "python/classes.def"
};

_Static_assert(sizeof(builtin_tables) / sizeof(*builtin_tables) == PY_BUILTIN_IDS,
               "one table for each built-in class");

struct py_type *py_builtin(struct py_run *run, enum py_builtin_id id)
{
    struct py_type *type = run->builtins[id];
    if (!type)
        type = run->builtins[id] = py_class_for(run, builtin_tables[id]);
    return type;
}

/* ------------------------------------------------------------------ native classes */

static struct py_native_slot *native_slot(struct py_run *run, const struct py_native_class *native)
{
    size_t mask = run->native_cap - 1;
    size_t i = ((uintptr_t)native >> 4) & mask;
    while (run->natives[i].native && run->natives[i].native != native)
        i = (i + 1) & mask;
    return &run->natives[i];
}

static void add_native(struct py_run *run, const struct py_native_class *native,
                       struct py_type *type)
{
    if ((run->native_count + 1) * 2 > run->native_cap) {
        struct py_native_slot *old = run->natives;
        size_t old_cap = run->native_cap;
        run->native_cap = old_cap ? old_cap * 2 : 64;
        run->natives = py_alloc(run, run->native_cap * sizeof(*run->natives));
        for (size_t i = 0; i < old_cap; i++) {
            if (old[i].native)
                *native_slot(run, old[i].native) = old[i];
        }
    }
    *native_slot(run, native) = (struct py_native_slot){native, type};
    run->native_count++;
}

/* ------------------------------------------------------------------ method resolution order */

struct mro_list {
    struct py_type *const *at;
    size_t len, next;
};

static bool in_tail(struct py_run *run, const struct mro_list *lists, size_t count,
                    const struct py_type *t)
{
    py_work(run, count * 4 * sizeof(*lists));
    for (size_t i = 0; i < count; i++) {
        py_work(run, (lists[i].len - lists[i].next) * sizeof(t));
        for (size_t k = lists[i].next + 1; k < lists[i].len; k++) {
            if (lists[i].at[k] == t)
                return true;
        }
    }
    return false;
}

/* Of a class with one base: those of the base behind it. */
static void make_single_mro(struct py_run *run, struct py_type *type)
{
    const struct py_type *base = type->bases[0];
    struct py_type **mro = py_alloc(run, (base->mro_len + 1) * sizeof(struct py_type *));
    mro[0] = type;
    memcpy(mro + 1, base->mro, base->mro_len * sizeof(struct py_type *));
    type->mro = mro;
    type->mro_len = base->mro_len + 1;
}

/* C3 linearisation (Python's "The Python 2.3 Method Resolution Order"). */
static void make_mro(struct py_run *run, struct py_type *type)
{
    if (type->base_count == 1) {
        make_single_mro(run, type);
        return;
    }
    size_t count = type->base_count + 1, max = 1;
    struct mro_list *lists = py_alloc(run, count * sizeof(*lists));
    for (size_t i = 0; i < type->base_count; i++) {
        lists[i] = (struct mro_list){type->bases[i]->mro, type->bases[i]->mro_len, 0};
        max += lists[i].len;
    }
    lists[count - 1] = (struct mro_list){type->bases, type->base_count, 0};
    struct py_type **mro = py_alloc(run, max * sizeof(struct py_type *));
    size_t len = 0;
    mro[len++] = type;
    for (;;) {
        struct py_type *found = NULL;
        bool left = false;
        for (size_t i = 0; i < count && !found; i++) {
            if (lists[i].next >= lists[i].len)
                continue;
            left = true;
            struct py_type *t = lists[i].at[lists[i].next];
            if (!in_tail(run, lists, count, t))
                found = t;
        }
        if (!left)
            break;
        if (!found) {
            struct str names = STR_IN(run->arena);
            for (size_t i = 0; i < type->base_count; i++)
                str_addf(&names, "%s%s", i ? ", " : "", type->bases[i]->name);
            py_raise(run, &py_type_error_class,
                     "Cannot create a consistent method resolution\norder (MRO) for bases %s",
                     names.ptr);
        }
        mro[len++] = found;
        for (size_t i = 0; i < count; i++) {
            if (lists[i].next < lists[i].len && lists[i].at[lists[i].next] == found)
                lists[i].next++;
        }
    }
    type->mro = mro;
    type->mro_len = len;
}

/* The native class whose payload the instances of a class have; NULL: they have none. */
static const struct py_type *payload_class(const struct py_type *type)
{
    for (size_t i = 0; type->payload_size > 0 && i < type->mro_len; i++) {
        if (type->mro[i]->native && type->mro[i]->payload_size == type->payload_size)
            return type->mro[i];
    }
    return NULL;
}

/* Two native bases share one payload: one of them must be a base of the other. */
static void check_payloads(struct py_run *run, const struct py_type *type)
{
    const struct py_type *all = NULL;
    for (size_t i = 0; !type->native && i < type->base_count; i++) {
        const struct py_type *one = payload_class(type->bases[i]);
        if (all && one && !py_issubclass(all, one) && !py_issubclass(one, all))
            py_refuse(run, PY_REFUSE_CLASS, "a class that is both %s and %s is not supported",
                      py_type_title(all), py_type_title(one));
        if (one && (!all || py_issubclass(one, all)))
            all = one;
    }
}

bool py_is_unfinished(struct py_value v)
{
    if (v.kind != PY_OBJECT || !v.object->cls->needs_init ||
        v.object->cls->layout != PY_LAYOUT_INSTANCE)
        return false;
    const char *payload = ((const struct py_instance *)v.object)->payload;
    for (size_t i = 0; i < v.object->cls->payload_size; i++) {
        if (payload[i])
            return false;
    }
    return true;
}

void py_require_finished(struct py_run *run, struct py_value v)
{
    if (py_is_unfinished(v))
        py_refuse(run, PY_REFUSE_INCOMPLETE, "the __init__() of the native base of %s has not run",
                  v.object->cls->name);
}

/* Layout, payload and completeness come from the bases. */
static void inherit(struct py_run *run, struct py_type *type)
{
    check_payloads(run, type);
    for (size_t i = 0; i < type->base_count; i++) {
        const struct py_type *base = type->bases[i];
        type->partial |= base->partial;
        type->needs_init |= base->needs_init;
        if (base->payload_size > type->payload_size)
            type->payload_size = base->payload_size;
        if (base->layout == PY_LAYOUT_INSTANCE)
            continue;
        if (type->layout != PY_LAYOUT_INSTANCE && type->layout != base->layout)
            py_raise(run, &py_type_error_class, "multiple bases have instance lay-out conflict");
        type->layout = base->layout;
    }
}

static void set_title(struct py_run *run, struct py_type *type)
{
    if (strcmp(type->module, "builtins") != 0)
        type->title = arena_printf(run->arena, "%s.%s", type->module, type->qualname);
}

struct py_type *py_class_for(struct py_run *run, const struct py_native_class *native)
{
    if (run->native_cap > 0) {
        const struct py_native_slot *slot = native_slot(run, native);
        if (slot->native)
            return slot->type;
    }
    struct py_type *type = PY_NEW(run, struct py_type);
    add_native(run, native, type);
    type->name = type->qualname = native->name;
    type->module = native->module ? native->module : "builtins";
    type->native = native;
    size_t count = 0;
    while (native->bases && native->bases[count])
        count++;
    bool is_object = native == &py_object_class;
    struct py_type **bases = py_alloc(run, (count + 1) * sizeof(struct py_type *));
    for (size_t i = 0; i < count; i++)
        bases[i] = py_class_for(run, native->bases[i]);
    if (count == 0 && !is_object)
        bases[count++] = py_class_for(run, &py_object_class);
    type->bases = bases;
    type->base_count = count;
    type->payload_size = native->payload_size;
    type->needs_init = native->flags & PY_CLASS_NEEDS_INIT;
    inherit(run, type);
    if (native->layout != PY_LAYOUT_INSTANCE)
        type->layout = native->layout;
    if (!(native->flags & PY_CLASS_COMPLETE))
        type->partial = true;
    make_mro(run, type);
    set_title(run, type);
    const struct py_native_class *meta = native->metaclass;
    if (meta)
        type->base.cls = py_class_for(run, meta);
    else if (count > 0 && bases[0]->base.cls)
        type->base.cls = bases[0]->base.cls;
    else
        type->base.cls = py_class_for(run, &py_type_class);
    return type;
}

struct py_value py_class_value(struct py_type *cls)
{
    return py_object(&cls->base);
}

struct py_value py_type_object(struct py_run *run, const struct py_native_class *native)
{
    return py_object(&py_class_for(run, native)->base);
}

void py_fill_type(struct py_run *run, struct py_type *type)
{
    if (type->filled)
        return;
    type->filled = true;
    if (!type->base.dict)
        type->base.dict = py_dict_of(py_new_dict(run));
    if (!type->native || !type->native->members)
        return;
    size_t count = 0;
    while (type->native->members[count].name)
        count++;
    py_table_reserve(run, &type->base.dict->table, count);
    for (const struct py_member *m = type->native->members; m->name; m++) {
        struct py_name name = py_name_of(m->name);
        if (py_table_find_name(&type->base.dict->table, &name))
            continue;
        struct py_str *key = py_str_of(py_str_own(run, m->name, name.len));
        struct py_value row = {.kind = PY_ROW, .object = NULL};
        row.object = (struct py_object *)(uintptr_t)m;
        py_table_put(run, &type->base.dict->table, py_object(&key->base), py_str_hash(key))->value =
            row;
    }
}

struct py_dict *py_class_namespace(struct py_run *run, struct py_type *cls)
{
    py_fill_type(run, cls);
    return cls->base.dict;
}

struct py_value py_type_find(struct py_run *run, struct py_type *type, const struct py_name *name,
                             struct py_type **owner)
{
    for (size_t i = 0; i < type->mro_len; i++) {
        struct py_type *t = type->mro[i];
        if (!t->filled)
            py_fill_type(run, t);
        struct py_entry *e = py_table_find_name(&t->base.dict->table, name);
        if (!e)
            continue;
        if (owner)
            *owner = t;
        py_work(run, i * PY_WORK_EACH);
        return e->value;
    }
    py_work(run, type->mro_len * PY_WORK_EACH);
    return py_absent();
}

struct py_value py_type_find_text(struct py_run *run, struct py_type *type, const char *name,
                                  struct py_type **owner)
{
    struct py_name n = py_name_of(name);
    return py_type_find(run, type, &n, owner);
}

struct py_value py_class_lookup(struct py_run *run, struct py_type *cls, const char *name,
                                struct py_type **owner)
{
    struct py_type *found = NULL;
    struct py_value raw = py_type_find_text(run, cls, name, &found);
    if (owner)
        *owner = found;
    return raw.kind == PY_ROW ? py_materialize(run, raw, found) : raw;
}

bool py_issubclass(const struct py_type *cls, const struct py_type *base)
{
    for (size_t i = 0; i < cls->mro_len; i++) {
        if (cls->mro[i] == base)
            return true;
    }
    return false;
}

bool py_class_is(const struct py_type *cls, const struct py_native_class *native)
{
    for (size_t i = 0; i < cls->mro_len; i++) {
        if (cls->mro[i]->native == native)
            return true;
    }
    return false;
}

const char *py_type_title(const struct py_type *type)
{
    return type->title ? type->title : type->qualname;
}

/* ------------------------------------------------------------------ class statements */

/* The most derived of the bases' metaclasses (Python reference, 3.3.3.3). */
static struct py_type *choose_metaclass(struct py_run *run, struct py_type *start,
                                        const struct py_tuple *bases)
{
    struct py_type *winner = start;
    for (size_t i = 0; i < bases->len; i++) {
        if (!py_is_class(bases->items[i])) {
            py_require_known(run, bases->items[i]);
            py_raise(run, &py_type_error_class, "bases must be types");
        }
        struct py_type *meta = bases->items[i].object->cls;
        if (py_issubclass(winner, meta))
            continue;
        if (!py_issubclass(meta, winner))
            py_raise(run, &py_type_error_class,
                     "metaclass conflict: the metaclass of a derived class must be a (non-strict) "
                     "subclass of the metaclasses of all its bases");
        winner = meta;
    }
    return winner;
}

/* Base classes that are not classes: list[int], Generic[T] give their origin (PEP 560). */
static struct py_value resolve_bases(struct py_run *run, struct py_value bases,
                                     struct py_dict *namespace)
{
    const struct py_tuple *given = py_tuple_of(bases);
    struct py_value *items = py_alloc(run, (given->len + 1) * sizeof(*items));
    size_t count = 0;
    bool changed = false;
    for (size_t i = 0; i < given->len; i++) {
        struct py_value b = given->items[i];
        if (b.kind == PY_OBJECT && b.object->cls->native == &py_generic_alias_class) {
            b = ((struct py_generic *)b.object)->origin;
            changed = true;
        }
        if (py_typing_form(b)) { /* Sequence, MutableSet: an abstract class */
            b = py_class_value(py_class_for(run, &py_abstract_form_class));
            changed = true;
        }
        bool twice = false;
        for (size_t k = 0; k < count; k++)
            twice |= changed && py_is(items[k], b);
        if (!twice)
            items[count++] = b;
    }
    if (changed)
        py_dict_put_name(run, namespace, "__orig_bases__", bases);
    return py_tuple_own(run, items, count);
}

static void name_members(struct py_run *run, struct py_type *type)
{
    struct py_value key, value;
    for (size_t i = 0; py_dict_next(type->base.dict, &i, &key, &value);) {
        struct py_type *owner;
        struct py_value raw;
        if (value.kind != PY_OBJECT || value.object->cls->layout == PY_LAYOUT_UNKNOWN ||
            !py_special(run, value, "__set_name__", &raw, &owner))
            continue;
        struct py_value args[2] = {py_class_value(type), key};
        py_call_raw(run, raw, owner, value, args, 2, NULL);
    }
}

static void call_init_subclass(struct py_run *run, struct py_type *type, struct py_dict *kwargs)
{
    struct py_name name = py_name_of("__init_subclass__");
    for (size_t i = 1; i < type->mro_len; i++) {
        struct py_type *t = type->mro[i];
        py_fill_type(run, t);
        struct py_entry *e = py_table_find_name(&t->base.dict->table, &name);
        if (!e)
            continue;
        struct py_value raw = e->value;
        struct py_value f = py_bind_raw(run, raw, t, py_absent(), type);
        if (py_is_python_function(f)) /* an implicit class method */
            f = py_new_method(run, f, py_class_value(type));
        py_call(run, f, NULL, 0, kwargs);
        return;
    }
}

static const char *namespace_text(struct py_run *run, struct py_dict *namespace, const char *name,
                                  const char *otherwise)
{
    struct py_value v = py_dict_get_name(namespace, name);
    (void)run;
    return py_is_str(v) ? py_str_of(v)->ptr : otherwise;
}

struct py_type *py_make_type(struct py_run *run, struct py_value meta, const char *name,
                             struct py_value bases, struct py_dict *namespace,
                             struct py_dict *kwargs)
{
    const struct py_tuple *given = py_tuple_of(bases);
    struct py_type *type = PY_NEW(run, struct py_type);
    type->base.cls = py_type_of(meta);
    type->name = arena_strdup(run->arena, name);
    if (run->class_statement &&
        strcmp(run->class_statement->as.class_def->ref.name->text, name) == 0) {
        type->statement = run->class_statement;
        type->source = run->frame->module->source;
        run->class_statement = NULL;
    }
    type->qualname = namespace_text(run, namespace, "__qualname__", type->name);
    type->module = namespace_text(run, namespace, "__module__", py_where_module(run));
    struct py_type **list = py_alloc(run, (given->len + 1) * sizeof(struct py_type *));
    for (size_t i = 0; i < given->len; i++) {
        list[i] = py_type_of(given->items[i]);
        if (list[i]->native == &py_module_class)
            py_refuse(run, PY_REFUSE_CLASS, "class %s derives from the class of modules", name);
        if (list[i]->native && (list[i]->native->flags & PY_CLASS_FINAL))
            py_raise(run, &py_type_error_class, "type '%s' is not an acceptable base type",
                     list[i]->name);
        for (size_t k = 0; k < i; k++) {
            if (list[k] == list[i])
                py_raise(run, &py_type_error_class, "duplicate base class %s", list[i]->name);
        }
    }
    type->base_count = given->len;
    if (given->len == 0) {
        list[0] = py_builtin(run, PY_T_object);
        type->base_count = 1;
    }
    type->bases = list;
    inherit(run, type);
    make_mro(run, type);
    set_title(run, type);
    struct py_value copy = py_new_dict(run);
    py_table_copy(run, &py_dict_of(copy)->table, &namespace->table);
    type->base.dict = py_dict_of(copy);
    py_dict_take_name(run, type->base.dict, "__qualname__");
    struct py_name eq = py_name_of("__eq__"), hash = py_name_of("__hash__");
    if (py_table_find_name(&type->base.dict->table, &eq) &&
        !py_table_find_name(&type->base.dict->table, &hash))
        py_dict_put_name(run, type->base.dict, "__hash__", py_none());
    if (!py_is_absent(py_dict_get_name(type->base.dict, "__getattribute__")))
        py_refuse(run, PY_REFUSE_CLASS, "class %s: __getattribute__ is not supported", name);
    type->filled = true;
    struct py_value cell = py_dict_take_name(run, type->base.dict, "__classcell__");
    if (cell.kind == PY_OBJECT)
        ((struct py_cell *)cell.object)->value = py_class_value(type);
    for (size_t i = 0; i < type->base_count; i++)
        vec_push(run->arena, &list[i]->subclasses, type);
    name_members(run, type);
    call_init_subclass(run, type, kwargs);
    return type;
}

/* A class with an unknown base is unknown itself, unless something known wants to see it. */
static struct py_value unknown_class(struct py_run *run, const char *name,
                                     const struct py_tuple *bases)
{
    const struct py_unknown *u = NULL;
    const struct py_type *hooked = NULL;
    for (size_t i = 0; i < bases->len; i++) {
        if (py_is_unknown(bases->items[i])) {
            u = u ? u : (const struct py_unknown *)bases->items[i].object;
            continue;
        }
        for (size_t k = 0; py_is_class(bases->items[i]) && k < py_type_of(bases->items[i])->mro_len;
             k++) {
            struct py_type *t = py_type_of(bases->items[i])->mro[k];
            if (t->native && t->native != &py_object_class && t->partial)
                hooked = t;
        }
    }
    if (!u)
        return py_absent();
    if (hooked)
        py_refuse(run, u->refusal, "class %s derives from %s and from %s, which is not known: %s",
                  name, hooked->name, u->what, u->reason);
    return py_new_unknown(run, u->refusal, name,
                          arena_printf(run->arena, "it derives from %s; %s", u->what, u->reason));
}

struct py_value py_build_class(struct py_run *run, const char *name, struct py_value given,
                               struct py_dict *namespace, struct py_dict *kwargs)
{
    struct py_value unknown = unknown_class(run, name, py_tuple_of(given));
    if (unknown.kind != PY_ABSENT)
        return unknown;
    struct py_value bases = resolve_bases(run, given, namespace);
    struct py_value meta = py_dict_take_name(run, kwargs, "metaclass");
    if (meta.kind == PY_ABSENT)
        meta = py_class_value(py_builtin(run, PY_T_type));
    if (py_is_unknown(meta))
        return py_new_unknown(run, PY_REFUSE_VALUE, name, "its metaclass is not known");
    if (py_is_class(meta)) {
        struct py_type *winner = choose_metaclass(run, py_type_of(meta), py_tuple_of(bases));
        meta = py_class_value(winner);
        if (winner->native && (winner == py_builtin(run, PY_T_type) ||
                               !py_overrides_new(run, winner)))
            return py_class_value(py_make_type(run, meta, name, bases, namespace, kwargs));
    }
    struct py_value args[3] = {py_new_str(run, name), bases, py_object(&namespace->base)};
    return py_call(run, meta, args, 3, kwargs);
}

/* ------------------------------------------------------------------ instances */

struct py_value py_new_of(struct py_run *run, struct py_type *cls, void **payload)
{
    struct py_instance *o;
    size_t head = (sizeof(*o) + _Alignof(max_align_t) - 1) / _Alignof(max_align_t) *
                  _Alignof(max_align_t);
    o = py_alloc(run, head + cls->payload_size);
    o->base.cls = cls;
    if (cls->payload_size > 0)
        o->payload = (char *)o + head;
    if (payload)
        *payload = o->payload;
    return py_object(&o->base);
}

struct py_value py_new(struct py_run *run, const struct py_native_class *cls, void **payload)
{
    return py_new_of(run, py_class_for(run, cls), payload);
}

void *py_payload(struct py_value v, const struct py_native_class *cls)
{
    if (!py_is_layout(v, PY_LAYOUT_INSTANCE) || !py_class_is(v.object->cls, cls))
        return NULL;
    return ((struct py_instance *)v.object)->payload;
}

void *py_require_payload(struct py_run *run, struct py_value v, const struct py_native_class *cls,
                         const char *what)
{
    void *payload = py_payload(v, cls);
    if (payload)
        return payload;
    py_require_known(run, v);
    py_raise(run, &py_type_error_class, "%s must be %s, not %s", what, cls->name,
             v.kind == PY_ABSENT ? "nothing" : py_class_name(run, v));
}

struct py_type *py_class(struct py_run *run, struct py_value v)
{
    static const uint8_t ids[] = {
        [PY_ABSENT] = PY_T_none,
        [PY_NONE] = PY_T_none,
        [PY_BOOL] = PY_T_bool,
        [PY_INT] = PY_T_int,
        [PY_FLOAT] = PY_T_float,
        [PY_ELLIPSIS] = PY_T_ellipsis,
        [PY_NOT_IMPLEMENTED] = PY_T_not_implemented,
    };
    return v.kind == PY_OBJECT ? v.object->cls : py_builtin(run, ids[v.kind]);
}

const char *py_class_name(struct py_run *run, struct py_value v)
{
    return py_class(run, v)->name;
}

bool py_isinstance(struct py_run *run, struct py_value v, const struct py_native_class *cls)
{
    return py_class_is(py_class(run, v), cls);
}

bool py_isinstance_of(struct py_run *run, struct py_value v, const struct py_type *cls)
{
    return py_issubclass(py_class(run, v), cls);
}

bool py_overrides(struct py_run *run, struct py_value v, const struct py_native_class *native,
                  const char *name)
{
    struct py_type *owner = NULL;
    struct py_type *cls = py_class(run, v);
    if (py_type_find_text(run, cls, name, &owner).kind == PY_ABSENT)
        return false;
    for (size_t i = 0; i < cls->mro_len; i++) {
        if (cls->mro[i]->native == native)
            return false;
        if (cls->mro[i] == owner)
            return true;
    }
    return false;
}
