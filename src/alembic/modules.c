#include "config.h"

/* Which Python module shows which names. */

#include "alembic/alembic_exc.h"
#include "alembic/declarative.h"
#include "alembic/directives.h"
#include "alembic/engine.h"
#include "alembic/env_run.h"
#include "alembic/host.h"
#include "alembic/live.h"
#include "alembic/operations.h"
#include "alembic/sa_create.h"
#include "alembic/sa_expr.h"
#include "alembic/sa_schema.h"
#include "alembic/sa_type.h"
#include "alembic/sqlmodel.h"
#include "base/str.h"

/* ------------------------------------------------------------------ rows that modules share */

#define SA_SCHEMA_ROWS                                                                             \
    PY_CLASS("Column", &sa_column_class), PY_CLASS("Table", &sa_table_class),                      \
        PY_CLASS("MetaData", &sa_metadata_class), PY_CLASS("Constraint", &sa_constraint_class),    \
        PY_CLASS("PrimaryKeyConstraint", &sa_primary_key_constraint_class),                        \
        PY_CLASS("UniqueConstraint", &sa_unique_constraint_class),                                 \
        PY_CLASS("CheckConstraint", &sa_check_constraint_class),                                   \
        PY_CLASS("ForeignKeyConstraint", &sa_foreign_key_constraint_class),                        \
        PY_CLASS("ForeignKey", &sa_foreign_key_class), PY_CLASS("Index", &sa_index_class),         \
        PY_CLASS("Computed", &sa_computed_class), PY_CLASS("Identity", &sa_identity_class),        \
        PY_CLASS("Sequence", &sa_sequence_class),                                                  \
        PY_CLASS("FetchedValue", &sa_fetched_value_class),                                         \
        PY_CLASS("DefaultClause", &sa_default_clause_class),                                       \
        PY_CLASS("ColumnDefault", &sa_column_default_class),                                       \
        PY_CLASS("SchemaItem", &sa_schema_item_class)

static struct py_value find_type(struct py_run *run, const char *name)
{
    if (str_eq(name, "INT"))
        name = "INTEGER";
    if (str_eq(name, "TypeEngine"))
        return py_class_value(py_class_for(run, &sa_type_engine_class));
    return sa_type_export(run, "s", name);
}

/* ------------------------------------------------------------------ sqlalchemy */

/* A name that the module has and that is not supported: not known; any other is not there. */
static struct py_value unsupported(struct py_run *run, const char *module, const char *name)
{
    static const char *const public_names[][2] = {
#define NAME(module_, name_) {module_, name_},
#include "alembic/sa_public_names.def"
#undef NAME
    };
    for (size_t i = 0; i < sizeof(public_names) / sizeof(public_names[0]); i++)
        if (str_eq(public_names[i][0], module) && str_eq(public_names[i][1], name))
            return py_new_unknown(run, PY_REFUSE_NAME,
                                  arena_printf(py_arena(run), "%s.%s", module, name),
                                  arena_printf(py_arena(run), "%s.%s is not supported", module,
                                               name));
    return py_absent();
}

static struct py_value find_in_sqlalchemy(struct py_run *run, const char *name)
{
    struct py_value found = find_type(run, name);
    if (py_is_absent(found))
        found = sa_ddl_export(run, name);
    return py_is_absent(found) ? unsupported(run, "sqlalchemy", name) : found;
}

static const struct py_member sqlalchemy_members[] = {
#define SA_EXPR_NAME(name) PY_VALUE(#name, sa_expr_export),
#include "alembic/sa_expr_names.def"
    SA_SCHEMA_ROWS,
    PY_FUNCTION_N("inspect", engine_inspect, 1, 2),
    PY_STRING("__version__", "2.0.52"),
    PY_MODULE("types", "sqlalchemy.types"),
    PY_MODULE("schema", "sqlalchemy.schema"),
    PY_MODULE("sql", "sqlalchemy.sql"),
    PY_MODULE("exc", "sqlalchemy.exc"),
    PY_MODULE("event", "sqlalchemy.event"),
    PY_MODULE("dialects", "sqlalchemy.dialects"),
    PY_MODULE("engine", "sqlalchemy.engine"),
    PY_MODULE("pool", "sqlalchemy.pool"),
    PY_MODULE("orm", "sqlalchemy.orm"),
#define ENV_ENGINE_NAME(name) PY_VALUE(#name, env_engine_export),
#include "alembic/env_engine_names.def"
#undef ENV_ENGINE_NAME
    PY_MEMBERS_END,
};
static const struct py_native_module sqlalchemy_module = {.name = "sqlalchemy",
                                                          .members = sqlalchemy_members,
                                                          .getattr = find_in_sqlalchemy,
                                                          .flags = PY_MODULE_COMPLETE};

