/*
 * The project as it was read at one moment: configuration, graph, lanes, and what was looked at so
 * far (sources, renderings). Reading again makes a new session; a run keeps the one it was planned
 * from till its result is no longer shown.
 */
#ifndef UI_SESSION_H
#define UI_SESSION_H

#include <stdbool.h>

#include "base/err.h"
#include "base/source.h"
#include "config/protection.h"
#include "config/url.h"
#include "postgres/database.h"
#include "revision/graph.h"
#include "revision/lanes.h"
#include "run/rendering.h"

struct alembic_project;
struct ui_options;

struct session {
    struct arena *arena;
    size_t uses;
    bool is_blank;                   /* nothing has been read yet */
    int64_t opened; /* monotonic; twins have that of the one they were opened for */
    struct config *config;           /* NULL: err says why */
    struct alembic_project *project; /* NULL: err says why */
    struct graph *graph;             /* NULL: err says why; the rest still works */
    struct lane_layout lanes;
    const char **lane_texts; /* NULL till the first is asked for: most consoles search nothing */
    struct err err;
    bool has_url;
    struct database_url url;
    struct err url_err; /* why there is none */
    const char *label;  /* "database@host", "" without a database */
    struct protection protection;
    struct version_table version_table;
    struct session *reading;  /* the renderer's twin, which its thread has meanwhile (renderer.h) */
    const char *journal_schema; /* of the journal in the database; "": none */
    struct map renderings[2]; /* by direction: id -> struct rendering * */
    struct map sources;       /* path -> struct source *; NULL: cannot be read */
};

/* What the console has before anything was read. */
struct session *session_blank(void);

/*
 * Reads the project. Never fails: what went wrong is in the session. Has one use. Nothing of it is
 * shared with another session, so that another thread may use it; opened is clock_monotonic(), or
 * that of the session whose twin it is to be.
 */
struct session *session_open(const struct ui_options *options, int64_t opened);

/*
 * The text of a row of the lanes: id, labels, doc; "" for edges only. All are made at once, side by
 * side in memory: each key of a search or a filter goes through all of them.
 */
const char *session_lane_text(struct session *session, size_t row);

/* The same without graph, lanes and database: for reading single files. */
struct session *session_open_project(const struct ui_options *options, int64_t opened);

/* Whether one is the other, or its twin. */
bool session_is_twin(const struct session *a, const struct session *b);

struct session *session_use(struct session *session);
void session_release(struct session *session); /* NULL is fine */

/* One direction of a revision, if it has been rendered (renderer.h); else NULL. */
const struct rendering *session_rendering(const struct session *session,
                                          const struct revision *revision,
                                          enum direction direction);

/* Keeps a rendering that was made in that arena, both now the session's. */
void session_take_rendering(struct session *session, const char *id, enum direction direction,
                            struct arena *arena, struct rendering *rendering);

/* The revision's file, read when it is first asked for; NULL when it cannot be read. */
const struct source *session_source(struct session *session, const struct revision *revision);

/* The same for any file of the project; its path may be relative to the project. */
const struct source *session_text(struct session *session, const char *path);

/* What of env.py could not be followed though it decides what a run does; NULL: nothing. */
const struct err *session_why_no_run(const struct session *session);

/* The project's folder, for naming files; NULL when the project could not be opened. */
const char *session_folder(const struct session *session);

/* "shop", or "" when the project could not be opened. */
const char *session_name(const struct session *session);

#endif
