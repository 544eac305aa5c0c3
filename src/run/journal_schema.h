/*
 * The schema of the journal in the database: whether it can be used, and the SQL that makes it and
 * brings it up to date. Pure, but for the reading of the revisions that this program carries
 * (migrations/versions): they are revision files as any project has them, read, rendered and kept
 * in a version table by the same code as those of a project.
 */
#ifndef RUN_JOURNAL_SCHEMA_H
#define RUN_JOURNAL_SCHEMA_H

#include <stdbool.h>

#include "base/err.h"
#include "postgres/database.h"

struct alembic_project;
struct arena;
struct config;
struct result;

/* Its name: journal_schema of [retort], "retort" where that says nothing; "": none is wanted.
 * False: the setting cannot be read. */
bool journal_schema_name(struct arena *a, const struct config *config, const char **out,
                         struct err *err);

/* Whether a table is one of the journal's: no comparison shows those. */
bool journal_schema_has(const char *table);

/* Its version table. */
struct version_table journal_schema_table(const char *schema);

/* What there is; one row. Parameters: the schema, the name of its version table. */
extern const char journal_schema_find_sql[];
enum { JOURNAL_SCHEMA_PARAMS = 2 };

struct journal_schema_found {
    bool exists, is_versioned; /* the schema; its version table */
};

/*
 * Takes the row in. NULL: it can be used, or be made. Else why not, in words (in the arena), with
 * what to do about it.
 */
const char *journal_schema_check(struct arena *a, const char *schema, const struct result *row,
                                 struct journal_schema_found *out);

/*
 * Why the project does not want it: env.py has Alembic look into all schemas, and include_name lets
 * this one through, so that `alembic check` would want to drop the journal. NULL: it does not mind.
 */
const char *journal_schema_unwanted(struct arena *a, const struct alembic_project *project,
                                    const char *schema);

/*
 * What brings it up to date, as one text that is one transaction; NULL: it is. rows: of its version
 * table. False, ERR_STALE: they are of a newer program.
 */
bool journal_schema_upgrade(struct arena *a, const char *schema,
                            const struct journal_schema_found *found, const struct name_list *rows,
                            const char **sql, struct err *err);

#endif
