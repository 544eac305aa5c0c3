/*
 * One migrator at a time: retort's own lock (src/postgres/lock.h), and those that env.py takes to
 * keep two of Alembic apart. Each is tried till it is got, never waited for on the server; whoever
 * has it is told. They are kept till the connection is closed.
 */
#include "config.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/str.h"
#include "run/runner_private.h"
#include "sql/advisory.h"

/* Microseconds: between two tries while somebody holds the lock, and when it was just released. */
enum { LOCK_POLL = 250000, LOCK_POLL_FREE = 10000, LOCK_GRACE = 1000000 };

/* The plan has what env.py executes, around the statements of its revisions. */
static void add_project_locks(struct runner *r)
{
    struct sql_advisory_list found = {0};
    for (size_t i = 0; i < r->plan->steps.len; i++)
        for (size_t j = 0; j < r->plan->steps.at[i].statements.len; j++)
            sql_advisory_find(r->arena, r->plan->steps.at[i].statements.at[j].sql, &found);
    for (size_t i = 0; i < found.len; i++) {
        struct lock_wanted lock = {.count = found.at[i].count};
        lock.args[0] = found.at[i].args[0];
        lock.args[1] = found.at[i].args[1];
        vec_push(r->arena, &r->locks, lock);
    }
}

void runner_lock_start(struct runner *r, const struct result *result)
{
    const char *schema = result_get(result, 0, 0);
    if (!schema) {
        struct err err = ERR_INIT;
        err_set(&err, ERR_DATABASE, "the search_path names no schema that exists");
        err_hint(&err, "the version table has no place to be created in");
        runner_stop(r, &err);
        err_clear(&err);
        return;
    }
    r->locks.len = r->locked = 0;
    struct lock_wanted own =
        lock_wanted(r->arena, lock_key(r->info.database, schema, r->table.name));
    vec_push(r->arena, &r->locks, own);
    add_project_locks(r);
    r->lock_deadline = clock_monotonic() + r->settings.advisory_wait * 1000;
    r->holder = NULL;
    runner_set_state(r, RUNNER_LOCKING);
    runner_try_lock(r);
}

void runner_try_lock(struct runner *r)
{
    runner_send(r, ACTION_TRY_LOCK, lock_try_sql(r->arena, &r->locks.at[r->locked]), NULL, 0);
}

void runner_take_lock(struct runner *r, const struct result *result)
{
    if (!result_bool(result, 0, 0))
        runner_send(r, ACTION_HOLDER, lock_holder_sql(r->arena, &r->locks.at[r->locked]), NULL, 0);
    else if (++r->locked < r->locks.len)
        runner_try_lock(r);
    else
        runner_locked(r);
}

void runner_take_holder(struct runner *r, const struct result *result)
{
    const char *holder = lock_holder_text(r->arena, result);
    const char *whose = r->locked > 0 ? " (it holds the lock that env.py takes)" : "";
    bool held = result_rows(result) > 0; /* else it was released between the two questions */
    int64_t now = clock_monotonic();
    if (now >= r->lock_deadline + (held ? 0 : LOCK_GRACE)) {
        struct err err = ERR_INIT;
        err_set(&err, ERR_BUSY, "another migrator is at work on this database%s: %s", whose,
                holder);
        err_hint(&err, "wait till it has ended; nothing was done");
        runner_stop(r, &err);
        err_clear(&err);
        return;
    }
    r->action = ACTION_NONE;
    r->wake_at = now + (held ? LOCK_POLL : LOCK_POLL_FREE);
    if (held && !str_eq(holder, r->holder)) {
        struct run_event extra = {
            .rows = -1,
            .text = arena_printf(r->arena, "another migrator is at work%s: %s", whose, holder)};
        r->holder = holder;
        runner_emit(r, RUN_EVENT_WAITING, r->next, &extra);
    }
}
