/* The classes of expressions, and which class an expression's Python object has. */
#include "config.h"

#include <string.h>

#include "alembic/sa_build.h"
#include "alembic/sa_compile.h"
#include "alembic/sa_type.h"
#include "base/str.h"
#include "schema/op.h"

struct py_value sa_element_new(struct py_run *run, const struct py_native_class *cls,
                               const struct expr *expr)
{
    void *payload;
    struct py_value v = py_new(run, cls, &payload);

    ((struct sa_element *)payload)->expr = expr;
    return v;
}

struct py_value sa_object(struct py_run *run, const struct expr *expr)
{
    switch (expr->kind) {
    case EXPR_TEXT:
        return sa_element_new(run, &sa_text_clause_class, expr);
    case EXPR_BIND:
        return sa_element_new(run, &sa_bind_class, expr);
    case EXPR_COLUMN:
        return sa_element_new(run, expr->as.column.is_schema ? &sa_column_proxy_class
                                                             : &sa_column_clause_class,
                              expr);
    case EXPR_BINARY:
        return sa_element_new(run, &sa_binary_class, expr);
    case EXPR_LABEL:
        return sa_element_new(run, &sa_label_class, expr);
    case EXPR_FUNCTION:
        return sa_element_new(run, expr->as.function.keyword ? &sa_generic_function_class
                                                             : &sa_function_class,
                              expr);
    case EXPR_SCALAR_SELECT:
        return sa_element_new(run, &sa_scalar_select_class, expr);
    case EXPR_UNARY:
        return sa_element_new(run, expr->as.unary.op == EXPR_OP_EXISTS ? &sa_exists_class
                                                                       : &sa_expression_class,
                              expr);
    case EXPR_OVER:
    case EXPR_WITHIN_GROUP:
    case EXPR_FILTER:
        return sa_element_new(run, &sa_window_class, expr);
    case EXPR_SELECT:
        return sa_element_new(run, &sa_select_class, expr);
    case EXPR_COMPOUND:
        return sa_element_new(run, &sa_compound_class, expr);
    case EXPR_TEXT_SELECT:
        return sa_element_new(run, &sa_textual_select_class, expr);
    case EXPR_INSERT:
        return sa_element_new(run, &sa_insert_class, expr);
    case EXPR_UPDATE:
        return sa_element_new(run, &sa_update_class, expr);
    case EXPR_DELETE:
        return sa_element_new(run, &sa_delete_class, expr);
    default:
        return sa_element_new(run, &sa_expression_class, expr);
    }
}

/* ------------------------------------------------------------------ ClauseElement */

static struct py_value element_bool(struct py_run *run, struct py_call *call)
{
    const struct expr *e = sa_self(run, call);

    /* a == b is asked for its truth by sets and "in": then it is identity. */
    if (e->kind == EXPR_BINARY && e->as.binary.op == EXPR_OP_EQ)
        return py_bool(e->as.binary.left == e->as.binary.right);
    if (e->kind == EXPR_BINARY && e->as.binary.op == EXPR_OP_NE)
        return py_bool(e->as.binary.left != e->as.binary.right);
    py_raise(run, &py_type_error_class, "Boolean value of this clause is not defined");
}

static struct py_value element_hash(struct py_run *run, struct py_call *call)
{
    (void)run;
    return py_int((int64_t)((uintptr_t)call->self.object >> 4));
}

static struct py_value element_self_group(struct py_run *run, struct py_call *call)
{
    return sa_object(run, expr_group(py_arena(run), sa_self(run, call), EXPR_OP_NONE, NULL));
}

/* As an operation that executes it. */
static struct op element_op(struct py_run *run, struct py_call *call)
{
    const struct expr *self = sa_self(run, call);
    if (!sa_completes_alike(run, self))
        py_refuse(run, PY_REFUSE_CONSTRUCT,
                  "the text of a statement with values that are given later is not supported");
    return (struct op){.kind = OP_EXECUTE, .as.execute = sa_completed(run, self)};
}

static struct py_value element_compile(struct py_run *run, struct py_call *call)
{
    const struct op op = element_op(run, call);
    return sa_compiled(run, &op, call);
}

