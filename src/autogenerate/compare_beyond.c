/* What Alembic does not see: primary keys that change, columns that were probably renamed, and
 * extensions that the models need. */
#include "config.h"

#include <string.h>

#include "autogenerate/compare_private.h"
#include "base/str.h"
#include "schema/identifier.h"

/* ------------------------------------------------------------------ extensions */

/* The extension that has a type; NULL: PostgreSQL has it itself. */
static const char *extension_of(const struct type *type)
{
    type = type_element(type);
    switch (type ? (int)type->kind : TYPE_NULL) {
    case TYPE_VECTOR:
    case TYPE_HALFVEC:
    case TYPE_SPARSEVEC:
        return "vector";
    case TYPE_PG_CITEXT:
        return "citext";
    case TYPE_PG_HSTORE:
        return "hstore";
    default:
        return NULL;
    }
}

static void need_extension(struct comparison *c, struct map *seen, const char *name,
                           struct file_line place)
{
    struct difference item;
    if (map_has(seen, name))
        return;
    map_put(seen, name, c);
    for (size_t i = 0; i < c->database->extensions.len; i++)
        if (str_eq(c->database->extensions.at[i].name, name))
            return;
    compare_item(c, &item, DIFFERENCE_MISSING_EXTENSION, NULL, name);
    item.model = arena_printf(c->a, "extension %s", name);
    item.place = place;
    item.warning = "creating it may need rights that the role does not have";
    vec_push(c->a, &item.upgrade,
             op_sql(c, arena_printf(c->a, "CREATE EXTENSION IF NOT EXISTS %s",
                                    sql_identifier(c->a, name))));
    compare_add(c, &item);
}

void compare_extensions(struct comparison *c)
{
    struct map seen = MAP_IN(c->a);
    for (size_t i = 0; i < c->model_tables.len; i++) {
        const struct table *t = c->model_tables.at[i].value;
        for (size_t k = 0; k < t->columns.len; k++) {
            const char *name = extension_of(t->columns.at[k]->type);
            if (name)
                need_extension(c, &seen, name, t->columns.at[k]->place);
        }
    }
    for (size_t i = 0; i < c->models->extensions.len; i++)
        need_extension(c, &seen, c->models->extensions.at[i].name, (struct file_line){0});
}

/* ------------------------------------------------------------------ primary keys */

static bool has_name(const struct name_list *names, const char *name)
{
    for (size_t i = 0; i < names->len; i++)
        if (strcmp(names->at[i], name) == 0)
            return true;
    return false;
}

static bool same_key(const struct constraint *a, const struct constraint *b)
{
    size_t left = a ? a->columns.len : 0, right = b ? b->columns.len : 0;
    for (size_t i = 0; i < left && left == right; i++)
        if (!has_name(&b->columns, a->columns.at[i]))
            return false;
    return left == right;
}

void compare_primary_key(struct comparison *c, const struct pair *pair)
{
    const struct constraint *old = table_primary_key(pair->database);
    const struct constraint *new = table_primary_key(pair->model);
    struct difference item;
    if (c->failed || same_key(old, new))
        return;
    compare_item(c, &item, DIFFERENCE_PRIMARY_KEY, pair, NULL);
    item.place = pair->model->place;
    if (new) {
        const struct constraint *named = compare_named_constraint(c, pair->model, new);
        item.name = named->name.text;
        item.model = compare_constraint_text(c, pair->model, new);
        item.warning = "it fails when rows have the same values, or none";
        vec_push(c->a, &item.upgrade, op_create_constraint(c, pair->model, named));
        vec_push(c->a, &item.downgrade, op_drop_constraint(c, pair->model, named));
    }
    if (old) {
        item.name = old->name.text;
        item.database = compare_constraint_text(c, pair->database, old);
        vec_insert(c->a, &item.upgrade, 0, op_drop_constraint(c, pair->database, old));
        vec_push(c->a, &item.downgrade, op_create_constraint(c, pair->database, old));
    }
    compare_add(c, &item);
}

/* ------------------------------------------------------------------ renames */

static const struct column *definition_of(const struct difference *item)
{
    return item->kind == DIFFERENCE_ADDED_COLUMN
               ? item->upgrade.at[0]->as.add_column.column
               : item->upgrade.at[0]->as.drop_column.definition;
}

static bool may_be_renamed(struct comparison *c, const struct difference *added,
                           const struct difference *removed)
{
    if (added->kind != DIFFERENCE_ADDED_COLUMN || removed->kind != DIFFERENCE_REMOVED_COLUMN)
        return false;
    const struct column *new = definition_of(added), *old = definition_of(removed);
    if (new->computed || old->computed || !compare_type_is_known(new->type) ||
        !compare_type_is_known(old->type))
        return false;
    return !compare_types_differ(c->a, compare_type_text(c, old->type),
                                 compare_type_text(c, new->type));
}

/* How many columns could be the other end of this one's renaming; the last of them in *found. */
static size_t count_candidates(struct comparison *c, size_t from, size_t to, size_t at,
                               size_t *found)
{
    const struct difference *items = c->out->items.at;
    size_t count = 0;
    for (size_t i = from; i < to; i++)
        if (may_be_renamed(c, &items[at], &items[i]) || may_be_renamed(c, &items[i], &items[at])) {
            count++;
            *found = i;
        }
    return count;
}

static struct op *rename_op(struct comparison *c, const struct pair *pair,
                            const struct column *existing, struct name old, struct name new)
{
    struct op *op = compare_op(c, OP_ALTER_COLUMN, pair->schema, pair->database);
    op->as.alter_column = ARENA_NEW(c->a, struct alter_column);
    op->as.alter_column->column = old;
    op->as.alter_column->new_name = new;
    op->as.alter_column->existing_type = existing->type;
    op->as.alter_column->existing_nullable = column_is_nullable(existing) ? YES : NO;
    return op;
}

void compare_renames(struct comparison *c, const struct pair *pair, size_t from)
{
    size_t to = c->out->items.len, old_at = 0, back = 0;
    for (size_t i = from; i < to && !c->failed; i++) {
        struct difference item;
        if (c->out->items.at[i].kind != DIFFERENCE_ADDED_COLUMN ||
            count_candidates(c, from, to, i, &old_at) != 1 ||
            count_candidates(c, from, to, old_at, &back) != 1)
            continue;
        const struct difference *added = &c->out->items.at[i], *removed = &c->out->items.at[old_at];
        const struct column *new = definition_of(added), *old = definition_of(removed);
        compare_item(c, &item, DIFFERENCE_PROBABLE_RENAME, pair, added->name);
        item.old_name = removed->name;
        item.database = arena_printf(c->a, "%s %s", removed->name, removed->database);
        item.model = arena_printf(c->a, "%s %s", added->name, added->model);
        item.place = added->place;
        vec_push(c->a, &item.upgrade, rename_op(c, pair, old, old->name, new->name));
        vec_push(c->a, &item.downgrade, rename_op(c, pair, old, new->name, old->name));
        compare_add(c, &item);
    }
}
