/* Plans of the shell: made, shown, asked about, kept with their edits. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/str.h"
#include "cli/plan_edit.h"
#include "cli/shell.h"
#include "config/url.h"
#include "run/link.h"
#include "run/plan_edit.h"
#include "run/plan_loss.h"
#include "run/plan_script.h"
#include "run/plan_summary.h"
#include "run/plan_text.h"
#include "run/preview.h"

enum { SCRIPT_MODE = 0644 };

/* -- the plan at hand ---------------------------------------------------------------------------
 */

bool shell_is_running(const struct shell *sh)
{
    return sh->work && sh->work->link;
}

struct position shell_current(const struct shell_work *work)
{
    bool failed = work->has_failed && link_state(work->link) == RUNNER_FAILED;
    return failed ? work->failed : link_next(work->link);
}

struct plan *shell_plan_at_hand(const struct shell *sh)
{
    return sh->work ? sh->work->made.plan : NULL;
}

void shell_work_free(struct shell *sh)
{
    struct shell_work *work = sh->work;
    if (!work)
        return;
    link_free(work->link);
    if (work->made.plan)
        plan_clear(work->made.plan);
    err_clear(&work->refused);
    shell_end(&work->cli);
    mem_free(work);
    sh->work = NULL;
}

static bool has_no_plan(struct err *err)
{
    err_set(err, ERR_COMMAND, "there is no plan");
    return err_hint(err, "plan REV makes one");
}

/* Whether there is a plan, and it has not begun to run. */
static bool is_prepared(const struct shell *sh, struct err *err)
{
    if (shell_is_running(sh))
        return err_set(err, ERR_BUSY, "the run has begun; abort ends it");
    return shell_plan_at_hand(sh) || has_no_plan(err);
}

bool shell_find_statement(struct shell *sh, const char *text, struct position *out, struct err *err)
{
    const struct plan *plan =
        shell_is_running(sh) ? link_plan(sh->work->link) : shell_plan_at_hand(sh);
    char *end = NULL;
    if (!plan)
        return has_no_plan(err);
    *out = shell_is_running(sh) ? shell_current(sh->work) : (struct position){0};
    if (text) {
        unsigned long first = strtoul(text, &end, 10), second = 0;
        bool two = *end == '.';
        if (two)
            second = strtoul(end + 1, &end, 10);
        if (*end || first == 0 || (two && second == 0))
            return err_set(err, ERR_USAGE, "a statement is a number, or step.number, not '%s'",
                           text);
        *out = two ? (struct position){first - 1, second - 1}
                   : (struct position){out->step, first - 1};
    }
    if (out->step >= plan->steps.len || out->statement >= plan->steps.at[out->step].statements.len)
        return err_set(err, ERR_USAGE, "the plan has no statement %zu.%zu", out->step + 1,
                       out->statement + 1);
    return true;
}

/* -- making one ---------------------------------------------------------------------------------
 */

/* The scope of set, unless the line says one, or a file does. */
static void choose_scope(struct shell *sh, struct cli *cli, enum plan_verb verb)
{
    const char *scope = map_get(&sh->settings, "scope");
    if (cli_given(cli, OPTION_SCOPE) || cli_given(cli, OPTION_PLAN) || verb == PLAN_STAMP)
        return;
    cli->args.given[OPTION_SCOPE] = true;
    vec_push(cli->arena, &cli->args.values[OPTION_SCOPE],
             scope ? scope : plan_scope_name(PLAN_SCOPE_REVISION));
}

/* What became of the edits of the plan before; that plan is gone then. */
static void carry_edits(struct shell *sh, struct shell_work *work)
{
    struct plan *old = shell_plan_at_hand(sh);
    size_t lost = 0, kept = 0;
    if (old && plan_is_edited(old))
        kept = plan_edit_carry(work->made.plan->arena, old, work->made.plan, &lost);
    if (kept)
        cli_printf(&work->cli, "edits of %s are kept\n",
                   plan_count(work->cli.arena, kept, "revision"));
    if (lost)
        cli_warn(&work->cli, "edits of %s are dropped: what they render has changed",
                 plan_count(work->cli.arena, lost, "revision"));
    shell_work_free(sh);
    sh->work = work;
}

