/*
 * What a statement does, from its parse tree. Two tables drive it: one of statements, one of the
 * commands of ALTER TABLE, each row with the lock that the PostgreSQL manual names and, where that
 * is not all, a function that looks closer. Function names follow the server's node names.
 */
#include "config.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "sql/parse.h"
#include "sql/parse_tree.h"

/* What is being collected, over all statements of a text. */
struct look {
    struct arena *a;
    int server_version;
    struct sql_effect *out;
};

static void look_at(struct look *look, const json_t *node);

/* -- reading the tree ---------------------------------------------------------------------------
 */

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

static bool is_set(const json_t *object, const char *key)
{
    return json_is_true(json_object_get(object, key));
}

static bool is_text(const json_t *object, const char *key, const char *value)
{
    return !strcmp(text_of(object, key), value);
}

/* The option of that name in a list of DefElem, or NULL. */
static const json_t *option(const json_t *list, const char *name)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *elem = json_object_get(json_array_get(list, i), "DefElem");
        if (elem && is_text(elem, "defname", name))
            return elem;
    }
    return NULL;
}

/* An option that is on unless it says otherwise: (concurrently), (concurrently false). */
static bool option_is_on(const json_t *list, const char *name)
{
    const json_t *elem = option(list, name);
    if (!elem)
        return false;
    const json_t *arg = json_object_get(elem, "arg");
    const char *text = text_of(json_object_get(arg, "String"), "sval");
    const json_t *boolean = json_object_get(arg, "Boolean");
    const json_t *integer = json_object_get(arg, "Integer");
    if (boolean)
        return is_set(boolean, "boolval");
    if (integer)
        return json_integer_value(json_object_get(integer, "ival")) != 0;
    return strcmp(text, "false") != 0 && strcmp(text, "off") != 0;
}

/* "schema.table" of a RangeVar; NULL for none. */
static const char *range_var(struct arena *a, const json_t *var)
{
    if (!json_object_get(var, "relname"))
        return NULL;
    const char *schema = text_of(var, "schemaname");
    return arena_printf(a, "%s%s%s", schema, *schema ? "." : "", text_of(var, "relname"));
}

/* A name of a DROP list: a String, a List of Strings, or a TypeName. */
static const char *object_name(struct arena *a, const json_t *object)
{
    const json_t *string = json_object_get(object, "String");
    if (string)
        return arena_strdup(a, text_of(string, "sval"));
    const json_t *parts = json_object_get(json_object_get(object, "List"), "items");
    if (!parts)
        parts = json_object_get(json_object_get(object, "TypeName"), "names");
    if (!parts)
        parts = json_object_get(json_object_get(object, "ObjectWithArgs"), "objname");
    struct str s = STR_IN(a);
    for (size_t i = 0; i < json_array_size(parts); i++) {
        str_add(&s, i > 0 ? "." : "");
        str_add(&s, text_of(json_object_get(json_array_get(parts, i), "String"), "sval"));
    }
    return s.ptr;
}

/* -- collecting ---------------------------------------------------------------------------------
 */

static void take_lock(struct look *look, enum sql_lock lock)
{
    if (lock > look->out->lock)
        look->out->lock = lock;
}

static void take_relation(struct look *look, const json_t *var)
{
    if (!look->out->relation && look->out->statements == 1)
        look->out->relation = range_var(look->a, var);
}

static void take_locked(struct look *look, const char *relation, enum sql_lock lock)
{
    if (relation && lock != SQL_LOCK_NONE && look->out->statements == 1)
        vec_push(look->a, &look->out->locked, ((struct sql_locked){relation, lock}));
}

/* The first loss is named; more of them only add "and more". */
static void take_loss(struct look *look, const char *what, const char *name)
{
    struct sql_effect *out = look->out;
    const char *loss = name && *name ? arena_printf(look->a, "%s %s", what, name) : what;
    out->loses_data =
        out->loses_data ? arena_printf(look->a, "%s; %s", out->loses_data, loss) : loss;
}

static void take_outside(struct look *look)
{
    look->out->outside_only = true;
}

static void take_concurrent(struct look *look)
{
    look->out->outside_only = look->out->concurrent = true;
    take_lock(look, SQL_LOCK_SHARE_UPDATE_EXCLUSIVE);
}

/* -- queries ------------------------------------------------------------------------------------
 */

