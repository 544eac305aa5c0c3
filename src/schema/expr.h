/*
 * SQL expressions and statements as SQLAlchemy's expression language builds them
 * (spec/ops.md, sections 2, 3, 4 and 12). Made by src/alembic, rendered by src/sql.
 *
 * A tree says exactly what is printed: parentheses are nodes (EXPR_GROUPING), put in when an
 * expression is made (expr_build.h), never by the renderer. Names that SQLAlchemy makes up while it
 * compiles (anon_1, count_1) are made up by the renderer.
 *
 * Nodes are immutable once made and live in the arena of whoever made them; sharing is fine. Two
 * exceptions, both while a table is still being put together: a column's node gets its `table` when
 * the column gets its table, and EXPR_TABLE points at a struct table that may still grow. What
 * stands in FROM is told apart by address: two aliases of a table are two nodes.
 */
#ifndef SCHEMA_EXPR_H
#define SCHEMA_EXPR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/vec.h"
#include "schema/table.h"

struct arena;
struct expr;
struct type;

VEC_DEFINE(expr_list, const struct expr *);

/* A value that becomes a literal (spec/ops.md, section 3). Text fields are terminated. */
enum literal_kind {
    LITERAL_UNSET, /* a bind without a value */
    LITERAL_NULL,
    LITERAL_BOOL,
    LITERAL_INTEGER, /* text: the digits, any size */
    LITERAL_FLOAT,   /* text: Python's repr */
    LITERAL_DECIMAL, /* text: str(Decimal) */
    LITERAL_STRING,
    LITERAL_BYTES,
    LITERAL_DATE,     /* text: ISO with a blank, as it is rendered */
    LITERAL_DATETIME,
    LITERAL_TIME,
    LITERAL_INTERVAL, /* text: repr of the seconds */
    LITERAL_UUID,
    LITERAL_LIST,     /* items: a list or tuple */
    LITERAL_JSON,     /* a dict: no renderer, as in SQLAlchemy, but where it is executed */
    LITERAL_OTHER,    /* any other object: no renderer */
};

struct literal {
    enum literal_kind kind;
    bool truth;
    bool is_tuple;      /* LITERAL_LIST: a tuple (a row of values in an IN list) */
    const char *text;
    size_t len;
    const struct literal *const *items; /* LITERAL_LIST */
    size_t item_count;
    const struct type *own_type; /* what SQLAlchemy takes for the value by itself; NULL: nothing */
    const char *member; /* the name, when the value is a member of a Python enum; else NULL */
    const char *python; /* repr of the value, for messages */
    bool executed;      /* it goes to the server, so all that the driver can send can be sent */
    const char *json;   /* of a dict that is executed: json.dumps(); NULL: it has none */
};

enum expr_kind {
#define EXPR(kind, help) EXPR_##kind,
#include "schema/expr.def"
#undef EXPR
    EXPR_KIND_COUNT
};

/* The precedence of operators that have none (expr_op.def): looser than all when they stand inside,
 * tighter than all outside. */
enum { EXPR_PRECEDENCE_NONE = 100 };

enum expr_op {
    EXPR_OP_NONE, /* no operator: a unary with only a modifier */
#define EXPR_OP(id, sql, precedence, flags) EXPR_OP_##id,
#include "schema/expr_op.def"
#undef EXPR_OP
    EXPR_OP_COUNT
};

/* What .op("...") says; only with EXPR_OP_CUSTOM. Compared by address. */
struct custom_op {
    const char *text;
    int precedence;
    bool is_comparison;
    bool self_precedent; /* (a op b) op c needs no parentheses */
    bool eager_grouping; /* a PostgreSQL operator (->>, @>): grouped unless alone */
};

/* Names of :name binds inside a text, with their values. */
struct text_bind {
    const char *name;
    const struct expr *value; /* EXPR_BIND */
};

struct case_when {
    const struct expr *condition, *result;
};

