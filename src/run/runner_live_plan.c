/*
 * What a live revision wants, held against what was previewed.
 *
 * The same statement in the same place is sent. So is one that differs in values which are new each
 * time (uuid4(), now()), and what comes behind the end of a preview that could not follow the
 * revision to its own (plan_step.open), or behind an answer that the plan had marked as one of the
 * state before, unless it loses data in a new way. All else pauses the run before anything is sent,
 * till the operator says that it is right: then it is put into the plan. What was previewed and
 * comes later all the same is not asked about again.
 */
#include "config.h"

#include "base/arena.h"
#include "base/mem.h"
#include "base/str.h"
#include "run/plan_live.h"
#include "run/runner_private.h"

static const struct plan_step *live_step(const struct runner *r)
{
    return &r->plan->steps.at[r->live.step];
}

/* What stands outside of transactions only is taken out of one by its own COMMIT (plan_check.c). */
static bool same_place(const struct runner *r, const struct plan_statement *s)
{
    return s->in_transaction == r->live.in_transaction || s->effect.outside_only;
}

static bool is_same(const struct runner *r, const struct plan_statement *s,
                    const struct statement *wanted)
{
    return s && str_eq(s->rendered, wanted->sql) && same_place(r, s);
}

/* -- changing the plan --------------------------------------------------------------------------
 */

/* The plan cannot have it: the run fails. */
static bool give_up(struct runner *r, struct err *err)
{
    if (!r->stopping) /* else the journal broke */
        runner_exec_failed(r, err);
    err_clear(err);
    return false;
}

static bool take(struct runner *r, const struct statement *wanted)
{
    struct err err = ERR_INIT;
    const struct run_edit edit = {.kind = RUN_EDIT_TAKE,
                                  .at = {r->live.step, r->next.statement},
                                  .text = wanted->sql,
                                  .in_transaction = r->live.in_transaction,
                                  .number = r->live.number,
                                  .origin = wanted->origin,
                                  .nondeterministic = wanted->nondeterministic};
    return (runner_revise(r, &edit, &err) && plan_check_step(live_step(r), &err)) ||
           give_up(r, &err);
}

static bool drop(struct runner *r, size_t number)
{
    struct err err = ERR_INIT;
    const struct run_edit edit = {
        .kind = RUN_EDIT_DROP,
        .at = {r->live.step, plan_live_place(live_step(r), number)},
        .number = number};
    return runner_revise(r, &edit, &err) || give_up(r, &err);
}

static bool renew(struct runner *r, const struct statement *wanted)
{
    struct err err = ERR_INIT;
    const struct run_edit edit = {
        .kind = RUN_EDIT_RENEW,
        .at = {r->live.step, plan_live_place(live_step(r), r->live.number)},
        .text = wanted->sql,
        .number = r->live.number};
    return runner_revise(r, &edit, &err) || give_up(r, &err);
}

/* Where the wanted statement comes later in what was previewed; 0: nowhere. */
static size_t find_later(const struct runner *r, const struct statement *wanted)
{
    const struct plan_step *step = live_step(r);
    size_t count = plan_live_count(step);
    for (size_t n = r->live.number + 1; n <= count; n++)
        if (is_same(r, plan_live_rendered(step, n), wanted))
            return n;
    return 0;
}

bool runner_live_revise(struct runner *r, const struct statement *wanted)
{
    size_t till = wanted ? find_later(r, wanted) : plan_live_count(live_step(r)) + 1;
    if (!till)
        return take(r, wanted);
    for (size_t n = till; n > r->live.number; n--)
        if (!drop(r, r->live.number))
            return false;
    return true;
}

/* What it loses, where no statement of the plan's step says the same; NULL: nothing that is new. */
static const char *new_loss(const struct runner *r, const struct statement *wanted)
{
    const struct plan_step *step = live_step(r);
    struct sql_effect effect;
    sql_classify(r->live.arena, wanted->sql, r->plan->database.server_version, &effect);
    for (size_t i = 0; effect.loses_data && i < step->statements.len; i++)
        if (str_eq(step->statements.at[i].effect.loses_data, effect.loses_data))
            return NULL;
    return effect.loses_data;
}

