#include "config.h"

#include "ui/popup.h"

#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "base/vec.h"
#include "ui/cells.h"
#include "ui/command.h"
#include "ui/console.h"
#include "ui/draw.h"
#include "ui/key.h"
#include "ui/lineedit.h"
#include "ui/screen.h"

enum { ROWS_TO_READ = 3 }; /* of a text that is scrolled */

enum popup_kind { POPUP_MESSAGE, POPUP_MENU, POPUP_CONFIRM, POPUP_TYPE, POPUP_HELP };

struct popup {
    struct arena *arena;
    struct popup *below;
    enum popup_kind kind;
    const char *title, *text;
    struct menu_item *items;
    size_t item_count;
    const char *word; /* of the yes button, or what must be typed */
    popup_done_fn done;
    unsigned contexts; /* of help */
    bool one_reason;   /* menu: all items are disabled for the same reason, said above them */
    const char *cut;   /* why yes is refused: not all of what is asked was seen; NULL: it is not */
    bool yes_focused;
    bool is_read; /* its end was on the screen */
    bool is_diff; /* lines have the colours of a diff */
    bool narrowing; /* help: typing a pattern */
    struct lineedit line;
    struct list list;            /* menu: items; else: lines of text */
    VEC(struct text_line) lines; /* wrapped to the present width, or lines of help */
};

static struct popup *open_popup(struct console *c, enum popup_kind kind, const char *title,
                                const char *text, popup_done_fn done)
{
    struct arena *a = arena_new();
    struct popup *p = ARENA_NEW(a, struct popup);
    *p = (struct popup){.arena = a, .below = c->popup, .kind = kind, .done = done};
    p->title = arena_strdup(a, title);
    p->text = arena_strdup(a, text ? text : "");
    p->list.height = 1;
    lineedit_init(&p->line);
    c->popup = p;
    return p;
}

void popup_message(struct console *c, const char *title, const char *text)
{
    open_popup(c, POPUP_MESSAGE, title, text, NULL);
}

void popup_color_diff(struct console *c)
{
    c->popup->is_diff = true;
}

static bool has_one_reason(const struct menu_item *items, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!items[i].reason || !str_eq(items[i].reason, items[0].reason))
            return false;
    return count > 1;
}

void popup_menu(struct console *c, const char *title, const char *text,
                const struct menu_item *items, size_t count, popup_done_fn done)
{
    struct popup *p = open_popup(c, POPUP_MENU, title, text, done);
    p->items = arena_memdup(p->arena, items, count * sizeof *items);
    p->item_count = count;
    for (size_t i = 0; i < count; i++) {
        p->items[i].label = arena_strdup(p->arena, items[i].label);
        p->items[i].reason = arena_strdup(p->arena, items[i].reason);
    }
    p->one_reason = has_one_reason(items, count);
    if (p->one_reason)
        p->text = arena_printf(p->arena, "%s\n! not now: %s", p->text, items[0].reason);
    list_resize(&p->list, count, count);
}

void popup_confirm(struct console *c, const char *title, const char *text, const char *yes,
                   popup_done_fn done)
{
    struct popup *p = open_popup(c, POPUP_CONFIRM, title, text, done);
    p->word = arena_strdup(p->arena, yes);
}

void popup_type(struct console *c, const char *title, const char *text, const char *wanted,
                popup_done_fn done)
{
    struct popup *p = open_popup(c, POPUP_TYPE, title, text, done);
    p->word = arena_strdup(p->arena, wanted);
}

void popup_close(struct console *c)
{
    struct popup *p = c->popup;
    c->popup = p->below;
    lineedit_clear(&p->line);
    arena_free(p->arena);
}

static void answer(struct console *c, int value)
{
    popup_done_fn done = c->popup->done;
    popup_close(c);
    if (done)
        done(c, value);
}

/* Help: the lines of the table that match what was typed. */

