#include "config.h"

#include "postgres/activity.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "base/utf8.h"
#include "postgres/query.h"

enum { QUERY_MAX = 400, LISTED_MAX = 100 };

/* -- queries ------------------------------------------------------------------------------------
 */

const char activity_setup_sql[] = "SET application_name = 'retort watch'; SET statement_timeout = "
                                  "5000; SET lock_timeout = 1000";

const char activity_cancel_sql[] =
    "SELECT pg_catalog.pg_cancel_backend(pid) FROM pg_catalog.pg_stat_activity\n"
    "WHERE pid = $1::integer AND backend_start = $2::timestamptz";

const char activity_terminate_sql[] =
    "SELECT pg_catalog.pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity\n"
    "WHERE pid = $1::integer AND backend_start = $2::timestamptz";

/* A phase that waits counts sessions, one that loads tuples counts these, the others blocks. */
#define PROGRESS_INDEX                                                                             \
    "SELECT command, phase, relid::pg_catalog.regclass::text,\n"                                   \
    "       CASE WHEN phase LIKE 'waiting%' THEN lockers_done\n"                                   \
    "            WHEN phase LIKE '%tuples%' THEN tuples_done ELSE blocks_done END,\n"              \
    "       CASE WHEN phase LIKE 'waiting%' THEN lockers_total\n"                                  \
    "            WHEN phase LIKE '%tuples%' THEN tuples_total ELSE blocks_total END,\n"            \
    "       CASE WHEN phase LIKE 'waiting%' THEN 'sessions'\n"                                     \
    "            WHEN phase LIKE '%tuples%' THEN 'rows' ELSE 'blocks' END\n"                       \
    "FROM pg_catalog.pg_stat_progress_create_index WHERE pid = :pid\n"

#define PROGRESS_CLUSTER                                                                           \
    "UNION ALL\n"                                                                                  \
    "SELECT command, phase, relid::pg_catalog.regclass::text,\n"                                   \
    "       CASE WHEN phase LIKE '%scanning heap' THEN heap_blks_scanned\n"                        \
    "            WHEN phase LIKE 'rebuilding%' THEN index_rebuild_count\n"                         \
    "            ELSE heap_tuples_written END,\n"                                                  \
    "       CASE WHEN phase LIKE '%scanning heap' THEN heap_blks_total\n"                          \
    "            WHEN phase LIKE 'rebuilding%' THEN 0 ELSE heap_tuples_scanned END,\n"             \
    "       CASE WHEN phase LIKE '%scanning heap' THEN 'blocks'\n"                                 \
    "            WHEN phase LIKE 'rebuilding%' THEN 'indexes' ELSE 'rows' END\n"                   \
    "FROM pg_catalog.pg_stat_progress_cluster WHERE pid = :pid\n"

#define PROGRESS_VACUUM                                                                            \
    "UNION ALL\n"                                                                                  \
    "SELECT 'VACUUM', phase, relid::pg_catalog.regclass::text,\n"                                  \
    "       CASE WHEN phase = 'vacuuming heap' THEN heap_blks_vacuumed\n"                          \
    "            ELSE heap_blks_scanned END, heap_blks_total, 'blocks'\n"                          \
    "FROM pg_catalog.pg_stat_progress_vacuum WHERE pid = :pid\n"

#define PROGRESS_ANALYZE                                                                           \
    "UNION ALL\n"                                                                                  \
    "SELECT 'ANALYZE', phase, relid::pg_catalog.regclass::text, sample_blks_scanned,\n"            \
    "       sample_blks_total, 'blocks'\n"                                                         \
    "FROM pg_catalog.pg_stat_progress_analyze WHERE pid = :pid\n"

enum part { PART_SESSIONS, PART_LOCKS, PART_PROGRESS };

static const struct query_row {
    enum part part;
    int min_version;
    const char *sql;
} queries[] = {
#define ACTIVITY_QUERY(part, min_version, sql) {PART_##part, min_version, sql},
#include "postgres/activity_queries.def"
#undef ACTIVITY_QUERY
};

static void add_query(struct str *s, const char *sql, int pid)
{
    static const char word[] = ":pid";
    for (const char *p; (p = strstr(sql, word)); sql = p + sizeof(word) - 1)
        str_addf(s, "%.*s%d", (int)(p - sql), sql, pid);
    str_addf(s, "%s;\n", sql);
}

