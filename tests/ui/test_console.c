/*
 * The console itself, on a terminal of its own, in the example project on a private server.
 *
 * Every test begins with an empty database; what the console is told to execute is then looked at
 * through another connection.
 */
#include "config.h"

#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "live/live.h"
#include "ui/launch.h"
#include "ui/pty.h"

#define ESC  "\033"
#define DOWN "\033OB"

static void shows_the_project_and_leaves_the_terminal_as_it_was(void **state)
{
    struct live *live = *state;
    struct pty pty;
    start(&pty, live, 24, 80, NULL);
    assert_true(pty.alternate);
    const char *header = pty_row(&pty, 0);
    assert_non_null(strstr(header, "model_app"));
    assert_non_null(strstr(header, live->url.database));
    assert_non_null(strstr(header, "at base (9 behind)"));
    pty_expect(&pty, "○ 92f4b617d3a8 user: add created_at (head)");
    pty_expect(&pty, "├─╮");
    pty_expect(&pty, "[graph] 92f4b617d3a8 - pending - line 1 of 10");
    pty_expect(&pty, "? help");
    quit(&pty);
}

static void keys_move_search_and_filter(void **state)
{
    struct pty pty;
    start(&pty, *state, 24, 80, NULL);
    pty_type(&pty, "j");
    pty_expect(&pty, "[graph] 81e3a506c297");
    pty_send(&pty, DOWN);
    pty_expect(&pty, "[graph] 70d294f5b186");
    pty_type(&pty, "j"); /* over the row that has only edges */
    pty_expect(&pty, "[graph] 5eb072d39f64");
    pty_type(&pty, "G");
    pty_expect(&pty, "[graph] 1a7c3e9f5b20");
    pty_type(&pty, "/user: add f\rn");
    pty_expect(&pty, "[graph] 2b8d4fa06c31");
    pty_type(&pty, "/nickname");
    pty_expect(&pty, "[graph] 81e3a506c297");
    pty_send(&pty, ESC);
    pty_expect(&pty, "[graph] 2b8d4fa06c31"); /* Esc returns to where one was */
    pty_type(&pty, "&user\r");
    pty_expect(&pty, "[filter: user]");
    pty_expect_not(&pty, "initial tables");
    pty_send(&pty, ESC);
    pty_expect(&pty, "70d294f5b186");
    pty_type(&pty, "Z");
    pty_expect(&pty, "unknown key, ? for help");
    quit(&pty);
}

static void panes_show_source_sql_and_pending(void **state)
{
    struct pty pty;
    start(&pty, *state, 40, 120, NULL);
    pty_expect(&pty, "2 detail: 92f4b617d3a8 user: add created_at");
    pty_expect(&pty, "3 sql (upgrade)");
    pty_expect(&pty, "ADD COLUMN created_at");
    pty_type(&pty, "/nicknamez"); /* goes there, and back where nothing matches any more */
    pty_expect(&pty, "2 detail: 92f4b617d3a8 user: add created_at");
    pty_expect(&pty, "ADD COLUMN created_at");
    pty_send(&pty, ESC);
    pty_type(&pty, "x");
    pty_expect(&pty, "3 sql (downgrade)");
    pty_expect(&pty, "DROP COLUMN created_at");
    pty_type(&pty, "x\t");
    pty_expect(&pty, "[detail]");
    pty_type(&pty, ")\r");
    pty_expect(&pty, "[sql] statement 1 of");
    pty_type(&pty, "1P");
    pty_expect(&pty, "7 pending: 9 revisions");
    pty_type(&pty, "6O");
    pty_expect(&pty, "6 log");
    pty_expect(&pty, "SELECT pg_catalog.current_setting('server_version')"); /* every statement sent
                                                                                is in the log */
    quit(&pty);
}

static void help_comes_from_the_table(void **state)
{
    struct pty pty;
    start(&pty, *state, 24, 80, NULL);
    pty_type(&pty, "?");
    pty_expect(&pty, "Revision graph");
    pty_expect(&pty, "go to the parent");
    pty_type(&pty, "/roll back");
    pty_expect(&pty, "abort: roll back");
    pty_expect_not(&pty, "go to the parent");
    pty_send(&pty, ESC);
    pty_type(&pty, "q");
    pty_expect(&pty, "[graph]");
    pty_type(&pty, ":bind graph Z parent\rZ");
    pty_expect(&pty, "[graph] 81e3a506c297");
    quit(&pty);
}

