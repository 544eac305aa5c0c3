/* upgrade, downgrade, stamp, ensure_version (spec/cli.md, sections 4.3 and 5.2). */
#include "config.h"

#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "cli/cli.h"
#include "cli/migrate.h"

/* START:TARGET, which only --sql knows; *start is NULL without a colon. */
static bool split_range(struct cli *cli, const char *text, const char **start, const char **target,
                        struct err *err)
{
    const char *colon = strchr(text, ':');
    *start = NULL;
    *target = text;
    if (!colon)
        return true;
    if (!cli_given(cli, OPTION_SQL))
        return err_set(err, ERR_COMMAND, "Range revision not allowed");
    if (strchr(colon + 1, ':'))
        return err_set(err, ERR_GRAPH, "a range has one colon: '%s'", text);
    *start = arena_strndup(cli->arena, text, (size_t)(colon - text));
    *target = colon + 1;
    return true;
}

static bool migrate(struct cli *cli, const struct migrate_request *request, struct err *err)
{
    return cli_given(cli, OPTION_SQL) ? migrate_offline(cli, request, err)
                                      : migrate_online(cli, request, err);
}

bool cmd_upgrade(struct cli *cli, struct err *err)
{
    struct migrate_request request = {.command = "upgrade", .plan.verb = PLAN_UPGRADE};
    if (cli_given(cli, OPTION_PLAN))
        return migrate_online(cli, &request, err);
    return split_range(cli, cli->args.positionals.at[0], &request.start, &request.plan.target,
                       err) &&
           migrate(cli, &request, err);
}

bool cmd_downgrade(struct cli *cli, struct err *err)
{
    struct migrate_request request = {.command = "downgrade", .plan.verb = PLAN_DOWNGRADE};
    if (cli_given(cli, OPTION_PLAN))
        return migrate_online(cli, &request, err);
    if (!split_range(cli, cli->args.positionals.at[0], &request.start, &request.plan.target, err))
        return false;
    if (cli_given(cli, OPTION_SQL) && !request.start)
        return err_set(err, ERR_COMMAND, "downgrade with --sql requires <fromrev>:<torev>");
    return migrate(cli, &request, err);
}

bool cmd_stamp(struct cli *cli, struct err *err)
{
    struct migrate_request request = {.command = "stamp", .plan.verb = PLAN_STAMP};
    request.plan.purge = cli_given(cli, OPTION_PURGE);
    for (size_t i = 0; i < cli->args.positionals.len; i++) {
        const char *start = NULL, *target = cli->args.positionals.at[i];
        if (cli_given(cli, OPTION_SQL) && !split_range(cli, target, &start, &target, err))
            return false;
        if (start && request.start && strcmp(start, request.start) != 0)
            return err_set(err, ERR_COMMAND,
                           "Stamp operation with --sql only supports a single starting revision "
                           "at a time");
        if (start)
            request.start = start;
        vec_push(cli->arena, &request.plan.targets, target);
    }
    return migrate(cli, &request, err);
}

bool cmd_ensure_version(struct cli *cli, struct err *err)
{
    struct migrate_request request = {
        .command = "ensure_version",
        .only_version_table = true,
        .plan.verb = PLAN_STAMP, /* of nothing */
    };
    return migrate(cli, &request, err);
}
