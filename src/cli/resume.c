#include "config.h"

#include "cli/resume.h"

#include "base/arena.h"
#include "base/err.h"
#include "cli/cli.h"
#include "cli/open.h"
#include "cli/runs.h"
#include "postgres/query.h"

/* Reads a journal; false when it is none of this database's. */
static bool read_story(struct cli *cli, const char *path, const struct server_info *info,
                       struct cli_resume *one)
{
    struct err err = ERR_INIT;
    bool ok = journal_read(cli->arena, path, &one->file, &err) &&
              run_story_read(cli->arena, &one->file, &one->story, &err) &&
              resume_is_of(&one->story, info) && one->story.end != STORY_RUNNING &&
              !one->story.closed;
    err_clear(&err);
    return ok;
}

bool resume_gather(struct cli *cli, struct connection *conn, const struct server_info *info,
                   enum resume_guess guess, struct cli_resume_list *out, struct err *err)
{
    const char *dir = cli_journal_dir(cli, err);
    struct path_list paths;
    *out = (struct cli_resume_list){0};
    if (!dir || !resume_find(cli->arena, dir, &paths, err))
        return false;
    for (size_t i = 0; i < paths.len; i++) {
        struct cli_resume *one = ARENA_NEW(cli->arena, struct cli_resume);
        if (!read_story(cli, paths.at[i], info, one)) {
            journal_file_clear(&one->file);
            continue;
        }
        vec_push(cli->arena, out, one);
        if (!resume_look(cli->arena, conn, &one->file, &one->story, guess, &one->found, err))
            return false;
    }
    return true;
}

void resume_clear(struct cli_resume_list *list)
{
    for (size_t i = 0; i < list->len; i++) {
        plan_clear(list->at[i]->found.plan);
        journal_file_clear(&list->at[i]->file);
    }
}

/* -- before a new run ---------------------------------------------------------------------------
 */

static const char *who_and_when(struct cli *cli, const struct run_story *story)
{
    return arena_printf(cli->arena, "run %s (%s by %s, %s)", story->run_id,
                        run_story_what(cli->arena, story), story->operator_name,
                        runs_time(cli->arena, story->started));
}

static bool must_decide(struct cli *cli, const struct cli_resume *one, struct err *err)
{
    const struct run_story *story = &one->story;
    struct run_story as_found = *story;
    as_found.committed = one->found.at;
    if (one->found.state == RESUME_AT_WORK)
        err_set(err, ERR_BUSY, "%s broke off, but a session of it is still at work on the server",
                who_and_when(cli, story));
    else if (one->found.state == RESUME_UNSURE)
        err_set(err, ERR_STALE, "%s broke off, and whether its last statement was carried out is "
                                "not known", who_and_when(cli, story));
    else
        err_set(err, ERR_STALE, "%s broke off in the middle of a revision: %s",
                who_and_when(cli, story), run_story_committed(cli->arena, &as_found));
    return err_hint(err, "`retort resume %s` shows it; %s", story->run_id, one->found.next);
}

static bool settle(struct cli *cli, const struct cli_resume *one, bool only_warn, struct err *err)
{
    enum resume_state state = one->found.state;
    bool is_clean = state == RESUME_CLEAN, moved_on = state == RESUME_MOVED_ON;
    if (!is_clean && !moved_on)
        return must_decide(cli, one, err);
    if (only_warn)
        return true;
    const char *how = is_clean ? "nothing was half done" : "the database has moved on";
    if (!resume_close(one->story.path, how, cli_operator(cli), NULL, err))
        return err->code == ERR_BUSY; /* somebody else is at it; the lock will tell */
    cli_warn(cli, "%s broke off; %s: %s", who_and_when(cli, &one->story),
             run_story_committed(cli->arena, &one->story), how);
    return true;
}

static bool settle_all(struct cli *cli, const struct cli_resume_list *list, bool only_warn,
                       struct err *err)
{
    for (size_t i = 0; i < list->len; i++) {
        if (settle(cli, list->at[i], only_warn, err))
            continue;
        if (!only_warn)
            return false;
        cli_warn(cli, "%s%s%s", err->message, err->hint ? "; " : "", err->hint ? err->hint : "");
        err_clear(err);
    }
    return true;
}

/* Most of the time there is none, and nothing is asked. */
static bool is_there_any(struct cli *cli, bool *any, struct err *err)
{
    const char *dir = cli_journal_dir(cli, err);
    struct path_list paths;
    if (!dir || !resume_find(cli->arena, dir, &paths, err))
        return false;
    *any = paths.len > 0;
    return true;
}

bool resume_before_run(struct cli *cli, const struct database_url *url,
                       const struct server_info *info, bool only_warn, struct err *err)
{
    struct connection *conn;
    struct cli_resume_list list;
    bool any = false;
    if (!is_there_any(cli, &any, err))
        return false;
    if (!any)
        return true;
    if (!connection_open(url, &cli->log, &conn, err))
        return false;
    bool ok = resume_gather(cli, conn, info, RESUME_ASK, &list, err) &&
              settle_all(cli, &list, only_warn, err);
    resume_clear(&list);
    connection_close(conn);
    return ok;
}
