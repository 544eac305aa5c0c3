/* Mapped[...]: from annotations to column types (spec/sqlmodel.md, section 6, "Columns"). */
#include "config.h"

#include <ctype.h>

#include "alembic/declarative.h"

#include "alembic/sa_type.h"
#include "base/arena.h"
#include "base/str.h"

static const struct py_native_class mapped_annotation_error_class = {
    .name = "MappedAnnotationError",
    .module = "sqlalchemy.orm.exc",
    .bases = PY_BASES(&sa_argument_error_class),
};

const struct py_native_class mapped_class = {
    .name = "Mapped",
    .module = "sqlalchemy.orm.base",
    .flags = PY_CLASS_INERT,
};

/* ------------------------------------------------------------------ annotations written as text */

struct evaluation {
    const char *text;
    struct py_type *cls;
    struct py_value value;
};

static void evaluate(struct py_run *run, void *payload)
{
    struct evaluation *e = payload;
    e->value = py_eval_text(run, e->text, e->cls->module, py_class_namespace(run, e->cls));
}

/* The text between the brackets of "x.Mapped[...]"; NULL: it is something else. */
static const char *text_in_mapped(struct py_run *run, const char *text)
{
    const char *p = text, *last = text, *end = text + strlen(text);
    while (isalnum((unsigned char)*p) || *p == '_' || *p == '.') {
        last = *p == '.' ? p + 1 : last;
        p++;
    }
    while (end > p && isspace((unsigned char)end[-1]))
        end--;
    if (*p != '[' || end[-1] != ']' || !str_starts_with(last, "Mapped"))
        return NULL;
    return arena_strndup(py_arena(run), p + 1, (size_t)(end - 1 - (p + 1)));
}

bool mapped_annotation(struct py_run *run, struct py_value annotation, struct py_type *cls,
                       struct py_value *inner)
{
    struct py_value origin, args;
    if (py_is_str(annotation)) {
        const char *text = text_in_mapped(run, py_str_of(annotation)->ptr);
        struct evaluation e = {py_str_of(annotation)->ptr, cls, py_absent()};
        struct py_outcome outcome;
        if (text) {
            *inner = py_new_str(run, text);
            return true;
        }
        if (!py_run_protect(run, evaluate, &e, &outcome) || py_is_str(e.value))
            return false;
        annotation = e.value;
    }
    if (!py_is_subscripted(annotation, &origin, &args) || !py_is_class(origin) ||
        !py_class_is(py_type_of(origin), &mapped_class))
        return false;
    *inner = py_tuple_of(args)->len ? py_tuple_of(args)->items[0] : py_none();
    return true;
}

/* ------------------------------------------------------------------ unions */

static struct py_value resolve_text(struct py_run *run, struct py_value v, struct py_type *cls)
{
    while (py_is_str(v)) {
        struct evaluation e = {py_str_of(v)->ptr, cls, py_absent()};
        evaluate(run, &e);
        v = e.value;
    }
    return v;
}

static bool is_none_type(struct py_run *run, struct py_value v)
{
    return py_is_none(v) || (py_is_class(v) && py_class(run, py_none()) == py_type_of(v)) ||
           (py_is_str(v) && str_eq(py_str_of(v)->ptr, "None"));
}

static bool is_annotated(struct py_value v, struct py_tuple **parts)
{
    struct py_value origin, args;
    if (!py_is_subscripted(v, &origin, &args) || !str_eq(py_typing_form(origin), "Annotated"))
        return false;
    *parts = py_tuple_of(args);
    return true;
}

/* Whether None is among what an annotation allows, at any depth that counts. */
static bool includes_none(struct py_run *run, struct py_value v, struct py_type *cls)
{
    struct py_value args;
    struct py_tuple *parts;
    v = py_is_str(v) && is_none_type(run, v) ? py_none() : resolve_text(run, v, cls);
    if (is_none_type(run, v))
        return true;
    if (is_annotated(v, &parts))
        return parts->len > 0 && includes_none(run, parts->items[0], cls);
    if (!py_is_union(v, &args))
        return false;
    for (size_t i = 0; i < py_tuple_of(args)->len; i++)
        if (includes_none(run, py_tuple_of(args)->items[i], cls))
            return true;
    return false;
}

