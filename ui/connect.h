/* Working on another database of the project: `:connect`. */
#ifndef UI_CONNECT_H
#define UI_CONNECT_H

struct console;

/*
 * Opens the project anew with another section of alembic.ini, as -n does, or on the database of a
 * URL. Not during a run, nor while SQL is edited: both belong to the database they were planned
 * for.
 */
void connect_to(struct console *c, const char *name);

#endif
