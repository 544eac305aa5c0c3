/* Programs that the user asked for: an editor, a formatter. */
#ifndef CLI_PROCESS_H
#define CLI_PROCESS_H

#include <stdbool.h>

struct cli;
struct err;

/*
 * Runs a program (found through $PATH, argv NULL-terminated) with this process's streams, and waits
 * for it. cwd NULL: the working folder. *status is its exit status, 128 and the number for a
 * signal. False with ERR_COMMAND: it could not be started.
 */
bool process_run(struct cli *cli, const char *const *argv, const char *cwd, int *status,
                 struct err *err);

#endif
