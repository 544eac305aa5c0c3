/* Types of expressions: SQLAlchemy's affinities and what operators make of them. */
#include "config.h"

#include <stddef.h>

#include "schema/expr_build.h"

const struct type *expr_type(enum type_kind kind)
{
    /* Complete for the kinds that the expression language makes by itself. */
    static const struct type types[] = {
#define PLAIN(kind_) [TYPE_##kind_] = {.kind = TYPE_##kind_, .length = -1, .precision = -1,          \
                                       .scale = TYPE_NO_SCALE, .return_scale = -1, .native = true, .asdecimal = true}
        PLAIN(BOOLEAN), PLAIN(INTEGER),  PLAIN(NUMERIC),     PLAIN(FLOAT),     PLAIN(STRING),
        PLAIN(UNICODE), PLAIN(TEXT),     PLAIN(DATE),        PLAIN(DATETIME),  PLAIN(TIME),
        PLAIN(INTERVAL), PLAIN(LARGE_BINARY), PLAIN(UUID),   PLAIN(JSON),      PLAIN(PG_JSONB),
        PLAIN(SQL_TEXT), PLAIN(PG_TSVECTOR), PLAIN(PG_TSQUERY), PLAIN(PG_REGCONFIG),
        PLAIN(SQL_NUMERIC), PLAIN(SQL_DECIMAL), PLAIN(SQL_FLOAT), PLAIN(SQL_REAL), PLAIN(DOUBLE),
        PLAIN(SQL_DOUBLE), PLAIN(SQL_DOUBLE_PRECISION),
        PLAIN(PG_JSON), PLAIN(PG_JSONPATH), PLAIN(PG_HSTORE), PLAIN(PG_INTERVAL),
#undef PLAIN
    };
    return &types[kind];
}

const struct type *expr_null_type(void)
{
    static const struct type null = {.kind = TYPE_NULL,
                                     .length = -1,
                                     .precision = -1,
                                     .scale = TYPE_NO_SCALE,
                                     .return_scale = -1};
    return &null;
}

bool expr_type_is_null(const struct type *type)
{
    return !type || type_family(type) == FAMILY_NULL;
}

/* One number per affinity: the family, or the kind for types that are each their own. */
static int affinity(const struct type *type)
{
    enum type_family family = type_family(type);

    if (family == FAMILY_ENUM)
        return FAMILY_STRING;
    if (family == FAMILY_OTHER)
        return 1000 + (int)type_impl(type)->kind;
    if (family == FAMILY_STRING && type_impl(type)->kind == TYPE_PG_TSVECTOR)
        return 1000 + TYPE_PG_TSVECTOR;
    return (int)family;
}

bool expr_same_affinity(const struct type *a, const struct type *b)
{
    return affinity(a) == affinity(b);
}

bool expr_type_is_concatenable(const struct type *type)
{
    switch (affinity(type)) {
    case FAMILY_STRING:
    case FAMILY_JSON:
    case FAMILY_ARRAY:
    case 1000 + TYPE_PG_HSTORE:
        return true;
    default:
        return false;
    }
}

/* One row of an _expression_adaptations table: left op right is `result`; SAME: the left type. */
struct adaptation {
    enum type_family left;
    enum expr_op op;
    enum type_family right, result;
};

#define SAME FAMILY_NULL

