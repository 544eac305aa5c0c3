#include "config.h"

#include "schema/type.h"

#include "base/arena.h"
#include "base/utf8.h"
#include "schema/type_modules.h"

struct type_row {
    const char *python, *sql, *homes, *module;
    enum type_family family;
    enum type_shape shape;
};

static const struct type_row rows[] = {
#define TYPE(kind, python, sql, family, shape, params, base, homes, module)                        \
    [TYPE_##kind] = {python, sql, homes, TYPE_MODULE_##module, FAMILY_##family, SHAPE_##shape},
#include "schema/types.def"
#undef TYPE
};
_Static_assert(sizeof(rows) / sizeof(rows[0]) == TYPE_COUNT, "one row for each type");

struct type *type_new(struct arena *a, enum type_kind kind)
{
    struct type *t = ARENA_NEW(a, struct type);
    t->kind = kind;
    t->length = t->precision = t->return_scale = -1;
    t->scale = TYPE_NO_SCALE;
    t->native_enum = true;
    t->create_type = true;
    t->native = true;
    t->asdecimal = rows[kind].family == FAMILY_NUMERIC &&
                   (kind == TYPE_NUMERIC || kind == TYPE_SQL_NUMERIC || kind == TYPE_SQL_DECIMAL);
    return t;
}

const char *type_sql_name(enum type_kind kind)
{
    return rows[kind].sql;
}

const char *type_python_name(enum type_kind kind)
{
    return rows[kind].python;
}

const char *type_homes(enum type_kind kind)
{
    return rows[kind].homes;
}

const char *type_module(enum type_kind kind)
{
    return rows[kind].module;
}

enum type_shape type_shape(enum type_kind kind)
{
    return rows[kind].shape;
}

const struct type *type_impl(const struct type *type)
{
    for (;;) {
        if (type->variant)
            type = type->variant;
        else if (type->kind == TYPE_DECORATOR && type->item)
            type = type->item;
        else
            return type;
    }
}

const struct type *type_element(const struct type *type)
{
    while (type) {
        type = type_impl(type);
        if (type->kind != TYPE_ARRAY && type->kind != TYPE_PG_ARRAY)
            break;
        type = type->item;
    }
    return type;
}

enum type_family type_family(const struct type *type)
{
    return type ? rows[type_impl(type)->kind].family : FAMILY_NULL;
}

const struct type *type_named(const struct type *type)
{
    type = type_element(type);
    if (type && (type->kind == TYPE_PG_DOMAIN || type->kind == TYPE_PG_ENUM))
        return type;
    return type && type->kind == TYPE_ENUM && type->native_enum ? type : NULL;
}

int type_longest_label(const struct type *type)
{
    size_t longest = 0;
    for (size_t i = 0; i < type->label_count; i++) {
        size_t n = utf8_count(type->labels[i], strlen(type->labels[i]));
        if (n > longest)
            longest = n;
    }
    return (int)longest;
}
