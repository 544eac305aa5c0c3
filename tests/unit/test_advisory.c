/* The advisory locks that SQL text takes. */
#include "config.h"

#include "unit.h"

#include "base/arena.h"
#include "base/str.h"
#include "sql/advisory.h"

static void check(const char *sql, const char *expected)
{
    struct arena *a = arena_new();
    struct sql_advisory_list list = {0};
    struct str s = STR_IN(a);
    sql_advisory_find(a, sql, &list);
    for (size_t i = 0; i < list.len; i++)
        str_addf(&s, "%s%s%s%s", i > 0 ? "; " : "", list.at[i].args[0],
                 list.at[i].count == 2 ? ", " : "",
                 list.at[i].count == 2 ? list.at[i].args[1] : "");
    assert_string_equal(s.len > 0 ? s.ptr : "", expected);
    arena_free(a);
}

static void keys_that_are_certain(void **state)
{
    (void)state;
    check("SELECT pg_advisory_lock(4711)", "4711");
    check("select PG_ADVISORY_XACT_LOCK( 0 )", "0");
    check("SELECT pg_try_advisory_lock(-1)", "-1");
    check("SELECT pg_advisory_lock(- 12, 0)", "-12, 0");
    check("SELECT pg_catalog.pg_advisory_lock(7, 8)", "7, 8");
    check("SELECT pg_advisory_lock(9223372036854775807)", "9223372036854775807");
    check("SELECT pg_advisory_lock(hashtext('it''s'))", "pg_catalog.hashtext('it''s')");
    check("SELECT pg_advisory_lock(CAST(hashtext('a') AS bigint))",
          "(pg_catalog.hashtext('a'))::pg_catalog.int8");
    check("SELECT pg_advisory_lock(hashtextextended('a', 0))",
          "pg_catalog.hashtextextended('a', 0)");
    check("SELECT pg_advisory_lock(1 + 2)", "(1 OPERATOR(pg_catalog.+) 2)");
    check("SELECT pg_advisory_lock(('x' || md5('a'))::bit(64)::bigint)",
          "((('x' OPERATOR(pg_catalog.||) pg_catalog.md5('a')))::pg_catalog.bit(64))"
          "::pg_catalog.int8");
    check("SELECT pg_advisory_lock(1); SELECT pg_advisory_lock(2), pg_advisory_lock(1)", "1; 2");
    check("SELECT 1 WHERE (SELECT pg_try_advisory_xact_lock(3))", "3");
}

static void keys_that_are_not(void **state)
{
    (void)state;
    check("SELECT pg_advisory_lock(x) FROM t", "");
    check("SELECT pg_advisory_lock((random() * 5)::int)", "");
    check("SELECT pg_advisory_lock(my.hashtext('a'))", "");
    check("SELECT my.pg_advisory_lock(1)", "");
    check("SELECT pg_advisory_lock(1 OPERATOR(my.+) 2)", "");
    check("SELECT pg_advisory_lock(1::my.int8)", "");
    check("SELECT pg_advisory_lock($1)", "");
    check("SELECT pg_advisory_lock((SELECT 1))", "");
    check("SELECT pg_advisory_lock_shared(1)", "");
    check("SELECT pg_advisory_unlock(1)", "");
    check("SELECT 'pg_advisory_lock(1)'", "");
    check("SELECT pg_advisory_lock(", "");
    check("", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_that_are_certain),
        cmocka_unit_test(keys_that_are_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
