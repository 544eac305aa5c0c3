/*
 * Column types, as SQLAlchemy and its PostgreSQL dialect know them (spec/ops.md, section 14).
 *
 * One struct for what a revision or a model says, what the catalog holds and what a comparison
 * looks at. The kinds are the rows of types.def. Types are immutable once made and live in the
 * arena of whoever made them.
 */
#ifndef SCHEMA_TYPE_H
#define SCHEMA_TYPE_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct expr;

enum type_kind {
#define TYPE(kind, python, sql, family, params) TYPE_##kind,
#include "schema/types.def"
#undef TYPE
    TYPE_COUNT
};

/* What SQLAlchemy calls the affinity, as far as rendering and comparison ask for it. */
enum type_family {
    FAMILY_NULL,
    FAMILY_INTEGER,
    FAMILY_NUMERIC, /* also Float: both can be SERIAL */
    FAMILY_STRING,
    FAMILY_BOOLEAN,
    FAMILY_DATE,
    FAMILY_DATETIME,
    FAMILY_TIME,
    FAMILY_INTERVAL,
    FAMILY_BINARY,
    FAMILY_JSON,
    FAMILY_ARRAY,
    FAMILY_UUID,
    FAMILY_ENUM,
    FAMILY_OTHER,
};

struct type {
    enum type_kind kind;
    /* Parameters; -1 where not given. */
    int length, precision, scale;
    bool timezone;
    bool varying;          /* BIT VARYING */
    const char *collation; /* NULL: none */
    const char *fields;    /* INTERVAL's, as typed */
    int dimensions;        /* ARRAY: 1 or more */
    const struct type *item; /* ARRAY: the item; DOMAIN: the base; a decorator: its impl */
    /* ENUM and DOMAIN. */
    const char *name, *schema; /* NULL: none */
    const char *const *labels; /* ENUM, in order */
    size_t label_count;
    bool native_enum;        /* false: VARCHAR with an optional CHECK */
    bool create_constraint;  /* of a non-native enum */
    bool create_type;        /* false only for postgresql.ENUM(create_type=False) */
    bool has_metadata;       /* metadata= was given: never created with a table */
    bool inherit_schema;
    bool native;             /* Interval(native=False), Uuid(native_uuid=False): false */
    bool not_null;           /* DOMAIN */
    const char *constraint;  /* DOMAIN: name of its NOT NULL or CHECK constraint */
    const struct expr *domain_default, *domain_check;
    /* TYPE_USER: the text that get_col_spec() answered. */
    const char *spec;
    /* How autogenerate writes it where that is not derived from the fields: "app.types.Money()". */
    const char *python;
};

/* A type of this kind with every parameter unset and the defaults of its row. */
struct type *type_new(struct arena *a, enum type_kind kind);

/* The rows of types.def. */
const char *type_sql_name(enum type_kind kind);    /* "INTEGER" */
const char *type_python_name(enum type_kind kind); /* "Integer" */
enum type_family type_family(const struct type *type); /* of the impl, for decorators */

#endif
