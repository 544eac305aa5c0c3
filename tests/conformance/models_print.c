/*
 * Prints what retort reads from the models of a project, as JSON: in the words of schema.json, and
 * the statements of create_all() (tests/conformance/models, README.md there).
 *
 *     models_print FOLDER      the folder of alembic.ini
 *
 * Exit status 1: the models could not be read, and why is on standard error.
 */
#include "config.h"

#include <ctype.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "alembic/models.h"
#include "base/arena.h"
#include "base/file.h"
#include "base/map.h"
#include "base/str.h"
#include "config/config.h"
#include "schema/naming.h"
#include "schema/op.h"
#include "schema/order.h"
#include "sql/render.h"
#include "sql/render_ddl.h"
#include "sql/render_expr.h"
#include "sql/render_type.h"

#include "describe.h"

extern char **environ;

/* ------------------------------------------------------------------ tables */

static void set_constraints(struct printer *p, json_t *out, const struct table *t)
{
    json_t *uniques = json_array(), *checks = json_array(), *keys = json_array(),
           *excludes = json_array(), *primary = json_null();
    for (size_t i = 0; i < t->constraints.len; i++) {
        const struct constraint *k = t->constraints.at[i];
        if (k->kind == CONSTRAINT_PRIMARY_KEY)
            primary = json_pack("{s:o,s:o}", "name", describe_constraint_name(p, k->name),
                                "columns", describe_names(&k->columns));
        else if (k->kind == CONSTRAINT_UNIQUE)
            json_array_append_new(uniques, describe_unique(p, k));
        else if (k->kind == CONSTRAINT_CHECK)
            json_array_append_new(checks, describe_check(p, t, k, NULL));
        else if (k->kind == CONSTRAINT_FOREIGN_KEY)
            json_array_append_new(keys, describe_foreign_key(p, k));
        else
            json_array_append_new(excludes, json_pack("{s:o,s:o}", "name",
                                                      describe_constraint_name(p, k->name), "ddl",
                                                      describe_constraint_text(p, t, k)));
    }
    for (size_t i = 0; i < t->columns.len; i++)
        for (size_t j = 0; j < t->columns.at[i]->checks.len; j++)
            json_array_append_new(checks, describe_check(p, t, t->columns.at[i]->checks.at[j],
                                                t->columns.at[i]->name.text));
    json_object_set_new(out, "primary_key", primary);
    json_object_set_new(out, "unique_constraints", uniques);
    json_object_set_new(out, "check_constraints", checks);
    json_object_set_new(out, "foreign_keys", keys);
    json_object_set_new(out, "exclude_constraints", excludes);
}

static json_t *table_options(const struct table *t)
{
    json_t *out = json_object();
    const struct {
        const char *key, *value;
    } texts[] = {{"partition_by", t->partition_by},
                 {"using", t->using_},
                 {"on_commit", t->on_commit},
                 {"tablespace", t->tablespace}};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        if (texts[i].value)
            json_object_set_new(out, texts[i].key, json_string(texts[i].value));
    if (t->with_oids != UNSET)
        json_object_set_new(out, "with_oids", describe_tristate(t->with_oids));
    if (t->inherits.len)
        json_object_set_new(out, "inherits", describe_names(&t->inherits));
    return out;
}

static json_t *place(struct file_line place)
{
    return json_pack("{s:o,s:i}", "file", describe_text(place.file), "line", place.line);
}

static json_t *table(struct printer *p, const struct table *t)
{
    json_t *out = json_object(), *columns = json_array(), *indexes = json_array(),
           *places = json_object();
    json_object_set_new(out, "name", json_string(t->name.text));
    json_object_set_new(out, "schema", describe_text(t->schema));
    json_object_set_new(out, "comment", describe_text(t->comment));
    for (size_t i = 0; i < t->columns.len; i++) {
        const struct column *c = t->columns.at[i];
        json_array_append_new(columns, describe_column(p, t, c));
        json_object_set_new(places, c->name.text, json_integer(c->place.line));
    }
    json_object_set_new(out, "columns", columns);
    set_constraints(p, out, t);
    for (size_t i = 0; i < t->indexes.len; i++)
        json_array_append_new(indexes, describe_index(p, t->indexes.at[i]));
    json_object_set_new(out, "indexes", indexes);
    json_object_set_new(out, "prefixes", describe_names(&t->prefixes));
    json_object_set_new(out, "options", table_options(t));
    json_object_set_new(out, "place", place(t->place));
    json_object_set_new(out, "column_lines", places);
    return out;
}

