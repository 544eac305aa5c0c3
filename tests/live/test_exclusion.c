/*
 * One migrator at a time, and the one that takes no lock: retort's own lock, those of env.py, and
 * version rows that real Alembic changes meanwhile. And what the timeouts do on the server.
 */
#include "config.h"

#include "live/run.h"

#include "base/clock.h"

/* -- locks --------------------------------------------------------------------------------------
 */

static void locks_that_the_plan_takes_are_taken_first(void **state)
{
    static const char *const keys[] = {"4711", "-1", "hashtext('alembic')", "7, hashtext('x')",
                                       "('x' || md5('name'))::bit(64)::bigint"};
    struct live *live = *state;
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        struct run *run = run_new(live, PLAN_SCOPE_RUN);
        run->settings.advisory_wait = 20000;
        live_sql(live, arena_printf(live->arena, "SELECT pg_advisory_lock(%s)", keys[i]));
        STEP(run, "", "a", arena_printf(live->arena, "SELECT pg_advisory_xact_lock(%s)", keys[i]));
        run_start(run);
        for (int j = 0; j < 500 && !contains(run->events.ptr, "waiting"); j++)
            run_once(run);
        if (!contains(run->events.ptr, "waiting another migrator is at work (it holds the lock that"
                                       " env.py takes): pid "))
            fail_msg("%s: %s", keys[i], run->events.ptr);
        assert_int_equal(runner_state(run->runner), RUNNER_LOCKING);
        live_sql(live, arena_printf(live->arena, "SELECT pg_advisory_unlock(%s)", keys[i]));
        run_until(run, RUNNER_PAUSED);
        /* Held from before the first transaction, by a session that has none open. */
        assert_string_equal(
            live_value(live, arena_printf(live->arena, "SELECT pg_try_advisory_lock(%s)", keys[i])),
            "f");
        assert_false(runner_in_transaction(run->runner));
        run_order(run, RUNNER_RUN_ALL);
        run_until(run, RUNNER_DONE);
        run_end(run);
        live_sql(live, "DROP TABLE alembic_version");
    }
}

/* What may be another key each time is not taken for one. */
static void keys_that_are_not_certain_are_left_alone(void **state)
{
    struct live *live = *state;
    struct run *run = run_new(live, PLAN_SCOPE_REVISION);
    STEP(run, "", "a", "SELECT pg_advisory_lock((random() * 100)::bigint)",
         "SELECT pg_advisory_lock(x) FROM generate_series(1, 3) x",
         "SELECT pg_advisory_lock_shared(5)", "SELECT 'pg_advisory_lock(6)'");
    run_start(run);
    run_until(run, RUNNER_PAUSED);
    assert_string_equal(
        live_value(live, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database = "
                         "(SELECT oid FROM pg_database WHERE datname = current_database())"),
        "1");
    run_order(run, RUNNER_RUN_ALL);
    run_until(run, RUNNER_DONE);
    run_end(run);
}

/* -- who takes no lock --------------------------------------------------------------------------
 */

static const char meanwhile[] = "another program changed the version table meanwhile: the database "
                                "is at ";

static void a_row_that_is_gone_is_noticed(void **state)
{
    struct live *live = *state;
    struct run *run = run_new(live, PLAN_SCOPE_REVISION);
    STEP(run, "", "a", "CREATE TABLE t (x int)");
    STEP(run, "a", "b", "CREATE TABLE u (x int)");
    run_start(run);
    run_until(run, RUNNER_PAUSED);
    run_order(run, RUNNER_FINISH_REVISION);
    run_until(run, RUNNER_PAUSED);
    live_sql(live, "UPDATE alembic_version SET version_num = 'z'");
    run_order(run, RUNNER_RUN_ALL);
    run_until(run, RUNNER_FAILED);
    assert_string_equal(runner_err(run->runner)->message,
                        "Online migration expected to match one row when updating 'a' to 'b' in "
                        "'alembic_version'; 0 found");
    assert_true(contains(runner_err(run->runner)->hint, meanwhile));
    assert_true(contains(runner_err(run->runner)->hint, "at z, but this run goes on from a"));
    assert_string_equal(live_value(live, "SELECT to_regclass('u') IS NULL"), "t");
    run_order(run, RUNNER_RETRY);
    run_until(run, RUNNER_STOPPED);
    assert_int_equal(runner_err(run->runner)->code, ERR_STALE);
    run_end(run);
}

/* Alembic does the same first revision in a transaction that is open meanwhile. */
static void a_row_that_is_there_already_is_noticed(void **state)
{
    struct live *live = *state;
    struct run *run = run_new(live, PLAN_SCOPE_RUN);
    live_sql(live, "CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY)");
    STEP(run, "", "a", "CREATE TABLE IF NOT EXISTS t (x int)");
    run->settings.timeouts.rules[TIMEOUTS_VERSION].lock_timeout = 100;
    run_start(run);
    run_until(run, RUNNER_PAUSED);
    live_sql(live, "BEGIN; INSERT INTO alembic_version VALUES ('a')");
    run_order(run, RUNNER_RUN_ALL);
    for (int i = 0; i < 500 && !contains(run->events.ptr, "waiting"); i++)
        run_once(run);
    assert_true(contains(run->events.ptr, "failed 0.1 55P03"));
    live_sql(live, "COMMIT");
    run_until(run, RUNNER_STOPPED);
    assert_int_equal(runner_err(run->runner)->code, ERR_STALE);
    assert_string_equal(runner_err(run->runner)->message,
                        "the database is at a, but this run goes on from no revision");
    assert_string_equal(run_versions(live), "a");
    run_end(run);
}

