/*
 * The directives of alembic.op and of batch_alter_table(): readers from Python arguments to
 * operations (spec/ops.md, sections 5 to 13). A directive is one row of directives.def and one
 * function.
 */
#ifndef ALEMBIC_DIRECTIVES_H
#define ALEMBIC_DIRECTIVES_H

#include "python/native.h"

struct op;

/* The modules alembic.op and alembic.context as a revision sees them. */
extern const struct py_native_module alembic_op_module, alembic_context_module;

/* One function and one parameter table for each row. */
#define DIRECTIVE(id, position, table_keyword, schema_keyword)                                     \
    struct py_value directive_##id(struct py_run *run, struct py_call *call);                      \
    extern const struct py_arg directive_##id##_args[];
#include "alembic/directives.def"
#undef DIRECTIVE

/* op.execute(): text, a statement, or a DDL construct. The second only adds the operation, which
 * whoever calls it carries out. */
void directive_run(struct py_run *run, struct py_value v);
void directive_add(struct py_run *run, struct py_value v);

/* Which table an operation works on; names may be quoted_name objects, schema None. */
void op_set_table(struct py_run *run, struct op *op, struct py_value table,
                  struct py_value schema);

/* op.batch_alter_table(): a context manager that answers BatchOperations. */
struct py_value batch_alter_table(struct py_run *run, struct py_call *call);
extern const struct py_arg batch_alter_table_args[];

/* MigrationContext: op.get_context(), context.get_context(). */
struct py_value migration_context(struct py_run *run);

/* op.f(), op.get_bind(), op.inline_literal(): the same for batch_op. */
struct py_value op_f(struct py_run *run, struct py_call *call);
struct py_value op_get_bind(struct py_run *run, struct py_call *call);
struct py_value op_get_context(struct py_run *run, struct py_call *call);
struct py_value op_inline_literal(struct py_run *run, struct py_call *call);
extern const struct py_arg op_inline_literal_args[];
struct py_value op_run_async(struct py_run *run, struct py_call *call);

#endif
