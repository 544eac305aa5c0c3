/*
 * Operations: what a revision does. The hub of the program: the Python reader and the comparison
 * produce them; the SQL renderer, the risk rules and the revision writer consume them.
 *
 * The kinds are the rows of ops.def; each has its struct in the union. Operations live in the
 * arena of the revision they were read from, or of the comparison that found them. What only
 * a comparison knows (the definition of what is dropped, the old comment) is what the opposite
 * operation and the text of a revision file are made from; no SQL comes from it.
 */
#ifndef SCHEMA_OP_H
#define SCHEMA_OP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/source.h"
#include "base/vec.h"
#include "schema/expr.h"
#include "schema/table.h"

struct arena;
struct err;
struct expr;
struct type;

enum op_kind {
#define OP(kind, directive, help) OP_##kind,
#include "schema/ops.def"
#undef OP
    OP_COUNT
};

/* What CREATE TABLE brings with it. */
enum create_scope {
    CREATE_WITH_TYPES,     /* op.create_table(): types that this run has not created yet, indexes,
                              comments (spec/ops.md, section 8) */
    CREATE_WITH_ALL_TYPES, /* Table.create(): the same, without memory */
    CREATE_WITHOUT_TYPES,  /* metadata.create_all(): the types came before */
    CREATE_ALONE,          /* CreateTable(): the one statement */
};

/* Where an operation comes from. line is 0 for one that no file produced. */
struct op_origin {
    const char *file; /* the revision file, or the module of a helper */
    int line, column; /* of the call */
    int revision_line; /* the outermost line inside the revision file itself, */
    int revision_end;  /* and the last one of the call that begins there */
};

struct op {
    enum op_kind kind;
    struct op_origin origin;
    bool nondeterministic; /* made from uuid4(), now() and the like */
    bool lacks_parameters; /* printed: what was given with the statement is NULL in it */
    const char *schema;    /* of the table (or index) it works on; NULL: none */
    const char *table;     /* NULL where the directive has none */
    enum tristate schema_quote, table_quote; /* quoted_name(): quoting forced or forbidden */
    union {
        struct {
            struct table *table;
            enum create_scope scope;
        } create_table;
        struct {
            bool if_exists;
            struct table *table; /* what is dropped; NULL: only its name is known */
        } drop_table;
        struct {
            struct name to;
        } rename_table;
        struct {
            const char *comment;  /* NULL: IS NULL */
            const char *existing; /* of a comparison; NULL: none, or not known */
        } table_comment;
        struct {
            struct name column;
            const char *comment;
            bool standalone; /* SetColumnComment(): schema quoted as one name */
        } column_comment;
        struct {
            struct column *column;
            bool if_not_exists, inline_references, inline_primary_key;
            struct constraint_list constraints; /* that come with it: UNIQUE, FOREIGN KEY, CHECK */
            struct index_list indexes;
        } add_column;
        struct {
            struct name column;
            bool if_exists;
            struct column *definition; /* what is dropped; NULL: only its name is known */
        } drop_column;
        struct alter_column *alter_column;
        struct constraint *create_constraint;
        struct {
            struct name name; /* after the naming convention */
            bool if_exists, cascade;
            const char *python; /* repr of the constraint, for the message when it has no name */
            struct constraint *constraint; /* what is dropped; of a revision: its kind; or NULL */
        } drop_constraint;
        struct index *create_index;
        struct index *drop_index;
        struct type *create_type, *drop_type; /* ENUM and DOMAIN */
        struct {
            struct sequence *sequence;
        } create_sequence;
        struct {
            struct name name; /* of a sequence or schema; `schema` above qualifies a sequence */
            bool if_exists, if_not_exists, cascade;
        } named;
        struct {
            const char *text; /* DDL(): as it is after % */
        } ddl;
        const struct expr *execute; /* text or a Core statement */
        struct bulk_insert *bulk_insert;
    } as;
};

VEC_DEFINE(op_list, struct op *);

/* op.alter_column(): only what was given is done (spec/ops.md, section 7). */
struct alter_column {
    struct name column;
    const struct type *type, *existing_type; /* NULL: not given */
    struct constraint *drop_check, *add_check; /* CHECKs bound to the old and the new type */
    const char *using_;                      /* postgresql_using */
    enum tristate nullable, existing_nullable;
    bool has_server_default;                 /* given, maybe as None */
    const struct expr *server_default;
    const struct identity *identity;         /* server_default=Identity(...) */
    const struct computed *computed;         /* refused by the renderer */
    bool has_existing_server_default;
    const struct expr *existing_server_default;
    const struct identity *existing_identity;
    const struct computed *existing_computed;
    bool has_comment;
    const char *comment;                     /* NULL: drop it */
    const char *existing_comment;            /* of a comparison; NULL: none, or not known */
    enum tristate autoincrement;             /* of a comparison: says nothing to PostgreSQL */
    struct name new_name;                    /* text NULL: not renamed */
};

/* op.bulk_insert(): one INSERT statement per row, made by the expression language. */
struct bulk_insert {
    struct expr_list rows;
    bool multiinsert; /* online: all rows in one round trip */
};

/* How a program asks for the text of a statement: str(statement.compile(...)). */
enum op_text_flags {
    OP_TEXT_LITERALS = 1,   /* compile_kwargs={"literal_binds": True} */
    OP_TEXT_NO_DIALECT = 2, /* dialect= was not given: SQLAlchemy's default is meant */
};

/*
 * Renders an operation as the text that SQLAlchemy gives a program, to the last blank; in the
 * arena. False: ERR_RAISED as SQLAlchemy raises it, or any other code with what is not certain.
 */
typedef bool (*op_text_fn)(struct arena *a, const struct op *op, unsigned flags, const char **text,
                           struct err *err);

/* The directive as written in Python ("create_table"), and one line of what it does. */
const char *op_directive(enum op_kind kind);
const char *op_help(enum op_kind kind);

#endif
