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

extern char **environ;

struct printer {
    struct arena *arena;
    struct err err; /* the last text that could not be made */
};

static json_t *text_or_null(const char *text)
{
    return text ? json_string(text) : json_null();
}

static json_t *tristate(enum tristate t)
{
    return t == UNSET ? json_null() : json_boolean(t == YES);
}

static json_t *names(const struct name_list *list)
{
    json_t *out = json_array();
    for (size_t i = 0; i < list->len; i++)
        json_array_append_new(out, json_string(list->at[i]));
    return out;
}

static struct ddl ddl_of(struct printer *p)
{
    err_clear(&p->err);
    return (struct ddl){.arena = p->arena, .err = &p->err};
}

/* What a function of src/sql appended, or its error in angle brackets. */
static json_t *made(struct printer *p, bool ok, const struct str *text)
{
    if (!ok)
        return json_string(arena_printf(p->arena, "<%s>", p->err.message));
    return json_string(text->ptr ? text->ptr : "");
}

static json_t *constraint_name(struct printer *p, struct name name)
{
    if (!name.text)
        return json_null();
    const char *fit = naming_fit(p->arena, name, &p->err);
    return json_string(fit ? fit : p->err.message);
}

static json_t *expression(struct printer *p, const struct expr *e)
{
    struct str out = STR_IN(p->arena);
    err_clear(&p->err);
    return made(p, sql_expr_render(p->arena, e, SQL_EXPR_DDL, &out, &p->err), &out);
}

/* ------------------------------------------------------------------ columns */

static json_t *identity(const struct identity *id)
{
    if (!id)
        return json_null();
    json_t *out = json_pack("{s:b}", "always", id->always);
    const struct {
        const char *key;
        bool has;
        int64_t value;
    } numbers[] = {
        {"start", id->has_start, id->start},          {"increment", id->has_increment, id->increment},
        {"minvalue", id->has_minvalue, id->minvalue}, {"maxvalue", id->has_maxvalue, id->maxvalue},
        {"cache", id->has_cache, id->cache},
    };
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
        if (numbers[i].has)
            json_object_set_new(out, numbers[i].key, json_integer(numbers[i].value));
    if (id->nominvalue)
        json_object_set_new(out, "nominvalue", json_true());
    if (id->nomaxvalue)
        json_object_set_new(out, "nomaxvalue", json_true());
    if (id->cycle != UNSET)
        json_object_set_new(out, "cycle", json_boolean(id->cycle == YES));
    return out;
}

static json_t *type_text(struct printer *p, const struct type *type)
{
    struct str out = STR_IN(p->arena);
    if (!type || type->kind == TYPE_NULL)
        return json_string("NULL");
    err_clear(&p->err);
    return made(p, sql_type_render(p->arena, type, &out, &p->err), &out);
}

static json_t *column(struct printer *p, const struct table *t, const struct column *c)
{
    struct ddl d = ddl_of(p);
    struct str whole = STR_IN(p->arena), value = STR_IN(p->arena);
    json_t *out = json_object();
    json_object_set_new(out, "name", json_string(c->name.text));
    json_object_set_new(out, "type", type_text(p, c->type));
    json_object_set_new(out, "nullable", json_boolean(column_is_nullable(c)));
    json_object_set_new(out, "primary_key", json_boolean(c->primary_key));
    json_object_set_new(out, "autoincrement", json_boolean(table_autoincrement_column(t) == c));
    json_object_set_new(out, "server_default",
                        c->server_default ? made(p, ddl_default(&d, c->server_default, &value), &value)
                                          : json_null());
    json_object_set_new(out, "identity", identity(c->identity));
    json_object_set_new(out, "computed", json_null());
    if (c->computed)
        json_object_set_new(out, "computed",
                            json_pack("{s:o,s:o}", "sqltext",
                                      expression(p, c->computed->expression), "persisted",
                                      tristate(c->computed->persisted)));
    json_object_set_new(out, "comment", text_or_null(c->comment));
    if (c->has_fetched_value)
        json_object_set_new(out, "server_default_fetched", json_true());
    json_object_set_new(out, "key", text_or_null(c->key));
    json_object_set_new(
        out, "ddl",
        made(p, ddl_column(&d, t, c, &whole) && ddl_column_checks(&d, c, &whole), &whole));
    return out;
}

/* ------------------------------------------------------------------ constraints and indexes */

static json_t *constraint_text(struct printer *p, const struct table *t, const struct constraint *k)
{
    struct ddl d = ddl_of(p);
    struct str out = STR_IN(p->arena);
    return made(p, ddl_constraint(&d, t, k, &out), &out);
}

