#include "config.h"

#include "unit/unit.h"

#include <string.h>

#include "base/arena.h"
#include "sql/parse.h"
#include "sql/scan.h"

static void check_split(const char *text, bool ok, const char *const *pieces)
{
    struct arena *a = arena_new();
    struct sql_pieces got;
    assert_int_equal(sql_split(a, text, &got), ok);
    size_t count = 0;
    for (; pieces[count]; count++) {
        assert_true(count < got.len);
        assert_string_equal(arena_strndup(a, text + got.at[count].start, got.at[count].len),
                            pieces[count]);
    }
    assert_int_equal(got.len, count);
    arena_free(a);
}

#define PIECES(...) ((const char *const[]){__VA_ARGS__, NULL})

static void text_is_split_into_statements(void **state)
{
    (void)state;
    check_split("SELECT 1", true, PIECES("SELECT 1"));
    check_split(" SELECT 1 ;\n\tSELECT ';' ;;", true, PIECES("SELECT 1", "SELECT ';'"));
    check_split("DO $x$ BEGIN a; b; END $x$; SELECT 2", true,
                PIECES("DO $x$ BEGIN a; b; END $x$", "SELECT 2"));
    check_split("SELECT 1; -- why;\nSELECT 'é'", true, PIECES("SELECT 1", "-- why;\nSELECT 'é'"));
    check_split("CREATE RULE r AS ON INSERT TO t DO ALSO (SELECT 1; SELECT 2); SELECT 3", true,
                PIECES("CREATE RULE r AS ON INSERT TO t DO ALSO (SELECT 1; SELECT 2)", "SELECT 3"));
    check_split("", true, PIECES(NULL));
    check_split(" ; \n", true, PIECES(NULL));
}

static void what_the_grammar_does_not_read_is_split_by_the_scanner(void **state)
{
    (void)state;
    const char *newer = "ALTER TABLE t ALTER COLUMN a SET EXPRESSION AS (b + 1)";
    struct arena *a = arena_new();
    check_split(arena_printf(a, "%s; SELECT 1", newer), true, PIECES(newer, "SELECT 1"));
    struct sql_effect effect;
    sql_classify(a, newer, 0, &effect);
    assert_false(effect.known);
    sql_classify(a, "gibberish (", 0, &effect);
    assert_false(effect.known);
    check_split("SELECT 'open", false, PIECES("SELECT 'open"));
    arena_free(a);
}

static void control_is_told_apart(void **state)
{
    (void)state;
    static const struct {
        const char *sql;
        enum sql_control control;
        const char *tag;
    } cases[] = {
        {"SELECT 1", SQL_CONTROL_NONE, "SELECT"},
        {"begin", SQL_CONTROL_BEGIN, "BEGIN"},
        {"START TRANSACTION ISOLATION LEVEL SERIALIZABLE", SQL_CONTROL_BEGIN, "START"},
        {"COMMIT", SQL_CONTROL_COMMIT, "COMMIT"},
        {"end;", SQL_CONTROL_COMMIT, "COMMIT"},
        {"ABORT", SQL_CONTROL_ROLLBACK, "ROLLBACK"},
        {"COMMIT AND CHAIN", SQL_CONTROL_OTHER, "COMMIT"},
        {"PREPARE TRANSACTION 'x'", SQL_CONTROL_OTHER, "PREPARE"},
        {"SAVEPOINT a; ROLLBACK TO a; RELEASE a", SQL_CONTROL_SAVEPOINT, "SAVEPOINT"},
        {"COMMIT; BEGIN", SQL_CONTROL_OTHER, "COMMIT"},
        {"DO $$BEGIN COMMIT; END$$", SQL_CONTROL_NONE, "DO"},
    };
    struct arena *a = arena_new();
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct sql_effect effect;
        sql_classify(a, cases[i].sql, 0, &effect);
        assert_true(effect.known);
        if (effect.control != cases[i].control)
            fail_msg("%s: %d", cases[i].sql, (int)effect.control);
        assert_string_equal(effect.tag, cases[i].tag);
    }
    arena_free(a);
}

static void losses_are_named(void **state)
{
    (void)state;
    static const struct {
        const char *sql, *loses;
    } cases[] = {
        {"DROP TABLE a.t, \"U\"", "table a.t; table U"},
        {"ALTER TABLE t DROP COLUMN x, DROP y", "column x; column y"},
        {"TRUNCATE t", "all rows of t"},
        {"DELETE FROM t", "all rows of t"},
        {"DELETE FROM t WHERE a = 1", NULL},
        {"UPDATE t SET a = 1", "values in all rows of t"},
        {"UPDATE t SET a = 1 WHERE b", NULL},
        {"WITH x AS (DELETE FROM t RETURNING 1) SELECT * FROM x", "all rows of t"},
        {"DROP SCHEMA s", NULL},
        {"DROP SCHEMA s CASCADE", "all tables of schema s"},
        {"DROP TYPE mood CASCADE", "the columns of type mood"},
        {"DROP INDEX i", NULL},
        {"DROP VIEW v", NULL},
        {"DROP DATABASE d", "database d"},
        {"SELECT 1; DROP TABLE t", "table t"},
        {"SELECT 'DROP TABLE t' -- DROP TABLE t", NULL},
        {"EXPLAIN DELETE FROM t", NULL},
        {"EXPLAIN (ANALYZE) DELETE FROM t", "all rows of t"},
    };
    struct arena *a = arena_new();
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct sql_effect effect;
        sql_classify(a, cases[i].sql, 0, &effect);
        const char *loses = effect.loses_data ? effect.loses_data : "nothing";
        if (strcmp(loses, cases[i].loses ? cases[i].loses : "nothing") != 0)
            fail_msg("%s: %s", cases[i].sql, loses);
    }
    arena_free(a);
}

