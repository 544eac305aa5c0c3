/*
 * From the database's rows and a target to the steps of a run, and the range of `history`
 * (spec/cli.md, sections 4.2, 4.3 and 6).
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "revision/graph.h"
#include "revision/reach.h"
#include "revision/resolve.h"
#include "revision/sort.h"

static bool no_such_distance(struct resolver *rs, const char *text, long steps)
{
    return err_set(rs->err, ERR_COMMAND, "Relative revision %s didn't produce %ld migrations", text,
                   labs(steps));
}

/*
 * Marks the targets and their ancestors with dependencies. One target above another is refused:
 * the version table must not list both.
 */
static bool mark_checked(struct resolver *rs, const struct revision_list *targets, bool *marked)
{
    struct arena *a = rs->arena;
    bool *is_target = reach_set(a, rs->graph), *seen = reach_set(a, rs->graph);
    for (size_t i = 0; i < targets->len; i++)
        is_target[targets->at[i]->index] = true;
    for (size_t i = 0; targets->len > 1 && i < targets->len; i++) {
        struct revision *target = targets->at[i];
        struct str overlaps = STR_IN(a);
        bool *above = reach_set(a, rs->graph);
        if (seen[target->index])
            continue; /* given twice */
        seen[target->index] = true;
        reach_mark(target, REACH_NDOWN, above);
        for (size_t j = 0; j < rs->graph->revisions.len; j++)
            if (above[j] && is_target[j] && j != target->index)
                str_addf(&overlaps, "%s%s", overlaps.len ? ", " : "",
                         rs->graph->revisions.at[j]->header->id);
        if (overlaps.len)
            return err_set(rs->err, ERR_COMMAND,
                           "Requested revision %s overlaps with other requested revisions %s",
                           target->header->id, overlaps.ptr);
    }
    for (size_t i = 0; i < targets->len; i++)
        reach_mark(targets->at[i], REACH_NDOWN, marked);
    return true;
}

/* Of the revisions that are applied already, the tips of a label's part. */
static bool tips_of_branch(struct resolver *rs, const struct revision_list *current,
                           const char *label, struct revision_list *out)
{
    struct revision_list active = {0}, on_branch = {0};
    bool *applied = reach_set(rs->arena, rs->graph), *below = reach_set(rs->arena, rs->graph);
    for (size_t i = 0; i < current->len; i++)
        reach_mark(current->at[i], REACH_NDOWN, applied);
    for (size_t i = 0; i < rs->graph->revisions.len; i++)
        if (applied[i])
            vec_push(rs->arena, &active, rs->graph->revisions.at[i]);
    if (!resolve_lineage(rs, &active, label, false, &on_branch))
        return false;
    for (size_t i = 0; i < on_branch.len; i++)
        for (size_t j = 0; j < on_branch.at[i]->ndown.len; j++)
            below[on_branch.at[i]->ndown.at[j]->index] = true;
    for (size_t i = 0; i < on_branch.len; i++)
        if (!below[on_branch.at[i]->index])
            vec_push(rs->arena, out, on_branch.at[i]);
    return true;
}

/*
 * The one revision to count from: the current one, or the tip of a label's part of what is there.
 */
static bool upgrade_start(struct resolver *rs, const struct name_list *current, const char *label,
                          struct spot *out)
{
    struct revision_list rows = {0}, start = {0};
    size_t count = current->len;
    *out = (struct spot){.kind = SPOT_NOWHERE};
    if (label) {
        if (!resolve_rows(rs, current, &rows) || !resolve_lineage(rs, &rows, label, false, &start))
            return false;
        if (!start.len && !tips_of_branch(rs, &rows, label, &start))
            return false;
        count = start.len;
    }
    if (count > 1)
        return err_set(rs->err, ERR_COMMAND, "Ambiguous upgrade from multiple current revisions");
    if (!label && count)
        return resolve_one(rs, current->at[0], out);
    if (count)
        *out = (struct spot){SPOT_REVISION, start.at[0]};
    return true;
}

/* +N: up from where the database is. */
static bool upgrade_from_current(struct resolver *rs, const struct name_list *current,
                                 const struct relative *relative, bool strict, struct spot *out)
{
    struct spot start;
    if (!upgrade_start(rs, current, relative->label, &start) ||
        !resolve_walk(rs, start, relative->steps, relative->label, strict, out))
        return false;
    return out->kind != SPOT_NOWHERE || no_such_distance(rs, relative->text, relative->steps);
}