static void every_size_is_drawn(void **state)
{
    struct pty pty;
    start(&pty, *state, 24, 80, NULL);
    pty_resize(&pty, 4, 19);
    pty_expect(&pty, "too small");
    pty_type(&pty, "rhjk"); /* what cannot be seen is not acted on */
    pty_resize(&pty, 5, 20);
    pty_expect(&pty, "1 graph");
    for (int rows = 60, columns = 200; rows > 5; rows -= 7, columns -= 19)
        pty_resize(&pty, rows, columns);
    pty_resize(&pty, 24, 80);
    pty_expect(&pty, "[graph] 92f4b617d3a8");
    pty_expect_not(&pty, "upgrade to head");
    quit(&pty);
}

static void a_paste_is_not_keys(void **state)
{
    struct pty pty;
    start(&pty, *state, 24, 80, NULL);
    pty_send(&pty, "\033[200~rhys\033[201~");
    pty_expect(&pty, "a paste means nothing here");
    pty_expect_not(&pty, "upgrade to head");
    pty_type(&pty, "/");
    pty_send(&pty, "\033[200~nick\033[201~");
    pty_expect(&pty, "[graph] 81e3a506c297");
    pty_send(&pty, ESC);
    quit(&pty);
}

static void an_upgrade_is_confirmed_and_stepped(void **state)
{
    struct live *live = *state;
    struct pty pty;
    start(&pty, live, 40, 120, NULL);
    pty_type(&pty, "rn");
    pty_expect(&pty, live->url.database);
    pty_expect(&pty, "1 revision,");
    pty_type(&pty, "\r"); /* the focused button is No */
    pty_expect(&pty, "nothing was done");
    pty_type(&pty, "s"); /* means nothing outside the run bar */
    pty_expect(&pty, "unknown key");
    assert_string_equal(live_value(live, "SELECT to_regclass('alembic_version')"), "");
    pty_type(&pty, "rny");
    pty_expect(&pty, "How far?");
    pty_type(&pty, "t");
    pty_expect(&pty, "paused 0/");
    assert_string_equal(live_value(live, "SELECT to_regclass('public.user')"), "");
    pty_type(&pty, "s");
    pty_expect(&pty, "done");
    pty_expect(&pty, "in transaction");
    pty_type(&pty, "S");
    pty_expect(&pty, "everything committed");
    pty_expect(&pty, "at 1a7c3e9f5b20 (8 behind)");
    assert_string_equal(live_value(live, "SELECT version_num FROM alembic_version"),
                        "1a7c3e9f5b20");
    quit(&pty);
}

static void what_cannot_be_read_is_not_agreed_to(void **state)
{
    struct live *live = *state;
    struct pty pty;
    start(&pty, live, 9, 60, NULL);
    pty_type(&pty, "rn");
    pty_type(&pty, "y");
    pty_expect(&pty, "read all of what is asked first");
    pty_resize(&pty, 40, 26); /* all of the text, and not the button */
    pty_type(&pty, "y");
    pty_expect(&pty, "too small to show");
    pty_resize(&pty, 24, 80);
    pty_expect(&pty, "1 revision,");
    pty_type(&pty, "y");
    pty_expect(&pty, "How far?");
    pty_send(&pty, ESC);
    assert_string_equal(live_value(live, "SELECT to_regclass('public.user')"), "");
    quit(&pty);
}

