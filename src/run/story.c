#include "config.h"

#include "run/story.h"

#include "base/arena.h"
#include "base/str.h"
#include "sql/parse.h"

struct teller {
    struct arena *arena;
    struct run_story *story;
    struct position at; /* the next statement, as far as is told */
};

static const char *copy(struct teller *t, const json_t *record, const char *key)
{
    return arena_strdup(t->arena, journal_text(record, key, NULL));
}

static const char *copy_or(struct teller *t, const json_t *record, const char *key,
                           const char *otherwise)
{
    const char *text = copy(t, record, key);
    return text ? text : otherwise;
}

static struct position normal(const struct run_story *story, struct position at)
{
    while (at.step < story->steps.len && at.statement > 0 &&
           at.statement >= story->steps.at[at.step].statements.len)
        at = (struct position){at.step + 1, 0};
    return at;
}

static struct position position_of(const json_t *record, const char *key)
{
    const json_t *pair = json_object_get(record, key);
    json_int_t step = json_integer_value(json_array_get(pair, 0));
    json_int_t statement = json_integer_value(json_array_get(pair, 1));
    return (struct position){step > 0 ? (size_t)step : 0,
                                   statement > 0 ? (size_t)statement : 0};
}

/* The statement that a record is about; NULL: the plan has no such. */
static struct story_statement *statement_of(struct teller *t, const json_t *record,
                                            struct position *at)
{
    json_int_t step = journal_number(record, "step"), n = journal_number(record, "statement");
    struct run_story *story = t->story;
    if (step < 0 || n < 0 || (size_t)step >= story->steps.len ||
        (size_t)n >= story->steps.at[step].statements.len)
        return NULL;
    *at = (struct position){(size_t)step, (size_t)n};
    return &story->steps.at[step].statements.at[n];
}

/* -- the kinds of records -----------------------------------------------------------------------
 */

/* More statements in a step than this are a damaged number. */
enum { STATEMENTS_MAX = 1 << 20 };

static void add_step(struct teller *t, const json_t *record)
{
    struct story_step step = {
        .revision = copy(t, record, "revision"),
        .verb = copy_or(t, record, "verb", ""),
        .from = copy_or(t, record, "from", ""),
        .to = copy_or(t, record, "to", ""),
    };
    json_int_t count = journal_number(record, "statements");
    for (json_int_t i = 0; i < count && count < STATEMENTS_MAX; i++)
        vec_push(t->arena, &step.statements,
                 ((struct story_statement){.rows = -1, .microseconds = -1}));
    vec_push(t->arena, &t->story->steps, step);
}

static void take_run(struct teller *t, const json_t *record)
{
    struct run_story *s = t->story;
    size_t i;
    const json_t *value;
    s->operator_name = copy_or(t, record, "operator", "");
    s->os_user = copy_or(t, record, "os_user", "");
    s->host = copy_or(t, record, "host", "");
    s->retort = copy_or(t, record, "retort", "");
    s->verb = copy_or(t, record, "verb", "");
    s->target = copy_or(t, record, "target", "");
    s->scope = copy_or(t, record, "scope", "");
    json_array_foreach(json_object_get(record, "rows"), i, value)
        vec_push(t->arena, &s->rows, arena_strdup(t->arena, json_string_value(value)));
    json_array_foreach(json_object_get(record, "steps"), i, value)
        add_step(t, value);
    json_t *plan = json_object_get(record, "plan");
    s->plan = json_is_object(plan) ? plan : NULL;
    /* A run that goes on with another one begins where that one was. */
    s->committed = t->at = normal(s, position_of(record, "start"));
}

/* The plan was edited in the middle of the run: what is still to come has another length. */
static void take_plan(struct teller *t, const json_t *record)
{
    json_t *plan = json_object_get(record, "plan");
    size_t i;
    const json_t *step;
    if (!json_is_object(plan))
        return;
    t->story->plan = plan;
    json_array_foreach(json_object_get(plan, "steps"), i, step) {
        size_t count = json_array_size(json_object_get(step, "statements"));
        if (i >= t->story->steps.len)
            break;
        struct story_statement_list *list = &t->story->steps.at[i].statements;
        while (list->len < count)
            vec_push(t->arena, list, ((struct story_statement){.rows = -1, .microseconds = -1}));
        list->len = count;
        size_t told = i < t->at.step ? count : i == t->at.step ? t->at.statement : 0;
        for (size_t j = told; j < count; j++)
            list->at[j] = (struct story_statement){.rows = -1, .microseconds = -1};
    }
}

/* A live revision wanted something else than was previewed: its step has another length. */
static void take_revised(struct teller *t, const json_t *record)
{
    const json_t *edit = json_object_get(record, "edit");
    const struct position at = position_of(edit, "at");
    json_int_t count = journal_number(record, "statements");
    if (at.step >= t->story->steps.len || count < 0 || count >= STATEMENTS_MAX)
        return;
    struct story_statement_list *list = &t->story->steps.at[at.step].statements;
    const struct story_statement none = {.rows = -1, .microseconds = -1};
    while (list->len < (size_t)count && at.statement <= list->len)
        vec_insert(t->arena, list, at.statement, none);
    while (list->len > (size_t)count && at.statement < list->len)
        vec_remove(list, at.statement);
}

