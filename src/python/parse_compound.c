#include "config.h"

#include <string.h>

#include "base/str.h"
#include "python/parser.h"

/* Compound statements (Python reference, chapter 8), without definitions and match. */

/* ---- blocks ---- */

static int line_of(const struct parser *p, uint32_t offset)
{
    return source_place(p->src, offset).line;
}

void parser_take_colon(struct parser *p)
{
    if (parser_accept(p, PY_TOKEN_COLON))
        return;
    enum py_token_kind before = p->tokens.at[p->at - 1].kind;
    bool sure = before == PY_TOKEN_ELSE || before == PY_TOKEN_TRY || before == PY_TOKEN_EXCEPT ||
                before == PY_TOKEN_FINALLY;
    if (sure || parser_is(p, PY_TOKEN_NEWLINE))
        parser_fail(p, parser_start(p), "expected ':'");
    parser_invalid(p);
}

struct py_nodes parse_block(struct parser *p, const char *what, uint32_t offset)
{
    struct node_vec body = {0};
    parser_take_colon(p);
    if (!parser_accept(p, PY_TOKEN_NEWLINE)) {
        parse_simple_statements(p, &body);
        return parser_nodes(p, &body);
    }
    if (!parser_accept(p, PY_TOKEN_INDENT))
        parser_fail(p, parser_start(p), "expected an indented block after %s on line %d", what,
                    line_of(p, offset));
    parser_enter(p);
    while (!parser_is(p, PY_TOKEN_DEDENT) && !parser_is(p, PY_TOKEN_END))
        parse_statement(p, &body);
    parser_leave(p);
    parser_accept(p, PY_TOKEN_DEDENT);
    return parser_nodes(p, &body);
}

static struct py_nodes parse_else(struct parser *p)
{
    uint32_t start = parser_start(p);
    if (!parser_accept(p, PY_TOKEN_ELSE))
        return (struct py_nodes){0};
    return parse_block(p, "'else' statement", start);
}

/* ---- if, while, for ---- */

/* From "if" or "elif"; a chain of elifs is a chain of nodes. */
static struct py_node *parse_if(struct parser *p)
{
    struct py_node *first = NULL, *last = NULL;
    VEC(struct py_node *) chain = {0};
    while (!last || parser_is(p, PY_TOKEN_ELIF)) {
        struct py_token word = parser_take(p);
        struct py_node *test = parse_named_expression(p);
        struct py_node *node = parser_node(p, PY_NODE_IF, word.span.start);
        node->as.branch.test = test;
        node->as.branch.body = parse_block(
            p, word.kind == PY_TOKEN_IF ? "'if' statement" : "'elif' statement", word.span.start);
        vec_push(p->arena, &chain, node);
        if (last) {
            struct node_vec orelse = {0};
            vec_push(p->arena, &orelse, node);
            last->as.branch.orelse = parser_nodes(p, &orelse);
        } else {
            first = node;
        }
        last = node;
    }
    last->as.branch.orelse = parse_else(p);
    for (size_t i = 0; i < chain.len; i++)
        parser_end_block(p, chain.at[i]);
    return first;
}

static struct py_node *parse_while(struct parser *p)
{
    uint32_t start = parser_take(p).span.start;
    struct py_node *test = parse_named_expression(p);
    struct py_node *node = parser_node(p, PY_NODE_WHILE, start);
    node->as.branch.test = test;
    node->as.branch.body = parse_block(p, "'while' statement", start);
    node->as.branch.orelse = parse_else(p);
    parser_end_block(p, node);
    return node;
}

static struct py_node *parse_for(struct parser *p, bool is_async, uint32_t start)
{
    uint32_t word = parser_take(p).span.start;
    struct py_node *target = parse_for_targets(p);
    parser_expect(p, PY_TOKEN_IN);
    struct py_node *iter = parse_star_expressions(p);
    struct py_node *node = parser_node(p, is_async ? PY_NODE_ASYNC_FOR : PY_NODE_FOR, start);
    node->as.for_loop.target = target;
    node->as.for_loop.iter = iter;
    node->as.for_loop.body = parse_block(p, "'for' statement", word);
    node->as.for_loop.orelse = parse_else(p);
    parser_end_block(p, node);
    return node;
}

/* ---- try ---- */

struct handler_vec {
    struct py_handler *at;
    size_t len, cap;
};

/* except [*] [type [as name]]: */
static void parse_handler(struct parser *p, struct handler_vec *handlers, bool *star)
{
    struct py_handler h = {.span = {parser_take(p).span.start, 0}};
    uint32_t start = h.span.start;
    bool is_star = parser_accept(p, PY_TOKEN_STAR);
    if (handlers->len > 0 && is_star != *star)
        parser_fail(p, start, "cannot have both 'except' and 'except*' on the same 'try'");
    *star = is_star;
    if (is_star && parser_is(p, PY_TOKEN_COLON))
        parser_fail(p, parser_start(p), "expected one or more exception types");
    if (!parser_is(p, PY_TOKEN_COLON)) {
        if (!parser_begins_expression(parser_kind(p)))
            parser_take_colon(p);
        uint32_t type_start = parser_start(p);
        h.type = parse_expression(p);
        if (parser_is(p, PY_TOKEN_COMMA))
            parser_fail(p, type_start, "multiple exception types must be parenthesized");
        if (parser_accept(p, PY_TOKEN_AS))
            h.ref = parser_ref(parser_expect(p, PY_TOKEN_NAME));
    }
    h.body = parse_block(p, is_star ? "'except*' statement" : "'except' statement", start);
    h.span.end = p->line_end;
    vec_push(p->arena, handlers, h);
}

