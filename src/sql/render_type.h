/* Types as SQL text (spec/ops.md, sections 8 and 14). */
#ifndef SQL_RENDER_TYPE_H
#define SQL_RENDER_TYPE_H

#include <stdbool.h>

#include "base/str.h"
#include "schema/type.h"

struct arena;
struct err;

/*
 * Appends what a column of this type is declared with: "VARCHAR(50)", "mood[]". NULL is NullType.
 * False: ERR_RAISED with "sqlalchemy.exc.CompileError: ..." for a type without DDL.
 */
bool sql_type_render(struct arena *a, const struct type *type, struct str *out, struct err *err);

/* The name of an ENUM or DOMAIN, with its schema. */
bool sql_type_name_render(struct arena *a, const struct type *type, struct str *out,
                          struct err *err);

#endif
