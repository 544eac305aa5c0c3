/*
 * Naming conventions: the names that SQLAlchemy makes for constraints and indexes without one
 * (spec/ops.md, section 10).
 */
#ifndef SCHEMA_NAMING_H
#define SCHEMA_NAMING_H

#include <stdbool.h>

#include "base/map.h"
#include "schema/table.h"

struct arena;
struct err;

/* Templates by key: "ix", "uq", "ck", "fk", "pk". */
struct naming {
    struct map templates; /* to const char * */
    /* Custom tokens of a convention; NULL: none. The result is in the arena, or NULL for a token
     * that it does not know. */
    const char *(*token)(struct arena *a, const char *token, const struct constraint *constraint,
                         const struct table *table, void *payload);
    void *payload;
};

/* What holds without a convention: indexes only. */
extern const struct naming naming_default;

/*
 * Gives a constraint or index of the table its name: one without a name, or one with a name that
 * the template has a token for; op.f() names stay. False: ERR_RAISED with SQLAlchemy's exception
 * (a CHECK that the template wants a name for, a column that is not known).
 */
bool naming_constraint(struct arena *a, const struct naming *naming, const struct table *table,
                       struct constraint *constraint, struct err *err);
bool naming_index(struct arena *a, const struct naming *naming, const struct table *table,
                  struct index *index, struct err *err);

/*
 * The name as it is sent: a made or op.f() name over 63 characters is cut to 55, "_" and four
 * digits of its MD5 (spec/ops.md, section 1). NULL with "IdentifierError: ..." for another one that
 * long.
 */
const char *naming_fit(struct arena *a, struct name name, struct err *err);

#endif
