/* Python values as expressions: literals, and what SQLAlchemy's coercions make of arguments. */
#include "config.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

#include "alembic/engine.h"
#include "alembic/host.h"
#include "alembic/live.h"
#include "alembic/model_class.h"
#include "alembic/sa_build.h"
#include "alembic/sa_type.h"
#include "base/str.h"

/* ------------------------------------------------------------------ literals */

/* Whether the value's class, or one it derives from, is module.name. */
static bool is_of(struct py_run *run, struct py_value v, const char *module, const char *name)
{
    struct py_type *cls = py_class(run, v);

    for (size_t i = 0; i < cls->mro_len; i++)
        if (str_eq(cls->mro[i]->name, name) && str_eq(cls->mro[i]->module, module))
            return true;
    return false;
}

static void set_text(struct literal *l, enum literal_kind kind, const char *text)
{
    l->kind = kind;
    l->text = text;
    l->len = strlen(text);
}

static const char *method_text(struct py_run *run, struct py_value v, const char *method)
{
    return py_str_text(run, py_call_method(run, v, method, NULL, 0));
}

/* Dates and the like come from slices of the standard library; they are asked in Python's words. */
static bool library_literal(struct py_run *run, struct py_value v, struct literal *l)
{
    if (is_of(run, v, "datetime", "datetime")) {
        struct py_value blank = py_new_str(run, " ");
        set_text(l, LITERAL_DATETIME,
                 py_str_text(run, py_call_method(run, v, "isoformat", &blank, 1)));
        l->own_type = expr_type(TYPE_DATETIME);
    } else if (is_of(run, v, "datetime", "date")) {
        set_text(l, LITERAL_DATE, method_text(run, v, "isoformat"));
        l->own_type = expr_type(TYPE_DATE);
    } else if (is_of(run, v, "datetime", "time")) {
        set_text(l, LITERAL_TIME, method_text(run, v, "isoformat"));
        l->own_type = expr_type(TYPE_TIME);
    } else if (is_of(run, v, "datetime", "timedelta")) {
        set_text(l, LITERAL_INTERVAL,
                 py_repr_text(run, py_call_method(run, v, "total_seconds", NULL, 0)));
        l->own_type = expr_type(TYPE_INTERVAL);
    } else if (is_of(run, v, "uuid", "UUID")) {
        set_text(l, LITERAL_UUID, py_str_text(run, v));
        l->own_type = expr_type(TYPE_UUID);
    } else if (is_of(run, v, "decimal", "Decimal")) {
        set_text(l, LITERAL_DECIMAL, py_str_text(run, v));
        l->own_type = expr_type(TYPE_NUMERIC);
    } else {
        return false;
    }
    return true;
}

static void list_literal(struct py_run *run, struct py_value v, struct literal *l)
{
    struct py_tuple *items = py_items(run, v);
    const struct literal **at = arena_array(py_arena(run), items->len, sizeof(*at));

    for (size_t i = 0; i < items->len; i++) {
        py_step(run);
        at[i] = sa_literal_new(run, items->items[i], NULL);
    }
    l->kind = LITERAL_LIST;
    l->is_tuple = py_is_tuple(v);
    l->items = at;
    l->item_count = items->len;
}

static void string_literal(struct py_run *run, struct py_value v, struct literal *l)
{
    l->kind = LITERAL_STRING;
    l->text = py_as_string(run, v, "a literal");
    l->len = py_str_of(v)->len;
    l->own_type = expr_type(TYPE_STRING);
}

/* What a JSON type would send; NULL where json.dumps() raises: another type may take it. */
struct json_making {
    struct py_value value;
    const char *text;
};

static void make_json(struct py_run *run, void *payload)
{
    struct json_making *m = payload;
    struct py_value text =
        py_call(run, py_getattr(run, py_import(run, "json"), "dumps"), &m->value, 1, NULL);

    m->text = py_as_string(run, text, "json.dumps()");
}

static const char *json_text(struct py_run *run, struct py_value v)
{
    struct json_making m = {.value = v};

    return py_try(run, make_json, &m, &py_exception_class, NULL) ? m.text : NULL;
}

struct literal sa_literal_of(struct py_run *run, struct py_value v)
{
    struct literal l = {.kind = LITERAL_OTHER, .executed = !alembic_host(run)->to_print};

