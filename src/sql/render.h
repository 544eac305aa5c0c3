/*
 * Operations to PostgreSQL statements: the same that real Alembic executes (DESIGN.md, "Rendering
 * SQL"; spec/ops.md). Pure: takes operations, returns text.
 */
#ifndef SQL_RENDER_H
#define SQL_RENDER_H

#include <stdbool.h>

#include "base/map.h"
#include "schema/identifier.h"
#include "sql/statement.h"

struct arena;
struct err;
struct op;

/*
 * What rendering remembers over the revisions of one run, as Alembic does: enum types that a
 * create_table already created (spec/ops.md, section 8). A fresh one for each revision shown alone.
 */
struct sql_context {
    struct map created_types; /* "schema.name" */
    const char *static_text;  /* what goes before the next statement of a script; NULL: nothing */
};

/*
 * Renders one operation and appends its statements, in the arena. False where real Alembic fails
 * too: err is ERR_RAISED with "CompileError: ..." and the origin's place; statements that came
 * before the failing one are kept.
 */
bool sql_render_op(struct arena *a, struct sql_context *context, const struct op *op,
                   struct statement_list *out, struct err *err);


#endif
