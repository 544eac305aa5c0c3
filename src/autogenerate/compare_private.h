/*
 * What the parts of the comparison share. Only for compare*.c; everybody else uses compare.h.
 *
 * A comparison fails once: compare_fail() and what calls it set `failed`, and from then on every
 * function does nothing and answers what ends loops soonest. The entry checks it.
 */
#ifndef AUTOGENERATE_COMPARE_PRIVATE_H
#define AUTOGENERATE_COMPARE_PRIVATE_H

#include <stdbool.h>

#include "autogenerate/compare.h"
#include "base/arena.h"
#include "base/map.h"
#include "schema/expr.h"
#include "schema/type.h"

/* A table of both sides, or of one. The schema is NULL for the default one, also where the models
 * name it. */
struct pair {
    const char *schema, *name;
    const char *display; /* "schema.name", or the name */
    const struct table *model, *database;
};

struct comparison {
    struct arena *a;
    const struct schema *models, *database;
    const struct compare_options *options;
    struct compare_questions *questions;
    struct map asked;        /* key of a question to its position + 1 */
    struct differences *out;
    struct err *err;
    bool failed;
    VEC(struct pair) added, removed, existing; /* tables, in the order in which they are compared */
    struct map model_tables, database_tables;  /* "schema.name" (default schema: none) to table */
    struct map referring; /* key of a table to the struct referrers of the database (in
                             compare_order.c) */
    struct map done;      /* keys of the tables of which the creation or removal is behind us */
    struct map missing_types; /* enums and domains that must be created first: key to type */
    struct map names;        /* taken by relations and constraints: "schema.name" */
    bool has_names;          /* ... is filled */
};

/* ---- compare.c: the tools ---- */

/* Ends the comparison; err is filled already. */
void compare_fail(struct comparison *c);

