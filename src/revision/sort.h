/* The order in which steps run and `history` lists (spec/cli.md, section 6.2). */
#ifndef REVISION_SORT_H
#define REVISION_SORT_H

#include <stdbool.h>

#include "revision/graph.h"

/*
 * Appends the members of set (in_set[graph->revisions.len]) to out, children before parents,
 * starting from those of heads that are in it. False when the heads do not lead to all of them,
 * which a range along a dependency can bring about; Alembic then fails an assertion.
 */
bool sort_topological(struct arena *a, const struct graph *graph, const bool *set,
                      const struct revision_list *heads, struct revision_list *out,
                      struct err *err);

#endif