static struct py_value element_str(struct py_run *run, struct py_call *call)
{
    const struct op op = element_op(run, call);
    return sa_statement_str(run, &op, call->self);
}

static struct py_value element_same(struct py_run *run, struct py_call *call)
{
    (void)run;
    return call->self;
}

/* NOT, AND, OR of what is no column element: text(). */
static struct py_value element_conjunction(struct py_run *run, struct py_call *call)
{
    struct expr_list both = {0};
    enum expr_op op = strcmp(call->function->name, "__or__") == 0 ? EXPR_OP_OR : EXPR_OP_AND;

    vec_push(py_arena(run), &both, sa_self(run, call));
    vec_push(py_arena(run), &both, sa_condition(run, call->args[0]));
    return sa_object(run, expr_conjunction(py_arena(run), op, &both));
}

static struct py_value element_invert(struct py_run *run, struct py_call *call)
{
    const struct expr *self = sa_self(run, call);

    if (self->kind == EXPR_TEXT)
        py_raise(run, &py_assertion_error_class, "%s", "");
    return sa_object(run, expr_not(py_arena(run), self));
}

/* params(): values for binds, kept beside the statement. */
static struct py_value element_params(struct py_run *run, struct py_call *call)
{
    const struct expr *self = sa_self(run, call);
    struct py_dict *values = call->kwargs;

    if (call->count > 0 && py_is_dict(call->args[0]))
        values = py_dict_of(call->args[0]);
    return sa_object_like(run, call->self, sa_with_parameters(run, self, values));
}

/* A parameter as psycopg2 writes it: a list is an array, a tuple stands in parentheses. */
static const struct expr *parameter(struct py_run *run, struct py_value value)
{
    const struct literal *l = sa_literal_new(run, value, NULL);
    struct expr *e =
        arena_memdup(py_arena(run), expr_literal(py_arena(run), *l, l->own_type), sizeof(*e));

    if (l->kind == LITERAL_LIST && l->item_count > 0) {
        const struct type *item = l->items[0]->own_type;
        if (l->is_tuple) {
            e->as.bind.expanding = true;
            e->type = item;
        } else {
            struct type *array = arena_memdup(py_arena(run), expr_type(TYPE_TEXT), sizeof(*array));
            array->kind = TYPE_PG_ARRAY;
            array->item = item;
            e->type = array;
        }
    }
    return e;
}

const struct expr *sa_with_parameters(struct py_run *run, const struct expr *e,
                                      const struct py_dict *values)
{
    struct expr *with = expr_new(py_arena(run), EXPR_PARAMETERS, e->type);
    VEC(struct text_bind) binds = {0};
    struct py_value key, value;

    for (size_t i = 0; values && py_dict_next(values, &i, &key, &value);) {
        struct text_bind bind = {.name = py_as_string(run, key, "parameter")};
        bind.value = parameter(run, value);
        vec_push(py_arena(run), &binds, bind);
    }
    if (binds.len == 0)
        return e;
    with->as.parameters.inner = e;
    with->as.parameters.binds = binds.at;
    with->as.parameters.bind_count = binds.len;
    return with;
}

struct py_value sa_object_like(struct py_run *run, struct py_value model, const struct expr *expr)
{
    void *payload;
    struct py_value v = py_new_of(run, py_class(run, model), &payload);

    ((struct sa_element *)payload)->expr = expr;
    return v;
}

static const struct py_arg other_args[] = {PY_REQUIRED("other"), PY_ARGS_END};

static const struct py_member clause_members[] = {
    PY_FUNCTION_N("__bool__", element_bool, 0, 0),
    PY_FUNCTION_N("__hash__", element_hash, 0, 0),
    PY_METHOD("__and__", element_conjunction, other_args),
    PY_METHOD("__or__", element_conjunction, other_args),
    PY_FUNCTION_N("__invert__", element_invert, 0, 0),
    PY_FUNCTION_ANY("self_group", element_self_group),
    PY_FUNCTION_ANY("params", element_params),
    PY_FUNCTION_ANY("unique_params", element_params),
    PY_FUNCTION_ANY("execution_options", element_same),
    PY_METHOD("compile", element_compile, sa_compile_args),
    PY_FUNCTION_N("__str__", element_str, 0, 0),
    PY_MEMBERS_END,
};

