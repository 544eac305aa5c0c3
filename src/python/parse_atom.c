#include "config.h"

#include "python/literal.h"
#include "python/parser.h"

/* Primaries: atoms, displays, comprehensions, attributes, subscripts and calls. */

/* ---- atoms ---- */

static struct py_node *parse_name(struct parser *p)
{
    struct py_token token = parser_take(p);
    struct py_node *node = parser_node(p, PY_NODE_NAME, token.span.start);
    node->as.name = parser_ref(token);
    return node;
}

static struct py_node *parse_constant(struct parser *p, enum py_constant_kind kind)
{
    uint32_t start = parser_take(p).span.start;
    struct py_node *node = parser_node(p, PY_NODE_CONSTANT, start);
    node->as.constant.kind = kind;
    return node;
}

static struct py_node *parse_number(struct parser *p)
{
    struct span span = parser_take(p).span;
    struct py_node *node = parser_node(p, PY_NODE_CONSTANT, span.start);
    const char *problem;
    if (!py_literal_number(p->arena, p->src->text + span.start, span.end - span.start,
                           &node->as.constant, &problem))
        parser_fail(p, span.start, "%s", problem);
    return node;
}

/* ---- comprehensions ---- */

bool parser_at_comprehension(struct parser *p)
{
    return parser_is(p, PY_TOKEN_FOR) ||
           (parser_is(p, PY_TOKEN_ASYNC) && parser_peek(p, 1).kind == PY_TOKEN_FOR);
}

struct py_node *parse_comprehension(struct parser *p, enum py_node_kind kind, uint32_t start,
                                    struct py_node *element, struct py_node *value)
{
    VEC(struct py_generator) clauses = {0};
    while (parser_at_comprehension(p)) {
        struct py_generator clause = {.is_async = parser_accept(p, PY_TOKEN_ASYNC)};
        parser_expect(p, PY_TOKEN_FOR);
        clause.target = parse_for_targets(p);
        if (!parser_accept(p, PY_TOKEN_IN))
            parser_invalid(p);
        clause.iter = parse_disjunction(p);
        struct node_vec conditions = {0};
        while (parser_accept(p, PY_TOKEN_IF))
            vec_push(p->arena, &conditions, parse_disjunction(p));
        clause.conditions = parser_nodes(p, &conditions);
        vec_push(p->arena, &clauses, clause);
    }
    struct py_comprehension *c = ARENA_NEW(p->arena, struct py_comprehension);
    c->element = element;
    c->value = value;
    c->clauses = clauses.at;
    c->clause_count = (uint32_t)clauses.len;
    struct py_node *node = parser_node(p, kind, start);
    node->as.comprehension = c;
    return node;
}

/* The closing bracket of a comprehension, which then ends there. */
static struct py_node *close_comprehension(struct parser *p, struct py_node *node,
                                           enum py_token_kind close)
{
    if (!parser_is(p, close))
        parser_invalid_after(p, node->as.comprehension->element);
    parser_take(p);
    node->span.end = p->last_end;
    return node;
}

/* The element of a comprehension must be one plain value. */
static void check_element(struct parser *p, const struct node_vec *items)
{
    if (items->len > 1)
        parser_fail(p, items->at[0]->span.start,
                    "did you forget parentheses around the comprehension target?");
    if (items->at[0]->kind == PY_NODE_STARRED)
        parser_fail(p, items->at[0]->span.start,
                    "iterable unpacking cannot be used in comprehension");
}

/* ---- displays ---- */

/* Elements up to the closing bracket; *comma: there was one. first is already read. */
static void parse_elements(struct parser *p, struct node_vec *items, enum py_token_kind close,
                           bool *comma)
{
    *comma = false;
    while (parser_accept(p, PY_TOKEN_COMMA)) {
        *comma = true;
        if (parser_is(p, close))
            break;
        vec_push(p->arena, items, parse_star_named(p));
    }
    if (parser_is(p, close))
        return;
    if (parser_at_comprehension(p) && items->len > 1 && close != PY_TOKEN_RPAR)
        check_element(p, items);
    if (parser_at_comprehension(p))
        parser_invalid(p);
    parser_invalid_after(p, items->at[items->len - 1]);
}

static struct py_node *parse_group(struct parser *p)
{
    uint32_t start = parser_take(p).span.start;
    struct node_vec items = {0};
    bool comma = true;
    if (parser_is(p, PY_TOKEN_YIELD)) {
        struct py_node *node = parse_yield_or_star_expressions(p);
        parser_expect(p, PY_TOKEN_RPAR);
        node->parens = true;
        return node;
    }
    if (!parser_is(p, PY_TOKEN_RPAR)) {
        vec_push(p->arena, &items, parse_star_named(p));
        if (parser_at_comprehension(p)) {
            check_element(p, &items);
            return close_comprehension(
                p, parse_comprehension(p, PY_NODE_GENERATOR, start, items.at[0], NULL),
                PY_TOKEN_RPAR);
        }
        parse_elements(p, &items, PY_TOKEN_RPAR, &comma);
    }
    parser_expect(p, PY_TOKEN_RPAR);
    if (items.len == 1 && !comma) {
        if (items.at[0]->kind == PY_NODE_STARRED)
            parser_fail(p, items.at[0]->span.start, "cannot use starred expression here");
        items.at[0]->parens = true;
        return items.at[0];
    }
    struct py_node *node = parser_node(p, PY_NODE_TUPLE, start);
    node->as.items = parser_nodes(p, &items);
    node->parens = true;
    return node;
}

