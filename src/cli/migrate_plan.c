#include "config.h"

#include "base/err.h"
#include "cli/migrate.h"
#include "cli/open.h"

/* The scope that --scope asks for, else env.py's. */
static bool find_scope(struct cli *cli, struct plan_request *request, struct err *err)
{
    const char *given = cli_value(cli, OPTION_SCOPE);
    request->scope = plan_default_scope(&cli->project->env);
    request->scope_chosen = given != NULL;
    if (!given || plan_scope_parse(given, &request->scope))
        return true;
    return err_set(err, ERR_USAGE, "argument --scope: 'revision' or 'run', not '%s'", given);
}

bool migrate_plan(struct cli *cli, const struct migrate_request *request,
                  const struct cli_rows *rows, struct migrate_plan *out, struct err *err)
{
    const struct env_command command = {
        .name = request->command,
        .tag = cli_value(cli, OPTION_TAG),
        .destination = request->plan.target,
    };
    struct plan_request wanted = request->plan;
    struct env_script env;
    *out = (struct migrate_plan){0};
    if (!cli_run_env(cli, &command, &env, err) || !cli_env_is_honoured(cli, err) ||
        !cli_find_url(cli, &out->url, err))
        return false;
    if (rows)
        out->now = *rows;
    if ((!rows && !cli_read_rows(cli, &out->now, err)) || !cli_open(cli, NEEDS_GRAPH, err) ||
        !find_scope(cli, &wanted, err))
        return false;
    wanted.version_table_exists = out->now.exists;
    wanted.rows = out->now.rows;
    wanted.database = plan_database_of(&out->now.server);
    wanted.env = &env;
    if (!plan_make(cli->arena, cli->project, cli->graph, &wanted, &out->plan, err))
        return false;
    if (out->plan->warning)
        cli_warn(cli, "%s", out->plan->warning);
    return true;
}