static const struct py_member no_members[] = {PY_MEMBERS_END};

static const struct py_native_module types_module = {
    .name = "sqlalchemy.types", .members = no_members, .getattr = find_type};
static const struct py_native_module sqltypes_module = {
    .name = "sqlalchemy.sql.sqltypes", .members = no_members, .getattr = find_type};
static const struct py_native_module type_api_module = {
    .name = "sqlalchemy.sql.type_api", .members = no_members, .getattr = find_type};

static const struct py_member schema_members[] = {SA_SCHEMA_ROWS, PY_MEMBERS_END};
static const struct py_native_module schema_module = {
    .name = "sqlalchemy.schema", .members = schema_members, .getattr = sa_ddl_export};
static const struct py_native_module sql_schema_module = {
    .name = "sqlalchemy.sql.schema", .members = schema_members, .getattr = sa_ddl_export};
static const struct py_native_module ddl_module = {
    .name = "sqlalchemy.sql.ddl", .members = no_members, .getattr = sa_ddl_export};

static const struct py_member sql_members[] = {
#define SA_EXPR_NAME(name) PY_VALUE(#name, sa_expr_export),
#include "alembic/sa_expr_names.def"
    PY_MODULE("expression", "sqlalchemy.sql.expression"),
    PY_MODULE("functions", "sqlalchemy.sql.functions"),
    PY_MODULE("elements", "sqlalchemy.sql.elements"),
    PY_MODULE("sqltypes", "sqlalchemy.sql.sqltypes"),
    PY_MODULE("schema", "sqlalchemy.sql.schema"),
    PY_MODULE("ddl", "sqlalchemy.sql.ddl"),
    PY_MEMBERS_END,
};
static const struct py_native_module sql_module = {.name = "sqlalchemy.sql",
                                                   .members = sql_members};

static const struct py_member elements_members[] = {
#define SA_EXPR_NAME(name) PY_VALUE(#name, sa_expr_export),
#include "alembic/sa_expr_names.def"
    PY_MEMBERS_END,
};
static const struct py_native_module elements_module = {.name = "sqlalchemy.sql.elements",
                                                        .members = elements_members};

static const struct py_member compiler_members[] = {
    PY_CLASS("IdentifierPreparer", &engine_preparer_class),
    PY_MEMBERS_END,
};
static const struct py_native_module compiler_module = {.name = "sqlalchemy.sql.compiler",
                                                        .members = compiler_members};

static const struct py_arg listen_args[] = {PY_REQUIRED("target"), PY_REQUIRED("identifier"),
                                            PY_REQUIRED("fn"), PY_KEYWORDS("kw"), PY_ARGS_END};
static const struct py_arg listens_for_args[] = {
    PY_REQUIRED("target"), PY_REQUIRED("identifier"), PY_KEYWORDS("kw"), PY_ARGS_END};
static const struct py_member event_members[] = {
    PY_FUNCTION("listen", sa_event_listen, listen_args),
    PY_FUNCTION("listens_for", sa_event_listens_for, listens_for_args),
    PY_MEMBERS_END,
};
static const struct py_native_module event_module = {.name = "sqlalchemy.event",
                                                     .members = event_members};

/* ------------------------------------------------------------------ dialects */

/* A name of the PostgreSQL dialect: its types, and what it adds to the expression language. */
static struct py_value find_in_postgresql(struct py_run *run, const char *name)
{
    struct py_value found = sa_type_export(run, "p", name);
    return py_is_absent(found) ? unsupported(run, "sqlalchemy.dialects.postgresql", name) : found;
}

static const struct py_member postgresql_members[] = {
    PY_CLASS("ExcludeConstraint", &sa_exclude_constraint_class),
    PY_CLASS("dialect", &engine_dialect_class),
    PY_VALUE("array", sa_postgresql_export),
    PY_VALUE("insert", sa_postgresql_export),
    PY_VALUE("Insert", sa_postgresql_export),
    PY_VALUE("aggregate_order_by", sa_postgresql_export),
    PY_VALUE("array_agg", sa_postgresql_export),
    PY_VALUE("Any", sa_postgresql_export),
    PY_VALUE("All", sa_postgresql_export),
    PY_MODULE("dml", "sqlalchemy.dialects.postgresql.dml"),
    PY_MEMBERS_END,
};
static const struct py_native_module postgresql_module = {
    .name = "sqlalchemy.dialects.postgresql",
    .members = postgresql_members,
    .getattr = find_in_postgresql,
    .flags = PY_MODULE_COMPLETE,
};

