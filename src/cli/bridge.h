/* The project's own Alembic, as far as the operator has allowed to call it (run/bridge.h). */
#ifndef CLI_BRIDGE_H
#define CLI_BRIDGE_H

#include <stdbool.h>

#include "cli/cli.h"
#include "run/bridge.h"

struct database_url;
struct plan;

/* --bridge, else bridge in [retort]. */
bool cli_bridge_consent(struct cli *cli, struct bridge_consent *out, struct err *err);

/* What the bridge has to know of the project; url (may be NULL): the database of this command. */
bool cli_bridge_project(struct cli *cli, const struct database_url *url,
                        const struct bridge_project **out, struct err *err);

/*
 * What a run of the plan needs to call it: NULL where it has no such step. False: one is not
 * allowed, or there is no Python.
 */
bool cli_bridge_settings(struct cli *cli, const struct plan *plan, const struct database_url *url,
                         const struct bridge_settings **out, struct err *err);

#endif
