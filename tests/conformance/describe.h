/*
 * Tables and what they hold as JSON, in the words of the conformance suite (describe.py made its
 * goldens). Shared by the programs that print for the tests.
 */
#ifndef TESTS_CONFORMANCE_DESCRIBE_H
#define TESTS_CONFORMANCE_DESCRIBE_H

#include <jansson.h>

#include "base/err.h"
#include "base/str.h"
#include "schema/table.h"
#include "schema/type.h"
#include "sql/render_ddl.h"

struct arena;

struct printer {
    struct arena *arena;
    struct err err; /* the last text that could not be made */
};

json_t *describe_text(const char *text); /* NULL: null */
json_t *describe_tristate(enum tristate t);
json_t *describe_names(const struct name_list *list);

/* For a rendering of src/sql, and what it appended, or its error in angle brackets. */
struct ddl describe_ddl(struct printer *p);
json_t *describe_made(struct printer *p, bool ok, const struct str *text);

json_t *describe_constraint_name(struct printer *p, struct name name);
json_t *describe_expression(struct printer *p, const struct expr *e);
json_t *describe_identity(const struct identity *id);
json_t *describe_type(struct printer *p, const struct type *type);
json_t *describe_column(struct printer *p, const struct table *t, const struct column *c);
json_t *describe_constraint_text(struct printer *p, const struct table *t,
                                 const struct constraint *k);
json_t *describe_check(struct printer *p, const struct table *t, const struct constraint *k,
                       const char *column_name);
json_t *describe_unique(struct printer *p, const struct constraint *k);
json_t *describe_foreign_key(struct printer *p, const struct constraint *k);
json_t *describe_index(struct printer *p, const struct index *ix);

#endif
