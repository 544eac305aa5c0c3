/*
 * Marks and ranges in lists (ui.md, "List panes add"): revisions of the graph, for what works on
 * several; in the differences a mark is what includes one.
 */
#ifndef UI_MARKS_H
#define UI_MARKS_H

#include <stdbool.h>
#include <stddef.h>

struct console;

/* Whether the row of the graph is marked, or in the range that is being made. */
bool marks_has(const struct console *c, const char *id, size_t row);

/* Gives up the range that is being made; false when there is none. */
bool marks_end_range(struct console *c);

#endif
