/* Which tables there are on each side, and in which order they are compared. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "autogenerate/compare_private.h"
#include "base/str.h"

/* ------------------------------------------------------------------ what takes part */

static bool is_version_table(const struct comparison *c, const char *schema, const char *name)
{
    return str_eq(name, c->options->version_table) &&
           str_eq(compare_schema(c, schema), compare_schema(c, c->options->version_table_schema));
}

static bool is_unknown(const struct comparison *c, const char *schema, const char *name)
{
    for (size_t i = 0; i < c->out->left_out.len; i++) {
        const struct unknown_table *u = &c->out->left_out.at[i];
        if (str_eq(u->table, name) &&
            str_eq(compare_schema(c, u->schema), compare_schema(c, schema)))
            return true;
    }
    return false;
}

/*
 * Whether something without a name is missing on a side: then what it seems to lack says nothing.
 */
static bool lacks_tables(const struct schema *side)
{
    for (size_t i = 0; i < side->unknown.len; i++)
        if (!side->unknown.at[i].table)
            return true;
    return false;
}

static void note_unknown(struct comparison *c)
{
    for (size_t i = 0; i < c->models->unknown.len; i++)
        vec_push(c->a, &c->out->left_out, c->models->unknown.at[i]);
    for (size_t i = 0; i < c->database->unknown.len; i++)
        vec_push(c->a, &c->out->left_out, c->database->unknown.at[i]);
}

static struct pair make_pair(struct comparison *c, const char *schema, const struct table *model,
                             const struct table *database)
{
    const char *name = (model ? model : database)->name.text;
    return (struct pair){
        .schema = schema,
        .name = name,
        .display = schema ? arena_printf(c->a, "%s.%s", schema, name) : name,
        .model = model,
        .database = database,
    };
}

/* Whether tables of a schema are looked at; asks include_name once for each. */
static bool schema_included(struct comparison *c, struct map *asked, const char *schema)
{
    if (schema && !c->options->include_schemas)
        return false;
    const char *key = arena_printf(c->a, "%d%s", schema != NULL, schema ? schema : "");
    if (!map_has(asked, key))
        map_put(asked, key, compare_name_included(c, COMPARE_SCHEMA, schema, NULL) ? c : NULL);
    return map_get(asked, key) != NULL;
}

static void collect_database(struct comparison *c)
{
    struct map schemas = MAP_IN(c->a);
    for (size_t i = 0; i < c->database->tables.len && !c->failed; i++) {
        struct table *t = c->database->tables.at[i];
        struct pair pair = make_pair(c, t->schema, NULL, t);
        struct pair of = {.schema = t->schema};
        if (schema_included(c, &schemas, t->schema) &&
            !is_version_table(c, t->schema, t->name.text) &&
            !is_unknown(c, t->schema, t->name.text) &&
            compare_name_included(c, COMPARE_TABLE, t->name.text, &of))
            map_put(&c->database_tables, compare_key(c, pair.schema, pair.name), t);
    }
}

static void collect_models(struct comparison *c)
{
    for (size_t i = 0; i < c->models->tables.len; i++) {
        struct table *t = c->models->tables.at[i];
        const char *schema = compare_schema(c, t->schema);
        if (!is_version_table(c, t->schema, t->name.text) &&
            !is_unknown(c, t->schema, t->name.text))
            map_put(&c->model_tables, compare_key(c, schema, t->name.text), t);
    }
}

/* ------------------------------------------------------------------ order */

static int by_name(const void *left, const void *right)
{
    const struct pair *a = left, *b = right;
    int order = strcmp(a->schema ? a->schema : "", b->schema ? b->schema : "");
    return order ? order : strcmp(a->name, b->name);
}

