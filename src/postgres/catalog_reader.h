/*
 * What the parts of the catalog reader share. Nobody outside catalog*.c includes this.
 *
 * The parts arrive in the order of catalog_queries.def; each take function puts what it got where
 * the later ones find it, by oid (as text: the keys of the maps).
 */
#ifndef POSTGRES_CATALOG_READER_H
#define POSTGRES_CATALOG_READER_H

#include "base/map.h"
#include "base/vec.h"
#include "postgres/catalog.h"
#include "postgres/query.h"

struct expr;
struct str;

/* A table while it is read. */
struct read_table {
    struct table *table;
    struct relation *relation;
    bool is_wanted; /* it goes into the schema; else it only names what others refer to */
    VEC(struct column *) numbered; /* by attnum - 1; NULL: dropped */
};

/* A column's type: one for each different oid, modifier and collation. */
struct read_type {
    const char *oid, *modifier;
    const char *collation_oid; /* of the column; "0": it has none */
    const char *collation;     /* its name; NULL: the default one */
    const struct type *type;   /* NULL till catalog_take_types(), as is text */
    const char *text;          /* format_type() */
};

/* A column that waits for its type. */
struct typed_column {
    struct column *column;
    const struct read_type *type;
};

struct read_sequence {
    struct sequence *sequence;
    const char *schema;        /* where it is */
    bool is_owned;             /* it belongs to a column */
    const struct read_table *owner; /* of that column; NULL: none that is read, a view, say */
    size_t owner_number;
};

struct catalog_reader {
    struct arena *arena;
    struct connection *conn;
    const struct catalog_options *options;
    struct schema *out;

    enum { READER_READS, READER_FINISHES, READER_ENDS, READER_CLEANS_UP } state;
    int tries;
    size_t part;       /* the one whose rows come next */
    bool has_changed;  /* something that was there is gone */
    struct err *failure; /* READER_CLEANS_UP: why; none: something has changed */
    const char *snapshot;
    const char *user, *search_path;

    struct map tables;      /* oid: struct read_table */
    struct map types;       /* "oid:modifier:collation": struct read_type */
    VEC(struct typed_column) typed;
    struct map enums;       /* oid: struct type */
    struct map domains;     /* oid: struct read_domain */
    struct map sequences;   /* "schema\nname": struct read_sequence */
    struct map found_sequences; /* name: those that the search_path finds */
    struct map constraints; /* oid: struct constraint */
    struct map backed;      /* oid of the index: struct constraint */
    struct map opclasses;   /* oid: name */
    struct map indexes;     /* oid: struct index */
    struct map class_extensions, type_extensions; /* oid: name of the extension */
};

/* The parts. */
#define CATALOG_PART(name, take)                                                                   \
    void take(struct catalog_reader *r, const struct result *rows);
#define CATALOG_QUERY(name, since, sql)
#include "postgres/catalog_queries.def"

/* After all parts: columns in order, defaults of domains, sequences of columns, tables sorted. */
void catalog_finish_columns(struct catalog_reader *r);
void catalog_finish_constraints(struct catalog_reader *r);
void catalog_finish_sequences(struct catalog_reader *r);
void catalog_finish_tables(struct catalog_reader *r);

/* The table that a row is about; NULL with has_changed set when it is not known. */
struct read_table *catalog_table(struct catalog_reader *r, const char *oid);

/* The column with that number; NULL: there is none. */
struct column *catalog_column(const struct read_table *t, size_t number);

void catalog_add_column(struct catalog_reader *r, struct read_table *t, size_t number,
                        struct column *c);

/* "fillfactor=70". */
struct option catalog_option(struct catalog_reader *r, const char *text);

/* The type of a column, which is known when all parts are; given is as in struct read_type, and is
 * copied. */
const struct read_type *catalog_type(struct catalog_reader *r, const struct read_type *given);

/* The oids and the modifiers of all catalog_type(), as two functions for ROWS FROM. */
void catalog_add_types(const struct catalog_reader *r, struct str *out);

/* What reflection says of a type's text; element is its oid, of an array that of its element. */
const struct type *catalog_type_of(struct catalog_reader *r, const char *text, const char *element,
                                   const char *collation);

/* A cell, copied into the arena; NULL for null. */
const char *catalog_copy(struct catalog_reader *r, const struct result *rows, size_t row,
                         size_t column);

#endif
