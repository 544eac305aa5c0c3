#include "config.h"

#include "base/map.h"
#include "python/parser.h"

/* What stands between the parentheses of a call, a class, a def, and after lambda. */

/* ---- arguments ---- */

struct arguments {
    struct node_vec args;
    VEC(struct py_keyword) keywords;
    bool has_mapping; /* a ** came */
};

static void add_keyword(struct parser *p, struct arguments *a, const struct py_name *name,
                        uint32_t start, struct py_node *value)
{
    struct py_keyword k = {.name = name, .value = value, .span = {start, p->last_end}};
    vec_push(p->arena, &a->keywords, k);
}

/* name=value. True when there was one. */
static bool parse_keyword(struct parser *p, struct arguments *a)
{
    if (parser_peek(p, 1).kind != PY_TOKEN_EQUAL)
        return false;
    struct py_token name = parser_peek(p, 0);
    if (name.kind == PY_TOKEN_TRUE || name.kind == PY_TOKEN_FALSE || name.kind == PY_TOKEN_NONE)
        parser_fail(p, name.span.start, "cannot assign to %s", name.name->text);
    if (name.kind != PY_TOKEN_NAME)
        return false;
    parser_take(p);
    parser_take(p);
    if (parser_is(p, PY_TOKEN_COMMA) || parser_is(p, PY_TOKEN_RPAR))
        parser_invalid(p);
    struct py_node *value = parse_expression(p);
    if (parser_at_comprehension(p))
        parser_fail(p, name.span.start,
                    "invalid syntax. Maybe you meant '==' or ':=' instead of '='?");
    add_keyword(p, a, name.name, name.span.start, value);
    return true;
}

static void parse_positional(struct parser *p, struct arguments *a, uint32_t open)
{
    uint32_t start = parser_start(p);
    struct py_node *value;
    if (parser_is(p, PY_TOKEN_STAR)) {
        parser_take(p);
        struct py_node *inner = parse_expression(p);
        value = parser_node(p, PY_NODE_STARRED, start);
        value->as.value = inner;
        if (a->has_mapping)
            parser_fail(p, start,
                        "iterable argument unpacking follows keyword argument unpacking");
        vec_push(p->arena, &a->args, value);
        return;
    }
    bool named = parser_is(p, PY_TOKEN_NAME) && parser_peek(p, 1).kind == PY_TOKEN_COLON_EQUAL;
    value = named ? parse_named_expression(p) : parse_expression(p);
    if (parser_is(p, PY_TOKEN_EQUAL))
        parser_fail(p, start,
                    "expression cannot contain assignment, perhaps you meant \"==\"?");
    if (parser_is(p, PY_TOKEN_COLON_EQUAL))
        parser_fail(p, start, "cannot use assignment expressions with %s",
                    parser_target_name(value));
    if (parser_at_comprehension(p)) {
        bool alone = a->args.len == 0 && a->keywords.len == 0;
        value = parse_comprehension(p, PY_NODE_GENERATOR, alone ? open : start, value, NULL);
        if (!alone || !parser_is(p, PY_TOKEN_RPAR)) {
            if (parser_is(p, PY_TOKEN_COMMA) && alone && parser_peek(p, 1).kind == PY_TOKEN_RPAR)
                parser_fail(p, start, "Generator expression must be parenthesized");
            if (!parser_is(p, PY_TOKEN_COMMA) && !parser_is(p, PY_TOKEN_RPAR))
                parser_invalid_after(p, value->as.comprehension->element);
            parser_fail(p, start, "Generator expression must be parenthesized");
        }
        value->span.end = parser_peek(p, 0).span.end;
    }
    if (a->keywords.len > 0)
        parser_fail(p, start, "positional argument follows keyword argument%s",
                    a->has_mapping ? " unpacking" : "");
    vec_push(p->arena, &a->args, value);
}

/* Whether one of the keywords before the i-th has its name; names are shared. */
static bool is_repeated(const struct arguments *a, size_t i)
{
    for (size_t k = 0; k < i; k++) {
        if (a->keywords.at[i].name == a->keywords.at[k].name)
            return true;
    }
    return false;
}

static void check_repeated(struct parser *p, const struct arguments *a)
{
    enum { FEW = 32 };
    struct map seen = MAP_IN(p->arena);
    for (size_t i = 0; i < a->keywords.len; i++) {
        const struct py_name *name = a->keywords.at[i].name;
        if (!name)
            continue;
        if (a->keywords.len <= FEW ? is_repeated(a, i) : map_has(&seen, name->text))
            parser_fail(p, a->keywords.at[i].span.start, "keyword argument repeated: %s",
                        name->text);
        if (a->keywords.len > FEW)
            map_put(&seen, name->text, p);
    }
}

void parse_arguments(struct parser *p, uint32_t open, struct py_nodes *args,
                     struct py_keywords *keywords)
{
    struct arguments a = {0};
    while (!parser_is(p, PY_TOKEN_RPAR)) {
        uint32_t start = parser_start(p);
        if (parser_accept(p, PY_TOKEN_DOUBLE_STAR)) {
            add_keyword(p, &a, NULL, start, parse_expression(p));
            vec_last(&a.keywords).span.end = p->last_end;
            a.has_mapping = true;
        } else if (!parse_keyword(p, &a)) {
            parse_positional(p, &a, open);
        }
        if (parser_accept(p, PY_TOKEN_COMMA) || parser_is(p, PY_TOKEN_RPAR))
            continue;
        const struct py_node *last = a.keywords.len > 0 ? vec_last(&a.keywords).value
                                                        : vec_last(&a.args);
        parser_invalid_after(p, last);
    }
    parser_take(p);
    check_repeated(p, &a);
    *args = parser_nodes(p, &a.args);
    *keywords = (struct py_keywords){a.keywords.at, (uint32_t)a.keywords.len};
}

