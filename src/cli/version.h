/* retort --version: its own, and those of the libraries that it works with. */
#ifndef CLI_VERSION_H
#define CLI_VERSION_H

struct cli;

/* The first line is that of the program alone: "retort 0.1.0". Also with -q. */
void version_print(struct cli *cli);

#endif
