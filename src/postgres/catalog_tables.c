/* Tables, what surrounds them (extensions, parents, comments), and sequences. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "postgres/catalog_reader.h"
#include "postgres/catalog_text.h"

/* -- session ------------------------------------------------------------------------------------
 */

enum { SESSION_SCHEMA, SESSION_USER, SESSION_PATH, SESSION_SNAPSHOT };

void catalog_take_session(struct catalog_reader *r, const struct result *rows)
{
    r->out->default_schema = catalog_copy(r, rows, 0, SESSION_SCHEMA);
    r->user = catalog_copy(r, rows, 0, SESSION_USER);
    r->search_path = catalog_copy(r, rows, 0, SESSION_PATH);
    r->snapshot = catalog_copy(r, rows, 0, SESSION_SNAPSHOT);
}

/* Whether the search_path as it is set names the schema. */
static bool is_on_path(const struct catalog_reader *r, const struct name_list *path,
                       const char *schema)
{
    for (size_t i = 0; i < path->len; i++) {
        const char *name = strcmp(path->at[i], "$user") == 0 ? r->user : path->at[i];
        if (strcmp(name, schema) == 0)
            return true;
    }
    return false;
}

enum { HIDDEN_SCHEMA, HIDDEN_TABLE };

void catalog_take_hidden(struct catalog_reader *r, const struct result *rows)
{
    struct name_list path;
    catalog_identifiers(r->arena, r->search_path, ',', &path);
    for (size_t i = 0; i < result_rows(rows); i++) {
        const char *schema = result_get(rows, i, HIDDEN_SCHEMA);
        if (!is_on_path(r, &path, schema))
            continue;
        struct unknown_table unknown = {
            .table = catalog_copy(r, rows, i, HIDDEN_TABLE),
            .reason = arena_printf(r->arena,
                                   "it is in the schema %s of the search_path, on which the role "
                                   "%s has no USAGE",
                                   schema, r->user),
        };
        vec_push(r->arena, &r->out->unknown, unknown);
    }
}

/* -- extensions ---------------------------------------------------------------------------------
 */

enum { EXTENSION_NAME, EXTENSION_SCHEMA, EXTENSION_VERSION };

void catalog_take_extensions(struct catalog_reader *r, const struct result *rows)
{
    for (size_t i = 0; i < result_rows(rows); i++) {
        struct extension extension = {
            .name = catalog_copy(r, rows, i, EXTENSION_NAME),
            .schema = catalog_copy(r, rows, i, EXTENSION_SCHEMA),
            .version = catalog_copy(r, rows, i, EXTENSION_VERSION),
        };
        vec_push(r->arena, &r->out->extensions, extension);
    }
}

enum { MEMBER_IS_CLASS, MEMBER_OID, MEMBER_EXTENSION };

void catalog_take_members(struct catalog_reader *r, const struct result *rows)
{
    for (size_t i = 0; i < result_rows(rows); i++) {
        bool is_class = result_bool(rows, i, MEMBER_IS_CLASS);
        map_put(is_class ? &r->class_extensions : &r->type_extensions,
                result_get(rows, i, MEMBER_OID),
                arena_strdup(r->arena, result_get(rows, i, MEMBER_EXTENSION)));
    }
}

/* -- tables -------------------------------------------------------------------------------------
 */

static struct read_table *add_table(struct catalog_reader *r, const char *oid, const char *schema,
                                    const char *name, bool is_visible)
{
    struct read_table *t = ARENA_NEW(r->arena, struct read_table);
    t->table = ARENA_NEW(r->arena, struct table);
    t->relation = ARENA_NEW(r->arena, struct relation);
    t->relation->schema = arena_strdup(r->arena, schema);
    t->table->name = name_of(arena_strdup(r->arena, name));
    t->table->schema = is_visible ? NULL : t->relation->schema;
    t->table->relation = t->relation;
    map_put(&r->tables, oid, t);
    return t;
}

