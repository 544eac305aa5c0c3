/* Draws the console: header, panes, status, message and hints, and the popup over them. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "ui/action.h"
#include "ui/cells.h"
#include "ui/console.h"
#include "ui/dispatch.h"
#include "ui/draw.h"
#include "ui/guard.h"
#include "ui/key.h"
#include "ui/run_flow.h"
#include "ui/screen.h"

static void add_rows(struct str *out, const struct name_list *rows)
{
    if (rows->len == 0)
        str_add(out, "base");
    for (size_t i = 0; i < rows->len && i < 3; i++)
        str_addf(out, "%s%s", i ? ", " : "", rows->at[i]);
    if (rows->len > 3)
        str_add(out, ", ...");
}

/* During a run: what is committed, which is newer than what was read. */
static bool describe_run(const struct console *c, struct str *out)
{
    if (!execution_is_active(&c->run))
        return false;
    size_t step = link_committed(c->run.link).step;
    str_add(out, "at ");
    add_rows(out, step > 0 ? &c->run.plan->steps.at[step - 1].rows_after : &c->run.plan->rows);
    return true;
}

/* Where the database is, in words. */
static void describe_standing(const struct console *c, struct str *out)
{
    static const char *const words[] = {
        [READER_OFF] = "offline",
        [READER_CONNECTING] = "connecting...",
        [READER_IDENTIFYING] = "reading...",
        [READER_FINDING] = "reading...",
        [READER_READING] = "reading...",
        [READER_FAILED] = "no connection (R retries)",
        [READER_READY] = "",
    };
    if (describe_run(c, out))
        return;
    if (console_loading_fd(c) >= 0) {
        console_add_elapsed(out, "reading files...", c->loading.started);
        return;
    }
    if (reader_is_busy(&c->reader))
        console_add_elapsed(out, words[c->reader.state], c->reader.started);
    else
        str_add(out, words[c->reader.state]);
    if (c->reader.state != READER_READY)
        return;
    str_add(out, "at ");
    add_rows(out, &c->reader.rows);
    if (!c->standing.known)
        str_add(out, " (not in the files)");
    else if (c->standing.pending.len == 0)
        str_add(out, " (up to date)");
    else
        str_addf(out, " (%zu behind)", c->standing.pending.len);
}

static size_t columns_of(const struct str *text)
{
    return cells_width(text->ptr, text->len, 0);
}

/*
 * The header's two halves, shortened in steps till they fit: first the program's name goes, then
 * the project's, then where the database is. Which database it is and what the run does stay.
 */
static void fit_header(const struct console *c, size_t width, size_t label_width, struct str *left,
                       struct str *right)
{
    for (int shorter = 0; shorter < 5; shorter++) {
        str_cut(left, 0);
        str_cut(right, 0);
        if (shorter < 1)
            str_add(left, " retort ");
        if (shorter < 2)
            str_addf(left, " %s ", session_name(c->session));
        if (!c->session->is_blank)
            str_addf(left, " %s%s", c->session->has_url ? "db=" : "no database", c->session->label);
        if (shorter < 3) {
            describe_standing(c, right);
            str_add(right, "   ");
        }
        if (shorter < 4)
            run_flow_state(c, right);
        str_addc(right, ' ');
        if (columns_of(left) + label_width + columns_of(right) + 2 <= width)
            return;
    }
}

/* " [dev]", and in words whether the connection is protected. */
static void describe_label(const struct console *c, struct str *out)
{
    const char *label = c->session->protection.label;
    if (label)
        str_addf(out, " [%s]", label);
    if (guard_is_protected(c, c->session))
        str_addf(out, " [PROTECTED%s]", guard_why_read_only(c) ? " read-only" : ", unlocked");
}

static void draw_header(const struct console *c)
{
    struct str left = STR_INIT, right = STR_INIT, label = STR_INIT;
    struct rect at = c->layout.header;
    bool warn = c->reader.state == READER_FAILED || c->session->err.code != ERR_NONE ||
                (c->reader.state == READER_READY && !c->standing.known) ||
                c->run.state == RUNNER_FAILED;
    bool is_protected = guard_is_protected(c, c->session);
    enum role role = is_protected ? ROLE_LABEL_PROTECTED : warn ? ROLE_HEADER_WARN : ROLE_HEADER;
    describe_label(c, &label);
    fit_header(c, (size_t)at.width, columns_of(&label), &left, &right);
    struct pen pen = pen_row(at, 0);
    pen_textn(&pen, role, left.ptr, left.len);
    pen_textn(&pen, is_protected ? role : ROLE_LABEL_DEV, label.ptr, label.len);
    while (pen_room(&pen) > (int)columns_of(&right))
        pen_text(&pen, role, " ");
    pen_textn(&pen, role, right.ptr, right.len);
    str_clear(&left);
    str_clear(&right);
    str_clear(&label);
}

