/* sqlalchemy.orm and sqlalchemy.ext.*: what models import from there. */
#include "config.h"

#include "alembic/declarative.h"

#include "alembic/env_run.h"
#include "alembic/live.h"
#include "alembic/sa_type.h"
#include "base/str.h"

/* ------------------------------------------------------------------ constructors */

/* synonym() and its kin: nothing of it reaches the schema, whatever it is given. */
static struct py_value new_property(struct py_run *run, struct py_call *call)
{
    (void)call;
    return py_new(run, &mapper_property_class, NULL);
}

/* relationship() and backref() as well, but where a database answers objects are loaded by them. */
static struct py_value new_relation(struct py_run *run, struct py_call *call)
{
    if (!live_is_on(run))
        return new_property(run, call);
    const char *cls = str_eq(call->function->name, "backref") ? "Backref" : "Relationship";
    struct py_value library = py_import(run, "_live_relations");
    return py_call(run, py_getattr(run, library, cls), call->args, call->count, call->kwargs);
}

/* column_property(), deferred(), composite() */
static struct py_value new_column_property(struct py_run *run, struct py_call *call)
{
    return py_construct(run, &mapper_property_class, call->args, call->count, NULL);
}

static struct py_value nothing(struct py_run *run, struct py_call *call)
{
    (void)run;
    (void)call;
    return py_none();
}

static struct py_value itself(struct py_run *run, struct py_call *call)
{
    (void)run;
    return call->args[0];
}

static const struct py_member itself_row = PY_FUNCTION_N("decorator", itself, 1, 1);

/* @validates("name"), @reconstructor: the function stays what it is. */
static struct py_value new_identity(struct py_run *run, struct py_call *call)
{
    (void)call;
    return py_new_function(run, &itself_row, py_absent());
}

static struct py_value has_inherited_table(struct py_run *run, struct py_call *call)
{
    py_require_known(run, call->args[0]);
    if (!py_is_class(call->args[0]))
        return py_bool(false);
    const struct py_type *cls = py_type_of(call->args[0]);
    for (size_t i = 1; i < cls->mro_len; i++)
        if (!py_is_absent(model_table_of(run, cls->mro[i], NULL)))
            return py_bool(true);
    return py_bool(false);
}

/* ------------------------------------------------------------------ classes */

const struct py_native_class env_mixin_class = {
    .name = "AsyncAttrs", .module = "sqlalchemy.ext.asyncio.session", .flags = PY_CLASS_INERT};

#define MAPPED_KIN(id, python)                                                                     \
    static const struct py_native_class id = {.name = python,                                      \
                                              .module = "sqlalchemy.orm.base",                     \
                                              .bases = PY_BASES(&mapped_class),                    \
                                              .flags = PY_CLASS_INERT}
MAPPED_KIN(dynamic_mapped_class, "DynamicMapped");
MAPPED_KIN(write_only_mapped_class, "WriteOnlyMapped");

static struct py_value no_table(struct py_run *run, struct py_call *call)
{
    (void)run;
    (void)call;
    return py_bool(true);
}

static const struct py_member abstract_concrete_members[] = {
    PY_VALUE("__no_table__", no_table), PY_MEMBERS_END};
static const struct py_native_class abstract_concrete_class = {
    .name = "AbstractConcreteBase",
    .module = "sqlalchemy.ext.declarative.extensions",
    .members = abstract_concrete_members,
    .flags = PY_CLASS_INERT};
static const struct py_native_class concrete_class = {
    .name = "ConcreteBase",
    .module = "sqlalchemy.ext.declarative.extensions",
    .flags = PY_CLASS_INERT};

/* ------------------------------------------------------------------ sqlalchemy.orm */

#define PROPERTY_ROWS                                                                              \
    PY_FUNCTION_ANY("relationship", new_relation), PY_FUNCTION_ANY("relation", new_relation),      \
        PY_FUNCTION_ANY("dynamic_loader", new_property), PY_FUNCTION_ANY("backref", new_relation), \
        PY_FUNCTION_ANY("synonym", new_property),                                                  \
        PY_FUNCTION_ANY("query_expression", new_property),                                         \
        PY_FUNCTION_ANY("with_expression", new_property),                                          \
        PY_FUNCTION_ANY("column_property", new_column_property),                                   \
        PY_FUNCTION_ANY("deferred", new_column_property),                                          \
        PY_FUNCTION_ANY("composite", new_column_property),                                         \
        PY_FUNCTION_ANY("validates", new_identity), PY_FUNCTION_N("reconstructor", itself, 1, 1)

