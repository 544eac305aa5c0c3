#include "config.h"

#include "postgres/pooler.h"

#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "postgres/query.h"

enum {
    ROUNDS = 6,
    PATIENCE = 5000000, /* microseconds for each answer; the server has nothing to do for it */
};

enum turn {
    TURN_MARK,    /* a setting, and the process id */
    TURN_CONNECT, /* the second client */
    TURN_BEGIN,   /* takes a session, and its process id: these five make a round */
    TURN_ASK,     /* still the same? */
    TURN_COMMIT,  /* gives it back */
    TURN_FREE,    /* and now, that the one given back last may be the next to be given? */
    TURN_AGAIN,   /* and with nobody in between, where they are given in turn? */
    TURN_LISTEN,
    TURN_NOTIFY,
    TURN_HEAR, /* without a word of ours: what comes now comes from our session */
    TURN_UNLISTEN,
    TURNS,
};

static const char same_sql[] = "SELECT pg_catalog.pg_backend_pid(),"
                               " pg_catalog.current_setting('retort.session', true)";

#define CHANNEL "retort_pooler"

/* $1: the token. No SQL: there is nothing to send. */
static const struct {
    bool ours; /* the run's connection; else the second client */
    const char *sql;
} turns[TURNS] = {
    [TURN_MARK] = {true, "SELECT pg_catalog.pg_backend_pid(),"
                         " pg_catalog.set_config('retort.session', $1, false)"},
    [TURN_CONNECT] = {false, NULL},
    [TURN_BEGIN] = {false, "BEGIN READ ONLY; SELECT pg_catalog.pg_backend_pid()"},
    [TURN_ASK] = {true, same_sql},
    [TURN_COMMIT] = {false, "COMMIT"},
    [TURN_FREE] = {true, same_sql},
    [TURN_AGAIN] = {true, same_sql},
    [TURN_LISTEN] = {true, "LISTEN " CHANNEL},
    [TURN_NOTIFY] = {false, "SELECT pg_catalog.pg_backend_pid()"
                            " FROM pg_catalog.pg_notify('" CHANNEL "', $1)"},
    [TURN_HEAR] = {true, NULL},
    [TURN_UNLISTEN] = {true, "UNLISTEN " CHANNEL},
};

struct pooler_check {
    struct arena *arena;
    struct connection *ours, *other;
    enum turn turn;
    bool sent;
    int round;
    int64_t deadline;
    const char *token;           /* of this check alone */
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

/* in_time: what did not come in time, where err does not say it. */
static bool unknown(const char *in_time, struct err *err)
{
    char *why = mem_strdup(err->message ? err->message : in_time);
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
    return turns[check->turn].ours ? check->ours : check->other;
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
    if (result_rows(result) == 0) /* COMMIT, LISTEN, ... */
        return true;
    const char *pid = result_get(result, 0, 0);
    bool ours = turns[check->turn].ours;
    if (!is_same(check, ours ? &check->pid : &check->other_pid, pid))
        return refuse(err, "another one answers in the next transaction");
    if (ours && !str_eq(result_get(result, 0, 1), check->token))
        return refuse(err, "what was set is lost in the next transaction");
    if (check->other_pid && str_eq(check->pid, check->other_pid))
        return refuse(err, "two clients share one");
    return true;
}

/* False behind the last one. */
static bool next_turn(struct pooler_check *check)
{
    check->sent = false;
    check->deadline = clock_monotonic() + PATIENCE;
    if (check->turn == TURN_AGAIN && ++check->round < ROUNDS)
        check->turn = TURN_BEGIN;
    else
        check->turn++;
    return check->turn < TURNS;
}

/* One turn's progress; FAILED with err as it came. */
static enum progress take_turn(struct pooler_check *check, bool *judged, struct err *err)
{
    struct result *result = NULL;
    struct connection *conn = whose(check);
    const char *sql = turns[check->turn].sql;
    if (check->turn == TURN_CONNECT)
        return connection_poll(conn, err);
    if (check->turn == TURN_HEAR)
        return connection_heard(conn, CHANNEL, check->token, err);
    if (!check->sent &&
        !connection_send(conn, sql, &check->token, strchr(sql, '$') != NULL, err))
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
        const char *awaited =
            check->turn == TURN_HEAR ? "no notification in time" : "no answer in time";
        enum progress progress = take_turn(check, &judged, err);
        if (progress == PROGRESS_FAILED && !judged && !connection_is_lost(check->ours))
            unknown(awaited, err);
        if (progress == PROGRESS_WAITING && clock_monotonic() >= check->deadline) {
            unknown(awaited, err);
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
