#include "config.h"

#include "base/str.h"
#include "python/parser.h"

/* Simple statements (Python reference, chapter 7): one line, or several on one with ';'. */

typedef struct py_node *(*statement_fn)(struct parser *p);

static struct py_node *parse_word(struct parser *p, enum py_node_kind kind)
{
    uint32_t start = parser_take(p).span.start;
    return parser_node(p, kind, start);
}

static struct py_node *parse_pass(struct parser *p)
{
    return parse_word(p, PY_NODE_PASS);
}

static struct py_node *parse_break(struct parser *p)
{
    return parse_word(p, PY_NODE_BREAK);
}

static struct py_node *parse_continue(struct parser *p)
{
    return parse_word(p, PY_NODE_CONTINUE);
}

static bool at_statement_end(struct parser *p)
{
    enum py_token_kind kind = parser_kind(p);
    return kind == PY_TOKEN_NEWLINE || kind == PY_TOKEN_SEMI || kind == PY_TOKEN_END;
}

static struct py_node *parse_return(struct parser *p)
{
    uint32_t start = parser_take(p).span.start;
    struct py_node *value = at_statement_end(p) ? NULL : parse_star_expressions(p);
    struct py_node *node = parser_node(p, PY_NODE_RETURN, start);
    node->as.value = value;
    return node;
}

static struct py_node *parse_raise(struct parser *p)
{
    uint32_t start = parser_take(p).span.start;
    struct py_node *exception = NULL, *cause = NULL;
    if (!at_statement_end(p)) {
        exception = parse_expression(p);
        if (parser_accept(p, PY_TOKEN_FROM))
            cause = parse_expression(p);
    }
    struct py_node *node = parser_node(p, PY_NODE_RAISE, start);
    node->as.raise.exception = exception;
    node->as.raise.cause = cause;
    return node;
}

static struct py_node *parse_assert(struct parser *p)
{
    uint32_t start = parser_take(p).span.start;
    struct py_node *test = parse_named_expression(p);
    struct py_node *message = parser_accept(p, PY_TOKEN_COMMA) ? parse_expression(p) : NULL;
    struct py_node *node = parser_node(p, PY_NODE_ASSERT, start);
    node->as.assertion.test = test;
    node->as.assertion.message = message;
    return node;
}

static struct py_node *parse_delete(struct parser *p)
{
    uint32_t start = parser_take(p).span.start;
    struct node_vec targets = {0};
    do {
        if (at_statement_end(p) && targets.len > 0)
            break;
        struct py_node *target = parse_star_named(p);
        parser_check_target(p, target, TARGET_DELETE);
        vec_push(p->arena, &targets, target);
    } while (parser_accept(p, PY_TOKEN_COMMA));
    struct py_node *node = parser_node(p, PY_NODE_DELETE, start);
    node->as.items = parser_nodes(p, &targets);
    return node;
}

static struct py_node *parse_scope_names(struct parser *p, enum py_node_kind kind)
{
    uint32_t start = parser_take(p).span.start;
    VEC(const struct py_name *) names = {0};
    do {
        const struct py_name *name = parser_expect(p, PY_TOKEN_NAME).name;
        vec_push(p->arena, &names, name);
    } while (parser_accept(p, PY_TOKEN_COMMA));
    struct py_node *node = parser_node(p, kind, start);
    node->as.names.at = names.at;
    node->as.names.count = (uint32_t)names.len;
    return node;
}

static struct py_node *parse_global(struct parser *p)
{
    return parse_scope_names(p, PY_NODE_GLOBAL);
}

static struct py_node *parse_nonlocal(struct parser *p)
{
    return parse_scope_names(p, PY_NODE_NONLOCAL);
}

/* ---- imports ---- */

/* a.b.c as one name; *first is the a. */
static const struct py_name *parse_dotted_name(struct parser *p, struct py_token *first)
{
    *first = parser_expect(p, PY_TOKEN_NAME);
    if (!parser_is(p, PY_TOKEN_DOT))
        return first->name;
    struct str text = STR_IN(p->arena);
    str_addn(&text, first->name->text, first->name->len);
    while (parser_accept(p, PY_TOKEN_DOT)) {
        struct py_token part = parser_expect(p, PY_TOKEN_NAME);
        str_addc(&text, '.');
        str_addn(&text, part.name->text, part.name->len);
    }
    return py_name_intern(p->names, text.ptr, text.len);
}

