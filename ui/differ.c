#include "config.h"

#include "ui/differ.h"

#include "base/arena.h"
#include "base/clock.h"
#include "run/pending_revision.h"
#include "ui/session.h"

static bool make_items(struct differ *d)
{
    const struct differences *all = &d->pending.differences;
    const bool *included;
    if (!pending_included(d->arena, d->session->config, all, &included, &d->err))
        return false;
    for (size_t i = 0; i < all->items.len; i++) {
        const struct difference *difference = &all->items.at[i];
        struct differ_item item = {.difference = difference,
                                   .name = difference_subject(d->arena, difference),
                                   .included = included[i]};
        if (difference_render(d->arena, &difference->upgrade,
                              &item.statements[DIRECTION_UPGRADE], &item.err))
            difference_render(d->arena, &difference->downgrade,
                              &item.statements[DIRECTION_DOWNGRADE], &item.err);
        vec_push(d->arena, &d->items, item);
    }
    return true;
}

static void finish(struct differ *d, enum differ_state state)
{
    pending_end(d->work);
    d->work = NULL;
    d->state = state;
    if (state == DIFFER_READY && !make_items(d)) {
        pending_clear(&d->pending);
        d->state = DIFFER_FAILED;
    }
}

void differ_start(struct differ *differ, struct session *session, const struct log *log)
{
    differ_stop(differ);
    differ->arena = arena_new();
    differ->session = session_use(session);
    differ->started = clock_monotonic();
    differ->state = DIFFER_READING;
    differ->request = (struct pending_request){.project = session->project,
                                               .graph = session->graph,
                                               .url = &session->url,
                                               .log = log};
    differ->work = pending_start(differ->arena, &differ->request, &differ->pending, &differ->err);
    if (!differ->work)
        differ->state = DIFFER_FAILED;
}

void differ_stop(struct differ *differ)
{
    if (differ->work)
        pending_end(differ->work);
    for (size_t i = 0; i < differ->items.len; i++)
        err_clear(&differ->items.at[i].err);
    if (differ->state == DIFFER_READY)
        pending_clear(&differ->pending);
    err_clear(&differ->err);
    session_release(differ->session);
    arena_free(differ->arena);
    *differ = (struct differ){.state = DIFFER_OFF};
}

bool differ_is_busy(const struct differ *differ)
{
    return differ->work != NULL;
}

int differ_fd(const struct differ *differ)
{
    return differ->work ? pending_fd(differ->work) : -1;
}

unsigned differ_wants(const struct differ *differ)
{
    return differ->work ? pending_wants(differ->work) : 0;
}

int differ_timeout(const struct differ *differ)
{
    return differ->work ? pending_timeout(differ->work) : -1;
}

bool differ_advance(struct differ *differ)
{
    enum progress progress =
        differ->work ? pending_step(differ->work, &differ->err) : PROGRESS_WAITING;
    if (progress == PROGRESS_WAITING)
        return false;
    finish(differ, progress == PROGRESS_DONE ? DIFFER_READY : DIFFER_FAILED);
    return true;
}

size_t differ_included(const struct differ *differ)
{
    size_t count = 0;
    for (size_t i = 0; i < differ->items.len; i++)
        count += differ->items.at[i].included;
    return count;
}
