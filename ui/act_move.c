/* Moving, searching, and going from one pane to another. */
#include "config.h"

#include "base/str.h"
#include "ui/actions.h"
#include "ui/console.h"
#include "ui/diff_lines.h"
#include "ui/line_properties.h"
#include "ui/run_flow.h"
#include "ui/sql_lines.h"

enum { SIDEWAYS = 8 };

static void moved(struct console *c, int direction)
{
    view_settle(c, console_focused(c), direction);
}

void act_down(struct console *c)
{
    list_move(&console_focused(c)->list, 1);
    moved(c, 1);
}

void act_up(struct console *c)
{
    list_move(&console_focused(c)->list, -1);
    moved(c, -1);
}

void act_half_down(struct console *c)
{
    list_half_page(&console_focused(c)->list, 1);
    moved(c, 1);
}

void act_half_up(struct console *c)
{
    list_half_page(&console_focused(c)->list, -1);
    moved(c, -1);
}

void act_page_down(struct console *c)
{
    list_page(&console_focused(c)->list, 1);
    moved(c, 1);
}

void act_page_up(struct console *c)
{
    list_page(&console_focused(c)->list, -1);
    moved(c, -1);
}

void act_scroll_down(struct console *c)
{
    list_scroll(&console_focused(c)->list, 1);
    moved(c, 1);
}

void act_scroll_up(struct console *c)
{
    list_scroll(&console_focused(c)->list, -1);
    moved(c, -1);
}

void act_first(struct console *c)
{
    list_go(&console_focused(c)->list, 0);
    moved(c, 1);
}

void act_last(struct console *c)
{
    list_go(&console_focused(c)->list, (size_t)-1);
    moved(c, -1);
}

void act_left(struct console *c)
{
    list_shift(&console_focused(c)->list, -SIDEWAYS);
}

void act_right(struct console *c)
{
    list_shift(&console_focused(c)->list, SIDEWAYS);
}

void act_linked_down(struct console *c)
{
    list_scroll(&c->views[c->in_slot[c->side]].list, 1);
}

void act_linked_up(struct console *c)
{
    list_scroll(&c->views[c->in_slot[c->side]].list, -1);
}

/* Searching */

void act_search(struct console *c)
{
    prompt_open(c, PROMPT_SEARCH);
}

void act_filter(struct console *c)
{
    prompt_open(c, PROMPT_FILTER);
}

static void search(struct console *c, int direction)
{
    bool wrapped;
    c->highlight = true;
    if (!view_search(c, console_focused(c), &c->search, direction, false, &wrapped))
        console_complain(c, "no match for \"%s\"", c->search.text);
    else if (wrapped)
        console_say(c, direction > 0 ? "search went on at the top" : "search went on at the end");
    view_found(c, console_focused(c), &c->search, direction);
}

void act_search_next(struct console *c)
{
    search(c, 1);
}

void act_search_previous(struct console *c)
{
    search(c, -1);
}

/* Panes */

static void go_slot(struct console *c, int direction)
{
    c->focus = (enum slot)((c->focus + N_SLOTS + direction) % N_SLOTS);
    if (c->focus != SLOT_MAIN)
        c->side = c->focus;
}

void act_next_pane(struct console *c)
{
    go_slot(c, 1);
}

void act_previous_pane(struct console *c)
{
    go_slot(c, -1);
}

void act_pane_graph(struct console *c)
{
    console_focus_view(c, VIEW_GRAPH);
}

void act_pane_detail(struct console *c)
{
    console_focus_view(c, VIEW_DETAIL);
}

void act_pane_sql(struct console *c)
{
    console_focus_view(c, VIEW_SQL);
}

void act_pane_run(struct console *c)
{
    console_focus_view(c, VIEW_RUN);
}

void act_pane_log(struct console *c)
{
    console_focus_view(c, VIEW_LOG);
}

void act_pane_pending(struct console *c)
{
    console_focus_view(c, VIEW_PENDING);
}

void act_open(struct console *c)
{
    console_focus_view(c, VIEW_DETAIL);
}

void act_maximise(struct console *c)
{
    c->maximised = !c->maximised;
}

/* The border between the main pane and the others moves; each way to split keeps its own place. */
static void resize_pane(struct console *c, int direction)
{
    enum { STEP = 5 };
    bool stacked = c->layout.mode == LAYOUT_STACK;
    const struct rect *frame = &c->layout.frames[SLOT_MAIN];
    int *share = stacked ? &c->shares.rows : &c->shares.columns;
    int whole = stacked ? c->layout.status.y - 1 : c->layout.header.width;
    int now = *share ? *share : (stacked ? frame->height : frame->width) * 100 / whole;
    now += c->focus == SLOT_MAIN ? direction * STEP : -direction * STEP;
    *share = now < LAYOUT_LEAST_SHARE   ? LAYOUT_LEAST_SHARE
             : now > LAYOUT_MOST_SHARE ? LAYOUT_MOST_SHARE
                                       : now;
}

