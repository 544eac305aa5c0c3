#include "config.h"

#include "ui/editor.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/str.h"
#include "ui/console.h"
#include "ui/screen.h"
#include "ui/ui.h"

static const char *variable(const struct console *c, const char *name)
{
    size_t len = strlen(name);
    for (const char *const *e = c->options->environ_; e && *e; e++)
        if (strncmp(*e, name, len) == 0 && (*e)[len] == '=' && (*e)[len + 1])
            return *e + len + 1;
    return NULL;
}

/* $EDITOR may hold arguments, so the shell splits it; the path is an argument of its own. */
static int run_editor(const char *editor, const char *line, const char *path)
{
    struct str command = STR_INIT;
    str_addf(&command, "%s \"$@\"", editor);
    pid_t pid = fork();
    if (pid == 0) {
        signal(SIGPIPE, SIG_DFL);
        execl("/bin/sh", "sh", "-c", command.ptr, "sh", line, path, (char *)NULL);
        _exit(127);
    }
    str_clear(&command);
    int status = -1;
    while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
        continue;
    return status;
}

bool editor_open_at(struct console *c, const char *path, size_t line)
{
    const char *editor = variable(c, "VISUAL");
    struct str place = STR_INIT;
    if (!editor)
        editor = variable(c, "EDITOR");
    if (!editor)
        editor = "vi";
    str_addf(&place, "+%zu", line);
    screen_leave();
    int status = run_editor(editor, place.ptr, path);
    screen_return();
    str_clear(&place);
    if (status != 0)
        console_complain(c, "%s ended with an error", editor);
    return status == 0;
}