const char *activity_sql(struct arena *a, int server_version, int pid)
{
    struct str s = STR_IN(a);
    size_t part = 0;
    for (size_t i = 0; i < sizeof(queries) / sizeof(queries[0]); i++) {
        if (queries[i].part != part || server_version < queries[i].min_version)
            continue;
        add_query(&s, queries[i].sql, pid);
        part++;
    }
    return s.ptr;
}

/* -- answers ------------------------------------------------------------------------------------
 */

static const char *copy(struct arena *a, const char *text)
{
    return text && *text ? arena_strdup(a, text) : NULL;
}

static int64_t number(const char *text, int64_t none)
{
    return text ? strtoll(text, NULL, 10) : none;
}

/* "AccessShareLock" to "ACCESS SHARE". */
static const char *mode_words(struct arena *a, const char *mode)
{
    struct str s = STR_IN(a);
    size_t len = strlen(mode) - (str_ends_with(mode, "Lock") ? 4 : 0);
    for (size_t i = 0; i < len; i++) {
        if (i > 0 && isupper((unsigned char)mode[i]))
            str_addc(&s, ' ');
        str_addc(&s, (char)toupper((unsigned char)mode[i]));
    }
    return s.ptr ? s.ptr : "";
}

/* Of several modes, "AccessShareLock,RowExclusiveLock", each. */
static const char *modes_words(struct arena *a, const char *modes)
{
    struct str s = STR_IN(a);
    while (modes && *modes) {
        size_t len = strcspn(modes, ",");
        str_addf(&s, "%s%s", s.len > 0 ? ", " : "", mode_words(a, arena_strndup(a, modes, len)));
        modes += len + (modes[len] ? 1 : 0);
    }
    return s.ptr;
}

static const char *waits_for_words(struct arena *a, const char *mode, const char *type,
                                   const char *relation)
{
    static const struct {
        const char *type, *words;
    } types[] = {
        {"transactionid", "the end of a transaction"},
        {"virtualxid", "the end of a transaction"},
        {"tuple", "a row"},
        {"advisory", "an advisory lock"},
        {"extend", "room in a table"},
    };
    if (!mode || !type)
        return NULL;
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
        if (str_eq(type, types[i].type))
            return relation ? arena_printf(a, "%s of %s", types[i].words, relation)
                            : types[i].words;
    return arena_printf(a, "%s on %s", mode_words(a, mode), relation ? relation : type);
}

/* On one line, and not longer than what tells a query from another. */
static const char *clip(struct arena *a, const char *query)
{
    struct str s = STR_IN(a);
    while (query && *query && s.len < QUERY_MAX * UTF8_MAX) {
        bool blank = isspace((unsigned char)*query);
        if (!blank || (s.len > 0 && s.ptr[s.len - 1] != ' '))
            str_addc(&s, blank ? ' ' : *query);
        query++;
    }
    if (!s.len)
        return NULL;
    size_t end = utf8_offset(s.ptr, s.len, QUERY_MAX);
    if (end < s.len) {
        str_cut(&s, end);
        str_add(&s, " ...");
    }
    return s.ptr;
}

/* "{1,2}"; the same process may be named several times. */
static void read_pids(struct arena *a, const char *text, struct activity_row *row)
{
    while (text && (*text == '{' || *text == ',') && text[1] != '}') {
        char *end;
        int pid = (int)strtol(text + 1, &end, 10);
        size_t i = 0;
        while (i < row->blocked_by.len && row->blocked_by.at[i] != pid)
            i++;
        if (i == row->blocked_by.len)
            vec_push(a, &row->blocked_by, pid);
        text = end;
    }
}

static struct activity_row read_row(struct arena *a, const struct result *r, size_t i)
{
    static const char hidden[] = "<insufficient privilege>";
    const char *query = result_get(r, i, 7), *type = result_get(r, i, 8);
    struct activity_row row = {
        .session = {.pid = (int)number(result_get(r, i, 0), 0),
                    .application = copy(a, result_get(r, i, 2)),
                    .user = copy(a, result_get(r, i, 3)),
                    .client = copy(a, result_get(r, i, 4)),
                    .kind = copy(a, result_get(r, i, 5)),
                    .state = copy(a, result_get(r, i, 6)),
                    .query = str_eq(query, hidden) ? NULL : clip(a, query),
                    .started = copy(a, result_get(r, i, 10)),
                    .transaction_age = number(result_get(r, i, 11), -1),
                    .state_age = number(result_get(r, i, 12), -1),
                    .waits_for = waits_for_words(a, result_get(r, i, 13), result_get(r, i, 14),
                                                 result_get(r, i, 15)),
                    .holds = modes_words(a, result_get(r, i, 16))},
    };
    if (type && !str_eq(type, "Client"))
        row.wait = arena_printf(a, "%s: %s", type, result_get(r, i, 9));
    row.is_hidden = str_eq(query, hidden);
    read_pids(a, result_get(r, i, 1), &row);
    return row;
}

