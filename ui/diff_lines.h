/* The difference that the diff pane is on, for the panes beside it. */
#ifndef UI_DIFF_LINES_H
#define UI_DIFF_LINES_H

struct console;
struct difference;
struct differ_item;
struct str;
struct view;

/* NULL when the diff pane does not lead, or has nothing to show. */
struct differ_item *console_difference(const struct console *c);

/* Fills the lines of the detail pane: both sides, what to know, and the models' source. */
void diff_add_detail(struct console *c, struct view *view);

#endif
