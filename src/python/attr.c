/* Attributes: lookup, descriptors, binding, special methods (Python reference, 3.3.2). */
#include "config.h"

#include <string.h>

#include "python/interp.h"

static const struct py_member *row_of(struct py_value raw)
{
    return (const struct py_member *)(uintptr_t)raw.object;
}

static bool has_class(struct py_value v, const struct py_native_class *native)
{
    return v.kind == PY_OBJECT && v.object->cls->native == native;
}

/* ------------------------------------------------------------------ rows */

static const struct py_member *alias_target(struct py_run *run, const struct py_member *row,
                                            const struct py_member *table)
{
    for (int hops = 0; row->kind == PY_MEMBER_ALIAS; hops++) {
        const char *wanted = row->text;
        for (row = table; row->name && strcmp(row->name, wanted) != 0; row++)
            ;
        if (!row->name || hops > 8)
            py_refuse(run, PY_REFUSE_ATTRIBUTE, "native alias %s leads nowhere", wanted);
    }
    return row;
}

struct py_value py_row_value(struct py_run *run, const struct py_member *row,
                             const struct py_member *table)
{
    row = alias_target(run, row, table);
    struct py_call call = {.function = row};
    switch (row->kind) {
    case PY_MEMBER_CLASS:
        return py_type_object(run, row->cls);
    case PY_MEMBER_STRING:
        return py_new_str(run, row->text);
    case PY_MEMBER_INTEGER:
        return py_int(row->integer);
    case PY_MEMBER_BOOLEAN:
        return py_bool(row->integer != 0);
    case PY_MEMBER_NONE:
        return py_none();
    case PY_MEMBER_VALUE:
        return row->fn(run, &call);
    case PY_MEMBER_MODULE:
        return py_import(run, row->text);
    default:
        return py_new_function(run, row, py_absent());
    }
}

struct py_value py_materialize(struct py_run *run, struct py_value raw, struct py_type *owner)
{
    if (raw.kind != PY_ROW)
        return raw;
    const struct py_member *row = row_of(raw);
    struct py_value v =
        py_row_value(run, row, owner && owner->native ? owner->native->members : row);
    if (has_class(v, &py_builtin_function_class))
        ((struct py_native_object *)v.object)->owner = owner;
    if (row->kind == PY_MEMBER_VALUE && owner)
        py_dict_put_name(run, owner->base.dict, row->name, v);
    return v;
}

static struct py_value bind_row(struct py_run *run, const struct py_member *row,
                                struct py_type *owner, struct py_value v, struct py_type *cls)
{
    if (row->kind == PY_MEMBER_ALIAS)
        row = alias_target(run, row, owner->native->members);
    struct py_value self = py_absent();
    switch (row->kind) {
    case PY_MEMBER_FUNCTION:
        self = v;
        break;
    case PY_MEMBER_CLASSMETHOD:
        self = py_class_value(cls);
        break;
    case PY_MEMBER_PROPERTY:
        if (v.kind != PY_ABSENT)
            return py_call_row(run, row, owner, v, NULL, 0, NULL);
        break;
    case PY_MEMBER_STATIC:
        break;
    default: {
        struct py_value raw = {.kind = PY_ROW};
        raw.object = (struct py_object *)(uintptr_t)row;
        raw = py_materialize(run, raw, owner);
        return row->kind == PY_MEMBER_VALUE ? py_bind_raw(run, raw, owner, v, cls) : raw;
    }
    }
    struct py_value f = py_new_function(run, row, self);
    ((struct py_native_object *)f.object)->owner = owner;
    return f;
}

/* ------------------------------------------------------------------ descriptors */

static bool is_plain_value(struct py_value raw)
{
    if (raw.kind != PY_OBJECT)
        return raw.kind != PY_ROW;
    switch ((int)raw.object->cls->layout) {
    case PY_LAYOUT_OPAQUE:
    case PY_LAYOUT_INSTANCE:
        return false;
    default:
        return true;
    }
}

static bool is_data_descriptor(struct py_run *run, struct py_value raw)
{
    if (raw.kind == PY_ROW)
        return row_of(raw)->kind == PY_MEMBER_PROPERTY;
    if (is_plain_value(raw))
        return false;
    if (has_class(raw, &py_property_class))
        return true;
    if (raw.object->cls->layout != PY_LAYOUT_INSTANCE)
        return false;
    return py_type_find_text(run, raw.object->cls, "__set__", NULL).kind != PY_ABSENT ||
           py_type_find_text(run, raw.object->cls, "__delete__", NULL).kind != PY_ABSENT;
}

