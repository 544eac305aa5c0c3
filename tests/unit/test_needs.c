/*
 * What a role must be allowed for a statement. Expected: what the PostgreSQL manual names under
 * each command ("You must own the table to use ALTER TABLE", "you must have REFERENCES permission
 * on ...").
 */
#include "config.h"

#include "unit/unit.h"

#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "sql/needs.h"

static const char *const kinds[SQL_NEED_KINDS] = {
    [SQL_NEED_OWNER] = "owner",
    [SQL_NEED_SELECT] = "select",
    [SQL_NEED_INSERT] = "insert",
    [SQL_NEED_UPDATE] = "update",
    [SQL_NEED_DELETE] = "delete",
    [SQL_NEED_TRUNCATE] = "truncate",
    [SQL_NEED_TRIGGER] = "trigger",
    [SQL_NEED_REFERENCES] = "references",
    [SQL_NEED_SCHEMA_USAGE] = "usage-of-schema",
    [SQL_NEED_SCHEMA_CREATE] = "create-in",
    [SQL_NEED_SCHEMA_OWNER] = "owner-of-schema",
    [SQL_NEED_DATABASE_CREATE] = "create-schemas",
    [SQL_NEED_TYPE_USAGE] = "usage-of-type",
    [SQL_NEED_TYPE_OWNER] = "owner-of-type",
    [SQL_NEED_ROLE] = "role",
    [SQL_NEED_EXTENSION] = "extension",
};

static const struct {
    const char *sql, *needs; /* those on schemas of names that have one left out */
} cases[] = {
    {"CREATE TABLE t (id int PRIMARY KEY)", "create-in"},
    {"CREATE TABLE s.t (m mood, p s.place[], u int REFERENCES users (id),"
     " FOREIGN KEY (u) REFERENCES a.b (c))",
     "create-in s, usage-of-type mood, usage-of-type s.place, references users, references a.b"},
    {"CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1)", "create-in, owner p"},
    {"ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (u) REFERENCES users (id)",
     "owner t, references users"},
    {"ALTER TABLE t ADD COLUMN u int REFERENCES users, ALTER COLUMN m TYPE mood",
     "owner t, references users, usage-of-type mood"},
    {"ALTER TABLE t OWNER TO boss", "owner t, role boss"},
    {"ALTER INDEX i RENAME TO j", "owner i"},
    {"ALTER SEQUENCE s INCREMENT 2", "owner s"},
    {"ALTER TABLE t RENAME COLUMN a TO b", "owner t"},
    {"ALTER TYPE mood RENAME TO moods", "owner-of-type mood"},
    {"ALTER TYPE mood ADD VALUE 'glad'", "owner-of-type mood"},
    {"ALTER TYPE mood OWNER TO boss", "role boss"},
    {"CREATE INDEX CONCURRENTLY i ON s.t (a)", "owner s.t, create-in s"},
    {"DROP TABLE a, s.b", "owner a, owner s.b"},
    {"DROP INDEX CONCURRENTLY i", "owner i"},
    {"DROP TYPE mood", "owner-of-type mood"},
    {"DROP SCHEMA s CASCADE", "owner-of-schema s"},
    {"COMMENT ON TABLE t IS 'x'", "owner t"},
    {"COMMENT ON COLUMN s.t.c IS 'x'", "owner s.t"},
    {"INSERT INTO t VALUES (1)", "insert t"},
    {"INSERT INTO t VALUES (1) ON CONFLICT (id) DO UPDATE SET a = 1", "insert t, update t"},
    {"UPDATE t SET a = 1", "update t"},
    {"UPDATE t SET a = 1 WHERE b", "update t, select t"},
    {"DELETE FROM s.t WHERE a", "delete s.t, select s.t"},
    {"TRUNCATE a, b", "truncate a, truncate b"},
    {"CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()", "trigger t"},
    {"CREATE SCHEMA s", "create-schemas"},
    {"CREATE SCHEMA s AUTHORIZATION boss", "create-schemas, role boss"},
    {"CREATE EXTENSION IF NOT EXISTS \"uuid-ossp\"", "extension uuid-ossp"},
    {"CREATE TYPE s.mood AS ENUM ('sad')", "create-in s"},
    {"CREATE TYPE pair AS (a int)", "create-in"},
    {"CREATE DOMAIN d AS mood CHECK (VALUE <> 'sad')", "create-in, usage-of-type mood"},
    {"CREATE FUNCTION s.f() RETURNS int LANGUAGE sql AS 'SELECT 1'", "create-in s"},
    {"CREATE SEQUENCE s.q", "create-in s"},
    {"CREATE VIEW v AS SELECT 1", "create-in"},
    {"CREATE MATERIALIZED VIEW s.m AS SELECT 1", "create-in s"},
    {"SET ROLE boss", "role boss"},
    {"SET LOCAL ROLE boss", "role boss"},
    {"RESET ROLE", ""},
    {"SET ROLE NONE", ""},
    {"SELECT 1", ""},
    {"DROP TABLE a; CREATE SCHEMA b", "owner a, create-schemas"},
};

static const char *shown(struct arena *a, const struct sql_need_list *needs)
{
    struct str out = STR_IN(a);
    str_add(&out, "");
    for (size_t i = 0; i < needs->len; i++) {
        const struct sql_need *need = &needs->at[i];
        if (need->kind == SQL_NEED_SCHEMA_USAGE)
            continue;
        str_addf(&out, "%s%s", out.len ? ", " : "", kinds[need->kind]);
        if (need->name)
            str_addf(&out, " %s%s%s", need->schema ? need->schema : "", need->schema ? "." : "",
                     need->name);
    }
    return out.ptr;
}

static void each_statement(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct arena *a = arena_new();
        struct sql_need_list needs = {0};
        assert_true(sql_needs(a, cases[i].sql, &needs));
        if (strcmp(shown(a, &needs), cases[i].needs) != 0)
            fail_msg("%s: %s", cases[i].sql, shown(a, &needs));
        arena_free(a);
    }
}

static void schemas_that_are_named_are_used(void **state)
{
    struct arena *a = arena_new();
    struct sql_need_list needs = {0};
    (void)state;
    assert_true(sql_needs(a, "DROP TABLE s.t", &needs));
    assert_int_equal(needs.len, 2);
    assert_int_equal(needs.at[1].kind, SQL_NEED_SCHEMA_USAGE);
    assert_string_equal(needs.at[1].name, "s");
    arena_free(a);
}

static void what_the_grammar_does_not_read(void **state)
{
    struct arena *a = arena_new();
    struct sql_need_list needs = {0};
    (void)state;
    assert_false(sql_needs(a, "ALTER TABEL t", &needs));
    assert_int_equal(needs.len, 0);
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_statement),
        cmocka_unit_test(schemas_that_are_named_are_used),
        cmocka_unit_test(what_the_grammar_does_not_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
