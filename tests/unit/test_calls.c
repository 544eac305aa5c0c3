/* Functions with an effect, as far as their names tell. */
#include "config.h"

#include "unit.h"

#include "base/arena.h"
#include "sql/calls.h"

static void check(const char *sql, const char *expected)
{
    struct arena *a = arena_new();
    const char *found = sql_call_with_effect(a, sql);
    assert_string_equal(found ? found : "", expected);
    arena_free(a);
}

static void calls_with_an_effect(void **state)
{
    (void)state;
    check("SELECT setval('s', 1)", "setval");
    check("SELECT max(id) FROM t WHERE nextval('s') > id", "nextval");
    check("WITH x AS (SELECT pg_catalog.pg_advisory_lock(1)) SELECT * FROM x", "pg_advisory_lock");
    check("SELECT * FROM dblink('dbname=x', 'SELECT 1') AS t (a int)", "dblink");
    check("SELECT Lo_Export(1, '/tmp/x')", "lo_export");
    check("SELECT * INTO other FROM t", "INTO");
}

static void calls_without_one(void **state)
{
    (void)state;
    check("SELECT count(*), lower(name), pg_get_serial_sequence('t', 'id') FROM t", "");
    check("SELECT 'setval(1)', \"Setval\"(1), currval('s')", "");
    check("SELECT setval FROM nextval", "");
    check("SELECT setval(", "");
    check("", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(calls_with_an_effect),
        cmocka_unit_test(calls_without_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
