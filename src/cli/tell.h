/*
 * A run told in lines of text, for those who follow it on a terminal that has no screen: attach and
 * the shell.
 */
#ifndef CLI_TELL_H
#define CLI_TELL_H

#include "cli/watch_line.h"

struct cli;
struct link;
struct run_event;

/* What was said last; to begin with all zero. */
struct tell {
    struct watch_line watch;
};

/* Prints what happened to standard output. link is the one that the event comes from. */
void tell_event(struct cli *cli, struct tell *told, const struct link *link,
                const struct run_event *event);

/* "steering from here", "steered by somebody else", "steered by nobody" */
const char *tell_who_steers(const struct link *link);

#endif
