/*
 * What a user can set: options, the mouse, and the file of keys and colours.
 */
#include "config.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/str.h"
#include "ui/launch.h"

#define ESC "\033"

/* A press of the button, and the wheel, at a place counted from 1, as xterm reports them. */
#define CLICK(place)    "\033[<0;" place "M\033[<0;" place "m"
#define WHEEL_DOWN(place) "\033[<65;" place "M"

static void options_are_shown_set_and_toggled(void **state)
{
    struct pty pty;
    start(&pty, *state, 24, 100, NULL);
    pty_type(&pty, ":set wrap=on\r");
    pty_expect(&pty, "wrap=on");
    pty_type(&pty, ":set wrap\r");
    pty_expect(&pty, "wrap=on (off on): long lines of texts go on in the next row");
    pty_type(&pty, ":toggle graphics\r");
    pty_expect(&pty, "graphics=line");
    pty_type(&pty, ":set graphics ascii\r");
    pty_expect(&pty, "o 92f4b617d3a8");
    pty_type(&pty, ":set graphics=wide\r");
    pty_expect(&pty, "graphics is one of: utf-8 line ascii");
    pty_type(&pty, ":set nothing=on\r");
    pty_expect(&pty, "no option \"nothing\"");
    pty_type(&pty, "o");
    pty_expect(&pty, "wrap       on");
    pty_type(&pty, "m");
    pty_expect(&pty, "mouse=on");
    quit(&pty);
}

static void long_lines_are_wrapped(void **state)
{
    struct live *live = *state;
    struct pty pty;
    const char *ini = launch_project(live, "long", "");
    launch_revision(live, "long", "bb22", "None", "long",
                    "op.execute(\"SELECT 'beginning of a long line that goes on and on and on and "
                    "on and on and on and on till the very end'\")",
                    "pass");
    launch_in(&pty, live, ini, 24, 80, NULL);
    pty_idle(&pty);
    pty_expect(&pty, "beginning of a long line");
    pty_expect_not(&pty, "very end");
    pty_type(&pty, ":set wrap=on\r");
    pty_expect(&pty, "very end");
    quit(&pty);
}

static void panes_are_resized_and_keep_their_sizes(void **state)
{
    struct pty pty;
    start(&pty, *state, 24, 80, NULL);
    assert_non_null(strstr(pty_row(&pty, 10), "3 sql"));
    pty_type(&pty, "++");
    assert_null(strstr(pty_row(&pty, 10), "3 sql"));
    assert_non_null(strstr(pty_row(&pty, 12), "3 sql"));
    pty_type(&pty, "OO");
    assert_non_null(strstr(pty_row(&pty, 12), "3 sql"));
    pty_resize(&pty, 40, 120);
    pty_type(&pty, "____________________");
    pty_resize(&pty, 24, 80);
    assert_non_null(strstr(pty_row(&pty, 12), "3 sql"));
    pty_type(&pty, "3++++++++++++++++");
    pty_expect(&pty, "3 sql");
    pty_expect(&pty, "1 graph");
    pty_type(&pty, "O+");
    pty_expect(&pty, "grow: one pane is shown alone");
    quit(&pty);
}

static void a_click_moves_the_cursor_and_the_wheel_scrolls(void **state)
{
    struct pty pty;
    start(&pty, *state, 24, 80, NULL);
    pty_send(&pty, CLICK("10;5"));
    pty_expect(&pty, "[graph] 92f4b617d3a8"); /* not asked for: nothing */
    pty_type(&pty, ":set mouse=on\r");
    pty_send(&pty, CLICK("10;4"));
    pty_expect(&pty, "[graph] 81e3a506c297");
    pty_send(&pty, CLICK("10;18"));
    pty_expect(&pty, "[sql]");
    pty_send(&pty, WHEEL_DOWN("10;4"));
    pty_expect_not(&pty, "92f4b617d3a8 user: add created_at (head)");
    pty_expect(&pty, "[sql]"); /* the focus stays */
    pty_type(&pty, ":set mouse=off\r");
    pty_type(&pty, ":set mouse\r");
    pty_expect(&pty, "mouse=off");
    quit(&pty);
}

