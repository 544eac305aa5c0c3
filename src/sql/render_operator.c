/* Operators: unary, binary, lists, subscripts. */
#include "config.h"

#include "schema/expr_build.h"
#include "sql/expr_compile.h"
#include "sql/render.h"
#include "sql/render_expr.h"
#include "sql/render_type.h"

struct around compile_operand_around(struct around in)
{
    in.flags |= IN_OPERATION;
    return in;
}

bool compile_unary(struct compiler *c, struct str *out, const struct expr *e, struct around in)
{
    enum expr_op op = e->as.unary.op, modifier = e->as.unary.modifier;

    if (op == EXPR_OP_CUSTOM)
        str_addf(out, "%s ", e->as.unary.custom->text);
    else if (op == EXPR_OP_NEG || op == EXPR_OP_BIT_NOT)
        str_add(out, expr_op_sql(op));
    else if (op != EXPR_OP_NONE)
        str_addf(out, "%s ", expr_op_sql(op));
    if (!compile_expr(c, out, e->as.unary.operand, in))
        return false;
    if (modifier == EXPR_OP_CUSTOM)
        str_addf(out, " %s", e->as.unary.custom->text);
    else if (modifier != EXPR_OP_NONE)
        str_addf(out, " %s", expr_op_sql(modifier));
    return true;
}

bool compile_as_boolean(struct compiler *c, struct str *out, const struct expr *e, struct around in)
{
    if (e->as.unary.op == EXPR_OP_IS_FALSE)
        str_add(out, "NOT ");
    return compile_expr(c, out, e->as.unary.operand, in);
}

/* left <between> right */
static bool around_operator(struct compiler *c, struct str *out, const struct expr *e,
                            const char *between, struct around in)
{
    if (!compile_expr(c, out, e->as.binary.left, in))
        return false;
    str_add(out, between);
    return compile_expr(c, out, e->as.binary.right, in);
}

static bool plain_binary(struct compiler *c, struct str *out, const struct expr *e,
                         struct around in)
{
    return around_operator(c, out, e, arena_printf(c->a, " %s ", expr_op_sql(e->as.binary.op)),
                           compile_operand_around(in));
}

/* Operators of PostgreSQL that are grouped when they are an operand. */
static bool eager_binary(struct compiler *c, struct str *out, const struct expr *e,
                         const char *between, struct around in)
{
    bool group = (in.flags & IN_OPERATION) != 0;

    if (group)
        str_addc(out, '(');
    if (!around_operator(c, out, e, between, compile_operand_around(in)))
        return false;
    if (group)
        str_addc(out, ')');
    return true;
}

static bool custom_binary(struct compiler *c, struct str *out, const struct expr *e,
                          struct around in)
{
    const char *between = arena_printf(c->a, " %s ", e->as.binary.custom->text);

    return e->as.binary.custom->eager_grouping
               ? eager_binary(c, out, e, between, in)
               : around_operator(c, out, e, between, compile_operand_around(in));
}

static bool in_binary(struct compiler *c, struct str *out, const struct expr *e, struct around in)
{
    const struct expr *right = e->as.binary.right;
    bool negated = e->as.binary.op == EXPR_OP_NOT_IN;
    bool empty = right->kind == EXPR_BIND && right->as.bind.expanding &&
                 right->as.bind.value.kind == LITERAL_LIST && right->as.bind.value.item_count == 0;

    if (negated)
        str_addc(out, '(');
    if (!compile_expr(c, out, e->as.binary.left, compile_operand_around(in)))
        return false;
    str_addf(out, " %s ", expr_op_sql(e->as.binary.op));
    if (empty)
        compile_empty_in(out, e->as.binary.left, negated);
    else if (!compile_expr(c, out, right, compile_operand_around(in)))
        return false;
    if (negated)
        str_addc(out, ')');
    return true;
}

static bool between_binary(struct compiler *c, struct str *out, const struct expr *e,
                           struct around in)
{
    const char *word = expr_op_sql(e->as.binary.op);

    return around_operator(
        c, out, e, arena_printf(c->a, e->as.binary.symmetric ? " %s SYMMETRIC " : " %s ", word),
        compile_operand_around(in));
}

static void add_escape(struct str *out, const struct expr *e)
{
    const char *escape = e->as.binary.escape;

    if (escape) {
        str_add(out, " ESCAPE '");
        for (; *escape; escape++) {
            if (*escape == '\'')
                str_addc(out, '\'');
            str_addc(out, *escape);
        }
        str_addc(out, '\'');
    }
}

static bool like_binary(struct compiler *c, struct str *out, const struct expr *e, struct around in)
{
    if (!around_operator(c, out, e, arena_printf(c->a, " %s ", expr_op_sql(e->as.binary.op)), in))
        return false;
    add_escape(out, e);
    return true;
}

static const struct expr *percent_sign(struct arena *a)
{
    struct expr *e = expr_column(a, name_of("'%'"), expr_type(TYPE_STRING), NULL, NULL);
    e->as.column.is_literal = true;
    return e;
}

