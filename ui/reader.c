#include "config.h"

#include "ui/reader.h"

#include "base/arena.h"
#include "base/clock.h"
#include "config/url.h"
#include "postgres/connection.h"
#include "postgres/query.h"
#include "postgres/server.h"
#include "postgres/version.h"
#include "run/applied.h"

static void finish(struct reader *r, enum reader_state state)
{
    connection_close(r->connection);
    r->connection = NULL;
    r->state = state;
}

void reader_start(struct reader *reader, const struct database_url *url,
                  const struct version_table *table, const char *journal_schema,
                  const struct log *log)
{
    reader_stop(reader);
    reader->arena = arena_new();
    reader->table = *table;
    reader->journal_schema = journal_schema;
    reader->applied = MAP_IN(reader->arena);
    reader->started = clock_monotonic();
    reader->state = READER_CONNECTING;
    if (!connection_start(url, log, &reader->connection, &reader->err)) {
        reader->connection = NULL;
        reader->state = READER_FAILED;
    }
}

void reader_stop(struct reader *reader)
{
    connection_close(reader->connection);
    err_clear(&reader->err);
    arena_free(reader->arena);
    *reader = (struct reader){.state = READER_OFF};
}

void reader_cancel(struct reader *reader)
{
    err_clear(&reader->err);
    err_set(&reader->err, ERR_CANCELLED, "reading the database was cancelled");
    err_hint(&reader->err, "R reads it again");
    finish(reader, READER_FAILED);
}

bool reader_is_busy(const struct reader *reader)
{
    return reader->connection && reader->past == PAST_NONE;
}

bool reader_is_connected(const struct reader *reader)
{
    return reader->connection != NULL;
}

int reader_fd(const struct reader *reader)
{
    return reader->connection ? connection_fd(reader->connection) : -1;
}

unsigned reader_wants(const struct reader *reader)
{
    return reader->connection ? connection_wants(reader->connection) : 0;
}

int reader_timeout(const struct reader *reader)
{
    return reader->connection ? connection_timeout(reader->connection) : -1;
}

static bool ask(struct reader *r, enum reader_state next)
{
    const char *params[VERSION_FIND_PARAMS];
    const char *sql = server_info_sql;
    size_t count = 0;
    r->state = next;
    if (next == READER_FINDING) {
        version_find_params(&r->table, params);
        sql = version_find_sql;
        count = VERSION_FIND_PARAMS;
    } else if (next == READER_READING) {
        sql = version_read_sql(r->arena, &r->table);
    }
    return connection_send(r->connection, sql, count ? params : NULL, count, &r->err);
}

/* -- the past -----------------------------------------------------------------------------------
 */

static void ask_past(struct reader *r, enum reader_past next)
{
    const struct version_table steps = {.name = "step", .schema = r->journal_schema};
    const char *params[VERSION_FIND_PARAMS];
    const char *sql = server_identity_sql;
    size_t count = 0;
    r->past = next;
    if (next == PAST_FINDING) {
        version_find_params(&steps, params);
        sql = version_find_sql;
        count = VERSION_FIND_PARAMS;
    } else if (next == PAST_READING) {
        sql = applied_sql(r->arena, r->journal_schema);
    }
    if (!connection_send(r->connection, sql, count ? params : NULL, count, &r->err)) {
        err_clear(&r->err);
        finish(r, READER_READY);
    }
}

/* Where the database is, is known. */
static void become_ready(struct reader *r)
{
    r->state = READER_READY;
    if (r->info.may_read_identity)
        ask_past(r, PAST_IDENTIFYING);
    else if (*r->journal_schema)
        ask_past(r, PAST_FINDING);
    else
        finish(r, READER_READY);
}

static void take_past(struct reader *r, const struct result *result)
{
    bool exists = r->past == PAST_FINDING && result_rows(result) > 0 && result_bool(result, 0, 1);
    if (r->past == PAST_IDENTIFYING)
        server_identity_read(r->arena, result, &r->info);
    if (r->past == PAST_READING)
        applied_read(r->arena, result, &r->applied);
    if (r->past == PAST_IDENTIFYING && *r->journal_schema)
        ask_past(r, PAST_FINDING);
    else if (exists)
        ask_past(r, PAST_READING);
    else
        finish(r, READER_READY);
}

/* -- where the database is ----------------------------------------------------------------------
 */

/* Takes one answer and asks the next question; false when that cannot be sent. */
static bool take(struct reader *r, const struct result *result)
{
    switch (r->state) {
    case READER_IDENTIFYING:
        server_info_read(r->arena, r->connection, result, &r->info);
        return ask(r, READER_FINDING);
    case READER_FINDING:
        r->exists = result_rows(result) > 0 && result_bool(result, 0, 1);
        if (r->exists)
            return ask(r, READER_READING);
        become_ready(r);
        return true;
    case READER_READING:
        version_rows(r->arena, result, &r->rows);
        become_ready(r);
        return true;
    case READER_READY:
        take_past(r, result);
        return true;
    case READER_OFF:
    case READER_CONNECTING:
    case READER_FAILED:
        break;
    }
    return true;
}

/* One piece of progress; PROGRESS_WAITING when the server has to answer first. */
static enum progress go_on(struct reader *r)
{
    struct result *result = NULL;
    enum progress progress = r->state == READER_CONNECTING
                                 ? connection_poll(r->connection, &r->err)
                                 : connection_receive(r->connection, &result, &r->err);
    if (progress != PROGRESS_DONE)
        return progress;
    bool sent = r->state == READER_CONNECTING ? ask(r, READER_IDENTIFYING) : take(r, result);
    result_free(result);
    return sent ? PROGRESS_DONE : PROGRESS_FAILED;
}

bool reader_advance(struct reader *reader)
{
    bool changed = false;
    while (reader->connection) {
        enum progress progress = go_on(reader);
        if (progress == PROGRESS_WAITING)
            return changed;
        changed = true;
        if (progress != PROGRESS_FAILED)
            continue;
        if (reader->state == READER_READY)
            err_clear(&reader->err); /* the past is of no account */
        finish(reader, reader->state == READER_READY ? READER_READY : READER_FAILED);
    }
    return changed;
}
