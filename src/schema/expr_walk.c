#include "config.h"

#include "schema/expr.h"

static const struct expr *first_of(const struct expr_list *items)
{
    const struct expr *found = NULL;
    for (size_t i = 0; i < items->len && !found; i++)
        found = expr_first_column(items->at[i]);
    return found;
}

static const struct expr *first_of_case(const struct expr *e)
{
    const struct expr *found = expr_first_column(e->as.case_.value);
    for (size_t i = 0; i < e->as.case_.when_count && !found; i++) {
        found = expr_first_column(e->as.case_.whens[i].condition);
        if (!found)
            found = expr_first_column(e->as.case_.whens[i].result);
    }
    return found ? found : expr_first_column(e->as.case_.otherwise);
}

const struct expr *expr_first_column(const struct expr *e)
{
    const struct expr *found;
    if (!e)
        return NULL;
    switch (e->kind) {
    case EXPR_COLUMN:
        return e->as.column.is_literal ? NULL : e;
    case EXPR_GROUPING:
    case EXPR_TYPE_COERCE:
        return expr_first_column(e->as.inner);
    case EXPR_UNARY:
    case EXPR_AS_BOOLEAN:
        return expr_first_column(e->as.unary.operand);
    case EXPR_BINARY:
        found = expr_first_column(e->as.binary.left);
        return found ? found : expr_first_column(e->as.binary.right);
    case EXPR_LIST:
    case EXPR_TUPLE:
    case EXPR_ARRAY:
        return first_of(&e->as.list.items);
    case EXPR_FUNCTION:
        return first_of(&e->as.function.args);
    case EXPR_CAST:
        return expr_first_column(e->as.cast.operand);
    case EXPR_CASE:
        return first_of_case(e);
    case EXPR_EXTRACT:
        return expr_first_column(e->as.extract.operand);
    case EXPR_LABEL:
        return expr_first_column(e->as.label.element);
    case EXPR_SLICE:
        found = expr_first_column(e->as.slice.start);
        return found ? found : expr_first_column(e->as.slice.stop);
    default:
        return NULL;
    }
}
