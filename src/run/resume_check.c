#include "config.h"

#include "run/resume_check.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "postgres/query.h"
#include "postgres/server.h"

/* Reads a journal; false when it is none of a run on this database that broke off. */
static bool read_case(struct arena *a, const char *path, const struct server_info *info,
                      struct resume_case *one)
{
    struct err err = ERR_INIT;
    bool ok = journal_read(a, path, &one->file, &err) &&
              run_story_read(a, &one->file, &one->story, &err) &&
              resume_is_of(&one->story, info) && one->story.end != STORY_RUNNING &&
              !one->story.closed;
    err_clear(&err);
    return ok;
}

/* Whether one of these goes on with the run: it was killed before it could close that one. */
static bool is_continued(const struct resume_cases *cases, const struct run_story *story)
{
    for (size_t i = 0; i < cases->len; i++)
        if (str_eq(journal_text(cases->at[i]->file.records.at[0], "continues", NULL),
                   story->run_id))
            return true;
    return false;
}

bool resume_gather(struct arena *a, const char *journal_dir, struct connection *conn,
                   const struct server_info *info, enum resume_guess guess,
                   struct resume_cases *out, struct err *err)
{
    struct path_list paths;
    struct resume_cases read = {0}, continued = {0};
    *out = (struct resume_cases){0};
    if (!resume_find(a, journal_dir, &paths, err))
        return false;
    for (size_t i = 0; i < paths.len; i++) {
        struct resume_case *one = ARENA_NEW(a, struct resume_case);
        if (read_case(a, paths.at[i], info, one))
            vec_push(a, &read, one);
        else
            journal_file_clear(&one->file);
    }
    for (size_t i = 0; i < read.len; i++)
        vec_push(a, is_continued(&read, &read.at[i]->story) ? &continued : out, read.at[i]);
    for (size_t i = 0; i < continued.len; i++)
        journal_file_clear(&continued.at[i]->file);
    bool ok = true;
    for (size_t i = 0; ok && i < out->len; i++) {
        struct resume_case *one = out->at[i];
        ok = resume_look(a, conn, &one->file, &one->story, guess, &one->found, err);
    }
    return ok;
}

void resume_cases_clear(struct resume_cases *list)
{
    for (size_t i = 0; i < list->len; i++) {
        plan_clear(list->at[i]->found.plan);
        journal_file_clear(&list->at[i]->file);
    }
}

static const char *who_and_when(struct arena *a, const struct run_story *story)
{
    return arena_printf(a, "run %s (%s by %s)", story->run_id, run_story_what(a, story),
                        story->operator_name);
}

bool resume_must_decide(struct arena *a, const struct resume_case *one, struct err *err)
{
    const char *who = who_and_when(a, &one->story);
    struct run_story as_found = one->story;
    as_found.committed = one->found.at;
    switch (one->found.state) {
    case RESUME_CLEAN:
    case RESUME_MOVED_ON:
        return false;
    case RESUME_AT_WORK:
        err_set(err, ERR_BUSY, "%s broke off, but a session of it is still at work on the server",
                who);
        break;
    case RESUME_UNSURE:
        err_set(err, ERR_STALE,
                "%s broke off, and whether its last statement was carried out is not known", who);
        break;
    case RESUME_HALF_DONE:
        err_set(err, ERR_STALE, "%s broke off in the middle of a revision: %s", who,
                run_story_committed(a, &as_found));
        break;
    }
    err_hint(err, "`retort resume %s` shows it; %s", one->story.run_id, one->found.next);
    return true;
}

/* Closes what needs no decision. */
static bool settle(struct arena *a, const struct resume_check *check, struct connection *conn,
                   const struct resume_case *one, struct name_list *said, struct err *err)
{
    bool is_clean = one->found.state == RESUME_CLEAN;
    const char *how = is_clean ? "nothing was half done" : "the database has moved on";
    if (resume_must_decide(a, one, err))
        return false;
    if (check->only_look)
        return true;
    if (!resume_close(one->story.path, how, check->operator_name, NULL, err)) {
        if (err->code != ERR_BUSY)
            return false;
        err_clear(err); /* somebody else is at it: the advisory lock will tell */
        return true;
    }
    resume_close_rows(a, conn, &one->story, how);
    vec_push(a, said,
             arena_printf(a, "%s broke off: %s; %s", who_and_when(a, &one->story),
                          run_story_committed(a, &one->story), how));
    return true;
}

static bool check_on(struct arena *a, const struct resume_check *check, struct connection *conn,
                     struct name_list *said, struct err *err)
{
    struct resume_cases cases = {0};
    struct server_info asked;
    const struct server_info *info = check->info;
    if (!info) {
        if (!server_info_query(a, conn, &asked, err))
            return false;
        info = &asked;
    }
    bool ok = resume_gather(a, check->journal_dir, conn, info, RESUME_ASK, &cases, err);
    for (size_t i = 0; ok && i < cases.len; i++)
        ok = settle(a, check, conn, cases.at[i], said, err);
    resume_cases_clear(&cases);
    return ok;
}

bool resume_before_run(struct arena *a, const struct resume_check *check, struct name_list *said,
                       struct err *err)
{
    struct path_list paths;
    struct connection *conn;
    *said = (struct name_list){0};
    if (!resume_find(a, check->journal_dir, &paths, err))
        return false;
    if (!paths.len)
        return true;
    if (!connection_open_until(check->url, check->log, check->interrupt, &conn, err))
        return false;
    bool ok = check_on(a, check, conn, said, err);
    connection_close(conn);
    return ok;
}
