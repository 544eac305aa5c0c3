/* What a server said as the answer to a program's question: rows, and errors as psycopg2 words
 * them. */
#ifndef RUN_LIVE_ANSWER_H
#define RUN_LIVE_ANSWER_H

#include "alembic/live.h"

struct arena;
struct err;
struct result;

/* The rows and the row count of a statement that ran; values are borrowed from the result. NULL: it
 * gave nothing. */
void live_answer_rows(struct arena *a, const struct result *result, struct live_answer *out);

/* Appends the rows of a further result of the same query. */
void live_answer_more(struct arena *a, const struct result *more, struct live_answer *out);

/* The refusal of a statement (ERR_DATABASE), copied to the arena. sql is what was sent. */
void live_answer_failure(struct arena *a, const struct err *err, const char *sql,
                         struct live_answer *out);

#endif
