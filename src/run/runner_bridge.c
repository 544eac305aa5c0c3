/*
 * A step that the project's Alembic carries out. No transaction of ours is open meanwhile; the
 * run's connection stays, with the advisory lock, and is what looks after the child:
 *
 *   catalog before -> give back env.py's own locks -> take the lock by which the child knows the
 *   database -> the child -> wait till its session is gone -> version rows -> catalog after ->
 * locks
 *
 * What the child did is told by the version rows: not by its exit status, which says how Alembic
 * felt about it.
 */
#include "config.h"

#include <string.h>
#include <sys/random.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "postgres/catalog.h"
#include "postgres/version.h"
#include "run/bridge.h"
#include "run/catalog_change.h"
#include "run/plan_bridge.h"
#include "run/runner_private.h"
#include "run/version_sql.h"

enum {
    LOOK_PAUSE = 1000000,  /* microseconds between looks at who waits for us */
    GONE_PAUSE = 50000,    /* ... and at whether its session is gone */
    GONE_LIMIT = 15000000, /* how long that is waited for, ... */
    GONE_SOON = 2000000,   /* ... when all went well: a pooler may keep it */
    GONE_GRACE = 1000000,  /* when it is ended from here */
    LINES_TOLD = 2000,     /* lines of output that are told and journalled; of the rest ... */
    LINES_KEPT = 20,       /* ... the last ones */
};

enum phase {
    PHASE_BEFORE,
    PHASE_UNLOCK,
    PHASE_TOKEN,
    PHASE_CHILD,
    PHASE_GONE,
    PHASE_UNTOKEN,
    PHASE_FIND,
    PHASE_ROWS,
    PHASE_AFTER,
    PHASE_RELOCK,
};

/* What is asked while the child is at work. */
enum question { ASKS_NOTHING, ASKS_BLOCKED, ASKS_CANCEL };

struct runner_bridge {
    struct arena *arena;
    enum phase phase;
    int64_t started;
    struct catalog_options options;
    struct catalog_reader *reader;
    struct schema before, after;
    const char *unknown; /* why there is no comparison; NULL: there is one */
    size_t lock;         /* of those that env.py takes, given back or taken again */
    struct lock_wanted token;
    int64_t token_key;
    struct bridge *child; /* NULL: not started, or ended */
    struct bridge_answer answer; /* of it, texts copied */
    enum question question;
    bool session_noted, wants_cancel, may_terminate;
    unsigned blocked;    /* how often it was seen to wait for us */
    int64_t look_at, end_at, gone_by; /* monotonic */
    bool cancelled, ok, lock_lost;
    struct err err;      /* why it failed */
    struct name_list rows;
    size_t lines, last;  /* told so far; of kept */
    char *kept[LINES_KEPT];
};

static struct plan_step *step_of(const struct runner *r)
{
    return &r->plan->steps.at[r->next.step];
}

/* -- asking on our own connection ---------------------------------------------------------------
 */

static void lost(struct runner *r, struct err *err)
{
    if (r->bridge->phase >= PHASE_CHILD) /* whether it was carried out is not known then */
        r->action = ACTION_STATEMENT;
    runner_bridge_free(r);
    runner_lost(r, err);
}

static bool ask(struct runner *r, enum phase phase, const char *sql, const char *const *params,
                size_t count)
{
    struct err err = ERR_INIT;
    r->bridge->phase = phase;
    bool ok = connection_send(r->conn, sql, params, count, &err);
    if (!ok)
        lost(r, &err);
    err_clear(&err);
    return ok;
}

static void read_catalog(struct runner *r, enum phase phase)
{
    struct runner_bridge *b = r->bridge;
    struct err err = ERR_INIT;
    b->phase = phase;
    b->options = (struct catalog_options){.include_schemas = true, .has_pgvector = true};
    b->reader = catalog_start(b->arena, r->conn, &b->options,
                              phase == PHASE_BEFORE ? &b->before : &b->after, &err);
    if (!b->reader)
        lost(r, &err);
    err_clear(&err);
}

