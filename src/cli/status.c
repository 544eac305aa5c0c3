#include "config.h"

#include "cli/status.h"

#include <stdio.h>

#include "base/arena.h"
#include "cli/cli.h"
#include "cli/report.h"

static bool is_silent(const struct cli *cli)
{
    return cli_given(cli, OPTION_JSON);
}

void status_begin(struct cli *cli, const char *text)
{
    if (is_silent(cli))
        return;
    cli_print(cli, report_wrapped(cli, arena_printf(cli->arena, "%s ...", text)));
    fflush(cli->process->out);
}

bool status_end(struct cli *cli, bool ok)
{
    if (!is_silent(cli))
        cli_print(cli, ok ? "  done\n" : "  FAILED\n");
    return ok;
}
