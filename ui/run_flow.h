/*
 * The way to executing SQL: run menu, plan, confirmation, how far, run bar. There is no other.
 */
#ifndef UI_RUN_FLOW_H
#define UI_RUN_FLOW_H

#include <stdbool.h>
#include <stdint.h>

#include "run/plan.h"
#include "ui/planning.h"
#include "run/run_edit.h"

struct console;
struct str;

/* Plans for a target and asks; what `:upgrade REV` and its like do, too. */
void run_flow_ask(struct console *c, enum plan_verb verb, const char *target);

/*
 * Has a plan made, which takes its time: the run pane then shows it, and `then` is called. False
 * with a complaint.
 */
bool run_flow_plan(struct console *c, enum plan_verb verb, const char *target,
                   planning_then_fn then);

/* A plan up to the revision that the SQL pane shows, which then shows what that would do; the plan
 * is not asked about. */
void run_flow_preview(struct console *c);

/* What to poll for a plan in the making; -1: nothing is to be waited for. */
int run_flow_fd(const struct console *c);

/* Takes a plan that is ready. */
void run_flow_planned(struct console *c);
/* Why there is nothing to plan with now; NULL: there is. */
const char *run_flow_why_no_plan(const struct console *c);

/* Opens on a run that is on on this database, if there is one. */
void run_flow_find(struct console *c);

/* Something happened in the run. */
void run_flow_changed(struct console *c);

/* The name to type: of the database that the run is on, as the server calls it. */
const char *run_flow_database(const struct console *c);

/* "idle", "paused, in transaction", "running 3/7", ... for the header. */
void run_flow_state(const struct console *c, struct str *out);

/* The statement that failed, in the editor; then the run tries again. */
void run_flow_edit_failed(struct console *c);

/*
 * An edited statement, in whose place the text comes: asks where it loses data or the grammar does
 * not know it. When it is taken the editor is closed.
 */
void run_flow_take_text(struct console *c, struct position at, const char *text, bool retry);

/* Asks what to do when quitting while a run is active. */
void run_flow_ask_quit(struct console *c);
/* The same when suspending, where that would leave a statement or a transaction alone. */
void run_flow_ask_suspend(struct console *c);

#endif
