#include "config.h"

#include "run/link.h"

#include "base/arena.h"
#include "base/mem.h"
#include "run/link_private.h"
#include "run/plan.h"

/* -- the mirror ---------------------------------------------------------------------------------
 */

static void take_err(struct link *link, const struct run_event *event)
{
    bool failing = event->kind == RUN_EVENT_STATE || event->kind == RUN_EVENT_STOPPED;
    if (failing && event->err)
        err_copy(&link->err, event->err);
    else if (event->kind == RUN_EVENT_STATE || event->kind == RUN_EVENT_DONE)
        err_clear(&link->err);
}

static void take_breakpoint(struct link *link, struct position at, bool on)
{
    size_t i = 0;
    while (i < link->breakpoints.len && (link->breakpoints.at[i].step != at.step ||
                                         link->breakpoints.at[i].statement != at.statement))
        i++;
    if (on && i == link->breakpoints.len)
        vec_push(link->arena, &link->breakpoints, at);
    else if (!on && i < link->breakpoints.len)
        vec_remove(&link->breakpoints, i);
}

bool link_take_edit(struct link *link, const struct run_edit *edit)
{
    struct err ignored = ERR_INIT;
    if (edit->at.step >= link->plan->steps.len)
        return false;
    const struct plan_statement_list *statements = &link->plan->steps.at[edit->at.step].statements;
    size_t before = statements->len;
    bool ok = run_edit_apply(link->plan, edit, &ignored);
    err_clear(&ignored);
    for (size_t i = 0; ok && i < link->breakpoints.len; i++)
        link->breakpoints.at[i] =
            run_edit_move(edit, before, statements->len, link->breakpoints.at[i]);
    return ok;
}

bool link_has_breakpoint(const struct link *link, struct position at)
{
    for (size_t i = 0; i < link->breakpoints.len; i++)
        if (link->breakpoints.at[i].step == at.step &&
            link->breakpoints.at[i].statement == at.statement)
            return true;
    return false;
}

void link_take_event(const struct run_event *event, void *payload)
{
    struct link *link = payload;
    if (!event->past) {
        link->state = event->state;
        link->next = event->next;
        link->committed = event->committed;
        link->in_transaction = event->in_transaction;
        link->outcome_unknown = event->outcome_unknown;
        if (event->kind == RUN_EVENT_DONE || event->kind == RUN_EVENT_STOPPED)
            link->ended = true;
        else if (event->state != RUNNER_DONE && event->state != RUNNER_STOPPED)
            link->ended = false; /* a lost connection is being made again */
        take_err(link, event);
        if (event->kind == RUN_EVENT_BREAKPOINT)
            take_breakpoint(link, (struct position){event->step, event->statement},
                            event->breakpoint);
    }
    if (link->on_event)
        link->on_event(event, link->payload);
}

void link_tell(struct link *link, enum run_event_kind kind, const struct err *err)
{
    const struct run_event event = {
        .kind = kind,
        .state = link->state,
        .step = link->next.step,
        .statement = link->next.statement,
        .rows = -1,
        .text = err ? err->message : NULL,
        .err = err,
        .next = link->next,
        .committed = link->committed,
        .in_transaction = link->in_transaction,
        .outcome_unknown = link->outcome_unknown,
    };
    link_take_event(&event, link);
}

enum runner_state link_state(const struct link *link)
{
    return link->state;
}

struct position link_next(const struct link *link)
{
    return link->next;
}

struct position link_committed(const struct link *link)
{
    return link->committed;
}

bool link_outcome_unknown(const struct link *link)
{
    return link->outcome_unknown;
}

bool link_in_transaction(const struct link *link)
{
    return link->in_transaction;
}

const struct err *link_err(const struct link *link)
{
    return &link->err;
}

const char *link_journal_path(const struct link *link)
{
    return link->journal;
}

const struct plan *link_plan(const struct link *link)
{
    return link->plan;
}

const char *link_run_id(const struct link *link)
{
    return link->run_id;
}

const json_t *link_hello(const struct link *link)
{
    return link->hello;
}

bool link_is_waiting(const struct link *link)
{
    return link->unanswered > 0;
}

bool link_is_here(const struct link *link)
{
    return link->here != NULL;
}

bool link_steers(const struct link *link)
{
    return link->here || link->steers;
}

bool link_is_steered(const struct link *link)
{
    return link->here || link->is_steered;
}

bool link_is_over(const struct link *link)
{
    bool can_retry =
        link->err.code == ERR_CONNECT && link_steers(link) && link->state == RUNNER_STOPPED;
    return (link->ended && !can_retry) || (!link->here && link->channel.ended);
}

/* -- start and end ------------------------------------------------------------------------------
 */

struct link *link_new(run_event_fn on_event, void *payload)
{
    struct link *link = mem_zalloc(sizeof(*link));
    link->arena = arena_new();
    link->on_event = on_event;
    link->payload = payload;
    link->channel.fd = -1;
    link->err = ERR_INIT;
    return link;
}

static bool start_here(struct link *link, const struct database_url *url,
                       const struct worker_settings *settings, struct err *err)
{
    if (!worker_start(link->plan, url, settings, link_take_event, link, &link->here, err))
        return false;
    link->run_id = runner_run_id(worker_runner(link->here));
    link->journal = runner_journal_path(worker_runner(link->here));
    return true;
}

