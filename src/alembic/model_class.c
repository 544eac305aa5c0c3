#include "config.h"

#include "alembic/model_class.h"

#include "alembic/host.h"
#include "alembic/models_private.h"
#include "alembic/project.h"
#include "base/arena.h"
#include "base/map.h"
#include "base/str.h"
#include "config/config.h"
#include "python/binding.h"

/* What a mapped class keeps: py_type.host. */
struct mapped {
    struct py_value table; /* absent: it is being mapped, or that failed */
};

/* ------------------------------------------------------------------ places */

struct file_line model_in_project(struct py_run *run, struct py_place place)
{
    const struct alembic_project *project = alembic_host(run)->project;
    const char *root = project && project->config ? project->config->root : NULL;
    size_t len = root ? strlen(root) : 0;
    struct file_line out = {.file = place.file, .line = place.line};
    if (len > 1 && place.file && strncmp(place.file, root, len) == 0 && place.file[len] == '/')
        out.file = place.file + len + 1;
    return out;
}

struct file_line model_place(struct py_run *run)
{
    return model_in_project(run, py_where(run));
}

struct file_line model_class_place(struct py_run *run, struct py_type *cls)
{
    struct py_place place = py_class_place(cls);
    return place.file ? model_in_project(run, place) : model_place(run);
}

struct file_line model_attribute_place(struct py_run *run, struct py_type *cls, const char *name)
{
    struct py_place place = py_class_attribute_place(cls, name);
    return place.file ? model_in_project(run, place) : model_class_place(run, cls);
}

/* ------------------------------------------------------------------ what is not known */

static const char state_key;

struct model_state *model_state(struct py_run *run)
{
    return py_state(run, &state_key, sizeof(struct model_state));
}

void model_mark_unknown(struct py_run *run, struct py_value metadata, const char *schema,
                        const char *name, const char *reason, struct file_line place)
{
    struct arena *a = py_arena(run);
    struct model_unknown unknown = {
        .metadata = metadata,
        .table = {.schema = arena_strdup(a, schema),
                  .table = arena_strdup(a, name),
                  .reason = arena_strdup(a, reason),
                  .place = place},
    };
    vec_push(a, &model_state(run)->unknown, unknown);
    if (!py_is_unset(metadata))
        sa_metadata_hide(metadata);
}

/* ------------------------------------------------------------------ mapping a class */

struct job {
    struct model_class m;
    const struct model_system *system;
};

static void map_body(struct py_run *run, void *payload)
{
    struct job *job = payload;
    job->system->map(run, &job->m);
}

/* The schema of a table that was not made: from __table_args__ or the MetaData. */
static const char *schema_of(const struct model_class *m)
{
    const struct sa_metadata *metadata = py_payload(m->metadata, &sa_metadata_class);
    struct py_value options = m->table_args;
    if (py_is_tuple(options) && py_tuple_of(options)->len > 0)
        options = py_tuple_of(options)->items[py_tuple_of(options)->len - 1];
    struct py_value schema =
        py_is_dict(options) ? py_dict_get_name(py_dict_of(options), "schema") : py_absent();
    if (py_is_str(schema))
        return py_str_of(schema)->ptr;
    return metadata ? metadata->schema : NULL;
}

static void give_up(struct py_run *run, const struct job *job, const struct py_outcome *outcome)
{
    const struct model_class *m = &job->m;
    const char *reason =
        outcome->ending == PY_RAISED
            ? arena_printf(py_arena(run), "%s: %s", outcome->type, outcome->message)
            : outcome->reason;
    struct py_value above = model_table_of(run, m->cls, NULL);
    struct file_line place =
        m->place.file ? m->place : outcome->place.file && outcome->place.file[0] != '<'
            ? model_in_project(run, outcome->place)
            : model_class_place(run, m->cls);
    if (!py_is_str(m->name) && !py_is_absent(above)) { /* its columns are missing there */
        const struct table *t = sa_table_of(run, above, "Table")->table;
        model_mark_unknown(run, m->metadata, t->schema, t->name.text, reason, place);
        return;
    }
    model_mark_unknown(run, m->metadata, schema_of(m),
                       py_is_str(m->name) ? py_str_of(m->name)->ptr : NULL, reason, place);
}

void model_read_class(struct py_run *run, struct py_type *cls, struct py_dict *keywords,
                      const struct model_system *system)
{
    struct job job = {.m = {.cls = cls, .keywords = keywords}, .system = system};
    struct py_outcome outcome;
    if (py_run_protect(run, map_body, &job, &outcome))
        return;
    if (outcome.ending == PY_LIMIT)
        py_limit(run, outcome.refusal, "%s", outcome.reason);
    if (outcome.ending == PY_RAISED && alembic_host(run)->for_models)
        py_raise_value(run, outcome.exception);
    give_up(run, &job, &outcome);
}

/* ------------------------------------------------------------------ the Table */

