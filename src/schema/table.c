#include "config.h"

#include "schema/table.h"

#include "base/str.h"
#include "schema/type.h"

bool column_is_nullable(const struct column *c)
{
    if (c->nullable != UNSET)
        return c->nullable == YES;
    return !c->primary_key && !c->identity;
}

struct column *table_column(const struct table *t, const char *name)
{
    for (size_t i = 0; i < t->columns.len; i++)
        if (str_eq(t->columns.at[i]->name.text, name))
            return t->columns.at[i];
    return NULL;
}

struct constraint *table_primary_key(const struct table *t)
{
    for (size_t i = 0; i < t->constraints.len; i++)
        if (t->constraints.at[i]->kind == CONSTRAINT_PRIMARY_KEY)
            return t->constraints.at[i];
    return NULL;
}

/* Whether a FOREIGN KEY of the table stands on the column. */
static bool has_foreign_key(const struct table *t, const struct column *c)
{
    for (size_t i = 0; i < t->constraints.len; i++) {
        const struct constraint *k = t->constraints.at[i];
        if (k->kind != CONSTRAINT_FOREIGN_KEY)
            continue;
        for (size_t j = 0; j < k->columns.len; j++)
            if (str_eq(k->columns.at[j], c->name.text))
                return true;
    }
    return false;
}

bool column_can_autoincrement(const struct column *c)
{
    enum type_family family = type_family(c->type);
    return family == FAMILY_INTEGER || family == FAMILY_NUMERIC;
}

static bool is_default_autoincrement(const struct table *t, const struct column *c)
{
    if (c->autoincrement != AUTOINCREMENT_AUTO && c->autoincrement != AUTOINCREMENT_IGNORE_FK)
        return false;
    if (!column_can_autoincrement(c) || c->has_python_default || c->server_default ||
        c->has_fetched_value || c->computed)
        return false;
    return c->autoincrement == AUTOINCREMENT_IGNORE_FK || !has_foreign_key(t, c);
}

struct column *table_autoincrement_column(const struct table *t)
{
    const struct constraint *pk = table_primary_key(t);
    if (!pk)
        return NULL;
    for (size_t i = 0; i < pk->columns.len; i++) {
        struct column *c = table_column(t, pk->columns.at[i]);
        if (c && (c->autoincrement == AUTOINCREMENT_YES ||
                  (pk->columns.len == 1 && is_default_autoincrement(t, c))))
            return c;
    }
    return NULL;
}
