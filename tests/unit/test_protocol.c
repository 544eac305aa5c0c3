/* What a worker and its clients say to each other: lines, events, errors, names, and the past. */
#include "config.h"

#include "unit.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/str.h"
#include "run/channel.h"
#include "run/past.h"
#include "run/plan.h"
#include "run/protocol.h"

/* Two steps of two statements. */
static struct plan *make_plan(struct arena *a)
{
    struct plan *plan = ARENA_NEW(a, struct plan);
    for (int i = 0; i < 2; i++) {
        struct plan_step step = {.from = "a", .to = "b"};
        struct plan_statement statement = {.sql = "SELECT 1"};
        vec_push(a, &step.statements, statement);
        vec_push(a, &step.statements, statement);
        vec_push(a, &plan->steps, step);
    }
    return plan;
}

/* -- names --------------------------------------------------------------------------------------
 */

static void names_there_and_back(void **state)
{
    (void)state;
    enum run_event_kind kind;
    enum runner_order order;
    enum runner_state run_state;
    for (int i = 0; i < RUN_EVENT_COUNT; i++) {
        assert_true(run_event_find(run_event_name((enum run_event_kind)i), &kind));
        assert_int_equal(kind, i);
    }
    for (int i = 0; i < RUNNER_ORDER_COUNT; i++) {
        assert_true(runner_order_find(runner_order_name((enum runner_order)i), &order));
        assert_int_equal(order, i);
    }
    for (int i = 0; i < RUNNER_STATE_COUNT; i++) {
        assert_true(runner_state_find(runner_state_name((enum runner_state)i), &run_state));
        assert_int_equal(run_state, i);
    }
    assert_false(run_event_find("nothing", &kind));
    assert_false(run_event_find(NULL, &kind));
    assert_false(runner_order_find("take", &order)); /* of the protocol, not of a runner */
}

/* -- events -------------------------------------------------------------------------------------
 */

/* To text and back, as a client reads it. */
static bool there_and_back(const struct run_event *event, const struct plan *plan, json_t **kept,
                           struct run_event *out, struct err *err)
{
    json_t *json = protocol_event(event, plan);
    char *text = json_dumps(json, JSON_COMPACT);
    json_decref(json);
    *kept = json_loads(text, 0, NULL);
    free(text);
    assert_non_null(*kept);
    return protocol_read_event(*kept, plan, out, err);
}

static void an_event_is_whole(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct plan *plan = make_plan(a);
    struct err err = ERR_INIT, read = ERR_INIT;
    err_set(&err, ERR_DATABASE, "no such table");
    err_hint(&err, "make it");
    err_at(&err, "versions/x.py", 7, 3);
    err_source_line(&err, "op.execute()", 12);
    memcpy(err.sqlstate, "42P01", 6);
    err.detail = strdup("the detail");
    err.statement = strdup("SELECT 'ü'");
    err.position = 8;
    const struct run_event event = {
        .kind = RUN_EVENT_STATEMENT_FAILED, .state = RUNNER_EXECUTING, .step = 1, .statement = 1,
        .plan_step = &plan->steps.at[0], .plan_statement = &plan->steps.at[1].statements.at[1],
        .text = "a \"text\"\n", .rows = 0, .duration = 12345678901, .err = &err,
        .next = {1, 1}, .committed = {1, 0}, .in_transaction = true, .outcome_unknown = true,
    };
    struct run_event got;
    json_t *kept;
    assert_true(there_and_back(&event, plan, &kept, &got, &read));
    assert_int_equal(got.kind, event.kind);
    assert_int_equal(got.state, event.state);
    assert_int_equal(got.step, 1);
    assert_int_equal(got.statement, 1);
    assert_ptr_equal(got.plan_step, event.plan_step);
    assert_ptr_equal(got.plan_statement, event.plan_statement);
    assert_string_equal(got.text, event.text);
    assert_int_equal(got.rows, 0);
    assert_int_equal(got.duration, event.duration);
    assert_int_equal(got.next.statement, 1);
    assert_int_equal(got.committed.step, 1);
    assert_true(got.in_transaction && got.outcome_unknown);
    assert_int_equal(got.err->code, ERR_DATABASE);
    assert_string_equal(got.err->message, err.message);
    assert_string_equal(got.err->hint, err.hint);
    assert_string_equal(got.err->file, err.file);
    assert_int_equal(got.err->line, 7);
    assert_int_equal(got.err->column, 3);
    assert_string_equal(got.err->source_line, err.source_line);
    assert_string_equal(got.err->sqlstate, "42P01");
    assert_string_equal(got.err->detail, err.detail);
    assert_string_equal(got.err->statement, err.statement);
    assert_int_equal(got.err->position, 8);
    json_decref(kept);
    free(err.detail);
    free(err.statement);
    err.detail = err.statement = NULL;
    err_clear(&err);
    err_clear(&read);
    arena_free(a);
}

