/*
 * Column types, as SQLAlchemy and its PostgreSQL dialect know them (spec/ops.md, section 14).
 *
 * One struct for what a revision or a model says, what the catalog holds and what a comparison
 * looks at. The kinds are the rows of types.def. Types are immutable once made and live in the
 * arena of whoever made them.
 */
#ifndef SCHEMA_TYPE_H
#define SCHEMA_TYPE_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include "schema/name.h"

struct arena;
struct expr;

enum type_kind {
#define TYPE(kind, python, sql, family, shape, params, base, homes, module) TYPE_##kind,
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

/* How the SQL of a type is put together from its row and its parameters. */
enum type_shape {
    SHAPE_PLAIN,     /* the name alone */
    SHAPE_STRING,    /* VARCHAR(50) COLLATE "C" */
    SHAPE_LENGTH,    /* VECTOR(3) */
    SHAPE_NUMERIC,   /* NUMERIC(10, 2) */
    SHAPE_FLOAT,     /* FLOAT(53) */
    SHAPE_ZONED,     /* TIMESTAMP(3) WITHOUT TIME ZONE */
    SHAPE_INTERVAL,  /* INTERVAL DAY TO SECOND (6) */
    SHAPE_BIT,       /* BIT VARYING(5) */
    SHAPE_UUID,      /* UUID, or CHAR(32) */
    SHAPE_ARRAY,     /* INTEGER[] */
    SHAPE_ENUM,      /* schema.name, or VARCHAR(longest label) */
    SHAPE_NAMED,     /* schema.name */
    SHAPE_DECORATOR, /* what the impl says */
    SHAPE_USER,      /* what get_col_spec() answered */
    SHAPE_REFUSED,   /* no DDL: NullType */
};

/* What with_variant() says for one dialect. */
struct type_variant {
    const char *dialect;
    const struct type *type;
};

enum { TYPE_NO_SCALE = INT_MIN };

struct type {
    enum type_kind kind;
    /* Parameters; -1 where not given, but TYPE_NO_SCALE: a scale may be negative. */
    int length, precision, scale;
    bool timezone;
    bool varying;            /* BIT VARYING */
    const char *collation;   /* NULL: none */
    const char *fields;      /* INTERVAL's, as typed */
    int dimensions;          /* ARRAY: 1 or more; 0: not given, one pair of brackets */
    const struct type *item; /* ARRAY: the item; DOMAIN: the base; a decorator: its impl */
    const struct type *variant; /* of with_variant(…, "postgresql"); NULL: none */
    const struct type_variant *variants; /* of all dialects, sorted; for autogenerate */
    size_t variant_count;
    /* ENUM and DOMAIN. */
    struct name name;
    const char *schema;         /* NULL: none */
    const char *const *labels;  /* ENUM, in order */
    size_t label_count;
    bool native_enum;           /* false: VARCHAR with an optional CHECK */
    bool create_constraint;     /* of a non-native enum */
    bool create_type;           /* false only for postgresql.ENUM(create_type=False) */
    bool has_metadata;          /* metadata= was given: never created with a table */
    bool inherit_schema;
    bool native;                /* Interval(native=False), Uuid(native_uuid=False): false */
    bool asdecimal;             /* Numeric's; for autogenerate */
    int return_scale;           /* Numeric's decimal_return_scale; -1: not given */
    bool none_as_null;          /* JSON's */
    bool text_uuid;             /* Uuid(as_uuid=False) */
    bool not_null;              /* DOMAIN */
    struct name constraint;     /* DOMAIN: name of its NOT NULL or CHECK constraint */
    const struct expr *domain_default, *domain_check;
    const char *extension;      /* ENUM, DOMAIN from a catalog: that it belongs to; NULL: none */
    /* TYPE_USER: the text that get_col_spec() answered. TYPE_NULL from a catalog: the server's name
     * of a type that SQLAlchemy does not know, without parameters. */
    const char *spec;
    /*
     * A class that the project derived: its module ("app.types"), and its name ("Money"), with the
     * arguments where those are not the ones of the kind ("Money(scale=2)"). Else NULL.
     */
    const char *module, *python;
    /* What the reader knows besides: struct sa_type (src/alembic/types.h). NULL elsewhere. */
    const void *host;
};

/* A type of this kind with every parameter unset and the defaults of its class. */
struct type *type_new(struct arena *a, enum type_kind kind);

/* The rows of types.def. */
const char *type_sql_name(enum type_kind kind);    /* "INTEGER" */
const char *type_python_name(enum type_kind kind); /* "Integer" */
const char *type_homes(enum type_kind kind);       /* "sp": see types.def */
const char *type_module(enum type_kind kind);      /* its class's __module__ */
enum type_shape type_shape(enum type_kind kind);

/* What PostgreSQL is told about: the variant and the impl, unwrapped. Never NULL for one that is
 * not NULL. */
const struct type *type_impl(const struct type *type);

/* The same of what an array is of, however deep; NULL for NULL. */
const struct type *type_element(const struct type *type);

/* Of the impl; FAMILY_NULL for NULL. */
enum type_family type_family(const struct type *type);

/* The ENUM or DOMAIN that a column of this type needs to exist: through arrays, decorators and
 * variants. NULL when there is none (non-native enums are VARCHAR). */
const struct type *type_named(const struct type *type);

/* Characters of the longest label; what VARCHAR of a non-native enum is given. */
int type_longest_label(const struct type *type);

#endif
