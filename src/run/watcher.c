#include "config.h"

#include "run/watcher.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "config/url.h"
#include "postgres/query.h"

/* Microseconds. */
enum {
    FIRST_LOOK = 200000,
    LOOK_EVERY = 500000,
    LOOK_SHARE = 20, /* of the time at most one part goes into looking */
    PAUSE_FIRST = 1000000,
    PAUSE_MAX = 30000000,
};

enum watcher_state {
    WATCHER_OFF, /* no connection; may be made at wake_at */
    WATCHER_CONNECTING,
    WATCHER_SETTING_UP, /* what the session is called, its timeouts */
    WATCHER_RESTING,    /* connected, nothing on the server */
    WATCHER_LOOKING,
    WATCHER_SIGNALLING,
};

struct watcher {
    struct database_url url;
    const struct log *log;
    struct watcher_hear hear;

    enum watcher_state state;
    struct connection *conn;
    int64_t wake_at; /* when to connect, or to look; monotonic */
    int64_t pause;   /* before the next connection */

    int pid;       /* whom to look at; 0: nobody */
    int64_t since; /* it has been at it */

    struct arena *arenas[2]; /* of the last look, and of the one under way */
    size_t current;
    struct activity_reader reader;
    const struct activity *last; /* NULL: none */
    int64_t asked_at;

    /* Of the phase that is reported on: where it stood when it was first seen. */
    char *phase;
    int64_t phase_at, phase_done;

    bool has_signal; /* to be sent */
    enum watcher_signal how;
    struct arena *signal_arena;
    struct activity_session target;
};

struct watcher *watcher_new(const struct database_url *url, const struct log *log,
                            const struct watcher_hear *hear)
{
    struct watcher *w = mem_zalloc(sizeof(*w));
    w->url = *url;
    w->log = log;
    w->hear = *hear;
    w->arenas[0] = arena_new();
    w->arenas[1] = arena_new();
    w->signal_arena = arena_new();
    return w;
}

void watcher_free(struct watcher *w)
{
    if (!w)
        return;
    connection_close(w->conn);
    mem_free(w->phase);
    arena_free(w->arenas[0]);
    arena_free(w->arenas[1]);
    arena_free(w->signal_arena);
    mem_free(w);
}

/* -- telling ------------------------------------------------------------------------------------
 */

static void tell(struct watcher *w, const struct activity *activity)
{
    w->last = activity;
    w->hear.looked(activity, w->hear.payload);
}

/* The arena of the look after the last one, empty. */
static struct arena *next_arena(struct watcher *w)
{
    w->current = 1 - w->current;
    arena_reset(w->arenas[w->current]);
    return w->arenas[w->current];
}

static void tell_problem(struct watcher *w, const struct err *err)
{
    struct arena *a = next_arena(w);
    struct activity *activity = ARENA_NEW(a, struct activity);
    *activity = (struct activity){.pid = w->pid,
                                  .problem = arena_strdup(a, err->message),
                                  .statement_age = -1,
                                  .transaction_age = -1,
                                  .progress = {.rate = -1, .left = -1}};
    tell(w, activity);
}

static void tell_signalled(struct watcher *w, const struct err *err)
{
    w->has_signal = false;
    w->hear.signalled(&w->target, w->how, err, w->hear.payload);
}

/* -- the connection -----------------------------------------------------------------------------
 */

/* Told once; the next connection comes after a pause that grows. */
static void down(struct watcher *w, struct err *err)
{
    bool known = w->last && w->last->problem;
    connection_close(w->conn);
    w->conn = NULL;
    w->pause = w->pause == 0 ? PAUSE_FIRST : w->pause * 2 > PAUSE_MAX ? PAUSE_MAX : w->pause * 2;
    w->wake_at = clock_monotonic() + w->pause;
    w->state = WATCHER_OFF;
    if (w->has_signal)
        tell_signalled(w, err);
    if (w->pid && !known)
        tell_problem(w, err);
    err_clear(err);
}

static bool send(struct watcher *w, enum watcher_state state, const char *sql)
{
    struct err err = ERR_INIT;
    w->state = state;
    if (connection_send(w->conn, sql, NULL, 0, &err))
        return true;
    down(w, &err);
    return false;
}

static void rest(struct watcher *w, int64_t till)
{
    w->state = WATCHER_RESTING;
    w->wake_at = till;
}

