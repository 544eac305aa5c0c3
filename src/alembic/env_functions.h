/*
 * The functions that env.py gave to context.configure(), kept to be called later in the evaluation
 * that they are from. Internal to env_compare.c and env_render.c.
 */
#ifndef ALEMBIC_ENV_FUNCTIONS_H
#define ALEMBIC_ENV_FUNCTIONS_H

#include "alembic/env_run.h"
#include "alembic/project.h"
#include "base/err.h"
#include "base/map.h"

struct env_functions {
    struct py_run *run;
    struct py_value at[ENV_FUNCTION_COUNT]; /* absent: none */
    struct map *tables; /* address of a struct table to its Table object (struct py_value *) */
};

/* Runs body, which calls one of them; what is printed there goes nowhere. False: what it raised, or
 * why it is not known. */
bool env_functions_protect(const struct env_options *options,
                           void (*body)(struct py_run *run, void *payload), void *payload,
                           struct err *err);

#endif
