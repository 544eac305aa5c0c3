/* The runner against a private server: what is committed, what is not, and what is said about it.
 */
#include "config.h"

#include "live/run.h"

#include <stdio.h>
#include <unistd.h>

#include "base/file.h"
#include "run/version_sql.h"

/* -- a run that works ---------------------------------------------------------------------------
 */

static void a_transaction_per_revision(void **state)
{
    struct live *live = *state;
    struct run *run = run_new(live, PLAN_SCOPE_REVISION);
    STEP(run, "", "a", "CREATE TABLE t (x int)", "INSERT INTO t VALUES (1), (2)");
    STEP(run, "a", "b", "CREATE TABLE u (x int)");
    run_start(run);
    run_order(run, RUNNER_RUN_ALL);
    run_until(run, RUNNER_DONE);
    run_expect(run, "locking\nchecking\nexecuting\n"
                    "step 0.0\nsend 0.0\ndone 0.0 CREATE TABLE\nsend 0.1\ndone 0.1 INSERT 0 2\n"
                    "send 0.2\ndone 0.2 INSERT 0 1\ncommitted 1.0\nstep done 0.3\n"
                    "step 1.0\nsend 1.0\ndone 1.0 CREATE TABLE\nsend 1.1\ndone 1.1 UPDATE 1\n"
                    "committed 2.0\nstep done 1.2\ndone\n");
    assert_string_equal(run_versions(live), "b");
    assert_string_equal(live_value(live, "SELECT xmin <> (SELECT xmin FROM pg_class WHERE relname ="
                                         " 'u') FROM pg_class WHERE relname = 't'"),
                        "t");
    run_end(run);
}

static void one_transaction_for_the_run(void **state)
{
    struct live *live = *state;
    struct run *run = run_new(live, PLAN_SCOPE_RUN);
    STEP(run, "", "a", "CREATE TABLE t (x int)");
    STEP(run, "a", "b", "CREATE TABLE u (x int)");
    run_start(run);
    assert_true(runner_drive(run->runner, NULL, NULL));
    assert_true(contains(run->events.ptr, "step done 1.2\ncommitted 2.0\ndone\n"));
    assert_string_equal(live_value(live, "SELECT count(DISTINCT xmin::text) FROM pg_class WHERE"
                                         " relname IN ('t', 'u', 'alembic_version')"),
                        "1");
    run_end(run);
}

static void a_plan_without_steps_makes_the_table(void **state)
{
    struct live *live = *state;
    struct run *run = run_new(live, PLAN_SCOPE_RUN);
    run_start(run);
    run_until(run, RUNNER_PAUSED);
    run_order(run, RUNNER_RUN_ALL);
    run_until(run, RUNNER_DONE);
    assert_string_equal(run_versions(live), "");
    assert_string_equal(live_value(live, "SELECT conname FROM pg_constraint WHERE conrelid ="
                                         " 'alembic_version'::regclass AND contype = 'p'"),
                        "alembic_version_pkc");
    run_end(run);
}

static void it_goes_statement_by_statement(void **state)
{
    struct live *live = *state;
    struct run *run = run_new(live, PLAN_SCOPE_REVISION);
    STEP(run, "", "a", "CREATE TABLE t (x int)", "CREATE TABLE u (x int)");
    STEP(run, "a", "b", "CREATE TABLE v (x int)", "CREATE TABLE w (x int)");
    run_start(run);
    run_until(run, RUNNER_PAUSED);
    assert_string_equal(live_value(live, "SELECT to_regclass('alembic_version') IS NULL"), "t");
    run_order(run, RUNNER_STEP);
    run_until(run, RUNNER_EXECUTING);
    run_until(run, RUNNER_PAUSED);
    assert_int_equal(runner_statement(run->runner), 1);
    assert_true(runner_in_transaction(run->runner));
    assert_int_equal(runner_committed_step(run->runner), 0);
    run_order(run, RUNNER_FINISH_REVISION);
    run_until(run, RUNNER_PAUSED);
    assert_int_equal(runner_step(run->runner), 1);
    assert_int_equal(runner_statement(run->runner), 0);
    assert_false(runner_in_transaction(run->runner));
    assert_string_equal(run_versions(live), "a");
    assert_false(runner_order(run->runner, RUNNER_ROLL_BACK, &run->err));
    assert_true(contains(run->err.message, "revision a is committed"));
    run_order(run, RUNNER_STEP);
    run_until(run, RUNNER_PAUSED);
    run_order(run, RUNNER_ROLL_BACK);
    run_until(run, RUNNER_STOPPED);
    assert_int_equal(runner_err(run->runner)->code, ERR_CANCELLED);
    assert_string_equal(runner_err(run->runner)->hint, "revision a is committed");
    assert_true(contains(run->events.ptr, "rolled back 1.0\nstopped\n"));
    assert_string_equal(live_value(live, "SELECT to_regclass('v') IS NULL"), "t");
    assert_false(runner_order(run->runner, RUNNER_RETRY, &run->err));
    run_end(run);
}

