/*
 * The head of a module without reading all of it: its docstring and its top-level assignments.
 *
 * A project has thousands of revision files, and listing them needs four names of each. The scan
 * knows strings, brackets and lines, and nothing of what stands inside functions. It answers only
 * when it is sure to say what running the module would: whatever could bind a name in another way
 * (if, for, del, :=, import *, exec ...) makes it give up, and the file is parsed instead.
 *
 * What it cannot notice is that a module fails: a syntax error in a function, an import that is
 * not there. That shows when the revision itself is read.
 */
#ifndef PYTHON_HEADER_H
#define PYTHON_HEADER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/source.h"

struct arena;

enum py_header_kind {
    PY_HEADER_OTHER, /* the name is bound, but its value must be evaluated */
    PY_HEADER_NONE,
    PY_HEADER_STR,
    PY_HEADER_TUPLE, /* of strings; so are the next two */
    PY_HEADER_LIST,
    PY_HEADER_SET,
};

struct py_header_text {
    const char *text; /* UTF-8, terminated; may hold NUL */
    size_t len;
};

struct py_header_value {
    enum py_header_kind kind;
    struct py_header_text *items; /* STR: one; TUPLE, LIST, SET: any number */
    size_t count;
    struct span span; /* of the value in the text; OTHER: empty when it is no assignment */
};

struct py_header_name {
    const char *name;
    size_t len;
    struct py_header_value value;
};

struct py_header {
    const struct py_header_text *docstring; /* NULL: none */
    struct py_header_name *names;           /* each once: the last binding */
    size_t name_count;
};

/*
 * Scans the bytes of a file, which must be followed by a NUL. Everything in *header lies in the
 * arena. False: not sure, *header means nothing, use py_parse().
 */
bool py_header_scan(struct arena *a, const char *text, size_t len, struct py_header *header);

/* The value bound to a name, or NULL. */
const struct py_header_value *py_header_get(const struct py_header *header, const char *name);

#endif
