#include "config.h"

#include "unit/unit.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/file.h"
#include "base/map.h"
#include "base/parallel.h"
#include "base/source.h"
#include "base/str.h"
#include "base/thread.h"
#include "base/utf8.h"
#include "base/vec.h"
#include "base/zone.h"

static void arena_gives_zeroed_memory_of_any_size(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    for (size_t size = 0; size < 20000; size = size * 2 + 1) {
        char *p = arena_alloc(a, size);
        for (size_t i = 0; i < size; i++)
            assert_int_equal(p[i], 0);
        memset(p, 0xAA, size);
    }
    size_t used = arena_used(a);
    assert_true(used >= 16383);
    arena_reset(a);
    assert_int_equal(arena_used(a), 0);
    char *again = arena_alloc(a, 100);
    for (size_t i = 0; i < 100; i++)
        assert_int_equal(again[i], 0);
    arena_free(a);
}

/* Texts long enough that they need blocks of their own, and short ones. */
static char *fill(struct arena *a, size_t count, char c)
{
    char *first = arena_alloc(a, count);
    memset(first, c, count);
    for (size_t i = 0; i < 1000; i++)
        memset(arena_alloc(a, 40), c, 40);
    return first;
}

static void arena_brings_back_what_was_saved(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    char *small = arena_strdup(a, "small"), *large = fill(a, 100000, 'a');
    size_t used = arena_used(a);
    arena_save(a);
    for (int round = 0; round < 3; round++) {
        strcpy(small, "xxxxx");
        memset(large, 'x', 100000);
        assert_int_equal(arena_used(a), used);
        char *later = arena_alloc(a, 5000);
        for (size_t i = 0; i < 5000; i++)
            assert_int_equal(later[i], 0);
        fill(a, 200000, 'b');
        arena_restore(a);
        assert_string_equal(small, "small");
        for (size_t i = 0; i < 100000; i++)
            assert_int_equal(large[i], 'a');
    }
    arena_reset(a);
    assert_int_equal(arena_used(a), 0);
    arena_free(a);
}

static void arena_takes_over_another(void **state)
{
    (void)state;
    struct arena *a = arena_new(), *b = arena_new(), *empty = arena_new();
    char *mine = arena_strdup(a, "mine"), *theirs = arena_strdup(b, "theirs");
    fill(b, 50000, 'b');
    arena_adopt(a, b);
    arena_adopt(a, empty);
    fill(a, 50000, 'a');
    assert_string_equal(mine, "mine");
    assert_string_equal(theirs, "theirs");
    arena_free(a);
}

static void str_grows_cuts_and_trims(void **state)
{
    (void)state;
    struct str s = STR_INIT;
    assert_string_equal(s.ptr, "");
    str_add(&s, "  a");
    str_addf(&s, "%d-%s", 12, "x");
    str_addn(&s, "\0y ", 3);
    assert_int_equal(s.len, 10);
    str_trim(&s);
    assert_memory_equal(s.ptr, "a12-x\0y", 8);
    str_cut(&s, 3);
    assert_string_equal(s.ptr, "a12");
    str_clear(&s);
    assert_string_equal(s.ptr, "");
    assert_true(str_starts_with("abc", "ab"));
    assert_false(str_ends_with("c", "abc"));
}

static void vec_inserts_and_removes(void **state)
{
    (void)state;
    VEC(int) v = {0};
    for (int i = 0; i < 20; i++)
        vec_push(NULL, &v, i);
    vec_insert(NULL, &v, 0, 100);
    vec_insert(NULL, &v, v.len, 200);
    vec_remove(&v, 1);
    assert_int_equal(v.len, 21);
    assert_int_equal(v.at[0], 100);
    assert_int_equal(v.at[1], 1);
    assert_int_equal(vec_last(&v), 200);
    vec_clear(&v);
}

static void check_map(struct map m)
{
    char key[16];
    int values[100];
    for (int i = 0; i < 100; i++) {
        snprintf(key, sizeof(key), "k%d", i);
        assert_null(map_put(&m, key, &values[i]));
    }
    assert_ptr_equal(map_put(&m, "k5", &values[0]), &values[5]);
    assert_ptr_equal(map_remove(&m, "k3"), &values[3]);
    assert_null(map_remove(&m, "k3"));
    assert_int_equal(m.len, 99);
    assert_string_equal(m.at[3].key, "k4");
    for (int i = 10; i < 100; i++) {
        snprintf(key, sizeof(key), "k%d", i);
        assert_ptr_equal(map_get(&m, key), &values[i]);
    }
    assert_false(map_has(&m, "k100"));
    map_clear(&m);
}

static void map_keeps_insertion_order(void **state)
{
    (void)state;
    check_map(MAP_IN(NULL));
}