static void classify(struct comparison *c)
{
    bool certain_database = !lacks_tables(c->database), certain_models = !lacks_tables(c->models);
    for (size_t i = 0; i < c->model_tables.len; i++) {
        const struct table *model = c->model_tables.at[i].value;
        const struct table *database = map_get(&c->database_tables, c->model_tables.at[i].key);
        struct pair pair = make_pair(c, compare_schema(c, model->schema), model, database);
        if (database)
            vec_push(c->a, &c->existing, pair);
        else if (certain_database)
            vec_push(c->a, &c->added, pair);
    }
    for (size_t i = 0; i < c->database_tables.len && certain_models; i++) {
        const struct table *database = c->database_tables.at[i].value;
        if (map_has(&c->model_tables, c->database_tables.at[i].key))
            continue;
        struct pair pair = make_pair(c, database->schema, NULL, database);
        vec_push(c->a, &c->removed, pair);
    }
    if (c->existing.len)
        qsort(c->existing.at, c->existing.len, sizeof(*c->existing.at), by_name);
    if (c->removed.len)
        qsort(c->removed.at, c->removed.len, sizeof(*c->removed.at), by_name);
    compare_order_removed(c);
    compare_note_references(c);
}

/* ------------------------------------------------------------------ added and removed ones */

/* The CHECKs inside of columns, which the text of a revision cannot say and which have no name by
 * which the next comparison would find them. */
static const char *lost_checks(struct comparison *c, const struct table *t)
{
    for (size_t i = 0; i < t->columns.len; i++)
        for (size_t k = 0; k < t->columns.at[i]->checks.len; k++)
            if (!t->columns.at[i]->checks.at[k]->name.text)
                return arena_printf(c->a,
                                    "the CHECK of column %s has no name: a revision cannot say it",
                                    t->columns.at[i]->name.text);
    return NULL;
}

static void note_done(struct comparison *c, const struct pair *pair)
{
    map_put(&c->done, compare_key(c, pair->schema, pair->name), c);
}

static const char *addition_warning(struct comparison *c, const struct pair *pair)
{
    const char *checks = lost_checks(c, pair->model), *keys = compare_lost_keys(c, pair);
    return checks && keys ? arena_printf(c->a, "%s; %s", checks, keys) : checks ? checks : keys;
}

static void add_table(struct comparison *c, const struct pair *pair)
{
    struct difference item;
    struct compare_object object = {.table = pair->model};
    if (!compare_included(c, COMPARE_TABLE, pair->name, &object, false, NULL))
        return;
    compare_item(c, &item, DIFFERENCE_ADDED_TABLE, pair, NULL);
    item.model = "table";
    item.place = pair->model->place;
    item.warning = addition_warning(c, pair);
    compare_log(c, "tables", "Detected added table %s", compare_repr(c, pair->display));
    vec_push(c->a, &item.upgrade, op_create_table(c, pair->model));
    struct index_list indexes = compare_table_indexes(c, pair);
    for (size_t i = 0; i < indexes.len; i++)
        vec_push(c->a, &item.upgrade, op_create_index(c, pair->model, indexes.at[i]));
    for (size_t i = indexes.len; i-- > 0;)
        vec_push(c->a, &item.downgrade, op_drop_index(c, pair->model, indexes.at[i]));
    vec_push(c->a, &item.downgrade, op_drop_table(c, pair->model));
    compare_add(c, &item);
}

static const char *removal_warning(struct comparison *c, const struct pair *pair)
{
    const struct relation *relation = pair->database->relation;
    const char *referring = compare_still_referring(c, pair);
    if (relation && relation->extension)
        return arena_printf(c->a, "it belongs to the extension %s and cannot be dropped alone",
                            relation->extension);
    if (referring)
        return arena_printf(c->a, "%s refers to it: its foreign key has to be dropped before",
                            referring);
    if (relation && relation->is_partition && relation->parents.len)
        return arena_printf(c->a, "it is a partition of %s: its rows are lost",
                            relation->parents.at[0].name);
    return "its rows are lost";
}

