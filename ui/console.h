/*
 * The console's state, shared by the files of ui/. Views and popups read it; actions (actions.h)
 * change it and say what became stale; the loop (loop.c) draws what is stale.
 */
#ifndef UI_CONSOLE_H
#define UI_CONSOLE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/log.h"
#include "base/map.h"
#include "ui/diff_groups.h"
#include "ui/differ.h"
#include "ui/execution.h"
#include "ui/history.h"
#include "ui/layout.h"
#include "ui/loading.h"
#include "ui/mouse.h"
#include "ui/paint.h"
#include "ui/pattern.h"
#include "ui/planning.h"
#include "ui/popup.h"
#include "ui/prompt.h"
#include "ui/reader.h"
#include "ui/renderer.h"
#include "ui/save_flow.h"
#include "ui/session.h"
#include "ui/sql_editor.h"
#include "ui/sql_range.h"
#include "ui/standing.h"
#include "ui/ui.h"
#include "ui/view.h"

/* A line of a text pane. */
struct text_line {
    const char *text;
    size_t len;
    enum role role;
    int number;       /* line number of a source, 0: none */
    size_t statement; /* of the SQL pane: position from 1; 0: none */
    struct paint *paint; /* its colours; NULL: the role alone */
    size_t at;           /* byte of the painted text where the line begins */
};

VEC_DEFINE(text_lines, struct text_line);

/* Line n of a source, from 1. */
struct text_line text_line_of(const struct source *source, struct paint *paint, int n);

/* What the log keeps of a line. */
struct log_entry {
    enum log_level level;
    bool unseen; /* printed by a library, and not on the screen yet */
    int64_t time;
    char *origin, *text;
};

/* How the log shows when. */
enum times { TIMES_CLOCK, TIMES_AGO, TIMES_OFF, N_TIMES };

enum graph_filter { GRAPH_ALL, GRAPH_PENDING, GRAPH_APPLIED };

/* What the run menu was opened for: captured when the key was pressed, and not looked up again. */
struct run_target {
    char *id; /* revision under the cursor; NULL: none */
    char *doc;
    bool is_applied;
};

/* A session that blocks the run, while it is being asked what to do with it. */
struct run_signal {
    int pid;
    enum watcher_signal how;
    char *text;
};

struct console {
    const struct ui_options *options;
    struct session *session;  /* never NULL once started; is_blank till files were read */
    struct loading loading;   /* the next one */
    struct renderer renderer;
    struct standing standing; /* of the session's database */
    struct arena *standing_arena;
    struct reader reader;
    struct history history; /* of what the reader does not find */
    struct differ differ;
    struct execution run;
    struct sql_range sql_range; /* that the SQL pane shows in place of one revision */
    struct planning planning; /* of the next plan */
    struct log log;

    /* What is looked at. */
    char *selected; /* id of a revision; NULL: none */
    char *awaited;  /* one that the files which are being read have: selected then; NULL: none */
    enum direction direction;
    enum graph_filter graph_filter;
    struct map marks; /* ids of revisions */
    struct {
        bool is_open;
        enum view_id view;
        size_t from; /* row where it begins */
    } range;
    struct {
        VEC(size_t) rows; /* of the lanes, those that the filter leaves */
        VEC(bool) path;   /* by revision index: an upgrade to the one looked at applies it */
        char *path_to;    /* that one; NULL: to be worked out */
    } graph;
    struct diff_pane diff;
    struct {
        struct text_lines lines;
        char *id; /* what is loaded */
        enum direction direction;
    } detail, sql;
    bool hide_numbers; /* line numbers of texts */
    bool wrap;         /* long lines of texts go on in the next row */
    bool mouse;
    enum times times;
    struct {
        VEC(struct log_entry) entries;
        VEC(size_t) shown;
        enum log_level level;
        bool follow;
    } log_lines;