struct py_value py_bind_raw(struct py_run *run, struct py_value raw, struct py_type *owner,
                            struct py_value v, struct py_type *cls)
{
    if (raw.kind == PY_ROW)
        return bind_row(run, row_of(raw), owner, v, cls);
    if (is_plain_value(raw))
        return raw;
    const struct py_native_class *kind = raw.object->cls->native;
    if (kind == &py_function_class)
        return v.kind == PY_ABSENT ? raw : py_new_method(run, raw, v);
    if (kind == &py_staticmethod_class)
        return ((struct py_wrapper *)raw.object)->function;
    if (kind == &py_classmethod_class)
        return py_new_method(run, ((struct py_wrapper *)raw.object)->function, py_class_value(cls));
    if (kind == &py_property_class) {
        struct py_property *p = (struct py_property *)raw.object;
        if (v.kind == PY_ABSENT)
            return raw;
        if (py_is_unset(p->get))
            py_raise(run, &py_attribute_error_class, "property of '%s' object has no getter",
                     cls->name);
        return py_call(run, p->get, &v, 1, NULL);
    }
    if (raw.object->cls->layout != PY_LAYOUT_INSTANCE)
        return raw;
    struct py_type *getter_owner;
    struct py_value getter =
        py_type_find_text(run, raw.object->cls, "__get__", &getter_owner);
    if (getter.kind == PY_ABSENT)
        return raw;
    struct py_value args[2] = {v.kind == PY_ABSENT ? py_none() : v, py_class_value(cls)};
    return py_call_raw(run, getter, getter_owner, raw, args, 2, NULL);
}

/* ------------------------------------------------------------------ getting */

bool py_is_partial(struct py_run *run, struct py_value v)
{
    if (py_is_class(v))
        return py_type_of(v)->partial;
    return py_class(run, v)->partial;
}

void py_no_attribute(struct py_run *run, struct py_value v, const char *name)
{
    if (py_is_class(v)) {
        if (py_type_of(v)->partial)
            py_refuse(run, PY_REFUSE_ATTRIBUTE, "%s.%s is not supported", py_type_of(v)->name,
                      name);
        py_raise(run, &py_attribute_error_class, "type object '%s' has no attribute '%s'",
                 py_type_of(v)->name, name);
    }
    if (has_class(v, &py_module_class)) {
        py_raise(run, &py_attribute_error_class, "module '%s' has no attribute '%s'",
                 ((struct py_module_object *)v.object)->name, name);
    }
    bool is_function = strncmp(name, "__", 2) == 0 && (has_class(v, &py_function_class) ||
                                                       has_class(v, &py_builtin_function_class));
    if (py_is_partial(run, v) || is_function)
        py_refuse(run, PY_REFUSE_ATTRIBUTE, "%s.%s is not supported", py_class_name(run, v), name);
    py_raise(run, &py_attribute_error_class, "'%s' object has no attribute '%s'",
             py_class_name(run, v), name);
}

static struct py_value *own_slot(struct py_value v, const struct py_name *name)
{
    if (v.kind != PY_OBJECT || !v.object->dict)
        return NULL;
    struct py_entry *e = py_table_find_name(&v.object->dict->table, name);
    return e ? &e->value : NULL;
}

static bool call_getattr_hook(struct py_run *run, struct py_value v, struct py_type *type,
                              const struct py_name *name, struct py_value *out)
{
    struct py_type *owner;
    struct py_value hook = py_type_find_text(run, type, "__getattr__", &owner);
    if (hook.kind == PY_ABSENT)
        return false;
    struct py_value arg = py_name_value(run, name);
    *out = py_call_raw(run, hook, owner, v, &arg, 1, NULL);
    return out->kind != PY_ABSENT;
}

static bool find_on_class(struct py_run *run, struct py_value v, const struct py_name *name,
                          struct py_value *out)
{
    struct py_type *cls = py_type_of(v), *meta_owner = NULL, *owner;
    struct py_value meta = py_type_find(run, cls->base.cls, name, &meta_owner);
    if (meta.kind != PY_ABSENT && is_data_descriptor(run, meta)) {
        *out = py_bind_raw(run, meta, meta_owner, v, cls->base.cls);
        return true;
    }
    struct py_value raw = py_type_find(run, cls, name, &owner);
    if (raw.kind != PY_ABSENT) {
        *out = py_bind_raw(run, raw, owner, py_absent(), cls);
        return true;
    }
    if (meta.kind != PY_ABSENT) {
        *out = py_bind_raw(run, meta, meta_owner, v, cls->base.cls);
        return true;
    }
    return call_getattr_hook(run, v, cls->base.cls, name, out);
}

