#include "config.h"

#include "revision/resolve.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "revision/reach.h"

enum { PARTIAL_MIN = 3 }; /* keys up to this length are found only by their full name */

bool resolve_not_found(struct resolver *rs, const char *ident)
{
    return err_set(rs->err, ERR_COMMAND, "Can't locate revision identified by '%s'", ident);
}

bool resolve_multiple_heads(struct resolver *rs, const char *symbol)
{
    if (rs->multiple_heads)
        return err_set(rs->err, ERR_COMMAND, "%s", rs->multiple_heads);
    const char *argument = rs->destination ? rs->destination : symbol;
    err_set(rs->err, ERR_COMMAND,
            "Multiple head revisions are present for given argument '%s'; please specify a "
            "specific target revision, '<branchname>@%s' to narrow to a specific head, or 'heads' "
            "for all heads",
            argument, argument);
    return false;
}

/* An id or a label, spelled out. */
static struct revision *find_key(const struct graph *graph, const char *key)
{
    struct revision *r = map_get(&graph->by_id, key);
    return r ? r : map_get(&graph->by_label, key);
}

bool resolve_branch(struct resolver *rs, const char *label, struct revision **out)
{
    return resolve_ident(rs, label, NULL, out);
}

/* The keys of one map that begin with ident; *found is the last of them. */
static size_t find_partial(const struct map *map, const char *ident, const bool *lineage,
                           struct revision **found)
{
    size_t count = 0;
    for (size_t i = 0; i < map->len; i++) {
        struct revision *r = map->at[i].value;
        if (!str_starts_with(map->at[i].key, ident) || strlen(map->at[i].key) <= PARTIAL_MIN ||
            (lineage && !lineage[r->index]))
            continue;
        *found = r;
        count++;
    }
    return count;
}

bool resolve_ident(struct resolver *rs, const char *ident, const char *label,
                   struct revision **out)
{
    bool *lineage = NULL;
    if (label) {
        struct revision *branch;
        if (!resolve_branch(rs, label, &branch))
            return false;
        lineage = reach_set(rs->arena, rs->graph);
        reach_mark_lineage(rs->arena, rs->graph, branch, false, lineage);
    }
    struct revision *r = find_key(rs->graph, ident);
    if (!r) {
        if (!*ident)
            return err_set(rs->err, ERR_GRAPH, "an empty revision identifier");
        size_t count = find_partial(&rs->graph->by_id, ident, lineage, &r) +
                       find_partial(&rs->graph->by_label, ident, lineage, &r);
        if (count != 1)
            return resolve_not_found(rs, ident);
    }
    if (lineage && !lineage[r->index])
        return resolve_not_found(rs, ident);
    *out = r;
    return true;
}

/* "label@rest", split at the first '@'; *label is NULL without one. Returns the rest. */
static const char *split_label(struct arena *a, const char *symbol, const char **label)
{
    const char *at = strchr(symbol, '@');
    *label = at ? arena_strndup(a, symbol, (size_t)(at - symbol)) : NULL;
    return at ? at + 1 : symbol;
}

/* Adds to the set the lineages of all that a symbol stands for; *any is whether it is something. */
static bool mark_symbol_lineage(struct resolver *rs, const char *symbol, bool with_dependencies,
                                bool *set, bool *any)
{
    const char *label;
    const char *rest = split_label(rs->arena, symbol, &label);
    struct revision_list shares = {0};
    struct revision *r;
    if (label && *label) {
        if (!resolve_ident(rs, label, NULL, &r))
            return false;
        vec_push(rs->arena, &shares, r);
    }
    if (strcmp(rest, "heads") == 0 || strcmp(rest, "head") == 0) {
        if (!resolve_revisions(rs, symbol, &shares))
            return false;
    } else if (strcmp(rest, "base") != 0) {
        if (!resolve_ident(rs, rest, NULL, &r))
            return false;
        vec_push(rs->arena, &shares, r);
    }
    for (size_t i = 0; i < shares.len; i++)
        reach_mark_lineage(rs->arena, rs->graph, shares.at[i], with_dependencies, set);
    *any = shares.len > 0;
    return true;
}

static bool resolve_word(struct resolver *rs, const char *rest, const char *label,
                         struct revision_list *out, bool *done);

bool resolve_lineage(struct resolver *rs, const struct revision_list *targets, const char *symbol,
                     bool with_dependencies, struct revision_list *out)
{
    bool *set = reach_set(rs->arena, rs->graph), any;
    struct revision_list unused = {0};
    if (!targets->len) { /* an id is not even looked up then */
        const char *label, *rest = split_label(rs->arena, symbol, &label);
        return resolve_word(rs, rest, label, &unused, &any);
    }
    if (!mark_symbol_lineage(rs, symbol, with_dependencies, set, &any))
        return false;
    for (size_t i = 0; i < targets->len; i++)
        if (!any || set[targets->at[i]->index])
            vec_push(rs->arena, out, targets->at[i]);
    return true;
}

