/* What stands in FROM: tables, aliases, subqueries, CTEs, joins; and what expressions stand on. */
#include "config.h"

#include <string.h>

#include "schema/expr_build.h"
#include "schema/type.h"
#include "sql/expr_compile.h"
#include "schema/identifier.h"
#include "sql/render_type.h"

bool compile_has(const struct expr_list *list, const struct expr *e)
{
    for (size_t i = 0; i < list->len; i++)
        if (list->at[i] == e)
            return true;
    return false;
}

/* ------------------------------------------------------------------ from objects */

static void from_objects_of(struct arena *a, const struct expr_list *items, struct expr_list *out)
{
    for (size_t i = 0; i < items->len; i++)
        compile_from_objects(a, items->at[i], out);
}

void compile_from_objects(struct arena *a, const struct expr *e, struct expr_list *out)
{
    if (!e)
        return;
    switch (e->kind) {
    case EXPR_COLUMN:
        if (e->as.column.table)
            vec_push(a, out, e->as.column.table);
        return;
    case EXPR_GROUPING:
    case EXPR_TYPE_COERCE:
        compile_from_objects(a, e->as.inner, out);
        return;
    case EXPR_UNARY:
    case EXPR_AS_BOOLEAN:
        compile_from_objects(a, e->as.unary.operand, out);
        return;
    case EXPR_BINARY:
        compile_from_objects(a, e->as.binary.left, out);
        compile_from_objects(a, e->as.binary.right, out);
        return;
    case EXPR_LIST:
    case EXPR_TUPLE:
    case EXPR_ARRAY:
        from_objects_of(a, &e->as.list.items, out);
        return;
    case EXPR_FUNCTION:
        from_objects_of(a, &e->as.function.args, out);
        return;
    case EXPR_CAST:
        compile_from_objects(a, e->as.cast.operand, out);
        return;
    case EXPR_CASE:
        compile_from_objects(a, e->as.case_.value, out);
        for (size_t i = 0; i < e->as.case_.when_count; i++) {
            compile_from_objects(a, e->as.case_.whens[i].condition, out);
            compile_from_objects(a, e->as.case_.whens[i].result, out);
        }
        compile_from_objects(a, e->as.case_.otherwise, out);
        return;
    case EXPR_EXTRACT:
        compile_from_objects(a, e->as.extract.operand, out);
        return;
    case EXPR_OVER:
        compile_from_objects(a, e->as.over.element, out);
        from_objects_of(a, &e->as.over.window->partition_by, out);
        from_objects_of(a, &e->as.over.window->order_by, out);
        return;
    case EXPR_WITHIN_GROUP:
    case EXPR_AGGREGATE_ORDER_BY:
        compile_from_objects(a, e->as.ordered.element, out);
        from_objects_of(a, &e->as.ordered.order_by, out);
        return;
    case EXPR_FILTER:
        compile_from_objects(a, e->as.filter.element, out);
        compile_from_objects(a, e->as.filter.criterion, out);
        return;
    case EXPR_LABEL:
        compile_from_objects(a, e->as.label.element, out);
        return;
    case EXPR_LABEL_REFERENCE:
        compile_from_objects(a, e->as.reference.element, out);
        return;
    case EXPR_JOIN:
        vec_push(a, out, e);
        compile_from_objects(a, e->as.join.left, out);
        compile_from_objects(a, e->as.join.right, out);
        return;
    case EXPR_TABLE:
    case EXPR_ALIAS:
    case EXPR_SUBQUERY:
    case EXPR_LATERAL:
    case EXPR_CTE:
    case EXPR_TABLESAMPLE:
    case EXPR_FUNCTION_TABLE:
    case EXPR_VALUES_TABLE:
        vec_push(a, out, e);
        return;
    default:
        return;
    }
}

/* ------------------------------------------------------------------ common table expressions */

static struct cte_text *find_cte(struct compiler *c, const char *name)
{
    for (size_t i = 0; i < c->ctes.len; i++)
        if (strcmp(c->ctes.at[i].name, name) == 0)
            return &c->ctes.at[i];
    return NULL;
}

/* "(a, b)": the columns of a recursive query, or those that were named. */
static void add_cte_columns(struct compiler *c, struct str *out, const struct expr *cte)
{
    const char *comma = "";
    struct expr_list columns = {0};

    if (!cte->as.alias.recursive && cte->as.alias.column_names.len == 0)
        return;
    str_addc(out, '(');
    if (cte->as.alias.column_names.len > 0)
        str_add(out, sql_name_list(c->a, &cte->as.alias.column_names));
    else
        expr_selected(c->a, cte->as.alias.element, &columns);
    for (size_t i = 0; i < columns.len; i++) {
        const char *name = compile_fallback_label(c, columns.at[i]);
        str_addf(out, "%s%s", comma, sql_name(c->a, name_of(name)));
        comma = ", ";
    }
    str_addc(out, ')');
}

