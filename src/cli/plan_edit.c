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
#include "cli/json.h"
#include "cli/open.h"
#include "cli/report.h"
#include "run/plan_edit.h"
#include "run/plan_text.h"
#include "run/save_edit.h"

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

bool plan_edit_save(struct cli *cli, struct plan *plan, const char *id, struct err *err)
{
    struct save_edit save;
    struct cli_rows now;
    size_t step;
    if (!save_edit_find(plan, id, &step, err) || !cli_read_rows(cli, &now, err) ||
        !cli_open(cli, NEEDS_GRAPH, err) ||
        !save_edit_make(cli->arena, cli->project, plan, step, &save, err))
        return false;
    const struct plan_step *s = &plan->steps.at[step];
    bool applied = save_edit_is_applied(cli->arena, cli->graph, s, &now.rows);
    const char *action =
        arena_printf(cli->arena, "change %s, whose revision %s is applied", s->file, s->id);
    const char *host = now.server.host && *now.server.host && *now.server.host != '/'
                           ? now.server.host
                           : "this machine";
    if (applied && !confirm(cli, CONFIRM_NAME, action, now.server.database, host, err))
        return false;
    if (!save_edit_write(cli->arena, plan, step, &save, err))
        return false;
    if (!cli_given(cli, OPTION_JSON)) {
        cli_printf(cli, "%s() of %s is what was edited\n", plan_verb_name(plan->verb), s->file);
        return true;
    }
    json_t *root = json_new();
    json_object_set_new(root, "revision", json_text(s->id));
    json_object_set_new(root, "direction", json_text(plan_verb_name(plan->verb)));
    json_object_set_new(root, "saved", json_text(s->file));
    json_print(cli, root);
    return true;
}
