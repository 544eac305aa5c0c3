/*
 * The running part: what to send next, and what its answer means.
 *
 * A transaction is begun before the first statement that wants one, and committed before a
 * statement that must run outside, at the end of a step (PLAN_SCOPE_REVISION) or of the plan
 * (PLAN_SCOPE_RUN). Whether one is open is asked of the connection, not remembered. The version
 * table is created in the first transaction.
 *
 * `committed` only moves on the server's word: the answer to a COMMIT, or to a statement outside
 * any transaction. After a failure the run goes back to it, so nothing committed is sent twice.
 */
#include "config.h"

#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "run/runner_private.h"
#include "run/version_sql.h"

/* SQLSTATEs of what waited for a lock (PostgreSQL manual, appendix A). */
static const char lock_not_available[] = "55P03", deadlock[] = "40P01";

/* No value of a timeout: what the session has is not known. */
enum { LIMIT_UNKNOWN = -2 };

/* -- positions ----------------------------------------------------------------------------------
 */

struct position runner_normal(const struct runner *r, struct position at)
{
    if (at.step < r->plan->steps.len && at.statement >= r->plan->steps.at[at.step].statements.len)
        return (struct position){at.step + 1, 0};
    return at;
}

const struct plan_statement *runner_statement_at(const struct runner *r, struct position at)
{
    return &r->plan->steps.at[at.step].statements.at[at.statement];
}

bool runner_is_open(const struct runner *r)
{
    if (runner_batch_is_on(r)) /* the server tells only at its end */
        return true;
    enum transaction_status status = connection_transaction(r->conn);
    return status == TRANSACTION_OPEN || status == TRANSACTION_FAILED;
}

/* How a step is called in a message: its revision, or what a stamp leads to. */
static const char *step_name(const struct plan_step *step)
{
    if (step->id)
        return step->id;
    return *step->to ? step->to : "base";
}

const char *runner_committed_text(struct runner *r)
{
    struct position at = r->committed;
    if (at.step == 0 && at.statement == 0)
        return "nothing is committed";
    if (at.step >= r->plan->steps.len)
        return "everything is committed";
    struct str s = STR_IN(r->arena);
    if (at.step > 0)
        str_addf(&s, "revision %s%s committed", step_name(&r->plan->steps.at[at.step - 1]),
                 at.step > 1 ? " and all before it are" : " is");
    if (at.statement > 0)
        str_addf(&s, "%s%zu of %zu statements of revision %s are committed", s.len ? ", " : "",
                 at.statement, r->plan->steps.at[at.step].statements.len,
                 step_name(&r->plan->steps.at[at.step]));
    return s.ptr;
}

void runner_set_committed(struct runner *r, struct position at)
{
    struct position last = r->committed;
    r->committed = runner_normal(r, at);
    runner_live_committed(r);
    if (last.step == r->committed.step && last.statement == r->committed.statement)
        return; /* the version table only, say */
    r->lock_tries = 0;
    runner_note_position(r, "committed", "up_to", r->committed);
    bool whole = r->committed.statement == 0 && r->committed.step > 0;
    struct run_event extra = {.rows = -1,
                              .plan_step = &r->plan->steps.at[r->committed.step - (whole ? 1 : 0)]};
    runner_emit(r, RUN_EVENT_COMMITTED, r->committed, &extra);
}

void runner_go_back(struct runner *r)
{
    if (r->table_in_transaction)
        r->table_exists = r->table_in_transaction = false;
    r->next = r->committed;
    runner_live_go_back(r);
    runner_schema_go_back(r);
    r->announced = r->noted = r->committed.step + (r->committed.statement > 0 ? 1 : 0);
}

/* -- may the next statement go? -----------------------------------------------------------------
 */

static bool stops_at_breakpoint(const struct runner *r)
{
    bool passed = r->has_passed && r->passed.step == r->next.step &&
                  r->passed.statement == r->next.statement;
    return !passed && runner_is_breakpoint(r, r->next);
}

