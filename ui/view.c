#include "config.h"

#include "ui/view.h"

#include <string.h>

#include "base/arena.h"
#include "ui/cells.h"
#include "ui/console.h"

void view_init(struct view *view, const struct view_ops *ops)
{
    *view = (struct view){.ops = ops, .filter = PATTERN_INIT, .stale = true};
    view->list.height = 1;
    view->arena = arena_new();
}

void view_clear(struct view *view)
{
    pattern_clear(&view->filter);
    vec_clear(&view->shown);
    vec_clear(&view->at_row);
    arena_free(view->arena);
}

/* text: room for the row's, used again for the next one. */
static bool passes(struct console *c, const struct view *view, size_t row, struct str *text)
{
    size_t start, len;
    if (!view->filter.text)
        return true;
    str_cut(text, 0);
    view->ops->text(c, row, text);
    return pattern_find(&view->filter, text->ptr, text->len, 0, &start, &len);
}

static void filter_rows(struct console *c, struct view *view)
{
    struct str text = STR_INIT;
    view->shown.len = 0;
    for (size_t i = 0; i < view->rows; i++)
        if (passes(c, view, i, &text))
            vec_push(NULL, &view->shown, i);
    str_clear(&text);
}

static bool is_selectable(struct console *c, const struct view *view, size_t at)
{
    return !view->ops->selectable || view->ops->selectable(c, view->shown.at[at]);
}

void view_sync(struct console *c, struct view *view, int height)
{
    if (view->stale) {
        size_t row = 0;
        bool had_row = view_row(view, &row);
        arena_reset(view->arena);
        view->stale = false;
        view->rows = view->ops->load(c, view);
        filter_rows(c, view);
        list_resize(&view->list, view->shown.len, (size_t)(height > 0 ? height : 1));
        if (view->wants_row) {
            if (view->wants_top)
                list_go(&view->list, view->shown.len); /* so that the row comes in from above */
            view_go_row(view, view->wanted);
        } else if (had_row)
            view_go_row(view, row);
        view->wants_row = view->wants_top = false;
        view_settle(c, view, 1);
    }
    list_resize(&view->list, view->shown.len, (size_t)(height > 0 ? height : 1));
}

bool view_row(const struct view *view, size_t *row)
{
    if (view->list.count == 0 || view->list.cursor >= view->shown.len)
        return false;
    *row = view->shown.at[view->list.cursor];
    return true;
}

bool view_go_row(struct view *view, size_t row)
{
    for (size_t i = 0; i < view->shown.len; i++) {
        if (view->shown.at[i] < row)
            continue;
        list_go(&view->list, i);
        return view->shown.at[i] == row;
    }
    return false;
}

void view_want_row(struct view *view, size_t row)
{
    view->wants_row = true;
    view->wanted = row;
}

void view_want_top(struct view *view, size_t row)
{
    view_want_row(view, row);
    view->wants_top = true;
}

void view_settle(struct console *c, struct view *view, int direction)
{
    size_t count = view->list.count, at = view->list.cursor;
    if (count == 0)
        return;
    for (int turn = 0; turn < 2 && !is_selectable(c, view, at); turn++) {
        while (!is_selectable(c, view, at) && (direction > 0 ? at + 1 < count : at > 0))
            at += (size_t)direction;
        direction = -direction;
    }
    list_go(&view->list, at);
    if (view->ops->moved)
        view->ops->moved(c, view);
}

bool view_search(struct console *c, struct view *view, const struct pattern *pattern, int direction,
                 bool here, bool *wrapped)
{
    size_t count = view->list.count;
    struct str text = STR_INIT;
    bool found = false;
    *wrapped = false;
    for (size_t n = here ? 0 : 1; count > 0 && n <= count && !found; n++) {
        size_t step = direction > 0 ? n : count - n % count;
        size_t at = (view->list.cursor + step) % count, start, len;
        if (!is_selectable(c, view, at))
            continue;
        str_cut(&text, 0);
        view->ops->text(c, view->shown.at[at], &text);
        found = pattern_find(pattern, text.ptr, text.len, 0, &start, &len);
        if (!found)
            continue;
        *wrapped = direction > 0 ? at < view->list.cursor : at > view->list.cursor;
        list_go(&view->list, at);
        view_settle(c, view, 1);
    }
    str_clear(&text);
    return found;
}

void view_found(struct console *c, struct view *view, const struct pattern *pattern, int direction)
{
    size_t row;
    if (view->ops->found && view_row(view, &row))
        view->ops->found(c, row, pattern, direction);
}

static void draw_empty(struct console *c, const struct view *view, struct rect inside)
{
    const char *text =
        view->filter.text ? "nothing matches the filter; Esc shows all" : view->ops->empty(c);
    struct pen pen = pen_row(inside, 0);
    pen_text(&pen, ROLE_DIM, " ");
    pen_text(&pen, ROLE_DIM, text);
}

static void draw_more(const struct pen *pen)
{
    struct pen more = pen_at(pen->y, pen->end - 1, 1);
    more.line = pen->line;
    pen_glyph(&more, ROLE_DIM, GLYPH_MORE);
}

/*
 * The part of a head that begins at a byte, on a row of its own; gives where the next one begins.
 */
static size_t draw_head_part(const struct view_head *head, size_t from, int width, struct pen *pen)
{
    enum { CONTINUED = 2 };
    size_t indent = 1, len = strlen(head->text);
    if (from > 0)
        indent += strspn(head->text, " ") + CONTINUED;
    size_t room = (size_t)width > indent ? (size_t)width - indent : 1;
    size_t part = cells_break(head->text + from, len - from, room);
    if (pen) {
        pen_to(pen, indent);
        pen_textn(pen, head->role, head->text + from, part);
    }
    return from + part;
}

