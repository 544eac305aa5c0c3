/* The watcher against a private server: who blocks the run, who waits behind it, how far it is. */
#include "config.h"

#include "live/run.h"

#include "base/clock.h"
#include "postgres/activity.h"

/* A further session of the test's database, under that name. */
static struct connection *session(struct live *live, const char *name)
{
    struct connection *conn;
    struct err err = ERR_INIT;
    if (!connection_open(&live->url, NULL, &conn, &err) ||
        !connection_query(conn, arena_printf(live->arena, "SET application_name = '%s'", name),
                          NULL, 0, NULL, &err))
        fail_msg("%s", err.message);
    return conn;
}

static void say(struct connection *conn, const char *sql)
{
    struct err err = ERR_INIT;
    if (!connection_query(conn, sql, NULL, 0, NULL, &err))
        fail_msg("%s", err.message);
}

static void send(struct connection *conn, const char *sql)
{
    struct err err = ERR_INIT;
    if (!connection_send(conn, sql, NULL, 0, &err))
        fail_msg("%s", err.message);
}

static void until_waiting(struct live *live, struct connection *conn)
{
    live_wait_for(live, arena_printf(live->arena,
                                     "SELECT bool_or(NOT granted) FROM pg_locks WHERE pid = %d",
                                     connection_pid(conn)));
}

static struct run *watched(struct live *live, enum plan_scope scope)
{
    struct run *run = run_new(live, scope);
    run->settings.watch = true;
    return run;
}

static void blockers_and_victims_are_seen(void **state)
{
    struct live *live = *state;
    struct run *run = watched(live, PLAN_SCOPE_REVISION);
    live_sql(live, "CREATE TABLE t (x int); CREATE TABLE u (x int)");
    struct connection *first = session(live, "first"), *second = session(live, "second"),
                      *reader = session(live, "reader");
    say(first, "BEGIN; LOCK TABLE u IN ACCESS SHARE MODE");
    say(second, "BEGIN; SELECT 1 AS \"two\nlines\" FROM t");
    send(second, "LOCK TABLE u IN ACCESS EXCLUSIVE MODE");
    until_waiting(live, second);
    STEP(run, "", "a", "ALTER TABLE t ADD y int");
    run_start(run);
    int64_t start = clock_monotonic();
    run_order(run, RUNNER_RUN_ALL);
    run_until_seen(run, "\"blockers\"");
    assert_true(clock_monotonic() - start >= 200000);
    const struct activity *seen = runner_activity(run->runner);
    assert_int_equal(seen->blockers.len, 2);
    assert_int_equal(seen->blockers.at[0].pid, connection_pid(second));
    assert_string_equal(seen->blockers.at[0].application, "second");
    assert_string_equal(seen->blockers.at[0].user, live->url.user);
    assert_string_equal(seen->blockers.at[0].waits_for, "ACCESS EXCLUSIVE on u");
    assert_string_equal(seen->blockers.at[0].holds, "ACCESS SHARE");
    assert_string_equal(seen->blockers.at[0].query, "LOCK TABLE u IN ACCESS EXCLUSIVE MODE");
    assert_int_equal(seen->blockers.at[1].pid, connection_pid(first));
    assert_int_equal(seen->blockers.at[1].depth, 1);
    assert_string_equal(seen->blockers.at[1].state, "idle in transaction");
    assert_true(seen->blockers.at[1].transaction_age > 0);
    assert_string_equal(seen->waits_for, "ACCESS EXCLUSIVE on t");
    assert_string_equal(seen->wait, "Lock: relation");
    assert_true(seen->statement_age >= 0 && seen->transaction_age >= seen->statement_age);
    send(reader, "SELECT * FROM t");
    run_until_seen(run, "\"victims\"");
    seen = runner_activity(run->runner);
    assert_int_equal(seen->victims.len, 1);
    assert_string_equal(seen->victims.at[0].application, "reader");
    assert_string_equal(seen->victims.at[0].waits_for, "ACCESS SHARE on t");
    connection_close(first);
    connection_close(second);
    run_until(run, RUNNER_DONE);
    assert_true(contains(run->activity, "{\"pid\":0}"));
    connection_close(reader);
    run_end(run);
}