/* Makes a plan with a command of its own, which it takes over; request NULL: whichever way. */
static bool make(struct shell *sh, struct cli *cli, const struct migrate_request *request,
                 struct err *err)
{
    if (shell_is_running(sh))
        return err_set(err, ERR_BUSY, "a run is active; abort ends it, detach leaves it");
    if (cli_given(cli, OPTION_JSON)) {
        err_set(err, ERR_USAGE, "what the shell tells of a run is text");
        return err_hint(err, "retort attach --json follows it in another terminal");
    }
    struct shell_work *work = mem_zalloc(sizeof(*work));
    const char *file = cli_value(cli, OPTION_PLAN);
    work->cli = *cli;
    choose_scope(sh, &work->cli, request ? request->plan.verb : PLAN_UPGRADE);
    if (request)
        work->request = *request;
    shell_wait_begin(sh);
    bool made = cli_open(&work->cli, NEEDS_PROJECT, err) &&
                (!request ? migrate_plan_either(&work->cli, &work->made, err)
                 : file   ? migrate_plan_file(&work->cli, &work->request, file, &work->made, err)
                          : migrate_plan(&work->cli, &work->request, NULL, &work->made, err));
    if (!shell_wait_end(sh, made, err)) {
        if (made)
            plan_clear(work->made.plan);
        *cli = work->cli;
        mem_free(work);
        return false;
    }
    *cli = (struct cli){.process = sh->cli->process, .arena = arena_new(), .log = sh->log,
                        .cancel = &sh->cancel, .settings = &sh->settings};
    carry_edits(sh, work);
    return true;
}

/*
 * Nothing to do: then there is nothing to keep either. make() has left a plan; gcc -O2 cannot know.
 */
static bool is_idle(struct shell *sh, struct cli *cli)
{
    const struct plan *plan = sh->work->made.plan;
    if (!plan || plan->steps.len || plan->create_version_table)
        return false;
    cli_print(cli, "nothing to do: the database is there already\n");
    shell_work_free(sh);
    return true;
}

/* -- asking, and arming -------------------------------------------------------------------------
 */

/* What is shown before the question, and with a flag that answers it too. False: cancelled. */
static bool print_summary(struct shell *sh, struct cli *cli, struct err *err)
{
    const struct shell_work *work = sh->work;
    const struct cli_rows *now = &work->made.now;
    struct database_url url = *work->made.url;
    const struct preview_source source = {
        .url = work->made.url, .log = &work->cli.log, .interrupt = sh->cancel.fd};
    struct plan_table_rows_list tables = {0};
    struct err ignored = ERR_INIT;
    struct str text = STR_IN(cli->arena);
    if (now->server.database)
        url.database = now->server.database;
    /* How many rows are lost is good to know; that they are is said without it. */
    shell_wait_begin(sh);
    bool counted = plan_loss_rows(cli->arena, work->made.plan, &source, &tables, &ignored);
    err_clear(&ignored);
    if (!shell_wait_end(sh, true, err))
        return false;
    plan_summary(work->made.plan, url_label(cli->arena, &url), counted ? &tables : NULL, &text);
    cli_print(cli, text.ptr);
    fflush(cli->process->out);
    return true;
}

static bool look_for_broken(struct shell *sh, struct err *err)
{
    struct shell_work *work = sh->work;
    bool stamps = work->made.plan->verb == PLAN_STAMP;
    shell_wait_begin(sh);
    bool ok = migrate_after_broken(&work->cli, &work->made, stamps, err);
    return shell_wait_end(sh, ok, err);
}

/* The guards of ui.md, with the answers of the line that was typed, and then the run. */
static bool ask_and_arm(struct shell *sh, struct cli *asked, struct err *err)
{
    struct shell_work *work = sh->work;
    struct plan *plan = work->made.plan;
    const struct cli_rows *now = &work->made.now;
    bool name = plan->verb == PLAN_DOWNGRADE || plan_loses(plan);
    if (!plan_is_runnable(plan, err) ||
        !shell_may_write(sh, &work->cli, work->made.url, now->server.database, err) ||
        !look_for_broken(sh, err) || !print_summary(sh, asked, err))
        return false;
    const char *action = arena_printf(asked->arena, "%s to %s", plan_verb_name(plan->verb),
                                      plan->target ? plan->target : "");
    return shell_confirm(sh, asked, name ? CONFIRM_NAME : CONFIRM_YES, action,
                         now->server.database, now->server.host, err) &&
           shell_arm(sh, err);
}

