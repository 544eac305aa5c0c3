/*
 * The course of a plan: its statements with the transactions that the runner puts around them. What
 * is shown and what is exported as a script follow it. Pure.
 */
#ifndef RUN_PLAN_WALK_H
#define RUN_PLAN_WALK_H

#include "base/vec.h"
#include "run/plan.h"

enum plan_event_kind {
    PLAN_EVENT_STEP,      /* a step begins */
    PLAN_EVENT_BEGIN,
    PLAN_EVENT_TABLE,     /* the version table is created */
    PLAN_EVENT_STATEMENT,
    PLAN_EVENT_COMMIT,
};

struct plan_event {
    enum plan_event_kind kind;
    size_t step, statement; /* where it happens; of a COMMIT: after this one */
};

VEC_DEFINE(plan_event_list, struct plan_event);

/*
 * In the order in which they happen; a COMMIT that stands in the plan itself is a statement only.
 */
void plan_walk(struct arena *a, const struct plan *plan, struct plan_event_list *out);

#endif
