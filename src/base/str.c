#include "config.h"

#include "base/str.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/mem.h"

char str_empty[1] = "";

enum { BRIEF = 31 };

void str_reserve(struct str *s, size_t more)
{
    size_t need = s->len + more + 1;
    if (need <= s->cap)
        return;
    size_t cap = s->cap ? s->cap : 32;
    while (cap < need)
        cap *= 2;
    if (s->arena)
        s->ptr = arena_grow(s->arena, s->ptr, s->len, cap, 1);
    else
        s->ptr = mem_resize(s->cap ? s->ptr : NULL, cap, 1);
    s->cap = cap;
    s->ptr[s->len] = '\0';
}

void str_clear(struct str *s)
{
    if (s->cap && !s->arena)
        mem_free(s->ptr);
    s->ptr = str_empty;
    s->len = s->cap = 0;
}

char *str_take(struct str *s)
{
    str_reserve(s, 0);
    char *text = s->ptr;
    s->ptr = str_empty;
    s->len = s->cap = 0;
    return text;
}

void str_addn(struct str *s, const char *text, size_t len)
{
    if (len == 0)
        return;
    str_reserve(s, len);
    memcpy(s->ptr + s->len, text, len);
    s->len += len;
    s->ptr[s->len] = '\0';
}

void str_add(struct str *s, const char *text)
{
    str_addn(s, text, strlen(text));
}

void str_addc(struct str *s, char c)
{
    str_addn(s, &c, 1);
}

void str_fill(struct str *s, char c, size_t count)
{
    str_reserve(s, count);
    if (count == 0)
        return;
    memset(s->ptr + s->len, c, count);
    s->len += count;
    s->ptr[s->len] = '\0';
}

void str_vaddf(struct str *s, const char *fmt, va_list ap)
{
    va_list again;
    va_copy(again, ap);
    str_reserve(s, BRIEF); /* most texts are short: formatted once */
    size_t len = (size_t)vsnprintf(s->ptr + s->len, s->cap - s->len, fmt, ap);
    if (len >= s->cap - s->len) {
        str_reserve(s, len);
        vsnprintf(s->ptr + s->len, len + 1, fmt, again);
    }
    va_end(again);
    s->len += len;
}

void str_addf(struct str *s, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    str_vaddf(s, fmt, ap);
    va_end(ap);
}

void str_cut(struct str *s, size_t len)
{
    if (len >= s->len)
        return;
    s->len = len;
    s->ptr[len] = '\0';
}

void str_trim(struct str *s)
{
    size_t start = 0;
    while (s->len > 0 && isspace((unsigned char)s->ptr[s->len - 1]))
        str_cut(s, s->len - 1);
    while (start < s->len && isspace((unsigned char)s->ptr[start]))
        start++;
    if (start > 0) {
        memmove(s->ptr, s->ptr + start, s->len - start + 1);
        s->len -= start;
    }
}

bool str_eq(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

bool str_starts_with(const char *s, const char *prefix)
{
    return strncmp(s, prefix, strlen(prefix)) == 0;
}

bool str_ends_with(const char *s, const char *suffix)
{
    size_t n = strlen(s), m = strlen(suffix);
    return n >= m && memcmp(s + n - m, suffix, m) == 0;
}