/* T of T | None; a union of more stays one. */
static struct py_value without_none(struct py_run *run, struct py_value v, struct py_type *cls)
{
    struct py_value args, out = py_absent();
    v = resolve_text(run, v, cls);
    if (!py_is_union(v, &args))
        return v;
    for (size_t i = 0; i < py_tuple_of(args)->len; i++) {
        struct py_value item = py_tuple_of(args)->items[i];
        if (is_none_type(run, item))
            continue;
        item = resolve_text(run, item, cls);
        out = py_is_absent(out) ? item : py_operate(run, "|", out, item);
    }
    return py_is_absent(out) ? v : out;
}

/* ------------------------------------------------------------------ types */

/* SQLAlchemy's own map: the class's module and name to the type's class. */
static const struct {
    const char *module, *name, *type;
} default_types[] = {
    {"builtins", "int", "Integer"},      {"builtins", "str", "String"},
    {"builtins", "float", "Float"},      {"builtins", "bool", "Boolean"},
    {"builtins", "bytes", "LargeBinary"}, {"decimal", "Decimal", "Numeric"},
    {"datetime", "datetime", "DateTime"}, {"datetime", "date", "Date"},
    {"datetime", "time", "Time"},        {"datetime", "timedelta", "Interval"},
    {"uuid", "UUID", "Uuid"},
};

static struct py_value default_type(struct py_run *run, struct py_value v)
{
    const struct py_type *cls = py_is_class(v) ? py_type_of(v) : NULL;
    for (size_t i = 0; cls && i < sizeof(default_types) / sizeof(default_types[0]); i++)
        if (str_eq(cls->name, default_types[i].name) &&
            str_eq(cls->module, default_types[i].module))
            return sa_type_export(run, "s", default_types[i].type);
    return py_absent();
}

/* The map's entry for a key; unhashable keys have none. */
struct lookup {
    struct py_value types, key, found;
};

static void look_up(struct py_run *run, void *payload)
{
    struct lookup *l = payload;
    l->found = py_dict_get(run, py_dict_of(l->types), l->key);
}

static struct py_value mapped_type(struct py_run *run, struct py_value types, struct py_value key)
{
    struct lookup l = {types, key, py_absent()};
    if (py_is_dict(types) && py_try(run, look_up, &l, &py_type_error_class, NULL) &&
        !py_is_unset(l.found))
        return l.found;
    return default_type(run, key);
}

static bool is_enum(struct py_run *run, struct py_value v)
{
    struct py_value members;
    return py_is_class(v) && py_find_attr(run, v, "__members__", &members);
}

/* What the map has for enum.Enum or Literal: its keywords are those of each Enum made from it. */
static struct py_value enum_keywords(struct py_run *run, struct py_value types, const char *name)
{
    struct py_value key, value;
    for (size_t i = 0; py_is_dict(types) && py_dict_next(py_dict_of(types), &i, &key, &value);) {
        const char *form = py_typing_form(key);
        bool fits = form ? str_eq(form, name)
                         : py_is_class(key) && str_eq(py_type_of(key)->module, "enum") &&
                               str_eq(py_type_of(key)->name, name);
        const struct sa_type *type = py_payload(value, &sa_type_engine_class);
        if (fits && type && !py_is_unset(type->keywords))
            return py_call_method(run, type->keywords, "copy", NULL, 0);
    }
    return py_new_dict(run);
}

static struct py_value enum_type(struct py_run *run, const struct py_value *values, size_t count,
                                 struct py_value keywords)
{
    const struct py_native_class *cls = sa_type_class(TYPE_ENUM);
    return py_construct(run, cls, values, count, py_dict_of(keywords));
}

