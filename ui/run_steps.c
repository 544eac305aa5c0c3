/* Breakpoints, and the statements that are still to come, edited in the user's editor. */
#include "config.h"

#include <stdio.h>
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

enum { TEXT_MAX_BYTES = 16 << 20 };

static const struct plan_statement *statement_of(const struct console *c, const struct run_row *row)
{
    return &c->run.plan->steps.at[row->step].statements.at[row->statement];
}

/* The row under the cursor; NULL with a complaint where that is no statement. */
static struct run_row *statement_here(struct console *c)
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
    struct run_row *row = statement_here(c);
    if (row && !execution_break(&c->run, row, !row->breakpoint, &err))
        console_show_err(c, &err);
    err_clear(&err);
}

/* -- editing ------------------------------------------------------------------------------------
 */

static void apply(struct console *c, int retry)
{
    struct err err = ERR_INIT;
    if (execution_edit(&c->run, &c->run.wanted, retry != 0, &err))
        console_say(c, c->run.wanted.kind == RUN_EDIT_REMOVE ? "the statement is removed"
                                                             : "the statement is edited");
    else
        console_show_err(c, &err);
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
                      arena_printf(a, "%s\n\n%s\n\nA newer server may know it.", sql, doubt), "use it",
                      then);
    else
        apply(c, retry);
    arena_free(a);
}

/* The text of the statement after the editor; NULL where there is nothing to do. In the arena. */
static char *edited_text(struct console *c, struct arena *a, const char *sql)
{
    char path[] = "/tmp/retort.XXXXXX.sql";
    struct err err = ERR_INIT;
    char *text = NULL;
    size_t len;
    int fd = mkstemps(path, 4);
    if (fd < 0) {
        console_complain(c, "no file can be made in /tmp");
        return NULL;
    }
    bool ok = dprintf(fd, "%s\n", sql) > 0;
    close(fd);
    if (ok && editor_open_at(c, path, 1) && !file_read(a, path, TEXT_MAX_BYTES, &text, &len, &err))
        console_show_err(c, &err);
    unlink(path);
    err_clear(&err);
    return text;
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

static void edit_statement(struct console *c, const struct run_row *row, bool retry)
{
    const struct plan_statement *statement = statement_of(c, row);
    struct position at = {row->step, row->statement};
    const char *read_only = execution_is_active(&c->run) ? guard_why_read_only(c) : NULL;
    if (statement->version_row || read_only) {
        console_complain(c, "%s", read_only ? read_only : "it keeps the version table");
        return;
    }
    char *text = edited_text(c, c->run.arena, statement->sql);
    if (!text)
        return;
    trim(text);
    bool removed = is_blank(text);
    c->run.wanted = (struct run_edit){.kind = removed ? RUN_EDIT_REMOVE : RUN_EDIT_REPLACE,
                                      .at = at,
                                      .text = removed ? NULL : text};
    if (str_eq(text, statement->sql))
        console_say(c, "the text is the same: nothing was edited");
    else
        ask(c, retry);
}

void act_edit_statement(struct console *c)
{
    struct run_row *row = statement_here(c);
    if (row)
        edit_statement(c, row, false);
}

/* The bar's: the failed statement, or the next one. */
void act_edit_next(struct console *c)
{
    const struct run_row *row =
        c->run.current < c->run.rows.len ? &c->run.rows.at[c->run.current] : NULL;
    if (row && !row->is_step)
        edit_statement(c, row, false);
    else
        console_complain(c, "there is no statement left");
}

void run_flow_edit_failed(struct console *c)
{
    edit_statement(c, &c->run.rows.at[c->run.current], true);
}
