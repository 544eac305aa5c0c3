/* edit: a revision's file in the user's editor (spec/cli.md, section 5.1). */
#include "config.h"

#include <string.h>

#include "base/err.h"
#include "cli/cli.h"
#include "cli/editor.h"
#include "cli/json.h"
#include "cli/open.h"
#include "revision/graph.h"

static bool edit_all(struct cli *cli, const struct revision_list *list, struct err *err)
{
    json_t *root = json_new(), *edited = json_array();
    bool ok = true;
    for (size_t i = 0; ok && i < list->len; i++) {
        ok = editor_open(cli, list->at[i]->header->path, err);
        json_array_append_new(edited, json_text(list->at[i]->header->path));
    }
    json_object_set_new(root, "edited", edited);
    if (ok && cli_given(cli, OPTION_JSON))
        json_print(cli, root);
    else
        json_decref(root);
    return ok;
}

static bool edit_current(struct cli *cli, struct err *err)
{
    struct revision_list list = {0};
    struct cli_rows now;
    struct env_script env;
    if (!cli_run_env(cli, &(struct env_command){.name = "edit"}, &env, err) ||
        !cli_read_rows(cli, &now, err) || !cli_open(cli, NEEDS_GRAPH, err))
        return false;
    if (now.rows.len == 0)
        return err_set(err, ERR_COMMAND, "No current revisions");
    for (size_t i = 0; i < now.rows.len; i++)
        if (!graph_resolve(cli->arena, cli->graph, now.rows.at[i], &list, err))
            return false;
    return edit_all(cli, &list, err);
}

bool cmd_edit(struct cli *cli, struct err *err)
{
    const char *symbol = cli->args.positionals.at[0];
    struct revision_list list = {0};
    if (strcmp(symbol, "current") == 0)
        return edit_current(cli, err);
    if (!cli_open(cli, NEEDS_GRAPH, err) ||
        !graph_resolve(cli->arena, cli->graph, symbol, &list, err))
        return false;
    if (list.len == 0)
        return err_set(err, ERR_COMMAND, "No revision files indicated by symbol '%s'", symbol);
    return edit_all(cli, &list, err);
}
