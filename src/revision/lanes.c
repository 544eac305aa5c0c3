#include "config.h"

#include "revision/lanes.h"

#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "revision/reach.h"
#include "revision/sort.h"

enum { LANE_COLORS = 8, KEPT_EVERY = 64 };

enum lane_state { LANE_FREE, LANE_EDGE, LANE_DEPENDENCY };

struct layout {
    struct arena *arena;
    VEC(struct revision *) lanes; /* the parent that each runs down to; NULL: free */
    size_t *waiting;              /* by a revision's index: the lanes that run down to it */
    struct lane_layout *out;
};

/* -- what runs where ------------------------------------------------------------------------------
 */

static unsigned char state_of(bool dependency)
{
    return dependency ? LANE_DEPENDENCY : LANE_EDGE;
}

/* From the lanes above a row to those below it. */
static void pass_row(unsigned char *states, const struct lane_row *row)
{
    for (size_t i = 0; i < row->count; i++) {
        const struct lane_across *across = &row->across[i];
        if (row->kind == LANE_ROW_NODE)
            states[across->lane] = LANE_FREE;
        else if (row->kind == LANE_ROW_OPEN || !across->dependency)
            states[across->lane] = state_of(across->dependency);
    }
    if (row->kind == LANE_ROW_NODE)
        states[row->node / 2] =
            row->revision->ndown.len > 0 ? state_of(row->dependency) : LANE_FREE;
}

/* -- the layout -----------------------------------------------------------------------------------
 */

static bool is_dependency(const struct revision *child, const struct revision *parent)
{
    return !reach_list_has(&child->down, parent);
}

static void keep_states(struct layout *l)
{
    struct lane_states kept = l->out->states;
    kept.at = arena_memdup(l->arena, kept.at, kept.len);
    vec_push(l->arena, &l->out->kept, kept);
}

/* Takes a row when its lanes are open, and those that end in it have not ended. */
static void add_row(struct layout *l, struct lane_row row)
{
    size_t used = l->lanes.len;
    while (used && !l->lanes.at[used - 1])
        used--;
    row.width = used ? used * 2 - 1 : 0;
    if (row.width > l->out->width)
        l->out->width = row.width;
    if (l->out->rows.len % KEPT_EVERY == 0)
        keep_states(l);
    vec_push(l->arena, &l->out->rows, row);
    pass_row(l->out->states.at, &row);
}

/* The first lane from there on that runs down to r; NULL: that is free. All of them: none. */
static size_t find_lane(const struct layout *l, const struct revision *r, size_t from)
{
    if (r && l->waiting[r->index] == 0)
        return l->lanes.len;
    while (from < l->lanes.len && l->lanes.at[from] != r)
        from++;
    return from;
}

static void set_lane(struct layout *l, size_t lane, struct revision *r)
{
    if (l->lanes.at[lane])
        l->waiting[l->lanes.at[lane]->index]--;
    l->lanes.at[lane] = r;
    if (r)
        l->waiting[r->index]++;
}

/* A lane for r: the next free one to the right of `near`, else any free one, else a new one. */
static size_t open_lane(struct layout *l, struct revision *r, size_t near)
{
    size_t i = find_lane(l, NULL, near);
    if (i == l->lanes.len)
        i = find_lane(l, NULL, 0);
    if (i == l->lanes.len) {
        struct lane_states *states = &l->out->states;
        vec_push(l->arena, &l->lanes, NULL);
        vec_push(l->arena, states, LANE_FREE);
    }
    set_lane(l, i, r);
    return i;
}

/* The row of the node itself; every lane that waits for it ends here. Returns the node's lane. */
static size_t place_node(struct layout *l, struct revision *r)
{
    VEC(struct lane_across) ends = {0};
    size_t node = find_lane(l, r, 0);
    bool has_child = node < l->lanes.len;
    if (!has_child)
        node = open_lane(l, r, 0);
    for (size_t i = node + 1; ends.len + 1 < l->waiting[r->index]; i++) {
        i = find_lane(l, r, i);
        struct lane_across end = {i, l->out->states.at[i] == LANE_DEPENDENCY};
        vec_push(l->arena, &ends, end);
    }
    add_row(l, (struct lane_row){
                   .kind = LANE_ROW_NODE,
                   .revision = r,
                   .node = 2 * node,
                   .has_child = has_child,
                   .dependency = r->ndown.len > 0 && is_dependency(r, r->ndown.at[0]),
                   .across = ends.at,
                   .count = ends.len,
               });
    for (size_t i = 0; i < ends.len; i++)
        set_lane(l, ends.at[i].lane, NULL);
    set_lane(l, node, r->ndown.len > 0 ? r->ndown.at[0] : NULL);
    return node;
}

static void add_edges(struct layout *l, enum lane_row_kind kind, size_t node,
                      const struct lane_across *across, size_t count)
{
    add_row(l, (struct lane_row){.kind = kind, .node = 2 * node, .across = across, .count = count});
}

