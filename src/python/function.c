/* Functions and what wraps them: methods, property, staticmethod, classmethod, super. */
#include "config.h"

#include <string.h>

#include "python/interp.h"

#define OPAQUE(id, title, rows, extra)                                                             \
    const struct py_native_class py_##id##_class = {                                               \
        .name = title,                                                                             \
        .members = rows,                                                                           \
        .flags = PY_CLASS_COMPLETE | (extra),                                                      \
        .layout = PY_LAYOUT_OPAQUE,                                                                \
    };

static struct py_value text_repr(struct py_run *run, const char *kind, const char *name)
{
    run->touched = 1; /* the address */
    return py_new_strf(run, "<%s %s at 0x7f0000000000>", kind, name);
}

/* ------------------------------------------------------------------ functions in Python */

static struct py_closure *closure_of(struct py_call *call)
{
    return (struct py_closure *)call->self.object;
}

static struct py_value annotations(struct py_run *run, struct py_closure *f)
{
    struct py_value all = py_new_dict(run);
    if (!f->function)
        return all;
    struct py_frame frame = {.name = f->name};
    frame.module = f->module;
    frame.globals = frame.namespace = f->module->base.dict;
    frame.back = run->frame;
    frame.scope = f->scope->parent;
    const struct py_param *vararg = f->params->vararg, *kwarg = f->params->kwarg;
    const struct source *src = f->module->source;
    bool text = f->module->ast && f->module->ast->future_annotations;
    for (uint32_t i = 0; i < f->params->count + 3; i++) {
        const struct py_node *a = NULL;
        const char *name = "return";
        if (i < f->params->count) {
            a = f->params->at[i].annotation;
            name = f->params->at[i].ref.name->text;
        } else if (i < f->params->count + 2) {
            const struct py_param *p = i == f->params->count ? vararg : kwarg;
            a = p ? p->annotation : NULL;
            name = p ? p->ref.name->text : "";
        } else {
            a = f->function->returns;
        }
        if (!a)
            continue;
        struct py_value v;
        if (text) {
            v = py_new_strn(run, src->text + a->span.start, a->span.end - a->span.start);
        } else if (f->scope->parent && f->scope->parent->kind != PY_SCOPE_MODULE) {
            v = py_eval_text(run,
                             arena_strndup(run->arena, src->text + a->span.start,
                                           a->span.end - a->span.start),
                             f->module->name, NULL);
        } else {
            run->frame = &frame;
            v = py_eval(run, a);
            run->frame = frame.back;
        }
        py_dict_put_name(run, py_dict_of(all), name, v);
    }
    return all;
}

static struct py_value function_attr(struct py_run *run, struct py_call *call)
{
    struct py_closure *f = closure_of(call);
    const char *name = call->function->name;
    struct py_value own = py_own_attr(call->self, name);
    if (own.kind != PY_ABSENT)
        return own;
    if (strcmp(name, "__name__") == 0)
        return py_new_str(run, f->name);
    if (strcmp(name, "__qualname__") == 0)
        return py_new_str(run, f->qualname);
    if (strcmp(name, "__module__") == 0)
        return py_new_str(run, f->module->name);
    if (strcmp(name, "__globals__") == 0)
        return py_object(&f->module->base.dict->base);
    if (strcmp(name, "__doc__") == 0) {
        const struct py_node *doc = f->body ? py_docstring(f->body) : NULL;
        return doc ? py_eval(run, doc) : py_none();
    }
    if (strcmp(name, "__defaults__") == 0) {
        struct py_value list = py_new_list(run);
        for (uint32_t i = 0; i < f->params->positional_count; i++) {
            if (f->defaults[i].kind != PY_ABSENT)
                py_list_append(run, list, f->defaults[i]);
        }
        return py_list_of(list)->len ? py_tuple_own(run, py_list_of(list)->items,
                                                    py_list_of(list)->len)
                                     : py_none();
    }
    if (strcmp(name, "__annotations__") == 0) {
        struct py_value v = annotations(run, f);
        py_set_own_attr(run, call->self, name, v);
        return v;
    }
    return py_none();
}

