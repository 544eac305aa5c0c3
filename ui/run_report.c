#include "config.h"

#include "ui/run_report.h"

#include "base/arena.h"
#include "base/str.h"
#include "run/plan_edit.h"
#include "ui/execution.h"

static void add_line(struct arena *a, struct run_watch_lines *out, enum role role, const char *text)
{
    vec_push(a, out, ((struct run_watch_line){role, text}));
}

static size_t count_rows(const struct execution *run, enum outcome outcome)
{
    size_t count = 0;
    for (size_t i = 0; i < run->rows.len; i++)
        count += !run->rows.at[i].is_step && run->rows.at[i].outcome == outcome;
    return count;
}

static void add_count(struct str *out, size_t count, const char *one, const char *many)
{
    if (count > 0)
        str_addf(out, "; %zu %s", count, count == 1 ? one : many);
}

void run_report_standing(const struct execution *run, struct str *out)
{
    const struct plan *plan = run->plan;
    struct arena *a = arena_new();
    struct name_list rows = plan_rows_at(a, plan, run->committed);
    size_t steps = run->committed.step, all = plan->steps.len;
    str_addf(out, "committed: %zu of %zu revision%s, the database is at ", steps, all,
             all == 1 ? "" : "s");
    for (size_t i = 0; i < rows.len; i++)
        str_addf(out, "%s%s", i ? ", " : "", rows.at[i]);
    if (rows.len == 0)
        str_add(out, "base");
    if (steps < all && run->committed.statement > 0)
        add_count(out, run->committed.statement, "statement of the next one is, too",
                  "statements of the next one are, too");
    if (run->link)
        add_count(out, count_rows(run, OUTCOME_DONE), "statement is in the open transaction",
                  "statements are in the open transaction");
    else
        add_count(out, count_rows(run, OUTCOME_UNDONE), "statement was undone",
                  "statements were undone");
    add_count(out, count_rows(run, OUTCOME_UNKNOWN), "statement may be committed or not",
              "statements may be committed or not");
    arena_free(a);
}

/* Lines of others, as one. */
static const char *one_line(struct arena *a, const char *text)
{
    char *line = arena_strdup(a, text ? text : "");
    for (char *at = line; *at; at++)
        if (*at == '\n')
            *at = ' ';
    return line;
}

static const char *reason(struct arena *a, const char *word, const struct err *err)
{
    const char *why = err->message ? one_line(a, err->message) : "";
    const char *state = err->sqlstate[0] ? arena_printf(a, " (SQLSTATE %s)", err->sqlstate) : "";
    bool says_it = !word || str_starts_with(why, word); /* "stopped by the operator" */
    return arena_printf(a, "! %s%s%s%s", says_it ? "" : word, *why && !says_it ? ": " : "", why,
                        state);
}

static void add_stop(struct arena *a, const struct execution *run, struct run_watch_lines *out)
{
    struct str standing = STR_IN(a);
    bool changed = execution_has_changed(run), moves = changed || execution_can_retry(run);
    if (changed)
        add_line(a, out, ROLE_ERROR, reason(a, NULL, link_err(run->link)));
    else if (run->state == RUNNER_FAILED)
        add_line(a, out, ROLE_ERROR, reason(a, "failed", &run->err));
    else if (run->state == RUNNER_STOPPED)
        add_line(a, out, ROLE_ERROR, reason(a, "stopped", &run->err));
    else
        return;
    run_report_standing(run, &standing);
    if (moves)
        str_add(&standing, "; m shows the moves");
    add_line(a, out, ROLE_WARN, arena_printf(a, "  %s", standing.ptr));
}

/* The last thing that a live revision asked, or that Alembic printed, while it is at work. */
static void add_last_heard(struct arena *a, const struct execution *run,
                           struct run_watch_lines *out)
{
    if (!run->link || run->current >= run->rows.len)
        return;
    const struct run_row *row = &run->rows.at[run->current];
    const struct plan_step *step = &run->plan->steps.at[row->step];
    const struct run_row *heading = &run->rows.at[run->headings.at[row->step]];
    if (step->live && heading->notices.len > 0)
        add_line(a, out, ROLE_QUESTION, one_line(a, vec_last(&heading->notices)));
    else if (step->bridge && row->notices.len > 0)
        add_line(a, out, ROLE_QUESTION, one_line(a, vec_last(&row->notices)));
}

void run_report_make(struct arena *a, const struct execution *run, struct run_watch_lines *out)
{
    *out = (struct run_watch_lines){0};
    if (!run->was_started)
        return;
    if (run->link && run->waiting)
        add_line(a, out, ROLE_WARN, arena_printf(a, "! waiting: %s", one_line(a, run->waiting)));
    add_stop(a, run, out);
    if (run->state == RUNNER_DONE) {
        struct str standing = STR_IN(a);
        run_report_standing(run, &standing);
        add_line(a, out, ROLE_APPLIED, standing.ptr);
    }
    add_last_heard(a, run, out);
}