static void a_row_that_came_first_is_noticed(void **state)
{
    struct live *live = *state;
    struct run *run = run_new(live, PLAN_SCOPE_REVISION);
    live_sql(live, "CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY)");
    STEP(run, "", "a", "CREATE TABLE t (x int)");
    run_start(run);
    run_until(run, RUNNER_PAUSED);
    live_sql(live, "INSERT INTO alembic_version VALUES ('a')");
    run_order(run, RUNNER_RUN_ALL);
    run_until(run, RUNNER_FAILED);
    assert_string_equal(runner_err(run->runner)->sqlstate, "23505");
    assert_true(contains(runner_err(run->runner)->hint, meanwhile));
    run_end(run);
}

/* A table that another made first makes ours fail: why, is in the version rows. */
static void an_object_that_is_there_already_is_explained(void **state)
{
    struct live *live = *state;
    struct run *run = run_new(live, PLAN_SCOPE_REVISION);
    STEP(run, "", "a", "CREATE TABLE t (x int)");
    run_start(run);
    run_until(run, RUNNER_PAUSED);
    live_sql(live, "CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY);"
                   "CREATE TABLE t (x int); INSERT INTO alembic_version VALUES ('a')");
    run_order(run, RUNNER_RUN_ALL);
    run_until(run, RUNNER_FAILED);
    assert_string_equal(runner_err(run->runner)->sqlstate, "42P07");
    assert_true(contains(runner_err(run->runner)->hint, meanwhile));
    run_end(run);
}

/* -- timeouts -----------------------------------------------------------------------------------
 */

static void each_class_has_its_timeouts(void **state)
{
    struct live *live = *state;
    struct run *run = run_new(live, PLAN_SCOPE_REVISION);
    run->settings.timeouts.rules[TIMEOUTS_DML].lock_timeout = 7000;
    run->settings.timeouts.rules[TIMEOUTS_DML].statement_timeout = 60000;
    live_sql(live, "CREATE TABLE seen (n serial, lock text, statement text)");
    live_sql(live, "CREATE FUNCTION look() RETURNS event_trigger LANGUAGE plpgsql AS $$BEGIN "
                   "INSERT INTO seen (lock, statement) VALUES (current_setting('lock_timeout'), "
                   "current_setting('statement_timeout')); END$$");
    live_sql(live, "CREATE EVENT TRIGGER look ON ddl_command_end EXECUTE FUNCTION look()");
    STEP(run, "", "a", "CREATE TABLE t (x int)",
         "INSERT INTO seen (lock, statement) SELECT current_setting('lock_timeout'), "
         "current_setting('statement_timeout')",
         "CREATE TABLE u (x int)", "!CREATE INDEX CONCURRENTLY i ON t (x)",
         "CREATE TABLE v (x int)");
    run_start(run);
    run_order(run, RUNNER_RUN_ALL);
    run_until(run, RUNNER_DONE);
    assert_string_equal(live_value(live, "SELECT string_agg(lock || ' ' || statement, ', ' ORDER "
                                         "BY n) FROM seen"),
                        "4s 0, 4s 0, 7s 1min, 4s 0, 0 0, 4s 0"); /* the first: alembic_version */
    run_end(run);
}

static void what_the_plan_sets_stands(void **state)
{
    struct live *live = *state;
    struct run *run = run_new(live, PLAN_SCOPE_REVISION);
    live_sql(live, "CREATE TABLE seen (n serial, lock text)");
    static const char look[] = "INSERT INTO seen (lock) SELECT current_setting('lock_timeout')";
    run->settings.timeouts.rules[TIMEOUTS_DML].lock_timeout = 7000;
    STEP(run, "", "a", "SET LOCAL lock_timeout = '2s'", "CREATE TABLE t (x int)", look);
    STEP(run, "a", "b", look);
    STEP(run, "b", "c", "SET lock_timeout = '3s'", look);
    STEP(run, "c", "d", look);
    run_start(run);
    run_order(run, RUNNER_RUN_ALL);
    run_until(run, RUNNER_DONE);
    assert_string_equal(live_value(live, "SELECT string_agg(lock, ' ' ORDER BY n) FROM seen"),
                        "2s 7s 3s 3s");
    run_end(run);
}

