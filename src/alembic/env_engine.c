/*
 * Engines and connections that reach nothing: env.py makes them on its way to context.configure().
 * The same classes stand for the synchronous and the asynchronous ones. What is executed on a
 * connection is a step of the script; what the database would answer is not known.
 */
#include "config.h"

#include "alembic/env_run.h"
#include "alembic/host.h"

#include <string.h>

#include "alembic/engine.h"
#include "alembic/sa_expr.h"
#include "base/arena.h"
#include "base/str.h"
#include "config/percent.h"

struct engine {
    struct py_value url;          /* URL object, or an unknown */
    struct py_value connect_args; /* dict, or None */
};

/* Payload of Connection and Transaction: what they belong to. */
struct connection {
    struct py_value engine;
};

static const struct py_native_class engine_class, connection_class, transaction_class;

static struct py_value self(struct py_run *run, struct py_call *call)
{
    (void)run;
    return call->self;
}

static struct py_value nothing(struct py_run *run, struct py_call *call)
{
    (void)run;
    (void)call;
    return py_none();
}

static struct py_value of_engine(struct py_run *run, const struct py_native_class *cls,
                                 struct py_value engine)
{
    void *payload;
    struct py_value v = py_new(run, cls, &payload);
    ((struct connection *)payload)->engine = engine;
    return v;
}

/* ---- the URL of an engine, as text ---- */

/* asyncpg's server_settings={"search_path": "x"} as libpq's options. */
static void add_server_settings(struct py_run *run, struct str *out, struct py_value settings)
{
    struct py_value key, value;
    struct str options = STR_IN(py_arena(run));
    for (size_t i = 0; py_dict_next(py_dict_of(settings), &i, &key, &value);) {
        str_addf(&options, "%s-c %s=", options.len ? " " : "", py_str_text(run, key));
        for (const char *p = py_str_text(run, value); *p; p++) {
            if (*p == ' ' || *p == '\\')
                str_addc(&options, '\\');
            str_addc(&options, *p);
        }
    }
    percent_encode(out, options.ptr, "", true);
}

static void add_connect_arg(struct py_run *run, struct str *out, const char *key,
                            struct py_value value)
{
    bool settings = strcmp(key, "server_settings") == 0 && py_is_dict(value);
    bool plain = py_is_str(value) || (py_is_int(value) && value.kind != PY_BOOL);
    if (!settings && !plain) {
        env_find(run, false, "connect_args[\"%s\"] is not honoured", key);
        return;
    }
    str_addc(out, strchr(out->ptr, '?') ? '&' : '?');
    percent_encode(out, settings ? "options" : key, "", true);
    str_addc(out, '=');
    if (settings)
        add_server_settings(run, out, value);
    else
        percent_encode(out, py_str_text(run, value), "", true);
}

const char *env_engine_url(struct py_run *run, struct py_value v)
{
    struct connection *connection = py_payload(v, &connection_class);
    struct engine *engine = py_payload(connection ? connection->engine : v, &engine_class);
    struct py_value key, value;
    if (!engine) {
        env_find(run, false,
                 "connection= is not known: it comes from code that cannot be followed");
        return NULL;
    }
    const char *text = env_url_text(run, engine->url);
    if (!text || !py_is_dict(engine->connect_args))
        return text;
    struct str out = STR_IN(py_arena(run));
    str_add(&out, text);
    for (size_t i = 0; py_dict_next(py_dict_of(engine->connect_args), &i, &key, &value);)
        add_connect_arg(run, &out, py_as_string(run, key, "connect_args keys"), value);
    return str_take(&out);
}

/* ---- results ---- */

static struct py_value unknown_answer(struct py_run *run)
{
    return py_new_unknown(run, PY_REFUSE_VALUE, "the answer of the database",
                          "is not known while env.py is read");
}

static const struct py_arg execute_args[] = {PY_REQUIRED("statement"), PY_REST("args"),
                                             PY_KEYWORDS("kw"), PY_ARGS_END};

static struct py_value execute(struct py_run *run, struct py_call *call)
{
    const struct expr *statement = sa_executable(run, call->args[0]);
    struct env_step *step = env_add_step(run, ENV_EXECUTE);
    if (step)
        step->statement = statement;
    return unknown_answer(run);
}

/* run_sync(fn, *args): the connection is its own synchronous form. */
static struct py_value run_sync(struct py_run *run, struct py_call *call)
{
    if (call->count == 0)
        py_raise(run, &py_type_error_class,
                 "run_sync() missing 1 required positional argument: 'fn'");
    struct py_value *args = py_alloc(run, call->count * sizeof(*args));
    args[0] = call->self;
    memcpy(args + 1, call->args + 1, (call->count - 1) * sizeof(*args));
    return py_call(run, call->args[0], args, call->count, call->kwargs);
}

