/* resume: runs that broke off, what is left of them, and what to do about it. */
#include "config.h"

#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "cli/confirm.h"
#include "cli/json.h"
#include "cli/migrate.h"
#include "cli/open.h"
#include "cli/runs.h"
#include "postgres/query.h"
#include "postgres/server.h"
#include "run/resume_check.h"

static const struct {
    enum option_id option;
    const char *flag, *means;
} moves[RESUME_MOVES] = {
    [RESUME_CONTINUE] = {OPTION_CONTINUE, "--continue", "go on with it"},
    [RESUME_UNDO] = {OPTION_UNDO, "--undo", "take back what is committed of the revision"},
    [RESUME_MARK_DONE] = {OPTION_MARK_DONE, "--mark-done",
                          "write the version table as if the revision were done; runs nothing"},
    [RESUME_MARK_NOT_DONE] = {OPTION_MARK_NOT_DONE, "--mark-not-done",
                              "close the run; the database stays as it is"},
};

static const char *const state_words[] = {
    [RESUME_CLEAN] = "clean",        [RESUME_HALF_DONE] = "half done", [RESUME_UNSURE] = "unsure",
    [RESUME_AT_WORK] = "at work",    [RESUME_MOVED_ON] = "moved on",
};

/* -- showing ------------------------------------------------------------------------------------
 */

static void print_one(struct cli *cli, const struct resume_case *one)
{
    struct str out = STR_IN(cli->arena);
    const struct run_story *s = &one->story;
    str_addf(&out, "run %s: %s by %s, %s: %s\n", s->run_id, run_story_what(cli->arena, s),
             s->operator_name, runs_time(cli->arena, s->started), run_story_state(s));
    if (s->message)
        str_addf(&out, "  it stopped: %s\n", s->message);
    for (const char *line = one->found.text; *line;) {
        size_t len = strcspn(line, "\n");
        str_addf(&out, "  %.*s\n", (int)len, line);
        line += len + (line[len] ? 1 : 0);
    }
    for (size_t i = 0; i < RESUME_MOVES; i++)
        str_addf(&out, "  %-16s %s%s\n", moves[i].flag,
                 one->found.refused[i] ? "not possible: " : moves[i].means,
                 one->found.refused[i] ? one->found.refused[i] : "");
    str_addf(&out, "  next: %s\n", one->found.next);
    cli_print(cli, out.ptr);
}

static json_t *one_json(struct cli *cli, const struct resume_case *one)
{
    const struct cli_run run = {.file = one->file, .story = one->story, .is_run = true};
    json_t *o = runs_json(cli->arena, &run), *possible = json_array();
    json_object_set_new(o, "found", json_text(state_words[one->found.state]));
    json_object_set_new(o, "at", json_pack("[I, I]", (json_int_t)one->found.at.step,
                                           (json_int_t)one->found.at.statement));
    json_object_set_new(o, "text", json_text(one->found.text));
    json_object_set_new(o, "next", json_text(one->found.next));
    for (size_t i = 0; i < RESUME_MOVES; i++)
        if (!one->found.refused[i])
            json_array_append_new(possible, json_text(moves[i].flag + 2));
    json_object_set_new(o, "moves", possible);
    return o;
}

static void show(struct cli *cli, const struct resume_cases *list)
{
    if (cli_given(cli, OPTION_JSON)) {
        json_t *root = json_new(), *runs = json_array();
        for (size_t i = 0; i < list->len; i++)
            json_array_append_new(runs, one_json(cli, list->at[i]));
        json_object_set_new(root, "runs", runs);
        json_print(cli, root);
        return;
    }
    for (size_t i = 0; i < list->len; i++)
        print_one(cli, list->at[i]);
    if (list->len == 0)
        cli_print(cli, "no run on this database has broken off\n");
}

/* -- doing --------------------------------------------------------------------------------------
 */

static bool plan_loses(const struct plan *plan, struct position from)
{
    if (plan->verb == PLAN_DOWNGRADE)
        return true;
    for (size_t i = from.step; i < plan->steps.len; i++)
        for (size_t j = i == from.step ? from.statement : 0;
             j < plan->steps.at[i].statements.len; j++)
            if (!plan->steps.at[i].statements.at[j].version_row &&
                plan->steps.at[i].statements.at[j].effect.loses_data)
                return true;
    return false;
}

static const char *host_of(const struct server_info *info)
{
    return info->host && *info->host && *info->host != '/' ? info->host : "this machine";
}

static void tell_done(struct cli *cli, const struct resume_case *one, enum resume_move move)
{
    bool closed = move == RESUME_MARK_NOT_DONE;
    if (!cli_given(cli, OPTION_JSON)) {
        cli_printf(cli, "run %s is %s%s\n", one->story.run_id,
                   closed ? "marked as not done" : resume_move_name(move),
                   closed ? "; the database is as it was" : "");
        return;
    }
    json_t *root = json_new();
    json_object_set_new(root, "run", json_text(one->story.run_id));
    json_object_set_new(root, "move", json_text(moves[move].flag + 2));
    json_print(cli, root);
}