/* PostgreSQL manual, "Explicit Locking" and ALTER TABLE: a foreign key locks both tables. */
static void who_is_locked_is_named(void **state)
{
    (void)state;
    static const struct {
        const char *sql, *text;
    } cases[] = {
        {"CREATE TABLE t (a int)", ""},
        {"CREATE TABLE t (a int REFERENCES p, b int, FOREIGN KEY (b) REFERENCES s.q, c int "
         "REFERENCES t)",
         "SHARE ROW EXCLUSIVE on p, s.q"},
        {"ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES p", "SHARE ROW EXCLUSIVE on t, p"},
        {"ALTER TABLE t ADD COLUMN a int REFERENCES p",
         "ACCESS EXCLUSIVE on t; SHARE ROW EXCLUSIVE on p"},
        {"DROP TABLE a, b", "ACCESS EXCLUSIVE on a, b"},
        {"TRUNCATE a, b", "ACCESS EXCLUSIVE on a, b"},
        {"CREATE INDEX ON t (a)", "SHARE on t"},
        {"DROP TABLE a; DROP TABLE b", "ACCESS EXCLUSIVE"},
        {"SELECT 1", "ACCESS SHARE"},
    };
    struct arena *a = arena_new();
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct sql_effect effect;
        sql_classify(a, cases[i].sql, 0, &effect);
        assert_string_equal(sql_lock_text(a, &effect), cases[i].text);
    }
    arena_free(a);
}

static void tags_and_relations_are_named(void **state)
{
    (void)state;
    static const struct {
        const char *sql, *tag, *relation;
    } cases[] = {
        {"CREATE TABLE s.t (a int)", "CREATE TABLE", "s.t"},
        {"CREATE UNIQUE INDEX i ON t (a)", "CREATE INDEX", "t"},
        {"DROP MATERIALIZED VIEW m", "DROP MATERIALIZED VIEW", "m"},
        {"DROP INDEX s.i", "DROP INDEX", "s.i"},
        {"ALTER TABLE t ADD a int", "ALTER TABLE", "t"},
        {"ALTER SEQUENCE s OWNER TO x", "ALTER SEQUENCE", "s"},
        {"CREATE TYPE mood AS ENUM ('a')", "CREATE ENUM", NULL},
        {"CREATE EXTENSION vector", "CREATE EXTENSION", NULL},
        {"INSERT INTO t VALUES (1)", "INSERT", "t"},
    };
    struct arena *a = arena_new();
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct sql_effect effect;
        sql_classify(a, cases[i].sql, 0, &effect);
        assert_string_equal(effect.tag, cases[i].tag);
        if (cases[i].relation)
            assert_string_equal(effect.relation, cases[i].relation);
        else
            assert_null(effect.relation);
    }
    arena_free(a);
}

static void add_value_depends_on_the_server(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct sql_effect effect;
    sql_classify(a, "ALTER TYPE mood ADD VALUE 'x'", 110022, &effect);
    assert_true(effect.outside_only);
    sql_classify(a, "ALTER TYPE mood ADD VALUE 'x'", 120000, &effect);
    assert_false(effect.outside_only);
    sql_classify(a, "ALTER TYPE mood RENAME VALUE 'x' TO 'y'", 110022, &effect);
    assert_false(effect.outside_only);
    arena_free(a);
}

static void check_scan(const char *text, bool ok, size_t stopped, const char *kinds)
{
    static const char letters[] = "nksdp-*o"; /* by enum sql_token_kind */
    struct arena *a = arena_new();
    struct sql_tokens tokens;
    size_t at, done = 0;
    const char *problem;
    assert_int_equal(sql_scan(a, text, &tokens, &at, &problem), ok);
    assert_int_equal(at, stopped);
    assert_int_equal(problem == NULL, ok);
    assert_int_equal(tokens.len, strlen(kinds));
    for (size_t i = 0; i < tokens.len; i++) {
        assert_int_equal(letters[tokens.at[i].kind], kinds[i]);
        assert_true(tokens.at[i].start >= done && tokens.at[i].end > tokens.at[i].start);
        done = tokens.at[i].end;
    }
    arena_free(a);
}

/* PostgreSQL manual, "Lexical Structure". */
static void tokens_have_their_kinds(void **state)
{
    (void)state;
    check_scan("SELECT a, 'b', $$c$$, 1.5, $1 -- d\n/* e */;", true, 43, "knososodop-*o");
    check_scan("", true, 0, "");
    /* Where a string has no end, what stands before it is told; positions are bytes. */
    check_scan("SELECT '\xC3\xA4', 'x", false, 13, "kso");
    check_scan("SELECT /* x", false, 7, "k");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_split_into_statements),
        cmocka_unit_test(what_the_grammar_does_not_read_is_split_by_the_scanner),
        cmocka_unit_test(control_is_told_apart),
        cmocka_unit_test(losses_are_named),
        cmocka_unit_test(tags_and_relations_are_named),
        cmocka_unit_test(who_is_locked_is_named),
        cmocka_unit_test(add_value_depends_on_the_server),
        cmocka_unit_test(tokens_have_their_kinds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
