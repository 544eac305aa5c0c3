/* UTF-8: decoding, checking, counting. Cells on a screen are the console's business. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { UTF8_BAD = 0xFFFD, UTF8_MAX = 4 };

/*
 * The code point at s (len bytes left, at least 1); *size gets its bytes. A byte that does not
 * start a well-formed sequence (Unicode 15, table 3-7) gives UTF8_BAD and size 1.
 */
uint32_t utf8_decode(const char *s, size_t len, size_t *size);

/* Writes a code point; returns its bytes (1 to 4), 0 for a surrogate or beyond U+10FFFF. */
size_t utf8_encode(char out[UTF8_MAX], uint32_t cp);

/* Code points in len bytes; each byte that is not well formed counts as one. */
size_t utf8_count(const char *s, size_t len);

/* How many of the first bytes are ASCII. */
size_t utf8_ascii(const char *s, size_t len);

/* Whether all of it is well formed; else *bad (may be NULL) is the offset of the first bad byte. */
bool utf8_valid(const char *s, size_t len, size_t *bad);

/* The offset of the index-th code point, or len when there are fewer. */
size_t utf8_offset(const char *s, size_t len, size_t index);

#endif
