/* Lane layout. The pictures were drawn by hand. */
#include "config.h"

#include "unit/unit.h"

#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "revision/lanes.h"

struct fixture {
    struct arena *arena;
    VEC(struct revision_header) headers;
};

static struct name_list split(struct arena *a, const char *text)
{
    struct name_list out = {0};
    for (const char *p = text; *p;) {
        size_t len = strcspn(p, " ");
        vec_push(a, &out, arena_strndup(a, p, len));
        p += len + (p[len] == ' ');
    }
    return out;
}

static void add(struct fixture *f, const char *id, const char *down, const char *depends_on)
{
    struct revision_header h = {.path = id, .id = id, .longdoc = "", .doc = ""};
    h.down = split(f->arena, down);
    h.depends_on = split(f->arena, depends_on);
    vec_push(f->arena, &f->headers, h);
}

static void lay_out(struct fixture *f, struct lane_layout *layout)
{
    struct err err = ERR_INIT;
    struct graph *graph;
    assert_true(graph_build(f->arena, f->headers.at, f->headers.len, &graph, NULL, &err));
    lanes_layout(f->arena, graph, layout);
}

/* Lines of symbols, each followed by the id of its revision. */
static const char *draw(struct fixture *f, const char *(*symbol)(const struct lane_cell *))
{
    struct lane_layout layout;
    struct str out = STR_IN(f->arena);
    lay_out(f, &layout);
    for (size_t i = 0; i < layout.rows.len; i++) {
        const struct lane_row *row = &layout.rows.at[i];
        const struct lane_cell *cells = lanes_cells(&layout, i);
        assert_true(row->width <= layout.width);
        for (size_t j = 0; j < row->width; j++) {
            str_add(&out, symbol(&cells[j]));
            assert_int_equal(cells[j].edges & LANE_NODE,
                             row->revision && j == row->node ? LANE_NODE : 0);
        }
        str_addf(&out, "%s%s\n", row->revision ? " " : "",
                 row->revision ? row->revision->header->id : "");
    }
    return out.ptr;
}

#define FIXTURE                                                                                    \
    {                                                                                              \
        .arena = arena_new()                                                                       \
    }

static void expect(struct fixture *f, const char *utf8, const char *ascii)
{
    assert_string_equal(draw(f, lanes_symbol_utf8), utf8);
    if (ascii)
        assert_string_equal(draw(f, lanes_symbol_ascii), ascii);
    arena_free(f->arena);
}

static void nothing_is_no_rows(void **state)
{
    (void)state;
    struct fixture f = FIXTURE;
    expect(&f, "", "");
}

static void a_line_is_one_lane(void **state)
{
    (void)state;
    struct fixture f = FIXTURE;
    add(&f, "a", "", "");
    add(&f, "b", "a", "");
    add(&f, "c", "b", "");
    expect(&f, "○ c\n○ b\n○ a\n", "o c\no b\no a\n");
}

static void a_merge_opens_lanes_and_a_branchpoint_closes_them(void **state)
{
    (void)state;
    struct fixture f = FIXTURE;
    add(&f, "base", "", "");
    add(&f, "left", "base", "");
    add(&f, "right", "base", "");
    add(&f, "merge", "left right", "");
    expect(&f,
           "○ merge\n"
           "├─╮\n"
           "○ │ left\n"
           "│ ○ right\n"
           "○─╯ base\n",
           "o merge\n"
           "|-.\n"
           "o | left\n"
           "| o right\n"
           "o-' base\n");
}

static void three_parents_share_a_row(void **state)
{
    (void)state;
    struct fixture f = FIXTURE;
    add(&f, "base", "", "");
    add(&f, "a", "base", "");
    add(&f, "b", "base", "");
    add(&f, "c", "base", "");
    add(&f, "m", "a b c", "");
    expect(&f,
           "○ m\n"
           "├─┬─╮\n"
           "○ │ │ a\n"
           "│ ○ │ b\n"
           "│ │ ○ c\n"
           "○─┴─╯ base\n",
           NULL);
}

static void criss_cross_joins_a_lane_that_is_there(void **state)
{
    (void)state;
    struct fixture f = FIXTURE;
    add(&f, "base", "", "");
    add(&f, "a", "base", "");
    add(&f, "b", "base", "");
    add(&f, "m1", "a b", "");
    add(&f, "m2", "a b", "");
    expect(&f,
           "○ m1\n"
           "├─╮\n"
           "│ │ ○ m2\n"
           "│ ├─┤\n"
           "○─┼─╯ a\n"
           "│ ○ b\n"
           "○─╯ base\n",
           NULL);
}

