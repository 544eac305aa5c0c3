/* From env.py's target_metadata to a schema. */
#include "config.h"

#include "alembic/models.h"

#include "alembic/env_run.h"
#include "alembic/models_private.h"
#include "alembic/sa_schema.h"
#include "alembic/sa_type.h"
#include "alembic/versions.h"
#include "base/arena.h"
#include "base/file.h"
#include "base/map.h"
#include "base/str.h"
#include "config/config.h"
#include "schema/order.h"
#include "schema/type.h"

/* One reading. */
struct reading {
    struct arena *arena;
    struct alembic_project *project;
    struct models *out;
    struct py_value metadata; /* a tuple of MetaData; absent: env.py gave none */
    struct map keys;          /* of all tables so far */
    struct map types;         /* enums and domains so far, by name */
    struct str duplicates;    /* "a", "b" */
    struct err passed_over;   /* without metadata: the last statement that was passed over */
    bool is_lenient;          /* env_run.is_lenient */
};

static void add_finding(struct reading *r, enum err_code code, const char *message,
                        struct file_line place)
{
    struct err finding = ERR_INIT;
    err_set(&finding, code, "%s", message);
    if (place.file)
        err_at(&finding, place.file, place.line, 0);
    vec_push(r->arena, &r->out->findings, finding);
}

/* ------------------------------------------------------------------ tables */

static void add_type(struct reading *r, const struct type *type)
{
    const char *key = arena_printf(r->arena, "%s.%s", type->schema ? type->schema : "",
                                   type->name.text ? type->name.text : "");
    if (map_has(&r->types, key))
        return;
    map_put(&r->types, key, r);
    if (type->kind == TYPE_PG_DOMAIN)
        vec_push(r->arena, &r->out->schema.domains, type);
    else
        vec_push(r->arena, &r->out->schema.enums, type);
}

static void note_key(struct reading *r, const struct table *t)
{
    const char *key = table_key(r->arena, t);
    if (map_has(&r->keys, key))
        str_addf(&r->duplicates, "%s\"%s\"", r->duplicates.len ? ", " : "", key);
    map_put(&r->keys, key, (void *)t);
}

struct readying {
    struct py_value object;
};

static void ready(struct py_run *run, void *payload)
{
    sa_table_ready(run, ((struct readying *)payload)->object);
}

/* A column whose type was to come from a table that is not known; NULL: none. */
static const struct column *untyped_column(const struct table *t)
{
    for (size_t i = 0; i < t->columns.len; i++)
        if (!t->columns.at[i]->type && t->columns.at[i]->foreign_keys.len > 0)
            return t->columns.at[i];
    return NULL;
}

/* Completes a table from the others; false: it is unknown, or turned out to be. Raises what
 * SQLAlchemy raises, as for a FOREIGN KEY to nowhere. */
static bool make_ready(struct py_run *run, struct py_value metadata, struct py_value object)
{
    const struct table *t = sa_table_of(run, object, "table")->table;
    const struct model_state *state = model_state(run);
    struct readying job = {object};
    struct py_outcome outcome;
    for (size_t i = 0; i < state->unknown.len; i++)
        if (str_eq(state->unknown.at[i].table.table, t->name.text) &&
            str_eq(state->unknown.at[i].table.schema, t->schema))
            return false;
    if (py_run_protect(run, ready, &job, &outcome)) {
        const struct column *c = untyped_column(t);
        if (!c)
            return true;
        model_mark_unknown(run, metadata, t->schema, t->name.text,
                           arena_printf(py_arena(run),
                                        "column %s has the type of a column that is not known",
                                        c->name.text),
                           c->place);
        return false;
    }
    if (outcome.ending == PY_RAISED)
        py_raise_value(run, outcome.exception);
    if (outcome.ending == PY_LIMIT)
        py_limit(run, outcome.refusal, "%s", outcome.reason);
    model_mark_unknown(run, metadata, t->schema, t->name.text, outcome.reason, t->place);
    return false;
}

