#include "config.h"

/* MetaData: a collection of tables, and the order in which they can be created. */

#include "alembic/engine.h"
#include "alembic/live.h"
#include "alembic/sa_create.h"
#include "alembic/sa_schema.h"
#include "alembic/versions.h"
#include "base/arena.h"
#include "base/str.h"
#include "schema/order.h"

/* A token of the convention that is a function of (constraint, table). */
static const char *call_token(struct arena *a, const char *token,
                              const struct constraint *constraint, const struct table *table,
                              void *payload)
{
    struct sa_metadata *m = payload;
    struct py_value function = py_dict_get_name(py_dict_of(m->convention), token);
    struct py_value args[2] = {py_absent(), sa_table_object(m->run, table)};
    if (py_is_absent(function) || py_is_str(function))
        return NULL;
    if (!constraint || py_is_absent(args[1]))
        py_refuse(m->run, PY_REFUSE_NAMING, "the naming convention's token '%s' is a function",
                  token);
    args[0] = sa_constraint_object(m->run, constraint, args[1]);
    struct py_value text = py_call(m->run, function, args, 2, NULL);
    return arena_strdup(a, py_as_string(m->run, text, token));
}

static void read_convention(struct py_run *run, struct sa_metadata *m, struct py_value convention)
{
    m->naming.templates = MAP_IN(py_arena(run));
    if (py_is_unset(convention))
        return;
    if (!py_is_dict(convention))
        py_refuse(run, PY_REFUSE_NAMING, "a naming convention that is not a dict");
    m->convention = convention;
    m->run = run;
    struct py_value key, value;
    for (size_t i = 0; py_dict_next(py_dict_of(convention), &i, &key, &value);) {
        if (!py_is_str(key))
            py_refuse(run, PY_REFUSE_NAMING, "a naming convention for a class is not supported");
        const char *name = py_as_string(run, key, "key");
        if (py_is_str(value))
            map_put(&m->naming.templates, name,
                    arena_strdup(py_arena(run), py_as_string(run, value, name)));
        else if (py_is_none(value))
            map_put(&m->naming.templates, name, NULL);
        else
            m->naming.token = call_token;
    }
    m->naming.payload = m;
}

static struct sa_metadata *begin(struct py_run *run, struct py_value self)
{
    struct sa_metadata *m = py_require_payload(run, self, &sa_metadata_class, "MetaData");
    m->tables = py_new_dict(run);
    return m;
}

/* What the collection is bound to, as SQLAlchemy 1.4 has it; only where a database answers. */
static struct py_value bound_to(struct py_run *run, struct py_value bind)
{
    if (py_is_none(bind))
        return py_absent();
    if (!live_decides(run) || sqlalchemy_is_2(run))
        py_raise(run, &py_type_error_class,
                 "MetaData.__init__() got an unexpected keyword argument 'bind'");
    engine_require_bind(run, bind);
    return bind;
}

enum { META_SCHEMA, META_QUOTE, META_CONVENTION, META_INFO, META_BIND };
static const struct py_arg metadata_args[] = {
    PY_OPTIONAL("schema"), PY_OPTIONAL("quote_schema"), PY_OPTIONAL("naming_convention"),
    PY_OPTIONAL("info"), PY_KEYWORD_ONLY("bind"), PY_ARGS_END};

static struct py_value metadata_init(struct py_run *run, struct py_call *call)
{
    struct sa_metadata *m = begin(run, call->self);
    if (live_is_connection(run, call->args[META_SCHEMA])) { /* the first argument of 1.4 */
        call->args[META_BIND] = call->args[META_SCHEMA];
        call->args[META_SCHEMA] = py_none();
    }
    m->bind = bound_to(run, call->args[META_BIND]);
    m->schema = sa_text_or_null(run, call->args[META_SCHEMA], "schema");
    m->info = call->args[META_INFO];
    read_convention(run, m, call->args[META_CONVENTION]);
    return py_none();
}

struct py_value sa_metadata_new(struct py_run *run, const char *schema, const struct naming *naming)
{
    struct py_value object = py_new(run, &sa_metadata_class, NULL);
    struct sa_metadata *m = begin(run, object);
    m->schema = schema;
    if (naming)
        m->naming = *naming;
    return object;
}

void sa_metadata_add_type(struct py_run *run, struct py_value metadata, const struct type *type)
{
    struct sa_metadata *m = py_require_payload(run, metadata, &sa_metadata_class, "metadata");
    vec_push(py_arena(run), &m->types, type);
}

void sa_metadata_hide(struct py_value metadata)
{
    struct sa_metadata *m = py_payload(metadata, &sa_metadata_class);
    if (m)
        m->hidden = true;
}

/* The payload, for who wants to know the tables. */
static struct sa_metadata *with_tables(struct py_run *run, struct py_value metadata)
{
    struct sa_metadata *m = py_require_payload(run, metadata, &sa_metadata_class, "metadata");
    if (m->hidden)
        py_refuse(run, PY_REFUSE_INCOMPLETE, "the tables of mapped classes are not known here");
    return m;
}

/* ------------------------------------------------------------------ order */

/* The Table objects of the metadata in the order in which they can be created; by key first: as
 * sorted_tables has them, else as they were made. */
static struct py_tuple *sort_tables(struct py_run *run, const struct sa_metadata *m, bool by_key)
{
    struct arena *a = py_arena(run);
    struct table_list tables = {0}, sorted = {0};
    struct py_value table;
    for (size_t i = 0; py_dict_next(py_dict_of(m->tables), &i, NULL, &table);)
        vec_push(a, &tables, sa_table_of(run, table, "table")->table);
    if (by_key)
        tables_sort_by_key(a, &tables);
    tables_in_order(a, &tables, &sorted, NULL);
    struct py_value *objects = py_alloc(run, (sorted.len + 1) * sizeof(*objects));
    for (size_t i = 0; i < sorted.len; i++)
        objects[i] = py_dict_get_name(py_dict_of(m->tables), table_key(a, sorted.at[i]));
    return py_tuple_of(py_new_tuple(run, objects, sorted.len));
}

