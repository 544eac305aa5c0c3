#include "config.h"

#include "sql/text.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/map.h"
#include "base/str.h"
#include "schema/type.h"
#include "sql/render.h"
#include "sql/render_ddl.h"
#include "sql/render_expr.h"

static bool refuse(struct err *err, const char *what)
{
    return err_set(err, ERR_PYTHON, "the text of %s is not supported", what);
}

/* ------------------------------------------------------------------ what reads alike everywhere
 *
 * A few simple kinds of expressions are spelled alike by all dialects and, without values, with and
 * without literal_binds. `values`: literals may stand in them.
 */

static bool is_plain(const struct expr *e, bool values);

static bool are_plain(const struct expr_list *list, bool values)
{
    for (size_t i = 0; i < list->len; i++)
        if (!is_plain(list->at[i], values))
            return false;
    return true;
}

static bool are_tables(const struct expr_list *list)
{
    for (size_t i = 0; i < list->len; i++)
        if (list->at[i]->kind != EXPR_TABLE)
            return false;
    return true;
}

static bool is_plain_bind(const struct expr *e)
{
    enum type_family family = type_family(e->type);
    const struct literal *value = &e->as.bind.value;
    if (e->as.bind.expanding || value->member)
        return false;
    return (family == FAMILY_STRING && value->kind == LITERAL_STRING) ||
           (family == FAMILY_INTEGER && value->kind == LITERAL_INTEGER);
}

static bool is_plain_column(const struct expr *e)
{
    const struct expr *table = e->as.column.table;
    return e->as.column.name.text && !e->as.column.is_whole && !e->as.column.proxy &&
           (!table || table->kind == EXPR_TABLE);
}

static bool is_plain_comparison(const struct expr *e, bool values)
{
    switch ((int)e->as.binary.op) {
    case EXPR_OP_EQ:
    case EXPR_OP_NE:
    case EXPR_OP_LT:
    case EXPR_OP_LE:
    case EXPR_OP_GT:
    case EXPR_OP_GE:
    case EXPR_OP_IS:
    case EXPR_OP_IS_NOT:
        return is_plain(e->as.binary.left, values) && is_plain(e->as.binary.right, values);
    default:
        return false;
    }
}

/* SELECT columns FROM tables WHERE conditions. */
static bool is_plain_select(const struct select *s, bool values)
{
    for (size_t i = 0; i < s->columns.len; i++) {
        enum expr_kind kind = s->columns.at[i]->kind;
        if (kind != EXPR_COLUMN && kind != EXPR_TEXT && kind != EXPR_TABLE)
            return false;
    }
    size_t more = s->distinct_on.len + s->prefixes.len + s->suffixes.len + s->joins.len +
                  s->having.len + s->group_by.len + s->order_by.len + s->ctes.len;
    return more == 0 && !s->limit && !s->offset && !s->fetch && !s->for_update &&
           !s->has_correlate && !s->has_correlate_except && are_tables(&s->from) &&
           are_plain(&s->columns, values) && are_plain(&s->where, values);
}

static bool is_plain(const struct expr *e, bool values)
{
    const char *name;
    size_t at = 0, len;
    switch ((int)e->kind) {
    case EXPR_NULL:
    case EXPR_TABLE:
        return true;
    case EXPR_TEXT:
        return !expr_next_bind(e->as.text.text, &at, &name, &len);
    case EXPR_BIND:
        return values && is_plain_bind(e);
    case EXPR_COLUMN:
        return is_plain_column(e);
    case EXPR_GROUPING:
        return is_plain(e->as.inner, values);
    case EXPR_BINARY:
        return is_plain_comparison(e, values);
    case EXPR_LIST:
        return (e->as.list.op == EXPR_OP_AND || e->as.list.op == EXPR_OP_OR) &&
               are_plain(&e->as.list.items, values);
    case EXPR_SELECT:
        return is_plain_select(e->as.select, values);
    default:
        return false;
    }
}

