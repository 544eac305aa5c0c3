#include "config.h"

#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "python/refusals.h"
#include "python/scope_build.h"

/*
 * The walk over the tree: opens scopes, records names, and finds what may not stand where it
 * stands. Messages and their order are CPython's: a mistake of its symbol table pass ends the
 * walk, one of its compiler is kept until the names are placed.
 */

typedef void (*visit_fn)(struct walk *w, struct py_node *node);

static void visit(struct walk *w, struct py_node *node);
static void visit_target(struct walk *w, struct py_node *node);

static void visit_all(struct walk *w, const struct py_nodes *nodes)
{
    for (uint32_t i = 0; i < nodes->count; i++)
        visit(w, nodes->at[i]);
}

/* ---- names ---- */

/* A private name in a class carries the class's name (Python reference, "Private name mangling"). */
static const struct py_name *mangle(struct walk *w, const struct py_name *name)
{
    if (w->classes.len == 0 || !str_starts_with(name->text, "__") ||
        str_ends_with(name->text, "__") || strchr(name->text, '.'))
        return name;
    const char *class_name = vec_last(&w->classes)->text;
    class_name += strspn(class_name, "_");
    if (!*class_name)
        return name;
    const char *text = arena_printf(w->arena, "_%s%s", class_name, name->text);
    return py_name_intern(w->module->names, text, strlen(text));
}

static void record(struct walk *w, struct py_ref *ref, unsigned flags)
{
    ref->name = mangle(w, ref->name);
    struct symbol *symbol = scope_symbol(w, w->scope, ref->name, ref->span.start);
    symbol->flags |= flags;
    struct use use = {ref, (uint32_t)(symbol - w->scope->symbols.at)};
    vec_push(w->arena, &w->scope->uses, use);
}

static bool in_function(const struct walk *w)
{
    return w->scope->out->kind == PY_SCOPE_FUNCTION || w->scope->out->kind == PY_SCOPE_LAMBDA;
}

static void use_name(struct walk *w, struct py_ref *ref)
{
    record(w, ref, SYMBOL_USED);
    bool is_super = strcmp(ref->name->text, "super") == 0;
    if (is_super && w->scope->out->kind != PY_SCOPE_MODULE &&
        w->scope->out->kind != PY_SCOPE_CLASS) {
        const struct py_name *name = py_name_intern(w->module->names, "__class__", 9);
        scope_symbol(w, w->scope, name, ref->span.start)->flags |= SYMBOL_USED;
    }
}

static void bind_name(struct walk *w, struct py_ref *ref)
{
    unsigned flags = SYMBOL_BOUND;
    if (strcmp(ref->name->text, "__debug__") == 0)
        scope_fail_late(w, ref->span.start, "cannot assign to __debug__");
    if (w->scope->in_comp_target) {
        const struct symbol *known = scope_find(w->scope, ref->name);
        if (known && (known->flags & (SYMBOL_GLOBAL | SYMBOL_NONLOCAL)))
            scope_fail(w, ref->span.start,
                       "comprehension inner loop cannot rebind assignment expression target '%s'",
                       ref->name->text);
        flags |= SYMBOL_ITERATION;
    }
    record(w, ref, flags);
}

/* ---- scopes ---- */

static struct py_scope *open_scope(struct walk *w, enum py_scope_kind kind,
                                   const struct py_name *name)
{
    struct build *b = ARENA_NEW(w->arena, struct build);
    b->out = ARENA_NEW(w->arena, struct py_scope);
    b->out->kind = kind;
    b->out->name = name;
    b->out->parent = w->scope ? w->scope->out : NULL;
    b->parent = w->scope;
    b->comp_iterables = w->scope ? w->scope->comp_iterables : 0;
    vec_push(w->arena, &w->scopes, b);
    w->scope = b;
    return b->out;
}

static void close_scope(struct walk *w)
{
    w->scope = w->scope->parent;
}

