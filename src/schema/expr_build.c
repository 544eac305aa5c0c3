#include "config.h"

#include "schema/expr_build.h"

#include <string.h>

static bool is_boolean_type(const struct expr *e)
{
    return type_family(e->type) == FAMILY_BOOLEAN;
}

/* Whether an expression made with op needs parentheses beside `against`. */
static bool is_precedent(enum expr_op op, const struct custom_op *custom, enum expr_op against,
                         const struct custom_op *against_custom)
{
    if (op == against && custom == against_custom &&
        (expr_op_is_self_precedent(op) || (custom && custom->self_precedent)))
        return false;
    if (against == EXPR_OP_NONE)
        return true;
    int own = expr_op_precedence(op, custom);
    /* Operators without a precedence of their own count as the loosest when they are asked about,
     * and as the tightest when others are held against them. */
    if (own == EXPR_PRECEDENCE_NONE)
        own = -EXPR_PRECEDENCE_NONE;
    return own <= expr_op_precedence(against, against_custom);
}

const struct expr *expr_parentheses(struct arena *a, const struct expr *e)
{
    struct expr *group = expr_new(a, EXPR_GROUPING, e->type);
    group->as.inner = e;
    return group;
}

static const struct expr *as_boolean(struct arena *a, const struct expr *e, enum expr_op op)
{
    struct expr *b = expr_new(a, EXPR_AS_BOOLEAN, expr_type(TYPE_BOOLEAN));
    b->as.unary.op = op;
    b->as.unary.operand = e;
    return b;
}

/* What most expressions do: a boolean becomes a condition, ANY and ALL want parentheses. */
static const struct expr *group_plain(struct arena *a, const struct expr *e, enum expr_op against)
{
    if ((against == EXPR_OP_AND || against == EXPR_OP_OR || against == EXPR_OP_AS_BOOLEAN) &&
        is_boolean_type(e))
        return as_boolean(a, e, EXPR_OP_IS_TRUE);
    if (against == EXPR_OP_ANY || against == EXPR_OP_ALL)
        return expr_parentheses(a, e);
    return e;
}

static const struct expr *group_operator(struct arena *a, const struct expr *e, enum expr_op op,
                                         const struct custom_op *own, bool ungrouped,
                                         enum expr_op against, const struct custom_op *custom)
{
    if ((!ungrouped && is_precedent(op, own, against, custom)) ||
        (against == EXPR_OP_NOT && !expr_op_is_boolean(op, own)))
        return expr_parentheses(a, e);
    return e;
}

/* The inner expression grouped, in a copy of what is around it. */
static const struct expr *group_inner(struct arena *a, const struct expr *e,
                                      const struct expr *inner, const struct expr *grouped)
{
    if (inner == grouped)
        return e;
    struct expr *copy = arena_memdup(a, e, sizeof(*e));
    if (e->kind == EXPR_LABEL)
        copy->as.label.element = grouped;
    else
        copy->as.inner = grouped;
    return copy;
}

const struct expr *expr_group(struct arena *a, const struct expr *e, enum expr_op against,
                              const struct custom_op *custom)
{
    switch (e->kind) {
    case EXPR_TEXT:
        return against == EXPR_OP_IN || against == EXPR_OP_NOT_IN ? expr_parentheses(a, e) : e;
    case EXPR_BINARY:
        return group_operator(a, e, e->as.binary.op, e->as.binary.custom, false, against, custom);
    case EXPR_LIST:
        if (e->as.list.items.len == 0)
            return e;
        return group_operator(a, e, e->as.list.op, NULL, e->as.list.ungrouped, against, custom);
    case EXPR_ARRAY:
        if (against == EXPR_OP_ANY || against == EXPR_OP_ALL || against == EXPR_OP_GETITEM)
            return expr_parentheses(a, e);
        return e;
    case EXPR_UNARY:
        if (e->as.unary.op != EXPR_OP_NONE &&
            is_precedent(e->as.unary.op, e->as.unary.custom, against, custom))
            return expr_parentheses(a, e);
        return e;
    case EXPR_FILTER:
        return is_precedent(EXPR_OP_FILTER, NULL, against, custom) ? expr_parentheses(a, e) : e;
    case EXPR_FUNCTION:
        if (against == EXPR_OP_GETITEM && type_family(e->type) == FAMILY_ARRAY)
            return expr_parentheses(a, e);
        return group_plain(a, e, against);
    case EXPR_LABEL:
        return group_inner(a, e, e->as.label.element,
                           expr_group(a, e->as.label.element, against, custom));
    case EXPR_TYPE_COERCE:
        return group_inner(a, e, e->as.inner, expr_group(a, e->as.inner, against, custom));
    case EXPR_SELECT:
    case EXPR_COMPOUND:
    case EXPR_TEXT_SELECT:
        return expr_parentheses(a, e);
    case EXPR_GROUPING:
    case EXPR_AS_BOOLEAN:
    case EXPR_TUPLE:
    case EXPR_SLICE:
    case EXPR_SCALAR_SELECT:
    case EXPR_AGGREGATE_ORDER_BY:
    case EXPR_STAR:
        return e;
    default:
        return group_plain(a, e, against);
    }
}

