#include "config.h"

#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "python/refusals.h"
#include "python/scope_visit.h"

/*
 * The walk over the tree: opens scopes, records names, and finds what may not stand where it
 * stands. Messages and their order are CPython's: a mistake of its symbol table pass ends the
 * walk, one of its compiler is kept until the names are placed.
 */

void scope_visit_all(struct walk *w, const struct py_nodes *nodes)
{
    for (uint32_t i = 0; i < nodes->count; i++)
        scope_visit(w, nodes->at[i]);
}

/* ---- names ---- */

/* A private name in a class carries the class's name (Python reference, "Private name mangling").
 */
const struct py_name *scope_mangle(struct walk *w, const struct py_name *name)
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

void scope_record(struct walk *w, struct py_ref *ref, unsigned flags)
{
    ref->name = scope_mangle(w, ref->name);
    struct symbol *symbol = scope_symbol(w, w->scope, ref->name, ref->span.start);
    symbol->flags |= flags;
    struct use use = {ref, (uint32_t)(symbol - w->scope->symbols.at)};
    vec_push(w->arena, &w->scope->uses, use);
}

bool scope_in_function(const struct walk *w)
{
    return w->scope->out->kind == PY_SCOPE_FUNCTION || w->scope->out->kind == PY_SCOPE_LAMBDA;
}

static void use_name(struct walk *w, struct py_ref *ref)
{
    scope_record(w, ref, SYMBOL_USED);
    bool is_super = strcmp(ref->name->text, "super") == 0;
    if (is_super && w->scope->out->kind != PY_SCOPE_MODULE &&
        w->scope->out->kind != PY_SCOPE_CLASS) {
        const struct py_name *name = py_name_intern(w->module->names, "__class__", 9);
        scope_symbol(w, w->scope, name, ref->span.start)->flags |= SYMBOL_USED;
    }
}

void scope_bind(struct walk *w, struct py_ref *ref)
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
    scope_record(w, ref, flags);
}

/* ---- scopes ---- */

struct py_scope *scope_open(struct walk *w, enum py_scope_kind kind, const struct py_name *name)
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

void scope_close(struct walk *w)
{
    w->scope = w->scope->parent;
}

static void bind_param(struct walk *w, struct py_param *param)
{
    const struct py_name *name = scope_mangle(w, param->ref.name);
    const struct symbol *known = scope_find(w->scope, name);
    if (known && (known->flags & SYMBOL_PARAM))
        scope_fail(w, param->ref.span.start, "duplicate argument '%s' in function definition",
                   name->text);
    scope_bind(w, &param->ref);
    scope_find(w->scope, name)->flags |= SYMBOL_PARAM;
}

void scope_bind_params(struct walk *w, struct py_params *params)
{
    for (uint32_t i = 0; i < params->count; i++)
        bind_param(w, &params->at[i]);
    if (params->vararg)
        bind_param(w, params->vararg);
    if (params->kwarg)
        bind_param(w, params->kwarg);
}

void scope_visit_defaults(struct walk *w, const struct py_params *params)
{
    for (uint32_t i = 0; i < params->count; i++)
        scope_visit(w, params->at[i].default_value);
}

static void visit_annotation(struct walk *w, struct py_node *annotation)
{
    if (annotation && annotation->kind == PY_NODE_STARRED) /* *args: *Ts */
        scope_visit(w, annotation->as.value);
    else
        scope_visit(w, annotation);
}

void scope_visit_annotations(struct walk *w, const struct py_function *f)
{
    for (uint32_t i = 0; i < f->params.count; i++)
        visit_annotation(w, f->params.at[i].annotation);
    if (f->params.vararg)
        visit_annotation(w, f->params.vararg->annotation);
    if (f->params.kwarg)
        visit_annotation(w, f->params.kwarg->annotation);
    visit_annotation(w, f->returns);
}

void scope_open_type_params(struct walk *w, struct py_type_params *params)
{
    if (!params)
        return;
    params->scope = scope_open(w, PY_SCOPE_TYPE_PARAMS, NULL);
    for (uint32_t i = 0; i < params->count; i++) {
        struct py_ref *ref = &params->at[i].ref;
        if (scope_find(w->scope, scope_mangle(w, ref->name)))
            scope_fail(w, ref->span.start, "duplicate type parameter '%s'", ref->name->text);
        scope_bind(w, ref);
    }
    for (uint32_t i = 0; i < params->count; i++) {
        scope_visit(w, params->at[i].bound);
        visit_annotation(w, params->at[i].default_value);
    }
}

/* ---- targets ---- */

