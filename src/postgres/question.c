#include "config.h"

#include "postgres/question.h"

#include <string.h>

#include "base/arena.h"
#include "base/map.h"
#include "base/str.h"
#include "postgres/query.h"
#include "schema/identifier.h"
#include "schema/table.h"

/* What is sent for one question, one after the other as far as needed. */
enum stage {
    STAGE_PLAN,      /* EXPLAIN of <database> = <model> */
    STAGE_EXECUTE,   /* the same, executed */
    STAGE_PLAN_TEXT, /* both as text */
    STAGE_EXECUTE_TEXT,
    STAGE_DATABASE, /* EXPLAIN VERBOSE of one side */
    STAGE_MODEL,    /* and of the other */
};

struct questions {
    struct arena *arena;
    struct connection *conn;
    struct question *items;
    size_t count, at;
    struct map asked; /* the texts of a question: the struct question that was sent */
    enum stage stage;
    const char *database_plan; /* STAGE_MODEL: what STAGE_DATABASE gave */
    enum { ASKING, BEGINNING, ENDING } state;
};

/* A limit, so that nothing in a model can hold up a comparison. */
static const char begin[] = "BEGIN TRANSACTION READ ONLY; SET LOCAL statement_timeout = '10s'";
static const char begin_again[] =
    "ROLLBACK; BEGIN TRANSACTION READ ONLY; SET LOCAL statement_timeout = '10s'";

/* -- statements ---------------------------------------------------------------------------------
 */

static struct name quoted(const char *text)
{
    return (struct name){.text = text, .quote = YES};
}

/*
 * A row source with the table's columns, for which no right on the table is needed. The planner
 * does not know their values, as it would those of NULL::type.
 */
static void add_columns(struct arena *a, struct str *out, const struct table *table)
{
    str_addf(out, "\nFROM pg_catalog.json_to_record('{}') AS %s",
             sql_name(a, quoted(table->name.text)));
    for (size_t i = 0; i < table->columns.len; i++) {
        const struct column *c = table->columns.at[i];
        str_addf(out, "%s%s %s", i > 0 ? ", " : " (", sql_name(a, quoted(c->name.text)),
                 c->server_type);
    }
    str_addc(out, ')');
}

/* The line end behind an expression ends a comment in it. */
static void add_side(struct str *out, const struct question *q, const char *text, bool as_text)
{
    str_addf(out, as_text ? "((%s\n)" : "(%s\n", text);
    if (as_text && q->type)
        str_addf(out, "::%s", q->type);
    if (as_text)
        str_add(out, str_eq(q->type, "json") ? "::pg_catalog.jsonb" : "::pg_catalog.text");
    str_addc(out, ')');
}

/* The query over one row is what tells a stable condition from a volatile one: see read_plan(). */
static const char *equality(struct arena *a, const struct question *q, bool as_text, bool explain)
{
    struct str out = STR_IN(a);
    str_addf(&out, "%sSELECT FROM pg_catalog.generate_series(1, 1) AS one WHERE ",
             explain ? "EXPLAIN (COSTS OFF) " : "");
    add_side(&out, q, q->database, as_text);
    str_add(&out, " = ");
    add_side(&out, q, q->model, as_text);
    return out.ptr;
}

static const char *normal_form(struct arena *a, const struct question *q, const char *text)
{
    struct str out = STR_IN(a);
    str_addf(&out, "EXPLAIN (VERBOSE, COSTS OFF) SELECT (%s\n)", text);
    if (q->table)
        add_columns(a, &out, q->table);
    else if (q->type)
        str_addf(&out, "::%s", q->type);
    return out.ptr;
}

static const char *statement_of(const struct questions *asking)
{
    const struct question *q = &asking->items[asking->at];
    switch (asking->stage) {
    case STAGE_PLAN:
    case STAGE_EXECUTE:
        return equality(asking->arena, q, false, asking->stage == STAGE_PLAN);
    case STAGE_PLAN_TEXT:
    case STAGE_EXECUTE_TEXT:
        return equality(asking->arena, q, true, asking->stage == STAGE_PLAN_TEXT);
    case STAGE_DATABASE:
        return normal_form(asking->arena, q, q->database);
    case STAGE_MODEL:
        return normal_form(asking->arena, q, q->model);
    }
    return NULL;
}

/* -- plans --------------------------------------------------------------------------------------
 */

