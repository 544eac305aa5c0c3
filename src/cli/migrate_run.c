/*
 * A run on the command line: in a worker of its own where there is a terminal that can be closed,
 * else in this process; told on the way as Alembic tells it.
 */
#include "config.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "cli/bridge.h"
#include "cli/confirm.h"
#include "cli/logging.h"
#include "cli/migrate.h"
#include "cli/watch_line.h"
#include "run/link.h"
#include "run/script.h"

enum { PROGRESS_EVERY = 2000000 }; /* microseconds */

/* Set by the signal handlers, taken by the loop. */
static volatile sig_atomic_t interrupts, terminated;

static void on_interrupt(int number)
{
    (void)number;
    interrupts++;
}

static void on_terminate(int number)
{
    terminated = number;
}

struct online {
    struct cli *cli;
    sig_atomic_t seen;     /* interrupts that were acted upon */
    bool started;          /* RUNNER_RUN_ALL was given */
    bool cancelling;       /* RUNNER_CANCEL is under way */
    bool roll_back;        /* it was refused: what is open is to be rolled back */
    bool has_failed;       /* the last time it was looked at */
    bool left;             /* to its worker */
    bool changed; /* a revision wants something else than was previewed: to be asked about */
    struct watch_line watch;
    const char *last_wait; /* what was said last about the lock */
    size_t steps;          /* of the plan */
    int64_t told_at;       /* when it was told how many are done, or the run began */
};

/* -- telling ------------------------------------------------------------------------------------
 */

static void print_all(struct cli *cli, const struct revision_prints *prints)
{
    for (size_t i = 0; i < prints->len; i++)
        fputs(prints->at[i].text, cli_beside(cli));
}

/* What Alembic has done to the catalog: all that can be known of it. */
static void tell_difference(struct cli *cli, const struct run_event *event)
{
    FILE *to = cli->process->errors;
    if (event->rows > 0)
        fprintf(to, "what revision %s has changed in the catalog:\n", event->plan_step->id);
    for (const char *p = event->text; *p;) {
        size_t len = strcspn(p, "\n");
        fprintf(to, "%s%.*s\n", event->rows > 0 ? "  " : "", (int)len, p);
        p += len + (p[len] ? 1 : 0);
    }
}

/* How far a long run is, for somebody who looks on. */
static void tell_progress(struct online *o, const struct run_event *event)
{
    const struct cli_process *process = o->cli->process;
    int64_t now = clock_monotonic();
    size_t done = event->step + 1;
    if (!process->errors_is_terminal || now - o->told_at < PROGRESS_EVERY || done >= o->steps)
        return;
    o->told_at = now;
    fprintf(process->errors, "retort: %zu of %zu revisions\n", done, o->steps);
}

static void on_event(const struct run_event *event, void *payload)
{
    struct online *o = payload;
    struct cli *cli = o->cli;
    if (event->past)
        return;
    switch (event->kind) {
    case RUN_EVENT_STEP_STARTED: {
        const char *doc = event->plan_step->doc;
        logging_info(cli, "Running %s%s%s", script_step_name(cli->arena, event->plan_step),
                     *doc ? ", " : "", doc);
        print_all(cli, &event->plan_step->rendering.prints);
        break;
    }
    case RUN_EVENT_STEP_DONE:
        print_all(cli, &event->plan_step->applied.prints);
        tell_progress(o, event);
        break;
    case RUN_EVENT_JOURNAL:
        cli_warn(cli, "%s", event->text);
        break;
    case RUN_EVENT_NOTICE:
        fprintf(cli->process->errors, "%s\n", event->text);
        break;
    case RUN_EVENT_OUTPUT:
        fprintf(cli->process->errors, "alembic: %s\n", event->text);
        break;
    case RUN_EVENT_DIFFERENCE:
        tell_difference(cli, event);
        break;
    case RUN_EVENT_WAITING:
        if (!str_eq(o->last_wait, event->text))
            cli_warn(cli, "%s", event->text);
        o->last_wait = arena_strdup(cli->arena, event->text);
        break;
    case RUN_EVENT_ACTIVITY:
        watch_line_tell(cli, &o->watch, event->activity);
        break;
    case RUN_EVENT_SIGNALLED: /* by one who attached */
        cli_warn(cli, "%s", event->text);
        break;
    case RUN_EVENT_CHANGED:
        o->changed = true;
        break;
    case RUN_EVENT_REFUSED:
        o->roll_back = o->cancelling;
        o->cancelling = false;
        break;
    case RUN_EVENT_STATE:
    case RUN_EVENT_STATEMENT_STARTED:
    case RUN_EVENT_STATEMENT_DONE:
    case RUN_EVENT_STATEMENT_FAILED:
    case RUN_EVENT_STATEMENT_SKIPPED:
    case RUN_EVENT_COMMITTED:
    case RUN_EVENT_ROLLED_BACK:
    case RUN_EVENT_DONE:
    case RUN_EVENT_STOPPED:
    case RUN_EVENT_STEERING:
    case RUN_EVENT_BREAKPOINT:
    case RUN_EVENT_EDITED:
    case RUN_EVENT_QUESTION:
        break;
    }
}

/* -- steering -----------------------------------------------------------------------------------
 */

/* Ctrl-C: first a cancel for the statement, so that the server decides; then the end. */
static void interrupt(struct online *o, struct link *link)
{
    struct err err = ERR_INIT;
    if (interrupts != o->seen) {
        o->seen = interrupts;
        fprintf(o->cli->process->errors, "retort: cancelling\n");
        o->cancelling = link_state(link) == RUNNER_EXECUTING;
        o->roll_back = !o->cancelling || !link_order(link, RUNNER_CANCEL, &err);
        err_clear(&err);
    }
    if (o->roll_back)
        link_order(link, RUNNER_ROLL_BACK, &err);
    o->roll_back = false;
    err_clear(&err);
}

