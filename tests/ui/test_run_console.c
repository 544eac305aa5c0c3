/*
 * Runs in the console, beyond those of the example project: revisions that ask the database,
 * revisions that Alembic carries out, what is lost, what was edited, leaving a run alone.
 */
#include "config.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/str.h"
#include "ui/launch.h"

#define ESC  "\033"
#define DOWN "\033OB"
#define PAGE_DOWN "\033[6~"

/* Types the name of the database; Enter where what is asked has been read. */
static void agree(struct pty *pty, const struct live *live)
{
    pty_expect(pty, "Type the name of the database");
    pty_type(pty, live->url.database);
    pty_type(pty, "\r");
}

/* Opens a menu and answers it: keys that come all at once answer nothing. */
static void choose(struct pty *pty, const char *key, const char *title, const char *letter)
{
    press(pty, key);
    pty_watch_for(pty, title);
    press(pty, letter);
}

/* A project of one table with three rows, and a database that has it. */
static const char *project(struct live *live, const char *settings)
{
    const char *name = arena_printf(live->arena, "p_%s", live->url.database);
    const char *ini = launch_project(live, name, settings);
    launch_revision(live, name, "aa11", "None", "tables",
                    "op.execute(\"CREATE TABLE account (id int PRIMARY KEY, n int)\")",
                    "op.execute(\"DROP TABLE account\")");
    live_sql(live, "CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY)");
    live_sql(live, "INSERT INTO alembic_version VALUES ('aa11')");
    live_sql(live, "CREATE TABLE account (id int PRIMARY KEY, n int)");
    live_sql(live, "INSERT INTO account VALUES (1, 1), (2, 2), (3, 3)");
    live_sql(live, "ANALYZE account");
    return ini;
}

/* One more revision of that project. */
static void add(struct live *live, const char *id, const char *parent, const char *up,
                const char *down)
{
    const char *name = arena_printf(live->arena, "p_%s", live->url.database);
    launch_revision(live, name, id, arena_printf(live->arena, "\"%s\"", parent),
                    arena_printf(live->arena, "doc of %s", id), up, down);
}

/* -- revisions that ask the database ------------------------------------------------------------
 */

#define ASKS                                                                                       \
    "bind = op.get_bind()\n"                                                                       \
    "    n = bind.execute(sa.text('SELECT count(*) FROM account')).scalar()\n"                     \
    "    op.execute(f\"COMMENT ON TABLE account IS '{n} rows'\")\n"

static void questions_are_shown_as_they_come(void **state)
{
    struct live *live = *state;
    struct pty pty;
    const char *ini = project(live, "");
    live_sql(live, "CREATE TABLE gate (id int)");
    add(live, "bb22", "aa11",
        ASKS "    bind.execute(sa.text('SELECT count(*) FROM gate')).scalar()", "pass");
    launch_in(&pty, live, ini, 24, 80, NULL);
    pty_idle(&pty);
    pty_expect(&pty, "-- asks the database: Enter shows what it would do now");
    pty_type(&pty, "rh");
    pty_expect(&pty, "1 revision asks the database: evaluated again when it runs");
    pty_type(&pty, "yt");
    pty_expect(&pty, "paused 0/2");
    live_sql(live, "INSERT INTO account VALUES (4, 4)"); /* another answer than before */
    live_sql(live, "BEGIN");
    live_sql(live, "LOCK TABLE gate");
    press(&pty, "s"); /* pauses: it wants another statement */
    pty_watch_for(&pty, "! revision bb22 wants another statement");
    pty_expect(&pty, "asked: SELECT count(*) FROM account");
    pty_expect(&pty, "[(4,)] (another answer than before)");
    choose(&pty, "m", "take it into the plan", "y");
    pty_watch_for(&pty, "paused 0/3");
    press(&pty, "S");
    live_wait_for(live, "SELECT count(*) > 0 FROM pg_locks WHERE NOT granted");
    pty_watch_for(&pty, "executing 1/");
    live_sql(live, "ROLLBACK");
    pty_watch_for(&pty, "! revision bb22 ends before a statement"); /* that of before */
    choose(&pty, "m", "take it into the plan", "y");
    pty_watch_for(&pty, "paused 1/2");
    press(&pty, "S");
    pty_wait_for(&pty, "everything committed");
    pty_expect(&pty, "committed: 1 of 1 revision, the database is at bb22");
    assert_string_equal(live_value(live, "SELECT obj_description('account'::regclass)"), "4 rows");
    quit(&pty);
}

