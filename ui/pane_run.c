/* The run: every statement of the plan, and what became of it. */
#include "config.h"

#include <ctype.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/str.h"
#include "run/plan_asked.h"
#include "ui/actions.h"
#include "ui/console.h"
#include "ui/err_text.h"
#include "ui/run_report.h"

struct outcome_look {
    enum glyph glyph;
    enum role role;
    const char *word;
};

static const struct outcome_look looks[] = {
    [OUTCOME_NONE] = {GLYPH_WAITING, ROLE_DIM, ""},
    [OUTCOME_RUNNING] = {GLYPH_RUNNING, ROLE_RUNNING, "running"},
    [OUTCOME_DONE] = {GLYPH_DONE, ROLE_DONE, "done"},
    [OUTCOME_COMMITTED] = {GLYPH_APPLIED, ROLE_APPLIED, "committed"},
    [OUTCOME_FAILED] = {GLYPH_FAILED, ROLE_ERROR, "FAILED"},
    [OUTCOME_SKIPPED] = {GLYPH_WAITING, ROLE_WARN, "skipped"},
    [OUTCOME_UNDONE] = {GLYPH_UNDONE, ROLE_WARN, "undone"},
    [OUTCOME_UNKNOWN] = {GLYPH_UNKNOWN, ROLE_ERROR, "UNKNOWN"},
};

static const char *const verb_words[] = {"upgrade", "downgrade", "stamp"};

static const struct plan_step *step_of(const struct console *c, const struct run_row *row)
{
    return &c->run.plan->steps.at[row->step];
}

static void run_title(struct console *c, struct str *out)
{
    str_add(out, "run");
    if (!c->run.plan)
        return;
    size_t done, all;
    execution_progress(&c->run, &done, &all);
    str_addf(out, ": %s %s, %zu of %zu statement%s", verb_words[c->run.plan->verb],
             c->run.plan->target ? c->run.plan->target : "", done, all, all == 1 ? "" : "s");
}

static size_t run_load(struct console *c, struct view *view)
{
    if (c->run_follow)
        view_want_row(view, c->run.current);
    run_report_make(view->arena, &c->run, &c->run_report);
    return c->run.rows.len;
}

static void format_duration(struct str *out, int64_t usec)
{
    if (usec < 1000)
        str_addf(out, "%d us", (int)usec);
    else if (usec < 1000000)
        str_addf(out, "%.1f ms", (double)usec / 1e3);
    else if (usec < 60000000)
        str_addf(out, "%.1f s", (double)usec / 1e6);
    else
        str_addf(out, "%d:%02d", (int)(usec / 60000000), (int)(usec / 1000000 % 60));
}

/*
 * A heading says what its statements lose, until they have: what a rollback drops is seen before.
 */
static void draw_losses(struct console *c, const struct run_row *heading, struct pen *pen)
{
    size_t count = step_of(c, heading)->statements.len;
    const char *before = " ! loses ";
    struct arena *a = arena_new();
    if (heading->outcome == OUTCOME_COMMITTED)
        count = 0;
    for (size_t i = 1; i <= count; i++) {
        const char *loss = plan_loss_text(a, &heading[i].effect, &c->run.tables);
        if (!loss)
            continue;
        pen_printf(pen, ROLE_RISK, "%s%s", before, loss);
        before = ", ";
    }
    arena_free(a);
}

static void draw_step(struct console *c, const struct run_row *row, struct pen *pen)
{
    const struct plan_step *step = step_of(c, row);
    const struct outcome_look *look = &looks[row->outcome];
    pen_glyph(pen, look->role, look->glyph);
    pen_printf(pen, ROLE_CURRENT, " %s %s -> %s", verb_words[step->verb],
               *step->from ? step->from : "base", *step->to ? step->to : "base");
    if (step->live)
        pen_printf(pen, ROLE_QUESTION, " live%s", step->open ? ", ends early" : "");
    draw_losses(c, row, pen);
    if (step->revision)
        pen_printf(pen, ROLE_TEXT, " %s", step->revision->header->doc);
    if (step->edited)
        pen_text(pen, ROLE_WARN, " * edited");
    if (step->bridge)
        pen_text(pen, ROLE_WARN, " ! by Alembic");
    else if (step->rendering.status != READING_OK && !step->live)
        pen_printf(pen, ROLE_WARN, " ! %s", rendering_status_name(step->rendering.status));
    if (row->notices.len > 0)
        pen_printf(pen, ROLE_QUESTION, "  asked %zu", row->notices.len);
}

