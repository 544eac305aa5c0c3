/*
 * Statements: SQL text as it is shown, exported and executed, which is one and the same text (but
 * for parameters, which Alembic's --sql leaves out).
 *
 * A statement has no final ';'. It knows the line of Python that produced it and whether it can
 * run inside a transaction.
 */
#ifndef SQL_STATEMENT_H
#define SQL_STATEMENT_H

#include <stdbool.h>

#include "base/vec.h"
#include "schema/op.h"

enum statement_kind {
    STATEMENT_SQL,
    STATEMENT_COMMIT, /* the seams of an autocommit block: COMMIT before, BEGIN after */
    STATEMENT_BEGIN,
};

struct statement {
    enum statement_kind kind;
    const char *sql;         /* without final ';'; "COMMIT" and "BEGIN" for the seams */
    struct op_origin origin; /* line 0: none */
    bool nondeterministic;
    bool lacks_parameters; /* printed only: parameters were given with it, which Alembic leaves out
                            */
};

VEC_DEFINE(statement_list, struct statement);

#endif
