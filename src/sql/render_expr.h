/*
 * Expressions and statements of the expression language as SQL text: what SQLAlchemy's PostgreSQL
 * compiler prints with literal_binds, with backslashes and percent signs as they are executed
 * (DESIGN.md, "Rendering SQL"; spec/ops.md, sections 1 to 4 and 12).
 */
#ifndef SQL_RENDER_EXPR_H
#define SQL_RENDER_EXPR_H

#include <stdbool.h>

#include "base/str.h"
#include "schema/expr.h"

struct arena;
struct err;

enum sql_expr_flags {
    SQL_EXPR_STATEMENT = 0, /* what op.execute() is given: columns are qualified by their table */
    SQL_EXPR_DDL = 1,       /* inside DDL (CHECK, index): columns stand alone */
    SQL_EXPR_INDEX_ELEMENT = 2, /* with DDL: in parentheses unless a column or a function */
    SQL_EXPR_IN_DDL = 4,        /* inside DDL too, where columns are qualified: DEFAULT, EXCLUDE */
    SQL_EXPR_LITERALS = 8,      /* a statement with literals only: what would be a placeholder, or
                                   parameters around it, is ERR_PYTHON */
};

/*
 * Appends the SQL of an expression or statement to out (no ';', no white space at the ends that the
 * program did not write). Inside DDL an unset bind is NULL, offline and online. False: err is
 * ERR_RAISED, "Type: message" as SQLAlchemy raises it, or for an unset bind with the remedy as
 * hint; out then holds an unspecified part. The caller adds the place.
 */
bool sql_expr_render(struct arena *a, const struct expr *e, unsigned flags, struct str *out,
                     struct err *err);

/* A string as a literal, where standard_conforming_strings is on. */
void sql_add_string(struct str *out, const char *text, size_t len);

/* One value as the driver sends it (value->executed), or else as a literal, of a type (NULL: not
 * known). */
bool sql_value_render(struct arena *a, const struct literal *value, const struct type *type,
                      struct str *out, struct err *err);

/* One value as a literal of a type: what literal_binds prints. */
bool sql_literal_render(struct arena *a, const struct literal *value, const struct type *type,
                        struct str *out, struct err *err);

#endif