static struct py_node *parse_list(struct parser *p)
{
    uint32_t start = parser_take(p).span.start;
    struct node_vec items = {0};
    bool comma;
    if (!parser_is(p, PY_TOKEN_RSQB)) {
        vec_push(p->arena, &items, parse_star_named(p));
        if (parser_at_comprehension(p)) {
            check_element(p, &items);
            return close_comprehension(
                p, parse_comprehension(p, PY_NODE_LIST_COMP, start, items.at[0], NULL),
                PY_TOKEN_RSQB);
        }
        parse_elements(p, &items, PY_TOKEN_RSQB, &comma);
    }
    parser_expect(p, PY_TOKEN_RSQB);
    struct py_node *node = parser_node(p, PY_NODE_LIST, start);
    node->as.items = parser_nodes(p, &items);
    return node;
}

static struct py_node *parse_set(struct parser *p, uint32_t start, struct py_node *first)
{
    struct node_vec items = {0};
    bool comma;
    vec_push(p->arena, &items, first);
    if (parser_at_comprehension(p)) {
        check_element(p, &items);
        return close_comprehension(
            p, parse_comprehension(p, PY_NODE_SET_COMP, start, items.at[0], NULL),
            PY_TOKEN_RBRACE);
    }
    parse_elements(p, &items, PY_TOKEN_RBRACE, &comma);
    parser_expect(p, PY_TOKEN_RBRACE);
    struct py_node *node = parser_node(p, PY_NODE_SET, start);
    node->as.items = parser_nodes(p, &items);
    return node;
}

/* ": value" of a dict item. */
static struct py_node *parse_dict_value(struct parser *p, const struct py_node *key)
{
    if (!parser_is(p, PY_TOKEN_COLON))
        parser_fail(p, p->last_end - 1, "':' expected after dictionary key");
    if (key->kind == PY_NODE_NAMED && !key->parens)
        parser_invalid(p);
    uint32_t colon = parser_take(p).span.start;
    if (parser_is(p, PY_TOKEN_RBRACE) || parser_is(p, PY_TOKEN_COMMA))
        parser_fail(p, colon, "expression expected after dictionary key and ':'");
    if (parser_is(p, PY_TOKEN_STAR))
        parser_fail(p, parser_start(p), "cannot use a starred expression in a dictionary value");
    return parse_expression(p);
}

/* A dict; its first key is already read, unless it begins with ** or is empty. */
static struct py_node *parse_dict(struct parser *p, uint32_t start, struct py_node *first)
{
    struct node_vec keys = {0}, values = {0};
    while (first || !parser_is(p, PY_TOKEN_RBRACE)) {
        uint32_t item = parser_start(p);
        struct py_node *key = first;
        first = NULL;
        if (!key && parser_accept(p, PY_TOKEN_DOUBLE_STAR)) {
            vec_push(p->arena, &keys, NULL);
            vec_push(p->arena, &values, parse_bitwise_or(p));
        } else {
            key = key ? key : parse_expression(p);
            vec_push(p->arena, &keys, key);
            vec_push(p->arena, &values, parse_dict_value(p, key));
        }
        if (keys.len == 1 && parser_at_comprehension(p)) {
            if (!key)
                parser_fail(p, item, "dict unpacking cannot be used in dict comprehension");
            return close_comprehension(
                p, parse_comprehension(p, PY_NODE_DICT_COMP, start, key, values.at[0]),
                PY_TOKEN_RBRACE);
        }
        if (!parser_accept(p, PY_TOKEN_COMMA) && !parser_is(p, PY_TOKEN_RBRACE))
            parser_invalid_after(p, vec_last(&values));
    }
    parser_take(p);
    struct py_node *node = parser_node(p, PY_NODE_DICT, start);
    node->as.dict.count = (uint32_t)keys.len;
    node->as.dict.keys = parser_nodes(p, &keys).at;
    node->as.dict.values = parser_nodes(p, &values).at;
    return node;
}

static struct py_node *parse_braces(struct parser *p)
{
    uint32_t start = parser_take(p).span.start;
    if (parser_is(p, PY_TOKEN_RBRACE) || parser_is(p, PY_TOKEN_DOUBLE_STAR))
        return parse_dict(p, start, NULL);
    struct py_node *first = parse_star_named(p);
    if (parser_is(p, PY_TOKEN_COLON) && first->kind != PY_NODE_STARRED)
        return parse_dict(p, start, first);
    return parse_set(p, start, first);
}