static const struct expr *concat(struct arena *a, const struct expr *left, const struct expr *right)
{
    struct operation operation = {.op = EXPR_OP_CONCAT};

    operation.type = expr_result_type(&operation.op, left->type, right->type);
    return expr_operation(a, left, expr_with_type(a, right, left->type), &operation);
}

/* startswith(), endswith(), contains() and their ILIKE forms. */
static bool pattern_binary(struct compiler *c, struct str *out, const struct expr *e,
                           struct around in)
{
    enum expr_op op = e->as.binary.op;
    const struct expr *percent = percent_sign(c->a), *pattern = e->as.binary.right;
    bool starts = op == EXPR_OP_STARTSWITH || op == EXPR_OP_NOT_STARTSWITH ||
                  op == EXPR_OP_ISTARTSWITH || op == EXPR_OP_NOT_ISTARTSWITH;
    bool ends = op == EXPR_OP_ENDSWITH || op == EXPR_OP_NOT_ENDSWITH || op == EXPR_OP_IENDSWITH ||
                op == EXPR_OP_NOT_IENDSWITH;

    /* ILIKE keeps its pattern together: it is no part of the chain of ||. */
    if (str_ends_with(expr_op_sql(op), "ILIKE")) {
        struct expr *whole = expr_new(c->a, EXPR_TYPE_COERCE, pattern->type);
        whole->as.inner = pattern;
        pattern = whole;
    }
    if (!starts)
        pattern = concat(c->a, percent, pattern);
    if (!ends)
        pattern = concat(c->a, pattern, percent);
    if (!compile_expr(c, out, e->as.binary.left, in))
        return false;
    str_addf(out, " %s ", expr_op_sql(op));
    if (!compile_expr(c, out, pattern, in))
        return false;
    add_escape(out, e);
    return true;
}

static bool match_binary(struct compiler *c, struct str *out, const struct expr *e,
                         struct around in)
{
    const char *regconfig = e->as.binary.regconfig;

    /* SQLAlchemy starts afresh below a NOT here. */
    if (e->as.binary.op == EXPR_OP_NOT_MATCH) {
        str_add(out, "NOT ");
        in = (struct around){0};
    }
    if (!compile_expr(c, out, e->as.binary.left, in))
        return false;
    str_add(out, " @@ plainto_tsquery(");
    if (regconfig)
        str_addf(out, "%s, ", sql_string(c->a, regconfig));
    if (!compile_expr(c, out, e->as.binary.right, in))
        return false;
    str_addc(out, ')');
    return true;
}

static bool regexp_binary(struct compiler *c, struct str *out, const struct expr *e,
                          struct around in)
{
    const char *op = expr_op_sql(e->as.binary.op), *flags = e->as.binary.flags;

    if (!flags)
        return around_operator(c, out, e, arena_printf(c->a, " %s ", op),
                               compile_operand_around(in));
    if (str_eq(flags, "i"))
        return around_operator(c, out, e, arena_printf(c->a, " %s* ", op),
                               compile_operand_around(in));
    if (!compile_expr(c, out, e->as.binary.left, in))
        return false;
    str_addf(out, " %s CONCAT('(?', %s, ')', ", op, sql_string(c->a, flags));
    if (!compile_expr(c, out, e->as.binary.right, in))
        return false;
    str_addc(out, ')');
    return true;
}

static bool regexp_replace(struct compiler *c, struct str *out, const struct expr *e,
                           struct around in)
{
    str_add(out, "REGEXP_REPLACE(");
    if (!around_operator(c, out, e, ", ", in))
        return false;
    if (e->as.binary.flags)
        str_addf(out, ", %s", sql_string(c->a, e->as.binary.flags));
    str_addc(out, ')');
    return true;
}

static bool division(struct compiler *c, struct str *out, const struct expr *e, struct around in)
{
    const struct expr *right = e->as.binary.right;
    bool numeric = type_family(right->type) == FAMILY_NUMERIC;

    if (!compile_expr(c, out, e->as.binary.left, in))
        return false;
    str_add(out, " / ");
    return compile_cast_of(c, out, right, numeric ? right->type : expr_type(TYPE_NUMERIC), in);
}

static bool floor_division(struct compiler *c, struct str *out, const struct expr *e,
                           struct around in)
{
    bool plain = type_family(e->as.binary.left->type) == FAMILY_INTEGER &&
                 type_family(e->as.binary.right->type) == FAMILY_INTEGER;

    if (!plain)
        str_add(out, "FLOOR(");
    if (!around_operator(c, out, e, " / ", in))
        return false;
    if (!plain)
        str_addc(out, ')');
    return true;
}

static bool remainder_binary(struct compiler *c, struct str *out, const struct expr *e,
                             struct around in)
{
    return around_operator(c, out, e, " % ", in);
}

static bool subscript(struct compiler *c, struct str *out, const struct expr *e, struct around in)
{
    if (!around_operator(c, out, e, "[", in))
        return false;
    str_addc(out, ']');
    return true;
}