#define DECLARATIVE_ROWS                                                                           \
    {.name = "declarative_base", .kind = PY_MEMBER_FUNCTION, .fn = declarative_base,               \
     .args = declarative_base_args},                                                               \
        {.name = "as_declarative", .kind = PY_MEMBER_FUNCTION, .fn = declarative_decorator,        \
         .args = declarative_decorator_args},                                                      \
        PY_CLASS("DeclarativeMeta", &declarative_meta_class),                                      \
        PY_CLASS("declared_attr", &model_declared_attr_class),                                     \
        PY_FUNCTION_N("has_inherited_table", has_inherited_table, 1, 1),                           \
        PY_CLASS("DeclarativeBase", &declarative_base_class),                                      \
        PY_CLASS("DeclarativeBaseNoMeta", &declarative_base_class),                                \
        PY_CLASS("MappedAsDataclass", &mapped_dataclass_class),                                    \
        PY_CLASS("registry", &registry_class)

static const struct py_member orm_members[] = {
    DECLARATIVE_ROWS,
    PROPERTY_ROWS,
    PY_CLASS("Mapped", &mapped_class),
    PY_CLASS("DynamicMapped", &dynamic_mapped_class),
    PY_CLASS("WriteOnlyMapped", &write_only_mapped_class),
    PY_CLASS("mapped_column", &mapped_column_class),
    PY_CLASS("MappedColumn", &mapped_column_class),
    PY_FUNCTION_N("foreign", itself, 1, 1),
    PY_FUNCTION_N("remote", itself, 1, 1),
    PY_FUNCTION_ANY("configure_mappers", nothing),
    PY_FUNCTION_ANY("joinedload", new_property),
    PY_FUNCTION_ANY("subqueryload", new_property),
    PY_FUNCTION_ANY("selectinload", new_property),
    PY_FUNCTION_ANY("lazyload", new_property),
    PY_FUNCTION_ANY("load_only", new_property),
    PY_FUNCTION_ANY("defer", new_property),
    PY_FUNCTION_ANY("clear_mappers", nothing),
    PY_CLASS("Session", &env_session_class),
    PY_CLASS("sessionmaker", &env_sessionmaker_class),
    PY_MEMBERS_END,
};
const struct py_native_module orm_module = {"sqlalchemy.orm", orm_members, 0, NULL};
const struct py_native_module decl_api_module = {"sqlalchemy.orm.decl_api", orm_members, 0, NULL};

/* ------------------------------------------------------------------ sqlalchemy.ext */

static const struct py_member declarative_members[] = {
    DECLARATIVE_ROWS,
    PY_CLASS("AbstractConcreteBase", &abstract_concrete_class),
    PY_CLASS("ConcreteBase", &concrete_class),
    PY_MEMBERS_END,
};
const struct py_native_module orm_declarative_module = {"sqlalchemy.ext.declarative",
                                                        declarative_members, 0, NULL};

/* hybrid_property: read from the class, it calls what stands for the expression. */
struct hybrid {
    struct py_value function, expression;
};

static const struct py_native_class hybrid_class;

static struct hybrid *hybrid_of(struct py_run *run, struct py_call *call)
{
    return py_require_payload(run, call->self, &hybrid_class, "hybrid_property");
}

static struct py_value hybrid_init(struct py_run *run, struct py_call *call)
{
    hybrid_of(run, call)->function = call->args[0];
    return py_none();
}

static struct py_value hybrid_get(struct py_run *run, struct py_call *call)
{
    const struct hybrid *h = hybrid_of(run, call);
    struct py_value owner = py_is_none(call->args[0]) ? call->args[1] : call->args[0];
    struct py_value function = py_is_absent(h->expression) ? h->function : h->expression;
    struct py_value inner;
    if (!py_callable(run, function) && py_find_attr(run, function, "__func__", &inner))
        function = inner; /* @classmethod */
    return py_call(run, function, &owner, 1, NULL);
}

