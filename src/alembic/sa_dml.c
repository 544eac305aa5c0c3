/* insert(), update(), delete() for Python programs. Each method answers a changed copy. */
#include "config.h"

#include <string.h>

#include "alembic/sa_build.h"
#include "alembic/sa_dml.h"
#include "alembic/sa_type.h"
#include "base/str.h"

struct sa_dml_draft sa_dml_draft(struct py_run *run, struct py_call *call)
{
    const struct expr *self = sa_self(run, call);
    struct sa_dml_draft d;

    if (self->kind == EXPR_PARAMETERS)
        py_refuse(run, PY_REFUSE_CONSTRUCT, "a statement that has parameters cannot be changed");
    d.e = arena_memdup(py_arena(run), self, sizeof(*self));
    d.dml = arena_memdup(py_arena(run), self->as.dml, sizeof(*d.dml));
    d.e->as.dml = d.dml;
    return d;
}

struct py_value sa_dml_answer(struct py_run *run, struct py_call *call, struct sa_dml_draft d)
{
    return sa_object_like(run, call->self, d.e);
}

static void add(struct py_run *run, struct expr_list *list, const struct expr *e)
{
    struct expr_list longer = {0};

    for (size_t i = 0; i < list->len; i++)
        vec_push(py_arena(run), &longer, list->at[i]);
    vec_push(py_arena(run), &longer, e);
    *list = longer;
}

static const char *column_key(const struct expr *column)
{
    return column->as.column.key ? column->as.column.key : column->as.column.name.text;
}

static const struct expr *column_by_key(const struct expr *table, const char *key)
{
    const struct expr_list *columns = expr_columns(table);

    for (size_t i = 0; i < columns->len; i++)
        if (str_eq(column_key(columns->at[i]), key))
            return columns->at[i];
    return NULL;
}

bool sa_has_column(const struct expr *table, const char *key)
{
    return column_by_key(table, key) != NULL;
}

/* ------------------------------------------------------------------ values */

/* One entry of values(): key is a column's key, a column, or something like a subscript of one. */
struct assignment sa_assignment(struct py_run *run, const struct expr *table, struct py_value key,
                                struct py_value value)
{
    struct assignment a = {0};
    const struct expr *target = py_is_str(key) ? NULL : sa_expr_of(run, key);
    const struct expr *column = NULL;

    if (py_is_str(key))
        a.key = py_as_string(run, key, "column");
    else if (target && target->kind == EXPR_COLUMN)
        a.key = column_key(target);
    else if (target)
        a.target = target;
    else
        sa_expected(run, "Column expression or string key", key);
    if (a.key) {
        column = column_by_key(table, a.key);
        a.column = column ? column->as.column.name : name_of(a.key);
    }
    const struct type *type = column ? column->type : a.target ? a.target->type : NULL;
    a.value = expr_with_type(py_arena(run), sa_expr_or_literal(run, value, type), type);
    return a;
}

/* Puts an entry in the place of one for the same column, or behind all. */
static void put_assignment(struct py_run *run, struct assignment_list *list, struct assignment a)
{
    for (size_t i = 0; i < list->len; i++) {
        if (a.key && str_eq(list->at[i].key, a.key)) {
            list->at[i] = a;
            return;
        }
    }
    vec_push(py_arena(run), list, a);
}

/* The entries in the order of the table's columns; what has no column is refused. */
static struct assignment_list in_table_order(struct py_run *run, const struct expr *table,
                                             const struct assignment_list *list)
{
    const struct expr_list *columns = expr_columns(table);
    struct assignment_list ordered = {0};
    struct str unknown = STR_IN(py_arena(run));

    for (size_t i = 0; i < list->len; i++)
        if (list->at[i].target)
            vec_push(py_arena(run), &ordered, list->at[i]);
    for (size_t i = 0; i < columns->len; i++)
        for (size_t j = 0; j < list->len; j++)
            if (str_eq(list->at[j].key, column_key(columns->at[i])))
                vec_push(py_arena(run), &ordered, list->at[j]);
    for (size_t j = 0; j < list->len; j++)
        if (list->at[j].key && !column_by_key(table, list->at[j].key))
            str_addf(&unknown, "%s%s", unknown.len ? ", " : "", list->at[j].key);
    if (unknown.len > 0)
        py_raise(run, &sa_compile_error_class, "Unconsumed column names: %s", unknown.ptr);
    return ordered;
}

