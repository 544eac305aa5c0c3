/*
 * Live steps: revisions that ask the database while they run (plan_step.live).
 *
 * The revision is evaluated for real, as a program that stops wherever it wants something
 * (run/live_program.h). Its questions are answered on the run's connection, inside the step's
 * transaction. What it wants carried out is held against the plan (runner_live_plan.c); where that
 * is what comes next there, the runner sends it as any other statement, and the program gets its
 * result.
 *
 * Each statement of the program has a number in the plan, by which edits are followed: the parts of
 * one that was split all run, one that was removed is answered as a command that gave nothing.
 *
 * After a ROLLBACK the program begins anew, with what stands behind the last COMMIT: what it was
 * told before that it is told again, and must then ask the same.
 */
#include "config.h"

#include <string.h>

#include "alembic/project.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "run/live_answer.h"
#include "run/plan_live.h"
#include "run/runner_private.h"
#include "sql/made.h"

/* Rows and bytes of one answer: more is no question of a migration. */
enum { QUESTION_ROWS = 1000000, QUESTION_BYTES = 256 << 20 };

static const char schema_sql[] = "SELECT pg_catalog.current_schema()";

/* -- beginning and ending -----------------------------------------------------------------------
 */

static void forget_replies(struct runner_live *l, size_t kept)
{
    for (size_t i = kept; i < l->replies.len; i++)
        if (l->replies.at[i].result)
            result_free(l->replies.at[i].result);
    l->replies.len = kept < l->replies.len ? kept : l->replies.len;
}

/* The program is to be started; the first `kept` replies are told again. */
static void begin_anew(struct runner *r, size_t kept)
{
    struct runner_live *l = &r->live;
    live_program_free(l->program);
    err_clear(&l->failure);
    forget_replies(l, kept);
    if (!l->is_recorded && l->reply.result)
        result_free(l->reply.result);
    l->reply = (struct live_reply){0};
    l->answer = (struct live_answer){0};
    l->program = NULL;
    l->reader = NULL;
    l->turn = LIVE_TURN_STARTS;
    l->kept = l->replies.len;
    l->fed = l->told = l->piece = 0;
    l->savepoints.len = 0;
    l->number = 1;
    l->in_transaction = true;
    l->has_default_schema = l->is_found = l->is_recorded = l->has_failed_at = l->has_changed =
        false;
    l->differs = l->previewed = NULL;
    l->is_foreseen = l->is_foreseen && l->kept > 0;
    for (size_t i = 0; i < l->kept; i++)
        l->told += l->replies.at[i].is_noted ? 1 : 0;
    if (l->kept > 0)
        return;
    arena_free(l->arena);
    l->arena = arena_new();
    l->replies.at = NULL;
    l->replies.cap = 0;
    l->savepoints.at = NULL;
    l->savepoints.cap = 0;
}

void runner_live_end(struct runner *r)
{
    struct runner_live *l = &r->live;
    if (l->arena)
        begin_anew(r, 0);
    arena_free(l->arena);
    l->arena = NULL;
    l->step = SIZE_MAX;
}

void runner_live_go_back(struct runner *r)
{
    struct runner_live *l = &r->live;
    if (!l->arena)
        return;
    l->takes_all = false;
    begin_anew(r, r->committed.step == l->step ? l->kept : 0);
}

void runner_live_committed(struct runner *r)
{
    r->live.kept = r->live.replies.len;
}

static bool is_behind_version_rows(const struct runner *r)
{
    const struct plan_step *step = &r->plan->steps.at[r->next.step];
    for (size_t i = 0; i < r->next.statement && i < step->statements.len; i++)
        if (step->statements.at[i].version_row)
            return true;
    return false;
}

/* env.py's statements come before the revision, or behind its version rows. */
static bool is_of_env(const struct runner *r)
{
    const struct plan_step *step = &r->plan->steps.at[r->next.step];
    if (r->next.statement >= step->statements.len)
        return false;
    const struct plan_statement *s = &step->statements.at[r->next.statement];
    return s->number == 0 && !s->version_row && *s->rendered;
}

