/*
 * What has changed between two looks at the catalog, in words: all that can be known of a revision
 * that somebody else carried out. Tables, columns, constraints, indexes and types, as the
 * comparison (autogenerate/compare.h) sees them; rows, views, functions, triggers and rights are
 * not looked at. Pure.
 */
#ifndef RUN_CATALOG_CHANGE_H
#define RUN_CATALOG_CHANGE_H

#include <stdbool.h>

#include "base/err.h"
#include "postgres/database.h"
#include "schema/schema.h"

struct arena;

/*
 * Appends a line for each difference: "t.name: added column, VARCHAR(10)". The version table is
 * left out, what it holds is looked at elsewhere. Both schemas must outlive the arena's lines.
 * False: they cannot be compared (ERR_RAISED).
 */
bool catalog_changes(struct arena *a, const struct schema *before, const struct schema *after,
                     const struct version_table *table, struct name_list *out, struct err *err);

#endif
