/*
 * Prints what retort finds between the models of a project and its database, as JSON: operations in
 * the words of upgrade_ops.json, log lines, and the two bodies of the revision.
 *
 *     pending_print FOLDER URL      the folder of alembic.ini
 *
 * Exit status 1: why it cannot be told is on standard error.
 */
#include "config.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "alembic/env_compare.h"
#include "alembic/project.h"
#include "autogenerate/write.h"
#include "base/arena.h"
#include "base/str.h"
#include "config/config.h"
#include "config/url.h"
#include "revision/graph.h"
#include "run/draft.h"
#include "run/pending.h"
#include "run/pending_revision.h"
#include "sql/render.h"
#include "sql/render_expr.h"

#include "describe.h"

extern char **environ;

static const char *table_key(struct printer *p, const char *schema, const char *name)
{
    return schema ? arena_printf(p->arena, "%s.%s", schema, name) : name;
}

/* ------------------------------------------------------------------ details of operations */

static json_t *constraint_row(struct printer *p, const struct constraint *k)
{
    json_t *out;
    switch (k->kind) {
    case CONSTRAINT_PRIMARY_KEY:
        return json_pack("{s:s,s:o,s:o}", "kind", "primary_key", "name",
                         describe_constraint_name(p, k->name), "columns",
                         describe_names(&k->columns));
    case CONSTRAINT_UNIQUE:
        out = describe_unique(p, k);
        json_object_set_new(out, "kind", json_string("unique"));
        return out;
    case CONSTRAINT_FOREIGN_KEY:
        out = describe_foreign_key(p, k);
        json_object_set_new(out, "kind", json_string("foreign_key"));
        return out;
    case CONSTRAINT_CHECK:
        out = describe_check(p, NULL, k, NULL);
        json_object_set_new(out, "kind", json_string("check"));
        return out;
    case CONSTRAINT_EXCLUDE:
        break;
    }
    return json_pack("{s:s,s:o}", "kind", "ExcludeConstraint", "name",
                     describe_constraint_name(p, k->name));
}

static json_t *create_table(struct printer *p, const struct table *t)
{
    json_t *columns = json_array(), *constraints = json_array(), *options = json_object();
    for (size_t i = 0; i < t->columns.len; i++)
        json_array_append_new(columns, describe_column(p, t, t->columns.at[i]));
    for (size_t i = 0; i < t->constraints.len; i++)
        json_array_append_new(constraints, constraint_row(p, t->constraints.at[i]));
    if (t->partition_by)
        json_object_set_new(options, "partition_by", json_string(t->partition_by));
    if (t->tablespace)
        json_object_set_new(options, "tablespace", json_string(t->tablespace));
    return json_pack("{s:o,s:o,s:o,s:o,s:o}", "columns", columns, "constraints", constraints,
                     "comment", describe_text(t->comment), "prefixes",
                     describe_names(&t->prefixes), "options", options);
}

static json_t *default_row(struct printer *p, const struct expr *e, const struct identity *identity,
                           const struct computed *computed)
{
    if (computed)
        return json_pack("{s:o}", "computed", describe_expression(p, computed->expression));
    if (identity)
        return json_pack("{s:o}", "identity", describe_identity(identity));
    if (!e)
        return json_null();
    if (e->kind == EXPR_BIND && e->as.bind.value.kind == LITERAL_STRING)
        return json_string(e->as.bind.value.text);
    return describe_expression(p, e);
}

