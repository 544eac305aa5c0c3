/*
 * What can be wrong with a map of revisions (spec/cli.md, section 3.3). For use inside
 * src/revision.
 */
#ifndef REVISION_CHECK_H
#define REVISION_CHECK_H

#include "revision/graph.h"

/* One header by itself: loops onto itself, characters that an id must not have. */
bool check_header(const struct revision_header *header, struct err *err);

/*
 * Cycles by down_revision, then with depends_on. Without any, *order holds all revisions, ancestors
 * first. Needs heads, bases, down, all_down, next and all_next.
 */
bool check_cycles(struct arena *a, const struct graph *graph, struct revision ***order,
                  struct err *err);

#endif
