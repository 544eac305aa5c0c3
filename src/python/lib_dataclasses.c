/*
 * dataclasses. A field is an object of the class Field with Python attributes (name, type, default,
 * …), kept in the class's __dataclass_fields__; the methods of a data class are rows made for it in
 * the arena, whose __init__ has a parameter table of the fields.
 */
#include "config.h"

#include <string.h>

#include "python/interp.h"

static const struct py_native_class field_class, missing_class, init_var_class, kw_only_class;

static struct py_value missing_value(struct py_run *run, struct py_call *call)
{
    static const char key = 0;
    struct py_value *v = py_state(run, &key, sizeof(*v));
    (void)call;
    if (v->kind == PY_ABSENT)
        *v = py_new(run, &missing_class, NULL);
    return *v;
}

static bool is_missing(struct py_value v)
{
    return v.kind == PY_ABSENT || (v.kind == PY_OBJECT && v.object->cls->native == &missing_class);
}

static struct py_value attr(struct py_value field, const char *name)
{
    return py_own_attr(field, name);
}

static bool flag(struct py_run *run, struct py_value field, const char *name)
{
    return py_truth(run, py_own_attr(field, name));
}

/* The program can change fields, and put other things among them. */
static const char *field_name(struct py_run *run, struct py_value field)
{
    return py_as_string(run, attr(field, "name"), "field name");
}

/* ------------------------------------------------------------------ field() */

enum { F_DEFAULT, F_FACTORY, F_INIT, F_REPR, F_HASH, F_COMPARE, F_METADATA, F_KW_ONLY };

static const struct py_arg field_args[] = {
    [F_DEFAULT] = PY_KEYWORD_DEFAULTED("default"),
    [F_FACTORY] = PY_KEYWORD_DEFAULTED("default_factory"),
    [F_INIT] = PY_KEYWORD_DEFAULTED("init"),
    [F_REPR] = PY_KEYWORD_DEFAULTED("repr"),
    [F_HASH] = PY_KEYWORD_ONLY("hash"),
    [F_COMPARE] = PY_KEYWORD_DEFAULTED("compare"),
    [F_METADATA] = PY_KEYWORD_ONLY("metadata"),
    [F_KW_ONLY] = PY_KEYWORD_DEFAULTED("kw_only"),
    PY_ARGS_END,
};

static struct py_value new_field(struct py_run *run, const struct py_value *args)
{
    struct py_value f = py_new(run, &field_class, NULL);
    for (size_t i = 0; field_args[i].name; i++) {
        struct py_value v = args ? args[i] : py_absent();
        if (v.kind == PY_ABSENT) {
            bool plain = i == F_DEFAULT || i == F_FACTORY || i == F_KW_ONLY;
            v = plain ? missing_value(run, NULL) : i == F_HASH ? py_none() : py_bool(true);
            if (i == F_METADATA)
                v = py_new_dict(run);
        }
        py_set_own_attr(run, f, field_args[i].name, v);
    }
    return f;
}

static struct py_value dataclass_field(struct py_run *run, struct py_call *call)
{
    if (call->args[F_DEFAULT].kind != PY_ABSENT && call->args[F_FACTORY].kind != PY_ABSENT)
        py_raise(run, &py_value_error_class, "cannot specify both default and default_factory");
    return new_field(run, call->args);
}

static struct py_value field_repr(struct py_run *run, struct py_call *call)
{
    return py_new_strf(run, "Field(name=%s,type=%s)", py_repr_text(run, attr(call->self, "name")),
                       py_repr_text(run, attr(call->self, "type")));
}

static const struct py_member field_members[] = {
    PY_FUNCTION_N("__repr__", field_repr, 0, 0),
    PY_MEMBERS_END,
};

static const struct py_native_class field_class = {
    .name = "Field",
    .module = "dataclasses",
    .members = field_members,
    .flags = PY_CLASS_COMPLETE | PY_CLASS_INERT,
};

static const struct py_native_class missing_class = {
    .name = "_MISSING_TYPE",
    .module = "dataclasses",
    .flags = PY_CLASS_COMPLETE,
};

