/* What the server answers about defaults and conditions: the rules of src/postgres/question.h. */
#include "config.h"

#include "live/live.h"

#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "base/str.h"
#include "postgres/catalog.h"
#include "postgres/question.h"

static const char objects[] =
    "CREATE TYPE mood AS ENUM ('sad', 'happy'); CREATE SEQUENCE s; CREATE SEQUENCE z;"
    "CREATE TABLE canary (x int);"
    "CREATE FUNCTION bite() RETURNS int LANGUAGE plpgsql AS"
    " 'BEGIN INSERT INTO canary VALUES (1); RETURN 1; END';"
    "CREATE FUNCTION calm() RETURNS int LANGUAGE sql STABLE AS 'SELECT 1';"
    "CREATE TABLE t (id int, \"N n\" numeric(5, 2), name varchar(10), feeling mood, at "
    "timestamptz);";

static const struct {
    const char *database, *model, *type;
    enum answer answer;
} defaults[] = {
    /* Constants: what spec/autogenerate.md, section 5, asks the server for. */
    {"'x'::character varying", "'x'", "character varying", ANSWER_SAME},
    {"'x'::character varying", "'y'", "character varying", ANSWER_DIFFERENT},
    {"0", "'0'", "integer", ANSWER_SAME},
    {"0", "0.0", "integer", ANSWER_SAME},
    {"true", "'t'", "boolean", ANSWER_SAME},
    {"'{\"a\": 1, \"b\": 2}'::jsonb", "'{\"b\":2,\"a\":1}'", "jsonb", ANSWER_SAME},
    {"'sad'::mood", "'sad'", "mood", ANSWER_SAME},
    {"'sad'::mood", "'happy'", "mood", ANSWER_DIFFERENT},
    {"'{1,2}'::integer[]", "ARRAY[1, 2]", "integer[]", ANSWER_SAME},
    {"NULL::integer", "NULL", "integer", ANSWER_DIFFERENT},
    {"'a'::text", "'a' -- because", "text", ANSWER_SAME},
    /* Stable functions are executed. */
    {"now()", "CURRENT_TIMESTAMP", "timestamp with time zone", ANSWER_SAME},
    {"now()", "now() + interval '1 day'", "timestamp with time zone", ANSWER_DIFFERENT},
    {"timezone('utc'::text, now())", "now() AT TIME ZONE 'utc'", "timestamp without time zone",
     ANSWER_SAME},
    {"calm()", "1", "integer", ANSWER_SAME},
    /* Volatile ones are not. */
    {"nextval('s'::regclass)", "nextval('s')", "bigint", ANSWER_SAME},
    {"nextval('s'::regclass)", "nextval('z')", "bigint", ANSWER_DIFFERENT},
    {"gen_random_uuid()", "gen_random_uuid ( )", "uuid", ANSWER_SAME},
    {"gen_random_uuid()", "md5(random()::text)::uuid", "uuid", ANSWER_DIFFERENT},
    {"1", "bite()", "integer", ANSWER_DIFFERENT},
    {"bite()", "bite()+0", "integer", ANSWER_DIFFERENT},
    /* No operator =. */
    {"'{\"a\": 1}'::json", "'{\"a\":1}'", "json", ANSWER_SAME},
    {"'{\"a\": 1}'::json", "'{\"a\":2}'", "json", ANSWER_DIFFERENT},
    {"'(1,2)'::point", "'(1, 2)'", "point", ANSWER_SAME},
    {"'1'::text", "1", "text", ANSWER_SAME},
    {"json_build_object('a', now())", "json_build_object('a', CURRENT_TIMESTAMP)", "json",
     ANSWER_SAME},
    /* No expressions, or none that the server takes. */
    {"'x'::text", "'it's'", "text", ANSWER_UNKNOWN},
    {"0", "'zero'", "integer", ANSWER_UNKNOWN},
    {"0", "nothing()", "integer", ANSWER_UNKNOWN},
    {"0", "(SELECT 0)", "integer", ANSWER_UNKNOWN},
    {"0", "(SELECT bite())", "integer", ANSWER_UNKNOWN},
    {"0", "0); INSERT INTO canary VALUES (2", "integer", ANSWER_UNKNOWN},
    {"0", "0); COMMIT; INSERT INTO canary VALUES (3); --", "integer", ANSWER_UNKNOWN},
    {"0", "0) UNION ALL SELECT (bite()", "integer", ANSWER_UNKNOWN},
    {"0", "0) LIMIT (1", "integer", ANSWER_UNKNOWN},
    {"0", "", "integer", ANSWER_UNKNOWN},
    {"0", "1 / 0", "integer", ANSWER_UNKNOWN},
};
enum { DEFAULT_COUNT = sizeof(defaults) / sizeof(defaults[0]) };

static const char *word_of(enum answer answer)
{
    static const char *const words[] = {"unknown", "same", "different"};
    return words[answer];
}

static void expect(const struct question *q, enum answer answer)
{
    if (q->answer != answer)
        fail_msg("%s | %s: %s, not %s (%s)", q->database, q->model, word_of(q->answer),
                 word_of(answer), q->reason ? q->reason : "");
    assert_true((q->answer == ANSWER_UNKNOWN) == (q->reason != NULL));
}

