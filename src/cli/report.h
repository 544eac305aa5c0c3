/* Errors for people: the exit code of each kind, and how it is printed. */
#ifndef CLI_REPORT_H
#define CLI_REPORT_H

struct cli;
struct err;

/*
 * Prints the error and returns the exit code (spec/cli.md, section 1.3). ERR_COMMAND is Alembic's
 * "FAILED: ..." on standard output, 255; all others go to standard error with file, line, column,
 * the source line and a caret, and the hint.
 */
int report_err(struct cli *cli, const struct err *err);

#endif
