#include "config.h"

#include "base/str.h"
#include "python/parser.h"

/* The match statement and its patterns (PEP 634; Python reference, "The match statement"). */

static struct py_node *parse_pattern(struct parser *p);
static struct py_node *parse_closed_pattern(struct parser *p);

static bool is_wildcard(struct py_token token)
{
    return str_eq(token.name->text, "_");
}

static bool begins_pattern(enum py_token_kind kind)
{
    return kind == PY_TOKEN_NAME || kind == PY_TOKEN_NUMBER || kind == PY_TOKEN_STRING ||
           kind == PY_TOKEN_FSTRING_START || kind == PY_TOKEN_MINUS || kind == PY_TOKEN_LPAR ||
           kind == PY_TOKEN_LSQB || kind == PY_TOKEN_LBRACE || kind == PY_TOKEN_STAR ||
           kind == PY_TOKEN_NONE || kind == PY_TOKEN_TRUE || kind == PY_TOKEN_FALSE;
}

/* ---- values ---- */

static struct py_node *parse_signed_number(struct parser *p)
{
    uint32_t start = parser_start(p);
    bool negative = parser_accept(p, PY_TOKEN_MINUS);
    if (!parser_is(p, PY_TOKEN_NUMBER))
        parser_invalid(p);
    struct py_node *number = parse_atom(p);
    if (!negative)
        return number;
    struct py_node *node = parser_node(p, PY_NODE_UNARY, start);
    node->as.unary.op = PY_OP_NEGATIVE;
    node->as.unary.operand = number;
    return node;
}

static bool is_imaginary(const struct py_node *number)
{
    if (number->kind == PY_NODE_UNARY)
        number = number->as.unary.operand;
    return number->as.constant.kind == PY_CONST_IMAGINARY;
}

/* -1, 1 - 2j */
static struct py_node *parse_number_value(struct parser *p)
{
    struct py_node *left = parse_signed_number(p);
    if (!parser_is(p, PY_TOKEN_PLUS) && !parser_is(p, PY_TOKEN_MINUS))
        return left;
    if (is_imaginary(left))
        parser_fail(p, left->span.start, "real number required in complex literal");
    bool plus = parser_take(p).kind == PY_TOKEN_PLUS;
    if (!parser_is(p, PY_TOKEN_NUMBER))
        parser_invalid(p);
    struct py_node *right = parse_atom(p);
    if (!is_imaginary(right))
        parser_fail(p, right->span.start, "imaginary number required in complex literal");
    struct py_node *node = parser_node(p, PY_NODE_BINARY, left->span.start);
    node->as.binary.left = left;
    node->as.binary.right = right;
    node->as.binary.op = plus ? PY_OP_ADD : PY_OP_SUB;
    return node;
}

static struct py_node *parse_string_value(struct parser *p)
{
    struct py_node *node = parse_strings(p);
    if (node->kind == PY_NODE_JOINED)
        parser_fail(p, node->span.start,
                    "patterns may only match literals and attribute lookups");
    return node;
}

/* a or a.b.c, as an expression. */
static struct py_node *parse_dotted_value(struct parser *p)
{
    uint32_t start = parser_start(p);
    struct py_token name = parser_take(p);
    struct py_node *node = parser_node(p, PY_NODE_NAME, start);
    node->as.name = parser_ref(name);
    while (parser_accept(p, PY_TOKEN_DOT)) {
        struct py_token part = parser_expect(p, PY_TOKEN_NAME);
        struct py_node *attribute = parser_node(p, PY_NODE_ATTRIBUTE, start);
        attribute->as.attribute.value = node;
        attribute->as.attribute.name = part.name;
        attribute->as.attribute.name_span = part.span;
        node = attribute;
    }
    return node;
}

static struct py_node *value_pattern(struct parser *p, struct py_node *value)
{
    struct py_node *node = parser_node(p, PY_NODE_MATCH_VALUE, value->span.start);
    node->as.value = value;
    return node;
}

