/* sqlalchemy.sql.expression: the functions of the expression language, and the module itself. */
#include "config.h"

#include <string.h>

#include "alembic/sa_dml.h"
#include "alembic/sa_type.h"
#include "base/str.h"

/* ------------------------------------------------------------------ text, literals, binds */

static const struct py_arg text_args[] = {
    PY_REQUIRED("text"),
    PY_OPTIONAL("bind"),
    PY_ARGS_END,
};

static struct py_value make_text(struct py_run *run, struct py_call *call)
{
    return sa_object(run, expr_text(py_arena(run), py_as_string(run, call->args[0], "text")));
}

static const struct py_arg literal_args[] = {
    PY_REQUIRED("value"),
    PY_OPTIONAL("type_"),
    PY_DEFAULTED("literal_execute"),
    PY_ARGS_END,
};

static struct py_value make_literal(struct py_run *run, struct py_call *call)
{
    const struct type *type = sa_type_argument(run, call->args[1]);
    const struct literal *l;

    if (sa_expr_of(run, call->args[0]))
        sa_expected(run, "Literal Python value", call->args[0]);
    l = sa_literal_new(run, call->args[0], type);
    return sa_object(run, expr_literal(py_arena(run), *l, type ? type : l->own_type));
}

static const struct py_arg column_args[] = {
    PY_REQUIRED("text"),
    PY_OPTIONAL("type_"),
    PY_ARGS_END,
};

static struct py_value make_literal_column(struct py_run *run, struct py_call *call)
{
    struct expr *e = expr_column(py_arena(run), sa_name(run, call->args[0], "text"),
                                 sa_type_argument(run, call->args[1]), NULL, NULL);
    e->as.column.is_literal = true;
    return sa_object(run, e);
}

enum { BIND_KEY, BIND_VALUE, BIND_TYPE, BIND_UNIQUE, BIND_REQUIRED, BIND_QUOTE, BIND_CALLABLE,
       BIND_EXPANDING };
static const struct py_arg bind_args[] = {
    [BIND_KEY] = PY_REQUIRED("key"),
    [BIND_VALUE] = PY_DEFAULTED("value"),
    [BIND_TYPE] = PY_OPTIONAL("type_"),
    [BIND_UNIQUE] = PY_DEFAULTED("unique"),
    [BIND_REQUIRED] = PY_DEFAULTED("required"),
    [BIND_QUOTE] = PY_OPTIONAL("quote"),
    [BIND_CALLABLE] = PY_OPTIONAL("callable_"),
    [BIND_EXPANDING] = PY_DEFAULTED("expanding"),
    PY_DEFAULTED("isoutparam"),
    PY_DEFAULTED("literal_execute"),
    PY_ARGS_END,
};

static struct py_value make_bindparam(struct py_run *run, struct py_call *call)
{
    const struct type *type = sa_type_argument(run, call->args[BIND_TYPE]);
    struct expr *e = expr_new(py_arena(run), EXPR_BIND, type);
    struct py_value value = call->args[BIND_VALUE];

    e->as.bind.key = py_as_string_or_null(run, call->args[BIND_KEY], "key");
    if (!py_is_unset(call->args[BIND_CALLABLE]))
        value = py_call(run, call->args[BIND_CALLABLE], NULL, 0, NULL);
    if (!py_is_absent(value)) {
        const struct literal *l = sa_literal_new(run, value, type);
        e->as.bind.value = *l;
        if (!type)
            e->type = l->own_type;
    }
    e->as.bind.expanding = py_truth(run, call->args[BIND_EXPANDING]);
    if (e->as.bind.expanding && !type && e->as.bind.value.kind == LITERAL_LIST &&
        e->as.bind.value.item_count > 0)
        e->type = e->as.bind.value.items[0]->own_type;
    return sa_object(run, e);
}

static struct py_value make_constant(struct py_run *run, struct py_call *call)
{
    static const struct {
        const char *name;
        enum expr_kind kind;
    } rows[] = {{"null", EXPR_NULL}, {"true", EXPR_TRUE}, {"false", EXPR_FALSE}};

    for (size_t i = 0; i < 3; i++)
        if (strcmp(rows[i].name, call->function->name) == 0)
            return sa_object(run, expr_new(py_arena(run), rows[i].kind,
                                           i ? expr_type(TYPE_BOOLEAN) : NULL));
    return py_none();
}

/* ------------------------------------------------------------------ AND, OR, NOT */

static struct py_value make_conjunction(struct py_run *run, struct py_call *call)
{
    bool is_or = strcmp(call->function->name, "or_") == 0;
    struct expr_list conditions = {0};