/* Whether the word stands in the text, in any case. */
static bool has_word(const char *text, const char *word)
{
    size_t len = strlen(word);
    for (const char *p = text; *p; p++) {
        bool begins = p == text || (!isalnum((unsigned char)p[-1]) && p[-1] != '_');
        if (begins && strncasecmp(p, word, len) == 0 && !isalnum((unsigned char)p[len]) &&
            p[len] != '_')
            return true;
    }
    return false;
}

/* Names are quoted by each dialect's own list of reserved words: of PostgreSQL's and the default
 * one, only "set" is missing in the former. */
static bool may_be_quoted_otherwise(const char *text)
{
    return strchr(text, '"') || has_word(text, "set");
}

/* ------------------------------------------------------------------ expressions */

/* What has a text by itself, and is printed in the same way inside and outside of a statement. */
static bool stands_alone(const struct expr *e)
{
    switch ((int)e->kind) {
    case EXPR_SELECT:
    case EXPR_COMPOUND:
    case EXPR_INSERT:
    case EXPR_UPDATE:
    case EXPR_DELETE:
    case EXPR_TEXT:
    case EXPR_COLUMN:
    case EXPR_BINARY:
    case EXPR_LIST:
    case EXPR_FUNCTION:
        return true;
    default:
        return false;
    }
}

static bool expression_text(struct arena *a, const struct expr *e, unsigned flags, struct str *out,
                            struct err *err)
{
    bool literals = flags & OP_TEXT_LITERALS, default_ = flags & OP_TEXT_NO_DIALECT;
    if (!stands_alone(e))
        return refuse(err, "this kind of expression");
    if ((default_ || !literals) && !is_plain(e, literals))
        return refuse(err, default_ ? "this statement in no dialect"
                                    : "this statement without literal_binds");
    if (!sql_expr_render(a, e, SQL_EXPR_LITERALS, out, err))
        return false;
    return !default_ || !may_be_quoted_otherwise(out->ptr) ||
           refuse(err, "quoted names in no dialect");
}

/* ------------------------------------------------------------------ DDL constructs */

/* One statement by the renderer of operations, which has no white space at its ends. */
static bool plain_text(struct arena *a, const struct op *op, const char *lead, struct str *out,
                       struct err *err)
{
    struct sql_context context = {.created_types = MAP_IN(a)};
    struct statement_list list = {0};
    if (!sql_render_op(a, &context, op, &list, err))
        return false;
    if (list.len != 1)
        return refuse(err, "this construct");
    str_addf(out, "%s%s", lead, list.at[0].sql);
    return true;
}

static bool construct_text(struct arena *a, const struct op *op, struct str *out, struct err *err)
{
    const struct ddl d = {.arena = a, .err = err, .as_compiled = true};
    switch ((int)op->kind) {
    case OP_CREATE_TABLE:
        return ddl_create_table(&d, op->as.create_table.table, out);
    case OP_CREATE_INDEX:
        return ddl_create_index(&d, op->as.create_index, out);
    case OP_DROP_TABLE:
    case OP_DROP_INDEX:
        return plain_text(a, op, "\n", out, err);
    case OP_CREATE_SEQUENCE:
    case OP_DROP_SEQUENCE:
    case OP_CREATE_SCHEMA:
    case OP_DROP_SCHEMA:
    case OP_CREATE_CONSTRAINT:
    case OP_DROP_CONSTRAINT:
    case OP_TABLE_COMMENT:
    case OP_COLUMN_COMMENT:
        return plain_text(a, op, "", out, err);
    default:
        return refuse(err, "this construct");
    }
}

/* ------------------------------------------------------------------ entry */

bool sql_op_text(struct arena *a, const struct op *op, unsigned flags, const char **text,
                 struct err *err)
{
    struct str out = STR_IN(a);
    if (op->kind != OP_EXECUTE && (flags & OP_TEXT_NO_DIALECT))
        return refuse(err, "a DDL construct in no dialect");
    if (!(op->kind == OP_EXECUTE ? expression_text(a, op->as.execute, flags, &out, err)
                                 : construct_text(a, op, &out, err)))
        return false;
    if (!out.ptr || strpbrk(out.ptr, "%\\"))
        return refuse(err, "a statement with percent signs or backslashes");
    *text = str_take(&out);
    return true;
}