static const struct py_native_class kw_only_class = {
    .name = "KW_ONLY",
    .module = "dataclasses",
    .flags = PY_CLASS_COMPLETE,
};

static const struct py_native_class init_var_class = {
    .name = "InitVar",
    .module = "dataclasses",
    .flags = PY_CLASS_COMPLETE | PY_CLASS_INERT,
};

static const struct py_native_class frozen_error_class = {
    .name = "FrozenInstanceError",
    .module = "dataclasses",
    .bases = PY_BASES(&py_attribute_error_class),
    .payload_size = sizeof(struct py_exception),
    .flags = PY_CLASS_COMPLETE,
};

/* ------------------------------------------------------------------ generated methods */

/* Of one data class. The rows come first: a call finds the rest through call->function. */
struct method {
    struct py_member row;
    struct py_value *fields; /* of __init__: one for each row of the table */
    size_t count;
    bool frozen;
};

static struct py_value generated_init(struct py_run *run, struct py_call *call)
{
    const struct method *m = (const struct method *)call->function;
    struct py_value post[64];
    size_t post_count = 0;
    for (size_t i = 0; i < m->count; i++) {
        struct py_value f = m->fields[i];
        bool passed = flag(run, f, "init");
        struct py_value v = passed ? call->args[i] : py_absent();
        const char *name = field_name(run, f);
        if (v.kind == PY_ABSENT && !is_missing(attr(f, "default_factory")))
            v = py_call(run, attr(f, "default_factory"), NULL, 0, NULL);
        else if (v.kind == PY_ABSENT && !is_missing(attr(f, "default")))
            v = attr(f, "default");
        if (v.kind == PY_ABSENT)
            continue;
        if (flag(run, f, "_init_var")) {
            if (post_count < 64)
                post[post_count++] = v;
        } else if (m->frozen) {
            py_set_own_attr(run, call->self, name, v);
        } else {
            py_setattr(run, call->self, name, v);
        }
    }
    struct py_value hook;
    if (py_find_attr(run, call->self, "__post_init__", &hook))
        py_call(run, hook, post, post_count, NULL);
    return py_none();
}

static struct py_dict *fields_of(struct py_run *run, struct py_type *cls)
{
    struct py_value v = py_class_lookup(run, cls, "__dataclass_fields__", NULL);
    return py_is_dict(v) ? py_dict_of(v) : NULL;
}

static struct py_value generated_repr(struct py_run *run, struct py_call *call)
{
    struct py_type *cls = py_class(run, call->self);
    struct str out = STR_IN(run->arena);
    struct py_value f;
    str_addf(&out, "%s(", cls->qualname);
    bool first = true;
    for (size_t i = 0; py_dict_next(fields_of(run, cls), &i, NULL, &f);) {
        if (!flag(run, f, "repr") || flag(run, f, "_init_var"))
            continue;
        const char *name = field_name(run, f);
        str_addf(&out, "%s%s=", first ? "" : ", ", name);
        py_add_repr(run, &out, py_getattr(run, call->self, name));
        first = false;
    }
    str_addc(&out, ')');
    return py_str_take(run, &out);
}

static struct py_value compared(struct py_run *run, struct py_value v)
{
    struct py_value list = py_new_list(run), f;
    for (size_t i = 0; py_dict_next(fields_of(run, py_class(run, v)), &i, NULL, &f);) {
        if (flag(run, f, "compare") && !flag(run, f, "_init_var"))
            py_list_append(run, list, py_getattr(run, v, field_name(run, f)));
    }
    return py_tuple_own(run, py_list_of(list)->items, py_list_of(list)->len);
}

static struct py_value generated_compare(struct py_run *run, struct py_call *call)
{
    if (py_class(run, call->self) != py_class(run, call->args[0]))
        return py_not_implemented();
    struct py_value a = compared(run, call->self), b = compared(run, call->args[0]);
    for (int i = 0; i < (int)PY_COMPARE_OPS; i++) {
        if (strcmp(py_compare_op_info((enum py_compare_op)i)->method, call->function->name) == 0)
            return py_compare(run, (enum py_compare_op)i, a, b);
    }
    return py_not_implemented();
}

