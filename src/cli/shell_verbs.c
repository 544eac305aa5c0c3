/* A line to its verb: the table, what stands behind a verb, help. */
#include "config.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/str.h"
#include "cli/report.h"
#include "cli/shell.h"
#include "cli/suggest.h"
#include "cli/usage.h"

const struct verb shell_verbs[] = {
#define VERB_CONSOLE(id, name, kind, usage, help)
#define VERB_BOTH VERB_SHELL
#define VERB_SHELL(id, name, kind, usage, help) {name, VERB_##kind, usage, help, shell_##id},
#include "run/verb.def"
#undef VERB_CONSOLE
#undef VERB_BOTH
#undef VERB_SHELL
};
const size_t shell_verb_count = sizeof(shell_verbs) / sizeof(shell_verbs[0]);

const struct verb *shell_verb_find(const char *name)
{
    static const struct {
        const char *alias, *name;
    } aliases[] = {
        {"s", "step"}, {"S", "step-revision"}, {"quit", "q"}, {"exit", "q"}, {"?", "help"}};
    for (size_t i = 0; i < sizeof(aliases) / sizeof(aliases[0]); i++)
        if (str_eq(name, aliases[i].alias))
            name = aliases[i].name;
    for (size_t i = 0; i < shell_verb_count; i++)
        if (str_eq(shell_verbs[i].name, name))
            return &shell_verbs[i];
    return NULL;
}

static bool is_one_of(const char *name, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(name, names[i]))
            return true;
    return false;
}

const struct command *shell_command_find(const char *name)
{
    /* Verbs that take the options of the command, and commands that mean nothing here. */
    static const char *const both[] = {"upgrade", "downgrade", "stamp", "plan"};
    static const char *const none[] = {"demo", "init", "list_templates", "shell"};
    bool takes = is_one_of(name, both, sizeof(both) / sizeof(both[0])) ||
                 (!shell_verb_find(name) && !is_one_of(name, none, sizeof(none) / sizeof(none[0])));
    return takes ? command_find(name) : NULL;
}

/* -- what a line is carried out with ------------------------------------------------------------
 */

static void add_values(struct arena *a, const struct cli *cli, enum option_id id,
                       struct shell_words *out)
{
    const struct arg_list *values = &cli->args.values[id];
    const char *sign = option_rows[id].letter ? arena_printf(a, "-%c", option_rows[id].letter)
                                              : arena_printf(a, "--%s", option_rows[id].word);
    for (size_t i = 0; i < values->len; i++) {
        vec_push(a, out, sign);
        vec_push(a, out, values->at[i]);
    }
}

/* What `retort shell` was called with, and what connect said instead. */
static void add_general(struct shell *sh, struct arena *a, struct shell_words *out)
{
    add_values(a, sh->cli, OPTION_CONFIG, out);
    add_values(a, sh->cli, OPTION_X, out);
    if (!sh->section)
        add_values(a, sh->cli, OPTION_NAME, out);
    if (!sh->section && !sh->url)
        add_values(a, sh->cli, OPTION_URL, out);
    add_values(a, sh->cli, OPTION_CONFIRM, out);
    if (cli_given(sh->cli, OPTION_YES))
        vec_push(a, out, "--yes");
    if (cli_given(sh->cli, OPTION_QUIET))
        vec_push(a, out, "-q");
    if (sh->section) {
        vec_push(a, out, "-n");
        vec_push(a, out, sh->section);
    }
    if (sh->url) {
        vec_push(a, out, "--url");
        vec_push(a, out, sh->url);
    }
}

