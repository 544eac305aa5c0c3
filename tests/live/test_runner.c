/* The runner against a private server: what is committed, what is not, and what is said about it.
 */
#include "config.h"

#include "live/live.h"

#include <dirent.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <jansson.h>

#include "base/file.h"
#include "base/str.h"
#include "run/runner.h"
#include "run/version_sql.h"

static const struct version_table table = {.name = "alembic_version", .primary_key = true};

/* -- plans made by hand -------------------------------------------------------------------------
 */

struct run {
    struct live *live;
    struct plan *plan;
    struct runner *runner;
    struct runner_settings settings;
    struct str events;  /* one line each */
    struct str notices; /* server's notices */
    struct str errors;  /* messages of failed statements, with places */
    int cut_at;         /* the event (counted from 1) at which the connection is cut; 0: none */
    int event_count;
    struct err err; /* of runner_start() and orders */
};

static struct run *run_new(struct live *live, enum plan_scope scope)
{
    struct run *run = ARENA_NEW(live->arena, struct run);
    run->live = live;
    run->plan = ARENA_NEW(live->arena, struct plan);
    run->plan->scope = scope;
    run->plan->target = "head";
    run->events = run->notices = run->errors = STR_IN(live->arena);
    run->settings.journal = true;
    run->settings.operator_name = "tester";
    run->settings.journal_dir =
        arena_printf(live->arena, "%s/journal/%s", live_server.dir, live->url.database);
    return run;
}

static struct plan_statement statement(const char *sql, int line)
{
    bool outside = str_starts_with(sql, "!");
    const char *text = sql + (outside ? 1 : 0);
    return (struct plan_statement){.sql = text,
                                   .rendered = text,
                                   .in_transaction = !outside,
                                   .origin = {.file = "versions/x.py", .line = line}};
}

/* add_step() made it, so it may be changed. */
static struct revision_header *header_of(struct run *run, size_t step)
{
    return (struct revision_header *)(uintptr_t)run->plan->steps.at[step].revision->header;
}

/* A step from one revision to the next; sql is a NULL-terminated list, "!..." runs outside. */
static void add_step(struct run *run, const char *from, const char *to, const char *const *sql)
{
    struct arena *a = run->live->arena;
    struct revision_header *header = ARENA_NEW(a, struct revision_header);
    header->id = to;
    header->doc = "";
    struct revision *revision = ARENA_NEW(a, struct revision);
    revision->header = header;
    struct plan_step step = {.verb = PLAN_UPGRADE, .revision = revision, .from = from, .to = to};
    for (int i = 0; sql[i]; i++)
        vec_push(a, &step.statements, statement(sql[i], 10 + i));
    struct row_change change = {.kind = *from ? ROW_UPDATE : ROW_INSERT, .from = from, .to = to};
    vec_push(a, &step.changes, change);
    struct plan_statement row = statement(version_change_sql(a, &table, &change), 0);
    row.version_row = true;
    vec_push(a, &step.statements, row);
    vec_push(a, &run->plan->steps, step);
    run->plan->statement_count += step.statements.len;
}

#define STEP(run, from, to, ...) add_step(run, from, to, (const char *const[]){__VA_ARGS__, NULL})

/* -- listening and driving ----------------------------------------------------------------------
 */

static const char *const state_names[] = {"connecting", "locking", "checking", "paused",
                                          "executing",  "failed",  "done",     "stopped"};

static void terminate_run(struct run *run)
{
    live_sql(run->live, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE"
                        " application_name = 'retort' AND datname = current_database() AND pid <>"
                        " pg_backend_pid()");
}

static void on_event(const struct run_event *e, void *payload)
{
    static const char *const kinds[] = {
        [RUN_EVENT_STEP_STARTED] = "step",
        [RUN_EVENT_STATEMENT_STARTED] = "send",
        [RUN_EVENT_STATEMENT_SKIPPED] = "skipped",
        [RUN_EVENT_COMMITTED] = "committed",
        [RUN_EVENT_ROLLED_BACK] = "rolled back",
        [RUN_EVENT_STEP_DONE] = "step done",
    };
    struct run *run = payload;
    if (++run->event_count == run->cut_at)
        terminate_run(run);
    switch (e->kind) {
    case RUN_EVENT_STATE:
        str_addf(&run->events, "%s\n", state_names[e->state]);
        break;
    case RUN_EVENT_NOTICE:
        str_addf(&run->notices, "%s\n", e->text);
        break;
    case RUN_EVENT_WAITING:
        str_addf(&run->events, "waiting %s\n", e->text);
        break;
    case RUN_EVENT_STATEMENT_FAILED:
        str_addf(&run->errors, "%s:%d: %s\n", e->err->file ? e->err->file : "-", e->err->line,
                 e->err->message);
        str_addf(&run->events, "failed %zu.%zu %s\n", e->step, e->statement, e->err->sqlstate);
        break;
    case RUN_EVENT_DONE:
    case RUN_EVENT_STOPPED:
        break; /* the state says it */
    case RUN_EVENT_STATEMENT_DONE:
        str_addf(&run->events, "done %zu.%zu %s\n", e->step, e->statement, e->text);
        break;
    case RUN_EVENT_STEP_STARTED:
    case RUN_EVENT_STATEMENT_STARTED:
    case RUN_EVENT_COMMITTED:
    case RUN_EVENT_ROLLED_BACK:
    case RUN_EVENT_STATEMENT_SKIPPED:
    case RUN_EVENT_STEP_DONE:
        str_addf(&run->events, "%s %zu.%zu\n", kinds[e->kind], e->step, e->statement);
        break;
    }
}

