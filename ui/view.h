/*
 * A pane: rows, a cursor, a filter, and what its kind of pane knows about them.
 *
 * A new pane is a row of `view_ops` in a file of its own and an entry of enum view_id; nobody
 * edits the loop. Views know the console's state and the engine, never keys: dispatch.c gives
 * them actions.
 */
#ifndef UI_VIEW_H
#define UI_VIEW_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"
#include "base/vec.h"
#include "ui/draw.h"
#include "ui/layout.h"
#include "ui/list.h"
#include "ui/pattern.h"

struct console;
struct view;

enum view_id {
    VIEW_GRAPH,
    VIEW_DETAIL,
    VIEW_SQL,
    VIEW_DIFF,
    VIEW_PENDING,
    VIEW_RUN,
    VIEW_LOG,
    N_VIEWS,
};

/* A line above the rows of a pane: what must not be overlooked there. */
struct view_head {
    enum role role;
    const char *text; /* its leading blanks say how far it is indented */
};

struct view_ops {
    const char *name;  /* in the status line */
    int number;        /* the digit that goes there */
    unsigned contexts; /* whose keys work here: pane, kind; CTX_MOVE is always there */
    enum slot home;    /* where it is shown */

    /* What stands on the border after the number. */
    void (*title)(struct console *c, struct str *out);
    /* Gathers the rows anew and returns their number; may place the cursor (view_want_row). */
    size_t (*load)(struct console *c, struct view *view);
    /* Draws one row, without filling it; flat: neighbours are filtered away. */
    void (*draw)(struct console *c, size_t row, bool flat, struct pen *pen);
    /* The row as text, for searching and filtering. */
    void (*text)(struct console *c, size_t row, struct str *out);
    /* Whether the cursor may stand there; NULL: on every row. */
    bool (*selectable)(struct console *c, size_t row);
    /* The cursor came to another row. NULL: nothing depends on it. */
    void (*moved)(struct console *c, struct view *view);
    /* A search in that direction ended on the row: a match that it hides comes out. NULL: it hides
     * none. */
    void (*found)(struct console *c, size_t row, const struct pattern *pattern, int direction);
    /* What the status line says of the row under the cursor. */
    void (*status)(struct console *c, size_t row, struct str *out);
    /* Lines above the rows that stay while these scroll, and one of them; NULL: none. */
    size_t (*heads)(struct console *c);
    struct view_head (*head)(struct console *c, size_t line);
    /* What is shown when there are no rows. */
    const char *(*empty)(struct console *c);
};

struct view {
    const struct view_ops *ops;
    struct list list; /* over the rows shown */
    struct pattern filter;
    VEC(size_t) shown; /* rows that pass the filter */
    size_t rows;       /* all of them */
    bool stale;        /* load again before use */
    bool wants_row;    /* load asked for the cursor to be on row `wanted` */
    bool wants_top;    /* and to be the first one shown */
    size_t wanted;
    VEC(size_t) at_row;  /* position in the list that each row of the window shows, for the mouse */
    struct arena *arena; /* of what load gathered; reset before each load */
};

void view_init(struct view *view, const struct view_ops *ops);
void view_clear(struct view *view);

/* Brings rows and window up to date; height: rows of the window. */
void view_sync(struct console *c, struct view *view, int height);

/* The row under the cursor; false when there is none. */
bool view_row(const struct view *view, size_t *row);

/* Puts the cursor on a row, if it is shown. */
bool view_go_row(struct view *view, size_t row);

/* For load(): where the cursor shall be; without it, it stays on its row's number. */
void view_want_row(struct view *view, size_t row);
/* The same, with that row as the first one shown. */
void view_want_top(struct view *view, size_t row);

/* After list_*(): off what is not selectable, in direction 1 or -1; tells the view. */
void view_settle(struct console *c, struct view *view, int direction);

/* Searches from the cursor in direction 1 or -1; with here, the row under it counts too. */
bool view_search(struct console *c, struct view *view, const struct pattern *pattern, int direction,
                 bool here, bool *wrapped);

/* The search is over, and the cursor is where it led. */
void view_found(struct console *c, struct view *view, const struct pattern *pattern, int direction);

/*
 * Rows of the window that are taken by heads: all that they need, if at least half of the window is
 * left to the rows, or all of these fit below. Else each has one row, and may be cut.
 */
int view_heads(struct console *c, const struct view *view, struct rect inside);

/* Draws the content into its rectangle. */
void view_draw(struct console *c, struct view *view, struct rect inside, bool has_focus);

#endif