/* Of ours, or of Alembic's. */
static void take_session(struct teller *t, const json_t *record)
{
    struct story_session session = {
        .pid = arena_printf(t->arena, "%lld", (long long)journal_number(record, "backend_pid")),
        .start = copy_or(t, record, "backend_start", ""),
    };
    vec_push(t->arena, &t->story->sessions, session);
}

static void take_connected(struct teller *t, const json_t *record)
{
    struct run_story *s = t->story;
    s->connected = true;
    s->database = copy_or(t, record, "database", "");
    s->server_host = copy_or(t, record, "server_host", "");
    s->port = copy_or(t, record, "port", "");
    s->user = copy_or(t, record, "user", "");
    s->identity = copy_or(t, record, "identity", "");
    s->database_oid = journal_number(record, "database_oid");
    take_session(t, record);
}

static void take_schema(struct teller *t, const json_t *record)
{
    bool used = json_is_true(json_object_get(record, "used"));
    t->story->schema = used ? copy(t, record, "schema") : NULL;
}

/* A text that ends the transaction itself can have committed, whatever came afterwards. */
static bool may_commit(struct teller *t, const struct story_statement *s)
{
    struct sql_effect effect;
    if (!s->in_transaction)
        return true;
    sql_classify(t->arena, s->sql, 0, &effect);
    return effect.control == SQL_CONTROL_COMMIT;
}

static void take_send(struct teller *t, const json_t *record)
{
    struct position at;
    struct story_statement *s = statement_of(t, record, &at);
    if (!s)
        return;
    *s = (struct story_statement){
        .state = STORY_SENT,
        .sql = copy_or(t, record, "sql", ""),
        .rendered = copy(t, record, "rendered"),
        .in_transaction = json_is_true(json_object_get(record, "in_transaction")),
        .at = copy(t, record, "at"),
        .rows = -1,
        .microseconds = -1,
    };
    t->at = at;
    t->story->statement_sent = may_commit(t, s);
    t->story->next = normal(t->story, (struct position){at.step, at.statement + 1});
}

static void take_done(struct teller *t, const json_t *record)
{
    struct position at;
    struct story_statement *s = statement_of(t, record, &at);
    if (!s)
        return;
    s->state = STORY_EXECUTED;
    s->tag = copy(t, record, "tag");
    s->rows = journal_number(record, "rows");
    s->microseconds = journal_number(record, "microseconds");
    t->at = normal(t->story, (struct position){at.step, at.statement + 1});
    if (t->story->statement_sent)
        t->story->committed = t->at;
    t->story->statement_sent = false;
}

/* What was sent behind a statement that failed, the server passed over. */
static void forget_behind(struct teller *t, struct position at)
{
    for (size_t i = at.step; i < t->story->steps.len; i++) {
        struct story_statement_list *list = &t->story->steps.at[i].statements;
        for (size_t j = i == at.step ? at.statement + 1 : 0; j < list->len; j++)
            if (list->at[j].state == STORY_SENT)
                list->at[j].state = STORY_NOT_SENT;
    }
}

static void take_failed(struct teller *t, const json_t *record)
{
    struct position at;
    struct story_statement *s = statement_of(t, record, &at);
    if (!s)
        return;
    s->state = STORY_FAILED;
    s->sqlstate = copy(t, record, "sqlstate");
    s->message = copy(t, record, "message");
    s->detail = copy(t, record, "detail");
    forget_behind(t, at);
    t->story->statement_sent = false;
}

static void take_skip(struct teller *t, const json_t *record)
{
    struct position at;
    struct story_statement *s = statement_of(t, record, &at);
    if (!s)
        return;
    s->state = STORY_SKIPPED;
    s->sql = copy_or(t, record, "sql", "");
}

static void take_commit(struct teller *t, const json_t *record)
{
    t->story->commit_sent = true;
    t->story->xid = copy_or(t, record, "xid", "");
    t->story->next = t->at;
}

static void take_committed(struct teller *t, const json_t *record)
{
    t->story->committed = normal(t->story, position_of(record, "up_to"));
    t->story->commit_sent = t->story->statement_sent = false;
}

static void undo_statements(struct teller *t, struct position from)
{
    for (size_t i = from.step; i < t->story->steps.len; i++) {
        struct story_statement_list *list = &t->story->steps.at[i].statements;
        for (size_t j = i == from.step ? from.statement : 0; j < list->len; j++)
            if (list->at[j].state == STORY_EXECUTED || list->at[j].state == STORY_SENT)
                list->at[j].state = STORY_ROLLED_BACK;
    }
}

static void take_rolled_back(struct teller *t, const json_t *record)
{
    struct position back = normal(t->story, position_of(record, "back_to"));
    undo_statements(t, back);
    t->at = back;
    t->story->commit_sent = t->story->statement_sent = false;
}

