/* What stands in FROM, for Python programs: table(), .c, aliases, joins, subqueries, CTEs,
 * values(). */
#include "config.h"

#include <string.h>

#include "alembic/sa_build.h"
#include "alembic/sa_type.h"
#include "base/str.h"

/* ------------------------------------------------------------------ ColumnCollection */

struct collection {
    struct py_value keys, columns; /* lists of the same length */
};

static struct collection *collection_of(struct py_run *run, struct py_call *call)
{
    return py_require_payload(run, call->self, &sa_column_collection_class, "self");
}

struct py_value sa_column_collection_new(struct py_run *run)
{
    void *payload;
    struct py_value v = py_new(run, &sa_column_collection_class, &payload);
    struct collection *c = payload;

    c->keys = py_new_list(run);
    c->columns = py_new_list(run);
    return v;
}

void sa_column_collection_add(struct py_run *run, struct py_value collection, const char *key,
                              struct py_value column)
{
    struct collection *c = py_payload(collection, &sa_column_collection_class);

    py_list_append(run, c->keys, py_new_str(run, key));
    py_list_append(run, c->columns, column);
}

struct py_value sa_column_collection_get(struct py_value collection, const char *key)
{
    struct collection *c = py_payload(collection, &sa_column_collection_class);
    struct py_list *keys = py_list_of(c->keys);

    for (size_t i = 0; i < keys->len; i++)
        if (str_eq(py_str_of(keys->items[i])->ptr, key))
            return py_list_of(c->columns)->items[i];
    return py_absent();
}

static struct py_value collection_getattr(struct py_run *run, struct py_call *call)
{
    const char *key = py_as_string(run, call->args[0], "name");
    struct py_value found = sa_column_collection_get(call->self, key);

    if (py_is_absent(found))
        py_raise(run, &py_attribute_error_class, "%s", key);
    return found;
}

static struct py_value collection_getitem(struct py_run *run, struct py_call *call)
{
    struct collection *c = collection_of(run, call);
    struct py_value key = py_require_known(run, call->args[0]), found;

    if (!py_is_str(key))
        return py_getitem(run, c->columns, key);
    found = sa_column_collection_get(call->self, py_as_string(run, key, "key"));
    if (py_is_absent(found))
        py_raise(run, &py_key_error_class, "%s", py_as_string(run, key, "key"));
    return found;
}

static struct py_value collection_iter(struct py_run *run, struct py_call *call)
{
    return py_iter(run, collection_of(run, call)->columns);
}

static struct py_value collection_len(struct py_run *run, struct py_call *call)
{
    return py_int(py_len(run, collection_of(run, call)->columns));
}

static struct py_value collection_contains(struct py_run *run, struct py_call *call)
{
    if (!py_is_str(call->args[0]))
        py_raise(run, &sa_argument_error_class, "__contains__ requires a string argument");
    return py_bool(!py_is_absent(
        sa_column_collection_get(call->self, py_as_string(run, call->args[0], "key"))));
}

static struct py_value collection_keys(struct py_run *run, struct py_call *call)
{
    struct py_list *keys = py_list_of(collection_of(run, call)->keys);
    struct py_value copy = py_new_list(run);

    for (size_t i = 0; i < keys->len; i++)
        py_list_append(run, copy, keys->items[i]);
    return copy;
}

static struct py_value collection_values(struct py_run *run, struct py_call *call)
{
    struct py_list *columns = py_list_of(collection_of(run, call)->columns);
    struct py_value copy = py_new_list(run);

    for (size_t i = 0; i < columns->len; i++)
        py_list_append(run, copy, columns->items[i]);
    return copy;
}

static struct py_value collection_items(struct py_run *run, struct py_call *call)
{
    struct collection *c = collection_of(run, call);
    struct py_value copy = py_new_list(run);

    for (size_t i = 0; i < py_list_of(c->keys)->len; i++) {
        struct py_value pair[2] = {py_list_of(c->keys)->items[i],
                                   py_list_of(c->columns)->items[i]};
        py_list_append(run, copy, py_new_tuple(run, pair, 2));
    }
    return copy;
}

