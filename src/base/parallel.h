/*
 * Work on several threads.
 *
 * Only pure work goes here: reading and evaluating into arenas of its own. A thread touches what
 * is shared only through atomics or a lock; printing, errors and decisions stay with the caller,
 * so that the result is the same however many threads there are.
 */
#ifndef BASE_PARALLEL_H
#define BASE_PARALLEL_H

#include <stddef.h>

/* At most this many threads, the calling one included. */
enum { PARALLEL_MAX = 8 };

/*
 * How many threads are worth it for count pieces of work of which a thread should have at least
 * `least`: one for each processor, at least 1, at most PARALLEL_MAX.
 */
size_t parallel_threads(size_t count, size_t least);

/*
 * Calls body(worker, payload) for each worker from 0 to threads - 1 at the same time, 0 on the
 * calling thread, and returns when all have. Where the system has no thread left, those workers do
 * not run: worker 0 must be able to do all the work. What cancels the calling thread
 * (base/thread.h) cancels all of them.
 */
void parallel_run(size_t threads, void (*body)(size_t worker, void *payload), void *payload);

#endif
