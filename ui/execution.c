#include "config.h"

#include "ui/execution.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/str.h"
#include "run/plan_asked.h"
#include "run/plan_stale.h"
#include "ui/planning.h"

static struct run_row *heading_of(struct execution *run, size_t step)
{
    return step < run->headings.len ? &run->rows.at[run->headings.at[step]] : NULL;
}

/* A heading is followed by the rows of its statements. */
static struct run_row *row_of(struct execution *run, size_t step, size_t statement)
{
    if (step >= run->headings.len || statement >= run->plan->steps.at[step].statements.len)
        return NULL;
    return heading_of(run, step) + 1 + statement;
}

static void add_rows(struct execution *run)
{
    for (size_t s = 0; s < run->plan->steps.len; s++) {
        struct run_row heading = {.is_step = true, .step = s, .affected = -1};
        vec_push(run->arena, &run->headings, run->rows.len);
        vec_push(run->arena, &run->rows, heading);
        for (size_t i = 0; i < run->plan->steps.at[s].statements.len; i++) {
            struct run_row row = {.step = s,
                                  .statement = i,
                                  .affected = -1,
                                  .effect = run->plan->steps.at[s].statements.at[i].effect};
            vec_push(run->arena, &run->rows, row);
        }
    }
}

/* Takes a plan with edits out, if it has not begun. */
static struct execution take_edited(struct execution *run)
{
    struct execution old = {0};
    if (run->own_plan && !run->was_started && plan_is_edited(run->own_plan)) {
        old = *run;
        *run = (struct execution){0};
    }
    return old;
}

void execution_take(struct execution *run, struct planned *made)
{
    struct execution old = take_edited(run);
    execution_clear(run);
    run->session = made->session;
    run->arena = made->arena;
    run->plan = run->own_plan = made->plan;
    run->tables = made->tables;
    *made = (struct planned){.err = ERR_INIT};
    if (old.plan)
        run->edits_carried =
            plan_edit_carry(run->arena, old.plan, run->own_plan, &run->edits_lost);
    add_rows(run);
    execution_clear(&old);
}

/* Marks every row before (or, with after, from) a place in the plan. */
static void mark(struct execution *run, size_t step, size_t statement, bool after,
                 enum outcome from, enum outcome to)
{
    for (size_t i = 0; i < run->rows.len; i++) {
        struct run_row *row = &run->rows.at[i];
        bool is_before = row->step < step || (row->step == step && row->statement < statement);
        if (!row->is_step && is_before != after && row->outcome == from)
            row->outcome = to;
    }
}

/* A heading says what holds for all of its statements. */
static void update_heading(struct execution *run, size_t step)
{
    struct run_row *heading = heading_of(run, step);
    size_t counts[OUTCOME_UNKNOWN + 1] = {0};
    if (!heading)
        return;
    size_t all = run->plan->steps.at[step].statements.len;
    for (size_t i = 1; i <= all; i++)
        counts[heading[i].outcome]++;
    if (counts[OUTCOME_UNKNOWN])
        heading->outcome = OUTCOME_UNKNOWN;
    else if (counts[OUTCOME_FAILED])
        heading->outcome = OUTCOME_FAILED;
    else if (counts[OUTCOME_RUNNING] || (counts[OUTCOME_DONE] && counts[OUTCOME_NONE]))
        heading->outcome = OUTCOME_RUNNING;
    else if (counts[OUTCOME_COMMITTED] + counts[OUTCOME_SKIPPED] == all)
        heading->outcome = all ? OUTCOME_COMMITTED : heading->outcome;
    else if (counts[OUTCOME_UNDONE])
        heading->outcome = OUTCOME_UNDONE;
    else if (counts[OUTCOME_DONE])
        heading->outcome = OUTCOME_DONE;
    else if (counts[OUTCOME_COMMITTED])
        heading->outcome = OUTCOME_RUNNING;
    else
        heading->outcome = OUTCOME_NONE;
}

