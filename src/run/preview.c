#include "config.h"

#include "run/preview.h"

#include <poll.h>
#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/str.h"
#include "postgres/catalog.h"
#include "postgres/database.h"
#include "postgres/query.h"
#include "run/live_answer.h"
#include "schema/replay.h"
#include "sql/parse.h"
#include "sql/relations.h"
#include "sql/text.h"

enum { VERSION_LENGTH = 32 }; /* of an id in the version table (spec/cli.md, section 5.3) */

/* What a ROLLBACK TO SAVEPOINT of the program comes back to. */
struct saved {
    const char *name;
    struct schema *schema;
};

struct preview {
    struct arena *arena;
    struct preview_options options;
    const char *default_schema;
    struct schema *schema;         /* as the recorded operations leave it */
    struct name_list changed;      /* relations that they name */
    bool changes_unknown;          /* ... and some that are not known */
    VEC(struct saved) saved;
    VEC(struct live_program *) programs; /* what was recorded lives in them */
    bool has_failed;               /* the program's transaction has failed: it can only go back */
    struct result *result;         /* of the last answer, which borrows from it */
    VEC(struct result *) results;  /* ... and from those with the rest of its rows */
    struct preview_revision *revision; /* the one under way */
    struct preview_counts before;      /* statements before each of its operations */
    struct sql_context context;        /* what is only followed has created */
};

/* ------------------------------------------------------------------ reading */

static void drop_result(struct preview *p)
{
    if (p->result)
        result_free(p->result);
    p->result = NULL;
    for (size_t i = 0; i < p->results.len; i++)
        result_free(p->results.at[i]);
    p->results.len = 0;
}

static bool run(struct preview *p, const char *sql, struct err *err)
{
    drop_result(p);
    return connection_query(p->options.conn, sql, NULL, 0, &p->result, err);
}

/* Rows come through a cursor, so that no more of them come than are wanted. */
static const char cursor[] = "SAVEPOINT retort_query;\n"
                             "DECLARE retort_rows NO SCROLL CURSOR FOR\n";
static const char plain[] = "SAVEPOINT retort_query;\n";

enum { FIRST_ROWS = 64 };

static bool has_cursor(const char *sql)
{
    return strncasecmp(sql, "SHOW", 4) != 0;
}

static const char *query_text(struct preview *p, const char *sql, size_t *prefix)
{
    bool has_rows = has_cursor(sql);
    *prefix = has_rows ? sizeof(cursor) - 1 : sizeof(plain) - 1;
    if (!has_rows)
        return arena_printf(p->arena, "%s%s", plain, sql);
    return arena_printf(p->arena, "%s%s\n;\nFETCH FORWARD %d FROM retort_rows", cursor, sql,
                        FIRST_ROWS);
}

static size_t bytes_of(const struct live_answer *answer, size_t from_row)
{
    size_t bytes = 0;
    for (size_t i = from_row * answer->column_count; i < answer->row_count * answer->column_count;
         i++)
        bytes += answer->values[i] ? strlen(answer->values[i]) : 0;
    return bytes;
}

/* The rows behind the first ones: twice as many each time, while they stay within the limits. */
static bool fetch_rest(struct preview *p, struct live_answer *answer, struct err *err)
{
    const size_t max_rows = p->options.max_rows, max_bytes = p->options.max_bytes;
    size_t asked = FIRST_ROWS, got = answer->row_count, bytes = bytes_of(answer, 0);
    while (got == asked && answer->row_count <= max_rows && bytes <= max_bytes) {
        struct result *more;
        size_t before = answer->row_count, left = max_rows + 1 - before;
        asked = 2 * before < left ? 2 * before : left;
        const char *fetch = arena_printf(p->arena, "FETCH FORWARD %zu FROM retort_rows", asked);
        if (!connection_query(p->options.conn, fetch, NULL, 0, &more, err))
            return false;
        vec_push(p->arena, &p->results, more);
        live_answer_more(p->arena, more, answer);
        got = answer->row_count - before;
        bytes += bytes_of(answer, before);
    }
    if (bytes > max_bytes)
        return err_set(err, ERR_LIMIT,
                       "the query gives more than %zu MB, which is all that a preview "
                       "reads",
                       max_bytes >> 20);
    if (answer->row_count > max_rows)
        return err_set(err, ERR_LIMIT, "the query gives more than %zu rows, which is all that a "
                                       "preview reads", max_rows);
    return true;
}

