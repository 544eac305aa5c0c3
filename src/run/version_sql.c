#include "config.h"

#include "run/version_sql.h"

#include <inttypes.h>

#include "base/arena.h"
#include "base/str.h"
#include "sql/render.h"

static const char *table_name(struct arena *a, const struct version_table *table)
{
    const char *name = sql_identifier(a, table->name);
    if (!table->schema)
        return name;
    return arena_printf(a, "%s.%s", sql_identifier(a, table->schema), name);
}

/* White space as in Alembic's text; the constraint's name follows the table's, whatever naming
 * conventions say. */
const char *version_create_sql(struct arena *a, const struct version_table *table)
{
    struct str s = STR_IN(a);
    str_addf(&s, "CREATE TABLE %s (\n\tversion_num VARCHAR(32) NOT NULL", table_name(a, table));
    if (table->primary_key) {
        const char *constraint = arena_printf(a, "%s_pkc", table->name);
        str_addf(&s, ", \n\tCONSTRAINT %s PRIMARY KEY (version_num)",
                 sql_identifier(a, constraint));
    }
    str_add(&s, "\n)");
    return s.ptr;
}

const char *version_change_sql(struct arena *a, const struct version_table *table,
                               const struct row_change *change)
{
    const char *name = table_name(a, table);
    switch (change->kind) {
    case ROW_INSERT: {
        const char *sql = arena_printf(a, "INSERT INTO %s (version_num) VALUES (%s)", name,
                                       sql_string(a, change->to));
        return table->primary_key ? arena_printf(a, "%s RETURNING %s.version_num", sql, name) : sql;
    }
    case ROW_UPDATE:
        return arena_printf(a, "UPDATE %s SET version_num=%s WHERE %s.version_num = %s", name,
                            sql_string(a, change->to), name, sql_string(a, change->from));
    case ROW_DELETE:
        break;
    }
    return arena_printf(a, "DELETE FROM %s WHERE %s.version_num = %s", name, name,
                        sql_string(a, change->from));
}

bool version_change_check(const struct version_table *table, const struct row_change *change,
                          int64_t affected, struct err *err)
{
    if (change->kind == ROW_INSERT || affected == 1)
        return true;
    static const char words[] = "Online migration expected to match one row when";
    if (change->kind == ROW_UPDATE)
        return err_set(err, ERR_COMMAND, "%s updating '%s' to '%s' in '%s'; %" PRId64 " found",
                       words, change->from, change->to, table->name, affected);
    return err_set(err, ERR_COMMAND, "%s deleting '%s' in '%s'; %" PRId64 " found", words,
                   change->from, table->name, affected);
}

static void remove_id(struct name_list *rows, const char *id)
{
    for (size_t i = 0; i < rows->len; i++) {
        if (str_eq(rows->at[i], id)) {
            vec_remove(rows, i);
            return;
        }
    }
}

void version_change_apply(struct arena *a, struct name_list *rows, const struct row_change *change)
{
    if (change->kind != ROW_INSERT)
        remove_id(rows, change->from);
    if (change->kind != ROW_DELETE)
        vec_push(a, rows, change->to);
}

bool version_rows_same(const struct name_list *a, const struct name_list *b)
{
    if (a->len != b->len)
        return false;
    for (size_t i = 0; i < a->len; i++) {
        size_t j = 0;
        while (j < b->len && !str_eq(a->at[i], b->at[j]))
            j++;
        if (j == b->len)
            return false;
    }
    return true;
}
