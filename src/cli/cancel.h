/*
 * Ctrl-C while something is found out: a plan made, models compared, a database asked.
 *
 * Who catches SIGINT has a struct cancel and calls cancel_raise() in its handler. Between
 * cancel_begin() and cancel_end() that gives up what is done: Python is not evaluated on
 * (base/thread.h), and who was given cancel_fd() does not wait for the server any more
 * (postgres/query.h). Without one (NULL), as on the command line, SIGINT ends the process.
 */
#ifndef CLI_CANCEL_H
#define CLI_CANCEL_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

struct err;

struct cancel {
    int fd; /* readable once it was raised; -1: there is none */
    atomic_bool is_raised;
    size_t depth; /* of begins without their end */
};

void cancel_init(struct cancel *cancel);
void cancel_clear(struct cancel *cancel);

/* What waits may wait for this too; -1 for NULL. */
int cancel_fd(const struct cancel *cancel);

/* On the main thread; they nest. */
void cancel_begin(struct cancel *cancel);
/*
 * ok: what came of it. False where that was false, and ERR_CANCELLED where it was given up: then
 * whatever was made is of no use, since what was cut short may be missing in it.
 */
bool cancel_end(struct cancel *cancel, bool ok, struct err *err);

/* For signal handlers: false when there is nothing to give up, or it was told already. */
bool cancel_raise(void);

#endif
