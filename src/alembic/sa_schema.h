/*
 * SQLAlchemy's schema constructs for Python programs: Column, Table, MetaData, constraints, Index,
 * Computed, Identity, Sequence, and the DDL constructs (CreateTable, CreateSchema, DDL, ...).
 *
 * Each object holds the struct of src/schema that it stands for. A Column gets its table when a
 * Table takes it; then its expression node gets its table too (schema/expr.h).
 */
#ifndef ALEMBIC_SA_SCHEMA_H
#define ALEMBIC_SA_SCHEMA_H

#include "alembic/sa_expr.h"
#include "python/native.h"
#include "schema/table.h"

/* Table and Column derive from dml's TableClause and ColumnClause. */
extern const struct py_native_class sa_column_class, sa_table_class, sa_metadata_class,
    sa_schema_item_class, sa_constraint_class, sa_index_class, sa_sequence_class;

/* Payload of a Column. */
struct sa_column {
    struct sa_element element;  /* its EXPR_COLUMN node */
    struct column *column;      /* NULL until __init__ ended */
    struct expr *node;          /* element.expr, while it is being put together */
    struct py_value table;      /* the Table; absent: none yet */
    struct py_value python_default, onupdate; /* as given; absent: none */
    struct py_value type_object;
    struct py_value foreign_keys; /* list of ForeignKey objects */
    struct py_value server_default; /* the value given; absent: none */
    struct py_value info;
};

/* Payload of a Table. */
struct sa_table {
    struct sa_from from;   /* its EXPR_TABLE node and columns */
    struct table *table;   /* settled (schema/settle.h) after every change */
    struct py_value metadata;
    struct py_value columns; /* list of Column objects, in order */
    struct py_value items;   /* list of constraints and indexes given, in order */
    struct py_value info;
};

/* The struct of an object; TypeError when it is something else. */
struct sa_column *sa_column_of(struct py_run *run, struct py_value v, const char *what);
struct sa_table *sa_table_of(struct py_run *run, struct py_value v, const char *what);

#endif