const struct py_native_class sa_clause_element_class = {
    .name = "ClauseElement",
    .module = "sqlalchemy.sql.elements",
    .members = clause_members,
    .payload_size = sizeof(struct sa_element),
    .flags = PY_CLASS_INERT,
};

/* ------------------------------------------------------------------ ColumnElement */

static const struct py_native_class operators_class = {
    .name = "ColumnOperators",
    .module = "sqlalchemy.sql.operators",
    .bases = PY_BASES(&sa_clause_element_class),
    .members = sa_operator_members,
    .payload_size = sizeof(struct sa_element),
    .flags = PY_CLASS_INERT,
};

static const struct py_native_class comparator_class = {
    .name = "SQLCoreOperations",
    .module = "sqlalchemy.sql.elements",
    .bases = PY_BASES(&operators_class),
    .members = sa_typed_operator_members,
    .payload_size = sizeof(struct sa_element),
    .flags = PY_CLASS_INERT,
};

static struct py_value element_type(struct py_run *run, struct py_call *call)
{
    struct sa_element *element =
        py_require_payload(run, call->self, &sa_clause_element_class, "self");

    if (!py_is_absent(element->type))
        return element->type;
    const struct type *type = sa_self(run, call)->type;
    return sa_type_object(run, type ? type : expr_null_type());
}

/* The name of a column or label; others have none. */
static struct py_value element_name(struct py_run *run, struct py_call *call)
{
    const struct expr *e = sa_self(run, call);
    const char *name = NULL;

    if (e->kind == EXPR_COLUMN)
        name = e->as.column.name.text;
    else if (e->kind == EXPR_LABEL)
        name = e->as.label.name.text;
    else if (e->kind == EXPR_FUNCTION)
        name = e->as.function.name;
    else if (e->kind == EXPR_BIND && strcmp(call->function->name, "key") == 0)
        name = e->as.bind.key;
    if (!name)
        py_raise(run, &py_attribute_error_class,
                 "Neither '%s' object nor 'Comparator' object has an attribute '%s'",
                 py_class_name(run, call->self), call->function->name);
    return py_new_str(run, name);
}

static struct py_value element_expression(struct py_run *run, struct py_call *call)
{
    (void)run;
    return call->self;
}

static const struct py_member element_members[] = {
    PY_PROPERTY("type", element_type),
    PY_PROPERTY("name", element_name),
    PY_PROPERTY("key", element_name),
    PY_PROPERTY("expression", element_expression),
    PY_FUNCTION_N("__clause_element__", element_same, 0, 0),
    PY_MEMBERS_END,
};

#define ELEMENT_CLASS(id, name_, base_, members_)                                                  \
    const struct py_native_class id = {                                                            \
        .name = (name_),                                                                           \
        .module = "sqlalchemy.sql.elements",                                                       \
        .bases = PY_BASES(&base_),                                                                 \
        .members = (members_),                                                                     \
        .payload_size = sizeof(struct sa_element),                                                 \
        .flags = PY_CLASS_INERT,                                                                   \
    }

static const struct py_member no_members[] = {PY_MEMBERS_END};

ELEMENT_CLASS(sa_column_element_class, "ColumnElement", comparator_class, element_members);
ELEMENT_CLASS(sa_bind_class, "BindParameter", sa_column_element_class, no_members);
ELEMENT_CLASS(sa_binary_class, "BinaryExpression", sa_column_element_class, no_members);
/* CASE, CAST, NOT ... and the like: a class of its own, so that no other derives from it (Python
 * asks the subclass first when two objects are compared). */
ELEMENT_CLASS(sa_expression_class, "Expression", sa_column_element_class, no_members);
ELEMENT_CLASS(sa_grouping_class, "Grouping", sa_column_element_class, no_members);

/* ------------------------------------------------------------------ Label */