static void bind_param(struct walk *w, struct py_param *param)
{
    const struct py_name *name = mangle(w, param->ref.name);
    const struct symbol *known = scope_find(w->scope, name);
    if (known && (known->flags & SYMBOL_PARAM))
        scope_fail(w, param->ref.span.start, "duplicate argument '%s' in function definition",
                   name->text);
    bind_name(w, &param->ref);
    scope_find(w->scope, name)->flags |= SYMBOL_PARAM;
}

static void bind_params(struct walk *w, struct py_params *params)
{
    for (uint32_t i = 0; i < params->count; i++)
        bind_param(w, &params->at[i]);
    if (params->vararg)
        bind_param(w, params->vararg);
    if (params->kwarg)
        bind_param(w, params->kwarg);
}

static void visit_defaults(struct walk *w, const struct py_params *params)
{
    for (uint32_t i = 0; i < params->count; i++)
        visit(w, params->at[i].default_value);
}

static void visit_annotation(struct walk *w, struct py_node *annotation)
{
    if (annotation && annotation->kind == PY_NODE_STARRED) /* *args: *Ts */
        visit(w, annotation->as.value);
    else
        visit(w, annotation);
}

static void visit_annotations(struct walk *w, const struct py_function *f)
{
    for (uint32_t i = 0; i < f->params.count; i++)
        visit_annotation(w, f->params.at[i].annotation);
    if (f->params.vararg)
        visit_annotation(w, f->params.vararg->annotation);
    if (f->params.kwarg)
        visit_annotation(w, f->params.kwarg->annotation);
    visit_annotation(w, f->returns);
}

static void open_type_params(struct walk *w, struct py_type_params *params)
{
    if (!params)
        return;
    params->scope = open_scope(w, PY_SCOPE_TYPE_PARAMS, NULL);
    for (uint32_t i = 0; i < params->count; i++) {
        struct py_ref *ref = &params->at[i].ref;
        if (scope_find(w->scope, mangle(w, ref->name)))
            scope_fail(w, ref->span.start, "duplicate type parameter '%s'", ref->name->text);
        bind_name(w, ref);
    }
    for (uint32_t i = 0; i < params->count; i++) {
        visit(w, params->at[i].bound);
        visit_annotation(w, params->at[i].default_value);
    }
}

/* ---- definitions ---- */

static void visit_function(struct walk *w, struct py_node *node)
{
    struct py_function *f = node->as.function;
    visit_all(w, &f->decorators);
    bind_name(w, &f->ref);
    visit_defaults(w, &f->params);
    open_type_params(w, f->type_params);
    visit_annotations(w, f);
    f->scope = open_scope(w, PY_SCOPE_FUNCTION, f->ref.name);
    w->scope->is_async_def = node->kind == PY_NODE_ASYNC_FUNCTION_DEF;
    f->scope->is_async = w->scope->is_async_def;
    bind_params(w, &f->params);
    visit_all(w, &f->body);
    close_scope(w);
    if (f->type_params)
        close_scope(w);
}

static void visit_keywords(struct walk *w, struct py_keywords *keywords)
{
    for (uint32_t i = 0; i < keywords->count; i++) {
        struct py_keyword *k = &keywords->at[i];
        if (k->name)
            k->name = mangle(w, k->name);
        visit(w, k->value);
    }
}

static void visit_starrable(struct walk *w, const struct py_nodes *nodes)
{
    for (uint32_t i = 0; i < nodes->count; i++) {
        struct py_node *node = nodes->at[i];
        visit(w, node->kind == PY_NODE_STARRED ? node->as.value : node);
    }
}

static void visit_class(struct walk *w, struct py_node *node)
{
    struct py_class *c = node->as.class_def;
    const struct py_name *own_name = c->ref.name;
    visit_all(w, &c->decorators);
    bind_name(w, &c->ref);
    open_type_params(w, c->type_params);
    visit_starrable(w, &c->bases);
    visit_keywords(w, &c->keywords);
    c->scope = open_scope(w, PY_SCOPE_CLASS, own_name);
    vec_push(w->arena, &w->classes, own_name);
    visit_all(w, &c->body);
    w->classes.len--;
    close_scope(w);
    if (c->type_params)
        close_scope(w);
}