enum finding { FINDING_SAME, FINDING_DIFFERENT, FINDING_STABLE, FINDING_VOLATILE, FINDING_STRANGE };

/* Whether a plan runs a query of its own: "InitPlan 1 (returns $0)". */
static bool has_subquery(const struct result *plan)
{
    for (size_t i = 0; i < result_rows(plan); i++) {
        const char *line = result_get(plan, i, 0);
        line += strspn(line, " ");
        if (str_starts_with(line, "InitPlan") || str_starts_with(line, "SubPlan") ||
            str_starts_with(line, "CTE "))
            return true;
    }
    return false;
}

/*
 * Of a query over one row with a condition without columns, the planner (createplan.c,
 * create_gating_plan) makes
 *
 *     Function Scan                            the condition is true
 *     Result, One-Time Filter: false           it is false, or null
 *     Result, One-Time Filter: ...             it has the same value for all rows: no volatile
 * function Function Scan, Filter: ...               it has to be computed for each row: a volatile
 * one
 *
 * Anything else is a text that was no expression: "1) LIMIT (1".
 */
static enum finding read_plan(const struct result *plan)
{
    static const char once[] = "  One-Time Filter: ", filter[] = "  Filter: ";
    size_t count = result_rows(plan);
    const char *first = count > 0 ? result_get(plan, 0, 0) : "";
    const char *second = count > 1 ? result_get(plan, 1, 0) : "";
    if (has_subquery(plan))
        return FINDING_STRANGE;
    if (str_starts_with(first, "Function Scan on generate_series")) {
        if (count == 1)
            return FINDING_SAME;
        return str_starts_with(second, filter) ? FINDING_VOLATILE : FINDING_STRANGE;
    }
    if (strcmp(first, "Result") != 0 || !str_starts_with(second, once))
        return FINDING_STRANGE;
    return strcmp(second + strlen(once), "false") == 0 ? FINDING_DIFFERENT : FINDING_STABLE;
}

static const char *plan_text(struct arena *a, const struct result *plan)
{
    struct str out = STR_IN(a);
    for (size_t i = 0; i < result_rows(plan); i++)
        str_addf(&out, "%s\n", result_get(plan, i, 0));
    return out.ptr;
}

/* -- steps --------------------------------------------------------------------------------------
 */

static bool send_stage(struct questions *asking, enum stage stage, struct err *err)
{
    asking->stage = stage;
    asking->state = ASKING;
    return connection_send_one(asking->conn, statement_of(asking), err);
}

static const char *key_of(struct arena *a, const struct question *q)
{
    return arena_printf(a, "%s\x01%s\x01%s\x01%p", q->database, q->model, q->type ? q->type : "",
                        (const void *)q->table);
}

/* Sends the next question that was not asked yet; at the end, the transaction's. */
static bool send_next(struct questions *asking, struct err *err)
{
    for (; asking->at < asking->count; asking->at++) {
        struct question *q = &asking->items[asking->at];
        const char *key = key_of(asking->arena, q);
        const struct question *same = map_get(&asking->asked, key);
        if (!same) {
            map_put(&asking->asked, key, q);
            return send_stage(asking, q->table ? STAGE_DATABASE : STAGE_PLAN, err);
        }
        q->answer = same->answer;
        q->reason = same->reason;
    }
    asking->state = ENDING;
    return connection_send(asking->conn, "COMMIT", NULL, 0, err);
}

static bool answer(struct questions *asking, enum answer what, const char *reason, struct err *err)
{
    struct question *q = &asking->items[asking->at++];
    q->answer = what;
    q->reason = reason;
    return send_next(asking, err);
}

static bool take_finding(struct questions *asking, const struct result *plan, struct err *err)
{
    bool as_text = asking->stage == STAGE_PLAN_TEXT;
    switch (read_plan(plan)) {
    case FINDING_SAME:
        return answer(asking, ANSWER_SAME, NULL, err);
    case FINDING_DIFFERENT:
        return answer(asking, ANSWER_DIFFERENT, NULL, err);
    case FINDING_STABLE:
        return send_stage(asking, as_text ? STAGE_EXECUTE_TEXT : STAGE_EXECUTE, err);
    case FINDING_VOLATILE:
        return send_stage(asking, STAGE_DATABASE, err);
    case FINDING_STRANGE:
        break;
    }
    return answer(asking, ANSWER_UNKNOWN, "it is no plain expression", err);
}

