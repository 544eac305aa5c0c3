/* A struct schema as SQLAlchemy's inspector shows it: lists of dicts. */
#ifndef ALEMBIC_LIVE_CATALOG_H
#define ALEMBIC_LIVE_CATALOG_H

#include "python/native.h"
#include "schema/schema.h"

/*
 * What one of the inspector's functions ("get_columns") answers about a table, or about a schema
 * where it asks for no table; schema NULL: what the search path finds. Absent: there is no such
 * table. Raises AttributeError for a function that is not known.
 */
struct py_value live_catalog_show(struct py_run *run, const struct schema *s, const char *function,
                                  const char *schema, const char *table);

/* The table (or foreign table) as the inspector would find it; NULL: none. */
const struct table *live_catalog_table(const struct schema *s, const char *schema,
                                       const char *table);

/* The ENUM or DOMAIN as has_type() would find it. */
bool live_catalog_has_type(const struct schema *s, const char *schema, const char *name);

#endif
