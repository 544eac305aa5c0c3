/* Expressions as SQL: one function per kind of node. Statements: render_select.c, render_dml.c. */
#include "config.h"

#include "sql/render_expr.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "schema/expr_build.h"
#include "sql/expr_compile.h"
#include "schema/identifier.h"
#include "sql/render.h"
#include "sql/render_type.h"

bool compile_raise(struct compiler *c, const char *type, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    const char *message = arena_vprintf(c->a, fmt, ap);
    va_end(ap);
    return err_set(c->err, ERR_RAISED, "%s: %s", type, message);
}

bool compile_list(struct compiler *c, struct str *out, const struct expr_list *items,
                  const char *separator, struct around in)
{
    bool any = false;

    for (size_t i = 0; i < items->len; i++) {
        struct str text = STR_IN(c->a);
        if (!compile_expr(c, &text, items->at[i], in))
            return false;
        if (text.len == 0)
            continue;
        if (any)
            str_add(out, separator);
        str_addn(out, text.ptr, text.len);
        any = true;
    }
    return true;
}

bool compile_criteria(struct compiler *c, struct str *out, const char *lead,
                      const struct expr_list *conditions, struct around in)
{
    const struct expr *all = expr_criteria(c->a, conditions);
    struct str text = STR_IN(c->a);

    if (!all)
        return true;
    /* The list of criteria is no expression of its own: its parts are not operands. */
    if (all->kind == EXPR_LIST && conditions->len > 1) {
        if (!compile_list(c, &text, &all->as.list.items, " AND ", in))
            return false;
    } else if (!compile_expr(c, &text, all, in)) {
        return false;
    }
    if (text.len > 0) {
        str_add(out, lead);
        str_addn(out, text.ptr, text.len);
    }
    return true;
}

/* ------------------------------------------------------------------ text */

static const struct expr *find_bind(const struct text_bind *binds, size_t count, const char *name,
                                    size_t len)
{
    for (size_t i = 0; i < count; i++)
        if (strlen(binds[i].name) == len && memcmp(binds[i].name, name, len) == 0)
            return binds[i].value;
    return NULL;
}

/* A bind without a value. In DDL, where SQLAlchemy prints all values itself, that is NULL. */
static bool unset_bind(struct compiler *c, struct str *out, const char *name, size_t len)
{
    if (c->unset_null) {
        str_add(out, "NULL");
        return true;
    }
    err_set(c->err, ERR_RAISED,
            "sqlalchemy.exc.StatementError: (sqlalchemy.exc.InvalidRequestError) A value is "
            "required for bind parameter '%.*s'",
            (int)len, name);
    return err_hint(c->err,
                    "\":%.*s\" in SQL text is a bound parameter; write \"\\:%.*s\" where a colon "
                    "is meant",
                    (int)len, name, (int)len, name);
}

/* Appends text with "\:name" as ":name" (spec/ops.md, section 2, rule 3). */
static void add_unescaped(struct str *out, const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (text[i] == '\\' && i + 1 < len && text[i + 1] == ':') {
            size_t end = i + 2;
            for (size_t size; end < len && (size = expr_bind_char(text + end)) > 0;)
                end += size;
            if (end >= len || text[end] != ':')
                continue;
        }
        str_addc(out, text[i]);
    }
}

static bool compile_bind(struct compiler *c, struct str *out, const struct expr *e,
                         struct around in);

static bool compile_text(struct compiler *c, struct str *out, const struct expr *e,
                         struct around in)
{
    const char *text = e->as.text.text, *name;
    size_t at = 0, done = 0, len;

    while (expr_next_bind(text, &at, &name, &len)) {
        const struct expr *value =
            find_bind(e->as.text.binds, e->as.text.bind_count, name, len);
        size_t start = (size_t)(name - text) - 1;
        add_unescaped(out, text + done, start - done);
        if (!(value ? compile_bind(c, out, value, in) : unset_bind(c, out, name, len)))
            return false;
        done = at;
    }
    add_unescaped(out, text + done, strlen(text) - done);
    return true;
}

static bool compile_ddl_text(struct compiler *c, struct str *out, const struct expr *e,
                             struct around in)
{
    (void)c;
    (void)in;
    str_add(out, e->as.text.text);
    return true;
}

/* ------------------------------------------------------------------ values */

