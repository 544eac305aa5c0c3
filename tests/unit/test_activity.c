/* What goes on around a session: the trees of who waits for whom, and the form as JSON. */
#include "config.h"

#include "unit.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/str.h"
#include "run/activity_json.h"

/* Process ids, each with those that it waits for; ended by 0. */
struct wait {
    int pid, by[4];
    size_t count;
};

static const char *tree_text(struct arena *a, const struct activity_sessions *sessions)
{
    struct str s = STR_IN(a);
    for (size_t i = 0; i < sessions->len; i++)
        str_addf(&s, "%s%u:%d", i > 0 ? " " : "", sessions->at[i].depth, sessions->at[i].pid);
    return s.ptr ? s.ptr : "";
}

static void check(const struct wait *waits, size_t count, const char *blockers, const char *victims)
{
    struct arena *a = arena_new();
    struct activity_reader reader;
    activity_begin(&reader, a, 1);
    for (size_t i = 0; i < count; i++) {
        struct activity_row row = {.session = {.pid = waits[i].pid}};
        for (size_t j = 0; j < waits[i].count; j++)
            vec_push(a, &row.blocked_by, waits[i].by[j]);
        vec_push(a, &reader.rows, row);
    }
    activity_finish(&reader);
    assert_string_equal(tree_text(a, &reader.activity.blockers), blockers);
    assert_string_equal(tree_text(a, &reader.activity.victims), victims);
    arena_free(a);
}

#define CHECK(waits, blockers, victims)                                                            \
    check(waits, sizeof(waits) / sizeof((waits)[0]), blockers, victims)

static void trees_of_who_waits_for_whom(void **state)
{
    static const struct wait nobody[] = {{1, {0}, 0}, {7, {8}, 1}, {8, {0}, 0}};
    static const struct wait chain[] = {
        {1, {2, 3}, 2}, {2, {4}, 1}, {3, {0}, 0}, {4, {0}, 0}, {5, {1}, 1}, {6, {5}, 1},
    };
    static const struct wait prepared[] = {{1, {0, 2}, 2}, {2, {0}, 0}};
    static const struct wait gone[] = {{1, {9}, 1}};
    /* A reader that waits behind us waits for our blocker too; readers block each other in turn. */
    static const struct wait knot[] = {
        {1, {2}, 1}, {2, {3}, 1}, {3, {2, 1}, 2}, {5, {1, 2, 6}, 3}, {6, {1, 5}, 2},
    };
    (void)state;
    CHECK(nobody, "", "");
    CHECK(chain, "0:2 1:4 0:3", "0:5 1:6");
    CHECK(prepared, "0:0 0:2", "");
    CHECK(gone, "0:9", "");
    CHECK(knot, "0:2 1:3", "0:5 1:6");
}

static void what_cannot_be_found_gives_nothing(void **state)
{
    static const struct wait others[] = {{2, {3}, 1}, {3, {0}, 0}};
    (void)state;
    CHECK(others, "", "");
    check(NULL, 0, "", "");
}

static void percent_is_of_the_phase(void **state)
{
    struct activity_progress p = {.command = "CREATE INDEX", .done = 30, .total = 120};
    (void)state;
    assert_true(activity_percent(&p) > 24.9 && activity_percent(&p) < 25.1);
    p.done = 130; /* the server counts on while the table grows */
    assert_true(activity_percent(&p) > 99.9);
    p.total = 0;
    assert_true(activity_percent(&p) < 0);
    p.command = NULL;
    assert_true(activity_percent(&p) < 0);
}

static void json_there_and_back(void **state)
{
    static const char text[] =
        "{\"pid\":1,\"hidden\":true,\"wait\":\"Lock: relation\",\"waits_for\":\"SHARE on t\","
        "\"statement_age\":5,\"transaction_age\":0,"
        "\"blockers\":[{\"pid\":2,\"depth\":0,\"application\":\"psql\",\"user\":\"bob\","
        "\"state\":\"active\",\"query\":\"SELECT 1\",\"started\":\"2026-11-22 19:00:00+00\","
        "\"holds\":\"ACCESS SHARE\",\"transaction_age\":7,\"state_age\":0},"
        "{\"pid\":0,\"depth\":1}],"
        "\"locks\":[{\"relation\":\"t\",\"mode\":\"SHARE\"}],"
        "\"progress\":{\"command\":\"CREATE INDEX\",\"phase\":\"\",\"unit\":\"blocks\","
        "\"done\":1,\"total\":4,\"left\":9,\"percent\":25.0}}";
    struct arena *a = arena_new();
    struct activity activity;
    json_t *json = json_loads(text, 0, NULL);
    (void)state;
    assert_non_null(json);
    activity_from_json(a, json, &activity);
    assert_int_equal(activity.blockers.at[1].transaction_age, -1);
    assert_int_equal(activity.progress.rate, -1);
    assert_null(activity.problem);
    json_t *again = activity_to_json(&activity);
    char *written = json_dumps(again, JSON_COMPACT);
    assert_string_equal(written, text);
    free(written);
    json_decref(again);
    json_decref(json);
    activity_from_json(a, NULL, &activity);
    assert_int_equal(activity.pid, 0);
    assert_int_equal(activity.statement_age, -1);
    arena_free(a);
}

/* Each server gets every part once, and no view that it does not have. */
static void queries_by_version(void **state)
{
    struct arena *a = arena_new();
    (void)state;
    for (int version = 12; version <= 18; version++) {
        const char *sql = activity_sql(a, version * 10000 + 3, 4711);
        size_t parts = 0;
        for (const char *p = sql; (p = strstr(p, ";\n")); p++)
            parts++;
        assert_int_equal(parts, ACTIVITY_PARTS);
        assert_null(strstr(sql, ":pid"));
        assert_non_null(strstr(sql, "pid = 4711"));
        assert_int_equal(strstr(sql, "pg_stat_progress_copy") != NULL, version >= 14);
        assert_int_equal(strstr(sql, "pg_stat_progress_analyze") != NULL, version >= 13);
    }
    arena_free(a);
}

static void a_session_in_words(void **state)
{
    struct arena *a = arena_new();
    struct activity_session s = {.pid = 12,
                                 .application = "psql",
                                 .user = "bob",
                                 .client = "10.0.0.5",
                                 .kind = "client backend",
                                 .state = "idle in transaction"};
    (void)state;
    assert_string_equal(activity_session_text(a, &s),
                        "pid 12, psql, user bob, from 10.0.0.5, idle in transaction");
    s = (struct activity_session){.pid = 13, .kind = "autovacuum worker", .state = "active"};
    assert_string_equal(activity_session_text(a, &s), "pid 13, autovacuum worker");
    s.pid = 0;
    assert_string_equal(activity_session_text(a, &s), "a prepared transaction (pg_prepared_xacts)");
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trees_of_who_waits_for_whom),
        cmocka_unit_test(what_cannot_be_found_gives_nothing),
        cmocka_unit_test(percent_is_of_the_phase),
        cmocka_unit_test(json_there_and_back),
        cmocka_unit_test(queries_by_version),
        cmocka_unit_test(a_session_in_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
