/* The classes object and type. */
#include "config.h"

#include <string.h>

#include "python/interp.h"

/* ------------------------------------------------------------------ object */

static struct py_value object_new(struct py_run *run, struct py_call *call)
{
    if (!py_is_class(call->args[0]))
        py_raise(run, &py_type_error_class, "object.__new__(X): X is not a type object (%s)",
                 py_class_name(run, call->args[0]));
    struct py_type *cls = py_type_of(call->args[0]);
    if (cls->layout != PY_LAYOUT_INSTANCE || py_class_is(cls, &py_base_exception_class))
        py_raise(run, &py_type_error_class, "object.__new__(%s) is not safe, use %s.__new__()",
                 cls->name, cls->name);
    struct py_type *init_owner = NULL, *new_owner = NULL;
    py_type_find_text(run, cls, "__init__", &init_owner);
    py_type_find_text(run, cls, "__new__", &new_owner);
    if (call->count > 1 && new_owner->native != &py_object_class)
        py_raise(run, &py_type_error_class,
                 "object.__new__() takes exactly one argument (the type to instantiate)");
    py_check_abstract(run, cls);
    if (cls->needs_init)
        py_refuse(run, PY_REFUSE_INCOMPLETE, "object.__new__(%s) is not supported", cls->name);
    return py_new_of(run, cls, NULL);
}

static struct py_value object_init(struct py_run *run, struct py_call *call)
{
    struct py_type *owner = NULL, *init = NULL;
    py_type_find_text(run, py_class(run, call->self), "__new__", &owner);
    py_type_find_text(run, py_class(run, call->self), "__init__", &init);
    if ((call->count > 0 || call->kwargs) &&
        (init->native != &py_object_class || owner->native == &py_object_class))
        py_raise(run, &py_type_error_class,
                 "object.__init__() takes exactly one argument (the instance to initialize)");
    return py_none();
}

static struct py_value object_init_subclass(struct py_run *run, struct py_call *call)
{
    if (call->kwargs || call->count > 0)
        py_raise(run, &py_type_error_class, "%s.__init_subclass__() takes no keyword arguments",
                 py_is_class(call->self) ? py_type_of(call->self)->qualname : "object");
    return py_none();
}

static struct py_value object_class(struct py_run *run, struct py_call *call)
{
    return py_class_value(py_class(run, call->self));
}

static struct py_value object_set_class(struct py_run *run, struct py_call *call)
{
    (void)call;
    py_refuse(run, PY_REFUSE_CLASS, "setting __class__ is not supported");
}

static struct py_value object_dict(struct py_run *run, struct py_call *call)
{
    struct py_value v = call->self;
    if (v.kind != PY_OBJECT ||
        (v.object->cls->native && v.object->cls->layout != PY_LAYOUT_INSTANCE &&
         v.object->cls->native != &py_function_class))
        py_no_attribute(run, v, "__dict__");
    if (!v.object->dict)
        v.object->dict = py_dict_of(py_new_dict(run));
    return py_object(&v.object->dict->base);
}

static struct py_value object_str(struct py_run *run, struct py_call *call)
{
    return py_to_repr(run, call->self);
}

static struct py_value object_repr(struct py_run *run, struct py_call *call)
{
    struct str s = STR_IN(run->arena);
    py_repr_plain(run, &s, call->self);
    return py_str_take(run, &s);
}

static struct py_value object_hash(struct py_run *run, struct py_call *call)
{
    (void)run;
    return py_int((int64_t)((uintptr_t)call->self.object >> 4));
}

static struct py_value object_eq(struct py_run *run, struct py_call *call)
{
    (void)run;
    return py_is(call->self, call->args[0]) ? py_bool(true) : py_not_implemented();
}

static struct py_value object_ne(struct py_run *run, struct py_call *call)
{
    struct py_value r;
    if (!py_call_special(run, call->self, "__eq__", call->args, 1, &r) ||
        r.kind == PY_NOT_IMPLEMENTED)
        return py_not_implemented();
    return py_bool(!py_truth(run, r));
}