bool shell_begin(struct shell *sh, const struct shell_words *words, struct cli *out,
                 struct err *err)
{
    struct shell_words all = {0};
    *out = (struct cli){.process = sh->cli->process, .arena = arena_new(), .log = sh->log,
                        .cancel = &sh->cancel, .settings = &sh->settings};
    add_general(sh, out->arena, &all);
    for (size_t i = 0; i < words->len; i++)
        vec_push(out->arena, &all, arena_strdup(out->arena, words->at[i]));
    vec_push(out->arena, &all, NULL);
    if (!args_parse(out->arena, all.at, &out->args, err))
        return false;
    size_t general = sh->url       ? 1
                     : sh->section ? 0
                                   : sh->cli->args.values[OPTION_URL].len;
    return out->args.values[OPTION_URL].len == general ||
           err_set(err, ERR_USAGE, "argument --url: connect works on another database");
}

bool shell_begin_plain(struct shell *sh, struct cli *out, struct err *err)
{
    const struct shell_words none = {0};
    return shell_begin(sh, &none, out, err);
}

void shell_end(struct cli *cli)
{
    cli_close(cli);
    if (cli->arena)
        arena_free(cli->arena);
    *cli = (struct cli){0};
}

/* Arguments of a verb that is no command: --yes, --confirm NAME, --help, and words. */
static bool read_arguments(struct cli *cli, const struct shell_words *words, struct err *err)
{
    struct args *args = &cli->args;
    for (size_t i = 1; i < words->len; i++) {
        const char *word = arena_strdup(cli->arena, words->at[i]);
        if (str_eq(word, "--yes")) {
            args->given[OPTION_YES] = true;
        } else if (str_eq(word, "--help") || str_eq(word, "-h")) {
            args->given[OPTION_HELP] = true;
        } else if (str_starts_with(word, "--confirm=")) {
            vec_push(cli->arena, &args->values[OPTION_CONFIRM], word + strlen("--confirm="));
        } else if (str_eq(word, "--confirm") && i + 1 < words->len) {
            vec_push(cli->arena, &args->values[OPTION_CONFIRM],
                     arena_strdup(cli->arena, words->at[++i]));
        } else if (str_starts_with(word, "--")) {
            return err_set(err, ERR_USAGE, "%s takes --yes, --confirm DBNAME and --help, not %s",
                           words->at[0], word);
        } else {
            vec_push(cli->arena, &args->positionals, word);
        }
    }
    args->given[OPTION_CONFIRM] = args->values[OPTION_CONFIRM].len > 0;
    return true;
}

int shell_report(struct cli *cli, const struct err *err)
{
    enum { EXIT_USAGE = 2 };
    if (err->code != ERR_USAGE || cli->args.usage_of)
        return report_err(cli, err);
    fflush(cli->process->out);
    fprintf(cli->process->errors, "retort: error: %s\n", err->message);
    if (err->hint)
        fprintf(cli->process->errors, "hint: %s\n", err->hint);
    return EXIT_USAGE;
}

/* -- commands of the command line ---------------------------------------------------------------
 */

static int run_command(struct cli *cli)
{
    struct err err = ERR_INIT;
    bool ok = cli_open(cli, cli->args.command->needs, &err) && cli->args.command->run(cli, &err);
    int status = ok ? cli->exit_code : report_err(cli, &err);
    fflush(cli->process->out);
    fflush(cli->process->errors);
    return status;
}

static void on_interrupt_apart(int number)
{
    if (cancel_raise())
        return;
    signal(number, SIG_DFL);
    raise(number);
}

/*
 * In a process of its own, which Ctrl-C ends like any command, unless it has something on its way
 * that a server would go on with: that is given up first, and the second Ctrl-C ends it. It ends as
 * _exit() does: what is open here is not its to close.
 */
static int run_apart(struct shell *sh, struct cli *cli)
{
    int result = 0;
    fflush(cli->process->out);
    fflush(cli->process->errors);
    pid_t pid = fork();
    if (pid < 0) {
        cli_warn(cli, "no process: %s", strerror(errno));
        return 1;
    }
    if (pid == 0) {
        struct sigaction action = {.sa_handler = on_interrupt_apart};
        sigemptyset(&action.sa_mask);
        sigaction(SIGINT, &action, NULL);
        signal(SIGTERM, SIG_DFL);
        signal(SIGHUP, SIG_DFL);
        _exit(run_command(cli));
    }
    while (waitpid(pid, &result, 0) < 0 && errno == EINTR)
        ;
    sh->seen = shell_interrupts;
    if (WIFEXITED(result))
        return WEXITSTATUS(result);
    if (WTERMSIG(result) == SIGINT) {
        struct err err = ERR_INIT;
        err_set(&err, ERR_CANCELLED, "cancelled");
        shell_report(cli, &err);
        err_clear(&err);
    } else {
        fputc('\n', cli->process->errors);
    }
    return 128 + WTERMSIG(result);
}

