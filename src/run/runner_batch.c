/*
 * Statements that are sent together: what was ordered to the end of the plan need not wait for each
 * answer.
 *
 * A batch is a pipeline of statements of one transaction, with the BEGIN in front where none is
 * open. It holds nothing that ends the transaction: COMMIT is sent when every answer is in, so that
 * version rows that another program changed are noticed before. What fails, fails all behind it;
 * the server passes over those. To the rest of the runner the answers come as if each statement had
 * been sent when the one before was answered; only the journal has its records "begin" and "send"
 * before the first of them, on the disk with one fdatasync().
 *
 * An order takes effect at the end of the batch. So that this is never far, batches are small where
 * statements take long.
 */
#include "config.h"

#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/str.h"
#include "run/runner_private.h"

/* Statements, bytes of SQL; a batch should take between these two, in microseconds. */
enum { BATCH_FIRST = 32, BATCH_MOST = 512, BATCH_BYTES = 1 << 20 };
enum { BATCH_SHORT = 250000, BATCH_LONG = 1000000 };

bool runner_batch_is_on(const struct runner *r)
{
    return r->batch.answered < r->batch.items.len;
}

void runner_batch_end(struct runner *r)
{
    r->batch.items.len = r->batch.answered = 0;
    err_clear(&r->batch.refused);
}

/* -- what goes into it --------------------------------------------------------------------------
 */

/*
 * Whether the server takes the statement in a pipeline as it takes it alone, and nothing must
 * happen before or after it.
 */
static bool may_go_along(const struct runner *r, struct position at)
{
    const struct plan_statement *s = runner_statement_at(r, at);
    const struct sql_effect *effect = &s->effect;
    /* Whether a live revision wants its next statement depends on what this one does. */
    if (!s->in_transaction || runner_is_skipped(r, at) || r->plan->steps.at[at.step].live)
        return false;
    if (!effect->known || effect->statements != 1 || effect->control != SQL_CONTROL_NONE ||
        effect->sets_timeouts != SQL_SETS_NOTHING || str_eq(effect->tag, "COPY"))
        return false;
    const struct timeout_rule *rule = runner_rule_at(r, at), *now = &r->limits.rule;
    return r->limits.set_by_plan != SQL_SETS_NOTHING ||
           (rule->lock_timeout == now->lock_timeout &&
            rule->statement_timeout == now->statement_timeout);
}

/* It stops before one, but not where it stands: that was decided. */
static bool is_stop(const struct runner *r, struct position at)
{
    bool here = at.step == r->next.step && at.statement == r->next.statement;
    return !here && runner_is_breakpoint(r, at);
}

/* The next statement in the same transaction; false at its end. */
static bool step_on(const struct runner *r, struct position *at)
{
    if (at->statement < r->plan->steps.at[at->step].statements.len)
        return true;
    if (r->plan->scope == PLAN_SCOPE_REVISION || at->step + 1 >= r->plan->steps.len)
        return false;
    *at = (struct position){at->step + 1, 0};
    return r->plan->steps.at[at->step].statements.len > 0;
}

static void collect(struct runner *r)
{
    struct batch *b = &r->batch;
    struct position at = r->next;
    size_t bytes = 0;
    if (b->limit == 0)
        b->limit = BATCH_FIRST;
    while (b->items.len < b->limit && bytes < BATCH_BYTES && step_on(r, &at) &&
           !is_stop(r, at) && may_go_along(r, at)) {
        const struct plan_statement *s = runner_statement_at(r, at);
        bytes += strlen(s->sql);
        vec_push(r->arena, &b->items, at);
        at.statement++;
        if (!s->version_row && !timeouts_is_undone(&s->effect))
            break; /* a program can take any time: an order must be possible after it */
    }
}

/* On the disk, before anything is sent. */
static bool note_all(struct runner *r)
{
    struct batch *b = &r->batch;
    r->in_transaction = true; /* of the statements */
    bool ok = !b->begins || runner_note_ahead(r, "begin");
    for (size_t i = 0; ok && i < b->items.len; i++) {
        struct position at = b->items.at[i];
        ok = runner_note_step(r, at.step) && runner_note_send_ahead(r, at);
    }
    return ok && runner_note_flush(r);
}

/* -- sending ------------------------------------------------------------------------------------
 */

static bool send_all(struct runner *r)
{
    struct batch *b = &r->batch;
    VEC(const char *) sql = {0};
    arena_reset(r->scratch);
    vec_reserve(r->scratch, &sql, b->items.len + 1);
    if (b->begins)
        vec_push(r->scratch, &sql, "BEGIN");
    for (size_t i = 0; i < b->items.len; i++)
        vec_push(r->scratch, &sql, runner_statement_at(r, b->items.at[i])->sql);
    b->sent_at = clock_monotonic();
    return runner_send_pipeline(r, b->begins ? ACTION_BEGIN : ACTION_STATEMENT, sql.at, sql.len);
}

bool runner_batch_send(struct runner *r)
{
    struct batch *b = &r->batch;
    if (r->mode != RUNNER_RUN_ALL || !r->table_exists)
        return false;
    runner_batch_end(r);
    b->begins = !runner_is_open(r);
    collect(r);
    if (b->items.len < 2) { /* nothing to gain */
        runner_batch_end(r);
        return false;
    }
    if (!note_all(r)) {
        runner_batch_end(r);
        return true; /* the run is stopping */
    }
    r->has_passed = false;
    r->in_transaction = !b->begins;
    if (!b->begins)
        runner_tell_started(r);
    send_all(r);
    return true;
}

/* -- answers ------------------------------------------------------------------------------------
 */

/* The next batch holds what should take neither too long nor too short. */
static void learn(struct runner *r)
{
    struct batch *b = &r->batch;
    int64_t took = clock_monotonic() - b->sent_at;
    if (took > BATCH_LONG)
        b->limit = b->limit / (size_t)(1 + took / BATCH_LONG);
    else if (took < BATCH_SHORT && b->items.len >= b->limit)
        b->limit *= 2;
    b->limit = b->limit < 2 ? 2 : b->limit > BATCH_MOST ? BATCH_MOST : b->limit;
}

bool runner_batch_answered(struct runner *r)
{
    struct batch *b = &r->batch;
    if (!runner_batch_is_on(r))
        return false;
    if (++b->answered < b->items.len)
        return true;
    learn(r);
    return false;
}

void runner_batch_go_on(struct runner *r)
{
    struct err ignored = ERR_INIT;
    /* The cancel came between two statements: then it is for the next one. */
    if (r->stopping && connection_cancel(r->conn, &ignored))
        r->cancelling = true;
    err_clear(&ignored);
    r->action = ACTION_STATEMENT;
    if (r->next.statement >= r->plan->steps.at[r->next.step].statements.len)
        runner_finish_step(r);
    runner_announce(r);
    runner_tell_started(r);
    r->sent_at = clock_monotonic();
}
