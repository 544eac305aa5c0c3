#include "config.h"

#include "ui/loading.h"

#include "base/clock.h"
#include "base/mem.h"
#include "ui/background.h"
#include "ui/session.h"

struct loading_work {
    const struct ui_options *options;
    struct session *made;
};

static void load(const struct background_task *task)
{
    struct loading_work *w = task->payload;
    w->made = session_open(w->options, clock_monotonic());
}

static void discard_work(void *payload)
{
    struct loading_work *w = payload;
    session_release(w->made);
    mem_free(w);
}

bool loading_start(struct loading *l, const struct ui_options *options, const char *said)
{
    loading_stop(l);
    struct loading_work *w = mem_zalloc(sizeof(*w));
    w->options = options;
    *l = (struct loading){.work = w, .said = said, .started = clock_monotonic()};
    l->thread = background_start(load, w);
    if (l->thread)
        return true;
    mem_free(w);
    l->work = NULL;
    return false;
}

bool loading_is_busy(const struct loading *l)
{
    return l->thread != NULL;
}

int loading_fd(const struct loading *l)
{
    return l->thread ? background_fd(l->thread) : -1;
}

bool loading_is_over(const struct loading *l)
{
    return l->thread && background_is_over(l->thread);
}

struct session *loading_take(struct loading *l, const struct log *log)
{
    struct session *made = NULL;
    background_end(l->thread, log);
    l->thread = NULL;
    made = l->work->made;
    mem_free(l->work);
    l->work = NULL;
    return made;
}

void loading_stop(struct loading *l)
{
    if (l->thread)
        background_abandon(l->thread, discard_work);
    l->thread = NULL;
    l->work = NULL;
}
