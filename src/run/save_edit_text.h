/* The text of a revision file with another body in one of its functions. Pure. */
#ifndef RUN_SAVE_EDIT_TEXT_H
#define RUN_SAVE_EDIT_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "run/plan.h"

struct arena;

struct save_text {
    const char *path;     /* for errors */
    const char *bytes;    /* of the file */
    size_t len;
    const char *function; /* "upgrade" or "downgrade" */
};

/*
 * The bytes with these statements as the function's body; a docstring stays, and so does what
 * stands behind the body. ERR_COMMAND: the function is not there just once as a plain def at the
 * top level.
 */
bool save_text_make(struct arena *a, const struct save_text *file,
                    const struct plan_statement_list *statements, const char **text, size_t *len,
                    struct err *err);

#endif
