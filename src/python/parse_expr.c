#include "config.h"

#include "python/parser.h"

/*
 * Expressions with operators (Python reference, chapter 6), by precedence: each infix operator is
 * a row of the table below.
 */

enum precedence { /* from loose to tight */
    NO_OPERATOR,
    PREC_OR,
    PREC_AND,
    PREC_NOT,
    PREC_COMPARE,
    PREC_BIT_OR,
    PREC_BIT_XOR,
    PREC_BIT_AND,
    PREC_SHIFT,
    PREC_SUM,
    PREC_TERM,
    PREC_UNARY,
    PREC_POWER,
};

/* op: an enum py_binary_op, or an enum py_compare_op at PREC_COMPARE. */
struct infix {
    enum precedence precedence;
    int op;
};

static const struct infix infix_rows[PY_TOKEN_KINDS] = {
    [PY_TOKEN_OR] = {PREC_OR, 0},
    [PY_TOKEN_AND] = {PREC_AND, 0},
    [PY_TOKEN_EQ_EQUAL] = {PREC_COMPARE, PY_OP_EQ},
    [PY_TOKEN_NOT_EQUAL] = {PREC_COMPARE, PY_OP_NE},
    [PY_TOKEN_LESS] = {PREC_COMPARE, PY_OP_LT},
    [PY_TOKEN_LESS_EQUAL] = {PREC_COMPARE, PY_OP_LE},
    [PY_TOKEN_GREATER] = {PREC_COMPARE, PY_OP_GT},
    [PY_TOKEN_GREATER_EQUAL] = {PREC_COMPARE, PY_OP_GE},
    [PY_TOKEN_IS] = {PREC_COMPARE, PY_OP_IS},
    [PY_TOKEN_IN] = {PREC_COMPARE, PY_OP_IN},
    [PY_TOKEN_NOT] = {PREC_COMPARE, PY_OP_NOT_IN},
    [PY_TOKEN_VBAR] = {PREC_BIT_OR, PY_OP_BIT_OR},
    [PY_TOKEN_CIRCUMFLEX] = {PREC_BIT_XOR, PY_OP_BIT_XOR},
    [PY_TOKEN_AMPER] = {PREC_BIT_AND, PY_OP_BIT_AND},
    [PY_TOKEN_LEFT_SHIFT] = {PREC_SHIFT, PY_OP_LSHIFT},
    [PY_TOKEN_RIGHT_SHIFT] = {PREC_SHIFT, PY_OP_RSHIFT},
    [PY_TOKEN_PLUS] = {PREC_SUM, PY_OP_ADD},
    [PY_TOKEN_MINUS] = {PREC_SUM, PY_OP_SUB},
    [PY_TOKEN_STAR] = {PREC_TERM, PY_OP_MUL},
    [PY_TOKEN_SLASH] = {PREC_TERM, PY_OP_DIV},
    [PY_TOKEN_DOUBLE_SLASH] = {PREC_TERM, PY_OP_FLOOR_DIV},
    [PY_TOKEN_PERCENT] = {PREC_TERM, PY_OP_MOD},
    [PY_TOKEN_AT] = {PREC_TERM, PY_OP_MATMUL},
    [PY_TOKEN_DOUBLE_STAR] = {PREC_POWER, PY_OP_POW},
};

static struct py_node *parse_operators(struct parser *p, enum precedence loosest);

static struct py_node *parse_unary(struct parser *p, enum py_unary_op op, enum precedence operand)
{
    uint32_t start = parser_take(p).span.start;
    struct py_node *value = parse_operators(p, operand);
    struct py_node *node = parser_node(p, PY_NODE_UNARY, start);
    node->as.unary.op = op;
    node->as.unary.operand = value;
    return node;
}

static struct py_node *parse_prefix(struct parser *p, enum precedence loosest)
{
    enum py_token_kind kind = parser_kind(p);
    if (kind == PY_TOKEN_NOT && loosest <= PREC_NOT)
        return parse_unary(p, PY_OP_NOT, PREC_NOT);
    if (kind == PY_TOKEN_MINUS)
        return parse_unary(p, PY_OP_NEGATIVE, PREC_UNARY);
    if (kind == PY_TOKEN_PLUS)
        return parse_unary(p, PY_OP_POSITIVE, PREC_UNARY);
    if (kind == PY_TOKEN_TILDE)
        return parse_unary(p, PY_OP_INVERT, PREC_UNARY);
    return parse_primary(p, true);
}