/* The row that failed, else the one that comes next. */
static void set_current(struct execution *run)
{
    struct run_row *row =
        row_of(run, link_next(run->link).step, link_next(run->link).statement);
    for (size_t i = 0; i < run->rows.len && run->state == RUNNER_FAILED; i++)
        if (!run->rows.at[i].is_step && run->rows.at[i].outcome == OUTCOME_FAILED)
            row = &run->rows.at[i];
    if (row)
        run->current = (size_t)(row - run->rows.at);
}

/*
 * The rows of a step after an edit: what was before and behind the place keeps what is known of it.
 */
static void refit_rows(struct execution *run, const struct run_edit *edit)
{
    size_t step = edit->at.step, first = run->headings.at[step] + 1;
    size_t end = step + 1 < run->headings.len ? run->headings.at[step + 1] : run->rows.len;
    const struct plan_statement_list *now = &run->plan->steps.at[step].statements;
    bool replaces = edit->kind == RUN_EDIT_REPLACE || edit->kind == RUN_EDIT_REMOVE;
    bool drops = edit->kind == RUN_EDIT_DROP && now->len < end - first;
    size_t removed = drops ? end - first - now->len : replaces ? 1 : 0;
    size_t added = now->len + removed - (end - first);
    size_t place = first + edit->at.statement;
    for (size_t i = 0; i < removed; i++) {
        err_clear(&run->rows.at[place].err);
        vec_remove(&run->rows, place);
    }
    for (size_t i = 0; i < added; i++)
        vec_insert(run->arena, &run->rows, place, ((struct run_row){.step = step, .affected = -1}));
    for (size_t i = 0; i < now->len; i++) {
        run->rows.at[first + i].statement = i;
        run->rows.at[first + i].effect = now->at[i].effect;
    }
    for (size_t s = step + 1; s < run->headings.len; s++)
        run->headings.at[s] += added - removed;
    run->pause_at = 0;
}

static void on_statement(struct execution *run, struct run_row *row, const struct run_event *event)
{
    run->current = (size_t)(row - run->rows.at);
    run->waiting = NULL; /* for another try */
    if (event->kind == RUN_EVENT_STATEMENT_STARTED) {
        row->outcome = OUTCOME_RUNNING;
        row->started = clock_monotonic();
        row->tag = NULL;
        row->notices.len = 0;
        err_clear(&row->err);
        return;
    }
    row->duration = event->duration;
    row->affected = event->rows;
    run->cancel_sent = false;
    if (event->kind == RUN_EVENT_STATEMENT_SKIPPED) {
        row->outcome = OUTCOME_SKIPPED;
    } else if (event->kind == RUN_EVENT_STATEMENT_DONE) {
        row->outcome = OUTCOME_DONE;
        row->tag = arena_strdup(run->arena, event->text);
    } else {
        row->outcome = OUTCOME_FAILED;
        if (event->err)
            err_copy(&row->err, event->err);
    }
}

/* What a live revision asked while it ran is kept with its heading. */
static void keep_question(struct execution *run, const struct run_event *event)
{
    struct run_row *heading = heading_of(run, event->step);
    if (heading && event->asked)
        vec_push(run->arena, &heading->notices,
                 arena_printf(run->arena, "%s%s", plan_asked_text(run->arena, event->asked),
                              event->differs ? " (another answer than before)" : ""));
}

