/* What the console keeps of the log. */
#ifndef UI_LOG_LINES_H
#define UI_LOG_LINES_H

struct console;

/* c->log then keeps what it is told. */
void log_lines_init(struct console *c);
void log_lines_clear(struct console *c);

#endif