/* While the operator thinks, an open transaction holds its locks. */
static void an_open_transaction_is_watched_between_statements(void **state)
{
    struct live *live = *state;
    struct run *run = watched(live, PLAN_SCOPE_REVISION);
    live_sql(live, "CREATE TABLE t (x int)");
    STEP(run, "", "a", "ALTER TABLE t ADD y int", "CREATE TABLE u (x int)");
    run_start(run);
    run_order(run, RUNNER_STEP);
    run_until_seen(run, "\"locks\":[{\"relation\":\"t\",\"mode\":\"ACCESS EXCLUSIVE\"}]");
    assert_int_equal(runner_state(run->runner), RUNNER_PAUSED);
    assert_false(contains(run->activity, "statement_age"));
    assert_true(contains(run->activity, "transaction_age"));
    struct connection *reader = session(live, "reader");
    send(reader, "SELECT * FROM t");
    run_until_seen(run, "\"victims\"");
    run_order(run, RUNNER_RUN_ALL);
    run_until(run, RUNNER_DONE);
    connection_close(reader);
    run_end(run);
}

static void a_blocker_is_cancelled_or_terminated(void **state)
{
    struct live *live = *state;
    struct run *run = watched(live, PLAN_SCOPE_REVISION);
    live_sql(live, "CREATE TABLE t (x int)");
    struct connection *idle = session(live, "idle"), *busy = session(live, "busy"),
                      *other = session(live, "other");
    say(idle, "BEGIN; LOCK TABLE t IN ACCESS SHARE MODE");
    send(busy, "BEGIN; LOCK TABLE t IN ACCESS SHARE MODE; SELECT pg_sleep(60)");
    STEP(run, "", "a", "ALTER TABLE t ADD y int");
    run_start(run);
    run_order(run, RUNNER_RUN_ALL);
    run_until_seen(run, "\"busy\"");
    assert_false(runner_signal(run->runner, connection_pid(other), WATCHER_TERMINATE, &run->err));
    assert_true(contains(run->err.message, "blocks nothing"));
    assert_true(runner_signal(run->runner, connection_pid(busy), WATCHER_CANCEL, &run->err));
    for (int i = 0; i < 400 && !contains(run->events.ptr, "signalled cancelled"); i++)
        run_once(run);
    assert_true(contains(run->events.ptr, "signalled cancelled: pid "));
    assert_true(runner_signal(run->runner, connection_pid(idle), WATCHER_TERMINATE, &run->err));
    run_until(run, RUNNER_DONE);
    assert_true(contains(run_journal_kinds(run), "signal signalled signal "));
    connection_close(idle);
    connection_close(busy);
    connection_close(other);
    run_end(run);
}

static void a_failure_names_who_blocked(void **state)
{
    struct live *live = *state;
    struct run *run = watched(live, PLAN_SCOPE_REVISION);
    run->settings.timeouts.rules[TIMEOUTS_DDL].lock_timeout = 1500;
    run->settings.timeouts.rules[TIMEOUTS_DDL].lock_retries = 1;
    live_sql(live, "CREATE TABLE t (x int)");
    struct connection *blocker = session(live, "the blocker");
    say(blocker, "BEGIN; LOCK TABLE t IN ACCESS SHARE MODE");
    STEP(run, "", "a", "ALTER TABLE t ADD y int");
    run_start(run);
    run_order(run, RUNNER_RUN_ALL);
    run_until(run, RUNNER_FAILED);
    assert_true(contains(run->events.ptr, "(1 of 1); it was blocked by pid "));
    assert_true(contains(runner_err(run->runner)->hint, "the blocker"));
    connection_close(blocker);
    run_end(run);
}

/* The watcher holds no snapshot that the index build would have to wait for. */
static void an_index_is_built_concurrently_beside_it(void **state)
{
    struct live *live = *state;
    struct run *run = watched(live, PLAN_SCOPE_REVISION);
    live_sql(live,
             "CREATE TABLE t AS SELECT x, md5(x::text) AS y FROM generate_series(1, 300000) x");
    struct connection *old = session(live, "old");
    say(old, "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1");
    STEP(run, "", "a", "!CREATE INDEX CONCURRENTLY i ON t (y, x)");
    run_start(run);
    run_order(run, RUNNER_RUN_ALL);
    run_until_seen(run, "\"command\":\"CREATE INDEX CONCURRENTLY\"");
    run_until_seen(run, "\"phase\":\"waiting for old snapshots\"");
    assert_true(contains(run->activity, "\"application\":\"old\""));
    assert_true(contains(run->activity, "\"unit\":\"sessions\""));
    int looks = run->looks;
    for (int i = 0; i < 400 && run->looks < looks + 3; i++)
        run_once(run);
    connection_close(old);
    run_until(run, RUNNER_DONE);
    assert_string_equal(live_value(live, "SELECT indisvalid FROM pg_index WHERE indexrelid ="
                                         " 'i'::regclass"),
                        "t");
    run_end(run);
}

