/*
 * What of `retort doctor` is about what is pending: models that env.py does not import, and whether
 * the role may do what the plan would.
 */
#include "config.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "alembic/models.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/map.h"
#include "base/str.h"
#include "cli/cli.h"
#include "cli/doctor.h"
#include "cli/migrate.h"
#include "cli/open.h"
#include "postgres/query.h"

void doctor_check_models(struct doctor *d)
{
    struct arena *a = d->cli->arena;
    struct models models = {0};
    struct err err = ERR_INIT;
    d->group = "models";
    if (!alembic_models_read(a, d->cli->project, &models, &err)) {
        struct doctor_check *check;
        doctor_add_err(d, DOCTOR_NOTE, "models", &err);
        check = &vec_last(&d->checks);
        if (!check->hint)
            check->hint =
                "without models `check`, `diff` and --autogenerate do not work; all else does";
        return;
    }
    doctor_add(d, DOCTOR_OK, "tables", "%zu", models.declared.len);
    for (size_t i = 0; i < models.unseen.len; i++) {
        struct doctor_check *check = doctor_add(d, DOCTOR_NOTE, "not imported", "%s",
                                                arena_strdup(a, models.unseen.at[i].name));
        check->file = doctor_shorten(d, arena_strdup(a, models.unseen.at[i].place.file));
        check->line = models.unseen.at[i].place.line;
        check->hint = "import its module in env.py, or its table is missing from every comparison";
    }
    for (size_t i = 0; i < models.findings.len; i++) {
        struct err copy = ERR_INIT;
        err_copy(&copy, &models.findings.at[i]);
        doctor_add_err(d, DOCTOR_NOTE, "not followed", &copy);
    }
    models_clear(&models);
}

/* ---- privileges ---- */

/* What a kind of statement needs on the relation that it works on: PostgreSQL's manual, part VI. */
static const struct need {
    const char *tag;
    const char *privilege; /* NULL: to be its owner, or a member of the role that is */
} needs[] = {
    {"ALTER TABLE", NULL}, {"ALTER", NULL},          {"ALTER SEQUENCE", NULL},
    {"ALTER VIEW", NULL},  {"DROP TABLE", NULL},     {"DROP INDEX", NULL},
    {"DROP VIEW", NULL},   {"DROP", NULL},           {"CREATE INDEX", NULL},
    {"COMMENT", NULL},     {"INSERT", "INSERT"},     {"UPDATE", "UPDATE"},
    {"DELETE", "DELETE"},  {"TRUNCATE", "TRUNCATE"},
};

static const struct need *need_of(const char *tag)
{
    for (size_t i = 0; tag && i < sizeof(needs) / sizeof(needs[0]); i++)
        if (str_eq(needs[i].tag, tag))
            return &needs[i];
    return NULL;
}

/* $1: the relation, as SQL has it; $2: the privilege, or null. No row: it is not there yet. */
static const char relation_sql[] =
    "SELECT pg_catalog.pg_get_userbyid(c.relowner), CASE WHEN $2::text IS NULL\n"
    "       THEN pg_catalog.pg_has_role(c.relowner, 'USAGE')\n"
    "       ELSE pg_catalog.has_table_privilege(c.oid, $2) END\n"
    "FROM pg_catalog.pg_class c WHERE c.oid = pg_catalog.to_regclass($1)";

struct plan_look {
    struct doctor *d;
    struct connection *conn;
    struct map seen; /* need and relation, as a key: each is asked once */
    size_t missing;
};

static void lacks(struct plan_look *look, const struct plan_step *step, const struct need *need,
                  const char *relation, const char *owner)
{
    struct arena *a = look->d->cli->arena;
    const char *place = step->id ? step->id : "the plan";
    struct doctor_check *check;
    look->missing++;
    if (need->privilege) {
        check = doctor_add(look->d, DOCTOR_FIX, "privileges", "%s: %s on %s is not granted", place,
                           need->privilege, relation);
        check->hint = arena_printf(a, "GRANT %s ON %s", need->privilege, relation);
    } else {
        check =
            doctor_add(look->d, DOCTOR_FIX, "privileges", "%s: %s needs the owner of %s, \"%s\"",
                       place, need->tag, relation, owner);
        check->hint =
            arena_printf(a, "connect as \"%s\", or have the role made a member of it", owner);
    }
}

static void check_relation(struct plan_look *look, const struct plan_step *step,
                           const struct need *need, const char *relation)
{
    struct arena *a = look->d->cli->arena;
    const char *key = arena_printf(a, "%s %s", need->privilege ? need->privilege : "", relation);
    const char *params[] = {relation, need->privilege};
    struct result *result;
    struct err ignored = ERR_INIT; /* a name that cannot be asked about: the run will tell */
    if (map_has(&look->seen, key))
        return;
    map_put(&look->seen, key, NULL);
    if (connection_query(look->conn, relation_sql, params, 2, &result, &ignored)) {
        if (result_rows(result) && !result_bool(result, 0, 1))
            lacks(look, step, need, relation, arena_strdup(a, result_get(result, 0, 0)));
        result_free(result);
    }
    err_clear(&ignored);
}

