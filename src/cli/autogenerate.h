/* What revision --autogenerate, check and diff have in common: reading what is pending. */
#ifndef CLI_AUTOGENERATE_H
#define CLI_AUTOGENERATE_H

#include <stdbool.h>

#include "run/pending.h"

struct cli;
struct err;

/*
 * Reads models and database and compares them; prints what env.py prints, and what Alembic logs.
 * Tables and classes that were left out are warned about. False: as pending_read(), and, unless
 * outdated is fine, where the database is not at the heads. *out is freed then.
 */
bool autogenerate_read(struct cli *cli, bool outdated_is_fine, struct pending *out,
                       struct err *err);

#endif
