/* render --live: what a revision would do to the database now, with what it asks. */
#ifndef CLI_RENDER_LIVE_H
#define CLI_RENDER_LIVE_H

#include <stdbool.h>

#include "alembic/revision.h"

struct cli;
struct err;

/* Prints one direction. False: the database cannot be asked. */
bool render_live(struct cli *cli, const struct revision_header *header, enum direction direction,
                 struct err *err);

#endif
