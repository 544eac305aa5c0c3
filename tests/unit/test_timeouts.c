/* Timeouts: the class of a statement, what the settings say, and pauses. */
#include "config.h"

#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/arena.h"
#include "config/config.h"
#include "run/timeouts.h"

static void a_class_for_each_statement(void **state)
{
    static const struct {
        const char *sql;
        bool in_transaction;
        enum timeout_class class;
        bool undone;
    } cases[] = {
        {"CREATE TABLE t (x int)", true, TIMEOUTS_DDL, true},
        {"ALTER TABLE t ADD y int", true, TIMEOUTS_DDL, true},
        {"CREATE INDEX i ON t (x)", false, TIMEOUTS_DDL, true},
        {"UPDATE t SET x = 1", true, TIMEOUTS_DML, true},
        {"UPDATE t SET x = 1", false, TIMEOUTS_DML, true},
        {"WITH a AS (SELECT 1) INSERT INTO t SELECT * FROM a", true, TIMEOUTS_DML, true},
        {"INSERT INTO t VALUES (1); DROP TABLE t", true, TIMEOUTS_DDL, false},
        {"SELECT 1 FROM t FOR UPDATE", true, TIMEOUTS_DML, true},
        {"CALL p()", false, TIMEOUTS_DML, false},
        {"DO 'BEGIN COMMIT; END'", false, TIMEOUTS_DDL, false},
        {"ALTER TABLE t VALIDATE CONSTRAINT c", true, TIMEOUTS_VALIDATION, true},
        {"ALTER TABLE t ATTACH PARTITION p FOR VALUES IN (1)", true, TIMEOUTS_VALIDATION, true},
        {"ALTER TABLE t VALIDATE CONSTRAINT c, ADD y int", true, TIMEOUTS_DDL, true},
        {"ALTER TABLE t ALTER x SET STATISTICS 10", true, TIMEOUTS_DDL, true},
        {"CREATE INDEX CONCURRENTLY i ON t (x)", false, TIMEOUTS_CONCURRENTLY, false},
        {"DROP INDEX CONCURRENTLY i", false, TIMEOUTS_CONCURRENTLY, false},
        {"REINDEX TABLE CONCURRENTLY t", false, TIMEOUTS_CONCURRENTLY, false},
        {"ALTER TABLE t DETACH PARTITION p CONCURRENTLY", false, TIMEOUTS_CONCURRENTLY, false},
        {"CREATE FROBNICATION f", false, TIMEOUTS_CONCURRENTLY, false},
        {"CREATE FROBNICATION f", true, TIMEOUTS_DDL, false},
        {"VACUUM FULL t", false, TIMEOUTS_OUTSIDE, false},
        {"ALTER SYSTEM SET work_mem = '1MB'", false, TIMEOUTS_OUTSIDE, false},
    };
    struct arena *a = arena_new();
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct sql_effect effect;
        sql_classify(a, cases[i].sql, 150000, &effect);
        enum timeout_class class = timeouts_class(&effect, cases[i].in_transaction, false);
        if (class != cases[i].class || timeouts_is_undone(&effect) != cases[i].undone)
            fail_msg("%s: %s, undone %d", cases[i].sql, timeouts_class_name(class),
                     timeouts_is_undone(&effect));
        assert_int_equal(timeouts_class(&effect, true, true), TIMEOUTS_VERSION);
    }
    arena_free(a);
}

/* What a statement says about the timeouts itself. */
static void a_plan_may_set_them_itself(void **state)
{
    static const struct {
        const char *sql;
        enum sql_sets sets;
    } cases[] = {
        {"SET lock_timeout = '2s'", SQL_SETS_SESSION},
        {"SET SESSION statement_timeout TO 0", SQL_SETS_SESSION},
        {"SET LOCAL lock_timeout = 100", SQL_SETS_LOCAL},
        {"SET LOCAL lock_timeout = 100; SET lock_timeout = 5", SQL_SETS_SESSION},
        {"RESET lock_timeout", SQL_SETS_SESSION},
        {"RESET ALL", SQL_SETS_SESSION},
        {"SELECT set_config('lock_timeout', '2s', true)", SQL_SETS_LOCAL},
        {"SELECT pg_catalog.set_config('lock_timeout', '2s', false)", SQL_SETS_SESSION},
        {"SET search_path = a", SQL_SETS_NOTHING},
        {"SELECT set_config('role', 'x', true)", SQL_SETS_NOTHING},
        {"SELECT 'lock_timeout'", SQL_SETS_NOTHING},
    };
    struct arena *a = arena_new();
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct sql_effect effect;
        sql_classify(a, cases[i].sql, 150000, &effect);
        if (effect.sets_timeouts != cases[i].sets)
            fail_msg("%s: %d", cases[i].sql, effect.sets_timeouts);
    }
    arena_free(a);
}

