/* The project's own Alembic in runs of the console: what [retort] allows, nothing more. */
#ifndef UI_BRIDGING_H
#define UI_BRIDGING_H

#include <stdbool.h>

#include "run/bridge.h"
#include "ui/session.h"

struct plan;
struct ui_options;

/* What the project's settings allow; in the arena. */
bool bridging_consent(struct arena *a, const struct session *session, struct bridge_consent *out,
                      struct err *err);

/*
 * What a run of the plan needs to call it: NULL where it has no such step. In the arena, but for
 * what is the options' and the session's. False: there is no Python.
 */
bool bridging_settings(struct arena *a, const struct session *session,
                       const struct ui_options *options, const struct plan *plan,
                       const struct bridge_settings **out, struct err *err);

#endif
