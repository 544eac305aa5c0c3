#include "config.h"

#include "cli/plan_edit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/file.h"
#include "base/str.h"
#include "cli/cli.h"
#include "cli/confirm.h"
#include "cli/editor.h"
#include "cli/report.h"
#include "run/plan_edit.h"
#include "run/plan_text.h"

enum { TEXT_MAX = 64 << 20 };

/* A folder that nobody else looks into, with the text in it. */
static const char *write_text(struct cli *cli, const struct plan *plan, struct err *err)
{
    const char *temp = cli_getenv(cli, "TMPDIR");
    char *dir = arena_printf(cli->arena, "%s/retort.XXXXXX", temp && *temp ? temp : "/tmp");
    struct str text = STR_INIT;
    if (!mkdtemp(dir)) {
        err_set(err, ERR_IO, "no folder for the text can be made in %s", path_dir(cli->arena, dir));
        return NULL;
    }
    const char *path = path_join(cli->arena, dir, "plan.sql");
    plan_edit_text(cli->arena, plan, &text);
    bool ok = file_write(path, text.ptr, text.len, 0600, false, err);
    str_clear(&text);
    return ok ? path : NULL;
}

static bool ask_doubts(struct cli *cli, const struct plan *plan,
                       const struct plan_doubt_list *doubts, struct err *err)
{
    for (size_t i = 0; i < doubts->len; i++)
        cli_warn(cli, "%s (character %d of: %s)", doubts->at[i].message, doubts->at[i].position,
                 doubts->at[i].sql);
    if (!doubts->len)
        return true;
    const char *action =
        arena_printf(cli->arena, "run %s that retort's grammar does not know, as the server may",
                     plan_count(cli->arena, doubts->len, "statement"));
    return confirm(cli, CONFIRM_YES, action, plan->database.name, "its server", err);
}

/* Whether the user wants to edit it again. */
static bool ask_again(struct cli *cli, const struct err *err)
{
    char answer[16];
    if (!cli->process->in_is_terminal || !cli->process->errors_is_terminal)
        return false;
    report_err(cli, err);
    fputs("edit it again? [Y/n] ", cli->process->errors);
    fflush(cli->process->errors);
    return fgets(answer, sizeof(answer), cli->process->in) && *answer != 'n' && *answer != 'N';
}

static bool edit_once(struct cli *cli, struct plan *plan, const char *path, struct err *err)
{
    struct plan_doubt_list doubts = {0};
    char *text;
    size_t len;
    return editor_open(cli, path, err) && file_read(cli->arena, path, TEXT_MAX, &text, &len, err) &&
           plan_edit_take(cli->arena, plan, path, text, &doubts, err) &&
           ask_doubts(cli, plan, &doubts, err);
}

bool plan_edit_in_editor(struct cli *cli, struct plan *plan, struct err *err)
{
    const char *path = write_text(cli, plan, err);
    if (!path)
        return false;
    while (!edit_once(cli, plan, path, err)) {
        if (!ask_again(cli, err))
            return err_hint(err, "the text is kept in %s", path);
        err_clear(err);
    }
    return file_remove_tree(path_dir(cli->arena, path), err);
}
