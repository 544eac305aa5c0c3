/* Gathers the process's world and hands it to the command line, which may start the console. */
#include "config.h"

#include <fcntl.h>
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/file.h"
#include "cli/argv.h"
#include "cli/cli.h"
#include "cli/migrate.h"
#include "cli/open.h"
#include "cli/visible.h"
#include "config/config.h"
#include "ui/ui.h"

static int terminal_columns(void)
{
    struct winsize size;
    return ioctl(STDIN_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

/* The console on the same project, database and settings that the commands would use. */
static int start_console(struct cli *cli, struct err *err)
{
    struct config_request request;
    struct name_list x;
    struct runner_settings settings;
    struct worker_settings workers;
    const char *idle_fd = cli_getenv(cli, "RETORT_IDLE_FD");
    if (!cli_open(cli, NEEDS_CONFIG, err) || !migrate_settings(cli, &settings, err) ||
        !migrate_worker_settings(cli, &settings, &workers, err))
        return 1;
    cli_config_request(cli, &request);
    cli_x_arguments(cli, &x);
    const struct ui_options options = {
        .config = &request,
        .environ_ = cli->process->environ_,
        .x_arguments = &x,
        .url_option = cli_value(cli, OPTION_URL),
        .run = &workers,
        .script = cli_getenv(cli, "RETORT_SCRIPT"),
        .frames = cli_getenv(cli, "RETORT_FRAMES"),
        .idle_fd = idle_fd ? atoi(idle_fd) : -1,
    };
    return ui_main(&options, err);
}

/*
 * A standard descriptor that is closed would become that of the next file or connection opened,
 * and what is printed would go there. It becomes one that fails instead.
 */
static void fill_standard_descriptors(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", fd ? O_RDONLY : O_WRONLY) != fd)
            _exit(2);
}

/*
 * A stream that was closed (`retort history >&-`) must not become the number of the next file that
 * is opened, such as a journal: then output would go there. The place is held by something that
 * cannot be used the way the stream would be, so that using it is an error.
 */
static void hold_standard_streams(void)
{
    static const int modes[] = {
        [STDIN_FILENO] = O_WRONLY, [STDOUT_FILENO] = O_RDONLY, [STDERR_FILENO] = O_RDONLY};
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", modes[fd]) < 0)
            _exit(1);
}

int main(int argc, char **argv)
{
    hold_standard_streams();
    fill_standard_descriptors();
    setlocale(LC_CTYPE, "");
    signal(SIGPIPE, SIG_IGN); /* a reader that goes away must not end a run */
    signal(SIGXFSZ, SIG_IGN); /* nor a limit of files' sizes: write() tells, and the run stops */
    struct arena *a = arena_new();
    struct cli_process process = {
        .argv = argv_take(a, argv + (argc > 0)),
        .environ_ = (const char *const *)environ,
        .cwd = path_absolute(a, "."),
        .in = stdin,
        .out = stdout,
        .errors = stderr,
        .in_is_terminal = isatty(STDIN_FILENO) == 1,
        .out_is_terminal = isatty(STDOUT_FILENO) == 1,
        .errors_is_terminal = isatty(STDERR_FILENO) == 1,
        .columns = terminal_columns(),
        .console = start_console,
        .console_library = ui_library(),
    };
    FILE *out = process.out_is_terminal ? visible_open(STDOUT_FILENO, _IOLBF) : NULL;
    FILE *errors = process.errors_is_terminal ? visible_open(STDERR_FILENO, _IONBF) : NULL;
    if (out)
        process.out = out;
    if (errors)
        process.errors = errors;
    int status = cli_main(&process);
    if (out)
        fclose(out);
    if (errors)
        fclose(errors);
    arena_free(a);
    return status;
}