/* One side of ROWS, RANGE or GROUPS BETWEEN. */
struct frame_bound {
    enum { FRAME_UNBOUNDED, FRAME_CURRENT, FRAME_OFFSET } kind;
    int64_t offset; /* negative: PRECEDING */
};

struct window {
    struct expr_list partition_by, order_by;
    enum { FRAME_NONE, FRAME_ROWS, FRAME_RANGE, FRAME_GROUPS } frame;
    struct frame_bound from, to;
};

/* FOR UPDATE and its relatives. */
struct for_update {
    bool read, key_share, nowait, skip_locked;
    struct expr_list of;
};

struct select_join {
    const struct expr *left;  /* NULL: what FROM has so far */
    const struct expr *right, *on;
    bool outer, full;
};

/* SELECT, and what a compound shares with it. */
struct select {
    struct expr_list columns;
    bool distinct;
    struct expr_list distinct_on;
    struct expr_list prefixes, suffixes;
    struct expr_list from; /* select_from() */
    VEC(struct select_join) joins;
    struct expr_list where, having; /* joined by AND */
    struct expr_list group_by, order_by;
    const struct expr *limit, *offset, *fetch; /* NULL: none */
    bool fetch_percent, fetch_with_ties;
    const struct for_update *for_update; /* NULL: none */
    bool has_correlate, has_correlate_except; /* given, maybe as None: an empty list */
    struct expr_list correlate, correlate_except;
    struct expr_list ctes; /* add_cte() */
    /* EXPR_COMPOUND */
    const char *keyword; /* "UNION ALL" */
    struct expr_list members;
};

/* One column of INSERT ... VALUES or UPDATE ... SET. */
struct assignment {
    struct name column;            /* as printed */
    const char *key;               /* Python's name of it */
    const struct expr *target;     /* update: an expression on the left (a subscript), else NULL */
    const struct expr *value;
};

VEC_DEFINE(assignment_list, struct assignment);

struct on_conflict {
    bool update;                  /* DO UPDATE; else DO NOTHING */
    const char *constraint;       /* ON CONSTRAINT name; NULL: none */
    struct expr_list elements;    /* of the arbiter index */
    const struct expr *index_where;
    struct assignment_list set;
    const struct expr *where;
};

/* INSERT, UPDATE, DELETE. Columns are in the order in which they are printed. */
struct dml {
    const struct expr *table;  /* EXPR_TABLE, or an alias for UPDATE and DELETE */
    struct expr_list prefixes;
    struct expr_list ctes;     /* add_cte() */
    struct expr_list where;    /* joined by AND */
    struct expr_list returning;
    struct expr_list implicit_returning; /* INSERT: the key the server makes, unless it is a CTE */
    /* INSERT */
    VEC(struct assignment_list) rows; /* a single empty one: DEFAULT VALUES */
    bool is_multiple;          /* rows were given as a list */
    bool is_inline;            /* no RETURNING of its own accord */
    struct name_list select_columns;
    const struct expr *select; /* INSERT ... SELECT; NULL: values */
    bool without_defaults;     /* ... with default= of columns that are not named left out */
    const struct on_conflict *on_conflict;
    /* UPDATE */
    struct assignment_list set;
    bool is_ordered;           /* ordered_values(): not in the order of the table */
};

