/*
 * Text that would do something to the terminal, from wherever a text can come: files and their
 * names, the settings, the database and the server. All of it is shown, none of it is sent.
 */
#include "config.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "ui/launch.h"

#define ESC  "\033"
#define EVIL ESC "]0;owned\007" ESC "[35;45m\xe2\x80\xae"
/* As Python, and as PostgreSQL in a revision, would write them. */
#define EVIL_PYTHON "\\x1b]0;owned\\x07\\x1b[35;45m\\u202e"
#define VISIBLE     "^[]0;owned^G^[[35;45m<U+202E>"

/* None of it was sent since the program began. */
static void expect_clean(const struct pty *pty)
{
    static const char *const evil[] = {ESC "]0;", "[35;45m", "\xe2\x80\xae", "\xc2\x9b", "\177"};
    for (size_t i = 0; i < sizeof evil / sizeof *evil; i++) {
        const char *at = strstr(pty->output.ptr, evil[i]);
        if (at && (evil[i][0] != '[' || (at > pty->output.ptr && at[-1] == '\033')))
            fail_msg("sequence %zu reached the terminal", i);
    }
}

/* Everything that can be opened on a revision. */
static void look_everywhere(struct pty *pty)
{
    static const char *const ways[] = {"2", "p", "3", "p", "d", "P", "6", "w", "1", "y", "o", "rh"};
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        pty_type(pty, ways[i]);
        pty_send(pty, ESC);
    }
    pty_type(pty, "3i");
    pty_send(pty, ESC);
    pty_type(pty, "1/owned\r&owned\r");
    pty_send(pty, ESC);
}

static void texts_of_files_are_shown_and_not_sent(void **state)
{
    struct live *live = *state;
    struct pty pty;
    const char *ini = launch_project(live, "files", "[retort]\nlabel = dev" ESC "[35;45m\n");
    launch_revision(live, "files", "aa11", "None", "first " EVIL,
                    "op.execute('CREATE TABLE \"a" EVIL_PYTHON "\" (n int)')\n"
                    "    op.create_index('i" EVIL_PYTHON "', 'a" EVIL_PYTHON "', ['n'])",
                    "op.drop_table('a" EVIL_PYTHON "')");
    launch_revision(live, "files", "bb22", "'aa11'\nbranch_labels = ('label" EVIL_PYTHON "',)",
                    "second", "pass", "pass");
    launch_write(live,
                 arena_printf(live->arena, "%s/files/migrations/versions/%s.py", live_server.dir,
                              "evil" ESC "[35;45m"),
                 "revision = 'cc33'\ndown_revision = 'bb22'\n\ndef upgrade(): pass\n");
    launch_in(&pty, live, ini, 40, 120, NULL);
    pty_idle(&pty);
    pty_expect(&pty, "first " VISIBLE);
    look_everywhere(&pty);
    pty_type(&pty, "G");
    pty_expect(&pty, "[graph] aa11");
    pty_type(&pty, "3");
    pty_expect(&pty, VISIBLE);
    look_everywhere(&pty);
    pty_type(&pty, ":set wrap=on\r");
    pty_resize(&pty, 16, 62);
    look_everywhere(&pty);
    expect_clean(&pty);
    quit(&pty);
}

static void texts_of_the_database_are_shown_and_not_sent(void **state)
{
    struct live *live = *state;
    struct pty pty;
    const char *ini = launch_project(live, "database", "");
    live_sql(live, "CREATE TABLE alembic_version (version_num text)");
    live_sql(live,
             "INSERT INTO alembic_version VALUES (E'x\\033]0;owned\\007\\033[35;45m\\u202e')");
    live_sql(live, "CREATE TABLE \"t" EVIL "\" (n int)");
    launch_revision(live, "database", "aa11", "None", "first", "pass", "pass");
    launch_in(&pty, live, ini, 40, 120, NULL);
    pty_idle(&pty);
    pty_expect(&pty, "x" VISIBLE);
    look_everywhere(&pty);
    expect_clean(&pty);
    quit(&pty);
}