static void look_ctes(struct look *look, const json_t *stmt)
{
    const json_t *ctes = json_object_get(json_object_get(stmt, "withClause"), "ctes");
    for (size_t i = 0; i < json_array_size(ctes); i++) {
        const json_t *cte = json_object_get(json_array_get(ctes, i), "CommonTableExpr");
        look_at(look, json_object_get(cte, "ctequery"));
    }
}

static void take_sets(struct look *look, const char *setting, bool local)
{
    enum sql_sets sets = local ? SQL_SETS_LOCAL : SQL_SETS_SESSION;
    bool is_timeout = !strcmp(setting, "lock_timeout") || !strcmp(setting, "statement_timeout");
    if (is_timeout && sets > look->out->sets_timeouts)
        look->out->sets_timeouts = sets;
}

static void variable_set_stmt(struct look *look, const json_t *stmt)
{
    bool all = is_text(stmt, "kind", "VAR_RESET_ALL");
    take_sets(look, all ? "lock_timeout" : text_of(stmt, "name"), is_set(stmt, "is_local"));
}

/* The constant string or boolean of an argument; "" for anything else. */
static const char *constant_text(const json_t *node)
{
    const json_t *cast = json_object_get(node, "TypeCast");
    const json_t *constant = json_object_get(cast ? json_object_get(cast, "arg") : node, "A_Const");
    const json_t *boolean = json_object_get(constant, "boolval");
    if (boolean)
        return is_set(boolean, "boolval") ? "true" : "false";
    return text_of(json_object_get(constant, "sval"), "sval");
}

/* SELECT set_config('lock_timeout', '2s', true) */
static void look_set_config(struct look *look, const json_t *stmt)
{
    const json_t *targets = json_object_get(stmt, "targetList");
    for (size_t i = 0; i < json_array_size(targets); i++) {
        const json_t *target = json_object_get(json_array_get(targets, i), "ResTarget");
        const json_t *call = json_object_get(json_object_get(target, "val"), "FuncCall");
        const json_t *names = json_object_get(call, "funcname"),
                     *args = json_object_get(call, "args");
        const json_t *last = json_array_get(names, json_array_size(names) - 1);
        if (is_text(json_object_get(last, "String"), "sval", "set_config"))
            take_sets(look, constant_text(json_array_get(args, 0)),
                      !strcmp(constant_text(json_array_get(args, 2)), "true"));
    }
}

static void select_stmt(struct look *look, const json_t *stmt)
{
    look_ctes(look, stmt);
    look_set_config(look, stmt);
    if (json_object_get(stmt, "lockingClause"))
        take_lock(look, SQL_LOCK_ROW_SHARE);
}

static void insert_stmt(struct look *look, const json_t *stmt)
{
    look_ctes(look, stmt);
    take_relation(look, json_object_get(stmt, "relation"));
}

static void update_stmt(struct look *look, const json_t *stmt)
{
    insert_stmt(look, stmt);
    if (!json_object_get(stmt, "whereClause"))
        take_loss(look, "values in all rows of",
                  range_var(look->a, json_object_get(stmt, "relation")));
}

static void delete_stmt(struct look *look, const json_t *stmt)
{
    insert_stmt(look, stmt);
    if (!json_object_get(stmt, "whereClause"))
        take_loss(look, "all rows of", range_var(look->a, json_object_get(stmt, "relation")));
}

static void truncate_stmt(struct look *look, const json_t *stmt)
{
    const json_t *relations = json_object_get(stmt, "relations");
    for (size_t i = 0; i < json_array_size(relations); i++) {
        const json_t *var = json_object_get(json_array_get(relations, i), "RangeVar");
        if (json_array_size(relations) == 1)
            take_relation(look, var);
        else
            take_locked(look, range_var(look->a, var), SQL_LOCK_ACCESS_EXCLUSIVE);
        take_loss(look, "all rows of", range_var(look->a, var));
    }
    if (is_text(stmt, "behavior", "DROP_CASCADE"))
        take_loss(look, "and of what references it", NULL);
}

static void copy_stmt(struct look *look, const json_t *stmt)
{
    take_relation(look, json_object_get(stmt, "relation"));
    take_lock(look, is_set(stmt, "is_from") ? SQL_LOCK_ROW_EXCLUSIVE : SQL_LOCK_ACCESS_SHARE);
}

static void lock_stmt(struct look *look, const json_t *stmt)
{
    const json_t *relations = json_object_get(stmt, "relations");
    if (json_array_size(relations) == 1)
        take_relation(look, json_object_get(json_array_get(relations, 0), "RangeVar"));
    /* enum sql_lock has the server's numbers */
    take_lock(look, (enum sql_lock)json_integer_value(json_object_get(stmt, "mode")));
}

