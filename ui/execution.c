#include "config.h"

#include "ui/execution.h"

#include "base/arena.h"
#include "base/clock.h"

static struct run_row *row_of(struct execution *run, size_t step, size_t statement, bool is_step)
{
    for (size_t i = 0; i < run->rows.len; i++) {
        struct run_row *row = &run->rows.at[i];
        if (row->step == step && row->is_step == is_step &&
            (is_step || row->statement == statement))
            return row;
    }
    return NULL;
}

static void add_rows(struct execution *run)
{
    for (size_t s = 0; s < run->plan->steps.len; s++) {
        struct run_row heading = {.is_step = true, .step = s, .affected = -1};
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

static void copy_names(struct arena *a, const struct name_list *from, struct name_list *to)
{
    *to = (struct name_list){0};
    for (size_t i = 0; i < from->len; i++)
        vec_push(a, to, arena_strdup(a, from->at[i]));
}

bool execution_plan(struct execution *run, struct session *session,
                    const struct plan_request *request, struct err *err)
{
    execution_clear(run);
    run->session = session_use(session);
    run->arena = arena_new();
    /* The plan keeps what it was asked for, and outlives those who asked. */
    struct plan_request kept = *request;
    kept.target = arena_strdup(run->arena, request->target);
    copy_names(run->arena, &request->targets, &kept.targets);
    copy_names(run->arena, &request->rows, &kept.rows);
    if (plan_make(run->arena, session->project, session->graph, &kept, &run->plan, err)) {
        add_rows(run);
        return true;
    }
    run->plan = NULL;
    execution_clear(run);
    return false;
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
    struct run_row *heading = row_of(run, step, 0, true);
    size_t counts[OUTCOME_UNKNOWN + 1] = {0}, all = 0;
    for (size_t i = 0; i < run->rows.len; i++) {
        if (run->rows.at[i].is_step || run->rows.at[i].step != step)
            continue;
        counts[run->rows.at[i].outcome]++;
        all++;
    }
    if (!heading)
        return;
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
        row_of(run, runner_step(run->runner), runner_statement(run->runner), false);
    for (size_t i = 0; i < run->rows.len && run->state == RUNNER_FAILED; i++)
        if (!run->rows.at[i].is_step && run->rows.at[i].outcome == OUTCOME_FAILED)
            row = &run->rows.at[i];
    if (row)
        run->current = (size_t)(row - run->rows.at);
}

static void on_statement(struct execution *run, struct run_row *row, const struct run_event *event)
{
    run->current = (size_t)(row - run->rows.at);
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

static void on_event(const struct run_event *event, void *payload)
{
    struct execution *run = payload;
    struct run_row *row =
        event->plan_statement ? row_of(run, event->step, event->statement, false) : NULL;
    run->state = event->state;
    switch (event->kind) {
    case RUN_EVENT_STATEMENT_STARTED:
    case RUN_EVENT_STATEMENT_DONE:
    case RUN_EVENT_STATEMENT_FAILED:
    case RUN_EVENT_STATEMENT_SKIPPED:
        if (row)
            on_statement(run, row, event);
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
    case RUN_EVENT_STATE:
        if (event->state != RUNNER_LOCKING)
            run->waiting = NULL;
        if (event->state != RUNNER_EXECUTING)
            run->cancel_sent = false;
        break;
    case RUN_EVENT_STEP_STARTED:
    case RUN_EVENT_STEP_DONE:
    case RUN_EVENT_DONE:
    case RUN_EVENT_ACTIVITY:
    case RUN_EVENT_SIGNALLED:
    case RUN_EVENT_STOPPED:
    case RUN_EVENT_REFUSED:
    case RUN_EVENT_STEERING:
        break;
    }
    for (size_t s = 0; s < run->plan->steps.len; s++)
        update_heading(run, s);
    run->events++;
}

bool execution_start(struct execution *run, const struct runner_settings *settings, struct err *err)
{
    run->was_started =
        runner_start(run->plan, &run->session->url, settings, on_event, run, &run->runner, err);
    if (!run->was_started)
        run->runner = NULL;
    else
        run->state = runner_state(run->runner);
    return run->was_started;
}

/* S on its way to a statement that loses data: one at a time, as long as all goes well. */
static void go_on_to_pause(struct execution *run)
{
    struct err err = ERR_INIT;
    if (run->pause_at > run->current && run->state == RUNNER_PAUSED)
        runner_order(run->runner, RUNNER_STEP, &err);
    else if (run->state != RUNNER_EXECUTING)
        run->pause_at = 0;
    err_clear(&err);
}

static bool is_at_end(const struct execution *run)
{
    return run->state == RUNNER_DONE || (run->state == RUNNER_STOPPED && !execution_can_retry(run));
}

bool execution_advance(struct execution *run)
{
    if (!run->runner)
        return false;
    size_t before = run->events;
    runner_advance(run->runner);
    run->state = runner_state(run->runner);
    if (run->events == before && !is_at_end(run))
        return false;
    err_clear(&run->err);
    if (runner_err(run->runner)->code != ERR_NONE)
        err_copy(&run->err, runner_err(run->runner));
    if (!run->journal)
        run->journal = arena_strdup(run->arena, runner_journal_path(run->runner));
    if (runner_outcome_unknown(run->runner)) {
        mark(run, run->plan->steps.len, 0, false, OUTCOME_RUNNING, OUTCOME_UNKNOWN);
        mark(run, run->plan->steps.len, 0, false, OUTCOME_DONE, OUTCOME_UNKNOWN);
    }
    set_current(run);
    go_on_to_pause(run);
    if (is_at_end(run))
        execution_end(run);
    return true;
}

bool execution_order(struct execution *run, enum runner_order order, struct err *err)
{
    run->pause_at = 0;
    if (!runner_order(run->runner, order, err))
        return false;
    run->cancel_sent = order == RUNNER_CANCEL;
    run->is_ending = order == RUNNER_STOP || order == RUNNER_ROLL_BACK;
    return true;
}

bool execution_finish_revision(struct execution *run, struct err *err)
{
    size_t step = runner_step(run->runner);
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
    if (!run->runner)
        return false;
    return run->state == RUNNER_FAILED ||
           (run->state == RUNNER_STOPPED && run->err.code == ERR_CONNECT);
}

bool execution_is_active(const struct execution *run)
{
    return run->runner != NULL;
}

bool execution_is_busy(const struct execution *run)
{
    return run->runner &&
           (run->is_ending || run->state == RUNNER_CONNECTING || run->state == RUNNER_LOCKING ||
            run->state == RUNNER_CHECKING || run->state == RUNNER_EXECUTING);
}

void execution_end(struct execution *run)
{
    if (!run->runner)
        return;
    runner_free(run->runner);
    run->runner = NULL;
    run->waiting = NULL;
    run->cancel_sent = run->is_ending = false;
}

void execution_clear(struct execution *run)
{
    execution_end(run);
    for (size_t i = 0; i < run->rows.len; i++)
        err_clear(&run->rows.at[i].err);
    if (run->plan)
        plan_clear(run->plan);
    err_clear(&run->err);
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
