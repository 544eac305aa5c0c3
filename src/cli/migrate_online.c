#include "config.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "cli/confirm.h"
#include "cli/json.h"
#include "cli/logging.h"
#include "cli/migrate.h"
#include "cli/open.h"
#include "config/config.h"
#include "run/runner.h"
#include "run/script.h"
#include "sql/parse.h"

enum { ADVISORY_WAIT_MS = 60000 };

/* Set by the signal handler, taken by the loop. */
static volatile sig_atomic_t interrupts;

static void on_interrupt(int signal_number)
{
    (void)signal_number;
    interrupts++;
}

struct online {
    struct cli *cli;
    struct runner *runner;
    sig_atomic_t seen;     /* interrupts that were acted upon */
    bool started;          /* RUNNER_RUN_ALL was given */
    const char *last_wait; /* what was said last about the lock */
};

static void print_all(struct cli *cli, const struct revision_prints *prints)
{
    for (size_t i = 0; i < prints->len; i++)
        cli_print_sql(cli, prints->at[i].text);
}

static void on_event(const struct run_event *event, void *payload)
{
    struct online *o = payload;
    struct cli *cli = o->cli;
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
        break;
    case RUN_EVENT_NOTICE:
        fprintf(cli->process->errors, "%s\n", event->text);
        break;
    case RUN_EVENT_WAITING:
        if (!o->last_wait || strcmp(o->last_wait, event->text) != 0)
            cli_warn(cli, "%s", event->text);
        o->last_wait = arena_strdup(cli->arena, event->text);
        break;
    case RUN_EVENT_STATE:
    case RUN_EVENT_STATEMENT_STARTED:
    case RUN_EVENT_STATEMENT_DONE:
    case RUN_EVENT_STATEMENT_FAILED:
    case RUN_EVENT_STATEMENT_SKIPPED:
    case RUN_EVENT_COMMITTED:
    case RUN_EVENT_ROLLED_BACK:
    case RUN_EVENT_DONE:
    case RUN_EVENT_ACTIVITY:
    case RUN_EVENT_SIGNALLED:
    case RUN_EVENT_STOPPED:
    case RUN_EVENT_REFUSED:
    case RUN_EVENT_STEERING:
        break;
    }
}

/* Ctrl-C: first a cancel for the statement, so that the server decides; then the end. */
static void on_wait(struct runner *runner, void *payload)
{
    struct online *o = payload;
    struct err err = ERR_INIT;
    if (!o->started && runner_state(runner) == RUNNER_PAUSED && !interrupts)
        o->started = runner_order(runner, RUNNER_RUN_ALL, &err);
    if (interrupts != o->seen) {
        o->seen = interrupts;
        fprintf(o->cli->process->errors, "retort: cancelling\n");
        if (runner_state(runner) != RUNNER_EXECUTING || !runner_order(runner, RUNNER_CANCEL, &err))
            runner_order(runner, RUNNER_ROLL_BACK, &err);
    }
    err_clear(&err);
}

/* A setting that is a duration. */
static bool milliseconds(struct cli *cli, const char *key, int64_t fallback, int64_t *out,
                         struct err *err)
{
    struct config_origin origin;
    const char *text = config_setting(cli->arena, cli->config, key, &origin, err);
    *out = fallback;
    if (err->code != ERR_NONE)
        return false;
    return timeouts_duration(key, text, out, err) || err_at(err, origin.file, origin.line, 0);
}

bool migrate_settings(struct cli *cli, struct runner_settings *out, struct err *err)
{
    *out = (struct runner_settings){
        .journal_dir = cli_journal_dir(cli, err),
        .operator_name = cli_operator(cli),
        .journal = true,
        .watch = true,
        .log = &cli->log,
    };
    return out->journal_dir && timeouts_read(cli->arena, cli->config, &out->timeouts, err) &&
           milliseconds(cli, "advisory_wait", ADVISORY_WAIT_MS, &out->advisory_wait, err);
}

