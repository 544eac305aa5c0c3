/* "Generating PATH ...  done": what Alembic says while it makes something (spec/cli.md, 1.3). */
#ifndef CLI_STATUS_H
#define CLI_STATUS_H

#include <stdbool.h>

struct cli;

/* Begins the line; what is printed afterwards ends it. Nothing with -q or --json. */
void status_begin(struct cli *cli, const char *text);

/* Ends it, and answers ok again. */
bool status_end(struct cli *cli, bool ok);

#endif
