#include "config.h"

#include "cli/editor.h"

#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/file.h"
#include "cli/cli.h"
#include "cli/process.h"

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

/* $VISUAL, $EDITOR, as the console has it, then what is usually there. */
static const char *find_editor(struct cli *cli)
{
    static const char *const variables[] = {"VISUAL", "EDITOR"};
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

bool editor_open(struct cli *cli, const char *path, struct err *err)
{
    const char *editor = find_editor(cli);
    int status;
    if (!editor)
        return err_set(
            err, ERR_COMMAND,
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
