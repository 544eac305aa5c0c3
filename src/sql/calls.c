#include "config.h"

#include "sql/calls.h"

#include <jansson.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "sql/parse_tree.h"

/* PostgreSQL manual, chapters "System Administration Functions", "Sequence Manipulation Functions"
 * and "Large Objects", and the extensions dblink, adminpack and pg_stat_statements. */
static const char *const names[] = {
    "loread",             "lowrite",
    "nextval",
    "pg_cancel_backend",  "pg_current_xact_id",
    "pg_export_snapshot", "pg_import_system_collations",
    "pg_log_backend_memory_contexts", "pg_notify",
    "pg_promote",         "pg_reload_conf",
    "pg_rotate_logfile",  "pg_sleep",
    "pg_sleep_for",       "pg_sleep_until",
    "pg_start_backup",    "pg_stat_file",
    "pg_stat_statements_reset", "pg_stop_backup",
    "pg_switch_wal",      "pg_terminate_backend",
    "set_config",         "setval",
    "txid_current",
};

static const char *const prefixes[] = {
    "dblink",    "lo_",         "pg_advisory_", "pg_backup_",      "pg_copy_", "pg_create_",
    "pg_drop_",  "pg_file_",    "pg_logical_",  "pg_ls_",          "pg_read_", "pg_replication_",
    "pg_stat_reset", "pg_try_advisory_", "pg_wal_replay_",
};

static bool has_effect(const char *name)
{
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (str_eq(names[i], name))
            return true;
    for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
        if (str_starts_with(name, prefixes[i]))
            return true;
    return false;
}

/* The last part of a function's name, which has its schema before it. */
static const char *function_name(const json_t *call)
{
    const json_t *parts = json_object_get(call, "funcname");
    const json_t *last = json_array_get(parts, json_array_size(parts) - 1);
    return json_string_value(json_object_get(json_object_get(last, "String"), "sval"));
}

static const char *walk(const json_t *node)
{
    const char *key, *found = NULL;
    json_t *value;
    size_t i;
    if (json_is_array(node)) {
        json_array_foreach((json_t *)node, i, value)
            if ((found = walk(value)))
                return found;
        return NULL;
    }
    json_object_foreach((json_t *)node, key, value) {
        const char *name = str_eq(key, "FuncCall") ? function_name(value) : NULL;
        if (str_eq(key, "intoClause"))
            return "INTO";
        found = name && has_effect(name) ? name : walk(value);
        if (found)
            return found;
    }
    return NULL;
}

const char *sql_call_with_effect(struct arena *a, const char *text)
{
    json_t *tree = sql_parse_tree(text);
    const char *found = tree ? walk(tree) : NULL;
    if (found)
        found = arena_strdup(a, found);
    json_decref(tree);
    return found;
}