static const struct py_arg get_args[] = {
    PY_REQUIRED("key"),
    PY_OPTIONAL("default"),
    PY_ARGS_END,
};

static struct py_value collection_get(struct py_run *run, struct py_call *call)
{
    struct py_value found =
        sa_column_collection_get(call->self, py_as_string(run, call->args[0], "key"));
    return py_is_absent(found) ? call->args[1] : found;
}

static const struct py_arg key_args[] = {PY_REQUIRED("key"), PY_ARGS_END};

static const struct py_member collection_members[] = {
    PY_METHOD("__getattr__", collection_getattr, key_args),
    PY_METHOD("__getitem__", collection_getitem, key_args),
    PY_METHOD("__contains__", collection_contains, key_args),
    PY_FUNCTION_N("__iter__", collection_iter, 0, 0),
    PY_FUNCTION_N("__len__", collection_len, 0, 0),
    PY_FUNCTION_N("keys", collection_keys, 0, 0),
    PY_FUNCTION_N("values", collection_values, 0, 0),
    PY_FUNCTION_N("items", collection_items, 0, 0),
    PY_METHOD("get", collection_get, get_args),
    PY_MEMBERS_END,
};

const struct py_native_class sa_column_collection_class = {
    .name = "ReadOnlyColumnCollection",
    .module = "sqlalchemy.sql.base",
    .members = collection_members,
    .payload_size = sizeof(struct collection),
    .flags = PY_CLASS_COMPLETE | PY_CLASS_INERT | PY_CLASS_NEEDS_INIT,
};

/* ------------------------------------------------------------------ objects of FROM */

/* The Python objects of what stands in FROM, for column.table. */
struct from_objects {
    VEC(struct py_value) objects;
};
static const char from_objects_key;

struct py_value sa_from_value(struct py_run *run, const struct expr *from)
{
    struct from_objects *known = py_state(run, &from_objects_key, sizeof(*known));

    for (size_t i = 0; i < known->objects.len; i++) {
        struct sa_element *e = py_payload(known->objects.at[i], &sa_clause_element_class);
        if (e->expr == from)
            return known->objects.at[i];
    }
    return sa_from_object(run, &sa_from_clause_class, from);
}

void sa_from_register(struct py_run *run, struct py_value object)
{
    struct from_objects *known = py_state(run, &from_objects_key, sizeof(*known));
    vec_push(py_arena(run), &known->objects, object);
}

static void fill_collection(struct py_run *run, struct py_value collection,
                            const struct expr *from)
{
    const struct expr_list *columns = expr_columns(from);

    if (from->kind == EXPR_JOIN) {
        fill_collection(run, collection, from->as.join.left);
        fill_collection(run, collection, from->as.join.right);
        return;
    }
    for (size_t i = 0; i < columns->len; i++) {
        const struct expr *c = columns->at[i];
        const char *key = c->as.column.key ? c->as.column.key : c->as.column.name.text;
        if (key)
            sa_column_collection_add(run, collection, key, sa_object(run, c));
    }
}

struct py_value sa_from_object(struct py_run *run, const struct py_native_class *cls,
                               const struct expr *from)
{
    void *payload;
    struct py_value v = py_new(run, cls, &payload);
    struct sa_from *object = payload;

    object->element.expr = from;
    object->columns = sa_column_collection_new(run);
    fill_collection(run, object->columns, from);
    sa_from_register(run, v);
    return v;
}

static const char *key_of(const struct expr *e)
{
    if (e->kind == EXPR_COLUMN)
        return e->as.column.key ? e->as.column.key : e->as.column.name.text;
    if (e->kind == EXPR_LABEL)
        return e->as.label.name.text;
    if (e->kind == EXPR_FUNCTION)
        return e->as.function.name;
    if (e->kind == EXPR_CAST)
        return key_of(e->as.cast.operand);
    if (e->kind == EXPR_TYPE_COERCE || e->kind == EXPR_GROUPING)
        return key_of(e->as.inner);
    return NULL;
}

