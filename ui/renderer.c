#include "config.h"

#include "ui/renderer.h"

#include <poll.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "run/plan.h"
#include "run/rendering.h"
#include "ui/background.h"
#include "ui/session.h"

enum { PATIENCE = 3000 }; /* microseconds of a frame */

/* The thread's till it is over. */
struct renderer_work {
    const struct ui_options *options;
    int64_t opened;          /* of the session that wants it */
    struct session *reading; /* whose project evaluates it; NULL: to be opened */
    struct arena *arena;     /* of what follows */
    const char *id;
    struct reading_request request;
    struct rendering *made;
};

/* -- on its thread -------------------------------------------------------------------------------
 */

static void render(const struct background_task *task)
{
    struct renderer_work *w = task->payload;
    if (!w->reading)
        w->reading = session_open_project(w->options, w->opened);
    w->made = ARENA_NEW(w->arena, struct rendering);
    if (w->reading->project) {
        rendering_make(w->arena, w->reading->project, &w->request, NULL, w->made);
        plan_look_at(w->arena, w->made);
        return;
    }
    w->made->status = READING_PYTHON;
    err_copy(&w->made->err, &w->reading->err);
}

static void discard_work(void *payload)
{
    struct renderer_work *w = payload;
    if (w->made)
        rendering_clear(w->made);
    session_release(w->reading);
    arena_free(w->arena);
    mem_free(w);
}

/* -- the console's side --------------------------------------------------------------------------
 */

static void clear_wanted(struct wanted_rendering *wanted)
{
    mem_free(wanted->id);
    mem_free(wanted->path);
}

static void forget_wanted(struct renderer *r)
{
    for (size_t i = 0; i < r->wanted.len; i++)
        clear_wanted(&r->wanted.at[i]);
    r->wanted.len = 0;
}

static bool start(struct renderer *r, const struct wanted_rendering *wanted)
{
    struct renderer_work *w = mem_zalloc(sizeof(*w));
    w->options = r->options;
    w->opened = r->session->opened;
    w->arena = arena_new();
    w->id = arena_strdup(w->arena, wanted->id);
    w->request = (struct reading_request){.path = arena_strdup(w->arena, wanted->path),
                                          .direction = wanted->direction};
    w->reading = r->session->reading;
    r->thread = background_start(render, w);
    if (!r->thread) {
        w->reading = NULL;
        discard_work(w);
        return false;
    }
    r->session->reading = NULL;
    r->work = w;
    r->working_for = session_use(r->session);
    r->started = clock_monotonic();
    r->is_wanted = true;
    r->is_cancelled = false;
    return true;
}

/* What was asked for first, unless it has come meanwhile. */
static void start_next(struct renderer *r)
{
    size_t done = 0;
    while (!r->thread && done < r->wanted.len) {
        struct wanted_rendering *next = &r->wanted.at[done++];
        if (!map_has(&r->session->renderings[next->direction], next->id))
            start(r, next);
        clear_wanted(next);
    }
    for (size_t i = done; i < r->wanted.len; i++)
        r->wanted.at[i - done] = r->wanted.at[i];
    r->wanted.len -= done;
}

static bool is_of(const struct renderer *r, const char *id, enum direction direction)
{
    return r->thread && !r->is_cancelled && r->working_for == r->session &&
           r->work->request.direction == direction && str_eq(r->work->id, id);
}

static void want(struct renderer *r, struct session *session, const struct revision *revision,
                 enum direction direction)
{
    const char *id = revision->header->id;
    if (r->session != session) {
        forget_wanted(r);
        session_release(r->session);
        r->session = session_use(session);
    }
    if (is_of(r, id, direction)) {
        r->is_wanted = true;
        return;
    }
    for (size_t i = 0; i < r->wanted.len; i++)
        if (r->wanted.at[i].direction == direction && str_eq(r->wanted.at[i].id, id))
            return;
    vec_push(NULL, &r->wanted,
             ((struct wanted_rendering){.id = mem_strdup(id),
                                        .path = mem_strdup(revision->header->path),
                                        .direction = direction}));
}

void renderer_begin_frame(struct renderer *r)
{
    r->patience = PATIENCE;
    forget_wanted(r);
    if (r->thread && !r->is_wanted && !r->is_cancelled) {
        background_cancel(r->thread);
        r->is_cancelled = true;
    }
    r->is_wanted = false;
}

/* Waits for the thread as long as the frame may; false: that was not long enough. */
static bool wait_a_little(struct renderer *r)
{
    int64_t before = clock_monotonic();
    struct pollfd over = {background_fd(r->thread), POLLIN, 0};
    if (r->patience <= 0)
        return false;
    bool is_over =
        ppoll(&over, 1, &(struct timespec){.tv_nsec = (long)r->patience * 1000}, NULL) > 0;
    r->patience -= clock_monotonic() - before;
    return is_over;
}

const struct rendering *renderer_get(struct renderer *r, struct session *session,
                                     const struct revision *revision, enum direction direction)
{
    const struct rendering *known = session_rendering(session, revision, direction);
    if (known)
        return known;
    want(r, session, revision, direction);
    if (!r->thread)
        start_next(r);
    while (!known && r->thread && wait_a_little(r)) {
        renderer_advance(r);
        known = session_rendering(session, revision, direction);
    }
    r->has_missed = r->has_missed || !known;
    return known;
}

int renderer_fd(const struct renderer *r)
{
    return r->thread ? background_fd(r->thread) : -1;
}

bool renderer_is_busy(const struct renderer *r)
{
    return r->thread != NULL;
}

/* The thread is over: what it made is its session's, or nobody's. */
static void take(struct renderer *r)
{
    struct renderer_work *w = r->work;
    struct session *session = r->working_for;
    bool wanted = !r->is_cancelled && !map_has(&session->renderings[w->request.direction], w->id);
    background_end(r->thread, NULL);
    r->thread = NULL;
    r->work = NULL;
    r->working_for = NULL;
    if (wanted) {
        r->is_late = r->has_missed;
        session_take_rendering(session, w->id, w->request.direction, w->arena, w->made);
        session_release(session->reading);
        session->reading = w->reading;
        mem_free(w);
    } else {
        discard_work(w); /* its project too: its evaluation may have been broken off */
    }
    session_release(session);
}

void renderer_advance(struct renderer *r)
{
    if (!r->thread || !background_is_over(r->thread))
        return;
    take(r);
    start_next(r);
}

bool renderer_was_late(struct renderer *r)
{
    bool was_late = r->is_late;
    if (was_late)
        r->has_missed = r->is_late = false;
    return was_late;
}

void renderer_stop(struct renderer *r)
{
    if (r->thread)
        background_abandon(r->thread, discard_work);
    session_release(r->working_for);
    session_release(r->session);
    forget_wanted(r);
    vec_clear(&r->wanted);
    *r = (struct renderer){.options = r->options};
}
