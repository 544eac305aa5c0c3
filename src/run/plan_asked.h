/*
 * What the revisions of a plan asked the database, where it stands among their statements, and in
 * words that are the same wherever it is shown. Pure.
 */
#ifndef RUN_PLAN_ASKED_H
#define RUN_PLAN_ASKED_H

#include <stdbool.h>
#include <stddef.h>

#include "run/plan.h"

/* What cannot be promised about a live step: one sentence. */
extern const char plan_live_note[];

/* Whether it was given an answer of before something that the plan does first, and what that means
 * for what comes behind it: one sentence. */
bool plan_is_outdated(const struct plan_step *step);
extern const char plan_outdated_note[];

/* How many of the step's questions come before statement i (its length: before its end). */
size_t plan_asked_before(const struct plan_step *step, size_t i);

/* The statement before which the revision itself ends; version rows and the like are behind it. */
size_t plan_own_end(const struct plan_step *step);

/* "asked: get_columns('users') → ['id', 'name']", on one line. In the arena. */
const char *plan_asked_text(struct arena *a, const struct live_asked *asked);

/* What is to be said about it: "line 12; answered by the state before 'users' is changed"; "":
 * nothing. */
const char *plan_asked_notes(struct arena *a, const struct plan_step *step,
                             const struct live_asked *asked);

/* "ends here: REASON, FILE:LINE" of an open step. In the arena. */
const char *plan_open_text(struct arena *a, const struct plan_step *step);

/* How many steps of the plan are live, and of those: how many are open. */
size_t plan_live_steps(const struct plan *plan, size_t *open);

#endif
