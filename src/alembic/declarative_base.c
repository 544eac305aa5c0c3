/* Declarative bases and registries: where a class's MetaData and types come from. */
#include "config.h"

#include "alembic/declarative.h"

#include "alembic/env_run.h"
#include "alembic/host.h"
#include "alembic/live.h"
#include "base/str.h"

/* ------------------------------------------------------------------ registry() */

enum { REG_METADATA, REG_CLASSES, REG_TYPES, REG_CONSTRUCTOR };
static const struct py_arg registry_args[] = {
    [REG_METADATA] = PY_KEYWORD_ONLY("metadata"),
    [REG_CLASSES] = PY_KEYWORD_ONLY("class_registry"),
    [REG_TYPES] = PY_KEYWORD_ONLY("type_annotation_map"),
    [REG_CONSTRUCTOR] = PY_KEYWORD_DEFAULTED("constructor"), PY_ARGS_END};

static struct mapper_registry *registry_payload(struct py_run *run, struct py_value v)
{
    return py_require_payload(run, v, &registry_class, "registry");
}

static void update_types(struct py_run *run, struct mapper_registry *r, struct py_value types)
{
    struct py_value key, value;
    if (py_is_unset(types))
        return;
    py_require_known(run, types);
    if (!py_is_dict(types))
        py_refuse(run, PY_REFUSE_TYPE, "a type_annotation_map that is not a dict");
    for (size_t i = 0; py_dict_next(py_dict_of(types), &i, &key, &value);)
        py_dict_put(run, py_dict_of(r->types), key, value);
}

static void fill_registry(struct py_run *run, struct mapper_registry *r, struct py_value metadata,
                          struct py_value types)
{
    r->metadata = py_is_unset(metadata)
                      ? py_construct(run, &sa_metadata_class, NULL, 0, NULL)
                      : metadata;
    r->types = py_new_dict(run);
    update_types(run, r, types);
}

static struct py_value registry_init(struct py_run *run, struct py_call *call)
{
    fill_registry(run, registry_payload(run, call->self), call->args[REG_METADATA],
                  call->args[REG_TYPES]);
    return py_none();
}

static struct py_value new_registry(struct py_run *run, struct py_value metadata,
                                    struct py_value types)
{
    void *payload;
    struct py_value v = py_new(run, &registry_class, &payload);
    fill_registry(run, payload, metadata, types);
    return v;
}

static struct py_value registry_metadata(struct py_run *run, struct py_call *call)
{
    return registry_payload(run, call->self)->metadata;
}

static struct py_value registry_types(struct py_run *run, struct py_call *call)
{
    return registry_payload(run, call->self)->types;
}

static struct py_value registry_update(struct py_run *run, struct py_call *call)
{
    update_types(run, registry_payload(run, call->self), call->args[0]);
    return py_none();
}

struct py_value registry_of(struct py_run *run, struct py_type *cls)
{
    struct py_value found = py_class_lookup(run, cls, "_sa_registry", NULL);
    if (!py_payload(found, &registry_class))
        found = py_class_lookup(run, cls, "registry", NULL);
    return py_payload(found, &registry_class) ? found : py_absent();
}

/* ------------------------------------------------------------------ making a base */

/*
 * type(name, (*bases, root), {"registry": ..., "metadata": ...}); bases: a class, a tuple, or none.
 */
