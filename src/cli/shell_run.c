/* The run of the shell: armed, stepped, what can be done after a failure, left and found again. */
#include "config.h"

#include <string.h>

#include "base/arena.h"
#include "base/mem.h"
#include "base/str.h"
#include "cli/bridge.h"
#include "cli/shell.h"
#include "cli/sight.h"
#include "run/link.h"
#include "run/plan_stale.h"
#include "sql/parse.h"

/* -- hearing ------------------------------------------------------------------------------------
 */

static void on_event(const struct run_event *event, void *payload)
{
    struct shell *sh = payload;
    struct shell_work *work = sh->work;
    if (event->kind == RUN_EVENT_REFUSED) {
        err_copy(&work->refused, event->err);
        work->is_ending = false;
        return;
    }
    if (event->kind == RUN_EVENT_STATE && event->state != RUNNER_EXECUTING)
        work->cancels = false;
    if (event->kind == RUN_EVENT_STATEMENT_FAILED) {
        work->has_failed = event->plan_statement != NULL;
        work->failed = (struct position){event->step, event->statement};
    }
    if (event->kind == RUN_EVENT_EDITED)
        return; /* what stands there now is printed by who edits */
    if (sh->at_prompt && !sh->told_at_prompt && sh->interactive)
        cli_print(sh->cli, "\n");
    sh->told_at_prompt = true;
    tell_event(&work->cli, &work->told, work->link, event);
    fflush(sh->cli->process->out);
}

/* Whether it waits because a revision wants something else than was previewed. */
static bool has_changed(const struct link *link)
{
    return link_state(link) == RUNNER_PAUSED && link_err(link)->code != ERR_NONE;
}

static bool can_retry(const struct link *link)
{
    enum runner_state state = link_state(link);
    return state == RUNNER_FAILED ||
           (state == RUNNER_STOPPED && link_err(link)->code == ERR_CONNECT);
}

/* Whether it works, or an order is on its way to it. */
static bool is_busy(const struct shell_work *work)
{
    const struct link *link = work->link;
    bool asks = link_state(link) == RUNNER_PAUSED || can_retry(link);
    return link_is_waiting(link) || work->is_ending || !link_steers(link) || !asks;
}

/* -- driving ------------------------------------------------------------------------------------
 */

/* Ctrl-C: a cancel for the statement, so that the server decides; before there is one, the end. */
static void interrupt(struct shell *sh)
{
    struct shell_work *work = sh->work;
    struct err err = ERR_INIT;
    sh->seen = shell_interrupts;
    bool executing = link_state(work->link) == RUNNER_EXECUTING;
    fprintf(sh->cli->process->errors, executing ? "retort: cancel sent\n" : "retort: stopping\n");
    bool ok = link_order(work->link, executing ? RUNNER_CANCEL : RUNNER_STOP, &err);
    work->cancels = ok && executing;
    work->is_ending = work->is_ending || (ok && !executing);
    if (!ok)
        fprintf(sh->cli->process->errors, "retort: %s\n", err.message);
    err_clear(&err);
}

/* The few lines that mean something while it works; false: to leave it. */
static bool take_typed(struct shell *sh)
{
    const char *line = shell_line_typed(sh->line);
    struct err err = ERR_INIT;
    bool leaves = false;
    if (!line || !*line)
        return true;
    if (str_eq(line, "pause"))
        link_order(sh->work->link, RUNNER_PAUSE, &err);
    else if (str_eq(line, "detach") && !link_is_here(sh->work->link))
        leaves = true;
    else
        fputs("the run works: pause, detach and Ctrl-C are heard, all else is not\n",
              sh->cli->process->errors);
    if (err.code != ERR_NONE)
        fprintf(sh->cli->process->errors, "retort: %s\n", err.message);
    err_clear(&err);
    return !leaves;
}