static bool render_cte(struct compiler *c, const struct expr *cte, const char *name,
                       struct around in)
{
    static const char *const materialized[] = {
        [UNSET] = "", [NO] = "NOT MATERIALIZED ", [YES] = "MATERIALIZED "};
    struct cte_text entry = {cte, name, NULL};
    struct str text = STR_IN(c->a);
    const struct expr *element = cte->as.alias.element;

    /* Known by its name before it is rendered, so that it can refer to itself. */
    vec_push(c->a, &c->ctes, entry);
    str_add(&text, sql_name(c->a, (struct name){name, false, cte->as.alias.name.quote}));
    add_cte_columns(c, &text, cte);
    str_addf(&text, " AS %s\n(", materialized[cte->as.alias.materialized]);
    if (element->kind >= EXPR_INSERT && element->kind <= EXPR_DELETE
            ? !compile_dml(c, &text, element, in)
            : !compile_select(c, &text, element, in, true, false))
        return false;
    str_addc(&text, ')');

    /* Those that it needs were finished meanwhile: it stands behind them. */
    for (size_t i = 0; i < c->ctes.len; i++) {
        if (c->ctes.at[i].cte == cte) {
            vec_remove(&c->ctes, i);
            break;
        }
    }
    entry.text = text.ptr;
    vec_push(c->a, &c->ctes, entry);
    return true;
}

static bool compile_cte(struct compiler *c, struct str *out, const struct expr *cte,
                        struct around in)
{
    const char *name = compile_alias_name(c, cte);
    struct cte_text *known = find_cte(c, name);

    if (known && known->cte->as.alias.restates != cte && known->cte != cte) {
        if (known->cte != cte->as.alias.restates)
            return compile_raise(c, "sqlalchemy.exc.CompileError",
                                 "Multiple, unrelated CTEs found with the same name: '%s'", name);
        /* The completed form takes the place of what it completes. */
        vec_remove(&c->ctes, (size_t)(known - c->ctes.at));
        known = NULL;
    }
    in.flags &= NO_TABLE;
    in.as_label = NULL;
    if (!known && !render_cte(c, cte, name, in))
        return false;
    str_add(out, sql_name(c->a, (struct name){name, false, cte->as.alias.name.quote}));
    return true;
}

void compile_with(struct compiler *c, struct str *text)
{
    struct str with = STR_IN(c->a);
    bool recursive = false;

    if (c->ctes.len == 0)
        return;
    for (size_t i = 0; i < c->ctes.len; i++)
        recursive = recursive || c->ctes.at[i].cte->as.alias.recursive;
    str_add(&with, recursive ? "WITH RECURSIVE " : "WITH ");
    for (size_t i = 0; i < c->ctes.len; i++)
        str_addf(&with, "%s%s", i ? ", \n" : "", c->ctes.at[i].text);
    str_add(&with, "\n ");
    str_addn(&with, text->ptr, text->len);
    *text = with;
    c->ctes.len = 0;
}

/* ------------------------------------------------------------------ FROM */

static void add_alias(struct compiler *c, struct str *out, const struct expr *e)
{
    const char *name = compile_alias_name(c, e);
    str_addf(out, " AS %s", sql_name(c->a, (struct name){name, false, e->as.alias.name.quote}));
}

static bool compile_alias(struct compiler *c, struct str *out, const struct expr *e,
                          struct around in)
{
    const struct expr *element = e->as.alias.element;

    while (element->kind == EXPR_ALIAS)
        element = element->as.alias.element;
    if (element->kind == EXPR_SUBQUERY)
        element = element->as.alias.element;
    /* The name is made up before what is inside is rendered. */
    compile_alias_name(c, e);
    if (element->kind == EXPR_SELECT || element->kind == EXPR_COMPOUND ||
        element->kind == EXPR_TEXT_SELECT) {
        str_addc(out, '(');
        if (!compile_select(c, out, element, in, true, e->kind == EXPR_LATERAL))
            return false;
        str_addc(out, ')');
    } else {
        in.flags |= IN_ALIAS;
        if (!compile_from(c, out, element, in))
            return false;
    }
    add_alias(c, out, e);
    return true;
}

static bool compile_tablesample(struct compiler *c, struct str *out, const struct expr *e,
                                struct around in)
{
    if (!compile_alias(c, out, e, in))
        return false;
    str_add(out, " TABLESAMPLE ");
    if (!compile_expr(c, out, e->as.alias.sampling, in))
        return false;
    if (e->as.alias.seed) {
        str_add(out, " REPEATABLE (");
        if (!compile_expr(c, out, e->as.alias.seed, in))
            return false;
        str_addc(out, ')');
    }
    return true;
}

