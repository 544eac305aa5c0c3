#include "config.h"

#include "cli/visible.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/str.h"
#include "base/utf8.h"

/* The terminal, and the beginning of a character whose rest has not been written yet. */
struct visible {
    int fd;
    char held[UTF8_MAX];
    size_t held_len;
};

/* Whether a terminal would do something else than show it. */
static bool is_hidden(uint32_t cp)
{
    return (cp < 0x20 && cp != '\n' && cp != '\t') || (cp >= 0x7f && cp < 0xa0) ||
           (cp >= 0x202a && cp <= 0x202e) || (cp >= 0x2066 && cp <= 0x2069);
}

/* How many bytes at the end are the beginning of a character and no more. */
static size_t unfinished(const char *text, size_t len)
{
    for (size_t n = 1; n < UTF8_MAX && n <= len; n++) {
        unsigned char c = (unsigned char)text[len - n];
        size_t needs = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : c >= 0xc2 ? 2 : 0;
        if (needs)
            return n < needs ? n : 0;
        if (c < 0x80)
            return 0;
    }
    return 0;
}

static void add_visible(struct str *out, const char *text, size_t len)
{
    for (size_t i = 0, size; i < len; i += size) {
        uint32_t cp = utf8_decode(text + i, len - i, &size);
        bool is_bad = size == 1 && (unsigned char)text[i] >= 0x80;
        if (is_bad)
            str_addf(out, "\\x%02x", (unsigned char)text[i]);
        else if (is_hidden(cp))
            str_addf(out, cp < 0x100 ? "\\x%02x" : "\\u%04x", cp);
        else
            str_addn(out, text + i, size);
    }
}

static ssize_t visible_write(void *cookie, const char *text, size_t len)
{
    struct visible *v = cookie;
    struct str all = STR_INIT, out = STR_INIT;
    str_addn(&all, v->held, v->held_len);
    str_addn(&all, text, len);
    v->held_len = unfinished(all.ptr, all.len);
    memcpy(v->held, all.ptr + all.len - v->held_len, v->held_len);
    add_visible(&out, all.ptr, all.len - v->held_len);
    bool ok = file_write_all(v->fd, out.ptr, out.len);
    str_clear(&all);
    str_clear(&out);
    return ok ? (ssize_t)len : 0;
}

static int visible_close(void *cookie)
{
    free(cookie);
    return 0;
}

FILE *visible_open(int fd, int mode)
{
    struct visible *v = calloc(1, sizeof(*v));
    if (!v)
        return NULL;
    v->fd = fd;
    FILE *f = fopencookie(v, "w", (cookie_io_functions_t){.write = visible_write,
                                                          .close = visible_close});
    if (f)
        setvbuf(f, NULL, mode, BUFSIZ);
    else
        free(v);
    return f;
}
