#include "config.h"

#include "postgres/query.h"

#include <assert.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "postgres/connection_private.h"

/* -- errors -------------------------------------------------------------------------------------
 */

static char *field_copy(const PGresult *result, int field)
{
    const char *text = PQresultErrorField(result, field);
    return text ? mem_strdup(text) : NULL;
}

/* DETAIL, and below it the CONTEXT (the line of a PL/pgSQL function, say). */
static char *detail_copy(const PGresult *result)
{
    const char *detail = PQresultErrorField(result, PG_DIAG_MESSAGE_DETAIL);
    const char *context = PQresultErrorField(result, PG_DIAG_CONTEXT);
    if (!context)
        return detail ? mem_strdup(detail) : NULL;
    return mem_printf("%s%s%s", detail ? detail : "", detail ? "\n" : "", context);
}

/* Of the statement that the next answer belongs to. */
static const char *sql_on_its_way(const struct connection *conn)
{
    const size_t last = conn->pipeline.sql.len;
    if (!conn->pipeline.on)
        return conn->sql.ptr;
    return conn->pipeline.sql.at[conn->pipeline.answered < last ? conn->pipeline.answered
                                                                : last - 1];
}

static void result_err(const struct connection *conn, const PGresult *result, struct err *err)
{
    const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    if (message) {
        err_set(err, ERR_DATABASE, "%s", message);
    } else { /* made by libpq itself: text only */
        const char *text = PQresultErrorMessage(result);
        err_set(err, ERR_DATABASE, "%.*s", (int)strcspn(text, "\n"), text);
    }
    const char *sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    if (sqlstate && strlen(sqlstate) == 5)
        memcpy(err->sqlstate, sqlstate, 6);
    err->detail = detail_copy(result);
    mem_free(err->hint);
    err->hint = field_copy(result, PG_DIAG_MESSAGE_HINT);
    err->statement = mem_strdup(sql_on_its_way(conn));
    const char *position = PQresultErrorField(result, PG_DIAG_STATEMENT_POSITION);
    err->position = position ? (int)strtol(position, NULL, 10) : 0;
}

/*
 * The connection broke while a statement was on its way. What the server said last is kept: it
 * tells pg_terminate_backend() (57P01) from a crash.
 */
static enum progress lost(struct connection *conn, struct err *err)
{
    (void)PQisBusy(conn->pg); /* takes what has arrived apart: its last words may be unread */
    if (conn->error && PQresultErrorField(conn->error, PG_DIAG_SQLSTATE)) {
        result_err(conn, conn->error, err);
        char *message = mem_printf("connection to %s lost: %s", conn->target, err->message);
        mem_free(err->message);
        err->message = message;
        err->code = ERR_CONNECT;
    } else if (conn->last_words.message) {
        err_set(err, ERR_CONNECT, "connection to %s lost: %s", conn->target,
                conn->last_words.message);
        memcpy(err->sqlstate, conn->last_words.sqlstate, sizeof(err->sqlstate));
        err->statement = conn->busy ? mem_strdup(sql_on_its_way(conn)) : NULL;
    } else {
        connection_lost_err(conn, err);
        err->statement = conn->busy ? mem_strdup(sql_on_its_way(conn)) : NULL;
    }
    conn->busy = conn->unsent = false;
    return PROGRESS_FAILED;
}

/* -- sending ------------------------------------------------------------------------------------
 */

static void forget_answers(struct connection *conn)
{
    assert(!conn->busy);
    PQclear(conn->last);
    PQclear(conn->error);
    conn->last = conn->error = NULL;
    conn->each = NULL;
    conn->pipeline.on = false;
    PQclear(conn->limit.result);
    conn->limit.result = NULL;
    conn->limit.exceeded = false;
    conn->limit.taken = conn->limit.taken_bytes = 0;
}

/* Lets go what libpq has taken, or says why it has not. */
static bool let_go(struct connection *conn, bool taken, struct err *err)
{
    int left = taken ? PQflush(conn->pg) : -1;
    if (left < 0) {
        if (connection_is_lost(conn))
            return connection_lost_err(conn, err);
        const char *text = PQerrorMessage(conn->pg);
        return err_set(err, ERR_DATABASE, "%.*s", (int)strcspn(text, "\n"), text);
    }
    conn->unsent = left == 1;
    conn->busy = true;
    return true;
}

