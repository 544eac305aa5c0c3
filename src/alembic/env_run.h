/*
 * One evaluation of env.py: what its native modules (env_*.c) share. Internal to src/alembic.
 *
 * Revisions may import alembic.context too; then there is no struct env_run, and what only makes
 * sense in env.py is refused.
 */
#ifndef ALEMBIC_ENV_RUN_H
#define ALEMBIC_ENV_RUN_H

#include "alembic/host.h"
#include "alembic/project.h"
#include "python/native.h"

struct env_run {
    struct alembic_project *project;
    struct env_command command;
    struct env_script *script;
    struct env_options *configured; /* of the last configure(); NULL: none yet */
    struct py_value connection;     /* of the last configure(); absent: none */
    struct ini_file *ini;           /* the copy that the program may change */
    struct py_value target_metadata; /* of the last configure(); absent: none */
    uint64_t random;                /* state of the generator behind uuid4() and random */
    bool is_lenient;                /* it went on, for the sake of models, where it would else have
                                       ended: what it says of a run on the database is a guess */
};

/* An evaluation of env.py, and what is to be done with what it made. */
struct env_evaluation {
    const struct env_command *command;
    bool for_models; /* alembic_host.for_models */
    /* Called at its end, however it ended, inside of a py_run_protect(); NULL: nothing. */
    void (*after)(struct py_run *run, void *payload);
    void *payload;
};

/* alembic_env_evaluate() in an arena; the run is freed with it. */
bool env_evaluate(struct arena *a, struct alembic_project *project,
                  const struct env_evaluation *evaluation, struct env_script *out,
                  struct err *err);

/* The evaluation a run belongs to; NULL: it is not env.py that runs. */
struct env_run *env_run_of(struct py_run *run);

/* Adds a step with its line; NULL when it is not env.py that runs. */
struct env_step *env_add_step(struct py_run *run, enum env_step_kind kind);

/* Adds a finding at the program's place in the project's own files. */
void env_find(struct py_run *run, bool blocks, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* ---- env_config.c: context.config ---- */

struct py_value env_config(struct py_run *run);

/* ---- env_options.c: the keywords of context.configure() ---- */

/* Reads the keywords into options, which hold the defaults or those of an earlier call. */
void env_read_options(struct py_run *run, struct py_dict *kw, struct env_options *options);

/* The defaults, in the arena. */
struct env_options env_options_default(struct arena *a);

/* ---- env_callbacks.c: on_version_apply ---- */

void env_read_callbacks(struct py_run *run, struct env_options *options, struct py_value value,
                        const char *name);

extern const struct py_native_class env_migration_info_class;

/* ---- env_compare.c: functions for a comparison ---- */

/* Keeps the function; None and absent take it away. */
void env_keep_function(struct py_run *run, struct env_options *options, enum env_function function,
                       struct py_value value);

/* ---- env_context.c ---- */

/* What context.get_context() gives in env.py. */
struct py_value env_migration_context(struct py_run *run);

/* ---- env_url.c: sqlalchemy.engine.URL ---- */

extern const struct py_native_class env_url_class;

/* The URL object for a text; raises ArgumentError. Unknown values give an unknown. */
struct py_value env_url_make(struct py_run *run, struct py_value v);

/* The whole text of a URL object, str or Engine, password included; NULL: not known (a finding
 * says why). */
const char *env_url_text(struct py_run *run, struct py_value v);

/* ---- env_engine.c: engines and connections that reach nothing ---- */

/* The URL text of an Engine or Connection, with its connect_args; NULL: it is neither, or the URL
 * is not known. */
const char *env_engine_url(struct py_run *run, struct py_value v);

/* ---- env_dotenv.c: python-dotenv ---- */

/*
 * The text of a file of the project, for programs that read one: dotenv, settings. Relative paths
 * are relative to the folder that retort works in. NULL: not there, or outside the project.
 */
const char *env_read_file(struct py_run *run, const char *path, size_t *len);

/* os.environ as a map name -> const char *, in the run's arena. */
struct map env_environ(struct py_run *run);

/* ---- modules, for alembic_modules[] ---- */

extern const struct py_native_module env_engine_module, /* sqlalchemy.engine */
    env_engine_url_module,        /* sqlalchemy.engine.url */
    env_engine_base_module,       /* sqlalchemy.engine.base */
    env_pool_module,              /* sqlalchemy.pool */
    env_asyncio_module,           /* sqlalchemy.ext.asyncio */
    env_sqlmodel_asyncio_module,  /* sqlmodel.ext.asyncio.session */
    env_dotenv_module,            /* dotenv */
    env_settings_module,          /* pydantic_settings */
    env_pydantic_module,          /* pydantic */
    pydantic_types_module,        /* pydantic.types */
    pydantic_networks_module,     /* pydantic.networks */
    pydantic_fields_module,       /* pydantic.fields */
    pydantic_main_module,         /* pydantic.main */
    pydantic_validators_module,   /* pydantic.functional_validators */
    pydantic_annotated_types_module, /* annotated_types */
    env_logging_config_module,    /* logging.config */
    env_starlette_module,         /* starlette.config */
    env_urllib_module;            /* urllib.parse */

extern const struct py_native_class env_mixin_class; /* AsyncAttrs: declarative_module.c */

/* ---- env_session.c: sqlalchemy.orm's Session and what makes them ---- */

extern const struct py_native_class env_session_class, env_sessionmaker_class;

/*
 * The function of a PY_VALUE row of the module sqlalchemy: the name of the row, from
 * sqlalchemy.engine; see sa_expr_export().
 */
struct py_value env_engine_export(struct py_run *run, struct py_call *call);

#endif
