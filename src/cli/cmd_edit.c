/* edit: a revision's file in the user's editor (spec/cli.md, section 5.1). */
#include "config.h"

#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/file.h"
#include "cli/cli.h"
#include "cli/open.h"
#include "cli/process.h"
#include "revision/graph.h"

/* The first folder of $PATH that has the program; NULL: none. */
static const char *find_program(struct cli *cli, const char *name)
{
    const char *path = cli_getenv(cli, "PATH");
    for (const char *p = path ? path : ""; *p;) {
        size_t len = strcspn(p, ":");
        const char *found = path_join(cli->arena, arena_strndup(cli->arena, p, len), name);
        if (file_exists(found))
            return found;
        p += len + (p[len] == ':');
    }
    return NULL;
}

/* As Alembic looks for it: $EDITOR, $VISUAL, then what is usually there. */
static const char *find_editor(struct cli *cli)
{
    static const char *const variables[] = {"EDITOR", "VISUAL"};
    static const char *const usual[] = {"sensible-editor", "editor", "nano", "vim", "code"};
    for (size_t i = 0; i < sizeof(variables) / sizeof(variables[0]); i++) {
        const char *choice = cli_getenv(cli, variables[i]);
        if (choice && *choice && file_exists(choice))
            return choice;
        const char *found =
            choice && *choice && !strchr(choice, '/') ? find_program(cli, choice) : NULL;
        if (found)
            return found;
    }
    for (size_t i = 0; i < sizeof(usual) / sizeof(usual[0]); i++) {
        const char *found = find_program(cli, usual[i]);
        if (found)
            return found;
    }
    return NULL;
}

static bool edit_file(struct cli *cli, const char *path, struct err *err)
{
    const char *editor = find_editor(cli);
    int status;
    if (!editor)
        return err_set(err, ERR_COMMAND,
                       "Error executing editor (No suitable editor found. Please set the \"EDITOR\" "
                       "or \"VISUAL\" environment variables)");
    const char *const argv[] = {editor, path, NULL};
    if (!process_run(cli, argv, NULL, &status, err))
        return false;
    if (status != 0)
        return err_set(err, ERR_COMMAND,
                       "Error executing editor (Command '['%s', '%s']' returned non-zero exit "
                       "status %d.)",
                       editor, path, status);
    return true;
}

static bool edit_all(struct cli *cli, const struct revision_list *list, struct err *err)
{
    for (size_t i = 0; i < list->len; i++)
        if (!edit_file(cli, list->at[i]->header->path, err))
            return false;
    return true;
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
