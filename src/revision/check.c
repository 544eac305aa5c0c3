#include "config.h"

#include "revision/check.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "revision/reach.h"

/* One of the two kinds of edges: parents alone, or with dependencies. */
struct edges {
    const char *kind; /* as the message begins */
    const struct revision_list *heads, *bases;
    size_t down, next; /* offsets of the lists in struct revision */
};

static const struct revision_list *list_at(const struct revision *r, size_t offset)
{
    return (const struct revision_list *)(const void *)((const char *)r + offset);
}

static int compare_ids(const void *a, const void *b)
{
    const struct revision *const *x = a, *const *y = b;
    return strcmp((*x)->header->id, (*y)->header->id);
}

static bool report_cycle(struct arena *a, const char *kind, const struct revision_list *members,
                         bool sorted, struct err *err)
{
    struct str ids = STR_IN(a);
    if (sorted)
        qsort(members->at, members->len, sizeof(*members->at), compare_ids);
    for (size_t i = 0; i < members->len; i++)
        str_addf(&ids, "%s%s", i ? ", " : "", members->at[i]->header->id);
    return err_set(err, ERR_COMMAND, "%s is detected in revisions (%s)", kind, ids.ptr);
}

/* Everything that can be reached from the ends over the lists at this offset. */
static bool *reached(struct arena *a, const struct graph *graph, const struct revision_list *ends,
                     size_t offset)
{
    bool *marked = reach_set(a, graph);
    struct revision_list todo = {0};
    for (size_t i = 0; i < ends->len; i++)
        vec_push(a, &todo, ends->at[i]);
    while (todo.len) {
        struct revision *r = vec_last(&todo);
        todo.len--;
        if (marked[r->index])
            continue;
        marked[r->index] = true;
        const struct revision_list *list = list_at(r, offset);
        for (size_t i = 0; i < list->len; i++)
            if (!marked[list->at[i]->index])
                vec_push(a, &todo, list->at[i]);
    }
    return marked;
}

/* All revisions, ancestors first; the result is shorter than the graph when there is a cycle. */
static size_t sort_down(const struct graph *graph, const struct edges *edges,
                        struct revision **order, size_t *waits)
{
    size_t n = graph->revisions.len, len = 0;
    for (size_t i = 0; i < n; i++) {
        struct revision *r = graph->revisions.at[i];
        const struct revision_list *down = list_at(r, edges->down);
        for (size_t j = 0; j < down->len; j++) /* a parent that is named twice counts once */
            for (size_t k = 0; k <= j; k++)
                if (down->at[k] == down->at[j]) {
                    waits[i] += k == j;
                    break;
                }
        if (!waits[i])
            order[len++] = r;
    }
    for (size_t i = 0; i < len; i++) {
        const struct revision_list *next = list_at(order[i], edges->next);
        for (size_t j = 0; j < next->len; j++)
            if (--waits[next->at[j]->index] == 0)
                order[len++] = next->at[j];
    }
    return len;
}

/*
 * As Alembic finds them: revisions that no head leads down to or no base leads up to. A cycle that
 * hangs between a base and a head escapes that; the sort finds it, and it is refused too: Alembic's
 * own sort would never end or fail an assertion there.
 */
static bool check_edges(struct arena *a, const struct graph *graph, const struct edges *edges,
                        struct revision ***order, struct err *err)
{
    if (!edges->heads->len || !edges->bases->len)
        return report_cycle(a, edges->kind, &graph->revisions, false, err);
    size_t n = graph->revisions.len;
    size_t *waits = ARENA_ARRAY(a, n, size_t);
    *order = ARENA_ARRAY(a, n, struct revision *);
    if (sort_down(graph, edges, *order, waits) == n)
        return true;
    bool *from_heads = reached(a, graph, edges->heads, edges->down);
    bool *from_bases = reached(a, graph, edges->bases, edges->next);
    struct revision_list lost = {0}, left = {0};
    for (size_t i = 0; i < n; i++) {
        if (!from_heads[i] || !from_bases[i])
            vec_push(a, &lost, graph->revisions.at[i]);
        if (waits[i])
            vec_push(a, &left, graph->revisions.at[i]);
    }
    return report_cycle(a, edges->kind, lost.len ? &lost : &left, true, err);
}

bool check_cycles(struct arena *a, const struct graph *graph, struct revision ***order,
                  struct err *err)
{
    const struct edges by_down = {"Cycle", &graph->heads, &graph->bases,
                                  offsetof(struct revision, down), offsetof(struct revision, next)};
    const struct edges by_all = {"Dependency cycle", &graph->real_heads, &graph->real_bases,
                                 offsetof(struct revision, all_down),
                                 offsetof(struct revision, all_next)};
    if (!graph->revisions.len) {
        *order = ARENA_ARRAY(a, 1, struct revision *);
        return true;
    }
    return check_edges(a, graph, &by_down, order, err) &&
           check_edges(a, graph, &by_all, order, err);
}