/* The rows of an IN list: (1, 2), or VALUES-like tuples. */
static bool compile_in_list(struct compiler *c, struct str *out, const struct literal *list,
                            const struct type *type)
{
    for (size_t i = 0; i < list->item_count; i++) {
        const struct literal *item = list->items[i];
        bool row = item->kind == LITERAL_LIST && expr_type_is_null(type);
        if (i > 0)
            str_add(out, ", ");
        if (row) {
            str_addc(out, '(');
            for (size_t j = 0; j < item->item_count; j++) {
                if (j > 0)
                    str_add(out, ", ");
                const struct literal *cell = item->items[j];
                if (!sql_literal_render(c->a, cell, cell->own_type, out, c->err))
                    return false;
            }
            str_addc(out, ')');
        } else if (!sql_literal_render(c->a, item, type, out, c->err)) {
            return false;
        }
    }
    return true;
}

/* A bind with the value that a parameter gives it. The bind's own type counts more. */
static const struct expr *given_bind(struct compiler *c, const struct expr *bind,
                                     const struct expr *given)
{
    struct expr *e = arena_memdup(c->a, given, sizeof(*e));

    if (bind->as.bind.expanding && !e->as.bind.expanding) {
        e->as.bind.expanding = true;
        e->type = type_family(e->type) == FAMILY_ARRAY ? type_impl(e->type)->item : e->type;
    }
    if (!expr_type_is_null(bind->type))
        e->type = bind->type;
    return e;
}

static bool compile_bind(struct compiler *c, struct str *out, const struct expr *e,
                         struct around in)
{
    const struct literal *value = &e->as.bind.value;
    const char *key = e->as.bind.key;

    (void)in;
    if (key && c->parameters &&
        (value->kind == LITERAL_UNSET || !c->parameters->as.parameters.only_unset)) {
        const struct expr *given =
            find_bind(c->parameters->as.parameters.binds,
                      c->parameters->as.parameters.bind_count, key, strlen(key));
        if (given)
            return compile_bind(c, out, given_bind(c, e, given), in);
    }
    if (value->kind == LITERAL_UNSET)
        return unset_bind(c, out, key ? key : "?", strlen(key ? key : "?"));
    if (!e->as.bind.expanding)
        return sql_literal_render(c->a, value, e->type, out, c->err);

    str_addc(out, '(');
    if (value->kind == LITERAL_LIST && !compile_in_list(c, out, value, e->type))
        return false;
    if (value->kind != LITERAL_LIST && !sql_literal_render(c->a, value, e->type, out, c->err))
        return false;
    str_addc(out, ')');
    return true;
}

/* An empty IN list keeps its meaning: nothing is in it, everything is not in it. */
static void add_empty_in(struct str *out, const struct expr *left, bool negated)
{
    size_t width = left->kind == EXPR_TUPLE ? left->as.list.items.len : 1;

    str_addc(out, '(');
    if (width > 1) {
        str_addc(out, '(');
        for (size_t i = 0; i < width; i++)
            str_add(out, i ? ", NULL" : "NULL");
        str_addc(out, ')');
    } else {
        str_add(out, "NULL");
    }
    str_add(out, negated ? ") OR (1 = 1)" : ") AND (1 != 1)");
}

static bool compile_constant(struct compiler *c, struct str *out, const struct expr *e,
                             struct around in)
{
    (void)c;
    (void)in;
    str_add(out, e->kind == EXPR_NULL      ? "NULL"
                 : e->kind == EXPR_TRUE    ? "true"
                 : e->kind == EXPR_FALSE   ? "false"
                 : e->kind == EXPR_DEFAULT ? "DEFAULT"
                                           : "*");
    return true;
}

static bool compile_column(struct compiler *c, struct str *out, const struct expr *e,
                           struct around in)
{
    const struct expr *table = e->as.column.table;
    const char *column = compile_column_name(c, e);
    const char *text = column;

