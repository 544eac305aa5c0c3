#include "config.h"

#include "run/runner.h"

#include <errno.h>
#include <pwd.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "alembic/project.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/mem.h"
#include "config/url.h"
#include "run/plan_bridge.h"
#include "run/runner_private.h"

/* -- events and state ---------------------------------------------------------------------------
 */

void runner_emit(struct runner *r, enum run_event_kind kind, struct position at,
                 const struct run_event *extra)
{
    struct run_event event = extra ? *extra : (struct run_event){.rows = -1};
    event.kind = kind;
    event.state = r->state;
    event.step = at.step;
    event.statement = at.statement;
    if (!event.plan_step && at.step < r->plan->steps.len)
        event.plan_step = &r->plan->steps.at[at.step];
    if (kind == RUN_EVENT_STATE && r->err.code != ERR_NONE)
        event.err = &r->err;
    bool passed = kind == RUN_EVENT_STATEMENT_DONE || kind == RUN_EVENT_STATEMENT_SKIPPED;
    event.next = runner_normal(r, (struct position){r->next.step, r->next.statement + passed});
    event.committed = r->committed;
    event.in_transaction = runner_in_transaction(r);
    event.outcome_unknown = runner_outcome_unknown(r);
    r->on_event(&event, r->payload);
}

void runner_set_state(struct runner *r, enum runner_state state)
{
    if (r->state == state)
        return;
    r->state = state;
    runner_emit(r, RUN_EVENT_STATE, r->next, NULL);
}

static void on_notice(const struct server_notice *notice, void *payload)
{
    struct runner *r = payload;
    struct arena *a = arena_new();
    struct run_event extra = {
        .rows = -1,
        .text = arena_printf(a, "%s: %s%s%s%s%s", notice->severity, notice->message,
                             notice->detail ? "\n" : "", notice->detail ? notice->detail : "",
                             notice->hint ? "\n" : "", notice->hint ? notice->hint : ""),
    };
    runner_emit(r, RUN_EVENT_NOTICE, r->next, &extra);
    arena_free(a);
}

static void disconnect(struct runner *r)
{
    runner_live_end(r);
    pooler_check_free(r->pooler);
    r->pooler = NULL;
    runner_bridge_free(r);
    connection_close(r->conn);
    r->conn = NULL;
    r->action = ACTION_NONE;
    r->wake_at = 0;
    if (r->watcher)
        watcher_watch(r->watcher, 0, 0);
}

void runner_stop(struct runner *r, struct err *err)
{
    disconnect(r);
    if (err)
        err_move(&r->err, err);
    r->stopping = false;
    runner_set_state(r, RUNNER_STOPPED);
    runner_note_end(r);
    struct run_event extra = {.rows = -1, .text = r->err.message, .err = &r->err};
    runner_emit(r, RUN_EVENT_STOPPED, r->committed, &extra);
}

void runner_done(struct runner *r)
{
    disconnect(r);
    err_clear(&r->err);
    runner_set_state(r, RUNNER_DONE);
    if (!runner_note_end(r)) { /* no failure of the run, but nobody must take it for unfinished */
        struct run_event extra = {
            .rows = -1,
            .text = arena_printf(r->arena, "everything is committed, but the journal does not say "
                                           "so: %s", r->err.message)};
        runner_emit(r, RUN_EVENT_JOURNAL, r->next, &extra);
        err_clear(&r->err);
    }
    runner_emit(r, RUN_EVENT_DONE, r->next, NULL);
}

/*
 * What a broken connection leaves: an open transaction is rolled back by the server, whatever its
 * last statement did. Only a COMMIT, and a statement outside any transaction, may have happened.
 */