static bool end_query(struct preview *p, struct err *err)
{
    static const char end[] = "ROLLBACK TO SAVEPOINT retort_query; RELEASE SAVEPOINT retort_query";
    return connection_query(p->options.conn, end, NULL, 0, NULL, err);
}

/* What the server refused, told to the program, unless a real run would go another way there. */
static bool refused(struct preview *p, struct err *failure, const char *sql, size_t prefix,
                    struct live_answer *answer, struct err *err)
{
    bool writes = str_eq(failure->sqlstate, "25006"), late = str_eq(failure->sqlstate, "57014");
    if (failure->code != ERR_DATABASE) {
        struct err ignored = ERR_INIT;
        err_move(err, failure);
        if (!connection_is_lost(p->options.conn))
            end_query(p, &ignored);
        err_clear(&ignored);
        return false;
    }
    if (!end_query(p, err))
        return false;
    if (writes || late) {
        err_set(err, ERR_COMMAND, writes ? "a preview writes nothing, and this query does: %s"
                                         : "the query takes too long for a preview: %s",
                failure->message);
        return false;
    }
    failure->position = failure->position > (int)prefix ? failure->position - (int)prefix : 0;
    mem_free(failure->statement);
    failure->statement = NULL;
    live_answer_failure(p->arena, failure, sql, answer);
    p->has_failed = true;
    return true;
}

/* Says that the answer is that of before, where a table of the query is to be changed. */
static void note_changes(struct preview *p, struct live_program *program, const char *sql)
{
    struct name_list names = {0};
    bool known = sql_relations(p->arena, sql, &names);
    bool catalog = strstr(sql, "pg_") || strstr(sql, "information_schema");
    if (p->changes_unknown || ((!known || catalog) && p->changed.len > 0)) {
        live_program_note_outdated(program, "answered by the state before the statements above");
        return;
    }
    for (size_t i = 0; i < names.len; i++)
        for (size_t j = 0; j < p->changed.len; j++)
            if (str_eq(names.at[i], p->changed.at[j])) {
                live_program_note_outdated(program,
                                  arena_printf(p->arena,
                                               "answered by the state before '%s' is changed",
                                               names.at[i]));
                return;
            }
}

static bool answer_query(struct preview *p, struct live_program *program, const char *sql,
                         struct live_answer *answer, struct err *err)
{
    struct err failure = ERR_INIT;
    size_t prefix;
    note_changes(p, program, sql);
    if (!run(p, query_text(p, sql, &prefix), &failure)) {
        bool done = refused(p, &failure, sql, prefix, answer, err);
        err_clear(&failure);
        return done;
    }
    live_answer_rows(p->arena, p->result, answer);
    if (!has_cursor(sql) || fetch_rest(p, answer, &failure))
        return end_query(p, err);
    bool done = refused(p, &failure, sql, 0, answer, err);
    err_clear(&failure);
    return done;
}

static bool answer_catalog(struct preview *p, const struct live_question *q,
                           struct live_answer *answer, struct err *err)
{
    const char *reason = schema_is_unknown(p->schema, q->schema, q->table);
    if (reason)
        return err_set(err, ERR_COMMAND, "%s depends on %s", q->call, reason);
    answer->catalog = p->schema;
    return true;
}

/* ------------------------------------------------------------------ recording */

/* Texts of these define nothing that an inspection tells. */
static bool defines_nothing(const char *tag)
{
    static const char *const tags[] = {
        "SELECT", "INSERT", "UPDATE", "DELETE", "MERGE", "SET", "RESET", "TRUNCATE TABLE",
        "LOCK TABLE", "GRANT", "REVOKE", "ANALYZE", "VACUUM", "REINDEX", "COPY", "NOTIFY",
        "CREATE FUNCTION", "DROP FUNCTION", "CREATE TRIGGER",
        "DROP TRIGGER", "CREATE VIEW", "DROP VIEW", "CREATE EXTENSION", "CREATE SCHEMA",
        "CREATE SEQUENCE", "ALTER SEQUENCE", "CREATE POLICY", "DROP POLICY",
        "REFRESH MATERIALIZED VIEW"};
    for (size_t i = 0; tag && i < sizeof(tags) / sizeof(tags[0]); i++)
        if (str_eq(tags[i], tag))
            return true;
    return false;
}

