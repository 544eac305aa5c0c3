#include "config.h"

#include "cli/autogenerate.h"

#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "cli/cancel.h"
#include "cli/cli.h"
#include "cli/logging.h"
#include "cli/open.h"
#include "config/config.h"

/* ------------------------------------------------------------------ what is said about it */

static void print_env(struct cli *cli, const struct env_script *env)
{
    logging_configure(cli, env);
    logging_info(cli, "Context impl PostgresqlImpl.");
    logging_info(cli, "Will assume %stransactional DDL.",
                 env->options.transactional_ddl ? "" : "non-");
    for (size_t i = 0; i < env->steps.len && !cli_given(cli, OPTION_JSON); i++)
        if (env->steps.at[i].kind == ENV_PRINT)
            cli_print_sql(cli, env->steps.at[i].text);
}

static void print_log(struct cli *cli, const struct differences *all)
{
    for (size_t i = 0; i < all->log.len; i++) {
        const struct log_line *line = &all->log.at[i];
        if (line->warning)
            cli_warn(cli, "%s", line->text);
        else
            logging_from(cli, line->logger, line->text);
    }
}

static void warn(struct cli *cli, const struct pending *p)
{
    struct name_list warnings = {0};
    pending_warnings(cli->arena, p, &warnings);
    for (size_t i = 0; i < warnings.len; i++)
        cli_warn(cli, "%s", warnings.at[i]);
}

/* ------------------------------------------------------------------ reading */

/* Alembic looks at the version table before it looks for metadata, and logs that it begins. */
static bool outdated_first(struct cli *cli, struct err *err)
{
    const struct env_command command = {.name = cli->args.command->name, .autogenerate = true};
    struct revision_list current = {0};
    struct env_script env;
    struct cli_rows now;
    struct err other = ERR_INIT;
    bool same = true;
    if (err->code != ERR_COMMAND || !str_starts_with(err->message, "Can't proceed with"))
        return false;
    if (cli_run_env(cli, &command, &env, &other) && cli_read_rows(cli, &now, &other) &&
        graph_current(cli->arena, cli->graph, &now.rows, &current, &other)) {
        same = current.len == cli->graph->real_heads.len;
        for (size_t i = 0; same && i < current.len; i++)
            same = current.at[i]->is_real_head;
    }
    err_clear(&other);
    if (!same)
        err_set(err, ERR_COMMAND, "Target database is not up to date.");
    return false;
}

static bool read_pending(struct cli *cli, const struct pending_request *request,
                         struct pending *out, struct err *err)
{
    cancel_begin(cli->cancel);
    bool made = pending_read(cli->arena, request, out, err);
    bool ok = cancel_end(cli->cancel, made, err);
    if (made && !ok)
        pending_clear(out);
    return ok;
}

bool autogenerate_read(struct cli *cli, bool outdated_is_fine, struct pending *out,
                       struct err *err)
{
    struct pending_request request = {.project = cli->project, .graph = cli->graph,
                                      .log = &cli->log, .interrupt = cancel_fd(cli->cancel)};
    if (!cli_find_url(cli, &request.url, err))
        return false;
    const struct env_step *run = NULL;
    if (!read_pending(cli, &request, out, err))
        return outdated_first(cli, err);
    if (!env_single_run(cli->project, &out->models.script, &run, err)) {
        pending_clear(out);
        return false;
    }
    print_env(cli, &out->models.script);
    if (out->outdated.code != ERR_NONE && !outdated_is_fine) {
        err_move(err, &out->outdated);
        pending_clear(out);
        return false;
    }
    print_log(cli, &out->differences);
    warn(cli, out);
    return true;
}
