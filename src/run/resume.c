#include "config.h"

#include "run/resume.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "postgres/query.h"
#include "postgres/version.h"
#include "run/journal.h"
#include "run/plan_json.h"
#include "run/version_sql.h"
#include "schema/identifier.h"
#include "sql/made.h"

/* One look, while it is made. */
struct look {
    struct arena *a;
    struct connection *conn;
    const struct run_story *story;
    struct resume *out;
    enum resume_guess guess;
    struct str text; /* what is found, line by line */
    struct err *err;
};

/* -- which runs ---------------------------------------------------------------------------------
 */

/* From the last record alone: runs that ended well are most of them. */
static bool is_settled(const char *path)
{
    json_t *last = journal_read_last(path);
    const char *kind = journal_text(last, "kind", "");
    bool closed = str_eq(kind, "closed");
    bool ended = str_eq(kind, "end");
    bool done = ended && str_eq(journal_text(last, "state", ""), "done");
    const json_t *position = json_object_get(last, "committed");
    bool whole = ended && json_integer_value(json_array_get(position, 1)) == 0 &&
                 !json_object_get(last, "unknown") && !json_object_get(last, "left");
    json_decref(last);
    return closed || done || whole;
}

bool resume_find(struct arena *a, const char *journal_dir, struct path_list *out, struct err *err)
{
    struct path_list all;
    *out = (struct path_list){0};
    if (!journal_list(a, journal_dir, &all, err))
        return false;
    for (size_t i = 0; i < all.len; i++)
        if (!is_settled(all.at[i]) && !journal_is_in_use(all.at[i]))
            vec_push(a, out, all.at[i]);
    return true;
}

bool resume_is_of(const struct run_story *story, const struct server_info *info)
{
    if (!story->connected || !str_eq(story->database, info->database))
        return false;
    if (*story->identity && *info->identity)
        return str_eq(story->identity, info->identity) &&
               story->database_oid == (int64_t)info->database_oid;
    return str_eq(story->server_host, info->host) && str_eq(story->port, info->port);
}

/* -- asking -------------------------------------------------------------------------------------
 */

/* The first value of an answer in the arena, NULL for none. False: the server cannot be asked. */
static bool ask(struct look *l, const char *sql, const char *const *params, size_t count,
                const char **out)
{
    struct result *result;
    *out = NULL;
    if (!connection_query(l->conn, sql, params, count, &result, l->err))
        return false;
    if (result_rows(result) > 0)
        *out = arena_strdup(l->a, result_get(result, 0, 0));
    result_free(result);
    return true;
}

/* A session of the run that is still there, in words. */
static bool find_sessions(struct look *l, const char **out)
{
    static const char sql[] =
        "SELECT 'session ' || pid || ' of the run is still '"
        " || CASE WHEN state = 'active' THEN 'at work: ' || left(query, 200) ELSE 'there' END\n"
        "FROM pg_catalog.pg_stat_activity\n"
        "WHERE pid = $1::int AND round(1000000 * extract(epoch FROM backend_start))::bigint"
        " = $2::bigint";
    *out = NULL;
    for (size_t i = 0; i < l->story->sessions.len && !*out; i++) {
        const struct story_session *s = &l->story->sessions.at[i];
        const char *params[] = {s->pid, s->start};
        if (*s->start && !ask(l, sql, params, 2, out))
            return false;
    }
    return true;
}

static bool read_rows(struct look *l)
{
    struct result *result;
    const struct version_table *table = &l->out->plan->table;
    const char *params[VERSION_FIND_PARAMS];
    version_find_params(table, params);
    if (!connection_query(l->conn, version_find_sql, params, VERSION_FIND_PARAMS, &result, l->err))
        return false;
    bool exists = result_bool(result, 0, 1);
    result_free(result);
    if (!exists)
        return true;
    if (!connection_query(l->conn, version_read_sql(l->a, table), NULL, 0, &result, l->err))
        return false;
    version_rows(l->a, result, &l->out->rows);
    result_free(result);
    return true;
}

/* Whether the version table has what it has when all before a position is committed. */
static bool has_rows_of(struct look *l, struct position at)
{
    const struct name_list rows = plan_rows_at(l->a, l->out->plan, at);
    return version_rows_same(&l->out->rows, &rows);
}

/* -- what became of a COMMIT --------------------------------------------------------------------
 */

/*
 * The rows of the journal in the database go with the transaction: they tell what the server has
 * forgotten. *known stays false where there are none to tell.
 */
