/*
 * The journal in the database: rows that go with the step's own transaction, so that they are there
 * exactly when it committed.
 *
 * The schema is looked for, and made or brought up to date, before the first thing that the run
 * sends. Rows are sent with the question for the transaction's id, in front of COMMIT, so that they
 * cost no round trip of their own; a savepoint keeps what is wrong with them away from the step. A
 * statement that runs outside of a transaction is noted before it is sent: should all else be lost,
 * the database itself says what was on its way.
 *
 * Whatever goes wrong with it, the run goes on with the local journal, and says so once.
 */
#include "config.h"

#include <inttypes.h>

#include "base/arena.h"
#include "base/str.h"
#include "postgres/query.h"
#include "postgres/version.h"
#include "run/runner_private.h"
#include "sql/render.h"

static const char xid_sql[] = "SELECT pg_catalog.txid_current_if_assigned()";

/* -- whether it is used -------------------------------------------------------------------------
 */

static void turn_off(struct runner *r, const char *reason)
{
    r->schema.state = SCHEMA_OFF;
    struct run_event extra = {
        .rows = -1,
        .text = arena_printf(r->arena, "the run is journalled in local files only: %s", reason)};
    runner_note_schema(r, false, reason);
    runner_emit(r, RUN_EVENT_JOURNAL, r->next, &extra);
}

static void turn_on(struct runner *r)
{
    r->schema.state = SCHEMA_USED;
    runner_note_schema(r, true, NULL);
}

bool runner_schema_prepare(struct runner *r)
{
    const char *schema = r->settings.journal_schema;
    if (r->schema.state != SCHEMA_UNTRIED)
        return false;
    if (!r->journal || !schema || !*schema) {
        r->schema.state = SCHEMA_OFF;
        return false;
    }
    if (r->settings.journal_schema_unwanted) {
        turn_off(r, r->settings.journal_schema_unwanted);
        return false;
    }
    const char *params[JOURNAL_SCHEMA_PARAMS] = {schema, journal_schema_table(schema).name};
    runner_send(r, ACTION_SCHEMA_FIND, journal_schema_find_sql, params, JOURNAL_SCHEMA_PARAMS);
    return true;
}

static void bring_up_to_date(struct runner *r, const struct name_list *rows)
{
    struct err err = ERR_INIT;
    const char *sql;
    if (!journal_schema_upgrade(r->arena, r->settings.journal_schema, &r->schema.found, rows, &sql,
                                &err))
        turn_off(r, arena_printf(r->arena, "schema %s is of another version of retort (%s)",
                                 r->settings.journal_schema, err.message));
    else if (sql)
        runner_send(r, ACTION_SCHEMA_MAKE, sql, NULL, 0);
    else
        turn_on(r);
    err_clear(&err);
}

static void take_found(struct runner *r, const struct result *result)
{
    const struct version_table table = journal_schema_table(r->settings.journal_schema);
    const struct name_list none = {0};
    const char *reason =
        journal_schema_check(r->arena, r->settings.journal_schema, result, &r->schema.found);
    if (reason)
        turn_off(r, reason);
    else if (r->schema.found.is_versioned)
        runner_send(r, ACTION_SCHEMA_ROWS, version_read_sql(r->arena, &table), NULL, 0);
    else
        bring_up_to_date(r, &none);
}

/* -- what is written ----------------------------------------------------------------------------
 */

static const char *table_of(struct runner *r, const char *name)
{
    return arena_printf(r->scratch_schema, "%s.%s",
                        sql_identifier(r->scratch_schema, r->settings.journal_schema), name);
}

/* A literal, or NULL. */
static const char *literal(struct runner *r, const char *text)
{
    return text ? sql_string(r->scratch_schema, text) : "NULL";
}

