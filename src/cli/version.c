#include "config.h"

#include "cli/version.h"

#include <jansson.h>
#include <stdio.h>

#include "cli/cli.h"
#include "postgres/connection.h"
#include "sql/parse.h"

void version_print(struct cli *cli)
{
    FILE *out = cli->process->out;
    int libpq = connection_library_version();
    fprintf(out, "%s\n", PACKAGE_STRING);
    fprintf(out, "libpq %d.%d\n", libpq / 10000, libpq % 10000);
    fprintf(out, "libpg_query, grammar of PostgreSQL %s\n", sql_grammar_version);
    if (cli->process->console_library)
        fprintf(out, "%s\n", cli->process->console_library);
    fprintf(out, "jansson %s\n", jansson_version_str());
    fprintf(out, "inih %s\n", INIH_VERSION);
}
