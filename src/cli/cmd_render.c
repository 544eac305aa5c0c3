/* render: the SQL of revisions, each alone, without a database (DESIGN.md, "Command line"). */
#include "config.h"

#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/file.h"
#include "base/str.h"
#include "cli/bridge.h"
#include "cli/cli.h"
#include "cli/json.h"
#include "cli/open.h"
#include "cli/render_live.h"
#include "cli/report.h"
#include "revision/graph.h"
#include "run/rendering.h"
#include "run/rendering_bridge.h"

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

/* One revision, or a range A:B, children before parents. */
static bool select_revisions(struct cli *cli, const char *text, struct revision_list *out,
                             struct err *err)
{
    struct history_bound from = {NULL, NULL}, to = {NULL, NULL};
    const char *colon = strchr(text, ':');
    if (!colon)
        return graph_resolve(cli->arena, cli->graph, text, out, err);
    if (colon > text)
        from.symbol = arena_strndup(cli->arena, text, (size_t)(colon - text));
    if (colon[1])
        to.symbol = colon + 1;
    return graph_history(cli->arena, cli->graph, from, to, out, err);
}

static void print_json(struct cli *cli, const char *id, const char *path, enum direction direction,
                       const struct rendering *rendering)
{
    json_t *statements = json_array(), *root = json_new();
    for (size_t i = 0; i < rendering->statements.len; i++)
        json_array_append_new(statements, json_text(rendering->statements.at[i].sql));
    json_object_set_new(root, "revision", json_text(id));
    json_object_set_new(root, "file", json_text(path));
    json_object_set_new(root, "direction", json_text(direction_names[direction]));
    json_object_set_new(root, "status", json_text(rendering_status_name(rendering->status)));
    json_object_set_new(root, "statements", statements);
    if (rendering->by_alembic)
        json_object_set_new(root, "rendered_by", json_text("alembic"));
    if (rendering->status != READING_OK) {
        if (rendering->err.diagnostic)
            json_object_set_new(root, "code", json_text(rendering->err.diagnostic));
        json_object_set_new(root, "reason", json_text(rendering->err.message));
        json_object_set_new(root, "line", json_integer(rendering->err.line));
        if (rendering->err.column > 0)
            json_object_set_new(root, "column", json_integer(rendering->err.column));
    }
    json_print_line(cli, root);
}

static void print_text(struct cli *cli, struct arena *a, const char *id, const char *path,
                       enum direction direction, const struct rendering *rendering)
{
    cli_print_sql(cli, arena_printf(a, "-- %s %s\n\n", direction_names[direction],
                                    id ? id : path_base(path)));
    if (rendering->by_alembic)
        cli_print_sql(cli, arena_printf(a, "-- %s\n\n", rendering_by_alembic_note));
    for (size_t i = 0; i < rendering->statements.len; i++)
        cli_print_sql(cli, arena_printf(a, "%s;\n\n", rendering->statements.at[i].sql));
    if (rendering->status == READING_OK)
        return;
    const struct err *why = &rendering->err;
    cli_print_sql(cli, arena_printf(a, "-- %s: %s:%d: %s%s%s\n",
                                    rendering_status_name(rendering->status),
                                    why->file ? why->file : path, why->line,
                                    why->diagnostic ? why->diagnostic : "",
                                    why->diagnostic ? ": " : "", why->message));
    if (why->hint)
        cli_print_sql(cli, arena_printf(a, "--   %s\n", why->hint));
    cli_print_sql(cli, "\n");
}

static void print_one(struct cli *cli, struct arena *a, const char *id, const char *path,
                      enum direction direction, const struct rendering *rendering)
{
    report_lost_parameters(cli, path, &rendering->statements);
    if (cli_given(cli, OPTION_JSON))
        print_json(cli, id, path, direction, rendering);
    else
        print_text(cli, a, id, path, direction, rendering);
    if ((rendering->status == READING_PYTHON && !rendering->by_alembic) ||
        rendering->status == READING_LIVE)
        cli->exit_code = 1;
}

/*
 * Only where this call asks for it: what a project's own configuration allows is a run, which is
 * confirmed. Looking at a stranger's revisions stays safe.
 */
static void ask_alembic(struct cli *cli, struct arena *a, const struct revision_header *header,
                        enum direction direction, struct rendering *rendering)
{
    struct bridge_settings settings;
    struct bridge_place place;
    const struct database_url *url = NULL;
    struct err err = ERR_INIT;
    cli_find_url(cli, &url, &err); /* for its password, which is not to be shown */
    err_clear(&err);
    bool ok = cli_bridge_project(cli, url, &settings.project, &err) &&
              bridge_find(a, settings.project, true, &place, &err);
    if (ok) {
        settings.python = place.python;
        ok = rendering_by_bridge(a, &settings, header, direction, rendering, &err);
    }
    if (!ok)
        cli_warn(cli, "%s: %s%s%s", header->id, err.message, err.hint ? "; " : "",
                 err.hint ? err.hint : "");
    err_clear(&err);
}

