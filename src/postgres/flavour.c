#include "config.h"

#include "postgres/flavour.h"

#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "postgres/connection.h"
#include "postgres/query.h"

/* ---- how each is told ---- */

static bool says(const struct flavour_facts *facts, const char *text)
{
    return strstr(facts->version, text) != NULL;
}

static bool has(const struct flavour_facts *facts, const char *trait)
{
    for (size_t i = 0; i < facts->traits.len; i++)
        if (str_eq(facts->traits.at[i], trait))
            return true;
    return false;
}

/* A trait that begins with this. */
static bool has_some(const struct flavour_facts *facts, const char *start)
{
    for (size_t i = 0; i < facts->traits.len; i++)
        if (str_starts_with(facts->traits.at[i], start))
            return true;
    return false;
}

static bool is_cockroach(const struct flavour_facts *facts)
{
    return str_starts_with(facts->version, "CockroachDB");
}

/* "PostgreSQL 15.2-YB-2024.2.2.1-b0 on x86_64-pc-linux-gnu ..." */
static bool is_yugabyte(const struct flavour_facts *facts)
{
    return says(facts, "-YB-");
}

/* "PostgreSQL 9.4.26 (Greenplum Database 6.25.3 build commit:...) on x86_64 ..." */
static bool is_greenplum(const struct flavour_facts *facts)
{
    return says(facts, "(Greenplum Database ");
}

static bool is_timescale(const struct flavour_facts *facts)
{
    return has(facts, "extension timescaledb");
}

static bool is_alloydb(const struct flavour_facts *facts)
{
    return has(facts, "role alloydbsuperuser");
}

static bool is_citus(const struct flavour_facts *facts)
{
    return has(facts, "extension citus");
}

static bool is_aurora(const struct flavour_facts *facts)
{
    return has(facts, "function aurora_version");
}

static bool is_rds(const struct flavour_facts *facts)
{
    return has(facts, "role rds_superuser") && !is_aurora(facts);
}

static bool is_cloud_sql(const struct flavour_facts *facts)
{
    return has(facts, "role cloudsqlsuperuser");
}

static bool is_azure(const struct flavour_facts *facts)
{
    return has(facts, "role azure_pg_admin");
}

static bool is_supabase(const struct flavour_facts *facts)
{
    return has(facts, "role supabase_admin");
}

static bool is_neon(const struct flavour_facts *facts)
{
    return has(facts, "role neon_superuser") || has_some(facts, "setting neon.");
}

/* ---- what differs ---- */

static const char direct[] = "give retort the direct or session-mode address in the database URL";