static void what_the_server_says_is_shown_and_not_sent(void **state)
{
    struct live *live = *state;
    struct pty pty;
    const char *ini = launch_project(live, "server", "");
    launch_revision(
        live, "server", "aa11", "None", "error",
        "op.execute(\"\"\"DO $$BEGIN RAISE NOTICE '%', '" EVIL_PYTHON "'; RAISE EXCEPTION '%', '"
        EVIL_PYTHON "' USING DETAIL = '" EVIL_PYTHON "', HINT = '" EVIL_PYTHON "'; END$$\"\"\")",
        "pass");
    launch_in(&pty, live, ini, 40, 120, NULL);
    pty_idle(&pty);
    pty_type(&pty, "rny");
    pty_type(&pty, "e");
    pty_watch_for(&pty, "FAILED");
    pty_expect(&pty, VISIBLE);
    pty_type(&pty, "m");
    pty_expect(&pty, VISIBLE);
    pty_type(&pty, "g");
    pty_wait_for(&pty, "stopped");
    pty_send(&pty, ESC);
    pty_type(&pty, "5gj\r");
    pty_expect(&pty, "detail: " VISIBLE);
    pty_send(&pty, ESC);
    look_everywhere(&pty);
    expect_clean(&pty);
    quit(&pty);
}

/*
 * PostgreSQL itself makes an application_name harmless, unless it is older than 16; and not 0x9b.
 */
static void the_name_of_a_blocker_is_shown_and_not_sent(void **state)
{
    struct live *live = *state;
    struct connection *other;
    struct err err = ERR_INIT;
    struct pty pty;
    const char *ini = launch_project(live, "blocker", "");
    live_sql(live, "CREATE ROLE \"r" EVIL "\" SUPERUSER LOGIN");
    launch_revision(live, "blocker", "aa11", "None", "first",
                    "op.execute('CREATE TABLE scope (n int)')", "pass");
    assert_true(connection_open(&live->url, NULL, &other, &err));
    launch_in(&pty, live, ini, 40, 120, NULL);
    pty_idle(&pty);
    pty_type(&pty, "rny");
    pty_type(&pty, "t");
    assert_true(connection_query(other,
                                 "SET SESSION AUTHORIZATION \"r" EVIL "\";"
                                 "SET application_name = E'app\\033[35;45m'; BEGIN;"
                                 "CREATE TABLE scope (id int)",
                                 NULL, 0, NULL, &err));
    press(&pty, "s");
    pty_watch_for(&pty, "blocked by");
    press(&pty, "L");
    pty_watch_for(&pty, "Around the run");
    press(&pty, ESC);
    connection_close(other);
    pty_wait_for(&pty, "paused 1/");
    pty_type(&pty, "ab");
    expect_clean(&pty);
    quit(&pty);
}

static void what_is_pasted_is_shown_and_not_sent(void **state)
{
    struct pty pty;
    start(&pty, *state, 24, 80, NULL);
    pty_type(&pty, "3i");
    pty_send(&pty, ESC "[200~a\xe2\x80\xae" ESC "]0;owned\a\177\xc2\x9b" "b" ESC "[201~");
    pty_expect(&pty, "a<U+202E>");
    pty_send(&pty, ESC "u");
    pty_send(&pty, ESC);
    pty_type(&pty, "/");
    pty_send(&pty, ESC "[200~\xe2\x80\xae" ESC "[201~");
    pty_expect(&pty, "/<U+202E>");
    pty_send(&pty, ESC);
    expect_clean(&pty);
    quit(&pty);
}

/* usage: test_hostile_text [PATTERN]: only the tests whose names match. */
int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        LIVE_TEST(texts_of_files_are_shown_and_not_sent),
        LIVE_TEST(texts_of_the_database_are_shown_and_not_sent),
        LIVE_TEST(what_the_server_says_is_shown_and_not_sent),
        LIVE_TEST(the_name_of_a_blocker_is_shown_and_not_sent),
        LIVE_TEST(what_is_pasted_is_shown_and_not_sent),
    };
    setlocale(LC_ALL, "C.UTF-8");
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    return cmocka_run_group_tests(tests, live_start, live_stop);
}
