/*
 * What a comparison asks the server: do two expressions mean the same? (spec/autogenerate.md,
 * section 5, "Server default".)
 *
 * Alembic executes SELECT <default> = <expression>. That consumes sequence values, and a model's
 * text that is no expression ends the command. Here nothing of a model is executed before the
 * server has said what it is:
 *
 *   1. The server plans, and does not run, a query with the condition <default> = <expression>
 *      (EXPLAIN). What it can compute beforehand it does, and the plan says whether the condition
 *      is always true, never, or depends on a function.
 *   2. On a stable function, now() say, the question is executed: it reads only.
 *   3. On a volatile one, nextval() or random(), or a subquery, it is not: what the server makes of
 *      the two texts decides.
 *   4. Where there is no operator = (json), the two are compared as text, each cast to the column's
 *      type first.
 *   5. What the server does not take (a syntax error, a function that is not there) is UNKNOWN with
 *      the server's message.
 *
 * Each statement is a transaction of its own, READ ONLY, and goes in a way that the server takes for
 * exactly one statement. The same question asked twice is sent once.
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
    const struct table *table; /* from the catalog: whose columns the expressions use (a CHECK, a
                                  predicate); NULL: none, they are defaults */
    enum answer answer;        /* set when asked */
    const char *reason;        /* ANSWER_UNKNOWN: the server's message, in the arena */
};

/*
 * Blocking: answers all. The connection must have no transaction open. False only when the
 * connection is lost or the server refuses to answer anything.
 */
bool question_ask(struct arena *a, struct connection *conn, struct question *questions,
                  size_t count, struct err *err);

/* The same without waiting: as catalog_start() and catalog_step(). */
struct questions *question_start(struct arena *a, struct connection *conn,
                                 struct question *questions, size_t count, struct err *err);
enum progress question_step(struct questions *asking, struct err *err);

#endif