/* one: the extended protocol, which has no statements behind a semicolon. */
static bool send_sql(struct connection *conn, const char *sql, const char *const *params,
                     size_t count, bool one, struct err *err)
{
    log_line(conn->log, LOG_SQL, "retort.sql", "%s", sql);
    forget_answers(conn);
    str_cut(&conn->sql, 0);
    str_add(&conn->sql, sql);
    int sent = one ? PQsendQueryParams(conn->pg, sql, (int)count, NULL, params, NULL, NULL, 0)
                   : PQsendQuery(conn->pg, sql);
    return let_go(conn, sent == 1, err);
}

bool connection_send(struct connection *conn, const char *sql, const char *const *params,
                     size_t count, struct err *err)
{
    return send_sql(conn, sql, params, count, count > 0, err);
}

bool connection_send_one(struct connection *conn, const char *sql, struct err *err)
{
    return send_sql(conn, sql, NULL, 0, true, err);
}

bool connection_send_limited(struct connection *conn, const char *sql, size_t rows, size_t bytes,
                             struct err *err)
{
    if (!connection_send(conn, sql, NULL, 0, err))
        return false;
    PQsetSingleRowMode(conn->pg); /* in vain: then the limits do not hold */
    conn->limit.rows = rows;
    conn->limit.bytes = bytes;
    return true;
}

bool connection_send_batch(struct connection *conn, const char *sql, result_fn each, void *payload,
                           struct err *err)
{
    if (!connection_send(conn, sql, NULL, 0, err))
        return false;
    conn->each = each;
    conn->each_payload = payload;
    return true;
}

/*
 * Unless it is asked to let go of them, the server keeps answers till the end, or till it has 8 kB
 * of them. Each answer at once is dear where there are many: then a few together.
 */
enum { ANSWERS_APART = 32 };

bool connection_send_pipeline(struct connection *conn, const char *const *sql, size_t count,
                              struct err *err)
{
    forget_answers(conn);
    assert(count > 0);
    conn->pipeline.on = true;
    conn->pipeline.answered = conn->pipeline.sql.len = 0;
    const size_t every = 1 + count / ANSWERS_APART;
    bool taken = PQenterPipelineMode(conn->pg) == 1;
    for (size_t i = 0; taken && i < count; i++) {
        log_line(conn->log, LOG_SQL, "retort.sql", "%s", sql[i]);
        vec_push(NULL, &conn->pipeline.sql, sql[i]);
        taken = PQsendQueryParams(conn->pg, sql[i], 0, NULL, NULL, NULL, NULL, 0) == 1;
        if (taken && (i + 1) % every == 0)
            taken = PQsendFlushRequest(conn->pg) == 1;
    }
    return let_go(conn, taken && PQpipelineSync(conn->pg) == 1, err);
}

/* -- receiving ----------------------------------------------------------------------------------
 */

/* Throws away the rows of a COPY to the client; false when more are to come. */
static bool drain_copy(struct connection *conn)
{
    char *row = NULL;
    int len;
    while ((len = PQgetCopyData(conn->pg, &row, 1)) > 0)
        PQfreemem(row);
    conn->copying_out = len == 0;
    return len != 0; /* -1, -2: over; the next result tells how it ended */
}

/* A row of an answer that may not have too many. */
static void take_row(struct connection *conn, const PGresult *row)
{
    struct err ignored = ERR_INIT;
    if (conn->limit.exceeded)
        return;
    for (int i = 0; i < PQnfields(row); i++)
        conn->limit.taken_bytes += (size_t)PQgetlength(row, 0, i);
    if (++conn->limit.taken > conn->limit.rows || conn->limit.taken_bytes > conn->limit.bytes) {
        conn->limit.exceeded = true;
        connection_cancel(conn, &ignored); /* in vain: the rest comes, and is thrown away */
        err_clear(&ignored);
        return;
    }
    if (!conn->limit.result) {
        conn->limit.result = PQcopyResult(row, PG_COPYRES_ATTRS | PG_COPYRES_TUPLES);
        return;
    }
    int at = PQntuples(conn->limit.result);
    for (int i = 0; i < PQnfields(row); i++) {
        bool is_null = PQgetisnull(row, 0, i) == 1;
        PQsetvalue(conn->limit.result, at, i, is_null ? NULL : PQgetvalue(row, 0, i),
                   is_null ? -1 : PQgetlength(row, 0, i));
    }
}

