/*
 * The fields of a model class, as pydantic 2 collects them: annotations of the whole MRO, values of
 * the class itself and of plain classes above it, and fields copied from the models above it.
 */
#include "config.h"

#include "alembic/env_pydantic.h"

#include <string.h>

#include "alembic/sa_schema.h"
#include "alembic/sqlmodel.h"
#include "base/arena.h"
#include "base/str.h"

const struct py_native_class pydantic_user_error_class = {
    .name = "PydanticUserError",
    .module = "pydantic.errors",
    .bases = PY_BASES(&py_runtime_error_class),
};

static bool is_model(const struct py_type *cls)
{
    return py_class_is(cls, &pydantic_model_class);
}

static struct py_dict *annotations_of(struct py_run *run, struct py_type *cls)
{
    if (cls->native)
        return NULL;
    struct py_value all = py_dict_get_name(py_class_namespace(run, cls), "__annotations__");
    return py_is_dict(all) ? py_dict_of(all) : NULL;
}

/* ------------------------------------------------------------------ annotations */

struct evaluation {
    const char *text;
    struct py_type *cls;
    struct py_value result;
};

static void evaluate(struct py_run *run, void *payload)
{
    struct evaluation *e = payload;
    e->result = py_eval_text(run, e->text, e->cls->module, py_class_namespace(run, e->cls));
}

/* What names are not defined yet stays text. */
static struct py_value evaluated(struct py_run *run, struct py_type *cls,
                                 struct py_value annotation)
{
    struct evaluation e = {.cls = cls, .result = annotation};
    struct py_outcome outcome;
    if (!py_is_str(annotation))
        return annotation;
    e.text = py_str_of(annotation)->ptr;
    if (!py_run_protect(run, evaluate, &e, &outcome) && outcome.ending == PY_LIMIT)
        py_limit(run, outcome.refusal, "%s", outcome.reason);
    return e.result;
}

/* Whether v is a form of typing, or that form with something in brackets. */
static bool is_form(struct py_value v, const char *name, struct py_value *args)
{
    struct py_value origin = v;
    *args = py_absent();
    if (py_is_subscripted(v, &origin, args))
        v = origin;
    return str_eq(py_typing_form(v), name);
}

static bool is_class_var(struct py_value annotation)
{
    struct py_value args;
    if (!py_is_str(annotation))
        return is_form(annotation, "ClassVar", &args);
    const char *text = py_str_of(annotation)->ptr, *dot = strstr(text, "ClassVar");
    return dot && (dot == text || dot[-1] == '.') && !strpbrk(text, "(") &&
           strcspn(text, "[") >= (size_t)(dot - text);
}

/* ------------------------------------------------------------------ putting a field together */

static void take_limit(struct pydantic_field *f, struct pydantic_limit limit)
{
    if (!f->limit.given)
        f->limit = limit;
}

/* What another Field() says where this one says nothing yet, and its defaults, which win. */
static void merge(struct pydantic_field *f, const struct pydantic_field *other)
{
    take_limit(f, other->limit);
    if (!f->sql)
        f->sql = other->sql;
    if (!py_is_absent(other->fallback)) {
        f->fallback = other->fallback;
        f->factory = py_absent();
    }
    f->is_required |= other->is_required;
    if (!py_is_unset(other->factory))
        f->factory = other->factory;
    if (!py_is_absent(other->alias))
        f->alias = other->alias;
}

static void take_metadata(struct pydantic_field *f, struct py_value v)
{
    const struct pydantic_field *field = py_payload(v, &pydantic_field_class);
    const struct pydantic_marker *marker = py_payload(v, &pydantic_marker_class);
    if (field)
        merge(f, field);
    else if (marker)
        take_limit(f, marker->limit);
    else if (py_is_unknown(v) && py_is_absent(f->unknown))
        f->unknown = v;
}

