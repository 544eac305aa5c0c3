/*
 * What a journal tells of a run, and what the statements of one make: from records written by hand.
 */
#include "config.h"

#include "unit/unit.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "run/journal.h"
#include "run/story.h"
#include "sql/made.h"

/* A run of two steps: one of a statement outside of a transaction and its row, one of two. */
static const char run_record[] =
    "{'run': 'r', 'operator': 'alice', 'verb': 'upgrade', 'target': 'head', 'scope': 'revision',"
    " 'rows': [], 'start': [0, 0], 'steps': ["
    "{'revision': 'a', 'verb': 'upgrade', 'from': '', 'to': 'a', 'statements': 2},"
    "{'revision': 'b', 'verb': 'upgrade', 'from': 'a', 'to': 'b', 'statements': 2}]}";

#define SEND(step, n, in_transaction)                                                              \
    "send {'step': " #step ", 'statement': " #n ", 'in_transaction': " #in_transaction             \
    ", 'sql': 'SELECT 1'}"
#define DONE(step, n)                                                                              \
    "done {'step': " #step ", 'statement': " #n ", 'tag': 'SELECT 1', 'rows': 1, "                 \
    "'microseconds': 5}"

/* Records as they are written while the first step is carried out. */
static const char *const records[] = {
    "locked {}",
    SEND(0, 0, false),
    DONE(0, 0),
    "committed {'up_to': [0, 1]}",
    "begin {}",
    SEND(0, 1, true),
    DONE(0, 1),
    "commit {'xid': '77'}",
    "committed {'up_to': [1, 0]}",
    "begin {}",
    SEND(1, 0, true),
};

/* What is known when the journal ends behind each of them. */
static const struct {
    struct position committed;
    bool commit_sent, statement_sent, is_open;
} expected[] = {
    {{0, 0}, false, false, false}, /* locked */
    {{0, 0}, false, true, true},   /* sent outside of a transaction: it may have happened */
    {{0, 1}, false, false, true},  /* done is committed, there */
    {{0, 1}, false, false, true},
    {{0, 1}, false, false, true},
    {{0, 1}, false, false, true},  /* what is in the transaction is rolled back */
    {{0, 1}, false, false, true},
    {{0, 1}, true, false, true},   /* COMMIT without an answer */
    {{1, 0}, false, false, false},
    {{1, 0}, false, false, false},
    {{1, 0}, false, false, false},
};

struct fixture {
    struct arena *arena;
    struct journal_file file;
    struct run_story story;
};

static json_t *parse(const char *quoted)
{
    char *text = strdup(quoted);
    for (char *p = text; *p; p++)
        *p = *p == '\'' ? '"' : *p;
    json_t *json = json_loads(text, 0, NULL);
    assert_non_null(json);
    free(text);
    return json;
}

static void add(struct fixture *f, const char *record)
{
    size_t kind = strcspn(record, " ");
    json_t *json = parse(record + kind + 1);
    json_object_set_new(json, "kind", json_stringn(record, kind));
    json_object_set_new(json, "at", json_string("2026-11-22T13:33:41.126458Z"));
    vec_push(f->arena, &f->file.records, json);
}

static void tell(struct fixture *f)
{
    struct err err = ERR_INIT;
    assert_true(run_story_read(f->arena, &f->file, &f->story, &err));
}

static struct fixture begin(void)
{
    struct fixture f = {.arena = arena_new()};
    f.file.path = "/nowhere/r.jsonl";
    f.file.run_id = "r";
    add(&f, arena_printf(f.arena, "run %s", run_record));
    return f;
}

static void end(struct fixture *f)
{
    journal_file_clear(&f->file);
    arena_free(f->arena);
}

static void each_end_says_what_is_certain(void **state)
{
    (void)state;
    for (size_t count = 1; count <= sizeof(records) / sizeof(records[0]); count++) {
        struct fixture f = begin();
        for (size_t i = 0; i < count; i++)
            add(&f, records[i]);
        tell(&f);
        assert_int_equal(f.story.end, STORY_UNFINISHED);
        assert_int_equal(f.story.committed.step, expected[count - 1].committed.step);
        assert_int_equal(f.story.committed.statement, expected[count - 1].committed.statement);
        assert_int_equal(f.story.commit_sent, expected[count - 1].commit_sent);
        assert_int_equal(f.story.statement_sent, expected[count - 1].statement_sent);
        assert_int_equal(run_story_is_open(&f.story), expected[count - 1].is_open);
        end(&f);
    }
}

static void a_rollback_undoes_what_was_executed(void **state)
{
    (void)state;
    struct fixture f = begin();
    for (size_t i = 0; i < 7; i++)
        add(&f, records[i]);
    add(&f, "rolled_back {'back_to': [0, 1]}");
    add(&f, "end {'state': 'stopped', 'message': 'enough', 'committed': [0, 1]}");
    tell(&f);
    assert_int_equal(f.story.end, STORY_STOPPED);
    assert_string_equal(f.story.message, "enough");
    assert_int_equal(f.story.steps.at[0].statements.at[0].state, STORY_EXECUTED);
    assert_int_equal(f.story.steps.at[0].statements.at[1].state, STORY_ROLLED_BACK);
    assert_true(run_story_is_open(&f.story));
    assert_string_equal(run_story_committed(f.arena, &f.story),
                        "1 of 2 statements of revision a are committed");
    add(&f, "closed {'how': 'continued', 'by': 's'}");
    tell(&f);
    assert_false(run_story_is_open(&f.story));
    end(&f);
}

