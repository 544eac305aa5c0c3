/* The SQL of a run as text; expected texts are what Alembic 1.19.1 prints (spec/cli.md, 5.3.1). */
#include "config.h"

#include "unit/unit.h"

#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "run/script.h"

static const struct version_table table = {.name = "alembic_version", .primary_key = true};

struct fixture {
    struct arena *arena;
    struct env_options options;
    struct plan plan;
    struct str out;
    struct err err;
};

static int set_up(void **state)
{
    struct fixture *f = mem_zalloc(sizeof(*f));
    f->arena = arena_new();
    f->options.transactional_ddl = true;
    f->out = STR_INIT;
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    str_clear(&f->out);
    err_clear(&f->err);
    arena_free(f->arena);
    mem_free(f);
    return 0;
}

static struct plan_step *add_step(struct fixture *f, const char *from, const char *to,
                                  const char *row_before, struct row_change change)
{
    struct plan_step step = {.verb = PLAN_UPGRADE, .from = from, .to = to};
    step.rendering.status = READING_OK;
    if (row_before)
        vec_push(f->arena, &step.rows_before, row_before);
    vec_push(f->arena, &step.changes, change);
    vec_push(f->arena, &f->plan.steps, step);
    return &vec_last(&f->plan.steps);
}

static void add_sql(struct fixture *f, struct plan_step *step, enum statement_kind kind,
                    const char *sql)
{
    struct statement s = {.kind = kind, .sql = sql};
    vec_push(f->arena, &step->rendering.statements, s);
}

static bool body(struct str *out, const struct env_step *run, void *payload, struct err *err)
{
    struct fixture *f = payload;
    return script_of_plan(f->arena, &f->plan, &table, run->options, out, err);
}

/* A stock env.py: everything inside begin_transaction(). */
static bool write(struct fixture *f)
{
    static const enum env_step_kind kinds[] = {ENV_BEGIN, ENV_RUN, ENV_END};
    struct env_script env = {.options = f->options};
    for (size_t i = 0; i < 3; i++)
        vec_push(f->arena, &env.steps,
                 ((struct env_step){.kind = kinds[i], .options = &f->options}));
    const struct alembic_project project = {.env_path = "migrations/env.py"};
    return script_of_env(f->arena, &project, &env, body, f, &f->out, &f->err);
}

#define CREATE                                                                                     \
    "CREATE TABLE alembic_version (\n\tversion_num VARCHAR(32) NOT NULL, \n\tCONSTRAINT "          \
    "alembic_version_pkc PRIMARY KEY (version_num)\n);\n\n"

static void a_run_is_framed(void **state)
{
    struct fixture *f = *state;
    struct plan_step *step =
        add_step(f, "", "aaaa1111", NULL, (struct row_change){ROW_INSERT, NULL, "aaaa1111"});
    add_sql(f, step, STATEMENT_SQL, "\nCREATE TABLE t (\n\tid INTEGER\n)\n\n");
    add_step(f, "aaaa1111", "bbbb2222", "aaaa1111",
             (struct row_change){ROW_UPDATE, "aaaa1111", "bbbb2222"});
    assert_true(write(f));
    assert_string_equal(
        f->out.ptr,
        "BEGIN;\n\n" CREATE "-- Running upgrade  -> aaaa1111\n\n"
        "CREATE TABLE t (\n\tid INTEGER\n);\n\n"
        "INSERT INTO alembic_version (version_num) VALUES ('aaaa1111') RETURNING "
        "alembic_version.version_num;\n\n"
        "-- Running upgrade aaaa1111 -> bbbb2222\n\n"
        "UPDATE alembic_version SET version_num='bbbb2222' WHERE alembic_version.version_num = "
        "'aaaa1111';\n\n"
        "COMMIT;\n\n");
}

static void nothing_to_do_is_an_empty_transaction(void **state)
{
    struct fixture *f = *state;
    assert_true(write(f));
    assert_string_equal(f->out.ptr, "BEGIN;\n\nCOMMIT;\n\n");
}

static void each_migration_may_have_its_transaction(void **state)
{
    struct fixture *f = *state;
    f->options.transaction_per_migration = true;
    add_step(f, "", "a", NULL, (struct row_change){ROW_INSERT, NULL, "a"});
    assert_true(write(f));
    assert_string_equal(f->out.ptr,
                        "BEGIN;\n\n" CREATE "-- Running upgrade  -> a\n\n"
                        "INSERT INTO alembic_version (version_num) VALUES ('a') RETURNING "
                        "alembic_version.version_num;\n\nCOMMIT;\n\n");
}

static void seams_are_printed_where_ddl_is_transactional(void **state)
{
    struct fixture *f = *state;
    struct plan_step *step = add_step(f, "a", "b", "a", (struct row_change){ROW_DELETE, "a", NULL});
    add_sql(f, step, STATEMENT_COMMIT, "COMMIT");
    add_sql(f, step, STATEMENT_SQL, "VACUUM");
    add_sql(f, step, STATEMENT_BEGIN, "BEGIN");
    assert_true(write(f));
    assert_non_null(strstr(f->out.ptr, "COMMIT;\n\nVACUUM;\n\nBEGIN;\n\nDELETE FROM "
                                       "alembic_version WHERE alembic_version.version_num = 'a';"));
    str_cut(&f->out, 0);
    f->options.transactional_ddl = false;
    assert_true(write(f));
    assert_string_equal(f->out.ptr, "-- Running upgrade a -> b\n\nVACUUM;\n\nDELETE FROM "
                                    "alembic_version WHERE alembic_version.version_num = 'a';\n\n");
}

static void what_cannot_be_read_ends_the_script_there(void **state)
{
    struct fixture *f = *state;
    struct plan_step *step = add_step(f, "", "a", NULL, (struct row_change){ROW_INSERT, NULL, "a"});
    step->file = "versions/a.py";
    step->rendering.status = READING_RAISES;
    add_sql(f, step, STATEMENT_SQL, "SELECT 1");
    err_set(&step->rendering.err, ERR_RAISED, "ValueError: stop");
    assert_false(write(f));
    assert_string_equal(f->out.ptr,
                        "BEGIN;\n\n" CREATE "-- Running upgrade  -> a\n\nSELECT 1;\n\n");
    assert_string_equal(f->err.message, "ValueError: stop");
    assert_string_equal(f->err.file, "versions/a.py");
    err_clear(&step->rendering.err);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_run_is_framed),
        TEST(nothing_to_do_is_an_empty_transaction),
        TEST(each_migration_may_have_its_transaction),
        TEST(seams_are_printed_where_ddl_is_transactional),
        TEST(what_cannot_be_read_ends_the_script_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
