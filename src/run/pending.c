#include "config.h"

#include "run/pending.h"

#include <poll.h>

#include "alembic/env_compare.h"
#include "base/arena.h"
#include "base/str.h"
#include "postgres/catalog.h"
#include "postgres/query.h"
#include "postgres/question.h"
#include "postgres/server.h"
#include "postgres/version.h"
#include "run/journal_schema.h"
#include "run/ignore.h"
#include "run/pending_private.h"
#include "run/plan.h"

/* What the server is busy with. */
enum stage {
    STAGE_CONNECTING,
    STAGE_INFO,
    STAGE_FIND_TABLE,
    STAGE_ROWS,
    STAGE_CATALOG,
    STAGE_QUESTIONS,
};

struct pending_work {
    struct arena *arena;
    const struct pending_request *request;
    struct pending *out;
    struct connection *conn;
    enum stage stage;
    struct version_table table;
    struct catalog_options catalog_options;
    struct catalog_reader *catalog;
    struct compare_questions asked; /* with their answers */
    struct question *questions;     /* on their way; they stand for asked.at[first] and on */
    size_t first, count;
    struct questions *asking;
};

/* ------------------------------------------------------------------ before the server */

static bool type_is_vector(const struct type *type)
{
    type = type_element(type);
    switch (type ? (int)type->kind : TYPE_NULL) {
    case TYPE_VECTOR:
    case TYPE_HALFVEC:
    case TYPE_SPARSEVEC:
    case TYPE_VECTOR_BIT:
        return true;
    default:
        return false;
    }
}

static bool uses_pgvector(const struct schema *models)
{
    for (size_t i = 0; i < models->tables.len; i++) {
        const struct table *t = models->tables.at[i];
        for (size_t k = 0; k < t->columns.len; k++)
            if (type_is_vector(t->columns.at[k]->type))
                return true;
    }
    return false;
}

/* retort's own journal is of no concern to models, even where all schemas are looked into. */
static bool is_of_project(const char *schema, const char *table, void *payload)
{
    return !table || !str_eq(schema, payload) || !journal_schema_has(table);
}

static bool read_models(struct pending_work *w, struct err *err)
{
    const char *journal;
    if (!journal_schema_name(w->arena, w->request->project->config, &journal, err))
        return false;
    struct pending *out = w->out;
    if (!alembic_models_read(w->arena, w->request->project, &out->models, err))
        return false;
    const struct env_options *env = &out->models.script.options;
    if (!pending_options(w->arena, env, &out->options, err))
        return false;
    w->table = plan_version_table(env);
    w->catalog_options.include_schemas = env->include_schemas;
    w->catalog_options.include = is_of_project;
    w->catalog_options.payload = (void *)(uintptr_t)journal;
    w->catalog_options.has_pgvector = uses_pgvector(&out->models.schema);
    return true;
}

/* Reads the models, and begins to connect. NULL: it failed at once. */
static struct pending_work *begin(struct arena *a, const struct pending_request *request,
                                  struct pending *out, struct err *err)
{
    struct pending_work *w = ARENA_NEW(a, struct pending_work);
    w->arena = a;
    w->request = request;
    w->out = out;
    *out = (struct pending){.outdated = ERR_INIT};
    if (read_models(w, err) && connection_start(request->url, request->log, &w->conn, err))
        return w;
    pending_clear(out);
    return NULL;
}

/* ------------------------------------------------------------------ the version table */

static bool has_id(const struct name_list *ids, const char *id)
{
    for (size_t i = 0; i < ids->len; i++)
        if (str_eq(ids->at[i], id))
            return true;
    return false;
}

/* Whether the rows, as revisions, are the heads: else no revision can be made. */
static bool check_heads(struct pending_work *w, struct err *err)
{
    const struct graph *graph = w->request->graph;
    struct revision_list current = {0};
    struct name_list ids = {0};
    if (!graph)
        return true;
    if (!graph_current(w->arena, graph, &w->out->rows, &current, err))
        return false;
    for (size_t i = 0; i < current.len; i++)
        vec_push(w->arena, &ids, current.at[i]->header->id);
    bool same = ids.len == graph->real_heads.len;
    for (size_t i = 0; same && i < graph->real_heads.len; i++)
        same = has_id(&ids, graph->real_heads.at[i]->header->id);
    if (!same)
        err_set(&w->out->outdated, ERR_COMMAND, "Target database is not up to date.");
    return true;
}

/* ------------------------------------------------------------------ comparing */

static enum progress ask(struct pending_work *w, struct err *err)
{
    w->first = 0;
    while (w->first < w->asked.len && w->asked.at[w->first].answer != COMPARE_PENDING)
        w->first++;
    w->count = w->asked.len - w->first;
    w->questions = ARENA_ARRAY(w->arena, w->count, struct question);
    for (size_t i = 0; i < w->count; i++) {
        const struct compare_question *q = &w->asked.at[w->first + i];
        w->questions[i] = (struct question){
            .database = q->database, .model = q->model, .type = q->type, .table = q->table};
    }
    w->stage = STAGE_QUESTIONS;
    w->asking = question_start(w->arena, w->conn, w->questions, w->count, err);
    return w->asking ? PROGRESS_WAITING : PROGRESS_FAILED;
}

static void take_answers(struct pending_work *w)
{
    static const enum compare_answer answers[] = {
        [ANSWER_UNKNOWN] = COMPARE_REFUSED,
        [ANSWER_SAME] = COMPARE_SAME,
        [ANSWER_DIFFERENT] = COMPARE_OTHER,
    };
    for (size_t i = 0; i < w->count; i++) {
        w->asked.at[w->first + i].answer = answers[w->questions[i].answer];
        w->asked.at[w->first + i].reason = w->questions[i].reason;
    }
}