static void start(struct run *run)
{
    if (!runner_start(NULL, run->plan, &run->live->url, &run->settings, on_event, run, &run->runner,
                      &run->err))
        fail_msg("%s", run->err.message);
}

static void once(struct run *run)
{
    int timeout = runner_timeout(run->runner);
    unsigned wants = runner_wants(run->runner);
    struct pollfd pfd = {.fd = runner_fd(run->runner),
                         .events = (short)((wants & RUNNER_WANTS_READ ? POLLIN : 0) |
                                           (wants & RUNNER_WANTS_WRITE ? POLLOUT : 0))};
    poll(&pfd, 1, timeout < 0 || timeout > 50 ? 50 : timeout);
    runner_advance(run->runner);
}

static void until(struct run *run, enum runner_state state)
{
    for (int i = 0; i < 2000 && runner_state(run->runner) != state; i++) {
        once(run);
        enum runner_state now = runner_state(run->runner);
        if (now != state && (now == RUNNER_FAILED || now == RUNNER_STOPPED || now == RUNNER_DONE))
            break;
    }
    if (runner_state(run->runner) != state)
        fail_msg("it is %s and not %s: %s\n%s", state_names[runner_state(run->runner)],
                 state_names[state], runner_err(run->runner)->message, run->events.ptr);
}

static void order(struct run *run, enum runner_order o)
{
    if (!runner_order(run->runner, o, &run->err))
        fail_msg("%s", run->err.message);
}

static void until_on_server(struct run *run, const char *query)
{
    const char *sql = arena_printf(run->live->arena,
                                   "SELECT count(*) > 0 FROM pg_stat_activity WHERE state ="
                                   " 'active' AND query = '%s' AND datname = current_database()",
                                   query);
    for (int i = 0; i < 1000; i++) {
        once(run);
        if (!strcmp(live_value(run->live, sql), "t"))
            return;
    }
    fail_msg("never on the server: %s\n%s", query, run->events.ptr);
}

static void end(struct run *run)
{
    runner_free(run->runner);
    run->runner = NULL;
    err_clear(&run->err);
}

static const char *versions(struct live *live)
{
    return live_value(live, "SELECT coalesce(string_agg(version_num, ',' ORDER BY version_num), '')"
                            " FROM alembic_version");
}

static bool contains(const char *text, const char *part)
{
    return text && strstr(text, part) != NULL;
}

static void expect_events(struct run *run, const char *expected)
{
    assert_string_equal(run->events.ptr, expected);
    str_cut(&run->events, 0);
}

static const char *journal_kinds(struct run *run)
{
    struct str s = STR_IN(run->live->arena);
    struct err err = ERR_INIT;
    char *text;
    size_t len;
    const char *path = arena_strdup(run->live->arena, runner_journal_path(run->runner));
    if (!file_read(run->live->arena, path, 1 << 20, &text, &len, &err))
        fail_msg("%s", err.message);
    int n = 0;
    for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
        json_t *record = json_loads(line, 0, NULL);
        assert_non_null(record);
        assert_int_equal(json_integer_value(json_object_get(record, "n")), ++n);
        str_addf(&s, "%s ", json_string_value(json_object_get(record, "kind")));
        json_decref(record);
    }
    return s.ptr;
}

/* -- a run that works ---------------------------------------------------------------------------
 */

static void a_transaction_per_revision(void **state)
{
    struct live *live = *state;
    struct run *run = run_new(live, PLAN_SCOPE_REVISION);
    STEP(run, "", "a", "CREATE TABLE t (x int)", "INSERT INTO t VALUES (1), (2)");
    STEP(run, "a", "b", "CREATE TABLE u (x int)");
    start(run);
    order(run, RUNNER_RUN_ALL);
    until(run, RUNNER_DONE);
    expect_events(run, "locking\nchecking\nexecuting\n"
                       "step 0.0\nsend 0.0\ndone 0.0 CREATE TABLE\nsend 0.1\ndone 0.1 INSERT 0 2\n"
                       "send 0.2\ndone 0.2 INSERT 0 1\ncommitted 1.0\nstep done 0.3\n"
                       "step 1.0\nsend 1.0\ndone 1.0 CREATE TABLE\nsend 1.1\ndone 1.1 UPDATE 1\n"
                       "committed 2.0\nstep done 1.2\ndone\n");
    assert_string_equal(versions(live), "b");
    assert_string_equal(live_value(live, "SELECT xmin <> (SELECT xmin FROM pg_class WHERE relname ="
                                         " 'u') FROM pg_class WHERE relname = 't'"),
                        "t");
    end(run);
}

static void one_transaction_for_the_run(void **state)
{
    struct live *live = *state;
    struct run *run = run_new(live, PLAN_SCOPE_RUN);
    STEP(run, "", "a", "CREATE TABLE t (x int)");
    STEP(run, "a", "b", "CREATE TABLE u (x int)");
    start(run);
    assert_true(runner_drive(run->runner, NULL, NULL));
    assert_true(contains(run->events.ptr, "step done 1.2\ncommitted 2.0\ndone\n"));
    assert_string_equal(live_value(live, "SELECT count(DISTINCT xmin::text) FROM pg_class WHERE"
                                         " relname IN ('t', 'u', 'alembic_version')"),
                        "1");
    end(run);
}

static void a_plan_without_steps_makes_the_table(void **state)
{
    struct live *live = *state;
    struct run *run = run_new(live, PLAN_SCOPE_RUN);
    start(run);
    until(run, RUNNER_PAUSED);
    order(run, RUNNER_RUN_ALL);
    until(run, RUNNER_DONE);
    assert_string_equal(versions(live), "");
    assert_string_equal(live_value(live, "SELECT conname FROM pg_constraint WHERE conrelid ="
                                         " 'alembic_version'::regclass AND contype = 'p'"),
                        "alembic_version_pkc");
    end(run);
}

