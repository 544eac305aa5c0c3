/*
 * Tables, columns, constraints, indexes, sequences: the nouns of a migration.
 *
 * Public structs on purpose: the reader of revisions and models, the catalog, the comparison and
 * the renderer all work on these. Names are as written, unquoted. Everything lives in the arena of
 * whoever made it.
 */
#ifndef SCHEMA_TABLE_H
#define SCHEMA_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/vec.h"
#include "schema/name.h"

struct arena;
struct column;
struct constraint;
struct expr;
struct index;
struct table;
struct type;

VEC_DEFINE(column_list, struct column *);
VEC_DEFINE(constraint_list, struct constraint *);
VEC_DEFINE(index_list, struct index *);

/* Where something is declared. line 0: nowhere, it is from a catalog. */
struct file_line {
    const char *file; /* relative to the project where it is inside; NULL: not known */
    int line;
};

/* Identity(): options in the order in which they are printed; has_* says which were given. */
struct identity {
    bool always;
    bool has_start, has_increment, has_minvalue, has_maxvalue, has_cache;
    int64_t start, increment, minvalue, maxvalue, cache;
    bool nominvalue, nomaxvalue;
    enum tristate cycle;
};

struct computed {
    const struct expr *expression;
    enum tristate persisted; /* NO is refused: PostgreSQL stores */
};

enum autoincrement {
    AUTOINCREMENT_AUTO,
    AUTOINCREMENT_YES,
    AUTOINCREMENT_NO,
    AUTOINCREMENT_IGNORE_FK,
};

struct column {
    struct name name;
    const char *key; /* Python's name of it; equals the name unless key= was given */
    const struct table *table; /* NULL: of none yet */
    const struct type *type;
    bool primary_key;
    enum tristate nullable; /* as written; see column_is_nullable() */
    enum autoincrement autoincrement;
    const struct expr *server_default; /* NULL: none */
    bool has_python_default;           /* default= that is no optional Sequence: no SERIAL */
    const char *python_default, *python_onupdate; /* how SQLAlchemy shows default= and onupdate=,
                                                     where that is known; else NULL */
    bool has_fetched_value;            /* FetchedValue(): a default that renders nothing */
    const char *sequence;              /* Sequence("s") on the column, else NULL */
    bool system;                       /* system=True: never part of CREATE TABLE */
    const struct identity *identity;
    const struct computed *computed;
    enum tristate unique, index;
    const char *comment;              /* NULL: none */
    unsigned order; /* as in struct constraint: when it got its table */
    struct constraint_list checks;       /* CheckConstraint() arguments: printed inline */
    struct constraint_list foreign_keys; /* ForeignKey() arguments */
    const struct column *declared;       /* of an operation of a comparison: the column it is a copy
                                            of, with what a revision leaves out; else NULL */
    struct file_line place;
    /* From a catalog; NULL elsewhere. */
    const char *server_type;    /* as the server names it: "character varying(10)" */
    const char *default_text;   /* the default as the server has it, also that of a SERIAL and the
                                   expression of a generated column; NULL: none */
    const char *owned_sequence; /* of a SERIAL, whose default is left out; NULL: no SERIAL */
};

/*
 * Whether the column lacks NOT NULL: nullable= if given, else neither part of the primary key
 * (primary_key is also set by PrimaryKeyConstraint, see table_settle()) nor an identity.
 */
bool column_is_nullable(const struct column *c);

/*
 * A keyword argument that belongs to a dialect (postgresql_where=, sqlite_on_conflict=), as a
 * Python program gave it: what autogenerate writes again. Those of PostgreSQL are in the fields of
 * their table, constraint or index too.
 */
struct dialect_option {
    const char *name;         /* "postgresql_where" */
    const char *python;       /* repr of the value; NULL: it is an expression */
    const struct expr *value; /* the expression, else NULL */
};
VEC_DEFINE(dialect_option_list, struct dialect_option);

enum constraint_kind {
    CONSTRAINT_PRIMARY_KEY,
    CONSTRAINT_UNIQUE,
    CONSTRAINT_CHECK,
    CONSTRAINT_FOREIGN_KEY,
    CONSTRAINT_EXCLUDE,
};

struct exclude_element {
    const struct expr *expression;
    const char *operator;
    const char *opclass; /* NULL: none */
};

struct constraint {
    enum constraint_kind kind;
    struct name name;
    struct name_list columns; /* names, in order; empty for CHECK that is not bound to a type */
    bool skip;                /* ddl_if() says: not on PostgreSQL. Settling leaves it out */
    bool implicit;            /* PRIMARY KEY from primary_key=True flags */
    unsigned order;           /* when it was made, for the order in its table; 0: as listed */
    bool reflected;           /* from a catalog: autogenerate writes more of its options */
    struct file_line place;
    /* Options; NULL or UNSET where not given. Phrases are printed as typed. */
    enum tristate deferrable;
    const char *initially;
    bool not_valid;                     /* CHECK, FOREIGN KEY */
    struct name_list include;           /* PRIMARY KEY, UNIQUE */
    enum tristate nulls_not_distinct;   /* UNIQUE */
    const struct expr *condition;       /* CHECK */
    const struct type *bound_type;      /* CHECK that comes with a type: columns[0] IN (labels) */
    /* FOREIGN KEY */
    const char *referred_schema, *referred_table;
    const struct column *referred_column; /* given as an object without a table; while reading */
    bool referred_known; /* the referred table is at hand, so that a name may tell its columns */
    struct name_list referred_columns;
    const char *onupdate, *ondelete, *match;
    bool use_alter;
    /* EXCLUDE */
    const char *using_;
    const struct expr *where;
    VEC(struct exclude_element) elements;
    struct dialect_option_list given; /* empty where no program gave it */
    /* From a catalog. */
    const char *text;           /* CHECK, EXCLUDE: as the server prints it; NULL elsewhere */
    const char *comment;        /* NULL: none */
    bool not_validated;         /* added NOT VALID, existing rows were never checked */
    bool no_inherit;            /* CHECK ... NO INHERIT */
    bool is_inherited;          /* from a parent table, or a partitioned one: not dropped alone */
    bool is_deferrable, is_deferred;
    struct name_list ondelete_columns; /* ON DELETE SET NULL (a, b); empty: all */
    const struct index *index;  /* PRIMARY KEY, UNIQUE, EXCLUDE: the index behind it */
};

