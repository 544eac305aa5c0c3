#include "config.h"

#include "postgres/catalog.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "postgres/catalog_reader.h"

/* -- the queries --------------------------------------------------------------------------------
 */

enum part {
#define CATALOG_PART(name, take) PART_##name,
#define CATALOG_QUERY(name, since, sql)
#include "postgres/catalog_queries.def"
    PART_COUNT
};

static void (*const takers[])(struct catalog_reader *r, const struct result *rows) = {
#define CATALOG_PART(name, take) [PART_##name] = take,
#define CATALOG_QUERY(name, since, sql)
#include "postgres/catalog_queries.def"
};
_Static_assert(sizeof(takers) / sizeof(takers[0]) == PART_COUNT, "who takes each part");
_Static_assert((int)PART_TYPES == PART_COUNT - 1, "types are asked for when all else is known");

static const struct query {
    enum part part;
    int since;
    const char *sql;
} queries[] = {
#define CATALOG_PART(name, take)
#define CATALOG_QUERY(name, since, sql) {PART_##name, since, sql},
#include "postgres/catalog_queries.def"
};

static const char *query_of(enum part part, int version)
{
    for (size_t i = 0; i < sizeof(queries) / sizeof(queries[0]); i++)
        if (queries[i].part == part && version >= queries[i].since)
            return queries[i].sql;
    return NULL;
}

/* What stands for {schemas}. LIKE without an escape, so that a schema pgboss is the system's: that
 * is how SQLAlchemy lists them. */
static const char searched_schemas[] =
    "(SELECT oid FROM pg_catalog.pg_namespace\n"
    " WHERE nspname = ANY (pg_catalog.current_schemas(false)) AND nspname <> 'pg_catalog')";
static const char all_schemas[] =
    "(SELECT oid FROM pg_catalog.pg_namespace\n"
    " WHERE nspname NOT LIKE 'pg_%' AND nspname <> 'information_schema'\n"
    " OR nspname = ANY (pg_catalog.current_schemas(false)) AND nspname <> 'pg_catalog')";

/* A query with its marks replaced. */
static void add_query(const struct catalog_reader *r, struct str *out, const char *sql)
{
    static const char schemas[] = "{schemas}", types[] = "{types}", snapshot[] = "{snapshot}";
    for (; *sql; sql++) {
        if (str_starts_with(sql, schemas)) {
            str_add(out, r->options->include_schemas ? all_schemas : searched_schemas);
            sql += strlen(schemas) - 1;
        } else if (str_starts_with(sql, types)) {
            catalog_add_types(r, out);
            sql += strlen(types) - 1;
        } else if (str_starts_with(sql, snapshot)) {
            str_add(out, r->snapshot);
            sql += strlen(snapshot) - 1;
        } else {
            str_addc(out, *sql);
        }
    }
    str_add(out, ";\n");
}

/*
 * Every join here goes through whole catalogs. Where those have not been analyzed yet, as after a
 * restore, the planner would take nested loops that are quadratic, and compile what runs once.
 */
static const char begin[] = "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY;\n";
static const char settings[] = "SET LOCAL enable_nestloop = off;\n"
                               "SET LOCAL jit = off;\n";

/* In the caller's transaction: the settings end with a savepoint. */
static const char save[] = "SAVEPOINT retort_catalog;\n";
static const char restore[] = "ROLLBACK TO SAVEPOINT retort_catalog;\n"
                              "RELEASE SAVEPOINT retort_catalog;\n";

/* The parts till `end`. False: the server is too old for one. */
static bool add_parts(const struct catalog_reader *r, enum part end, struct str *out,
                      struct err *err)
{
    int version = connection_server_version(r->conn);
    for (size_t part = r->part; part < (size_t)end; part++) {
        const char *sql = query_of((enum part)part, version);
        if (!sql)
            return err_set(err, ERR_DATABASE, "the catalog of PostgreSQL %d cannot be read",
                           version / 10000);
        add_query(r, out, sql);
    }
    return true;
}

/*
 * What was changed after the snapshot was taken: rows of a transaction that it does not see. The
 * age of a row tells its transaction's number with the epoch; only the few rows younger than the
 * oldest transaction then under way are looked at closely.
 */
