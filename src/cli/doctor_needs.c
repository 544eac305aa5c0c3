/* What the role would lack for a plan, asked of the server: one row of the table for each need. */
#include "config.h"

#include <stdio.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/map.h"
#include "base/str.h"
#include "cli/cli.h"
#include "cli/doctor.h"
#include "postgres/query.h"
#include "run/plan.h"
#include "sql/needs.h"

#define OF_RELATION(may)                                                                           \
    "SELECT " may ", pg_catalog.pg_get_userbyid(c.relowner) FROM pg_catalog.pg_class c\n"          \
    "WHERE c.oid = pg_catalog.to_regclass($1)"
#define TABLE_PRIVILEGE(privilege)                                                                 \
    OF_RELATION("pg_catalog.has_table_privilege(c.oid, '" privilege "')\n"                         \
                "OR pg_catalog.has_any_column_privilege(c.oid, '" privilege "')")
#define WHOLE_TABLE_PRIVILEGE(privilege)                                                           \
    OF_RELATION("pg_catalog.has_table_privilege(c.oid, '" privilege "')")
#define OF_SCHEMA(may)                                                                             \
    "SELECT " may ", pg_catalog.pg_get_userbyid(n.nspowner) FROM pg_catalog.pg_namespace n\n"      \
    "WHERE n.nspname = coalesce($1, pg_catalog.current_schema()::text)"
#define OF_TYPE(may)                                                                               \
    "SELECT " may ", pg_catalog.pg_get_userbyid(t.typowner) FROM pg_catalog.pg_type t\n"           \
    "WHERE t.oid = pg_catalog.to_regtype($1)"

/*
 * The query takes the name, quoted where it is an identifier, and answers with whether the role
 * may, and whose it is; no row: it is not there yet. In what is said, %1$s stands for the name and
 * %2$s for whose it is.
 */
static const struct rule {
    bool quoted;
    const char *sql, *lack, *hint;
} rules[SQL_NEED_KINDS] = {
    [SQL_NEED_OWNER] = {true, OF_RELATION("pg_catalog.pg_has_role(c.relowner, 'USAGE')"),
                        "needs the owner of %1$s, \"%2$s\"",
                        "connect as \"%2$s\", or have the role made a member of it"},
    [SQL_NEED_SELECT] = {true, TABLE_PRIVILEGE("SELECT"), "SELECT on %1$s is not granted",
                         "GRANT SELECT ON %1$s"},
    [SQL_NEED_INSERT] = {true, TABLE_PRIVILEGE("INSERT"), "INSERT on %1$s is not granted",
                         "GRANT INSERT ON %1$s"},
    [SQL_NEED_UPDATE] = {true, TABLE_PRIVILEGE("UPDATE"), "UPDATE on %1$s is not granted",
                         "GRANT UPDATE ON %1$s"},
    [SQL_NEED_DELETE] = {true, WHOLE_TABLE_PRIVILEGE("DELETE"), "DELETE on %1$s is not granted",
                         "GRANT DELETE ON %1$s"},
    [SQL_NEED_TRUNCATE] = {true, WHOLE_TABLE_PRIVILEGE("TRUNCATE"),
                           "TRUNCATE on %1$s is not granted", "GRANT TRUNCATE ON %1$s"},
    [SQL_NEED_TRIGGER] = {true, WHOLE_TABLE_PRIVILEGE("TRIGGER"), "TRIGGER on %1$s is not granted",
                          "GRANT TRIGGER ON %1$s"},
    [SQL_NEED_REFERENCES] = {true, TABLE_PRIVILEGE("REFERENCES"),
                             "a foreign key needs REFERENCES on %1$s, which is not granted",
                             "have \"%2$s\" GRANT REFERENCES ON %1$s"},
    [SQL_NEED_SCHEMA_USAGE] = {false, OF_SCHEMA("pg_catalog.has_schema_privilege(n.oid, 'USAGE')"),
                               "USAGE on schema \"%1$s\" is not granted",
                               "have \"%2$s\" GRANT USAGE ON SCHEMA \"%1$s\""},
    [SQL_NEED_SCHEMA_CREATE] =
        {false, OF_SCHEMA("pg_catalog.has_schema_privilege(n.oid, 'CREATE')"),
         "the role may create nothing in schema \"%1$s\"",
         "have \"%2$s\" GRANT CREATE ON SCHEMA \"%1$s\""},
    [SQL_NEED_SCHEMA_OWNER] = {false, OF_SCHEMA("pg_catalog.pg_has_role(n.nspowner, 'USAGE')"),
                               "needs the owner of schema \"%1$s\", \"%2$s\"",
                               "connect as \"%2$s\", or have the role made a member of it"},
    [SQL_NEED_DATABASE_CREATE] =
        {false,
         "SELECT pg_catalog.has_database_privilege(d.oid, 'CREATE'),\n"
         "       pg_catalog.pg_get_userbyid(d.datdba) FROM pg_catalog.pg_database d\n"
         "WHERE d.datname = coalesce($1, pg_catalog.current_database()::text)",
         "the role may create no schemas in the database",
         "have \"%2$s\" GRANT CREATE ON DATABASE"},
    [SQL_NEED_TYPE_USAGE] = {true, OF_TYPE("pg_catalog.has_type_privilege(t.oid, 'USAGE')"),
                             "USAGE on type %1$s is not granted",
                             "have \"%2$s\" GRANT USAGE ON TYPE %1$s"},
    [SQL_NEED_TYPE_OWNER] = {true, OF_TYPE("pg_catalog.pg_has_role(t.typowner, 'USAGE')"),
                             "needs the owner of type %1$s, \"%2$s\"",
                             "connect as \"%2$s\", or have the role made a member of it"},
    [SQL_NEED_ROLE] = {false,
                       "SELECT pg_catalog.pg_has_role(r.oid, CASE WHEN\n"
                       "       pg_catalog.current_setting('server_version_num')::int >= 160000\n"
                       "       THEN 'SET' ELSE 'MEMBER' END), r.rolname\n"
                       "FROM pg_catalog.pg_roles r WHERE r.rolname = $1",
                       "the role may not become \"%1$s\"",
                       "have somebody who may GRANT \"%1$s\" to it"},
};

