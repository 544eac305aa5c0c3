#include "config.h"

#include "ui/mouse.h"

#include "base/clock.h"
#include "ui/console.h"
#include "ui/dispatch.h"
#include "ui/key.h"
#include "ui/keyboard.h"
#include "ui/screen.h"

enum { WHEEL_ROWS = 3, DOUBLE_CLICK_US = 400000 };

static bool is_in(struct rect r, int y, int x)
{
    return y >= r.y && y < r.y + r.height && x >= r.x && x < r.x + r.width;
}

/* The slot whose pane is there; N_SLOTS: none. */
static enum slot slot_at(const struct console *c, int y, int x)
{
    for (int slot = 0; slot < N_SLOTS; slot++)
        if (is_in(c->layout.inside[slot], y, x))
            return (enum slot)slot;
    return N_SLOTS;
}

static void wheel(struct console *c, const struct mouse_event *event)
{
    enum slot slot = slot_at(c, event->y, event->x);
    long rows = event->kind == MOUSE_WHEEL_UP ? -WHEEL_ROWS : WHEEL_ROWS;
    if (c->popup || slot == N_SLOTS)
        return;
    if (c->editor.is_open && c->in_slot[slot] == VIEW_SQL)
        sql_editor_wheel(c, rows);
    else
        list_scroll(&c->views[c->in_slot[slot]].list, rows);
}

/* Whether the button was pressed at the same place a moment ago. */
static bool is_double(struct console *c, const struct mouse_event *event)
{
    struct hints *h = &c->hints;
    int64_t now = clock_monotonic();
    bool twice = h->y == event->y && h->x == event->x && now - h->pressed < DOUBLE_CLICK_US;
    h->pressed = twice ? 0 : now;
    h->y = event->y;
    h->x = event->x;
    return twice;
}

static void press_hint(struct console *c, int x)
{
    for (size_t i = 0; i < c->hints.len; i++)
        if (x >= c->hints.at[i].from && x < c->hints.at[i].end) {
            dispatch_action(c, c->hints.at[i].action);
            return;
        }
}

static void press_in(struct console *c, enum slot slot, const struct mouse_event *event)
{
    struct view *view = &c->views[c->in_slot[slot]];
    struct rect inside = c->layout.inside[slot];
    int row = event->y - inside.y - view_heads(c, view, inside);
    bool twice = is_double(c, event);
    c->focus = slot;
    if (slot != SLOT_MAIN)
        c->side = slot;
    if (row < 0 || (size_t)row >= view->at_row.len)
        return;
    list_go(&view->list, view->at_row.at[row]);
    view_settle(c, view, 1);
    if (twice)
        console_key(c, K_ENTER);
}

void console_mouse(struct console *c, const struct mouse_event *event)
{
    if (event->kind == MOUSE_NONE || c->layout.mode == LAYOUT_TOO_SMALL)
        return;
    if (event->kind != MOUSE_PRESS) {
        wheel(c, event);
    } else if (c->popup || c->prompt.is_open || c->bar_focus) {
        console_complain(c, "the mouse answers nothing here; the keys do");
    } else if (event->y == c->layout.hint.y && c->layout.hint.height) {
        press_hint(c, event->x);
    } else if (c->editor.is_open) {
        sql_editor_press(c, event->y, event->x);
    } else {
        enum slot slot = slot_at(c, event->y, event->x);
        if (slot < N_SLOTS)
            press_in(c, slot, event);
    }
}