/* column[key] of JSON. One with another type than JSON's is text that is cast: as_integer(). */
static bool json_subscript(struct compiler *c, struct str *out, const struct expr *e,
                           struct around in)
{
    bool path = e->as.binary.op == EXPR_OP_JSON_PATH_GETITEM;
    const struct expr *left = e->as.binary.left;

    if (type_family(e->type) != FAMILY_JSON) {
        struct str type = STR_IN(c->a);
        if (!sql_type_render(c->a, e->type, &type, c->err))
            return false;
        str_add(out, "CAST(");
        if (!eager_binary(c, out, e, path ? " #>> " : " ->> ", in))
            return false;
        str_addf(out, " AS %s)", type.ptr);
        return true;
    }
    if (path || type_impl(left->type)->kind != TYPE_PG_JSONB)
        return eager_binary(c, out, e, path ? " #> " : " -> ", in);
    if (left->kind == EXPR_FUNCTION || left->kind == EXPR_CAST)
        left = expr_parentheses(c->a, left);
    if (!compile_expr(c, out, left, in))
        return false;
    str_addc(out, '[');
    if (!compile_expr(c, out, e->as.binary.right, in))
        return false;
    str_addc(out, ']');
    return true;
}

bool compile_binary(struct compiler *c, struct str *out, const struct expr *e, struct around in)
{
    static const compile_fn by_op[EXPR_OP_COUNT] = {
        [EXPR_OP_CUSTOM] = custom_binary,
        [EXPR_OP_IN] = in_binary,
        [EXPR_OP_NOT_IN] = in_binary,
        [EXPR_OP_BETWEEN] = between_binary,
        [EXPR_OP_NOT_BETWEEN] = between_binary,
        [EXPR_OP_LIKE] = like_binary,
        [EXPR_OP_NOT_LIKE] = like_binary,
        [EXPR_OP_ILIKE] = like_binary,
        [EXPR_OP_NOT_ILIKE] = like_binary,
        [EXPR_OP_CONTAINS] = pattern_binary,
        [EXPR_OP_NOT_CONTAINS] = pattern_binary,
        [EXPR_OP_STARTSWITH] = pattern_binary,
        [EXPR_OP_NOT_STARTSWITH] = pattern_binary,
        [EXPR_OP_ENDSWITH] = pattern_binary,
        [EXPR_OP_NOT_ENDSWITH] = pattern_binary,
        [EXPR_OP_ICONTAINS] = pattern_binary,
        [EXPR_OP_NOT_ICONTAINS] = pattern_binary,
        [EXPR_OP_ISTARTSWITH] = pattern_binary,
        [EXPR_OP_NOT_ISTARTSWITH] = pattern_binary,
        [EXPR_OP_IENDSWITH] = pattern_binary,
        [EXPR_OP_NOT_IENDSWITH] = pattern_binary,
        [EXPR_OP_MATCH] = match_binary,
        [EXPR_OP_NOT_MATCH] = match_binary,
        [EXPR_OP_REGEXP] = regexp_binary,
        [EXPR_OP_NOT_REGEXP] = regexp_binary,
        [EXPR_OP_REGEXP_REPLACE] = regexp_replace,
        [EXPR_OP_DIV] = division,
        [EXPR_OP_FLOOR_DIV] = floor_division,
        [EXPR_OP_MOD] = remainder_binary,
        [EXPR_OP_GETITEM] = subscript,
        [EXPR_OP_JSON_GETITEM] = json_subscript,
        [EXPR_OP_JSON_PATH_GETITEM] = json_subscript,
    };
    compile_fn fn = by_op[e->as.binary.op];
    return fn ? fn(c, out, e, in) : plain_binary(c, out, e, in);
}

bool compile_joined(struct compiler *c, struct str *out, const struct expr *e, struct around in)
{
    const char *word = expr_op_sql(e->as.list.op);
    const char *separator =
        e->as.list.op == EXPR_OP_COMMA ? ", " : arena_printf(c->a, " %s ", word);

    return compile_list(c, out, &e->as.list.items, separator, compile_operand_around(in));
}

bool compile_tuple(struct compiler *c, struct str *out, const struct expr *e, struct around in)
{
    str_addc(out, '(');
    if (!compile_list(c, out, &e->as.list.items, ", ", in))
        return false;
    str_addc(out, ')');
    return true;
}

bool compile_array(struct compiler *c, struct str *out, const struct expr *e, struct around in)
{
    if (e->as.list.items.len == 0 && !expr_type_is_null(e->type->item)) {
        str_add(out, "ARRAY[]::");
        return sql_type_render(c->a, e->type, out, c->err);
    }
    str_add(out, "ARRAY[");
    if (!compile_list(c, out, &e->as.list.items, ", ", in))
        return false;
    str_addc(out, ']');
    return true;
}

bool compile_slice(struct compiler *c, struct str *out, const struct expr *e, struct around in)
{
    if (!compile_expr(c, out, e->as.slice.start, in))
        return false;
    str_addc(out, ':');
    return compile_expr(c, out, e->as.slice.stop, in);
}