static struct py_value function_set(struct py_run *run, struct py_call *call)
{
    struct py_closure *f = closure_of(call);
    const char *name = call->function->name;
    if (strcmp(name, "__name__") == 0)
        f->name = py_as_string(run, call->args[0], "__name__");
    else if (strcmp(name, "__qualname__") == 0)
        f->qualname = py_as_string(run, call->args[0], "__qualname__");
    else
        py_set_own_attr(run, call->self, name, call->args[0]);
    return py_none();
}

static struct py_value function_repr(struct py_run *run, struct py_call *call)
{
    return text_repr(run, "function", closure_of(call)->qualname);
}

static struct py_value function_get(struct py_run *run, struct py_call *call)
{
    return py_is_none(call->args[0]) ? call->self
                                     : py_new_method(run, call->self, call->args[0]);
}

static struct py_value function_call(struct py_run *run, struct py_call *call)
{
    return py_call(run, call->self, call->args, call->count, call->kwargs);
}

static const struct py_member function_members[] = {
    PY_PROPERTY_RW("__name__", function_attr, function_set),
    PY_PROPERTY_RW("__qualname__", function_attr, function_set),
    PY_PROPERTY_RW("__module__", function_attr, function_set),
    PY_PROPERTY_RW("__doc__", function_attr, function_set),
    PY_PROPERTY_RW("__defaults__", function_attr, function_set),
    PY_PROPERTY_RW("__annotations__", function_attr, function_set),
    PY_PROPERTY("__globals__", function_attr),
    PY_FUNCTION_N("__repr__", function_repr, 0, 0),
    PY_FUNCTION_N("__get__", function_get, 1, 2),
    PY_FUNCTION_ANY("__call__", function_call),
    PY_MEMBERS_END,
};

OPAQUE(function, "function", function_members, PY_CLASS_FINAL | PY_CLASS_ABSTRACT)

/* ------------------------------------------------------------------ native functions, methods */

static struct py_value builtin_attr(struct py_run *run, struct py_call *call)
{
    const struct py_native_object *f = (const struct py_native_object *)call->self.object;
    const char *name = call->function->name;
    if (strcmp(name, "__name__") == 0)
        return py_new_str(run, f->row->name);
    if (strcmp(name, "__qualname__") == 0)
        return py_new_str(run, py_row_name(run, f->row, f->owner));
    if (strcmp(name, "__self__") == 0)
        return f->self.kind == PY_ABSENT ? py_none() : f->self;
    return strcmp(name, "__module__") == 0 ? py_new_str(run, "builtins") : py_none();
}

static struct py_value builtin_repr(struct py_run *run, struct py_call *call)
{
    const struct py_native_object *f = (const struct py_native_object *)call->self.object;
    if (f->self.kind == PY_ABSENT)
        return py_new_strf(run, "<built-in function %s>", f->row->name);
    run->touched = 1;
    return py_new_strf(run, "<built-in method %s of %s object at 0x7f0000000000>", f->row->name,
                       py_class_name(run, f->self));
}

static const struct py_member builtin_members[] = {
    PY_PROPERTY("__name__", builtin_attr),
    PY_PROPERTY("__qualname__", builtin_attr),
    PY_PROPERTY("__module__", builtin_attr),
    PY_PROPERTY("__self__", builtin_attr),
    PY_PROPERTY("__doc__", builtin_attr),
    PY_FUNCTION_N("__repr__", builtin_repr, 0, 0),
    PY_FUNCTION_ANY("__call__", function_call),
    PY_MEMBERS_END,
};

OPAQUE(builtin_function, "builtin_function_or_method", builtin_members,
       PY_CLASS_FINAL | PY_CLASS_ABSTRACT)

static struct py_value method_attr(struct py_run *run, struct py_call *call)
{
    const struct py_method *m = (const struct py_method *)call->self.object;
    const char *name = call->function->name;
    if (strcmp(name, "__self__") == 0)
        return m->self;
    if (strcmp(name, "__func__") == 0)
        return m->function;
    return py_getattr(run, m->function, name);
}

static struct py_value method_repr(struct py_run *run, struct py_call *call)
{
    const struct py_method *m = (const struct py_method *)call->self.object;
    return py_new_strf(run, "<bound method %s of %s>",
                       py_str_text(run, py_getattr(run, m->function, "__qualname__")),
                       py_repr_text(run, m->self));
}

static struct py_value method_getattr(struct py_run *run, struct py_call *call)
{
    const struct py_method *m = (const struct py_method *)call->self.object;
    return py_getattr(run, m->function, py_as_string(run, call->args[0], "name"));
}

