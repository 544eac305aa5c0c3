/*
 * Whether a plan that was made some time ago is still what would be planned now. All say ERR_STALE,
 * with what has changed. plan_is_current() (plan.h) looks at the files.
 */
#ifndef RUN_PLAN_STALE_H
#define RUN_PLAN_STALE_H

#include <stdbool.h>

#include "base/err.h"
#include "run/plan.h"

struct alembic_project;
struct arena;

/*
 * The database of the plan: its system identifier, where both are known, its name and its oid,
 * which tells a database from one that was made anew under its name.
 */
bool plan_is_for(const struct plan *plan, const struct server_info *server, struct err *err);

/* The rows of the version table that the plan begins with, in any order. */
bool plan_begins_at(struct arena *a, const struct plan *plan, const struct name_list *rows,
                    struct err *err);

/*
 * Whether the revisions of the project, read again, still lead the way of the plan: a file that
 * came since may be the new head. Reads headers only; a stamp leads nowhere.
 */
bool plan_is_the_way(struct arena *a, struct alembic_project *project, const struct plan *plan,
                     struct err *err);

/*
 * The plan as it was rendered, without its edits, against one that was made again: the same steps,
 * the same statements. Those with values that change each time may differ in their text. This tells
 * what the fingerprints of the files do not: new revisions on the way, modules that a revision
 * imports, env.py.
 */
bool plan_is_same(const struct plan *plan, const struct plan *again, struct err *err);

#endif
