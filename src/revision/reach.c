#include "config.h"

#include "revision/reach.h"

#include "base/arena.h"

const struct revision_list *reach_list(const struct revision *r, enum reach_edges edges)
{
    switch (edges) {
    case REACH_DOWN:
        return &r->down;
    case REACH_NDOWN:
        return &r->ndown;
    case REACH_NEXT:
        return &r->next;
    case REACH_ALL_NEXT:
        break;
    }
    return &r->all_next;
}

void reach_mark(struct revision *r, enum reach_edges edges, bool *marked)
{
    struct revision_list todo = {0};
    if (marked[r->index])
        return;
    marked[r->index] = true;
    vec_push(NULL, &todo, r);
    while (todo.len) {
        struct revision *top = vec_last(&todo);
        todo.len--;
        const struct revision_list *list = reach_list(top, edges);
        for (size_t i = 0; i < list->len; i++) {
            if (marked[list->at[i]->index])
                continue;
            marked[list->at[i]->index] = true;
            vec_push(NULL, &todo, list->at[i]);
        }
    }
    vec_clear(&todo);
}

bool *reach_set(struct arena *a, const struct graph *graph)
{
    return ARENA_ARRAY(a, graph->revisions.len, bool);
}

void reach_mark_lineage(struct arena *a, const struct graph *graph, struct revision *r,
                        bool with_dependencies, bool *marked)
{
    /* Not straight into marked: what another lineage marked must not stop the walk. */
    bool *up = reach_set(a, graph), *down = reach_set(a, graph);
    reach_mark(r, with_dependencies ? REACH_ALL_NEXT : REACH_NEXT, up);
    reach_mark(r, with_dependencies ? REACH_NDOWN : REACH_DOWN, down);
    for (size_t i = 0; i < graph->revisions.len; i++)
        marked[i] = marked[i] || up[i] || down[i];
}

bool reach_list_has(const struct revision_list *list, const struct revision *r)
{
    for (size_t i = 0; i < list->len; i++)
        if (list->at[i] == r)
            return true;
    return false;
}

void graph_ancestors(const struct graph *graph, const struct revision_list *from,
                     bool with_dependencies, bool *in_set)
{
    for (size_t i = 0; i < graph->revisions.len; i++)
        in_set[i] = false;
    for (size_t i = 0; i < from->len; i++)
        reach_mark(from->at[i], with_dependencies ? REACH_NDOWN : REACH_DOWN, in_set);
}
