/*
 * From headers to the graph: ids, labels, dependencies, children, and what is wrong with them. The
 * order of the checks is Alembic's, so that the first error is the same.
 */
#include "config.h"

#include "revision/graph.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "revision/check.h"
#include "revision/reach.h"

struct builder {
    struct arena *arena;
    struct graph *graph;
    struct err *err;
    struct name_list *warnings; /* the caller's; may be NULL */
    /* Every header in load order. A repeated id has one struct revision, that of its last file. */
    VEC(struct loaded {
        const struct revision_header *header;
        struct revision *revision;
    }) loaded;
};

static void warn(struct builder *b, const char *text)
{
    vec_push(b->arena, &b->graph->warnings, text);
    if (b->warnings)
        vec_push(b->arena, b->warnings, text);
}

static bool names_have(const struct name_list *list, const char *name)
{
    for (size_t i = 0; i < list->len; i++)
        if (strcmp(list->at[i], name) == 0)
            return true;
    return false;
}

bool graph_check_id(const char *id, struct err *err)
{
    static const char illegal[] = "+-:@"; /* sorted, as the message has them */
    char found[3 * sizeof(illegal)] = "";
    for (const char *c = illegal; *c; c++)
        if (strchr(id, *c)) {
            size_t len = strlen(found);
            if (len)
                memcpy(found + len, ", ", 3);
            len = strlen(found);
            found[len] = *c;
            found[len + 1] = '\0';
        }
    if (!*found)
        return true;
    return err_set(err, ERR_COMMAND, "Character(s) '%s' not allowed in revision identifier '%s'",
                   found, id);
}

bool check_header(const struct revision_header *header, struct err *err)
{
    if (names_have(&header->down, header->id))
        return err_set(err, ERR_COMMAND, "Self-loop is detected in revisions (%s)", header->id);
    if (names_have(&header->depends_on, header->id))
        return err_set(err, ERR_COMMAND, "Dependency self-loop is detected in revisions (%s)",
                       header->id);
    return graph_check_id(header->id, err);
}

static bool add_revisions(struct builder *b, const struct revision_header *headers, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct revision_header *header = &headers[i];
        if (!check_header(header, b->err))
            return false;
        struct revision *r = map_get(&b->graph->by_id, header->id);
        if (r) {
            warn(b, arena_printf(b->arena, "Revision %s is present more than once", header->id));
        } else {
            r = ARENA_NEW(b->arena, struct revision);
            r->index = b->graph->revisions.len;
            vec_push(b->arena, &b->graph->revisions, r);
            map_put(&b->graph->by_id, header->id, r);
        }
        r->header = header;
        vec_push(b->arena, &b->loaded, ((struct loaded){header, r}));
    }
    return true;
}

static bool add_labels(struct builder *b)
{
    struct graph *g = b->graph;
    for (size_t i = 0; i < b->loaded.len; i++) {
        const struct revision_header *header = b->loaded.at[i].header;
        for (size_t j = 0; j < header->labels.len; j++) {
            const char *label = header->labels.at[j];
            struct revision *other = map_get(&g->by_id, label);
            if (!other)
                other = map_get(&g->by_label, label);
            if (other)
                return err_set(b->err, ERR_COMMAND,
                               "Branch name '%s' in revision %s already used by revision %s", label,
                               header->id, other->header->id);
            map_put(&g->by_label, label, b->loaded.at[i].revision);
        }
    }
    return true;
}

static bool resolve_dependencies(struct builder *b)
{
    for (size_t i = 0; i < b->loaded.len; i++) {
        const struct revision_header *header = b->loaded.at[i].header;
        struct revision *r = b->loaded.at[i].revision;
        for (size_t j = 0; j < header->depends_on.len; j++) {
            const char *name = header->depends_on.at[j];
            struct revision *dep = map_get(&b->graph->by_id, name);
            if (!dep)
                dep = map_get(&b->graph->by_label, name);
            if (!dep) {
                err_set(b->err, ERR_GRAPH,
                        "revision %s depends on '%s', which is no revision and no branch label",
                        header->id, name);
                return err_at(b->err, header->path, 0, 0);
            }
            if (r->header == header)
                vec_push(b->arena, &r->deps, dep);
        }
    }
    return true;
}

/* As Alembic shows a revision in warnings: "a, b -> c (mergepoint), doc". Nothing is known of
 * heads and branch points yet when it warns. */
