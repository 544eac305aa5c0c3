/* INSERT, UPDATE and DELETE. */
#include "config.h"

#include <string.h>

#include "schema/expr_build.h"
#include "schema/identifier.h"
#include "sql/expr_compile.h"
#include "sql/render_type.h"

/* Types that psycopg2 would have to guess. */
static bool wants_cast(const struct type *type)
{
    enum type_family family = type_family(type);
    enum type_kind kind = family == FAMILY_OTHER ? type_impl(type)->kind : TYPE_NULL;

    return family == FAMILY_JSON || family == FAMILY_UUID || family == FAMILY_ARRAY ||
           (kind >= TYPE_PG_INT4RANGE && kind <= TYPE_PG_TSTZMULTIRANGE);
}

bool compile_placeholder(struct compiler *c, struct str *out, const struct expr *e,
                         struct around in)
{
    static const char special[] = "%():. []", written[] = "PAZC____";

    (void)in;
    if (c->only_literals)
        return compile_refuse_parameter(c);
    str_addc(out, ':');
    for (const char *p = e->as.placeholder.key; *p; p++) {
        const char *at = strchr(special, *p);
        str_addc(out, at ? written[at - special] : *p);
    }
    if (!wants_cast(e->type))
        return true;
    str_add(out, "::");
    return sql_type_render(c->a, e->type, out, c->err);
}

/* A value on the right of "=" or in VALUES: operations stand in parentheses. */
static bool compile_value(struct compiler *c, struct str *out, const struct expr *value,
                          struct around in)
{
    if (value->kind != EXPR_BIND)
        value = expr_group(c->a, value, EXPR_OP_NONE, NULL);
    return compile_expr(c, out, value, in);
}

static bool compile_prefixes(struct compiler *c, struct str *out, const struct expr_list *prefixes,
                             struct around in)
{
    for (size_t i = 0; i < prefixes->len; i++) {
        if (!compile_expr(c, out, prefixes->at[i], in))
            return false;
        str_addc(out, ' ');
    }
    return true;
}

static bool add_returning(struct compiler *c, struct str *out, const struct dml *dml,
                          struct around in)
{
    const struct expr_list *columns = &dml->returning;

    if (columns->len == 0 && !c->stack->outer)
        columns = &dml->implicit_returning;
    if (columns->len == 0)
        return true;
    str_addc(out, ' ');
    return compile_returning(c, out, columns, in);
}

/* ------------------------------------------------------------------ INSERT */

static bool compile_assignments(struct compiler *c, struct str *out,
                                const struct assignment_list *set, const char *equals,
                                struct around in)
{
    for (size_t i = 0; i < set->len; i++) {
        const struct assignment *a = &set->at[i];
        struct around left = in;
        left.flags |= NO_TABLE;
        if (i > 0)
            str_add(out, ", ");
        if (a->target) {
            if (!compile_expr(c, out, a->target, left))
                return false;
        } else {
            str_add(out, sql_name(c->a, a->column));
        }
        str_add(out, equals);
        if (!compile_value(c, out, a->value, in))
            return false;
    }
    return true;
}

static bool conflict_target(struct compiler *c, struct str *out, const struct on_conflict *conflict)
{
    struct around alone = {.flags = NO_TABLE | NO_SCHEMA};

    if (conflict->constraint) {
        str_addf(out, " ON CONSTRAINT %s", sql_name(c->a, name_of(conflict->constraint)));
    } else if (conflict->elements.len > 0) {
        str_add(out, " (");
        if (!compile_list(c, out, &conflict->elements, ", ", alone))
            return false;
        str_addc(out, ')');
        if (conflict->index_where) {
            str_add(out, " WHERE ");
            return compile_expr(c, out, conflict->index_where, alone);
        }
    }
    return true;
}

static bool compile_conflict(struct compiler *c, struct str *out,
                             const struct on_conflict *conflict, struct around in)
{
    in.flags |= NO_SCHEMA;
    str_add(out, " ON CONFLICT");
    if (!conflict_target(c, out, conflict))
        return false;
    if (!conflict->update) {
        str_add(out, " DO NOTHING");
        return true;
    }
    str_add(out, " DO UPDATE SET ");
    if (!compile_assignments(c, out, &conflict->set, " = ", in))
        return false;
    if (conflict->where) {
        str_add(out, " WHERE ");
        return compile_expr(c, out, conflict->where, in);
    }
    return true;
}

static bool compile_rows(struct compiler *c, struct str *out, const struct dml *dml,
                         struct around in)
{
    const struct assignment_list *first = dml->rows.len > 0 ? &dml->rows.at[0] : NULL;

