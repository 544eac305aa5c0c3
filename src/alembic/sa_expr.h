/*
 * SQLAlchemy's expression language for Python programs: the native classes and functions of
 * sqlalchemy.sql.expression, and how native code gets from Python values to struct expr.
 *
 * Everything is defined in the native module "sqlalchemy.sql.expression"; other modules show the
 * same names through rows made from sa_expr_names.def. Errors are Python exceptions, with the class
 * and words of SQLAlchemy; what is not supported is refused.
 */
#ifndef ALEMBIC_SA_EXPR_H
#define ALEMBIC_SA_EXPR_H

#include <stdbool.h>
#include <stddef.h>

#include "python/native.h"
#include "schema/expr.h"

/* ------------------------------------------------------------------ classes
 *
 * sa_clause_element_class    ClauseElement: the root
 *   sa_column_element_class  ColumnElement: has all operators, label(), desc(), ...
 *     sa_column_clause_class   ColumnClause: column(), literal_column(); Column derives from it
 *   sa_from_clause_class     FromClause: c, select(), join(), alias(), ...
 *     sa_table_clause_class    TableClause: table(), insert(), update(), delete(); Table derives
 *
 * The payload of a class that derives from these begins with the base's struct.
 */
extern const struct py_native_class sa_clause_element_class, sa_column_element_class,
    sa_column_clause_class, sa_text_clause_class, sa_from_clause_class, sa_table_clause_class,
    sa_column_collection_class, sa_quoted_name_class, sa_conv_class;

/* Payload of a ClauseElement. */
struct sa_element {
    const struct expr *expr; /* NULL while it is not known (a Column before its __init__ ended) */
    struct py_value type; /* the TypeEngine object; absent: made from expr->type when asked for */
};

/* Payload of a FromClause. */
struct sa_from {
    struct sa_element element;
    struct py_value columns; /* the ColumnCollection */
};

/* A new object of a class that derives from sa_clause_element_class (and not from one of the
 * larger payloads), for an expression. */
struct py_value sa_element_new(struct py_run *run, const struct py_native_class *cls,
                               const struct expr *expr);

/* The Python object for any expression, of the class that SQLAlchemy would give it. */
struct py_value sa_object(struct py_run *run, const struct expr *expr);

/*
 * t.c: attributes, subscription by name or number, iteration, keys(), values(), items(), get(), in.
 */
struct py_value sa_column_collection_new(struct py_run *run);
void sa_column_collection_add(struct py_run *run, struct py_value collection, const char *key,
                              struct py_value column);
/* By key; absent when there is none. */
struct py_value sa_column_collection_get(struct py_value collection, const char *key);

/* Makes the object of a table (an sa_from with its expression set) known, for column.table. */
void sa_from_register(struct py_run *run, struct py_value object);

/* ------------------------------------------------------------------ values to expressions */

/* The expression of a ClauseElement, or of an object with __clause_element__(); NULL for any other
 * value. Unknown values are refused. */
const struct expr *sa_expr_of(struct py_run *run, struct py_value v);

/* A value of the program as a literal: numbers, text, dates, lists, members of enums, ... Any other
 * object is LITERAL_OTHER, which the renderer refuses as SQLAlchemy does. */
struct literal sa_literal_of(struct py_run *run, struct py_value v);

/* The type that SQLAlchemy takes for a value by itself; NULL: none (NullType). */
const struct type *sa_type_of_value(struct py_run *run, struct py_value v);

/* A cell of INSERT, UPDATE or bulk_insert, an argument of a function, ...: an expression as it is,
 * any other value as a literal of the type (NULL: the value's own type). */
const struct expr *sa_expr_or_literal(struct py_run *run, struct py_value v,
                                      const struct type *type);

/* str: text(); expression: itself; else ArgumentError. For CHECK conditions, where=, order_by. */
const struct expr *sa_expr_or_text(struct py_run *run, struct py_value v);

/* As op.execute() takes it: str is text(), else something that can be executed; anything else
 * raises what SQLAlchemy raises. */
const struct expr *sa_executable(struct py_run *run, struct py_value v);

/*
 * A statement as a connection executes it with parameters, for each set of them (a dict, or a list
 * of dicts; None: once, as it is): values for its binds, and for INSERT and UPDATE values of
 * columns. Calls each with the statement that is to be run.
 */
void sa_execute_with(struct py_run *run, struct py_value statement, struct py_value parameters,
                     void (*each)(struct py_run *run, struct py_value statement));

/* server_default= of a Column that is no FetchedValue, Identity or Computed: a str is a string
 * literal, text() and expressions are themselves, anything else raises ArgumentError. None, absent
 * and False: NULL. */
const struct expr *sa_server_default(struct py_run *run, struct py_value v);

/* A name: str, quoted_name, op.f(). */
struct name sa_name(struct py_run *run, struct py_value v, const char *what);

/* ------------------------------------------------------------------ modules */

extern const struct py_native_module sa_expression_module, /* sqlalchemy.sql.expression */
    sa_functions_module,                                   /* sqlalchemy.sql.functions */
    sa_exc_module,                                         /* sqlalchemy.exc */
    sa_mutable_module,                                     /* sqlalchemy.ext.mutable */
    sa_postgresql_expr_module; /* sqlalchemy.dialects.postgresql.dml */

/*
 * The function of a PY_VALUE row: the name of the row, from sqlalchemy.sql.expression. Other
 * modules put its names among their own rows:
 *
 *     #define SA_EXPR_NAME(name) PY_VALUE(#name, sa_expr_export),
 *     #include "alembic/sa_expr_names.def"
 */
struct py_value sa_expr_export(struct py_run *run, struct py_call *call);

/* The same for names of sqlalchemy.dialects.postgresql: array, insert, Insert, aggregate_order_by,
 * array_agg, Any, All. */
struct py_value sa_postgresql_export(struct py_run *run, struct py_call *call);

/* The exceptions of sqlalchemy.exc. */
#define SA_EXCEPTION(id, name, base) extern const struct py_native_class sa_##id##_class;
#include "alembic/sa_exc.def"
#undef SA_EXCEPTION

#endif