static void help_line(struct popup *p, enum role role, const char *text)
{
    struct pattern pattern = PATTERN_INIT;
    size_t start, len;
    pattern_set(&pattern, p->line.text.ptr);
    if (!pattern.text ||
        (role == ROLE_TEXT && pattern_find(&pattern, text, strlen(text), 0, &start, &len))) {
        struct text_line line = {.text = text, .len = strlen(text), .role = role};
        vec_push(p->arena, &p->lines, line);
    }
    pattern_clear(&pattern);
}

static void help_context(struct popup *p, enum context_number number)
{
    enum context context = (enum context)(1u << number);
    help_line(p, ROLE_ID, context_title(number));
    for (enum action action = 1; action < N_ACTIONS; action++) {
        struct str keys = STR_INIT;
        action_keys(&keys, action, context, 9);
        if (keys.len > 0)
            help_line(p, ROLE_TEXT,
                      arena_printf(p->arena, "  %-18s %s", keys.ptr, action_infos[action].help));
        str_clear(&keys);
    }
    help_line(p, ROLE_TEXT, "");
}

static void help_load(struct popup *p)
{
    p->lines.len = 0;
    for (int n = 0; n < N_CONTEXTS; n++)
        if (p->contexts & 1u << n)
            help_context(p, (enum context_number)n);
    help_line(p, ROLE_ID, "Commands, after ':'");
    for (size_t i = 0; i < console_command_count; i++)
        help_line(p, ROLE_TEXT,
                  arena_printf(p->arena, "  %-18s %s", console_commands[i].usage,
                               console_commands[i].help));
    list_resize(&p->list, p->lines.len, p->list.height);
}

void popup_help(struct console *c, const char *title, unsigned contexts)
{
    struct popup *p = open_popup(c, POPUP_HELP, title, NULL, NULL);
    p->contexts = contexts;
    help_load(p);
}

void popup_narrow_help(struct console *c, const char *text)
{
    lineedit_set(&c->popup->line, text);
    help_load(c->popup);
}

/* Keys */

enum context popup_context(const struct popup *popup)
{
    static const enum context contexts[] = {CTX_MESSAGE, CTX_MENU, CTX_CONFIRM, CTX_INPUT,
                                            CTX_HELP};
    return popup->narrowing ? CTX_INPUT : contexts[popup->kind];
}

static void message_key(struct console *c, struct popup *p, enum action action)
{
    if (action == ACTION_MESSAGE_CLOSE) {
        answer(c, 0);
    } else if (action == ACTION_MESSAGE_YANK) {
        screen_copy(p->text, strlen(p->text));
        console_say(c, "copied");
    } else if (action == ACTION_MESSAGE_DOWN) {
        list_scroll(&p->list, 1);
    } else if (action == ACTION_MESSAGE_UP) {
        list_scroll(&p->list, -1);
    } else if (action == ACTION_MESSAGE_PAGE_DOWN || action == ACTION_MESSAGE_PAGE_UP) {
        list_page(&p->list, action == ACTION_MESSAGE_PAGE_DOWN ? 1 : -1);
    }
}

static void choose(struct console *c, const struct menu_item *item)
{
    if (item->reason)
        console_complain(c, "%s: %s", item->label, item->reason);
    else if (console_was_typed(c))
        answer(c, item->value);
}

static void menu_key(struct console *c, struct popup *p, int32_t key, enum action action)
{
    for (size_t i = 0; i < p->item_count; i++) {
        if (p->items[i].letter == key) {
            list_go(&p->list, i);
            choose(c, &p->items[i]);
            return;
        }
    }
    if (action == ACTION_MENU_CHOOSE)
        choose(c, &p->items[p->list.cursor]);
    else if (action == ACTION_MENU_CLOSE)
        popup_close(c);
    else if (action == ACTION_MENU_DOWN)
        list_move(&p->list, 1);
    else if (action == ACTION_MENU_UP)
        list_move(&p->list, -1);
}

