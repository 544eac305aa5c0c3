/*
 * SQLAlchemy's declarative mapping (spec/sqlmodel.md, section 6): what the declarative_*.c share.
 * Internal to src/alembic.
 */
#ifndef ALEMBIC_DECLARATIVE_H
#define ALEMBIC_DECLARATIVE_H

#include "alembic/model_class.h"

/* ------------------------------------------------------------------ declarative_column.c */

/* Payload of mapped_column(): a Column, and what it said besides. */
struct mapped_column {
    struct sa_column column;
    bool has_nullable;
    bool has_insert_default;
    bool has_sort_order;
    bool use_existing;
    int64_t sort_order;
};

extern const struct py_native_class mapped_column_class;

/* Payload of what else the mapper knows: relationship(), synonym(), column_property(). */
struct mapper_property {
    struct py_value columns; /* tuple of the Columns that it brings; absent: none */
};

extern const struct py_native_class mapper_property_class;

/* A mapped_column() without arguments. */
struct py_value mapped_column_new(struct py_run *run);

/* What mapped_column() says inside of Annotated[], for a column that does not say it itself. */
void mapped_column_merge(struct py_run *run, struct mapped_column *into,
                         const struct mapped_column *from);

/* ------------------------------------------------------------------ declarative_type.c */

/* Whether an annotation of a class is Mapped[...] or one of its kin; *inner is what stands in it,
 * text where it is written as text. */
bool mapped_annotation(struct py_run *run, struct py_value annotation, struct py_type *cls,
                       struct py_value *inner);

/* Gives a column what Mapped[inner], written in the class cls, says: nullability, type, the
 * arguments of an Annotated. types is the registry's type_annotation_map (a dict). Raises what
 * SQLAlchemy raises. */
void mapped_column_annotate(struct py_run *run, struct py_value column, struct py_value inner,
                            struct py_type *cls, struct py_value types, const char *key);

extern const struct py_native_class mapped_class; /* Mapped */

/* ------------------------------------------------------------------ declarative_base.c */

/* Payload of registry(). */
struct mapper_registry {
    struct py_value metadata;
    struct py_value types; /* type_annotation_map: a dict */
};

extern const struct py_native_class registry_class, declarative_base_class,
    declarative_root_class, declarative_meta_class, mapped_dataclass_class;

extern const struct py_arg declarative_base_args[], declarative_decorator_args[];
struct py_value declarative_base(struct py_run *run, struct py_call *call); /* (), the function */
struct py_value declarative_decorator(struct py_run *run,
                                      struct py_call *call); /* @as_declarative() */

/* The registry of a class; absent: it has none. */
struct py_value registry_of(struct py_run *run, struct py_type *cls);

/* ------------------------------------------------------------------ declarative_scan.c */

extern const struct model_system declarative_system;

/* Model.name = value behind the class statement; false: it is no column. */
bool declarative_add_attribute(struct py_run *run, struct py_type *cls, const char *name,
                               struct py_value value);

/* ------------------------------------------------------------------ declarative_module.c */

extern const struct py_native_module orm_module, orm_declarative_module, hybrid_module,
    association_module, mutable_module, ordering_list_module, decl_api_module;

#endif