    py_require_known(run, v);
    if (py_is_none(v)) {
        l.kind = LITERAL_NULL;
        return l;
    }
    l.python = py_repr_text(run, v);
    if (py_isinstance(run, v, &py_enum_class)) {
        l.member = py_as_string(run, py_getattr(run, v, "name"), "name");
        if (py_is_str(v)) {
            string_literal(run, v, &l);
            l.own_type = NULL;
        }
    } else if (v.kind == PY_BOOL) {
        l.kind = LITERAL_BOOL;
        l.truth = v.boolean;
        l.own_type = expr_type(TYPE_BOOLEAN);
    } else if (py_is_int(v)) {
        set_text(&l, LITERAL_INTEGER, py_str_text(run, v));
        l.own_type = expr_type(TYPE_INTEGER);
    } else if (py_is_float(v)) {
        set_text(&l, LITERAL_FLOAT, py_repr_text(run, v));
        l.own_type = expr_type(TYPE_FLOAT);
    } else if (py_is_str(v)) {
        string_literal(run, v, &l);
    } else if (py_is_bytes(v)) {
        l.kind = LITERAL_BYTES;
        l.text = py_bytes_of(v)->ptr;
        l.len = py_bytes_of(v)->len;
        l.own_type = expr_type(TYPE_LARGE_BINARY);
    } else if (py_is_list(v) || py_is_tuple(v)) {
        list_literal(run, v, &l);
    } else if (py_is_dict(v)) {
        l.kind = LITERAL_JSON;
    } else {
        library_literal(run, v, &l);
    }
    if (l.executed && l.kind == LITERAL_JSON)
        l.json = json_text(run, v);
    return l;
}

/* What process_bind_param() of a TypeDecorator makes of a value. */
static struct py_value bind_processed(struct py_run *run, struct py_value v,
                                      const struct type *type)
{
    const struct sa_type *host = type ? sa_type_host(type) : NULL;
    static const char *const methods[] = {"process_literal_param", "process_bind_param"};

    for (size_t i = alembic_host(run)->to_print ? 0 : 1; host && i < 2; i++) {
        struct py_value method =
            py_class_lookup(run, py_class(run, host->object), methods[i], NULL);
        struct py_value args[2] = {v, engine_dialect(run)};
        if (!py_is_absent(method) && py_is_python_function(method))
            return py_call_method(run, host->object, methods[i], args, 2);
    }
    return sa_type_vector_text(run, type, v);
}

const struct literal *sa_literal_new(struct py_run *run, struct py_value v,
                                     const struct type *type)
{
    struct literal *l = PY_NEW(run, struct literal);

    *l = sa_literal_of(run, bind_processed(run, v, type));
    if (l->member && type_family(type) == FAMILY_ENUM) {
        const char *label = sa_type_label(run, type_impl(type), v);
        if (label)
            set_text(l, LITERAL_STRING, label);
    }
    return l;
}

const struct type *sa_type_of_value(struct py_run *run, struct py_value v)
{
    return sa_literal_of(run, v).own_type;
}

const struct expr *sa_literal_beside(struct py_run *run, struct py_value v, const struct type *side)
{
    const struct literal *own = sa_literal_new(run, v, NULL);
    const struct type *type = expr_compared_type(side, own->own_type, own->kind == LITERAL_STRING);

    return expr_literal(py_arena(run), *sa_literal_new(run, v, type), type);
}

/* ------------------------------------------------------------------ expressions */

const struct expr *sa_expr_of(struct py_run *run, struct py_value v)
{
    struct sa_element *element = py_payload(v, &sa_clause_element_class);
    struct py_value made;

    if (py_is_unknown(v))
        py_require_known(run, v);
    if (element)
        return element->expr;
    if (py_is_class(v)) { /* a mapped class stands for its table */
        struct py_value table = model_table_of(run, py_type_of(v), NULL);
        return py_is_absent(table) ? NULL : sa_expr_of(run, table);
    }
    if (v.kind != PY_OBJECT || py_is_class(v) || !py_is_layout(v, PY_LAYOUT_INSTANCE) ||
        !py_find_attr(run, v, "__clause_element__", &made))
        return NULL;
    return sa_expr_of(run, py_call(run, made, NULL, 0, NULL));
}