static void what_is_not_said_is_nothing(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct plan *plan = make_plan(a);
    const struct run_event event = {
        .kind = RUN_EVENT_DONE, .state = RUNNER_DONE, .step = 2, .rows = -1, .next = {2, 0}};
    struct run_event got;
    struct err read = ERR_INIT;
    json_t *kept;
    assert_true(there_and_back(&event, plan, &kept, &got, &read));
    assert_null(got.plan_step);
    assert_null(got.plan_statement);
    assert_null(got.text);
    assert_null(got.err);
    assert_int_equal(got.rows, -1);
    json_decref(kept);
    arena_free(a);
}

static void what_is_no_event_of_the_plan_is_refused(void **state)
{
    static const char *const bad[] = {
        "{}",
        "{\"event\":\"nothing\",\"state\":\"done\",\"at\":[0,0],\"next\":[0,0],\"committed\":[0,0]"
        "}",
        "{\"event\":\"done\",\"state\":\"asleep\",\"at\":[0,0],\"next\":[0,0],\"committed\":[0,0]}",
        "{\"event\":\"done\",\"state\":\"done\",\"at\":[-1,0],\"next\":[0,0],\"committed\":[0,0]}",
        "{\"event\":\"done\",\"state\":\"done\",\"at\":7,\"next\":[0,0],\"committed\":[0,0]}",
        "{\"event\":\"done\",\"state\":\"done\",\"at\":[0,0],\"next\":[0,0]}",
        "{\"event\":\"done\",\"state\":\"done\",\"at\":[0,2],\"next\":[0,0],\"committed\":[0,0],"
        "\"statement\":true}",
        "{\"event\":\"done\",\"state\":\"done\",\"at\":[2,0],\"next\":[0,0],\"committed\":[0,0],"
        "\"statement\":true}",
        "{\"event\":\"done\",\"state\":\"done\",\"at\":[0,0],\"of\":-2,\"next\":[0,0],"
        "\"committed\":[0,0]}",
    };
    (void)state;
    struct arena *a = arena_new();
    struct plan *plan = make_plan(a);
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct run_event got;
        struct err read = ERR_INIT;
        json_t *json = json_loads(bad[i], 0, NULL);
        assert_non_null(json);
        if (protocol_read_event(json, plan, &got, &read))
            fail_msg("taken for an event: %s", bad[i]);
        json_decref(json);
        err_clear(&read);
    }
    arena_free(a);
}

/* -- lines --------------------------------------------------------------------------------------
 */