    for (size_t i = 0; i < call->count; i++) {
        if (py_isinstance(run, call->args[i], &py_generator_class)) {
            struct py_tuple *items = py_items(run, call->args[i]);
            for (size_t j = 0; j < items->len; j++)
                vec_push(py_arena(run), &conditions, sa_condition(run, items->items[j]));
        } else {
            vec_push(py_arena(run), &conditions, sa_condition(run, call->args[i]));
        }
    }
    return sa_object(run, expr_conjunction(py_arena(run), is_or ? EXPR_OP_OR : EXPR_OP_AND,
                                           &conditions));
}

static const struct py_arg clause_args[] = {PY_REQUIRED("clause"), PY_ARGS_END};

static struct py_value make_not(struct py_run *run, struct py_call *call)
{
    struct py_value v = call->args[0];
    const struct expr *e = sa_expr_of(run, v);

    if (!e)
        e = v.kind == PY_BOOL || py_is_none(v) ? sa_condition(run, v) : sa_operand(run, v, NULL);
    if (e->kind == EXPR_TEXT)
        py_raise(run, &py_assertion_error_class, "%s", "");
    return sa_object(run, expr_not(py_arena(run), sa_is_query(e) ? sa_scalar(run, e) : e));
}

/* ------------------------------------------------------------------ functions of one element */

/* f(x, ...) that is x.f(...): the first argument may be a value. */
static struct py_value make_by_method(struct py_run *run, struct py_call *call)
{
    static const char *const methods[][2] = {
        {"collate", "collate"},     {"distinct", "distinct"},       {"any_", "any_"},
        {"all_", "all_"},           {"between", "between"},         {"bitwise_not", "bitwise_not"},
        {"within_group", "within_group"}, {"funcfilter", "filter"}, {"over", "over"},
    };
    const char *method = call->function->name;
    struct py_value self;

    if (call->count == 0)
        py_raise(run, &py_type_error_class, "%s() missing 1 required positional argument: 'expr'",
                 method);
    for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++)
        if (strcmp(methods[i][0], method) == 0)
            method = methods[i][1];
    self = sa_object(run, sa_operand(run, call->args[0], NULL));
    return py_call(run, py_getattr(run, self, method), call->args + 1, call->count - 1,
                   call->kwargs);
}

static const struct py_arg column_arg[] = {PY_REQUIRED("column"), PY_ARGS_END};

static struct py_value make_order(struct py_run *run, struct py_call *call)
{
    const char *name = call->function->name;
    enum expr_op op = strcmp(name, "desc") == 0               ? EXPR_OP_DESC
                      : strcmp(name, "asc") == 0              ? EXPR_OP_ASC
                      : strstr(name, "first") != NULL         ? EXPR_OP_NULLS_FIRST
                                                              : EXPR_OP_NULLS_LAST;
    return sa_object(run, expr_unary(py_arena(run), EXPR_OP_NONE, op, NULL,
                                     sa_sort_key(run, call->args[0], false), NULL));
}

static const struct py_arg label_args[] = {
    PY_REQUIRED("name"),
    PY_REQUIRED("element"),
    PY_OPTIONAL("type_"),
    PY_ARGS_END,
};

static struct py_value make_label(struct py_run *run, struct py_call *call)
{
    return sa_object(run, sa_label(run, sa_operand(run, call->args[1], NULL), call->args[0]));
}

static const struct py_arg cast_args[] = {
    PY_REQUIRED("expression"),
    PY_REQUIRED("type_"),
    PY_ARGS_END,
};

static struct py_value make_cast(struct py_run *run, struct py_call *call)
{
    const struct type *type = sa_type_of(run, call->args[1]);
    bool coerce = strcmp(call->function->name, "type_coerce") == 0;
    const struct expr *operand = sa_operand(run, call->args[0], type);
    struct expr *e = expr_new(py_arena(run), coerce ? EXPR_TYPE_COERCE : EXPR_CAST, type);

    if (coerce)
        e->as.inner = operand;
    else
        e->as.cast.operand = operand;
    return sa_object(run, e);
}

static const struct py_arg extract_args[] = {
    PY_REQUIRED("field"),
    PY_REQUIRED("expr"),
    PY_ARGS_END,
};

static struct py_value make_extract(struct py_run *run, struct py_call *call)
{
    struct expr *e = expr_new(py_arena(run), EXPR_EXTRACT, expr_type(TYPE_INTEGER));