/* ------------------------------------------------------------------ the rest of the schema */

static json_t *schema_of(struct printer *p, const struct schema *s)
{
    json_t *tables = json_array(), *enums = json_array(), *domains = json_array(),
           *sequences = json_array();
    for (size_t i = 0; i < s->tables.len; i++)
        json_array_append_new(tables, table(p, s->tables.at[i]));
    for (size_t i = 0; i < s->enums.len; i++) {
        const struct type *type = s->enums.at[i];
        json_t *values = json_array();
        for (size_t j = 0; j < type->label_count; j++)
            json_array_append_new(values, json_string(type->labels[j]));
        json_array_append_new(enums,
                              json_pack("{s:o,s:o,s:o}", "name", describe_text(type->name.text),
                                        "schema", describe_text(type->schema), "values", values));
    }
    for (size_t i = 0; i < s->domains.len; i++) {
        const struct type *type = s->domains.at[i];
        json_array_append_new(domains,
                              json_pack("{s:o,s:o,s:o}", "name", describe_text(type->name.text),
                                        "schema", describe_text(type->schema), "type",
                                        describe_type(p, type->item)));
    }
    for (size_t i = 0; i < s->sequences.len; i++) {
        const struct sequence *sequence = s->sequences.at[i];
        json_t *out = describe_identity(&sequence->options);
        json_object_del(out, "always");
        json_object_set_new(out, "name", json_string(sequence->name.text));
        json_object_set_new(out, "schema", describe_text(sequence->schema));
        json_array_append_new(sequences, out);
    }
    return json_pack("{s:o,s:o,s:o,s:o}", "tables", tables, "enums", enums, "domains", domains,
                     "sequences", sequences);
}

/* ------------------------------------------------------------------ create_all() */

struct creation {
    struct printer *printer;
    struct sql_context context;
    json_t *statements;
};

static void render(struct creation *c, const struct op *op)
{
    struct statement_list list = {0};
    struct printer *p = c->printer;
    err_clear(&p->err);
    if (!sql_render_op(p->arena, &c->context, op, &list, &p->err))
        json_array_append_new(c->statements,
                              json_string(arena_printf(p->arena, "<%s>", p->err.message)));
    for (size_t i = 0; i < list.len; i++)
        json_array_append_new(c->statements, json_string(list.at[i].sql));
}

static void create_sequence(struct creation *c, struct sequence *sequence)
{
    struct op op = {.kind = OP_CREATE_SEQUENCE, .schema = sequence->schema};
    op.as.create_sequence.sequence = sequence;
    render(c, &op);
}

static bool belongs_to(const struct sequence *sequence, const struct table *t)
{
    for (size_t i = 0; i < t->columns.len; i++)
        if (str_eq(t->columns.at[i]->sequence, sequence->name.text))
            return true;
    return false;
}

static void create_lonely_sequences(struct creation *c, const struct models *models)
{
    for (size_t i = 0; i < models->schema.sequences.len; i++) {
        bool lonely = true;
        for (size_t j = 0; j < models->declared.len; j++)
            lonely = lonely && !belongs_to(models->schema.sequences.at[i], models->declared.at[j]);
        if (lonely)
            create_sequence(c, models->schema.sequences.at[i]);
    }
}

static void create_types(struct creation *c, const struct type_list *types)
{
    for (size_t i = 0; i < types->len; i++) {
        struct op op = {.kind = OP_CREATE_TYPE, .schema = types->at[i]->schema};
        op.as.create_type = arena_memdup(c->printer->arena, types->at[i], sizeof(struct type));
        if (types->at[i]->create_type)
            render(c, &op);
    }
}

static bool is_in(const struct table_list *list, const struct table *t)
{
    for (size_t i = 0; i < list->len; i++)
        if (list->at[i] == t)
            return true;
    return false;
}

/* A table in a circle is made without its FOREIGN KEYs. */
static void create_table(struct creation *c, struct table *t, bool in_cycle)
{
    struct arena *a = c->printer->arena;
    struct table *copy = arena_memdup(a, t, sizeof(*t));
    if (in_cycle) {
        copy->constraints = (struct constraint_list){0};
        for (size_t i = 0; i < t->constraints.len; i++)
            if (t->constraints.at[i]->kind != CONSTRAINT_FOREIGN_KEY)
                vec_push(a, &copy->constraints, t->constraints.at[i]);
    }
    struct op op = {.kind = OP_CREATE_TABLE, .schema = t->schema, .table = t->name.text,
                    .schema_quote = t->schema_quote, .table_quote = t->name.quote};
    op.as.create_table.table = copy;
    op.as.create_table.scope = CREATE_WITHOUT_TYPES;
    render(c, &op);
}