/* "as name", if it is there: it is what gets bound. */
static void parse_as_name(struct parser *p, struct py_alias *alias)
{
    if (parser_accept(p, PY_TOKEN_AS)) {
        struct py_token as = parser_expect(p, PY_TOKEN_NAME);
        alias->as = as.name;
        alias->ref = parser_ref(as);
    }
    alias->span.end = p->last_end;
}

VEC_DEFINE(alias_vec, struct py_alias);

static struct py_node *import_node(struct parser *p, enum py_node_kind kind, uint32_t start,
                                   const struct alias_vec *aliases)
{
    struct py_node *node = parser_node(p, kind, start);
    node->as.import.aliases = aliases->at;
    node->as.import.alias_count = (uint32_t)aliases->len;
    return node;
}

static struct py_node *parse_import(struct parser *p)
{
    uint32_t start = parser_take(p).span.start;
    struct alias_vec aliases = {0};
    do {
        struct py_alias alias = {.span = {parser_start(p), 0}};
        struct py_token first;
        alias.name = parse_dotted_name(p, &first);
        alias.ref = parser_ref(first);
        parse_as_name(p, &alias);
        vec_push(p->arena, &aliases, alias);
    } while (parser_accept(p, PY_TOKEN_COMMA));
    return import_node(p, PY_NODE_IMPORT, start, &aliases);
}

static void parse_from_names(struct parser *p, struct alias_vec *aliases)
{
    bool parens = parser_accept(p, PY_TOKEN_LPAR);
    do {
        if (aliases->len > 0 && parens && parser_is(p, PY_TOKEN_RPAR))
            break;
        if (aliases->len > 0 && at_statement_end(p))
            parser_fail(p, parser_start(p),
                        "trailing comma not allowed without surrounding parentheses");
        struct py_token name = parser_expect(p, PY_TOKEN_NAME);
        struct py_alias alias = {.name = name.name, .ref = parser_ref(name), .span = name.span};
        parse_as_name(p, &alias);
        vec_push(p->arena, aliases, alias);
    } while (parser_accept(p, PY_TOKEN_COMMA));
    if (parens)
        parser_expect(p, PY_TOKEN_RPAR);
}

static struct py_node *parse_import_from(struct parser *p)
{
    uint32_t start = parser_take(p).span.start;
    uint32_t level = 0;
    const struct py_name *module = NULL;
    for (;; parser_take(p)) {
        if (parser_is(p, PY_TOKEN_DOT))
            level++;
        else if (parser_is(p, PY_TOKEN_ELLIPSIS))
            level += 3;
        else
            break;
    }
    struct py_token first;
    if (level == 0 || !parser_is(p, PY_TOKEN_IMPORT))
        module = parse_dotted_name(p, &first);
    parser_expect(p, PY_TOKEN_IMPORT);
    struct alias_vec aliases = {0};
    if (parser_is(p, PY_TOKEN_STAR)) {
        struct py_alias all = {.span = parser_take(p).span};
        all.name = py_name_intern(p->names, "*", 1);
        vec_push(p->arena, &aliases, all);
    } else {
        parse_from_names(p, &aliases);
    }
    struct py_node *node = import_node(p, PY_NODE_IMPORT_FROM, start, &aliases);
    node->as.import.level = level;
    node->as.import.module = module;
    return node;
}

/* ---- assignments and expressions ---- */

