/* The database half of `retort doctor`. */
#include "config.h"

#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "cli/cli.h"
#include "cli/doctor.h"
#include "cli/open.h"
#include "config/url.h"
#include "postgres/flavour.h"
#include "postgres/query.h"
#include "postgres/server.h"
#include "postgres/version.h"
#include "run/resume_check.h"
#include "revision/graph.h"
#include "run/plan.h"

/* ---- privileges ---- */

/*
 * What the role may do, one column for each row of the table below. $1: the schema of the version
 * table, $2: the table, quoted with its schema, or null when it is not there yet.
 */
static const char privileges_sql[] =
    "SELECT pg_catalog.has_database_privilege(pg_catalog.current_database(), 'CREATE'),\n"
    "       coalesce(pg_catalog.has_schema_privilege($1, 'CREATE'), false),\n"
    "       coalesce(pg_catalog.has_table_privilege($2, 'SELECT, INSERT, UPDATE, DELETE')\n"
    "                AND pg_catalog.has_table_privilege($2, 'SELECT')\n"
    "                AND pg_catalog.has_table_privilege($2, 'INSERT')\n"
    "                AND pg_catalog.has_table_privilege($2, 'UPDATE')\n"
    "                AND pg_catalog.has_table_privilege($2, 'DELETE'), true),\n"
    "       pg_catalog.pg_has_role('pg_read_all_stats', 'member'),\n"
    "       pg_catalog.pg_has_role('pg_signal_backend', 'member')";

static const struct {
    const char *name, *yes, *no, *hint;
    enum doctor_status lack; /* what it means not to have it */
} privileges[] = {
    {"schema retort", "may be made: runs are journalled in the database too",
     "may not be made: runs are journalled in local files only",
     "GRANT CREATE ON DATABASE, or have an owner run CREATE SCHEMA retort for this role",
     DOCTOR_NOTE},
    {"create tables", "yes", "the role may not create tables where the version table belongs",
     "GRANT CREATE ON SCHEMA", DOCTOR_FIX},
    {"version table", "may be read and written", "the role may not read and write it",
     "GRANT SELECT, INSERT, UPDATE, DELETE ON the version table", DOCTOR_FIX},
    {"see blockers", "yes", "queries of other roles are hidden while a run waits for a lock",
     "GRANT pg_read_all_stats", DOCTOR_NOTE},
    {"end blockers", "yes", "sessions of other roles cannot be ended from the console",
     "GRANT pg_signal_backend", DOCTOR_NOTE},
};

static void check_privileges(struct doctor *d, struct connection *conn, const char *schema,
                             const char *table)
{
    const char *params[] = {schema, table};
    struct result *result;
    struct err err = ERR_INIT;
    if (!connection_query(conn, privileges_sql, params, 2, &result, &err)) {
        doctor_add_err(d, DOCTOR_NOTE, "privileges", &err);
        return;
    }
    for (size_t i = 0; i < sizeof(privileges) / sizeof(privileges[0]); i++) {
        bool has = result_bool(result, 0, i);
        struct doctor_check *check =
            doctor_add(d, has ? DOCTOR_OK : privileges[i].lack, privileges[i].name, "%s",
                       has ? privileges[i].yes : privileges[i].no);
        if (!has)
            check->hint = privileges[i].hint;
    }
    result_free(result);
}

/* ---- the version table ---- */

/* "schema"."table" for has_table_privilege(). */
static const char *quoted(struct arena *a, const char *schema, const char *name)
{
    struct str out = STR_IN(a);
    const char *const parts[] = {schema, name};
    for (size_t i = 0; i < 2; i++) {
        str_add(&out, i ? ".\"" : "\"");
        for (const char *p = parts[i]; *p; p++)
            str_add(&out, *p == '"' ? "\"\"" : (char[]){*p, '\0'});
        str_addc(&out, '"');
    }
    return str_take(&out);
}

/* Ids in the table that no file has: another branch's migrations, or the wrong database. */
static void check_rows(struct doctor *d, const struct name_list *rows)
{
    const struct graph *graph = d->cli->graph;
    struct str text = STR_IN(d->cli->arena);
    for (size_t i = 0; i < rows->len; i++) {
        str_addf(&text, "%s%s", i ? ", " : "", rows->at[i]);
        if (graph && !graph_find(graph, rows->at[i])) {
            struct doctor_check *check =
                doctor_add(d, DOCTOR_FIX, "revision", "Can't locate revision identified by '%s'",
                           rows->at[i]);
            check->hint = "the version table names a revision that no file has: is this the right "
                          "database, and are all branches checked out?";
        }
    }
    doctor_add(d, DOCTOR_OK, "at revision", "%s", rows->len ? text.ptr : "none");
}