    if (!first || first->len == 0) {
        str_add(out, " DEFAULT VALUES");
        return true;
    }
    str_add(out, " (");
    for (size_t i = 0; i < first->len; i++)
        str_addf(out, "%s%s", i ? ", " : "", sql_name(c->a, first->at[i].column));
    str_add(out, ") VALUES ");
    for (size_t i = 0; i < dml->rows.len; i++) {
        str_add(out, i ? ", (" : "(");
        for (size_t j = 0; j < dml->rows.at[i].len; j++) {
            if (j > 0)
                str_add(out, ", ");
            if (!compile_value(c, out, dml->rows.at[i].at[j].value, in))
                return false;
        }
        str_addc(out, ')');
    }
    return true;
}

static bool compile_insert(struct compiler *c, struct str *out, const struct dml *dml,
                           struct around in)
{
    str_add(out, "INSERT ");
    if (!compile_prefixes(c, out, &dml->prefixes, in))
        return false;
    str_addf(out, "INTO %s",
             sql_qualified(c->a, dml->table->as.table.schema, UNSET, dml->table->as.table.name));
    if (dml->select) {
        str_add(out, " (");
        str_addf(out, "%s) ", sql_name_list(c->a, &dml->select_columns));
        if (!compile_select(c, out, dml->select, in, false, false))
            return false;
    } else if (!compile_rows(c, out, dml, in)) {
        return false;
    }
    if (dml->on_conflict && !compile_conflict(c, out, dml->on_conflict, in))
        return false;
    return add_returning(c, out, dml, in);
}

/* ------------------------------------------------------------------ UPDATE, DELETE */

/* " FROM a, b": what the conditions and values stand on besides the table. */
static bool compile_extra_froms(struct compiler *c, struct str *out, const char *word,
                                const struct expr_list *froms, struct around in)
{
    for (size_t i = 0; i < froms->len; i++) {
        str_addf(out, "%s", i ? ", " : word);
        if (!compile_from(c, out, froms->at[i], in))
            return false;
    }
    return true;
}

static struct expr_list extra_froms(struct compiler *c, const struct dml *dml)
{
    struct expr_list found = {0}, extra = {0};

    for (size_t i = 0; i < dml->where.len; i++)
        compile_from_objects(c->a, dml->where.at[i], &found);
    for (size_t i = 0; i < dml->set.len; i++)
        if (!dml->set.at[i].target)
            compile_from_objects(c->a, dml->set.at[i].value, &found);
    for (size_t i = 0; i < found.len; i++)
        if (found.at[i] != dml->table && !compile_has(&extra, found.at[i]))
            vec_push(c->a, &extra, found.at[i]);
    return extra;
}

static bool compile_update(struct compiler *c, struct str *out, const struct dml *dml,
                           const struct expr_list *extra, struct around in)
{
    str_add(out, "UPDATE ");
    if (!compile_prefixes(c, out, &dml->prefixes, in) || !compile_from(c, out, dml->table, in))
        return false;
    str_add(out, " SET ");
    return compile_assignments(c, out, &dml->set, "=", in) &&
           compile_extra_froms(c, out, " FROM ", extra, in) &&
           compile_criteria(c, out, " WHERE ", &dml->where, in) && add_returning(c, out, dml, in);
}

static bool compile_delete(struct compiler *c, struct str *out, const struct dml *dml,
                           const struct expr_list *extra, struct around in)
{
    str_add(out, "DELETE ");
    if (!compile_prefixes(c, out, &dml->prefixes, in))
        return false;
    str_add(out, "FROM ");
    return compile_from(c, out, dml->table, in) &&
           compile_extra_froms(c, out, " USING ", extra, in) &&
           compile_criteria(c, out, " WHERE ", &dml->where, in) && add_returning(c, out, dml, in);
}

bool compile_dml(struct compiler *c, struct str *out, const struct expr *e, struct around in)
{
    const struct dml *dml = e->as.dml;
    struct enclosing here = {.outer = c->stack, .statement = e};
    struct expr_list extra = {0};
    struct str text = STR_IN(c->a), dropped = STR_IN(c->a);
    bool done = true;

    in.flags &= ~(unsigned)(IN_COLUMNS | IN_LABEL);
    if (e->kind != EXPR_INSERT) {
        extra = extra_froms(c, dml);
        vec_push(c->a, &here.asfrom_froms, dml->table);
        for (size_t i = 0; i < extra.len; i++)
            vec_push(c->a, &here.asfrom_froms, extra.at[i]);
        here.correlate_froms = here.asfrom_froms;
    }
    c->stack = &here;
    for (size_t i = 0; done && i < dml->ctes.len; i++)
        done = compile_from(c, &dropped, dml->ctes.at[i], in);
    if (done)
        done = e->kind == EXPR_INSERT   ? compile_insert(c, &text, dml, in)
               : e->kind == EXPR_UPDATE ? compile_update(c, &text, dml, &extra, in)
                                        : compile_delete(c, &text, dml, &extra, in);
    c->stack = here.outer;
    if (!c->stack)
        compile_with(c, &text);
    str_addn(out, text.ptr, text.len);
    return done;
}