const struct flavour flavours[] = {
    {.name = "CockroachDB",
     .is = is_cockroach,
     .other_engine = true,
     .notes =
         {{"advisory locks are accepted and do nothing: two migrators do not see each other",
           "let one job at a time migrate"},
          {"schema changes in a transaction are carried out after COMMIT and may fail then, with "
           "part of them done",
           "keep one schema change in a revision, and run by revision"},
          {"indexes are always built online; locks and progress are not shown as in PostgreSQL",
           "watch SHOW JOBS"}}},
    {.name = "YugabyteDB",
     .is = is_yugabyte,
     .other_engine = true,
     .notes =
         {{"by default each definition is a transaction of its own: a failed revision may be half "
           "done",
           "keep one definition in a revision, and look after a failure what is there"},
          {"advisory locks are missing or off in older releases: a run cannot begin without them",
           "see advisory locks in its manual, under explicit locking"},
          {"indexes are built online, CONCURRENTLY or not, outside of a transaction block",
           "have index builds in an autocommit_block()"}}},
    {.name = "Citus",
     .is = is_citus,
     .notes =
         {{"definitions of distributed tables are carried to the workers; what blocks there is not "
           "seen from the coordinator",
           "look at citus_lock_waits when a statement waits"},
          {"unique constraints and primary keys of distributed tables need the distribution column",
           "read the SQL of a revision with that in mind"}}},
    {.name = "Greenplum",
     .is = is_greenplum,
     .other_engine = true,
     .notes = {{"unique constraints and primary keys of distributed tables need the distribution "
                "columns",
                "read the SQL of a revision with that in mind"}}},
    {.name = "TimescaleDB",
     .is = is_timescale,
     .notes = {{"CREATE INDEX CONCURRENTLY is refused on hypertables",
                "WITH (timescaledb.transaction_per_chunk) locks one chunk at a time, outside of a "
                "transaction block and not for unique indexes"},
               {"unique indexes and primary keys of hypertables need all partitioning columns",
                "read the SQL of a revision with that in mind"}}},
    {.name = "Amazon Aurora",
     .is = is_aurora,
     .notes =
         {{"there is no superuser, rds_superuser is the nearest",
           "what asks for a superuser, as some extensions, is for rds_superuser or not to be had"},
          {"reader endpoints are read-only", "use the cluster's writer endpoint"},
          {"RDS Proxy pins a session once it sets timeouts or takes an advisory lock",
           "connect to the writer endpoint itself"}}},
    {.name = "Amazon RDS",
     .is = is_rds,
     .notes = {{"there is no superuser, rds_superuser is the nearest",
                "extensions are those that rds.extensions lists"},
               {"RDS Proxy pins a session once it sets timeouts or takes an advisory lock",
                "connect to the instance itself"}}},
    {.name = "Google Cloud SQL",
     .is = is_cloud_sql,
     .notes = {{"there is no superuser, cloudsqlsuperuser is the nearest",
                "only extensions that Cloud SQL supports can be created"}}},
    {.name = "Google AlloyDB",
     .is = is_alloydb,
     .notes = {{"there is no superuser, alloydbsuperuser is the nearest",
                "only extensions that AlloyDB supports can be created, some once a flag of the "
                "instance is set"}}},
    {.name = "Azure Database for PostgreSQL",
     .is = is_azure,
     .notes =
         {{"there is no superuser, azure_pg_admin is the nearest",
           "an extension must be in the server parameter azure.extensions before it is created"},
          {"the built-in PgBouncer, on port 6432, pools by transaction", "connect to port 5432"}}},
    {.name = "Supabase",
     .is = is_supabase,
     .notes = {{"the pooler on port 6543 pools by transaction", direct},
               {"postgres is no superuser; auth, storage and others are Supabase's own schemas",
                "leave them out of comparisons with include_name or include_object"}}},
    {.name = "Neon",
     .is = is_neon,
     .notes =
         {{"hosts with -pooler in their name pool by transaction", direct},
          {"a compute that is idle is suspended: a session that waits for somebody is lost then",
           "run all of a plan at once, or keep the compute awake"},
          {"there is no superuser, neon_superuser is the nearest",
           "only extensions that Neon supports can be created"}}},
};

const size_t flavour_count = sizeof(flavours) / sizeof(flavours[0]);

/* ---- asking ---- */

/* Catalogs that every one of them has; nothing here reads a table of the user's. */
static const char traits_sql[] =
    "SELECT 'role ' || rolname FROM pg_catalog.pg_roles\n"
    "WHERE rolname IN ('rds_superuser', 'cloudsqlsuperuser', 'alloydbsuperuser', "
    "'azure_pg_admin',\n"
    "                  'supabase_admin', 'neon_superuser')\n"
    "UNION ALL SELECT 'setting ' || name FROM pg_catalog.pg_settings WHERE name LIKE 'neon.%'\n"
    "UNION ALL SELECT 'extension ' || extname FROM pg_catalog.pg_extension\n"
    "UNION ALL SELECT 'function ' || proname FROM pg_catalog.pg_proc\n"
    "WHERE proname = 'aurora_version'";

bool flavour_ask(struct arena *a, struct connection *conn, struct flavour_facts *out,
                 struct err *err)
{
    struct result *result;
    *out = (struct flavour_facts){.version = ""};
    if (!connection_query(conn, "SELECT version()", NULL, 0, &result, err))
        return false;
    out->version = arena_strdup(a, result_get(result, 0, 0));
    result_free(result);
    struct err ignored = ERR_INIT; /* what cannot be read is not known, and that is all */
    if (connection_query(conn, traits_sql, NULL, 0, &result, &ignored)) {
        for (size_t i = 0; i < (size_t)result_rows(result); i++)
            vec_push(a, &out->traits, arena_strdup(a, result_get(result, i, 0)));
        result_free(result);
    }
    err_clear(&ignored);
    return true;
}