static void upgrade_to_head_and_roll_back_one(void **state)
{
    struct live *live = *state;
    struct pty pty;
    start(&pty, live, 40, 120, NULL);
    pty_type(&pty, "rh");
    if (pty_shows(&pty, "Type the name")) /* the example drops a column on its way */
        pty_type(&pty, arena_printf(live->arena, "%s\r", live->url.database));
    else
        pty_type(&pty, "y");
    pty_type(&pty, "e");
    pty_expect(&pty, "everything committed");
    pty_expect(&pty, "at 92f4b617d3a8 (up to date)");
    pty_type(&pty, "1rb");
    pty_expect(&pty, "Type the name of the database");
    pty_type(&pty, "wrong\r");
    pty_expect(&pty, "that is not");
    pty_send(&pty, "\025"); /* Ctrl-U */
    pty_send(&pty, "\033[200~paste\033[201~");
    pty_expect(&pty, "pasting is refused here");
    pty_type(&pty, arena_printf(live->arena, "%s\r", live->url.database));
    pty_type(&pty, "v");
    pty_expect(&pty, "everything committed");
    pty_expect(&pty, "at 81e3a506c297 (1 behind)");
    assert_string_equal(live_value(live, "SELECT version_num FROM alembic_version"),
                        "81e3a506c297");
    quit(&pty);
}

static void a_failure_is_shown_and_can_be_given_up(void **state)
{
    struct live *live = *state;
    struct pty pty;
    live_sql(live, "CREATE TABLE \"user\" (id int)");
    start(&pty, live, 40, 120, NULL);
    pty_type(&pty, "rnyv");
    pty_expect(&pty, "FAILED");
    pty_expect(&pty, "already exists");
    pty_type(&pty, "m");
    pty_expect(&pty, "SQLSTATE 42P07");
    pty_type(&pty, "g");
    pty_expect(&pty, "at base (9 behind)");
    pty_expect(&pty, "stopped");
    quit(&pty);
}

/* Waits till the run's statement waits for a lock that the looking connection holds. */
static void wait_for_block(struct live *live)
{
    live_wait_for(live, "SELECT count(*) > 0 FROM pg_stat_activity WHERE wait_event_type = 'Lock' "
                        "AND datname = current_database()");
}

static void keys_during_a_statement_are_not_kept(void **state)
{
    struct live *live = *state;
    struct pty pty;
    start(&pty, live, 40, 120, NULL);
    pty_type(&pty, "rnyt");
    live_sql(live, "BEGIN");
    live_sql(live, "CREATE TABLE scope (id int)");
    press(&pty, "s");
    wait_for_block(live);
    press(&pty, "sSsS");
    live_sql(live, "ROLLBACK");
    pty_idle(&pty);
    pty_expect(&pty, "paused 1/");
    pty_type(&pty, "al");
    pty_expect(&pty, "paused 1/");
    pty_type(&pty, "ab");
    pty_expect(&pty, "at base (9 behind)");
    quit(&pty);
}

static void a_running_statement_is_cancelled_and_skipped(void **state)
{
    struct live *live = *state;
    struct pty pty;
    start(&pty, live, 40, 120, NULL);
    pty_type(&pty, "rnyt");
    live_sql(live, "BEGIN");
    live_sql(live, "CREATE TABLE scope (id serial PRIMARY KEY, name varchar NOT NULL UNIQUE)");
    press(&pty, "s");
    wait_for_block(live);
    pty_send(&pty, "\003");
    pty_wait_for(&pty, "canceling statement due to user request");
    live_sql(live, "COMMIT");
    pty_type(&pty, "mr"); /* the table is there now */
    pty_expect(&pty, "already exists");
    pty_type(&pty, "mk");
    pty_expect(&pty, "This statement is left out");
    pty_type(&pty, arena_printf(live->arena, "%s\r", live->url.database));
    pty_expect(&pty, "skipped");
    pty_type(&pty, "S");
    pty_expect(&pty, "at 1a7c3e9f5b20 (8 behind)");
    quit(&pty);
}

static void a_failed_statement_is_edited_and_retried(void **state)
{
    struct live *live = *state;
    struct pty pty;
    live_sql(live, "CREATE TABLE scope (id serial PRIMARY KEY, name varchar NOT NULL UNIQUE)");
    start(&pty, live, 40, 120, NULL);
    pty_type(&pty, "rnyt");
    pty_type(&pty, "s");
    pty_wait_for(&pty, "FAILED");
    pty_type(&pty, "m");
    pty_expect(&pty, "edit this statement and retry");
    pty_expect(&pty, "roll back this revision and wait before it");
    pty_type(&pty, "e");
    pty_expect(&pty, "3 EDIT statement 1 of upgrade 1a7c3e9f5b20");
    pty_send(&pty, ESC "f");
    pty_send(&pty, ESC "f");
    pty_type(&pty, " IF NOT EXISTS");
    press(&pty, ESC);
    pty_wait_for(&pty, "* CREATE TABLE IF NOT");
    pty_watch_for(&pty, "paused 1/");
    press(&pty, "S");
    pty_watch_for(&pty, "at 1a7c3e9f5b20 (8 behind)");
    quit(&pty);
}

