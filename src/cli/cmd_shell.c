/* shell: the line console, and its loop over lines. */
#include "config.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/str.h"
#include "cli/shell.h"
#include "run/link.h"
#include "run/plan_edit.h"

volatile sig_atomic_t shell_interrupts, shell_terminated, shell_blind;

/*
 * While the server is waited for without a look at anything else Ctrl-C gives that up; where the
 * server does not answer even then, the second one after that is the way out.
 */
static void on_interrupt(int number)
{
    static const char warning[] = "\nretort: waiting for the server; Ctrl-C again leaves\n";
    shell_interrupts++;
    if (cancel_raise())
        return;
    if (shell_blind == 1) {
        ssize_t written = write(STDERR_FILENO, warning, sizeof(warning) - 1);
        (void)written;
    } else if (shell_blind) {
        signal(number, SIG_DFL);
        raise(number);
    }
    shell_blind = shell_blind ? 2 : 0;
}

static void on_terminate(int number)
{
    shell_terminated = number;
    cancel_raise();
}

void shell_wait_begin(struct shell *sh)
{
    cancel_begin(&sh->cancel);
    shell_blind = 1;
}

bool shell_wait_end(struct shell *sh, bool ok, struct err *err)
{
    shell_blind = 0;
    ok = cancel_end(&sh->cancel, ok, err);
    if (sh->interactive)
        sh->seen = shell_interrupts;
    return ok;
}

struct caught {
    struct sigaction interrupt, terminate, hang_up;
};

/* Without SA_RESTART: a signal ends a wait. */
static void catch_signals(struct caught *old)
{
    struct sigaction action = {.sa_handler = on_interrupt};
    sigemptyset(&action.sa_mask);
    shell_interrupts = shell_terminated = 0;
    sigaction(SIGINT, &action, &old->interrupt);
    action.sa_handler = on_terminate;
    sigaction(SIGTERM, &action, &old->terminate);
    sigaction(SIGHUP, &action, &old->hang_up);
}

static void release_signals(const struct caught *old)
{
    sigaction(SIGINT, &old->interrupt, NULL);
    sigaction(SIGTERM, &old->terminate, NULL);
    sigaction(SIGHUP, &old->hang_up, NULL);
}

/* -- leaving ------------------------------------------------------------------------------------
 */

static bool may_leave_run(struct shell *sh)
{
    bool here = link_is_here(sh->work->link);
    char answer =
        shell_ask(sh, here ? "a run is on; a: roll back what is open, stop, and leave; "
                             "anything else stays: "
                           : "a run is on; d: leave it to its worker; a: roll back what is "
                             "open, stop, and leave; anything else stays: ");
    if (answer == 'a')
        shell_end_run(sh);
    else if (answer == 'd' && !here)
        shell_leave_run(sh);
    return !shell_is_running(sh);
}

bool shell_quit(struct shell *sh, struct cli *cli, struct err *err)
{
    (void)cli;
    const struct plan *plan = shell_plan_at_hand(sh);
    if (shell_is_running(sh) && !sh->interactive) {
        err_set(err, ERR_BUSY, "a run is active");
        return err_hint(err, "abort, stop or detach before q");
    }
    sh->leaves = shell_is_running(sh) ? may_leave_run(sh)
                 : sh->interactive && plan && plan_is_edited(plan)
                     ? shell_ask(sh, "the edits of the plan are lost; leave? [y/N] ") == 'y'
                     : true;
    return true;
}

bool shell_quit_now(struct shell *sh, struct cli *cli, struct err *err)
{
    (void)cli;
    (void)err;
    shell_end_run(sh);
    sh->leaves = true;
    return true;
}

/*
 * The input is at its end. On a terminal Ctrl-D asks; a second one, or none there any more, leaves.
 */
static int at_end(struct shell *sh)
{
    enum { EXIT_ERROR = 1 };
    struct err err = ERR_INIT;
    if (sh->interactive &&
        (!shell_is_running(sh) || may_leave_run(sh) || !feof(sh->cli->process->in))) {
        sh->leaves = !shell_is_running(sh);
        return 0;
    }
    sh->leaves = true;
    if (!shell_is_running(sh))
        return 0;
    if (sh->interactive && !link_is_here(sh->work->link)) {
        shell_leave_run(sh);
        return EXIT_ERROR;
    }
    err_set(&err, ERR_CANCELLED,
            "the input ended in the middle of a run, which is rolled back and stopped");
    int status = shell_report(sh->cli, &err);
    err_clear(&err);
    shell_end_run(sh);
    return status;
}

/* SIGTERM, or the terminal is gone: a run in a worker goes on without us. */
static int terminated(struct shell *sh)
{
    sh->leaves = true;
    if (shell_is_running(sh) && !link_is_here(sh->work->link))
        shell_leave_run(sh);
    return 128 + (int)shell_terminated;
}

/* -- the loop -----------------------------------------------------------------------------------
 */

static int take_line(struct shell *sh, const char *line)
{
    int status = 0;
    if (!shell_take(sh, line, &status) && !sh->interactive &&
        !cli_given(sh->cli, OPTION_KEEP_GOING))
        sh->leaves = true;
    return status;
}

/* The status of the first line that failed, where nobody sits there to see it. */
static int run_lines(struct shell *sh)
{
    enum { EXIT_INTERRUPTED = 130 };
    const char *line;
    int first = 0;
    while (!sh->leaves) {
        int status = 0;
        switch (shell_line_read(sh->line, &line)) {
        case LINE_READ:
            status = take_line(sh, line);
            break;
        case LINE_END:
            status = at_end(sh);
            break;
        case LINE_INTERRUPTED:
            status = sh->interactive ? 0 : EXIT_INTERRUPTED;
            sh->leaves = !sh->interactive;
            break;
        case LINE_TERMINATED:
            break;
        }
        if (shell_terminated)
            return terminated(sh);
        if (shell_interrupts && !sh->interactive)
            return EXIT_INTERRUPTED;
        if (!first && (!sh->interactive || sh->leaves))
            first = status;
        fflush(sh->cli->process->out);
    }
    return first;
}

static void greet(struct shell *sh)
{
    cli_print(sh->cli, "retort shell: help lists the verbs, q leaves\n");
    shell_look(sh);
    if (sh->place->err.code != ERR_NONE)
        shell_report(sh->cli, &sh->place->err);
}

bool cmd_shell(struct cli *cli, struct err *err)
{
    const struct cli_process *p = cli->process;
    struct caught old;
    if (cli_given(cli, OPTION_JSON)) {
        err_set(err, ERR_USAGE, "the shell answers in text");
        return err_hint(err, "commands in it take --json");
    }
    struct shell sh = {
        .cli = cli,
        .interactive = p->in_is_terminal && (p->out_is_terminal || p->errors_is_terminal),
        .settings = MAP_IN(cli->arena),
    };
    sh.log = (struct log){shell_log_line_add, &sh};
    cancel_init(&sh.cancel);
    catch_signals(&old);
    sh.line = shell_line_new(&sh);
    if (sh.interactive)
        greet(&sh);
    cli->exit_code = run_lines(&sh);
    shell_end_run(&sh);
    shell_work_free(&sh);
    shell_place_free(sh.place);
    shell_line_free(sh.line);
    shell_log_free(&sh);
    release_signals(&old);
    cancel_clear(&sh.cancel);
    return true;
}
