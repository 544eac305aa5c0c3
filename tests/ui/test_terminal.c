/*
 * What the terminal, and what is drawn on it, may be: too small, unknown, without a locale, resized
 * in storms; names that are wide, broken, or hold escape sequences.
 */
#include "config.h"

#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>

#include "base/clock.h"
#include "base/str.h"
#include "ui/launch.h"

#define ESC "\033"
/* 63 characters of two columns each. */
#define WIDE_7  "漢漢漢漢漢漢漢"
#define WIDE_63 WIDE_7 WIDE_7 WIDE_7 WIDE_7 WIDE_7 WIDE_7 WIDE_7 WIDE_7 WIDE_7

/* Whether the column of every row within the frame still holds the frame. */
static void expect_frame(struct pty *pty, int from, int to, int column)
{
    for (int row = from; row <= to; row++) {
        VTermScreenCell cell;
        VTermPos at = {row, column};
        vterm_screen_get_cell(pty->screen, at, &cell);
        if (cell.chars[0] != 0x2502)
            fail_msg("row %d is out of place: %s", row, pty_row(pty, row));
    }
}

static void names_cannot_reach_the_terminal_as_they_are(void **state)
{
    struct live *live = *state;
    struct pty pty;
    const char *ini = launch_project(live, "hostile", "");
    live_sql(live, "CREATE TABLE alembic_version (version_num text)");
    live_sql(live,
             "INSERT INTO alembic_version VALUES (E'x\\033]0;owned\\007\\033[38;5;123m\\u202Ey')");
    launch_revision(live, "hostile", "aa11", "None", "first \033[35m and \xe2\x80\xae back",
                    "op.execute('CREATE TABLE \"a\\x1b[36mb\\x9b\\x7f\" (n int)')", "pass");
    launch_in(&pty, live, ini, 24, 100, NULL);
    pty_idle(&pty);
    pty_expect(&pty, "x^[]0;owned^G^[[38;5;123m<U+202E>y");
    pty_expect(&pty, "a^[[36mb<U+009B>^?");
    pty_type(&pty, "w6");
    pty_send(&pty, ESC);
    pty_type(&pty, "12");
    assert_null(strstr(pty.output.ptr, "\033]0;owned"));
    assert_null(strstr(pty.output.ptr, "\033[38;5;123m"));
    assert_null(strstr(pty.output.ptr, "\xe2\x80\xae"));
    assert_null(strstr(pty.output.ptr, "\xc2\x9b"));
    assert_null(strchr(pty.output.ptr, '\177'));
    quit(&pty);
}

static void a_notice_cannot_reach_the_terminal_as_it_is(void **state)
{
    struct live *live = *state;
    struct pty pty;
    const char *ini = launch_project(live, "notice", "");
    launch_revision(
        live, "notice", "aa11", "None", "notice",
        "op.execute(\"DO $$BEGIN RAISE NOTICE '%', E'a\\\\033]0;owned\\\\007b'; END$$\")", "pass");
    launch_in(&pty, live, ini, 24, 100, NULL);
    pty_idle(&pty);
    pty_type(&pty, "rny");
    pty_type(&pty, "e");
    pty_watch_for(&pty, "everything committed");
    pty_type(&pty, "gj\r");
    pty_expect(&pty, "a^[]0;owned^Gb");
    pty_send(&pty, ESC);
    assert_null(strstr(pty.output.ptr, "\033]0;owned"));
    quit(&pty);
}

static void names_of_wide_characters_stay_within_their_panes(void **state)
{
    struct live *live = *state;
    struct pty pty;
    const char *ini = launch_project(live, "wide", "");
    launch_revision(live, "wide", "aa11", "None", WIDE_63,
                    "op.execute('CREATE TABLE \"" WIDE_7 WIDE_7 WIDE_7 "\" (n int)')", "pass");
    launch_in(&pty, live, ini, 24, 80, NULL);
    pty_idle(&pty);
    expect_frame(&pty, 2, 8, 79);
    pty_type(&pty, "llll");
    expect_frame(&pty, 2, 8, 79);
    pty_type(&pty, ":set wrap=on\r");
    expect_frame(&pty, 2, 8, 79);
    pty_resize(&pty, 40, 121);
    expect_frame(&pty, 2, 16, 120);
    pty_resize(&pty, 24, 61);
    expect_frame(&pty, 2, 8, 60);
    pty_type(&pty, "rn");
    pty_send(&pty, ESC);
    quit(&pty);
}