static void visit_lambda(struct walk *w, struct py_node *node)
{
    visit_defaults(w, node->as.lambda.params);
    node->as.lambda.scope = open_scope(w, PY_SCOPE_LAMBDA, NULL);
    bind_params(w, node->as.lambda.params);
    visit(w, node->as.lambda.body);
    close_scope(w);
}

static void visit_type_alias(struct walk *w, struct py_node *node)
{
    struct py_type_alias *alias = node->as.type_alias;
    bind_name(w, &alias->ref);
    open_type_params(w, alias->type_params);
    alias->scope = open_scope(w, PY_SCOPE_TYPE_ALIAS, NULL);
    visit(w, alias->value);
    close_scope(w);
    if (alias->type_params)
        close_scope(w);
}

/* ---- comprehensions ---- */

static void visit_iterable(struct walk *w, struct py_node *iter)
{
    w->scope->comp_iterables++;
    visit(w, iter);
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
    visit_target(w, clause->target);
    w->scope->in_comp_target = false;
    if (!first)
        visit_iterable(w, clause->iter);
    visit_all(w, &clause->conditions);
    if (clause->is_async)
        w->scope->out->is_async = true;
}

static void visit_comprehension(struct walk *w, struct py_node *node)
{
    struct py_comprehension *c = node->as.comprehension;
    visit_iterable(w, c->clauses[0].iter);
    c->scope = open_scope(w, PY_SCOPE_COMPREHENSION, NULL);
    w->scope->comprehension = node->kind;
    w->scope->is_async_def = w->scope->parent->is_async_def;
    for (uint32_t i = 0; i < c->clause_count; i++)
        visit_clause(w, &c->clauses[i], i == 0);
    visit(w, c->element);
    visit(w, c->value);
    check_async_comprehension(w, node);
    close_scope(w);
}

/* := in a comprehension binds in the function (or module) around it. */
static void bind_outside_comprehension(struct walk *w, struct py_ref *ref)
{
    const struct py_name *name = mangle(w, ref->name);
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
        record(w, ref, global ? SYMBOL_GLOBAL : SYMBOL_NONLOCAL);
        return;
    }
}

static void visit_named(struct walk *w, struct py_node *node)
{
    struct py_ref *ref = &node->as.named.target->as.name;
    if (w->scope->comp_iterables > 0)
        scope_fail(w, node->span.start,
                   "assignment expression cannot be used in a comprehension iterable expression");
    if (w->scope->out->kind == PY_SCOPE_COMPREHENSION) {
        bind_outside_comprehension(w, ref);
        visit(w, node->as.named.value);
        return;
    }
    visit(w, node->as.named.value);
    bind_name(w, ref);
}

/* ---- targets ---- */

static void visit_target_items(struct walk *w, struct py_node *node)
{
    bool starred = false;
    for (uint32_t i = 0; i < node->as.items.count; i++) {
        struct py_node *item = node->as.items.at[i];
        if (item->kind != PY_NODE_STARRED) {
            visit_target(w, item);
            continue;
        }
        if (starred)
            scope_fail_late(w, node->span.start,
                            "multiple starred expressions in assignment");
        starred = true;
        visit_target(w, item->as.value);
    }
}

static void visit_target(struct walk *w, struct py_node *node)
{
    switch ((int)node->kind) {
    case PY_NODE_NAME:
        bind_name(w, &node->as.name);
        break;
    case PY_NODE_LIST:
    case PY_NODE_TUPLE:
        if (++w->depth > w->limit)
            visit(w, node); /* ends the walk */
        visit_target_items(w, node);
        w->depth--;
        break;
    case PY_NODE_STARRED:
        scope_fail_late(w, node->span.start,
                        "starred assignment target must be in a list or tuple");
        visit_target(w, node->as.value);
        break;
    default:
        visit(w, node);
    }
}

/* ---- expressions ---- */

static void visit_name(struct walk *w, struct py_node *node)
{
    use_name(w, &node->as.name);
}

static void visit_value(struct walk *w, struct py_node *node)
{
    visit(w, node->as.value);
}

static void visit_items(struct walk *w, struct py_node *node)
{
    visit_starrable(w, &node->as.items);
}

