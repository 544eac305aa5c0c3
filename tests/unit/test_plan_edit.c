/* Edits of a plan, one by one and through the text for an editor. */
#include "config.h"

#include "unit/unit.h"

#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "run/plan_edit.h"
#include "run/plan_text.h"

struct fixture {
    struct arena *arena;
    struct plan plan;
    struct plan_doubt_list doubts;
    struct err err;
};

enum { CREATE, INSERTS, INDEX, ROW };

static void add(struct fixture *f, struct plan_step *step, const char *sql, bool in_transaction)
{
    struct plan_statement s = {.sql = sql,
                               .rendered = sql,
                               .in_transaction = in_transaction,
                               .origin = {.file = "versions/a.py", .line = 10}};
    s.version_row = strstr(sql, "alembic_version") != NULL;
    vec_push(f->arena, &step->statements, s);
    f->plan.statement_count++;
}

static int set_up(void **state)
{
    struct fixture *f = mem_zalloc(sizeof(*f));
    f->arena = arena_new();
    struct plan_step step = {.verb = PLAN_UPGRADE,
                             .id = "a",
                             .file = "versions/a.py",
                             .doc = "x",
                             .from = "",
                             .to = "a"};
    f->plan = (struct plan){.target = "head", .database.server_version = 150000};
    add(f, &step, "CREATE TABLE t (\n    a int -- first\n)", true);
    add(f, &step, "INSERT INTO t VALUES (1); INSERT INTO t VALUES (2) -- two", true);
    add(f, &step, "CREATE INDEX CONCURRENTLY i ON t (a)", false);
    add(f, &step, "INSERT INTO alembic_version VALUES ('a')", true);
    plan_arrange(f->arena, &step, 150000);
    vec_push(f->arena, &f->plan.steps, step);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    err_clear(&f->err);
    arena_free(f->arena);
    mem_free(f);
    return 0;
}

static const struct plan_statement *at(struct fixture *f, size_t i)
{
    assert_true(i < f->plan.steps.at[0].statements.len);
    return &f->plan.steps.at[0].statements.at[i];
}

static size_t count(struct fixture *f)
{
    assert_int_equal(f->plan.statement_count, f->plan.steps.at[0].statements.len);
    return f->plan.statement_count;
}

static bool replace(struct fixture *f, size_t i, const char *text)
{
    return plan_edit_replace(f->arena, &f->plan, 0, i, text, &f->doubts, &f->err);
}

static void a_statement_is_replaced_by_several(void **state)
{
    struct fixture *f = *state;
    assert_true(replace(f, INSERTS, "INSERT INTO t VALUES (3); DELETE FROM t;"));
    assert_int_equal(count(f), 5);
    assert_string_equal(at(f, 1)->sql, "INSERT INTO t VALUES (3)");
    assert_string_equal(at(f, 2)->sql, "DELETE FROM t");
    assert_string_equal(at(f, 2)->rendered,
                        "INSERT INTO t VALUES (1); INSERT INTO t VALUES (2) -- two");
    assert_string_equal(at(f, 2)->effect.loses_data, "all rows of t");
    assert_int_equal(at(f, 2)->origin.line, 10);
    assert_true(plan_is_edited(&f->plan));
    assert_int_equal(f->plan.steps.at[0].original.len, 4);
}

static void one_is_removed_and_one_is_added(void **state)
{
    struct fixture *f = *state;
    assert_true(plan_edit_remove(f->arena, &f->plan, 0, INDEX, &f->err));
    assert_int_equal(count(f), 3);
    assert_int_equal(f->plan.steps.at[0].segments.len, 1);
    assert_true(plan_edit_insert(f->arena, &f->plan, 0, 0, "SET LOCAL lock_timeout = 1", true,
                                 &f->doubts, &f->err));
    assert_int_equal(count(f), 4);
    assert_string_equal(at(f, 0)->sql, "SET LOCAL lock_timeout = 1");
    assert_string_equal(at(f, 0)->rendered, "");
    assert_false(plan_edit_remove(f->arena, &f->plan, 0, 9, &f->err));
    assert_false(plan_edit_insert(f->arena, &f->plan, 0, 9, "SELECT 1", true, NULL, &f->err));
}

