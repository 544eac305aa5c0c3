/*
 * Drawing a row with a pen: every text becomes visible cells, clipped to the row, and on the
 * cursor line everything is in its look.
 */
#ifndef UI_DRAW_H
#define UI_DRAW_H

#include <stdbool.h>
#include <stddef.h>

#include "ui/layout.h"
#include "ui/screen.h"

struct pattern;

struct pen {
    int y, x, end;               /* on the screen: where the next cell goes; end is exclusive */
    size_t column;               /* in the text: columns drawn so far */
    size_t origin;               /* column that tab stops count from */
    size_t skip;                 /* columns still scrolled away to the left */
    enum role line;              /* ROLE_TEXT, or the look of the cursor line */
    const struct pattern *match; /* what is highlighted; NULL: nothing */
};

/* A pen for one row of the screen, from x on, width columns. */
struct pen pen_at(int y, int x, int width);

/* A pen for row number row of a rectangle. */
struct pen pen_row(struct rect rect, int row);

void pen_text(struct pen *pen, enum role role, const char *text);
void pen_textn(struct pen *pen, enum role role, const char *text, size_t len);
void pen_printf(struct pen *pen, enum role role, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
void pen_glyph(struct pen *pen, enum role role, enum glyph glyph);

/* Spaces up to a column of the row, counted from where the pen began. */
void pen_to(struct pen *pen, size_t column);
/* Spaces to the end of the row. */
void pen_fill(struct pen *pen);

/* Columns left. */
int pen_room(const struct pen *pen);

/* Empties a rectangle. */
void draw_blank(struct rect rect);

/* Draws the frames of all slots at once, so that shared borders meet properly. */
void draw_frames(const struct layout *layout, int rows, int columns);

/* A frame of its own over whatever is there, with what it encloses emptied. */
void draw_box(struct rect rect);

#endif