/* What these change is not told by the relations that they name. */
static bool changes_elsewhere(const char *tag)
{
    static const char *const tags[] = {"ALTER TYPE", "ALTER DOMAIN", "DO", "CALL",
                                       "SELECT",     "CREATE FUNCTION"};
    for (size_t i = 0; tag && i < sizeof(tags) / sizeof(tags[0]); i++)
        if (str_eq(tags[i], tag))
            return true;
    return false;
}

static void note_effect(struct preview *p, const struct statement *s)
{
    struct sql_effect effect;
    sql_classify(p->arena, s->sql, connection_server_version(p->options.conn), &effect);
    p->changes_unknown = p->changes_unknown || changes_elsewhere(effect.tag);
    if (effect.known && effect.statements == 1 &&
        (effect.control == SQL_CONTROL_SAVEPOINT || defines_nothing(effect.tag)))
        return;
    bool single = effect.known && effect.statements == 1 && effect.relation &&
                  !strcasestr(s->sql, "rename to");
    const char *dot = single ? strrchr(effect.relation, '.') : NULL;
    const char *reason = arena_printf(p->arena, "what the statement of line %d does, which is text",
                                      s->origin.revision_line);
    schema_forget(p->arena, p->schema, NULL, !single ? NULL : dot ? dot + 1 : effect.relation,
                  reason);
}

static void save_schema(struct preview *p, const char *name)
{
    vec_push(p->arena, &p->saved, ((struct saved){name, p->schema}));
    p->schema = schema_copy(p->arena, p->schema);
}

static void restore_schema(struct preview *p, const char *name)
{
    p->has_failed = false;
    for (size_t i = p->saved.len; i > 0; i--) {
        if (!str_eq(p->saved.at[i - 1].name, name))
            continue;
        p->schema = schema_copy(p->arena, p->saved.at[i - 1].schema);
        p->saved.len = i;
        return;
    }
}

/* Savepoints of the program: what was recorded behind one is undone with it. */
static void follow_savepoint(struct preview *p, const char *sql)
{
    static const char save[] = "SAVEPOINT ", back[] = "ROLLBACK TO SAVEPOINT ";
    if (str_starts_with(sql, save))
        save_schema(p, sql + sizeof(save) - 1);
    else if (str_starts_with(sql, back))
        restore_schema(p, sql + sizeof(back) - 1);
}

/* What one operation changes for those behind it. */
static void take_over(struct preview *p, const struct op *op, const struct statement_list *list)
{
    bool is_text = op->kind == OP_EXECUTE || op->kind == OP_DDL;
    for (size_t i = 0; i < list->len; i++) {
        const struct statement *s = &list->at[i];
        if (s->kind != STATEMENT_SQL)
            continue;
        follow_savepoint(p, s->sql);
        if (!sql_relations(p->arena, s->sql, &p->changed))
            p->changes_unknown = true;
        if (is_text)
            note_effect(p, s);
    }
    if (op->table)
        vec_push(p->arena, &p->changed, op->table);
    schema_replay(p->arena, p->schema, op);
}

static void record(struct preview *p, struct live_program *program, const struct live_step *step,
                   struct live_answer *answer)
{
    for (size_t i = 0; i < step->statements.len; i++) {
        vec_push(p->arena, &p->revision->statements, step->statements.at[i]);
        vec_push(p->arena, &p->revision->asked_before, live_program_asked(program)->len);
    }
    take_over(p, step->question->op, &step->statements);
    answer->recorded = true;
}

/* ------------------------------------------------------------------ answering */

static bool is_way_back(const struct live_step *step)
{
    return step->question->kind == LIVE_EXECUTE && step->statements.len == 1 &&
           str_starts_with(step->statements.at[0].sql, "ROLLBACK TO ");
}