static bool find_on_super(struct py_run *run, struct py_super *s, const struct py_name *name,
                          struct py_value *out)
{
    size_t i = 0;
    while (i < s->start->mro_len && s->start->mro[i] != s->cls)
        i++;
    for (i++; i < s->start->mro_len; i++) {
        struct py_type *t = s->start->mro[i];
        py_fill_type(run, t);
        struct py_entry *e = py_table_find_name(&t->base.dict->table, name);
        if (!e)
            continue;
        bool on_class = py_is_class(s->self) && py_type_of(s->self) == s->start;
        *out = py_bind_raw(run, e->value, t, on_class ? py_absent() : s->self, s->start);
        if (on_class && e->value.kind == PY_OBJECT && py_is_python_function(e->value) &&
            strcmp(name->text, "__init_subclass__") == 0)
            *out = py_new_method(run, e->value, s->self);
        return true;
    }
    return false;
}

static struct py_value unknown_attr(struct py_run *run, struct py_value v, const char *name)
{
    const struct py_unknown *u = (const struct py_unknown *)v.object;
    struct py_unknown *n = py_new_object(run, PY_T_unknown, sizeof(*n));
    *n = *u;
    n->base.dict = NULL;
    n->what = arena_printf(run->arena, "%s.%s", u->what, name);
    return py_object(&n->base);
}

/* False: there is no such attribute. */
static bool find_attr(struct py_run *run, struct py_value v, const struct py_name *name,
                      struct py_value *out)
{
    if (v.kind == PY_OBJECT) {
        switch ((int)v.object->cls->layout) {
        case PY_LAYOUT_UNKNOWN:
            *out = unknown_attr(run, v, name->text);
            return true;
        case PY_LAYOUT_CLASS:
            return find_on_class(run, v, name, out);
        case PY_LAYOUT_OPAQUE:
            if (v.object->cls->native == &py_module_class) {
                *out = py_module_attr(run, (struct py_module_object *)v.object, name);
                return out->kind != PY_ABSENT;
            }
            if (v.object->cls->native == &py_super_class &&
                find_on_super(run, (struct py_super *)v.object, name, out))
                return true;
            break;
        default:
            break;
        }
    }
    struct py_type *type = py_type(run, v), *owner;
    struct py_value raw = py_type_find(run, type, name, &owner);
    if (raw.kind != PY_ABSENT && is_data_descriptor(run, raw)) {
        *out = py_bind_raw(run, raw, owner, v, type);
        return true;
    }
    const struct py_value *own = own_slot(v, name);
    if (own) {
        *out = *own;
        return true;
    }
    if (raw.kind != PY_ABSENT) {
        *out = py_bind_raw(run, raw, owner, v, type);
        return true;
    }
    return type->layout != PY_LAYOUT_OPAQUE && call_getattr_hook(run, v, type, name, out);
}

struct py_value py_get_attr(struct py_run *run, struct py_value v, const struct py_name *name)
{
    struct py_value out = py_absent();
    if (!find_attr(run, v, name, &out))
        py_no_attribute(run, v, name->text);
    out.mark |= v.mark;
    return out;
}

struct find_job {
    struct py_value v, out;
    const struct py_name *name;
    bool found;
};

static void find_body(struct py_run *run, void *payload)
{
    struct find_job *job = payload;
    job->found = find_attr(run, job->v, job->name, &job->out);
}

bool py_find_attr_name(struct py_run *run, struct py_value v, const struct py_name *name,
                       struct py_value *out)
{
    struct find_job job = {.v = v, .name = name};
    if (!py_try(run, find_body, &job, &py_attribute_error_class, NULL) || !job.found)
        return false;
    *out = job.out;
    return true;
}

struct py_value py_getattr(struct py_run *run, struct py_value v, const char *name)
{
    struct py_name n = py_name_of(name);
    return py_get_attr(run, v, &n);
}

bool py_find_attr(struct py_run *run, struct py_value v, const char *name, struct py_value *out)
{
    struct py_name n = py_name_of(name);
    return py_find_attr_name(run, v, &n, out);
}

struct py_value py_own_attr(struct py_value v, const char *name)
{
    return v.kind == PY_OBJECT ? py_dict_get_name(v.object->dict, name) : py_absent();
}

/* ------------------------------------------------------------------ setting and deleting */

static struct py_dict *own_dict(struct py_run *run, struct py_value v)
{
    if (!v.object->dict)
        v.object->dict = py_dict_of(py_new_dict(run));
    return v.object->dict;
}

