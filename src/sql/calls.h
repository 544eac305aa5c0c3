/*
 * Functions of the server that do something beside giving a value, as far as their names tell: they
 * change sequences, settings or large objects, take advisory locks, send signals, read or write
 * files of the server, or go to other servers. A transaction that is read-only stops few of them,
 * and rolling it back undoes none. Functions that users have made are not known here; those that
 * write to tables fail in a transaction that is read-only.
 */
#ifndef SQL_CALLS_H
#define SQL_CALLS_H

struct arena;

/* The name of the first such function that the text calls, or INTO of SELECT INTO, which makes a
 * table; NULL: none, or the text is not SQL. */
const char *sql_call_with_effect(struct arena *a, const char *text);

#endif