static enum progress compare(struct pending_work *w, struct err *err)
{
    struct pending *out = w->out;
    if (!compare_schemas(w->arena, &out->models.schema, &out->database, &out->options, &w->asked,
                         &out->differences, err))
        return PROGRESS_FAILED;
    if (compare_is_pending(&w->asked))
        return ask(w, err);
    return ignore_apply(w->arena, w->request->project->config, &out->differences, err)
               ? PROGRESS_DONE
               : PROGRESS_FAILED;
}

/* ------------------------------------------------------------------ one answer after another */

static enum progress send(struct pending_work *w, enum stage stage, const char *sql,
                          const char *const *params, size_t count, struct err *err)
{
    w->stage = stage;
    return connection_send(w->conn, sql, params, count, err) ? PROGRESS_WAITING : PROGRESS_FAILED;
}

static enum progress read_catalog(struct pending_work *w, struct err *err)
{
    w->stage = STAGE_CATALOG;
    w->catalog = catalog_start(w->arena, w->conn, &w->catalog_options, &w->out->database, err);
    return w->catalog ? PROGRESS_WAITING : PROGRESS_FAILED;
}

static enum progress take_rows(struct pending_work *w, const struct result *result, struct err *err)
{
    if (result)
        version_rows(w->arena, result, &w->out->rows);
    return check_heads(w, err) ? read_catalog(w, err) : PROGRESS_FAILED;
}

/* What comes after the answer of a plain query. */
static enum progress take_result(struct pending_work *w, const struct result *result,
                                 struct err *err)
{
    const char *params[VERSION_FIND_PARAMS];
    if (w->stage == STAGE_ROWS)
        return take_rows(w, result, err);
    if (w->stage == STAGE_FIND_TABLE)
        return result_bool(result, 0, 1)
                   ? send(w, STAGE_ROWS, version_read_sql(w->arena, &w->table), NULL, 0, err)
                   : take_rows(w, NULL, err);
    server_info_read(w->arena, w->conn, result, &w->out->server);
    if (!server_check(&w->out->server, err))
        return PROGRESS_FAILED;
    version_find_params(&w->table, params);
    return send(w, STAGE_FIND_TABLE, version_find_sql, params, VERSION_FIND_PARAMS, err);
}

static enum progress receive(struct pending_work *w, struct err *err)
{
    struct result *result = NULL;
    enum progress progress = connection_receive(w->conn, &result, err);
    if (progress == PROGRESS_DONE)
        progress = take_result(w, result, err);
    result_free(result);
    return progress;
}

static enum progress take_step(struct pending_work *w, struct err *err)
{
    enum progress progress;
    switch (w->stage) {
    case STAGE_CONNECTING:
        progress = connection_poll(w->conn, err);
        return progress == PROGRESS_DONE ? send(w, STAGE_INFO, server_info_sql, NULL, 0, err)
                                         : progress;
    case STAGE_CATALOG:
        progress = catalog_step(w->catalog, err);
        return progress == PROGRESS_DONE ? compare(w, err) : progress;
    case STAGE_QUESTIONS:
        progress = question_step(w->asking, err);
        if (progress != PROGRESS_DONE)
            return progress;
        take_answers(w);
        return compare(w, err);
    case STAGE_INFO:
    case STAGE_FIND_TABLE:
    case STAGE_ROWS:
        break;
    }
    return receive(w, err);
}

/* ------------------------------------------------------------------ all of it */

/* Till the server has answered, or nobody wants to know. */
static void wait_for(const struct pending_work *w)
{
    unsigned wants = connection_wants(w->conn);
    struct pollfd polls[] = {
        {.fd = connection_fd(w->conn),
         .events = (short)((wants & CONNECTION_WANTS_READ ? POLLIN : 0) |
                           (wants & CONNECTION_WANTS_WRITE ? POLLOUT : 0))},
        {.fd = w->request->interrupt, .events = POLLIN},
    };
    poll(polls, 2, connection_timeout(w->conn)); /* EINTR: looked at again */
}

static bool is_interrupted(const struct pending_request *request)
{
    struct pollfd pfd = {.fd = request->interrupt, .events = POLLIN};
    return request->interrupt >= 0 && poll(&pfd, 1, 0) > 0;
}

/*
 * What was on its way may wait for a lock: the server would go on waiting. Models may have been
 * left out because they were not read to their end, so that this counts whatever came of it.
 */
static void give_up(struct pending_work *w, struct err *err)
{
    struct err ignored = ERR_INIT;
    if (w->stage != STAGE_CONNECTING)
        connection_cancel(w->conn, &ignored);
    err_clear(&ignored);
    err_clear(err);
    err_set(err, ERR_CANCELLED, "cancelled");
}

bool pending_read(struct arena *a, const struct pending_request *request, struct pending *out,
                  struct err *err)
{
    struct pending_work *w = begin(a, request, out, err);
    enum progress progress;
    if (!w)
        return false;
    while ((progress = take_step(w, err)) == PROGRESS_WAITING && !is_interrupted(request))
        wait_for(w);
    if (is_interrupted(request)) {
        give_up(w, err);
        progress = PROGRESS_FAILED;
    }
    connection_close(w->conn);
    if (progress == PROGRESS_FAILED)
        pending_clear(out);
    return progress == PROGRESS_DONE;
}

void pending_clear(struct pending *pending)
{
    models_clear(&pending->models);
    err_clear(&pending->outdated);
}