    e->as.extract.field = py_as_string(run, call->args[0], "field");
    e->as.extract.operand = sa_operand(run, call->args[1], NULL);
    return sa_object(run, e);
}

/* ------------------------------------------------------------------ CASE, rows */

enum { CASE_WHENS, CASE_VALUE, CASE_ELSE };
static const struct py_arg case_args[] = {
    [CASE_WHENS] = PY_REST("whens"),
    [CASE_VALUE] = PY_KEYWORD_ONLY("value"),
    [CASE_ELSE] = PY_KEYWORD_ONLY("else_"),
    PY_ARGS_END,
};

static void add_when(struct py_run *run, struct case_when *when, struct py_value condition,
                     struct py_value result)
{
    when->condition =
        expr_group(py_arena(run), sa_operand(run, condition, NULL), EXPR_OP_NONE, NULL);
    when->result = sa_operand(run, result, NULL);
}

/* The type of the last result that has one, else that of ELSE. */
static const struct type *case_type(const struct expr *e)
{
    for (size_t i = e->as.case_.when_count; i-- > 0;)
        if (!expr_type_is_null(e->as.case_.whens[i].result->type))
            return e->as.case_.whens[i].result->type;
    return e->as.case_.otherwise ? e->as.case_.otherwise->type : NULL;
}

static struct py_value make_case(struct py_run *run, struct py_call *call)
{
    struct py_tuple *whens = sa_arguments(run, call->args[CASE_WHENS]);
    struct expr *e = expr_new(py_arena(run), EXPR_CASE, NULL);
    VEC(struct case_when) rows = {0};
    struct py_value key, value;

    if (whens->len == 1 && py_is_dict(whens->items[0])) {
        for (size_t i = 0; py_dict_next(py_dict_of(whens->items[0]), &i, &key, &value);) {
            struct case_when when;
            add_when(run, &when, key, value);
            vec_push(py_arena(run), &rows, when);
        }
    } else {
        for (size_t i = 0; i < whens->len; i++) {
            struct py_tuple *pair = py_items(run, whens->items[i]);
            struct case_when when;
            if (pair->len != 2)
                py_raise(run, &py_value_error_class, "not enough values to unpack");
            add_when(run, &when, pair->items[0], pair->items[1]);
            vec_push(py_arena(run), &rows, when);
        }
    }
    e->as.case_.whens = rows.at;
    e->as.case_.when_count = rows.len;
    if (!py_is_unset(call->args[CASE_VALUE]))
        e->as.case_.value = sa_operand(run, call->args[CASE_VALUE], NULL);
    if (!py_is_unset(call->args[CASE_ELSE]))
        e->as.case_.otherwise = sa_operand(run, call->args[CASE_ELSE], NULL);
    e->type = case_type(e);
    return sa_object(run, e);
}

enum { TUPLE_CLAUSES, TUPLE_TYPES };
static const struct py_arg tuple_args[] = {
    [TUPLE_CLAUSES] = PY_REST("clauses"),
    [TUPLE_TYPES] = PY_KEYWORD_ONLY("types"),
    PY_ARGS_END,
};

static struct py_value make_tuple(struct py_run *run, struct py_call *call)
{
    struct py_tuple *items = py_tuple_of(call->args[TUPLE_CLAUSES]);
    struct py_tuple *types =
        py_is_unset(call->args[TUPLE_TYPES]) ? NULL : py_items(run, call->args[TUPLE_TYPES]);
    struct expr *e = expr_new(py_arena(run), EXPR_TUPLE, NULL);

    e->as.list.op = EXPR_OP_COMMA;
    for (size_t i = 0; i < items->len; i++)
        vec_push(py_arena(run), &e->as.list.items,
                 sa_operand(run, items->items[i],
                            types && i < types->len ? sa_type_of(run, types->items[i]) : NULL));
    return sa_object(run, e);
}

/* ------------------------------------------------------------------ functions of FROM */

/* alias(x, ...), join(left, right, ...) and the like: methods of their first argument. */
static struct py_value make_from(struct py_run *run, struct py_call *call)
{
    const char *method = call->function->name;

    if (call->count == 0)
        py_raise(run, &py_type_error_class, "%s() missing 1 required positional argument",
                 method);
    return py_call(run, py_getattr(run, call->args[0], method), call->args + 1, call->count - 1,
                   call->kwargs);
}

/* ------------------------------------------------------------------ the module */

