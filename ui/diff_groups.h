/*
 * The rows of the diff pane: the differences by table, each table with two or more of them under a
 * heading that folds. A table with one difference is a line by itself, whatever is shown of it: so
 * every table is one line when all is collapsed, and a filter of kinds moves nothing to another
 * depth. Under a filter of text the rows are flat: the differences that match.
 */
#ifndef UI_DIFF_GROUPS_H
#define UI_DIFF_GROUPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/map.h"
#include "base/vec.h"
#include "sql/statement.h"

struct console;
struct differ_item;
struct pattern;
struct view;

enum diff_filter {
    DIFF_ALL,
    DIFF_ADDITIONS,
    DIFF_CHANGES,
    DIFF_REMOVALS,
    DIFF_IGNORED,
    N_DIFF_FILTERS,
};

/* The differences of one table, or those that belong to none. */
struct diff_group {
    const char *label;
    size_t total;      /* all that it has */
    VEC(size_t) items; /* those of the differ's items that the kinds shown leave */
};

struct diff_row {
    size_t group;
    size_t item; /* of the differ; NOT_AN_ITEM: the row is the heading */
};

#define NOT_AN_ITEM ((size_t)-1)

/* State of the pane; the console has one. */
struct diff_pane {
    VEC(struct diff_row) rows;
    VEC(struct diff_group) groups; /* in the view's arena, by the first difference of each */
    enum diff_filter filter;
    struct map folded;      /* labels of groups; kept when the comparison is done again */
    struct map turned;      /* so are the differences that are not included as by default, */
    char *place;            /* and what the cursor was on: a difference or a label; NULL: nothing */
    int64_t compared;       /* when the comparison was started that the rows are of */
    struct arena *arena; /* of the statements; NULL till there were some */
    struct statement_list statements[2]; /* by direction: of the group that the cursor is on */
    bool is_unrendered;                  /* there are none: a difference of it has no SQL */
    char *rule; /* that it is asked about whether it is to be written */
};

/* Gathers the rows; their number. The cursor stays on what it is on, or goes to its heading. */
size_t diff_groups_load(struct console *c, struct view *view);
void diff_groups_clear(struct diff_pane *pane);

/* Before the comparison is done again: keeps what was chosen, and where the cursor is. */
void diff_remember(struct console *c);
/* When it is done: what is still there is included or left out as it was chosen before. */
void diff_choose_again(struct console *c);
/* A revision was made of what was chosen: what is left is for the next one, and as by default. */
void diff_forget_choice(struct console *c);

/* NULL: the row is a heading. */
struct differ_item *diff_row_item(const struct console *c, size_t row);
/* The group of the heading; NULL: the row is a difference. */
const struct diff_group *diff_row_group(const struct console *c, size_t row);

/* Whether the row stands under a heading. */
bool diff_row_is_inner(const struct console *c, size_t row);
bool diff_group_is_folded(const struct console *c, const struct diff_group *group);

/* How many of its differences shown are included. */
size_t diff_group_included(const struct console *c, const struct diff_group *group);
/* Includes them or leaves them out; what rules ignore stays as it is. */
void diff_group_include(struct console *c, const struct diff_group *group, bool included);

/* Folds or unfolds one group, or all. */
void diff_group_fold(struct console *c, const struct diff_group *group, bool folded);
void diff_fold_all(struct console *c, bool folded);
/* The rows become others: they are gathered again at once, and a range is given up. */
void diff_gather_again(struct console *c);

/*
 * A search came to the row: a folded group that has a match inside opens. The cursor goes to the
 * first of them, or stays on a heading that matches itself; in direction -1 it goes to the last.
 */
void diff_search_inside(struct console *c, size_t row, const struct pattern *pattern,
                        int direction);

/* Works out the statements of the group that the cursor is on: of what is included of it. */
void diff_make_statements(struct console *c, const struct diff_group *group);

#endif