void runner_lost(struct runner *r, struct err *err)
{
    runner_batch_end(r);
    bool was_open = r->in_transaction && r->action != ACTION_COMMIT;
    bool own = r->action == ACTION_STATEMENT &&
               runner_statement_at(r, r->next)->effect.control == SQL_CONTROL_COMMIT;
    r->unknown = UNKNOWN_NOTHING;
    if (r->action == ACTION_COMMIT) {
        r->unknown = UNKNOWN_COMMIT;
        r->unknown_xid = r->xid;
        r->unknown_next = runner_normal(r, r->next);
    } else if (r->action == ACTION_STATEMENT && (!was_open || own)) {
        r->unknown = UNKNOWN_STATEMENT;
    }
    const char *committed = runner_committed_text(r);
    if (r->unknown == UNKNOWN_COMMIT)
        err_hint(err,
                 "%s; whether the COMMIT after that reached the server is not known: a retry "
                 "asks the server",
                 committed);
    else if (r->unknown == UNKNOWN_STATEMENT)
        err_hint(err,
                 "%s; whether the statement that was on the server was carried out is not "
                 "known, and it may still be running: look before going on",
                 committed);
    else
        err_hint(err, "%s; what was open is rolled back by the server", committed);
    if (r->unknown != UNKNOWN_NOTHING)
        runner_note_outcome(r, "unknown", r->unknown == UNKNOWN_COMMIT ? "commit" : "statement",
                            r->unknown == UNKNOWN_COMMIT ? r->xid : NULL);
    if (r->action == ACTION_STATEMENT) {
        struct run_event extra = {
            .rows = -1, .err = err, .plan_statement = runner_statement_at(r, r->next)};
        runner_emit(r, RUN_EVENT_STATEMENT_FAILED, r->next, &extra);
    }
    r->in_transaction = false;
    runner_go_back(r);
    if (was_open && r->unknown == UNKNOWN_NOTHING)
        runner_emit(r, RUN_EVENT_ROLLED_BACK, r->committed, NULL);
    runner_stop(r, err);
}

/* -- sending and receiving ----------------------------------------------------------------------
 */

static bool not_sent(struct runner *r, struct err *err)
{
    if (connection_is_lost(r->conn))
        runner_lost(r, err); /* it may have left nevertheless */
    else
        runner_stop(r, err);
    err_clear(err);
    return false;
}

bool runner_send(struct runner *r, enum action action, const char *sql, const char *const *params,
                 size_t count)
{
    struct err err = ERR_INIT;
    r->action = action;
    r->sent_at = clock_monotonic();
    return connection_send(r->conn, sql, params, count, &err) || not_sent(r, &err);
}

bool runner_send_question(struct runner *r, const char *sql, size_t rows, size_t bytes)
{
    struct err err = ERR_INIT;
    r->action = ACTION_QUESTION;
    r->sent_at = clock_monotonic();
    return connection_send_limited(r->conn, sql, rows, bytes, &err) || not_sent(r, &err);
}

bool runner_send_pipeline(struct runner *r, enum action action, const char *const *sql,
                          size_t count)
{
    struct err err = ERR_INIT;
    r->action = action;
    r->sent_at = clock_monotonic();
    return connection_send_pipeline(r->conn, sql, count, &err) || not_sent(r, &err);
}

static bool is_running_action(enum action action)
{
    return action >= ACTION_SCHEMA_FIND;
}

/* Takes what the server sent; false when there is nothing to do but wait. */
static bool receive(struct runner *r)
{
    if (r->action == ACTION_POOLER)
        return runner_check_pooler(r);
    if (r->action == ACTION_BRIDGE)
        return runner_bridge_advance(r);
    if (r->action >= ACTION_EVALUATE && r->action <= ACTION_CATALOG)
        return runner_live_receive(r);
    struct err err = ERR_INIT;
    struct result *result = NULL;
    enum progress progress = connection_receive(r->conn, &result, &err);
    if (progress == PROGRESS_WAITING)
        return false;
    if (progress == PROGRESS_FAILED && connection_is_lost(r->conn)) {
        runner_lost(r, &err);
    } else if (progress == PROGRESS_FAILED) {
        if (is_running_action(r->action))
            runner_exec_failed(r, &err);
        else if (r->action == ACTION_WATCH)
            runner_open_next(r, NULL); /* it is not there: the run can do without */
        else if (r->action == ACTION_RECHECK || r->action == ACTION_RECHECK_ROWS)
            runner_recheck_failed(r, &err);
        else
            runner_stop(r, &err);
    } else if (is_running_action(r->action)) {
        runner_exec_done(r, result);
    } else {
        runner_open_next(r, result);
    }
    result_free(result);
    err_clear(&err);
    return true;
}

static bool connecting(struct runner *r)
{
    struct err err = ERR_INIT;
    enum progress progress = connection_poll(r->conn, &err);
    if (progress == PROGRESS_DONE)
        runner_connected(r);
    else if (progress == PROGRESS_FAILED)
        runner_stop(r, &err);
    err_clear(&err);
    return progress != PROGRESS_WAITING;
}

