/*
 * Directives that a program registers itself: Operations.register_operation() and
 * implementation_for() of alembic.operations, and op.invoke().
 */
#ifndef ALEMBIC_OPERATIONS_H
#define ALEMBIC_OPERATIONS_H

#include "python/native.h"

/* alembic.operations and alembic.operations.ops. */
extern const struct py_native_module alembic_operations_module, alembic_ops_module;

/* The Operations object behind the functions of alembic.op. */
struct py_value operations_proxy(struct py_run *run, struct py_call *call);

/* op.invoke(operation): calls the implementation of its class. */
struct py_value operations_invoke(struct py_run *run, struct py_call *call);

/* A registered directive of that name as a callable; absent: none. */
struct py_value operations_find(struct py_run *run, const char *name);

#endif
