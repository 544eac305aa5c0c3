#include "config.h"

/* SQL text, and what autogenerate itself has no directive for. */

#include <string.h>

#include "autogenerate/write_private.h"
#include "base/arena.h"
#include "base/err.h"
#include "schema/expr.h"
#include "schema/type.h"
#include "sql/render.h"
#include "sql/render_expr.h"

/* Text of several lines becomes adjacent strings, one for each, that a reviewer can read. */
static void write_lines(struct writer *w, const char *text)
{
    if (!strchr(text, '\n')) {
        write_string(w, text);
        return;
    }
    for (const char *p = text; *p;) {
        const char *end = strchr(p, '\n');
        size_t len = end ? (size_t)(end - p) + 1 : strlen(p);
        str_add(w->out, "\n    ");
        write_string(w, arena_strndup(w->arena, p, len));
        p += len;
    }
    str_addc(w->out, '\n');
}

/* `op.execute('...')`, for SQL as it is sent. */
static void write_sent(struct writer *w, const char *sql)
{
    str_addf(w->out, "%sexecute(", w->op);
    write_lines(w, write_escaped(w, sql));
    str_addc(w->out, ')');
}

bool write_execute(struct writer *w, const struct op *op)
{
    const struct expr *e = op->as.execute;
    struct str sql = STR_IN(w->arena);
    if (e->kind == EXPR_TEXT && e->as.text.bind_count == 0) {
        str_addf(w->out, "%sexecute(", w->op);
        write_lines(w, e->as.text.text);
        str_addc(w->out, ')');
        return true;
    }
    if (!sql_expr_render(w->arena, e, SQL_EXPR_STATEMENT, &sql, w->err))
        return false;
    write_sent(w, sql.ptr);
    return true;
}

bool write_statements(struct writer *w, const struct op *op)
{
    struct sql_context context = {.created_types = MAP_IN(w->arena)};
    struct statement_list statements = {0};
    if (!sql_render_op(w->arena, &context, op, &statements, w->err))
        return false;
    for (size_t i = 0; i < statements.len; i++) {
        str_add(w->out, i > 0 ? "\n" : "");
        write_sent(w, statements.at[i].sql);
    }
    return true;
}

bool write_type_op(struct writer *w, const struct op *op)
{
    bool creates = op->kind == OP_CREATE_TYPE;
    const struct type *type = creates ? op->as.create_type : op->as.drop_type;
    struct type copy = *type;
    if (type->kind != TYPE_ENUM && type->kind != TYPE_PG_ENUM)
        return write_statements(w, op);
    copy.kind = TYPE_PG_ENUM;
    copy.length = -1;
    copy.inherit_schema = false;
    if (!write_type(w, &copy))
        return false;
    str_addf(w->out, ".%s(%sget_bind())", creates ? "create" : "drop", w->op);
    return true;
}
