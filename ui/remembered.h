/*
 * What the console remembers from one session to the next: how the user has split the screen, and
 * the options that were set and are not of the terminal (option.def). A file of the program's own,
 * $XDG_STATE_HOME/retort/console.state; never the user's file of keys and colours, which goes
 * before it. RETORT_CONSOLE_STATE names another file, or is "off".
 *
 * Nobody depends on it: what cannot be read or written is passed over, and so is a line that means
 * nothing.
 */
#ifndef UI_REMEMBERED_H
#define UI_REMEMBERED_H

struct console;
struct str;

/* Takes in the file; before profile_load(). */
void remembered_load(struct console *c);
/* Writes it, if something is otherwise than when it was loaded. */
void remembered_save(struct console *c);

/* The same as text, for tests. */
void remembered_read(struct console *c, const char *text);
void remembered_write(const struct console *c, struct str *out);

#endif
