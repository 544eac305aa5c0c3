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

const char lock_try_sql[] = "SELECT pg_catalog.pg_try_advisory_lock($1::bigint)";

/* A 64-bit key shows in pg_locks as its two halves, with objsubid 1. */
const char lock_holder_sql[] =
    "SELECT l.pid, a.application_name, a.usename, a.client_addr, a.backend_start::timestamptz(0),\n"
    "       a.state\n"
    "FROM pg_catalog.pg_locks l\n"
    "LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid\n"
    "WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1\n"
    "  AND l.database = (SELECT oid FROM pg_catalog.pg_database\n"
    "                    WHERE datname = pg_catalog.current_database())\n"
    "  AND ((l.classid::bigint << 32) | l.objid::bigint) = $1::bigint";

const char *lock_key_text(struct arena *a, int64_t key)
{
    return arena_printf(a, "%" PRId64, key);
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
