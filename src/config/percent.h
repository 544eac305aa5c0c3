/* Percent-encoding as Python's urllib.parse does it. */
#ifndef CONFIG_PERCENT_H
#define CONFIG_PERCENT_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct str;

/*
 * unquote(), or with plus unquote_plus(): '%xx' becomes its byte, what is no such escape stays.
 * Bytes that do not form UTF-8 become U+FFFD, and an encoded NUL stays encoded.
 */
const char *percent_decode(struct arena *a, const char *text, size_t len, bool plus);

/*
 * quote(text, safe=safe), or with plus quote_plus(): appends text with everything but letters,
 * digits,
 * "_.-~" and safe as '%XX'.
 */
void percent_encode(struct str *out, const char *text, const char *safe, bool plus);

#endif
