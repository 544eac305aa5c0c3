#include "config.h"

#include "run/activity_text.h"

#include <inttypes.h>

#include "base/arena.h"
#include "base/str.h"

enum { LOCKS_NAMED = 3 };

const char *activity_age_text(struct arena *a, int64_t microseconds)
{
    static const struct {
        int64_t seconds;
        const char *unit;
    } units[] = {{86400, "d"}, {3600, "h"}, {60, "min"}};
    int64_t seconds = microseconds / 1000000;
    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
        if (seconds >= 2 * units[i].seconds)
            return arena_printf(a, "%" PRId64 " %s", seconds / units[i].seconds, units[i].unit);
    return arena_printf(a, "%" PRId64 " s", seconds);
}

static void add_count(struct str *s, size_t more)
{
    if (more > 0)
        str_addf(s, " and %zu more", more);
}

/* Those that block it themselves, or wait for it themselves. */
static size_t count_direct(const struct activity_sessions *sessions)
{
    size_t count = 0;
    for (size_t i = 0; i < sessions->len; i++)
        count += sessions->at[i].depth == 0 ? 1 : 0;
    return count;
}

const char *activity_blocked_text(struct arena *a, const struct activity *activity)
{
    struct str s = STR_IN(a);
    if (!activity->blockers.len)
        return NULL;
    const struct activity_session *first = &activity->blockers.at[0];
    if (activity->waits_for)
        str_addf(&s, "waits for %s, ", activity->waits_for);
    str_addf(&s, "blocked by %s", activity_session_text(a, first));
    if (first->holds)
        str_addf(&s, " (holds %s)", first->holds);
    add_count(&s, count_direct(&activity->blockers) - 1);
    return s.ptr;
}

const char *activity_victims_text(struct arena *a, const struct activity *activity)
{
    struct str s = STR_IN(a);
    size_t count = activity->victims.len;
    if (!count)
        return NULL;
    str_addf(&s, "%zu %s behind it: %s", count, count == 1 ? "session waits" : "sessions wait",
             activity_session_text(a, &activity->victims.at[0]));
    add_count(&s, count - 1);
    return s.ptr;
}

/* "40 %, 12 blocks/s, 3 s left"; "" where nothing can be counted. */
static void add_figures(struct str *s, const struct activity_progress *p)
{
    double percent = activity_percent(p);
    if (percent >= 0)
        str_addf(s, "%.0f %%", percent);
    else if (p->done > 0)
        str_addf(s, "%" PRId64 " %s", p->done, p->unit ? p->unit : "");
    if (p->rate > 0)
        str_addf(s, "%s%" PRId64 " %s/s", s->len ? ", " : "", p->rate, p->unit ? p->unit : "");
}

const char *activity_progress_text(struct arena *a, const struct activity *activity)
{
    const struct activity_progress *p = &activity->progress;
    struct str s = STR_IN(a);
    if (!p->command)
        return NULL;
    add_figures(&s, p);
    if (p->left >= 0)
        str_addf(&s, "%s%s left", s.len ? ", " : "", activity_age_text(a, p->left));
    str_addf(&s, "%s%s", s.len ? ": " : "", p->command);
    if (p->relation)
        str_addf(&s, " on %s", p->relation);
    if (*p->phase)
        str_addf(&s, ", %s", p->phase);
    return s.ptr;
}

const char *activity_transaction_text(struct arena *a, const struct activity *activity)
{
    const struct activity_locks *locks = &activity->locks;
    struct str s = STR_IN(a);
    if (activity->transaction_age < 0)
        return NULL;
    str_addf(&s, "transaction open for %s", activity_age_text(a, activity->transaction_age));
    for (size_t i = 0; i < locks->len && i < LOCKS_NAMED; i++)
        str_addf(&s, "%s%s on %s", i == 0 ? ", holds " : ", ", locks->at[i].mode,
                 locks->at[i].relation);
    add_count(&s, locks->len > LOCKS_NAMED ? locks->len - LOCKS_NAMED : 0);
    return s.ptr;
}

const char *activity_session_line(struct arena *a, const struct activity_session *session)
{
    struct str s = STR_IN(a);
    str_add(&s, activity_session_text(a, session));
    if (session->state_age >= 0)
        str_addf(&s, " for %s", activity_age_text(a, session->state_age));
    if (session->holds)
        str_addf(&s, " (holds %s)", session->holds);
    if (session->waits_for)
        str_addf(&s, " (waits for %s)", session->waits_for);
    if (session->query)
        str_addf(&s, ": %s", session->query);
    return s.ptr;
}