/* The condition of a CHECK, out of its text. */
static json_t *condition(struct printer *p, const struct table *t, const struct constraint *k)
{
    json_t *whole = constraint_text(p, t, k);
    const char *text = json_string_value(whole), *start = strstr(text, "CHECK (");
    const char *end = strrchr(text, ')');
    json_t *out = start && end > start ? json_stringn(start + 7, (size_t)(end - start - 7)) : whole;
    if (out != whole)
        json_decref(whole);
    return out;
}

static json_t *check(struct printer *p, const struct table *t, const struct constraint *k,
                     const char *column_name)
{
    json_t *options = json_object();
    if (k->not_valid)
        json_object_set_new(options, "not_valid", json_true());
    return json_pack("{s:o,s:o,s:o,s:o}", "name", constraint_name(p, k->name), "sqltext",
                     condition(p, t, k), "column", text_or_null(column_name), "options", options);
}

static json_t *key_options(const struct constraint *k)
{
    json_t *options = json_object();
    if (k->nulls_not_distinct != UNSET)
        json_object_set_new(options, "nulls_not_distinct", tristate(k->nulls_not_distinct));
    if (k->include.len)
        json_object_set_new(options, "include", names(&k->include));
    if (k->not_valid)
        json_object_set_new(options, "not_valid", json_true());
    return options;
}

static json_t *unique(struct printer *p, const struct constraint *k)
{
    return json_pack("{s:o,s:o,s:o,s:o,s:o}", "name", constraint_name(p, k->name), "columns",
                     names(&k->columns), "deferrable", tristate(k->deferrable), "initially",
                     text_or_null(k->initially), "options", key_options(k));
}

static json_t *foreign_key(struct printer *p, const struct constraint *k)
{
    json_t *out = json_pack("{s:o,s:o,s:o,s:o,s:o}", "name", constraint_name(p, k->name),
                            "columns", names(&k->columns), "referred_schema",
                            text_or_null(k->referred_schema), "referred_table",
                            text_or_null(k->referred_table), "referred_columns",
                            names(&k->referred_columns));
    json_object_set_new(out, "onupdate", text_or_null(k->onupdate));
    json_object_set_new(out, "ondelete", text_or_null(k->ondelete));
    json_object_set_new(out, "deferrable", tristate(k->deferrable));
    json_object_set_new(out, "initially", text_or_null(k->initially));
    json_object_set_new(out, "match", text_or_null(k->match));
    json_object_set_new(out, "use_alter", json_boolean(k->use_alter));
    json_object_set_new(out, "options", key_options(k));
    return out;
}

static json_t *index_options(struct printer *p, const struct index *ix)
{
    json_t *options = json_object(), *ops = json_object(), *with = json_object();
    if (ix->using_)
        json_object_set_new(options, "using", json_string(ix->using_));
    if (ix->where)
        json_object_set_new(options, "where", expression(p, ix->where));
    if (ix->concurrently)
        json_object_set_new(options, "concurrently", json_true());
    if (ix->include.len)
        json_object_set_new(options, "include", names(&ix->include));
    if (ix->nulls_not_distinct != UNSET)
        json_object_set_new(options, "nulls_not_distinct", tristate(ix->nulls_not_distinct));
    if (ix->tablespace)
        json_object_set_new(options, "tablespace", json_string(ix->tablespace));
    for (size_t i = 0; i < ix->elements.len; i++) {
        const struct index_element *e = &ix->elements.at[i];
        const char *key = e->expression->kind == EXPR_LABEL ? e->expression->as.label.name.text
                                                            : e->column;
        if (e->opclass && key)
            json_object_set_new(ops, key, json_string(e->opclass));
    }
    for (size_t i = 0; i < ix->with.len; i++)
        json_object_set_new(with, ix->with.at[i].key, json_string(ix->with.at[i].value));
    if (json_object_size(ops))
        json_object_set(options, "ops", ops);
    if (json_object_size(with))
        json_object_set(options, "with", with);
    json_decref(ops);
    json_decref(with);
    return options;
}

