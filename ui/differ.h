/*
 * Compares the models with the database without making the screen wait, and keeps what came of it:
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

struct log;
struct session;

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
    bool included;
    struct statement_list statements[2]; /* by direction */
    struct err err;                      /* why there is no SQL for it */
};

struct differ {
    enum differ_state state;
    struct arena *arena; /* of the result */
    struct session *session; /* whose models they are; held */
    struct pending_request request;
    struct pending_work *work;
    struct pending pending;
    VEC(struct differ_item) items; /* in the order of pending.differences.items */
    struct err err;
    int64_t started; /* monotonic, for the elapsed time */
};

/* Starts over. The session is held till differ_stop() or the next start. */
void differ_start(struct differ *differ, struct session *session, const struct log *log);

/* Whether an answer is awaited; what to poll, what for, and for how many milliseconds. */
bool differ_is_busy(const struct differ *differ);
int differ_fd(const struct differ *differ);
unsigned differ_wants(const struct differ *differ); /* bits of enum connection_wants */
int differ_timeout(const struct differ *differ);

/* Goes on as far as possible without waiting; true when the state changed. */
bool differ_advance(struct differ *differ);

/* How many items are included. */
size_t differ_included(const struct differ *differ);

/* Disconnects and forgets. */
void differ_stop(struct differ *differ);

#endif
