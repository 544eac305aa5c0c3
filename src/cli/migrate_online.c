#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/err.h"
#include "cli/cancel.h"
#include "cli/confirm.h"
#include "cli/json.h"
#include "cli/migrate.h"
#include "cli/open.h"
#include "config/config.h"
#include "run/journal_schema.h"
#include "run/link.h"
#include "run/resume_check.h"
#include "run/plan_asked.h"
#include "run/plan_edit.h"
#include "run/plan_stale.h"
#include "run/plan_summary.h"
#include "run/plan_text.h"
#include "sql/parse.h"

enum { ADVISORY_WAIT_MS = 60000, DETACHED_TIMEOUT_MS = 60000 };

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

/* A setting that is true or false. */
static bool boolean(struct cli *cli, const char *key, bool *out, struct err *err)
{
    static const char *const words[] = {"false", "true", "no", "yes", "off", "on", "0", "1"};
    struct config_origin origin;
    const char *text = config_setting(cli->arena, cli->config, key, &origin, err);
    if (!text)
        return err->code == ERR_NONE;
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (strcasecmp(text, words[i]) == 0) {
            *out = i % 2 == 1;
            return true;
        }
    err_set(err, ERR_CONFIG, "%s is neither true nor false: '%s'", key, text);
    return err_at(err, origin.file, origin.line, 0);
}

bool migrate_settings(struct cli *cli, struct runner_settings *out, struct err *err)
{
    bool journal = !cli_given(cli, OPTION_NO_JOURNAL);
    *out = (struct runner_settings){
        .journal_dir = journal ? cli_journal_dir(cli, err) : NULL,
        .operator_name = cli_operator(cli),
        .journal = journal,
        .watch = true,
        .log = &cli->log,
        .project = cli->project,
    };
    if ((journal && !out->journal_dir) ||
        !journal_schema_name(cli->arena, cli->config, &out->journal_schema, err))
        return false;
    if (cli->project)
        out->journal_schema_unwanted =
            journal_schema_unwanted(cli->arena, cli->project, out->journal_schema);
    return timeouts_read(cli->arena, cli->config, &out->timeouts, err) &&
           boolean(cli, "watch", &out->watch, err) &&
           boolean(cli, "allow_pooler", &out->allow_pooler, err) &&
           milliseconds(cli, "advisory_wait", ADVISORY_WAIT_MS, &out->advisory_wait, err);
}

bool migrate_worker_settings(struct cli *cli, const struct runner_settings *run,
                             struct worker_settings *out, struct err *err)
{
    /* Without a journal there is no name to attach to. */
    *out = (struct worker_settings){
        .run = run, .socket_dir = run->journal ? cli_socket_dir(cli, err) : NULL};
    return (out->socket_dir || !run->journal) &&
           milliseconds(cli, "detached_timeout", DETACHED_TIMEOUT_MS, &out->detached_timeout, err);
}

/* What the numbers of a plan cannot promise. */
static const char *live_words(struct arena *a, const struct plan *plan)
{
    size_t open, live = plan_live_steps(plan, &open);
    if (live == 0)
        return "";
    return arena_printf(a, "%s; %zu asking the database as %s", open ? " or more" : "", live,
                        live == 1 ? "it runs" : "they run");
}

/*
 * The guard of a plan: a downgrade, or one that loses data, needs the name of the database; all
 * else that changes something a yes.
 */
static bool confirm_plan(struct cli *cli, const struct migrate_request *request,
                         const struct plan *plan, const struct cli_rows *now, struct err *err)
{
    const char *lost = plan_loses(plan);
    const char *host = now->server.host && *now->server.host && *now->server.host != '/'
                           ? now->server.host
                           : "this machine";
    const char *action =
        request->only_version_table || !plan->steps.len
            ? "create the version table"
            : arena_printf(cli->arena, "%s to %s (%s, %s%s%s%s%s)", request->command, plan->target,
                           plan_count(cli->arena, plan->steps.len, "revision"),
                           plan_count(cli->arena, plan->statement_count, "statement"),
                           live_words(cli->arena, plan), plan_is_edited(plan) ? ", edited" : "",
                           lost ? "; " : "", lost ? lost : "");
    if (!plan->steps.len && !plan->create_version_table)
        return true;
    return confirm_command(cli, plan->verb == PLAN_DOWNGRADE || lost ? CONFIRM_NAME : CONFIRM_YES,
                           action, now->server.database, host, err);
}