static struct py_node *parse_try(struct parser *p)
{
    uint32_t start = parser_take(p).span.start;
    struct py_try *t = ARENA_NEW(p->arena, struct py_try);
    struct handler_vec handlers = {0};
    bool star = false;
    t->body = parse_block(p, "'try' statement", start);
    while (parser_is(p, PY_TOKEN_EXCEPT))
        parse_handler(p, &handlers, &star);
    t->handlers = handlers.at;
    t->handler_count = (uint32_t)handlers.len;
    if (handlers.len > 0)
        t->orelse = parse_else(p);
    uint32_t finally_start = parser_start(p);
    if (parser_accept(p, PY_TOKEN_FINALLY))
        t->finally_body = parse_block(p, "'finally' statement", finally_start);
    else if (handlers.len == 0)
        parser_fail(p, parser_start(p), "expected 'except' or 'finally' block");
    struct py_node *node = parser_node(p, star ? PY_NODE_TRY_STAR : PY_NODE_TRY, start);
    node->as.try_block = t;
    parser_end_block(p, node);
    return node;
}

/* ---- with ---- */

VEC_DEFINE(with_items, struct py_with_item);

static struct py_node *parse_with_target(struct parser *p)
{
    struct py_node *target =
        parser_is(p, PY_TOKEN_STAR) ? parse_starred_bitwise_or(p) : parse_primary(p, false);
    parser_check_target(p, target, TARGET_WITH);
    return target;
}

/* The token behind the parenthesis that is open here; brackets are balanced by the lexer. */
static enum py_token_kind kind_behind_group(struct parser *p)
{
    int open = 0;
    for (size_t i = 0;; i++) {
        enum py_token_kind kind = parser_peek(p, i).kind;
        if (kind == PY_TOKEN_LPAR || kind == PY_TOKEN_LSQB || kind == PY_TOKEN_LBRACE)
            open++;
        else if (kind == PY_TOKEN_RPAR || kind == PY_TOKEN_RSQB || kind == PY_TOKEN_RBRACE)
            open--;
        if (kind == PY_TOKEN_END)
            return kind;
        if (open == 0)
            return parser_peek(p, i + 1).kind;
    }
}

/*
 * with (a as b, c): the items in parentheses. False, having read nothing, when the parentheses
 * belong to an expression: (a, b)[0], (yield), (x for x in y).
 */
static bool parse_with_group(struct parser *p, struct with_items *items)
{
    if (!parser_is(p, PY_TOKEN_LPAR) || kind_behind_group(p) != PY_TOKEN_COLON)
        return false;
    size_t at = p->at;
    parser_take(p);
    while (parser_begins_expression(parser_kind(p))) {
        struct py_with_item item = {.context = parse_expression(p)};
        if (parser_accept(p, PY_TOKEN_AS))
            item.target = parse_with_target(p);
        vec_push(p->arena, items, item);
        if (!parser_accept(p, PY_TOKEN_COMMA))
            break;
    }
    if (items->len > 0 && parser_is(p, PY_TOKEN_RPAR)) {
        parser_take(p);
        return true;
    }
    parser_rewind(p, at);
    items->len = 0;
    return false;
}

static struct py_node *parse_with(struct parser *p, bool is_async, uint32_t start)
{
    uint32_t word = parser_take(p).span.start;
    struct with_items items = {0};
    if (!parse_with_group(p, &items)) {
        do {
            struct py_with_item item = {.context = parse_expression(p)};
            if (parser_accept(p, PY_TOKEN_AS))
                item.target = parse_with_target(p);
            vec_push(p->arena, &items, item);
        } while (parser_accept(p, PY_TOKEN_COMMA));
    }
    struct py_node *node = parser_node(p, is_async ? PY_NODE_ASYNC_WITH : PY_NODE_WITH, start);
    node->as.with.items = items.at;
    node->as.with.item_count = (uint32_t)items.len;
    node->as.with.body = parse_block(p, "'with' statement", word);
    parser_end_block(p, node);
    return node;
}

/* ---- dispatch ---- */

static struct py_node *parse_async(struct parser *p)
{
    uint32_t start = parser_take(p).span.start;
    switch ((int)parser_kind(p)) {
    case PY_TOKEN_DEF:
        return parse_function_def(p, (struct py_nodes){0}, true, start);
    case PY_TOKEN_FOR:
        return parse_for(p, true, start);
    case PY_TOKEN_WITH:
        return parse_with(p, true, start);
    default:
        parser_invalid(p);
    }
}

static struct py_node *parse_compound(struct parser *p)
{
    uint32_t start = parser_start(p);
    switch ((int)parser_kind(p)) {
    case PY_TOKEN_IF:
        return parse_if(p);
    case PY_TOKEN_WHILE:
        return parse_while(p);
    case PY_TOKEN_FOR:
        return parse_for(p, false, start);
    case PY_TOKEN_TRY:
        return parse_try(p);
    case PY_TOKEN_WITH:
        return parse_with(p, false, start);
    case PY_TOKEN_ASYNC:
        return parse_async(p);
    case PY_TOKEN_DEF:
        return parse_function_def(p, (struct py_nodes){0}, false, start);
    case PY_TOKEN_CLASS:
        return parse_class_def(p, (struct py_nodes){0});
    case PY_TOKEN_AT:
        return parse_decorated(p);
    default:
        return parser_is_word(p, 0, "match") ? parse_match(p) : NULL;
    }
}

void parse_statement(struct parser *p, struct node_vec *out)
{
    struct py_node *node = parse_compound(p);
    if (node)
        vec_push(p->arena, out, node);
    else
        parse_simple_statements(p, out);
}
