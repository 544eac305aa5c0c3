#include "config.h"

#include "base/arena.h"
#include "base/err.h"
#include "cli/logging.h"
#include "cli/migrate.h"
#include "cli/open.h"
#include "cli/report.h"
#include "config/url.h"
#include "run/script.h"
#include "run/version_sql.h"

struct offline {
    struct cli *cli;
    const struct migrate_request *request;
    struct err graph_err; /* why there is no graph */
};

static void log_steps(struct cli *cli, const struct plan *plan)
{
    for (size_t i = 0; i < plan->steps.len; i++) {
        const struct plan_step *step = &plan->steps.at[i];
        const char *doc = step->revision ? step->revision->header->doc : "";
        if (step->revision)
            report_lost_parameters(cli, step->revision->header->path, &step->rendering.statements);
        logging_info(cli, "Running %s%s%s", script_step_name(cli->arena, step), *doc ? ", " : "",
                     doc);
    }
}

/* What stands where env.py calls run_migrations(). */
static bool write_body(struct str *out, const struct env_step *run, void *payload, struct err *err)
{
    const struct env_options *options = run->options;
    struct offline *o = payload;
    struct cli *cli = o->cli;
    struct plan_request request = o->request->plan;
    struct version_table table = plan_version_table(options);
    struct plan *plan;
    request.run = run;
    request.purpose = READING_TO_PRINT;
    logging_info(cli, "Context impl PostgresqlImpl.");
    logging_info(cli, "Generating static SQL");
    logging_info(cli, "Will assume %stransactional DDL.", options->transactional_ddl ? "" : "non-");
    if (o->request->only_version_table) {
        script_add(out, version_create_sql(cli->arena, &table));
        return true;
    }
    if (request.purge)
        return err_set(err, ERR_COMMAND, "Can't use --purge with --sql mode");
    if (!cli->graph) {
        err_copy(err, &o->graph_err);
        return false;
    }
    if (!graph_resolve_start(cli->arena, cli->graph, o->request->start, &request.rows, err) ||
        !plan_make(cli->arena, cli->project, cli->graph, &request, &plan, err))
        return false;
    if (plan->warning)
        cli_warn(cli, "%s", plan->warning);
    bool ok = script_of_plan(cli->arena, plan, &table, options, out, err);
    log_steps(cli, plan);
    plan_clear(plan);
    return ok;
}

/* env.py cannot configure a URL of a dialect that is not there, also where nothing connects. */
static bool check_dialects(struct cli *cli, const struct env_script *env, struct err *err)
{
    for (size_t i = 0; i < env->steps.len; i++) {
        const struct env_options *options = env->steps.at[i].options;
        struct database_url url;
        if (options && options->url && !url_is_placeholder(options->url) &&
            !url_parse(cli->arena, options->url, &url, err))
            return err_at(err, cli->project->env_path, 0, 0);
    }
    return true;
}

bool migrate_offline(struct cli *cli, const struct migrate_request *request, struct err *err)
{
    struct offline o = {cli, request, ERR_INIT};
    struct str out = STR_INIT;
    struct env_script env = {0};
    struct name_list heads = {0};
    if (!cli_open(cli, NEEDS_PROJECT, err))
        return false;
    /* env.py may ask for the heads; a broken graph is reported where the migrations would run. */
    bool has_graph = cli_open(cli, NEEDS_GRAPH, &o.graph_err);
    for (size_t i = 0; has_graph && i < cli->graph->heads.len; i++)
        vec_push(cli->arena, &heads, cli->graph->heads.at[i]->header->id);
    const struct env_command command = {
        .name = request->command,
        .offline = true,
        .tag = cli_value(cli, OPTION_TAG),
        .start = request->start,
        .destination = request->plan.verb == PLAN_STAMP && request->plan.targets.len
                           ? request->plan.targets.at[0]
                           : request->plan.target,
        .heads = has_graph ? &heads : NULL,
    };
    struct err env_err = ERR_INIT;
    bool followed = alembic_env_evaluate(cli->project, &command, &env, &env_err);
    logging_configure(cli, &env);
    bool ok = (!env.blocked || cli_env_is_honoured(cli, err)) && check_dialects(cli, &env, err) &&
              script_of_env(cli->arena, cli->project, &env, write_body, &o, &out, err);
    if (ok && !followed) {
        err_move(err, &env_err);
        ok = false;
    }
    cli_print_sql(cli, out.ptr);
    str_clear(&out);
    err_clear(&env_err);
    err_clear(&o.graph_err);
    return ok;
}
