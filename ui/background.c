#include "config.h"

#include "ui/background.h"

#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <sys/eventfd.h>
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
};

static void tell(int fd)
{
    uint64_t one = 1;
    while (write(fd, &one, sizeof(one)) < 0 && errno == EINTR)
        ;
}

static void keep_line(enum log_level level, const char *origin, const char *text, void *payload)
{
    struct background *b = payload;
    vec_push(b->arena, &b->logged,
             ((struct logged){level, arena_strdup(b->arena, origin), arena_strdup(b->arena, text)}));
}

static void *run(void *payload)
{
    struct background *b = payload;
    b->work(&b->task);
    tell(b->over);
    return NULL;
}

static void discard(struct background *b)
{
    if (b->over >= 0)
        close(b->over);
    if (b->task.interrupt >= 0)
        close(b->task.interrupt);
    arena_free(b->arena);
    mem_free(b);
}

struct background *background_start(background_fn work, void *payload)
{
    struct background *b = mem_zalloc(sizeof(*b));
    b->work = work;
    b->arena = arena_new();
    b->log = (struct log){.line = keep_line, .payload = b};
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
    tell(b->task.interrupt);
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
