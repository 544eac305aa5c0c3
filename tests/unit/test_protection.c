/* Which databases the settings protect. */
#include "config.h"

#include "unit/unit.h"

#include "base/arena.h"
#include "base/err.h"
#include "config/ini.h"
#include "config/protection.h"

/* What `protected = value` makes of the label; fails where the value is refused. */
static bool is_protected(const char *value, const char *label)
{
    struct arena *a = arena_new();
    struct err err = ERR_INIT;
    struct config config = {.ini = ini_file_new(a, "alembic.ini", NULL)};
    struct protection protection;
    ini_file_set(config.ini, "retort", "protected", value);
    assert_true(protection_read(a, &config, &protection, &err));
    bool covered = protection_covers(&protection, label);
    arena_free(a);
    return covered;
}

static void words_say_all_or_none(void **state)
{
    (void)state;
    assert_true(is_protected("true", "shop@local"));
    assert_true(is_protected("YES", "shop@db.example.com"));
    assert_false(is_protected("false", "shop@local"));
    assert_false(is_protected("", "shop@local"));
}

static void patterns_name_databases_and_hosts(void **state)
{
    (void)state;
    assert_true(is_protected("shop", "shop@local"));
    assert_true(is_protected("other, shop", "shop@anywhere"));
    assert_false(is_protected("shop", "shop_dev@local"));
    assert_true(is_protected("*_prod", "shop_prod@local"));
    assert_false(is_protected("*_prod", "shop_dev@local"));
    assert_true(is_protected("*@db.example.com", "shop@db.example.com"));
    assert_false(is_protected("*@db.example.com", "shop@local"));
    assert_true(is_protected("shop@db*", "shop@db1,db2"));
    assert_true(is_protected("shop@db2", "shop@db1,db2"));
    assert_false(is_protected("shop@db3", "shop@db1,db2"));
    assert_true(is_protected("sh@p@local", "sh@p@local"));
}

static void nonsense_is_refused(void **state)
{
    static const char *const bad[] = {"not at all", "@host", "shop@", "a, b c"};
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct arena *a = arena_new();
        struct err err = ERR_INIT;
        struct config config = {.ini = ini_file_new(a, "alembic.ini", NULL)};
        struct protection protection;
        ini_file_set(config.ini, "retort", "protected", bad[i]);
        assert_false(protection_read(a, &config, &protection, &err));
        assert_int_equal(err.code, ERR_CONFIG);
        err_clear(&err);
        arena_free(a);
    }
}

static void a_label_is_text(void **state)
{
    struct arena *a = arena_new();
    struct err err = ERR_INIT;
    struct config config = {.ini = ini_file_new(a, "alembic.ini", NULL)};
    struct protection protection;
    (void)state;
    assert_true(protection_read(a, &config, &protection, &err));
    assert_null(protection.label);
    ini_file_set(config.ini, "retort", "label", "dev");
    assert_true(protection_read(a, &config, &protection, &err));
    assert_string_equal(protection.label, "dev");
    assert_false(protection_covers(&protection, "shop@local"));
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_say_all_or_none),
        cmocka_unit_test(patterns_name_databases_and_hosts),
        cmocka_unit_test(nonsense_is_refused),
        cmocka_unit_test(a_label_is_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
