/* Where a database stands in a graph. */
#include "config.h"

#include "unit/unit.h"

#include "base/arena.h"
#include "ui/standing.h"

/* base <- left, right <- merge <- last */
static const char *const down_of[][3] = {
    {"base1", NULL},          {"left", "base1", NULL},
    {"right", "base1", NULL}, {"merge", "left", "right"},
    {"last", "merge", NULL},
};

enum { COUNT = sizeof down_of / sizeof *down_of };

static struct graph *make_graph(struct arena *a)
{
    struct revision_header *headers = ARENA_ARRAY(a, COUNT, struct revision_header);
    struct err err = ERR_INIT;
    struct graph *graph;
    for (size_t i = 0; i < COUNT; i++) {
        headers[i].id = down_of[i][0];
        headers[i].doc = headers[i].longdoc = "";
        headers[i].path = "x.py";
        for (size_t k = 1; k < 3 && down_of[i][k]; k++)
            vec_push(a, &headers[i].down, down_of[i][k]);
    }
    assert_true(graph_build(a, headers, COUNT, &graph, NULL, &err));
    return graph;
}

static struct standing stand(struct arena *a, const struct graph *graph, const char *one,
                             const char *two)
{
    struct name_list rows = {0};
    struct standing s;
    if (one)
        vec_push(a, &rows, one);
    if (two)
        vec_push(a, &rows, two);
    standing_make(a, graph, &rows, &s);
    return s;
}

static void an_empty_database_has_everything_pending(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct graph *graph = make_graph(a);
    struct standing s = stand(a, graph, NULL, NULL);
    assert_true(s.known);
    assert_int_equal(s.pending.len, COUNT);
    assert_string_equal(s.pending.at[0].revision->header->id, "base1");
    assert_string_equal(s.pending.at[COUNT - 1].revision->header->id, "last");
    assert_true(standing_is_pending(&s, graph_find(graph, "left")));
    standing_clear(&s);
    arena_free(a);
}

static void ancestors_of_the_rows_are_applied(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct graph *graph = make_graph(a);
    struct standing s = stand(a, graph, "left", NULL);
    assert_true(s.applied[graph_find(graph, "base1")->index]);
    assert_true(s.current[graph_find(graph, "left")->index]);
    assert_false(s.current[graph_find(graph, "base1")->index]);
    assert_false(s.applied[graph_find(graph, "right")->index]);
    assert_int_equal(s.pending.len, 3);
    standing_clear(&s);
    s = stand(a, graph, "left", "right");
    assert_int_equal(s.pending.len, 2);
    standing_clear(&s);
    s = stand(a, graph, "last", NULL);
    assert_true(s.known);
    assert_int_equal(s.pending.len, 0);
    standing_clear(&s);
    arena_free(a);
}

static void a_row_that_no_file_has_is_said(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct graph *graph = make_graph(a);
    struct standing s = stand(a, graph, "gone", NULL);
    assert_false(s.known);
    assert_string_equal(s.err.message, "the database is at gone, which no file has");
    assert_false(standing_is_pending(&s, graph_find(graph, "left")));
    standing_clear(&s);
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_database_has_everything_pending),
        cmocka_unit_test(ancestors_of_the_rows_are_applied),
        cmocka_unit_test(a_row_that_no_file_has_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
