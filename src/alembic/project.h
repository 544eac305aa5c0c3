/*
 * The project as the Python side sees it: where modules are found, which environment variables
 * there are, and what env.py does (spec/env-py.md).
 *
 * Made from a struct config (src/config) by alembic_project_open(). env.py is evaluated by the
 * hermetic interpreter, twice: as for --sql and as for a run on the database, with engines and
 * connections that reach nothing; for a comparison once, where that tells all. What could not be
 * followed is kept as a finding and is not fatal.
 */
#ifndef ALEMBIC_PROJECT_H
#define ALEMBIC_PROJECT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/map.h"
#include "base/vec.h"
#include "schema/table.h"

struct arena;
struct config;
struct env_callbacks;
struct py_dict;
struct database_url;
struct expr;
struct ini_file;
struct models;

/* Functions of env.py that have a part in a comparison: env_compare.h. */
enum env_function {
    ENV_INCLUDE_NAME,
    ENV_INCLUDE_OBJECT,
    ENV_COMPARE_TYPE,
    ENV_COMPARE_DEFAULT,
    ENV_PROCESS_DIRECTIVES,
    ENV_RENDER_ITEM,
    ENV_FUNCTION_COUNT,
};
struct env_functions;

/* What env.py said, as far as it could be followed. */
struct env_options {
    bool evaluated;            /* env.py ran to its end */
    bool ran_migrations;       /* it called context.run_migrations() */
    bool began_transaction;    /* inside context.begin_transaction() */
    const char *url;           /* resolved database URL with its password; NULL: not known */
    const char *version_table; /* default "alembic_version" */
    const char *version_table_schema; /* NULL: search_path */
    bool version_table_pk;     /* default true */
    bool transaction_per_migration;
    bool transactional_ddl;    /* default true */
    bool literal_binds;
    const char *paramstyle;    /* of dialect_opts; NULL: the driver's */
    const char *dialect_name;  /* without a URL; NULL: not given */
    const char *starting_rev;  /* NULL: not given */
    bool compare_type;         /* default true */
    bool compare_server_default, include_schemas;
    struct name_list plugins;     /* autogenerate_plugins */
    bool has_plugins;             /* ... was given */
    bool render_as_batch;
    const char *alembic_prefix, *sqlalchemy_prefix, *user_prefix; /* NULL: default */
    const char *upgrade_token, *downgrade_token; /* what the template calls the bodies */
    const struct env_functions *functions; /* env_compare.h; NULL: none */
    struct map naming_convention; /* key ("ix", "uq", ...) to template (const char *) */
    const struct env_callbacks *callbacks; /* on_version_apply; NULL: none */
    const char *target_metadata;  /* how it is named in env.py, for messages; NULL: none */
};

/* What a command asked for, as env.py sees it through context.get_*_argument() and cmd_opts. */
struct env_command {
    const char *name;    /* "upgrade"; NULL: none */
    bool offline;        /* --sql */
    bool autogenerate;
    const char *tag;     /* --tag; NULL: none */
    const char *start, *destination; /* of upgrade and downgrade; NULL: none */
    const struct name_list *heads;   /* of the project; NULL: not known, asking is a refusal */
};

/* What env.py does, in order. */
enum env_step_kind {
    ENV_EXECUTE, /* a statement, by context.execute() or on the connection */
    ENV_STATIC,  /* context.static_output(): text */
    ENV_PRINT,   /* print(): text */
    ENV_BEGIN,   /* entering and leaving context.begin_transaction() */
    ENV_END,
    ENV_RUN,     /* context.run_migrations() */
};

struct env_step {
    enum env_step_kind kind;
    const struct expr *statement;      /* ENV_EXECUTE */
    const char *text;                  /* ENV_STATIC, ENV_PRINT */
    const struct env_options *options; /* of the last configure(); NULL before the first */
    struct map arguments;              /* ENV_RUN: for upgrade(): name to repr() (const char *) */
    const struct py_dict *values;      /* ENV_RUN: the same, of the evaluation that they are from */
    int line;                          /* in env.py; 0: not known */
};
VEC_DEFINE(env_steps, struct env_step);

/* One evaluation of env.py. */
struct env_script {
    struct env_steps steps;
    struct env_options options; /* of the last configure() */
    struct err err;             /* why it was not followed to its end; ERR_NONE: it was */
    bool configures_logging;    /* it called logging.config.fileConfig() */
    bool keeps_loggers;         /* ... with disable_existing_loggers=False */
    bool blocked;               /* a finding of it blocks runs */
};

