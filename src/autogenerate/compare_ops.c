/*
 * Operations of a comparison. They say what the text of a revision file says, no more: what comes
 * with a column or table in the models (indexes, foreign keys) stands in operations of its own.
 */
#include "config.h"

#include <string.h>

#include "autogenerate/compare_private.h"
#include "base/str.h"
#include "schema/default_name.h"
#include "sql/render_ddl.h"

/* ------------------------------------------------------------------ copies */

/* What stands inside of Column() in a revision. */
static struct column *copy_column(struct comparison *c, const struct column *column,
                                  const struct table *table)
{
    struct column *copy = arena_memdup(c->a, column, sizeof(*column));
    copy->declared = column;
    copy->table = table;
    copy->unique = copy->index = UNSET;
    copy->checks = copy->foreign_keys = (struct constraint_list){0};
    return copy;
}

static struct constraint *copy_constraint(struct comparison *c, const struct constraint *k,
                                          bool reflected)
{
    struct constraint *copy = arena_memdup(c->a, k, sizeof(*k));
    if (reflected) {
        copy->reflected = true;
        copy->name.final = true; /* op.f(): the name is what it is */
    }
    return copy;
}

static struct index *copy_index(struct comparison *c, const struct table *t, const struct index *ix)
{
    struct index *copy = arena_memdup(c->a, ix, sizeof(*ix));
    copy->schema = t->schema;
    copy->schema_quote = t->schema_quote;
    copy->table = t->name.text;
    copy->table_quote = t->name.quote;
    if (t->relation)
        copy->name.final = true;
    return copy;
}

static struct table *copy_table(struct comparison *c, const struct table *t)
{
    struct table *copy = arena_memdup(c->a, t, sizeof(*t));
    copy->columns = (struct column_list){0};
    copy->constraints = (struct constraint_list){0};
    copy->indexes = (struct index_list){0};
    for (size_t i = 0; i < t->columns.len; i++)
        if (!t->columns.at[i]->system)
            vec_push(c->a, &copy->columns, copy_column(c, t->columns.at[i], copy));
    for (size_t i = 0; i < t->constraints.len; i++)
        vec_push(c->a, &copy->constraints,
                 copy_constraint(c, t->constraints.at[i], t->relation != NULL));
    return copy;
}

/* ------------------------------------------------------------------ operations */

struct op *compare_op(struct comparison *c, enum op_kind kind, const char *schema,
                      const struct table *table)
{
    struct op *op = ARENA_NEW(c->a, struct op);
    op->kind = kind;
    op->schema = schema;
    if (table) {
        op->schema_quote = schema ? table->schema_quote : UNSET;
        op->table = table->name.text;
        op->table_quote = table->name.quote;
    }
    return op;
}

struct op *op_create_table(struct comparison *c, const struct table *t)
{
    struct op *op = compare_op(c, OP_CREATE_TABLE, t->schema, t);
    op->as.create_table.table = copy_table(c, t);
    op->as.create_table.scope = CREATE_WITH_TYPES;
    return op;
}

struct op *op_drop_table(struct comparison *c, const struct table *t)
{
    struct op *op = compare_op(c, OP_DROP_TABLE, t->schema, t);
    op->as.drop_table.table = copy_table(c, t);
    return op;
}

struct op *op_add_column(struct comparison *c, const struct pair *pair, const struct column *column)
{
    const struct table *t = pair->model && column->table != pair->database ? pair->model
                                                                            : pair->database;
    struct op *op = compare_op(c, OP_ADD_COLUMN, pair->schema, t);
    op->as.add_column.column = copy_column(c, column, t);
    for (size_t i = 0; i < t->constraints.len; i++) { /* what Enum() brings with it */
        struct constraint *k = t->constraints.at[i];
        if (k->kind == CONSTRAINT_CHECK && k->bound_type &&
            str_eq(k->columns.at[0], column->name.text))
            vec_push(c->a, &op->as.add_column.constraints, k);
    }
    return op;
}

struct op *op_drop_column(struct comparison *c, const struct pair *pair,
                          const struct column *column)
{
    const struct table *t = pair->database ? pair->database : pair->model;
    struct op *op = compare_op(c, OP_DROP_COLUMN, pair->schema, t);
    op->as.drop_column.column = column->name;
    op->as.drop_column.definition = copy_column(c, column, t);
    return op;
}

