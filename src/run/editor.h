/* Which editor is the user's: the command line and the console ask here. Pure but for the disk. */
#ifndef RUN_EDITOR_H
#define RUN_EDITOR_H

#include <stdbool.h>
#include <stddef.h>

#include "base/words.h"

struct arena;
struct err;

/*
 * The command that opens a file in the user's editor, ended by NULL, at a line where that is not 0:
 * $VISUAL, $EDITOR, or what is usually there, the first of them that can be found. What is set may
 * hold arguments: EDITOR="code --wait". False with ERR_COMMAND, in Alembic's words, when there is
 * none.
 */
bool editor_command(struct arena *a, const char *const *environ_, const char *path, size_t line,
                    struct word_list *out, struct err *err);

#endif
