/* Enum types: those that are missing, that have other labels, or that nothing uses (beyond Alembic,
 * which never looks at them). */
#include "config.h"

#include <string.h>

#include "autogenerate/compare_private.h"
#include "base/str.h"
#include "schema/identifier.h"
#include "sql/render_type.h"

static const char *type_key(struct comparison *c, const struct type *type)
{
    return compare_key(c, compare_schema(c, type->schema), type->name.text);
}

static const struct type *database_type(struct comparison *c, const struct type *type)
{
    const char *key = type_key(c, type);
    for (size_t i = 0; i < c->database->enums.len; i++)
        if (strcmp(type_key(c, c->database->enums.at[i]), key) == 0)
            return c->database->enums.at[i];
    for (size_t i = 0; i < c->database->domains.len; i++)
        if (strcmp(type_key(c, c->database->domains.at[i]), key) == 0)
            return c->database->domains.at[i];
    return NULL;
}

static const char *label_list(struct comparison *c, const struct type *type)
{
    struct str out = STR_IN(c->a);
    for (size_t i = 0; i < type->label_count; i++)
        str_addf(&out, "%s%s", i > 0 ? ", " : "", sql_string(c->a, type->labels[i]));
    return out.ptr;
}

/* ------------------------------------------------------------------ missing types */

/* Whether CREATE TABLE brings the type along. */
static bool comes_with_table(const struct type *type)
{
    return type->create_type && !type->has_metadata;
}

bool compare_enum_is_missing(struct comparison *c, const struct type *named)
{
    return named && named->name.text && map_has(&c->missing_types, type_key(c, named));
}

static void note_missing(struct comparison *c, const struct column *column, struct map *brought)
{
    const struct type *named = type_named(column->type);
    struct difference item;
    if (!named || !named->name.text || map_has(brought, type_key(c, named)) ||
        compare_enum_is_missing(c, named) || database_type(c, named))
        return;
    map_put(&c->missing_types, type_key(c, named), (void *)(uintptr_t)named);
    compare_item(c, &item, DIFFERENCE_MISSING_ENUM, NULL, named->name.text);
    item.schema = compare_schema(c, named->schema);
    item.model = named->kind == TYPE_PG_DOMAIN ? "domain" : label_list(c, named);
    item.place = column->place;
    struct op *create = compare_op(c, OP_CREATE_TYPE, named->schema, NULL);
    struct op *drop = compare_op(c, OP_DROP_TYPE, named->schema, NULL);
    create->as.create_type = arena_memdup(c->a, named, sizeof(*named));
    drop->as.drop_type = create->as.create_type;
    vec_push(c->a, &item.upgrade, create);
    vec_push(c->a, &item.downgrade, drop);
    compare_add(c, &item);
}

/* Types that tables of the database get without a CREATE TABLE that would make them. */
static void missing_types(struct comparison *c)
{
    struct map brought = MAP_IN(c->a);
    for (size_t i = 0; i < c->added.len; i++) {
        const struct table *t = c->added.at[i].model;
        for (size_t k = 0; k < t->columns.len; k++) {
            const struct type *named = type_named(t->columns.at[k]->type);
            if (named && named->name.text && comes_with_table(named))
                map_put(&brought, type_key(c, named), c);
        }
    }
    for (size_t i = 0; i < c->model_tables.len && !c->failed; i++) {
        const struct table *t = c->model_tables.at[i].value;
        for (size_t k = 0; k < t->columns.len; k++)
            note_missing(c, t->columns.at[k], &brought);
    }
}

/* ------------------------------------------------------------------ labels */

static bool has_label(const struct type *type, const char *label)
{
    for (size_t i = 0; i < type->label_count; i++)
        if (strcmp(type->labels[i], label) == 0)
            return true;
    return false;
}

static const char *type_name(struct comparison *c, const struct type *type)
{
    struct str out = STR_IN(c->a);
    if (!c->failed && !sql_type_name_render(c->a, type, &out, c->err))
        compare_fail(c);
    return out.ptr;
}

/* ALTER TYPE ... ADD VALUE: behind the label that it follows in the models. */
static void add_label(struct comparison *c, const struct type *model, const struct type *database,
                      size_t at, struct difference *item)
{
    struct str sql = STR_IN(c->a);
    str_addf(&sql, "ALTER TYPE %s ADD VALUE %s", type_name(c, model),
             sql_string(c->a, model->labels[at]));
    if (at > 0)
        str_addf(&sql, " AFTER %s", sql_string(c->a, model->labels[at - 1]));
    else if (database->label_count > 0)
        str_addf(&sql, " BEFORE %s", sql_string(c->a, database->labels[0]));
    vec_push(c->a, &item->upgrade, op_sql(c, sql.ptr));
}

/* Whether the labels that both have stand in one order. */
static bool same_order(const struct type *model, const struct type *database)
{
    size_t next = 0;
    for (size_t i = 0; i < model->label_count; i++) {
        if (!has_label(database, model->labels[i]))
            continue;
        while (next < database->label_count && !has_label(model, database->labels[next]))
            next++;
        if (!str_eq(model->labels[i], next < database->label_count ? database->labels[next] : NULL))
            return false;
        next++;
    }
    return true;
}

static void warn(struct str *warning, const char *text)
{
    str_addf(warning, "%s%s", warning->len ? "; " : "", text);
}

