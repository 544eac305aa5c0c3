/* The statements that the SQL pane shows: those of a rendering, or of a step of the plan. */
#ifndef UI_SQL_LINES_H
#define UI_SQL_LINES_H

#include <stdbool.h>
#include <stddef.h>

#include "ui/theme.h"

struct console;
struct op_origin;
struct plan_step;
struct sql_effect;
struct str;
struct view;

struct sql_statement {
    const char *sql;
    const struct op_origin *origin;
    const char *revision; /* of a range: whose statement it is; NULL: of the one looked at */
    bool in_transaction;
    bool version_row; /* retort's change of the version table */
    bool seam;        /* COMMIT or BEGIN around what runs outside a transaction */
    bool nondeterministic;
    bool edited; /* not as it was rendered */
    const struct sql_effect *effect; /* NULL: not known yet */
};

/*
 * The step of the plan that the pane shows: the one that the run pane leads to, or that of the
 * revision looked at, in its direction, when it was edited or is there at all; NULL: a rendering.
 */
const struct plan_step *sql_plan_step(const struct console *c);

/* Whether only a plan can tell the SQL of what is looked at: it asks the database. */
bool sql_wants_plan(struct console *c);

size_t sql_statement_count(struct console *c);
struct sql_statement sql_statement_at(struct console *c, size_t i); /* i in range */

/*
 * How many lines of the revision's file the call takes that made it, if this is one of them; 0: it
 * is not. Of two calls that hold a line, the one with fewer lines is the inner one.
 */
int sql_origin_holds(const struct op_origin *origin, int line);

/* Whether it is of the revision whose source is shown, and has a line there. */
bool sql_is_of_source(const struct console *c, const struct sql_statement *s);

/* Adds a text, line by line, to the pane: statement from 1, 0: none. */
void sql_add_text(struct console *c, struct view *view, enum role role, const char *text,
                  size_t statement);

/* All of them as a script; and what is known of one, in words. */
void sql_all(struct console *c, struct str *out);
void sql_properties(struct console *c, size_t i, struct str *out);

#endif
