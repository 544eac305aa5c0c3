#include "config.h"

#include "base/source.h"

#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/utf8.h"
#include "base/vec.h"

struct source *source_new(struct arena *a, const char *path, const char *text, size_t len)
{
    struct source *src = ARENA_NEW(a, struct source);
    src->path = arena_strdup(a, path);
    src->text = text;
    src->len = len;
    size_t lines = 1;
    for (size_t i = 0; i < len; i++) {
        if (text[i] == '\n' || (text[i] == '\r' && (i + 1 == len || text[i + 1] != '\n')))
            lines++;
    }
    src->line_starts = ARENA_ARRAY(a, lines, uint32_t);
    src->line_count = 1;
    for (size_t i = 0; i < len; i++) {
        if (text[i] == '\n' || (text[i] == '\r' && (i + 1 == len || text[i + 1] != '\n')))
            src->line_starts[src->line_count++] = (uint32_t)(i + 1);
    }
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