/* Commands that may write to the database: on a protected one not before unlock. */
static bool may_run(struct shell *sh, struct cli *cli, struct err *err)
{
    static const char *const writing[] = {"ensure_version", "resume"};
    const struct database_url *url;
    if (!is_one_of(cli->args.command->name, writing, sizeof(writing) / sizeof(writing[0])))
        return true;
    if (shell_is_running(sh))
        return err_set(err, ERR_BUSY, "a run is active; abort ends it");
    return cli_find_url(cli, &url, err) && shell_may_write(sh, cli, url, url->database, err);
}

static bool take_command(struct shell *sh, const struct shell_words *words)
{
    struct err err = ERR_INIT;
    struct cli cli;
    struct shell_words all = {0};
    for (size_t i = 0; i < words->len; i++)
        vec_push(NULL, &all, words->at[i]);
    if (words->len == 1 && str_eq(words->at[0], "show") && sh->selected)
        vec_push(NULL, &all, sh->selected);
    bool ok = shell_begin(sh, &all, &cli, &err);
    if (ok && cli_given(&cli, OPTION_HELP)) {
        fputs(usage_help(cli.arena, cli.args.command), cli.process->out);
    } else if (ok && may_run(sh, &cli, &err)) {
        sh->status = run_apart(sh, &cli);
        ok = sh->status == 0;
    } else {
        ok = false;
        sh->status = shell_report(&cli, &err);
    }
    vec_clear(&all);
    shell_end(&cli);
    err_clear(&err);
    return ok;
}

bool shell_pass(struct shell *sh, const char *const *words, size_t count)
{
    struct shell_words all = {0};
    for (size_t i = 0; i < count; i++)
        vec_push(NULL, &all, words[i]);
    bool ok = take_command(sh, &all);
    vec_clear(&all);
    return ok;
}

/* -- lines --------------------------------------------------------------------------------------
 */

static bool unknown_verb(struct arena *a, const char *name, struct err *err)
{
    struct shell_words known = {0};
    for (size_t i = 0; i < shell_verb_count; i++)
        vec_push(a, &known, shell_verbs[i].name);
    for (size_t i = 0; i < command_count; i++)
        if (shell_command_find(commands[i].name))
            vec_push(a, &known, commands[i].name);
    const char *near = suggest_word(name, known.at, known.len);
    err_set(err, ERR_USAGE, "no verb '%s'", name);
    return near ? err_hint(err, "did you mean '%s'?", near) : err_hint(err, "help lists them");
}

static void print_usage(struct cli *cli, const struct verb *verb)
{
    const struct command *command = shell_command_find(verb->name);
    cli_printf(cli, "%s: %s.\n", verb->usage, verb->help);
    if (command)
        fputs(usage_help(cli->arena, command), cli->process->out);
}

/* Whether the options ask for something to be printed or written, and for no plan to be kept. */
static bool only_shows(const struct cli *cli)
{
    static const enum option_id showing[] = {OPTION_SQL,  OPTION_OUTPUT, OPTION_SCRIPT,
                                             OPTION_SAVE, OPTION_DIFF,   OPTION_EDIT};
    for (size_t i = 0; i < sizeof(showing) / sizeof(showing[0]); i++)
        if (cli_given(cli, showing[i]))
            return true;
    return cli->args.command->run == cmd_plan &&
           (cli_given(cli, OPTION_JSON) || cli_given(cli, OPTION_PLAN));
}