/* A key or reloption with its value as text, in the order given. */
struct option {
    const char *key, *value;
};

struct index_element {
    const struct expr *expression; /* a column, text, a function, with .desc() and so on */
    const char *column;            /* the column (or text) it is about, for names; NULL: several */
    const char *opclass;           /* NULL: none; from a catalog: NULL for the default one */
    bool is_desc, nulls_first;     /* from a catalog; reflection loses them for an expression */
    bool by_name;                  /* given as a str: the table must have that column */
};

struct index {
    struct name name;
    const char *schema, *table; /* table NULL: not known (drop_index) */
    enum tristate schema_quote, table_quote;
    VEC(struct index_element) elements;
    bool unique;
    bool skip; /* as in constraint */
    bool concurrently, if_not_exists, if_exists;
    const char *using_; /* NULL: btree, not printed */
    struct name_list include;
    enum tristate nulls_not_distinct;
    VEC(struct option) with;
    const char *tablespace;
    const struct expr *where;
    struct dialect_option_list given; /* empty where no program gave it */
    /* From a catalog. */
    const char *where_text; /* the predicate as the server prints it; NULL: none */
    const char *comment;    /* NULL: none */
    bool invalid;           /* left by a CREATE INDEX CONCURRENTLY that did not end well */
    bool is_inherited;      /* part of the index of a partitioned table */
};

/* A table's name with its schema (NULL: found through the search_path). */
struct table_name {
    const char *schema, *name;
};

enum relation_kind { RELATION_ORDINARY, RELATION_PARTITIONED, RELATION_FOREIGN };

/*
 * What a catalog knows of a table besides. SQLAlchemy's reflection gives none of it: the other
 * fields of a table read from a catalog hold what reflection gives, so that a comparison and a
 * revision made of it say what Alembic says.
 */
struct relation {
    enum relation_kind kind;
    const char *schema; /* where it is; table.schema is NULL when the search_path finds it */
    bool is_partition;           /* parents: the one it is a partition of; may be partitioned too */
    bool is_unlogged;
    VEC(struct table_name) parents; /* INHERITS, in order */
    const char *partition_key;   /* "RANGE (created)"; NULL: not partitioned */
    const char *partition_bound; /* "FOR VALUES ..."; NULL: no partition */
    const char *access_method;   /* "heap"; NULL: it stores nothing (partitioned, foreign) */
    const char *tablespace;      /* NULL: the database's */
    VEC(struct option) with;     /* storage parameters */
    const char *server;          /* RELATION_FOREIGN */
    const char *extension;       /* that it belongs to; NULL: none */
    struct constraint_list excludes; /* EXCLUDE constraints */
};

/*
 * constraints and indexes hold everything there is, those implied by columns too: the renderer and
 * the comparison look at nothing else. Who makes a table from columns with unique=, index= and
 * ForeignKey() arguments calls table_settle() (settle.h).
 */
struct table {
    struct name name;
    const char *schema;
    enum tristate schema_quote;
    struct column_list columns;
    struct constraint_list constraints; /* PRIMARY KEY first, then in order of creation */
    struct index_list indexes;          /* those of columns, then explicit ones */
    const char *comment;
    struct name_list prefixes;
    bool if_not_exists;
    /* PostgreSQL options, in the fixed order of spec/ops.md, section 5. */
    struct name_list inherits;
    const char *partition_by, *using_, *on_commit, *tablespace;
    enum tristate with_oids;
    struct dialect_option_list given; /* empty where no program gave it */
    const char *info;                 /* repr of info=; NULL: none */
    struct file_line place;
    const struct relation *relation; /* from a catalog; NULL: from models or a revision */
};

/* The column with that name; NULL: none. */
struct column *table_column(const struct table *t, const char *name);

/* Whether its type can be SERIAL: the integer and numeric families. */
bool column_can_autoincrement(const struct column *c);

/*
 * The column that SQLAlchemy numbers by itself (spec/ops.md, section 4, SERIAL); NULL: none. One
 * with autoincrement=True is answered whatever its type: see column_can_autoincrement().
 */
struct column *table_autoincrement_column(const struct table *t);

/* The PRIMARY KEY constraint; NULL: none. */
struct constraint *table_primary_key(const struct table *t);

/* An element of a schema that is created and dropped by itself. */
struct sequence {
    struct name name;
    const char *schema; /* NULL: none */
    struct identity options; /* without `always` */
    const struct type *type; /* NULL: not said */
    bool if_not_exists;
    const char *extension;   /* from a catalog: that it belongs to; NULL: none */
};

#endif
