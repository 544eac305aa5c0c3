/* The runner when something breaks: the connection at any point, the disk of the journal. */
#include "config.h"

#include "live/run.h"

#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <jansson.h>

#include "base/file.h"

/* -- a connection that breaks ---------------------------------------------------------------------
 */

static void a_broken_connection_leaves_nothing_half_done(void **state)
{
    struct live *live = *state;
    struct run *run = run_new(live, PLAN_SCOPE_REVISION);
    STEP(run, "", "a", "CREATE TABLE t (x int)");
    STEP(run, "a", "b", "CREATE TABLE u (x int)", "SELECT pg_sleep(600)");
    run_start(run);
    run_order(run, RUNNER_RUN_ALL);
    run_until_on_server(run, "SELECT pg_sleep(600)");
    run_terminate(run);
    run_until(run, RUNNER_STOPPED);
    assert_int_equal(runner_err(run->runner)->code, ERR_CONNECT);
    assert_string_equal(runner_err(run->runner)->sqlstate, "57P01");
    assert_string_equal(runner_err(run->runner)->hint,
                        "revision a is committed; what was open is rolled back by the server");
    assert_false(runner_outcome_unknown(run->runner));
    assert_int_equal(runner_fd(run->runner), -1);
    assert_string_equal(run_versions(live), "a");
    run->plan->steps.at[1].statements.at[1].sql = "SELECT 1";
    str_cut(&run->events, 0);
    run_order(run, RUNNER_RETRY);
    run_until(run, RUNNER_DONE);
    assert_true(contains(run->events.ptr, "executing\nstep 1.0\nsend 1.0\n"));
    assert_string_equal(run_versions(live), "b");
    run_end(run);
}

static void a_connection_that_breaks_while_paused(void **state)
{
    struct live *live = *state;
    struct run *run = run_new(live, PLAN_SCOPE_REVISION);
    STEP(run, "", "a", "CREATE TABLE t (x int)", "SELECT 1");
    run_start(run);
    run_order(run, RUNNER_STEP);
    run_until(run, RUNNER_PAUSED);
    run_terminate(run);
    run_until(run, RUNNER_STOPPED);
    assert_int_equal(runner_err(run->runner)->code, ERR_CONNECT);
    assert_true(contains(run->events.ptr, "rolled back 0.0\nstopped\n"));
    assert_string_equal(runner_err(run->runner)->hint,
                        "nothing is committed; what was open is rolled back by the server");
    run_end(run);
}

/* COMMIT runs the deferred trigger, which sleeps: the server is killed before it commits. */
static void a_lost_commit_that_did_not_happen(void **state)
{
    struct live *live = *state;
    struct run *run = run_new(live, PLAN_SCOPE_REVISION);
    live_sql(live,
             "CREATE TABLE gate (x int); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql"
             " AS 'BEGIN PERFORM pg_sleep(600) WHERE NOT EXISTS (SELECT FROM gate WHERE x = 7"
             "); RETURN NEW; END'; CREATE CONSTRAINT TRIGGER c AFTER INSERT ON gate DEFERRABLE"
             " INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION f()");
    STEP(run, "", "a", "INSERT INTO gate VALUES (1)");
    run_start(run);
    run_order(run, RUNNER_RUN_ALL);
    run_until_on_server(run, "COMMIT");
    run_terminate(run);
    run_until(run, RUNNER_STOPPED);
    assert_true(runner_outcome_unknown(run->runner));
    assert_true(contains(runner_err(run->runner)->hint, "not known"));
    live_sql(live, "ALTER TABLE gate DISABLE TRIGGER c; INSERT INTO gate VALUES (7); ALTER TABLE"
                   " gate ENABLE TRIGGER c");
    str_cut(&run->events, 0);
    run_order(run, RUNNER_RETRY);
    run_until(run, RUNNER_DONE);
    assert_true(contains(run->events.ptr, "executing\nstep 0.0\nsend 0.0\n"));
    assert_string_equal(live_value(live, "SELECT count(*) FROM gate"), "2");
    run_end(run);
}

