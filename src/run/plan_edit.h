/*
 * Edits of a plan: any statement can be replaced, split, removed, added to, and taken into or out
 * of the transaction, but for those that keep the version table. Pure.
 *
 * An edit is carried out as a whole or not at all: it is refused where the text is no SQL, or where
 * plan_check_step() would refuse the step. The plan keeps what was rendered beside what will run:
 * statement.rendered, step.original, step.edited. All new text lives in the arena, which must be
 * that of the plan.
 */
#ifndef RUN_PLAN_EDIT_H
#define RUN_PLAN_EDIT_H

#include <stdbool.h>

#include "base/err.h"
#include "base/vec.h"
#include "run/plan.h"

struct arena;
struct str;

/* A statement of an edit that the grammar does not read: the server may know it. To be asked. */
struct plan_doubt {
    const char *sql, *message;
    int position; /* character of sql, from 1; 0: not known */
};

VEC_DEFINE(plan_doubt_list, struct plan_doubt);

/*
 * The text may hold several statements, each of which becomes one of the plan. Doubts are added to
 * *doubts (may be NULL). False with ERR_COMMAND: no SQL (err->position in err->statement), nothing
 * but comments, a statement of the version table; or what plan_check_step() says.
 */
bool plan_edit_replace(struct arena *a, struct plan *plan, size_t step, size_t statement,
                       const char *text, struct plan_doubt_list *doubts, struct err *err);

/* Before a statement; statement is the step's length for its end. */
bool plan_edit_insert(struct arena *a, struct plan *plan, size_t step, size_t statement,
                      const char *text, bool in_transaction, struct plan_doubt_list *doubts,
                      struct err *err);
bool plan_edit_remove(struct arena *a, struct plan *plan, size_t step, size_t statement,
                      struct err *err);

/* Takes a statement into the transaction, or out of it. */
bool plan_edit_wrap(struct arena *a, struct plan *plan, size_t step, size_t statement,
                    bool in_transaction, struct err *err);

/* Puts the statements of a step back as they were rendered. */
void plan_edit_undo(struct arena *a, struct plan *plan, size_t step);

/* Whether any step was edited. */
bool plan_is_edited(const struct plan *plan);

/*
 * The whole plan as a text for an editor: the statements, each below a comment line that begins
 * with
 * "-- @" and its number, steps and transactions named by such lines too. What is written below a
 * number takes that statement's place; a number without text, and one that is gone, is removed.
 */
void plan_edit_text(struct arena *a, const struct plan *plan, struct str *out);

/*
 * Takes such a text back, all of it or nothing. name is what errors call the text; they have its
 * line. What was not touched stays as it is.
 */
bool plan_edit_take(struct arena *a, struct plan *plan, const char *name, const char *text,
                    struct plan_doubt_list *doubts, struct err *err);

/* The same of one step alone; what the text has must be that step. */
void plan_edit_step_text(struct arena *a, const struct plan *plan, size_t step, struct str *out);
bool plan_edit_take_step(struct arena *a, struct plan *plan, size_t step, const char *name,
                         const char *text, struct plan_doubt_list *doubts, struct err *err);

/*
 * Edits of a plan that was made before, for the steps of a new one that have the same revision and
 * direction and were rendered the same; copied. Returns how many steps have them now; *lost counts
 * those of the old plan that are in the new one and have not.
 */
size_t plan_edit_carry(struct arena *a, const struct plan *from, struct plan *plan, size_t *lost);

#endif
