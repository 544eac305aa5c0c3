/* A field of a SQLModel class as a Column (spec/sqlmodel.md, sections 3 to 5). */
#include "config.h"

#include "alembic/sqlmodel.h"

#include <string.h>

#include "alembic/sa_schema.h"
#include "alembic/sa_type.h"
#include "alembic/versions.h"
#include "base/str.h"

/* ------------------------------------------------------------------ annotation to type */

/* A Python class, by its title, and the type of a column; the first row that fits counts. */
static const struct {
    const char *title;
    enum type_kind kind;
} rows[] = {
    {"str", TYPE_AUTO_STRING},
    {"ipaddress.IPv4Address", TYPE_AUTO_STRING},
    {"ipaddress.IPv4Network", TYPE_AUTO_STRING},
    {"ipaddress.IPv6Address", TYPE_AUTO_STRING},
    {"ipaddress.IPv6Network", TYPE_AUTO_STRING},
    {"pathlib.Path", TYPE_AUTO_STRING},
    {"float", TYPE_FLOAT},
    {"bool", TYPE_BOOLEAN},
    {"int", TYPE_INTEGER},
    {"datetime.datetime", TYPE_DATETIME},
    {"datetime.date", TYPE_DATE},
    {"datetime.timedelta", TYPE_INTERVAL},
    {"datetime.time", TYPE_TIME},
    {"bytes", TYPE_LARGE_BINARY},
    {"decimal.Decimal", TYPE_NUMERIC},
    {"uuid.UUID", TYPE_UUID},
};

static bool derives_from(const struct py_type *cls, const char *title)
{
    for (size_t i = 0; i < cls->mro_len; i++)
        if (str_eq(cls->mro[i]->title ? cls->mro[i]->title : cls->mro[i]->qualname, title))
            return true;
    return false;
}

/* TYPE_COUNT: none. Classes of modules that are not there are known by their names. */
static enum type_kind kind_of(struct py_value v)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (py_is_class(v) ? derives_from(py_type_of(v), rows[i].title)
                           : str_eq(((const struct py_unknown *)v.object)->what, rows[i].title))
            return rows[i].kind;
    return TYPE_COUNT;
}

static bool is_none(struct py_value v)
{
    return py_is_none(v) || (py_is_class(v) && py_type_of(v)->native == &py_none_class);
}

PY_NORETURN static void refuse_union(struct py_run *run)
{
    py_raise(run, &py_value_error_class,
             "Cannot have a (non-optional) union as a SQLAlchemy field");
}

/*
 * The class that an annotation is about: X of Optional[X] and Annotated[X, ...], list of list[X].
 */
static struct py_value class_of(struct py_run *run, const struct pydantic_field *f,
                                struct py_value annotation)
{
    struct py_value args, origin;
    if (py_is_str(annotation)) /* inside another one: that is not evaluated with it */
        annotation = py_eval_text(run, py_str_of(annotation)->ptr, f->owner->module,
                                  py_class_namespace(run, f->owner));
    if (py_is_union(annotation, &args)) {
        const struct py_tuple *t = py_tuple_of(args);
        if (t->len != 2 || is_none(t->items[0]) == is_none(t->items[1]))
            refuse_union(run);
        return class_of(run, f, t->items[is_none(t->items[0]) ? 1 : 0]);
    }
    if (!py_is_subscripted(annotation, &origin, &args))
        return annotation;
    if (str_eq(py_typing_form(origin), "Annotated"))
        return class_of(run, f, py_tuple_of(args)->items[0]);
    if (sqlmodel_is_old(run) && py_is_class(origin) && py_tuple_of(args)->len > 0)
        return class_of(run, f, py_tuple_of(args)->items[py_tuple_of(args)->len - 1]);
    return origin;
}

/* The names of typing that are classes; the others are no types of anything. */
static bool is_abstract_class(const char *form)
{
    static const char *const others[] = {"Literal",       "Optional", "Union", "ClassVar",
                                         "Final",         "Self",     "Never", "NoReturn",
                                         "LiteralString", "Annotated"};
    for (size_t i = 0; form && i < sizeof(others) / sizeof(others[0]); i++)
        if (strcmp(form, others[i]) == 0)
            return false;
    return form != NULL;
}

static struct py_value sa_class(struct py_run *run, enum type_kind kind)
{
    return py_class_value(py_class_for(run, sa_type_class(kind)));
}

