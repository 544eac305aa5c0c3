/* A plan in the user's editor. */
#ifndef CLI_PLAN_EDIT_H
#define CLI_PLAN_EDIT_H

#include <stdbool.h>

#include "run/plan.h"

struct cli;
struct err;

/*
 * Opens the statements of the plan in the editor and takes them back. What is refused can be edited
 * again, on a terminal; elsewhere the text stays in a file that the hint names. What the grammar
 * does not know is asked about.
 */
bool plan_edit_in_editor(struct cli *cli, struct plan *plan, struct err *err);

/*
 * The edit of a revision's statements goes into its file. Where the revision is applied here, its
 * file says what has been run: changing it needs the name of the database.
 */
bool plan_edit_save(struct cli *cli, struct plan *plan, const char *id, struct err *err);

#endif