/* "head": the one versioned head (of a label's lineage). */
static bool single_head(struct resolver *rs, const char *label, struct revision_list *out)
{
    struct revision_list heads = {0};
    if (!label || !*label)
        heads = rs->graph->heads;
    else if (!resolve_lineage(rs, &rs->graph->heads, label, false, &heads))
        return false;
    if (heads.len > 1)
        return resolve_multiple_heads(
            rs, label && *label ? arena_printf(rs->arena, "%s@head", label) : "head");
    for (size_t i = 0; i < heads.len; i++)
        vec_push(rs->arena, out, heads.at[i]);
    return true;
}

/* "heads": all real heads; with a label the versioned heads of its lineage. */
static bool all_heads(struct resolver *rs, const char *label, struct revision_list *out)
{
    if (label && *label)
        return resolve_lineage(rs, &rs->graph->heads, label, false, out);
    for (size_t i = 0; i < rs->graph->real_heads.len; i++)
        vec_push(rs->arena, out, rs->graph->real_heads.at[i]);
    return true;
}

/* Whether text is what Python's int() takes for a negative number; its value. */
static bool negative_number(const char *text, long *out)
{
    if (text[0] != '-' || !isdigit((unsigned char)text[1]))
        return false;
    char *end;
    errno = 0;
    *out = strtol(text, &end, 10);
    return !*end && errno == 0 && *out < 0;
}

/* -N: N down from every head, or from those that carry the label. */
static bool walk_from_heads(struct resolver *rs, const char *label, long steps,
                            struct spot_list *out)
{
    const struct revision_list *heads = &rs->graph->real_heads;
    for (size_t i = 0; i < heads->len; i++) {
        bool carries = !label;
        for (size_t j = 0; !carries && j < heads->at[i]->labels.len; j++)
            carries = strcmp(heads->at[i]->labels.at[j], label) == 0;
        struct spot start = {SPOT_REVISION, heads->at[i]}, end;
        if (!carries)
            continue;
        if (!resolve_walk(rs, start, steps, NULL, true, &end))
            return false;
        vec_push(rs->arena, out, end);
    }
    return true;
}

/* "head", "heads" and "base"; *done says whether rest was one of them. */
static bool resolve_word(struct resolver *rs, const char *rest, const char *label,
                         struct revision_list *out, bool *done)
{
    *done = true;
    if (strcmp(rest, "heads") == 0)
        return all_heads(rs, label, out);
    if (strcmp(rest, "head") == 0)
        return single_head(rs, label, out);
    *done = strcmp(rest, "base") == 0;
    return true;
}

/* Whether r is in the lineage of label; where Alembic looks it up again, by its name. */
static bool check_label(struct resolver *rs, const struct revision_list *list, const char *label)
{
    for (size_t i = 0; label && *label && i < list->len; i++) {
        struct revision *r;
        if (!resolve_ident(rs, list->at[i]->header->id, label, &r))
            return false;
    }
    return true;
}

bool resolve_all(struct resolver *rs, const char *symbol, struct spot_list *out)
{
    const char *label;
    const char *rest = split_label(rs->arena, symbol, &label);
    struct revision_list found = {0};
    struct revision *r;
    bool done;
    long steps;
    if (!resolve_word(rs, rest, label, &found, &done))
        return false;
    if (!done && negative_number(rest, &steps))
        return walk_from_heads(rs, label, steps, out);
    if (!done) {
        if (!resolve_ident(rs, rest, label && *label ? label : NULL, &r))
            return false;
        vec_push(rs->arena, &found, r);
    } else if (!check_label(rs, &found, label)) {
        return false;
    }
    for (size_t i = 0; i < found.len; i++)
        vec_push(rs->arena, out, ((struct spot){SPOT_REVISION, found.at[i]}));
    return true;
}

bool resolve_revisions(struct resolver *rs, const char *symbol, struct revision_list *out)
{
    struct spot_list spots = {0};
    if (!resolve_all(rs, symbol, &spots))
        return false;
    for (size_t i = 0; i < spots.len; i++) {
        if (spots.at[i].kind != SPOT_REVISION)
            return err_set(rs->err, ERR_GRAPH, "'%s' goes down past the first revision", symbol);
        vec_push(rs->arena, out, spots.at[i].revision);
    }
    return true;
}

bool resolve_rows(struct resolver *rs, const struct name_list *rows, struct revision_list *out)
{
    for (size_t i = 0; i < rows->len; i++)
        if (!resolve_revisions(rs, rows->at[i], out))
            return false;
    return true;
}