static void take_sessions(struct activity_reader *reader, const struct result *r)
{
    for (size_t i = 0; i < result_rows(r); i++)
        vec_push(reader->arena, &reader->rows, read_row(reader->arena, r, i));
}

/* Weakest first (PostgreSQL manual, "Table-Level Locks"). */
static int strength(const char *mode)
{
    static const char *const modes[] = {
        "ACCESS SHARE", "ROW SHARE",           "ROW EXCLUSIVE", "SHARE UPDATE EXCLUSIVE",
        "SHARE",        "SHARE ROW EXCLUSIVE", "EXCLUSIVE",     "ACCESS EXCLUSIVE"};
    for (int i = 0; i < (int)(sizeof(modes) / sizeof(modes[0])); i++)
        if (str_eq(modes[i], mode))
            return i;
    return -1;
}

static void take_locks(struct activity_reader *reader, const struct result *r)
{
    struct activity_locks *locks = &reader->activity.locks;
    for (size_t i = 0; i < result_rows(r); i++) { /* sorted by relation */
        struct activity_lock lock = {
            .relation = copy(reader->arena, result_get(r, i, 0)),
            .mode = mode_words(reader->arena, result_get(r, i, 1)),
        };
        struct activity_lock *last = locks->len > 0 ? &vec_last(locks) : NULL;
        if (!last || !str_eq(last->relation, lock.relation))
            vec_push(reader->arena, locks, lock);
        else if (strength(lock.mode) > strength(last->mode))
            *last = lock;
    }
}

static void take_progress(struct activity_reader *reader, const struct result *r)
{
    struct activity_progress *p = &reader->activity.progress;
    if (result_rows(r) == 0)
        return;
    p->command = copy(reader->arena, result_get(r, 0, 0));
    p->phase = arena_strdup(reader->arena, result_get(r, 0, 1) ? result_get(r, 0, 1) : "");
    p->relation = copy(reader->arena, result_get(r, 0, 2));
    p->done = number(result_get(r, 0, 3), 0);
    p->total = number(result_get(r, 0, 4), 0);
    p->unit = copy(reader->arena, result_get(r, 0, 5));
}

void activity_begin(struct activity_reader *reader, struct arena *a, int pid)
{
    *reader = (struct activity_reader){.arena = a, .pid = pid};
    reader->activity = (struct activity){.pid = pid,
                                         .statement_age = -1,
                                         .transaction_age = -1,
                                         .progress = {.rate = -1, .left = -1}};
}

void activity_take(struct activity_reader *reader, const struct result *result)
{
    static void (*const parts[])(struct activity_reader *,
                                 const struct result *) = {[PART_SESSIONS] = take_sessions,
                                                           [PART_LOCKS] = take_locks,
                                                           [PART_PROGRESS] = take_progress};
    _Static_assert(sizeof(parts) / sizeof(parts[0]) == ACTIVITY_PARTS, "a reader for each part");
    if (reader->part < ACTIVITY_PARTS)
        parts[reader->part++](reader, result);
}

/* -- trees --------------------------------------------------------------------------------------
 */

static const struct activity_row *find_row(const struct activity_reader *reader, int pid)
{
    for (size_t i = 0; i < reader->rows.len; i++)
        if (reader->rows.at[i].session.pid == pid)
            return &reader->rows.at[i];
    return NULL;
}

static bool is_listed(const struct activity_sessions *list, int pid)
{
    for (size_t i = 0; i < list->len; i++)
        if (list->at[i].pid == pid)
            return true;
    return false;
}

static bool waits_on(const struct activity_row *row, int pid)
{
    for (size_t i = 0; i < row->blocked_by.len; i++)
        if (row->blocked_by.at[i] == pid)
            return true;
    return false;
}

