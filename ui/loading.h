/*
 * The files being read, on a thread: the screen shows what was read before, or that nothing was,
 * and keys are answered. The loop polls loading_fd() and takes what came of it.
 */
#ifndef UI_LOADING_H
#define UI_LOADING_H

#include <stdbool.h>
#include <stdint.h>

struct background;
struct loading_work;
struct log;
struct session;
struct ui_options;

struct loading {
    struct background *thread; /* NULL: nothing is being read */
    struct loading_work *work;
    const char *said; /* what to say when it is there; NULL: nothing */
    int64_t started;  /* monotonic, for the elapsed time */
};

/* Starts over. False: there is no thread for it. */
bool loading_start(struct loading *loading, const struct ui_options *options, const char *said);

bool loading_is_busy(const struct loading *loading); /* also when it is over and was not taken */
int loading_fd(const struct loading *loading); /* readable till it is taken; -1: none */
bool loading_is_over(const struct loading *loading); /* and waits to be taken */

/* What was read, once it is over; one use of it is the caller's. */
struct session *loading_take(struct loading *loading, const struct log *log);

/* Gives up, without waiting. */
void loading_stop(struct loading *loading);

#endif