static void a_question_under_way_is_on_the_screen(void **state)
{
    struct live *live = *state;
    struct pty pty;
    const char *ini = project(live, "");
    live_sql(live, "CREATE TABLE gate (id int)");
    add(live, "bb22", "aa11",
        ASKS "    bind.execute(sa.text('SELECT count(*) FROM gate')).scalar()", "pass");
    launch_in(&pty, live, ini, 24, 80, NULL);
    pty_idle(&pty);
    pty_type(&pty, "rhyt");
    live_sql(live, "BEGIN");
    live_sql(live, "LOCK TABLE gate");
    press(&pty, "S");
    live_wait_for(live, "SELECT count(*) > 0 FROM pg_locks WHERE NOT granted");
    /* The first question is answered, the second is not: the first is seen while that goes on. */
    pty_watch_for(&pty, "asked: SELECT count(*) FROM account");
    pty_watch_for(&pty, "blocked by");
    live_sql(live, "ROLLBACK");
    pty_wait_for(&pty, "everything committed");
    quit(&pty);
}

static void a_live_statement_that_loses_more_is_typed(void **state)
{
    struct live *live = *state;
    struct pty pty;
    const char *ini = project(live, "");
    add(live, "bb22", "aa11",
        "bind = op.get_bind()\n"
        "    if bind.execute(sa.text('SELECT count(*) FROM account')).scalar() > 3:\n"
        "        op.execute('ALTER TABLE account DROP COLUMN n')\n"
        "    op.execute('COMMENT ON TABLE account IS NULL')",
        "pass");
    launch_in(&pty, live, ini, 30, 100, NULL);
    pty_idle(&pty);
    pty_type(&pty, "rhyt");
    pty_expect(&pty, "paused 0/2");
    live_sql(live, "INSERT INTO account VALUES (4, 4)");
    press(&pty, "S");
    pty_wait_for(&pty, "! revision bb22 wants another statement");
    pty_expect(&pty, "committed: 0 of 1 revision, the database is at aa11; m shows the moves");
    pty_send(&pty, DOWN); /* the next key leaves the reason where it is */
    pty_expect(&pty, "! revision bb22 wants another statement");
    pty_type(&pty, "my");
    pty_expect(&pty, "This loses data");
    pty_send(&pty, ESC);
    pty_type(&pty, "my");
    agree(&pty, live);
    pty_wait_for(&pty, "paused 0/3");
    pty_expect(&pty, "! ALTER TABLE account DROP COLUMN n");
    assert_string_equal(live_value(live,
                                   "SELECT count(*) FROM pg_attribute WHERE attname = 'n' AND "
                                   "attrelid = 'account'::regclass"),
                        "1");
    press(&pty, "S");
    pty_wait_for(&pty, "everything committed");
    quit(&pty);
}

static void a_statement_of_a_live_revision_is_edited(void **state)
{
    struct live *live = *state;
    struct pty pty;
    const char *ini = project(live, "");
    add(live, "bb22", "aa11", ASKS "    op.execute('COMMENT ON COLUMN account.n IS NULL')", "pass");
    launch_in(&pty, live, ini, 30, 100, NULL);
    pty_idle(&pty);
    pty_type(&pty, "rhyt");
    pty_expect(&pty, "paused 0/3");
    pty_type(&pty, "i");
    pty_expect(&pty, "3 EDIT statement 1 of upgrade bb22");
    pty_send(&pty, "\005"); /* Ctrl-E */
    pty_send(&pty, "\b");
    pty_type(&pty, ", seen'");
    press(&pty, ESC);
    pty_wait_for(&pty, "* COMMENT ON TABLE account IS '3 rows, seen'");
    pty_expect(&pty, "* edited");
    pty_type(&pty, "S");
    pty_wait_for(&pty, "everything committed");
    assert_string_equal(live_value(live, "SELECT obj_description('account'::regclass)"),
                        "3 rows, seen");
    quit(&pty);
}

/* -- revisions that Alembic carries out ---------------------------------------------------------
 */

