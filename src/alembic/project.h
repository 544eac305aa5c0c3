/*
 * The project as the Python side sees it: where modules are found, which environment variables
 * there are, and what env.py passes to context.configure() (spec/env-py.md).
 *
 * Made from a struct config (src/config) by alembic_project_open(); env.py is evaluated at once,
 * in offline mode, by the hermetic interpreter. What could not be followed is kept as a finding and
 * is not fatal.
 */
#ifndef ALEMBIC_PROJECT_H
#define ALEMBIC_PROJECT_H

#include <stdbool.h>

#include "base/err.h"
#include "base/map.h"
#include "base/vec.h"
#include "schema/table.h"

struct arena;
struct config;

/* What env.py said, as far as it could be followed. */
struct env_options {
    bool evaluated;            /* env.py ran to its end (or to run_migrations) */
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
    struct map naming_convention; /* key ("ix", "uq", ...) to template (const char *) */
    const char *target_metadata;  /* how it is named in env.py, for messages; NULL: none */
};

/* One thing found while evaluating env.py: what is not honoured, and where. */
struct env_finding {
    struct err err; /* message, file, line */
};

struct alembic_project {
    struct arena *arena;         /* everything here lives in it */
    const struct config *config; /* borrowed */
    struct env_options env;
    VEC(struct env_finding) findings;
    struct map environ;          /* name -> const char *: what os.environ shows after env.py, that is
                                    the process's environment and what load_dotenv() put there */
    struct name_list import_roots; /* prepend_sys_path and the folder of alembic.ini */
    struct name_list x_arguments;  /* -x, in order */
};

/*
 * environ_ is a NULL-terminated array of NAME=value (the process's environment; the layers below
 * the front ends never read it themselves). False only when config names no env.py.
 */
bool alembic_project_open(struct arena *a, const struct config *config, const char *const *environ_,
                          const struct name_list *x_arguments, struct alembic_project **out,
                          struct err *err);

/* Frees what is not in the arena. */
void alembic_project_close(struct alembic_project *project);

#endif
