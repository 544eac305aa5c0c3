/* Constraints, from the columns of pg_constraint; text only where there is an expression. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "postgres/catalog_reader.h"
#include "postgres/catalog_text.h"
#include "schema/identifier.h"

enum {
    CONSTRAINT_OID,
    CONSTRAINT_TABLE,
    CONSTRAINT_NAME,
    CONSTRAINT_TYPE,
    CONSTRAINT_DEFERRABLE,
    CONSTRAINT_DEFERRED,
    CONSTRAINT_VALIDATED,
    CONSTRAINT_NO_INHERIT,
    CONSTRAINT_INHERITED,
    CONSTRAINT_INDEX,
    CONSTRAINT_REFERRED,
    CONSTRAINT_ON_UPDATE,
    CONSTRAINT_ON_DELETE,
    CONSTRAINT_MATCH,
    CONSTRAINT_KEY,
    CONSTRAINT_REFERRED_KEY,
    CONSTRAINT_TEXT,
    CONSTRAINT_OPERATORS,
    CONSTRAINT_SET_COLUMNS,
};

/* The columns with these numbers: "{2,1}". */
static struct name_list columns_of(struct catalog_reader *r, const struct read_table *t,
                                   const char *numbers)
{
    struct number_list list;
    struct name_list names = {0};
    catalog_numbers(r->arena, numbers, &list);
    for (size_t i = 0; i < list.len; i++) {
        const struct column *c = list.at[i] > 0 ? catalog_column(t, (size_t)list.at[i]) : NULL;
        if (c)
            vec_push(r->arena, &names, c->name.text);
        else if (list.at[i] > 0)
            r->has_changed = true;
    }
    return names;
}

static void take_key(struct catalog_reader *r, const struct read_table *t, struct constraint *k,
                     const struct result *rows, size_t row)
{
    k->columns = columns_of(r, t, result_get(rows, row, CONSTRAINT_KEY));
    for (size_t i = 0; i < k->columns.len && k->kind == CONSTRAINT_PRIMARY_KEY; i++) {
        struct number_list numbers;
        catalog_numbers(r->arena, result_get(rows, row, CONSTRAINT_KEY), &numbers);
        struct column *c = catalog_column(t, (size_t)numbers.at[i]);
        if (c)
            c->primary_key = true;
    }
    map_put(&r->backed, result_get(rows, row, CONSTRAINT_INDEX), k);
}

static void take_check(struct catalog_reader *r, const struct read_table *t, struct constraint *k,
                       const struct result *rows, size_t row)
{
    (void)t;
    k->text = catalog_copy(r, rows, row, CONSTRAINT_TEXT);
    if (!k->text)
        r->has_changed = true;
    k->condition = catalog_expr(r->arena, catalog_check(r->arena, k->text));
    k->not_valid = !result_bool(rows, row, CONSTRAINT_VALIDATED);
    k->no_inherit = result_bool(rows, row, CONSTRAINT_NO_INHERIT);
}

/* The operators are known here, the expressions come with the index. */
static void take_exclude(struct catalog_reader *r, const struct read_table *t, struct constraint *k,
                         const struct result *rows, size_t row)
{
    struct name_list operators;
    k->text = catalog_copy(r, rows, row, CONSTRAINT_TEXT);
    if (!k->text)
        r->has_changed = true;
    k->columns = columns_of(r, t, result_get(rows, row, CONSTRAINT_KEY));
    catalog_strings(r->arena, result_get(rows, row, CONSTRAINT_OPERATORS), &operators);
    for (size_t i = 0; i < operators.len; i++) {
        struct exclude_element element = {.operator= operators.at[i] };
        vec_push(r->arena, &k->elements, element);
    }
    map_put(&r->backed, result_get(rows, row, CONSTRAINT_INDEX), k);
}

/* -- foreign keys -------------------------------------------------------------------------------
 */

/* confupdtype, confdeltype; NULL: NO ACTION, which reflection does not say. */
static const char *action_of(const char *code)
{
    static const struct {
        char code;
        const char *sql;
    } actions[] = {{'r', "RESTRICT"}, {'c', "CASCADE"}, {'n', "SET NULL"}, {'d', "SET DEFAULT"}};
    for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++)
        if (actions[i].code == *code)
            return actions[i].sql;
    return NULL;
}

/*
 * A table that the search_path finds is referred to without schema, but as in its own schema by a
 * table there that the search_path does not find.
 */
static void refer(struct catalog_reader *r, const struct read_table *from, struct constraint *k,
                  const char *oid)
{
    const struct read_table *to = catalog_table(r, oid);
    if (!to)
        return;
    k->referred_table = to->table->name.text;
    k->referred_schema = to->table->schema;
    if (!to->table->schema && str_eq(from->table->schema, to->relation->schema))
        k->referred_schema = from->table->schema;
}

