/*
 * Reachability in the revision graph. For use inside src/revision.
 */
#ifndef REVISION_REACH_H
#define REVISION_REACH_H

#include <stdbool.h>

#include "revision/graph.h"

/* Which of a revision's lists are followed. */
enum reach_edges {
    REACH_DOWN,     /* parents */
    REACH_NDOWN,    /* parents and dependencies */
    REACH_NEXT,     /* children */
    REACH_ALL_NEXT, /* children and dependents */
};

const struct revision_list *reach_list(const struct revision *r, enum reach_edges edges);

/* Marks r and all that can be reached from it; what is marked already is not entered again. */
void reach_mark(struct revision *r, enum reach_edges edges, bool *marked);

/* A fresh set of all revisions, empty. In the arena. */
bool *reach_set(struct arena *a, const struct graph *graph);

/* Marks r with its ancestors and descendants: its lineage (section 4.1). */
void reach_mark_lineage(struct arena *a, const struct graph *graph, struct revision *r,
                        bool with_dependencies, bool *marked);

bool reach_list_has(const struct revision_list *list, const struct revision *r);

#endif