static bool on_wait(struct link *link, void *payload)
{
    struct shell *sh = payload;
    if (shell_terminated)
        return false;
    if (shell_interrupts != sh->seen) {
        if (!link_steers(link))
            return false; /* who only watches has seen enough */
        interrupt(sh);
    }
    if (!is_busy(sh->work))
        return false;
    if (take_typed(sh))
        return true;
    sh->work->cancels = false;
    shell_leave_run(sh);
    return false;
}

/* The run is over: what it said last, and where the database is now. */
static bool end_run(struct shell *sh, struct err *err)
{
    struct shell_work *work = sh->work;
    bool done = link_state(work->link) == RUNNER_DONE, ordered = work->is_ending;
    if (!done && !ordered)
        err_copy(err, link_err(work->link));
    if (!done && !ordered && err->code == ERR_NONE)
        err_set(err, ERR_CANCELLED, "the run was stopped");
    if (!done && ordered)
        cli_print(&work->cli, "stopped; what is committed stays\n");
    shell_work_free(sh);
    if (sh->interactive)
        shell_look(sh);
    return done || ordered;
}

bool shell_drive(struct shell *sh, struct err *err)
{
    struct shell_work *work = sh->work;
    struct link *link = work->link;
    err_clear(&work->refused);
    do {
        link_drive(link, on_wait, sh);
        if (!shell_is_running(sh))
            return true; /* it was left */
    } while (!shell_terminated && !link_is_over(link) && link_steers(link) && is_busy(work));
    shell_line_flush(sh->line);
    if (link_is_over(link))
        return end_run(sh, err);
    if (work->refused.code != ERR_NONE) {
        err_move(err, &work->refused);
        err->code = err->code == ERR_USAGE ? ERR_BUSY : err->code; /* not of the command line */
    } else if (can_retry(link) || has_changed(link)) {
        err_copy(err, link_err(link));
        if (!err->hint)
            err_hint(err, "moves lists what can be done now");
    }
    return err->code == ERR_NONE;
}

bool shell_hear(struct shell *sh)
{
    struct err err = ERR_INIT;
    sh->told_at_prompt = false;
    link_advance(sh->work->link);
    bool told = sh->told_at_prompt, over = link_is_over(sh->work->link);
    if (over && !end_run(sh, &err))
        shell_report(sh->cli, &err);
    err_clear(&err);
    return told || over;
}

/* -- beginning ----------------------------------------------------------------------------------
 */

static bool set_breakpoints(struct shell_work *work, struct err *err)
{
    for (size_t i = 0; i < work->breakpoints.len; i++)
        if (!link_break(work->link, work->breakpoints.at[i], true, err))
            return false;
    return true;
}

bool shell_arm(struct shell *sh, struct err *err)
{
    struct shell_work *work = sh->work;
    struct cli *cli = &work->cli;
    struct runner_settings *run = ARENA_NEW(cli->arena, struct runner_settings);
    struct worker_settings *worker = ARENA_NEW(cli->arena, struct worker_settings);
    struct plan *plan = work->made.plan;
    shell_wait_begin(sh);
    bool ready = migrate_settings(cli, run, err) &&
                 cli_bridge_settings(cli, plan, work->made.url, &run->bridge, err) &&
                 plan_is_the_way(cli->arena, cli->project, plan, err) &&
                 migrate_worker_settings(cli, run, worker, err);
    if (!shell_wait_end(sh, ready, err))
        return false;
    if (!run->journal)
        cli_warn(cli, "the run is not journalled: should it break off, nobody can say what it did");
    if (!link_start(migrate_place(cli), plan, work->made.url, worker, on_event, sh, &work->link,
                    err) ||
        !set_breakpoints(work, err) || !shell_drive(sh, err))
        return false;
    cli_print(sh->cli, "armed: step executes one statement; step-revision and all go on\n");
    return true;
}

/* -- orders -------------------------------------------------------------------------------------
 */

