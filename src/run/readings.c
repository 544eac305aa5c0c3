#include "config.h"

#include "run/readings.h"

#include <pthread.h>

#include "base/parallel.h"
#include "sql/text.h"

enum {
    LEAST = 32,           /* revisions that are worth a thread */
    SLOTS_PER_THREAD = 4, /* readings that wait to be taken; each has an interpreter of its own */
    SLOTS_MAX = PARALLEL_MAX * SLOTS_PER_THREAD,
};

struct slot {
    struct revision_reader *reader; /* made when it is first needed */
    struct revision_reading reading;
    bool done; /* the reading can be taken */
};

/* A ring: request i goes through slot i % slot_count. All but the reading is under the lock. */
struct ring {
    struct alembic_project *project;
    const struct reading_request *requests;
    size_t count;
    readings_take_fn take;
    void *payload;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct slot slots[SLOTS_MAX];
    size_t slot_count;
    size_t next;  /* the first that no thread has begun to read */
    size_t taken; /* how many are over */
    bool stopped; /* take() was false */
};

/* Reads the next one, if there is a slot for it; the lock is free meanwhile. */
static bool read_next(struct ring *r)
{
    if (r->next >= r->count || r->next >= r->taken + r->slot_count)
        return false;
    size_t i = r->next++;
    struct slot *slot = &r->slots[i % r->slot_count];
    pthread_mutex_unlock(&r->lock);
    if (!slot->reader)
        slot->reader = revision_reader_new(r->project);
    struct reading_request request = r->requests[i];
    request.op_text = sql_op_text;
    revision_reader_read(slot->reader, &request, &slot->reading);
    pthread_mutex_lock(&r->lock);
    slot->done = true;
    pthread_cond_broadcast(&r->changed);
    return true;
}

static void read_ahead(struct ring *r)
{
    pthread_mutex_lock(&r->lock);
    while (!r->stopped && r->next < r->count)
        if (!read_next(r))
            pthread_cond_wait(&r->changed, &r->lock);
    pthread_mutex_unlock(&r->lock);
}

/* Whoever takes readings makes some too: alone, when there is no other thread. */
static void take_all(struct ring *r)
{
    pthread_mutex_lock(&r->lock);
    while (!r->stopped && r->taken < r->count) {
        struct slot *slot = &r->slots[r->taken % r->slot_count];
        if (!slot->done) {
            if (!read_next(r))
                pthread_cond_wait(&r->changed, &r->lock);
            continue;
        }
        pthread_mutex_unlock(&r->lock);
        bool go_on = r->take(r->taken, &slot->reading, r->payload);
        revision_reading_clear(&slot->reading);
        pthread_mutex_lock(&r->lock);
        slot->done = false;
        r->stopped = !go_on;
        r->taken++;
        /* Threads that wait for room are woken for more than one. */
        if (r->stopped || r->next <= r->taken + r->slot_count / 2)
            pthread_cond_broadcast(&r->changed);
    }
    pthread_mutex_unlock(&r->lock);
}

static void work(size_t worker, void *payload)
{
    if (worker == 0)
        take_all(payload);
    else
        read_ahead(payload);
}

bool readings_each(struct alembic_project *project, const struct reading_request *requests,
                   size_t count, readings_take_fn take, void *payload)
{
    size_t threads = parallel_threads(count, LEAST);
    struct ring r = {
        .project = project,
        .requests = requests,
        .count = count,
        .take = take,
        .payload = payload,
        .lock = PTHREAD_MUTEX_INITIALIZER,
        .changed = PTHREAD_COND_INITIALIZER,
        .slot_count = threads > 1 ? threads * SLOTS_PER_THREAD : 1,
    };
    parallel_run(threads, work, &r);
    for (size_t i = 0; i < r.slot_count; i++) {
        if (r.slots[i].done) /* read, but not taken any more */
            revision_reading_clear(&r.slots[i].reading);
        revision_reader_free(r.slots[i].reader);
    }
    pthread_mutex_destroy(&r.lock);
    pthread_cond_destroy(&r.changed);
    return !r.stopped;
}