/* A key that no column has yet: count, count_1, count_2. */
static const char *free_key(struct py_run *run, const struct expr *from, const char *key)
{
    const struct expr_list *columns = expr_columns(from);
    const char *candidate = key = key ? key : "_no_label";

    for (size_t n = 1, i = 0; i < columns->len; i++) {
        if (str_eq(columns->at[i]->as.column.key, candidate)) {
            candidate = arena_printf(py_arena(run), "%s_%zu", key, n++);
            i = (size_t)-1; /* from the start again */
        }
    }
    return candidate;
}

/* Whether SQLAlchemy makes a Column, not a ColumnClause, to stand for this in a query around. */
static bool is_schema_column(const struct expr *e)
{
    while (e->kind == EXPR_LABEL)
        e = e->as.label.element;
    return e->kind == EXPR_COLUMN && e->as.column.is_schema;
}

void sa_add_proxies(struct py_run *run, struct expr *from, const struct expr *query)
{
    struct expr_list selected = {0};

    expr_selected(py_arena(run), query, &selected);
    for (size_t i = 0; i < selected.len; i++) {
        const struct expr *c = selected.at[i];
        const char *name = c->kind == EXPR_COLUMN  ? c->as.column.name.text
                           : c->kind == EXPR_LABEL ? c->as.label.name.text
                                                   : NULL;
        struct expr *proxy;
        bool taken = false;
        if (c->kind == EXPR_TEXT)
            continue;
        for (size_t j = 0; j < from->as.alias.columns.len && name; j++)
            taken = taken || str_eq(from->as.alias.columns.at[j]->as.column.name.text, name);
        proxy = expr_column(py_arena(run), name_of(taken ? NULL : name), c->type, from, NULL);
        if (c->kind == EXPR_COLUMN)
            proxy->as.column.name.quote = c->as.column.name.quote;
        proxy->as.column.is_schema = is_schema_column(c);
        if (!proxy->as.column.name.text)
            proxy->as.column.proxy = c;
        if (taken) {
            proxy->as.column.proxy_base = name;
            proxy->as.column.key = "%(id)s"; /* SQLAlchemy's key is no name that one could write */
        } else {
            proxy->as.column.key = free_key(run, from, key_of(c));
        }
        vec_push(py_arena(run), &from->as.alias.columns, proxy);
    }
}

static struct expr *new_alias(struct py_run *run, enum expr_kind kind, const struct expr *element,
                              struct py_value name)
{
    struct expr *e = expr_new(py_arena(run), kind, NULL);
    const char *own = element->kind == EXPR_TABLE  ? element->as.table.name.text
                      : element->kind == EXPR_JOIN ? NULL
                      : element->kind >= EXPR_ALIAS && element->kind <= EXPR_VALUES_TABLE
                          ? element->as.alias.name.text
                          : NULL;

    e->as.alias.name = sa_name(run, name, "name");
    e->as.alias.base = own ? own : "anon";
    e->as.alias.element = element;
    return e;
}

struct py_value sa_subquery(struct py_run *run, enum expr_kind kind, const struct expr *query,
                            struct py_value name)
{
    struct expr *e = new_alias(run, kind, query, name);

    sa_add_proxies(run, e, query);
    return sa_from_object(run, kind == EXPR_CTE       ? &sa_cte_class
                               : kind == EXPR_LATERAL ? &sa_lateral_class
                                                      : &sa_subquery_class,
                          e);
}

static void copy_columns(struct py_run *run, struct expr *to, const struct expr *from)
{
    const struct expr_list *columns = expr_columns(from);

    if (from->kind == EXPR_JOIN) {
        copy_columns(run, to, from->as.join.left);
        copy_columns(run, to, from->as.join.right);
    }
    for (size_t i = 0; i < columns->len; i++) {
        struct expr *c = arena_memdup(py_arena(run), columns->at[i], sizeof(*c));
        c->as.column.table = to;
        vec_push(py_arena(run), &to->as.alias.columns, c);
    }
}

/* ------------------------------------------------------------------ FromClause */

static struct py_value from_columns(struct py_run *run, struct py_call *call)
{
    struct sa_from *self = py_require_payload(run, call->self, &sa_from_clause_class, "self");
    return self->columns;
}