/* Whether there is a run that can be steered from here. */
static bool steers(const struct shell *sh, struct err *err)
{
    if (!shell_is_running(sh)) {
        err_set(err, ERR_COMMAND, "no run is on");
        return err_hint(err, "upgrade, downgrade and run begin one, attach finds one");
    }
    if (link_steers(sh->work->link))
        return true;
    err_set(err, ERR_BUSY, "somebody else steers the run");
    return err_hint(err, "take takes it over");
}

/* What is refused has nothing to do with how the line was written. */
static bool refused(struct err *err)
{
    err->code = err->code == ERR_USAGE ? ERR_BUSY : err->code;
    return false;
}

static bool give(struct shell *sh, enum runner_order order, struct err *err)
{
    return steers(sh, err) && (link_order(sh->work->link, order, err) || refused(err));
}

static bool order(struct shell *sh, enum runner_order order, struct err *err)
{
    return give(sh, order, err) && shell_drive(sh, err);
}

bool shell_step(struct shell *sh, struct cli *cli, struct err *err)
{
    (void)cli;
    return order(sh, RUNNER_STEP, err);
}

/* The next statement behind the coming one, in its revision, that loses data; false: none. */
static bool find_loss(const struct link *link, struct position *out)
{
    struct position next = link_next(link);
    if (next.step >= link_plan(link)->steps.len)
        return false;
    const struct plan_step *step = &link_plan(link)->steps.at[next.step];
    for (size_t i = next.statement + 1; i < step->statements.len; i++)
        if (!step->statements.at[i].version_row && step->statements.at[i].effect.loses_data) {
            *out = (struct position){next.step, i};
            return true;
        }
    return false;
}

/* One statement after the other till just before a place, as long as all goes well. */
static bool step_up_to(struct shell *sh, struct position end, struct err *err)
{
    for (;;) {
        if (!order(sh, RUNNER_STEP, err))
            return false;
        if (!shell_is_running(sh) || link_state(sh->work->link) != RUNNER_PAUSED)
            return true;
        struct position next = link_next(sh->work->link);
        if (next.step != end.step || next.statement >= end.statement ||
            link_has_breakpoint(sh->work->link, next))
            return true;
    }
}

bool shell_step_revision(struct shell *sh, struct cli *cli, struct err *err)
{
    struct position loss;
    if (!steers(sh, err))
        return false;
    if (!find_loss(sh->work->link, &loss))
        return order(sh, RUNNER_FINISH_REVISION, err);
    if (!step_up_to(sh, loss, err))
        return false;
    if (shell_is_running(sh) && link_next(sh->work->link).statement == loss.statement)
        cli_printf(cli, "stopped before %zu.%zu: %s\n", loss.step + 1, loss.statement + 1,
                   link_plan(sh->work->link)->steps.at[loss.step].statements.at[loss.statement]
                       .effect.loses_data);
    return true;
}

bool shell_all(struct shell *sh, struct cli *cli, struct err *err)
{
    (void)cli;
    return order(sh, RUNNER_RUN_ALL, err);
}

bool shell_pause(struct shell *sh, struct cli *cli, struct err *err)
{
    (void)cli;
    if (!steers(sh, err))
        return false;
    if (!is_busy(sh->work))
        return err_set(err, ERR_COMMAND, "nothing is executing");
    return order(sh, RUNNER_PAUSE, err);
}

bool shell_retry(struct shell *sh, struct cli *cli, struct err *err)
{
    (void)cli;
    return order(sh, RUNNER_RETRY, err);
}

bool shell_undo(struct shell *sh, struct cli *cli, struct err *err)
{
    (void)cli;
    return order(sh, RUNNER_UNDO, err);
}

/* An order that ends the run. */
static bool end_with(struct shell *sh, enum runner_order wanted, struct err *err)
{
    if (!give(sh, wanted, err))
        return false;
    sh->work->is_ending = true;
    return shell_drive(sh, err);
}