static void text_that_is_not_utf8_is_shown_by_its_bytes(void **state)
{
    struct live *live = *state;
    struct pty pty;
    struct err err = ERR_INIT;
    struct connection *admin;
    struct database_url url = live->url;
    connection_close(live->conn);
    url.database = "postgres";
    assert_true(connection_open(&url, NULL, &admin, &err));
    assert_true(connection_query(admin, "DROP DATABASE IF EXISTS bytes", NULL, 0, NULL, &err));
    assert_true(connection_query(admin,
                                 "CREATE DATABASE bytes TEMPLATE template0 ENCODING 'SQL_ASCII' "
                                 "LC_COLLATE 'C' LC_CTYPE 'C'",
                                 NULL, 0, NULL, &err));
    connection_close(admin);
    live->url.database = "bytes";
    assert_true(connection_open(&live->url, NULL, &live->conn, &err));
    live_sql(live, "CREATE TABLE alembic_version (version_num text)");
    live_sql(live, "INSERT INTO alembic_version VALUES (E'a\\xff\\xfez')");
    launch_in(&pty, live, launch_project(live, "bytes", ""), 24, 80, NULL);
    pty_idle(&pty);
    pty_expect(&pty, "bytes@local");
    for (size_t i = 0; i < pty.output.len; i++)
        assert_true((unsigned char)pty.output.ptr[i] != 0xff);
    quit(&pty);
}

static void a_storm_of_resizes_ends_with_the_last_size(void **state)
{
    struct pty pty;
    start(&pty, *state, 24, 80, NULL);
    for (int i = 0; i < 300; i++) {
        struct winsize size = {.ws_row = (unsigned short)(1 + i * 7 % 70),
                               .ws_col = (unsigned short)(1 + i * 13 % 210)};
        assert_int_equal(ioctl(pty.master, TIOCSWINSZ, &size), 0);
    }
    pty_mark(&pty);
    pty_size(&pty, 30, 90);
    pty_expect(&pty, "[graph] 92f4b617d3a8");
    pty_send(&pty, "\014"); /* Ctrl-L: what the emulator had at another size is drawn again */
    expect_frame(&pty, 2, 10, 89);
    pty_expect(&pty, "? help");
    quit(&pty);
}

static void one_cell_is_enough_to_start_and_to_quit(void **state)
{
    struct pty pty;
    start(&pty, *state, 1, 1, NULL);
    pty_type(&pty, "rhy");
    pty_resize(&pty, 24, 80);
    pty_expect(&pty, "[graph] 92f4b617d3a8");
    pty_expect_not(&pty, "upgrade by one");
    pty_resize(&pty, 1, 1);
    quit(&pty);
}

static void sizes_at_the_borders_of_layouts_are_drawn(void **state)
{
    static const struct {
        int rows, columns;
        const char *shown;
    } sizes[] = {
        {1, 1, "t"},            {4, 19, "too small"},     {5, 20, "1 graph"}, {14, 59, "1 graph"},
        {15, 60, "3 sql"},      {24, 109, "3 sql"},       {24, 110, "2 detail"},
        {200, 500, "2 detail"}, {3, 500, "too small"},    {200, 10, "too small"},
        {24, 80, "3 sql"},
    };
    struct pty pty;
    start(&pty, *state, 24, 80, NULL);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        pty_resize(&pty, sizes[i].rows, sizes[i].columns);
        pty_expect(&pty, sizes[i].shown);
    }
    quit(&pty);
}

/*
 * Waits at most this long for a frame after each of the keys; much more than a quiet machine needs.
 */
static void expect_quick(struct pty *pty, const char *keys)
{
    enum { MOST = 5000 };
    for (; *keys; keys++) {
        int64_t before = clock_monotonic();
        pty_send(pty, (char[]){*keys, '\0'});
        int64_t took = (clock_monotonic() - before) / 1000;
        if (took > MOST)
            fail_msg("the key %c took %d ms", *keys, (int)took);
    }
}

static void lines_of_a_megabyte_are_scrolled_and_wrapped(void **state)
{
    struct live *live = *state;
    struct pty pty;
    struct str up = STR_IN(live->arena);
    const char *ini = launch_project(live, "long", "");
    str_add(&up, "op.execute(\"\"\"SELECT '");
    for (int i = 0; i < 100000; i++)
        str_addf(&up, "%9d,", i);
    str_add(&up, "the end'\"\"\")\n    op.execute(\"\"\"SELECT 1");
    for (int i = 0; i < 5000; i++)
        str_addf(&up, "\n  + %d", i);
    str_add(&up, "\"\"\")");
    launch_revision(live, "long", "aa11", "None", "long", up.ptr, "pass");
    launch_in(&pty, live, ini, 40, 120, NULL);
    pty_idle(&pty);
    pty_expect(&pty, "SELECT '        0,");
    expect_quick(&pty, "3lllllhhhhhjkGg");
    pty_expect(&pty, "SELECT '        0,");
    expect_quick(&pty, "G");
    pty_expect(&pty, "+ 4999");
    expect_quick(&pty, "g2lllhhhGg");
    pty_type(&pty, ":set wrap=on\r");
    expect_quick(&pty, "3Ogjjkk G");
    pty_expect(&pty, "+ 4999");
    expect_quick(&pty, "gO2jjGgkk");
    pty_type(&pty, "/the end\r");
    quit(&pty);
}

