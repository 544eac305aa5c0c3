/* The bridge in `retort doctor`: what would be called, and only with --bridge what that is. */
#include "config.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "cli/bridge.h"
#include "cli/doctor.h"
#include "config/config.h"

static const char *consent_text(struct arena *a, const struct bridge_consent *consent)
{
    struct str out = STR_IN(a);
    if (consent->all)
        return "allowed";
    if (!consent->revisions.len)
        return "not allowed: what cannot be evaluated cannot run";
    str_add(&out, "allowed for");
    for (size_t i = 0; i < consent->revisions.len; i++)
        str_addf(&out, "%s %s", i ? "," : "", consent->revisions.at[i]);
    return out.ptr;
}

/* Starts the Python: only after --bridge was given. */
static void check_versions(struct doctor *d, const struct bridge_project *project,
                           const struct bridge_place *place)
{
    const struct bridge_request request = {
        .task = BRIDGE_VERSIONS, .project = project, .python = place->python};
    struct bridge *bridge;
    struct err err = ERR_INIT;
    if (!bridge_start(&request, &bridge, &err)) {
        doctor_add_err(d, DOCTOR_FIX, "versions", &err);
        return;
    }
    if (bridge_wait(bridge, &err)) {
        const struct bridge_answer *answer = bridge_answer(bridge);
        doctor_add(d, DOCTOR_OK, "versions", "Python %s, Alembic %s, SQLAlchemy %s", answer->python,
                   answer->alembic, answer->sqlalchemy ? answer->sqlalchemy : "none");
    } else {
        doctor_add_err(d, DOCTOR_FIX, "versions", &err);
    }
    bridge_free(bridge);
}

void doctor_check_bridge(struct doctor *d)
{
    struct bridge_consent consent;
    const struct bridge_project *project;
    struct bridge_place place;
    struct err err = ERR_INIT;
    bool may_run = cli_given(d->cli, OPTION_BRIDGE);
    d->group = "bridge";
    if (!cli_bridge_consent(d->cli, &consent, &err) ||
        !cli_bridge_project(d->cli, NULL, &project, &err)) {
        doctor_add_err(d, DOCTOR_FIX, "bridge", &err);
        return;
    }
    doctor_add(d, DOCTOR_OK, "bridge", "%s", consent_text(d->cli->arena, &consent));
    if (!bridge_find(d->cli->arena, project, may_run, &place, &err)) {
        doctor_add_err(d, bridge_is_wanted(&consent) ? DOCTOR_FIX : DOCTOR_NOTE, "python", &err);
        return;
    }
    struct doctor_check *check =
        place.python ? doctor_add(d, DOCTOR_OK, "python", "%s, found as %s",
                                  doctor_shorten(d, place.python), place.found)
                     : doctor_add(d, DOCTOR_OK, "python", "%s", place.found);
    if (may_run)
        check_versions(d, project, &place);
    else if (bridge_is_wanted(&consent))
        check->hint = "`retort doctor --bridge` starts it and shows its versions";
}
