/*
 * Lane layout: the revision graph as rows of symbols, children above parents. Pure: no terminal.
 *
 * Each row shows one revision (or only edges); a cell holds the edges that pass through it, and
 * the renderer picks UTF-8, line-drawing or ASCII characters from that.
 */
#ifndef REVISION_LANES_H
#define REVISION_LANES_H

#include <stdbool.h>
#include <stddef.h>

#include "revision/graph.h"

enum lane_edge { LANE_UP = 1, LANE_DOWN = 2, LANE_LEFT = 4, LANE_RIGHT = 8, LANE_NODE = 16 };

struct lane_cell {
    unsigned char edges; /* bits of enum lane_edge */
    unsigned char color; /* lane number modulo 8, for the role graph-0 ... graph-7 */
    bool dependency;     /* the vertical edge is a depends_on: drawn dotted */
};

struct lane_row {
    struct revision *revision; /* NULL: edges only */
    struct lane_cell *cells;
    size_t width;
};

struct lane_layout {
    VEC(struct lane_row) rows;
    size_t width; /* of the widest row */
};

/* Lays out the whole graph in the order of `history` (spec/cli.md, section 6.2). */
void lanes_layout(struct arena *a, const struct graph *graph, struct lane_layout *out);

/* The characters of one cell: a terminated UTF-8 string, one or (ASCII) one byte. */
const char *lanes_symbol_utf8(const struct lane_cell *cell);
const char *lanes_symbol_ascii(const struct lane_cell *cell);

#endif