/* Keeps what PQexec() would: the last result, but the first error. */
static void keep(struct connection *conn, PGresult *result)
{
    switch (PQresultStatus(result)) {
    case PGRES_COPY_OUT:
        conn->copying_out = true;
        PQclear(result);
        break;
    case PGRES_COPY_IN:
    case PGRES_COPY_BOTH:
        PQclear(result);
        PQputCopyEnd(conn->pg, "COPY from the client is not possible here");
        conn->unsent = PQflush(conn->pg) == 1;
        break;
    case PGRES_FATAL_ERROR:
    case PGRES_BAD_RESPONSE:
        PQclear(conn->error ? result : NULL);
        conn->error = conn->error ? conn->error : result;
        break;
    case PGRES_TUPLES_OK:
        if (conn->each) {
            conn->each((const struct result *)result, conn->each_payload);
            PQclear(result);
            break;
        }
        PQclear(conn->last);
        conn->last = conn->limit.result ? conn->limit.result : result;
        PQclear(conn->limit.result ? result : NULL); /* the end: it has no rows */
        conn->limit.result = NULL;
        break;
    case PGRES_SINGLE_TUPLE:
        take_row(conn, result);
        PQclear(result);
        break;
    case PGRES_COMMAND_OK:
        if (*PQcmdStatus(result)) {
            PQclear(conn->last);
            conn->last = result;
            break;
        }
        /* No command has completed: what libpq makes of a description of rows that it reads only
         * when the connection is lost already. */
        PQclear(result);
        break;
    case PGRES_EMPTY_QUERY:
    case PGRES_NONFATAL_ERROR:
    case PGRES_PIPELINE_SYNC:
    case PGRES_PIPELINE_ABORTED:
        PQclear(conn->last);
        conn->last = result;
        break;
    }
}

/* Reads while something is there; true when all results are in. */
static bool take_results(struct connection *conn)
{
    for (;;) {
        if ((conn->copying_out && !drain_copy(conn)) || PQisBusy(conn->pg))
            return false;
        PGresult *result = PQgetResult(conn->pg);
        if (!result)
            return true;
        keep(conn, result);
    }
}

static enum progress finish(struct connection *conn, struct result **out, struct err *err)
{
    conn->busy = conn->unsent = false;
    if (conn->limit.exceeded) {
        err_set(err, ERR_LIMIT, "the query gives more than %zu rows or %zu MB, which is all that "
                                "is taken at once", conn->limit.rows, conn->limit.bytes >> 20);
        err->statement = mem_strdup(sql_on_its_way(conn));
        return PROGRESS_FAILED;
    }
    if (conn->error) {
        result_err(conn, conn->error, err);
        return PROGRESS_FAILED;
    }
    if (out) {
        *out = (struct result *)conn->last;
        conn->last = NULL;
    }
    return PROGRESS_DONE;
}

/* Reads while something is there; true when an answer is complete, or the pipeline (*over). */
static bool take_answer(struct connection *conn, bool *over)
{
    *over = false;
    while (!PQisBusy(conn->pg)) {
        PGresult *result = PQgetResult(conn->pg);
        if (!result)
            return true;
        *over = PQresultStatus(result) == PGRES_PIPELINE_SYNC;
        if (*over || PQresultStatus(result) == PGRES_PIPELINE_ABORTED)
            PQclear(result);
        else
            keep(conn, result);
        if (*over)
            return true;
    }
    return false;
}

/* The answer of the last statement, and an error, are held back till the server is at rest. */
static enum progress receive_next(struct connection *conn, struct result **out, struct err *err)
{
    bool over;
    while (take_answer(conn, &over)) {
        if (over) {
            PQexitPipelineMode(conn->pg);
            enum progress progress = finish(conn, out, err);
            conn->pipeline.on = false;
            return progress;
        }
        if (conn->error || !conn->last) { /* what a broken connection gives has no end */
            if (connection_is_lost(conn))
                break;
            continue;
        }
        if (++conn->pipeline.answered == conn->pipeline.sql.len)
            continue;
        if (out) {
            *out = (struct result *)conn->last;
            conn->last = NULL;
        }
        return PROGRESS_DONE;
    }
    return connection_is_lost(conn) ? lost(conn, err) : PROGRESS_WAITING;
}

enum progress connection_receive(struct connection *conn, struct result **out, struct err *err)
{
    if (out)
        *out = NULL;
    if (conn->unsent)
        conn->unsent = PQflush(conn->pg) == 1;
    PQconsumeInput(conn->pg); /* a failure shows in the status, after what did arrive */
    if (conn->busy && conn->pipeline.on)
        return receive_next(conn, out, err);
    bool all = conn->busy ? take_results(conn) : (PQisBusy(conn->pg), false);
    if (connection_is_lost(conn))
        return lost(conn, err);
    return all ? finish(conn, out, err) : PROGRESS_WAITING;
}

enum progress connection_heard(struct connection *conn, const char *channel, const char *payload,
                               struct err *err)
{
    enum progress progress = connection_receive(conn, NULL, err);
    PGnotify *notify;
    while ((notify = PQnotifies(conn->pg))) {
        if (str_eq(notify->relname, channel) && str_eq(notify->extra, payload) &&
            progress == PROGRESS_WAITING)
            progress = PROGRESS_DONE;
        PQfreemem(notify);
    }
    return progress;
}

