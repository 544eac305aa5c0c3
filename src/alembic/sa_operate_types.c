/*
 * Operators that only some types have: subscripts and paths of JSON, arrays, hstore, ranges. A row
 * names the method, the types it belongs to, and PostgreSQL's operator.
 */
#include "config.h"

#include <string.h>

#include "alembic/sa_build.h"
#include "alembic/sa_type.h"
#include "base/str.h"

/* Which types have a method. */
enum owner {
    OWNER_JSONB = 1,
    OWNER_ARRAY = 2,
    OWNER_HSTORE = 4,
    OWNER_RANGE = 8,
};

struct typed_operator {
    const char *method;
    unsigned owners;
    struct custom_op op;
    enum type_kind result;
};

enum { SUBSCRIPT = 15, EQUAL = 5 }; /* precedences */

#define EAGER(text_, precedence_, comparison)                                                      \
    {.text = (text_), .precedence = (precedence_), .is_comparison = (comparison),                  \
     .self_precedent = true, .eager_grouping = true}
#define PLAIN(text_)                                                                               \
    {.text = (text_), .precedence = EQUAL, .is_comparison = true}

static const struct typed_operator typed_operators[] = {
    {"contains", OWNER_JSONB | OWNER_ARRAY | OWNER_HSTORE | OWNER_RANGE, EAGER("@>", EQUAL, true),
     TYPE_BOOLEAN},
    {"contained_by", OWNER_JSONB | OWNER_ARRAY | OWNER_HSTORE | OWNER_RANGE,
     EAGER("<@", EQUAL, true), TYPE_BOOLEAN},
    {"has_key", OWNER_JSONB | OWNER_HSTORE, EAGER("?", EQUAL, true), TYPE_BOOLEAN},
    {"has_all", OWNER_JSONB | OWNER_HSTORE, EAGER("?&", EQUAL, true), TYPE_BOOLEAN},
    {"has_any", OWNER_JSONB | OWNER_HSTORE, EAGER("?|", EQUAL, true), TYPE_BOOLEAN},
    {"path_exists", OWNER_JSONB, EAGER("@?", EQUAL, true), TYPE_BOOLEAN},
    {"path_match", OWNER_JSONB, EAGER("@@", EQUAL, true), TYPE_BOOLEAN},
    {"overlap", OWNER_ARRAY, PLAIN("&&"), TYPE_BOOLEAN},
    {"overlaps", OWNER_RANGE, PLAIN("&&"), TYPE_BOOLEAN},
    {"strictly_left_of", OWNER_RANGE, PLAIN("<<"), TYPE_BOOLEAN},
    {"strictly_right_of", OWNER_RANGE, PLAIN(">>"), TYPE_BOOLEAN},
    {"not_extend_right_of", OWNER_RANGE, PLAIN("&<"), TYPE_BOOLEAN},
    {"not_extend_left_of", OWNER_RANGE, PLAIN("&>"), TYPE_BOOLEAN},
    {"adjacent_to", OWNER_RANGE, PLAIN("-|-"), TYPE_BOOLEAN},
};

static const struct custom_op astext_op = EAGER("->>", SUBSCRIPT, false);
static const struct custom_op path_astext_op = EAGER("#>>", SUBSCRIPT, false);
static const struct custom_op delete_path_op = EAGER("#-", SUBSCRIPT, false);
static const struct custom_op hstore_op = EAGER("->", SUBSCRIPT, false);

static bool is_range(enum type_kind kind)
{
    return kind >= TYPE_PG_INT4RANGE && kind <= TYPE_PG_TSTZMULTIRANGE;
}

/* What a type owns; 0: none of these. */
static unsigned owner_of(const struct type *type)
{
    enum type_kind kind = type ? type_impl(type)->kind : TYPE_NULL;

    if (kind == TYPE_PG_JSONB)
        return OWNER_JSONB;
    if (kind == TYPE_PG_ARRAY)
        return OWNER_ARRAY;
    if (kind == TYPE_PG_HSTORE)
        return OWNER_HSTORE;
    return is_range(kind) ? OWNER_RANGE : 0;
}

