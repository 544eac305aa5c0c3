/* alembic.context: the bridge between env.py (or a revision) and the command (env-py.md, section
 * 1). */
#include "config.h"

#include "alembic/alembic_exc.h"
#include "alembic/directives.h"
#include "alembic/env_run.h"
#include "alembic/live.h"

#include <string.h>

#include "alembic/sa_expr.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

/* ---- one evaluation ---- */

struct env_run *env_run_of(struct py_run *run)
{
    return alembic_host(run)->env;
}

/* The place in env.py that is being evaluated; where that called other files, the call. */
static struct py_place place_in_env(struct py_run *run)
{
    const char *path = alembic_host(run)->project->env_path;
    struct py_place place = py_where(run);
    return str_eq(place.file, path) ? place : py_where_in(run, path);
}

struct env_step *env_add_step(struct py_run *run, enum env_step_kind kind)
{
    struct env_run *env = env_run_of(run);
    if (!env)
        return NULL;
    struct env_step step = {.kind = kind,
                            .options = env->configured,
                            .line = place_in_env(run).line,
                            .arguments = MAP_IN(py_arena(run))};
    vec_push(py_arena(run), &env->script->steps, step);
    return &vec_last(&env->script->steps);
}

void env_find(struct py_run *run, bool blocks, const char *fmt, ...)
{
    struct env_run *env = env_run_of(run);
    if (!env)
        return;
    env->script->blocked = env->script->blocked || blocks;
    struct env_finding finding = {.err = ERR_INIT, .blocks = blocks};
    struct py_place place = place_in_env(run);
    va_list ap;
    va_start(ap, fmt);
    err_set(&finding.err, ERR_PYTHON, "%s", arena_vprintf(py_arena(run), fmt, ap));
    va_end(ap);
    err_diagnose(&finding.err, py_refusal_code(PY_REFUSE_ENV));
    err_at(&finding.err, place.file ? place.file : env->project->env_path, place.line,
           place.column);
    for (size_t i = 0; i < env->project->findings.len; i++) {
        const struct err *old = &env->project->findings.at[i].err;
        if (old->line == finding.err.line && strcmp(old->message, finding.err.message) == 0) {
            err_clear(&finding.err);
            return;
        }
    }
    vec_push(env->project->arena, &env->project->findings, finding);
}

static struct env_run *require_env(struct py_run *run, const char *what)
{
    struct env_run *env = env_run_of(run);
    if (!env)
        py_refuse(run, PY_REFUSE_CONTEXT, "context.%s() is for env.py", what);
    return env;
}

static struct py_value text_or_none(struct py_run *run, const char *text)
{
    return text ? py_new_str(run, text) : py_none();
}

/* ---- what the command asked for ---- */

static struct py_value is_offline_mode(struct py_run *run, struct py_call *call)
{
    (void)call;
    const struct env_run *env = env_run_of(run);
    return py_bool(env ? env->command.offline : !live_decides(run));
}

static struct py_value is_transactional_ddl(struct py_run *run, struct py_call *call)
{
    (void)call;
    const struct env_run *env = env_run_of(run);
    return py_bool(!env || !env->configured || env->configured->transactional_ddl);
}

static const struct py_arg x_args[] = {PY_DEFAULTED("as_dictionary"), PY_ARGS_END};

/* With as_dictionary each is divided at the first '=', the last of a name wins. */
static struct py_value get_x_argument(struct py_run *run, struct py_call *call)
{
    const struct alembic_project *project = alembic_host(run)->project;
    bool as_dictionary = py_truth(run, call->args[0]);
    struct py_value out = as_dictionary ? py_new_dict(run) : py_new_list(run);
    for (size_t i = 0; project && i < project->x_arguments.len; i++) {
        const char *x = project->x_arguments.at[i];
        size_t n = strcspn(x, "=");
        if (as_dictionary)
            py_dict_put(run, py_dict_of(out), py_new_strn(run, x, n),
                        py_new_str(run, x + n + (x[n] == '=')));
        else
            py_list_append(run, out, py_new_str(run, x));
    }
    return out;
}

static struct py_value get_tag_argument(struct py_run *run, struct py_call *call)
{
    (void)call;
    const struct env_run *env = env_run_of(run);
    return text_or_none(run, env ? env->command.tag : NULL);
}

static struct py_value get_starting_revision_argument(struct py_run *run, struct py_call *call)
{
    (void)call;
    const struct env_run *env = require_env(run, "get_starting_revision_argument");
    if (!env->command.offline)
        py_refuse(run, PY_REFUSE_DATABASE,
                  "context.get_starting_revision_argument() depends on the database");
    return text_or_none(run, env->command.start);
}