/* COMMIT waits for a standby that does not exist; the server has committed when it is killed. */
static void a_lost_commit_that_happened(void **state)
{
    struct live *live = *state;
    struct run *run = run_new(live, PLAN_SCOPE_REVISION);
    live_sql(live, arena_printf(live->arena, "ALTER DATABASE %s SET synchronous_commit = local",
                                live->url.database));
    live_sql(live, "SET synchronous_commit = local");
    live_sql(live, "ALTER SYSTEM SET synchronous_standby_names = 'nobody'");
    live_sql(live, "SELECT pg_reload_conf()");
    live_wait_for(live, "SELECT current_setting('synchronous_standby_names') = 'nobody'");
    STEP(run, "", "a", "SET LOCAL synchronous_commit = on", "CREATE TABLE t (x int)");
    STEP(run, "a", "b", "CREATE TABLE u (x int)");
    run_start(run);
    run_order(run, RUNNER_RUN_ALL);
    run_until_on_server(run, "COMMIT");
    live_wait_for(live, "SELECT count(*) = 1 FROM pg_stat_activity WHERE wait_event = 'SyncRep'");
    run_terminate(run);
    run_until(run, RUNNER_STOPPED);
    assert_true(runner_outcome_unknown(run->runner));
    assert_int_equal(runner_committed_step(run->runner), 0);
    str_cut(&run->events, 0);
    run_order(run, RUNNER_RETRY);
    run_until(run, RUNNER_DONE);
    run_expect(run, "connecting\nlocking\nchecking\ncommitted 1.0\nexecuting\nstep 1.0\n"
                       "send 1.0\ndone 1.0 CREATE TABLE\nsend 1.1\ndone 1.1 UPDATE 1\n"
                       "committed 2.0\nstep done 1.2\ndone\n");
    live_sql(live, "ALTER SYSTEM RESET synchronous_standby_names");
    live_sql(live, "SELECT pg_reload_conf()");
    run_end(run);
}

static void a_lost_statement_outside_is_not_repeated(void **state)
{
    struct live *live = *state;
    struct run *run = run_new(live, PLAN_SCOPE_REVISION);
    STEP(run, "", "a", "CREATE TABLE t (x int)", "!SELECT pg_sleep(600)");
    run_start(run);
    run_order(run, RUNNER_RUN_ALL);
    run_until_on_server(run, "SELECT pg_sleep(600)");
    run_terminate(run);
    run_until(run, RUNNER_STOPPED);
    assert_true(runner_outcome_unknown(run->runner));
    assert_string_equal(live_value(live, "SELECT to_regclass('t') IS NOT NULL"), "t");
    assert_true(contains(runner_err(run->runner)->hint,
                         "1 of 3 statements of revision a are committed; whether the statement"));
    assert_false(runner_order(run->runner, RUNNER_RETRY, &run->err));
    run_end(run);
}

/* What the server has, statement by statement: each creates a table named after its place. */
static void expect_tables(struct run *run, int cut)
{
    struct live *live = run->live;
    size_t committed_step = runner_committed_step(run->runner);
    size_t committed_statement = runner_committed_statement(run->runner);
    for (size_t i = 0; i < run->plan->steps.len; i++) {
        for (size_t j = 0; j + 1 < run->plan->steps.at[i].statements.len; j++) {
            bool committed = i < committed_step || (i == committed_step && j < committed_statement);
            const char *sql =
                arena_printf(live->arena, "SELECT to_regclass('t%zu_%zu') IS NOT NULL", i, j);
            if (strcmp(live_value(live, sql), committed ? "t" : "f") != 0)
                fail_msg("cut %d: t%zu_%zu is%s committed, it says\n%s", cut, i, j,
                         committed ? " not" : "", run->events.ptr);
        }
    }
}

static void wait_till_gone(struct live *live)
{
    live_wait_for(live, "SELECT count(*) = 1 FROM pg_stat_activity WHERE application_name ="
                        " 'retort' AND datname = current_database()");
}

/* Wherever the connection is cut: what is said to be committed is, the rest is not. */
static void it_can_be_cut_at_any_event(void **state)
{
    struct live *live = *state;
    for (int cut = 1; cut < 100; cut++) {
        struct run *run = run_new(live, PLAN_SCOPE_REVISION);
        live_sql(live, "DROP TABLE IF EXISTS t0_0, t0_1, t0_2, t1_0, t1_1, alembic_version");
        STEP(run, "", "a", "CREATE TABLE t0_0 (x int)", "!CREATE TABLE t0_1 (x int)",
             "CREATE TABLE t0_2 (x int)");
        STEP(run, "a", "b", "CREATE TABLE t1_0 (x int)", "CREATE TABLE t1_1 (x int)");
        run->cut_at = cut;
        run_start(run);
        run_order(run, RUNNER_RUN_ALL);
        for (int i = 0; i < 2000 && runner_fd(run->runner) >= 0; i++)
            run_once(run);
        wait_till_gone(live);
        bool never_cut = run->event_count < cut || runner_state(run->runner) == RUNNER_DONE;
        if (!runner_outcome_unknown(run->runner))
            expect_tables(run, cut);
        if (runner_state(run->runner) == RUNNER_STOPPED &&
            runner_order(run->runner, RUNNER_RETRY, &run->err)) {
            run_until(run, RUNNER_DONE);
            expect_tables(run, cut);
            assert_string_equal(run_versions(live), "b");
        }
        run_end(run);
        if (never_cut)
            break;
    }
}

