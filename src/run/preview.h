/*
 * What revisions that ask the database would do to it now: the first driver of live programs.
 *
 * Nothing is written. The connection is read-only for the server (default_transaction_read_only),
 * and all is read in one REPEATABLE READ transaction with a statement_timeout. What a program only
 * reads is executed there; a query that writes fails as the server makes it fail, and ends the
 * preview of that revision. All else is recorded, and its result is not known: a program that looks
 * at it ends there too, with READING_LIVE and the place.
 *
 * Inspections are answered with the catalog as the operations recorded so far would leave it, in
 * this and in earlier revisions of the same preview (schema/replay.h). A query that names a table
 * that is to be changed before is answered by the state before, and says so.
 *
 * What the preview cannot promise: functions that act outside of transactions (dblink, sending
 * signals) do so in a query as well.
 */
#ifndef RUN_PREVIEW_H
#define RUN_PREVIEW_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "run/live_program.h"

struct connection;
struct database_url;
struct log;
struct preview;
struct version_table;

enum {
    PREVIEW_ROWS = 100000,
    PREVIEW_BYTES = 64 << 20,
    PREVIEW_TIMEOUT = 10000,
    PREVIEW_QUESTIONS = 10000, /* of one direction */
};

/* Where a preview finds its database, for who opens one only when it is needed. All borrowed. */
struct preview_source {
    const struct database_url *url;
    const struct log *log; /* NULL: nobody hears of the statements */
    int interrupt;         /* once it is readable the preview is given up; -1: never */
};

struct preview_options {
    struct alembic_project *project;
    /* Connected, without a transaction; the preview's till it is closed. Its connection_interrupt()
     * ends the preview too. */
    struct connection *conn;
    const struct name_list *settings; /* statements that set something (search_path), executed
                                         before all; NULL: none */
    int statement_timeout;   /* milliseconds; 0: PREVIEW_TIMEOUT */
    size_t max_rows;         /* of one query; 0: PREVIEW_ROWS */
    size_t max_bytes;        /* of their text; 0: PREVIEW_BYTES */
    size_t max_questions;    /* of one direction; 0: PREVIEW_QUESTIONS */
};

VEC_DEFINE(preview_counts, size_t);

/* One direction of one revision. */
struct preview_revision {
    enum reading_status status; /* READING_LIVE: it asked, or could not be followed to its end */
    struct statement_list statements;
    struct preview_counts asked_before; /* of each statement: how many questions came before it */
    struct live_asked_list asked;
    struct revision_prints prints; /* before which statement what was printed */
    uint64_t fingerprint;
    struct revision_modules modules; /* that it imports */
    struct err err; /* why it did not come to its end; freed by who has it */
};

/* Blocking: begins the transaction and reads the catalog. False: ERR_DATABASE or ERR_CONNECT. */
bool preview_open(const struct preview_options *options, struct preview **out, struct err *err);

/*
 * Blocking: evaluates one direction, after those before it. request->live and op_text are the
 * preview's own. context is what earlier revisions of the run created, and grows by what this one
 * does; NULL: the revision stands alone. What is in *out lives till the preview is closed, but for
 * err. False: the connection is lost or was interrupted, and the preview is of no use any more.
 */
bool preview_revision(struct preview *preview, const struct reading_request *request,
                      struct sql_context *context, struct preview_revision *out, struct err *err);

/*
 * A direction that asks nothing comes before what is previewed next: later ones see the schema as
 * it will leave it. What it does is not known where it cannot be read.
 */
void preview_follow(struct preview *preview, const struct reading_request *request);

/* The version table will be there, though it is not yet. */
void preview_add_table(struct preview *preview, const struct version_table *table);

/* Ends the transaction and frees all; the connection is as it was. NULL is fine. */
void preview_close(struct preview *preview);

#endif
