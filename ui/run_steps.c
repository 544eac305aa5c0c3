/* Breakpoints, and statements that are still to come, edited here or in the user's own editor. */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/str.h"
#include "ui/actions.h"
#include "ui/console.h"
#include "ui/editor.h"
#include "ui/guard.h"
#include "ui/run_flow.h"
#include "ui/sql_lines.h"

enum { TEXT_MAX_BYTES = 16 << 20 };

/* The row under the cursor; NULL with a complaint where that is no statement. */
static struct run_row *row_here(struct console *c)
{
    size_t at;
    struct run_row *row = view_row(&c->views[VIEW_RUN], &at) ? &c->run.rows.at[at] : NULL;
    if (row && !row->is_step)
        return row;
    console_complain(c, "no statement here");
    return NULL;
}

void act_breakpoint(struct console *c)
{
    struct err err = ERR_INIT;
    struct run_row *row = row_here(c);
    if (row && !execution_break(&c->run, row, !row->breakpoint, &err))
        console_show_err(c, &err);
    err_clear(&err);
}

/* -- editing ------------------------------------------------------------------------------------
 */

static void apply(struct console *c, int retry)
{
    struct err err = ERR_INIT;
    if (execution_edit(&c->run, &c->run.wanted, retry != 0, &err)) {
        sql_editor_close(c);
        console_say(c, "the statement is %s%s",
                    c->run.wanted.kind == RUN_EDIT_REMOVE ? "removed" : "edited",
                    !retry && c->run.state == RUNNER_FAILED ? "; m retries" : "");
    } else {
        console_show_err(c, &err);
    }
    err_clear(&err);
    console_mark_stale(c);
}

static void apply_only(struct console *c, int value)
{
    (void)value;
    apply(c, false);
}

static void apply_and_retry(struct console *c, int value)
{
    (void)value;
    apply(c, true);
}

/* What must be asked before: a loss (typed), what the grammar does not know. NULL: nothing. */
static const char *find_loss(struct arena *a, const char *text, int server_version)
{
    struct sql_effect effect;
    sql_classify(a, text, server_version, &effect);
    return effect.loses_data;
}

static const char *find_doubt(struct arena *a, const char *text)
{
    struct sql_problem problem;
    return sql_check(a, text, &problem) == SQL_UNKNOWN ? problem.message : NULL;
}

static void ask(struct console *c, bool retry)
{
    const struct run_edit *edit = &c->run.wanted;
    popup_done_fn then = retry ? apply_and_retry : apply_only;
    struct arena *a = arena_new();
    const char *sql = edit->text;
    const char *loss = sql ? find_loss(a, sql, c->run.plan->database.server_version) : NULL;
    const char *doubt = sql ? find_doubt(a, sql) : NULL;
    const char *name = run_flow_database(c);
    if (edit->kind == RUN_EDIT_REMOVE)
        popup_type(c, "Remove this statement",
                   arena_printf(a,
                                "The text is empty: the statement is removed from this run.\n\n"
                                "Type the name of the database, %s, to go on.",
                                name),
                   name, then);
    else if (loss)
        popup_type(c, "This loses data",
                   arena_printf(a, "%s\n\n! loses data: %s\n\n"
                                   "Type the name of the database, %s, to go on.",
                                sql, loss, name),
                   name, then);
    else if (doubt)
        popup_confirm(c, "Not known to the parser",
                      arena_printf(a, "%s\n\n%s\n\nA newer server may know it.", sql, doubt),
                      "use it", then);
    else
        apply(c, retry);
    arena_free(a);
}

static bool is_blank(const char *text)
{
    return text[strspn(text, " \t\r\n;")] == '\0';
}

static void trim(char *text)
{
    size_t len = strlen(text);
    while (len > 0 && strchr(" \t\r\n;", text[len - 1]))
        text[--len] = '\0';
}