static void a_breakpoint_stops_the_run(void **state)
{
    struct live *live = *state;
    struct pty pty;
    start(&pty, live, 40, 120, NULL);
    pty_type(&pty, "rny");
    pty_send(&pty, ESC); /* not yet: how far is left open */
    pty_type(&pty, "gjjB");
    pty_expect(&pty, "B");
    pty_type(&pty, "ry");
    press(&pty, "e");
    pty_watch_for(&pty, "paused 1/");
    press(&pty, "S");
    pty_watch_for(&pty, "at 1a7c3e9f5b20 (8 behind)");
    quit(&pty);
}

static void a_revision_is_rolled_back_and_the_run_waits(void **state)
{
    struct live *live = *state;
    struct pty pty;
    const char *const variables[] = {launch_editor(live, ": > \"$2\""), NULL};
    start(&pty, live, 40, 120, variables);
    pty_type(&pty, "rnyt");
    pty_type(&pty, "s");
    pty_wait_for(&pty, "paused 1/");
    pty_type(&pty, "aw");
    pty_wait_for(&pty, "paused 0/");
    pty_type(&pty, "e"); /* an empty text */
    pty_wait_for(&pty, "the statement is removed from this run");
    pty_send(&pty, ESC);
    pty_expect(&pty, "3 EDIT statement 1 of upgrade");
    pty_send(&pty, ESC);
    pty_expect(&pty, "This text was not agreed to");
    pty_type(&pty, "d");
    pty_type(&pty, "S");
    pty_expect(&pty, "at 1a7c3e9f5b20 (8 behind)");
    quit(&pty);
}

/* It is somebody else's session: shown, and ended only after a question of its own. */
static void what_blocks_the_run_is_shown_and_can_be_ended(void **state)
{
    struct live *live = *state;
    struct connection *other;
    struct err err = ERR_INIT;
    struct pty pty;
    assert_true(connection_open(&live->url, NULL, &other, &err));
    start(&pty, live, 40, 120, NULL);
    pty_type(&pty, "rnyt");
    assert_true(connection_query(other,
                                 "SET application_name = 'in the way'; BEGIN;"
                                 "CREATE TABLE scope (id int)",
                                 NULL, 0, NULL, &err));
    press(&pty, "s");
    pty_watch_for(&pty, "blocked by");
    pty_watch_for(&pty, "in the way, user postgres");
    press(&pty, "L");
    pty_watch_for(&pty, "Around the run");
    press(&pty, "1");
    pty_watch_for(&pty, "terminate its session");
    press(&pty, "t");
    pty_watch_for(&pty, "Terminate this session");
    press(&pty, "n"); /* no: it goes on waiting */
    press(&pty, "L");
    pty_watch_for(&pty, "Around the run");
    press(&pty, "1");
    pty_watch_for(&pty, "terminate its session");
    press(&pty, "t");
    pty_watch_for(&pty, "Terminate this session");
    press(&pty, "y");
    pty_watch_for(&pty, "terminated: pid ");
    pty_wait_for(&pty, "paused 1/");
    connection_close(other);
    pty_type(&pty, "ab");
    pty_expect(&pty, "at base (9 behind)");
    quit(&pty);
}

static void a_lost_connection_can_be_made_again(void **state)
{
    struct live *live = *state;
    struct pty pty;
    start(&pty, live, 40, 120, NULL);
    pty_type(&pty, "rnyt");
    pty_type(&pty, "s");
    live_sql(live, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                   "WHERE datname = current_database() AND pid <> pg_backend_pid()");
    pty_wait_for(&pty, " lost: ");
    pty_expect(&pty, "at base   stopped 0/");
    pty_type(&pty, "m");
    pty_expect(&pty, "The connection was lost");
    press(&pty, "r");
    pty_watch_for(&pty, "paused 0/");
    press(&pty, "S");
    pty_watch_for(&pty, "everything committed");
    quit(&pty);
}

