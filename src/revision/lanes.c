#include "config.h"

#include "revision/lanes.h"

#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "revision/reach.h"
#include "revision/sort.h"

enum { LANE_COLORS = 8, NO_LANE = -1 };

struct lane {
    struct revision *waits; /* the parent it runs down to; NULL: free */
    bool dependency;
};

struct layout {
    struct arena *arena;
    VEC(struct lane) lanes;
    VEC(struct lane_cell) blank; /* a row without edges, in the colours of its lanes */
    struct lane_layout *out;
};

static bool is_dependency(const struct revision *child, const struct revision *parent)
{
    return !reach_list_has(&child->down, parent);
}

static struct lane_cell *blank_cells(struct layout *l, size_t width)
{
    for (size_t i = l->blank.len; i < width; i++) {
        struct lane_cell cell = {.color = (unsigned char)(i / 2 % LANE_COLORS)};
        vec_push(l->arena, &l->blank, cell);
    }
    return arena_memdup(l->arena, l->blank.at, width * sizeof(*l->blank.at));
}

/* A row with the lanes that pass through it. */
static struct lane_row *new_row(struct layout *l, struct revision *revision)
{
    size_t used = l->lanes.len;
    while (used && !l->lanes.at[used - 1].waits)
        used--;
    struct lane_row row = {.revision = revision, .width = used ? used * 2 - 1 : 0};
    row.cells = blank_cells(l, row.width);
    for (size_t i = 0; i < used; i++) {
        if (!l->lanes.at[i].waits)
            continue;
        row.cells[2 * i].edges = LANE_UP | LANE_DOWN;
        row.cells[2 * i].dependency = l->lanes.at[i].dependency;
    }
    vec_push(l->arena, &l->out->rows, row);
    if (row.width > l->out->width)
        l->out->width = row.width;
    return &vec_last(&l->out->rows);
}

/*
 * A horizontal edge from lane `from` to lane `to`, through everything between. What lies nearer to
 * the node may serve several edges; it is dotted only if all of them are dependencies.
 */
static void draw_across(struct lane_row *row, size_t from, size_t to, bool dependency)
{
    size_t left = from < to ? from : to, right = from < to ? to : from;
    for (size_t i = 2 * left; i <= 2 * right; i++) {
        struct lane_cell *cell = &row->cells[i];
        bool fresh = !(cell->edges & (LANE_LEFT | LANE_RIGHT));
        cell->edges |= (i > 2 * left ? LANE_LEFT : 0) | (i < 2 * right ? LANE_RIGHT : 0);
        cell->dependency_across = dependency && (fresh || cell->dependency_across);
        if (!(cell->edges & (LANE_UP | LANE_DOWN | LANE_NODE)))
            cell->color = (unsigned char)(to % LANE_COLORS);
    }
}

static size_t find_lane(const struct layout *l, const struct revision *r, size_t from)
{
    while (from < l->lanes.len && l->lanes.at[from].waits != r)
        from++;
    return from;
}

/* A lane for r: the next free one to the right of `near`, else any free one, else a new one. */
static size_t open_lane(struct layout *l, struct revision *r, size_t near, bool dependency)
{
    size_t i = find_lane(l, NULL, near);
    if (i == l->lanes.len)
        i = find_lane(l, NULL, 0);
    if (i == l->lanes.len)
        vec_push(l->arena, &l->lanes, ((struct lane){0}));
    l->lanes.at[i] = (struct lane){r, dependency};
    return i;
}

/* The row of the node itself; every lane that waits for it ends here. Returns the node's lane. */
static size_t place_node(struct layout *l, struct revision *r)
{
    size_t node = find_lane(l, r, 0);
    bool has_children = node < l->lanes.len;
    if (!has_children)
        node = open_lane(l, r, 0, false);
    struct lane_row *row = new_row(l, r);
    row->node = 2 * node;
    row->cells[2 * node].edges =
        (unsigned char)(LANE_NODE | (has_children ? LANE_UP : 0) | (r->ndown.len ? LANE_DOWN : 0));
    row->cells[2 * node].dependency = false;
    for (size_t i = find_lane(l, r, node + 1); i < l->lanes.len; i = find_lane(l, r, i + 1)) {
        row->cells[2 * i].edges &= (unsigned char)~LANE_DOWN;
        draw_across(row, node, i, l->lanes.at[i].dependency);
        l->lanes.at[i] = (struct lane){0};
    }
    return node;
}

