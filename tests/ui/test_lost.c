/*
 * Connections that die: while each kind of popup is open, and a server that is away for a while.
 */
#include "config.h"

#include <locale.h>
#include <string.h>

#include "base/str.h"
#include "ui/launch.h"

#define ESC "\033"

static void terminate_others(struct live *live)
{
    live_sql(live, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                   "WHERE datname = current_database() AND pid <> pg_backend_pid()");
}

/* The run goes on with another connection, and is given up. */
static void connect_again_and_stop(struct pty *pty)
{
    if (!pty_shows(pty, " RUN ")) /* the run bar was left for something else */
        pty_type(pty, "r");
    pty_type(pty, "m");
    pty_expect(pty, "The connection was lost");
    press(pty, "r");
    pty_watch_for(pty, "paused ");
    pty_type(pty, "ak");
    pty_expect(pty, "at base (9 behind)");
    quit(pty);
}

/* The run's connection dies while this is open; it stays, and closes as ever. */
static void lose_under(struct live *live, const char *keys, const char *shown)
{
    struct pty pty;
    start(&pty, live, 40, 120, NULL);
    pty_type(&pty, "rny");
    pty_type(&pty, "t");
    pty_type(&pty, "s");
    pty_wait_for(&pty, "paused 1/");
    pty_type(&pty, keys);
    pty_expect(&pty, shown);
    terminate_others(live);
    pty_wait_for(&pty, "stopped 0/");
    pty_quiet(&pty); /* what comes to rest after the loss is no answer to the key */
    pty_expect(&pty, shown);
    pty_send(&pty, ESC);
    pty_expect_not(&pty, shown);
    assert_string_equal(live_value(live, "SELECT to_regclass('public.user')"), "");
    connect_again_and_stop(&pty);
}

static void lost_under_a_menu(void **state)
{
    lose_under(*state, "a", "Abort the run");
}

static void lost_under_the_help(void **state)
{
    lose_under(*state, "?", "Help: the run bar");
}

static void lost_under_the_question_whether_to_quit(void **state)
{
    lose_under(*state, "Q", "A run is active");
}

static void lost_under_a_message(void **state)
{
    lose_under(*state, ESC "w", "Warnings");
}

static void lost_under_a_prompt(void **state)
{
    lose_under(*state, ESC ":goto", ":goto");
}

static void lost_under_the_editor(void **state)
{
    lose_under(*state, "i", "3 EDIT statement");
}

/* A question about a plan, asked without any connection being open. */
static void lost_under_a_confirmation(void **state)
{
    struct live *live = *state;
    struct pty pty;
    start(&pty, live, 40, 120, NULL);
    pty_type(&pty, "rn");
    pty_expect(&pty, "[ no: n ]");
    terminate_others(live);
    pty_type(&pty, "y");
    pty_expect(&pty, "How far?");
    pty_type(&pty, "t");
    pty_expect(&pty, "paused 0/");
    pty_type(&pty, "ak");
    quit(&pty);
}

/* Where the name is to be typed: a plan that loses data, which the whole example does. */
static void lost_under_a_name_to_be_typed(void **state)
{
    struct live *live = *state;
    struct pty pty;
    start(&pty, live, 40, 120, NULL);
    pty_type(&pty, "rh");
    pty_expect(&pty, "Type the name of the database");
    pty_type(&pty, "t");
    terminate_others(live);
    pty_type(&pty, live->url.database + 1);
    pty_expect(&pty, "Type the name of the database");
    pty_type(&pty, "\r");
    pty_expect(&pty, "How far?");
    pty_type(&pty, "t");
    pty_expect(&pty, "paused 0/");
    pty_type(&pty, "ak");
    assert_string_equal(live_value(live, "SELECT to_regclass('public.user')"), "");
    quit(&pty);
}

