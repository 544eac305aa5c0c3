/* The text that the SQL editor edits. Widths are those of wcwidth(), in a UTF-8 locale. */
#include "config.h"

#include "unit/unit.h"

#include <locale.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "ui/cells.h"
#include "ui/key.h"
#include "ui/pattern.h"
#include "ui/text_buffer.h"

static int set_up(void **state)
{
    struct text_buffer *b = mem_zalloc(sizeof *b);
    text_buffer_init(b);
    *state = b;
    return 0;
}

static int tear_down(void **state)
{
    text_buffer_clear(*state);
    mem_free(*state);
    return 0;
}

static void expect(const struct text_buffer *b, const char *text)
{
    struct str out = STR_INIT;
    text_buffer_text(b, &out);
    assert_string_equal(out.ptr, text);
    assert_true(text_buffer_is(b, text));
    str_clear(&out);
}

static void expect_cursor(const struct text_buffer *b, size_t line, size_t at)
{
    assert_int_equal(b->cursor.line, line);
    assert_int_equal(b->cursor.at, at);
}

static void type(struct text_buffer *b, const char *text)
{
    for (; *text; text++)
        assert_true(*text == '\n' ? text_buffer_do(b, ACTION_EDITOR_NEWLINE, 10)
                                  : text_buffer_type(b, *text));
}

static void act(struct text_buffer *b, enum action action, int times)
{
    while (times-- > 0)
        assert_true(text_buffer_do(b, action, 10));
}

static void text_is_typed_and_taken_away(void **state)
{
    struct text_buffer *b = *state;
    expect(b, "");
    type(b, "SELECT 1\nFROM t");
    expect(b, "SELECT 1\nFROM t");
    expect_cursor(b, 1, 6);
    act(b, ACTION_EDITOR_START, 1);
    act(b, ACTION_EDITOR_BACKSPACE, 2); /* the end of the line, and the 1 */
    expect(b, "SELECT FROM t");
    expect_cursor(b, 0, 7);
    act(b, ACTION_EDITOR_DELETE, 5);
    expect(b, "SELECT t");
    act(b, ACTION_EDITOR_END, 1);
    act(b, ACTION_EDITOR_DELETE, 3); /* nothing is behind it */
    act(b, ACTION_EDITOR_FIRST, 1);
    act(b, ACTION_EDITOR_BACKSPACE, 3);
    expect(b, "SELECT t");
    assert_false(text_buffer_type(b, K_UP));
    assert_false(text_buffer_type(b, 0x9B)); /* a control character of its own */
    assert_false(text_buffer_do(b, ACTION_DOWN, 10));
}

static void a_new_line_is_indented_as_the_one_before(void **state)
{
    struct text_buffer *b = *state;
    type(b, "(");
    type(b, "\n");
    act(b, ACTION_EDITOR_INDENT, 1);
    type(b, "a\nb");
    expect(b, "(\n    a\n    b");
    act(b, ACTION_EDITOR_START, 1);
    type(b, "\n"); /* no deeper than the cursor was */
    expect(b, "(\n    a\n\n    b");
    type(b, "xy");
    act(b, ACTION_EDITOR_INDENT, 1);
    expect(b, "(\n    a\n\nxy      b"); /* to column 4: two blanks */
}

static void words_and_lines_are_deleted_and_put_back(void **state)
{
    struct text_buffer *b = *state;
    text_buffer_set(b, "alter table \"a b\"\nadd column c int");
    act(b, ACTION_EDITOR_WORD_RIGHT, 2);
    expect_cursor(b, 0, 11);
    act(b, ACTION_EDITOR_KILL_WORD, 1);
    expect(b, "alter  \"a b\"\nadd column c int");
    act(b, ACTION_EDITOR_YANK, 1);
    expect(b, "alter table \"a b\"\nadd column c int");
    act(b, ACTION_EDITOR_KILL_END, 1);
    expect(b, "alter table\nadd column c int");
    act(b, ACTION_EDITOR_KILL_END, 1); /* at the end of a line: the end itself */
    expect(b, "alter tableadd column c int");
    act(b, ACTION_EDITOR_LAST, 1);
    act(b, ACTION_EDITOR_WORD_LEFT, 2);
    expect_cursor(b, 0, 22);
    act(b, ACTION_EDITOR_KILL_START, 1);
    expect(b, "c int");
    act(b, ACTION_EDITOR_WORD_LEFT, 1);
    expect_cursor(b, 0, 0);
}

