/*
 * script.py.mako: what a revision file is made from (spec/autogenerate.md, section 13).
 *
 * The template becomes a program of the hermetic interpreter, line by line, which is then
 * evaluated: expressions with filters, control lines, comments, blocks of Python, line
 * continuation. What Mako knows besides (inheritance, defs, includes) is refused with the place.
 */
#ifndef ALEMBIC_TEMPLATE_H
#define ALEMBIC_TEMPLATE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/map.h"
#include "base/str.h"

struct arena;
struct err;
struct ini_file;

struct template_source {
    const char *path; /* for messages */
    const char *text;
    size_t len;
};

/* What the template can name. */
struct template_world {
    struct map variables;       /* name to a Python expression: "'text'", "None", "('a', 'b')";
                                   the module datetime is there as _retort_datetime */
    const struct ini_file *ini; /* behind config.get_main_option(); NULL: empty */
    const char *section;        /* the main one */
};

/*
 * Appends what the template gives. A name that nobody defines is false, and an error when it is
 * printed, as in Mako. False: ERR_CONFIG for what cannot be followed as a template, ERR_COMMAND for
 * what went wrong when it was evaluated; both with the place in the template.
 */
bool template_render(struct arena *a, const struct template_source *source,
                     const struct template_world *world, struct str *out, struct err *err);

#endif
