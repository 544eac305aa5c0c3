#include "config.h"

#include "alembic/sa_type_init.h"

#include "alembic/sa_expr.h"
#include "alembic/sa_schema.h"
#include "base/arena.h"
#include "base/str.h"

/* A number that was given, or -1. */
static int number_or_unset(struct py_run *run, struct py_value v, const char *what)
{
    return py_is_unset(v) ? -1 : (int)py_as_int64(run, v, what);
}

static const char *copy_text(struct py_run *run, struct py_value v, const char *what)
{
    return arena_strdup(py_arena(run), py_as_string_or_null(run, v, what));
}

/* A flag with a default for when it is not given. */
static bool flag(struct py_run *run, struct py_value v, bool fallback)
{
    return py_is_absent(v) ? fallback : py_truth(run, v);
}

/* A class whose constructor is `init` with `args`; every type class has such a table. */
#define MEMBERS(params, ...)                                                                       \
    const struct py_member sa_type_members_##params[] = {                                          \
        PY_METHOD("__init__", init_##params, args_##params), __VA_ARGS__ PY_MEMBERS_END}
#define PLAIN_MEMBERS(params)                                                                      \
    const struct py_member sa_type_members_##params[] = {                                          \
        PY_METHOD("__init__", init_##params, args_##params), PY_MEMBERS_END}

/* ------------------------------------------------------------------ no parameters */

static const struct py_arg args_NONE[] = {PY_ARGS_END};

static struct py_value init_NONE(struct py_run *run, struct py_call *call)
{
    sa_type_begin(run, call->self);
    return py_none();
}
PLAIN_MEMBERS(NONE);

/* ------------------------------------------------------------------ strings and bytes */

enum { STRING_LENGTH, STRING_COLLATION };
static const struct py_arg args_STRING[] = {
    PY_OPTIONAL("length"), PY_OPTIONAL("collation"), PY_ARGS_END};

static struct py_value init_STRING(struct py_run *run, struct py_call *call)
{
    struct type *t = sa_type_begin(run, call->self);
    t->length = number_or_unset(run, call->args[STRING_LENGTH], "length");
    t->collation = copy_text(run, call->args[STRING_COLLATION], "collation");
    return py_none();
}

static struct py_value get_length(struct py_run *run, struct py_call *call)
{
    const struct type *t = sa_type_of(run, call->self);
    return t->length < 0 ? py_none() : py_int(t->length);
}
MEMBERS(STRING, PY_PROPERTY("length", get_length), );

static const struct py_arg args_LENGTH[] = {PY_OPTIONAL("length"), PY_ARGS_END};

static struct py_value init_LENGTH(struct py_run *run, struct py_call *call)
{
    sa_type_begin(run, call->self)->length = number_or_unset(run, call->args[0], "length");
    return py_none();
}
MEMBERS(LENGTH, PY_PROPERTY("length", get_length), );

static const struct py_arg args_DIM[] = {PY_OPTIONAL("dim"), PY_ARGS_END};

static struct py_value init_DIM(struct py_run *run, struct py_call *call)
{
    sa_type_begin(run, call->self)->length = number_or_unset(run, call->args[0], "dim");
    return py_none();
}
MEMBERS(DIM, PY_PROPERTY("dim", get_length), );

static const struct py_arg args_PICKLE[] = {PY_DEFAULTED("protocol"), PY_OPTIONAL("pickler"),
                                            PY_OPTIONAL("comparator"), PY_OPTIONAL("impl"),
                                            PY_ARGS_END};

static struct py_value init_PICKLE(struct py_run *run, struct py_call *call)
{
    if (!py_is_unset(call->args[3]))
        py_refuse(run, PY_REFUSE_TYPE, "PickleType with an impl is not supported");
    sa_type_begin(run, call->self);
    return py_none();
}
PLAIN_MEMBERS(PICKLE);

/* ------------------------------------------------------------------ numbers */

enum { NUMERIC_PRECISION, NUMERIC_SCALE, NUMERIC_RETURN, NUMERIC_ASDECIMAL };
static const struct py_arg args_NUMERIC[] = {
    PY_OPTIONAL("precision"), PY_OPTIONAL("scale"), PY_OPTIONAL("decimal_return_scale"),
    PY_DEFAULTED("asdecimal"), PY_ARGS_END};

static struct py_value init_NUMERIC(struct py_run *run, struct py_call *call)
{
    struct type *t = sa_type_begin(run, call->self);
    t->precision = number_or_unset(run, call->args[NUMERIC_PRECISION], "precision");
    if (!py_is_unset(call->args[NUMERIC_SCALE]))
        t->scale = (int)py_as_int64(run, call->args[NUMERIC_SCALE], "scale");
    t->return_scale = number_or_unset(run, call->args[NUMERIC_RETURN], "decimal_return_scale");
    t->asdecimal = flag(run, call->args[NUMERIC_ASDECIMAL], true);
    return py_none();
}
PLAIN_MEMBERS(NUMERIC);

static const struct py_arg args_FLOAT[] = {PY_OPTIONAL("precision"), PY_DEFAULTED("asdecimal"),
                                           PY_OPTIONAL("decimal_return_scale"), PY_ARGS_END};

static struct py_value init_FLOAT(struct py_run *run, struct py_call *call)
{
    struct type *t = sa_type_begin(run, call->self);
    t->precision = number_or_unset(run, call->args[0], "precision");
    t->asdecimal = flag(run, call->args[1], false);
    t->return_scale = number_or_unset(run, call->args[2], "decimal_return_scale");
    return py_none();
}
PLAIN_MEMBERS(FLOAT);

/* Boolean(create_constraint=True) has no CHECK where the database has a boolean type. */
static const struct py_arg args_BOOLEAN[] = {PY_DEFAULTED("create_constraint"),
                                             PY_OPTIONAL("name"), PY_KEYWORDS("kw"), PY_ARGS_END};

static struct py_value init_BOOLEAN(struct py_run *run, struct py_call *call)
{
    sa_type_begin(run, call->self);
    return py_none();
}
PLAIN_MEMBERS(BOOLEAN);

/* ------------------------------------------------------------------ dates and times */

static const struct py_arg args_ZONED[] = {PY_DEFAULTED("timezone"), PY_ARGS_END};

static struct py_value init_ZONED(struct py_run *run, struct py_call *call)
{
    sa_type_begin(run, call->self)->timezone = flag(run, call->args[0], false);
    return py_none();
}
PLAIN_MEMBERS(ZONED);

static const struct py_arg args_PG_ZONED[] = {PY_DEFAULTED("timezone"), PY_OPTIONAL("precision"),
                                              PY_ARGS_END};

static struct py_value init_PG_ZONED(struct py_run *run, struct py_call *call)
{
    struct type *t = sa_type_begin(run, call->self);
    t->timezone = flag(run, call->args[0], false);
    t->precision = number_or_unset(run, call->args[1], "precision");
    return py_none();
}
PLAIN_MEMBERS(PG_ZONED);

static const struct py_arg args_INTERVAL[] = {PY_DEFAULTED("native"),
                                              PY_OPTIONAL("second_precision"),
                                              PY_OPTIONAL("day_precision"), PY_ARGS_END};

static struct py_value init_INTERVAL(struct py_run *run, struct py_call *call)
{
    struct type *t = sa_type_begin(run, call->self);
    t->native = flag(run, call->args[0], true);
    t->precision = number_or_unset(run, call->args[1], "second_precision");
    if (!t->native)
        t->precision = -1; /* it is a DateTime then */
    return py_none();
}
PLAIN_MEMBERS(INTERVAL);

static const struct py_arg args_PG_INTERVAL[] = {PY_OPTIONAL("precision"), PY_OPTIONAL("fields"),
                                                 PY_ARGS_END};

static struct py_value init_PG_INTERVAL(struct py_run *run, struct py_call *call)
{
    struct type *t = sa_type_begin(run, call->self);
    t->precision = number_or_unset(run, call->args[0], "precision");
    t->fields = copy_text(run, call->args[1], "fields");
    return py_none();
}
PLAIN_MEMBERS(PG_INTERVAL);

/* ------------------------------------------------------------------ JSON, UUID, bits, hstore */

static const struct py_arg args_JSON[] = {PY_DEFAULTED("none_as_null"), PY_ARGS_END};

static struct py_value init_JSON(struct py_run *run, struct py_call *call)
{
    sa_type_begin(run, call->self)->none_as_null = flag(run, call->args[0], false);
    return py_none();
}
PLAIN_MEMBERS(JSON);

static const struct py_arg args_PG_JSON[] = {PY_DEFAULTED("none_as_null"),
                                             PY_OPTIONAL("astext_type"), PY_ARGS_END};

static struct py_value init_PG_JSON(struct py_run *run, struct py_call *call)
{
    struct type *t = sa_type_begin(run, call->self);
    t->none_as_null = flag(run, call->args[0], false);
    t->item = sa_type_of(run, call->args[1]);
    return py_none();
}
PLAIN_MEMBERS(PG_JSON);

static const struct py_arg args_UUID[] = {PY_DEFAULTED("as_uuid"), PY_DEFAULTED("native_uuid"),
                                          PY_ARGS_END};

static struct py_value init_UUID(struct py_run *run, struct py_call *call)
{
    struct type *t = sa_type_begin(run, call->self);
    t->text_uuid = !flag(run, call->args[0], true);
    t->native = flag(run, call->args[1], true);
    return py_none();
}
PLAIN_MEMBERS(UUID);

static const struct py_arg args_BIT[] = {PY_OPTIONAL("length"), PY_DEFAULTED("varying"),
                                         PY_ARGS_END};

static struct py_value init_BIT(struct py_run *run, struct py_call *call)
{
    struct type *t = sa_type_begin(run, call->self);
    t->length = number_or_unset(run, call->args[0], "length");
    t->varying = flag(run, call->args[1], false);
    return py_none();
}
PLAIN_MEMBERS(BIT);

static const struct py_arg args_HSTORE[] = {PY_OPTIONAL("text_type"), PY_ARGS_END};

static struct py_value init_HSTORE(struct py_run *run, struct py_call *call)
{
    sa_type_begin(run, call->self)->item = sa_type_of(run, call->args[0]);
    return py_none();
}
PLAIN_MEMBERS(HSTORE);

/* ------------------------------------------------------------------ ARRAY */

static const struct py_arg args_ARRAY[] = {PY_REQUIRED("item_type"), PY_DEFAULTED("as_tuple"),
                                           PY_OPTIONAL("dimensions"), PY_DEFAULTED("zero_indexes"),
                                           PY_ARGS_END};

static struct py_value init_ARRAY(struct py_run *run, struct py_call *call)
{
    struct type *t = sa_type_begin(run, call->self);
    t->item = sa_type_of(run, call->args[0]);
    if (!t->item)
        py_refuse(run, PY_REFUSE_TYPE, "an ARRAY of no type");
    if (t->item->kind == TYPE_ARRAY || t->item->kind == TYPE_PG_ARRAY)
        py_raise(run, &py_value_error_class,
                 "Do not nest ARRAY types; ARRAY(basetype) handles multi-dimensional arrays of "
                 "basetype");
    int dimensions = number_or_unset(run, call->args[2], "dimensions");
    t->dimensions = dimensions > 0 ? dimensions : 0;
    return py_none();
}

static struct py_value get_item_type(struct py_run *run, struct py_call *call)
{
    return sa_type_object(run, sa_type_of(run, call->self)->item);
}
MEMBERS(ARRAY, PY_PROPERTY("item_type", get_item_type), );

/* ------------------------------------------------------------------ ENUM */

static void push_label(struct py_run *run, const char ***labels, size_t *count, struct py_value v)
{
    const char **grown = arena_grow(py_arena(run), *labels, *count, *count + 1, sizeof(**labels));
    grown[*count] = arena_strdup(py_arena(run), py_as_string(run, v, "an Enum value"));
    *labels = grown;
    ++*count;
}

/* Labels from a Python enum: the names of its members, or what values_callable says. */
static void fill_from_class(struct py_run *run, struct sa_type *payload, struct type *t,
                            struct py_value cls, struct py_value callable)
{
    struct py_value members_value = py_getattr(run, cls, "__members__");
    struct py_tuple *keys = py_items(run, members_value);
    struct py_value *members = py_alloc(run, (keys->len + 1) * sizeof(*members));
    const char **labels = NULL;
    size_t count = 0;
    for (size_t i = 0; i < keys->len; i++) {
        struct py_value member = py_getitem(run, members_value, keys->items[i]);
        if (!py_equal(run, py_getattr(run, member, "name"), keys->items[i]))
            continue; /* an alias */
        members[count] = member;
        push_label(run, &labels, &count, keys->items[i]);
    }
    if (!py_is_unset(callable)) {
        struct py_tuple *values = py_items(run, py_call(run, callable, &cls, 1, NULL));
        if (values->len != count)
            py_refuse(run, PY_REFUSE_TYPE,
                      "values_callable does not give one value for each member");
        labels = NULL;
        count = 0;
        for (size_t i = 0; i < values->len; i++)
            push_label(run, &labels, &count, values->items[i]);
    }
    payload->enum_class = cls;
    payload->members = members;
    t->labels = labels;
    t->label_count = count;
}

static void fill_from_strings(struct py_run *run, struct type *t, const struct py_tuple *values)
{
    const char **labels = NULL;
    size_t count = 0;
    for (size_t i = 0; i < values->len; i++)
        push_label(run, &labels, &count, values->items[i]);
    t->labels = labels;
    t->label_count = count;
}

static bool is_enum_class(struct py_run *run, struct py_value v)
{
    struct py_value ignored;
    return py_is_class(v) && py_find_attr(run, v, "__members__", &ignored);
}

static char *lower_copy(struct py_run *run, const char *name)
{
    char *copy = arena_strdup(py_arena(run), name);
    for (char *p = copy; *p; p++)
        if (*p >= 'A' && *p <= 'Z')
            *p = (char)(*p - 'A' + 'a');
    return copy;
}

/* metadata= and inherit_schema= of ENUM and DOMAIN. */
static void read_schema_options(struct py_run *run, struct sa_type *payload, struct type *t,
                                struct py_dict *kw)
{
    t->schema = copy_text(run, py_dict_take_name(run, kw, "schema"), "schema");
    t->inherit_schema = py_truth(run, py_dict_take_name(run, kw, "inherit_schema"));
    struct py_value quote = py_dict_take_name(run, kw, "quote");
    if (!py_is_unset(quote))
        t->name.quote = py_truth(run, quote) ? YES : NO;
    struct py_value metadata = py_dict_take_name(run, kw, "metadata");
    if (py_is_unset(metadata))
        return;
    t->has_metadata = true;
    payload->metadata = metadata;
    if (!t->schema && !t->inherit_schema)
        t->schema = copy_text(run, py_getattr(run, metadata, "schema"), "schema");
    sa_metadata_add_type(run, metadata, t);
}

static void check_length(struct py_run *run, struct type *t, struct py_value length)
{
    if (py_is_unset(length))
        return;
    t->length = (int)py_as_int64(run, length, "length");
    if (t->length < type_longest_label(t))
        py_raise(run, &py_value_error_class,
                 "When provided, length must be larger or equal than the length of the longest "
                 "enum value. %d < %d",
                 t->length, type_longest_label(t));
}

static const struct py_arg args_ENUM[] = {PY_REST("enums"), PY_KEYWORDS("kw"), PY_ARGS_END};

static struct py_value init_ENUM(struct py_run *run, struct py_call *call)
{
    struct py_tuple *values = py_tuple_of(call->args[0]);
    struct py_dict *kw = py_dict_of(call->args[1]);
    struct type *t = sa_type_begin(run, call->self);
    struct sa_type *payload = sa_type_payload(run, call->self);
    py_require_known_deep(run, call->args[0]);
    payload->keywords = py_call_method(run, call->args[1], "copy", NULL, 0);

    struct py_value callable = py_dict_take_name(run, kw, "values_callable");
    struct py_value native = py_dict_take_name(run, kw, "native_enum");
    struct py_value create_type = py_dict_take_name(run, kw, "create_type");
    bool has_name = !py_is_absent(py_dict_get_name(kw, "name"));
    struct py_value name = py_dict_take_name(run, kw, "name");
    t->native_enum = t->kind == TYPE_PG_ENUM || flag(run, native, true);
    t->create_type = t->kind != TYPE_PG_ENUM || flag(run, create_type, true);
    t->create_constraint = py_truth(run, py_dict_take_name(run, kw, "create_constraint"));
    t->name.text = NULL;
    if (has_name && !py_is_none(name))
        t->name = sa_name(run, name, "name");
    if (values->len == 1 && is_enum_class(run, values->items[0])) {
        fill_from_class(run, payload, t, values->items[0], callable);
        if (!has_name)
            t->name.text = lower_copy(run, py_type_of(values->items[0])->name);
    } else {
        fill_from_strings(run, t, values);
    }
    check_length(run, t, py_dict_take_name(run, kw, "length"));
    read_schema_options(run, payload, t, kw);
    return py_none();
}

static struct py_value get_name(struct py_run *run, struct py_call *call)
{
    const struct type *t = sa_type_of(run, call->self);
    return t->name.text ? py_new_str(run, t->name.text) : py_none();
}

static struct py_value get_schema(struct py_run *run, struct py_call *call)
{
    const struct type *t = sa_type_of(run, call->self);
    return t->schema ? py_new_str(run, t->schema) : py_none();
}

static struct py_value get_enums(struct py_run *run, struct py_call *call)
{
    const struct type *t = sa_type_of(run, call->self);
    struct py_value list = py_new_list(run);
    for (size_t i = 0; i < t->label_count; i++)
        py_list_append(run, list, py_new_str(run, t->labels[i]));
    return list;
}

static struct py_value get_enum_class(struct py_run *run, struct py_call *call)
{
    struct py_value cls = sa_type_payload(run, call->self)->enum_class;
    return py_is_absent(cls) ? py_none() : cls;
}

static const struct py_arg args_create[] = {PY_REQUIRED("bind"), PY_DEFAULTED("checkfirst"),
                                            PY_KEYWORDS("kw"), PY_ARGS_END};

MEMBERS(ENUM, PY_PROPERTY("name", get_name), PY_PROPERTY("schema", get_schema),
        PY_PROPERTY("enums", get_enums), PY_PROPERTY("enum_class", get_enum_class),
        PY_METHOD("create", sa_type_create, args_create),
        PY_METHOD("drop", sa_type_drop, args_create), );

/* ------------------------------------------------------------------ DOMAIN */

enum { DOMAIN_NAME, DOMAIN_TYPE, DOMAIN_COLLATION, DOMAIN_DEFAULT, DOMAIN_CONSTRAINT,
       DOMAIN_NOT_NULL, DOMAIN_CHECK, DOMAIN_CREATE, DOMAIN_KW };
static const struct py_arg args_DOMAIN[] = {
    PY_REQUIRED("name"), PY_REQUIRED("data_type"), PY_KEYWORD_ONLY("collation"),
    PY_KEYWORD_ONLY("default"), PY_KEYWORD_ONLY("constraint_name"), PY_KEYWORD_ONLY("not_null"),
    PY_KEYWORD_ONLY("check"), PY_KEYWORD_DEFAULTED("create_type"), PY_KEYWORDS("kw"), PY_ARGS_END};

static struct py_value init_DOMAIN(struct py_run *run, struct py_call *call)
{
    struct type *t = sa_type_begin(run, call->self);
    struct py_value *args = call->args;
    t->name = sa_name(run, args[DOMAIN_NAME], "name");
    t->item = sa_type_of(run, args[DOMAIN_TYPE]);
    t->collation = copy_text(run, args[DOMAIN_COLLATION], "collation");
    t->domain_default = sa_server_default(run, args[DOMAIN_DEFAULT]);
    if (!py_is_none(args[DOMAIN_CONSTRAINT]))
        t->constraint = sa_name(run, args[DOMAIN_CONSTRAINT], "constraint_name");
    t->not_null = py_truth(run, args[DOMAIN_NOT_NULL]);
    if (!py_is_none(args[DOMAIN_CHECK]))
        t->domain_check = sa_expr_or_text(run, args[DOMAIN_CHECK]);
    t->create_type = flag(run, args[DOMAIN_CREATE], true);
    read_schema_options(run, sa_type_payload(run, call->self), t, py_dict_of(args[DOMAIN_KW]));
    return py_none();
}
MEMBERS(DOMAIN, PY_PROPERTY("name", get_name), PY_PROPERTY("schema", get_schema),
        PY_METHOD("create", sa_type_create, args_create),
        PY_METHOD("drop", sa_type_drop, args_create), );

/* ------------------------------------------------------------------ other dialects */

/* Length or precision and scale count, what only the other database knows does not. */
static const struct py_arg args_FOREIGN[] = {PY_REST("args"), PY_KEYWORDS("kw"), PY_ARGS_END};

static struct py_value init_FOREIGN(struct py_run *run, struct py_call *call)
{
    struct type *t = sa_type_begin(run, call->self);
    struct py_tuple *args = py_tuple_of(call->args[0]);
    struct py_dict *kw = py_dict_of(call->args[1]);
    bool is_numeric = type_shape(t->kind) == SHAPE_NUMERIC;
    struct py_value first =
        args->len > 0 ? args->items[0] : py_dict_get_name(kw, is_numeric ? "precision" : "length");
    struct py_value second = args->len > 1 ? args->items[1] : py_dict_get_name(kw, "scale");
    if (is_numeric) {
        t->precision = number_or_unset(run, first, "precision");
        t->scale = py_is_unset(second) ? TYPE_NO_SCALE : (int)py_as_int64(run, second, "scale");
    } else if (type_shape(t->kind) == SHAPE_STRING) {
        t->length = number_or_unset(run, first, "length");
        t->collation = copy_text(run, py_dict_get_name(kw, "collation"), "collation");
    }
    return py_none();
}
PLAIN_MEMBERS(FOREIGN);

/* ------------------------------------------------------------------ written in Python */

static const struct py_arg args_ANY[] = {PY_REST("args"), PY_KEYWORDS("kwargs"), PY_ARGS_END};

/* TypeDecorator: `impl` of the class becomes an instance, made with the arguments. */
static void make_impl(struct py_run *run, struct type *t, struct py_value self,
                      struct py_tuple *args, struct py_dict *kwargs)
{
    struct py_value impl = py_class_lookup(run, py_class(run, self), "impl", NULL);
    if (py_is_absent(impl))
        py_raise(run, &py_attribute_error_class,
                 "TypeDecorator implementations require a class-level variable 'impl' which "
                 "refers to the class of type being decorated");
    if (py_is_class(impl))
        impl = py_call(run, impl, args->items, args->len, kwargs);
    t->item = sa_type_of(run, impl);
    py_set_own_attr(run, self, "impl", impl);
}

static struct py_value init_ANY(struct py_run *run, struct py_call *call)
{
    struct type *t = sa_type_begin(run, call->self);
    if (t->kind == TYPE_DECORATOR)
        make_impl(run, t, call->self, py_tuple_of(call->args[0]), py_dict_of(call->args[1]));
    return py_none();
}

static struct py_value get_impl(struct py_run *run, struct py_call *call)
{
    return sa_type_object(run, sa_type_of(run, call->self)->item);
}

static const struct py_arg args_load[] = {PY_REQUIRED("dialect"), PY_ARGS_END};

/* TypeDecorator.load_dialect_impl(), when it is not overridden or called through super(). */
static struct py_value load_dialect_impl(struct py_run *run, struct py_call *call)
{
    return py_getattr(run, call->self, "impl");
}
MEMBERS(ANY, PY_PROPERTY("impl_instance", get_impl),
        PY_METHOD("load_dialect_impl", load_dialect_impl, args_load), );
