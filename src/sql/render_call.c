/* What looks like a call: functions, CAST, CASE, EXTRACT, OVER, FILTER. */
#include "config.h"

#include <ctype.h>

#include "sql/expr_compile.h"
#include "sql/render.h"
#include "sql/render_expr.h"
#include "sql/render_type.h"

/* A part of a function's name: as typed, unless it holds characters that no name has. */
static void add_function_name(struct compiler *c, struct str *out, const char *part)
{
    bool plain = *part && !isdigit((unsigned char)*part) && *part != '$';

    for (const char *p = part; *p && plain; p++)
        plain = isalnum((unsigned char)*p) || *p == '_' || *p == '$';
    str_add(out, plain ? part : sql_name(c->a, (struct name){part, false, YES}));
}

static bool compile_substring(struct compiler *c, struct str *out, const struct expr *e,
                              struct around in)
{
    static const char *const words[] = {"SUBSTRING(", " FROM ", " FOR "};

    for (size_t i = 0; i < e->as.function.args.len && i < 3; i++) {
        str_add(out, words[i]);
        if (!compile_expr(c, out, e->as.function.args.at[i], in))
            return false;
    }
    str_addc(out, ')');
    return true;
}

bool compile_function(struct compiler *c, struct str *out, const struct expr *e, struct around in)
{
    const struct name_list *path = &e->as.function.path;
    bool known_name = e->as.function.keyword != NULL;

    if (str_eq(e->as.function.name, "substring") && e->as.function.args.len >= 2)
        return compile_substring(c, out, e, in);
    for (size_t i = 0; i + 1 < path->len; i++) {
        add_function_name(c, out, path->at[i]);
        str_addc(out, '.');
    }
    if (known_name)
        str_add(out, e->as.function.keyword);
    else
        add_function_name(c, out, path->at[path->len - 1]);
    if (e->as.function.bare && e->as.function.args.len == 0)
        return true;
    str_addc(out, '(');
    if (!compile_list(c, out, &e->as.function.args, ", ", in))
        return false;
    str_addc(out, ')');
    return true;
}

bool compile_next_value(struct compiler *c, struct str *out, const struct expr *e, struct around in)
{
    const char *name = sql_qualified(c->a, e->as.sequence.schema, UNSET, e->as.sequence.name);

    (void)in;
    str_addf(out, "nextval(%s)", sql_string(c->a, name));
    return true;
}

bool compile_cast_of(struct compiler *c, struct str *out, const struct expr *operand_,
                     const struct type *type, struct around in)
{
    struct str text = STR_IN(c->a);
    const char *collate;

    if (!sql_type_render(c->a, type, &text, c->err))
        return false;
    str_add(out, "CAST(");
    if (!compile_expr(c, out, operand_, in))
        return false;
    /* The collation of a type stands behind the parenthesis. */
    collate = strstr(text.ptr, " COLLATE ");
    str_add(out, " AS ");
    str_addn(out, text.ptr, collate ? (size_t)(collate - text.ptr) : text.len);
    str_addc(out, ')');
    if (collate)
        str_add(out, collate);
    return true;
}

bool compile_cast(struct compiler *c, struct str *out, const struct expr *e, struct around in)
{
    return compile_cast_of(c, out, e->as.cast.operand, e->type, in);
}

bool compile_case(struct compiler *c, struct str *out, const struct expr *e, struct around in)
{
    str_add(out, "CASE ");
    if (e->as.case_.value) {
        if (!compile_expr(c, out, e->as.case_.value, in))
            return false;
        str_addc(out, ' ');
    }
    for (size_t i = 0; i < e->as.case_.when_count; i++) {
        str_add(out, "WHEN ");
        if (!compile_expr(c, out, e->as.case_.whens[i].condition, in))
            return false;
        str_add(out, " THEN ");
        if (!compile_expr(c, out, e->as.case_.whens[i].result, in))
            return false;
        str_addc(out, ' ');
    }
    if (e->as.case_.otherwise) {
        str_add(out, "ELSE ");
        if (!compile_expr(c, out, e->as.case_.otherwise, in))
            return false;
        str_addc(out, ' ');
    }
    str_add(out, "END");
    return true;
}

bool compile_extract(struct compiler *c, struct str *out, const struct expr *e, struct around in)
{
    str_addf(out, "EXTRACT(%s FROM ", e->as.extract.field);
    if (!compile_expr(c, out, e->as.extract.operand, in))
        return false;
    str_addc(out, ')');
    return true;
}

static void add_bound(struct str *out, const struct frame_bound *bound, const char *unbounded)
{
    long long offset = bound->offset;

    if (bound->kind == FRAME_UNBOUNDED)
        str_add(out, unbounded);
    else if (bound->kind == FRAME_CURRENT)
        str_add(out, "CURRENT ROW");
    else
        str_addf(out, "%lld %s", offset < 0 ? -offset : offset,
                 offset < 0 ? "PRECEDING" : "FOLLOWING");
}

bool compile_over(struct compiler *c, struct str *out, const struct expr *e, struct around in)
{
    static const char *const words[] = {"", "ROWS", "RANGE", "GROUPS"};
    const struct window *w = e->as.over.window;
    const char *blank = "";

    if (!compile_expr(c, out, e->as.over.element, in))
        return false;
    str_add(out, " OVER (");
    if (w->partition_by.len > 0) {
        str_add(out, "PARTITION BY ");
        if (!compile_list(c, out, &w->partition_by, ", ", in))
            return false;
        blank = " ";
    }
    if (w->order_by.len > 0) {
        str_addf(out, "%sORDER BY ", blank);
        if (!compile_list(c, out, &w->order_by, ", ", in))
            return false;
        blank = " ";
    }
    if (w->frame != FRAME_NONE) {
        str_addf(out, "%s%s BETWEEN ", blank, words[w->frame]);
        add_bound(out, &w->from, "UNBOUNDED PRECEDING");
        str_add(out, " AND ");
        add_bound(out, &w->to, "UNBOUNDED FOLLOWING");
    }
    str_addc(out, ')');
    return true;
}

bool compile_within_group(struct compiler *c, struct str *out, const struct expr *e,
                          struct around in)
{
    if (!compile_expr(c, out, e->as.ordered.element, in))
        return false;
    str_add(out, " WITHIN GROUP (ORDER BY ");
    if (!compile_list(c, out, &e->as.ordered.order_by, ", ", in))
        return false;
    str_addc(out, ')');
    return true;
}

bool compile_aggregate_order(struct compiler *c, struct str *out, const struct expr *e,
                             struct around in)
{
    if (!compile_expr(c, out, e->as.ordered.element, in))
        return false;
    str_add(out, " ORDER BY ");
    return compile_list(c, out, &e->as.ordered.order_by, ", ", in);
}

bool compile_filter(struct compiler *c, struct str *out, const struct expr *e, struct around in)
{
    if (!compile_expr(c, out, e->as.filter.element, in))
        return false;
    str_add(out, " FILTER (WHERE ");
    if (!compile_expr(c, out, e->as.filter.criterion, in))
        return false;
    str_addc(out, ')');
    return true;
}
