#include "config.h"

#include "cli/commands.h"

#include <string.h>

#include "base/arena.h"

const struct option_row option_rows[OPTION_COUNT] = {
#define OPTION(id, short_, long_, value, flags, help)                                              \
    [OPTION_##id] = {short_, long_, value, flags, help},
#include "cli/options.def"
#undef OPTION
};

const struct argument_row argument_rows[ARGUMENT_COUNT] = {
#define ARGUMENT(id, name, min, max, help) [ARGUMENT_##id] = {name, min, max, help},
#include "cli/arguments.def"
#undef ARGUMENT
};

const struct command commands[] = {
#define COMMAND(name, needs, argument, options, help)                                              \
    {#name, cmd_##name, NEEDS_##needs, ARGUMENT_##argument, options, help},
#include "cli/commands.def"
#undef COMMAND
};

const size_t command_count = sizeof(commands) / sizeof(*commands);

const struct command *command_find(const char *name)
{
    for (size_t i = 0; i < command_count; i++)
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
    return NULL;
}

option_set option_set_general(void)
{
    return OPT(HELP) | OPT(VERSION) | OPT(CONFIG) | OPT(NAME) | OPT(X) | OPT(RAISEERR) |
           OPT(QUIET) | OPT(URL) | OPT(YES) | OPT(CONFIRM) | OPT(JSON);
}

option_set option_set_of(const struct command *command)
{
    return OPT(HELP) | OPT(URL) | OPT(YES) | OPT(CONFIRM) | OPT(JSON) | command->options;
}

const char *option_usage(struct arena *a, enum option_id id)
{
    const struct option_row *row = &option_rows[id];
    const char *sign = row->letter ? arena_printf(a, "-%c", row->letter)
                                   : arena_printf(a, "--%s", row->word);
    return row->value ? arena_printf(a, "%s %s", sign, row->value) : sign;
}

const char *option_name(struct arena *a, enum option_id id)
{
    const struct option_row *row = &option_rows[id];
    if (!row->letter)
        return arena_printf(a, "--%s", row->word);
    if (!row->word)
        return arena_printf(a, "-%c", row->letter);
    return arena_printf(a, "-%c/--%s", row->letter, row->word);
}
