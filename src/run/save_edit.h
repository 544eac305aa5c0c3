/*
 * An edit of a plan, saved into the revision that it came from: the body of upgrade() or
 * downgrade() becomes the edited statements, as op.execute() and autocommit blocks, so that Alembic
 * runs what the operator saw. All else of the file stays byte for byte: comments outside the body,
 * line ends, encoding, the other direction.
 *
 * The new text is read again before anything is written: it must give just those statements. What
 * env.py executes around a revision cannot be saved into it.
 */
#ifndef RUN_SAVE_EDIT_H
#define RUN_SAVE_EDIT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "run/plan.h"

struct alembic_project;
struct arena;
struct graph;

struct save_edit {
    const char *path; /* of the file, links resolved */
    const char *text; /* its new bytes */
    size_t len;
    unsigned mode;    /* its permissions, which stay */
    struct plan_statement_list statements; /* as they are read from it */
};

/* The step with this revision, whose id may be given in part; ERR_COMMAND: none, or several. */
bool save_edit_find(const struct plan *plan, const char *id, size_t *step, struct err *err);

/* Whether the revision of the step is applied in a database that is at these rows. */
bool save_edit_is_applied(struct arena *a, const struct graph *graph, const struct plan_step *step,
                          const struct name_list *rows);

/*
 * Makes the new text of the step's revision, and reads it; nothing is written. ERR_STALE: the file
 * has changed since the plan was made. ERR_COMMAND: nothing was edited, or the file's form does not
 * allow it (no plain upgrade() at its top level, say).
 */
bool save_edit_make(struct arena *a, struct alembic_project *project, const struct plan *plan,
                    size_t step, struct save_edit *out, struct err *err);

/*
 * Writes it, atomically, and brings the plan's step up to date: it is not edited any more, and its
 * file is the new one.
 */
bool save_edit_write(struct arena *a, struct plan *plan, size_t step, const struct save_edit *save,
                     struct err *err);

#endif
