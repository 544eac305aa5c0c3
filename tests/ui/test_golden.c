/*
 * Whole sessions in which a database is changed, at three sizes, with golden screens (golden.h).
 */
#include "config.h"

#include <locale.h>
#include <string.h>
#include <sys/wait.h>

#include "base/str.h"
#include "ui/play.h"

#define ESC    "\033"
#define CTRL_C "\003"
#define CTRL_F "\006"
#define CTRL_S "\023"

/* Two lines of development that were merged, and a revision after them. */
static const char *make_shop_with(struct live *live, const char *settings)
{
    const char *ini = launch_project(live, "shop", settings);
    launch_revision(live, "shop", "a1", "None", "customers",
                    "op.execute(\"CREATE TABLE customer (id int PRIMARY KEY, name text)\")",
                    "op.execute(\"DROP TABLE customer\")");
    launch_revision(live, "shop", "b2", "'a1'", "invoices",
                    "op.create_table('invoice', sa.Column('id', sa.Integer(), primary_key=True))\n"
                    "    op.execute(\"SELECT 1/(SELECT count(*) FROM customer)\")",
                    "op.drop_table('invoice')");
    launch_revision(live, "shop", "c3", "'a1'", "search",
                    "op.create_index('ix_name', 'customer', ['name'])",
                    "op.drop_index('ix_name')");
    launch_revision(live, "shop", "d4", "('b2', 'c3')", "merge billing and search", "pass", "pass");
    launch_revision(
        live, "shop", "e5", "'d4'", "invoice: total not null",
        "op.add_column('invoice', sa.Column('total', sa.Numeric(10, 2), nullable=False))",
        "op.drop_column('invoice', 'total')");
    return ini;
}

static const char *make_shop(struct live *live)
{
    return make_shop_with(live, "");
}

static const char *make_protected_shop(struct live *live)
{
    return make_shop_with(live, "[retort]\nlabel = live\nprotected = shop\n");
}

static void review_session(struct session *s)
{
    golden_screen(&s->pty, "review-1-graph");
    pty_type(&s->pty, "3");
    golden_screen(&s->pty, "review-2-sql");
    pty_type(&s->pty, "1jj");
    pty_type(&s->pty, "x");
    golden_screen(&s->pty, "review-3-downgrade");
    pty_type(&s->pty, "x7");
    golden_screen(&s->pty, "review-4-pending");
    pty_type(&s->pty, "1&inv\r");
    golden_screen(&s->pty, "review-5-filter");
}

static void a_chain_of_revisions_is_reviewed(void **state)
{
    play(*state, make_shop, review_session);
}

static void failure_session(struct session *s)
{
    struct pty *pty = &s->pty;
    pty_type(pty, "rh");
    golden_screen(pty, "failure-1-asked");
    pty_type(pty, "y");
    golden_screen(pty, "failure-2-how-far");
    pty_type(pty, "t");
    pty_type(pty, "s");
    pty_wait_for(pty, "paused 1/");
    golden_screen(pty, "failure-3-stepped");
    pty_type(pty, "S");
    pty_wait_for(pty, "paused 2/");
    pty_type(pty, "S");
    pty_wait_for(pty, "paused 4/");
    pty_type(pty, "S");
    pty_wait_for(pty, "FAILED");
    golden_screen(pty, "failure-4-failed");
    pty_type(pty, "m");
    golden_screen(pty, "failure-5-moves");
    live_sql(s->live, "INSERT INTO customer VALUES (1, 'first')");
    pty_type(pty, "r");
    pty_wait_for(pty, "paused 7/");
    golden_screen(pty, "failure-6-retried");
    pty_type(pty, ESC);
    pty_type(pty, "re");
    pty_watch_for(pty, "(up to date)");
    pty_expect(pty, "everything committed");
    golden_screen(pty, "failure-7-done");
}

static void mend_session(struct session *s)
{
    struct pty *pty = &s->pty;
    pty_type(pty, ":upgrade b2\ry");
    pty_type(pty, "v");
    pty_wait_for(pty, "paused 2/");
    pty_type(pty, "S");
    pty_wait_for(pty, "FAILED");
    pty_type(pty, "i");
    golden_screen(pty, "mend-1-editor");
    pty_send(pty, CTRL_F);
    pty_type(pty, "FROM\r");
    pty_type(pty, "+ 1 ");
    golden_screen(pty, "mend-2-edited");
    pty_send(pty, CTRL_S);
    pty_wait_for(pty, "FAILED 2/5");
    golden_screen(pty, "mend-3-kept");
    pty_type(pty, "m");
    golden_screen(pty, "mend-4-moves");
    press(pty, "r");
    pty_watch_for(pty, "everything committed");
    golden_screen(pty, "mend-5-done");
    assert_string_equal(live_value(s->live, "SELECT version_num FROM alembic_version"), "b2");
}