/* a or b or c is one node. */
static struct py_node *parse_bool_op(struct parser *p, struct py_node *left, uint32_t start,
                                     enum py_token_kind kind)
{
    struct node_vec operands = {0};
    vec_push(p->arena, &operands, left);
    while (parser_accept(p, kind))
        vec_push(p->arena, &operands,
                 parse_operators(p, kind == PY_TOKEN_OR ? PREC_AND : PREC_NOT));
    struct py_node *node = parser_node(p, PY_NODE_BOOL_OP, start);
    node->as.bool_op.is_or = kind == PY_TOKEN_OR;
    node->as.bool_op.operands = parser_nodes(p, &operands);
    return node;
}

/* The comparison operator here; false for a "not" that is not "not in". */
static bool take_compare_op(struct parser *p, enum py_compare_op *op)
{
    enum py_token_kind kind = parser_kind(p);
    if (infix_rows[kind].precedence != PREC_COMPARE)
        return false;
    if (kind == PY_TOKEN_NOT && parser_peek(p, 1).kind != PY_TOKEN_IN)
        return false;
    *op = (enum py_compare_op)infix_rows[kind].op;
    parser_take(p);
    if (kind == PY_TOKEN_NOT)
        parser_take(p);
    else if (kind == PY_TOKEN_IS && parser_accept(p, PY_TOKEN_NOT))
        *op = PY_OP_IS_NOT;
    return true;
}

/* a < b < c is one node. */
static struct py_node *parse_comparison(struct parser *p, struct py_node *left, uint32_t start)
{
    struct node_vec operands = {0};
    VEC(enum py_compare_op) ops = {0};
    enum py_compare_op op;
    while (take_compare_op(p, &op)) {
        vec_push(p->arena, &ops, op);
        vec_push(p->arena, &operands, parse_operators(p, PREC_BIT_OR));
    }
    if (ops.len == 0)
        parser_invalid(p);
    struct py_node *node = parser_node(p, PY_NODE_COMPARE, start);
    node->as.compare.left = left;
    node->as.compare.operands = parser_nodes(p, &operands);
    node->as.compare.ops = arena_memdup(p->arena, ops.at, ops.len * sizeof(ops.at[0]));
    return node;
}

static struct py_node *parse_operators(struct parser *p, enum precedence loosest)
{
    parser_enter(p);
    uint32_t start = parser_start(p);
    struct py_node *left = parse_prefix(p, loosest);
    for (;;) {
        enum py_token_kind kind = parser_kind(p);
        const struct infix *row = &infix_rows[kind];
        if (row->precedence < loosest || row->precedence == NO_OPERATOR)
            break;
        if (kind == PY_TOKEN_NOT && parser_peek(p, 1).kind != PY_TOKEN_IN)
            break;
        if (row->precedence <= PREC_AND) {
            left = parse_bool_op(p, left, start, kind);
        } else if (row->precedence == PREC_COMPARE) {
            left = parse_comparison(p, left, start);
        } else {
            parser_take(p);
            /* ** binds to the right, and less tightly than a sign at its right: 2 ** -1 */
            enum precedence tighter =
                row->precedence == PREC_POWER ? PREC_UNARY : row->precedence + 1;
            struct py_node *right = parse_operators(p, tighter);
            struct py_node *node = parser_node(p, PY_NODE_BINARY, start);
            node->as.binary.left = left;
            node->as.binary.right = right;
            node->as.binary.op = (enum py_binary_op)row->op;
            left = node;
        }
    }
    parser_leave(p);
    return left;
}

struct py_node *parse_disjunction(struct parser *p)
{
    return parse_operators(p, PREC_OR);
}

struct py_node *parse_bitwise_or(struct parser *p)
{
    return parse_operators(p, PREC_BIT_OR);
}

struct py_node *parse_expression(struct parser *p)
{
    if (parser_is(p, PY_TOKEN_LAMBDA))
        return parse_lambda(p);
    parser_enter(p);
    uint32_t start = parser_start(p);
    struct py_node *body = parse_disjunction(p);
    struct py_node *node = body;
    if (parser_accept(p, PY_TOKEN_IF)) {
        struct py_node *test = parse_disjunction(p);
        if (parser_is(p, PY_TOKEN_COLON))
            parser_invalid(p);
        if (!parser_accept(p, PY_TOKEN_ELSE))
            parser_fail(p, body->span.start, "expected 'else' after 'if' expression");
        struct py_node *orelse = parse_expression(p);
        node = parser_node(p, PY_NODE_CONDITIONAL, start);
        node->as.conditional.test = test;
        node->as.conditional.body = body;
        node->as.conditional.orelse = orelse;
    }
    parser_leave(p);
    return node;
}

