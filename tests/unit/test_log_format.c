/* Formats of log lines. What is expected was printed by Python's logging.Formatter. */
#include "config.h"

#include "unit/unit.h"

#include "base/arena.h"
#include "cli/log_format.h"

static const struct log_record record = {
    .logger = "alembic.runtime.migration",
    .level = "INFO",
    .level_number = 20,
    .message = "Running upgrade  -> a1, ü 100%",
    .time = 1795392000123456, /* 2026-11-23 00:00:00.123456 UTC */
};

static void test_formats(void **state)
{
    (void)state;
    static const struct {
        struct log_layout layout;
        const char *expected;
    } cases[] = {
        {{NULL, '%', NULL}, "Running upgrade  -> a1, ü 100%"},
        {{"%(levelname)-5.5s [%(name)s] %(message)s", '%', "%H:%M:%S"},
         "INFO  [alembic.runtime.migration] Running upgrade  -> a1, ü 100%"},
        {{"%(levelname)8s|%(name).7s|%(levelno)05d|%(levelno)s", '%', NULL},
         "    INFO|alembic|00020|20"},
        {{"%(asctime)s %(message).25s|", '%', NULL},
         "2026-11-23 00:00:00,123 Running upgrade  -> a1, ü|"},
        {{"%(asctime)s %(module)s 100%%", '%', "%d.%m.%y %H:%M"}, "23.11.26 00:00 migration 100%"},
        {{"{levelname:<8}|{levelname:>8}|{levelname:^8}|{name:.7}|{{x}} {levelno:05d}", '{', NULL},
         "INFO    |    INFO|  INFO  |alembic|{x} 00020"},
        {{"{asctime} {message:*>32}", '{', "%Y"}, "2026 **Running upgrade  -> a1, ü 100%"},
        {{"$levelname ${name} $$ $asctime", '$', "%j"}, "INFO alembic.runtime.migration $ 327"},
    };
    struct arena *a = arena_new();
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_string_equal(log_format(a, &cases[i].layout, &record), cases[i].expected);
    arena_free(a);
}

/* Python refuses such a format when it is configured or used; a line is better than none. */
static void test_what_no_record_has(void **state)
{
    (void)state;
    static const struct log_layout layouts[] = {{"%(nothing)s %(message", '%', NULL},
                                                {"{nothing} {message", '{', NULL},
                                                {"$nothing ${message", '$', NULL},
                                                {"% %(", '%', NULL},
                                                {"}{", '{', NULL},
                                                {"$", '$', NULL}};
    struct arena *a = arena_new();
    for (size_t i = 0; i < sizeof(layouts) / sizeof(layouts[0]); i++)
        assert_string_equal(log_format(a, &layouts[i], &record), layouts[i].format);
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_formats),
        cmocka_unit_test(test_what_no_record_has),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