static const char changed_sql[] =
    "WITH s AS (SELECT snap, pg_catalog.txid_snapshot_xmax(snap) AS top,\n"
    "  pg_catalog.age((pg_catalog.txid_snapshot_xmax(snap) % 4294967296)::text::xid) AS top_age,\n"
    "  pg_catalog.age((pg_catalog.txid_snapshot_xmin(snap) % 4294967296)::text::xid) AS old_age\n"
    "  FROM (SELECT '{snapshot}'::pg_catalog.txid_snapshot AS snap) x)\n"
    "SELECT EXISTS (SELECT FROM s, (\n"
    "  SELECT xmin AS x, relnamespace AS n FROM pg_catalog.pg_class\n"
    "  UNION ALL SELECT a.xmin, c.relnamespace FROM pg_catalog.pg_attribute a\n"
    "    JOIN pg_catalog.pg_class c ON c.oid = a.attrelid\n"
    "    WHERE pg_catalog.age(a.xmin) BETWEEN 0 AND (SELECT old_age FROM s)\n"
    "  UNION ALL SELECT d.xmin, c.relnamespace FROM pg_catalog.pg_attrdef d\n"
    "    JOIN pg_catalog.pg_class c ON c.oid = d.adrelid\n"
    "    WHERE pg_catalog.age(d.xmin) BETWEEN 0 AND (SELECT old_age FROM s)\n"
    "  UNION ALL SELECT xmin, connamespace FROM pg_catalog.pg_constraint\n"
    "  UNION ALL SELECT xmin, typnamespace FROM pg_catalog.pg_type\n"
    ") rows WHERE rows.n IN {schemas}\n"
    "AND pg_catalog.age(rows.x) BETWEEN 0 AND s.old_age\n"
    "AND NOT pg_catalog.txid_visible_in_snapshot(\n"
    "  s.top - (pg_catalog.age(rows.x) - s.top_age), s.snap))";

/* -- rows ---------------------------------------------------------------------------------------
 */

const char *catalog_copy(struct catalog_reader *r, const struct result *rows, size_t row,
                         size_t column)
{
    return arena_strdup(r->arena, result_get(rows, row, column));
}

struct read_table *catalog_table(struct catalog_reader *r, const char *oid)
{
    struct read_table *t = map_get(&r->tables, oid);
    if (!t)
        r->has_changed = true;
    return t;
}

struct column *catalog_column(const struct read_table *t, size_t number)
{
    return number > 0 && number <= t->numbered.len ? t->numbered.at[number - 1] : NULL;
}

/* Those of a part; behind the last part, those of changed_sql. */
static void take_rows(const struct result *rows, void *payload)
{
    struct catalog_reader *r = payload;
    if (r->part < PART_COUNT)
        takers[r->part++](r, rows);
    else if (result_rows(rows) != 1 || result_bool(rows, 0, 0))
        r->has_changed = true;
}

/* -- steps --------------------------------------------------------------------------------------
 */

static void forget(struct catalog_reader *r)
{
    struct map *const maps[] = {
        &r->tables,           &r->types,          &r->enums,     &r->domains, &r->sequences,
        &r->found_sequences,  &r->backed,         &r->opclasses, &r->indexes, &r->constraints,
        &r->class_extensions, &r->type_extensions};
    for (size_t i = 0; i < sizeof(maps) / sizeof(maps[0]); i++)
        *maps[i] = MAP_IN(r->arena);
    r->typed.len = 0;
    *r->out = (struct schema){0};
    r->part = 0;
    r->has_changed = false;
}

static bool send_queries(struct catalog_reader *r, struct err *err)
{
    struct str sql = STR_IN(r->arena);
    forget(r);
    r->tries++;
    r->state = READER_READS;
    str_add(&sql, r->options->in_transaction ? save : begin);
    str_add(&sql, settings);
    return add_parts(r, PART_TYPES, &sql, err) &&
           connection_send_batch(r->conn, sql.ptr, take_rows, r, err);
}

/* What depends on the answers: types, and whether anything has changed since the snapshot. */
static bool send_rest(struct catalog_reader *r, struct err *err)
{
    struct str sql = STR_IN(r->arena);
    r->state = READER_FINISHES;
    if (!add_parts(r, PART_COUNT, &sql, err))
        return false;
    if (r->options->in_transaction) {
        str_add(&sql, restore);
    } else {
        str_add(&sql, "COMMIT;\n");
        add_query(r, &sql, changed_sql);
    }
    return connection_send_batch(r->conn, sql.ptr, take_rows, r, err);
}