static void what_is_typed_in_a_row_is_undone_at_once(void **state)
{
    struct text_buffer *b = *state;
    text_buffer_set(b, "x");
    act(b, ACTION_EDITOR_END, 1);
    type(b, "abc");
    type(b, "\nd");
    act(b, ACTION_EDITOR_LEFT, 1);
    type(b, "e");
    expect(b, "xabc\ned");
    assert_true(text_buffer_undo(b));
    expect(b, "xabc\nd");
    expect_cursor(b, 1, 0);
    assert_true(text_buffer_undo(b)); /* the line, begun with its own end */
    expect(b, "xabc");
    assert_true(text_buffer_undo(b));
    expect(b, "x");
    assert_false(text_buffer_undo(b));
    assert_true(text_buffer_redo(b));
    assert_true(text_buffer_redo(b));
    expect(b, "xabc\nd");
    type(b, "z"); /* what could be done again is gone */
    assert_false(text_buffer_redo(b));
    expect(b, "xabc\ndz");
    text_buffer_set(b, "new");
    assert_false(text_buffer_undo(b));
}

static void what_is_deleted_in_a_row_is_undone_at_once(void **state)
{
    struct text_buffer *b = *state;
    text_buffer_set(b, "one\ntwo\nthree");
    act(b, ACTION_EDITOR_DOWN, 2);
    act(b, ACTION_EDITOR_BACKSPACE, 3);
    expect(b, "one\ntthree");
    assert_true(text_buffer_undo(b));
    expect(b, "one\ntwo\nthree");
    expect_cursor(b, 2, 0);
    act(b, ACTION_EDITOR_FIRST, 1);
    act(b, ACTION_EDITOR_DELETE, 5);
    expect(b, "wo\nthree");
    assert_true(text_buffer_undo(b));
    expect(b, "one\ntwo\nthree");
    assert_true(text_buffer_redo(b));
    expect(b, "wo\nthree");
}

/* Every state on the way forth is met again on the way back: a model in plain strings. */
static void undo_goes_back_through_every_state(void **state)
{
    struct text_buffer *b = *state;
    enum { EDITS = 400 };
    struct arena *a = arena_new();
    const char *states[EDITS + 1];
    unsigned seed = 7;
    size_t count = 0;
    text_buffer_set(b, "a\nbb\nccc\n");
    for (int i = 0; i < EDITS; i++) {
        struct str text = STR_IN(a);
        seed = seed * 1103515245u + 12345u;
        struct text_place from = {seed >> 16 & 7, seed >> 20 & 3}, to = {seed >> 24 & 7, 9};
        text_buffer_go(b, from);
        from = b->cursor;
        text_buffer_go(b, to);
        to = b->cursor;
        bool forth = from.line < to.line || (from.line == to.line && from.at <= to.at);
        text_buffer_text(b, &text);
        size_t before = b->done;
        const char *with = i % 3 == 0 ? "x\ny\n" : i % 3 == 1 ? "z" : "";
        text_buffer_replace(b, forth ? from : to, i % 2 && forth ? to : forth ? from : to, with,
                            strlen(with));
        if (b->done > before)
            states[count++] = text.ptr;
    }
    struct str last = STR_IN(a);
    text_buffer_text(b, &last);
    states[count] = last.ptr;
    for (size_t i = count; i > 0; i--) {
        expect(b, states[i]);
        assert_true(text_buffer_undo(b));
    }
    assert_false(text_buffer_undo(b));
    for (size_t i = 0; i < count; i++) {
        expect(b, states[i]);
        assert_true(text_buffer_redo(b));
    }
    expect(b, states[count]);
    arena_free(a);
}

