/* Catalog values taken apart: src/postgres/catalog_text.h. Expected values are PostgreSQL's rules
 * of output, and for expressions what SQLAlchemy's text() makes of a text. */
#include "config.h"

#include "unit/unit.h"

#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "postgres/catalog_text.h"
#include "schema/expr.h"
#include "sql/render_expr.h"

static struct arena *arena;

static int setup(void **state)
{
    (void)state;
    arena = arena_new();
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static const char *joined(const struct name_list *names)
{
    struct str out = STR_IN(arena);
    for (size_t i = 0; i < names->len; i++)
        str_addf(&out, "[%s]", names->at[i]);
    return out.ptr;
}

static void numbers(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int count, first, last;
    } cases[] = {{"1 2 -3", 3, 1, -3}, {"{4,5}", 2, 4, 5}, {"", 0, 0, 0},      {NULL, 0, 0, 0},
                 {"{}", 0, 0, 0},      {"7", 1, 7, 7},     {"10, 2", 2, 10, 2}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct number_list list;
        catalog_numbers(arena, cases[i].text, &list);
        assert_int_equal(list.len, cases[i].count);
        if (list.len > 0) {
            assert_int_equal(list.at[0], cases[i].first);
            assert_int_equal(list.at[list.len - 1], cases[i].last);
        }
    }
}

/* SELECT ARRAY['a', 'b c', 'q"\', '', 'NULL', NULL, '{', ','] and the like. */
static void arrays(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"{a,\"b c\",\"q\\\"\\\\\",\"\",\"NULL\",NULL,\"{\",\",\"}",
         "[a][b c][q\"\\][][NULL][{][,]"},
        {"{}", ""},
        {"{fillfactor=70}", "[fillfactor=70]"},
        {"{\"(a + 1)\",\"lower(b)\"}", "[(a + 1)][lower(b)]"},
        {"{\"cut", "[cut]"},
        {"", ""},
    };
    struct name_list list;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        catalog_strings(arena, cases[i][0], &list);
        assert_string_equal(joined(&list), cases[i][1]);
    }
    catalog_strings(arena, NULL, &list);
    assert_int_equal(list.len, 0);
    catalog_words(arena, "1978 0  42", &list);
    assert_string_equal(joined(&list), "[1978][0][42]");
}

static void identifiers(void **state)
{
    (void)state;
    struct name_list list;
    catalog_identifiers(arena, "\"$user\", Public ,\"Odd, \"\"one\"\"\"", ',', &list);
    assert_string_equal(joined(&list), "[$user][public][Odd, \"one\"]");
    catalog_identifiers(arena, "app.\"T.t_id_seq\"", '.', &list);
    assert_string_equal(joined(&list), "[app][T.t_id_seq]");
    catalog_identifiers(arena, "", ',', &list);
    assert_int_equal(list.len, 0);
}

/* Whatever the server prints comes out again. */
static void expressions(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "now()",
        "'a :b c'::text",
        "'a'::text",
        "':x'",
        "'\\:x'::text",
        "'\\\\:x y'",
        "'\\::text'",
        "x::int::text",
        "'::'",
        "':a:b :c'",
        "arr[1:2]",
        "arr[a:b]",
        "'\xc3\xa4:\xc3\xb6 :\xc3\xb6'",
        "'50% :p'",
        ":",
    };
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct err err = ERR_INIT;
        struct str out = STR_IN(arena);
        assert_true(sql_expr_render(arena, catalog_expr(arena, texts[i]), 0, &out, &err));
        assert_string_equal(out.ptr, texts[i]);
    }
    assert_null(catalog_expr(arena, NULL));
}

static void checks(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"CHECK (a > 1)", "a > 1"},
        {"CHECK ((a > 1))", "a > 1"},
        {"CHECK ((a > 1) AND (b < 2))", "(a > 1) AND (b < 2)"},
        {"CHECK (((a > 1) AND (b < 2))) NOT VALID", "(a > 1) AND (b < 2)"},
        {"CHECK (a > 1) NO INHERIT NOT VALID", "a > 1"},
        {"CHECK ((a = ')'::text) OR (b = '('::text))", "(a = ')'::text) OR (b = '('::text)"},
        {"CHECK (((a)::text = 'it''s ('::text))", "(a)::text = 'it''s ('::text"},
        {"CHECK ((\"x)\" > 0))", "\"x)\" > 0"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_string_equal(catalog_check(arena, cases[i][0]), cases[i][1]);
    assert_null(catalog_check(arena, "NOT NULL"));
    assert_null(catalog_check(arena, "CHECK ()"));
    assert_null(catalog_check(arena, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(numbers, setup, teardown),
        cmocka_unit_test_setup_teardown(arrays, setup, teardown),
        cmocka_unit_test_setup_teardown(identifiers, setup, teardown),
        cmocka_unit_test_setup_teardown(expressions, setup, teardown),
        cmocka_unit_test_setup_teardown(checks, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
