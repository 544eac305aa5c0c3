/*
 * Compares the models with the database on a thread of its own, and keeps what came of it:
 * the differences, their SQL both ways, and which of them are to go into a revision.
 *
 * The loop polls differ_fd() and calls differ_advance().
 */
#ifndef UI_DIFFER_H
#define UI_DIFFER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "run/pending.h"
#include "sql/statement.h"

struct background;
struct differ_work;
struct log;
struct session;
struct ui_options;

enum differ_state {
    DIFFER_OFF, /* nothing was compared since the files were read */
    DIFFER_READING,
    DIFFER_READY,
    DIFFER_FAILED, /* err says why */
};

/* One difference with what resolves it, and what takes that back. */
struct differ_item {
    const struct difference *difference;
    const char *name; /* difference_subject() */
    bool included, by_default;
    bool ignored; /* by a rule of the project; never included */
    struct statement_list statements[2]; /* by direction */
    struct err err;                      /* why there is no SQL for it */
};

struct differ {
    enum differ_state state;
    struct arena *arena; /* of the result */
    struct session *session; /* whose models they are: a twin of the console's; NULL till it is
                                there */
    struct background *thread; /* NULL: nothing is being compared */
    struct differ_work *work;  /* what the thread makes */
    const struct log *log;
    struct pending pending;
    VEC(struct differ_item)
    items; /* in the order of pending.differences.items, then those ignored */
    struct err err;
    int64_t started; /* monotonic, for the elapsed time */
};

/*
 * Starts over. All is borrowed till differ_stop() or the next start; the session only for the call.
 */
void differ_start(struct differ *differ, const struct ui_options *options,
                  const struct session *session, const struct log *log);

/* Whether it is still being compared; what to poll for reading (-1: nothing). */
bool differ_is_busy(const struct differ *differ);
int differ_fd(const struct differ *differ);

/* Asks the comparison to end; it then failed with ERR_CANCELLED. Does not wait. */
void differ_cancel(struct differ *differ);

/* True when the comparison has ended. */
bool differ_advance(struct differ *differ);

/* How many items are included. */
size_t differ_included(const struct differ *differ);

/* Gives the comparison up, without waiting, and forgets. */
void differ_stop(struct differ *differ);

#endif
