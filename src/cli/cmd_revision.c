/* revision and merge: new revision files (spec/cli.md, sections 5.4 and 5.5). */
#include "config.h"

#include "autogenerate/write.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "cli/cli.h"
#include "cli/new_revision.h"
#include "cli/open.h"
#include "config/config.h"

/* What stands in both functions where env.py was run and nothing is to be done. */
static bool empty_bodies(struct cli *cli, struct draft_bodies *out, struct err *err)
{
    const struct op_list none = {0};
    const struct write_options options = {0};
    struct str body = STR_IN(cli->arena);
    if (!write_body(cli->arena, &none, &options, &out->imports, &body, err))
        return false;
    out->upgrades = out->downgrades = body.ptr;
    return true;
}

bool cmd_revision(struct cli *cli, struct err *err)
{
    struct draft_request request;
    struct draft_bodies bodies = {0};
    struct env_script env;
    bool autogenerate = cli_given(cli, OPTION_AUTOGENERATE), sql = cli_given(cli, OPTION_SQL);
    if (autogenerate && sql)
        return err_set(err, ERR_COMMAND, "Using --sql with --autogenerate does not make any sense");
    if (sql && !cli->config->revision_environment)
        return err_set(err, ERR_COMMAND,
                       "Using --sql with the revision command when revision_environment is not "
                       "configured does not make any sense");
    new_revision_request(cli, &request);
    if (cli_given(cli, OPTION_HEAD))
        vec_push(cli->arena, &request.heads, cli_value(cli, OPTION_HEAD));
    if (!cli->config->revision_environment)
        return new_revision_write(cli, &request, NULL, err);
    return cli_run_env(cli, &(struct env_command){.name = "revision", .offline = sql}, &env, err) &&
           empty_bodies(cli, &bodies, err) && new_revision_write(cli, &request, &bodies, err);
}

bool cmd_merge(struct cli *cli, struct err *err)
{
    struct draft_request request;
    struct env_script env;
    new_revision_request(cli, &request);
    for (size_t i = 0; i < cli->args.positionals.len; i++)
        vec_push(cli->arena, &request.heads, cli->args.positionals.at[i]);
    if (cli->config->revision_environment &&
        !cli_run_env(cli, &(struct env_command){.name = "merge"}, &env, err))
        return false;
    return new_revision_write(cli, &request, NULL, err);
}
