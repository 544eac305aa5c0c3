/* Statements that are sent together: nothing may differ from sending one after the other. */
#include "config.h"

#include "live/run.h"

#include <stdio.h>

#include "run/journal_read.h"
#include "run/story.h"

static void plan_of_all_kinds(struct run *run)
{
    STEP(run, "", "a", "CREATE TABLE t (x int)", "INSERT INTO t VALUES (1), (2)",
         "SELECT 1; SELECT 2", "SET LOCAL lock_timeout = '7s'",
         "DO $$ BEGIN RAISE NOTICE 'here'; END $$");
    STEP(run, "a", "b", "ALTER TABLE t ADD y int", "COPY t TO STDOUT", "UPDATE t SET y = x");
    STEP(run, "b", "c", "!CREATE INDEX CONCURRENTLY i ON t (x)", "CREATE TABLE u (x int)",
         "INSERT INTO u SELECT 1");
    STEP(run, "c", "d", "CREATE TABLE v (x int)");
}

static const char *events_of(struct live *live, enum plan_scope scope, bool together)
{
    struct run *run = run_new(live, scope);
    plan_of_all_kinds(run);
    run_start(run);
    run_until(run, RUNNER_PAUSED);
    str_cut(&run->events, 0);
    for (int i = 0; i < 100 && runner_state(run->runner) != RUNNER_DONE; i++) {
        run_order(run, together ? RUNNER_RUN_ALL : RUNNER_STEP);
        while (runner_state(run->runner) == RUNNER_EXECUTING)
            run_once(run);
    }
    assert_string_equal(run->notices.ptr, "NOTICE: here\n");
    assert_string_equal(run_versions(live), "d");
    struct str events = STR_IN(live->arena);
    char *all = arena_strdup(live->arena, run->events.ptr);
    for (char *line = strtok(all, "\n"); line; line = strtok(NULL, "\n"))
        if (strcmp(line, "paused") != 0 && strcmp(line, "executing") != 0)
            str_addf(&events, "%s\n", line);
    run_end(run);
    live_sql(live, "DROP TABLE alembic_version, t, u, v");
    return events.ptr;
}

static void events_are_those_of_one_by_one(void **state)
{
    struct live *live = *state;
    for (int scope = PLAN_SCOPE_REVISION; scope <= PLAN_SCOPE_RUN; scope++) {
        const char *single = events_of(live, (enum plan_scope)scope, false);
        assert_string_equal(single, events_of(live, (enum plan_scope)scope, true));
    }
}

static void what_fails_in_the_middle_undoes_all(void **state)
{
    struct live *live = *state;
    struct run *run = run_new(live, PLAN_SCOPE_RUN);
    STEP(run, "", "a", "CREATE TABLE t (x int)", "INSERT INTO t VALUES (1)");
    STEP(run, "a", "b", "CREATE TABLE u (x int)", "SELECT 1 FROM missing",
         "CREATE TABLE v (x int)");
    STEP(run, "b", "c", "CREATE TABLE w (x int)");
    run_start(run);
    run_order(run, RUNNER_RUN_ALL);
    run_until(run, RUNNER_FAILED);
    assert_true(contains(run->events.ptr,
                         "step 1.0\nsend 1.0\ndone 1.0 CREATE TABLE\nsend 1.1\nfailed 1.1 42P01\n"
                         "rolled back 0.0\nfailed\n"));
    assert_string_equal(run->errors.ptr,
                        "versions/x.py:11: relation \"missing\" does not exist\n");
    const struct err *err = runner_err(run->runner);
    assert_string_equal(err->statement, "SELECT 1 FROM missing");
    assert_int_equal(err->position, 15);
    assert_string_equal(live_value(live, "SELECT to_regclass('t') IS NULL"), "t");
    run_order(run, RUNNER_SKIP);
    run_until(run, RUNNER_DONE);
    assert_string_equal(run_versions(live), "c");
    run_end(run);
}

/* The journal of a run as it is now, put together. */
static struct run_story story_of(struct run *run)
{
    struct journal_file file;
    struct run_story story = {0};
    struct arena *a = run->live->arena;
    if (!journal_read(a, runner_journal_path(run->runner), &file, &run->err) ||
        !run_story_read(a, &file, &story, &run->err))
        fail_msg("%s", run->err.message);
    journal_file_clear(&file);
    return story;
}

static void the_journal_has_what_was_not_reached(void **state)
{
    struct live *live = *state;
    struct run *run = run_new(live, PLAN_SCOPE_REVISION);
    STEP(run, "", "a", "CREATE TABLE t (x int)", "SELECT 1/0", "SELECT 1");
    run_start(run);
    run_order(run, RUNNER_RUN_ALL);
    run_until(run, RUNNER_FAILED);
    assert_string_equal(run_journal_kinds(run),
                        "run connected locked step begin send send send send done failed rollback "
                        "rolled_back ");
    struct run_story story = story_of(run);
    const struct story_statement *s = story.steps.at[0].statements.at;
    assert_int_equal(s[0].state, STORY_ROLLED_BACK);
    assert_int_equal(s[1].state, STORY_FAILED);
    assert_int_equal(s[2].state, STORY_NOT_SENT);
    assert_int_equal(s[3].state, STORY_NOT_SENT);
    run_end(run);
}