struct expr {
    enum expr_kind kind;
    const struct type *type; /* NULL: not known (NullType) */
    union {
        struct {
            const char *text;              /* as written, with :name and \: in it */
            const struct text_bind *binds; /* one for each different name */
            size_t bind_count;
            struct expr_list columns;      /* TEXT_SELECT */
        } text;                            /* TEXT, TEXT_SELECT; DDL: only `text` */
        struct {
            const struct expr *inner;
            const struct text_bind *binds;
            size_t bind_count;
            bool only_unset;               /* binds that have a value keep it */
        } parameters;                      /* PARAMETERS */
        struct {
            const char *key;
        } placeholder;                     /* PLACEHOLDER */
        struct {
            const char *key;               /* NULL: made from a value */
            struct literal value;
            bool expanding;                /* an IN list: value is a LITERAL_LIST */
            bool required;                 /* bindparam("x"): a value must come from outside */
        } bind;
        struct {
            struct name name;
            const char *key;               /* Python's name of it; NULL: as the name */
            const struct expr *table;      /* what stands in FROM; NULL: none */
            const struct column *column;   /* of a Table; NULL: column() */
            const struct expr *proxy;      /* name.text NULL: it stands for this expression of the
                                              query below, under the name that is made up for it */
            const char *proxy_base;        /* ... from this, where its own name is taken */
            bool is_schema;                /* of a Table, or a query's column that stands for one */
            bool is_literal;               /* literal_column(): printed as it is */
            bool is_whole;                 /* column_valued(): the table's name as a value */
        } column;
        const struct expr *inner;          /* GROUPING, TYPE_COERCE, SCALAR_SELECT */
        struct {
            enum expr_op op;               /* before the operand; EXPR_OP_NONE: none */
            enum expr_op modifier;         /* behind it; EXPR_OP_NONE: none */
            const struct custom_op *custom;
            const struct expr *operand;
        } unary;                           /* also AS_BOOLEAN: op is IS_TRUE or IS_FALSE */
        struct {
            enum expr_op op, negation;     /* negation: the opposite operator, EXPR_OP_NONE: none */
            const struct custom_op *custom;
            const struct expr *left, *right;
            const char *escape;            /* LIKE ... ESCAPE; NULL: none */
            const char *flags;             /* regular expressions, NULL: none */
            bool symmetric;                /* BETWEEN SYMMETRIC */
            const char *regconfig;         /* match(): postgresql_regconfig */
        } binary;
        struct {
            enum expr_op op;
            bool ungrouped;                /* never parenthesised by itself */
            struct expr_list items;
        } list;                            /* LIST, TUPLE, ARRAY */
        struct {
            struct name_list path;         /* schema.name, as written */
            struct expr_list args;
            const char *keyword;           /* printed in place of the name: CURRENT_DATE, CUBE */
            bool bare;                     /* no parentheses without arguments */
            const char *name; /* its last part, lower-case: what labels are made from */
        } function;
        struct {
            const struct expr *operand;    /* NULL in a CAST that is only a type */
        } cast;                            /* the type is the node's */
        struct {
            const struct expr *value, *otherwise; /* NULL: none */
            const struct case_when *whens;
            size_t when_count;
        } case_;
        struct {
            const char *field;
            const struct expr *operand;
        } extract;
        struct {
            const struct expr *element;
            const struct window *window;
        } over;
        struct {
            const struct expr *element;
            struct expr_list order_by;
        } ordered;                         /* WITHIN_GROUP, AGGREGATE_ORDER_BY */
        struct {
            const struct expr *element, *criterion;
        } filter;
        struct {
            struct name name;              /* text NULL: made up from `base` */
            const char *base;
            const struct expr *element;
        } label;
        struct {
            const char *text;              /* order_by("x") */
            const struct expr *element;    /* order_by(label): the element; else NULL */
        } reference;
        struct {
            const struct expr *start, *stop, *step;
        } slice;
        struct name name;                  /* COLLATION */
        struct {
            struct name name;
            const char *schema;
        } sequence;                        /* NEXT_VALUE */
        struct {
            const struct table *table;     /* NULL: sqlalchemy.table() */
            struct name name;
            const char *schema;
            struct expr_list columns;      /* EXPR_COLUMN, in order */
        } table;
        struct {
            struct name name;              /* text NULL: made up from `base` */
            const char *base;              /* "anon", or the table's name */
            const struct expr *element;
            struct expr_list columns;      /* EXPR_COLUMN of this alias, in order */
            bool recursive;                /* CTE */
            enum tristate materialized;    /* CTE */
            const struct expr *restates;   /* CTE: the recursive one that union() completed */
            struct name_list column_names; /* CTE, VALUES, functions: printed behind the name */
            bool render_columns;           /* function: AS name(column, ...) */
            bool render_types;             /* ... with their types */
            bool scalar;                   /* VALUES as a value: no name behind it */
            bool with_ordinality, lateral; /* function */
            const struct expr *sampling, *seed; /* TABLESAMPLE */
            VEC(struct expr_list) rows;    /* VALUES_TABLE */
        } alias;                           /* ALIAS to VALUES_TABLE, but not JOIN */
        struct {
            const struct expr *left, *right, *on;
            bool outer, full, grouped;     /* grouped: in parentheses */
        } join;
        const struct select *select;       /* SELECT, COMPOUND */
        const struct dml *dml;             /* INSERT, UPDATE, DELETE */
    } as;
};

