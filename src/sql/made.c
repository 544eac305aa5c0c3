#include "config.h"

#include "sql/made.h"

#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "schema/identifier.h"
#include "sql/parse_tree.h"

struct reader {
    struct arena *a;
    const json_t *stmt;
    struct sql_made *out;
};

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

static void take_range_var(struct reader *r, const json_t *var)
{
    const char *schema = text_of(var, "schemaname"), *name = text_of(var, "relname");
    r->out->is_qualified = *schema != '\0';
    /* A name that needs no quotes is answered as it is, and belongs to the tree. */
    r->out->object = *schema ? arena_printf(r->a, "%s.%s", sql_identifier(r->a, schema),
                                            sql_identifier(r->a, name))
                             : arena_strdup(r->a, sql_identifier(r->a, name));
}

/* A list of String nodes: a name with its schema. */
static void take_names(struct reader *r, const json_t *names)
{
    struct str s = STR_IN(r->a);
    size_t count = json_array_size(names);
    for (size_t i = 0; i < count; i++)
        str_addf(&s, "%s%s", i > 0 ? "." : "",
                 sql_identifier(r->a, text_of(json_object_get(json_array_get(names, i), "String"),
                                              "sval")));
    r->out->is_qualified = count > 1;
    r->out->object = s.ptr;
}

static void made(struct reader *r, enum sql_made_kind kind, const char *word)
{
    r->out->kind = kind;
    r->out->word = word;
}

static void relation(struct reader *r, const char *key, const char *word)
{
    take_range_var(r, json_object_get(r->stmt, key));
    made(r, SQL_MADE_RELATION, word);
}

static void create_stmt(struct reader *r)
{
    relation(r, "relation", "TABLE");
}

static void view_stmt(struct reader *r)
{
    if (!json_is_true(json_object_get(r->stmt, "replace")))
        relation(r, "view", "VIEW");
}

static void create_seq_stmt(struct reader *r)
{
    relation(r, "sequence", "SEQUENCE");
}

static void create_table_as(struct reader *r)
{
    bool matview = !strcmp(text_of(r->stmt, "objtype"), "OBJECT_MATVIEW");
    take_range_var(r, json_object_get(json_object_get(r->stmt, "into"), "rel"));
    made(r, SQL_MADE_RELATION, matview ? "MATERIALIZED VIEW" : "TABLE");
}

static void index_stmt(struct reader *r)
{
    const char *name = text_of(r->stmt, "idxname");
    r->out->concurrent = json_is_true(json_object_get(r->stmt, "concurrent"));
    if (!*name) /* the server makes one up */
        return;
    take_range_var(r, json_object_get(r->stmt, "relation"));
    r->out->part = arena_strdup(r->a, name);
    made(r, SQL_MADE_INDEX, "INDEX");
}

static void create_enum(struct reader *r)
{
    take_names(r, json_object_get(r->stmt, "typeName"));
    made(r, SQL_MADE_TYPE, "TYPE");
}

static void composite_type(struct reader *r)
{
    take_range_var(r, json_object_get(r->stmt, "typevar"));
    made(r, SQL_MADE_TYPE, "TYPE");
}

static void bare(struct reader *r, const char *key, enum sql_made_kind kind, const char *word)
{
    r->out->part = arena_strdup(r->a, text_of(r->stmt, key));
    r->out->object = sql_identifier(r->a, r->out->part);
    r->out->is_qualified = true;
    made(r, kind, word);
}

static void create_schema(struct reader *r)
{
    bare(r, "schemaname", SQL_MADE_SCHEMA, "SCHEMA");
}

static void create_extension(struct reader *r)
{
    bare(r, "extname", SQL_MADE_EXTENSION, "EXTENSION");
}

static void alter_enum(struct reader *r)
{
    if (*text_of(r->stmt, "oldVal")) /* a value gets another name */
        return;
    take_names(r, json_object_get(r->stmt, "typeName"));
    r->out->part = arena_strdup(r->a, text_of(r->stmt, "newVal"));
    made(r, SQL_MADE_ENUM_VALUE, "VALUE");
}

static void alter_table(struct reader *r)
{
    const json_t *commands = json_object_get(r->stmt, "cmds");
    const json_t *command = json_object_get(json_array_get(commands, 0), "AlterTableCmd");
    const char *kind = text_of(command, "subtype");
    bool adds = !strcmp(kind, "AT_AddColumn"), drops = !strcmp(kind, "AT_DropColumn");
    if (json_array_size(commands) != 1 || (!adds && !drops))
        return;
    const json_t *column = json_object_get(json_object_get(command, "def"), "ColumnDef");
    take_range_var(r, json_object_get(r->stmt, "relation"));
    r->out->part = arena_strdup(r->a, adds ? text_of(column, "colname") : text_of(command, "name"));
    r->out->drops = drops;
    made(r, SQL_MADE_COLUMN, "COLUMN");
}