/* -- a difference -------------------------------------------------------------------------------
 */

static const char *asked_of(const struct live_asked *asked)
{
    return asked->sql ? asked->sql : asked->call;
}

static const char *told(const char *answer)
{
    return answer ? answer : "not known";
}

/* What the operator needs to decide: both texts, and the answer that may be the reason. */
static void explain(struct runner *r, const struct plan_statement *previewed,
                    const struct statement *wanted, struct err *err)
{
    const struct runner_live *l = &r->live;
    struct str detail = STR_IN(l->arena);
    str_addf(&detail, "previewed: %s\n", previewed ? previewed->rendered : "nothing more");
    str_addf(&detail, "now: %s", wanted ? wanted->sql : "nothing more");
    if (wanted && previewed && str_eq(wanted->sql, previewed->rendered))
        str_addf(&detail, " (%s a transaction)", l->in_transaction ? "inside" : "outside of");
    if (l->differs)
        str_addf(&detail, "\nasked: %s\nthe answer was: %s\nit is now: %s", asked_of(l->differs),
                 told(l->previewed->answer), told(l->differs->answer));
    const char *id = live_step(r)->id;
    if (!wanted)
        err_set(err, ERR_STALE, "revision %s ends before a statement that was previewed", id);
    else if (!previewed)
        err_set(err, ERR_STALE, "revision %s wants a statement that was not previewed", id);
    else
        err_set(err, ERR_STALE, "revision %s wants another statement than was previewed", id);
    err->detail = mem_strdup(detail.ptr);
    if (wanted && !previewed && live_step(r)->open)
        err_hint(err,
                 "the preview could not see it, and it loses data: go on with it, or roll back");
    else
        err_hint(err, "the database is not as it was when the plan was made: go on with what the "
                      "revision does now, or roll back and make a new plan");
    if (!wanted)
        return;
    err->statement = mem_strdup(wanted->sql);
    err_at(err, wanted->origin.file, wanted->origin.line, wanted->origin.column);
}

static bool pause_before(struct runner *r, const struct plan_statement *previewed,
                         const struct statement *wanted)
{
    struct err err = ERR_INIT;
    explain(r, previewed, wanted, &err);
    r->live.has_changed = true;
    r->mode = RUNNER_PAUSE;
    if (!runner_note_changed(r, &err)) {
        err_clear(&err);
        return false;
    }
    err_copy(&r->err, &err);
    runner_set_state(r, RUNNER_PAUSED);
    struct run_event extra = {.rows = -1, .text = r->err.message, .err = &r->err};
    runner_emit(r, RUN_EVENT_CHANGED, runner_normal(r, r->next), &extra);
    err_clear(&err);
    return false;
}

/* -- comparing ----------------------------------------------------------------------------------
 */

/*
 * The plan said that it could not tell. An answer that is another one against its word counts more.
 */
static bool is_foreseen(const struct runner *r)
{
    return r->live.takes_all || (r->live.is_foreseen && !r->live.differs);
}

bool runner_live_find(struct runner *r, const struct statement *wanted)
{
    const struct plan_step *step = live_step(r);
    const struct plan_statement *previewed = plan_live_rendered(step, r->live.number);
    if (is_same(r, previewed, wanted))
        return true;
    if (previewed && previewed->nondeterministic && wanted->nondeterministic &&
        same_place(r, previewed))
        return renew(r, wanted);
    bool is_expected = is_foreseen(r) || (!previewed && step->open);
    if (is_expected && !new_loss(r, wanted))
        return runner_live_revise(r, wanted);
    return pause_before(r, previewed, wanted);
}

bool runner_live_has_all(struct runner *r)
{
    const struct plan_statement *previewed = plan_live_rendered(live_step(r), r->live.number);
    if (!previewed)
        return true;
    if (is_foreseen(r))
        return runner_live_revise(r, NULL);
    return pause_before(r, previewed, NULL);
}
