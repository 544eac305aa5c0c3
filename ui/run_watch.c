#include "config.h"

#include "ui/run_watch.h"

#include "base/arena.h"
#include "base/mem.h"
#include "base/str.h"
#include "run/activity_text.h"
#include "run/link.h"
#include "ui/actions.h"
#include "ui/console.h"
#include "ui/guard.h"
#include "ui/run_flow.h"

enum { LISTED = 4, BAR = 20 };

/* -- lines --------------------------------------------------------------------------------------
 */

static void add_line(struct run_watch *w, enum role role, const char *text)
{
    struct run_watch_line line = {role, text};
    if (text)
        vec_push(w->arena, &w->lines, line);
}

static void add_sessions(struct run_watch *w, enum role role,
                         const struct activity_sessions *sessions)
{
    for (size_t i = 0; i < sessions->len && i < LISTED; i++)
        add_line(w, role,
                 arena_printf(w->arena, "  %*s%s", (int)sessions->at[i].depth * 2, "",
                              activity_session_line(w->arena, &sessions->at[i])));
    if (sessions->len > LISTED)
        add_line(w, role, arena_printf(w->arena, "  and %zu more", sessions->len - LISTED));
}

/* "[#####...............] 25 %, 12 blocks/s, 3 s left: CREATE INDEX on orders, ..." */
static const char *progress_text(struct run_watch *w)
{
    const char *words = activity_progress_text(w->arena, &w->activity);
    double percent = activity_percent(&w->activity.progress);
    struct str s = STR_IN(w->arena);
    if (!words || percent < 0)
        return words;
    str_addc(&s, '[');
    for (int i = 0; i < BAR; i++)
        str_addc(&s, percent * BAR >= (i + 1) * 100.0 ? '#' : '.');
    str_addf(&s, "] %s", words);
    return s.ptr;
}

static void make_lines(struct run_watch *w)
{
    const struct activity *activity = &w->activity;
    if (activity->problem)
        add_line(w, ROLE_DIM, arena_printf(w->arena, "not watched: %s", activity->problem));
    if (activity->blockers.len > 0)
        add_line(w, ROLE_WARN,
                 arena_printf(w->arena, "! waits for %s, blocked by (L can end it):",
                              activity->waits_for ? activity->waits_for : "others"));
    add_sessions(w, ROLE_ERROR, &activity->blockers);
    add_line(w, ROLE_RUNNING, progress_text(w));
    add_line(w, ROLE_DIM, activity_transaction_text(w->arena, activity));
    if (activity->victims.len > 0)
        add_line(w, ROLE_WARN,
                 arena_printf(w->arena, "! %zu %s behind this run:", activity->victims.len,
                              activity->victims.len == 1 ? "waits" : "wait"));
    add_sessions(w, ROLE_WARN, &activity->victims);
}

void run_watch_take(struct run_watch *w, const struct activity *activity)
{
    if (!w->arena)
        w->arena = arena_new();
    else
        arena_reset(w->arena);
    *w = (struct run_watch){.arena = w->arena};
    activity_copy(w->arena, activity, &w->activity);
    if (activity->pid)
        make_lines(w);
}

void run_watch_clear(struct run_watch *w)
{
    arena_free(w->arena);
    *w = (struct run_watch){0};
}

/* -- ending what blocks -------------------------------------------------------------------------
 */

static void signal_confirmed(struct console *c, int value)
{
    struct err err = ERR_INIT;
    (void)value;
    if (!c->run.link)
        return;
    if (!link_signal(c->run.link, c->signal.pid, c->signal.how, &err))
        console_show_err(c, &err);
    err_clear(&err);
    run_flow_changed(c);
}

/* It is somebody else's work: what is lost is said, and who it is. */
static void ask_signal(struct console *c, int how)
{
    bool cancel = how == WATCHER_CANCEL;
    struct str text = STR_INIT;
    c->signal.how = (enum watcher_signal)how;
    str_addf(&text, "%s\n\n%s\n\nThe journal says so.", c->signal.text,
             cancel ? "Its query is cancelled, which rolls back its transaction; the session goes "
                      "on. One that is idle in a transaction does not hear of it."
                    : "Its session is ended: its transaction is rolled back, and the program "
                      "behind it loses its connection.");
    popup_confirm(c, cancel ? "Cancel this query" : "Terminate this session", text.ptr,
                  cancel ? "cancel" : "terminate", signal_confirmed);
    str_clear(&text);
}

static void blocker_chosen(struct console *c, int value)
{
    const struct activity *activity = &c->run.watch.activity;
    static const struct menu_item items[] = {
        {'c', "cancel its query", NULL, WATCHER_CANCEL},
        {'t', "terminate its session", NULL, WATCHER_TERMINATE},
    };
    struct arena *a = arena_new();
    if ((size_t)value < activity->blockers.len) {
        const struct activity_session *session = &activity->blockers.at[value];
        c->signal.pid = session->pid;
        mem_free(c->signal.text);
        c->signal.text = mem_strdup(activity_session_line(a, session));
        popup_menu(c, "What blocks the run", c->signal.text, items, 2, ask_signal);
    } else {
        console_say(c, "it does not block the run any more");
    }
    arena_free(a);
}

static void describe(struct run_watch *w, struct str *out)
{
    for (size_t i = 0; i < w->lines.len; i++)
        str_addf(out, "%s\n", w->lines.at[i].text);
    if (w->activity.wait)
        str_addf(out, "the server waits: %s\n", w->activity.wait);
    for (size_t i = 0; i < w->activity.locks.len; i++)
        str_addf(out, "holds %s on %s\n", w->activity.locks.at[i].mode,
                 w->activity.locks.at[i].relation);
    if (w->activity.hidden)
        str_add(out, "What other roles' sessions do is hidden from this role; pg_read_all_stats "
                     "shows it.\n");
    if (!out->len)
        str_add(out, "Nothing goes on.");
}

void act_watch(struct console *c)
{
    struct run_watch *w = &c->run.watch;
    struct menu_item items[LISTED];
    struct str text = STR_INIT;
    size_t count = 0;
    struct arena *a = arena_new();
    describe(w, &text);
    for (size_t i = 0; i < w->activity.blockers.len && count < LISTED; i++) {
        const struct activity_session *session = &w->activity.blockers.at[i];
        items[count++] = (struct menu_item){
            .letter = (int32_t)('1' + i),
            .label = activity_session_text(a, session),
            .reason = session->pid ? guard_why_read_only(c) : "ROLLBACK PREPARED ends it",
            .value = (int)i,
        };
    }
    if (count > 0)
        popup_menu(c, "Around the run", text.ptr, items, count, blocker_chosen);
    else
        popup_message(c, "Around the run", text.ptr);
    arena_free(a);
    str_clear(&text);
}