static struct py_value object_setattr(struct py_run *run, struct py_call *call)
{
    struct py_name name = py_name_of(py_as_string(run, call->args[0], "attribute name"));
    py_set_attr_plain(run, call->self, &name, call->args[1]);
    return py_none();
}

static struct py_value object_delattr(struct py_run *run, struct py_call *call)
{
    py_delattr_plain(run, call->self, py_as_string(run, call->args[0], "attribute name"));
    return py_none();
}

static struct py_value object_getattribute(struct py_run *run, struct py_call *call)
{
    return py_getattr(run, call->self, py_as_string(run, call->args[0], "attribute name"));
}

static struct py_value object_format(struct py_run *run, struct py_call *call)
{
    if (py_as_text(run, call->args[0], "format spec")->len > 0)
        py_raise(run, &py_type_error_class, "unsupported format string passed to %s.__format__",
                 py_class_name(run, call->self));
    return py_to_str(run, call->self);
}

static const struct py_member object_members[] = {
    {.name = "__new__", .kind = PY_MEMBER_STATIC, .fn = object_new, .min = 1, .max = -1,
     .keywords = true},
    PY_FUNCTION_ANY("__init__", object_init),
    PY_CLASSMETHOD_ANY("__init_subclass__", object_init_subclass),
    PY_PROPERTY_RW("__class__", object_class, object_set_class),
    PY_PROPERTY("__dict__", object_dict),
    PY_FUNCTION_N("__str__", object_str, 0, 0),
    PY_FUNCTION_N("__repr__", object_repr, 0, 0),
    PY_FUNCTION_N("__hash__", object_hash, 0, 0),
    PY_FUNCTION_N("__eq__", object_eq, 1, 1),
    PY_FUNCTION_N("__ne__", object_ne, 1, 1),
    PY_FUNCTION_N("__setattr__", object_setattr, 2, 2),
    PY_FUNCTION_N("__delattr__", object_delattr, 1, 1),
    PY_FUNCTION_N("__getattribute__", object_getattribute, 1, 1),
    PY_FUNCTION_N("__format__", object_format, 1, 1),
    PY_NONE_CONSTANT("__doc__"),
    PY_MEMBERS_END,
};

const struct py_native_class py_object_class = {
    .name = "object",
    .members = object_members,
    .flags = PY_CLASS_COMPLETE,
};

/* ------------------------------------------------------------------ type */

static struct py_type *self_type(struct py_call *call)
{
    return py_type_of(call->self);
}

enum { TYPE_META, TYPE_NAME, TYPE_BASES, TYPE_DICT, TYPE_KW };

static const struct py_arg type_new_args[] = {
    [TYPE_META] = PY_POSITIONAL("cls"),
    [TYPE_NAME] = PY_POSITIONAL("name"),
    [TYPE_BASES] = PY_POSITIONAL("bases"),
    [TYPE_DICT] = PY_POSITIONAL("dict"),
    [TYPE_KW] = PY_KEYWORDS("kwds"),
    PY_ARGS_END,
};

static struct py_value type_new(struct py_run *run, struct py_call *call)
{
    struct py_value ns = py_new_dict(run);
    const char *name = py_as_string(run, call->args[TYPE_NAME], "type.__new__() argument 1");
    if (!py_is_tuple(call->args[TYPE_BASES]) || !py_is_dict(call->args[TYPE_DICT]))
        py_raise(run, &py_type_error_class, "type.__new__() argument 2 must be tuple, not %s",
                 py_class_name(run, call->args[TYPE_BASES]));
    py_table_copy(run, &py_dict_of(ns)->table, &py_dict_of(call->args[TYPE_DICT])->table);
    const struct py_tuple *bases = py_tuple_of(call->args[TYPE_BASES]);
    for (size_t i = 0; i < bases->len; i++) {
        if (!py_is_class(bases->items[i])) {
            py_require_known(run, bases->items[i]);
            py_raise(run, &py_type_error_class, "bases must be types");
        }
    }
    struct py_dict *kw = py_dict_of(call->args[TYPE_KW]);
    /* type("X", (Base,), {}) takes Base's metaclass, as a class statement does. */
    if (py_type_of(call->args[TYPE_META])->native == &py_type_class)
        return py_build_class(run, name, call->args[TYPE_BASES], py_dict_of(ns), kw);
    return py_class_value(py_make_type(run, call->args[TYPE_META], name, call->args[TYPE_BASES],
                                       py_dict_of(ns), kw));
}

