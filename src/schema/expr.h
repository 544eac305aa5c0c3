/*
 * SQL expressions and statements as SQLAlchemy's expression language builds them
 * (spec/ops.md, sections 2, 3, 4 and 12). Made by src/alembic, rendered by src/sql.
 *
 * Nodes are immutable once made and live in the arena of whoever made them; sharing is fine.
 */
#ifndef SCHEMA_EXPR_H
#define SCHEMA_EXPR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/vec.h"

struct arena;
struct expr;
struct type;

VEC_DEFINE(expr_list, const struct expr *);

/* A value that becomes a literal (spec/ops.md, section 3). Text fields are terminated. */
enum literal_kind {
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
    LITERAL_LIST,     /* items */
    LITERAL_JSON,     /* a dict, or a list under a JSON type: no renderer, as in SQLAlchemy */
    LITERAL_UNSET,    /* a bind without a value */
};

struct literal {
    enum literal_kind kind;
    bool truth;
    const char *text;
    size_t len;
    struct expr_list items;
    const char *python; /* repr of the value, for messages */
};

#endif
