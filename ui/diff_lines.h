/* The difference, or the group of them, that the diff pane is on, for the panes beside it. */
#ifndef UI_DIFF_LINES_H
#define UI_DIFF_LINES_H

#include <stdbool.h>

struct console;
struct diff_group;
struct difference;
struct differ_item;
struct str;
struct view;

/* NULL when the diff pane does not lead, has nothing to show, or is on a heading. */
struct differ_item *console_difference(const struct console *c);
/* The group whose heading it is on; NULL: it is on none. */
const struct diff_group *console_difference_group(const struct console *c);
/* Whether it is on one or the other. */
bool console_is_at_difference(const struct console *c);

/* Fills the lines of the detail pane: both sides, what to know, and the models' source;
 * of a group what is in it. */
void diff_add_detail(struct console *c, struct view *view);

#endif