struct py_node *parse_atom(struct parser *p)
{
    switch ((int)parser_kind(p)) {
    case PY_TOKEN_NAME:
        return parse_name(p);
    case PY_TOKEN_NUMBER:
        return parse_number(p);
    case PY_TOKEN_STRING:
    case PY_TOKEN_FSTRING_START:
        return parse_strings(p);
    case PY_TOKEN_LPAR:
        return parse_group(p);
    case PY_TOKEN_LSQB:
        return parse_list(p);
    case PY_TOKEN_LBRACE:
        return parse_braces(p);
    case PY_TOKEN_NONE:
        return parse_constant(p, PY_CONST_NONE);
    case PY_TOKEN_TRUE:
        return parse_constant(p, PY_CONST_TRUE);
    case PY_TOKEN_FALSE:
        return parse_constant(p, PY_CONST_FALSE);
    case PY_TOKEN_ELLIPSIS:
        return parse_constant(p, PY_CONST_ELLIPSIS);
    default:
        parser_invalid(p);
    }
}

/* ---- trailers ---- */

static struct py_node *parse_slice(struct parser *p)
{
    uint32_t start = parser_start(p);
    struct py_node *lower = NULL, *upper = NULL, *step = NULL;
    if (parser_is(p, PY_TOKEN_STAR))
        return parse_starred_bitwise_or(p);
    if (!parser_is(p, PY_TOKEN_COLON)) {
        lower = parse_named_expression(p);
        if (!parser_is(p, PY_TOKEN_COLON))
            return lower;
    }
    parser_take(p);
    if (parser_begins_expression(parser_kind(p)))
        upper = parse_expression(p);
    if (parser_accept(p, PY_TOKEN_COLON) && parser_begins_expression(parser_kind(p)))
        step = parse_expression(p);
    struct py_node *node = parser_node(p, PY_NODE_SLICE, start);
    node->as.slice.lower = lower;
    node->as.slice.upper = upper;
    node->as.slice.step = step;
    return node;
}

static struct py_node *parse_slices(struct parser *p)
{
    uint32_t start = parser_start(p);
    struct py_node *first = parse_slice(p);
    if (!parser_is(p, PY_TOKEN_COMMA) && first->kind != PY_NODE_STARRED)
        return first;
    struct node_vec items = {0};
    vec_push(p->arena, &items, first);
    while (parser_accept(p, PY_TOKEN_COMMA) && !parser_is(p, PY_TOKEN_RSQB))
        vec_push(p->arena, &items, parse_slice(p));
    struct py_node *node = parser_node(p, PY_NODE_TUPLE, start);
    node->as.items = parser_nodes(p, &items);
    return node;
}

static struct py_node *parse_subscript(struct parser *p, struct py_node *value)
{
    parser_take(p);
    struct py_node *index = parse_slices(p);
    if (!parser_is(p, PY_TOKEN_RSQB))
        parser_invalid_after(p, index);
    parser_take(p);
    struct py_node *node = parser_node(p, PY_NODE_SUBSCRIPT, value->span.start);
    node->as.subscript.value = value;
    node->as.subscript.index = index;
    return node;
}

static struct py_node *parse_attribute(struct parser *p, struct py_node *value)
{
    parser_take(p);
    struct py_token name = parser_expect(p, PY_TOKEN_NAME);
    struct py_node *node = parser_node(p, PY_NODE_ATTRIBUTE, value->span.start);
    node->as.attribute.value = value;
    node->as.attribute.name = name.name;
    node->as.attribute.name_span = name.span;
    return node;
}

static struct py_node *parse_call(struct parser *p, struct py_node *callee)
{
    uint32_t open = parser_take(p).span.start;
    struct py_nodes args;
    struct py_keywords keywords;
    parse_arguments(p, open, &args, &keywords);
    struct py_node *node = parser_node(p, PY_NODE_CALL, callee->span.start);
    node->as.call.callee = callee;
    node->as.call.args = args;
    node->as.call.keywords = keywords;
    return node;
}

struct py_node *parse_primary(struct parser *p, bool awaits)
{
    if (awaits && parser_is(p, PY_TOKEN_AWAIT)) {
        uint32_t start = parser_take(p).span.start;
        struct py_node *value = parse_primary(p, false);
        struct py_node *node = parser_node(p, PY_NODE_AWAIT, start);
        node->as.value = value;
        return node;
    }
    uint32_t start = parser_start(p);
    struct py_node *node = parse_atom(p);
    for (;;) {
        uint32_t own_start = node->span.start;
        node->span.start = start; /* (a).b begins at its parenthesis */
        struct py_node *inner = node;
        if (parser_is(p, PY_TOKEN_DOT))
            node = parse_attribute(p, node);
        else if (parser_is(p, PY_TOKEN_LPAR))
            node = parse_call(p, node);
        else if (parser_is(p, PY_TOKEN_LSQB))
            node = parse_subscript(p, node);
        inner->span.start = own_start;
        if (node == inner)
            return node;
    }
}
