/*
 * The command line: what a command has at hand, and the entry point.
 *
 * main() gathers the process's world in a struct cli_process; nothing else reads globals. A command
 * is a row of commands.def and a function: it finds its arguments in cli->args, what its row asks
 * for is open, it prints through cli_print() and reports failure through err. Exit codes are given
 * by the code of the err (report.h; spec/cli.md, section 1.3).
 */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include <stdbool.h>
#include <stdio.h>

#include "base/log.h"
#include "cli/args.h"

struct alembic_project;
struct arena;
struct cancel;
struct cli;
struct config;
struct err;
struct graph;
struct map;

/* What main() gives. All of it is borrowed. */
struct cli_process {
    const char *const *argv;     /* without the program's name; NULL-terminated */
    const char *const *environ_; /* NAME=value; NULL-terminated */
    const char *cwd;             /* absolute */
    FILE *in, *out, *errors;
    bool in_is_terminal, out_is_terminal, errors_is_terminal;
    int columns;                 /* of the terminal; 0: not known */
    /*
     * Starts the console: what `retort` without a command does on a terminal. NULL: there is none.
     * Returns the exit code, with err set when the console could not start. It is given from
     * outside because the command line knows nothing of screens.
     */
    int (*console)(struct cli *cli, struct err *err);
    const char *console_library; /* for --version; NULL: none */
};

struct cli {
    const struct cli_process *process;
    struct arena *arena; /* lives as long as the command runs */
    struct args args;
    struct log log;      /* to standard error */
    int exit_code;       /* of a command that succeeded; 0 unless it says otherwise */
    bool logs, logs_unnamed; /* env.py has configured logging (logging.h) */

    struct cancel *cancel; /* gives up what is found out (cancel.h); NULL: SIGINT ends it all */
    const struct map *settings; /* config->given of the configuration that it opens; NULL: none */

    /* Opened as the command's row says; NULL before. */
    struct config *config;
    struct alembic_project *project;
    struct graph *graph;
};

/* Runs the command line; returns the exit status. */
int cli_main(const struct cli_process *process);

/* Prints to standard output, unless -q was given; cli_print_sql() prints in any case. */
void cli_print(struct cli *cli, const char *text);
void cli_printf(struct cli *cli, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void cli_print_sql(struct cli *cli, const char *text);

/*
 * Where what is said on the way belongs that is no part of the answer, as what a revision prints:
 * standard output, but with --json standard error.
 */
FILE *cli_beside(const struct cli *cli);

/* One line on standard error, "retort: warning: ..." */
void cli_warn(struct cli *cli, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Whether an option was given, and its value (NULL when it was not). */
bool cli_given(const struct cli *cli, enum option_id id);
const char *cli_value(const struct cli *cli, enum option_id id);

/* The value of a variable of the process's environment, or NULL. */
const char *cli_getenv(const struct cli *cli, const char *name);

#endif