static bool may_send(const struct runner *r)
{
    bool stops = stops_at_breakpoint(r);
    switch (r->mode) {
    case RUNNER_RUN_ALL:
        return !stops;
    case RUNNER_FINISH_REVISION:
        return r->next.step == r->finish_step && !stops;
    case RUNNER_STEP:
        return r->step_left;
    case RUNNER_PAUSE:
    case RUNNER_CANCEL:
    case RUNNER_ROLL_BACK:
    case RUNNER_UNDO:
    case RUNNER_RETRY:
    case RUNNER_SKIP:
    case RUNNER_ACCEPT:
    case RUNNER_ACCEPT_ALL:
    case RUNNER_STOP:
        break;
    }
    return false;
}

static void pause_run(struct runner *r)
{
    r->mode = RUNNER_PAUSE;
    r->undoing = false;
    runner_set_state(r, RUNNER_PAUSED);
}

/* -- sending ------------------------------------------------------------------------------------
 */

static void send(struct runner *r, enum action action, const char *sql)
{
    r->in_transaction = runner_is_open(r);
    runner_send(r, action, sql, NULL, 0);
}

static void send_noted(struct runner *r, enum action action, const char *kind, const char *sql,
                       const char *xid)
{
    if (runner_note(r, kind, xid))
        send(r, action, sql);
}

/* What is about to be committed must be found in the journal's plan. */
static bool note_revised_plan(struct runner *r)
{
    bool is_revised = r->live.is_revised;
    r->live.is_revised = false;
    return !is_revised || runner_note_plan(r);
}

/* The transaction's id is asked first: it decides the fate of a COMMIT whose answer gets lost. */
static void commit(struct runner *r)
{
    if (!note_revised_plan(r))
        return;
    send(r, ACTION_XID, runner_schema_before_commit(r));
}

const struct timeout_rule *runner_rule_at(const struct runner *r, struct position at)
{
    const struct plan_statement *s = runner_statement_at(r, at);
    enum timeout_class class = timeouts_class(&s->effect, s->in_transaction, s->version_row);
    return &r->settings.timeouts.rules[class];
}

/* The rule for the next thing to send; the version table is made under that of its rows. */
static const struct timeout_rule *rule_of_next(struct runner *r)
{
    if (r->next.step >= r->plan->steps.len || !r->table_exists ||
        r->next.statement >= r->plan->steps.at[r->next.step].statements.len)
        return &r->settings.timeouts.rules[TIMEOUTS_VERSION];
    return runner_rule_at(r, r->next);
}

/* Sets the timeouts for what is sent next. True when something was sent. */
static bool send_limits(struct runner *r)
{
    /*
     * In a transaction that has failed, which a live revision may come back from, nothing is set.
     */
    if (r->limits.set_by_plan != SQL_SETS_NOTHING ||
        connection_transaction(r->conn) == TRANSACTION_FAILED)
        return false;
    const struct timeout_rule *rule = rule_of_next(r);
    arena_reset(r->scratch);
    const char *sql = timeouts_sql(r->scratch, &r->limits.rule, rule);
    if (!sql)
        return false;
    r->limits.rule = *rule;
    send(r, ACTION_SETTING, sql);
    return true;
}

static void limits_at_commit(struct runner *r)
{
    if (r->limits.set_by_plan == SQL_SETS_LOCAL)
        r->limits.set_by_plan = r->limits_before.set_by_plan;
}

/* What the statement that was carried out means for them. */
static void take_limits(struct runner *r)
{
    const struct sql_effect *effect = &runner_statement_at(r, r->next)->effect;
    if (effect->sets_timeouts > r->limits.set_by_plan &&
        (r->in_transaction || effect->sets_timeouts == SQL_SETS_SESSION))
        r->limits.set_by_plan = effect->sets_timeouts;
    if (effect->control == SQL_CONTROL_SAVEPOINT) /* going back to one takes back what was set */
        r->limits.rule.lock_timeout = r->limits.rule.statement_timeout = LIMIT_UNKNOWN;
}

void runner_announce(struct runner *r)
{
    if (r->announced > r->next.step)
        return;
    r->announced = r->next.step + 1;
    if (runner_note_step(r, r->next.step))
        runner_emit(r, RUN_EVENT_STEP_STARTED, r->next, NULL);
}

