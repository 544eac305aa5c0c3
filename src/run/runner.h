/*
 * The runner: carries out a plan, one statement after the other.
 *
 * A state machine that is stepped from outside: it never blocks, never prints and owns no loop.
 * Whoever drives it (console, command line, the worker process) polls runner_polls(), calls
 * runner_advance() when something happened, gives orders with runner_order() and gets everything
 * that happens as events. Journal records are written before and after every statement
 * (src/run/journal.h).
 *
 *   CONNECTING -> LOCKING -> CHECKING -> PAUSED <-> EXECUTING -> ... -> DONE
 *                                          |            |
 *                                          |            +-> FAILED -> (order) ...
 *                                          +-> STOPPED
 */
#ifndef RUN_RUNNER_H
#define RUN_RUNNER_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "run/plan.h"
#include "run/run_edit.h"
#include "run/timeouts.h"
#include "run/watcher.h"

struct activity;
struct alembic_project;
struct arena;
struct bridge_settings;
struct database_url;
struct log;
struct runner;

enum runner_state {
#define STATE(id, name, words) RUNNER_##id,
#include "run/run_states.def"
#undef STATE
};

enum runner_order {
#define ORDER(id, name) RUNNER_##id,
#include "run/run_orders.def"
#undef ORDER
};

enum run_event_kind {
#define EVENT(id, name) RUN_EVENT_##id,
#include "run/run_events.def"
#undef EVENT
};

/* How many there are of each; no members of the enums, so that a switch over them is complete. */
enum {
#define STATE(id, name, words) +1
    RUNNER_STATE_COUNT = 0
#include "run/run_states.def"
#undef STATE
    ,
#define ORDER(id, name) +1
    RUNNER_ORDER_COUNT = 0
#include "run/run_orders.def"
#undef ORDER
    ,
#define EVENT(id, name) +1
    RUN_EVENT_COUNT = 0
#include "run/run_events.def"
#undef EVENT
};

/* Their names, as the socket and the tables have them; false for a name that none has. */
const char *run_event_name(enum run_event_kind kind);
const char *runner_order_name(enum runner_order order);
const char *runner_state_name(enum runner_state state);
const char *runner_state_words(enum runner_state state); /* for people */
bool run_event_find(const char *name, enum run_event_kind *out);
bool runner_order_find(const char *name, enum runner_order *out);
bool runner_state_find(const char *name, enum runner_state *out);

struct run_event {
    enum run_event_kind kind;
    enum runner_state state;
    size_t step, statement;     /* positions in the plan; statement within the step */
    const struct plan_step *plan_step;           /* NULL where none */
    const struct plan_statement *plan_statement; /* NULL where none */
    const char *text;           /* server's command tag, notice text, lock holder */
    int64_t rows;               /* affected; -1: not said */
    int64_t duration;           /* microseconds */
    const struct err *err;      /* of a failure; of STATE: runner_err(), NULL when it is none */
    /* What the runner says of itself after this: a mirror of it needs nothing else. */
    struct position next, committed;
    bool in_transaction, outcome_unknown;
    const struct run_edit *edit; /* of EDITED; borrowed for the call */
    bool breakpoint;             /* of BREAKPOINT: it is set */
    const struct activity *activity; /* of ACTIVITY; borrowed for the call */
    const struct live_asked *asked;  /* of QUESTION; borrowed for the call */
    bool differs;                    /* of QUESTION: the preview got another answer */
    bool past; /* told again to one who came later (run/link.h): its last four tell nothing new */
};

typedef void (*run_event_fn)(const struct run_event *event, void *payload);

/* A run that broke off, and with which another one goes on (run/resume.h). */
struct run_resumed {
    const char *run, *journal_path; /* NULL: there is none */
    const char *how;                /* what its journal is closed with */
    struct position start;          /* in the new run's plan: all before it is committed */
};

struct runner_settings {
    struct timeouts timeouts; /* how long each class of statement waits, and the tries after that */
    uint64_t seed;             /* of the chance in pauses; 0: from clock and process */
    int64_t advisory_wait;     /* milliseconds to wait for the advisory lock; 0: do not wait */
    const char *journal_dir;   /* NULL: the default folder is given by the front end */
    const char *operator_name; /* who runs it, for the journal */
    const char *journal_schema; /* of the journal in the database; NULL or "": none */
    const char *journal_schema_unwanted; /* why the project does without; NULL: it does not */
    struct run_resumed resumed; /* the run that this one goes on with */
    const struct bridge_settings *bridge; /* of the project's Alembic; NULL: it may not be called */
    struct alembic_project *project; /* of the revisions, where the plan has live steps: nobody else
                                * uses it while the run evaluates them */
    bool journal;              /* false: the operator does without, knowing that nothing can
                                * be said after a crash */
    bool watch;                /* look at what goes on around the run, on a second connection */
    bool allow_pooler;         /* the pooler in between keeps one session per client */
    const struct log *log;     /* every statement sent (LOG_SQL); NULL: none */
};

