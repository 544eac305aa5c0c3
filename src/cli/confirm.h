/* Confirmations on the command line (DESIGN.md, "Command line"; ui.md, "Which guard for what"). */
#ifndef CLI_CONFIRM_H
#define CLI_CONFIRM_H

#include <stdbool.h>

#include "cli/cli.h"

enum confirm_kind {
    CONFIRM_YES,  /* "y", or --yes, or --confirm with the name */
    CONFIRM_NAME, /* the database's name, or --confirm with it */
};

/*
 * Asks on the terminal, or looks at --yes and --confirm. action says what is about to happen
 * ("upgrade to head"), database and host where. False with ERR_CONFIRM, which names the option that
 * is missing (exit code 3), or ERR_CANCELLED when the answer was no. On a protected database
 * (config/protection.h) the name is needed whatever the kind.
 */
bool confirm(struct cli *cli, enum confirm_kind kind, const char *action, const char *database,
             const char *host, struct err *err);

/*
 * The same for a command that Alembic has, which never asks. Scripts written for it can have that:
 * with RETORT_CONFIRM=never in the environment, or else confirm = never in [retort], nothing is
 * asked, unless the database is protected.
 */
bool confirm_command(struct cli *cli, enum confirm_kind kind, const char *action,
                     const char *database, const char *host, struct err *err);

#endif