static struct assignment_list copy_list(struct py_run *run, const struct assignment_list *list)
{
    struct assignment_list copy = {0};

    for (size_t i = 0; i < list->len; i++)
        vec_push(py_arena(run), &copy, list->at[i]);
    return copy;
}

static void add_dict(struct py_run *run, const struct expr *table, struct assignment_list *list,
                     const struct py_dict *dict)
{
    struct py_value key, value;

    for (size_t i = 0; dict && py_dict_next(dict, &i, &key, &value);) {
        py_step(run);
        put_assignment(run, list, sa_assignment(run, table, key, value));
    }
}

/* A row given by position. */
static void add_row(struct py_run *run, const struct expr *table, struct assignment_list *list,
                    struct py_value row)
{
    struct py_tuple *cells = py_items(run, row);
    const struct expr_list *columns = expr_columns(table);

    for (size_t i = 0; i < cells->len && i < columns->len; i++)
        put_assignment(run, list,
                       sa_assignment(run, table, py_new_str(run, column_key(columns->at[i])),
                                      cells->items[i]));
}

static void add_one(struct py_run *run, const struct expr *table, struct assignment_list *list,
                    struct py_value v)
{
    if (py_is_dict(v))
        add_dict(run, table, list, py_dict_of(v));
    else if (py_is_tuple(v) || py_is_list(v))
        add_row(run, table, list, v);
    else
        sa_expected(run, "mapping or tuple", v);
}

/* A further row of INSERT: the columns of the first one, in its order. */
static struct assignment_list like_first(struct py_run *run, const struct expr *table,
                                         const struct assignment_list *first,
                                         const struct assignment_list *row)
{
    struct assignment_list ordered = {0};

    for (size_t i = 0; i < first->len; i++) {
        size_t j = 0;
        while (j < row->len && !str_eq(row->at[j].key, first->at[i].key))
            j++;
        if (j == row->len)
            py_raise(run, &sa_compile_error_class,
                     "INSERT value for column %s.%s is explicitly rendered as a boundparameter in "
                     "the VALUES clause; a Python-side value or SQL expression is required",
                     table->as.table.name.text, first->at[i].key);
        vec_push(py_arena(run), &ordered, row->at[j]);
    }
    return ordered;
}

static void add_rows(struct py_run *run, struct sa_dml_draft d, struct py_value rows)
{
    struct py_tuple *items = py_items(run, rows);
    struct dml fresh = {0};

    if (d.dml->rows.len == 1)
        py_raise(run, &sa_invalid_request_error_class,
                 "Can't mix single and multiple VALUES formats in one INSERT statement; one style "
                 "appends to a list while the other replaces values, so the intent is ambiguous.");
    for (size_t i = 0; i < d.dml->rows.len; i++)
        vec_push(py_arena(run), &fresh.rows, d.dml->rows.at[i]);
    for (size_t i = 0; i < items->len; i++) {
        struct assignment_list row = {0}, ordered;
        py_step(run);
        add_one(run, d.dml->table, &row, items->items[i]);
        ordered = fresh.rows.len == 0 ? in_table_order(run, d.dml->table, &row)
                                      : like_first(run, d.dml->table, &fresh.rows.at[0], &row);
        vec_push(py_arena(run), &fresh.rows, ordered);
    }
    d.dml->rows.at = fresh.rows.at;
    d.dml->rows.len = fresh.rows.len;
    d.dml->rows.cap = fresh.rows.cap;
    d.dml->is_multiple = true;
}

/* A list of rows, not a row: its items are dicts, lists or tuples. */
static bool is_rows(struct py_value v)
{
    if (!py_is_list(v) || py_list_of(v)->len == 0)
        return false;
    struct py_value first = py_list_of(v)->items[0];
    return py_is_dict(first) || py_is_list(first) || py_is_tuple(first);
}

