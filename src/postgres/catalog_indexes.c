/* Indexes. One that stands behind a constraint belongs to it and is in no list of the table. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "postgres/catalog_reader.h"
#include "postgres/catalog_text.h"
#include "schema/expr_build.h"

enum { OPCLASS_OID, OPCLASS_NAME };

void catalog_take_opclasses(struct catalog_reader *r, const struct result *rows)
{
    for (size_t i = 0; i < result_rows(rows); i++)
        map_put(&r->opclasses, result_get(rows, i, OPCLASS_OID),
                arena_strdup(r->arena, result_get(rows, i, OPCLASS_NAME)));
}

enum {
    INDEX_OID,
    INDEX_TABLE,
    INDEX_NAME,
    INDEX_UNIQUE,
    INDEX_PRIMARY,
    INDEX_VALID,
    INDEX_PARTITION,
    INDEX_KEY_COUNT,
    INDEX_KEY,
    INDEX_FLAGS,
    INDEX_OPCLASSES,
    INDEX_OPTIONS,
    INDEX_METHOD,
    INDEX_SPACE,
    INDEX_WHERE,
    INDEX_EXPRESSIONS,
    INDEX_NULLS_NOT_DISTINCT,
};

/* pg_index.indoption */
enum { FLAG_DESC = 1, FLAG_NULLS_FIRST = 2 };

/* a, a.desc(), a.desc().nulls_last(): what differs from the default order, as reflection has it. */
static const struct expr *sorted(struct arena *a, const struct expr *e, int flags)
{
    bool is_desc = flags & FLAG_DESC, nulls_first = flags & FLAG_NULLS_FIRST;
    if (is_desc)
        e = expr_unary(a, EXPR_OP_NONE, EXPR_OP_DESC, NULL, e, e->type);
    if (is_desc && !nulls_first)
        e = expr_unary(a, EXPR_OP_NONE, EXPR_OP_NULLS_LAST, NULL, e, e->type);
    if (!is_desc && nulls_first)
        e = expr_unary(a, EXPR_OP_NONE, EXPR_OP_NULLS_FIRST, NULL, e, e->type);
    return e;
}

/* Reflection loses the order of an expression: it is only in the flags. */
static struct index_element element_of(struct catalog_reader *r, const struct column *c,
                                       const char *expression, int flags)
{
    struct index_element out = {
        .is_desc = flags & FLAG_DESC,
        .nulls_first = flags & FLAG_NULLS_FIRST,
    };
    if (c) {
        out.column = c->name.text;
        out.expression = sorted(r->arena, expr_column(r->arena, c->name, c->type, NULL, c), flags);
    } else {
        out.expression = catalog_expr(r->arena, expression);
    }
    return out;
}

static void take_elements(struct catalog_reader *r, const struct read_table *t, struct index *index,
                          const struct result *rows, size_t row)
{
    struct number_list keys, flags;
    struct name_list expressions, opclasses;
    catalog_numbers(r->arena, result_get(rows, row, INDEX_KEY), &keys);
    catalog_numbers(r->arena, result_get(rows, row, INDEX_FLAGS), &flags);
    catalog_strings(r->arena, result_get(rows, row, INDEX_EXPRESSIONS), &expressions);
    catalog_words(r->arena, result_get(rows, row, INDEX_OPCLASSES), &opclasses);
    size_t key_count = (size_t)atoi(result_get(rows, row, INDEX_KEY_COUNT)), next = 0;
    for (size_t i = 0; i < keys.len; i++) {
        const struct column *c = keys.at[i] > 0 ? catalog_column(t, (size_t)keys.at[i]) : NULL;
        const char *expression = NULL;
        if (!c && keys.at[i] == 0 && next < expressions.len)
            expression = expressions.at[next++];
        if (!c && !expression) {
            r->has_changed = true;
            return;
        }
        if (i >= key_count) {
            vec_push(r->arena, &index->include, c ? c->name.text : expression);
            continue;
        }
        struct index_element element =
            element_of(r, c, expression, i < flags.len ? flags.at[i] : 0);
        if (i < opclasses.len)
            element.opclass = map_get(&r->opclasses, opclasses.at[i]);
        vec_push(r->arena, &index->elements, element);
    }
}

static void take_options(struct catalog_reader *r, struct index *index, const struct result *rows,
                         size_t row)
{
    struct name_list options;
    catalog_strings(r->arena, result_get(rows, row, INDEX_OPTIONS), &options);
    for (size_t i = 0; i < options.len; i++) {
        struct option option = catalog_option(r, options.at[i]);
        vec_push(r->arena, &index->with, option);
    }
}

static struct index *make_index(struct catalog_reader *r, const struct read_table *t,
                                const struct result *rows, size_t row)
{
    struct index *index = ARENA_NEW(r->arena, struct index);
    index->name = name_of(catalog_copy(r, rows, row, INDEX_NAME));
    index->table = t->table->name.text;
    index->schema = t->table->schema;
    index->unique = result_bool(rows, row, INDEX_UNIQUE);
    index->invalid = !result_bool(rows, row, INDEX_VALID);
    index->is_inherited = result_bool(rows, row, INDEX_PARTITION);
    if (strcmp(result_get(rows, row, INDEX_METHOD), "btree") != 0)
        index->using_ = catalog_copy(r, rows, row, INDEX_METHOD);
    index->tablespace = catalog_copy(r, rows, row, INDEX_SPACE);
    index->where_text = catalog_copy(r, rows, row, INDEX_WHERE);
    index->where = catalog_expr(r->arena, index->where_text);
    index->nulls_not_distinct = result_bool(rows, row, INDEX_NULLS_NOT_DISTINCT) ? YES : UNSET;
    take_elements(r, t, index, rows, row);
    take_options(r, index, rows, row);
    return index;
}

static void give_to_constraint(struct constraint *k, const struct index *index)
{
    k->index = index;
    k->include = index->include;
    if (k->kind == CONSTRAINT_UNIQUE)
        k->nulls_not_distinct = index->nulls_not_distinct == YES ? YES : NO;
    if (k->kind != CONSTRAINT_EXCLUDE)
        return;
    k->using_ = index->using_ ? index->using_ : "btree";
    k->where = index->where;
    for (size_t i = 0; i < k->elements.len && i < index->elements.len; i++) {
        k->elements.at[i].expression = index->elements.at[i].expression;
        k->elements.at[i].opclass = index->elements.at[i].opclass;
    }
}

static int by_name(const void *left, const void *right)
{
    const struct index *a = *(struct index *const *)left, *b = *(struct index *const *)right;
    return strcmp(a->name.text, b->name.text);
}

void catalog_take_indexes(struct catalog_reader *r, const struct result *rows)
{
    for (size_t i = 0; i < result_rows(rows); i++) {
        struct read_table *t = map_get(&r->tables, result_get(rows, i, INDEX_TABLE));
        if (!t)
            continue; /* of a materialized view, or of a temporary table */
        struct index *index = make_index(r, t, rows, i);
        const char *oid = result_get(rows, i, INDEX_OID);
        struct constraint *k = map_get(&r->backed, oid);
        map_put(&r->indexes, oid, index);
        if (k)
            give_to_constraint(k, index);
        else if (!result_bool(rows, i, INDEX_PRIMARY))
            vec_push(r->arena, &t->table->indexes, index);
    }
    for (size_t i = 0; i < r->tables.len; i++) {
        struct index_list *list = &((struct read_table *)r->tables.at[i].value)->table->indexes;
        if (list->len > 0)
            qsort(list->at, list->len, sizeof(list->at[0]), by_name);
    }
}
