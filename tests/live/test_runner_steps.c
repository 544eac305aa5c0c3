/* Breakpoints, edits in the middle of a run, and what can be done after a failure. */
#include "config.h"

#include "live/run.h"


static void set_break(struct run *run, size_t step, size_t statement, bool on)
{
    if (!runner_break(run->runner, (struct position){step, statement}, on, &run->err))
        fail_msg("%s", run->err.message);
}

static bool try_edit(struct run *run, enum run_edit_kind kind, size_t step, size_t statement,
                     const char *text)
{
    struct run_edit edit = {
        .kind = kind, .at = {step, statement}, .text = text, .in_transaction = true};
    err_clear(&run->err);
    return runner_edit(run->runner, &edit, &run->err);
}

static void edit(struct run *run, enum run_edit_kind kind, size_t step, size_t statement,
                 const char *text)
{
    if (!try_edit(run, kind, step, statement, text))
        fail_msg("%s", run->err.message);
}

static void expect_at(struct run *run, size_t step, size_t statement)
{
    assert_int_equal(runner_step(run->runner), step);
    assert_int_equal(runner_statement(run->runner), statement);
}

/* -- breakpoints --------------------------------------------------------------------------------
 */

static void a_breakpoint_stops_the_run(void **state)
{
    struct live *live = *state;
    for (int scope = PLAN_SCOPE_REVISION; scope <= PLAN_SCOPE_RUN; scope++) {
        struct run *run = run_new(live, (enum plan_scope)scope);
        STEP(run, "", "a", "CREATE TABLE t (x int)", "SELECT 1", "SELECT 2", "SELECT 3");
        STEP(run, "a", "b", "SELECT 4", "SELECT 5");
        run_start(run);
        set_break(run, 0, 2, true);
        set_break(run, 1, 0, true);
        set_break(run, 1, 1, true);
        set_break(run, 1, 1, false);
        assert_false(
            runner_break(run->runner, (struct position){1, 3}, true, &run->err));
        run_order(run, RUNNER_RUN_ALL);
        run_until(run, RUNNER_PAUSED);
        expect_at(run, 0, 2);
        assert_true(runner_in_transaction(run->runner));
        assert_false(contains(run->events.ptr, "send 0.2"));
        run_order(run, RUNNER_FINISH_REVISION);
        run_until(run, RUNNER_PAUSED);
        expect_at(run, 1, 0);
        run_order(run, RUNNER_RUN_ALL);
        run_until(run, RUNNER_DONE);
        assert_string_equal(run_versions(live), "b");
        run_end(run);
        live_sql(live, "DROP TABLE alembic_version, t");
    }
}

static void a_breakpoint_holds_when_the_run_comes_by_again(void **state)
{
    struct live *live = *state;
    struct run *run = run_new(live, PLAN_SCOPE_REVISION);
    STEP(run, "", "a", "CREATE TABLE t (x int)", "SELECT 1", "SELECT 1/0");
    run_start(run);
    set_break(run, 0, 1, true);
    run_order(run, RUNNER_RUN_ALL);
    run_until(run, RUNNER_PAUSED);
    run_order(run, RUNNER_RUN_ALL);
    run_until(run, RUNNER_FAILED);
    run_order(run, RUNNER_RETRY);
    run_until(run, RUNNER_PAUSED);
    expect_at(run, 0, 1);
    run_end(run);
}

/* -- edits --------------------------------------------------------------------------------------
 */

static void a_failed_statement_is_edited_and_retried(void **state)
{
    struct live *live = *state;
    struct run *run = run_new(live, PLAN_SCOPE_REVISION);
    STEP(run, "", "a", "CREATE TABLE t (x int)", "INSERT INTO t VALUES (1/0)", "SELECT 3");
    run_start(run);
    run_order(run, RUNNER_RUN_ALL);
    run_until(run, RUNNER_FAILED);
    set_break(run, 0, 2, true);
    str_cut(&run->events, 0);
    edit(run, RUN_EDIT_REPLACE, 0, 1, "INSERT INTO t VALUES (10); INSERT INTO t VALUES (11)");
    run_order(run, RUNNER_RETRY);
    run_until(run, RUNNER_PAUSED);
    expect_at(run, 0, 3); /* the breakpoint moved along */
    run_order(run, RUNNER_RUN_ALL);
    run_until(run, RUNNER_DONE);
    assert_string_equal(live_value(live, "SELECT string_agg(x::text, ',') FROM t"), "10,11");
    assert_true(str_starts_with(run->events.ptr, "edited 0.1\nexecuting\nstep 0.0\nsend 0.0\n"));
    assert_true(contains(run_journal_kinds(run), "rolled_back plan step"));
    run_end(run);
}

