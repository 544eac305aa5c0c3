/*
 * The operators of a column element: what ==, +, .like(), .in_() and the rest build. A row names
 * the Python method, the operator, and its opposite; operators of JSON, ARRAY and the like are in
 * sa_operate_types.c.
 */
#include "config.h"

#include <string.h>

#include "alembic/sa_build.h"
#include "alembic/sa_type.h"
#include "base/str.h"

struct operator_row {
    const char *method;
    enum expr_op op, negation;
    bool reflected; /* self is the right side */
};

/* Comparisons: the result is a boolean. */
static const struct operator_row comparisons[] = {
    {"__eq__", EXPR_OP_EQ, EXPR_OP_NE, false},
    {"__ne__", EXPR_OP_NE, EXPR_OP_EQ, false},
    {"__lt__", EXPR_OP_LT, EXPR_OP_GE, false},
    {"__le__", EXPR_OP_LE, EXPR_OP_GT, false},
    {"__gt__", EXPR_OP_GT, EXPR_OP_LE, false},
    {"__ge__", EXPR_OP_GE, EXPR_OP_LT, false},
    {"is_", EXPR_OP_IS, EXPR_OP_IS, false},
    {"is_not", EXPR_OP_IS_NOT, EXPR_OP_IS_NOT, false},
    {"isnot", EXPR_OP_IS_NOT, EXPR_OP_IS_NOT, false},
    {"is_distinct_from", EXPR_OP_IS_DISTINCT, EXPR_OP_IS_NOT_DISTINCT, false},
    {"is_not_distinct_from", EXPR_OP_IS_NOT_DISTINCT, EXPR_OP_IS_DISTINCT, false},
    {"isnot_distinct_from", EXPR_OP_IS_NOT_DISTINCT, EXPR_OP_IS_DISTINCT, false},
    {"like", EXPR_OP_LIKE, EXPR_OP_NOT_LIKE, false},
    {"not_like", EXPR_OP_NOT_LIKE, EXPR_OP_LIKE, false},
    {"notlike", EXPR_OP_NOT_LIKE, EXPR_OP_LIKE, false},
    {"ilike", EXPR_OP_ILIKE, EXPR_OP_NOT_ILIKE, false},
    {"not_ilike", EXPR_OP_NOT_ILIKE, EXPR_OP_ILIKE, false},
    {"notilike", EXPR_OP_NOT_ILIKE, EXPR_OP_ILIKE, false},
    {"startswith", EXPR_OP_STARTSWITH, EXPR_OP_NOT_STARTSWITH, false},
    {"endswith", EXPR_OP_ENDSWITH, EXPR_OP_NOT_ENDSWITH, false},
    {"contains", EXPR_OP_CONTAINS, EXPR_OP_NOT_CONTAINS, false},
    {"istartswith", EXPR_OP_ISTARTSWITH, EXPR_OP_NOT_ISTARTSWITH, false},
    {"iendswith", EXPR_OP_IENDSWITH, EXPR_OP_NOT_IENDSWITH, false},
    {"icontains", EXPR_OP_ICONTAINS, EXPR_OP_NOT_ICONTAINS, false},
    {"in_", EXPR_OP_IN, EXPR_OP_NOT_IN, false},
    {"not_in", EXPR_OP_NOT_IN, EXPR_OP_IN, false},
    {"notin_", EXPR_OP_NOT_IN, EXPR_OP_IN, false},
    {NULL, EXPR_OP_NONE, EXPR_OP_NONE, false},
};

