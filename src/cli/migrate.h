/*
 * What upgrade, downgrade, stamp and ensure_version have in common: the SQL as text, or the run.
 */
#ifndef CLI_MIGRATE_H
#define CLI_MIGRATE_H

#include <stdbool.h>

#include "cli/cli.h"
#include "cli/open.h"
#include "revision/graph.h"
#include "config/url.h"
#include "run/link.h"
#include "run/plan.h"
#include "run/runner.h"
#include "run/worker.h"

struct migrate_request {
    const char *command;      /* "upgrade", for env.py and messages */
    bool only_version_table;  /* ensure_version */
    const char *start;        /* of START:TARGET; NULL: none */
    struct plan_request plan; /* verb, target or targets, purge */
};

/* A plan against the database, and what was found there. */
struct migrate_plan {
    struct plan *plan; /* to be freed with plan_clear() */
    struct cli_rows now;
    const struct database_url *url;
};

/*
 * Follows env.py, looks at the database (unless its rows are given) and plans. False: err says why
 * there is no plan; one that cannot run is a plan.
 */
bool migrate_plan(struct cli *cli, const struct migrate_request *request,
                  const struct cli_rows *rows, struct migrate_plan *out, struct err *err);

/*
 * The plan of a file (--plan) instead, which must still be what would be planned now: on this
 * database, from these rows, with these files.
 */
bool migrate_plan_file(struct cli *cli, const struct migrate_request *request, const char *path,
                       struct migrate_plan *out, struct err *err);

/*
 * Plans an upgrade or a downgrade, whichever way the target of the command line lies from where the
 * database is.
 */
bool migrate_plan_either(struct cli *cli, struct migrate_plan *out, struct err *err);

/* Prints the SQL (--sql). */
bool migrate_offline(struct cli *cli, const struct migrate_request *request, struct err *err);

/* Plans against the database, asks for the confirmation, runs. */
bool migrate_online(struct cli *cli, const struct migrate_request *request, struct err *err);

/*
 * Carries out a plan that was confirmed as a whole; resumed (may be NULL): it goes on with a run.
 * True also when this process was told to leave it to its worker; cli->exit_code says so then.
 */
bool migrate_run(struct cli *cli, struct plan *plan, const struct database_url *url,
                 const struct run_resumed *resumed, struct err *err);

/*
 * Looks for runs on this database that broke off (run/resume_check.h), and says what was closed.
 * False: one must be decided about first; with only_warn that is a warning.
 */
bool migrate_after_broken(struct cli *cli, const struct migrate_plan *made, bool only_warn,
                          struct err *err);

/* Where: in a worker where there is a terminal that can be closed, else in this process. */
enum link_place migrate_place(const struct cli *cli);

/* How runs are carried out: [retort] of the configuration, the journal's folder, the operator. */
bool migrate_settings(struct cli *cli, struct runner_settings *out, struct err *err);
/* The same of their workers; run is borrowed. */
bool migrate_worker_settings(struct cli *cli, const struct runner_settings *run,
                             struct worker_settings *out, struct err *err);

#endif
