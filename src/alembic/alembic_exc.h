/* Alembic's own exceptions. */
#ifndef ALEMBIC_ALEMBIC_EXC_H
#define ALEMBIC_ALEMBIC_EXC_H

#include "python/native.h"

extern const struct py_native_class alembic_command_error_class; /* alembic.util.exc.CommandError */

#endif
