#include "config.h"

#include "cli/cli.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <string.h>

#include "base/arena.h"
#include "base/environ.h"
#include "base/err.h"
#include "cli/help.h"
#include "cli/open.h"
#include "cli/report.h"
#include "cli/version.h"

/* What "%(levelname)-5.5s" makes of each level, in the log format of Alembic's templates. */
static const char *const level_names[] = {
    [LOG_DEBUG] = "DEBUG", [LOG_SQL] = "SQL  ", [LOG_INFO] = "INFO ",
    [LOG_WARNING] = "WARNI", [LOG_ERROR] = "ERROR",
};

enum { EXIT_SIGPIPE = 128 + SIGPIPE };

static void log_to_errors(enum log_level level, const char *origin, const char *text, void *payload)
{
    const struct cli *cli = payload;
    if (level >= LOG_INFO)
        fprintf(cli->process->errors, "%s [%s] %s\n", level_names[level], origin, text);
}

void cli_print_sql(struct cli *cli, const char *text)
{
    fputs(text, cli->process->out);
}

void cli_print(struct cli *cli, const char *text)
{
    if (!cli_given(cli, OPTION_QUIET))
        fputs(text, cli->process->out);
}

void cli_printf(struct cli *cli, const char *fmt, ...)
{
    if (cli_given(cli, OPTION_QUIET))
        return;
    va_list ap;
    va_start(ap, fmt);
    vfprintf(cli->process->out, fmt, ap);
    va_end(ap);
}

FILE *cli_beside(const struct cli *cli)
{
    return cli_given(cli, OPTION_JSON) ? cli->process->errors : cli->process->out;
}

void cli_warn(struct cli *cli, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    fputs("retort: warning: ", cli->process->errors);
    vfprintf(cli->process->errors, fmt, ap);
    fputc('\n', cli->process->errors);
    va_end(ap);
}

bool cli_given(const struct cli *cli, enum option_id id)
{
    return cli->args.given[id];
}

const char *cli_value(const struct cli *cli, enum option_id id)
{
    return args_value(&cli->args, id);
}

const char *cli_getenv(const struct cli *cli, const char *name)
{
    return environ_get(cli->process->environ_, name);
}

static bool run_console(struct cli *cli, struct err *err)
{
    const struct cli_process *process = cli->process;
    if (!process->console || !process->in_is_terminal || !process->out_is_terminal) {
        err_set(err, ERR_USAGE, "too few arguments");
        return err_hint(err, "without a command retort is the console, which needs a terminal on "
                             "standard input and output");
    }
    cli->exit_code = process->console(cli, err);
    return err->code == ERR_NONE;
}

static bool run(struct cli *cli, struct err *err)
{
    if (!args_parse(cli->arena, cli->process->argv, &cli->args, err))
        return false;
    if (cli_given(cli, OPTION_VERSION)) {
        version_print(cli);
        return true;
    }
    if (cli_given(cli, OPTION_HELP)) {
        help_print(cli, cli->args.command);
        return true;
    }
    if (!cli->args.command)
        return run_console(cli, err);
    return cli_open(cli, cli->args.command->needs, err) && cli->args.command->run(cli, err);
}

/*
 * Output that was lost is an error like any other, except that a reader who has gone away (a pager
 * that was left) is nothing to talk about.
 */
static int close_output(struct cli *cli, int status)
{
    if (fflush(cli->process->out) == 0 && !ferror(cli->process->out))
        return status;
    if (errno == EPIPE) /* as if it had been ended by SIGPIPE, which shells take for no failure */
        return status ? status : EXIT_SIGPIPE;
    fprintf(cli->process->errors, "retort: error: standard output: %s\n", strerror(errno));
    return status ? status : 1;
}

int cli_main(const struct cli_process *process)
{
    struct cli cli = {.process = process, .arena = arena_new()};
    cli.log = (struct log){log_to_errors, &cli};
    struct err err = ERR_INIT;
    int status = run(&cli, &err) ? cli.exit_code : report_err(&cli, &err);
    status = close_output(&cli, status);
    err_clear(&err);
    cli_close(&cli);
    arena_free(cli.arena);
    return status;
}