static void render_one(struct cli *cli, const struct revision_header *header,
                       const bool wanted[2])
{
    for (enum direction d = DIRECTION_UPGRADE; d <= DIRECTION_DOWNGRADE; d++) {
        if (!wanted[d])
            continue;
        struct arena *a = arena_new();
        struct rendering rendering;
        const struct reading_request request = {
            .path = header->path, .direction = d, .purpose = READING_TO_PRINT};
        rendering_make(a, cli->project, &request, NULL, &rendering);
        if (rendering.status == READING_PYTHON && cli_given(cli, OPTION_BRIDGE))
            ask_alembic(cli, a, header, d, &rendering);
        print_one(cli, a, header->id, header->path, d, &rendering);
        rendering_clear(&rendering);
        arena_free(a);
    }
}

/* Both directions of a file whose header cannot be read, with that as the reason. */
static void refuse_one(struct cli *cli, const struct unread_file *file, const bool wanted[2])
{
    const struct rendering rendering = {
        .status = file->err.code == ERR_RAISED ? READING_RAISES : READING_PYTHON,
        .err = file->err,
    };
    for (enum direction d = DIRECTION_UPGRADE; d <= DIRECTION_DOWNGRADE; d++)
        if (wanted[d])
            print_one(cli, cli->arena, NULL, file->path, d, &rendering);
    cli->exit_code = 1;
}

/* The readable headers, parents before children; false, with err, where they make no graph. */
static bool sort_headers(struct cli *cli, const struct revision_headers *headers,
                         struct revision_list *out, struct err *err)
{
    const struct history_bound all = {NULL, NULL};
    struct name_list warnings = {0};
    bool ok = graph_build(cli->arena, headers->at, headers->len, &cli->graph, &warnings, err) &&
              graph_history(cli->arena, cli->graph, all, all, out, err);
    for (size_t i = 0; i < warnings.len; i++)
        cli_warn(cli, "%s", warnings.at[i]);
    return ok;
}

/*
 * All revision files that there are. Each stands alone, so that one that cannot be read, or a graph
 * with a gap, keeps none of the others from being shown: then they come in the order of their
 * names, and the exit status says that something is wrong.
 */
static void render_files(struct cli *cli, const struct revision_headers *headers,
                         const bool wanted[2])
{
    struct revision_list sorted = {0};
    struct err why = ERR_INIT;
    bool is_graph = sort_headers(cli, headers, &sorted, &why);
    if (!is_graph) {
        cli_warn(cli, "%s", why.message);
        cli->exit_code = 1;
    }
    err_clear(&why);
    for (size_t i = headers->len; i > 0; i--)
        render_one(cli,
                   is_graph && sorted.len == headers->len ? sorted.at[i - 1]->header
                                                          : &headers->at[headers->len - i],
                   wanted);
}

static bool render_all(struct cli *cli, const bool wanted[2], struct err *err)
{
    struct revision_headers headers = {0};
    struct unread_files unread = {0};
    struct name_list warnings = {0};
    bool ok = graph_scan(cli->arena, cli->project, &headers, &unread, &warnings, err);
    for (size_t i = 0; i < warnings.len; i++)
        cli_warn(cli, "%s", warnings.at[i]);
    if (ok)
        render_files(cli, &headers, wanted);
    for (size_t i = 0; ok && i < unread.len; i++)
        refuse_one(cli, &unread.at[i], wanted);
    unread_files_clear(&unread);
    return ok;
}

bool cmd_render(struct cli *cli, struct err *err)
{
    bool wanted[2];
    struct revision_list revisions = {0};
    if (!read_directions(cli, wanted, err))
        return false;
    if (!cli->args.positionals.len && cli_given(cli, OPTION_LIVE))
        return err_set(err, ERR_USAGE, "--live asks the database for a revision: name it");
    if (!cli->args.positionals.len)
        return render_all(cli, wanted, err);
    if (!cli_open(cli, NEEDS_GRAPH, err) ||
        !select_revisions(cli, cli->args.positionals.at[0], &revisions, err))
        return false;
    for (size_t i = revisions.len; i > 0; i--) {
        const struct revision_header *header = revisions.at[i - 1]->header;
        if (!cli_given(cli, OPTION_LIVE))
            render_one(cli, header, wanted);
        for (enum direction d = DIRECTION_UPGRADE; d <= DIRECTION_DOWNGRADE; d++)
            if (cli_given(cli, OPTION_LIVE) && wanted[d] && !render_live(cli, header, d, err))
                return false;
    }
    return true;
}
