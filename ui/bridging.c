#include "config.h"

#include "ui/bridging.h"

#include <string.h>

#include "base/arena.h"
#include "base/environ.h"
#include "base/str.h"
#include "config/config.h"
#include "run/plan_bridge.h"
#include "ui/ui.h"

bool bridging_consent(struct arena *a, const struct session *session, struct bridge_consent *out,
                      struct err *err)
{
    struct config_origin origin = {0};
    const char *text = config_setting(a, session->config, "bridge", &origin, err);
    if (err->code != ERR_NONE)
        return false;
    return bridge_consent_read(a, text, out, err) || err_at(err, origin.file, origin.line, 0);
}

static const char *given_url(const struct ui_options *options)
{
    return options->url_option ? options->url_option
                               : environ_given(options->environ_, "RETORT_URL");
}

bool bridging_settings(struct arena *a, const struct session *session,
                       const struct ui_options *options, const struct plan *plan,
                       const struct bridge_settings **out, struct err *err)
{
    struct bridge_place place;
    *out = NULL;
    if (!plan_has_bridge(plan))
        return true;
    struct bridge_project *project = ARENA_NEW(a, struct bridge_project);
    *project = (struct bridge_project){
        .config = session->config,
        .environ_ = options->environ_,
        .cwd = options->config->cwd,
        .url = given_url(options),
        .password = session->has_url ? session->url.password : NULL,
    };
    if (options->x_arguments)
        project->x_arguments = *options->x_arguments;
    if (!bridge_find(a, project, true, &place, err))
        return false;
    struct bridge_settings *settings = ARENA_NEW(a, struct bridge_settings);
    *settings = (struct bridge_settings){project, place.python};
    *out = settings;
    return true;
}