/* -- locks --------------------------------------------------------------------------------------
 */

/*
 * env.py will take its own lock again, on the child's connection: ours must not stand in its way.
 */
static const char *unlock_sql(struct arena *a, const struct lock_wanted *lock)
{
    return arena_printf(a,
                        "SELECT pg_catalog.pg_advisory_unlock(%s%s%s) WHERE EXISTS (%s\n"
                        "  AND l.pid = pg_catalog.pg_backend_pid() AND l.mode = 'ExclusiveLock')",
                        lock->args[0], lock->count == 2 ? ", " : "",
                        lock->count == 2 ? lock->args[1] : "", lock_holder_sql(a, lock));
}

static void take_token(struct runner *r)
{
    struct runner_bridge *b = r->bridge;
    if (getrandom(&b->token_key, sizeof(b->token_key), 0) != (ssize_t)sizeof(b->token_key))
        b->token_key = clock_wall() ^ ((int64_t)r->info.backend_pid << 40);
    b->token = lock_wanted(b->arena, b->token_key);
    ask(r, PHASE_TOKEN, lock_try_sql(b->arena, &b->token), NULL, 0);
}

/* All but the first, which is retort's own. Each may be held more than once. */
static void unlock_next(struct runner *r)
{
    struct runner_bridge *b = r->bridge;
    if (b->lock < r->locks.len)
        ask(r, PHASE_UNLOCK, unlock_sql(b->arena, &r->locks.at[b->lock]), NULL, 0);
    else
        take_token(r);
}

/* -- the child ----------------------------------------------------------------------------------
 */

static void tell_line(struct runner *r, const char *line)
{
    struct run_event extra = {
        .rows = -1, .text = line, .plan_statement = runner_statement_at(r, r->next)};
    runner_note_output(r, r->next, line);
    runner_emit(r, RUN_EVENT_OUTPUT, r->next, &extra);
}

static void on_output(const char *line, void *payload)
{
    struct runner *r = payload;
    struct runner_bridge *b = r->bridge;
    if (b->lines++ < LINES_TOLD) {
        tell_line(r, line);
        return;
    }
    char **place = &b->kept[b->last++ % LINES_KEPT];
    mem_free(*place);
    *place = mem_strdup(line);
}

/* The last lines say best what became of it. */
static void tell_kept(struct runner *r)
{
    struct runner_bridge *b = r->bridge;
    if (b->last > LINES_KEPT)
        tell_line(r, arena_printf(b->arena, "... (%zu lines are left out)", b->last - LINES_KEPT));
    for (size_t i = b->last > LINES_KEPT ? b->last - LINES_KEPT : 0; i < b->last; i++)
        tell_line(r, b->kept[i % LINES_KEPT]);
}

static void after_child(struct runner *r);

static void start_child(struct runner *r)
{
    struct runner_bridge *b = r->bridge;
    const struct plan_step *step = step_of(r);
    const struct bridge_request request = {
        .task = BRIDGE_RUN,
        .project = r->settings.bridge->project,
        .python = r->settings.bridge->python,
        .revision = step->id,
        .file = step->file,
        .direction = plan_bridge_direction(step),
        .rows = &step->rows_before,
        .table = &r->table,
        .token = b->token_key,
        .database = r->info.database,
        .on_output = on_output,
        .payload = r,
    };
    b->phase = PHASE_CHILD;
    b->look_at = clock_monotonic() + LOOK_PAUSE;
    if (b->cancelled)
        err_set(&b->err, ERR_CANCELLED, "cancelled before Alembic was called");
    if (b->cancelled || !bridge_start(&request, &b->child, &b->err))
        after_child(r);
}

/* Those who wait for this session; it holds advisory locks and nothing else. */
static const char blocked_sql[] =
    "SELECT pid, coalesce(application_name, '') FROM pg_catalog.pg_stat_activity\n"
    "WHERE pg_catalog.pg_backend_pid() = ANY (pg_catalog.pg_blocking_pids(pid))";

