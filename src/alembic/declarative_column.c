/* mapped_column(), and the attributes of mapped classes that bring no column of their own. */
#include "config.h"

#include "alembic/declarative.h"

#include "alembic/sa_type.h"
#include "base/arena.h"
#include "base/str.h"

/* ------------------------------------------------------------------ mapped_column() */

/* Keywords that concern the mapper and data classes alone. */
static const char *const mapper_keywords[] = {
    "init", "repr", "default_factory", "compare", "kw_only", "hash", "dataclass_metadata",
    "deferred", "deferred_group", "deferred_raiseload", "active_history", NULL};

static bool is_given(struct py_value v)
{
    return !py_is_absent(v);
}

static struct mapped_column *mapped_of(struct py_run *run, struct py_value v)
{
    return py_require_payload(run, v, &mapped_column_class, "mapped_column()");
}

static struct py_value mapped_init(struct py_run *run, struct py_call *call)
{
    struct mapped_column *c = mapped_of(run, call->self);
    struct py_value kw_value = py_new_dict(run), key, value;
    struct py_dict *kw = py_dict_of(kw_value);
    for (size_t i = 0; call->kwargs && py_dict_next(call->kwargs, &i, &key, &value);)
        py_dict_put(run, kw, key, value);
    for (size_t i = 0; mapper_keywords[i]; i++)
        py_dict_take_name(run, kw, mapper_keywords[i]);
    struct py_value nullable = py_dict_get_name(kw, "nullable");
    if (py_is_unset(nullable))
        py_dict_take_name(run, kw, "nullable");
    c->has_nullable = !py_is_unset(nullable);
    struct py_value insert_default = py_dict_take_name(run, kw, "insert_default");
    c->has_insert_default = is_given(insert_default);
    if (c->has_insert_default)
        py_dict_put_name(run, kw, "default", insert_default);
    struct py_value sort_order = py_dict_take_name(run, kw, "sort_order");
    c->has_sort_order = is_given(sort_order);
    if (c->has_sort_order)
        c->sort_order = py_as_int64(run, sort_order, "sort_order");
    c->use_existing = py_truth(run, py_dict_take_name(run, kw, "use_existing_column"));

    struct py_value *args = py_alloc(run, (call->count + 1) * sizeof(*args));
    args[0] = call->self;
    for (size_t i = 0; i < call->count; i++)
        args[i + 1] = call->args[i];
    struct py_value init =
        py_getattr(run, py_class_value(py_class_for(run, &sa_column_class)), "__init__");
    return py_call(run, init, args, call->count + 1, kw);
}

static struct py_value mapped_column_itself(struct py_run *run, struct py_call *call)
{
    (void)run;
    return call->self;
}

static const struct py_member mapped_column_members[] = {
    PY_FUNCTION_ANY("__init__", mapped_init),
    PY_PROPERTY("column", mapped_column_itself),
    PY_MEMBERS_END,
};

const struct py_native_class mapped_column_class = {
    .name = "MappedColumn",
    .module = "sqlalchemy.orm.properties",
    .bases = PY_BASES(&sa_column_class),
    .members = mapped_column_members,
    .payload_size = sizeof(struct mapped_column),
};

struct py_value mapped_column_new(struct py_run *run)
{
    return py_construct(run, &mapped_column_class, NULL, 0, NULL);
}

/* ---------------------------------------------------------------- Annotated[T, mapped_column()] */

static void merge_defaults(struct mapped_column *into, const struct mapped_column *from)
{
    struct sa_column *a = &into->column;
    const struct sa_column *b = &from->column;
    if (!py_is_unset(b->python_default) && !into->has_insert_default) {
        a->python_default = b->python_default;
        a->column->has_python_default = b->column->has_python_default;
        a->column->python_default = b->column->python_default;
        a->column->sequence = b->column->sequence;
        a->sequence = b->sequence;
    }
    bool has_server_default = a->column->server_default || a->column->has_fetched_value ||
                              a->column->identity || a->column->computed;
    if (!has_server_default) {
        a->server_default = b->server_default;
        a->column->server_default = b->column->server_default;
        a->column->has_fetched_value = b->column->has_fetched_value;
        a->column->identity = b->column->identity;
        a->column->computed = b->column->computed;
    }
    if (py_is_unset(a->onupdate))
        a->onupdate = b->onupdate;
}

