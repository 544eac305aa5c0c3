#include "config.h"

/* MigrationContext as a revision sees it offline. */

#include "alembic/directives.h"
#include "alembic/engine.h"
#include "alembic/host.h"
#include "alembic/live.h"
#include "alembic/project.h"
#include "base/str.h"

/* ------------------------------------------------------------------ autocommit and transactions */

struct block {
    bool autocommit; /* COMMIT before, BEGIN behind; else the other way round */
};

static const struct py_native_class block_class;

static struct py_value block_enter(struct py_run *run, struct py_call *call)
{
    const struct block *b = py_require_payload(run, call->self, &block_class, "block");
    host_add_op(run, b->autocommit ? OP_AUTOCOMMIT_BEGIN : OP_AUTOCOMMIT_END);
    live_flush(run);
    return py_none();
}

/* An autocommit block is left by a finally clause, a transaction only when all went well. */
static struct py_value block_exit(struct py_run *run, struct py_call *call)
{
    const struct block *b = py_require_payload(run, call->self, &block_class, "block");
    if (b->autocommit)
        host_add_op(run, OP_AUTOCOMMIT_END);
    else if (py_is_none(call->args[0]))
        host_add_op(run, OP_AUTOCOMMIT_BEGIN);
    live_flush(run);
    return py_bool(false);
}

static const struct py_member block_members[] = {
    PY_FUNCTION_N("__enter__", block_enter, 0, 0),
    PY_FUNCTION_N("__exit__", block_exit, 3, 3),
    PY_MEMBERS_END,
};
static const struct py_native_class block_class = {
    .name = "_GeneratorContextManager",
    .module = "contextlib",
    .members = block_members,
    .payload_size = sizeof(struct block),
};

static struct py_value new_block(struct py_run *run, bool autocommit)
{
    struct block *b;
    struct py_value object = py_new(run, &block_class, (void **)&b);
    b->autocommit = autocommit;
    return object;
}

static struct py_value context_autocommit(struct py_run *run, struct py_call *call)
{
    (void)call;
    return new_block(run, true);
}

static struct py_value context_begin(struct py_run *run, struct py_call *call)
{
    (void)call;
    return new_block(run, false);
}

/* ---------------------------------------------------------------- MigrationContext and its impl */

static struct py_value get_dialect(struct py_run *run, struct py_call *call)
{
    (void)call;
    return engine_dialect(run);
}

/* Offline there is only the text of statements. */
static struct py_value get_as_sql(struct py_run *run, struct py_call *call)
{
    (void)call;
    return py_bool(!live_decides(run));
}

static struct py_value get_bind(struct py_run *run, struct py_call *call)
{
    (void)call;
    return engine_connection(run);
}

static const struct py_arg execute_args[] = {PY_REQUIRED("sql"), PY_OPTIONAL("execution_options"),
                                             PY_ARGS_END};

static struct py_value context_execute(struct py_run *run, struct py_call *call)
{
    directive_run(run, call->args[0]);
    return py_none();
}

static const struct py_arg static_output_args[] = {PY_REQUIRED("text"), PY_ARGS_END};

/* Text among what is printed; a run prints it beside its statements. */
static struct py_value impl_static_output(struct py_run *run, struct py_call *call)
{
    const char *text = py_as_string(run, call->args[0], "text");
    if (alembic_host(run)->to_print)
        host_add_op(run, OP_STATIC_TEXT)->as.ddl.text = arena_strdup(py_arena(run), text);
    return py_none();
}

static const struct py_member impl_members[] = {
    PY_STRING("__dialect__", "postgresql"),
    PY_BOOLEAN("transactional_ddl", true),
    PY_PROPERTY("as_sql", get_as_sql),
    PY_PROPERTY("dialect", get_dialect),
    PY_PROPERTY("bind", get_bind),
    PY_PROPERTY("connection", get_bind),
    PY_METHOD("execute", context_execute, execute_args),
    PY_METHOD("static_output", impl_static_output, static_output_args),
    PY_MEMBERS_END,
};
static const struct py_native_class impl_class = {
    .name = "PostgresqlImpl",
    .module = "alembic.ddl.postgresql",
    .members = impl_members,
};

