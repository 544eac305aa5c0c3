/* From env.py's target_metadata to a schema. */
#include "config.h"

#include "alembic/models.h"

#include "alembic/env_run.h"
#include "alembic/models_private.h"
#include "alembic/sa_schema.h"
#include "alembic/sa_type.h"
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

static void warn_of_cycles(struct reading *r, const struct table_list *in_cycles)
{
    struct table_list sorted = {0};
    struct str names = STR_IN(r->arena);
    if (in_cycles->len == 0)
        return;
    for (size_t i = 0; i < in_cycles->len; i++)
        vec_push(r->arena, &sorted, in_cycles->at[i]);
    tables_sort_by_key(r->arena, &sorted);
    for (size_t i = 0; i < sorted.len; i++)
        str_addf(&names, "%s%s", i ? ", " : "", table_key(r->arena, sorted.at[i]));
    add_finding(r, ERR_GRAPH,
                arena_printf(r->arena,
                             "Cannot correctly sort tables; there are unresolvable cycles between "
                             "tables \"%s\", which is usually caused by mutually dependent foreign "
                             "key constraints.  Foreign key constraints involving these tables "
                             "will not be considered; this warning may raise an error in a future "
                             "release.",
                             names.ptr),
                sorted.at[0]->place);
}

static void note_key(struct reading *r, const struct table *t)
{
    const char *key = table_key(r->arena, t);
    if (map_has(&r->keys, key))
        str_addf(&r->duplicates, "%s\"%s\"", r->duplicates.len ? ", " : "", key);
    map_put(&r->keys, key, (void *)t);
}

static void read_metadata(struct py_run *run, struct reading *r, struct py_value metadata)
{
    struct sa_metadata *m =
        py_require_payload(run, metadata, &sa_metadata_class, "target_metadata");
    struct table_list tables = {0}, in_cycles = {0};
    struct py_value object;
    for (size_t i = 0; py_dict_next(py_dict_of(m->tables), &i, NULL, &object);) {
        struct table *t = (struct table *)sa_table_ready(run, object);
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
    warn_of_cycles(r, &in_cycles);
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

static void read_unknown(struct py_run *run, struct reading *r)
{
    const struct model_state *state = model_state(run);
    for (size_t i = 0; i < state->unknown.len; i++) {
        const struct model_unknown *u = &state->unknown.at[i];
        if (!is_target(r, u->metadata))
            continue;
        vec_push(r->arena, &r->out->schema.unknown, u->table);
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
        if (str_eq(s->unknown.at[i].table, t->name.text) && str_eq(s->unknown.at[i].schema, t->schema))
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
        add_finding(r, ERR_PYTHON, state->notes.at[i].text, state->notes.at[i].place);
}

/* ------------------------------------------------------------------ the run */

static void collect(struct py_run *run, void *payload)
{
    struct reading *r = payload;
    struct py_value given = env_run_of(run)->target_metadata;
    if (py_is_unset(given))
        return;
    py_require_known(run, given);
    if (py_is_list(given) || py_is_tuple(given))
        r->metadata = py_object((struct py_object *)py_items(run, given));
    else
        r->metadata = py_new_tuple(run, &given, 1);
    const struct py_tuple *targets = py_tuple_of(r->metadata);
    for (size_t i = 0; i < targets->len; i++)
        read_metadata(run, r, py_require_known(run, targets->items[i]));
    read_unknown(run, r);
    leave_out(&r->out->schema, &r->out->schema.tables);
    leave_out(&r->out->schema, &r->out->declared);
    read_notes(run, r);
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
    *r = (struct reading){.arena = a, .project = project, .out = out, .metadata = py_absent(),
                          .keys = MAP_IN(a), .types = MAP_IN(a), .duplicates = STR_IN(a)};
    *out = (struct models){0};
    err_clear(err);
    env_evaluate(a, project, &evaluation, &out->script, err);
    return !py_is_unset(r->metadata);
}

bool alembic_models_read(struct arena *a, struct alembic_project *project, struct models *out,
                         struct err *err)
{
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
        err_move(err, &failure);
        models_clear(out);
        return false;
    }
    if (found)
        return true;
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
