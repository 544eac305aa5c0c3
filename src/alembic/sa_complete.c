/* What SQLAlchemy adds to INSERT and UPDATE of a Table when they are executed. */
#include "config.h"

#include <string.h>

#include "alembic/host.h"
#include "alembic/sa_dml.h"
#include "alembic/sa_schema.h"
#include "alembic/sa_type.h"
#include "base/str.h"

/* The Table object behind a statement's table; NULL for table() and aliases. */
static struct sa_table *table_of(struct py_run *run, const struct expr *table)
{
    if (table->kind != EXPR_TABLE || !table->as.table.table)
        return NULL;
    return py_payload(sa_from_value(run, table), &sa_table_class);
}

static bool names(const struct assignment_list *list, const struct sa_column *c)
{
    for (size_t i = 0; i < list->len; i++)
        if (str_eq(list->at[i].key, c->column->key))
            return true;
    return false;
}

/*
 * default= or onupdate= as a value of its column. A function would be called at each execution:
 * what it answers then is not known. Printed, both are parameters that nobody has given: NULL.
 */
static const struct expr *default_value(struct py_run *run, const struct sa_column *c,
                                        struct py_value v, const char *what)
{
    struct sa_sequence *sequence = py_payload(v, &sa_sequence_class);

    if (sequence) {
        struct expr *next = expr_new(py_arena(run), EXPR_NEXT_VALUE, expr_type(TYPE_INTEGER));
        next->as.sequence.name = sequence->sequence->name;
        next->as.sequence.schema = sequence->sequence->schema;
        return next;
    }
    if (!sa_expr_of(run, v) && alembic_host(run)->to_print)
        v = py_none();
    else if (!sa_expr_of(run, v) && py_callable(run, v))
        py_refuse(run, PY_REFUSE_CALLABLE,
                  "%s= of column %s is a function, which SQLAlchemy calls when the statement "
                  "is executed",
                  what, c->column->name.text);
    return expr_with_type(py_arena(run), sa_expr_or_literal(run, v, c->column->type),
                          c->column->type);
}

static struct assignment assignment(const struct sa_column *c, const struct expr *value)
{
    return (struct assignment){
        .column = c->column->name, .key = c->column->key, .value = value};
}

static struct sa_column *column_at(struct sa_table *t, size_t i)
{
    return py_payload(py_list_of(t->column_objects)->items[i], &sa_column_class);
}

static bool has_default(const struct sa_column *c)
{
    struct sa_sequence *sequence = py_payload(c->python_default, &sa_sequence_class);
    return !py_is_unset(c->python_default) && !(sequence && sequence->optional);
}

/* One row with the defaults of columns that it does not give, in the order of the table. */
static struct assignment_list complete_row(struct py_run *run, struct sa_table *t,
                                           const struct assignment_list *row)
{
    struct assignment_list whole = {0};

    for (size_t i = 0; i < py_list_of(t->column_objects)->len; i++) {
        struct sa_column *c = column_at(t, i);
        for (size_t j = 0; j < row->len; j++)
            if (str_eq(row->at[j].key, c->column->key))
                vec_push(py_arena(run), &whole, row->at[j]);
        if (!names(row, c) && has_default(c))
            vec_push(py_arena(run), &whole,
                     assignment(c, default_value(run, c, c->python_default, "default")));
    }
    return whole;
}

/* The columns of the primary key that the server fills in: RETURNING asks for them. */
static void add_returning(struct py_run *run, struct sa_table *t, struct dml *dml,
                          const struct assignment_list *row)
{
    const struct constraint *key = table_primary_key(t->table);
    const struct column *automatic = table_autoincrement_column(t->table);

    for (size_t i = 0; key && i < py_list_of(t->column_objects)->len; i++) {
        struct sa_column *c = column_at(t, i);
        bool in_key = false, made_by_server = false, given = names(row, c);
        for (size_t j = 0; j < key->columns.len; j++)
            in_key = in_key || str_eq(key->columns.at[j], c->column->name.text);
        for (size_t j = 0; j < row->len; j++)
            if (str_eq(row->at[j].key, c->column->key))
                made_by_server = row->at[j].value->kind != EXPR_BIND;
        if (!given && has_default(c))
            made_by_server = py_payload(c->python_default, &sa_sequence_class) != NULL ||
                             sa_expr_of(run, c->python_default) != NULL;
        else if (!given)
            made_by_server = c->column == automatic || c->column->server_default != NULL ||
                             c->column->has_fetched_value || c->column->identity != NULL;
        if (in_key && made_by_server)
            vec_push(py_arena(run), &dml->implicit_returning, c->element.expr);
    }
}

/* INSERT from a SELECT: the query gets the defaults of the other columns too. */
static void complete_from_select(struct py_run *run, struct sa_table *t, struct dml *dml)
{
    struct name_list names = {0};
    struct expr *query = arena_memdup(py_arena(run), dml->select, sizeof(*query));
    struct select *select = NULL;

    for (size_t i = 0; i < dml->select_columns.len; i++)
        vec_push(py_arena(run), &names, dml->select_columns.at[i]);
    for (size_t i = 0; i < py_list_of(t->column_objects)->len; i++) {
        struct sa_column *c = column_at(t, i);
        if (sa_has_name(&dml->select_columns, c->column->name.text) || !has_default(c))
            continue;
        if (query->kind != EXPR_SELECT)
            py_raise(run, &sa_compile_error_class,
                     "Can't extend statement for INSERT..FROM SELECT to include additional "
                     "default-holding column(s) '%s'.  Convert the selectable to a subquery() "
                     "first, or pass include_defaults=False to Insert.from_select() to skip these "
                     "columns.",
                     c->column->name.text);
        if (!select)
            select = arena_memdup(py_arena(run), query->as.select, sizeof(*select));
        struct expr_list columns = {0};
        for (size_t j = 0; j < select->columns.len; j++)
            vec_push(py_arena(run), &columns, select->columns.at[j]);
        vec_push(py_arena(run), &columns, default_value(run, c, c->python_default, "default"));
        select->columns = columns;
        vec_push(py_arena(run), &names, c->column->name.text);
    }
    if (!select)
        return;
    query->as.select = select;
    dml->select = query;
    dml->select_columns = names;
}