struct py_tuple *sa_metadata_sorted(struct py_run *run, struct py_value metadata)
{
    struct sa_metadata *m = with_tables(run, metadata);
    struct table_list circles = {0}, tables = {0}, sorted = {0};
    struct py_value table;
    for (size_t i = 0; py_dict_next(py_dict_of(m->tables), &i, NULL, &table);)
        vec_push(py_arena(run), &tables, (struct table *)sa_table_ready(run, table));
    tables_in_order(py_arena(run), &tables, &sorted, &circles);
    if (circles.len > 0)
        py_refuse(run, PY_REFUSE_CONSTRUCT, "tables that refer to each other in a circle");
    return sort_tables(run, m, false);
}

/* metadata.sorted_tables: by key first, then by dependency. */
static struct py_value get_sorted_tables(struct py_run *run, struct py_call *call)
{
    struct py_tuple *sorted = sort_tables(run, with_tables(run, call->self), true);
    struct py_value list = py_new_list(run);
    for (size_t i = 0; i < sorted->len; i++)
        py_list_append(run, list, sorted->items[i]);
    return list;
}

/* ------------------------------------------------------------------ attributes */

static struct py_value get_tables(struct py_run *run, struct py_call *call)
{
    struct sa_metadata *m = with_tables(run, call->self);
    return m->tables;
}

static struct py_value get_schema(struct py_run *run, struct py_call *call)
{
    struct sa_metadata *m = py_require_payload(run, call->self, &sa_metadata_class, "MetaData");
    return m->schema ? py_new_str(run, m->schema) : py_none();
}

static struct py_value get_convention(struct py_run *run, struct py_call *call)
{
    struct sa_metadata *m = py_require_payload(run, call->self, &sa_metadata_class, "MetaData");
    return py_is_unset(m->convention) ? py_new_dict(run) : m->convention;
}

static struct py_value set_convention(struct py_run *run, struct py_call *call)
{
    struct sa_metadata *m = py_require_payload(run, call->self, &sa_metadata_class, "MetaData");
    read_convention(run, m, call->args[0]);
    return py_none();
}

static struct py_value get_info(struct py_run *run, struct py_call *call)
{
    struct sa_metadata *m = py_require_payload(run, call->self, &sa_metadata_class, "MetaData");
    if (py_is_unset(m->info))
        m->info = py_new_dict(run);
    return m->info;
}

static struct py_value get_bind(struct py_run *run, struct py_call *call)
{
    struct sa_metadata *m = py_require_payload(run, call->self, &sa_metadata_class, "MetaData");
    return py_is_absent(m->bind) ? py_none() : m->bind;
}

static struct py_value set_bind(struct py_run *run, struct py_call *call)
{
    struct sa_metadata *m = py_require_payload(run, call->self, &sa_metadata_class, "MetaData");
    m->bind = bound_to(run, call->args[0]);
    return py_none();
}

static struct py_value metadata_clear(struct py_run *run, struct py_call *call)
{
    begin(run, call->self);
    return py_none();
}

static struct py_value metadata_remove(struct py_run *run, struct py_call *call)
{
    struct sa_metadata *m = py_require_payload(run, call->self, &sa_metadata_class, "MetaData");
    py_dict_remove(run, py_dict_of(m->tables), py_getattr(run, call->args[0], "key"));
    return py_none();
}

static struct py_value metadata_reflect(struct py_run *run, struct py_call *call)
{
    if (!live_decides(run))
        py_refuse(run, PY_REFUSE_DATABASE, "MetaData.reflect() needs a database");
    struct py_value *args = py_alloc(run, (call->count + 1) * sizeof(*args));
    args[0] = call->self;
    for (size_t i = 0; i < call->count; i++)
        args[i + 1] = call->args[i];
    struct py_value reflect = py_getattr(run, py_import(run, "_live_inspect"), "reflect");
    py_call(run, reflect, args, call->count + 1, call->kwargs);
    return py_none();
}

static const struct py_arg all_args[] = {PY_REQUIRED("bind"), PY_OPTIONAL("tables"),
                                         PY_DEFAULTED("checkfirst"), PY_ARGS_END};

static const struct py_member metadata_members[] = {
    PY_METHOD("__init__", metadata_init, metadata_args),
    PY_PROPERTY("tables", get_tables),
    PY_PROPERTY("sorted_tables", get_sorted_tables),
    PY_PROPERTY("schema", get_schema),
    PY_PROPERTY_RW("naming_convention", get_convention, set_convention),
    PY_PROPERTY("info", get_info),
    PY_PROPERTY_RW("bind", get_bind, set_bind),
    PY_METHOD("create_all", sa_metadata_create_all, all_args),
    PY_METHOD("drop_all", sa_metadata_drop_all, all_args),
    PY_FUNCTION_N("clear", metadata_clear, 0, 0),
    PY_FUNCTION_N("remove", metadata_remove, 1, 1),
    PY_FUNCTION_ANY("reflect", metadata_reflect),
    PY_MEMBERS_END,
};
const struct py_native_class sa_metadata_class = {
    .name = "MetaData",
    .module = "sqlalchemy.sql.schema",
    .members = metadata_members,
    .payload_size = sizeof(struct sa_metadata),
    .flags = PY_CLASS_NEEDS_INIT,
};
