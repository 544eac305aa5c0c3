/* Source of the revision, with a mark on every line that makes SQL. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/mem.h"
#include "base/str.h"
#include "ui/actions.h"
#include "ui/console.h"
#include "ui/diff_lines.h"
#include "ui/sql_lines.h"

static void detail_title(struct console *c, struct str *out)
{
    const struct revision *revision = console_selected(c);
    const struct differ_item *item = console_difference(c);
    const struct diff_group *group = console_difference_group(c);
    str_add(out, "detail");
    if (item || group)
        str_addf(out, ": %s", item ? item->name : group->label);
    else if (revision)
        str_addf(out, ": %s %s", revision->header->id, revision->header->doc);
}

/* The line where the function of this direction begins, from 0. */
static size_t find_function(const struct text_lines *lines, enum direction direction)
{
    const char *start = direction == DIRECTION_UPGRADE ? "def upgrade(" : "def downgrade(";
    for (size_t i = 0; i < lines->len; i++)
        if (lines->at[i].len >= strlen(start) &&
            memcmp(lines->at[i].text, start, strlen(start)) == 0)
            return i;
    return 0;
}

static enum direction shown_direction(const struct console *c)
{
    const struct plan_step *step = console_plan_step(c);
    if (!step)
        return c->direction;
    return step->verb == PLAN_DOWNGRADE ? DIRECTION_DOWNGRADE : DIRECTION_UPGRADE;
}

/* Which statement of the SQL pane, from 1, each line makes: the first one of the innermost call. */
static void mark_lines(struct console *c, struct arena *a)
{
    struct text_lines *lines = &c->detail.lines;
    int *held = ARENA_ARRAY(a, lines->len + 1, int), n;
    for (size_t i = 0; i < sql_statement_count(c); i++) {
        struct sql_statement s = sql_statement_at(c, i);
        if (!sql_is_of_source(c, &s))
            continue;
        for (int line = s.origin->revision_line;
             (size_t)line <= lines->len && (n = sql_origin_holds(s.origin, line)) > 0; line++) {
            if (held[line - 1] > 0 && held[line - 1] <= n)
                continue;
            held[line - 1] = n;
            lines->at[line - 1].statement = i + 1;
        }
    }
}

/* Whether a call begins there, and is not only gone on with. */
static bool begins_statement(const struct text_lines *lines, size_t row)
{
    size_t statement = lines->at[row].statement;
    return statement && (row == 0 || lines->at[row - 1].statement != statement);
}

/* The line that makes the statement which the run pane is on, from 0; false: there is none. */
static bool find_run_line(struct console *c, size_t *row)
{
    const struct plan_step *step = console_plan_step(c);
    size_t statement = console_run_statement(c);
    int line = statement ? step->statements.at[statement - 1].origin.revision_line : 0;
    *row = line > 0 ? (size_t)line - 1 : 0;
    return line > 0 && (size_t)line <= c->detail.lines.len;
}

struct text_line text_line_of(const struct source *source, struct paint *paint, int n)
{
    struct text_line line = {.role = ROLE_TEXT, .number = n, .paint = paint};
    line.text = source_line(source, n, &line.len);
    line.at = (size_t)(line.text - source->text);
    return line;
}

static size_t detail_load(struct console *c, struct view *view)
{
    const struct revision *revision = console_selected(c);
    const struct source *source = revision ? session_source(console_session(c), revision) : NULL;
    c->detail.lines = (struct text_lines){0};
    if (console_is_at_difference(c)) {
        diff_add_detail(c, view);
        view_want_top(view, 0);
        return c->detail.lines.len;
    }
    if (!source)
        return 0;
    struct paint *paint = paint_python(view->arena, source);
    for (size_t n = 1; n <= source->line_count; n++)
        vec_push(view->arena, &c->detail.lines, text_line_of(source, paint, (int)n));
    mark_lines(c, view->arena);
    if (!str_eq(c->detail.id, revision->header->id) || c->detail.direction != shown_direction(c)) {
        mem_free(c->detail.id);
        c->detail.id = mem_strdup(revision->header->id);
        c->detail.direction = shown_direction(c);
        view_want_top(view, find_function(&c->detail.lines, c->detail.direction));
    }
    size_t row;
    if (find_run_line(c, &row))
        view_want_row(view, row);
    return c->detail.lines.len;
}

static void detail_draw(struct console *c, size_t row, bool flat, struct pen *pen)
{
    const struct text_line *line = &c->detail.lines.at[row];
    (void)flat;
    pen_glyph(pen, ROLE_PENDING,
              begins_statement(&c->detail.lines, row) ? GLYPH_POINTER : GLYPH_BLANK);
    if (!c->hide_numbers && line->number)
        pen_printf(pen, ROLE_NUMBER, "%3d ", line->number);
    pen->origin = pen->column;
    paint_draw(line->paint, line->at, pen, line->role, line->text, line->len);
}

static void detail_text(struct console *c, size_t row, struct str *out)
{
    str_addn(out, c->detail.lines.at[row].text, c->detail.lines.at[row].len);
}

static void detail_status(struct console *c, size_t row, struct str *out)
{
    const struct revision *revision = console_selected(c);
    const struct differ_item *item = console_difference(c);
    if (item) {
        str_add(out, item->difference->place.file ? item->difference->place.file : "");
        return;
    }
    if (console_is_at_difference(c)) {
        str_add(out, console_difference_group(c)->label);
        return;
    }
    if (revision)
        str_addf(out, "%s",
                 strrchr(revision->header->path, '/') ? strrchr(revision->header->path, '/') + 1
                                                      : revision->header->path);
    if (c->detail.lines.at[row].statement)
        str_addf(out, " - statement %zu", c->detail.lines.at[row].statement);
}

static const char *detail_empty(struct console *c)
{
    if (c->in_slot[SLOT_MAIN] == VIEW_DIFF)
        return "no difference selected";
    return console_selected(c) ? "the file cannot be read; R reads again" : "no revision selected";
}

const struct view_ops pane_detail = {
    .name = "detail",
    .number = 2,
    .contexts = CTX_DETAIL | CTX_TEXT,
    .home = SLOT_TOP,
    .title = detail_title,
    .load = detail_load,
    .draw = detail_draw,
    .text = detail_text,
    .status = detail_status,
    .empty = detail_empty,
};
