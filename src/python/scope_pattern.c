#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/str.h"
#include "python/scope_build.h"

/* What CPython's compiler refuses in patterns (PEP 634). */

/* A pattern that always matches: a capture, _, or a group of alternatives that ends so. */
static bool is_irrefutable(const struct py_node *pattern)
{
    if (pattern->kind == PY_NODE_MATCH_OR)
        return is_irrefutable(pattern->as.items.at[pattern->as.items.count - 1]);
    return pattern->kind == PY_NODE_MATCH_AS &&
           (!pattern->as.capture.pattern || is_irrefutable(pattern->as.capture.pattern));
}

static void check_unreachable(struct walk *w, const struct py_node *pattern)
{
    while (pattern->kind == PY_NODE_MATCH_AS && pattern->as.capture.pattern)
        pattern = pattern->as.capture.pattern;
    if (pattern->kind != PY_NODE_MATCH_AS)
        return;
    if (pattern->as.capture.ref.name)
        scope_fail_late(w, pattern->span.start,
                        "name capture '%s' makes remaining patterns unreachable",
                        pattern->as.capture.ref.name->text);
    else
        scope_fail_late(w, pattern->span.start, "wildcard makes remaining patterns unreachable");
}

static void add_capture(struct walk *w, struct map *names, const struct py_ref *ref)
{
    if (!ref->name)
        return;
    if (map_has(names, ref->name->text))
        scope_fail_late(w, ref->span.start, "multiple assignments to name '%s' in pattern",
                        ref->name->text);
    else
        map_put(names, ref->name->text, (void *)(uintptr_t)ref->name);
}

static void check_pattern(struct walk *w, struct map *names, const struct py_node *pattern);

static void check_patterns(struct walk *w, struct map *names, const struct py_nodes *patterns)
{
    for (uint32_t i = 0; i < patterns->count; i++)
        check_pattern(w, names, patterns->at[i]);
}

/* Every alternative must bind the same names, and only the last may match anything. */
static void check_or(struct walk *w, struct map *names, const struct py_node *pattern)
{
    const struct py_nodes *items = &pattern->as.items;
    struct map first = MAP_IN(w->arena);
    for (uint32_t i = 0; i < items->count; i++) {
        struct map own = MAP_IN(w->arena);
        if (i + 1 < items->count)
            check_unreachable(w, items->at[i]);
        check_pattern(w, &own, items->at[i]);
        bool same = i == 0 || own.len == first.len;
        for (size_t k = 0; k < own.len; k++)
            same = same && (i == 0 || map_has(&first, own.at[k].key));
        if (!same)
            scope_fail_late(w, pattern->span.start, "alternative patterns bind different names");
        if (i == 0)
            first = own;
    }
    for (size_t k = 0; k < first.len; k++)
        add_capture(w, names,
                    &(struct py_ref){.name = first.at[k].value, .span = pattern->span});
}

static void check_sequence(struct walk *w, const struct py_node *pattern)
{
    int stars = 0;
    for (uint32_t i = 0; i < pattern->as.items.count; i++)
        stars += pattern->as.items.at[i]->kind == PY_NODE_MATCH_STAR;
    if (stars > 1)
        scope_fail_late(w, pattern->span.start,
                        "multiple starred names in sequence pattern");
}

/* An order of literal keys in which equal ones are neighbours. */
static int compare_keys(const struct py_node *a, const struct py_node *b)
{
    const struct py_constant *x = &a->as.constant, *y = &b->as.constant;
    if (x->kind != y->kind)
        return x->kind < y->kind ? -1 : 1;
    if (x->kind == PY_CONST_STR || x->kind == PY_CONST_BYTES) {
        if (x->len != y->len)
            return x->len < y->len ? -1 : 1;
        return memcmp(x->text, y->text, x->len);
    }
    if (x->kind == PY_CONST_INT && x->fits != y->fits)
        return x->fits ? -1 : 1;
    if (x->kind == PY_CONST_INT)
        return x->fits ? (x->integer > y->integer) - (x->integer < y->integer)
                       : strcmp(x->text, y->text);
    return x->kind < PY_CONST_INT ? 0 : (x->number > y->number) - (x->number < y->number);
}