static bool is_editor(const struct console *c, enum slot slot)
{
    return c->editor.is_open && c->in_slot[slot] == VIEW_SQL;
}

static void draw_title(struct console *c, enum slot slot)
{
    struct view *view = &c->views[c->in_slot[slot]];
    struct rect frame = c->layout.frames[slot];
    int inset = c->layout.has_border ? 1 : 0;
    struct str title = STR_INIT;
    struct pen pen = pen_at(frame.y, frame.x + inset, frame.width - 2 * inset);
    bool focused = slot == c->focus && (!c->bar_focus || c->editor.is_open);
    str_addf(&title, "%d ", view->ops->number);
    if (is_editor(c, slot))
        sql_editor_title(c, &title);
    else
        view->ops->title(c, &title);
    if (view->filter.text)
        str_addf(&title, " [filter: %s]", view->filter.text);
    pen_printf(&pen, focused ? ROLE_TITLE_FOCUS : ROLE_TITLE, "%s", title.ptr);
    if (!c->layout.has_border)
        pen_fill(&pen);
    str_clear(&title);
}

/* Text that is cut says so. */
static void draw_cut(struct pen *pen, enum role role, const struct str *text)
{
    if (columns_of(text) <= (size_t)pen_room(pen)) {
        pen_textn(pen, role, text->ptr, text->len);
        return;
    }
    pen->end--;
    pen_textn(pen, role, text->ptr, text->len);
    pen->end++;
    pen_glyph(pen, ROLE_DIM, GLYPH_MORE);
}

static void draw_status(struct console *c)
{
    enum { PERCENT = 6 };
    struct view *view = console_focused(c);
    struct pen pen = pen_row(c->layout.status, 0);
    struct str text = STR_INIT, place = STR_INIT;
    size_t row;
    if (c->editor.is_open) {
        bool problem = sql_editor_status(c, &text, &place);
        pen_text(&pen, ROLE_STATUS, " [edit] ");
        if (columns_of(&text) + columns_of(&place) <= (size_t)pen_room(&pen) || !text.len)
            str_add(&text, place.ptr);
        draw_cut(&pen, problem ? ROLE_ERROR : ROLE_STATUS, &text);
    } else {
        pen_printf(&pen, ROLE_STATUS, " [%s] ", view->ops->name);
        if (view_row(view, &row)) {
            struct pen left = pen;
            left.end = pen.end - PERCENT > pen.x ? pen.end - PERCENT : pen.x;
            view->ops->status(c, row, &text);
            str_addf(&place, "%sline %zu of %zu", text.len ? " - " : "", view->list.cursor + 1,
                     view->list.count);
            if (columns_of(&text) + columns_of(&place) <= (size_t)pen_room(&left) || !text.len)
                str_add(&text, place.ptr);
            draw_cut(&left, ROLE_STATUS, &text);
            struct pen end = pen_at(pen.y, pen.end - (PERCENT - 1), PERCENT - 1);
            pen_printf(&end, ROLE_STATUS, "%3d%%", list_percent(&view->list));
        }
    }
    str_clear(&place);
    str_clear(&text);
}

/* Hints: the actions of these contexts that have a word for it and can be done, as many as fit. */
/* Hints of popups and of the run bar are no buttons: the mouse answers nothing. */
static void add_hint(struct console *c, enum action action, int from, int end)
{
    struct hints *h = &c->hints;
    if (c->popup || c->prompt.is_open || c->bar_focus || h->len >= sizeof h->at / sizeof *h->at)
        return;
    h->at[h->len].action = action;
    h->at[h->len].from = from;
    h->at[h->len++].end = end;
}

static void draw_hints_of(struct console *c, struct pen *pen, enum context context, enum role word)
{
    for (enum action action = 1; action < N_ACTIONS; action++) {
        const struct action_info *info = &action_infos[action];
        struct str keys = STR_INIT;
        if ((info->contexts & context) && *info->hint && dispatch_reason(c, action) == NULL)
            action_keys(&keys, action, context, 1);
        int width = (int)(keys.len + strlen(info->hint) + 3);
        if (keys.len > 0 && width <= pen_room(pen)) {
            add_hint(c, action, pen->x, pen->x + width);
            pen_printf(pen, context == CTX_BAR ? word : ROLE_HINT_KEY, " %s", keys.ptr);
            pen_printf(pen, word, " %s ", info->hint);
        }
        str_clear(&keys);
    }
}