static void a_paste_is_one_change_whatever_ends_its_lines(void **state)
{
    struct text_buffer *b = *state;
    type(b, "[]");
    act(b, ACTION_EDITOR_LEFT, 1);
    text_buffer_paste(b, "  a\r\nb\rc\nd", 11);
    expect(b, "[  a\nb\nc\nd]");
    expect_cursor(b, 3, 1);
    assert_true(text_buffer_undo(b));
    expect(b, "[]");
}

static void wide_and_combining_characters_are_one_step(void **state)
{
    struct text_buffer *b = *state;
    /* e and two combining marks; two wide characters; a flag of a byte that is no UTF-8 */
    text_buffer_set(b, "ae\xCC\x81\xCC\xA3z\xE6\xBC\xA2\xE5\xAD\x97!\xFF?");
    static const size_t stops[] = {0, 1, 6, 7, 10, 13, 14, 15, 16};
    static const size_t columns[] = {0, 1, 2, 3, 5, 7, 8, 12, 13}; /* the byte shows as <ff> */
    for (size_t i = 0; i < 9; i++) {
        expect_cursor(b, 0, stops[i]);
        assert_int_equal(text_buffer_column(b), columns[i]);
        if (i < 8)
            act(b, ACTION_EDITOR_RIGHT, 1);
    }
    for (size_t i = 9; i-- > 0;) {
        expect_cursor(b, 0, stops[i]);
        act(b, ACTION_EDITOR_LEFT, i > 0);
    }
    act(b, ACTION_EDITOR_RIGHT, 2);
    act(b, ACTION_EDITOR_BACKSPACE, 1); /* the e goes with its marks */
    expect(b, "az\xE6\xBC\xA2\xE5\xAD\x97!\xFF?");
    act(b, ACTION_EDITOR_RIGHT, 1);
    act(b, ACTION_EDITOR_DELETE, 1);
    expect(b, "az\xE5\xAD\x97!\xFF?");
    assert_true(text_buffer_type(b, 0x1F600));
    expect(b, "az\xF0\x9F\x98\x80\xE5\xAD\x97!\xFF?");
    assert_true(text_buffer_type(b, 0x301));
    act(b, ACTION_EDITOR_LEFT, 1);
    expect_cursor(b, 0, 2);
}

static void up_and_down_keep_the_column(void **state)
{
    struct text_buffer *b = *state;
    text_buffer_set(b, "0123456789\n\tx\n\xE6\xBC\xA2\xE5\xAD\x97\xE6\xBC\xA2\nab\n0123456789");
    act(b, ACTION_EDITOR_RIGHT, 5);
    act(b, ACTION_EDITOR_DOWN, 1);
    expect_cursor(b, 1, 0); /* column 5 is within the tab */
    act(b, ACTION_EDITOR_DOWN, 1);
    expect_cursor(b, 2, 6); /* and within the third wide character */
    act(b, ACTION_EDITOR_DOWN, 1);
    expect_cursor(b, 3, 2);
    act(b, ACTION_EDITOR_DOWN, 1);
    expect_cursor(b, 4, 5);
    act(b, ACTION_EDITOR_PAGE_UP, 1);
    expect_cursor(b, 0, 5);
    act(b, ACTION_EDITOR_UP, 1);
    expect_cursor(b, 0, 5);
    act(b, ACTION_EDITOR_END, 1);
    act(b, ACTION_EDITOR_PAGE_DOWN, 2);
    expect_cursor(b, 4, 10);
}

static bool find(struct text_buffer *b, const char *text, int direction, bool *wrapped)
{
    struct pattern pattern = PATTERN_INIT;
    pattern_set(&pattern, text);
    bool found = text_buffer_find(b, &pattern, direction, false, wrapped);
    pattern_clear(&pattern);
    return found;
}

