#include "config.h"

#include "alembic/engine.h"

#include "alembic/directives.h"
#include "alembic/host.h"
#include "alembic/live.h"
#include "alembic/sa_create.h"
#include "alembic/sa_expr.h"
#include "alembic/sa_schema.h"
#include "base/str.h"
#include "schema/identifier.h"

/* ------------------------------------------------------------------ names as SQL */

static struct py_value preparer_quote(struct py_run *run, struct py_call *call)
{
    return py_new_str(run, sql_name(py_arena(run), sa_name(run, call->args[0], "ident")));
}

static struct py_value preparer_quote_always(struct py_run *run, struct py_call *call)
{
    struct name name = sa_name(run, call->args[0], "value");
    name.quote = YES;
    return py_new_str(run, sql_name(py_arena(run), name));
}

static struct py_value preparer_table(struct py_run *run, struct py_call *call)
{
    const struct table *t = sa_table_of(run, call->args[0], "table")->table;
    return py_new_str(run, sql_qualified(py_arena(run), t->schema, t->schema_quote, t->name));
}

static struct py_value preparer_column(struct py_run *run, struct py_call *call)
{
    const struct column *c = sa_column_of(run, call->args[0], "column")->column;
    return py_new_str(run, sql_name(py_arena(run), c->name));
}

static struct py_value accept_any(struct py_run *run, struct py_call *call)
{
    (void)run;
    (void)call;
    return py_none();
}

static const struct py_member preparer_members[] = {
    PY_FUNCTION_ANY("__init__", accept_any),
    PY_FUNCTION_N("quote", preparer_quote, 1, 1),
    PY_FUNCTION_N("quote_schema", preparer_quote, 1, 1),
    PY_FUNCTION_N("quote_identifier", preparer_quote_always, 1, 1),
    PY_FUNCTION_N("format_table", preparer_table, 1, 1),
    PY_FUNCTION_N("format_column", preparer_column, 1, 1),
    PY_FUNCTION_N("format_schema", preparer_quote, 1, 1),
    PY_MEMBERS_END,
};
const struct py_native_class engine_preparer_class = {
    .name = "IdentifierPreparer",
    .module = "sqlalchemy.sql.compiler",
    .members = preparer_members,
};

/* ------------------------------------------------------------------ the dialect */

static struct py_value dialect_preparer(struct py_run *run, struct py_call *call)
{
    (void)call;
    return py_new(run, &engine_preparer_class, NULL);
}

static struct py_value dialect_type_descriptor(struct py_run *run, struct py_call *call)
{
    struct py_value type = call->args[0];
    return py_is_class(type) ? py_call(run, type, NULL, 0, NULL) : type;
}

/* has_table(connection, name, schema=None) and its kin. */
static struct py_value dialect_has(struct py_run *run, struct py_call *call)
{
    if (live_is_on(run))
        return live_call(run, call->function->name, call->args, call->count, call->kwargs);
    alembic_host(run)->asked = true;
    py_raise(run, &sa_argument_error_class,
             "The argument passed to Dialect.has_table() should be a <class "
             "'sqlalchemy.engine.base.Connection'>, got <class "
             "'sqlalchemy.engine.mock.MockConnection'>.");
}

static struct py_value dialect_default_schema(struct py_run *run, struct py_call *call)
{
    (void)call;
    const struct alembic_live *live = live_decides(run) ? alembic_host(run)->live : NULL;
    return live && live->default_schema ? py_new_str(run, live->default_schema) : py_none();
}

/* (15, 4), as the server says 150004. */
static struct py_value dialect_server_version(struct py_run *run, struct py_call *call)
{
    (void)call;
    const struct alembic_live *live = live_decides(run) ? alembic_host(run)->live : NULL;
    if (!live || !live->server_version)
        return py_none();
    struct py_value parts[] = {py_int(live->server_version / 10000),
                               py_int(live->server_version % 10000)};
    return py_new_tuple(run, parts, 2);
}

static struct py_value dialect_init(struct py_run *run, struct py_call *call)
{
    struct engine_dialect *d =
        py_require_payload(run, call->self, &engine_dialect_class, "dialect");
    d->has_options = call->count > 0 || (call->kwargs && call->kwargs->table.len > 0);
    return py_none();
}

static const struct py_member dialect_members[] = {
    PY_FUNCTION_ANY("__init__", dialect_init),
    PY_STRING("name", "postgresql"),
    PY_STRING("driver", "psycopg2"),
    PY_STRING("paramstyle", "named"),
    PY_INTEGER("max_identifier_length", 63),
    PY_BOOLEAN("supports_comments", true),
    PY_BOOLEAN("supports_alter", true),
    PY_BOOLEAN("supports_sequences", true),
    PY_BOOLEAN("supports_native_boolean", true),
    PY_BOOLEAN("supports_native_enum", true),
    PY_BOOLEAN("supports_native_uuid", true),
    PY_PROPERTY("default_schema_name", dialect_default_schema),
    PY_PROPERTY("server_version_info", dialect_server_version),
    PY_PROPERTY("identifier_preparer", dialect_preparer),
    PY_FUNCTION_N("type_descriptor", dialect_type_descriptor, 1, 1),
    PY_FUNCTION_ANY("has_table", dialect_has),
    PY_FUNCTION_ANY("has_index", dialect_has),
    PY_FUNCTION_ANY("has_schema", dialect_has),
    PY_FUNCTION_ANY("has_sequence", dialect_has),
    PY_FUNCTION_ANY("has_type", dialect_has),
    PY_MEMBERS_END,
};
const struct py_native_class engine_dialect_class = {
    .name = "PGDialect_psycopg2",
    .module = "sqlalchemy.dialects.postgresql.psycopg2",
    .members = dialect_members,
    .payload_size = sizeof(struct engine_dialect),
};

