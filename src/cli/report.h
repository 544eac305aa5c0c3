/* Errors for people: the exit code of each kind, and how it is printed. */
#ifndef CLI_REPORT_H
#define CLI_REPORT_H

struct cli;
struct err;
struct statement_list;

/*
 * Prints the error and returns the exit code (spec/cli.md, section 1.3). ERR_COMMAND is Alembic's
 * "FAILED: ..." on standard output, 255; all others go to standard error with file, line, column,
 * the source line and a caret, and the hint. With --json standard output gets an object with
 * "error" and "exit" instead, and standard error all of it.
 */
int report_err(struct cli *cli, const struct err *err);

/*
 * Warns of statements of a revision file that are printed without the parameters given with them.
 */
void report_lost_parameters(struct cli *cli, const char *path,
                            const struct statement_list *statements);

/*
 * A message as Alembic wraps it where standard input is a terminal: lines of the terminal's width,
 * indented by two (spec/cli.md, section 1.3). Without a line end at its end.
 */
const char *report_wrapped(struct cli *cli, const char *text);

#endif
