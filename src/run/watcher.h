/*
 * The watcher: looks at what goes on around a session while it works, on a connection of its own.
 *
 * A state machine beside the runner's, stepped in the same way. Its session is in autocommit and
 * each look is over in milliseconds: it holds no snapshot in between, so that CREATE INDEX
 * CONCURRENTLY has nothing of it to wait for. It looks first when something has been going on for
 * 200 ms, then twice a second, and less often where a look takes long. When its connection is lost
 * it says so and makes another after a pause: the run does not depend on it.
 */
#ifndef RUN_WATCHER_H
#define RUN_WATCHER_H

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "postgres/activity.h"

struct database_url;
struct log;
struct watcher;

/* What can be done to a session that blocks ours. */
enum watcher_signal {
    WATCHER_CANCEL,    /* its query: pg_cancel_backend() */
    WATCHER_TERMINATE, /* the session: pg_terminate_backend() */
};

/* Who hears of what the watcher finds; all borrowed for the call. */
struct watcher_hear {
    /* After each look; with a problem when there can be none; with pid 0 when it is over. */
    void (*looked)(const struct activity *activity, void *payload);
    /* What became of a signal: err NULL when it was sent. */
    void (*signalled)(const struct activity_session *session, enum watcher_signal how,
                      const struct err *err, void *payload);
    void *payload;
};

/* Nothing is connected yet. The URL is copied (its strings are borrowed), the log may be NULL. */
struct watcher *watcher_new(const struct database_url *url, const struct log *log,
                            const struct watcher_hear *hear);

/*
 * Watches the session with that process id, which has been at it since then (monotonic); 0 when
 * nothing goes on. To be called as often as one likes.
 */
void watcher_watch(struct watcher *watcher, int pid, int64_t since);

/* A session that blocked ours at the last look; NULL: it did not. */
const struct activity_session *watcher_blocker(const struct watcher *watcher, int pid);

/*
 * Signals a session that was among the blockers at the last look. False when it was not, or cannot
 * be reached; true means it is on its way, and `signalled` tells the rest.
 */
bool watcher_signal(struct watcher *watcher, int pid, enum watcher_signal how, struct err *err);

/* As in src/run/worker.h: what to poll, how long, and on. fd -1: nothing. */
struct pollfd watcher_poll(const struct watcher *watcher);
int watcher_timeout(const struct watcher *watcher);
void watcher_advance(struct watcher *watcher);

/* The last look; NULL: there is none, or it is over. */
const struct activity *watcher_activity(const struct watcher *watcher);

/* Closes the connection; NULL is fine. */
void watcher_free(struct watcher *watcher);

#endif