static void quitting_during_a_run_asks(void **state)
{
    struct live *live = *state;
    struct pty pty;
    start(&pty, live, 24, 80, NULL);
    pty_type(&pty, "rnyt");
    pty_type(&pty, "s");
    pty_send(&pty, ESC);
    pty_type(&pty, "Q");
    pty_expect(&pty, "A run is active");
    pty_type(&pty, "k");
    pty_type(&pty, "Q");
    press(&pty, "q");
    pty_end(&pty);
    pty_expect_restored(&pty);
    pty_clear(&pty);
    assert_string_equal(live_value(live, "SELECT to_regclass('public.user')"), "");
}

/* The run goes on as far as it was ordered to; the next console opens on it and steers it. */
static void a_run_is_left_and_found_again(void **state)
{
    struct live *live = *state;
    struct pty pty, second;
    start(&pty, live, 40, 120, NULL);
    pty_type(&pty, "rh"); /* the example drops a column on its way */
    pty_type(&pty, arena_printf(live->arena, "%s\rt", live->url.database));
    live_sql(live, "BEGIN");
    live_sql(live, "CREATE TABLE scope (id int)");
    press(&pty, "S");
    wait_for_block(live);
    press(&pty, "Q");
    pty_watch_for(&pty, "leave the run to its worker");
    press(&pty, "l");
    pty_end(&pty);
    pty_expect_restored(&pty);
    pty_clear(&pty);
    live_sql(live, "ROLLBACK");
    live_wait_for(live, "SELECT to_regclass('alembic_version') IS NOT NULL");
    start(&pty, live, 40, 120, NULL);
    pty_expect(&pty, "nobody steers it: it is yours");
    pty_expect(&pty, "at 1a7c3e9f5b20   paused 6/");
    pty_expect(&pty, "committed");
    start(&second, live, 40, 120, NULL);
    pty_expect(&second, "watching; r takes it over");
    pty_expect(&second, "watching");
    pty_type(&second, "ry");
    pty_expect_not(&second, "watching");
    pty_idle(&pty);
    pty_expect(&pty, ", watching");
    press(&pty, "Q");
    pty_watch_for(&pty, "leave the run to its worker");
    press(&pty, "l");
    pty_end(&pty);
    pty_clear(&pty);
    pty_type(&second, "s");
    pty_expect(&second, "paused 7/");
    pty_type(&second, "ak");
    pty_expect(&second, "stopped by the operator");
    quit(&second);
}

static void signals_restore_the_terminal(void **state)
{
    static const int signals[] = {SIGTERM, SIGHUP, SIGSEGV};
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
        struct pty pty;
        start(&pty, *state, 24, 80, NULL);
        kill(pty.pid, signals[i]);
        pty_end(&pty);
        pty_expect_restored(&pty);
        pty_clear(&pty);
    }
}

static void without_a_database_the_files_are_still_there(void **state)
{
    struct live *live = *state;
    struct pty pty;
    live->url.port = "1"; /* nobody listens there */
    start(&pty, live, 24, 80, NULL);
    pty_expect(&pty, "no connection (R retries)");
    pty_expect(&pty, "92f4b617d3a8 user: add created_at (head)");
    pty_type(&pty, "rh");
    pty_expect(&pty, "upgrade to head: no connection; R retries");
    pty_send(&pty, ESC);
    quit(&pty);
}

/* Whether a sequence that sets a colour was sent. */
static bool has_color(const struct str *output)
{
    for (const char *at = output->ptr; (at = strstr(at, "\033[")) != NULL;) {
        at += 2;
        size_t len = strspn(at, "0123456789;");
        if (at[len] != 'm')
            continue;
        for (const char *number = at; number < at + len; number += strcspn(number, ";m") + 1)
            if (strchr("34", *number) && number[1] >= '0' && number[1] <= '9')
                return true;
    }
    return false;
}