/* -- the journal ----------------------------------------------------------------------------------
 */

static void the_journal_tells_the_run(void **state)
{
    struct live *live = *state;
    struct run *run = run_new(live, PLAN_SCOPE_REVISION);
    STEP(run, "", "a", "CREATE TABLE t (x int)", "SELECT 1/0");
    live->url.password = "hunter2";
    run_start(run);
    run_order(run, RUNNER_RUN_ALL);
    run_until(run, RUNNER_FAILED);
    run_order(run, RUNNER_STOP);
    assert_string_equal(run_journal_kinds(run),
                        "run connected locked step begin send send send done failed rollback "
                        "rolled_back end ");
    struct stat st;
    const char *path = runner_journal_path(run->runner);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(stat(run->settings.journal_dir, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0700);
    char *text;
    size_t len;
    assert_true(file_read(live->arena, path, 1 << 20, &text, &len, &run->err));
    assert_true(contains(text, "\"operator\":\"tester\""));
    assert_true(contains(text, "\"sqlstate\":\"22012\""));
    assert_true(contains(text, "\"identity\":\"7"));
    assert_false(contains(text, "hunter2"));
    run_end(run);
}

static void without_a_journal_nothing_is_sent(void **state)
{
    struct live *live = *state;
    struct run *run = run_new(live, PLAN_SCOPE_REVISION);
    STEP(run, "", "a", "CREATE TABLE t (x int)");
    run->settings.journal_dir = live_server.log; /* a file */
    assert_false(run_can_start(run));
    assert_int_equal(run->err.code, ERR_IO);
    assert_true(contains(run->err.message, live_server.log));
    assert_null(run->runner);
    run->settings.journal_dir = "/proc/nothing";
    assert_false(run_can_start(run));
    assert_string_equal(run->events.ptr, "");
    err_clear(&run->err);
}

static void a_full_disk_stops_the_run(void **state)
{
    struct live *live = *state;
    struct rlimit old, small;
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &old);
    for (rlim_t room = 1100; room < 2600; room += 100) { /* wherever in the run it happens */
        struct run *run = run_new(live, PLAN_SCOPE_REVISION);
        live_sql(live, "DROP TABLE IF EXISTS t, alembic_version");
        STEP(run, "", "a", "CREATE TABLE t (x int)");
        run_start(run);
        small = old;
        small.rlim_cur = room;
        setrlimit(RLIMIT_FSIZE, &small);
        run_order(run, RUNNER_RUN_ALL);
        for (int i = 0; i < 500 && runner_fd(run->runner) >= 0; i++)
            run_once(run);
        setrlimit(RLIMIT_FSIZE, &old);
        bool committed = runner_committed_step(run->runner) == 1;
        assert_string_equal(live_value(live, "SELECT to_regclass('t') IS NOT NULL"),
                            committed ? "t" : "f");
        if (runner_state(run->runner) == RUNNER_STOPPED)
            assert_int_equal(runner_err(run->runner)->code, ERR_IO);
        else
            assert_int_equal(runner_state(run->runner), RUNNER_DONE);
        run_end(run);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        LIVE_TEST(a_broken_connection_leaves_nothing_half_done),
        LIVE_TEST(a_connection_that_breaks_while_paused),
        LIVE_TEST(a_lost_commit_that_did_not_happen),
        LIVE_TEST(a_lost_commit_that_happened),
        LIVE_TEST(a_lost_statement_outside_is_not_repeated),
        LIVE_TEST(it_can_be_cut_at_any_event),
        LIVE_TEST(the_journal_tells_the_run),
        LIVE_TEST(without_a_journal_nothing_is_sent),
        LIVE_TEST(a_full_disk_stops_the_run),
    };
    return cmocka_run_group_tests(tests, live_start, live_stop);
}
