#include "config.h"

#include "schema/expr.h"

#include <stdio.h>
#include <string.h>

#include "base/str.h"

struct expr *expr_new(struct arena *a, enum expr_kind kind, const struct type *type)
{
    struct expr *e = ARENA_NEW(a, struct expr);
    e->kind = kind;
    e->type = type;
    return e;
}

/* ------------------------------------------------------------------ operators */

struct op_row {
    const char *sql;
    int precedence;
    const char *flags;
};

static const struct op_row op_rows[EXPR_OP_COUNT] = {
    [EXPR_OP_NONE] = {"", 0, ""},
#define EXPR_OP(id, sql, precedence, flags) [EXPR_OP_##id] = {sql, precedence, flags},
#include "schema/expr_op.def"
#undef EXPR_OP
};

static bool op_has(enum expr_op op, char flag)
{
    return strchr(op_rows[op].flags, flag) != NULL;
}

const char *expr_op_sql(enum expr_op op)
{
    return op_rows[op].sql;
}

int expr_op_precedence(enum expr_op op, const struct custom_op *custom)
{
    return op == EXPR_OP_CUSTOM && custom ? custom->precedence : op_rows[op].precedence;
}

bool expr_op_is_comparison(enum expr_op op, const struct custom_op *custom)
{
    return op == EXPR_OP_CUSTOM ? custom && custom->is_comparison : op_has(op, 'C');
}

bool expr_op_is_boolean(enum expr_op op, const struct custom_op *custom)
{
    return expr_op_is_comparison(op, custom) || op_has(op, 'B');
}

bool expr_op_is_associative(enum expr_op op)
{
    return op_has(op, 'A');
}

bool expr_op_is_self_precedent(enum expr_op op)
{
    return op_has(op, 'S');
}

bool expr_op_is_commutative(enum expr_op op)
{
    return op == EXPR_OP_EQ || op == EXPR_OP_NE || op == EXPR_OP_ADD || op == EXPR_OP_MUL;
}

/* ------------------------------------------------------------------ text */

/* Ranges beyond ASCII that are no letters or digits for Python's \w. */
static const struct {
    uint32_t first, last;
} no_word[] = {
    {0x80, 0xa9},     {0xab, 0xb1},     {0xb4, 0xb4},       {0xb6, 0xb8},     {0xbb, 0xbb},
    {0xbf, 0xbf},     {0xd7, 0xd7},     {0xf7, 0xf7},       {0x2000, 0x206f}, {0x20a0, 0x20cf},
    {0x2190, 0x245f}, {0x2500, 0x2bff}, {0x3000, 0x3004},   {0x3008, 0x3020}, {0xe000, 0xf8ff},
    {0xff01, 0xff0f}, {0xff1a, 0xff20}, {0x1f000, 0x1faff},
};

static bool is_word_code(uint32_t code)
{
    if (code < 0x80)
        return (code >= 'a' && code <= 'z') || (code >= 'A' && code <= 'Z') ||
               (code >= '0' && code <= '9') || code == '_' || code == '$';
    for (size_t i = 0; i < sizeof(no_word) / sizeof(no_word[0]); i++)
        if (code >= no_word[i].first && code <= no_word[i].last)
            return false;
    return true;
}

size_t expr_bind_char(const char *text)
{
    uint32_t code = (unsigned char)text[0];
    size_t size = 1;

    if (code >= 0xc0) {
        code &= code >= 0xf0 ? 0x07U : code >= 0xe0 ? 0x0fU : 0x1fU;
        for (; ((unsigned char)text[size] & 0xc0) == 0x80; size++)
            code = code << 6 | ((unsigned char)text[size] & 0x3fU);
    }
    return is_word_code(code) ? size : 0;
}

/* Whether the character before text[i] forbids that a bind starts there. */
static bool blocks_bind(const char *text, size_t i)
{
    if (i == 0)
        return false;
    do
        i--;
    while (i > 0 && ((unsigned char)text[i] & 0xc0) == 0x80);
    return text[i] == ':' || text[i] == '\\' || expr_bind_char(text + i) > 0;
}

bool expr_next_bind(const char *text, size_t *at, const char **name, size_t *len)
{
    for (size_t i = *at; text[i]; i++) {
        if (text[i] != ':' || blocks_bind(text, i))
            continue;
        size_t end = i + 1;
        for (size_t size; text[end] && (size = expr_bind_char(text + end)) > 0;)
            end += size;
        if (end == i + 1 || text[end] == ':')
            continue;
        *name = text + i + 1;
        *len = end - i - 1;
        *at = end;
        return true;
    }
    return false;
}

static const struct expr *unset_bind(struct arena *a, const char *name)
{
    struct expr *e = expr_new(a, EXPR_BIND, NULL);
    e->as.bind.key = name;
    e->as.bind.required = true;
    return e;
}

const struct expr *expr_text(struct arena *a, const char *text)
{
    return expr_text_with(a, text, NULL, 0);
}

