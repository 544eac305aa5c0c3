/*
 * The order in which tables can be created: SQLAlchemy's, to the letter (spec/autogenerate.md,
 * section 4, "metadata sort order").
 */
#ifndef SCHEMA_ORDER_H
#define SCHEMA_ORDER_H

#include "schema/schema.h"

struct arena;

/*
 * Level by level, each in the order given: the tables whose FOREIGN KEYs lead only to tables of
 * earlier levels, to themselves, or out of the list. Constraints with use_alter do not count, nor
 * those of tables that refer to each other in a circle, which come in *in_cycles (may be NULL), in
 * the order given. Time is linear in tables and constraints, but for sorting each level.
 */
void tables_in_order(struct arena *a, const struct table_list *tables, struct table_list *out,
                     struct table_list *in_cycles);

/* By key, "schema.name" or "name": what MetaData.sorted_tables starts from. */
void tables_sort_by_key(struct arena *a, struct table_list *tables);

/* "schema.name", or the name alone. */
const char *table_key(struct arena *a, const struct table *t);

#endif
