/*
 * What sqlalchemy.dialects.postgresql adds: array(), aggregate_order_by(), INSERT ... ON CONFLICT.
 */
#include "config.h"

#include <string.h>

#include "alembic/sa_dml.h"
#include "alembic/sa_type.h"
#include "base/str.h"

/* ------------------------------------------------------------------ array() */

enum { ARRAY_CLAUSES, ARRAY_TYPE };
static const struct py_arg array_args[] = {
    [ARRAY_CLAUSES] = PY_REQUIRED("clauses"),
    [ARRAY_TYPE] = PY_KEYWORD_ONLY("type_"),
    PY_ARGS_END,
};

static const struct type *array_of(struct py_run *run, const struct type *item)
{
    struct type *array = arena_memdup(py_arena(run), expr_type(TYPE_TEXT), sizeof(*array));
    bool nested = item && type_family(item) == FAMILY_ARRAY;

    array->kind = TYPE_PG_ARRAY;
    array->item = nested ? type_impl(item)->item : item;
    if (nested)
        array->dimensions = type_impl(item)->dimensions ? type_impl(item)->dimensions + 1 : 2;
    return array;
}

static struct py_value array_init(struct py_run *run, struct py_call *call)
{
    struct sa_element *self = py_require_payload(run, call->self, &sa_clause_element_class, "self");
    struct py_tuple *items = py_items(run, call->args[ARRAY_CLAUSES]);
    struct expr *e = expr_new(py_arena(run), EXPR_ARRAY, NULL);
    const struct type *item = sa_type_argument(run, call->args[ARRAY_TYPE]);

    e->as.list.op = EXPR_OP_COMMA;
    for (size_t i = 0; i < items->len; i++)
        vec_push(py_arena(run), &e->as.list.items, sa_operand(run, items->items[i], NULL));
    if (!item && items->len > 0)
        item = e->as.list.items.at[0]->type;
    e->type = array_of(run, item);
    self->expr = e;
    return py_none();
}

static const struct py_member array_members[] = {
    PY_METHOD("__init__", array_init, array_args),
    PY_MEMBERS_END,
};

const struct py_native_class sa_array_class = {
    .name = "array",
    .module = "sqlalchemy.dialects.postgresql.array",
    .bases = PY_BASES(&sa_expression_class),
    .members = array_members,
    .payload_size = sizeof(struct sa_element),
};

/* ------------------------------------------------------------------ functions */

static struct py_value aggregate_order_by(struct py_run *run, struct py_call *call)
{
    struct expr *e;

    if (call->count < 2)
        py_raise(run, &sa_argument_error_class, "at least one ORDER BY element is required");
    e = expr_new(py_arena(run), EXPR_AGGREGATE_ORDER_BY, NULL);
    e->as.ordered.element = sa_operand(run, call->args[0], NULL);
    e->type = e->as.ordered.element->type;
    for (size_t i = 1; i < call->count; i++)
        vec_push(py_arena(run), &e->as.ordered.order_by, sa_operand(run, call->args[i], NULL));
    return sa_object(run, e);
}

static struct py_value array_agg(struct py_run *run, struct py_call *call)
{
    struct name_list path = {0};
    struct expr_list args = {0};

    vec_push(py_arena(run), &path, "array_agg");
    for (size_t i = 0; i < call->count; i++)
        vec_push(py_arena(run), &args, sa_operand(run, call->args[i], NULL));
    return sa_object(run, sa_call_function(run, &path, &args,
                                           args.len > 0 ? array_of(run, args.at[0]->type) : NULL));
}

static const struct py_arg any_args[] = {
    PY_REQUIRED("other"),
    PY_REQUIRED("arrexpr"),
    PY_OPTIONAL("operator"),
    PY_ARGS_END,
};

static struct py_value any_of_array(struct py_run *run, struct py_call *call)
{
    bool any = strcmp(call->function->name, "Any") == 0;
    return py_call_method(run, call->args[1], any ? "any" : "all", call->args, 1);
}

/* ------------------------------------------------------------------ ON CONFLICT */