const struct expr *sa_self(struct py_run *run, struct py_call *call)
{
    struct sa_element *element =
        py_require_payload(run, call->self, &sa_clause_element_class, "self");
    if (!element->expr)
        py_refuse(run, PY_REFUSE_INCOMPLETE, "%s is used before it is complete",
                  py_class_name(run, call->self));
    return element->expr;
}

void sa_expected(struct py_run *run, const char *what, struct py_value v)
{
    if (py_is_class(v))
        py_refuse(run, PY_REFUSE_CONSTRUCT,
                  "the class %s in place of a table or column is not supported",
                  py_type_of(v)->name);
    if (py_class(run, v)->partial)
        py_refuse(run, PY_REFUSE_CONSTRUCT, "a %s as an expression is not supported",
                  py_class_name(run, v));
    py_raise(run, &sa_argument_error_class, "%s expected, got %s.", what, py_repr_text(run, v));
}

void sa_text_required(struct py_run *run, const char *text)
{
    py_raise(run, &sa_argument_error_class,
             "Textual SQL expression '%s' should be explicitly declared as text('%s')", text, text);
}

const struct type *sa_type_argument(struct py_run *run, struct py_value v)
{
    return py_is_unset(v) ? NULL : sa_type_of(run, v);
}

bool sa_is_query(const struct expr *e)
{
    return e->kind == EXPR_SELECT || e->kind == EXPR_COMPOUND || e->kind == EXPR_TEXT_SELECT;
}

static bool is_from(const struct expr *e)
{
    return e->kind >= EXPR_TABLE && e->kind <= EXPR_VALUES_TABLE;
}

const struct expr *sa_operand(struct py_run *run, struct py_value v, const struct type *type)
{
    const struct expr *e = sa_expr_of(run, v);

    if (e && sa_is_query(e))
        return sa_scalar(run, e);
    if (e && is_from(e) && e->kind != EXPR_FUNCTION_TABLE)
        sa_expected(run, "SQL expression element or literal value", v);
    if (e)
        return e;
    if (py_is_none(v) && type_family(type) != FAMILY_JSON)
        return expr_new(py_arena(run), EXPR_NULL, NULL);
    if (sa_is_type(run, v))
        sa_expected(run, "SQL expression element or literal value", v);
    const struct literal *l = sa_literal_new(run, v, type);
    return expr_literal(py_arena(run), *l, type ? type : l->own_type);
}

const struct expr *sa_expr_or_literal(struct py_run *run, struct py_value v,
                                      const struct type *type)
{
    const struct expr *e = sa_expr_of(run, v);
    const struct literal *l;

    if (e)
        return sa_is_query(e) ? sa_scalar(run, e) : e;
    l = sa_literal_new(run, v, type);
    return expr_literal(py_arena(run), *l, type);
}

/* A row compared with a row: each item beside its column. */
static const struct expr *tuple_beside(struct py_run *run, const struct expr *side,
                                       struct py_value v)
{
    struct py_tuple *items = py_items(run, v);
    struct expr *e = expr_new(py_arena(run), EXPR_TUPLE, NULL);

    for (size_t i = 0; i < items->len && i < side->as.list.items.len; i++)
        vec_push(py_arena(run), &e->as.list.items,
                 sa_literal_beside(run, items->items[i], side->as.list.items.at[i]->type));
    return e;
}

static const struct expr *array_beside(struct py_run *run, const struct expr *side,
                                       struct py_value v)
{
    struct py_tuple *items = py_items(run, v);
    struct expr *e = expr_new(py_arena(run), EXPR_ARRAY, side->type);

    e->as.list.op = EXPR_OP_COMMA;
    for (size_t i = 0; i < items->len; i++)
        vec_push(py_arena(run), &e->as.list.items,
                 sa_literal_beside(run, items->items[i], side->type));
    return e;
}

const struct expr *sa_other_side(struct py_run *run, const struct expr *side, enum expr_op op,
                                 struct py_value v)
{
    const struct expr *e = sa_expr_of(run, v);
    const struct type *type = side->type;