/* Takes Annotated[], Final[] and their kin off; what Annotated[] holds goes to the field. */
static struct py_value unwrap(struct py_run *run, struct pydantic_field *f,
                              struct py_value annotation)
{
    static const char *const qualifiers[] = {"Final", "Required", "NotRequired"};
    struct py_value args;
    if (is_form(annotation, "Annotated", &args) && py_is_tuple(args) &&
        py_tuple_of(args)->len > 0) {
        const struct py_tuple *items = py_tuple_of(args);
        struct py_value inner = unwrap(run, f, evaluated(run, f->owner, items->items[0]));
        for (size_t i = 1; i < items->len; i++)
            take_metadata(f, items->items[i]);
        return inner;
    }
    for (size_t i = 0; i < sizeof(qualifiers) / sizeof(qualifiers[0]); i++)
        if (is_form(annotation, qualifiers[i], &args) && py_is_tuple(args))
            return unwrap(run, f, evaluated(run, f->owner, py_tuple_of(args)->items[0]));
    return annotation;
}

/* The value that a class has for the name by itself or through a class that is no model: models
 * keep theirs in their fields. */
static struct py_value assigned_value(struct py_run *run, struct py_type *cls, const char *name)
{
    for (size_t i = 0; i < cls->mro_len; i++) {
        struct py_type *t = cls->mro[i];
        if (t->native || (t != cls && is_model(t)))
            continue;
        struct py_value v = py_dict_get_name(py_class_namespace(run, t), name);
        if (!py_is_absent(v))
            return v;
    }
    return py_absent();
}

static struct py_value new_field(struct py_run *run, struct pydantic_field **payload)
{
    void *p;
    struct py_value v = py_new(run, &pydantic_field_class, &p);
    *payload = p;
    return v;
}

/* A field from an annotation and what was assigned; absent: it is none. */
static struct py_value make_field(struct py_run *run, struct py_type *owner,
                                  struct py_value annotation, struct py_value assigned)
{
    struct pydantic_field *f, first = {0};
    struct py_value object = new_field(run, &f), ignored;
    const struct pydantic_field *given = py_payload(assigned, &pydantic_field_class);
    f->owner = owner;
    if (given) { /* its metadata counts first, its defaults last */
        first = *given;
        first.fallback = first.factory = py_absent();
        merge(f, &first);
    }
    f->annotation = unwrap(run, f, annotation);
    if (py_is_unknown(assigned)) /* may be what a function made with Field() */
        f->unknown = assigned;
    if (given)
        merge(f, given);
    else if (!py_is_absent(assigned) && assigned.kind != PY_ELLIPSIS) {
        f->fallback = assigned;
        f->factory = py_absent();
    }
    f->is_required |= assigned.kind == PY_ELLIPSIS;
    bool has_default = !py_is_absent(f->fallback) || !py_is_unset(f->factory);
    return is_form(annotation, "Final", &ignored) && has_default ? py_absent() : object;
}

/* ------------------------------------------------------------------ collecting */

struct collecting {
    struct py_run *run;
    struct py_type *cls;
    struct py_dict *parents; /* fields of the bases, the first base's winning; NULL: none */
    struct py_dict *fields;
};

static bool is_field_name(const char *name)
{
    return name[0] != '_' && strcmp(name, "model_config") != 0;
}

static void collect_parents(struct collecting *c)
{
    struct py_value key, value;
    for (size_t i = c->cls->base_count; i-- > 0;) {
        if (c->cls->bases[i]->native || !is_model(c->cls->bases[i]))
            continue;
        if (!c->parents)
            c->parents = py_dict_of(py_new_dict(c->run));
        struct py_dict *fields = pydantic_fields(c->run, c->cls->bases[i]);
        for (size_t k = 0; py_dict_next(fields, &k, &key, &value);)
            py_dict_put(c->run, c->parents, key, value);
    }
}

static struct py_value parent_field(const struct collecting *c, const char *name)
{
    return c->parents ? py_dict_get_name(c->parents, name) : py_absent();
}

