/* What sql_classify() says about locks and transactions, held against the server itself. */
#include "config.h"

#include "live/live.h"

#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "sql/parse.h"

static const char objects[] =
    "CREATE SCHEMA z; CREATE TABLE p (id int PRIMARY KEY);"
    "CREATE TABLE t (id int PRIMARY KEY, a int, b text, CONSTRAINT k CHECK (a > 0));"
    "CREATE TABLE q (pid int); ALTER TABLE q ADD CONSTRAINT fk FOREIGN KEY (pid) REFERENCES p"
    " NOT VALID;"
    "CREATE INDEX i ON t (a);"
    "CREATE TABLE pt (a int) PARTITION BY LIST (a); CREATE TABLE pt1 PARTITION OF pt FOR VALUES"
    " IN (1); CREATE TABLE pt2 (a int);"
    "CREATE MATERIALIZED VIEW m AS SELECT id FROM p; CREATE UNIQUE INDEX mi ON m (id);"
    "CREATE VIEW v AS SELECT 1 AS x;"
    "CREATE SEQUENCE s;"
    "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';"
    "CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();"
    "CREATE TYPE mood AS ENUM ('sad');";

/* The statement, and the relation on which the strongest lock is looked up. */
static const struct {
    const char *sql, *relation;
} locks[] = {
    {"SELECT * FROM t", "t"},
    {"SELECT * FROM t FOR UPDATE", "t"},
    {"INSERT INTO t VALUES (1, 1, 'x')", "t"},
    {"UPDATE t SET a = 2", "t"},
    {"DELETE FROM t", "t"},
    {"MERGE INTO t USING p ON t.id = p.id WHEN MATCHED THEN DELETE", "t"},
    {"WITH x AS (DELETE FROM t RETURNING 1) SELECT * FROM x", "t"},
    {"TRUNCATE t", "t"},
    {"LOCK TABLE t IN SHARE ROW EXCLUSIVE MODE", "t"},
    {"COPY t TO '/dev/null'", "t"},
    {"COPY t FROM '/dev/null'", "t"},
    {"CREATE INDEX j ON t (b)", "t"},
    {"CREATE TABLE n (a int REFERENCES p)", "p"},
    {"CREATE TABLE n (a int, FOREIGN KEY (a) REFERENCES p)", "p"},
    {"ALTER TABLE t ADD COLUMN c int DEFAULT 1", "t"},
    {"ALTER TABLE t DROP COLUMN b", "t"},
    {"ALTER TABLE t ALTER a TYPE bigint", "t"},
    {"ALTER TABLE t ALTER a SET NOT NULL", "t"},
    {"ALTER TABLE t ALTER a SET DEFAULT 5", "t"},
    {"ALTER TABLE t ALTER a SET STATISTICS 5", "t"},
    {"ALTER TABLE t ALTER a SET (n_distinct = 5)", "t"},
    {"ALTER TABLE t ALTER b SET STORAGE EXTERNAL", "t"},
    {"ALTER TABLE t ADD CONSTRAINT c CHECK (a > 1) NOT VALID", "t"},
    {"ALTER TABLE t ADD CONSTRAINT c FOREIGN KEY (a) REFERENCES p", "t"},
    {"ALTER TABLE t ADD CONSTRAINT c FOREIGN KEY (a) REFERENCES p", "p"},
    {"ALTER TABLE t ADD CONSTRAINT c UNIQUE (a)", "t"},
    {"ALTER TABLE q VALIDATE CONSTRAINT fk", "q"},
    {"ALTER TABLE t DROP CONSTRAINT k", "t"},
    {"ALTER TABLE t SET (fillfactor = 70)", "t"},
    {"ALTER TABLE t SET UNLOGGED", "t"},
    {"ALTER TABLE t CLUSTER ON i", "t"},
    {"ALTER TABLE t DISABLE TRIGGER tr", "t"},
    {"ALTER TABLE t ENABLE ROW LEVEL SECURITY", "t"},
    {"ALTER TABLE t RENAME TO t2", "t2"},
    {"ALTER TABLE t RENAME COLUMN a TO z", "t"},
    {"ALTER TABLE t SET SCHEMA z", "z.t"},
    {"ALTER INDEX i RENAME TO i2", "i2"},
    {"ALTER TABLE pt ATTACH PARTITION pt2 FOR VALUES IN (2)", "pt"},
    {"ALTER TABLE pt DETACH PARTITION pt1", "pt"},
    {"ALTER SEQUENCE s INCREMENT 2", "s"},
    {"CREATE TRIGGER tr2 BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()", "t"},
    {"CREATE POLICY y ON t", "t"},
    {"CREATE RULE r AS ON INSERT TO t DO ALSO NOTHING", "t"},
    {"COMMENT ON TABLE t IS 'x'", "t"},
    {"COMMENT ON COLUMN t.a IS 'x'", "t"},
    {"DROP INDEX i", "t"},
    {"REINDEX TABLE t", "t"},
    {"REINDEX INDEX i", "i"},
    {"CLUSTER t USING i", "t"},
    {"ANALYZE t", "t"},
    {"REFRESH MATERIALIZED VIEW m", "m"},
    {"REFRESH MATERIALIZED VIEW CONCURRENTLY m", "m"},
    {"EXPLAIN ANALYZE DELETE FROM t", "t"},
};

