#include "config.h"

#include "ui/prompt.h"

#include <string.h>

#include "base/mem.h"
#include "ui/action.h"
#include "ui/cells.h"
#include "ui/complete.h"
#include "ui/console.h"
#include "ui/key.h"

enum { MOST_PASTED = 4096 }; /* bytes */

static const char *const marks[N_PROMPTS] = {":", "/", "&", "find: ", ""};

void prompt_init(struct prompt *prompt)
{
    *prompt = (struct prompt){.is_open = false};
    lineedit_init(&prompt->line);
    lineedit_init(&prompt->pasted);
}

void prompt_clear(struct prompt *prompt)
{
    for (int kind = 0; kind < N_PROMPTS; kind++) {
        for (size_t i = 0; i < prompt->history[kind].len; i++)
            mem_free(prompt->history[kind].at[i]);
        vec_clear(&prompt->history[kind]);
    }
    lineedit_clear(&prompt->line);
    lineedit_clear(&prompt->pasted);
    mem_free(prompt->prefix);
    mem_free(prompt->filter);
}

static void set_prefix(struct prompt *prompt, const char *text)
{
    mem_free(prompt->prefix);
    prompt->prefix = text ? mem_strdup(text) : NULL;
}

static void set_filter(struct console *c, struct view *view, const char *text)
{
    (void)c;
    pattern_set(&view->filter, text);
    view->stale = true;
}

void prompt_open(struct console *c, enum prompt_kind kind)
{
    struct prompt *p = &c->prompt;
    struct view *view = console_focused(c);
    p->is_open = true;
    p->kind = kind;
    p->older = 0;
    lineedit_set(&p->line, "");
    set_prefix(p, NULL);
    p->cursor = view->list.cursor;
    p->top = view->list.top;
    mem_free(p->filter);
    p->filter = view->filter.text ? mem_strdup(view->filter.text) : NULL;
}

void prompt_ask(struct console *c, const char *question, prompt_done_fn done)
{
    prompt_open(c, PROMPT_ASK);
    c->prompt.question = question;
    c->prompt.done = done;
}

static void remember(struct prompt *p)
{
    const char *text = p->line.text.ptr;
    if (!*text || (p->history[p->kind].len > 0 && str_eq(vec_last(&p->history[p->kind]), text)))
        return;
    vec_push(NULL, &p->history[p->kind], mem_strdup(text));
}

static void back_to_start(struct prompt *p, struct view *view)
{
    view->list.cursor = p->cursor;
    view->list.top = p->top;
    list_resize(&view->list, view->list.count, view->list.height);
}

/* The result follows what is typed. */
static void preview(struct console *c)
{
    struct prompt *p = &c->prompt;
    struct view *view = console_focused(c);
    bool wrapped;
    if (p->kind == PROMPT_FILTER) {
        set_filter(c, view, p->line.text.ptr);
    } else if (p->kind == PROMPT_FIND) {
        sql_editor_find(c, p->line.text.ptr);
    } else if (p->kind == PROMPT_SEARCH) {
        struct pattern pattern = PATTERN_INIT;
        back_to_start(p, view);
        pattern_set(&pattern, p->line.text.ptr);
        bool found = pattern.text && view_search(c, view, &pattern, 1, true, &wrapped);
        if (pattern.text && !found)
            console_complain(c, "no match");
        if (!found)
            view_settle(c, view, 1); /* what is linked to the pane is back there, too */
        pattern_clear(&pattern);
    }
}

static void cancel(struct console *c)
{
    struct prompt *p = &c->prompt;
    struct view *view = console_focused(c);
    p->is_open = false;
    if (p->kind == PROMPT_FIND)
        sql_editor_find_end(c, false);
    if (p->kind == PROMPT_FILTER)
        set_filter(c, view, p->filter ? p->filter : "");
    if (p->kind == PROMPT_SEARCH || p->kind == PROMPT_FILTER) {
        back_to_start(p, view);
        view_settle(c, view, 1);
    }
}

