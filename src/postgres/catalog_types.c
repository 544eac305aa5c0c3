/* Types: enums, domains, and what a column's type is to SQLAlchemy (spec/autogenerate.md, 3). */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "postgres/catalog_reader.h"
#include "postgres/catalog_text.h"

/* -- names of types -----------------------------------------------------------------------------
 */

static const struct {
    const char *name;
    enum type_kind kind;
    bool is_vector;
} names[] = {
#define CATALOG_TYPE(name, kind)   {name, TYPE_##kind, false},
#define CATALOG_VECTOR(name, kind) {name, TYPE_##kind, true},
#include "postgres/catalog_types.def"
#undef CATALOG_TYPE
#undef CATALOG_VECTOR
};

/* TYPE_NULL: SQLAlchemy does not know it. */
static enum type_kind kind_of(const struct catalog_reader *r, const char *name)
{
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (strcmp(names[i].name, name) == 0 && (!names[i].is_vector || r->options->has_pgvector))
            return names[i].kind;
    return TYPE_NULL;
}

/* What format_type() prints, taken apart: "timestamp(3) without time zone[]". */
struct type_text {
    const char *name; /* without parameters and brackets */
    struct number_list parameters;
    bool is_array;
};

static struct type_text take_apart(struct arena *a, const char *text)
{
    struct type_text out = {0};
    struct str name = STR_IN(a);
    const char *open = strchr(text, '('), *close = strrchr(text, ')');
    if (open && close && open < close) {
        str_addn(&name, text, (size_t)(open - text));
        str_add(&name, close + 1);
        catalog_numbers(a, arena_strndup(a, open + 1, (size_t)(close - open) - 1), &out.parameters);
    } else {
        str_add(&name, text);
    }
    while (str_ends_with(name.ptr, "[]")) {
        str_cut(&name, name.len - 2);
        out.is_array = true;
    }
    out.name = name.ptr;
    return out;
}

/* -- types --------------------------------------------------------------------------------------
 */

static const struct type *interval_of(struct arena *a, const struct type_text *text)
{
    static const char prefix[] = "interval ";
    struct type *t = type_new(a, TYPE_PG_INTERVAL);
    if (str_starts_with(text->name, prefix))
        t->fields = text->name + strlen(prefix);
    if (text->parameters.len == 1)
        t->precision = text->parameters.at[0];
    return t;
}

static void set_parameters(struct type *t, const struct type_text *text)
{
    const struct number_list *given = &text->parameters;
    t->varying = strcmp(text->name, "bit varying") == 0;
    t->timezone = str_ends_with(text->name, " with time zone");
    if (t->kind == TYPE_SQL_DOUBLE_PRECISION) {
        t->precision = 53;
    } else if (t->kind == TYPE_SQL_NUMERIC && given->len == 2) {
        t->precision = given->at[0];
        t->scale = given->at[1];
    } else if (type_shape(t->kind) == SHAPE_ZONED) {
        t->precision = given->len == 1 ? given->at[0] : -1;
    } else if (given->len == 1) {
        t->length = given->at[0];
    }
}

static const struct type *plain_of(struct catalog_reader *r, const struct type_text *text,
                                   const char *collation)
{
    if (strcmp(text->name, "interval") == 0 || str_starts_with(text->name, "interval "))
        return interval_of(r->arena, text);
    struct type *t = type_new(r->arena, kind_of(r, text->name));
    if (t->kind == TYPE_NULL) {
        t->spec = text->name;
        return t;
    }
    set_parameters(t, text);
    t->collation = collation;
    return t;
}

static const struct type *domain_of(struct catalog_reader *r, const char *oid,
                                    const char *collation);

const struct type *catalog_type_of(struct catalog_reader *r, const char *text, const char *element,
                                   const char *collation)
{
    struct type_text parts = take_apart(r->arena, text);
    const struct type *t = map_get(&r->enums, element);
    if (!t)
        t = domain_of(r, element, collation);
    if (!t)
        t = plain_of(r, &parts, collation);
    if (!parts.is_array || t->kind == TYPE_NULL)
        return t;
    struct type *array = type_new(r->arena, TYPE_PG_ARRAY);
    array->item = t;
    return array;
}

/* -- enums --------------------------------------------------------------------------------------
 */

