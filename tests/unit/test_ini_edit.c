/* One line more in a file that people write, and nothing else changed. */
#include "config.h"

#include "unit/unit.h"

#include "base/str.h"
#include "config/ini_edit.h"

static void expect(const char *text, const char *line, const char *wanted)
{
    struct str out = STR_INIT;
    ini_edit_add_line(&out, text, "retort", "ignore", line);
    assert_string_equal(out.ptr, wanted);
    str_clear(&out);
}

static void the_section_is_made_at_the_end(void **state)
{
    (void)state;
    expect("", "a b", "[retort]\nignore =\n    a b\n");
    expect("[alembic]\nx = 1", "a b", "[alembic]\nx = 1\n\n[retort]\nignore =\n    a b\n");
    expect("[x]\r\ny = 1\r\n", "a", "[x]\r\ny = 1\r\n\r\n[retort]\r\nignore =\r\n    a\r\n");
}

static void the_option_goes_to_the_end_of_its_section(void **state)
{
    (void)state;
    expect("[retort]\nlabel = dev\n\n# loggers\n[loggers]\nkeys = a\n", "a b",
           "[retort]\nlabel = dev\nignore =\n    a b\n\n# loggers\n[loggers]\nkeys = a\n");
    expect("[retort]\n[x]\n", "a", "[retort]\nignore =\n    a\n[x]\n");
    /* Another section's option of that name, and a longer name. */
    expect("[x]\nignore = 1\n[retort]\nignored = 1\n", "a",
           "[x]\nignore = 1\n[retort]\nignored = 1\nignore =\n    a\n");
}

static void a_line_is_added_to_the_value(void **state)
{
    (void)state;
    expect("[retort]\nIgnore =\n  a b\n# said\n  c d\n\n\nlabel = dev\n", "e f",
           "[retort]\nIgnore =\n  a b\n# said\n  c d\n  e f\n\n\nlabel = dev\n");
    expect("[retort]\nignore: a b\n[x]\n", "e f", "[retort]\nignore: a b\n    e f\n[x]\n");
    expect("[retort]\nignore =", "e f", "[retort]\nignore =\n    e f\n");
}

static void percent_signs_are_doubled(void **state)
{
    (void)state;
    expect("[retort]\nignore =\n", "a 100%", "[retort]\nignore =\n    a 100%%\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_section_is_made_at_the_end),
        cmocka_unit_test(the_option_goes_to_the_end_of_its_section),
        cmocka_unit_test(a_line_is_added_to_the_value),
        cmocka_unit_test(percent_signs_are_doubled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
