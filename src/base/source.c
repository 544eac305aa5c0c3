#include "config.h"

#include "base/source.h"

#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/utf8.h"
#include "base/vec.h"

enum { BYTES_PER_LINE = 32 }; /* as a guess: more lines find room too */

/* The last byte of the line that goes on at `at`; len when it has no end. */
static size_t line_end(const char *text, size_t at, size_t len, bool has_returns)
{
    if (!has_returns) {
        const char *end = at < len ? memchr(text + at, '\n', len - at) : NULL;
        return end ? (size_t)(end - text) : len;
    }
    while (at < len && text[at] != '\n' &&
           (text[at] != '\r' || (at + 1 < len && text[at + 1] == '\n')))
        at++;
    return at;
}

struct source *source_new(struct arena *a, const char *path, const char *text, size_t len)
{
    struct source *src = ARENA_NEW(a, struct source);
    src->path = arena_strdup(a, path);
    src->text = text;
    src->len = len;
    bool has_returns = len > 0 && memchr(text, '\r', len);
    VEC(uint32_t) starts = {0};
    vec_reserve(a, &starts, len / BYTES_PER_LINE + 2);
    vec_push(a, &starts, 0);
    for (size_t at = 0; (at = line_end(text, at, len, has_returns)) < len;)
        vec_push(a, &starts, (uint32_t)++at);
    src->line_starts = starts.at;
    src->line_count = starts.len;
    return src;
}

struct place source_place(const struct source *src, size_t offset)
{
    if (offset > src->len)
        offset = src->len;
    size_t low = 0, high = src->line_count;
    while (high - low > 1) {
        size_t mid = low + (high - low) / 2;
        if (src->line_starts[mid] <= offset)
            low = mid;
        else
            high = mid;
    }
    size_t start = src->line_starts[low];
    return (struct place){
        .line = (int)low + 1,
        .column = (int)utf8_count(src->text + start, offset - start) + 1,
    };
}

const char *source_line(const struct source *src, int line, size_t *len)
{
    if (line < 1 || (size_t)line > src->line_count) {
        *len = 0;
        return "";
    }
    size_t start = src->line_starts[line - 1];
    size_t end = (size_t)line < src->line_count ? src->line_starts[line] : src->len;
    while (end > start && (src->text[end - 1] == '\n' || src->text[end - 1] == '\r'))
        end--;
    *len = end - start;
    return src->text + start;
}

bool source_err(struct err *err, const struct source *src, size_t offset)
{
    if (err->file)
        return false;
    struct place p = source_place(src, offset);
    size_t len;
    const char *text = source_line(src, p.line, &len);
    err_at(err, src->path, p.line, p.column);
    return err_source_line(err, text, len);
}