static const char *brief(struct builder *b, const struct revision_header *header)
{
    struct str out = STR_IN(b->arena);
    for (size_t i = 0; i < header->down.len; i++)
        str_addf(&out, "%s%s", i ? ", " : "", header->down.at[i]);
    if (!header->down.len)
        str_add(&out, "<base>");
    str_addf(&out, " -> %s (head)%s, %s", header->id, header->down.len > 1 ? " (mergepoint)" : "",
             header->doc);
    return out.ptr;
}

static void push_once(struct arena *a, struct revision_list *list, struct revision *r)
{
    if (!reach_list_has(list, r))
        vec_push(a, list, r);
}

static bool link_revisions(struct builder *b)
{
    struct graph *g = b->graph;
    for (size_t i = 0; i < g->revisions.len; i++) {
        struct revision *r = g->revisions.at[i];
        for (size_t j = 0; j < r->header->down.len; j++) {
            const char *id = r->header->down.at[j];
            struct revision *down = map_get(&g->by_id, id);
            if (!down) {
                warn(b, arena_printf(b->arena, "Revision %s referenced from %s is not present", id,
                                     brief(b, r->header)));
                err_set(b->err, ERR_GRAPH, "revision %s has the down_revision '%s', %s",
                        r->header->id, id,
                        map_has(&g->by_label, id) ? "which is a branch label, not a revision id"
                                                  : "which is in no file");
                return err_at(b->err, r->header->path, 0, 0);
            }
            vec_push(b->arena, &r->down, down);
            push_once(b->arena, &r->all_down, down);
        }
        for (size_t j = 0; j < r->deps.len; j++)
            push_once(b->arena, &r->all_down, r->deps.at[j]);
    }
    /* In load order of the children, which makes next and all_next sorted. */
    for (size_t i = 0; i < g->revisions.len; i++) {
        struct revision *r = g->revisions.at[i];
        for (size_t j = 0; j < r->all_down.len; j++) {
            struct revision *down = r->all_down.at[j];
            vec_push(b->arena, &down->all_next, r);
            if (reach_list_has(&r->down, down))
                vec_push(b->arena, &down->next, r);
        }
    }
    return true;
}

/*
 * Heads and bases, in load order of the files. Of a repeated id only the last file can have
 * children, so that the earlier ones make it a head whatever follows.
 */
static void find_ends(struct builder *b)
{
    struct graph *g = b->graph;
    for (size_t i = 0; i < b->loaded.len; i++) {
        const struct revision_header *header = b->loaded.at[i].header;
        struct revision *r = b->loaded.at[i].revision;
        bool shadowed = r->header != header;
        if (!r->next.len || shadowed)
            vec_push(b->arena, &g->heads, r);
        if (!r->all_next.len || shadowed)
            vec_push(b->arena, &g->real_heads, r);
        if (!header->down.len)
            vec_push(b->arena, &g->bases, r);
        if (!header->down.len && !header->depends_on.len)
            vec_push(b->arena, &g->real_bases, r);
    }
    for (size_t i = 0; i < g->revisions.len; i++) {
        struct revision *r = g->revisions.at[i];
        r->is_head = !r->next.len;
        r->is_real_head = !r->all_next.len;
        r->is_base = !r->down.len;
        r->is_real_base = !r->down.len && !r->header->depends_on.len;
        r->is_branchpoint = r->next.len > 1;
        r->is_mergepoint = r->down.len > 1;
    }
}

/*
 * ndeps and ndown. Going from ancestors to descendants, each revision inherits the set of what its
 * line depends on already: bit sets, with one bit for each revision that any other depends on.
 */