/* Starts, and ends at once with a message. */
static void expect_refusal(struct live *live, const char *term, const char *message)
{
    const char *const variables[] = {term, NULL};
    struct pty pty;
    launch(&pty, live, 24, 80, variables);
    int status = pty_end(&pty);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 2);
    if (!pty_shows(&pty, message))
        fail_msg("\"%s\" is not shown: %s", message, pty.output.ptr);
    assert_false(pty.alternate);
    pty_clear(&pty);
}

static void terminals_that_cannot_be_used_are_told_so(void **state)
{
    struct live *live = *state;
    expect_refusal(live, "TERM=no-such-terminal",
                   "terminal type \"no-such-terminal\" is not known");
    expect_refusal(live, "TERM=", "the type of the terminal is not known: TERM is not set");
    expect_refusal(live, "TERM=dumb", "terminal type \"dumb\" cannot place its cursor");
}

static void without_a_locale_everything_is_ascii(void **state)
{
    static const char *const none[] = {"LC_ALL=", "LC_CTYPE=", "LANG=", NULL};
    static const char *const wrong[] = {"LC_ALL=xx_YY.UTF-8", NULL};
    struct pty pty;
    start(&pty, *state, 24, 80, none);
    pty_expect(&pty, "o 92f4b617d3a8 user: add created_at (head)");
    for (size_t i = 0; i < pty.output.len; i++)
        assert_true((unsigned char)pty.output.ptr[i] < 0x80);
    pty_type(&pty, "~"); /* the terminal's own line-drawing characters */
    pty_expect(&pty, "\u250c1 graph\u2500");
    pty_type(&pty, "~~");
    quit(&pty);
    start(&pty, *state, 24, 80, wrong);
    pty_expect(&pty, "o 92f4b617d3a8 user: add created_at (head)");
    quit(&pty);
}

/* vt100 has no alternate screen: what comes next begins a row of its own. */
static void without_an_alternate_screen_the_last_row_is_empty_at_the_end(void **state)
{
    static const char *const variables[] = {"TERM=vt100", NULL};
    struct pty pty;
    start(&pty, *state, 24, 80, variables);
    assert_false(pty.alternate);
    press(&pty, "Q");
    pty_end(&pty);
    assert_string_equal(pty_row(&pty, 23), "");
    pty_expect_restored(&pty);
    pty_clear(&pty);
}

static void every_kind_of_terminal_is_drawn_on(void **state)
{
    static const char *const terms[] = {"TERM=vt100",      "TERM=linux",         "TERM=xterm",
                                        "TERM=screen",     "TERM=tmux-256color", "TERM=xterm-mono",
                                        "TERM=xterm-color"};
    for (size_t i = 0; i < sizeof terms / sizeof *terms; i++) {
        const char *const variables[] = {terms[i], "COLORFGBG=0;15", NULL};
        struct pty pty;
        start(&pty, *state, 24, 80, variables);
        pty_expect(&pty, "92f4b617d3a8 user: add created_at (head)");
        pty_type(&pty, "jj?q");
        pty_expect(&pty, "[graph] 70d294f5b186");
        quit(&pty);
    }
}

/* usage: test_terminal [PATTERN]: only the tests whose names match. */
int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        LIVE_TEST(names_cannot_reach_the_terminal_as_they_are),
        LIVE_TEST(a_notice_cannot_reach_the_terminal_as_it_is),
        LIVE_TEST(names_of_wide_characters_stay_within_their_panes),
        LIVE_TEST(text_that_is_not_utf8_is_shown_by_its_bytes),
        LIVE_TEST(a_storm_of_resizes_ends_with_the_last_size),
        LIVE_TEST(sizes_at_the_borders_of_layouts_are_drawn),
        LIVE_TEST(lines_of_a_megabyte_are_scrolled_and_wrapped),
        LIVE_TEST(one_cell_is_enough_to_start_and_to_quit),
        LIVE_TEST(terminals_that_cannot_be_used_are_told_so),
        LIVE_TEST(without_a_locale_everything_is_ascii),
        LIVE_TEST(without_an_alternate_screen_the_last_row_is_empty_at_the_end),
        LIVE_TEST(every_kind_of_terminal_is_drawn_on),
    };
    setlocale(LC_ALL, "C.UTF-8");
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    return cmocka_run_group_tests(tests, live_start, live_stop);
}
