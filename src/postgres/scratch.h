/*
 * A private PostgreSQL server in a temporary folder: for `retort demo` and for tests.
 *
 * Unix socket only, no fsync, no password, stopped and removed at the end. PostgreSQL refuses to
 * run as root, so for root it runs as the user postgres, else nobody. Processes are started with
 * fork and exec, without a shell.
 */
#ifndef POSTGRES_SCRATCH_H
#define POSTGRES_SCRATCH_H

#include <stdbool.h>

#include "base/err.h"

struct arena;

struct scratch_server {
    const char *dir;   /* the temporary folder: data, socket, log */
    const char *host;  /* for libpq: the socket's folder */
    const char *port;
    const char *user;  /* superuser of the server: "postgres" */
    const char *database; /* "postgres" */
    const char *bin;   /* folder of initdb, postgres, pg_dump */
    const char *log;   /* path of the server's log */
    int pid;           /* of the server; 0: not running */
};

/*
 * Finds the server's programs (search_path: $PATH as the front end has it, then
 * /usr/lib/postgresql, newest first), makes a data folder, starts the server and waits till it
 * answers. ERR_IO with a hint when there are no programs. Everything in the arena.
 *
 * The server ends with this process, also when that is killed. The folder is removed by
 * scratch_stop(), which a front end calls at its end and from its loop after SIGINT, SIGTERM or
 * SIGHUP; it is not safe inside a signal handler.
 */
bool scratch_start(struct arena *a, const char *search_path, struct scratch_server *out,
                   struct err *err);

/*
 * Stops the server at once and removes the folder. Can be called twice, and after a failed start.
 */
void scratch_stop(struct scratch_server *server);

#endif
