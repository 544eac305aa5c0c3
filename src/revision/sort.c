#include "config.h"

#include "revision/sort.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "revision/reach.h"

/*
 * Alembic keeps the set of all ancestors of every candidate and asks whether one candidate is among
 * another's. Here the question is turned round: can another candidate be reached going up? Nearly
 * always the answer is no at the first look, because every child has been put out already.
 */
struct sort {
    const struct graph *graph;
    struct revision_list *candidates;
    bool *pending;      /* in the set and not put out yet */
    bool *emitted;
    bool *is_candidate;
    bool *scope;        /* ancestors of the heads: nothing else can be on the way up */
    size_t *seen;       /* by revision: the search that saw it last */
    size_t search;
    struct revision_list todo; /* scratch, on the heap */
};

static int compare_load_order(const void *a, const void *b)
{
    const struct revision *const *x = a, *const *y = b;
    return (*x)->index < (*y)->index ? -1 : (*x)->index > (*y)->index;
}

/* Puts the unseen revisions above r on the stack. */
static void push_above(struct sort *s, const struct revision *r)
{
    for (size_t i = 0; i < r->all_next.len; i++) {
        struct revision *next = r->all_next.at[i];
        if (s->scope[next->index] && !s->emitted[next->index] &&
            s->seen[next->index] != s->search) {
            s->seen[next->index] = s->search;
            vec_push(NULL, &s->todo, next);
        }
    }
}

/* The position of the first candidate above r, or the number of candidates. */
static size_t first_above(struct sort *s, const struct revision *r)
{
    bool found = false;
    s->search++;
    s->todo.len = 0;
    push_above(s, r);
    while (s->todo.len) {
        const struct revision *top = vec_last(&s->todo);
        s->todo.len--;
        found = found || s->is_candidate[top->index];
        push_above(s, top);
    }
    size_t i = found ? 0 : s->candidates->len;
    while (i < s->candidates->len && s->seen[s->candidates->at[i]->index] != s->search)
        i++;
    return i;
}

/* Replaces candidate i by its pending parents; the position to go on with. */
static size_t descend(struct arena *a, struct sort *s, size_t i)
{
    struct revision *r = s->candidates->at[i];
    bool replaced = false;
    /* Membership is asked before anything is added, with r itself still a candidate. */
    struct revision_list add = {0};
    for (size_t j = 0; j < r->ndown.len; j++) {
        struct revision *down = r->ndown.at[j];
        if (s->pending[down->index] && !s->is_candidate[down->index])
            vec_push(a, &add, down);
    }
    s->is_candidate[r->index] = false;
    for (size_t j = 0; j < add.len; j++) {
        s->is_candidate[add.at[j]->index] = true;
        if (replaced)
            vec_push(a, s->candidates, add.at[j]);
        else
            s->candidates->at[i] = add.at[j];
        replaced = true;
    }
    if (replaced)
        return i;
    vec_remove(s->candidates, i);
    return i ? i - 1 : 0;
}

bool sort_topological(struct arena *a, const struct graph *graph, const bool *set,
                      const struct revision_list *heads, struct revision_list *out, struct err *err)
{
    struct revision_list candidates = {0};
    struct sort s = {graph, &candidates, reach_set(a, graph), reach_set(a, graph),
                     reach_set(a, graph), reach_set(a, graph),
                     ARENA_ARRAY(a, graph->revisions.len, size_t), 0, {0}};
    size_t left = 0;
    for (size_t i = 0; i < graph->revisions.len; i++) {
        s.pending[i] = set[i];
        left += set[i];
    }
    for (size_t i = 0; i < heads->len; i++) {
        struct revision *r = heads->at[i];
        if (!set[r->index] || s.is_candidate[r->index])
            continue;
        s.is_candidate[r->index] = true;
        vec_push(a, &candidates, r);
        reach_mark(r, REACH_NDOWN, s.scope);
    }
    if (candidates.len > 1)
        qsort(candidates.at, candidates.len, sizeof(*candidates.at), compare_load_order);
    for (size_t i = 0; candidates.len;) {
        struct revision *r = candidates.at[i];
        size_t above = first_above(&s, r);
        if (above < candidates.len) {
            i = above;
            continue;
        }
        if (s.pending[r->index]) {
            vec_push(a, out, r);
            s.pending[r->index] = false;
            s.emitted[r->index] = true;
            left--;
        }
        i = descend(a, &s, i);
    }
    vec_clear(&s.todo);
    if (left)
        return err_set(err, ERR_GRAPH,
                       "the revisions asked for hang together only through a dependency");
    return true;
}
