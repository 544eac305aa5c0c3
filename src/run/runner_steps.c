/*
 * What can be changed while a run waits for an order: breakpoints, and the statements that are
 * still to come.
 */
#include "config.h"

#include "base/arena.h"
#include "run/runner_private.h"

static bool is_same(struct position a, struct position b)
{
    return a.step == b.step && a.statement == b.statement;
}

static bool is_before(struct position a, struct position b)
{
    return a.step < b.step || (a.step == b.step && a.statement < b.statement);
}

static bool has_place(const struct runner *r, struct position at, struct err *err)
{
    if (at.step < r->plan->steps.len && at.statement < r->plan->steps.at[at.step].statements.len)
        return true;
    return err_set(err, ERR_USAGE, "the plan has no statement %zu in step %zu", at.statement + 1,
                   at.step + 1);
}

static void tell_place(struct runner *r, enum run_event_kind kind, struct position at,
                       const struct run_event *extra)
{
    struct run_event event = *extra;
    event.rows = -1;
    if (at.statement < r->plan->steps.at[at.step].statements.len)
        event.plan_statement = runner_statement_at(r, at);
    runner_emit(r, kind, at, &event);
}

/* -- breakpoints --------------------------------------------------------------------------------
 */

/* Where it is in the set; its length when it is not. */
static size_t find(const struct runner *r, struct position at)
{
    size_t i = 0;
    while (i < r->breakpoints.len && !is_same(r->breakpoints.at[i], at))
        i++;
    return i;
}

bool runner_is_breakpoint(const struct runner *r, struct position at)
{
    return find(r, at) < r->breakpoints.len;
}

bool runner_break(struct runner *r, struct position at, bool on, struct err *err)
{
    size_t i = find(r, at);
    if (!has_place(r, at, err))
        return false;
    if (on == (i < r->breakpoints.len))
        return true;
    if (on)
        vec_push(r->arena, &r->breakpoints, at);
    else
        vec_remove(&r->breakpoints, i);
    tell_place(r, RUN_EVENT_BREAKPOINT, at, &(struct run_event){.breakpoint = on});
    return true;
}

const struct position *runner_breakpoints(const struct runner *runner, size_t *count)
{
    *count = runner->breakpoints.len;
    return runner->breakpoints.at;
}

/* -- edits --------------------------------------------------------------------------------------
 */

static bool is_to_come(const struct runner *r, struct position at, struct err *err)
{
    if (r->state != RUNNER_PAUSED && r->state != RUNNER_FAILED)
        return err_set(err, ERR_USAGE, "the run is %s: pause it to edit what is still to come",
                       runner_state_words(r->state));
    if (!is_before(at, runner_normal(r, r->next)))
        return true;
    err_set(err, ERR_USAGE, "the statement was executed already");
    if (is_before(at, r->committed))
        return err_hint(err, "it is committed");
    return err_hint(err, "roll back this revision first");
}

static void move_places(struct runner *r, const struct run_edit *edit, size_t before, size_t after)
{
    for (size_t i = 0; i < r->breakpoints.len; i++)
        r->breakpoints.at[i] = run_edit_move(edit, before, after, r->breakpoints.at[i]);
    for (size_t i = r->skipped.len; i-- > 0;) {
        bool is_other = edit->kind == RUN_EDIT_REPLACE || edit->kind == RUN_EDIT_REMOVE ||
                        edit->kind == RUN_EDIT_DROP;
        if (is_other && is_same(r->skipped.at[i], edit->at))
            vec_remove(&r->skipped, i); /* what was left out is another one now */
        else
            r->skipped.at[i] = run_edit_move(edit, before, after, r->skipped.at[i]);
    }
    bool removes = edit->kind == RUN_EDIT_REMOVE || edit->kind == RUN_EDIT_DROP;
    bool inserts = edit->kind == RUN_EDIT_INSERT || edit->kind == RUN_EDIT_TAKE;
    if (removes && is_same(r->failed, edit->at))
        r->has_failed = false;
    r->failed = run_edit_move(edit, before, after, r->failed);
    if (inserts && is_same(r->failed, edit->at))
        r->has_failed = false;
}

bool runner_revise(struct runner *r, const struct run_edit *edit, struct err *err)
{
    const struct plan_statement_list *statements = &r->plan->steps.at[edit->at.step].statements;
    size_t before = statements->len;
    if (!run_edit_apply(r->plan, edit, err))
        return false;
    if (edit->kind != RUN_EDIT_RENEW) {
        move_places(r, edit, before, statements->len);
        r->live.is_revised = true;
    }
    if (!runner_note_revised(r, edit)) {
        err_copy(err, &r->err);
        return false;
    }
    tell_place(r, RUN_EVENT_EDITED, edit->at, &(struct run_event){.edit = edit});
    return true;
}

bool runner_edit(struct runner *r, const struct run_edit *edit, struct err *err)
{
    bool appends = edit->kind == RUN_EDIT_INSERT && edit->at.step < r->plan->steps.len &&
                   edit->at.statement == r->plan->steps.at[edit->at.step].statements.len;
    if ((!appends && !has_place(r, edit->at, err)) || !is_to_come(r, edit->at, err))
        return false;
    if (!run_edit_is_ordered(edit))
        return err_set(err, ERR_USAGE, "only a revision makes such a change of a plan");
    if (r->live.has_changed) {
        err_set(err, ERR_USAGE, "the revision wants something else than what the plan has here");
        return err_hint(err, "accept that or roll back first");
    }
    const struct plan_statement_list *statements = &r->plan->steps.at[edit->at.step].statements;
    size_t before = statements->len;
    if (!run_edit_apply(r->plan, edit, err))
        return false;
    move_places(r, edit, before, statements->len);
    if (!runner_note_plan(r)) {
        runner_stop(r, NULL);
        err_copy(err, &r->err);
        return false;
    }
    tell_place(r, RUN_EVENT_EDITED, edit->at, &(struct run_event){.edit = edit});
    return true;
}