/* Whether the machine's Python has what the bridge needs; else nothing of it can be tested here. */
static bool has_alembic(void)
{
    return system("/usr/bin/python3 -c 'import alembic, psycopg2' 2>/dev/null") == 0;
}

/* A revision that only Python can carry out: it waits for the table gate, and makes one. */
static const char *bridged(struct live *live)
{
    static const char env[] =
        "import os\n"
        "from alembic import context\n"
        "from sqlalchemy import create_engine\n"
        "if context.is_offline_mode():\n"
        "    context.configure(url='postgresql://', literal_binds=True)\n"
        "    with context.begin_transaction():\n"
        "        context.run_migrations()\n"
        "else:\n"
        "    with create_engine(os.environ['APP_URL']).connect() as connection:\n"
        "        context.configure(connection=connection,\n"
        "                          transaction_per_migration=True)\n"
        "        with context.begin_transaction():\n"
        "            context.run_migrations()\n";
    const char *ini = project(live, "[retort]\nbridge = true\npython = /usr/bin/python3\n");
    const char *folder = path_dir(live->arena, ini);
    launch_write(live, arena_printf(live->arena, "%s/migrations/env.py", folder), env);
    live_sql(live, "CREATE TABLE gate (id int)");
    add(live, "bb22", "aa11",
        "import subprocess\n"
        "    subprocess.check_call(['true'])\n"
        "    print('python is at work', flush=True)\n"
        "    op.execute('SELECT count(*) FROM gate')\n"
        "    op.execute('CREATE TABLE bridged (id int)')",
        "import subprocess\n"
        "    subprocess.check_call(['true'])\n"
        "    op.execute('DROP TABLE bridged')");
    return ini;
}

static void what_alembic_does_is_watched_left_and_found_again(void **state)
{
    struct live *live = *state;
    struct pty pty;
    if (!has_alembic())
        skip();
    const char *ini = bridged(live);
    const char *variables[] = {
        arena_printf(live->arena, "APP_URL=postgresql+psycopg2://%s@/%s?host=%s&port=%s",
                     live->url.user, live->url.database, live->url.host, live->url.port),
        NULL};
    add(live, "cc33", "bb22", "op.execute('CREATE TABLE last (id int)')", "pass");
    launch_in(&pty, live, ini, 30, 100, variables);
    pty_idle(&pty);
    pty_type(&pty, "rh");
    pty_expect(&pty, "! by Alembic: bb22");
    pty_expect(&pty, "not known before");
    pty_expect_not(&pty, "not known to the parser");
    pty_type(&pty, "yt");
    live_sql(live, "BEGIN");
    live_sql(live, "LOCK TABLE gate");
    press(&pty, "s");
    live_wait_for(live, "SELECT count(*) > 0 FROM pg_locks WHERE NOT granted");
    pty_watch_for(&pty, "python is at work");
    choose(&pty, "Q", "leave the run to its worker", "l");
    pty_end(&pty);
    pty_expect_restored(&pty);
    pty_clear(&pty);
    launch_in(&pty, live, ini, 30, 100, variables);
    pty_watch_for(&pty, "nobody steers it: it is yours");
    pty_watch_for(&pty, "running");
    pty_watch_for(&pty, "alembic upgrade bb22");
    live_sql(live, "ROLLBACK");
    pty_watch_for(&pty, "paused 1/3");
    pty_expect(&pty, "at bb22");
    assert_string_equal(live_value(live, "SELECT version_num FROM alembic_version"), "bb22");
    pty_type(&pty, "S");
    pty_wait_for(&pty, "committed: 2 of 2 revisions, the database is at cc33");
    quit(&pty);
}

/* To leave it out would leave the version table behind. */
static void what_alembic_does_is_not_left_out(void **state)
{
    struct live *live = *state;
    struct pty pty;
    if (!has_alembic())
        skip();
    const char *ini = bridged(live);
    const char *variables[] = {
        arena_printf(live->arena, "APP_URL=postgresql+psycopg2://%s@/%s?host=%s&port=%s",
                     live->url.user, live->url.database, live->url.host, live->url.port),
        NULL};
    live_sql(live, "CREATE TABLE bridged (id int)");
    launch_in(&pty, live, ini, 30, 100, variables);
    pty_idle(&pty);
    pty_type(&pty, "rhyt");
    press(&pty, "s");
    pty_wait_for(&pty, "! failed: Alembic: ");
    pty_expect(&pty, "committed: 0 of 1 revision, the database is at aa11");
    pty_type(&pty, "mk");
    pty_expect(&pty, "Alembic carries out this revision");
    pty_send(&pty, ESC);
    live_sql(live, "DROP TABLE bridged");
    choose(&pty, "m", "retry what is not committed", "r");
    pty_wait_for(&pty, "committed: 1 of 1 revision, the database is at bb22");
    quit(&pty);
}