static void it_goes_statement_by_statement(void **state)
{
    struct live *live = *state;
    struct run *run = run_new(live, PLAN_SCOPE_REVISION);
    STEP(run, "", "a", "CREATE TABLE t (x int)", "CREATE TABLE u (x int)");
    STEP(run, "a", "b", "CREATE TABLE v (x int)", "CREATE TABLE w (x int)");
    start(run);
    until(run, RUNNER_PAUSED);
    assert_string_equal(live_value(live, "SELECT to_regclass('alembic_version') IS NULL"), "t");
    order(run, RUNNER_STEP);
    until(run, RUNNER_EXECUTING);
    until(run, RUNNER_PAUSED);
    assert_int_equal(runner_statement(run->runner), 1);
    assert_true(runner_in_transaction(run->runner));
    assert_int_equal(runner_committed_step(run->runner), 0);
    order(run, RUNNER_FINISH_REVISION);
    until(run, RUNNER_PAUSED);
    assert_int_equal(runner_step(run->runner), 1);
    assert_int_equal(runner_statement(run->runner), 0);
    assert_false(runner_in_transaction(run->runner));
    assert_string_equal(versions(live), "a");
    assert_false(runner_order(run->runner, RUNNER_ROLL_BACK, &run->err));
    assert_true(contains(run->err.message, "revision a is committed"));
    order(run, RUNNER_STEP);
    until(run, RUNNER_PAUSED);
    order(run, RUNNER_ROLL_BACK);
    until(run, RUNNER_STOPPED);
    assert_int_equal(runner_err(run->runner)->code, ERR_CANCELLED);
    assert_string_equal(runner_err(run->runner)->hint, "revision a is committed");
    assert_true(contains(run->events.ptr, "rolled back 1.0\nstopped\n"));
    assert_string_equal(live_value(live, "SELECT to_regclass('v') IS NULL"), "t");
    assert_false(runner_order(run->runner, RUNNER_RETRY, &run->err));
    end(run);
}

/* -- failures -----------------------------------------------------------------------------------
 */

static void a_failure_is_rolled_back_and_can_be_retried(void **state)
{
    struct live *live = *state;
    struct run *run = run_new(live, PLAN_SCOPE_REVISION);
    STEP(run, "", "a", "CREATE TABLE t (x int)");
    STEP(run, "a", "b", "CREATE TABLE u (x int)", "INSERT INTO missing VALUES (1)",
         "CREATE TABLE v (x int)");
    start(run);
    order(run, RUNNER_RUN_ALL);
    until(run, RUNNER_FAILED);
    assert_true(contains(run->events.ptr, "failed 1.1 42P01\nrolled back 1.0\nfailed\n"));
    assert_string_equal(run->errors.ptr, "versions/x.py:11: relation \"missing\" does not exist\n");
    assert_string_equal(runner_err(run->runner)->statement, "INSERT INTO missing VALUES (1)");
    assert_int_equal(runner_err(run->runner)->position, 13);
    assert_string_equal(versions(live), "a");
    assert_string_equal(live_value(live, "SELECT to_regclass('u') IS NULL"), "t");
    assert_false(runner_order(run->runner, RUNNER_STEP, &run->err));
    live_sql(live, "CREATE TABLE missing (x int)");
    order(run, RUNNER_RETRY);
    until(run, RUNNER_DONE);
    assert_string_equal(versions(live), "b");
    assert_int_equal(runner_err(run->runner)->code, ERR_NONE);
    end(run);
}

static void a_failure_in_one_transaction_undoes_all(void **state)
{
    struct live *live = *state;
    struct run *run = run_new(live, PLAN_SCOPE_RUN);
    STEP(run, "", "a", "CREATE TABLE t (x int)");
    STEP(run, "a", "b", "SELECT 1/0");
    start(run);
    assert_false(runner_drive(run->runner, NULL, NULL));
    assert_int_equal(runner_state(run->runner), RUNNER_STOPPED);
    assert_string_equal(runner_err(run->runner)->sqlstate, "22012");
    assert_string_equal(runner_err(run->runner)->hint, "nothing is committed");
    assert_true(contains(run->events.ptr, "failed 1.0 22012\nrolled back 0.0\n"));
    assert_string_equal(live_value(live, "SELECT count(*) FROM pg_class WHERE relname IN ('t',"
                                         " 'alembic_version')"),
                        "0");
    end(run);
}

static void what_ran_outside_is_not_repeated(void **state)
{
    struct live *live = *state;
    struct run *run = run_new(live, PLAN_SCOPE_REVISION);
    STEP(run, "", "a", "CREATE TABLE t (x int)", "!CREATE INDEX CONCURRENTLY i ON t (x)",
         "INSERT INTO missing VALUES (1)");
    start(run);
    order(run, RUNNER_RUN_ALL);
    until(run, RUNNER_FAILED);
    assert_true(contains(run->events.ptr, "committed 0.1\nsend 0.1\ndone 0.1 CREATE INDEX\n"
                                          "committed 0.2\nsend 0.2\nfailed 0.2 42P01\n"
                                          "rolled back 0.2\nfailed\n"));
    assert_int_equal(runner_committed_statement(run->runner), 2);
    assert_string_equal(live_value(live, "SELECT indisvalid FROM pg_index WHERE indexrelid ="
                                         " 'i'::regclass"),
                        "t");
    assert_string_equal(versions(live), "");
    live_sql(live, "CREATE TABLE missing (x int)");
    str_cut(&run->events, 0);
    order(run, RUNNER_RETRY);
    until(run, RUNNER_DONE);
    expect_events(run, "executing\nsend 0.2\ndone 0.2 INSERT 0 1\nsend 0.3\ndone 0.3 INSERT 0 1\n"
                       "committed 1.0\nstep done 0.4\ndone\n");
    end(run);
}

