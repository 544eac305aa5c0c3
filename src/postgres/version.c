#include "config.h"

#include "postgres/version.h"

#include "base/arena.h"
#include "base/str.h"
#include "postgres/query.h"

/* Relation kinds as SQLAlchemy's has_table() looks for them. */
const char version_find_sql[] =
    "SELECT coalesce($2::text, n.nspname, current_schema()), c.oid IS NOT NULL\n"
    "FROM (SELECT 1) one\n"
    "LEFT JOIN (pg_catalog.pg_class c\n"
    "           JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace)\n"
    "  ON c.relname = $1 AND c.relkind IN ('r', 'p', 'f', 'v', 'm')\n"
    "  AND CASE WHEN $2::text IS NULL\n"
    "      THEN pg_catalog.pg_table_is_visible(c.oid) AND n.nspname <> 'pg_catalog'\n"
    "      ELSE n.nspname = $2::text END";

void version_find_params(const struct version_table *table, const char *params[VERSION_FIND_PARAMS])
{
    params[0] = table->name;
    params[1] = table->schema;
}

/* Always quoted: right for every name, and nobody reads this one but the log. */
static void add_quoted(struct str *s, const char *name)
{
    str_addc(s, '"');
    for (; *name; name++) {
        if (*name == '"')
            str_addc(s, '"');
        str_addc(s, *name);
    }
    str_addc(s, '"');
}

const char *version_read_sql(struct arena *a, const struct version_table *table)
{
    struct str s = STR_IN(a);
    str_add(&s, "SELECT version_num FROM ");
    if (table->schema) {
        add_quoted(&s, table->schema);
        str_addc(&s, '.');
    }
    add_quoted(&s, table->name);
    return s.ptr;
}

void version_rows(struct arena *a, const struct result *result, struct name_list *rows)
{
    *rows = (struct name_list){0};
    for (size_t i = 0; i < result_rows(result); i++) {
        const char *id = result_get(result, i, 0);
        if (id)
            vec_push(a, rows, arena_strdup(a, id));
    }
}