static void on_event(const struct run_event *event, void *payload)
{
    struct execution *run = payload;
    struct run_row *row =
        event->plan_statement ? row_of(run, event->step, event->statement) : NULL;
    if (!event->past) {
        run->state = event->state;
        run->committed = event->committed;
    }
    switch (event->kind) {
    case RUN_EVENT_STATEMENT_STARTED:
    case RUN_EVENT_STATEMENT_DONE:
    case RUN_EVENT_STATEMENT_FAILED:
    case RUN_EVENT_STATEMENT_SKIPPED:
        if (row)
            on_statement(run, row, event);
        break;
    case RUN_EVENT_OUTPUT:
    case RUN_EVENT_DIFFERENCE:
        if (row && event->text)
            vec_push(run->arena, &row->notices, arena_strdup(run->arena, event->text));
        break;
    case RUN_EVENT_NOTICE:
        row = run->current < run->rows.len ? &run->rows.at[run->current] : NULL;
        if (row && event->text)
            vec_push(run->arena, &row->notices, arena_strdup(run->arena, event->text));
        break;
    case RUN_EVENT_COMMITTED:
        mark(run, event->step, event->statement, false, OUTCOME_DONE, OUTCOME_COMMITTED);
        break;
    case RUN_EVENT_ROLLED_BACK:
        mark(run, event->step, event->statement, true, OUTCOME_DONE, OUTCOME_UNDONE);
        break;
    case RUN_EVENT_JOURNAL:
        run->journal_note = arena_strdup(run->arena, event->text);
        break;
    case RUN_EVENT_WAITING:
        run->waiting = arena_strdup(run->arena, event->text);
        break;
    case RUN_EVENT_BREAKPOINT:
        if (row && !event->past)
            row->breakpoint = event->breakpoint;
        break;
    case RUN_EVENT_EDITED:
        if (event->edit && !event->past)
            refit_rows(run, event->edit);
        break;
    case RUN_EVENT_REFUSED:
        run->retries = false;
        run->is_ending = run->cancel_sent = false;
        err_copy(&run->refused, event->err);
        break;
    case RUN_EVENT_ACTIVITY:
        run_watch_take(&run->watch, event->activity);
        break;
    case RUN_EVENT_SIGNALLED:
        err_set(&run->signalled, event->err ? event->err->code : ERR_CANCELLED, "%s", event->text);
        break;
    case RUN_EVENT_STATE:
        if (event->state != RUNNER_LOCKING)
            run->waiting = NULL;
        if (event->state != RUNNER_EXECUTING)
            run->cancel_sent = false;
        break;
    case RUN_EVENT_STEP_STARTED:
    case RUN_EVENT_STEP_DONE:
    case RUN_EVENT_DONE:
    case RUN_EVENT_STOPPED:
    case RUN_EVENT_STEERING:
    case RUN_EVENT_CHANGED:
        break;
    case RUN_EVENT_QUESTION:
        keep_question(run, event);
        break;
    }
    bool is_far = event->kind == RUN_EVENT_COMMITTED || event->kind == RUN_EVENT_ROLLED_BACK;
    for (size_t s = 0; is_far && s < run->plan->steps.len; s++)
        update_heading(run, s);
    update_heading(run, event->step);
    run->events++;
}

bool execution_start(struct execution *run, const struct worker_settings *settings, struct err *err)
{
    run->was_started = plan_is_the_way(run->arena, run->session->project, run->plan, err) &&
                       link_start(LINK_WORKER, run->own_plan, &run->session->url, settings,
                                  on_event, run, &run->link, err);
    struct err ignored = ERR_INIT;
    if (run->was_started)
        run->state = link_state(run->link);
    for (size_t i = 0; run->was_started && i < run->rows.len; i++)
        if (run->rows.at[i].breakpoint)
            execution_break(run, &run->rows.at[i], true, &ignored);
    err_clear(&ignored);
    return run->was_started;
}

/* What is committed is known even where what happened is not remembered any more. */
bool execution_attach(struct execution *run, struct session *session, const char *socket_dir,
                      const char *run_id, const struct log *log, struct err *err)
{
    execution_clear(run);
    if (!link_attach(socket_dir, run_id, CLIENT_STEERS, session->graph, log, on_event, run,
                     &run->link, err))
        return false;
    run->session = session_use(session);
    run->arena = arena_new();
    run->plan = link_plan(run->link);
    run->state = link_state(run->link);
    run->was_started = true;
    add_rows(run);
    for (size_t i = 0; i < run->rows.len; i++) {
        struct run_row *row = &run->rows.at[i];
        row->breakpoint =
            !row->is_step &&
            link_has_breakpoint(run->link, (struct position){row->step, row->statement});
    }
    run->committed = link_committed(run->link);
    mark(run, run->committed.step, run->committed.statement, false, OUTCOME_NONE,
         OUTCOME_COMMITTED);
    for (size_t s = 0; s < run->plan->steps.len; s++)
        update_heading(run, s);
    return true;
}

