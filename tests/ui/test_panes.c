/*
 * What the panes of source, SQL, graph and differences show, and how one leads to the other.
 */
#include "config.h"

#include <locale.h>
#include <string.h>

#include "base/file.h"
#include "base/str.h"
#include "ui/launch.h"

#define ESC "\033"

/* A call over several lines, and one that stands in the block of another. */
static const char *make_calls(struct live *live)
{
    const char *ini = launch_project(live, "calls", "");
    launch_revision(live, "calls", "a1", "None", "calls",
                    "op.create_table(\n"
                    "        'invoice',\n"
                    "        sa.Column('id', sa.Integer(), primary_key=True),\n"
                    "    )\n"
                    "    op.execute(\n"
                    "        'SELECT 1'\n"
                    "    )",
                    "pass");
    return ini;
}

static void every_line_of_a_call_leads_to_its_statement(void **state)
{
    struct live *live = *state;
    struct pty pty;
    launch_in(&pty, live, make_calls(live), 40, 120, NULL);
    pty_idle(&pty);
    pty_type(&pty, "2/sa.Column\r");
    pty_expect(&pty, "a1.py - statement 1 - line 12");
    pty_type(&pty, "\r");
    pty_expect(&pty, "[sql] statement 1 of 2 - source line 10");
    pty_type(&pty, "2/SELECT\r\r");
    pty_expect(&pty, "[sql] statement 2 of 2 - source line 14");
    pty_type(&pty, "\r");
    pty_expect(&pty, "[detail] a1.py - statement 2 - line 14");
    pty_type(&pty, "(");
    pty_expect(&pty, "[detail] a1.py - statement 1 - line 10");
    pty_type(&pty, "jjp");
    pty_expect(&pty, "op.create_table: ");
    pty_expect(&pty, "statement 1 of 2:");
    pty_expect_not(&pty, "statement 2 of 2:");
    pty_type(&pty, "q");
    quit(&pty);
}

/* A fork and its merge. */
static const char *make_fork(struct live *live, const char *settings)
{
    const char *ini = launch_project(live, "fork", settings);
    launch_revision(live, "fork", "a1", "None", "root", "op.execute('CREATE TABLE one ()')",
                    "pass");
    launch_revision(live, "fork", "b2", "'a1'", "left",
                    "with op.get_context().autocommit_block():\n"
                    "        op.execute('CREATE TABLE two ()')\n"
                    "        op.execute('SELECT 1/0')",
                    "pass");
    launch_revision(live, "fork", "c3", "'a1'", "right", "pass", "pass");
    launch_revision(live, "fork", "d4", "('b2', 'c3')", "merge", "pass", "pass");
    return ini;
}

static const char *const operator_[] = {"RETORT_OPERATOR=ann", NULL};

static void who_and_when(struct live *live, const char *settings)
{
    struct pty pty;
    launch_in(&pty, live, make_fork(live, settings), 24, 100, operator_);
    pty_idle(&pty);
    pty_type(&pty, ":upgrade a1\ry");
    pty_type(&pty, "e");
    pty_watch_for(&pty, "everything committed");
    pty_type(&pty, "1H");
    pty_wait_for(&pty, "a1 - the database is here - by ann 20");
    pty_expect(&pty, "root  ann 20");
    pty_type(&pty, ":set times=ago\r");
    pty_expect(&pty, "s ago");
    quit(&pty);
    launch_in(&pty, live, make_fork(live, settings), 24, 100, NULL);
    pty_idle(&pty);
    pty_expect(&pty, "root  ann 20");
    quit(&pty);
}

static void who_and_when_is_in_the_journal_of_the_database(void **state)
{
    struct live *live = *state;
    who_and_when(live, "");
    assert_string_equal(live_value(live, "SELECT count(*) FROM retort.step"), "1");
}

static void without_it_the_local_journals_tell_who_and_when(void **state)
{
    struct live *live = *state;
    who_and_when(live, "[retort]\njournal_schema =\n");
    assert_string_equal(live_value(live, "SELECT to_regnamespace('retort')"), "");
}

