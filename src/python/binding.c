#include "config.h"

#include "python/binding.h"

#include <string.h>

#include "base/source.h"
#include "python/interp.h"

static void bind_target(const struct py_node *target, const struct py_node *statement,
                        py_binding_fn *fn, void *payload)
{
    if (!target)
        return;
    switch ((int)target->kind) {
    case PY_NODE_NAME:
        fn(target->as.name.name, statement, payload);
        break;
    case PY_NODE_STARRED:
        bind_target(target->as.value, statement, fn, payload);
        break;
    case PY_NODE_TUPLE:
    case PY_NODE_LIST:
        for (uint32_t i = 0; i < target->as.items.count; i++)
            bind_target(target->as.items.at[i], statement, fn, payload);
        break;
    default:
        break;
    }
}

static void bind_try(const struct py_try *t, py_binding_fn *fn, void *payload)
{
    py_each_binding(&t->body, fn, payload);
    for (uint32_t i = 0; i < t->handler_count; i++)
        py_each_binding(&t->handlers[i].body, fn, payload);
    py_each_binding(&t->orelse, fn, payload);
    py_each_binding(&t->finally_body, fn, payload);
}

static void bind_imports(const struct py_node *s, py_binding_fn *fn, void *payload)
{
    for (uint32_t i = 0; i < s->as.import.alias_count; i++)
        if (s->as.import.aliases[i].ref.name)
            fn(s->as.import.aliases[i].ref.name, s, payload);
}

/* Statements with bodies; what a case pattern captures is left out. */
static void bind_compound(const struct py_node *s, py_binding_fn *fn, void *payload)
{
    switch ((int)s->kind) {
    case PY_NODE_FOR:
    case PY_NODE_ASYNC_FOR:
        bind_target(s->as.for_loop.target, s, fn, payload);
        py_each_binding(&s->as.for_loop.body, fn, payload);
        py_each_binding(&s->as.for_loop.orelse, fn, payload);
        break;
    case PY_NODE_IF:
    case PY_NODE_WHILE:
        py_each_binding(&s->as.branch.body, fn, payload);
        py_each_binding(&s->as.branch.orelse, fn, payload);
        break;
    case PY_NODE_WITH:
    case PY_NODE_ASYNC_WITH:
        for (uint32_t i = 0; i < s->as.with.item_count; i++)
            bind_target(s->as.with.items[i].target, s, fn, payload);
        py_each_binding(&s->as.with.body, fn, payload);
        break;
    case PY_NODE_TRY:
    case PY_NODE_TRY_STAR:
        bind_try(s->as.try_block, fn, payload);
        break;
    case PY_NODE_MATCH:
        for (uint32_t i = 0; i < s->as.match.case_count; i++)
            py_each_binding(&s->as.match.cases[i].body, fn, payload);
        break;
    default:
        break;
    }
}

void py_statement_bindings(const struct py_node *s, py_binding_fn *fn, void *payload)
{
    switch ((int)s->kind) {
    case PY_NODE_ASSIGN:
        for (uint32_t i = 0; i < s->as.assign.targets.count; i++)
            bind_target(s->as.assign.targets.at[i], s, fn, payload);
        break;
    case PY_NODE_ANN_ASSIGN:
        bind_target(s->as.ann_assign.target, s, fn, payload);
        break;
    case PY_NODE_AUG_ASSIGN:
        bind_target(s->as.aug_assign.target, s, fn, payload);
        break;
    case PY_NODE_FUNCTION_DEF:
    case PY_NODE_ASYNC_FUNCTION_DEF:
        fn(s->as.function->ref.name, s, payload);
        break;
    case PY_NODE_CLASS_DEF:
        fn(s->as.class_def->ref.name, s, payload);
        break;
    case PY_NODE_TYPE_ALIAS:
        fn(s->as.type_alias->ref.name, s, payload);
        break;
    case PY_NODE_IMPORT:
    case PY_NODE_IMPORT_FROM:
        bind_imports(s, fn, payload);
        break;
    default:
        bind_compound(s, fn, payload);
        break;
    }
}

void py_each_binding(const struct py_nodes *body, py_binding_fn *fn, void *payload)
{
    for (uint32_t i = 0; i < body->count; i++)
        py_statement_bindings(body->at[i], fn, payload);
}

/* ------------------------------------------------------------------ places in a class */

static struct py_place place_in(const struct py_type *cls, const struct py_node *node)
{
    if (!cls->source || !node)
        return (struct py_place){0};
    struct place p = source_place(cls->source, node->span.start);
    return (struct py_place){.file = cls->source->path, .line = p.line, .column = p.column};
}

struct py_place py_class_place(const struct py_type *cls)
{
    return place_in(cls, cls->statement);
}

struct search {
    const char *name;
    const struct py_node *found;
};

static void note_last(const struct py_name *name, const struct py_node *node, void *payload)
{
    struct search *search = payload;
    if (strcmp(name->text, search->name) == 0)
        search->found = node;
}

struct py_place py_class_attribute_place(const struct py_type *cls, const char *name)
{
    struct search search = {.name = name};
    if (cls->statement)
        py_each_binding(&cls->statement->as.class_def->body, note_last, &search);
    return place_in(cls, search.found);
}
