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

/* usage: test_panes [PATTERN] */
int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        LIVE_TEST(every_line_of_a_call_leads_to_its_statement),
    };
    setlocale(LC_ALL, "C.UTF-8");
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    return cmocka_run_group_tests(tests, live_start, live_stop);
}
