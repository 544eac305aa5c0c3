/* Writing a new revision file from the command line: what revision and merge have in common. */
#ifndef CLI_NEW_REVISION_H
#define CLI_NEW_REVISION_H

#include <stdbool.h>

#include "run/draft.h"

struct cli;
struct err;

/* What the options of the command say; heads are the caller's. */
void new_revision_request(struct cli *cli, struct draft_request *out);

/*
 * Makes, renders, writes and checks the file, and says so as Alembic does. bodies NULL: env.py was
 * not run. The project's revisions are in cli->graph afterwards, the new one among them.
 */
bool new_revision_write(struct cli *cli, const struct draft_request *request,
                        const struct draft_bodies *bodies, struct err *err);

#endif