/* A fresh node, for src/schema/expr_build.c and for kinds that have no builder. */
struct expr *expr_new(struct arena *a, enum expr_kind kind, const struct type *type);

/* text() with the text as written; :name binds in it have no value. */
const struct expr *expr_text(struct arena *a, const char *text);

/* text() with values: binds are the names given, in any order; others have no value. */
const struct expr *expr_text_with(struct arena *a, const char *text, const struct text_bind *binds,
                                  size_t bind_count);

/* Text that is sent as it is (EXPR_DDL). */
const struct expr *expr_ddl(struct arena *a, const char *text);

/* A value, with the type that says how it is printed (NULL: not known). */
const struct expr *expr_literal(struct arena *a, struct literal value, const struct type *type);
const struct expr *expr_string(struct arena *a, const char *text, const struct type *type);
const struct expr *expr_integer(struct arena *a, int64_t value, const struct type *type);

/* A column by name; table and column as in the node, both may be NULL. */
struct expr *expr_column(struct arena *a, struct name name, const struct type *type,
                         const struct expr *table, const struct column *column);

/* The EXPR_TABLE node of a Table; columns come with expr_table_add_column(). */
struct expr *expr_table(struct arena *a, const struct table *table);
void expr_table_add_column(struct arena *a, struct expr *table, struct expr *column);

/* The columns that a query gives, tables in its list taken apart; a compound gives those of its
 * first member. Nothing for anything else. */
void expr_selected(struct arena *a, const struct expr *query, struct expr_list *out);

/*
 * The first column inside a value, from left to right; NULL: it is about none (text, a constant).
 */
const struct expr *expr_first_column(const struct expr *e);

/* The name of what stands in FROM (not of a join); its text is NULL when it has to be made up. */
struct name expr_from_name(const struct expr *from);

/* The columns of what stands in FROM, in order: EXPR_COLUMN nodes. Joins and statements: none. */
const struct expr_list *expr_columns(const struct expr *from);

/*
 * The binds of a text (spec/ops.md, section 2): the next :name at or behind *at. True: *name (with
 * *len bytes) stands at *at, which then moves behind it.
 */
bool expr_next_bind(const char *text, size_t *at, const char **name, size_t *len);

/* Bytes of the character at text if it can be part of a bind's name, else 0. */
size_t expr_bind_char(const char *text);

/* Facts about operators. EXPR_OP_NONE has none of them. */
const char *expr_op_sql(enum expr_op op);
int expr_op_precedence(enum expr_op op, const struct custom_op *custom);
bool expr_op_is_comparison(enum expr_op op, const struct custom_op *custom);
bool expr_op_is_boolean(enum expr_op op, const struct custom_op *custom);
bool expr_op_is_associative(enum expr_op op);
bool expr_op_is_commutative(enum expr_op op);
bool expr_op_is_self_precedent(enum expr_op op);

#endif
