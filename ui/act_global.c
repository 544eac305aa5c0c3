/* What works everywhere: help, quitting, refreshing, options, the editor, the clipboard. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "alembic/project.h"
#include "base/arena.h"
#include "base/str.h"
#include "ui/actions.h"
#include "ui/console.h"
#include "ui/diff_lines.h"
#include "ui/editor.h"
#include "ui/err_text.h"
#include "ui/marks.h"
#include "ui/option.h"
#include "ui/run_flow.h"
#include "ui/screen.h"
#include "ui/signals.h"
#include "ui/sql_lines.h"

void act_help(struct console *c)
{
    const struct view *view = console_focused(c);
    if (c->editor.is_open)
        popup_help(c, "Help: the SQL editor", CTX_EDITOR);
    else if (c->bar_focus)
        popup_help(c, "Help: the run bar", CTX_BAR);
    else
        popup_help(c, "Help",
                   view->ops->contexts | CTX_MOVE | CTX_GLOBAL | CTX_BAR | CTX_MENU | CTX_CONFIRM |
                       CTX_INPUT);
}

void act_command(struct console *c)
{
    prompt_open(c, PROMPT_COMMAND);
}

void act_refresh(struct console *c)
{
    console_say(c, "reading the files again");
    console_load(c, "files read again");
}

void act_redraw(struct console *c)
{
    (void)c;
    screen_redraw();
}

void act_glyphs(struct console *c)
{
    int set = (screen_glyphs() + 1) % N_GLYPH_SETS;
    if (set == GLYPHS_UTF8 && !screen_is_utf8())
        set = GLYPHS_LINE;
    screen_set_glyphs((enum glyph_set)set);
    console_say(c, "characters: %s", glyph_set_name((enum glyph_set)set));
}

void act_suspend(struct console *c)
{
    if (execution_is_active(&c->run) &&
        (execution_is_busy(&c->run) || link_in_transaction(c->run.link)))
        run_flow_ask_suspend(c);
    else
        console_suspend(c);
}

void console_suspend(struct console *c)
{
    c->suspend_when_paused = false;
    screen_leave();
    signals_stop(true);
    screen_return();
}

/* Esc peels one layer; popups and prompts had it before. */
void act_cancel(struct console *c)
{
    struct view *view = console_focused(c);
    c->suspend_when_paused = false;
    if (planning_is_busy(&c->planning)) {
        planning_cancel(&c->planning);
        console_say(c, "planning was cancelled");
        return;
    }
    if (differ_is_busy(&c->differ) && view == &c->views[VIEW_DIFF]) {
        differ_cancel(&c->differ);
        return;
    }
    if (marks_end_range(c))
        return;
    if (!view->filter.text && view == &c->views[VIEW_SQL] && sql_range_close(c))
        return;
    if (view->filter.text) {
        pattern_clear(&view->filter);
        view->stale = true;
    } else {
        c->highlight = false;
    }
}

static void quit_confirmed(struct console *c, int value)
{
    (void)value;
    c->quit = true;
}

static void confirm_quit(struct console *c)
{
    popup_confirm(c, "Quit",
                  execution_is_edited(&c->run)
                      ? "SQL was edited, and neither run nor saved (:save). Quit retort?"
                      : "Quit retort?",
                  "quit", quit_confirmed);
}

void act_back(struct console *c)
{
    if (c->maximised)
        c->maximised = false;
    else if (console_focused(c) == &c->views[VIEW_SQL] && sql_range_close(c))
        return;
    else if (c->in_slot[c->focus] == VIEW_LOG)
        console_focus_view(c, VIEW_SQL);
    else if (c->focus != SLOT_MAIN)
        c->focus = SLOT_MAIN;
    else if (c->in_slot[SLOT_MAIN] != VIEW_GRAPH)
        console_focus_view(c, VIEW_GRAPH);
    else if (execution_is_active(&c->run))
        run_flow_ask_quit(c);
    else
        confirm_quit(c);
}

void act_quit(struct console *c)
{
    if (execution_is_active(&c->run))
        run_flow_ask_quit(c);
    else if (execution_is_edited(&c->run))
        confirm_quit(c);
    else
        c->quit = true;
}

/* Warnings */

static void add_warning(struct console *c, struct str *out, const char *title,
                        const struct err *err)
{
    str_addf(out, "%s%s", out->len ? "\n\n" : "", title);
    str_addc(out, '\n');
    err_text(out, err, session_folder(c->session));
}

/* What the comparison warns of, what it had to leave out, and what its models lack. */
static void add_compared(struct console *c, struct str *out)
{
    const struct pending *p = &c->differ.pending;
    struct name_list warnings = {0};
    if (c->differ.err.code != ERR_NONE)
        add_warning(c, out, "comparing models and database:", &c->differ.err);
    if (c->differ.state != DIFFER_READY)
        return;
    for (size_t i = 0; i < p->models.findings.len; i++)
        add_warning(c, out, "models:", &p->models.findings.at[i]);
    for (size_t i = 0; i < p->differences.log.len; i++)
        if (p->differences.log.at[i].warning)
            vec_push(c->differ.arena, &warnings, p->differences.log.at[i].text);
    pending_warnings(c->differ.arena, p, &warnings);
    for (size_t i = 0; i < warnings.len; i++)
        str_addf(out, "%s%s", out->len ? "\n\n" : "", warnings.at[i]);
    if (p->outdated.code != ERR_NONE)
        add_warning(c, out, "no revision can be made yet:", &p->outdated);
}

