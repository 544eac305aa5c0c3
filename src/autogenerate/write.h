/*
 * Operations to the Python text of a revision file: what Alembic's autogenerate writes for them
 * (spec/autogenerate.md, section 12), byte for byte.
 *
 * Kinds that Alembic's autogenerate does not know (a type, a sequence, SQL text) are written so
 * that real Alembic does the same with the file as retort. Pure: takes data, returns text.
 *
 * On purpose different: a percent sign stands alone (Alembic doubles it inside sa.text() with some
 * drivers, and the file then means other SQL), and what looks like a bind in SQL text is escaped.
 */
#ifndef AUTOGENERATE_WRITE_H
#define AUTOGENERATE_WRITE_H

#include <stdbool.h>

#include "base/str.h"
#include "schema/op.h"

struct arena;
struct err;

/* What context.configure() says about it; NULL texts mean Alembic's defaults. */
struct write_options {
    const char *alembic_prefix;    /* "op." */
    const char *sqlalchemy_prefix; /* "sa." */
    const char *user_prefix;       /* of classes of the project; NULL: the module of each */
    bool as_batch;                 /* render_as_batch */
    bool sqlalchemy_is_1;          /* for SQLAlchemy 1.4, whose main module lacks some types */
    /*
     * render_item: what the project writes for an object itself. `kind` as Alembic names it
     * ("type", "server_default", "column", ...), for a type a struct type. *done says whether it
     * wrote anything, *imports gets the lines that this needs; false: err is set. NULL: there is
     * none.
     */
    bool (*item)(void *payload, const char *kind, const void *object, struct str *out,
                 struct name_list *imports, bool *done, struct err *err);
    void *payload;
};

/* What the text needs to be imported. Both sorted, without repeats, in the arena. */
struct write_imports {
    struct name_list lines;  /* that Alembic adds: "from sqlalchemy.dialects import postgresql" */
    struct name_list needed; /* that it leaves to the template: "import sqlmodel" */
};

/*
 * Appends the body of upgrade() or downgrade() as ${upgrades} holds it: lines but the first are
 * indented by four, no line end at the end; "pass" between the comments when there is nothing to
 * do. Imports are added to *imports. False: err says what cannot be written; *out is unspecified.
 */
bool write_body(struct arena *a, const struct op_list *ops, const struct write_options *options,
                struct write_imports *imports, struct str *out, struct err *err);

/* One operation, its lines not indented, without a line end. */
bool write_operation(struct arena *a, const struct op *op, const struct write_options *options,
                     struct write_imports *imports, struct str *out, struct err *err);

#endif