static struct py_value generated_hash(struct py_run *run, struct py_call *call)
{
    return py_int((int64_t)py_hash(run, compared(run, call->self)));
}

static struct py_value frozen_set(struct py_run *run, struct py_call *call)
{
    py_raise(run, &frozen_error_class, "cannot %s field '%s'",
             call->function->name[2] == 's' ? "assign to" : "delete",
             py_as_string(run, call->args[0], "name"));
}

static void put_row(struct py_run *run, struct py_type *cls, const char *name, py_native_fn fn,
                    int count)
{
    struct method *m = PY_NEW(run, struct method);
    m->row = (struct py_member){.name = name, .kind = PY_MEMBER_FUNCTION, .fn = fn, .min = count,
                                .max = count};
    struct py_value row = {.kind = PY_ROW};
    row.object = (struct py_object *)(uintptr_t)&m->row;
    py_dict_put_name(run, cls->base.dict, name, row);
}

static bool defines(struct py_type *cls, const char *name)
{
    return py_dict_get_name(cls->base.dict, name).kind != PY_ABSENT;
}

static bool has_default(struct py_value f)
{
    return !is_missing(attr(f, "default")) || !is_missing(attr(f, "default_factory"));
}

/* Positional fields first, then the keyword-only ones; those without init come last, unnamed. */
static void put_init(struct py_run *run, struct py_type *cls, struct py_dict *fields, bool frozen)
{
    struct method *m = PY_NEW(run, struct method);
    size_t len = fields->table.len;
    struct py_arg *args = py_alloc(run, (len + 1) * sizeof(*args));
    m->fields = py_alloc(run, (len + 1) * sizeof(*m->fields));
    m->frozen = frozen;
    const char *optional = NULL;
    struct py_value f;
    for (int pass = 0; pass < 3; pass++) {
        for (size_t i = 0; py_dict_next(fields, &i, NULL, &f);) {
            bool init = flag(run, f, "init"), kw = flag(run, f, "kw_only");
            if ((init ? kw : 2) != pass)
                continue;
            const char *name = field_name(run, f);
            if (pass == 0 && has_default(f))
                optional = name;
            else if (pass == 0 && optional)
                py_raise(run, &py_type_error_class,
                         "non-default argument '%s' follows default argument", name);
            m->fields[m->count] = f;
            if (init)
                args[m->count] = (struct py_arg){
                    name, (has_default(f) ? PY_ARG_OPTIONAL : 0u) | (kw ? PY_ARG_KEYWORD : 0u)};
            m->count++;
        }
    }
    m->row = (struct py_member){
        .name = "__init__", .kind = PY_MEMBER_FUNCTION, .fn = generated_init, .args = args};
    struct py_value row = {.kind = PY_ROW};
    row.object = (struct py_object *)(uintptr_t)&m->row;
    py_dict_put_name(run, cls->base.dict, "__init__", row);
}

/* ------------------------------------------------------------------ the decorator */

enum { D_CLS, D_INIT, D_REPR, D_EQ, D_ORDER, D_UNSAFE_HASH, D_FROZEN, D_MATCH, D_KW_ONLY, D_SLOTS,
       D_WEAKREF, D_COUNT };

static const struct py_arg dataclass_args[] = {
    [D_CLS] = PY_POSITIONAL_DEFAULTED("cls"),
    [D_INIT] = PY_KEYWORD_DEFAULTED("init"),
    [D_REPR] = PY_KEYWORD_DEFAULTED("repr"),
    [D_EQ] = PY_KEYWORD_DEFAULTED("eq"),
    [D_ORDER] = PY_KEYWORD_DEFAULTED("order"),
    [D_UNSAFE_HASH] = PY_KEYWORD_DEFAULTED("unsafe_hash"),
    [D_FROZEN] = PY_KEYWORD_DEFAULTED("frozen"),
    [D_MATCH] = PY_KEYWORD_DEFAULTED("match_args"),
    [D_KW_ONLY] = PY_KEYWORD_DEFAULTED("kw_only"),
    [D_SLOTS] = PY_KEYWORD_DEFAULTED("slots"),
    [D_WEAKREF] = PY_KEYWORD_DEFAULTED("weakref_slot"),
    PY_ARGS_END,
};