static struct py_value sized_type(struct py_run *run, enum type_kind kind,
                                  const struct pydantic_limit *limit)
{
    struct py_value kw = py_new_dict(run);
    if (kind == TYPE_AUTO_STRING) {
        if (!py_truth(run, limit->max_length))
            return sa_class(run, kind);
        py_dict_put_name(run, py_dict_of(kw), "length", limit->max_length);
    } else {
        if (!py_is_unset(limit->max_digits))
            py_dict_put_name(run, py_dict_of(kw), "precision", limit->max_digits);
        if (!py_is_unset(limit->decimal_places))
            py_dict_put_name(run, py_dict_of(kw), "scale", limit->decimal_places);
    }
    return py_construct(run, sa_type_class(kind), NULL, 0, py_dict_of(kw));
}

static struct py_value type_of_annotation(struct py_run *run, const char *name,
                                          const struct pydantic_field *f)
{
    struct py_value v = class_of(run, f, f->annotation);
    enum type_kind kind = py_is_class(v) || py_is_unknown(v) ? kind_of(v) : TYPE_COUNT;
    if (py_is_unknown(v) && kind == TYPE_COUNT) {
        const struct py_unknown *u = (const struct py_unknown *)v.object;
        py_refuse(run, u->refusal, "the type of the field '%s' is not known: %s: %s", name, u->what,
                  u->reason);
    }
    if (kind == TYPE_UUID && sqlmodel_is_old(run))
        kind = TYPE_GUID;
    bool is_enum = py_is_class(v) && py_class_is(py_type_of(v), &py_enum_class);
    if (is_enum && (kind == TYPE_COUNT || !sqlmodel_is_old(run)))
        return py_construct(run, sa_type_class(TYPE_ENUM), &v, 1, NULL);
    if (!py_is_class(v) && kind == TYPE_COUNT && !is_abstract_class(py_typing_form(v)))
        py_raise(run, &py_type_error_class, "issubclass() arg 1 must be a class");
    if (kind == TYPE_COUNT)
        py_raise(run, &py_value_error_class, "%s has no matching SQLAlchemy type",
                 py_repr_text(run, v));
    if (kind != TYPE_AUTO_STRING && kind != TYPE_NUMERIC)
        return sa_class(run, kind);
    py_require_known(run, f->unknown); /* it may be a length */
    return sized_type(run, kind, &f->limit);
}

/* How many members an annotation has as a union, None apart; *none tells of that one. */
static size_t count_members(struct py_value annotation, bool *none)
{
    struct py_value args;
    size_t count = 0;
    *none = false;
    if (!py_is_union(annotation, &args))
        return 1;
    const struct py_tuple *t = py_tuple_of(args);
    for (size_t i = 0; i < t->len; i++) {
        *none |= is_none(t->items[i]);
        count += !is_none(t->items[i]);
    }
    return count;
}

static bool is_any(struct py_value annotation)
{
    return str_eq(py_typing_form(annotation), "Any") ||
           (py_is_class(annotation) && py_type_of(annotation)->native == &py_object_class);
}

/* pydantic 1: a default of None allows None too, and so does Any. SQLModel then takes it back for a
 * union of several types, unless a value is required with `...`. */
static bool allows_none_in_pydantic_1(const struct pydantic_field *f)
{
    bool none;
    size_t members = count_members(f->annotation, &none);
    bool allows = none || py_is_none(f->fallback) || is_any(f->annotation);
    return allows && (f->is_required || members < 2);
}

bool sqlmodel_is_noneable(struct py_run *run, const struct pydantic_field *f)
{
    bool none;
    if (sqlmodel_has_pydantic_1(run))
        return allows_none_in_pydantic_1(f);
    count_members(f->annotation, &none);
    return none || (is_none(f->annotation) && !py_is_absent(f->fallback));
}

/* ------------------------------------------------------------------ parameters */

/* Absent also where the field has nothing of SQLModel's. */
static struct py_value parameter(const struct pydantic_field *f, enum sqlmodel_parameter p)
{
    return f->sql ? f->sql->at[p] : py_absent();
}

struct py_value sqlmodel_type(struct py_run *run, const char *name, const struct pydantic_field *f)
{
    struct py_value given = parameter(f, SQLMODEL_TYPE);
    return py_is_absent(given) ? type_of_annotation(run, name, f) : given;
}