static void a_terminal_without_utf8_or_colour_loses_nothing(void **state)
{
    static const char *const plain[] = {"LC_ALL=C", "TERM=vt100", NULL};
    static const char *const no_color[] = {"NO_COLOR=1", NULL};
    struct pty pty;
    start(&pty, *state, 24, 80, plain);
    pty_expect(&pty, "o 92f4b617d3a8 user: add created_at (head)");
    for (size_t i = 0; i < pty.output.len; i++)
        assert_true((unsigned char)pty.output.ptr[i] < 0x80);
    assert_false(has_color(&pty.output));
    pty_type(&pty, "~");
    pty_expect(&pty, "characters: line");
    quit(&pty);
    start(&pty, *state, 24, 80, no_color);
    pty_expect(&pty, "○ 92f4b617d3a8");
    assert_false(has_color(&pty.output));
    quit(&pty);
    start(&pty, *state, 24, 80, NULL);
    assert_true(has_color(&pty.output));
    quit(&pty);
}

static void a_script_is_played(void **state)
{
    struct live *live = *state;
    struct err err = ERR_INIT;
    const char *file = arena_printf(live->arena, "%s/script.keys", live_server.dir);
    const char *dump = arena_printf(live->arena, "%s/script.screen", live_server.dir);
    const char *text = arena_printf(live->arena,
                                    "# goes to a parent by action, whatever its key\n"
                                    ":goto head\n<action:parent>j\n:screen %s\n:q\n",
                                    dump);
    assert_true(file_write(file, text, strlen(text), 0600, true, &err));
    const char *variables[] = {arena_printf(live->arena, "RETORT_SCRIPT=%s", file), NULL};
    struct pty pty;
    char *screen;
    size_t len;
    launch(&pty, live, 24, 80, variables);
    pty_end(&pty);
    pty_expect_restored(&pty);
    pty_clear(&pty);
    assert_true(file_read(live->arena, dump, 1 << 20, &screen, &len, &err));
    assert_non_null(strstr(screen, "[graph] 70d294f5b186"));
}

/* A project of two tables and no revision, in a folder of this test's; its alembic.ini. */
static const char *make_project(struct live *live, const char *name)
{
    static const struct {
        const char *path, *text;
    } files[] = {
        {"alembic.ini",
         "[alembic]\nscript_location = %(here)s/migrations\nprepend_sys_path = %(here)s\n"},
        {"models.py", "from sqlmodel import Field, SQLModel\n\n\n"
                      "class Hero(SQLModel, table=True):\n"
                      "    id: int = Field(primary_key=True)\n\n\n"
                      "class Villain(SQLModel, table=True):\n"
                      "    id: int = Field(primary_key=True)\n"},
        {"migrations/env.py", "from alembic import context\nimport models\n"
                              "from sqlmodel import SQLModel\n"
                              "context.configure(target_metadata=SQLModel.metadata)\n"
                              "context.run_migrations()\n"},
        {"migrations/script.py.mako", "\"\"\"${message}\"\"\"\nfrom alembic import op\n"
                                      "import sqlalchemy as sa\n${imports if imports else \"\"}\n"
                                      "revision = ${repr(up_revision)}\n"
                                      "down_revision = ${repr(down_revision)}\n\n\n"
                                      "def upgrade():\n    ${upgrades if upgrades else \"pass\"}\n"
                                      "\n\ndef downgrade():\n"
                                      "    ${downgrades if downgrades else \"pass\"}\n"},
    };
    const char *folder = arena_printf(live->arena, "%s/%s", live_server.dir, name);
    struct err err = ERR_INIT;
    assert_true(file_make_dirs(arena_printf(live->arena, "%s/migrations/versions", folder), 0755,
                               &err));
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        assert_true(file_write(arena_printf(live->arena, "%s/%s", folder, files[i].path),
                               files[i].text, strlen(files[i].text), 0644, false, &err));
    return arena_printf(live->arena, "%s/alembic.ini", folder);
}

