/*
 * A run and those who look at it: a runner, the socket where clients come, and what each may do.
 *
 * It lives in a process of its own (worker_fork()), which belongs to no terminal, or in the process
 * that started it (a foreground run). Either way it is stepped from outside: poll worker_polls(),
 * wait at most worker_timeout(), call worker_advance().
 *
 * One client steers, the others watch. A worker that waits for an answer while nobody steers rolls
 * back and stops after detached_timeout; what was ordered to the end of the plan runs to its end. A
 * client that does not read what it is told is dropped, and never waited for.
 */
#ifndef RUN_WORKER_H
#define RUN_WORKER_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "run/runner.h"

struct database_url;
struct plan;
struct worker;

/* For runs of either kind; all borrowed till their end. */
struct worker_settings {
    const struct runner_settings *run; /* its log is that of the process that starts the run */
    const char *socket_dir;            /* NULL: nobody can come */
    int64_t detached_timeout;          /* milliseconds */
};

/*
 * Starts a run as runner_start() does, and opens its socket. on_event hears of it in this process,
 * which is then the one that steers; NULL: clients do.
 */
bool worker_start(struct plan *plan, const struct database_url *url,
                  const struct worker_settings *settings, run_event_fn on_event, void *payload,
                  struct worker **out, struct err *err);

/* Adds a client at the other end of a socket (taken over), which steers and has the plan. */
void worker_add_client(struct worker *worker, int fd);

/* Fills polls with what to wait for, at most room; returns how many. */
size_t worker_polls(const struct worker *worker, struct pollfd *polls, size_t room);
int worker_timeout(const struct worker *worker);
/* Goes on as far as possible without waiting. */
void worker_advance(struct worker *worker);

/* An order of this process. */
bool worker_order(struct worker *worker, enum runner_order order, struct err *err);
bool worker_signal(struct worker *worker, int pid, enum watcher_signal how, struct err *err);
bool worker_break(struct worker *worker, struct position at, bool on, struct err *err);
bool worker_edit(struct worker *worker, const struct run_edit *edit, struct err *err);
/* Stops at the next safe point; reason as in runner_stop_for(). */
void worker_stop(struct worker *worker, const char *reason);

/* Whether the run has ended for good, and whether everybody was told. */
bool worker_is_over(const struct worker *worker);
bool worker_is_silent(const struct worker *worker);

const struct runner *worker_runner(const struct worker *worker);

/* Ends the run (what is open is rolled back), turns away clients, frees. */
void worker_free(struct worker *worker);

/*
 * Starts the run in a process of its own, forked: the plan and the connection's password stay in
 * memory. *fd is the socket to it, from which the greeting comes first (run/protocol.h). False only
 * when there can be no process; a run that cannot start says so on the socket.
 */
bool worker_fork(struct plan *plan, const struct database_url *url,
                 const struct worker_settings *settings, int *fd, struct err *err);

#endif