/* -- failures -----------------------------------------------------------------------------------
 */

static void a_failure_is_rolled_back_and_can_be_retried(void **state)
{
    struct live *live = *state;
    struct run *run = run_new(live, PLAN_SCOPE_REVISION);
    STEP(run, "", "a", "CREATE TABLE t (x int)");
    STEP(run, "a", "b", "CREATE TABLE u (x int)", "INSERT INTO missing VALUES (1)",
         "CREATE TABLE v (x int)");
    run_start(run);
    run_order(run, RUNNER_RUN_ALL);
    run_until(run, RUNNER_FAILED);
    assert_true(contains(run->events.ptr, "failed 1.1 42P01\nrolled back 1.0\nfailed\n"));
    assert_string_equal(run->errors.ptr, "versions/x.py:11: relation \"missing\" does not exist\n");
    assert_string_equal(runner_err(run->runner)->statement, "INSERT INTO missing VALUES (1)");
    assert_int_equal(runner_err(run->runner)->position, 13);
    assert_string_equal(run_versions(live), "a");
    assert_string_equal(live_value(live, "SELECT to_regclass('u') IS NULL"), "t");
    assert_false(runner_order(run->runner, RUNNER_STEP, &run->err));
    live_sql(live, "CREATE TABLE missing (x int)");
    run_order(run, RUNNER_RETRY);
    run_until(run, RUNNER_DONE);
    assert_string_equal(run_versions(live), "b");
    assert_int_equal(runner_err(run->runner)->code, ERR_NONE);
    run_end(run);
}

static void a_failure_in_one_transaction_undoes_all(void **state)
{
    struct live *live = *state;
    struct run *run = run_new(live, PLAN_SCOPE_RUN);
    STEP(run, "", "a", "CREATE TABLE t (x int)");
    STEP(run, "a", "b", "SELECT 1/0");
    run_start(run);
    assert_false(runner_drive(run->runner, NULL, NULL));
    assert_int_equal(runner_state(run->runner), RUNNER_STOPPED);
    assert_string_equal(runner_err(run->runner)->sqlstate, "22012");
    assert_string_equal(runner_err(run->runner)->hint, "nothing is committed");
    assert_true(contains(run->events.ptr, "failed 1.0 22012\nrolled back 0.0\n"));
    assert_string_equal(live_value(live, "SELECT count(*) FROM pg_class WHERE relname IN ('t',"
                                         " 'alembic_version')"),
                        "0");
    run_end(run);
}