    if (e)
        return expr_with_type(py_arena(run), sa_operand(run, v, NULL), side->type);
    if (sa_is_type(run, v))
        sa_expected(run, "SQL expression element or literal value", v);
    if (side->kind == EXPR_TUPLE && (py_is_list(v) || py_is_tuple(v)))
        return tuple_beside(run, side, v);
    if (side->kind == EXPR_ARRAY && op != EXPR_OP_GETITEM && (py_is_list(v) || py_is_tuple(v)))
        return array_beside(run, side, v);
    if (side->kind == EXPR_UNARY &&
        (side->as.unary.op == EXPR_OP_ANY || side->as.unary.op == EXPR_OP_ALL)) {
        type = side->as.unary.operand->type;
        if (type_family(type) == FAMILY_ARRAY)
            type = type_impl(type)->item;
    }
    return expr_with_type(py_arena(run), sa_literal_beside(run, v, type), type);
}

static const struct expr *constant(struct py_run *run, struct py_value v)
{
    enum expr_kind kind = py_is_none(v) ? EXPR_NULL : v.boolean ? EXPR_TRUE : EXPR_FALSE;
    return expr_new(py_arena(run), kind, kind == EXPR_NULL ? NULL : expr_type(TYPE_BOOLEAN));
}

const struct expr *sa_condition(struct py_run *run, struct py_value v)
{
    const struct expr *e = sa_expr_of(run, v);

    if (e && sa_is_query(e))
        return sa_scalar(run, e);
    if (e && !is_from(e))
        return e;
    if (py_is_none(v) || v.kind == PY_BOOL)
        return constant(run, v);
    if (py_is_str(v))
        sa_text_required(run, py_as_string(run, v, "condition"));
    sa_expected(run, "SQL expression for WHERE/HAVING role", v);
}

const struct expr *sa_expr_or_text(struct py_run *run, struct py_value v)
{
    const struct expr *e = sa_expr_of(run, v);

    if (e)
        return sa_is_query(e) ? sa_scalar(run, e) : e;
    if (py_is_none(v) || v.kind == PY_BOOL)
        return constant(run, v);
    if (py_is_str(v))
        return expr_text(py_arena(run), py_as_string(run, v, "text"));
    sa_expected(run, "SQL expression element, literal value, or str", v);
}

/* The label that something is sorted by: itself, or what .desc() and the like stand around. */
static const struct expr *sorted_label(const struct expr *e)
{
    while (e->kind == EXPR_UNARY && e->as.unary.op == EXPR_OP_NONE)
        e = e->as.unary.operand;
    return e->kind == EXPR_LABEL ? e : NULL;
}

const struct expr *sa_sort_key(struct py_run *run, struct py_value v, bool is_order_by)
{
    const struct expr *e = sa_expr_of(run, v);
    struct expr *reference;

    if (e && sa_is_query(e))
        e = sa_scalar(run, e);
    if (e && is_from(e)) {
        struct expr_list columns = *expr_columns(e);
        return expr_joined(py_arena(run), EXPR_OP_COMMA, &columns, NULL, true);
    }
    if (!e && (py_is_none(v) || v.kind == PY_BOOL))
        return constant(run, v);
    if (!e && !py_is_str(v))
        sa_expected(run, "ORDER BY / OF / etc. expression", v);
    if (e && (!is_order_by || !sorted_label(e)))
        return e;
    reference = expr_new(py_arena(run), EXPR_LABEL_REFERENCE, e ? e->type : NULL);
    reference->as.reference.element = e;
    if (!e)
        reference->as.reference.text = py_as_string(run, v, "name");
    return reference;
}

static const struct expr *literal_column(struct py_run *run, const char *text)
{
    struct expr *e = expr_column(py_arena(run), name_of(text), NULL, NULL, NULL);
    e->as.column.is_literal = true;
    return e;
}