static json_t *alter_column(struct printer *p, const struct alter_column *ac)
{
    json_t *out = json_object();
    if (ac->type)
        json_object_set_new(out, "modify_type", describe_type(p, ac->type));
    if (ac->nullable != UNSET)
        json_object_set_new(out, "modify_nullable", describe_tristate(ac->nullable));
    if (ac->has_server_default)
        json_object_set_new(out, "modify_server_default",
                            default_row(p, ac->server_default, ac->identity, ac->computed));
    if (ac->has_comment)
        json_object_set_new(out, "modify_comment", describe_text(ac->comment));
    if (ac->new_name.text)
        json_object_set_new(out, "modify_name", json_string(ac->new_name.text));
    if (ac->existing_type)
        json_object_set_new(out, "existing_type", describe_type(p, ac->existing_type));
    if (ac->existing_nullable != UNSET)
        json_object_set_new(out, "existing_nullable", describe_tristate(ac->existing_nullable));
    if (ac->has_existing_server_default)
        json_object_set_new(out, "existing_server_default",
                            default_row(p, ac->existing_server_default, ac->existing_identity,
                                        ac->existing_computed));
    if (ac->existing_comment)
        json_object_set_new(out, "existing_comment", json_string(ac->existing_comment));
    if (ac->autoincrement != UNSET)
        json_object_set_new(out, "autoincrement", describe_tristate(ac->autoincrement));
    return out;
}

/* Takes the name out of a row: it stands beside it. */
static json_t *without_name(json_t *row, json_t **name)
{
    *name = json_incref(json_object_get(row, "name"));
    json_object_del(row, "name");
    return row;
}

static json_t *create_constraint(struct printer *p, const struct constraint *k,
                                 const char **directive, json_t **name)
{
    static const char *const directives[] = {
        [CONSTRAINT_PRIMARY_KEY] = "create_primary_key",
        [CONSTRAINT_UNIQUE] = "create_unique_constraint",
        [CONSTRAINT_CHECK] = "create_check_constraint",
        [CONSTRAINT_FOREIGN_KEY] = "create_foreign_key",
        [CONSTRAINT_EXCLUDE] = "create_exclude_constraint",
    };
    *directive = directives[k->kind];
    json_t *row = without_name(constraint_row(p, k), name);
    json_object_del(row, "kind");
    return row;
}

static const char *constraint_type(enum constraint_kind kind)
{
    static const char *const types[] = {
        [CONSTRAINT_PRIMARY_KEY] = "primary", [CONSTRAINT_UNIQUE] = "unique",
        [CONSTRAINT_CHECK] = "check",         [CONSTRAINT_FOREIGN_KEY] = "foreignkey",
        [CONSTRAINT_EXCLUDE] = "exclude",
    };
    return types[kind];
}

static json_t *table_comment(const struct op *op, const char **directive)
{
    if (!op->as.table_comment.comment)
        *directive = "drop_table_comment";
    return json_pack("{s:o,s:o}", "comment", describe_text(op->as.table_comment.comment),
                     "existing_comment", describe_text(op->as.table_comment.existing));
}

static json_t *operation(struct printer *p, const struct op *op)
{
    const char *directive = op_directive(op->kind);
    json_t *name = NULL, *details = NULL;
    switch ((int)op->kind) {
    case OP_CREATE_TABLE:
        details = create_table(p, op->as.create_table.table);
        break;
    case OP_ADD_COLUMN:
        name = json_string(op->as.add_column.column->name.text);
        details = describe_column(p, op->as.add_column.column->table, op->as.add_column.column);
        break;
    case OP_DROP_COLUMN:
        name = json_string(op->as.drop_column.column.text);
        break;
    case OP_ALTER_COLUMN:
        name = json_string(op->as.alter_column->column.text);
        details = alter_column(p, op->as.alter_column);
        break;
    case OP_CREATE_INDEX:
    case OP_DROP_INDEX:
        details = without_name(describe_index(p, op->as.create_index), &name);
        json_object_del(details, "ddl");
        break;
    case OP_CREATE_CONSTRAINT:
        details = create_constraint(p, op->as.create_constraint, &directive, &name);
        break;
    case OP_DROP_CONSTRAINT:
        name = describe_text(op->as.drop_constraint.name.text);
        details = json_pack("{s:s}", "type",
                            constraint_type(op->as.drop_constraint.constraint->kind));
        break;
    case OP_TABLE_COMMENT:
        details = table_comment(op, &directive);
        break;
    case OP_EXECUTE:
        details = json_pack("{s:o}", "sqltext", describe_expression(p, op->as.execute));
        break;
    }
    return json_pack("[s,o,o,o]", directive,
                     op->table ? json_string(table_key(p, op->schema, op->table)) : json_null(),
                     name ? name : describe_text(op->table), details ? details : json_object());
}

