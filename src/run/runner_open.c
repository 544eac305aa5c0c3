/*
 * From connecting to the check of the version rows. Each answer leads to the next question; no
 * transaction is open meanwhile.
 */
#include "config.h"

#include "base/arena.h"
#include "base/str.h"
#include "postgres/server.h"
#include "postgres/version.h"
#include "run/resume.h"
#include "run/runner_private.h"
#include "run/version_sql.h"

/*
 * When retort is killed, the server would go on with a long statement, its locks held, till it has
 * something to say. This makes it look (PostgreSQL 14; not on every platform, so it may fail).
 */
static const char watch_sql[] = "SET client_connection_check_interval = 2000";

static const char fate_sql[] = "SELECT pg_catalog.txid_status($1::bigint)";

void runner_connected(struct runner *r)
{
    runner_send(r, ACTION_INFO, server_info_sql, NULL, 0);
}

static void find_table(struct runner *r, enum action action)
{
    const char *params[VERSION_FIND_PARAMS];
    version_find_params(&r->table, params);
    runner_send(r, action, version_find_sql, params, VERSION_FIND_PARAMS);
}

static void send_watch(struct runner *r)
{
    if (r->info.version >= 140000)
        runner_send(r, ACTION_WATCH, watch_sql, NULL, 0);
    else
        find_table(r, ACTION_FIND_TABLE);
}

/*
 * Closes the run that this one goes on with. Not before this one's journal says on which database
 * it is: should it end before that, nobody would find either of them.
 */
static bool take_over(struct runner *r, struct err *err)
{
    const struct run_resumed *resumed = &r->settings.resumed;
    if (!r->journal || !resumed->run || r->took_over)
        return true;
    r->took_over = true;
    return resume_close(resumed->journal_path, resumed->how, r->settings.operator_name,
                        journal_run_id(r->journal), err);
}

static void info_complete(struct runner *r)
{
    struct err err = ERR_INIT;
    bool in_between = r->info.is_pooled && !r->settings.allow_pooler;
    if (!server_check(&r->info, &err) || !server_check_run(&r->info, &err) ||
        !runner_note_connected(r) || !take_over(r, &err) ||
        (in_between &&
         !pooler_check_start(&r->url, r->settings.log, r->conn, &r->pooler, &err)))
        runner_stop(r, err.code ? &err : NULL);
    else if (in_between)
        r->action = ACTION_POOLER;
    else
        send_watch(r);
    err_clear(&err);
}

bool runner_check_pooler(struct runner *r)
{
    struct err err = ERR_INIT;
    enum progress progress = pooler_check_step(r->pooler, &err);
    if (progress == PROGRESS_WAITING)
        return false;
    pooler_check_free(r->pooler);
    r->pooler = NULL;
    r->action = ACTION_NONE;
    if (progress == PROGRESS_DONE)
        send_watch(r);
    else
        runner_stop(r, &err);
    err_clear(&err);
    return true;
}

static void take_info(struct runner *r, const struct result *result)
{
    const char *before = r->info.identity;
    server_info_read(r->arena, r->conn, result, &r->info);
    if (r->info.may_read_identity) {
        r->info.identity = before; /* to compare after a reconnect */
        runner_send(r, ACTION_IDENTITY, server_identity_sql, NULL, 0);
    } else {
        info_complete(r);
    }
}

/* A retry must find the server it lost: another one knows nothing of its transactions. */
static void take_identity(struct runner *r, const struct result *result)
{
    const char *before = r->info.identity;
    server_identity_read(r->arena, result, &r->info);
    if (before && *before && !str_eq(before, r->info.identity)) {
        struct err err = ERR_INIT;
        err_set(&err, ERR_STALE, "this is another server than the one the run began on");
        runner_stop(r, &err);
        err_clear(&err);
        return;
    }
    info_complete(r);
}

/* What became of the COMMIT whose answer was lost. */
static void resolve(struct runner *r, bool committed)
{
    r->unknown = UNKNOWN_NOTHING;
    runner_note_outcome(r, "resolved", committed ? "committed" : "rolled back", r->unknown_xid);
    if (committed)
        runner_set_committed(r, r->unknown_next);
}

void runner_locked(struct runner *r)
{
    runner_set_state(r, RUNNER_CHECKING);
    if (r->unknown == UNKNOWN_COMMIT && !*r->unknown_xid)
        resolve(r, true); /* it wrote nothing: there was nothing to lose */
    if (!runner_note(r, "locked", NULL))
        runner_stop(r, NULL);
    else if (r->unknown == UNKNOWN_COMMIT)
        runner_send(r, ACTION_FATE, fate_sql, &r->unknown_xid, 1);
    else
        find_table(r, ACTION_FIND_AGAIN);
}

/* -- the check ----------------------------------------------------------------------------------
 */

static const char *rows_text(struct arena *a, const struct name_list *rows)
{
    struct str s = STR_IN(a);
    for (size_t i = 0; i < rows->len; i++)
        str_addf(&s, "%s%s", i > 0 ? ", " : "", rows->at[i]);
    return rows->len > 0 ? s.ptr : "no revision";
}

static struct name_list rows_at(struct runner *r, struct position at)
{
    return plan_rows_at(r->arena, r->plan, at);
}

/*
 * What became of the lost COMMIT. The rows are asked first: a server that crashed may have given
 * the transaction's id, which was not on its disk yet, to another one.
 */