static bool ask_journal(struct look *l, bool *known, bool *committed)
{
    const struct run_story *s = l->story;
    const char *params[] = {s->run_id, arena_printf(l->a, "%zu", s->committed.step)}, *answer;
    if (!s->schema)
        return true;
    const char *sql = arena_printf(l->a,
                                   "SELECT coalesce((SELECT committed FROM %s.step\n"
                                   "WHERE run = $1 AND step = $2::int), 0)",
                                   sql_identifier(l->a, s->schema));
    if (!ask(l, sql, params, 2, &answer)) {
        err_clear(l->err); /* somebody took it away */
        return !connection_is_lost(l->conn);
    }
    *known = true;
    *committed = (size_t)strtoul(answer, NULL, 10) > s->committed.statement;
    return true;
}

/* And last the server itself, which may have forgotten. */
static bool ask_server(struct look *l, bool *known, bool *committed)
{
    static const char fate_sql[] = "SELECT pg_catalog.txid_status($1::bigint)";
    const char *fate;
    if (!ask(l, fate_sql, &l->story->xid, 1, &fate)) {
        err_clear(l->err); /* an id that this server never gave out */
        return !connection_is_lost(l->conn);
    }
    *committed = str_eq(fate, "committed");
    *known = *committed || str_eq(fate, "aborted");
    return true;
}

/*
 * What was committed with it tells first, and the transaction's id last: a server that crashed may
 * have given an id that was not on its disk yet to another transaction.
 */
static bool take_commit(struct look *l)
{
    const struct run_story *s = l->story;
    if (!s->commit_sent)
        return true;
    bool before = has_rows_of(l, s->committed), after = has_rows_of(l, s->next);
    bool wrote = *s->xid != '\0', known = !wrote || before != after;
    bool committed = !wrote || after;
    if ((!known && !ask_journal(l, &known, &committed)) ||
        (!known && !ask_server(l, &known, &committed)))
        return false;
    if (!known && l->guess == RESUME_ASK) {
        l->out->state = RESUME_UNSURE;
        l->out->unsure = s->committed;
        str_add(&l->text, "the last COMMIT had no answer, and whether it took effect cannot be "
                          "found out\n");
        return true;
    }
    if (!known)
        committed = l->guess == RESUME_TAKE_AS_DONE;
    l->out->at = committed ? s->next : s->committed;
    str_addf(&l->text, "the last COMMIT had no answer; it %s\n",
             committed ? "took effect" : "did not take effect");
    return true;
}

/* -- what became of a statement outside of transactions ------------------------------------------
 */

enum presence { ABSENT, PRESENT, INVALID, NOT_KNOWN };

/* Whether what it makes or drops is there. $1: quoted name; $2: the bare name of its part. */
static const char *const presence_sql[] = {
    [SQL_MADE_RELATION] = "SELECT CASE WHEN pg_catalog.to_regclass($1) IS NULL THEN 'absent'\n"
                          "       ELSE 'present' END WHERE $2::text IS NOT NULL",
    [SQL_MADE_INDEX] =
        "SELECT CASE WHEN i.indisvalid AND i.indisready THEN 'present' ELSE 'invalid' END\n"
        "FROM pg_catalog.pg_class c JOIN pg_catalog.pg_index i ON i.indexrelid = c.oid\n"
        "WHERE i.indrelid = pg_catalog.to_regclass($1) AND c.relname = $2\n" /* one that is made */
        "   OR c.oid = pg_catalog.to_regclass($1)", /* one that is dropped */
    [SQL_MADE_TYPE] = "SELECT CASE WHEN pg_catalog.to_regtype($1) IS NULL THEN 'absent'\n"
                      "       ELSE 'present' END WHERE $2::text IS NOT NULL",
    [SQL_MADE_SCHEMA] = "SELECT 'present' FROM pg_catalog.pg_namespace\n"
                        "WHERE nspname = $2 AND $1::text IS NOT NULL",
    [SQL_MADE_EXTENSION] = "SELECT 'present' FROM pg_catalog.pg_extension\n"
                           "WHERE extname = $2 AND $1::text IS NOT NULL",
    [SQL_MADE_COLUMN] = "SELECT 'present' FROM pg_catalog.pg_attribute\n"
                        "WHERE attrelid = pg_catalog.to_regclass($1) AND attname = $2\n"
                        "  AND NOT attisdropped",
    [SQL_MADE_ENUM_VALUE] = "SELECT 'present' FROM pg_catalog.pg_enum\n"
                            "WHERE enumtypid = pg_catalog.to_regtype($1) AND enumlabel = $2",
};

