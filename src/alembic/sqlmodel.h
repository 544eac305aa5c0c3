/*
 * SQLModel: from a class with annotated fields to the Columns of a Table (spec/sqlmodel.md,
 * sections 1 to 5). Internal to src/alembic.
 *
 * pydantic_fields() gives the fields of a class; here each becomes a Column, and sqlmodel_class.c
 * puts them in order and hands them to model_make_table() (model_class.h).
 */
#ifndef ALEMBIC_SQLMODEL_H
#define ALEMBIC_SQLMODEL_H

#include "alembic/env_pydantic.h"
#include "python/native.h"

/* What Field() takes for the database. sa_column excludes all others, in this order. */
enum sqlmodel_parameter {
    SQLMODEL_COLUMN_ARGS,
    SQLMODEL_COLUMN_KWARGS,
    SQLMODEL_PRIMARY_KEY,
    SQLMODEL_NULLABLE,
    SQLMODEL_FOREIGN_KEY,
    SQLMODEL_ONDELETE,
    SQLMODEL_UNIQUE,
    SQLMODEL_INDEX,
    SQLMODEL_TYPE,
    SQLMODEL_COLUMN,
    SQLMODEL_PARAMETERS
};

struct sqlmodel_parameters {
    struct py_value at[SQLMODEL_PARAMETERS]; /* absent: not given */
};

/* sqlmodel.Field() and Relationship(), as rows of a module. */
extern const struct py_arg sqlmodel_field_args[];
struct py_value sqlmodel_field(struct py_run *run, struct py_call *call);
extern const struct py_native_class sqlmodel_relationship_class;

/* Whether v is what Relationship() gives. */
bool sqlmodel_is_relationship(struct py_value v);

/* ------------------------------------------------------------------ columns */

/* Whether a field allows None: its annotation is a union with it; for pydantic 1, see there. */
bool sqlmodel_is_noneable(struct py_run *run, const struct pydantic_field *f);

/* The type, as Column() takes it: sa_type, or what the annotation stands for. Raises what SQLModel
 * raises for an annotation that stands for nothing. */
struct py_value sqlmodel_type(struct py_run *run, const char *name, const struct pydantic_field *f);

/* The Column of a field: a new one, or its sa_column. */
struct py_value sqlmodel_column(struct py_run *run, const char *name,
                                const struct pydantic_field *f);

/* ------------------------------------------------------------------ modules */

extern const struct py_native_class sqlmodel_class;
extern const struct py_native_module sqlmodel_main_module, sqlmodel_compat_module;

#endif
