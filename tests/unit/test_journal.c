/* The journal as a file: what is written is read back, and what was changed or cut off is told. */
#include "config.h"

#include "unit/unit.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/str.h"
#include "run/journal.h"
#include "run/journal_read.h"

struct fixture {
    struct arena *arena;
    char dir[32];
    const char *path; /* of a journal with RECORDS records */
    char *text;
    size_t len;
};

enum { RECORDS = 4 };

static int setup(void **state)
{
    struct arena *a = arena_new();
    struct fixture *f = ARENA_NEW(a, struct fixture);
    struct journal *journal;
    struct err err = ERR_INIT;
    f->arena = a;
    strcpy(f->dir, "/tmp/rtjournal.XXXXXX");
    assert_non_null(mkdtemp(f->dir));
    assert_true(journal_open(f->dir, &journal, &err));
    f->path = arena_strdup(a, journal_path(journal));
    for (int i = 0; i < RECORDS; i++)
        assert_true(
            journal_record(journal, "note", json_pack("{s:s}", "sql", "SELECT 'ä\n'"), &err));
    journal_close(journal);
    assert_true(file_read(a, f->path, 1 << 20, &f->text, &f->len, &err));
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    struct err err = ERR_INIT;
    assert_true(file_remove_tree(f->dir, &err));
    arena_free(f->arena);
    return 0;
}

/* The journal with this text in it. */
static struct journal_file read_as(struct fixture *f, const char *text, size_t len)
{
    struct journal_file file;
    struct err err = ERR_INIT;
    assert_true(file_write(f->path, text, len, 0600, true, &err));
    assert_true(journal_read(f->arena, f->path, &file, &err));
    return file;
}

static size_t line_at(const struct fixture *f, int line)
{
    const char *p = f->text;
    for (int i = 1; i < line; i++)
        p = strchr(p, '\n') + 1;
    return (size_t)(p - f->text);
}

static void what_is_written_is_whole(void **state)
{
    struct fixture *f = *state;
    struct journal_file file = read_as(f, f->text, f->len);
    assert_int_equal(file.state, JOURNAL_WHOLE);
    assert_int_equal(file.records.len, RECORDS);
    assert_int_equal(file.size, f->len);
    assert_string_equal(journal_text(file.records.at[3], "sql", ""), "SELECT 'ä\n'");
    assert_int_equal(journal_number(file.records.at[3], "n"), 4);
    journal_file_clear(&file);
    json_t *last = journal_read_last(f->path);
    assert_int_equal(journal_number(last, "n"), RECORDS);
    json_decref(last);
}

/* SHA-256 of the record before and the record: the rule of the header, by another program. */
static void the_chain_is_sha256(void **state)
{
    struct fixture *f = *state;
    char *command = arena_printf(
        f->arena,
        "awk '{ i = match($0, /,\"hash\":\"[0-9a-f]*\"}$/); printf \"%%s%%s\", before, "
        "substr($0, 1, i - 1) > \"%s/text\"; close(\"%s/text\"); before = substr($0, i + 9, 64); "
        "\"sha256sum <%s/text\" | getline sum; close(\"sha256sum <%s/text\"); "
        "if (substr(sum, 1, 64) != before) exit 1 }' %s",
        f->dir, f->dir, f->dir, f->dir, f->path);
    assert_int_equal(system(command), 0);
}

/* Wherever the file is cut, the records before are there and the chain is not called changed. */
static void a_cut_off_record_is_told(void **state)
{
    struct fixture *f = *state;
    for (size_t len = 0; len < f->len; len++) {
        bool at_end = len == 0 || f->text[len - 1] == '\n';
        struct journal_file file = read_as(f, f->text, len);
        assert_int_equal(file.state, at_end ? JOURNAL_WHOLE : JOURNAL_CUT_OFF);
        if (!at_end)
            assert_int_equal(file.line, file.records.len + 1);
        journal_file_clear(&file);
    }
}

/* Each byte of the second record: some change in it is found, and at its line. */
static void a_changed_record_is_told(void **state)
{
    struct fixture *f = *state;
    for (size_t i = line_at(f, 2); f->text[i] != '\n'; i++) {
        char *text = arena_strndup(f->arena, f->text, f->len);
        text[i] = text[i] == '7' ? '8' : '7';
        struct journal_file file = read_as(f, text, f->len);
        assert_int_equal(file.state, JOURNAL_CHANGED);
        assert_int_equal(file.line, 2);
        journal_file_clear(&file);
    }
}

static void a_record_taken_out_is_told(void **state)
{
    struct fixture *f = *state;
    struct str text = STR_IN(f->arena);
    str_addn(&text, f->text, line_at(f, 2));
    str_add(&text, f->text + line_at(f, 3));
    struct journal_file file = read_as(f, text.ptr, text.len);
    assert_int_equal(file.state, JOURNAL_CHANGED);
    assert_int_equal(file.line, 2);
    assert_string_equal(file.problem, "record 2 was expected here, this is record 3");
    journal_file_clear(&file);
}