/* A transaction that is rolled back takes back what was set in it. */
static void after_a_rollback_they_are_set_again(void **state)
{
    struct live *live = *state;
    struct run *run = run_new(live, PLAN_SCOPE_REVISION);
    live_sql(live, "CREATE TABLE seen (n serial, lock text)");
    run->settings.timeouts.rules[TIMEOUTS_DML].lock_timeout = 7000;
    STEP(run, "", "a", "CREATE TABLE t (x int)",
         "INSERT INTO seen (lock) SELECT current_setting('lock_timeout')",
         "INSERT INTO missing VALUES (1)");
    run_start(run);
    run_order(run, RUNNER_RUN_ALL);
    run_until(run, RUNNER_FAILED);
    live_sql(live, "CREATE TABLE missing (x int)");
    run_order(run, RUNNER_RETRY);
    run_until(run, RUNNER_DONE);
    assert_string_equal(live_value(live, "SELECT string_agg(lock, ' ' ORDER BY n) FROM seen"),
                        "7s");
    run_end(run);
}

/* A deadlock is undone and tried again; outside of a transaction so is what is one statement. */
static void what_was_undone_is_tried_again(void **state)
{
    struct live *live = *state;
    struct run *run = run_new(live, PLAN_SCOPE_REVISION);
    run->settings.timeouts.rules[TIMEOUTS_DML].lock_timeout = 100;
    run->settings.timeouts.rules[TIMEOUTS_DML].retry_pause = 100;
    live_sql(live, "CREATE TABLE t AS SELECT 1 AS x");
    live_sql(live, "BEGIN; LOCK TABLE t");
    STEP(run, "", "a", "!UPDATE t SET x = x + 1");
    run_start(run);
    run_order(run, RUNNER_RUN_ALL);
    for (int i = 0; i < 500 && !contains(run->events.ptr, "(2 of 5)"); i++)
        run_once(run);
    assert_true(contains(run->events.ptr, "failed 0.0 55P03\nwaiting lock_timeout: again in 0.1 s "
                                          "(1 of 5)"));
    live_sql(live, "COMMIT");
    run_until(run, RUNNER_DONE);
    assert_string_equal(live_value(live, "SELECT x FROM t"), "2");
    run_end(run);
}

static void a_deadlock_is_tried_again(void **state)
{
    struct live *live = *state;
    struct run *run = run_new(live, PLAN_SCOPE_REVISION);
    struct connection *other;
    struct err err = ERR_INIT;
    assert_true(connection_open(&live->url, NULL, &other, &err));
    live_sql(live, "CREATE TABLE t (x int); CREATE TABLE u (x int)");
    STEP(run, "", "a", "ALTER TABLE t ADD y int", run_gate(run), "ALTER TABLE u ADD y int");
    assert_true(connection_query(other, "SET deadlock_timeout = '1h'; BEGIN; LOCK TABLE u", NULL, 0,
                                 NULL, &err));
    run_start(run);
    run_order(run, RUNNER_RUN_ALL);
    run_until_on_server(run, run_gate(run));
    assert_true(connection_send(other, "LOCK TABLE t", NULL, 0, &err));
    run_open_gate(run);
    for (int i = 0; i < 500 && !contains(run->events.ptr, "waiting"); i++)
        run_once(run);
    assert_true(contains(run->events.ptr, "failed 0.2 40P01\nrolled back 0.0\nwaiting deadlock: "
                                          "again in "));
    connection_close(other);
    run_until(run, RUNNER_DONE);
    run_end(run);
}

static void tries_end_with_their_time(void **state)
{
    struct live *live = *state;
    struct run *run = run_new(live, PLAN_SCOPE_REVISION);
    struct timeout_rule *rule = &run->settings.timeouts.rules[TIMEOUTS_DDL];
    rule->lock_timeout = 50;
    rule->retry_pause = 100;
    rule->lock_retries = 1000;
    rule->retry_total = 400;
    live_sql(live, "CREATE TABLE t (x int)");
    live_sql(live, "BEGIN; LOCK TABLE t");
    STEP(run, "", "a", "ALTER TABLE t ADD y int");
    run_start(run);
    int64_t start = clock_monotonic();
    run_order(run, RUNNER_RUN_ALL);
    run_until(run, RUNNER_FAILED);
    assert_true(clock_monotonic() - start >= 300000);
    live_sql(live, "COMMIT");
    run_end(run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        LIVE_TEST(locks_that_the_plan_takes_are_taken_first),
        LIVE_TEST(keys_that_are_not_certain_are_left_alone),
        LIVE_TEST(a_row_that_is_gone_is_noticed),
        LIVE_TEST(a_row_that_is_there_already_is_noticed),
        LIVE_TEST(a_row_that_came_first_is_noticed),
        LIVE_TEST(an_object_that_is_there_already_is_explained),
        LIVE_TEST(each_class_has_its_timeouts),
        LIVE_TEST(what_the_plan_sets_stands),
        LIVE_TEST(after_a_rollback_they_are_set_again),
        LIVE_TEST(what_was_undone_is_tried_again),
        LIVE_TEST(a_deadlock_is_tried_again),
        LIVE_TEST(tries_end_with_their_time),
    };
    return cmocka_run_group_tests(tests, live_start, live_stop);
}