static void what_is_put_back_is_not_edited(void **state)
{
    struct fixture *f = *state;
    assert_true(replace(f, INDEX, "VACUUM t"));
    assert_true(replace(f, INDEX, "CREATE INDEX CONCURRENTLY i ON t (a)"));
    assert_false(plan_is_edited(&f->plan));
    assert_true(plan_edit_remove(f->arena, &f->plan, 0, CREATE, &f->err));
    plan_edit_undo(f->arena, &f->plan, 0);
    assert_false(plan_is_edited(&f->plan));
    assert_int_equal(count(f), 4);
    assert_int_equal(f->plan.steps.at[0].segments.len, 3);
}

static void what_is_wrong_changes_nothing(void **state)
{
    static const struct {
        size_t statement;
        const char *text, *message;
        int position;
    } cases[] = {
        {CREATE, "SELECT 'x", "this is no SQL: unterminated quoted string at or near \"'x\"", 8},
        {CREATE, "SELECT 1 /* x", "this is no SQL: unterminated /* comment at or near \"/* x\"",
         10},
        {CREATE, "-- nothing", "there is no statement in the text", 0},
        {CREATE, "VACUUM t", "VACUUM cannot run inside a transaction", 0},
        {INDEX, "BEGIN",
         "the revision controls the transaction itself (BEGIN): it would not be known what is "
         "committed",
         0},
        {ROW, "DELETE FROM alembic_version", "the statements of the version table cannot be edited",
         0},
    };
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_false(replace(f, cases[i].statement, cases[i].text));
        assert_string_equal(f->err.message, cases[i].message);
        assert_int_equal(f->err.position, cases[i].position);
        assert_false(plan_is_edited(&f->plan));
        assert_int_equal(count(f), 4);
    }
    assert_false(plan_edit_remove(f->arena, &f->plan, 0, ROW, &f->err));
    assert_false(plan_edit_wrap(f->arena, &f->plan, 0, INDEX, true, &f->err));
    assert_false(plan_edit_wrap(f->arena, &f->plan, 0, ROW, false, &f->err));
    assert_true(plan_edit_wrap(f->arena, &f->plan, 0, INSERTS, false, &f->err));
    assert_int_equal(f->plan.steps.at[0].segments.len, 3);
}

static void what_is_not_in_the_grammar_is_a_doubt(void **state)
{
    struct fixture *f = *state;
    assert_true(replace(f, CREATE, "SELECT 1; ALTER TABLE t ALTER c SET EXPRESSION AS (a + 1)"));
    assert_int_equal(f->doubts.len, 1);
    assert_string_equal(f->doubts.at[0].sql, "ALTER TABLE t ALTER c SET EXPRESSION AS (a + 1)");
    assert_string_equal(f->doubts.at[0].message, "syntax error at or near \"EXPRESSION\"");
    assert_int_equal(f->doubts.at[0].position, 27);
    assert_int_equal(count(f), 5);
}

/* -- through the text ---------------------------------------------------------------------------
 */

/* The text, with one part of it replaced. */
static const char *text_with(struct fixture *f, const char *part, const char *by)
{
    struct str text = STR_IN(f->arena), out = STR_IN(f->arena);
    plan_edit_text(f->arena, &f->plan, &text);
    const char *found = strstr(text.ptr, part);
    if (!found)
        fail_msg("'%s' is not in: %s", part, text.ptr);
    str_addn(&out, text.ptr, (size_t)(found - text.ptr));
    str_addf(&out, "%s%s", by, found + strlen(part));
    return out.ptr;
}

static bool take(struct fixture *f, const char *text)
{
    return plan_edit_take(f->arena, &f->plan, "edit.sql", text, &f->doubts, &f->err);
}

static void a_text_that_was_not_touched_edits_nothing(void **state)
{
    struct fixture *f = *state;
    assert_true(take(f, text_with(f, "", "")));
    assert_false(plan_is_edited(&f->plan));
    assert_string_equal(at(f, INSERTS)->sql,
                        "INSERT INTO t VALUES (1); INSERT INTO t VALUES (2) -- two");
}

