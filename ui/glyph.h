/*
 * The few characters that are not text: borders, lanes, marks. Each exists in three forms, chosen
 * once from the locale and changed by one toggle (`~`): UTF-8, the terminal's own line-drawing
 * characters, and ASCII. Pure: what is sent to the terminal is screen.c's business.
 */
#ifndef UI_GLYPH_H
#define UI_GLYPH_H

#include <stdbool.h>

enum glyph_set { GLYPHS_UTF8, GLYPHS_LINE, GLYPHS_ASCII, N_GLYPH_SETS };

enum glyph {
#define GLYPH(id, utf8, acs, ascii) GLYPH_##id,
#include "ui/glyph.def"
#undef GLYPH
    N_GLYPHS
};

/* Edges of a border or lane character. */
enum glyph_edge { EDGE_UP = 1, EDGE_DOWN = 2, EDGE_LEFT = 4, EDGE_RIGHT = 8 };

struct glyph_form {
    const char *utf8; /* one character, one column */
    char acs;         /* VT100 line-drawing letter; 0: there is none, use ascii */
    char ascii;
};

extern const struct glyph_form glyph_forms[N_GLYPHS];

/* The line character that has these edges (bits of enum glyph_edge). */
enum glyph glyph_of_edges(unsigned edges);

/* "utf-8", "line", "ascii" */
const char *glyph_set_name(enum glyph_set set);

#endif
