/*
 * A growing string.
 *
 *     struct str s = STR_INIT;            on the heap, freed with str_clear()
 *     struct str s = STR_IN(arena);       in an arena, nothing to free
 *
 * s.ptr is always a valid, terminated C string (also of an empty str); s.len does not count the
 * terminator and the text may hold NUL bytes.
 */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct arena;

struct str {
    char *ptr;           /* never NULL */
    size_t len;          /* bytes, without the terminator */
    size_t cap;          /* bytes allocated; 0: ptr is the shared empty string */
    struct arena *arena; /* where it grows; NULL: the heap */
};

extern char str_empty[1]; /* what an empty str points at; never written */

#define STR_INIT                                                                                   \
    (struct str)                                                                                   \
    {                                                                                              \
        .ptr = str_empty                                                                           \
    }
#define STR_IN(a)                                                                                  \
    (struct str)                                                                                   \
    {                                                                                              \
        .ptr = str_empty, .arena = (a)                                                             \
    }

/* Frees a heap string and makes it empty; an arena string only becomes empty. */
void str_clear(struct str *s);

/* Hands the text over: the caller owns it (mem_free(), unless in an arena); s becomes empty. */
char *str_take(struct str *s);

/* Makes room for more bytes behind the text. */
void str_reserve(struct str *s, size_t more);

/* Appending. Text given as (ptr, len) may hold any bytes. */
void str_add(struct str *s, const char *text);
void str_addn(struct str *s, const char *text, size_t len);
void str_addc(struct str *s, char c);
void str_fill(struct str *s, char c, size_t count);
void str_addf(struct str *s, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void str_vaddf(struct str *s, const char *fmt, va_list ap) __attribute__((format(printf, 2, 0)));

/* Cuts the string to its first len bytes; len beyond the end changes nothing. */
void str_cut(struct str *s, size_t len);

/* Removes white space (as isspace() in the C locale) from both ends. */
void str_trim(struct str *s);

/* Comparisons that C lacks. */
bool str_eq(const char *a, const char *b);                 /* NULL equals only NULL */
bool str_starts_with(const char *s, const char *prefix);
bool str_ends_with(const char *s, const char *suffix);

#endif