bool runner_live_is_due(struct runner *r)
{
    struct runner_live *l = &r->live;
    if (!r->plan->steps.at[r->next.step].live || is_behind_version_rows(r))
        return false;
    if (l->step != r->next.step) {
        runner_live_end(r);
        l->step = r->next.step;
        l->takes_all = false;
        l->arena = arena_new();
        begin_anew(r, 0);
    }
    if (l->turn == LIVE_TURN_OVER)
        return false;
    return l->turn != LIVE_TURN_STARTS || !is_of_env(r);
}

/* The name of a type that a statement makes, as the context of a rendering has it. */
static const char *type_made(struct arena *a, const char *sql)
{
    struct sql_made made;
    struct str name = STR_IN(a);
    bool has_schema = false;
    sql_made_by(a, sql, &made);
    if (made.kind != SQL_MADE_TYPE || made.drops)
        return NULL;
    for (const char *p = made.object; *p; p++) {
        has_schema = has_schema || *p == '.';
        if (*p != '"' || p[1] == '"')
            str_addc(&name, *p);
        p += *p == '"' && p[1] == '"' ? 1 : 0;
    }
    return has_schema ? name.ptr : arena_printf(a, ".%s", name.ptr);
}

/* What earlier steps of the plan made: Alembic creates a type once in a run. */
static void add_types(struct runner *r, struct sql_context *context)
{
    for (size_t i = 0; i < r->live.step; i++) {
        const struct plan_statement_list *list = &r->plan->steps.at[i].statements;
        for (size_t j = 0; j < list->len; j++) {
            const char *type = str_eq(list->at[j].effect.tag, "CREATE TYPE")
                                   ? type_made(r->live.arena, list->at[j].sql)
                                   : NULL;
            if (type)
                map_put(&context->created_types, type, r);
        }
    }
}

static void start(struct runner *r)
{
    struct runner_live *l = &r->live;
    const struct plan_step *step = &r->plan->steps.at[l->step];
    struct err err = ERR_INIT;
    struct sql_context context = {.created_types = MAP_IN(l->arena)};
    add_types(r, &context);
    const struct live_options options = {
        .project = r->settings.project,
        .context = &context,
        .request = {.path = step->file,
                    .direction = step->verb == PLAN_DOWNGRADE ? DIRECTION_DOWNGRADE
                                                              : DIRECTION_UPGRADE},
        .server_version = r->info.version,
        .default_schema = l->default_schema,
    };
    l->turn = LIVE_TURN_EVALUATES;
    if (live_program_start(&options, &l->program, &err))
        r->action = ACTION_EVALUATE;
    else
        runner_exec_failed(r, &err);
    err_clear(&err);
}

static void ask_server(struct runner *r, const char *sql)
{
    r->in_transaction = runner_is_open(r);
    runner_send_question(r, sql, QUESTION_ROWS, QUESTION_BYTES);
}

/* -- answering ----------------------------------------------------------------------------------
 */

/* All that is asked, as text: what is fed again must be asked again. */
static const char *asked_text(struct runner_live *l)
{
    const struct live_step *step = live_program_step(l->program);
    struct str out = STR_IN(l->arena);
    if (step->question->kind == LIVE_CATALOG)
        return arena_strdup(l->arena, step->question->call);
    for (size_t i = 0; i < step->statements.len; i++)
        str_addf(&out, "%s;\n", step->statements.at[i].sql);
    return out.ptr ? out.ptr : "";
}

static bool is_question(const struct live_step *step)
{
    return step->question->kind == LIVE_CATALOG || step->reads;
}

/* The reply is complete: it is kept for a program that begins anew. */
static void keep_reply(struct runner *r)
{
    struct runner_live *l = &r->live;
    const struct live_step *step = live_program_step(l->program);
    if (l->is_recorded)
        return;
    l->reply.asked = asked_text(l);
    l->reply.answer = l->answer;
    l->reply.number = l->number + (l->is_found ? 1 : 0);
    l->reply.in_transaction = l->in_transaction;
    l->reply.is_noted = is_question(step) &&
                        (step->question->kind == LIVE_CATALOG || step->question->wants_result);
    vec_push(l->arena, &l->replies, l->reply);
    l->fed = l->replies.len;
    l->is_recorded = true;
}