static void take_options(struct catalog_reader *r, const char *text, struct relation *relation)
{
    struct name_list options;
    catalog_strings(r->arena, text, &options);
    for (size_t i = 0; i < options.len; i++) {
        struct option option = catalog_option(r, options.at[i]);
        vec_push(r->arena, &relation->with, option);
    }
}

struct option catalog_option(struct catalog_reader *r, const char *text)
{
    size_t len = strcspn(text, "=");
    return (struct option){.key = arena_strndup(r->arena, text, len),
                           .value = text[len] ? text + len + 1 : ""};
}

/*
 * Which tables a comparison sees (spec/autogenerate.md, section 2): those that the search_path
 * finds, and with include_schemas those of all schemas but the default one, whose other tables are
 * hidden by tables of the same name.
 */
static bool is_wanted(const struct catalog_reader *r, const struct read_table *t)
{
    const struct catalog_options *options = r->options;
    const char *schema = t->table->schema;
    if (schema && (!options->include_schemas || str_eq(schema, r->out->default_schema) ||
                   str_starts_with(schema, "pg_") || strcmp(schema, "information_schema") == 0))
        return false;
    return !options->include || (options->include(schema, NULL, options->payload) &&
                                 options->include(schema, t->table->name.text, options->payload));
}

enum {
    TABLE_OID,
    TABLE_SCHEMA,
    TABLE_NAME,
    TABLE_KIND,
    TABLE_VISIBLE,
    TABLE_PARTITION,
    TABLE_UNLOGGED,
    TABLE_OPTIONS,
    TABLE_METHOD,
    TABLE_SPACE,
    TABLE_KEY,
    TABLE_BOUND,
    TABLE_SERVER,
};

static enum relation_kind kind_of(const char *relkind)
{
    switch (*relkind) {
    case 'p':
        return RELATION_PARTITIONED;
    case 'f':
        return RELATION_FOREIGN;
    default:
        return RELATION_ORDINARY;
    }
}

void catalog_take_tables(struct catalog_reader *r, const struct result *rows)
{
    for (size_t i = 0; i < result_rows(rows); i++) {
        const char *oid = result_get(rows, i, TABLE_OID);
        struct read_table *t =
            add_table(r, oid, result_get(rows, i, TABLE_SCHEMA), result_get(rows, i, TABLE_NAME),
                      result_bool(rows, i, TABLE_VISIBLE));
        struct relation *relation = t->relation;
        relation->kind = kind_of(result_get(rows, i, TABLE_KIND));
        relation->is_partition = result_bool(rows, i, TABLE_PARTITION);
        relation->is_unlogged = result_bool(rows, i, TABLE_UNLOGGED);
        take_options(r, result_get(rows, i, TABLE_OPTIONS), relation);
        relation->access_method = catalog_copy(r, rows, i, TABLE_METHOD);
        relation->tablespace = catalog_copy(r, rows, i, TABLE_SPACE);
        relation->partition_key = catalog_copy(r, rows, i, TABLE_KEY);
        relation->partition_bound = catalog_copy(r, rows, i, TABLE_BOUND);
        relation->server = catalog_copy(r, rows, i, TABLE_SERVER);
        relation->extension = map_get(&r->class_extensions, oid);
        t->is_wanted = is_wanted(r, t);
        /* It was dropped since the snapshot: nothing can tell any more what finds it. */
        if (!result_get(rows, i, TABLE_VISIBLE))
            r->has_changed = true;
    }
}

enum {
    REFERRED_OID,
    REFERRED_SCHEMA,
    REFERRED_NAME,
    REFERRED_VISIBLE,
    REFERRED_NUMBER,
    REFERRED_COLUMN,
};

void catalog_add_column(struct catalog_reader *r, struct read_table *t, size_t number,
                        struct column *c)
{
    while (t->numbered.len < number)
        vec_push(r->arena, &t->numbered, NULL);
    t->numbered.at[number - 1] = c;
}

