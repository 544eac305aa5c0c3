/*
 * SQLModel itself: which of its classes become tables, the order of their columns, and the Table
 * (spec/sqlmodel.md, sections 1 and 2).
 */
#include "config.h"

#include "alembic/sqlmodel.h"

#include <string.h>

#include "alembic/model_class.h"
#include "alembic/sa_schema.h"
#include "alembic/versions.h"
#include "base/arena.h"
#include "base/str.h"

/* ------------------------------------------------------------------ configuration */

static void update(struct py_run *run, struct py_dict *into, struct py_value from)
{
    struct py_value key, value;
    for (size_t i = 0; py_is_dict(from) && py_dict_next(py_dict_of(from), &i, &key, &value);)
        py_dict_put(run, into, key, value);
}

/* The attributes of pydantic 1's "class Config:". */
static void update_from_class(struct py_run *run, struct py_dict *into, struct py_value config)
{
    struct py_value key, value;
    for (size_t i = py_is_class(config) ? py_type_of(config)->mro_len : 0; i-- > 0;) {
        struct py_type *cls = py_type_of(config)->mro[i];
        struct py_dict *names = cls->native ? NULL : py_class_namespace(run, cls);
        for (size_t k = 0; names && py_dict_next(names, &k, &key, &value);)
            if (strncmp(py_str_of(key)->ptr, "__", 2) != 0)
                py_dict_put(run, into, key, value);
    }
}

/* model_config: of the bases, then the class's own, then what the class statement says. */
static struct py_dict *configure(struct py_run *run, struct py_type *cls,
                                 const struct py_dict *keywords)
{
    struct py_dict *config = py_dict_of(py_new_dict(run)), *names = py_class_namespace(run, cls);
    for (size_t i = 0; i < cls->base_count; i++)
        update(run, config, py_class_lookup(run, cls->bases[i], "model_config", NULL));
    update_from_class(run, config, py_dict_get_name(names, "Config"));
    update(run, config, py_dict_get_name(names, "model_config"));
    static const char *const keys[] = {"table", "registry"};
    for (size_t i = 0; keywords && i < sizeof(keys) / sizeof(keys[0]); i++) {
        struct py_value given = py_dict_get_name(keywords, keys[i]);
        if (!py_is_absent(given) && py_is_absent(py_dict_get_name(config, keys[i])))
            py_dict_put_name(run, config, keys[i], given);
    }
    py_dict_put_name(run, names, "model_config", py_object(&config->base));
    return config;
}

/* table= of a class, its own or from above; absent: not said. */
static struct py_value table_flag(struct py_run *run, struct py_type *cls)
{
    struct py_value config = py_class_lookup(run, cls, "model_config", NULL);
    return py_is_dict(config) ? py_dict_get_name(py_dict_of(config), "table") : py_absent();
}

/* Below a class with a table there are no more tables. */
static bool is_below_table(struct py_run *run, const struct py_type *cls)
{
    for (size_t i = 0; i < cls->base_count; i++) {
        struct py_value flag = table_flag(run, cls->bases[i]);
        if (!py_is_unknown(flag) && py_truth(run, flag))
            return true;
    }
    return false;
}

/* registry= gives the class and those below it a MetaData of their own. */
static void use_registry(struct py_run *run, struct py_type *cls, struct py_dict *config)
{
    struct py_value registry = py_dict_take_name(run, config, "registry");
    struct py_dict *names = py_class_namespace(run, cls);
    if (py_is_unset(registry))
        return;
    py_dict_put_name(run, names, "metadata", py_getattr(run, registry, "metadata"));
    py_dict_put_name(run, names, "__abstract__", py_bool(true));
}

/* ------------------------------------------------------------------ columns */