/* Its own modules: what they define is what the package shows. */
#define POSTGRESQL_PART(part)                                                                      \
    static const struct py_native_module postgresql_##part##_module = {                            \
        .name = "sqlalchemy.dialects.postgresql." #part,                                           \
        .members = postgresql_members,                                                             \
        .getattr = find_in_postgresql,                                                             \
    };
POSTGRESQL_PART(array)
POSTGRESQL_PART(base)
POSTGRESQL_PART(hstore)
POSTGRESQL_PART(json)
POSTGRESQL_PART(named_types)
POSTGRESQL_PART(ranges)

static struct py_value find_in_mysql(struct py_run *run, const char *name)
{
    return sa_type_export(run, "y", name);
}

static const struct py_native_module mysql_module = {
    .name = "sqlalchemy.dialects.mysql", .members = no_members, .getattr = find_in_mysql};

/* SQLite's types of its own are compiled for PostgreSQL as the generic ones. */
static struct py_value find_in_sqlite(struct py_run *run, const char *name)
{
    static const struct {
        const char *sqlite, *generic;
    } own[] = {{"DATETIME", "DateTime"}, {"DATE", "Date"}, {"TIME", "Time"}};
    for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
        if (str_eq(name, own[i].sqlite))
            return sa_type_export(run, "s", own[i].generic);
    return sa_type_export(run, "s", name);
}

static const struct py_native_module sqlite_module = {
    .name = "sqlalchemy.dialects.sqlite", .members = no_members, .getattr = find_in_sqlite};

static const struct py_member dialects_members[] = {
    PY_MODULE("postgresql", "sqlalchemy.dialects.postgresql"),
    PY_MODULE("mysql", "sqlalchemy.dialects.mysql"),
    PY_MODULE("sqlite", "sqlalchemy.dialects.sqlite"),
    PY_MEMBERS_END,
};
static const struct py_native_module dialects_module = {.name = "sqlalchemy.dialects",
                                                        .members = dialects_members};

/* ------------------------------------------------------------------ sqlmodel and pgvector */

static struct py_value find_in_sqlmodel(struct py_run *run, const char *name)
{
    struct py_value found = sa_type_export(run, "m", name);
    return py_is_absent(found) ? find_type(run, name) : found;
}

static struct py_value find_auto_string(struct py_run *run, const char *name)
{
    return sa_type_export(run, "m", name);
}

static const struct py_member sqlmodel_members[] = {
#define SA_EXPR_NAME(name) PY_VALUE(#name, sa_expr_export),
#include "alembic/sa_expr_names.def"
    SA_SCHEMA_ROWS,
    PY_CLASS("SQLModel", &sqlmodel_class),
    PY_FUNCTION("Field", sqlmodel_field, sqlmodel_field_args),
    PY_CLASS("Relationship", &sqlmodel_relationship_class),
    PY_VALUE("create_engine", env_engine_export),
    PY_CLASS("Session", &env_session_class),
    PY_MODULE("sql", "sqlmodel.sql"),
    PY_MODULE("main", "sqlmodel.main"),
    PY_MEMBERS_END,
};
static const struct py_native_module sqlmodel_module = {
    .name = "sqlmodel", .members = sqlmodel_members, .getattr = find_in_sqlmodel};

static const struct py_member sqlmodel_sql_members[] = {
    PY_MODULE("sqltypes", "sqlmodel.sql.sqltypes"),
    PY_MEMBERS_END,
};
static const struct py_native_module sqlmodel_sql_module = {.name = "sqlmodel.sql",
                                                            .members = sqlmodel_sql_members};

static const struct py_member auto_string_members[] = {
    PY_MODULE("types", "sqlalchemy.types"),
    PY_MEMBERS_END,
};
static const struct py_native_module sqlmodel_sqltypes_module = {
    .name = "sqlmodel.sql.sqltypes", .members = auto_string_members, .getattr = find_auto_string};