/* One move; false when the next one needs something from outside. */
static bool move(struct runner *r)
{
    if (!r->conn)
        return false;
    if (r->state == RUNNER_CONNECTING && r->action == ACTION_NONE)
        return connecting(r);
    if (r->action != ACTION_NONE)
        return receive(r);
    bool waiting = r->wake_at && clock_monotonic() < r->wake_at;
    if (r->stopping || (r->state == RUNNER_EXECUTING && !waiting)) {
        r->wake_at = 0;
        runner_go_on(r);
        return true;
    }
    if (r->wake_at && !waiting) {
        r->wake_at = 0;
        runner_try_lock(r);
        return true;
    }
    return receive(r); /* notices, and whether the connection still stands */
}

void runner_advance(struct runner *runner)
{
    while (move(runner)) {
    }
    runner_watch(runner);
}

/* -- start and end ------------------------------------------------------------------------------
 */

static bool open_journal(struct runner *r, struct err *err)
{
    if (!r->settings.journal)
        return true;
    char host[256] = "";
    gethostname(host, sizeof(host) - 1);
    const struct passwd *pw = getpwuid(geteuid());
    r->identity.host = arena_strdup(r->arena, host);
    r->identity.os_user = arena_strdup(r->arena, pw ? pw->pw_name : "");
    if (!r->settings.journal_dir)
        return err_set(err, ERR_IO, "no folder is given for the journal");
    return journal_open(r->settings.journal_dir, &r->journal, err) && runner_note_run(r, err);
}

bool runner_connect(struct runner *r, struct err *err)
{
    if (!connection_start(&r->url, r->settings.log, &r->conn, err))
        return false;
    connection_on_notice(r->conn, on_notice, r);
    r->undoing = r->stopping = r->cancelling = r->try_again = r->recheck = r->explaining = false;
    r->limits.rule.lock_timeout = r->limits.rule.statement_timeout = TIMEOUT_SERVER;
    r->limits.set_by_plan = SQL_SETS_NOTHING;
    r->limits_before = r->limits;
    return true;
}

static bool may_bridge(const struct plan *plan, const struct runner_settings *settings,
                       struct err *err)
{
    if (settings->bridge || !plan_has_bridge(plan))
        return true;
    err_set(err, ERR_CONFIG, "the plan needs the project's Alembic, which may not be called here");
    return err_hint(err, "--bridge allows it for this call, bridge in [retort] for the project");
}

/* Live steps need what evaluates them, and room for what they change in the plan. */
static bool can_evaluate(const struct plan *plan, const struct runner_settings *settings,
                         struct err *err)
{
    for (size_t i = settings->resumed.start.step; i < plan->steps.len; i++)
        if (plan->steps.at[i].live && (!settings->project || !plan->arena))
            return err_set(err, ERR_INTERNAL, "revision %s asks the database, and there is no "
                                              "project to evaluate it with", plan->steps.at[i].id);
    return true;
}

bool runner_start(struct plan *plan, const struct database_url *url,
                  const struct runner_settings *settings, run_event_fn on_event, void *payload,
                  struct runner **out, struct err *err)
{
    *out = NULL;
    if (!plan_is_runnable(plan, err) || !may_bridge(plan, settings, err) ||
        !plan_is_current(plan, err) || !can_evaluate(plan, settings, err))
        return false;
    struct runner *r = mem_zalloc(sizeof(*r));
    r->arena = arena_new();
    r->scratch = arena_new();
    r->scratch_schema = arena_new();
    r->plan = plan;
    r->url = *url;
    r->settings = *settings;
    r->table = plan->table;
    r->seed = settings->seed ? settings->seed
                             : (uint64_t)clock_monotonic() ^ ((uint64_t)getpid() << 32);
    r->on_event = on_event;
    r->payload = payload;
    r->state = RUNNER_CONNECTING;
    r->mode = RUNNER_PAUSE;
    r->committed = r->next = settings->resumed.start;
    r->announced = r->next.step;
    r->err = r->live.failure = ERR_INIT;
    r->live.step = SIZE_MAX;
    if (!open_journal(r, err) || !runner_connect(r, err)) {
        runner_free(r);
        return false;
    }
    runner_watch_start(r);
    *out = r;
    return true;
}

void runner_free(struct runner *runner)
{
    if (!runner)
        return;
    watcher_free(runner->watcher);
    runner->watcher = NULL;
    if (runner->conn) { /* given up in the middle: the server rolls back what is open */
        if (!runner->err.code)
            err_set(&runner->err, ERR_CANCELLED, "the run was given up");
        runner->state = RUNNER_STOPPED;
        disconnect(runner);
        runner_note_end(runner);
    }
    journal_close(runner->journal);
    err_clear(&runner->err);
    err_clear(&runner->batch.refused);
    arena_free(runner->scratch);
    arena_free(runner->scratch_schema);
    arena_free(runner->arena);
    mem_free(runner);
}

