/*
 * What a revision asks the database while it is evaluated, and who answers.
 *
 * Without a struct alembic_live in the host nothing is asked: the connection that a program sees is
 * Alembic's offline mock (engine.h). With one, op.get_bind() is a connection, and everything that
 * the program does goes through ask(), in the order in which it does it: the operations of
 * alembic.op, what it executes itself, and what it wants to know of the catalog. So whoever answers
 * steps the program: ask() blocks the evaluation till there is an answer.
 *
 * The connection, its results and sessions are the Python of lib/_live.py; live.c is what that
 * needs of C, live_catalog.c shows a struct schema as SQLAlchemy's inspector does.
 */
#ifndef ALEMBIC_LIVE_H
#define ALEMBIC_LIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "python/native.h"
#include "schema/op.h"
#include "schema/schema.h"

struct err;

enum live_kind {
    LIVE_EXECUTE, /* carry out an operation; its result is of use only if wants_result */
    LIVE_CATALOG, /* what the database holds, as a struct schema */
};

/* Borrowed for the call of ask(). */
struct live_question {
    enum live_kind kind;
    struct op_origin origin; /* where the program asks */
    const struct op *op;     /* LIVE_EXECUTE: parameters stand in it as literals */
    bool wants_result; /* LIVE_EXECUTE: conn.execute() and the like; false: op.create_table() */
    const char *call;        /* LIVE_CATALOG: "get_columns('users')", to be shown */
    const char *schema, *table; /* LIVE_CATALOG: what it looks at; table NULL: more than one */
    bool all_schemas;        /* LIVE_CATALOG: schemas beyond the search path matter */
};

struct live_column {
    const char *name;
    uint32_t type; /* the OID of the type */
};

/* An error of the server, which the program gets as the exception that SQLAlchemy makes of it. */
struct live_failure {
    const char *sqlstate; /* "42P01"; NULL: there was no error */
    const char *message;  /* as psycopg2 shows it: message, LINE, DETAIL, HINT */
    const char *primary;  /* the message alone */
    const char *constraint, *table, *column; /* that it names; NULL: none */
    const char *sql;      /* the statement that failed */
};

/* Borrowed from who answers till the next ask(). All zero: done, no rows, count not known. */
struct live_answer {
    struct live_failure failure;
    /* LIVE_EXECUTE */
    bool recorded;                     /* it was not executed: what it gives is not known */
    bool only_read;                    /* it was one query; filled in by run/live_program.c */
    const struct live_column *columns; /* column_count 0: it gives no rows */
    size_t column_count;
    const char *const *values;         /* as text, row by row; NULL is null */
    size_t row_count;
    bool has_affected;
    int64_t affected;                  /* rows; -1: the command has no such number */
    /* LIVE_CATALOG */
    const struct schema *catalog;
};

struct alembic_live {
    /*
     * Answers, or false: the evaluation ends here with that err (the program cannot catch it): who
     * answers gave up, or cannot tell. Called on the thread that evaluates.
     */
    bool (*ask)(void *payload, const struct live_question *question, struct live_answer *answer,
                struct err *err);
    /* What the program then got, as Python shows it, shortened; told once for each question that
     * had a result. NULL: nobody wants to know. */
    void (*told)(void *payload, const char *shown);
    /* A type of the server that is given as text; told for each column. NULL as above. */
    void (*as_text)(void *payload, const char *column, uint32_t type);
    void *payload;
    int server_version; /* PQserverVersion(): dialect.server_version_info; 0: not known */
    const char *default_schema; /* current_schema(); NULL: not known */
};

/* Whether questions of this run are answered. */
bool live_is_on(struct py_run *run);

/*
 * The same where the program goes another way with a database than without one: without, it is
 * noted that what is read depends on that (revision_reading.asks).
 */
bool live_decides(struct py_run *run);

/*
 * Carries out the operations that the program has added since the last time. Called where a
 * directive has done its part, so that what the server refuses is raised there. Without a database
 * at hand it does nothing.
 */
void live_flush(struct py_run *run);

/* The end of a direction: the same, and raises what Alembic would meet there, if the program has
 * closed the connection or rolled back the transaction. */
void live_finish(struct py_run *run);

/* The Connection of op.get_bind() and context.bind. */
struct py_value live_connection(struct py_run *run);

/* Whether v is that Connection. */
bool live_is_connection(struct py_run *run, struct py_value v);

/* A function of lib/_live.py by name, called with these arguments. */
struct py_value live_call(struct py_run *run, const char *function, const struct py_value *args,
                          size_t count, struct py_dict *kwargs);

/* What the database holds; call is what is shown of the question. */
const struct schema *live_ask_catalog(struct py_run *run, const char *call, const char *schema,
                                      const char *table);

/* For checkfirst=: whether there is such a table (or view), type, index, sequence now. */
bool live_has_table(struct py_run *run, const char *schema, const char *name);
bool live_has_type(struct py_run *run, const char *schema, const char *name);

/* The native half of lib/_live.py. */
extern const struct py_native_module live_module;

#endif
