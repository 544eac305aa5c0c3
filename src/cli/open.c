#include "config.h"

#include "cli/open.h"

#include <pwd.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/file.h"
#include "cli/cancel.h"
#include "cli/logging.h"
#include "config/config.h"
#include "revision/graph.h"
#include "run/plan.h"

void cli_config_request(struct cli *cli, struct config_request *out)
{
    const struct arg_list *files = &cli->args.values[OPTION_CONFIG];
    const char **paths = ARENA_ARRAY(cli->arena, files->len + 1, const char *);
    for (size_t i = 0; i < files->len; i++)
        paths[i] = files->at[i];
    *out = (struct config_request){
        .config_files = files->len ? paths : NULL,
        .alembic_config = cli_getenv(cli, "ALEMBIC_CONFIG"),
        .section = cli_value(cli, OPTION_NAME),
        .cwd = cli->process->cwd,
    };
}

static bool open_config(struct cli *cli, struct err *err)
{
    struct config_request request;
    cli_config_request(cli, &request);
    if (!config_open(cli->arena, &request, &cli->config, err))
        return false;
    cli->config->given = cli->settings;
    return true;
}

void cli_x_arguments(struct cli *cli, struct name_list *out)
{
    const struct arg_list *given = &cli->args.values[OPTION_X];
    *out = (struct name_list){0};
    for (size_t i = 0; i < given->len; i++)
        vec_push(cli->arena, out, given->at[i]);
}

static bool find_project(struct cli *cli, struct err *err)
{
    struct name_list x;
    cli_x_arguments(cli, &x);
    return alembic_project_find(cli->arena, cli->config, cli->process->environ_, &x, &cli->project,
                                err);
}

static bool open_graph(struct cli *cli, struct err *err)
{
    struct name_list warnings = {0};
    if (cli->graph)
        return true;
    bool ok = graph_load(cli->arena, cli->project, &cli->graph, &warnings, err);
    for (size_t i = 0; i < warnings.len; i++)
        cli_warn(cli, "%s", warnings.at[i]);
    return ok;
}

bool cli_open(struct cli *cli, enum command_needs needs, struct err *err)
{
    if (needs >= NEEDS_CONFIG && !cli->config && !open_config(cli, err))
        return false;
    if (needs >= NEEDS_FILES && !cli->project && !find_project(cli, err))
        return false;
    if (needs >= NEEDS_PROJECT)
        alembic_project_follow(cli->project, needs == NEEDS_MODELS);
    return needs < NEEDS_GRAPH || open_graph(cli, err);
}

bool cli_open_graph(struct cli *cli, struct err *err)
{
    return cli_open(cli, NEEDS_FILES, err) && open_graph(cli, err);
}

bool cli_find_url(struct cli *cli, const struct database_url **out, struct err *err)
{
    struct database_url *url = ARENA_NEW(cli->arena, struct database_url);
    if (!cli_open(cli, NEEDS_PROJECT, err) ||
        !alembic_project_url(cli->arena, cli->project, cli_value(cli, OPTION_URL),
                             cli_getenv(cli, "RETORT_URL"), url, err))
        return false;
    *out = url;
    return true;
}

bool cli_read_rows(struct cli *cli, struct cli_rows *out, struct err *err)
{
    const struct database_url *url;
    const struct env_step *run = NULL;
    *out = (struct cli_rows){0};
    if (!cli_find_url(cli, &url, err) ||
        !env_single_run(cli->project, &cli->project->online, &run, err))
        return false;
    struct version_table table = plan_version_table(&cli->project->env);
    cancel_begin(cli->cancel);
    bool ok = database_read_versions(cli->arena, url, &table, &cli->log, cancel_fd(cli->cancel),
                                     &out->rows, &out->exists, &out->server, err);
    return cancel_end(cli->cancel, ok, err);
}

bool cli_run_env(struct cli *cli, const struct env_command *command, struct env_script *out,
                     struct err *err)
{
    if (!cli_open(cli, NEEDS_PROJECT, err))
        return false;
    struct err problem = ERR_INIT;
    bool ok = alembic_env_evaluate(cli->project, command, out, &problem);
    logging_configure(cli, out);
    logging_info(cli, "Context impl PostgresqlImpl.");
    logging_info(cli, "Will assume %stransactional DDL.",
                 out->options.transactional_ddl ? "" : "non-");
    for (size_t i = 0; i < out->steps.len; i++)
        if (out->steps.at[i].kind == ENV_PRINT)
            fputs(out->steps.at[i].text, cli_beside(cli));
    /* What is merely not known may not matter: the project has found out what does. */
    if (problem.code == ERR_RAISED)
        err_move(err, &problem);
    ok = ok || (problem.code != ERR_NONE && cli_env_is_honoured(cli, err));
    err_clear(&problem);
    return ok;
}

bool cli_env_is_honoured(const struct cli *cli, struct err *err)
{
    for (size_t i = 0; i < cli->project->findings.len; i++) {
        const struct env_finding *finding = &cli->project->findings.at[i];
        if (!finding->blocks)
            continue;
        err_copy(err, &finding->err);
        return false;
    }
    return true;
}

const char *cli_journal_dir(struct cli *cli, struct err *err)
{
    const char *state = cli_getenv(cli, "XDG_STATE_HOME"), *home = cli_getenv(cli, "HOME");
    if (state && *state == '/')
        return path_join(cli->arena, state, "retort");
    if (home && *home)
        return path_join(cli->arena, home, ".local/state/retort");
    err_set(err, ERR_IO, "no folder for the journal: HOME is not set");
    err_hint(err, "set XDG_STATE_HOME");
    return NULL;
}

const char *cli_socket_dir(struct cli *cli, struct err *err)
{
    const char *journal = cli_journal_dir(cli, err);
    char host[256] = "";
    gethostname(host, sizeof(host) - 1);
    return journal ? path_join(cli->arena, journal, arena_printf(cli->arena, "on/%s", host)) : NULL;
}

const char *cli_operator(struct cli *cli)
{
    const char *name = cli_getenv(cli, "RETORT_OPERATOR");
    const struct passwd *user = name && *name ? NULL : getpwuid(getuid());
    if (name && *name)
        return name;
    return user ? arena_strdup(cli->arena, user->pw_name) : "unknown";
}

void cli_close(struct cli *cli)
{
    if (cli->project)
        alembic_project_close(cli->project);
    cli->project = NULL;
}