/* -- orders -------------------------------------------------------------------------------------
 */

static bool has_ended(const struct runner *r)
{
    return r->state == RUNNER_DONE || r->state == RUNNER_STOPPED;
}

static bool is_opening(const struct runner *r)
{
    return r->state == RUNNER_CONNECTING || r->state == RUNNER_LOCKING ||
           r->state == RUNNER_CHECKING;
}

/* Whoever orders the run on where it stands means the statement there too. */
static void pass_breakpoint(struct runner *r)
{
    r->has_passed = r->state == RUNNER_PAUSED;
    r->passed = runner_normal(r, r->next);
}

static bool order_mode(struct runner *r, enum runner_order order, struct err *err)
{
    if (has_ended(r))
        return err_set(err, ERR_USAGE, "the run is %s", runner_state_words(r->state));
    if (r->state == RUNNER_FAILED)
        return err_set(err, ERR_USAGE, "the last statement failed: retry or stop");
    if (r->live.has_changed && order != RUNNER_PAUSE) {
        err_set(err, ERR_USAGE, "the revision wants something else than was previewed");
        return err_hint(err, "accept that, or roll back");
    }
    r->mode = order;
    r->step_left = order == RUNNER_STEP && r->state != RUNNER_EXECUTING;
    pass_breakpoint(r);
    r->finish_step = r->next.step;
    if (r->state == RUNNER_PAUSED && order != RUNNER_PAUSE)
        runner_set_state(r, RUNNER_EXECUTING);
    return true;
}

void runner_explain_stop(struct runner *r, struct err *err)
{
    err_set(err, ERR_CANCELLED, "%s", r->stop_reason ? r->stop_reason : "stopped by the operator");
    err_hint(err, "%s", runner_committed_text(r));
}

static void stop_by_order(struct runner *r)
{
    struct err err = ERR_INIT;
    runner_explain_stop(r, &err);
    runner_stop(r, &err);
}

static bool is_cancellable(const struct runner *r)
{
    return r->action == ACTION_STATEMENT || r->action == ACTION_CREATE_TABLE ||
           r->action == ACTION_QUESTION || r->action == ACTION_CATALOG ||
           r->action == ACTION_BEGIN || r->action == ACTION_SETTING;
}

static bool order_cancel(struct runner *r, struct err *err)
{
    if (is_opening(r)) {
        stop_by_order(r);
        return true;
    }
    if (r->state != RUNNER_EXECUTING)
        return err_set(err, ERR_USAGE, "nothing is on the server that could be cancelled");
    if (r->action == ACTION_EVALUATE) { /* it fails as soon as the program asks, or ends */
        r->cancelling = true;
        r->mode = RUNNER_PAUSE;
        return true;
    }
    if (!is_cancellable(r) && r->action != ACTION_BRIDGE)
        return err_set(err, ERR_USAGE, "a COMMIT or ROLLBACK on its way is not cancelled");
    if (r->action == ACTION_BRIDGE)
        runner_bridge_cancel(r);
    else if (!connection_cancel(r->conn, err))
        return false;
    r->cancelling = true;
    r->mode = RUNNER_PAUSE;
    return true;
}

static bool order_stop(struct runner *r, enum runner_order order, struct err *err)
{
    if (has_ended(r))
        return err_set(err, ERR_USAGE, "the run is %s", runner_state_words(r->state));
    if (order == RUNNER_ROLL_BACK && r->state == RUNNER_PAUSED && !runner_is_open(r))
        return err_set(err, ERR_USAGE, "no transaction is open: %s", runner_committed_text(r));
    if (is_opening(r)) {
        stop_by_order(r);
        return true;
    }
    if (r->state == RUNNER_FAILED) { /* rolled back already; the failure stays the reason */
        const char *committed = runner_committed_text(r);
        if (r->stop_reason)
            committed = arena_printf(r->arena, "%s; %s", r->stop_reason, committed);
        if (r->err.hint)
            err_hint(&r->err, "%s; %s", r->err.hint, committed);
        else
            err_hint(&r->err, "%s", committed);
        runner_stop(r, NULL);
        return true;
    }
    if (r->action == ACTION_BRIDGE)
        runner_bridge_cancel(r);
    else if (r->state == RUNNER_EXECUTING && is_cancellable(r) && connection_cancel(r->conn, err))
        r->cancelling = true;
    err_clear(err); /* without a cancel it stops after the statement */
    r->stopping = true;
    return true;
}

