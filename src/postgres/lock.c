#include "config.h"

#include "postgres/lock.h"

#include <inttypes.h>

#include "base/arena.h"
#include "base/str.h"
#include "postgres/query.h"

int64_t lock_key(const char *database, const char *schema, const char *table)
{
    const char *const parts[] = {"retort", database, schema, table};
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        const unsigned char *p = (const unsigned char *)parts[i];
        do { /* the NUL too */
            hash = (hash ^ *p) * UINT64_C(0x100000001b3);
        } while (*p++);
    }
    return (int64_t)hash;
}

struct lock_wanted lock_wanted(struct arena *a, int64_t key)
{
    return (struct lock_wanted){.args = {arena_printf(a, "'%" PRId64 "'::bigint", key)},
                                .count = 1};
}

const char *lock_try_sql(struct arena *a, const struct lock_wanted *lock)
{
    return arena_printf(a, "SELECT pg_catalog.pg_try_advisory_lock(%s%s%s)", lock->args[0],
                        lock->count == 2 ? ", " : "", lock->count == 2 ? lock->args[1] : "");
}

/* A 64-bit key shows in pg_locks as its two halves, with objsubid 1; two keys have objsubid 2. */
const char *lock_holder_sql(struct arena *a, const struct lock_wanted *lock)
{
    static const char sessions[] =
        "SELECT l.pid, a.application_name, a.usename, a.client_addr,\n"
        "       a.backend_start::timestamptz(0), a.state\n"
        "FROM pg_catalog.pg_locks l\n"
        "LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid\n"
        "WHERE l.locktype = 'advisory' AND l.granted\n"
        "  AND l.database = (SELECT oid FROM pg_catalog.pg_database\n"
        "                    WHERE datname = pg_catalog.current_database())\n";
    if (lock->count == 2)
        return arena_printf(a,
                            "%s  AND l.objsubid = 2 AND l.classid = (%s)::integer::oid\n"
                            "  AND l.objid = (%s)::integer::oid",
                            sessions, lock->args[0], lock->args[1]);
    return arena_printf(a,
                        "%s  AND l.objsubid = 1\n"
                        "  AND ((l.classid::bigint << 32) | l.objid::bigint) = (%s)::bigint",
                        sessions, lock->args[0]);
}

const char *lock_holder_text(struct arena *a, const struct result *result)
{
    static const char *const labels[] = {"pid ", "", "user ", "from ", "connected since ", ""};
    struct str s = STR_IN(a);
    if (result_rows(result) == 0)
        return "nobody any more";
    for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++) {
        const char *value = result_get(result, 0, i);
        if (value && *value) /* what this role may not see is null */
            str_addf(&s, "%s%s%s", s.len > 0 ? ", " : "", labels[i], value);
    }
    return s.ptr;
}
