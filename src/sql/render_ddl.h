/* The parts of DDL statements: columns, constraints, options (spec/ops.md, sections 4, 5 and 9). */
#ifndef SQL_RENDER_DDL_H
#define SQL_RENDER_DDL_H

#include <stdbool.h>

#include "base/str.h"
#include "schema/table.h"

struct arena;
struct err;

/*
 * One rendering: where text is made and errors go. The functions below append to out; false: err is
 * filled (ERR_RAISED with SQLAlchemy's exception) and what was appended is unspecified.
 */
struct ddl {
    struct arena *arena;
    struct err *err;
    bool as_compiled; /* CREATE TABLE with SQLAlchemy's white space, not with what is shown */
};

/* `name type DEFAULT ... NOT NULL` of a column of the table. */
bool ddl_column(const struct ddl *d, const struct table *t, const struct column *c,
                struct str *out);

/* ` CONSTRAINT n CHECK (...)` for each CHECK that is written behind the column. */
bool ddl_column_checks(const struct ddl *d, const struct column *c, struct str *out);

/* `CONSTRAINT n UNIQUE (a)` and so on. t: the table it stands in; NULL: not at hand. */
bool ddl_constraint(const struct ddl *d, const struct table *t, const struct constraint *k,
                    struct str *out);

/* ` REFERENCES o (id) ON DELETE ...`, behind a column. */
bool ddl_references(const struct ddl *d, const struct constraint *k, struct str *out);

/* The default's value: behind DEFAULT or SET DEFAULT. */
bool ddl_default(const struct ddl *d, const struct expr *value, struct str *out);

/* `GENERATED ALWAYS AS IDENTITY (...)`; and the options alone, joined by blanks. */
void ddl_identity(const struct identity *identity, struct str *out);
void ddl_identity_options(const struct identity *identity, struct str *out);

/* A constraint's or index's name, fitted and quoted. */
bool ddl_name(const struct ddl *d, struct name name, struct str *out);

/* One statement each. */
bool ddl_create_table(const struct ddl *d, const struct table *t, struct str *out);
bool ddl_create_index(const struct ddl *d, const struct index *ix, struct str *out);
bool ddl_drop_index(const struct ddl *d, const struct index *ix, struct str *out);
bool ddl_create_sequence(const struct ddl *d, const struct sequence *s, struct str *out);
bool ddl_create_type(const struct ddl *d, const struct type *type, struct str *out);
bool ddl_drop_type(const struct ddl *d, const struct type *type, struct str *out);

#endif