static void a_text_that_was_edited_is_taken(void **state)
{
    struct fixture *f = *state;
    struct str diff = STR_IN(f->arena);
    assert_true(take(f, text_with(f, "CONCURRENTLY i ON t (a);",
                                  "CONCURRENTLY i2 ON t (a);\nANALYZE t;\nVACUUM t;")));
    assert_int_equal(count(f), 6);
    assert_string_equal(at(f, 2)->sql, "CREATE INDEX CONCURRENTLY i2 ON t (a)");
    assert_string_equal(at(f, 4)->sql, "VACUUM t");
    assert_false(at(f, 4)->in_transaction);
    assert_true(at(f, 5)->version_row);
    plan_diff(f->arena, &f->plan, &diff);
    assert_string_equal(diff.ptr, "--- upgrade  -> a, as rendered\n"
                                  "+++ upgrade  -> a, edited\n"
                                  "@@ -3,6 +3,8 @@\n"
                                  " );\n"
                                  " INSERT INTO t VALUES (1); INSERT INTO t VALUES (2) -- two;\n"
                                  " COMMIT;\n"
                                  "-CREATE INDEX CONCURRENTLY i ON t (a);\n"
                                  "+CREATE INDEX CONCURRENTLY i2 ON t (a);\n"
                                  "+ANALYZE t;\n"
                                  "+VACUUM t;\n"
                                  " BEGIN;\n"
                                  " INSERT INTO alembic_version VALUES ('a');\n");
}

static void statements_are_added_moved_and_removed_by_their_numbers(void **state)
{
    struct fixture *f = *state;
    /* Without its number, a statement is gone; what stands after one that stayed is new. */
    assert_true(take(f, "-- mine\n-- @step 1: x\nSELECT 0;\n-- @2\n-- @1\n"
                        "CREATE TABLE t (\n    a int -- first\n);\nSELECT 5;\n-- @version 4\n"
                        "SELECT 6"));
    assert_int_equal(count(f), 5);
    assert_string_equal(at(f, 0)->sql, "SELECT 0");
    assert_string_equal(at(f, 1)->sql, at(f, 1)->rendered);
    assert_string_equal(at(f, 2)->sql, "SELECT 5");
    assert_string_equal(at(f, 2)->rendered, "");
    assert_true(at(f, 3)->version_row);
    assert_string_equal(at(f, 4)->sql, "SELECT 6");
}

static void a_text_that_is_wrong_is_refused_with_its_line(void **state)
{
    static const struct {
        const char *text, *message;
        int line;
    } cases[] = {
        {"", "the steps are not those of the plan, or not in its order", 0},
        {"SELECT 1;", "a statement stands before the first step", 1},
        {"-- @step 2: x\n", "the steps are not those of the plan, or not in its order", 1},
        {"\n-- @1\n", "this stands before the first step", 2},
        {"-- @step 1: x\n-- @huh\n", "this mark is not known", 2},
        {"-- @step 1: x\n-- @1\nSELECT 1\n-- @1\nSELECT 2\n",
         "this number is not that of a statement, or stands here twice", 4},
        {"-- @step 1: x\n-- @9\n", "this number is not that of a statement, or stands here twice",
         2},
        {"-- @step 1: x\n-- @1\nSELECT 1\n", "the statements of the version table cannot be edited",
         0},
        {"-- @step 1: x\n-- @1\nSELECT 'x\n-- @version 4",
         "this is no SQL: unterminated quoted string at or near \"'x\"", 2},
    };
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_false(take(f, cases[i].text));
        assert_string_equal(f->err.message, cases[i].message);
        assert_int_equal(f->err.line, cases[i].line);
        assert_false(plan_is_edited(&f->plan));
        err_clear(&f->err);
    }
}