static struct py_value make_base(struct py_run *run, struct py_value registry,
                                 struct py_value bases, struct py_value name)
{
    struct py_value list = py_new_list(run), names = py_new_dict(run);
    if (py_is_tuple(bases)) {
        for (size_t i = 0; i < py_tuple_of(bases)->len; i++)
            py_list_append(run, list, py_tuple_of(bases)->items[i]);
    } else if (!py_is_unset(bases)) {
        py_list_append(run, list, bases);
    }
    py_list_append(run, list, py_class_value(py_class_for(run, &declarative_root_class)));
    py_dict_put_name(run, py_dict_of(names), "registry", registry);
    py_dict_put_name(run, py_dict_of(names), "metadata", registry_payload(run, registry)->metadata);
    py_dict_put_name(run, py_dict_of(names), "_sa_registry", registry);
    py_dict_put_name(run, py_dict_of(names), "__abstract__", py_bool(true));
    const struct py_value args[] = {
        py_is_unset(name) ? py_new_str(run, "Base") : name,
        py_new_tuple(run, py_list_of(list)->items, py_list_of(list)->len), names};
    return py_call(run, py_class_value(py_class_for(run, &declarative_meta_class)), args, 3, NULL);
}

enum { BASE_MAPPER, BASE_CLS, BASE_NAME, BASE_METACLASS };
static const struct py_arg generate_args[] = {
    [BASE_MAPPER] = PY_OPTIONAL("mapper"), [BASE_CLS] = PY_OPTIONAL("cls"),
    [BASE_NAME] = PY_OPTIONAL("name"), [BASE_METACLASS] = PY_OPTIONAL("metaclass"), PY_ARGS_END};

static struct py_value generate_base(struct py_run *run, struct py_call *call)
{
    return make_base(run, call->self, call->args[BASE_CLS], call->args[BASE_NAME]);
}

static struct py_value base_from_class(struct py_run *run, struct py_value registry,
                                       struct py_value cls)
{
    py_require_known(run, cls);
    if (!py_is_class(cls))
        py_raise(run, &py_type_error_class, "a class is expected, not %s", py_class_name(run, cls));
    return make_base(run, registry, cls, py_new_str(run, py_type_of(cls)->name));
}

/* @reg.as_declarative_base() */
struct decorator {
    struct py_value registry;
    bool as_base;
};

static const struct py_native_class decorator_class;

static struct py_value map_plain_class(struct py_run *run, struct py_value registry,
                                       struct py_value cls)
{
    py_require_known(run, cls);
    if (!py_is_class(cls))
        py_raise(run, &py_type_error_class, "a class is expected, not %s", py_class_name(run, cls));
    py_dict_put_name(run, py_class_namespace(run, py_type_of(cls)), "_sa_registry", registry);
    model_read_class(run, py_type_of(cls), NULL, &declarative_system);
    return cls;
}

static struct py_value decorator_call(struct py_run *run, struct py_call *call)
{
    const struct decorator *d = py_require_payload(run, call->self, &decorator_class, "decorator");
    return d->as_base ? base_from_class(run, d->registry, call->args[0])
                      : map_plain_class(run, d->registry, call->args[0]);
}

static const struct py_member decorator_members[] = {
    PY_FUNCTION_N("__call__", decorator_call, 1, 1),
    PY_MEMBERS_END,
};
static const struct py_native_class decorator_class = {
    .name = "decorator",
    .module = "sqlalchemy.orm.decl_api",
    .members = decorator_members,
    .payload_size = sizeof(struct decorator),
};

static struct py_value new_decorator(struct py_run *run, struct py_value registry, bool as_base)
{
    void *payload;
    struct py_value v = py_new(run, &decorator_class, &payload);
    *(struct decorator *)payload = (struct decorator){registry, as_base};
    return v;
}

static struct py_value as_declarative_base(struct py_run *run, struct py_call *call)
{
    return new_decorator(run, call->self, true);
}

/* @reg.mapped, @reg.mapped_as_dataclass, with or without arguments. */
static struct py_value registry_mapped(struct py_run *run, struct py_call *call)
{
    if (call->count > 0 && py_is_class(call->args[0]))
        return map_plain_class(run, call->self, call->args[0]);
    return new_decorator(run, call->self, false);
}

/* map_imperatively(cls, table) and what concerns the mapper alone. */
static struct py_value registry_ignore(struct py_run *run, struct py_call *call)
{
    (void)run;
    (void)call;
    return py_none();
}