static void an_invalid_index_is_pointed_out(void **state)
{
    struct live *live = *state;
    struct run *run = run_new(live, PLAN_SCOPE_REVISION);
    live_sql(live, "CREATE TABLE t (x int); INSERT INTO t VALUES (1), (1)");
    STEP(run, "", "a", "!CREATE UNIQUE INDEX CONCURRENTLY i ON t (x)");
    start(run);
    order(run, RUNNER_RUN_ALL);
    until(run, RUNNER_FAILED);
    assert_true(contains(runner_err(run->runner)->hint, "INVALID"));
    assert_string_equal(live_value(live, "SELECT indisvalid FROM pg_index WHERE indexrelid ="
                                         " 'i'::regclass"),
                        "f");
    end(run);
}

static void a_failed_statement_can_be_left_out(void **state)
{
    struct live *live = *state;
    struct run *run = run_new(live, PLAN_SCOPE_REVISION);
    STEP(run, "", "a", "CREATE TABLE t (x int)", "SELECT 1/0", "CREATE TABLE u (x int)",
         "SELECT 2/0");
    start(run);
    assert_false(runner_order(run->runner, RUNNER_SKIP, &run->err));
    order(run, RUNNER_RUN_ALL);
    until(run, RUNNER_FAILED);
    order(run, RUNNER_SKIP);
    until(run, RUNNER_EXECUTING);
    until(run, RUNNER_FAILED);
    str_cut(&run->events, 0);
    order(run, RUNNER_SKIP);
    until(run, RUNNER_DONE);
    expect_events(run, "executing\nstep 0.0\nsend 0.0\ndone 0.0 CREATE TABLE\nskipped 0.1\n"
                       "send 0.2\ndone 0.2 CREATE TABLE\nskipped 0.3\nsend 0.4\n"
                       "done 0.4 INSERT 0 1\ncommitted 1.0\nstep done 0.5\ndone\n");
    assert_string_equal(versions(live), "a");
    assert_true(contains(journal_kinds(run), "failed rollback rolled_back skip step"));
    end(run);
}

static void version_rows_are_counted(void **state)
{
    struct live *live = *state;
    struct run *run = run_new(live, PLAN_SCOPE_REVISION);
    STEP(run, "", "a", "SELECT 1");
    STEP(run, "a", "b", "DELETE FROM alembic_version");
    start(run);
    order(run, RUNNER_RUN_ALL);
    until(run, RUNNER_FAILED);
    assert_string_equal(runner_err(run->runner)->message,
                        "Online migration expected to match one row when updating 'a' to 'b' in "
                        "'alembic_version'; 0 found");
    assert_false(runner_order(run->runner, RUNNER_SKIP, &run->err));
    assert_string_equal(versions(live), "a");
    end(run);
}

static void a_deferred_constraint_fails_at_commit(void **state)
{
    struct live *live = *state;
    struct run *run = run_new(live, PLAN_SCOPE_REVISION);
    STEP(run, "", "a",
         "CREATE TABLE t (x int PRIMARY KEY, y int REFERENCES t DEFERRABLE INITIALLY"
         " DEFERRED)",
         "INSERT INTO t VALUES (1, 2)");
    start(run);
    order(run, RUNNER_RUN_ALL);
    until(run, RUNNER_FAILED);
    assert_true(contains(run->events.ptr, "done 0.2 INSERT 0 1\nfailed 0.3 23503\n"
                                          "rolled back 0.0\nfailed\n"));
    assert_string_equal(live_value(live, "SELECT to_regclass('t') IS NULL"), "t");
    end(run);
}

static void a_lock_timeout_ends_the_wait(void **state)
{
    struct live *live = *state;
    struct run *run = run_new(live, PLAN_SCOPE_REVISION);
    run->settings.lock_timeout = 50;
    live_sql(live, "CREATE TABLE t (x int)");
    live_sql(live, "BEGIN; LOCK TABLE t IN ACCESS SHARE MODE");
    STEP(run, "", "a", "ALTER TABLE t ADD y int", "!ANALYZE t");
    start(run);
    order(run, RUNNER_RUN_ALL);
    until(run, RUNNER_FAILED);
    assert_string_equal(runner_err(run->runner)->sqlstate, "55P03");
    live_sql(live, "COMMIT");
    order(run, RUNNER_RETRY);
    until(run, RUNNER_DONE);
    end(run);
}

static void after_a_lock_timeout_it_tries_again(void **state)
{
    struct live *live = *state;
    struct run *run = run_new(live, PLAN_SCOPE_REVISION);
    run->settings.lock_timeout = 50;
    run->settings.lock_retries = 5;
    live_sql(live, "CREATE TABLE t (x int)");
    live_sql(live, "BEGIN; LOCK TABLE t IN ACCESS SHARE MODE");
    STEP(run, "", "a", "CREATE TABLE u (x int)", "ALTER TABLE t ADD y int");
    start(run);
    order(run, RUNNER_RUN_ALL);
    for (int i = 0; i < 1000 && !contains(run->events.ptr, "waiting"); i++)
        once(run);
    assert_true(contains(run->events.ptr, "failed 0.1 55P03\nrolled back 0.0\nwaiting "));
    assert_true(contains(run->events.ptr, "(1 of 5)"));
    live_sql(live, "COMMIT");
    until(run, RUNNER_DONE);
    assert_string_equal(versions(live), "a");
    end(run);
}

/* -- transactions that the revision controls itself -----------------------------------------------
 */

