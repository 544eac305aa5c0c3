#include "config.h"

#include "python/parser.h"

/* What may stand on the left of an assignment, after for, with, del. */

const char *parser_target_name(const struct py_node *node)
{
    static const char *const rows[PY_NODE_KINDS] = {
        [PY_NODE_BOOL_OP] = "expression",
        [PY_NODE_BINARY] = "expression",
        [PY_NODE_UNARY] = "expression",
        [PY_NODE_DICT] = "dict literal",
        [PY_NODE_YIELD_FROM] = "yield expression",
        [PY_NODE_FORMATTED] = "f-string expression",
        [PY_NODE_JOINED] = "f-string expression",
        [PY_NODE_STARRED] = "starred",
        [PY_NODE_LIST] = "list",
    };
    static const char *const constants[] = {
        [PY_CONST_NONE] = "None",
        [PY_CONST_TRUE] = "True",
        [PY_CONST_FALSE] = "False",
        [PY_CONST_ELLIPSIS] = "ellipsis",
    };
    if (node->kind == PY_NODE_CONSTANT && node->as.constant.kind <= PY_CONST_ELLIPSIS)
        return constants[node->as.constant.kind];
    return rows[node->kind] ? rows[node->kind] : py_node_kind_name(node->kind);
}

/* The part of node that cannot be a target, or NULL. */
static const struct py_node *invalid_part(const struct py_node *node, enum target_use use)
{
    switch ((int)node->kind) {
    case PY_NODE_NAME:
    case PY_NODE_ATTRIBUTE:
    case PY_NODE_SUBSCRIPT:
        return NULL;
    case PY_NODE_STARRED:
        return use == TARGET_DELETE ? node : invalid_part(node->as.value, use);
    case PY_NODE_LIST:
    case PY_NODE_TUPLE:
        for (uint32_t i = 0; i < node->as.items.count; i++) {
            const struct py_node *bad = invalid_part(node->as.items.at[i], use);
            if (bad)
                return bad;
        }
        return NULL;
    case PY_NODE_COMPARE: /* for a in b in c: the first in was the for's */
        if (use == TARGET_FOR && node->as.compare.ops[0] == PY_OP_IN)
            return invalid_part(node->as.compare.left, use);
        return node;
    default:
        return node;
    }
}

void parser_check_target(struct parser *p, const struct py_node *node, enum target_use use)
{
    const struct py_node *bad = invalid_part(node, use);
    if (!bad)
        return;
    parser_fail(p, bad->span.start, "cannot %s %s", use == TARGET_DELETE ? "delete" : "assign to",
                parser_target_name(bad));
}

static struct py_node *parse_for_target(struct parser *p)
{
    if (!parser_is(p, PY_TOKEN_STAR) && !parser_begins_expression(parser_kind(p)))
        parser_invalid(p);
    return parser_is(p, PY_TOKEN_STAR) ? parse_starred_bitwise_or(p) : parse_bitwise_or(p);
}

struct py_node *parse_for_targets(struct parser *p)
{
    uint32_t start = parser_start(p);
    struct py_node *target = parse_for_target(p);
    if (parser_is(p, PY_TOKEN_COMMA)) {
        struct node_vec items = {0};
        vec_push(p->arena, &items, target);
        while (parser_accept(p, PY_TOKEN_COMMA) && !parser_is(p, PY_TOKEN_IN))
            vec_push(p->arena, &items, parse_for_target(p));
        target = parser_node(p, PY_NODE_TUPLE, start);
        target->as.items = parser_nodes(p, &items);
    }
    parser_check_target(p, target, TARGET_FOR);
    return target;
}