static void what_ran_outside_is_not_repeated(void **state)
{
    struct live *live = *state;
    struct run *run = run_new(live, PLAN_SCOPE_REVISION);
    STEP(run, "", "a", "CREATE TABLE t (x int)", "!CREATE INDEX CONCURRENTLY i ON t (x)",
         "INSERT INTO missing VALUES (1)");
    run_start(run);
    run_order(run, RUNNER_RUN_ALL);
    run_until(run, RUNNER_FAILED);
    assert_true(contains(run->events.ptr, "committed 0.1\nsend 0.1\ndone 0.1 CREATE INDEX\n"
                                          "committed 0.2\nsend 0.2\nfailed 0.2 42P01\n"
                                          "rolled back 0.2\nfailed\n"));
    assert_int_equal(runner_committed_statement(run->runner), 2);
    assert_string_equal(live_value(live, "SELECT indisvalid FROM pg_index WHERE indexrelid ="
                                         " 'i'::regclass"),
                        "t");
    assert_string_equal(run_versions(live), "");
    live_sql(live, "CREATE TABLE missing (x int)");
    str_cut(&run->events, 0);
    run_order(run, RUNNER_RETRY);
    run_until(run, RUNNER_DONE);
    run_expect(run, "executing\nsend 0.2\ndone 0.2 INSERT 0 1\nsend 0.3\ndone 0.3 INSERT 0 1\n"
                    "committed 1.0\nstep done 0.4\ndone\n");
    run_end(run);
}

static void an_invalid_index_is_pointed_out(void **state)
{
    struct live *live = *state;
    struct run *run = run_new(live, PLAN_SCOPE_REVISION);
    live_sql(live, "CREATE TABLE t (x int); INSERT INTO t VALUES (1), (1)");
    STEP(run, "", "a", "!CREATE UNIQUE INDEX CONCURRENTLY i ON t (x)");
    run_start(run);
    run_order(run, RUNNER_RUN_ALL);
    run_until(run, RUNNER_FAILED);
    assert_true(contains(runner_err(run->runner)->hint, "INVALID"));
    assert_string_equal(live_value(live, "SELECT indisvalid FROM pg_index WHERE indexrelid ="
                                         " 'i'::regclass"),
                        "f");
    run_end(run);
}

static void a_failed_statement_can_be_left_out(void **state)
{
    struct live *live = *state;
    struct run *run = run_new(live, PLAN_SCOPE_REVISION);
    STEP(run, "", "a", "CREATE TABLE t (x int)", "SELECT 1/0", "CREATE TABLE u (x int)",
         "SELECT 2/0");
    run_start(run);
    assert_false(runner_order(run->runner, RUNNER_SKIP, &run->err));
    run_order(run, RUNNER_RUN_ALL);
    run_until(run, RUNNER_FAILED);
    run_order(run, RUNNER_SKIP);
    run_until(run, RUNNER_EXECUTING);
    run_until(run, RUNNER_FAILED);
    str_cut(&run->events, 0);
    run_order(run, RUNNER_SKIP);
    run_until(run, RUNNER_DONE);
    run_expect(run, "executing\nstep 0.0\nsend 0.0\ndone 0.0 CREATE TABLE\nskipped 0.1\n"
                    "send 0.2\ndone 0.2 CREATE TABLE\nskipped 0.3\nsend 0.4\n"
                    "done 0.4 INSERT 0 1\ncommitted 1.0\nstep done 0.5\ndone\n");
    assert_string_equal(run_versions(live), "a");
    assert_true(contains(run_journal_kinds(run), "failed rollback rolled_back skip step"));
    run_end(run);
}

static void version_rows_are_counted(void **state)
{
    struct live *live = *state;
    struct run *run = run_new(live, PLAN_SCOPE_REVISION);
    STEP(run, "", "a", "SELECT 1");
    STEP(run, "a", "b", "DELETE FROM alembic_version");
    run_start(run);
    run_order(run, RUNNER_RUN_ALL);
    run_until(run, RUNNER_FAILED);
    assert_string_equal(runner_err(run->runner)->message,
                        "Online migration expected to match one row when updating 'a' to 'b' in "
                        "'alembic_version'; 0 found");
    assert_false(runner_order(run->runner, RUNNER_SKIP, &run->err));
    assert_string_equal(run_versions(live), "a");
    run_end(run);
}

static void a_deferred_constraint_fails_at_commit(void **state)
{
    struct live *live = *state;
    struct run *run = run_new(live, PLAN_SCOPE_REVISION);
    STEP(run, "", "a",
         "CREATE TABLE t (x int PRIMARY KEY, y int REFERENCES t DEFERRABLE INITIALLY"
         " DEFERRED)",
         "INSERT INTO t VALUES (1, 2)");
    run_start(run);
    run_order(run, RUNNER_RUN_ALL);
    run_until(run, RUNNER_FAILED);
    assert_true(contains(run->events.ptr, "done 0.2 INSERT 0 1\nfailed 0.3 23503\n"
                                          "rolled back 0.0\nfailed\n"));
    assert_string_equal(live_value(live, "SELECT to_regclass('t') IS NULL"), "t");
    run_end(run);
}