enum { CONFLICT_CONSTRAINT, CONFLICT_ELEMENTS, CONFLICT_INDEX_WHERE, CONFLICT_SET, CONFLICT_WHERE };
static const struct py_arg conflict_args[] = {
    [CONFLICT_CONSTRAINT] = PY_OPTIONAL("constraint"),
    [CONFLICT_ELEMENTS] = PY_OPTIONAL("index_elements"),
    [CONFLICT_INDEX_WHERE] = PY_OPTIONAL("index_where"),
    [CONFLICT_SET] = PY_OPTIONAL("set_"),
    [CONFLICT_WHERE] = PY_OPTIONAL("where"),
    PY_ARGS_END,
};
static const struct py_arg nothing_args[] = {
    PY_OPTIONAL("constraint"),
    PY_OPTIONAL("index_elements"),
    PY_OPTIONAL("index_where"),
    PY_ARGS_END,
};

/* A constraint is named by a str, or is an object that has a name. */
static const char *constraint_name(struct py_run *run, struct py_value v)
{
    struct py_value name;

    if (py_is_unset(v))
        return NULL;
    if (py_is_str(v))
        return py_as_string(run, v, "constraint");
    if (!py_find_attr(run, v, "name", &name) || !py_is_str(name))
        py_refuse(run, PY_REFUSE_CONSTRUCT,
                  "a constraint or index without a name in ON CONFLICT is not supported");
    return py_as_string(run, name, "constraint");
}

static void set_target(struct py_run *run, struct on_conflict *c, const struct py_value *args)
{
    struct py_tuple *items;

    c->constraint = constraint_name(run, args[CONFLICT_CONSTRAINT]);
    if (py_is_unset(args[CONFLICT_ELEMENTS]))
        return;
    if (c->constraint)
        py_raise(run, &py_value_error_class,
                 "'constraint' and 'index_elements' are mutually exclusive");
    items = py_items(run, args[CONFLICT_ELEMENTS]);
    for (size_t i = 0; i < items->len; i++) {
        const struct expr *e = sa_expr_of(run, items->items[i]);
        if (!e)
            e = expr_column(py_arena(run), sa_name(run, items->items[i], "index element"), NULL,
                            NULL, NULL);
        vec_push(py_arena(run), &c->elements, e);
    }
    if (!py_is_unset(args[CONFLICT_INDEX_WHERE]))
        c->index_where = sa_condition(run, args[CONFLICT_INDEX_WHERE]);
}

static void store(struct sa_dml_draft d, struct on_conflict *c)
{
    d.dml->on_conflict = c;
}

static void refuse_second(struct py_run *run, struct sa_dml_draft d)
{
    if (d.dml->on_conflict)
        py_raise(run, &sa_invalid_request_error_class,
                 "This Insert construct already has an ON CONFLICT clause established");
}

static struct py_value on_conflict_do_nothing(struct py_run *run, struct py_call *call)
{
    struct sa_dml_draft d = sa_dml_draft(run, call);
    struct on_conflict *c = PY_NEW(run, struct on_conflict);

    refuse_second(run, d);
    set_target(run, c, call->args);
    store(d, c);
    return sa_dml_answer(run, call, d);
}

/* SET of DO UPDATE: columns in the order of the table, then what is no column of it. */
static void set_values(struct py_run *run, struct on_conflict *c, const struct expr *table,
                       const struct py_dict *dict)
{
    const struct expr_list *columns = expr_columns(table);
    struct assignment_list given = {0};
    struct py_value key, value;

    for (size_t i = 0; py_dict_next(dict, &i, &key, &value);) {
        struct assignment a = sa_assignment(run, table, key, value);
        vec_push(py_arena(run), &given, a);
    }
    for (size_t i = 0; i < columns->len; i++) {
        const struct expr *column = columns->at[i];
        const char *name = column->as.column.key ? column->as.column.key
                                                 : column->as.column.name.text;
        for (size_t j = 0; j < given.len; j++) {
            if (str_eq(given.at[j].key, name)) {
                vec_push(py_arena(run), &c->set, given.at[j]);
                vec_remove(&given, j);
                break;
            }
        }
    }
    for (size_t j = 0; j < given.len; j++)
        vec_push(py_arena(run), &c->set, given.at[j]);
}