static void drop_stmt(struct reader *r)
{
    static const struct {
        const char *type;
        enum sql_made_kind kind;
        const char *word;
    } types[] = {
        {"OBJECT_TABLE", SQL_MADE_RELATION, "TABLE"},
        {"OBJECT_VIEW", SQL_MADE_RELATION, "VIEW"},
        {"OBJECT_MATVIEW", SQL_MADE_RELATION, "MATERIALIZED VIEW"},
        {"OBJECT_SEQUENCE", SQL_MADE_RELATION, "SEQUENCE"},
        {"OBJECT_INDEX", SQL_MADE_INDEX, "INDEX"},
        {"OBJECT_TYPE", SQL_MADE_TYPE, "TYPE"},
        {"OBJECT_SCHEMA", SQL_MADE_SCHEMA, "SCHEMA"},
        {"OBJECT_EXTENSION", SQL_MADE_EXTENSION, "EXTENSION"},
    };
    const json_t *objects = json_object_get(r->stmt, "objects");
    const json_t *object = json_array_get(objects, 0);
    const json_t *string = json_object_get(object, "String");
    const json_t *names = json_object_get(json_object_get(object, "List"), "items");
    if (json_array_size(objects) != 1)
        return;
    if (!names)
        names = json_object_get(json_object_get(object, "TypeName"), "names");
    take_names(r, names);
    if (string) {
        r->out->part = arena_strdup(r->a, text_of(string, "sval"));
        r->out->object = sql_identifier(r->a, r->out->part);
    }
    r->out->drops = true;
    r->out->concurrent = json_is_true(json_object_get(r->stmt, "concurrent"));
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
        if (!strcmp(types[i].type, text_of(r->stmt, "removeType")))
            made(r, types[i].kind, types[i].word);
}

static void repeatable(struct reader *r)
{
    const json_t *relation_var = json_object_get(r->stmt, "relation");
    if (relation_var)
        take_range_var(r, relation_var);
    made(r, SQL_MADE_NOTHING, "");
}

static const struct {
    const char *node;
    void (*read)(struct reader *r);
} nodes[] = {
    {"CreateStmt", create_stmt},
    {"CreateTableAsStmt", create_table_as},
    {"ViewStmt", view_stmt},
    {"CreateSeqStmt", create_seq_stmt},
    {"IndexStmt", index_stmt},
    {"CreateEnumStmt", create_enum},
    {"CompositeTypeStmt", composite_type},
    {"CreateSchemaStmt", create_schema},
    {"CreateExtensionStmt", create_extension},
    {"AlterEnumStmt", alter_enum},
    {"AlterTableStmt", alter_table},
    {"DropStmt", drop_stmt},
    {"VacuumStmt", repeatable},
    {"ReindexStmt", repeatable},
    {"RefreshMatViewStmt", repeatable},
};

void sql_made_by(struct arena *a, const char *text, struct sql_made *out)
{
    *out = (struct sql_made){.word = "", .object = "", .part = ""};
    json_t *tree = sql_parse_tree(text);
    const json_t *statements = json_object_get(tree, "stmts");
    const json_t *node = json_object_get(json_array_get(statements, 0), "stmt");
    for (size_t i = 0; json_array_size(statements) == 1 && i < sizeof(nodes) / sizeof(nodes[0]);
         i++) {
        struct reader r = {.a = a, .stmt = json_object_get(node, nodes[i].node), .out = out};
        if (r.stmt)
            nodes[i].read(&r);
    }
    json_decref(tree);
}

/* The schema of a made index is its table's. */
static const char *index_name(struct arena *a, const struct sql_made *made_index)
{
    const char *name = sql_identifier(a, made_index->part);
    if (!made_index->is_qualified)
        return name;
    size_t len = strlen(made_index->object);
    for (bool quoted = false; len > 0; len--) { /* the last dot that is no part of a name */
        char c = made_index->object[len - 1];
        quoted = c == '"' ? !quoted : quoted;
        if (c == '.' && !quoted)
            break;
    }
    return arena_printf(a, "%.*s%s", (int)len, made_index->object, name);
}

const char *sql_made_undo(struct arena *a, const struct sql_made *made_it, bool *loses)
{
    *loses = false;
    if (made_it->drops)
        return NULL;
    switch (made_it->kind) {
    case SQL_MADE_NOTHING:
        return "";
    case SQL_MADE_INDEX:
        return arena_printf(a, "DROP INDEX %sIF EXISTS %s",
                            made_it->concurrent ? "CONCURRENTLY " : "", index_name(a, made_it));
    case SQL_MADE_COLUMN:
        *loses = true;
        return arena_printf(a, "ALTER TABLE %s DROP COLUMN IF EXISTS %s", made_it->object,
                            sql_identifier(a, made_it->part));
    case SQL_MADE_RELATION:
        *loses = strcmp(made_it->word, "TABLE") == 0;
        return arena_printf(a, "DROP %s IF EXISTS %s", made_it->word, made_it->object);
    case SQL_MADE_TYPE:
    case SQL_MADE_SCHEMA:
    case SQL_MADE_EXTENSION:
        return arena_printf(a, "DROP %s IF EXISTS %s", made_it->word, made_it->object);
    case SQL_MADE_ENUM_VALUE:
    case SQL_MADE_UNKNOWN:
        break;
    }
    return NULL;
}
