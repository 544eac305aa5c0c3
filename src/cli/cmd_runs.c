/* runs: the journal. A list, one run in full, an export, and whether anything was changed. */
#include "config.h"

#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/file.h"
#include "base/str.h"
#include "cli/cli.h"
#include "cli/json.h"
#include "cli/runs.h"

/* -- the list -----------------------------------------------------------------------------------
 */

static void print_list(struct cli *cli, const struct cli_run_list *list)
{
    for (size_t i = 0; i < list->len; i++) {
        const struct run_story *s = &list->at[i]->story;
        if (!list->at[i]->is_run) {
            cli_warn(cli, "%s holds no run", list->at[i]->file.path);
            continue;
        }
        cli_printf(cli, "%s  %s  %s  %s  %s: %s\n", s->run_id, runs_time(cli->arena, s->started),
                   s->operator_name, runs_database(cli->arena, s),
                   run_story_what(cli->arena, s), runs_result(cli->arena, s));
        if (list->at[i]->file.state == JOURNAL_CHANGED)
            cli_warn(cli, "%s: the journal was changed at line %zu", list->at[i]->file.path,
                     list->at[i]->file.line);
    }
    if (list->len == 0)
        cli_print(cli, "no runs\n");
}

static void print_list_json(struct cli *cli, const struct cli_run_list *list)
{
    json_t *root = json_new(), *runs = json_array();
    for (size_t i = 0; i < list->len; i++)
        json_array_append_new(runs, runs_json(cli->arena, list->at[i]));
    json_object_set_new(root, "runs", runs);
    json_print(cli, root);
}

/* -- one run ------------------------------------------------------------------------------------
 */

/* Each line of the text with blanks in front. */
static void add_indented(struct str *out, const char *text)
{
    for (const char *line = text; *line;) {
        size_t len = strcspn(line, "\n");
        str_addf(out, "        %.*s\n", (int)len, line);
        line += len + (line[len] ? 1 : 0);
    }
}

/* What became of a statement, in words. */
static const char *fate_of(struct arena *a, const struct run_story *story,
                           const struct story_statement *s, bool committed)
{
    switch (s->state) {
    case STORY_NOT_SENT:
        return "not run";
    case STORY_SENT:
        return "sent; no answer is known";
    case STORY_EXECUTED:
        return committed            ? "committed"
               : story->commit_sent ? "executed; whether its COMMIT took effect is not known here"
                                    : "executed, not committed";
    case STORY_FAILED:
        return s->sqlstate && *s->sqlstate
                   ? arena_printf(a, "failed (SQLSTATE %s): %s", s->sqlstate, s->message)
                   : arena_printf(a, "failed: %s", s->message ? s->message : "");
    case STORY_SKIPPED:
        return "left out by the operator";
    case STORY_ROLLED_BACK:
        break;
    }
    return "rolled back";
}

static void add_statement(struct arena *a, struct str *out, const struct run_story *story,
                          size_t step, size_t n)
{
    const struct story_statement *s = &story->steps.at[step].statements.at[n];
    bool committed = step < story->committed.step ||
                     (step == story->committed.step && n < story->committed.statement);
    str_addf(out, "    %zu. ", n + 1);
    if (s->at && strlen(s->at) > 20)
        str_addf(out, "%.12s ", s->at + 11);
    str_add(out, fate_of(a, story, s, committed));
    if (s->tag && *s->tag)
        str_addf(out, ", %s", s->tag);
    if (s->microseconds >= 0)
        str_addf(out, ", %.3f s", (double)s->microseconds / 1e6);
    if (s->at && !s->in_transaction)
        str_add(out, ", outside of a transaction");
    if (s->rendered)
        str_add(out, ", edited");
    str_addc(out, '\n');
    if (s->detail)
        add_indented(out, s->detail);
    if (s->sql)
        add_indented(out, s->sql);
}

static void add_step(struct arena *a, struct str *out, const struct run_story *story, size_t i)
{
    const struct story_step *step = &story->steps.at[i];
    str_addf(out, "\n%zu of %zu: %s %s -> %s\n", i + 1, story->steps.len, step->verb,
             *step->from ? step->from : "base", *step->to ? step->to : "base");
    bool sent = false;
    for (size_t n = 0; n < step->statements.len; n++)
        sent = sent || step->statements.at[n].sql;
    for (size_t n = 0; sent && n < step->statements.len; n++)
        add_statement(a, out, story, i, n);
    if (!sent)
        str_addf(out, "    not begun; %zu %s\n", step->statements.len,
                 step->statements.len == 1 ? "statement" : "statements");
}