static void dependencies_are_dotted(void **state)
{
    (void)state;
    struct fixture f = FIXTURE;
    add(&f, "a1", "", "");
    add(&f, "b1", "", "");
    add(&f, "b2", "b1", "a1");
    add(&f, "b3", "b2", "");
    expect(&f,
           "○ b3\n"
           "○ b2\n"
           "├┄╮\n"
           "○ ┊ b1\n"
           "  ○ a1\n",
           "o b3\n"
           "o b2\n"
           "|..\n"
           "o : b1\n"
           "  o a1\n");
}

static void a_base_with_a_dependency_hangs_on_it(void **state)
{
    (void)state;
    struct fixture f = FIXTURE;
    add(&f, "a1", "", "");
    add(&f, "a2", "a1", "");
    add(&f, "b1", "", "a1");
    expect(&f,
           "○ a2\n"
           "│ ○ b1\n"
           "○┄╯ a1\n",
           NULL);
}

static void a_lane_that_came_free_is_used_again(void **state)
{
    (void)state;
    struct fixture f = FIXTURE;
    add(&f, "x1", "", "");
    add(&f, "x2", "x1", "");
    add(&f, "y1", "", "");
    add(&f, "y2", "y1", "");
    expect(&f, "○ x2\n○ x1\n○ y2\n○ y1\n", NULL);
}

static void a_new_head_goes_on_in_its_lane(void **state)
{
    (void)state;
    struct fixture f = FIXTURE;
    add(&f, "base", "", "");
    add(&f, "left", "base", "");
    add(&f, "right", "base", "");
    add(&f, "right2", "right", "");
    expect(&f,
           "○ left\n"
           "│ ○ right2\n"
           "│ ○ right\n"
           "○─╯ base\n",
           NULL);
}

/* 300 branches of 33 revisions each, on one base, merged at the top. */
static void many_lanes_are_laid_out(void **state)
{
    (void)state;
    enum { BRANCHES = 300, LENGTH = 33 };
    struct fixture f = FIXTURE;
    struct lane_layout layout;
    struct str tips = STR_IN(f.arena);
    add(&f, "base", "", "");
    for (int i = 0; i < BRANCHES; i++)
        for (int j = 0; j < LENGTH; j++)
            add(&f, arena_printf(f.arena, "r%d_%d", i, j),
                j ? arena_printf(f.arena, "r%d_%d", i, j - 1) : "base", "");
    for (int i = 0; i < BRANCHES; i++)
        str_addf(&tips, "%sr%d_%d", i ? " " : "", i, LENGTH - 1);
    add(&f, "top", tips.ptr, "");
    lay_out(&f, &layout);
    assert_int_equal(layout.rows.len, 2 + 1 + BRANCHES * LENGTH);
    assert_int_equal(layout.width, 2 * BRANCHES - 1);
    assert_string_equal(vec_last(&layout.rows).revision->header->id, "base");
    /* All run from the top to the base: whichever row is asked for, and whichever was before. */
    for (size_t i = layout.rows.len; i-- > 2;) {
        const struct lane_cell *cells = lanes_cells(&layout, i * 7 % (layout.rows.len - 2) + 2);
        size_t up = 0;
        for (size_t j = 0; j < layout.width; j++)
            up += (cells[j].edges & LANE_UP) != 0;
        assert_int_equal(up, BRANCHES);
    }
    arena_free(f.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_no_rows),
        cmocka_unit_test(a_line_is_one_lane),
        cmocka_unit_test(a_merge_opens_lanes_and_a_branchpoint_closes_them),
        cmocka_unit_test(three_parents_share_a_row),
        cmocka_unit_test(criss_cross_joins_a_lane_that_is_there),
        cmocka_unit_test(dependencies_are_dotted),
        cmocka_unit_test(a_base_with_a_dependency_hangs_on_it),
        cmocka_unit_test(a_lane_that_came_free_is_used_again),
        cmocka_unit_test(a_new_head_goes_on_in_its_lane),
        cmocka_unit_test(many_lanes_are_laid_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