/* Operations: the result's type depends on both sides. */
static const struct operator_row operations[] = {
    {"__add__", EXPR_OP_ADD, EXPR_OP_NONE, false},
    {"__radd__", EXPR_OP_ADD, EXPR_OP_NONE, true},
    {"__sub__", EXPR_OP_SUB, EXPR_OP_NONE, false},
    {"__rsub__", EXPR_OP_SUB, EXPR_OP_NONE, true},
    {"__mul__", EXPR_OP_MUL, EXPR_OP_NONE, false},
    {"__rmul__", EXPR_OP_MUL, EXPR_OP_NONE, true},
    {"__truediv__", EXPR_OP_DIV, EXPR_OP_NONE, false},
    {"__rtruediv__", EXPR_OP_DIV, EXPR_OP_NONE, true},
    {"__floordiv__", EXPR_OP_FLOOR_DIV, EXPR_OP_NONE, false},
    {"__rfloordiv__", EXPR_OP_FLOOR_DIV, EXPR_OP_NONE, true},
    {"__mod__", EXPR_OP_MOD, EXPR_OP_NONE, false},
    {"__rmod__", EXPR_OP_MOD, EXPR_OP_NONE, true},
    {"concat", EXPR_OP_CONCAT, EXPR_OP_NONE, false},
    {"bitwise_and", EXPR_OP_BIT_AND, EXPR_OP_NONE, false},
    {"bitwise_or", EXPR_OP_BIT_OR, EXPR_OP_NONE, false},
    {"bitwise_xor", EXPR_OP_BIT_XOR, EXPR_OP_NONE, false},
    {"bitwise_lshift", EXPR_OP_LSHIFT, EXPR_OP_NONE, false},
    {"bitwise_rshift", EXPR_OP_RSHIFT, EXPR_OP_NONE, false},
    {NULL, EXPR_OP_NONE, EXPR_OP_NONE, false},
};

static const struct operator_row *find_row(const struct operator_row *rows, const char *method)
{
    while (rows->method && strcmp(rows->method, method) != 0)
        rows++;
    return rows;
}

static struct arena *arena(struct py_run *run)
{
    return py_arena(run);
}

static bool is_collection(const struct expr *e)
{
    return e->kind == EXPR_UNARY &&
           (e->as.unary.op == EXPR_OP_ANY || e->as.unary.op == EXPR_OP_ALL);
}

/* ------------------------------------------------------------------ comparisons */

/* None, True, False and their expressions; NULL for anything else. */
static const struct expr *constant_side(struct py_run *run, struct py_value v)
{
    const struct expr *e = v.kind == PY_OBJECT ? sa_expr_of(run, v) : NULL;

    if (py_is_none(v) || v.kind == PY_BOOL)
        return sa_condition(run, v);
    return e && (e->kind == EXPR_NULL || e->kind == EXPR_TRUE || e->kind == EXPR_FALSE) ? e : NULL;
}

/* Fits the operation to a constant: == None is IS NULL. False: compared as any other value. */
static bool fit_constant(struct py_run *run, const struct expr *side, const struct expr *constant,
                         struct operation *o)
{
    bool truth = constant->kind != EXPR_NULL;

    if ((o->op == EXPR_OP_EQ || o->op == EXPR_OP_NE) && truth)
        return true;
    if (o->op == EXPR_OP_IS_DISTINCT || o->op == EXPR_OP_IS_NOT_DISTINCT || is_collection(side))
        return true;
    if (o->op == EXPR_OP_EQ || o->op == EXPR_OP_IS) {
        o->op = EXPR_OP_IS;
        o->negation = EXPR_OP_IS_NOT;
    } else if (o->op == EXPR_OP_NE || o->op == EXPR_OP_IS_NOT) {
        o->op = EXPR_OP_IS_NOT;
        o->negation = EXPR_OP_IS;
    } else {
        py_raise(run, &sa_argument_error_class,
                 "Only '=', '!=', 'is_()', 'is_not()', 'is_distinct_from()', "
                 "'is_not_distinct_from()' operators can be used with None/True/False");
    }
    return true;
}

static enum expr_op mirrored(enum expr_op op)
{
    switch (op) {
    case EXPR_OP_LT:
        return EXPR_OP_GT;
    case EXPR_OP_LE:
        return EXPR_OP_GE;
    case EXPR_OP_GT:
        return EXPR_OP_LT;
    case EXPR_OP_GE:
        return EXPR_OP_LE;
    default:
        return op;
    }
}

static enum expr_op opposite(enum expr_op op)
{
    for (const struct operator_row *row = comparisons; row->method; row++)
        if (row->op == op)
            return row->negation;
    return EXPR_OP_NONE;
}