/* The revision that an upgrade, or the upper end of a history, is to reach. */
static bool upgrade_targets(struct resolver *rs, const struct name_list *current,
                            const char *target, bool strict, struct revision_list *out)
{
    struct relative relative;
    struct spot spot;
    if (!resolve_parse_relative(rs->arena, target, &relative))
        return resolve_revisions(rs, target, out);
    if (relative.steps > 0 && !relative.symbol) {
        if (!upgrade_from_current(rs, current, &relative, strict, &spot))
            return false;
    } else if (!relative.symbol) {
        return no_such_distance(rs, arena_printf(rs->arena, "%ld", relative.steps),
                                relative.steps);
    } else {
        const char *symbol = relative.symbol;
        if (relative.steps <= 0 && relative.label)
            symbol = arena_printf(rs->arena, "%s@%s", relative.label, symbol);
        if (!resolve_one(rs, symbol, &spot) ||
            !resolve_walk(rs, spot, relative.steps, relative.steps > 0 ? relative.label : NULL,
                          strict, &spot))
            return false;
    }
    if (spot.kind != SPOT_REVISION)
        return err_set(rs->err, ERR_GRAPH, "'%s' leads past the end of the history", target);
    vec_push(rs->arena, out, spot.revision);
    return true;
}

static void push_steps(struct arena *a, const struct revision_list *sorted,
                       enum direction direction, struct step_list *out)
{
    for (size_t i = 0; i < sorted->len; i++) {
        size_t at = direction == DIRECTION_UPGRADE ? sorted->len - 1 - i : i;
        vec_push(a, out, ((struct step){sorted->at[at], direction}));
    }
}

bool graph_upgrade_steps(struct arena *a, const struct graph *graph,
                         const struct name_list *current, const char *target,
                         struct step_list *out, struct err *err)
{
    struct resolver rs = {.arena = a, .graph = graph, .destination = target, .err = err};
    struct revision_list targets = {0}, rows = {0}, sorted = {0};
    bool *needs = reach_set(a, graph), *applied = reach_set(a, graph);
    if (!upgrade_targets(&rs, current, target, true, &targets) ||
        !mark_checked(&rs, &targets, needs) || !resolve_rows(&rs, current, &rows) ||
        !mark_checked(&rs, &rows, applied))
        return false;
    for (size_t i = 0; i < graph->revisions.len; i++)
        needs[i] = needs[i] && !applied[i];
    if (!sort_topological(a, graph, needs, &targets, &sorted, err))
        return false;
    push_steps(a, &sorted, DIRECTION_UPGRADE, out);
    return true;
}

/* -N without a symbol: which of the current revisions is meant; *label limits what is undone. */
static bool downgrade_start(struct resolver *rs, const struct name_list *current,
                            const struct relative *relative, const char **symbol,
                            const char **label)
{
    struct revision_list rows = {0}, start = {0}, all = {0};
    if (!*label) {
        if (!current->len)
            return no_such_distance(rs, relative->text, relative->steps);
        for (size_t i = 1; i < current->len; i++)
            if (strcmp(current->at[i], current->at[0]) != 0)
                rs->warning = "downgrade -1 from multiple heads is ambiguous; this usage will be "
                              "disallowed in a future release.";
        *symbol = *label = current->at[0];
        return true;
    }
    if (!resolve_rows(rs, current, &rows) || !resolve_lineage(rs, &rows, *label, false, &start))
        return false;
    if (!start.len && (!graph_current(rs->arena, rs->graph, current, &all, rs->err) ||
                       !resolve_lineage(rs, &all, *label, false, &start)))
        return false;
    if (start.len != 1)
        return err_set(rs->err, ERR_GRAPH, "%s current revision belongs to '%s'",
                       start.len ? "more than one" : "no", *label);
    *symbol = start.at[0]->header->id;
    return true;
}