static struct py_value begin(struct py_run *run, struct py_call *call)
{
    struct connection *connection = py_payload(call->self, &connection_class);
    return of_engine(run, &transaction_class, connection->engine);
}

static struct py_value in_transaction(struct py_run *run, struct py_call *call)
{
    (void)run;
    (void)call;
    return py_bool(false);
}

static struct py_value dialect(struct py_run *run, struct py_call *call)
{
    (void)call;
    return engine_dialect(run);
}

static struct py_value engine_of_connection(struct py_run *run, struct py_call *call)
{
    (void)run;
    return ((struct connection *)py_payload(call->self, &connection_class))->engine;
}

static const struct py_member connection_members[] = {
    PY_METHOD("execute", execute, execute_args),
    PY_METHOD("exec_driver_sql", execute, execute_args),
    PY_METHOD("scalar", execute, execute_args),
    PY_METHOD("scalars", execute, execute_args),
    PY_METHOD("stream", execute, execute_args),
    PY_FUNCTION_ANY("run_sync", run_sync),
    PY_FUNCTION_ANY("execution_options", self),
    PY_FUNCTION_ANY("begin", begin),
    PY_FUNCTION_ANY("begin_nested", begin),
    PY_FUNCTION_ANY("begin_twophase", begin),
    PY_FUNCTION_ANY("commit", nothing),
    PY_FUNCTION_ANY("rollback", nothing),
    PY_FUNCTION_ANY("close", nothing),
    PY_FUNCTION_ANY("invalidate", nothing),
    PY_FUNCTION_ANY("in_transaction", in_transaction),
    PY_FUNCTION_ANY("__enter__", self),
    PY_FUNCTION_ANY("__exit__", nothing),
    PY_FUNCTION_ANY("__aenter__", self),
    PY_FUNCTION_ANY("__aexit__", nothing),
    PY_PROPERTY("dialect", dialect),
    PY_PROPERTY("engine", engine_of_connection),
    PY_PROPERTY("sync_connection", self),
    PY_MEMBERS_END,
};

static const struct py_native_class connection_class = {.name = "Connection",
                                                        .module = "sqlalchemy.engine.base",
                                                        .members = connection_members,
                                                        .payload_size = sizeof(struct connection)};

static struct py_value transaction_enter(struct py_run *run, struct py_call *call)
{
    struct connection *transaction = py_payload(call->self, &transaction_class);
    return of_engine(run, &connection_class, transaction->engine);
}

static const struct py_member transaction_members[] = {
    PY_FUNCTION_ANY("prepare", nothing),
    PY_FUNCTION_ANY("commit", nothing),
    PY_FUNCTION_ANY("rollback", nothing),
    PY_FUNCTION_ANY("close", nothing),
    PY_FUNCTION_ANY("__enter__", transaction_enter),
    PY_FUNCTION_ANY("__exit__", nothing),
    PY_FUNCTION_ANY("__aenter__", transaction_enter),
    PY_FUNCTION_ANY("__aexit__", nothing),
    PY_MEMBERS_END,
};

static const struct py_native_class transaction_class = {.name = "Transaction",
                                                         .module = "sqlalchemy.engine.base",
                                                         .members = transaction_members,
                                                         .payload_size = sizeof(struct connection)};

/* ---- Engine ---- */

/* In env.py a connection stands for that of the migration; a revision that opens one of its own
 * would have it execute what nobody sees. */
static void require_env(struct py_run *run)
{
    if (alembic_host(run)->in_revision && !alembic_host(run)->env)
        py_refuse(run, PY_REFUSE_CONSTRUCT,
                  "a connection of its own, beside that of the migration, is not supported");
}

static struct py_value connect(struct py_run *run, struct py_call *call)
{
    require_env(run);
    return of_engine(run, &connection_class, call->self);
}

static struct py_value engine_begin(struct py_run *run, struct py_call *call)
{
    require_env(run);
    return of_engine(run, &transaction_class, call->self);
}

static struct py_value engine_url(struct py_run *run, struct py_call *call)
{
    (void)run;
    return ((struct engine *)py_payload(call->self, &engine_class))->url;
}

/* AsyncEngine(engine): the same engine once more. */
static struct py_value engine_init(struct py_run *run, struct py_call *call)
{
    struct engine *engine = py_payload(call->self, &engine_class);
    struct engine *other = call->count ? py_payload(call->args[0], &engine_class) : NULL;
    *engine = (struct engine){
        .url = py_new_unknown(run, PY_REFUSE_VALUE, "the URL of the engine", "is not known")};
    if (other)
        *engine = *other;
    return py_none();
}

static const struct py_member engine_members[] = {
    PY_FUNCTION_ANY("__init__", engine_init),
    PY_FUNCTION_ANY("connect", connect),
    PY_FUNCTION_ANY("begin", engine_begin),
    PY_FUNCTION_ANY("dispose", nothing),
    PY_FUNCTION_ANY("execution_options", self),
    PY_PROPERTY("sync_engine", self),
    PY_PROPERTY("url", engine_url),
    PY_PROPERTY("dialect", dialect),
    PY_MEMBERS_END,
};