void runner_tell_started(struct runner *r)
{
    struct run_event extra = {.rows = -1, .plan_statement = runner_statement_at(r, r->next)};
    runner_emit(r, RUN_EVENT_STATEMENT_STARTED, r->next, &extra);
}

static void send_statement(struct runner *r)
{
    r->step_left = false;
    r->in_transaction = runner_is_open(r);
    r->has_passed = false;
    if ((!r->in_transaction && !note_revised_plan(r)) || !runner_note_send(r, r->next))
        return;
    runner_tell_started(r);
    send(r, ACTION_STATEMENT, runner_statement_at(r, r->next)->sql);
}

/* together: statements may be sent with others. */
static bool prepare(struct runner *r, bool in_transaction, bool together)
{
    /* The version table always comes in a transaction of its own or with the first step's. */
    bool wanted = in_transaction || !r->table_exists;
    bool open = runner_is_open(r);
    if (open && !wanted)
        commit(r);
    else if (!open && runner_schema_prepare(r))
        return true;
    else if (send_limits(r) || (together && wanted && runner_batch_send(r)))
        return true;
    else if (!open && wanted)
        send_noted(r, ACTION_BEGIN, "begin", "BEGIN", NULL);
    else if (!r->table_exists)
        send(r, ACTION_CREATE_TABLE, version_create_sql(r->arena, &r->table));
    else
        return false;
    return true;
}

bool runner_prepare(struct runner *r, bool in_transaction)
{
    return prepare(r, in_transaction, false);
}

static void prepare_and_send(struct runner *r)
{
    if (prepare(r, runner_statement_at(r, r->next)->in_transaction, true) ||
        (!runner_is_open(r) && runner_schema_note_ahead(r)))
        return;
    if (r->plan->steps.at[r->next.step].bridge)
        runner_bridge_start(r);
    else
        send_statement(r);
}

bool runner_is_skipped(const struct runner *r, struct position at)
{
    for (size_t i = 0; i < r->skipped.len; i++)
        if (r->skipped.at[i].step == at.step && r->skipped.at[i].statement == at.statement)
            return true;
    return false;
}

/* What the operator left out after a failure; it is told each time the run comes by. */
static bool pass_skipped(struct runner *r)
{
    if (!runner_is_skipped(r, r->next))
        return false;
    struct run_event extra = {.rows = -1, .plan_statement = runner_statement_at(r, r->next)};
    runner_emit(r, RUN_EVENT_STATEMENT_SKIPPED, r->next, &extra);
    runner_live_done(r, NULL);
    r->next.statement++;
    if (r->mode == RUNNER_STEP)
        r->step_left = false; /* to leave it out was the step */
    return true;
}

/* -- deciding -----------------------------------------------------------------------------------
 */

static void stop_now(struct runner *r)
{
    struct err err = ERR_INIT;
    if (r->err.code == ERR_NONE)
        runner_explain_stop(r, &err);
    runner_stop(r, err.code ? &err : NULL);
    err_clear(&err);
}

static void roll_back(struct runner *r)
{
    runner_note(r, "rollback", NULL); /* even if the journal is broken: it ends the run anyway */
    send(r, ACTION_ROLLBACK, "ROLLBACK");
}

void runner_finish_step(struct runner *r)
{
    struct position done = r->next;
    r->next = (struct position){done.step + 1, 0};
    runner_emit(r, RUN_EVENT_STEP_DONE, done, NULL);
    /* A step without statements is committed by being passed. */
    if (!runner_is_open(r))
        runner_set_committed(r, r->next);
}

static void end_of_plan(struct runner *r)
{
    if (r->plan->steps.len == 0 && !may_send(r))
        pause_run(r);
    else if (!r->table_exists && send_limits(r))
        return;
    else if (!runner_is_open(r) && !r->table_exists)
        send_noted(r, ACTION_BEGIN, "begin", "BEGIN", NULL);
    else if (!r->table_exists)
        send(r, ACTION_CREATE_TABLE, version_create_sql(r->arena, &r->table));
    else if (runner_is_open(r))
        commit(r);
    else
        runner_done(r);
}

