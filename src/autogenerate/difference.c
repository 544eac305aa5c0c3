#include "config.h"

#include "autogenerate/difference.h"

#include <stddef.h>

#include "base/arena.h"
#include "base/str.h"
#include "sql/render.h"

static const struct {
    char sign;
    bool beyond;
    const char *name, *help;
} rows[] = {
#define DIFFERENCE(kind, sign, beyond, help) [DIFFERENCE_##kind] = {sign, beyond, #kind, help},
#include "autogenerate/differences.def"
#undef DIFFERENCE
};

bool difference_is_beyond(enum difference_kind kind)
{
    return rows[kind].beyond;
}

const char *difference_name(struct arena *a, enum difference_kind kind)
{
    char *name = arena_strdup(a, rows[kind].name);
    for (char *p = name; *p; p++)
        *p = *p == '_' ? '_' : (char)(*p - 'A' + 'a');
    return name;
}

const char *difference_help(enum difference_kind kind)
{
    return rows[kind].help;
}

char difference_sign(enum difference_kind kind)
{
    return rows[kind].sign;
}

const char *difference_subject(struct arena *a, const struct difference *difference)
{
    struct str out = STR_IN(a);
    const char *const parts[] = {difference->schema, difference->table, difference->name};
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
        if (parts[i])
            str_addf(&out, "%s%s", out.len > 0 ? "." : "", parts[i]);
    return out.len > 0 ? out.ptr : "?";
}

bool difference_render(struct arena *a, const struct op_list *ops, struct statement_list *out,
                       struct err *err)
{
    struct sql_context context = {.created_types = MAP_IN(a)};
    for (size_t i = 0; i < ops->len; i++)
        if (!sql_render_op(a, &context, ops->at[i], out, err))
            return false;
    return true;
}

/* Whether an item is the added or removed column that a rename stands for. */
static bool is_replaced(const struct differences *all, const bool *included, size_t at)
{
    const struct difference *item = &all->items.at[at];
    bool added = item->kind == DIFFERENCE_ADDED_COLUMN;
    if (!included || (!added && item->kind != DIFFERENCE_REMOVED_COLUMN))
        return false;
    for (size_t i = 0; i < all->items.len; i++) {
        const struct difference *rename = &all->items.at[i];
        if (rename->kind == DIFFERENCE_PROBABLE_RENAME && included[i] &&
            str_eq(rename->schema, item->schema) && str_eq(rename->table, item->table) &&
            str_eq(added ? rename->name : rename->old_name, item->name))
            return true;
    }
    return false;
}

static bool is_included(const struct differences *all, const bool *included, size_t at)
{
    return included ? included[at] && !is_replaced(all, included, at)
                    : !difference_is_beyond(all->items.at[at].kind);
}

void differences_operations(struct arena *a, const struct differences *all, const bool *included,
                            struct op_list *upgrade, struct op_list *downgrade)
{
    for (size_t i = 0; i < all->items.len; i++) {
        const struct op_list *ops = &all->items.at[i].upgrade;
        for (size_t k = 0; k < ops->len && is_included(all, included, i); k++)
            vec_push(a, upgrade, ops->at[k]);
    }
    for (size_t i = all->items.len; i-- > 0;) {
        const struct op_list *ops = &all->items.at[i].downgrade;
        for (size_t k = 0; k < ops->len && is_included(all, included, i); k++)
            vec_push(a, downgrade, ops->at[k]);
    }
}