/* -- blocking -----------------------------------------------------------------------------------
 */

static void wait_once(const struct connection *conn)
{
    unsigned wants = connection_wants(conn);
    struct pollfd polls[] = {
        {.fd = connection_fd(conn),
         .events = (short)((wants & CONNECTION_WANTS_READ ? POLLIN : 0) |
                           (wants & CONNECTION_WANTS_WRITE ? POLLOUT : 0))},
        {.fd = conn->interrupted ? -1 : conn->interrupt, .events = POLLIN},
    };
    poll(polls, 2, connection_timeout(conn)); /* EINTR: the caller looks again */
}

int connection_interrupt(const struct connection *conn)
{
    return conn->interrupt;
}

static bool is_interrupted(const struct connection *conn)
{
    struct pollfd pfd = {.fd = conn->interrupt, .events = POLLIN};
    return conn->interrupt >= 0 && poll(&pfd, 1, 0) > 0;
}

static bool cancelled(struct err *err)
{
    err_clear(err);
    return err_set(err, ERR_CANCELLED, "cancelled");
}

bool connection_open(const struct database_url *url, const struct log *log, struct connection **out,
                     struct err *err)
{
    return connection_open_until(url, log, -1, out, err);
}

bool connection_open_until(const struct database_url *url, const struct log *log, int interrupt,
                           struct connection **out, struct err *err)
{
    if (!connection_start(url, log, out, err))
        return false;
    (*out)->interrupt = interrupt;
    for (;;) {
        enum progress progress =
            is_interrupted(*out) ? PROGRESS_FAILED : connection_poll(*out, err);
        if (progress == PROGRESS_FAILED && is_interrupted(*out))
            cancelled(err);
        if (progress == PROGRESS_DONE)
            return true;
        if (progress == PROGRESS_FAILED) {
            connection_close(*out);
            *out = NULL;
            return false;
        }
        wait_once(*out);
    }
}

/* Tells the server once that nobody waits any more; its answer ends the statement. */
static void interrupt(struct connection *conn)
{
    struct err ignored = ERR_INIT;
    if (conn->interrupted || !is_interrupted(conn))
        return;
    conn->interrupted = true;
    connection_cancel(conn, &ignored);
    err_clear(&ignored);
}

void connection_wait(struct connection *conn)
{
    wait_once(conn);
    interrupt(conn);
}

bool connection_failed(const struct connection *conn, struct err *err)
{
    return conn->interrupted && cancelled(err);
}

bool connection_query(struct connection *conn, const char *sql, const char *const *params,
                      size_t count, struct result **out, struct err *err)
{
    if (out)
        *out = NULL;
    if (!connection_send(conn, sql, params, count, err))
        return false;
    for (;;) {
        enum progress progress = connection_receive(conn, out, err);
        if (progress != PROGRESS_WAITING)
            return progress == PROGRESS_DONE || connection_failed(conn, err);
        connection_wait(conn);
    }
}

/* -- results: struct result is libpq's PGresult under a name that may leave this folder ----------
 */

static const PGresult *pg(const struct result *result)
{
    return (const PGresult *)result;
}

size_t result_rows(const struct result *result)
{
    return (size_t)PQntuples(pg(result));
}

size_t result_columns(const struct result *result)
{
    return (size_t)PQnfields(pg(result));
}

const char *result_get(const struct result *result, size_t row, size_t column)
{
    assert(row < result_rows(result) && column < result_columns(result));
    if (PQgetisnull(pg(result), (int)row, (int)column))
        return NULL;
    return PQgetvalue(pg(result), (int)row, (int)column);
}

bool result_bool(const struct result *result, size_t row, size_t column)
{
    const char *value = result_get(result, row, column);
    return value && value[0] == 't';
}

/* libpq takes both of these unqualified and changes nothing. */
const char *result_tag(const struct result *result)
{
    return PQcmdStatus((PGresult *)(uintptr_t)result);
}

const char *result_column_name(const struct result *result, size_t column)
{
    return PQfname((const PGresult *)result, (int)column);
}

uint32_t result_column_type(const struct result *result, size_t column)
{
    return PQftype((const PGresult *)result, (int)column);
}

int64_t result_affected(const struct result *result)
{
    const char *text = PQcmdTuples((PGresult *)(uintptr_t)result);
    return *text ? strtoll(text, NULL, 10) : -1;
}

void result_free(struct result *result)
{
    PQclear((PGresult *)result);
}
