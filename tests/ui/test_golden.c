/*
 * Whole sessions at 80x24, 120x40 and 200x60, with golden screens (golden.h).
 */
#include "config.h"

#include <locale.h>
#include <string.h>
#include <sys/wait.h>

#include "base/str.h"
#include "ui/golden.h"
#include "ui/launch.h"

#define ESC      "\033"
#define DATABASE "shop"

struct session {
    struct live *live;
    const char *ini;
    struct pty pty;
    int rows, columns;
};

typedef void (*session_fn)(struct session *s);

static const int sizes[][2] = {{24, 80}, {40, 120}, {60, 200}};

/* Two lines of development that were merged, and a revision after them. */
static const char *make_shop(struct live *live, const char *settings)
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
    launch_revision(live, "shop", "e5", "'d4'", "invoice: total not null",
                    "op.add_column('invoice', sa.Column('total', sa.Numeric(10, 2), nullable=False))",
                    "op.drop_column('invoice', 'total')");
    return ini;
}

static void open_console(struct session *s)
{
    static const char *const variables[] = {"RETORT_OPERATOR=ann", NULL};
    launch_in(&s->pty, s->live, s->ini, s->rows, s->columns, variables);
    pty_idle(&s->pty);
}

static void type_name(struct session *s)
{
    pty_type(&s->pty, DATABASE "\r");
}

/* Plays a session at each size, on a new database each time. */
static void play(struct live *live, const char *settings, session_fn session)
{
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct session s = {.live = live, .rows = sizes[i][0], .columns = sizes[i][1]};
        launch_database(live, DATABASE);
        s.ini = make_shop(live, settings);
        open_console(&s);
        session(&s);
        quit(&s.pty);
    }
    golden_end();
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
    play(*state, "", review_session);
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

static void a_failure_in_the_middle_is_mended_and_retried(void **state)
{
    play(*state, "", failure_session);
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
    type_name(s);
    pty_type(pty, "t");
    golden_screen(pty, "rollback-3-armed");
    pty_type(pty, "S");
    pty_wait_for(pty, "at d4");
    golden_screen(pty, "rollback-4-one");
    pty_type(pty, "S");
    pty_wait_for(pty, "paused");
    golden_screen(pty, "rollback-5-two");
    pty_type(pty, "ak");
    pty_watch_for(pty, "stopped by the operator");
    golden_screen(pty, "rollback-6-stopped");
}

static void revisions_are_rolled_back_one_by_one(void **state)
{
    play(*state, "", rollback_session);
}

static void blocked_session(struct session *s)
{
    struct connection *other;
    struct err err = ERR_INIT;
    struct pty *pty = &s->pty;
    assert_true(connection_open(&s->live->url, NULL, &other, &err));
    assert_true(connection_query(other,
                                 "SET application_name = 'in the way'; BEGIN;"
                                 "CREATE TABLE customer (id int)",
                                 NULL, 0, NULL, &err));
    pty_type(pty, "rny");
    pty_type(pty, "t");
    press(pty, "s");
    pty_watch_for(pty, "in the way");
    press(pty, "L");
    pty_watch_for(pty, "Around the run");
    press(pty, "1");
    pty_watch_for(pty, "terminate its session");
    press(pty, "t");
    pty_watch_for(pty, "Terminate this session");
    pty_expect(pty, "Its session is ended: its transaction is rolled back");
    pty_expect(pty, "[ no: n ]   [ terminate: y ]");
    press(pty, "y");
    pty_watch_for(pty, "terminated: pid ");
    pty_wait_for(pty, "paused 1/");
    connection_close(other);
    pty_type(pty, "S");
    pty_watch_for(pty, "everything committed");
    golden_screen(pty, "blocked-1-done");
}

static void what_blocks_an_alter_is_shown_and_ended(void **state)
{
    play(*state, "", blocked_session);
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
    open_console(s);
    pty_expect(pty, "nobody steers it: it is yours");
    golden_screen(pty, "attach-2-found");
    pty_type(pty, "ak");
    pty_watch_for(pty, "stopped by the operator");
}

static void a_run_is_left_and_found_again(void **state)
{
    play(*state, "", attach_session);
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
    type_name(s);
    golden_screen(pty, "protected-4-unlocked");
    pty_type(pty, "rn");
    golden_screen(pty, "protected-5-asked");
    type_name(s);
    pty_type(pty, "e");
    pty_watch_for(pty, "everything committed");
    golden_screen(pty, "protected-6-done");
}

static void a_protected_database_is_upgraded(void **state)
{
    play(*state, "[retort]\nlabel = live\nprotected = shop\n", protected_session);
}

/* usage: test_golden [PATTERN]: only the sessions whose names match. */
int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        LIVE_TEST(a_chain_of_revisions_is_reviewed),
        LIVE_TEST(a_failure_in_the_middle_is_mended_and_retried),
        LIVE_TEST(revisions_are_rolled_back_one_by_one),
        LIVE_TEST(what_blocks_an_alter_is_shown_and_ended),
        LIVE_TEST(a_run_is_left_and_found_again),
        LIVE_TEST(a_protected_database_is_upgraded),
    };
    setlocale(LC_ALL, "C.UTF-8");
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    return cmocka_run_group_tests(tests, live_start, live_stop);
}