static void take_foreign_key(struct catalog_reader *r, const struct read_table *t,
                             struct constraint *k, const struct result *rows, size_t row)
{
    const char *oid = result_get(rows, row, CONSTRAINT_REFERRED);
    k->columns = columns_of(r, t, result_get(rows, row, CONSTRAINT_KEY));
    refer(r, t, k, oid);
    if (k->referred_table)
        k->referred_columns =
            columns_of(r, map_get(&r->tables, oid), result_get(rows, row, CONSTRAINT_REFERRED_KEY));
    k->referred_known = true;
    k->onupdate = action_of(result_get(rows, row, CONSTRAINT_ON_UPDATE));
    k->ondelete = action_of(result_get(rows, row, CONSTRAINT_ON_DELETE));
    k->ondelete_columns = columns_of(r, t, result_get(rows, row, CONSTRAINT_SET_COLUMNS));
    if (k->ondelete && k->ondelete_columns.len > 0)
        k->ondelete = arena_printf(r->arena, "%s (%s)", k->ondelete,
                                   sql_name_list(r->arena, &k->ondelete_columns));
    if (*result_get(rows, row, CONSTRAINT_MATCH) == 'f')
        k->match = "FULL";
    if (k->is_deferrable)
        k->deferrable = YES;
    if (k->is_deferred)
        k->initially = "DEFERRED";
}

/* -- all of them --------------------------------------------------------------------------------
 */

typedef void (*take_fn)(struct catalog_reader *r, const struct read_table *t, struct constraint *k,
                        const struct result *rows, size_t row);

static const struct {
    char code; /* pg_constraint.contype */
    enum constraint_kind kind;
    take_fn take;
} kinds[] = {
    {'p', CONSTRAINT_PRIMARY_KEY, take_key}, {'u', CONSTRAINT_UNIQUE, take_key},
    {'c', CONSTRAINT_CHECK, take_check},     {'f', CONSTRAINT_FOREIGN_KEY, take_foreign_key},
    {'x', CONSTRAINT_EXCLUDE, take_exclude},
};

static struct constraint *make_constraint(struct catalog_reader *r, const struct result *rows,
                                          size_t row)
{
    struct constraint *k = ARENA_NEW(r->arena, struct constraint);
    k->name = name_of(catalog_copy(r, rows, row, CONSTRAINT_NAME));
    k->reflected = true;
    k->is_deferrable = result_bool(rows, row, CONSTRAINT_DEFERRABLE);
    k->is_deferred = result_bool(rows, row, CONSTRAINT_DEFERRED);
    k->not_validated = !result_bool(rows, row, CONSTRAINT_VALIDATED);
    k->is_inherited = result_bool(rows, row, CONSTRAINT_INHERITED);
    return k;
}

void catalog_take_constraints(struct catalog_reader *r, const struct result *rows)
{
    for (size_t i = 0; i < result_rows(rows); i++) {
        struct read_table *t = map_get(&r->tables, result_get(rows, i, CONSTRAINT_TABLE));
        if (!t)
            continue; /* of a temporary table in a schema of the search_path */
        struct constraint *k = make_constraint(r, rows, i);
        char code = *result_get(rows, i, CONSTRAINT_TYPE);
        for (size_t j = 0; j < sizeof(kinds) / sizeof(kinds[0]); j++) {
            if (kinds[j].code != code)
                continue;
            k->kind = kinds[j].kind;
            kinds[j].take(r, t, k, rows, i);
        }
        map_put(&r->constraints, result_get(rows, i, CONSTRAINT_OID), k);
        vec_push(r->arena,
                 k->kind == CONSTRAINT_EXCLUDE ? &t->relation->excludes : &t->table->constraints,
                 k);
    }
}

static int by_kind_and_name(const void *left, const void *right)
{
    const struct constraint *a = *(struct constraint *const *)left;
    const struct constraint *b = *(struct constraint *const *)right;
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    return strcmp(a->name.text, b->name.text);
}

void catalog_finish_constraints(struct catalog_reader *r)
{
    for (size_t i = 0; i < r->tables.len; i++) {
        struct read_table *t = r->tables.at[i].value;
        struct constraint_list *const lists[] = {&t->table->constraints, &t->relation->excludes};
        for (size_t j = 0; j < 2; j++)
            if (lists[j]->len > 0)
                qsort(lists[j]->at, lists[j]->len, sizeof(lists[j]->at[0]), by_kind_and_name);
    }
}