static void a_lock_timeout_ends_the_wait(void **state)
{
    struct live *live = *state;
    struct run *run = run_new(live, PLAN_SCOPE_REVISION);
    run->settings.timeouts.rules[TIMEOUTS_DDL].lock_timeout = 50;
    run->settings.timeouts.rules[TIMEOUTS_DDL].lock_retries = 0;
    live_sql(live, "CREATE TABLE t (x int)");
    live_sql(live, "BEGIN; LOCK TABLE t IN ACCESS SHARE MODE");
    STEP(run, "", "a", "ALTER TABLE t ADD y int", "!ANALYZE t");
    run_start(run);
    run_order(run, RUNNER_RUN_ALL);
    run_until(run, RUNNER_FAILED);
    assert_string_equal(runner_err(run->runner)->sqlstate, "55P03");
    live_sql(live, "COMMIT");
    run_order(run, RUNNER_RETRY);
    run_until(run, RUNNER_DONE);
    run_end(run);
}

static void after_a_lock_timeout_it_tries_again(void **state)
{
    struct live *live = *state;
    struct run *run = run_new(live, PLAN_SCOPE_REVISION);
    run->settings.timeouts.rules[TIMEOUTS_DDL].lock_timeout = 50;
    live_sql(live, "CREATE TABLE t (x int)");
    live_sql(live, "BEGIN; LOCK TABLE t IN ACCESS SHARE MODE");
    STEP(run, "", "a", "CREATE TABLE u (x int)", "ALTER TABLE t ADD y int");
    run_start(run);
    run_order(run, RUNNER_RUN_ALL);
    for (int i = 0; i < 1000 && !contains(run->events.ptr, "waiting"); i++)
        run_once(run);
    assert_true(contains(run->events.ptr, "failed 0.1 55P03\nrolled back 0.0\nwaiting "));
    assert_true(contains(run->events.ptr, "(1 of 5)"));
    live_sql(live, "COMMIT");
    run_until(run, RUNNER_DONE);
    assert_string_equal(run_versions(live), "a");
    run_end(run);
}

/* -- transactions that the revision controls itself -----------------------------------------------
 */

static void a_plain_commit_is_understood(void **state)
{
    struct live *live = *state;
    struct run *run = run_new(live, PLAN_SCOPE_RUN);
    STEP(run, "", "a", "CREATE TABLE t (x int)", "COMMIT", "CREATE INDEX CONCURRENTLY i ON t (x)",
         "CREATE TABLE u (x int)", "INSERT INTO missing VALUES (1)");
    run_start(run);
    run_order(run, RUNNER_RUN_ALL);
    run_until(run, RUNNER_FAILED);
    assert_int_equal(runner_committed_statement(run->runner), 3);
    assert_string_equal(live_value(live, "SELECT to_regclass('u') IS NULL"), "t");
    live_sql(live, "CREATE TABLE missing (x int)");
    run_order(run, RUNNER_RETRY);
    run_until(run, RUNNER_DONE);
    assert_string_equal(run_versions(live), "a");
    run_end(run);
}

static void other_control_is_refused(void **state)
{
    static const char *const texts[] = {"ROLLBACK", "COMMIT; BEGIN", "COMMIT AND CHAIN",
                                        "PREPARE TRANSACTION 'x'", "!BEGIN"};
    struct live *live = *state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct run *run = run_new(live, PLAN_SCOPE_REVISION);
        STEP(run, "", "a", "CREATE TABLE t (x int)", texts[i]);
        assert_false(run_can_start(run));
        assert_true(contains(run->err.message, "controls the transaction itself"));
        assert_int_equal(run->err.line, 11);
        run_end(run);
    }
}

/* -- orders while a statement is on the server ----------------------------------------------------
 */

