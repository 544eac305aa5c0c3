/*
 * What the watcher saw, as JSON: on the worker's socket (run/protocol.h) and in what front ends
 * print.
 *
 *   {pid, problem, hidden, wait, waits_for, statement_age, transaction_age,
 *    blockers: [session], victims: [session], locks: [{relation, mode}],
 *    progress: {command, phase, relation, unit, done, total, percent, rate, left}}
 *   session: {pid, depth, application, user, client, kind, state, query, started,
 *             transaction_age, state_age, waits_for, holds}
 *
 * Ages and times are in microseconds. What is not known is left out, and so is an empty list.
 */
#ifndef RUN_ACTIVITY_JSON_H
#define RUN_ACTIVITY_JSON_H

#include <jansson.h>

#include "postgres/activity.h"

struct arena;

json_t *activity_to_json(const struct activity *activity);

/* What is not of that form is taken as not known. All in the arena. */
void activity_from_json(struct arena *a, const json_t *json, struct activity *out);

#endif