/* The name in CREATE EXTENSION [IF NOT EXISTS] name. */
static const char *extension_name(struct arena *a, const char *sql)
{
    static const char *const words[] = {"create", "extension", "if", "not", "exists"};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        size_t len = strlen(words[i]);
        sql += strspn(sql, " \t\n");
        if (strncasecmp(sql, words[i], len) == 0 && isspace((unsigned char)sql[len]))
            sql += len;
    }
    sql += strspn(sql, " \t\n\"");
    return arena_strndup(a, sql, strcspn(sql, " \t\n\";"));
}

static const char extension_sql[] =
    "SELECT e.name IS NOT NULL, e.installed_version IS NOT NULL,\n"
    "       pg_catalog.current_setting('is_superuser') = 'on' OR EXISTS (\n"
    "           SELECT FROM pg_catalog.pg_available_extension_versions v WHERE v.name = $1\n"
    "           AND (NOT v.superuser OR coalesce((pg_catalog.to_jsonb(v) ->> 'trusted')::bool, "
    "false)\n"
    "                AND pg_catalog.has_database_privilege(pg_catalog.current_database(), "
    "'CREATE')))\n"
    "FROM (VALUES ($1::name)) w(name) LEFT JOIN pg_catalog.pg_available_extensions e USING (name)";

static void check_extension(struct plan_look *look, const struct plan_step *step, const char *sql)
{
    const char *name = extension_name(look->d->cli->arena, sql);
    const char *place = step->id ? step->id : "the plan";
    struct result *result;
    struct err ignored = ERR_INIT;
    if (connection_query(look->conn, extension_sql, &name, 1, &result, &ignored)) {
        bool there = result_bool(result, 0, 0), made = result_bool(result, 0, 1);
        bool may = result_bool(result, 0, 2);
        if (!there) {
            look->missing++;
            doctor_add(look->d, DOCTOR_FIX, "extension", "%s: the server does not have %s", place,
                       name)
                ->hint = "install its package on the server";
        } else if (!made && !may) {
            look->missing++;
            doctor_add(look->d, DOCTOR_FIX, "extension", "%s: the role may not create %s", place,
                       name)
                ->hint = "have a superuser create it beforehand";
        }
        result_free(result);
    }
    err_clear(&ignored);
}

/* "schema"."name" of what a statement's effect has as schema.name. */
static const char *quoted(struct arena *a, const char *relation)
{
    struct str out = STR_IN(a);
    str_addc(&out, '"');
    for (const char *p = relation; *p; p++)
        str_add(&out, *p == '.' ? "\".\"" : *p == '"' ? "\"\"" : (char[]){*p, '\0'});
    str_addc(&out, '"');
    return str_take(&out);
}

static void check_step(struct plan_look *look, const struct plan_step *step)
{
    for (size_t i = 0; i < step->statements.len; i++) {
        const struct plan_statement *s = &step->statements.at[i];
        const struct need *need = need_of(s->effect.tag);
        if (s->version_row || !s->effect.known)
            continue;
        if (str_eq(s->effect.tag, "CREATE EXTENSION"))
            check_extension(look, step, s->sql);
        else if (need && s->effect.relation)
            check_relation(look, step, need, quoted(look->d->cli->arena, s->effect.relation));
    }
}

void doctor_check_plan(struct doctor *d, struct connection *conn)
{
    struct migrate_request request = {.command = "upgrade",
                                      .plan = {.verb = PLAN_UPGRADE, .target = "heads"}};
    struct migrate_plan made;
    struct err err = ERR_INIT;
    if (!migrate_plan(d->cli, &request, NULL, &made, &err)) {
        doctor_add_err(d, DOCTOR_NOTE, "pending", &err);
        return;
    }
    struct plan_look look = {.d = d, .conn = conn, .seen = MAP_IN(d->cli->arena)};
    for (size_t i = 0; i < made.plan->steps.len; i++)
        check_step(&look, &made.plan->steps.at[i]);
    if (!plan_is_runnable(made.plan, &err))
        doctor_add_err(d, DOCTOR_NOTE, "pending", &err);
    else if (!made.plan->steps.len)
        doctor_add(d, DOCTOR_OK, "pending", "nothing");
    else if (!look.missing)
        doctor_add(d, DOCTOR_OK, "pending",
                   "%zu revisions, %zu statements; nothing is missing for them",
                   made.plan->steps.len, made.plan->statement_count);
    plan_clear(made.plan);
}