static void read_metadata(struct py_run *run, struct reading *r, struct py_value metadata)
{
    struct sa_metadata *m =
        py_require_payload(run, metadata, &sa_metadata_class, "target_metadata");
    struct table_list tables = {0}, in_cycles = {0};
    struct py_value object;
    for (size_t i = 0; py_dict_next(py_dict_of(m->tables), &i, NULL, &object);) {
        struct table *t = sa_table_of(run, object, "table")->table;
        if (!make_ready(run, metadata, object))
            continue;
        vec_push(r->arena, &tables, t);
        vec_push(r->arena, &r->out->declared, t);
        note_key(r, t);
    }
    for (size_t i = 0; i < m->types.len; i++)
        add_type(r, m->types.at[i]);
    for (size_t i = 0; i < m->sequences.len; i++)
        vec_push(r->arena, &r->out->schema.sequences, m->sequences.at[i]);
    tables_sort_by_key(r->arena, &tables);
    tables_in_order(r->arena, &tables, &r->out->schema.tables, &in_cycles);
    if (in_cycles.len > 0)
        vec_push(r->arena, &r->out->schema.cycles, in_cycles);
}

/* ------------------------------------------------------------------ what is not known */

static bool is_target(const struct reading *r, struct py_value metadata)
{
    const struct py_tuple *targets = py_tuple_of(r->metadata);
    for (size_t i = 0; i < targets->len; i++)
        if (py_is(targets->items[i], metadata))
            return true;
    return py_is_unset(metadata);
}

/* Of a class that was not evaluated the MetaData is not known: it may be in the schema of any. */
static void add_in_schemas(struct reading *r, const struct unknown_table *unknown)
{
    const struct py_tuple *targets = py_tuple_of(r->metadata);
    for (size_t i = 0; i < targets->len; i++) {
        const struct sa_metadata *m = py_payload(targets->items[i], &sa_metadata_class);
        struct unknown_table copy = *unknown;
        if (!m || !m->schema)
            continue;
        copy.schema = m->schema;
        vec_push(r->arena, &r->out->schema.unknown, copy);
    }
}

/* Tables of which nothing is known may be what a FOREIGN KEY leads to. */
static void hide_targets(struct py_run *run, const struct reading *r)
{
    const struct model_state *state = model_state(run);
    const struct py_tuple *targets = py_tuple_of(r->metadata);
    bool hidden = false;
    for (size_t i = 0; i < state->unknown.len; i++)
        hidden = hidden || py_is_unset(state->unknown.at[i].metadata);
    for (size_t i = 0; i < targets->len; i++)
        hidden = hidden || py_is_unknown(targets->items[i]);
    for (size_t i = 0; hidden && i < targets->len; i++)
        sa_metadata_hide(targets->items[i]);
}

static void read_unknown(struct py_run *run, struct reading *r)
{
    const struct model_state *state = model_state(run);
    for (size_t i = 0; i < state->unknown.len; i++) {
        const struct model_unknown *u = &state->unknown.at[i];
        if (!is_target(r, u->metadata))
            continue;
        vec_push(r->arena, &r->out->schema.unknown, u->table);
        if (py_is_unset(u->metadata) && u->table.table && !u->table.schema)
            add_in_schemas(r, &u->table);
        const char *what = u->table.table
                               ? arena_printf(r->arena, "table %s is not compared: %s",
                                              u->table.table, u->table.reason)
                               : arena_printf(r->arena, "a table is not known: %s",
                                              u->table.reason);
        add_finding(r, ERR_PYTHON, what, u->table.place);
    }
}

static bool is_unknown(const struct schema *s, const struct table *t)
{
    for (size_t i = 0; i < s->unknown.len; i++)
        if (str_eq(s->unknown.at[i].table, t->name.text) &&
            str_eq(s->unknown.at[i].schema, t->schema))
            return true;
    return false;
}

/* A table of which only a part is known is not among those that are. */
static void leave_out(const struct schema *s, struct table_list *tables)
{
    size_t kept = 0;
    for (size_t i = 0; i < tables->len; i++)
        if (!is_unknown(s, tables->at[i]))
            tables->at[kept++] = tables->at[i];
    tables->len = kept;
}

static void read_notes(struct py_run *run, struct reading *r)
{
    const struct model_state *state = model_state(run);
    for (size_t i = 0; i < state->notes.len; i++)
        add_finding(r, ERR_PYTHON,
                    arena_printf(r->arena, "passed over: %s", state->notes.at[i].reason),
                    state->notes.at[i].place);
}

/* ------------------------------------------------------------------ the run */