/* False when it is there already, or there is no more room. */
static bool list_session(struct activity_reader *reader, struct activity_sessions *list, int pid,
                         unsigned depth)
{
    const struct activity_row *row = find_row(reader, pid);
    if (pid == reader->pid || is_listed(list, pid) || list->len >= LISTED_MAX)
        return false;
    struct activity_session session = {.pid = pid, .transaction_age = -1, .state_age = -1};
    if (row)
        session = row->session;
    session.depth = depth;
    vec_push(reader->arena, list, session);
    return true;
}

static void add_blockers(struct activity_reader *reader, const struct activity_row *row,
                         unsigned depth)
{
    for (size_t i = 0; row && i < row->blocked_by.len; i++) {
        int pid = row->blocked_by.at[i];
        if (list_session(reader, &reader->activity.blockers, pid, depth))
            add_blockers(reader, find_row(reader, pid), depth + 1);
    }
}

static void add_victims(struct activity_reader *reader, int pid, unsigned depth)
{
    for (size_t i = 0; i < reader->rows.len; i++) {
        int victim = reader->rows.at[i].session.pid;
        if (waits_on(&reader->rows.at[i], pid) && !is_listed(&reader->activity.blockers, victim) &&
            list_session(reader, &reader->activity.victims, victim, depth))
            add_victims(reader, victim, depth + 1);
    }
}

void activity_finish(struct activity_reader *reader)
{
    struct activity *activity = &reader->activity;
    const struct activity_row *own = find_row(reader, reader->pid);
    for (size_t i = 0; i < reader->rows.len; i++)
        activity->hidden = activity->hidden || reader->rows.at[i].is_hidden;
    if (!own)
        return;
    bool is_active = str_eq(own->session.state, "active");
    activity->wait = is_active ? own->wait : NULL;
    activity->waits_for = own->session.waits_for;
    activity->statement_age = is_active ? own->session.state_age : -1;
    activity->transaction_age = own->session.transaction_age;
    add_blockers(reader, own, 0);
    add_victims(reader, reader->pid, 0);
}

/* -- words --------------------------------------------------------------------------------------
 */

double activity_percent(const struct activity_progress *progress)
{
    if (!progress->command || progress->total <= 0)
        return -1;
    double percent = 100.0 * (double)progress->done / (double)progress->total;
    return percent > 100 ? 100 : percent < 0 ? 0 : percent;
}

struct activity_session activity_session_copy(struct arena *a,
                                              const struct activity_session *session)
{
    struct activity_session to = *session;
    const char **texts[] = {&to.application, &to.user,    &to.client,    &to.kind, &to.state,
                            &to.query,       &to.started, &to.waits_for, &to.holds};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        *texts[i] = copy(a, *texts[i]);
    return to;
}

static void copy_sessions(struct arena *a, struct activity_sessions *sessions)
{
    struct activity_sessions from = *sessions;
    *sessions = (struct activity_sessions){0};
    for (size_t i = 0; i < from.len; i++)
        vec_push(a, sessions, activity_session_copy(a, &from.at[i]));
}

void activity_copy(struct arena *a, const struct activity *from, struct activity *to)
{
    *to = *from;
    const char **texts[] = {&to->problem,           &to->wait,
                            &to->waits_for,         &to->progress.command,
                            &to->progress.relation, &to->progress.unit};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        *texts[i] = copy(a, *texts[i]);
    to->progress.phase = from->progress.phase ? arena_strdup(a, from->progress.phase) : NULL;
    copy_sessions(a, &to->blockers);
    copy_sessions(a, &to->victims);
    to->locks = (struct activity_locks){0};
    for (size_t i = 0; i < from->locks.len; i++) {
        const struct activity_lock *lock = &from->locks.at[i];
        struct activity_lock own = {copy(a, lock->relation), copy(a, lock->mode)};
        vec_push(a, &to->locks, own);
    }
}

const char *activity_session_text(struct arena *a, const struct activity_session *session)
{
    struct str s = STR_IN(a);
    if (session->pid == 0)
        return "a prepared transaction (pg_prepared_xacts)";
    str_addf(&s, "pid %d", session->pid);
    if (session->application)
        str_addf(&s, ", %s", session->application);
    if (session->kind && !str_eq(session->kind, "client backend"))
        str_addf(&s, ", %s", session->kind);
    if (session->user)
        str_addf(&s, ", user %s", session->user);
    if (session->client)
        str_addf(&s, ", from %s", session->client);
    if (session->state && !str_eq(session->state, "active"))
        str_addf(&s, ", %s", session->state);
    return s.ptr;
}