/* side op value, as SQLAlchemy compares. ANY and ALL change sides. */
static const struct expr *compare(struct py_run *run, const struct expr *side,
                                  struct operation operation, struct py_value v)
{
    const struct expr *other = constant_side(run, v);
    bool swap = is_collection(side);

    operation.type = operation.type ? operation.type : expr_type(TYPE_BOOLEAN);
    if (swap) {
        operation.op = mirrored(operation.op);
        operation.negation = opposite(operation.op);
    }
    if (other)
        fit_constant(run, side, other, &operation);
    else
        other = sa_other_side(run, side, operation.op, v);
    return swap ? expr_operation(arena(run), other, side, &operation)
                : expr_operation(arena(run), side, other, &operation);
}

static struct py_value method_compare(struct py_run *run, struct py_call *call)
{
    const struct operator_row *row = find_row(comparisons, call->function->name);
    struct operation operation = {.op = row->op, .negation = row->negation};

    return sa_object(run, compare(run, sa_self(run, call), operation, call->args[0]));
}

/* ------------------------------------------------------------------ LIKE */

enum { LIKE_OTHER, LIKE_ESCAPE, LIKE_AUTOESCAPE };
static const struct py_arg like_args[] = {
    [LIKE_OTHER] = PY_REQUIRED("other"),
    [LIKE_ESCAPE] = PY_OPTIONAL("escape"),
    PY_ARGS_END,
};
static const struct py_arg pattern_args[] = {
    [LIKE_OTHER] = PY_REQUIRED("other"),
    [LIKE_ESCAPE] = PY_KEYWORD_ONLY("escape"),
    [LIKE_AUTOESCAPE] = PY_KEYWORD_DEFAULTED("autoescape"),
    PY_ARGS_END,
};

/* The text with what LIKE would take as a wildcard escaped. */
static struct py_value autoescaped(struct py_run *run, struct py_value other, const char *escape)
{
    struct str text = STR_IN(arena(run));

    if (!py_is_str(other))
        py_raise(run, &py_type_error_class, "String value expected when autoescape=True");
    for (const char *p = py_as_string(run, other, "other"); *p; p++) {
        bool own = *p == escape[0] && escape[0] != '%' && escape[0] != '_';
        if (*p == '%' || *p == '_' || own)
            str_add(&text, escape);
        str_addc(&text, *p);
    }
    return py_new_strn(run, text.ptr, text.len);
}

static struct py_value method_like(struct py_run *run, struct py_call *call)
{
    const struct operator_row *row = find_row(comparisons, call->function->name);
    struct operation operation = {.op = row->op, .negation = row->negation};
    struct py_value other = call->args[LIKE_OTHER];
    bool pattern = call->function->args == pattern_args;

    operation.escape = py_as_string_or_null(run, call->args[LIKE_ESCAPE], "escape");
    if (pattern && py_truth(run, call->args[LIKE_AUTOESCAPE])) {
        if (!operation.escape)
            operation.escape = "/";
        other = autoescaped(run, other, operation.escape);
    }
    return sa_object(run, compare(run, sa_self(run, call), operation, other));
}

/* ------------------------------------------------------------------ IN */

/* The literals of an IN list as one bind; each beside its column where the left side is a row. */
static const struct expr *in_values(struct py_run *run, const struct expr *side,
                                    const struct py_tuple *items)
{
    struct expr *list = expr_new(arena(run), EXPR_BIND, NULL);
    const struct literal **at = arena_array(arena(run), items->len, sizeof(*at));
    bool rows = side->kind == EXPR_TUPLE;

    if (!rows && items->len > 0)
        list->type = sa_literal_beside(run, items->items[0], side->type)->type;
    else if (!rows)
        list->type = side->type;
    if (expr_type_is_null(list->type))
        list->type = side->type;
    for (size_t i = 0; i < items->len; i++) {
        py_step(run);
        if (!rows) {
            at[i] = sa_literal_new(run, items->items[i], list->type);
            continue;
        }
        const struct expr *row = sa_other_side(run, side, EXPR_OP_IN, items->items[i]);
        struct literal *l = PY_NEW(run, struct literal);
        const struct literal **cells =
            arena_array(arena(run), row->as.list.items.len, sizeof(*cells));
        for (size_t j = 0; j < row->as.list.items.len; j++) {
            struct literal *cell =
                arena_memdup(arena(run), &row->as.list.items.at[j]->as.bind.value, sizeof(*cell));
            cell->own_type = row->as.list.items.at[j]->type;
            cells[j] = cell;
        }
        *l = (struct literal){.kind = LITERAL_LIST, .items = cells};
        l->item_count = row->as.list.items.len;
        at[i] = l;
    }
    list->as.bind.expanding = true;
    list->as.bind.value = (struct literal){.kind = LITERAL_LIST, .items = at};
    list->as.bind.value.item_count = items->len;
    return list;
}

