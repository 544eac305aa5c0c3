/*
 * Differences as `alembic check` prints them: a Python list of tuples, objects by their repr()
 * (spec/cli.md, section 5.7). Addresses of objects, which differ from run to run, are 0x0.
 */
#ifndef AUTOGENERATE_TUPLES_H
#define AUTOGENERATE_TUPLES_H

#include "autogenerate/difference.h"
#include "base/str.h"

struct arena;

/* Appends "[('add_table', ...), ...]": what Alembic detects of them. */
void tuples_add(struct arena *a, const struct differences *all, struct str *out);

#endif
