/* The user's editor, which has the terminal meanwhile. */
#ifndef UI_EDITOR_H
#define UI_EDITOR_H

#include <stdbool.h>
#include <stddef.h>

struct console;

/* Opens a file at a line, and waits till it ends; says so and is false where it fails. */
bool editor_open_at(struct console *c, const char *path, size_t line);

#endif
