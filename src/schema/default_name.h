/*
 * The names that PostgreSQL chooses for constraints without one: a table's name, its columns and
 * "key", "fkey", "pkey", "check" or "excl", cut to 63 bytes (PostgreSQL manual, "CREATE TABLE";
 * ChooseConstraintName() in its source).
 */
#ifndef SCHEMA_DEFAULT_NAME_H
#define SCHEMA_DEFAULT_NAME_H

#include <stdbool.h>

#include "schema/table.h"

struct arena;

/*
 * The name that a constraint of the table would be given; `taken` says which there are already in
 * its schema. A CHECK is named after its column where `columns` says that it is about just one.
 */
const char *default_constraint_name(struct arena *a, const struct table *t,
                                    const struct constraint *k,
                                    bool (*taken)(const char *name, void *payload), void *payload);

#endif