#define CONSTANT(n) PY_FUNCTION_N(n, make_constant, 0, 0)
#define BY_METHOD(n) PY_FUNCTION_ANY(n, make_by_method)
#define ORDER(n) PY_FUNCTION(n, make_order, column_arg)
#define COMPOUND(n) PY_FUNCTION_N(n, sa_new_compound, 0, -1)
#define FROM(n) PY_FUNCTION_ANY(n, make_from)

static const struct py_member members[] = {
    PY_FUNCTION("text", make_text, text_args),
    PY_FUNCTION("literal", make_literal, literal_args),
    PY_FUNCTION("literal_column", make_literal_column, column_args),
    PY_FUNCTION("bindparam", make_bindparam, bind_args),
    CONSTANT("null"),
    CONSTANT("true"),
    CONSTANT("false"),
    PY_FUNCTION_N("and_", make_conjunction, 0, -1),
    PY_FUNCTION_N("or_", make_conjunction, 0, -1),
    PY_FUNCTION("not_", make_not, clause_args),
    BY_METHOD("collate"),
    BY_METHOD("distinct"),
    BY_METHOD("any_"),
    BY_METHOD("all_"),
    BY_METHOD("between"),
    BY_METHOD("bitwise_not"),
    BY_METHOD("within_group"),
    BY_METHOD("funcfilter"),
    BY_METHOD("over"),
    ORDER("asc"),
    ORDER("desc"),
    ORDER("nulls_first"),
    ORDER("nulls_last"),
    ORDER("nullsfirst"),
    ORDER("nullslast"),
    PY_FUNCTION("label", make_label, label_args),
    PY_FUNCTION("cast", make_cast, cast_args),
    PY_FUNCTION("type_coerce", make_cast, cast_args),
    PY_FUNCTION("extract", make_extract, extract_args),
    PY_FUNCTION("case", make_case, case_args),
    PY_FUNCTION("tuple_", make_tuple, tuple_args),
    PY_FUNCTION_ANY("exists", sa_new_exists),
    PY_FUNCTION_ANY("select", sa_new_select),
    COMPOUND("union"),
    COMPOUND("union_all"),
    COMPOUND("except_"),
    COMPOUND("except_all"),
    COMPOUND("intersect"),
    COMPOUND("intersect_all"),
    PY_FUNCTION_ANY("insert", sa_new_insert),
    PY_FUNCTION_ANY("update", sa_new_update),
    PY_FUNCTION_ANY("delete", sa_new_delete),
    FROM("alias"),
    FROM("cte"),
    FROM("join"),
    FROM("lateral"),
    FROM("outerjoin"),
    FROM("tablesample"),
    PY_CLASS("column", &sa_column_clause_class),
    PY_CLASS("table", &sa_table_clause_class),
    PY_CLASS("values", &sa_values_class),
    PY_CLASS("quoted_name", &sa_quoted_name_class),
    PY_CLASS("conv", &sa_conv_class),
    PY_VALUE("func", sa_func),
    PY_CLASS("BinaryExpression", &sa_binary_class),
    PY_CLASS("BindParameter", &sa_bind_class),
    PY_CLASS("ClauseElement", &sa_clause_element_class),
    PY_CLASS("ColumnClause", &sa_column_clause_class),
    PY_CLASS("ColumnCollection", &sa_column_collection_class),
    PY_CLASS("ColumnElement", &sa_column_element_class),
    PY_CLASS("Delete", &sa_delete_class),
    PY_CLASS("Executable", &sa_clause_element_class),
    PY_CLASS("FromClause", &sa_from_clause_class),
    PY_CLASS("Function", &sa_function_class),
    PY_CLASS("FunctionElement", &sa_function_class),
    PY_CLASS("Insert", &sa_insert_class),
    PY_CLASS("Label", &sa_label_class),
    PY_CLASS("Select", &sa_select_class),
    PY_CLASS("Selectable", &sa_from_clause_class),
    PY_CLASS("Subquery", &sa_subquery_class),
    PY_CLASS("CTE", &sa_cte_class),
    PY_CLASS("Alias", &sa_alias_class),
    PY_CLASS("Join", &sa_join_class),
    PY_CLASS("TableClause", &sa_table_clause_class),
    PY_CLASS("TextClause", &sa_text_clause_class),
    PY_CLASS("Update", &sa_update_class),
    PY_MEMBERS_END,
};

const struct py_native_module sa_expression_module = {
    .name = "sqlalchemy.sql.expression",
    .members = members,
};

struct py_value sa_expr_export(struct py_run *run, struct py_call *call)
{
    return py_getattr(run, py_import(run, "sqlalchemy.sql.expression"), call->function->name);
}