/* "AccessExclusiveLock" as the manual writes it. */
static const char *manual_name(struct arena *a, const char *mode)
{
    struct str s = STR_IN(a);
    for (const char *p = mode; *p && strcmp(p, "Lock") != 0; p++) {
        if (p > mode && *p >= 'A' && *p <= 'Z')
            str_addc(&s, ' ');
        str_addc(&s, (char)(*p >= 'a' && *p <= 'z' ? *p - 32 : *p));
    }
    return s.ptr;
}

static const char *strongest(struct live *live, const char *relation)
{
    return live_value(
        live, arena_printf(live->arena,
                           "SELECT mode FROM pg_locks WHERE pid = pg_backend_pid() AND relation ="
                           " '%s'::regclass ORDER BY array_position('{AccessShareLock,RowShareLock,"
                           "RowExclusiveLock,ShareUpdateExclusiveLock,ShareLock,"
                           "ShareRowExclusiveLock,ExclusiveLock,AccessExclusiveLock}', mode) DESC"
                           " LIMIT 1",
                           relation));
}

static void locks_are_those_of_the_server(void **state)
{
    struct live *live = *state;
    int wrong = 0;
    live_sql(live, objects);
    for (size_t i = 0; i < sizeof(locks) / sizeof(locks[0]); i++) {
        struct sql_effect effect;
        sql_classify(live->arena, locks[i].sql, 0, &effect);
        live_sql(live, "BEGIN");
        live_sql(live, locks[i].sql);
        const char *real = manual_name(live->arena, strongest(live, locks[i].relation));
        live_sql(live, "ROLLBACK");
        if (effect.known && !strcmp(real, sql_lock_name(effect.lock)) && !effect.outside_only)
            continue;
        wrong++;
        fprintf(stderr, "%s: %s, the server has %s\n", locks[i].sql, sql_lock_name(effect.lock),
                real);
    }
    assert_int_equal(wrong, 0);
}

static void what_must_stay_outside_is_refused_inside(void **state)
{
    static const char *const outside[] = {
        "CREATE INDEX CONCURRENTLY j ON t (b)",
        "DROP INDEX CONCURRENTLY i",
        "REINDEX (CONCURRENTLY) TABLE t",
        "REINDEX SCHEMA public",
        "VACUUM t",
        "VACUUM (FULL) t",
        "CLUSTER",
        "CREATE DATABASE d",
        "DROP DATABASE d",
        "CREATE TABLESPACE d LOCATION '/d'",
        "DROP TABLESPACE d",
        "ALTER SYSTEM SET work_mem = 1000",
        "ALTER DATABASE d SET TABLESPACE x",
        "ALTER TABLE pt DETACH PARTITION pt1 CONCURRENTLY",
        "CREATE SUBSCRIPTION b CONNECTION 'dbname=x' PUBLICATION y",
        "VACUUM",
    };
    static const char *const inside[] = {
        "ANALYZE",
        "ALTER TYPE mood ADD VALUE 'ok'",
        "REINDEX TABLE t",
        "CLUSTER t USING i",
        "CREATE SUBSCRIPTION b CONNECTION 'dbname=x' PUBLICATION y WITH (connect = false)",
        "REINDEX (CONCURRENTLY false) TABLE t",
    };
    struct live *live = *state;
    struct sql_effect effect;
    struct err err = ERR_INIT;
    live_sql(live, objects);
    for (size_t i = 0; i < sizeof(outside) / sizeof(outside[0]); i++) {
        sql_classify(live->arena, outside[i], 0, &effect);
        if (!effect.outside_only)
            fail_msg("%s can run outside only", outside[i]);
        live_sql(live, "BEGIN");
        assert_false(connection_query(live->conn, outside[i], NULL, 0, NULL, &err));
        if (strcmp(err.sqlstate, "25001") != 0)
            fail_msg("%s: %s", outside[i], err.message);
        live_sql(live, "ROLLBACK");
    }
    for (size_t i = 0; i < sizeof(inside) / sizeof(inside[0]); i++) {
        sql_classify(live->arena, inside[i], 0, &effect);
        if (effect.outside_only)
            fail_msg("%s can run inside", inside[i]);
        live_sql(live, "BEGIN");
        live_sql(live, inside[i]);
        live_sql(live, "ROLLBACK");
    }
    err_clear(&err);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        LIVE_TEST(locks_are_those_of_the_server),
        LIVE_TEST(what_must_stay_outside_is_refused_inside),
    };
    return cmocka_run_group_tests(tests, live_start, live_stop);
}
