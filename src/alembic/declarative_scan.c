/*
 * From a class to its columns (spec/sqlmodel.md, section 6): the class's own attributes and those
 * of the mixins and abstract bases above it, in SQLAlchemy's order, up to the nearest mapped class.
 */
#include "config.h"

#include "alembic/declarative.h"

#include <stdlib.h>

#include "alembic/models_private.h"
#include "base/arena.h"
#include "base/map.h"
#include "base/str.h"

/* One class of the MRO, and the columns that were copied from it. */
struct scanned_base {
    struct py_type *cls;
    bool is_mapped;
    struct name_list names; /* in the order in which they count */
    struct py_dict *copies; /* name to Column */
};

/* Where an annotation stands: the class whose module it is evaluated in. */
struct noted_annotation {
    struct py_value inner; /* of Mapped[...]; absent: it is something else */
    struct py_type *cls;
};

struct scan {
    struct model_class *m;
    struct py_value registry;
    VEC(struct scanned_base) bases;
    struct map own;          /* names of the class's own body */
    bool fixed_table;        /* the body has __table__ */
    struct py_dict *collected; /* name to value, in order */
    struct map annotations;  /* name to struct noted_annotation */
    bool has_table_args, inherited_table_args;
    bool table_by_function;  /* a mixin's declared_attr __table__ */
};

/* ------------------------------------------------------------------ names and annotations */

static bool is_excluded(const char *name)
{
    return str_starts_with(name, "__") || str_starts_with(name, "_sa_");
}

static struct py_value raw_annotation(struct py_run *run, struct py_type *cls, const char *name)
{
    struct py_value all = py_dict_get_name(py_class_namespace(run, cls), "__annotations__");
    return py_is_dict(all) ? py_dict_get_name(py_dict_of(all), name) : py_absent();
}

static struct noted_annotation *note_annotation(struct py_run *run, struct scan *s,
                                                const char *name, struct py_value annotation,
                                                struct py_type *cls)
{
    struct noted_annotation *noted = map_get(&s->annotations, name);
    if (noted || py_is_unset(annotation))
        return noted;
    noted = PY_NEW(run, struct noted_annotation);
    noted->cls = cls;
    if (!mapped_annotation(run, annotation, cls, &noted->inner))
        noted->inner = py_absent();
    map_put(&s->annotations, name, noted);
    return noted;
}

static bool is_mapped_annotation(struct py_run *run, struct py_type *cls, const char *name)
{
    struct py_value annotation = raw_annotation(run, cls, name), inner;
    return !py_is_unset(annotation) && mapped_annotation(run, annotation, cls, &inner);
}

/* ------------------------------------------------------------------ what is not known */

/* Whether a value that nothing is known about can be told to be no column by where it is from. */
static bool is_harmless(const struct py_unknown *u, const char *name)
{
    static const char *const origins[] = {"sqlalchemy.orm.", "sqlalchemy.ext.", "pydantic",
                                          "marshmallow", "logging", "structlog", NULL};
    static const char *const names[] = {"query", "query_class", "objects", "manager", "log",
                                        "logger", NULL};
    for (size_t i = 0; origins[i]; i++)
        if (str_starts_with(u->what, origins[i]))
            return true;
    for (size_t i = 0; names[i]; i++)
        if (str_eq(name, names[i]))
            return true;
    return false;
}

/* Refuses an unknown value that could be a column; false: it is known. */
static bool check_unknown(struct py_run *run, struct scan *s, struct py_type *cls,
                          const char *name, struct py_value value)
{
    if (!py_is_unknown(value))
        return false;
    const struct py_unknown *u = (const struct py_unknown *)value.object;
    if (is_harmless(u, name) || model_is_method(cls, name))
        return true;
    s->m->place = model_attribute_place(run, cls, name);
    py_refuse(run, u->refusal, "%s.%s is not known: %s", cls->name, name, u->reason);
}

/* ------------------------------------------------------------------ copies of mixins' columns */

static void put_copy(struct py_run *run, struct scan *s, struct scanned_base *base,
                     const char *name, struct py_value column)
{
    py_dict_put_name(run, base->copies, name, column);
    py_dict_put_name(run, py_class_namespace(run, s->m->cls), name, column);
}

static bool table_has(struct py_run *run, const struct scan *s, const char *name)
{
    struct py_value table =
        py_dict_get_name(py_class_namespace(run, s->m->cls), "__table__");
    const struct sa_table *t = py_payload(table, &sa_table_class);
    return t && table_column(t->table, name);
}

