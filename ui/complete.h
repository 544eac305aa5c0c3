/* What Tab makes of a `:` command: its own name, or what may stand behind it (run/verb.def). */
#ifndef UI_COMPLETE_H
#define UI_COMPLETE_H

struct console;
struct lineedit;

/* The last word grows as far as all that it may become agree; how many those are is said. */
void complete_command(struct console *c, struct lineedit *line);

#endif