static void explain_stmt(struct look *look, const json_t *stmt)
{
    if (option_is_on(json_object_get(stmt, "options"), "analyze"))
        look_at(look, json_object_get(stmt, "query"));
}

/* -- ALTER TABLE --------------------------------------------------------------------------------
 */

enum alter_scan { NO_SCAN, SCANS };

static const struct alter_row {
    const char *subtype;
    enum sql_lock lock;
    enum alter_scan scan; /* reads or rewrites all of the table under that lock */
} alter_rows[] = {
    {"AT_AddConstraint", SQL_LOCK_NONE, NO_SCAN}, /* alter_constraint() */
    {"AT_AlterColumnType", SQL_LOCK_ACCESS_EXCLUSIVE, SCANS},
    {"AT_AttachPartition", SQL_LOCK_SHARE_UPDATE_EXCLUSIVE, SCANS},
    {"AT_ClusterOn", SQL_LOCK_SHARE_UPDATE_EXCLUSIVE, NO_SCAN},
    {"AT_DetachPartition", SQL_LOCK_NONE, NO_SCAN}, /* alter_cmd() */
    {"AT_DetachPartitionFinalize", SQL_LOCK_SHARE_UPDATE_EXCLUSIVE, NO_SCAN},
    {"AT_DisableTrig", SQL_LOCK_SHARE_ROW_EXCLUSIVE, NO_SCAN},
    {"AT_DisableTrigAll", SQL_LOCK_SHARE_ROW_EXCLUSIVE, NO_SCAN},
    {"AT_DisableTrigUser", SQL_LOCK_SHARE_ROW_EXCLUSIVE, NO_SCAN},
    {"AT_DropCluster", SQL_LOCK_SHARE_UPDATE_EXCLUSIVE, NO_SCAN},
    {"AT_EnableAlwaysTrig", SQL_LOCK_SHARE_ROW_EXCLUSIVE, NO_SCAN},
    {"AT_EnableReplicaTrig", SQL_LOCK_SHARE_ROW_EXCLUSIVE, NO_SCAN},
    {"AT_EnableTrig", SQL_LOCK_SHARE_ROW_EXCLUSIVE, NO_SCAN},
    {"AT_EnableTrigAll", SQL_LOCK_SHARE_ROW_EXCLUSIVE, NO_SCAN},
    {"AT_EnableTrigUser", SQL_LOCK_SHARE_ROW_EXCLUSIVE, NO_SCAN},
    {"AT_ResetOptions", SQL_LOCK_SHARE_UPDATE_EXCLUSIVE, NO_SCAN},
    {"AT_ResetRelOptions", SQL_LOCK_SHARE_UPDATE_EXCLUSIVE, NO_SCAN},
    {"AT_SetLogged", SQL_LOCK_ACCESS_EXCLUSIVE, SCANS},
    {"AT_SetNotNull", SQL_LOCK_ACCESS_EXCLUSIVE, SCANS},
    {"AT_SetOptions", SQL_LOCK_SHARE_UPDATE_EXCLUSIVE, NO_SCAN},
    {"AT_SetRelOptions", SQL_LOCK_SHARE_UPDATE_EXCLUSIVE, NO_SCAN},
    {"AT_SetStatistics", SQL_LOCK_SHARE_UPDATE_EXCLUSIVE, NO_SCAN},
    {"AT_SetTableSpace", SQL_LOCK_ACCESS_EXCLUSIVE, SCANS},
    {"AT_SetUnLogged", SQL_LOCK_ACCESS_EXCLUSIVE, SCANS},
    {"AT_ValidateConstraint", SQL_LOCK_SHARE_UPDATE_EXCLUSIVE, SCANS},
};

static const struct alter_row *find_alter(const char *subtype)
{
    static const struct alter_row any = {"", SQL_LOCK_ACCESS_EXCLUSIVE, NO_SCAN};
    for (size_t i = 0; i < sizeof(alter_rows) / sizeof(alter_rows[0]); i++) {
        if (!strcmp(alter_rows[i].subtype, subtype))
            return &alter_rows[i];
    }
    return &any; /* the manual: ACCESS EXCLUSIVE unless explicitly noted */
}

