/* Strings as Python source text. */
#ifndef BASE_QUOTE_H
#define BASE_QUOTE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct str;

/*
 * Appends the text as Python's repr() shows it: in ' unless it holds ' and no ", with what cannot
 * be printed escaped; ascii escapes all that is not ASCII, as Python's ascii() does.
 */
void quote_python(struct str *out, const char *text, size_t len, bool ascii);

/* One character as Python escapes it: \n, \x1b, \u2028. */
void quote_escape(struct str *out, uint32_t c);

#endif
