/* Names of things in a database, as written, with what SQLAlchemy knows about each. */
#ifndef SCHEMA_NAME_H
#define SCHEMA_NAME_H

#include <stdbool.h>
#include <stddef.h>

#include "base/vec.h"

/* Yes, no, or not said. */
enum tristate { UNSET = 0, NO, YES };

/*
 * `final` is op.f(), or what a naming convention made: conventions leave it alone, and it is cut
 * to 63 bytes instead of refused (spec/ops.md, section 1). quote forces or forbids quoting.
 */
struct name {
    const char *text; /* NULL: no name */
    bool final;
    enum tristate quote;
};

VEC_DEFINE(name_list, const char *);

static inline struct name name_of(const char *text)
{
    return (struct name){.text = text};
}

#endif