static void a_click_answers_nothing_and_steps_nothing(void **state)
{
    struct live *live = *state;
    struct pty pty;
    char click[64];
    start(&pty, live, 24, 80, NULL);
    pty_type(&pty, ":set mouse=on\r");
    pty_type(&pty, "rn");
    pty_expect(&pty, "[ no: n ]");
    for (int y = 1; y <= 24; y++) {
        for (int x = 2; x < 80; x += 6) {
            snprintf(click, sizeof click, ESC "[<0;%d;%dM", x, y);
            press(&pty, click);
        }
        pty_send(&pty, CLICK("1;1"));
    }
    pty_expect(&pty, "[ no: n ]");
    pty_expect(&pty, "the mouse answers nothing here");
    pty_type(&pty, "y");
    pty_expect(&pty, "How far?");
    pty_send(&pty, CLICK("30;12"));
    pty_expect(&pty, "How far?");
    pty_type(&pty, "t");
    pty_expect(&pty, " RUN ");
    for (int x = 1; x < 80; x += 4) {
        snprintf(click, sizeof click, ESC "[<0;%d;24M", x);
        press(&pty, click);
    }
    pty_send(&pty, CLICK("3;24"));
    pty_expect(&pty, " RUN ");
    assert_string_equal(live_value(live, "SELECT to_regclass('alembic_version')"), "");
    pty_type(&pty, "a");
    pty_type(&pty, "k");
    pty_wait_for(&pty, "stopped");
    quit(&pty);
}

/* A file of keys and colours; the variable that names it. */
static const char *const *with_profile(struct live *live, const char *text)
{
    static const char *variables[2];
    const char *path = arena_printf(live->arena, "%s/console.conf", live_server.dir);
    launch_write(live, path, text);
    variables[0] = arena_printf(live->arena, "RETORT_CONSOLE_CONFIG=%s", path);
    return variables;
}

static void keys_and_colours_come_from_a_file(void **state)
{
    struct pty pty;
    const char *const *variables = with_profile(*state, "# mine\n"
                                                        "[keys.move]\n"
                                                        "Ctrl-N down\n"
                                                        "Ctrl-P up\n"
                                                        "[keys.global]\n"
                                                        "Hash warnings\n"
                                                        "[colors]\n"
                                                        "color id 208 default bold\n"
                                                        "[options]\n"
                                                        "set graphics ascii\n");
    start(&pty, *state, 24, 80, variables);
    pty_expect(&pty, "o 92f4b617d3a8");
    assert_non_null(strstr(pty.output.ptr, "38;5;208"));
    pty_type(&pty, "\016");
    pty_expect(&pty, "[graph] 81e3a506c297");
    pty_type(&pty, "#");
    pty_expect(&pty, "Warnings");
    pty_type(&pty, "q?");
    pty_expect(&pty, "j Down Ctrl-N");
    pty_type(&pty, "q");
    quit(&pty);
}