/* The answers of a line, kept when its command becomes the plan's own. */
static bool plan_and_ask(struct shell *sh, struct cli *cli, const struct migrate_request *request,
                         struct err *err)
{
    if (!make(sh, cli, request, err))
        return false;
    if (is_idle(sh, cli))
        return true;
    cli->args.given[OPTION_YES] = cli_given(&sh->work->cli, OPTION_YES);
    cli->args.given[OPTION_CONFIRM] = cli_given(&sh->work->cli, OPTION_CONFIRM);
    if (cli_given(cli, OPTION_CONFIRM))
        vec_push(cli->arena, &cli->args.values[OPTION_CONFIRM],
                 arena_strdup(cli->arena, cli_value(&sh->work->cli, OPTION_CONFIRM)));
    return ask_and_arm(sh, cli, err);
}

/* upgrade, downgrade */
static bool migrate_to(struct shell *sh, struct cli *cli, enum plan_verb verb, struct err *err)
{
    const char *target = cli->args.positionals.len ? cli->args.positionals.at[0] : NULL;
    const struct migrate_request request = {
        .command = plan_verb_name(verb), .plan.verb = verb, .plan.target = target};
    if (target && strchr(target, ':'))
        return err_set(err, ERR_COMMAND, "Range revision not allowed");
    return plan_and_ask(sh, cli, &request, err);
}

bool shell_upgrade(struct shell *sh, struct cli *cli, struct err *err)
{
    return migrate_to(sh, cli, PLAN_UPGRADE, err);
}

bool shell_downgrade(struct shell *sh, struct cli *cli, struct err *err)
{
    return migrate_to(sh, cli, PLAN_DOWNGRADE, err);
}

bool shell_stamp(struct shell *sh, struct cli *cli, struct err *err)
{
    struct migrate_request request = {.command = "stamp", .plan.verb = PLAN_STAMP};
    request.plan.purge = cli_given(cli, OPTION_PURGE);
    for (size_t i = 0; i < cli->args.positionals.len; i++)
        vec_push(cli->arena, &request.plan.targets, cli->args.positionals.at[i]);
    return plan_and_ask(sh, cli, &request, err);
}

bool shell_run(struct shell *sh, struct cli *cli, struct err *err)
{
    return is_prepared(sh, err) && ask_and_arm(sh, cli, err);
}

/* -- showing ------------------------------------------------------------------------------------
 */

bool shell_plan(struct shell *sh, struct cli *cli, struct err *err)
{
    struct timeouts timeouts;
    struct str text = STR_INIT;
    if (!make(sh, cli, NULL, err))
        return false;
    struct cli *own = &sh->work->cli;
    if (!timeouts_read(own->arena, own->config, &timeouts, err) || is_idle(sh, cli))
        return err->code == ERR_NONE;
    plan_text(cli->arena, sh->work->made.plan, &timeouts, &text);
    cli_print(cli, text.ptr);
    str_clear(&text);
    return true;
}

/* The plan at hand as a script. */
static bool write_script(struct shell *sh, struct cli *cli, struct str *out, struct err *err)
{
    struct timeouts timeouts;
    const struct plan *plan =
        shell_is_running(sh) ? link_plan(sh->work->link) : shell_plan_at_hand(sh);
    if (!plan)
        return has_no_plan(err);
    return cli_open(cli, NEEDS_CONFIG, err) &&
           timeouts_read(cli->arena, cli->config, &timeouts, err) &&
           plan_script(cli->arena, plan, &timeouts, out, err);
}

bool shell_sql(struct shell *sh, struct cli *cli, struct err *err)
{
    struct str text = STR_INIT;
    const char *of = cli->args.positionals.len ? cli->args.positionals.at[0] : NULL;
    if (!of && !sh->work)
        of = sh->selected;
    if (of)
        return shell_pass(sh, (const char *const[]){"render", of}, 2);
    bool ok = write_script(sh, cli, &text, err);
    if (ok)
        cli_print_sql(cli, text.ptr);
    str_clear(&text);
    return ok;
}

