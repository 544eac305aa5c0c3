/* The rows of the version table: how steps and stamps change them, and what `current` shows. */
#include "config.h"

#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "revision/graph.h"
#include "revision/reach.h"
#include "revision/resolve.h"

static size_t find_row(const struct name_list *rows, const char *id)
{
    size_t i = 0;
    while (i < rows->len && strcmp(rows->at[i], id) != 0)
        i++;
    return i;
}

static bool has_row(const struct name_list *rows, const char *id)
{
    return find_row(rows, id) < rows->len;
}

/* The rows being changed, and the changes so far. */
struct ledger {
    struct arena *arena;
    struct name_list *rows;
    struct row_change_list *changes;
    struct err *err;
};

static bool insert_row(struct ledger *l, const char *id)
{
    if (has_row(l->rows, id))
        return err_set(l->err, ERR_GRAPH, "the version table has '%s' already", id);
    vec_push(l->arena, l->rows, id);
    vec_push(l->arena, l->changes, ((struct row_change){ROW_INSERT, NULL, id}));
    return true;
}

static bool delete_row(struct ledger *l, const char *id)
{
    size_t at = find_row(l->rows, id);
    if (at == l->rows->len)
        return err_set(l->err, ERR_GRAPH, "the version table does not have '%s'", id);
    vec_remove(l->rows, at);
    vec_push(l->arena, l->changes, ((struct row_change){ROW_DELETE, id, NULL}));
    return true;
}

static bool update_row(struct ledger *l, const char *from, const char *to)
{
    if (has_row(l->rows, to))
        return err_set(l->err, ERR_GRAPH, "the version table has '%s' already", to);
    size_t at = find_row(l->rows, from);
    if (at == l->rows->len)
        return err_set(l->err, ERR_GRAPH, "the version table does not have '%s'", from);
    l->rows->at[at] = to;
    vec_push(l->arena, l->changes, ((struct row_change){ROW_UPDATE, from, to}));
    return true;
}

/* Several rows become one: all but the last are deleted, the last becomes `to`. */
static bool merge_rows(struct ledger *l, const struct name_list *from, const char *to)
{
    for (size_t i = 0; i + 1 < from->len; i++)
        if (!delete_row(l, from->at[i]))
            return false;
    return update_row(l, vec_last(from), to);
}

/* Those of list that are rows. */
static struct revision_list present(struct arena *a, const struct revision_list *list,
                                    const struct name_list *rows)
{
    struct revision_list out = {0};
    for (size_t i = 0; i < list->len; i++)
        if (has_row(rows, list->at[i]->header->id))
            vec_push(a, &out, list->at[i]);
    return out;
}

/* The ids of list without the ancestors of the rows that are not in `besides`. */
static struct name_list not_implied(struct arena *a, const struct graph *graph,
                                    const struct revision_list *list, const struct name_list *rows,
                                    const struct revision_list *besides)
{
    struct name_list out = {0};
    bool *implied = reach_set(a, graph);
    for (size_t i = 0; i < rows->len; i++) {
        struct revision *r = graph_find(graph, rows->at[i]);
        if (r && !reach_list_has(besides, r))
            reach_mark(r, REACH_NDOWN, implied);
    }
    for (size_t i = 0; i < list->len; i++)
        if (!implied[list->at[i]->index])
            vec_push(a, &out, list->at[i]->header->id);
    return out;
}

static bool upgrade_rows(struct ledger *l, const struct graph *graph, const struct revision *r)
{
    struct revision_list here = present(l->arena, &r->ndown, l->rows);
    if (!here.len)
        return insert_row(l, r->header->id);
    if (here.len == 1)
        return update_row(l, here.at[0]->header->id, r->header->id);
    struct name_list from = not_implied(l->arena, graph, &r->ndown, l->rows, &r->ndown);
    if (!from.len)
        return err_set(l->err, ERR_GRAPH, "no row is left to become '%s'", r->header->id);
    return merge_rows(l, &from, r->header->id);
}

/* Where the row of the only head goes: its parents without the ancestors of one another. */
static struct name_list without_ancestors(struct arena *a, const struct graph *graph,
                                          const struct revision_list *list)
{
    struct name_list out = {0};
    bool *implied = reach_set(a, graph);
    for (size_t i = 0; i < list->len; i++)
        for (size_t j = 0; j < list->at[i]->ndown.len; j++)
            reach_mark(list->at[i]->ndown.at[j], REACH_NDOWN, implied);
    for (size_t i = 0; i < list->len; i++)
        if (!implied[list->at[i]->index])
            vec_push(a, &out, list->at[i]->header->id);
    return out;
}

static bool downgrade_rows(struct ledger *l, const struct graph *graph, struct revision *r)
{
    const char *id = r->header->id;
    if (!has_row(l->rows, id))
        return err_set(l->err, ERR_GRAPH, "the version table does not have '%s'", id);
    struct revision_list self = {&r, 1, 1};
    struct name_list to = l->rows->len > 1 ? not_implied(l->arena, graph, &r->ndown, l->rows, &self)
                                           : without_ancestors(l->arena, graph, &r->ndown);
    if (!to.len)
        return delete_row(l, id);
    if (r->ndown.len == 1)
        return update_row(l, id, to.at[0]);
    for (size_t i = 0; i + 1 < to.len; i++)
        if (!insert_row(l, to.at[i]))
            return false;
    return update_row(l, id, vec_last(&to));
}

