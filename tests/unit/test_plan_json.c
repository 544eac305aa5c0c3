/* Plans as JSON: what is written is read back the same, and what is damaged is refused. */
#include "config.h"

#include "unit/unit.h"

#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "run/plan_json.h"

struct fixture {
    struct arena *arena;
    struct plan plan;
    struct err err;
};

static void add(struct fixture *f, struct plan_step *step, struct plan_statement s)
{
    vec_push(f->arena, &step->statements, s);
    f->plan.statement_count++;
}

static void build(struct fixture *f)
{
    struct plan_step up = {.verb = PLAN_UPGRADE,
                           .id = "ae10",
                           .file = "versions/ae10_x.py",
                           .doc = "größer",
                           .from = "1975",
                           .to = "ae10",
                           .edited = true};
    struct plan_step stamp = {.verb = PLAN_STAMP, .doc = "", .from = "", .to = "a, b"};
    const struct op_origin origin = {.file = "versions/ae10_x.py",
                                     .line = 12,
                                     .column = 5,
                                     .revision_line = 12,
                                     .revision_end = 15};
    f->plan = (struct plan){.verb = PLAN_UPGRADE,
                            .target = "head",
                            .scope = PLAN_SCOPE_RUN,
                            .database = {"7300000000000000001", "app", 16384, 150004},
                            .table = {.name = "alembic_version", .schema = "ops"},
                            .warning = "ambiguous"};
    vec_push(f->arena, &f->plan.rows, "1975");
    vec_push(f->arena, &f->plan.files, ((struct revision_module){"app/helpers.py", 17}));
    up.rendering.fingerprint = UINT64_C(0xfedcba9876543210);
    vec_push(f->arena, &up.rendering.prints, ((struct revision_print){1, "hello\n"}));
    vec_push(f->arena, &up.changes, ((struct row_change){ROW_UPDATE, "1975", "ae10"}));
    vec_push(f->arena, &up.original,
             ((struct plan_statement){.sql = "DROP TABLE t", .rendered = "DROP TABLE t"}));
    add(f, &up,
        (struct plan_statement){.sql = "DROP TABLE t CASCADE",
                                .rendered = "DROP TABLE t",
                                .origin = origin,
                                .in_transaction = true});
    add(f, &up, (struct plan_statement){.sql = "COMMIT", .rendered = "", .in_transaction = true});
    add(f, &up,
        (struct plan_statement){.sql = "CREATE INDEX CONCURRENTLY i ON t (a)",
                                .rendered = "CREATE INDEX CONCURRENTLY i ON t (a)",
                                .origin = origin});
    add(f, &up,
        (struct plan_statement){.sql = "UPDATE ops.alembic_version SET version_num='ae10'",
                                .rendered = "UPDATE ops.alembic_version SET version_num='ae10'",
                                .in_transaction = true,
                                .version_row = true});
    plan_arrange(f->arena, &up, 150000);
    vec_push(f->arena, &f->plan.steps, up);
    vec_push(f->arena, &f->plan.steps, stamp);
}

