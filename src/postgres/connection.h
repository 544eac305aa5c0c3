/*
 * One connection to PostgreSQL, asynchronous: whoever owns it polls connection_fd() for what
 * connection_wants() says and calls on. Nothing here waits; src/postgres/query.h has the blocking
 * forms for commands that ask one thing and end.
 *
 * libpq stays inside this folder. A password goes to libpq as a parameter of its own: it is in no
 * message, no log line and no process argument.
 *
 * What is shown of a connection (is a transaction open? is it lost?) is what libpq has from the
 * server, not what we remember having sent.
 */
#ifndef POSTGRES_CONNECTION_H
#define POSTGRES_CONNECTION_H

#include <stdbool.h>

#include "base/err.h"

struct connection;
struct database_url;
struct log;

/* What a connection attempt, or a statement on its way, waits for. */
enum progress {
    PROGRESS_WAITING, /* poll, then ask again */
    PROGRESS_DONE,
    PROGRESS_FAILED,  /* err says why; see connection_is_lost() */
};

enum connection_wants { CONNECTION_WANTS_READ = 1, CONNECTION_WANTS_WRITE = 2 };

/* PQtransactionStatus(). */
enum transaction_status {
    TRANSACTION_NONE,
    TRANSACTION_ACTIVE, /* a statement is on its way */
    TRANSACTION_OPEN,
    TRANSACTION_FAILED, /* open, and only ROLLBACK is possible */
    TRANSACTION_UNKNOWN, /* the connection is lost */
};

/* A NOTICE, WARNING, ... of the server. All borrowed for the call. */
struct server_notice {
    const char *severity; /* not translated: "NOTICE" */
    const char *sqlstate;
    const char *message, *detail, *hint; /* detail and hint may be NULL */
};

typedef void (*server_notice_fn)(const struct server_notice *notice, void *payload);

/*
 * Starts connecting: application_name retort (unless the URL says otherwise), client_encoding
 * UTF8. The log (may be NULL) gets every statement. False when libpq refuses the parameters.
 */
bool connection_start(const struct database_url *url, const struct log *log,
                      struct connection **out, struct err *err);

/* Closes and frees; an open transaction is rolled back by the server. NULL is fine. */
void connection_close(struct connection *conn);

/* Goes on with connecting, as far as possible without waiting. */
enum progress connection_poll(struct connection *conn, struct err *err);

/* What to poll; -1 when there is no socket. It changes while connecting: ask each time. */
int connection_fd(const struct connection *conn);
unsigned connection_wants(const struct connection *conn);
/* Milliseconds till a connection attempt is given up (connect_timeout, default 10 s); -1: never. */
int connection_timeout(const struct connection *conn);

/* Who gets the statements from now on; NULL: nobody. */
void connection_set_log(struct connection *conn, const struct log *log);

/* Who hears notices; without one they are dropped. */
void connection_on_notice(struct connection *conn, server_notice_fn fn, void *payload);

enum transaction_status connection_transaction(const struct connection *conn);

/* Whether the connection broke: the server's end, the network, or pg_terminate_backend(). */
bool connection_is_lost(const struct connection *conn);

/* Process id of the server's end; 0 when not connected. */
int connection_pid(const struct connection *conn);

/* PQlibVersion(): 150004, of the library that is loaded. */
int connection_library_version(void);

/* PQserverVersion(): 150004. */
int connection_server_version(const struct connection *conn);

/* What the server reported ("standard_conforming_strings", ...); NULL when it did not. */
const char *connection_parameter(const struct connection *conn, const char *name);

/*
 * Asks the server to cancel what it is executing. True means the request was delivered; whether
 * it had an effect is only known from the statement's own answer (SQLSTATE 57014, or success).
 * Opens a second connection for the request and waits till the server closed it.
 */
bool connection_cancel(struct connection *conn, struct err *err);

#endif
