/*
 * Position in a list of rows: the cursor and the part that is shown. Pure; used by every pane,
 * lists and texts alike.
 *
 * Invariants after every call: cursor < count (0 when empty), top <= cursor < top + height, and no
 * empty space below the last row while there are rows above the first shown.
 */
#ifndef UI_LIST_H
#define UI_LIST_H

#include <stdbool.h>
#include <stddef.h>

struct list {
    size_t count;
    size_t cursor;
    size_t top;    /* first row shown */
    size_t height; /* rows shown; at least 1 */
    size_t left;   /* columns scrolled sideways */
};

/* New size of the list or of the window; the cursor stays where it was, as far as it can. */
void list_resize(struct list *list, size_t count, size_t height);

/* Moves the cursor by delta rows, stopping at the ends. */
void list_move(struct list *list, long delta);

/* Puts the cursor on a row (the last one, if there are fewer). */
void list_go(struct list *list, size_t row);

/* Moves cursor and window by a page, or half of one, in direction 1 or -1. */
void list_page(struct list *list, int direction);
void list_half_page(struct list *list, int direction);

/* Moves the window by delta rows; the cursor stays on its row unless that leaves the window. */
void list_scroll(struct list *list, long delta);

/* Scrolls sideways by delta columns, not beyond the first. */
void list_shift(struct list *list, long delta);

/* How far down the cursor is, in percent; 100 for a list of one. */
int list_percent(const struct list *list);

#endif
