/*
 * A plan in words, for the operator who is to decide: every statement with its lock and its place,
 * where transactions begin and end, and what cannot be taken back. Pure.
 */
#ifndef RUN_PLAN_TEXT_H
#define RUN_PLAN_TEXT_H

#include "run/plan.h"
#include "run/timeouts.h"

struct arena;
struct str;

/* Appends the text; timeouts: those that hold for the run. */
void plan_text(struct arena *a, const struct plan *plan, const struct timeouts *timeouts,
               struct str *out);

/*
 * Appends what differs between the plan as rendered and as edited, as a unified diff of their
 * scripts, a step after the other. Nothing where nothing was edited.
 */
void plan_diff(struct arena *a, const struct plan *plan, struct str *out);

/* What there is to know of a statement, on one line: "ACCESS EXCLUSIVE on t; line 12". */
const char *plan_statement_notes(struct arena *a, const struct plan_step *step,
                                 const struct plan_statement *statement);

/* "1 revision", "2 statements" */
const char *plan_count(struct arena *a, size_t count, const char *noun);

#endif
