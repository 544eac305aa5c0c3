/*
 * The worker's process: forked, not executed, so that neither the plan nor a password passes
 * through arguments, files or the environment.
 *
 * It keeps nothing of its parent but memory: a session of its own (no terminal can signal it), no
 * descriptors, no buffers of stdio to write twice, no connection to close. It ends with _exit().
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/file.h"
#include "run/channel.h"
#include "run/protocol.h"
#include "run/worker.h"

enum {
    CLIENT_FD = 3,
    POLLS_MAX = 32,
    FAREWELL = 5000000, /* microseconds for clients to take what they were told last */
};

static volatile sig_atomic_t terminated;

static void on_terminate(int number)
{
    terminated = number;
}

/* -- becoming a process of one's own ------------------------------------------------------------
 */

/* Every handler of the parent is about the parent. Those that end a run are let in while waiting.
 */
static void set_signals(sigset_t *while_waiting)
{
    struct sigaction action = {.sa_handler = SIG_DFL};
    sigemptyset(&action.sa_mask);
    for (int number = 1; number < NSIG; number++)
        sigaction(number, &action, NULL); /* fails for those that cannot be caught */
    action.sa_handler = SIG_IGN;
    sigaction(SIGHUP, &action, NULL);
    sigaction(SIGPIPE, &action, NULL);
    sigaction(SIGXFSZ, &action,
              NULL); /* a limit of files' sizes: write() tells, and the run stops */
    action.sa_handler = on_terminate;
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    sigset_t blocked;
    sigemptyset(while_waiting);
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGTERM);
    sigaddset(&blocked, SIGINT);
    sigprocmask(SIG_SETMASK, &blocked, NULL);
}

static void close_above(int last)
{
    struct arena *a = arena_new();
    struct path_list fds = {0};
    struct err ignored = ERR_INIT;
    if (file_list(a, "/proc/self/fd", &fds, &ignored))
        for (size_t i = 0; i < fds.len; i++)
            if (atoi(fds.at[i]) > last)
                close(atoi(fds.at[i]));
    err_clear(&ignored);
    arena_free(a);
}

/*
 * The streams lead nowhere; the client is the only other descriptor that is left. It is moved
 * first: it may stand where a stream belongs that the parent had closed.
 */
static void set_descriptors(int client)
{
    if (client != CLIENT_FD)
        dup2(client, CLIENT_FD);
    int nowhere = open("/dev/null", O_RDWR);
    for (int fd = 0; nowhere >= 0 && fd <= STDERR_FILENO; fd++)
        dup2(nowhere, fd);
    close_above(CLIENT_FD);
}

/* -- the run ------------------------------------------------------------------------------------
 */

static void wait_once(const struct worker *w, int most, const sigset_t *mask)
{
    struct pollfd polls[POLLS_MAX];
    size_t n = worker_polls(w, polls, POLLS_MAX);
    int timeout = worker_timeout(w);
    if (most >= 0 && (timeout < 0 || timeout > most))
        timeout = most;
    struct timespec limit = {timeout / 1000, (long)(timeout % 1000) * 1000000};
    ppoll(polls, n, timeout < 0 ? NULL : &limit, mask);
}

/* Those who read are told how it ended; nobody is waited for longer than that. */
static void say_farewell(struct worker *w, const sigset_t *mask)
{
    int64_t till = clock_monotonic() + FAREWELL;
    while (!worker_is_silent(w) && clock_monotonic() < till) {
        wait_once(w, 100, mask);
        worker_advance(w);
    }
}

static void live(struct worker *w, const sigset_t *mask)
{
    bool told = false;
    worker_advance(w);
    while (!worker_is_over(w)) {
        wait_once(w, -1, mask);
        if (terminated && !told) {
            told = true;
            worker_stop(w, terminated == SIGTERM ? "the worker was terminated (SIGTERM)"
                                                 : "the worker was interrupted (SIGINT)");
        }
        worker_advance(w);
    }
    say_farewell(w, mask);
    worker_free(w);
}

static void say_failure(const struct err *err)
{
    struct channel channel;
    channel_open(&channel, CLIENT_FD, 0);
    channel_send(&channel, json_pack("{s:s, s:o}", "kind", "failed", "error", protocol_err(err)));
    channel_close(&channel);
}

static _Noreturn void worker_main(struct plan *plan, const struct database_url *url,
                                  const struct worker_settings *settings, int client)
{
    struct worker *w;
    struct err err = ERR_INIT;
    sigset_t mask;
    set_signals(&mask);
    set_descriptors(client);
    umask(077);
    if (worker_start(plan, url, settings, NULL, NULL, &w, &err)) {
        worker_add_client(w, CLIENT_FD);
        live(w, &mask);
        _exit(0);
    }
    say_failure(&err);
    _exit(1);
}

/* The process in between ends at once, so that nobody has to wait for the worker's end. */
bool worker_fork(struct plan *plan, const struct database_url *url,
                 const struct worker_settings *settings, int *fd, struct err *err)
{
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
        return err_set(err, ERR_IO, "socketpair: %s", strerror(errno));
    pid_t pid = fork();
    if (pid == 0) {
        setsid();
        pid_t worker = fork();
        if (worker == 0)
            worker_main(plan, url, settings, pair[1]);
        _exit(worker < 0 ? 1 : 0);
    }
    int code = errno, status = 0;
    close(pair[1]);
    while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
        continue;
    if (pid > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0) {
        *fd = pair[0];
        return true;
    }
    close(pair[0]);
    return err_set(err, ERR_IO, "fork: %s", strerror(pid < 0 ? code : EAGAIN));
}