static json_t *operations(struct printer *p, const struct op_list *ops)
{
    json_t *out = json_array();
    for (size_t i = 0; i < ops->len; i++)
        json_array_append_new(out, operation(p, ops->at[i]));
    return out;
}

/* ------------------------------------------------------------------ the rest */

static json_t *log_lines(const struct differences *d)
{
    json_t *out = json_array();
    for (size_t i = 0; i < d->log.len; i++)
        json_array_append_new(out, json_pack("[o,s]", describe_text(d->log.at[i].logger),
                                             d->log.at[i].text));
    return out;
}

static json_t *items(struct printer *p, const struct differences *d)
{
    json_t *out = json_array();
    for (size_t i = 0; i < d->items.len; i++) {
        const struct difference *item = &d->items.at[i];
        json_t *row = json_pack("{s:s,s:o,s:o,s:o,s:o,s:o,s:b,s:o}", "kind",
                                difference_help(item->kind), "table",
                                item->table ? json_string(table_key(p, item->schema, item->table))
                                            : json_null(),
                                "name", describe_text(item->name), "database",
                                describe_text(item->database), "model", describe_text(item->model),
                                "place", json_pack("[o,i]", describe_text(item->place.file),
                                                   item->place.line),
                                "cosmetic", item->cosmetic, "warning",
                                describe_text(item->warning));
        json_object_set_new(row, "beyond", json_boolean(difference_is_beyond(item->kind)));
        json_object_set_new(row, "operations", operations(p, &item->upgrade));
        json_array_append_new(out, row);
    }
    return out;
}

static json_t *describe(struct printer *p, const struct pending *pending)
{
    struct op_list up = {0}, down = {0};
    struct draft_bodies bodies = {0};
    bool keep;
    differences_operations(p->arena, &pending->differences, NULL, &up, &down);
    json_t *out =
        json_pack("{s:o,s:o,s:o,s:o}", "operations", operations(p, &up), "log",
                  log_lines(&pending->differences), "items", items(p, &pending->differences),
                  "outdated", describe_text(pending->outdated.message));
    err_clear(&p->err);
    if (!pending_bodies(p->arena, pending, NULL, &bodies, &keep, &p->err))
        bodies.upgrades = bodies.downgrades = p->err.message;
    json_object_set_new(out, "upgrade", describe_text(bodies.upgrades));
    json_object_set_new(out, "downgrade", describe_text(bodies.downgrades));
    json_object_set_new(out, "imports", describe_names(&bodies.imports.lines));
    return out;
}

static bool print(struct arena *a, const char *folder, const char *url, struct err *err)
{
    const struct config_request request = {.cwd = folder};
    const struct name_list none = {0};
    struct alembic_project *project = NULL;
    struct config *config;
    struct graph *graph;
    struct database_url database;
    struct pending pending;
    if (!config_open(a, &request, &config, err) ||
        !alembic_project_open(a, config, (const char *const *)environ, &none, &project, err))
        return false;
    bool ok = graph_load(a, project, &graph, NULL, err) &&
              alembic_project_url(a, project, url, NULL, &database, err);
    const struct pending_request wanted = {.project = project, .graph = graph, .url = &database,
                                           .interrupt = -1};
    ok = ok && pending_read(a, &wanted, &pending, err);
    if (ok) {
        struct printer p = {.arena = a, .err = ERR_INIT};
        json_t *out = describe(&p, &pending);
        json_dumpf(out, stdout, JSON_INDENT(1) | JSON_SORT_KEYS);
        printf("\n");
        json_decref(out);
        err_clear(&p.err);
        pending_clear(&pending);
    }
    alembic_project_close(project);
    return ok;
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fprintf(stderr, "usage: pending_print FOLDER URL\n");
        return 2;
    }
    struct arena *a = arena_new();
    struct err err = ERR_INIT;
    bool ok = print(a, argv[1], argv[2], &err);
    if (!ok)
        fprintf(stderr, "%s:%d: %s\n", err.file ? err.file : "-", err.line, err.message);
    err_clear(&err);
    arena_free(a);
    return ok ? 0 : 1;
}