/* ------------------------------------------------------------------ making nodes */

const struct expr *expr_binary(struct arena *a, const struct expr *left, const struct expr *right,
                               const struct operation *operation)
{
    struct expr *e = expr_new(a, EXPR_BINARY, operation->type);
    e->as.binary.op = operation->op;
    e->as.binary.negation = operation->negation;
    e->as.binary.custom = operation->custom;
    e->as.binary.escape = operation->escape;
    e->as.binary.flags = operation->flags;
    e->as.binary.regconfig = operation->regconfig;
    e->as.binary.symmetric = operation->symmetric;
    e->as.binary.left = expr_group(a, left, operation->op, operation->custom);
    e->as.binary.right = expr_group(a, right, operation->op, operation->custom);
    return e;
}

/* The operands of e when it is a chain of op with a type of the same affinity. */
static bool flat_operands(struct arena *a, const struct expr *e, enum expr_op op,
                          const struct type *type, struct expr_list *out)
{
    bool same = type ? expr_same_affinity(type, e->type) : expr_type_is_null(e->type);
    const struct expr *whole = e;

    /* Parentheses do not end a chain. */
    while (e->kind == EXPR_GROUPING)
        e = e->as.inner;
    if (e->kind == EXPR_BINARY && e->as.binary.op == op && same) {
        vec_push(a, out, e->as.binary.left);
        vec_push(a, out, e->as.binary.right);
        return true;
    }
    if (e->kind == EXPR_LIST && e->as.list.op == op && same) {
        for (size_t i = 0; i < e->as.list.items.len; i++)
            vec_push(a, out, e->as.list.items.at[i]);
        return true;
    }
    vec_push(a, out, whole);
    return false;
}

static bool is_any_or_all(const struct expr *e)
{
    return e->kind == EXPR_UNARY &&
           (e->as.unary.op == EXPR_OP_ANY || e->as.unary.op == EXPR_OP_ALL);
}

const struct expr *expr_operation(struct arena *a, const struct expr *left,
                                  const struct expr *right, const struct operation *operation)
{
    if (expr_op_is_associative(operation->op)) {
        struct expr_list items = {0};
        bool flat_left = flat_operands(a, left, operation->op, operation->type, &items);
        bool flat_right = flat_operands(a, right, operation->op, operation->type, &items);
        if (flat_left || flat_right)
            return expr_joined(a, operation->op, &items, operation->type, false);
    }
    struct operation made = *operation;
    if (is_any_or_all(right))
        made.negation = EXPR_OP_NONE;
    return expr_binary(a, left, right, &made);
}

const struct expr *expr_unary(struct arena *a, enum expr_op op, enum expr_op modifier,
                              const struct custom_op *custom, const struct expr *operand,
                              const struct type *type)
{
    struct expr *e = expr_new(a, EXPR_UNARY, type);
    e->as.unary.op = op;
    e->as.unary.modifier = modifier;
    e->as.unary.custom = custom;
    e->as.unary.operand = expr_group(a, operand, op != EXPR_OP_NONE ? op : modifier, custom);
    return e;
}

const struct expr *expr_joined(struct arena *a, enum expr_op op, const struct expr_list *items,
                               const struct type *type, bool ungrouped)
{
    struct expr *e = expr_new(a, EXPR_LIST, type);
    e->as.list.op = op;
    e->as.list.ungrouped = ungrouped;
    for (size_t i = 0; i < items->len; i++) {
        const struct expr *item = items->at[i];
        vec_push(a, &e->as.list.items, ungrouped ? item : expr_group(a, item, op, NULL));
    }
    return e;
}

/* ------------------------------------------------------------------ AND, OR, NOT */

/* Conditions without those that change nothing (`neutral`); a deciding one stands for all. Grouped
 * for op when there are several. */
static struct expr_list fold(struct arena *a, enum expr_op op, const struct expr_list *conditions)
{
    enum expr_kind neutral = op == EXPR_OP_AND ? EXPR_TRUE : EXPR_FALSE;
    enum expr_kind deciding = op == EXPR_OP_AND ? EXPR_FALSE : EXPR_TRUE;
    struct expr_list kept = {0};
    const struct expr *seen_neutral = NULL;
    enum expr_op against = EXPR_OP_AS_BOOLEAN;