static const struct py_arg update_args[] = {PY_REQUIRED("type_annotation_map"), PY_ARGS_END};
static const struct py_member registry_members[] = {
    PY_METHOD("__init__", registry_init, registry_args),
    PY_PROPERTY("metadata", registry_metadata),
    PY_PROPERTY("type_annotation_map", registry_types),
    PY_METHOD("update_type_annotation_map", registry_update, update_args),
    PY_METHOD("generate_base", generate_base, generate_args),
    PY_FUNCTION_ANY("as_declarative_base", as_declarative_base),
    PY_FUNCTION_ANY("mapped", registry_mapped),
    PY_FUNCTION_ANY("mapped_as_dataclass", registry_mapped),
    PY_FUNCTION_ANY("map_imperatively", registry_ignore),
    PY_FUNCTION_ANY("configure", registry_ignore),
    PY_FUNCTION_ANY("dispose", registry_ignore),
    PY_MEMBERS_END,
};
const struct py_native_class registry_class = {
    .name = "registry",
    .module = "sqlalchemy.orm.decl_api",
    .members = registry_members,
    .payload_size = sizeof(struct mapper_registry),
};

/* ------------------------------------------------------------------ declarative_base() */

enum { DB_METADATA, DB_MAPPER, DB_CLS, DB_NAME, DB_REGISTRY, DB_TYPES, DB_CONSTRUCTOR,
       DB_METACLASS, DB_BIND };
const struct py_arg declarative_base_args[] = {
    [DB_METADATA] = PY_KEYWORD_ONLY("metadata"),
    [DB_MAPPER] = PY_KEYWORD_ONLY("mapper"),
    [DB_CLS] = PY_KEYWORD_ONLY("cls"),
    [DB_NAME] = PY_KEYWORD_ONLY("name"),
    [DB_REGISTRY] = PY_KEYWORD_ONLY("class_registry"),
    [DB_TYPES] = PY_KEYWORD_ONLY("type_annotation_map"),
    [DB_CONSTRUCTOR] = PY_KEYWORD_DEFAULTED("constructor"),
    [DB_METACLASS] = PY_KEYWORD_ONLY("metaclass"),
    [DB_BIND] = PY_KEYWORD_ONLY("bind"),
    PY_ARGS_END};

struct py_value declarative_base(struct py_run *run, struct py_call *call)
{
    struct py_value registry =
        new_registry(run, call->args[DB_METADATA], call->args[DB_TYPES]);
    py_require_known(run, call->args[DB_CLS]);
    return make_base(run, registry, call->args[DB_CLS], call->args[DB_NAME]);
}

const struct py_arg declarative_decorator_args[] = {PY_KEYWORDS("kw"), PY_ARGS_END};

struct py_value declarative_decorator(struct py_run *run, struct py_call *call)
{
    struct py_dict *kw = py_dict_of(call->args[0]);
    struct py_value registry = new_registry(run, py_dict_get_name(kw, "metadata"),
                                            py_dict_get_name(kw, "type_annotation_map"));
    return new_decorator(run, registry, true);
}

/* ------------------------------------------------------------------ DeclarativeBase */

static bool is_direct_base(const struct py_type *cls)
{
    for (size_t i = 0; i < cls->base_count; i++)
        if (cls->bases[i]->native == &declarative_base_class)
            return true;
    return false;
}

/* class Base(DeclarativeBase): its registry and metadata, from what its body says. */
static void set_up_base(struct py_run *run, struct py_type *cls)
{
    struct py_dict *names = py_class_namespace(run, cls);
    struct py_value registry = py_dict_get_name(names, "registry");
    struct py_value metadata = py_dict_get_name(names, "metadata");
    struct py_value types = py_dict_get_name(names, "type_annotation_map");
    if (py_is_absent(registry)) {
        struct py_value inherited = model_attribute(run, cls, "metadata");
        registry = new_registry(run, py_is_absent(metadata) ? inherited : metadata, types);
    } else {
        struct mapper_registry *r = registry_payload(run, registry);
        if (!py_is_absent(metadata))
            r->metadata = metadata;
        update_types(run, r, types);
    }
    py_dict_put_name(run, names, "registry", registry);
    py_dict_put_name(run, names, "_sa_registry", registry);
    py_dict_put_name(run, names, "metadata", registry_payload(run, registry)->metadata);
}