static bool augmented_op(enum py_token_kind kind, enum py_binary_op *op)
{
    static const struct {
        enum py_token_kind kind;
        enum py_binary_op op;
    } rows[] = {
        {PY_TOKEN_PLUS_EQUAL, PY_OP_ADD},
        {PY_TOKEN_MINUS_EQUAL, PY_OP_SUB},
        {PY_TOKEN_STAR_EQUAL, PY_OP_MUL},
        {PY_TOKEN_SLASH_EQUAL, PY_OP_DIV},
        {PY_TOKEN_DOUBLE_SLASH_EQUAL, PY_OP_FLOOR_DIV},
        {PY_TOKEN_PERCENT_EQUAL, PY_OP_MOD},
        {PY_TOKEN_AT_EQUAL, PY_OP_MATMUL},
        {PY_TOKEN_DOUBLE_STAR_EQUAL, PY_OP_POW},
        {PY_TOKEN_VBAR_EQUAL, PY_OP_BIT_OR},
        {PY_TOKEN_AMPER_EQUAL, PY_OP_BIT_AND},
        {PY_TOKEN_CIRCUMFLEX_EQUAL, PY_OP_BIT_XOR},
        {PY_TOKEN_LEFT_SHIFT_EQUAL, PY_OP_LSHIFT},
        {PY_TOKEN_RIGHT_SHIFT_EQUAL, PY_OP_RSHIFT},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (rows[i].kind == kind) {
            *op = rows[i].op;
            return true;
        }
    }
    return false;
}

static bool is_single_target(const struct py_node *node)
{
    return node->kind == PY_NODE_NAME || node->kind == PY_NODE_ATTRIBUTE ||
           node->kind == PY_NODE_SUBSCRIPT;
}

static struct py_node *parse_aug_assign(struct parser *p, struct py_node *target, uint32_t start,
                                        enum py_binary_op op)
{
    if (!is_single_target(target))
        parser_fail(p, target->span.start,
                    "'%s' is an illegal expression for augmented assignment",
                    parser_target_name(target));
    parser_take(p);
    struct py_node *value = parse_yield_or_star_expressions(p);
    struct py_node *node = parser_node(p, PY_NODE_AUG_ASSIGN, start);
    node->as.aug_assign.target = target;
    node->as.aug_assign.value = value;
    node->as.aug_assign.op = op;
    return node;
}

static struct py_node *parse_ann_assign(struct parser *p, struct py_node *target, uint32_t start)
{
    if (target->kind == PY_NODE_TUPLE || target->kind == PY_NODE_LIST)
        parser_fail(p, target->span.start, "only single target (not %s) can be annotated",
                    parser_target_name(target));
    if (!is_single_target(target))
        parser_fail(p, target->span.start, "illegal target for annotation");
    parser_take(p);
    struct py_node *annotation = parse_expression(p);
    struct py_node *value =
        parser_accept(p, PY_TOKEN_EQUAL) ? parse_yield_or_star_expressions(p) : NULL;
    struct py_node *node = parser_node(p, PY_NODE_ANN_ASSIGN, start);
    node->as.ann_assign.target = target;
    node->as.ann_assign.annotation = annotation;
    node->as.ann_assign.value = value;
    node->as.ann_assign.simple = target->kind == PY_NODE_NAME && !target->parens;
    return node;
}

/* Whether "==" may have been meant: value = value, where the left is no target at all. */
static bool looks_like_comparison(const struct py_node *left, bool is_last)
{
    switch ((int)left->kind) {
    case PY_NODE_BINARY:
    case PY_NODE_CALL:
    case PY_NODE_AWAIT:
    case PY_NODE_YIELD:
    case PY_NODE_YIELD_FROM:
    case PY_NODE_DICT:
    case PY_NODE_SET:
    case PY_NODE_LIST_COMP:
    case PY_NODE_SET_COMP:
    case PY_NODE_DICT_COMP:
    case PY_NODE_JOINED:
        return is_last;
    case PY_NODE_UNARY:
        return is_last && left->as.unary.op != PY_OP_NOT;
    case PY_NODE_CONSTANT:
        return is_last && left->as.constant.kind >= PY_CONST_ELLIPSIS;
    default:
        return false;
    }
}