    if (!column)
        return compile_raise(c, "sqlalchemy.exc.CompileError",
                             "Cannot compile Column object until its 'name' is assigned.");
    if (!e->as.column.is_literal)
        text = sql_name(c->a, (struct name){column, false, e->as.column.name.quote});
    if (!table || e->as.column.is_whole || (in.flags & NO_TABLE) || c->in_ddl) {
        str_add(out, text);
        return true;
    }
    if (table->kind == EXPR_TABLE && table->as.table.schema) {
        str_add(out, sql_qualified(c->a, table->as.table.schema, UNSET, table->as.table.name));
    } else {
        const char *name = compile_alias_name(c, table);
        if (!name) { /* VALUES without a name */
            str_add(out, text);
            return true;
        }
        const char *made_up = compile_ambiguous_name(c, name);
        struct name plain = {name, false, expr_from_name(table).quote};
        str_add(out, sql_name(c->a, made_up ? name_of(made_up) : plain));
    }
    str_addc(out, '.');
    str_add(out, text);
    return true;
}

static bool compile_grouping(struct compiler *c, struct str *out, const struct expr *e,
                             struct around in)
{
    str_addc(out, '(');
    if (!compile_expr(c, out, e->as.inner, in))
        return false;
    str_addc(out, ')');
    return true;
}

static bool compile_inner(struct compiler *c, struct str *out, const struct expr *e,
                          struct around in)
{
    /* type_coerce(): a literal is printed as one of the other type. */
    if (e->as.inner->kind == EXPR_BIND) {
        struct expr *copy = arena_memdup(c->a, e->as.inner, sizeof(*e));
        copy->type = e->type;
        return compile_bind(c, out, copy, in);
    }
    return compile_expr(c, out, e->as.inner, in);
}

static bool compile_collation(struct compiler *c, struct str *out, const struct expr *e,
                              struct around in)
{
    (void)in;
    str_add(out, sql_name(c->a, e->as.name));
    return true;
}

/* ------------------------------------------------------------------ operators */

static struct around operand(struct around in)
{
    in.flags |= IN_OPERATION;
    return in;
}

static bool compile_unary(struct compiler *c, struct str *out, const struct expr *e,
                          struct around in)
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

static bool compile_as_boolean(struct compiler *c, struct str *out, const struct expr *e,
                               struct around in)
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

static bool plain_binary(struct compiler *c, struct str *out, const struct expr *e, struct around in)
{
    return around_operator(c, out, e, arena_printf(c->a, " %s ", expr_op_sql(e->as.binary.op)),
                           operand(in));
}

/* Operators of PostgreSQL that are grouped when they are an operand. */
static bool eager_binary(struct compiler *c, struct str *out, const struct expr *e,
                         const char *between, struct around in)
{
    bool group = (in.flags & IN_OPERATION) != 0;

    if (group)
        str_addc(out, '(');
    if (!around_operator(c, out, e, between, operand(in)))
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
               : around_operator(c, out, e, between, operand(in));
}

static bool in_binary(struct compiler *c, struct str *out, const struct expr *e, struct around in)
{
    const struct expr *right = e->as.binary.right;
    bool negated = e->as.binary.op == EXPR_OP_NOT_IN;
    bool empty = right->kind == EXPR_BIND && right->as.bind.expanding &&
                 right->as.bind.value.kind == LITERAL_LIST && right->as.bind.value.item_count == 0;

    if (negated)
        str_addc(out, '(');
    if (!compile_expr(c, out, e->as.binary.left, operand(in)))
        return false;
    str_addf(out, " %s ", expr_op_sql(e->as.binary.op));
    if (empty)
        add_empty_in(out, e->as.binary.left, negated);
    else if (!compile_expr(c, out, right, operand(in)))
        return false;
    if (negated)
        str_addc(out, ')');
    return true;
}

static bool between_binary(struct compiler *c, struct str *out, const struct expr *e,
                           struct around in)
{
    const char *word = expr_op_sql(e->as.binary.op);

    return around_operator(c, out, e,
                           arena_printf(c->a, e->as.binary.symmetric ? " %s SYMMETRIC " : " %s ",
                                        word),
                           operand(in));
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
    bool ends = op == EXPR_OP_ENDSWITH || op == EXPR_OP_NOT_ENDSWITH ||
                op == EXPR_OP_IENDSWITH || op == EXPR_OP_NOT_IENDSWITH;

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
        return around_operator(c, out, e, arena_printf(c->a, " %s ", op), operand(in));
    if (str_eq(flags, "i"))
        return around_operator(c, out, e, arena_printf(c->a, " %s* ", op), operand(in));
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

static bool compile_cast_of(struct compiler *c, struct str *out, const struct expr *operand_,
                            const struct type *type, struct around in);

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

typedef bool (*compile_fn)(struct compiler *c, struct str *out, const struct expr *e,
                           struct around in);

static bool compile_binary(struct compiler *c, struct str *out, const struct expr *e,
                           struct around in)
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

static bool compile_joined(struct compiler *c, struct str *out, const struct expr *e,
                           struct around in)
{
    const char *word = expr_op_sql(e->as.list.op);
    const char *separator =
        e->as.list.op == EXPR_OP_COMMA ? ", " : arena_printf(c->a, " %s ", word);

