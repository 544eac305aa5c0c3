/*
 * Types as Python's repr() shows them (spec/ops.md, section 14): what autogenerate writes, and what
 * Alembic logs about a type that changed.
 */
#ifndef SCHEMA_TYPE_REPR_H
#define SCHEMA_TYPE_REPR_H

#include "base/str.h"
#include "schema/type.h"

/* "VARCHAR(length=5)", "ARRAY(Text())", "Money(scale=2)"; NULL is "NullType()". */
void type_add_repr(struct str *out, const struct type *type);

/* Only the arguments, in parentheses. */
void type_add_arguments(struct str *out, const struct type *type);

/* The same, with a type inside it (an ARRAY's item) written by `inner`. */
typedef void (*type_inner_fn)(struct str *out, const struct type *type, void *payload);
void type_add_arguments_with(struct str *out, const struct type *type, type_inner_fn inner,
                             void *payload);

#endif