/* Whether a type of a schema (NULL: found by the search_path) is one of those that are read; the
 * others are there for the columns that have them. */
static bool is_wanted(const struct catalog_reader *r, const char *schema)
{
    return !schema || (r->options->include_schemas && !str_starts_with(schema, "pg_") &&
                       strcmp(schema, "information_schema") != 0);
}

enum { ENUM_OID, ENUM_SCHEMA, ENUM_NAME, ENUM_VISIBLE, ENUM_LABEL };

static const char *schema_of(struct catalog_reader *r, const struct result *rows, size_t row)
{
    return result_bool(rows, row, ENUM_VISIBLE) ? NULL : catalog_copy(r, rows, row, ENUM_SCHEMA);
}

static size_t rows_of_enum(const struct result *rows, size_t first)
{
    const char *oid = result_get(rows, first, ENUM_OID);
    size_t end = first + 1;
    while (end < result_rows(rows) && strcmp(result_get(rows, end, ENUM_OID), oid) == 0)
        end++;
    return end - first;
}

void catalog_take_enums(struct catalog_reader *r, const struct result *rows)
{
    for (size_t i = 0, count; i < result_rows(rows); i += count) {
        count = rows_of_enum(rows, i);
        const char *oid = result_get(rows, i, ENUM_OID);
        struct type *t = type_new(r->arena, TYPE_PG_ENUM);
        struct name_list labels = {0};
        for (size_t j = 0; j < count; j++)
            if (result_get(rows, i + j, ENUM_LABEL))
                vec_push(r->arena, &labels, catalog_copy(r, rows, i + j, ENUM_LABEL));
        t->labels = labels.at;
        t->label_count = labels.len;
        t->name = name_of(catalog_copy(r, rows, i, ENUM_NAME));
        t->schema = schema_of(r, rows, i);
        t->extension = map_get(&r->type_extensions, oid);
        map_put(&r->enums, oid, t);
        if (is_wanted(r, t->schema))
            vec_push(r->arena, &r->out->enums, t);
    }
}

/* -- domains ------------------------------------------------------------------------------------
 */

/* A domain may be over another one that comes later: its type is made when it is needed. */
struct read_domain {
    struct type *type;
    const char *base, *element;
    bool is_made;
};

enum {
    DOMAIN_OID,
    DOMAIN_SCHEMA,
    DOMAIN_NAME,
    DOMAIN_VISIBLE,
    DOMAIN_BASE,
    DOMAIN_ELEMENT,
    DOMAIN_NOT_NULL,
    DOMAIN_DEFAULT,
    DOMAIN_COLLATION,
    DOMAIN_CONSTRAINT,
    DOMAIN_CHECK,
};
_Static_assert((int)DOMAIN_SCHEMA == ENUM_SCHEMA && (int)DOMAIN_VISIBLE == ENUM_VISIBLE,
               "schema_of() reads both");

/*
 * Reflection takes the base without its parameters: VARCHAR() for character varying(30); and
 * whatever stands behind the parenthesis with it.
 */
static void make_domain(struct catalog_reader *r, struct read_domain *d)
{
    d->is_made = true;
    const char *base = arena_strndup(r->arena, d->base, strcspn(d->base, "("));
    d->type->item = catalog_type_of(r, base, d->element, d->type->collation);
}

static const struct type *domain_of(struct catalog_reader *r, const char *oid,
                                    const char *collation)
{
    struct read_domain *d = map_get(&r->domains, oid);
    if (!d)
        return NULL;
    if (!d->is_made)
        make_domain(r, d);
    if (!collation)
        return d->type;
    struct type *t = ARENA_NEW(r->arena, struct type);
    *t = *d->type;
    t->collation = collation;
    return t;
}

/* "CHECK (VALUE > 0)" without CHECK and its parentheses; more of them stay, as in reflection. */
static const char *domain_check(struct catalog_reader *r, const char *text)
{
    static const char prefix[] = "CHECK (", not_valid[] = " NOT VALID";
    if (!text || !str_starts_with(text, prefix))
        return NULL;
    size_t len = strlen(text);
    if (str_ends_with(text, not_valid))
        len -= strlen(not_valid);
    return arena_strndup(r->arena, text + strlen(prefix), len - strlen(prefix) - 1);
}