/* -- what is lost ------------------------------------------------------------------------------
 */

static void a_rollback_says_what_each_step_drops(void **state)
{
    struct live *live = *state;
    struct pty pty;
    const char *ini = project(live, "");
    add(live, "bb22", "aa11", "op.execute('ALTER TABLE account ADD COLUMN mail text')",
        "op.execute('ALTER TABLE account DROP COLUMN mail')");
    live_sql(live, "ALTER TABLE account ADD COLUMN mail text");
    live_sql(live, "UPDATE alembic_version SET version_num = 'bb22'");
    launch_in(&pty, live, ini, 30, 120, NULL);
    pty_idle(&pty);
    pty_type(&pty, ":downgrade base\r");
    pty_expect(&pty, "! bb22 loses data: column mail of account (about 3 rows)");
    pty_expect(&pty, "! aa11 loses data: table account (about 3 rows)");
    agree(&pty, live);
    pty_type(&pty, "t");
    pty_resize(&pty, 24, 80);
    pty_expect(&pty, "downgrade bb22 -> aa11 ! loses column mail of account (about 3 rows)");
    pty_type(&pty, "S"); /* this revision, and no more */
    pty_expect(&pty, "at aa11   paused 2/4");
    pty_expect(&pty, "downgrade aa11 -> base ! loses table account (about 3 rows)");
    pty_type(&pty, "ak");
    pty_expect(&pty, "committed: 1 of 2 revisions, the database is at aa11");
    assert_string_equal(live_value(live, "SELECT to_regclass('account')"), "account");
    quit(&pty);
}

/* Thirty tables: the name is typed when all of them were on the screen. */
static void a_loss_is_never_out_of_sight(void **state)
{
    struct live *live = *state;
    struct pty pty;
    struct str drops = STR_IN(live->arena);
    const char *ini = project(live, "");
    for (int i = 0; i < 30; i++) {
        live_sql(live, arena_printf(live->arena, "CREATE TABLE t%02d (id int)", i));
        str_addf(&drops, "%sop.execute('DROP TABLE t%02d')", i ? "; " : "", i);
    }
    add(live, "bb22", "aa11", drops.ptr, "pass");
    launch_in(&pty, live, ini, 24, 80, NULL);
    pty_idle(&pty);
    pty_type(&pty, "rh");
    pty_expect(&pty, "table t00");
    pty_expect_not(&pty, "table t29");
    pty_type(&pty, live->url.database);
    pty_type(&pty, "\r");
    pty_expect(&pty, "read all of what is asked first");
    for (int i = 0; i < 30 && !pty_shows(&pty, "Type the name"); i++)
        pty_send(&pty, DOWN);
    pty_expect(&pty, "table t29");
    pty_type(&pty, "\r");
    pty_expect(&pty, "How far?");
    pty_send(&pty, ESC);
    pty_type(&pty, "rh");
    for (int i = 0; i < 3 && !pty_shows(&pty, "Type the name"); i++)
        pty_send(&pty, PAGE_DOWN);
    pty_expect(&pty, "table t29");
    pty_send(&pty, ESC);
    assert_string_equal(live_value(live, "SELECT to_regclass('t00')"), "t00");
    quit(&pty);
}

/* -- what was edited, and what is under way -----------------------------------------------------
 */

