/* A difference in words, and the place in the models that it is about. */
#include "config.h"

#include "ui/diff_lines.h"

#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "ui/console.h"
#include "ui/err_text.h"

enum { LINES_BEFORE = 3, LINES_AFTER = 40 };

static void add(struct console *c, struct view *view, enum role role, const char *text)
{
    struct text_line line = {.text = text, .len = strlen(text), .role = role};
    vec_push(view->arena, &c->detail.lines, line);
}

static void add_warnings(struct console *c, struct view *view, const struct differ_item *item)
{
    struct arena *a = view->arena;
    if (item->difference->warning)
        add(c, view, ROLE_RISK, arena_printf(a, "! %s", item->difference->warning));
    if (item->err.message)
        add(c, view, ROLE_ERROR, arena_printf(a, "! no SQL: %s", item->err.message));
}

static void add_facts(struct console *c, struct view *view, const struct differ_item *item)
{
    const struct difference *d = item->difference;
    struct arena *a = view->arena;
    add(c, view, ROLE_TEXT, arena_printf(a, "%s: %s", difference_help(d->kind), item->name));
    add(c, view, ROLE_TEXT,
        arena_printf(a, "database  %s", d->database ? d->database : "(absent)"));
    add(c, view, ROLE_TEXT, arena_printf(a, "models    %s", d->model ? d->model : "(absent)"));
    if (d->place.line > 0)
        add(c, view, ROLE_TEXT, arena_printf(a, "declared  %s:%d", d->place.file, d->place.line));
    if (d->cosmetic)
        add(c, view, ROLE_DIM, "cosmetic: nothing that is stored or refused changes");
    if (difference_is_beyond(d->kind))
        add(c, view, ROLE_DIM, "alembic does not see this; it is included only when asked for");
    add_warnings(c, view, item);
}

static void add_source(struct console *c, struct view *view, const struct file_line *place)
{
    const struct source *source = session_text(c->differ.session, place->file);
    if (!source || place->line <= 0)
        return;
    add(c, view, ROLE_TEXT, "");
    struct paint *paint = paint_python(view->arena, source);
    int first = place->line > LINES_BEFORE ? place->line - LINES_BEFORE : 1;
    for (int n = first; n <= place->line + LINES_AFTER && (size_t)n <= source->line_count; n++) {
        struct text_line line = text_line_of(source, paint, n);
        line.statement = n == place->line;
        vec_push(view->arena, &c->detail.lines, line);
    }
}

/* Every difference in a line, and what is to know of it. */
static void add_group(struct console *c, struct view *view, const struct diff_group *group)
{
    struct arena *a = view->arena;
    add(c, view, ROLE_TEXT, arena_printf(a, "%s: %zu of %zu included", group->label,
                                         diff_group_included(c, group), group->items.len));
    for (size_t i = 0; i < group->items.len; i++) {
        const struct differ_item *item = &c->differ.items.at[group->items.at[i]];
        const struct difference *d = item->difference;
        add(c, view, ROLE_TEXT, "");
        add(c, view, ROLE_TEXT, arena_printf(a, "%s: %s", difference_help(d->kind), item->name));
        add(c, view, ROLE_TEXT,
            arena_printf(a, "  %s -> %s", d->database ? d->database : "(absent)",
                         d->model ? d->model : "(absent)"));
        add_warnings(c, view, item);
    }
}

void diff_add_detail(struct console *c, struct view *view)
{
    const struct differ_item *item = console_difference(c);
    if (!item) {
        add_group(c, view, console_difference_group(c));
        return;
    }
    add_facts(c, view, item);
    add_source(c, view, &item->difference->place);
}