static const struct expr *in_list(struct py_run *run, const struct expr *side, enum expr_op op,
                                  struct py_value v)
{
    struct py_tuple *items = py_items(run, v);
    struct expr_list mixed = {0};
    bool plain = true;

    for (size_t i = 0; i < items->len; i++)
        plain = plain && !sa_expr_of(run, items->items[i]);
    if (plain)
        return in_values(run, side, items);
    for (size_t i = 0; i < items->len; i++) {
        const struct expr *e = sa_expr_of(run, items->items[i]);
        vec_push(arena(run), &mixed, e ? e : sa_other_side(run, side, op, items->items[i]));
    }
    return expr_joined(arena(run), EXPR_OP_COMMA, &mixed, NULL, false);
}

static const struct expr *in_right(struct py_run *run, const struct expr *side, enum expr_op op,
                                   struct py_value v)
{
    const struct expr *e = sa_expr_of(run, v);
    struct expr *copy;

    if (!e && (v.kind != PY_OBJECT || py_is_str(v) || py_is_bytes(v)))
        py_raise(run, &sa_argument_error_class,
                 "IN expression list, SELECT construct, or bound parameter object expected, got "
                 "%s.",
                 py_repr_text(run, v));
    if (!e)
        return in_list(run, side, op, v);
    if (e->kind == EXPR_BIND) {
        copy = arena_memdup(arena(run), e, sizeof(*e));
        copy->as.bind.expanding = true;
        if (expr_type_is_null(copy->type))
            copy->type = side->type;
        return copy;
    }
    if (e->kind == EXPR_VALUES_TABLE) {
        copy = arena_memdup(arena(run), e, sizeof(*e));
        copy->as.alias.scalar = true;
        return copy;
    }
    if (e->kind >= EXPR_TABLE && e->kind <= EXPR_JOIN) {
        struct select *select = PY_NEW(run, struct select);
        vec_push(arena(run), &select->columns, e);
        copy = expr_new(arena(run), EXPR_SELECT, NULL);
        copy->as.select = select;
        return sa_scalar(run, copy);
    }
    return sa_operand(run, v, NULL);
}

static struct py_value method_in(struct py_run *run, struct py_call *call)
{
    const struct operator_row *row = find_row(comparisons, call->function->name);
    const struct expr *side = sa_self(run, call);
    struct operation operation = {.op = row->op, .negation = row->negation};

    operation.type = expr_type(TYPE_BOOLEAN);
    return sa_object(run, expr_operation(arena(run), side,
                                         in_right(run, side, row->op, call->args[0]), &operation));
}

/* ------------------------------------------------------------------ operations */

static const struct expr *operate(struct py_run *run, const struct expr *self, enum expr_op op,
                                  struct py_value v, bool reflected)
{
    const struct expr *other, *left, *right;
    struct operation operation = {.op = op};

    if (is_collection(self))
        py_raise(run, &sa_argument_error_class,
                 "Only comparison operators may be used with ANY/ALL");
    other = sa_other_side(run, self, op, v);
    left = reflected ? other : self;
    right = reflected ? self : other;
    operation.type = expr_result_type(&operation.op, left->type, right->type);
    return expr_operation(arena(run), left, right, &operation);
}

static struct py_value method_operate(struct py_run *run, struct py_call *call)
{
    const struct operator_row *row = find_row(operations, call->function->name);

