/*
 * The text of a statement as a program sees it: what SQLAlchemy's str(statement.compile(...))
 * gives, white space included, for programs take such texts apart and put them together.
 */
#ifndef SQL_TEXT_H
#define SQL_TEXT_H

#include <stdbool.h>

#include "schema/op.h"

struct arena;
struct err;

/*
 * An op_text_fn (schema/op.h): OP_EXECUTE with an expression or statement, or the operation of a
 * DDL construct. ERR_PYTHON where the text is not certain: binds without literals, another
 * dialect's spelling, and percent signs and backslashes, which psycopg2's compiler doubles in some
 * places.
 */
bool sql_op_text(struct arena *a, const struct op *op, unsigned flags, const char **text,
                 struct err *err);

#endif