static struct py_node *parse_singleton(struct parser *p)
{
    struct py_node *value = parse_atom(p);
    struct py_node *node = parser_node(p, PY_NODE_MATCH_SINGLETON, value->span.start);
    node->as.singleton = value->as.constant.kind;
    return node;
}

/* ---- sequences ---- */

static struct py_node *parse_maybe_star(struct parser *p)
{
    uint32_t start = parser_start(p);
    if (!parser_accept(p, PY_TOKEN_STAR))
        return parse_pattern(p);
    struct py_token name = parser_expect(p, PY_TOKEN_NAME);
    struct py_node *node = parser_node(p, PY_NODE_MATCH_STAR, start);
    if (!is_wildcard(name))
        node->as.capture.ref = parser_ref(name);
    return node;
}

static struct py_node *sequence_node(struct parser *p, const struct node_vec *items, uint32_t start)
{
    struct py_node *node = parser_node(p, PY_NODE_MATCH_SEQUENCE, start);
    node->as.items = parser_nodes(p, items);
    return node;
}

/* (...) or [...]; one pattern in parentheses without a comma is only grouped. */
static struct py_node *parse_sequence(struct parser *p, enum py_token_kind close)
{
    uint32_t start = parser_take(p).span.start;
    struct node_vec items = {0};
    bool comma = close == PY_TOKEN_RSQB;
    while (!parser_is(p, close)) {
        vec_push(p->arena, &items, parse_maybe_star(p));
        if (!parser_accept(p, PY_TOKEN_COMMA))
            break;
        comma = true;
    }
    parser_expect(p, close);
    if (items.len == 1 && !comma && items.at[0]->kind != PY_NODE_MATCH_STAR)
        return items.at[0];
    if (items.len == 1 && !comma)
        parser_fail(p, items.at[0]->span.start, "invalid syntax");
    return sequence_node(p, &items, start);
}

/* ---- mappings and classes ---- */

static struct py_node *parse_mapping_key(struct parser *p)
{
    enum py_token_kind kind = parser_kind(p);
    if (kind == PY_TOKEN_NUMBER || kind == PY_TOKEN_MINUS)
        return parse_number_value(p);
    if (kind == PY_TOKEN_STRING || kind == PY_TOKEN_FSTRING_START)
        return parse_string_value(p);
    if (kind == PY_TOKEN_NONE || kind == PY_TOKEN_TRUE || kind == PY_TOKEN_FALSE)
        return parse_atom(p);
    if (kind != PY_TOKEN_NAME || parser_peek(p, 1).kind != PY_TOKEN_DOT)
        parser_invalid(p);
    return parse_dotted_value(p);
}

static struct py_node *parse_mapping(struct parser *p)
{
    uint32_t start = parser_take(p).span.start;
    struct py_match_mapping *m = ARENA_NEW(p->arena, struct py_match_mapping);
    struct node_vec keys = {0}, patterns = {0};
    while (!parser_is(p, PY_TOKEN_RBRACE)) {
        if (m->rest.name)
            parser_invalid(p);
        if (parser_accept(p, PY_TOKEN_DOUBLE_STAR)) {
            struct py_token name = parser_expect(p, PY_TOKEN_NAME);
            if (is_wildcard(name))
                parser_fail(p, name.span.start, "invalid syntax");
            m->rest = parser_ref(name);
        } else {
            vec_push(p->arena, &keys, parse_mapping_key(p));
            parser_expect(p, PY_TOKEN_COLON);
            vec_push(p->arena, &patterns, parse_pattern(p));
        }
        if (!parser_accept(p, PY_TOKEN_COMMA))
            break;
    }
    parser_expect(p, PY_TOKEN_RBRACE);
    m->keys = parser_nodes(p, &keys).at;
    m->patterns = parser_nodes(p, &patterns).at;
    m->count = (uint32_t)keys.len;
    struct py_node *node = parser_node(p, PY_NODE_MATCH_MAPPING, start);
    node->as.match_mapping = m;
    return node;
}