static struct py_value from_name(struct py_run *run, struct py_call *call)
{
    const char *name = expr_from_name(sa_self(run, call)).text;
    return name ? py_new_str(run, name) : py_none();
}

static const struct py_arg alias_args[] = {
    PY_OPTIONAL("name"),
    PY_DEFAULTED("flat"),
    PY_ARGS_END,
};

static struct py_value from_alias(struct py_run *run, struct py_call *call)
{
    const struct expr *self = sa_self(run, call);
    struct expr *e = new_alias(run, EXPR_ALIAS, self, call->args[0]);

    if (self->kind == EXPR_JOIN)
        py_refuse(run, PY_REFUSE_CONSTRUCT, "an alias of a join is not supported");
    copy_columns(run, e, self);
    return sa_from_object(run, &sa_alias_class, e);
}

static struct py_value from_lateral(struct py_run *run, struct py_call *call)
{
    const struct expr *self = sa_self(run, call);
    struct expr *e;

    if (self->kind != EXPR_SUBQUERY && self->kind != EXPR_ALIAS && self->kind != EXPR_TABLE)
        py_refuse(run, PY_REFUSE_CONSTRUCT, "lateral() of a %s is not supported",
                  py_class_name(run, call->self));
    e = new_alias(run, EXPR_LATERAL, self->kind == EXPR_SUBQUERY ? self->as.alias.element : self,
                  call->args[0]);
    copy_columns(run, e, self);
    return sa_from_object(run, &sa_lateral_class, e);
}

enum { SAMPLE_METHOD, SAMPLE_NAME, SAMPLE_SEED };
static const struct py_arg tablesample_args[] = {
    [SAMPLE_METHOD] = PY_REQUIRED("sampling"),
    [SAMPLE_NAME] = PY_OPTIONAL("name"),
    [SAMPLE_SEED] = PY_OPTIONAL("seed"),
    PY_ARGS_END,
};

static struct py_value from_tablesample(struct py_run *run, struct py_call *call)
{
    const struct expr *self = sa_self(run, call);
    const struct expr *sampling = sa_expr_of(run, call->args[SAMPLE_METHOD]);
    struct expr *e = new_alias(run, EXPR_TABLESAMPLE, self, call->args[SAMPLE_NAME]);

    if (!sampling || sampling->kind != EXPR_FUNCTION) {
        struct name_list path = {0};
        struct expr_list args = {0};
        vec_push(py_arena(run), &path, "system");
        vec_push(py_arena(run), &args, sa_operand(run, call->args[SAMPLE_METHOD], NULL));
        sampling = sa_call_function(run, &path, &args, NULL);
    }
    e->as.alias.sampling = sampling;
    if (!py_is_unset(call->args[SAMPLE_SEED]))
        e->as.alias.seed = sa_operand(run, call->args[SAMPLE_SEED], NULL);
    copy_columns(run, e, self);
    return sa_from_object(run, &sa_alias_class, e);
}

enum { JOIN_RIGHT, JOIN_ON, JOIN_OUTER, JOIN_FULL };
static const struct py_arg join_args[] = {
    [JOIN_RIGHT] = PY_REQUIRED("right"),
    [JOIN_ON] = PY_OPTIONAL("onclause"),
    [JOIN_OUTER] = PY_DEFAULTED("isouter"),
    [JOIN_FULL] = PY_DEFAULTED("full"),
    PY_ARGS_END,
};
static const struct py_arg outerjoin_args[] = {
    PY_REQUIRED("right"),
    PY_OPTIONAL("onclause"),
    PY_DEFAULTED("full"),
    PY_ARGS_END,
};

const struct expr *sa_join_side(struct py_run *run, struct py_value v)
{
    const struct expr *e = sa_from_element(run, v);

    if (e->kind == EXPR_JOIN) {
        struct expr *grouped = arena_memdup(py_arena(run), e, sizeof(*e));
        grouped->as.join.grouped = true;
        return grouped;
    }
    return e;
}

const struct expr *sa_on_clause(struct py_run *run, struct py_value v)
{
    if (py_is_unset(v))
        return NULL;
    return expr_group(py_arena(run), sa_condition(run, v), EXPR_OP_AS_BOOLEAN, NULL);
}