static void copy_column(struct py_run *run, struct scan *s, struct scanned_base *base,
                        const char *name, struct py_value column)
{
    const struct column *c = sa_column_of(run, column, "Column")->column;
    note_annotation(run, s, name, raw_annotation(run, base->cls, name), base->cls);
    if (map_has(&s->own, name) ||
        (s->fixed_table && table_has(run, s, c->name.text ? c->name.text : name)))
        return;
    put_copy(run, s, base, name, sa_column_copy(run, column));
}

/* Columns of a class that is not mapped become the mapped class's own. */
static void produce_copies(struct py_run *run, struct scan *s, struct scanned_base *base)
{
    struct py_dict *names = py_class_namespace(run, base->cls);
    for (size_t i = 0; i < base->names.len; i++) {
        const char *name = base->names.at[i];
        if (is_excluded(name))
            continue;
        struct py_value value = py_dict_get_name(names, name);
        struct py_value found = py_class_lookup(run, s->m->cls, name, NULL);
        if (py_is_absent(value)) {
            if (s->fixed_table || !py_is_absent(found) ||
                !is_mapped_annotation(run, base->cls, name))
                continue;
            note_annotation(run, s, name, raw_annotation(run, base->cls, name), base->cls);
            struct py_value column = mapped_column_new(run);
            sa_column_of(run, column, "Column")->column->place =
                model_attribute_place(run, base->cls, name);
            put_copy(run, s, base, name, column);
        } else if (py_payload(value, &sa_column_class) && py_is(value, found)) {
            copy_column(run, s, base, name, value);
        }
    }
}

static void scan_bases(struct py_run *run, struct scan *s)
{
    struct py_type *cls = s->m->cls;
    for (size_t i = 0; i < cls->mro_len; i++) {
        struct py_type *base = cls->mro[i];
        if (base->native)
            continue;
        struct name_list assigned = model_assigned_names(run, base);
        struct name_list annotated = model_annotated_names(run, base);
        struct scanned_base entry = {
            .cls = base,
            .is_mapped = base != cls && model_is_mapped(run, base),
            .names = model_merge_names(py_arena(run), &assigned, &annotated),
            .copies = py_dict_of(py_new_dict(run)),
        };
        vec_push(py_arena(run), &s->bases, entry);
    }
    for (size_t i = 0; i < s->bases.len; i++)
        if (!s->bases.at[i].is_mapped && s->bases.at[i].cls != cls)
            produce_copies(run, s, &s->bases.at[i]);
}

/* ------------------------------------------------------------------ collecting */

static void collect_table_facts(struct py_run *run, struct scan *s, struct scanned_base *base,
                                const char *name)
{
    struct model_class *m = s->m;
    struct py_value raw = py_dict_get_name(py_class_namespace(run, base->cls), name);
    if (base->is_mapped && !model_is_declared_attr(raw))
        return;
    if (str_eq(name, "__tablename__")) {
        if (!py_truth(run, m->name))
            m->name = py_require_known(run, model_attribute(run, m->cls, name));
    } else if (str_eq(name, "__table_args__")) {
        if (s->has_table_args)
            return;
        m->table_args = model_attribute(run, m->cls, name);
        py_require_known(run, m->table_args);
        s->has_table_args = py_truth(run, m->table_args);
        s->inherited_table_args = base->cls != m->cls;
    } else if (str_eq(name, "__table__") && model_is_declared_attr(raw)) {
        s->table_by_function = true;
    }
}

/* The function behind a declared_attr says what the attribute is: -> Mapped[int]. */
static struct py_value return_annotation(struct py_run *run, struct py_value declared)
{
    struct py_value annotations;
    struct py_value function = model_declared_function(declared);
    if (!py_find_attr(run, function, "__annotations__", &annotations) || !py_is_dict(annotations))
        return py_absent();
    return py_dict_get_name(py_dict_of(annotations), "return");
}

static void collect_from_mixin(struct py_run *run, struct scan *s, struct scanned_base *base,
                               const char *name, struct py_value value)
{
    if (py_is_absent(value) || py_payload(value, &sa_column_class))
        return; /* copied already */
    if (model_is_declared_attr(value)) {
        struct py_value made = model_attribute(run, s->m->cls, name);
        py_dict_put_name(run, s->collected, name, made);
        note_annotation(run, s, name, return_annotation(run, value), base->cls);
        return;
    }
    check_unknown(run, s, base->cls, name, value);
}