static void what_is_half_done_is_marked(void **state)
{
    struct live *live = *state;
    struct pty pty;
    launch_in(&pty, live, make_fork(live, ""), 24, 100, operator_);
    pty_idle(&pty);
    pty_type(&pty, ":upgrade b2\ry");
    pty_type(&pty, "e");
    pty_watch_for(&pty, "FAILED");
    pty_type(&pty, ESC "1");
    pty_type(&pty, ":goto b2\r");
    pty_expect(&pty, "\u25d0");
    pty_expect(&pty, "only a part of it is committed");
    pty_type(&pty, "Q");
    press(&pty, "q");
    pty_end(&pty);
    pty_clear(&pty);
    launch_in(&pty, live, make_fork(live, ""), 24, 100, NULL);
    pty_idle(&pty);
    pty_expect(&pty, "\u25d0");
    quit(&pty);
}

static void parents_and_children_are_gone_to(void **state)
{
    struct live *live = *state;
    struct pty pty;
    launch_in(&pty, live, make_fork(live, ""), 24, 100, NULL);
    pty_idle(&pty);
    pty_expect(&pty, "[graph] d4");
    pty_type(&pty, ",");
    pty_expect(&pty, "Which parent?");
    pty_expect(&pty, "c3 right");
    pty_type(&pty, "b");
    pty_expect(&pty, "[graph] c3");
    pty_type(&pty, ",");
    pty_expect(&pty, "[graph] a1");
    pty_type(&pty, ",");
    pty_expect(&pty, "a1 is a base: it has no parent");
    pty_type(&pty, ".");
    pty_expect(&pty, "Which child?");
    pty_type(&pty, "j\r");
    pty_expect(&pty, "[graph] ");
    pty_type(&pty, "t.");
    pty_expect(&pty, "d4 is a head: it has no child");
    quit(&pty);
}

/* One table, in which somebody has made an index by hand. */
static const char *make_models(struct live *live)
{
    const char *ini = launch_project(live, "models", "# a comment of the project's\n");
    launch_write(live, arena_printf(live->arena, "%s/models/migrations/env.py", live_server.dir),
                 "from alembic import context\n"
                 "import sqlalchemy as sa\n\n"
                 "metadata = sa.MetaData()\n"
                 "sa.Table('a', metadata, sa.Column('id', sa.Integer(), primary_key=True))\n"
                 "context.configure(target_metadata=metadata)\n"
                 "context.run_migrations()\n");
    live_sql(live, "CREATE TABLE a (id serial PRIMARY KEY)");
    live_sql(live, "CREATE INDEX ix_by_hand ON a (id)");
    live_sql(live, "CREATE TABLE leftover (id int)");
    return ini;
}

static void a_difference_is_ignored_by_a_rule_of_the_project(void **state)
{
    struct live *live = *state;
    struct pty pty;
    struct err err = ERR_INIT;
    char *text;
    size_t len;
    const char *ini = make_models(live);
    launch_in(&pty, live, ini, 24, 100, NULL);
    pty_idle(&pty);
    pty_type(&pty, "d/by_hand\r");
    pty_expect(&pty, "[x] D a.ix_by_hand  removed index");
    pty_type(&pty, "i");
    pty_expect(&pty, "removed_index a.ix_by_hand");
    pty_type(&pty, "\r"); /* the focused button is no */
    pty_expect(&pty, "nothing was done");
    pty_type(&pty, "iy");
    pty_expect(&pty, "the rule is in the project's configuration");
    pty_expect(&pty, "4 diff 1 of 1 included, 1 ignored");
    pty_expect_not(&pty, "a.ix_by_hand");
    pty_type(&pty, "ffff");
    pty_expect(&pty, "[-] D a.ix_by_hand  removed index");
    pty_type(&pty, " ");
    pty_expect(&pty, "a rule of [retort] ignores it");
    pty_type(&pty, "i");
    pty_expect(&pty, "it is ignored already");
    quit(&pty);
    assert_true(file_read(live->arena, ini, 1 << 16, &text, &len, &err));
    assert_string_equal(text, "[alembic]\nscript_location = %(here)s/migrations\n"
                              "# a comment of the project's\n\n"
                              "[retort]\nignore_differences =\n    removed_index a.ix_by_hand\n");
}