/* A row for each parent that another lane leads to already, one in which all others get theirs. */
static void place_edges(struct layout *l, struct revision *r, size_t node)
{
    struct revision_list fresh = {0};
    VEC(struct lane_across) opened = {0};
    for (size_t i = 1; i < r->ndown.len; i++) {
        struct revision *parent = r->ndown.at[i];
        struct lane_across join = {find_lane(l, parent, 0), is_dependency(r, parent)};
        if (join.lane < l->lanes.len)
            add_edges(l, LANE_ROW_JOIN, node, arena_memdup(l->arena, &join, sizeof(join)), 1);
        else
            vec_push(l->arena, &fresh, parent);
    }
    for (size_t i = 0; i < fresh.len; i++) {
        struct lane_across open = {open_lane(l, fresh.at[i], node + 1),
                                   is_dependency(r, fresh.at[i])};
        vec_push(l->arena, &opened, open);
    }
    if (opened.len > 0)
        add_edges(l, LANE_ROW_OPEN, node, opened.at, opened.len);
}

void lanes_layout(struct arena *a, const struct graph *graph, struct lane_layout *out)
{
    struct layout l = {.arena = a, .out = out};
    struct revision_list order = {0};
    struct err err = ERR_INIT;
    bool *all = reach_set(a, graph);
    *out = (struct lane_layout){0};
    l.waiting = ARENA_ARRAY(a, graph->revisions.len, size_t);
    for (size_t i = 0; i < graph->revisions.len; i++)
        all[i] = true;
    /* Cannot fail: the real heads lead to every revision, else the graph would not have been
     * built. */
    if (sort_topological(a, graph, all, &graph->real_heads, &order, &err))
        for (size_t i = 0; i < order.len; i++)
            place_edges(&l, order.at[i], place_node(&l, order.at[i]));
    out->cells = ARENA_ARRAY(a, out->width, struct lane_cell);
    err_clear(&err);
}

/* -- cells ----------------------------------------------------------------------------------------
 */

/*
 * A horizontal edge from lane `from` to lane `to`, through everything between. What lies nearer to
 * the node may serve several edges; it is dotted only if all of them are dependencies.
 */
static void draw_across(struct lane_cell *cells, size_t from, size_t to, bool dependency)
{
    size_t left = from < to ? from : to, right = from < to ? to : from;
    for (size_t i = 2 * left; i <= 2 * right; i++) {
        struct lane_cell *cell = &cells[i];
        bool fresh = !(cell->edges & (LANE_LEFT | LANE_RIGHT));
        cell->edges |= (i > 2 * left ? LANE_LEFT : 0) | (i < 2 * right ? LANE_RIGHT : 0);
        cell->dependency_across = dependency && (fresh || cell->dependency_across);
        if (!(cell->edges & (LANE_UP | LANE_DOWN | LANE_NODE)))
            cell->color = (unsigned char)(to % LANE_COLORS);
    }
}

/* The lanes that pass through. */
static void draw_lanes(struct lane_cell *cells, const unsigned char *states, size_t width)
{
    for (size_t i = 0; i < width; i++) {
        bool passes = i % 2 == 0 && states[i / 2] != LANE_FREE;
        cells[i] = (struct lane_cell){
            .edges = passes ? LANE_UP | LANE_DOWN : 0,
            .color = (unsigned char)(i / 2 % LANE_COLORS),
            .dependency = passes && states[i / 2] == LANE_DEPENDENCY,
        };
    }
}

static void draw_row(struct lane_cell *cells, const struct lane_row *row)
{
    if (row->kind == LANE_ROW_NODE) {
        struct lane_cell *node = &cells[row->node];
        node->edges =
            (unsigned char)(LANE_NODE | (row->has_child ? LANE_UP : 0) |
                            (row->revision->ndown.len > 0 ? LANE_DOWN : 0));
        node->dependency = false;
    }
    for (size_t i = 0; i < row->count; i++) {
        struct lane_cell *end = &cells[2 * row->across[i].lane];
        if (row->kind == LANE_ROW_NODE)
            end->edges &= (unsigned char)~LANE_DOWN;
        else if (row->kind == LANE_ROW_OPEN)
            end->edges = LANE_DOWN;
    }
    for (size_t i = 0; i < row->count; i++)
        draw_across(cells, row->node / 2, row->across[i].lane, row->across[i].dependency);
}

const struct lane_cell *lanes_cells(struct lane_layout *layout, size_t row)
{
    const struct lane_row *wanted = &layout->rows.at[row];
    const struct lane_states *kept = &layout->kept.at[row / KEPT_EVERY];
    unsigned char *states = layout->states.at;
    memset(states, LANE_FREE, layout->states.len);
    if (kept->len > 0)
        memcpy(states, kept->at, kept->len);
    for (size_t i = row / KEPT_EVERY * KEPT_EVERY; i < row; i++)
        pass_row(states, &layout->rows.at[i]);
    if (wanted->kind == LANE_ROW_OPEN)
        pass_row(states, wanted);
    draw_lanes(layout->cells, states, wanted->width);
    draw_row(layout->cells, wanted);
    return layout->cells;
}

/* -- symbols --------------------------------------------------------------------------------------
 */

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