static void collect_own(struct py_run *run, struct scan *s, struct scanned_base *base,
                        const char *name, struct py_value value)
{
    struct noted_annotation *noted =
        note_annotation(run, s, name, raw_annotation(run, base->cls, name), base->cls);
    if (!py_is_absent(value) && map_has(&s->own, name)) {
        py_dict_put_name(run, s->collected, name, value);
    } else if (py_is_absent(value) && !s->fixed_table && noted && !py_is_absent(noted->inner)) {
        struct py_value column = mapped_column_new(run);
        sa_column_of(run, column, "Column")->column->place =
            model_attribute_place(run, base->cls, name);
        py_dict_put_name(run, s->collected, name, column);
    }
}

static void collect(struct py_run *run, struct scan *s, struct scanned_base *base)
{
    struct py_value key, column;
    for (size_t i = 0; py_dict_next(base->copies, &i, &key, &column);)
        py_dict_put(run, s->collected, key, column);
    for (size_t i = 0; i < base->names.len; i++) {
        const char *name = base->names.at[i];
        py_step(run);
        if (is_excluded(name)) {
            collect_table_facts(run, s, base, name);
            continue;
        }
        struct py_value value = py_dict_get_name(py_class_namespace(run, base->cls), name);
        if (base->is_mapped)
            continue;
        if (base->cls == s->m->cls)
            collect_own(run, s, base, name, value);
        else
            collect_from_mixin(run, s, base, name, value);
    }
}

/* ------------------------------------------------------------------ columns */

struct found_column {
    struct py_value column;
    int64_t sort_order;
    size_t position;
};

struct found_columns {
    VEC(struct found_column) list;
};

static void add_column(struct py_run *run, struct found_columns *found, struct py_value column)
{
    const struct mapped_column *mapped = py_payload(column, &mapped_column_class);
    for (size_t i = 0; i < found->list.len; i++)
        if (py_is(found->list.at[i].column, column))
            return;
    struct found_column entry = {column, mapped ? mapped->sort_order : 0, found->list.len};
    vec_push(py_arena(run), &found->list, entry);
}

static void require_type(struct py_run *run, const struct scan *s, const char *name,
                         const struct column *c)
{
    if (!c->type && c->foreign_keys.len == 0)
        py_raise(run, &sa_argument_error_class,
                 "Python typing annotation is required for attribute \"%s.%s\" when primary "
                 "argument(s) for \"MappedColumn\" construct are None or not present",
                 s->m->cls->name, name);
}

/* mapped_column(): what its annotation says. */
static void settle_mapped(struct py_run *run, struct scan *s, const char *name,
                          struct py_value column)
{
    const struct noted_annotation *noted = map_get(&s->annotations, name);
    const struct mapper_registry *r = py_payload(s->registry, &registry_class);
    if (noted && !py_is_absent(noted->inner))
        mapped_column_annotate(run, column, noted->inner, noted->cls,
                               r ? r->types : py_absent(), name);
    else
        require_type(run, s, name, sa_column_of(run, column, "Column")->column);
}

/* A column that the table above has already, with use_existing_column=True. */
static struct py_value existing_column(struct py_run *run, const struct scan *s, const char *name,
                                       struct py_value column)
{
    const struct mapped_column *mapped = py_payload(column, &mapped_column_class);
    struct py_value table = model_table_of(run, s->m->cls, NULL);
    if (!mapped || !mapped->use_existing || py_is_absent(table) || py_is_str(s->m->name))
        return py_absent();
    const char *wanted = mapped->column.column->name.text;
    struct py_list *columns = py_list_of(sa_table_of(run, table, "Table")->column_objects);
    for (size_t i = 0; i < columns->len; i++)
        if (str_eq(sa_column_of(run, columns->items[i], "Column")->column->name.text,
                   wanted ? wanted : name))
            return columns->items[i];
    return py_absent();
}

static void take_column(struct py_run *run, struct scan *s, struct found_columns *found,
                        const char *name, struct py_value column)
{
    struct py_value existing = existing_column(run, s, name, column);
    if (!py_is_absent(existing))
        column = existing;
    else if (py_payload(column, &mapped_column_class))
        settle_mapped(run, s, name, column);
    sa_column_take_name(run, column, arena_strdup(py_arena(run), name));
    add_column(run, found, column);
    py_dict_put_name(run, py_class_namespace(run, s->m->cls), name, column);
}

