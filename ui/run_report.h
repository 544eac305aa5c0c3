/*
 * What must not be overlooked in a run, as lines above its statements: why it stopped or failed and
 * what is committed, what it waits for, what a revision asks while it runs.
 */
#ifndef UI_RUN_REPORT_H
#define UI_RUN_REPORT_H

#include "ui/run_watch.h"

struct arena;
struct execution;
struct str;

/* In the arena; none while all goes well. */
void run_report_make(struct arena *a, const struct execution *run, struct run_watch_lines *out);

/* Appends "committed: 2 of 4 revisions, the database is at bb22; ..." */
void run_report_standing(const struct execution *run, struct str *out);

#endif