    return sa_object(run, operate(run, sa_self(run, call), row->op, call->args[0], row->reflected));
}

static struct py_value method_conjunction(struct py_run *run, struct py_call *call)
{
    const char *name = call->function->name;
    bool is_or = strstr(name, "or__") != NULL, reflected = name[2] == 'r' && name[3] != '_';
    const struct expr *self = sa_self(run, call);
    const struct expr *other = sa_condition(run, call->args[0]);
    struct expr_list both = {0};

    if (strcmp(name, "__or__") == 0)
        reflected = false;
    vec_push(arena(run), &both, reflected ? other : self);
    vec_push(arena(run), &both, reflected ? self : other);
    return sa_object(run, expr_conjunction(arena(run), is_or ? EXPR_OP_OR : EXPR_OP_AND, &both));
}

static struct py_value method_invert(struct py_run *run, struct py_call *call)
{
    return sa_object(run, expr_not(arena(run), sa_self(run, call)));
}

static struct py_value method_unsupported(struct py_run *run, struct py_call *call)
{
    const char *name = call->function->name;

    py_raise(run, &py_not_implemented_error_class,
             "Operator '%s' is not supported on this expression",
             strcmp(name, "__contains__") == 0 ? "contains"
             : strstr(name, "lshift")          ? "lshift"
                                               : "rshift");
}

static struct py_value method_prefix(struct py_run *run, struct py_call *call)
{
    static const struct operator_row rows[] = {
        {"__neg__", EXPR_OP_NEG, EXPR_OP_NONE, false},
        {"bitwise_not", EXPR_OP_BIT_NOT, EXPR_OP_NONE, false},
        {"distinct", EXPR_OP_DISTINCT, EXPR_OP_NONE, false},
        {NULL, EXPR_OP_NONE, EXPR_OP_NONE, false},
    };
    const struct expr *self = sa_self(run, call);

    return sa_object(run, expr_unary(arena(run), find_row(rows, call->function->name)->op,
                                     EXPR_OP_NONE, NULL, self, self->type));
}

static struct py_value method_order(struct py_run *run, struct py_call *call)
{
    static const struct operator_row rows[] = {
        {"desc", EXPR_OP_DESC, EXPR_OP_NONE, false},
        {"asc", EXPR_OP_ASC, EXPR_OP_NONE, false},
        {"nulls_first", EXPR_OP_NULLS_FIRST, EXPR_OP_NONE, false},
        {"nullsfirst", EXPR_OP_NULLS_FIRST, EXPR_OP_NONE, false},
        {"nulls_last", EXPR_OP_NULLS_LAST, EXPR_OP_NONE, false},
        {"nullslast", EXPR_OP_NULLS_LAST, EXPR_OP_NONE, false},
        {NULL, EXPR_OP_NONE, EXPR_OP_NONE, false},
    };
    return sa_object(run, expr_unary(arena(run), EXPR_OP_NONE,
                                     find_row(rows, call->function->name)->op, NULL,
                                     sa_self(run, call), NULL));
}

static struct py_value method_collection(struct py_run *run, struct py_call *call)
{
    enum expr_op op = strcmp(call->function->name, "any_") == 0 ? EXPR_OP_ANY : EXPR_OP_ALL;
    const struct expr *self = expr_group(arena(run), sa_self(run, call), EXPR_OP_NONE, NULL);

    return sa_object(run, expr_unary(arena(run), op, EXPR_OP_NONE, NULL, self,
                                     expr_type(TYPE_BOOLEAN)));
}

/* ------------------------------------------------------------------ the rest */

enum { BETWEEN_LEFT, BETWEEN_RIGHT, BETWEEN_SYMMETRIC };
static const struct py_arg between_args[] = {
    [BETWEEN_LEFT] = PY_REQUIRED("cleft"),
    [BETWEEN_RIGHT] = PY_REQUIRED("cright"),
    [BETWEEN_SYMMETRIC] = PY_DEFAULTED("symmetric"),
    PY_ARGS_END,
};