/* A name without its schema means what search_path said then, which the plan may have set. */
static bool sets_search_path(const struct run_story *story)
{
    for (size_t i = 0; i < story->steps.len; i++)
        for (size_t j = 0; j < story->steps.at[i].statements.len; j++) {
            const char *sql = story->steps.at[i].statements.at[j].sql;
            if (sql && strcasestr(sql, "search_path"))
                return true;
        }
    return false;
}

static bool find_presence(struct look *l, const struct sql_made *made, enum presence *out)
{
    const char *params[] = {made->object, made->part}, *answer;
    *out = NOT_KNOWN;
    if (made->kind == SQL_MADE_UNKNOWN || made->kind == SQL_MADE_NOTHING ||
        (!made->is_qualified && sets_search_path(l->story)))
        return true;
    if (!ask(l, presence_sql[made->kind], params, 2, &answer))
        return false;
    *out = str_eq(answer, "present") ? PRESENT : str_eq(answer, "invalid") ? INVALID : ABSENT;
    return true;
}

static void add_leftover(struct look *l, const char *sql)
{
    size_t n = 0, room = sizeof(l->out->leftovers) / sizeof(l->out->leftovers[0]) - 1;
    while (n < room && l->out->leftovers[n])
        n++;
    if (n < room)
        l->out->leftovers[n] = sql;
}

/* REINDEX CONCURRENTLY builds beside the old index: what it left is INVALID and has such a name. */
static bool find_reindex_leftovers(struct look *l, const struct sql_made *made)
{
    static const char sql[] =
        "SELECT 'DROP INDEX CONCURRENTLY IF EXISTS ' || i.indexrelid::regclass\n"
        "FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid\n"
        "WHERE NOT i.indisvalid AND c.relname ~ '_cc(new|old)[0-9]*$'\n"
        "  AND i.indrelid IN (SELECT pg_catalog.to_regclass($1)::oid UNION ALL\n"
        "                     SELECT x.indrelid FROM pg_catalog.pg_index x\n"
        "                     WHERE x.indexrelid = pg_catalog.to_regclass($1))";
    struct result *result;
    if (!*made->object)
        return true;
    if (!connection_query(l->conn, sql, &made->object, 1, &result, l->err))
        return false;
    for (size_t i = 0; i < result_rows(result); i++) {
        const char *drop = arena_strdup(l->a, result_get(result, i, 0));
        str_addf(&l->text, "it left an INVALID index: %s\n", strrchr(drop, ' ') + 1);
        add_leftover(l, drop);
    }
    result_free(result);
    return true;
}

static void judge(struct look *l, struct position at, bool done)
{
    if (done) {
        l->out->at = (struct position){at.step, at.statement + 1};
        if (l->out->at.statement >= l->story->steps.at[at.step].statements.len)
            l->out->at = (struct position){at.step + 1, 0};
    }
}

/* What Alembic carried out is told by the version table alone: it writes that with the rest. */
static bool take_bridge(struct look *l, struct position at, bool is_sent)
{
    const struct story_statement *s = &l->story->steps.at[at.step].statements.at[at.statement];
    bool done = has_rows_of(l, (struct position){at.step + 1, 0});
    str_addf(&l->text, "%s %s: the version table says that it was %scarried out\n", s->sql,
             is_sent ? "was called and has no answer" : "failed", done ? "" : "not ");
    if (!done)
        str_add(&l->text, "what it committed before its end, if anything, is not known\n");
    if (is_sent)
        judge(l, at, done);
    return true;
}

