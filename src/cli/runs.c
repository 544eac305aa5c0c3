#include "config.h"

#include "cli/runs.h"

#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "cli/cli.h"
#include "cli/json.h"
#include "cli/open.h"

/* -- reading ------------------------------------------------------------------------------------
 */

/* What is no journal of a run is still a file of the folder: --verify names it. */
static struct cli_run *read_run(struct cli *cli, const char *path, struct err *err)
{
    struct cli_run *run = ARENA_NEW(cli->arena, struct cli_run);
    struct err none = ERR_INIT;
    if (!journal_read(cli->arena, path, &run->file, err))
        return NULL;
    run->is_run = run_story_read(cli->arena, &run->file, &run->story, &none);
    err_clear(&none);
    return run;
}

bool runs_read(struct cli *cli, struct cli_run_list *out, struct err *err)
{
    const char *dir = cli_journal_dir(cli, err);
    struct path_list paths;
    *out = (struct cli_run_list){0};
    if (!dir || !journal_list(cli->arena, dir, &paths, err))
        return false;
    for (size_t i = 0; i < paths.len; i++) {
        struct err problem = ERR_INIT;
        struct cli_run *run = read_run(cli, paths.at[i], &problem);
        if (run)
            vec_push(cli->arena, out, run);
        else
            cli_warn(cli, "%s", problem.message);
        err_clear(&problem);
    }
    return true;
}

static bool is_called(const char *path, const char *name)
{
    const char *id = path_base(path);
    size_t len = strlen(id) - strlen(".jsonl"), n = strlen(name);
    return n > 0 && n <= len &&
           (memcmp(id, name, n) == 0 || memcmp(id + len - n, name, n) == 0);
}

bool runs_find(struct cli *cli, const char *name, struct cli_run **out, struct err *err)
{
    const char *dir = cli_journal_dir(cli, err), *found = NULL;
    struct path_list paths;
    if (!dir || !journal_list(cli->arena, dir, &paths, err))
        return false;
    for (size_t i = 0; i < paths.len; i++) {
        if (!is_called(paths.at[i], name))
            continue;
        if (found) {
            err_set(err, ERR_USAGE, "several runs are called '%s'", name);
            return err_hint(err, "`retort runs` lists them");
        }
        found = paths.at[i];
    }
    if (!found) {
        err_set(err, ERR_USAGE, "no run is called '%s'", name);
        return err_hint(err, "`retort runs` lists those in %s", dir);
    }
    *out = read_run(cli, found, err);
    return *out != NULL;
}

void runs_clear(struct cli_run_list *list)
{
    for (size_t i = 0; i < list->len; i++)
        journal_file_clear(&list->at[i]->file);
}

/* -- words --------------------------------------------------------------------------------------
 */

const char *runs_result(struct arena *a, const struct run_story *story)
{
    struct str s = STR_IN(a);
    size_t all = story->steps.len, done = story->committed.step;
    str_add(&s, run_story_state(story));
    if (done < all)
        str_addf(&s, ", %zu of %zu %s", done, all, all == 1 ? "revision" : "revisions");
    else if (all > 0)
        str_addf(&s, ", %zu %s", all, all == 1 ? "revision" : "revisions");
    if (story->committed.statement > 0)
        str_addf(&s, " and a part of the next");
    if (story->closed)
        str_addf(&s, "; %s", story->closed);
    else if (run_story_is_open(story))
        str_add(&s, "; look at `retort resume`");
    return s.ptr;
}

const char *runs_database(struct arena *a, const struct run_story *story)
{
    if (!story->connected)
        return "not connected";
    bool local = !*story->server_host || *story->server_host == '/';
    return arena_printf(a, "%s on %s", story->database,
                        local ? "this machine" : story->server_host);
}

const char *runs_time(struct arena *a, const char *at)
{
    if (!at || strlen(at) < 20)
        return "";
    return arena_printf(a, "%.10s %.8sZ", at, at + 11);
}