static struct py_value method_between(struct py_run *run, struct py_call *call)
{
    const struct expr *self = sa_self(run, call);
    struct expr_list bounds = {0};
    struct operation operation = {.op = EXPR_OP_BETWEEN, .negation = EXPR_OP_NOT_BETWEEN};

    vec_push(arena(run), &bounds, sa_other_side(run, self, EXPR_OP_AND, call->args[BETWEEN_LEFT]));
    vec_push(arena(run), &bounds, sa_other_side(run, self, EXPR_OP_AND, call->args[BETWEEN_RIGHT]));
    operation.symmetric = py_truth(run, call->args[BETWEEN_SYMMETRIC]);
    return sa_object(run, expr_binary(arena(run), self,
                                      expr_joined(arena(run), EXPR_OP_AND, &bounds, NULL, true),
                                      &operation));
}

static const struct py_arg match_args[] = {
    PY_REQUIRED("other"),
    PY_KEYWORD_ONLY("postgresql_regconfig"),
    PY_ARGS_END,
};

static struct py_value method_match(struct py_run *run, struct py_call *call)
{
    struct operation operation = {.op = EXPR_OP_MATCH, .negation = EXPR_OP_NOT_MATCH};

    operation.regconfig = py_as_string_or_null(run, call->args[1], "postgresql_regconfig");
    return sa_object(run, compare(run, sa_self(run, call), operation, call->args[0]));
}

enum { REGEXP_PATTERN, REGEXP_FLAGS };
static const struct py_arg regexp_args[] = {
    [REGEXP_PATTERN] = PY_REQUIRED("pattern"),
    [REGEXP_FLAGS] = PY_OPTIONAL("flags"),
    PY_ARGS_END,
};

static struct py_value method_regexp(struct py_run *run, struct py_call *call)
{
    const struct expr *self = sa_self(run, call);
    struct operation operation = {.op = EXPR_OP_REGEXP, .negation = EXPR_OP_NOT_REGEXP};

    operation.flags = py_as_string_or_null(run, call->args[REGEXP_FLAGS], "flags");
    return sa_object(run, expr_binary(arena(run), self,
                                      sa_other_side(run, self, EXPR_OP_COMMA,
                                                    call->args[REGEXP_PATTERN]),
                                      &operation));
}

enum { REPLACE_PATTERN, REPLACE_WITH, REPLACE_FLAGS };
static const struct py_arg regexp_replace_args[] = {
    [REPLACE_PATTERN] = PY_REQUIRED("pattern"),
    [REPLACE_WITH] = PY_REQUIRED("replacement"),
    [REPLACE_FLAGS] = PY_OPTIONAL("flags"),
    PY_ARGS_END,
};

static struct py_value method_regexp_replace(struct py_run *run, struct py_call *call)
{
    const struct expr *self = sa_self(run, call);
    struct operation operation = {.op = EXPR_OP_REGEXP_REPLACE};
    struct expr_list pair = {0};

    vec_push(arena(run), &pair,
             sa_other_side(run, self, EXPR_OP_COMMA, call->args[REPLACE_PATTERN]));
    vec_push(arena(run), &pair, sa_other_side(run, self, EXPR_OP_COMMA, call->args[REPLACE_WITH]));
    operation.flags = py_as_string_or_null(run, call->args[REPLACE_FLAGS], "flags");
    return sa_object(run, expr_binary(arena(run), self,
                                      expr_joined(arena(run), EXPR_OP_COMMA, &pair, NULL, true),
                                      &operation));
}

static const struct py_arg name_args[] = {PY_REQUIRED("name"), PY_ARGS_END};
static const struct py_arg collate_args[] = {PY_REQUIRED("collation"), PY_ARGS_END};
static const struct py_arg other_args[] = {PY_REQUIRED("other"), PY_ARGS_END};
static const struct py_arg type_args[] = {PY_REQUIRED("type_"), PY_ARGS_END};

static struct py_value method_collate(struct py_run *run, struct py_call *call)
{
    const struct expr *self = sa_self(run, call);
    struct expr *collation = expr_new(arena(run), EXPR_COLLATION, NULL);
    struct operation operation = {.op = EXPR_OP_COLLATE, .type = self->type};

