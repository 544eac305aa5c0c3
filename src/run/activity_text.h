/*
 * What the watcher saw, in words for people: one line each, NULL where there is nothing to say.
 * In the arena. Texts of others' sessions are in them as they are: whoever shows them makes them
 * visible.
 */
#ifndef RUN_ACTIVITY_TEXT_H
#define RUN_ACTIVITY_TEXT_H

#include "postgres/activity.h"

struct arena;

/* "waits for ACCESS EXCLUSIVE on t, blocked by pid 12, psql, user bob (holds ACCESS SHARE)". */
const char *activity_blocked_text(struct arena *a, const struct activity *activity);

/* "2 sessions wait behind it: pid 13, app, user web, and 1 more". */
const char *activity_victims_text(struct arena *a, const struct activity *activity);

/* "43 %, 1200 blocks/s, 12 s left: CREATE INDEX on t, building index: scanning table". */
const char *activity_progress_text(struct arena *a, const struct activity *activity);

/* "transaction open for 3 s, holds ACCESS EXCLUSIVE on t, SHARE on u and 2 more". */
const char *activity_transaction_text(struct arena *a, const struct activity *activity);

/* "pid 12, psql, user bob, idle in transaction for 4 s (holds ACCESS SHARE): SELECT 1". */
const char *activity_session_line(struct arena *a, const struct activity_session *session);

/* "4 s", "3 min", "2 h". */
const char *activity_age_text(struct arena *a, int64_t microseconds);

#endif