static bool compile_function_table(struct compiler *c, struct str *out, const struct expr *e,
                                   struct around in)
{
    compile_alias_name(c, e);
    if (e->as.alias.lateral)
        str_add(out, "LATERAL ");
    if (!compile_expr(c, out, e->as.alias.element, in))
        return false;
    if (e->as.alias.with_ordinality)
        str_add(out, " WITH ORDINALITY");
    add_alias(c, out, e);
    if (!e->as.alias.render_columns)
        return true;
    str_addc(out, '(');
    for (size_t i = 0; i < e->as.alias.columns.len; i++) {
        const struct expr *column = e->as.alias.columns.at[i];
        str_addf(out, "%s%s", i ? ", " : "", sql_name(c->a, column->as.column.name));
        if (e->as.alias.render_types) {
            str_addc(out, ' ');
            if (!sql_type_render(c->a, column->type, out, c->err))
                return false;
        }
    }
    str_addc(out, ')');
    return true;
}

static bool compile_values(struct compiler *c, struct str *out, const struct expr *e,
                           struct around in)
{
    const char *name = compile_alias_name(c, e);

    in.flags &= ~(unsigned)IN_FROM;
    if (e->as.alias.lateral)
        str_add(out, "LATERAL ");
    str_add(out, "(VALUES ");
    for (size_t i = 0; i < e->as.alias.rows.len; i++) {
        str_add(out, i ? ", (" : "(");
        if (!compile_list(c, out, &e->as.alias.rows.at[i], ", ", in))
            return false;
        str_addc(out, ')');
    }
    str_addc(out, ')');
    if (!name || e->as.alias.scalar)
        return true;
    add_alias(c, out, e);
    str_add(out, " (");
    for (size_t i = 0; i < e->as.alias.columns.len; i++)
        str_addf(out, "%s%s", i ? ", " : "",
                 sql_name(c->a, e->as.alias.columns.at[i]->as.column.name));
    str_addc(out, ')');
    return true;
}

static bool compile_join(struct compiler *c, struct str *out, const struct expr *e,
                         struct around in)
{
    const struct expr *on = e->as.join.on;

    if (!on)
        on = compile_join_condition(c, e->as.join.left, e->as.join.right);
    if (!on)
        return compile_raise(c, "sqlalchemy.exc.NoForeignKeysError",
                             "Can't find any foreign key relationships between '%s' and '%s'.",
                             expr_from_name(e->as.join.left).text,
                             expr_from_name(e->as.join.right).text);
    if (e->as.join.grouped)
        str_addc(out, '(');
    if (!compile_from(c, out, e->as.join.left, in))
        return false;
    str_add(out, e->as.join.full    ? " FULL OUTER JOIN "
                 : e->as.join.outer ? " LEFT OUTER JOIN "
                                    : " JOIN ");
    if (!compile_from(c, out, e->as.join.right, in))
        return false;
    str_add(out, " ON ");
    if (!compile_expr(c, out, on, in))
        return false;
    if (e->as.join.grouped)
        str_addc(out, ')');
    return true;
}

static void add_table(struct compiler *c, struct str *out, const struct expr *e, bool no_schema,
                      bool in_alias)
{
    const char *made_up = NULL;

    str_add(out, sql_qualified(c->a, no_schema ? NULL : e->as.table.schema, UNSET,
                               e->as.table.name));
    if (!in_alias && !e->as.table.schema)
        made_up = compile_ambiguous_name(c, e->as.table.name.text);
    if (made_up)
        str_addf(out, " AS %s", sql_name(c->a, name_of(made_up)));
}

bool compile_from(struct compiler *c, struct str *out, const struct expr *e, struct around in)
{
    bool in_alias = in.flags & IN_ALIAS;

    in.flags &= ~(unsigned)(IN_COLUMNS | IN_LABEL | IN_ALIAS);
    switch (e->kind) {
    case EXPR_TABLE:
        add_table(c, out, e, in.flags & NO_SCHEMA, in_alias);
        return true;
    case EXPR_LATERAL:
        str_add(out, "LATERAL ");
        return compile_alias(c, out, e, in);
    case EXPR_ALIAS:
    case EXPR_SUBQUERY:
        return compile_alias(c, out, e, in);
    case EXPR_CTE:
        return compile_cte(c, out, e, in);
    case EXPR_TABLESAMPLE:
        return compile_tablesample(c, out, e, in);
    case EXPR_FUNCTION_TABLE:
        return compile_function_table(c, out, e, in);
    case EXPR_VALUES_TABLE:
        return compile_values(c, out, e, in);
    case EXPR_JOIN:
        return compile_join(c, out, e, in);
    default:
        return compile_expr(c, out, e, in);
    }
}
