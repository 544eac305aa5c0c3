/* Starting a thread. */
#ifndef BASE_THREAD_H
#define BASE_THREAD_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

/*
 * A thread that evaluates: with twice the stack that the main thread mostly has, since what
 * recurses has limits of its own below it, and with all signals blocked, which are for the thread
 * that has handlers in mind. False: the system has no thread left.
 */
bool thread_start(pthread_t *out, void *(*body)(void *payload), void *payload);

/*
 * What this thread does is of no use any more once the flag is set; NULL: it always is. What takes
 * long looks at it now and then, and ends early: whoever set the flag does not look at the result.
 */
void thread_set_cancel(const atomic_bool *flag);
bool thread_is_cancelled(void);
const atomic_bool *thread_cancel(void); /* that flag, for a thread that works for this one */

#endif