static void implied_dependencies(struct builder *b, struct revision *const *order)
{
    struct graph *g = b->graph;
    size_t n = g->revisions.len;
    size_t *number = ARENA_ARRAY(b->arena, n, size_t); /* of a dependency, from 1 */
    size_t count = 0;
    for (size_t i = 0; i < n; i++) {
        const struct revision_list *deps = &g->revisions.at[i]->deps;
        for (size_t j = 0; j < deps->len; j++)
            if (!number[deps->at[j]->index])
                number[deps->at[j]->index] = ++count;
    }
    size_t words = (count + 63) / 64;
    /* of[r]: the dependencies of r and of all its ancestors by down. */
    uint64_t *of = words ? ARENA_ARRAY(b->arena, n * words, uint64_t) : NULL;
    for (size_t i = 0; i < n; i++) {
        struct revision *r = order[i];
        if (!words) {
            r->ndown = r->all_down;
            continue;
        }
        uint64_t *mine = of + r->index * words;
        for (size_t j = 0; j < r->down.len; j++)
            for (size_t w = 0; w < words; w++)
                mine[w] |= of[r->down.at[j]->index * words + w];
        for (size_t j = 0; j < r->down.len; j++)
            push_once(b->arena, &r->ndown, r->down.at[j]);
        for (size_t j = 0; j < r->deps.len; j++) {
            size_t bit = number[r->deps.at[j]->index] - 1;
            if ((mine[bit / 64] >> (bit % 64)) & 1)
                continue;
            push_once(b->arena, &r->ndeps, r->deps.at[j]);
            push_once(b->arena, &r->ndown, r->deps.at[j]);
        }
        for (size_t j = 0; j < r->deps.len; j++) {
            size_t bit = number[r->deps.at[j]->index] - 1;
            mine[bit / 64] |= UINT64_C(1) << (bit % 64);
        }
    }
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void add_label(struct builder *b, struct revision *r, const char *label)
{
    if (!names_have(&r->labels, label))
        vec_push(b->arena, &r->labels, label);
}

/*
 * Marks the descendants of r and returns the one that was entered last: from there Alembic walks
 * back down (section 3.2). Its children are in a set, without order; here they are in load order.
 */
static struct revision *mark_descendants(struct revision *r, bool *seen)
{
    struct revision *last = r;
    struct revision_list todo = {0};
    vec_push(NULL, &todo, r);
    while (todo.len) {
        struct revision *top = vec_last(&todo);
        todo.len--;
        if (seen[top->index])
            continue;
        seen[top->index] = true;
        last = top;
        for (size_t i = 0; i < top->next.len; i++)
            vec_push(NULL, &todo, top->next.at[i]);
    }
    vec_clear(&todo);
    return last;
}

static void spread_labels(struct builder *b)
{
    struct graph *g = b->graph;
    bool *seen = reach_set(b->arena, g);
    for (size_t i = 0; i < g->revisions.len; i++) {
        struct revision *r = g->revisions.at[i];
        for (size_t j = 0; j < r->header->labels.len; j++)
            add_label(b, r, r->header->labels.at[j]);
    }
    for (size_t i = 0; i < g->revisions.len; i++) {
        struct revision *r = g->revisions.at[i];
        if (!r->header->labels.len)
            continue;
        struct name_list own = r->labels; /* those of labelled ancestors included */
        memset(seen, 0, g->revisions.len * sizeof(*seen));
        struct revision *last = mark_descendants(r, seen);
        for (size_t k = 0; k < g->revisions.len; k++)
            for (size_t j = 0; seen[k] && j < own.len; j++)
                add_label(b, g->revisions.at[k], own.at[j]);
        while (last && last->all_next.len <= 1 && !last->is_mergepoint) {
            for (size_t j = 0; j < own.len; j++)
                add_label(b, last, own.at[j]);
            last = last->down.len ? last->down.at[0] : NULL;
        }
    }
    for (size_t i = 0; i < g->revisions.len; i++) {
        struct name_list *labels = &g->revisions.at[i]->labels;
        if (labels->len > 1)
            qsort(labels->at, labels->len, sizeof(*labels->at), compare_names);
    }
}

bool graph_build(struct arena *a, const struct revision_header *headers, size_t count,
                 struct graph **out, struct name_list *warnings, struct err *err)
{
    struct graph *g = ARENA_NEW(a, struct graph);
    struct builder b = {.arena = a, .graph = g, .err = err, .warnings = warnings};
    struct revision **order;
    g->by_id = MAP_IN(a);
    g->by_label = MAP_IN(a);
    map_reserve(&g->by_id, count);
    vec_reserve(a, &g->revisions, count);
    vec_reserve(a, &b.loaded, count);
    if (!add_revisions(&b, headers, count) || !add_labels(&b) || !resolve_dependencies(&b) ||
        !link_revisions(&b))
        return false;
    find_ends(&b);
    if (!check_cycles(a, g, &order, err))
        return false;
    implied_dependencies(&b, order);
    spread_labels(&b);
    *out = g;
    return true;
}

struct revision *graph_find(const struct graph *graph, const char *id)
{
    return map_get(&graph->by_id, id);
}
