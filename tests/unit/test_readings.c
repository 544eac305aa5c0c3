/*
 * Many revisions read on several threads: in order, each as if it was alone, and whatever one of
 * them does to the modules that all of them use, the next finds them whole.
 */
#include "config.h"

#include "unit/unit.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/str.h"
#include "run/readings.h"

enum { COUNT = 400, KINDS = 8, LAST_LINE = 14 };

/* What each revision does before it looks whether all is as it should be. */
static const char *const vandals[KINDS] = {
    "sa.Column = sa.Table = None",
    "op.execute = op.add_column = None",
    "import builtins; builtins.len = lambda x: 0; builtins.str = None",
    "sys.modules['seen'] = sys.modules['sqlalchemy'] = None",
    "import typing; typing.Union = typing.Sequence = None",
    "sa.Text.length = 5; sa.Integer.__str__ = None; sa.seen = True",
    "os.environ['SEEN'] = '1'; os.path = None",
    "op.seen = list(range(1000)); x = 'y' * 100000",
};

static const char program[] =
    "from typing import Sequence, Union\n"
    "from alembic import op\n"
    "import sqlalchemy as sa\n"
    "import os, sys\n"
    "revision: Union[str, Sequence[str], None] = 'r%zu'\n"
    "down_revision = None\n"
    "def upgrade():\n"
    "    assert len('abc') == 3 and str(5) == '5' and 'SEEN' not in os.environ\n"
    "    assert 'seen' not in sys.modules and os.path.join('a', 'b') == 'a/b'\n"
    "    assert 'seen' not in vars(sa) and 'seen' not in vars(op)\n"
    "    assert not hasattr(sa.Text, 'length') or sa.Text.length != 5\n"
    "    op.add_column('t', sa.Column('c%zu', sa.Text(), nullable=True))\n"
    "    op.execute('select %zu')\n"
    "    %s\n";

struct fixture {
    struct arena *arena;
    char dir[32];
    struct reading_request requests[COUNT];
    size_t stop_at, taken;
};

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));
    struct err err = ERR_INIT;
    f->arena = arena_new();
    f->stop_at = COUNT + 1;
    strcpy(f->dir, "/tmp/retort-test-XXXXXX");
    *state = f;
    if (!mkdtemp(f->dir))
        return -1;
    for (size_t i = 0; i < COUNT; i++) {
        const char *name = arena_printf(f->arena, "r%zu.py", i);
        const char *text = arena_printf(f->arena, program, i, i, i, vandals[i % KINDS]);
        f->requests[i].path = path_join(f->arena, f->dir, name);
        if (!file_write(f->requests[i].path, text, strlen(text), 0600, false, &err))
            return -1;
    }
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    struct err err = ERR_INIT;
    file_remove_tree(f->dir, &err);
    err_clear(&err);
    arena_free(f->arena);
    free(f);
    return 0;
}

static bool take(size_t i, struct revision_reading *reading, void *payload)
{
    struct fixture *f = payload;
    assert_int_equal(i, f->taken);
    /* Some of what the last line tries is refused. */
    if (reading->status != READING_OK && reading->err.line != LAST_LINE)
        fail_msg("%zu: %s", i, reading->err.message);
    assert_int_equal(reading->ops.len, 2);
    const char *column = arena_printf(f->arena, "c%zu", i);
    assert_string_equal(reading->ops.at[0]->as.add_column.column->name.text, column);
    f->taken++;
    return f->taken < f->stop_at;
}

static void each_is_as_if_it_was_alone(void **state)
{
    struct fixture *f = *state;
    assert_true(readings_each(NULL, f->requests, COUNT, take, f));
    assert_int_equal(f->taken, COUNT);
}

static void whoever_takes_can_stop(void **state)
{
    struct fixture *f = *state;
    f->stop_at = COUNT / 2;
    assert_false(readings_each(NULL, f->requests, COUNT, take, f));
    assert_int_equal(f->taken, COUNT / 2);
}

static void few_and_none_are_fine(void **state)
{
    struct fixture *f = *state;
    assert_true(readings_each(NULL, f->requests, 0, take, f));
    assert_true(readings_each(NULL, f->requests, 1, take, f));
    assert_int_equal(f->taken, 1);
}

/* Whether a package is installed where the revision will run is not known: Alembic's --sql prints
 * what it prints without it, and what would be a guess is not executed. */
static void an_absent_package_is_assumed_only_to_print(void **state)
{
    struct fixture *f = *state;
    struct revision_reading reading;
    struct err err = ERR_INIT;
    const char *text = "import sqlalchemy as sa\n"
                       "from alembic import op\n"
                       "try:\n    from no_such_package import Kind\n"
                       "except ImportError:\n    Kind = sa.Text\n"
                       "revision = 'a'\ndown_revision = None\n"
                       "def upgrade():\n    op.add_column('t', sa.Column('k', Kind))\n";
    struct reading_request request = {.path = path_join(f->arena, f->dir, "absent.py"),
                                      .purpose = READING_TO_PRINT};
    assert_true(file_write(request.path, text, strlen(text), 0600, false, &err));
    alembic_read_revision(f->arena, NULL, &request, &reading);
    assert_int_equal(reading.status, READING_OK);
    assert_int_equal(reading.ops.len, 1);
    revision_reading_clear(&reading);
    request.purpose = READING_TO_EXECUTE;
    alembic_read_revision(f->arena, NULL, &request, &reading);
    assert_int_equal(reading.status, READING_PYTHON);
    assert_non_null(strstr(reading.err.message, "no_such_package"));
    assert_int_equal(reading.err.line, 10); /* where it matters; the message names the import */
    revision_reading_clear(&reading);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_is_as_if_it_was_alone, set_up, tear_down),
        cmocka_unit_test_setup_teardown(whoever_takes_can_stop, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_absent_package_is_assumed_only_to_print, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(few_and_none_are_fine, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
