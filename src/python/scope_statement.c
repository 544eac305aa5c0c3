/* Statements: what they bind, and where they may stand. */
#include "config.h"

#include "python/scope_visit.h"

/* ---- statements ---- */

void scope_visit_return(struct walk *w, struct py_node *node)
{
    if (w->scope->out->kind != PY_SCOPE_FUNCTION)
        scope_fail_late(w, node->span.start, "'return' outside function");
    else if (w->scope->except_stars > 0)
        scope_fail_late(w, node->span.start,
                        "'break', 'continue' and 'return' cannot appear in an except* block");
    scope_visit(w, node->as.value);
}

void scope_visit_delete(struct walk *w, struct py_node *node)
{
    for (uint32_t i = 0; i < node->as.items.count; i++)
        scope_visit_target(w, node->as.items.at[i]);
}

void scope_visit_assign(struct walk *w, struct py_node *node)
{
    for (uint32_t i = 0; i < node->as.assign.targets.count; i++)
        scope_visit_target(w, node->as.assign.targets.at[i]);
    scope_visit(w, node->as.assign.value);
}

void scope_visit_aug_assign(struct walk *w, struct py_node *node)
{
    scope_visit_target(w, node->as.aug_assign.target);
    scope_visit(w, node->as.aug_assign.value);
}

void scope_visit_ann_assign(struct walk *w, struct py_node *node)
{
    struct py_node *target = node->as.ann_assign.target;
    if (target->kind != PY_NODE_NAME) {
        scope_visit(w, target);
    } else {
        const struct py_name *name = scope_mangle(w, target->as.name.name);
        const struct symbol *known = scope_find(w->scope, name);
        unsigned declared = known ? known->flags & (SYMBOL_GLOBAL | SYMBOL_NONLOCAL) : 0;
        bool simple = node->as.ann_assign.simple;
        if (declared && simple && w->scope->parent)
            scope_fail(w, node->span.start, "annotated name '%s' can't be %s", name->text,
                       declared & SYMBOL_GLOBAL ? "global" : "nonlocal");
        if (simple || node->as.ann_assign.value)
            scope_bind(w, &target->as.name);
        else
            scope_record(w, &target->as.name, SYMBOL_USED);
        if (simple)
            scope_find(w->scope, name)->flags |= SYMBOL_ANNOTATED;
    }
    scope_visit(w, node->as.ann_assign.annotation);
    scope_visit(w, node->as.ann_assign.value);
}

static void visit_loop_body(struct walk *w, const struct py_nodes *body)
{
    int stars = w->scope->except_stars;
    w->scope->except_stars = 0;
    w->scope->loops++;
    scope_visit_all(w, body);
    w->scope->loops--;
    w->scope->except_stars = stars;
}

static void check_async(struct walk *w, const struct py_node *node, const char *what)
{
    if (!w->scope->is_async_def || !scope_in_function(w))
        scope_fail_late(w, node->span.start, "'%s' outside async function", what);
}

void scope_visit_for(struct walk *w, struct py_node *node)
{
    if (node->kind == PY_NODE_ASYNC_FOR)
        check_async(w, node, "async for");
    scope_visit_target(w, node->as.for_loop.target);
    scope_visit(w, node->as.for_loop.iter);
    visit_loop_body(w, &node->as.for_loop.body);
    scope_visit_all(w, &node->as.for_loop.orelse);
}

void scope_visit_while(struct walk *w, struct py_node *node)
{
    scope_visit(w, node->as.branch.test);
    visit_loop_body(w, &node->as.branch.body);
    scope_visit_all(w, &node->as.branch.orelse);
}

void scope_visit_if(struct walk *w, struct py_node *node)
{
    scope_visit(w, node->as.branch.test);
    scope_visit_all(w, &node->as.branch.body);
    scope_visit_all(w, &node->as.branch.orelse);
}

void scope_visit_with(struct walk *w, struct py_node *node)
{
    if (node->kind == PY_NODE_ASYNC_WITH)
        check_async(w, node, "async with");
    for (uint32_t i = 0; i < node->as.with.item_count; i++) {
        scope_visit(w, node->as.with.items[i].context);
        if (node->as.with.items[i].target)
            scope_visit_target(w, node->as.with.items[i].target);
    }
    scope_visit_all(w, &node->as.with.body);
}

void scope_visit_raise(struct walk *w, struct py_node *node)
{
    scope_visit(w, node->as.raise.exception);
    scope_visit(w, node->as.raise.cause);
}

void scope_visit_try(struct walk *w, struct py_node *node)
{
    struct py_try *t = node->as.try_block;
    bool star = node->kind == PY_NODE_TRY_STAR;
    scope_visit_all(w, &t->body);
    for (uint32_t i = 0; i < t->handler_count; i++) {
        struct py_handler *h = &t->handlers[i];
        if (!h->type && i + 1 < t->handler_count)
            scope_fail_late(w, h->span.start, "default 'except:' must be last");
        scope_visit(w, h->type);
        if (h->ref.name)
            scope_bind(w, &h->ref);
        w->scope->except_stars += star;
        scope_visit_all(w, &h->body);
        w->scope->except_stars -= star;
    }
    scope_visit_all(w, &t->orelse);
    scope_visit_all(w, &t->finally_body);
}

void scope_visit_assert(struct walk *w, struct py_node *node)
{
    scope_visit(w, node->as.assertion.test);
    scope_visit(w, node->as.assertion.message);
}

void scope_visit_import(struct walk *w, struct py_node *node)
{
    for (uint32_t i = 0; i < node->as.import.alias_count; i++) {
        struct py_alias *alias = &node->as.import.aliases[i];
        if (alias->ref.name)
            scope_bind(w, &alias->ref);
        else if (w->scope->parent)
            scope_fail(w, node->span.start, "import * only allowed at module level");
    }
}

void scope_visit_declaration(struct walk *w, struct py_node *node)
{
    bool global = node->kind == PY_NODE_GLOBAL;
    const char *word = global ? "global" : "nonlocal";
    for (uint32_t i = 0; i < node->as.names.count; i++) {
        const struct py_name *name = scope_mangle(w, node->as.names.at[i]);
        node->as.names.at[i] = name;
        uint32_t start = node->span.start;
        struct symbol *s = scope_symbol(w, w->scope, name, start);
        if (s->flags & SYMBOL_PARAM)
            scope_fail(w, start, "name '%s' is parameter and %s", name->text, word);
        if (s->flags & SYMBOL_USED)
            scope_fail(w, start, "name '%s' is used prior to %s declaration", name->text, word);
        if (s->flags & SYMBOL_ANNOTATED)
            scope_fail(w, start, "annotated name '%s' can't be %s", name->text, word);
        if (s->flags & SYMBOL_BOUND)
            scope_fail(w, start, "name '%s' is assigned to before %s declaration", name->text,
                       word);
        if (!(s->flags & (SYMBOL_GLOBAL | SYMBOL_NONLOCAL)))
            s->offset = start;
        s->flags |= global ? SYMBOL_GLOBAL : SYMBOL_NONLOCAL;
    }
}

void scope_visit_jump(struct walk *w, struct py_node *node)
{
    if (w->scope->except_stars > 0)
        scope_fail_late(w, node->span.start,
                        "'break', 'continue' and 'return' cannot appear in an except* block");
    else if (w->scope->loops == 0)
        scope_fail_late(w, node->span.start, "%s",
                        node->kind == PY_NODE_BREAK ? "'break' outside loop"
                                                    : "'continue' not properly in loop");
}
