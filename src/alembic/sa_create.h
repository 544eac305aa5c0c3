/*
 * What SQLAlchemy's constructs do when they are created, dropped or executed: operations. Methods
 * of Table and MetaData, and the DDL constructs of sqlalchemy.schema (CreateTable, CreateSchema,
 * DDL).
 */
#ifndef ALEMBIC_SA_CREATE_H
#define ALEMBIC_SA_CREATE_H

#include "python/native.h"

/* table.create(bind), table.drop(bind), metadata.create_all(bind), metadata.drop_all(bind). */
struct py_value sa_table_create(struct py_run *run, struct py_call *call);
struct py_value sa_table_drop(struct py_run *run, struct py_call *call);
struct py_value sa_metadata_create_all(struct py_run *run, struct py_call *call);
struct py_value sa_metadata_drop_all(struct py_run *run, struct py_call *call);

/* index.create(bind), index.drop(bind); the same of a Sequence. */
struct py_value sa_index_create(struct py_run *run, struct py_call *call);
struct py_value sa_index_drop(struct py_run *run, struct py_call *call);
struct py_value sa_sequence_create(struct py_run *run, struct py_call *call);
struct py_value sa_sequence_drop(struct py_run *run, struct py_call *call);

/* constraint.ddl_if(dialect=...), and the row for member tables. */
struct py_value sa_item_ddl_if(struct py_run *run, struct py_call *call);

/* sqlalchemy.event.listen(target, identifier, fn): Tables and MetaData, creating and dropping. */
struct py_value sa_event_listen(struct py_run *run, struct py_call *call);
struct py_value sa_event_listens_for(struct py_run *run, struct py_call *call);

/* The DDL constructs; all derive from this one. */
extern const struct py_native_class sa_ddl_element_class;

/* Adds the operation that a DDL construct stands for. */
void sa_ddl_execute(struct py_run *run, struct py_value construct);

/* The DDL constructs by name, for the modules that show them; absent: none of that name. */
struct py_value sa_ddl_export(struct py_run *run, const char *name);

#endif
