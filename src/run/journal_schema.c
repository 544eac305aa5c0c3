#include "config.h"

#include "run/journal_schema.h"

#include <string.h>

#include "alembic/env_compare.h"
#include "alembic/project.h"
#include "alembic/revision.h"
#include "base/arena.h"
#include "base/embedded.h"
#include "base/str.h"
#include "config/config.h"
#include "postgres/query.h"
#include "revision/graph.h"
#include "run/rendering.h"
#include "run/version_sql.h"
#include "sql/render.h"

bool journal_schema_name(struct arena *a, const struct config *config, const char **out,
                         struct err *err)
{
    struct config_origin origin;
    *out = config_setting(a, config, "journal_schema", &origin, err);
    if (!*out)
        *out = "retort";
    return err->code == ERR_NONE;
}

bool journal_schema_has(const char *table)
{
    static const char *const tables[] = {"journal_version", "run", "step", "statement"};
    for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
        if (str_eq(tables[i], table))
            return true;
    return false;
}

struct version_table journal_schema_table(const char *schema)
{
    return (struct version_table){
        .name = "journal_version", .schema = schema, .primary_key = true};
}

/* -- may it be used? ----------------------------------------------------------------------------
 */

enum found_column {
    FOUND_SCHEMA,
    FOUND_VERSIONED,
    FOUND_OCCUPIED,   /* by what is not the journal's */
    FOUND_CREATABLE,
    FOUND_WRITABLE,
    FOUND_ON_PATH,
};

/*
 * A schema on the search_path is no place to hide tables in: those of the project would be made
 * there, or be found behind them. So is one that a role of that name has by "$user".
 */
const char journal_schema_find_sql[] =
    "SELECT n.oid IS NOT NULL, v.oid IS NOT NULL,\n"
    "       v.oid IS NULL AND EXISTS (SELECT FROM pg_catalog.pg_class c\n"
    "                                 WHERE c.relnamespace = n.oid),\n"
    "       CASE WHEN n.oid IS NULL\n"
    "            THEN pg_catalog.has_database_privilege(pg_catalog.current_database(), 'CREATE')\n"
    "            ELSE pg_catalog.has_schema_privilege(n.oid, 'CREATE') END,\n"
    "       coalesce(pg_catalog.has_schema_privilege(n.oid, 'USAGE'), false)\n"
    "       AND coalesce((SELECT pg_catalog.bool_and(\n"
    "                pg_catalog.has_table_privilege(c.oid, 'SELECT')\n"
    "                AND (c.oid = v.oid OR pg_catalog.has_table_privilege(c.oid, 'INSERT')\n"
    "                     AND pg_catalog.has_table_privilege(c.oid, 'UPDATE')))\n"
    "            FROM pg_catalog.pg_class c\n"
    "            WHERE c.relnamespace = n.oid AND c.relkind = 'r'), true),\n"
    "       EXISTS (SELECT FROM pg_catalog.unnest(pg_catalog.string_to_array(\n"
    "                   pg_catalog.current_setting('search_path'), ',')) p\n"
    "               WHERE pg_catalog.btrim(p, ' \"') = $1\n"
    "                  OR (pg_catalog.btrim(p, ' \"') = '$user' AND current_user = $1))\n"
    "FROM (SELECT 1) one\n"
    "LEFT JOIN pg_catalog.pg_namespace n ON n.nspname = $1\n"
    "LEFT JOIN pg_catalog.pg_class v ON v.relnamespace = n.oid AND v.relname = $2\n"
    "                               AND v.relkind = 'r'";

const char *journal_schema_check(struct arena *a, const char *schema, const struct result *row,
                                 struct journal_schema_found *out)
{
    *out = (struct journal_schema_found){.exists = result_bool(row, 0, FOUND_SCHEMA),
                                         .is_versioned = result_bool(row, 0, FOUND_VERSIONED)};
    if (result_bool(row, 0, FOUND_ON_PATH))
        return arena_printf(a,
                            "schema %s is on the search_path; name another one with "
                            "journal_schema in [retort]",
                            schema);
    if (result_bool(row, 0, FOUND_OCCUPIED))
        return arena_printf(a,
                            "schema %s holds tables that are not the journal's; name another one "
                            "with journal_schema in [retort]",
                            schema);
    if (!out->is_versioned && !result_bool(row, 0, FOUND_CREATABLE))
        return arena_printf(a,
                            out->exists
                                ? "the role may not create tables in schema %s; GRANT CREATE ON "
                                  "SCHEMA lets it"
                                : "the role may not create schema %s; GRANT CREATE ON DATABASE "
                                  "lets it, or journal_schema = without a value in [retort] does "
                                  "without",
                            schema);
    if (out->is_versioned && !result_bool(row, 0, FOUND_WRITABLE))
        return arena_printf(a,
                            "the role may not write into schema %s; GRANT USAGE ON SCHEMA, and "
                            "SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA let it",
                            schema);
    return NULL;
}

