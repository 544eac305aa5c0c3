/*
 * What a run has told so far, for those who come later: the last events, up to a number and a size.
 * Kept as copies, since most runs are over before anybody asks.
 */
#ifndef RUN_PAST_H
#define RUN_PAST_H

#include <stddef.h>

#include "base/vec.h"
#include "run/runner.h"

struct past {
    VEC(struct run_event) events; /* texts and errors are their own */
    size_t oldest;                /* those before it are gone */
    size_t bytes;                 /* of texts */
};

/* Keeps a copy; its places in the plan stay borrowed. The oldest ones go when there is no room. */
void past_add(struct past *past, const struct run_event *event);

size_t past_count(const struct past *past);
/* The i-th that is kept, from the oldest. */
const struct run_event *past_at(const struct past *past, size_t i);

void past_clear(struct past *past);

#endif