static bool take_verb(struct shell *sh, const struct verb *verb, const struct shell_words *words,
                      int *status)
{
    struct err err = ERR_INIT;
    struct cli cli;
    const struct command *command = shell_command_find(verb->name);
    bool ok = command ? shell_begin(sh, words, &cli, &err)
                         : shell_begin_plain(sh, &cli, &err) && read_arguments(&cli, words, &err);
    if (ok && cli_given(&cli, OPTION_HELP))
        print_usage(&cli, verb);
    else if (ok && command && only_shows(&cli))
        ok = shell_pass(sh, words->at, words->len);
    else
        ok = ok && verb->run(sh, &cli, &err);
    fflush(cli.process->out);
    if (!ok)
        *status = err.code == ERR_NONE ? sh->status : shell_report(&cli, &err);
    shell_end(&cli);
    err_clear(&err);
    return ok;
}

bool shell_take(struct shell *sh, const char *line, int *status)
{
    struct err err = ERR_INIT;
    struct arena *a = arena_new();
    struct shell_words words;
    bool ok = shell_split(a, line, &words, &err);
    /* As in the full-screen console, where the colon comes first. */
    if (ok && words.len && *words.at[0] == ':')
        words.at[0]++;
    const struct verb *verb = ok && words.len ? shell_verb_find(words.at[0]) : NULL;
    if (verb)
        ok = take_verb(sh, verb, &words, status);
    else if (ok && words.len && shell_command_find(words.at[0]))
        ok = take_command(sh, &words);
    else if (ok && words.len)
        ok = unknown_verb(a, words.at[0], &err);
    if (err.code != ERR_NONE)
        *status = shell_report(sh->cli, &err);
    else if (!ok && !verb)
        *status = sh->status;
    err_clear(&err);
    arena_free(a);
    return ok;
}

/* -- asking -------------------------------------------------------------------------------------
 */

bool shell_confirm(struct shell *sh, struct cli *cli, enum confirm_kind kind, const char *action,
                   const char *database, const char *host, struct err *err)
{
    shell_line_flush(sh->line);
    fflush(cli->process->out);
    if (sh->interactive)
        clearerr(cli->process->in);
    bool ok = cli_open(cli, NEEDS_CONFIG, err) &&
              confirm(cli, kind, action, database, shell_host(host), err);
    sh->seen = shell_interrupts;
    return ok;
}

char shell_ask(struct shell *sh, const char *question)
{
    char answer[64];
    const struct cli_process *p = sh->cli->process;
    if (!sh->interactive)
        return 0;
    shell_line_flush(sh->line);
    clearerr(p->in);
    fflush(p->out);
    fputs(question, p->errors);
    fflush(p->errors);
    bool read = fgets(answer, sizeof(answer), p->in) && strlen(answer) == 2;
    sh->seen = shell_interrupts;
    return read ? answer[0] : '\0';
}

/* -- help ---------------------------------------------------------------------------------------
 */

bool shell_help(struct shell *sh, struct cli *cli, struct err *err)
{
    (void)sh;
    if (cli->args.positionals.len) {
        const char *name = cli->args.positionals.at[0];
        const struct verb *verb = shell_verb_find(name);
        const struct command *command = shell_command_find(name);
        if (verb)
            print_usage(cli, verb);
        else if (command)
            fputs(usage_help(cli->arena, command), cli->process->out);
        else
            return unknown_verb(cli->arena, name, err);
        return true;
    }
    for (size_t i = 0; i < shell_verb_count; i++)
        cli_printf(cli, "  %-18s %s\n", shell_verbs[i].usage, shell_verbs[i].help);
    cli_print(cli, "\nAnd commands, as on the command line, with their options:\n");
    for (size_t i = 0; i < command_count; i++)
        if (!shell_verb_find(commands[i].name) && shell_command_find(commands[i].name))
            cli_printf(cli, "  %-18s %s\n", commands[i].name, commands[i].help);
    return true;
}