/* An order to stop that came too late; a broken journal is no order. */
static bool all_committed(const struct runner *r)
{
    return r->plan->steps.len > 0 && r->committed.step >= r->plan->steps.len && !r->journal_broken;
}

void runner_go_on(struct runner *r)
{
    if (r->stopping && runner_is_open(r)) {
        roll_back(r);
        return;
    }
    if (r->stopping && !all_committed(r)) {
        stop_now(r);
        return;
    }
    if (r->undoing && runner_is_open(r)) {
        roll_back(r);
        return;
    }
    if (r->recheck && !runner_is_open(r)) {
        runner_recheck(r);
        return;
    }
    if (r->next.step >= r->plan->steps.len) {
        end_of_plan(r);
        return;
    }
    const struct plan_step *step = &r->plan->steps.at[r->next.step];
    bool asks = runner_live_is_due(r);
    bool step_over = !asks && r->next.statement >= step->statements.len;
    if (step_over && step->statements.len > 0) {
        if (runner_is_open(r) && r->plan->scope == PLAN_SCOPE_REVISION)
            commit(r);
        else
            runner_finish_step(r);
        return;
    }
    if (!may_send(r)) {
        pause_run(r);
        return;
    }
    runner_announce(r);
    if (r->stopping) /* the journal broke */
        return;
    if (asks && runner_live_go_on(r))
        return;
    if (step_over) {
        r->step_left = false;
        runner_finish_step(r);
    } else if (!pass_skipped(r)) {
        prepare_and_send(r);
    }
}

/* -- answers ------------------------------------------------------------------------------------
 */

/* Which change of the version table the next statement makes. */
static const struct row_change *change_of_next(const struct runner *r)
{
    const struct plan_step *step = &r->plan->steps.at[r->next.step];
    size_t change = 0;
    for (size_t i = 0; i < r->next.statement; i++)
        change += step->statements.at[i].version_row ? 1 : 0;
    return change < step->changes.len ? &step->changes.at[change] : NULL;
}

/*
 * The statement was carried out, but did what the plan did not foresee: ended the transaction by
 * other means than a plain COMMIT. What came before it may be committed or not.
 */
static void unforeseen_end(struct runner *r)
{
    struct err err = ERR_INIT;
    r->unknown = UNKNOWN_STATEMENT;
    err_set(&err, ERR_COMMAND,
            "the statement ended the transaction: whether what came before it is "
            "committed is not known");
    err.statement = mem_strdup(runner_statement_at(r, r->next)->sql);
    err_hint(&err, "look at the database before going on");
    runner_note_outcome(r, "unknown", "statement", NULL);
    runner_stop(r, &err);
    err_clear(&err);
}

const char *runner_tag(const struct result *result)
{
    return result ? result_tag(result) : "ALEMBIC";
}

/* more: the answers of others are on their way, in the same transaction. */
static void statement_done(struct runner *r, const struct result *result, bool more)
{
    const struct plan_statement *s = runner_statement_at(r, r->next);
    struct position at = r->next;
    int64_t duration = clock_monotonic() - r->sent_at;
    const struct row_change *change = s->version_row ? change_of_next(r) : NULL;
    struct err err = ERR_INIT;
    if (change && !version_change_check(&r->table, change, result_affected(result), &err)) {
        err.statement = mem_strdup(s->sql);
        if (more)
            err_move(&r->batch.refused, &err);
        else
            runner_exec_failed(r, &err);
        err_clear(&err);
        return;
    }
    r->action = ACTION_NONE;
    r->cancelling = r->cancelling && more;
    runner_note_done(r, at, result, duration);
    runner_schema_take(r, at, result, duration);
    struct run_event extra = {.plan_statement = s,
                              .text = runner_tag(result),
                              .rows = result_affected(result),
                              .duration = duration};
    runner_emit(r, RUN_EVENT_STATEMENT_DONE, at, &extra);
    runner_live_done(r, result);
    if (more) {
        r->next.statement++;
        runner_batch_go_on(r);
        return;
    }
    if (r->in_transaction && !runner_is_open(r)) {
        if (s->version_row || s->effect.control != SQL_CONTROL_COMMIT) {
            unforeseen_end(r);
            return;
        }
        r->table_in_transaction = false;
        limits_at_commit(r);
    }
    if (!s->version_row)
        take_limits(r);
    r->next.statement++;
    r->in_transaction = runner_is_open(r);
    if (!r->in_transaction)
        runner_set_committed(r, r->next);
}

