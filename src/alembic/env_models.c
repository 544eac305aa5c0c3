/*
 * The bases of models: SQLModel and SQLAlchemy's declarative bases. env.py imports models for their
 * metadata, which carries the naming convention. A class that holds nothing but a table's name,
 * Columns and methods becomes a Table; the tables of all others are not known here.
 */
#include "config.h"

#include "alembic/env_run.h"
#include <string.h>

#include "alembic/sa_schema.h"
#include "base/arena.h"
#include "base/str.h"

static struct py_value new_metadata(struct py_run *run, struct py_call *call)
{
    (void)call;
    return py_construct(run, &sa_metadata_class, NULL, 0, NULL);
}

/* ---- classes that are nothing but a table ---- */

/* What a class made of Columns says of its table. */
struct mapping {
    struct py_value name;       /* __tablename__; absent: none */
    struct py_value *arguments; /* of Table(): name, metadata, columns, __table_args__ */
    size_t count;
    struct py_dict *keywords;   /* of Table(); NULL: none */
};

static bool is_dunder(const char *name)
{
    size_t len = strlen(name);
    return len > 4 && strncmp(name, "__", 2) == 0 && strcmp(name + len - 2, "__") == 0;
}

/* Whether an attribute without a Column is of no concern to the mapper. */
static bool is_plain(struct py_run *run, const char *name, struct py_value value)
{
    static const char *const read_by_mapper[] = {
        "__abstract__", "__annotations__", "__mapper_args__", "__table__", "__table_cls__",
        "__mapper_cls__", "__allow_unmapped__"};
    for (size_t i = 0; i < sizeof(read_by_mapper) / sizeof(read_by_mapper[0]); i++)
        if (strcmp(name, read_by_mapper[i]) == 0)
            return py_is_dict(value) && py_dict_of(value)->table.len == 0;
    if (py_is_unknown(value))
        return false;
    return is_dunder(name) || strcmp(name, "metadata") == 0 || strcmp(name, "registry") == 0 ||
           str_eq(py_class_name(run, value), "function");
}

static void add_table_arguments(struct py_run *run, struct mapping *m, struct py_value value)
{
    struct py_tuple *items = py_is_dict(value) ? py_tuple_of(py_new_tuple(run, &value, 1))
                                               : py_items(run, value);
    for (size_t i = 0; i < items->len; i++) {
        if (py_is_dict(items->items[i]))
            m->keywords = py_dict_of(items->items[i]);
        else
            m->arguments[m->count++] = items->items[i];
    }
}

/* Reads the class's own attributes; false where they are more than Columns. */
static bool read_mapping(struct py_run *run, struct py_dict *attributes, struct mapping *m)
{
    struct py_value key, value, extra = py_dict_get_name(attributes, "__table_args__");
    bool has_extra = !py_is_unset(extra);
    if (has_extra && !py_is_dict(extra) && !py_is_tuple(extra))
        return false;
    size_t room = attributes->table.len + 2 +
                  (has_extra && py_is_tuple(extra) ? py_tuple_of(extra)->len : 1);
    m->arguments = py_alloc(run, room * sizeof(*m->arguments));
    m->count = 2; /* the name and the metadata */
    for (size_t i = 0; py_dict_next(attributes, &i, &key, &value);) {
        const char *name = py_str_of(key)->ptr;
        if (strcmp(name, "__tablename__") == 0) {
            if (!py_is_str(value))
                return false;
            m->name = value;
        } else if (py_payload(value, &sa_column_class)) {
            sa_column_take_name(run, value, arena_strdup(py_arena(run), name));
            m->arguments[m->count++] = value;
        } else if (!is_plain(run, name, value)) {
            return false;
        }
    }
    if (has_extra)
        add_table_arguments(run, m, extra);
    return true;
}

/* Whether all above the class is declarative bases, from which nothing is inherited. */
static bool inherits_nothing(struct py_run *run, const struct py_type *cls)
{
    for (size_t i = 1; i < cls->mro_len; i++) {
        struct py_type *base = cls->mro[i];
        struct py_value key, value;
        if (base->native)
            continue;
        struct py_dict *attributes = py_class_namespace(run, base);
        for (size_t k = 0; py_dict_next(attributes, &k, &key, &value);)
            if (strcmp(py_str_of(key)->ptr, "__tablename__") == 0 ||
                !is_plain(run, py_str_of(key)->ptr, value))
                return false;
    }
    return true;
}

