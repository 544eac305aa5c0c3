#include "config.h"

/* Directives on whole tables, and bulk_insert(). */

#include "alembic/directives.h"
#include "alembic/host.h"
#include "alembic/sa_schema.h"
#include "alembic/sa_type.h"
#include "base/arena.h"
#include "base/str.h"

/* ------------------------------------------------------------------ create_table */

enum { CT_NAME, CT_COLUMNS, CT_IF_NOT_EXISTS, CT_KW };
const struct py_arg directive_create_table_args[] = {
    [CT_NAME] = PY_REQUIRED("table_name"),
    [CT_COLUMNS] = PY_REST("columns"),
    [CT_IF_NOT_EXISTS] = PY_KEYWORD_ONLY("if_not_exists"),
    [CT_KW] = PY_KEYWORDS("kw"),
    PY_ARGS_END,
};

struct py_value directive_create_table(struct py_run *run, struct py_call *call)
{
    struct py_dict *kw = py_dict_of(call->args[CT_KW]);
    struct sa_table_options options = {
        .name = sa_name(run, call->args[CT_NAME], "table_name"),
        .comment = sa_text_or_null(run, py_dict_take_name(run, kw, "comment"), "comment"),
        .prefixes = py_dict_take_name(run, kw, "prefixes"),
        .info = py_dict_take_name(run, kw, "info"),
        .if_not_exists = py_truth(run, call->args[CT_IF_NOT_EXISTS]),
        .kw = kw,
    };
    struct py_value schema = py_dict_take_name(run, kw, "schema");
    struct py_value quote = py_dict_take_name(run, kw, "quote");
    if (!py_is_unset(schema)) {
        struct name name = sa_name(run, schema, "schema");
        options.schema = name.text;
        options.schema_quote = name.quote;
    }
    if (!py_is_unset(quote))
        options.name.quote = sa_tristate(run, quote);
    struct py_tuple *items = py_tuple_of(call->args[CT_COLUMNS]);
    struct sa_table *t;
    struct py_value object = py_new(run, &sa_table_class, (void **)&t);
    sa_table_fill(run, object, &options, items->items, items->len);

    struct op *op = host_add_op(run, OP_CREATE_TABLE);
    op->schema = options.schema;
    op->schema_quote = options.schema_quote;
    op->table = options.name.text;
    op->table_quote = options.name.quote;
    op->as.create_table.table = arena_memdup(py_arena(run), t->table, sizeof(*t->table));
    op->as.create_table.scope = CREATE_WITH_TYPES;
    op->nondeterministic = py_is_marked(run, call->args[CT_COLUMNS]);
    return object;
}

/* ------------------------------------------------------------------ drop and rename */

enum { DT_NAME, DT_SCHEMA, DT_IF_EXISTS, DT_KW };
const struct py_arg directive_drop_table_args[] = {
    [DT_NAME] = PY_REQUIRED("table_name"),
    [DT_SCHEMA] = PY_KEYWORD_ONLY("schema"),
    [DT_IF_EXISTS] = PY_KEYWORD_ONLY("if_exists"),
    [DT_KW] = PY_KEYWORDS("kw"),
    PY_ARGS_END,
};

struct py_value directive_drop_table(struct py_run *run, struct py_call *call)
{
    static const char *const table_options[] = {"ignore_search_path", "tablespace", "partition_by",
                                                "with_oids", "on_commit", "inherits", "using",
                                                NULL};
    struct py_dict *kw = py_dict_of(call->args[DT_KW]);
    py_dict_take_name(run, kw, "comment");
    py_dict_take_name(run, kw, "info");
    sa_check_dialect_options(run, kw, table_options, "sqlalchemy.sql.schema.Table");
    struct op *op = host_new_op(run, OP_DROP_TABLE);
    op_set_table(run, op, call->args[DT_NAME], call->args[DT_SCHEMA]);
    op->as.drop_table.if_exists = py_truth(run, call->args[DT_IF_EXISTS]);
    host_push_op(run, op);
    return py_none();
}

enum { RT_OLD, RT_NEW, RT_SCHEMA };
const struct py_arg directive_rename_table_args[] = {
    [RT_OLD] = PY_REQUIRED("old_table_name"),
    [RT_NEW] = PY_REQUIRED("new_table_name"),
    [RT_SCHEMA] = PY_KEYWORD_ONLY("schema"),
    PY_ARGS_END,
};

struct py_value directive_rename_table(struct py_run *run, struct py_call *call)
{
    struct name to = sa_name(run, call->args[RT_NEW], "new_table_name");
    struct op *op = host_new_op(run, OP_RENAME_TABLE);
    op_set_table(run, op, call->args[RT_OLD], call->args[RT_SCHEMA]);
    op->as.rename_table.to = to;
    host_push_op(run, op);
    return py_none();
}

/* ------------------------------------------------------------------ comments */

enum { TC_NAME, TC_COMMENT, TC_EXISTING, TC_SCHEMA };
const struct py_arg directive_create_table_comment_args[] = {
    [TC_NAME] = PY_REQUIRED("table_name"),
    [TC_COMMENT] = PY_REQUIRED("comment"),
    [TC_EXISTING] = PY_KEYWORD_ONLY("existing_comment"),
    [TC_SCHEMA] = PY_KEYWORD_ONLY("schema"),
    PY_ARGS_END,
};

struct py_value directive_create_table_comment(struct py_run *run, struct py_call *call)
{
    const char *comment = sa_text_or_null(run, call->args[TC_COMMENT], "comment");
    const char *existing = sa_text_or_null(run, call->args[TC_EXISTING], "existing_comment");
    struct op *op = host_new_op(run, OP_TABLE_COMMENT);
    op_set_table(run, op, call->args[TC_NAME], call->args[TC_SCHEMA]);
    op->as.table_comment.comment = comment;
    op->as.table_comment.existing = existing;
    host_push_op(run, op);
    return py_none();
}