static void visit_target_items(struct walk *w, struct py_node *node)
{
    bool starred = false;
    for (uint32_t i = 0; i < node->as.items.count; i++) {
        struct py_node *item = node->as.items.at[i];
        if (item->kind != PY_NODE_STARRED) {
            scope_visit_target(w, item);
            continue;
        }
        if (starred)
            scope_fail_late(w, node->span.start, "multiple starred expressions in assignment");
        starred = true;
        scope_visit_target(w, item->as.value);
    }
}

void scope_visit_target(struct walk *w, struct py_node *node)
{
    switch ((int)node->kind) {
    case PY_NODE_NAME:
        scope_bind(w, &node->as.name);
        break;
    case PY_NODE_LIST:
    case PY_NODE_TUPLE:
        if (++w->depth > w->limit)
            scope_visit(w, node); /* ends the walk */
        visit_target_items(w, node);
        w->depth--;
        break;
    case PY_NODE_STARRED:
        scope_fail_late(w, node->span.start,
                        "starred assignment target must be in a list or tuple");
        scope_visit_target(w, node->as.value);
        break;
    default:
        scope_visit(w, node);
    }
}

/* ---- expressions ---- */

static void visit_name(struct walk *w, struct py_node *node)
{
    use_name(w, &node->as.name);
}

static void visit_value(struct walk *w, struct py_node *node)
{
    scope_visit(w, node->as.value);
}

static void visit_items(struct walk *w, struct py_node *node)
{
    scope_visit_starrable(w, &node->as.items);
}

static void visit_starred(struct walk *w, struct py_node *node)
{
    scope_fail_late(w, node->span.start, "can't use starred expression here");
    scope_visit(w, node->as.value);
}

static void visit_bool_op(struct walk *w, struct py_node *node)
{
    scope_visit_all(w, &node->as.bool_op.operands);
}

static void visit_binary(struct walk *w, struct py_node *node)
{
    scope_visit(w, node->as.binary.left);
    scope_visit(w, node->as.binary.right);
}

static void visit_unary(struct walk *w, struct py_node *node)
{
    scope_visit(w, node->as.unary.operand);
}

static void visit_conditional(struct walk *w, struct py_node *node)
{
    scope_visit(w, node->as.conditional.test);
    scope_visit(w, node->as.conditional.body);
    scope_visit(w, node->as.conditional.orelse);
}

static void visit_dict(struct walk *w, struct py_node *node)
{
    for (uint32_t i = 0; i < node->as.dict.count; i++) {
        scope_visit(w, node->as.dict.keys[i]);
        scope_visit(w, node->as.dict.values[i]);
    }
}

static void visit_await(struct walk *w, struct py_node *node)
{
    const struct build *b = w->scope;
    bool is_comprehension = b->out->kind == PY_SCOPE_COMPREHENSION;
    if (is_comprehension)
        b->out->is_async = true;
    else if (!scope_in_function(w))
        scope_fail_late(w, node->span.start, "'await' outside function");
    else if (!b->is_async_def)
        scope_fail_late(w, node->span.start, "'await' outside async function");
    scope_visit(w, node->as.value);
}

static void visit_yield(struct walk *w, struct py_node *node)
{
    if (w->scope->out->kind == PY_SCOPE_COMPREHENSION)
        scope_fail(w, node->span.start, "'yield' inside %s",
                   py_node_kind_name(w->scope->comprehension));
    if (!scope_in_function(w))
        scope_fail_late(w, node->span.start, "'yield' outside function");
    else if (node->kind == PY_NODE_YIELD_FROM && w->scope->is_async_def)
        scope_fail_late(w, node->span.start, "'yield from' inside async function");
    w->scope->out->is_generator = true;
    scope_visit(w, node->as.value);
}

static void visit_compare(struct walk *w, struct py_node *node)
{
    scope_visit(w, node->as.compare.left);
    scope_visit_all(w, &node->as.compare.operands);
}

static void visit_call(struct walk *w, struct py_node *node)
{
    scope_visit(w, node->as.call.callee);
    scope_visit_starrable(w, &node->as.call.args);
    scope_visit_keywords(w, &node->as.call.keywords);
}

static void visit_joined(struct walk *w, struct py_node *node)
{
    scope_visit_all(w, &node->as.items);
}

static void visit_formatted(struct walk *w, struct py_node *node)
{
    scope_visit(w, node->as.formatted.value);
    scope_visit(w, node->as.formatted.spec);
}

static void visit_attribute(struct walk *w, struct py_node *node)
{
    node->as.attribute.name = scope_mangle(w, node->as.attribute.name);
    scope_visit(w, node->as.attribute.value);
}

static void visit_subscript(struct walk *w, struct py_node *node)
{
    scope_visit(w, node->as.subscript.value);
    scope_visit(w, node->as.subscript.index);
}

