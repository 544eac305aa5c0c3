#include "config.h"

#include "ui/marks.h"

#include "base/map.h"
#include "base/str.h"
#include "ui/actions.h"
#include "ui/console.h"
#include "ui/diff_lines.h"

/* The rows between the start of the range and the cursor, both included; false: there is none. */
static bool range_of(const struct console *c, size_t *first, size_t *last)
{
    const struct view *view = &c->views[c->in_slot[SLOT_MAIN]];
    size_t row;
    if (!c->range.is_open || c->range.view != c->in_slot[SLOT_MAIN] || !view_row(view, &row))
        return false;
    *first = row < c->range.from ? row : c->range.from;
    *last = row < c->range.from ? c->range.from : row;
    return true;
}

bool marks_has(const struct console *c, const char *id, size_t row)
{
    size_t first, last;
    return map_has(&c->marks, id) ||
           (c->in_slot[SLOT_MAIN] == VIEW_GRAPH && range_of(c, &first, &last) && row >= first &&
            row <= last);
}

bool marks_end_range(struct console *c)
{
    bool was_open = c->range.is_open;
    c->range.is_open = false;
    return was_open;
}

static void toggle(struct console *c, const char *id)
{
    if (map_has(&c->marks, id))
        map_remove(&c->marks, id);
    else
        map_put(&c->marks, id, NULL);
}

static void say_marks(struct console *c)
{
    console_say(c, "%zu revision%s marked", c->marks.len, c->marks.len == 1 ? "" : "s");
}

void act_mark(struct console *c)
{
    toggle(c, console_selected(c)->header->id);
    act_down(c);
    say_marks(c);
}

/* What is folded is included with its heading; else its own rows decide. */
static void include_row(struct console *c, size_t row)
{
    const struct diff_group *group = diff_row_group(c, row);
    struct differ_item *item = diff_row_item(c, row);
    if (item)
        item->included = !item->ignored;
    else if (diff_group_is_folded(c, group))
        diff_group_include(c, group, true);
}

/* Everything in the range is marked, or included; the filter hides, and so leaves out. */
static void take_range(struct console *c, size_t first, size_t last)
{
    const struct view *view = &c->views[c->range.view];
    for (size_t i = 0; i < view->shown.len; i++) {
        size_t row = view->shown.at[i];
        if (row < first || row > last)
            continue;
        if (c->range.view == VIEW_DIFF) {
            include_row(c, row);
            continue;
        }
        const struct revision *revision = c->session->lanes.rows.at[c->graph.rows.at[row]].revision;
        if (revision)
            map_put(&c->marks, revision->header->id, NULL);
    }
}

void act_range(struct console *c)
{
    size_t row, first, last;
    if (range_of(c, &first, &last)) {
        take_range(c, first, last);
        c->range.is_open = false;
        if (c->range.view == VIEW_DIFF)
            console_say(c, "%zu included", differ_included(&c->differ));
        else
            say_marks(c);
    } else if (view_row(console_focused(c), &row)) {
        c->range.is_open = true;
        c->range.view = c->in_slot[SLOT_MAIN];
        c->range.from = row;
        console_say(c, "a range begins here; v ends it, Esc gives it up");
    }
}