static void a_plain_commit_is_understood(void **state)
{
    struct live *live = *state;
    struct run *run = run_new(live, PLAN_SCOPE_RUN);
    STEP(run, "", "a", "CREATE TABLE t (x int)", "COMMIT", "CREATE INDEX CONCURRENTLY i ON t (x)",
         "CREATE TABLE u (x int)", "INSERT INTO missing VALUES (1)");
    start(run);
    order(run, RUNNER_RUN_ALL);
    until(run, RUNNER_FAILED);
    assert_int_equal(runner_committed_statement(run->runner), 3);
    assert_string_equal(live_value(live, "SELECT to_regclass('u') IS NULL"), "t");
    live_sql(live, "CREATE TABLE missing (x int)");
    order(run, RUNNER_RETRY);
    until(run, RUNNER_DONE);
    assert_string_equal(versions(live), "a");
    end(run);
}

static void other_control_is_refused(void **state)
{
    static const char *const texts[] = {"ROLLBACK", "COMMIT; BEGIN", "COMMIT AND CHAIN",
                                        "PREPARE TRANSACTION 'x'", "!BEGIN"};
    struct live *live = *state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct run *run = run_new(live, PLAN_SCOPE_REVISION);
        STEP(run, "", "a", "CREATE TABLE t (x int)", texts[i]);
        start(run);
        order(run, RUNNER_RUN_ALL);
        until(run, RUNNER_FAILED);
        assert_true(contains(runner_err(run->runner)->message, "controls the transaction itself"));
        assert_int_equal(runner_err(run->runner)->line, 11);
        order(run, RUNNER_ROLL_BACK);
        assert_int_equal(runner_state(run->runner), RUNNER_STOPPED);
        end(run);
        live_sql(live, "DROP TABLE IF EXISTS t, alembic_version");
    }
}

/* -- orders while a statement is on the server ----------------------------------------------------
 */

static void a_cancelled_statement_is_rolled_back(void **state)
{
    struct live *live = *state;
    struct run *run = run_new(live, PLAN_SCOPE_REVISION);
    STEP(run, "", "a", "CREATE TABLE t (x int)", "SELECT pg_sleep(600)");
    start(run);
    order(run, RUNNER_RUN_ALL);
    until_on_server(run, "SELECT pg_sleep(600)");
    order(run, RUNNER_CANCEL);
    until(run, RUNNER_FAILED);
    assert_int_equal(runner_err(run->runner)->code, ERR_CANCELLED);
    assert_string_equal(live_value(live, "SELECT count(*) FROM pg_stat_activity WHERE state ="
                                         " 'active' AND query ~ '^SELECT pg_sleep'"),
                        "0");
    assert_string_equal(live_value(live, "SELECT to_regclass('t') IS NULL"), "t");
    order(run, RUNNER_STOP);
    assert_int_equal(runner_state(run->runner), RUNNER_STOPPED);
    end(run);
}

static void a_stop_cancels_first(void **state)
{
    struct live *live = *state;
    struct run *run = run_new(live, PLAN_SCOPE_REVISION);
    STEP(run, "", "a", "CREATE TABLE t (x int)");
    STEP(run, "a", "b", "SELECT pg_sleep(600)");
    start(run);
    order(run, RUNNER_RUN_ALL);
    until_on_server(run, "SELECT pg_sleep(600)");
    order(run, RUNNER_STOP);
    until(run, RUNNER_STOPPED);
    assert_string_equal(runner_err(run->runner)->message, "stopped by the operator");
    assert_string_equal(runner_err(run->runner)->hint, "revision a is committed");
    assert_string_equal(versions(live), "a");
    end(run);
}

/* -- one migrator, one plan -----------------------------------------------------------------------
 */

static void the_holder_of_the_lock_is_named(void **state)
{
    struct live *live = *state;
    struct run *first = run_new(live, PLAN_SCOPE_REVISION), *second;
    STEP(first, "", "a", "SELECT 1");
    start(first);
    until(first, RUNNER_PAUSED);
    second = run_new(live, PLAN_SCOPE_REVISION);
    STEP(second, "", "a", "SELECT 1");
    start(second);
    until(second, RUNNER_STOPPED);
    assert_int_equal(runner_err(second->runner)->code, ERR_BUSY);
    const char *pid = live_value(live, "SELECT 'pid ' || pid || ', retort, user postgres' FROM"
                                       " pg_locks WHERE locktype = 'advisory' AND granted");
    assert_true(contains(runner_err(second->runner)->message, pid));
    end(second);

    second = run_new(live, PLAN_SCOPE_REVISION);
    second->settings.advisory_wait = 20000;
    STEP(second, "", "a", "SELECT 1");
    start(second);
    order(second, RUNNER_RUN_ALL);
    for (int i = 0; i < 1000 && !contains(second->events.ptr, "waiting"); i++)
        once(second);
    assert_true(contains(second->events.ptr, pid));
    /* Who waits must not hold a snapshot: CREATE INDEX CONCURRENTLY of the other would wait for it
     */
    assert_string_equal(live_value(live, "SELECT count(*) FROM pg_locks WHERE NOT granted"), "0");
    order(first, RUNNER_RUN_ALL);
    until(first, RUNNER_DONE);
    until(second, RUNNER_STOPPED);
    assert_int_equal(runner_err(second->runner)->code, ERR_STALE);
    assert_true(contains(runner_err(second->runner)->message, "the database is at a, but the plan "
                                                              "goes on from no revision"));
    end(first);
    end(second);
}