/* One row for a parent that another lane leads to already: the edge joins that lane. */
static void join_lane(struct layout *l, size_t node, size_t lane, bool dependency)
{
    struct lane_row *row = new_row(l, NULL);
    row->node = 2 * node;
    draw_across(row, node, lane, dependency);
    l->lanes.at[lane].dependency = l->lanes.at[lane].dependency && dependency;
}

/* One row in which all other parents of r get their lanes. */
static void open_lanes(struct layout *l, const struct revision *r, size_t node,
                       const struct revision_list *parents)
{
    VEC(size_t) opened = {0};
    if (!parents->len)
        return;
    for (size_t i = 0; i < parents->len; i++)
        vec_push(l->arena, &opened,
                 open_lane(l, parents->at[i], node + 1, is_dependency(r, parents->at[i])));
    struct lane_row *row = new_row(l, NULL);
    row->node = 2 * node;
    for (size_t i = 0; i < opened.len; i++) {
        row->cells[2 * opened.at[i]].edges = LANE_DOWN;
    }
    for (size_t i = 0; i < opened.len; i++)
        draw_across(row, node, opened.at[i], l->lanes.at[opened.at[i]].dependency);
}

static void place(struct layout *l, struct revision *r)
{
    size_t node = place_node(l, r);
    struct revision_list fresh = {0};
    l->lanes.at[node] = (struct lane){0};
    if (!r->ndown.len)
        return;
    l->lanes.at[node] = (struct lane){r->ndown.at[0], is_dependency(r, r->ndown.at[0])};
    for (size_t i = 1; i < r->ndown.len; i++) {
        struct revision *parent = r->ndown.at[i];
        size_t lane = find_lane(l, parent, 0);
        if (lane < l->lanes.len)
            join_lane(l, node, lane, is_dependency(r, parent));
        else
            vec_push(l->arena, &fresh, parent);
    }
    open_lanes(l, r, node, &fresh);
}

void lanes_layout(struct arena *a, const struct graph *graph, struct lane_layout *out)
{
    struct layout l = {.arena = a, .out = out};
    struct revision_list order = {0};
    struct err err = ERR_INIT;
    bool *all = reach_set(a, graph);
    *out = (struct lane_layout){0};
    for (size_t i = 0; i < graph->revisions.len; i++)
        all[i] = true;
    /* Cannot fail: the real heads lead to every revision, else the graph would not have been
     * built. */
    if (sort_topological(a, graph, all, &graph->real_heads, &order, &err))
        for (size_t i = 0; i < order.len; i++)
            place(&l, order.at[i]);
    err_clear(&err);
}

/* By edges: up 1, down 2, left 4, right 8. */
static const char *const utf8_symbols[16] = {" ", "╵", "╷", "│", "╴", "╯", "╮", "┤",
                                             "╶", "╰", "╭", "├", "─", "┴", "┬", "┼"};
static const char *const ascii_symbols[16] = {" ", "|", "|", "|", "-", "'", ".", "|",
                                              "-", "`", ".", "|", "-", "+", "+", "+"};

static const char *symbol(const struct lane_cell *cell, const char *const *symbols,
                          const char *node, const char *dotted_down, const char *dotted_across)
{
    unsigned edges = cell->edges & 15U;
    if (cell->edges & LANE_NODE)
        return node;
    if (edges == (LANE_UP | LANE_DOWN) && cell->dependency)
        return dotted_down;
    if (edges == (LANE_LEFT | LANE_RIGHT) && cell->dependency_across)
        return dotted_across;
    return symbols[edges];
}

const char *lanes_symbol_utf8(const struct lane_cell *cell)
{
    return symbol(cell, utf8_symbols, "○", "┊", "┄");
}

const char *lanes_symbol_ascii(const struct lane_cell *cell)
{
    return symbol(cell, ascii_symbols, "o", ":", ".");
}