struct op *op_create_index(struct comparison *c, const struct table *t, const struct index *ix)
{
    struct op *op = compare_op(c, OP_CREATE_INDEX, t->schema, t);
    op->as.create_index = copy_index(c, t, ix);
    return op;
}

struct op *op_drop_index(struct comparison *c, const struct table *t, const struct index *ix)
{
    struct op *op = compare_op(c, OP_DROP_INDEX, t->schema, t);
    op->as.drop_index = copy_index(c, t, ix);
    return op;
}

struct op *op_create_constraint(struct comparison *c, const struct table *t,
                                const struct constraint *k)
{
    struct op *op = compare_op(c, OP_CREATE_CONSTRAINT, t->schema, t);
    op->as.create_constraint = copy_constraint(c, k, t->relation != NULL);
    return op;
}

/* Names of the database that new constraints cannot have. */
static void take_names(struct comparison *c)
{
    if (c->has_names)
        return;
    c->has_names = true;
    for (size_t i = 0; i < c->database->tables.len; i++) {
        const struct table *t = c->database->tables.at[i];
        map_put(&c->names, compare_key(c, t->schema, t->name.text), c);
        for (size_t k = 0; k < t->constraints.len; k++)
            map_put(&c->names, compare_key(c, t->schema, t->constraints.at[k]->name.text), c);
        for (size_t k = 0; k < t->indexes.len; k++)
            map_put(&c->names, compare_key(c, t->schema, t->indexes.at[k]->name.text), c);
    }
}

struct op *op_drop_constraint(struct comparison *c, const struct table *t,
                              const struct constraint *k)
{
    struct op *op = compare_op(c, OP_DROP_CONSTRAINT, t->schema, t);
    op->as.drop_constraint.constraint = copy_constraint(c, k, t->relation != NULL);
    op->as.drop_constraint.name = op->as.drop_constraint.constraint->name;
    if (t->relation) {
        take_names(c);
        map_put(&c->names, compare_key(c, t->schema, k->name.text), NULL); /* free again */
    }
    return op;
}

struct op *op_sql(struct comparison *c, const char *sql)
{
    struct op *op = compare_op(c, OP_EXECUTE, NULL, NULL);
    op->as.execute = expr_ddl(c->a, sql);
    return op;
}

/* ------------------------------------------------------------------ items */

void compare_item(struct comparison *c, struct difference *item, enum difference_kind kind,
                  const struct pair *pair, const char *name)
{
    (void)c;
    *item = (struct difference){.kind = kind, .name = name};
    if (pair) {
        item->schema = pair->schema;
        item->table = pair->name;
    }
}

/* ------------------------------------------------------------------ names */

struct taken {
    struct comparison *c;
    const char *schema;
};

static bool is_taken(const char *name, void *payload)
{
    const struct taken *t = payload;
    return map_get(&t->c->names, compare_key(t->c, t->schema, name)) != NULL;
}

const struct constraint *compare_named_constraint(struct comparison *c, const struct table *t,
                                                  const struct constraint *k)
{
    if (k->name.text)
        return k;
    take_names(c);
    struct taken taken = {c, compare_schema(c, t->schema)};
    struct constraint *copy = arena_memdup(c->a, k, sizeof(*k));
    copy->name = name_of(default_constraint_name(c->a, t, k, is_taken, &taken));
    map_put(&c->names, compare_key(c, taken.schema, copy->name.text), c);
    return copy;
}

const char *compare_constraint_text(struct comparison *c, const struct table *t,
                                    const struct constraint *k)
{
    struct str out = STR_IN(c->a);
    struct constraint unnamed = *k;
    struct ddl ddl = {.arena = c->a, .err = c->err};
    unnamed.name = (struct name){0};
    if (unnamed.nulls_not_distinct == NO) /* as when nothing is said */
        unnamed.nulls_not_distinct = UNSET;
    if (c->failed)
        return "";
    if (!ddl_constraint(&ddl, t, &unnamed, &out))
        compare_fail(c);
    return out.ptr;
}
