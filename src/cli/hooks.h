/* Post-write hooks: programs that the project wants to run on a new file (spec/cli.md, 5.6). */
#ifndef CLI_HOOKS_H
#define CLI_HOOKS_H

#include <stdbool.h>

struct cli;
struct err;

/*
 * Runs them with --run-hooks; otherwise says which ones there are. Their exit status does not
 * matter, as with Alembic.
 */
bool hooks_run(struct cli *cli, const char *path, struct err *err);

#endif
