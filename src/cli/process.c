#include "config.h"

#include "cli/process.h"

#include <errno.h>
#include <spawn.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"
#include "cli/cli.h"

static int spawn(const struct cli *cli, const char *const *argv, const char *cwd, pid_t *pid)
{
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    if (cli_given(cli, OPTION_JSON)) /* standard output is the answer's alone */
        posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO);
    if (cwd)
        posix_spawn_file_actions_addchdir_np(&actions, cwd);
    /* posix_spawn() takes pointers to what it does not change. */
    int code = posix_spawnp(pid, argv[0], &actions, NULL, (char *const *)(uintptr_t)argv,
                            (char *const *)(uintptr_t)cli->process->environ_);
    posix_spawn_file_actions_destroy(&actions);
    return code;
}

bool process_run(struct cli *cli, const char *const *argv, const char *cwd, int *status,
                 struct err *err)
{
    pid_t pid;
    int result;
    fflush(cli->process->out);
    fflush(cli->process->errors);
    int code = spawn(cli, argv, cwd, &pid);
    if (code != 0)
        return err_set(err, ERR_COMMAND, "%s: %s", argv[0], strerror(code));
    while (waitpid(pid, &result, 0) < 0)
        if (errno != EINTR)
            return err_set(err, ERR_COMMAND, "%s: %s", argv[0], strerror(errno));
    *status = WIFEXITED(result) ? WEXITSTATUS(result) : 128 + WTERMSIG(result);
    return true;
}