/* Ends the run without touching the database. */
static bool close_it(struct cli *cli, const struct resume_case *one, struct connection *conn,
                     const struct server_info *info, struct err *err)
{
    const char *action = arena_printf(cli->arena, "mark run %s as not done", one->story.run_id);
    if (!confirm(cli, CONFIRM_YES, action, info->database, host_of(info), err) ||
        !resume_close(one->story.path, resume_move_name(RESUME_MARK_NOT_DONE), cli_operator(cli),
                      NULL, err))
        return false;
    resume_close_rows(cli->arena, conn, &one->story, resume_move_name(RESUME_MARK_NOT_DONE));
    tell_done(cli, one, RESUME_MARK_NOT_DONE);
    return true;
}

static bool carry_out(struct cli *cli, struct resume_case *one, enum resume_move move,
                      const struct database_url *url, const struct server_info *info,
                      struct err *err)
{
    struct position start;
    struct plan *plan;
    bool loses = move == RESUME_UNDO && one->found.undo_loses;
    if (!resume_plan(cli->arena, &one->found, move, &plan, &start, err))
        return false;
    const struct run_resumed resumed = {
        .run = one->story.run_id,
        .journal_path = one->story.path,
        .how = resume_move_name(move),
        .start = {start.step, start.statement},
    };
    loses = loses || (move == RESUME_CONTINUE && plan_loses(plan, resumed.start));
    const char *action = arena_printf(cli->arena, "%s of run %s (%s)", moves[move].flag + 2,
                                      one->story.run_id, run_story_what(cli->arena, &one->story));
    if (!confirm(cli, loses ? CONFIRM_NAME : CONFIRM_YES, action, info->database, host_of(info),
                 err) ||
        !migrate_run(cli, plan, url, &resumed, err))
        return false;
    tell_done(cli, one, move);
    return true;
}

/* -- the command --------------------------------------------------------------------------------
 */

/* False: none; of two at once the arguments know (exclusions.def). */
static bool chosen_move(const struct cli *cli, enum resume_move *move)
{
    for (size_t i = 0; i < RESUME_MOVES; i++)
        if (cli_given(cli, moves[i].option)) {
            *move = (enum resume_move)i;
            return true;
        }
    return false;
}

static bool chosen_guess(struct cli *cli, enum resume_guess *guess, struct err *err)
{
    const char *text = cli_value(cli, OPTION_ASSUME);
    *guess = RESUME_ASK;
    if (str_eq(text, "done"))
        *guess = RESUME_TAKE_AS_DONE;
    else if (str_eq(text, "not-done"))
        *guess = RESUME_TAKE_AS_NOT_DONE;
    else if (text)
        return err_set(err, ERR_USAGE, "--assume takes done or not-done, not '%s'", text);
    return true;
}

/* Leaves only the run that was named; without a name, a move needs to have only one. */
static bool choose(struct cli *cli, struct resume_cases *list, bool has_move, struct err *err)
{
    const char *name = cli->args.positionals.len ? cli->args.positionals.at[0] : NULL;
    size_t kept = 0;
    for (size_t i = 0; i < list->len; i++) {
        const char *id = list->at[i]->story.run_id;
        struct resume_case *one = list->at[i];
        if (name && !str_starts_with(id, name) && !str_ends_with(id, name))
            continue;
        list->at[i] = list->at[kept]; /* all stay in the list, to be freed */
        list->at[kept++] = one;
    }
    if (name && kept == 0) {
        err_set(err, ERR_USAGE, "no run on this database that is called '%s' has broken off", name);
        return err_hint(err, "`retort resume` lists those that have, `retort runs` all");
    }
    if (has_move && kept != 1)
        return kept == 0 ? err_set(err, ERR_USAGE, "no run on this database has broken off")
                         : err_set(err, ERR_USAGE, "several runs have broken off: name one");
    list->len = kept;
    return true;
}

static bool resume(struct cli *cli, struct connection *conn, const struct database_url *url,
                   struct err *err)
{
    struct server_info info;
    struct resume_cases list = {0};
    enum resume_move move = RESUME_CONTINUE;
    enum resume_guess guess;
    bool has_move = chosen_move(cli, &move);
    if (!chosen_guess(cli, &guess, err) ||
        !server_info_query(cli->arena, conn, &info, err))
        return false;
    const char *dir = cli_journal_dir(cli, err);
    bool ok = dir && resume_gather(cli->arena, dir, conn, &info, guess, &list, err);
    struct resume_cases all = list;
    ok = ok && choose(cli, &list, has_move, err);
    if (ok && !has_move)
        show(cli, &list);
    else if (ok && list.at[0]->found.refused[move])
        ok = err_set(err, ERR_COMMAND, "%s: %s", moves[move].flag,
                     list.at[0]->found.refused[move]);
    else if (ok)
        ok = move == RESUME_MARK_NOT_DONE ? close_it(cli, list.at[0], conn, &info, err)
                                          : carry_out(cli, list.at[0], move, url, &info, err);
    resume_cases_clear(&all);
    return ok;
}

bool cmd_resume(struct cli *cli, struct err *err)
{
    const struct database_url *url;
    struct connection *conn;
    if (!cli_find_url(cli, &url, err) || !connection_open(url, &cli->log, &conn, err))
        return false;
    bool ok = resume(cli, conn, url, err);
    connection_close(conn);
    return ok;
}