static bool is_form(struct py_value type, const char *name)
{
    struct py_value origin, args;
    if (py_is_str(type)) {
        const char *text = py_str_of(type)->ptr, *dot = strrchr(text, '.');
        text = dot && !strchr(text, '[') ? dot + 1 : strncmp(text, "typing.", 7) == 0 ? text + 7
                                                                                      : text;
        return strncmp(text, name, strlen(name)) == 0;
    }
    const char *form = py_typing_form(type);
    if (py_is_subscripted(type, &origin, &args))
        form = py_typing_form(origin);
    return form && strcmp(form, name) == 0;
}

static bool is_class(struct py_value type, const struct py_native_class *cls)
{
    struct py_value origin, args;
    if (py_is_subscripted(type, &origin, &args))
        type = origin;
    return py_is_class(type) && py_type_of(type)->native == cls;
}

static void add_field(struct py_run *run, struct py_type *cls, struct py_dict *fields,
                      struct py_value name, struct py_value type, bool kw_only)
{
    const char *text = py_as_string(run, name, "field name");
    struct py_value given = py_dict_get(run, cls->base.dict, name), f = given;
    bool is_field = given.kind == PY_OBJECT && given.object->cls->native == &field_class;
    if (!is_field) {
        f = new_field(run, NULL);
        if (given.kind != PY_ABSENT)
            py_set_own_attr(run, f, "default", given);
    }
    struct py_value value = attr(f, "default");
    if (py_is_list(value) || py_is_dict(value) || py_isinstance(run, value, &py_set_class))
        py_raise(run, &py_value_error_class,
                 "mutable default %s for field %s is not allowed: use default_factory",
                 py_repr_text(run, py_class_value(py_class(run, value))), text);
    if (is_field && is_missing(value))
        py_dict_remove(run, cls->base.dict, name);
    else if (is_field)
        py_dict_put(run, cls->base.dict, name, value);
    py_set_own_attr(run, f, "name", name);
    py_set_own_attr(run, f, "type", type);
    py_set_own_attr(run, f, "_init_var", py_bool(is_class(type, &init_var_class)));
    if (is_missing(attr(f, "kw_only")))
        py_set_own_attr(run, f, "kw_only", py_bool(kw_only));
    py_dict_put(run, fields, name, f);
}

static struct py_dict *collect(struct py_run *run, struct py_type *cls, bool kw_only)
{
    struct py_value fields = py_new_dict(run), key, value;
    for (size_t i = cls->mro_len; i-- > 1;) {
        py_work(run, PY_WORK_STEP);
        struct py_value inherited =
            py_dict_get_name(cls->mro[i]->base.dict, "__dataclass_fields__");
        for (size_t k = 0; py_is_dict(inherited) && py_dict_next(py_dict_of(inherited), &k, &key,
                                                                 &value);) {
            py_work(run, PY_WORK_STEP);
            py_dict_put(run, py_dict_of(fields), key, value);
        }
    }
    struct py_value all = py_dict_get_name(cls->base.dict, "__annotations__");
    for (size_t i = 0; py_is_dict(all) && py_dict_next(py_dict_of(all), &i, &key, &value);) {
        if (is_class(value, &kw_only_class))
            kw_only = true;
        else if (!is_form(value, "ClassVar"))
            add_field(run, cls, py_dict_of(fields), key, value, kw_only);
    }
    return py_dict_of(fields);
}

static bool option(struct py_run *run, const struct py_value *args, int i, bool otherwise)
{
    return args[i].kind == PY_ABSENT ? otherwise : py_truth(run, args[i]);
}