const struct expr *sa_label(struct py_run *run, const struct expr *e, struct py_value name)
{
    struct expr *label = expr_new(py_arena(run), EXPR_LABEL, e->type);

    label->as.label.name = sa_name(run, name, "name");
    if (e->kind == EXPR_LABEL)
        e = e->as.label.element;
    label->as.label.element = e;
    label->as.label.base = e->kind == EXPR_COLUMN && e->as.column.name.text ? e->as.column.name.text
                           : e->kind == EXPR_FUNCTION                       ? e->as.function.name
                                                                            : "anon";
    return label;
}

static struct py_value label_element(struct py_run *run, struct py_call *call)
{
    return sa_object(run, sa_self(run, call)->as.label.element);
}

static const struct py_member label_members[] = {
    PY_PROPERTY("element", label_element),
    PY_MEMBERS_END,
};

ELEMENT_CLASS(sa_label_class, "Label", sa_column_element_class, label_members);

/* ------------------------------------------------------------------ ColumnClause */

static struct py_value column_clause_init(struct py_run *run, struct py_call *call)
{
    struct sa_element *element =
        py_require_payload(run, call->self, &sa_clause_element_class, "self");
    struct expr *e = expr_column(py_arena(run), sa_name(run, call->args[0], "name"),
                                 sa_type_argument(run, call->args[1]), NULL, NULL);

    e->as.column.is_literal = py_truth(run, call->args[2]);
    element->expr = e;
    return py_none();
}

static struct py_value column_clause_table(struct py_run *run, struct py_call *call)
{
    const struct expr *e = sa_self(run, call);

    return e->kind == EXPR_COLUMN && e->as.column.table ? sa_from_value(run, e->as.column.table)
                                                        : py_none();
}

static const struct py_arg column_args[] = {
    PY_REQUIRED("text"),
    PY_OPTIONAL("type_"),
    PY_DEFAULTED("is_literal"),
    PY_OPTIONAL("_selectable"),
    PY_ARGS_END,
};

static const struct py_member column_members[] = {
    PY_METHOD("__init__", column_clause_init, column_args),
    PY_PROPERTY("table", column_clause_table),
    PY_MEMBERS_END,
};

ELEMENT_CLASS(sa_column_clause_class, "ColumnClause", sa_column_element_class, column_members);
/* What an alias or a subquery has for a Column of a Table: in comparisons, as there, no less than
 * the Column itself, whose class Python would otherwise let go first. */
ELEMENT_CLASS(sa_column_proxy_class, "Column", sa_column_clause_class, column_members);

/* ------------------------------------------------------------------ names */

/* quoted_name("x", quote) and conv("x"): strings that know something about themselves. */
static const struct py_arg quoted_args[] = {
    PY_REQUIRED("value"),
    PY_REQUIRED("quote"),
    PY_ARGS_END,
};

static struct py_value quoted_init(struct py_run *run, struct py_call *call)
{
    py_set_own_attr(run, call->self, "quote", call->args[1]);
    return py_none();
}

static const struct py_arg quoted_new_args[] = {
    PY_REQUIRED("cls"),
    PY_REQUIRED("value"),
    PY_REQUIRED("quote"),
    PY_ARGS_END,
};

static struct py_value quoted_new(struct py_run *run, struct py_call *call)
{
    struct py_value str = py_class_value(py_class_for(run, &py_str_class));

    return py_call(run, py_getattr(run, str, "__new__"), call->args, 2, NULL);
}

static const struct py_member quoted_members[] = {
    PY_STATIC("__new__", quoted_new, quoted_new_args),
    PY_METHOD("__init__", quoted_init, quoted_args),
    PY_MEMBERS_END,
};

const struct py_native_class sa_quoted_name_class = {
    .name = "quoted_name",
    .module = "sqlalchemy.sql.elements",
    .bases = PY_BASES(&py_str_class),
    .members = quoted_members,
};

const struct py_native_class sa_conv_class = {
    .name = "conv",
    .module = "sqlalchemy.sql.elements",
    .bases = PY_BASES(&py_str_class),
    .members = no_members,
};

/* ------------------------------------------------------------------ TextClause */

/* bindparams(a=1) and bindparams(bindparam("a", ...)): values for the binds of a text. */
static struct py_value text_bindparams(struct py_run *run, struct py_call *call)
{
    const struct expr *self = sa_self(run, call);
    VEC(struct text_bind) binds = {0};
    struct py_value key, value;

