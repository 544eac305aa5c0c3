/*
 * Putting expressions together as SQLAlchemy does: where parentheses go, which operator the
 * opposite of an operator is, which chains are flat, and which type a result has. Pure functions;
 * every result lives in the arena. The rules are those of sqlalchemy.sql.elements, operators,
 * sqltypes and default_comparator (spec/ops.md, section 12).
 */
#ifndef SCHEMA_EXPR_BUILD_H
#define SCHEMA_EXPR_BUILD_H

#include <stdbool.h>

#include "schema/expr.h"
#include "schema/type.h"

/* A binary operation about to be made. */
struct operation {
    enum expr_op op, negation;      /* negation: EXPR_OP_NONE when it has no opposite */
    const struct custom_op *custom; /* with EXPR_OP_CUSTOM */
    const struct type *type;        /* of the result */
    const char *escape, *flags, *regconfig;
    bool symmetric;
};

/* What SQLAlchemy calls self_group(): the expression as an operand of `against`, in parentheses
 * where that needs them. EXPR_OP_NONE: standing alone inside something. */
const struct expr *expr_group(struct arena *a, const struct expr *e, enum expr_op against,
                              const struct custom_op *custom);

/* The expression in parentheses, always. */
const struct expr *expr_parentheses(struct arena *a, const struct expr *e);

/* left op right. A chain of one associative operator becomes a flat list. */
const struct expr *expr_operation(struct arena *a, const struct expr *left,
                                  const struct expr *right, const struct operation *operation);

/* The same, never flat. */
const struct expr *expr_binary(struct arena *a, const struct expr *left, const struct expr *right,
                               const struct operation *operation);

/* An operator before the operand (op), or behind it (modifier). */
const struct expr *expr_unary(struct arena *a, enum expr_op op, enum expr_op modifier,
                              const struct custom_op *custom, const struct expr *operand,
                              const struct type *type);

/* Operands joined by an operator. ungrouped: as they are, and never in parentheses itself. */
const struct expr *expr_joined(struct arena *a, enum expr_op op, const struct expr_list *items,
                               const struct type *type, bool ungrouped);

/* and_() and or_(): true and false are folded, one condition stands alone. */
const struct expr *expr_conjunction(struct arena *a, enum expr_op op,
                                    const struct expr_list *conditions);

/* The conditions of several where() calls as one; NULL when there are none. */
const struct expr *expr_criteria(struct arena *a, const struct expr_list *conditions);

/* NOT: the opposite operator where there is one. */
const struct expr *expr_not(struct arena *a, const struct expr *e);

/* A literal whose type is not known gets one; anything else stays as it is. */
const struct expr *expr_with_type(struct arena *a, const struct expr *e, const struct type *type);

/* A plain type that the expression language itself needs; one static object each. */
const struct type *expr_type(enum type_kind kind);

/* SQLAlchemy's NullType, where an object is needed for it. */
const struct type *expr_null_type(void);

/* Whether two types have SQLAlchemy's same affinity. */
bool expr_same_affinity(const struct type *a, const struct type *b);

/* Whether this is SQLAlchemy's NullType: nothing is known. */
bool expr_type_is_null(const struct type *type);

/* Whether a type's values can be concatenated with + and ||. */
bool expr_type_is_concatenable(const struct type *type);

/* The type of `left op right`; *op may become another operator (+ of strings is ||). */
const struct type *expr_result_type(enum expr_op *op, const struct type *left,
                                    const struct type *right);

/* The type of a literal compared or combined with an expression of type `side`; own is the type
 * that the value has by itself (NULL: none), is_string that it is a str. */
const struct type *expr_compared_type(const struct type *side, const struct type *own,
                                      bool is_string);

#endif