static struct py_value on_conflict_do_update(struct py_run *run, struct py_call *call)
{
    struct sa_dml_draft d = sa_dml_draft(run, call);
    struct on_conflict *c = PY_NEW(run, struct on_conflict);
    struct py_value set = call->args[CONFLICT_SET];

    refuse_second(run, d);
    c->update = true;
    set_target(run, c, call->args);
    if (!c->constraint && c->elements.len == 0)
        py_raise(run, &py_value_error_class,
                 "Either constraint or index_elements, but not both, must be specified unless DO "
                 "NOTHING");
    if (py_payload(set, &sa_column_collection_class)) {
        struct py_value dict = py_new_dict(run);
        struct py_tuple *pairs = py_items(run, py_call_method(run, set, "items", NULL, 0));
        for (size_t i = 0; i < pairs->len; i++)
            py_dict_put(run, py_dict_of(dict), py_tuple_of(pairs->items[i])->items[0],
                        py_tuple_of(pairs->items[i])->items[1]);
        set = dict;
    }
    if (!py_is_dict(set))
        py_raise(run, &py_value_error_class,
                 "set parameter must be a non-empty dictionary or a ColumnCollection such as the "
                 "`.c.` collection of a Table object");
    if (py_dict_of(set)->table.len == 0)
        py_raise(run, &py_value_error_class, "set parameter dictionary must not be empty");
    set_values(run, c, d.dml->table, py_dict_of(set));
    if (!py_is_unset(call->args[CONFLICT_WHERE]))
        c->where = sa_condition(run, call->args[CONFLICT_WHERE]);
    store(d, c);
    return sa_dml_answer(run, call, d);
}

/* insert.excluded: the row that was proposed, as a table called excluded. */
static struct py_value insert_excluded(struct py_run *run, struct py_call *call)
{
    const struct expr *table = sa_self(run, call)->as.dml->table;
    struct expr *e = expr_new(py_arena(run), EXPR_ALIAS, NULL);
    struct sa_from *object;
    struct py_value v;

    e->as.alias.name = name_of("excluded");
    e->as.alias.element = table;
    for (size_t i = 0; i < expr_columns(table)->len; i++) {
        struct expr *c = arena_memdup(py_arena(run), expr_columns(table)->at[i], sizeof(*c));
        c->as.column.table = e;
        vec_push(py_arena(run), &e->as.alias.columns, c);
    }
    v = sa_from_object(run, &sa_alias_class, e);
    object = py_payload(v, &sa_from_clause_class);
    return object->columns;
}

static const struct py_member pg_insert_members[] = {
    PY_METHOD("on_conflict_do_nothing", on_conflict_do_nothing, nothing_args),
    PY_METHOD("on_conflict_do_update", on_conflict_do_update, conflict_args),
    PY_PROPERTY("excluded", insert_excluded),
    PY_MEMBERS_END,
};

const struct py_native_class sa_pg_insert_class = {
    .name = "Insert",
    .module = "sqlalchemy.dialects.postgresql.dml",
    .bases = PY_BASES(&sa_insert_class),
    .members = pg_insert_members,
    .payload_size = sizeof(struct sa_element),
    .flags = PY_CLASS_INERT,
};

/* ------------------------------------------------------------------ names for the dialect */

static const struct py_member dialect_members[] = {
    PY_CLASS("array", &sa_array_class),
    PY_CLASS("Insert", &sa_pg_insert_class),
    PY_FUNCTION_ANY("insert", sa_new_pg_insert),
    PY_FUNCTION_N("aggregate_order_by", aggregate_order_by, 0, -1),
    PY_FUNCTION_N("array_agg", array_agg, 0, -1),
    PY_METHOD("Any", any_of_array, any_args),
    PY_METHOD("All", any_of_array, any_args),
    PY_MEMBERS_END,
};

const struct py_native_module sa_postgresql_expr_module = {
    .name = "sqlalchemy.dialects.postgresql.dml",
    .members = dialect_members,
};

struct py_value sa_postgresql_export(struct py_run *run, struct py_call *call)
{
    return py_getattr(run, py_import(run, "sqlalchemy.dialects.postgresql.dml"),
                      call->function->name);
}