/* One annotated name; owner is the class that annotates it last. */
static void collect_name(struct collecting *c, struct py_value key, struct py_type *owner)
{
    struct py_run *run = c->run;
    const char *name = py_str_of(key)->ptr;
    if (!is_field_name(name))
        return;
    struct py_value raw = py_dict_get_name(annotations_of(run, owner), name);
    struct py_value parent = parent_field(c, name);
    struct py_value assigned = assigned_value(run, c->cls, name);
    if (owner == c->cls && sqlmodel_is_relationship(assigned))
        return;
    bool copied = py_is_absent(assigned) && owner != c->cls && !py_is_absent(parent);
    if (!copied) {
        struct py_value annotation = evaluated(run, owner, raw);
        if (is_class_var(annotation))
            return;
        parent = make_field(run, owner, annotation, assigned);
    }
    if (!py_is_absent(parent))
        py_dict_put(run, c->fields, key, parent);
}

/* Fields, and Columns, which were meant to be some, need an annotation. */
static void check_names(struct collecting *c)
{
    struct py_dict *annotations = annotations_of(c->run, c->cls);
    struct py_value key, value;
    for (size_t i = 0; py_dict_next(py_class_namespace(c->run, c->cls), &i, &key, &value);) {
        const char *name = py_str_of(key)->ptr;
        bool is_field = py_payload(value, &pydantic_field_class) != NULL;
        if (name[0] == '_' || (!is_field && !py_payload(value, &sa_column_class)) ||
            (annotations && !py_is_absent(py_dict_get_name(annotations, name))))
            continue;
        if (!py_is_absent(parent_field(c, name)))
            py_raise(c->run, &pydantic_user_error_class,
                     "Field '%s' defined on a base class was overridden by a non-annotated "
                     "attribute. All field definitions, including overrides, require a type "
                     "annotation.",
                     name);
        if (is_field)
            py_raise(c->run, &pydantic_user_error_class, "Field '%s' requires a type annotation",
                     name);
        py_raise(c->run, &pydantic_user_error_class,
                 "A non-annotated attribute was detected: `%s`. All model fields require a type "
                 "annotation; if `%s` is not meant to be a field, you may be able to resolve this "
                 "error by annotating it as a `ClassVar`",
                 name, name);
    }
}

/* The annotated names of the MRO, the most basic class first, each with the class that is last. */
static void collect_all(struct collecting *c)
{
    struct py_dict *names = py_dict_of(py_new_dict(c->run));
    struct py_value key, owner;
    for (size_t i = c->cls->mro_len; i-- > 0;) {
        const struct py_dict *all = annotations_of(c->run, c->cls->mro[i]);
        for (size_t k = 0; all && py_dict_next(all, &k, &key, NULL);)
            if (py_is_str(key))
                py_dict_put(c->run, names, key, py_class_value(c->cls->mro[i]));
    }
    for (size_t i = 0; py_dict_next(names, &i, &key, &owner);)
        collect_name(c, key, py_type_of(owner));
}

/* Whether no class above annotates anything: the common case. */
static bool is_alone(struct collecting *c)
{
    for (size_t i = 1; i < c->cls->mro_len; i++)
        if (annotations_of(c->run, c->cls->mro[i]))
            return false;
    return true;
}

static void collect_own(struct collecting *c)
{
    const struct py_dict *all = annotations_of(c->run, c->cls);
    struct py_value key;
    for (size_t i = 0; all && py_dict_next(all, &i, &key, NULL);)
        if (py_is_str(key))
            collect_name(c, key, c->cls);
}

struct py_dict *pydantic_fields(struct py_run *run, struct py_type *cls)
{
    static const char attribute[] = "__pydantic_fields__";
    struct py_dict *namespace = py_class_namespace(run, cls);
    struct py_value known = py_dict_get_name(namespace, attribute);
    if (py_is_dict(known))
        return py_dict_of(known);
    struct collecting c = {.run = run, .cls = cls, .fields = py_dict_of(py_new_dict(run))};
    collect_parents(&c);
    check_names(&c);
    if (is_alone(&c))
        collect_own(&c);
    else
        collect_all(&c);
    py_dict_put_name(run, namespace, attribute, py_object(&c.fields->base));
    return c.fields;
}
