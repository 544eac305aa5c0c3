/* What stands where on the screen: layout, lists, cells, glyphs. */
#include "config.h"

#include "unit/unit.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "ui/cells.h"
#include "ui/glyph.h"
#include "ui/layout.h"
#include "ui/list.h"
#include "ui/theme.h"

static void layout_modes_follow_the_size(void **state)
{
    (void)state;
    static const struct {
        int rows, columns;
        enum layout_mode mode;
    } rows[] = {{4, 80, LAYOUT_TOO_SMALL}, {24, 19, LAYOUT_TOO_SMALL}, {5, 20, LAYOUT_ONE},
                {14, 200, LAYOUT_ONE},     {24, 59, LAYOUT_ONE},       {15, 60, LAYOUT_STACK},
                {24, 80, LAYOUT_STACK},    {24, 109, LAYOUT_STACK},    {24, 110, LAYOUT_SPLIT},
                {60, 200, LAYOUT_SPLIT},   {0, 0, LAYOUT_TOO_SMALL},   {500, 500, LAYOUT_SPLIT}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct layout l;
        layout_compute(rows[i].rows, rows[i].columns, false, SLOT_MAIN, SLOT_BOTTOM, NULL, &l);
        assert_int_equal(l.mode, rows[i].mode);
    }
}

static void frames_stay_inside_and_have_room(const struct layout *l, int rows, int columns)
{
    for (int slot = 0; slot < N_SLOTS; slot++) {
        const struct rect *f = &l->frames[slot], *in = &l->inside[slot];
        if (f->height == 0)
            continue;
        assert_true(f->y >= 1 && f->x >= 0);
        assert_true(f->y + f->height <= l->message.y && f->x + f->width <= columns);
        assert_true(in->height >= 1 && in->width >= 1);
        assert_true(in->y > f->y && in->y + in->height <= f->y + f->height);
    }
    assert_true(l->message.y < rows && l->header.y == 0);
}

static void every_size_has_a_layout(void **state)
{
    (void)state;
    for (int rows = LAYOUT_MIN_ROWS; rows <= 70; rows++) {
        for (int columns = LAYOUT_MIN_COLUMNS; columns <= 210; columns += 7) {
            for (int focus = 0; focus < N_SLOTS; focus++) {
                for (int max = 0; max < 2; max++) {
                    struct layout l;
                    layout_compute(rows, columns, max, (enum slot)focus, SLOT_BOTTOM,
                                   NULL, &l);
                    assert_true(l.frames[focus].height > 0); /* the focus is always visible */
                    frames_stay_inside_and_have_room(&l, rows, columns);
                }
            }
        }
    }
}

static void neighbours_share_a_border(void **state)
{
    (void)state;
    struct layout l;
    layout_compute(40, 120, false, SLOT_MAIN, SLOT_BOTTOM, NULL, &l);
    assert_int_equal(l.frames[SLOT_MAIN].x + l.frames[SLOT_MAIN].width - 1, l.frames[SLOT_TOP].x);
    assert_int_equal(l.frames[SLOT_TOP].y + l.frames[SLOT_TOP].height - 1, l.frames[SLOT_BOTTOM].y);
    assert_int_equal(l.frames[SLOT_TOP].x + l.frames[SLOT_TOP].width, 120);
    layout_compute(24, 80, false, SLOT_MAIN, SLOT_TOP, NULL, &l);
    assert_int_equal(l.frames[SLOT_MAIN].y + l.frames[SLOT_MAIN].height - 1, l.frames[SLOT_TOP].y);
    assert_int_equal(l.frames[SLOT_BOTTOM].height, 0);
}

