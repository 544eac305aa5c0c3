/*
 * What the watcher of the run saw last, kept for the run pane: lines above its statements (who
 * blocks the run, how far it is, its transaction, who waits behind it), and the popup of key L.
 */
#ifndef UI_RUN_WATCH_H
#define UI_RUN_WATCH_H

#include "base/vec.h"
#include "postgres/activity.h"
#include "ui/theme.h"

struct arena;

struct run_watch_line {
    enum role role;
    const char *text;
};

VEC_DEFINE(run_watch_lines, struct run_watch_line);

struct run_watch {
    struct arena *arena;      /* of all here; NULL: nothing was seen */
    struct activity activity; /* pid 0: nothing goes on */
    struct run_watch_lines lines;
};

/* Takes a look over, copied. */
void run_watch_take(struct run_watch *watch, const struct activity *activity);
void run_watch_clear(struct run_watch *watch);

#endif