static void differences_are_shown_with_both_sides_and_their_sql(void **state)
{
    struct pty pty;
    start(&pty, *state, 40, 120, NULL);
    pty_type(&pty, "d");
    pty_expect(&pty, "[x] A user  added table");
    pty_type(&pty, "/added table\r");
    pty_expect(&pty, "2 detail: scope");
    pty_expect(&pty, "database  (absent)");
    pty_expect(&pty, "db/db.py:");
    pty_expect(&pty, "CREATE TABLE scope (");
    pty_type(&pty, "x");
    pty_expect(&pty, "DROP TABLE scope;");
    pty_type(&pty, "a"); /* nine revisions are pending */
    pty_expect(&pty, "Target database is not up to date.");
    pty_type(&pty, "q");
    pty_expect(&pty, "[graph]");
    quit(&pty);
}

static void included_differences_become_a_revision(void **state)
{
    struct live *live = *state;
    struct pty pty;
    launch_in(&pty, live, make_project(live, "two_tables"), 40, 120, NULL);
    pty_idle(&pty);
    pty_type(&pty, "d");
    pty_expect(&pty, "4 diff 2 of 2 included");
    pty_type(&pty, " ");
    pty_expect(&pty, "4 diff 1 of 2 included");
    pty_expect(&pty, "[ ] A hero  added table");
    pty_type(&pty, "a");
    pty_expect(&pty, "message of the new revision:");
    pty_type(&pty, "\r"); /* an empty message writes nothing */
    pty_expect(&pty, "4 diff 1 of 2 included");
    pty_type(&pty, "ajust the villain\r");
    pty_expect(&pty, "just the villain (head)");
    pty_expect(&pty, "1 difference; review it");
    pty_expect(&pty, "CREATE TABLE villain (");
    pty_expect_not(&pty, "CREATE TABLE hero");
    assert_string_equal(live_value(live, "SELECT to_regclass('villain')"), "");
    pty_type(&pty, "rny");
    pty_expect(&pty, "How far?");
    pty_type(&pty, "e");
    pty_expect(&pty, "(up to date)");
    assert_string_equal(live_value(live, "SELECT to_regclass('villain')"), "villain");
    pty_type(&pty, "\033d"); /* what is left */
    pty_expect(&pty, "4 diff 1 of 1 included");
    pty_expect(&pty, "[x] A hero  added table");
    quit(&pty);
}

/* usage: test_console [PATTERN]: only the tests whose names match. */
int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        LIVE_TEST(shows_the_project_and_leaves_the_terminal_as_it_was),
        LIVE_TEST(keys_move_search_and_filter),
        LIVE_TEST(panes_show_source_sql_and_pending),
        LIVE_TEST(differences_are_shown_with_both_sides_and_their_sql),
        LIVE_TEST(included_differences_become_a_revision),
        LIVE_TEST(help_comes_from_the_table),
        LIVE_TEST(every_size_is_drawn),
        LIVE_TEST(a_paste_is_not_keys),
        LIVE_TEST(an_upgrade_is_confirmed_and_stepped),
        LIVE_TEST(what_cannot_be_read_is_not_agreed_to),
        LIVE_TEST(upgrade_to_head_and_roll_back_one),
        LIVE_TEST(a_failure_is_shown_and_can_be_given_up),
        LIVE_TEST(keys_during_a_statement_are_not_kept),
        LIVE_TEST(a_running_statement_is_cancelled_and_skipped),
        LIVE_TEST(a_failed_statement_is_edited_and_retried),
        LIVE_TEST(a_breakpoint_stops_the_run),
        LIVE_TEST(a_revision_is_rolled_back_and_the_run_waits),
        LIVE_TEST(what_blocks_the_run_is_shown_and_can_be_ended),
        LIVE_TEST(a_lost_connection_can_be_made_again),
        LIVE_TEST(quitting_during_a_run_asks),
        LIVE_TEST(a_run_is_left_and_found_again),
        LIVE_TEST(signals_restore_the_terminal),
        LIVE_TEST(without_a_database_the_files_are_still_there),
        LIVE_TEST(a_terminal_without_utf8_or_colour_loses_nothing),
        LIVE_TEST(a_script_is_played),
    };
    setlocale(LC_ALL, "C.UTF-8");
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    return cmocka_run_group_tests(tests, live_start, live_stop);
}
