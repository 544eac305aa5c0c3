/* Names that are made up while a statement is rendered: anon_1, count_1, t_1, id__1. */
#include "config.h"

#include <string.h>

#include "schema/expr_build.h"
#include "sql/expr_compile.h"

/* PostgreSQL's 63 bytes; SQLAlchemy keeps six of them for a suffix. */
enum { LABEL_MAX = 63 - 6 };

const char *compile_cut(struct compiler *c, const char *name)
{
    if (strlen(name) <= LABEL_MAX)
        return name;
    /* The same name is cut the same way each time. */
    size_t number = 0;
    while (number < c->truncated.len && strcmp(c->truncated.at[number], name) != 0)
        number++;
    if (number == c->truncated.len)
        vec_push(c->a, &c->truncated, name);
    return arena_printf(c->a, "%.*s_%zx", LABEL_MAX, name, number + 1);
}

const char *compile_anon(struct compiler *c, const struct expr *of, const char *base, size_t extra)
{
    for (size_t i = 0; i < c->anon.len; i++) {
        const struct anon_name *known = &c->anon.at[i];
        if (known->of == of && known->extra == extra && strcmp(known->base, base) == 0)
            return known->name;
    }
    struct anon_counter *counter = NULL;
    for (size_t i = 0; i < c->counters.len; i++)
        if (strcmp(c->counters.at[i].base, base) == 0)
            counter = &c->counters.at[i];
    if (!counter) {
        struct anon_counter fresh = {base, 1};
        vec_push(c->a, &c->counters, fresh);
        counter = &c->counters.at[c->counters.len - 1];
    }
    struct anon_name made = {of, base, extra, NULL};
    made.name = compile_cut(c, arena_printf(c->a, "%s_%d", base, counter->next++));
    vec_push(c->a, &c->anon, made);
    return made.name;
}

const char *compile_ambiguous_name(struct compiler *c, const char *table)
{
    const struct enclosing *query = c->stack;
    struct expr_list objects = {0};

    while (query && query->statement->kind != EXPR_SELECT)
        query = query->outer;
    for (size_t i = 0; query && i < query->froms.len; i++)
        compile_from_objects(c->a, query->froms.at[i], &objects);
    for (size_t i = 0; i < objects.len; i++) {
        const struct expr *e = objects.at[i];
        if (e->kind == EXPR_TABLE && e->as.table.schema &&
            strcmp(e->as.table.name.text, table) == 0)
            return compile_anon(c, NULL, e->as.table.name.text, 0);
    }
    return NULL;
}

const char *compile_alias_name(struct compiler *c, const struct expr *e)
{
    if (e->kind == EXPR_TABLE)
        return e->as.table.name.text;
    if (e->as.alias.name.text)
        return compile_cut(c, e->as.alias.name.text);
    return e->as.alias.base ? compile_anon(c, e, e->as.alias.base, 0) : NULL;
}

const char *compile_label_name(struct compiler *c, const struct expr *e)
{
    if (e->as.label.name.text)
        return compile_cut(c, e->as.label.name.text);
    return compile_anon(c, e, e->as.label.base, 0);
}

const char *compile_column_name(struct compiler *c, const struct expr *column)
{
    if (column->as.column.name.text)
        return column->as.column.name.text;
    if (column->as.column.is_whole)
        return compile_alias_name(c, column->as.column.table);
    if (column->as.column.proxy_base)
        return compile_anon(c, column->as.column.proxy, column->as.column.proxy_base, 0);
    return column->as.column.proxy ? compile_fallback_label(c, column->as.column.proxy) : NULL;
}

const char *compile_fallback_label(struct compiler *c, const struct expr *e)
{
    switch (e->kind) {
    case EXPR_COLUMN:
        return compile_column_name(c, e);
    case EXPR_LABEL:
        return compile_label_name(c, e);
    case EXPR_CAST:
        if (e->as.cast.operand->kind != EXPR_TEXT)
            return compile_fallback_label(c, e->as.cast.operand);
        break;
    case EXPR_TYPE_COERCE:
        if (e->as.inner->kind != EXPR_TEXT)
            return compile_fallback_label(c, e->as.inner);
        break;
    case EXPR_AS_BOOLEAN:
        if (e->as.unary.operand->kind != EXPR_TEXT)
            return compile_fallback_label(c, e->as.unary.operand);
        break;
    case EXPR_FUNCTION:
        return compile_anon(c, e, e->as.function.name, 0);
    case EXPR_NEXT_VALUE:
        return compile_anon(c, e, "next_value", 0);
    default:
        break;
    }
    return compile_anon(c, e, "anon", 0);
}