static void map_with_room_moves_nothing(void **state)
{
    (void)state;
    struct map m = MAP_IN(NULL);
    map_reserve(&m, 100);
    const struct map_entry *at = m.at;
    for (int i = 0; i < 100; i++)
        assert_null(map_put(&m, (char[]){(char)('!' + i % 90), (char)('!' + i / 90), '\0'}, &m));
    assert_ptr_equal(m.at, at);
    assert_int_equal(m.len, 100);
    map_reserve(&m, 1000);
    for (int i = 0; i < 100; i++)
        assert_true(map_has(&m, (char[]){(char)('!' + i % 90), (char)('!' + i / 90), '\0'}));
    map_clear(&m);
    map_reserve(&m, 7); /* no more than there is room for anyway */
    check_map(m);
}

static void utf8_finds_the_first_byte_that_is_not_ascii(void **state)
{
    (void)state;
    char text[33];
    memset(text, 'x', sizeof(text));
    assert_int_equal(utf8_ascii(text, sizeof(text)), sizeof(text));
    for (size_t i = 0; i < sizeof(text); i++) {
        size_t bad = 0;
        text[i] = (char)0xFF;
        assert_int_equal(utf8_ascii(text, sizeof(text)), i);
        assert_int_equal(utf8_ascii(text, i), i);
        assert_false(utf8_valid(text, sizeof(text), &bad));
        assert_int_equal(bad, i);
        assert_true(utf8_valid(text, i, NULL));
        assert_int_equal(utf8_count(text, sizeof(text)), sizeof(text));
        text[i] = 'x';
    }
}

