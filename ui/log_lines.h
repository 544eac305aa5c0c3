/* What the console keeps of the log, and how it shows when something was. */
#ifndef UI_LOG_LINES_H
#define UI_LOG_LINES_H

#include <stddef.h>
#include <stdint.h>

#include "ui/console.h"

struct str;

/* c->log then keeps what it is told. */
void log_lines_init(struct console *c);
void log_lines_clear(struct console *c);

/* Keeps a line that a library printed (stray.h). */
void log_lines_stray(struct console *c, const char *line);
/* Appends those of them that were never on the screen, each with its end. */
void log_lines_unseen(const struct console *c, struct str *out);

/* "2026-11-22 14:05", "5m ago" or nothing, as the option `times` wants it. */
void log_lines_date(enum times times, int64_t time, char *out, size_t size);

#endif
