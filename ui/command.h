/*
 * The `:` commands: those of run/verb.def that the console has. Besides these rows every action's
 * name is a command: `:refresh`.
 */
#ifndef UI_COMMAND_H
#define UI_COMMAND_H

#include <stddef.h>

struct console;

/* What stands behind it, for completion: as run/verb.def names it. */
enum command_argument {
    COMMAND_NONE,
    COMMAND_REVISION,
    COMMAND_REVISIONS,
    COMMAND_RANGE,
    COMMAND_SETTING,
    COMMAND_OPTION,
    COMMAND_FILE,
    COMMAND_CONNECTION,
    COMMAND_BINDING,
    COMMAND_TOPIC,
};

struct command_row {
    const char *name;
    const char *usage;
    const char *help;
    enum command_argument argument;
    void (*run)(struct console *c, const char *argument); /* "" when there is none */
};

extern const struct command_row console_commands[];
extern const size_t console_command_count;

#endif
