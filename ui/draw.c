#include "config.h"

#include "ui/draw.h"

#include <stdarg.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "ui/cells.h"
#include "ui/pattern.h"

struct pen pen_at(int y, int x, int width)
{
    return (struct pen){.y = y, .x = x, .end = x + (width > 0 ? width : 0)};
}

struct pen pen_row(struct rect rect, int row)
{
    return pen_at(rect.y + row, rect.x, row < rect.height ? rect.width : 0);
}

int pen_room(const struct pen *pen)
{
    return pen->end - pen->x;
}

static struct style look(const struct pen *pen, enum role role)
{
    return pen->line == ROLE_TEXT ? theme_style(role) : theme_style_on(role, pen->line);
}

/* Counts columns as drawn or scrolled away. */
static void advance(struct pen *pen, size_t width, size_t used)
{
    pen->column += width;
    pen->skip -= pen->skip < width ? pen->skip : width;
    pen->x += (int)used;
}

static void plain(struct pen *pen, enum role role, const char *text, size_t len)
{
    if (len == 0)
        return;
    struct str cells = STR_INIT;
    size_t column = pen->column - pen->origin;
    size_t used = cells_clip(&cells, text, len, column, pen->skip, (size_t)pen_room(pen));
    if (used > 0)
        screen_text(pen->y, pen->x, look(pen, role), cells.ptr, cells.len);
    str_clear(&cells);
    advance(pen, cells_width(text, len, column), used);
}

void pen_textn(struct pen *pen, enum role role, const char *text, size_t len)
{
    size_t from = 0, start, match;
    while (pen->match && pattern_find(pen->match, text, len, from, &start, &match)) {
        plain(pen, role, text + from, start - from);
        plain(pen, ROLE_MATCH, text + start, match);
        from = start + match;
    }
    plain(pen, role, text + from, len - from);
}

void pen_text(struct pen *pen, enum role role, const char *text)
{
    pen_textn(pen, role, text, strlen(text));
}

void pen_printf(struct pen *pen, enum role role, const char *fmt, ...)
{
    struct str text = STR_INIT;
    va_list ap;
    va_start(ap, fmt);
    str_vaddf(&text, fmt, ap);
    va_end(ap);
    pen_textn(pen, role, text.ptr, text.len);
    str_clear(&text);
}

void pen_glyph(struct pen *pen, enum role role, enum glyph glyph)
{
    if (pen->skip == 0 && pen_room(pen) > 0) {
        screen_glyph(pen->y, pen->x, look(pen, role), glyph);
        advance(pen, 1, 1);
    } else {
        advance(pen, 1, 0);
    }
}

static void spaces(struct pen *pen, size_t count)
{
    char blank[256];
    memset(blank, ' ', sizeof blank);
    while (count > 0) {
        size_t n = count < sizeof blank ? count : sizeof blank;
        plain(pen, ROLE_TEXT, blank, n);
        count -= n;
    }
}

void pen_to(struct pen *pen, size_t column)
{
    if (pen->column < column)
        spaces(pen, column - pen->column);
}

void pen_fill(struct pen *pen)
{
    pen->skip = 0;
    if (pen_room(pen) > 0)
        spaces(pen, (size_t)pen_room(pen));
}

void draw_blank(struct rect rect)
{
    for (int row = 0; row < rect.height; row++) {
        struct pen pen = pen_row(rect, row);
        pen_fill(&pen);
    }
}

static void add_edges(unsigned char *edges, int columns, struct rect r)
{
    int bottom = r.y + r.height - 1, right = r.x + r.width - 1;
    for (int x = r.x; x <= right; x++) {
        unsigned bits = (x > r.x ? EDGE_LEFT : 0u) | (x < right ? EDGE_RIGHT : 0u);
        edges[r.y * columns + x] |= (unsigned char)bits;
        edges[bottom * columns + x] |= (unsigned char)bits;
    }
    for (int y = r.y; y <= bottom; y++) {
        unsigned bits = (y > r.y ? EDGE_UP : 0u) | (y < bottom ? EDGE_DOWN : 0u);
        edges[y * columns + r.x] |= (unsigned char)bits;
        edges[y * columns + right] |= (unsigned char)bits;
    }
}

/* Frames have square corners, lanes round ones. */
static enum glyph frame_glyph(unsigned edges)
{
    switch (edges) {
    case EDGE_DOWN | EDGE_RIGHT:
        return GLYPH_CORNER_TOP_LEFT;
    case EDGE_DOWN | EDGE_LEFT:
        return GLYPH_CORNER_TOP_RIGHT;
    case EDGE_UP | EDGE_RIGHT:
        return GLYPH_CORNER_BOTTOM_LEFT;
    case EDGE_UP | EDGE_LEFT:
        return GLYPH_CORNER_BOTTOM_RIGHT;
    default:
        return glyph_of_edges(edges);
    }
}

void draw_frames(const struct layout *layout, int rows, int columns)
{
    unsigned char *edges = mem_zalloc((size_t)rows * (size_t)columns);
    for (int slot = 0; slot < N_SLOTS; slot++)
        if (layout->frames[slot].height > 0 && layout->has_border)
            add_edges(edges, columns, layout->frames[slot]);
    for (int i = 0; i < rows * columns; i++)
        if (edges[i])
            screen_glyph(i / columns, i % columns, theme_style(ROLE_BORDER), frame_glyph(edges[i]));
    mem_free(edges);
}

void draw_box(struct rect rect)
{
    struct layout alone = {.has_border = true};
    alone.frames[0] = rect;
    draw_blank(rect);
    draw_frames(&alone, rect.y + rect.height, rect.x + rect.width);
}
