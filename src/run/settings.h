/*
 * The settings of retort's own: what may stand in [retort] of alembic.ini or [tool.retort] of
 * pyproject.toml. What each means is read where it is used; this is the list of all, for the manual
 * and for finding what is misspelt.
 */
#ifndef RUN_SETTINGS_H
#define RUN_SETTINGS_H

#include <stdbool.h>

#include "base/vec.h"

struct arena;

struct setting {
    const char *key;
    const char *value;    /* what it takes: "duration" */
    const char *fallback; /* what counts without it */
    const char *help;     /* a sentence or more */
    bool of_class;        /* of one class of statements */
};

VEC_DEFINE(setting_list, struct setting);

/* All of them, in the arena; those that only one class of statements has come last. */
void settings_list(struct arena *a, struct setting_list *out);

#endif