static bool read_settings(struct arena *a, const char *text, struct timeouts *out, struct err *err)
{
    char dir[] = "/tmp/rttimeouts.XXXXXX";
    assert_non_null(mkdtemp(dir));
    const char *path = arena_printf(a, "%s/alembic.ini", dir);
    const char *ini = arena_printf(a, "[alembic]\nscript_location = .\n[retort]\n%s", text);
    const char *files[] = {path, NULL};
    struct config_request request = {.config_files = files, .cwd = dir};
    struct config *config;
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fputs(ini, f);
    fclose(f);
    if (!config_open(a, &request, &config, err))
        fail_msg("%s", err->message);
    bool ok = timeouts_read(a, config, out, err);
    unlink(path);
    rmdir(dir);
    return ok;
}

static void settings_are_for_all_or_for_a_class(void **state)
{
    struct arena *a = arena_new();
    struct err err = ERR_INIT;
    struct timeouts t;
    (void)state;
    assert_true(read_settings(a,
                              "lock_timeout = 2s\nlock_timeout_dml = none\n"
                              "statement_timeout_concurrently = server\nlock_retries_ddl = 20\n"
                              "statement_timeout = 10 min\nretry_pause = 100ms\n",
                              &t, &err));
    assert_int_equal(t.rules[TIMEOUTS_DDL].lock_timeout, 2000);
    assert_int_equal(t.rules[TIMEOUTS_DML].lock_timeout, TIMEOUT_NONE);
    assert_int_equal(t.rules[TIMEOUTS_CONCURRENTLY].lock_timeout, TIMEOUT_NONE);
    assert_int_equal(t.rules[TIMEOUTS_CONCURRENTLY].statement_timeout, TIMEOUT_SERVER);
    assert_int_equal(t.rules[TIMEOUTS_OUTSIDE].statement_timeout, 600000);
    assert_int_equal(t.rules[TIMEOUTS_DDL].lock_retries, 20);
    assert_int_equal(t.rules[TIMEOUTS_VERSION].lock_retries, 5);
    assert_int_equal(t.rules[TIMEOUTS_VERSION].retry_pause, 100);
    assert_string_equal(timeouts_text(a, &t.rules[TIMEOUTS_DDL]),
                        "lock_timeout 2 s, tried again 20 times within 5 min; "
                        "statement_timeout 10 min");
    assert_string_equal(timeouts_text(a, &t.rules[TIMEOUTS_CONCURRENTLY]),
                        "lock_timeout none; statement_timeout of the server");
    assert_false(read_settings(a, "\nlock_timeout_dml = soon\n", &t, &err));
    assert_string_equal(err.message, "lock_timeout_dml is no duration: 'soon'");
    assert_int_equal(err.line, 5);
    assert_false(read_settings(a, "lock_retries = -1\n", &t, &err));
    assert_string_equal(err.message, "lock_retries is no number: '-1'");
    assert_false(read_settings(a, "lock_timeout = 1000 h\n", &t, &err));
    err_clear(&err);
    arena_free(a);
}

static void pauses_grow_and_leave_something_to_chance(void **state)
{
    struct timeouts t;
    uint64_t seed = 7, same = 7, other = 8;
    bool differs = false;
    (void)state;
    timeouts_init(&t);
    const struct timeout_rule *rule = &t.rules[TIMEOUTS_DDL];
    for (unsigned tries = 1; tries <= 200; tries++) {
        int64_t base = tries < 7 ? 500LL << (tries - 1) : 30000;
        int64_t pause = timeouts_pause(rule, tries, &seed);
        assert_in_range(pause, base * 3 / 4, base);
        assert_int_equal(pause, timeouts_pause(rule, tries, &same));
        differs = differs || pause != timeouts_pause(rule, tries, &other);
    }
    assert_true(differs);
    struct timeout_rule none = {0};
    assert_int_equal(timeouts_pause(&none, 3, &seed), 0);
}

static void only_what_differs_is_set(void **state)
{
    struct arena *a = arena_new();
    struct timeout_rule server = {.lock_timeout = TIMEOUT_SERVER,
                                  .statement_timeout = TIMEOUT_SERVER};
    struct timeout_rule ours = {.lock_timeout = 4000, .statement_timeout = TIMEOUT_NONE};
    (void)state;
    assert_null(timeouts_sql(a, &ours, &ours));
    assert_string_equal(timeouts_sql(a, &server, &ours),
                        "SET lock_timeout = 4000; SET statement_timeout = 0");
    assert_string_equal(timeouts_sql(a, &ours, &server),
                        "RESET lock_timeout; RESET statement_timeout");
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_class_for_each_statement),
        cmocka_unit_test(a_plan_may_set_them_itself),
        cmocka_unit_test(settings_are_for_all_or_for_a_class),
        cmocka_unit_test(pauses_grow_and_leave_something_to_chance),
        cmocka_unit_test(only_what_differs_is_set),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
