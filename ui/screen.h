/*
 * The screen of the terminal. Only this and keyboard.h know ncurses.
 *
 * Text given to it must be clean (cells.h) and clipped; draw.h does both. Between screen_open() and
 * screen_close() what others print is caught (stray.h). The terminal is restored on every exit:
 * signals that end the program restore it with nothing but what a handler may call.
 */
#ifndef UI_SCREEN_H
#define UI_SCREEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ui/glyph.h"
#include "ui/theme.h"

struct err;

/*
 * Takes the terminal over: raw mode, alternate screen, bracketed paste. False, with the terminal
 * untouched, when standard input or output is no terminal or cannot place its cursor.
 */
bool screen_open(struct err *err);
void screen_close(void);

/* Gives the terminal back while something else has it (an editor, the shell), and takes it again.
 */
void screen_leave(void);
void screen_return(void);

/* The present size; screen_resize() asks the terminal for it after SIGWINCH. */
void screen_size(int *rows, int *columns);
void screen_resize(void);

/* "ncurses 6.4.20221231"; at any time. */
const char *screen_library(void);

bool screen_has_color(void);
/* Begins to use colours; without this call no colour sequence is ever sent. False: there are none.
 */
bool screen_use_color(void);
bool screen_is_utf8(void);
/* The character set of the locale: "UTF-8". */
const char *screen_encoding(void);

/* Has the terminal report clicks and the wheel, or not any more; false: it cannot. */
bool screen_use_mouse(bool on);

/* Which form glyphs have. */
void screen_set_glyphs(enum glyph_set set);
enum glyph_set screen_glyphs(void);

/* Drawing; shown by screen_show(). Positions must be on the screen. */
void screen_erase(void);
void screen_text(int y, int x, struct style style, const char *text, size_t len);
void screen_glyph(int y, int x, struct style style, enum glyph glyph);
/* Sends what changed; the cursor goes to (y, x), or is hidden when y is negative. */
void screen_show(int y, int x);
/* Everything is sent again by the next screen_show(). */
void screen_redraw(void);

/* Puts text on the terminal's clipboard (OSC 52). */
void screen_copy(const char *text, size_t len);

/* The text of a row as it was last shown, without trailing blanks, into a buffer of size bytes. */
void screen_row(int y, char *out, size_t size);

#endif