static void open_pair(struct channel *channel, int *other, size_t line_max)
{
    int pair[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    channel_open(channel, pair[0], line_max);
    *other = pair[1];
}

static void say(int fd, const char *text)
{
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
}

static void lines_come_as_they_come(void **state)
{
    (void)state;
    struct channel channel;
    struct err err = ERR_INIT;
    int other;
    open_pair(&channel, &other, 100);
    assert_null(channel_receive(&channel, &err));
    say(other, "{\"a\":");
    assert_null(channel_receive(&channel, &err));
    say(other, "1}\n{\"a\":2}\n{\"a\"");
    for (int i = 1; i <= 2; i++) {
        json_t *got = channel_receive(&channel, &err);
        assert_int_equal(json_integer_value(json_object_get(got, "a")), i);
        json_decref(got);
    }
    assert_null(channel_receive(&channel, &err));
    assert_false(channel.ended);
    close(other);
    assert_null(channel_receive(&channel, &err));
    assert_true(channel.ended);
    assert_int_equal(err.code, ERR_NONE);
    channel_close(&channel);
    channel_close(&channel);
}

static void what_is_no_line_of_json_is_an_error(void **state)
{
    static const char *const bad[] = {
        "nonsense\n", "[1]\n", "7\n", "\n", "{\"a\":1} x\n", "{\"a\":\"\xff\"}\n",
        "a line that is longer than what is taken and has no end",
    };
    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct channel channel;
        struct err err = ERR_INIT;
        int other;
        open_pair(&channel, &other, 20);
        say(other, bad[i]);
        assert_null(channel_receive(&channel, &err));
        assert_int_equal(err.code, ERR_IO);
        err_clear(&err);
        close(other);
        channel_close(&channel);
    }
}

static void what_is_not_taken_is_kept(void **state)
{
    (void)state;
    struct channel channel, reader;
    struct err err = ERR_INIT;
    int other;
    enum { LINES = 2000 };
    open_pair(&channel, &other, 100);
    channel_open(&reader, other, 1000);
    char filler[500];
    memset(filler, 'x', sizeof(filler) - 1);
    filler[sizeof(filler) - 1] = '\0';
    for (int i = 0; i < LINES; i++)
        channel_send(&channel, json_pack("{s:i, s:s}", "i", i, "filler", filler));
    assert_true(channel_backlog(&channel) > 0);
    for (int i = 0; i < LINES; i++) {
        json_t *got = channel_receive(&reader, &err);
        if (!got) {
            channel_flush(&channel);
            got = channel_receive(&reader, &err);
        }
        assert_int_equal(json_integer_value(json_object_get(got, "i")), i);
        json_decref(got);
    }
    assert_int_equal(channel_backlog(&channel), 0);
    channel_close(&reader);
    channel_send(&channel, json_object()); /* to nobody */
    channel_send(&channel, json_object());
    assert_true(channel.ended);
    channel_close(&channel);
}

/* -- the past -----------------------------------------------------------------------------------
 */

static void the_oldest_go_first(void **state)
{
    (void)state;
    struct past past = {0};
    struct err err = ERR_INIT;
    err_set(&err, ERR_DATABASE, "why");
    for (size_t i = 0; i < 20000; i++) {
        const struct run_event event = {
            .kind = RUN_EVENT_NOTICE, .step = i, .text = "hello", .err = i % 7 ? NULL : &err};
        past_add(&past, &event);
    }
    size_t count = past_count(&past);
    assert_in_range(count, 1000, 10000);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(past_at(&past, i)->step, 20000 - count + i);
        assert_string_equal(past_at(&past, i)->text, "hello");
    }
    past_clear(&past);
    err_clear(&err);
}

static void large_texts_take_more_room(void **state)
{
    (void)state;
    struct past past = {0};
    enum { SIZE = 1 << 20 };
    char *text = malloc(SIZE);
    memset(text, 'x', SIZE - 1);
    text[SIZE - 1] = '\0';
    for (size_t i = 0; i < 20; i++)
        past_add(&past, &(struct run_event){.kind = RUN_EVENT_NOTICE, .step = i, .text = text});
    assert_in_range(past_count(&past), 2, 8);
    assert_int_equal(past_at(&past, past_count(&past) - 1)->step, 19);
    past_clear(&past);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_there_and_back),
        cmocka_unit_test(an_event_is_whole),
        cmocka_unit_test(what_is_not_said_is_nothing),
        cmocka_unit_test(what_is_no_event_of_the_plan_is_refused),
        cmocka_unit_test(lines_come_as_they_come),
        cmocka_unit_test(what_is_no_line_of_json_is_an_error),
        cmocka_unit_test(what_is_not_taken_is_kept),
        cmocka_unit_test(the_oldest_go_first),
        cmocka_unit_test(large_texts_take_more_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
