/*
 * A plan: what a run will do, as data. Pure: made from the graph, the renderings and the database's
 * rows; nothing is sent anywhere.
 *
 * A plan is a list of steps (revision and direction, or a stamp), each split into segments that
 * are one transaction or none; the change of the version table goes with the step's last segment.
 */
#ifndef RUN_PLAN_H
#define RUN_PLAN_H

#include <stdbool.h>
#include <stdint.h>

#include "alembic/project.h"
#include "postgres/database.h"
#include "revision/graph.h"
#include "run/live_program.h"
#include "run/position.h"
#include "run/rendering.h"
#include "sql/parse.h"
#include "sql/statement.h"

struct bridge_consent;

enum plan_verb { PLAN_UPGRADE, PLAN_DOWNGRADE, PLAN_STAMP };

/* Transaction scope of a run (DESIGN.md, "Running"). */
enum plan_scope {
    PLAN_SCOPE_REVISION, /* a transaction per revision */
    PLAN_SCOPE_RUN,      /* one around everything: Alembic's default */
};

struct plan_statement {
    const char *sql;       /* as it will run */
    const char *rendered;  /* as it was rendered; equals sql unless edited; "" when it was added */
    struct op_origin origin;
    bool in_transaction;   /* false: runs in autocommit */
    bool version_row;      /* retort's change of the version table */
    bool nondeterministic;
    size_t number; /* which of the revision's own statements it is, from 1, also after an edit
                      (the parts of a split one share it); 0: a version row, env.py's, or
                      added by the operator */
    size_t asked_before;   /* of a live step: how many of its questions came before it */
    struct sql_effect effect; /* lock, loss, ...; a plan to print (READING_TO_PRINT) has none */
};

VEC_DEFINE(plan_statement_list, struct plan_statement);

/* A run of statements of one step that are in one transaction, or each in none. */
struct plan_segment {
    bool in_transaction;
    size_t first, count; /* in the step's statements */
};

VEC_DEFINE(plan_segment_list, struct plan_segment);

struct plan_step {
    enum plan_verb verb;
    struct revision *revision;   /* NULL for a stamp, and in a plan that was read without a graph */
    const char *id, *file, *doc; /* of the revision; NULL, NULL, "" for a stamp */
    const char *from, *to;       /* ids as Alembic logs them: "a, b", "" for base */
    struct rendering rendering;  /* status not READING_OK: the plan cannot run this step */
    struct rendering applied;     /* what on_version_apply prints and executes after it */
    struct plan_statement_list statements; /* version rows included, in order */
    struct plan_segment_list segments;     /* of the statements */
    bool edited;                           /* statements are not those of the rendering any more */
    struct plan_statement_list original;   /* ... which were these */
    struct row_change_list changes;
    struct name_list rows_before, rows_after;
    /*
     * The revision asks the database: the statements are what a preview saw (run/preview.h). The
     * runner evaluates it again, for real, and stops where it wants another statement than these.
     */
    bool live;
    bool open;                   /* live: the preview could not follow it to its end, and statements
                                    may come behind those known */
    const char *open_reason;     /* why; NULL: it is not open */
    struct op_origin open_at;    /* where; line 0: nowhere in particular */
    struct live_asked_list asked; /* live: what the preview asked, in order, with its answers */
    bool bridge; /* the project's own Alembic carries it out: run/plan_bridge.h */
};

/* The database that a plan was made for. */
struct plan_database {
    const char *identity; /* system identifier; "" where it may not be read, or none is known */
    const char *name;     /* "" when none is known */
    uint32_t oid;         /* of the database; 0: not known */
    int server_version;   /* 0: not known */
};

struct plan {
    struct arena *arena; /* where it is, and what edits put into it; NULL: nowhere to edit */
    enum plan_verb verb;
    const char *target;           /* as given */
    struct plan_database database;
    struct version_table table;   /* where the version rows are */
    enum plan_scope scope;
    bool scope_chosen; /* by the operator: it is not to be broken by a statement outside */
    struct name_list rows;        /* of the version table, when it was planned */
    bool create_version_table;
    VEC(struct plan_step) steps;
    size_t statement_count;
    struct revision_modules files; /* besides the revisions: env.py, modules that they import */
    const char *warning;          /* what Alembic warns of; NULL: nothing */
};