static void remove_table(struct comparison *c, const struct pair *pair)
{
    struct difference item;
    struct compare_object object = {.table = pair->database};
    if (!compare_included(c, COMPARE_TABLE, pair->name, &object, true, NULL))
        return;
    compare_item(c, &item, DIFFERENCE_REMOVED_TABLE, pair, NULL);
    item.database = "table";
    item.warning = removal_warning(c, pair);
    note_done(c, pair);
    struct index_list indexes = compare_table_indexes(c, pair);
    for (size_t i = 0; i < indexes.len; i++)
        vec_push(c->a, &item.upgrade, op_drop_index(c, pair->database, indexes.at[i]));
    vec_push(c->a, &item.upgrade, op_drop_table(c, pair->database));
    compare_log(c, "tables", "Detected removed table %s", compare_repr(c, pair->display));
    vec_push(c->a, &item.downgrade, op_create_table(c, pair->database));
    for (size_t i = indexes.len; i-- > 0;)
        vec_push(c->a, &item.downgrade, op_create_index(c, pair->database, indexes.at[i]));
    compare_add(c, &item);
}

/* ------------------------------------------------------------------ those of both sides */

static void compare_comment(struct comparison *c, const struct pair *pair)
{
    struct difference item;
    const char *old = pair->database->comment, *new = pair->model->comment;
    if (str_eq(old, new))
        return;
    compare_item(c, &item, DIFFERENCE_TABLE_COMMENT, pair, NULL);
    item.database = old;
    item.model = new;
    item.place = pair->model->place;
    item.cosmetic = true;
    struct op *up = compare_op(c, OP_TABLE_COMMENT, pair->schema, pair->database);
    struct op *down = compare_op(c, OP_TABLE_COMMENT, pair->schema, pair->database);
    up->as.table_comment.comment = down->as.table_comment.existing = new;
    up->as.table_comment.existing = down->as.table_comment.comment = old;
    vec_push(c->a, &item.upgrade, up);
    vec_push(c->a, &item.downgrade, down);
    compare_add(c, &item);
}

static void compare_table(struct comparison *c, const struct pair *pair)
{
    struct compare_object model = {.table = pair->model}, database = {.table = pair->database};
    size_t from = c->out->items.len;
    if (!compare_included(c, COMPARE_TABLE, pair->name, &model, false, &database))
        return;
    compare_added_columns(c, pair);
    compare_changed_columns(c, pair);
    if (compare_has(c, PLUGIN_CONSTRAINTS)) {
        compare_indexes(c, pair);
        compare_foreign_keys(c, pair);
    }
    if (compare_has(c, PLUGIN_COMMENTS))
        compare_comment(c, pair);
    if (compare_has(c, PLUGIN_CHECKS))
        compare_checks(c, pair);
    compare_primary_key(c, pair);
    compare_removed_columns(c, pair);
    compare_renames(c, pair, from);
}

static int by_text(const void *left, const void *right)
{
    const struct log_line *a = left, *b = right;
    return strcmp(a->text, b->text);
}

/* What Alembic says while it reflects, in no order of its own: sorted. */
static void note_serials(struct comparison *c)
{
    for (size_t i = 0; i < c->database_tables.len; i++) {
        const struct table *t = c->database_tables.at[i].value;
        for (size_t k = 0; k < t->columns.len; k++) {
            const struct column *column = t->columns.at[k];
            if (!column->owned_sequence)
                continue;
            struct log_line line = {"alembic.ddl.postgresql",
                                    arena_printf(c->a,
                                                 "Detected sequence named '%s' as owned by integer "
                                                 "column '%s(%s)', assuming SERIAL and omitting",
                                                 column->owned_sequence, t->name.text,
                                                 column->name.text),
                                    false};
            vec_push(c->a, &c->out->log, line);
        }
    }
    if (c->out->log.len)
        qsort(c->out->log.at, c->out->log.len, sizeof(*c->out->log.at), by_text);
}

void compare_collect(struct comparison *c)
{
    note_unknown(c);
    collect_models(c);
    collect_database(c);
    classify(c);
    note_serials(c);
}

void compare_tables(struct comparison *c)
{
    compare_warn_of_cycles(c);
    for (size_t i = 0; i < c->added.len && !c->failed; i++) {
        add_table(c, &c->added.at[i]);
        note_done(c, &c->added.at[i]);
    }
    for (size_t i = 0; i < c->removed.len && !c->failed; i++)
        remove_table(c, &c->removed.at[i]);
    for (size_t i = 0; i < c->existing.len && !c->failed; i++)
        compare_table(c, &c->existing.at[i]);
}
