/* Runs that are on, and which of them is meant. */
#ifndef CLI_SIGHT_H
#define CLI_SIGHT_H

struct cli;
struct err;

/*
 * The run whose id begins or ends with wanted ("": the only one there is); NULL with err when it is
 * none or not clear which, after the others were listed on standard error.
 */
const char *sight_choose(struct cli *cli, const char *dir, const char *wanted, struct err *err);

#endif