bool resolve_one(struct resolver *rs, const char *symbol, struct spot *out)
{
    const char *label;
    const char *rest = split_label(rs->arena, symbol, &label);
    struct revision_list found = {0};
    struct revision *r;
    bool done;
    *out = (struct spot){.kind = SPOT_NOWHERE};
    if (label && !*label)
        label = NULL;
    if (!resolve_word(rs, rest, label, &found, &done))
        return false;
    if (found.len > 1)
        return resolve_multiple_heads(rs, symbol);
    if (done && !found.len) /* base; an unknown label is refused even so */
        return !label || resolve_branch(rs, label, &r);
    if (!resolve_ident(rs, done ? found.at[0]->header->id : rest, label, &r))
        return false;
    *out = (struct spot){SPOT_REVISION, r};
    return true;
}

/* One step up; the children of nowhere are the bases. */
static bool children_of(struct resolver *rs, struct spot at, const char *label,
                        struct revision_list *out)
{
    const struct revision_list *all =
        at.kind == SPOT_NOWHERE ? &rs->graph->bases : &at.revision->next;
    if (label && *label)
        return resolve_lineage(rs, all, label, false, out);
    *out = *all;
    return true;
}

/* More than one way to go on: Alembic's words, and which ways there are. */
static bool ambiguous_walk(struct err *err, const struct revision_list *ways)
{
    struct str names = STR_INIT;
    for (size_t i = 0; i < ways->len; i++)
        str_addf(&names, "%s%s", i ? ", " : "", ways->at[i]->header->id);
    err_set(err, ERR_COMMAND, "Ambiguous walk");
    err_hint(err, "counting steps ends where the graph forks; name one of %s", names.ptr);
    str_clear(&names);
    return false;
}

bool resolve_walk(struct resolver *rs, struct spot at, long steps, const char *label, bool strict,
                  struct spot *out)
{
    const struct spot nowhere = {.kind = SPOT_NOWHERE}, base = {.kind = SPOT_BASE};
    for (long left = labs(steps); left > 0; left--) {
        struct revision_list to = {0};
        if (steps > 0) {
            if (at.kind == SPOT_BASE)
                return err_set(rs->err, ERR_GRAPH, "a walk up cannot begin below the base");
            if (!children_of(rs, at, label, &to))
                return false;
        } else if (at.kind != SPOT_BASE) {
            to = at.kind == SPOT_NOWHERE ? rs->graph->heads : at.revision->down;
            if (!to.len) {
                at = base;
                continue;
            }
        }
        if (!to.len) {
            *out = strict ? nowhere : at;
            return true;
        }
        if (to.len > 1)
            return ambiguous_walk(rs->err, &to);
        at = (struct spot){SPOT_REVISION, to.at[0]};
    }
    *out = at;
    return true;
}

static bool is_word(unsigned char c)
{
    return isalnum(c) || c == '_' || c >= 0x80;
}

/* (\w+)?([+-]\d+) at text. */
static bool parse_steps(struct arena *a, const char *text, struct relative *out)
{
    const char *p = text;
    while (is_word((unsigned char)*p))
        p++;
    if ((*p != '+' && *p != '-') || !isdigit((unsigned char)p[1]))
        return false;
    out->symbol = p > text ? arena_strndup(a, text, (size_t)(p - text)) : NULL;
    size_t digits = strspn(p + 1, "0123456789");
    out->text = arena_strndup(a, p, digits + 1);
    errno = 0;
    out->steps = strtol(out->text, NULL, 10);
    if (errno == ERANGE)
        out->steps = *p == '-' ? -LONG_MAX : LONG_MAX;
    return true;
}

bool resolve_parse_relative(struct arena *a, const char *target, struct relative *out)
{
    *out = (struct relative){0};
    for (const char *at = strchr(target, '@'); at; at = strchr(at + 1, '@'))
        if (at > target && parse_steps(a, at + 1, out)) {
            out->label = arena_strndup(a, target, (size_t)(at - target));
            return true;
        }
    return parse_steps(a, target, out);
}

static struct resolver plain_resolver(struct arena *a, const struct graph *graph, struct err *err)
{
    return (struct resolver){.arena = a, .graph = graph, .err = err};
}

bool graph_resolve(struct arena *a, const struct graph *graph, const char *symbol,
                   struct revision_list *out, struct err *err)
{
    struct resolver rs = plain_resolver(a, graph, err);
    return resolve_revisions(&rs, symbol, out);
}

bool graph_resolve_start(struct arena *a, const struct graph *graph, const char *start,
                         struct name_list *rows, struct err *err)
{
    struct resolver rs = plain_resolver(a, graph, err);
    struct spot spot;
    if (!start || strcmp(start, "base") == 0)
        return true;
    if (!resolve_one(&rs, start, &spot))
        return false;
    if (spot.kind != SPOT_REVISION)
        return err_set(err, ERR_GRAPH, "'%s' is no revision that a run could start from", start);
    vec_push(a, rows, spot.revision->header->id);
    return true;
}