/* ---- parameters ---- */

struct param_state {
    VEC(struct py_param) at;
    struct py_params *out;
    enum py_token_kind close;
    bool annotated;
    bool seen_slash, seen_star, seen_default;
    uint32_t positional_count;
};

static struct py_param parse_param(struct parser *p, const struct param_state *s, bool star)
{
    struct py_param param = {.ref = parser_ref(parser_expect(p, PY_TOKEN_NAME))};
    if (s->annotated && parser_accept(p, PY_TOKEN_COLON)) {
        param.annotation = star && parser_is(p, PY_TOKEN_STAR) ? parse_starred_bitwise_or(p)
                                                               : parse_expression(p);
    }
    return param;
}

static void parse_plain_param(struct parser *p, struct param_state *s)
{
    struct py_param param = parse_param(p, s, false);
    if (parser_accept(p, PY_TOKEN_EQUAL)) {
        if (parser_is(p, PY_TOKEN_COMMA) || parser_is(p, s->close))
            parser_fail(p, p->last_end - 1, "expected default value expression");
        param.default_value = parse_expression(p);
        s->seen_default = s->seen_default || !s->seen_star;
    } else if (s->seen_default && !s->seen_star) {
        parser_fail(p, param.ref.span.start, "non-default argument follows default argument");
    }
    vec_push(p->arena, &s->at, param);
    if (!s->seen_star)
        s->positional_count++;
}

static void parse_slash(struct parser *p, struct param_state *s)
{
    uint32_t start = parser_take(p).span.start;
    if (s->at.len == 0 && !s->seen_star)
        parser_fail(p, start, "at least one argument must precede /");
    if (s->seen_slash)
        parser_fail(p, start, "/ may appear only once");
    if (s->seen_star)
        parser_fail(p, start, "/ must be ahead of *");
    s->seen_slash = true;
    s->out->posonly_count = (uint32_t)s->at.len;
}

static struct py_param *keep_param(struct parser *p, struct py_param param)
{
    return arena_memdup(p->arena, &param, sizeof(param));
}

static void parse_star_param(struct parser *p, struct param_state *s)
{
    uint32_t start = parser_take(p).span.start;
    if (s->seen_star)
        parser_fail(p, start, "* argument may appear only once");
    s->seen_star = true;
    if (parser_is(p, PY_TOKEN_NAME)) {
        s->out->vararg = keep_param(p, parse_param(p, s, true));
        if (parser_is(p, PY_TOKEN_EQUAL))
            parser_fail(p, parser_start(p),
                        "var-positional argument cannot have default value");
        return;
    }
    /* A bare * must be followed by a parameter. */
    if (!parser_is(p, PY_TOKEN_COMMA) && !parser_is(p, s->close))
        parser_invalid(p);
    if (parser_is(p, s->close) || (parser_peek(p, 1).kind != PY_TOKEN_NAME &&
                                   parser_peek(p, 1).kind != PY_TOKEN_STAR &&
                                   parser_peek(p, 1).kind != PY_TOKEN_SLASH))
        parser_fail(p, start, "named arguments must follow bare *");
}

static void parse_kwarg(struct parser *p, struct param_state *s)
{
    parser_take(p);
    s->out->kwarg = keep_param(p, parse_param(p, s, false));
    if (parser_is(p, PY_TOKEN_EQUAL))
        parser_fail(p, parser_start(p), "var-keyword argument cannot have default value");
    if (parser_accept(p, PY_TOKEN_COMMA) && !parser_is(p, s->close)) {
        enum py_token_kind kind = parser_kind(p);
        if (kind == PY_TOKEN_NAME || kind == PY_TOKEN_STAR || kind == PY_TOKEN_DOUBLE_STAR ||
            kind == PY_TOKEN_SLASH)
            parser_fail(p, parser_start(p), "arguments cannot follow var-keyword argument");
        parser_invalid(p);
    }
}

void parse_params(struct parser *p, struct py_params *params, enum py_token_kind close)
{
    struct param_state s = {
        .out = params, .close = close, .annotated = close == PY_TOKEN_RPAR};
    while (!parser_is(p, close)) {
        if (parser_is(p, PY_TOKEN_SLASH))
            parse_slash(p, &s);
        else if (parser_is(p, PY_TOKEN_STAR))
            parse_star_param(p, &s);
        else if (parser_is(p, PY_TOKEN_DOUBLE_STAR))
            parse_kwarg(p, &s);
        else
            parse_plain_param(p, &s);
        if (params->kwarg || !parser_accept(p, PY_TOKEN_COMMA))
            break;
    }
    if (!parser_is(p, close))
        parser_invalid(p);
    params->at = s.at.at;
    params->count = (uint32_t)s.at.len;
    params->positional_count = s.positional_count;
}

struct py_node *parse_lambda(struct parser *p)
{
    parser_enter(p);
    uint32_t start = parser_take(p).span.start;
    struct py_params *params = ARENA_NEW(p->arena, struct py_params);
    parse_params(p, params, PY_TOKEN_COLON);
    parser_expect(p, PY_TOKEN_COLON);
    struct py_node *body = parse_expression(p);
    struct py_node *node = parser_node(p, PY_NODE_LAMBDA, start);
    node->as.lambda.params = params;
    node->as.lambda.body = body;
    parser_leave(p);
    return node;
}
