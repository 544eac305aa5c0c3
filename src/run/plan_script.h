/*
 * A plan as a script for psql that has the same result as the run: the same texts in the same
 * transactions, the version table included. It stops at the first error, and before it does
 * anything where the version table is not what the plan begins with. What psql cannot do is left
 * out: tries after lock_timeout, the journal, the lock that keeps other migrators away. Pure.
 */
#ifndef RUN_PLAN_SCRIPT_H
#define RUN_PLAN_SCRIPT_H

#include <stdbool.h>

#include "base/err.h"
#include "run/plan.h"
#include "run/timeouts.h"

struct arena;
struct str;

/* Appends the script. False where a step cannot run, or psql would not send a text as it is. */
bool plan_script(struct arena *a, const struct plan *plan, const struct timeouts *timeouts,
                 struct str *out, struct err *err);

#endif