void py_set_own_attr(struct py_run *run, struct py_value v, const char *name,
                     struct py_value value)
{
    py_dict_put_name(run, own_dict(run, v), name, value);
}

static bool has_own_dict(struct py_value v)
{
    if (v.kind != PY_OBJECT)
        return false;
    const struct py_type *cls = v.object->cls;
    if (!cls->native)
        return true;
    if (cls->layout == PY_LAYOUT_INSTANCE)
        return cls->native != &py_object_class;
    return cls->native == &py_function_class || cls->native == &py_module_class;
}

static void set_on_class(struct py_run *run, struct py_value v, const struct py_name *name,
                         struct py_value value)
{
    struct py_type *cls = py_type_of(v);
    if (cls->native && (cls->native->flags & PY_CLASS_COMPLETE))
        py_raise(run, &py_type_error_class, "cannot set '%s' attribute of immutable type '%s'",
                 name->text, cls->name);
    if (cls->native)
        py_refuse(run, PY_REFUSE_ATTRIBUTE, "setting %s.%s is not supported", cls->name,
                  name->text);
    if (strcmp(name->text, "__name__") == 0)
        cls->name = py_as_string(run, value, "__name__");
    else if (strcmp(name->text, "__qualname__") == 0)
        cls->qualname = py_as_string(run, value, "__qualname__");
    else
        py_dict_put_name(run, py_class_namespace(run, cls), name->text, value);
}

static bool set_descriptor(struct py_run *run, struct py_value raw, struct py_type *owner,
                           struct py_value v, const struct py_name *name, struct py_value value)
{
    if (raw.kind == PY_ABSENT || !is_data_descriptor(run, raw))
        return false;
    if (raw.kind == PY_ROW) {
        const struct py_member *row = row_of(raw);
        if (!row->set && owner->partial)
            py_refuse(run, PY_REFUSE_ATTRIBUTE, "setting %s.%s is not supported", owner->name,
                      name->text);
        if (!row->set)
            py_raise(run, &py_attribute_error_class,
                     "attribute '%s' of '%s' objects is not writable", name->text, owner->name);
        struct py_call call = {.self = v, .args = &value, .count = 1, .function = row};
        py_require_finished(run, call.self);
        row->set(run, &call);
        return true;
    }
    if (has_class(raw, &py_property_class)) {
        struct py_property *p = (struct py_property *)raw.object;
        if (py_is_unset(p->set))
            py_raise(run, &py_attribute_error_class, "property '%s' of '%s' object has no setter",
                     name->text, py_class_name(run, v));
        struct py_value args[2] = {v, value};
        py_call(run, p->set, args, 2, NULL);
        return true;
    }
    struct py_value args[2] = {v, value}, ignored;
    if (!py_call_special(run, raw, "__set__", args, 2, &ignored))
        py_raise(run, &py_attribute_error_class, "__set__");
    return true;
}

void py_set_attr(struct py_run *run, struct py_value v, const struct py_name *name,
                 struct py_value value)
{
    if (py_is_unknown(v)) {
        if (run->strict)
            py_require_known(run, v);
        return;
    }
    struct py_type *type = py_type(run, v), *owner = NULL;
    struct py_value hook = py_type_find_text(run, type, "__setattr__", &owner);
    if (hook.kind != PY_ABSENT && owner->native != &py_object_class) {
        struct py_value args[2] = {py_name_value(run, name), value};
        py_call_raw(run, hook, owner, v, args, 2, NULL);
        return;
    }
    py_set_attr_plain(run, v, name, value);
}

void py_set_attr_plain(struct py_run *run, struct py_value v, const struct py_name *name,
                       struct py_value value)
{
    struct py_type *type = py_type(run, v), *owner = NULL;
    struct py_value raw = py_type_find(run, type, name, &owner);
    if (set_descriptor(run, raw, owner, v, name, value))
        return;
    if (py_is_class(v)) {
        set_on_class(run, v, name, value);
        return;
    }
    if (has_class(v, &py_module_class) && ((struct py_module_object *)v.object)->native)
        py_refuse(run, PY_REFUSE_ATTRIBUTE, "setting %s.%s is not supported",
                  ((struct py_module_object *)v.object)->name, name->text);
    if (!has_own_dict(v)) {
        if (raw.kind != PY_ABSENT)
            py_raise(run, &py_attribute_error_class, "'%s' object attribute '%s' is read-only",
                     type->name, name->text);
        py_no_attribute(run, v, name->text);
    }
    if (type->native && type->partial && type->layout == PY_LAYOUT_INSTANCE)
        py_refuse(run, PY_REFUSE_ATTRIBUTE, "setting %s.%s is not supported", type->name,
                  name->text);
    py_dict_put_name(run, own_dict(run, v), name->text, value);
}