static void sizes_and_options_are_remembered(void **state)
{
    struct live *live = *state;
    struct pty pty;
    struct err err = ERR_INIT;
    char *text;
    size_t len;
    const char *ini = make_fork(live, "");
    const char *path = arena_printf(live->arena, "%s/remembered/console.state", live_server.dir);
    const char *variables[] = {
        arena_printf(live->arena, "RETORT_CONSOLE_STATE=%s", path), NULL};
    launch_in(&pty, live, ini, 24, 80, variables);
    pty_idle(&pty);
    assert_non_null(strstr(pty_row(&pty, 10), "3 sql"));
    quit(&pty);
    assert_false(file_exists(path)); /* nothing was changed */
    launch_in(&pty, live, ini, 24, 80, variables);
    pty_idle(&pty);
    pty_type(&pty, "++:set times=ago\r");
    pty_type(&pty, ":set graphics=ascii\r");
    quit(&pty);
    launch_in(&pty, live, ini, 24, 80, variables);
    pty_idle(&pty);
    assert_non_null(strstr(pty_row(&pty, 12), "3 sql"));
    pty_expect_not(&pty, "o d4"); /* that is of the terminal, or of the user's own file */
    pty_type(&pty, ":set times\r");
    pty_expect(&pty, "times=ago");
    quit(&pty);
    assert_true(file_read(live->arena, path, 1 << 16, &text, &len, &err));
    assert_null(strstr(text, "graphics"));
    launch_write(live, path, "rows\nrows 1000\n\001\377 x\ncolumns -3\ntimes never\nnothing on\n");
    launch_in(&pty, live, ini, 24, 80, variables);
    pty_idle(&pty);
    assert_non_null(strstr(pty_row(&pty, 10), "3 sql"));
    pty_type(&pty, ":set times\r");
    pty_expect(&pty, "times=clock");
    quit(&pty);
    variables[0] = "RETORT_CONSOLE_STATE=/dev/null/nowhere";
    launch_in(&pty, live, ini, 24, 80, variables);
    pty_idle(&pty);
    pty_type(&pty, "+");
    quit(&pty);
}

static void another_database_is_connected_to(void **state)
{
    struct live *live = *state;
    struct pty pty;
    const char *ini = make_fork(
        live, arena_printf(live->arena,
                           "[other]\nscript_location = %%(here)s/migrations\n"
                           "sqlalchemy.url = postgresql://%s@/postgres?host=%s&port=%s\n",
                           live->url.user, live->url.host, live->url.port));
    launch_in(&pty, live, ini, 24, 100, NULL);
    pty_idle(&pty);
    pty_type(&pty, "rhn"); /* a plan, which is not run */
    pty_expect(&pty, "nothing was done");
    pty_type(&pty, ":connect nowhere\r");
    pty_expect(&pty, "alembic.ini has no section [nowhere]");
    pty_type(&pty, ":connect oth\t\r");
    pty_wait_for(&pty, "db=postgres@local");
    pty_expect(&pty, "another section of alembic.ini");
    pty_type(&pty, "5");
    pty_expect(&pty, "nothing was planned yet");
    quit(&pty);
}