struct py_value sa_new_join(struct py_run *run, const struct expr *left, struct py_value right,
                            struct py_value on, bool outer, bool full)
{
    struct expr *e = expr_new(py_arena(run), EXPR_JOIN, NULL);

    e->as.join.left = left;
    e->as.join.right = sa_join_side(run, right);
    e->as.join.on = sa_on_clause(run, on);
    e->as.join.outer = outer;
    e->as.join.full = full;
    return sa_from_object(run, &sa_join_class, e);
}

static struct py_value from_join(struct py_run *run, struct py_call *call)
{
    return sa_new_join(run, sa_self(run, call), call->args[JOIN_RIGHT], call->args[JOIN_ON],
                       py_truth(run, call->args[JOIN_OUTER]),
                       py_truth(run, call->args[JOIN_FULL]));
}

static struct py_value from_outerjoin(struct py_run *run, struct py_call *call)
{
    return sa_new_join(run, sa_self(run, call), call->args[0], call->args[1], true,
                       py_truth(run, call->args[2]));
}

static struct py_value from_select(struct py_run *run, struct py_call *call)
{
    struct select *select = PY_NEW(run, struct select);
    struct expr *e = expr_new(py_arena(run), EXPR_SELECT, NULL);
    const struct expr *self = sa_self(run, call);

    vec_push(py_arena(run), &select->columns, self);
    if (self->kind == EXPR_JOIN)
        vec_push(py_arena(run), &select->from, self);
    e->as.select = select;
    return sa_object(run, e);
}

static const struct py_member from_members[] = {
    PY_PROPERTY("c", from_columns),
    PY_PROPERTY("columns", from_columns),
    PY_PROPERTY("exported_columns", from_columns),
    PY_PROPERTY("name", from_name),
    PY_PROPERTY("description", from_name),
    PY_METHOD("alias", from_alias, alias_args),
    PY_METHOD("lateral", from_lateral, alias_args),
    PY_METHOD("tablesample", from_tablesample, tablesample_args),
    PY_METHOD("join", from_join, join_args),
    PY_METHOD("outerjoin", from_outerjoin, outerjoin_args),
    PY_FUNCTION_N("select", from_select, 0, 0),
    PY_MEMBERS_END,
};

#define FROM_CLASS(id, name_, base_, members_)                                                     \
    const struct py_native_class id = {                                                            \
        .name = (name_),                                                                           \
        .module = "sqlalchemy.sql.selectable",                                                     \
        .bases = PY_BASES(&base_),                                                                 \
        .members = (members_),                                                                     \
        .payload_size = sizeof(struct sa_from),                                                    \
        .flags = PY_CLASS_INERT,                                                                   \
    }

static const struct py_member no_members[] = {PY_MEMBERS_END};

FROM_CLASS(sa_from_clause_class, "FromClause", sa_clause_element_class, from_members);
FROM_CLASS(sa_alias_class, "Alias", sa_from_clause_class, no_members);
FROM_CLASS(sa_join_class, "Join", sa_from_clause_class, no_members);
FROM_CLASS(sa_lateral_class, "Lateral", sa_from_clause_class, no_members);

/* ------------------------------------------------------------------ Subquery, CTE */

static struct py_value subquery_scalar(struct py_run *run, struct py_call *call)
{
    return sa_object(run, sa_scalar(run, sa_self(run, call)->as.alias.element));
}

static const struct py_member subquery_members[] = {
    PY_FUNCTION_N("as_scalar", subquery_scalar, 0, 0),
    PY_FUNCTION_N("scalar_subquery", subquery_scalar, 0, 0),
    PY_MEMBERS_END,
};

FROM_CLASS(sa_subquery_class, "Subquery", sa_from_clause_class, subquery_members);

/* A recursive CTE is completed by union(): a new one that stands for the old as well. */
static struct py_value cte_union(struct py_run *run, struct py_call *call)
{
    const struct expr *self = sa_self(run, call);
    bool all = strcmp(call->function->name, "union_all") == 0;
    struct py_value *members = arena_array(py_arena(run), call->count + 1, sizeof(*members));
    struct expr *e = arena_memdup(py_arena(run), self, sizeof(*self));
    const struct expr *compound;

