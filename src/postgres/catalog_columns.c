/* Columns, their defaults, and which of them are SERIAL. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "postgres/catalog_reader.h"
#include "postgres/catalog_text.h"
#include "schema/expr.h"

enum {
    COLUMN_TABLE,
    COLUMN_NUMBER,
    COLUMN_NAME,
    COLUMN_TYPE,
    COLUMN_MODIFIER,
    COLUMN_NOT_NULL,
    COLUMN_IDENTITY,
    COLUMN_GENERATED,
    COLUMN_COLLATION,
    COLUMN_COLLATION_NAME,
};

static void set_type(struct catalog_reader *r, struct column *c, const struct result *rows,
                     size_t row)
{
    const struct read_type given = {
        .oid = result_get(rows, row, COLUMN_TYPE),
        .modifier = result_get(rows, row, COLUMN_MODIFIER),
        .collation_oid = result_get(rows, row, COLUMN_COLLATION),
        .collation = result_get(rows, row, COLUMN_COLLATION_NAME),
    };
    struct typed_column typed = {c, catalog_type(r, &given)};
    vec_push(r->arena, &r->typed, typed);
}

static struct column *make_column(struct catalog_reader *r, const struct table *table,
                                  const struct result *rows, size_t row)
{
    struct column *c = ARENA_NEW(r->arena, struct column);
    c->name = name_of(catalog_copy(r, rows, row, COLUMN_NAME));
    c->key = c->name.text;
    c->table = table;
    c->nullable = result_bool(rows, row, COLUMN_NOT_NULL) ? NO : YES;
    c->autoincrement = AUTOINCREMENT_NO;
    set_type(r, c, rows, row);
    const char *identity = result_get(rows, row, COLUMN_IDENTITY);
    if (*identity) { /* its options come with the sequence */
        struct identity *options = ARENA_NEW(r->arena, struct identity);
        options->always = *identity == 'a';
        c->identity = options;
        c->autoincrement = AUTOINCREMENT_YES;
    }
    if (*result_get(rows, row, COLUMN_GENERATED)) { /* its expression comes with the defaults */
        struct computed *computed = ARENA_NEW(r->arena, struct computed);
        computed->persisted = *result_get(rows, row, COLUMN_GENERATED) == 's' ? YES : NO;
        c->computed = computed;
    }
    return c;
}

void catalog_take_columns(struct catalog_reader *r, const struct result *rows)
{
    struct read_table *t = NULL;
    const char *last = "";
    for (size_t i = 0; i < result_rows(rows); i++) {
        const char *oid = result_get(rows, i, COLUMN_TABLE);
        if (strcmp(oid, last) != 0) { /* mostly, a table's columns stand together */
            t = catalog_table(r, oid);
            last = oid;
        }
        if (t)
            catalog_add_column(r, t, (size_t)atoi(result_get(rows, i, COLUMN_NUMBER)),
                               make_column(r, t->table, rows, i));
    }
}

/* -- defaults -----------------------------------------------------------------------------------
 */

enum { DEFAULT_TABLE, DEFAULT_COLUMN, DEFAULT_TEXT };

void catalog_take_defaults(struct catalog_reader *r, const struct result *rows)
{
    for (size_t i = 0; i < result_rows(rows); i++) {
        const struct read_table *t = catalog_table(r, result_get(rows, i, DEFAULT_TABLE));
        struct column *c =
            t ? catalog_column(t, (size_t)atoi(result_get(rows, i, DEFAULT_COLUMN))) : NULL;
        const char *text = result_get(rows, i, DEFAULT_TEXT);
        if (!c || !text) {
            r->has_changed = true;
            continue;
        }
        c->default_text = arena_strdup(r->arena, text);
    }
}

/* The quoted name in "nextval('...'::regclass)" at the start of a default; NULL: there is none. */
static const char *sequence_of(struct arena *a, const char *text)
{
    static const char prefix[] = "nextval('", suffix[] = "'::regclass)";
    if (!str_starts_with(text, prefix))
        return NULL;
    const char *start = text + strlen(prefix), *end = strstr(start, suffix);
    if (!end)
        return NULL;
    struct str name = STR_IN(a);
    for (const char *s = start; s < end; s++) {
        str_addc(&name, *s);
        if (s[0] == '\'' && s[1] == '\'')
            s++;
    }
    return name.ptr;
}

static const struct read_sequence *find_sequence(struct catalog_reader *r, const char *quoted)
{
    struct name_list parts;
    catalog_identifiers(r->arena, quoted, '.', &parts);
    if (parts.len == 1)
        return map_get(&r->found_sequences, parts.at[0]);
    if (parts.len != 2)
        return NULL;
    return map_get(&r->sequences, arena_printf(r->arena, "%s\n%s", parts.at[0], parts.at[1]));
}

/*
 * SERIAL, as Alembic sees it (spec/autogenerate.md, section 2): an INTEGER or BIGINT whose default
 * takes numbers from a sequence that belongs to a column of this name: this one, or the one that it
 * is inherited from. SMALLSERIAL is none.
 */
static void find_serial(struct catalog_reader *r, struct column *c)
{
    if (!c->type || (c->type->kind != TYPE_SQL_INTEGER && c->type->kind != TYPE_SQL_BIGINT))
        return;
    const char *quoted = sequence_of(r->arena, c->default_text);
    const struct read_sequence *s = quoted ? find_sequence(r, quoted) : NULL;
    const struct column *owner = s && s->owner ? catalog_column(s->owner, s->owner_number) : NULL;
    if (owner && str_eq(owner->name.text, c->name.text))
        c->owned_sequence = s->sequence->name.text;
}

static void set_default(struct catalog_reader *r, struct column *c)
{
    if (c->computed) {
        struct computed *computed = ARENA_NEW(r->arena, struct computed);
        computed->persisted = c->computed->persisted;
        computed->expression = catalog_expr(r->arena, c->default_text);
        c->computed = computed;
        return;
    }
    if (strstr(c->default_text, "nextval('") && type_family(c->type) == FAMILY_INTEGER)
        c->autoincrement = AUTOINCREMENT_YES;
    find_serial(r, c);
    if (!c->owned_sequence)
        c->server_default = catalog_expr(r->arena, c->default_text);
}

/* What a domain says holds for its columns, except a default of their own. */
static void apply_domain(struct column *c)
{
    const struct type *domain = c->type;
    if (domain->not_null)
        c->nullable = NO;
    if (!c->default_text && domain->domain_default) {
        c->server_default = domain->domain_default;
        c->default_text = domain->domain_default->as.text.text;
    }
}

void catalog_finish_columns(struct catalog_reader *r)
{
    for (size_t i = 0; i < r->typed.len; i++) {
        const struct typed_column *typed = &r->typed.at[i];
        typed->column->type = typed->type->type;
        typed->column->server_type = typed->type->text;
    }
    for (size_t i = 0; i < r->tables.len; i++) {
        struct read_table *t = r->tables.at[i].value;
        for (size_t j = 0; j < t->numbered.len; j++) {
            struct column *c = t->numbered.at[j];
            if (!c)
                continue;
            if (c->default_text)
                set_default(r, c);
            if (c->type && c->type->kind == TYPE_PG_DOMAIN)
                apply_domain(c);
            vec_push(r->arena, &t->table->columns, c);
        }
    }
}