static const char *labels_warning(struct comparison *c, const struct type *model,
                                  const struct type *database, bool adds)
{
    struct str gone = STR_IN(c->a), out = STR_IN(c->a);
    for (size_t i = 0; i < database->label_count; i++)
        if (!has_label(model, database->labels[i]))
            str_addf(&gone, "%s%s", gone.len ? ", " : "", sql_string(c->a, database->labels[i]));
    if (adds)
        warn(&out, "it cannot be undone, and a new label cannot be used in the same transaction");
    if (gone.len)
        warn(&out, arena_printf(c->a, "PostgreSQL cannot take a label away: %s stays", gone.ptr));
    if (!same_order(model, database))
        warn(&out, "PostgreSQL cannot move a label: rows are sorted and compared in the order of "
                   "the database");
    return out.len ? out.ptr : NULL;
}

static void compare_labels(struct comparison *c, const struct type *model, struct file_line place)
{
    const struct type *database = database_type(c, model);
    struct difference item;
    if (!database || database->kind == TYPE_PG_DOMAIN || model->kind == TYPE_PG_DOMAIN)
        return;
    compare_item(c, &item, DIFFERENCE_ENUM_LABELS, NULL, model->name.text);
    item.schema = compare_schema(c, model->schema);
    item.database = label_list(c, database);
    item.model = label_list(c, model);
    item.place = place;
    for (size_t i = 0; i < model->label_count; i++)
        if (!has_label(database, model->labels[i]))
            add_label(c, model, database, i, &item);
    item.warning = labels_warning(c, model, database, item.upgrade.len > 0);
    item.cosmetic = !item.upgrade.len && model->label_count == database->label_count;
    if (item.warning)
        compare_add(c, &item);
}

void compare_enums(struct comparison *c)
{
    struct map seen = MAP_IN(c->a);
    missing_types(c);
    for (size_t i = 0; i < c->model_tables.len && !c->failed; i++) {
        const struct table *t = c->model_tables.at[i].value;
        for (size_t k = 0; k < t->columns.len && !c->failed; k++) {
            const struct type *named = type_named(t->columns.at[k]->type);
            if (!named || !named->name.text || map_has(&seen, type_key(c, named)))
                continue;
            map_put(&seen, type_key(c, named), c);
            compare_labels(c, named, t->columns.at[k]->place);
        }
    }
}

/* ------------------------------------------------------------------ types that nothing uses */

static void use_type(struct comparison *c, const struct type *type, struct map *used)
{
    const struct type *named = type_named(type);
    if (named && named->name.text)
        map_put(used, type_key(c, named), c);
    if (named && named->kind == TYPE_PG_DOMAIN)
        use_type(c, named->item, used);
}

/* Tables and columns that are gone after the upgrade, and columns that have another type then. */
static struct map without_type(struct comparison *c)
{
    struct map out = MAP_IN(c->a);
    for (size_t i = 0; i < c->out->items.len; i++) {
        const struct difference *item = &c->out->items.at[i];
        bool changed = item->kind == DIFFERENCE_CHANGED_COLUMN &&
                       item->upgrade.at[0]->as.alter_column->type != NULL;
        if (item->kind == DIFFERENCE_REMOVED_TABLE)
            map_put(&out, compare_key(c, item->schema, item->table), c);
        else if (item->kind == DIFFERENCE_REMOVED_COLUMN || changed)
            map_put(&out, compare_key(c, compare_key(c, item->schema, item->table), item->name), c);
    }
    return out;
}

static void use_tables(struct comparison *c, const struct table_list *tables, struct map *used)
{
    struct map without = without_type(c);
    for (size_t i = 0; i < tables->len; i++) {
        const struct table *t = tables->at[i];
        const char *key = compare_key(c, compare_schema(c, t->schema), t->name.text);
        for (size_t k = 0; k < t->columns.len && !map_has(&without, key); k++) {
            const struct column *column = t->columns.at[k];
            if (type_named(column->type) &&
                !map_has(&without, compare_key(c, key, column->name.text)))
                use_type(c, column->type, used);
        }
    }
}

void compare_orphans(struct comparison *c)
{
    struct map used = MAP_IN(c->a);
    if (c->failed || c->out->left_out.len)
        return; /* what is not known may use them */
    use_tables(c, &c->database->tables, &used);
    use_tables(c, &c->database->foreign, &used);
    use_tables(c, &c->models->tables, &used);
    for (size_t i = 0; i < c->database->domains.len; i++)
        use_type(c, c->database->domains.at[i]->item, &used);
    for (size_t i = 0; i < c->database->enums.len && !c->failed; i++) {
        const struct type *type = c->database->enums.at[i];
        struct difference item;
        if (type->extension || map_has(&used, type_key(c, type)) ||
            (type->schema && !c->options->include_schemas))
            continue;
        compare_item(c, &item, DIFFERENCE_ORPHAN_ENUM, NULL, type->name.text);
        item.schema = type->schema;
        item.database = label_list(c, type);
        struct op *drop = compare_op(c, OP_DROP_TYPE, type->schema, NULL);
        struct op *create = compare_op(c, OP_CREATE_TYPE, type->schema, NULL);
        drop->as.drop_type = create->as.create_type = arena_memdup(c->a, type, sizeof(*type));
        vec_push(c->a, &item.upgrade, drop);
        vec_push(c->a, &item.downgrade, create);
        compare_add(c, &item);
    }
}
