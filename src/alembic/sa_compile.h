/*
 * statement.compile() and str(statement): the text of a statement as a value of the program. What
 * is asked for is an operation; who runs the program renders it (alembic_host.op_text).
 */
#ifndef ALEMBIC_SA_COMPILE_H
#define ALEMBIC_SA_COMPILE_H

#include "python/native.h"

struct op;

/* The parameters of compile(). */
extern const struct py_arg sa_compile_args[];

/* compile(dialect=..., compile_kwargs=...) with those parameters: an object whose text is known.
 * Refuses what the text of is not certain. */
struct py_value sa_compiled(struct py_run *run, const struct op *op, const struct py_call *call);

/* str(v) of the statement v that op stands for. */
struct py_value sa_statement_str(struct py_run *run, const struct op *op, struct py_value v);

#endif