static void statements_are_added_and_removed(void **state)
{
    struct live *live = *state;
    struct run *run = run_new(live, PLAN_SCOPE_RUN);
    STEP(run, "", "a", "CREATE TABLE t (x int)", "SELECT 1");
    STEP(run, "a", "b", "INSERT INTO t VALUES (2)");
    run_start(run);
    run_until(run, RUNNER_PAUSED);
    run_order(run, RUNNER_STEP);
    run_until(run, RUNNER_EXECUTING);
    run_until(run, RUNNER_PAUSED);
    edit(run, RUN_EDIT_INSERT, 0, 1, "INSERT INTO t VALUES (1)");
    edit(run, RUN_EDIT_REMOVE, 0, 2, NULL);
    edit(run, RUN_EDIT_INSERT, 1, 1, "INSERT INTO t VALUES (3)");
    run_order(run, RUNNER_RUN_ALL);
    run_until(run, RUNNER_DONE);
    assert_string_equal(live_value(live, "SELECT string_agg(x::text, ',') FROM t"), "1,2,3");
    assert_string_equal(run_versions(live), "b");
    run_end(run);
}

static void what_was_executed_is_not_edited(void **state)
{
    struct live *live = *state;
    struct run *run = run_new(live, PLAN_SCOPE_REVISION);
    STEP(run, "", "a", "CREATE TABLE t (x int)", run_gate(run), "SELECT 1");
    run_start(run);
    run_until(run, RUNNER_PAUSED);
    run_order(run, RUNNER_STEP);
    run_until(run, RUNNER_EXECUTING);
    run_until(run, RUNNER_PAUSED);
    assert_false(try_edit(run, RUN_EDIT_REPLACE, 0, 0, "SELECT 2"));
    assert_false(try_edit(run, RUN_EDIT_INSERT, 0, 0, "SELECT 2"));
    assert_false(try_edit(run, RUN_EDIT_REPLACE, 0, 9, "SELECT 2"));
    assert_false(try_edit(run, RUN_EDIT_REPLACE, 0, 3, "SELECT 2")); /* the version row */
    assert_false(try_edit(run, RUN_EDIT_REPLACE, 0, 2, "SELEKT 'x"));
    assert_false(try_edit(run, RUN_EDIT_REPLACE, 0, 2, "VACUUM"));
    run_order(run, RUNNER_STEP);
    run_until_on_server(run, run_gate(run));
    assert_false(try_edit(run, RUN_EDIT_REPLACE, 0, 2, "SELECT 2"));
    run_open_gate(run);
    run_until(run, RUNNER_PAUSED);
    run_order(run, RUNNER_RUN_ALL);
    run_until(run, RUNNER_DONE);
    run_end(run);
}

static void a_statement_that_was_left_out_comes_back_when_edited(void **state)
{
    struct live *live = *state;
    struct run *run = run_new(live, PLAN_SCOPE_REVISION);
    STEP(run, "", "a", "CREATE TABLE t (x int)", "SELECT 1/0", "SELECT 2/0");
    run_start(run);
    run_order(run, RUNNER_RUN_ALL);
    run_until(run, RUNNER_FAILED);
    run_order(run, RUNNER_SKIP);
    run_until(run, RUNNER_EXECUTING);
    run_until(run, RUNNER_FAILED);
    edit(run, RUN_EDIT_REPLACE, 0, 1, "INSERT INTO t VALUES (5)");
    edit(run, RUN_EDIT_REMOVE, 0, 2, NULL);
    assert_false(runner_order(run->runner, RUNNER_SKIP, &run->err)); /* what failed is gone */
    run_order(run, RUNNER_RETRY);
    run_until(run, RUNNER_DONE);
    assert_string_equal(live_value(live, "SELECT x FROM t"), "5");
    run_end(run);
}