/* The statement that was sent without an answer, or that failed: done, not done, half done? */
static bool take_statement(struct look *l, struct position at, bool is_sent)
{
    const struct story_statement *s = &l->story->steps.at[at.step].statements.at[at.statement];
    struct sql_made made;
    enum presence presence;
    bool loses;
    if (at.step < l->out->plan->steps.len && l->out->plan->steps.at[at.step].bridge)
        return take_bridge(l, at, is_sent);
    sql_made_by(l->a, s->sql, &made);
    if (!find_presence(l, &made, &presence))
        return false;
    str_addf(&l->text, "statement %zu %s: %s\n", at.statement + 1,
             is_sent ? "was sent outside of a transaction and has no answer"
                     : "failed outside of a transaction",
             s->sql);
    bool done = presence == (made.drops ? ABSENT : PRESENT);
    if (presence == INVALID) {
        str_addf(&l->text, "the index %s is there, but INVALID: it was cut off\n", made.part);
        done = false;
        if (!made.drops)
            add_leftover(l, sql_made_undo(l->a, &made, &loses));
    } else if (made.kind == SQL_MADE_NOTHING) {
        str_add(&l->text, "it can be carried out again\n");
        if (!find_reindex_leftovers(l, &made))
            return false;
    } else if (presence == NOT_KNOWN && is_sent && l->guess == RESUME_ASK) {
        str_add(&l->text, "whether it was carried out cannot be found out in the catalog\n");
        l->out->state = RESUME_UNSURE;
        l->out->unsure = at;
    } else if (presence == NOT_KNOWN && is_sent) {
        done = l->guess == RESUME_TAKE_AS_DONE;
        str_addf(&l->text, "it is taken as %s\n", done ? "carried out" : "not carried out");
    } else if (is_sent) {
        str_addf(&l->text, "the catalog says that it was %scarried out\n", done ? "" : "not ");
    }
    if (is_sent)
        judge(l, at, done);
    return true;
}

/* -- the whole ----------------------------------------------------------------------------------
 */

static bool look_at_statement(struct look *l)
{
    struct position at = l->out->at;
    if (at.step >= l->story->steps.len)
        return true;
    const struct story_statement_list *list = &l->story->steps.at[at.step].statements;
    if (at.statement >= list->len || !list->at[at.statement].sql)
        return true;
    const struct story_statement *s = &list->at[at.statement];
    if (s->in_transaction && !l->story->statement_sent)
        return true;
    if (l->story->statement_sent && s->state == STORY_SENT)
        return take_statement(l, at, true);
    return s->state != STORY_FAILED || s->in_transaction || take_statement(l, at, false);
}

/* What the version table says against what was found. */
static void compare_rows(struct look *l)
{
    struct resume *out = l->out;
    if (out->state == RESUME_UNSURE || has_rows_of(l, out->at))
        return;
    struct position after = {out->at.step + 1, 0};
    if (out->at.step < out->plan->steps.len && has_rows_of(l, after)) {
        out->at = after; /* somebody wrote the row by other means */
        str_add(&l->text, "the version table already has the step\n");
        return;
    }
    out->state = RESUME_MOVED_ON;
}

static void set_state(struct look *l)
{
    struct resume *out = l->out;
    if (out->state == RESUME_CLEAN && (out->at.statement > 0 || out->leftovers[0]))
        out->state = RESUME_HALF_DONE;
}

static const char *join(struct arena *a, const struct name_list *names)
{
    struct str s = STR_IN(a);
    for (size_t i = 0; i < names->len; i++)
        str_addf(&s, "%s%s", i > 0 ? ", " : "", names->at[i]);
    return names->len ? s.ptr : "no revision";
}

/* A revision that asks the database is evaluated from its beginning, and it is in its middle. */
static bool is_within_live(const struct resume *out)
{
    bool has_begun = false;
    if (out->at.step >= out->plan->steps.len || !out->plan->steps.at[out->at.step].live)
        return false;
    const struct plan_statement_list *list = &out->plan->steps.at[out->at.step].statements;
    for (size_t i = 0; i < out->at.statement && i < list->len; i++) {
        if (list->at[i].version_row)
            return false;
        has_begun = has_begun || list->at[i].number > 0;
    }
    return has_begun;
}

static void say(struct look *l)
{
    struct resume *out = l->out;
    struct run_story as_found = *l->story;
    const char *id = l->story->run_id;
    as_found.committed = out->at;
    str_addf(&l->text, "%s; the version table is at %s\n", run_story_committed(l->a, &as_found),
             join(l->a, &out->rows));
    switch (out->state) {
    case RESUME_CLEAN:
        str_add(&l->text, "nothing is half done\n");
        out->next = arena_printf(l->a, "`retort resume %s --continue` goes on with it; or make a "
                                       "new plan", id);
        break;
    case RESUME_HALF_DONE:
        out->next = is_within_live(out)
                        ? arena_printf(l->a, "`retort resume %s --undo` takes it back; it cannot go "
                                             "on in the middle of a revision that asks the "
                                             "database", id)
                        : arena_printf(l->a, "`retort resume %s --continue` goes on at statement "
                                             "%zu", id, out->at.statement + 1);
        break;
    case RESUME_UNSURE:
        out->next = arena_printf(l->a, "look at the database; then `retort resume %s --continue "
                                       "--assume done` or `--assume not-done`", id);
        break;
    case RESUME_AT_WORK:
        out->next = "wait till it has ended, or end it with pg_terminate_backend()";
        break;
    case RESUME_MOVED_ON:
        str_add(&l->text, "others have changed the version table since: it cannot be continued\n");
        out->next = arena_printf(l->a, "`retort resume %s --mark-not-done` closes it", id);
        break;
    }
    out->text = l->text.ptr;
}

