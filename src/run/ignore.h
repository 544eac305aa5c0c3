/*
 * Differences between the models and the database that the project has decided to leave as they
 * are: rules in ignore_differences of [retort], one a line, so that they are reviewed with
 * everything else in the repository. `check`, `diff`, `revision --autogenerate` and the console all
 * know them; Alembic does not.
 *
 *     [retort]
 *     ignore_differences =
 *         removed_index orders.ix_by_hand
 *
 * A rule is the kind of the difference (difference_name()) and what it is about
 * (difference_subject()), and holds for exactly that.
 */
#ifndef RUN_IGNORE_H
#define RUN_IGNORE_H

#include <stdbool.h>

#include "autogenerate/difference.h"
#include "base/err.h"

struct arena;
struct config;

/*
 * Moves the differences that a rule is about from items to ignored, and notes it in the log. False,
 * as ERR_CONFIG: a rule is of no kind that there is, or says nothing of what it is about.
 */
bool ignore_apply(struct arena *a, const struct config *config, struct differences *all,
                  struct err *err);

/* The rule for a difference; NULL: it has no name that could be written in one line. */
const char *ignore_rule(struct arena *a, const struct difference *difference);

/*
 * Writes a rule into the configuration file, changing nothing else in it; *path is that file.
 * False: there is no alembic.ini (the hint says what to write where), or it cannot be written.
 */
bool ignore_add(struct arena *a, const struct config *config, const char *rule, const char **path,
                struct err *err);

#endif
