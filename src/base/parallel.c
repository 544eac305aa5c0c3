#include "config.h"

#include "base/parallel.h"

#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <unistd.h>

/* As the main thread mostly has, and twice that: what recurses has limits of its own below it. */
enum { STACK = 16 << 20 };

size_t parallel_threads(size_t count, size_t least)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    size_t threads = processors > 0 ? (size_t)processors : 1;
    if (threads > PARALLEL_MAX)
        threads = PARALLEL_MAX;
    if (threads > count / least)
        threads = count / least;
    return threads ? threads : 1;
}

struct worker {
    pthread_t thread;
    bool started;
    size_t number;
    void (*body)(size_t worker, void *payload);
    void *payload;
};

static void *run_worker(void *payload)
{
    struct worker *w = payload;
    w->body(w->number, w->payload);
    return NULL;
}

void parallel_run(size_t threads, void (*body)(size_t worker, void *payload), void *payload)
{
    struct worker workers[PARALLEL_MAX] = {0};
    pthread_attr_t attributes;
    sigset_t all, before;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK);
    /* Signals are for the thread that has handlers in mind. */
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    for (size_t i = 1; i < threads && i < PARALLEL_MAX; i++) {
        workers[i] = (struct worker){.number = i, .body = body, .payload = payload};
        workers[i].started =
            pthread_create(&workers[i].thread, &attributes, run_worker, &workers[i]) == 0;
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
    body(0, payload);
    for (size_t i = 1; i < threads && i < PARALLEL_MAX; i++)
        if (workers[i].started)
            pthread_join(workers[i].thread, NULL);
}