/* One thing found while evaluating env.py: what is not honoured, and where. */
struct env_finding {
    struct err err; /* message, file, line */
    bool blocks;    /* what it is about decides what a run does: runs are refused */
};

struct alembic_project {
    struct arena *arena;         /* everything here lives in it */
    const struct config *config; /* borrowed */
    const char *const *process_environ; /* borrowed, too */
    bool is_followed;            /* env.py was evaluated, and says what comes next: */
    struct env_options env;      /* for a run on the database: of `online`, or where that could not
                                    be followed of `offline`; url from whichever knows it */
    struct env_script offline, online;
    struct models *models;       /* what the evaluation `online` found too, until it is asked for;
                                    NULL: nothing */
    VEC(struct env_finding) findings;
    struct map environ; /* name -> const char *: what os.environ shows after env.py, that is
                           the process's environment and what load_dotenv() put there */
    struct ini_file *ini;        /* alembic.ini as env.py left it */
    struct name_list import_roots; /* prepend_sys_path and the folder of alembic.ini */
    struct name_list x_arguments;  /* -x, in order */
    struct name_list owned;        /* the folders of project_owns(), links resolved */
    const char *env_path;        /* of env.py */
    uint64_t env_fingerprint;    /* of it as it was last read; 0: it was not */
};

/*
 * The project without what env.py says: enough to read its revisions, and quick. environ_ is a
 * NULL-terminated array of NAME=value (the process's environment; the layers below the front ends
 * never read it themselves), and is borrowed. False only when config names no env.py.
 */
bool alembic_project_find(struct arena *a, const struct config *config, const char *const *environ_,
                          const struct name_list *x_arguments, struct alembic_project **out,
                          struct err *err);

/*
 * Evaluates env.py, the first time that it is called. for_models: for a command that compares,
 * where reading models is most of the work. Where env.py can be followed for its models without
 * reservation, that one evaluation stands for both others, its models are kept for
 * alembic_models_read(), and offline stays empty.
 */
void alembic_project_follow(struct alembic_project *project, bool for_models);

/* Both. */
bool alembic_project_open(struct arena *a, const struct config *config, const char *const *environ_,
                          const struct name_list *x_arguments, struct alembic_project **out,
                          struct err *err);

/*
 * Whether a file, links resolved, is one of the project's: below its root, its script location or a
 * version location. No other file is opened for what env.py, a revision or a model is made of.
 */
bool project_owns(const struct alembic_project *project, const char *real);

/* Frees what is not in the arena. */
void alembic_project_close(struct alembic_project *project);

/*
 * Evaluates env.py again for one command. False when it could not be followed to its end: the err
 * of the script, copied to err, is what Python would have raised (ERR_RAISED) or why it is not
 * known.
 */
bool alembic_env_evaluate(struct alembic_project *project, const struct env_command *command,
                          struct env_script *out, struct err *err);

/* A step that was carried out, as on_version_apply is told of it. */
struct env_applied {
    bool is_upgrade, is_stamp;
    struct name_list up, down; /* ids at the upper and the lower end */
    struct name_list heads;    /* rows of the version table after it */
    const struct env_step *run; /* the run that it belongs to */
};

/*
 * Calls the functions that env.py gave as on_version_apply; what they print and execute is in *out
 * (ENV_PRINT, ENV_EXECUTE), which is empty when there are none. False: one raised, or what it does
 * is not known.
 */
bool alembic_env_applied(const struct env_options *options, const struct env_applied *applied,
                         struct env_steps *out, struct err *err);

void env_script_clear(struct env_script *script);

/*
 * The run of the migrations (ENV_RUN) that a revision looked at alone is read for; *out is NULL
 * when env.py has none. False: there are several, and they give the revisions different arguments.
 */
bool project_run(const struct alembic_project *project, const struct env_step **out,
                 struct err *err);

/*
 * The run of the migrations of an evaluation for a command on the database; *out stays when env.py
 * has none. False: a loop over tenants or databases runs them several times, and what is asked or
 * changed here is one database from one state.
 */
bool env_single_run(const struct alembic_project *project, const struct env_script *script,
                    const struct env_step **out, struct err *err);

/*
 * The database to use (DESIGN.md, "Configuration"): url_resolve() with what env.py resolved to.
 * Where env.py could not be followed to its URL, sqlalchemy.url of alembic.ini is not taken for it:
 * that is an error that says why, and that --url or RETORT_URL is needed.
 */
bool alembic_project_url(struct arena *a, const struct alembic_project *project,
                         const char *url_option, const char *retort_url, struct database_url *out,
                         struct err *err);

#endif
