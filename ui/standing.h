/*
 * Where a database stands in the graph: what is applied, what is pending. Pure.
 */
#ifndef UI_STANDING_H
#define UI_STANDING_H

#include <stdbool.h>

#include "base/err.h"
#include "revision/graph.h"

struct standing {
    bool known;               /* the database was read and its rows are in the graph */
    struct name_list rows;    /* as the version table has them */
    bool *applied;            /* by revision index */
    bool *current;            /* by revision index: a row of the version table names it */
    struct step_list pending; /* steps up to all heads, in the order in which they would run */
    struct err err;           /* why it is not known */
};

/* Works it out, in the arena. standing_clear() frees the err. */
void standing_make(struct arena *a, const struct graph *graph, const struct name_list *rows,
                   struct standing *out);
void standing_clear(struct standing *standing);

/* The step of pending that is this revision's; false when it is not pending. */
bool standing_is_pending(const struct standing *standing, const struct revision *revision);

#endif