static void go_on(struct runner *r, const struct live_answer *answer)
{
    struct runner_live *l = &r->live;
    r->action = ACTION_EVALUATE;
    l->turn = LIVE_TURN_EVALUATES;
    l->is_recorded = l->is_found = false;
    l->reply = (struct live_reply){0};
    live_program_answer(l->program, answer);
}

static void reply(struct runner *r)
{
    struct live_answer answer = r->live.answer;
    keep_reply(r);
    go_on(r, &answer);
}

/* Told again what it was told before; false: this it was not. */
static bool feed(struct runner *r)
{
    struct runner_live *l = &r->live;
    struct err err = ERR_INIT;
    if (l->fed >= l->replies.len)
        return false;
    const struct live_reply *again = &l->replies.at[l->fed];
    const char *asked = asked_text(l);
    if (str_eq(asked, again->asked)) {
        l->fed++;
        l->number = again->number;
        l->in_transaction = again->in_transaction;
        l->is_recorded = true;
        go_on(r, &again->answer);
        return true;
    }
    err_set(&err, ERR_STALE, "the revision does not come back to where it was: it asked something "
                             "else before what is committed");
    err.detail = mem_printf("before: %s\nnow: %s", again->asked, asked);
    err_hint(&err, "what is committed of it stays; retort resume says how to go on");
    runner_exec_failed(r, &err);
    err_clear(&err);
    return true;
}

/* -- what it was told, as events ----------------------------------------------------------------
 */

static bool same_question(const struct live_asked *a, const struct live_asked *b)
{
    return a->sql ? str_eq(a->sql, b->sql) : str_eq(a->call, b->call);
}

static void tell_questions(struct runner *r)
{
    struct runner_live *l = &r->live;
    const struct live_asked_list *asked = live_program_asked(l->program);
    const struct live_asked_list *before = &r->plan->steps.at[l->step].asked;
    const struct live_step *now = live_program_step(l->program);
    bool waits = l->turn == LIVE_TURN_ASKS && is_question(now) &&
                 (now->question->kind == LIVE_CATALOG || now->question->wants_result);
    for (; l->told + (waits ? 1 : 0) < asked->len; l->told++) {
        const struct live_asked *one = &asked->at[l->told];
        const struct live_asked *then = l->told < before->len ? &before->at[l->told] : NULL;
        bool differs = then && then->answer && same_question(then, one) &&
                       !str_eq(then->answer, one->answer);
        if (differs && then->outdated) {
            l->is_foreseen = true;
        } else if (differs && !l->differs) {
            l->differs = one;
            l->previewed = then;
        }
        struct run_event extra = {
            .rows = -1,
            .asked = one,
            .differs = differs,
            .text = arena_printf(l->arena, "%s -> %s", one->sql ? one->sql : one->call,
                                 one->answer ? one->answer : "not known")};
        runner_note_question(r, one, differs);
        runner_emit(r, RUN_EVENT_QUESTION, r->next, &extra);
    }
}

/* -- failures -----------------------------------------------------------------------------------
 */

/* The program is told: it may have an answer to it. */
static void tell_failure(struct runner *r, const struct err *err, const char *sql)
{
    struct runner_live *l = &r->live;
    err_copy(&l->failure, err);
    live_answer_failure(l->arena, err, sql, &l->answer);
    r->action = ACTION_NONE;
    reply(r);
}

/*
 * Where the server is still of use afterwards: outside of a transaction, and where the program has
 * a savepoint to come back to. Else all is rolled back, and nothing that the program could do
 * helps.
 */
static bool may_be_told(const struct runner *r, const struct err *err)
{
    return r->live.program && r->live.turn == LIVE_TURN_ASKS && err->code == ERR_DATABASE &&
           !r->cancelling && !r->stopping && (!r->in_transaction || r->live.savepoints.len > 0);
}