const struct expr *expr_text_with(struct arena *a, const char *text, const struct text_bind *binds,
                                  size_t bind_count)
{
    VEC(struct text_bind) found = {0};
    const char *name;
    size_t len;

    for (size_t at = 0; expr_next_bind(text, &at, &name, &len);) {
        bool known = false;
        for (size_t i = 0; i < found.len && !known; i++)
            known = strlen(found.at[i].name) == len && memcmp(found.at[i].name, name, len) == 0;
        if (known)
            continue;
        struct text_bind bind = {.name = arena_strndup(a, name, len)};
        for (size_t i = 0; i < bind_count; i++)
            if (str_eq(binds[i].name, bind.name))
                bind.value = binds[i].value;
        if (!bind.value)
            bind.value = unset_bind(a, bind.name);
        vec_push(a, &found, bind);
    }

    struct expr *e = expr_new(a, EXPR_TEXT, NULL);
    e->as.text.text = text;
    e->as.text.binds = found.at;
    e->as.text.bind_count = found.len;
    return e;
}

const struct expr *expr_ddl(struct arena *a, const char *text)
{
    struct expr *e = expr_new(a, EXPR_DDL, NULL);
    e->as.text.text = text;
    return e;
}

/* ------------------------------------------------------------------ values, columns, tables */

const struct expr *expr_literal(struct arena *a, struct literal value, const struct type *type)
{
    struct expr *e = expr_new(a, EXPR_BIND, type);
    e->as.bind.value = value;
    return e;
}

const struct expr *expr_string(struct arena *a, const char *text, const struct type *type)
{
    struct literal value = {.kind = LITERAL_STRING, .text = text, .len = strlen(text)};
    return expr_literal(a, value, type);
}

const struct expr *expr_integer(struct arena *a, int64_t number, const struct type *type)
{
    struct literal value = {.kind = LITERAL_INTEGER};
    value.text = arena_printf(a, "%lld", (long long)number);
    value.len = strlen(value.text);
    value.python = value.text;
    return expr_literal(a, value, type);
}

struct expr *expr_column(struct arena *a, struct name name, const struct type *type,
                         const struct expr *table, const struct column *column)
{
    struct expr *e = expr_new(a, EXPR_COLUMN, type);
    e->as.column.name = name;
    e->as.column.table = table;
    e->as.column.column = column;
    return e;
}

struct expr *expr_table(struct arena *a, const struct table *table)
{
    struct expr *e = expr_new(a, EXPR_TABLE, NULL);
    e->as.table.table = table;
    e->as.table.name = table->name;
    e->as.table.schema = table->schema;
    return e;
}

void expr_table_add_column(struct arena *a, struct expr *table, struct expr *column)
{
    column->as.column.table = table;
    vec_push(a, &table->as.table.columns, column);
}

const struct expr_list *expr_columns(const struct expr *from)
{
    static const struct expr_list none;

    switch (from->kind) { /* NOLINT: everything else has no columns */
    case EXPR_TABLE:
        return &from->as.table.columns;
    case EXPR_ALIAS:
    case EXPR_SUBQUERY:
    case EXPR_LATERAL:
    case EXPR_CTE:
    case EXPR_TABLESAMPLE:
    case EXPR_FUNCTION_TABLE:
    case EXPR_VALUES_TABLE:
        return &from->as.alias.columns;
    default:
        return &none;
    }
}

struct name expr_from_name(const struct expr *from)
{
    if (from->kind == EXPR_TABLE)
        return from->as.table.name;
    return from->kind == EXPR_JOIN ? name_of("join") : from->as.alias.name;
}

static void add_columns_of(struct arena *a, const struct expr *e, struct expr_list *out)
{
    if (e->kind == EXPR_JOIN) {
        add_columns_of(a, e->as.join.left, out);
        add_columns_of(a, e->as.join.right, out);
        return;
    }
    if (e->kind == EXPR_LIST && e->as.list.op == EXPR_OP_COMMA) {
        for (size_t i = 0; i < e->as.list.items.len; i++)
            add_columns_of(a, e->as.list.items.at[i], out);
        return;
    }
    const struct expr_list *columns = expr_columns(e);
    if (e->kind < EXPR_TABLE)
        vec_push(a, out, e);
    for (size_t i = 0; i < columns->len; i++)
        vec_push(a, out, columns->at[i]);
}

void expr_selected(struct arena *a, const struct expr *query, struct expr_list *out)
{
    const struct expr_list *list = NULL;

    if (query->kind == EXPR_GROUPING || query->kind == EXPR_SCALAR_SELECT)
        expr_selected(a, query->as.inner, out);
    else if (query->kind == EXPR_COMPOUND)
        expr_selected(a, query->as.select->members.at[0], out);
    else if (query->kind == EXPR_SELECT)
        list = &query->as.select->columns;
    else if (query->kind == EXPR_TEXT_SELECT)
        list = &query->as.text.columns;
    else if (query->kind >= EXPR_INSERT && query->kind <= EXPR_DELETE)
        list = &query->as.dml->returning;
    for (size_t i = 0; list && i < list->len; i++)
        add_columns_of(a, list->at[i], out);
}
