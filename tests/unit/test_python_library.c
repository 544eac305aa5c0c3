#include "config.h"

#include "unit/unit.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/file.h"
#include "base/source.h"
#include "base/str.h"
#include "python/native.h"
#include "python/parse.h"

/*
 * The library slices: programs in tests/python/library print the same as under CPython 3.11, whose
 * output is recorded beside them (TZ=UTC python3 x.py >x.out).
 */

static struct arena *arena;
static struct err err;

static int set_up(void **state)
{
    (void)state;
    arena = arena_new();
    err = ERR_INIT;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    err_clear(&err);
    arena_free(arena);
    return 0;
}

static void keep(const char *text, size_t len, void *payload)
{
    str_addn(payload, text, len);
}

static int64_t fixed_now(void *payload)
{
    (void)payload;
    return 1700000000123456;
}

static void fixed_random(unsigned char *bytes, size_t len, void *payload)
{
    (void)payload;
    for (size_t i = 0; i < len; i++)
        bytes[i] = (unsigned char)(i * 37 + 11);
}

static struct py_run *run_text(const char *path, const char *text, size_t len, struct str *out,
                               struct py_outcome *outcome)
{
    static const struct py_environ environ[] = {{"DB_HOST", "db"}, {NULL, NULL}};
    struct py_config config = {.print = keep,
                               .now = fixed_now,
                               .random = fixed_random,
                               .environ = environ,
                               .payload = out};
    struct py_run *run = py_run_new(arena, &config);
    struct source *src = py_source_new(arena, path, text, len, &err);
    py_run_exec(run, "__main__", src, false, outcome);
    return run;
}

static char *read_file(const char *path, size_t *len)
{
    char *text;
    if (!file_read(arena, path, 1 << 24, &text, len, &err))
        fail_msg("%s", err.message);
    return text;
}

static void programs_print_what_cpython_prints(void **state)
{
    (void)state;
    struct path_list names = {0};
    int count = 0;
    const char *dir = arena_printf(arena, "%s/tests/python/library", getenv("top_srcdir"));
    assert_true(file_list(arena, dir, &names, &err));
    for (size_t i = 0; i < names.len; i++) {
        if (!str_ends_with(names.at[i], ".py"))
            continue;
        size_t len, golden_len;
        const char *path = path_join(arena, dir, names.at[i]);
        const char *text = read_file(path, &len);
        const char *golden = arena_printf(arena, "%.*s.out", (int)strlen(path) - 3, path);
        struct str out = STR_IN(arena);
        struct py_outcome outcome;
        run_text(names.at[i], text, len, &out, &outcome);
        if (outcome.ending != PY_OK)
            fail_msg("%s:%d: %s%s", names.at[i], outcome.place.line,
                     outcome.reason ? outcome.reason : outcome.type,
                     outcome.message ? outcome.message : "");
        assert_string_equal(out.ptr, read_file(golden, &golden_len));
        count++;
    }
    assert_true(count >= 4);
}

static struct py_value value_of(const char *expression)
{
    struct str out = STR_IN(arena);
    struct py_outcome outcome;
    const char *text = arena_printf(arena, "import datetime, os, random, secrets, time, uuid\n"
                                           "x = %s\n",
                                    expression);
    struct py_run *run = run_text("x.py", text, strlen(text), &out, &outcome);
    if (outcome.ending != PY_OK)
        fail_msg("%s: %s", expression, outcome.reason ? outcome.reason : outcome.message);
    return py_run_global(run, "__main__", "x");
}

static void what_differs_from_run_to_run_is_marked(void **state)
{
    (void)state;
    static const char *const marked[] = {
        "str(uuid.uuid4())",
        "uuid.uuid4().hex",
        "datetime.datetime.now().isoformat()",
        "datetime.datetime.utcnow().year",
        "str(datetime.date.today())",
        "datetime.datetime.now() + datetime.timedelta(days=1)",
        "f'{datetime.datetime.now(datetime.timezone.utc):%Y}'",
        "time.time()",
        "random.randint(1, 10)",
        "random.choice(['a', 'b'])",
        "secrets.token_hex(8)",
    };
    for (size_t i = 0; i < sizeof(marked) / sizeof(marked[0]); i++) {
        if (!value_of(marked[i]).mark)
            fail_msg("%s is not marked", marked[i]);
    }
    assert_false(value_of("str(uuid.UUID(int=1))").mark);
    assert_false(value_of("str(datetime.date(2020, 1, 1))").mark);
}

static void the_environment_is_what_was_given(void **state)
{
    (void)state;
    struct py_value v = value_of("os.environ['DB_HOST'] + os.getenv('NOT_THERE', '!')");
    assert_string_equal(py_str_of(v)->ptr, "db!");
}

static void what_needs_the_disk_is_unknown(void **state)
{
    (void)state;
    static const char *const unknown[] = {
        "os.getcwd()", "os.path.abspath('x')", "os.path.dirname(os.path.abspath('x'))",
        "os.listdir('.')", "os.path.join(os.getcwd(), 'x')", "os.path.exists('x')",
    };
    for (size_t i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++)
        assert_true(py_is_unknown(value_of(unknown[i])));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(programs_print_what_cpython_prints),
        TEST(what_differs_from_run_to_run_is_marked),
        TEST(the_environment_is_what_was_given),
        TEST(what_needs_the_disk_is_unknown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