static void statement_answered(struct runner *r, const struct result *result)
{
    bool more = runner_batch_answered(r);
    struct err err = ERR_INIT;
    if (r->batch.refused.code == ERR_NONE) {
        statement_done(r, result, more);
    } else if (!more) {
        err_move(&err, &r->batch.refused);
        runner_exec_failed(r, &err);
        err_clear(&err);
    }
}

static void begun(struct runner *r)
{
    r->limits_before = r->limits;
    r->begun_at = r->sent_at;
    r->action = ACTION_NONE;
    r->in_transaction = runner_is_open(r);
    if (!runner_batch_is_on(r))
        return;
    r->action = ACTION_STATEMENT;
    r->sent_at = clock_monotonic();
    runner_tell_started(r);
}

static void commit_done(struct runner *r, const struct result *result)
{
    r->action = ACTION_NONE;
    r->in_transaction = false;
    if (!str_eq(result_tag(result), "COMMIT")) { /* ROLLBACK: the transaction had failed */
        struct err err = ERR_INIT;
        err_set(&err, ERR_DATABASE, "the server rolled back instead of committing");
        runner_exec_failed(r, &err);
        err_clear(&err);
        return;
    }
    r->table_in_transaction = false;
    limits_at_commit(r);
    runner_schema_committed(r);
    runner_set_committed(r, r->next);
}

static void wait_before_retry(struct runner *r)
{
    const struct timeout_rule *rule = r->retry_rule;
    r->lock_tries++;
    int64_t pause = 1000 * timeouts_pause(rule, r->lock_tries, &r->seed);
    r->wake_at = clock_monotonic() + pause;
    r->step_left = r->mode == RUNNER_STEP;
    r->recheck = true;
    const char *blockers = r->err.hint; /* explain_failure() */
    struct run_event extra = {
        .rows = -1,
        .duration = pause,
        .text = arena_printf(r->arena, "%s: again in %.1f s (%u of %lld)%s%s",
                             str_eq(r->err.sqlstate, deadlock) ? "deadlock" : "lock_timeout",
                             (double)pause / 1e6, r->lock_tries, (long long)rule->lock_retries,
                             blockers ? "; " : "", blockers ? blockers : "")};
    err_clear(&r->err);
    runner_emit(r, RUN_EVENT_WAITING, r->next, &extra);
}

/* What failed is undone: again after a pause, or what an order says. */
static void after_failure(struct runner *r)
{
    bool again = r->try_again && !r->stopping;
    r->try_again = false;
    if (r->undoing)
        r->undoing = false; /* the run pauses */
    else if (again)
        wait_before_retry(r);
    else if (!r->stopping)
        runner_explain(r);
}

static void rollback_done(struct runner *r)
{
    r->action = ACTION_NONE;
    r->in_transaction = false;
    r->limits = r->limits_before;
    runner_go_back(r);
    runner_note_position(r, "rolled_back", "back_to", r->committed);
    runner_emit(r, RUN_EVENT_ROLLED_BACK, r->committed, NULL);
    after_failure(r);
}

static void take_xid(struct runner *r, const struct result *result)
{
    const char *xid = result_get(result, 0, 0); /* null: it wrote nothing */
    r->xid = arena_strdup(r->arena, xid ? xid : "");
    r->action = ACTION_NONE;
    if (runner_note(r, "commit", r->xid))
        send(r, ACTION_COMMIT, "COMMIT");
}