/*
 * Model(name=value): what an object is for, where a database is at hand. Attributes that are not
 * given are None, of columns as of anything else.
 */
static struct py_value object_init(struct py_run *run, struct py_call *call)
{
    struct py_value args[] = {call->self, py_new_dict(run)}, key, value;
    if (!live_is_on(run))
        return py_none();
    for (size_t i = 0; call->kwargs && py_dict_next(call->kwargs, &i, &key, &value);)
        py_dict_put(run, py_dict_of(args[1]), key, value);
    return py_call(run, py_getattr(run, py_import(run, "_live_session"), "fill"), args, 2, NULL);
}

static struct py_value base_init_subclass(struct py_run *run, struct py_call *call)
{
    struct py_type *cls = py_type_of(call->self);
    if (is_direct_base(cls))
        set_up_base(run, cls);
    else
        model_read_class(run, cls, call->kwargs, &declarative_system);
    return py_none();
}

/* Model.name = value */
static struct py_value meta_setattr(struct py_run *run, struct py_call *call)
{
    struct py_type *cls = py_type_of(call->self);
    const char *name = py_as_string(run, call->args[0], "attribute name");
    if (!model_is_mapped(run, cls) ||
        !declarative_add_attribute(run, cls, name, call->args[1]))
        py_dict_put_name(run, py_class_namespace(run, cls), name, call->args[1]);
    return py_none();
}

static const struct py_member meta_members[] = {
    PY_FUNCTION_N("__setattr__", meta_setattr, 2, 2),
    PY_MEMBERS_END,
};
const struct py_native_class declarative_meta_class = {
    .name = "DeclarativeMeta",
    .module = "sqlalchemy.orm.decl_api",
    .bases = PY_BASES(&py_type_class),
    .members = meta_members,
    .layout = PY_LAYOUT_CLASS,
};

static const struct py_member root_members[] = {
    PY_CLASSMETHOD_ANY("__init_subclass__", base_init_subclass),
    PY_FUNCTION_ANY("__init__", object_init),
    PY_MEMBERS_END,
};

const struct py_native_class declarative_base_class = {
    .name = "DeclarativeBase",
    .module = "sqlalchemy.orm.decl_api",
    .members = root_members,
    .metaclass = &declarative_meta_class,
    .flags = PY_CLASS_INERT,
};

const struct py_native_class declarative_root_class = {
    .name = "Base",
    .module = "sqlalchemy.orm.decl_api",
    .members = root_members,
    .metaclass = &declarative_meta_class,
    .flags = PY_CLASS_INERT,
};

/* Its keywords are for data classes, of which the schema knows nothing. */
static struct py_value dataclass_init_subclass(struct py_run *run, struct py_call *call)
{
    struct py_type *cls = py_type_of(call->self);
    if (py_class_is(cls, &declarative_base_class) || py_class_is(cls, &declarative_root_class))
        return base_init_subclass(run, call);
    return py_none();
}

static const struct py_member dataclass_members[] = {
    PY_CLASSMETHOD_ANY("__init_subclass__", dataclass_init_subclass),
    PY_MEMBERS_END,
};

const struct py_native_class mapped_dataclass_class = {
    .name = "MappedAsDataclass",
    .module = "sqlalchemy.orm.decl_api",
    .members = dataclass_members,
    .metaclass = &declarative_meta_class,
    .flags = PY_CLASS_INERT,
};
