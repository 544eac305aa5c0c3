/*
 * Steps of a plan that the project's own Alembic carries out (run/bridge.h). Pure.
 *
 * Such a step has one statement, which is no SQL but the command line that says what is done
 * ("alembic upgrade ae10"); it runs outside of retort's transactions, and the changes of the
 * version table come with it. What it does to the database is not known beforehand, so nothing of
 * it can be edited, exported for psql, or promised.
 */
#ifndef RUN_PLAN_BRIDGE_H
#define RUN_PLAN_BRIDGE_H

#include <stdbool.h>

#include "run/bridge.h"
#include "run/plan.h"

/*
 * Makes steps that cannot be evaluated (READING_PYTHON) steps for the bridge, where the operator
 * has allowed that.
 */
void plan_use_bridge(struct arena *a, struct plan *plan, const struct bridge_consent *consent);

/* Whether the plan has such a step. */
bool plan_has_bridge(const struct plan *plan);

/* Which way a step goes, for the bridge. */
enum direction plan_bridge_direction(const struct plan_step *step);

/* What cannot be promised about such a step: one sentence, the same wherever it is shown. */
extern const char plan_bridge_note[];

/* "RT1101: reason, in file.py:12": why retort does not carry it out itself. In the arena. */
const char *plan_bridge_reason(struct arena *a, const struct plan_step *step);

#endif
