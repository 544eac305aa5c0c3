/*
 * A plan in some lines, for the question whether it is to be run: where from and where to, how
 * transactions are, the strongest lock, and what its reader must not miss. Pure.
 */
#ifndef RUN_PLAN_SUMMARY_H
#define RUN_PLAN_SUMMARY_H

#include "run/plan_loss.h"

struct plan;
struct str;

/*
 * Appends the lines, the worst first, and of what is lost all of it. database is what the front end
 * calls it ("shop@localhost"); tables (may be NULL): what plan_loss_rows() found.
 */
void plan_summary(const struct plan *plan, const char *database,
                  const struct plan_table_rows_list *tables, struct str *out);

/* What executing the plan loses for good, in words; NULL: nothing known. */
const char *plan_loses(const struct plan *plan);

#endif
