/*
 * The `:` commands: those of run/verb.def that the console has. Besides these rows every action's name
 * is a command: `:refresh`.
 */
#ifndef UI_COMMAND_H
#define UI_COMMAND_H

#include <stddef.h>

struct console;

struct command_row {
    const char *name;
    const char *usage;
    const char *help;
    void (*run)(struct console *c, const char *argument); /* "" when there is none */
};

extern const struct command_row console_commands[];
extern const size_t console_command_count;

#endif