static void defaults_are_told_apart(void **state)
{
    struct live *live = *state;
    struct err err = ERR_INIT;
    struct question questions[DEFAULT_COUNT];
    live_sql(live, objects);
    for (size_t i = 0; i < DEFAULT_COUNT; i++)
        questions[i] = (struct question){
            .database = defaults[i].database, .model = defaults[i].model, .type = defaults[i].type};
    if (!question_ask(live->arena, live->conn, questions, DEFAULT_COUNT, &err))
        fail_msg("%s", err.message);
    for (size_t i = 0; i < DEFAULT_COUNT; i++)
        expect(&questions[i], defaults[i].answer);
    assert_int_equal(connection_transaction(live->conn), TRANSACTION_NONE);
    assert_string_equal(live_value(live, "SELECT count(*) FROM canary"), "0");
    assert_string_equal(live_value(live, "SELECT is_called FROM s"), "f");
    assert_string_equal(live_value(live, "SHOW transaction_read_only"), "off");
    assert_string_equal(live_value(live, "SHOW statement_timeout"), "0");
}

static const struct {
    const char *database, *model;
    enum answer answer;
} conditions[] = {
    {"(id > 0)", "id > 0", ANSWER_SAME},
    {"id > 0 AND \"N n\" > 0::numeric", "(t.id > 0) and (t.\"N n\" > 0)", ANSWER_SAME},
    {"name::text = ANY (ARRAY['a'::character varying, 'b'::character varying]::text[])",
     "name IN ('a', 'b')", ANSWER_SAME},
    {"feeling = 'sad'::mood", "feeling = 'sad'", ANSWER_SAME},
    {"at > now()", "at > CURRENT_TIMESTAMP", ANSWER_DIFFERENT},
    {"id > 0", "id > 1", ANSWER_DIFFERENT},
    {"id > 0", "missing > 0", ANSWER_UNKNOWN},
    {"id > 0", "id > (SELECT bite())", ANSWER_UNKNOWN},
    {"id > 0", "id > bite()", ANSWER_DIFFERENT},
};
enum { CONDITION_COUNT = sizeof(conditions) / sizeof(conditions[0]) };

/* A role without any right on the table asks. */
static void conditions_are_told_apart(void **state)
{
    struct live *live = *state;
    struct err err = ERR_INIT;
    struct schema s;
    struct question questions[CONDITION_COUNT];
    live_sql(live, objects);
    live_sql(live, "CREATE ROLE asker; GRANT USAGE ON SCHEMA public TO asker; SET ROLE asker");
    struct catalog_options options = {0};
    assert_true(catalog_read(live->arena, live->conn, &options, &s, &err));
    for (size_t i = 0; i < CONDITION_COUNT; i++)
        questions[i] = (struct question){.database = conditions[i].database,
                                         .model = conditions[i].model,
                                         .table = schema_table(&s, NULL, "t")};
    if (!question_ask(live->arena, live->conn, questions, CONDITION_COUNT, &err))
        fail_msg("%s", err.message);
    for (size_t i = 0; i < CONDITION_COUNT; i++)
        expect(&questions[i], conditions[i].answer);
    live_sql(live, "RESET ROLE; DROP OWNED BY asker; DROP ROLE asker");
    assert_string_equal(live_value(live, "SELECT count(*) FROM canary"), "0");
}

static void count_line(enum log_level level, const char *origin, const char *text, void *payload)
{
    (void)origin;
    (void)text;
    if (level == LOG_SQL)
        ++*(int *)payload;
}

static void a_question_is_sent_once(void **state)
{
    struct live *live = *state;
    struct err err = ERR_INIT;
    int sent = 0;
    struct log log = {.line = count_line, .payload = &sent};
    struct connection *conn;
    assert_true(connection_open(&live->url, &log, &conn, &err));
    struct question questions[50];
    for (size_t i = 0; i < 50; i++)
        questions[i] = (struct question){.database = "'x'::text", .model = i % 2 ? "'x'" : "'y'"};
    assert_true(question_ask(live->arena, conn, questions, 50, &err));
    for (size_t i = 0; i < 50; i++)
        expect(&questions[i], i % 2 ? ANSWER_SAME : ANSWER_DIFFERENT);
    assert_int_equal(sent, 4); /* BEGIN, two questions, COMMIT */
    connection_close(conn);
}

static void a_lost_connection_is_an_error(void **state)
{
    struct live *live = *state;
    struct err err = ERR_INIT;
    struct connection *conn;
    assert_true(connection_open(&live->url, NULL, &conn, &err));
    live_sql(live,
             arena_printf(live->arena, "SELECT pg_terminate_backend(%d)", connection_pid(conn)));
    struct question q = {.database = "1", .model = "1"};
    assert_false(question_ask(live->arena, conn, &q, 1, &err));
    assert_int_equal(err.code, ERR_CONNECT);
    err_clear(&err);
    connection_close(conn);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        LIVE_TEST(defaults_are_told_apart),
        LIVE_TEST(conditions_are_told_apart),
        LIVE_TEST(a_question_is_sent_once),
        LIVE_TEST(a_lost_connection_is_an_error),
    };
    return cmocka_run_group_tests(tests, live_start, live_stop);
}