static const struct py_native_class engine_class = {.name = "Engine",
                                                    .module = "sqlalchemy.engine.base",
                                                    .members = engine_members,
                                                    .payload_size = sizeof(struct engine)};

static struct py_value engine_new(struct py_run *run, struct py_value url, struct py_dict *kw)
{
    void *payload;
    struct py_value v = py_new(run, &engine_class, &payload);
    struct py_value connect_args = kw ? py_dict_get_name(kw, "connect_args") : py_absent();
    *(struct engine *)payload = (struct engine){
        .url = env_url_make(run, url),
        .connect_args = py_is_absent(connect_args) ? py_none() : connect_args,
    };
    return v;
}

enum { CREATE_URL, CREATE_KW };
static const struct py_arg create_args[] = {
    [CREATE_URL] = PY_REQUIRED("url"), [CREATE_KW] = PY_KEYWORDS("kw"), PY_ARGS_END};

static struct py_value create_engine(struct py_run *run, struct py_call *call)
{
    return engine_new(run, call->args[CREATE_URL], py_dict_of(call->args[CREATE_KW]));
}

enum { FROM_CONFIG, FROM_PREFIX, FROM_KW };
static const struct py_arg from_config_args[] = {[FROM_CONFIG] = PY_REQUIRED("configuration"),
                                                 [FROM_PREFIX] = PY_DEFAULTED("prefix"),
                                                 [FROM_KW] = PY_KEYWORDS("kw"), PY_ARGS_END};

static struct py_value engine_from_config(struct py_run *run, struct py_call *call)
{
    const char *prefix = "sqlalchemy.";
    if (!py_is_absent(call->args[FROM_PREFIX]))
        prefix = py_as_string(run, call->args[FROM_PREFIX], "prefix");
    struct py_value key = py_new_strf(run, "%surl", prefix);
    struct py_value url = py_dict_take_name(run, py_dict_of(call->args[FROM_KW]), "url");
    if (py_is_absent(url)) /* a keyword wins */
        url = py_getitem(run, call->args[FROM_CONFIG], key);
    return engine_new(run, url, py_dict_of(call->args[FROM_KW]));
}

/* ---- modules ---- */

struct py_value env_engine_export(struct py_run *run, struct py_call *call)
{
    return py_getattr(run, py_import(run, "sqlalchemy.engine"), call->function->name);
}

static struct py_value make_url_export(struct py_run *run, struct py_call *call)
{
    (void)call;
    return py_getattr(run, py_import(run, "sqlalchemy.engine.url"), "make_url");
}

static struct py_value inspector_export(struct py_run *run, struct py_call *call)
{
    (void)call;
    return py_getattr(run, py_import(run, "sqlalchemy.engine.reflection"), "Inspector");
}

/* A pool class: it may be named and passed on. */
static struct py_value pool_getattr(struct py_run *run, const char *name)
{
    return py_new_unknown(run, PY_REFUSE_NAME,
                          arena_printf(py_arena(run), "sqlalchemy.pool.%s", name),
                          "is not supported");
}

static const struct py_member pool_members[] = {PY_MEMBERS_END};

static const struct py_member engine_module_members[] = {
    PY_CLASS("AsyncAttrs", &env_mixin_class),
    PY_CLASS("Connection", &connection_class),
    PY_CLASS("Engine", &engine_class),
    PY_CLASS("Transaction", &transaction_class),
    PY_CLASS("URL", &env_url_class),
    PY_FUNCTION("create_engine", create_engine, create_args),
    PY_FUNCTION("engine_from_config", engine_from_config, from_config_args),
    PY_FUNCTION("create_async_engine", create_engine, create_args),
    PY_FUNCTION("async_engine_from_config", engine_from_config, from_config_args),
    PY_CLASS("AsyncConnection", &connection_class),
    PY_CLASS("AsyncEngine", &engine_class),
    PY_VALUE("make_url", make_url_export),
    PY_VALUE("Inspector", inspector_export),
    PY_MODULE("reflection", "sqlalchemy.engine.reflection"),
    PY_MEMBERS_END,
};

const struct py_native_module env_engine_module = {"sqlalchemy.engine", engine_module_members, 0,
                                                   NULL};
const struct py_native_module env_engine_base_module = {"sqlalchemy.engine.base",
                                                        engine_module_members, 0, NULL};
const struct py_native_module env_asyncio_module = {"sqlalchemy.ext.asyncio", engine_module_members,
                                                    0, NULL};
const struct py_native_module env_sqlmodel_asyncio_module = {"sqlmodel.ext.asyncio.session",
                                                             engine_module_members, 0, NULL};
const struct py_native_module env_pool_module = {"sqlalchemy.pool", pool_members, 0, pool_getattr};