const char *journal_schema_unwanted(struct arena *a, const struct alembic_project *project,
                                    const char *schema)
{
    const struct env_options *env = &project->env;
    struct err err = ERR_INIT;
    bool include = true;
    if (!env->include_schemas)
        return NULL;
    if (env_has_function(env, ENV_INCLUDE_NAME))
        env_include_name(env, "schema", schema, NULL, NULL, &include, &err);
    err_clear(&err); /* what it says is not known: it may let the schema through */
    if (!include)
        return NULL;
    return arena_printf(a,
                        "env.py sets include_schemas, and Alembic would want to drop schema %s; "
                        "let include_name leave it out, or do without by journal_schema = without "
                        "a value in [retort]",
                        schema);
}

/* -- its revisions ------------------------------------------------------------------------------
 */

static const struct embedded_file *file_of(const char *path)
{
    const struct embedded_file *file = journal_revisions;
    while (file->path && !str_eq(file->path, path))
        file++;
    return file;
}

static bool load(struct arena *a, struct graph **out, struct err *err)
{
    struct revision_headers headers = {0};
    for (const struct embedded_file *file = journal_revisions; file->path; file++) {
        struct revision_header header;
        if (!alembic_header_of_text(a, file->path, file->text, strlen(file->text), &header, err))
            return false;
        vec_push(a, &headers, header);
    }
    return graph_build(a, headers.at, headers.len, out, NULL, err);
}

static void add(struct str *out, const char *sql)
{
    str_addf(out, "%s;\n", sql);
}

static bool add_step(struct arena *a, const struct graph *graph, const struct step *step,
                     const struct version_table *table, struct name_list *rows,
                     struct sql_context *context, struct str *out, struct err *err)
{
    const struct embedded_file *file = file_of(step->revision->header->path);
    const struct reading_request request = {.path = file->path,
                                            .text = file->text,
                                            .text_len = strlen(file->text),
                                            .direction = step->direction};
    struct rendering rendering;
    struct row_change_list changes = {0};
    rendering_make(a, NULL, &request, context, &rendering);
    if (rendering.status != READING_OK) {
        err_move(err, &rendering.err);
        return false;
    }
    for (size_t i = 0; i < rendering.statements.len; i++)
        add(out, rendering.statements.at[i].sql);
    if (!graph_step_changes(a, graph, rows, step, &changes, err))
        return false;
    for (size_t i = 0; i < changes.len; i++)
        add(out, version_change_sql(a, table, &changes.at[i]));
    return true;
}

bool journal_schema_upgrade(struct arena *a, const char *schema,
                            const struct journal_schema_found *found, const struct name_list *rows,
                            const char **sql, struct err *err)
{
    struct graph *graph;
    struct step_list steps = {0};
    struct str out = STR_IN(a);
    struct name_list now = {0};
    struct sql_context context = {.created_types = MAP_IN(a)};
    const struct version_table table = journal_schema_table(schema);
    *sql = NULL;
    for (size_t i = 0; i < rows->len; i++)
        vec_push(a, &now, rows->at[i]);
    if (!load(a, &graph, err) || !graph_upgrade_steps(a, graph, &now, "head", &steps, err)) {
        err->code = ERR_STALE;
        return false;
    }
    if (!steps.len)
        return true;
    if (!found->exists)
        add(&out, arena_printf(a, "CREATE SCHEMA %s", sql_identifier(a, schema)));
    add(&out, arena_printf(a, "SET LOCAL search_path TO %s", sql_identifier(a, schema)));
    if (!found->is_versioned)
        add(&out, version_create_sql(a, &table));
    for (size_t i = 0; i < steps.len; i++)
        if (!add_step(a, graph, &steps.at[i], &table, &now, &context, &out, err))
            return false;
    *sql = out.ptr;
    return true;
}