static void what_was_edited_is_marked_till_the_run_is_over(void **state)
{
    struct live *live = *state;
    struct pty pty;
    const char *ini = project(live, "");
    add(live, "bb22", "aa11", "op.execute('CREATE TABLE extra (id int)')", "pass");
    launch_in(&pty, live, ini, 30, 120, NULL);
    pty_idle(&pty);
    pty_type(&pty, "3i");
    pty_expect(&pty, "EDIT");
    pty_send(&pty, ESC "f");
    pty_send(&pty, ESC "f");
    pty_type(&pty, " IF NOT EXISTS");
    pty_send(&pty, ESC);
    pty_expect(&pty, "sql (upgrade) * edited");
    assert_non_null(strstr(pty_row(&pty, 0), "* edited"));
    press(&pty, "Q");
    pty_expect(&pty, "SQL was edited, and neither run nor saved");
    pty_type(&pty, "n5r");
    pty_expect(&pty, "* edited     bb22");
    pty_type(&pty, "yt");
    pty_expect(&pty, "* CREATE TABLE IF NOT EXISTS");
    pty_expect(&pty, "upgrade aa11 -> bb22 doc of bb22 * edited");
    assert_non_null(strstr(pty_row(&pty, 0), "* edited"));
    pty_type(&pty, "S");
    pty_expect(&pty, "committed: 1 of 1 revision, the database is at bb22");
    assert_null(strstr(pty_row(&pty, 0), "* edited"));
    quit(&pty);
}

static void keys_typed_into_a_statement_step_nothing(void **state)
{
    struct live *live = *state;
    struct pty pty;
    const char *ini = project(live, "");
    add(live, "bb22", "aa11", "op.execute('COMMENT ON TABLE account IS NULL'); "
                              "op.execute('CREATE TABLE extra (id int)')", "pass");
    launch_in(&pty, live, ini, 24, 80, NULL);
    pty_idle(&pty);
    pty_type(&pty, "rhyt");
    live_sql(live, "BEGIN");
    live_sql(live, "LOCK TABLE account");
    press(&pty, "s");
    live_wait_for(live, "SELECT count(*) > 0 FROM pg_locks WHERE NOT granted");
    press(&pty, "ssssssssssssssssssssssssssssss");
    pty_watch_for(&pty, "a statement is running");
    live_wait_for(live, "SELECT true FROM pg_sleep(0.3)"); /* no burst of keys any more */
    choose(&pty, "\032", "pause after the current statement, then suspend", "k"); /* Ctrl-Z */
    pty_quiet(&pty);
    choose(&pty, "Q", "leave the run to its worker", "p"); /* pauses, and stays */
    live_sql(live, "ROLLBACK");
    pty_watch_for(&pty, "paused 1/3");
    pty_expect(&pty, "paused 1/3, in transaction");
    pty_type(&pty, "\032");
    pty_expect(&pty, "A transaction is open: it keeps its locks");
    pty_type(&pty, "k");
    pty_type(&pty, "ab");
    pty_expect(&pty, "committed: 0 of 1 revision, the database is at aa11; 1 statement was undone");
    quit(&pty);
}

/*
 * Ctrl-Z gives the terminal back when the run has paused; this one has no job control to stop it.
 */
static void a_console_is_suspended_when_its_run_has_paused(void **state)
{
    struct live *live = *state;
    struct pty pty;
    static const char leaves[] = "\033[?1049l";
    const char *ini = project(live, "");
    add(live, "bb22", "aa11", "op.execute('COMMENT ON TABLE account IS NULL'); "
                              "op.execute('CREATE TABLE extra (id int)')", "pass");
    launch_in(&pty, live, ini, 24, 80, NULL);
    pty_idle(&pty);
    pty_type(&pty, "rhyt");
    live_sql(live, "BEGIN");
    live_sql(live, "LOCK TABLE account");
    press(&pty, "S");
    live_wait_for(live, "SELECT count(*) > 0 FROM pg_locks WHERE NOT granted");
    choose(&pty, "\032", "pause after the current statement, then suspend", "p");
    pty_watch_for(&pty, "suspending when the run has paused");
    assert_null(strstr(pty.output.ptr, leaves));
    live_sql(live, "ROLLBACK");
    pty_watch_for(&pty, "paused 1/3, in transaction");
    pty_quiet(&pty);
    assert_non_null(strstr(pty.output.ptr, leaves));
    assert_true(pty.alternate);
    pty_type(&pty, "ab");
    quit(&pty);
}

