#include "config.h"

#include "ui/glyph.h"

const struct glyph_form glyph_forms[N_GLYPHS] = {
#define GLYPH(id, utf8, acs, ascii) {utf8, acs, ascii},
#include "ui/glyph.def"
#undef GLYPH
};

_Static_assert(GLYPH_UDLR == (EDGE_UP | EDGE_DOWN | EDGE_LEFT | EDGE_RIGHT),
               "the line glyphs stand in the order of their edges");

enum glyph glyph_of_edges(unsigned edges)
{
    return (enum glyph)(edges & GLYPH_UDLR);
}

const char *glyph_set_name(enum glyph_set set)
{
    static const char *const names[N_GLYPH_SETS] = {"utf-8", "line", "ascii"};
    return names[set];
}