/* A COMMIT whose fate was found out after a new connection. */
static void a_lost_commit_is_resolved(void **state)
{
    (void)state;
    struct fixture f = begin();
    for (size_t i = 0; i < 8; i++)
        add(&f, records[i]);
    add(&f, "unknown {'what': 'commit', 'xid': '77'}");
    add(&f, "resolved {'what': 'committed', 'xid': '77'}");
    tell(&f);
    assert_false(f.story.commit_sent);
    assert_int_equal(f.story.committed.step, 1);
    end(&f);
}

/* A text that commits itself may have, whatever transaction it was sent in. */
static void a_commit_of_the_revisions_own_is_not_certain(void **state)
{
    (void)state;
    struct fixture f = begin();
    add(&f, "send {'step': 0, 'statement': 0, 'in_transaction': true, 'sql': 'COMMIT'}");
    tell(&f);
    assert_true(f.story.statement_sent);
    end(&f);
}

static void damaged_records_do_no_harm(void **state)
{
    (void)state;
    static const char *const odd[] = {
        SEND(7, 0, false), SEND(0, 9, false), DONE(-1, -1),
        "committed {}",    "committed {'up_to': 'x'}", "committed {'up_to': [99, 99]}",
        "connected {}",    "end {}", "closed {}", "plan {'plan': {'steps': [1, 2, 3]}}",
    };
    for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
        struct fixture f = begin();
        add(&f, odd[i]);
        tell(&f);
        assert_non_null(run_story_committed(f.arena, &f.story));
        end(&f);
    }
}

/* -- what statements make -----------------------------------------------------------------------
 */

static void statements_and_their_opposites(void **state)
{
    (void)state;
    static const struct {
        const char *sql;
        enum sql_made_kind kind;
        const char *object, *part, *undo;
    } rows[] = {
        {"CREATE INDEX CONCURRENTLY i ON s.t (a)", SQL_MADE_INDEX, "s.t", "i",
         "DROP INDEX CONCURRENTLY IF EXISTS s.i"},
        {"CREATE INDEX \"I.x\" ON \"S.y\".t (a)", SQL_MADE_INDEX, "\"S.y\".t", "I.x",
         "DROP INDEX IF EXISTS \"S.y\".\"I.x\""},
        {"CREATE INDEX ON t (a)", SQL_MADE_UNKNOWN, "", "", NULL},
        {"DROP INDEX CONCURRENTLY i", SQL_MADE_INDEX, "i", "", NULL},
        {"CREATE TABLE t (a int)", SQL_MADE_RELATION, "t", "", "DROP TABLE IF EXISTS t"},
        {"ALTER TABLE t ADD COLUMN b int", SQL_MADE_COLUMN, "t", "b",
         "ALTER TABLE t DROP COLUMN IF EXISTS b"},
        {"ALTER TABLE t ADD COLUMN b int, ADD COLUMN c int", SQL_MADE_UNKNOWN, "", "", NULL},
        {"CREATE TYPE s.mood AS ENUM ('sad')", SQL_MADE_TYPE, "s.mood", "",
         "DROP TYPE IF EXISTS s.mood"},
        {"ALTER TYPE mood ADD VALUE 'glad'", SQL_MADE_ENUM_VALUE, "mood", "glad", NULL},
        {"CREATE SCHEMA x", SQL_MADE_SCHEMA, "x", "x", "DROP SCHEMA IF EXISTS x"},
        {"VACUUM t", SQL_MADE_NOTHING, "", "", ""},
        {"REINDEX INDEX CONCURRENTLY i", SQL_MADE_NOTHING, "i", "", ""},
        {"UPDATE t SET a = 1", SQL_MADE_UNKNOWN, "", "", NULL},
        {"CREATE TABLE t (); CREATE TABLE u ()", SQL_MADE_UNKNOWN, "", "", NULL},
        {"no SQL at all", SQL_MADE_UNKNOWN, "", "", NULL},
    };
    struct arena *a = arena_new();
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct sql_made made;
        bool loses;
        sql_made_by(a, rows[i].sql, &made);
        assert_int_equal(made.kind, rows[i].kind);
        assert_string_equal(made.object, rows[i].object);
        assert_string_equal(made.part, rows[i].part);
        const char *undo = sql_made_undo(a, &made, &loses);
        if (!str_eq(undo, rows[i].undo))
            fail_msg("%s: %s", rows[i].sql, undo ? undo : "nothing");
    }
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_end_says_what_is_certain),
        cmocka_unit_test(a_rollback_undoes_what_was_executed),
        cmocka_unit_test(a_lost_commit_is_resolved),
        cmocka_unit_test(a_commit_of_the_revisions_own_is_not_certain),
        cmocka_unit_test(damaged_records_do_no_harm),
        cmocka_unit_test(statements_and_their_opposites),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