void act_warnings(struct console *c)
{
    struct session *s = c->session;
    struct str text = STR_INIT;
    const struct revision *revision = console_selected(c);
    if (s->err.code != ERR_NONE)
        add_warning(c, &text, "project:", &s->err);
    if (s->url_err.code != ERR_NONE)
        add_warning(c, &text, "database URL:", &s->url_err);
    if (c->reader.err.code != ERR_NONE)
        add_warning(c, &text, "database:", &c->reader.err);
    if (c->standing.err.code != ERR_NONE)
        add_warning(c, &text, "database:", &c->standing.err);
    for (int direction = 0; revision && direction < 2; direction++) {
        const struct rendering *r = console_rendering(c, revision, (enum direction)direction);
        if (r && r->err.code != ERR_NONE)
            add_warning(c, &text,
                        direction == DIRECTION_UPGRADE ? "upgrade:" : "downgrade:", &r->err);
    }
    for (size_t i = 0; s->graph && i < s->graph->warnings.len; i++)
        str_addf(&text, "%srevisions: %s", text.len ? "\n\n" : "", s->graph->warnings.at[i]);
    for (size_t i = 0; s->project && i < s->project->findings.len; i++)
        add_warning(c, &text, "env.py:", &s->project->findings.at[i].err);
    add_compared(c, &text);
    for (size_t i = 0; i < c->problems.len; i++)
        str_addf(&text, "%s%s", i == 0 && text.len ? "\n\n" : i ? "\n" : "", c->problems.at[i]);
    if (c->run.journal)
        str_addf(&text, "%sthe last run's journal: %s", text.len ? "\n\n" : "", c->run.journal);
    if (c->run.journal_note)
        str_addf(&text, "\n%s", c->run.journal_note);
    popup_message(c, "Warnings", text.len ? text.ptr : "no warnings");
    str_clear(&text);
}

/* Options */

static void option_chosen(struct console *c, int value)
{
    struct err err = ERR_INIT;
    const struct option_row *row = &console_options[value];
    if (option_toggle(c, row, &err))
        console_say(c, "%s=%s", row->name, row->get(c));
    else
        console_show_err(c, &err);
    err_clear(&err);
}

void act_options(struct console *c)
{
    struct arena *a = arena_new();
    struct menu_item *items = ARENA_ARRAY(a, console_option_count, struct menu_item);
    for (size_t i = 0; i < console_option_count; i++) {
        const struct option_row *row = &console_options[i];
        items[i] = (struct menu_item){.letter = row->letter, .value = (int)i};
        items[i].label = arena_printf(a, "%-10s %-6s %s", row->name, row->get(c), row->help);
    }
    popup_menu(c, "Options", "wrap, numbers, mouse and times are remembered", items,
               console_option_count, option_chosen);
    arena_free(a);
}

/* Clipboard */

enum yank { YANK_ID, YANK_SQL, YANK_PATH, YANK_MESSAGE, YANK_SAID };

static void yank_chosen(struct console *c, int value)
{
    const struct revision *revision = console_selected(c);
    struct str text = STR_INIT;
    if (value == YANK_SQL)
        sql_all(c, &text);
    else if (value == YANK_SAID)
        str_add(&text, c->said ? c->said : "");
    else if (revision && value == YANK_MESSAGE)
        str_addf(&text, "%s", revision->header->longdoc);
    else if (revision)
        str_add(&text, value == YANK_ID ? revision->header->id : revision->header->path);
    screen_copy(text.ptr, text.len);
    console_say(c, "copied %zu bytes, if the terminal allows it (OSC 52); :w FILE writes the SQL",
                text.len);
    str_clear(&text);
}

void act_yank(struct console *c)
{
    const char *no_revision = console_selected(c) ? NULL : "no revision here";
    const char *no_sql = sql_statement_count(c) > 0 ? NULL : "no SQL here";
    const struct menu_item items[] = {
        {'i', "id of the revision", no_revision, YANK_ID},
        {'s', "SQL as shown", no_sql, YANK_SQL},
        {'p', "path of the file", no_revision, YANK_PATH},
        {'m', "message of the revision", no_revision, YANK_MESSAGE},
        {'l', "what was said last", c->said ? NULL : "nothing was said yet", YANK_SAID},
    };
    popup_menu(c, "Copy", "", items, sizeof items / sizeof *items, yank_chosen);
}

/* The editor */

/* The file that is looked at, and the line in it: of the models, or of the revision. */
static void place_shown(struct console *c, struct str *path, size_t *line)
{
    const struct differ_item *item = console_difference(c);
    if (item) {
        const struct file_line *place = &item->difference->place;
        const char *folder = place->file[0] == '/' ? NULL : session_folder(c->differ.session);
        str_addf(path, "%s%s%s", folder ? folder : "", folder ? "/" : "", place->file);
        *line = (size_t)place->line;
    } else {
        size_t row = 0;
        view_row(&c->views[VIEW_DETAIL], &row);
        str_add(path, console_selected(c)->header->path);
        *line = row + 1;
    }
}

void act_edit_file(struct console *c)
{
    struct str path = STR_INIT;
    size_t line;
    place_shown(c, &path, &line);
    bool ok = editor_open_at(c, path.ptr, line);
    str_clear(&path);
    if (!execution_is_active(&c->run))
        console_load(c, ok ? "files read again" : NULL);
}