static void a_broken_run_can_be_closed(void **state)
{
    struct fixture *f = *state;
    struct journal *journal;
    struct err err = ERR_INIT;
    struct journal_file file = read_as(f, f->text, f->len - 20);
    journal_file_clear(&file);
    assert_true(journal_reopen(f->path, &journal, &err));
    assert_true(journal_record(journal, "closed", NULL, &err));
    assert_true(journal_record(journal, "more", NULL, &err));
    journal_close(journal);
    assert_true(journal_read(f->arena, f->path, &file, &err));
    assert_int_equal(file.state, JOURNAL_WHOLE);
    assert_int_equal(file.records.len, RECORDS + 1);
    const json_t *closed = file.records.at[RECORDS - 1];
    assert_string_equal(journal_text(closed, "kind", ""), "closed");
    assert_memory_equal(journal_text(closed, "fragment", ""), "{\"n\":4,", 7);
    journal_file_clear(&file);
}

static void a_changed_journal_is_not_added_to(void **state)
{
    struct fixture *f = *state;
    struct journal *journal;
    struct err err = ERR_INIT;
    char *text = arena_strndup(f->arena, f->text, f->len);
    text[line_at(f, 3) + 10] = '?';
    struct journal_file file = read_as(f, text, f->len);
    journal_file_clear(&file);
    assert_false(journal_reopen(f->path, &journal, &err));
    assert_int_equal(err.code, ERR_STALE);
    assert_non_null(strstr(err.message, "line 3"));
    err_clear(&err);
}

/* Whoever holds the file is at work; what only looks disturbs nobody. */
static void a_journal_being_written_is_in_use(void **state)
{
    struct fixture *f = *state;
    struct journal *journal, *other;
    struct err err = ERR_INIT;
    assert_true(journal_open(f->dir, &journal, &err));
    assert_true(journal_is_in_use(journal_path(journal)));
    assert_true(journal_is_in_use(journal_path(journal)));
    assert_false(journal_reopen(journal_path(journal), &other, &err));
    assert_int_equal(err.code, ERR_BUSY);
    err_clear(&err);
    const char *path = arena_strdup(f->arena, journal_path(journal));
    journal_close(journal);
    assert_false(journal_is_in_use(path));
}

/* The clock goes back between two records: their order stays, and so does the chain. */
static void clocks_may_jump(void **state)
{
    struct fixture *f = *state;
    struct journal *journal;
    struct journal_file file;
    struct err err = ERR_INIT;
    assert_true(journal_open(f->dir, &journal, &err));
    const char *path = arena_strdup(f->arena, journal_path(journal));
    clock_set_wall(1700000000 * INT64_C(1000000));
    assert_true(journal_record(journal, "a", NULL, &err));
    clock_set_wall(1600000000 * INT64_C(1000000));
    assert_true(journal_record(journal, "b", NULL, &err));
    clock_set_wall(-1);
    journal_close(journal);
    assert_true(journal_read(f->arena, path, &file, &err));
    assert_int_equal(file.state, JOURNAL_WHOLE);
    assert_string_equal(journal_text(file.records.at[1], "kind", ""), "b");
    journal_file_clear(&file);
}

/* A disk that is full in the middle of a record: said, and what was there is still there. */
static void a_full_disk_is_said(void **state)
{
    struct fixture *f = *state;
    struct rlimit before, limit;
    struct journal *journal;
    struct journal_file file;
    struct err err = ERR_INIT;
    assert_true(journal_open(f->dir, &journal, &err));
    const char *path = arena_strdup(f->arena, journal_path(journal));
    assert_true(journal_record(journal, "a", NULL, &err));
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    signal(SIGXFSZ, SIG_IGN);
    limit = before;
    limit.rlim_cur = 200;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
    assert_false(journal_record(journal, "b", NULL, &err));
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_int_equal(err.code, ERR_IO);
    assert_non_null(strstr(err.message, path));
    err_clear(&err);
    journal_close(journal);
    assert_true(journal_read(f->arena, path, &file, &err));
    assert_int_equal(file.state, JOURNAL_CUT_OFF);
    assert_int_equal(file.records.len, 1);
    journal_file_clear(&file);
}

static void journals_are_listed_newest_first(void **state)
{
    struct fixture *f = *state;
    struct path_list list;
    struct err err = ERR_INIT;
    const char *older = path_join(f->arena, f->dir, "20200101T000000Z-1-0000.jsonl");
    assert_true(file_write(older, "", 0, 0600, false, &err));
    assert_true(journal_list(f->arena, f->dir, &list, &err));
    assert_int_equal(list.len, 2);
    assert_string_equal(list.at[0], f->path);
    assert_string_equal(list.at[1], older);
    assert_true(journal_list(f->arena, "/tmp/is-not-there", &list, &err));
    assert_int_equal(list.len, 0);
    assert_null(journal_read_last(older));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_written_is_whole),       TEST(the_chain_is_sha256),
        TEST(a_cut_off_record_is_told),       TEST(a_changed_record_is_told),
        TEST(a_record_taken_out_is_told),     TEST(a_broken_run_can_be_closed),
        TEST(a_changed_journal_is_not_added_to), TEST(a_journal_being_written_is_in_use),
        TEST(clocks_may_jump),                TEST(a_full_disk_is_said),
        TEST(journals_are_listed_newest_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