static void create_late_keys(struct creation *c, const struct table *t, bool in_cycle)
{
    for (size_t i = 0; i < t->constraints.len; i++) {
        struct constraint *k = t->constraints.at[i];
        if (k->kind != CONSTRAINT_FOREIGN_KEY || !(in_cycle || k->use_alter))
            continue;
        struct op op = {.kind = OP_CREATE_CONSTRAINT, .schema = t->schema, .table = t->name.text,
                        .schema_quote = t->schema_quote, .table_quote = t->name.quote};
        op.as.create_constraint = k;
        render(c, &op);
    }
}

static json_t *create_all(struct printer *p, const struct models *models)
{
    struct creation c = {.printer = p, .statements = json_array()};
    struct table_list sorted = {0}, in_cycles = {0};
    c.context.created_types = MAP_IN(p->arena);
    create_lonely_sequences(&c, models);
    create_types(&c, &models->schema.enums);
    create_types(&c, &models->schema.domains);
    tables_in_order(p->arena, &models->declared, &sorted, &in_cycles);
    for (size_t i = 0; i < sorted.len; i++) {
        for (size_t j = 0; j < models->schema.sequences.len; j++)
            if (belongs_to(models->schema.sequences.at[j], sorted.at[i]))
                create_sequence(&c, models->schema.sequences.at[j]);
        create_table(&c, sorted.at[i], is_in(&in_cycles, sorted.at[i]));
    }
    for (size_t i = 0; i < sorted.len; i++)
        create_late_keys(&c, sorted.at[i], is_in(&in_cycles, sorted.at[i]));
    return c.statements;
}

/* ------------------------------------------------------------------ all of it */

static json_t *whole(struct printer *p, const struct models *models)
{
    json_t *unknown = json_array(), *findings = json_array(), *unseen = json_array();
    for (size_t i = 0; i < models->schema.unknown.len; i++) {
        const struct unknown_table *u = &models->schema.unknown.at[i];
        json_array_append_new(unknown,
                              json_pack("{s:o,s:o,s:o,s:o}", "schema", describe_text(u->schema),
                                        "table", describe_text(u->table), "reason",
                                        describe_text(u->reason), "place", place(u->place)));
    }
    for (size_t i = 0; i < models->findings.len; i++)
        json_array_append_new(findings,
                              json_pack("{s:s,s:o,s:i}", "message", models->findings.at[i].message,
                                        "file", describe_text(models->findings.at[i].file), "line",
                                        models->findings.at[i].line));
    for (size_t i = 0; i < models->unseen.len; i++)
        json_array_append_new(unseen, json_pack("{s:s,s:o}", "name", models->unseen.at[i].name,
                                                "place", place(models->unseen.at[i].place)));
    return json_pack("{s:o,s:o,s:o,s:o,s:o}", "schema", schema_of(p, &models->schema), "create",
                     create_all(p, models), "unknown", unknown, "findings", findings, "unseen",
                     unseen);
}

static bool print_models(struct arena *a, const char *folder, struct err *err)
{
    const struct config_request request = {.cwd = path_absolute(a, folder)};
    struct printer p = {.arena = a, .err = ERR_INIT};
    struct config *config;
    struct alembic_project *project;
    struct models models = {0};
    if (!config_open(a, &request, &config, err) ||
        !alembic_project_open(a, config, (const char *const *)environ, NULL, &project, err))
        return false;
    bool ok = alembic_models_read(a, project, &models, err);
    if (ok) {
        json_t *out = whole(&p, &models);
        json_dumpf(out, stdout, JSON_INDENT(1));
        putchar('\n');
        json_decref(out);
    }
    models_clear(&models);
    alembic_project_close(project);
    err_clear(&p.err);
    return ok;
}

int main(int argc, char **argv)
{
    struct arena *a = arena_new();
    struct err err = ERR_INIT;
    bool ok = argc == 2 && print_models(a, argv[1], &err);
    if (!ok)
        fprintf(stderr, "%s:%d: %s\n", err.file ? err.file : "-", err.line,
                err.message ? err.message : "usage: models_print FOLDER");
    err_clear(&err);
    arena_free(a);
    return ok ? 0 : 1;
}