static void a_stale_plan_is_refused(void **state)
{
    struct live *live = *state;
    struct run *run = run_new(live, PLAN_SCOPE_REVISION);
    live_sql(live, "CREATE TABLE alembic_version (version_num varchar(32)); INSERT INTO"
                   " alembic_version VALUES ('z')");
    vec_push(live->arena, &run->plan->rows, "a");
    STEP(run, "a", "b", "CREATE TABLE t (x int)");
    start(run);
    order(run, RUNNER_RUN_ALL);
    until(run, RUNNER_STOPPED);
    assert_int_equal(runner_err(run->runner)->code, ERR_STALE);
    assert_string_equal(live_value(live, "SELECT to_regclass('t') IS NULL"), "t");
    end(run);
}

static void a_file_that_changed_makes_the_plan_stale(void **state)
{
    static const char before[] = "def upgrade(): pass\n", after[] = "def upgrade(): ...!\n";
    struct live *live = *state;
    struct run *run = run_new(live, PLAN_SCOPE_REVISION);
    const char *path = path_join(live->arena, live_server.dir, "changing.py");
    STEP(run, "", "a", "CREATE TABLE t (x int)");
    header_of(run, 0)->path = path;
    run->plan->steps.at[0].rendering.fingerprint = revision_fingerprint(before, strlen(before));
    const char *const now[] = {after, NULL};
    for (size_t i = 0; i < 2; i++) {
        if (now[i])
            assert_true(file_write(path, now[i], strlen(now[i]), 0600, true, &run->err));
        else
            assert_int_equal(unlink(path), 0);
        assert_false(runner_start(NULL, run->plan, &live->url, &run->settings, on_event, run,
                                  &run->runner, &run->err));
        assert_int_equal(run->err.code, ERR_STALE);
        assert_true(contains(run->err.message, now[i] ? "has changed" : "is gone"));
        assert_string_equal(run->err.file, path);
        err_clear(&run->err);
    }
    assert_true(file_write(path, before, strlen(before), 0600, true, &run->err));
    start(run);
    order(run, RUNNER_RUN_ALL);
    until(run, RUNNER_DONE);
    end(run);
}

static void without_the_privilege_to_create_the_table(void **state)
{
    struct live *live = *state;
    struct run *run = run_new(live, PLAN_SCOPE_REVISION);
    live_sql(live, arena_printf(live->arena, "CREATE ROLE plain_%s LOGIN", live->url.database));
    live->url.user = arena_printf(live->arena, "plain_%s", live->url.database);
    STEP(run, "", "a", "SELECT 1");
    start(run);
    order(run, RUNNER_RUN_ALL);
    until(run, RUNNER_FAILED);
    assert_string_equal(runner_err(run->runner)->sqlstate, "42501");
    assert_string_equal(runner_err(run->runner)->message, "permission denied for schema public");
    end(run);
}

/* -- a connection that breaks ---------------------------------------------------------------------
 */

static void a_broken_connection_leaves_nothing_half_done(void **state)
{
    struct live *live = *state;
    struct run *run = run_new(live, PLAN_SCOPE_REVISION);
    STEP(run, "", "a", "CREATE TABLE t (x int)");
    STEP(run, "a", "b", "CREATE TABLE u (x int)", "SELECT pg_sleep(600)");
    start(run);
    order(run, RUNNER_RUN_ALL);
    until_on_server(run, "SELECT pg_sleep(600)");
    terminate_run(run);
    until(run, RUNNER_STOPPED);
    assert_int_equal(runner_err(run->runner)->code, ERR_CONNECT);
    assert_string_equal(runner_err(run->runner)->sqlstate, "57P01");
    assert_string_equal(runner_err(run->runner)->hint,
                        "revision a is committed; what was open is rolled back by the server");
    assert_false(runner_outcome_unknown(run->runner));
    assert_int_equal(runner_fd(run->runner), -1);
    assert_string_equal(versions(live), "a");
    run->plan->steps.at[1].statements.at[1].sql = "SELECT 1";
    str_cut(&run->events, 0);
    order(run, RUNNER_RETRY);
    until(run, RUNNER_DONE);
    assert_true(contains(run->events.ptr, "executing\nstep 1.0\nsend 1.0\n"));
    assert_string_equal(versions(live), "b");
    end(run);
}

static void a_connection_that_breaks_while_paused(void **state)
{
    struct live *live = *state;
    struct run *run = run_new(live, PLAN_SCOPE_REVISION);
    STEP(run, "", "a", "CREATE TABLE t (x int)", "SELECT 1");
    start(run);
    order(run, RUNNER_STEP);
    until(run, RUNNER_PAUSED);
    terminate_run(run);
    until(run, RUNNER_STOPPED);
    assert_int_equal(runner_err(run->runner)->code, ERR_CONNECT);
    assert_true(contains(run->events.ptr, "rolled back 0.0\nstopped\n"));
    assert_string_equal(runner_err(run->runner)->hint,
                        "nothing is committed; what was open is rolled back by the server");
    end(run);
}

/* COMMIT runs the deferred trigger, which sleeps: the server is killed before it commits. */
static void a_lost_commit_that_did_not_happen(void **state)
{
    struct live *live = *state;
    struct run *run = run_new(live, PLAN_SCOPE_REVISION);
    live_sql(live,
             "CREATE TABLE gate (x int); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql"
             " AS 'BEGIN PERFORM pg_sleep(600) WHERE NOT EXISTS (SELECT FROM gate WHERE x = 7"
             "); RETURN NEW; END'; CREATE CONSTRAINT TRIGGER c AFTER INSERT ON gate DEFERRABLE"
             " INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION f()");
    STEP(run, "", "a", "INSERT INTO gate VALUES (1)");
    start(run);
    order(run, RUNNER_RUN_ALL);
    until_on_server(run, "COMMIT");
    terminate_run(run);
    until(run, RUNNER_STOPPED);
    assert_true(runner_outcome_unknown(run->runner));
    assert_true(contains(runner_err(run->runner)->hint, "not known"));
    live_sql(live, "ALTER TABLE gate DISABLE TRIGGER c; INSERT INTO gate VALUES (7); ALTER TABLE"
                   " gate ENABLE TRIGGER c");
    str_cut(&run->events, 0);
    order(run, RUNNER_RETRY);
    until(run, RUNNER_DONE);
    assert_true(contains(run->events.ptr, "executing\nstep 0.0\nsend 0.0\n"));
    assert_string_equal(live_value(live, "SELECT count(*) FROM gate"), "2");
    end(run);
}

