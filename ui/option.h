/*
 * What the user can set while the console runs: the table is option.def.
 */
#ifndef UI_OPTION_H
#define UI_OPTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct console;
struct err;

struct option_row {
    int32_t letter; /* in the options menu */
    const char *name;
    const char *values; /* separated by spaces */
    bool is_kept;       /* from one session to the next */
    const char *(*get)(const struct console *c);
    /* Why the value cannot be had here; NULL: it is set. */
    const char *(*set)(struct console *c, const char *value);
    const char *help;
};

extern const struct option_row console_options[];
extern const size_t console_option_count;

/* The row with this name; NULL: none. */
const struct option_row *option_find(const char *name);

/* Sets an option by name; false with what is wrong with the name or the value. */
bool option_set(struct console *c, const char *name, const char *value, struct err *err);

/* The value that comes after the present one. */
bool option_toggle(struct console *c, const struct option_row *row, struct err *err);

#endif