static struct py_value type_init(struct py_run *run, struct py_call *call)
{
    (void)run;
    (void)call;
    return py_none();
}

static struct py_value type_call(struct py_run *run, struct py_call *call)
{
    return py_type_call_plain(run, self_type(call), call->args, call->count, call->kwargs);
}

static struct py_value classes_tuple(struct py_run *run, struct py_type *const *at, size_t count)
{
    struct py_value *items = py_alloc(run, (count + 1) * sizeof(*items));
    for (size_t i = 0; i < count; i++)
        items[i] = py_class_value(at[i]);
    return py_tuple_own(run, items, count);
}

static struct py_value type_attr(struct py_run *run, struct py_call *call)
{
    struct py_type *t = self_type(call);
    const char *name = call->function->name;
    if (strcmp(name, "__name__") == 0)
        return py_new_str(run, t->name);
    if (strcmp(name, "__qualname__") == 0)
        return py_new_str(run, t->qualname);
    if (strcmp(name, "__module__") == 0)
        return py_new_str(run, t->module ? t->module : "builtins");
    if (strcmp(name, "__bases__") == 0)
        return classes_tuple(run, t->bases, t->base_count);
    if (strcmp(name, "__base__") == 0)
        return t->base_count ? py_class_value(t->bases[0]) : py_none();
    if (strcmp(name, "__mro__") == 0)
        return classes_tuple(run, t->mro, t->mro_len);
    struct py_dict *ns = py_class_namespace(run, t);
    if (strcmp(name, "__dict__") == 0) {
        struct py_value copy = py_new_dict(run), key, value;
        for (size_t i = 0; py_dict_next(ns, &i, &key, &value);)
            py_dict_put(run, py_dict_of(copy), key, py_materialize(run, value, t));
        return copy;
    }
    struct py_value v = py_dict_get_name(ns, name);
    v = py_materialize(run, v, t);
    if (v.kind == PY_ABSENT && strcmp(name, "__annotations__") == 0) {
        v = py_new_dict(run);
        if (!t->native)
            py_dict_put_name(run, ns, name, v);
    }
    return v.kind == PY_ABSENT ? py_none() : v;
}

static struct py_value type_set(struct py_run *run, struct py_call *call)
{
    struct py_type *t = self_type(call);
    const char *name = call->function->name;
    if (strcmp(name, "__name__") == 0)
        t->name = py_as_string(run, call->args[0], "__name__");
    else if (strcmp(name, "__qualname__") == 0)
        t->qualname = py_as_string(run, call->args[0], "__qualname__");
    else if (strcmp(name, "__module__") == 0)
        t->module = py_as_string(run, call->args[0], "__module__");
    else
        py_dict_put_name(run, py_class_namespace(run, t), name, call->args[0]);
    return py_none();
}

static struct py_value type_mro(struct py_run *run, struct py_call *call)
{
    struct py_value t = classes_tuple(run, self_type(call)->mro, self_type(call)->mro_len);
    return py_list_of_items(run, t);
}

static struct py_value type_subclasses(struct py_run *run, struct py_call *call)
{
    struct py_type *t = self_type(call);
    struct py_value list = py_new_list(run);
    for (size_t i = 0; i < t->subclasses.len; i++)
        py_list_append(run, list, py_class_value(t->subclasses.at[i]));
    return list;
}