void catalog_take_referred(struct catalog_reader *r, const struct result *rows)
{
    for (size_t i = 0; i < result_rows(rows); i++) {
        const char *oid = result_get(rows, i, REFERRED_OID);
        struct read_table *t = map_get(&r->tables, oid);
        if (!t)
            t = add_table(r, oid, result_get(rows, i, REFERRED_SCHEMA),
                          result_get(rows, i, REFERRED_NAME),
                          result_bool(rows, i, REFERRED_VISIBLE));
        struct column *c = ARENA_NEW(r->arena, struct column);
        c->name = name_of(catalog_copy(r, rows, i, REFERRED_COLUMN));
        catalog_add_column(r, t, (size_t)atoi(result_get(rows, i, REFERRED_NUMBER)), c);
    }
}

enum { PARENT_CHILD, PARENT_SCHEMA, PARENT_NAME, PARENT_VISIBLE };

void catalog_take_parents(struct catalog_reader *r, const struct result *rows)
{
    for (size_t i = 0; i < result_rows(rows); i++) {
        struct read_table *t = map_get(&r->tables, result_get(rows, i, PARENT_CHILD));
        if (!t)
            continue; /* in a schema that is not read */
        struct table_name parent = {
            .schema = result_bool(rows, i, PARENT_VISIBLE)
                          ? NULL
                          : catalog_copy(r, rows, i, PARENT_SCHEMA),
            .name = catalog_copy(r, rows, i, PARENT_NAME),
        };
        vec_push(r->arena, &t->relation->parents, parent);
    }
}

/* -- sequences ----------------------------------------------------------------------------------
 */

enum {
    SEQUENCE_OID,
    SEQUENCE_SCHEMA,
    SEQUENCE_NAME,
    SEQUENCE_VISIBLE,
    SEQUENCE_TYPE,
    SEQUENCE_START,
    SEQUENCE_INCREMENT,
    SEQUENCE_MIN,
    SEQUENCE_MAX,
    SEQUENCE_CACHE,
    SEQUENCE_CYCLE,
    SEQUENCE_OWNER,
    SEQUENCE_NUMBER,
    SEQUENCE_DEPENDENCY,
};

static int64_t number_of(const struct result *rows, size_t row, size_t column)
{
    return strtoll(result_get(rows, row, column), NULL, 10);
}

static struct identity options_of(const struct result *rows, size_t row)
{
    return (struct identity){
        .has_start = true,
        .start = number_of(rows, row, SEQUENCE_START),
        .has_increment = true,
        .increment = number_of(rows, row, SEQUENCE_INCREMENT),
        .has_minvalue = true,
        .minvalue = number_of(rows, row, SEQUENCE_MIN),
        .has_maxvalue = true,
        .maxvalue = number_of(rows, row, SEQUENCE_MAX),
        .has_cache = true,
        .cache = number_of(rows, row, SEQUENCE_CACHE),
        .cycle = result_bool(rows, row, SEQUENCE_CYCLE) ? YES : NO,
    };
}

/* The sequence of an identity column becomes the column's; that of a SERIAL is known by its owner.
 */
static void give_to_owner(struct catalog_reader *r, struct read_sequence *s,
                          const struct result *rows, size_t row)
{
    s->is_owned = true;
    s->owner = map_get(&r->tables, result_get(rows, row, SEQUENCE_OWNER));
    s->owner_number = (size_t)number_of(rows, row, SEQUENCE_NUMBER);
    struct column *c = s->owner ? catalog_column(s->owner, s->owner_number) : NULL;
    if (!c || *result_get(rows, row, SEQUENCE_DEPENDENCY) != 'i' || !c->identity)
        return;
    struct identity *identity = ARENA_NEW(r->arena, struct identity);
    *identity = s->sequence->options;
    identity->always = c->identity->always;
    c->identity = identity;
}