/* Where it is to be typed in the middle of a run: to leave out a statement that failed. */
static void lost_under_a_name_in_a_run(void **state)
{
    struct live *live = *state;
    struct pty pty;
    live_sql(live, "CREATE TABLE \"user\" (id int)"); /* the second statement fails */
    start(&pty, live, 40, 120, NULL);
    pty_type(&pty, "rny");
    pty_type(&pty, "t");
    pty_type(&pty, "s");
    pty_expect(&pty, "paused 1/");
    pty_type(&pty, "s");
    pty_expect(&pty, "already exists");
    pty_type(&pty, "m");
    pty_expect(&pty, "A statement failed");
    press(&pty, "k");
    pty_watch_for(&pty, "Type the name of the database");
    terminate_others(live);
    pty_wait_for(&pty, "stopped 0/");
    pty_type(&pty, live->url.database);
    pty_type(&pty, "\r");
    pty_expect_not(&pty, "Type the name of the database");
    pty_expect(&pty, "the run is stopped"); /* nothing is left out */
    live_sql(live, "DROP TABLE \"user\"");
    assert_string_equal(live_value(live, "SELECT to_regclass('scope')"), "");
    connect_again_and_stop(&pty);
}

/* The menu of those who block: what it would signal is gone, and so is the run's connection. */
static void lost_under_the_blockers(void **state)
{
    struct live *live = *state;
    struct pty pty;
    start(&pty, live, 40, 120, NULL);
    pty_type(&pty, "rny");
    pty_type(&pty, "t");
    live_sql(live, "BEGIN");
    live_sql(live, "CREATE TABLE scope (id int)"); /* its name is waited for */
    press(&pty, "s");
    pty_watch_for(&pty, "blocked by");
    press(&pty, "L");
    pty_watch_for(&pty, "Around the run");
    terminate_others(live);
    live_sql(live, "ROLLBACK");
    pty_wait_for(&pty, "stopped 0/");
    pty_expect(&pty, "Around the run");
    pty_type(&pty, "1");
    pty_expect(&pty, "it does not block the run any more");
    connect_again_and_stop(&pty);
}

static void allow_connections(struct live *live, const char *yes_or_no)
{
    struct err err = ERR_INIT;
    struct database_url url = live->url;
    struct connection *admin;
    url.database = "postgres";
    assert_true(connection_open(&url, NULL, &admin, &err));
    assert_true(connection_query(admin,
                                 arena_printf(live->arena, "ALTER DATABASE %s ALLOW_CONNECTIONS %s",
                                              live->url.database, yes_or_no),
                                 NULL, 0, NULL, &err));
    connection_close(admin);
}

static void a_server_that_is_away_is_read_again_when_it_is_back(void **state)
{
    struct live *live = *state;
    struct pty pty;
    start(&pty, live, 40, 120, NULL);
    pty_expect(&pty, "at base (9 behind)");
    allow_connections(live, "false");
    pty_type(&pty, "R");
    pty_expect(&pty, "no connection (R retries)");
    pty_type(&pty, "rh");
    pty_expect(&pty, "no connection; R retries");
    pty_send(&pty, ESC);
    allow_connections(live, "true");
    pty_type(&pty, "R");
    pty_expect(&pty, "at base (9 behind)");
    /* Away between the question and its answer. */
    pty_type(&pty, "rn");
    pty_expect(&pty, "[ no: n ]");
    allow_connections(live, "false");
    press(&pty, "y");
    pty_watch_for(&pty, "How far?");
    press(&pty, "t");
    pty_watch_for(&pty, "m shows the moves: connection to server");
    allow_connections(live, "true");
    assert_string_equal(live_value(live, "SELECT to_regclass('public.user')"), "");
    pty_type(&pty, "m");
    pty_expect(&pty, "The connection was lost");
    press(&pty, "r");
    pty_watch_for(&pty, "paused 0/");
    pty_type(&pty, "ak");
    quit(&pty);
}

/* usage: test_lost [PATTERN]: only the tests whose names match. */
int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        LIVE_TEST(lost_under_a_menu),
        LIVE_TEST(lost_under_the_help),
        LIVE_TEST(lost_under_the_question_whether_to_quit),
        LIVE_TEST(lost_under_a_message),
        LIVE_TEST(lost_under_a_prompt),
        LIVE_TEST(lost_under_the_editor),
        LIVE_TEST(lost_under_a_confirmation),
        LIVE_TEST(lost_under_a_name_to_be_typed),
        LIVE_TEST(lost_under_a_name_in_a_run),
        LIVE_TEST(lost_under_the_blockers),
        LIVE_TEST(a_server_that_is_away_is_read_again_when_it_is_back),
    };
    setlocale(LC_ALL, "C.UTF-8");
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    return cmocka_run_group_tests(tests, live_start, live_stop);
}
