#include "config.h"

#include "cli/editor.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "cli/cli.h"
#include "cli/process.h"
#include "run/editor.h"

/* The command as Python shows a list of strings. */
static const char *shown(struct arena *a, const struct word_list *argv)
{
    struct str out = STR_IN(a);
    for (size_t i = 0; argv->at[i]; i++)
        str_addf(&out, "%s'%s'", i ? ", " : "", argv->at[i]);
    return out.ptr;
}

bool editor_open(struct cli *cli, const char *path, struct err *err)
{
    struct word_list argv;
    int status;
    if (!editor_command(cli->arena, cli->process->environ_, path, 0, &argv, err) ||
        !process_run(cli, argv.at, NULL, &status, err))
        return false;
    if (status != 0)
        return err_set(err, ERR_COMMAND,
                       "Error executing editor (Command '[%s]' returned non-zero exit status %d.)",
                       shown(cli->arena, &argv), status);
    return true;
}