const struct py_arg directive_drop_table_comment_args[] = {
    PY_REQUIRED("table_name"),
    PY_KEYWORD_ONLY("existing_comment"),
    PY_KEYWORD_ONLY("schema"),
    PY_ARGS_END,
};

struct py_value directive_drop_table_comment(struct py_run *run, struct py_call *call)
{
    const char *existing = sa_text_or_null(run, call->args[1], "existing_comment");
    struct op *op = host_new_op(run, OP_TABLE_COMMENT);
    op_set_table(run, op, call->args[0], call->args[2]);
    op->as.table_comment.existing = existing;
    host_push_op(run, op);
    return py_none();
}

/* ------------------------------------------------------------------ bulk_insert */

enum { BI_TABLE, BI_ROWS, BI_MULTIINSERT };
const struct py_arg directive_bulk_insert_args[] = {
    [BI_TABLE] = PY_REQUIRED("table"),
    [BI_ROWS] = PY_REQUIRED("rows"),
    [BI_MULTIINSERT] = PY_KEYWORD_DEFAULTED("multiinsert"),
    PY_ARGS_END,
};

/* The value of a cell: always a literal of the column's type. */
static struct py_value cell(struct py_run *run, struct py_value columns, struct py_value key,
                            struct py_value value)
{
    struct py_value column = py_getitem(run, columns, key);
    const struct expr *given = sa_expr_of(run, value);
    if (given && given->kind == EXPR_BIND)
        return value; /* op.inline_literal() */
    if (given)
        py_raise(run, &sa_compile_error_class,
                 "Could not render literal value \"%s\"; bulk_insert() takes no SQL expressions",
                 py_repr_text(run, value));
    const struct type *type = sa_expr_of(run, column)->type;
    if (!type)
        type = type_new(py_arena(run), TYPE_NULL);
    return sa_object(run, sa_expr_or_literal(run, value, type));
}

static const struct expr *insert_row(struct py_run *run, struct py_value table,
                                     struct py_value columns, struct py_dict *row)
{
    struct py_value cells = py_new_dict(run), key, value;
    for (size_t i = 0; py_dict_next(row, &i, &key, &value);)
        py_dict_put(run, py_dict_of(cells), key, cell(run, columns, key, value));
    struct py_value insert = py_call_method(run, table, "insert", NULL, 0);
    insert = py_call_method(run, insert, "inline", NULL, 0);
    insert = py_call(run, py_getattr(run, insert, "values"), NULL, 0, py_dict_of(cells));
    return sa_executable(run, insert);
}

/*
 * What executemany() takes of a row: the statement is made for the keys of the first row that are
 * columns, and the same parameters go with each of them.
 */
static struct py_dict *row_like_first(struct py_run *run, struct py_value columns,
                                      struct py_dict *first, struct py_dict *row, size_t index)
{
    struct py_dict *taken = py_dict_of(py_new_dict(run));
    struct py_value key, unused;
    for (size_t i = 0; py_dict_next(first, &i, &key, &unused);) {
        struct py_value value = py_dict_get(run, row, key);
        if (!py_contains(run, columns, key))
            continue;
        if (py_is_absent(value))
            py_raise(run, &sa_statement_error_class,
                     "(sqlalchemy.exc.InvalidRequestError) A value is required for bind parameter "
                     "%s, in parameter group %zu",
                     py_repr_text(run, key), index);
        py_dict_put(run, taken, key, value);
    }
    return taken;
}

struct py_value directive_bulk_insert(struct py_run *run, struct py_call *call)
{
    struct py_value rows = py_require_known(run, call->args[BI_ROWS]);
    if (!py_is_list(rows))
        py_raise(run, &py_type_error_class, "List expected");
    struct py_list *list = py_list_of(rows);
    if (list->len > 0 && !py_is_dict(py_require_known(run, list->items[0])))
        py_raise(run, &py_type_error_class, "List of dictionaries expected");
    struct py_value table = py_require_known(run, call->args[BI_TABLE]);
    struct bulk_insert *b = PY_NEW(run, struct bulk_insert);
    b->multiinsert = py_is_absent(call->args[BI_MULTIINSERT]) ||
                     py_truth(run, call->args[BI_MULTIINSERT]);
    struct op *op = host_new_op(run, OP_BULK_INSERT);
    op->as.bulk_insert = b;
    op->nondeterministic = py_is_marked(run, rows);
    if (list->len == 0) {
        host_push_op(run, op);
        return py_none();
    }
    struct py_value columns = py_getattr(run, table, "c");
    for (size_t i = 0; i < list->len; i++) {
        py_step(run);
        if (!py_is_dict(py_require_known(run, list->items[i])))
            py_raise(run, &py_attribute_error_class, "'%s' object has no attribute 'items'",
                     py_class_name(run, list->items[i]));
        struct py_dict *row = py_dict_of(list->items[i]);
        if (b->multiinsert && !alembic_host(run)->to_print)
            row = row_like_first(run, columns, py_dict_of(list->items[0]), row, i);
        vec_push(py_arena(run), &b->rows, insert_row(run, table, columns, row));
    }
    const struct expr *target = sa_expr_of(run, table);
    if (target && target->kind == EXPR_TABLE) {
        op->table = target->as.table.table ? target->as.table.table->name.text
                                           : target->as.table.name.text;
        op->schema = target->as.table.table ? target->as.table.table->schema
                                            : target->as.table.schema;
    }
    host_push_op(run, op);
    return py_none();
}
