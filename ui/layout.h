/*
 * Where things stand on the screen (ui.md, "Screen"). Pure: a size in, rectangles out; a resize
 * computes it from zero.
 */
#ifndef UI_LAYOUT_H
#define UI_LAYOUT_H

#include <stdbool.h>

struct rect {
    int y, x, height, width;
};

/* Panes live in slots; which pane is in which slot is view.c's business. */
enum slot { SLOT_MAIN, SLOT_TOP, SLOT_BOTTOM, N_SLOTS };

enum layout_mode {
    LAYOUT_TOO_SMALL, /* under 20x5: two words, nothing else */
    LAYOUT_ONE,       /* under 60x15, or maximised: the focused slot alone */
    LAYOUT_STACK,     /* under 110 columns: the side slots below the main one */
    LAYOUT_SPLIT,     /* main left, top over bottom on the right */
};

enum {
    LAYOUT_MIN_ROWS = 5,
    LAYOUT_MIN_COLUMNS = 20,
    LAYOUT_PANES_ROWS = 15,
    LAYOUT_PANES_COLUMNS = 60,
    LAYOUT_SPLIT_COLUMNS = 110,
    LAYOUT_BOTH_ROWS = 36, /* from here the stack shows both side slots */
};

/* What the main slot gets of the panes' rows or columns, in percent; 0: the usual share. */
struct layout_shares {
    int rows, columns; /* of LAYOUT_STACK, of LAYOUT_SPLIT */
};

enum { LAYOUT_LEAST_SHARE = 20, LAYOUT_MOST_SHARE = 80 };

struct layout {
    enum layout_mode mode;
    /* One row each; height 0 when there is no room for it. */
    struct rect header, status, message, hint;
    /* Frames, their border included; neighbours share a border. Height 0: hidden. */
    struct rect frames[N_SLOTS];
    /* What is inside the border. */
    struct rect inside[N_SLOTS];
    bool has_border; /* false: only a title row above the content */
};

/*
 * focus is always visible; side says which side slot is shown where only one has room (SLOT_TOP or
 * SLOT_BOTTOM). shares may be NULL.
 */
void layout_compute(int rows, int columns, bool maximised, enum slot focus, enum slot side,
                    const struct layout_shares *shares, struct layout *out);

#endif