static struct py_value literal_type(struct py_run *run, struct py_value types,
                                    const struct py_tuple *values)
{
    struct py_value keywords = enum_keywords(run, types, "Literal");
    for (size_t i = 0; i < values->len; i++)
        if (!py_is_str(values->items[i]))
            py_raise(run, &sa_argument_error_class,
                     "Can't create string-based Enum datatype from non-string values: %s.  Please "
                     "provide an explicit Enum datatype for this Python type",
                     py_repr_text(run, values->items[i]));
    if (py_is_absent(py_dict_get_name(py_dict_of(keywords), "native_enum")))
        py_dict_put_name(run, py_dict_of(keywords), "native_enum", py_bool(false));
    return enum_type(run, values->items, values->len, keywords);
}

/* The SQL type of a Python type; absent: there is none. */
static struct py_value resolve_type(struct py_run *run, struct py_value types, struct py_value v)
{
    struct py_value origin, args, found = mapped_type(run, types, v);
    if (!py_is_absent(found))
        return found;
    if (py_is_subscripted(v, &origin, &args)) {
        if (str_eq(py_typing_form(origin), "Literal"))
            return literal_type(run, types, py_tuple_of(args));
        return py_absent();
    }
    if (is_enum(run, v))
        return enum_type(run, &v, 1, enum_keywords(run, types, "Enum"));
    return py_absent();
}

static const char *type_label(struct py_run *run, struct py_value v)
{
    return py_is_class(v) && !py_type_of(v)->native
               ? arena_printf(py_arena(run), "<class '%s.%s'>", py_type_of(v)->module,
                              py_type_of(v)->qualname)
               : py_str_text(run, v);
}

static struct py_value require_type(struct py_run *run, struct py_value types, struct py_value v,
                                    const struct py_tuple *parts, struct py_value bare,
                                    const char *key)
{
    struct py_value found = resolve_type(run, types, v);
    if (py_is_absent(found) && parts)
        found = resolve_type(run, types, bare);
    if (!py_is_absent(found))
        return found;
    py_require_known_deep(run, v);
    py_raise(run, &mapped_annotation_error_class,
             "Could not locate SQLAlchemy Core type when resolving for Python type indicated by "
             "'%s' inside the Mapped[] annotation for the '%s' attribute; the type object is not "
             "resolvable by the registry",
             type_label(run, v), key);
}

/* ------------------------------------------------------------------ the column */

static const struct mapped_column *column_in(const struct py_tuple *parts)
{
    for (size_t i = 1; i < parts->len; i++) {
        const struct mapped_column *found = py_payload(parts->items[i], &mapped_column_class);
        if (found)
            return found;
    }
    return NULL;
}

void mapped_column_annotate(struct py_run *run, struct py_value column, struct py_value inner,
                            struct py_type *cls, struct py_value types, const char *key)
{
    struct mapped_column *c = py_require_payload(run, column, &mapped_column_class, "column");
    struct column *target = c->column.column;
    struct py_tuple *parts = NULL;
    inner = resolve_text(run, inner, cls);
    py_require_known(run, inner);
    bool nullable = includes_none(run, inner, cls);
    if (!c->has_nullable)
        target->nullable = nullable ? YES : NO;
    struct py_value type = without_none(run, inner, cls), bare = type;
    if (is_annotated(type, &parts) && parts->len > 0) {
        bare = nullable ? without_none(run, parts->items[0], cls)
                        : resolve_text(run, parts->items[0], cls);
        const struct mapped_column *from = column_in(parts);
        if (from)
            mapped_column_merge(run, c, from);
    }
    if (!target->type && target->foreign_keys.len == 0) {
        c->column.type_object = require_type(run, types, type, parts, bare, key);
        target->type = sa_type_of(run, c->column.type_object);
    }
    c->column.node->type = target->type;
}