static void take_blocked(struct runner *r, const struct result *result)
{
    struct runner_bridge *b = r->bridge;
    if (result_rows(result) == 0) {
        b->blocked = 0;
        return;
    }
    if (++b->blocked < 3 || b->err.code != ERR_NONE)
        return;
    err_set(&b->err, ERR_BUSY, "Alembic waits for an advisory lock that this run holds (pid %s)",
            result_get(result, 0, 0));
    err_hint(&b->err, "env.py takes a lock that retort took too, and could not give back for it: "
                      "apply this revision with alembic itself");
    bridge_cancel(b->child);
}

static void ask_beside(struct runner *r, enum question question, const char *sql)
{
    r->bridge->question = question;
    ask(r, PHASE_CHILD, sql, NULL, 0);
}

/* Python hears SIGINT only when the server has answered. */
static void cancel_backend(struct runner *r)
{
    struct runner_bridge *b = r->bridge;
    b->wants_cancel = false;
    ask_beside(r, ASKS_CANCEL,
               arena_printf(b->arena, "SELECT pg_catalog.pg_cancel_backend(%d)",
                            bridge_answer(b->child)->backend_pid));
}

/* Our own connection meanwhile; false where it is lost. */
static bool tend_connection(struct runner *r, bool *moved)
{
    struct runner_bridge *b = r->bridge;
    struct err err = ERR_INIT;
    struct result *result = NULL;
    enum progress progress = connection_receive(r->conn, &result, &err);
    bool is_lost = connection_is_lost(r->conn);
    *moved = progress != PROGRESS_WAITING;
    if (is_lost)
        lost(r, &err);
    else if (progress == PROGRESS_DONE && b->question == ASKS_BLOCKED)
        take_blocked(r, result);
    if (!is_lost && progress != PROGRESS_WAITING)
        b->question = ASKS_NOTHING;
    result_free(result);
    err_clear(&err);
    return !is_lost;
}

/* Should this process end, the next one has to know whose work may still be going on. */
static void note_session(struct runner *r)
{
    const struct bridge_answer *answer = bridge_answer(r->bridge->child);
    if (r->bridge->session_noted || answer->backend_pid <= 0)
        return;
    r->bridge->session_noted = true;
    runner_note_session(r, answer->backend_pid, answer->backend_start);
}

static bool step_child(struct runner *r)
{
    struct runner_bridge *b = r->bridge;
    bool moved = false;
    if (!tend_connection(r, &moved))
        return true;
    struct err err = ERR_INIT;
    enum progress progress = bridge_advance(b->child, &err);
    note_session(r);
    if (progress == PROGRESS_WAITING) {
        bool idle = b->question == ASKS_NOTHING;
        if (idle && b->wants_cancel && bridge_answer(b->child)->backend_pid > 0) {
            cancel_backend(r);
        } else if (idle && clock_monotonic() >= b->look_at) {
            b->look_at = clock_monotonic() + LOOK_PAUSE;
            ask_beside(r, ASKS_BLOCKED, blocked_sql);
        }
        return moved;
    }
    if (b->question != ASKS_NOTHING) /* its answer is on the way; what the child said stays */
        return moved;
    b->ok = progress == PROGRESS_DONE;
    if (b->err.code == ERR_NONE)
        err_move(&b->err, &err);
    err_clear(&err);
    after_child(r);
    return true;
}

/* -- after it -----------------------------------------------------------------------------------
 */

static void ask_gone(struct runner *r)
{
    struct runner_bridge *b = r->bridge;
    const char *const params[] = {arena_printf(b->arena, "%d", b->answer.backend_pid),
                                  b->answer.backend_start};
    /* Of another role's session the start may not be seen. */
#define IS_IT                                                                                      \
    " FROM pg_catalog.pg_stat_activity WHERE pid = $1::integer\n"                                  \
    "AND coalesce(round(1000000 * extract(epoch FROM backend_start))::bigint = $2::bigint, true)"
    static const char gone_sql[] = "SELECT true" IS_IT;
    static const char end_sql[] = "SELECT pg_catalog.pg_terminate_backend(pid)" IS_IT;
#undef IS_IT
    bool ends = b->may_terminate && clock_monotonic() >= b->end_at;
    ask(r, PHASE_GONE, ends ? end_sql : gone_sql, params, 2);
}