static void check_version_table(struct doctor *d, struct connection *conn)
{
    struct arena *a = d->cli->arena;
    struct version_table table = plan_version_table(&d->cli->project->env);
    const char *params[VERSION_FIND_PARAMS];
    struct result *result;
    struct err err = ERR_INIT;
    version_find_params(&table, params);
    if (!connection_query(conn, version_find_sql, params, VERSION_FIND_PARAMS, &result, &err)) {
        doctor_add_err(d, DOCTOR_FIX, "version table", &err);
        return;
    }
    const char *schema = result_rows(result) ? arena_strdup(a, result_get(result, 0, 0)) : NULL;
    bool exists = result_rows(result) && result_bool(result, 0, 1);
    result_free(result);
    if (!schema) {
        struct doctor_check *check = doctor_add(d, DOCTOR_FIX, "version table",
                                                "there is no schema for it");
        check->hint = "make the schema, or set search_path";
        return;
    }
    check_privileges(d, conn, schema, exists ? quoted(a, schema, table.name) : NULL);
    if (!exists) {
        doctor_add(d, DOCTOR_OK, "at revision", "none: %s.%s does not exist yet", schema,
                   table.name);
        return;
    }
    struct name_list rows = {0};
    if (!connection_query(conn, version_read_sql(a, &table), NULL, 0, &result, &err)) {
        doctor_add_err(d, DOCTOR_FIX, "version table", &err);
        return;
    }
    version_rows(a, result, &rows);
    result_free(result);
    check_rows(d, &rows);
}

/* Runs that broke off: what is half done is to be decided about. */
static void check_broken_runs(struct doctor *d, struct connection *conn,
                              const struct server_info *info)
{
    struct resume_cases cases = {0};
    struct err err = ERR_INIT;
    struct arena *a = d->cli->arena;
    const char *dir = cli_journal_dir(d->cli, &err);
    if (!dir || !resume_gather(a, dir, conn, info, RESUME_ASK, &cases, &err))
        doctor_add_err(d, DOCTOR_FIX, "broken runs", &err);
    for (size_t i = 0; i < cases.len; i++) {
        if (resume_must_decide(a, cases.at[i], &err))
            doctor_add_err(d, DOCTOR_FIX, "broken run", &err);
        else
            doctor_add(d, DOCTOR_NOTE, "broken run", "%s: %s, nothing is half done",
                       cases.at[i]->story.run_id, run_story_committed(a, &cases.at[i]->story));
    }
    resume_cases_clear(&cases);
}

/* ---- the server ---- */

/* Whose PostgreSQL it is, and what differs there. */
static void check_flavour(struct doctor *d, struct connection *conn)
{
    struct arena *a = d->cli->arena;
    struct flavour_facts facts;
    struct err err = ERR_INIT;
    struct str extensions = STR_IN(a);
    if (!flavour_ask(a, conn, &facts, &err)) {
        doctor_add_err(d, DOCTOR_FIX, "server", &err);
        return;
    }
    for (size_t i = 0; i < flavour_count; i++) {
        const struct flavour *flavour = &flavours[i];
        if (!flavour->is(&facts))
            continue;
        doctor_add(
            d, flavour->other_engine ? DOCTOR_NOTE : DOCTOR_OK, "flavour", "%s%s", flavour->name,
            flavour->other_engine ? ": not PostgreSQL itself, for which retort is made" : "");
        for (size_t j = 0; j < FLAVOUR_NOTES && flavour->notes[j].text; j++)
            doctor_add(d, DOCTOR_NOTE, "differs", "%s", flavour->notes[j].text)->hint =
                flavour->notes[j].hint;
    }
    static const char kind[] = "extension ";
    for (size_t i = 0; i < facts.traits.len; i++)
        if (str_starts_with(facts.traits.at[i], kind))
            str_addf(&extensions, "%s%s", extensions.len ? ", " : "",
                     facts.traits.at[i] + sizeof kind - 1);
    doctor_add(d, DOCTOR_OK, "extensions", "%s", extensions.len ? extensions.ptr : "none");
}

static void check_server(struct doctor *d, struct connection *conn)
{
    check_flavour(d, conn);
    struct server_info info;
    struct err err = ERR_INIT;
    if (!server_info_query(d->cli->arena, conn, &info, &err)) {
        doctor_add_err(d, DOCTOR_FIX, "server", &err);
        return;
    }
    doctor_add(d, DOCTOR_OK, "connection", "database \"%s\" as \"%s\"", info.database, info.user);
    doctor_add(d, DOCTOR_OK, "server", "PostgreSQL %s", info.version_text);
    if (!server_check(&info, &err) || !server_check_run(&info, &err))
        doctor_add_err(d, DOCTOR_FIX, "server", &err);
    if (info.is_pooled)
        doctor_add(d, DOCTOR_NOTE, "pooler", "a connection pooler is in between")->hint =
            "a run finds out whether it keeps a server session, and refuses one that does not";
    check_version_table(d, conn);
    check_broken_runs(d, conn, &info);
    if (d->cli->graph && d->cli->project->env.ran_migrations)
        doctor_check_plan(d, conn);
}

void doctor_check_database(struct doctor *d)
{
    const struct database_url *url;
    struct connection *conn;
    struct err err = ERR_INIT;
    d->group = "database";
    if (!cli_find_url(d->cli, &url, &err)) {
        doctor_add_err(d, DOCTOR_FIX, "url", &err);
        return;
    }
    struct doctor_check *check = doctor_add(d, DOCTOR_OK, "url", "%s",
                                            url_masked(d->cli->arena, url));
    check->file = doctor_shorten(d, url->origin.file);
    check->line = url->origin.line;
    if (!connection_open(url, &d->cli->log, &conn, &err)) {
        doctor_add_err(d, DOCTOR_FIX, "connection", &err);
        return;
    }
    check_server(d, conn);
    connection_close(conn);
}