static void connect_now(struct watcher *w)
{
    struct err err = ERR_INIT;
    w->state = WATCHER_CONNECTING;
    if (!connection_start(&w->url, w->log, &w->conn, &err))
        down(w, &err);
}

static bool connecting(struct watcher *w)
{
    struct err err = ERR_INIT;
    enum progress progress = connection_poll(w->conn, &err);
    if (progress == PROGRESS_FAILED)
        down(w, &err);
    else if (progress == PROGRESS_DONE)
        send(w, WATCHER_SETTING_UP, activity_setup_sql);
    return progress != PROGRESS_WAITING;
}

/* -- looking ------------------------------------------------------------------------------------
 */

static void take_part(const struct result *result, void *payload)
{
    struct watcher *w = payload;
    activity_take(&w->reader, result);
}

static void look(struct watcher *w)
{
    struct err err = ERR_INIT;
    struct arena *a = next_arena(w);
    activity_begin(&w->reader, a, w->pid);
    w->asked_at = clock_monotonic();
    w->state = WATCHER_LOOKING;
    const char *sql = activity_sql(a, connection_server_version(w->conn), w->pid);
    bool sent = connection_send_batch(w->conn, sql, take_part, w, &err);
    connection_set_log(w->conn, NULL); /* it is the same each time */
    if (!sent)
        down(w, &err);
}

/* Rate and time left, from what was done in this phase since it was first seen. */
static void estimate(struct watcher *w, struct activity_progress *p, int64_t now)
{
    if (!p->command) {
        mem_free(w->phase);
        w->phase = NULL;
        return;
    }
    if (!str_eq(w->phase, p->phase) || p->done < w->phase_done) {
        mem_free(w->phase);
        w->phase = mem_strdup(p->phase);
        w->phase_at = now;
        w->phase_done = p->done;
        return;
    }
    int64_t done = p->done - w->phase_done, time = now - w->phase_at;
    if (done <= 0 || time < LOOK_EVERY / 2)
        return;
    p->rate = (int64_t)((double)done * 1e6 / (double)time);
    if (p->total >= p->done && p->total > 0)
        p->left = (int64_t)((double)(p->total - p->done) * (double)time / (double)done);
}

static void looked(struct watcher *w)
{
    int64_t now = clock_monotonic(), took = now - w->asked_at;
    int64_t every = took * LOOK_SHARE > LOOK_EVERY ? took * LOOK_SHARE : LOOK_EVERY;
    w->pause = 0;
    rest(w, w->asked_at + every);
    if (w->reader.pid != w->pid) /* it is over meanwhile */
        return;
    activity_finish(&w->reader);
    estimate(w, &w->reader.activity.progress, now);
    struct activity *activity = ARENA_NEW(w->arenas[w->current], struct activity);
    *activity = w->reader.activity;
    tell(w, activity);
}

/* -- signals ------------------------------------------------------------------------------------
 */

const struct activity_session *watcher_blocker(const struct watcher *w, int pid)
{
    for (size_t i = 0; w->last && i < w->last->blockers.len; i++)
        if (w->last->blockers.at[i].pid == pid)
            return &w->last->blockers.at[i];
    return NULL;
}

bool watcher_signal(struct watcher *w, int pid, enum watcher_signal how, struct err *err)
{
    const struct activity_session *session = watcher_blocker(w, pid);
    if (!session)
        return err_set(err, ERR_USAGE, "process %d blocks nothing of this run", pid);
    if (pid == 0) {
        err_set(err, ERR_USAGE, "a prepared transaction has no session that could be signalled");
        return err_hint(err, "COMMIT PREPARED or ROLLBACK PREPARED ends it");
    }
    if (!session->started)
        return err_set(err, ERR_USAGE, "this role may not see what process %d is, nor signal it",
                       pid);
    if (w->has_signal)
        return err_set(err, ERR_BUSY, "another session is being signalled");
    if (!w->conn || w->state < WATCHER_RESTING)
        return err_set(err, ERR_CONNECT, "the watcher has no connection now");
    arena_reset(w->signal_arena);
    w->target = activity_session_copy(w->signal_arena, session);
    w->how = how;
    w->has_signal = true;
    return true;
}