static void add_run(struct runner *r, struct str *out)
{
    const struct runner_identity *who = &r->identity;
    const struct run_resumed *resumed = &r->settings.resumed;
    if (r->schema.run_known)
        return;
    if (resumed->run)
        str_addf(out, "UPDATE %s SET closed = %s WHERE run = %s;\n", table_of(r, "run"),
                 literal(r, resumed->how), literal(r, resumed->run));
    str_addf(out,
             "INSERT INTO %s (run, began_at, operator, os_user, host, retort, verb, target, scope, "
             "continues)\nVALUES (%s, pg_catalog.clock_timestamp(), %s, %s, %s, %s, %s, %s, %s, "
             "%s)\nON CONFLICT (run) DO NOTHING;\n",
             table_of(r, "run"), literal(r, journal_run_id(r->journal)),
             literal(r, r->settings.operator_name ? r->settings.operator_name : ""),
             literal(r, who->os_user), literal(r, who->host), literal(r, PACKAGE_VERSION),
             literal(r, plan_verb_name(r->plan->verb)),
             literal(r, r->plan->target ? r->plan->target : ""),
             literal(r, plan_scope_name(r->plan->scope)), literal(r, r->settings.resumed.run));
}

/* The steps from `from` on, of which all before `to` is committed when this is. */
static void add_steps(struct runner *r, struct str *out, struct position from, struct position to)
{
    str_addf(out,
             "INSERT INTO %s AS s (run, step, revision, verb, from_revision, to_revision, "
             "statements, committed, committed_at, journal_record, journal_hash)\nVALUES ",
             table_of(r, "step"));
    for (size_t i = from.step; i < r->plan->steps.len && i <= to.step; i++) {
        const struct plan_step *step = &r->plan->steps.at[i];
        if (i == to.step && i > from.step && to.statement == 0)
            break;
        str_addf(out,
                 "%s(%s, %zu, %s, %s, %s, %s, %zu, %zu, pg_catalog.clock_timestamp(), %lld, %s)",
                 i > from.step ? ",\n" : "", literal(r, journal_run_id(r->journal)), i,
                 literal(r, step->id), literal(r, plan_verb_name(step->verb)),
                 literal(r, step->from), literal(r, step->to), step->statements.len,
                 i < to.step ? step->statements.len : to.statement,
                 (long long)journal_count(r->journal), literal(r, journal_hash(r->journal)));
    }
    str_add(out, "\nON CONFLICT (run, step) DO UPDATE SET committed = excluded.committed, "
                 "committed_at = excluded.committed_at, journal_record = excluded.journal_record, "
                 "journal_hash = excluded.journal_hash;\n");
}

static void add_statement(struct runner *r, struct str *out, struct position at,
                          bool in_transaction, const struct schema_row *answer)
{
    const struct plan_statement *s = runner_statement_at(r, at);
    bool edited = s->rendered && !str_eq(s->rendered, s->sql);
    str_addf(out, "(%s, %zu, %zu, %s, %s, %s, ", literal(r, journal_run_id(r->journal)), at.step,
             at.statement, in_transaction ? "true" : "false", literal(r, s->sql),
             literal(r, edited ? s->rendered : NULL));
    if (!answer)
        str_add(out, "NULL, NULL, NULL)");
    else if (answer->rows < 0)
        str_addf(out, "%s, NULL, %" PRId64 ")", literal(r, answer->tag), answer->microseconds);
    else
        str_addf(out, "%s, %" PRId64 ", %" PRId64 ")", literal(r, answer->tag), answer->rows,
                 answer->microseconds);
}

/* The statements that were carried out, and the one that is about to be sent (NULL: none). */
static void add_statements(struct runner *r, struct str *out, const struct position *ahead)
{
    size_t count = 0;
    if (r->schema.done.len == 0 && !ahead)
        return;
    str_addf(out,
             "INSERT INTO %s (run, step, statement, in_transaction, sql, rendered, tag, row_count, "
             "microseconds)\nVALUES ",
             table_of(r, "statement"));
    for (size_t i = 0; i < r->schema.done.len; i++) {
        const struct schema_row *row = &r->schema.done.at[i];
        str_add(out, count++ ? ",\n" : "");
        add_statement(r, out, row->at, row->in_transaction, row);
    }
    if (ahead) {
        str_add(out, count++ ? ",\n" : "");
        add_statement(r, out, *ahead, false, NULL);
    }
    str_add(out, "\nON CONFLICT (run, step, statement) DO UPDATE SET tag = excluded.tag, "
                 "row_count = excluded.row_count, microseconds = excluded.microseconds;\n");
}