static struct py_value hybrid_expression(struct py_run *run, struct py_call *call)
{
    hybrid_of(run, call)->expression = call->args[0];
    return call->self;
}

static struct py_value hybrid_same(struct py_run *run, struct py_call *call)
{
    (void)run;
    return call->self;
}

static const struct py_member hybrid_members[] = {
    PY_FUNCTION_ANY("__init__", hybrid_init),
    PY_FUNCTION_N("__get__", hybrid_get, 2, 2),
    PY_FUNCTION_N("expression", hybrid_expression, 1, 1),
    PY_FUNCTION_ANY("setter", hybrid_same),
    PY_FUNCTION_ANY("deleter", hybrid_same),
    PY_FUNCTION_ANY("comparator", hybrid_same),
    PY_FUNCTION_ANY("update_expression", hybrid_same),
    PY_FUNCTION_ANY("bulk_dml", hybrid_same),
    PY_PROPERTY("inplace", hybrid_same),
    PY_PROPERTY("overrides", hybrid_same),
    PY_MEMBERS_END,
};
static const struct py_native_class hybrid_class = {
    .name = "hybrid_property",
    .module = "sqlalchemy.ext.hybrid",
    .members = hybrid_members,
    .payload_size = sizeof(struct hybrid),
    .flags = PY_CLASS_INERT,
};

static const struct py_member hybrid_module_members[] = {
    PY_CLASS("hybrid_property", &hybrid_class),
    PY_FUNCTION_ANY("hybrid_method", new_property),
    PY_MEMBERS_END,
};
const struct py_native_module hybrid_module = {"sqlalchemy.ext.hybrid", hybrid_module_members, 0,
                                               NULL};

static const struct py_member association_members[] = {
    PY_FUNCTION_ANY("association_proxy", new_property), PY_MEMBERS_END};
const struct py_native_module association_module = {"sqlalchemy.ext.associationproxy",
                                                    association_members, 0, NULL};

static const struct py_member ordering_list_members[] = {
    PY_FUNCTION_ANY("ordering_list", new_property), PY_MEMBERS_END};
const struct py_native_module ordering_list_module = {"sqlalchemy.ext.orderinglist",
                                                      ordering_list_members, 0, NULL};

/* MutableDict.as_mutable(type): an object of the type. */
static struct py_value as_mutable(struct py_run *run, struct py_call *call)
{
    return sa_type_object(run, sa_type_of(run, call->args[0]));
}

static const struct py_member mutable_members[] = {
    PY_CLASSMETHOD_ANY("as_mutable", as_mutable),
    PY_CLASSMETHOD_ANY("associate_with", nothing),
    PY_CLASSMETHOD_ANY("associate_with_attribute", nothing),
    PY_MEMBERS_END,
};

#define MUTABLE(id, python, base)                                                                  \
    static const struct py_native_class id = {.name = python,                                      \
                                              .module = "sqlalchemy.ext.mutable",                  \
                                              .bases = PY_BASES base,                              \
                                              .members = mutable_members,                          \
                                              .flags = PY_CLASS_INERT}
MUTABLE(mutable_class, "Mutable", (&py_object_class));
MUTABLE(mutable_dict_class, "MutableDict", (&mutable_class, &py_dict_class));
MUTABLE(mutable_list_class, "MutableList", (&mutable_class, &py_list_class));
MUTABLE(mutable_set_class, "MutableSet", (&mutable_class, &py_set_class));

static const struct py_member mutable_module_members[] = {
    PY_CLASS("Mutable", &mutable_class),
    PY_CLASS("MutableBase", &mutable_class),
    PY_CLASS("MutableComposite", &mutable_class),
    PY_CLASS("MutableDict", &mutable_dict_class),
    PY_CLASS("MutableList", &mutable_list_class),
    PY_CLASS("MutableSet", &mutable_set_class),
    PY_MEMBERS_END,
};
const struct py_native_module mutable_module = {"sqlalchemy.ext.mutable", mutable_module_members, 0,
                                                NULL};
