#include "config.h"

/* MigrationContext, and the module alembic.context, as a revision sees them offline. */

#include "alembic/directives.h"
#include "alembic/engine.h"
#include "alembic/host.h"
#include "alembic/project.h"
#include "base/err.h"
#include "base/str.h"
#include "config/config.h"

/* ------------------------------------------------------------------ autocommit and transactions */

struct block {
    bool autocommit; /* COMMIT before, BEGIN behind; else the other way round */
};

static const struct py_native_class block_class;

static struct py_value block_enter(struct py_run *run, struct py_call *call)
{
    const struct block *b = py_require_payload(run, call->self, &block_class, "block");
    host_add_op(run, b->autocommit ? OP_AUTOCOMMIT_BEGIN : OP_AUTOCOMMIT_END);
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

/* ------------------------------------------------------------------ MigrationContext and its impl */

static struct py_value get_dialect(struct py_run *run, struct py_call *call)
{
    (void)call;
    return engine_dialect(run);
}

static struct py_value get_bind(struct py_run *run, struct py_call *call)
{
    (void)call;
    return engine_connection(run);
}

static const struct py_member impl_members[] = {
    PY_STRING("__dialect__", "postgresql"),
    PY_BOOLEAN("transactional_ddl", true),
    PY_BOOLEAN("as_sql", true),
    PY_PROPERTY("dialect", get_dialect),
    PY_PROPERTY("bind", get_bind),
    PY_PROPERTY("connection", get_bind),
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
    "template_args", "dialect_name", "dialect_opts", "user_module_prefix", "sqlalchemy_module_prefix",
    "upgrade_token", "downgrade_token", "on_version_apply", "output_buffer", "fn", "purge"};

/* context.opts.get(): what env.py's own options would be cannot be told here. */
static struct py_value opts_get(struct py_run *run, struct py_call *call)
{
    const char *name = py_as_string(run, call->args[0], "key");
    for (size_t i = 0; i < sizeof(option_names) / sizeof(option_names[0]); i++)
        if (str_eq(name, option_names[i]))
            py_refuse(run, "the option '%s' of the migration context is not supported", name);
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

static const struct py_arg execute_args[] = {PY_REQUIRED("sql"), PY_OPTIONAL("execution_options"),
                                             PY_ARGS_END};

static struct py_value context_execute(struct py_run *run, struct py_call *call)
{
    directive_run(run, call->args[0]);
    return py_none();
}

static const struct py_member context_members[] = {
    PY_BOOLEAN("as_sql", true),
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

/* ------------------------------------------------------------------ alembic.context */

static struct py_value is_offline_mode(struct py_run *run, struct py_call *call)
{
    (void)run;
    (void)call;
    return py_bool(true);
}

static const struct py_arg x_args[] = {PY_DEFAULTED("as_dictionary"), PY_ARGS_END};

static struct py_value get_x_argument(struct py_run *run, struct py_call *call)
{
    const struct alembic_project *project = alembic_host(run)->project;
    size_t count = project ? project->x_arguments.len : 0;
    if (!py_truth(run, call->args[0])) {
        struct py_value list = py_new_list(run);
        for (size_t i = 0; i < count; i++)
            py_list_append(run, list, py_new_str(run, project->x_arguments.at[i]));
        return list;
    }
    struct py_value dict = py_new_dict(run);
    for (size_t i = 0; i < count; i++) {
        const char *text = project->x_arguments.at[i], *equals = strchr(text, '=');
        size_t len = equals ? (size_t)(equals - text) : strlen(text);
        py_dict_put(run, py_dict_of(dict), py_new_strn(run, text, len),
                    py_new_str(run, equals ? equals + 1 : ""));
    }
    return dict;
}

static struct py_value get_none(struct py_run *run, struct py_call *call)
{
    (void)run;
    (void)call;
    return py_none();
}

static const struct py_arg main_option_args[] = {PY_REQUIRED("name"), PY_OPTIONAL("default"),
                                                 PY_ARGS_END};

static struct py_value get_main_option(struct py_run *run, struct py_call *call)
{
    const struct alembic_project *project = alembic_host(run)->project;
    const char *name = py_as_string(run, call->args[0], "name");
    if (str_eq(name, "sqlalchemy.url"))
        py_refuse(run, "a revision that reads the database URL is not supported");
    const char *value = NULL;
    struct err err = ERR_INIT;
    if (project && project->config)
        value = config_option(py_arena(run), project->config, name, NULL, &err);
    if (err.code != ERR_NONE)
        host_raise(run, &err);
    return value ? py_new_str(run, value) : call->args[1];
}

static const struct py_member config_members[] = {
    PY_METHOD("get_main_option", get_main_option, main_option_args),
    PY_NONE_CONSTANT("config_file_name"),
    PY_MEMBERS_END,
};
static const struct py_native_class config_class = {
    .name = "Config",
    .module = "alembic.config",
    .members = config_members,
};

static struct py_value get_config(struct py_run *run, struct py_call *call)
{
    (void)call;
    return py_new(run, &config_class, NULL);
}

static const struct py_member module_members[] = {
    PY_FUNCTION_N("is_offline_mode", is_offline_mode, 0, 0),
    PY_FUNCTION_N("get_context", op_get_context, 0, 0),
    PY_FUNCTION_N("get_bind", op_get_bind, 0, 0),
    PY_METHOD("execute", context_execute, execute_args),
    PY_FUNCTION("get_x_argument", get_x_argument, x_args),
    PY_FUNCTION_N("get_tag_argument", get_none, 0, 0),
    PY_FUNCTION_N("begin_transaction", context_begin, 0, 0),
    PY_VALUE("config", get_config),
    PY_MEMBERS_END,
};
const struct py_native_module alembic_context_module = {
    .name = "alembic.context",
    .members = module_members,
};
