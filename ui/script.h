/*
 * Scripted use ($RETORT_SCRIPT): a file of keys and commands, for tests and for showing a defect.
 *
 * A line that begins with ':' is a command; '#' and empty lines are skipped; any other line is
 * keys: characters, <Enter>, <Ctrl-D>, or <action:run-menu>, which works whatever the keys are
 * bound to. The loop takes the next one only when it is idle.
 */
#ifndef UI_SCRIPT_H
#define UI_SCRIPT_H

#include <stdbool.h>

struct arena;
struct console;
struct err;

struct script {
    const char *at;   /* what is left; NULL: there is no script */
    const char *line; /* where the present line begins */
    struct arena *arena;
};

/* Reads the file. */
bool script_open(struct script *script, const char *path, struct err *err);
void script_close(struct script *script);

/* Does the next thing; false when the script is at its end. */
bool script_step(struct script *script, struct console *c);

#endif