static void accept(struct console *c)
{
    struct prompt *p = &c->prompt;
    remember(p);
    p->is_open = false;
    if (p->kind == PROMPT_FILTER && p->line.text.len == 0)
        set_filter(c, console_focused(c), ""); /* also one that was there before */
    if (p->kind == PROMPT_COMMAND || (p->kind == PROMPT_ASK && p->line.text.len > 0)) {
        char *text = mem_strdup(p->line.text.ptr);
        (p->kind == PROMPT_ASK ? p->done : console_command)(c, text);
        mem_free(text);
    } else if ((p->kind == PROMPT_SEARCH || p->kind == PROMPT_FIND) && p->line.text.len > 0) {
        pattern_set(&c->search, p->line.text.ptr);
        c->highlight = true;
        if (p->kind == PROMPT_SEARCH)
            view_found(c, console_focused(c), &c->search, 1);
    }
}

/* Goes through the history's lines that begin with what was typed. */
static void recall(struct prompt *p, bool older)
{
    size_t count = p->history[p->kind].len, n = p->older;
    if (!p->prefix)
        set_prefix(p, p->line.text.ptr);
    while (older ? n < count : n > 0) {
        n = older ? n + 1 : n - 1;
        const char *text = n == 0 ? p->prefix : p->history[p->kind].at[count - n];
        if (!str_starts_with(text, p->prefix))
            continue;
        p->older = n;
        lineedit_set(&p->line, text);
        return;
    }
}

static void other_match(struct console *c, int direction)
{
    struct pattern pattern = PATTERN_INIT;
    bool wrapped;
    pattern_set(&pattern, c->prompt.line.text.ptr);
    if (pattern.text)
        view_search(c, console_focused(c), &pattern, direction, false, &wrapped);
    pattern_clear(&pattern);
}

void prompt_paste(struct console *c, int32_t key)
{
    struct prompt *p = &c->prompt;
    if (key == K_PASTE_BEGIN) {
        lineedit_clear(&p->pasted);
    } else if (key != K_PASTE_END) {
        if (p->pasted.text.len <= MOST_PASTED)
            lineedit_insert(&p->pasted, key);
    } else if (p->pasted.text.len > MOST_PASTED) {
        console_complain(c, "what was pasted is too long for a line, and was dropped");
    } else {
        lineedit_insert_text(&p->line, p->pasted.text.ptr, p->pasted.text.len);
        preview(c);
    }
}

/* A search or a filter changes nothing but what is seen. */
static bool is_harmless(enum prompt_kind kind)
{
    return kind == PROMPT_SEARCH || kind == PROMPT_FILTER || kind == PROMPT_FIND;
}

void prompt_key(struct console *c, int32_t key)
{
    struct prompt *p = &c->prompt;
    enum action action = action_lookup(CTX_INPUT, key);
    switch ((int)action) {
    case ACTION_INPUT_CANCEL:
        cancel(c);
        return;
    case ACTION_INPUT_ACCEPT:
        if (is_harmless(p->kind) || console_was_typed(c))
            accept(c);
        return;
    case ACTION_INPUT_OLDER:
    case ACTION_INPUT_NEWER:
        recall(p, action == ACTION_INPUT_OLDER);
        preview(c);
        return;
    case ACTION_INPUT_COMPLETE:
        if (p->kind == PROMPT_COMMAND)
            complete_command(c, &p->line);
        return;
    case ACTION_INPUT_NEXT_MATCH:
    case ACTION_INPUT_PREVIOUS_MATCH:
        if (p->kind == PROMPT_SEARCH)
            other_match(c, action == ACTION_INPUT_NEXT_MATCH ? 1 : -1);
        return;
    default:
        break;
    }
    set_prefix(p, NULL);
    p->older = 0;
    if (action == ACTION_INPUT_BACKSPACE && p->line.text.len == 0)
        cancel(c);
    else if (lineedit_do(&p->line, action))
        preview(c);
    else if (lineedit_insert(&p->line, key))
        preview(c);
}

void prompt_draw(struct console *c, struct pen *pen, int *x)
{
    const struct lineedit *line = &c->prompt.line;
    const struct prompt *p = &c->prompt;
    pen_text(pen, ROLE_HINT_KEY, p->kind == PROMPT_ASK ? p->question : marks[p->kind]);
    int start = pen->x, room = pen_room(pen) - 1;
    int at = (int)cells_width(line->text.ptr, line->at, 0);
    if (at > room)
        pen->skip = (size_t)(at - room);
    *x = start + at - (int)pen->skip;
    pen_text(pen, ROLE_TEXT, line->text.ptr);
}
