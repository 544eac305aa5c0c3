#include "config.h"

#include "cli/new_revision.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/file.h"
#include "base/str.h"
#include "cli/cli.h"
#include "cli/hooks.h"
#include "cli/json.h"
#include "cli/open.h"
#include "cli/status.h"
#include "config/config.h"

void new_revision_request(struct cli *cli, struct draft_request *out)
{
    const struct arg_list *depends_on = &cli->args.values[OPTION_DEPENDS_ON];
    *out = (struct draft_request){
        .message = cli_value(cli, OPTION_MESSAGE),
        .id = cli_value(cli, OPTION_REV_ID),
        .splice = cli_given(cli, OPTION_SPLICE),
        .branch_label = cli_value(cli, OPTION_BRANCH_LABEL),
        .version_path = cli_value(cli, OPTION_VERSION_PATH),
        .now = clock_wall(),
    };
    for (size_t i = 0; i < depends_on->len; i++)
        vec_push(cli->arena, &out->depends_on, depends_on->at[i]);
}

static bool make_folder(struct cli *cli, const char *path, struct err *err)
{
    if (file_exists(path))
        return true;
    status_begin(cli, arena_printf(cli->arena, "Creating directory %s", path));
    return status_end(cli, file_make_dirs(path, 0777, err));
}

/* Says where the file is that stayed although something is wrong with it. */
static bool check(struct cli *cli, const struct draft *draft, struct err *err)
{
    if (draft_check(cli->arena, cli->project, draft, &cli->graph, err))
        return true;
    /* What Alembic's own map of revisions finds when the file is added ends in a traceback. */
    if (err->message && str_starts_with(err->message, "Branch name "))
        err->code = ERR_GRAPH;
    return err_hint(err, "the file has been written: %s", draft->path);
}

static void print_json(struct cli *cli, const struct draft *draft)
{
    json_t *root = json_new();
    json_object_set_new(root, "revision", json_text(draft->id));
    json_object_set_new(root, "path", json_text(draft->path));
    json_print(cli, root);
}

bool new_revision_write(struct cli *cli, const struct draft_request *request,
                        const struct draft_bodies *bodies, struct err *err)
{
    struct draft *draft;
    if (!cli_open(cli, NEEDS_GRAPH, err) ||
        !draft_make(cli->arena, cli->project, cli->graph, request, &draft, err) ||
        !make_folder(cli, draft->folder, err) || !make_folder(cli, draft->path_folder, err))
        return false;
    status_begin(cli, arena_printf(cli->arena, "Generating %s", draft->path));
    if (!status_end(cli, draft_render(cli->arena, cli->project, draft, bodies, err) &&
                             draft_write(draft, err)))
        return false;
    if (!hooks_run(cli, draft->path, err) || !check(cli, draft, err))
        return false;
    if (cli_given(cli, OPTION_JSON))
        print_json(cli, draft);
    return true;
}