static PY_NORETURN void no_such(struct py_run *run, struct py_call *call, const char *attribute)
{
    py_raise(run, &py_attribute_error_class,
             "Neither '%s' object nor 'Comparator' object has an attribute '%s'",
             py_class_name(run, call->self), attribute);
}

static struct py_value custom(struct py_run *run, const struct expr *left,
                              const struct custom_op *op, const struct expr *right,
                              const struct type *type)
{
    struct operation operation = {.op = EXPR_OP_CUSTOM, .custom = op, .type = type};
    return sa_object(run, expr_operation(py_arena(run), left, right, &operation));
}

static struct py_value method_typed(struct py_run *run, struct py_call *call)
{
    const struct expr *self = sa_self(run, call);
    unsigned owner = owner_of(self->type);
    bool contains = strcmp(call->function->name, "contains") == 0;

    for (size_t i = 0; i < sizeof(typed_operators) / sizeof(typed_operators[0]); i++) {
        const struct typed_operator *row = &typed_operators[i];
        if (strcmp(row->method, call->function->name) == 0 && (row->owners & owner))
            return custom(run, self, &row->op,
                          sa_other_side(run, self, EXPR_OP_CUSTOM, call->args[0]),
                          expr_type(row->result));
    }
    if (contains && type_family(self->type) == FAMILY_ARRAY)
        py_raise(run, &py_not_implemented_error_class,
                 "ARRAY.contains() not implemented for the base ARRAY type; please use the "
                 "dialect-specific ARRAY type");
    if (contains)
        return sa_object(run, sa_text_contains(run, call));
    no_such(run, call, call->function->name);
}

/* ------------------------------------------------------------------ subscripts */

/* A path into JSON as the text that PostgreSQL takes: {a, b}. */
static const struct expr *json_path(struct py_run *run, struct py_value index)
{
    struct py_tuple *parts = py_items(run, index);
    struct str text = STR_IN(py_arena(run));

    str_addc(&text, '{');
    for (size_t i = 0; i < parts->len; i++)
        str_addf(&text, "%s%s", i ? ", " : "", py_str_text(run, parts->items[i]));
    str_addc(&text, '}');
    return expr_string(py_arena(run), text.ptr, expr_type(TYPE_STRING));
}

static const struct expr *json_item(struct py_run *run, const struct expr *self,
                                    struct py_value index)
{
    bool path = py_is_list(index) || py_is_tuple(index);
    struct operation operation = {.op = path ? EXPR_OP_JSON_PATH_GETITEM : EXPR_OP_JSON_GETITEM,
                                  .type = self->type};
    const struct expr *right = sa_expr_of(run, index);

    if (!right && path)
        right = json_path(run, index);
    else if (!right)
        right = expr_literal(py_arena(run), sa_literal_of(run, index),
                             expr_type(py_is_str(index) ? TYPE_STRING : TYPE_INTEGER));
    return expr_operation(py_arena(run), self, right, &operation);
}

static const struct expr *slice_bound(struct py_run *run, struct py_value slice, const char *name)
{
    return sa_operand(run, py_getattr(run, slice, name), expr_type(TYPE_INTEGER));
}

static const struct expr *array_item(struct py_run *run, const struct expr *self,
                                     struct py_value index)
{
    const struct type *array = type_impl(self->type);
    struct operation operation = {.op = EXPR_OP_GETITEM};
    const struct expr *right;

    if (py_isinstance(run, index, &py_slice_class)) {
        struct expr *slice = expr_new(py_arena(run), EXPR_SLICE, NULL);
        slice->as.slice.start = slice_bound(run, index, "start");
        slice->as.slice.stop = slice_bound(run, index, "stop");
        slice->as.slice.step = slice_bound(run, index, "step");
        right = slice;
        operation.type = self->type;
    } else {
        right = sa_other_side(run, self, EXPR_OP_GETITEM, index);
        operation.type = array->item;
        if (array->dimensions > 1) {
            struct type *smaller = arena_memdup(py_arena(run), array, sizeof(*array));
            smaller->dimensions--;
            operation.type = smaller;
        }
    }
    return expr_operation(py_arena(run), self, right, &operation);
}

