#include "config.h"

#include "postgres/scratch.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/str.h"
#include "base/vec.h"
#include "config/url.h"
#include "postgres/query.h"

enum { START_SECONDS = 60, POLL_MILLISECONDS = 20 };

static const char packaged_dir[] = "/usr/lib/postgresql"; /* Debian: VERSION/bin below it */

/* -- finding the programs -----------------------------------------------------------------------
 */

static bool has_programs(struct arena *a, const char *dir)
{
    return access(path_join(a, dir, "initdb"), X_OK) == 0 &&
           access(path_join(a, dir, "postgres"), X_OK) == 0;
}

/* A folder of $PATH; links (Debian's wrappers, a local bin) are followed to the real programs. */
static const char *find_in_path(struct arena *a, const char *search_path)
{
    for (const char *p = search_path; p && *p;) {
        size_t len = strcspn(p, ":");
        const char *dir = arena_strndup(a, p, len);
        if (len > 0 && has_programs(a, dir)) {
            const char *real = path_real(a, path_join(a, dir, "initdb"));
            if (real && has_programs(a, path_dir(a, real)))
                return path_dir(a, real);
        }
        p += len + (p[len] == ':');
    }
    return NULL;
}

static const char *find_packaged(struct arena *a)
{
    struct path_list versions = {0};
    struct err ignored = ERR_INIT;
    const char *best = NULL;
    long best_version = -1;
    if (!file_list(a, packaged_dir, &versions, &ignored)) {
        err_clear(&ignored);
        return NULL;
    }
    for (size_t i = 0; i < versions.len; i++) {
        long version = strtol(versions.at[i], NULL, 10);
        const char *dir = path_join(a, path_join(a, packaged_dir, versions.at[i]), "bin");
        if (version > best_version && has_programs(a, dir)) {
            best = dir;
            best_version = version;
        }
    }
    return best;
}

/* -- processes ----------------------------------------------------------------------------------
 */

/* Who the server belongs to; PostgreSQL refuses root. */
struct owner {
    bool change;
    uid_t uid;
    gid_t gid;
};

static bool find_owner(struct owner *out, struct err *err)
{
    *out = (struct owner){.change = false};
    if (geteuid() != 0)
        return true;
    const struct passwd *pw = getpwnam("postgres");
    if (!pw)
        pw = getpwnam("nobody");
    if (!pw)
        return err_set(err, ERR_IO,
                       "PostgreSQL refuses root, and there is no user postgres or "
                       "nobody");
    *out = (struct owner){.change = true, .uid = pw->pw_uid, .gid = pw->pw_gid};
    return true;
}

/*
 * In the child, between fork and exec: only async-signal-safe calls. Its own session, so that ^C
 * at the terminal reaches retort and not the server; SIGQUIT (immediate shutdown) when retort dies.
 */
static void child_exec(const char *const argv[], const struct owner *owner, int log_fd,
                       pid_t parent)
{
    char *const environment[] = {(char[]){"LC_ALL=C"}, (char[]){"PATH=/usr/bin:/bin"}, NULL};
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    for (int sig = 1; sig < NSIG; sig++)
        signal(sig, SIG_DFL);
    int null_fd = open("/dev/null", O_RDONLY);
    if (setsid() < 0 || chdir("/") != 0 || null_fd < 0 || dup2(null_fd, 0) < 0 ||
        dup2(log_fd, 1) < 0 || dup2(log_fd, 2) < 0)
        _exit(126);
    for (int fd = 3; fd < 1024; fd++)
        close(fd);
    if (owner->change &&
        (setgroups(0, NULL) != 0 || setgid(owner->gid) != 0 || setuid(owner->uid) != 0))
        _exit(126);
    /* After the change of user, which clears it. */
    if (prctl(PR_SET_PDEATHSIG, SIGQUIT) != 0 || getppid() != parent)
        _exit(126);
    execve(argv[0], (char *const *)(uintptr_t)argv, environment);
    _exit(127);
}

static bool spawn(const char *const argv[], const struct owner *owner, const char *log, pid_t *pid,
                  struct err *err)
{
    int fd = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (fd < 0)
        return err_set(err, ERR_IO, "%s: %s", log, strerror(errno));
    pid_t parent = getpid();
    *pid = fork();
    if (*pid == 0)
        child_exec(argv, owner, fd, parent);
    int saved = errno;
    close(fd);
    return *pid > 0 || err_set(err, ERR_IO, "%s: %s", argv[0], strerror(saved));
}