/* What a foreign key refers to is locked, however new the table is that has it. */
static void look_foreign_key(struct look *look, const json_t *constraint)
{
    if (!is_text(constraint, "contype", "CONSTR_FOREIGN"))
        return;
    take_lock(look, SQL_LOCK_SHARE_ROW_EXCLUSIVE);
    take_locked(look, range_var(look->a, json_object_get(constraint, "pktable")),
                SQL_LOCK_SHARE_ROW_EXCLUSIVE);
}

static void look_column_keys(struct look *look, const json_t *column)
{
    const json_t *constraints = json_object_get(column, "constraints");
    for (size_t i = 0; i < json_array_size(constraints); i++)
        look_foreign_key(look, json_object_get(json_array_get(constraints, i), "Constraint"));
}

static void alter_constraint(struct look *look, const json_t *constraint)
{
    bool foreign = is_text(constraint, "contype", "CONSTR_FOREIGN");
    take_lock(look, foreign ? SQL_LOCK_SHARE_ROW_EXCLUSIVE : SQL_LOCK_ACCESS_EXCLUSIVE);
    look_foreign_key(look, constraint);
    if (!is_set(constraint, "skip_validation") && !json_object_get(constraint, "indexname"))
        look->out->rewrites = true;
}

/* A constant default is only noted in the catalog; anything else may be computed for each row. */
static bool new_column_rewrites(const json_t *column)
{
    const json_t *constraints = json_object_get(column, "constraints");
    for (size_t i = 0; i < json_array_size(constraints); i++) {
        const json_t *c = json_object_get(json_array_get(constraints, i), "Constraint");
        if (is_text(c, "contype", "CONSTR_GENERATED") || is_text(c, "contype", "CONSTR_IDENTITY"))
            return true;
        const json_t *expr = json_object_get(c, "raw_expr");
        if (!is_text(c, "contype", "CONSTR_DEFAULT") || !expr)
            continue;
        const json_t *cast = json_object_get(expr, "TypeCast");
        if (!json_object_get(cast ? json_object_get(cast, "arg") : expr, "A_Const"))
            return true;
    }
    const json_t *names = json_object_get(json_object_get(column, "typeName"), "names");
    const json_t *last = json_array_get(names, json_array_size(names) - 1);
    const char *type = text_of(json_object_get(last, "String"), "sval");
    return strstr(type, "serial") != NULL;
}

static void alter_cmd(struct look *look, const json_t *cmd)
{
    const char *subtype = text_of(cmd, "subtype");
    const struct alter_row *row = find_alter(subtype);
    const json_t *def = json_object_get(cmd, "def");
    take_lock(look, row->lock);
    if (row->scan == SCANS)
        look->out->rewrites = true;
    if (!strcmp(subtype, "AT_DropColumn")) {
        take_loss(look, "column", text_of(cmd, "name"));
    } else if (!strcmp(subtype, "AT_AddConstraint")) {
        alter_constraint(look, json_object_get(def, "Constraint"));
    } else if (!strcmp(subtype, "AT_AddColumn")) {
        look_column_keys(look, json_object_get(def, "ColumnDef"));
        if (new_column_rewrites(json_object_get(def, "ColumnDef")))
            look->out->rewrites = true;
    } else if (!strcmp(subtype, "AT_DetachPartition")) {
        if (is_set(json_object_get(def, "PartitionCmd"), "concurrent"))
            take_concurrent(look);
        else
            take_lock(look, SQL_LOCK_ACCESS_EXCLUSIVE);
    }
}

static void alter_table_stmt(struct look *look, const json_t *stmt)
{
    take_relation(look, json_object_get(stmt, "relation"));
    const json_t *cmds = json_object_get(stmt, "cmds");
    for (size_t i = 0; i < json_array_size(cmds); i++)
        alter_cmd(look, json_object_get(json_array_get(cmds, i), "AlterTableCmd"));
}

/* -- CREATE and DROP ----------------------------------------------------------------------------
 */

/* The new table is nobody's yet; what its foreign keys refer to is locked. */
static void create_stmt(struct look *look, const json_t *stmt)
{
    take_relation(look, json_object_get(stmt, "relation"));
    const json_t *elements = json_object_get(stmt, "tableElts");
    for (size_t i = 0; i < json_array_size(elements); i++) {
        const json_t *element = json_array_get(elements, i);
        look_foreign_key(look, json_object_get(element, "Constraint"));
        look_column_keys(look, json_object_get(element, "ColumnDef"));
    }
    look->out->makes_relation = look->out->statements == 1;
}