/* Values given together with other forms, or twice. */
static void check_values_call(struct py_run *run, struct py_call *call)
{
    size_t named = call->kwargs ? (size_t)py_len(run, py_object(&call->kwargs->base)) : 0;

    if (call->count > 1)
        py_raise(run, &sa_argument_error_class,
                 "Only a single dictionary/tuple or list of dictionaries/tuples is accepted "
                 "positionally.");
    if (call->count == 1 && named > 0)
        py_raise(run, &sa_argument_error_class,
                 "Can't pass positional and kwargs to values() simultaneously");
}

struct py_value sa_insert_values(struct py_run *run, struct py_call *call)
{
    struct sa_dml_draft d = sa_dml_draft(run, call);
    struct assignment_list row = {0};

    check_values_call(run, call);
    if (d.dml->select)
        py_raise(run, &sa_invalid_request_error_class,
                 "This construct already inserts from a SELECT");
    if (call->count == 1 && is_rows(call->args[0])) {
        add_rows(run, d, call->args[0]);
        return sa_dml_answer(run, call, d);
    }
    if (d.dml->is_multiple)
        py_raise(run, &sa_invalid_request_error_class,
                 "Can't mix single and multiple VALUES formats in one INSERT statement; one style "
                 "appends to a list while the other replaces values, so the intent is ambiguous.");
    if (d.dml->rows.len > 0)
        row = copy_list(run, &d.dml->rows.at[0]);
    if (call->count == 1)
        add_one(run, d.dml->table, &row, call->args[0]);
    else
        add_dict(run, d.dml->table, &row, call->kwargs);
    row = in_table_order(run, d.dml->table, &row);
    struct dml fresh = {0};
    vec_push(py_arena(run), &fresh.rows, row);
    d.dml->rows.at = fresh.rows.at;
    d.dml->rows.len = 1;
    d.dml->rows.cap = fresh.rows.cap;
    return sa_dml_answer(run, call, d);
}

static struct py_value update_values(struct py_run *run, struct py_call *call)
{
    struct sa_dml_draft d = sa_dml_draft(run, call);
    struct assignment_list set = copy_list(run, &d.dml->set);

    check_values_call(run, call);
    if (call->count == 1 && is_rows(call->args[0]))
        py_raise(run, &sa_invalid_request_error_class,
                 "UPDATE construct does not support multiple parameter sets.");
    if (call->count == 1)
        add_one(run, d.dml->table, &set, call->args[0]);
    else
        add_dict(run, d.dml->table, &set, call->kwargs);
    d.dml->set = in_table_order(run, d.dml->table, &set);
    return sa_dml_answer(run, call, d);
}

static struct py_value update_ordered_values(struct py_run *run, struct py_call *call)
{
    struct sa_dml_draft d = sa_dml_draft(run, call);
    struct assignment_list set = {0};

    if (d.dml->set.len > 0)
        py_raise(run, &sa_argument_error_class,
                 "This statement already has values present");
    for (size_t i = 0; i < call->count; i++) {
        struct py_tuple *pair = py_items(run, call->args[i]);
        if (pair->len != 2)
            py_raise(run, &py_value_error_class, "not enough values to unpack");
        put_assignment(run, &set,
                       sa_assignment(run, d.dml->table, pair->items[0], pair->items[1]));
    }
    in_table_order(run, d.dml->table, &set);
    d.dml->set = set;
    d.dml->is_ordered = true;
    return sa_dml_answer(run, call, d);
}

enum { SELECT_NAMES, SELECT_QUERY, SELECT_DEFAULTS };
static const struct py_arg from_select_args[] = {
    [SELECT_NAMES] = PY_REQUIRED("names"),
    [SELECT_QUERY] = PY_REQUIRED("select"),
    [SELECT_DEFAULTS] = PY_DEFAULTED("include_defaults"),
    PY_ARGS_END,
};

static struct py_value insert_from_select(struct py_run *run, struct py_call *call)
{
    struct sa_dml_draft d = sa_dml_draft(run, call);
    struct py_tuple *names = py_items(run, call->args[SELECT_NAMES]);

