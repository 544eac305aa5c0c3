/*
 * A whole side of the comparison: what the models declare, or what a database holds.
 *
 * Made by src/alembic (models) and src/postgres (catalog), compared by src/autogenerate. Everything
 * lives in the arena of whoever made it.
 */
#ifndef SCHEMA_SCHEMA_H
#define SCHEMA_SCHEMA_H

#include <stdbool.h>

#include "base/vec.h"
#include "schema/table.h"
#include "schema/type.h"

struct arena;

VEC_DEFINE(table_list, struct table *);
VEC_DEFINE(type_list, const struct type *);
VEC_DEFINE(sequence_list, struct sequence *);

/* An extension: installed (catalog), or needed by a type (models). */
struct extension {
    const char *name, *schema; /* schema NULL: not known */
    const char *version;       /* NULL: not known */
};

/* A table of which something is not known: it is left out of every comparison, with the reason. */
struct unknown_table {
    const char *schema, *table; /* table NULL: a class whose table's name is not known either;
                                   from a catalog: all that the schema holds */
    const char *reason;
    struct file_line place;
};

struct schema {
    struct table_list tables; /* models: in order of their MetaData; catalog: by schema and name */
    struct table_list foreign;      /* catalog: foreign tables, which no comparison looks at */
    struct type_list enums, domains;
    struct sequence_list sequences; /* that belong to no column */
    VEC(struct extension) extensions;
    VEC(struct unknown_table) unknown;
    /* models: the tables that refer to each other in circles (tables_in_order()), by key; an item
     * for each MetaData that has such. */
    VEC(struct table_list) cycles;
    const char *default_schema; /* catalog: current_schema(); models: NULL */
};

/* The table of that schema (NULL: none) and name; NULL: none. */
struct table *schema_table(const struct schema *s, const char *schema, const char *name);

#endif
