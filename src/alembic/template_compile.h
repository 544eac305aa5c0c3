/* A Mako template as a Python program. Internal to template.c and template_compile.c. */
#ifndef ALEMBIC_TEMPLATE_COMPILE_H
#define ALEMBIC_TEMPLATE_COMPILE_H

#include "alembic/template.h"
#include "base/vec.h"
#include "schema/name.h"

struct template_program {
    struct str text;       /* Python; what it writes goes to _retort_write() */
    VEC(int) lines;        /* of the template, for each line of text */
    struct name_list names; /* identifiers that stand in it, without keywords and repeats */
};

/* False: ERR_CONFIG with the line, for what cannot be followed. */
bool template_compile(struct arena *a, const struct template_source *source,
                      struct template_program *out, struct err *err);

/* Adds the text of a line of the template to err, for the caret. */
void template_source_line(const struct template_source *source, int line, struct err *err);

#endif