bool runner_live_failed(struct runner *r, struct err *err)
{
    struct runner_live *l = &r->live;
    struct position at = r->next;
    if (r->action != ACTION_STATEMENT || l->step != at.step || !may_be_told(r, err))
        return false;
    const struct plan_statement *s = runner_statement_at(r, at);
    if (s->number != l->number || s->number == 0 || runner_may_try_again(r, s, err))
        return false;
    runner_note_failed(r, at, err);
    while (r->next.statement < r->plan->steps.at[at.step].statements.len &&
           runner_statement_at(r, r->next)->number == l->number)
        r->next.statement++; /* the other parts of it */
    l->failed_at = at;
    l->has_failed_at = true;
    struct run_event extra = {
        .rows = -1, .plan_statement = s, .err = err, .duration = clock_monotonic() - r->sent_at};
    runner_emit(r, RUN_EVENT_STATEMENT_FAILED, at, &extra);
    l->is_found = true; /* keep_reply() counts it */
    tell_failure(r, err, s->sql);
    l->number++;
    return true;
}

/* A question failed. */
static void question_failed(struct runner *r, struct err *err)
{
    struct runner_live *l = &r->live;
    const struct live_step *step = l->program ? live_program_step(l->program) : NULL;
    if (step && l->turn == LIVE_TURN_ASKS) {
        const struct op_origin *origin = &step->question->origin;
        if (may_be_told(r, err) && step->question->kind == LIVE_EXECUTE) {
            l->has_failed_at = false;
            tell_failure(r, err, step->statements.at[0].sql);
            return;
        }
        err_at(err, origin->file, origin->line, origin->column);
    }
    runner_exec_failed(r, err);
}

/* The program did not come to its end: by what the server refused, or by itself. */
static void ended_badly(struct runner *r)
{
    struct runner_live *l = &r->live;
    const struct revision_reading *reading = live_program_reading(l->program);
    struct err err = ERR_INIT;
    bool by_server = reading->status == READING_RAISES && l->failure.code != ERR_NONE;
    struct position at = l->failed_at;
    bool has_place = by_server && l->has_failed_at;
    err_copy(&err, by_server ? &l->failure : &reading->err);
    if (err.code == ERR_NONE)
        err_set(&err, ERR_PYTHON, "the revision did not come to its end");
    if (by_server && reading->err.file)
        err_at(&err, reading->err.file, reading->err.line, reading->err.column);
    runner_exec_failed(r, &err);
    err_clear(&err);
    if (has_place) {
        r->failed = at;
        r->has_failed = true;
    }
}

/* -- receiving ----------------------------------------------------------------------------------
 */

/* The connection may break meanwhile. */
static bool is_connected(struct runner *r)
{
    struct err err = ERR_INIT;
    enum progress progress = connection_receive(r->conn, NULL, &err);
    bool lost = progress == PROGRESS_FAILED && connection_is_lost(r->conn);
    if (lost)
        runner_lost(r, &err);
    err_clear(&err);
    return !lost;
}

static bool evaluated(struct runner *r)
{
    struct runner_live *l = &r->live;
    struct err err = ERR_INIT;
    if (!is_connected(r))
        return true;
    enum live_state state = live_program_next(l->program);
    if (state == LIVE_RUNNING)
        return false;
    r->action = ACTION_NONE;
    l->turn = state == LIVE_ASKS ? LIVE_TURN_ASKS : LIVE_TURN_ENDED;
    l->piece = 0;
    l->answer = (struct live_answer){0};
    tell_questions(r);
    if (r->cancelling) {
        err_set(&err, ERR_CANCELLED, "cancelled while the revision was evaluated");
        runner_exec_failed(r, &err);
    }
    err_clear(&err);
    return true;
}

static void question_answered(struct runner *r, struct result *result)
{
    struct runner_live *l = &r->live;
    r->action = ACTION_NONE;
    r->cancelling = false;
    r->in_transaction = runner_is_open(r);
    if (l->turn == LIVE_TURN_STARTS) {
        const char *schema = result_rows(result) ? result_get(result, 0, 0) : NULL;
        l->default_schema = schema ? arena_strdup(l->arena, schema) : NULL;
        l->has_default_schema = true;
        result_free(result);
        return;
    }
    live_answer_rows(l->arena, result, &l->answer);
    if (l->answer.column_count > 0) /* psycopg2's rowcount of what gives rows */
        l->answer.affected = (int64_t)l->answer.row_count;
    l->reply.result = result;
    reply(r);
}