static struct py_value get_revision_argument(struct py_run *run, struct py_call *call)
{
    (void)call;
    const struct env_run *env = require_env(run, "get_revision_argument");
    if (!env->command.destination)
        py_refuse(run, PY_REFUSE_CONTEXT, "context.get_revision_argument(): the command has none");
    return py_new_str(run, env->command.destination);
}

static const struct name_list *require_heads(struct py_run *run)
{
    const struct env_run *env = require_env(run, "get_head_revisions");
    if (!env->command.heads)
        py_refuse(run, PY_REFUSE_DATABASE,
                  "the heads are not known while env.py is only looked at");
    return env->command.heads;
}

static struct py_value get_head_revisions(struct py_run *run, struct py_call *call)
{
    (void)call;
    const struct name_list *heads = require_heads(run);
    struct py_value *items = py_alloc(run, (heads->len + 1) * sizeof(*items));
    for (size_t i = 0; i < heads->len; i++)
        items[i] = py_new_str(run, heads->at[i]);
    return py_new_tuple(run, items, heads->len);
}

static struct py_value get_head_revision(struct py_run *run, struct py_call *call)
{
    (void)call;
    const struct name_list *heads = require_heads(run);
    if (heads->len > 1) {
        py_raise(run, &alembic_command_error_class,
                 "The script directory has multiple heads (due to branching). Please use "
                 "get_heads(), or merge the branches using alembic merge.");
    }
    return text_or_none(run, heads->len ? heads->at[0] : NULL);
}

/* ---- what env.py does ---- */

static const struct py_arg configure_args[] = {PY_REST("args"), PY_KEYWORDS("kw"), PY_ARGS_END};

static struct py_value configure(struct py_run *run, struct py_call *call)
{
    struct env_run *env = require_env(run, "configure");
    static const char *const positional[] = {"connection", "url", "dialect_name", "dialect_opts"};
    struct py_tuple *args = py_tuple_of(call->args[0]);
    struct py_dict *kw = py_dict_of(call->args[1]);
    for (size_t i = 0; i < args->len; i++) {
        if (i >= sizeof(positional) / sizeof(positional[0]))
            py_refuse(run, PY_REFUSE_CONTEXT,
                      "context.configure() with more than four positional arguments");
        py_dict_put_name(run, kw, positional[i], args->items[i]);
    }
    struct env_options *options = py_alloc(run, sizeof(*options));
    *options = env_options_default(py_arena(run));
    env_read_options(run, kw, options);
    env->connection = py_dict_get_name(kw, "connection");
    env->configured = options;
    return py_none();
}

static const struct py_arg execute_args[] = {PY_REQUIRED("sql"), PY_OPTIONAL("execution_options"),
                                             PY_ARGS_END};

static struct py_value execute(struct py_run *run, struct py_call *call)
{
    if (env_run_of(run)) {
        const struct expr *statement = sa_executable(run, call->args[0]);
        env_add_step(run, ENV_EXECUTE)->statement = statement;
    } else {
        directive_run(run, call->args[0]);
    }
    return py_none();
}

static const struct py_arg static_args[] = {PY_REQUIRED("text"), PY_ARGS_END};

static struct py_value static_output(struct py_run *run, struct py_call *call)
{
    require_env(run, "static_output");
    const char *text = py_as_string(run, call->args[0], "text");
    env_add_step(run, ENV_STATIC)->text = arena_strdup(py_arena(run), text);
    return py_none();
}

static const struct py_arg run_args[] = {PY_KEYWORDS("kw"), PY_ARGS_END};

/* A value as text that a revision can evaluate again; what has no such text is a finding. */
static const char *argument_text(struct py_run *run, const char *name, struct py_value value)
{
    bool plain = py_is_str(value) || py_is_int(value) || py_is_float(value) || py_is_none(value);
    if (plain)
        return arena_strdup(py_arena(run), py_repr_text(run, value));
    env_find(run, true, "run_migrations(%s=...): only text and numbers reach the revisions", name);
    return "None";
}

static struct py_value run_migrations(struct py_run *run, struct py_call *call)
{
    struct env_run *env = require_env(run, "run_migrations");
    struct env_step *step = env_add_step(run, ENV_RUN);
    struct map arguments = MAP_IN(py_arena(run));
    struct py_value key, value;
    if (env->configured)
        env->configured->ran_migrations = true;
    for (size_t i = 0; py_dict_next(py_dict_of(call->args[0]), &i, &key, &value);) {
        const char *name = py_str_of(key)->ptr;
        map_put(&arguments, name, (void *)argument_text(run, name, value));
    }
    step->arguments = arguments;
    step->values = py_dict_of(call->args[0]);
    return py_none();
}

/* ---- context.begin_transaction() ---- */

static struct py_value transaction_enter(struct py_run *run, struct py_call *call)
{
    struct env_run *env = env_run_of(run);
    if (env && env->configured)
        env->configured->began_transaction = true;
    env_add_step(run, ENV_BEGIN);
    return call->self;
}

