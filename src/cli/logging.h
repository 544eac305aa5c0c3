/*
 * What Alembic logs, where the project asks for it: env.py calls logging.config.fileConfig(), and
 * the sections [loggers], [logger_...], [handler_...] and [formatter_...] say from which level on,
 * to which stream, and how a line looks (spec/cli.md, section 1.3). Handlers that write to the
 * terminal's streams are followed; files, mails and servers are left alone.
 */
#ifndef CLI_LOGGING_H
#define CLI_LOGGING_H

#include "alembic/project.h"
#include "cli/cli.h"

/* Takes env.py's word for it: from now on those below print, or do not. */
void logging_configure(struct cli *cli, const struct env_script *env);

/* At level INFO, of alembic.runtime.migration. */
void logging_info(struct cli *cli, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* The same of another logger, "alembic.autogenerate.compare.tables". */
void logging_from(struct cli *cli, const char *logger, const char *text);

/* At level ERROR, of alembic.util.messaging: what comes with "FAILED: ...". */
void logging_failed(struct cli *cli, const char *message);

#endif
