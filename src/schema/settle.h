/*
 * Settling a table: columns with unique=, index=, ForeignKey() and bound types bring constraints
 * and indexes with them; SQLAlchemy makes those when a column meets its table. settle does the
 * same, in the same order, and applies the naming convention (spec/ops.md, sections 4, 5 and 10).
 */
#ifndef SCHEMA_SETTLE_H
#define SCHEMA_SETTLE_H

#include <stdbool.h>

#include "schema/naming.h"
#include "schema/table.h"

struct arena;
struct err;

/*
 * On entry t->constraints and t->indexes hold what was given explicitly, in source order; on return
 * all there is: PRIMARY KEY first, then the explicit ones, then those of columns; where `order` is
 * known, all of them by that. Columns of the
 * primary key are marked, and a column without a type takes that of the column it refers to in the
 * same table. False: ERR_RAISED with SQLAlchemy's exception: two columns of one name, a constraint
 * on a column that is not there, a name that cannot be made.
 */
bool table_settle(struct arena *a, struct table *t, const struct naming *naming, struct err *err);

#endif