/* Nobody agrees to what cannot be read. */
static void answer_yes(struct console *c, struct popup *p)
{
    if (p->cut)
        console_complain(c, "%s", p->cut);
    else if (console_was_typed(c))
        answer(c, 1);
}

static void confirm_key(struct console *c, struct popup *p, enum action action)
{
    if (action == ACTION_CONFIRM_DOWN || action == ACTION_CONFIRM_UP)
        list_scroll(&p->list, action == ACTION_CONFIRM_DOWN ? 1 : -1);
    if (action == ACTION_CONFIRM_PAGE_DOWN || action == ACTION_CONFIRM_PAGE_UP)
        list_page(&p->list, action == ACTION_CONFIRM_PAGE_DOWN ? 1 : -1);
    if (action == ACTION_CONFIRM_MOVE) {
        p->yes_focused = !p->yes_focused;
    } else if (action == ACTION_CONFIRM_YES || (action == ACTION_CONFIRM_PRESS && p->yes_focused)) {
        answer_yes(c, p);
    } else if (action == ACTION_CONFIRM_NO || action == ACTION_CONFIRM_PRESS) {
        popup_close(c);
        console_say(c, "nothing was done");
    }
}

static void type_key(struct console *c, struct popup *p, int32_t key, enum action action)
{
    if (action == ACTION_INPUT_CANCEL) {
        popup_close(c);
        console_say(c, "nothing was done");
    } else if (action == ACTION_INPUT_ACCEPT) {
        if (*p->word && str_eq(p->line.text.ptr, p->word))
            answer_yes(c, p);
        else
            console_complain(c, "that is not \"%s\"; Esc cancels", p->word);
    } else if (action == ACTION_INPUT_OLDER || action == ACTION_INPUT_NEWER) {
        list_scroll(&p->list, action == ACTION_INPUT_NEWER ? 1 : -1);
    } else if (action == ACTION_INPUT_PAGE_DOWN || action == ACTION_INPUT_PAGE_UP) {
        list_page(&p->list, action == ACTION_INPUT_PAGE_DOWN ? 1 : -1);
    } else if (!lineedit_do(&p->line, action)) {
        lineedit_insert(&p->line, key);
    }
}

static void narrow_key(struct popup *p, int32_t key, enum action action)
{
    if (action == ACTION_INPUT_CANCEL)
        lineedit_set(&p->line, "");
    if (action == ACTION_INPUT_CANCEL || action == ACTION_INPUT_ACCEPT)
        p->narrowing = false;
    else if (!lineedit_do(&p->line, action))
        lineedit_insert(&p->line, key);
    help_load(p);
}

static void help_key(struct console *c, struct popup *p, enum action action)
{
    switch ((int)action) {
    case ACTION_HELP_CLOSE:
        popup_close(c);
        break;
    case ACTION_HELP_NARROW:
        p->narrowing = true;
        break;
    case ACTION_HELP_DOWN:
        list_scroll(&p->list, 1);
        break;
    case ACTION_HELP_UP:
        list_scroll(&p->list, -1);
        break;
    case ACTION_HELP_PAGE_DOWN:
        list_scroll(&p->list, (long)p->list.height);
        break;
    case ACTION_HELP_PAGE_UP:
        list_scroll(&p->list, -(long)p->list.height);
        break;
    default:
        break;
    }
}

void popup_key(struct console *c, int32_t key)
{
    struct popup *p = c->popup;
    enum action action = action_lookup(popup_context(p), key);
    switch (p->kind) {
    case POPUP_MESSAGE:
        message_key(c, p, action);
        break;
    case POPUP_MENU:
        menu_key(c, p, key, action);
        break;
    case POPUP_CONFIRM:
        confirm_key(c, p, action);
        break;
    case POPUP_TYPE:
        type_key(c, p, key, action);
        break;
    case POPUP_HELP:
        if (p->narrowing)
            narrow_key(p, key, action);
        else
            help_key(c, p, action);
        break;
    }
}

