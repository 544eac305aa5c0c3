#include "config.h"

#include "run/socket.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/mem.h"
#include "base/str.h"

static const char suffix[] = ".sock";

/* -- the folder ---------------------------------------------------------------------------------
 */

static bool io_err(struct err *err, const char *path, int code)
{
    return err_set(err, ERR_IO, "%s: %s", path, strerror(code));
}

/* Whoever can write to the folder could put a socket of his own there. */
static bool check_dir(const char *dir, struct err *err)
{
    struct stat st;
    if (lstat(dir, &st) != 0)
        return io_err(err, dir, errno);
    if (S_ISDIR(st.st_mode) && st.st_uid == geteuid() && (st.st_mode & 077) == 0)
        return true;
    err_set(err, ERR_IO, "%s: not a private folder of this user", dir);
    return err_hint(err, "it must be a folder, not a link, with mode 0700");
}

/*
 * An address for a name in an open folder. sun_path holds 107 bytes; what is longer goes through
 * the folder's descriptor.
 */
static bool address_of(const char *dir, int dir_fd, const char *name, struct sockaddr_un *out)
{
    *out = (struct sockaddr_un){.sun_family = AF_UNIX};
    int n = snprintf(out->sun_path, sizeof(out->sun_path), "%s/%s", dir, name);
    if (n >= (int)sizeof(out->sun_path))
        n = snprintf(out->sun_path, sizeof(out->sun_path), "/proc/self/fd/%d/%s", dir_fd, name);
    return n < (int)sizeof(out->sun_path);
}

static int open_dir(const char *dir)
{
    return open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
}

/* -- listening ----------------------------------------------------------------------------------
 */

/* Between bind() and listen() a socket looks as if nobody answered: it gets its name afterwards. */
static bool bind_and_name(const char *dir, int dir_fd, const char *name, int fd)
{
    struct sockaddr_un address;
    char *unnamed = mem_printf(".%s.new", name);
    errno = ENAMETOOLONG;
    bool ok = address_of(dir, dir_fd, unnamed, &address) &&
              bind(fd, (const struct sockaddr *)&address, sizeof(address)) == 0 &&
              listen(fd, SOMAXCONN) == 0 && renameat(dir_fd, unnamed, dir_fd, name) == 0;
    int code = errno;
    if (!ok)
        unlinkat(dir_fd, unnamed, 0);
    mem_free(unnamed);
    errno = code;
    return ok;
}

bool socket_listen(const char *dir, const char *run, int *out, struct err *err)
{
    if ((!file_is_dir(dir) && !file_make_dirs(dir, 0700, err)) || !check_dir(dir, err))
        return false;
    char *name = mem_printf("%s%s", run, suffix);
    int dir_fd = open_dir(dir);
    int fd = dir_fd < 0 ? -1 : socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    bool ok = fd >= 0 && bind_and_name(dir, dir_fd, name, fd);
    int code = errno;
    if (dir_fd >= 0)
        close(dir_fd);
    if (!ok && fd >= 0)
        close(fd);
    mem_free(name);
    *out = ok ? fd : -1;
    return ok || io_err(err, dir, code);
}

static bool is_trusted(int fd)
{
    struct ucred peer;
    socklen_t len = sizeof(peer);
    return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) == 0 &&
           (peer.uid == geteuid() || peer.uid == 0);
}

int socket_accept(int listener)
{
    for (;;) {
        int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
        if (fd < 0 && (errno == EINTR || errno == ECONNABORTED))
            continue;
        if (fd < 0 || is_trusted(fd))
            return fd;
        close(fd);
    }
}

void socket_remove(const char *dir, const char *run)
{
    char *path = mem_printf("%s/%s%s", dir, run, suffix);
    unlink(path);
    mem_free(path);
}

/* -- connecting ---------------------------------------------------------------------------------
 */

static bool connect_err(const char *dir, const char *run, int code, struct err *err)
{
    if (code == ECONNREFUSED) {
        socket_remove(dir, run);
        err_set(err, ERR_IO, "run %s: its process is gone", run);
        return err_hint(err, "retort resume says what it left");
    }
    if (code == ENOENT || code == ENOTDIR)
        return err_set(err, ERR_IO, "no run %s is on", run);
    return err_set(err, ERR_IO, "run %s: %s", run, strerror(code));
}

bool socket_connect(const char *dir, const char *run, int *out, struct err *err)
{
    struct sockaddr_un address;
    char *name = mem_printf("%s%s", run, suffix);
    int dir_fd = open_dir(dir);
    int fd = dir_fd < 0 ? -1 : socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool ok = fd >= 0;
    if (ok && !address_of(dir, dir_fd, name, &address)) {
        errno = ENAMETOOLONG;
        ok = false;
    }
    ok = ok && connect(fd, (const struct sockaddr *)&address, sizeof(address)) == 0;
    int code = errno;
    if (dir_fd >= 0)
        close(dir_fd);
    mem_free(name);
    if (ok && !is_trusted(fd)) {
        ok = false;
        code = EPERM;
    }
    if (!ok && fd >= 0)
        close(fd);
    *out = ok ? fd : -1;
    return ok || connect_err(dir, run, code, err);
}

bool socket_list(struct arena *a, const char *dir, struct path_list *runs, struct err *err)
{
    struct path_list names = {0};
    *runs = (struct path_list){0};
    if (file_is_missing(dir))
        return true;
    if (!file_list(a, dir, &names, err))
        return false;
    for (size_t i = 0; i < names.len; i++) {
        const char *name = names.at[i];
        if (*name != '.' && str_ends_with(name, suffix))
            vec_push(a, runs, arena_strndup(a, name, strlen(name) - strlen(suffix)));
    }
    return true;
}
