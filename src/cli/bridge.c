#include "config.h"

#include "cli/bridge.h"

#include "base/arena.h"
#include "base/err.h"
#include "cli/open.h"
#include "config/config.h"
#include "config/url.h"
#include "run/plan_bridge.h"

bool cli_bridge_consent(struct cli *cli, struct bridge_consent *out, struct err *err)
{
    struct config_origin origin = {0};
    *out = (struct bridge_consent){.all = cli_given(cli, OPTION_BRIDGE)};
    if (out->all)
        return true;
    const char *text = config_setting(cli->arena, cli->config, "bridge", &origin, err);
    if (err->code != ERR_NONE)
        return false;
    return bridge_consent_read(cli->arena, text, out, err) ||
           err_at(err, origin.file, origin.line, 0);
}

/* What the operator gives in the place of env.py's own URL; NULL: env.py decides. */
static const char *given_url(const struct cli *cli)
{
    const char *url = cli_value(cli, OPTION_URL);
    const char *variable = cli_getenv(cli, "RETORT_URL");
    return url ? url : variable && *variable ? variable : NULL;
}

bool cli_bridge_project(struct cli *cli, const struct database_url *url,
                        const struct bridge_project **out, struct err *err)
{
    if (!cli_open(cli, NEEDS_PROJECT, err))
        return false;
    struct bridge_project *project = ARENA_NEW(cli->arena, struct bridge_project);
    *project = (struct bridge_project){
        .config = cli->config,
        .environ_ = cli->process->environ_,
        .cwd = cli->process->cwd,
        .tag = cli_value(cli, OPTION_TAG),
        .url = given_url(cli),
        .password = url ? url->password : NULL,
    };
    cli_x_arguments(cli, &project->x_arguments);
    *out = project;
    return true;
}

static bool is_allowed(struct cli *cli, const struct plan *plan, struct err *err)
{
    struct bridge_consent consent;
    if (!cli_bridge_consent(cli, &consent, err))
        return false;
    for (size_t i = 0; i < plan->steps.len; i++) {
        const struct plan_step *step = &plan->steps.at[i];
        if (!step->bridge || bridge_is_allowed(&consent, step->id))
            continue;
        err_set(err, ERR_CONFIG,
                "revision %s is for the project's Alembic, which may not be called", step->id);
        return err_hint(err,
                        "--bridge allows it for this call, bridge in [retort] for the project");
    }
    return true;
}

bool cli_bridge_settings(struct cli *cli, const struct plan *plan, const struct database_url *url,
                         const struct bridge_settings **out, struct err *err)
{
    struct bridge_settings *settings = ARENA_NEW(cli->arena, struct bridge_settings);
    struct bridge_place place;
    *out = NULL;
    if (!plan_has_bridge(plan))
        return true;
    if (!cli_open(cli, NEEDS_CONFIG, err) || !is_allowed(cli, plan, err) ||
        !cli_bridge_project(cli, url, &settings->project, err) ||
        !bridge_find(cli->arena, settings->project, true, &place, err))
        return false;
    settings->python = place.python;
    *out = settings;
    return true;
}