/* What is shown before it is asked about. */
static bool accepts(struct online *o, struct link *link)
{
    struct cli *cli = o->cli;
    const struct err *why = link_err(link);
    const struct plan *plan = link_plan(link);
    const char *database = plan->database.name ? plan->database.name : "";
    const char *host = json_string_value(json_object_get(link_hello(link), "host"));
    struct sql_effect effect = {0};
    struct err err = ERR_INIT;
    bool asks = cli->process->in_is_terminal && cli->process->errors_is_terminal &&
                !cli_given(cli, OPTION_YES) && !cli_given(cli, OPTION_CONFIRM);
    if (!asks)
        return false; /* what was confirmed was something else */
    if (why->statement)
        sql_classify(cli->arena, why->statement, plan->database.server_version, &effect);
    fprintf(cli->process->errors, "retort: %s\n%s\n%s%s", why->message, why->detail,
            effect.loses_data ? effect.loses_data : "", effect.loses_data ? "\n" : "");
    bool ok = confirm(cli, effect.loses_data ? CONFIRM_NAME : CONFIRM_YES,
                      "what the revision does now", database,
                      host && *host && *host != '/' ? host : "this machine", &err);
    err_clear(&err);
    return ok;
}

/* A revision wants something else than was confirmed: asked, or the end. */
static void decide(struct online *o, struct link *link)
{
    struct err err = ERR_INIT;
    if (!o->changed || link_state(link) != RUNNER_PAUSED || !link_steers(link) ||
        link_is_waiting(link))
        return;
    o->changed = false;
    if (!accepts(o, link))
        link_order(link, RUNNER_STOP, &err);
    else if (link_order(link, RUNNER_ACCEPT, &err))
        link_order(link, RUNNER_RUN_ALL, &err);
    err_clear(&err);
}

/* SIGTERM ends a run in this process at the next safe point; one in a worker goes on without us. */
static bool on_wait(struct link *link, void *payload)
{
    struct online *o = payload;
    struct err err = ERR_INIT;
    bool failed = link_state(link) == RUNNER_FAILED;
    if (terminated && !link_is_here(link)) {
        o->left = true;
        return false;
    }
    if (terminated)
        link_stop(link, "terminated (SIGTERM)");
    if (!o->started && link_state(link) == RUNNER_PAUSED && !interrupts)
        o->started = link_order(link, RUNNER_RUN_ALL, &err);
    interrupt(o, link);
    decide(o, link);
    if (failed && o->has_failed && link_steers(link) && !link_is_waiting(link))
        link_order(link, RUNNER_STOP, &err); /* nobody asks what next: the failure is the end */
    o->has_failed = failed;
    err_clear(&err);
    return true;
}

/* What is caught while it runs, and what was there before. */
struct caught {
    struct sigaction interrupt, terminate, hang_up;
};

static void catch_signals(bool here, struct caught *old)
{
    struct sigaction action = {.sa_handler = on_interrupt};
    sigemptyset(&action.sa_mask);
    interrupts = terminated = 0;
    sigaction(SIGINT, &action, &old->interrupt);
    action.sa_handler = on_terminate;
    sigaction(SIGTERM, &action, &old->terminate);
    /* What was confirmed as a whole is carried out, here or in a worker, also without a terminal.
     */
    action.sa_handler = here ? SIG_IGN : SIG_DFL;
    sigaction(SIGHUP, &action, &old->hang_up);
}

static void release_signals(const struct caught *old)
{
    sigaction(SIGINT, &old->interrupt, NULL);
    sigaction(SIGTERM, &old->terminate, NULL);
    sigaction(SIGHUP, &old->hang_up, NULL);
}

/* The first process of a container takes all others with it: a worker would outlive nothing. */
enum link_place migrate_place(const struct cli *cli)
{
    const struct cli_process *p = cli->process;
    bool terminal = p->in_is_terminal || p->out_is_terminal || p->errors_is_terminal;
    bool foreground = !terminal || cli_given(cli, OPTION_FOREGROUND) || getpid() == 1;
    return foreground ? LINK_HERE : LINK_WORKER;
}

bool migrate_run(struct cli *cli, struct plan *plan, const struct database_url *url,
                 const struct run_resumed *resumed, struct err *err)
{
    struct online o = {.cli = cli, .steps = plan->steps.len, .told_at = clock_monotonic()};
    struct runner_settings run;
    struct worker_settings settings;
    struct caught old;
    struct link *link;
    if (!migrate_settings(cli, &run, err) || !cli_bridge_settings(cli, plan, url, &run.bridge, err))
        return false;
    if (resumed)
        run.resumed = *resumed;
    if (!run.journal)
        cli_warn(cli, "the run is not journalled: should it break off, nobody can say what it did");
    if (!migrate_worker_settings(cli, &run, &settings, err) ||
        !link_start(migrate_place(cli), plan, url, &settings, on_event, &o, &link, err))
        return false;
    catch_signals(link_is_here(link), &old);
    bool done = link_drive(link, on_wait, &o);
    release_signals(&old);
    if (o.left) {
        fprintf(cli->process->errors, "retort: the run goes on; to see it: retort attach %s\n",
                link_run_id(link));
        cli->exit_code = 128 + (int)terminated;
    } else if (!done) {
        err_copy(err, link_err(link));
    }
    link_free(link);
    return done || o.left;
}