static void shares_leave_room_for_every_pane(void **state)
{
    (void)state;
    for (int share = LAYOUT_LEAST_SHARE; share <= LAYOUT_MOST_SHARE; share += 5) {
        for (int rows = LAYOUT_PANES_ROWS; rows < 60; rows++) {
            for (int columns = LAYOUT_PANES_COLUMNS; columns < 200; columns += 7) {
                struct layout_shares shares = {share, share};
                struct layout l;
                layout_compute(rows, columns, false, SLOT_MAIN, SLOT_BOTTOM, &shares, &l);
                for (int slot = 0; slot < N_SLOTS; slot++) {
                    struct rect frame = l.frames[slot];
                    if (frame.height == 0)
                        continue;
                    assert_true(l.inside[slot].height >= 1 && l.inside[slot].width >= 1);
                    assert_true(frame.y >= 1 && frame.y + frame.height <= rows - 1);
                    assert_true(frame.x >= 0 && frame.x + frame.width <= columns);
                }
            }
        }
    }
}

static void check(const struct list *l)
{
    assert_true(l->count == 0 ? l->cursor == 0 : l->cursor < l->count);
    assert_true(l->top <= l->cursor && l->cursor < l->top + l->height);
    assert_true(l->count <= l->height ? l->top == 0 : l->top + l->height <= l->count);
}

static void a_list_moves_within_its_ends(void **state)
{
    (void)state;
    static const size_t counts[] = {0, 1, 2, 5, 100};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        struct list l = {0};
        list_resize(&l, counts[i], 5);
        check(&l);
        for (int n = -3; n <= 3; n++) {
            list_move(&l, n);
            check(&l);
            list_page(&l, n < 0 ? -1 : 1);
            check(&l);
            list_half_page(&l, n < 0 ? 1 : -1);
            check(&l);
            list_scroll(&l, n * 2);
            check(&l);
        }
        list_go(&l, 1000);
        check(&l);
        assert_int_equal(l.cursor, counts[i] ? counts[i] - 1 : 0);
        list_resize(&l, 3, 1);
        check(&l);
        list_resize(&l, 0, 0);
        check(&l);
    }
}

static void pages_and_percent(void **state)
{
    (void)state;
    struct list l = {0};
    list_resize(&l, 100, 10);
    list_page(&l, 1);
    assert_int_equal(l.cursor, 9);
    assert_int_equal(l.top, 9); /* one line of the old page stays */
    list_half_page(&l, 1);
    assert_int_equal(l.cursor, 14);
    list_go(&l, 49);
    assert_int_equal(list_percent(&l), 50);
    list_scroll(&l, 1);
    assert_int_equal(l.cursor, 49); /* the cursor stays on its row */
    list_shift(&l, 8);
    list_shift(&l, -20);
    assert_int_equal(l.left, 0);
}

static void shows(const char *text, size_t skip, size_t width, const char *want)
{
    struct str out = STR_INIT;
    size_t used = cells_clip(&out, text, strlen(text), 0, skip, width);
    assert_string_equal(out.ptr, want);
    assert_true(used <= width);
    str_clear(&out);
}

static void nothing_reaches_the_terminal_raw(void **state)
{
    (void)state;
    cells_set_ascii(false);
    shows("a\033[2Jb", 0, 80, "a^[[2Jb");
    shows("\a\177", 0, 80, "^G^?");
    shows("a\tb", 0, 80, "a       b");
    shows("a\r\nb", 0, 80, "a^M^Jb");
    shows("\302\233[m", 0, 80, "<U+009B>[m");    /* C1: an escape of its own somewhere */
    shows("x\342\200\256y", 0, 80, "x<U+202E>y"); /* right-to-left override */
    shows("x\342\200\213y", 0, 80, "x<U+200B>y"); /* zero-width space */
    shows("x\377y", 0, 80, "x<ff>y");
    shows("\303", 0, 80, "<c3>");
}

