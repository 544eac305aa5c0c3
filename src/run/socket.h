/*
 * Where runs can be found: a folder of its own (0700, the user's) with a Unix socket for each run
 * that is on, named after the run. Those who come are asked who they are: the same user or root.
 */
#ifndef RUN_SOCKET_H
#define RUN_SOCKET_H

#include <stdbool.h>

#include "base/err.h"
#include "base/file.h"

struct arena;

/*
 * Listens for clients of a run; the folder is made where it is missing. The socket appears under
 * its name only when it can be connected to. *fd does not block. False (ERR_IO) when the folder is
 * not private or the socket cannot be made.
 */
bool socket_listen(const char *dir, const char *run, int *fd, struct err *err);

/* The next one who wants in; -1: nobody. Others' processes are turned away. */
int socket_accept(int listener);

/* Removes the name, for the end of the run. */
void socket_remove(const char *dir, const char *run);

/*
 * Connects to a run's socket. False (ERR_IO): there is none, or nobody answers any more, in which
 * case the socket is removed; or it belongs to somebody else.
 */
bool socket_connect(const char *dir, const char *run, int *fd, struct err *err);

/* The runs that have a socket there, oldest first, in the arena; a missing folder has none. */
bool socket_list(struct arena *a, const char *dir, struct path_list *runs, struct err *err);

#endif
