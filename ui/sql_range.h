/*
 * The SQL of a whole range of revisions in the SQL pane (`:sql A:B`): every step as a run would
 * carry it out, with the seams of its transactions. Read without a database, on a thread; nothing
 * of it is a plan that could be run.
 *
 * The loop polls sql_range_fd() and calls sql_range_take().
 */
#ifndef UI_SQL_RANGE_H
#define UI_SQL_RANGE_H

#include <stdbool.h>
#include <stddef.h>

#include "ui/planning.h"

struct console;
struct plan_step;
struct str;
struct view;

struct sql_range {
    struct planning planning;
    char *name;          /* "a1:b2", as it was asked for */
    struct planned made; /* plan NULL: no range is shown */
};

/*
 * Asks for A:B, A: or :B; what is left out is where the database is, and the heads. One revision is
 * what an upgrade from there to it would do. Upwards or downwards, as the two stand to each other.
 */
void sql_range_ask(struct console *c, const char *range);

int sql_range_fd(const struct console *c); /* -1: nothing is being read */
void sql_range_take(struct console *c);

bool sql_range_is_open(const struct console *c);
/* True when there was one, or it was being read. */
bool sql_range_close(struct console *c);

size_t sql_range_count(const struct console *c);
/* The step that a statement, counted from 0 over all of them, is of, and which of its it is. */
const struct plan_step *sql_range_step(const struct console *c, size_t i, size_t *statement);

/* The lines of the pane, and its title. */
void sql_range_load(struct console *c, struct view *view);
void sql_range_title(const struct console *c, struct str *out);

#endif