static void utf8_refuses_what_is_not_well_formed(void **state)
{
    (void)state;
    /* Unicode 15, table 3-7: overlong forms, surrogates and code points beyond U+10FFFF. */
    static const char *const bad[] = {
        "\xC0\xAF", "\xE0\x80\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xFF", "\xE2\x82", "\x80"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
        assert_false(utf8_valid(bad[i], strlen(bad[i]), NULL));
    const char *good = "a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80";
    assert_true(utf8_valid(good, strlen(good), NULL));
    assert_int_equal(utf8_count(good, strlen(good)), 4);
    assert_int_equal(utf8_offset(good, strlen(good), 3), 6);
    size_t size;
    assert_int_equal(utf8_decode(good + 6, 4, &size), 0x1F600);
    char out[UTF8_MAX];
    assert_int_equal(utf8_encode(out, 0x20AC), 3);
    assert_memory_equal(out, "\xE2\x82\xAC", 3);
    assert_int_equal(utf8_encode(out, 0xD800), 0);
}

static void source_knows_lines_and_columns(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    const char *text = "one\r\ntw\xC3\xB6 x\rthree\n";
    struct source *src = source_new(a, "f.py", text, strlen(text));
    assert_int_equal(src->line_count, 4);
    struct place p = source_place(src, 10); /* the x: o n e CR LF t w ö(2) space x */
    assert_int_equal(p.line, 2);
    assert_int_equal(p.column, 5);
    size_t len;
    assert_memory_equal(source_line(src, 3, &len), "three", 5);
    assert_int_equal(len, 5);
    struct err err = ERR_INIT;
    err_set(&err, ERR_PYTHON, "unexpected name");
    source_err(&err, src, 10);
    assert_string_equal(err.file, "f.py");
    assert_int_equal(err.line, 2);
    assert_string_equal(err.source_line, "tw\xC3\xB6 x");
    err_clear(&err);
    arena_free(a);
}

static void err_sets_copies_and_moves(void **state)
{
    (void)state;
    struct err a = ERR_INIT, b = ERR_INIT;
    assert_false(err_set(&a, ERR_CONFIG, "no key '%s'", "x"));
    err_hint(&a, "add it");
    err_at(&a, "alembic.ini", 3, 0);
    err_at(&a, "other.ini", 9, 9); /* the first place stays */
    err_copy(&b, &a);
    err_set(&a, ERR_IO, "inner: %s", a.message);
    assert_string_equal(a.message, "inner: no key 'x'");
    assert_null(a.hint);
    assert_string_equal(b.file, "alembic.ini");
    assert_int_equal(b.line, 3);
    err_move(&a, &b);
    assert_string_equal(a.hint, "add it");
    assert_int_equal(b.code, ERR_NONE);
    err_clear(&a);
    err_clear(&b);
}

static void files_are_written_whole_or_not_at_all(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct err err = ERR_INIT;
    char dir[] = "/tmp/retort-test-XXXXXX";
    assert_non_null(mkdtemp(dir));
    const char *path = path_join(a, dir, "sub/f.txt");
    assert_false(file_write(path, "x", 1, 0600, false, &err));
    assert_true(file_make_dirs(path_join(a, dir, "sub"), 0700, &err));
    assert_true(file_write(path, "one", 3, 0600, false, &err));
    assert_false(file_write(path, "two", 3, 0600, false, &err));
    assert_int_equal(err.code, ERR_IO);
    char *text;
    size_t len;
    assert_true(file_read(a, path, 100, &text, &len, &err));
    assert_string_equal(text, "one");
    assert_true(file_write(path, "three", 5, 0600, true, &err));
    assert_true(file_read(a, path, 100, &text, &len, &err));
    assert_string_equal(text, "three");
    assert_false(file_read(a, path, 4, &text, &len, &err));
    assert_false(file_read(a, dir, 100, &text, &len, &err));
    const char *fifo = path_join(a, dir, "fifo");
    assert_int_equal(mkfifo(fifo, 0600), 0);
    assert_false(file_read(a, fifo, 100, &text, &len, &err));
    struct path_list names = {0};
    assert_true(file_list(a, path_join(a, dir, "sub"), &names, &err));
    assert_int_equal(names.len, 1); /* no temporary file left */
    assert_true(file_remove_tree(dir, &err));
    assert_false(file_exists(dir));
    err_clear(&err);
    arena_free(a);
}

static void files_are_read_again_into_the_same_memory(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct err err = ERR_INIT;
    struct str text = STR_INIT;
    char dir[] = "/tmp/retort-test-XXXXXX";
    enum { LARGE = 200000 };
    char *large = arena_alloc(a, LARGE + 1);
    assert_non_null(mkdtemp(dir));
    memset(large, 'x', LARGE);
    assert_true(file_write(path_join(a, dir, "large"), large, LARGE, 0600, false, &err));
    assert_true(file_write(path_join(a, dir, "small"), "a\0b", 3, 0600, false, &err));
    assert_true(file_write(path_join(a, dir, "empty"), "", 0, 0600, false, &err));
    int folder = file_open_folder(dir);
    assert_true(folder >= 0);
    assert_true(file_read_again(folder, "large", LARGE, &text));
    assert_int_equal(text.len, LARGE);
    assert_string_equal(text.ptr, large);
    assert_true(file_read_again(folder, "small", LARGE, &text));
    assert_int_equal(text.len, 3);
    assert_memory_equal(text.ptr, "a\0b", 4);
    assert_true(file_read_again(folder, "empty", LARGE, &text));
    assert_string_equal(text.ptr, "");
    assert_false(file_read_again(folder, "large", LARGE - 1, &text));
    assert_false(file_read_again(folder, "missing", LARGE, &text));
    close(folder);
    assert_true(file_remove_tree(dir, &err));
    str_clear(&text);
    arena_free(a);
}

struct count {
    atomic_size_t next, sum;
    bool ran[PARALLEL_MAX];
};

static void add_numbers(size_t worker, void *payload)
{
    struct count *c = payload;
    c->ran[worker] = true;
    for (size_t n; (n = atomic_fetch_add(&c->next, 1)) <= 1000;)
        atomic_fetch_add(&c->sum, n);
}

static void workers_share_the_work(void **state)
{
    (void)state;
    for (size_t threads = 1; threads <= PARALLEL_MAX; threads++) {
        struct count c = {0};
        parallel_run(threads, add_numbers, &c);
        assert_int_equal(c.sum, 500500);
        for (size_t i = 0; i < PARALLEL_MAX; i++)
            assert_int_equal(c.ran[i], i < threads);
    }
    assert_int_equal(parallel_threads(0, 100), 1);
    assert_int_equal(parallel_threads(199, 100), 1);
}

static void note_cancel(size_t worker, void *payload)
{
    ((bool *)payload)[worker] = thread_is_cancelled();
}

static void what_cancels_a_thread_cancels_those_that_work_for_it(void **state)
{
    (void)state;
    atomic_bool flag = false;
    bool seen[PARALLEL_MAX] = {false};
    thread_set_cancel(&flag);
    parallel_run(PARALLEL_MAX, note_cancel, seen);
    for (size_t i = 0; i < PARALLEL_MAX; i++)
        assert_false(seen[i]);
    atomic_store(&flag, true);
    parallel_run(PARALLEL_MAX, note_cancel, seen);
    for (size_t i = 0; i < PARALLEL_MAX; i++)
        assert_true(seen[i]);
    thread_set_cancel(NULL);
}

static void folders_tell_what_their_entries_are(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct err err = ERR_INIT;
    char dir[] = "/tmp/retort-test-XXXXXX";
    assert_non_null(mkdtemp(dir));
    assert_true(file_write(path_join(a, dir, "c"), "x", 1, 0600, false, &err));
    assert_true(file_make_dirs(path_join(a, dir, "b"), 0700, &err));
    assert_int_equal(symlink("b", path_join(a, dir, "a")), 0);
    assert_int_equal(mkfifo(path_join(a, dir, "d"), 0600), 0);
    struct file_entry_list entries = {0};
    assert_true(file_entries(a, dir, &entries, &err));
    const enum file_kind kinds[] = {FILE_LINK, FILE_FOLDER, FILE_REGULAR, FILE_OTHER};
    assert_int_equal(entries.len, 4);
    for (size_t i = 0; i < entries.len; i++) {
        assert_int_equal(entries.at[i].name[0], "abcd"[i]);
        assert_int_equal(entries.at[i].kind, kinds[i]);
    }
    assert_false(file_entries(a, path_join(a, dir, "none"), &entries, &err));
    err_clear(&err);
    assert_true(file_remove_tree(dir, &err));
    arena_free(a);
}

static void formatted_texts_of_any_length_are_whole(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct str s = STR_IN(a);
    for (int width = 0; width < 600; width++) {
        str_cut(&s, 3);
        str_addf(&s, "%s%*s", s.len ? "" : "abc", width, "");
        assert_int_equal(s.len, 3 + width);
        assert_int_equal(strlen(arena_printf(a, "%*s", width, "")), width);
    }
    arena_free(a);
}

static void paths_are_normalised_as_python_does(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    /* os.path.abspath() of the same, Python 3.11 */
    assert_string_equal(path_absolute(a, "/a/./b//c/../d"), "/a/b/d");
    assert_string_equal(path_absolute(a, "/../.."), "/");
    assert_string_equal(path_dir(a, "a"), ".");
    assert_string_equal(path_dir(a, "/a"), "/");
    assert_string_equal(path_join(a, "x/", "y"), "x/y");
    assert_string_equal(path_join(a, "x", "/y"), "/y");
    arena_free(a);
}

static void clock_prints_utc(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    clock_set_wall(1000000);
    assert_string_equal(clock_format(a, clock_wall()), "1970-01-01T00:00:01.000000Z");
    clock_set_wall(-1);
    arena_free(a);
}

/* Expected values are those of Python's zoneinfo. */
static void zones_know_their_offsets(void **state)
{
    static const struct {
        const char *name;
        int64_t at;
        int offset;
    } rows[] = {
        {"Europe/Berlin", 1763791584, 3600},
        {"Europe/Berlin", 1753791584, 7200},
        {"Europe/Berlin", 4102444800, 3600},
        {"Europe/Berlin", 4118083200, 7200},
        {"America/New_York", 1784000000, -14400},
        {"Asia/Kolkata", -1000000000, 19800},
        {"Australia/Lord_Howe", 4105000000, 39600},
        {"America/Santiago", 5000000000, -14400},
        {"Africa/Casablanca", 1700000000, 3600},
        {"UTC", 0, 0},
    };
    struct arena *a = arena_new();
    struct zone zone;
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (zone_load(a, rows[i].name, &zone)) /* systems without zone files know UTC only */
            assert_int_equal(zone_offset(&zone, rows[i].at), rows[i].offset);
    assert_true(zone_load(a, "UTC", &zone));
    assert_false(zone_load(a, "Middle/Earth", &zone));
    assert_false(zone_load(a, "../../etc/passwd", &zone));
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arena_gives_zeroed_memory_of_any_size),
        cmocka_unit_test(arena_brings_back_what_was_saved),
        cmocka_unit_test(arena_takes_over_another),
        cmocka_unit_test(str_grows_cuts_and_trims),
        cmocka_unit_test(vec_inserts_and_removes),
        cmocka_unit_test(map_keeps_insertion_order),
        cmocka_unit_test(map_with_room_moves_nothing),
        cmocka_unit_test(utf8_finds_the_first_byte_that_is_not_ascii),
        cmocka_unit_test(utf8_refuses_what_is_not_well_formed),
        cmocka_unit_test(source_knows_lines_and_columns),
        cmocka_unit_test(err_sets_copies_and_moves),
        cmocka_unit_test(files_are_written_whole_or_not_at_all),
        cmocka_unit_test(files_are_read_again_into_the_same_memory),
        cmocka_unit_test(workers_share_the_work),
        cmocka_unit_test(what_cancels_a_thread_cancels_those_that_work_for_it),
        cmocka_unit_test(folders_tell_what_their_entries_are),
        cmocka_unit_test(formatted_texts_of_any_length_are_whole),
        cmocka_unit_test(paths_are_normalised_as_python_does),
        cmocka_unit_test(zones_know_their_offsets),
        cmocka_unit_test(clock_prints_utc),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