static void text_is_found_both_ways_around_the_ends(void **state)
{
    struct text_buffer *b = *state;
    bool wrapped;
    text_buffer_set(b, "index\nIndex index\nnone");
    assert_true(find(b, "index", 1, &wrapped));
    expect_cursor(b, 1, 0); /* small letters find both */
    assert_true(find(b, "index", 1, &wrapped));
    expect_cursor(b, 1, 6);
    assert_false(wrapped);
    assert_true(find(b, "index", 1, &wrapped));
    expect_cursor(b, 0, 0);
    assert_true(wrapped);
    assert_true(find(b, "index", -1, &wrapped));
    expect_cursor(b, 1, 6);
    assert_true(wrapped);
    assert_true(find(b, "Index", -1, &wrapped));
    expect_cursor(b, 1, 0);
    assert_true(find(b, "Index", 1, &wrapped)); /* the only one */
    expect_cursor(b, 1, 0);
    assert_false(find(b, "absent", 1, &wrapped));
    expect_cursor(b, 1, 0);
}

static void places_are_found_by_byte_and_by_character(void **state)
{
    struct text_buffer *b = *state;
    text_buffer_set(b, "\xC3\xA4" "b\n\ncd");
    struct text_place p = text_buffer_place(b, 3);
    assert_true(p.line == 0 && p.at == 3);
    p = text_buffer_place(b, 5);
    assert_true(p.line == 2 && p.at == 0);
    p = text_buffer_after(b, (struct text_place){0, 0}, 2);
    assert_true(p.line == 0 && p.at == 2);
    p = text_buffer_after(b, (struct text_place){0, 0}, 5); /* a-umlaut, b, end, end, c */
    assert_true(p.line == 2 && p.at == 0);
    p = text_buffer_after(b, (struct text_place){0, 0}, 99);
    assert_true(p.line == 2 && p.at == 2);
}

static void a_line_of_a_megabyte_can_be_typed_in(void **state)
{
    struct text_buffer *b = *state;
    enum { MEGABYTE = 1 << 20 };
    struct str text = STR_INIT;
    str_fill(&text, 'x', MEGABYTE);
    text_buffer_set(b, text.ptr);
    act(b, ACTION_EDITOR_END, 1);
    assert_int_equal(text_buffer_column(b), MEGABYTE);
    for (int i = 0; i < 1000; i++)
        type(b, "y");
    assert_int_equal(b->lines.at[0].len, MEGABYTE + 1000);
    act(b, ACTION_EDITOR_BACKSPACE, 1000);
    assert_true(text_buffer_undo(b));
    assert_true(text_buffer_undo(b));
    assert_true(text_buffer_is(b, text.ptr));
    str_clear(&text);
}

static void five_thousand_lines_are_pasted_and_undone(void **state)
{
    struct text_buffer *b = *state;
    struct str text = STR_INIT;
    for (int i = 0; i < 5000; i++)
        str_addf(&text, "INSERT INTO t VALUES (%d);\n", i);
    text_buffer_set(b, "before\nafter");
    act(b, ACTION_EDITOR_DOWN, 1);
    text_buffer_paste(b, text.ptr, text.len);
    assert_int_equal(b->lines.len, 5002);
    expect_cursor(b, 5001, 0);
    assert_string_equal(b->lines.at[5001].ptr, "after");
    assert_true(text_buffer_undo(b));
    expect(b, "before\nafter");
    assert_true(text_buffer_redo(b));
    assert_int_equal(b->lines.len, 5002);
    str_clear(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(text_is_typed_and_taken_away, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_new_line_is_indented_as_the_one_before, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(words_and_lines_are_deleted_and_put_back, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(what_is_typed_in_a_row_is_undone_at_once, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(what_is_deleted_in_a_row_is_undone_at_once, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(undo_goes_back_through_every_state, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_paste_is_one_change_whatever_ends_its_lines, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(wide_and_combining_characters_are_one_step, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(up_and_down_keep_the_column, set_up, tear_down),
        cmocka_unit_test_setup_teardown(text_is_found_both_ways_around_the_ends, set_up, tear_down),
        cmocka_unit_test_setup_teardown(places_are_found_by_byte_and_by_character, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_line_of_a_megabyte_can_be_typed_in, set_up, tear_down),
        cmocka_unit_test_setup_teardown(five_thousand_lines_are_pasted_and_undone, set_up,
                                        tear_down),
    };
    setlocale(LC_ALL, "C.UTF-8");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