static struct py_node *parse_class_pattern(struct parser *p, struct py_node *callee)
{
    parser_take(p);
    struct py_match_class *c = ARENA_NEW(p->arena, struct py_match_class);
    struct node_vec patterns = {0}, keyword_patterns = {0};
    VEC(const struct py_name *) names = {0};
    c->callee = callee;
    while (!parser_is(p, PY_TOKEN_RPAR)) {
        bool keyword =
            parser_is(p, PY_TOKEN_NAME) && parser_peek(p, 1).kind == PY_TOKEN_EQUAL;
        if (keyword) {
            const struct py_name *name = parser_take(p).name;
            vec_push(p->arena, &names, name);
            parser_take(p);
        }
        struct py_node *pattern = parse_pattern(p);
        if (!keyword && names.len > 0)
            parser_fail(p, pattern->span.start, "positional patterns follow keyword patterns");
        vec_push(p->arena, keyword ? &keyword_patterns : &patterns, pattern);
        if (!parser_accept(p, PY_TOKEN_COMMA))
            break;
    }
    parser_expect(p, PY_TOKEN_RPAR);
    c->patterns = parser_nodes(p, &patterns);
    c->keyword_patterns = parser_nodes(p, &keyword_patterns);
    c->names = names.at;
    struct py_node *node = parser_node(p, PY_NODE_MATCH_CLASS, callee->span.start);
    node->as.match_class = c;
    return node;
}

/* ---- patterns ---- */

/* A name captures, unless it is dotted (a value) or called (a class). */
static struct py_node *parse_name_pattern(struct parser *p)
{
    struct py_token name = parser_peek(p, 0);
    enum py_token_kind next = parser_peek(p, 1).kind;
    if (next == PY_TOKEN_DOT || next == PY_TOKEN_LPAR) {
        struct py_node *value = parse_dotted_value(p);
        return parser_is(p, PY_TOKEN_LPAR) ? parse_class_pattern(p, value)
                                           : value_pattern(p, value);
    }
    parser_take(p);
    struct py_node *node = parser_node(p, PY_NODE_MATCH_AS, name.span.start);
    if (!is_wildcard(name))
        node->as.capture.ref = parser_ref(name);
    return node;
}

static struct py_node *parse_closed_pattern(struct parser *p)
{
    switch ((int)parser_kind(p)) {
    case PY_TOKEN_NUMBER:
    case PY_TOKEN_MINUS:
        return value_pattern(p, parse_number_value(p));
    case PY_TOKEN_STRING:
    case PY_TOKEN_FSTRING_START:
        return value_pattern(p, parse_string_value(p));
    case PY_TOKEN_NONE:
    case PY_TOKEN_TRUE:
    case PY_TOKEN_FALSE:
        return parse_singleton(p);
    case PY_TOKEN_LPAR:
        return parse_sequence(p, PY_TOKEN_RPAR);
    case PY_TOKEN_LSQB:
        return parse_sequence(p, PY_TOKEN_RSQB);
    case PY_TOKEN_LBRACE:
        return parse_mapping(p);
    case PY_TOKEN_NAME:
        return parse_name_pattern(p);
    default:
        parser_invalid(p);
    }
}

static struct py_node *parse_or_pattern(struct parser *p)
{
    uint32_t start = parser_start(p);
    struct py_node *first = parse_closed_pattern(p);
    if (!parser_is(p, PY_TOKEN_VBAR))
        return first;
    struct node_vec items = {0};
    vec_push(p->arena, &items, first);
    while (parser_accept(p, PY_TOKEN_VBAR))
        vec_push(p->arena, &items, parse_closed_pattern(p));
    struct py_node *node = parser_node(p, PY_NODE_MATCH_OR, start);
    node->as.items = parser_nodes(p, &items);
    return node;
}

static struct py_node *parse_pattern(struct parser *p)
{
    parser_enter(p);
    uint32_t start = parser_start(p);
    struct py_node *pattern = parse_or_pattern(p);
    if (parser_accept(p, PY_TOKEN_AS)) {
        struct py_token name = parser_peek(p, 0);
        if (name.kind != PY_TOKEN_NAME)
            parser_fail(p, name.span.start, "invalid pattern target");
        if (is_wildcard(name))
            parser_fail(p, name.span.start, "cannot use '_' as a target");
        parser_take(p);
        struct py_node *node = parser_node(p, PY_NODE_MATCH_AS, start);
        node->as.capture.pattern = pattern;
        node->as.capture.ref = parser_ref(name);
        pattern = node;
    }
    parser_leave(p);
    return pattern;
}