static struct py_value process(struct py_run *run, struct py_value v, const struct py_value *args)
{
    static const char *const order[] = {"__lt__", "__le__", "__gt__", "__ge__"};
    if (!py_is_class(py_require_known(run, v)))
        py_raise(run, &py_type_error_class, "dataclass() should be called on a class");
    struct py_type *cls = py_type_of(v);
    bool eq = option(run, args, D_EQ, true), frozen = option(run, args, D_FROZEN, false);
    struct py_dict *fields = collect(run, cls, option(run, args, D_KW_ONLY, false));
    py_work(run, fields->table.len * PY_WORK_EACH * 8);
    py_dict_put_name(run, cls->base.dict, "__dataclass_fields__", py_object(&fields->base));
    if (option(run, args, D_INIT, true))
        put_init(run, cls, fields, frozen);
    if (option(run, args, D_REPR, true) && !defines(cls, "__repr__"))
        put_row(run, cls, "__repr__", generated_repr, 0);
    bool own_eq = defines(cls, "__eq__");
    struct py_value hash = py_dict_get_name(cls->base.dict, "__hash__");
    bool own_hash = hash.kind != PY_ABSENT && !(hash.kind == PY_NONE && own_eq);
    if (eq && !own_eq)
        put_row(run, cls, "__eq__", generated_compare, 1);
    for (size_t i = 0; option(run, args, D_ORDER, false) && i < 4; i++)
        put_row(run, cls, order[i], generated_compare, 1);
    if (option(run, args, D_UNSAFE_HASH, false) || (eq && frozen && !own_hash))
        put_row(run, cls, "__hash__", generated_hash, 0);
    else if (eq && !own_hash)
        py_dict_put_name(run, cls->base.dict, "__hash__", py_none());
    if (frozen) {
        put_row(run, cls, "__setattr__", frozen_set, 2);
        put_row(run, cls, "__delattr__", frozen_set, 1);
    }
    struct py_value names = py_new_list(run), key, f;
    for (size_t i = 0; py_dict_next(fields, &i, &key, &f);) {
        if (flag(run, f, "init") && !flag(run, f, "kw_only"))
            py_list_append(run, names, key);
    }
    if (!defines(cls, "__match_args__"))
        py_dict_put_name(run, cls->base.dict, "__match_args__",
                         py_tuple_own(run, py_list_of(names)->items, py_list_of(names)->len));
    return v;
}

/* dataclass(order=True) gives a decorator that remembers its options. */
struct decorator {
    struct py_member row;
    struct py_value args[D_COUNT];
};

static struct py_value decorate(struct py_run *run, struct py_call *call)
{
    const struct decorator *d = (const struct decorator *)call->function;
    return process(run, call->args[0], d->args);
}

static struct py_value dataclass(struct py_run *run, struct py_call *call)
{
    if (!py_is_unset(call->args[D_CLS]))
        return process(run, call->args[D_CLS], call->args);
    struct decorator *d = PY_NEW(run, struct decorator);
    d->row = (struct py_member){
        .name = "wrap", .kind = PY_MEMBER_FUNCTION, .fn = decorate, .min = 1, .max = 1};
    memcpy(d->args, call->args, sizeof(d->args));
    return py_new_function(run, &d->row, py_absent());
}

/* ------------------------------------------------------------------ functions over data classes */

static struct py_dict *require_fields(struct py_run *run, struct py_value v, const char *what)
{
    struct py_type *cls = py_is_class(v) ? py_type_of(v) : py_class(run, py_require_known(run, v));
    struct py_dict *d = fields_of(run, cls);
    if (!d)
        py_raise(run, &py_type_error_class, "%s", what);
    return d;
}

static struct py_value get_fields(struct py_run *run, struct py_call *call)
{
    struct py_value list = py_new_list(run), f;
    struct py_dict *d = require_fields(run, call->args[0],
                                       "must be called with a dataclass type or instance");
    for (size_t i = 0; py_dict_next(d, &i, NULL, &f);) {
        if (!flag(run, f, "_init_var"))
            py_list_append(run, list, f);
    }
    return py_tuple_own(run, py_list_of(list)->items, py_list_of(list)->len);
}