static void visit_starred(struct walk *w, struct py_node *node)
{
    scope_fail_late(w, node->span.start, "can't use starred expression here");
    visit(w, node->as.value);
}

static void visit_bool_op(struct walk *w, struct py_node *node)
{
    visit_all(w, &node->as.bool_op.operands);
}

static void visit_binary(struct walk *w, struct py_node *node)
{
    visit(w, node->as.binary.left);
    visit(w, node->as.binary.right);
}

static void visit_unary(struct walk *w, struct py_node *node)
{
    visit(w, node->as.unary.operand);
}

static void visit_conditional(struct walk *w, struct py_node *node)
{
    visit(w, node->as.conditional.test);
    visit(w, node->as.conditional.body);
    visit(w, node->as.conditional.orelse);
}

static void visit_dict(struct walk *w, struct py_node *node)
{
    for (uint32_t i = 0; i < node->as.dict.count; i++) {
        visit(w, node->as.dict.keys[i]);
        visit(w, node->as.dict.values[i]);
    }
}

static void visit_await(struct walk *w, struct py_node *node)
{
    const struct build *b = w->scope;
    bool is_comprehension = b->out->kind == PY_SCOPE_COMPREHENSION;
    if (is_comprehension)
        b->out->is_async = true;
    else if (!in_function(w))
        scope_fail_late(w, node->span.start, "'await' outside function");
    else if (!b->is_async_def)
        scope_fail_late(w, node->span.start, "'await' outside async function");
    visit(w, node->as.value);
}

static void visit_yield(struct walk *w, struct py_node *node)
{
    if (w->scope->out->kind == PY_SCOPE_COMPREHENSION)
        scope_fail(w, node->span.start, "'yield' inside %s",
                   py_node_kind_name(w->scope->comprehension));
    if (!in_function(w))
        scope_fail_late(w, node->span.start, "'yield' outside function");
    else if (node->kind == PY_NODE_YIELD_FROM && w->scope->is_async_def)
        scope_fail_late(w, node->span.start, "'yield from' inside async function");
    w->scope->out->is_generator = true;
    visit(w, node->as.value);
}

static void visit_compare(struct walk *w, struct py_node *node)
{
    visit(w, node->as.compare.left);
    visit_all(w, &node->as.compare.operands);
}

static void visit_call(struct walk *w, struct py_node *node)
{
    visit(w, node->as.call.callee);
    visit_starrable(w, &node->as.call.args);
    visit_keywords(w, &node->as.call.keywords);
}

static void visit_joined(struct walk *w, struct py_node *node)
{
    visit_all(w, &node->as.items);
}

static void visit_formatted(struct walk *w, struct py_node *node)
{
    visit(w, node->as.formatted.value);
    visit(w, node->as.formatted.spec);
}

static void visit_attribute(struct walk *w, struct py_node *node)
{
    node->as.attribute.name = mangle(w, node->as.attribute.name);
    visit(w, node->as.attribute.value);
}

static void visit_subscript(struct walk *w, struct py_node *node)
{
    visit(w, node->as.subscript.value);
    visit(w, node->as.subscript.index);
}

static void visit_slice(struct walk *w, struct py_node *node)
{
    visit(w, node->as.slice.lower);
    visit(w, node->as.slice.upper);
    visit(w, node->as.slice.step);
}

/* ---- statements ---- */

static void visit_return(struct walk *w, struct py_node *node)
{
    if (w->scope->out->kind != PY_SCOPE_FUNCTION)
        scope_fail_late(w, node->span.start, "'return' outside function");
    else if (w->scope->except_stars > 0)
        scope_fail_late(w, node->span.start,
                        "'break', 'continue' and 'return' cannot appear in an except* block");
    visit(w, node->as.value);
}

static void visit_delete(struct walk *w, struct py_node *node)
{
    for (uint32_t i = 0; i < node->as.items.count; i++)
        visit_target(w, node->as.items.at[i]);
}

static void visit_assign(struct walk *w, struct py_node *node)
{
    for (uint32_t i = 0; i < node->as.assign.targets.count; i++)
        visit_target(w, node->as.assign.targets.at[i]);
    visit(w, node->as.assign.value);
}