static struct py_value find_vector(struct py_run *run, const char *name)
{
    return sa_type_export(run, "v", str_eq(name, "Vector") ? "VECTOR" : name);
}

static const struct py_member vector_members[] = {
    PY_MODULE("vector", "pgvector.sqlalchemy.vector"),
    PY_MODULE("halfvec", "pgvector.sqlalchemy.halfvec"),
    PY_MODULE("sparsevec", "pgvector.sqlalchemy.sparsevec"),
    PY_MODULE("bit", "pgvector.sqlalchemy.bit"),
    PY_MEMBERS_END,
};
static const struct py_native_module pgvector_module = {
    .name = "pgvector.sqlalchemy", .members = vector_members, .getattr = find_vector};
static const struct py_native_module pgvector_vector_module = {
    .name = "pgvector.sqlalchemy.vector", .members = no_members, .getattr = find_vector};
static const struct py_native_module pgvector_halfvec_module = {
    .name = "pgvector.sqlalchemy.halfvec", .members = no_members, .getattr = find_vector};
static const struct py_native_module pgvector_sparsevec_module = {
    .name = "pgvector.sqlalchemy.sparsevec", .members = no_members, .getattr = find_vector};
static const struct py_native_module pgvector_bit_module = {
    .name = "pgvector.sqlalchemy.bit", .members = no_members, .getattr = find_vector};

/* ------------------------------------------------------------------ alembic */

static const struct py_member alembic_members[] = {
    PY_MODULE("op", "alembic.op"),
    PY_MODULE("context", "alembic.context"),
    PY_MODULE("operations", "alembic.operations"),
    PY_MODULE("util", "alembic.util"),
    PY_STRING("__version__", "1.19.1"),
    PY_MEMBERS_END,
};
static const struct py_native_module alembic_module = {.name = "alembic",
                                                       .members = alembic_members};

static const struct py_member exc_members[] = {
    PY_CLASS("CommandError", &alembic_command_error_class),
    PY_MEMBERS_END,
};
static const struct py_native_module alembic_exc_module = {.name = "alembic.util.exc",
                                                           .members = exc_members};

static const struct py_member util_members[] = {
    PY_CLASS("CommandError", &alembic_command_error_class),
    PY_MODULE("exc", "alembic.util.exc"),
    PY_MEMBERS_END,
};
static const struct py_native_module alembic_util_module = {.name = "alembic.util",
                                                            .members = util_members};

const struct py_native_module *const alembic_modules[] = {
    &alembic_module,
    &alembic_op_module,
    &alembic_operations_module,
    &alembic_ops_module,
    &alembic_context_module,
    &alembic_util_module,
    &alembic_exc_module,
    &live_module,
    &sqlalchemy_module,
    &types_module,
    &sqltypes_module,
    &type_api_module,
    &schema_module,
    &sql_schema_module,
    &ddl_module,
    &sql_module,
    &elements_module,
    &compiler_module,
    &event_module,
    &dialects_module,
    &postgresql_module,
    &postgresql_array_module,
    &postgresql_base_module,
    &postgresql_hstore_module,
    &postgresql_json_module,
    &postgresql_named_types_module,
    &postgresql_ranges_module,
    &mysql_module,
    &sqlite_module,
    &sa_postgresql_expr_module,
    &sa_expression_module,
    &sa_functions_module,
    &sa_exc_module,
    &sa_mutable_module,
    &sqlmodel_module,
    &sqlmodel_sql_module,
    &sqlmodel_sqltypes_module,
    &sqlmodel_main_module,
    &sqlmodel_compat_module,
    &pgvector_module,
    &pgvector_vector_module,
    &pgvector_halfvec_module,
    &pgvector_sparsevec_module,
    &pgvector_bit_module,
    &env_engine_module,
    &env_engine_base_module,
    &env_engine_url_module,
    &env_pool_module,
    &env_asyncio_module,
    &env_sqlmodel_asyncio_module,
    &orm_module,
    &decl_api_module,
    &orm_declarative_module,
    &hybrid_module,
    &association_module,
    &ordering_list_module,
    &mutable_module,
    &env_dotenv_module,
    &env_settings_module,
    &env_pydantic_module,
    &pydantic_types_module,
    &pydantic_networks_module,
    &pydantic_fields_module,
    &pydantic_main_module,
    &pydantic_validators_module,
    &pydantic_annotated_types_module,
    &env_logging_config_module,
    &env_urllib_module,
    &env_starlette_module,
    NULL,
};
