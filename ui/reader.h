/*
 * Reads where the database is, without making the screen wait: connects, asks who and where it is,
 * reads the version table, then (READY by now) who carried out what, as far as the journal in the
 * database tells, and disconnects. The loop polls reader_fd() and calls reader_advance().
 */
#ifndef UI_READER_H
#define UI_READER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/map.h"
#include "postgres/database.h"

struct arena;
struct connection;
struct database_url;
struct log;

enum reader_state {
    READER_OFF, /* there is no database to read */
    READER_CONNECTING,
    READER_IDENTIFYING, /* who and where */
    READER_FINDING,     /* the version table */
    READER_READING,     /* its rows */
    READER_READY,
    READER_FAILED, /* err says why */
};

/* What is asked once the state is READER_READY; what goes wrong with it is of no account. */
enum reader_past {
    PAST_NONE,
    PAST_IDENTIFYING, /* which server it is */
    PAST_FINDING,     /* the journal's tables */
    PAST_READING,
};

struct reader {
    enum reader_state state;
    enum reader_past past;
    struct arena *arena; /* of what was read last */
    struct connection *connection;
    struct version_table table;
    const char *journal_schema; /* "": none */
    bool exists; /* the version table does */
    struct name_list rows;
    struct map applied; /* struct applied by revision */
    struct server_info info;
    struct err err;
    int64_t started; /* monotonic, for the elapsed time */
};

/* Starts over; all that is given is borrowed till reader_stop() or the next start. */
void reader_start(struct reader *reader, const struct database_url *url,
                  const struct version_table *table, const char *journal_schema,
                  const struct log *log);

/* Whether it is not known yet where the database is. */
bool reader_is_busy(const struct reader *reader);
/* Whether an answer is awaited; what to poll, what for, and for how many milliseconds. */
bool reader_is_connected(const struct reader *reader);
int reader_fd(const struct reader *reader);
unsigned reader_wants(const struct reader *reader); /* bits of enum connection_wants */
int reader_timeout(const struct reader *reader);

/* Goes on as far as possible without waiting; true when the state changed. */
bool reader_advance(struct reader *reader);

/* Gives up: it has failed with ERR_CANCELLED. */
void reader_cancel(struct reader *reader);

/* Disconnects and forgets. */
void reader_stop(struct reader *reader);

#endif
