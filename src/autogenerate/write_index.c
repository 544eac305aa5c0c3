#include "config.h"

/* Indexes. */

#include "autogenerate/write_private.h"
#include "schema/expr.h"
#include "sql/render_expr.h"

/* An element that is a column stands by its name; all else is SQL. */
static bool write_element(struct writer *w, const struct expr *e)
{
    struct str sql = STR_IN(w->arena);
    if (e->kind == EXPR_COLUMN && !e->as.column.is_literal) {
        write_string(w, e->as.column.name.text);
        return true;
    }
    const struct expr *inner = e->kind == EXPR_LABEL ? e->as.label.element : e;
    if (!sql_expr_render(w->arena, inner, SQL_EXPR_DDL | SQL_EXPR_INDEX_ELEMENT, &sql, w->err))
        return false;
    str_addf(w->out, "%sliteral_column(", w->sa);
    write_string(w, sql.ptr);
    str_addc(w->out, ')');
    if (e->kind == EXPR_LABEL && e->as.label.name.text) {
        str_add(w->out, ".label(");
        write_string(w, e->as.label.name.text);
        str_addc(w->out, ')');
    }
    return true;
}

/* {'a': 'jsonb_path_ops'} */
static void write_operator_classes(struct writer *w, const struct index *ix)
{
    bool any = false;
    for (size_t i = 0; i < ix->elements.len; i++) {
        if (!ix->elements.at[i].opclass || !ix->elements.at[i].column)
            continue;
        str_add(w->out, any ? ", " : ", postgresql_ops={");
        write_string(w, ix->elements.at[i].column);
        str_add(w->out, ": ");
        write_string(w, ix->elements.at[i].opclass);
        any = true;
    }
    if (any)
        str_addc(w->out, '}');
}

static void write_storage(struct writer *w, const struct index *ix)
{
    for (size_t i = 0; i < ix->with.len; i++) {
        str_add(w->out, i > 0 ? ", " : ", postgresql_with={");
        write_string(w, ix->with.at[i].key);
        str_add(w->out, ": ");
        write_string(w, ix->with.at[i].value);
    }
    if (ix->with.len > 0)
        str_addc(w->out, '}');
}

/* Of an index that no program made: in the order in which reflection gives them. */
static bool write_found_options(struct writer *w, const struct index *ix)
{
    write_operator_classes(w, ix);
    write_storage(w, ix);
    write_option(w, "postgresql_using", ix->using_);
    if (ix->where_text) {
        write_option(w, "postgresql_where", ix->where_text);
    } else if (ix->where) {
        str_add(w->out, ", postgresql_where=");
        if (!write_text(w, ix->where))
            return false;
    }
    if (ix->include.len > 0) {
        str_add(w->out, ", postgresql_include=");
        write_strings(w, &ix->include);
    }
    if (ix->nulls_not_distinct == YES)
        write_flag(w, "postgresql_nulls_not_distinct", true);
    return true;
}

static bool write_options(struct writer *w, const struct index *ix)
{
    return ix->given.len > 0 ? write_dialect_options(w, &ix->given) : write_found_options(w, ix);
}

bool write_create_index(struct writer *w, const struct op *op)
{
    const struct index *ix = op->as.create_index;
    str_addf(w->out, "%screate_index(", w->op);
    write_name(w, ix->name);
    str_add(w->out, ", ");
    if (!w->in_batch) {
        write_string(w, op->table);
        str_add(w->out, ", ");
    }
    str_addc(w->out, '[');
    for (size_t i = 0; i < ix->elements.len; i++) {
        str_add(w->out, i > 0 ? ", " : "");
        if (!write_element(w, ix->elements.at[i].expression))
            return false;
    }
    str_addc(w->out, ']');
    write_flag(w, "unique", ix->unique);
    if (!w->in_batch)
        write_option(w, "schema", op->schema);
    if (!write_options(w, ix))
        return false;
    if (ix->if_not_exists)
        write_flag(w, "if_not_exists", true);
    str_addc(w->out, ')');
    return true;
}

bool write_drop_index(struct writer *w, const struct op *op)
{
    const struct index *ix = op->as.drop_index;
    str_addf(w->out, "%sdrop_index(", w->op);
    write_name(w, ix->name);
    if (!w->in_batch) {
        write_option(w, "table_name", op->table);
        write_option(w, "schema", op->schema);
    }
    if (!write_options(w, ix))
        return false;
    if (ix->if_exists)
        write_flag(w, "if_exists", true);
    str_addc(w->out, ')');
    return true;
}
