/*
 * The bases of models: SQLModel and SQLAlchemy's declarative bases. env.py imports models for their
 * metadata, which carries the naming convention; columns and relationships stay unknown here.
 */
#include "config.h"

#include "alembic/env_run.h"
#include "alembic/sa_schema.h"

static struct py_value new_metadata(struct py_run *run, struct py_call *call)
{
    (void)call;
    return py_construct(run, &sa_metadata_class, NULL, 0, NULL);
}

/* Class keywords such as table=True are for the mapper. Its metadata may have tables from now on. */
static struct py_value init_subclass(struct py_run *run, struct py_call *call)
{
    struct py_value metadata;
    if (py_find_attr(run, call->self, "metadata", &metadata))
        sa_metadata_hide(metadata);
    return py_none();
}

static const struct py_member base_members[] = {
    PY_VALUE("metadata", new_metadata),
    PY_CLASSMETHOD_ANY("__init_subclass__", init_subclass),
    PY_MEMBERS_END,
};

static const struct py_member mixin_members[] = {
    PY_CLASSMETHOD_ANY("__init_subclass__", init_subclass),
    PY_MEMBERS_END,
};

const struct py_native_class env_sqlmodel_class = {
    .name = "SQLModel", .module = "sqlmodel.main", .members = base_members, .flags = PY_CLASS_INERT};

const struct py_native_class env_declarative_base_class = {.name = "DeclarativeBase",
                                                           .module = "sqlalchemy.orm",
                                                           .members = base_members,
                                                           .flags = PY_CLASS_INERT};

const struct py_native_class env_mixin_class = {
    .name = "mixin", .module = "sqlalchemy.orm", .members = mixin_members, .flags = PY_CLASS_INERT};

enum { BASE_BIND, BASE_METADATA, BASE_KW };
static const struct py_arg base_args[] = {[BASE_BIND] = PY_KEYWORD_ONLY("bind"),
                                          [BASE_METADATA] = PY_KEYWORD_ONLY("metadata"),
                                          [BASE_KW] = PY_KEYWORDS("kw"), PY_ARGS_END};

/* declarative_base(): type("Base", (DeclarativeBase,), {"metadata": ...}). */
static struct py_value declarative_base(struct py_run *run, struct py_call *call)
{
    struct py_value names = py_new_dict(run);
    struct py_value base = py_class_value(py_class_for(run, &env_declarative_base_class));
    struct py_value metadata = call->args[BASE_METADATA];
    if (py_is_none(metadata))
        metadata = new_metadata(run, call);
    py_dict_put_name(run, py_dict_of(names), "metadata", metadata);
    const struct py_value args[] = {py_new_str(run, "Base"), py_new_tuple(run, &base, 1), names};
    return py_call(run, py_class_value(py_class_for(run, &py_type_class)), args, 3, NULL);
}

static const struct py_member orm_members[] = {
    PY_CLASS("DeclarativeBase", &env_declarative_base_class),
    PY_CLASS("MappedAsDataclass", &env_mixin_class),
    PY_CLASS("DeclarativeBaseNoMeta", &env_declarative_base_class),
    PY_FUNCTION("declarative_base", declarative_base, base_args),
    PY_CLASS("Session", &env_session_class),
    PY_CLASS("sessionmaker", &env_sessionmaker_class),
    PY_MEMBERS_END,
};

const struct py_native_module env_orm_module = {"sqlalchemy.orm", orm_members, 0, NULL};
const struct py_native_module env_declarative_module = {"sqlalchemy.ext.declarative", orm_members, 0,
                                                        NULL};