/* SQL on one line: white space runs become one blank. */
static void one_line(struct str *out, const char *sql)
{
    for (; *sql && out->len < 500; sql++) {
        bool blank = isspace((unsigned char)*sql);
        if (!blank)
            str_addc(out, *sql);
        else if (out->len > 0 && out->ptr[out->len - 1] != ' ')
            str_addc(out, ' ');
    }
}

static void add_duration(struct str *out, const struct run_row *row)
{
    if (row->outcome == OUTCOME_RUNNING) {
        format_duration(out, clock_monotonic() - row->started);
    } else if (row->outcome != OUTCOME_NONE) {
        format_duration(out, row->duration);
    }
}

static void add_affected(struct str *out, const struct run_row *row)
{
    str_addf(out, "%lld row%s", (long long)row->affected, row->affected == 1 ? "" : "s");
}

static void run_draw(struct console *c, size_t at, bool flat, struct pen *pen)
{
    const struct run_row *row = &c->run.rows.at[at];
    (void)flat;
    pen_text(pen, ROLE_TEXT, " ");
    if (row->is_step) {
        draw_step(c, row, pen);
        return;
    }
    const struct plan_statement *statement = &step_of(c, row)->statements.at[row->statement];
    const struct outcome_look *look = &looks[row->outcome];
    struct str duration = STR_INIT, sql = STR_INIT;
    add_duration(&duration, row);
    if (row->affected >= 0 && row->outcome != OUTCOME_NONE) {
        str_addc(&sql, '(');
        add_affected(&sql, row);
        str_add(&sql, ") ");
    }
    one_line(&sql, statement->sql);
    bool next = at == c->run.current && execution_is_active(&c->run) &&
                row->outcome != OUTCOME_RUNNING && row->outcome != OUTCOME_FAILED;
    pen_text(pen, ROLE_RISK, row->breakpoint ? "B" : " ");
    pen_glyph(pen, next ? ROLE_RUNNING : look->role, next ? GLYPH_POINTER : look->glyph);
    pen_printf(pen, look->role, " %-9s ", next ? "next" : look->word);
    if (c->run.was_started)
        pen_printf(pen, ROLE_NUMBER, "%9s  ", next ? "" : duration.ptr);
    if (row->effect.loses_data)
        pen_text(pen, ROLE_RISK, "! ");
    if (!str_eq(statement->sql, statement->rendered))
        pen_text(pen, ROLE_WARN, "* ");
    pen_textn(pen, statement->version_row ? ROLE_COMMENT : ROLE_TEXT, sql.ptr, sql.len);
    str_clear(&duration);
    str_clear(&sql);
}

static void run_text(struct console *c, size_t at, struct str *out)
{
    const struct run_row *row = &c->run.rows.at[at];
    const struct plan_step *step = step_of(c, row);
    if (!row->is_step)
        one_line(out, step->statements.at[row->statement].sql);
    else
        str_addf(out, "%s %s -> %s %s", verb_words[step->verb], step->from, step->to,
                 step->revision ? step->revision->header->doc : "");
}

static void run_moved(struct console *c, struct view *view)
{
    size_t at;
    if (!view_row(view, &at) || at >= c->run.rows.len)
        return;
    if (at != c->run.current)
        c->run_follow = false;
    c->views[VIEW_DETAIL].stale = c->views[VIEW_SQL].stale = true;
}

static void run_status(struct console *c, size_t at, struct str *out)
{
    const struct run_row *row = &c->run.rows.at[at];
    const struct plan_step *step = step_of(c, row);
    str_addf(out, "revision %zu of %zu", row->step + 1, c->run.plan->steps.len);
    if (row->is_step)
        return;
    str_addf(out, " - statement %zu of %zu", row->statement + 1, step->statements.len);
    if (row->tag)
        str_addf(out, " - %s", row->tag);
    if (row->notices.len > 0)
        str_addf(out, " - %zu notice%s", row->notices.len, row->notices.len == 1 ? "" : "s");
    if (!step->statements.at[row->statement].in_transaction)
        str_add(out, " - outside a transaction");
    if (row->effect.loses_data)
        str_addf(out, " - ! loses data: %s", row->effect.loses_data);
}

static size_t run_heads(struct console *c)
{
    return c->run_report.len + (execution_is_active(&c->run) ? c->run.watch.lines.len : 0);
}

