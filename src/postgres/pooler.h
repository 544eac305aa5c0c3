/*
 * Does a connection pooler keep one server session for each client? Session pooling does, and a run
 * can go through it; transaction pooling gives each transaction to whatever session is free, and
 * would lose the advisory lock, timeouts and what runs outside of transactions.
 *
 * A pooler is not asked, it is tried. The server's process id and a setting must be the same in
 * several transactions, while a second client takes turns with ours, so that a session that is
 * given back is given away. What refutes is certain, but other clients can make it fail to come:
 * hence a proof too, a notification (PostgreSQL manual, LISTEN) that arrives between transactions.
 * The server sends it to the session that listens, and a session that was given back has nobody to
 * pass it on to. Asynchronous, as everything on a connection.
 */
#ifndef POSTGRES_POOLER_H
#define POSTGRES_POOLER_H

#include <poll.h>
#include <stdbool.h>

#include "base/err.h"
#include "postgres/connection.h"

struct database_url;
struct log;
struct pooler_check;

/* Begins on the run's own connection (connected, idle, borrowed). */
bool pooler_check_start(const struct database_url *url, const struct log *log,
                        struct connection *conn, struct pooler_check **out, struct err *err);

/*
 * Goes on as far as possible without waiting. PROGRESS_DONE: the session is kept. PROGRESS_FAILED:
 * it is not, or that could not be found out; err says so. The run's connection is idle then, unless
 * it is lost.
 */
enum progress pooler_check_step(struct pooler_check *check, struct err *err);

/* The second client's connection, to be polled beside the run's; and how long at most. */
struct pollfd pooler_check_poll(const struct pooler_check *check);
int pooler_check_timeout(const struct pooler_check *check);

/* NULL is fine. */
void pooler_check_free(struct pooler_check *check);

#endif
