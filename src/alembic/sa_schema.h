/*
 * SQLAlchemy's schema constructs for Python programs: Column, Table, MetaData, constraints, Index,
 * Computed, Identity, Sequence, and the DDL constructs (CreateTable, CreateSchema, DDL, ...).
 *
 * Each object holds the struct of src/schema that it stands for. A Column gets its table when a
 * Table takes it; then its expression node gets its table too (schema/expr.h). As in SQLAlchemy, a
 * Column or constraint that already has a table is copied when another one takes it.
 */
#ifndef ALEMBIC_SA_SCHEMA_H
#define ALEMBIC_SA_SCHEMA_H

#include "alembic/sa_expr.h"
#include "python/native.h"
#include "schema/naming.h"
#include "schema/schema.h"
#include "schema/table.h"

/* Column and Table derive from ColumnClause and TableClause (sa_expr.h) and from SchemaItem. */
extern const struct py_native_class sa_schema_item_class, sa_column_class, sa_table_class,
    sa_metadata_class, sa_constraint_class, sa_index_class, sa_sequence_class,
    sa_foreign_key_class, sa_computed_class, sa_identity_class, sa_fetched_value_class,
    sa_default_clause_class, sa_column_default_class, sa_check_constraint_class,
    sa_unique_constraint_class, sa_primary_key_constraint_class, sa_foreign_key_constraint_class,
    sa_exclude_constraint_class;

/* Payload of a Column. */
struct sa_column {
    struct sa_element element;      /* its EXPR_COLUMN node */
    struct expr *node;              /* the same, while it is being put together */
    struct column *column;          /* NULL until __init__ ended */
    struct py_value table;          /* the Table; absent: none yet */
    struct py_value type_object;    /* as given; absent: none */
    struct py_value python_default; /* default=, as given; absent: none */
    struct py_value server_default; /* server_default=, as given; absent: none */
    struct py_value onupdate;
    struct sequence *sequence;      /* that comes with the column: not with metadata= */
    struct py_value foreign_keys;   /* list of ForeignKey objects */
    struct py_value info;           /* dict; absent until asked for */
};

/* Payload of a Table. */
struct sa_table {
    struct sa_from from;        /* its EXPR_TABLE node and columns */
    struct expr *node;          /* the same, while it is being put together */
    struct table *table;        /* settled (schema/settle.h) after every change */
    struct py_value metadata;
    struct naming naming;       /* the convention of metadata when the table was made: a later one
                                   does not name what is there */
    struct constraint_list items;   /* constraints given, in order */
    struct index_list index_items;  /* indexes given, in order */
    size_t resolved_items, resolved_indexes; /* of them: whose names are names, no longer keys */
    struct column_list columns;
    struct py_value column_objects; /* list of Column objects, in order */
    struct py_value listeners;      /* list of (event, listener); absent: none */
    struct py_value info;
};

/* Payload of MetaData. */
struct sa_metadata {
    const char *schema; /* NULL: none */
    struct naming naming;
    struct py_value tables; /* dict: key ("schema.name") to Table */
    struct py_value convention; /* as given; absent: none */
    struct py_value listeners;  /* as in sa_table */
    struct py_value info;
    struct py_value bind;       /* of SQLAlchemy 1.4; absent or None: none */
    VEC(const struct type *) types; /* of its tables, and with metadata=, in order */
    struct sequence_list sequences; /* with metadata=, in order */
    struct py_run *run;             /* whose it is, for naming.token */
    bool hidden;                    /* it has tables that are not known: see sa_metadata_hide() */
};

/* Payload of a constraint. */
struct sa_constraint {
    struct constraint *constraint;
    struct py_value table; /* absent: of none yet */
};

/* Payload of an Index. */
struct sa_index {
    struct index *index;
    struct py_value table;
};

struct sa_sequence {
    struct sequence *sequence;
    bool optional, has_metadata;
    const char *shown; /* as the default of a column, in SQLAlchemy's words */
};

struct sa_foreign_key {
    struct constraint *constraint; /* referred_* and options; columns when it has one */
    const struct type *type;       /* of the column referred to, when that is an object */
    size_t position;               /* of ForeignKeyConstraint.elements: which of its columns */
};

struct sa_computed {
    struct computed *computed;
};

struct sa_identity {
    struct identity *identity;
};

/* FetchedValue, DefaultClause, ColumnDefault. */
struct sa_default {
    struct py_value arg; /* absent: FetchedValue */
};

/* The payload of an object; TypeError when it is something else. */
struct sa_column *sa_column_of(struct py_run *run, struct py_value v, const char *what);
struct sa_table *sa_table_of(struct py_run *run, struct py_value v, const char *what);

/* What SQLModel gives Column() for each field, without the detour over keyword arguments. */
struct sa_column_parts {
    const struct py_value *items; /* positional: the type, ForeignKey objects, ... */
    size_t count;
    struct py_value python_default; /* default=; absent: not given */
    bool primary_key, nullable, index, unique;
};
struct py_value sa_column_new(struct py_run *run, const struct sa_column_parts *parts);

/* A Column object like another one, without a table; name NULL: the same. */
/* Gives a Column without a name the one of the attribute that it was assigned to. */
void sa_column_take_name(struct py_run *run, struct py_value column, const char *name);

struct py_value sa_column_copy(struct py_run *run, struct py_value column);

