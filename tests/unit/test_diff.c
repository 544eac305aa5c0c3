/* Unified diffs; the expected texts are what GNU diff -u prints. */
#include "config.h"

#include "unit/unit.h"

#include "base/diff.h"
#include "base/str.h"

static const struct {
    const char *a, *b, *diff;
} cases[] = {
    {"same\n", "same\n", ""},
    {"a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\nl\nm\n", "a\nb\nC\nd\ne\nf\ng\nh\ni\nj\nl\nm\nn",
     "--- old\n+++ new\n"
     "@@ -1,6 +1,6 @@\n a\n b\n-c\n+C\n d\n e\n f\n"
     "@@ -8,6 +8,6 @@\n h\n i\n j\n-k\n l\n m\n+n\n\\ No newline at end of file\n"},
    {"", "x\ny\n", "--- old\n+++ new\n@@ -0,0 +1,2 @@\n+x\n+y\n"},
    {"x\ny\n", "", "--- old\n+++ new\n@@ -1,2 +0,0 @@\n-x\n-y\n"},
    {"x\n1\n2\n3\n4\n5\n6\ny\n", "X\n1\n2\n3\n4\n5\n6\nY\n",
     "--- old\n+++ new\n@@ -1,8 +1,8 @@\n-x\n+X\n 1\n 2\n 3\n 4\n 5\n 6\n-y\n+Y\n"},
};

static void diffs_are_those_of_diff(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct str out = STR_INIT;
        diff_unified("old", "new", cases[i].a, cases[i].b, &out);
        assert_string_equal(out.ptr, cases[i].diff);
        str_clear(&out);
    }
}

/* Next to nothing in common: all goes, all comes. */
static void texts_that_are_strangers_are_replaced(void **state)
{
    struct str a = STR_INIT, b = STR_INIT, out = STR_INIT;
    (void)state;
    for (int i = 0; i < 2000; i++) {
        str_addf(&a, "a%d\n", i);
        str_addf(&b, "b%d\n", i);
    }
    diff_unified("old", "new", a.ptr, b.ptr, &out);
    assert_true(str_starts_with(out.ptr, "--- old\n+++ new\n@@ -1,2000 +1,2000 @@\n-a0\n-a1\n"));
    assert_true(str_ends_with(out.ptr, "+b1999\n"));
    str_clear(&a);
    str_clear(&b);
    str_clear(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(diffs_are_those_of_diff),
        cmocka_unit_test(texts_that_are_strangers_are_replaced),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
