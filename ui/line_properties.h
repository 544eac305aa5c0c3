/* What a line of a revision's source does: for the popup of key p in the detail pane. */
#ifndef UI_LINE_PROPERTIES_H
#define UI_LINE_PROPERTIES_H

struct console;
struct str;

/*
 * Appends what the interpreter recorded for the calls that begin on a line of the revision looked
 * at, or in helpers that it calls, in its direction: each operation with its arguments as they were
 * evaluated, and the statements that it makes. The file is read anew for it; nothing is run.
 */
void line_properties(struct console *c, int line, struct str *out);

#endif