static struct view_head run_head(struct console *c, size_t line)
{
    size_t reported = c->run_report.len;
    const struct run_watch_line *l =
        line < reported ? &c->run_report.at[line] : &c->run.watch.lines.at[line - reported];
    return (struct view_head){l->role, l->text};
}

static const char *run_empty(struct console *c)
{
    if (planning_is_busy(&c->planning))
        return "asking the database... Esc cancels";
    return "nothing was planned yet; r opens the run menu";
}

const struct view_ops pane_run = {
    .name = "run",
    .number = 5,
    .contexts = CTX_RUN | CTX_LIST,
    .home = SLOT_MAIN,
    .title = run_title,
    .load = run_load,
    .draw = run_draw,
    .text = run_text,
    .moved = run_moved,
    .status = run_status,
    .heads = run_heads,
    .head = run_head,
    .empty = run_empty,
};

/* Actions */

void act_run_follow(struct console *c)
{
    c->run_follow = true;
    c->views[VIEW_RUN].stale = true;
}

static void describe_statement(const struct console *c, const struct run_row *row, struct str *out)
{
    const struct plan_statement *statement = &step_of(c, row)->statements.at[row->statement];
    str_addf(out, "%s;\n\n", statement->sql);
    str_addf(out, "%s",
             row->outcome == OUTCOME_NONE ? "not executed yet" : looks[row->outcome].word);
    if (row->outcome != OUTCOME_NONE) {
        str_add(out, ", ");
        add_duration(out, row);
    }
    if (row->affected >= 0) {
        str_add(out, ", ");
        add_affected(out, row);
    }
    if (row->tag)
        str_addf(out, ", %s", row->tag);
    str_addf(out, "\n%s",
             statement->in_transaction ? "inside the revision's transaction"
                                       : "outside a transaction");
    if (statement->origin.file && statement->origin.line > 0)
        str_addf(out, "\nmade by %s:%d",
                 path_below(statement->origin.file, session_folder(c->run.session)),
                 statement->origin.line);
    if (statement->version_row)
        str_add(out, "\nkeeps the version table");
    if (row->effect.lock != SQL_LOCK_NONE) {
        struct arena *a = arena_new();
        str_addf(out, "\nlock: %s", sql_lock_text(a, &row->effect));
        arena_free(a);
    }
    if (row->effect.loses_data) {
        struct arena *a = arena_new();
        str_addf(out, "\n! loses data: %s", plan_loss_text(a, &row->effect, &c->run.tables));
        arena_free(a);
    }
    for (size_t i = 0; i < row->notices.len; i++)
        str_addf(out, "\nnotice: %s", row->notices.at[i]);
    if (row->err.code != ERR_NONE) {
        str_add(out, "\n\n");
        err_text(out, &row->err, session_folder(c->run.session));
    }
}

static void describe_questions(const struct plan_step *step, struct str *out)
{
    struct arena *a = arena_new();
    if (step->live)
        str_addf(out, "\n\n%s", plan_live_note);
    for (size_t i = 0; i < step->asked.len; i++)
        str_addf(out, "\n%s", plan_asked_text(a, &step->asked.at[i]));
    if (step->open)
        str_addf(out, "\n%s", plan_open_text(a, step));
    arena_free(a);
}

void act_run_details(struct console *c)
{
    size_t at;
    if (!view_row(&c->views[VIEW_RUN], &at))
        return;
    const struct run_row *row = &c->run.rows.at[at];
    const struct plan_step *step = step_of(c, row);
    struct str text = STR_INIT;
    if (!row->is_step) {
        describe_statement(c, row, &text);
        popup_message(c, "Statement", text.ptr);
    } else {
        str_addf(&text, "%s %s -> %s\n", verb_words[step->verb], *step->from ? step->from : "base",
                 *step->to ? step->to : "base");
        if (step->revision)
            str_addf(&text, "%s\n%s\n", step->revision->header->longdoc,
                     step->revision->header->path);
        str_addf(&text, "%zu statement%s", step->statements.len,
                 step->statements.len == 1 ? "" : "s");
        describe_questions(step, &text);
        if (row->notices.len > 0)
            str_add(&text, "\n\nin this run:");
        for (size_t i = 0; i < row->notices.len; i++)
            str_addf(&text, "\n%s", row->notices.at[i]);
        if (step->rendering.err.code != ERR_NONE) {
            str_add(&text, "\n\n");
            err_text(&text, &step->rendering.err, session_folder(c->run.session));
        }
        popup_message(c, "Revision", text.ptr);
    }
    str_clear(&text);
}