static bool asked(struct runner *r)
{
    struct err err = ERR_INIT;
    struct result *result = NULL;
    enum progress progress = connection_receive(r->conn, &result, &err);
    if (progress == PROGRESS_WAITING)
        return false;
    if (progress == PROGRESS_DONE)
        question_answered(r, result);
    else if (connection_is_lost(r->conn))
        runner_lost(r, &err);
    else
        question_failed(r, &err);
    err_clear(&err);
    return true;
}

static bool catalog_read_on(struct runner *r)
{
    struct runner_live *l = &r->live;
    struct err err = ERR_INIT;
    enum progress progress = catalog_step(l->reader, &err);
    if (progress == PROGRESS_WAITING)
        return false;
    if (progress == PROGRESS_DONE) {
        r->action = ACTION_NONE;
        r->cancelling = false;
        l->answer.catalog = l->schema;
        reply(r);
    } else if (connection_is_lost(r->conn)) {
        runner_lost(r, &err);
    } else {
        question_failed(r, &err);
    }
    err_clear(&err);
    return true;
}

bool runner_live_receive(struct runner *r)
{
    if (r->action == ACTION_EVALUATE)
        return evaluated(r);
    return r->action == ACTION_QUESTION ? asked(r) : catalog_read_on(r);
}

size_t runner_live_poll(const struct runner *r, struct pollfd *poll, size_t room)
{
    if (r->action != ACTION_EVALUATE || room == 0)
        return 0;
    *poll = (struct pollfd){.fd = live_program_fd(r->live.program), .events = POLLIN};
    return 1;
}

/* -- questions ----------------------------------------------------------------------------------
 */

static void read_catalog(struct runner *r)
{
    struct runner_live *l = &r->live;
    struct err err = ERR_INIT;
    r->in_transaction = runner_is_open(r);
    r->sent_at = clock_monotonic();
    r->action = ACTION_CATALOG;
    l->options = ARENA_NEW(l->arena, struct catalog_options);
    l->options->in_transaction = r->in_transaction;
    l->options->include_schemas = live_program_step(l->program)->question->all_schemas;
    l->schema = ARENA_NEW(l->arena, struct schema);
    l->reader = catalog_start(l->arena, r->conn, l->options, l->schema, &err);
    if (!l->reader && connection_is_lost(r->conn))
        runner_lost(r, &err);
    else if (!l->reader)
        question_failed(r, &err);
    err_clear(&err);
}

/* In a transaction that has failed the server answers nothing. */
static bool is_aborted(struct runner *r)
{
    static const char words[] = "current transaction is aborted, commands ignored until end of "
                                "transaction block";
    struct err err = ERR_INIT;
    if (connection_transaction(r->conn) != TRANSACTION_FAILED)
        return false;
    err_set(&err, ERR_DATABASE, "%s", words);
    memcpy(err.sqlstate, "25P02", sizeof(err.sqlstate));
    tell_failure(r, &err, "");
    err_clear(&err);
    return true;
}

static void ask(struct runner *r, const struct live_step *step)
{
    if (runner_prepare(r, r->live.in_transaction))
        return;
    if (step->question->kind != LIVE_CATALOG)
        ask_server(r, step->statements.at[0].sql);
    else if (!is_aborted(r))
        read_catalog(r);
}

/* -- statements ---------------------------------------------------------------------------------
 */

/*
 * Whether the plan's next statement belongs to that of the program, or the operator put it there.
 */
static bool is_part(const struct runner *r)
{
    const struct plan_step *step = &r->plan->steps.at[r->next.step];
    if (r->next.statement >= step->statements.len)
        return false;
    const struct plan_statement *s = &step->statements.at[r->next.statement];
    if (s->version_row)
        return false;
    return s->number ? s->number <= r->live.number : !*s->rendered;
}

/* The names of its savepoints, as SQLAlchemy goes through them. */
static void follow_savepoint(struct runner_live *l, const char *sql)
{
    static const char save[] = "SAVEPOINT ", release[] = "RELEASE SAVEPOINT ",
                      back[] = "ROLLBACK TO SAVEPOINT ";
    if (str_starts_with(sql, save)) {
        vec_push(l->arena, &l->savepoints, arena_strdup(l->arena, sql + strlen(save)));
        return;
    }
    const char *name = str_starts_with(sql, release) ? sql + strlen(release)
                       : str_starts_with(sql, back)  ? sql + strlen(back)
                                                     : NULL;
    for (size_t i = l->savepoints.len; name && i > 0; i--)
        if (str_eq(l->savepoints.at[i - 1], name)) {
            l->savepoints.len = i - 1;
            return;
        }
}

