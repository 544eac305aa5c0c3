/*
 * What commands work with: configuration, project, revision graph, database. Opened when a row of
 * commands.def says so, or when a command finds that it needs more.
 */
#ifndef CLI_OPEN_H
#define CLI_OPEN_H

#include <stdbool.h>

#include "alembic/project.h"
#include "cli/cli.h"
#include "config/url.h"
#include "postgres/database.h"

/* What the options say about the configuration, and -x; in the arena. */
void cli_config_request(struct cli *cli, struct config_request *out);
void cli_x_arguments(struct cli *cli, struct name_list *out);

/* Opens everything up to `needs`; what is open already stays. */
bool cli_open(struct cli *cli, enum command_needs needs, struct err *err);
/* The graph alone: what env.py says is of no concern, and is not looked at. */
bool cli_open_graph(struct cli *cli, struct err *err);

/* The database that --url, the environment, env.py or alembic.ini name; in the arena. */
bool cli_find_url(struct cli *cli, const struct database_url **out, struct err *err);

/* What the version table of the database says now. */
struct cli_rows {
    struct name_list rows;
    bool exists;
    struct server_info server;
};

/* Connects, reads, disconnects. */
bool cli_read_rows(struct cli *cli, struct cli_rows *out, struct err *err);

/*
 * Follows env.py for a command on the database, as Alembic runs it, and prints what it prints.
 * False when it raises, or when what could not be followed decides what a run does.
 */
bool cli_run_env(struct cli *cli, const struct env_command *command, struct env_script *out,
                     struct err *err);

/* Whether env.py does nothing that would change a run and is not honoured; else err says what. */
bool cli_env_is_honoured(const struct cli *cli, struct err *err);

/* Where runs are journalled: $XDG_STATE_HOME/retort, else ~/.local/state/retort. NULL with err. */
const char *cli_journal_dir(struct cli *cli, struct err *err);

/*
 * Where the sockets of runs are: below the journal's folder, since the folder of a login session
 * ($XDG_RUNTIME_DIR) goes away with it, and by host, since homes are shared. NULL with err.
 */
const char *cli_socket_dir(struct cli *cli, struct err *err);

/* Who runs this, for the journal: $RETORT_OPERATOR, else the name of the user. */
const char *cli_operator(struct cli *cli);

/* Closes what cli_open() opened. */
void cli_close(struct cli *cli);

#endif