    return compile_list(c, out, &e->as.list.items, separator, operand(in));
}

static bool compile_tuple(struct compiler *c, struct str *out, const struct expr *e,
                          struct around in)
{
    str_addc(out, '(');
    if (!compile_list(c, out, &e->as.list.items, ", ", in))
        return false;
    str_addc(out, ')');
    return true;
}

static bool compile_array(struct compiler *c, struct str *out, const struct expr *e,
                          struct around in)
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

static bool compile_slice(struct compiler *c, struct str *out, const struct expr *e,
                          struct around in)
{
    if (!compile_expr(c, out, e->as.slice.start, in))
        return false;
    str_addc(out, ':');
    return compile_expr(c, out, e->as.slice.stop, in);
}

/* ------------------------------------------------------------------ calls */

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

static bool compile_function(struct compiler *c, struct str *out, const struct expr *e,
                             struct around in)
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

static bool compile_next_value(struct compiler *c, struct str *out, const struct expr *e,
                               struct around in)
{
    const char *name =
        sql_qualified(c->a, e->as.sequence.schema, UNSET, e->as.sequence.name);

    (void)in;
    str_addf(out, "nextval(%s)", sql_string(c->a, name));
    return true;
}

static bool compile_cast_of(struct compiler *c, struct str *out, const struct expr *operand_,
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

static bool compile_cast(struct compiler *c, struct str *out, const struct expr *e,
                         struct around in)
{
    return compile_cast_of(c, out, e->as.cast.operand, e->type, in);
}

static bool compile_case(struct compiler *c, struct str *out, const struct expr *e,
                         struct around in)
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

static bool compile_extract(struct compiler *c, struct str *out, const struct expr *e,
                            struct around in)
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

static bool compile_over(struct compiler *c, struct str *out, const struct expr *e,
                         struct around in)
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

static bool compile_within_group(struct compiler *c, struct str *out, const struct expr *e,
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

static bool compile_aggregate_order(struct compiler *c, struct str *out, const struct expr *e,
                                    struct around in)
{
    if (!compile_expr(c, out, e->as.ordered.element, in))
        return false;
    str_add(out, " ORDER BY ");
    return compile_list(c, out, &e->as.ordered.order_by, ", ", in);
}

static bool compile_filter(struct compiler *c, struct str *out, const struct expr *e,
                           struct around in)
{
    if (!compile_expr(c, out, e->as.filter.element, in))
        return false;
    str_add(out, " FILTER (WHERE ");
    if (!compile_expr(c, out, e->as.filter.criterion, in))
        return false;
    str_addc(out, ')');
    return true;
}

/* ------------------------------------------------------------------ labels */

static bool compile_label(struct compiler *c, struct str *out, const struct expr *e,
                          struct around in)
{
    bool with_as = (in.flags & IN_COLUMNS) && !(in.flags & IN_LABEL);
    const char *name = with_as || in.as_label == e ? compile_label_name(c, e) : NULL;

    if (with_as) {
        in.as_label = NULL;
        in.flags |= IN_COLUMNS | IN_LABEL;
        if (!compile_expr(c, out, e->as.label.element, in))
            return false;
        str_add(out, " AS ");
    } else if (!name) {
        in.flags &= ~(unsigned)IN_COLUMNS;
        return compile_expr(c, out, e->as.label.element, in);
    }
    str_add(out, sql_name(c->a, (struct name){name, false, e->as.label.name.quote}));
    return true;
}

static bool compile_statement(struct compiler *c, struct str *out, const struct expr *e,
                              struct around in)
{
    return compile_select(c, out, e, in, false, false);
}

static bool compile_parameters(struct compiler *c, struct str *out, const struct expr *e,
                               struct around in)
{
    const struct expr *outer = c->parameters;
    bool done;

    c->parameters = e;
    done = compile_expr(c, out, e->as.parameters.inner, in);
    c->parameters = outer;
    return done;
}

/* Things of FROM print nothing where a value is expected, but what is inside an alias does. */
static bool compile_bare_from(struct compiler *c, struct str *out, const struct expr *e,
                              struct around in)
{
    if (e->kind == EXPR_TABLE || e->kind == EXPR_JOIN || e->kind == EXPR_CTE)
        return true;
    return e->as.alias.element ? compile_expr(c, out, e->as.alias.element, in) : true;
}

bool compile_expr(struct compiler *c, struct str *out, const struct expr *e, struct around in)
{
    static const compile_fn by_kind[] = {
        [EXPR_TEXT] = compile_text,
        [EXPR_BIND] = compile_bind,
        [EXPR_NULL] = compile_constant,
        [EXPR_TRUE] = compile_constant,
        [EXPR_FALSE] = compile_constant,
        [EXPR_DEFAULT] = compile_constant,
        [EXPR_STAR] = compile_constant,
        [EXPR_COLUMN] = compile_column,
        [EXPR_GROUPING] = compile_grouping,
        [EXPR_UNARY] = compile_unary,
        [EXPR_BINARY] = compile_binary,
        [EXPR_LIST] = compile_joined,
        [EXPR_AS_BOOLEAN] = compile_as_boolean,
        [EXPR_FUNCTION] = compile_function,
        [EXPR_CAST] = compile_cast,
        [EXPR_TYPE_COERCE] = compile_inner,
        [EXPR_CASE] = compile_case,
        [EXPR_EXTRACT] = compile_extract,
        [EXPR_OVER] = compile_over,
        [EXPR_WITHIN_GROUP] = compile_within_group,
        [EXPR_FILTER] = compile_filter,
        [EXPR_AGGREGATE_ORDER_BY] = compile_aggregate_order,
        [EXPR_LABEL] = compile_label,
        [EXPR_LABEL_REFERENCE] = compile_reference,
        [EXPR_TUPLE] = compile_tuple,
        [EXPR_COLLATION] = compile_collation,
        [EXPR_SLICE] = compile_slice,
        [EXPR_ARRAY] = compile_array,
        [EXPR_SCALAR_SELECT] = compile_grouping,
        [EXPR_NEXT_VALUE] = compile_next_value,
        [EXPR_TABLE] = compile_bare_from,
        [EXPR_ALIAS] = compile_bare_from,
        [EXPR_SUBQUERY] = compile_bare_from,
        [EXPR_LATERAL] = compile_bare_from,
        [EXPR_CTE] = compile_bare_from,
        [EXPR_TABLESAMPLE] = compile_bare_from,
        [EXPR_FUNCTION_TABLE] = compile_bare_from,
        [EXPR_JOIN] = compile_bare_from,
        [EXPR_VALUES_TABLE] = compile_from,
        [EXPR_SELECT] = compile_statement,
        [EXPR_COMPOUND] = compile_statement,
        [EXPR_TEXT_SELECT] = compile_statement,
        [EXPR_INSERT] = compile_dml,
        [EXPR_UPDATE] = compile_dml,
        [EXPR_DELETE] = compile_dml,
        [EXPR_DDL] = compile_ddl_text,
        [EXPR_PLACEHOLDER] = compile_placeholder,
        [EXPR_PARAMETERS] = compile_parameters,
    };
    _Static_assert(sizeof(by_kind) / sizeof(by_kind[0]) == EXPR_KIND_COUNT, "one function a kind");
    return by_kind[e->kind](c, out, e, in);
}

/* ------------------------------------------------------------------ entry */

bool sql_expr_render(struct arena *a, const struct expr *e, unsigned flags, struct str *out,
                     struct err *err)
{
    struct compiler c = {.a = a, .err = err, .in_ddl = (flags & SQL_EXPR_DDL) != 0,
                         .unset_null = flags != SQL_EXPR_STATEMENT};
    struct str text = STR_IN(a);
    struct around in = {.flags = c.in_ddl ? NO_TABLE : 0};

    if (flags & SQL_EXPR_INDEX_ELEMENT)
        e = expr_group(a, e, EXPR_OP_NONE, NULL);
    if (!compile_expr(&c, &text, e, in))
        return false;
    str_addn(out, text.ptr, text.len);
    return true;
}
