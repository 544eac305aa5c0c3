/* Usage and --help, made from the tables of commands.h. Pure. */
#ifndef CLI_USAGE_H
#define CLI_USAGE_H

struct arena;
struct command;

/* "usage: retort upgrade [-h] [--sql] revision", wrapped, with its line end; NULL: of retort. */
const char *usage_line(struct arena *a, const struct command *command);

/* The whole --help, usage included; NULL: of retort. */
const char *usage_help(struct arena *a, const struct command *command);

#endif
