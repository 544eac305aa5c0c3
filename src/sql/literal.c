/*
 * Values as SQL literals: what the literal processors of SQLAlchemy's PostgreSQL types print
 * (spec/ops.md, section 3), with single backslashes (DESIGN.md, "Rendering SQL").
 */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/utf8.h"
#include "schema/type.h"
#include "sql/render_expr.h"

/* What a literal of one family is printed with; false: the processor raises for such a value. */
typedef bool (*literal_fn)(struct arena *a, const struct literal *value, const struct type *type,
                           struct str *out);

void sql_add_string(struct str *out, const char *text, size_t len)
{
    str_addc(out, '\'');
    for (size_t i = 0; i < len; i++) {
        if (text[i] == '\'')
            str_addc(out, '\'');
        str_addc(out, text[i]);
    }
    str_addc(out, '\'');
}

static bool is_digits(const char *text)
{
    if (*text == '-' || *text == '+')
        text++;
    return *text && strspn(text, "0123456789") == strlen(text);
}

static bool integer_literal(struct arena *a, const struct literal *value, const struct type *type,
                            struct str *out)
{
    double number;

    (void)a;
    (void)type;
    switch (value->kind) {
    case LITERAL_BOOL:
        str_addc(out, value->truth ? '1' : '0');
        return true;
    case LITERAL_INTEGER:
        str_add(out, value->text);
        return true;
    case LITERAL_STRING: /* int("5") */
        if (!is_digits(value->text))
            return false;
        str_add(out, value->text + (*value->text == '+'));
        return true;
    case LITERAL_DECIMAL:
    case LITERAL_FLOAT:
        number = strtod(value->text, NULL);
        /* int() cuts the fraction off; beyond 2**53 a decimal would lose digits here. */
        if (!isfinite(number) || (value->kind == LITERAL_DECIMAL && fabs(number) > 9e15))
            return false;
        number = trunc(number);
        str_addf(out, "%.0f", number == 0 ? 0.0 : number);
        return true;
    default:
        return false;
    }
}

static bool numeric_literal(struct arena *a, const struct literal *value, const struct type *type,
                            struct str *out)
{
    (void)a;
    (void)type;
    if (value->kind == LITERAL_BOOL) {
        str_add(out, value->truth ? "True" : "False");
        return true;
    }
    if (value->kind != LITERAL_INTEGER && value->kind != LITERAL_FLOAT &&
        value->kind != LITERAL_DECIMAL)
        return false;
    str_add(out, value->text);
    return true;
}

static bool string_literal(struct arena *a, const struct literal *value, const struct type *type,
                           struct str *out)
{
    (void)a;
    (void)type;
    if (value->kind != LITERAL_STRING)
        return false;
    sql_add_string(out, value->text, value->len);
    return true;
}

static bool enum_literal(struct arena *a, const struct literal *value, const struct type *type,
                         struct str *out)
{
    const struct type *impl = type_impl(type);

    for (size_t i = 0; value->member && i < impl->label_count; i++) {
        if (strcmp(impl->labels[i], value->member) == 0) {
            sql_add_string(out, value->member, strlen(value->member));
            return true;
        }
    }
    return string_literal(a, value, type, out);
}

static bool boolean_literal(struct arena *a, const struct literal *value, const struct type *type,
                            struct str *out)
{
    (void)a;
    (void)type;
    if (value->kind == LITERAL_BOOL) {
        str_add(out, value->truth ? "true" : "false");
        return true;
    }
    if (value->kind != LITERAL_INTEGER ||
        (strcmp(value->text, "0") != 0 && strcmp(value->text, "1") != 0))
        return false;
    str_add(out, value->text[0] == '1' ? "true" : "false");
    return true;
}

/* The parts of an ISO text with a blank that a type keeps. */
static bool time_literal(struct arena *a, const struct literal *value, const struct type *type,
                         struct str *out)
{
    enum type_family family = type_family(type);
    const char *blank;

    (void)a;
    if (value->kind != LITERAL_DATE && value->kind != LITERAL_DATETIME &&
        value->kind != LITERAL_TIME)
        return false;
    blank = strchr(value->text, ' ');
    if (family == FAMILY_DATE && blank)
        sql_add_string(out, value->text, (size_t)(blank - value->text));
    else if (family == FAMILY_TIME && blank)
        sql_add_string(out, blank + 1, strlen(blank + 1));
    else
        sql_add_string(out, value->text, strlen(value->text));
    return true;
}