/* What would take back the committed part of the step; NULL with the reason. */
static bool undo_statements(struct arena *a, const struct resume *resume, struct name_list *out,
                            bool *loses, const char **why)
{
    const struct plan_step *step = &resume->plan->steps.at[resume->at.step];
    *loses = false;
    for (size_t i = resume->at.statement; i > 0; i--) {
        const struct plan_statement *s = &step->statements.at[i - 1];
        struct sql_made made;
        bool this_loses = false;
        sql_made_by(a, s->sql, &made);
        const char *undo = sql_made_undo(a, &made, &this_loses);
        if (!undo) {
            *why = arena_printf(a, "what statement %zu did has no known opposite: %s", i, s->sql);
            return false;
        }
        if (*undo)
            vec_push(a, out, undo);
        *loses = *loses || this_loses;
    }
    return true;
}

static void decide_moves(struct look *l)
{
    struct resume *out = l->out;
    const char **refused = out->refused;
    struct name_list undo = {0};
    bool at_end = out->at.step >= out->plan->steps.len;
    if (out->state == RESUME_AT_WORK)
        for (size_t i = 0; i < RESUME_MOVES; i++)
            refused[i] = "a session of the run is still at work";
    if (out->state == RESUME_UNSURE)
        refused[RESUME_CONTINUE] = refused[RESUME_UNDO] =
            "whether the statement was carried out is not known: --assume done or --assume "
            "not-done says so";
    if (out->state == RESUME_MOVED_ON)
        refused[RESUME_CONTINUE] = refused[RESUME_UNDO] = refused[RESUME_MARK_DONE] =
            "others have changed the version table since";
    if (!refused[RESUME_CONTINUE] && is_within_live(out))
        refused[RESUME_CONTINUE] =
            "the revision asks the database, and what it was answered before "
            "is not known any more: undo what is committed of it, or mark it "
            "done";
    if (out->state == RESUME_CLEAN || at_end)
        refused[RESUME_UNDO] = refused[RESUME_MARK_DONE] = "no step is half done";
    if (!refused[RESUME_UNDO] &&
        undo_statements(l->a, out, &undo, &out->undo_loses, &refused[RESUME_UNDO]) && !undo.len &&
        !out->leftovers[0])
        refused[RESUME_UNDO] = "there is nothing to undo";
}

static bool look(struct look *l)
{
    struct resume *out = l->out;
    const char *session;
    if (!find_sessions(l, &session) || !read_rows(l))
        return false;
    if (session) {
        str_addf(&l->text, "%s\n", session);
        out->state = RESUME_AT_WORK;
    } else {
        if (!take_commit(l) || !look_at_statement(l))
            return false;
        compare_rows(l);
        set_state(l);
    }
    decide_moves(l);
    say(l);
    return true;
}

bool resume_look(struct arena *a, struct connection *conn, const struct journal_file *file,
                 const struct run_story *story, enum resume_guess guess, struct resume *out,
                 struct err *err)
{
    struct look l = {.a = a, .conn = conn, .story = story, .out = out, .guess = guess,
                     .text = STR_IN(a), .err = err};
    *out = (struct resume){.story = story, .at = story->committed};
    if (file->state == JOURNAL_CHANGED) {
        err_set(err, ERR_STALE, "%s: the journal was changed at line %zu: %s", file->path,
                file->line, file->problem);
        return err_hint(err, "what it says of the run cannot be trusted: look at the database, and "
                             "move the file away");
    }
    if (!story->plan) {
        err_set(err, ERR_STALE, "%s holds no plan: an older version of retort wrote it",
                file->path);
        return err_hint(err, "look at the database, and move the file away");
    }
    return plan_from_json(a, story->plan, NULL, &out->plan, err) && look(&l);
}

/* -- moves --------------------------------------------------------------------------------------
 */