static struct py_value method_eq(struct py_run *run, struct py_call *call)
{
    (void)run;
    const struct py_method *m = (const struct py_method *)call->self.object;
    struct py_value v = call->args[0];
    if (v.kind != PY_OBJECT || v.object->cls->native != &py_method_class)
        return py_not_implemented();
    const struct py_method *o = (const struct py_method *)v.object;
    return py_bool(py_is(m->function, o->function) && py_is(m->self, o->self));
}

static struct py_value method_hash(struct py_run *run, struct py_call *call)
{
    (void)run;
    const struct py_method *m = (const struct py_method *)call->self.object;
    return py_int((int64_t)((uintptr_t)m->function.object >> 4));
}

static const struct py_member method_members[] = {
    PY_PROPERTY("__self__", method_attr),
    PY_PROPERTY("__func__", method_attr),
    PY_PROPERTY("__name__", method_attr),
    PY_PROPERTY("__qualname__", method_attr),
    PY_PROPERTY("__module__", method_attr),
    PY_PROPERTY("__doc__", method_attr),
    PY_FUNCTION_N("__getattr__", method_getattr, 1, 1),
    PY_FUNCTION_N("__repr__", method_repr, 0, 0),
    PY_FUNCTION_N("__eq__", method_eq, 1, 1),
    PY_FUNCTION_N("__hash__", method_hash, 0, 0),
    PY_FUNCTION_ANY("__call__", function_call),
    PY_MEMBERS_END,
};

OPAQUE(method, "method", method_members, PY_CLASS_FINAL | PY_CLASS_ABSTRACT)

/* ------------------------------------------------------------------ wrappers */

static struct py_value wrapper_new(struct py_run *run, struct py_call *call)
{
    struct py_type *cls = py_type_of(call->args[0]);
    struct py_value v = py_new_builtin_of(run, cls, sizeof(struct py_wrapper));
    ((struct py_wrapper *)v.object)->function = call->args[1];
    return v;
}

static struct py_value wrapper_func(struct py_run *run, struct py_call *call)
{
    (void)run;
    return ((struct py_wrapper *)call->self.object)->function;
}

static struct py_value wrapper_abstract(struct py_run *run, struct py_call *call)
{
    struct py_value v;
    return py_find_attr(run, ((struct py_wrapper *)call->self.object)->function,
                        "__isabstractmethod__", &v)
               ? v
               : py_bool(false);
}

static struct py_value wrapper_name(struct py_run *run, struct py_call *call)
{
    return py_getattr(run, ((struct py_wrapper *)call->self.object)->function,
                      call->function->name);
}

static const struct py_member wrapper_members[] = {
    PY_STATIC_N("__new__", wrapper_new, 2, 2),
    PY_PROPERTY("__func__", wrapper_func),
    PY_PROPERTY("__wrapped__", wrapper_func),
    PY_PROPERTY("__name__", wrapper_name),
    PY_PROPERTY("__qualname__", wrapper_name),
    PY_PROPERTY("__doc__", wrapper_name),
    PY_PROPERTY("__isabstractmethod__", wrapper_abstract),
    PY_MEMBERS_END,
};

OPAQUE(staticmethod, "staticmethod", wrapper_members, 0)
OPAQUE(classmethod, "classmethod", wrapper_members, 0)

static const struct py_arg property_args[] = {
    PY_POSITIONAL("cls"), PY_OPTIONAL("fget"), PY_OPTIONAL("fset"),
    PY_OPTIONAL("fdel"),  PY_OPTIONAL("doc"),  PY_ARGS_END,
};

static struct py_value property_new(struct py_run *run, struct py_call *call)
{
    struct py_type *cls = py_type_of(call->args[0]);
    struct py_value v = py_new_builtin_of(run, cls, sizeof(struct py_property));
    struct py_property *p = (struct py_property *)v.object;
    p->get = call->args[1];
    p->set = call->args[2];
    p->del = call->args[3];
    p->doc = call->args[4];
    return v;
}

static struct py_value property_with(struct py_run *run, struct py_call *call)
{
    struct py_property *p = py_alloc(run, sizeof(*p));
    *p = *(struct py_property *)call->self.object;
    const char *name = call->function->name;
    *(strcmp(name, "getter") == 0 ? &p->get : strcmp(name, "setter") == 0 ? &p->set : &p->del) =
        call->args[0];
    return py_object(&p->base);
}

