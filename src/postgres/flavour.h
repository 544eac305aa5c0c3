/*
 * What kind of server it is that speaks PostgreSQL's protocol, besides PostgreSQL itself, told from
 * its answers, and what is different there for somebody who migrates. A flavour is a row of the
 * table in flavour.c and a function. Several may apply: Citus, on a managed service.
 *
 * Pure but for flavour_ask(). Facts are from the vendors' own documentation; none but PostgreSQL
 * itself has been tried.
 */
#ifndef POSTGRES_FLAVOUR_H
#define POSTGRES_FLAVOUR_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "schema/table.h"

struct arena;
struct connection;

/* What the server says. */
struct flavour_facts {
    const char *version;     /* version() */
    struct name_list traits; /* "role rds_superuser", "setting neon.tenant_id", "extension citus",
                                "function aurora_version", as far as they could be read */
};

struct flavour_note {
    const char *text, *hint; /* what differs, and what to do */
};

enum { FLAVOUR_NOTES = 3 };

struct flavour {
    const char *name; /* "YugabyteDB" */
    bool (*is)(const struct flavour_facts *facts);
    struct flavour_note notes[FLAVOUR_NOTES]; /* ended by one without text, if not full */
    bool other_engine; /* its own implementation: retort is made for, and tested with, PostgreSQL */
};

extern const struct flavour flavours[];
extern const size_t flavour_count;

/* Blocking. False only when not even the version can be had. */
bool flavour_ask(struct arena *a, struct connection *conn, struct flavour_facts *out,
                 struct err *err);

#endif