static void commands_are_completed_and_explained(void **state)
{
    struct live *live = *state;
    struct pty pty;
    launch_in(&pty, live, make_fork(live, ""), 24, 100, NULL);
    pty_idle(&pty);
    pty_type(&pty, ":set gr\tas\t\r");
    pty_expect(&pty, "graphics=ascii");
    pty_type(&pty, ":bind gra\t U exch\t\r");
    pty_type(&pty, "U");
    pty_expect(&pty, "showing the downgrade");
    pty_type(&pty, ":goto b\t\t\r"); /* b2, base */
    pty_expect(&pty, "[graph] ");
    pty_type(&pty, ":help breakpoint\r");
    pty_expect(&pty, "/breakpoint");
    pty_expect_not(&pty, "revision graph");
    pty_send(&pty, ESC);
    quit(&pty);
}

static void an_empty_filter_clears_and_yank_has_the_message(void **state)
{
    struct live *live = *state;
    struct pty pty;
    launch_in(&pty, live, make_fork(live, ""), 24, 100, NULL);
    pty_idle(&pty);
    pty_type(&pty, "&left\r");
    pty_expect_not(&pty, "c3 right");
    pty_type(&pty, "&\r");
    pty_expect(&pty, "c3 right");
    pty_type(&pty, "H"); /* says why not */
    pty_type(&pty, "y");
    pty_expect(&pty, "message of the revision");
    pty_type(&pty, "m");
    pty_expect(&pty, "copied 4 bytes");
    pty_type(&pty, "yl");
    pty_expect(&pty, "bytes, if the terminal allows it");
    quit(&pty);
}

static void a_whole_range_is_shown_with_its_seams(void **state)
{
    struct live *live = *state;
    struct pty pty;
    launch_in(&pty, live, make_fork(live, ""), 60, 120, NULL);
    pty_idle(&pty);
    pty_type(&pty, ":sql a1:heads\r");
    pty_expect(&pty, "3 sql a1:heads (upgrade, 3 revisions)");
    pty_expect(&pty, "-- upgrade a1 -> b2, left");
    pty_expect(&pty, "BEGIN;");
    pty_expect(&pty, "-- outside a transaction");
    pty_expect(&pty, "CREATE TABLE two ();");
    pty_expect(&pty, "COMMIT;");
    pty_expect_not(&pty, "CREATE TABLE one");
    pty_type(&pty, "/TABLE two\r");
    pty_type(&pty, "i");
    pty_expect(&pty, "a range is only shown");
    pty_type(&pty, "\r"); /* to its source, in another revision than the one looked at */
    pty_expect(&pty, "2 detail: b2 left");
    pty_expect(&pty, "[detail] b2.py - statement 2 - line 11");
    pty_type(&pty, "3");
    pty_send(&pty, ESC);
    pty_expect(&pty, "3 sql (upgrade) ");
    pty_type(&pty, ":sql d4:a1\r");
    pty_expect(&pty, "3 sql d4:a1 (downgrade, 3 revisions)");
    pty_type(&pty, "q:sql :b2\r");
    pty_expect(&pty, "3 sql :b2 (upgrade, 2 revisions)");
    pty_expect(&pty, "CREATE TABLE one ();");
    pty_type(&pty, ":sql nothing:b2\r");
    pty_expect(&pty, "Can't locate revision identified by 'nothing'");
    quit(&pty);
}

/* usage: test_panes [PATTERN] */
int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        LIVE_TEST(every_line_of_a_call_leads_to_its_statement),
        LIVE_TEST(who_and_when_is_in_the_journal_of_the_database),
        LIVE_TEST(without_it_the_local_journals_tell_who_and_when),
        LIVE_TEST(what_is_half_done_is_marked),
        LIVE_TEST(parents_and_children_are_gone_to),
        LIVE_TEST(another_database_is_connected_to),
        LIVE_TEST(commands_are_completed_and_explained),
        LIVE_TEST(an_empty_filter_clears_and_yank_has_the_message),
        LIVE_TEST(a_whole_range_is_shown_with_its_seams),
        LIVE_TEST(sizes_and_options_are_remembered),
        LIVE_TEST(a_difference_is_ignored_by_a_rule_of_the_project),
    };
    setlocale(LC_ALL, "C.UTF-8");
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    return cmocka_run_group_tests(tests, live_start, live_stop);
}
