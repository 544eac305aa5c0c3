#include "config.h"

#include "ui/editor.h"

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "run/editor.h"
#include "ui/console.h"
#include "ui/screen.h"
#include "ui/signals.h"
#include "ui/ui.h"

static int run_editor(const struct word_list *argv)
{
    pid_t pid = fork();
    if (pid == 0) {
        signal(SIGPIPE, SIG_DFL);
        signal(SIGINT, SIG_DFL);
        signal(SIGQUIT, SIG_DFL);
        execv(argv->at[0], (char *const *)(uintptr_t)argv->at);
        _exit(127);
    }
    int status = -1;
    while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
        continue;
    return status;
}

bool editor_open_at(struct console *c, const char *path, size_t line)
{
    struct arena *a = arena_new();
    struct word_list argv;
    struct err err = ERR_INIT;
    bool ok = editor_command(a, c->options->environ_, path, line, &argv, &err);
    if (ok) {
        screen_leave();
        signals_leave_to_child();
        ok = run_editor(&argv) == 0;
        signals_return();
        screen_return();
        if (!ok)
            console_complain(c, "%s ended with an error", argv.at[0]);
    } else {
        console_show_err(c, &err);
    }
    err_clear(&err);
    arena_free(a);
    return ok;
}
