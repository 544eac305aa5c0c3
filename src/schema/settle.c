#include "config.h"

#include "schema/settle.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "schema/expr.h"
#include "schema/type.h"

static const char *kind_name(enum constraint_kind kind)
{
    static const char *const names[] = {
        [CONSTRAINT_PRIMARY_KEY] = "PrimaryKeyConstraint",
        [CONSTRAINT_UNIQUE] = "UniqueConstraint",
        [CONSTRAINT_CHECK] = "CheckConstraint",
        [CONSTRAINT_FOREIGN_KEY] = "ForeignKeyConstraint",
        [CONSTRAINT_EXCLUDE] = "ExcludeConstraint",
    };
    return names[kind];
}

static bool check_columns(const struct table *t, const struct constraint *k, struct err *err)
{
    for (size_t i = 0; i < k->columns.len; i++)
        if (!table_column(t, k->columns.at[i]))
            return err_set(err, ERR_RAISED,
                           "sqlalchemy.exc.ConstraintColumnNotFoundError: Can't create %s on "
                           "table '%s': no column named '%s' is present.",
                           kind_name(k->kind), t->name.text, k->columns.at[i]);
    return true;
}

static bool check_index(const struct table *t, const struct index *ix, struct err *err)
{
    for (size_t i = 0; i < ix->elements.len; i++) {
        const struct index_element *e = &ix->elements.at[i];
        bool found = !e->by_name;
        for (size_t j = 0; j < t->columns.len; j++)
            found = found || str_eq(t->columns.at[j]->name.text, e->column) ||
                    str_eq(t->columns.at[j]->key, e->column);
        if (!found)
            return err_set(err, ERR_RAISED,
                           "sqlalchemy.exc.ConstraintColumnNotFoundError: Can't create Index on "
                           "table '%s': no column named '%s' is present.",
                           t->name.text, e->column);
    }
    return true;
}

static bool check_duplicates(const struct table *t, struct err *err)
{
    for (size_t i = 0; i < t->columns.len; i++)
        if (table_column(t, t->columns.at[i]->name.text) != t->columns.at[i])
            return err_set(err, ERR_RAISED,
                           "sqlalchemy.exc.DuplicateColumnError: A column with name '%s' is "
                           "already present in table '%s'.",
                           t->columns.at[i]->name.text, t->name.text);
    return true;
}

/* Columns flagged primary_key=True join a PRIMARY KEY that names none; else its columns count. */
static struct constraint *settle_primary_key(struct arena *a, struct table *t,
                                             struct constraint *given)
{
    struct constraint *pk = given;
    if (!pk) {
        pk = ARENA_NEW(a, struct constraint);
        pk->kind = CONSTRAINT_PRIMARY_KEY;
        pk->implicit = true;
    }
    if (pk->columns.len == 0)
        for (size_t i = 0; i < t->columns.len; i++)
            if (t->columns.at[i]->primary_key)
                vec_push(a, &pk->columns, t->columns.at[i]->name.text);
    for (size_t i = 0; i < pk->columns.len; i++) {
        struct column *c = table_column(t, pk->columns.at[i]);
        if (c)
            c->primary_key = true;
    }
    return pk->columns.len > 0 ? pk : NULL;
}

static struct constraint *unique_of(struct arena *a, const struct column *c)
{
    struct constraint *k = ARENA_NEW(a, struct constraint);
    k->kind = CONSTRAINT_UNIQUE;
    vec_push(a, &k->columns, c->name.text);
    return k;
}

/* The CHECK of a non-native Enum(create_constraint=True). */
static struct constraint *check_of_type(struct arena *a, const struct column *c)
{
    const struct type *type = c->type ? type_impl(c->type) : NULL;
    if (!type || type->kind != TYPE_ENUM || type->native_enum || !type->create_constraint)
        return NULL;
    struct constraint *k = ARENA_NEW(a, struct constraint);
    k->kind = CONSTRAINT_CHECK;
    k->name = type->name;
    k->bound_type = type;
    vec_push(a, &k->columns, c->name.text);
    return k;
}

static struct index *index_of(struct arena *a, const struct table *t, struct column *c)
{
    struct index *ix = ARENA_NEW(a, struct index);
    ix->schema = t->schema;
    ix->schema_quote = t->schema_quote;
    ix->table = t->name.text;
    ix->table_quote = t->name.quote;
    ix->unique = c->unique == YES;
    struct index_element element = {
        .expression = expr_column(a, c->name, c->type, NULL, c),
        .column = c->name.text,
    };
    vec_push(a, &ix->elements, element);
    return ix;
}