static void decide(struct runner *r, const struct name_list *rows)
{
    struct name_list before = rows_at(r, r->committed), after = rows_at(r, r->unknown_next);
    bool tell = !version_rows_same(&before, &after);
    if (tell && version_rows_same(rows, &after))
        resolve(r, true);
    else if (tell && version_rows_same(rows, &before))
        resolve(r, false);
    else if (r->fate != FATE_FORGOTTEN)
        resolve(r, r->fate == FATE_COMMITTED);
}

static void take_fate(struct runner *r, const struct result *result)
{
    const char *fate = result_get(result, 0, 0); /* null: too old to be known */
    r->fate = str_eq(fate, "committed") ? FATE_COMMITTED
              : str_eq(fate, "aborted") ? FATE_ABORTED
                                        : FATE_FORGOTTEN;
    find_table(r, ACTION_FIND_AGAIN);
}

static void stop_as(struct runner *r, enum err_code code, const char *message, const char *hint)
{
    struct err err = ERR_INIT;
    err_set(&err, code, "%s", message);
    err_hint(&err, "%s", hint);
    runner_stop(r, &err);
    err_clear(&err);
}

static void check_rows(struct runner *r, const struct name_list *rows)
{
    if (r->unknown == UNKNOWN_COMMIT)
        decide(r, rows);
    if (r->unknown == UNKNOWN_COMMIT) {
        stop_as(r, ERR_CONNECT, "whether the last COMMIT took effect cannot be found out",
                "look at the database, then make a new plan");
        return;
    }
    struct name_list expected = rows_at(r, r->committed);
    if (!version_rows_same(rows, &expected)) {
        stop_as(r, ERR_STALE,
                arena_printf(r->arena, "the database is at %s, but the plan goes on from %s",
                             rows_text(r->arena, rows), rows_text(r->arena, &expected)),
                "another migrator changed the version table: make a new plan");
        return;
    }
    r->action = ACTION_NONE;
    runner_go_back(r);
    runner_set_state(r, r->mode == RUNNER_PAUSE ? RUNNER_PAUSED : RUNNER_EXECUTING);
}

/* -- the check after a failure ------------------------------------------------------------------
 *
 * Real Alembic takes no lock: what it did meanwhile shows in the version rows only.
 */

void runner_recheck(struct runner *r)
{
    find_table(r, ACTION_RECHECK);
}

void runner_explain(struct runner *r)
{
    r->explaining = true;
    runner_recheck(r);
}

static void explained(struct runner *r)
{
    r->explaining = false;
    runner_set_state(r, RUNNER_FAILED);
}

static void recheck_rows(struct runner *r, const struct name_list *rows)
{
    struct name_list expected = rows_at(r, r->committed);
    bool same = version_rows_same(rows, &expected);
    const char *text =
        same ? NULL
             : arena_printf(r->arena, "the database is at %s, but this run goes on from %s",
                            rows_text(r->arena, rows), rows_text(r->arena, &expected));
    r->action = ACTION_NONE;
    r->recheck = false;
    if (r->explaining && text)
        err_hint(&r->err, "%s%sanother program changed the version table meanwhile: %s",
                 r->err.hint ? r->err.hint : "", r->err.hint ? "; " : "", text);
    if (r->explaining)
        explained(r);
    else if (text)
        stop_as(r, ERR_STALE, text,
                "another program changed the version table meanwhile: make a new plan");
}

static void take_recheck(struct runner *r, const struct result *result)
{
    struct name_list none = {0};
    r->table_exists = result_bool(result, 0, 1);
    if (r->table_exists)
        runner_send(r, ACTION_RECHECK_ROWS, version_read_sql(r->arena, &r->table), NULL, 0);
    else
        recheck_rows(r, &none);
}

void runner_recheck_failed(struct runner *r, struct err *err)
{
    r->action = ACTION_NONE;
    if (!r->explaining)
        err_move(&r->err, err);
    explained(r);
}

/* -- answers ------------------------------------------------------------------------------------
 */

static void take_found(struct runner *r, const struct result *result)
{
    struct name_list none = {0};
    r->table_exists = result_bool(result, 0, 1);
    if (r->table_exists)
        runner_send(r, ACTION_READ_ROWS, version_read_sql(r->arena, &r->table), NULL, 0);
    else
        check_rows(r, &none);
}

void runner_open_next(struct runner *r, const struct result *result)
{
    struct name_list rows;
    switch (r->action) {
    case ACTION_INFO:
        take_info(r, result);
        break;
    case ACTION_IDENTITY:
        take_identity(r, result);
        break;
    case ACTION_WATCH:
        find_table(r, ACTION_FIND_TABLE);
        break;
    case ACTION_FIND_TABLE:
        runner_lock_start(r, result);
        break;
    case ACTION_TRY_LOCK:
        runner_take_lock(r, result);
        break;
    case ACTION_HOLDER:
        runner_take_holder(r, result);
        break;
    case ACTION_FATE:
        take_fate(r, result);
        break;
    case ACTION_FIND_AGAIN:
        take_found(r, result);
        break;
    case ACTION_READ_ROWS:
        version_rows(r->arena, result, &rows);
        check_rows(r, &rows);
        break;
    case ACTION_RECHECK:
        take_recheck(r, result);
        break;
    case ACTION_RECHECK_ROWS:
        version_rows(r->arena, result, &rows);
        recheck_rows(r, &rows);
        break;
    default:
        break;
    }
}
