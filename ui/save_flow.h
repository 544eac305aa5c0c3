/*
 * What was edited, saved into the revision's file (run/save_edit.h), and dropped. Both are asked
 * first; what is asked about is captured when the question is put.
 */
#ifndef UI_SAVE_FLOW_H
#define UI_SAVE_FLOW_H

#include <stddef.h>

#include "run/save_edit.h"

struct console;

/* What the open question is about. */
struct save_flow {
    struct arena *arena; /* of the question; NULL: nothing was asked yet */
    const struct plan *plan;
    size_t step;
    struct save_edit edit; /* in the plan's arena */
};

/*
 * Shows what would change in the file of a revision, and asks: with the name of the database where
 * the revision is applied there. revision: "": the one looked at, or the only one edited.
 */
void save_flow_ask(struct console *c, const char *revision);

/* Asks whether all edits of the plan shall be dropped. */
void save_flow_revert(struct console *c);

#endif