static struct py_value get_impl(struct py_run *run, struct py_call *call)
{
    (void)call;
    return py_new(run, &impl_class, NULL);
}

static const char *version_table(struct py_run *run)
{
    const struct alembic_project *project = alembic_host(run)->project;
    return project && project->env.version_table ? project->env.version_table : "alembic_version";
}

static struct py_value get_version_table(struct py_run *run, struct py_call *call)
{
    (void)call;
    return py_new_str(run, version_table(run));
}

static struct py_value get_version_schema(struct py_run *run, struct py_call *call)
{
    (void)call;
    const struct alembic_project *project = alembic_host(run)->project;
    const char *schema = project ? project->env.version_table_schema : NULL;
    return schema ? py_new_str(run, schema) : py_none();
}

/* The keyword arguments of context.configure() that Alembic itself knows. */
static const char *const option_names[] = {
    "as_sql", "literal_binds", "target_metadata", "include_object", "include_name",
    "include_schemas", "compare_type", "compare_server_default", "render_item", "render_as_batch",
    "process_revision_directives", "version_table", "version_table_schema", "version_table_pk",
    "transaction_per_migration", "transactional_ddl", "output_encoding", "starting_rev", "tag",
    "template_args", "dialect_name", "dialect_opts", "user_module_prefix",
    "sqlalchemy_module_prefix",
    "upgrade_token", "downgrade_token", "on_version_apply", "output_buffer", "fn", "purge"};

/* context.opts.get(): what env.py's own options would be cannot be told here. */
static struct py_value opts_get(struct py_run *run, struct py_call *call)
{
    const char *name = py_as_string(run, call->args[0], "key");
    for (size_t i = 0; i < sizeof(option_names) / sizeof(option_names[0]); i++)
        if (str_eq(name, option_names[i]))
            py_refuse(run, PY_REFUSE_CONTEXT,
                      "the option '%s' of the migration context is not supported", name);
    return call->count > 1 ? call->args[1] : py_none();
}

static const struct py_member opts_members[] = {
    PY_FUNCTION_N("get", opts_get, 1, 2),
    PY_MEMBERS_END,
};
static const struct py_native_class opts_class = {
    .name = "opts",
    .module = "alembic.runtime.migration",
    .members = opts_members,
};

static struct py_value get_opts(struct py_run *run, struct py_call *call)
{
    (void)call;
    return py_new(run, &opts_class, NULL);
}

static const struct py_member context_members[] = {
    PY_PROPERTY("as_sql", get_as_sql),
    PY_BOOLEAN("purge", false),
    PY_PROPERTY("dialect", get_dialect),
    PY_PROPERTY("bind", get_bind),
    PY_PROPERTY("connection", get_bind),
    PY_PROPERTY("impl", get_impl),
    PY_PROPERTY("opts", get_opts),
    PY_PROPERTY("version_table", get_version_table),
    PY_PROPERTY("version_table_schema", get_version_schema),
    PY_FUNCTION_N("autocommit_block", context_autocommit, 0, 0),
    PY_FUNCTION_ANY("begin_transaction", context_begin),
    PY_METHOD("execute", context_execute, execute_args),
    PY_MEMBERS_END,
};
static const struct py_native_class context_class = {
    .name = "MigrationContext",
    .module = "alembic.runtime.migration",
    .members = context_members,
};

static const char context_key;

struct py_value migration_context(struct py_run *run)
{
    struct py_value *context = py_state(run, &context_key, sizeof(*context));
    if (py_is_absent(*context))
        *context = py_new(run, &context_class, NULL);
    return *context;
}