struct py_value model_table_of(struct py_run *run, struct py_type *cls, struct py_type **owner)
{
    (void)run;
    for (size_t i = 0; i < cls->mro_len; i++) {
        const struct mapped *mapped = cls->mro[i]->native ? NULL : cls->mro[i]->host;
        if (!mapped || py_is_absent(mapped->table))
            continue;
        if (owner)
            *owner = cls->mro[i];
        return mapped->table;
    }
    return py_absent();
}

bool model_is_mapped(struct py_run *run, struct py_type *cls)
{
    (void)run;
    return !cls->native && cls->host;
}

void model_set_table(struct py_run *run, struct py_type *cls, struct py_value table)
{
    struct mapped *mapped = PY_NEW(run, struct mapped);
    mapped->table = table;
    cls->host = mapped;
    py_dict_put_name(run, py_class_namespace(run, cls), "__table__", table);
}

void model_share_table(struct py_run *run, struct py_type *cls)
{
    struct mapped *mapped = PY_NEW(run, struct mapped);
    cls->host = mapped;
}

/* __table_args__: positional arguments of Table() in front, keywords in the last dict. */
static struct py_dict *split_table_args(struct py_run *run, struct py_value value,
                                        const struct py_value **items, size_t *count)
{
    *items = NULL;
    *count = 0;
    if (py_is_unset(value))
        return NULL;
    py_require_known(run, value);
    if (py_is_dict(value))
        return py_dict_of(value);
    if (!py_is_tuple(value))
        py_raise(run, &sa_argument_error_class,
                 "__table_args__ value must be a tuple, dict, or None");
    const struct py_tuple *tuple = py_tuple_of(value);
    *items = tuple->items;
    *count = tuple->len;
    if (tuple->len == 0 || !py_is_dict(tuple->items[tuple->len - 1]))
        return NULL;
    (*count)--;
    return py_dict_of(tuple->items[tuple->len - 1]);
}

/* A mapper needs a primary key, of the table or named by __mapper_args__. */
static void require_primary_key(struct py_run *run, const struct model_class *m,
                                struct py_value table)
{
    const struct table *t = sa_table_of(run, table, "Table")->table;
    struct py_value args = model_attribute(run, m->cls, "__mapper_args__");
    if (table_primary_key(t) ||
        (py_is_dict(args) && !py_is_unset(py_dict_get_name(py_dict_of(args), "primary_key"))))
        return;
    py_raise(run, &sa_argument_error_class,
             "Mapper Mapper[%s(%s)] could not assemble any primary key columns for mapped table "
             "'%s'",
             m->cls->name, t->name.text, t->name.text);
}

struct py_value model_make_table(struct py_run *run, const struct model_class *m)
{
    const struct py_value *extra;
    size_t extra_count;
    struct py_dict *kw = split_table_args(run, m->table_args, &extra, &extra_count);
    struct py_value *args = py_alloc(run, (m->columns.len + extra_count + 2) * sizeof(*args));
    size_t count = 0;
    args[count++] = m->name;
    args[count++] = m->metadata;
    for (size_t i = 0; i < m->columns.len; i++)
        args[count++] = m->columns.at[i];
    for (size_t i = 0; i < extra_count; i++)
        args[count++] = extra[i];
    struct py_value keywords = py_new_dict(run), key, value;
    for (size_t i = 0; kw && py_dict_next(kw, &i, &key, &value);)
        py_dict_put(run, py_dict_of(keywords), key, value);
    struct py_value maker = model_attribute(run, m->cls, "__table_cls__");
    if (!py_is_unset(maker))
        py_refuse(run, PY_REFUSE_CLASS, "__table_cls__ is not supported");
    struct py_value table = py_construct(run, &sa_table_class, args, count, py_dict_of(keywords));
    sa_table_of(run, table, "Table")->table->place = model_class_place(run, m->cls);
    model_set_table(run, m->cls, table);
    require_primary_key(run, m, table);
    return table;
}

/* ------------------------------------------------------------------ attributes */

struct py_value model_attribute(struct py_run *run, struct py_type *cls, const char *name)
{
    struct py_value raw = py_class_lookup(run, cls, name, NULL);
    if (py_is_absent(raw) || !model_is_declared_attr(raw))
        return raw;
    return py_getattr(run, py_class_value(cls), name);
}

struct name_list model_assigned_names(struct py_run *run, struct py_type *cls)
{
    struct name_list names = {0};
    struct py_value key;
    for (size_t i = 0; py_dict_next(py_class_namespace(run, cls), &i, &key, NULL);)
        vec_push(py_arena(run), &names, py_str_of(key)->ptr);
    return names;
}

struct name_list model_annotated_names(struct py_run *run, struct py_type *cls)
{
    struct name_list names = {0};
    struct py_value all = py_dict_get_name(py_class_namespace(run, cls), "__annotations__"), key;
    for (size_t i = 0; py_is_dict(all) && py_dict_next(py_dict_of(all), &i, &key, NULL);)
        vec_push(py_arena(run), &names, py_str_of(key)->ptr);
    return names;
}

struct evaluation {
    const char *text, *module;
    const struct py_dict *locals;
    struct py_value value;
};

static void evaluate(struct py_run *run, void *payload)
{
    struct evaluation *e = payload;
    e->value = py_eval_text(run, e->text, e->module, e->locals);
}