void run_flow_take_text(struct console *c, struct position at, const char *text, bool retry)
{
    const struct plan_statement *statement =
        &c->run.plan->steps.at[at.step].statements.at[at.statement];
    char *sql = arena_strdup(c->run.arena, text);
    trim(sql);
    bool removed = is_blank(sql);
    c->run.wanted = (struct run_edit){.kind = removed ? RUN_EDIT_REMOVE : RUN_EDIT_REPLACE,
                                      .at = at,
                                      .text = removed ? NULL : sql};
    if (!str_eq(sql, statement->sql)) {
        ask(c, retry);
    } else {
        sql_editor_close(c);
        console_say(c, "the text is the same: nothing was edited");
    }
}

/* What the server said of the statement, where it said it, when that failed. */
static void show_failure(struct console *c, struct position at)
{
    for (size_t i = 0; i < c->run.rows.len; i++) {
        const struct run_row *row = &c->run.rows.at[i];
        const struct text_place start = {0, 0};
        if (row->is_step || row->step != at.step || row->statement != at.statement ||
            row->outcome != OUTCOME_FAILED || !row->err.message)
            continue;
        size_t position = row->err.position > 0 ? (size_t)row->err.position : 1;
        text_buffer_go(&c->editor.text,
                       text_buffer_after(&c->editor.text, start, position));
        sql_editor_set_problem(&c->editor, row->err.message, c->editor.text.cursor, false);
    }
}

/* The editor on a statement: of a plan on all of its step, of a run on it alone. */
static bool open_editor(struct console *c, struct position at, bool retry)
{
    const struct plan_step *step = &c->run.plan->steps.at[at.step];
    const char *read_only = c->run.was_started ? guard_why_read_only(c) : NULL;
    if (!c->run.was_started) {
        sql_editor_open_step(c, at.step, at.statement);
    } else if (read_only) {
        console_complain(c, "%s", read_only);
        return false;
    } else if (at.statement >= step->statements.len) {
        console_complain(c, "there is no statement left");
        return false;
    } else if (step->statements.at[at.statement].version_row) {
        console_complain(c, "it keeps the version table");
        return false;
    } else {
        sql_editor_open_statement(c, at, retry);
        show_failure(c, at);
    }
    return true;
}

/* The bar's: the failed statement, or the next one. */
static bool open_next(struct console *c, bool retry)
{
    const struct run_row *row =
        c->run.current < c->run.rows.len ? &c->run.rows.at[c->run.current] : NULL;
    if (row && !row->is_step)
        return open_editor(c, (struct position){row->step, row->statement}, retry);
    console_complain(c, "there is no statement left");
    return false;
}

static bool open_row(struct console *c)
{
    size_t at;
    const struct run_row *row = view_row(&c->views[VIEW_RUN], &at) ? &c->run.rows.at[at] : NULL;
    if (!row || (row->is_step && c->run.was_started)) {
        console_complain(c, "no statement here");
        return false;
    }
    return open_editor(c, (struct position){row->step, row->is_step ? 0 : row->statement}, false);
}

void act_edit_statement(struct console *c)
{
    open_row(c);
}

void act_edit_next(struct console *c)
{
    open_next(c, false);
}

void run_flow_edit_failed(struct console *c)
{
    open_next(c, true);
}

/* -- the SQL pane: the plan's SQL, or that of a plan which is made for it ------------------------
 */

/* The step of the plan that the pane shows, if that has not begun. */
static bool find_step(const struct console *c, size_t *step)
{
    const struct plan_step *shown = sql_plan_step(c);
    if (!shown || c->run.was_started)
        return false;
    *step = (size_t)(shown - c->run.plan->steps.at);
    return true;
}

/* What would have to be planned to execute what the pane shows; NULL with a complaint: nothing. */
static const char *target_of(struct console *c, struct arena *a, const struct revision *revision)
{
    bool applied = c->standing.known && c->standing.applied[revision->index];
    bool up = c->direction == DIRECTION_UPGRADE;
    if (up == applied) {
        console_complain(c, "%s is %s: x shows the %s", revision->header->id,
                         applied ? "applied" : "not applied", up ? "downgrade" : "upgrade");
        return NULL;
    }
    if (up)
        return arena_strdup(a, revision->header->id);
    if (revision->all_down.len > 1) {
        console_complain(c, "a merge is rolled back from the run menu: r");
        return NULL;
    }
    return revision->all_down.len ? arena_strdup(a, revision->all_down.at[0]->header->id) : "base";
}

