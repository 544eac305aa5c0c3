/*
 * What Alembic logs, where the project asks for it: env.py calls logging.config.fileConfig() and
 * the [logger_...] sections say from which level on (spec/cli.md, section 1.3).
 */
#ifndef CLI_LOGGING_H
#define CLI_LOGGING_H

#include "alembic/project.h"
#include "cli/cli.h"

/* Takes env.py's word for it: from now on the two below print, or do not. */
void logging_configure(struct cli *cli, const struct env_script *env);

/* "INFO  [alembic.runtime.migration] ..." on standard error. */
void logging_info(struct cli *cli, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* The same of another logger: "INFO  [alembic.autogenerate.compare.tables] ...". */
void logging_from(struct cli *cli, const char *logger, const char *text);

/* "ERROR [alembic.util.messaging] ...": what comes with "FAILED: ...". */
void logging_failed(struct cli *cli, const char *message);

#endif
