/* A statement as psql must read it to send the server the same text. */
#ifndef SQL_PSQL_H
#define SQL_PSQL_H

#include <stdbool.h>

struct err;
struct str;

/*
 * Appends the text with ';' and a line end. psql would send each of several statements alone, and
 * put the value of a variable of its own in the place of :name: both are escaped (psql manual,
 * "Meta-Commands", \; and "SQL Interpolation"). A text without a statement gives nothing. False
 * with ERR_COMMAND when the scanner cannot read it.
 */
bool sql_psql(struct str *out, const char *text, struct err *err);

#endif