static const char extension_sql[] =
    "SELECT e.name IS NOT NULL, e.installed_version IS NOT NULL,\n"
    "       pg_catalog.current_setting('is_superuser') = 'on' OR EXISTS (\n"
    "           SELECT FROM pg_catalog.pg_available_extension_versions v WHERE v.name = $1\n"
    "           AND (NOT v.superuser OR coalesce((pg_catalog.to_jsonb(v) ->> 'trusted')::bool, "
    "false)\n"
    "                AND pg_catalog.has_database_privilege(pg_catalog.current_database(), "
    "'CREATE')))\n"
    "FROM (VALUES ($1::name)) w(name) LEFT JOIN pg_catalog.pg_available_extensions e USING (name)";

struct needs_look {
    struct doctor *d;
    struct connection *conn;
    struct map seen; /* kind and name, as a key: each is asked once */
    size_t missing;
};

static void add_quoted(struct str *out, const char *name)
{
    str_addc(out, '"');
    for (; *name; name++)
        str_add(out, *name == '"' ? "\"\"" : (char[]){*name, '\0'});
    str_addc(out, '"');
}

/* As the query takes it; NULL for a need that names nothing. */
static const char *asked_name(struct arena *a, const struct sql_need *need)
{
    struct str out = STR_IN(a);
    if (!need->name || !rules[need->kind].quoted)
        return need->name;
    if (need->schema) {
        add_quoted(&out, need->schema);
        str_addc(&out, '.');
    }
    add_quoted(&out, need->name);
    return out.ptr;
}

/* The row's words with the name and the owner in their places. */
static const char *filled(struct arena *a, const char *text, const char *name, const char *owner)
{
    struct str out = STR_IN(a);
    for (; *text; text++) {
        bool is_name = str_starts_with(text, "%1$s"), is_owner = str_starts_with(text, "%2$s");
        if (is_name || is_owner) {
            str_add(&out, is_name ? name : owner);
            text += 3;
        } else {
            str_addc(&out, *text);
        }
    }
    return out.ptr;
}

static void lacks(struct needs_look *look, const char *place, const struct rule *rule,
                  const char *name, const char *owner)
{
    struct arena *a = look->d->cli->arena;
    look->missing++;
    doctor_add(look->d, DOCTOR_FIX, "privileges", "%s: %s", place,
               filled(a, rule->lack, name, owner))
        ->hint = filled(a, rule->hint, name, owner);
}

static void check_extension(struct needs_look *look, const char *place, const char *name)
{
    struct result *result;
    struct err ignored = ERR_INIT;
    if (connection_query(look->conn, extension_sql, &name, 1, &result, &ignored)) {
        bool there = result_bool(result, 0, 0), made = result_bool(result, 0, 1);
        bool may = result_bool(result, 0, 2);
        look->missing += !there || (!made && !may);
        if (!there)
            doctor_add(look->d, DOCTOR_FIX, "extension", "%s: the server does not have %s", place,
                       name)
                ->hint = "install its package on the server";
        else if (!made && !may)
            doctor_add(look->d, DOCTOR_FIX, "extension", "%s: the role may not create %s", place,
                       name)
                ->hint = "have a superuser create it beforehand";
        result_free(result);
    }
    err_clear(&ignored);
}

static void check_need(struct needs_look *look, const char *place, const struct sql_need *need)
{
    struct arena *a = look->d->cli->arena;
    const struct rule *rule = &rules[need->kind];
    const char *name = asked_name(a, need);
    const char *key = arena_printf(a, "%d %s", (int)need->kind, name ? name : "");
    struct result *result;
    struct err ignored = ERR_INIT; /* a name that cannot be asked about: the run will tell */
    if (map_has(&look->seen, key))
        return;
    map_put(&look->seen, key, NULL);
    if (need->kind == SQL_NEED_EXTENSION) {
        check_extension(look, place, name);
        return;
    }
    if (connection_query(look->conn, rule->sql, &name, 1, &result, &ignored)) {
        if (result_rows(result) && !result_bool(result, 0, 0))
            lacks(look, place, rule, name ? name : "of the search path",
                  arena_strdup(a, result_get(result, 0, 1)));
        result_free(result);
    }
    err_clear(&ignored);
}

size_t doctor_check_needs(struct doctor *d, struct connection *conn, const struct plan *plan)
{
    struct needs_look look = {.d = d, .conn = conn, .seen = MAP_IN(d->cli->arena)};
    for (size_t i = 0; i < plan->steps.len; i++) {
        const struct plan_step *step = &plan->steps.at[i];
        for (size_t j = 0; j < step->statements.len; j++) {
            const struct plan_statement *s = &step->statements.at[j];
            struct sql_need_list needs = {0};
            if (!s->version_row)
                sql_needs(d->cli->arena, s->sql, &needs);
            for (size_t k = 0; k < needs.len; k++)
                check_need(&look, step->id ? step->id : "the plan", &needs.at[k]);
        }
    }
    return look.missing;
}