bool shell_abort(struct shell *sh, struct cli *cli, struct err *err)
{
    (void)cli;
    bool open = shell_is_running(sh) && link_in_transaction(sh->work->link);
    return end_with(sh, open ? RUNNER_ROLL_BACK : RUNNER_STOP, err);
}

bool shell_stop(struct shell *sh, struct cli *cli, struct err *err)
{
    (void)cli;
    return end_with(sh, RUNNER_STOP, err);
}

/* -- orders that are confirmed ------------------------------------------------------------------
 */

static const char *host_of(const struct shell_work *work)
{
    return work->made.plan ? work->made.now.server.host
                           : json_string_value(json_object_get(link_hello(work->link), "host"));
}

/*
 * To leave a statement out is to say that the database is fine without it (ui.md, "Which guard").
 */
bool shell_skip(struct shell *sh, struct cli *cli, struct err *err)
{
    if (!steers(sh, err))
        return false;
    if (link_state(sh->work->link) != RUNNER_FAILED)
        return err_set(err, ERR_COMMAND, "no statement failed");
    const char *database = link_plan(sh->work->link)->database.name;
    if (!database || !*database)
        return err_set(err, ERR_CONFIRM, "the name of the database, to be typed, is not known");
    return shell_confirm(sh, cli, CONFIRM_NAME, "leave the failed statement out", database,
                         host_of(sh->work), err) &&
           order(sh, RUNNER_SKIP, err);
}

bool shell_accept(struct shell *sh, struct cli *cli, struct err *err)
{
    const char *what = cli->args.positionals.len ? cli->args.positionals.at[0] : "";
    struct sql_effect effect = {0};
    if (!steers(sh, err))
        return false;
    if (*what && !str_eq(what, "all"))
        return err_set(err, ERR_USAGE, "accept, or accept all, not '%s'", what);
    struct link *link = sh->work->link;
    const struct err *why = link_err(link);
    if (!has_changed(link))
        return err_set(err, ERR_COMMAND, "no revision wants anything else than was previewed");
    if (why->statement)
        sql_classify(cli->arena, why->statement, link_plan(link)->database.server_version, &effect);
    if (effect.loses_data &&
        !shell_confirm(sh, cli, CONFIRM_NAME, effect.loses_data, link_plan(link)->database.name,
                       host_of(sh->work), err))
        return false;
    return order(sh, *what ? RUNNER_ACCEPT_ALL : RUNNER_ACCEPT, err);
}

bool shell_edit_run(struct shell *sh, const struct run_edit *edit, struct err *err)
{
    struct err failure = ERR_INIT;
    if (!steers(sh, err))
        return false;
    if (!link_edit(sh->work->link, edit, err))
        return refused(err);
    err_clear(&sh->work->refused);
    /* That the run is where it failed is no news. */
    bool ok =
        shell_drive(sh, &failure) || !shell_is_running(sh) ||
        (sh->work->refused.code == ERR_NONE && failure.code == link_err(sh->work->link)->code);
    if (!ok)
        err_move(err, &failure);
    err_clear(&failure);
    return ok;
}

/* -- moves --------------------------------------------------------------------------------------
 */

bool shell_moves(struct shell *sh, struct cli *cli, struct err *err)
{
    if (!steers(sh, err))
        return false;
    const struct link *link = sh->work->link;
    bool failed = link_state(link) == RUNNER_FAILED, changed = has_changed(link);
    bool undo = link_committed(link).statement == 0;
    cli_printf(cli, "%s%s\n", runner_state_words(link_state(link)),
               link_in_transaction(link) ? ", in transaction" : "");
    if (can_retry(link))
        cli_print(cli, "  retry          from the first statement that is not committed\n");
    if (failed)
        cli_print(cli, "  edit           the failed statement; then retry\n"
                       "  skip           leave the failed statement out\n");
    if (changed)
        cli_print(cli, "  accept [all]   take what the revision wants, and wait before it\n");
    if (!failed && !changed)
        cli_print(cli, "  step           execute one statement\n"
                       "  step-revision  execute to the end of this revision\n"
                       "  all            execute everything to the end\n"
                       "  edit [N]       a statement that has not run\n"
                       "  break [N]      stop before a statement\n");
    if (undo)
        cli_print(cli, "  undo           roll back this revision and wait before it\n");
    cli_print(cli, "  abort          roll back what is open and stop\n"
                   "  stop           stop here; what is committed stays\n");
    if (!link_is_here(link))
        cli_print(cli, "  detach         leave the run to its worker\n");
    return true;
}