static void index_stmt(struct look *look, const json_t *stmt)
{
    take_relation(look, json_object_get(stmt, "relation"));
    if (is_set(stmt, "concurrent")) {
        take_concurrent(look);
        return;
    }
    take_lock(look, SQL_LOCK_SHARE);
    look->out->rewrites = true;
}

/* What a DROP loses beside a definition, and its lock. */
static const struct drop_row {
    const char *type;
    enum sql_lock lock;
    const char *loses;         /* always */
    const char *loses_cascade; /* with CASCADE */
} drop_rows[] = {
    {"OBJECT_TABLE", SQL_LOCK_ACCESS_EXCLUSIVE, "table", "table"},
    {"OBJECT_FOREIGN_TABLE", SQL_LOCK_ACCESS_EXCLUSIVE, NULL, NULL},
    {"OBJECT_INDEX", SQL_LOCK_ACCESS_EXCLUSIVE, NULL, NULL},
    {"OBJECT_VIEW", SQL_LOCK_ACCESS_EXCLUSIVE, NULL, NULL},
    {"OBJECT_MATVIEW", SQL_LOCK_ACCESS_EXCLUSIVE, NULL, NULL},
    {"OBJECT_SEQUENCE", SQL_LOCK_ACCESS_EXCLUSIVE, "the state of sequence",
     "the state of sequence"},
    {"OBJECT_TRIGGER", SQL_LOCK_ACCESS_EXCLUSIVE, NULL, NULL},
    {"OBJECT_RULE", SQL_LOCK_ACCESS_EXCLUSIVE, NULL, NULL},
    {"OBJECT_POLICY", SQL_LOCK_ACCESS_EXCLUSIVE, NULL, NULL},
    {"OBJECT_SCHEMA", SQL_LOCK_NONE, NULL, "all tables of schema"},
    {"OBJECT_TYPE", SQL_LOCK_NONE, NULL, "the columns of type"},
    {"OBJECT_DOMAIN", SQL_LOCK_NONE, NULL, "the columns of domain"},
    {"OBJECT_EXTENSION", SQL_LOCK_NONE, NULL, "the columns of the types of extension"},
};

static void drop_stmt(struct look *look, const json_t *stmt)
{
    const json_t *objects = json_object_get(stmt, "objects");
    bool cascade = is_text(stmt, "behavior", "DROP_CASCADE");
    if (json_array_size(objects) == 1 && look->out->statements == 1)
        look->out->relation = object_name(look->a, json_array_get(objects, 0));
    if (is_set(stmt, "concurrent")) {
        take_concurrent(look);
        return;
    }
    for (size_t i = 0; i < sizeof(drop_rows) / sizeof(drop_rows[0]); i++) {
        if (!is_text(stmt, "removeType", drop_rows[i].type))
            continue;
        const char *loses = cascade ? drop_rows[i].loses_cascade : drop_rows[i].loses;
        take_lock(look, drop_rows[i].lock);
        for (size_t j = 0; j < json_array_size(objects); j++) {
            const char *name = object_name(look->a, json_array_get(objects, j));
            if (json_array_size(objects) > 1)
                take_locked(look, name, drop_rows[i].lock);
            if (loses)
                take_loss(look, loses, name);
        }
    }
}

static void drop_database(struct look *look, const json_t *stmt)
{
    take_outside(look);
    take_loss(look, "database", text_of(stmt, "dbname"));
}

static void drop_owned(struct look *look, const json_t *stmt)
{
    (void)stmt;
    take_loss(look, "everything that the role owns", NULL);
}

/* -- the rest -----------------------------------------------------------------------------------
 */

static void on_relation(struct look *look, const json_t *stmt)
{
    take_relation(look, json_object_get(stmt, "relation"));
}

static void outside(struct look *look, const json_t *stmt)
{
    (void)stmt;
    take_outside(look);
}

static void alter_database(struct look *look, const json_t *stmt)
{
    if (option(json_object_get(stmt, "options"), "tablespace"))
        take_outside(look);
}

static void alter_enum(struct look *look, const json_t *stmt)
{
    if (json_object_get(stmt, "newVal") && !json_object_get(stmt, "oldVal") &&
        look->server_version > 0 && look->server_version < 120000)
        take_outside(look);
}

/* Creates a slot on the other server, which no transaction can take back. */
static void create_subscription(struct look *look, const json_t *stmt)
{
    const json_t *options = json_object_get(stmt, "options");
    bool no_slot = (option(options, "create_slot") && !option_is_on(options, "create_slot")) ||
                   (option(options, "connect") && !option_is_on(options, "connect"));
    if (!no_slot)
        take_outside(look);
}

