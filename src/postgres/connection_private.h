/* What connection.c and query.c share. Nobody else includes this. */
#ifndef POSTGRES_CONNECTION_PRIVATE_H
#define POSTGRES_CONNECTION_PRIVATE_H

#include <libpq-fe.h>

#include "base/str.h"
#include "base/vec.h"
#include "postgres/connection.h"
#include "postgres/query.h"

struct connection {
    PGconn *pg;
    const struct log *log; /* borrowed */
    server_notice_fn on_notice;
    void *notice_payload;

    int interrupt;      /* readable: waiting is over (connection_interrupt()); -1: none */
    bool interrupted;   /* it was, and what was on its way is being cancelled */

    bool connected;     /* once; it may be lost since */
    bool reached;       /* while connecting: a server answered the socket */
    PostgresPollingStatusType polling;
    int64_t deadline;   /* of connecting, monotonic; 0: none */
    char *target;       /* "database x on host:port", for messages */

    bool busy;          /* a statement is on its way */
    bool unsent;        /* PQflush() has more to send */
    bool copying_out;   /* rows of a COPY TO STDOUT arrive */
    result_fn each;     /* of the statements on their way; NULL: the last result is kept */
    void *each_payload;
    PGresult *last;     /* last result of the statement on its way */
    PGresult *error;    /* its first error */
    struct {
        char *message;  /* NULL: none */
        char sqlstate[6];
    } last_words;       /* FATAL that belongs to no statement: the server ends the session */
    struct str sql;     /* its text, for the error's statement */

    struct {
        bool exceeded;           /* the rest is thrown away */
        size_t rows, bytes;      /* the most that are taken */
        size_t taken, taken_bytes;
        PGresult *result;        /* of the rows so far */
    } limit;

    struct {
        bool on;
        VEC(const char *) sql; /* borrowed */
        size_t answered;
    } pipeline;
};

/* Fills err from libpq's message of a broken connection. Returns false. */
bool connection_lost_err(struct connection *conn, struct err *err);

#endif