void act_grow(struct console *c)
{
    resize_pane(c, 1);
}

void act_shrink(struct console *c)
{
    resize_pane(c, -1);
}

/* Source and SQL of a revision */

static struct text_lines *focused_lines(struct console *c)
{
    return c->in_slot[c->focus] == VIEW_DETAIL ? &c->detail.lines : &c->sql.lines;
}

static void go_statement(struct console *c, int direction)
{
    struct view *view = console_focused(c);
    const struct text_lines *lines = focused_lines(c);
    size_t row;
    if (!view_row(view, &row))
        return;
    size_t now = lines->at[row].statement;
    while (direction > 0 ? row + 1 < lines->len : row > 0) {
        row += (size_t)direction;
        size_t statement = lines->at[row].statement;
        bool begins = row == 0 || lines->at[row - 1].statement != statement;
        if (statement && begins && (statement != now || direction < 0)) {
            view_go_row(view, row);
            return;
        }
    }
    console_say(c, direction > 0 ? "no statement after this one" : "no statement before this one");
}

void act_next_statement(struct console *c)
{
    go_statement(c, 1);
}

void act_previous_statement(struct console *c)
{
    go_statement(c, -1);
}

static void go_revision(struct console *c, int direction)
{
    struct view *view = &c->views[c->in_slot[SLOT_MAIN]];
    list_move(&view->list, direction);
    view_settle(c, view, direction);
}

void act_next_revision(struct console *c)
{
    go_revision(c, 1);
}

void act_previous_revision(struct console *c)
{
    go_revision(c, -1);
}

/* The first row of a text pane that has this statement; the pane is shown there. */
static void show_statement(struct console *c, enum view_id id, const struct text_lines *lines,
                           size_t statement)
{
    console_focus_view(c, id);
    console_sync(c);
    for (size_t row = 0; row < lines->len; row++) {
        if (lines->at[row].statement != statement)
            continue;
        view_go_row(&c->views[id], row);
        return;
    }
}

static void follow_source(struct console *c, size_t row)
{
    size_t statement = c->detail.lines.at[row].statement;
    if (!statement)
        console_say(c, "this line makes no statement");
    else
        show_statement(c, VIEW_SQL, &c->sql.lines, statement);
}

static void follow_sql(struct console *c, size_t row)
{
    size_t statement = c->sql.lines.at[row].statement;
    int line = statement ? sql_statement_at(c, statement - 1).origin->revision_line : 0;
    if (!statement && sql_wants_plan(c)) {
        run_flow_preview(c);
        return;
    }
    if (line <= 0) {
        console_say(c, "no line of the source makes this statement");
        return;
    }
    const char *revision = sql_statement_at(c, statement - 1).revision;
    if (revision)
        console_select(c, revision);
    console_focus_view(c, VIEW_DETAIL);
    console_sync(c);
    view_go_row(&c->views[VIEW_DETAIL], (size_t)line - 1);
}

void act_follow(struct console *c)
{
    size_t row;
    if (!view_row(console_focused(c), &row))
        return;
    if (c->in_slot[c->focus] == VIEW_DETAIL)
        follow_source(c, row);
    else
        follow_sql(c, row);
}

void act_exchange(struct console *c)
{
    c->direction = c->direction == DIRECTION_UPGRADE ? DIRECTION_DOWNGRADE : DIRECTION_UPGRADE;
    c->views[VIEW_DETAIL].stale = c->views[VIEW_SQL].stale = true;
    console_say(c, c->direction == DIRECTION_UPGRADE ? "showing the upgrade"
                                                     : "showing the downgrade");
}

void act_numbers(struct console *c)
{
    c->hide_numbers = !c->hide_numbers;
}

static void show_line_properties(struct console *c)
{
    struct str text = STR_INIT;
    size_t row;
    int line = 0;
    if (view_row(&c->views[VIEW_DETAIL], &row) && console_selected(c) &&
        !console_is_at_difference(c))
        line = c->detail.lines.at[row].number;
    if (line > 0)
        line_properties(c, line, &text);
    if (text.len > 0)
        popup_message(c, "Source line", text.ptr);
    else
        console_say(c, "this line makes no operation");
    str_clear(&text);
}

void act_properties(struct console *c)
{
    struct str text = STR_INIT;
    size_t row;
    if (console_focused(c) == &c->views[VIEW_DETAIL]) {
        show_line_properties(c);
        return;
    }
    if (!view_row(console_focused(c), &row) || !c->sql.lines.at[row].statement) {
        console_say(c, "no statement here");
        return;
    }
    sql_properties(c, c->sql.lines.at[row].statement - 1, &text);
    popup_message(c, "Statement", text.ptr);
    str_clear(&text);
}