static bool answer_step(struct preview *p, struct live_program *program, struct err *err)
{
    const struct live_step *step = live_program_step(program);
    struct live_answer answer = {0};
    if (step->question->kind == LIVE_EXECUTE)
        vec_push(p->arena, &p->before, p->revision->statements.len);
    if (live_program_asked(program)->len > p->options.max_questions)
        return err_set(err, ERR_LIMIT,
                       "the revision asks more than %zu questions, which is all that a "
                       "preview answers",
                       p->options.max_questions);
    if (p->has_failed && !is_way_back(step)) {
        answer.failure = (struct live_failure){
            .sqlstate = "25P02",
            .primary = "current transaction is aborted, commands ignored until end of transaction "
                       "block",
            .message = "current transaction is aborted, commands ignored until end of transaction "
                       "block\n",
            .sql = step->statements.len ? step->statements.at[0].sql : "",
        };
    } else if (step->question->kind == LIVE_CATALOG) {
        if (!answer_catalog(p, step->question, &answer, err))
            return false;
    } else if (step->reads) {
        if (!answer_query(p, program, step->statements.at[0].sql, &answer, err))
            return false;
    } else {
        record(p, program, step, &answer);
    }
    live_program_answer(program, &answer);
    return true;
}

/* Steps the program to its end. False: the connection is lost, or it was interrupted. */
static bool follow(struct preview *p, struct live_program *program, struct err *err)
{
    int interrupt = connection_interrupt(p->options.conn);
    for (;;) {
        struct pollfd polls[] = {{.fd = live_program_fd(program), .events = POLLIN},
                                 {.fd = interrupt, .events = POLLIN}};
        poll(polls, 2, -1);
        if (polls[1].revents)
            return err_set(err, ERR_CANCELLED, "cancelled");
        switch (live_program_next(program)) {
        case LIVE_RUNNING:
            break;
        case LIVE_ASKS:
            if (answer_step(p, program, err))
                break;
            live_program_abort(program, err);
            if (err->code == ERR_CANCELLED || connection_is_lost(p->options.conn))
                return false;
            err_clear(err);
            break;
        case LIVE_ENDED:
            return true;
        }
    }
}

/* What was printed stands before operations; shown it stands before statements. */
static void take_prints(struct preview *p, const struct revision_prints *prints)
{
    for (size_t i = 0; i < prints->len; i++) {
        size_t before = prints->at[i].before;
        vec_push(p->arena, &p->revision->prints,
                 ((struct revision_print){before < p->before.len ? p->before.at[before]
                                                                 : p->revision->statements.len,
                                          prints->at[i].text}));
    }
}

static void take_context(struct live_program *program, struct sql_context *context)
{
    const struct map *created = &live_program_context(program)->created_types;
    for (size_t i = 0; context && i < created->len; i++)
        if (!map_has(&context->created_types, created->at[i].key))
            map_put(&context->created_types, created->at[i].key, context);
}

static void take_reading(struct preview *p, const struct revision_reading *reading)
{
    struct preview_revision *out = p->revision;
    take_prints(p, &reading->prints);
    out->fingerprint = reading->fingerprint;
    out->modules = reading->modules;
    err_copy(&out->err, &reading->err);
    out->status = reading->status == READING_OK && out->asked.len > 0 ? READING_LIVE
                                                                      : reading->status;
}

bool preview_revision(struct preview *p, const struct reading_request *request,
                      struct sql_context *context, struct preview_revision *out, struct err *err)
{
    struct live_options options = {
        .project = p->options.project,
        .request = *request,
        .context = context,
        .server_version = connection_server_version(p->options.conn),
        .default_schema = p->default_schema,
    };
    struct live_program *program;
    *out = (struct preview_revision){.err = ERR_INIT};
    if (!live_program_start(&options, &program, err))
        return false;
    p->revision = out;
    p->before.len = 0;
    p->has_failed = false;
    p->saved.len = 0;
    bool stands = follow(p, program, err);
    vec_push(p->arena, &p->programs, program);
    if (!stands)
        return false;
    out->asked = *live_program_asked(program);
    take_reading(p, live_program_reading(program));
    take_context(program, context);
    return true;
}

/* ------------------------------------------------------------------ what is not previewed */

void preview_follow(struct preview *p, const struct reading_request *request)
{
    struct revision_reading reading;
    struct reading_request native = *request;
    struct err ignored = ERR_INIT;
    native.op_text = sql_op_text;
    native.live = NULL;
    alembic_read_revision(p->arena, p->options.project, &native, &reading);
    for (size_t i = 0; i < reading.ops.len; i++) {
        struct statement_list statements = {0};
        if (!sql_render_op(p->arena, &p->context, reading.ops.at[i], &statements, &ignored))
            reading.status = READING_RAISES;
        take_over(p, reading.ops.at[i], &statements);
    }
    if (reading.status != READING_OK) {
        p->changes_unknown = true;
        schema_forget(p->arena, p->schema, NULL, NULL,
                      arena_printf(p->arena, "what %s does, which is not known",
                                   path_base(arena_strdup(p->arena, request->path))));
    }
    err_clear(&ignored);
    revision_reading_clear(&reading);
}