/* COMMIT waits for a standby that does not exist; the server has committed when it is killed. */
static void a_lost_commit_that_happened(void **state)
{
    struct live *live = *state;
    struct run *run = run_new(live, PLAN_SCOPE_REVISION);
    live_sql(live, arena_printf(live->arena, "ALTER DATABASE %s SET synchronous_commit = local",
                                live->url.database));
    live_sql(live, "SET synchronous_commit = local");
    live_sql(live, "ALTER SYSTEM SET synchronous_standby_names = 'nobody'");
    live_sql(live, "SELECT pg_reload_conf()");
    live_wait_for(live, "SELECT current_setting('synchronous_standby_names') = 'nobody'");
    STEP(run, "", "a", "SET LOCAL synchronous_commit = on", "CREATE TABLE t (x int)");
    STEP(run, "a", "b", "CREATE TABLE u (x int)");
    start(run);
    order(run, RUNNER_RUN_ALL);
    until_on_server(run, "COMMIT");
    live_wait_for(live, "SELECT count(*) = 1 FROM pg_stat_activity WHERE wait_event = 'SyncRep'");
    terminate_run(run);
    until(run, RUNNER_STOPPED);
    assert_true(runner_outcome_unknown(run->runner));
    assert_int_equal(runner_committed_step(run->runner), 0);
    str_cut(&run->events, 0);
    order(run, RUNNER_RETRY);
    until(run, RUNNER_DONE);
    expect_events(run, "connecting\nlocking\nchecking\ncommitted 1.0\nexecuting\nstep 1.0\n"
                       "send 1.0\ndone 1.0 CREATE TABLE\nsend 1.1\ndone 1.1 UPDATE 1\n"
                       "committed 2.0\nstep done 1.2\ndone\n");
    live_sql(live, "ALTER SYSTEM RESET synchronous_standby_names");
    live_sql(live, "SELECT pg_reload_conf()");
    end(run);
}

static void a_lost_statement_outside_is_not_repeated(void **state)
{
    struct live *live = *state;
    struct run *run = run_new(live, PLAN_SCOPE_REVISION);
    STEP(run, "", "a", "CREATE TABLE t (x int)", "!SELECT pg_sleep(600)");
    start(run);
    order(run, RUNNER_RUN_ALL);
    until_on_server(run, "SELECT pg_sleep(600)");
    terminate_run(run);
    until(run, RUNNER_STOPPED);
    assert_true(runner_outcome_unknown(run->runner));
    assert_string_equal(live_value(live, "SELECT to_regclass('t') IS NOT NULL"), "t");
    assert_true(contains(runner_err(run->runner)->hint,
                         "1 of 3 statements of revision a are committed; whether the statement"));
    assert_false(runner_order(run->runner, RUNNER_RETRY, &run->err));
    end(run);
}

/* What the server has, statement by statement: each creates a table named after its place. */
static void expect_tables(struct run *run, int cut)
{
    struct live *live = run->live;
    size_t committed_step = runner_committed_step(run->runner);
    size_t committed_statement = runner_committed_statement(run->runner);
    for (size_t i = 0; i < run->plan->steps.len; i++) {
        for (size_t j = 0; j + 1 < run->plan->steps.at[i].statements.len; j++) {
            bool committed = i < committed_step || (i == committed_step && j < committed_statement);
            const char *sql =
                arena_printf(live->arena, "SELECT to_regclass('t%zu_%zu') IS NOT NULL", i, j);
            if (strcmp(live_value(live, sql), committed ? "t" : "f") != 0)
                fail_msg("cut %d: t%zu_%zu is%s committed, it says\n%s", cut, i, j,
                         committed ? " not" : "", run->events.ptr);
        }
    }
}

static void wait_till_gone(struct live *live)
{
    live_wait_for(live, "SELECT count(*) = 1 FROM pg_stat_activity WHERE application_name ="
                        " 'retort' AND datname = current_database()");
}

/* Wherever the connection is cut: what is said to be committed is, the rest is not. */
static void it_can_be_cut_at_any_event(void **state)
{
    struct live *live = *state;
    for (int cut = 1; cut < 100; cut++) {
        struct run *run = run_new(live, PLAN_SCOPE_REVISION);
        live_sql(live, "DROP TABLE IF EXISTS t0_0, t0_1, t0_2, t1_0, t1_1, alembic_version");
        STEP(run, "", "a", "CREATE TABLE t0_0 (x int)", "!CREATE TABLE t0_1 (x int)",
             "CREATE TABLE t0_2 (x int)");
        STEP(run, "a", "b", "CREATE TABLE t1_0 (x int)", "CREATE TABLE t1_1 (x int)");
        run->cut_at = cut;
        start(run);
        order(run, RUNNER_RUN_ALL);
        for (int i = 0; i < 2000 && runner_fd(run->runner) >= 0; i++)
            once(run);
        wait_till_gone(live);
        bool never_cut = run->event_count < cut || runner_state(run->runner) == RUNNER_DONE;
        if (!runner_outcome_unknown(run->runner))
            expect_tables(run, cut);
        if (runner_state(run->runner) == RUNNER_STOPPED &&
            runner_order(run->runner, RUNNER_RETRY, &run->err)) {
            until(run, RUNNER_DONE);
            expect_tables(run, cut);
            assert_string_equal(versions(live), "b");
        }
        end(run);
        if (never_cut)
            break;
    }
}

