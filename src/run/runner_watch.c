/* What goes on around the run: the watcher beside the runner, and signals to those who block it. */
#include "config.h"

#include "base/arena.h"
#include "base/str.h"
#include "postgres/activity.h"
#include "run/runner_private.h"

static void looked(const struct activity *activity, void *payload)
{
    struct runner *r = payload;
    struct run_event extra = {.rows = -1, .activity = activity};
    runner_emit(r, RUN_EVENT_ACTIVITY, r->next, &extra);
}

static const char *done_words(enum watcher_signal how)
{
    return how == WATCHER_CANCEL ? "cancelled" : "terminated";
}

static void signalled(const struct activity_session *session, enum watcher_signal how,
                      const struct err *err, void *payload)
{
    struct runner *r = payload;
    struct arena *a = arena_new();
    const char *who = activity_session_text(a, session);
    struct run_event extra = {
        .rows = -1,
        .text = err ? arena_printf(a, "not %s: %s", done_words(how), who)
                    : arena_printf(a, "%s: %s", done_words(how), who),
        .err = err,
    };
    runner_note_signalled(r, session, err);
    runner_emit(r, RUN_EVENT_SIGNALLED, r->next, &extra);
    arena_free(a);
}

void runner_watch_start(struct runner *r)
{
    const struct watcher_hear hear = {.looked = looked, .signalled = signalled, .payload = r};
    if (r->settings.watch)
        r->watcher = watcher_new(&r->url, r->settings.log, &hear);
}

/* An open transaction is watched also while nothing is on the server: others may wait for it. */
void runner_watch(struct runner *r)
{
    bool at_work = r->conn && (r->state == RUNNER_EXECUTING || r->state == RUNNER_PAUSED) &&
                   (r->in_transaction || r->action == ACTION_STATEMENT);
    if (!r->watcher)
        return;
    int pid = r->bridge ? runner_bridge_backend(r) : at_work ? r->info.backend_pid : 0;
    watcher_watch(r->watcher, pid, r->in_transaction ? r->begun_at : r->sent_at);
    watcher_advance(r->watcher);
}

const struct activity *runner_activity(const struct runner *runner)
{
    return runner->watcher ? watcher_activity(runner->watcher) : NULL;
}

bool runner_signal(struct runner *runner, int pid, enum watcher_signal how, struct err *err)
{
    if (!runner->watcher)
        return err_set(err, ERR_USAGE, "the run is not being watched");
    const struct activity_session *session = watcher_blocker(runner->watcher, pid);
    if (session && !runner_note_signal(runner, session, done_words(how))) {
        err_copy(err, &runner->err);
        return false;
    }
    if (watcher_signal(runner->watcher, pid, how, err))
        return true;
    if (session)
        runner_note_signalled(runner, session, err);
    return false;
}

const char *runner_blockers_text(struct runner *r)
{
    const struct activity *activity = runner_activity(r);
    struct str s = STR_IN(r->arena);
    for (size_t i = 0; activity && i < activity->blockers.len; i++) {
        const struct activity_session *session = &activity->blockers.at[i];
        if (session->depth == 0)
            str_addf(&s, "%s%s", s.len > 0 ? "; " : "", activity_session_text(r->arena, session));
    }
    return s.len > 0 ? s.ptr : NULL;
}