/* What was committed of a revision cannot be rolled back: then its rest cannot alone, either. */
static bool order_undo(struct runner *r, struct err *err)
{
    if (r->state != RUNNER_PAUSED && r->state != RUNNER_FAILED)
        return err_set(err, ERR_USAGE, "the run is %s", runner_state_words(r->state));
    if (r->committed.statement > 0) {
        err_set(err, ERR_USAGE, "%s: that cannot be rolled back", runner_committed_text(r));
        return err_hint(err, "retry goes on behind it; or stop, and retort resume --undo");
    }
    if (r->state == RUNNER_PAUSED && !runner_is_open(r))
        return err_set(err, ERR_USAGE, "no transaction is open: %s", runner_committed_text(r));
    r->recheck = r->recheck || r->state == RUNNER_FAILED;
    r->mode = RUNNER_PAUSE;
    r->undoing = true;
    err_clear(&r->err);
    runner_set_state(r, RUNNER_EXECUTING);
    return true;
}

static bool order_retry(struct runner *r, struct err *err)
{
    r->finish_step = r->next.step;
    if (r->state == RUNNER_FAILED) {
        r->recheck = true;
        err_clear(&r->err);
        r->step_left = r->mode == RUNNER_STEP;
        if (r->mode == RUNNER_PAUSE) {
            r->mode = RUNNER_STEP;
            r->step_left = true;
        }
        runner_set_state(r, RUNNER_EXECUTING);
        return true;
    }
    if (r->state != RUNNER_STOPPED || r->err.code != ERR_CONNECT)
        return err_set(err, ERR_USAGE, "nothing failed that could be retried");
    if (r->unknown == UNKNOWN_STATEMENT) {
        err_set(err, ERR_USAGE,
                "whether the last statement was carried out is not known: it is "
                "not repeated");
        return err_hint(err, "look at the database, then make a new plan");
    }
    if (!runner_connect(r, err))
        return false;
    err_clear(&r->err);
    r->step_left = r->mode == RUNNER_STEP;
    runner_set_state(r, RUNNER_CONNECTING);
    return true;
}

static bool order_skip(struct runner *r, struct err *err)
{
    if (r->state != RUNNER_FAILED || !r->has_failed)
        return err_set(err, ERR_USAGE, "no statement failed that could be left out");
    if (runner_statement_at(r, r->failed)->version_row) {
        err_set(err, ERR_USAGE, "a row of the version table is not left out");
        return err_hint(err, "stamp writes the version table without running anything");
    }
    if (r->plan->steps.at[r->failed.step].bridge) {
        err_set(err, ERR_USAGE, "Alembic carries out revision %s: it is not left out",
                r->plan->steps.at[r->failed.step].id);
        return err_hint(err, "stamp writes the version table without running anything");
    }
    if (!runner_note_skip(r, r->failed)) {
        runner_stop(r, NULL);
        err_copy(err, &r->err);
        return false;
    }
    vec_push(r->arena, &r->skipped, r->failed);
    return order_retry(r, err);
}

bool runner_order(struct runner *runner, enum runner_order order, struct err *err)
{
    switch (order) {
    case RUNNER_STEP:
    case RUNNER_FINISH_REVISION:
    case RUNNER_RUN_ALL:
    case RUNNER_PAUSE:
        return order_mode(runner, order, err);
    case RUNNER_CANCEL:
        return order_cancel(runner, err);
    case RUNNER_ROLL_BACK:
    case RUNNER_STOP:
        return order_stop(runner, order, err);
    case RUNNER_UNDO:
        return order_undo(runner, err);
    case RUNNER_RETRY:
        return order_retry(runner, err);
    case RUNNER_SKIP:
        return order_skip(runner, err);
    case RUNNER_ACCEPT:
    case RUNNER_ACCEPT_ALL:
        return runner_live_accept(runner, order == RUNNER_ACCEPT_ALL, err);
    }
    return err_set(err, ERR_INTERNAL, "unknown order");
}

void runner_stop_for(struct runner *runner, const char *reason)
{
    struct err ignored = ERR_INIT;
    if (has_ended(runner))
        return;
    runner->stop_reason = arena_strdup(runner->arena, reason);
    runner_order(runner, RUNNER_STOP, &ignored); /* refused only where it has ended */
    err_clear(&ignored);
}

