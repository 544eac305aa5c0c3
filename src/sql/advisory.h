/*
 * The advisory locks that SQL text takes, so that a run can take them before: what env.py executes
 * to keep two `alembic upgrade` apart keeps out retort too, and the other way round.
 *
 * Only exclusive locks, and only keys that say the same at any time and in any session: constants,
 * casts of them, arithmetic, hashtext() and its like. Others are left to the statement itself.
 */
#ifndef SQL_ADVISORY_H
#define SQL_ADVISORY_H

#include <stddef.h>

#include "base/vec.h"

struct arena;

/* The arguments of pg_advisory_lock(), as SQL. */
struct sql_advisory {
    const char *args[2];
    size_t count; /* 1: one bigint; 2: two integers */
};

VEC_DEFINE(sql_advisory_list, struct sql_advisory);

/* Adds those of a text that are not in the list yet; in the arena. */
void sql_advisory_find(struct arena *a, const char *text, struct sql_advisory_list *list);

#endif
