/*
 * What stands between a key and the database (ui.md, "Which guard for what"): protected
 * connections, confirmations, typed names.
 */
#include "config.h"

#include <locale.h>
#include <signal.h>
#include <string.h>

#include "base/str.h"
#include "ui/launch.h"

#define ESC         "\033"
#define PASTE(text) "\033[200~" text "\033[201~"

/* A project with one revision whose connection is protected. */
static const char *protected_project(struct live *live)
{
    const char *ini = launch_project(live, "guarded", "[retort]\nlabel = live\nprotected = true\n");
    launch_revision(live, "guarded", "aa11", "None", "first",
                    "op.execute(\"CREATE TABLE t (n int)\")", "op.execute(\"DROP TABLE t\")");
    return ini;
}

static void type_name(struct pty *pty, const struct live *live)
{
    pty_type(pty, live->url.database);
}

static void a_protected_connection_is_read_only_till_it_is_unlocked(void **state)
{
    struct live *live = *state;
    struct pty pty;
    launch_in(&pty, live, protected_project(live), 24, 100, NULL);
    pty_idle(&pty);
    pty_expect(&pty, "[live] [PROTECTED read-only]");
    pty_type(&pty, "rh");
    pty_expect(&pty, "read-only; :unlock first");
    pty_send(&pty, ESC);
    pty_type(&pty, ":upgrade head\r");
    pty_expect(&pty, "the connection is protected and read-only; :unlock first");
    pty_type(&pty, ":unlock\r");
    pty_expect(&pty, "Type the name of the database");
    pty_type(&pty, "\r");
    pty_expect(&pty, "that is not");
    pty_send(&pty, PASTE("x"));
    pty_expect(&pty, "pasting is refused here: type it");
    pty_type(&pty, "nonsense\r");
    pty_expect(&pty, "that is not");
    pty_send(&pty, ESC);
    pty_expect(&pty, "[PROTECTED read-only]");
    pty_type(&pty, ":unlock\r");
    type_name(&pty, live);
    pty_type(&pty, "\r");
    pty_expect(&pty, "[PROTECTED, unlocked]");
    quit(&pty);
    assert_string_equal(live_value(live, "SELECT to_regclass('t')"), "");
}

static void a_protected_connection_asks_for_the_name_each_time(void **state)
{
    struct live *live = *state;
    struct pty pty;
    launch_in(&pty, live, protected_project(live), 30, 100, NULL);
    pty_idle(&pty);
    pty_type(&pty, ":unlock\r");
    type_name(&pty, live);
    pty_type(&pty, "\rrh");
    pty_expect(&pty, "! the connection is protected");
    pty_type(&pty, "y\r");
    pty_expect(&pty, "that is not");
    pty_send(&pty, "\025"); /* Ctrl-U */
    type_name(&pty, live);
    pty_type(&pty, "\r");
    pty_expect(&pty, "How far?");
    assert_string_equal(live_value(live, "SELECT to_regclass('t')"), "");
    pty_type(&pty, "e");
    pty_expect(&pty, "(up to date)");
    assert_string_equal(live_value(live, "SELECT to_regclass('t')"), "t");
    pty_type(&pty, ":lock\r");
    pty_expect(&pty, "[PROTECTED read-only]");
    pty_type(&pty, "rb");
    pty_expect(&pty, "read-only; :unlock first");
    pty_send(&pty, ESC);
    quit(&pty);
}

static void a_plan_worked_on_is_not_armed_on_a_locked_connection(void **state)
{
    struct live *live = *state;
    struct pty pty;
    launch_in(&pty, live, protected_project(live), 30, 100, NULL);
    pty_idle(&pty);
    pty_type(&pty, ":unlock\r");
    type_name(&pty, live);
    pty_type(&pty, "\rrh" ESC);
    pty_expect(&pty, "nothing was done");
    pty_type(&pty, "jB");
    pty_type(&pty, ":lock\r");
    pty_type(&pty, "r");
    pty_expect(&pty, "read-only; :unlock first");
    pty_expect_not(&pty, "Type the name of the database");
    quit(&pty);
}

static void the_label_of_a_connection_is_in_the_header(void **state)
{
    struct live *live = *state;
    struct pty pty;
    launch_in(&pty, live,
              launch_project(live, "labelled", "[retort]\nlabel = dev\nprotected = *_prod\n"), 24,
              100, NULL);
    pty_idle(&pty);
    assert_non_null(strstr(pty_row(&pty, 0), "[dev]"));
    assert_null(strstr(pty_row(&pty, 0), "PROTECTED"));
    pty_type(&pty, ":unlock\r");
    pty_expect(&pty, "the connection is not protected");
    quit(&pty);
}

static void a_setting_that_is_not_understood_stops_everything(void **state)
{
    struct live *live = *state;
    struct pty pty;
    launch_in(&pty, live, launch_project(live, "wrong", "[retort]\nprotected = maybe it is\n"), 24,
              100, NULL);
    pty_idle(&pty);
    pty_expect(&pty, "protected is neither true nor false nor a database: 'maybe it is'");
    pty_type(&pty, "rh");
    pty_expect(&pty, "the project cannot be read");
    pty_send(&pty, ESC);
    quit(&pty);
}

static void enter_never_answers_a_confirmation_with_yes(void **state)
{
    struct live *live = *state;
    struct pty pty;
    start(&pty, live, 30, 100, NULL);
    pty_type(&pty, "rn");
    pty_expect(&pty, "[ no: n ]");
    pty_type(&pty, "\r");
    pty_expect(&pty, "nothing was done");
    pty_expect_not(&pty, "[ no: n ]");
    pty_type(&pty, "1rn");
    pty_send(&pty, PASTE("y"));
    pty_expect(&pty, "a paste means nothing here and was dropped");
    pty_expect(&pty, "[ no: n ]");
    pty_type(&pty, "q");
    quit(&pty);
    assert_string_equal(live_value(live, "SELECT to_regclass('alembic_version')"), "");
}

/* usage: test_guards [PATTERN]: only the tests whose names match. */
int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        LIVE_TEST(a_protected_connection_is_read_only_till_it_is_unlocked),
        LIVE_TEST(a_protected_connection_asks_for_the_name_each_time),
        LIVE_TEST(a_plan_worked_on_is_not_armed_on_a_locked_connection),
        LIVE_TEST(the_label_of_a_connection_is_in_the_header),
        LIVE_TEST(a_setting_that_is_not_understood_stops_everything),
        LIVE_TEST(enter_never_answers_a_confirmation_with_yes),
    };
    setlocale(LC_ALL, "C.UTF-8");
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    return cmocka_run_group_tests(tests, live_start, live_stop);
}