static void give_back_token(struct runner *r)
{
    struct runner_bridge *b = r->bridge;
    ask(r, PHASE_UNTOKEN, unlock_sql(b->arena, &b->token), NULL, 0);
}

static void after_child(struct runner *r)
{
    struct runner_bridge *b = r->bridge;
    if (b->child) {
        const struct bridge_answer *answer = bridge_answer(b->child);
        b->answer.backend_pid = answer->backend_pid;
        b->answer.backend_start = arena_strdup(b->arena, answer->backend_start);
        tell_kept(r);
    }
    bridge_free(b->child);
    b->child = NULL;
    b->may_terminate = !b->ok;
    b->end_at = clock_monotonic() + GONE_GRACE;
    b->gone_by = clock_monotonic() + (b->ok ? GONE_SOON : GONE_LIMIT);
    if (b->answer.backend_pid > 0 && *b->answer.backend_start)
        ask_gone(r);
    else
        give_back_token(r);
}

/* Till its session is gone, what it sent last may still be carried out. */
static void take_gone(struct runner *r, const struct result *result)
{
    struct runner_bridge *b = r->bridge;
    if (result_rows(result) == 0 || clock_monotonic() >= b->gone_by)
        give_back_token(r);
    else
        r->wake_at = clock_monotonic() + GONE_PAUSE;
}

static void ask_rows(struct runner *r)
{
    const char *params[VERSION_FIND_PARAMS];
    version_find_params(&r->table, params);
    ask(r, PHASE_FIND, version_find_sql, params, VERSION_FIND_PARAMS);
}

static void take_found(struct runner *r, const struct result *result)
{
    r->table_exists = result_rows(result) > 0 && result_bool(result, 0, 1);
    if (r->table_exists)
        ask(r, PHASE_ROWS, version_read_sql(r->bridge->arena, &r->table), NULL, 0);
    else
        read_catalog(r, PHASE_AFTER);
}

static void finish(struct runner *r);

static void relock_next(struct runner *r)
{
    struct runner_bridge *b = r->bridge;
    if (b->lock < r->locks.len)
        ask(r, PHASE_RELOCK, lock_try_sql(b->arena, &r->locks.at[b->lock]), NULL, 0);
    else
        finish(r);
}

/* -- what came of it ----------------------------------------------------------------------------
 */

static const char *rows_text(struct arena *a, const struct name_list *rows)
{
    struct str s = STR_IN(a);
    for (size_t i = 0; i < rows->len; i++)
        str_addf(&s, "%s%s", i > 0 ? ", " : "", rows->at[i]);
    return rows->len > 0 ? s.ptr : "no revision";
}

/* Tells what has changed in the catalog; how many things, -1 where that is not known. */
static int tell_differences(struct runner *r)
{
    struct runner_bridge *b = r->bridge;
    struct name_list lines = {0};
    struct err err = ERR_INIT;
    struct str text = STR_IN(b->arena);
    if (!b->unknown &&
        !catalog_changes(b->arena, &b->before, &b->after, &r->table, &lines, &err))
        b->unknown = arena_strdup(b->arena, err.message);
    err_clear(&err);
    int count = b->unknown ? -1 : (int)lines.len;
    if (b->unknown)
        vec_push(b->arena, &lines,
                 arena_printf(b->arena, "what has changed in the catalog is not known: %s",
                              b->unknown));
    else if (!lines.len)
        vec_push(b->arena, &lines, "no table, column, constraint or index has changed");
    for (size_t i = 0; i < lines.len; i++)
        str_addf(&text, "%s%s", i > 0 ? "\n" : "", lines.at[i]);
    struct run_event extra = {
        .rows = count, .text = text.ptr, .plan_statement = runner_statement_at(r, r->next)};
    runner_note_differences(r, r->next, &lines);
    runner_emit(r, RUN_EVENT_DIFFERENCE, r->next, &extra);
    return count;
}