/* -- JSON ---------------------------------------------------------------------------------------
 */

static void put(json_t *o, const char *key, const char *text)
{
    json_object_set_new(o, key, json_text(text));
}

static void put_number(json_t *o, const char *key, int64_t number)
{
    json_object_set_new(o, key, number < 0 ? json_null() : json_integer(number));
}

static const char *const chain_words[] = {
    [JOURNAL_WHOLE] = "whole",
    [JOURNAL_CUT_OFF] = "cut off",
    [JOURNAL_CHANGED] = "changed",
};

json_t *runs_json(struct arena *a, const struct cli_run *run)
{
    const struct run_story *s = &run->story;
    json_t *o = json_object();
    put(o, "run", run->file.run_id);
    put(o, "journal", run->file.path);
    put(o, "chain", chain_words[run->file.state]);
    if (run->file.problem) {
        json_object_set_new(o, "line", json_integer((json_int_t)run->file.line));
        put(o, "problem", run->file.problem);
    }
    if (!run->is_run)
        return o;
    put(o, "state", run_story_state(s));
    put(o, "began", s->started);
    put(o, "last_record", s->ended);
    put(o, "operator", s->operator_name);
    put(o, "os_user", s->os_user);
    put(o, "host", s->host);
    put(o, "verb", s->verb);
    put(o, "target", s->target);
    put(o, "scope", s->scope);
    put(o, "database", s->connected ? s->database : NULL);
    put(o, "server_host", s->connected ? s->server_host : NULL);
    json_object_set_new(o, "steps", json_integer((json_int_t)s->steps.len));
    json_object_set_new(o, "committed", json_pack("[I, I]", (json_int_t)s->committed.step,
                                                  (json_int_t)s->committed.statement));
    put(o, "committed_text", run_story_committed(a, s));
    put(o, "not_known", s->commit_sent ? "commit" : s->statement_sent ? "statement" : NULL);
    json_object_set_new(o, "needs_attention", json_boolean(run_story_is_open(s)));
    put(o, "message", s->message);
    put(o, "closed", s->closed);
    put(o, "closed_by", s->closed_by);
    return o;
}

static const char *const statement_words[] = {
    [STORY_NOT_SENT] = "not run", [STORY_SENT] = "sent",       [STORY_EXECUTED] = "executed",
    [STORY_FAILED] = "failed",    [STORY_SKIPPED] = "skipped", [STORY_ROLLED_BACK] = "rolled back",
};

static json_t *statement_json(const struct story_statement *s)
{
    json_t *o = json_object();
    put(o, "state", statement_words[s->state]);
    put(o, "sql", s->sql);
    if (s->rendered)
        put(o, "rendered", s->rendered);
    if (!s->at)
        return o;
    put(o, "sent", s->at);
    json_object_set_new(o, "in_transaction", json_boolean(s->in_transaction));
    put(o, "tag", s->tag);
    put_number(o, "rows", s->rows);
    put_number(o, "microseconds", s->microseconds);
    if (s->sqlstate || s->message) {
        put(o, "sqlstate", s->sqlstate);
        put(o, "message", s->message);
        put(o, "detail", s->detail);
    }
    return o;
}

json_t *runs_json_full(struct arena *a, const struct cli_run *run)
{
    json_t *o = runs_json(a, run), *steps = json_array();
    for (size_t i = 0; i < run->story.steps.len; i++) {
        const struct story_step *step = &run->story.steps.at[i];
        json_t *one = json_object(), *statements = json_array();
        put(one, "revision", step->revision);
        put(one, "verb", step->verb);
        put(one, "from", step->from);
        put(one, "to", step->to);
        for (size_t j = 0; j < step->statements.len; j++)
            json_array_append_new(statements, statement_json(&step->statements.at[j]));
        json_object_set_new(one, "statements", statements);
        json_array_append_new(steps, one);
    }
    json_object_set_new(o, "steps", steps);
    return o;
}
