/* Revisions as text and as JSON (spec/cli.md, section 5.1). Pure. */
#ifndef CLI_SHOW_H
#define CLI_SHOW_H

#include <jansson.h>
#include <stdbool.h>

#include "revision/graph.h"

/* Pieces of the short form, in the order in which they stand. */
enum show_piece {
    SHOW_PARENTS = 1, /* "a, b (dep) -> " in front */
    SHOW_LABELS = 2,
    SHOW_TREE = 4,    /* (branchpoint), (mergepoint) */
    SHOW_DOC = 8,
    SHOW_CURRENT = 16, /* (current) */
};

/* "a -> b (label) (head), doc": one line without its end. (head) is always there. */
const char *show_short(struct arena *a, const struct revision *r, unsigned pieces);

/* "Rev: ..." and the docstring, as `show` prints it, without the last line end. */
const char *show_verbose(struct arena *a, const struct revision *r, bool current);

/* The ids of a list, joined by ", ". */
const char *show_ids(struct arena *a, const struct revision_list *list);

/* A revision as an object; the caller owns the reference. */
json_t *show_json(const struct revision *r);

#endif
