/*
 * The statements that keep the version table, as Alembic executes them (spec/cli.md, section 5.3).
 * Pure; text without final ';'.
 */
#ifndef RUN_VERSION_SQL_H
#define RUN_VERSION_SQL_H

#include <stdbool.h>

#include "base/err.h"
#include "postgres/database.h"
#include "revision/graph.h"

struct arena;

/* CREATE TABLE alembic_version (...). */
const char *version_create_sql(struct arena *a, const struct version_table *table);

/* INSERT, UPDATE or DELETE of one row. */
const char *version_change_sql(struct arena *a, const struct version_table *table,
                               const struct row_change *change);

/*
 * Whether a change hit what it must: UPDATE and DELETE exactly one row. False with Alembic's words
 * ("Online migration expected to match one row when updating ...") as ERR_COMMAND.
 */
bool version_change_check(const struct version_table *table, const struct row_change *change,
                          int64_t affected, struct err *err);

/* Whether both have the same rows, in whatever order. */
bool version_rows_same(const struct name_list *a, const struct name_list *b);

/* The rows after a change; rows is brought up to date, in the arena. */
void version_change_apply(struct arena *a, struct name_list *rows, const struct row_change *change);

#endif
