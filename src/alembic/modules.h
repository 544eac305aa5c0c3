/* Modules of the project itself, found for the interpreter. */
#ifndef ALEMBIC_MODULES_H
#define ALEMBIC_MODULES_H

#include <stdbool.h>

#include "python/run.h"

struct alembic_project;
struct arena;
struct err;

/*
 * The module of that dotted name in the project's import roots: a.b is a/b.py, a/b/__init__.py, or
 * a folder without one. Only files inside the project are opened, links followed first. For
 * py_config.find_module; false with err untouched: there is none.
 */
bool project_find_module(struct arena *a, const struct alembic_project *project,
                         const char *dotted, struct py_found *found, uint64_t *fingerprint,
                         struct err *err);

#endif