    for (size_t i = 0; i < self->as.text.bind_count; i++)
        vec_push(py_arena(run), &binds, self->as.text.binds[i]);
    size_t given = call->count + (call->kwargs ? (size_t)py_len(run, py_object(&call->kwargs->base))
                                               : 0);
    struct text_bind *news = arena_array(py_arena(run), given, sizeof(*news));
    size_t count = 0;
    for (size_t i = 0; i < call->count; i++) {
        const struct expr *e = sa_expr_of(run, call->args[i]);
        if (!e || e->kind != EXPR_BIND || !e->as.bind.key)
            sa_expected(run, "bindparam()", call->args[i]);
        news[count++] = (struct text_bind){e->as.bind.key, e};
    }
    for (size_t i = 0; call->kwargs && py_dict_next(call->kwargs, &i, &key, &value);) {
        const struct literal *l = sa_literal_new(run, value, NULL);
        const char *name = py_as_string(run, key, "name");
        const struct type *type = l->own_type;
        for (size_t j = 0; j < binds.len; j++)
            if (str_eq(binds.at[j].name, name) && binds.at[j].value->type)
                type = binds.at[j].value->type;
        struct expr *e = arena_memdup(py_arena(run), expr_literal(py_arena(run), *l, type),
                                      sizeof(*e));
        e->as.bind.key = name;
        news[count++] = (struct text_bind){name, e};
    }
    for (size_t i = 0; i < count; i++) {
        size_t j = 0;
        while (j < binds.len && !str_eq(binds.at[j].name, news[i].name))
            j++;
        if (j == binds.len)
            py_raise(run, &sa_argument_error_class,
                     "This text() construct doesn't define a bound parameter named '%s'",
                     news[i].name);
        binds.at[j] = news[i];
    }
    return sa_object_like(run, call->self, expr_text_with(py_arena(run), self->as.text.text,
                                                          binds.at, binds.len));
}

/* columns(...): the text as a query with these columns. */
static struct py_value text_columns(struct py_run *run, struct py_call *call)
{
    const struct expr *self = sa_self(run, call);
    struct expr *query = arena_memdup(py_arena(run), self, sizeof(*self));
    struct py_value key, type;

    query->kind = EXPR_TEXT_SELECT;
    for (size_t i = 0; i < call->count; i++)
        vec_push(py_arena(run), &query->as.text.columns, sa_operand(run, call->args[i], NULL));
    for (size_t i = 0; call->kwargs && py_dict_next(call->kwargs, &i, &key, &type);)
        vec_push(py_arena(run), &query->as.text.columns,
                 expr_column(py_arena(run), name_of(py_as_string(run, key, "column")),
                             sa_type_of(run, type), NULL, NULL));
    return sa_object(run, query);
}

static struct py_value text_text(struct py_run *run, struct py_call *call)
{
    return py_new_str(run, sa_self(run, call)->as.text.text);
}

static struct py_value text_init(struct py_run *run, struct py_call *call)
{
    struct sa_element *element =
        py_require_payload(run, call->self, &sa_clause_element_class, "self");

    element->expr = expr_text(py_arena(run), py_as_string(run, call->args[0], "text"));
    return py_none();
}

static const struct py_arg text_args[] = {PY_REQUIRED("text"), PY_ARGS_END};
static const struct py_arg label_args[] = {PY_REQUIRED("name"), PY_ARGS_END};

static struct py_value text_label(struct py_run *run, struct py_call *call)
{
    return sa_object(run, sa_label(run, sa_self(run, call), call->args[0]));
}

static const struct py_member text_members[] = {
    PY_METHOD("__init__", text_init, text_args),
    PY_FUNCTION_ANY("bindparams", text_bindparams),
    PY_FUNCTION_ANY("columns", text_columns),
    PY_METHOD("label", text_label, label_args),
    PY_PROPERTY("text", text_text),
    PY_MEMBERS_END,
};

ELEMENT_CLASS(sa_text_clause_class, "TextClause", sa_clause_element_class, text_members);