bool execution_has_changed(const struct execution *run)
{
    return run->link && run->state == RUNNER_PAUSED && link_err(run->link)->code != ERR_NONE;
}

/* S on its way to a statement that loses data: one at a time, as long as all goes well. */
static void go_on_to_pause(struct execution *run)
{
    struct err err = ERR_INIT;
    if (link_is_waiting(run->link))
        return;
    if (run->retries) {
        run->retries = false;
        link_order(run->link, RUNNER_RETRY, &err);
    } else if (run->pause_at > run->current && run->state == RUNNER_PAUSED &&
               !execution_has_changed(run))
        link_order(run->link, RUNNER_STEP, &err);
    else if (run->state != RUNNER_EXECUTING)
        run->pause_at = 0;
    err_clear(&err);
}

bool execution_advance(struct execution *run)
{
    if (!run->link)
        return false;
    size_t before = run->events;
    link_advance(run->link);
    if (run->events == before && !link_is_over(run->link)) {
        if (run->retries) /* the answer to an edit comes after its event */
            go_on_to_pause(run);
        return false;
    }
    run->state = link_state(run->link);
    err_clear(&run->err);
    if (link_err(run->link)->code != ERR_NONE)
        err_copy(&run->err, link_err(run->link));
    if (!run->journal)
        run->journal = arena_strdup(run->arena, link_journal_path(run->link));
    if (link_outcome_unknown(run->link)) {
        mark(run, run->plan->steps.len, 0, false, OUTCOME_RUNNING, OUTCOME_UNKNOWN);
        mark(run, run->plan->steps.len, 0, false, OUTCOME_DONE, OUTCOME_UNKNOWN);
        update_heading(run, link_next(run->link).step);
    }
    set_current(run);
    go_on_to_pause(run);
    if (link_is_over(run->link))
        execution_leave(run);
    return true;
}

bool execution_order(struct execution *run, enum runner_order order, struct err *err)
{
    run->pause_at = 0;
    if (!link_order(run->link, order, err))
        return false;
    run->cancel_sent = order == RUNNER_CANCEL;
    run->is_ending = order == RUNNER_STOP || order == RUNNER_ROLL_BACK;
    return true;
}

bool execution_break(struct execution *run, struct run_row *row, bool on, struct err *err)
{
    if (run->link)
        return link_break(run->link, (struct position){row->step, row->statement}, on, err);
    if (run->was_started)
        return err_set(err, ERR_USAGE, "the run is over");
    row->breakpoint = on;
    return true;
}

bool execution_edit(struct execution *run, const struct run_edit *edit, bool retry,
                    struct err *err)
{
    if (run->link) {
        if (!link_edit(run->link, edit, err))
            return false;
        run->retries = retry;
        return true;
    }
    if (!run->own_plan || run->was_started)
        return err_set(err, ERR_USAGE, "the run is over");
    if (!run_edit_apply(run->own_plan, edit, err))
        return false;
    refit_rows(run, edit);
    return true;
}

/* The rows anew, of a plan that has not begun; breakpoints stay where they were. */
static void remake_rows(struct execution *run, size_t edited)
{
    struct run_row *old = arena_memdup(run->arena, run->rows.at, run->rows.len * sizeof *old);
    size_t count = run->rows.len;
    run->rows.len = run->headings.len = 0;
    add_rows(run);
    for (size_t i = 0; i < count; i++) {
        struct run_row *row = old[i].breakpoint && old[i].step != edited
                                  ? row_of(run, old[i].step, old[i].statement)
                                  : NULL;
        if (row)
            row->breakpoint = true;
    }
}