/* What the columns are of a table that was not made. */
static void hide_columns(struct py_run *run, struct py_type *cls)
{
    struct py_dict *names = py_class_namespace(run, cls), *fields = pydantic_fields(run, cls);
    struct py_value key;
    for (size_t i = 0; py_dict_next(fields, &i, &key, NULL);) {
        const char *what = arena_printf(py_arena(run), "%s.%s", cls->name, py_str_of(key)->ptr);
        py_dict_put(run, names, key,
                    py_new_unknown(run, PY_REFUSE_INCOMPLETE, what,
                                   "the table of its class cannot be followed"));
    }
}

/* Columns take the places of fields in the class, in the order of the fields. */
static void make_columns(struct py_run *run, struct py_type *cls, const struct py_dict *fields)
{
    struct py_dict *names = py_class_namespace(run, cls);
    struct py_value key, value;
    for (size_t i = 0; py_dict_next(fields, &i, &key, &value);) {
        const struct pydantic_field *f = py_payload(value, &pydantic_field_class);
        const char *name = py_str_of(key)->ptr;
        if (str_eq(name, "metadata"))
            py_raise(run, &sa_invalid_request_error_class,
                     "Attribute name 'metadata' is reserved when using the Declarative API.");
        struct py_value column = sqlmodel_column(run, name, f);
        sa_column_take_name(run, column, name);
        sa_column_of(run, column, name)->column->place = model_attribute_place(run, f->owner, name);
        py_dict_take_name(run, names, name);
        py_dict_put(run, names, key, column);
    }
}

/*
 * Whether the class annotates no field that a class above has too: the order is that of the fields.
 */
static bool redefines_nothing(struct py_run *run, struct py_type *cls, const struct py_dict *fields)
{
    struct name_list own = model_annotated_names(run, cls);
    struct py_value key;
    size_t next = 0;
    bool started = false;
    for (size_t i = 0; py_dict_next(fields, &i, &key, NULL);) {
        while (next < own.len && py_is_absent(py_dict_get_name(fields, own.at[next])))
            next++;
        bool is_own = next < own.len && str_eq(own.at[next], py_str_of(key)->ptr);
        if (started && !is_own)
            return false;
        started = is_own;
        next += is_own;
    }
    while (next < own.len && py_is_absent(py_dict_get_name(fields, own.at[next])))
        next++;
    return next == own.len;
}

/* The names of the class's body as SQLAlchemy finds them once SQLModel has set columns and then
 * relationships; annotations of relationships come before the others. */
static struct name_list names_in_order(struct py_run *run, struct py_type *cls)
{
    struct arena *a = py_arena(run);
    struct py_dict *body = py_class_namespace(run, cls);
    struct name_list all = model_assigned_names(run, cls), assigned = {0};
    struct name_list annotated = model_annotated_names(run, cls), sorted = {0};
    for (int relationships = 0; relationships < 2; relationships++)
        for (size_t i = 0; i < all.len; i++)
            if (sqlmodel_is_relationship(py_dict_get_name(body, all.at[i])) == relationships)
                vec_push(a, &assigned, all.at[i]);
    for (int others = 0; others < 2; others++)
        for (size_t i = 0; i < annotated.len; i++)
            if (sqlmodel_is_relationship(py_dict_get_name(body, annotated.at[i])) != others)
                vec_push(a, &sorted, annotated.at[i]);
    return model_merge_names(a, &assigned, &sorted);
}

/*
 * Old versions: in the order in which they were made, and those that Field() was given came first.
 */
static void add_as_made(struct py_run *run, struct model_class *m, const struct py_dict *fields)
{
    struct py_dict *body = py_class_namespace(run, m->cls);
    struct py_value key, value;
    for (int given = 1; given >= 0; given--)
        for (size_t i = 0; py_dict_next(fields, &i, &key, &value);) {
            const struct pydantic_field *f = py_payload(value, &pydantic_field_class);
            if ((f->sql && !py_is_absent(f->sql->at[SQLMODEL_COLUMN])) == given)
                vec_push(py_arena(run), &m->columns, py_dict_get(run, body, key));
        }
}

