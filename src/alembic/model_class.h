/*
 * What the class systems of models share (SQLModel: sqlmodel_*.c, declarative: declarative_*.c):
 * from a class statement to a Table (spec/sqlmodel.md, sections 1, 2 and 6).
 *
 * A class system is a struct model_system. Its native base class calls model_read_class() from
 * __init_subclass__; map() looks at the class and ends with model_make_table(). Whatever is refused
 * on the way makes the table unknown and nothing else. Exceptions are those of SQLAlchemy: they go
 * on where models are read for a comparison, and make the table unknown where env.py is only looked
 * at.
 */
#ifndef ALEMBIC_MODEL_CLASS_H
#define ALEMBIC_MODEL_CLASS_H

#include <stdbool.h>
#include <stddef.h>

#include "alembic/sa_schema.h"
#include "base/vec.h"
#include "python/native.h"
#include "schema/schema.h"

/* ------------------------------------------------------------------ one class */

/* A class on its way to a Table: filled by map(). */
struct model_class {
    struct py_type *cls;
    struct py_value metadata;   /* the MetaData; absent: not known yet */
    struct py_value name;       /* __tablename__, a str; absent: not known yet */
    struct py_value table_args; /* __table_args__: tuple, dict; None or absent: none */
    VEC(struct py_value) columns; /* Column objects with their names, in order */
    struct py_dict *keywords;   /* of the class statement; NULL: none */
    struct file_line place;     /* of what is refused, where map() knows it better */
};

struct model_system {
    /* Maps the class; sets metadata and name as soon as they are known, for when it is refused. */
    void (*map)(struct py_run *run, struct model_class *m);
};

/* Maps a class; keywords of the class statement may be NULL. */
void model_read_class(struct py_run *run, struct py_type *cls, struct py_dict *keywords,
                      const struct model_system *system);

/*
 * Makes the Table of m and the class's attribute __table__. Raises ArgumentError and
 * InvalidRequestError as SQLAlchemy does, also when the table has no primary key.
 */
struct py_value model_make_table(struct py_run *run, const struct model_class *m);

/* The Table of a class or of the nearest class above it that has one; absent: none. *owner (may be
 * NULL) is that class. */
struct py_value model_table_of(struct py_run *run, struct py_type *cls, struct py_type **owner);

/* Whether a class has a table of its own or shares one: it has been mapped. */
bool model_is_mapped(struct py_run *run, struct py_type *cls);

/* ------------------------------------------------------------------ attributes */

/* @declared_attr, with .directive and .cascading: a function of the class. */
extern const struct py_native_class model_declared_attr_class;

bool model_is_declared_attr(struct py_value v);

/* cls.name as SQLAlchemy sees it: declared_attr functions are called with the class, once for each.
 * Absent: there is none. */
struct py_value model_attribute(struct py_run *run, struct py_type *cls, const char *name);

/*
 * The names of two lists as one, in the order of spec/sqlmodel.md, section 2, rule 2: a are those
 * that are assigned, b those that are annotated.
 */
struct name_list model_merge_names(struct arena *a, const struct name_list *assigned,
                                   const struct name_list *annotated);

/* Names in the class's own body: assigned ones, and annotated ones, in source order. */
struct name_list model_assigned_names(struct py_run *run, struct py_type *cls);
struct name_list model_annotated_names(struct py_run *run, struct py_type *cls);

/*
 * The annotation of a name in the class's own body, text evaluated where that works; absent: none.
 */
struct py_value model_annotation(struct py_run *run, struct py_type *cls, const char *name);

/* ------------------------------------------------------------------ places */

/* Where the program is, the file relative to the project. */
struct file_line model_place(struct py_run *run);

/* Where the class statement is, and where an attribute of its body is declared. */
struct file_line model_class_place(struct py_run *run, struct py_type *cls);
struct file_line model_attribute_place(struct py_run *run, struct py_type *cls, const char *name);

/* ------------------------------------------------------------------ what is not known */

/* Says that a table cannot be followed. name NULL: it is not known which; metadata absent: nor of
 * which MetaData. */
void model_mark_unknown(struct py_run *run, struct py_value metadata, const char *schema,
                        const char *name, const char *reason, struct file_line place);

#endif