static void cluster_stmt(struct look *look, const json_t *stmt)
{
    on_relation(look, stmt);
    look->out->rewrites = true;
    if (!json_object_get(stmt, "relation"))
        take_outside(look); /* all tables, a transaction each */
}

static void vacuum_stmt(struct look *look, const json_t *stmt)
{
    const json_t *rels = json_object_get(stmt, "rels");
    if (json_array_size(rels) == 1)
        on_relation(look, json_object_get(json_array_get(rels, 0), "VacuumRelation"));
    if (!is_set(stmt, "is_vacuumcmd"))
        return;
    take_outside(look);
    if (option_is_on(json_object_get(stmt, "options"), "full")) {
        take_lock(look, SQL_LOCK_ACCESS_EXCLUSIVE);
        look->out->rewrites = true;
    }
}

static void reindex_stmt(struct look *look, const json_t *stmt)
{
    on_relation(look, stmt);
    if (option_is_on(json_object_get(stmt, "params"), "concurrently")) {
        take_concurrent(look);
        return;
    }
    take_lock(look, is_text(stmt, "kind", "REINDEX_OBJECT_INDEX") ? SQL_LOCK_ACCESS_EXCLUSIVE
                                                                  : SQL_LOCK_SHARE);
    look->out->rewrites = true;
    if (!json_object_get(stmt, "relation"))
        take_outside(look);
}

static void refresh_stmt(struct look *look, const json_t *stmt)
{
    on_relation(look, stmt);
    take_lock(look, is_set(stmt, "concurrent") ? SQL_LOCK_EXCLUSIVE : SQL_LOCK_ACCESS_EXCLUSIVE);
    look->out->rewrites = true;
}

static void rename_stmt(struct look *look, const json_t *stmt)
{
    if (!json_object_get(stmt, "relation"))
        return;
    on_relation(look, stmt);
    take_lock(look, is_text(stmt, "renameType", "OBJECT_INDEX") ? SQL_LOCK_SHARE_UPDATE_EXCLUSIVE
                                                                : SQL_LOCK_ACCESS_EXCLUSIVE);
}

static void comment_stmt(struct look *look, const json_t *stmt)
{
    static const char *const on_tables[] = {"OBJECT_TABLE",   "OBJECT_COLUMN",
                                            "OBJECT_INDEX",   "OBJECT_VIEW",
                                            "OBJECT_MATVIEW", "OBJECT_TABCONSTRAINT"};
    for (size_t i = 0; i < sizeof(on_tables) / sizeof(on_tables[0]); i++) {
        if (is_text(stmt, "objtype", on_tables[i]))
            take_lock(look, SQL_LOCK_SHARE_UPDATE_EXCLUSIVE);
    }
}

static void transaction_stmt(struct look *look, const json_t *stmt)
{
    static const struct {
        const char *kind;
        enum sql_control control;
    } kinds[] = {
        {"TRANS_STMT_BEGIN", SQL_CONTROL_BEGIN},
        {"TRANS_STMT_START", SQL_CONTROL_BEGIN},
        {"TRANS_STMT_COMMIT", SQL_CONTROL_COMMIT},
        {"TRANS_STMT_ROLLBACK", SQL_CONTROL_ROLLBACK},
        {"TRANS_STMT_SAVEPOINT", SQL_CONTROL_SAVEPOINT},
        {"TRANS_STMT_RELEASE", SQL_CONTROL_SAVEPOINT},
        {"TRANS_STMT_ROLLBACK_TO", SQL_CONTROL_SAVEPOINT},
    };
    enum sql_control control = SQL_CONTROL_OTHER;
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (is_text(stmt, "kind", kinds[i].kind) && !is_set(stmt, "chain"))
            control = kinds[i].control;
    }
    /* Two that differ in one text: nothing simple can be said. */
    bool mixed = look->out->control != SQL_CONTROL_NONE && look->out->control != control;
    look->out->control = mixed ? SQL_CONTROL_OTHER : control;
}

/* -- the table of statements --------------------------------------------------------------------
 */