/* "alembic.autogenerate.compare." and the module. */
void compare_log(struct comparison *c, const char *module, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
void compare_warn(struct comparison *c, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Python's repr of a string; "None" for NULL. And of a tuple of strings. */
const char *compare_repr(struct comparison *c, const char *text);
const char *compare_tuple(struct comparison *c, const struct name_list *names);

/* include_name and include_object: whether it is to be compared. False when it failed. */
bool compare_name_included(struct comparison *c, enum compare_kind kind, const char *name,
                           const struct pair *pair);
bool compare_included(struct comparison *c, enum compare_kind kind, const char *name,
                      const struct compare_object *object, bool reflected,
                      const struct compare_object *other);

void compare_add(struct comparison *c, const struct difference *item);

/* Whether two expressions mean the same; PENDING the first time. *reason (may be NULL): why not
 * known. */
enum compare_answer compare_ask(struct comparison *c, const struct compare_question *question,
                                const char **reason);

/* An expression as SQL: the flags are those of render_expr.h. "" when it failed. */
const char *compare_sql(struct comparison *c, const struct expr *e, unsigned flags);

/* A key of the maps of tables. */
const char *compare_key(struct comparison *c, const char *schema, const char *name);

/* The schema as the catalog names it: NULL for the default one. */
const char *compare_schema(const struct comparison *c, const char *schema);

/* Whether something is compared at all (autogenerate_plugins). */
static inline bool compare_has(const struct comparison *c, enum compare_plugin plugin)
{
    return !c->options->without[plugin];
}

/* ---- compare_table.c: which tables ---- */

/* Sorts them; then compares them. */
void compare_collect(struct comparison *c);
void compare_tables(struct comparison *c);

/* ---- compare_order.c: what FOREIGN KEYs mean for tables that come and go ---- */

/* Puts the tables that are removed in an order in which they can be. */
void compare_order_removed(struct comparison *c);
/* Which tables of the database refer to which: for compare_still_referring(). */
void compare_note_references(struct comparison *c);
/* A table that refers to this one, and is not dropped before it; NULL: none. */
const char *compare_still_referring(struct comparison *c, const struct pair *pair);
/* The FOREIGN KEYs that CREATE TABLE fails on, or leaves out, and what to do; NULL: none. */
const char *compare_lost_keys(struct comparison *c, const struct pair *pair);
/* SQLAlchemy's warning of models that refer to each other in a circle. */
void compare_warn_of_cycles(struct comparison *c);

/* ---- compare_column.c ---- */

void compare_added_columns(struct comparison *c, const struct pair *pair);
void compare_changed_columns(struct comparison *c, const struct pair *pair);
void compare_removed_columns(struct comparison *c, const struct pair *pair);

/* ---- compare_type.c ---- */

/* The type as PostgreSQL is told; "NULL" for one that is not known. */
const char *compare_type_text(struct comparison *c, const struct type *type);
bool compare_type_is_known(const struct type *type);
/* Whether ALTER COLUMN TYPE from one to the other fails without USING. */
bool compare_type_needs_using(const struct type *database, const struct type *model);
/* Alembic's rule: whether two types as PostgreSQL text differ. */
bool compare_types_differ(struct arena *a, const char *database, const char *model);

/* ---- compare_default.c ---- */

/* The three rounds; what they find fills the op. *stop: a later round has nothing to say. */
void compare_default_first(struct comparison *c, const struct pair *pair,
                           const struct compare_columns *columns, struct alter_column *op,
                           bool *stop);
void compare_default_middle(struct comparison *c, const struct pair *pair,
                            const struct compare_columns *columns, struct alter_column *op,
                            bool *stop);
void compare_default_last(struct comparison *c, const struct compare_columns *columns,
                          struct alter_column *op, const char **warning);

/* A default of a model, as SQL and as it is compared: a plain string is not quoted. */
const char *compare_model_default(struct comparison *c, const struct column *column);

/* ---- compare_index.c: indexes and UNIQUE constraints ---- */

void compare_indexes(struct comparison *c, const struct pair *pair);

/* Those of a table that is added or removed, sorted by name. */
struct index_list compare_table_indexes(struct comparison *c, const struct pair *pair);

/* ---- compare_constraint.c ---- */

void compare_foreign_keys(struct comparison *c, const struct pair *pair);
void compare_checks(struct comparison *c, const struct pair *pair);

/* ---- compare_beyond.c: what Alembic does not see ---- */

void compare_extensions(struct comparison *c);
void compare_enums(struct comparison *c);
void compare_orphans(struct comparison *c);
/* Whether the database lacks an enum type that no CREATE TABLE of this comparison brings. */
bool compare_enum_is_missing(struct comparison *c, const struct type *named);
void compare_primary_key(struct comparison *c, const struct pair *pair);
void compare_renames(struct comparison *c, const struct pair *pair, size_t from);

/* ---- compare_ops.c: operations, each with the definition of what it is about ---- */

struct op *compare_op(struct comparison *c, enum op_kind kind, const char *schema,
                      const struct table *table);
struct op *op_create_table(struct comparison *c, const struct table *t);
struct op *op_drop_table(struct comparison *c, const struct table *t);
struct op *op_add_column(struct comparison *c, const struct pair *pair,
                         const struct column *column);
struct op *op_drop_column(struct comparison *c, const struct pair *pair,
                          const struct column *column);
struct op *op_create_index(struct comparison *c, const struct table *t, const struct index *ix);
struct op *op_drop_index(struct comparison *c, const struct table *t, const struct index *ix);
struct op *op_create_constraint(struct comparison *c, const struct table *t,
                                const struct constraint *k);
struct op *op_drop_constraint(struct comparison *c, const struct table *t,
                              const struct constraint *k);
struct op *op_sql(struct comparison *c, const char *sql);

/* An item and its operations. */
void compare_item(struct comparison *c, struct difference *item, enum difference_kind kind,
                  const struct pair *pair, const char *name);

/* A constraint of the models with the name it will have: its own, or the one that PostgreSQL would
 * choose. */
const struct constraint *compare_named_constraint(struct comparison *c, const struct table *t,
                                                  const struct constraint *k);

/* A constraint in words: "UNIQUE (a, b)". */
const char *compare_constraint_text(struct comparison *c, const struct table *t,
                                    const struct constraint *k);

#endif
