/* render: the SQL of revisions, each alone, without a database (DESIGN.md, "Command line"). */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "cli/cli.h"
#include "cli/open.h"
#include "revision/graph.h"
#include "run/rendering.h"

static const char *const direction_names[] = {
    [DIRECTION_UPGRADE] = "upgrade",
    [DIRECTION_DOWNGRADE] = "downgrade",
};

/* --direction; up when it is not given. */
static bool read_directions(struct cli *cli, bool wanted[2], struct err *err)
{
    const char *value = cli_value(cli, OPTION_DIRECTION);
    bool both = str_eq(value, "both");
    wanted[DIRECTION_UPGRADE] = !value || both || str_eq(value, "up");
    wanted[DIRECTION_DOWNGRADE] = both || str_eq(value, "down");
    if (!wanted[0] && !wanted[1])
        return err_set(err, ERR_USAGE, "argument --direction: 'up', 'down' or 'both', not '%s'",
                       value);
    return true;
}

/* One revision, a range A:B, or all; children before parents. */
static bool select_revisions(struct cli *cli, struct revision_list *out, struct err *err)
{
    struct history_bound from = {NULL, NULL}, to = {NULL, NULL};
    if (cli->args.positionals.len > 0) {
        const char *text = cli->args.positionals.at[0];
        const char *colon = strchr(text, ':');
        if (!colon)
            return graph_resolve(cli->arena, cli->graph, text, out, err);
        if (colon > text)
            from.symbol = arena_strndup(cli->arena, text, (size_t)(colon - text));
        if (colon[1])
            to.symbol = colon + 1;
    }
    return graph_history(cli->arena, cli->graph, from, to, out, err);
}

static void print_json(struct cli *cli, const struct revision *r, enum direction direction,
                       const struct rendering *rendering)
{
    json_t *statements = json_array(), *root = json_object();
    for (size_t i = 0; i < rendering->statements.len; i++)
        json_array_append_new(statements, json_string(rendering->statements.at[i].sql));
    json_object_set_new(root, "revision", json_string(r->header->id));
    json_object_set_new(root, "file", json_string(r->header->path));
    json_object_set_new(root, "direction", json_string(direction_names[direction]));
    json_object_set_new(root, "status", json_string(rendering_status_name(rendering->status)));
    json_object_set_new(root, "statements", statements);
    if (rendering->status != READING_OK) {
        if (rendering->err.diagnostic)
            json_object_set_new(root, "code", json_string(rendering->err.diagnostic));
        json_object_set_new(root, "reason", json_string(rendering->err.message));
        json_object_set_new(root, "line", json_integer(rendering->err.line));
        if (rendering->err.column > 0)
            json_object_set_new(root, "column", json_integer(rendering->err.column));
    }
    char *text = json_dumps(root, JSON_COMPACT | JSON_ENSURE_ASCII);
    cli_print_sql(cli, text);
    cli_print_sql(cli, "\n");
    free(text);
    json_decref(root);
}

static void print_text(struct cli *cli, struct arena *a, const struct revision *r,
                       enum direction direction, const struct rendering *rendering)
{
    cli_print_sql(cli, arena_printf(a, "-- %s %s\n\n", direction_names[direction], r->header->id));
    for (size_t i = 0; i < rendering->statements.len; i++)
        cli_print_sql(cli, arena_printf(a, "%s;\n\n", rendering->statements.at[i].sql));
    if (rendering->status == READING_OK)
        return;
    const struct err *why = &rendering->err;
    cli_print_sql(cli, arena_printf(a, "-- %s: %s:%d: %s%s%s\n",
                                    rendering_status_name(rendering->status),
                                    why->file ? why->file : r->header->path, why->line,
                                    why->diagnostic ? why->diagnostic : "",
                                    why->diagnostic ? ": " : "", why->message));
    if (why->hint)
        cli_print_sql(cli, arena_printf(a, "--   %s\n", why->hint));
    cli_print_sql(cli, "\n");
}

/* Renders one direction; what cannot be told makes the exit status 1. */
static void render_one(struct cli *cli, const struct revision *r, enum direction direction)
{
    struct arena *a = arena_new();
    struct rendering rendering;
    rendering_make(a, cli->project, r->header->path, direction, NULL, NULL, &rendering);
    if (cli_given(cli, OPTION_JSON))
        print_json(cli, r, direction, &rendering);
    else
        print_text(cli, a, r, direction, &rendering);
    if (rendering.status == READING_PYTHON || rendering.status == READING_LIVE)
        cli->exit_code = 1;
    rendering_clear(&rendering);
    arena_free(a);
}

bool cmd_render(struct cli *cli, struct err *err)
{
    bool wanted[2];
    struct revision_list revisions = {0};
    if (!read_directions(cli, wanted, err) || !select_revisions(cli, &revisions, err))
        return false;
    for (size_t i = revisions.len; i > 0; i--) {
        if (wanted[DIRECTION_UPGRADE])
            render_one(cli, revisions.at[i - 1], DIRECTION_UPGRADE);
        if (wanted[DIRECTION_DOWNGRADE])
            render_one(cli, revisions.at[i - 1], DIRECTION_DOWNGRADE);
    }
    return true;
}
