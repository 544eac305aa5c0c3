/*
 * The tables of the command line: commands, their arguments and options (commands.def,
 * arguments.def, options.def). Parsing, usage and dispatch are driven by them.
 */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cli;
struct err;

enum option_id {
#define OPTION(id, short_, long_, value, flags, help) OPTION_##id,
#include "cli/options.def"
#undef OPTION
    OPTION_COUNT
};

enum option_flag {
    OPTION_REPEATS = 1, /* every occurrence counts */
    OPTION_OWN = 2,     /* retort's own: no abbreviations, and may follow the command */
};

struct option_row {
    char letter;       /* 0: none */
    const char *word;  /* NULL: none */
    const char *value; /* what the value is called; NULL: takes none */
    unsigned flags;
    const char *help;
};

extern const struct option_row option_rows[OPTION_COUNT];

enum argument_id {
#define ARGUMENT(id, name, min, max, help) ARGUMENT_##id,
#include "cli/arguments.def"
#undef ARGUMENT
    ARGUMENT_COUNT
};

struct argument_row {
    const char *name;
    size_t min, max; /* max 0 with min 1: any number */
    const char *help;
};

extern const struct argument_row argument_rows[ARGUMENT_COUNT];

/* What is opened before a command runs; each includes those before it. */
enum command_needs {
    NEEDS_NOTHING,
    NEEDS_CONFIG,
    NEEDS_FILES,   /* the project without what env.py says */
    NEEDS_PROJECT, /* and with that */
    NEEDS_GRAPH,
    NEEDS_MODELS,
};

/* A set of options, one bit each. */
typedef uint64_t option_set;
#define OPT(id) (UINT64_C(1) << OPTION_##id)

_Static_assert(OPTION_COUNT <= 64, "an option_set holds 64 options");

/*
 * Runs a command. What it prints goes through cli_print() and its relatives; false with err for a
 * failure, which the caller reports; another exit code than 0 is put into cli->exit_code.
 */
typedef bool (*command_fn)(struct cli *cli, struct err *err);

struct command {
    const char *name;
    command_fn run;
    enum command_needs needs;
    enum argument_id argument;
    option_set options; /* besides the general ones */
    const char *help;
};

#define COMMAND(name, needs, argument, options, help)                                              \
    bool cmd_##name(struct cli *cli, struct err *err);
#include "cli/commands.def"
#undef COMMAND

extern const struct command commands[];
extern const size_t command_count;

/* The command of exactly this name, or NULL. */
const struct command *command_find(const char *name);

/* The options that stand before a command, and those that may stand after this one. */
option_set option_set_general(void);
option_set option_set_of(const struct command *command);

/* "-c CONFIG", "--sql", "-x X": an option as usage shows it; "-c/--config" for messages. */
struct arena;
const char *option_usage(struct arena *a, enum option_id id);
const char *option_name(struct arena *a, enum option_id id);

#endif