static void a_cancelled_statement_is_rolled_back(void **state)
{
    struct live *live = *state;
    struct run *run = run_new(live, PLAN_SCOPE_REVISION);
    STEP(run, "", "a", "CREATE TABLE t (x int)", "SELECT pg_sleep(600)");
    run_start(run);
    run_order(run, RUNNER_RUN_ALL);
    run_until_on_server(run, "SELECT pg_sleep(600)");
    run_order(run, RUNNER_CANCEL);
    run_until(run, RUNNER_FAILED);
    assert_int_equal(runner_err(run->runner)->code, ERR_CANCELLED);
    assert_string_equal(live_value(live, "SELECT count(*) FROM pg_stat_activity WHERE state ="
                                         " 'active' AND query ~ '^SELECT pg_sleep'"),
                        "0");
    assert_string_equal(live_value(live, "SELECT to_regclass('t') IS NULL"), "t");
    run_order(run, RUNNER_STOP);
    assert_int_equal(runner_state(run->runner), RUNNER_STOPPED);
    run_end(run);
}

static void a_stop_cancels_first(void **state)
{
    struct live *live = *state;
    struct run *run = run_new(live, PLAN_SCOPE_REVISION);
    STEP(run, "", "a", "CREATE TABLE t (x int)");
    STEP(run, "a", "b", "SELECT pg_sleep(600)");
    run_start(run);
    run_order(run, RUNNER_RUN_ALL);
    run_until_on_server(run, "SELECT pg_sleep(600)");
    run_order(run, RUNNER_STOP);
    run_until(run, RUNNER_STOPPED);
    assert_string_equal(runner_err(run->runner)->message, "stopped by the operator");
    assert_string_equal(runner_err(run->runner)->hint, "revision a is committed");
    assert_string_equal(run_versions(live), "a");
    run_end(run);
}

/* -- one migrator, one plan -----------------------------------------------------------------------
 */

static void the_holder_of_the_lock_is_named(void **state)
{
    struct live *live = *state;
    struct run *first = run_new(live, PLAN_SCOPE_REVISION), *second;
    STEP(first, "", "a", "SELECT 1");
    run_start(first);
    run_until(first, RUNNER_PAUSED);
    second = run_new(live, PLAN_SCOPE_REVISION);
    STEP(second, "", "a", "SELECT 1");
    run_start(second);
    run_until(second, RUNNER_STOPPED);
    assert_int_equal(runner_err(second->runner)->code, ERR_BUSY);
    const char *pid = live_value(live, "SELECT 'pid ' || pid || ', retort, user postgres' FROM"
                                       " pg_locks WHERE locktype = 'advisory' AND granted");
    assert_true(contains(runner_err(second->runner)->message, pid));
    run_end(second);

    second = run_new(live, PLAN_SCOPE_REVISION);
    second->settings.advisory_wait = 20000;
    STEP(second, "", "a", "SELECT 1");
    run_start(second);
    run_order(second, RUNNER_RUN_ALL);
    for (int i = 0; i < 1000 && !contains(second->events.ptr, "waiting"); i++)
        run_once(second);
    assert_true(contains(second->events.ptr, pid));
    /* Who waits must not hold a snapshot: CREATE INDEX CONCURRENTLY of the other would wait for it
     */
    assert_string_equal(live_value(live, "SELECT count(*) FROM pg_locks WHERE NOT granted"), "0");
    run_order(first, RUNNER_RUN_ALL);
    run_until(first, RUNNER_DONE);
    run_until(second, RUNNER_STOPPED);
    assert_int_equal(runner_err(second->runner)->code, ERR_STALE);
    assert_true(contains(runner_err(second->runner)->message, "the database is at a, but the plan "
                                                              "goes on from no revision"));
    run_end(first);
    run_end(second);
}

