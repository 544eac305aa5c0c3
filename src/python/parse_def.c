#include "config.h"

#include "python/parser.h"

/* Functions, classes, decorators and type parameters. */

struct py_type_params *parse_type_params(struct parser *p)
{
    if (!parser_accept(p, PY_TOKEN_LSQB))
        return NULL;
    VEC(struct py_type_param) params = {0};
    if (parser_is(p, PY_TOKEN_RSQB))
        parser_fail(p, parser_start(p), "Type parameter list cannot be empty");
    while (!parser_is(p, PY_TOKEN_RSQB)) {
        struct py_type_param param = {.kind = PY_TYPE_VAR};
        if (parser_accept(p, PY_TOKEN_STAR))
            param.kind = PY_TYPE_VAR_TUPLE;
        else if (parser_accept(p, PY_TOKEN_DOUBLE_STAR))
            param.kind = PY_PARAM_SPEC;
        param.ref = parser_ref(parser_expect(p, PY_TOKEN_NAME));
        if (param.kind == PY_TYPE_VAR && parser_accept(p, PY_TOKEN_COLON))
            param.bound = parse_expression(p);
        if (parser_accept(p, PY_TOKEN_EQUAL))
            param.default_value = param.kind == PY_TYPE_VAR_TUPLE && parser_is(p, PY_TOKEN_STAR)
                                      ? parse_starred_bitwise_or(p)
                                      : parse_expression(p);
        vec_push(p->arena, &params, param);
        if (!parser_accept(p, PY_TOKEN_COMMA))
            break;
    }
    parser_expect(p, PY_TOKEN_RSQB);
    struct py_type_params *out = ARENA_NEW(p->arena, struct py_type_params);
    out->at = params.at;
    out->count = (uint32_t)params.len;
    return out;
}

struct py_node *parse_function_def(struct parser *p, struct py_nodes decorators, bool is_async,
                                   uint32_t start)
{
    uint32_t word = parser_take(p).span.start;
    struct py_function *f = ARENA_NEW(p->arena, struct py_function);
    f->decorators = decorators;
    f->ref = parser_ref(parser_expect(p, PY_TOKEN_NAME));
    f->type_params = parse_type_params(p);
    if (!parser_accept(p, PY_TOKEN_LPAR))
        parser_fail(p, parser_start(p), "expected '('");
    parse_params(p, &f->params, PY_TOKEN_RPAR);
    parser_take(p);
    if (parser_accept(p, PY_TOKEN_ARROW))
        f->returns = parse_expression(p);
    if (!parser_is(p, PY_TOKEN_COLON))
        parser_fail(p, parser_start(p), "expected ':'");
    struct py_node *node =
        parser_node(p, is_async ? PY_NODE_ASYNC_FUNCTION_DEF : PY_NODE_FUNCTION_DEF, start);
    node->as.function = f;
    f->body = parse_block(p, "function definition", word);
    parser_end_block(p, node);
    return node;
}

struct py_node *parse_class_def(struct parser *p, struct py_nodes decorators)
{
    uint32_t start = parser_take(p).span.start;
    struct py_class *c = ARENA_NEW(p->arena, struct py_class);
    c->decorators = decorators;
    c->ref = parser_ref(parser_expect(p, PY_TOKEN_NAME));
    c->type_params = parse_type_params(p);
    uint32_t open = parser_start(p);
    if (parser_accept(p, PY_TOKEN_LPAR))
        parse_arguments(p, open, &c->bases, &c->keywords);
    const struct py_node *base = c->bases.count == 1 ? c->bases.at[0] : NULL;
    if (base && base->kind == PY_NODE_GENERATOR && !base->parens)
        parser_fail(p, base->span.start, "invalid syntax");
    struct py_node *node = parser_node(p, PY_NODE_CLASS_DEF, start);
    node->as.class_def = c;
    c->body = parse_block(p, "class definition", start);
    parser_end_block(p, node);
    return node;
}

struct py_node *parse_decorated(struct parser *p)
{
    struct node_vec decorators = {0};
    while (parser_accept(p, PY_TOKEN_AT)) {
        vec_push(p->arena, &decorators, parse_named_expression(p));
        parser_expect(p, PY_TOKEN_NEWLINE);
    }
    struct py_nodes nodes = parser_nodes(p, &decorators);
    uint32_t start = parser_start(p);
    if (parser_is(p, PY_TOKEN_CLASS))
        return parse_class_def(p, nodes);
    bool is_async = parser_accept(p, PY_TOKEN_ASYNC);
    if (!parser_is(p, PY_TOKEN_DEF))
        parser_invalid(p);
    return parse_function_def(p, nodes, is_async, start);
}
