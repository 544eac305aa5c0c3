#include "config.h"

#include "ui/background.h"

#include <errno.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/mem.h"
#include "base/thread.h"
#include "base/vec.h"

struct logged {
    enum log_level level;
    const char *origin, *text;
};

struct background {
    pthread_t thread;
    background_fn work;
    struct background_task task;
    struct log log;
    struct arena *arena; /* of the log; the thread's till it is over */
    VEC(struct logged) logged;
    int over;
    atomic_bool cancelled;
    pthread_mutex_t lock; /* of the two that follow */
    bool is_over;
    background_discard_fn discard; /* NULL: somebody waits for it */
};

/* Those that nobody waits for any more, and that still go on. */
static struct {
    pthread_mutex_t lock;
    pthread_cond_t ended;
    size_t count;
} abandoned = {.lock = PTHREAD_MUTEX_INITIALIZER, .ended = PTHREAD_COND_INITIALIZER};

static void tell(int fd)
{
    uint64_t one = 1;
    while (write(fd, &one, sizeof(one)) < 0 && errno == EINTR)
        ;
}

static void keep_line(enum log_level level, const char *origin, const char *text, void *payload)
{
    struct background *b = payload;
    vec_push(
        b->arena, &b->logged,
        ((struct logged){level, arena_strdup(b->arena, origin), arena_strdup(b->arena, text)}));
}

static void discard(struct background *b)
{
    if (b->over >= 0)
        close(b->over);
    if (b->task.interrupt >= 0)
        close(b->task.interrupt);
    pthread_mutex_destroy(&b->lock);
    arena_free(b->arena);
    mem_free(b);
}

/* The thread of an abandoned one ends: what it made is of no use to anybody. */
static void leave(struct background *b)
{
    b->discard(b->task.payload);
    discard(b);
    pthread_mutex_lock(&abandoned.lock);
    abandoned.count--;
    pthread_cond_broadcast(&abandoned.ended);
    pthread_mutex_unlock(&abandoned.lock);
}

static void *run(void *payload)
{
    struct background *b = payload;
    thread_set_cancel(&b->cancelled);
    b->work(&b->task);
    pthread_mutex_lock(&b->lock);
    b->is_over = true;
    bool is_abandoned = b->discard != NULL;
    if (!is_abandoned)
        tell(b->over);
    pthread_mutex_unlock(&b->lock); /* from here on it is freed by who ends it */
    if (is_abandoned)
        leave(b);
    return NULL;
}

struct background *background_start(background_fn work, void *payload)
{
    struct background *b = mem_zalloc(sizeof(*b));
    b->work = work;
    b->arena = arena_new();
    b->log = (struct log){.line = keep_line, .payload = b};
    pthread_mutex_init(&b->lock, NULL);
    b->over = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    b->task = (struct background_task){
        .payload = payload, .log = &b->log, .interrupt = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
    if (b->over >= 0 && b->task.interrupt >= 0 && thread_start(&b->thread, run, b))
        return b;
    discard(b);
    return NULL;
}

int background_fd(const struct background *b)
{
    return b->over;
}

bool background_is_over(const struct background *b)
{
    struct pollfd pfd = {.fd = b->over, .events = POLLIN};
    return poll(&pfd, 1, 0) > 0;
}

void background_cancel(struct background *b)
{
    atomic_store(&b->cancelled, true);
    tell(b->task.interrupt);
}

void background_abandon(struct background *b, background_discard_fn discard_made)
{
    pthread_mutex_lock(&b->lock);
    bool is_over = b->is_over;
    if (!is_over) {
        b->discard = discard_made;
        pthread_mutex_lock(&abandoned.lock);
        abandoned.count++;
        pthread_mutex_unlock(&abandoned.lock);
        pthread_detach(b->thread);
        background_cancel(b);
    }
    pthread_mutex_unlock(&b->lock); /* and now it is the thread's */
    if (is_over) {
        void *made = b->task.payload;
        background_end(b, NULL);
        discard_made(made);
    }
}

bool background_settle(int milliseconds)
{
    struct timespec end;
    clock_gettime(CLOCK_REALTIME, &end);
    end.tv_sec += milliseconds / 1000;
    end.tv_nsec += milliseconds % 1000 * 1000000L;
    if (end.tv_nsec >= 1000000000L) {
        end.tv_sec++;
        end.tv_nsec -= 1000000000L;
    }
    pthread_mutex_lock(&abandoned.lock);
    while (abandoned.count > 0 &&
           pthread_cond_timedwait(&abandoned.ended, &abandoned.lock, &end) == 0)
        continue;
    bool all = abandoned.count == 0;
    pthread_mutex_unlock(&abandoned.lock);
    return all;
}

void background_end(struct background *b, const struct log *log)
{
    if (!b)
        return;
    background_cancel(b);
    pthread_join(b->thread, NULL);
    for (size_t i = 0; i < b->logged.len; i++)
        log_line(log, b->logged.at[i].level, b->logged.at[i].origin, "%s", b->logged.at[i].text);
    discard(b);
}
