#include "config.h"

#include "run/applied.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/arena.h"
#include "base/str.h"
#include "postgres/query.h"
#include "run/resume.h"
#include "run/story.h"
#include "sql/render.h"

enum { SECOND = 1000000 };

/* -- in the database ----------------------------------------------------------------------------
 */

enum applied_column { COLUMN_REVISION, COLUMN_VERB, COLUMN_BY, COLUMN_AT, COLUMN_PARTIAL };

const char *applied_sql(struct arena *a, const char *schema)
{
    const char *name = sql_identifier(a, schema);
    return arena_printf(
        a,
        "SELECT DISTINCT ON (s.revision) s.revision, s.verb, r.operator,\n"
        "       (1000000 * extract(epoch FROM s.committed_at))::bigint,\n"
        "       s.committed < s.statements AND r.closed IS NULL\n"
        "FROM %s.step s JOIN %s.run r ON r.run = s.run\n"
        "WHERE s.revision IS NOT NULL\n"
        "ORDER BY s.revision, s.committed_at DESC",
        name, name);
}

static struct applied *put(struct arena *a, struct map *out, const char *revision)
{
    struct applied *applied = ARENA_NEW(a, struct applied);
    map_put(out, revision, applied);
    return applied;
}

void applied_read(struct arena *a, const struct result *result, struct map *out)
{
    *out = MAP_IN(a);
    for (size_t row = 0; row < result_rows(result); row++)
        *put(a, out, result_get(result, row, COLUMN_REVISION)) = (struct applied){
            .by = arena_strdup(a, result_get(result, row, COLUMN_BY)),
            .at = strtoll(result_get(result, row, COLUMN_AT), NULL, 10),
            .downgrade = str_eq(result_get(result, row, COLUMN_VERB), "downgrade"),
            .partial = result_bool(result, row, COLUMN_PARTIAL),
        };
}

/* -- in local files -----------------------------------------------------------------------------
 */

/* "2026-11-22T13:33:41.126458Z"; 0: it is none. */
static int64_t time_of(const char *text)
{
    struct tm tm = {0};
    if (!text || sscanf(text, "%4d-%2d-%2dT%2d:%2d:%2d", &tm.tm_year, &tm.tm_mon, &tm.tm_mday,
                        &tm.tm_hour, &tm.tm_min, &tm.tm_sec) != 6)
        return 0;
    tm.tm_year -= 1900;
    tm.tm_mon--;
    return (int64_t)timegm(&tm) * SECOND;
}

/* When the last of the step's statements that were sent was. */
static const char *sent_at(const struct run_story *story, const struct story_step *step)
{
    const char *at = story->started;
    for (size_t i = 0; i < step->statements.len; i++)
        at = step->statements.at[i].at ? step->statements.at[i].at : at;
    return at;
}

static void take_story(struct arena *a, const struct run_story *story, struct map *out)
{
    for (size_t i = 0; i < story->steps.len; i++) {
        const struct story_step *step = &story->steps.at[i];
        bool whole = i < story->committed.step;
        bool part = i == story->committed.step && story->committed.statement > 0;
        if (!step->revision || map_has(out, step->revision) || !(whole || part))
            continue;
        *put(a, out, arena_strdup(a, step->revision)) = (struct applied){
            .by = arena_strdup(a, story->operator_name),
            .at = time_of(sent_at(story, step)),
            .downgrade = str_eq(step->verb, "downgrade"),
            .partial = part && !story->closed,
        };
    }
}

bool applied_read_local(struct arena *a, const char *journal_dir, const struct server_info *info,
                        applied_stop_fn stop, void *payload, struct map *out, struct err *err)
{
    struct path_list paths;
    *out = MAP_IN(a);
    if (!journal_list(a, journal_dir, &paths, err))
        return false;
    for (size_t i = 0; i < paths.len && !stop(out, payload); i++) {
        struct arena *own = arena_new();
        struct err problem = ERR_INIT; /* of one file, which tells nothing then */
        struct journal_file file = {.path = NULL};
        struct run_story story;
        if (journal_read(own, paths.at[i], &file, &problem) && file.state != JOURNAL_CHANGED &&
            run_story_read(own, &file, &story, &problem) && resume_is_of(&story, info))
            take_story(a, &story, out);
        journal_file_clear(&file);
        err_clear(&problem);
        arena_free(own);
    }
    return true;
}

bool applied_is_partial(const struct applied *applied, bool is_applied)
{
    return applied && applied->partial && applied->downgrade == is_applied;
}
