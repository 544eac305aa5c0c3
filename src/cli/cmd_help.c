#include "config.h"

#include "base/err.h"
#include "cli/cli.h"
#include "cli/suggest.h"
#include "cli/usage.h"

bool cmd_help(struct cli *cli, struct err *err)
{
    const struct command *command = NULL;
    if (cli->args.positionals.len) {
        const char *name = cli->args.positionals.at[0];
        command = command_find(name);
        if (!command) {
            err_set(err, ERR_USAGE, "no such command: '%s'", name);
            const char *near = suggest_command(name);
            return near ? err_hint(err, "did you mean '%s'?", near) : false;
        }
    }
    cli_print(cli, usage_help(cli->arena, command));
    return true;
}