struct py_value model_annotation(struct py_run *run, struct py_type *cls, const char *name)
{
    struct py_value all = py_dict_get_name(py_class_namespace(run, cls), "__annotations__");
    struct py_value found =
        py_is_dict(all) ? py_dict_get_name(py_dict_of(all), name) : py_absent();
    if (!py_is_str(found))
        return found;
    struct evaluation e = {py_str_of(found)->ptr, cls->module, NULL, found};
    struct py_outcome outcome;
    py_run_protect(run, evaluate, &e, &outcome);
    return e.value;
}

struct name_list model_merge_names(struct arena *a, const struct name_list *assigned,
                                   const struct name_list *annotated)
{
    const struct name_list *current = assigned, *other = annotated, *swap;
    size_t at = 0, other_at = 0, at_swap;
    struct map overlap = MAP_IN(a), in_first = MAP_IN(a);
    struct name_list out = {0};
    for (size_t i = 0; i < assigned->len; i++)
        map_put(&in_first, assigned->at[i], (void *)assigned);
    for (size_t i = 0; i < annotated->len; i++)
        if (map_has(&in_first, annotated->at[i]))
            map_put(&overlap, annotated->at[i], (void *)annotated);
    while (at < current->len) {
        const char *name = current->at[at++];
        if (!map_get(&overlap, name)) {
            vec_push(a, &out, name);
            continue;
        }
        map_put(&overlap, name, NULL);
        swap = current, current = other, other = swap;
        at_swap = at, at = other_at, other_at = at_swap;
    }
    for (; other_at < other->len; other_at++)
        vec_push(a, &out, other->at[other_at]);
    return out;
}

struct method_search {
    const char *name;
    bool is_method;
};

/*
 * A decorator that is given a call, as in @aggregated("total", Column(Integer)), can make anything.
 */
static bool is_given_calls(const struct py_node *decorator)
{
    if (decorator->kind != PY_NODE_CALL)
        return false;
    for (uint32_t i = 0; i < decorator->as.call.args.count; i++)
        if (decorator->as.call.args.at[i]->kind == PY_NODE_CALL)
            return true;
    for (uint32_t i = 0; i < decorator->as.call.keywords.count; i++)
        if (decorator->as.call.keywords.at[i].value->kind == PY_NODE_CALL)
            return true;
    return false;
}

static void look_for_method(const struct py_name *name, const struct py_node *node, void *payload)
{
    struct method_search *search = payload;
    if (!str_eq(name->text, search->name))
        return;
    search->is_method =
        node->kind == PY_NODE_FUNCTION_DEF || node->kind == PY_NODE_ASYNC_FUNCTION_DEF;
    if (!search->is_method)
        return;
    const struct py_nodes *decorators = &node->as.function->decorators;
    for (uint32_t i = 0; i < decorators->count; i++)
        search->is_method = search->is_method && !is_given_calls(decorators->at[i]);
}

bool model_is_method(const struct py_type *cls, const char *name)
{
    struct method_search search = {.name = name};
    if (cls->statement)
        py_each_binding(&cls->statement->as.class_def->body, look_for_method, &search);
    return search.is_method;
}

/* ------------------------------------------------------------------ declared_attr */

struct declared_attr {
    struct py_value function;
    bool cascading;
};

bool model_is_declared_attr(struct py_value v)
{
    return py_payload(v, &model_declared_attr_class) != NULL;
}

struct py_value model_declared_function(struct py_value declared)
{
    const struct declared_attr *d = py_payload(declared, &model_declared_attr_class);
    return d ? d->function : py_absent();
}

static struct py_value declared_init(struct py_run *run, struct py_call *call)
{
    struct declared_attr *d =
        py_require_payload(run, call->self, &model_declared_attr_class, "self");
    d->function = call->args[0];
    return py_none();
}

/* The function may be wrapped in @classmethod. */
static struct py_value declared_get(struct py_run *run, struct py_call *call)
{
    struct declared_attr *d =
        py_require_payload(run, call->self, &model_declared_attr_class, "self");
    struct py_value function = d->function, cls = call->args[1], inner;
    py_require_known(run, function);
    if (!py_callable(run, function) && py_find_attr(run, function, "__func__", &inner))
        function = inner;
    return py_call(run, function, &cls, 1, NULL);
}

static struct py_value declared_name(struct py_run *run, struct py_call *call)
{
    (void)call;
    return py_class_value(py_class_for(run, &model_declared_attr_class));
}

static const struct py_member declared_members[] = {
    PY_FUNCTION_N("__init__", declared_init, 1, 1),
    PY_FUNCTION_N("__get__", declared_get, 2, 2),
    PY_VALUE("directive", declared_name),
    PY_VALUE("cascading", declared_name),
    PY_MEMBERS_END,
};

const struct py_native_class model_declared_attr_class = {
    .name = "declared_attr",
    .module = "sqlalchemy.orm.decl_api",
    .members = declared_members,
    .payload_size = sizeof(struct declared_attr),
    .flags = PY_CLASS_INERT,
};