/* -- leaving, and coming back -------------------------------------------------------------------
 */

void shell_leave_run(struct shell *sh)
{
    fprintf(sh->cli->process->errors,
            "retort: the run is left to its worker; to see it: attach %s\n",
            link_run_id(sh->work->link));
    shell_work_free(sh);
}

bool shell_detach(struct shell *sh, struct cli *cli, struct err *err)
{
    (void)cli;
    if (!shell_is_running(sh))
        return err_set(err, ERR_COMMAND, "no run is on");
    if (link_is_here(sh->work->link))
        return err_set(err, ERR_COMMAND, "the run is in this process, and ends with it");
    shell_leave_run(sh);
    return true;
}

void shell_end_run(struct shell *sh)
{
    struct err ignored = ERR_INIT;
    if (!shell_is_running(sh))
        return;
    if (!link_steers(sh->work->link) || shell_terminated) {
        shell_work_free(sh); /* in this process that rolls back */
        return;
    }
    struct link *link = sh->work->link;
    end_with(sh, link_in_transaction(link) ? RUNNER_ROLL_BACK : RUNNER_STOP, &ignored);
    err_clear(&ignored);
}

static bool attach_to(struct shell *sh, const char *dir, const char *run, enum client_role role,
                      struct err *err)
{
    struct shell_work *work = sh->work;
    return link_attach(dir, run, role, NULL, &work->cli.log, on_event, sh, &work->link, err);
}

bool shell_attach(struct shell *sh, struct cli *cli, struct err *err)
{
    const char *name = cli->args.positionals.len ? cli->args.positionals.at[0] : "";
    const struct database_url *url;
    struct err locked = ERR_INIT;
    if (shell_is_running(sh))
        return err_set(err, ERR_BUSY, "a run is active here; detach leaves it");
    const char *dir = cli_socket_dir(cli, err);
    const char *run = dir ? sight_choose(cli, dir, name, err) : NULL;
    if (!run || !cli_find_url(cli, &url, err))
        return false;
    bool writes = shell_may_write(sh, cli, url, shell_here(sh)->database, &locked);
    if (!writes)
        cli_warn(cli, "%s: the run is only watched", locked.message);
    err_clear(&locked);
    shell_work_free(sh);
    sh->work = mem_zalloc(sizeof(*sh->work));
    bool ok = shell_begin_plain(sh, &sh->work->cli, err) &&
              attach_to(sh, dir, run, writes ? CLIENT_STEERS : CLIENT_WATCHES, err);
    if (!ok) {
        shell_work_free(sh);
        return false;
    }
    struct link *link = sh->work->link;
    cli_printf(cli, "run %s: %s; %s\n", link_run_id(link), runner_state_words(link_state(link)),
               tell_who_steers(link));
    return !is_busy(sh->work) || shell_drive(sh, err);
}

bool shell_take_over(struct shell *sh, struct cli *cli, struct err *err)
{
    const struct database_url *url;
    if (!shell_is_running(sh))
        return err_set(err, ERR_COMMAND, "no run is on");
    return cli_find_url(cli, &url, err) &&
           shell_may_write(sh, cli, url, shell_here(sh)->database, err) &&
           link_take(sh->work->link, err) && shell_drive(sh, err);
}