/* -- the journal ----------------------------------------------------------------------------------
 */

static void the_journal_tells_the_run(void **state)
{
    struct live *live = *state;
    struct run *run = run_new(live, PLAN_SCOPE_REVISION);
    STEP(run, "", "a", "CREATE TABLE t (x int)", "SELECT 1/0");
    live->url.password = "hunter2";
    start(run);
    order(run, RUNNER_RUN_ALL);
    until(run, RUNNER_FAILED);
    order(run, RUNNER_STOP);
    assert_string_equal(journal_kinds(run),
                        "run connected locked step begin send done send failed rollback "
                        "rolled_back end ");
    struct stat st;
    const char *path = runner_journal_path(run->runner);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(stat(run->settings.journal_dir, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0700);
    char *text;
    size_t len;
    assert_true(file_read(live->arena, path, 1 << 20, &text, &len, &run->err));
    assert_true(contains(text, "\"operator\":\"tester\""));
    assert_true(contains(text, "\"sqlstate\":\"22012\""));
    assert_true(contains(text, "\"identity\":\"7"));
    assert_false(contains(text, "hunter2"));
    end(run);
}

static void without_a_journal_nothing_is_sent(void **state)
{
    struct live *live = *state;
    struct run *run = run_new(live, PLAN_SCOPE_REVISION);
    STEP(run, "", "a", "CREATE TABLE t (x int)");
    run->settings.journal_dir = live_server.log; /* a file */
    assert_false(runner_start(NULL, run->plan, &live->url, &run->settings, on_event, run,
                              &run->runner, &run->err));
    assert_int_equal(run->err.code, ERR_IO);
    assert_true(contains(run->err.message, live_server.log));
    assert_null(run->runner);
    run->settings.journal_dir = "/proc/nothing";
    assert_false(runner_start(NULL, run->plan, &live->url, &run->settings, on_event, run,
                              &run->runner, &run->err));
    assert_string_equal(run->events.ptr, "");
    err_clear(&run->err);
}

static void a_full_disk_stops_the_run(void **state)
{
    struct live *live = *state;
    struct rlimit old, small;
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &old);
    for (rlim_t room = 1100; room < 2600; room += 100) { /* wherever in the run it happens */
        struct run *run = run_new(live, PLAN_SCOPE_REVISION);
        live_sql(live, "DROP TABLE IF EXISTS t, alembic_version");
        STEP(run, "", "a", "CREATE TABLE t (x int)");
        start(run);
        small = old;
        small.rlim_cur = room;
        setrlimit(RLIMIT_FSIZE, &small);
        order(run, RUNNER_RUN_ALL);
        for (int i = 0; i < 500 && runner_fd(run->runner) >= 0; i++)
            once(run);
        setrlimit(RLIMIT_FSIZE, &old);
        bool committed = runner_committed_step(run->runner) == 1;
        assert_string_equal(live_value(live, "SELECT to_regclass('t') IS NOT NULL"),
                            committed ? "t" : "f");
        if (runner_state(run->runner) == RUNNER_STOPPED)
            assert_int_equal(runner_err(run->runner)->code, ERR_IO);
        else
            assert_int_equal(runner_state(run->runner), RUNNER_DONE);
        end(run);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        LIVE_TEST(a_transaction_per_revision),
        LIVE_TEST(one_transaction_for_the_run),
        LIVE_TEST(a_plan_without_steps_makes_the_table),
        LIVE_TEST(it_goes_statement_by_statement),
        LIVE_TEST(a_failure_is_rolled_back_and_can_be_retried),
        LIVE_TEST(a_failure_in_one_transaction_undoes_all),
        LIVE_TEST(what_ran_outside_is_not_repeated),
        LIVE_TEST(an_invalid_index_is_pointed_out),
        LIVE_TEST(a_failed_statement_can_be_left_out),
        LIVE_TEST(version_rows_are_counted),
        LIVE_TEST(a_deferred_constraint_fails_at_commit),
        LIVE_TEST(a_lock_timeout_ends_the_wait),
        LIVE_TEST(after_a_lock_timeout_it_tries_again),
        LIVE_TEST(a_plain_commit_is_understood),
        LIVE_TEST(other_control_is_refused),
        LIVE_TEST(a_cancelled_statement_is_rolled_back),
        LIVE_TEST(a_stop_cancels_first),
        LIVE_TEST(the_holder_of_the_lock_is_named),
        LIVE_TEST(a_stale_plan_is_refused),
        LIVE_TEST(a_file_that_changed_makes_the_plan_stale),
        LIVE_TEST(without_the_privilege_to_create_the_table),
        LIVE_TEST(a_broken_connection_leaves_nothing_half_done),
        LIVE_TEST(a_connection_that_breaks_while_paused),
        LIVE_TEST(a_lost_commit_that_did_not_happen),
        LIVE_TEST(a_lost_commit_that_happened),
        LIVE_TEST(a_lost_statement_outside_is_not_repeated),
        LIVE_TEST(it_can_be_cut_at_any_event),
        LIVE_TEST(the_journal_tells_the_run),
        LIVE_TEST(without_a_journal_nothing_is_sent),
        LIVE_TEST(a_full_disk_stops_the_run),
    };
    return cmocka_run_group_tests(tests, live_start, live_stop);
}