    members[0] = sa_object(run, self->as.alias.element);
    for (size_t i = 0; i < call->count; i++)
        members[i + 1] = call->args[i];
    compound = sa_compound(run, all ? "UNION ALL" : "UNION", members, call->count + 1);
    e->as.alias.element = compound;
    e->as.alias.restates = self;
    memset(&e->as.alias.columns, 0, sizeof(e->as.alias.columns));
    sa_add_proxies(run, e, compound);
    return sa_from_object(run, &sa_cte_class, e);
}

static const struct py_member cte_members[] = {
    PY_FUNCTION_N("union", cte_union, 1, -1),
    PY_FUNCTION_N("union_all", cte_union, 1, -1),
    PY_MEMBERS_END,
};

FROM_CLASS(sa_cte_class, "CTE", sa_from_clause_class, cte_members);

/* ------------------------------------------------------------------ table() */

enum { TABLE_NAME, TABLE_COLUMNS, TABLE_SCHEMA };
static const struct py_arg table_args[] = {
    [TABLE_NAME] = PY_REQUIRED("name"),
    [TABLE_COLUMNS] = PY_REST("columns"),
    [TABLE_SCHEMA] = PY_KEYWORD_ONLY("schema"),
    PY_ARGS_END,
};

static struct py_value table_init(struct py_run *run, struct py_call *call)
{
    struct sa_from *self = py_require_payload(run, call->self, &sa_from_clause_class, "self");
    struct expr *e = expr_new(py_arena(run), EXPR_TABLE, NULL);
    struct py_tuple *columns = py_tuple_of(call->args[TABLE_COLUMNS]);

    e->as.table.name = sa_name(run, call->args[TABLE_NAME], "name");
    e->as.table.schema = py_as_string_or_null(run, call->args[TABLE_SCHEMA], "schema");
    self->element.expr = e;
    self->columns = sa_column_collection_new(run);
    for (size_t i = 0; i < columns->len; i++) {
        struct sa_element *column =
            py_require_payload(run, columns->items[i], &sa_column_clause_class, "column");
        /* The column's node gets its table: the one change that nodes allow (schema/expr.h). */
        struct expr *node = (struct expr *)(uintptr_t)column->expr;
        if (!node)
            py_refuse(run, PY_REFUSE_INCOMPLETE, "a column whose __init__() has not run");
        expr_table_add_column(py_arena(run), e, node);
        sa_column_collection_add(run, self->columns,
                                 node->as.column.key ? node->as.column.key
                                                     : node->as.column.name.text,
                                 columns->items[i]);
    }
    sa_from_register(run, call->self);
    return py_none();
}

static struct py_value table_schema(struct py_run *run, struct py_call *call)
{
    const char *schema = sa_self(run, call)->as.table.schema;
    return schema ? py_new_str(run, schema) : py_none();
}

static struct py_value table_fullname(struct py_run *run, struct py_call *call)
{
    const struct expr *e = sa_self(run, call);

    if (!e->as.table.schema)
        return py_new_str(run, e->as.table.name.text);
    return py_new_strf(run, "%s.%s", e->as.table.schema, e->as.table.name.text);
}

static const struct py_member table_members[] = {
    PY_METHOD("__init__", table_init, table_args),
    PY_PROPERTY("schema", table_schema),
    PY_PROPERTY("fullname", table_fullname),
    PY_FUNCTION_ANY("insert", sa_table_insert),
    PY_FUNCTION_ANY("update", sa_table_update),
    PY_FUNCTION_ANY("delete", sa_table_delete),
    PY_MEMBERS_END,
};

FROM_CLASS(sa_table_clause_class, "TableClause", sa_from_clause_class, table_members);

/* ------------------------------------------------------------------ values() */

enum { VALUES_COLUMNS, VALUES_NAME, VALUES_BINDS };
static const struct py_arg values_args[] = {
    [VALUES_COLUMNS] = PY_REST("columns"),
    [VALUES_NAME] = PY_KEYWORD_ONLY("name"),
    [VALUES_BINDS] = PY_KEYWORD_ONLY("literal_binds"),
    PY_ARGS_END,
};