static struct py_value property_attr(struct py_run *run, struct py_call *call)
{
    const struct py_property *p = (const struct py_property *)call->self.object;
    const char *name = call->function->name;
    struct py_value v;
    if (strcmp(name, "fget") == 0)
        return p->get;
    if (strcmp(name, "fset") == 0)
        return p->set;
    if (strcmp(name, "fdel") == 0)
        return p->del;
    if (strcmp(name, "__doc__") == 0)
        return !py_is_unset(p->doc)  ? p->doc
               : py_is_unset(p->get) ? py_none()
                                     : py_getattr(run, p->get, "__doc__");
    return !py_is_unset(p->get) && py_find_attr(run, p->get, "__isabstractmethod__", &v)
               ? v
               : py_bool(false);
}

static const struct py_member property_members[] = {
    PY_STATIC("__new__", property_new, property_args),
    PY_FUNCTION_N("getter", property_with, 1, 1),
    PY_FUNCTION_N("setter", property_with, 1, 1),
    PY_FUNCTION_N("deleter", property_with, 1, 1),
    PY_PROPERTY("fget", property_attr),
    PY_PROPERTY("fset", property_attr),
    PY_PROPERTY("fdel", property_attr),
    PY_PROPERTY("__doc__", property_attr),
    PY_PROPERTY("__isabstractmethod__", property_attr),
    PY_MEMBERS_END,
};

OPAQUE(property, "property", property_members, 0)

/* ------------------------------------------------------------------ super */

/* super(): the class is in the __class__ cell, self is the first parameter. */
static void zero_arguments(struct py_run *run, struct py_value *cls, struct py_value *self)
{
    const struct py_frame *f = run->frame;
    while (f && f->scope && f->scope->kind == PY_SCOPE_COMPREHENSION)
        f = f->back;
    if (!f || !f->closure || f->closure->params->count + (f->closure->params->vararg != NULL) == 0)
        py_raise(run, &py_runtime_error_class, "super(): no arguments");
    int cell = f->scope->class_free;
    if (cell < 0)
        py_raise(run, &py_runtime_error_class, "super(): __class__ cell not found");
    *cls = f->cells[cell]->value;
    if (cls->kind == PY_ABSENT)
        py_raise(run, &py_runtime_error_class, "super(): empty __class__ cell");
    *self = f->slots[0];
    if (f->scope->slots[0].is_cell)
        *self = ((struct py_cell *)self->object)->value;
}

static struct py_value super_new(struct py_run *run, struct py_call *call)
{
    struct py_value cls, self;
    if (call->count == 1) {
        zero_arguments(run, &cls, &self);
    } else {
        cls = call->args[1];
        self = call->count > 2 ? call->args[2] : py_none();
    }
    if (!py_is_class(cls))
        py_raise(run, &py_type_error_class, "super() argument 1 must be a type, not %s",
                 py_class_name(run, cls));
    struct py_type *type = py_type_of(cls), *start = py_class(run, self);
    if (py_is_class(self) && py_issubclass(py_type_of(self), type))
        start = py_type_of(self);
    else if (!py_issubclass(start, type))
        py_raise(run, &py_type_error_class,
                 "super(type, obj): obj must be an instance or subtype of type");
    struct py_super *s = py_new_object(run, PY_T_super, sizeof(*s));
    s->cls = type;
    s->self = self;
    s->start = start;
    return py_object(&s->base);
}

static const struct py_member super_members[] = {
    PY_STATIC_N("__new__", super_new, 1, 3),
    PY_MEMBERS_END,
};

OPAQUE(super, "super", super_members, 0)

/* ------------------------------------------------------------------ small classes */

static struct py_value module_repr(struct py_run *run, struct py_call *call)
{
    const struct py_module_object *m = (const struct py_module_object *)call->self.object;
    return py_new_strf(run, "<module '%s'>", m->name);
}

static const struct py_member module_members[] = {
    PY_FUNCTION_N("__repr__", module_repr, 0, 0),
    PY_MEMBERS_END,
};

OPAQUE(module, "module", module_members, PY_CLASS_FINAL | PY_CLASS_ABSTRACT)