static struct py_value foreign_key(struct py_run *run, const struct pydantic_field *f,
                                   struct py_value target, bool nullable)
{
    struct py_value ondelete = parameter(f, SQLMODEL_ONDELETE), kw = py_new_dict(run);
    if (!py_is_unset(ondelete)) {
        if (str_eq(py_as_string(run, ondelete, "ondelete"), "SET NULL") && !nullable)
            py_raise(run, &py_runtime_error_class, "ondelete=\"SET NULL\" requires nullable=True");
        py_dict_put_name(run, py_dict_of(kw), "ondelete", ondelete);
    }
    if (!py_is_str(py_require_known(run, target)))
        py_raise(run, &py_assertion_error_class, "foreign_key must be a str");
    return py_construct(run, &sa_foreign_key_class, &target, 1, py_dict_of(kw));
}

static bool flag(struct py_run *run, const struct pydantic_field *f, enum sqlmodel_parameter p)
{
    return py_truth(run, parameter(f, p));
}

static struct py_value python_default(const struct pydantic_field *f)
{
    return py_is_unset(f->factory) ? f->fallback : f->factory;
}

static void put_flag(struct py_run *run, struct py_dict *kw, const char *name, bool value)
{
    py_dict_put_name(run, kw, name, py_bool(value));
}

/* Column() with the keywords that the parts stand for, which those of sa_column_kwargs override. */
static struct py_value column_with(struct py_run *run, const struct sa_column_parts *parts,
                                   struct py_value more)
{
    struct py_dict *kw = py_dict_of(py_new_dict(run));
    struct py_value key, value;
    if (!py_is_dict(py_require_known(run, more)))
        py_raise(run, &py_type_error_class, "'%s' object is not a mapping",
                 py_class_name(run, more));
    put_flag(run, kw, "primary_key", parts->primary_key);
    put_flag(run, kw, "nullable", parts->nullable);
    put_flag(run, kw, "index", parts->index);
    put_flag(run, kw, "unique", parts->unique);
    if (!py_is_absent(parts->python_default))
        py_dict_put_name(run, kw, "default", parts->python_default);
    for (size_t i = 0; py_dict_next(py_dict_of(more), &i, &key, &value);)
        py_dict_put(run, kw, key, value);
    return py_construct(run, &sa_column_class, parts->items, parts->count, kw);
}

static bool is_nullable(struct py_run *run, const struct pydantic_field *f)
{
    struct py_value given = parameter(f, SQLMODEL_NULLABLE);
    if (!py_is_absent(given))
        return py_truth(run, given);
    return !flag(run, f, SQLMODEL_PRIMARY_KEY) && sqlmodel_is_noneable(run, f);
}

static struct py_value new_column(struct py_run *run, const char *name,
                                  const struct pydantic_field *f)
{
    struct py_value target = parameter(f, SQLMODEL_FOREIGN_KEY);
    struct py_value more = parameter(f, SQLMODEL_COLUMN_ARGS);
    struct py_value keywords = parameter(f, SQLMODEL_COLUMN_KWARGS);
    const struct py_tuple *given = py_is_unset(more) ? NULL : py_items(run, more);
    struct py_value *items = py_alloc(run, ((given ? given->len : 0) + 2) * sizeof(*items));
    struct sa_column_parts parts = {.items = items, .python_default = python_default(f)};
    items[parts.count++] = sqlmodel_type(run, name, f);
    parts.primary_key = flag(run, f, SQLMODEL_PRIMARY_KEY);
    parts.nullable = is_nullable(run, f);
    parts.index = flag(run, f, SQLMODEL_INDEX);
    parts.unique = flag(run, f, SQLMODEL_UNIQUE);
    if (py_truth(run, target))
        items[parts.count++] = foreign_key(run, f, target, parts.nullable);
    for (size_t i = 0; given && i < given->len; i++)
        items[parts.count++] = given->items[i];
    return py_is_unset(keywords) ? sa_column_new(run, &parts) : column_with(run, &parts, keywords);
}

/* A Column of a class above that another table has taken. */
static void require_free(struct py_run *run, struct py_value column)
{
    const struct sa_column *c = sa_column_of(run, column, "sa_column");
    if (py_is_absent(c->table))
        return;
    py_raise(run, &sa_argument_error_class, "Column object '%s' already assigned to Table '%s'",
             c->column->name.text, sa_table_of(run, c->table, "Table")->table->name.text);
}

struct py_value sqlmodel_column(struct py_run *run, const char *name,
                                const struct pydantic_field *f)
{
    struct py_value given = parameter(f, SQLMODEL_COLUMN);
    if (!f->sql)
        py_require_known(run, f->unknown); /* it may be a Field() */
    py_require_known(run, given);
    if (!py_payload(given, &sa_column_class))
        return new_column(run, name, f);
    require_free(run, given);
    return given;
}