    if (d.dml->rows.len > 0)
        py_raise(run, &sa_invalid_request_error_class,
                 "This construct already inserts value expressions");
    for (size_t i = 0; i < names->len; i++) {
        struct assignment a = sa_assignment(run, d.dml->table, names->items[i], py_none());
        if (!a.key || !column_by_key(d.dml->table, a.key))
            py_raise(run, &py_key_error_class, "%s", a.key ? a.key : "column");
        vec_push(py_arena(run), &d.dml->select_columns, a.column.text);
    }
    d.dml->select = sa_query(run, call->args[SELECT_QUERY]);
    d.dml->without_defaults = !py_is_absent(call->args[SELECT_DEFAULTS]) &&
                              !py_truth(run, call->args[SELECT_DEFAULTS]);
    return sa_dml_answer(run, call, d);
}

/* ------------------------------------------------------------------ the other clauses */

static struct py_value dml_where(struct py_run *run, struct py_call *call)
{
    struct sa_dml_draft d = sa_dml_draft(run, call);

    for (size_t i = 0; i < call->count; i++)
        add(run, &d.dml->where, sa_condition(run, call->args[i]));
    return sa_dml_answer(run, call, d);
}

static struct py_value dml_returning(struct py_run *run, struct py_call *call)
{
    struct sa_dml_draft d = sa_dml_draft(run, call);

    for (size_t i = 0; i < call->count; i++)
        add(run, &d.dml->returning, sa_select_entry(run, call->args[i]));
    return sa_dml_answer(run, call, d);
}

static struct py_value dml_prefix(struct py_run *run, struct py_call *call)
{
    struct sa_dml_draft d = sa_dml_draft(run, call);

    for (size_t i = 0; i < call->count; i++) {
        const struct expr *e = sa_expr_of(run, call->args[i]);
        add(run, &d.dml->prefixes,
            e ? e : expr_text(py_arena(run), py_as_string(run, call->args[i], "prefix")));
    }
    return sa_dml_answer(run, call, d);
}

static struct py_value dml_add_cte(struct py_run *run, struct py_call *call)
{
    struct sa_dml_draft d = sa_dml_draft(run, call);

    for (size_t i = 0; i < call->count; i++)
        add(run, &d.dml->ctes, sa_from_element(run, call->args[i]));
    return sa_dml_answer(run, call, d);
}

static struct py_value insert_inline(struct py_run *run, struct py_call *call)
{
    struct sa_dml_draft d = sa_dml_draft(run, call);

    d.dml->is_inline = true;
    return sa_dml_answer(run, call, d);
}

static struct py_value dml_table(struct py_run *run, struct py_call *call)
{
    return sa_from_value(run, sa_self(run, call)->as.dml->table);
}

/* ------------------------------------------------------------------ making them */

static struct py_value new_dml(struct py_run *run, const struct py_native_class *cls,
                               enum expr_kind kind, struct py_value table)
{
    const struct expr *e = sa_expr_of(run, table);
    struct expr *made = expr_new(py_arena(run), kind, NULL);
    struct dml *dml = PY_NEW(run, struct dml);

    if (!e || (e->kind != EXPR_TABLE && (kind == EXPR_INSERT || e->kind != EXPR_ALIAS)))
        sa_expected(run, "subject table for an INSERT, UPDATE or DELETE", table);
    dml->table = e;
    made->as.dml = dml;
    return sa_element_new(run, cls, made);
}

/* SQLAlchemy 1.4 takes conditions and values with the table. */
static struct py_value with_old_arguments(struct py_run *run, struct py_value statement,
                                          struct py_value where, struct py_value values)
{
    if (!py_is_unset(where))
        statement = py_call_method(run, statement, "where", &where, 1);
    if (!py_is_unset(values))
        statement = py_call_method(run, statement, "values", &values, 1);
    return statement;
}

static struct py_value old_argument(struct py_call *call, size_t position, const char *name)
{
    struct py_value v = py_absent();

    if (call->count > position)
        v = call->args[position];
    else if (call->kwargs)
        v = py_dict_get_name(call->kwargs, name);
    return v;
}

struct py_value sa_new_insert(struct py_run *run, struct py_call *call)
{
    if (call->count == 0)
        py_raise(run, &py_type_error_class,
                 "insert() missing 1 required positional argument: 'table'");
    return with_old_arguments(run, new_dml(run, &sa_insert_class, EXPR_INSERT, call->args[0]),
                              py_absent(), old_argument(call, 1, "values"));
}

