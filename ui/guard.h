/*
 * Protected connections (ui.md, "Which guard for what"): read-only till they are unlocked with the
 * name of the database, and then typed for whatever writes.
 */
#ifndef UI_GUARD_H
#define UI_GUARD_H

#include <stdbool.h>

struct console;
struct session;

/* Whether the settings protect the session's database. */
bool guard_is_protected(const struct console *c, const struct session *session);

/* Why nothing that writes can be done on the console's database now; NULL: it can. */
const char *guard_why_read_only(const struct console *c);

/* The name of the database as the server calls it, else as the URL does; "" when there is none. */
const char *guard_database(const struct console *c, const struct session *session);

/* Asks for the name of the database, and unlocks; locks again without asking. */
void guard_unlock(struct console *c);
void guard_lock(struct console *c);

#endif
