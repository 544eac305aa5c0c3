/* What the SQL editor looks like. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "ui/cells.h"
#include "ui/console.h"
#include "ui/draw.h"
#include "ui/paint.h"
#include "ui/sql_editor.h"

enum {
    GUTTER = 2,
    LONG_LINE = 16 << 10, /* bytes; a longer one is drawn without colours */
    MARGIN = 8,           /* columns that stay visible beside the cursor */
};

/* A part of a line in its colour; the character at the problem stands out. */
static void draw_part(const struct sql_editor *e, struct pen *pen, enum role role, size_t line,
                      size_t from, size_t to)
{
    const struct str *text = &e->text.lines.at[line];
    const struct editor_problem *problem = sql_editor_problem(e);
    size_t at = problem ? problem->at.at : 0;
    bool here = problem && problem->at.line == line && at >= from && at < to;
    if (!here) {
        pen_textn(pen, role, text->ptr + from, to - from);
        return;
    }
    size_t next = cells_next(text->ptr, text->len, at);
    next = next < to ? next : to;
    pen_textn(pen, role, text->ptr + from, at - from);
    pen_textn(pen, ROLE_PROBLEM, text->ptr + at, next - at);
    pen_textn(pen, role, text->ptr + next, to - next);
}

/* The first token that ends behind a byte. */
static size_t first_token(const struct sql_tokens *tokens, size_t byte)
{
    size_t low = 0, high = tokens->len;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (tokens->at[middle].end <= byte)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void draw_text(const struct sql_editor *e, struct pen *pen, size_t line)
{
    const struct str *text = &e->text.lines.at[line];
    bool colored = e->scanned == e->text.version && text->len <= LONG_LINE;
    size_t start = colored ? e->starts[line] : 0, done = 0;
    size_t i = colored ? first_token(&e->tokens, start) : 0;
    for (; colored && i < e->tokens.len && e->tokens.at[i].start < start + text->len; i++) {
        const struct sql_token *token = &e->tokens.at[i];
        size_t from = token->start > start ? token->start - start : 0;
        size_t to = token->end - start < text->len ? token->end - start : text->len;
        draw_part(e, pen, ROLE_TEXT, line, done, from);
        draw_part(e, pen, paint_role_of_sql(token->kind), line, from, to);
        done = to;
    }
    draw_part(e, pen, ROLE_TEXT, line, done, text->len);
}

/* A second sign for every colour: '!' where it is wrong, '*' where it is not as rendered. */
static void draw_gutter(const struct sql_editor *e, struct pen *pen, size_t line)
{
    const char *text = e->text.lines.at[line].ptr;
    const struct editor_problem *problem = sql_editor_problem(e);
    bool wrong = problem && problem->at.line == line;
    bool changed = e->text.lines.at[line].len <= LONG_LINE && *text && !map_has(&e->rendered, text);
    pen_text(pen, wrong ? ROLE_ERROR : ROLE_WARN, wrong ? "!" : changed ? "*" : " ");
    pen_text(pen, ROLE_TEXT, " ");
}

static void scroll(struct sql_editor *e, size_t column, size_t width)
{
    size_t line = e->text.cursor.line, margin = width > 4 * MARGIN ? MARGIN : 0;
    if (line < e->top)
        e->top = line;
    if (line >= e->top + e->height)
        e->top = line - e->height + 1;
    if (column < e->left + margin)
        e->left = column > margin ? column - margin : 0;
    if (column + margin >= e->left + width)
        e->left = column + margin + 1 - width;
}

void sql_editor_draw(struct console *c, struct rect inside, int *y, int *x)
{
    struct sql_editor *e = &c->editor;
    size_t column = text_buffer_column(&e->text);
    size_t width = inside.width > GUTTER ? (size_t)(inside.width - GUTTER) : 1;
    e->window = inside;
    e->height = inside.height > 0 ? (size_t)inside.height : 1;
    sql_editor_scan(e);
    scroll(e, column, width);
    draw_blank(inside);
    for (int row = 0; row < inside.height && e->top + (size_t)row < e->text.lines.len; row++) {
        size_t line = e->top + (size_t)row;
        struct pen pen = pen_row(inside, row);
        draw_gutter(e, &pen, line);
        pen.origin = pen.column;
        pen.skip = e->left;
        pen.match = c->highlight ? &c->search : NULL;
        draw_text(e, &pen, line);
        if (pen.column - pen.origin > e->left + width) {
            struct pen more = pen_at(pen.y, pen.end - 1, 1);
            pen_glyph(&more, ROLE_DIM, GLYPH_MORE);
        }
    }
    *y = inside.y + (int)(e->text.cursor.line - e->top);
    *x = inside.x + GUTTER + (int)(column - e->left);
}

void sql_editor_press(struct console *c, int y, int x)
{
    struct sql_editor *e = &c->editor;
    const struct rect *w = &e->window;
    size_t line = e->top + (size_t)(y > w->y ? y - w->y : 0);
    bool inside = y >= w->y && y < w->y + w->height && x >= w->x && x < w->x + w->width;
    if (!inside || line >= e->text.lines.len)
        return;
    size_t column = e->left + (size_t)(x - w->x > GUTTER ? x - w->x - GUTTER : 0);
    const struct str *text = &e->text.lines.at[line];
    text_buffer_go(&e->text,
                   (struct text_place){line, cells_offset(text->ptr, text->len, column)});
}

void sql_editor_wheel(struct console *c, long rows)
{
    enum action action = rows > 0 ? ACTION_EDITOR_DOWN : ACTION_EDITOR_UP;
    for (long i = 0; i < labs(rows); i++)
        text_buffer_do(&c->editor.text, action, 1);
}

void sql_editor_title(const struct console *c, struct str *out)
{
    const struct sql_editor *e = &c->editor;
    const struct plan_step *step = &e->plan->steps.at[e->at.step];
    str_add(out, "EDIT ");
    if (e->of_statement)
        str_addf(out, "statement %zu of %s", e->at.statement + 1, plan_verb_name(step->verb));
    else
        str_addf(out, "sql (%s)", plan_verb_name(step->verb));
    if (step->id)
        str_addf(out, " %s", step->id);
    if (!text_buffer_is(&e->text, e->kept))
        str_add(out, " *");
    if (e->of_statement && e->retry)
        str_add(out, " - keeping it retries");
}

bool sql_editor_status(const struct console *c, struct str *out, struct str *place)
{
    const struct sql_editor *e = &c->editor;
    struct editor_block block = sql_editor_block(e, e->text.cursor.line);
    const struct editor_problem *problem = sql_editor_problem(e);
    if (problem)
        str_addf(out, "! line %zu: %s%s", problem->at.line + 1, problem->message,
                 problem->is_doubt ? " (a newer server may know it)" : "");
    str_addf(place, "%sline %zu of %zu, column %zu", problem ? " - " : "", e->text.cursor.line + 1,
             e->text.lines.len, text_buffer_column(&e->text) + 1);
    if (block.number)
        str_addf(place, " - %s %zu", block.version_row ? "version row" : "statement", block.number);
    return problem != NULL;
}