static void visit_aug_assign(struct walk *w, struct py_node *node)
{
    visit_target(w, node->as.aug_assign.target);
    visit(w, node->as.aug_assign.value);
}

static void visit_ann_assign(struct walk *w, struct py_node *node)
{
    struct py_node *target = node->as.ann_assign.target;
    if (target->kind != PY_NODE_NAME) {
        visit(w, target);
    } else {
        const struct py_name *name = mangle(w, target->as.name.name);
        const struct symbol *known = scope_find(w->scope, name);
        unsigned declared = known ? known->flags & (SYMBOL_GLOBAL | SYMBOL_NONLOCAL) : 0;
        bool simple = node->as.ann_assign.simple;
        if (declared && simple && w->scope->parent)
            scope_fail(w, node->span.start, "annotated name '%s' can't be %s", name->text,
                       declared & SYMBOL_GLOBAL ? "global" : "nonlocal");
        if (simple || node->as.ann_assign.value)
            bind_name(w, &target->as.name);
        else
            record(w, &target->as.name, SYMBOL_USED);
        if (simple)
            scope_find(w->scope, name)->flags |= SYMBOL_ANNOTATED;
    }
    visit(w, node->as.ann_assign.annotation);
    visit(w, node->as.ann_assign.value);
}

static void visit_loop_body(struct walk *w, const struct py_nodes *body)
{
    int stars = w->scope->except_stars;
    w->scope->except_stars = 0;
    w->scope->loops++;
    visit_all(w, body);
    w->scope->loops--;
    w->scope->except_stars = stars;
}

static void check_async(struct walk *w, const struct py_node *node, const char *what)
{
    if (!w->scope->is_async_def || !in_function(w))
        scope_fail_late(w, node->span.start, "'%s' outside async function", what);
}

static void visit_for(struct walk *w, struct py_node *node)
{
    if (node->kind == PY_NODE_ASYNC_FOR)
        check_async(w, node, "async for");
    visit_target(w, node->as.for_loop.target);
    visit(w, node->as.for_loop.iter);
    visit_loop_body(w, &node->as.for_loop.body);
    visit_all(w, &node->as.for_loop.orelse);
}

static void visit_while(struct walk *w, struct py_node *node)
{
    visit(w, node->as.branch.test);
    visit_loop_body(w, &node->as.branch.body);
    visit_all(w, &node->as.branch.orelse);
}

static void visit_if(struct walk *w, struct py_node *node)
{
    visit(w, node->as.branch.test);
    visit_all(w, &node->as.branch.body);
    visit_all(w, &node->as.branch.orelse);
}

static void visit_with(struct walk *w, struct py_node *node)
{
    if (node->kind == PY_NODE_ASYNC_WITH)
        check_async(w, node, "async with");
    for (uint32_t i = 0; i < node->as.with.item_count; i++) {
        visit(w, node->as.with.items[i].context);
        if (node->as.with.items[i].target)
            visit_target(w, node->as.with.items[i].target);
    }
    visit_all(w, &node->as.with.body);
}

static void visit_raise(struct walk *w, struct py_node *node)
{
    visit(w, node->as.raise.exception);
    visit(w, node->as.raise.cause);
}

static void visit_try(struct walk *w, struct py_node *node)
{
    struct py_try *t = node->as.try_block;
    bool star = node->kind == PY_NODE_TRY_STAR;
    visit_all(w, &t->body);
    for (uint32_t i = 0; i < t->handler_count; i++) {
        struct py_handler *h = &t->handlers[i];
        if (!h->type && i + 1 < t->handler_count)
            scope_fail_late(w, h->span.start, "default 'except:' must be last");
        visit(w, h->type);
        if (h->ref.name)
            bind_name(w, &h->ref);
        w->scope->except_stars += star;
        visit_all(w, &h->body);
        w->scope->except_stars -= star;
    }
    visit_all(w, &t->orelse);
    visit_all(w, &t->finally_body);
}

static void visit_assert(struct walk *w, struct py_node *node)
{
    visit(w, node->as.assertion.test);
    visit(w, node->as.assertion.message);
}

