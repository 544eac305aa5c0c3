/*
 * The loop: waits for the terminal, the database, the run and signals, and for nothing else.
 *
 * Everything that takes time is a state machine behind a file descriptor, so that a key is answered
 * at once whatever else is going on.
 */
#include "config.h"

#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/environ.h"
#include "base/str.h"
#include "postgres/connection.h"
#include "ui/background.h"
#include "ui/cells.h"
#include "ui/console.h"
#include "ui/frame_times.h"
#include "ui/key.h"
#include "ui/keyboard.h"
#include "ui/log_lines.h"
#include "ui/probe.h"
#include "ui/profile.h"
#include "ui/remembered.h"
#include "ui/run_flow.h"
#include "ui/screen.h"
#include "ui/script.h"
#include "ui/signals.h"
#include "ui/stray.h"

enum {
    SECOND = 1000,
    QUIET = 100000, /* microseconds: a burst of keys is over */
    PASTE_PATIENCE = 10 * SECOND * 1000,
};

/* Stopped by somebody else: at once, whatever goes on. */
static void stop(void)
{
    screen_leave();
    signals_stop(false);
    screen_return();
}

/* Whether one came. */
static bool take_signals(struct console *c)
{
    bool any = false;
    int number;
    while ((number = signals_take()) != 0) {
        any = true;
        switch (number) {
        case SIGWINCH:
            screen_resize();
            break;
        case SIGTSTP:
            stop();
            break;
        case SIGCONT: /* what had the terminal meanwhile may have left it in any state */
            screen_leave();
            screen_return();
            break;
        default:
            c->quit = true;
            c->exit_code = 128 + number;
        }
    }
    return any;
}

/* What libraries printed goes to the log. */
static void take_stray(struct console *c)
{
    struct str line = STR_INIT;
    while (stray_take(&line)) {
        log_lines_stray(c, line.ptr);
        str_cut(&line, 0);
    }
    str_clear(&line);
}

/* Whether a key belongs to a burst that is dropped: it goes on till nothing comes for a while. */
static bool is_dropped(struct console *c, int32_t key)
{
    int64_t now = clock_monotonic();
    if (c->dropping && now - c->last_key > QUIET)
        c->dropping = false;
    c->last_key = now;
    return c->dropping && key != K_PASTE_BEGIN && key != K_PASTE_END;
}

/* The end of a paste may be lost on the way: then it is over when nothing comes any more. */
static void end_lost_paste(struct console *c)
{
    if (!c->pasting || clock_monotonic() - c->last_key < PASTE_PATIENCE)
        return;
    keyboard_end_paste();
    console_key(c, K_PASTE_END);
    console_complain(c, "the end of the paste never came");
}

static void take_keys(struct console *c)
{
    int32_t key;
    size_t count = 0;
    while (!c->quit && (key = keyboard_key()) != K_NONE) {
        if (key == K_RESIZE || is_dropped(c, key))
            continue;
        c->in_burst = !c->pasting && (count++ > 0 || keyboard_waits());
        /* What is typed while a statement runs is for the statement, or for nobody: none of it
         * may execute what comes next. */
        bool was_busy = execution_is_busy(&c->run);
        console_key(c, key);
        c->in_burst = false;
        if (!was_busy && execution_is_busy(&c->run))
            while (keyboard_key() != K_NONE)
                continue;
    }
}

static bool is_idle(const struct console *c)
{
    return console_loading_fd(c) < 0 && !renderer_is_busy(&c->renderer) &&
           !reader_is_connected(&c->reader) && history_fd(&c->history) < 0 &&
           !differ_is_busy(&c->differ) &&
           run_flow_fd(c) < 0 && sql_range_fd(c) < 0 && !execution_is_busy(&c->run);
}

static short poll_events(unsigned wants)
{
    return (short)((wants & CONNECTION_WANTS_READ ? POLLIN : 0) |
                   (wants & CONNECTION_WANTS_WRITE ? POLLOUT : 0));
}

static int sooner(int a, int b)
{
    return a < 0 ? b : b < 0 ? a : a < b ? a : b;
}