static struct py_value method_getitem(struct py_run *run, struct py_call *call)
{
    const struct expr *self = sa_self(run, call);
    struct py_value index = py_require_known(run, call->args[0]);

    if (type_family(self->type) == FAMILY_JSON)
        return sa_object(run, json_item(run, self, index));
    if (type_family(self->type) == FAMILY_ARRAY)
        return sa_object(run, array_item(run, self, index));
    if (owner_of(self->type) == OWNER_HSTORE)
        return custom(run, self, &hstore_op, sa_other_side(run, self, EXPR_OP_CUSTOM, index),
                      expr_type(TYPE_TEXT));
    py_raise(run, &py_not_implemented_error_class,
             "Operator 'getitem' is not supported on this expression");
}

/* ------------------------------------------------------------------ JSON values */

static bool is_subscript(const struct expr *e)
{
    return e->kind == EXPR_BINARY && (e->as.binary.op == EXPR_OP_JSON_GETITEM ||
                                      e->as.binary.op == EXPR_OP_JSON_PATH_GETITEM);
}

static struct py_value method_astext(struct py_run *run, struct py_call *call)
{
    const struct expr *self = sa_self(run, call);
    enum type_kind kind = self->type ? type_impl(self->type)->kind : TYPE_NULL;
    bool path;

    if ((kind != TYPE_PG_JSON && kind != TYPE_PG_JSONB) || !is_subscript(self))
        no_such(run, call, "astext");
    path = self->as.binary.op == EXPR_OP_JSON_PATH_GETITEM;
    return custom(run, self->as.binary.left, path ? &path_astext_op : &astext_op,
                  self->as.binary.right, expr_type(TYPE_TEXT));
}

/* as_string(), as_integer(), ...: the subscript with another type. */
static struct py_value typed_subscript(struct py_run *run, struct py_call *call,
                                       const struct type *type)
{
    const struct expr *self = sa_self(run, call);
    const char *name = call->function->name;
    struct expr *copy;

    if (type_family(self->type) != FAMILY_JSON)
        no_such(run, call, name);
    if (!is_subscript(self))
        py_raise(run, &sa_invalid_request_error_class,
                 "The JSON cast operator JSON.%s() only works with a JSON index expression e.g. "
                 "col['q'].%s()",
                 name, name);
    copy = arena_memdup(py_arena(run), self, sizeof(*self));
    copy->type = type;
    return sa_object(run, copy);
}

static struct py_value method_as_type(struct py_run *run, struct py_call *call)
{
    static const struct {
        const char *method;
        enum type_kind kind;
    } rows[] = {
        {"as_string", TYPE_UNICODE},
        {"as_integer", TYPE_INTEGER},
        {"as_float", TYPE_FLOAT},
        {"as_boolean", TYPE_BOOLEAN},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (strcmp(rows[i].method, call->function->name) == 0)
            return typed_subscript(run, call, expr_type(rows[i].kind));
    return call->self; /* as_json() */
}

enum { NUMERIC_PRECISION, NUMERIC_SCALE, NUMERIC_ASDECIMAL };
static const struct py_arg as_numeric_args[] = {
    [NUMERIC_PRECISION] = PY_REQUIRED("precision"),
    [NUMERIC_SCALE] = PY_REQUIRED("scale"),
    [NUMERIC_ASDECIMAL] = PY_DEFAULTED("asdecimal"),
    PY_ARGS_END,
};

static struct py_value method_as_numeric(struct py_run *run, struct py_call *call)
{
    struct type *type =
        arena_memdup(py_arena(run), expr_type(TYPE_NUMERIC), sizeof(struct type));

    type->precision = (int)py_as_int64(run, call->args[NUMERIC_PRECISION], "precision");
    type->scale = (int)py_as_int64(run, call->args[NUMERIC_SCALE], "scale");
    return typed_subscript(run, call, type);
}

static struct py_value method_delete_path(struct py_run *run, struct py_call *call)
{
    const struct expr *self = sa_self(run, call), *path = sa_expr_of(run, call->args[0]);
    struct expr *cast;
    struct type *array =
        arena_memdup(py_arena(run), expr_type(TYPE_TEXT), sizeof(struct type));

