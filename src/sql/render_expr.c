/* Expressions as SQL: one function per kind of node. Statements: render_select.c, render_dml.c. */
#include "config.h"

#include "sql/render_expr.h"

#include <stdio.h>
#include <string.h>

#include "schema/expr_build.h"
#include "sql/expr_compile.h"
#include "sql/render.h"

bool compile_raise(struct compiler *c, const char *type, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    const char *message = arena_vprintf(c->a, fmt, ap);
    va_end(ap);
    return err_set(c->err, ERR_RAISED, "%s: %s", type, message);
}

bool compile_refuse_parameter(struct compiler *c)
{
    return err_set(c->err, ERR_PYTHON,
                   "the text of a statement with a parameter that has no value is not supported");
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
    if (c->only_literals)
        return compile_refuse_parameter(c);
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

static bool render_value(struct compiler *c, const struct literal *value, const struct type *type,
                         struct str *out)
{
    return value->executed && c->executes ? sql_value_render(c->a, value, type, out, c->err)
                                         : sql_literal_render(c->a, value, type, out, c->err);
}

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
                if (!render_value(c, cell, cell->own_type, out))
                    return false;
            }
            str_addc(out, ')');
        } else if (!render_value(c, item, type, out)) {
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
        return render_value(c, value, e->type, out);

    str_addc(out, '(');
    if (value->kind == LITERAL_LIST && !compile_in_list(c, out, value, e->type))
        return false;
    if (value->kind != LITERAL_LIST && !render_value(c, value, e->type, out))
        return false;
    str_addc(out, ')');
    return true;
}

/* An empty IN list keeps its meaning: nothing is in it, everything is not in it. */
void compile_empty_in(struct str *out, const struct expr *left, bool negated)
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

    if (c->only_literals)
        return compile_refuse_parameter(c);
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
                         .executes = flags == SQL_EXPR_STATEMENT,
                         .only_literals = (flags & SQL_EXPR_LITERALS) != 0,
                         .unset_null = (flags & ~(unsigned)SQL_EXPR_LITERALS) != 0};
    struct str text = STR_IN(a);
    struct around in = {.flags = c.in_ddl ? NO_TABLE : 0};

    if (flags & SQL_EXPR_INDEX_ELEMENT)
        e = expr_group(a, e, EXPR_OP_NONE, NULL);
    if (!compile_expr(&c, &text, e, in))
        return false;
    str_addn(out, text.ptr, text.len);
    return true;
}