enum {
    POLL_KEYS,
    POLL_SIGNALS,
    POLL_PROBE,
    POLL_READER,
    POLL_DIFFER,
    POLL_LOADING,
    POLL_RENDERER,
    POLL_HISTORY,
    POLL_PLANNING,
    POLL_RANGE,
    POLL_RUN,
    N_POLLS = POLL_RUN + LINK_POLLS_MAX
};

static void wait_for_events(const struct console *c, const struct probe *probe,
                            struct pollfd polls[N_POLLS])
{
    const struct link *link = c->run.link;
    int timeout = is_idle(c) ? -1 : SECOND; /* the elapsed time is shown while something goes on */
    polls[POLL_KEYS] = (struct pollfd){STDIN_FILENO, POLLIN, 0};
    polls[POLL_SIGNALS] = (struct pollfd){signals_fd(), POLLIN, 0};
    polls[POLL_PROBE] = (struct pollfd){probe->fd, POLLIN, 0};
    polls[POLL_READER] =
        (struct pollfd){reader_fd(&c->reader), poll_events(reader_wants(&c->reader)), 0};
    polls[POLL_DIFFER] = (struct pollfd){differ_fd(&c->differ), POLLIN, 0};
    polls[POLL_LOADING] = (struct pollfd){console_loading_fd(c), POLLIN, 0};
    polls[POLL_RENDERER] = (struct pollfd){renderer_fd(&c->renderer), POLLIN, 0};
    polls[POLL_HISTORY] = (struct pollfd){history_fd(&c->history), POLLIN, 0};
    polls[POLL_PLANNING] = (struct pollfd){run_flow_fd(c), POLLIN, 0};
    polls[POLL_RANGE] = (struct pollfd){sql_range_fd(c), POLLIN, 0};
    for (int i = POLL_RUN; i < N_POLLS; i++)
        polls[i] = (struct pollfd){-1, 0, 0};
    timeout = sooner(timeout, reader_timeout(&c->reader));
    if (link) {
        link_polls(link, &polls[POLL_RUN], LINK_POLLS_MAX);
        timeout = sooner(timeout, link_timeout(link));
    }
    timeout = sooner(timeout, sql_editor_timeout(&c->editor));
    timeout = sooner(timeout, c->pasting ? SECOND : -1);
    if (poll(polls, N_POLLS, timeout) < 0) /* a signal came */
        for (int i = 0; i < N_POLLS; i++)
            polls[i].revents = 0;
}

/* What shows a rendering that has come. */
static void mark_rendered(struct console *c)
{
    c->views[VIEW_SQL].stale = c->views[VIEW_DETAIL].stale = true;
}

static void run_loop(struct console *c, struct script *script)
{
    struct pollfd polls[N_POLLS];
    struct frame_times times = {0};
    struct probe probe = {.fd = c->options->idle_fd};
    while (!c->quit) {
        console_draw(c);
        if (renderer_was_late(&c->renderer)) {
            mark_rendered(c);
            continue;
        }
        frame_times_drawn(&times);
        if (is_idle(c) && script_step(script, c))
            continue;
        if (is_idle(c) && !keyboard_waits())
            probe_idle(&probe);
        wait_for_events(c, &probe, polls);
        if (take_signals(c))
            probe.came++;
        take_stray(c);
        if (polls[POLL_KEYS].revents & (POLLHUP | POLLERR | POLLNVAL)) {
            c->quit = true; /* the terminal is gone */
            c->exit_code = 128 + SIGHUP;
        } else if (polls[POLL_KEYS].revents) {
            frame_times_key(&times);
            take_keys(c);
            probe.came++;
        }
        if (polls[POLL_PROBE].revents)
            probe_take(&probe);
        end_lost_paste(c);
        sql_editor_pause(&c->editor);
        if (reader_advance(&c->reader))
            console_database_changed(c);
        if (history_advance(&c->history))
            c->views[VIEW_GRAPH].stale = true;
        if (differ_advance(&c->differ))
            console_compared(c);
        console_take_loaded(c);
        renderer_advance(&c->renderer);
        if (renderer_was_late(&c->renderer)) /* it may have come while a key was acted on, too */
            mark_rendered(c);
        run_flow_planned(c);
        sql_range_take(c);
        if (execution_is_active(&c->run))
            run_flow_changed(c);
    }
    if (c->options->frames)
        frame_times_write(&times, c->options->frames);
    frame_times_clear(&times);
}

