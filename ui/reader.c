#include "config.h"

#include "ui/reader.h"

#include "base/arena.h"
#include "base/clock.h"
#include "config/url.h"
#include "postgres/connection.h"
#include "postgres/query.h"
#include "postgres/version.h"

static const char identify_sql[] =
    "SELECT current_database(), current_user, current_setting('server_version'), "
    "pg_is_in_recovery()";

static void finish(struct reader *r, enum reader_state state)
{
    connection_close(r->connection);
    r->connection = NULL;
    r->state = state;
}

void reader_start(struct reader *reader, const struct database_url *url,
                  const struct version_table *table, const struct log *log)
{
    reader_stop(reader);
    reader->arena = arena_new();
    reader->table = *table;
    reader->started = clock_monotonic();
    reader->state = READER_CONNECTING;
    reader->info.host = url->host;
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

bool reader_is_busy(const struct reader *reader)
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

static const char *keep(struct reader *r, const struct result *result, size_t column)
{
    return arena_strdup(r->arena, result_get(result, 0, column));
}

static bool ask(struct reader *r, enum reader_state next)
{
    const char *params[VERSION_FIND_PARAMS];
    const char *sql = identify_sql;
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

/* Takes one answer and asks the next question; false when that cannot be sent. */
static bool take(struct reader *r, const struct result *result)
{
    switch (r->state) {
    case READER_IDENTIFYING:
        r->info.database = keep(r, result, 0);
        r->info.user = keep(r, result, 1);
        r->info.version_text = keep(r, result, 2);
        r->info.in_recovery = result_bool(result, 0, 3);
        r->info.version = connection_server_version(r->connection);
        return ask(r, READER_FINDING);
    case READER_FINDING:
        r->exists = result_rows(result) > 0 && result_bool(result, 0, 1);
        if (r->exists)
            return ask(r, READER_READING);
        finish(r, READER_READY);
        return true;
    case READER_READING:
        version_rows(r->arena, result, &r->rows);
        finish(r, READER_READY);
        return true;
    case READER_OFF:
    case READER_CONNECTING:
    case READER_READY:
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
        if (progress == PROGRESS_FAILED)
            finish(reader, READER_FAILED);
    }
    return changed;
}
