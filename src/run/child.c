#include "config.h"

#include "run/child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"

enum {
    TICK = 50,             /* milliseconds: how soon its end is seen */
    PATIENCE = 3000000,    /* microseconds between the signals that end it */
    LINE_MAX_BYTES = 1 << 16,
    ANSWER_MAX = 1 << 26,
    CHUNK = 1 << 14,
};

struct child {
    pid_t pid;
    int out, channel; /* -1: closed, or never there */
    struct str line;  /* what came after the last line's end */
    bool line_is_long; /* the rest of it is dropped */
    size_t printed, limit;
    struct str answer;
    child_line_fn on_line;
    void *payload;
    int64_t deadline; /* monotonic; 0: none */
    int64_t next_signal; /* when the next one is due; 0: none was sent */
    int signals_sent;
    enum child_end why; /* it is ended by us; CHILD_RUNNING: it is not */
    enum child_end end;
    int status;
};

/* -- starting -----------------------------------------------------------------------------------
 */

struct ends {
    int out[2], channel[2]; /* [1] is the child's; channel -1: there is none */
};

static void close_ends(struct ends *ends)
{
    for (int i = 0; i < 2; i++) {
        if (ends->out[i] >= 0)
            close(ends->out[i]);
        if (ends->channel[i] >= 0)
            close(ends->channel[i]);
        ends->out[i] = ends->channel[i] = -1;
    }
}

static bool open_ends(const struct child_request *request, struct ends *ends, struct err *err)
{
    *ends = (struct ends){{-1, -1}, {-1, -1}};
    bool ok = pipe2(ends->out, O_CLOEXEC) == 0 &&
              (!request->input ||
               socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends->channel) == 0);
    /* What it is given must fit into the socket: nobody waits for the child to read it. */
    size_t len = request->input ? strlen(request->input) : 0;
    ok = ok && (!len || send(ends->channel[0], request->input, len, MSG_DONTWAIT | MSG_NOSIGNAL) ==
                            (ssize_t)len);
    ok = ok && (!request->input || shutdown(ends->channel[0], SHUT_WR) == 0) &&
         fcntl(ends->out[0], F_SETFL, O_NONBLOCK) == 0 &&
         (!request->input || fcntl(ends->channel[0], F_SETFL, O_NONBLOCK) == 0);
    if (ok)
        return true;
    err_set(err, ERR_IO, "%s: %s", request->argv[0], strerror(errno));
    close_ends(ends);
    return false;
}

/*
 * In the child, between fork and exec: only async-signal-safe calls. A session of its own has no
 * terminal; should retort be killed, it does not go on alone.
 */
static _Noreturn void become(const struct child_request *request, const struct ends *ends,
                             pid_t parent)
{
    sigset_t none;
    sigemptyset(&none);
    for (int sig = 1; sig < NSIG; sig++)
        signal(sig, SIG_DFL);
    sigprocmask(SIG_SETMASK, &none, NULL);
    int nowhere = open("/dev/null", O_RDONLY);
    /* Out of the way of the numbers that they are to have. */
    int out = fcntl(ends->out[1], F_DUPFD, 10);
    int channel = ends->channel[1] >= 0 ? fcntl(ends->channel[1], F_DUPFD, 10) : -1;
    if (setsid() < 0 || (request->cwd && chdir(request->cwd) != 0) || nowhere < 0 || out < 0 ||
        dup2(nowhere, STDIN_FILENO) < 0 || dup2(out, STDOUT_FILENO) < 0 ||
        dup2(out, STDERR_FILENO) < 0 || (channel >= 0 && dup2(channel, CHILD_CHANNEL) < 0))
        _exit(126);
    for (int fd = CHILD_CHANNEL + (channel >= 0 ? 1 : 0); fd < 1024; fd++)
        close(fd);
    if (prctl(PR_SET_PDEATHSIG, SIGTERM) != 0 || getppid() != parent)
        _exit(126);
    execve(request->argv[0], (char *const *)(uintptr_t)request->argv,
           (char *const *)(uintptr_t)request->environ_);
    _exit(127);
}

bool child_start(const struct child_request *request, struct child **out, struct err *err)
{
    struct ends ends;
    *out = NULL;
    if (!open_ends(request, &ends, err))
        return false;
    pid_t parent = getpid(), pid = fork();
    if (pid == 0)
        become(request, &ends, parent);
    if (pid < 0) {
        err_set(err, ERR_IO, "fork: %s", strerror(errno));
        close_ends(&ends);
        return false;
    }
    close(ends.out[1]);
    if (ends.channel[1] >= 0)
        close(ends.channel[1]);
    struct child *child = mem_zalloc(sizeof(*child));
    *child = (struct child){
        .pid = pid,
        .out = ends.out[0],
        .channel = ends.channel[0],
        .line = STR_INIT,
        .answer = STR_INIT,
        .limit = request->output_limit,
        .on_line = request->on_line,
        .payload = request->payload,
        .deadline = request->time_limit ? clock_monotonic() + request->time_limit * 1000 : 0,
    };
    *out = child;
    return true;
}

/* -- ending it ----------------------------------------------------------------------------------
 */

/* Its group is its own: it has called setsid(), or will not have begun. */
static void send_signal(struct child *child)
{
    static const int signals[] = {SIGINT, SIGTERM, SIGKILL};
    int number = signals[child->signals_sent < 2 ? child->signals_sent : 2];
    if (kill(-child->pid, number) != 0)
        kill(child->pid, number);
    child->signals_sent++;
    child->next_signal = clock_monotonic() + PATIENCE;
}