static bool take_normal_form(struct questions *asking, const struct result *plan, struct err *err)
{
    if (has_subquery(plan))
        return answer(asking, ANSWER_UNKNOWN, "it has a subquery", err);
    const char *text = plan_text(asking->arena, plan);
    if (asking->stage == STAGE_DATABASE) {
        asking->database_plan = text;
        return send_stage(asking, STAGE_MODEL, err);
    }
    bool is_same = strcmp(text, asking->database_plan) == 0;
    return answer(asking, is_same ? ANSWER_SAME : ANSWER_DIFFERENT, NULL, err);
}

static bool take_result(struct questions *asking, const struct result *rows, struct err *err)
{
    switch (asking->stage) {
    case STAGE_PLAN:
    case STAGE_PLAN_TEXT:
        return take_finding(asking, rows, err);
    case STAGE_DATABASE:
    case STAGE_MODEL:
        return take_normal_form(asking, rows, err);
    case STAGE_EXECUTE:
    case STAGE_EXECUTE_TEXT:
        break;
    }
    return answer(asking, result_rows(rows) == 1 ? ANSWER_SAME : ANSWER_DIFFERENT, NULL, err);
}

/* Whether the refusal says that there is no operator = for the two types (PostgreSQL manual,
 * appendix A: undefined_function, ambiguous_function, datatype_mismatch, indeterminate_datatype).
 */
static bool lacks_operator(const struct err *err)
{
    static const char *const codes[] = {"42883", "42725", "42804", "42P18"};
    for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
        if (strcmp(err->sqlstate, codes[i]) == 0)
            return true;
    return false;
}

/* The question was refused: a new transaction, and another stage or the next question in it. */
static bool take_refusal(struct questions *asking, struct err *err)
{
    struct question *q = &asking->items[asking->at];
    if (asking->stage == STAGE_PLAN && lacks_operator(err)) {
        asking->stage = STAGE_PLAN_TEXT;
    } else {
        q->answer = ANSWER_UNKNOWN;
        q->reason = arena_strdup(asking->arena, err->message);
        asking->at++;
        asking->stage = STAGE_PLAN;
    }
    err_clear(err);
    asking->state = BEGINNING;
    return connection_send(asking->conn, begin_again, NULL, 0, err);
}

struct questions *question_start(struct arena *a, struct connection *conn,
                                 struct question *questions, size_t count, struct err *err)
{
    if (connection_transaction(conn) != TRANSACTION_NONE) {
        err_set(err, ERR_INTERNAL, "questions are asked in a transaction of their own");
        return NULL;
    }
    struct questions *asking = ARENA_NEW(a, struct questions);
    asking->arena = a;
    asking->conn = conn;
    asking->items = questions;
    asking->count = count;
    asking->asked = MAP_IN(a);
    asking->state = BEGINNING;
    return connection_send(conn, begin, NULL, 0, err) ? asking : NULL;
}

enum progress question_step(struct questions *asking, struct err *err)
{
    for (;;) {
        struct result *rows;
        enum progress progress = connection_receive(asking->conn, &rows, err);
        bool sent = false;
        if (progress == PROGRESS_WAITING)
            return progress;
        if (progress == PROGRESS_FAILED) {
            if (asking->state != ASKING || connection_is_lost(asking->conn))
                return progress;
            sent = take_refusal(asking, err);
        } else if (asking->state == ENDING) {
            result_free(rows);
            return PROGRESS_DONE;
        } else if (asking->state == BEGINNING) {
            result_free(rows);
            sent = asking->stage == STAGE_PLAN_TEXT ? send_stage(asking, STAGE_PLAN_TEXT, err)
                                                    : send_next(asking, err);
        } else {
            sent = take_result(asking, rows, err);
            result_free(rows);
        }
        if (!sent)
            return PROGRESS_FAILED;
    }
}

bool question_ask(struct arena *a, struct connection *conn, struct question *questions,
                  size_t count, struct err *err)
{
    if (count == 0)
        return true;
    struct questions *asking = question_start(a, conn, questions, count, err);
    if (!asking)
        return false;
    for (;;) {
        enum progress progress = question_step(asking, err);
        if (progress != PROGRESS_WAITING)
            return progress == PROGRESS_DONE || connection_failed(conn, err);
        connection_wait(conn);
    }
}