void runner_live_done(struct runner *r, const struct result *result)
{
    struct runner_live *l = &r->live;
    const struct plan_statement *s = runner_statement_at(r, r->next);
    const struct plan_step *step = &r->plan->steps.at[r->next.step];
    if (l->step != r->next.step || !l->program || l->turn != LIVE_TURN_ASKS || !l->is_found ||
        s->number != l->number)
        return;
    const struct live_step *wants = live_program_step(l->program);
    size_t behind = r->next.statement + 1;
    follow_savepoint(l, s->sql);
    live_answer_rows(l->arena, result, &l->answer);
    /* The result does not stay: its values are copied. */
    const char **values = (const char **)l->answer.values;
    for (size_t i = 0; i < l->answer.column_count * l->answer.row_count; i++)
        values[i] = values[i] ? arena_strdup(l->arena, values[i]) : NULL;
    bool is_last_part =
        behind >= step->statements.len || step->statements.at[behind].number != l->number;
    bool is_last = true;
    for (size_t i = l->piece + 1; i < wants->statements.len; i++)
        is_last = is_last && wants->statements.at[i].kind != STATEMENT_SQL;
    if (is_last_part && is_last)
        keep_reply(r);
}

const struct statement *runner_live_wanted(const struct runner *r)
{
    const struct runner_live *l = &r->live;
    if (l->turn != LIVE_TURN_ASKS)
        return NULL;
    const struct statement_list *list = &live_program_step(l->program)->statements;
    return l->piece < list->len ? &list->at[l->piece] : NULL;
}

/* False: the plan's next statement is to be sent. */
static bool carry_out(struct runner *r, const struct live_step *step)
{
    struct runner_live *l = &r->live;
    bool transactional = r->settings.project->env.transactional_ddl;
    for (; l->piece < step->statements.len; l->piece++) {
        const struct statement *wanted = &step->statements.at[l->piece];
        if (wanted->kind != STATEMENT_SQL) {
            l->in_transaction = !transactional || wanted->kind == STATEMENT_BEGIN;
            continue;
        }
        if (!l->is_found && !runner_live_find(r, wanted))
            return true;
        l->is_found = true;
        if (is_part(r))
            return false;
        l->number++;
        l->is_found = false;
    }
    reply(r);
    return true;
}

static void end(struct runner *r)
{
    if (live_program_reading(r->live.program)->status != READING_OK)
        ended_badly(r);
    else if (runner_live_has_all(r))
        r->live.turn = LIVE_TURN_OVER;
}

bool runner_live_go_on(struct runner *r)
{
    struct runner_live *l = &r->live;
    const struct live_step *step;
    switch (l->turn) {
    case LIVE_TURN_STARTS:
        if (l->has_default_schema)
            start(r);
        else if (!runner_prepare(r, true))
            ask_server(r, schema_sql);
        return true;
    case LIVE_TURN_ASKS:
        step = live_program_step(l->program);
        if (feed(r))
            return true;
        if (!is_question(step))
            return carry_out(r, step);
        ask(r, step);
        return true;
    case LIVE_TURN_ENDED:
        end(r);
        return true;
    case LIVE_TURN_EVALUATES:
    case LIVE_TURN_OVER:
        break;
    }
    return false;
}

/* -- the operator's word ------------------------------------------------------------------------
 */

bool runner_live_accept(struct runner *r, bool all, struct err *err)
{
    struct runner_live *l = &r->live;
    if (r->state != RUNNER_PAUSED || !l->has_changed)
        return err_set(err, ERR_USAGE, "there is nothing new to accept");
    l->has_changed = false;
    l->takes_all = l->takes_all || all;
    err_clear(&r->err);
    if (!runner_live_revise(r, runner_live_wanted(r))) {
        err_copy(err, &r->err);
        return false;
    }
    runner_emit(r, RUN_EVENT_STATE, r->next, NULL);
    return true;
}
