/* Gathers the process's world and hands it to the command line. */
#include "config.h"

#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/file.h"
#include "cli/cli.h"

static int terminal_columns(void)
{
    struct winsize size;
    return ioctl(STDIN_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

int main(int argc, char **argv)
{
    setlocale(LC_CTYPE, "");
    signal(SIGPIPE, SIG_IGN); /* a reader that goes away must not end a run */
    struct arena *a = arena_new();
    struct cli_process process = {
        .argv = (const char *const *)argv + (argc > 0),
        .environ_ = (const char *const *)environ,
        .cwd = path_absolute(a, "."),
        .in = stdin,
        .out = stdout,
        .errors = stderr,
        .in_is_terminal = isatty(STDIN_FILENO) == 1,
        .out_is_terminal = isatty(STDOUT_FILENO) == 1,
        .errors_is_terminal = isatty(STDERR_FILENO) == 1,
        .columns = terminal_columns(),
    };
    int status = cli_main(&process);
    arena_free(a);
    return status;
}