bool execution_edit_step(struct execution *run, size_t step, const struct plan_step *base,
                         const char *text, struct plan_doubt_list *doubts, struct err *err)
{
    struct plan *plan = run->own_plan;
    if (!plan || run->was_started)
        return err_set(err, ERR_USAGE, "the run has begun");
    struct plan_step now = plan->steps.at[step];
    size_t count = plan->statement_count;
    plan->steps.at[step] = *base;
    plan->statement_count = count - now.statements.len + base->statements.len;
    if (!plan_edit_take_step(plan->arena, plan, step, "text", arena_strdup(plan->arena, text),
                             doubts, err)) {
        plan->steps.at[step] = now;
        plan->statement_count = count;
        return false;
    }
    remake_rows(run, step);
    return true;
}

void execution_undo_edits(struct execution *run, size_t step)
{
    if (!run->own_plan || run->was_started)
        return;
    plan_edit_undo(run->own_plan->arena, run->own_plan, step);
    remake_rows(run, step);
}

bool execution_is_edited(const struct execution *run)
{
    return run->plan && (!run->was_started || run->link) && plan_is_edited(run->plan);
}

bool execution_edits(const struct execution *run, const char *id)
{
    bool edits = false;
    for (size_t i = 0; execution_is_edited(run) && i < run->plan->steps.len && !edits; i++)
        edits = run->plan->steps.at[i].edited && str_eq(run->plan->steps.at[i].id, id);
    return edits;
}

bool execution_finish_revision(struct execution *run, struct err *err)
{
    size_t step = link_next(run->link).step;
    for (size_t i = run->current + 1; i < run->rows.len && run->rows.at[i].step == step; i++) {
        if (!run->rows.at[i].effect.loses_data)
            continue;
        if (!execution_order(run, RUNNER_STEP, err))
            return false;
        run->pause_at = i;
        return true;
    }
    return execution_order(run, RUNNER_FINISH_REVISION, err);
}

bool execution_can_retry(const struct execution *run)
{
    if (!run->link)
        return false;
    return run->state == RUNNER_FAILED ||
           (run->state == RUNNER_STOPPED && run->err.code == ERR_CONNECT);
}

bool execution_is_active(const struct execution *run)
{
    return run->link != NULL;
}

bool execution_is_busy(const struct execution *run)
{
    bool asks = run->state == RUNNER_PAUSED || execution_can_retry(run);
    return run->link && (run->is_ending || link_is_waiting(run->link) || !asks);
}

/* The plan of a run that was attached to is the link's, and is shown till it is cleared. */
void execution_leave(struct execution *run)
{
    if (!run->link)
        return;
    run->waiting = NULL;
    run->cancel_sent = run->is_ending = false;
    if (run->own_plan)
        link_free(run->link);
    else
        run->left = run->link;
    run->link = NULL;
}

void execution_clear(struct execution *run)
{
    execution_leave(run);
    for (size_t i = 0; i < run->rows.len; i++)
        err_clear(&run->rows.at[i].err);
    if (run->own_plan)
        plan_clear(run->own_plan);
    link_free(run->left);
    err_clear(&run->err);
    err_clear(&run->refused);
    err_clear(&run->signalled);
    run_watch_clear(&run->watch);
    arena_free(run->arena);
    session_release(run->session);
    *run = (struct execution){0};
}

void execution_progress(const struct execution *run, size_t *done, size_t *all)
{
    *done = *all = 0;
    for (size_t i = 0; i < run->rows.len; i++) {
        const struct run_row *row = &run->rows.at[i];
        if (row->is_step)
            continue;
        ++*all;
        *done += row->outcome == OUTCOME_DONE || row->outcome == OUTCOME_COMMITTED ||
                 row->outcome == OUTCOME_SKIPPED;
    }
}