static void take_resolved(struct teller *t, const json_t *record)
{
    if (str_eq(journal_text(record, "what", ""), "committed"))
        t->story->committed = t->story->next;
    else
        undo_statements(t, t->story->committed);
    t->at = t->story->committed;
    t->story->commit_sent = false;
}

static void take_end(struct teller *t, const json_t *record)
{
    struct run_story *s = t->story;
    s->end = str_eq(journal_text(record, "state", ""), "done") ? STORY_DONE : STORY_STOPPED;
    s->message = copy(t, record, "message");
    s->left = json_is_true(json_object_get(record, "left"));
    s->committed = normal(s, position_of(record, "committed"));
    if (!journal_text(record, "unknown", NULL))
        s->commit_sent = s->statement_sent = false;
    if (!s->commit_sent && !s->statement_sent)
        undo_statements(t, s->committed);
}

static void take_closed(struct teller *t, const json_t *record)
{
    t->story->closed = copy_or(t, record, "how", "");
    t->story->closed_by = copy(t, record, "by");
    t->story->closed_at = copy(t, record, "at");
}

static const struct {
    const char *kind;
    void (*take)(struct teller *t, const json_t *record);
} kinds[] = {
    {"plan", take_plan},
    {"revised", take_revised},
    {"schema", take_schema},
    {"run", take_run},           {"connected", take_connected}, {"send", take_send},
    {"done", take_done},         {"failed", take_failed},       {"skip", take_skip},
    {"commit", take_commit},     {"committed", take_committed}, {"rolled_back", take_rolled_back},
    {"resolved", take_resolved}, {"end", take_end},             {"closed", take_closed},
    {"session", take_session},
};

/* -- putting together ---------------------------------------------------------------------------
 */

/* A run that has no end: what was open is rolled back by the server, but for what may be done. */
static void end_of_journal(struct teller *t)
{
    struct run_story *s = t->story;
    if (s->end != STORY_UNFINISHED)
        return;
    if (journal_is_in_use(s->path)) {
        s->end = STORY_RUNNING;
    } else if (!s->commit_sent) {
        struct position from = s->statement_sent ? s->next : s->committed;
        undo_statements(t, from);
    }
}

bool run_story_read(struct arena *a, const struct journal_file *file, struct run_story *out,
                    struct err *err)
{
    struct teller t = {.arena = a, .story = out};
    *out = (struct run_story){
        .run_id = file->run_id, .path = file->path, .end = STORY_UNFINISHED, .xid = ""};
    size_t usable = file->records.len;
    if (usable == 0 || !str_eq(journal_text(file->records.at[0], "kind", ""), "run"))
        return err_set(err, ERR_IO, "%s: this is no journal of a run", file->path);
    for (size_t i = 0; i < usable; i++) {
        const json_t *record = file->records.at[i];
        const char *kind = journal_text(record, "kind", "");
        out->ended = copy_or(&t, record, "at", "");
        if (i == 0)
            out->started = out->ended;
        for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++)
            if (str_eq(kinds[k].kind, kind))
                kinds[k].take(&t, record);
    }
    end_of_journal(&t);
    return true;
}

bool run_story_is_open(const struct run_story *story)
{
    if (story->closed || story->end == STORY_RUNNING || story->end == STORY_DONE)
        return false;
    return story->committed.statement > 0 || story->commit_sent || story->statement_sent ||
           story->left;
}

const char *run_story_state(const struct run_story *story)
{
    switch (story->end) {
    case STORY_RUNNING:
        return "running";
    case STORY_UNFINISHED:
        return "unfinished";
    case STORY_STOPPED:
        return "stopped";
    case STORY_DONE:
        break;
    }
    return "done";
}

const char *run_story_what(struct arena *a, const struct run_story *story)
{
    if (!*story->target)
        return str_eq(story->verb, "stamp") ? "version table" : story->verb;
    return str_eq(story->verb, "stamp")
               ? arena_printf(a, "stamp %s", story->target)
               : arena_printf(a, "%s to %s", story->verb, story->target);
}

static const char *step_name(const struct story_step *step)
{
    if (step->revision)
        return step->revision;
    return *step->to ? step->to : "base";
}

const char *run_story_committed(struct arena *a, const struct run_story *story)
{
    struct position at = story->committed;
    struct str s = STR_IN(a);
    if (at.step == 0 && at.statement == 0)
        return story->steps.len ? "nothing is committed" : "there was nothing to run";
    if (at.step >= story->steps.len)
        return "everything is committed";
    if (at.step > 0)
        str_addf(&s, "revision %s%s committed", step_name(&story->steps.at[at.step - 1]),
                 at.step > 1 ? " and all before it are" : " is");
    if (at.statement > 0)
        str_addf(&s, "%s%zu of %zu statements of revision %s are committed", s.len ? ", " : "",
                 at.statement, story->steps.at[at.step].statements.len,
                 step_name(&story->steps.at[at.step]));
    return s.ptr;
}