/* An = where a value was wanted: what was probably meant. */
static void check_stray_equal(struct parser *p, const struct py_node *left)
{
    bool excluded = left->kind == PY_NODE_LIST || left->kind == PY_NODE_TUPLE ||
                    left->kind == PY_NODE_GENERATOR ||
                    (left->kind == PY_NODE_CONSTANT &&
                     (left->as.constant.kind == PY_CONST_TRUE ||
                      left->as.constant.kind == PY_CONST_FALSE ||
                      left->as.constant.kind == PY_CONST_NONE));
    size_t at = p->at;
    parser_take(p);
    parse_bitwise_or(p);
    bool simple = !parser_is(p, PY_TOKEN_EQUAL) && !parser_is(p, PY_TOKEN_COLON_EQUAL);
    parser_rewind(p, at);
    if (!simple || excluded)
        parser_invalid(p);
    if (left->kind == PY_NODE_NAME)
        parser_fail(p, left->span.start,
                    "invalid syntax. Maybe you meant '==' or ':=' instead of '='?");
    parser_fail(p, left->span.start,
                "cannot assign to %s here. Maybe you meant '==' instead of '='?",
                parser_target_name(left));
}

struct py_node *parse_named_expression(struct parser *p)
{
    struct py_node *target = parse_expression(p);
    if (parser_is(p, PY_TOKEN_EQUAL))
        check_stray_equal(p, target);
    if (!parser_is(p, PY_TOKEN_COLON_EQUAL))
        return target;
    if (target->kind != PY_NODE_NAME || target->parens)
        parser_fail(p, target->span.start, "cannot use assignment expressions with %s",
                    parser_target_name(target));
    parser_take(p);
    struct py_node *value = parse_expression(p);
    struct py_node *node = parser_node(p, PY_NODE_NAMED, target->span.start);
    node->as.named.target = target;
    node->as.named.value = value;
    return node;
}

struct py_node *parse_starred_bitwise_or(struct parser *p)
{
    uint32_t start = parser_expect(p, PY_TOKEN_STAR).span.start;
    struct py_node *value = parse_bitwise_or(p);
    struct py_node *node = parser_node(p, PY_NODE_STARRED, start);
    node->as.value = value;
    return node;
}

struct py_node *parse_star_named(struct parser *p)
{
    return parser_is(p, PY_TOKEN_STAR) ? parse_starred_bitwise_or(p) : parse_named_expression(p);
}

static struct py_node *parse_star_expression(struct parser *p)
{
    return parser_is(p, PY_TOKEN_STAR) ? parse_starred_bitwise_or(p) : parse_expression(p);
}

struct py_node *parse_star_expressions(struct parser *p)
{
    uint32_t start = parser_start(p);
    struct py_node *first = parse_star_expression(p);
    if (!parser_is(p, PY_TOKEN_COMMA))
        return first;
    struct node_vec items = {0};
    vec_push(p->arena, &items, first);
    while (parser_accept(p, PY_TOKEN_COMMA)) {
        if (!parser_begins_expression(parser_kind(p)) && !parser_is(p, PY_TOKEN_STAR))
            break;
        vec_push(p->arena, &items, parse_star_expression(p));
    }
    struct py_node *node = parser_node(p, PY_NODE_TUPLE, start);
    node->as.items = parser_nodes(p, &items);
    return node;
}

static struct py_node *parse_yield(struct parser *p)
{
    uint32_t start = parser_take(p).span.start;
    enum py_node_kind kind = PY_NODE_YIELD;
    struct py_node *value = NULL;
    if (parser_accept(p, PY_TOKEN_FROM)) {
        kind = PY_NODE_YIELD_FROM;
        value = parse_expression(p);
    } else if (parser_begins_expression(parser_kind(p)) || parser_is(p, PY_TOKEN_STAR)) {
        value = parse_star_expressions(p);
    }
    struct py_node *node = parser_node(p, kind, start);
    node->as.value = value;
    return node;
}

struct py_node *parse_yield_or_star_expressions(struct parser *p)
{
    return parser_is(p, PY_TOKEN_YIELD) ? parse_yield(p) : parse_star_expressions(p);
}

bool parser_begins_expression(enum py_token_kind kind)
{
    static const bool rows[PY_TOKEN_KINDS] = {
        [PY_TOKEN_NAME] = true,     [PY_TOKEN_NUMBER] = true,        [PY_TOKEN_STRING] = true,
        [PY_TOKEN_LPAR] = true,     [PY_TOKEN_FSTRING_START] = true, [PY_TOKEN_LSQB] = true,
        [PY_TOKEN_LBRACE] = true,   [PY_TOKEN_ELLIPSIS] = true,      [PY_TOKEN_PLUS] = true,
        [PY_TOKEN_MINUS] = true,    [PY_TOKEN_TILDE] = true,         [PY_TOKEN_NOT] = true,
        [PY_TOKEN_LAMBDA] = true,   [PY_TOKEN_AWAIT] = true,         [PY_TOKEN_NONE] = true,
        [PY_TOKEN_TRUE] = true,     [PY_TOKEN_FALSE] = true,
    };
    return rows[kind];
}
