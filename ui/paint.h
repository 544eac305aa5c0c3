/*
 * Colours of code: which bytes of a Python source or of a statement are keywords, strings, numbers
 * and comments. Found out when the text is first drawn, by the lexer that also reads it.
 */
#ifndef UI_PAINT_H
#define UI_PAINT_H

#include <stddef.h>

#include "base/vec.h"
#include "sql/scan.h"
#include "ui/theme.h"

struct arena;
struct pen;
struct source;

struct paint_run {
    size_t start, end; /* bytes of the text */
    enum role role;
};

VEC_DEFINE(paint_runs, struct paint_run);

struct paint;

/* Both live in the arena, and borrow the text. What the lexer stops at stays as it is. */
struct paint *paint_python(struct arena *a, const struct source *source);
struct paint *paint_sql(struct arena *a, const char *text);

/*
 * Draws a part of the text that a paint is of (NULL: all of it in the role), beginning at its byte
 * `at`; what the pen is to highlight is found across colours.
 */
void paint_draw(struct paint *paint, size_t at, struct pen *pen, enum role role, const char *text,
                size_t len);

enum role paint_role_of_sql(enum sql_token_kind kind);

#endif
