/* The user's editor. */
#ifndef CLI_EDITOR_H
#define CLI_EDITOR_H

#include <stdbool.h>

struct cli;
struct err;

/*
 * Opens a file in it and waits till it ends. False with ERR_COMMAND, in Alembic's words, when there
 * is none or it fails.
 */
bool editor_open(struct cli *cli, const char *path, struct err *err);

#endif
