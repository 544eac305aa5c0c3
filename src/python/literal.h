/* The values of numbers and strings, from their text as the lexer found it. */
#ifndef PYTHON_LITERAL_H
#define PYTHON_LITERAL_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct py_constant;
struct str;

/*
 * A number's value. False when it has more digits than CPython converts (4300; here for every
 * base): *problem is the message.
 */
bool py_literal_number(struct arena *a, const char *text, size_t len, struct py_constant *out,
                       const char **problem);

enum py_text_kind {
    PY_TEXT_STR = 0,
    PY_TEXT_RAW = 1,     /* no escapes */
    PY_TEXT_BYTES = 2,
    PY_TEXT_FSTRING = 4, /* {{ and }} are one brace each */
};

/* What a string's text turned out to hold; see struct py_constant. */
struct py_text_facts {
    bool has_surrogate, unknown_char;
};

/*
 * Appends the value of the text between the quotes; kind is a set of enum py_text_kind. Escapes
 * are Python's, an unknown one stays as it is written; every line end becomes \n. False when an
 * escape is malformed: *problem is CPython's message, in the arena, and *offset its place in text.
 */
bool py_literal_text(struct arena *a, struct str *out, const char *text, size_t len, unsigned kind,
                     struct py_text_facts *facts, const char **problem, size_t *offset);

#endif
