/*
 * Lane layout: the revision graph as rows of symbols, children above parents. Pure: no terminal.
 *
 * Lanes stand at even positions of a row, the gaps between them at odd ones. A lane runs from a
 * child down to its parent; a lane that comes free is used again, and no lane ever moves sideways.
 *
 *     o        merge            a node with all lanes that end in it: "o-+"
 *     |-.                       then, of several parents, one row for all that open a lane, and
 *     o |      left             one for each that has a lane already
 *     | o      right
 *     o-'      base
 */
#ifndef REVISION_LANES_H
#define REVISION_LANES_H

#include <stdbool.h>
#include <stddef.h>

#include "revision/graph.h"

enum lane_edge { LANE_UP = 1, LANE_DOWN = 2, LANE_LEFT = 4, LANE_RIGHT = 8, LANE_NODE = 16 };

struct lane_cell {
    unsigned char edges : 5;     /* bits of enum lane_edge; 0: blank */
    unsigned char color : 3;     /* lane number modulo 8, for the role graph-0 ... graph-7 */
    bool dependency : 1;         /* the vertical edge is a depends_on: drawn dotted */
    bool dependency_across : 1;  /* the horizontal edge is one */
};

/* A horizontal edge of a row, from the node's lane to this one. */
struct lane_across {
    size_t lane;
    bool dependency;
};

enum lane_row_kind {
    LANE_ROW_NODE, /* across: the other lanes that end in it */
    LANE_ROW_JOIN, /* across: the lane that leads to a parent already */
    LANE_ROW_OPEN, /* across: the lanes that begin, to its further parents */
};

/* What happens in a row; its cells are made when they are asked for. */
struct lane_row {
    enum lane_row_kind kind;
    struct revision *revision; /* NULL: edges only */
    size_t width;
    size_t node;               /* the position of the node's cell */
    bool has_child;            /* of a node: its lane comes from above */
    bool dependency;           /* of a node: the edge to its first parent is a depends_on */
    const struct lane_across *across;
    size_t count;
};

/* What runs in each lane. */
VEC_DEFINE(lane_states, unsigned char);

struct lane_layout {
    VEC(struct lane_row) rows;
    size_t width; /* of the widest row */

    /* What lanes_cells() makes them from. */
    struct lane_states states;    /* of the row asked for last */
    VEC(struct lane_states) kept; /* above every so many rows */
    struct lane_cell *cells;      /* of the row asked for last */
};

/* Lays out the whole graph in the order of `history` (spec/cli.md, section 6.2), in the arena. */
void lanes_layout(struct arena *a, const struct graph *graph, struct lane_layout *out);

/*
 * The cells of a row, as many as it is wide. The layout has room for one row: they are the caller's
 * till the next call.
 */
const struct lane_cell *lanes_cells(struct lane_layout *layout, size_t row);

/*
 * The character of one cell: a terminated UTF-8 string, or one byte of ASCII. A node is a ring; who
 * knows more of the revision draws something better.
 */
const char *lanes_symbol_utf8(const struct lane_cell *cell);
const char *lanes_symbol_ascii(const struct lane_cell *cell);

#endif