/* Draws the heads in as many rows as they need, or only counts these. */
static int break_heads(struct console *c, const struct view *view, struct rect inside, bool drawn)
{
    size_t heads = view->ops->heads(c);
    int y = 0;
    for (size_t i = 0; i < heads; i++) {
        const struct view_head head = view->ops->head(c, i);
        for (size_t from = 0; from == 0 || head.text[from] != '\0'; y++) {
            struct pen pen = pen_row(inside, y);
            from = draw_head_part(&head, from, inside.width, drawn ? &pen : NULL);
            if (from == 0) /* an empty one */
                break;
        }
    }
    return y;
}

static int room_for_heads(const struct view *view, int height)
{
    int half = height / 2;
    return view->list.count < (size_t)(height - half) ? height - (int)view->list.count : half;
}

int view_heads(struct console *c, const struct view *view, struct rect inside)
{
    size_t heads = view->ops->heads ? view->ops->heads(c) : 0;
    int room = room_for_heads(view, inside.height);
    if (heads == 0 || room < 1)
        return 0;
    int needed = break_heads(c, view, inside, false);
    return needed <= room ? needed : heads <= (size_t)room ? (int)heads : room;
}

/* One row for each of the heads; the last one tells of those that have none. */
static void draw_cut_heads(struct console *c, const struct view *view, struct rect inside, int rows)
{
    size_t heads = view->ops->heads(c);
    for (int y = 0; y < rows; y++) {
        struct pen pen = pen_row(inside, y);
        size_t left = heads - (size_t)y;
        const struct view_head head = view->ops->head(c, (size_t)y);
        if (y + 1 == rows && left > 1)
            pen_printf(&pen, ROLE_WARN, " and %zu more lines for which there is no room", left);
        else
            pen_printf(&pen, head.role, " %s", head.text);
        if (pen.column > (size_t)inside.width)
            draw_more(&pen);
    }
}

/* Takes them off the rectangle. */
static void draw_heads(struct console *c, const struct view *view, struct rect *inside)
{
    int rows = view_heads(c, view, *inside);
    if (rows == 0)
        return;
    if (break_heads(c, view, *inside, false) <= rows)
        break_heads(c, view, *inside, true);
    else
        draw_cut_heads(c, view, *inside, rows);
    inside->y += rows;
    inside->height -= rows;
}

/* One row of the screen: the part of a row of the list from column `from` on; gives its columns. */
static size_t draw_part(struct console *c, struct view *view, size_t at, struct pen pen,
                        size_t from, bool has_focus)
{
    const struct list *list = &view->list;
    bool on_cursor = at == list->cursor;
    pen.skip = from;
    pen.match = c->highlight ? &c->search : NULL;
    if (on_cursor)
        pen.line = has_focus ? ROLE_CURSOR : ROLE_CURSOR_OTHER;
    view->ops->draw(c, view->shown.at[at], view->filter.text != NULL, &pen);
    pen.match = NULL;
    size_t drawn = pen.column;
    if (on_cursor)
        pen_fill(&pen);
    return drawn;
}

static bool wraps(const struct console *c, const struct view *view)
{
    return c->wrap && (view->ops->contexts & CTX_TEXT);
}

/* Rows of the screen that a row of the list takes when it is wrapped. */
static size_t height_of(struct console *c, struct view *view, size_t at, int width)
{
    struct pen nowhere = pen_at(0, 0, 0);
    size_t columns = draw_part(c, view, at, nowhere, 0, false);
    return columns > (size_t)width ? (columns + (size_t)width - 1) / (size_t)width : 1;
}

/* The first row to draw, so that the one under the cursor is within the window. */
static size_t first_wrapped(struct console *c, struct view *view, struct rect inside)
{
    const struct list *list = &view->list;
    size_t first = list->cursor, rows = height_of(c, view, first, inside.width);
    while (first > list->top) {
        rows += height_of(c, view, first - 1, inside.width);
        if (rows > (size_t)inside.height)
            break;
        first--;
    }
    return first;
}

static void draw_wrapped(struct console *c, struct view *view, struct rect inside, bool has_focus)
{
    if (inside.width < 1)
        return;
    int y = 0;
    for (size_t at = first_wrapped(c, view, inside); at < view->list.count; at++) {
        size_t columns = 1;
        for (size_t from = 0; from < columns && y < inside.height; from += (size_t)inside.width) {
            columns = draw_part(c, view, at, pen_row(inside, y++), from, has_focus);
            vec_push(NULL, &view->at_row, at);
        }
        if (y >= inside.height)
            return;
    }
}

void view_draw(struct console *c, struct view *view, struct rect inside, bool has_focus)
{
    const struct list *list = &view->list;
    draw_blank(inside);
    draw_heads(c, view, &inside);
    view->at_row.len = 0;
    if (list->count == 0) {
        draw_empty(c, view, inside);
        return;
    }
    if (wraps(c, view)) {
        draw_wrapped(c, view, inside, has_focus);
        return;
    }
    for (int y = 0; y < inside.height && list->top + (size_t)y < list->count; y++) {
        size_t at = list->top + (size_t)y;
        struct pen pen = pen_row(inside, y);
        size_t drawn = draw_part(c, view, at, pen, list->left, has_focus);
        vec_push(NULL, &view->at_row, at);
        if (drawn > list->left + (size_t)inside.width && inside.width > 1) {
            /* Again without the last column: the mark must not fall on half of a wide character. */
            struct pen shorter = pen;
            shorter.end--;
            draw_part(c, view, at, shorter, list->left, has_focus);
            pen.line = at != list->cursor ? ROLE_TEXT : has_focus ? ROLE_CURSOR : ROLE_CURSOR_OTHER;
            draw_more(&pen);
        }
    }
}
