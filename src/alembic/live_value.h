/* Values of the server as Python values: as psycopg2 gives them with SQLAlchemy's settings. */
#ifndef ALEMBIC_LIVE_VALUE_H
#define ALEMBIC_LIVE_VALUE_H

#include <stdbool.h>
#include <stdint.h>

#include "python/native.h"

/*
 * A value that the server sent as text (NULL: null) for a type. Types that no row is about stay
 * text; *is_text (may be NULL) then says so, though not for the server's own text types.
 */
struct py_value live_value_of_text(struct py_run *run, uint32_t type, const char *text,
                                   bool *is_text);

#endif