void catalog_take_domains(struct catalog_reader *r, const struct result *rows)
{
    for (size_t i = 0; i < result_rows(rows); i++) {
        const char *oid = result_get(rows, i, DOMAIN_OID);
        struct type *t = type_new(r->arena, TYPE_PG_DOMAIN);
        t->name = name_of(catalog_copy(r, rows, i, DOMAIN_NAME));
        t->schema = schema_of(r, rows, i);
        t->create_type = false;
        t->collation = catalog_copy(r, rows, i, DOMAIN_COLLATION);
        t->not_null = result_bool(rows, i, DOMAIN_NOT_NULL);
        t->constraint = name_of(catalog_copy(r, rows, i, DOMAIN_CONSTRAINT));
        t->domain_default = catalog_expr(r->arena, catalog_copy(r, rows, i, DOMAIN_DEFAULT));
        t->domain_check =
            catalog_expr(r->arena, domain_check(r, result_get(rows, i, DOMAIN_CHECK)));
        t->extension = map_get(&r->type_extensions, oid);
        struct read_domain *d = ARENA_NEW(r->arena, struct read_domain);
        d->type = t;
        d->base = catalog_copy(r, rows, i, DOMAIN_BASE);
        d->element = catalog_copy(r, rows, i, DOMAIN_ELEMENT);
        map_put(&r->domains, oid, d);
        if (is_wanted(r, t->schema))
            vec_push(r->arena, &r->out->domains, t);
        if (result_get(rows, i, DOMAIN_CONSTRAINT) && !result_get(rows, i, DOMAIN_CHECK))
            r->has_changed = true;
    }
    for (size_t i = 0; i < r->domains.len; i++)
        domain_of(r, r->domains.at[i].key, NULL);
}

/* -- the types of columns -----------------------------------------------------------------------
 */

const struct read_type *catalog_type(struct catalog_reader *r, const struct read_type *given)
{
    enum { KEY_MAX = 48 }; /* three numbers of at most eleven digits */
    char key[KEY_MAX];
    snprintf(key, sizeof(key), "%s:%s:%s", given->oid, given->modifier, given->collation_oid);
    struct read_type *t = map_get(&r->types, key);
    if (t)
        return t;
    t = ARENA_NEW(r->arena, struct read_type);
    t->oid = arena_strdup(r->arena, given->oid);
    t->modifier = arena_strdup(r->arena, given->modifier);
    t->collation_oid = arena_strdup(r->arena, given->collation_oid);
    t->collation = arena_strdup(r->arena, given->collation);
    map_put(&r->types, key, t);
    return t;
}

void catalog_add_types(const struct catalog_reader *r, struct str *out)
{
    str_add(out, "pg_catalog.unnest('{");
    for (size_t i = 0; i < r->types.len; i++)
        str_addf(out, "%s%s", i ? "," : "", ((const struct read_type *)r->types.at[i].value)->oid);
    str_add(out, "}'::pg_catalog.oid[]), pg_catalog.unnest('{");
    for (size_t i = 0; i < r->types.len; i++)
        str_addf(out, "%s%s", i ? "," : "",
                 ((const struct read_type *)r->types.at[i].value)->modifier);
    str_add(out, "}'::pg_catalog.int4[])");
}

enum { ROW_TEXT, ROW_ELEMENT, ROW_COLLATION };

/* The collation that is said of the column; NULL: it is the type's own. */
static const char *other_collation(const struct read_type *t, const char *own)
{
    if (strcmp(t->collation_oid, "0") == 0 || strcmp(t->collation_oid, own) == 0)
        return NULL;
    return t->collation ? t->collation : "default";
}

void catalog_take_types(struct catalog_reader *r, const struct result *rows)
{
    for (size_t i = 0; i < result_rows(rows); i++) {
        struct read_type *t = r->types.at[i].value;
        const char *element = result_get(rows, i, ROW_ELEMENT);
        const char *own = result_get(rows, i, ROW_COLLATION);
        t->text = catalog_copy(r, rows, i, ROW_TEXT);
        /* format_type() of a type that was dropped */
        if (!element || !own || str_starts_with(t->text, "???"))
            r->has_changed = true;
        else
            t->type = catalog_type_of(r, t->text, element, other_collation(t, own));
    }
}
