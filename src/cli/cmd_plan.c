/* plan: what an upgrade or a downgrade would run on this database now. */
#include "config.h"

#include <ctype.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/file.h"
#include "base/str.h"
#include "cli/cli.h"
#include "cli/json.h"
#include "cli/migrate.h"
#include "cli/plan_edit.h"
#include "run/plan_edit.h"
#include "run/plan_file.h"
#include "run/plan_json.h"
#include "run/plan_script.h"
#include "run/plan_text.h"

enum { SCRIPT_MODE = 0644 };

/* -- which way ----------------------------------------------------------------------------------
 */

/* "-1", "ae10-1", "base": only a downgrade understands it. What is an id or a label is none. */
static bool is_downward(const struct graph *graph, const char *target)
{
    size_t len = strlen(target), digits = 0;
    if (graph_find(graph, target) || map_has(&graph->by_label, target))
        return false;
    while (digits < len && isdigit((unsigned char)target[len - 1 - digits]))
        digits++;
    return strcmp(target, "base") == 0 || str_ends_with(target, "@base") ||
           (digits && digits < len && target[len - 1 - digits] == '-');
}

/* A revision that the database has left behind: not one of its rows, but below them. */
static bool is_behind(struct cli *cli, const char *target, const struct name_list *rows)
{
    struct revision_list found = {0}, at = {0};
    struct err ignored = ERR_INIT;
    bool behind = graph_resolve(cli->arena, cli->graph, target, &found, &ignored) && found.len == 1;
    for (size_t i = 0; behind && i < rows->len; i++) {
        struct revision *row = graph_find(cli->graph, rows->at[i]);
        behind = row != found.at[0];
        if (row)
            vec_push(cli->arena, &at, row);
    }
    err_clear(&ignored);
    if (!behind)
        return false;
    bool *below = ARENA_ARRAY(cli->arena, cli->graph->revisions.len, bool);
    graph_ancestors(cli->graph, &at, true, below);
    return below[found.at[0]->index];
}

static bool choose_verb(struct cli *cli, const char *target, const struct name_list *rows,
                        enum plan_verb *verb, struct err *err)
{
    const char *direction = cli_value(cli, OPTION_DIRECTION);
    if (direction && strcmp(direction, "up") != 0 && strcmp(direction, "down") != 0)
        return err_set(err, ERR_USAGE, "argument --direction: 'up' or 'down', not '%s'", direction);
    bool down = direction ? strcmp(direction, "down") == 0
                          : is_downward(cli->graph, target) || is_behind(cli, target, rows);
    *verb = down ? PLAN_DOWNGRADE : PLAN_UPGRADE;
    return true;
}

bool migrate_plan_either(struct cli *cli, struct migrate_plan *out, struct err *err)
{
    const char *target = cli->args.positionals.len ? cli->args.positionals.at[0] : "heads";
    struct migrate_request request = {.plan.target = target};
    struct cli_rows now;
    if (!cli_read_rows(cli, &now, err) || !cli_open(cli, NEEDS_GRAPH, err) ||
        !choose_verb(cli, target, &now.rows, &request.plan.verb, err))
        return false;
    request.command = plan_verb_name(request.plan.verb);
    return migrate_plan(cli, &request, &now, out, err);
}

/* A plan that was made earlier: to be looked at, not to be run, so it need not be current. */
static bool read_plan(struct cli *cli, const char *path, struct plan **out, struct err *err)
{
    if (cli->args.positionals.len)
        return err_set(err, ERR_USAGE, "--plan says what is to run: no target with it");
    return plan_file_read(cli->arena, path, NULL, out, err);
}

static bool find_plan(struct cli *cli, struct plan **out, struct err *err)
{
    const char *path = cli_value(cli, OPTION_PLAN);
    struct migrate_plan made;
    if (path)
        return read_plan(cli, path, out, err);
    if (!migrate_plan_either(cli, &made, err))
        return false;
    *out = made.plan;
    return migrate_after_broken(cli, &made, true, err);
}