static const struct adaptation adaptations[] = {
    {FAMILY_INTEGER, EXPR_OP_ADD, FAMILY_DATE, FAMILY_DATE},
    {FAMILY_INTEGER, EXPR_OP_ADD, FAMILY_INTEGER, SAME},
    {FAMILY_INTEGER, EXPR_OP_ADD, FAMILY_NUMERIC, FAMILY_NUMERIC},
    {FAMILY_INTEGER, EXPR_OP_MUL, FAMILY_INTERVAL, FAMILY_INTERVAL},
    {FAMILY_INTEGER, EXPR_OP_MUL, FAMILY_INTEGER, SAME},
    {FAMILY_INTEGER, EXPR_OP_MUL, FAMILY_NUMERIC, FAMILY_NUMERIC},
    {FAMILY_INTEGER, EXPR_OP_DIV, FAMILY_INTEGER, FAMILY_NUMERIC},
    {FAMILY_INTEGER, EXPR_OP_DIV, FAMILY_NUMERIC, FAMILY_NUMERIC},
    {FAMILY_INTEGER, EXPR_OP_FLOOR_DIV, FAMILY_INTEGER, SAME},
    {FAMILY_INTEGER, EXPR_OP_FLOOR_DIV, FAMILY_NUMERIC, FAMILY_NUMERIC},
    {FAMILY_INTEGER, EXPR_OP_SUB, FAMILY_INTEGER, SAME},
    {FAMILY_INTEGER, EXPR_OP_SUB, FAMILY_NUMERIC, FAMILY_NUMERIC},
    {FAMILY_NUMERIC, EXPR_OP_MUL, FAMILY_INTERVAL, FAMILY_INTERVAL},
    {FAMILY_NUMERIC, EXPR_OP_MUL, FAMILY_NUMERIC, SAME},
    {FAMILY_NUMERIC, EXPR_OP_MUL, FAMILY_INTEGER, SAME},
    {FAMILY_NUMERIC, EXPR_OP_DIV, FAMILY_NUMERIC, SAME},
    {FAMILY_NUMERIC, EXPR_OP_DIV, FAMILY_INTEGER, SAME},
    {FAMILY_NUMERIC, EXPR_OP_ADD, FAMILY_NUMERIC, SAME},
    {FAMILY_NUMERIC, EXPR_OP_ADD, FAMILY_INTEGER, SAME},
    {FAMILY_NUMERIC, EXPR_OP_SUB, FAMILY_NUMERIC, SAME},
    {FAMILY_NUMERIC, EXPR_OP_SUB, FAMILY_INTEGER, SAME},
    {FAMILY_DATETIME, EXPR_OP_ADD, FAMILY_INTERVAL, SAME},
    {FAMILY_DATETIME, EXPR_OP_SUB, FAMILY_INTERVAL, SAME},
    {FAMILY_DATETIME, EXPR_OP_SUB, FAMILY_DATETIME, FAMILY_INTERVAL},
    {FAMILY_DATE, EXPR_OP_ADD, FAMILY_INTEGER, SAME},
    {FAMILY_DATE, EXPR_OP_ADD, FAMILY_INTERVAL, FAMILY_DATETIME},
    {FAMILY_DATE, EXPR_OP_ADD, FAMILY_TIME, FAMILY_DATETIME},
    {FAMILY_DATE, EXPR_OP_SUB, FAMILY_INTEGER, SAME},
    {FAMILY_DATE, EXPR_OP_SUB, FAMILY_DATE, FAMILY_INTEGER},
    {FAMILY_DATE, EXPR_OP_SUB, FAMILY_INTERVAL, FAMILY_DATETIME},
    {FAMILY_DATE, EXPR_OP_SUB, FAMILY_DATETIME, FAMILY_INTERVAL},
    {FAMILY_TIME, EXPR_OP_ADD, FAMILY_DATE, FAMILY_DATETIME},
    {FAMILY_TIME, EXPR_OP_ADD, FAMILY_INTERVAL, SAME},
    {FAMILY_TIME, EXPR_OP_SUB, FAMILY_TIME, FAMILY_INTERVAL},
    {FAMILY_TIME, EXPR_OP_SUB, FAMILY_INTERVAL, SAME},
    {FAMILY_INTERVAL, EXPR_OP_ADD, FAMILY_DATE, FAMILY_DATETIME},
    {FAMILY_INTERVAL, EXPR_OP_ADD, FAMILY_INTERVAL, SAME},
    {FAMILY_INTERVAL, EXPR_OP_ADD, FAMILY_DATETIME, FAMILY_DATETIME},
    {FAMILY_INTERVAL, EXPR_OP_ADD, FAMILY_TIME, FAMILY_TIME},
    {FAMILY_INTERVAL, EXPR_OP_SUB, FAMILY_INTERVAL, SAME},
    {FAMILY_INTERVAL, EXPR_OP_MUL, FAMILY_NUMERIC, SAME},
    {FAMILY_INTERVAL, EXPR_OP_DIV, FAMILY_NUMERIC, SAME},
};

static const struct type *family_type(enum type_family family)
{
    static const enum type_kind kinds[] = {
        [FAMILY_INTEGER] = TYPE_INTEGER,   [FAMILY_NUMERIC] = TYPE_NUMERIC,
        [FAMILY_DATE] = TYPE_DATE,         [FAMILY_DATETIME] = TYPE_DATETIME,
        [FAMILY_TIME] = TYPE_TIME,         [FAMILY_INTERVAL] = TYPE_INTERVAL,
    };
    return expr_type(kinds[family]);
}

/* The left operand's class as the result: SQLAlchemy's self.__class__. Its parameters survive only
 * where the class is the affinity itself. */
static const struct type *same_class(const struct type *left, const struct type *right)
{
    if (type_family(left) != FAMILY_NUMERIC || type_impl(left) != left)
        return left;
    if (left->kind == TYPE_NUMERIC)
        return type_family(right) == FAMILY_NUMERIC ? right : left;
    return expr_type(left->kind);
}

const struct type *expr_result_type(enum expr_op *op, const struct type *left,
                                    const struct type *right)
{
    if (expr_type_is_null(left)) {
        if (expr_type_is_null(right) || !expr_op_is_commutative(*op))
            return left;
        return expr_result_type(op, right, left);
    }
    if (*op == EXPR_OP_ADD && expr_type_is_concatenable(left) &&
        (expr_type_is_concatenable(right) || expr_type_is_null(right))) {
        *op = EXPR_OP_CONCAT;
        return type_family(left) == FAMILY_ENUM ? expr_type(TYPE_STRING) : left;
    }
    for (size_t i = 0; i < sizeof(adaptations) / sizeof(adaptations[0]); i++) {
        const struct adaptation *row = &adaptations[i];
        if (row->left != type_family(left) || row->op != *op || row->right != type_family(right))
            continue;
        if (row->result == SAME)
            return same_class(left, right);
        return row->result == row->right ? right : family_type(row->result);
    }
    return left;
}

const struct type *expr_compared_type(const struct type *side, const struct type *own,
                                      bool is_string)
{
    if (expr_type_is_null(side))
        return own;
    if (side->kind == TYPE_DECORATOR || type_shape(side->kind) == SHAPE_DECORATOR ||
        type_shape(side->kind) == SHAPE_USER || side->kind == TYPE_AUTO_STRING)
        return side;
    if (is_string && (type_family(side) == FAMILY_BINARY || type_family(side) == FAMILY_UUID))
        return side;
    return expr_type_is_null(own) || expr_same_affinity(side, own) ? side : own;
}
