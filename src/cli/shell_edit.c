/* The plan, or one statement of it, in the user's editor. */
#include "config.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/str.h"
#include "cli/editor.h"
#include "cli/plan_edit.h"
#include "cli/shell.h"
#include "run/link.h"
#include "run/plan_edit.h"
#include "run/plan_text.h"
#include "run/run_edit.h"

enum { TEXT_MAX = 16 << 20, TEXT_MODE = 0600 };

/*
 * Lines that are still to come are no input of an editor: without a terminal it gets an empty one.
 * Returns what is to be put back; -1: nothing.
 */
static int quiet_input(const struct shell *sh)
{
    int in = fileno(sh->cli->process->in);
    int saved = sh->interactive ? -1 : dup(in);
    int nothing = saved >= 0 ? open("/dev/null", O_RDONLY | O_CLOEXEC) : -1;
    if (nothing >= 0) {
        dup2(nothing, in);
        close(nothing);
    }
    return saved;
}

static void restore_input(const struct shell *sh, int saved)
{
    if (saved < 0)
        return;
    dup2(saved, fileno(sh->cli->process->in));
    close(saved);
}

/* A folder that nobody else looks into, with the statement in it. */
static const char *write_statement(struct cli *cli, const char *sql, struct err *err)
{
    const char *temp = cli_getenv(cli, "TMPDIR");
    char *dir = arena_printf(cli->arena, "%s/retort.XXXXXX", temp && *temp ? temp : "/tmp");
    if (!mkdtemp(dir)) {
        err_set(err, ERR_IO, "no folder for the text can be made in %s", path_dir(cli->arena, dir));
        return NULL;
    }
    const char *path = path_join(cli->arena, dir, "statement.sql");
    const char *text = arena_printf(cli->arena, "%s\n", sql);
    return file_write(path, text, strlen(text), TEXT_MODE, false, err) ? path : NULL;
}

static void trim(char *text)
{
    size_t len = strlen(text);
    while (len > 0 && strchr(" \t\r\n;", text[len - 1]))
        text[--len] = '\0';
}

static const struct plan *plan_of(const struct shell *sh)
{
    return sh->work->link ? link_plan(sh->work->link) : sh->work->made.plan;
}

/* Where the plan is to run, for the guards. */
static void find_database(const struct shell *sh, const char **database, const char **host)
{
    const struct shell_work *work = sh->work;
    const json_t *hello = work->link && !work->made.plan ? link_hello(work->link) : NULL;
    *database = plan_of(sh)->database.name;
    *host = hello ? json_string_value(json_object_get(hello, "host")) : work->made.now.server.host;
}

/* What must be confirmed: no statement instead of one, a loss, what the grammar does not know. */
static bool may_edit(struct shell *sh, struct cli *cli, const struct run_edit *edit,
                     struct err *err)
{
    struct sql_effect effect = {0};
    struct sql_problem problem = {0};
    const char *database, *host;
    find_database(sh, &database, &host);
    if (edit->kind == RUN_EDIT_REMOVE)
        return shell_confirm(sh, cli, CONFIRM_NAME, "remove the statement", database, host, err);
    enum sql_reading reading = sql_check(cli->arena, edit->text, &problem);
    if (reading == SQL_BROKEN)
        return err_set(err, ERR_COMMAND, "%s (character %d)", problem.message, problem.position);
    sql_classify(cli->arena, edit->text, plan_of(sh)->database.server_version, &effect);
    if (effect.loses_data)
        return shell_confirm(
            sh, cli, CONFIRM_NAME,
            arena_printf(cli->arena, "run what loses data (%s)", effect.loses_data), database, host,
            err);
    if (reading != SQL_UNKNOWN)
        return true;
    cli_warn(cli, "%s (character %d)", problem.message, problem.position);
    return shell_confirm(sh, cli, CONFIRM_YES,
                         "run a statement that retort's grammar does not know", database, host,
                         err);
}