static void add_own_columns(struct py_run *run, struct model_class *m, const struct py_dict *fields)
{
    struct py_dict *body = py_class_namespace(run, m->cls);
    struct py_value key;
    if (sqlmodel_is_old(run)) {
        add_as_made(run, m, fields);
        return;
    }
    if (redefines_nothing(run, m->cls, fields)) {
        for (size_t i = 0; py_dict_next(fields, &i, &key, NULL);)
            vec_push(py_arena(run), &m->columns, py_dict_get(run, body, key));
        return;
    }
    struct name_list names = names_in_order(run, m->cls);
    for (size_t i = 0; i < names.len; i++)
        if (!py_is_absent(py_dict_get_name(fields, names.at[i])))
            vec_push(py_arena(run), &m->columns, py_dict_get_name(body, names.at[i]));
}

/* A column that a class which is no model brings along: SQLAlchemy's mixins. Absent: it is none. */
static struct py_value mixin_column(struct py_run *run, struct py_type *cls, const char *name,
                                    struct py_value value)
{
    struct py_value column = value;
    if (py_payload(value, &sa_column_class))
        column = sa_column_copy(run, value);
    else if (model_is_declared_attr(value))
        column = py_getattr(run, py_class_value(cls), name);
    py_require_known(run, column); /* it may be a column */
    return py_payload(column, &sa_column_class) ? column : py_absent();
}

static void add_mixin_columns(struct py_run *run, struct model_class *m, struct py_type *mixin)
{
    struct py_dict *body = py_class_namespace(run, m->cls), *names = py_class_namespace(run, mixin);
    struct py_value key, value;
    for (size_t i = 0; py_dict_next(names, &i, &key, &value);) {
        const char *name = py_str_of(key)->ptr;
        if (strncmp(name, "__", 2) == 0 || !py_is(py_class_lookup(run, m->cls, name, NULL), value))
            continue;
        struct py_value column = mixin_column(run, m->cls, name, value);
        if (py_is_absent(column))
            continue;
        sa_column_take_name(run, column, name);
        sa_column_of(run, column, name)->column->place = model_attribute_place(run, mixin, name);
        py_dict_put(run, body, key, column);
        vec_push(py_arena(run), &m->columns, column);
    }
}

/* ------------------------------------------------------------------ the table */

/* The name is only told with the options, which may hold a schema. */
static void name_table(struct py_run *run, struct model_class *m)
{
    m->table_args = model_attribute(run, m->cls, "__table_args__");
    m->name = model_attribute(run, m->cls, "__tablename__");
}

/* A function for __table_args__ may use the class's columns: it is called when they are there. */
static void map_class(struct py_run *run, struct model_class *m)
{
    struct py_type *cls = m->cls;
    struct py_dict *body = py_class_namespace(run, cls);
    if (py_truth(run, py_dict_get_name(body, "__abstract__")) ||
        !py_is_absent(py_dict_get_name(body, "__table__")))
        return; /* nothing to map, or a Table that is there already */
    m->metadata = py_getattr(run, py_class_value(cls), "metadata");
    bool early = !model_is_declared_attr(py_class_lookup(run, cls, "__table_args__", NULL));
    if (early)
        name_table(run, m);
    py_require_known(run, table_flag(run, cls));
    struct py_dict *fields = pydantic_fields(run, cls);
    make_columns(run, cls, fields);
    add_own_columns(run, m, fields);
    if (!early)
        name_table(run, m);
    for (size_t i = 1; i < cls->mro_len; i++)
        if (!cls->mro[i]->native && !py_class_is(cls->mro[i], &pydantic_model_class))
            add_mixin_columns(run, m, cls->mro[i]);
    model_make_table(run, m);
}

/* Maps the class; where that is refused, its columns are unknown values. */
static void read_class(struct py_run *run, struct py_type *cls, struct py_dict *keywords)
{
    static const struct model_system system = {.map = map_class};
    struct py_type *owner = NULL;
    model_read_class(run, cls, keywords, &system);
    model_table_of(run, cls, &owner);
    if (owner != cls)
        hide_columns(run, cls);
}

