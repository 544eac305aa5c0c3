/* What a statement makes or takes away. The tree that it is read from is freed by then. */
#include "config.h"

#include "unit.h"

#include "base/arena.h"
#include "sql/made.h"

static const char *const kinds[] = {
    [SQL_MADE_UNKNOWN] = "unknown",     [SQL_MADE_NOTHING] = "nothing",
    [SQL_MADE_RELATION] = "relation",   [SQL_MADE_INDEX] = "index",
    [SQL_MADE_TYPE] = "type",           [SQL_MADE_SCHEMA] = "schema",
    [SQL_MADE_EXTENSION] = "extension", [SQL_MADE_COLUMN] = "column",
    [SQL_MADE_ENUM_VALUE] = "value",
};

/* "+" made or "-" taken away, "~" concurrently; kind, object, part. */
static void check(const char *sql, const char *expected)
{
    struct arena *a = arena_new();
    struct sql_made made;
    sql_made_by(a, sql, &made);
    const char *found = arena_printf(a, "%s%s %s [%s] [%s]%s", made.drops ? "-" : "+",
                                     made.concurrent ? "~" : "", kinds[made.kind], made.object,
                                     made.part, made.is_qualified ? " qualified" : "");
    assert_string_equal(found, expected);
    arena_free(a);
}

static void what_is_made(void **state)
{
    (void)state;
    check("CREATE TABLE account (id int)", "+ relation [account] []");
    check("CREATE TABLE app.account (id int)", "+ relation [app.account] [] qualified");
    check("CREATE TABLE \"Odd one\" (id int)", "+ relation [\"Odd one\"] []");
    check("CREATE VIEW v AS SELECT 1", "+ relation [v] []");
    check("CREATE INDEX CONCURRENTLY i ON account (id)", "+~ index [account] [i]");
    check("CREATE INDEX i ON app.account (id)", "+ index [app.account] [i] qualified");
    check("CREATE TYPE kind AS ENUM ('a')", "+ type [kind] []");
    check("ALTER TYPE kind ADD VALUE 'b' AFTER 'a'", "+ value [kind] [b]");
    check("ALTER TABLE account ADD COLUMN x int", "+ column [account] [x]");
    check("CREATE SCHEMA app", "+ schema [app] [app] qualified");
    check("CREATE EXTENSION vector", "+ extension [vector] [vector] qualified");
}

static void what_is_taken_away(void **state)
{
    (void)state;
    check("DROP TABLE account", "- relation [account] []");
    check("DROP INDEX CONCURRENTLY account_name", "-~ index [account_name] []");
    check("DROP INDEX app.account_name", "- index [app.account_name] [] qualified");
    check("DROP TYPE kind", "- type [kind] []");
    check("DROP SCHEMA app", "- schema [app] [app]");
    check("ALTER TABLE account DROP COLUMN x", "- column [account] [x]");
}

static void what_cannot_be_told(void **state)
{
    (void)state;
    check("UPDATE account SET n = 1", "+ unknown [] []");
    check("ALTER TYPE kind RENAME VALUE 'a' TO 'b'", "+ unknown [] []");
    check("CREATE INDEX CONCURRENTLY ON account (id)", "+~ unknown [] []");
    check("CREATE OR REPLACE VIEW v AS SELECT 1", "+ unknown [] []");
    check("CREATE TABLE a (i int); CREATE TABLE b (i int)", "+ unknown [] []");
    check("ALTER TABLE account ADD COLUMN x int, ADD COLUMN y int", "+ unknown [] []");
    check("CREATE TABLE (", "+ unknown [] []");
    check("REINDEX INDEX CONCURRENTLY i", "+ nothing [i] []");
    check("VACUUM", "+ nothing [] []");
}

static void what_undoes(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct sql_made made;
    bool loses;
    sql_made_by(a, "CREATE INDEX CONCURRENTLY \"I 1\" ON \"my.app\".account (id)", &made);
    assert_string_equal(sql_made_undo(a, &made, &loses),
                        "DROP INDEX CONCURRENTLY IF EXISTS \"my.app\".\"I 1\"");
    assert_false(loses);
    sql_made_by(a, "CREATE TABLE account (id int)", &made);
    assert_string_equal(sql_made_undo(a, &made, &loses), "DROP TABLE IF EXISTS account");
    assert_true(loses);
    sql_made_by(a, "ALTER TYPE kind ADD VALUE 'b'", &made);
    assert_null(sql_made_undo(a, &made, &loses));
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_made),
        cmocka_unit_test(what_is_taken_away),
        cmocka_unit_test(what_cannot_be_told),
        cmocka_unit_test(what_undoes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