    collation->as.name = sa_name(run, call->args[0], "collation");
    return sa_object(run, expr_binary(arena(run), self, collation, &operation));
}

static struct py_value method_label(struct py_run *run, struct py_call *call)
{
    return sa_object(run, sa_label(run, sa_self(run, call), call->args[0]));
}

static struct py_value method_cast(struct py_run *run, struct py_call *call)
{
    struct expr *cast = expr_new(arena(run), EXPR_CAST, sa_type_of(run, call->args[0]));

    cast->as.cast.operand = sa_self(run, call);
    return sa_object(run, cast);
}

/* ------------------------------------------------------------------ .op() */

/* What .op("...") answers: called with the other side, it makes the operation. */
struct custom_call {
    struct custom_op op;
    const struct expr *left;
    const struct type *return_type;
};

enum { OP_STRING, OP_PRECEDENCE, OP_IS_COMPARISON, OP_RETURN_TYPE, OP_IMPL };
static const struct py_arg op_args[] = {
    [OP_STRING] = PY_REQUIRED("opstring"),
    [OP_PRECEDENCE] = PY_DEFAULTED("precedence"),
    [OP_IS_COMPARISON] = PY_DEFAULTED("is_comparison"),
    [OP_RETURN_TYPE] = PY_OPTIONAL("return_type"),
    [OP_IMPL] = PY_OPTIONAL("python_impl"),
    PY_ARGS_END,
};
enum { BOOL_OP_STRING, BOOL_OP_PRECEDENCE, BOOL_OP_IMPL };
static const struct py_arg bool_op_args[] = {
    [BOOL_OP_STRING] = PY_REQUIRED("opstring"),
    [BOOL_OP_PRECEDENCE] = PY_DEFAULTED("precedence"),
    [BOOL_OP_IMPL] = PY_OPTIONAL("python_impl"),
    PY_ARGS_END,
};

static struct py_value new_custom(struct py_run *run, struct py_call *call)
{
    bool is_bool = call->function->args == bool_op_args;
    struct py_value precedence = call->args[OP_PRECEDENCE], made;
    void *payload;
    struct custom_call *custom;

    made = py_new(run, &sa_custom_op_class, &payload);
    custom = payload;
    custom->op.text = py_as_string(run, call->args[OP_STRING], "opstring");
    if (!py_is_absent(precedence))
        custom->op.precedence = (int)py_as_int64(run, precedence, "precedence");
    custom->op.is_comparison = is_bool || py_truth(run, call->args[OP_IS_COMPARISON]);
    custom->left = sa_self(run, call);
    custom->return_type =
        is_bool ? expr_type(TYPE_BOOLEAN) : sa_type_argument(run, call->args[OP_RETURN_TYPE]);
    return made;
}

static struct py_value custom_called(struct py_run *run, struct py_call *call)
{
    struct custom_call *custom = py_require_payload(run, call->self, &sa_custom_op_class, "self");
    const struct expr *right =
        sa_other_side(run, custom->left, EXPR_OP_CUSTOM, call->args[0]);
    struct operation operation = {.op = EXPR_OP_CUSTOM, .custom = &custom->op};
    enum expr_op op = EXPR_OP_CUSTOM;

    operation.type = custom->return_type ? custom->return_type
                     : custom->op.is_comparison
                         ? expr_type(TYPE_BOOLEAN)
                         : expr_result_type(&op, custom->left->type, right->type);
    return sa_object(run, expr_operation(arena(run), custom->left, right, &operation));
}

static const struct py_member custom_members[] = {
    PY_METHOD("__call__", custom_called, other_args),
    PY_MEMBERS_END,
};

const struct py_native_class sa_custom_op_class = {
    .name = "custom_op",
    .module = "sqlalchemy.sql.operators",
    .members = custom_members,
    .payload_size = sizeof(struct custom_call),
};

#define COMPARE(n) PY_METHOD(n, method_compare, other_args)
#define OPERATE(n) PY_METHOD(n, method_operate, other_args)
#define LIKE(n) PY_METHOD(n, method_like, like_args)
#define PATTERN(n) PY_METHOD(n, method_like, pattern_args)
#define PREFIX(n) PY_FUNCTION_N(n, method_prefix, 0, 0)
#define ORDER(n) PY_FUNCTION_N(n, method_order, 0, 0)