struct py_value sa_new_pg_insert(struct py_run *run, struct py_call *call)
{
    if (call->count == 0)
        py_raise(run, &py_type_error_class,
                 "insert() missing 1 required positional argument: 'table'");
    return with_old_arguments(run, new_dml(run, &sa_pg_insert_class, EXPR_INSERT, call->args[0]),
                              py_absent(), old_argument(call, 1, "values"));
}

struct py_value sa_new_update(struct py_run *run, struct py_call *call)
{
    if (call->count == 0)
        py_raise(run, &py_type_error_class,
                 "update() missing 1 required positional argument: 'table'");
    return with_old_arguments(run, new_dml(run, &sa_update_class, EXPR_UPDATE, call->args[0]),
                              old_argument(call, 1, "whereclause"),
                              old_argument(call, 2, "values"));
}

struct py_value sa_new_delete(struct py_run *run, struct py_call *call)
{
    if (call->count == 0)
        py_raise(run, &py_type_error_class,
                 "delete() missing 1 required positional argument: 'table'");
    return with_old_arguments(run, new_dml(run, &sa_delete_class, EXPR_DELETE, call->args[0]),
                              old_argument(call, 1, "whereclause"), py_absent());
}

struct py_value sa_table_insert(struct py_run *run, struct py_call *call)
{
    return with_old_arguments(run, new_dml(run, &sa_insert_class, EXPR_INSERT, call->self),
                              py_absent(), old_argument(call, 0, "values"));
}

struct py_value sa_table_update(struct py_run *run, struct py_call *call)
{
    return with_old_arguments(run, new_dml(run, &sa_update_class, EXPR_UPDATE, call->self),
                              old_argument(call, 0, "whereclause"),
                              old_argument(call, 1, "values"));
}

struct py_value sa_table_delete(struct py_run *run, struct py_call *call)
{
    return with_old_arguments(run, new_dml(run, &sa_delete_class, EXPR_DELETE, call->self),
                              old_argument(call, 0, "whereclause"), py_absent());
}

/* ------------------------------------------------------------------ classes */

static const struct py_arg cte_args[] = {
    PY_OPTIONAL("name"),
    PY_DEFAULTED("recursive"),
    PY_DEFAULTED("nesting"),
    PY_ARGS_END,
};

#define SHARED                                                                                     \
    PY_FUNCTION_ANY("returning", dml_returning), PY_FUNCTION_ANY("prefix_with", dml_prefix),       \
        PY_FUNCTION_ANY("add_cte", dml_add_cte), PY_METHOD("cte", sa_query_cte, cte_args),         \
        PY_PROPERTY("table", dml_table)

static const struct py_member insert_members[] = {
    SHARED,
    PY_FUNCTION_ANY("values", sa_insert_values),
    PY_METHOD("from_select", insert_from_select, from_select_args),
    PY_FUNCTION_N("inline", insert_inline, 0, 0),
    PY_MEMBERS_END,
};

static const struct py_member update_members[] = {
    SHARED,
    PY_FUNCTION_N("where", dml_where, 0, -1),
    PY_FUNCTION_ANY("values", update_values),
    PY_FUNCTION_N("ordered_values", update_ordered_values, 0, -1),
    PY_FUNCTION_N("inline", insert_inline, 0, 0),
    PY_MEMBERS_END,
};

static const struct py_member delete_members[] = {
    SHARED,
    PY_FUNCTION_N("where", dml_where, 0, -1),
    PY_MEMBERS_END,
};

#define DML_CLASS(id, name_, members_)                                                             \
    const struct py_native_class id = {                                                            \
        .name = (name_),                                                                           \
        .module = "sqlalchemy.sql.dml",                                                            \
        .bases = PY_BASES(&sa_clause_element_class),                                               \
        .members = (members_),                                                                     \
        .payload_size = sizeof(struct sa_element),                                                 \
        .flags = PY_CLASS_INERT,                                                                   \
    }

DML_CLASS(sa_insert_class, "Insert", insert_members);
DML_CLASS(sa_update_class, "Update", update_members);
DML_CLASS(sa_delete_class, "Delete", delete_members);