static const struct node_row {
    const char *node; /* the server's name without "Stmt" */
    const char *tag;  /* NULL: made from the node's name */
    enum sql_lock lock;
    void (*look)(struct look *look, const json_t *stmt);
} node_rows[] = {
    {"AlterDatabase", NULL, SQL_LOCK_NONE, alter_database},
    {"AlterEnum", "ALTER TYPE", SQL_LOCK_NONE, alter_enum},
    {"AlterObjectSchema", "ALTER", SQL_LOCK_ACCESS_EXCLUSIVE, on_relation},
    {"AlterPolicy", NULL, SQL_LOCK_ACCESS_EXCLUSIVE, NULL},
    {"AlterSeq", "ALTER SEQUENCE", SQL_LOCK_SHARE_ROW_EXCLUSIVE, NULL},
    {"AlterSystem", NULL, SQL_LOCK_NONE, outside},
    {"AlterTable", NULL, SQL_LOCK_NONE, alter_table_stmt},
    {"Cluster", NULL, SQL_LOCK_ACCESS_EXCLUSIVE, cluster_stmt},
    {"Comment", NULL, SQL_LOCK_NONE, comment_stmt},
    {"Copy", NULL, SQL_LOCK_NONE, copy_stmt},
    {"Create", "CREATE TABLE", SQL_LOCK_NONE, create_stmt},
    {"CreatePolicy", NULL, SQL_LOCK_ACCESS_EXCLUSIVE, NULL},
    {"CreateSeq", "CREATE SEQUENCE", SQL_LOCK_NONE, NULL},
    {"CreateSubscription", NULL, SQL_LOCK_NONE, create_subscription},
    {"CreateTableSpace", "CREATE TABLESPACE", SQL_LOCK_NONE, outside},
    {"CreateTrig", "CREATE TRIGGER", SQL_LOCK_SHARE_ROW_EXCLUSIVE, on_relation},
    {"Createdb", "CREATE DATABASE", SQL_LOCK_NONE, outside},
    {"Delete", NULL, SQL_LOCK_ROW_EXCLUSIVE, delete_stmt},
    {"Drop", NULL, SQL_LOCK_NONE, drop_stmt},
    {"DropOwned", NULL, SQL_LOCK_ACCESS_EXCLUSIVE, drop_owned},
    {"DropSubscription", NULL, SQL_LOCK_NONE, outside},
    {"DropTableSpace", "DROP TABLESPACE", SQL_LOCK_NONE, outside},
    {"Dropdb", "DROP DATABASE", SQL_LOCK_NONE, drop_database},
    {"Explain", NULL, SQL_LOCK_NONE, explain_stmt},
    {"Index", "CREATE INDEX", SQL_LOCK_NONE, index_stmt},
    {"Insert", NULL, SQL_LOCK_ROW_EXCLUSIVE, insert_stmt},
    {"Lock", "LOCK TABLE", SQL_LOCK_NONE, lock_stmt},
    {"Merge", NULL, SQL_LOCK_ROW_EXCLUSIVE, insert_stmt},
    {"RefreshMatView", "REFRESH MATERIALIZED VIEW", SQL_LOCK_NONE, refresh_stmt},
    {"Reindex", NULL, SQL_LOCK_NONE, reindex_stmt},
    {"Rename", "ALTER", SQL_LOCK_NONE, rename_stmt},
    {"Rule", "CREATE RULE", SQL_LOCK_ACCESS_EXCLUSIVE, on_relation},
    {"Select", NULL, SQL_LOCK_ACCESS_SHARE, select_stmt},
    {"Transaction", NULL, SQL_LOCK_NONE, transaction_stmt},
    {"Truncate", NULL, SQL_LOCK_ACCESS_EXCLUSIVE, truncate_stmt},
    {"Update", NULL, SQL_LOCK_ROW_EXCLUSIVE, update_stmt},
    {"Vacuum", NULL, SQL_LOCK_SHARE_UPDATE_EXCLUSIVE, vacuum_stmt},
    {"VariableSet", "SET", SQL_LOCK_NONE, variable_set_stmt},
    {"VariableShow", "SHOW", SQL_LOCK_NONE, NULL},
    {"View", "CREATE VIEW", SQL_LOCK_NONE, NULL},
};

/* "CreateEnumStmt" without "Stmt"; *len gets its bytes. */
static void bare_name(const char *node, size_t *len)
{
    *len = strlen(node);
    if (str_ends_with(node, "Stmt"))
        *len -= 4;
}

