/*
 * A plan in a dozen lines, for the question whether it is to be run: where from and where to, how
 * transactions are, the strongest lock, and what its reader must not miss. Pure.
 */
#ifndef RUN_PLAN_SUMMARY_H
#define RUN_PLAN_SUMMARY_H

struct plan;
struct str;

/* Appends the lines; database is what the front end calls it ("shop@localhost"). */
void plan_summary(const struct plan *plan, const char *database, struct str *out);

/* What executing the plan loses for good, in words; NULL: nothing known. */
const char *plan_loses(const struct plan *plan);

#endif
