/*
 * Values as the driver sends them. A statement that is executed has its values as parameters, and
 * psycopg2 writes each of them into the text by its Python type, whatever the type of the column;
 * where SQLAlchemy's literal processors can print a value, theirs is the same to the server, and is
 * what stands in scripts as well.
 */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "base/utf8.h"
#include "schema/type.h"
#include "sql/render_expr.h"

static void add_cast(struct str *out, const char *text, const char *type)
{
    sql_add_string(out, text, strlen(text));
    str_addf(out, "::%s", type);
}

static bool cannot_adapt(const struct literal *value, struct err *err)
{
    return err_set(err, ERR_RAISED,
                   "sqlalchemy.exc.ProgrammingError: (psycopg2.ProgrammingError) can't adapt the "
                   "value %s",
                   value->python ? value->python : "?");
}

/* ------------------------------------------------------------------ JSON */

/* A string as json.dumps() writes it: all that is not ASCII is escaped. */
static void add_json_string(struct str *out, const char *text, size_t len)
{
    static const char escaped[] = "\"\\\b\f\n\r\t", letters[] = "\"\\bfnrt";
    size_t at = 0;

    str_addc(out, '"');
    while (at < len) {
        size_t width;
        uint32_t c = utf8_decode(text + at, len - at, &width);
        const char *known = c && c < 128 ? strchr(escaped, (int)c) : NULL;
        at += width;
        if (known)
            str_addf(out, "\\%c", letters[known - escaped]);
        else if (c >= 32 && c < 127)
            str_addc(out, (char)c);
        else if (c < 0x10000)
            str_addf(out, "\\u%04x", c);
        else
            str_addf(out, "\\u%04x\\u%04x", 0xd800 + ((c - 0x10000) >> 10),
                     0xdc00 + ((c - 0x10000) & 0x3ff));
    }
    str_addc(out, '"');
}

static bool add_json(const struct literal *value, struct str *out)
{
    switch (value->kind) {
    case LITERAL_NULL:
        str_add(out, "null");
        return true;
    case LITERAL_BOOL:
        str_add(out, value->truth ? "true" : "false");
        return true;
    case LITERAL_INTEGER:
    case LITERAL_FLOAT:
        str_add(out, value->text);
        return true;
    case LITERAL_STRING:
        add_json_string(out, value->text, value->len);
        return true;
    case LITERAL_JSON:
        str_add(out, value->json ? value->json : "");
        return value->json != NULL;
    case LITERAL_LIST:
        str_addc(out, '[');
        for (size_t i = 0; i < value->item_count; i++) {
            str_add(out, i > 0 ? ", " : "");
            if (!add_json(value->items[i], out))
                return false;
        }
        str_addc(out, ']');
        return true;
    default:
        return false;
    }
}

static bool json_value(struct arena *a, const struct literal *value, const struct type *type,
                       struct str *out, struct err *err)
{
    struct str text = STR_IN(a);

    if (value->kind == LITERAL_NULL && type_impl(type)->none_as_null) {
        str_add(out, "NULL");
        return true;
    }
    if (!add_json(value, &text))
        return err_set(err, ERR_RAISED,
                       "sqlalchemy.exc.StatementError: (builtins.TypeError) %s is not JSON "
                       "serializable",
                       value->python ? value->python : "?");
    sql_add_string(out, text.ptr, text.len);
    str_addf(out, "::%s", type_sql_name(type_impl(type)->kind));
    return true;
}

/* ------------------------------------------------------------------ by the Python type */

/* float's inf and nan are no SQL numbers. */
static void add_number(struct str *out, const char *text, const char *type)
{
    double number = strtod(text, NULL);

    if (isfinite(number))
        str_add(out, text);
    else
        add_cast(out, isnan(number) ? "NaN" : number > 0 ? "Infinity" : "-Infinity", type);
}

/* "days" and seconds below a day, as timedelta keeps them. */
static void add_interval(struct str *out, const char *text)
{
    double seconds = strtod(text, NULL), days = floor(seconds / 86400);

    str_addf(out, "'%.0f days %.6f seconds'::interval", days, seconds - days * 86400);
}

static void add_bytes(struct str *out, const struct literal *value)
{
    str_add(out, "'\\x");
    for (size_t i = 0; i < value->len; i++)
        str_addf(out, "%02x", (unsigned char)value->text[i]);
    str_add(out, "'::bytea");
}

static bool driver_value(const struct literal *value, struct str *out, struct err *err);

/* An array without items has no type of its own: '{}' takes the one of its place. */
static bool add_list(const struct literal *value, struct str *out, struct err *err)
{
    if (value->item_count == 0) {
        str_add(out, "'{}'");
        return true;
    }
    str_add(out, "ARRAY[");
    for (size_t i = 0; i < value->item_count; i++) {
        str_add(out, i > 0 ? ", " : "");
        if (!driver_value(value->items[i], out, err))
            return false;
    }
    str_addc(out, ']');
    return true;
}

/* Whether an ISO time ends with an offset. */
static bool has_offset(const char *text)
{
    const char *blank = strchr(text, ' ');

    return strpbrk(blank ? blank : text, "+-") != NULL;
}

static bool driver_value(const struct literal *value, struct str *out, struct err *err)
{
    switch (value->kind) {
    case LITERAL_NULL:
        str_add(out, "NULL");
        return true;
    case LITERAL_BOOL:
        str_add(out, value->truth ? "true" : "false");
        return true;
    case LITERAL_INTEGER:
        str_add(out, value->text);
        return true;
    case LITERAL_FLOAT:
        add_number(out, value->text, "float");
        return true;
    case LITERAL_DECIMAL:
        add_number(out, value->text, "numeric");
        return true;
    case LITERAL_STRING:
        sql_add_string(out, value->text, value->len);
        return true;
    case LITERAL_BYTES:
        add_bytes(out, value);
        return true;
    case LITERAL_DATE:
        add_cast(out, value->text, "date");
        return true;
    case LITERAL_DATETIME:
        add_cast(out, value->text, has_offset(value->text) ? "timestamptz" : "timestamp");
        return true;
    case LITERAL_TIME:
        add_cast(out, value->text, has_offset(value->text) ? "timetz" : "time");
        return true;
    case LITERAL_INTERVAL:
        add_interval(out, value->text);
        return true;
    case LITERAL_UUID:
        add_cast(out, value->text, "uuid");
        return true;
    case LITERAL_LIST:
        return add_list(value, out, err);
    default:
        return cannot_adapt(value, err);
    }
}

/* ------------------------------------------------------------------ by both */

/* Where the literal means something else to the server than the value. */
static bool needs_driver(const struct literal *value, const struct type *type)
{
    enum type_family family = type_family(type);
    bool fraction = value->kind == LITERAL_FLOAT || value->kind == LITERAL_DECIMAL;

    /* The literal of a day is one of 24 hours. */
    return value->kind == LITERAL_BYTES || value->kind == LITERAL_INTERVAL ||
           (family == FAMILY_INTEGER && fraction) ||
           (family == FAMILY_ARRAY && value->item_count == 0);
}

bool sql_value_render(struct arena *a, const struct literal *value, const struct type *type,
                      struct str *out, struct err *err)
{
    struct str text = STR_IN(a);

    if (type_family(type) == FAMILY_JSON)
        return json_value(a, value, type, out, err);
    if (!needs_driver(value, type)) {
        if (sql_literal_render(a, value, type, &text, err)) {
            str_addn(out, text.ptr, text.len);
            return true;
        }
        err_clear(err);
    }
    return driver_value(value, out, err);
}