/* The revision that a downgrade leads to (SPOT_BASE: below all), and the label that limits it. */
static bool downgrade_target(struct resolver *rs, const struct name_list *current,
                             const char *target, const char **label, struct spot *out)
{
    struct relative relative;
    *label = NULL;
    if (!resolve_parse_relative(rs->arena, target, &relative)) {
        const char *at = strrchr(target, '@');
        if (at && at > target)
            *label = arena_strndup(rs->arena, target, (size_t)(at - target));
        if (!resolve_one(rs, at ? at + 1 : target, out))
            return false;
        if (out->kind == SPOT_NOWHERE)
            out->kind = SPOT_BASE;
        return true;
    }
    const char *symbol = relative.symbol;
    *label = relative.label;
    if (relative.steps >= 0) {
        if (!symbol)
            return no_such_distance(rs, relative.text, relative.steps);
        if (!resolve_one(rs, symbol, out) ||
            !resolve_walk(rs, *out, relative.steps, *label, true, out))
            return false;
    } else {
        if (!symbol && !downgrade_start(rs, current, &relative, &symbol, label))
            return false;
        const char *start =
            *label ? arena_printf(rs->arena, "%s@%s", *label, symbol) : symbol;
        if (!resolve_one(rs, start, out) ||
            !resolve_walk(rs, *out, relative.steps, NULL, true, out))
            return false;
    }
    if (out->kind != SPOT_NOWHERE)
        return true;
    if (!relative.symbol)
        return no_such_distance(rs, relative.text, relative.steps);
    return err_set(rs->err, ERR_COMMAND, "Walked too far");
}

/*
 * What goes first: the children of the target, or all bases; of several, those on the label's
 * line. Alembic counts a base once more for each of its labels.
 */
static bool downgrade_roots(struct resolver *rs, struct spot target, const char *label,
                            struct revision_list *out)
{
    const struct graph *graph = rs->graph;
    struct revision_list roots = {0};
    struct revision *branch;
    size_t count = 0;
    if (target.kind == SPOT_REVISION) {
        roots = target.revision->next;
        count = roots.len;
    }
    for (size_t i = 0; target.kind != SPOT_REVISION && i < graph->revisions.len; i++) {
        struct revision *r = graph->revisions.at[i];
        if (r->is_base) {
            vec_push(rs->arena, &roots, r);
            count += 1 + r->header->labels.len;
        }
    }
    if (!label || count <= 1) {
        *out = roots;
        return true;
    }
    bool *line = reach_set(rs->arena, graph);
    if (!resolve_branch(rs, label, &branch))
        return false;
    reach_mark(branch, REACH_DOWN, line);
    for (size_t i = 0; i < roots.len; i++)
        if (line[roots.at[i]->index])
            vec_push(rs->arena, out, roots.at[i]);
    return out->len ||
           err_set(rs->err, ERR_COMMAND, "Not a valid downgrade target from current heads");
}

bool graph_downgrade_steps(struct arena *a, const struct graph *graph,
                           const struct name_list *current, const char *target,
                           struct step_list *out, const char **warning, struct err *err)
{
    struct resolver rs = {.arena = a, .graph = graph, .destination = target, .err = err};
    struct revision_list roots = {0}, rows = {0}, sorted = {0};
    struct spot spot;
    const char *label;
    bool *undo = reach_set(a, graph), *active = reach_set(a, graph);
    size_t count = 0;
    bool ok = downgrade_target(&rs, current, target, &label, &spot) &&
              downgrade_roots(&rs, spot, label, &roots) && resolve_rows(&rs, current, &rows);
    if (warning)
        *warning = rs.warning;
    if (!ok)
        return false;
    for (size_t i = 0; i < roots.len; i++)
        reach_mark(roots.at[i], REACH_ALL_NEXT, undo);
    for (size_t i = 0; i < rows.len; i++)
        reach_mark(rows.at[i], REACH_NDOWN, active);
    for (size_t i = 0; i < graph->revisions.len; i++) {
        undo[i] = undo[i] && active[i];
        count += undo[i];
    }
    if (!count && spot.kind == SPOT_REVISION && !reach_list_has(&rows, spot.revision))
        return err_set(err, ERR_COMMAND,
                       "Destination %s is not a valid downgrade target from current head(s)",
                       target);
    if (!sort_topological(a, graph, undo, &rows, &sorted, err))
        return false;
    push_steps(a, &sorted, DIRECTION_DOWNGRADE, out);
    return true;
}

/* A bound as the messages name it: what was typed, or the rows as Python prints a tuple. */
static const char *bound_text(struct arena *a, struct history_bound bound, const char *unset)
{
    if (!bound.rows)
        return bound.symbol ? bound.symbol : unset;
    struct str out = STR_IN(a);
    str_addc(&out, '(');
    for (size_t i = 0; i < bound.rows->len; i++)
        str_addf(&out, "%s'%s'", i ? ", " : "", bound.rows->at[i]);
    str_add(&out, bound.rows->len == 1 ? ",)" : ")");
    return out.ptr;
}

