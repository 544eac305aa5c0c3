/*
 * Servers are told by what they answer. No such server was asked for this test: the answers were
 * written by hand. Version strings have the form that public documentation and logs show for SELECT
 * version() (CockroachDB, YugabyteDB and Greenplum: "gpstate" prints it); roles, settings and
 * functions are those that the vendors' manuals name, for instance AlloyDB's under "About user
 * roles", RDS's under "The rds_superuser role".
 */
#include "config.h"

#include "unit.h"

#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "postgres/flavour.h"

struct answer {
    const char *version;
    const char *traits[4];
    const char *names; /* of the flavours, with blanks between */
};

#define POSTGRESQL "PostgreSQL 15.4 on x86_64-pc-linux-gnu, compiled by gcc (GCC) 7.3.1, 64-bit"

static const struct answer answers[] = {
    {POSTGRESQL, {"extension plpgsql"}, ""},
    {"PostgreSQL 17.2 (Debian 17.2-1.pgdg120+1) on x86_64-pc-linux-gnu, compiled by gcc, 64-bit",
     {"extension vector"},
     ""},
    {"CockroachDB CCL v23.1.11 (x86_64-pc-linux-gnu, built 2023/09/27 01:53:43, go1.19.10)",
     {NULL},
     "CockroachDB "},
    {"PostgreSQL 11.2-YB-2.18.0.1-b0 on x86_64-pc-linux-gnu, compiled by clang version 15.0.3, "
     "64-bit",
     {"extension plpgsql"},
     "YugabyteDB "},
    {"PostgreSQL 15.2-YB-2024.2.2.1-b0 on aarch64-unknown-linux-gnu, compiled by clang, 64-bit",
     {NULL},
     "YugabyteDB "},
    {"PostgreSQL 9.4.26 (Greenplum Database 6.25.3 build commit:367edc6b4dfd Open Source) on "
     "x86_64-unknown-linux-gnu, compiled by gcc (GCC) 6.4.0, 64-bit",
     {"extension plpgsql"},
     "Greenplum "},
    {POSTGRESQL, {"extension plpgsql", "extension citus"}, "Citus "},
    {POSTGRESQL, {"extension plpgsql", "extension timescaledb"}, "TimescaleDB "},
    {POSTGRESQL, {"role alloydbsuperuser"}, "Google AlloyDB "},
    {POSTGRESQL, {"role rds_superuser"}, "Amazon RDS "},
    {POSTGRESQL, {"role rds_superuser", "function aurora_version"}, "Amazon Aurora "},
    {POSTGRESQL, {"role cloudsqlsuperuser"}, "Google Cloud SQL "},
    {POSTGRESQL, {"role azure_pg_admin"}, "Azure Database for PostgreSQL "},
    {POSTGRESQL,
     {"role azure_pg_admin", "extension citus"},
     "Citus Azure Database for PostgreSQL "},
    {POSTGRESQL, {"role supabase_admin"}, "Supabase "},
    {POSTGRESQL, {"setting neon.tenant_id", "setting neon.timeline_id"}, "Neon "},
    {POSTGRESQL, {"role neon_superuser"}, "Neon "},
    /* a name that only looks like one */
    {POSTGRESQL, {"role rds_superuser_2", "extension citus_columnar"}, ""},
};

static void each_is_told_by_its_answers(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
        struct arena *a = arena_new();
        struct flavour_facts facts = {.version = answers[i].version};
        struct str names = STR_IN(a);
        str_add(&names, "");
        for (size_t j = 0; j < 4 && answers[i].traits[j]; j++)
            vec_push(a, &facts.traits, answers[i].traits[j]);
        for (size_t j = 0; j < flavour_count; j++)
            if (flavours[j].is(&facts))
                str_addf(&names, "%s ", flavours[j].name);
        assert_string_equal(names.ptr, answers[i].names);
        arena_free(a);
    }
}

static void each_says_what_differs_and_what_to_do(void **state)
{
    (void)state;
    for (size_t i = 0; i < flavour_count; i++) {
        assert_non_null(flavours[i].notes[0].text);
        for (size_t j = 0; j < FLAVOUR_NOTES && flavours[i].notes[j].text; j++)
            assert_non_null(flavours[i].notes[j].hint);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_is_told_by_its_answers),
        cmocka_unit_test(each_says_what_differs_and_what_to_do),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
