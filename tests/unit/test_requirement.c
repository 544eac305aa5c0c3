/* What requirements and lock files say of a version: pip's, poetry's and uv's own meaning of it. */
#include "config.h"

#include "unit/unit.h"

#include "config/requirement.h"

static const struct requirement_version two = {{2, 0, 0}}, fourteen = {{0, 0, 14}};

static void test_bounds(void **state)
{
    static const struct {
        const char *text;
        enum requirement_side side;
    } cases[] = {
        {"pydantic==1.10.7\n", REQUIREMENT_BELOW},
        {"pydantic == 1.10.7  # last of its kind\n", REQUIREMENT_BELOW},
        {"pydantic[email]==1.10.7\n", REQUIREMENT_BELOW},
        {"pydantic==1.*\n", REQUIREMENT_BELOW},
        {"Pydantic==1.10.7\n", REQUIREMENT_BELOW},
        {"fastapi\npydantic<2\n", REQUIREMENT_BELOW},
        {"pydantic>=1.10,<2.0.0\n", REQUIREMENT_BELOW},
        {"pydantic<=1.10.13\n", REQUIREMENT_BELOW},
        {"pydantic~=1.10\n", REQUIREMENT_BELOW},
        {"pydantic~=1.10.2\n", REQUIREMENT_BELOW},
        {"dependencies = [\"pydantic<2\", \"sqlmodel\"]\n", REQUIREMENT_BELOW},
        {"pydantic = \"^1.10.4\"\n", REQUIREMENT_BELOW},
        {"pydantic = \"~1\"\n", REQUIREMENT_BELOW},
        {"pydantic = \"1.10.4\"\n", REQUIREMENT_BELOW},
        {"pydantic = {extras = [\"email\"], version = \"^1.10\"}\n", REQUIREMENT_BELOW},
        {"pydantic-settings==1.0\npydantic==1.10.7\n", REQUIREMENT_BELOW},
        {"pydantic (<2)\n", REQUIREMENT_BELOW},
        {"pydantic==2.6.1\n", REQUIREMENT_NOT_BELOW},
        {"pydantic>2.0\n", REQUIREMENT_NOT_BELOW},
        {"pydantic = \"^2\"\n", REQUIREMENT_NOT_BELOW},
        {"pydantic\n", REQUIREMENT_OPEN},
        {"pydantic>=1.10\n", REQUIREMENT_OPEN},
        {"pydantic<3\n", REQUIREMENT_OPEN},
        {"pydantic<=2\n", REQUIREMENT_OPEN},
        {"pydantic!=1.9\n", REQUIREMENT_OPEN},
        {"pydantic-settings==1.0\n", REQUIREMENT_OPEN},
        {"my-pydantic==1.0\n", REQUIREMENT_OPEN},
        {"pydantic; python_version<\"1.0\"\n", REQUIREMENT_OPEN},
        {"pydantic = {git = \"https://example.org/\"}\nname = \"1.0\"\n", REQUIREMENT_OPEN},
        {"pydantic[email", REQUIREMENT_OPEN},
        {"pydantic = {version", REQUIREMENT_OPEN},
        {"", REQUIREMENT_OPEN},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        if (requirement_side(cases[i].text, "pydantic", two) != cases[i].side)
            fail_msg("%s", cases[i].text);
}

/* A caret keeps the leftmost number that is not zero. */
static void test_zeros(void **state)
{
    (void)state;
    assert_int_equal(requirement_side("sqlmodel==0.0.8", "sqlmodel", fourteen), REQUIREMENT_BELOW);
    assert_int_equal(requirement_side("sqlmodel = \"^0.0.8\"", "sqlmodel", fourteen),
                     REQUIREMENT_BELOW);
    assert_int_equal(requirement_side("sqlmodel = \"^0.0.14\"", "sqlmodel", fourteen),
                     REQUIREMENT_NOT_BELOW);
    assert_int_equal(requirement_side("sqlmodel = \"^0\"", "sqlmodel", fourteen), REQUIREMENT_OPEN);
    assert_int_equal(requirement_side("sqlmodel~=0.0.8", "sqlmodel", fourteen), REQUIREMENT_OPEN);
    assert_int_equal(requirement_side("sqlmodel<0.0.14", "sqlmodel", fourteen), REQUIREMENT_BELOW);
    assert_int_equal(requirement_side("sqlmodel>=0.0.8", "sqlmodel", fourteen), REQUIREMENT_OPEN);
}

static void test_lock_files(void **state)
{
    static const char lock[] = "[[package]]\nname = \"pydantic-core\"\nversion = \"2.1\"\n\n"
                               "[[package]]\nname = \"pydantic\"\nversion = \"1.10.19\"\n";
    (void)state;
    assert_int_equal(requirement_lock_side(lock, "pydantic", two), REQUIREMENT_BELOW);
    assert_int_equal(requirement_lock_side(lock, "pydantic-core", two), REQUIREMENT_NOT_BELOW);
    assert_int_equal(requirement_lock_side(lock, "sqlmodel", two), REQUIREMENT_OPEN);
    assert_int_equal(requirement_lock_side("name = \"pydantic\"\n", "pydantic", two),
                     REQUIREMENT_OPEN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bounds),
        cmocka_unit_test(test_zeros),
        cmocka_unit_test(test_lock_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