/* Makes the Table of a class; false where that takes more than its Columns. */
static bool map_class(struct py_run *run, struct py_value cls, struct py_value metadata)
{
    struct py_type *type = (struct py_type *)cls.object;
    struct mapping m = {.name = py_absent()};
    if (!inherits_nothing(run, type) ||
        !read_mapping(run, py_class_namespace(run, type), &m))
        return false;
    if (py_is_absent(m.name))
        return m.count == 2; /* a base: nothing to map */
    m.arguments[0] = m.name;
    m.arguments[1] = metadata;
    struct py_value table = py_construct(run, &sa_table_class, m.arguments, m.count, m.keywords);
    py_setattr(run, cls, "__table__", table);
    return true;
}

/* Its metadata may have tables that are not known from now on. */
static struct py_value init_subclass(struct py_run *run, struct py_call *call)
{
    struct py_value metadata;
    if (py_find_attr(run, call->self, "metadata", &metadata))
        sa_metadata_hide(metadata);
    return py_none();
}

/* Of declarative bases. Class keywords are for the mapper. */
static struct py_value init_mapped(struct py_run *run, struct py_call *call)
{
    struct py_value metadata;
    if (py_find_attr(run, call->self, "metadata", &metadata) &&
        (call->kwargs || !py_payload(metadata, &sa_metadata_class) ||
         !map_class(run, call->self, metadata)))
        sa_metadata_hide(metadata);
    return py_none();
}

static const struct py_member mapped_members[] = {
    PY_VALUE("metadata", new_metadata),
    PY_CLASSMETHOD_ANY("__init_subclass__", init_mapped),
    PY_MEMBERS_END,
};

static const struct py_member mixin_members[] = {
    PY_CLASSMETHOD_ANY("__init_subclass__", init_subclass),
    PY_MEMBERS_END,
};

const struct py_native_class env_declarative_base_class = {.name = "DeclarativeBase",
                                                           .module = "sqlalchemy.orm",
                                                           .members = mapped_members,
                                                           .flags = PY_CLASS_INERT};

const struct py_native_class env_mixin_class = {
    .name = "mixin", .module = "sqlalchemy.orm", .members = mixin_members, .flags = PY_CLASS_INERT};

enum { BASE_BIND, BASE_METADATA, BASE_KW };
static const struct py_arg base_args[] = {[BASE_BIND] = PY_KEYWORD_ONLY("bind"),
                                          [BASE_METADATA] = PY_KEYWORD_ONLY("metadata"),
                                          [BASE_KW] = PY_KEYWORDS("kw"), PY_ARGS_END};

/* declarative_base(): type("Base", (DeclarativeBase,), {"metadata": ...}). */
static struct py_value declarative_base(struct py_run *run, struct py_call *call)
{
    struct py_value names = py_new_dict(run);
    struct py_value base = py_class_value(py_class_for(run, &env_declarative_base_class));
    struct py_value metadata = call->args[BASE_METADATA];
    if (py_is_none(metadata))
        metadata = new_metadata(run, call);
    py_dict_put_name(run, py_dict_of(names), "metadata", metadata);
    const struct py_value args[] = {py_new_str(run, "Base"), py_new_tuple(run, &base, 1), names};
    return py_call(run, py_class_value(py_class_for(run, &py_type_class)), args, 3, NULL);
}

static const struct py_member orm_members[] = {
    PY_CLASS("DeclarativeBase", &env_declarative_base_class),
    PY_CLASS("MappedAsDataclass", &env_mixin_class),
    PY_CLASS("DeclarativeBaseNoMeta", &env_declarative_base_class),
    PY_FUNCTION("declarative_base", declarative_base, base_args),
    PY_CLASS("Session", &env_session_class),
    PY_CLASS("sessionmaker", &env_sessionmaker_class),
    PY_MEMBERS_END,
};

const struct py_native_module env_orm_module = {"sqlalchemy.orm", orm_members, 0, NULL};
const struct py_native_module env_declarative_module = {"sqlalchemy.ext.declarative", orm_members, 0,
                                                        NULL};
