/*
 * The one function that sends SQL, and how its answer is read.
 *
 * Everything retort sends to a server passes connection_send(): statements of revisions, BEGIN,
 * catalog reads. It logs each (LOG_SQL) and leaves parameters' values out of the log.
 */
#ifndef POSTGRES_QUERY_H
#define POSTGRES_QUERY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "postgres/connection.h"

struct result; /* rows of an answer; freed with result_free() */

/*
 * Sends SQL. Without parameters (count 0) it goes as a simple query, as psycopg2 does, and may then
 * hold several statements: the server runs them in one implicit transaction unless one is open
 * (PostgreSQL manual, "Multiple Statements in a Simple Query"). With parameters ($1, ..., text
 * form, NULL for null) it must be one statement. False when nothing could be sent.
 */
bool connection_send(struct connection *conn, const char *sql, const char *const *params,
                     size_t count, struct err *err);

/* Sends what the server takes for one statement or refuses: text that others wrote may be in it. */
bool connection_send_one(struct connection *conn, const char *sql, struct err *err);

/*
 * One statement as a simple query, of whose answer no more is kept than that: the rest is thrown
 * away, a cancel is sent, and the answer is ERR_LIMIT.
 */
bool connection_send_limited(struct connection *conn, const char *sql, size_t rows, size_t bytes,
                             struct err *err);

/* Takes the rows of one statement; borrowed for the call. */
typedef void (*result_fn)(const struct result *result, void *payload);

/*
 * Sends several statements as a simple query. The rows of each go to `each` as soon as they are
 * complete, while the server works on the next one, and connection_receive() gives no result.
 * Statements that give no rows (BEGIN) are passed over.
 */
bool connection_send_batch(struct connection *conn, const char *sql, result_fn each, void *payload,
                           struct err *err);

/*
 * A pipeline (PostgreSQL manual, "Pipeline Mode"): statements that are sent without waiting for the
 * answers of those before. connection_receive() then gives the answer of one after the other. The
 * first that fails is the last that is answered: the server passes over all behind it, and the
 * error comes when it has done so. Till the last answer connection_transaction() says ACTIVE.
 *
 * Each text (borrowed till its answer) must be one statement and no COPY from or to the client.
 * False when it could not be sent: the connection is of no use then.
 */
bool connection_send_pipeline(struct connection *conn, const char *const *sql, size_t count,
                              struct err *err);

/*
 * Takes in what has arrived. PROGRESS_DONE: *out (may be NULL) gets the last statement's result.
 * PROGRESS_FAILED: err has SQLSTATE, detail, hint, the statement and the position in it; code is
 * ERR_DATABASE, or ERR_CONNECT when the connection is lost. COPY from or to the client is ended
 * with an error. Without a statement on its way it looks whether the connection still stands.
 */
enum progress connection_receive(struct connection *conn, struct result **out, struct err *err);

/*
 * Takes in what has arrived while no statement is on its way. PROGRESS_DONE: a notification with
 * this payload was among it; others are dropped. PROGRESS_FAILED: the connection is lost.
 */
enum progress connection_heard(struct connection *conn, const char *channel, const char *payload,
                               struct err *err);

/* Blocking: connects. *out is NULL on failure. */
bool connection_open(const struct database_url *url, const struct log *log,
                     struct connection **out, struct err *err);

/*
 * The same, but for a descriptor (-1: none): once that is readable, the blocking forms below and
 * this one wait no longer: ERR_CANCELLED, and the server is told to cancel what is on its way. It
 * is not read, so that it stays readable for all who wait.
 */
bool connection_open_until(const struct database_url *url, const struct log *log, int interrupt,
                           struct connection **out, struct err *err);

/* That descriptor; -1: none. */
int connection_interrupt(const struct connection *conn);

/*
 * Blocking: waits till the connection has what it wants, or a signal came. Once it was interrupted
 * the server has been told, and its answer is waited for.
 */
void connection_wait(struct connection *conn);

/* What failed while it was waited for; after an interrupt that is ERR_CANCELLED. False. */
bool connection_failed(const struct connection *conn, struct err *err);

/* Blocking: sends and waits for the answer. *out may be NULL. */
bool connection_query(struct connection *conn, const char *sql, const char *const *params,
                      size_t count, struct result **out, struct err *err);

size_t result_rows(const struct result *result);
size_t result_columns(const struct result *result);
/* A column's name, borrowed from the result, and the OID of its type. */
const char *result_column_name(const struct result *result, size_t column);
uint32_t result_column_type(const struct result *result, size_t column);
/* A value as text, borrowed from the result; NULL for null. Indices must be in range. */
const char *result_get(const struct result *result, size_t row, size_t column);
/* "t" is true; null is false. */
bool result_bool(const struct result *result, size_t row, size_t column);
/* The command tag: "INSERT 0 1". */
const char *result_tag(const struct result *result);
/* Rows affected; -1 when the command does not say. */
int64_t result_affected(const struct result *result);
void result_free(struct result *result);

#endif