static void draw_hints(struct console *c)
{
    struct pen pen = pen_row(c->layout.hint.height ? c->layout.hint : c->layout.message, 0);
    c->hints.len = 0;
    if (c->popup || c->prompt.is_open) {
        draw_hints_of(c, &pen, c->popup ? popup_context(c->popup) : CTX_INPUT, ROLE_HINT);
        return;
    }
    if (c->editor.is_open) {
        draw_hints_of(c, &pen, CTX_EDITOR, ROLE_HINT);
        return;
    }
    if (c->bar_focus) {
        pen_text(&pen, ROLE_BAR, " RUN ");
        draw_hints_of(c, &pen, CTX_BAR, ROLE_BAR);
        while (pen_room(&pen) > 0)
            pen_text(&pen, ROLE_BAR, " ");
        return;
    }
    if (c->layout.hint.height == 0)
        return;
    /* The run menu, help and quit keep their place whatever else there is. */
    enum { KEPT = 23 };
    pen.end = pen.end - KEPT > pen.x ? pen.end - KEPT : pen.x;
    unsigned contexts = console_focused(c)->ops->contexts;
    for (int n = 0; n < N_CONTEXTS; n++)
        if (contexts & 1u << n)
            draw_hints_of(c, &pen, (enum context)(1u << n), ROLE_HINT);
    draw_hints_of(c, &pen, CTX_MOVE, ROLE_HINT);
    pen.end = c->layout.hint.x + c->layout.hint.width;
    draw_hints_of(c, &pen, CTX_GLOBAL, ROLE_HINT);
}

/* What is said of a line while it is typed stands at its other end, where there is room. */
static void draw_beside_prompt(const struct console *c, int typed_to)
{
    const struct rect *row = &c->layout.message;
    int width = c->message ? (int)cells_width(c->message, strlen(c->message), 0) : 0;
    int from = row->x + row->width - width - 1;
    if (width == 0 || from < typed_to + 2)
        return;
    struct pen pen = pen_at(row->y, from, width);
    pen_text(&pen, c->message_is_error ? ROLE_ERROR : ROLE_MESSAGE, c->message);
}

static void draw_message(struct console *c, int *y, int *x)
{
    struct pen pen = pen_row(c->layout.message, 0);
    if (c->prompt.is_open) {
        *y = pen.y;
        prompt_draw(c, &pen, x);
        draw_beside_prompt(c, pen.x);
    } else if (c->message) {
        struct str text = STR_INIT;
        str_add(&text, c->message);
        pen_text(&pen, ROLE_MESSAGE, " ");
        draw_cut(&pen, c->message_is_error ? ROLE_ERROR : ROLE_MESSAGE, &text);
        str_clear(&text);
    }
}

static void draw_too_small(int rows, int columns)
{
    static const char words[] = "too small";
    struct pen pen = pen_at(rows / 2, 0, columns);
    if (columns > (int)sizeof words)
        pen_to(&pen, (size_t)(columns - (int)sizeof words) / 2);
    pen_text(&pen, ROLE_TEXT, words);
}

void console_draw(struct console *c)
{
    int rows, columns, y = -1, x = 0;
    renderer_begin_frame(&c->renderer);
    console_sync(c);
    screen_size(&rows, &columns);
    screen_erase();
    if (c->layout.mode == LAYOUT_TOO_SMALL) {
        draw_too_small(rows, columns);
        screen_show(-1, 0);
        return;
    }
    draw_frames(&c->layout, rows, columns);
    draw_header(c);
    for (int slot = 0; slot < N_SLOTS; slot++) {
        if (c->layout.frames[slot].height == 0)
            continue;
        bool has_focus = slot == (int)c->focus;
        draw_title(c, (enum slot)slot);
        if (is_editor(c, (enum slot)slot))
            sql_editor_draw(c, c->layout.inside[slot], &y, &x);
        else
            view_draw(c, &c->views[c->in_slot[slot]], c->layout.inside[slot], has_focus);
    }
    if (c->layout.status.height)
        draw_status(c);
    draw_message(c, &y, &x);
    if (c->layout.hint.height || c->bar_focus)
        draw_hints(c);
    if (c->popup)
        y = -1;
    if (c->popup)
        popup_draw(c, rows, columns, &y, &x);
    screen_show(y, x);
}
