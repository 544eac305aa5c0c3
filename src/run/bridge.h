/*
 * The bridge: revisions that retort cannot evaluate are carried out by the project's own Alembic,
 * in a child process (run/child.h).
 *
 * It runs the project's Python, which reading never does: so nothing here is called before the
 * operator has said so (struct bridge_consent). bridge_find() alone starts nothing, unless it may.
 *
 * The child calls Alembic's command line with a function of ours (bridge_driver.py) in the place
 * where that asks which revisions are to be run. So env.py, configuration and connection are those
 * of `alembic upgrade`, and exactly one revision is run, whatever branches there are. Before it
 * runs, on the very connection that will carry it out, it is made sure of that this is the database
 * of this run: an advisory lock with a random number, which the run holds, must be seen there.
 */
#ifndef RUN_BRIDGE_H
#define RUN_BRIDGE_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "alembic/revision.h"
#include "base/err.h"
#include "postgres/connection.h"
#include "postgres/database.h"
#include "run/child.h"
#include "sql/statement.h"

struct arena;
struct bridge;
struct config;

/* -- whether -------------------------------------------------------------------------------------
 *
 * [retort] bridge: true, false (the default), or ids of revisions; --bridge stands for true. What
 * the project's files say is enough to plan with the bridge, and to run what was confirmed then; to
 * look at a revision with it (BRIDGE_RENDER, BRIDGE_VERSIONS) takes --bridge: the files may be a
 * stranger's.
 */
struct bridge_consent {
    bool all;
    struct name_list revisions; /* besides; ids, or how they begin (four digits at least) */
};

/* Reads the setting; text NULL: none was given. False: ERR_CONFIG. */
bool bridge_consent_read(struct arena *a, const char *text, struct bridge_consent *out,
                         struct err *err);
bool bridge_is_allowed(const struct bridge_consent *consent, const char *revision);
/* Whether it is for any revision at all. */
bool bridge_is_wanted(const struct bridge_consent *consent);

/* -- where ---------------------------------------------------------------------------------------
 */

/* What a front end knows; all borrowed. */
struct bridge_project {
    const struct config *config;
    const char *const *environ_;  /* of the child: NAME=value; ended by NULL */
    const char *cwd;              /* absolute */
    struct name_list x_arguments; /* -x, in order */
    const char *tag;              /* --tag; NULL: none */
    const char *url;              /* that --url or RETORT_URL put in the place of env.py's; NULL */
    const char *password;         /* masked wherever the child prints it; NULL: none */
};

/* The Python that has, or may have, the project's Alembic. In the arena. */
struct bridge_place {
    const char *python; /* absolute */
    const char *found;  /* how: "[retort] python", "VIRTUAL_ENV", "the project's .venv", ... */
};

/*
 * Looks for it: [retort] python; VIRTUAL_ENV; .venv, venv beside the configuration and in the
 * folders above it in the project; UV_PROJECT_ENVIRONMENT; poetry and pipenv, which are asked (they
 * are programs) only with may_run; the `alembic` on PATH, then python3 and python there. False:
 * there is none (ERR_CONFIG), with what to install.
 */
bool bridge_find(struct arena *a, const struct bridge_project *project, bool may_run,
                 struct bridge_place *out, struct err *err);

/* What a run needs to call it; all borrowed till its end. */
struct bridge_settings {
    const struct bridge_project *project;
    const char *python;
};

/* -- calling it ----------------------------------------------------------------------------------
 */

enum bridge_task {
    BRIDGE_VERSIONS, /* only says its versions */
    BRIDGE_RENDER,   /* as alembic --sql; connects nowhere, unless env.py or the revision does */
    BRIDGE_RUN,
};

struct bridge_request {
    enum bridge_task task;
    const struct bridge_project *project;
    const char *python;
    /* RENDER and RUN */
    const char *revision, *file;
    enum direction direction;
    const struct name_list *rows; /* of the version table before it */
    /* RUN */
    const struct version_table *table;
    int64_t token;        /* the number of the advisory lock that the run holds */
    const char *database; /* its name, for messages */
    int64_t time_limit;   /* milliseconds; 0: the default, which for RUN is none */
    size_t output_limit;  /* bytes; 0: the default */
    void (*on_output)(const char *line, void *payload); /* one line, UTF-8, the password masked */
    void *payload;
};

enum {
    BRIDGE_TIME_LIMIT = 60000,
    BRIDGE_OUTPUT_LIMIT = 1 << 20,
    BRIDGE_RUN_OUTPUT_LIMIT = 1 << 26,
};

/* What the child has said of itself so far; in the bridge's memory. */
struct bridge_answer {
    const char *python, *alembic, *sqlalchemy; /* versions; NULL: not said */
    struct name_list
        statements; /* RENDER: each without its final ';'; COMMIT and BEGIN are seams */
    int backend_pid;             /* RUN: of its connection; 0: it has not got there */
    const char *backend_start;   /* microseconds since 1970, as text; "": not known */
    bool began, done;            /* the revision's function was called; all was done */
};

/* The shortest way to say what is carried out: "alembic upgrade ae10". In the arena. */
const char *bridge_command(struct arena *a, const char *revision, enum direction direction);

/* Starts the child. False: it could not be (ERR_IO). */
bool bridge_start(const struct bridge_request *request, struct bridge **out, struct err *err);

/* Never waits: as child_polls(), child_timeout(). */
size_t bridge_polls(const struct bridge *bridge, struct pollfd *polls, size_t room);
int bridge_timeout(const struct bridge *bridge);
/*
 * PROGRESS_DONE: what was asked for is done. PROGRESS_FAILED: err says why, with what to do. It is
 * ERR_CONFIG where Alembic is missing or reaches another database, ERR_STALE where the version
 * table is not as planned, ERR_LIMIT, ERR_CANCELLED, else ERR_RAISED with the exception.
 */
enum progress bridge_advance(struct bridge *bridge, struct err *err);
const struct bridge_answer *bridge_answer(const struct bridge *bridge);
void bridge_cancel(struct bridge *bridge);
void bridge_free(struct bridge *bridge);

/* Blocking, for RENDER and VERSIONS: till the end. */
bool bridge_wait(struct bridge *bridge, struct err *err);

#endif
