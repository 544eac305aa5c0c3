/*
 * The SQL of a run as text: what `upgrade --sql` and its relatives print (spec/cli.md, section
 * 5.3.1), and what the console exports. Pure.
 */
#ifndef RUN_SCRIPT_H
#define RUN_SCRIPT_H

#include <stdbool.h>

#include "alembic/project.h"
#include "base/str.h"
#include "run/plan.h"

/*
 * What stands where env.py calls run_migrations(), of which run has the arguments and options:
 * appends it to out. False ends the script there; what was appended before is kept.
 */
typedef bool (*script_body_fn)(struct str *out, const struct env_step *run, void *payload,
                               struct err *err);

/*
 * Appends what env.py does: its transaction, statements, prints, and the body. False where that is
 * refused; what came before is in out, as Alembic has printed it by then.
 */
bool script_of_env(struct arena *a, const struct alembic_project *project,
                   const struct env_script *env, script_body_fn body, void *payload,
                   struct str *out, struct err *err);

/*
 * The body of upgrade, downgrade and stamp. Rows of the version table are kept in mind while
 * writing: a step that begins without any is preceded by CREATE TABLE.
 */
bool script_of_plan(struct arena *a, const struct plan *plan, const struct version_table *table,
                    const struct env_options *options, struct str *out, struct err *err);

/* One statement with ';' and the empty line after it. */
void script_add(struct str *out, const char *sql);

/*
 * "upgrade a -> b": how Alembic names a step in comments and, with ", doc" behind it, in its log.
 */
const char *script_step_name(struct arena *a, const struct plan_step *step);

#endif