struct plan_request {
    enum plan_verb verb;
    const char *target;              /* "head", "-1", "ae10+2", ...; for stamp see targets */
    struct name_list targets;        /* stamp */
    bool purge;                      /* stamp --purge */
    struct name_list rows;           /* of the version table now */
    bool version_table_exists;
    struct plan_database database;   /* names may be NULL: not known */
    enum plan_scope scope;
    bool scope_chosen;               /* scope is the operator's, not env.py's */
    enum reading_purpose purpose;    /* to run it, or to print it as a script */
    const struct env_script *env;    /* env.py on the database; NULL: project->online */
    const struct env_step *run;      /* the one of its runs to plan, without what env.py executes
                                        around it; NULL: env has one, and that goes into the plan */
    const struct preview_source *preview; /* the database that revisions ask; NULL: they are read as
                                             without one, and what asks cannot run */
    const struct bridge_consent *bridge; /* for what cannot be evaluated; NULL: it cannot run */
};

/*
 * Builds the plan in the arena, rendering every step; on_version_apply of env.py is called. What
 * env.py itself executes before and after run_migrations() goes into the first and the last step
 * that retort itself carries out (not with request->run). Steps whose rendering is not READING_OK
 * are in it and can be looked at; plan_is_runnable() says whether it can run. False, with Alembic's
 * words, when the target cannot be resolved. Free with plan_clear().
 */
bool plan_make(struct arena *a, struct alembic_project *project, const struct graph *graph,
               const struct plan_request *request, struct plan **out, struct err *err);

/* Where env.py puts the version table, and the scope of transactions that it asks for. */
struct version_table plan_version_table(const struct env_options *env);
enum plan_scope plan_default_scope(const struct env_options *env);

/* What the server tells of itself, as a plan keeps it (borrowed). */
struct plan_database plan_database_of(const struct server_info *info);

/* "upgrade", "downgrade", "stamp"; "revision", "run": as commands, journal and files have them. */
const char *plan_verb_name(enum plan_verb verb);
const char *plan_scope_name(enum plan_scope scope);
bool plan_scope_parse(const char *name, enum plan_scope *out);

/*
 * The rows of the version table when all before a position is committed. New in the arena; the
 * names are the plan's.
 */
struct name_list plan_rows_at(struct arena *a, const struct plan *plan, struct position at);

/*
 * Appends the statements of a rendering; the seams of an autocommit block become marks on them.
 * transactional: DDL is (env.py's transactional_ddl).
 */
void plan_add_rendering(struct arena *a, const struct rendering *rendering, bool transactional,
                        struct plan_statement_list *out);

/* Whether two lists would run the same: the same texts, in or out of transactions alike. */
bool plan_statements_same(const struct plan_statement_list *a, const struct plan_statement_list *b);

/*
 * Looks at the statements of a step, after those were made or changed: what each does, which of
 * them a COMMIT of the revision's own leaves outside of transactions, and where the segments are. A
 * statement that ends the transaction itself is the last one of its segment.
 */
void plan_arrange(struct arena *a, struct plan_step *step, int server_version);

/* The same of a rendering that is in no plan: what each statement does, for the newest server. */
void plan_look_at(struct arena *a, struct rendering *rendering);

/* Only the segments, of statements whose effect is known. */
void plan_find_segments(struct arena *a, struct plan_step *step);

/*
 * Whether every statement stands where the server will take it, and nothing in a text makes it
 * unknown what is committed; else err has the place and what to do. What the grammar does not know
 * is let through: only the server can tell.
 */
bool plan_check(const struct plan *plan, struct err *err);
bool plan_check_step(const struct plan_step *step, struct err *err);

/*
 * Whether every step can run, plan_check() included; else err says which cannot, why and where. A
 * live step can, whatever its rendering's status is: it was previewed. So can one for the bridge.
 */
bool plan_is_runnable(const struct plan *plan, struct err *err);

/*
 * Whether the files of the revisions, the modules that they import and env.py are still what the
 * plan was made from; else ERR_STALE names the one that is not.
 */
bool plan_is_current(const struct plan *plan, struct err *err);

void plan_clear(struct plan *plan);

#endif