static void version_rows_are_counted_before_the_commit(void **state)
{
    struct live *live = *state;
    struct run *run = run_new(live, PLAN_SCOPE_RUN);
    STEP(run, "", "a", "CREATE TABLE t (x int)");
    STEP(run, "a", "b", "DELETE FROM alembic_version");
    STEP(run, "b", "c", "CREATE TABLE u (x int)", "SELECT 1/0");
    run_start(run);
    run_order(run, RUNNER_RUN_ALL);
    run_until(run, RUNNER_FAILED);
    assert_string_equal(runner_err(run->runner)->message,
                        "Online migration expected to match one row when updating 'a' to 'b' in "
                        "'alembic_version'; 0 found");
    assert_true(contains(run->events.ptr, "send 1.1\nfailed 1.1 \nrolled back 0.0\nfailed\n"));
    assert_string_equal(live_value(live, "SELECT to_regclass('t') IS NULL"), "t");
    run_end(run);
}

static void orders_take_effect_at_the_end_of_a_batch(void **state)
{
    struct live *live = *state;
    struct run *run = run_new(live, PLAN_SCOPE_REVISION);
    STEP(run, "", "a", "CREATE TABLE t (x int)", run_gate(run), "CREATE TABLE u (x int)");
    STEP(run, "a", "b", "CREATE TABLE v (x int)", run_gate(run));
    run_start(run);
    run_order(run, RUNNER_RUN_ALL);
    run_until_on_server(run, run_gate(run));
    assert_true(runner_in_transaction(run->runner));
    run_order(run, RUNNER_PAUSE);
    run_open_gate(run);
    run_until(run, RUNNER_PAUSED);
    assert_int_equal(runner_step(run->runner), 1);
    assert_string_equal(run_versions(live), "a");
    run_close_gate(run);
    run_order(run, RUNNER_RUN_ALL);
    run_until_on_server(run, run_gate(run));
    run_order(run, RUNNER_STOP);
    run_open_gate(run);
    run_until(run, RUNNER_STOPPED);
    assert_string_equal(run_versions(live), "a");
    assert_string_equal(live_value(live, "SELECT to_regclass('v') IS NULL"), "t");
    run_end(run);
}

static void a_cancel_is_for_the_statement_on_the_server(void **state)
{
    struct live *live = *state;
    struct run *run = run_new(live, PLAN_SCOPE_REVISION);
    STEP(run, "", "a", "CREATE TABLE t (x int)", "SELECT pg_sleep(60)", "CREATE TABLE u (x int)");
    run_start(run);
    run_order(run, RUNNER_RUN_ALL);
    run_until_on_server(run, "SELECT pg_sleep(60)");
    run_order(run, RUNNER_CANCEL);
    run_until(run, RUNNER_FAILED);
    assert_int_equal(runner_err(run->runner)->code, ERR_CANCELLED);
    assert_true(contains(run->events.ptr, "failed 0.1 57014\nrolled back 0.0\n"));
    run_end(run);
}

static void each_statement_has_its_own_time(void **state)
{
    struct live *live = *state;
    struct run *run = run_new(live, PLAN_SCOPE_REVISION);
    run->settings.timeouts.rules[TIMEOUTS_DML].statement_timeout = 1500;
    STEP(run, "", "a", "SELECT pg_sleep(0.8)", "SELECT pg_sleep(0.8)", "SELECT pg_sleep(60)");
    run_start(run);
    run_order(run, RUNNER_RUN_ALL);
    run_until(run, RUNNER_FAILED);
    assert_true(contains(run->events.ptr, "failed 0.2 57014"));
    run_end(run);
}

static void a_lost_connection_leaves_nothing(void **state)
{
    struct live *live = *state;
    struct run *run = run_new(live, PLAN_SCOPE_REVISION);
    STEP(run, "", "a", "CREATE TABLE t (x int)", "SELECT pg_sleep(60)", "CREATE TABLE u (x int)");
    run_start(run);
    run_order(run, RUNNER_RUN_ALL);
    run_until_on_server(run, "SELECT pg_sleep(60)");
    run_terminate(run);
    run_until(run, RUNNER_STOPPED);
    assert_false(runner_outcome_unknown(run->runner));
    if (!contains(run->events.ptr, "failed 0.1 57P01\nrolled back 0.0\nstopped\n"))
        fail_msg("%s", run->events.ptr);
    assert_string_equal(live_value(live, "SELECT to_regclass('t') IS NULL"), "t");
    run_end(run);
}

static void a_plan_of_many_statements(void **state)
{
    struct live *live = *state;
    struct run *run = run_new(live, PLAN_SCOPE_RUN);
    char from[16] = "", to[16];
    live_sql(live, "CREATE TABLE t (x int)");
    for (int i = 0; i < 300; i++) {
        snprintf(to, sizeof(to), "r%d", i);
        STEP(run, arena_strdup(live->arena, from), arena_strdup(live->arena, to),
             arena_printf(live->arena, "INSERT INTO t VALUES (%d)", i), "SELECT 1");
        memcpy(from, to, sizeof(from));
    }
    run_start(run);
    assert_true(runner_drive(run->runner, NULL, NULL));
    assert_string_equal(run_versions(live), "r299");
    assert_string_equal(
        live_value(live, "SELECT count(DISTINCT x) = 300 AND count(*) = 300 FROM t"), "t");
    run_end(run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        LIVE_TEST(events_are_those_of_one_by_one),
        LIVE_TEST(what_fails_in_the_middle_undoes_all),
        LIVE_TEST(the_journal_has_what_was_not_reached),
        LIVE_TEST(version_rows_are_counted_before_the_commit),
        LIVE_TEST(orders_take_effect_at_the_end_of_a_batch),
        LIVE_TEST(a_cancel_is_for_the_statement_on_the_server),
        LIVE_TEST(each_statement_has_its_own_time),
        LIVE_TEST(a_lost_connection_leaves_nothing),
        LIVE_TEST(a_plan_of_many_statements),
    };
    return cmocka_run_group_tests(tests, live_start, live_stop);
}