static struct py_node *parse_assign(struct parser *p, struct py_node *first, uint32_t start)
{
    struct node_vec targets = {0};
    struct py_node *value = first;
    while (parser_accept(p, PY_TOKEN_EQUAL)) {
        struct py_node *target = value;
        value = parse_yield_or_star_expressions(p);
        if ((target->kind == PY_NODE_YIELD || target->kind == PY_NODE_YIELD_FROM) &&
            !target->parens)
            parser_fail(p, target->span.start, "assignment to yield expression not possible");
        if (target == first && looks_like_comparison(target, !parser_is(p, PY_TOKEN_EQUAL)))
            parser_fail(p, target->span.start,
                        "cannot assign to %s here. Maybe you meant '==' instead of '='?",
                        parser_target_name(target));
        parser_check_target(p, target, TARGET_ASSIGN);
        vec_push(p->arena, &targets, target);
    }
    struct py_node *node = parser_node(p, PY_NODE_ASSIGN, start);
    node->as.assign.targets = parser_nodes(p, &targets);
    node->as.assign.value = value;
    return node;
}

/* print "x" and exec "x" are Python 2. */
static void check_legacy(struct parser *p, const struct py_node *node)
{
    if (node->kind != PY_NODE_NAME || !parser_begins_expression(parser_kind(p)))
        return;
    const char *name = node->as.name.name->text;
    if (str_eq(name, "print") || str_eq(name, "exec"))
        parser_fail(p, node->span.start,
                    "Missing parentheses in call to '%s'. Did you mean %s(...)?", name, name);
}

static struct py_node *parse_expression_statement(struct parser *p)
{
    uint32_t start = parser_start(p);
    struct py_node *first = parse_yield_or_star_expressions(p);
    enum py_binary_op op;
    if (parser_is(p, PY_TOKEN_EQUAL))
        return parse_assign(p, first, start);
    if (parser_is(p, PY_TOKEN_COLON))
        return parse_ann_assign(p, first, start);
    if (augmented_op(parser_kind(p), &op))
        return parse_aug_assign(p, first, start, op);
    if (!at_statement_end(p))
        check_legacy(p, first);
    if (parser_is(p, PY_TOKEN_COLON_EQUAL) && first->kind != PY_NODE_NAME)
        parser_fail(p, start, "cannot use assignment expressions with %s",
                    parser_target_name(first));
    struct py_node *node = parser_node(p, PY_NODE_EXPR, start);
    node->as.value = first;
    return node;
}

static struct py_node *parse_type_alias(struct parser *p)
{
    uint32_t start = parser_take(p).span.start;
    struct py_type_alias *alias = ARENA_NEW(p->arena, struct py_type_alias);
    alias->ref = parser_ref(parser_expect(p, PY_TOKEN_NAME));
    alias->type_params = parse_type_params(p);
    parser_expect(p, PY_TOKEN_EQUAL);
    alias->value = parse_expression(p);
    struct py_node *node = parser_node(p, PY_NODE_TYPE_ALIAS, start);
    node->as.type_alias = alias;
    return node;
}

/* ---- dispatch ---- */

static const statement_fn rows[PY_TOKEN_KINDS] = {
    [PY_TOKEN_PASS] = parse_pass,         [PY_TOKEN_BREAK] = parse_break,
    [PY_TOKEN_CONTINUE] = parse_continue, [PY_TOKEN_RETURN] = parse_return,
    [PY_TOKEN_RAISE] = parse_raise,       [PY_TOKEN_ASSERT] = parse_assert,
    [PY_TOKEN_DEL] = parse_delete,        [PY_TOKEN_GLOBAL] = parse_global,
    [PY_TOKEN_NONLOCAL] = parse_nonlocal, [PY_TOKEN_IMPORT] = parse_import,
    [PY_TOKEN_FROM] = parse_import_from,
};

static struct py_node *parse_simple_statement(struct parser *p)
{
    statement_fn fn = rows[parser_kind(p)];
    if (fn)
        return fn(p);
    if (parser_is_word(p, 0, "type") && parser_peek(p, 1).kind == PY_TOKEN_NAME)
        return parse_type_alias(p);
    return parse_expression_statement(p);
}

void parse_simple_statements(struct parser *p, struct node_vec *out)
{
    do {
        vec_push(p->arena, out, parse_simple_statement(p));
    } while (parser_accept(p, PY_TOKEN_SEMI) && !parser_is(p, PY_TOKEN_NEWLINE));
    p->line_end = p->last_end;
    if (!parser_accept(p, PY_TOKEN_NEWLINE))
        parser_invalid(p);
}
