#include "config.h"

#include "schema/order.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/map.h"

/* A table as a node: who waits for it, and how many it waits for. */
struct node {
    struct table *table;
    VEC(size_t) children; /* tables that refer to it */
    size_t waiting;       /* for how many edges */
    bool in_cycle;
    /* Finding circles (Tarjan): */
    size_t index, low, next_child;
    bool on_stack;
};

struct graph {
    struct arena *arena;
    struct node *nodes;
    size_t count;
    struct map by_key; /* to struct node */
};

static const char *key_of(struct arena *a, const char *schema, const char *name)
{
    return schema ? arena_printf(a, "%s.%s", schema, name) : name;
}

const char *table_key(struct arena *a, const struct table *t)
{
    return key_of(a, t->schema, t->name.text);
}

/* ------------------------------------------------------------------ edges */

static void add_edges(struct graph *g, size_t child)
{
    const struct table *t = g->nodes[child].table;
    for (size_t i = 0; i < t->constraints.len; i++) {
        const struct constraint *k = t->constraints.at[i];
        if (k->kind != CONSTRAINT_FOREIGN_KEY || k->use_alter)
            continue;
        struct node *parent =
            map_get(&g->by_key, key_of(g->arena, k->referred_schema, k->referred_table));
        if (!parent || parent == &g->nodes[child])
            continue;
        vec_push(g->arena, &parent->children, child);
        g->nodes[child].waiting++;
    }
}

static void make_graph(struct graph *g, const struct table_list *tables)
{
    g->count = tables->len;
    g->nodes = ARENA_ARRAY(g->arena, tables->len + 1, struct node);
    g->by_key = MAP_IN(g->arena);
    for (size_t i = 0; i < tables->len; i++) {
        g->nodes[i].table = tables->at[i];
        map_put(&g->by_key, table_key(g->arena, tables->at[i]), &g->nodes[i]);
    }
    for (size_t i = 0; i < tables->len; i++)
        add_edges(g, i);
}

/* ------------------------------------------------------------------ circles */

struct search {
    struct graph *graph;
    size_t next_index; /* 1 for the first node */
    VEC(size_t) stack, path;
};

static void visit(struct search *s, size_t at)
{
    struct node *n = &s->graph->nodes[at];
    n->index = n->low = s->next_index++;
    n->on_stack = true;
    vec_push(s->graph->arena, &s->stack, at);
    vec_push(s->graph->arena, &s->path, at);
}

/* A component is complete: more than one node is a circle. */
static void take_component(struct search *s, size_t root)
{
    size_t first = s->stack.len;
    while (s->stack.at[--first] != root)
        ;
    for (size_t i = first; i < s->stack.len; i++) {
        struct node *n = &s->graph->nodes[s->stack.at[i]];
        n->on_stack = false;
        n->in_cycle = s->stack.len - first > 1;
    }
    s->stack.len = first;
}

/* The nodes that are part of a circle, without recursion. */
static void find_cycles(struct graph *g)
{
    struct search s = {.graph = g, .next_index = 1};
    for (size_t start = 0; start < g->count; start++) {
        if (!g->nodes[start].index)
            visit(&s, start);
        while (s.path.len > 0) {
            size_t at = vec_last(&s.path);
            struct node *n = &g->nodes[at];
            if (n->next_child < n->children.len) {
                struct node *child = &g->nodes[n->children.at[n->next_child++]];
                if (!child->index)
                    visit(&s, (size_t)(child - g->nodes));
                else if (child->on_stack && child->index < n->low)
                    n->low = child->index;
                continue;
            }
            s.path.len--;
            if (s.path.len > 0 && n->low < g->nodes[vec_last(&s.path)].low)
                g->nodes[vec_last(&s.path)].low = n->low;
            if (n->low == n->index)
                take_component(&s, at);
        }
    }
}

/* ------------------------------------------------------------------ levels */

static int by_position(const void *a, const void *b)
{
    size_t x = *(const size_t *)a, y = *(const size_t *)b;
    return x < y ? -1 : x > y;
}

/* What a node that is done no longer keeps waiting. Tables in circles wait for nothing. */
static void release(struct graph *g, size_t at, size_t *ready, size_t *ready_count)
{
    for (size_t i = 0; i < g->nodes[at].children.len; i++) {
        struct node *child = &g->nodes[g->nodes[at].children.at[i]];
        if (!child->in_cycle && --child->waiting == 0)
            ready[(*ready_count)++] = g->nodes[at].children.at[i];
    }
}

void tables_in_order(struct arena *a, const struct table_list *tables, struct table_list *out,
                     struct table_list *in_cycles)
{
    struct graph g = {.arena = a};
    make_graph(&g, tables);
    find_cycles(&g);
    size_t *level = ARENA_ARRAY(a, g.count + 1, size_t),
           *next = ARENA_ARRAY(a, g.count + 1, size_t);
    size_t level_count = 0;
    for (size_t i = 0; i < g.count; i++) {
        if (g.nodes[i].in_cycle && in_cycles)
            vec_push(a, in_cycles, g.nodes[i].table);
        if (g.nodes[i].in_cycle || g.nodes[i].waiting == 0)
            level[level_count++] = i;
    }
    while (level_count > 0) {
        size_t next_count = 0;
        qsort(level, level_count, sizeof(*level), by_position);
        for (size_t i = 0; i < level_count; i++)
            vec_push(a, out, g.nodes[level[i]].table);
        for (size_t i = 0; i < level_count; i++)
            release(&g, level[i], next, &next_count);
        size_t *swap = level;
        level = next, next = swap, level_count = next_count;
    }
}

/* ------------------------------------------------------------------ by key */

struct keyed {
    const char *key;
    struct table *table;
};

static int by_key(const void *a, const void *b)
{
    return strcmp(((const struct keyed *)a)->key, ((const struct keyed *)b)->key);
}

void tables_sort_by_key(struct arena *a, struct table_list *tables)
{
    struct keyed *keyed = ARENA_ARRAY(a, tables->len + 1, struct keyed);
    for (size_t i = 0; i < tables->len; i++)
        keyed[i] = (struct keyed){table_key(a, tables->at[i]), tables->at[i]};
    qsort(keyed, tables->len, sizeof(*keyed), by_key);
    for (size_t i = 0; i < tables->len; i++)
        tables->at[i] = keyed[i].table;
}
