#include "config.h"

#include "postgres/pooler.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "postgres/query.h"

enum {
    ROUNDS = 6,
    PATIENCE = 3000000, /* microseconds for each answer; the server has nothing to do for it */
};

/* One turn of each client makes a round; the first question marks our session. */
enum turn {
    TURN_MARK,    /* ours: a setting, and the process id */
    TURN_CONNECT, /* the other's */
    TURN_BEGIN,   /* the other's: takes a session, and its process id */
    TURN_ASK,     /* ours: still the same? */
    TURN_COMMIT,  /* the other's: gives it back */
    TURN_FREE,    /* ours: and now, that the one given back last is the next to be given? */
};

struct pooler_check {
    struct arena *arena;
    struct connection *ours, *other;
    enum turn turn;
    bool sent;
    int round;
    int64_t deadline;
    const char *token;
    const char *pid, *other_pid; /* of the server's sessions, the first time */
};

static bool refuse(struct err *err, const char *why)
{
    err_set(err, ERR_DATABASE, "the connection pooler does not keep a server session: %s", why);
    return err_hint(err,
                    "give the server's own host and port, or a pool in session mode: the lock, "
                    "timeouts and statements outside of transactions need one session from "
                    "start to end");
}

static bool unknown(struct err *err)
{
    char *why = mem_strdup(err->message ? err->message : "no answer in time");
    err_set(err, ERR_DATABASE,
            "whether the connection pooler keeps a server session cannot be found out: %s", why);
    mem_free(why);
    return err_hint(err, "give the server's own host and port, or say allow_pooler = true in "
                         "[retort] where the pool is in session mode");
}

bool pooler_check_start(const struct database_url *url, const struct log *log,
                        struct connection *conn, struct pooler_check **out, struct err *err)
{
    struct pooler_check *check = mem_zalloc(sizeof(*check));
    check->arena = arena_new();
    check->ours = conn;
    check->token =
        arena_printf(check->arena, "%d.%lld", connection_pid(conn), (long long)clock_monotonic());
    check->deadline = clock_monotonic() + PATIENCE;
    *out = check;
    if (connection_start(url, log, &check->other, err))
        return true;
    pooler_check_free(check);
    *out = NULL;
    return false;
}

void pooler_check_free(struct pooler_check *check)
{
    if (!check)
        return;
    connection_close(check->other);
    arena_free(check->arena);
    mem_free(check);
}

/* -- turns --------------------------------------------------------------------------------------
 */

static struct connection *whose(const struct pooler_check *check)
{
    bool ours =
        check->turn == TURN_MARK || check->turn == TURN_ASK || check->turn == TURN_FREE;
    return ours ? check->ours : check->other;
}

static const char *sql_of(const struct pooler_check *check)
{
    switch (check->turn) {
    case TURN_MARK:
        return arena_printf(check->arena,
                            "SELECT pg_catalog.pg_backend_pid(),"
                            " pg_catalog.set_config('retort.session', '%s', false)",
                            check->token);
    case TURN_ASK:
    case TURN_FREE:
        return "SELECT pg_catalog.pg_backend_pid(),"
               " pg_catalog.current_setting('retort.session', true)";
    case TURN_BEGIN:
        return "BEGIN READ ONLY; SELECT pg_catalog.pg_backend_pid()";
    case TURN_COMMIT:
        return "COMMIT";
    case TURN_CONNECT:
        break;
    }
    return NULL;
}

static bool is_same(struct pooler_check *check, const char **first, const char *now)
{
    if (!*first)
        *first = arena_strdup(check->arena, now);
    return str_eq(*first, now);
}

/* What the answer says; false: the session is not kept. */
static bool judge(struct pooler_check *check, const struct result *result, struct err *err)
{
    if (check->turn == TURN_COMMIT)
        return true;
    const char *pid = result_get(result, 0, 0);
    bool ours = whose(check) == check->ours;
    if (!is_same(check, ours ? &check->pid : &check->other_pid, pid))
        return refuse(err, "another one answers in the next transaction");
    if (ours && !str_eq(result_get(result, 0, 1), check->token))
        return refuse(err, "what was set is lost in the next transaction");
    if (check->other_pid && str_eq(check->pid, check->other_pid))
        return refuse(err, "two clients share one");
    return true;
}

static bool next_turn(struct pooler_check *check)
{
    check->sent = false;
    check->deadline = clock_monotonic() + PATIENCE;
    if (check->turn != TURN_FREE)
        check->turn++;
    else if (++check->round < ROUNDS)
        check->turn = TURN_BEGIN;
    else
        return false;
    return true;
}

/* One turn's progress; FAILED with err as it came. */
static enum progress take_turn(struct pooler_check *check, bool *judged, struct err *err)
{
    struct result *result = NULL;
    struct connection *conn = whose(check);
    if (check->turn == TURN_CONNECT)
        return connection_poll(conn, err);
    if (!check->sent && !connection_send(conn, sql_of(check), NULL, 0, err))
        return PROGRESS_FAILED;
    check->sent = true;
    enum progress progress = connection_receive(conn, &result, err);
    if (progress == PROGRESS_DONE && !judge(check, result, err)) {
        *judged = true;
        progress = PROGRESS_FAILED;
    }
    result_free(result);
    return progress;
}

enum progress pooler_check_step(struct pooler_check *check, struct err *err)
{
    for (;;) {
        bool judged = false;
        enum progress progress = take_turn(check, &judged, err);
        if (progress == PROGRESS_FAILED && !judged && !connection_is_lost(check->ours))
            unknown(err);
        if (progress == PROGRESS_WAITING && clock_monotonic() >= check->deadline) {
            unknown(err);
            return PROGRESS_FAILED;
        }
        if (progress != PROGRESS_DONE)
            return progress;
        if (!next_turn(check))
            return PROGRESS_DONE;
    }
}

struct pollfd pooler_check_poll(const struct pooler_check *check)
{
    unsigned wants = connection_wants(check->other);
    return (struct pollfd){.fd = connection_fd(check->other),
                           .events = (short)((wants & CONNECTION_WANTS_READ ? POLLIN : 0) |
                                             (wants & CONNECTION_WANTS_WRITE ? POLLOUT : 0))};
}

int pooler_check_timeout(const struct pooler_check *check)
{
    int64_t left = check->deadline - clock_monotonic();
    return left <= 0 ? 0 : (int)(left / 1000) + 1;
}
