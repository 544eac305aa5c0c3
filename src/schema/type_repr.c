#include "config.h"

#include "schema/type_repr.h"

#include <string.h>

#include "base/quote.h"

/* The constructor's parameters, by the `params` column of types.def. */
enum type_params {
    PARAMS_NONE, PARAMS_STRING, PARAMS_LENGTH, PARAMS_NUMERIC, PARAMS_FLOAT, PARAMS_BOOLEAN,
    PARAMS_ZONED, PARAMS_PG_ZONED, PARAMS_INTERVAL, PARAMS_PG_INTERVAL, PARAMS_JSON, PARAMS_PG_JSON,
    PARAMS_UUID, PARAMS_ARRAY, PARAMS_ENUM, PARAMS_DOMAIN, PARAMS_BIT, PARAMS_HSTORE, PARAMS_DIM,
    PARAMS_PICKLE, PARAMS_FOREIGN, PARAMS_ANY,
};

static const enum type_params params_of[] = {
#define TYPE(kind, python, sql, family, shape, params, base, homes, module)                       \
    [TYPE_##kind] = PARAMS_##params,
#include "schema/types.def"
#undef TYPE
};

/* Arguments being listed. */
struct arguments {
    struct str *out;
    bool any;
    type_inner_fn inner;
    void *payload;
};

/* Begins an argument; name NULL: a positional one. */
static void begin(struct arguments *args, const char *name)
{
    str_add(args->out, args->any ? ", " : "");
    args->any = true;
    if (name)
        str_addf(args->out, "%s=", name);
}

static void add_number(struct arguments *args, const char *name, int number)
{
    if (number < 0)
        return;
    begin(args, name);
    str_addf(args->out, "%d", number);
}

static void add_scale(struct arguments *args, const struct type *t)
{
    if (t->scale == TYPE_NO_SCALE)
        return;
    begin(args, "scale");
    str_addf(args->out, "%d", t->scale);
}

static void add_flag(struct arguments *args, const char *name, bool value, bool fallback)
{
    if (value == fallback)
        return;
    begin(args, name);
    str_add(args->out, value ? "True" : "False");
}

static void add_text(struct arguments *args, const char *name, const char *text)
{
    if (!text)
        return;
    begin(args, name);
    quote_python(args->out, text, strlen(text), false);
}

/* A type inside; NULL is what the constructor takes by itself: Text(). */
static void add_inner(struct arguments *args, const char *name, const struct type *type)
{
    static const struct type text = {.kind = TYPE_TEXT, .length = -1};
    begin(args, name);
    args->inner(args->out, type ? type : &text, args->payload);
}

static void add_enum(struct arguments *args, const struct type *t)
{
    for (size_t i = 0; i < t->label_count; i++)
        add_text(args, NULL, t->labels[i]);
    add_text(args, "name", t->name.text);
    add_text(args, "schema", t->schema);
    add_flag(args, "inherit_schema", t->inherit_schema, false);
    add_flag(args, "native_enum", t->native_enum, true);
    add_flag(args, "create_constraint", t->create_constraint, false);
    if (t->length != type_longest_label(t))
        add_number(args, "length", t->length);
}

static void add_numeric(struct arguments *args, const struct type *t)
{
    add_number(args, "precision", t->precision);
    add_scale(args, t);
    add_number(args, "decimal_return_scale", t->return_scale);
    add_flag(args, "asdecimal", t->asdecimal, true);
}

static void add_float(struct arguments *args, const struct type *t)
{
    add_number(args, "precision", t->precision);
    add_flag(args, "asdecimal", t->asdecimal, false);
    add_number(args, "decimal_return_scale", t->return_scale);
}

static void add_uuid(struct arguments *args, const struct type *t)
{
    add_flag(args, "as_uuid", !t->text_uuid, true);
    if (t->kind == TYPE_UUID)
        add_flag(args, "native_uuid", t->native, true);
}

static void add_array(struct arguments *args, const struct type *t)
{
    add_inner(args, NULL, t->item);
    if (t->dimensions > 0)
        add_number(args, "dimensions", t->dimensions);
}

/* Of another dialect: as much as is known. */
static void add_foreign(struct arguments *args, const struct type *t)
{
    add_number(args, "precision", t->precision);
    add_scale(args, t);
    add_number(args, "length", t->length);
    add_text(args, "collation", t->collation);
}

static void add_parameters(struct arguments *args, const struct type *t)
{
    switch (params_of[t->kind]) {
    case PARAMS_STRING:
        add_number(args, "length", t->length);
        add_text(args, "collation", t->collation);
        return;
    case PARAMS_LENGTH:
        add_number(args, "length", t->length);
        return;
    case PARAMS_DIM:
        add_number(args, "dim", t->length);
        return;
    case PARAMS_NUMERIC:
        add_numeric(args, t);
        return;
    case PARAMS_FLOAT:
        add_float(args, t);
        return;
    case PARAMS_ZONED:
        add_flag(args, "timezone", t->timezone, false);
        return;
    case PARAMS_PG_ZONED:
        add_flag(args, "timezone", t->timezone, false);
        add_number(args, "precision", t->precision);
        return;
    case PARAMS_PG_INTERVAL:
        add_number(args, "precision", t->precision);
        add_text(args, "fields", t->fields);
        return;
    case PARAMS_JSON:
        add_flag(args, "none_as_null", t->none_as_null, false);
        return;
    case PARAMS_PG_JSON:
        add_flag(args, "none_as_null", t->none_as_null, false);
        add_inner(args, "astext_type", t->item);
        return;
    case PARAMS_HSTORE:
        add_inner(args, "text_type", t->item);
        return;
    case PARAMS_UUID:
        add_uuid(args, t);
        return;
    case PARAMS_ARRAY:
        add_array(args, t);
        return;
    case PARAMS_ENUM:
        add_enum(args, t);
        return;
    case PARAMS_DOMAIN: /* the base stands there without a prefix, even where others have one */
        add_text(args, NULL, t->name.text);
        begin(args, NULL);
        type_add_repr(args->out, t->item);
        return;
    case PARAMS_BIT:
        add_number(args, "length", t->length);
        add_flag(args, "varying", t->varying, false);
        return;
    case PARAMS_FOREIGN:
        add_foreign(args, t);
        return;
    case PARAMS_ANY:
        if (t->kind == TYPE_DECORATOR && t->item)
            add_parameters(args, t->item);
        return;
    case PARAMS_NONE:
    case PARAMS_BOOLEAN:
    case PARAMS_INTERVAL: /* a decorator of DateTime: it shows nothing of its own */
    case PARAMS_PICKLE:
        return;
    }
}

void type_add_arguments_with(struct str *out, const struct type *type, type_inner_fn inner,
                             void *payload)
{
    struct arguments args = {out, false, inner, payload};
    str_addc(out, '(');
    if (type)
        add_parameters(&args, type);
    str_addc(out, ')');
}

static void add_plain_inner(struct str *out, const struct type *type, void *payload)
{
    (void)payload;
    type_add_repr(out, type);
}

void type_add_arguments(struct str *out, const struct type *type)
{
    type_add_arguments_with(out, type, add_plain_inner, NULL);
}

void type_add_repr(struct str *out, const struct type *type)
{
    if (type && type->python) {
        str_add(out, type->python);
        if (strchr(type->python, '('))
            return;
    } else {
        str_add(out, type_python_name(type ? type->kind : TYPE_NULL));
    }
    type_add_arguments(out, type);
}