static void a_stale_plan_is_refused(void **state)
{
    struct live *live = *state;
    struct run *run = run_new(live, PLAN_SCOPE_REVISION);
    live_sql(live, "CREATE TABLE alembic_version (version_num varchar(32)); INSERT INTO"
                   " alembic_version VALUES ('z')");
    vec_push(live->arena, &run->plan->rows, "a");
    STEP(run, "a", "b", "CREATE TABLE t (x int)");
    run_start(run);
    run_order(run, RUNNER_RUN_ALL);
    run_until(run, RUNNER_STOPPED);
    assert_int_equal(runner_err(run->runner)->code, ERR_STALE);
    assert_string_equal(live_value(live, "SELECT to_regclass('t') IS NULL"), "t");
    run_end(run);
}

static void a_file_that_changed_makes_the_plan_stale(void **state)
{
    static const char before[] = "def upgrade(): pass\n", after[] = "def upgrade(): ...!\n";
    struct live *live = *state;
    struct run *run = run_new(live, PLAN_SCOPE_REVISION);
    const char *path = path_join(live->arena, live_server.dir, "changing.py");
    STEP(run, "", "a", "CREATE TABLE t (x int)");
    run->plan->steps.at[0].file = path;
    run->plan->steps.at[0].rendering.fingerprint = revision_fingerprint(before, strlen(before));
    const char *const now[] = {after, NULL};
    for (size_t i = 0; i < 2; i++) {
        if (now[i])
            assert_true(file_write(path, now[i], strlen(now[i]), 0600, true, &run->err));
        else
            assert_int_equal(unlink(path), 0);
        assert_false(run_can_start(run));
        assert_int_equal(run->err.code, ERR_STALE);
        assert_true(contains(run->err.message, now[i] ? "has changed" : "is gone"));
        assert_string_equal(run->err.file, path);
        err_clear(&run->err);
    }
    assert_true(file_write(path, before, strlen(before), 0600, true, &run->err));
    run_start(run);
    run_order(run, RUNNER_RUN_ALL);
    run_until(run, RUNNER_DONE);
    run_end(run);
}

static void without_the_privilege_to_create_the_table(void **state)
{
    struct live *live = *state;
    struct run *run = run_new(live, PLAN_SCOPE_REVISION);
    live_sql(live, arena_printf(live->arena,
                                "CREATE ROLE plain_%s LOGIN;"
                                "REVOKE CREATE ON SCHEMA public FROM PUBLIC", /* before 15 */
                                live->url.database));
    live->url.user = arena_printf(live->arena, "plain_%s", live->url.database);
    STEP(run, "", "a", "SELECT 1");
    run_start(run);
    run_order(run, RUNNER_RUN_ALL);
    run_until(run, RUNNER_FAILED);
    assert_string_equal(runner_err(run->runner)->sqlstate, "42501");
    assert_string_equal(runner_err(run->runner)->message, "permission denied for schema public");
    run_end(run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        LIVE_TEST(a_transaction_per_revision),
        LIVE_TEST(one_transaction_for_the_run),
        LIVE_TEST(a_plan_without_steps_makes_the_table),
        LIVE_TEST(it_goes_statement_by_statement),
        LIVE_TEST(a_failure_is_rolled_back_and_can_be_retried),
        LIVE_TEST(a_failure_in_one_transaction_undoes_all),
        LIVE_TEST(what_ran_outside_is_not_repeated),
        LIVE_TEST(an_invalid_index_is_pointed_out),
        LIVE_TEST(a_failed_statement_can_be_left_out),
        LIVE_TEST(version_rows_are_counted),
        LIVE_TEST(a_deferred_constraint_fails_at_commit),
        LIVE_TEST(a_lock_timeout_ends_the_wait),
        LIVE_TEST(after_a_lock_timeout_it_tries_again),
        LIVE_TEST(a_plain_commit_is_understood),
        LIVE_TEST(other_control_is_refused),
        LIVE_TEST(a_cancelled_statement_is_rolled_back),
        LIVE_TEST(a_stop_cancels_first),
        LIVE_TEST(the_holder_of_the_lock_is_named),
        LIVE_TEST(a_stale_plan_is_refused),
        LIVE_TEST(a_file_that_changed_makes_the_plan_stale),
        LIVE_TEST(without_the_privilege_to_create_the_table),
    };
    return cmocka_run_group_tests(tests, live_start, live_stop);
}