/* -- what is done with it -----------------------------------------------------------------------
 */

static bool print_json(struct cli *cli, const struct plan *plan, struct err *err)
{
    json_t *root = json_new(), *json = plan_to_json(plan, err);
    if (!json) {
        json_decref(root);
        return false;
    }
    json_object_update(root, json);
    json_decref(json);
    json_print(cli, root);
    return true;
}

/* Where the one goes to a file, --json may have the output. */
static bool check_output(struct cli *cli, struct err *err)
{
    const char *script = cli_value(cli, OPTION_SCRIPT);
    return !script || strcmp(script, "-") != 0 || !cli_given(cli, OPTION_JSON) ||
           err_set(err, ERR_USAGE, "argument --json: not allowed with argument --script -");
}

static bool write_script(struct cli *cli, const struct plan *plan, const struct timeouts *timeouts,
                         const char *path, struct err *err)
{
    struct str out = STR_INIT;
    bool to_output = strcmp(path, "-") == 0;
    bool ok = plan_script(cli->arena, plan, timeouts, &out, err);
    if (ok && to_output)
        cli_print_sql(cli, out.ptr);
    else if (ok)
        ok = file_write(path, out.ptr, out.len, SCRIPT_MODE, false, err);
    str_clear(&out);
    return ok;
}

static void print_text(struct cli *cli, const struct plan *plan, const struct timeouts *timeouts)
{
    struct str out = STR_INIT;
    if (plan->steps.len || plan->create_version_table)
        plan_text(cli->arena, plan, timeouts, &out);
    else
        str_addf(&out, "nothing to do: the database is at %s already\n", plan->target);
    cli_print(cli, out.ptr);
    str_clear(&out);
}

static void print_diff(struct cli *cli, const struct plan *plan)
{
    struct str out = STR_INIT;
    plan_diff(cli->arena, plan, &out);
    cli_print_sql(cli, out.ptr);
    str_clear(&out);
}

static bool show(struct cli *cli, const struct plan *plan, struct err *err)
{
    struct timeouts timeouts;
    const char *script = cli_value(cli, OPTION_SCRIPT);
    if (!timeouts_read(cli->arena, cli->config, &timeouts, err))
        return false;
    if (script && !write_script(cli, plan, &timeouts, script, err))
        return false;
    if (cli_given(cli, OPTION_JSON) && !print_json(cli, plan, err))
        return false;
    if (cli_given(cli, OPTION_DIFF))
        print_diff(cli, plan);
    else if (!script && !cli_given(cli, OPTION_JSON))
        print_text(cli, plan, &timeouts);
    return plan_is_runnable(plan, err);
}

/* Edits it first, and keeps it, where that is asked for. */
static bool use_plan(struct cli *cli, struct plan *plan, struct err *err)
{
    const char *from = cli_value(cli, OPTION_PLAN), *to = cli_value(cli, OPTION_OUTPUT);
    const char *save = cli_value(cli, OPTION_SAVE);
    bool edit = cli_given(cli, OPTION_EDIT);
    if ((edit || save) && !from && !to) {
        err_set(err, ERR_USAGE, "--%s needs a file to keep the plan in", edit ? "edit" : "save");
        return err_hint(err, "-o FILE writes a new one, --plan FILE edits one that is there");
    }
    if (edit && !plan_edit_in_editor(cli, plan, err))
        return false;
    if (to && !plan_file_write(plan, to, false, err))
        return false;
    if (edit && !to && !plan_file_write(plan, from, true, err))
        return false;
    if (save)
        return plan_edit_save(cli, plan, save, err) &&
               plan_file_write(plan, to ? to : from, true, err);
    return show(cli, plan, err);
}

bool cmd_plan(struct cli *cli, struct err *err)
{
    struct plan *plan;
    if (!check_output(cli, err) || !find_plan(cli, &plan, err))
        return false;
    bool ok = use_plan(cli, plan, err);
    plan_clear(plan);
    return ok;
}