void py_setattr(struct py_run *run, struct py_value v, const char *name, struct py_value value)
{
    struct py_name n = py_name_of(name);
    py_set_attr(run, v, &n, value);
}

void py_delattr_plain(struct py_run *run, struct py_value v, const char *name)
{
    struct py_type *owner = NULL;
    struct py_value raw = py_type_find_text(run, py_type(run, v), name, &owner);
    if (has_class(raw, &py_property_class)) {
        struct py_property *p = (struct py_property *)raw.object;
        if (py_is_unset(p->del))
            py_raise(run, &py_attribute_error_class, "property '%s' of '%s' object has no deleter",
                     name, py_class_name(run, v));
        py_call(run, p->del, &v, 1, NULL);
        return;
    }
    struct py_value ignored;
    if (raw.kind == PY_OBJECT && raw.object->cls->layout == PY_LAYOUT_INSTANCE &&
        py_call_special(run, raw, "__delete__", &v, 1, &ignored))
        return;
    if (py_is_class(v) && py_type_of(v)->native)
        py_raise(run, &py_type_error_class, "cannot delete '%s' attribute of immutable type '%s'",
                 name, py_type_of(v)->name);
    if (v.kind != PY_OBJECT || py_is_absent(py_dict_take_name(run, v.object->dict, name)))
        py_no_attribute(run, v, name);
}

void py_delattr(struct py_run *run, struct py_value v, const char *name)
{
    py_require_known(run, v);
    struct py_type *owner = NULL;
    struct py_value hook = py_type_find_text(run, py_type(run, v), "__delattr__", &owner);
    if (hook.kind != PY_ABSENT && owner->native != &py_object_class) {
        struct py_value arg = py_new_str(run, name);
        py_call_raw(run, hook, owner, v, &arg, 1, NULL);
        return;
    }
    py_delattr_plain(run, v, name);
}

/* ------------------------------------------------------------------ methods */

struct py_value py_load_method(struct py_run *run, struct py_value v, const struct py_name *name,
                               struct py_value *self, struct py_type **owner)
{
    *self = py_absent();
    bool plain = v.kind != PY_OBJECT || (v.object->cls->layout != PY_LAYOUT_CLASS &&
                                         v.object->cls->layout != PY_LAYOUT_OPAQUE &&
                                         v.object->cls->layout != PY_LAYOUT_UNKNOWN);
    if (!plain)
        return py_get_attr(run, v, name);
    struct py_value raw = py_type_find(run, py_type(run, v), name, owner);
    bool method = py_is_python_function(raw) ||
                  (raw.kind == PY_ROW && row_of(raw)->kind == PY_MEMBER_FUNCTION);
    if (!method || own_slot(v, name))
        return py_get_attr(run, v, name);
    *self = v;
    return raw;
}

bool py_special(struct py_run *run, struct py_value v, const char *name, struct py_value *raw,
                struct py_type **owner)
{
    *raw = py_type_find_text(run, py_type(run, v), name, owner);
    return raw->kind != PY_ABSENT;
}

struct py_value py_call_raw(struct py_run *run, struct py_value raw, struct py_type *owner,
                            struct py_value self, const struct py_value *args, size_t count,
                            struct py_dict *kwargs)
{
    if (raw.kind == PY_ROW && row_of(raw)->kind == PY_MEMBER_FUNCTION)
        return py_call_row(run, row_of(raw), owner, self, args, count, kwargs);
    if (py_is_python_function(raw))
        return py_call_closure(run, (struct py_closure *)raw.object, self, args, count, kwargs);
    struct py_value f = py_bind_raw(run, raw, owner, self, py_type(run, self));
    return py_call(run, f, args, count, kwargs);
}

bool py_call_special(struct py_run *run, struct py_value v, const char *name,
                     const struct py_value *args, size_t count, struct py_value *result)
{
    struct py_value raw;
    struct py_type *owner;
    if (!py_special(run, v, name, &raw, &owner))
        return false;
    *result = py_call_raw(run, raw, owner, v, args, count, NULL);
    return true;
}

struct py_value py_call_method(struct py_run *run, struct py_value v, const char *name,
                               const struct py_value *args, size_t count)
{
    struct py_name n = py_name_of(name);
    struct py_value self;
    struct py_type *owner;
    struct py_value f = py_load_method(run, v, &n, &self, &owner);
    if (self.kind != PY_ABSENT)
        return py_call_raw(run, f, owner, self, args, count, NULL);
    return py_call(run, f, args, count, NULL);
}