static void add_version_column(struct arena *a, struct table *table)
{
    struct column *column = ARENA_NEW(a, struct column);
    struct type *type = type_new(a, TYPE_SQL_VARCHAR);
    type->length = VERSION_LENGTH;
    column->name.text = column->key = "version_num";
    column->table = table;
    column->type = type;
    column->nullable = NO;
    vec_push(a, &table->columns, column);
}

static void add_version_key(struct arena *a, struct table *table)
{
    struct constraint *key = ARENA_NEW(a, struct constraint);
    key->kind = CONSTRAINT_PRIMARY_KEY;
    key->name.text = arena_printf(a, "%s_pkc", table->name.text);
    vec_push(a, &key->columns, "version_num");
    vec_push(a, &table->constraints, key);
}

void preview_add_table(struct preview *p, const struct version_table *from)
{
    struct op *op = ARENA_NEW(p->arena, struct op);
    struct table *table = ARENA_NEW(p->arena, struct table);
    op->kind = OP_CREATE_TABLE;
    op->schema = table->schema = from->schema ? arena_strdup(p->arena, from->schema) : NULL;
    op->table = arena_strdup(p->arena, from->name);
    table->name.text = op->table;
    add_version_column(p->arena, table);
    if (from->primary_key)
        add_version_key(p->arena, table);
    op->as.create_table.table = table;
    schema_replay(p->arena, p->schema, op);
}

/* ------------------------------------------------------------------ beginning and ending */

static bool begin(struct preview *p, struct err *err)
{
    /*
     * The first query takes the snapshot: from then on nothing can make the transaction writable.
     */
    const char *sql = arena_printf(
        p->arena,
        "SET default_transaction_read_only = on;\n"
        "SET statement_timeout = %d;\n"
        "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY;\n"
        "SELECT pg_catalog.current_schema()",
        p->options.statement_timeout);
    const struct catalog_options options = {.include_schemas = true, .in_transaction = true};
    struct schema found;
    for (size_t i = 0; p->options.settings && i < p->options.settings->len; i++)
        if (!run(p, p->options.settings->at[i], err))
            return false;
    if (!run(p, sql, err))
        return false;
    const char *schema = result_rows(p->result) ? result_get(p->result, 0, 0) : NULL;
    p->default_schema = schema ? arena_strdup(p->arena, schema) : NULL;
    if (!catalog_read(p->arena, p->options.conn, &options, &found, err))
        return false;
    p->schema = schema_copy(p->arena, &found);
    return true;
}

bool preview_open(const struct preview_options *options, struct preview **out, struct err *err)
{
    struct arena *a = arena_new();
    struct preview *p = ARENA_NEW(a, struct preview);
    p->arena = a;
    p->options = *options;
    if (!p->options.statement_timeout)
        p->options.statement_timeout = PREVIEW_TIMEOUT;
    if (!p->options.max_rows)
        p->options.max_rows = PREVIEW_ROWS;
    if (!p->options.max_bytes)
        p->options.max_bytes = PREVIEW_BYTES;
    if (!p->options.max_questions)
        p->options.max_questions = PREVIEW_QUESTIONS;
    p->context.created_types = MAP_IN(a);
    *out = p;
    if (begin(p, err))
        return true;
    *out = NULL;
    preview_close(p);
    return false;
}

void preview_close(struct preview *p)
{
    static const char end[] = "ROLLBACK;\n"
                              "RESET default_transaction_read_only;\n"
                              "RESET statement_timeout";
    struct err ignored = ERR_INIT;
    if (!p)
        return;
    for (size_t i = 0; i < p->programs.len; i++)
        live_program_free(p->programs.at[i]);
    drop_result(p);
    if (!connection_is_lost(p->options.conn))
        connection_query(p->options.conn, end, NULL, 0, NULL, &ignored);
    err_clear(&ignored);
    arena_free(p->arena);
}