/* What can be known beforehand needs no process. */
static bool start_worker(struct link *link, const struct database_url *url,
                         const struct worker_settings *settings, struct err *err)
{
    int fd;
    if (!plan_is_runnable(link->plan, err) || !worker_fork(link->plan, url, settings, &fd, err))
        return false;
    link->socket_dir = arena_strdup(link->arena, settings->socket_dir);
    link->log = settings->run->log;
    link->role = CLIENT_STEERS;
    return remote_begin(link, fd, err);
}

bool link_start(enum link_place place, struct plan *plan, const struct database_url *url,
                const struct worker_settings *settings, run_event_fn on_event, void *payload,
                struct link **out, struct err *err)
{
    struct link *link = link_new(on_event, payload);
    link->plan = plan;
    *out = link;
    if (place == LINK_HERE ? start_here(link, url, settings, err)
                           : start_worker(link, url, settings, err))
        return true;
    link_free(link);
    *out = NULL;
    return false;
}

void link_free(struct link *link)
{
    if (!link)
        return;
    worker_free(link->here);
    channel_close(&link->channel);
    json_decref(link->hello);
    if (link->own_plan)
        plan_clear(link->own_plan);
    err_clear(&link->err);
    arena_free(link->arena);
    mem_free(link);
}

/* -- stepping -----------------------------------------------------------------------------------
 */

size_t link_polls(const struct link *link, struct pollfd *polls, size_t room)
{
    if (link->here)
        return worker_polls(link->here, polls, room);
    if (room == 0 || link->channel.ended)
        return 0;
    polls[0] = (struct pollfd){.fd = link->channel.fd, .events = channel_events(&link->channel)};
    return 1;
}

int link_timeout(const struct link *link)
{
    return link->here ? worker_timeout(link->here) : -1;
}

void link_advance(struct link *link)
{
    if (link->here)
        worker_advance(link->here);
    else
        remote_advance(link);
}

static bool may_order(const struct link *link, struct err *err)
{
    if (link->steers)
        return true;
    err_set(err, ERR_USAGE, "somebody else steers this run");
    return err_hint(err, "take it first");
}

bool link_order(struct link *link, enum runner_order order, struct err *err)
{
    if (link->here)
        return worker_order(link->here, order, err);
    if (link->ended && order != RUNNER_RETRY)
        return err_set(err, ERR_USAGE, "the run is %s", runner_state_words(link->state));
    return may_order(link, err) &&
           remote_order(link, json_pack("{s:s}", "order", runner_order_name(order)), err);
}

bool link_break(struct link *link, struct position at, bool on, struct err *err)
{
    if (link->here)
        return worker_break(link->here, at, on, err);
    return may_order(link, err) && remote_order(link,
                                                json_pack("{s:s, s:o, s:b}", "order", "break", "at",
                                                          position_json(at), "on", on),
                                                err);
}

bool link_edit(struct link *link, const struct run_edit *edit, struct err *err)
{
    if (link->here)
        return worker_edit(link->here, edit, err);
    return may_order(link, err) &&
           remote_order(link,
                        json_pack("{s:s, s:o}", "order", "edit", "edit", run_edit_json(edit)),
                        err);
}

bool link_signal(struct link *link, int pid, enum watcher_signal how, struct err *err)
{
    if (link->here)
        return worker_signal(link->here, pid, how, err);
    return may_order(link, err) &&
           remote_order(link,
                        json_pack("{s:s, s:i, s:s}", "order", "signal", "pid", pid, "how",
                                  protocol_signal(how)),
                        err);
}

bool link_take(struct link *link, struct err *err)
{
    return link_steers(link) || remote_order(link, json_pack("{s:s}", "order", "take"), err);
}

void link_stop(struct link *link, const char *reason)
{
    if (link->here)
        worker_stop(link->here, reason);
}

/* -- driving ------------------------------------------------------------------------------------
 */

enum { DRIVE_MILLISECONDS = 100, FAREWELL_TURNS = 20 };

static void wait_for(const struct link *link)
{
    struct pollfd polls[LINK_POLLS_MAX];
    size_t n = link_polls(link, polls, LINK_POLLS_MAX);
    int timeout = link_timeout(link);
    if (timeout < 0 || timeout > DRIVE_MILLISECONDS)
        timeout = DRIVE_MILLISECONDS;
    poll(polls, n, timeout); /* a signal only ends the wait */
}

/* A failure that nobody minds ends the run. */
static void stop_after_failure(struct link *link, enum runner_state before)
{
    struct err ignored = ERR_INIT;
    if (before == RUNNER_FAILED && link->state == RUNNER_FAILED && link_steers(link) &&
        !link_is_waiting(link))
        link_order(link, RUNNER_STOP, &ignored);
    err_clear(&ignored);
}

bool link_drive(struct link *link, bool (*on_wait)(struct link *, void *), void *payload)
{
    link_advance(link);
    while (!link->ended && !link_is_over(link)) {
        enum runner_state before = link->state;
        if (!on_wait(link, payload))
            return false;
        stop_after_failure(link, before);
        if (link->ended)
            break;
        wait_for(link);
        link_advance(link);
    }
    /* The worker takes its leave: what comes after this command finds nothing of it. */
    for (int i = 0; i < FAREWELL_TURNS && !link->here && !link->channel.ended; i++) {
        wait_for(link);
        link_advance(link);
    }
    return link->state == RUNNER_DONE;
}