static void add_hint(struct err *err, const char *text)
{
    if (err->hint)
        err_hint(err, "%s; %s", err->hint, text);
    else
        err_hint(err, "%s", text);
}

/* It is not recorded as applied. */
static void fail(struct runner *r, int changes, struct err *err)
{
    struct runner_bridge *b = r->bridge;
    const struct plan_step *step = step_of(r);
    if (b->ok) {
        err_set(err, ERR_STALE, "Alembic ended well, but the version table has %s, not %s",
                rows_text(r->arena, &b->rows), rows_text(r->arena, &step->rows_after));
    } else {
        err_move(err, &b->err);
        if (version_rows_same(&b->rows, &step->rows_before))
            add_hint(err, changes > 0 ? "the version table is as before, but the catalog has "
                                        "changed: look before a retry"
                                      : "the version table is as before");
    }
    r->action = ACTION_STATEMENT;
    r->in_transaction = false;
    r->sent_at = b->started;
    runner_bridge_free(r);
    runner_exec_failed(r, err);
}

/* It is recorded as applied, whatever Alembic says. */
static void succeed(struct runner *r, struct err *err)
{
    struct runner_bridge *b = r->bridge;
    bool lock_lost = b->lock_lost;
    err_move(err, &b->err);
    r->action = ACTION_STATEMENT;
    r->in_transaction = false;
    r->sent_at = b->started;
    runner_bridge_free(r);
    runner_exec_done(r, NULL);
    if (err->code != ERR_NONE) {
        add_hint(err, "the version table says that the revision is applied nevertheless");
        runner_stop(r, err);
    } else if (lock_lost && runner_normal(r, r->next).step < r->plan->steps.len) {
        err_set(err, ERR_BUSY,
                "another program took the lock of env.py after Alembic gave it back");
        err_hint(err, "%s", runner_committed_text(r));
        runner_stop(r, err);
    }
}

static void finish(struct runner *r)
{
    struct err err = ERR_INIT;
    int changes = tell_differences(r);
    if (version_rows_same(&r->bridge->rows, &step_of(r)->rows_after))
        succeed(r, &err);
    else
        fail(r, changes, &err);
    err_clear(&err);
}

/* -- answers ------------------------------------------------------------------------------------
 */

static void take_answer(struct runner *r, const struct result *result)
{
    struct runner_bridge *b = r->bridge;
    switch (b->phase) {
    case PHASE_UNLOCK:
        b->lock += result_rows(result) == 0 ? 1 : 0;
        unlock_next(r);
        break;
    case PHASE_TOKEN:
        start_child(r);
        break;
    case PHASE_GONE:
        take_gone(r, result);
        break;
    case PHASE_UNTOKEN:
        ask_rows(r);
        break;
    case PHASE_FIND:
        take_found(r, result);
        break;
    case PHASE_ROWS:
        version_rows(b->arena, result, &b->rows);
        read_catalog(r, PHASE_AFTER);
        break;
    case PHASE_RELOCK:
        b->lock_lost = b->lock_lost || !result_bool(result, 0, 0);
        b->lock++;
        relock_next(r);
        break;
    case PHASE_BEFORE:
    case PHASE_CHILD:
    case PHASE_AFTER:
        break;
    }
}

/* The server refused one of our own questions: before the child nothing was done. */
static void take_refusal(struct runner *r, struct err *err)
{
    struct runner_bridge *b = r->bridge;
    if (b->phase == PHASE_GONE && b->may_terminate) {
        b->may_terminate = false; /* it is not ours to end */
        ask_gone(r);
        return;
    }
    r->action = ACTION_STATEMENT;
    r->in_transaction = false;
    if (b->phase > PHASE_CHILD)
        err_hint(err, "what Alembic did is not known: look before going on");
    runner_bridge_free(r);
    runner_exec_failed(r, err);
}

