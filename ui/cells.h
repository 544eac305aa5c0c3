/*
 * Text as cells of the screen: what may be sent to a terminal.
 *
 * Nothing that comes from a file or a database reaches the terminal as it is. Control characters,
 * invisible formatting characters (direction overrides, zero-width spaces: they can make code look
 * like other code) and bytes that are not UTF-8 become visible; wide characters are never cut in
 * half. Pure, except that column widths are those of the C library's locale (wcwidth).
 */
#ifndef UI_CELLS_H
#define UI_CELLS_H

#include <stdbool.h>
#include <stddef.h>

struct str;

/* Whether characters that the locale does not have are shown as '?': it is not UTF-8. */
void cells_set_ascii(bool ascii);

/*
 * Appends to out the part of the text that is in columns [skip, skip + width) of its visible form,
 * and returns the columns used (at most width). column is where the text starts on its line, for
 * tab stops. Line ends are shown too: split lines before.
 */
size_t cells_clip(struct str *out, const char *text, size_t len, size_t column, size_t skip,
                  size_t width);

/* Columns of the visible form of the text starting at column. */
size_t cells_width(const char *text, size_t len, size_t column);

/*
 * Characters as the cursor of an editor sees them: one with all that combines with it. Where the
 * one that is at a byte ends, where the one before a byte begins, and the byte of the one that is
 * in a column of a line (its length, beyond the end).
 */
size_t cells_next(const char *text, size_t len, size_t at);
size_t cells_before(const char *text, size_t at);
size_t cells_offset(const char *text, size_t len, size_t column);

/* Bytes of a text that go on a line of that many columns: through the last blank that fits or
 * follows where there is one, all of it where it fits, and never none of it. */
size_t cells_break(const char *text, size_t len, size_t width);

#endif
