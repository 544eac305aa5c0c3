/*
 * Transactions of a plan: where they begin and end, and whether the statements agree with that. All
 * of it is decided before the run starts.
 *
 * Which statements the server refuses inside a transaction block: PostgreSQL manual, the notes of
 * each command; several statements in one text are one transaction ("Simple Query", section
 * "Multiple Statements in a Simple Query").
 */
#include "config.h"

#include "base/arena.h"
#include "base/map.h"
#include "base/mem.h"
#include "run/plan.h"

void plan_find_segments(struct arena *a, struct plan_step *step)
{
    bool ended = true;
    step->segments = (struct plan_segment_list){0};
    for (size_t i = 0; i < step->statements.len; i++) {
        const struct plan_statement *s = &step->statements.at[i];
        if (ended || vec_last(&step->segments).in_transaction != s->in_transaction)
            vec_push(a, &step->segments, ((struct plan_segment){s->in_transaction, i, 0}));
        vec_last(&step->segments).count++;
        ended = s->in_transaction && s->effect.control == SQL_CONTROL_COMMIT;
    }
}

/* op.execute("COMMIT"), the old way to get out of Alembic's transaction. */
static bool is_own_commit(const struct plan_statement *s)
{
    return !s->version_row && s->in_transaction && s->effect.control == SQL_CONTROL_COMMIT &&
           s->effect.statements == 1;
}

/*
 * After a COMMIT of its own, what cannot run in a transaction is sent without one, as Alembic with
 * psycopg2 would; the rest gets a transaction again.
 */
static void follow_own_commits(struct plan_step *step)
{
    bool committed = false;
    for (size_t i = 0; i < step->statements.len; i++) {
        struct plan_statement *s = &step->statements.at[i];
        committed = committed || is_own_commit(s);
        if (committed && s->effect.outside_only)
            s->in_transaction = false;
    }
}

/* Keeps what is locked of relations that were there before; the rest nobody else can wait for. */
static void forget_locked(struct arena *a, struct sql_effect *effect, const struct map *made)
{
    const struct sql_locked_list all = effect->locked;
    if (all.len == 0)
        return;
    effect->locked = (struct sql_locked_list){0};
    effect->lock = SQL_LOCK_NONE;
    for (size_t i = 0; i < all.len; i++) {
        if (map_has(made, all.at[i].relation))
            continue;
        vec_push(a, &effect->locked, all.at[i]);
        if (all.at[i].lock > effect->lock)
            effect->lock = all.at[i].lock;
    }
    effect->rewrites = effect->rewrites && !(effect->relation && map_has(made, effect->relation));
}

/* Tables that a transaction makes are its own till it commits: their locks matter to nobody. */
static void forget_own_tables(struct arena *a, struct plan_step *step)
{
    for (size_t i = 0; i < step->segments.len; i++) {
        const struct plan_segment *segment = &step->segments.at[i];
        struct map made = MAP_IN(a);
        for (size_t k = 0; segment->in_transaction && k < segment->count; k++) {
            struct sql_effect *effect = &step->statements.at[segment->first + k].effect;
            forget_locked(a, effect, &made);
            if (effect->makes_relation)
                map_put(&made, effect->relation, effect);
        }
    }
}

void plan_arrange(struct arena *a, struct plan_step *step, int server_version)
{
    for (size_t i = 0; i < step->statements.len; i++) {
        struct plan_statement *s = &step->statements.at[i];
        sql_classify(a, s->sql, server_version, &s->effect);
    }
    follow_own_commits(step);
    plan_find_segments(a, step);
    forget_own_tables(a, step);
}

void plan_look_at(struct arena *a, struct rendering *rendering)
{
    struct plan_step step = {.verb = PLAN_UPGRADE};
    struct sql_effect *effects = ARENA_ARRAY(a, rendering->statements.len + 1, struct sql_effect);
    size_t n = 0;
    plan_add_rendering(a, rendering, true, &step.statements);
    plan_arrange(a, &step, 0);
    for (size_t i = 0; i < rendering->statements.len; i++)
        if (rendering->statements.at[i].kind == STATEMENT_SQL)
            effects[i] = step.statements.at[n++].effect;
    rendering->effects = effects;
}

/* -- checks -------------------------------------------------------------------------------------
 */

static bool check_control(const struct plan_statement *s, struct err *err)
{
    const struct sql_effect *effect = &s->effect;
    bool fine = effect->control == SQL_CONTROL_NONE ||
                (effect->control == SQL_CONTROL_COMMIT && effect->statements == 1) ||
                (s->in_transaction && (effect->control == SQL_CONTROL_BEGIN ||
                                       effect->control == SQL_CONTROL_SAVEPOINT));
    if (fine)
        return true;
    if (effect->control == SQL_CONTROL_SAVEPOINT)
        return err_set(err, ERR_DATABASE, "%s stands outside of any transaction", effect->tag);
    err_set(err, ERR_DATABASE,
            "the revision controls the transaction itself (%s): it would not be known what is "
            "committed",
            effect->tag);
    return err_hint(err, "leave it out; op.get_context().autocommit_block() runs statements "
                         "outside the transaction");
}

static bool check_outside(const struct plan_statement *s, struct err *err)
{
    if (!s->effect.outside_only)
        return true;
    const char *concurrently = s->effect.concurrent ? " CONCURRENTLY" : "";
    if (s->effect.statements > 1) {
        err_set(err, ERR_DATABASE,
                "a statement that cannot run in a transaction shares a text with others, which "
                "the server takes as one transaction");
        return err_hint(err, "give each statement an op.execute() of its own");
    }
    if (!s->in_transaction)
        return true;
    err_set(err, ERR_DATABASE, "%s%s cannot run inside a transaction", s->effect.tag, concurrently);
    return err_hint(err, "put it into:  with op.get_context().autocommit_block():");
}

static bool at_statement(const struct plan_step *step, const struct plan_statement *s,
                         struct err *err)
{
    if (!err->statement)
        err->statement = mem_strdup(s->sql);
    return err_at(err, s->origin.file ? s->origin.file : step->file, s->origin.line,
                  s->origin.column);
}

bool plan_check_step(const struct plan_step *step, struct err *err)
{
    for (size_t i = 0; i < step->statements.len; i++) {
        const struct plan_statement *s = &step->statements.at[i];
        if (!s->version_row && s->effect.known &&
            (!check_control(s, err) || !check_outside(s, err)))
            return at_statement(step, s, err);
    }
    return true;
}

/* One transaction was asked for: nothing may stand outside of it or end it. */
static bool check_single(const struct plan_step *step, struct err *err)
{
    for (size_t i = 0; i < step->statements.len; i++) {
        const struct plan_statement *s = &step->statements.at[i];
        if (s->in_transaction && !is_own_commit(s))
            continue;
        err_set(err, ERR_DATABASE, "%s, but the whole run is to be one transaction",
                step->bridge         ? "Alembic carries this out in transactions of its own"
                : s->in_transaction ? "the revision commits itself"
                                    : "this runs outside of any transaction");
        err_hint(err, "use the scope 'revision', a transaction for each");
        return at_statement(step, s, err);
    }
    return true;
}

bool plan_check(const struct plan *plan, struct err *err)
{
    bool single = plan->scope == PLAN_SCOPE_RUN && plan->scope_chosen;
    for (size_t i = 0; i < plan->steps.len; i++)
        if (!plan_check_step(&plan->steps.at[i], err) ||
            (single && !check_single(&plan->steps.at[i], err)))
            return false;
    return true;
}