const char *resume_move_name(enum resume_move move)
{
    static const char *const names[] = {
        [RESUME_CONTINUE] = "continued",
        [RESUME_UNDO] = "undone",
        [RESUME_MARK_DONE] = "marked done",
        [RESUME_MARK_NOT_DONE] = "marked not done",
    };
    return names[move];
}

static struct plan_statement own_statement(struct arena *a, const char *sql, bool in_transaction)
{
    struct plan_statement s = {.sql = sql, .rendered = "", .in_transaction = in_transaction};
    sql_classify(a, sql, 0, &s.effect);
    return s;
}

/* INVALID indexes go first: each a statement of its own, journalled like all others. */
static void add_leftovers(struct arena *a, const struct resume *resume, struct plan_step *step,
                          size_t at)
{
    for (size_t i = 0; resume->leftovers[i]; i++)
        vec_insert(a, &step->statements, at + i, own_statement(a, resume->leftovers[i], false));
}

/* Only this step, of it only what keep() says; what the plan counts is counted again. */
static struct plan_step *only_step(struct plan *plan, size_t step)
{
    struct plan_step *kept = &plan->steps.at[0];
    *kept = plan->steps.at[step];
    if (kept->live) /* what runs is not the revision */
        kept->rendering.status = READING_OK;
    kept->live = false;
    plan->steps.len = 1;
    plan->rows = kept->rows_before;
    return kept;
}

static void plan_undo(struct arena *a, struct resume *resume)
{
    struct name_list undo = {0};
    bool loses;
    const char *why;
    undo_statements(a, resume, &undo, &loses, &why);
    struct plan_step *step = only_step(resume->plan, resume->at.step);
    step->statements = (struct plan_statement_list){0};
    add_leftovers(a, resume, step, 0);
    for (size_t i = 0; i < undo.len; i++) {
        struct plan_statement s = own_statement(a, undo.at[i], true);
        s.in_transaction = !s.effect.outside_only;
        vec_push(a, &step->statements, s);
    }
    step->changes.len = 0;
    step->rows_after = step->rows_before;
    step->to = step->from;
    resume->plan->target = "what the run found";
}

static void plan_mark_done(struct arena *a, struct resume *resume)
{
    struct plan_step *step = only_step(resume->plan, resume->at.step);
    struct plan_statement_list rows = {0};
    for (size_t i = 0; i < step->statements.len; i++)
        if (step->statements.at[i].version_row)
            vec_push(a, &rows, step->statements.at[i]);
    step->statements = rows;
}

bool resume_plan(struct arena *a, struct resume *resume, enum resume_move move, struct plan **plan,
                 struct position *start, struct err *err)
{
    if (resume->refused[move])
        return err_set(err, ERR_COMMAND, "%s", resume->refused[move]);
    struct plan *p = resume->plan;
    *start = (struct position){0, 0};
    if (move == RESUME_CONTINUE) {
        *start = resume->at;
        if (resume->leftovers[0] && resume->at.step < p->steps.len)
            add_leftovers(a, resume, &p->steps.at[resume->at.step], resume->at.statement);
    } else if (move == RESUME_UNDO) {
        plan_undo(a, resume);
    } else {
        plan_mark_done(a, resume);
    }
    p->statement_count = 0;
    for (size_t i = 0; i < p->steps.len; i++) {
        p->statement_count += p->steps.at[i].statements.len;
        plan_find_segments(a, &p->steps.at[i]);
    }
    *plan = p;
    return true;
}

void resume_close_rows(struct arena *a, struct connection *conn, const struct run_story *story,
                       const char *how)
{
    const char *params[] = {story->run_id, how};
    struct err err = ERR_INIT;
    if (!story->schema)
        return;
    connection_query(conn,
                     arena_printf(a, "UPDATE %s.run SET closed = $2 WHERE run = $1",
                                  sql_identifier(a, story->schema)),
                     params, 2, NULL, &err);
    err_clear(&err);
}

bool resume_close(const char *path, const char *how, const char *operator_name, const char *by,
                  struct err *err)
{
    struct journal *journal;
    if (!journal_reopen(path, &journal, err))
        return false;
    json_t *o = json_object();
    json_object_set_new(o, "how", json_string(how));
    json_object_set_new(o, "operator", operator_name ? json_string(operator_name) : json_null());
    if (by)
        json_object_set_new(o, "by", json_string(by));
    bool ok = journal_record(journal, "closed", o, err);
    journal_close(journal);
    return ok;
}