/* column_property(), deferred(), composite(): the columns in it that have no table yet. */
static void take_property(struct py_run *run, struct scan *s, struct found_columns *found,
                          const char *name, const struct mapper_property *property)
{
    if (py_is_unset(property->columns))
        return;
    const struct py_tuple *columns = py_tuple_of(property->columns);
    for (size_t i = 0; i < columns->len; i++) {
        const struct sa_column *c = sa_column_of(run, columns->items[i], "Column");
        if (!py_is_absent(c->table))
            continue;
        if (!c->column->type && c->column->foreign_keys.len == 0 && !map_has(&s->annotations, name))
            py_refuse(run, PY_REFUSE_TYPE, "%s.%s: the type of a column in composite()",
                      s->m->cls->name, name);
        if (columns->len == 1)
            take_column(run, s, found, name, columns->items[i]);
        else
            add_column(run, found, columns->items[i]);
    }
}

static void extract(struct py_run *run, struct scan *s, struct found_columns *found)
{
    struct py_value key, value;
    for (size_t i = 0; py_dict_next(s->collected, &i, &key, &value);) {
        const char *name = py_str_of(key)->ptr;
        if (check_unknown(run, s, s->m->cls, name, value))
            continue;
        if (model_is_declared_attr(value)) {
            note_annotation(run, s, name, return_annotation(run, value), s->m->cls);
            value = model_attribute(run, s->m->cls, name);
            if (check_unknown(run, s, s->m->cls, name, value))
                continue;
        }
        const struct mapper_property *property = py_payload(value, &mapper_property_class);
        if (property)
            take_property(run, s, found, name, property);
        if (!py_payload(value, &sa_column_class))
            continue;
        if (str_eq(name, "metadata"))
            py_raise(run, &sa_invalid_request_error_class,
                     "Attribute name 'metadata' is reserved when using the Declarative API.");
        take_column(run, s, found, name, value);
    }
}

static int by_sort_order(const void *a, const void *b)
{
    const struct found_column *x = a, *y = b;
    if (x->sort_order != y->sort_order)
        return x->sort_order < y->sort_order ? -1 : 1;
    return x->position < y->position ? -1 : x->position > y->position;
}

/* ------------------------------------------------------------------ the table */

/* A given Table: the class's attributes are its columns. */
static void use_table(struct py_run *run, struct scan *s, struct py_value table)
{
    struct py_dict *names = py_class_namespace(run, s->m->cls);
    py_require_known(run, table);
    if (!py_payload(table, &sa_table_class))
        py_refuse(run, PY_REFUSE_CLASS, "%s.__table__ is not a Table", s->m->cls->name);
    struct py_list *columns = py_list_of(sa_table_of(run, table, "Table")->column_objects);
    model_set_table(run, s->m->cls, table);
    for (size_t i = 0; i < columns->len; i++) {
        const char *key = sa_column_of(run, columns->items[i], "Column")->column->key;
        if (py_is_absent(py_dict_get_name(names, key)))
            py_dict_put_name(run, names, key, columns->items[i]);
    }
}

/* Single table inheritance: the columns go to the table above. */
static void extend_table(struct py_run *run, struct scan *s, const struct found_columns *found,
                         struct py_value table)
{
    struct sa_table *t = sa_table_of(run, table, "Table");
    const char *cls = s->m->cls->name;
    if (s->has_table_args && !s->inherited_table_args)
        py_raise(run, &sa_argument_error_class,
                 "Can't place __table_args__ on an inherited class with no table.");
    for (size_t i = 0; i < found->list.len; i++) {
        struct py_value column = found->list.at[i].column;
        const struct sa_column *c = sa_column_of(run, column, "Column");
        const struct column *there = table_column(t->table, c->column->name.text);
        if (there == c->column)
            continue;
        if (there)
            py_raise(run, &sa_argument_error_class,
                     "Column '%s' on class %s conflicts with existing column '%s.%s'.  If using "
                     "Declarative, consider using the use_existing_column parameter of "
                     "mapped_column() to resolve conflicts.",
                     c->column->name.text, cls, t->table->name.text, there->name.text);
        if (c->column->primary_key)
            py_raise(run, &sa_argument_error_class,
                     "Can't place primary key columns on an inherited class with no table.");
        sa_table_append(run, table, column);
    }
    model_share_table(run, s->m->cls);
}