/*
 * Live steps (plan.h): the revision is evaluated for real, on the run's connection and in its
 * transaction; its questions are answered there, and the statements that it wants are those of the
 * plan, or the run pauses (RUN_EVENT_CHANGED).
 *
 * Makes a runner for a plan (borrowed, must stay till runner_free(); edits in the middle of the run
 * change it) and starts connecting. False
 * when the journal cannot be written, the plan is not runnable (with these settings), or its files
 * have changed since (ERR_STALE): nothing was sent then.
 */
bool runner_start(struct plan *plan, const struct database_url *url,
                  const struct runner_settings *settings, run_event_fn on_event, void *payload,
                  struct runner **out, struct err *err);

/* Fills polls with what to wait for: at most RUNNER_POLLS, at most room; returns how many. */
enum { RUNNER_POLLS = 5 };
size_t runner_polls(const struct runner *runner, struct pollfd *polls, size_t room);
/* The run's own connection; -1 when there is none. */
int runner_fd(const struct runner *runner);
/* Milliseconds till runner_advance() must be called even when nothing happens; -1: never. */
int runner_timeout(const struct runner *runner);

/* Goes on as far as possible without waiting. */
void runner_advance(struct runner *runner);

/* Gives an order; one that makes no sense in the present state is refused with the reason. */
bool runner_order(struct runner *runner, enum runner_order order, struct err *err);

/*
 * A run that may go on by itself stops before a statement with a breakpoint, once each time that it
 * comes by.
 */
bool runner_break(struct runner *runner, struct position at, bool on, struct err *err);
/* Borrowed till the next call that changes them. */
const struct position *runner_breakpoints(const struct runner *runner, size_t *count);

/*
 * Edits what is still to come, in the states PAUSED and FAILED; journalled. Front ends ask before
 * what loses data, and before what the grammar does not know.
 */
bool runner_edit(struct runner *runner, const struct run_edit *edit, struct err *err);

/*
 * RUNNER_STOP that nobody ordered: reason ("terminated by a signal") is what the journal and the
 * error say. What has ended already stays as it is.
 */
void runner_stop_for(struct runner *runner, const char *reason);

/*
 * Cancels or terminates a session that blocks the run, as the last look found it; journalled. The
 * rest is told by RUN_EVENT_SIGNALLED. Ask before: it is somebody else's work.
 */
bool runner_signal(struct runner *runner, int pid, enum watcher_signal how, struct err *err);
/* What goes on around the run, as of the last look; NULL: nothing is known. */
const struct activity *runner_activity(const struct runner *runner);

enum runner_state runner_state(const struct runner *runner);
/* Position of the next statement to execute; step is the plan's length when there is none. */
size_t runner_step(const struct runner *runner);
size_t runner_statement(const struct runner *runner);
/* Position of the first statement that is not known to be committed. */
size_t runner_committed_step(const struct runner *runner);
size_t runner_committed_statement(const struct runner *runner);
/* Whether a statement or a COMMIT was on the server when the connection was lost. */
bool runner_outcome_unknown(const struct runner *runner);
/* Path of this run's journal, and the id of the run, which is the journal's; NULL without one. */
const char *runner_journal_path(const struct runner *runner);
const char *runner_run_id(const struct runner *runner);
/* Whether statements of the current transaction are not committed yet (from the server). */
bool runner_in_transaction(const struct runner *runner);
/* Whether it is paused because a revision wants something else than was previewed. */
bool runner_has_changed(const struct runner *runner);
/* Why it failed, stopped, or is paused by RUN_EVENT_CHANGED; code ERR_NONE otherwise. */
const struct err *runner_err(const struct runner *runner);

/*
 * Drives the runner to an end, polling; on_wait (may be NULL) is called every 100 ms and when a
 * signal arrives, and may give orders. Without on_wait everything is run; with it, give
 * RUNNER_RUN_ALL first. A failure that on_wait leaves as it is ends the run. Returns true when the
 * plan is done. For the command line.
 */
bool runner_drive(struct runner *runner, void (*on_wait)(struct runner *, void *), void *payload);

/* Rolls back what is open, closes the connection, frees. */
void runner_free(struct runner *runner);

#endif
