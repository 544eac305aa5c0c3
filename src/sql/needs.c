/*
 * Privileges from the parse tree. A table of statements drives it, each row with the function that
 * looks into it; names are the server's node names.
 */
#include "config.h"

#include "sql/needs.h"

#include <jansson.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "sql/parse_tree.h"

struct needs {
    struct arena *a;
    struct sql_need_list *out;
};

/* -- names --------------------------------------------------------------------------------------
 */

static const char *text_of(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

static bool is_text(const json_t *object, const char *key, const char *value)
{
    return str_eq(text_of(object, key), value);
}

static void add(struct needs *n, enum sql_need_kind kind, const char *schema, const char *name)
{
    const struct sql_need need = {kind, arena_strdup(n->a, schema), arena_strdup(n->a, name)};
    vec_push(n->a, n->out, need);
    if (schema && kind != SQL_NEED_SCHEMA_USAGE && kind != SQL_NEED_TYPE_USAGE)
        add(n, SQL_NEED_SCHEMA_USAGE, NULL, schema);
}

static void add_relation(struct needs *n, enum sql_need_kind kind, const json_t *range)
{
    if (text_of(range, "relname"))
        add(n, kind, text_of(range, "schemaname"), text_of(range, "relname"));
}

/* Where something new goes. */
static void add_place(struct needs *n, const char *schema)
{
    add(n, SQL_NEED_SCHEMA_CREATE, NULL, schema);
}

/* The strings of a list of names; false for more than a schema and a name, or none. */
static bool names_of(const json_t *list, const char **schema, const char **name)
{
    size_t count = json_array_size(list);
    const char *part[2] = {NULL, NULL};
    for (size_t i = 0; i < count && i < 2; i++)
        part[i] = text_of(json_object_get(json_array_get(list, i), "String"), "sval");
    *schema = count == 2 ? part[0] : NULL;
    *name = count == 2 ? part[1] : part[0];
    return count > 0 && count <= 2 && *name;
}

static void add_new(struct needs *n, const json_t *list)
{
    const char *schema, *name;
    if (names_of(list, &schema, &name))
        add_place(n, schema);
}

/* A type by its name; those of the grammar itself are the server's own and everybody's. */
static void add_type(struct needs *n, enum sql_need_kind kind, const json_t *type)
{
    const char *schema, *name;
    if (names_of(json_object_get(type, "names"), &schema, &name) && !str_eq(schema, "pg_catalog"))
        add(n, kind, schema, name);
}

static void add_role(struct needs *n, const json_t *role)
{
    if (is_text(role, "roletype", "ROLESPEC_CSTRING"))
        add(n, SQL_NEED_ROLE, NULL, text_of(role, "rolename"));
}

/* -- tables -------------------------------------------------------------------------------------
 */

static void look_at_constraint(struct needs *n, const json_t *constraint)
{
    if (is_text(constraint, "contype", "CONSTR_FOREIGN"))
        add_relation(n, SQL_NEED_REFERENCES, json_object_get(constraint, "pktable"));
}

static void look_at_column(struct needs *n, const json_t *column)
{
    const json_t *constraints = json_object_get(column, "constraints");
    add_type(n, SQL_NEED_TYPE_USAGE, json_object_get(column, "typeName"));
    for (size_t i = 0; i < json_array_size(constraints); i++)
        look_at_constraint(n, json_object_get(json_array_get(constraints, i), "Constraint"));
}

/* A wrapped ColumnDef or Constraint. */
static void look_at_element(struct needs *n, const json_t *element)
{
    look_at_column(n, json_object_get(element, "ColumnDef"));
    look_at_constraint(n, json_object_get(element, "Constraint"));
}

static void create_table(struct needs *n, const json_t *stmt)
{
    const json_t *elements = json_object_get(stmt, "tableElts");
    const json_t *parents = json_object_get(stmt, "inhRelations");
    add_place(n, text_of(json_object_get(stmt, "relation"), "schemaname"));
    for (size_t i = 0; i < json_array_size(elements); i++)
        look_at_element(n, json_array_get(elements, i));
    for (size_t i = 0; i < json_array_size(parents); i++)
        add_relation(n, SQL_NEED_OWNER, json_object_get(json_array_get(parents, i), "RangeVar"));
}

static void alter_table(struct needs *n, const json_t *stmt)
{
    const json_t *commands = json_object_get(stmt, "cmds");
    add_relation(n, SQL_NEED_OWNER, json_object_get(stmt, "relation"));
    for (size_t i = 0; i < json_array_size(commands); i++) {
        const json_t *command = json_object_get(json_array_get(commands, i), "AlterTableCmd");
        look_at_element(n, json_object_get(command, "def"));
        add_role(n, json_object_get(command, "newowner"));
    }
}

static void create_index(struct needs *n, const json_t *stmt)
{
    const json_t *relation = json_object_get(stmt, "relation");
    add_relation(n, SQL_NEED_OWNER, relation);
    add_place(n, text_of(relation, "schemaname"));
}

static void owner_of_relation(struct needs *n, const json_t *stmt)
{
    add_relation(n, SQL_NEED_OWNER, json_object_get(stmt, "relation"));
}

static void alter_sequence(struct needs *n, const json_t *stmt)
{
    add_relation(n, SQL_NEED_OWNER, json_object_get(stmt, "sequence"));
}

/* A table, a column, an index is renamed; of a type or a schema it is the owner who may. */
static void rename_it(struct needs *n, const json_t *stmt)
{
    const json_t *object = json_object_get(stmt, "object");
    const char *schema, *name;
    owner_of_relation(n, stmt);
    if (is_text(stmt, "renameType", "OBJECT_TYPE") &&
        names_of(json_object_get(json_object_get(object, "List"), "items"), &schema, &name))
        add(n, SQL_NEED_TYPE_OWNER, schema, name);
    if (is_text(stmt, "renameType", "OBJECT_SCHEMA"))
        add(n, SQL_NEED_SCHEMA_OWNER, NULL, text_of(stmt, "subname"));
}

/* -- what is dropped, or said of something ------------------------------------------------------
 */

static bool is_relation(const char *type)
{
    static const char *const types[] = {"OBJECT_TABLE",    "OBJECT_VIEW",    "OBJECT_MATVIEW",
                                        "OBJECT_SEQUENCE", "OBJECT_INDEX", "OBJECT_FOREIGN_TABLE"};
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
        if (str_eq(types[i], type))
            return true;
    return false;
}

static void owner_of_object(struct needs *n, const char *type, const json_t *object)
{
    const json_t *names = json_object_get(json_object_get(object, "List"), "items");
    const char *schema, *name;
    if (str_eq(type, "OBJECT_TYPE") || str_eq(type, "OBJECT_DOMAIN"))
        add_type(n, SQL_NEED_TYPE_OWNER, json_object_get(object, "TypeName"));
    else if (str_eq(type, "OBJECT_SCHEMA"))
        add(n, SQL_NEED_SCHEMA_OWNER, NULL, text_of(json_object_get(object, "String"), "sval"));
    else if (is_relation(type) && names_of(names, &schema, &name))
        add(n, SQL_NEED_OWNER, schema, name);
}

static void drop_it(struct needs *n, const json_t *stmt)
{
    const json_t *objects = json_object_get(stmt, "objects");
    for (size_t i = 0; i < json_array_size(objects); i++)
        owner_of_object(n, text_of(stmt, "removeType"), json_array_get(objects, i));
}

/* COMMENT ON COLUMN has the column behind the table's name. */
static void comment_on(struct needs *n, const json_t *stmt)
{
    const json_t *object = json_object_get(stmt, "object");
    const char *type = text_of(stmt, "objtype");
    if (!str_eq(type, "OBJECT_COLUMN")) {
        owner_of_object(n, type, object);
        return;
    }
    json_t *names = json_copy(json_object_get(json_object_get(object, "List"), "items"));
    const char *schema, *name;
    json_array_remove(names, json_array_size(names) ? json_array_size(names) - 1 : 0);
    if (names_of(names, &schema, &name))
        add(n, SQL_NEED_OWNER, schema, name);
    json_decref(names);
}

/* -- rows ---------------------------------------------------------------------------------------
 */

static void insert_rows(struct needs *n, const json_t *stmt)
{
    add_relation(n, SQL_NEED_INSERT, json_object_get(stmt, "relation"));
    if (is_text(json_object_get(stmt, "onConflictClause"), "action", "ONCONFLICT_UPDATE"))
        add_relation(n, SQL_NEED_UPDATE, json_object_get(stmt, "relation"));
}

static void update_rows(struct needs *n, const json_t *stmt)
{
    add_relation(n, SQL_NEED_UPDATE, json_object_get(stmt, "relation"));
    if (json_object_get(stmt, "whereClause"))
        add_relation(n, SQL_NEED_SELECT, json_object_get(stmt, "relation"));
}

static void delete_rows(struct needs *n, const json_t *stmt)
{
    add_relation(n, SQL_NEED_DELETE, json_object_get(stmt, "relation"));
    if (json_object_get(stmt, "whereClause"))
        add_relation(n, SQL_NEED_SELECT, json_object_get(stmt, "relation"));
}

static void truncate_tables(struct needs *n, const json_t *stmt)
{
    const json_t *relations = json_object_get(stmt, "relations");
    for (size_t i = 0; i < json_array_size(relations); i++)
        add_relation(n, SQL_NEED_TRUNCATE,
                     json_object_get(json_array_get(relations, i), "RangeVar"));
}

/* -- all else -----------------------------------------------------------------------------------
 */

static void create_trigger(struct needs *n, const json_t *stmt)
{
    add_relation(n, SQL_NEED_TRIGGER, json_object_get(stmt, "relation"));
}

static void create_schema(struct needs *n, const json_t *stmt)
{
    add(n, SQL_NEED_DATABASE_CREATE, NULL, NULL);
    add_role(n, json_object_get(stmt, "authrole"));
}

static void create_extension(struct needs *n, const json_t *stmt)
{
    add(n, SQL_NEED_EXTENSION, NULL, text_of(stmt, "extname"));
}

static void create_enum(struct needs *n, const json_t *stmt)
{
    add_new(n, json_object_get(stmt, "typeName"));
}

static void create_domain(struct needs *n, const json_t *stmt)
{
    add_new(n, json_object_get(stmt, "domainname"));
    add_type(n, SQL_NEED_TYPE_USAGE, json_object_get(stmt, "typeName"));
}

static void create_function(struct needs *n, const json_t *stmt)
{
    add_new(n, json_object_get(stmt, "funcname"));
}

static void create_composite(struct needs *n, const json_t *stmt)
{
    add_place(n, text_of(json_object_get(stmt, "typevar"), "schemaname"));
}

static void create_sequence(struct needs *n, const json_t *stmt)
{
    add_place(n, text_of(json_object_get(stmt, "sequence"), "schemaname"));
}

static void create_view(struct needs *n, const json_t *stmt)
{
    add_place(n, text_of(json_object_get(stmt, "view"), "schemaname"));
}

static void create_table_as(struct needs *n, const json_t *stmt)
{
    add_place(n, text_of(json_object_get(json_object_get(stmt, "into"), "rel"), "schemaname"));
}

static void alter_enum(struct needs *n, const json_t *stmt)
{
    const char *schema, *name;
    if (names_of(json_object_get(stmt, "typeName"), &schema, &name))
        add(n, SQL_NEED_TYPE_OWNER, schema, name);
}

static void alter_owner(struct needs *n, const json_t *stmt)
{
    owner_of_object(n, text_of(stmt, "objectType"), json_object_get(stmt, "object"));
    add_role(n, json_object_get(stmt, "newowner"));
}

/* SET ROLE name, and what is the same: SET SESSION ... */
static void set_variable(struct needs *n, const json_t *stmt)
{
    const json_t *value = json_array_get(json_object_get(stmt, "args"), 0);
    const char *role =
        text_of(json_object_get(json_object_get(value, "A_Const"), "sval"), "sval");
    if (is_text(stmt, "name", "role") && role && !str_eq(role, "none"))
        add(n, SQL_NEED_ROLE, NULL, role);
}

static const struct {
    const char *node;
    void (*look)(struct needs *n, const json_t *stmt);
} statements[] = {
    {"CreateStmt", create_table},
    {"AlterTableStmt", alter_table},
    {"IndexStmt", create_index},
    {"RenameStmt", rename_it},
    {"AlterSeqStmt", alter_sequence},
    {"AlterObjectSchemaStmt", owner_of_relation},
    {"DropStmt", drop_it},
    {"CommentStmt", comment_on},
    {"InsertStmt", insert_rows},
    {"UpdateStmt", update_rows},
    {"DeleteStmt", delete_rows},
    {"TruncateStmt", truncate_tables},
    {"CreateTrigStmt", create_trigger},
    {"CreateSchemaStmt", create_schema},
    {"CreateExtensionStmt", create_extension},
    {"CreateEnumStmt", create_enum},
    {"CreateDomainStmt", create_domain},
    {"CreateFunctionStmt", create_function},
    {"CompositeTypeStmt", create_composite},
    {"CreateSeqStmt", create_sequence},
    {"ViewStmt", create_view},
    {"CreateTableAsStmt", create_table_as},
    {"AlterEnumStmt", alter_enum},
    {"AlterOwnerStmt", alter_owner},
    {"VariableSetStmt", set_variable},
};

bool sql_needs(struct arena *a, const char *text, struct sql_need_list *out)
{
    struct needs n = {a, out};
    json_t *tree = sql_parse_tree(text), *all = json_object_get(tree, "stmts");
    if (!tree)
        return false;
    for (size_t i = 0; i < json_array_size(all); i++) {
        const json_t *stmt = json_object_get(json_array_get(all, i), "stmt");
        for (size_t j = 0; j < sizeof(statements) / sizeof(statements[0]); j++) {
            const json_t *node = json_object_get(stmt, statements[j].node);
            if (node)
                statements[j].look(&n, node);
        }
    }
    json_decref(tree);
    return true;
}