static bool not_along_a_branch(struct resolver *rs, const char *lower, const char *upper)
{
    return err_set(rs->err, ERR_COMMAND,
                   "Requested range %s:%s does not refer to ancestor/descendant revisions along "
                   "the same branch",
                   lower, upper);
}

/* The lower end: rows, or a symbol; nothing for base. All of it has to be below the upper end. */
static bool history_start(struct resolver *rs, struct history_bound from, struct history_bound to,
                          const bool *required, struct revision_list *out)
{
    struct arena *a = rs->arena;
    const char *lower = bound_text(a, from, "base"), *upper = bound_text(a, to, "heads");
    struct spot_list spots = {0};
    if (from.rows ? !resolve_rows(rs, from.rows, out)
                  : from.symbol && !resolve_all(rs, from.symbol, &spots))
        return false;
    size_t nowhere = 0;
    for (size_t i = 0; i < spots.len; i++) {
        if (spots.at[i].kind == SPOT_BASE)
            return not_along_a_branch(rs, lower, upper);
        if (spots.at[i].kind == SPOT_REVISION)
            vec_push(a, out, spots.at[i].revision);
        else
            nowhere++;
    }
    for (size_t i = 0; i < out->len; i++)
        if (!required[out->at[i]->index])
            return not_along_a_branch(rs, lower, upper);
    if (!nowhere)
        return true;
    /* -N beyond the first revision: Alembic counts again, from the upper end. */
    struct revision *r;
    if (spots.at[0].kind != SPOT_NOWHERE || to.rows)
        return err_set(rs->err, ERR_GRAPH, "'%s' goes down past the first revision", lower);
    out->len = 0;
    return resolve_ident(rs, upper, upper, &r);
}

/* A start of the form label@...: only targets that carry the label count. */
static bool limit_to_branch(struct resolver *rs, struct history_bound from,
                            struct revision_list *targets)
{
    const char *at = from.rows || !from.symbol ? NULL : strchr(from.symbol, '@');
    struct spot spot;
    struct revision_list kept = {0};
    if (!at)
        return true;
    const char *branch = arena_strndup(rs->arena, from.symbol, (size_t)(at - from.symbol));
    if (!resolve_one(rs, branch, &spot))
        return false;
    if (spot.kind == SPOT_REVISION && strcmp(spot.revision->header->id, branch) == 0) {
        if (spot.revision->labels.len != 1)
            return err_set(rs->err, ERR_GRAPH, "revision %s does not stand for one branch", branch);
        branch = spot.revision->labels.at[0];
    }
    for (size_t i = 0; i < targets->len; i++)
        for (size_t j = 0; j < targets->at[i]->labels.len; j++)
            if (strcmp(targets->at[i]->labels.at[j], branch) == 0)
                vec_push(rs->arena, &kept, targets->at[i]);
    *targets = kept;
    return true;
}

bool graph_history(struct arena *a, const struct graph *graph, struct history_bound from,
                   struct history_bound to, struct revision_list *out, struct err *err)
{
    struct resolver rs = {.arena = a, .graph = graph, .err = err};
    rs.destination = bound_text(a, to, "heads");
    struct revision_list targets = {0}, start = {0};
    struct name_list lower_names = {0};
    bool *shown = reach_set(a, graph), *below = reach_set(a, graph);
    bool *line = reach_set(a, graph);
    if (from.rows)
        lower_names = *from.rows;
    else if (from.symbol)
        vec_push(a, &lower_names, from.symbol);
    if (to.rows ? !resolve_rows(&rs, to.rows, &targets)
                : !upgrade_targets(&rs, &lower_names, to.symbol ? to.symbol : "heads", false,
                                   &targets))
        return false;
    if (!limit_to_branch(&rs, from, &targets) || !mark_checked(&rs, &targets, shown) ||
        !history_start(&rs, from, to, shown, &start))
        return false;
    if (!mark_checked(&rs, &start, below))
        return false;
    for (size_t i = 0; i < start.len; i++) {
        below[start.at[i]->index] = false; /* the start itself is shown */
        reach_mark(start.at[i], REACH_NEXT, line);
    }
    for (size_t i = 0; i < graph->revisions.len; i++)
        shown[i] = shown[i] && !below[i] && (!start.len || line[i]);
    return sort_topological(a, graph, shown, &targets, out, err);
}