bool graph_step_changes(struct arena *a, const struct graph *graph, struct name_list *rows,
                        const struct step *step, struct row_change_list *out, struct err *err)
{
    struct ledger ledger = {a, rows, out, err};
    return step->direction == DIRECTION_UPGRADE ? upgrade_rows(&ledger, graph, step->revision)
                                                : downgrade_rows(&ledger, graph, step->revision);
}

/* The current heads in the lineage of any of the targets, dependencies included. */
static bool stamp_sources(struct resolver *rs, const struct revision_list *heads,
                          const struct name_list *targets, struct revision_list *out)
{
    for (size_t i = 0; i < targets->len; i++) {
        struct revision_list found = {0};
        if (!resolve_lineage(rs, heads, targets->at[i], true, &found))
            return false;
        for (size_t j = 0; j < found.len; j++)
            if (!reach_list_has(out, found.at[j]))
                vec_push(rs->arena, out, found.at[j]);
    }
    return true;
}

static struct name_list ids_of(struct arena *a, const struct revision_list *list)
{
    struct name_list out = {0};
    for (size_t i = 0; i < list->len; i++)
        vec_push(a, &out, list->at[i]->header->id);
    return out;
}

static bool any_marked(const struct revision_list *list, const bool *marked)
{
    for (size_t i = 0; i < list->len; i++)
        if (marked[list->at[i]->index])
            return true;
    return false;
}

/* One target: from the sources above or below it in a single step, else as a new row. */
static bool stamp_one(struct ledger *l, const struct graph *graph,
                      const struct revision_list *sources, struct revision *target,
                      struct stamp_list *out)
{
    struct stamp_step step = {0};
    const char *id = target->header->id;
    bool *above = reach_set(l->arena, graph), *below = reach_set(l->arena, graph);
    if (reach_list_has(sources, target))
        return true;
    reach_mark(target, REACH_ALL_NEXT, above);
    reach_mark(target, REACH_NDOWN, below);
    bool is_above = any_marked(sources, above), is_below = any_marked(sources, below);
    if (is_above && is_below)
        return err_set(l->err, ERR_GRAPH, "the current revisions are above and below '%s'", id);
    vec_push(l->arena, &step.to, id);
    step.is_upgrade = !is_above;
    l->changes = &step.changes;
    if (is_above || is_below)
        step.from = ids_of(l->arena, sources);
    /* A source that an earlier stamp of this command has moved: Alembic inserts, going up. */
    bool moved = false;
    for (size_t i = 0; i < step.from.len; i++)
        moved = moved || !has_row(l->rows, step.from.at[i]);
    bool done = !step.from.len || (is_below && moved && !has_row(l->rows, id))
                    ? insert_row(l, id)
                    : merge_rows(l, &step.from, id);
    if (done)
        vec_push(l->arena, out, step);
    return done;
}

bool graph_stamp_steps(struct arena *a, const struct graph *graph, const struct name_list *current,
                       const struct name_list *targets, struct stamp_list *out, struct err *err)
{
    struct resolver rs = {
        .arena = a,
        .graph = graph,
        .multiple_heads = "Multiple heads are present; please specify a single target revision",
        .err = err,
    };
    struct revision_list heads = {0}, sources = {0}, dests = {0};
    struct name_list rows = {0};
    struct ledger ledger = {a, &rows, NULL, err};
    for (size_t i = 0; i < current->len; i++)
        vec_push(a, &rows, current->at[i]);
    if (!resolve_rows(&rs, current, &heads) || !stamp_sources(&rs, &heads, targets, &sources) ||
        !resolve_rows(&rs, targets, &dests))
        return false;
    for (size_t i = 0; !dests.len && i < sources.len; i++) { /* base: every branch ends */
        struct stamp_step step = {0};
        vec_push(a, &step.from, sources.at[i]->header->id);
        ledger.changes = &step.changes;
        if (!delete_row(&ledger, step.from.at[0]))
            return false;
        vec_push(a, out, step);
    }
    for (size_t i = 0; i < dests.len; i++)
        if (!stamp_one(&ledger, graph, &sources, dests.at[i], out))
            return false;
    return true;
}

bool graph_current(struct arena *a, const struct graph *graph, const struct name_list *rows,
                   struct revision_list *out, struct err *err)
{
    struct resolver rs = {.arena = a, .graph = graph, .err = err};
    struct revision_list list = {0};
    bool *applied = reach_set(a, graph);
    if (!resolve_rows(&rs, rows, &list))
        return false;
    for (size_t i = 0; i < list.len; i++)
        reach_mark(list.at[i], REACH_NDOWN, applied);
    for (size_t i = 0; i < graph->revisions.len; i++)
        if (applied[i] && !any_marked(&graph->revisions.at[i]->next, applied))
            vec_push(a, out, graph->revisions.at[i]);
    return true;
}
