/*
 * A source text with its places: what every message about a file is made from.
 *
 * Offsets are bytes from 0. Lines and columns are from 1; columns count code points, as Python's
 * and PostgreSQL's messages do. A span is a half-open range of offsets.
 */
#ifndef BASE_SOURCE_H
#define BASE_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct err;

struct span {
    uint32_t start, end;
};

struct source {
    const char *path; /* as shown to people; borrowed from the arena */
    const char *text; /* UTF-8, terminated */
    size_t len;
    uint32_t *line_starts; /* offset of each line's first byte */
    size_t line_count;
};

struct place {
    int line, column;
};

/* Wraps text (borrowed, must outlive the source) and finds its lines. path is copied. */
struct source *source_new(struct arena *a, const char *path, const char *text, size_t len);

/* Line and column of an offset; an offset beyond the end is the end. */
struct place source_place(const struct source *src, size_t offset);

/* The text of a line (from 1), without its line end; *len gets its bytes. "" when out of range. */
const char *source_line(const struct source *src, int line, size_t *len);

/* Adds to err the place of offset: file, line, column and the source line. Returns false. */
bool source_err(struct err *err, const struct source *src, size_t offset);

#endif