bool shell_write(struct shell *sh, struct cli *cli, struct err *err)
{
    struct str text = STR_INIT;
    if (!cli->args.positionals.len)
        return err_set(err, ERR_USAGE, "to which file?");
    const char *path = cli->args.positionals.at[0];
    bool ok = write_script(sh, cli, &text, err) &&
              file_write(path, text.ptr, text.len, SCRIPT_MODE, false, err);
    if (ok)
        cli_printf(cli, "%zu bytes written to %s\n", text.len, path);
    str_clear(&text);
    return ok;
}

/* -- breakpoints --------------------------------------------------------------------------------
 */

static size_t find_breakpoint(const struct shell_work *work, struct position at)
{
    size_t i = 0;
    while (i < work->breakpoints.len && (work->breakpoints.at[i].step != at.step ||
                                         work->breakpoints.at[i].statement != at.statement))
        i++;
    return i;
}

static void list_breakpoints(struct shell *sh, struct cli *cli, const struct plan *plan)
{
    size_t count = 0;
    for (size_t s = 0; s < plan->steps.len; s++)
        for (size_t i = 0; i < plan->steps.at[s].statements.len; i++) {
            struct position at = {s, i};
            bool set = shell_is_running(sh)
                           ? link_has_breakpoint(sh->work->link, at)
                           : find_breakpoint(sh->work, at) < sh->work->breakpoints.len;
            if (set)
                cli_printf(cli, "%zu.%zu\n", s + 1, i + 1);
            count += set;
        }
    if (!count)
        cli_print(cli, "no breakpoints\n");
}

bool shell_break(struct shell *sh, struct cli *cli, struct err *err)
{
    struct position at;
    const char *text = cli->args.positionals.len ? cli->args.positionals.at[0] : NULL;
    if (!shell_find_statement(sh, text, &at, err))
        return false;
    struct shell_work *work = sh->work;
    if (!text) {
        list_breakpoints(sh, cli, work->link ? link_plan(work->link) : work->made.plan);
        return true;
    }
    if (work->link)
        return link_break(work->link, at, !link_has_breakpoint(work->link, at), err) &&
               shell_drive(sh, err);
    size_t i = find_breakpoint(work, at);
    bool on = i == work->breakpoints.len;
    if (on)
        vec_push(work->cli.arena, &work->breakpoints, at);
    else
        vec_remove(&work->breakpoints, i);
    cli_printf(cli, "%s statement %zu.%zu\n", on ? "stops before" : "does not stop before",
               at.step + 1, at.statement + 1);
    return true;
}

/* -- edits: kept, dropped -----------------------------------------------------------------------
 */

bool shell_save(struct shell *sh, struct cli *cli, struct err *err)
{
    struct plan *plan = shell_plan_at_hand(sh);
    if (!plan)
        return has_no_plan(err);
    if (!cli->args.positionals.len)
        return err_set(err, ERR_USAGE, "the edit of which revision?");
    /* With the project that it was planned from, and the answers of this line. */
    const struct args planned = sh->work->cli.args;
    shell_line_flush(sh->line);
    sh->work->cli.args = cli->args;
    bool ok = plan_edit_save(&sh->work->cli, plan, cli->args.positionals.at[0], err);
    sh->work->cli.args = planned;
    return ok;
}

bool shell_revert(struct shell *sh, struct cli *cli, struct err *err)
{
    if (!is_prepared(sh, err))
        return false;
    struct plan *plan = sh->work->made.plan;
    const struct cli_rows *now = &sh->work->made.now;
    if (!plan_is_edited(plan)) {
        cli_print(cli, "nothing was edited\n");
        return true;
    }
    if (!shell_confirm(sh, cli, CONFIRM_YES, "drop the edits of the plan", now->server.database,
                       now->server.host, err))
        return false;
    for (size_t i = 0; i < plan->steps.len; i++)
        plan_edit_undo(plan->arena, plan, i);
    sh->work->breakpoints.len = 0;
    cli_print(cli, "the plan is as it was rendered\n");
    return true;
}