static void finish(struct catalog_reader *r)
{
    catalog_finish_columns(r);
    catalog_finish_constraints(r);
    catalog_finish_sequences(r);
    catalog_finish_tables(r);
}

static enum progress roll_back(struct catalog_reader *r, struct err *err)
{
    r->state = READER_CLEANS_UP;
    const char *sql = r->options->in_transaction ? restore : "ROLLBACK";
    return connection_send(r->conn, sql, NULL, 0, err) ? PROGRESS_WAITING : PROGRESS_FAILED;
}

/*
 * A statement of the batch was refused: its transaction is ended, and then the failure is told.
 * Something that was dropped under a function's feet is an internal error of the server (XX000,
 * "cache lookup failed"), and a reason to read again.
 */
static enum progress clean_up(struct catalog_reader *r, struct err *err)
{
    if (connection_is_lost(r->conn))
        return PROGRESS_FAILED;
    r->has_changed = strcmp(err->sqlstate, "XX000") == 0;
    if (strcmp(err->sqlstate, "42501") == 0)
        err_hint(err, "the role needs SELECT on the system catalogs, which PUBLIC has unless it "
                      "was revoked");
    err_move(r->failure, err);
    return roll_back(r, err);
}

static enum progress read_again(struct catalog_reader *r, struct err *err)
{
    if (r->tries < CATALOG_TRIES)
        return send_queries(r, err) ? PROGRESS_WAITING : PROGRESS_FAILED;
    err_set(err, ERR_DATABASE, "the schema of the database changed each time while it was read");
    err_hint(err, "something creates or alters tables all the time; try again when it is quiet");
    return PROGRESS_FAILED;
}

/* What comes after an answer that is complete. */
static enum progress next(struct catalog_reader *r, struct err *err)
{
    switch (r->state) {
    case READER_READS:
        if (r->has_changed)
            return roll_back(r, err);
        return send_rest(r, err) ? PROGRESS_WAITING : PROGRESS_FAILED;
    case READER_FINISHES:
        if (!r->has_changed)
            finish(r);
        if (r->has_changed)
            return read_again(r, err);
        r->state = READER_ENDS;
        return PROGRESS_DONE;
    case READER_CLEANS_UP:
        if (r->has_changed && (r->tries < CATALOG_TRIES || r->failure->code == ERR_NONE)) {
            err_clear(r->failure);
            return read_again(r, err);
        }
        err_move(err, r->failure);
        return PROGRESS_FAILED;
    case READER_ENDS:
        break;
    }
    return PROGRESS_DONE;
}

struct catalog_reader *catalog_start(struct arena *a, struct connection *conn,
                                     const struct catalog_options *options, struct schema *out,
                                     struct err *err)
{
    enum transaction_status expected =
        options->in_transaction ? TRANSACTION_OPEN : TRANSACTION_NONE;
    if (connection_transaction(conn) != expected) {
        err_set(err, ERR_INTERNAL, "the catalog cannot be read in this transaction");
        return NULL;
    }
    struct catalog_reader *r = ARENA_NEW(a, struct catalog_reader);
    r->arena = a;
    r->conn = conn;
    r->options = options;
    r->out = out;
    r->failure = ARENA_NEW(a, struct err);
    return send_queries(r, err) ? r : NULL;
}

enum progress catalog_step(struct catalog_reader *r, struct err *err)
{
    for (;;) {
        if (r->state == READER_ENDS)
            return PROGRESS_DONE;
        enum progress progress = connection_receive(r->conn, NULL, err);
        if (progress == PROGRESS_WAITING)
            return progress;
        progress = progress == PROGRESS_FAILED ? clean_up(r, err) : next(r, err);
        if (progress != PROGRESS_WAITING)
            return progress;
    }
}

bool catalog_read(struct arena *a, struct connection *conn, const struct catalog_options *options,
                  struct schema *out, struct err *err)
{
    struct catalog_reader *r = catalog_start(a, conn, options, out, err);
    if (!r)
        return false;
    for (;;) {
        enum progress progress = catalog_step(r, err);
        if (progress != PROGRESS_WAITING)
            return progress == PROGRESS_DONE || connection_failed(conn, err);
        connection_wait(conn);
    }
}
