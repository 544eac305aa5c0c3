/*
 * SQLAlchemy's types for Python programs: one native class per row of schema/types.def, in
 * sqlalchemy, sqlalchemy.types, sqlalchemy.dialects.postgresql, sqlmodel and pgvector.sqlalchemy.
 *
 * A type object holds a struct type. Where a program writes a class (sa.Integer) an instance with
 * defaults is meant; TypeDecorator and UserDefinedType can be subclassed in Python, and
 * load_dialect_impl() and get_col_spec() are then called through the interpreter.
 */
#ifndef ALEMBIC_SA_TYPE_H
#define ALEMBIC_SA_TYPE_H

#include "python/native.h"
#include "schema/type.h"

/* TypeEngine: the root of all type classes. */
extern const struct py_native_class sa_type_engine_class;

/* The class of a row of types.def. */
const struct py_native_class *sa_type_class(enum type_kind kind);

/* Payload of a type object. */
struct sa_type {
    const struct type *type;   /* NULL until __init__ ended */
    struct py_value object;    /* the object itself, for overridden methods */
    struct py_value enum_class; /* Enum made from a Python class; else absent */
    const struct py_value *members; /* its members, in the order of type->labels; NULL: strings */
    struct py_value metadata;  /* metadata= of an Enum; else absent */
    struct py_value keywords;  /* of an Enum: a dict, as given; else absent */
    bool resolved;             /* load_dialect_impl() or get_col_spec() have been asked */
};

/*
 * The type that a value stands for: an object, or a class (an instance with defaults). NULL for
 * None and absent. Anything else raises ArgumentError as SQLAlchemy does. Overridden
 * load_dialect_impl() and get_col_spec() are called here, once per object.
 */
const struct type *sa_type_of(struct py_run *run, struct py_value v);

/* Whether a value is a type object or class. */
bool sa_is_type(struct py_run *run, struct py_value v);

/* A Python object for a type: the one it was made from, else a new one. */
struct py_value sa_type_object(struct py_run *run, const struct type *type);

/* What the reader knows of a type beyond the struct; NULL for one it did not make. */
const struct sa_type *sa_type_host(const struct type *type);

/* The label that stands for a member of the type's Python enum; NULL: it is no member. */
const char *sa_type_label(struct py_run *run, const struct type *type, struct py_value member);

/* A list under one of pgvector's dense types is sent as the text "[1.0,2.0]"; anything else, or
 * with another type, is v itself. */
struct py_value sa_type_vector_text(struct py_run *run, const struct type *type, struct py_value v);

/* Rows for the modules that show the types: PY_VALUE rows by name are made in modules.c. */
struct py_value sa_type_export(struct py_run *run, const char *home, const char *name);

#endif