static json_t *index_row(struct printer *p, const struct index *ix)
{
    struct ddl d = ddl_of(p);
    struct str text = STR_IN(p->arena);
    json_t *columns = json_array();
    bool expressions = false;
    for (size_t i = 0; i < ix->elements.len; i++) {
        const struct expr *e = ix->elements.at[i].expression;
        bool plain = e->kind == EXPR_COLUMN;
        expressions = expressions || !plain;
        json_array_append_new(columns, plain ? json_string(e->as.column.name.text)
                                             : expression(p, e));
    }
    json_t *out = json_pack("{s:o,s:o,s:b,s:b,s:o}", "name", constraint_name(p, ix->name),
                            "columns", columns, "expressions", expressions, "unique", ix->unique,
                            "options", index_options(p, ix));
    json_object_set_new(out, "ddl", made(p, ddl_create_index(&d, ix, &text), &text));
    return out;
}

/* ------------------------------------------------------------------ tables */

static void set_constraints(struct printer *p, json_t *out, const struct table *t)
{
    json_t *uniques = json_array(), *checks = json_array(), *keys = json_array(),
           *excludes = json_array(), *primary = json_null();
    for (size_t i = 0; i < t->constraints.len; i++) {
        const struct constraint *k = t->constraints.at[i];
        if (k->kind == CONSTRAINT_PRIMARY_KEY)
            primary = json_pack("{s:o,s:o}", "name", constraint_name(p, k->name), "columns",
                                names(&k->columns));
        else if (k->kind == CONSTRAINT_UNIQUE)
            json_array_append_new(uniques, unique(p, k));
        else if (k->kind == CONSTRAINT_CHECK)
            json_array_append_new(checks, check(p, t, k, NULL));
        else if (k->kind == CONSTRAINT_FOREIGN_KEY)
            json_array_append_new(keys, foreign_key(p, k));
        else
            json_array_append_new(excludes,
                                  json_pack("{s:o,s:o}", "name", constraint_name(p, k->name),
                                            "ddl", constraint_text(p, t, k)));
    }
    for (size_t i = 0; i < t->columns.len; i++)
        for (size_t j = 0; j < t->columns.at[i]->checks.len; j++)
            json_array_append_new(checks, check(p, t, t->columns.at[i]->checks.at[j],
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
        json_object_set_new(out, "with_oids", tristate(t->with_oids));
    if (t->inherits.len)
        json_object_set_new(out, "inherits", names(&t->inherits));
    return out;
}

static json_t *place(struct file_line place)
{
    return json_pack("{s:o,s:i}", "file", text_or_null(place.file), "line", place.line);
}

static json_t *table(struct printer *p, const struct table *t)
{
    json_t *out = json_object(), *columns = json_array(), *indexes = json_array(),
           *places = json_object();
    json_object_set_new(out, "name", json_string(t->name.text));
    json_object_set_new(out, "schema", text_or_null(t->schema));
    json_object_set_new(out, "comment", text_or_null(t->comment));
    for (size_t i = 0; i < t->columns.len; i++) {
        const struct column *c = t->columns.at[i];
        json_array_append_new(columns, column(p, t, c));
        json_object_set_new(places, c->name.text, json_integer(c->place.line));
    }
    json_object_set_new(out, "columns", columns);
    set_constraints(p, out, t);
    for (size_t i = 0; i < t->indexes.len; i++)
        json_array_append_new(indexes, index_row(p, t->indexes.at[i]));
    json_object_set_new(out, "indexes", indexes);
    json_object_set_new(out, "prefixes", names(&t->prefixes));
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
        json_array_append_new(enums, json_pack("{s:o,s:o,s:o}", "name", text_or_null(type->name.text),
                                               "schema", text_or_null(type->schema), "values",
                                               values));
    }
    for (size_t i = 0; i < s->domains.len; i++) {
        const struct type *type = s->domains.at[i];
        json_array_append_new(domains,
                              json_pack("{s:o,s:o,s:o}", "name", text_or_null(type->name.text),
                                        "schema", text_or_null(type->schema), "type",
                                        type_text(p, type->item)));
    }
    for (size_t i = 0; i < s->sequences.len; i++) {
        const struct sequence *sequence = s->sequences.at[i];
        json_t *out = identity(&sequence->options);
        json_object_del(out, "always");
        json_object_set_new(out, "name", json_string(sequence->name.text));
        json_object_set_new(out, "schema", text_or_null(sequence->schema));
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
        json_array_append_new(unknown, json_pack("{s:o,s:o,s:o,s:o}", "schema",
                                                 text_or_null(u->schema), "table",
                                                 text_or_null(u->table), "reason",
                                                 text_or_null(u->reason), "place", place(u->place)));
    }
    for (size_t i = 0; i < models->findings.len; i++)
        json_array_append_new(findings,
                              json_pack("{s:s,s:o,s:i}", "message", models->findings.at[i].message,
                                        "file", text_or_null(models->findings.at[i].file), "line",
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
