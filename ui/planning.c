#include "config.h"

#include "ui/planning.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/mem.h"
#include "run/preview.h"
#include "ui/background.h"
#include "ui/bridging.h"
#include "ui/session.h"

struct planning_work {
    const struct ui_options *options;
    int64_t opened; /* of the session that the console shows */
    struct plan_request request;
    bool only_shown; /* then no database is asked */
    struct planned made;
};

static void copy_names(struct arena *a, const struct name_list *from, struct name_list *to)
{
    *to = (struct name_list){0};
    for (size_t i = 0; i < from->len; i++)
        vec_push(a, to, arena_strdup(a, from->at[i]));
}

/* The plan keeps what it was asked for, and outlives those who asked. */
static void copy_request(struct arena *a, const struct plan_request *from, struct plan_request *to)
{
    *to = *from;
    to->target = from->target ? arena_strdup(a, from->target) : NULL;
    to->database.identity =
        from->database.identity ? arena_strdup(a, from->database.identity) : NULL;
    to->database.name = from->database.name ? arena_strdup(a, from->database.name) : NULL;
    copy_names(a, &from->targets, &to->targets);
    copy_names(a, &from->rows, &to->rows);
}

/* How much would be lost is worth knowing, and no reason to do without the plan. */
static void count_losses(const struct background_task *task, struct planned *made,
                         const struct preview_source *source)
{
    struct err err = ERR_INIT;
    if (made->session->has_url &&
        !plan_loss_rows(made->arena, made->plan, source, &made->tables, &err))
        log_line(task->log, LOG_WARNING, "plan", "rows are not counted: %s", err.message);
    err_clear(&err);
}

static void make(const struct background_task *task)
{
    struct planning_work *w = task->payload;
    struct planned *made = &w->made;
    made->session = session_open(w->options, w->opened);
    const struct session *s = made->session;
    const struct preview_source source = {
        .url = &s->url, .log = task->log, .interrupt = task->interrupt};
    struct plan_request request = w->request;
    struct bridge_consent consent;
    if (!w->only_shown) {
        request.preview = s->has_url ? &source : NULL;
        request.bridge = &consent;
    }
    if (!s->graph)
        err_copy(&made->err, &s->err);
    else if ((!w->only_shown && !bridging_consent(made->arena, s, &consent, &made->err)) ||
             !plan_make(made->arena, s->project, s->graph, &request, &made->plan, &made->err))
        made->plan = NULL;
    else if (!w->only_shown)
        count_losses(task, made, &source);
}

bool planning_start(struct planning *p, const struct ui_options *options,
                    const struct session *session, const struct plan_request *request,
                    planning_then_fn then, struct err *err)
{
    struct planning_work *w = mem_zalloc(sizeof(*w));
    w->options = options;
    w->opened = session->opened;
    w->only_shown = !then;
    w->made.arena = arena_new();
    copy_request(w->made.arena, request, &w->request);
    *p = (struct planning){.work = w, .then = then, .started = clock_monotonic()};
    p->thread = background_start(make, w);
    if (p->thread)
        return true;
    arena_free(w->made.arena);
    mem_free(w);
    p->work = NULL;
    return err_set(err, ERR_INTERNAL, "no thread to make the plan on");
}

bool planning_is_busy(const struct planning *p)
{
    return p->thread && !background_is_over(p->thread);
}

int planning_fd(const struct planning *p)
{
    return p->thread ? background_fd(p->thread) : -1;
}

void planned_clear(struct planned *made)
{
    if (made->plan)
        plan_clear(made->plan);
    err_clear(&made->err);
    arena_free(made->arena);
    session_release(made->session);
    *made = (struct planned){.plan = NULL};
}

bool planning_take(struct planning *p, const struct log *log, struct planned *out)
{
    bool is_cancelled = p->is_cancelled;
    struct planning_work *w = p->work;
    if (!p->thread || !background_is_over(p->thread))
        return false;
    background_end(p->thread, log);
    *out = w->made;
    if (is_cancelled)
        planned_clear(&w->made);
    mem_free(w);
    p->thread = NULL;
    p->work = NULL;
    return !is_cancelled;
}

void planning_cancel(struct planning *p)
{
    if (!p->thread)
        return;
    p->is_cancelled = true;
    background_cancel(p->thread);
}

static void discard_work(void *payload)
{
    struct planning_work *w = payload;
    planned_clear(&w->made);
    mem_free(w);
}

void planning_stop(struct planning *p)
{
    if (!p->thread)
        return;
    background_abandon(p->thread, discard_work);
    *p = (struct planning){0};
}