const struct expr *sa_select_entry(struct py_run *run, struct py_value v)
{
    const struct expr *e;

    if (py_payload(v, &sa_column_collection_class)) {
        struct py_tuple *items = py_items(run, v);
        struct expr_list list = {0};
        for (size_t i = 0; i < items->len; i++)
            vec_push(py_arena(run), &list, sa_select_entry(run, items->items[i]));
        return expr_joined(py_arena(run), EXPR_OP_COMMA, &list, NULL, true);
    }
    e = sa_expr_of(run, v);
    if (e && sa_is_query(e))
        py_raise(run, &sa_argument_error_class,
                 "Column expression, FROM clause, or other columns clause element expected, got "
                 "%s. To create a FROM clause from a %s object, use the .subquery() method.",
                 py_repr_text(run, v), py_repr_text(run, py_class_value(py_class(run, v))));
    if (e)
        return e;
    if (py_is_none(v) || v.kind == PY_BOOL)
        return constant(run, v);
    if (py_is_int(v) || py_is_float(v))
        return literal_column(run, py_str_text(run, v));
    if (py_is_str(v)) {
        const char *text = py_as_string(run, v, "column");
        if (str_eq(text, "*"))
            return literal_column(run, text);
        bool plain = isalnum((unsigned char)*text) || *text == '_';
        for (const char *p = text; *p && plain; p++)
            plain = !isspace((unsigned char)*p);
        py_raise(run, &sa_argument_error_class,
                 "Textual column expression '%s' should be explicitly declared with text('%s'), or "
                 "use %s('%s') for more specificity",
                 text, text, plain ? "column" : "literal_column", text);
    }
    sa_expected(run, "Column expression, FROM clause, or other columns clause element", v);
}

const struct expr *sa_from_element(struct py_run *run, struct py_value v)
{
    const struct expr *e = sa_expr_of(run, v);

    if (e && (is_from(e) || e->kind == EXPR_TEXT))
        return e;
    if (e && e->kind == EXPR_FUNCTION)
        return e;
    if (e && sa_is_query(e))
        py_raise(run, &sa_argument_error_class,
                 "FROM expression, such as a Table or alias() object expected, got %s. To create "
                 "a FROM clause from a %s object, use the .subquery() method.",
                 py_repr_text(run, v), py_repr_text(run, py_class_value(py_class(run, v))));
    sa_expected(run, "FROM expression, such as a Table or alias() object", v);
}

const struct expr *sa_query(struct py_run *run, struct py_value v)
{
    const struct expr *e = sa_expr_of(run, v);

    if (!e || !sa_is_query(e))
        sa_expected(run, "SELECT construct or equivalent text() construct", v);
    return e;
}

const struct expr *sa_executable(struct py_run *run, struct py_value v)
{
    const struct expr *e = py_is_str(v) ? NULL : sa_expr_of(run, v);

    if (py_is_str(v))
        return expr_text(py_arena(run), py_as_string(run, v, "statement"));
    if (!e || is_from(e))
        py_raise(run, &py_attribute_error_class, "'%s' object has no attribute 'compile'",
                 py_class_name(run, v));
    return sa_completed(run, e);
}

const struct expr *sa_server_default(struct py_run *run, struct py_value v)
{
    const struct expr *e;

    if (py_is_unset(v) || (v.kind == PY_BOOL && !v.boolean))
        return NULL;
    if (py_is_str(v))
        return expr_string(py_arena(run), py_as_string(run, v, "server_default"),
                           expr_type(TYPE_STRING));
    e = sa_expr_of(run, v);
    if (e)
        return sa_is_query(e) ? sa_scalar(run, e) : e;
    py_raise(run, &sa_argument_error_class,
             "Argument 'arg' is expected to be one of type '<class 'str'>' or '<class "
             "'sqlalchemy.sql.elements.ClauseElement'>' or '<class "
             "'sqlalchemy.sql.elements.TextClause'>', got '%s'",
             py_repr_text(run, py_class_value(py_class(run, v))));
}

struct name sa_name(struct py_run *run, struct py_value v, const char *what)
{
    struct name name = {.text = py_as_string_or_null(run, v, what)};
    struct py_value quote;

    if (!name.text || v.kind != PY_OBJECT)
        return name;
    name.final = py_isinstance(run, v, &sa_conv_class);
    if (py_isinstance(run, v, &sa_quoted_name_class) && py_find_attr(run, v, "quote", &quote) &&
        !py_is_none(quote))
        name.quote = py_truth(run, quote) ? YES : NO;
    return name;
}

struct py_tuple *sa_arguments(struct py_run *run, struct py_value rest)
{
    struct py_tuple *args = py_tuple_of(rest);

    if (args->len == 1 && py_is_list(args->items[0]))
        return py_items(run, args->items[0]);
    return args;
}