void popup_paste(struct console *c)
{
    console_complain(c, c->popup->kind == POPUP_TYPE
                            ? "pasting is refused here: type it"
                            : "a paste means nothing here and was dropped");
}

/* Drawing */

static enum role role_of(const struct popup *p, char first)
{
    if (!p->is_diff)
        return ROLE_TEXT;
    return first == '+' ? ROLE_ADD : first == '-' ? ROLE_DEL : first == '@' ? ROLE_DIM : ROLE_TEXT;
}

/* Breaks text into lines of at most width columns, at spaces where there are some. */
static void wrap(struct popup *p, const char *text, size_t width)
{
    enum role role = role_of(p, *text);
    while (*text) {
        size_t line = strcspn(text, "\n"), at = cells_break(text, line, width);
        struct text_line row = {.text = text, .len = at, .role = role};
        vec_push(p->arena, &p->lines, row);
        text += at;
        if (at == line && *text == '\n')
            role = role_of(p, *++text);
    }
}

static size_t natural_width(const struct popup *p)
{
    size_t width = cells_width(p->title, strlen(p->title), 0) + 4;
    for (const char *text = p->text; *text;) {
        size_t len = strcspn(text, "\n"), w = cells_width(text, len, 0);
        width = w > width ? w : width;
        text += len + (text[len] == '\n');
    }
    for (size_t i = 0; i < p->item_count; i++) {
        const char *reason = p->one_reason ? NULL : p->items[i].reason;
        size_t w = cells_width(p->items[i].label, strlen(p->items[i].label), 0) + 4 +
                   (reason ? strlen(reason) + 3 : 0);
        width = w > width ? w : width;
    }
    if (p->kind == POPUP_HELP)
        width = 76;
    if (p->kind == POPUP_CONFIRM && width < 30)
        width = 30;
    return width;
}

/* Rows that items, buttons and input take below the text. */
static size_t below_text(const struct popup *p)
{
    size_t blank = p->lines.len > 0;
    switch (p->kind) {
    case POPUP_MENU:
        return p->item_count + blank;
    case POPUP_CONFIRM:
    case POPUP_TYPE:
        return 1 + blank;
    case POPUP_HELP:
        return p->narrowing || p->line.text.len > 0;
    case POPUP_MESSAGE:
        break;
    }
    return 0;
}

/* The items take the last rows; where there are too few, those around the cursor are shown. */
static void draw_menu(struct popup *p, struct rect in)
{
    int shown = (int)p->item_count < in.height ? (int)p->item_count : in.height;
    list_resize(&p->list, p->item_count, (size_t)shown);
    for (int y = 0; y < shown; y++) {
        size_t i = p->list.top + (size_t)y;
        const struct menu_item *item = &p->items[i];
        struct pen pen = pen_row(in, in.height - shown + y);
        enum role role = item->reason ? ROLE_DISABLED : ROLE_TEXT;
        pen.line = i == p->list.cursor ? ROLE_CURSOR : ROLE_TEXT;
        pen_printf(&pen, item->reason ? role : ROLE_HINT_KEY, "%c", (char)item->letter);
        pen_printf(&pen, role, "  %s", item->label);
        if (item->reason && !p->one_reason)
            pen_printf(&pen, role, " (%s)", item->reason);
        if (i == p->list.cursor)
            pen_fill(&pen);
    }
}

static void draw_buttons(const struct popup *p, struct rect in, int y)
{
    struct pen pen = pen_row(in, y);
    pen_printf(&pen, p->yes_focused ? ROLE_BUTTON : ROLE_BUTTON_FOCUS, "[ no: n ]");
    pen_text(&pen, ROLE_TEXT, "   ");
    pen_printf(&pen, p->yes_focused ? ROLE_BUTTON_FOCUS : ROLE_BUTTON, "[ %s: y ]", p->word);
}

