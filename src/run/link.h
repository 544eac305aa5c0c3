/*
 * A front end's link to a run: the same face whether the run goes on in this process, in a worker
 * that this process has started, or in one that it found.
 *
 * What a link answers is a mirror that the run's events keep up to date; it is never ahead of them.
 * An order to another process is under way till it is answered (link_is_waiting()); a refusal then
 * comes as RUN_EVENT_REFUSED. Freeing the link leaves a worker alone: what becomes of the run then
 * is said in run/worker.h.
 */
#ifndef RUN_LINK_H
#define RUN_LINK_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "base/err.h"
#include "base/file.h"
#include "run/protocol.h"
#include "run/runner.h"
#include "run/worker.h"

struct database_url;
struct graph;
struct link;
struct plan;

enum link_place {
    LINK_HERE,   /* in this process: it ends with it */
    LINK_WORKER, /* in a process of its own, which outlives this one */
};

/*
 * Starts a run of a plan (borrowed, as are the settings; edits of the run change it too). False as
 * runner_start(), or when there can be no process.
 */
bool link_start(enum link_place place, struct plan *plan, const struct database_url *url,
                const struct worker_settings *settings, run_event_fn on_event, void *payload,
                struct link **out, struct err *err);

/*
 * Attaches to a run that another process started; role: CLIENT_STEERS or CLIENT_WATCHES. What it
 * did so far comes as events that are marked as past. The log (may be NULL) gets what the worker
 * logs. Steps of its plan have revisions as far as graph (may be NULL) knows them.
 */
bool link_attach(const char *socket_dir, const char *run, enum client_role role,
                 const struct graph *graph, const struct log *log, run_event_fn on_event,
                 void *payload, struct link **out, struct err *err);

/* What a run says of itself to one who only looks. All strings in the arena; NULL: not said. */
struct link_sight {
    const char *run, *operator_name, *verb, *target, *user, *host, *port, *database;
    int pid;
    enum runner_state state;
    bool is_steered; /* somebody steers it */
    bool is_foreground;
};

VEC_DEFINE(link_sights, struct link_sight);

/* The runs that answer, oldest first; sockets that nobody answers are removed. */
bool link_look(struct arena *a, const char *socket_dir, struct link_sights *out, struct err *err);

/* Fills polls with what to wait for, at most room; returns how many. At most this many: */
enum { LINK_POLLS_MAX = 24 };
size_t link_polls(const struct link *link, struct pollfd *polls, size_t room);
/* Milliseconds till link_advance() must be called even when nothing happens; -1: never. */
int link_timeout(const struct link *link);
/* Goes on as far as possible without waiting. */
void link_advance(struct link *link);

/* Gives an order; false when it is known at once to make no sense. */
bool link_order(struct link *link, enum runner_order order, struct err *err);
/* Cancels or terminates a session that blocks the run: runner_signal(). */
bool link_signal(struct link *link, int pid, enum watcher_signal how, struct err *err);
/* As runner_break() and runner_edit(); done when the event has come. */
bool link_break(struct link *link, struct position at, bool on, struct err *err);
bool link_edit(struct link *link, const struct run_edit *edit, struct err *err);
bool link_has_breakpoint(const struct link *link, struct position at);
/* Steers from now on. */
bool link_take(struct link *link, struct err *err);
/* Stops at the next safe point, in this process only; reason as in runner_stop_for(). */
void link_stop(struct link *link, const char *reason);

/* Whether an order is not answered yet. */
bool link_is_waiting(const struct link *link);
bool link_is_here(const struct link *link); /* LINK_HERE */
bool link_steers(const struct link *link);
bool link_is_steered(const struct link *link); /* by whomever */
/* Whether nothing more will come: it has ended and cannot be retried, or the worker is gone. */
bool link_is_over(const struct link *link);

/* As the functions of the runner (run/runner.h). */
enum runner_state link_state(const struct link *link);
struct position link_next(const struct link *link);
struct position link_committed(const struct link *link);
bool link_outcome_unknown(const struct link *link);
bool link_in_transaction(const struct link *link);
const struct err *link_err(const struct link *link);
const char *link_journal_path(const struct link *link);

const struct plan *link_plan(const struct link *link);
const char *link_run_id(const struct link *link);
const json_t *link_hello(const struct link *link); /* NULL in this process */

/*
 * Drives the run to an end, polling; on_wait is called after each wait, at least every 100 ms, and
 * may give orders, or give up by returning false. A failure that on_wait leaves as it is ends the
 * run where the link steers. Returns true when the plan is done. For the command line.
 */
bool link_drive(struct link *link, bool (*on_wait)(struct link *, void *), void *payload);

/* In this process: ends the run, rolling back what is open. Else leaves it to its worker. */
void link_free(struct link *link);

#endif