const char *runner_schema_before_commit(struct runner *r)
{
    bool moves = r->next.step != r->committed.step || r->next.statement != r->committed.statement;
    r->schema.run_sent = r->schema.state == SCHEMA_USED && moves;
    if (!r->schema.run_sent) /* the version table only, say */
        return xid_sql;
    arena_reset(r->scratch_schema);
    struct str out = STR_IN(r->scratch_schema);
    str_add(&out, "SAVEPOINT retort_journal;\n");
    add_run(r, &out);
    add_steps(r, &out, r->committed, r->next);
    add_statements(r, &out, NULL);
    str_addf(&out, "RELEASE SAVEPOINT retort_journal;\n%s", xid_sql);
    return out.ptr;
}

bool runner_schema_note_ahead(struct runner *r)
{
    const struct position *ahead = &r->schema.ahead;
    if (r->schema.state != SCHEMA_USED ||
        (r->schema.has_ahead && ahead->step == r->next.step &&
         ahead->statement == r->next.statement))
        return false;
    arena_reset(r->scratch_schema);
    struct str out = STR_IN(r->scratch_schema);
    add_run(r, &out);
    add_steps(r, &out, r->next, r->next);
    add_statements(r, &out, &r->next);
    r->schema.run_sent = true;
    runner_send(r, ACTION_SCHEMA_AHEAD, out.ptr, NULL, 0);
    return true;
}

/* -- keeping track ------------------------------------------------------------------------------
 */

void runner_schema_take(struct runner *r, struct position at, const struct result *result,
                        int64_t duration)
{
    if (r->schema.state == SCHEMA_OFF)
        return;
    vec_push(r->arena, &r->schema.done,
             ((struct schema_row){.at = at,
                                  .in_transaction = r->in_transaction,
                                  .tag = arena_strdup(r->arena, runner_tag(result)),
                                  .rows = result_affected(result),
                                  .microseconds = duration}));
}

void runner_schema_committed(struct runner *r)
{
    r->schema.run_known =
        r->schema.run_known || (r->schema.run_sent && r->schema.state == SCHEMA_USED);
    r->schema.done.len = 0;
}

void runner_schema_go_back(struct runner *r)
{
    size_t kept = 0;
    for (size_t i = 0; i < r->schema.done.len; i++) {
        struct position at = r->schema.done.at[i].at;
        if (at.step < r->committed.step ||
            (at.step == r->committed.step && at.statement < r->committed.statement))
            r->schema.done.at[kept++] = r->schema.done.at[i];
    }
    r->schema.done.len = kept;
    r->schema.has_ahead = false;
}

/* -- answers ------------------------------------------------------------------------------------
 */

bool runner_schema_done(struct runner *r, const struct result *result)
{
    struct name_list rows;
    enum action action = r->action;
    if (action < ACTION_SCHEMA_FIND || action > ACTION_SCHEMA_AHEAD)
        return false;
    r->action = ACTION_NONE;
    switch (action) {
    case ACTION_SCHEMA_FIND:
        take_found(r, result);
        break;
    case ACTION_SCHEMA_ROWS:
        version_rows(r->arena, result, &rows);
        bring_up_to_date(r, &rows);
        break;
    case ACTION_SCHEMA_MAKE:
        turn_on(r);
        break;
    default: /* ACTION_SCHEMA_AHEAD */
        r->schema.ahead = r->next;
        r->schema.has_ahead = true;
        runner_schema_committed(r);
        break;
    }
    return true;
}

bool runner_schema_failed(struct runner *r, const struct err *err)
{
    bool with_commit = r->action == ACTION_XID && r->schema.state == SCHEMA_USED;
    bool own = r->action >= ACTION_SCHEMA_FIND && r->action <= ACTION_SCHEMA_AHEAD;
    if (!own && !with_commit)
        return false;
    bool again = r->action == ACTION_SCHEMA_MAKE && !r->schema.tried;
    r->action = ACTION_NONE;
    if (again) { /* somebody else may just have made it */
        r->schema.tried = true;
        return true;
    }
    turn_off(r, err->message);
    if (with_commit)
        runner_send(r, ACTION_XID,
                    arena_printf(r->scratch_schema, "ROLLBACK TO SAVEPOINT retort_journal;\n%s",
                                 xid_sql),
                    NULL, 0);
    return true;
}