static void draw_input(const struct popup *p, struct rect in, int y, const char *before, int *cy,
                       int *cx)
{
    struct pen pen = pen_row(in, y);
    pen_text(&pen, ROLE_HINT_KEY, before);
    size_t at = cells_width(p->line.text.ptr, p->line.at, 0);
    *cy = pen.y;
    *cx = pen.x + (int)at < pen.end ? pen.x + (int)at : pen.end - 1;
    pen_text(&pen, ROLE_TEXT, p->line.text.ptr);
}

static struct rect place(struct popup *p, int rows, int columns)
{
    size_t most = columns > 6 ? (size_t)columns - 6 : 1, width = natural_width(p);
    width = width > most ? most : width > 90 ? 90 : width;
    if (p->kind != POPUP_HELP) {
        p->lines.len = 0;
        wrap(p, p->text, width);
    }
    size_t height = p->lines.len + below_text(p) + 2;
    /* The message line and the hints stay visible: they say what a key did, and which there are. */
    int room = rows - 2;
    int h = p->kind == POPUP_HELP || (int)height > room ? room : (int)height, w = (int)width + 4;
    h = h < 3 ? 3 : h;
    return (struct rect){(room - h) / 2, (columns - w) / 2, h, w};
}

/* Agreed to is what was on the screen, if in parts; and with the button that says to what. */
static void look_what_is_cut(struct popup *p, size_t rows, bool shows_end, int width)
{
    static const char others[] = "[ no: n ]   [ : y ]";
    bool is_long = p->lines.len > rows;
    bool is_narrow = p->kind == POPUP_CONFIRM &&
                     cells_width(p->word, strlen(p->word), 0) + sizeof others - 1 > (size_t)width;
    p->is_read = p->is_read || (rows >= ROWS_TO_READ && shows_end);
    p->cut = is_narrow || (is_long && rows < ROWS_TO_READ)
                 ? "too small to show what is asked: enlarge the terminal"
             : is_long && !p->is_read ? "read all of what is asked first: Down shows the rest"
                                      : NULL;
}

void popup_draw(struct console *c, int rows, int columns, int *y, int *x)
{
    struct popup *p = c->popup;
    struct rect box = place(p, rows, columns);
    struct rect in = {box.y + 1, box.x + 2, box.height - 2, box.width - 4};
    size_t below = below_text(p);
    size_t text_rows = (size_t)in.height > below ? (size_t)in.height - below : 0;
    draw_box(box);
    struct pen title = pen_at(box.y, box.x + 2, box.width - 4);
    pen_printf(&title, ROLE_TITLE_FOCUS, " %s ", p->title);
    if (p->kind != POPUP_MENU)
        list_resize(&p->list, p->lines.len, text_rows);
    size_t top = p->kind != POPUP_MENU ? p->list.top : 0;
    look_what_is_cut(p, text_rows, top + text_rows >= p->lines.len, in.width);
    for (size_t i = 0; i < text_rows && top + i < p->lines.len; i++) {
        struct pen pen = pen_row(in, (int)i);
        const struct text_line *line = &p->lines.at[top + i];
        pen_textn(&pen, line->role, line->text, line->len);
    }
    int last = in.height - 1;
    if (p->kind == POPUP_MENU)
        draw_menu(p, in);
    else if (p->kind == POPUP_CONFIRM)
        draw_buttons(p, in, last);
    else if (p->kind == POPUP_TYPE)
        draw_input(p, in, last, "> ", y, x);
    else if (p->kind == POPUP_HELP && below > 0)
        draw_input(p, in, last, "/", y, x);
    if (top + text_rows < p->lines.len) {
        struct pen more = pen_at(box.y + box.height - 1, box.x + 2, 12);
        pen_text(&more, ROLE_DIM, p->kind == POPUP_TYPE ? " more: Down " : " more: j ");
    }
}