static struct py_value transaction_exit(struct py_run *run, struct py_call *call)
{
    (void)call;
    env_add_step(run, ENV_END);
    return py_bool(false);
}

static struct py_value nothing(struct py_run *run, struct py_call *call)
{
    (void)run;
    (void)call;
    return py_none();
}

static const struct py_member transaction_members[] = {
    PY_FUNCTION_ANY("__enter__", transaction_enter),
    PY_FUNCTION_ANY("__exit__", transaction_exit),
    PY_FUNCTION_ANY("commit", nothing),
    PY_FUNCTION_ANY("rollback", nothing),
    PY_MEMBERS_END,
};

static const struct py_native_class transaction_class = {
    .name = "_ProxyTransaction",
    .module = "alembic.runtime.migration",
    .members = transaction_members};

static struct py_value begin_transaction(struct py_run *run, struct py_call *call)
{
    (void)call;
    if (!env_run_of(run))
        return py_call_method(run, migration_context(run), "begin_transaction", NULL, 0);
    return py_new(run, &transaction_class, NULL);
}

/* ---- context.get_context() ---- */

static struct py_value context_config(struct py_run *run, struct py_call *call)
{
    (void)call;
    return env_config(run);
}

static struct py_value context_as_sql(struct py_run *run, struct py_call *call)
{
    return is_offline_mode(run, call);
}

static struct py_value context_connection(struct py_run *run, struct py_call *call)
{
    (void)call;
    const struct env_run *env = env_run_of(run);
    if (!env || py_is_unset(env->connection))
        py_refuse(run, PY_REFUSE_CONTEXT,
                  "the connection of the migration context is not known here");
    return env->connection;
}

static const struct py_member migration_context_members[] = {
    PY_PROPERTY("connection", context_connection),
    PY_PROPERTY("bind", context_connection),
    PY_PROPERTY("config", context_config),
    PY_PROPERTY("as_sql", context_as_sql),
    PY_FUNCTION_ANY("begin_transaction", begin_transaction),
    PY_FUNCTION_ANY("autocommit_block", begin_transaction),
    PY_FUNCTION_ANY("_ensure_version_table", nothing),
    PY_METHOD("execute", execute, execute_args),
    PY_METHOD("run_migrations", run_migrations, run_args),
    PY_MEMBERS_END,
};

static const struct py_native_class migration_context_class = {
    .name = "MigrationContext",
    .module = "alembic.runtime.migration",
    .members = migration_context_members};

struct py_value env_migration_context(struct py_run *run)
{
    return py_new(run, &migration_context_class, NULL);
}

static struct py_value get_context(struct py_run *run, struct py_call *call)
{
    if (!env_run_of(run)) /* in a revision it is the one that op has */
        return op_get_context(run, call);
    return env_migration_context(run);
}

static struct py_value get_impl(struct py_run *run, struct py_call *call)
{
    return py_getattr(run, get_context(run, call), "impl");
}

static struct py_value get_bind(struct py_run *run, struct py_call *call)
{
    return env_run_of(run) ? py_none() : op_get_bind(run, call);
}

static struct py_value config_value(struct py_run *run, struct py_call *call)
{
    (void)call;
    return env_config(run);
}

static const struct py_member context_members[] = {
    PY_VALUE("config", config_value),
    PY_FUNCTION_N("is_offline_mode", is_offline_mode, 0, 0),
    PY_FUNCTION_N("is_transactional_ddl", is_transactional_ddl, 0, 0),
    PY_FUNCTION("get_x_argument", get_x_argument, x_args),
    PY_FUNCTION_N("get_tag_argument", get_tag_argument, 0, 0),
    PY_FUNCTION_N("get_starting_revision_argument", get_starting_revision_argument, 0, 0),
    PY_FUNCTION_N("get_revision_argument", get_revision_argument, 0, 0),
    PY_FUNCTION_N("get_head_revision", get_head_revision, 0, 0),
    PY_FUNCTION_N("get_head_revisions", get_head_revisions, 0, 0),
    PY_FUNCTION("configure", configure, configure_args),
    PY_FUNCTION("execute", execute, execute_args),
    PY_FUNCTION("static_output", static_output, static_args),
    PY_FUNCTION("run_migrations", run_migrations, run_args),
    PY_FUNCTION_N("begin_transaction", begin_transaction, 0, 0),
    PY_FUNCTION_N("get_context", get_context, 0, 0),
    PY_FUNCTION_N("get_bind", get_bind, 0, 0),
    PY_FUNCTION_N("get_impl", get_impl, 0, 0),
    PY_MEMBERS_END,
};

const struct py_native_module alembic_context_module = {"alembic.context", context_members, 0,
                                                        NULL};