    /* The screen. */
    struct view views[N_VIEWS];
    enum view_id in_slot[N_SLOTS];
    enum slot focus, side;
    bool maximised;
    struct layout layout;
    char *remembered; /* from the last session, as text (remembered.h) */
    struct layout_shares shares; /* what the user made of the sizes; kept for each way to split */
    struct popup *popup; /* the topmost; NULL: none */
    struct prompt prompt;
    struct sql_editor editor; /* in the place of the SQL pane */
    struct pattern search;
    struct hints hints; /* what the hint line shows, for the mouse */
    bool highlight;  /* show what matches the search */
    bool bar_focus;  /* the run bar is armed and has the focus */
    struct run_watch_lines run_report; /* of the run pane */
    bool run_follow; /* the run pane's cursor follows the run */
    bool pasting;    /* between the marks of a bracketed paste */
    bool in_burst;   /* the key came together with others: see console_was_typed() */
    bool dropping;   /* the rest of a burst is dropped, till it is quiet */
    int64_t last_key; /* when the last key of a paste, or of what is dropped, came */
    char *message;   /* NULL: none */
    char *said;      /* the last one that was, also when the line is empty again; NULL: none */
    bool message_is_error;

    struct arena *profile_arena;
    struct name_list problems; /* of the user's file of keys and colours */

    struct run_target target;
    struct run_signal signal;
    struct save_flow save; /* what is asked about */
    char *unlocked;  /* label of the protected connection that was unlocked; NULL: none */
    char *unlocking; /* label of the one that is being asked about */
    bool quit, quit_after_run;
    bool suspend_when_paused; /* Ctrl-Z was pressed during a run */
    int exit_code;
};

static inline struct view *console_focused(struct console *c)
{
    return &c->views[c->in_slot[c->focus]];
}

/* The revision looked at; NULL when there is none. */
struct revision *console_selected(const struct console *c);
void console_select(struct console *c, const char *id);

/* What the revision looked at belongs to: the plan's session, or the present one. */
struct session *console_session(const struct console *c);

/* The step of the plan looked at, when the run pane leads; else NULL. */
const struct plan_step *console_plan_step(const struct console *c);

/* The statement of that step, from 1, that the run pane's cursor is on; 0: none. */
size_t console_run_statement(const struct console *c);

/* Who carried out a revision last, and when, as far as a journal tells; NULL: none does. */
const struct applied *console_applied(const struct console *c, const char *id);

/* The message line. */
void console_say(struct console *c, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void console_complain(struct console *c, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
void console_show_err(struct console *c, const struct err *err);

/* Shows a pane in its slot and gives it the focus. */
void console_focus_view(struct console *c, enum view_id id);
/* Every pane gathers its rows again. */
void console_mark_stale(struct console *c);
/* Rectangles and rows brought up to date with the terminal's size and with what is stale. */
void console_sync(struct console *c);

/* Has files and database read again, and then says that; NULL: nothing. */
void console_load(struct console *c, const char *said);
/* The files have been read, and nothing is in the way of showing it. */
void console_take_loaded(struct console *c);
/* "words 3s": since when, without the seconds of the first one. */
void console_add_elapsed(struct str *out, const char *words, int64_t since);
/* What to poll for files that are being read; -1: nothing is to be waited for. */
int console_loading_fd(const struct console *c);

/* One direction of a revision that is shown; NULL: it is being rendered (renderer.h). */
const struct rendering *console_rendering(struct console *c, const struct revision *revision,
                                          enum direction direction);
/* Asks the database again. */
void console_read_database(struct console *c);
/* The reader has news. */
void console_database_changed(struct console *c);
/* Compares the models with the database, when the pane that shows it is open. */
void console_compare(struct console *c);
/* The comparison has ended. */
void console_compared(struct console *c);
void console_clear(struct console *c);

/* Gives the terminal to the shell, till it comes back. */
void console_suspend(struct console *c);

/* Draws all of it. */
void console_draw(struct console *c);

/*
 * Whether the key was typed as an answer to what is on the screen. One that came together with
 * others was pasted into a terminal without bracketed paste, or typed before the question could be
 * read: it answers nothing and executes nothing. False: that is said, and the others are dropped.
 */
bool console_was_typed(struct console *c);

/* One key, or a command of the ':' prompt. */
void console_key(struct console *c, int32_t key);
void console_command(struct console *c, const char *text);

extern const struct view_ops pane_graph, pane_detail, pane_sql, pane_diff, pane_pending, pane_run,
    pane_log;

#endif