    for (size_t i = 0; i < conditions->len; i++) {
        const struct expr *c = conditions->at[i];
        if (c->kind == neutral) {
            seen_neutral = c;
        } else if (c->kind == deciding) {
            kept.len = 0;
            vec_push(a, &kept, c);
            break;
        } else {
            if (kept.len > 0)
                against = op;
            vec_push(a, &kept, c);
        }
    }
    if (kept.len == 0 && seen_neutral)
        vec_push(a, &kept, seen_neutral);
    for (size_t i = 0; i < kept.len; i++)
        kept.at[i] = expr_group(a, kept.at[i], against, NULL);
    return kept;
}

static const struct expr *joined_as_is(struct arena *a, enum expr_op op, struct expr_list items)
{
    struct expr *e = expr_new(a, EXPR_LIST, expr_type(TYPE_BOOLEAN));
    e->as.list.op = op;
    e->as.list.items = items;
    return e;
}

const struct expr *expr_conjunction(struct arena *a, enum expr_op op,
                                    const struct expr_list *conditions)
{
    struct expr_list kept = fold(a, op, conditions);
    struct expr_list flat = {0};

    if (kept.len == 1)
        return kept.at[0];
    for (size_t i = 0; i < kept.len; i++) {
        const struct expr *c = kept.at[i];
        if (c->kind == EXPR_LIST && c->as.list.op == op)
            for (size_t j = 0; j < c->as.list.items.len; j++)
                vec_push(a, &flat, c->as.list.items.at[j]);
        else
            vec_push(a, &flat, c);
    }
    return joined_as_is(a, op, flat);
}

const struct expr *expr_criteria(struct arena *a, const struct expr_list *conditions)
{
    struct expr_list kept = fold(a, EXPR_OP_AND, conditions);

    if (kept.len == 0)
        return NULL;
    return kept.len == 1 ? kept.at[0] : joined_as_is(a, EXPR_OP_AND, kept);
}

static const struct expr *not_plain(struct arena *a, const struct expr *e)
{
    if (is_boolean_type(e))
        return as_boolean(a, e, EXPR_OP_IS_FALSE);
    return expr_unary(a, EXPR_OP_NOT, EXPR_OP_NONE, NULL, expr_group(a, e, EXPR_OP_NOT, NULL),
                      NULL);
}

static const struct expr *constant(struct arena *a, enum expr_kind kind)
{
    return expr_new(a, kind, expr_type(TYPE_BOOLEAN));
}

const struct expr *expr_not(struct arena *a, const struct expr *e)
{
    switch (e->kind) {
    case EXPR_TRUE:
        return constant(a, EXPR_FALSE);
    case EXPR_FALSE:
        return constant(a, EXPR_TRUE);
    case EXPR_AS_BOOLEAN:
        if (e->as.unary.operand->kind == EXPR_TRUE || e->as.unary.operand->kind == EXPR_FALSE)
            return expr_not(a, e->as.unary.operand);
        return as_boolean(a, e->as.unary.operand,
                          e->as.unary.op == EXPR_OP_IS_TRUE ? EXPR_OP_IS_FALSE : EXPR_OP_IS_TRUE);
    case EXPR_BINARY:
        if (e->as.binary.negation != EXPR_OP_NONE) {
            struct operation opposite = {
                .op = e->as.binary.negation,
                .negation = e->as.binary.op,
                .custom = e->as.binary.custom,
                .type = e->type,
                .escape = e->as.binary.escape,
                .flags = e->as.binary.flags,
                .regconfig = e->as.binary.regconfig,
                .symmetric = e->as.binary.symmetric,
            };
            return expr_binary(a, e->as.binary.left, e->as.binary.right, &opposite);
        }
        return not_plain(a, expr_parentheses(a, e));
    case EXPR_LIST:
        return expr_unary(a, EXPR_OP_NOT, EXPR_OP_NONE, NULL,
                          expr_group(a, e, EXPR_OP_NOT, NULL), NULL);
    case EXPR_UNARY:
        if (is_boolean_type(e))
            return expr_unary(a, EXPR_OP_NOT, EXPR_OP_NONE, NULL,
                              expr_group(a, e, EXPR_OP_NOT, NULL), expr_type(TYPE_BOOLEAN));
        return not_plain(a, e);
    case EXPR_LABEL:
        return group_inner(a, e, e->as.label.element, expr_not(a, e->as.label.element));
    default:
        return not_plain(a, e);
    }
}

const struct expr *expr_with_type(struct arena *a, const struct expr *e, const struct type *type)
{
    if (!expr_type_is_null(e->type) || expr_type_is_null(type))
        return e;
    if (e->kind == EXPR_BIND) {
        struct expr *copy = arena_memdup(a, e, sizeof(*e));
        copy->type = type;
        return copy;
    }
    if (e->kind == EXPR_GROUPING) {
        const struct expr *inner = expr_with_type(a, e->as.inner, type);
        return inner == e->as.inner ? e : expr_parentheses(a, inner);
    }
    return e;
}
