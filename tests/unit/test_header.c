/*
 * Headers of revision files: what spec/cli.md, section 3.1, says of the module variables, however
 * they are written. The expected values are what Python gives the variables.
 */
#include "config.h"

#include "unit/unit.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "alembic/revision.h"
#include "base/arena.h"
#include "base/file.h"
#include "base/str.h"

struct fixture {
    struct arena *arena;
    char dir[32];
    struct err err;
    struct revision_header header;
};

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));
    f->arena = arena_new();
    strcpy(f->dir, "/tmp/retort-test-XXXXXX");
    *state = f;
    return mkdtemp(f->dir) ? 0 : -1;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    err_clear(&f->err);
    file_remove_tree(f->dir, &f->err);
    err_clear(&f->err);
    arena_free(f->arena);
    free(f);
    return 0;
}

static const char *joined(struct fixture *f, const struct name_list *list)
{
    struct str s = STR_IN(f->arena);
    for (size_t i = 0; i < list->len; i++)
        str_addf(&s, "%s%s", i ? " " : "", list->at[i]);
    return str_take(&s);
}

/* What the scan tells, if it does, is what reading the file by itself tells. */
static void check_scan(struct fixture *f, const char *path, bool read)
{
    struct header_scratch scratch;
    struct revision_header scanned;
    int folder = file_open_folder(f->dir);
    header_scratch_init(&scratch);
    if (alembic_scan_header(f->arena, &scratch, folder, path, &scanned)) {
        assert_true(read);
        assert_string_equal(scanned.id, f->header.id);
        assert_string_equal(scanned.longdoc, f->header.longdoc);
        assert_string_equal(scanned.doc, f->header.doc);
        assert_string_equal(joined(f, &scanned.down), joined(f, &f->header.down));
        assert_string_equal(joined(f, &scanned.depends_on), joined(f, &f->header.depends_on));
        assert_string_equal(joined(f, &scanned.labels), joined(f, &f->header.labels));
    }
    header_scratch_clear(&scratch);
    close(folder);
}

static bool read_header(struct fixture *f, const char *name, const char *text)
{
    const char *path = path_join(f->arena, f->dir, name);
    assert_true(file_write(path, text, strlen(text), 0600, true, &f->err));
    bool read = alembic_read_header(f->arena, NULL, path, &f->header, &f->err);
    check_scan(f, path, read);
    return read;
}

static void literal_headers_need_no_evaluation(void **state)
{
    struct fixture *f = *state;
    /* A class whose body cannot be evaluated must not hide the header. */
    assert_true(read_header(f, "x.py",
                            "\"\"\"first line\nsecond\n\nthird paragraph\n\"\"\"\n"
                            "import nobody\n"
                            "revision: str = 'ab12'\n"
                            "down_revision = ('c1', \"d2\")\n"
                            "branch_labels = ['l']\n"
                            "depends_on = None\n"
                            "class Secret:\n    key = str(nobody.KEY)\n"
                            "def upgrade():\n    pass\n"));
    assert_string_equal(f->header.id, "ab12");
    assert_string_equal(joined(f, &f->header.down), "c1 d2");
    assert_string_equal(joined(f, &f->header.labels), "l");
    assert_int_equal(f->header.depends_on.len, 0);
    assert_string_equal(f->header.doc, "first line\nsecond");
    assert_string_equal(f->header.longdoc, "first line\nsecond\n\nthird paragraph");
}

static void computed_headers_are_evaluated(void **state)
{
    struct fixture *f = *state;
    assert_true(read_header(f, "x.py",
                            "prefix = 'ab'\n"
                            "revision = prefix + '%02d' % 7\n"
                            "down_revision = None\n"
                            "if prefix == 'ab':\n    down_revision = 'c1',\n"
                            "depends_on = {'z9'}\n"));
    assert_string_equal(f->header.id, "ab07");
    assert_string_equal(joined(f, &f->header.down), "c1");
    assert_string_equal(joined(f, &f->header.depends_on), "z9");
    assert_string_equal(f->header.doc, "");
}

static void the_last_assignment_counts(void **state)
{
    struct fixture *f = *state;
    assert_true(read_header(f, "x.py", "revision = 'a'\ndown_revision = 'b'\nrevision = 'c'\n"));
    assert_string_equal(f->header.id, "c");
}

static void a_missing_id_comes_from_the_file_name(void **state)
{
    struct fixture *f = *state;
    assert_true(read_header(f, "1a2b.py", "down_revision = None\n"));
    assert_string_equal(f->header.id, "1a2b");
    assert_false(read_header(f, "other.py", "down_revision = None\n"));
    assert_non_null(
        strstr(f->err.message, "Could not determine revision id from filename other.py"));
}

static void what_is_wrong_names_the_place(void **state)
{
    struct fixture *f = *state;
    assert_false(read_header(f, "x.py", "revision = 'a'\n"));
    assert_non_null(strstr(f->err.message, "has no attribute 'down_revision'"));
    assert_false(read_header(f, "x.py", "revision = 'a'\ndown_revision = None\ndef upgrade(:\n"));
    assert_int_equal(f->err.line, 3);
    assert_false(
        read_header(f, "x.py", "revision = 'a'\ndown_revision = str(open('/etc/passwd'))\n"));
    assert_int_equal(f->err.line, 2);
    assert_false(read_header(f, "x.py", "revision = '\xff\xfe'\ndown_revision = None\n"));
    assert_int_equal(f->err.line, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(literal_headers_need_no_evaluation, setup, teardown),
        cmocka_unit_test_setup_teardown(computed_headers_are_evaluated, setup, teardown),
        cmocka_unit_test_setup_teardown(the_last_assignment_counts, setup, teardown),
        cmocka_unit_test_setup_teardown(a_missing_id_comes_from_the_file_name, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_wrong_names_the_place, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
