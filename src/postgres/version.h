/*
 * The version table, read (spec/cli.md, section 5.3). Its statements are made in
 * src/run/version_sql.h: they are part of a plan and are shown like any other.
 */
#ifndef POSTGRES_VERSION_H
#define POSTGRES_VERSION_H

#include <stdbool.h>

#include "postgres/database.h"

struct arena;
struct result;

/*
 * SQL that looks for the table: one row (schema, exists). schema is where the table is or, when it
 * is not there, where it would be created; null when the search_path is empty.
 * Parameters: version_find_params().
 */
extern const char version_find_sql[];
enum { VERSION_FIND_PARAMS = 2 };
void version_find_params(const struct version_table *table,
                         const char *params[VERSION_FIND_PARAMS]);

/* SQL that reads the rows, in the order in which the table has them, as Alembic does. */
const char *version_read_sql(struct arena *a, const struct version_table *table);

/* The ids from the answer, in the arena. */
void version_rows(struct arena *a, const struct result *result, struct name_list *rows);

#endif