static struct py_value init_subclass(struct py_run *run, struct py_call *call)
{
    struct py_type *cls = py_type_of(call->self);
    struct py_dict *config = configure(run, cls, call->kwargs);
    struct py_value flag = table_flag(run, cls);
    bool is_table = (py_is_unknown(flag) || py_truth(run, flag)) && !is_below_table(run, cls);
    use_registry(run, cls, config);
    if (is_table)
        read_class(run, cls, call->kwargs);
    else
        pydantic_fields(run, cls);
    return py_none();
}

/* ------------------------------------------------------------------ the class */

static struct py_value new_metadata(struct py_run *run, struct py_call *call)
{
    (void)call;
    return py_construct(run, &sa_metadata_class, NULL, 0, NULL);
}

static struct py_value class_name_lower(struct py_run *run, struct py_call *call)
{
    struct py_value name = py_getattr(run, call->args[0], "__name__");
    return py_call_method(run, name, "lower", NULL, 0);
}

/* A declared_attr, so that classes below can replace it. */
static struct py_value default_tablename(struct py_run *run, struct py_call *call)
{
    static const struct py_member row = PY_FUNCTION_N("__tablename__", class_name_lower, 1, 1);
    struct py_value function = py_new_function(run, &row, py_absent());
    (void)call;
    return py_construct(run, &model_declared_attr_class, &function, 1, NULL);
}

/* What the fields are when an object is made; nothing is validated. */
static struct py_value init_object(struct py_run *run, struct py_call *call)
{
    const struct py_dict *given = py_dict_of(call->args[0]);
    struct py_value key, value;
    for (size_t i = 0; py_dict_next(pydantic_fields(run, py_class(run, call->self)), &i, &key,
                                    &value);) {
        const struct pydantic_field *f = py_payload(value, &pydantic_field_class);
        struct py_value v = py_dict_get_name(given, py_str_of(key)->ptr);
        if (py_is_absent(v))
            v = py_is_unset(f->factory) ? f->fallback : py_call(run, f->factory, NULL, 0, NULL);
        py_set_own_attr(run, call->self, py_str_of(key)->ptr, py_is_absent(v) ? py_none() : v);
    }
    return py_none();
}

static const struct py_arg init_args[] = {PY_KEYWORDS("data"), PY_ARGS_END};

static const struct py_member class_members[] = {
    PY_VALUE("metadata", new_metadata),
    PY_VALUE("__tablename__", default_tablename),
    PY_METHOD("__init__", init_object, init_args),
    PY_CLASSMETHOD_ANY("__init_subclass__", init_subclass),
    PY_MEMBERS_END,
};

const struct py_native_class sqlmodel_class = {
    .name = "SQLModel",
    .module = "sqlmodel.main",
    .bases = PY_BASES(&pydantic_model_class),
    .members = class_members,
    .flags = PY_CLASS_INERT,
};

static const struct py_member main_members[] = {
    PY_CLASS("SQLModel", &sqlmodel_class),
    PY_CLASS("FieldInfo", &pydantic_field_class),
    PY_CLASS("RelationshipInfo", &sqlmodel_relationship_class),
    PY_FUNCTION("Field", sqlmodel_field, sqlmodel_field_args),
    PY_CLASS("Relationship", &sqlmodel_relationship_class),
    PY_FUNCTION_ANY("SQLModelConfig", pydantic_config_dict),
    PY_MEMBERS_END,
};

const struct py_native_module sqlmodel_main_module = {.name = "sqlmodel.main",
                                                      .members = main_members};

static const struct py_member compat_members[] = {
    PY_FUNCTION_ANY("SQLModelConfig", pydantic_config_dict),
    PY_MEMBERS_END,
};

const struct py_native_module sqlmodel_compat_module = {.name = "sqlmodel._compat",
                                                        .members = compat_members};