/* ------------------------------------------------------------------ the connection */

static struct py_value connection_dialect(struct py_run *run, struct py_call *call)
{
    (void)call;
    return engine_dialect(run);
}

static struct py_value connection_itself(struct py_run *run, struct py_call *call)
{
    (void)run;
    return call->self;
}

static const struct py_arg execute_args[] = {PY_REQUIRED("obj"), PY_OPTIONAL("parameters"),
                                             PY_OPTIONAL("execution_options"), PY_ARGS_END};

/* What is run is what Alembic executes: parameters stand in it as literals. */
static struct py_value connection_execute(struct py_run *run, struct py_call *call)
{
    struct op_list *ops = &alembic_host(run)->ops;
    size_t before = ops->len;
    sa_execute_with(run, call->args[0], call->args[1], directive_run);
    for (size_t i = before; i < ops->len; i++)
        ops->at[i]->lacks_parameters =
            alembic_host(run)->to_print && !py_is_unset(call->args[1]);
    alembic_host(run)->asked = true; /* what is done with the None that it answers is a question */
    return py_none();
}

static struct py_value connection_create(struct py_run *run, struct py_call *call)
{
    struct py_value self = call->self;
    return py_call_method(run, call->args[0], "create", &self, 1);
}

static struct py_value connection_drop(struct py_run *run, struct py_call *call)
{
    struct py_value self = call->self;
    return py_call_method(run, call->args[0], "drop", &self, 1);
}

static const struct py_arg entity_args[] = {PY_REQUIRED("entity"), PY_KEYWORDS("kwargs"),
                                            PY_ARGS_END};

/* Everything else a connection has is a question to the database. */
static struct py_value connection_getattr(struct py_run *run, struct py_call *call)
{
    alembic_host(run)->asked = true;
    py_raise(run, &py_attribute_error_class, "'MockConnection' object has no attribute '%s'",
             py_as_string(run, call->args[0], "name"));
}

static const struct py_member connection_members[] = {
    PY_PROPERTY("dialect", connection_dialect),
    PY_PROPERTY("engine", connection_itself),
    PY_STRING("name", "postgresql"),
    PY_METHOD("execute", connection_execute, execute_args),
    PY_FUNCTION_ANY("connect", connection_itself),
    PY_FUNCTION_ANY("execution_options", connection_itself),
    PY_METHOD("create", connection_create, entity_args),
    PY_METHOD("drop", connection_drop, entity_args),
    PY_FUNCTION_N("__getattr__", connection_getattr, 1, 1),
    PY_MEMBERS_END,
};
const struct py_native_class engine_connection_class = {
    .name = "MockConnection",
    .module = "sqlalchemy.engine.mock",
    .members = connection_members,
    .flags = PY_CLASS_COMPLETE,
};

/* ------------------------------------------------------------------ one of each */

struct engine_objects {
    struct py_value connection, dialect;
};

static const char objects_key;

struct py_value engine_connection(struct py_run *run)
{
    if (live_is_on(run))
        return live_connection(run);
    struct engine_objects *objects = py_state(run, &objects_key, sizeof(*objects));
    if (py_is_absent(objects->connection))
        objects->connection = py_new(run, &engine_connection_class, NULL);
    return objects->connection;
}

struct py_value engine_dialect(struct py_run *run)
{
    struct engine_objects *objects = py_state(run, &objects_key, sizeof(*objects));
    if (py_is_absent(objects->dialect))
        objects->dialect = py_new(run, &engine_dialect_class, NULL);
    return objects->dialect;
}

void engine_require_bind(struct py_run *run, struct py_value v)
{
    py_require_known(run, v);
    if (!py_isinstance(run, v, &engine_connection_class) && !live_is_connection(run, v))
        py_raise(run, &py_attribute_error_class, "'%s' object has no attribute '_run_ddl_visitor'",
                 py_class_name(run, v));
}

struct py_value engine_inspect(struct py_run *run, struct py_call *call)
{
    struct py_value subject = py_require_known(run, call->args[0]);
    if (live_is_connection(run, subject))
        return live_call(run, "inspect", &subject, 1, NULL);
    if (!py_isinstance(run, subject, &engine_connection_class))
        py_refuse(run, PY_REFUSE_CONSTRUCT, "inspect() of %s is not supported",
                  py_class_name(run, subject));
    alembic_host(run)->asked = true;
    py_raise(run, &sa_no_inspection_available_class,
             "No inspection system is available for object of type <class "
             "'sqlalchemy.engine.mock.MockConnection'>");
}