static void progress_has_percent_and_time_left(void **state)
{
    struct live *live = *state;
    struct run *run = watched(live, PLAN_SCOPE_REVISION);
    /* An expression that takes its time for each row: the scan lasts a few seconds. */
    live_sql(live, "CREATE TABLE t AS SELECT x FROM generate_series(1, 6000) x;"
                   "CREATE FUNCTION slow(int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS"
                   " 'BEGIN PERFORM pg_sleep(0.0005); RETURN $1; END'");
    STEP(run, "", "a", "CREATE INDEX i ON t (slow(x))");
    run_start(run);
    run_order(run, RUNNER_RUN_ALL);
    run_until_seen(run, "\"left\"");
    assert_true(contains(run->activity, "\"phase\":\"building index: scanning table\""));
    assert_true(contains(run->activity, "\"unit\":\"blocks\""));
    assert_true(contains(run->activity, "\"percent\""));
    run_until(run, RUNNER_DONE);
    run_end(run);
}

/* The run does not depend on it. */
static void its_lost_connection_is_made_again(void **state)
{
    struct live *live = *state;
    struct run *run = watched(live, PLAN_SCOPE_REVISION);
    live_sql(live, "CREATE TABLE t (x int)");
    struct connection *blocker = session(live, "blocker");
    say(blocker, "BEGIN; LOCK TABLE t IN ACCESS SHARE MODE");
    STEP(run, "", "a", "ALTER TABLE t ADD y int");
    run_start(run);
    run_order(run, RUNNER_RUN_ALL);
    run_until_seen(run, "\"blocker\"");
    live_sql(live, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name ="
                   " 'retort watch' AND datname = current_database()");
    run_until_seen(run, "\"problem\":\"connection to ");
    run_until_seen(run, "\"blocker\"");
    connection_close(blocker);
    run_until(run, RUNNER_DONE);
    run_end(run);
}

static void what_the_role_may_not_see_is_said(void **state)
{
    struct live *live = *state;
    struct run *run = watched(live, PLAN_SCOPE_REVISION);
    live_sql(live, "CREATE ROLE plain LOGIN; CREATE TABLE t (x int); ALTER TABLE t OWNER TO plain;"
                   "GRANT ALL ON SCHEMA public TO plain");
    live_sql(live, "BEGIN; LOCK TABLE t IN ACCESS SHARE MODE");
    live->url.user = "plain";
    STEP(run, "", "a", "ALTER TABLE t ADD y int");
    run_start(run);
    run_order(run, RUNNER_RUN_ALL);
    run_until_seen(run, "\"hidden\":true");
    assert_true(contains(run->activity, "\"blockers\":[{\"pid\":"));
    assert_false(contains(run->activity, "\"query\""));
    const struct activity *seen = runner_activity(run->runner);
    assert_false(runner_signal(run->runner, seen->blockers.at[0].pid, WATCHER_CANCEL, &run->err));
    assert_true(contains(run->err.message, "may not see"));
    live_sql(live, "COMMIT");
    run_until(run, RUNNER_DONE);
    run_end(run);
    live_sql(live, "DROP OWNED BY plain; DROP ROLE plain");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        LIVE_TEST(blockers_and_victims_are_seen),
        LIVE_TEST(an_open_transaction_is_watched_between_statements),
        LIVE_TEST(a_blocker_is_cancelled_or_terminated),
        LIVE_TEST(a_failure_names_who_blocked),
        LIVE_TEST(an_index_is_built_concurrently_beside_it),
        LIVE_TEST(progress_has_percent_and_time_left),
        LIVE_TEST(its_lost_connection_is_made_again),
        LIVE_TEST(what_the_role_may_not_see_is_said),
    };
    return cmocka_run_group_tests(tests, live_start, live_stop);
}