static void collect(struct py_run *run, void *payload)
{
    struct reading *r = payload;
    struct py_value given = env_run_of(run)->target_metadata;
    const struct model_state *state = model_state(run);
    r->is_lenient = env_run_of(run)->is_lenient;
    if (py_is_unset(given) && state->notes.len > 0) {
        const struct model_note *note = &vec_last(&state->notes);
        err_set(&r->passed_over, ERR_PYTHON, "%s", note->reason);
        err_at(&r->passed_over, note->place.file, note->place.line, 0);
    }
    if (py_is_unset(given))
        return;
    py_require_known(run, given);
    if (py_is_list(given) || py_is_tuple(given))
        r->metadata = py_object((struct py_object *)py_items(run, given));
    else
        r->metadata = py_new_tuple(run, &given, 1);
    const struct py_tuple *targets = py_tuple_of(r->metadata);
    size_t unknown = 0;
    hide_targets(run, r);
    for (size_t i = 0; i < targets->len; i++)
        unknown += py_is_unknown(targets->items[i]);
    if (unknown == targets->len && unknown > 0)
        py_require_known(run, targets->items[0]);
    for (size_t i = 0; i < targets->len; i++) {
        const struct py_unknown *u = (const struct py_unknown *)targets->items[i].object;
        if (py_is_unknown(targets->items[i]))
            model_mark_unknown(run, py_absent(), NULL, NULL, u->reason,
                               (struct file_line){env_run_of(run)->project->env_path, 0});
        else
            read_metadata(run, r, targets->items[i]);
    }
    read_unknown(run, r);
    r->out->sqlalchemy_is_1 = sqlalchemy_is_1(run);
    leave_out(&r->out->schema, &r->out->schema.tables);
    leave_out(&r->out->schema, &r->out->declared);
    read_notes(run, r);
    models_find_unseen(run, r->project, r->out);
    if (r->duplicates.len > 0)
        py_raise(run, &py_value_error_class,
                 "Duplicate table keys across multiple MetaData objects: %s", r->duplicates.ptr);
}

static bool evaluate(struct reading *r, bool offline, struct err *err)
{
    const struct env_command command = {
        .name = "revision", .offline = offline, .autogenerate = true};
    const struct env_evaluation evaluation = {
        .command = &command, .for_models = true, .after = collect, .payload = r};
    struct arena *a = r->arena;
    struct alembic_project *project = r->project;
    struct models *out = r->out;
    struct err passed_over = r->passed_over;
    *r = (struct reading){.arena = a, .project = project, .out = out, .metadata = py_absent(),
                          .keys = MAP_IN(a), .types = MAP_IN(a), .duplicates = STR_IN(a)};
    *out = (struct models){0};
    err_clear(err);
    err_clear(&passed_over);
    env_evaluate(a, project, &evaluation, &out->script, err);
    return !py_is_unset(r->metadata);
}

bool models_read_whole(struct alembic_project *project, struct models *out)
{
    struct reading r = {.arena = project->arena, .project = project, .out = out};
    struct err failure = ERR_INIT;
    bool whole = evaluate(&r, false, &failure) && failure.code == ERR_NONE &&
                 out->script.err.code == ERR_NONE && !r.is_lenient;
    err_clear(&failure);
    err_clear(&r.passed_over);
    if (!whole)
        models_clear(out);
    return whole;
}

bool alembic_models_read(struct arena *a, struct alembic_project *project, struct models *out,
                         struct err *err)
{
    if (project->models) {
        *out = *project->models;
        project->models = NULL;
        return true;
    }
    struct reading r = {.arena = a, .project = project, .out = out};
    struct err failure = ERR_INIT;
    bool found = evaluate(&r, false, &failure);
    if (!found && failure.code != ERR_NONE && failure.code != ERR_RAISED) {
        models_clear(out);
        found = evaluate(&r, true, &failure);
    }
    if (found && failure.code != ERR_NONE && out->script.err.code != ERR_NONE &&
        str_eq(failure.message, out->script.err.message))
        err_clear(&failure); /* what came behind configure() is of no concern here */
    if (failure.code != ERR_NONE) {
        err_clear(&r.passed_over);
        err_move(err, &failure);
        models_clear(out);
        return false;
    }
    if (found)
        return true;
    if (r.passed_over.code != ERR_NONE) { /* why configure() was not reached */
        models_clear(out);
        err_move(err, &r.passed_over);
        return false;
    }
    models_clear(out);
    return err_set(err, ERR_COMMAND,
                   "Can't proceed with --autogenerate option; environment script %s does not "
                   "provide a MetaData object or sequence of objects to the context.",
                   path_join(a, project->config->script_location_text, "env.py"));
}

void models_clear(struct models *models)
{
    for (size_t i = 0; i < models->findings.len; i++)
        err_clear(&models->findings.at[i]);
    models->findings.len = 0;
    env_script_clear(&models->script);
}