static void print_run(struct cli *cli, const struct cli_run *run)
{
    const struct run_story *s = &run->story;
    struct arena *a = cli->arena;
    struct str out = STR_IN(a);
    str_addf(&out, "%s: %s: %s\n", s->run_id, run_story_what(a, s), runs_result(a, s));
    str_addf(&out, "  began     %s\n", runs_time(a, s->started));
    str_addf(&out, "  %s  %s\n", s->end == STORY_DONE || s->end == STORY_STOPPED ? "ended   "
                                                                                 : "last    ",
             runs_time(a, s->ended));
    str_addf(&out, "  by        %s (user %s on %s, retort %s)\n", s->operator_name, s->os_user,
             s->host, s->retort);
    str_addf(&out, "  database  %s", runs_database(a, s));
    if (s->connected)
        str_addf(&out, ", port %s, user %s", s->port, s->user);
    str_addf(&out, "\n  journal   %s\n", s->path);
    if (run->file.problem)
        str_addf(&out, "            line %zu: %s\n", run->file.line, run->file.problem);
    str_addf(&out, "  result    %s\n", run_story_committed(a, s));
    if (s->message)
        str_addf(&out, "  stopped   %s\n", s->message);
    if (s->closed)
        str_addf(&out, "  later     %s, %s%s%s\n", runs_time(a, s->closed_at), s->closed,
                 s->closed_by ? " by run " : "", s->closed_by ? s->closed_by : "");
    for (size_t i = 0; i < s->steps.len; i++)
        add_step(a, &out, s, i);
    cli_print(cli, out.ptr);
}

/* -- the chain ----------------------------------------------------------------------------------
 */

static bool verify(struct cli *cli, const struct cli_run_list *list)
{
    size_t changed = 0;
    json_t *runs = json_array();
    for (size_t i = 0; i < list->len; i++) {
        const struct cli_run *run = list->at[i];
        const struct journal_file *f = &run->file;
        bool running = journal_is_in_use(f->path);
        changed += f->state == JOURNAL_CHANGED;
        json_array_append_new(runs, runs_json(cli->arena, run));
        if (cli_given(cli, OPTION_JSON))
            continue;
        if (f->state == JOURNAL_CHANGED)
            cli_printf(cli, "%s: CHANGED at line %zu of %s: %s\n", f->run_id, f->line, f->path,
                       f->problem);
        else
            cli_printf(cli, "%s: %zu %s, the chain is whole%s\n", f->run_id, f->records.len,
                       f->records.len == 1 ? "record" : "records",
                       f->state != JOURNAL_CUT_OFF ? ""
                       : running                   ? "; one is being written"
                                                   : "; the last record is cut off");
    }
    cli->exit_code = changed > 0 ? 1 : 0;
    if (!cli_given(cli, OPTION_JSON)) {
        json_decref(runs);
        return true;
    }
    json_t *root = json_new();
    json_object_set_new(root, "changed", json_integer((json_int_t)changed));
    json_object_set_new(root, "runs", runs);
    json_print(cli, root);
    return true;
}

/* -- the command --------------------------------------------------------------------------------
 */

/* The file as it is, so that its chain can be verified elsewhere. */
static bool export_run(struct cli *cli, const struct cli_run *run, struct err *err)
{
    const char *path = path_join(cli->arena, cli->process->cwd, cli_value(cli, OPTION_EXPORT));
    char *text;
    size_t len;
    if (!file_read(cli->arena, run->file.path, (size_t)1 << 30, &text, &len, err))
        return false;
    if (!file_write(path, text, len, 0600, false, err))
        return false;
    if (!cli_given(cli, OPTION_JSON))
        return true;
    json_t *root = json_new();
    json_object_set_new(root, "run", json_text(run->file.run_id));
    json_object_set_new(root, "exported", json_text(path));
    json_print(cli, root);
    return true;
}

static bool one_run(struct cli *cli, struct cli_run *run, struct err *err)
{
    struct cli_run_list list = {.at = &run, .len = 1, .cap = 1};
    if (cli_given(cli, OPTION_VERIFY))
        return verify(cli, &list);
    if (cli_given(cli, OPTION_EXPORT))
        return export_run(cli, run, err);
    if (!run->is_run)
        return err_set(err, ERR_IO, "%s: this is no journal of a run", run->file.path);
    if (cli_given(cli, OPTION_JSON)) {
        json_t *root = json_new();
        json_object_set_new(root, "run", runs_json_full(cli->arena, run));
        json_print(cli, root);
        return true;
    }
    print_run(cli, run);
    if (run->file.state == JOURNAL_CHANGED)
        cli_warn(cli, "the journal was changed at line %zu: %s", run->file.line,
                 run->file.problem);
    return true;
}

bool cmd_runs(struct cli *cli, struct err *err)
{
    struct cli_run *run = NULL;
    struct cli_run_list list = {0};
    if (cli->args.positionals.len > 0) {
        if (!runs_find(cli, cli->args.positionals.at[0], &run, err))
            return false;
        bool ok = one_run(cli, run, err);
        journal_file_clear(&run->file);
        return ok;
    }
    if (cli_given(cli, OPTION_EXPORT))
        return err_set(err, ERR_USAGE, "--export needs to know which run");
    if (!runs_read(cli, &list, err))
        return false;
    if (cli_given(cli, OPTION_VERIFY))
        verify(cli, &list);
    else if (cli_given(cli, OPTION_JSON))
        print_list_json(cli, &list);
    else
        print_list(cli, &list);
    runs_clear(&list);
    return true;
}