/* A catalog that cannot be read is no reason to leave the revision out. */
static bool step_catalog(struct runner *r)
{
    struct runner_bridge *b = r->bridge;
    struct err err = ERR_INIT;
    enum progress progress = catalog_step(b->reader, &err);
    if (progress == PROGRESS_WAITING)
        return false;
    if (progress == PROGRESS_FAILED && connection_is_lost(r->conn)) {
        lost(r, &err);
        err_clear(&err);
        return true;
    }
    if (progress == PROGRESS_FAILED)
        b->unknown = arena_strdup(b->arena, err.message);
    err_clear(&err);
    b->lock = 1;
    if (b->phase == PHASE_BEFORE)
        unlock_next(r);
    else
        relock_next(r);
    return true;
}

static bool step_answer(struct runner *r)
{
    struct err err = ERR_INIT;
    struct result *result = NULL;
    enum progress progress = connection_receive(r->conn, &result, &err);
    if (progress == PROGRESS_FAILED && connection_is_lost(r->conn))
        lost(r, &err);
    else if (progress == PROGRESS_FAILED)
        take_refusal(r, &err);
    else if (progress == PROGRESS_DONE)
        take_answer(r, result);
    result_free(result);
    err_clear(&err);
    return progress != PROGRESS_WAITING;
}

bool runner_bridge_advance(struct runner *r)
{
    switch (r->bridge->phase) {
    case PHASE_BEFORE:
    case PHASE_AFTER:
        return step_catalog(r);
    case PHASE_CHILD:
        return step_child(r);
    case PHASE_GONE:
        if (r->wake_at && clock_monotonic() < r->wake_at)
            return false;
        if (r->wake_at) {
            r->wake_at = 0;
            ask_gone(r);
            return true;
        }
        return step_answer(r);
    case PHASE_UNLOCK:
    case PHASE_TOKEN:
    case PHASE_UNTOKEN:
    case PHASE_FIND:
    case PHASE_ROWS:
    case PHASE_RELOCK:
        break;
    }
    return step_answer(r);
}

/* -- the runner's side --------------------------------------------------------------------------
 */

void runner_bridge_start(struct runner *r)
{
    r->step_left = false;
    r->has_passed = false;
    r->in_transaction = false;
    if (!runner_note_send(r, r->next))
        return;
    runner_tell_started(r);
    r->bridge = mem_zalloc(sizeof(*r->bridge));
    r->bridge->arena = arena_new();
    r->bridge->err = ERR_INIT;
    r->bridge->answer.backend_start = "";
    r->bridge->started = r->sent_at = clock_monotonic();
    r->action = ACTION_BRIDGE;
    read_catalog(r, PHASE_BEFORE);
}

void runner_bridge_cancel(struct runner *r)
{
    struct runner_bridge *b = r->bridge;
    b->cancelled = b->wants_cancel = true;
    if (b->child)
        bridge_cancel(b->child);
}

int runner_bridge_backend(const struct runner *r)
{
    return r->bridge && r->bridge->child ? bridge_answer(r->bridge->child)->backend_pid : 0;
}

size_t runner_bridge_polls(const struct runner *r, struct pollfd *polls, size_t room)
{
    return r->bridge && r->bridge->child ? bridge_polls(r->bridge->child, polls, room) : 0;
}

int runner_bridge_timeout(const struct runner *r)
{
    if (r->wake_at) {
        int64_t left = r->wake_at - clock_monotonic();
        return left <= 0 ? 0 : (int)(left / 1000) + 1;
    }
    return r->bridge->child ? bridge_timeout(r->bridge->child) : connection_timeout(r->conn);
}

void runner_bridge_free(struct runner *r)
{
    struct runner_bridge *b = r->bridge;
    if (!b)
        return;
    r->bridge = NULL;
    r->wake_at = 0;
    for (size_t i = 0; i < LINES_KEPT; i++)
        mem_free(b->kept[i]);
    bridge_free(b->child);
    err_clear(&b->err);
    arena_free(b->arena);
    mem_free(b);
}