static void init_views(struct console *c)
{
    static const struct view_ops *const ops[N_VIEWS] = {
        [VIEW_GRAPH] = &pane_graph, [VIEW_DETAIL] = &pane_detail,   [VIEW_SQL] = &pane_sql,
        [VIEW_DIFF] = &pane_diff,   [VIEW_PENDING] = &pane_pending, [VIEW_RUN] = &pane_run,
        [VIEW_LOG] = &pane_log,
    };
    for (int id = 0; id < N_VIEWS; id++)
        view_init(&c->views[id], ops[id]);
    c->in_slot[SLOT_MAIN] = VIEW_GRAPH;
    c->in_slot[SLOT_TOP] = VIEW_DETAIL;
    c->in_slot[SLOT_BOTTOM] = VIEW_SQL;
    c->side = SLOT_BOTTOM;
}

const char *ui_library(void)
{
    return screen_library();
}

/* As terminals that tell it do: COLORFGBG is "foreground;background", of 16 colours. */
static bool is_light(const struct ui_options *options)
{
    const char *colours = environ_given(options->environ_, "COLORFGBG");
    const char *last = colours ? strrchr(colours, ';') : NULL;
    return str_eq(last, ";7") || str_eq(last, ";15");
}

/*
 * What was given up and still computes reads what the caller has lent: it is waited for, now that
 * the terminal is the user's again; and not for long, the process ends with it.
 */
static void end_threads(int exit_code)
{
    enum { LONG_ENOUGH = 3000 };
    if (background_settle(LONG_ENOUGH))
        return;
    fflush(NULL);
    _exit(exit_code);
}

/*
 * What was printed for the user, who has not seen it: unseen, and what came while all was closed.
 */
static void print_stray(struct str *unseen)
{
    struct str line = STR_INIT, visible = STR_INIT;
    while (stray_take(&line)) {
        str_addf(unseen, "%s\n", line.ptr);
        str_cut(&line, 0);
    }
    for (const char *at = unseen->ptr; *at;) {
        size_t len = strcspn(at, "\n");
        str_cut(&visible, 0);
        cells_clip(&visible, at, len, 0, 0, SIZE_MAX);
        fprintf(stderr, "%s\n", visible.ptr);
        at += len + (at[len] == '\n');
    }
    str_clear(&line);
    str_clear(&visible);
    str_clear(unseen);
}

int ui_main(const struct ui_options *options, struct err *err)
{
    struct console c = {.options = options};
    struct str unseen = STR_INIT;
    struct script script = {.at = NULL};
    if (options->script && !script_open(&script, options->script, err)) {
        script_close(&script);
        return 1;
    }
    if (!signals_open(err)) {
        script_close(&script);
        return 2;
    }
    if (!screen_open(err)) {
        signals_close();
        script_close(&script);
        return 2;
    }
    theme_set_mono(environ_given(options->environ_, "NO_COLOR") || !screen_use_color());
    theme_set_light(is_light(options));
    c.profile_arena = arena_new();
    remembered_load(&c);
    profile_load(&c, c.profile_arena, &c.problems);
    prompt_init(&c.prompt);
    sql_editor_init(&c.editor);
    init_views(&c);
    log_lines_init(&c);
    c.standing_arena = arena_new();
    c.renderer.options = options;
    c.session = session_blank();
    console_load(&c, NULL);
    if (c.problems.len > 0)
        console_complain(&c, "%s%s", c.problems.at[0],
                         c.problems.len > 1 ? "; w shows all" : "");
    run_loop(&c, &script);
    remembered_save(&c);
    log_lines_unseen(&c, &unseen);
    console_clear(&c);
    action_unbind_all();
    screen_close();
    print_stray(&unseen);
    signals_close();
    script_close(&script);
    end_threads(c.exit_code);
    return c.exit_code;
}