void runner_exec_done(struct runner *r, const struct result *result)
{
    if (runner_schema_done(r, result))
        return;
    switch (r->action) {
    case ACTION_CREATE_TABLE:
        r->table_exists = r->table_in_transaction = true;
        r->action = ACTION_NONE;
        break;
    case ACTION_STATEMENT:
        statement_answered(r, result);
        break;
    case ACTION_XID:
        take_xid(r, result);
        break;
    case ACTION_COMMIT:
        commit_done(r, result);
        break;
    case ACTION_ROLLBACK:
        rollback_done(r);
        break;
    case ACTION_BEGIN:
        begun(r);
        break;
    default: /* SETTING */
        r->action = ACTION_NONE;
        r->in_transaction = runner_is_open(r);
        break;
    }
}

/* -- failures -----------------------------------------------------------------------------------
 */

/* Adds where the statement comes from and what it may have left behind. */
static void explain_failure(struct runner *r, const struct plan_statement *s, struct err *err)
{
    if (r->cancelling && str_eq(err->sqlstate, "57014"))
        err->code = ERR_CANCELLED;
    if (str_eq(err->sqlstate, lock_not_available) && runner_blockers_text(r))
        err_hint(err, "it was blocked by %s", runner_blockers_text(r));
    if (!s)
        return;
    if (r->plan->steps.at[r->next.step].bridge) /* Alembic said where */
        return;
    if (s->origin.file && s->origin.line > 0)
        err_at(err, s->origin.file, s->origin.line, s->origin.column);
    if (!r->in_transaction && !s->version_row && s->effect.concurrent && !err->hint)
        err_hint(err, "an index that is INVALID may be left: look at it, and drop it before a "
                      "retry");
}

/*
 * Whether the statement that failed (NULL: not one of the plan) is tried again: it waited in vain
 * or met another in a deadlock, all it did is undone, and its rule has tries and time left.
 */
bool runner_may_try_again(struct runner *r, const struct plan_statement *s, const struct err *err)
{
    bool waited = str_eq(err->sqlstate, lock_not_available) || str_eq(err->sqlstate, deadlock);
    bool undone =
        r->in_transaction || (s && !s->version_row && timeouts_is_undone(&s->effect));
    if (!waited || !undone || r->action == ACTION_COMMIT)
        return false;
    int64_t now = clock_monotonic();
    if (r->lock_tries == 0)
        r->first_failed = now;
    r->retry_rule = rule_of_next(r);
    return r->lock_tries < r->retry_rule->lock_retries &&
           now - r->first_failed <= r->retry_rule->retry_total * 1000;
}

void runner_exec_failed(struct runner *r, struct err *err)
{
    if (runner_schema_failed(r, err))
        return;
    if (r->action == ACTION_ROLLBACK) { /* closing the connection does it */
        runner_stop(r, err);
        return;
    }
    if (r->batch.refused.code != ERR_NONE) /* the rest failed too */
        err_move(err, &r->batch.refused);
    runner_batch_end(r);
    if (runner_live_failed(r, err))
        return;
    const struct plan_statement *s =
        r->action == ACTION_STATEMENT ? runner_statement_at(r, r->next) : NULL;
    explain_failure(r, s, err);
    r->has_failed = s != NULL;
    r->failed = r->next;
    if (s)
        runner_note_failed(r, r->next, err);
    r->try_again = runner_may_try_again(r, s, err);
    if (r->action == ACTION_SETTING)
        r->limits.rule.lock_timeout = r->limits.rule.statement_timeout = LIMIT_UNKNOWN;
    r->action = ACTION_NONE;
    r->cancelling = false;
    bool by_order = r->stopping && err->code == ERR_CANCELLED; /* stop_now() says it better */
    if (!r->journal_broken && !by_order)
        err_copy(&r->err, err);
    struct run_event extra = {
        .rows = -1, .plan_statement = s, .err = err, .duration = clock_monotonic() - r->sent_at};
    runner_emit(r, RUN_EVENT_STATEMENT_FAILED, r->next, &extra);
    if (runner_is_open(r)) {
        roll_back(r);
        return;
    }
    bool undone = r->in_transaction;
    r->in_transaction = false;
    runner_go_back(r);
    if (undone) { /* a COMMIT that failed: the server rolled back */
        runner_note_position(r, "rolled_back", "back_to", r->committed);
        r->limits = r->limits_before;
        runner_emit(r, RUN_EVENT_ROLLED_BACK, r->committed, NULL);
    }
    after_failure(r);
}
