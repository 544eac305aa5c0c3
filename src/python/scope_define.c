/* What opens scopes: functions, classes, lambdas, comprehensions. */
#include "config.h"

#include "python/scope_visit.h"

/* ---- definitions ---- */

void scope_visit_function(struct walk *w, struct py_node *node)
{
    struct py_function *f = node->as.function;
    scope_visit_all(w, &f->decorators);
    scope_bind(w, &f->ref);
    scope_visit_defaults(w, &f->params);
    scope_open_type_params(w, f->type_params);
    scope_visit_annotations(w, f);
    f->scope = scope_open(w, PY_SCOPE_FUNCTION, f->ref.name);
    w->scope->is_async_def = node->kind == PY_NODE_ASYNC_FUNCTION_DEF;
    f->scope->is_async = w->scope->is_async_def;
    scope_bind_params(w, &f->params);
    scope_visit_all(w, &f->body);
    scope_close(w);
    if (f->type_params)
        scope_close(w);
}

void scope_visit_keywords(struct walk *w, struct py_keywords *keywords)
{
    for (uint32_t i = 0; i < keywords->count; i++) {
        struct py_keyword *k = &keywords->at[i];
        if (k->name)
            k->name = scope_mangle(w, k->name);
        scope_visit(w, k->value);
    }
}

void scope_visit_starrable(struct walk *w, const struct py_nodes *nodes)
{
    for (uint32_t i = 0; i < nodes->count; i++) {
        struct py_node *node = nodes->at[i];
        scope_visit(w, node->kind == PY_NODE_STARRED ? node->as.value : node);
    }
}

void scope_visit_class(struct walk *w, struct py_node *node)
{
    struct py_class *c = node->as.class_def;
    const struct py_name *own_name = c->ref.name;
    scope_visit_all(w, &c->decorators);
    scope_bind(w, &c->ref);
    scope_open_type_params(w, c->type_params);
    scope_visit_starrable(w, &c->bases);
    scope_visit_keywords(w, &c->keywords);
    c->scope = scope_open(w, PY_SCOPE_CLASS, own_name);
    vec_push(w->arena, &w->classes, own_name);
    scope_visit_all(w, &c->body);
    w->classes.len--;
    scope_close(w);
    if (c->type_params)
        scope_close(w);
}

void scope_visit_lambda(struct walk *w, struct py_node *node)
{
    scope_visit_defaults(w, node->as.lambda.params);
    node->as.lambda.scope = scope_open(w, PY_SCOPE_LAMBDA, NULL);
    scope_bind_params(w, node->as.lambda.params);
    scope_visit(w, node->as.lambda.body);
    scope_close(w);
}

void scope_visit_type_alias(struct walk *w, struct py_node *node)
{
    struct py_type_alias *alias = node->as.type_alias;
    scope_bind(w, &alias->ref);
    scope_open_type_params(w, alias->type_params);
    alias->scope = scope_open(w, PY_SCOPE_TYPE_ALIAS, NULL);
    scope_visit(w, alias->value);
    scope_close(w);
    if (alias->type_params)
        scope_close(w);
}

/* ---- comprehensions ---- */

static void visit_iterable(struct walk *w, struct py_node *iter)
{
    w->scope->comp_iterables++;
    scope_visit(w, iter);
    w->scope->comp_iterables--;
}

/* An async comprehension makes those around it async, up to the function. */
static void check_async_comprehension(struct walk *w, const struct py_node *node)
{
    const struct build *b = w->scope;
    if (!b->out->is_async || node->kind == PY_NODE_GENERATOR)
        return;
    struct build *outer = b->parent;
    if (outer->out->kind == PY_SCOPE_COMPREHENSION)
        outer->out->is_async = true;
    else if (!outer->is_async_def)
        scope_fail_late(w, node->span.start,
                        "asynchronous comprehension outside of an asynchronous function");
}

static void visit_clause(struct walk *w, struct py_generator *clause, bool first)
{
    w->scope->in_comp_target = true;
    scope_visit_target(w, clause->target);
    w->scope->in_comp_target = false;
    if (!first)
        visit_iterable(w, clause->iter);
    scope_visit_all(w, &clause->conditions);
    if (clause->is_async)
        w->scope->out->is_async = true;
}

void scope_visit_comprehension(struct walk *w, struct py_node *node)
{
    struct py_comprehension *c = node->as.comprehension;
    visit_iterable(w, c->clauses[0].iter);
    c->scope = scope_open(w, PY_SCOPE_COMPREHENSION, NULL);
    w->scope->comprehension = node->kind;
    w->scope->is_async_def = w->scope->parent->is_async_def;
    for (uint32_t i = 0; i < c->clause_count; i++)
        visit_clause(w, &c->clauses[i], i == 0);
    scope_visit(w, c->element);
    scope_visit(w, c->value);
    check_async_comprehension(w, node);
    scope_close(w);
}

/* := in a comprehension binds in the function (or module) around it. */
static void bind_outside_comprehension(struct walk *w, struct py_ref *ref)
{
    const struct py_name *name = scope_mangle(w, ref->name);
    struct build *own = w->scope;
    for (struct build *b = own; b; b = b->parent) {
        if (b->out->kind == PY_SCOPE_COMPREHENSION) {
            const struct symbol *s = scope_find(b, name);
            if (s && (s->flags & SYMBOL_ITERATION))
                scope_fail(w, ref->span.start,
                           "assignment expression cannot rebind comprehension iteration variable "
                           "'%s'",
                           name->text);
            continue;
        }
        if (b->out->kind == PY_SCOPE_CLASS)
            scope_fail(w, ref->span.start,
                       "assignment expression within a comprehension cannot be used in a class "
                       "body");
        if (b->out->kind == PY_SCOPE_TYPE_PARAMS || b->out->kind == PY_SCOPE_TYPE_ALIAS)
            scope_fail(w, ref->span.start,
                       "assignment expression within a comprehension cannot be used within the "
                       "definition of a generic");
        struct symbol *outer = scope_symbol(w, b, name, ref->span.start);
        bool global = b->out->kind == PY_SCOPE_MODULE || (outer->flags & SYMBOL_GLOBAL);
        outer->flags |= SYMBOL_BOUND;
        scope_record(w, ref, global ? SYMBOL_GLOBAL : SYMBOL_NONLOCAL);
        return;
    }
}

void scope_visit_named(struct walk *w, struct py_node *node)
{
    struct py_ref *ref = &node->as.named.target->as.name;
    if (w->scope->comp_iterables > 0)
        scope_fail(w, node->span.start,
                   "assignment expression cannot be used in a comprehension iterable expression");
    if (w->scope->out->kind == PY_SCOPE_COMPREHENSION) {
        bind_outside_comprehension(w, ref);
        scope_visit(w, node->as.named.value);
        return;
    }
    scope_visit(w, node->as.named.value);
    scope_bind(w, ref);
}