static void send_signal(struct watcher *w)
{
    struct err err = ERR_INIT;
    const char *pid = arena_printf(w->signal_arena, "%d", w->target.pid);
    const char *const params[] = {pid, w->target.started};
    const char *sql = w->how == WATCHER_CANCEL ? activity_cancel_sql : activity_terminate_sql;
    w->state = WATCHER_SIGNALLING;
    connection_set_log(w->conn, w->log);
    if (!connection_send(w->conn, sql, params, 2, &err))
        down(w, &err);
}

/* No row: it is gone already, which is what was wanted. */
static void signalled(struct watcher *w, const struct result *result)
{
    struct err err = ERR_INIT;
    if (result_rows(result) > 0 && !result_bool(result, 0, 0))
        err_set(&err, ERR_DATABASE, "the server could not signal process %d", w->target.pid);
    rest(w, 0); /* a look at what it did */
    tell_signalled(w, err.code ? &err : NULL);
    err_clear(&err);
}

/* -- stepping -----------------------------------------------------------------------------------
 */

void watcher_watch(struct watcher *w, int pid, int64_t since)
{
    bool other = w->pid != pid;
    w->pid = pid;
    if (!pid && w->last) {
        static const struct activity nothing = {.statement_age = -1, .transaction_age = -1};
        tell(w, &nothing);
        w->last = NULL;
    }
    if (pid && (other || since != w->since) && w->state == WATCHER_RESTING &&
        w->wake_at < since + FIRST_LOOK)
        w->wake_at = since + FIRST_LOOK;
    w->since = since;
}

static void refused(struct watcher *w, struct err *err)
{
    if (w->state == WATCHER_SIGNALLING) {
        rest(w, 0);
        tell_signalled(w, err);
    } else {
        rest(w, clock_monotonic() + 10 * LOOK_EVERY);
        tell_problem(w, err);
    }
    err_clear(err);
}

static bool receive(struct watcher *w)
{
    struct err err = ERR_INIT;
    struct result *result = NULL;
    enum progress progress = connection_receive(w->conn, &result, &err);
    if (progress == PROGRESS_FAILED && connection_is_lost(w->conn))
        down(w, &err);
    else if (progress == PROGRESS_FAILED)
        refused(w, &err);
    else if (progress == PROGRESS_DONE && w->state == WATCHER_SETTING_UP)
        rest(w, w->since + FIRST_LOOK);
    else if (progress == PROGRESS_DONE && w->state == WATCHER_LOOKING)
        looked(w);
    else if (progress == PROGRESS_DONE)
        signalled(w, result);
    result_free(result);
    return progress != PROGRESS_WAITING;
}

/* One move; false when the next one needs something from outside. */
static bool move(struct watcher *w)
{
    bool is_due = clock_monotonic() >= w->wake_at;
    switch (w->state) {
    case WATCHER_OFF:
        if (!w->pid || !is_due)
            return false;
        connect_now(w);
        return true;
    case WATCHER_CONNECTING:
        return connecting(w);
    case WATCHER_RESTING:
        if (w->has_signal)
            send_signal(w);
        else if (w->pid && is_due)
            look(w);
        else
            return receive(w); /* whether the connection still stands */
        return true;
    case WATCHER_SETTING_UP:
    case WATCHER_LOOKING:
    case WATCHER_SIGNALLING:
        break;
    }
    return receive(w);
}

void watcher_advance(struct watcher *w)
{
    while (move(w)) {
    }
}

struct pollfd watcher_poll(const struct watcher *w)
{
    struct pollfd pfd = {.fd = -1};
    if (!w->conn)
        return pfd;
    unsigned wants = connection_wants(w->conn);
    pfd.fd = connection_fd(w->conn);
    pfd.events = (short)((wants & CONNECTION_WANTS_READ ? POLLIN : 0) |
                         (wants & CONNECTION_WANTS_WRITE ? POLLOUT : 0));
    return pfd;
}

int watcher_timeout(const struct watcher *w)
{
    bool waits = w->state == WATCHER_OFF || w->state == WATCHER_RESTING;
    if (w->state == WATCHER_CONNECTING)
        return connection_timeout(w->conn);
    if (w->state == WATCHER_RESTING && w->has_signal)
        return 0;
    if (!waits || !w->pid)
        return -1;
    int64_t left = w->wake_at - clock_monotonic();
    return left <= 0 ? 0 : (int)(left / 1000) + 1;
}

const struct activity *watcher_activity(const struct watcher *w)
{
    return w->last;
}