static void plan_selected(struct console *c, planning_then_fn then)
{
    const struct revision *revision = console_selected(c);
    struct arena *a = arena_new();
    const char *target = NULL;
    if (run_flow_why_no_plan(c))
        console_complain(c, "%s", run_flow_why_no_plan(c));
    else if (revision)
        target = target_of(c, a, revision);
    if (target)
        run_flow_plan(c, c->direction == DIRECTION_UPGRADE ? PLAN_UPGRADE : PLAN_DOWNGRADE, target,
                      then);
    arena_free(a);
}

static void previewed(struct console *c)
{
    console_say(c, "what it would do now; r runs it");
}

void run_flow_preview(struct console *c)
{
    if (execution_is_active(&c->run))
        console_complain(c, "a run is active");
    else
        plan_selected(c, previewed);
}

/* The statement of the plan's step that the cursor of the pane is on, from 0. */
static size_t statement_here(struct console *c)
{
    size_t row, statement = 0;
    if (!view_row(&c->views[VIEW_SQL], &row))
        return 0;
    size_t shown = row < c->sql.lines.len ? c->sql.lines.at[row].statement : 0;
    for (size_t i = 0; i + 1 < shown; i++)
        statement += !sql_statement_at(c, i).seam;
    return statement;
}

/* Without a plan of it, one is made first, and `then` goes on when it is there. */
static bool open_shown(struct console *c, planning_then_fn then)
{
    size_t statement = statement_here(c), step;
    if (execution_is_active(&c->run) && console_plan_step(c))
        return open_row(c);
    if (!find_step(c, &step)) {
        plan_selected(c, then);
        return false;
    }
    return open_editor(c, (struct position){step, statement}, false);
}

static bool has_step(struct console *c)
{
    size_t step;
    bool found = find_step(c, &step);
    if (!found)
        console_complain(c, "the plan has no step of this revision");
    return found;
}

static void edit_planned(struct console *c)
{
    if (has_step(c))
        act_edit_sql(c);
}

static void edit_planned_outside(struct console *c)
{
    if (has_step(c))
        act_edit_outside(c);
}

void act_edit_sql(struct console *c)
{
    open_shown(c, edit_planned);
}

/* -- the user's own editor ----------------------------------------------------------------------
 */

/* The text after the user's editor had it; NULL, with a complaint, where it came to nothing. */
static char *edited_outside(struct console *c, struct arena *a, const char *text, size_t line)
{
    char path[] = "/tmp/retort.XXXXXX.sql";
    struct err err = ERR_INIT;
    char *edited = NULL;
    size_t len;
    int fd = mkstemps(path, 4);
    if (fd < 0) {
        console_complain(c, "no file can be made in /tmp");
        return NULL;
    }
    close(fd);
    if (file_write(path, text, strlen(text), 0600, true, &err) && editor_open_at(c, path, line) &&
        !file_read(a, path, TEXT_MAX_BYTES, &edited, &len, &err))
        edited = NULL;
    if (err.code != ERR_NONE)
        console_show_err(c, &err);
    file_remove_tree(path, &err);
    err_clear(&err);
    return edited;
}

/* What it makes of the text goes through the editor here, which stays open on what is refused. */
void act_edit_outside(struct console *c)
{
    bool opened = c->bar_focus                                ? open_next(c, false)
                  : console_focused(c) == &c->views[VIEW_RUN] ? open_row(c)
                                                              : open_shown(c, edit_planned_outside);
    if (!opened)
        return;
    struct arena *a = arena_new();
    struct str text = STR_IN(a);
    text_buffer_text(&c->editor.text, &text);
    if (c->editor.of_statement)
        str_addc(&text, '\n');
    char *edited = edited_outside(c, a, text.ptr, c->editor.text.cursor.line + 1);
    if (edited && c->editor.of_statement)
        trim(edited);
    if (!edited || text_buffer_is(&c->editor.text, edited)) {
        sql_editor_close(c);
        if (edited)
            console_say(c, "the text is the same: nothing was edited");
    } else {
        sql_editor_set_text(c, edited);
        act_editor_leave(c);
    }
    arena_free(a);
}
