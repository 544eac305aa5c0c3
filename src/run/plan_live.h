/*
 * A live step's statements, when the revision turns out to want others than those that were
 * previewed. Pure, and the same for the run's own plan and for every mirror of it (run/run_edit.h).
 *
 * These are no edits of the operator's: they change what was rendered too (statement.rendered,
 * step.original). The revision's own statements keep their numbers without gaps.
 */
#ifndef RUN_PLAN_LIVE_H
#define RUN_PLAN_LIVE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "run/plan.h"

/* How many statements the revision itself has in a step, and one of them by its number, as it was
 * rendered; NULL: there is none. */
size_t plan_live_count(const struct plan_step *step);
const struct plan_statement *plan_live_rendered(const struct plan_step *step, size_t number);

/* Where the first part of one is now; the step's length when the operator removed it. */
size_t plan_live_place(const struct plan_step *step, size_t number);

/*
 * A statement of the revision comes before another one (statement: its place in the step, the
 * step's length for its end) and gets that number; those from there on are counted up. In
 * plan->arena.
 */
bool plan_live_take(struct plan *plan, size_t step, size_t statement, size_t number,
                    const struct plan_statement *taken, struct err *err);

/* The revision does without one: all parts of it go. */
bool plan_live_drop(struct plan *plan, size_t step, size_t number, struct err *err);

/* The same statement with other values (plan_statement.nondeterministic); an edited one stays. */
bool plan_live_renew(struct plan *plan, size_t step, size_t number, const char *sql,
                     struct err *err);

#endif