static int set_up(void **state)
{
    struct fixture *f = mem_zalloc(sizeof(*f));
    f->arena = arena_new();
    build(f);
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

static void what_is_written_is_read(void **state)
{
    struct fixture *f = *state;
    struct plan *back = NULL;
    json_t *json = plan_to_json(&f->plan, &f->err);
    assert_non_null(json);
    assert_true(plan_from_json(f->arena, json, NULL, &back, &f->err));
    json_t *again = plan_to_json(back, &f->err);
    assert_true(json_equal(json, again));
    const struct plan_step *step = &back->steps.at[0];
    assert_string_equal(step->id, "ae10");
    assert_string_equal(step->doc, "größer");
    assert_true(step->rendering.fingerprint == UINT64_C(0xfedcba9876543210));
    assert_string_equal(step->statements.at[0].rendered, "DROP TABLE t");
    assert_string_equal(step->statements.at[1].rendered, "");
    assert_int_equal(step->statements.at[0].effect.lock, SQL_LOCK_ACCESS_EXCLUSIVE);
    assert_true(step->statements.at[2].effect.outside_only);
    assert_int_equal(back->database.oid, 16384);
    assert_null(back->steps.at[1].id);
    json_decref(json);
    json_decref(again);
    plan_clear(back);
}

static void segments_end_at_a_commit_and_at_an_autocommit_block(void **state)
{
    struct fixture *f = *state;
    const struct plan_segment_list *segments = &f->plan.steps.at[0].segments;
    static const struct plan_segment expected[] = {{true, 0, 2}, {false, 2, 1}, {true, 3, 1}};
    assert_int_equal(segments->len, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(segments->at[i].in_transaction, expected[i].in_transaction);
        assert_int_equal(segments->at[i].first, expected[i].first);
        assert_int_equal(segments->at[i].count, expected[i].count);
    }
}

static void a_text_that_is_not_utf8_is_refused(void **state)
{
    struct fixture *f = *state;
    f->plan.steps.at[0].statements.at[0].sql = "SELECT '\xff'";
    assert_null(plan_to_json(&f->plan, &f->err));
    assert_string_equal(f->err.message, "the plan cannot be written as JSON: 'sql' is not UTF-8");
}

static void another_form_is_refused_by_its_number(void **state)
{
    struct fixture *f = *state;
    struct plan *back = NULL;
    json_t *json = plan_to_json(&f->plan, &f->err);
    json_object_set_new(json, "retort_plan", json_integer(99));
    assert_false(plan_from_json(f->arena, json, NULL, &back, &f->err));
    assert_string_equal(f->err.message, "the plan has form 99, this program knows form 1");
    json_object_del(json, "retort_plan");
    assert_false(plan_from_json(f->arena, json, NULL, &back, &f->err));
    assert_string_equal(f->err.message, "this is no plan");
    json_decref(json);
}

/* Members that may be null or missing, or that are only for readers. */
static bool is_optional(const char *key)
{
    static const char *const keys[] = {
        "warning",  "rendered", "file", "revision", "schema",   "relation", "loses_data",  "tag",
        "segments", "from",     "to",   "original", "timeouts", "number",   "revision_end"};
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
        if (str_eq(keys[i], key))
            return true;
    return false;
}

/* Puts something else in the place of each member in turn; the plan must be refused by its name. */
static void damage(struct fixture *f, json_t *root, json_t *part)
{
    if (json_is_array(part))
        for (size_t i = 0; i < json_array_size(part); i++)
            damage(f, root, json_array_get(part, i));
    if (!json_is_object(part))
        return;
    json_t *keys = json_array();
    const char *name;
    json_t *value;
    json_object_foreach(part, name, value) json_array_append_new(keys, json_string(name));
    for (size_t i = 0; i < json_array_size(keys); i++) {
        const char *key = json_string_value(json_array_get(keys, i));
        json_t *kept = json_incref(json_object_get(part, key));
        struct plan *back = NULL;
        if (!str_eq(key, "segments"))
            damage(f, root, kept);
        json_object_set_new(part, key, json_real(0.5));
        bool ok = plan_from_json(f->arena, root, NULL, &back, &f->err);
        if (str_eq(key, "segments") || str_eq(key, "timeouts"))
            plan_clear(back); /* found again */
        else if (ok)
            fail_msg("'%s' may be anything", key);
        json_object_del(part, key);
        back = NULL;
        if (plan_from_json(f->arena, root, NULL, &back, &f->err)) {
            if (!is_optional(key))
                fail_msg("'%s' may be missing", key);
            plan_clear(back);
        }
        json_object_set_new(part, key, kept);
    }
    json_decref(keys);
}

static void a_damaged_plan_is_refused(void **state)
{
    struct fixture *f = *state;
    json_t *json = plan_to_json(&f->plan, &f->err);
    struct plan *back = NULL;
    damage(f, json, json);
    assert_true(plan_from_json(f->arena, json, NULL, &back, &f->err));
    json_decref(json);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(what_is_written_is_read),
        TEST(segments_end_at_a_commit_and_at_an_autocommit_block),
        TEST(a_text_that_is_not_utf8_is_refused),
        TEST(another_form_is_refused_by_its_number),
        TEST(a_damaged_plan_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
