/*
 * What goes on around a run, for the command line: a line on standard error when it begins or ends
 * to be blocked or to block others, and now and then how far a long command is.
 */
#ifndef CLI_WATCH_LINE_H
#define CLI_WATCH_LINE_H

#include <stdbool.h>
#include <stdint.h>

struct activity;
struct cli;

/* What was said last; to begin with all zero. Strings in the command's arena. */
struct watch_line {
    const char *blocked, *problem;
    bool had_victims;
    int64_t progress_at; /* monotonic */
};

void watch_line_tell(struct cli *cli, struct watch_line *told, const struct activity *activity);

#endif