static void make_table(struct py_run *run, struct scan *s, const struct found_columns *found)
{
    struct model_class *m = s->m;
    struct py_value above = model_table_of(run, m->cls, NULL);
    struct py_value own = py_dict_get_name(py_class_namespace(run, m->cls), "__table__");
    if (s->table_by_function && py_is_absent(own))
        own = model_attribute(run, m->cls, "__table__");
    if (!py_is_absent(own)) {
        use_table(run, s, own);
        return;
    }
    if (py_truth(run, m->name)) {
        for (size_t i = 0; i < found->list.len; i++)
            vec_push(py_arena(run), &m->columns, found->list.at[i].column);
        model_make_table(run, m);
        return;
    }
    if (py_is_absent(above))
        py_raise(run, &sa_invalid_request_error_class,
                 "Class <class '%s.%s'> does not have a __table__ or __tablename__ specified and "
                 "does not inherit from an existing table-mapped class.",
                 m->cls->module, m->cls->qualname);
    extend_table(run, s, found, above);
}

/* ------------------------------------------------------------------ the class */

/* __abstract__ in its own body; __no_table__ there or in a direct base that is not mapped. */
static bool is_abstract(struct py_run *run, struct py_type *cls)
{
    if (py_truth(run, py_dict_get_name(py_class_namespace(run, cls), "__abstract__")) ||
        py_truth(run, py_dict_get_name(py_class_namespace(run, cls), "__no_table__")))
        return true;
    for (size_t i = 0; i < cls->base_count; i++)
        if (!model_is_mapped(run, cls->bases[i]) &&
            py_truth(run, py_dict_get_name(py_class_namespace(run, cls->bases[i]), "__no_table__")))
            return true;
    return false;
}

static struct py_value metadata_of(struct py_run *run, const struct scan *s)
{
    struct py_value metadata = model_attribute(run, s->m->cls, "metadata");
    const struct mapper_registry *r = py_payload(s->registry, &registry_class);
    if (py_is_unset(metadata) && r)
        metadata = r->metadata;
    return metadata;
}

static void map_class(struct py_run *run, struct model_class *m)
{
    struct scan s = {.m = m, .own = MAP_IN(py_arena(run)), .annotations = MAP_IN(py_arena(run))};
    struct found_columns found = {0};
    struct py_value key;
    if (is_abstract(run, m->cls))
        return;
    struct py_dict *names = py_class_namespace(run, m->cls);
    for (size_t i = 0; py_dict_next(names, &i, &key, NULL);)
        map_put(&s.own, py_str_of(key)->ptr, &s);
    s.fixed_table = map_has(&s.own, "__table__");
    s.collected = py_dict_of(py_new_dict(run));
    s.registry = registry_of(run, m->cls);
    m->metadata = metadata_of(run, &s);
    py_require_payload(run, m->metadata, &sa_metadata_class, "metadata");
    scan_bases(run, &s);
    for (size_t i = 0; i < s.bases.len; i++)
        for (size_t k = 0; k < s.bases.at[i].names.len; k++)
            if (str_eq(s.bases.at[i].names.at[k], "__tablename__"))
                collect_table_facts(run, &s, &s.bases.at[i], "__tablename__");
    for (size_t i = 0; i < s.bases.len; i++)
        collect(run, &s, &s.bases.at[i]);
    if (s.inherited_table_args && !py_truth(run, m->name))
        m->table_args = py_absent();
    extract(run, &s, &found);
    if (found.list.len > 1)
        if (found.list.len > 0)
        qsort(found.list.at, found.list.len, sizeof(struct found_column), by_sort_order);
    make_table(run, &s, &found);
}

const struct model_system declarative_system = {map_class};

/* ------------------------------------------------------------------ columns added later */

bool declarative_add_attribute(struct py_run *run, struct py_type *cls, const char *name,
                               struct py_value value)
{
    struct model_class m = {.cls = cls};
    struct scan s = {.m = &m, .annotations = MAP_IN(py_arena(run))};
    struct found_columns found = {0};
    const struct mapper_property *property = py_payload(value, &mapper_property_class);
    struct py_value table = model_table_of(run, cls, NULL);
    if (py_is_absent(table))
        return false;
    s.registry = registry_of(run, cls);
    if (property)
        take_property(run, &s, &found, name, property);
    else if (py_payload(value, &sa_column_class))
        take_column(run, &s, &found, name, value);
    for (size_t i = 0; i < found.list.len; i++)
        if (py_is_absent(sa_column_of(run, found.list.at[i].column, "Column")->table))
            sa_table_append(run, table, found.list.at[i].column);
    return !property && found.list.len > 0;
}