/* What is lost for good by this plan, in words; NULL: nothing. */
static const char *loses_data(const struct plan *plan)
{
    for (size_t i = 0; i < plan->steps.len; i++)
        for (size_t j = 0; j < plan->steps.at[i].statements.len; j++) {
            const struct plan_statement *s = &plan->steps.at[i].statements.at[j];
            if (!s->version_row && s->effect.loses_data)
                return s->effect.loses_data;
        }
    return NULL;
}

/*
 * The guard of a plan: a downgrade, or one that loses data, needs the name of the database; all
 * else that changes something a yes.
 */
static bool confirm_plan(struct cli *cli, const struct migrate_request *request,
                         const struct plan *plan, const struct cli_rows *now, struct err *err)
{
    const char *lost = loses_data(plan);
    const char *host = now->server.host && *now->server.host && *now->server.host != '/'
                           ? now->server.host
                           : "this machine";
    const char *action =
        request->only_version_table || !plan->steps.len
            ? "create the version table"
            : arena_printf(cli->arena, "%s to %s (%zu %s, %zu %s%s%s)", request->command,
                           plan->target, plan->steps.len,
                           plan->steps.len == 1 ? "revision" : "revisions", plan->statement_count,
                           plan->statement_count == 1 ? "statement" : "statements",
                           lost ? "; " : "", lost ? lost : "");
    if (!plan->steps.len && !plan->create_version_table)
        return true;
    return confirm(cli, plan->verb == PLAN_DOWNGRADE || lost ? CONFIRM_NAME : CONFIRM_YES, action,
                   now->server.database, host, err);
}

static void print_json(struct cli *cli, const struct plan *plan)
{
    json_t *root = json_new(), *steps = json_array();
    for (size_t i = 0; i < plan->steps.len; i++) {
        const struct plan_step *step = &plan->steps.at[i];
        json_t *one = json_object();
        if (step->id)
            json_object_set_new(one, "revision", json_string(step->id));
        json_object_set_new(one, "from", json_string(step->from));
        json_object_set_new(one, "to", json_string(step->to));
        json_object_set_new(one, "statements", json_integer((json_int_t)step->statements.len));
        json_array_append_new(steps, one);
    }
    json_object_set_new(root, "target", json_string(plan->target ? plan->target : ""));
    json_object_set_new(root, "steps", steps);
    json_print(cli, root);
}

static bool run(struct cli *cli, const struct plan *plan, const struct database_url *url,
                struct err *err)
{
    struct online o = {.cli = cli};
    struct runner_settings settings;
    struct sigaction catch = {.sa_handler = on_interrupt}, old_int, old_term;
    if (!migrate_settings(cli, &settings, err) ||
        !runner_start(plan, url, &settings, on_event, &o, &o.runner, err))
        return false;
    sigemptyset(&catch.sa_mask);
    interrupts = 0;
    sigaction(SIGINT, &catch, &old_int);
    sigaction(SIGTERM, &catch, &old_term);
    bool done = runner_drive(o.runner, on_wait, &o);
    sigaction(SIGINT, &old_int, NULL);
    sigaction(SIGTERM, &old_term, NULL);
    if (!done)
        err_copy(err, runner_err(o.runner));
    runner_free(o.runner);
    return done;
}

bool migrate_online(struct cli *cli, const struct migrate_request *request, struct err *err)
{
    struct migrate_plan made;
    if (!migrate_plan(cli, request, NULL, &made, err))
        return false;
    const struct plan *plan = made.plan;
    bool idle = !plan->steps.len && !plan->create_version_table;
    bool ok = plan_is_runnable(plan, err) && confirm_plan(cli, request, plan, &made.now, err) &&
              (idle || run(cli, plan, made.url, err));
    if (ok && cli_given(cli, OPTION_JSON))
        print_json(cli, plan);
    plan_clear(made.plan);
    return ok;
}
