#include "config.h"

#include <string.h>

#include "base/str.h"
#include "python/scope_build.h"

/* What CPython's compiler refuses in patterns (PEP 634). */

VEC_DEFINE(name_set, const struct py_name *);

static bool set_has(const struct name_set *set, const struct py_name *name)
{
    for (size_t i = 0; i < set->len; i++) {
        if (set->at[i] == name)
            return true;
    }
    return false;
}

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

static void add_capture(struct walk *w, struct name_set *names, const struct py_ref *ref)
{
    if (!ref->name)
        return;
    if (set_has(names, ref->name))
        scope_fail_late(w, ref->span.start, "multiple assignments to name '%s' in pattern",
                        ref->name->text);
    else
        vec_push(w->arena, names, ref->name);
}

static void check_pattern(struct walk *w, struct name_set *names, const struct py_node *pattern);

static void check_patterns(struct walk *w, struct name_set *names, const struct py_nodes *patterns)
{
    for (uint32_t i = 0; i < patterns->count; i++)
        check_pattern(w, names, patterns->at[i]);
}

/* Every alternative must bind the same names, and only the last may match anything. */
static void check_or(struct walk *w, struct name_set *names, const struct py_node *pattern)
{
    const struct py_nodes *items = &pattern->as.items;
    struct name_set first = {0};
    for (uint32_t i = 0; i < items->count; i++) {
        struct name_set own = {0};
        if (i + 1 < items->count)
            check_unreachable(w, items->at[i]);
        check_pattern(w, &own, items->at[i]);
        bool same = i == 0 || own.len == first.len;
        for (size_t k = 0; k < own.len; k++)
            same = same && (i == 0 || set_has(&first, own.at[k]));
        if (!same)
            scope_fail_late(w, pattern->span.start, "alternative patterns bind different names");
        if (i == 0)
            first = own;
    }
    for (size_t k = 0; k < first.len; k++)
        add_capture(w, names,
                    &(struct py_ref){.name = first.at[k], .span = pattern->span});
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

static bool same_key(const struct py_node *a, const struct py_node *b)
{
    if (a->kind != PY_NODE_CONSTANT || b->kind != PY_NODE_CONSTANT ||
        a->as.constant.kind != b->as.constant.kind)
        return false;
    const struct py_constant *x = &a->as.constant, *y = &b->as.constant;
    if (x->kind == PY_CONST_STR || x->kind == PY_CONST_BYTES)
        return x->len == y->len && memcmp(x->text, y->text, x->len) == 0;
    if (x->kind == PY_CONST_INT)
        return x->fits == y->fits &&
               (x->fits ? x->integer == y->integer : str_eq(x->text, y->text));
    return x->kind < PY_CONST_INT || x->number == y->number;
}

static void check_mapping(struct walk *w, struct name_set *names, const struct py_node *pattern)
{
    const struct py_match_mapping *m = pattern->as.match_mapping;
    for (uint32_t i = 0; i < m->count; i++) {
        for (uint32_t k = 0; k < i; k++) {
            if (same_key(m->keys[i], m->keys[k]))
                scope_fail_late(w, pattern->span.start, "mapping pattern checks duplicate key (%.*s)",
                                (int)(m->keys[i]->span.end - m->keys[i]->span.start),
                                w->module->source->text + m->keys[i]->span.start);
        }
        check_pattern(w, names, m->patterns[i]);
    }
    add_capture(w, names, &m->rest);
}

static void check_class(struct walk *w, struct name_set *names, const struct py_node *pattern)
{
    const struct py_match_class *c = pattern->as.match_class;
    struct name_set seen = {0};
    for (uint32_t i = 0; i < c->keyword_patterns.count; i++) {
        if (set_has(&seen, c->names[i]))
            scope_fail_late(w, c->keyword_patterns.at[i]->span.start,
                            "attribute name repeated in class pattern: %s", c->names[i]->text);
        vec_push(w->arena, &seen, c->names[i]);
    }
    check_patterns(w, names, &c->patterns);
    check_patterns(w, names, &c->keyword_patterns);
}

static void check_pattern(struct walk *w, struct name_set *names, const struct py_node *pattern)
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
        struct name_set names = {0};
        check_pattern(w, &names, c->pattern);
        if (i + 1 < match->as.match.case_count && !c->guard && is_irrefutable(c->pattern))
            check_unreachable(w, c->pattern);
    }
}