/* -- rolling back a revision --------------------------------------------------------------------
 */

static void a_revision_is_rolled_back_and_the_run_waits(void **state)
{
    struct live *live = *state;
    struct run *run = run_new(live, PLAN_SCOPE_REVISION);
    STEP(run, "", "a", "CREATE TABLE t (x int)");
    STEP(run, "a", "b", "CREATE TABLE u (x int)", "SELECT 1");
    run_start(run);
    set_break(run, 1, 1, true);
    run_order(run, RUNNER_RUN_ALL);
    run_until(run, RUNNER_PAUSED);
    str_cut(&run->events, 0);
    run_order(run, RUNNER_UNDO);
    run_until(run, RUNNER_PAUSED);
    run_expect(run, "executing\nrolled back 1.0\npaused\n");
    expect_at(run, 1, 0);
    assert_false(runner_in_transaction(run->runner));
    assert_string_equal(live_value(live, "SELECT to_regclass('u') IS NULL"), "t");
    assert_false(runner_order(run->runner, RUNNER_UNDO, &run->err)); /* nothing is open */
    set_break(run, 1, 1, false);
    run_order(run, RUNNER_RUN_ALL);
    run_until(run, RUNNER_DONE);
    assert_string_equal(run_versions(live), "b");
    run_end(run);
}

static void after_a_failure_it_waits_before_the_revision(void **state)
{
    struct live *live = *state;
    struct run *run = run_new(live, PLAN_SCOPE_REVISION);
    STEP(run, "", "a", "CREATE TABLE t (x int)", "SELECT 1/0");
    run_start(run);
    run_order(run, RUNNER_RUN_ALL);
    run_until(run, RUNNER_FAILED);
    run_order(run, RUNNER_UNDO);
    run_until(run, RUNNER_PAUSED);
    expect_at(run, 0, 0);
    assert_int_equal(runner_err(run->runner)->code, ERR_NONE);
    edit(run, RUN_EDIT_REMOVE, 0, 1, NULL);
    run_order(run, RUNNER_RUN_ALL);
    run_until(run, RUNNER_DONE);
    run_end(run);
}

static void what_is_committed_is_not_rolled_back(void **state)
{
    struct live *live = *state;
    struct run *run = run_new(live, PLAN_SCOPE_REVISION);
    STEP(run, "", "a", "CREATE TABLE t (x int)", "!CREATE INDEX CONCURRENTLY i ON t (x)",
         "SELECT 1/0");
    run_start(run);
    run_order(run, RUNNER_RUN_ALL);
    run_until(run, RUNNER_FAILED);
    assert_false(runner_order(run->runner, RUNNER_UNDO, &run->err));
    assert_string_equal(run->err.message, "2 of 4 statements of revision a are committed: that "
                                          "cannot be rolled back");
    assert_non_null(run->err.hint);
    edit(run, RUN_EDIT_REPLACE, 0, 2, "SELECT 1");
    run_order(run, RUNNER_RETRY);
    run_until(run, RUNNER_DONE);
    run_end(run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        LIVE_TEST(a_breakpoint_stops_the_run),
        LIVE_TEST(a_breakpoint_holds_when_the_run_comes_by_again),
        LIVE_TEST(a_failed_statement_is_edited_and_retried),
        LIVE_TEST(statements_are_added_and_removed),
        LIVE_TEST(what_was_executed_is_not_edited),
        LIVE_TEST(a_statement_that_was_left_out_comes_back_when_edited),
        LIVE_TEST(a_revision_is_rolled_back_and_the_run_waits),
        LIVE_TEST(after_a_failure_it_waits_before_the_revision),
        LIVE_TEST(what_is_committed_is_not_rolled_back),
    };
    return cmocka_run_group_tests(tests, live_start, live_stop);
}