static bool interval_literal(struct arena *a, const struct literal *value, const struct type *type,
                             struct str *out)
{
    (void)a;
    (void)type;
    if (value->kind != LITERAL_INTERVAL)
        return false;
    str_addf(out, "make_interval(secs=>%s)", value->text);
    return true;
}

static bool uuid_literal(struct arena *a, const struct literal *value, const struct type *type,
                         struct str *out)
{
    struct str text = STR_IN(a);

    if (value->kind != LITERAL_UUID && value->kind != LITERAL_STRING)
        return false;
    for (size_t i = 0; i < value->len; i++)
        if ((type_impl(type)->native && !type_impl(type)->text_uuid) || value->text[i] != '-')
            str_addc(&text, value->text[i]);
    sql_add_string(out, text.ptr, text.len);
    return true;
}

static bool binary_literal(struct arena *a, const struct literal *value, const struct type *type,
                           struct str *out)
{
    (void)a;
    (void)type;
    if (value->kind != LITERAL_BYTES || !utf8_valid(value->text, value->len, NULL) ||
        memchr(value->text, '\0', value->len))
        return false;
    sql_add_string(out, value->text, value->len);
    return true;
}

static literal_fn processor(const struct type *type)
{
    static const literal_fn by_family[] = {
        [FAMILY_INTEGER] = integer_literal,   [FAMILY_NUMERIC] = numeric_literal,
        [FAMILY_STRING] = string_literal,     [FAMILY_BOOLEAN] = boolean_literal,
        [FAMILY_DATE] = time_literal,         [FAMILY_DATETIME] = time_literal,
        [FAMILY_TIME] = time_literal,         [FAMILY_INTERVAL] = interval_literal,
        [FAMILY_BINARY] = binary_literal,     [FAMILY_UUID] = uuid_literal,
        [FAMILY_ENUM] = enum_literal,         [FAMILY_OTHER] = NULL,
    };
    if (type && type_impl(type)->kind == TYPE_PG_TSVECTOR)
        return NULL;
    if (type && (type_impl(type)->kind == TYPE_VECTOR || type_impl(type)->kind == TYPE_HALFVEC))
        return string_literal; /* the reader made "[1.0,2.0]" of it */
    return by_family[type_family(type)];
}

static bool no_renderer(const struct literal *value, const struct type *type, struct err *err)
{
    const char *datatype = type ? type_sql_name(type_impl(type)->kind) : "NULL";
    return err_set(err, ERR_RAISED,
                   "sqlalchemy.exc.CompileError: No literal value renderer is available for "
                   "literal value \"%s\" with datatype %s",
                   value->python ? value->python : "?", datatype);
}

static bool not_rendered(const struct literal *value, const struct type *type, struct err *err)
{
    return err_set(err, ERR_RAISED,
                   "sqlalchemy.exc.CompileError: Could not render literal value \"%s\" with "
                   "datatype %s; see parent stack trace for more detail.",
                   value->python ? value->python : "?", type_sql_name(type_impl(type)->kind));
}

/* ARRAY[...]; inner lists are further dimensions. The items have the item type's literals. */
static bool add_array(struct arena *a, const struct literal *value, const struct type *array,
                      struct str *out, struct err *err)
{
    const struct type *item_type = type_impl(array)->item;

    str_add(out, "ARRAY[");
    for (size_t i = 0; i < value->item_count; i++) {
        const struct literal *item = value->items[i];
        if (i > 0)
            str_add(out, ", ");
        if (item->kind == LITERAL_NULL)
            return not_rendered(value, array, err);
        if (item->kind == LITERAL_LIST ? !add_array(a, item, array, out, err)
                                       : !sql_literal_render(a, item, item_type, out, err))
            return false;
    }
    str_addc(out, ']');
    return true;
}

bool sql_literal_render(struct arena *a, const struct literal *value, const struct type *type,
                        struct str *out, struct err *err)
{
    literal_fn fn;

    if (value->kind == LITERAL_NULL) {
        str_add(out, "NULL");
        return true;
    }
    if (type_family(type) == FAMILY_ARRAY) {
        const struct type *item = type_impl(type)->item;
        if (!processor(item) && type_family(item) != FAMILY_ARRAY)
            return no_renderer(value, type, err);
        return value->kind == LITERAL_LIST ? add_array(a, value, type, out, err)
                                           : not_rendered(value, type, err);
    }
    fn = processor(type);
    if (!fn)
        return no_renderer(value, type, err);
    return fn(a, value, type, out) || not_rendered(value, type, err);
}