static struct py_value slice_new(struct py_run *run, struct py_call *call)
{
    struct py_value v[3] = {py_none(), py_none(), py_none()};
    for (size_t i = 1; i < call->count; i++)
        v[call->count == 2 ? 1 : i - 1] = call->args[i];
    return py_new_slice(run, v[0], v[1], v[2]);
}

static struct py_value slice_attr(struct py_run *run, struct py_call *call)
{
    (void)run;
    const struct py_slice *s = (const struct py_slice *)call->self.object;
    const char *name = call->function->name;
    return strcmp(name, "start") == 0 ? s->start : strcmp(name, "stop") == 0 ? s->stop : s->step;
}

static struct py_value slice_indices(struct py_run *run, struct py_call *call)
{
    int64_t start, step, len = py_as_index(run, call->args[0], NULL);
    if (len < 0)
        py_raise(run, &py_value_error_class, "length should not be negative");
    size_t n = py_slice_bounds(run, call->self, (size_t)len, &start, &step);
    const struct py_slice *s = (const struct py_slice *)call->self.object;
    struct py_value stop_given = s->stop;
    int64_t stop = start + (int64_t)n * step;
    if (py_is_unset(stop_given))
        stop = step < 0 ? -1 : len;
    return py_new_tuple(run, (const struct py_value[]){py_int(start), py_int(stop), py_int(step)},
                        3);
}

static struct py_value slice_repr(struct py_run *run, struct py_call *call)
{
    const struct py_slice *s = (const struct py_slice *)call->self.object;
    return py_new_strf(run, "slice(%s, %s, %s)", py_repr_text(run, s->start),
                       py_repr_text(run, s->stop), py_repr_text(run, s->step));
}

static const struct py_member slice_members[] = {
    PY_STATIC_N("__new__", slice_new, 2, 4),
    PY_PROPERTY("start", slice_attr),
    PY_PROPERTY("stop", slice_attr),
    PY_PROPERTY("step", slice_attr),
    PY_FUNCTION_N("indices", slice_indices, 1, 1),
    PY_FUNCTION_N("__repr__", slice_repr, 0, 0),
    PY_MEMBERS_END,
};

OPAQUE(slice, "slice", slice_members, PY_CLASS_FINAL)

static struct py_value constant_repr(struct py_run *run, struct py_call *call)
{
    struct str s = STR_IN(run->arena);
    py_repr_plain(run, &s, call->self);
    return py_str_take(run, &s);
}

static struct py_value none_bool(struct py_run *run, struct py_call *call)
{
    (void)run;
    (void)call;
    return py_bool(false);
}

static struct py_value singleton_new(struct py_run *run, struct py_call *call)
{
    const struct py_type *cls = py_type_of(call->args[0]);
    (void)run;
    return cls->native == &py_none_class       ? py_none()
           : cls->native == &py_ellipsis_class ? py_ellipsis()
                                               : py_not_implemented();
}

static const struct py_member none_members[] = {
    PY_STATIC_N("__new__", singleton_new, 1, 1),
    PY_FUNCTION_N("__repr__", constant_repr, 0, 0),
    PY_FUNCTION_N("__bool__", none_bool, 0, 0),
    PY_MEMBERS_END,
};

static const struct py_member constant_members[] = {
    PY_STATIC_N("__new__", singleton_new, 1, 1),
    PY_FUNCTION_N("__repr__", constant_repr, 0, 0),
    PY_MEMBERS_END,
};

OPAQUE(none, "NoneType", none_members, PY_CLASS_FINAL)
OPAQUE(ellipsis, "ellipsis", constant_members, PY_CLASS_FINAL)
OPAQUE(not_implemented, "NotImplementedType", constant_members, PY_CLASS_FINAL)

const struct py_native_class py_unknown_class = {
    .name = "unknown",
    .flags = PY_CLASS_COMPLETE | PY_CLASS_FINAL | PY_CLASS_ABSTRACT,
    .layout = PY_LAYOUT_UNKNOWN,
};

bool py_function_parameter(struct py_value function, size_t i, const char **name,
                           struct py_value *fallback)
{
    if (function.kind != PY_OBJECT || function.object->cls->native != &py_function_class)
        return false;
    const struct py_closure *f = (const struct py_closure *)function.object;
    if (i >= f->params->positional_count)
        return false;
    *name = f->params->at[i].ref.name->text;
    *fallback = f->defaults[i];
    return true;
}