static void print_json(struct cli *cli, const struct plan *plan)
{
    json_t *root = json_new(), *steps = json_array();
    for (size_t i = 0; i < plan->steps.len; i++) {
        const struct plan_step *step = &plan->steps.at[i];
        json_t *one = json_object();
        if (step->id)
            json_object_set_new(one, "revision", json_text(step->id));
        json_object_set_new(one, "from", json_text(step->from));
        json_object_set_new(one, "to", json_text(step->to));
        json_object_set_new(one, "statements", json_integer((json_int_t)step->statements.len));
        json_array_append_new(steps, one);
    }
    json_object_set_new(root, "target", json_text(plan->target ? plan->target : ""));
    json_object_set_new(root, "steps", steps);
    json_print(cli, root);
}

/*
 * Several may be started at once, one for each machine of a deployment. The one that finds all done
 * by another has nothing left to do, which is what was wanted.
 */
static bool done_by_another(struct cli *cli, const struct migrate_request *request, struct err *err)
{
    struct err ignored = ERR_INIT;
    struct migrate_plan made;
    if (err->code != ERR_STALE || !migrate_plan(cli, request, NULL, &made, &ignored)) {
        err_clear(&ignored);
        return false;
    }
    bool nothing_left = !made.plan->steps.len && !made.plan->create_version_table;
    plan_clear(made.plan);
    if (!nothing_left)
        return false;
    cli_warn(cli, "another migrator has done it meanwhile: nothing is left to do");
    err_clear(err);
    return true;
}

bool migrate_after_broken(struct cli *cli, const struct migrate_plan *made, bool only_warn,
                          struct err *err)
{
    const struct resume_check check = {
        .journal_dir = cli_journal_dir(cli, err),
        .operator_name = cli_operator(cli),
        .url = made->url,
        .info = &made->now.server,
        .log = &cli->log,
        .interrupt = cancel_fd(cli->cancel),
        .only_look = only_warn,
    };
    struct name_list said;
    if (!check.journal_dir && cli_given(cli, OPTION_NO_JOURNAL)) {
        err_clear(err); /* nowhere to look */
        return true;
    }
    if (!check.journal_dir)
        return false;
    bool ok = resume_before_run(cli->arena, &check, &said, err);
    for (size_t i = 0; i < said.len; i++)
        cli_warn(cli, "%s", said.at[i]);
    if (ok || !only_warn || err->code == ERR_CANCELLED)
        return ok;
    cli_warn(cli, "%s%s%s", err->message, err->hint ? "; " : "", err->hint ? err->hint : "");
    err_clear(err);
    return true;
}

bool migrate_online(struct cli *cli, const struct migrate_request *request, struct err *err)
{
    const char *file = cli_value(cli, OPTION_PLAN);
    struct migrate_plan made;
    if (!(file ? migrate_plan_file(cli, request, file, &made, err)
               : migrate_plan(cli, request, NULL, &made, err)))
        return false;
    struct plan *plan = made.plan;
    bool idle = !plan->steps.len && !plan->create_version_table;
    bool stamps = request->plan.verb == PLAN_STAMP;
    bool ok = plan_is_runnable(plan, err) &&
              migrate_after_broken(cli, &made, stamps, err) &&
              confirm_plan(cli, request, plan, &made.now, err) &&
              (idle || plan_is_the_way(cli->arena, cli->project, plan, err)) &&
              (idle || migrate_run(cli, plan, made.url, NULL, err) ||
               done_by_another(cli, request, err));
    if (ok && cli_given(cli, OPTION_JSON))
        print_json(cli, plan);
    plan_clear(made.plan);
    return ok;
}