/* -- looking ------------------------------------------------------------------------------------
 */

int runner_fd(const struct runner *runner)
{
    return runner->conn ? connection_fd(runner->conn) : -1;
}

size_t runner_polls(const struct runner *runner, struct pollfd *polls, size_t room)
{
    size_t n = 0;
    if (runner->conn && n < room) {
        unsigned wants = connection_wants(runner->conn);
        polls[n++] = (struct pollfd){
            .fd = connection_fd(runner->conn),
            .events = (short)((wants & CONNECTION_WANTS_READ ? POLLIN : 0) |
                              (wants & CONNECTION_WANTS_WRITE ? POLLOUT : 0)),
        };
    }
    n += runner_bridge_polls(runner, polls + n, room - n);
    if (runner->pooler && n < room) /* before there is anything to watch */
        polls[n++] = pooler_check_poll(runner->pooler);
    else if (runner->watcher && n < room)
        polls[n++] = watcher_poll(runner->watcher);
    n += runner_live_poll(runner, polls + n, room - n);
    return n;
}

static int own_timeout(const struct runner *runner)
{
    if (!runner->conn)
        return -1;
    if (runner->pooler)
        return pooler_check_timeout(runner->pooler);
    if (runner->action == ACTION_BRIDGE)
        return runner_bridge_timeout(runner);
    bool ready = runner->state == RUNNER_EXECUTING && !runner->wake_at;
    if (runner->action == ACTION_NONE && (runner->stopping || ready))
        return 0; /* an order was given: runner_advance() carries it out */
    if (runner->wake_at) {
        int64_t left = runner->wake_at - clock_monotonic();
        return left <= 0 ? 0 : (int)(left / 1000) + 1;
    }
    return connection_timeout(runner->conn);
}

int runner_timeout(const struct runner *runner)
{
    int own = own_timeout(runner);
    int watcher = runner->watcher ? watcher_timeout(runner->watcher) : -1;
    return own < 0 || (watcher >= 0 && watcher < own) ? watcher : own;
}

enum runner_state runner_state(const struct runner *runner)
{
    return runner->state;
}

size_t runner_step(const struct runner *runner)
{
    return runner_normal(runner, runner->next).step;
}

size_t runner_statement(const struct runner *runner)
{
    return runner_normal(runner, runner->next).statement;
}

size_t runner_committed_step(const struct runner *runner)
{
    return runner->committed.step;
}

size_t runner_committed_statement(const struct runner *runner)
{
    return runner->committed.statement;
}

bool runner_outcome_unknown(const struct runner *runner)
{
    return runner->unknown != UNKNOWN_NOTHING;
}

const char *runner_journal_path(const struct runner *runner)
{
    return runner->journal ? journal_path(runner->journal) : NULL;
}

const char *runner_run_id(const struct runner *runner)
{
    return runner->journal ? journal_run_id(runner->journal) : NULL;
}

bool runner_in_transaction(const struct runner *runner)
{
    return runner->conn && runner_is_open(runner);
}

bool runner_has_changed(const struct runner *runner)
{
    return runner->live.has_changed;
}

const struct err *runner_err(const struct runner *runner)
{
    return &runner->err;
}

/* -- driving ------------------------------------------------------------------------------------
 */

enum { DRIVE_MILLISECONDS = 100 };

static void wait_for(const struct runner *r)
{
    struct pollfd polls[RUNNER_POLLS];
    size_t n = runner_polls(r, polls, RUNNER_POLLS);
    int timeout = runner_timeout(r);
    if (timeout < 0 || timeout > DRIVE_MILLISECONDS)
        timeout = DRIVE_MILLISECONDS;
    poll(polls, n, timeout); /* a signal only ends the wait */
}

bool runner_drive(struct runner *runner, void (*on_wait)(struct runner *, void *), void *payload)
{
    struct err ignored = ERR_INIT;
    if (!on_wait)
        runner_order(runner, RUNNER_RUN_ALL, &ignored);
    runner_advance(runner);
    while (!has_ended(runner)) {
        enum runner_state before = runner->state;
        if (on_wait)
            on_wait(runner, payload);
        if (before == RUNNER_FAILED && runner->state == RUNNER_FAILED)
            runner_order(runner, RUNNER_STOP, &ignored);
        if (has_ended(runner))
            break;
        wait_for(runner);
        runner_advance(runner);
    }
    err_clear(&ignored);
    return runner->state == RUNNER_DONE;
}