/* int | None, Foo | "Bar" */
static struct py_value type_or(struct py_run *run, struct py_call *call)
{
    bool reflected = strcmp(call->function->name, "__ror__") == 0;
    struct py_value a = call->self, b = call->args[0];
    bool fits = py_is_class(b) || b.kind == PY_NONE ||
                (b.kind == PY_OBJECT && (b.object->cls->native == &py_generic_alias_class ||
                                         b.object->cls->native == &py_union_class));
    if (!fits)
        return py_not_implemented();
    return reflected ? py_new_union(run, b, a) : py_new_union(run, a, b);
}

static struct py_value type_instancecheck(struct py_run *run, struct py_call *call)
{
    return py_bool(py_isinstance_of(run, call->args[0], self_type(call)));
}

static struct py_value type_subclasscheck(struct py_run *run, struct py_call *call)
{
    (void)run;
    return py_bool(py_is_class(call->args[0]) &&
                   py_issubclass(py_type_of(call->args[0]), self_type(call)));
}

static const struct py_member type_members[] = {
    PY_STATIC("__new__", type_new, type_new_args),
    PY_FUNCTION_ANY("__init__", type_init),
    PY_FUNCTION_ANY("__call__", type_call),
    PY_PROPERTY_RW("__name__", type_attr, type_set),
    PY_PROPERTY_RW("__qualname__", type_attr, type_set),
    PY_PROPERTY_RW("__module__", type_attr, type_set),
    PY_PROPERTY("__bases__", type_attr),
    PY_PROPERTY("__base__", type_attr),
    PY_PROPERTY("__mro__", type_attr),
    PY_PROPERTY("__dict__", type_attr),
    PY_PROPERTY_RW("__doc__", type_attr, type_set),
    PY_PROPERTY_RW("__annotations__", type_attr, type_set),
    PY_FUNCTION_N("mro", type_mro, 0, 0),
    PY_FUNCTION_N("__subclasses__", type_subclasses, 0, 0),
    PY_FUNCTION_N("__or__", type_or, 1, 1),
    PY_FUNCTION_N("__ror__", type_or, 1, 1),
    PY_FUNCTION_N("__instancecheck__", type_instancecheck, 1, 1),
    PY_FUNCTION_N("__subclasscheck__", type_subclasscheck, 1, 1),
    PY_MEMBERS_END,
};

const struct py_native_class py_type_class = {
    .name = "type",
    .members = type_members,
    .flags = PY_CLASS_COMPLETE | PY_CLASS_INERT,
    .layout = PY_LAYOUT_CLASS,
};

/* ------------------------------------------------------------------ abstract classes */

static bool is_abstract(struct py_run *run, struct py_value v)
{
    struct py_value flag;
    if (v.kind != PY_OBJECT || py_is_class(v) || v.object->cls->layout != PY_LAYOUT_OPAQUE)
        return false;
    return py_find_attr(run, v, "__isabstractmethod__", &flag) && py_truth(run, flag);
}

/* Only classes whose metaclass derives from ABCMeta care; see lib_abc.c. */
void py_check_abstract(struct py_run *run, struct py_type *type)
{
    if (!py_class_is(type->base.cls, &py_abc_meta_class))
        return;
    struct py_value names = py_new_list(run);
    for (size_t m = 0; m < type->mro_len; m++) {
        struct py_type *t = type->mro[m];
        struct py_value key, value;
        if (t->native)
            continue;
        for (size_t i = 0; py_dict_next(t->base.dict, &i, &key, &value);) {
            struct py_type *owner;
            if (!py_is_str(key) || !is_abstract(run, value))
                continue;
            struct py_value found = py_type_find_text(run, type, py_str_of(key)->ptr, &owner);
            if (owner == t && is_abstract(run, found))
                py_list_append(run, names, key);
        }
    }
    struct py_list *l = py_list_of(names);
    if (l->len == 0)
        return;
    py_call_method(run, names, "sort", NULL, 0);
    struct str s = STR_IN(run->arena);
    for (size_t i = 0; i < l->len; i++)
        str_addf(&s, "%s%s", i ? ", " : "", py_str_of(l->items[i])->ptr);
    py_raise(run, &py_type_error_class,
             "Can't instantiate abstract class %s with abstract method%s %s", type->name,
             l->len == 1 ? "" : "s", s.ptr);
}
