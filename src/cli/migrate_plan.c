#include "config.h"

#include "base/arena.h"
#include "base/err.h"
#include "cli/bridge.h"
#include "cli/cancel.h"
#include "cli/migrate.h"
#include "cli/open.h"
#include "run/plan_file.h"
#include "run/plan_stale.h"
#include "run/preview.h"

/* The scope that --scope asks for, else env.py's. */
static bool find_scope(struct cli *cli, struct plan_request *request, struct err *err)
{
    const char *given = cli_value(cli, OPTION_SCOPE);
    if (request->scope_chosen) /* it is that of a plan file */
        return true;
    request->scope = plan_default_scope(&cli->project->env);
    request->scope_chosen = given != NULL;
    if (!given || plan_scope_parse(given, &request->scope))
        return true;
    return err_set(err, ERR_USAGE, "argument --scope: 'revision' or 'run', not '%s'", given);
}

static bool make_plan(struct cli *cli, const struct migrate_request *request,
                      const struct cli_rows *rows, struct migrate_plan *out, struct err *err)
{
    const struct env_command command = {
        .name = request->command,
        .tag = cli_value(cli, OPTION_TAG),
        .destination = request->plan.target,
    };
    struct plan_request wanted = request->plan;
    struct bridge_consent consent;
    struct env_script env;
    *out = (struct migrate_plan){0};
    if (!cli_run_env(cli, &command, &env, err) || !cli_env_is_honoured(cli, err) ||
        !cli_find_url(cli, &out->url, err))
        return false;
    if (rows)
        out->now = *rows;
    if ((!rows && !cli_read_rows(cli, &out->now, err)) || !cli_open(cli, NEEDS_GRAPH, err) ||
        !find_scope(cli, &wanted, err) || !cli_bridge_consent(cli, &consent, err))
        return false;
    wanted.bridge = &consent;
    wanted.version_table_exists = out->now.exists;
    wanted.rows = out->now.rows;
    wanted.database = plan_database_of(&out->now.server);
    wanted.env = &env;
    const struct preview_source source = {
        .url = out->url, .log = &cli->log, .interrupt = cancel_fd(cli->cancel)};
    wanted.preview = &source;
    return plan_make(cli->arena, cli->project, cli->graph, &wanted, &out->plan, err);
}

bool migrate_plan(struct cli *cli, const struct migrate_request *request,
                  const struct cli_rows *rows, struct migrate_plan *out, struct err *err)
{
    cancel_begin(cli->cancel);
    bool made = make_plan(cli, request, rows, out, err);
    bool ok = cancel_end(cli->cancel, made, err);
    if (made && !ok)
        plan_clear(out->plan);
    if (ok && out->plan->warning)
        cli_warn(cli, "%s", out->plan->warning);
    return ok;
}

/* The plan of the file against what would be planned now. */
static bool check_file_plan(struct cli *cli, const struct migrate_request *request,
                            const struct plan *plan, struct migrate_plan *out, struct err *err)
{
    struct migrate_request again = *request;
    const struct cli_rows now = out->now;
    again.plan.target = plan->target;
    again.plan.scope = plan->scope;
    again.plan.scope_chosen = true;
    if (!plan_is_for(plan, &now.server, err) || !plan_begins_at(cli->arena, plan, &now.rows, err) ||
        !migrate_plan(cli, &again, &now, out, err))
        return false;
    bool same = plan_is_same(plan, out->plan, err) && plan_is_current(plan, err);
    plan_clear(out->plan);
    return same;
}

bool migrate_plan_file(struct cli *cli, const struct migrate_request *request, const char *path,
                       struct migrate_plan *out, struct err *err)
{
    struct plan *plan;
    if (cli->args.positionals.len)
        return err_set(err, ERR_USAGE, "--plan says what is to run: no revision with it");
    *out = (struct migrate_plan){0};
    if (!cli_read_rows(cli, &out->now, err) || !cli_open(cli, NEEDS_GRAPH, err) ||
        !plan_file_read(cli->arena, path, cli->graph, &plan, err))
        return false;
    bool ok = plan->verb == request->plan.verb
                  ? check_file_plan(cli, request, plan, out, err)
                  : err_set(err, ERR_COMMAND, "%s holds a plan to %s: use retort %s --plan", path,
                            plan_verb_name(plan->verb), plan_verb_name(plan->verb));
    out->plan = plan;
    if (!ok)
        plan_clear(plan);
    return ok;
}
