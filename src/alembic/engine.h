/*
 * The connection that a revision sees offline: op.get_bind() and op.get_context().bind are what
 * real Alembic gives with --sql, a mock that prints what it executes and answers None. Its dialect
 * is PostgreSQL's.
 */
#ifndef ALEMBIC_ENGINE_H
#define ALEMBIC_ENGINE_H

#include "python/native.h"

/* MockConnection and the dialect. */
extern const struct py_native_class engine_connection_class, engine_dialect_class,
    engine_preparer_class;

/* The payload of a dialect. */
struct engine_dialect {
    bool has_options; /* made by dialect(option=...) */
};

/* The one connection and the one dialect of a run. */
struct py_value engine_connection(struct py_run *run);
struct py_value engine_dialect(struct py_run *run);

/* Raises AttributeError unless v is that connection: what SQLAlchemy does with anything else. */
void engine_require_bind(struct py_run *run, struct py_value v);

/* sqlalchemy.inspect(subject): not available offline. */
struct py_value engine_inspect(struct py_run *run, struct py_call *call);

#endif
