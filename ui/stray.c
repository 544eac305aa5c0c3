#include "config.h"

#include "ui/stray.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/str.h"

enum { FIRST_PRIVATE = 3 }; /* descriptors below are the standard ones */

/* A file, and no pipe: what is printed must never have to wait for somebody to read it. */
static struct {
    int file; /* -1: none was made yet */
    int out, errors; /* the real ones while it catches, else -1 */
    off_t taken;
} stray = {-1, -1, -1, 0};

static int make_file(void)
{
    char name[] = "/tmp/retort-XXXXXX";
    int fd = mkostemp(name, O_APPEND | O_CLOEXEC);
    if (fd >= 0)
        unlink(name);
    return fd;
}

/* Puts the file in the place of a descriptor; gives where that is kept. */
static int replace(int fd)
{
    int kept = fcntl(fd, F_DUPFD_CLOEXEC, FIRST_PRIVATE);
    if (kept >= 0)
        dup2(stray.file, fd);
    return kept;
}

static void put_back(int fd, int *kept)
{
    if (*kept < 0)
        return;
    dup2(*kept, fd);
    close(*kept);
    *kept = -1;
}

void stray_catch(void)
{
    fflush(stdout);
    fflush(stderr);
    if (stray.file < 0)
        stray.file = make_file();
    if (stray.file < 0) { /* better lost than drawn over */
        stray.file = open("/dev/null", O_RDWR | O_CLOEXEC);
        if (stray.file < 0)
            return;
    }
    stray.out = replace(STDOUT_FILENO);
    stray.errors = replace(STDERR_FILENO);
}

void stray_release(void)
{
    fflush(stdout);
    fflush(stderr);
    put_back(STDOUT_FILENO, &stray.out);
    put_back(STDERR_FILENO, &stray.errors);
}

bool stray_take(struct str *out)
{
    struct stat info;
    char buffer[4096];
    fflush(stdout);
    if (stray.file < 0 || fstat(stray.file, &info) != 0 || info.st_size <= stray.taken)
        return false;
    ssize_t n = pread(stray.file, buffer, sizeof buffer, stray.taken);
    if (n <= 0)
        return false;
    const char *end = memchr(buffer, '\n', (size_t)n);
    bool is_whole = end || n == sizeof buffer; /* a long line comes in parts */
    if (!is_whole && stray.errors >= 0)
        return false;
    size_t len = end ? (size_t)(end - buffer) : (size_t)n;
    str_addn(out, buffer, len);
    stray.taken += (off_t)(len + (end != NULL));
    return true;
}

void stray_crash(void)
{
    char buffer[4096];
    ssize_t n;
    put_back(STDOUT_FILENO, &stray.out);
    put_back(STDERR_FILENO, &stray.errors);
    while (stray.file >= 0 && (n = pread(stray.file, buffer, sizeof buffer, stray.taken)) > 0) {
        stray.taken += n;
        if (write(STDERR_FILENO, buffer, (size_t)n) < 0 && errno != EINTR)
            return;
    }
}
