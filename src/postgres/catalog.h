/*
 * The catalog: what a database holds, as a struct schema.
 *
 * A handful of set-based queries whatever the size, in one REPEATABLE READ, READ ONLY transaction
 * of their own, sent together but for those that depend on the others' answers. They are the rows
 * of catalog_queries.def, for PostgreSQL 12 to 17.
 *
 * What is read is what SQLAlchemy 2.0's reflection reads (spec/autogenerate.md, sections 2 and 3),
 * in the same fields as a model's: tables that the search_path finds have schema NULL, types are
 * those that reflection maps them to, a SERIAL has no default. What reflection drops is beside it
 * (struct relation, and the fields "from a catalog" of schema/table.h).
 *
 * One consistent picture: functions such as pg_get_expr() do not look through the transaction's
 * snapshot, so at the end it is asked whether anything that was read has changed since. Then all is
 * read again, and after CATALOG_TRIES times it is an error.
 *
 * Nothing is left out in silence: a schema on the search_path that the role may not look into is in
 * schema.unknown, with the reason; a catalog that the role may not read is an error.
 */
#ifndef POSTGRES_CATALOG_H
#define POSTGRES_CATALOG_H

#include <stdbool.h>

#include "postgres/connection.h"
#include "schema/schema.h"

struct arena;
struct catalog_reader;

enum { CATALOG_TRIES = 5 };

struct catalog_options {
    /* All schemas but information_schema and those that SQLAlchemy takes for the system's (LIKE
     * 'pg_%'); else only what the search_path finds. */
    bool include_schemas;
    /* The connection is in a transaction of the caller's, whose snapshot and own changes are read:
     * nothing is begun or ended, and that what was read belongs together is the caller's affair. */
    bool in_transaction;
    /* The models import pgvector, which makes SQLAlchemy know its types. */
    bool has_pgvector;
    /* Which schemas (NULL: the search_path's) and tables to read: include_name of env.py. NULL:
     * all. Called while reading; table is NULL when a schema is asked for. */
    bool (*include)(const char *schema, const char *table, void *payload);
    void *payload;
};

/*
 * Blocking: reads everything into the arena. The connection must have no transaction open, and has
 * none afterwards, unless the options say otherwise. False: ERR_DATABASE or ERR_CONNECT; *out is
 * then not to be used.
 */
bool catalog_read(struct arena *a, struct connection *conn, const struct catalog_options *options,
                  struct schema *out, struct err *err);

/*
 * The same without waiting. After catalog_start() poll the connection for what it wants and call
 * catalog_step() till it is not PROGRESS_WAITING; *out, the connection, and the options belong to
 * the reader till then. A reader that is not wanted any more is freed with its arena, but its
 * connection then has a statement on its way and can only be closed.
 */
struct catalog_reader *catalog_start(struct arena *a, struct connection *conn,
                                     const struct catalog_options *options, struct schema *out,
                                     struct err *err);
enum progress catalog_step(struct catalog_reader *reader, struct err *err);

#endif