/* "CreateEnum" to "CREATE ENUM"; "OBJECT_TABLE" after DROP and ALTER to "TABLE". */
static const char *make_tag(struct arena *a, const char *node, const json_t *stmt)
{
    struct str s = STR_IN(a);
    size_t len;
    bare_name(node, &len);
    for (size_t i = 0; i < len; i++) {
        if (i > 0 && isupper((unsigned char)node[i]))
            str_addc(&s, ' ');
        str_addc(&s, (char)toupper((unsigned char)node[i]));
    }
    const char *type = text_of(stmt, "removeType");
    if (!*type)
        type = text_of(stmt, "objtype");
    if (str_starts_with(type, "OBJECT_") &&
        (!strcmp(s.ptr, "DROP") || !strcmp(s.ptr, "ALTER TABLE"))) {
        str_cut(&s, strcspn(s.ptr, " "));
        str_addf(&s, " %s", !strcmp(type, "OBJECT_MATVIEW") ? "MATERIALIZED VIEW" : type + 7);
        for (char *p = s.ptr; *p; p++)
            *p = *p == '_' ? ' ' : *p;
    }
    return s.ptr;
}

static const char *transaction_tag(const json_t *stmt)
{
    const char *kind = text_of(stmt, "kind");
    return str_starts_with(kind, "TRANS_STMT_") ? kind + 11 : kind;
}

/* node is {"CreateStmt": {...}} */
static void look_at(struct look *look, const json_t *node)
{
    const char *name = json_object_iter_key(json_object_iter((json_t *)(uintptr_t)node));
    if (!name)
        return;
    const json_t *stmt = json_object_get(node, name);
    const struct node_row *row = NULL;
    size_t len;
    bare_name(name, &len);
    for (size_t i = 0; i < sizeof(node_rows) / sizeof(node_rows[0]); i++) {
        if (strlen(node_rows[i].node) == len && !strncmp(node_rows[i].node, name, len))
            row = &node_rows[i];
    }
    if (!look->out->tag) {
        look->out->tag = row && row->tag ? row->tag : make_tag(look->a, name, stmt);
        if (row && row->look == transaction_stmt)
            look->out->tag = arena_strdup(look->a, transaction_tag(stmt));
    }
    take_lock(look, row ? row->lock : SQL_LOCK_NONE);
    if (row && row->look)
        row->look(look, stmt);
}

/* The relation that a statement works on comes first; a table that it makes is nobody's yet. */
static void finish_locked(struct look *look)
{
    struct sql_effect *out = look->out;
    const struct sql_locked_list referred = out->locked;
    out->locked = (struct sql_locked_list){0};
    if (!out->makes_relation)
        take_locked(look, out->relation, out->lock);
    for (size_t i = 0; i < referred.len; i++)
        if (!str_eq(referred.at[i].relation, out->relation))
            vec_push(look->a, &out->locked, referred.at[i]);
}

void sql_classify(struct arena *a, const char *text, int server_version, struct sql_effect *out)
{
    *out = (struct sql_effect){0};
    json_t *tree = sql_parse_tree(text);
    if (!tree)
        return;
    struct look look = {.a = a, .server_version = server_version, .out = out};
    const json_t *stmts = json_object_get(tree, "stmts");
    out->known = true;
    out->statements = json_array_size(stmts);
    for (size_t i = 0; i < out->statements; i++)
        look_at(&look, json_object_get(json_array_get(stmts, i), "stmt"));
    finish_locked(&look);
    json_decref(tree);
}

const char *sql_lock_name(enum sql_lock lock)
{
    static const char *const names[] = {
        "",      "ACCESS SHARE",        "ROW SHARE", "ROW EXCLUSIVE",    "SHARE UPDATE EXCLUSIVE",
        "SHARE", "SHARE ROW EXCLUSIVE", "EXCLUSIVE", "ACCESS EXCLUSIVE",
    };
    _Static_assert(sizeof(names) / sizeof(names[0]) == SQL_LOCK_ACCESS_EXCLUSIVE + 1,
                   "a name for each lock");
    return names[lock];
}

const char *sql_lock_text(struct arena *a, const struct sql_effect *effect)
{
    struct str out = STR_IN(a);
    const struct sql_locked_list *locked = &effect->locked;
    if (locked->len == 0)
        return sql_lock_name(effect->lock);
    for (size_t i = 0; i < locked->len; i++) {
        if (i > 0 && locked->at[i].lock == locked->at[i - 1].lock)
            str_addf(&out, ", %s", locked->at[i].relation);
        else
            str_addf(&out, "%s%s on %s", i > 0 ? "; " : "", sql_lock_name(locked->at[i].lock),
                     locked->at[i].relation);
    }
    return out.ptr;
}
