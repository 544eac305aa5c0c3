/* Runs that broke off, for commands: what resume shows, and what a new run must know. */
#ifndef CLI_RESUME_H
#define CLI_RESUME_H

#include <stdbool.h>

#include "config/url.h"
#include "postgres/connection.h"
#include "postgres/database.h"
#include "run/resume.h"

struct cli;
struct err;

/* A run that broke off, and what was found of it. */
struct cli_resume {
    struct journal_file file;
    struct run_story story;
    struct resume found;
};

VEC_DEFINE(cli_resume_list, struct cli_resume *);

/*
 * Those of this database, newest first, each looked at on the connection. Clear the list in any
 * case. What is not a journal is passed over.
 */
bool resume_gather(struct cli *cli, struct connection *conn, const struct server_info *info,
                   enum resume_guess guess, struct cli_resume_list *out, struct err *err);
void resume_clear(struct cli_resume_list *list);

/*
 * Before a new run: runs of which nothing is half done, or that others went on from, are closed,
 * and that is said. False with ERR_STALE or ERR_BUSY: one left something that must be decided about
 * first; with only_warn it is a warning.
 */
bool resume_before_run(struct cli *cli, const struct database_url *url,
                       const struct server_info *info, bool only_warn, struct err *err);

#endif