static int wait_for_exit(pid_t pid)
{
    int status = 0;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* -- starting -----------------------------------------------------------------------------------
 */

/* The last line that a program wrote, as the reason. */
static bool program_err(struct arena *a, const char *what, const char *log, struct err *err)
{
    char *text = NULL;
    size_t len = 0;
    struct err ignored = ERR_INIT;
    if (!file_read(a, log, 1 << 20, &text, &len, &ignored))
        len = 0;
    err_clear(&ignored);
    while (len > 0 && text[len - 1] == '\n')
        len--;
    size_t start = len;
    while (start > 0 && text[start - 1] != '\n')
        start--;
    return err_set(err, ERR_IO, "%s: %.*s", what, (int)(len - start),
                   len > 0 ? text + start : "no reason was given");
}

static bool make_folder(struct arena *a, struct scratch_server *s, const struct owner *owner,
                        struct err *err)
{
    /* /tmp and not $TMPDIR: the path of a socket has at most 107 bytes. */
    char *dir = arena_strdup(a, "/tmp/rtpg.XXXXXX");
    if (!mkdtemp(dir))
        return err_set(err, ERR_IO, "%s: %s", dir, strerror(errno));
    s->dir = s->host = dir;
    s->log = path_join(a, dir, "server.log");
    if (owner->change && chown(dir, owner->uid, owner->gid) != 0)
        return err_set(err, ERR_IO, "%s: %s", dir, strerror(errno));
    return true;
}

static bool init_data(struct arena *a, const struct scratch_server *s, const struct owner *owner,
                      struct err *err)
{
    const char *const argv[] = {path_join(a, s->bin, "initdb"),
                                "-D",
                                path_join(a, s->dir, "data"),
                                "-U",
                                s->user,
                                "-A",
                                "trust",
                                "-E",
                                "UTF8",
                                "--locale=C",
                                "--no-sync",
                                NULL};
    pid_t pid;
    if (!spawn(argv, owner, s->log, &pid, err))
        return false;
    return wait_for_exit(pid) == 0 || program_err(a, "initdb", s->log, err);
}

/* Tries to connect till the server answers or ends. */
static bool wait_till_ready(struct arena *a, struct scratch_server *s, struct err *err)
{
    struct database_url url = {
        .user = s->user, .host = s->host, .port = s->port, .database = s->database};
    int64_t deadline = clock_monotonic() + (int64_t)START_SECONDS * 1000000;
    for (;;) {
        struct connection *conn;
        if (connection_open(&url, NULL, &conn, err)) {
            connection_close(conn);
            return true;
        }
        if (waitpid(s->pid, NULL, WNOHANG) == s->pid) {
            s->pid = 0;
            return program_err(a, "postgres", s->log, err);
        }
        if (clock_monotonic() > deadline)
            return false; /* err has the last answer */
        err_clear(err);
        poll(NULL, 0, POLL_MILLISECONDS);
    }
}

static bool start_server(struct arena *a, struct scratch_server *s, const struct owner *owner,
                         struct err *err)
{
    const char *const argv[] = {path_join(a, s->bin, "postgres"),
                                "-D",
                                path_join(a, s->dir, "data"),
                                "-k",
                                s->dir,
                                "-h",
                                "",
                                "-p",
                                s->port,
                                "-F",
                                NULL};
    pid_t pid;
    if (!spawn(argv, owner, s->log, &pid, err))
        return false;
    s->pid = (int)pid;
    return wait_till_ready(a, s, err);
}

bool scratch_start(struct arena *a, const char *search_path, struct scratch_server *out,
                   struct err *err)
{
    struct owner owner;
    *out = (struct scratch_server){.port = "5432", .user = "postgres", .database = "postgres"};
    out->bin = find_in_path(a, search_path);
    if (!out->bin)
        out->bin = find_packaged(a);
    if (!out->bin) {
        err_set(err, ERR_IO, "no PostgreSQL server programs here (initdb, postgres)");
        return err_hint(err, "install the package postgresql, or put its bin folder into PATH");
    }
    if (find_owner(&owner, err) && make_folder(a, out, &owner, err) &&
        init_data(a, out, &owner, err) && start_server(a, out, &owner, err))
        return true;
    scratch_stop(out);
    return false;
}

void scratch_stop(struct scratch_server *server)
{
    struct err ignored = ERR_INIT;
    if (server->pid > 0 && kill(server->pid, SIGQUIT) == 0)
        wait_for_exit(server->pid);
    server->pid = 0;
    if (server->dir)
        file_remove_tree(server->dir, &ignored);
    server->dir = NULL;
    err_clear(&ignored);
}