static void visit_import(struct walk *w, struct py_node *node)
{
    for (uint32_t i = 0; i < node->as.import.alias_count; i++) {
        struct py_alias *alias = &node->as.import.aliases[i];
        if (alias->ref.name)
            bind_name(w, &alias->ref);
        else if (w->scope->parent)
            scope_fail(w, node->span.start, "import * only allowed at module level");
    }
}

static void visit_declaration(struct walk *w, struct py_node *node)
{
    bool global = node->kind == PY_NODE_GLOBAL;
    const char *word = global ? "global" : "nonlocal";
    for (uint32_t i = 0; i < node->as.names.count; i++) {
        const struct py_name *name = mangle(w, node->as.names.at[i]);
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

static void visit_jump(struct walk *w, struct py_node *node)
{
    if (w->scope->except_stars > 0)
        scope_fail_late(w, node->span.start,
                        "'break', 'continue' and 'return' cannot appear in an except* block");
    else if (w->scope->loops == 0)
        scope_fail_late(w, node->span.start, "%s",
                        node->kind == PY_NODE_BREAK ? "'break' outside loop"
                                                    : "'continue' not properly in loop");
}

/* ---- match ---- */

static void visit_match(struct walk *w, struct py_node *node)
{
    visit(w, node->as.match.subject);
    for (uint32_t i = 0; i < node->as.match.case_count; i++) {
        struct py_case *c = &node->as.match.cases[i];
        visit(w, c->pattern);
        visit(w, c->guard);
        visit_all(w, &c->body);
    }
    scope_check_cases(w, node);
}

static void visit_capture(struct walk *w, struct py_node *node)
{
    visit(w, node->as.capture.pattern);
    if (node->as.capture.ref.name)
        bind_name(w, &node->as.capture.ref);
}

static void visit_match_mapping(struct walk *w, struct py_node *node)
{
    struct py_match_mapping *m = node->as.match_mapping;
    for (uint32_t i = 0; i < m->count; i++) {
        visit(w, m->keys[i]);
        visit(w, m->patterns[i]);
    }
    if (m->rest.name)
        bind_name(w, &m->rest);
}

static void visit_match_class(struct walk *w, struct py_node *node)
{
    struct py_match_class *c = node->as.match_class;
    visit(w, c->callee);
    visit_all(w, &c->patterns);
    visit_all(w, &c->keyword_patterns);
}

static void visit_patterns(struct walk *w, struct py_node *node)
{
    visit_all(w, &node->as.items);
}

/* ---- dispatch ---- */

/* What has no row has nothing to visit. */
static const visit_fn visitors[PY_NODE_KINDS] = {
    [PY_NODE_FUNCTION_DEF] = visit_function,
    [PY_NODE_ASYNC_FUNCTION_DEF] = visit_function,
    [PY_NODE_CLASS_DEF] = visit_class,
    [PY_NODE_RETURN] = visit_return,
    [PY_NODE_DELETE] = visit_delete,
    [PY_NODE_ASSIGN] = visit_assign,
    [PY_NODE_TYPE_ALIAS] = visit_type_alias,
    [PY_NODE_AUG_ASSIGN] = visit_aug_assign,
    [PY_NODE_ANN_ASSIGN] = visit_ann_assign,
    [PY_NODE_FOR] = visit_for,
    [PY_NODE_ASYNC_FOR] = visit_for,
    [PY_NODE_WHILE] = visit_while,
    [PY_NODE_IF] = visit_if,
    [PY_NODE_WITH] = visit_with,
    [PY_NODE_ASYNC_WITH] = visit_with,
    [PY_NODE_MATCH] = visit_match,
    [PY_NODE_RAISE] = visit_raise,
    [PY_NODE_TRY] = visit_try,
    [PY_NODE_TRY_STAR] = visit_try,
    [PY_NODE_ASSERT] = visit_assert,
    [PY_NODE_IMPORT] = visit_import,
    [PY_NODE_IMPORT_FROM] = visit_import,
    [PY_NODE_GLOBAL] = visit_declaration,
    [PY_NODE_NONLOCAL] = visit_declaration,
    [PY_NODE_EXPR] = visit_value,
    [PY_NODE_BREAK] = visit_jump,
    [PY_NODE_CONTINUE] = visit_jump,
    [PY_NODE_BOOL_OP] = visit_bool_op,
    [PY_NODE_NAMED] = visit_named,
    [PY_NODE_BINARY] = visit_binary,
    [PY_NODE_UNARY] = visit_unary,
    [PY_NODE_LAMBDA] = visit_lambda,
    [PY_NODE_CONDITIONAL] = visit_conditional,
    [PY_NODE_DICT] = visit_dict,
    [PY_NODE_SET] = visit_items,
    [PY_NODE_LIST_COMP] = visit_comprehension,
    [PY_NODE_SET_COMP] = visit_comprehension,
    [PY_NODE_DICT_COMP] = visit_comprehension,
    [PY_NODE_GENERATOR] = visit_comprehension,
    [PY_NODE_AWAIT] = visit_await,
    [PY_NODE_YIELD] = visit_yield,
    [PY_NODE_YIELD_FROM] = visit_yield,
    [PY_NODE_COMPARE] = visit_compare,
    [PY_NODE_CALL] = visit_call,
    [PY_NODE_FORMATTED] = visit_formatted,
    [PY_NODE_JOINED] = visit_joined,
    [PY_NODE_ATTRIBUTE] = visit_attribute,
    [PY_NODE_SUBSCRIPT] = visit_subscript,
    [PY_NODE_STARRED] = visit_starred,
    [PY_NODE_NAME] = visit_name,
    [PY_NODE_LIST] = visit_items,
    [PY_NODE_TUPLE] = visit_items,
    [PY_NODE_SLICE] = visit_slice,
    [PY_NODE_MATCH_VALUE] = visit_value,
    [PY_NODE_MATCH_SEQUENCE] = visit_patterns,
    [PY_NODE_MATCH_MAPPING] = visit_match_mapping,
    [PY_NODE_MATCH_CLASS] = visit_match_class,
    [PY_NODE_MATCH_STAR] = visit_capture,
    [PY_NODE_MATCH_AS] = visit_capture,
    [PY_NODE_MATCH_OR] = visit_patterns,
};

static void visit(struct walk *w, struct py_node *node)
{
    if (!node || !visitors[node->kind])
        return;
    if (++w->depth > w->limit) {
        err_set(w->err, ERR_LIMIT, "nested deeper than %d levels", w->limit);
        err_diagnose(w->err, py_refusal_code(PY_REFUSE_LIMIT_NESTING));
        source_err(w->err, w->module->source, node->span.start);
        longjmp(w->on_error, 1);
    }
    visitors[node->kind](w, node);
    w->depth--;
}

/* ---- from __future__ ---- */

static bool is_future(const struct py_node *node)
{
    return node->kind == PY_NODE_IMPORT_FROM && node->as.import.level == 0 &&
           node->as.import.module && strcmp(node->as.import.module->text, "__future__") == 0;
}

/* Only the docstring and other such imports may precede them. An unknown feature is accepted. */
static void check_futures(struct walk *w)
{
    const struct py_nodes *body = &w->module->body;
    bool early = true;
    for (uint32_t i = 0; i < body->count; i++) {
        const struct py_node *node = body->at[i];
        if (!is_future(node)) {
            early = early && i == 0 && py_docstring(body);
            continue;
        }
        if (!early)
            scope_fail_late(w, node->span.start,
                            "from __future__ imports must occur at the beginning of the file");
        for (uint32_t k = 0; k < node->as.import.alias_count; k++) {
            const char *name = node->as.import.aliases[k].name->text;
            if (strcmp(name, "braces") == 0)
                scope_fail(w, node->span.start, "not a chance");
            if (strcmp(name, "annotations") == 0)
                w->module->future_annotations = true;
        }
    }
}

void scope_walk_module(struct walk *w)
{
    check_futures(w);
    w->module->scope = open_scope(w, PY_SCOPE_MODULE, NULL);
    visit_all(w, &w->module->body);
    close_scope(w);
}
