/* Patterns of the match statement (Python reference, 8.6.4). */
#include "config.h"

#include <string.h>

#include "python/interp.h"

static bool match_sequence(struct py_run *run, const struct py_nodes *patterns, struct py_value v)
{
    if (!py_is_list(v) && !py_is_tuple(v) &&
        !(v.kind == PY_OBJECT && v.object->cls->native == &py_range_class))
        return false;
    struct py_tuple *items = py_items(run, v);
    size_t star = SIZE_MAX, count = patterns->count, from = 0;
    for (size_t i = 0; i < count; i++) {
        if (patterns->at[i]->kind == PY_NODE_MATCH_STAR)
            star = i;
    }
    if (star == SIZE_MAX ? items->len != count : items->len < count - 1)
        return false;
    for (size_t i = 0; i < count; i++) {
        const struct py_node *p = patterns->at[i];
        if (i != star) {
            if (!py_match_pattern(run, p, items->items[from++]))
                return false;
            continue;
        }
        struct py_value rest = py_new_list(run);
        for (size_t n = items->len - (count - 1); n > 0; n--)
            py_list_append(run, rest, items->items[from++]);
        py_store_ref(run, &p->as.capture.ref, rest);
    }
    return true;
}

static bool match_mapping(struct py_run *run, const struct py_match_mapping *m, struct py_value v)
{
    if (!py_is_dict(v))
        return false;
    struct py_value rest = py_new_dict(run);
    py_table_copy(run, &py_dict_of(rest)->table, &py_dict_of(v)->table);
    for (uint32_t i = 0; i < m->count; i++) {
        struct py_value key = py_eval(run, m->keys[i]);
        struct py_value item = py_dict_get(run, py_dict_of(v), key);
        if (item.kind == PY_ABSENT || !py_match_pattern(run, m->patterns[i], item))
            return false;
        py_dict_remove(run, py_dict_of(rest), key);
    }
    py_store_ref(run, &m->rest, rest);
    return true;
}

/* int(x), str(x), …: one positional pattern matches the subject itself. */
static bool matches_self(const struct py_type *cls)
{
    switch ((int)cls->layout) {
    case PY_LAYOUT_INSTANCE:
    case PY_LAYOUT_OPAQUE:
    case PY_LAYOUT_CLASS:
        return false;
    default:
        return true;
    }
}

static bool match_class(struct py_run *run, const struct py_match_class *m, struct py_value v)
{
    struct py_value cls = py_require_known(run, py_eval(run, m->callee)), names, item;
    if (!py_is_class(cls))
        py_raise(run, &py_type_error_class, "called match pattern must be a class");
    if (!py_isinstance_of(run, v, py_type_of(cls)))
        return false;
    if (m->patterns.count == 1 && matches_self(py_type_of(cls)) &&
        py_type_find_text(run, py_type_of(cls), "__match_args__", NULL).kind == PY_ABSENT) {
        if (!py_match_pattern(run, m->patterns.at[0], v))
            return false;
    } else if (m->patterns.count > 0) {
        bool has = py_find_attr(run, cls, "__match_args__", &names);
        if (has && !py_is_tuple(py_require_known(run, names)))
            py_raise(run, &py_type_error_class, "%s.__match_args__ must be a tuple (got %s)",
                     py_type_of(cls)->name, py_class_name(run, names));
        size_t most = has ? py_tuple_of(names)->len : 0;
        if (m->patterns.count > most)
            py_raise(run, &py_type_error_class,
                     "%s() accepts %zu positional sub-patterns (%u given)", py_type_of(cls)->name,
                     most, m->patterns.count);
        for (uint32_t i = 0; i < m->patterns.count; i++) {
            const char *name = py_as_string(run, py_tuple_of(names)->items[i], "__match_args__");
            if (!py_find_attr(run, v, name, &item) ||
                !py_match_pattern(run, m->patterns.at[i], item))
                return false;
        }
    }
    for (uint32_t i = 0; i < m->keyword_patterns.count; i++) {
        if (!py_find_attr_name(run, v, m->names[i], &item) ||
            !py_match_pattern(run, m->keyword_patterns.at[i], item))
            return false;
    }
    return true;
}

bool py_match_pattern(struct py_run *run, const struct py_node *p, struct py_value v)
{
    run->frame->node = p;
    py_work(run, PY_WORK_EACH * 4);
    switch ((int)p->kind) {
    case PY_NODE_MATCH_VALUE:
        return py_equal(run, v, py_eval(run, p->as.value));
    case PY_NODE_MATCH_SINGLETON:
        py_require_known(run, v);
        if (p->as.singleton == PY_CONST_NONE)
            return v.kind == PY_NONE;
        return v.kind == PY_BOOL && v.boolean == (p->as.singleton == PY_CONST_TRUE);
    case PY_NODE_MATCH_SEQUENCE:
        return match_sequence(run, &p->as.items, py_require_known(run, v));
    case PY_NODE_MATCH_MAPPING:
        return match_mapping(run, p->as.match_mapping, py_require_known(run, v));
    case PY_NODE_MATCH_CLASS:
        return match_class(run, p->as.match_class, py_require_known(run, v));
    case PY_NODE_MATCH_AS:
        if (p->as.capture.pattern && !py_match_pattern(run, p->as.capture.pattern, v))
            return false;
        py_store_ref(run, &p->as.capture.ref, v);
        return true;
    case PY_NODE_MATCH_OR:
        for (uint32_t i = 0; i < p->as.items.count; i++) {
            if (py_match_pattern(run, p->as.items.at[i], v))
                return true;
        }
        return false;
    default:
        py_refuse(run, PY_REFUSE_STATEMENT, "%s is not supported", py_node_kind_name(p->kind));
    }
}