static void what_is_wrong_in_a_file_is_told_with_its_line(void **state)
{
    struct pty pty;
    const char *const *variables = with_profile(*state, "j down\n"
                                                        "[keys.nowhere]\n"
                                                        "[keys.move]\n"
                                                        "j up\n"
                                                        "j down\n"
                                                        "Hyper-X down\n"
                                                        "z fly\n"
                                                        "[keys.global]\n"
                                                        "o redraw\n"
                                                        "[keys.confirm]\n"
                                                        "Enter confirm-yes\n"
                                                        "[keys.bar]\n"
                                                        "c step\n"
                                                        "j step\n"
                                                        "[keys.graph]\n"
                                                        "s show\n"
                                                        "[keys.help]\n"
                                                        "Esc none\nq none\n? none\n"
                                                        "[colors]\n"
                                                        "color nothing red red\n"
                                                        "color id purple red\n"
                                                        "color id red red blink\n"
                                                        "[options]\n"
                                                        "set wrap maybe\n");
    static const char *const wanted[] = {
        "console.conf:1: a section comes first",
        "console.conf:2: no section of that name: keys.nowhere",
        "console.conf:5: j is bound already, on line 4",
        "console.conf:6: no key \"Hyper-X\"",
        "console.conf:7: no action \"fly\"",
        "console.conf:9: o was the only key of options in [keys.global]",
        "console.conf:11: Enter cannot be confirm-yes: only a letter says yes",
        "console.conf:13: c cannot be step: Ctrl with this letter is a habit",
        "console.conf:14: j cannot be step: it means something in a pane",
        "console.conf:16: s cannot be show: it executes in the run bar",
        "[keys.help] leaves no key for help-close",
        "console.conf:22: no role of that name: nothing",
        "console.conf:23: no colour; a name, default, or 0 to 255: purple",
        "console.conf:24: no attribute; bold, dim, reverse, underline or normal:",
        "console.conf:26: wrap is one of: off on",
    };
    start(&pty, *state, 50, 160, variables);
    pty_expect(&pty, "; w shows all");
    pty_type(&pty, "w");
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        pty_expect(&pty, wanted[i]);
    pty_type(&pty, "q?");
    pty_type(&pty, "q");
    pty_expect(&pty, "[graph]");
    quit(&pty);
}

/* The example of retort-console.conf(5). */
static void the_example_of_the_manual_is_taken_whole(void **state)
{
    struct live *live = *state;
    struct err err = ERR_INIT;
    struct pty pty;
    char *page;
    size_t len;
    const char *path =
        arena_printf(live->arena, "%s/man/retort-console.conf.5", getenv("top_srcdir"));
    assert_true(file_read(live->arena, path, 1 << 20, &page, &len, &err));
    const char *begin = strstr(page, "\n.Bd -literal"), *end = strstr(page, "\n.Ed");
    assert_true(begin && end && begin < end);
    begin = strchr(begin + 1, '\n') + 1;
    start(&pty, live, 24, 100,
          with_profile(live, arena_strndup(live->arena, begin, (size_t)(end + 1 - begin))));
    pty_expect_not(&pty, "console.conf");
    pty_expect(&pty, "upgrade");
    pty_type(&pty, "U");
    pty_expect(&pty, "downgrade");
    quit(&pty);
}

static void the_defaults_are_a_file_like_any_other(void **state)
{
    struct live *live = *state;
    struct err err = ERR_INIT;
    struct pty pty;
    char *first, *second;
    size_t len;
    const char *one = arena_printf(live->arena, "%s/one.conf", live_server.dir);
    const char *two = arena_printf(live->arena, "%s/two.conf", live_server.dir);
    start(&pty, live, 24, 100, NULL);
    pty_type(&pty, arena_printf(live->arena, ":config %s\r", one));
    quit(&pty);
    assert_true(file_read(live->arena, one, 1 << 20, &first, &len, &err));
    start(&pty, live, 24, 100, with_profile(live, first));
    pty_expect_not(&pty, "console.conf");
    pty_type(&pty, arena_printf(live->arena, ":config %s\r", two));
    quit(&pty);
    assert_true(file_read(live->arena, two, 1 << 20, &second, &len, &err));
    assert_string_equal(first, second);
}

/* usage: test_options [PATTERN]: only the tests whose names match. */
int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        LIVE_TEST(options_are_shown_set_and_toggled),
        LIVE_TEST(long_lines_are_wrapped),
        LIVE_TEST(panes_are_resized_and_keep_their_sizes),
        LIVE_TEST(a_click_moves_the_cursor_and_the_wheel_scrolls),
        LIVE_TEST(a_click_answers_nothing_and_steps_nothing),
        LIVE_TEST(keys_and_colours_come_from_a_file),
        LIVE_TEST(what_is_wrong_in_a_file_is_told_with_its_line),
        LIVE_TEST(the_example_of_the_manual_is_taken_whole),
        LIVE_TEST(the_defaults_are_a_file_like_any_other),
    };
    setlocale(LC_ALL, "C.UTF-8");
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    return cmocka_run_group_tests(tests, live_start, live_stop);
}
