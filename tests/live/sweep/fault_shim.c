/*
 * Preloaded into a program under test: before each write() on a journal (a file called *.jsonl),
 * before and after each fdatasync() it tells the harness, and waits for its answer. The harness
 * counts, and kills or cuts what it wants to in between (stage.py). The program has no hooks.
 *
 * Told: a line "before-write PID", "before-sync PID" or "after-sync PID", on a new connection to
 * the socket that $SWEEP_CONTROL names. Answered by one letter:
 *
 *   g   go on
 *   h   write the first half only
 *   f   fail: the disk is full
 *
 * The journal is not synchronized really: no process that is killed takes the system's cache along,
 * and without it the sweep takes a third of the time.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/un.h>
#include <unistd.h>

static bool is_journal(int fd)
{
    static const char suffix[] = ".jsonl";
    char link[64], path[512];
    snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
    ssize_t len = readlink(link, path, sizeof(path));
    size_t suffix_len = sizeof(suffix) - 1;
    return len >= (ssize_t)suffix_len &&
           memcmp(path + (size_t)len - suffix_len, suffix, suffix_len) == 0;
}

/* Without a harness, or when it is gone, the program goes on as if nothing were there. */
static char ask(const char *what)
{
    const char *control = getenv("SWEEP_CONTROL");
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    char line[64], answer = 'g';
    int kept = errno;
    if (!control || strlen(control) >= sizeof(address.sun_path))
        return answer;
    strcpy(address.sun_path, control);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0) {
        int len = snprintf(line, sizeof(line), "%s %ld\n", what, (long)getpid());
        if (send(fd, line, (size_t)len, MSG_NOSIGNAL) != len || recv(fd, &answer, 1, 0) != 1)
            answer = 'g';
    }
    if (fd >= 0)
        close(fd);
    errno = kept;
    return answer;
}

ssize_t write(int fd, const void *data, size_t size)
{
    if (!is_journal(fd))
        return syscall(SYS_write, fd, data, size);
    char answer = ask("before-write");
    if (answer == 'f') {
        errno = ENOSPC;
        return -1;
    }
    return syscall(SYS_write, fd, data, answer == 'h' && size > 1 ? size / 2 : size);
}

int fdatasync(int fd)
{
    if (!is_journal(fd))
        return (int)syscall(SYS_fdatasync, fd);
    if (ask("before-sync") == 'f') {
        errno = EIO;
        return -1;
    }
    ask("after-sync");
    return 0;
}
