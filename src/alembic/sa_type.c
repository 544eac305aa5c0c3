#include "config.h"

#include "alembic/sa_type.h"

#include "alembic/engine.h"
#include "alembic/host.h"
#include "alembic/live.h"
#include "alembic/sa_expr.h"
#include "alembic/sa_schema.h"
#include "alembic/sa_type_init.h"
#include "base/arena.h"
#include "base/str.h"
#include "schema/type_modules.h"
#include "schema/type_repr.h"

/* ------------------------------------------------------------------ classes */

static struct py_value type_with_variant(struct py_run *run, struct py_call *call);
static struct py_value type_copy(struct py_run *run, struct py_call *call);
static struct py_value type_text(struct py_run *run, struct py_call *call);
static struct py_value type_repr(struct py_run *run, struct py_call *call);

static const struct py_arg variant_args[] = {PY_REQUIRED("type_"), PY_REST("dialect_names"),
                                             PY_ARGS_END};
static const struct py_arg any_keywords[] = {PY_KEYWORDS("kw"), PY_ARGS_END};

static const struct py_member engine_members[] = {
    PY_METHOD("with_variant", type_with_variant, variant_args),
    PY_METHOD("copy", type_copy, any_keywords),
    PY_FUNCTION_N("__str__", type_text, 0, 0),
    PY_FUNCTION_N("__repr__", type_repr, 0, 0),
    PY_MEMBERS_END,
};

const struct py_native_class sa_type_engine_class = {
    .name = "TypeEngine",
    .module = "sqlalchemy.sql.type_api",
    .members = engine_members,
    .payload_size = sizeof(struct sa_type),
};

#define class_ENGINE sa_type_engine_class
#define TYPE(kind, python, sql, family, shape, params, base, homes, module)                        \
    static const struct py_native_class class_##kind;
#include "schema/types.def"
#undef TYPE

#define TYPE(kind, python, sql, family, shape, params, base, homes, module_)                       \
    static const struct py_native_class class_##kind = {                                           \
        .name = python,                                                                            \
        .module = TYPE_MODULE_##module_,                                                           \
        .bases = PY_BASES(&class_##base),                                                          \
        .members = sa_type_members_##params,                                                       \
        .payload_size = sizeof(struct sa_type),                                                    \
        .flags = PY_CLASS_INERT,                                                                   \
    };
#include "schema/types.def"
#undef TYPE

