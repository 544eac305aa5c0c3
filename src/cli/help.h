/* What --help and the command help print. */
#ifndef CLI_HELP_H
#define CLI_HELP_H

struct cli;
struct command;

/* The help of a command, or of retort (NULL), as text or with --json as what the tables hold. */
void help_print(struct cli *cli, const struct command *command);

#endif
