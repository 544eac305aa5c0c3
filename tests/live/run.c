#include "config.h"

#include "live/run.h"

#include <poll.h>
#include <stdlib.h>

#include <jansson.h>

#include "base/file.h"
#include "run/activity_json.h"
#include "run/version_sql.h"

static const struct version_table table = {.name = "alembic_version", .primary_key = true};

struct run *run_new(struct live *live, enum plan_scope scope)
{
    struct run *run = ARENA_NEW(live->arena, struct run);
    run->live = live;
    run->plan = ARENA_NEW(live->arena, struct plan);
    run->plan->arena = live->arena;
    run->plan->scope = scope;
    run->plan->target = "head";
    run->plan->table = table;
    run->events = run->notices = run->errors = STR_IN(live->arena);
    run->settings.journal = true;
    run->settings.operator_name = "tester";
    run->settings.seed = 1;
    timeouts_init(&run->settings.timeouts);
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

void run_add_step(struct run *run, const char *from, const char *to, const char *const *sql)
{
    struct arena *a = run->live->arena;
    struct plan_step step = {.verb = PLAN_UPGRADE, .id = to, .doc = "", .from = from, .to = to};
    for (int i = 0; sql[i]; i++)
        vec_push(a, &step.statements, statement(sql[i], 10 + i));
    struct row_change change = {.kind = *from ? ROW_UPDATE : ROW_INSERT, .from = from, .to = to};
    vec_push(a, &step.changes, change);
    struct plan_statement row = statement(version_change_sql(a, &table, &change), 0);
    row.version_row = true;
    vec_push(a, &step.statements, row);
    plan_arrange(a, &step, 0);
    vec_push(a, &run->plan->steps, step);
    run->plan->statement_count += step.statements.len;
}

/* -- listening and driving ----------------------------------------------------------------------
 */

static const char *const state_names[] = {"connecting", "locking", "checking", "paused",
                                          "executing",  "failed",  "done",     "stopped"};

void run_terminate(struct run *run)
{
    live_sql(run->live, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE"
                        " application_name = 'retort' AND datname = current_database() AND pid <>"
                        " pg_backend_pid()");
}

static void on_event(const struct run_event *e, void *payload)
{
    static const char *const kinds[] = {
        [RUN_EVENT_STEP_STARTED] = "step",         [RUN_EVENT_STATEMENT_STARTED] = "send",
        [RUN_EVENT_STATEMENT_SKIPPED] = "skipped", [RUN_EVENT_COMMITTED] = "committed",
        [RUN_EVENT_ROLLED_BACK] = "rolled back",   [RUN_EVENT_STEP_DONE] = "step done",
    };
    struct run *run = payload;
    if (++run->event_count == run->cut_at)
        run_terminate(run);
    switch (e->kind) {
    case RUN_EVENT_STATE:
        str_addf(&run->events, "%s\n", state_names[e->state]);
        break;
    case RUN_EVENT_JOURNAL:
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
    case RUN_EVENT_ACTIVITY: {
        json_t *json = activity_to_json(e->activity);
        char *text = json_dumps(json, JSON_COMPACT);
        run->activity = arena_strdup(run->live->arena, text);
        run->looks++;
        free(text);
        json_decref(json);
        break;
    }
    case RUN_EVENT_SIGNALLED:
        str_addf(&run->events, "signalled %s\n", e->text);
        break;
    case RUN_EVENT_OUTPUT:
    case RUN_EVENT_DIFFERENCE:
        str_addf(&run->events, "%s %zu.%zu %s\n", run_event_name(e->kind), e->step, e->statement,
                 e->text);
        break;
    case RUN_EVENT_DONE:
    case RUN_EVENT_STOPPED:
    case RUN_EVENT_REFUSED:
    case RUN_EVENT_STEERING:
        break; /* the state says it */
    case RUN_EVENT_BREAKPOINT:
        str_addf(&run->events, "%s %zu.%zu\n", e->breakpoint ? "break" : "no break", e->step,
                 e->statement);
        break;
    case RUN_EVENT_QUESTION:
        str_addf(&run->events, "asked %s%s\n", e->text, e->differs ? " (differs)" : "");
        break;
    case RUN_EVENT_CHANGED:
        str_addf(&run->events, "changed %zu.%zu\n", e->step, e->statement);
        break;
    case RUN_EVENT_EDITED:
        str_addf(&run->events, "edited %zu.%zu\n", e->step, e->statement);
        break;
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

bool run_can_start(struct run *run)
{
    return runner_start(run->plan, &run->live->url, &run->settings, on_event, run, &run->runner,
                        &run->err);
}

void run_start(struct run *run)
{
    if (!run_can_start(run))
        fail_msg("%s", run->err.message);
}

void run_once(struct run *run)
{
    int timeout = runner_timeout(run->runner);
    struct pollfd polls[RUNNER_POLLS];
    size_t n = runner_polls(run->runner, polls, RUNNER_POLLS);
    poll(polls, n, timeout < 0 || timeout > 50 ? 50 : timeout);
    runner_advance(run->runner);
}

void run_until_seen(struct run *run, const char *part)
{
    for (int i = 0; i < 400 && !contains(run->activity, part); i++)
        run_once(run);
    if (!contains(run->activity, part))
        fail_msg("%s is not in %s", part, run->activity ? run->activity : "no look");
}

void run_until(struct run *run, enum runner_state state)
{
    for (int i = 0; i < 2000 && runner_state(run->runner) != state; i++) {
        run_once(run);
        enum runner_state now = runner_state(run->runner);
        if (now != state && (now == RUNNER_FAILED || now == RUNNER_STOPPED || now == RUNNER_DONE))
            break;
    }
    if (runner_state(run->runner) != state)
        fail_msg("it is %s and not %s: %s\n%s", state_names[runner_state(run->runner)],
                 state_names[state], runner_err(run->runner)->message, run->events.ptr);
}

void run_order(struct run *run, enum runner_order o)
{
    if (!runner_order(run->runner, o, &run->err))
        fail_msg("%s", run->err.message);
}

void run_until_on_server(struct run *run, const char *query)
{
    const char *sql = arena_printf(run->live->arena,
                                   "SELECT count(*) > 0 FROM pg_stat_activity WHERE state ="
                                   " 'active' AND query = '%s' AND datname = current_database()",
                                   query);
    for (int i = 0; i < 1000; i++) {
        run_once(run);
        if (!strcmp(live_value(run->live, sql), "t"))
            return;
    }
    fail_msg("never on the server: %s\n%s", query, run->events.ptr);
}

const char *run_gate(struct run *run)
{
    if (!run->has_gate)
        live_sql(run->live,
                 "CREATE TABLE gate (x int); INSERT INTO gate VALUES (1);"
                 " CREATE FUNCTION pass() RETURNS void LANGUAGE plpgsql AS 'BEGIN WHILE EXISTS"
                 " (SELECT FROM gate) LOOP PERFORM pg_sleep(0.01); END LOOP; END'");
    run->has_gate = true;
    return "SELECT pass()";
}

void run_open_gate(struct run *run)
{
    live_sql(run->live, "DELETE FROM gate");
}

void run_close_gate(struct run *run)
{
    live_sql(run->live, "INSERT INTO gate VALUES (1)");
}

void run_end(struct run *run)
{
    runner_free(run->runner);
    run->runner = NULL;
    err_clear(&run->err);
}

const char *run_versions(struct live *live)
{
    return live_value(live, "SELECT coalesce(string_agg(version_num, ',' ORDER BY version_num), '')"
                            " FROM alembic_version");
}

void run_expect(struct run *run, const char *expected)
{
    assert_string_equal(run->events.ptr, expected);
    str_cut(&run->events, 0);
}

const char *run_journal_kinds(struct run *run)
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