static void complete_insert(struct py_run *run, struct sa_table *t, struct dml *dml)
{
    struct dml fresh = {0};

    if (dml->select) {
        if (!dml->without_defaults)
            complete_from_select(run, t, dml);
        return;
    }
    if (dml->rows.len == 0)
        vec_push(py_arena(run), &dml->rows, ((struct assignment_list){0}));
    for (size_t i = 0; i < dml->rows.len; i++) {
        struct assignment_list row = complete_row(run, t, &dml->rows.at[i]);
        vec_push(py_arena(run), &fresh.rows, row);
    }
    if (!dml->is_multiple && !dml->is_inline && dml->returning.len == 0)
        add_returning(run, t, dml, &dml->rows.at[0]);
    dml->rows.at = fresh.rows.at;
}

static void complete_update(struct py_run *run, struct sa_table *t, struct dml *dml)
{
    struct assignment_list whole = {0};

    for (size_t i = 0; i < dml->set.len && (dml->is_ordered || dml->set.at[i].target); i++)
        vec_push(py_arena(run), &whole, dml->set.at[i]);
    for (size_t i = 0; i < py_list_of(t->column_objects)->len; i++) {
        struct sa_column *c = column_at(t, i);
        for (size_t j = 0; j < dml->set.len && !dml->is_ordered; j++)
            if (str_eq(dml->set.at[j].key, c->column->key))
                vec_push(py_arena(run), &whole, dml->set.at[j]);
        if (!names(&dml->set, c) && !py_is_unset(c->onupdate))
            vec_push(py_arena(run), &whole,
                     assignment(c, default_value(run, c, c->onupdate, "onupdate")));
    }
    dml->set = whole;
}

/*
 * INSERT and UPDATE without a value, printed: a place for a parameter in each column, whatever
 * parameters are given with the statement.
 */
static const struct expr *with_placeholders(struct py_run *run, const struct expr *e)
{
    const struct expr_list *columns = &e->as.dml->table->as.table.columns;
    struct expr *copy = arena_memdup(py_arena(run), e, sizeof(*e));
    struct dml *dml = arena_memdup(py_arena(run), e->as.dml, sizeof(*dml));
    struct assignment_list all = {0};

    for (size_t i = 0; i < columns->len; i++) {
        const struct expr *column = columns->at[i];
        struct expr *place = expr_new(py_arena(run), EXPR_PLACEHOLDER, column->type);
        const char *key = column->as.column.key ? column->as.column.key
                                                : column->as.column.name.text;
        place->as.placeholder.key = key;
        vec_push(py_arena(run), &all,
                 ((struct assignment){.column = column->as.column.name,
                                      .key = key,
                                      .value = place}));
    }
    if (e->kind == EXPR_INSERT)
        vec_push(py_arena(run), &dml->rows, all);
    else
        dml->set = all;
    copy->as.dml = dml;
    return copy;
}

static bool lacks_values(const struct expr *e)
{
    if ((e->kind != EXPR_INSERT && e->kind != EXPR_UPDATE) || e->as.dml->table->kind != EXPR_TABLE)
        return false;
    const struct dml *dml = e->as.dml;
    return e->kind == EXPR_INSERT ? !dml->rows.len && !dml->select : !dml->set.len;
}

bool sa_completes_alike(struct py_run *run, const struct expr *e)
{
    if (e->kind != EXPR_INSERT && e->kind != EXPR_UPDATE)
        return e->kind != EXPR_PARAMETERS;
    if (e->as.dml->table->kind != EXPR_TABLE || lacks_values(e))
        return false;
    struct sa_table *t = table_of(run, e->as.dml->table);
    for (size_t i = 0; t && i < py_list_of(t->column_objects)->len; i++) {
        struct sa_column *c = column_at(t, i);
        if (has_default(c) || !py_is_unset(c->onupdate))
            return false;
    }
    return true;
}

const struct expr *sa_completed(struct py_run *run, const struct expr *e)
{
    struct sa_table *t = NULL;
    struct expr *copy;
    struct dml *dml;

    if (alembic_host(run)->to_print && lacks_values(e))
        return with_placeholders(run, e);

    if (e->kind == EXPR_PARAMETERS) {
        copy = arena_memdup(py_arena(run), e, sizeof(*e));
        copy->as.parameters.inner = sa_completed(run, e->as.parameters.inner);
        return copy;
    }
    if (e->kind == EXPR_INSERT || e->kind == EXPR_UPDATE)
        t = table_of(run, e->as.dml->table);
    if (!t)
        return e;
    copy = arena_memdup(py_arena(run), e, sizeof(*e));
    dml = arena_memdup(py_arena(run), e->as.dml, sizeof(*dml));
    copy->as.dml = dml;
    if (e->kind == EXPR_INSERT)
        complete_insert(run, t, dml);
    else
        complete_update(run, t, dml);
    return copy;
}
