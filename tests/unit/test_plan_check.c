/*
 * What a plan refuses before it starts. What the server says to each of these, PostgreSQL 15:
 * "... cannot run inside a transaction block" (25001), also for several statements in one text;
 * "SAVEPOINT can only be used in transaction blocks" (25P01).
 */
#include "config.h"

#include "unit/unit.h"

#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "run/plan.h"

/* A text that begins with ! stands outside of the transaction. */
static void add(struct arena *a, struct plan_step *step, const char *text, int line)
{
    bool outside = *text == '!';
    const char *sql = text + (outside ? 1 : 0);
    vec_push(a, &step->statements,
             ((struct plan_statement){.sql = sql,
                                      .rendered = sql,
                                      .in_transaction = !outside,
                                      .origin = {.file = "versions/a.py", .line = line}}));
}

static struct plan *plan_of(struct arena *a, const char *const *texts)
{
    struct plan *plan = ARENA_NEW(a, struct plan);
    struct plan_step step = {.verb = PLAN_UPGRADE, .id = "a", .file = "versions/a.py"};
    for (int i = 0; texts[i]; i++)
        add(a, &step, texts[i], 10 + i);
    plan_arrange(a, &step, 150000);
    vec_push(a, &plan->steps, step);
    return plan;
}

static const struct {
    const char *texts[4];
    int line;            /* of the refusal; 0: none */
    const char *message; /* NULL: none */
} cases[] = {
    {{"CREATE TABLE t (a int)", "!CREATE INDEX CONCURRENTLY i ON t (a)"}, 0, NULL},
    {{"CREATE INDEX CONCURRENTLY i ON t (a)"},
     10,
     "CREATE INDEX CONCURRENTLY cannot run inside a transaction"},
    {{"SELECT 1", "VACUUM t"}, 11, "VACUUM cannot run inside a transaction"},
    {{"DROP INDEX CONCURRENTLY i"}, 10, "DROP INDEX CONCURRENTLY cannot run inside a transaction"},
    {{"!VACUUM t; ANALYZE t"},
     10,
     "a statement that cannot run in a transaction shares a text with others, which the server "
     "takes as one transaction"},
    {{"!SELECT 1; SELECT 2"}, 0, NULL},
    /* The old way out of Alembic's transaction. */
    {{"CREATE TABLE t (a int)", "COMMIT", "CREATE INDEX CONCURRENTLY i ON t (a)"}, 0, NULL},
    {{"COMMIT", "INSERT INTO t VALUES (1)", "VACUUM t"}, 0, NULL},
    {{"VACUUM t", "COMMIT"}, 10, "VACUUM cannot run inside a transaction"},
    {{"BEGIN"}, 0, NULL}, /* the server warns */
    {{"!BEGIN"},
     10,
     "the revision controls the transaction itself (BEGIN): it would not be known what is "
     "committed"},
    {{"SELECT 1", "BEGIN; CREATE TABLE t (a int); COMMIT"},
     11,
     "the revision controls the transaction itself (BEGIN): it would not be known what is "
     "committed"},
    {{"ROLLBACK"},
     10,
     "the revision controls the transaction itself (ROLLBACK): it would not be known what is "
     "committed"},
    {{"SAVEPOINT s", "ROLLBACK TO s"}, 0, NULL},
    {{"!SAVEPOINT s"}, 10, "SAVEPOINT stands outside of any transaction"},
    /* Not in the grammar: the server may know it. */
    {{"FROBNICATE TABLE t"}, 0, NULL},
};

static void wrong_wrapping_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct arena *a = arena_new();
        struct err err = ERR_INIT;
        struct plan *plan = plan_of(a, cases[i].texts);
        assert_int_equal(plan_check(plan, &err), !cases[i].message);
        if (cases[i].message)
            assert_string_equal(err.message, cases[i].message);
        assert_int_equal(err.line, cases[i].line);
        err_clear(&err);
        arena_free(a);
    }
}

static void one_transaction_that_was_asked_for_is_kept(void **state)
{
    static const char *const texts[][4] = {
        {"CREATE TABLE t (a int)", "!VACUUM t"},
        {"CREATE TABLE t (a int)", "COMMIT"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct arena *a = arena_new();
        struct err err = ERR_INIT;
        struct plan *plan = plan_of(a, texts[i]);
        plan->scope = PLAN_SCOPE_RUN;
        assert_true(plan_check(plan, &err)); /* env.py's: as Alembic does */
        plan->scope_chosen = true;
        assert_false(plan_check(plan, &err));
        assert_non_null(strstr(err.message, "the whole run is to be one transaction"));
        assert_int_equal(err.line, 11);
        plan->scope = PLAN_SCOPE_REVISION;
        assert_true(plan_check(plan, &err));
        err_clear(&err);
        arena_free(a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrong_wrapping_is_refused),
        cmocka_unit_test(one_transaction_that_was_asked_for_is_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