static struct py_value values_init(struct py_run *run, struct py_call *call)
{
    struct sa_from *self = py_require_payload(run, call->self, &sa_from_clause_class, "self");
    struct expr *e = expr_new(py_arena(run), EXPR_VALUES_TABLE, NULL);
    struct py_tuple *columns = py_tuple_of(call->args[VALUES_COLUMNS]);

    e->as.alias.name = sa_name(run, call->args[VALUES_NAME], "name");
    for (size_t i = 0; i < columns->len; i++) {
        const struct expr *c = sa_expr_of(run, columns->items[i]);
        if (!c || c->kind != EXPR_COLUMN)
            sa_expected(run, "Column expression", columns->items[i]);
        vec_push(py_arena(run), &e->as.alias.columns,
                 expr_column(py_arena(run), c->as.column.name, c->type, e, NULL));
    }
    self->element.expr = e;
    self->columns = sa_column_collection_new(run);
    fill_collection(run, self->columns, e);
    sa_from_register(run, call->self);
    return py_none();
}

static struct py_value values_data(struct py_run *run, struct py_call *call)
{
    const struct expr *self = sa_self(run, call);
    struct py_tuple *rows = py_items(run, call->args[0]);
    struct expr *e = arena_memdup(py_arena(run), self, sizeof(*self));

    e->as.alias.rows.at = NULL;
    e->as.alias.rows.len = e->as.alias.rows.cap = 0;
    memset(&e->as.alias.columns, 0, sizeof(e->as.alias.columns));
    copy_columns(run, e, self);
    for (size_t i = 0; i < self->as.alias.rows.len; i++)
        vec_push(py_arena(run), &e->as.alias.rows, self->as.alias.rows.at[i]);
    for (size_t i = 0; i < rows->len; i++) {
        struct py_tuple *cells = py_items(run, rows->items[i]);
        struct expr_list row = {0};
        py_step(run);
        if (cells->len != self->as.alias.columns.len)
            py_raise(run, &sa_argument_error_class, "Wrong number of elements for %zu-tuple: %s ",
                     self->as.alias.columns.len, py_repr_text(run, rows->items[i]));
        for (size_t j = 0; j < cells->len; j++)
            vec_push(py_arena(run), &row,
                     sa_operand(run, cells->items[j], self->as.alias.columns.at[j]->type));
        vec_push(py_arena(run), &e->as.alias.rows, row);
    }
    return sa_from_object(run, &sa_values_class, e);
}

static struct py_value values_alias(struct py_run *run, struct py_call *call)
{
    const struct expr *self = sa_self(run, call);
    struct expr *e = arena_memdup(py_arena(run), self, sizeof(*self));

    e->as.alias.name = sa_name(run, call->args[0], "name");
    e->as.alias.base = e->as.alias.name.text ? NULL : "anon";
    e->as.alias.lateral =
        self->as.alias.lateral || strcmp(call->function->name, "lateral") == 0;
    memset(&e->as.alias.columns, 0, sizeof(e->as.alias.columns));
    copy_columns(run, e, self);
    return sa_from_object(run, &sa_values_class, e);
}

static struct py_value values_scalar(struct py_run *run, struct py_call *call)
{
    const struct expr *self = sa_self(run, call);
    struct expr *e = arena_memdup(py_arena(run), self, sizeof(*self));

    e->as.alias.scalar = true;
    return sa_element_new(run, &sa_expression_class, e);
}

static const struct py_arg data_args[] = {PY_REQUIRED("values"), PY_ARGS_END};

static const struct py_member values_members[] = {
    PY_METHOD("__init__", values_init, values_args),
    PY_METHOD("data", values_data, data_args),
    PY_METHOD("alias", values_alias, alias_args),
    PY_METHOD("lateral", values_alias, alias_args),
    PY_FUNCTION_N("scalar_values", values_scalar, 0, 0),
    PY_MEMBERS_END,
};

FROM_CLASS(sa_values_class, "Values", sa_from_clause_class, values_members);
