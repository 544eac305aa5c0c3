/*
 * From the text of a Python module to its tree (ast.h).
 *
 * Accepts what CPython 3.8 to 3.13 accept, taken together, and refuses what none of them compiles,
 * with CPython's words where it has words. Nothing is evaluated. A syntax error is ERR_PYTHON with
 * file, line, column and source line; a limit that was hit is ERR_LIMIT.
 */
#ifndef PYTHON_PARSE_H
#define PYTHON_PARSE_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct err;
struct py_module_ast;
struct py_names;
struct source;

struct py_parse_limits {
    size_t source_bytes; /* size of the text */
    int depth; /* of the tree; brackets (200) and blocks (100) have CPython's limits too */
};

#define PY_PARSE_LIMITS_DEFAULT                                                                    \
    {                                                                                              \
        .source_bytes = 16u << 20, .depth = 1000                                                   \
    }

/*
 * The bytes of a file as UTF-8 text: takes off the byte order mark and follows the coding line
 * (PEP 263). Returns NULL with err when the encoding is not known or the bytes do not fit it.
 * bytes is borrowed and must outlive the source unless it had to be converted.
 */
struct source *py_source_new(struct arena *a, const char *path, const char *bytes, size_t len,
                             struct err *err);

/*
 * Parses a module. The tree lies in the arena and borrows src. names may be NULL: the module gets
 * a table of its own. limits may be NULL: the default. Returns NULL with err.
 */
struct py_module_ast *py_parse(struct arena *a, const struct source *src, struct py_names *names,
                               const struct py_parse_limits *limits, struct err *err);

#endif