static void end_for(struct child *child, enum child_end why)
{
    if (child->why == CHILD_RUNNING)
        child->why = why;
    send_signal(child);
}

void child_cancel(struct child *child)
{
    if (child->end == CHILD_RUNNING)
        end_for(child, CHILD_CANCELLED);
}

static void check_time(struct child *child)
{
    int64_t now = clock_monotonic();
    if (child->next_signal ? now >= child->next_signal : child->deadline && now >= child->deadline)
        end_for(child, CHILD_TIMED_OUT);
}

/* -- what it says -------------------------------------------------------------------------------
 */

static void tell_line(struct child *child)
{
    if (child->line.len > 0 && child->line.ptr[child->line.len - 1] == '\r')
        str_cut(&child->line, child->line.len - 1);
    if (child->on_line)
        child->on_line(child->line.ptr, child->line.len, child->payload);
    str_cut(&child->line, 0);
    child->line_is_long = false;
}

static void take_output(struct child *child, const char *text, size_t len)
{
    child->printed += len;
    if (child->limit && child->printed > child->limit) {
        if (child->why == CHILD_RUNNING)
            end_for(child, CHILD_TOO_LOUD);
        return; /* read on, so that it can end, but tell nobody */
    }
    for (size_t i = 0; i < len; i++) {
        if (text[i] == '\n') {
            tell_line(child);
        } else if (child->line.len < LINE_MAX_BYTES) {
            str_addc(&child->line, text[i]);
        } else if (!child->line_is_long) {
            child->line_is_long = true;
            str_add(&child->line, " ... (cut)");
        }
    }
}

static void take_answer(struct child *child, const char *text, size_t len)
{
    if (child->answer.len + len > ANSWER_MAX) {
        if (child->why == CHILD_RUNNING)
            end_for(child, CHILD_TOO_LOUD);
        return;
    }
    str_addn(&child->answer, text, len);
}

/* Reads what is there; closes at the end. Not all at once: what it prints may never end. */
static void read_from(struct child *child, int *fd,
                      void (*take)(struct child *, const char *, size_t))
{
    char chunk[CHUNK];
    for (int i = 0; i < 64 && *fd >= 0; i++) {
        ssize_t n = read(*fd, chunk, sizeof(chunk));
        if (n > 0) {
            take(child, chunk, (size_t)n);
        } else if (n < 0 && errno == EINTR) {
            continue;
        } else if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
            return;
        } else {
            close(*fd);
            *fd = -1;
        }
    }
}

static void read_all(struct child *child)
{
    read_from(child, &child->channel, take_answer);
    read_from(child, &child->out, take_output);
}

/* -- its end ------------------------------------------------------------------------------------
 */

/*
 * While it is not waited for, its number belongs to nobody else: what is left of its group is
 * killed before that.
 */
static bool has_ended(struct child *child, bool wait)
{
    siginfo_t info = {.si_pid = 0};
    while (waitid(P_PID, (id_t)child->pid, &info, WEXITED | WNOWAIT | (wait ? 0 : WNOHANG)) != 0)
        if (errno != EINTR)
            break;
    if (info.si_pid == 0)
        return false;
    kill(-child->pid, SIGKILL);
    while (waitpid(child->pid, &child->status, 0) < 0 && errno == EINTR)
        continue;
    return true;
}

static enum child_end end_of(const struct child *child)
{
    bool by_itself = WIFEXITED(child->status) && WEXITSTATUS(child->status) == 0;
    if (child->why != CHILD_RUNNING && !by_itself)
        return child->why;
    return WIFEXITED(child->status) ? CHILD_EXITED : CHILD_SIGNALLED;
}

enum child_end child_advance(struct child *child)
{
    if (child->end != CHILD_RUNNING)
        return child->end;
    bool ended = has_ended(child, false); /* what it wrote before that is there now */
    read_all(child);
    if (!ended) {
        check_time(child);
        return CHILD_RUNNING;
    }
    while (child->out >= 0 && child->why != CHILD_TOO_LOUD) {
        size_t before = child->printed;
        read_from(child, &child->out, take_output);
        if (child->printed == before)
            break;
    }
    if (child->line.len > 0)
        tell_line(child);
    child->end = end_of(child);
    return child->end;
}

size_t child_polls(const struct child *child, struct pollfd *polls, size_t room)
{
    const int fds[] = {child->out, child->channel};
    size_t n = 0;
    for (size_t i = 0; i < 2 && child->end == CHILD_RUNNING; i++)
        if (fds[i] >= 0 && n < room)
            polls[n++] = (struct pollfd){.fd = fds[i], .events = POLLIN};
    return n;
}

int child_timeout(const struct child *child)
{
    return child->end == CHILD_RUNNING ? TICK : 0;
}

int child_pid(const struct child *child)
{
    return child->pid;
}

int child_status(const struct child *child)
{
    return WIFEXITED(child->status) ? WEXITSTATUS(child->status) : WTERMSIG(child->status);
}

const struct str *child_answer(const struct child *child)
{
    return &child->answer;
}

void child_free(struct child *child)
{
    if (!child)
        return;
    if (child->end == CHILD_RUNNING) {
        if (kill(-child->pid, SIGKILL) != 0)
            kill(child->pid, SIGKILL);
        has_ended(child, true);
    }
    if (child->out >= 0)
        close(child->out);
    if (child->channel >= 0)
        close(child->channel);
    str_clear(&child->line);
    str_clear(&child->answer);
    mem_free(child);
}