void catalog_take_sequences(struct catalog_reader *r, const struct result *rows)
{
    for (size_t i = 0; i < result_rows(rows); i++) {
        bool is_visible = result_bool(rows, i, SEQUENCE_VISIBLE);
        struct read_sequence *s = ARENA_NEW(r->arena, struct read_sequence);
        s->schema = catalog_copy(r, rows, i, SEQUENCE_SCHEMA);
        s->sequence = ARENA_NEW(r->arena, struct sequence);
        s->sequence->name = name_of(catalog_copy(r, rows, i, SEQUENCE_NAME));
        s->sequence->schema = is_visible ? NULL : s->schema;
        s->sequence->options = options_of(rows, i);
        s->sequence->type = catalog_type_of(r, result_get(rows, i, SEQUENCE_TYPE), "", NULL);
        s->sequence->extension = map_get(&r->class_extensions, result_get(rows, i, SEQUENCE_OID));
        if (result_get(rows, i, SEQUENCE_OWNER))
            give_to_owner(r, s, rows, i);
        if (is_visible)
            map_put(&r->found_sequences, s->sequence->name.text, s);
        map_put(&r->sequences, arena_printf(r->arena, "%s\n%s", s->schema, s->sequence->name.text),
                s);
    }
}

static int by_sequence_name(const void *left, const void *right)
{
    const struct sequence *a = *(struct sequence *const *)left;
    const struct sequence *b = *(struct sequence *const *)right;
    int order = strcmp(a->schema ? a->schema : "", b->schema ? b->schema : "");
    return order ? order : strcmp(a->name.text, b->name.text);
}

void catalog_finish_sequences(struct catalog_reader *r)
{
    struct sequence_list *list = &r->out->sequences;
    for (size_t i = 0; i < r->sequences.len; i++) {
        const struct read_sequence *s = r->sequences.at[i].value;
        bool is_wanted = r->options->include_schemas || !s->sequence->schema;
        if (is_wanted && !s->is_owned)
            vec_push(r->arena, list, s->sequence);
    }
    if (list->len > 0)
        qsort(list->at, list->len, sizeof(list->at[0]), by_sequence_name);
}

/* -- comments -----------------------------------------------------------------------------------
 */

enum { COMMENT_IS_CLASS, COMMENT_OID, COMMENT_NUMBER, COMMENT_TEXT };

static void comment_class(struct catalog_reader *r, const struct result *rows, size_t row)
{
    const char *oid = result_get(rows, row, COMMENT_OID);
    const char *text = catalog_copy(r, rows, row, COMMENT_TEXT);
    size_t number = (size_t)atoi(result_get(rows, row, COMMENT_NUMBER));
    struct read_table *t = map_get(&r->tables, oid);
    struct index *index = t ? NULL : map_get(&r->indexes, oid);
    struct column *column = t && number > 0 ? catalog_column(t, number) : NULL;
    if (column)
        column->comment = text;
    else if (t && number == 0)
        t->table->comment = text;
    else if (index && number == 0)
        index->comment = text;
}

void catalog_take_comments(struct catalog_reader *r, const struct result *rows)
{
    for (size_t i = 0; i < result_rows(rows); i++) {
        if (result_bool(rows, i, COMMENT_IS_CLASS)) {
            comment_class(r, rows, i);
            continue;
        }
        struct constraint *k = map_get(&r->constraints, result_get(rows, i, COMMENT_OID));
        if (k)
            k->comment = catalog_copy(r, rows, i, COMMENT_TEXT);
    }
}

/* -- the end ------------------------------------------------------------------------------------
 */

static int by_table_name(const void *left, const void *right)
{
    const struct table *a = *(struct table *const *)left, *b = *(struct table *const *)right;
    int order = strcmp(a->schema ? a->schema : "", b->schema ? b->schema : "");
    return order ? order : strcmp(a->name.text, b->name.text);
}

void catalog_finish_tables(struct catalog_reader *r)
{
    struct table_list *const lists[] = {&r->out->tables, &r->out->foreign};
    for (size_t i = 0; i < r->tables.len; i++) {
        const struct read_table *t = r->tables.at[i].value;
        if (t->is_wanted)
            vec_push(r->arena, lists[t->relation->kind == RELATION_FOREIGN], t->table);
    }
    for (size_t i = 0; i < 2; i++)
        if (lists[i]->len > 0)
            qsort(lists[i]->at, lists[i]->len, sizeof(lists[i]->at[0]), by_table_name);
}