const struct py_member sa_operator_members[] = {
    COMPARE("__eq__"),
    COMPARE("__ne__"),
    COMPARE("__lt__"),
    COMPARE("__le__"),
    COMPARE("__gt__"),
    COMPARE("__ge__"),
    COMPARE("is_"),
    COMPARE("is_not"),
    COMPARE("isnot"),
    COMPARE("is_distinct_from"),
    COMPARE("is_not_distinct_from"),
    COMPARE("isnot_distinct_from"),
    LIKE("like"),
    LIKE("not_like"),
    LIKE("notlike"),
    LIKE("ilike"),
    LIKE("not_ilike"),
    LIKE("notilike"),
    PATTERN("startswith"),
    PATTERN("endswith"),
    PATTERN("istartswith"),
    PATTERN("iendswith"),
    PATTERN("icontains"),
    PY_METHOD("in_", method_in, other_args),
    PY_METHOD("not_in", method_in, other_args),
    PY_METHOD("notin_", method_in, other_args),
    OPERATE("__add__"),
    OPERATE("__radd__"),
    OPERATE("__sub__"),
    OPERATE("__rsub__"),
    OPERATE("__mul__"),
    OPERATE("__rmul__"),
    OPERATE("__truediv__"),
    OPERATE("__rtruediv__"),
    OPERATE("__floordiv__"),
    OPERATE("__rfloordiv__"),
    OPERATE("__mod__"),
    OPERATE("__rmod__"),
    OPERATE("concat"),
    OPERATE("bitwise_and"),
    OPERATE("bitwise_or"),
    OPERATE("bitwise_xor"),
    OPERATE("bitwise_lshift"),
    OPERATE("bitwise_rshift"),
    PY_METHOD("__and__", method_conjunction, other_args),
    PY_METHOD("__rand__", method_conjunction, other_args),
    PY_METHOD("__or__", method_conjunction, other_args),
    PY_METHOD("__ror__", method_conjunction, other_args),
    PY_FUNCTION_N("__invert__", method_invert, 0, 0),
    PY_METHOD("__lshift__", method_unsupported, other_args),
    PY_METHOD("__rshift__", method_unsupported, other_args),
    PY_METHOD("__contains__", method_unsupported, other_args),
    PREFIX("__neg__"),
    PREFIX("bitwise_not"),
    PREFIX("distinct"),
    ORDER("desc"),
    ORDER("asc"),
    ORDER("nulls_first"),
    ORDER("nullsfirst"),
    ORDER("nulls_last"),
    ORDER("nullslast"),
    PY_FUNCTION_N("any_", method_collection, 0, 0),
    PY_FUNCTION_N("all_", method_collection, 0, 0),
    PY_METHOD("between", method_between, between_args),
    PY_METHOD("match", method_match, match_args),
    PY_METHOD("regexp_match", method_regexp, regexp_args),
    PY_METHOD("regexp_replace", method_regexp_replace, regexp_replace_args),
    PY_METHOD("collate", method_collate, collate_args),
    PY_METHOD("label", method_label, name_args),
    PY_METHOD("cast", method_cast, type_args),
    PY_METHOD("op", new_custom, op_args),
    PY_METHOD("bool_op", new_custom, bool_op_args),
    PY_MEMBERS_END,
};

/* .contains() of text; other types have their own (sa_operate_types.c). */
const struct expr *sa_text_contains(struct py_run *run, struct py_call *call)
{
    struct operation operation = {.op = EXPR_OP_CONTAINS, .negation = EXPR_OP_NOT_CONTAINS};
    struct py_value other = call->args[LIKE_OTHER];

    operation.escape = py_as_string_or_null(run, call->args[LIKE_ESCAPE], "escape");
    if (py_truth(run, call->args[LIKE_AUTOESCAPE])) {
        if (!operation.escape)
            operation.escape = "/";
        other = autoescaped(run, other, operation.escape);
    }
    return compare(run, sa_self(run, call), operation, other);
}