/* What stands there now, with its marks. */
static void print_statements(struct shell *sh, struct cli *cli, struct position at, size_t count)
{
    const struct plan_step *step = &plan_of(sh)->steps.at[at.step];
    for (size_t i = at.statement; i < at.statement + count && i < step->statements.len; i++) {
        const struct plan_statement *s = &step->statements.at[i];
        cli_printf(cli, "%4zu. %s;\n      -- %s\n", i + 1, s->sql,
                   plan_statement_notes(cli->arena, step, s));
    }
}

static bool take_statement(struct shell *sh, struct cli *cli, struct position at, char *text,
                           struct err *err)
{
    struct shell_work *work = sh->work;
    const struct plan_step *step = &plan_of(sh)->steps.at[at.step];
    size_t before = step->statements.len;
    trim(text);
    if (str_eq(text, step->statements.at[at.statement].sql)) {
        cli_print(cli, "the text is the same: nothing was edited\n");
        return true;
    }
    const struct run_edit edit = {.kind = *text ? RUN_EDIT_REPLACE : RUN_EDIT_REMOVE,
                                  .at = at,
                                  .text = *text ? text : NULL};
    if (!may_edit(sh, cli, &edit, err) ||
        !(work->link ? shell_edit_run(sh, &edit, err)
                     : run_edit_apply(work->made.plan, &edit, err)))
        return false;
    for (size_t i = 0; !work->link && i < work->breakpoints.len; i++)
        work->breakpoints.at[i] =
            run_edit_move(&edit, before, step->statements.len, work->breakpoints.at[i]);
    if (*text)
        print_statements(sh, cli, at, step->statements.len + 1 - before);
    else
        cli_print(cli, "the statement is removed\n");
    return true;
}

static bool edit_once(struct shell *sh, struct cli *cli, struct position at, const char *path,
                      struct err *err)
{
    char *text;
    size_t len;
    int saved = quiet_input(sh);
    bool ok = editor_open(cli, path, err);
    restore_input(sh, saved);
    sh->seen = shell_interrupts;
    return ok && file_read(cli->arena, path, TEXT_MAX, &text, &len, err) &&
           take_statement(sh, cli, at, text, err);
}

static bool edit_statement(struct shell *sh, struct cli *cli, struct position at, struct err *err)
{
    const struct plan_statement *s = &plan_of(sh)->steps.at[at.step].statements.at[at.statement];
    if (s->version_row)
        return err_set(err, ERR_COMMAND, "statement %zu.%zu keeps the version table", at.step + 1,
                       at.statement + 1);
    const char *path = write_statement(cli, s->sql, err);
    if (!path)
        return false;
    while (!edit_once(sh, cli, at, path, err)) {
        if (err->code != ERR_COMMAND || !sh->interactive)
            return err_hint(err, "the text is kept in %s", path);
        shell_report(cli, err);
        if (shell_ask(sh, "edit it again? [y/N] ") != 'y')
            return err_hint(err, "the text is kept in %s", path);
        err_clear(err);
    }
    return file_remove_tree(path_dir(cli->arena, path), err);
}

/* All of the plan, which has not begun. */
static bool edit_plan(struct shell *sh, struct cli *cli, struct err *err)
{
    struct shell_work *work = sh->work;
    struct str diff = STR_INIT;
    const struct args planned = work->cli.args;
    int saved = quiet_input(sh);
    work->cli.args = cli->args; /* the answers of this line */
    bool ok = plan_edit_in_editor(&work->cli, work->made.plan, err);
    work->cli.args = planned;
    restore_input(sh, saved);
    sh->seen = shell_interrupts;
    if (!ok)
        return false;
    if (work->breakpoints.len)
        cli_warn(cli, "the breakpoints are dropped");
    work->breakpoints.len = 0;
    plan_diff(cli->arena, work->made.plan, &diff);
    cli_print(cli, diff.len ? diff.ptr : "nothing was edited\n");
    str_clear(&diff);
    return true;
}

bool shell_edit(struct shell *sh, struct cli *cli, struct err *err)
{
    const char *text = cli->args.positionals.len ? cli->args.positionals.at[0] : NULL;
    struct position at;
    if (!shell_find_statement(sh, text, &at, err))
        return false;
    return !text && !sh->work->link ? edit_plan(sh, cli, err) : edit_statement(sh, cli, at, err);
}