static void a_step_alone_is_a_text_too(void **state)
{
    struct fixture *f = *state;
    struct plan_step second = f->plan.steps.at[0];
    struct str text = STR_IN(f->arena);
    second.id = second.to = "b";
    vec_push(f->arena, &f->plan.steps, second);
    f->plan.statement_count *= 2;
    plan_edit_step_text(f->arena, &f->plan, 1, &text);
    assert_true(str_starts_with(text.ptr, "-- @step 2: upgrade "));
    assert_false(plan_edit_take_step(f->arena, &f->plan, 0, "x", text.ptr, NULL, &f->err));
    assert_string_equal(f->err.message,
                        "the steps are not those of the plan, or not in its order");
    err_clear(&f->err);
    str_add(&text, "SELECT 7;\n");
    assert_true(plan_edit_take_step(f->arena, &f->plan, 1, "x", text.ptr, NULL, &f->err));
    assert_false(f->plan.steps.at[0].edited);
    assert_true(f->plan.steps.at[1].edited);
    assert_int_equal(f->plan.statement_count, 9);
    assert_string_equal(vec_last(&f->plan.steps.at[1].statements).sql, "SELECT 7");
}

/* What comes back to the same statements is what was rendered, in every respect. */
static void what_is_written_back_by_hand_is_not_edited(void **state)
{
    struct fixture *f = *state;
    const char *whole = text_with(f, "", "");
    assert_true(plan_edit_remove(f->arena, &f->plan, 0, INSERTS, &f->err));
    assert_true(plan_edit_insert(f->arena, &f->plan, 0, INSERTS,
                                 "INSERT INTO t VALUES (1)", true, NULL, &f->err));
    assert_string_equal(at(f, INSERTS)->rendered, "");
    assert_true(take(f, "-- @step 1: x\n-- @1\nCREATE TABLE t (\n    a int -- first\n);\n"
                        "-- @2\nINSERT INTO t VALUES (1);\n-- @no transaction\n-- @3\n"
                        "CREATE INDEX CONCURRENTLY i ON t (a);\n-- @transaction\n-- @version 4\n"));
    assert_true(plan_is_edited(&f->plan)); /* one of the two INSERTs is gone */
    plan_edit_undo(f->arena, &f->plan, 0);
    assert_true(take(f, whole));
    assert_false(plan_is_edited(&f->plan));
    assert_string_equal(at(f, INSERTS)->rendered, at(f, INSERTS)->sql);
}

static void edits_are_carried_into_a_plan_that_was_rendered_the_same(void **state)
{
    struct fixture *f = *state;
    struct plan again = f->plan, other = f->plan;
    struct plan_step same_step = f->plan.steps.at[0], other_step = f->plan.steps.at[0];
    size_t lost;
    again.steps.at = &same_step;
    other.steps.at = &other_step;
    assert_true(replace(f, INSERTS, "SELECT 1"));
    assert_true(plan_edit_replace(f->arena, &other, 0, CREATE, "SELECT 2", NULL, &f->err));
    other_step.original = (struct plan_statement_list){0}; /* as if it was rendered so */
    other_step.edited = false;
    assert_int_equal(plan_edit_carry(f->arena, &f->plan, &again, &lost), 1);
    assert_int_equal(lost, 0);
    assert_true(same_step.edited);
    assert_string_equal(same_step.statements.at[INSERTS].sql, "SELECT 1");
    assert_string_equal(same_step.statements.at[INSERTS].rendered, at(f, INSERTS)->rendered);
    assert_int_equal(plan_edit_carry(f->arena, &f->plan, &other, &lost), 0);
    assert_int_equal(lost, 1);
    assert_false(other_step.edited);
    same_step.verb = PLAN_DOWNGRADE; /* another direction is another text */
    assert_int_equal(plan_edit_carry(f->arena, &f->plan, &again, &lost), 0);
    assert_int_equal(lost, 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_statement_is_replaced_by_several),
        TEST(one_is_removed_and_one_is_added),
        TEST(what_is_put_back_is_not_edited),
        TEST(what_is_wrong_changes_nothing),
        TEST(what_is_not_in_the_grammar_is_a_doubt),
        TEST(a_text_that_was_not_touched_edits_nothing),
        TEST(a_text_that_was_edited_is_taken),
        TEST(statements_are_added_moved_and_removed_by_their_numbers),
        TEST(a_text_that_is_wrong_is_refused_with_its_line),
        TEST(a_step_alone_is_a_text_too),
        TEST(what_is_written_back_by_hand_is_not_edited),
        TEST(edits_are_carried_into_a_plan_that_was_rendered_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