/* A column without a type takes that of the column it refers to, if that is in the same table. */
static void settle_type(const struct table *t, struct column *c)
{
    for (size_t i = 0; i < c->foreign_keys.len && !c->type; i++) {
        const struct constraint *k = c->foreign_keys.at[i];
        if (!str_eq(k->referred_table, t->name.text) || !str_eq(k->referred_schema, t->schema))
            continue;
        const struct column *referred = table_column(t, k->referred_columns.at[0]);
        if (referred)
            c->type = referred->type;
    }
}

static void settle_column(struct arena *a, struct table *t, struct column *c,
                          struct index_list *indexes)
{
    c->table = t;
    if (c->index == YES)
        vec_push(a, indexes, index_of(a, t, c));
    else if (c->unique == YES)
        vec_push(a, &t->constraints, unique_of(a, c));
    struct constraint *check = check_of_type(a, c);
    if (check)
        vec_push(a, &t->constraints, check);
    for (size_t i = 0; i < c->foreign_keys.len; i++) {
        struct constraint *k = c->foreign_keys.at[i];
        k->columns.len = 0;
        vec_push(a, &k->columns, c->name.text);
        vec_push(a, &t->constraints, k);
    }
}

/* The constraint's order; for one that comes with a column, the column's. */
static unsigned order_of(const struct table *t, const struct constraint *k, size_t explicit_count,
                         size_t position)
{
    if (position < explicit_count)
        return k->order;
    const struct column *c = table_column(t, k->columns.at[0]);
    return c ? c->order : 0;
}

/* Insertion into what is sorted already: it nearly always is. */
static void settle_order(struct arena *a, struct table *t, size_t first, size_t explicit_count)
{
    unsigned *orders = ARENA_ARRAY(a, t->constraints.len + 1, unsigned);
    for (size_t i = first; i < t->constraints.len; i++) {
        struct constraint *k = t->constraints.at[i];
        unsigned order = order_of(t, k, first + explicit_count, i);
        size_t at = i;
        for (; at > first && orders[at - 1] > order; at--) {
            orders[at] = orders[at - 1];
            t->constraints.at[at] = t->constraints.at[at - 1];
        }
        orders[at] = order;
        t->constraints.at[at] = k;
    }
}

static bool settle_names(struct arena *a, struct table *t, const struct naming *naming,
                         struct err *err)
{
    for (size_t i = 0; i < t->constraints.len; i++)
        if (!naming_constraint(a, naming, t, t->constraints.at[i], err))
            return false;
    for (size_t i = 0; i < t->columns.len; i++)
        for (size_t j = 0; j < t->columns.at[i]->checks.len; j++)
            if (!naming_constraint(a, naming, t, t->columns.at[i]->checks.at[j], err))
                return false;
    for (size_t i = 0; i < t->indexes.len; i++)
        if (!naming_index(a, naming, t, t->indexes.at[i], err))
            return false;
    return true;
}

bool table_settle(struct arena *a, struct table *t, const struct naming *naming, struct err *err)
{
    if (!check_duplicates(t, err))
        return false;
    struct constraint_list given = t->constraints;
    struct index_list given_indexes = t->indexes;
    t->constraints = (struct constraint_list){0};
    t->indexes = (struct index_list){0};

    struct constraint *pk = NULL; /* the last one given counts */
    for (size_t i = 0; i < given.len; i++) {
        if (!check_columns(t, given.at[i], err))
            return false;
        if (given.at[i]->kind == CONSTRAINT_PRIMARY_KEY)
            pk = given.at[i];
    }
    for (size_t i = 0; i < given_indexes.len; i++)
        if (!check_index(t, given_indexes.at[i], err))
            return false;
    pk = settle_primary_key(a, t, pk);
    if (pk)
        vec_push(a, &t->constraints, pk);
    for (size_t i = 0; i < given.len; i++)
        if (given.at[i]->kind != CONSTRAINT_PRIMARY_KEY && !given.at[i]->skip)
            vec_push(a, &t->constraints, given.at[i]);
    size_t first = pk ? 1 : 0, explicit_count = t->constraints.len - first;
    for (size_t i = 0; i < t->columns.len; i++)
        settle_type(t, t->columns.at[i]);
    for (size_t i = 0; i < t->columns.len; i++)
        settle_column(a, t, t->columns.at[i], &t->indexes);
    settle_order(a, t, first, explicit_count);
    for (size_t i = 0; i < given_indexes.len; i++)
        if (!given_indexes.at[i]->skip)
            vec_push(a, &t->indexes, given_indexes.at[i]);
    return settle_names(a, t, naming, err);
}
