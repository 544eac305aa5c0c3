/* diff: what is pending between the models and the database. */
#include "config.h"

#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "cli/autogenerate.h"
#include "cli/cli.h"
#include "cli/json.h"

/* The statements of some operations; one that cannot be rendered says why in a comment. */
static void render(struct arena *a, const struct op_list *ops, struct name_list *out)
{
    struct statement_list statements = {0};
    struct err err = ERR_INIT;
    bool ok = difference_render(a, ops, &statements, &err);
    for (size_t i = 0; i < statements.len; i++)
        vec_push(a, out, statements.at[i].sql);
    if (!ok)
        vec_push(a, out, arena_printf(a, "-- %s", err.message));
    err_clear(&err);
}

/* ------------------------------------------------------------------ text */

static void print_side(struct cli *cli, const char *name, const char *text)
{
    if (text)
        cli_printf(cli, "    %-9s %s\n", name, text);
}

/* A statement, its further lines indented as the first. */
static void print_statement(struct cli *cli, const char *sql)
{
    for (const char *p = sql;; p++) {
        size_t len = strcspn(p, "\n");
        cli_printf(cli, "      %.*s%s\n", (int)len, p, p[len] ? "" : ";");
        if (!p[len])
            return;
        p += len;
    }
}

static void print_difference(struct cli *cli, const struct difference *d)
{
    struct name_list sql = {0};
    cli_printf(cli, "%s: %s%s%s\n", difference_subject(cli->arena, d), difference_help(d->kind),
               d->cosmetic ? ", cosmetic" : "",
               difference_is_beyond(d->kind) ? ", not seen by Alembic" : "");
    if (d->place.file && d->place.line > 0)
        cli_printf(cli, "    %s:%d\n", d->place.file, d->place.line);
    print_side(cli, "database:", d->database);
    print_side(cli, "models:", d->model);
    print_side(cli, "warning:", d->warning);
    render(cli->arena, &d->upgrade, &sql);
    for (size_t i = 0; i < sql.len; i++)
        print_statement(cli, sql.at[i]);
    cli_print(cli, "\n");
}

static void print_ignored(struct cli *cli, const struct pending *p)
{
    size_t count = p->differences.ignored.len;
    if (count == 0)
        return;
    cli_printf(cli, "%zu ignored by rules of [retort]:\n", count);
    for (size_t i = 0; i < count; i++) {
        const struct difference *d = &p->differences.ignored.at[i];
        cli_printf(cli, "    %s: %s\n", difference_subject(cli->arena, d),
                   difference_help(d->kind));
    }
}

static void print_text(struct cli *cli, const struct pending *p)
{
    size_t real = 0, cosmetic = 0;
    for (size_t i = 0; i < p->differences.items.len; i++) {
        const struct difference *d = &p->differences.items.at[i];
        print_difference(cli, d);
        *(d->cosmetic ? &cosmetic : &real) += 1;
    }
    if (p->outdated.code != ERR_NONE)
        cli_print(cli, "The database is not at the head revisions: some of this may be waiting in "
                       "revisions that are there.\n");
    if (real + cosmetic == 0)
        cli_print(cli, "No differences.\n");
    else
        cli_printf(cli, "%zu real, %zu cosmetic.\n", real, cosmetic);
    print_ignored(cli, p);
}

/* ------------------------------------------------------------------ JSON */

static void set_place(json_t *object, struct file_line place)
{
    json_object_set_new(object, "file", json_text(place.file));
    json_object_set_new(object, "line", place.line > 0 ? json_integer(place.line) : json_null());
}

static json_t *sql_array(struct arena *a, const struct op_list *ops)
{
    struct name_list sql = {0};
    json_t *out = json_array();
    render(a, ops, &sql);
    for (size_t i = 0; i < sql.len; i++)
        json_array_append_new(out, json_text(sql.at[i]));
    return out;
}

static json_t *difference_json(struct arena *a, const struct difference *d)
{
    json_t *out = json_object();
    json_object_set_new(out, "kind", json_text(difference_name(a, d->kind)));
    json_object_set_new(out, "schema", json_text(d->schema));
    json_object_set_new(out, "table", json_text(d->table));
    json_object_set_new(out, "name", json_text(d->name));
    if (d->old_name)
        json_object_set_new(out, "old_name", json_text(d->old_name));
    json_object_set_new(out, "database", json_text(d->database));
    json_object_set_new(out, "models", json_text(d->model));
    set_place(out, d->place);
    json_object_set_new(out, "cosmetic", json_boolean(d->cosmetic));
    json_object_set_new(out, "alembic", json_boolean(!difference_is_beyond(d->kind)));
    json_object_set_new(out, "warning", json_text(d->warning));
    json_object_set_new(out, "sql", sql_array(a, &d->upgrade));
    json_object_set_new(out, "downgrade_sql", sql_array(a, &d->downgrade));
    return out;
}

static json_t *left_out_json(const struct unknown_table *t)
{
    json_t *out = json_object();
    json_object_set_new(out, "schema", json_text(t->schema));
    json_object_set_new(out, "table", json_text(t->table));
    json_object_set_new(out, "reason", json_text(t->reason));
    set_place(out, t->place);
    return out;
}

/* What Alembic warns of. */
static json_t *warnings_json(const struct differences *all)
{
    json_t *out = json_array();
    for (size_t i = 0; i < all->log.len; i++)
        if (all->log.at[i].warning)
            json_array_append_new(out, json_text(all->log.at[i].text));
    return out;
}

static void print_json(struct cli *cli, const struct pending *p)
{
    json_t *root = json_new(), *items = json_array(), *left_out = json_array(),
           *ignored = json_array(), *unseen = json_array();
    for (size_t i = 0; i < p->differences.items.len; i++)
        json_array_append_new(items, difference_json(cli->arena, &p->differences.items.at[i]));
    for (size_t i = 0; i < p->differences.ignored.len; i++)
        json_array_append_new(ignored,
                              difference_json(cli->arena, &p->differences.ignored.at[i]));
    for (size_t i = 0; i < p->differences.left_out.len; i++)
        json_array_append_new(left_out, left_out_json(&p->differences.left_out.at[i]));
    for (size_t i = 0; i < p->models.unseen.len; i++) {
        json_t *one = json_object();
        json_object_set_new(one, "class", json_text(p->models.unseen.at[i].name));
        set_place(one, p->models.unseen.at[i].place);
        json_array_append_new(unseen, one);
    }
    json_object_set_new(root, "at_head", json_boolean(p->outdated.code == ERR_NONE));
    json_object_set_new(root, "differences", items);
    json_object_set_new(root, "ignored", ignored);
    json_object_set_new(root, "warnings", warnings_json(&p->differences));
    json_object_set_new(root, "left_out", left_out);
    json_object_set_new(root, "unseen_models", unseen);
    json_print(cli, root);
}

bool cmd_diff(struct cli *cli, struct err *err)
{
    struct pending pending;
    if (!autogenerate_read(cli, true, &pending, err))
        return false;
    if (cli_given(cli, OPTION_JSON))
        print_json(cli, &pending);
    else
        print_text(cli, &pending);
    pending_clear(&pending);
    return true;
}