static void an_index_build_shows_how_far_it_is(void **state)
{
    struct live *live = *state;
    struct pty pty;
    const char *ini = project(live, "");
    live_sql(live, "CREATE FUNCTION slow(int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS "
                   "'BEGIN PERFORM pg_sleep(0.01); RETURN $1; END'");
    live_sql(live, "INSERT INTO account SELECT g, g FROM generate_series(4, 500) g");
    live_sql(live, "ANALYZE account");
    add(live, "bb22", "aa11", "op.execute('CREATE INDEX ix ON account (slow(n))')", "pass");
    launch_in(&pty, live, ini, 24, 80, NULL);
    pty_idle(&pty);
    pty_type(&pty, "rhyt");
    press(&pty, "s");
    pty_watch_for(&pty, ".] "); /* the bar, with a part to go */
    pty_watch_for(&pty, "transaction open for ");
    press(&pty, "\003");
    pty_wait_for(&pty, "! failed: canceling statement due to user request (SQLSTATE 57014)");
    pty_type(&pty, "mg");
    quit(&pty);
}

static void who_waits_behind_the_run_is_shown(void **state)
{
    struct live *live = *state;
    struct pty pty;
    struct connection *other;
    struct err err = ERR_INIT;
    const char *ini = project(live, "");
    add(live, "bb22", "aa11", "op.execute('ALTER TABLE account ADD COLUMN mail text')", "pass");
    assert_true(connection_open(&live->url, NULL, &other, &err));
    launch_in(&pty, live, ini, 24, 80, NULL);
    pty_idle(&pty);
    pty_type(&pty, "rhyts");
    pty_expect(&pty, "paused 1/2, in transaction");
    assert_true(connection_send(other, "SELECT * FROM account", NULL, 0, &err));
    pty_watch_for(&pty, "! 1 waits behind this run:");
    pty_watch_for(&pty, "holds ACCESS EXCLUSIVE on account");
    pty_type(&pty, "ab");
    connection_close(other);
    quit(&pty);
}

/* They are programs of the project, and nobody said that they may run. */
static void hooks_of_a_new_revision_are_named_and_not_run(void **state)
{
    static const char template[] = "\"\"\"${message}\"\"\"\nfrom alembic import op\n\n"
                                   "revision = ${repr(up_revision)}\n"
                                   "down_revision = ${repr(down_revision)}\n\n\n"
                                   "def upgrade():\n    pass\n\n\ndef downgrade():\n    pass\n";
    static const char *const variables[] = {"VISUAL=:", NULL};
    struct live *live = *state;
    struct pty pty;
    const char *mark = arena_printf(live->arena, "%s/hook-was-run", live_server.dir);
    const char *ini = project(live, arena_printf(live->arena,
                                                 "[post_write_hooks]\nhooks = tidy\n"
                                                 "tidy.type = exec\ntidy.executable = touch\n"
                                                 "tidy.options = %s\n", mark));
    launch_write(live, arena_printf(live->arena, "%s/migrations/script.py.mako",
                                    path_dir(live->arena, ini)), template);
    launch_in(&pty, live, ini, 24, 80, variables);
    pty_idle(&pty);
    pty_type(&pty, "anext\r");
    pty_expect(&pty, "post-write hooks that were not run: tidy");
    pty_expect(&pty, "next (head)");
    assert_false(file_exists(mark));
    quit(&pty);
}

/* usage: test_run_console [PATTERN]: only the tests whose names match. */
int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        LIVE_TEST(questions_are_shown_as_they_come),
        LIVE_TEST(a_question_under_way_is_on_the_screen),
        LIVE_TEST(a_live_statement_that_loses_more_is_typed),
        LIVE_TEST(a_statement_of_a_live_revision_is_edited),
        LIVE_TEST(what_alembic_does_is_watched_left_and_found_again),
        LIVE_TEST(what_alembic_does_is_not_left_out),
        LIVE_TEST(a_rollback_says_what_each_step_drops),
        LIVE_TEST(a_loss_is_never_out_of_sight),
        LIVE_TEST(what_was_edited_is_marked_till_the_run_is_over),
        LIVE_TEST(keys_typed_into_a_statement_step_nothing),
        LIVE_TEST(a_console_is_suspended_when_its_run_has_paused),
        LIVE_TEST(an_index_build_shows_how_far_it_is),
        LIVE_TEST(who_waits_behind_the_run_is_shown),
        LIVE_TEST(hooks_of_a_new_revision_are_named_and_not_run),
    };
    setlocale(LC_ALL, "C.UTF-8");
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    return cmocka_run_group_tests(tests, live_start, live_stop);
}