/* A column without a type takes that of a column that its ForeignKey() names in the metadata. */
void sa_column_resolve_type(struct py_run *run, struct sa_column *c, struct py_value metadata);

/* What Table() is given beside names and items; also op.create_table(). */
struct sa_table_options {
    struct name name;
    const char *schema;
    enum tristate schema_quote;
    struct py_value metadata; /* absent: a fresh one with the project's naming convention */
    const char *comment;      /* NULL: none */
    struct py_value prefixes; /* absent or None: none */
    struct py_value info;
    bool if_not_exists;
    bool lenient_keys;        /* ForeignKey() need not find its table: op.create_table() */
    struct py_dict *kw;       /* dialect options; other keys raise TypeError */
};

/* Fills a new Table object: attaches or copies the items, settles the table. */
void sa_table_fill(struct py_run *run, struct py_value self, const struct sa_table_options *options,
                   const struct py_value *items, size_t count);

/* Adds one item (Column, constraint, Index) to a Table, and settles it again. */
void sa_table_append(struct py_run *run, struct py_value table, struct py_value item);

/* Settles again; raises what SQLAlchemy raises. */
void sa_table_settle(struct py_run *run, struct sa_table *t);

/* Ready to be created: types through ForeignKey() found, foreign tables known. */
const struct table *sa_table_ready(struct py_run *run, struct py_value table);

/* A new MetaData with a schema (NULL: none) and naming convention (NULL: none). */
struct py_value sa_metadata_new(struct py_run *run, const char *schema,
                                const struct naming *naming);

/* Says that the metadata may have tables that are not known: asking for its tables is refused. */
void sa_metadata_hide(struct py_value metadata);

/* Notes a type with metadata=: create_all() makes it. */
void sa_metadata_add_type(struct py_run *run, struct py_value metadata, const struct type *type);

/* create_all() and drop_all() in order of dependency: the Table objects. */
struct py_tuple *sa_metadata_sorted(struct py_run *run, struct py_value metadata);

/*
 * Takes dialect options out of keyword arguments: those of PostgreSQL must be in `allowed` (names
 * without the prefix, ended by NULL), those of other dialects are dropped; the rest raises
 * TypeError and ArgumentError as SQLAlchemy does. The values stay in kw under their names.
 */
void sa_check_dialect_options(struct py_run *run, struct py_dict *kw, const char *const *allowed,
                              const char *class_name);

/*
 * Appends the dialect options among keyword arguments, those of one dialect together, as SQLAlchemy
 * lists them. A value that is neither plain data nor an expression is left out.
 */
void sa_keep_dialect_options(struct py_run *run, struct py_dict *kw,
                             struct dialect_option_list *out);

/* A value of a dict of options: "postgresql_" and the name; absent: not given. */
struct py_value sa_dialect_option(const struct py_dict *kw, const char *name);

/* How Python shows a value made of plain data (a Column stands for its name); NULL: it is not. */
const char *sa_plain_text(struct py_run *run, struct py_value v);

/* A number that grows: the order in which constraints are made and columns get their table. */
unsigned sa_next_order(struct py_run *run);

/* The Table object that a struct is of; absent: it is from elsewhere. */
struct py_value sa_table_object(struct py_run *run, const struct table *t);

/* A Python object for a constraint of a Table object. */
struct py_value sa_constraint_object(struct py_run *run, const struct constraint *k,
                                     struct py_value table);

/* Small readers of arguments. */
enum tristate sa_tristate(struct py_run *run, struct py_value v);
const char *sa_text_or_null(struct py_run *run, struct py_value v, const char *what);
void sa_add_names(struct py_run *run, struct py_value v, struct name_list *out);

/* Whether the name is in the list. */
bool sa_has_name(const struct name_list *list, const char *name);

/* As many columns as referenced ones, each once; else ArgumentError. */
void sa_check_foreign_key(struct py_run *run, const struct constraint *k);

/* The name of a column given as str or Column object. */
const char *sa_column_name(struct py_run *run, struct py_value v);

/* "schema.table.column" into its parts; raises ValueError for one part. */
void sa_split_target(struct py_run *run, const char *target, struct constraint *k);

/* Elements of an index, and of EXCLUDE: (expression, operator) pairs. */
void sa_index_add(struct py_run *run, struct index *ix, struct py_value element,
                  struct py_value ops);
/* As op.create_index() does it, which makes a column of text(): ops= knows that by its text. */
void sa_index_add_textual(struct py_run *run, struct index *ix, struct py_value element,
                          struct py_value ops);
void sa_exclude_add(struct py_run *run, struct constraint *k, struct py_value element,
                    struct py_value ops);

/*
 * The postgresql_* options of an index; unique constraint and primary key; check and foreign key.
 */
void sa_index_options(struct py_run *run, struct index *ix, struct py_dict *kw);
void sa_key_options(struct py_run *run, struct constraint *k, struct py_dict *kw,
                    const char *class_name);
void sa_validity_option(struct py_run *run, struct constraint *k, struct py_dict *kw,
                        const char *class_name);

/* The Table that a column inside an expression belongs to; absent: none. */
struct py_value sa_table_in_expression(struct py_run *run, struct py_value v);

/* Deep copies, for an item that already has a table. */
struct column *sa_copy_column_struct(struct py_run *run, const struct column *c);
struct constraint *sa_copy_constraint(struct py_run *run, const struct constraint *k);

#endif