static const struct py_native_class *const classes[] = {
#define TYPE(kind, python, sql, family, shape, params, base, homes, module)                        \
    [TYPE_##kind] = &class_##kind,
#include "schema/types.def"
#undef TYPE
};

const struct py_native_class *sa_type_class(enum type_kind kind)
{
    return classes[kind];
}

enum type_kind sa_type_kind(struct py_run *run, struct py_value self)
{
    const struct py_type *cls = py_class(run, self);
    for (size_t i = 0; i < cls->mro_len; i++)
        for (enum type_kind kind = 0; cls->mro[i]->native && kind < TYPE_COUNT; kind++)
            if (cls->mro[i]->native == classes[kind])
                return kind;
    return TYPE_COUNT;
}

struct sa_type *sa_type_payload(struct py_run *run, struct py_value self)
{
    return py_require_payload(run, self, &sa_type_engine_class, "type");
}

struct type *sa_type_begin(struct py_run *run, struct py_value self)
{
    struct sa_type *payload = sa_type_payload(run, self);
    enum type_kind kind = sa_type_kind(run, self);
    if (kind == TYPE_COUNT)
        py_refuse(run, PY_REFUSE_TYPE, "TypeEngine cannot be used by itself");
    struct type *t = type_new(py_arena(run), kind);
    t->host = payload;
    payload->type = t;
    payload->object = self;
    return t;
}

/* ------------------------------------------------------------------ values to types */

/* What load_dialect_impl() of a program's class answers replaces the impl. */
static void load_impl(struct py_run *run, struct sa_type *payload, struct py_value self)
{
    struct py_value dialect = engine_dialect(run);
    struct py_value impl = py_call_method(run, self, "load_dialect_impl", &dialect, 1);
    struct type *t = ARENA_NEW(py_arena(run), struct type);
    *t = *payload->type;
    t->item = sa_type_of(run, impl);
    payload->type = t;
}

/* The arguments that SQLAlchemy's repr() shows: those of __init__ that the object has as attributes
 * and that are not the default. */
static void add_arguments(struct py_run *run, struct py_value self, struct py_value init,
                          struct str *out)
{
    const char *name;
    struct py_value fallback, value;
    bool first = true;
    str_addc(out, '(');
    for (size_t i = 1; py_function_parameter(init, i, &name, &fallback); i++) {
        bool found = py_find_attr(run, self, name, &value);
        bool required = py_is_absent(fallback);
        if (!required && (!found || py_equal(run, value, fallback)))
            continue;
        const char *text = found ? sa_plain_text(run, value) : "None";
        if (!text)
            py_refuse(run, PY_REFUSE_TYPE, "the argument %s of %s is not plain data", name,
                      py_class_name(run, self));
        str_addf(out, "%s%s%s%s", first ? "" : ", ", required ? "" : name, required ? "" : "=",
                 text);
        first = false;
    }
    str_addc(out, ')');
}

/* How autogenerate writes a class of the project. */
static void note_class(struct py_run *run, struct sa_type *payload, struct py_value self)
{
    struct py_type *cls = py_class(run, self), *owner = NULL;
    struct type *t = ARENA_NEW(py_arena(run), struct type);
    struct str text = STR_IN(py_arena(run));
    *t = *payload->type;
    if (py_overrides(run, self, &sa_type_engine_class, "__repr__")) {
        str_add(&text, py_repr_text(run, self));
    } else if (t->kind == TYPE_DECORATOR) {
        str_add(&text, cls->name);
        if (t->item)
            type_add_arguments(&text, t->item);
    } else {
        struct py_value init = py_class_lookup(run, cls, "__init__", &owner);
        str_add(&text, cls->name);
        if (owner && !owner->native)
            add_arguments(run, self, init, &text);
    }
    t->module = cls->module;
    t->python = text.ptr;
    payload->type = t;
}

static const struct type *resolve(struct py_run *run, struct sa_type *payload, struct py_value self)
{
    if (payload->resolved)
        return payload->type;
    payload->resolved = true;
    if (!payload->type)
        sa_type_begin(run, self); /* its __init__ did not call the base's */
    enum type_kind kind = payload->type->kind;
    if (!py_class(run, self)->native)
        note_class(run, payload, self);
    if (kind == TYPE_DECORATOR &&
        py_overrides(run, self, classes[TYPE_DECORATOR], "load_dialect_impl"))
        load_impl(run, payload, self);
    if (kind == TYPE_DECORATOR && !payload->type->item)
        py_refuse(run, PY_REFUSE_TYPE, "the TypeDecorator %s has no impl",
                  py_class_name(run, self));
    if (kind == TYPE_USER) {
        struct py_value spec = py_call_method(run, self, "get_col_spec", NULL, 0);
        struct type *t = ARENA_NEW(py_arena(run), struct type);
        *t = *payload->type;
        t->spec = arena_strdup(py_arena(run), py_as_string(run, spec, "get_col_spec()"));
        payload->type = t;
    }
    return payload->type;
}

const struct type *sa_type_of(struct py_run *run, struct py_value v)
{
    if (py_is_unset(v))
        return NULL;
    py_require_known(run, v);
    if (py_is_class(v) && py_class_is(py_type_of(v), &sa_type_engine_class))
        v = py_call(run, v, NULL, 0, NULL);
    struct sa_type *payload = py_payload(v, &sa_type_engine_class);
    if (!payload)
        py_raise(run, &sa_argument_error_class, "%s is not a SQLAlchemy type",
                 py_repr_text(run, v));
    return resolve(run, payload, v);
}

bool sa_is_type(struct py_run *run, struct py_value v)
{
    (void)run;
    if (py_is_class(v))
        return py_class_is(py_type_of(v), &sa_type_engine_class);
    return py_payload(v, &sa_type_engine_class) != NULL;
}

struct py_value sa_type_object(struct py_run *run, const struct type *type)
{
    const struct sa_type *host = sa_type_host(type);
    if (host && host->type == type && !py_is_absent(host->object))
        return host->object;
    struct sa_type *payload;
    struct py_value object = py_new(run, classes[type ? type->kind : TYPE_NULL], (void **)&payload);
    payload->type = type ? type : type_new(py_arena(run), TYPE_NULL);
    payload->object = object;
    payload->resolved = true;
    if (host) {
        payload->enum_class = host->enum_class;
        payload->members = host->members;
    }
    return object;
}

const struct sa_type *sa_type_host(const struct type *type)
{
    return type ? type->host : NULL;
}

const char *sa_type_label(struct py_run *run, const struct type *type, struct py_value member)
{
    const struct sa_type *host = sa_type_host(type);
    if (!host || !host->members)
        return NULL;
    for (size_t i = 0; i < type->label_count; i++)
        if (py_is(host->members[i], member))
            return type->labels[i];
    (void)run;
    return NULL;
}

struct py_value sa_type_vector_text(struct py_run *run, const struct type *type, struct py_value v)
{
    const struct type *impl = type ? type_impl(type) : NULL;
    if (!impl || (impl->kind != TYPE_VECTOR && impl->kind != TYPE_HALFVEC) ||
        !(py_is_list(v) || py_is_tuple(v)))
        return v;
    struct py_tuple *items = py_items(run, v);
    struct str text = STR_IN(py_arena(run));
    str_addc(&text, '[');
    for (size_t i = 0; i < items->len; i++) {
        double number = py_as_double(run, items->items[i], "a vector's element");
        str_addf(&text, "%s%s", i > 0 ? "," : "", py_repr_text(run, py_float(number)));
    }
    str_addc(&text, ']');
    return py_new_strn(run, text.ptr, text.len);
}

struct py_value sa_type_export(struct py_run *run, const char *home, const char *name)
{
    for (enum type_kind kind = 0; kind < TYPE_COUNT; kind++)
        if (strchr(type_homes(kind), *home) && str_eq(type_python_name(kind), name))
            return py_class_value(py_class_for(run, classes[kind]));
    return py_absent();
}

/* ------------------------------------------------------------------ methods */

static struct py_value copy_object(struct py_run *run, struct py_value self,
                                   const struct type *type)
{
    struct sa_type *old = sa_type_payload(run, self), *payload;
    struct py_value object = py_new_of(run, py_class(run, self), (void **)&payload);
    *payload = *old;
    struct type *t = ARENA_NEW(py_arena(run), struct type);
    *t = *type;
    t->host = payload;
    payload->type = t;
    payload->object = object;
    return object;
}

/* Puts a variant where its dialect's name belongs in the sorted list, which is made anew. */
static void add_variant(struct py_run *run, struct type *t, const char *dialect,
                        const struct type *variant)
{
    struct type_variant *sorted = py_alloc(run, (t->variant_count + 1) * sizeof(*sorted));
    size_t n = 0, i = 0;
    for (; i < t->variant_count && strcmp(t->variants[i].dialect, dialect) < 0; i++)
        sorted[n++] = t->variants[i];
    sorted[n++] = (struct type_variant){dialect, variant};
    for (; i < t->variant_count; i++)
        if (!str_eq(t->variants[i].dialect, dialect))
            sorted[n++] = t->variants[i];
    t->variants = sorted;
    t->variant_count = n;
}

static struct py_value type_with_variant(struct py_run *run, struct py_call *call)
{
    const struct type *type = sa_type_of(run, call->self);
    const struct type *variant = sa_type_of(run, call->args[0]);
    struct py_tuple *names = py_tuple_of(call->args[1]);
    struct type changed = *type;
    for (size_t i = 0; i < names->len; i++) {
        const char *dialect = py_as_string(run, names->items[i], "dialect_name");
        if (str_eq(dialect, "postgresql"))
            changed.variant = variant;
        add_variant(run, &changed, arena_strdup(py_arena(run), dialect), variant);
    }
    return copy_object(run, call->self, &changed);
}

static struct py_value type_copy(struct py_run *run, struct py_call *call)
{
    return copy_object(run, call->self, sa_type_of(run, call->self));
}

static struct py_value type_repr(struct py_run *run, struct py_call *call)
{
    struct str text = STR_IN(py_arena(run));
    type_add_repr(&text, sa_type_of(run, call->self));
    return py_new_strn(run, text.ptr, text.len);
}

/* "(10, 2)"; nothing where neither is given. */
static void add_numbers(struct str *text, int first, int second)
{
    if (first < 0)
        return;
    str_addf(text, "(%d", first);
    if (second >= 0)
        str_addf(text, ", %d", second);
    str_addc(text, ')');
}

/*
 * str(type): the words of SQLAlchemy's default dialect, which are not always PostgreSQL's. Classes
 * in capitals, as inspectors give them, are named as they are called.
 */
static const char *default_name(const struct type *type)
{
    static const char *const others[][2] = {
        {"Integer", "INTEGER"}, {"BigInteger", "BIGINT"}, {"SmallInteger", "SMALLINT"},
        {"String", "VARCHAR"},  {"Text", "TEXT"},         {"Boolean", "BOOLEAN"},
        {"DateTime", "DATETIME"}, {"Date", "DATE"},       {"Time", "TIME"},
        {"Numeric", "NUMERIC"}, {"Float", "FLOAT"},       {"LargeBinary", "BLOB"},
        {"JSON", "JSON"},       {"DOUBLE_PRECISION", "DOUBLE PRECISION"}};
    const char *python = type_python_name(type->kind);
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
        if (str_eq(others[i][0], python))
            return others[i][1];
    for (const char *p = python; *p; p++)
        if (*p >= 'a' && *p <= 'z')
            return NULL;
    return python;
}

static struct py_value type_text(struct py_run *run, struct py_call *call)
{
    const struct type *type = sa_type_of(run, call->self);
    enum type_shape shape = type_shape(type->kind);
    const char *name = shape == SHAPE_ENUM ? "VARCHAR" : default_name(type);
    struct str text = STR_IN(py_arena(run));
    if (!name || type->python || type->variant)
        py_refuse(run, PY_REFUSE_TYPE, "the text of a %s object is not supported",
                  py_class_name(run, call->self));
    str_add(&text, name);
    if (shape == SHAPE_STRING) {
        add_numbers(&text, type->length, -1);
        if (type->collation)
            str_addf(&text, " COLLATE \"%s\"", type->collation);
    } else if (shape == SHAPE_NUMERIC) {
        add_numbers(&text, type->precision, type->scale == TYPE_NO_SCALE ? -1 : type->scale);
    } else if (shape == SHAPE_ENUM) {
        add_numbers(&text, type_longest_label(type), -1);
    }
    return py_new_strn(run, text.ptr, text.len);
}

/*
 * checkfirst=, where there is a database to look at: the type is made only if it is not there, and
 * dropped only if it is. postgresql.ENUM and DOMAIN look unless told not to, Enum only when told.
 */
static bool is_needed(struct py_run *run, struct py_call *call, const struct type *type,
                      enum op_kind kind)
{
    struct py_value check = call->args[1];
    bool plain = py_isinstance(run, call->self, sa_type_class(TYPE_ENUM)) &&
                 !py_isinstance(run, call->self, sa_type_class(TYPE_PG_ENUM));
    bool looks = py_is_absent(check) ? !plain : py_truth(run, check);
    return !looks || !live_decides(run) ||
           live_has_type(run, type->schema, type->name.text) == (kind == OP_DROP_TYPE);
}

static struct py_value add_type_op(struct py_run *run, struct py_call *call, enum op_kind kind)
{
    const struct type *type = type_named(sa_type_of(run, call->self));
    engine_require_bind(run, call->args[0]);
    if (!type)
        return py_none(); /* a non-native Enum: nothing to create */
    if (!is_needed(run, call, type, kind))
        return py_none();
    struct op *op = host_add_op(run, kind);
    struct type *copy = ARENA_NEW(py_arena(run), struct type);
    *copy = *type;
    op->schema = type->schema;
    if (kind == OP_CREATE_TYPE)
        op->as.create_type = copy;
    else
        op->as.drop_type = copy;
    live_flush(run);
    return py_none();
}

struct py_value sa_type_create(struct py_run *run, struct py_call *call)
{
    return add_type_op(run, call, OP_CREATE_TYPE);
}

struct py_value sa_type_drop(struct py_run *run, struct py_call *call)
{
    return add_type_op(run, call, OP_DROP_TYPE);
}