/* Behind "case": a pattern, or several with commas. */
static struct py_node *parse_patterns(struct parser *p)
{
    uint32_t start = parser_start(p);
    struct py_node *first = parse_maybe_star(p);
    if (!parser_is(p, PY_TOKEN_COMMA)) {
        if (first->kind != PY_NODE_MATCH_STAR)
            return first;
        parser_invalid(p);
    }
    struct node_vec items = {0};
    vec_push(p->arena, &items, first);
    while (parser_accept(p, PY_TOKEN_COMMA) && begins_pattern(parser_kind(p)))
        vec_push(p->arena, &items, parse_maybe_star(p));
    return sequence_node(p, &items, start);
}

/* ---- the statement ---- */

/* "match" is a name unless a line of this shape follows it: ... : NEWLINE INDENT case */
static bool at_match_statement(struct parser *p)
{
    enum py_token_kind next = parser_peek(p, 1).kind;
    /* Two operands in a row are an expression in no other reading. */
    bool sure = next == PY_TOKEN_NAME || next == PY_TOKEN_NUMBER || next == PY_TOKEN_STRING;
    if (!parser_begins_expression(next) && next != PY_TOKEN_STAR)
        return false;
    size_t i = 1;
    while (parser_peek(p, i).kind != PY_TOKEN_NEWLINE) {
        if (parser_peek(p, i).kind == PY_TOKEN_END)
            return false;
        i++;
    }
    return sure || (parser_peek(p, i - 1).kind == PY_TOKEN_COLON &&
                    (parser_peek(p, i + 1).kind != PY_TOKEN_INDENT ||
                     parser_is_word(p, i + 2, "case")));
}

static struct py_node *parse_subject(struct parser *p)
{
    uint32_t start = parser_start(p);
    struct py_node *first = parse_star_named(p);
    if (!parser_is(p, PY_TOKEN_COMMA)) {
        if (first->kind == PY_NODE_STARRED)
            parser_invalid(p);
        return first;
    }
    struct node_vec items = {0};
    vec_push(p->arena, &items, first);
    while (parser_accept(p, PY_TOKEN_COMMA) && !parser_is(p, PY_TOKEN_COLON))
        vec_push(p->arena, &items, parse_star_named(p));
    struct py_node *node = parser_node(p, PY_NODE_TUPLE, start);
    node->as.items = parser_nodes(p, &items);
    return node;
}

struct py_node *parse_match(struct parser *p)
{
    if (!at_match_statement(p))
        return NULL;
    uint32_t start = parser_take(p).span.start;
    struct py_node *subject = parse_subject(p);
    parser_take_colon(p);
    parser_expect(p, PY_TOKEN_NEWLINE);
    if (!parser_accept(p, PY_TOKEN_INDENT))
        parser_fail(p, parser_start(p),
                    "expected an indented block after 'match' statement on line %d",
                    source_place(p->src, start).line);
    VEC(struct py_case) cases = {0};
    while (parser_is_word(p, 0, "case")) {
        struct py_case c = {0};
        uint32_t word = parser_take(p).span.start;
        c.pattern = parse_patterns(p);
        if (parser_accept(p, PY_TOKEN_IF))
            c.guard = parse_named_expression(p);
        c.body = parse_block(p, "'case' statement", word);
        vec_push(p->arena, &cases, c);
    }
    if (cases.len == 0 || !parser_accept(p, PY_TOKEN_DEDENT))
        parser_invalid(p);
    struct py_node *node = parser_node(p, PY_NODE_MATCH, start);
    node->as.match.subject = subject;
    node->as.match.cases = cases.at;
    node->as.match.case_count = (uint32_t)cases.len;
    parser_end_block(p, node);
    return node;
}
