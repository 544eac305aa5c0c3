/*
 * What a comparison asks the server: do two expressions mean the same? (spec/autogenerate.md,
 * section 5, "Server default".)
 *
 * Alembic executes SELECT <default> = <expression>. That consumes sequence values, runs whatever a
 * stranger's models say, and a text that is no expression ends the command. Here nothing of a model
 * is executed before the server has said what it is:
 *
 *   1. The server plans a query with the condition <default> = <expression> and does not run it
 *      (EXPLAIN). What is constant it computes, and the plan says whether the condition is always
 *      true, never true, or depends on a function.
 *   2. On stable functions, now() say: the query is executed. Such functions only read.
 *   3. On a volatile one, nextval() or random(): it is not. What the server makes of each of the
 * two expressions (EXPLAIN VERBOSE) decides, so nextval('s') is nextval('s'::regclass).
 *   4. Where the type has no operator = (json, point): the two are compared as text, each cast to
 *      the column's type first; json as jsonb.
 *   5. What the server does not take (a syntax error, a function that is not there) or what brings
 * a query of its own is ANSWER_UNKNOWN with the reason.
 *
 * Conditions on a table's columns (a CHECK, a predicate) are never executed: rule 3 decides. The
 * table need not have rows, nor the role rights on it.
 *
 * All happens in READ ONLY transactions with a time limit for each statement; a refused one ends
 * its transaction and the next question begins another. Each statement goes in the way that the
 * server takes for exactly one. The same question asked twice is sent once.
 */
#ifndef POSTGRES_QUESTION_H
#define POSTGRES_QUESTION_H

#include <stdbool.h>
#include <stddef.h>

#include "postgres/connection.h"

struct arena;
struct questions;
struct table;

enum answer { ANSWER_UNKNOWN, ANSWER_SAME, ANSWER_DIFFERENT };

struct question {
    const char *database;      /* what the catalog has, as SQL */
    const char *model;         /* what the models say, as SQL */
    const char *type;          /* of the column, as the server names it; NULL: not known */
    const struct table *table; /* of the catalog: whose columns the expressions use, as conditions;
                                  NULL: they are defaults */
    enum answer answer;        /* set when asked */
    const char *reason;        /* ANSWER_UNKNOWN: one line, in the arena */
};

/*
 * Blocking: answers all. The connection must have no transaction open, and has none afterwards.
 * False only when the connection is lost or cannot be used.
 */
bool question_ask(struct arena *a, struct connection *conn, struct question *questions,
                  size_t count, struct err *err);

/* The same without waiting: as catalog_start() and catalog_step(). */
struct questions *question_start(struct arena *a, struct connection *conn,
                                 struct question *questions, size_t count, struct err *err);
enum progress question_step(struct questions *asking, struct err *err);

#endif
