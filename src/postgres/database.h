/*
 * The database as the front ends see it: an asynchronous connection for looking (never for
 * running), and what is learnt at connecting.
 *
 * All SQL that retort sends goes through one function of src/postgres/query.c, which can log it.
 */
#ifndef POSTGRES_DATABASE_H
#define POSTGRES_DATABASE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "schema/table.h"

struct arena;
struct database_url;
struct log;

/* Where the version table is (env.py's version_table and version_table_schema). */
struct version_table {
    const char *name, *schema; /* schema NULL: search_path */
    bool primary_key;
};

/* What the server told. */
struct server_info {
    int version;              /* PQserverVersion(): 150004 */
    const char *version_text;
    const char *database, *user, *host, *port;
    uint32_t database_oid;    /* tells a database from one of the same name that it replaced */
    const char *identity;     /* system identifier, as text; "" where it may not be read */
    bool is_superuser, in_recovery;
    bool read_only;           /* transactions of this session start read-only */
    bool plain_strings;       /* standard_conforming_strings is on */
    bool is_pooled;           /* a pooler is in between */
    bool may_read_identity;
    int backend_pid;
    const char *backend_start; /* microseconds since 1970; with the pid it is this session alone */
};

/*
 * Blocking convenience for commands: connects, reads, disconnects; interrupt as for
 * connection_open_until(). A table that is not there gives no rows and *exists false. info is
 * filled as far as it was read.
 */
bool database_read_versions(struct arena *a, const struct database_url *url,
                            const struct version_table *table, const struct log *log,
                            int interrupt, struct name_list *rows, bool *exists,
                            struct server_info *info, struct err *err);

#endif
