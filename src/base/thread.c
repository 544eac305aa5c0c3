#include "config.h"

#include "base/thread.h"

#include <signal.h>

static _Thread_local const atomic_bool *cancelled;

void thread_set_cancel(const atomic_bool *flag)
{
    cancelled = flag;
}

const atomic_bool *thread_cancel(void)
{
    return cancelled;
}

bool thread_is_cancelled(void)
{
    return cancelled && atomic_load_explicit(cancelled, memory_order_relaxed);
}

enum { STACK = 16 << 20 };

bool thread_start(pthread_t *out, void *(*body)(void *payload), void *payload)
{
    pthread_attr_t attributes;
    sigset_t all, before;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK);
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    bool started = pthread_create(out, &attributes, body, payload) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
    return started;
}
