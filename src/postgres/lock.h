/*
 * One migrator at a time: a session advisory lock (PostgreSQL manual, "Advisory Locks").
 *
 * The lock is taken on the run's own connection before any transaction, so that it goes away with
 * the session that does the work and with nothing else. It is always tried, never waited for on
 * the server: a session that waits in pg_advisory_lock() holds a snapshot, and the holder's CREATE
 * INDEX CONCURRENTLY would wait for that snapshot, both for ever.
 *
 * The key is the first 64 bits (FNV-1a) of "retort", database, schema and name of the version
 * table, each followed by a NUL. It is the same in every version of retort.
 */
#ifndef POSTGRES_LOCK_H
#define POSTGRES_LOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct result;

int64_t lock_key(const char *database, const char *schema, const char *table);

/* A lock to take: its key as SQL, one bigint or two integers, as pg_advisory_lock() has it. */
struct lock_wanted {
    const char *args[2];
    size_t count; /* of args */
};

struct lock_wanted lock_wanted(struct arena *a, int64_t key);

/* One boolean: got it. */
const char *lock_try_sql(struct arena *a, const struct lock_wanted *lock);
/* Who has it; no row when it was just released. */
const char *lock_holder_sql(struct arena *a, const struct lock_wanted *lock);

/* "pid 123, retort, user alice, from 10.0.0.5, since 2026-11-22 06:20:46+00" from the answer. */
const char *lock_holder_text(struct arena *a, const struct result *result);

#endif
