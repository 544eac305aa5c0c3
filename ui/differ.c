#include "config.h"

#include "ui/differ.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/thread.h"
#include "run/pending_revision.h"
#include "ui/background.h"
#include "ui/session.h"

static void add_item(struct differ *d, const struct difference *difference, bool included,
                     bool ignored)
{
    struct differ_item item = {.difference = difference,
                               .name = difference_subject(d->arena, difference),
                               .included = included,
                               .by_default = included,
                               .ignored = ignored};
    if (difference_render(d->arena, &difference->upgrade, &item.statements[DIRECTION_UPGRADE],
                          &item.err))
        difference_render(d->arena, &difference->downgrade, &item.statements[DIRECTION_DOWNGRADE],
                          &item.err);
    vec_push(d->arena, &d->items, item);
}

static bool make_items(struct differ *d)
{
    const struct differences *all = &d->pending.differences;
    const bool *included;
    if (!pending_included(d->arena, d->session->config, all, &included, &d->err))
        return false;
    for (size_t i = 0; i < all->items.len; i++)
        add_item(d, &all->items.at[i], included[i], false);
    for (size_t i = 0; i < all->ignored.len; i++)
        add_item(d, &all->ignored.at[i], false, true);
    return true;
}

/* -- on its thread -------------------------------------------------------------------------------
 */

struct differ_work {
    const struct ui_options *options;
    int64_t opened; /* of the session that the console shows */
    struct differ made;
};

static bool read_pending(struct differ *d, const struct background_task *task)
{
    const struct pending_request request = {.project = d->session->project,
                                            .graph = d->session->graph,
                                            .url = &d->session->url,
                                            .log = task->log,
                                            .interrupt = task->interrupt};
    return pending_read(d->arena, &request, &d->pending, &d->err);
}

static void compare(const struct background_task *task)
{
    struct differ_work *w = task->payload;
    struct differ *d = &w->made;
    d->arena = arena_new();
    d->session = session_open(w->options, w->opened);
    d->state = DIFFER_FAILED;
    if (!d->session->project || !d->session->has_url) {
        err_copy(&d->err, d->session->project ? &d->session->url_err : &d->session->err);
    } else if (read_pending(d, task)) {
        d->state = DIFFER_READY;
        if (!make_items(d)) {
            pending_clear(&d->pending);
            d->state = DIFFER_FAILED;
        }
    }
    if (d->state == DIFFER_FAILED && thread_is_cancelled()) { /* whatever broke off first */
        err_clear(&d->err);
        err_set(&d->err, ERR_CANCELLED, "cancelled");
    }
}

/* -- the console's side --------------------------------------------------------------------------
 */

void differ_start(struct differ *differ, const struct ui_options *options,
                  const struct session *session, const struct log *log)
{
    differ_stop(differ);
    struct differ_work *work = mem_zalloc(sizeof(*work));
    work->options = options;
    work->opened = session->opened;
    *differ = (struct differ){.state = DIFFER_READING,
                              .started = clock_monotonic(),
                              .log = log,
                              .work = work,
                              .thread = background_start(compare, work)};
    if (differ->thread)
        return;
    mem_free(work);
    differ->work = NULL;
    differ->state = DIFFER_FAILED;
    err_set(&differ->err, ERR_INTERNAL, "no thread to compare on");
}

static void clear(struct differ *d)
{
    for (size_t i = 0; i < d->items.len; i++)
        err_clear(&d->items.at[i].err);
    if (d->state == DIFFER_READY)
        pending_clear(&d->pending);
    err_clear(&d->err);
    session_release(d->session);
    arena_free(d->arena);
}

/* Waits for the thread, and has what it made. */
static void join(struct differ *differ)
{
    struct differ_work *work = differ->work;
    const struct log *log = differ->log;
    int64_t started = differ->started;
    background_end(differ->thread, log);
    *differ = work->made;
    differ->started = started;
    mem_free(work);
}

static void discard_work(void *payload)
{
    struct differ_work *work = payload;
    clear(&work->made);
    mem_free(work);
}

void differ_stop(struct differ *differ)
{
    if (differ->thread)
        background_abandon(differ->thread, discard_work);
    clear(differ);
    *differ = (struct differ){.state = DIFFER_OFF};
}

bool differ_is_busy(const struct differ *differ)
{
    return differ->thread != NULL;
}

int differ_fd(const struct differ *differ)
{
    return differ->thread ? background_fd(differ->thread) : -1;
}

void differ_cancel(struct differ *differ)
{
    if (differ->thread)
        background_cancel(differ->thread);
}

bool differ_advance(struct differ *differ)
{
    if (!differ->thread || !background_is_over(differ->thread))
        return false;
    join(differ);
    return true;
}

size_t differ_included(const struct differ *differ)
{
    size_t count = 0;
    for (size_t i = 0; i < differ->items.len; i++)
        count += differ->items.at[i].included;
    return count;
}
