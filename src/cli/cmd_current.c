/* current: where the database is (spec/cli.md, section 5.1). */
#include "config.h"

#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "cli/cli.h"
#include "cli/json.h"
#include "cli/open.h"
#include "cli/show.h"

static bool is_row(const struct name_list *rows, const char *id)
{
    for (size_t i = 0; i < rows->len; i++)
        if (strcmp(rows->at[i], id) == 0)
            return true;
    return false;
}

/* Whether the rows are exactly the versioned heads. */
static bool at_all_heads(const struct graph *graph, const struct name_list *rows)
{
    for (size_t i = 0; i < graph->heads.len; i++)
        if (!is_row(rows, graph->heads.at[i]->header->id))
            return false;
    for (size_t i = 0; i < rows->len; i++) {
        const struct revision *r = graph_find(graph, rows->at[i]);
        if (!r || !r->is_head)
            return false;
    }
    return true;
}

static void print_json(struct cli *cli, const struct cli_rows *now,
                       const struct revision_list *list, const char *database)
{
    json_t *root = json_new(), *rows = json_array(), *array = json_array();
    for (size_t i = 0; i < now->rows.len; i++)
        json_array_append_new(rows, json_text(now->rows.at[i]));
    for (size_t i = 0; i < list->len; i++)
        json_array_append_new(array, show_json(list->at[i]));
    json_object_set_new(root, "database", json_text(database));
    json_object_set_new(root, "version_table_exists", json_boolean(now->exists));
    json_object_set_new(root, "rows", rows);
    json_object_set_new(root, "at_head", json_boolean(at_all_heads(cli->graph, &now->rows)));
    json_object_set_new(root, "current", array);
    json_print(cli, root);
}

bool cmd_current(struct cli *cli, struct err *err)
{
    bool verbose = cli_given(cli, OPTION_VERBOSE), json = cli_given(cli, OPTION_JSON);
    const struct database_url *url;
    struct cli_rows now;
    struct revision_list list = {0};
    struct env_script env;
    if (!cli_run_env(cli, &(struct env_command){.name = "current"}, &env, err) ||
        !cli_find_url(cli, &url, err) || !cli_read_rows(cli, &now, err))
        return false;
    if (verbose && !json)
        cli_printf(cli, "Current revision(s) for %s:\n", url_masked(cli->arena, url));
    if (!cli_open(cli, NEEDS_GRAPH, err))
        return false;
    if (cli_given(cli, OPTION_CHECK_HEADS) && !at_all_heads(cli->graph, &now.rows))
        return err_set(err, ERR_COMMAND, "Database is not on all head revisions");
    if (!graph_current(cli->arena, cli->graph, &now.rows, &list, err))
        return false;
    if (json) {
        print_json(cli, &now, &list, url_masked(cli->arena, url));
        return true;
    }
    for (size_t i = 0; i < list.len; i++) {
        cli_print(cli, verbose ? show_verbose(cli->arena, list.at[i], false)
                               : show_short(cli->arena, list.at[i], SHOW_TREE));
        cli_print(cli, "\n");
    }
    return true;
}
