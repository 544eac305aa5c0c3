#include "config.h"

#include "sql/render_type.h"

#include "base/arena.h"
#include "base/err.h"
#include "schema/identifier.h"

static bool refuse_null(struct err *err)
{
    return err_set(err, ERR_RAISED,
                   "sqlalchemy.exc.CompileError: Can't generate DDL for NullType(); did you forget "
                   "to specify a type on this Column?");
}

bool sql_type_name_render(struct arena *a, const struct type *type, struct str *out,
                          struct err *err)
{
    if (!type->name.text || !*type->name.text)
        return err_set(err, ERR_RAISED,
                       "sqlalchemy.exc.CompileError: PostgreSQL %s type requires a name.",
                       type_python_name(type->kind));
    str_add(out, sql_qualified(a, type->schema, UNSET, type->name));
    return true;
}

static void add_string(struct str *out, const struct type *t, const char *name, int length)
{
    str_add(out, name);
    if (length > 0)
        str_addf(out, "(%d)", length);
    if (t->collation && *t->collation)
        str_addf(out, " COLLATE \"%s\"", t->collation);
}

static void add_numeric(struct str *out, const struct type *t, const char *name)
{
    str_add(out, name);
    if (t->precision >= 0 && t->scale != TYPE_NO_SCALE)
        str_addf(out, "(%d, %d)", t->precision, t->scale);
    else if (t->precision >= 0)
        str_addf(out, "(%d)", t->precision);
}

static void add_zoned(struct str *out, const struct type *t, const char *name)
{
    str_add(out, name);
    if (t->precision >= 0)
        str_addf(out, "(%d)", t->precision);
    str_addf(out, " %s TIME ZONE", t->timezone ? "WITH" : "WITHOUT");
}

static void add_interval(struct str *out, const struct type *t, const char *name)
{
    if (!t->native) {
        add_zoned(out, t, "TIMESTAMP");
        return;
    }
    str_add(out, name);
    if (t->fields && *t->fields)
        str_addf(out, " %s", t->fields);
    if (t->precision >= 0)
        str_addf(out, " (%d)", t->precision);
}

static void add_bit(struct str *out, const struct type *t)
{
    if (!t->varying)
        str_addf(out, "BIT(%d)", t->length > 0 ? t->length : 1);
    else if (t->length >= 0)
        str_addf(out, "BIT VARYING(%d)", t->length);
    else
        str_add(out, "BIT VARYING");
}

/* The brackets stand behind the item's name, but before its collation. */
static bool add_array(struct arena *a, struct str *out, const struct type *t, struct err *err)
{
    struct str item = STR_IN(a);
    if (!sql_type_render(a, t->item, &item, err))
        return false;
    const char *collate = strstr(item.ptr, " COLLATE");
    size_t end = collate ? (size_t)(collate - item.ptr) : item.len;
    str_addn(out, item.ptr, end);
    for (int i = 0; i < (t->dimensions > 0 ? t->dimensions : 1); i++)
        str_add(out, "[]");
    str_add(out, item.ptr + end);
    return true;
}

static bool add_enum(struct arena *a, struct str *out, const struct type *t, struct err *err)
{
    if (t->kind == TYPE_PG_ENUM || t->native_enum)
        return sql_type_name_render(a, t, out, err);
    add_string(out, t, type_sql_name(t->kind), t->length >= 0 ? t->length : type_longest_label(t));
    return true;
}

bool sql_type_render(struct arena *a, const struct type *type, struct str *out, struct err *err)
{
    if (!type)
        return refuse_null(err);
    type = type_impl(type);
    const char *name = type_sql_name(type->kind);
    switch (type_shape(type->kind)) {
    case SHAPE_PLAIN:
        str_add(out, name);
        return true;
    case SHAPE_STRING:
        add_string(out, type, name, type->length);
        return true;
    case SHAPE_LENGTH:
        str_add(out, name);
        if (type->length > 0)
            str_addf(out, "(%d)", type->length);
        return true;
    case SHAPE_NUMERIC:
        add_numeric(out, type, name);
        return true;
    case SHAPE_FLOAT:
        str_add(out, name);
        if (type->precision > 0)
            str_addf(out, "(%d)", type->precision);
        return true;
    case SHAPE_ZONED:
        add_zoned(out, type, name);
        return true;
    case SHAPE_INTERVAL:
        add_interval(out, type, name);
        return true;
    case SHAPE_BIT:
        add_bit(out, type);
        return true;
    case SHAPE_UUID:
        str_add(out, type->native ? name : "CHAR(32)");
        return true;
    case SHAPE_ARRAY:
        return add_array(a, out, type, err);
    case SHAPE_ENUM:
        return add_enum(a, out, type, err);
    case SHAPE_NAMED:
        return sql_type_name_render(a, type, out, err);
    case SHAPE_USER:
        if (type->spec) {
            str_add(out, type->spec);
            return true;
        }
        break;
    case SHAPE_REFUSED:
        if (type->kind == TYPE_NULL)
            return refuse_null(err);
        return err_set(err, ERR_RAISED,
                       "sqlalchemy.exc.CompileError: PostgreSQL has no type %s", name);
    case SHAPE_DECORATOR:
        break;
    }
    return err_set(err, ERR_PYTHON, "the type %s does not say how it is declared",
                   type->python ? type->python : type_python_name(type->kind));
}