static void visit_slice(struct walk *w, struct py_node *node)
{
    scope_visit(w, node->as.slice.lower);
    scope_visit(w, node->as.slice.upper);
    scope_visit(w, node->as.slice.step);
}

/* ---- match ---- */

static void visit_match(struct walk *w, struct py_node *node)
{
    scope_visit(w, node->as.match.subject);
    for (uint32_t i = 0; i < node->as.match.case_count; i++) {
        struct py_case *c = &node->as.match.cases[i];
        scope_visit(w, c->pattern);
        scope_visit(w, c->guard);
        scope_visit_all(w, &c->body);
    }
    scope_check_cases(w, node);
}

static void visit_capture(struct walk *w, struct py_node *node)
{
    scope_visit(w, node->as.capture.pattern);
    if (node->as.capture.ref.name)
        scope_bind(w, &node->as.capture.ref);
}

static void visit_match_mapping(struct walk *w, struct py_node *node)
{
    struct py_match_mapping *m = node->as.match_mapping;
    for (uint32_t i = 0; i < m->count; i++) {
        scope_visit(w, m->keys[i]);
        scope_visit(w, m->patterns[i]);
    }
    if (m->rest.name)
        scope_bind(w, &m->rest);
}

static void visit_match_class(struct walk *w, struct py_node *node)
{
    struct py_match_class *c = node->as.match_class;
    scope_visit(w, c->callee);
    scope_visit_all(w, &c->patterns);
    scope_visit_all(w, &c->keyword_patterns);
}

static void visit_patterns(struct walk *w, struct py_node *node)
{
    scope_visit_all(w, &node->as.items);
}

/* ---- dispatch ---- */

/* What has no row has nothing to scope_visit. */
static const visit_fn visitors[PY_NODE_KINDS] = {
    [PY_NODE_FUNCTION_DEF] = scope_visit_function,
    [PY_NODE_ASYNC_FUNCTION_DEF] = scope_visit_function,
    [PY_NODE_CLASS_DEF] = scope_visit_class,
    [PY_NODE_RETURN] = scope_visit_return,
    [PY_NODE_DELETE] = scope_visit_delete,
    [PY_NODE_ASSIGN] = scope_visit_assign,
    [PY_NODE_TYPE_ALIAS] = scope_visit_type_alias,
    [PY_NODE_AUG_ASSIGN] = scope_visit_aug_assign,
    [PY_NODE_ANN_ASSIGN] = scope_visit_ann_assign,
    [PY_NODE_FOR] = scope_visit_for,
    [PY_NODE_ASYNC_FOR] = scope_visit_for,
    [PY_NODE_WHILE] = scope_visit_while,
    [PY_NODE_IF] = scope_visit_if,
    [PY_NODE_WITH] = scope_visit_with,
    [PY_NODE_ASYNC_WITH] = scope_visit_with,
    [PY_NODE_MATCH] = visit_match,
    [PY_NODE_RAISE] = scope_visit_raise,
    [PY_NODE_TRY] = scope_visit_try,
    [PY_NODE_TRY_STAR] = scope_visit_try,
    [PY_NODE_ASSERT] = scope_visit_assert,
    [PY_NODE_IMPORT] = scope_visit_import,
    [PY_NODE_IMPORT_FROM] = scope_visit_import,
    [PY_NODE_GLOBAL] = scope_visit_declaration,
    [PY_NODE_NONLOCAL] = scope_visit_declaration,
    [PY_NODE_EXPR] = visit_value,
    [PY_NODE_BREAK] = scope_visit_jump,
    [PY_NODE_CONTINUE] = scope_visit_jump,
    [PY_NODE_BOOL_OP] = visit_bool_op,
    [PY_NODE_NAMED] = scope_visit_named,
    [PY_NODE_BINARY] = visit_binary,
    [PY_NODE_UNARY] = visit_unary,
    [PY_NODE_LAMBDA] = scope_visit_lambda,
    [PY_NODE_CONDITIONAL] = visit_conditional,
    [PY_NODE_DICT] = visit_dict,
    [PY_NODE_SET] = visit_items,
    [PY_NODE_LIST_COMP] = scope_visit_comprehension,
    [PY_NODE_SET_COMP] = scope_visit_comprehension,
    [PY_NODE_DICT_COMP] = scope_visit_comprehension,
    [PY_NODE_GENERATOR] = scope_visit_comprehension,
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

void scope_visit(struct walk *w, struct py_node *node)
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
    w->module->scope = scope_open(w, PY_SCOPE_MODULE, NULL);
    scope_visit_all(w, &w->module->body);
    scope_close(w);
}
