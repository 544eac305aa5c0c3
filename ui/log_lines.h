/* What the console keeps of the log. */
#ifndef UI_LOG_LINES_H
#define UI_LOG_LINES_H

struct console;
struct str;

/* c->log then keeps what it is told. */
void log_lines_init(struct console *c);
void log_lines_clear(struct console *c);

/* Keeps a line that a library printed (stray.h). */
void log_lines_stray(struct console *c, const char *line);
/* Appends those of them that were never on the screen, each with its end. */
void log_lines_unseen(const struct console *c, struct str *out);

#endif