/* A key with its number in the pattern, which keeps the order stable. */
struct numbered {
    const struct py_node *key;
    uint32_t number;
};

static int compare_numbered(const void *a, const void *b)
{
    const struct numbered *x = a, *y = b;
    int order = compare_keys(x->key, y->key);
    return order ? order : (x->number > y->number) - (x->number < y->number);
}

/* The number of the first key that stands there twice; m->count when there is none. */
static uint32_t first_repeated(struct arena *a, const struct py_match_mapping *m)
{
    struct numbered *keys = ARENA_ARRAY(a, m->count, struct numbered);
    uint32_t count = 0, first = m->count;
    for (uint32_t i = 0; i < m->count; i++) {
        if (m->keys[i]->kind == PY_NODE_CONSTANT)
            keys[count++] = (struct numbered){m->keys[i], i};
    }
    if (count > 1)
        qsort(keys, count, sizeof(*keys), compare_numbered);
    for (uint32_t i = 1; i < count; i++) {
        if (compare_keys(keys[i - 1].key, keys[i].key) == 0 && keys[i].number < first)
            first = keys[i].number;
    }
    return first;
}

static void check_mapping(struct walk *w, struct map *names, const struct py_node *pattern)
{
    const struct py_match_mapping *m = pattern->as.match_mapping;
    uint32_t repeated = first_repeated(w->arena, m);
    for (uint32_t i = 0; i < m->count; i++) {
        if (i == repeated)
            scope_fail_late(w, pattern->span.start, "mapping pattern checks duplicate key (%.*s)",
                            (int)(m->keys[i]->span.end - m->keys[i]->span.start),
                            w->module->source->text + m->keys[i]->span.start);
        check_pattern(w, names, m->patterns[i]);
    }
    add_capture(w, names, &m->rest);
}

static void check_class(struct walk *w, struct map *names, const struct py_node *pattern)
{
    const struct py_match_class *c = pattern->as.match_class;
    struct map seen = MAP_IN(w->arena);
    for (uint32_t i = 0; i < c->keyword_patterns.count; i++) {
        if (map_has(&seen, c->names[i]->text))
            scope_fail_late(w, c->keyword_patterns.at[i]->span.start,
                            "attribute name repeated in class pattern: %s", c->names[i]->text);
        map_put(&seen, c->names[i]->text, w);
    }
    check_patterns(w, names, &c->patterns);
    check_patterns(w, names, &c->keyword_patterns);
}

static void check_pattern(struct walk *w, struct map *names, const struct py_node *pattern)
{
    switch ((int)pattern->kind) {
    case PY_NODE_MATCH_SEQUENCE:
        check_sequence(w, pattern);
        check_patterns(w, names, &pattern->as.items);
        break;
    case PY_NODE_MATCH_MAPPING:
        check_mapping(w, names, pattern);
        break;
    case PY_NODE_MATCH_CLASS:
        check_class(w, names, pattern);
        break;
    case PY_NODE_MATCH_OR:
        check_or(w, names, pattern);
        break;
    case PY_NODE_MATCH_AS:
        if (pattern->as.capture.pattern)
            check_pattern(w, names, pattern->as.capture.pattern);
        add_capture(w, names, &pattern->as.capture.ref);
        break;
    case PY_NODE_MATCH_STAR:
        add_capture(w, names, &pattern->as.capture.ref);
        break;
    default:
        break;
    }
}

void scope_check_cases(struct walk *w, const struct py_node *match)
{
    for (uint32_t i = 0; i < match->as.match.case_count; i++) {
        const struct py_case *c = &match->as.match.cases[i];
        struct map names = MAP_IN(w->arena);
        check_pattern(w, &names, c->pattern);
        if (i + 1 < match->as.match.case_count && !c->guard && is_irrefutable(c->pattern))
            check_unreachable(w, c->pattern);
    }
}
