#include "config.h"

#include "base/parallel.h"

#include <unistd.h>

#include "base/thread.h"

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
    const atomic_bool *cancel; /* of the calling thread */
};

static void *run_worker(void *payload)
{
    struct worker *w = payload;
    thread_set_cancel(w->cancel);
    w->body(w->number, w->payload);
    return NULL;
}

void parallel_run(size_t threads, void (*body)(size_t worker, void *payload), void *payload)
{
    struct worker workers[PARALLEL_MAX] = {0};
    for (size_t i = 1; i < threads && i < PARALLEL_MAX; i++) {
        workers[i] = (struct worker){
            .number = i, .body = body, .payload = payload, .cancel = thread_cancel()};
        workers[i].started = thread_start(&workers[i].thread, run_worker, &workers[i]);
    }
    body(0, payload);
    for (size_t i = 1; i < threads && i < PARALLEL_MAX; i++)
        if (workers[i].started)
            pthread_join(workers[i].thread, NULL);
}
