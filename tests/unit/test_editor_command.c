/*
 * Which editor is the user's, and how it is told a line. What is on $PATH stands in a folder of the
 * test's own. Expected: the order of the manual (ENVIRONMENT), and what each editor's manual says
 * of lines; that a value which names no program is passed over is Alembic's rule (util/editor.py).
 */
#include "config.h"

#include "unit/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/file.h"
#include "base/str.h"
#include "run/editor.h"

static struct arena *a;
static const char *dir;

static int make_programs(void **state)
{
    static const char *const names[] = {"mine", "code", "nano", "two words", "kate", "ed it"};
    struct err err = ERR_INIT;
    (void)state;
    a = arena_new();
    dir = mkdtemp(arena_strdup(a, "/tmp/retort-editors.XXXXXX"));
    assert_non_null(dir);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        assert_true(file_write(path_join(a, dir, names[i]), "#!/bin/sh\n", 10, 0755, false, &err));
    assert_true(file_write(path_join(a, dir, "vim"), "no program", 10, 0644, false, &err));
    return 0;
}

static int remove_programs(void **state)
{
    struct err err = ERR_INIT;
    (void)state;
    file_remove_tree(dir, &err);
    arena_free(a);
    return 0;
}

/* The command for file.py, with the folder left out; "" where there is none. */
static const char *command(const char *visual, const char *editor, size_t line)
{
    const char *const environ_[] = {
        visual ? arena_printf(a, "VISUAL=%s", visual) : "VISUALS=no",
        editor ? arena_printf(a, "EDITOR=%s", editor) : "EDITORS=no",
        arena_printf(a, "PATH=relative::%s", dir),
        NULL,
    };
    struct word_list argv;
    struct err err = ERR_INIT;
    struct str out = STR_IN(a);
    if (!editor_command(a, environ_, "file.py", line, &argv, &err)) {
        assert_int_equal(err.code, ERR_COMMAND);
        err_clear(&err);
        return "";
    }
    for (size_t i = 0; argv.at[i]; i++)
        str_addf(&out, "%s[%s]", i ? " " : "",
                 str_starts_with(argv.at[i], dir) ? argv.at[i] + strlen(dir) + 1 : argv.at[i]);
    return out.ptr;
}

static void the_first_that_is_there(void **state)
{
    (void)state;
    assert_string_equal(command("mine", "nano", 0), "[mine] [file.py]");
    assert_string_equal(command("gone", "mine", 0), "[mine] [file.py]");
    assert_string_equal(command("", "mine", 0), "[mine] [file.py]");
    assert_string_equal(command(NULL, "/nowhere/mine", 0), "[nano] [file.py]");
    assert_string_equal(command(NULL, "vim", 0), "[nano] [file.py]");
    assert_string_equal(command(NULL, NULL, 0), "[nano] [file.py]");
}

static void with_arguments(void **state)
{
    (void)state;
    assert_string_equal(command("mine -w '/a b' \"c\\\"d\"", NULL, 0),
                        "[mine] [-w] [/a b] [c\"d] [file.py]");
    assert_string_equal(command("mine 'open", NULL, 0), "[nano] [file.py]");
    assert_string_equal(command(path_join(a, dir, "two words"), NULL, 0), "[two words] [file.py]");
    assert_string_equal(command(arena_printf(a, "'%s/ed it' -x", dir), NULL, 0),
                        "[ed it] [-x] [file.py]");
}

static void at_a_line(void **state)
{
    (void)state;
    assert_string_equal(command("mine", NULL, 7), "[mine] [+7] [file.py]");
    assert_string_equal(command("mine -y", NULL, 7), "[mine] [-y] [+7] [file.py]");
    assert_string_equal(command("code --wait", NULL, 7), "[code] [--wait] [--goto] [file.py:7]");
    assert_string_equal(command("kate", NULL, 7), "[kate] [--line] [7] [file.py]");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_that_is_there),
        cmocka_unit_test(with_arguments),
        cmocka_unit_test(at_a_line),
    };
    return cmocka_run_group_tests(tests, make_programs, remove_programs);
}
