/*
 * Keys, colours and options from a file: the user's own, and the defaults, which are text made from
 * the tables (action.def, theme.def, option.def) and read by the same parser.
 *
 *     # a comment
 *     [keys.graph]
 *     J down                      a key and what it does there; none: nothing
 *     [colors]
 *     color applied green default bold
 *     [options]
 *     set mouse on
 *
 * A line that is wrong is told with file and line and changes nothing; the others count.
 */
#ifndef UI_PROFILE_H
#define UI_PROFILE_H

#include "base/str.h"
#include "schema/table.h"

struct arena;
struct console;

/* The present keys, colours and options as a file; before any was read: the defaults. */
void profile_write(const struct console *c, struct str *out);

/* Reads a file's text (terminated); what is wrong with it is added to problems, in the arena. */
void profile_read(struct console *c, struct arena *a, const char *path, const char *text,
                  struct name_list *problems);

/*
 * Sets the defaults, then reads the user's file: $RETORT_CONSOLE_CONFIG, else
 * retort/console.conf in $XDG_CONFIG_HOME or ~/.config. That there is none is fine.
 */
void profile_load(struct console *c, struct arena *a, struct name_list *problems);

#endif
