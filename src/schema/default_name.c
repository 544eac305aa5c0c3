#include "config.h"

#include "schema/default_name.h"

#include <string.h>

#include "base/arena.h"
#include "base/str.h"

enum { NAME_BYTES = 63 };

/* Bytes of the longest start of text that is no longer than len and ends between two characters. */
static size_t clipped(const char *text, size_t len)
{
    while (len > 0 && ((unsigned char)text[len] & 0xc0) == 0x80)
        len--;
    return len;
}

/* table_columns_label; the longer of the first two loses bytes till all fits. */
static const char *make_name(struct arena *a, const char *table, const char *columns,
                             const char *label)
{
    size_t first = strlen(table), second = strlen(columns);
    size_t overhead = strlen(label) + 1 + (second > 0 ? 1 : 0);
    while (first + second > NAME_BYTES - overhead) {
        if (first > second)
            first--;
        else
            second--;
    }
    first = clipped(table, first);
    second = clipped(columns, second);
    return arena_printf(a, "%.*s%s%.*s_%s", (int)first, table, *columns ? "_" : "", (int)second,
                        columns, label);
}

/* The columns' names joined by "_", cut where PostgreSQL stops looking at them. */
static const char *join_columns(struct arena *a, const struct name_list *columns)
{
    struct str out = STR_IN(a);
    for (size_t i = 0; i < columns->len && out.len <= NAME_BYTES; i++)
        str_addf(&out, "%s%s", i > 0 ? "_" : "", columns->at[i]);
    return out.ptr;
}

const char *default_constraint_name(struct arena *a, const struct table *t,
                                    const struct constraint *k,
                                    bool (*taken)(const char *name, void *payload), void *payload)
{
    static const char *const labels[] = {
        [CONSTRAINT_PRIMARY_KEY] = "pkey", [CONSTRAINT_UNIQUE] = "key",
        [CONSTRAINT_CHECK] = "check",      [CONSTRAINT_FOREIGN_KEY] = "fkey",
        [CONSTRAINT_EXCLUDE] = "excl",
    };
    const char *columns = "";
    if (k->kind == CONSTRAINT_CHECK)
        columns = k->columns.len == 1 ? k->columns.at[0] : "";
    else if (k->kind != CONSTRAINT_PRIMARY_KEY)
        columns = join_columns(a, &k->columns);
    const char *name = make_name(a, t->name.text, columns, labels[k->kind]);
    for (int pass = 1; taken(name, payload); pass++)
        name = make_name(a, t->name.text, columns, arena_printf(a, "%s%d", labels[k->kind], pass));
    return name;
}
