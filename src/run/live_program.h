/*
 * One direction of a revision as a program that is stepped: it is evaluated on a thread of its own
 * and stops wherever it wants something of the database (alembic/live.h) till that is answered. Who
 * steps it (a preview, a run) decides what is executed, where and when.
 *
 *     live_program_start(&request, context, &program, err)
 *     for (;;) {
 *         poll(live_program_fd(program)), meanwhile whatever else
 *         switch (live_program_next(program)) {
 *         case LIVE_RUNNING:  not yet
 *         case LIVE_ASKS:     look at live_program_question(), then live_program_answer()
 *         case LIVE_ENDED:    live_program_reading() says how
 *         }
 *     }
 *     live_program_free(program)
 *
 * Nothing here blocks but live_program_free(), which waits till the evaluation has unwound: that
 * takes as long as the limits of the interpreter allow, usually nothing.
 */
#ifndef RUN_LIVE_PROGRAM_H
#define RUN_LIVE_PROGRAM_H

#include <stdbool.h>

#include "alembic/live.h"
#include "alembic/revision.h"
#include "sql/render.h"
#include "sql/statement.h"

struct arena;
struct err;
struct live_program;

enum live_state {
    LIVE_RUNNING, /* it is evaluated: wait for the file descriptor */
    LIVE_ASKS,    /* it waits for an answer */
    LIVE_ENDED,   /* it came to an end, in whichever way */
};

/* What the program waits for. Lives till the answer. */
struct live_step {
    const struct live_question *question;
    struct statement_list statements; /* LIVE_EXECUTE: what is to run, in order; may be none */
    bool reads; /* its result is wanted, and it is one statement that only reads, as far as its text
                   tells: SELECT or SHOW without functions that do more (sql/calls.h) */
};

struct live_options {
    struct alembic_project *project;
    struct reading_request request;   /* live is set by the program; texts are borrowed */
    const struct sql_context *context; /* what earlier revisions created; copied. NULL: none */
    int server_version;               /* PQserverVersion() */
    const char *default_schema;       /* current_schema(); borrowed; NULL: not known */
};

/* A question that was answered, and what the program got. */
struct live_asked {
    struct op_origin origin;
    const char *sql;    /* of a query; NULL: the catalog was asked */
    const char *call;   /* get_columns('users'); NULL: a query */
    const char *answer; /* as Python shows it, shortened; NULL: the server refused it, or it is not
                           known */
    const char *note;   /* "the column 'x' has a type that is read as text"; NULL: none */
    bool outdated; /* the answer is that of before something that is to be done first changes it */
};
VEC_DEFINE(live_asked_list, struct live_asked);

/* Starts the evaluation. False: there is no thread for it. */
bool live_program_start(const struct live_options *options, struct live_program **out,
                        struct err *err);

/* Readable when live_program_next() has something new to say. */
int live_program_fd(const struct live_program *program);

/* How it stands. Does not block. */
enum live_state live_program_next(struct live_program *program);

/* LIVE_ASKS: what is asked. */
const struct live_step *live_program_step(const struct live_program *program);

/*
 * LIVE_ASKS: the answer, after which the program goes on. What it points to must live till the
 * program asks again or has ended. The failure of a statement is an answer too: the program gets it
 * as an exception, and may go on.
 */
void live_program_answer(struct live_program *program, const struct live_answer *answer);

/* LIVE_ASKS: why the answer is that of before something that is to be done first (copied), shown
 * beside it. */
void live_program_note_outdated(struct live_program *program, const char *note);

/* LIVE_ASKS: ends the evaluation there, with this reason (copied); err's code is kept. */
void live_program_abort(struct live_program *program, const struct err *why);

/*
 * LIVE_ENDED: the status, the error with its place, the operations that were carried out, what was
 * printed. READING_OK: it came to its end. READING_LIVE: it was aborted, or depends on what is not
 * known. Lives as long as the program.
 */
const struct revision_reading *live_program_reading(const struct live_program *program);

/* The questions so far that had answers; grows while it runs, read it when it asks or has ended. */
const struct live_asked_list *live_program_asked(const struct live_program *program);

/* The context for the next revision of the run: what this one has created. */
const struct sql_context *live_program_context(const struct live_program *program);

/* Ends the evaluation, if it still goes on, and frees all. */
void live_program_free(struct live_program *program);

#endif