static void wide_characters_are_not_cut_in_half(void **state)
{
    (void)state;
    cells_set_ascii(false);
    assert_int_equal(cells_width("日本", strlen("日本"), 0), 4);
    shows("日本語", 0, 4, "日本");
    shows("日本語", 0, 5, "日本 ");
    shows("日本語", 1, 5, " 本語");
    shows("a日b", 0, 2, "a ");
    shows("日", 0, 0, "");
    shows("e\314\201x", 0, 5, "e\314\201x"); /* a combining accent stays on its letter */
    shows("e\314\201x", 1, 5, "x");
    shows("\314\201x", 0, 5, "x"); /* nothing to combine with */
}

static void text_is_scrolled_sideways_and_clipped(void **state)
{
    (void)state;
    cells_set_ascii(false);
    shows("create table", 0, 6, "create");
    shows("create table", 7, 80, "table");
    shows("create table", 50, 80, "");
    shows("a\tb", 4, 80, "    b");
    shows("\033x", 1, 80, "[x");
}

/* The C locale has ASCII only, and does not say how wide anything else would be. */
static void beyond_ascii_is_a_question_mark_where_it_cannot_be_shown(void **state)
{
    (void)state;
    char *before = strdup(setlocale(LC_CTYPE, NULL));
    assert_non_null(setlocale(LC_CTYPE, "C"));
    cells_set_ascii(true);
    shows("caf\303\251 日", 0, 80, "caf? ?");
    shows("x\342\200\256y", 0, 80, "x<U+202E>y");
    cells_set_ascii(false);
    assert_non_null(setlocale(LC_CTYPE, before));
    free(before);
}

static void glyphs_have_three_forms_of_one_column(void **state)
{
    (void)state;
    for (int g = 0; g < N_GLYPHS; g++) {
        const struct glyph_form *form = &glyph_forms[g];
        assert_int_equal(cells_width(form->utf8, strlen(form->utf8), 0), 1);
        assert_in_range(form->ascii, ' ', '~');
        assert_true(form->acs == 0 || (form->acs >= 'a' && form->acs <= 'z'));
    }
    assert_string_equal(glyph_forms[glyph_of_edges(EDGE_UP | EDGE_DOWN | EDGE_RIGHT)].utf8, "├");
    assert_string_equal(glyph_forms[glyph_of_edges(EDGE_LEFT | EDGE_RIGHT | EDGE_DOWN)].utf8, "┬");
    assert_string_equal(glyph_forms[glyph_of_edges(0)].utf8, " ");
}

static void mono_has_no_colours(void **state)
{
    (void)state;
    theme_set_mono(true);
    for (int role = 0; role < N_ROLES; role++) {
        assert_int_equal(theme_style((enum role)role).fg, COLOR_DEFAULT_);
        assert_non_null(theme_role_name((enum role)role));
    }
    assert_true(theme_style(ROLE_CURSOR).attributes & STYLE_REVERSE);
    theme_set_mono(false);
    assert_int_equal(theme_style(ROLE_APPLIED).fg, COLOR_GREEN_);
    assert_true(theme_style_on(ROLE_DIM, ROLE_CURSOR).attributes == STYLE_REVERSE);
    assert_false(theme_style_on(ROLE_MATCH, ROLE_CURSOR).attributes & STYLE_REVERSE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shares_leave_room_for_every_pane),
        cmocka_unit_test(layout_modes_follow_the_size),
        cmocka_unit_test(every_size_has_a_layout),
        cmocka_unit_test(neighbours_share_a_border),
        cmocka_unit_test(a_list_moves_within_its_ends),
        cmocka_unit_test(pages_and_percent),
        cmocka_unit_test(nothing_reaches_the_terminal_raw),
        cmocka_unit_test(wide_characters_are_not_cut_in_half),
        cmocka_unit_test(text_is_scrolled_sideways_and_clipped),
        cmocka_unit_test(beyond_ascii_is_a_question_mark_where_it_cannot_be_shown),
        cmocka_unit_test(glyphs_have_three_forms_of_one_column),
        cmocka_unit_test(mono_has_no_colours),
    };
    setlocale(LC_ALL, "C.UTF-8");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
