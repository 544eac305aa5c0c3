/* The log: every statement that was sent, every file read, every warning. */
#include "config.h"

#include <stdio.h>
#include <time.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "ui/actions.h"
#include "ui/console.h"
#include "ui/log_lines.h"

enum { MOST_ENTRIES = 20000 };

static const char *const level_names[] = {
    [LOG_DEBUG] = "debug",     [LOG_SQL] = "sql",     [LOG_INFO] = "info",
    [LOG_WARNING] = "warning", [LOG_ERROR] = "error",
};

static void free_entry(struct log_entry *entry)
{
    mem_free(entry->origin);
    mem_free(entry->text);
}

static void on_line(enum log_level level, const char *origin, const char *text, void *payload)
{
    struct console *c = payload;
    struct log_entry entry = {level, false, clock_wall(), mem_strdup(origin), mem_strdup(text)};
    if (c->log_lines.entries.len >= MOST_ENTRIES) {
        free_entry(&c->log_lines.entries.at[0]);
        vec_remove(&c->log_lines.entries, 0);
    }
    vec_push(NULL, &c->log_lines.entries, entry);
    c->views[VIEW_LOG].stale = true;
}

static const char stray_origin[] = "printed by a library";

void log_lines_stray(struct console *c, const char *line)
{
    on_line(LOG_WARNING, stray_origin, line, c);
    vec_last(&c->log_lines.entries).unseen = true;
}

void log_lines_unseen(const struct console *c, struct str *out)
{
    for (size_t i = 0; i < c->log_lines.entries.len; i++)
        if (c->log_lines.entries.at[i].unseen)
            str_addf(out, "%s\n", c->log_lines.entries.at[i].text);
}

void log_lines_init(struct console *c)
{
    c->log = (struct log){.line = on_line, .payload = c};
    c->log_lines.follow = true;
}

void log_lines_clear(struct console *c)
{
    for (size_t i = 0; i < c->log_lines.entries.len; i++)
        free_entry(&c->log_lines.entries.at[i]);
    vec_clear(&c->log_lines.entries);
    vec_clear(&c->log_lines.shown);
}

static struct log_entry *entry_at(const struct console *c, size_t row)
{
    return &c->log_lines.entries.at[c->log_lines.shown.at[row]];
}

static void log_title(struct console *c, struct str *out)
{
    str_add(out, "log");
    if (c->log_lines.level != LOG_DEBUG)
        str_addf(out, ": %s and above", level_names[c->log_lines.level]);
    if (c->log_lines.follow)
        str_add(out, " (following)");
}

static size_t log_load(struct console *c, struct view *view)
{
    c->log_lines.shown.len = 0;
    for (size_t i = 0; i < c->log_lines.entries.len; i++)
        if (c->log_lines.entries.at[i].level >= c->log_lines.level)
            vec_push(NULL, &c->log_lines.shown, i);
    if (c->log_lines.follow && c->log_lines.shown.len > 0)
        view_want_row(view, c->log_lines.shown.len - 1);
    return c->log_lines.shown.len;
}

void log_lines_date(enum times times, int64_t time, char *out, size_t size)
{
    time_t seconds = (time_t)(time / 1000000);
    long long ago = (long long)(clock_wall() - time) / 1000000;
    struct tm tm;
    *out = '\0';
    if (times == TIMES_CLOCK && localtime_r(&seconds, &tm))
        strftime(out, size, "%Y-%m-%d %H:%M", &tm);
    else if (times == TIMES_AGO)
        snprintf(out, size, "%lld%s ago",
                 ago < 60        ? ago
                 : ago < 6000    ? ago / 60
                 : ago < 172800  ? ago / 3600
                                 : ago / 86400,
                 ago < 60 ? "s" : ago < 6000 ? "m" : ago < 172800 ? "h" : "d");
}

/* "12:34:56 ", "   5m ago " or nothing. */
static void format_time(enum times times, int64_t time, char *out, size_t size)
{
    time_t seconds = (time_t)(time / 1000000);
    int64_t ago = (clock_wall() - time) / 1000000;
    struct tm tm;
    *out = '\0';
    if (times == TIMES_CLOCK && localtime_r(&seconds, &tm))
        strftime(out, size, "%H:%M:%S ", &tm);
    else if (times == TIMES_AGO)
        snprintf(out, size, "%4d%c ago ",
                 (int)(ago < 60 ? ago : ago < 6000 ? ago / 60 : ago / 3600),
                 ago < 60 ? 's' : ago < 6000 ? 'm' : 'h');
}

static void log_draw(struct console *c, size_t row, bool flat, struct pen *pen)
{
    struct log_entry *entry = entry_at(c, row);
    enum role role = entry->level == LOG_ERROR     ? ROLE_ERROR
                     : entry->level == LOG_WARNING ? ROLE_WARN
                                                   : ROLE_TEXT;
    char when[32];
    (void)flat;
    if (pen_room(pen) > 0)
        entry->unseen = false;
    format_time(c->times, entry->time, when, sizeof when);
    pen_printf(pen, ROLE_NUMBER, " %s", when);
    pen_printf(pen, role, "%-7s ", level_names[entry->level]);
    pen_text(pen, role, entry->text);
}

static void log_text(struct console *c, size_t row, struct str *out)
{
    const struct log_entry *entry = entry_at(c, row);
    str_addf(out, "%s %s", level_names[entry->level], entry->text);
}

static void log_status(struct console *c, size_t row, struct str *out)
{
    str_add(out, entry_at(c, row)->origin);
}

static void log_moved(struct console *c, struct view *view)
{
    /* Moving up from the end stops following; reaching it again goes on. */
    c->log_lines.follow = view->list.cursor + 1 == view->list.count;
}

static const char *log_empty(struct console *c)
{
    (void)c;
    return "nothing was logged yet";
}

const struct view_ops pane_log = {
    .name = "log",
    .number = 6,
    .contexts = CTX_LOG | CTX_TEXT,
    .home = SLOT_BOTTOM,
    .title = log_title,
    .load = log_load,
    .draw = log_draw,
    .text = log_text,
    .moved = log_moved,
    .status = log_status,
    .empty = log_empty,
};

void act_log_follow(struct console *c)
{
    c->log_lines.follow = true;
    c->views[VIEW_LOG].stale = true;
}

void act_log_level(struct console *c)
{
    static const enum log_level next[] = {
        [LOG_DEBUG] = LOG_SQL,     [LOG_SQL] = LOG_WARNING, [LOG_INFO] = LOG_WARNING,
        [LOG_WARNING] = LOG_ERROR, [LOG_ERROR] = LOG_DEBUG,
    };
    c->log_lines.level = next[c->log_lines.level];
    c->views[VIEW_LOG].stale = true;
}
