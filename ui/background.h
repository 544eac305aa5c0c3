/*
 * A piece of work that would make the screen wait, on a thread of its own. It touches nothing that
 * the console does: what it needs it opens itself (session_open()), and what it made is taken when
 * it is over. What it logs is told then too.
 *
 *     background_start(work, payload)
 *     poll(background_fd()) ... background_is_over() ... background_end()
 */
#ifndef UI_BACKGROUND_H
#define UI_BACKGROUND_H

#include <stdbool.h>

#include "base/log.h"

struct background;

/* What the work is given. */
struct background_task {
    void *payload;
    const struct log *log; /* of the work */
    int interrupt;         /* readable: the work is to end soon (postgres/query.h) */
};

typedef void (*background_fn)(const struct background_task *task);
typedef void (*background_discard_fn)(void *payload);

/* NULL: there is no thread for it. payload is the work's till it is over. */
struct background *background_start(background_fn work, void *payload);

int background_fd(const struct background *background); /* readable when it is over */
bool background_is_over(const struct background *background);

/* Asks the work to end: the interrupt is readable, Python is not evaluated on. Does not wait. */
void background_cancel(struct background *background);

/* Cancels it, if it still goes on, waits for its end, and frees; log (may be NULL) gets what it
 * logged. NULL is fine. */
void background_end(struct background *background, const struct log *log);

/*
 * Cancels it and forgets it, without waiting: payload, and what the work made of it, is given to
 * discard when it is over, on its thread if that still goes on. Nothing is logged.
 */
void background_abandon(struct background *background, background_discard_fn discard);

/* Waits till all that were abandoned are over; false: some still go on. */
bool background_settle(int milliseconds);

#endif