static void merge_constraints(struct py_run *run, struct sa_column *into,
                              const struct sa_column *from)
{
    struct column *a = into->column;
    const struct column *b = from->column;
    for (size_t i = 0; i < b->checks.len; i++)
        vec_push(py_arena(run), &a->checks, sa_copy_constraint(run, b->checks.at[i]));
    for (size_t i = 0; i < b->foreign_keys.len; i++)
        vec_push(py_arena(run), &a->foreign_keys, sa_copy_constraint(run, b->foreign_keys.at[i]));
    struct py_list *keys = py_list_of(from->foreign_keys);
    struct py_value all = py_new_list(run);
    for (size_t i = 0; i < py_list_of(into->foreign_keys)->len; i++)
        py_list_append(run, all, py_list_of(into->foreign_keys)->items[i]);
    for (size_t i = 0; i < keys->len; i++)
        py_list_append(run, all, keys->items[i]);
    into->foreign_keys = all;
}

void mapped_column_merge(struct py_run *run, struct mapped_column *into,
                         const struct mapped_column *from)
{
    struct column *a = into->column.column;
    const struct column *b = from->column.column;
    a->primary_key = a->primary_key || b->primary_key;
    a->system = a->system || b->system;
    if (a->autoincrement == AUTOINCREMENT_AUTO)
        a->autoincrement = b->autoincrement;
    if (!a->type) {
        a->type = b->type;
        into->column.type_object = from->column.type_object;
    }
    if (from->has_nullable && !into->has_nullable)
        a->nullable = b->nullable;
    merge_defaults(into, from);
    if (a->index == UNSET)
        a->index = b->index;
    if (a->unique == UNSET)
        a->unique = b->unique;
    if (!a->comment)
        a->comment = b->comment;
    merge_constraints(run, &into->column, &from->column);
    into->use_existing = into->use_existing || from->use_existing;
    if (from->has_sort_order && !into->has_sort_order) {
        into->has_sort_order = true;
        into->sort_order = from->sort_order;
    }
}

/* ------------------------------------------------------------------ what brings no column */

/* column_property(), deferred(), composite(): the Columns among their arguments. */
static struct py_value property_init(struct py_run *run, struct py_call *call)
{
    struct mapper_property *p =
        py_require_payload(run, call->self, &mapper_property_class, "property");
    struct py_value columns = py_new_list(run);
    for (size_t i = 0; i < call->count; i++)
        if (py_payload(call->args[i], &sa_column_class))
            py_list_append(run, columns, call->args[i]);
    struct py_list *list = py_list_of(columns);
    p->columns = list->len ? py_new_tuple(run, list->items, list->len) : py_absent();
    return py_none();
}

/* What a program asks of it means nothing to the schema. */
static struct py_value property_getattr(struct py_run *run, struct py_call *call)
{
    const char *name = py_as_string(run, call->args[0], "name");
    const char *what =
        arena_printf(py_arena(run), "%s.%s", py_class_name(run, call->self), name);
    return py_new_unknown(run, PY_REFUSE_ATTRIBUTE, what,
                          arena_printf(py_arena(run), "%s is not supported", what));
}

static const struct py_member property_members[] = {
    PY_FUNCTION_ANY("__init__", property_init),
    PY_FUNCTION_N("__getattr__", property_getattr, 1, 1),
    PY_MEMBERS_END,
};

const struct py_native_class mapper_property_class = {
    .name = "MapperProperty",
    .module = "sqlalchemy.orm.interfaces",
    .members = property_members,
    .payload_size = sizeof(struct mapper_property),
    .flags = PY_CLASS_INERT,
};