/* The statement, where the session before mends the data. */
static void a_statement_that_failed_is_edited(void **state)
{
    play(*state, make_shop, mend_session);
}

static void a_failure_in_the_middle_is_mended_and_retried(void **state)
{
    play(*state, make_shop, failure_session);
}

static void rollback_session(struct session *s)
{
    struct pty *pty = &s->pty;
    pty_type(pty, ":upgrade b2\ry");
    pty_type(pty, "t");
    pty_type(pty, "S");
    pty_wait_for(pty, "paused 2/");
    live_sql(s->live, "INSERT INTO customer VALUES (1, 'first')");
    pty_type(pty, "S");
    pty_watch_for(pty, "everything committed");
    pty_type(pty, ":upgrade heads\ry");
    pty_type(pty, "e");
    pty_watch_for(pty, "(up to date)");
    pty_type(pty, "1");
    golden_screen(pty, "rollback-1-applied");
    pty_type(pty, ":downgrade a1\r");
    golden_screen(pty, "rollback-2-asked");
    play_type_name(s);
    pty_type(pty, "t");
    golden_screen(pty, "rollback-3-armed");
    pty_type(pty, "S");
    pty_wait_for(pty, "at d4");
    golden_screen(pty, "rollback-4-one");
    pty_type(pty, "S");
    pty_wait_for(pty, "paused");
    golden_screen(pty, "rollback-5-two");
    pty_type(pty, "S");
    pty_wait_for(pty, "paused 6/");
    golden_screen(pty, "rollback-6-three");
    assert_string_equal(live_value(s->live, "SELECT to_regclass('invoice')"), "");
    pty_type(pty, "ak");
    pty_watch_for(pty, "stopped by the operator");
    golden_screen(pty, "rollback-7-stopped");
}

static void revisions_are_rolled_back_one_by_one(void **state)
{
    play(*state, make_shop, rollback_session);
}

/*
 * Another session. Its name is filled up with '-' (which golden.c takes away), so that it is as
 * long with its process id whatever that is: where lines are broken must not depend on it.
 */
static struct connection *session_of(struct live *live, const char *name, const char *sql)
{
    struct connection *conn;
    struct err err = ERR_INIT;
    assert_true(connection_open(&live->url, NULL, &conn, &err));
    assert_true(connection_query(conn,
                                 arena_printf(live->arena,
                                              "SELECT set_config('application_name', rpad('%s', "
                                              "%zu - length(pg_backend_pid()::text), '-'), false)",
                                              name, strlen(name) + 7),
                                 NULL, 0, NULL, &err));
    assert_true(connection_query(conn, sql, NULL, 0, NULL, &err));
    return conn;
}

/*
 * A table in use, and a revision that alters it; it waits for its lock as long as the test looks.
 */
static const char *make_altered_shop(struct live *live)
{
    const char *ini = launch_project(live, PLAY_NAME, "[retort]\nlock_timeout = 60s\n");
    launch_revision(live, PLAY_NAME, "a1", "None", "customers: phone",
                    "op.add_column('customer', sa.Column('phone', sa.Text()))",
                    "op.drop_column('customer', 'phone')");
    live_sql(live, "CREATE TABLE customer (id int PRIMARY KEY, name text)");
    return ini;
}

/* The names are as long as they are so that lines break alike whether they wait for 9 s or for 10
 * s. */
static void blocked_session(struct session *s)
{
    struct pty *pty = &s->pty;
    struct err err = ERR_INIT;
    struct connection *report = session_of(s->live, "monthly reports", "BEGIN");
    struct connection *orders = session_of(s->live, "orders", "SELECT 1");
    assert_true(connection_query(report, "TABLE customer", NULL, 0, NULL, &err));
    pty_type(pty, "rny");
    pty_type(pty, "t");
    press(pty, "s");
    pty_watch_for(pty, "waits for ACCESS EXCLUSIVE");
    assert_true(connection_send(orders, "SELECT name FROM customer WHERE id = 1", NULL, 0, &err));
    pty_watch_for(pty, "1 waits behind this run");
    golden_screen(pty, "blocked-1-waiting");
    press(pty, CTRL_C);
    pty_wait_for(pty, "failed, m shows the moves: canceling statement");
    golden_screen(pty, "blocked-2-cancelled");
    pty_type(pty, "m");
    press(pty, "r");
    pty_watch_for(pty, "waits for ACCESS EXCLUSIVE");
    press(pty, "L");
    pty_watch_for(pty, "Around the run");
    press(pty, "1");
    pty_watch_for(pty, "terminate its session");
    press(pty, "t");
    pty_watch_for(pty, "Terminate this session");
    pty_expect(pty, "Its session is ended: its transaction is rolled back");
    golden_screen(pty, "blocked-3-terminate");
    press(pty, "y");
    pty_watch_for(pty, "terminated: pid ");
    pty_wait_for(pty, "paused 1/");
    pty_type(pty, "S");
    pty_watch_for(pty, "everything committed");
    golden_screen(pty, "blocked-4-done");
    connection_close(report);
    connection_close(orders);
}