static struct py_value convert(struct py_run *run, struct py_value v, bool dict)
{
    struct py_value out, key, value;
    py_step(run);
    py_enter(run);
    if (v.kind == PY_OBJECT && !py_is_class(v) && fields_of(run, v.object->cls)) {
        struct py_dict *fields = fields_of(run, v.object->cls);
        out = dict ? py_new_dict(run) : py_new_list(run);
        for (size_t i = 0; py_dict_next(fields, &i, &key, NULL);) {
            value = convert(run, py_getattr(run, v, py_as_string(run, key, "field name")), dict);
            if (dict)
                py_dict_put(run, py_dict_of(out), key, value);
            else
                py_list_append(run, out, value);
        }
        if (!dict)
            out = py_tuple_own(run, py_list_of(out)->items, py_list_of(out)->len);
    } else if (py_is_list(v) || py_is_tuple(v)) {
        struct py_tuple *items = py_items(run, v);
        out = py_new_list(run);
        for (size_t i = 0; i < items->len; i++)
            py_list_append(run, out, convert(run, items->items[i], dict));
        if (py_is_tuple(v))
            out = py_tuple_own(run, py_list_of(out)->items, py_list_of(out)->len);
    } else if (py_is_dict(v)) {
        out = py_new_dict(run);
        for (size_t i = 0; py_dict_next(py_dict_of(v), &i, &key, &value);)
            py_dict_put(run, py_dict_of(out), convert(run, key, dict), convert(run, value, dict));
    } else {
        out = v;
    }
    py_leave(run);
    return out;
}

static struct py_value as_dict(struct py_run *run, struct py_call *call)
{
    bool dict = strcmp(call->function->name, "asdict") == 0;
    if (py_is_class(call->args[0]))
        py_raise(run, &py_type_error_class, "%s() should be called on dataclass instances",
                 call->function->name);
    require_fields(run, call->args[0],
                   dict ? "asdict() should be called on dataclass instances"
                        : "astuple() should be called on dataclass instances");
    return convert(run, call->args[0], dict);
}

static struct py_value replace(struct py_run *run, struct py_call *call)
{
    struct py_value v = call->args[0], f;
    struct py_dict *kwargs = call->kwargs ? call->kwargs : py_dict_of(py_new_dict(run));
    struct py_dict *d =
        require_fields(run, v, "replace() should be called on dataclass instances");
    for (size_t i = 0; py_dict_next(d, &i, NULL, &f);) {
        const char *name = field_name(run, f);
        if (flag(run, f, "init") && py_dict_get_name(kwargs, name).kind == PY_ABSENT)
            py_dict_put_name(run, kwargs, name, py_getattr(run, v, name));
    }
    return py_call(run, py_class_value(py_class(run, v)), NULL, 0, kwargs);
}

static struct py_value is_dataclass(struct py_run *run, struct py_call *call)
{
    struct py_value v = py_require_known(run, call->args[0]);
    return py_bool(fields_of(run, py_is_class(v) ? py_type_of(v) : py_class(run, v)) != NULL);
}

static const struct py_member dataclasses_members[] = {
    PY_FUNCTION("dataclass", dataclass, dataclass_args),
    PY_FUNCTION("field", dataclass_field, field_args),
    PY_FUNCTION_N("fields", get_fields, 1, 1),
    PY_FUNCTION_N("asdict", as_dict, 1, 1),
    PY_FUNCTION_N("astuple", as_dict, 1, 1),
    {.name = "replace", .kind = PY_MEMBER_FUNCTION, .fn = replace, .min = 1, .max = 1,
     .keywords = true},
    PY_FUNCTION_N("is_dataclass", is_dataclass, 1, 1),
    PY_VALUE("MISSING", missing_value),
    PY_CLASS("KW_ONLY", &kw_only_class),
    PY_CLASS("InitVar", &init_var_class),
    PY_CLASS("Field", &field_class),
    PY_CLASS("FrozenInstanceError", &frozen_error_class),
    PY_MEMBERS_END,
};

const struct py_native_module py_dataclasses_module = {"dataclasses", dataclasses_members, 0, NULL};
