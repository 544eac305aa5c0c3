/*
 * Arguments to values, by the tables of commands.h and the rules of Python's argparse, which
 * scripts written for Alembic rely on (spec/cli.md, section 1.1): long options abbreviate to a
 * unique beginning, --opt=value and --opt value, glued short options, "--", and -1 is no option.
 * Pure: prints nothing.
 */
#ifndef CLI_ARGS_H
#define CLI_ARGS_H

#include <stdbool.h>

#include "base/vec.h"
#include "cli/commands.h"

struct arena;
struct err;

VEC_DEFINE(arg_list, const char *);

struct args {
    const struct command *command;         /* NULL: none was given */
    bool given[OPTION_COUNT];
    struct arg_list values[OPTION_COUNT];  /* in order; the last one counts unless it repeats */
    struct arg_list positionals;           /* of the command */
    const struct command *usage_of;        /* whose usage an error shows; NULL: retort's */
};

/*
 * Parses argv (NULL-terminated, without the program's name). --help and --version end the parsing:
 * look at given[]. False with ERR_USAGE and usage_of set. In these cases --json counts wherever it
 * stands.
 */
bool args_parse(struct arena *a, const char *const *argv, struct args *out, struct err *err);

/* The value that counts, or NULL. */
const char *args_value(const struct args *args, enum option_id id);

#endif