    if (owner_of(self->type) != OWNER_JSONB)
        no_such(run, call, "delete_path");
    if (!path) {
        struct py_tuple *items = py_items(run, call->args[0]);
        struct expr *list = expr_new(py_arena(run), EXPR_ARRAY, NULL);
        for (size_t i = 0; i < items->len; i++)
            vec_push(py_arena(run), &list->as.list.items,
                     sa_operand(run, items->items[i], expr_type(TYPE_STRING)));
        path = list;
    }
    array->kind = TYPE_PG_ARRAY;
    array->item = expr_type(TYPE_TEXT);
    cast = expr_new(py_arena(run), EXPR_CAST, array);
    cast->as.cast.operand = path;
    return custom(run, self, &delete_path_op, cast, expr_type(TYPE_PG_JSONB));
}

/* ------------------------------------------------------------------ ANY, ALL of an array */

static const struct py_arg any_args[] = {
    PY_REQUIRED("other"),
    PY_OPTIONAL("operator"),
    PY_ARGS_END,
};

static struct py_value method_any(struct py_run *run, struct py_call *call)
{
    const struct expr *self = sa_self(run, call), *collection, *other;
    bool any = strcmp(call->function->name, "any") == 0;
    struct operation equal = {.op = EXPR_OP_EQ, .type = expr_type(TYPE_BOOLEAN)};

    if (type_family(self->type) != FAMILY_ARRAY)
        no_such(run, call, call->function->name);
    if (!py_is_unset(call->args[1]))
        py_refuse(run, PY_REFUSE_CONSTRUCT, "the operator argument of %s() is not supported",
                  call->function->name);
    collection = expr_unary(py_arena(run), any ? EXPR_OP_ANY : EXPR_OP_ALL, EXPR_OP_NONE, NULL,
                            expr_group(py_arena(run), self, EXPR_OP_NONE, NULL),
                            expr_type(TYPE_BOOLEAN));
    other = sa_operand(run, call->args[0], type_impl(self->type)->item);
    return sa_object(run, expr_operation(py_arena(run), other, collection, &equal));
}

static const struct py_arg other_args[] = {PY_REQUIRED("other"), PY_ARGS_END};
static const struct py_arg index_args[] = {PY_REQUIRED("index"), PY_ARGS_END};
static const struct py_arg contains_args[] = {
    PY_REQUIRED("other"),
    PY_KEYWORD_ONLY("escape"),
    PY_KEYWORD_DEFAULTED("autoescape"),
    PY_ARGS_END,
};

#define TYPED(n) PY_METHOD(n, method_typed, other_args)
#define AS_TYPE(n) PY_FUNCTION_N(n, method_as_type, 0, 0)

const struct py_member sa_typed_operator_members[] = {
    PY_METHOD("__getitem__", method_getitem, index_args),
    PY_METHOD("contains", method_typed, contains_args),
    TYPED("contained_by"),
    TYPED("has_key"),
    TYPED("has_all"),
    TYPED("has_any"),
    TYPED("path_exists"),
    TYPED("path_match"),
    TYPED("overlap"),
    TYPED("overlaps"),
    TYPED("strictly_left_of"),
    TYPED("strictly_right_of"),
    TYPED("not_extend_right_of"),
    TYPED("not_extend_left_of"),
    TYPED("adjacent_to"),
    PY_METHOD("delete_path", method_delete_path, other_args),
    PY_PROPERTY("astext", method_astext),
    AS_TYPE("as_string"),
    AS_TYPE("as_integer"),
    AS_TYPE("as_float"),
    AS_TYPE("as_boolean"),
    AS_TYPE("as_json"),
    PY_METHOD("as_numeric", method_as_numeric, as_numeric_args),
    PY_METHOD("any", method_any, any_args),
    PY_METHOD("all", method_any, any_args),
    PY_MEMBERS_END,
};
