/*
 * A plan, the link to the run that carries it out, and what happened to each statement: what the
 * run pane shows. Nothing is drawn and nothing is asked here.
 *
 * The run is in a worker (run/worker.h): it was started here, or found and attached to.
 */
#ifndef UI_EXECUTION_H
#define UI_EXECUTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/vec.h"
#include "run/plan.h"
#include "run/plan_loss.h"
#include "run/link.h"
#include "run/plan_edit.h"
#include "sql/parse.h"
#include "ui/run_watch.h"
#include "ui/session.h"

enum outcome {
    OUTCOME_NONE,      /* not reached yet */
    OUTCOME_RUNNING,   /* on the server */
    OUTCOME_DONE,      /* executed, its transaction still open */
    OUTCOME_COMMITTED, /* certain */
    OUTCOME_FAILED,
    OUTCOME_SKIPPED, /* left out by the operator */
    OUTCOME_UNDONE,  /* executed, then rolled back */
    OUTCOME_UNKNOWN, /* the connection broke before the server answered */
};

/* One row of the run pane: a step's heading, or a statement. */
struct run_row {
    bool is_step;
    size_t step, statement;   /* positions in the plan */
    struct sql_effect effect; /* what the statement does, from its parse tree */
    enum outcome outcome;
    bool breakpoint;  /* the run stops before it */
    int64_t started;  /* monotonic, while running */
    int64_t duration; /* microseconds */
    int64_t affected; /* rows; -1: not said */
    const char *tag;  /* the server's command tag; NULL: none yet */
    struct err err;   /* of a failure */
    VEC(const char *) notices; /* of a step: what it asked while it ran */
};

struct planned;

struct execution {
    struct session *session; /* what it was planned from; NULL: there is no plan */
    struct arena *arena;     /* the plan and what is kept of events */
    const struct plan *plan;
    struct plan *own_plan; /* NULL: it is the link's */
    struct plan_table_rows_list tables; /* that the plan loses data of, as it was made */
    struct link *link;     /* NULL: not started, or over */
    struct link *left;     /* an attached run that is over: the plan is its */
    VEC(struct run_row) rows;
    VEC(size_t) headings; /* rows of the steps' headings */
    size_t current;          /* row that runs, or runs next */
    size_t pause_at;         /* S stops before this row; 0: at the end of the revision */
    const char *journal_note; /* why the database has no journal of it; NULL: it has */
    const char *journal;     /* path of the run's journal; NULL: none yet */
    const char *waiting;     /* what the run waits for; NULL: nothing */
    struct err err;          /* why the run failed or stopped */
    struct run_watch watch;  /* what goes on around it */
    struct err signalled;    /* what became of a signal to a blocker; taken by who shows it */
    struct err refused;      /* the last order that was; taken by who shows it */
    enum runner_state state; /* the last one, also when the link is gone */
    struct position committed; /* all before it is, for certain */
    bool was_started;
    bool cancel_sent; /* and the server has not answered yet */
    bool is_ending;   /* told to stop; what is open is being rolled back */
    size_t events;    /* heard so far */
    struct run_edit wanted; /* what is being asked about; its text is in the arena */
    size_t edits_carried, edits_lost; /* steps: from the plan before this one */
    bool retries;     /* when the edit that is on its way has been made */
};

/*
 * A plan that was made (planned->plan is there) in place of the old one, whose edits are carried
 * into it; takes over all that `made` has.
 */
void execution_take(struct execution *run, struct planned *made);

/* Starts the run: it connects and stops before the first statement. */
bool execution_start(struct execution *run, const struct worker_settings *settings,
                     struct err *err);

/* Attaches to a run that is on, to steer it unless somebody does. The session is what to show it
 * with. */
bool execution_attach(struct execution *run, struct session *session, const char *socket_dir,
                      const char *run_id, const struct log *log, struct err *err);

/* Hears what is new; true when something happened. The link to a run that has ended is freed. */
bool execution_advance(struct execution *run);

/* Whether there is a run: between start and end. */
bool execution_is_active(const struct execution *run);
/* Whether it is working, or an order is on its way to it; not waiting for an order. */
bool execution_is_busy(const struct execution *run);

/*
 * Orders the run on to the end of the revision; it stops earlier before a statement that loses
 * data, unless that is the next one (ui.md, key S).
 */
bool execution_finish_revision(struct execution *run, struct err *err);
bool execution_order(struct execution *run, enum runner_order order, struct err *err);

/* Sets or takes away a breakpoint: at once in a plan, else when the run has heard of it. */
bool execution_break(struct execution *run, struct run_row *row, bool on, struct err *err);
/* Edits a statement that has not run; with retry the run then goes on after a failure. */
bool execution_edit(struct execution *run, const struct run_edit *edit, bool retry,
                    struct err *err);

/*
 * All statements of a step as a text of plan_edit_step_text(), which was made of base: that step,
 * as it was then. For a plan that has not begun; all of it is taken, or nothing.
 */
bool execution_edit_step(struct execution *run, size_t step, const struct plan_step *base,
                         const char *text, struct plan_doubt_list *doubts, struct err *err);
/* A step as it was rendered. */
void execution_undo_edits(struct execution *run, size_t step);

/* Whether there are edits in a plan that is still to be run, or in the run that is on. */
bool execution_is_edited(const struct execution *run);
/* The same of one revision. */
bool execution_edits(const struct execution *run, const char *id);

/*
 * Whether it waits because a revision wants something else than was previewed (RUN_EVENT_CHANGED).
 */
bool execution_has_changed(const struct execution *run);
/* Whether a retry makes sense: a statement failed, or the connection was lost. */
bool execution_can_retry(const struct execution *run);

/* Lets go of the run, which is left to its worker, keeping what was seen of it. */
void execution_leave(struct execution *run);
/* Forgets the plan and its result too. */
void execution_clear(struct execution *run);

/* Statements executed, and all of them. */
void execution_progress(const struct execution *run, size_t *done, size_t *all);

#endif