static void what_blocks_an_alter_is_shown_and_ended(void **state)
{
    play(*state, make_altered_shop, blocked_session);
}

/*
 * A table of 100 pages with two rows each, and an index on a function that waits at the second page
 * and at the 41st, till the test opens these gates: a gate is an advisory lock that the test holds.
 */
static const char *make_gated_shop(struct live *live)
{
    const char *ini = launch_project(live, PLAY_NAME, "");
    launch_revision(live, PLAY_NAME, "a1", "None", "orders: by day",
                    "op.execute(\"CREATE INDEX ix_order_day ON orders (day_of(id))\")",
                    "op.execute(\"DROP INDEX ix_order_day\")");
    live_sql(live, "CREATE TABLE orders (id int, text char(3600));"
                   "ALTER TABLE orders ALTER text SET STORAGE PLAIN;"
                   "INSERT INTO orders SELECT x, 'x' FROM generate_series(1, 200) x;"
                   "CREATE FUNCTION day_of(int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS "
                   "'BEGIN WHILE $1 IN (3, 81) AND NOT pg_try_advisory_xact_lock_shared($1) LOOP"
                   " PERFORM pg_sleep(0.01); END LOOP; RETURN $1 / 10; END'");
    return ini;
}

static void progress_session(struct session *s)
{
    struct pty *pty = &s->pty;
    struct connection *gates =
        session_of(s->live, "gates", "SELECT pg_advisory_lock(3), pg_advisory_lock(81)");
    struct err err = ERR_INIT;
    pty_type(pty, "rny");
    press(pty, "e");
    pty_watch_for(pty, "] 1 %: CREATE INDEX");
    assert_true(connection_query(gates, "SELECT pg_advisory_unlock(3)", NULL, 0, NULL, &err));
    pty_watch_for(pty, "] 40 %, ");
    golden_screen(pty, "progress-1-building");
    assert_true(connection_query(gates, "SELECT pg_advisory_unlock(81)", NULL, 0, NULL, &err));
    pty_watch_for(pty, "everything committed");
    golden_screen(pty, "progress-2-done");
    connection_close(gates);
}

static void an_index_is_built_with_progress(void **state)
{
    play(*state, make_gated_shop, progress_session);
}

static void attach_session(struct session *s)
{
    struct pty *pty = &s->pty;
    pty_type(pty, "rhy");
    pty_type(pty, "t");
    pty_type(pty, "S");
    pty_wait_for(pty, "paused 2/");
    pty_type(pty, "Q");
    golden_screen(pty, "attach-1-quit");
    press(pty, "l");
    pty_end(pty);
    pty_expect_restored(pty);
    pty_clear(pty);
    play_open(s);
    pty_expect(pty, "nobody steers it: it is yours");
    golden_screen(pty, "attach-2-found");
    pty_type(pty, "ak");
    pty_watch_for(pty, "stopped by the operator");
}

static void a_run_is_left_and_found_again(void **state)
{
    play(*state, make_shop, attach_session);
}

static void protected_session(struct session *s)
{
    struct pty *pty = &s->pty;
    golden_screen(pty, "protected-1-locked");
    pty_type(pty, "r");
    golden_screen(pty, "protected-2-refused");
    pty_send(pty, ESC);
    pty_type(pty, ":unlock\r");
    golden_screen(pty, "protected-3-unlock");
    play_type_name(s);
    golden_screen(pty, "protected-4-unlocked");
    pty_type(pty, "rn");
    golden_screen(pty, "protected-5-asked");
    play_type_name(s);
    pty_type(pty, "e");
    pty_watch_for(pty, "everything committed");
    golden_screen(pty, "protected-6-done");
}

static void a_protected_database_is_upgraded(void **state)
{
    play(*state, make_protected_shop, protected_session);
}

/* usage: test_golden [PATTERN]: only the sessions whose names match. */
int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        LIVE_TEST(a_chain_of_revisions_is_reviewed),
        LIVE_TEST(a_failure_in_the_middle_is_mended_and_retried),
        LIVE_TEST(a_statement_that_failed_is_edited),
        LIVE_TEST(revisions_are_rolled_back_one_by_one),
        LIVE_TEST(what_blocks_an_alter_is_shown_and_ended),
        LIVE_TEST(an_index_is_built_with_progress),
        LIVE_TEST(a_run_is_left_and_found_again),
        LIVE_TEST(a_protected_database_is_upgraded),
    };
    setlocale(LC_ALL, "C.UTF-8");
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    return cmocka_run_group_tests(tests, live_start, live_stop);
}
