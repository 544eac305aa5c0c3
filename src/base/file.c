#include "config.h"

#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"

static bool fail(struct err *err, const char *path)
{
    return err_set(err, ERR_IO, "%s: %s", path, strerror(errno));
}

static bool read_open(struct arena *a, int fd, const char *path, size_t max, char **text,
                      size_t *len, struct err *err)
{
    struct stat st;
    if (fstat(fd, &st) < 0)
        return fail(err, path);
    if (!S_ISREG(st.st_mode))
        return err_set(err, ERR_IO, "%s: not a regular file", path);
    if ((size_t)st.st_size > max)
        return err_set(err, ERR_IO, "%s: %lld bytes, the limit is %zu", path,
                       (long long)st.st_size, max);
    size_t cap = (size_t)st.st_size;
    char *buf = arena_alloc(a, cap + 1);
    size_t used = 0;
    while (used < cap) {
        ssize_t n = read(fd, buf + used, cap - used);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return fail(err, path);
        if (n == 0)
            break;
        used += (size_t)n;
    }
    buf[used] = '\0';
    *text = buf;
    *len = used;
    return true;
}

bool file_read(struct arena *a, const char *path, size_t max, char **text, size_t *len,
               struct err *err)
{
    /* O_NONBLOCK: a FIFO without a writer must not hang us. */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return fail(err, path);
    bool ok = read_open(a, fd, path, max, text, len, err);
    close(fd);
    return ok;
}

int file_open_folder(const char *dir)
{
    return open(dir, O_RDONLY | O_CLOEXEC | O_DIRECTORY);
}

bool file_read_again(int folder, const char *name, size_t max, struct str *text)
{
    enum { FIRST_ROOM = 32 << 10 };
    int fd = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return false;
    ssize_t n = 0;
    str_cut(text, 0);
    str_reserve(text, FIRST_ROOM);
    do {
        str_reserve(text, 1);
        size_t room = text->cap - 1 - text->len;
        while ((n = read(fd, text->ptr + text->len, room)) < 0 && errno == EINTR)
            continue;
        text->len += n > 0 ? (size_t)n : 0;
        text->ptr[text->len] = '\0';
        if (n < 0 || (size_t)n < room) /* a regular file gives less only at its end */
            break;
    } while (text->len <= max);
    close(fd);
    return n >= 0 && text->len <= max;
}

bool file_write_all(int fd, const char *text, size_t len)
{
    while (len > 0) {
        ssize_t n = write(fd, text, len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return false;
        text += n;
        len -= (size_t)n;
    }
    return true;
}

bool file_write(const char *path, const char *text, size_t len, unsigned mode, bool replace,
                struct err *err)
{
    struct str temp = STR_INIT;
    str_addf(&temp, "%s.XXXXXX", path);
    int fd = mkostemp(temp.ptr, O_CLOEXEC);
    bool ok = fd >= 0;
    if (!ok)
        fail(err, path);
    if (ok && (!file_write_all(fd, text, len) || fchmod(fd, (mode_t)mode) < 0 || fsync(fd) < 0))
        ok = fail(err, path);
    if (fd >= 0 && close(fd) < 0 && ok)
        ok = fail(err, path);
    if (ok && replace)
        ok = rename(temp.ptr, path) == 0 || fail(err, path);
    else if (ok) /* link() never replaces, so nothing can come in between */
        ok = link(temp.ptr, path) == 0 || fail(err, path);
    if (fd >= 0 && !(ok && replace))
        unlink(temp.ptr);
    str_clear(&temp);
    return ok;
}

bool file_exists(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0;
}

bool file_is_missing(const char *path)
{
    struct stat st;
    return stat(path, &st) < 0 && (errno == ENOENT || errno == ENOTDIR);
}

bool file_is_dir(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

bool file_is_program(const char *path)
{
    return access(path, X_OK) == 0 && !file_is_dir(path);
}

/* False: it has gone since the folder was read. */
static bool find_kind(int dir, const struct dirent *entry, enum file_kind *kind)
{
    struct stat st;
    switch (entry->d_type) {
    case DT_REG:
        *kind = FILE_REGULAR;
        return true;
    case DT_DIR:
        *kind = FILE_FOLDER;
        return true;
    case DT_LNK:
        *kind = FILE_LINK;
        return true;
    case DT_UNKNOWN:
        break;
    default:
        *kind = FILE_OTHER;
        return true;
    }
    if (fstatat(dir, entry->d_name, &st, AT_SYMLINK_NOFOLLOW) < 0)
        return false;
    *kind = S_ISREG(st.st_mode)   ? FILE_REGULAR
            : S_ISDIR(st.st_mode) ? FILE_FOLDER
            : S_ISLNK(st.st_mode) ? FILE_LINK
                                  : FILE_OTHER;
    return true;
}

static int compare_entries(const void *a, const void *b)
{
    return strcmp(((const struct file_entry *)a)->name, ((const struct file_entry *)b)->name);
}

bool file_entries(struct arena *a, const char *dir, struct file_entry_list *out, struct err *err)
{
    DIR *d = opendir(dir);
    if (!d)
        return fail(err, dir);
    struct dirent *entry;
    enum file_kind kind;
    while ((entry = readdir(d)) != NULL) {
        bool listed = strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
        if (listed && find_kind(dirfd(d), entry, &kind))
            vec_push(a, out, ((struct file_entry){arena_strdup(a, entry->d_name), kind}));
    }
    closedir(d);
    if (out->len > 0)
        qsort(out->at, out->len, sizeof(*out->at), compare_entries);
    return true;
}

bool file_list(struct arena *a, const char *dir, struct path_list *names, struct err *err)
{
    struct file_entry_list entries = {0};
    *names = (struct path_list){0};
    if (!file_entries(a, dir, &entries, err))
        return false;
    for (size_t i = 0; i < entries.len; i++)
        vec_push(a, names, entries.at[i].name);
    return true;
}

bool file_make_dirs(const char *path, unsigned mode, struct err *err)
{
    char *p = mem_strdup(path);
    bool ok = true;
    for (char *s = p + 1; ok && *s; s++) {
        if (*s != '/')
            continue;
        *s = '\0';
        if (mkdir(p, (mode_t)mode) < 0 && errno != EEXIST)
            ok = fail(err, p);
        *s = '/';
    }
    if (ok && mkdir(p, (mode_t)mode) < 0 && !(errno == EEXIST && file_is_dir(p)))
        ok = fail(err, p);
    mem_free(p);
    return ok;
}

bool file_remove_tree(const char *path, struct err *err)
{
    struct stat st;
    if (lstat(path, &st) < 0)
        return errno == ENOENT || fail(err, path);
    if (!S_ISDIR(st.st_mode))
        return unlink(path) == 0 || errno == ENOENT || fail(err, path);
    struct arena *a = arena_new();
    struct path_list names = {0};
    bool ok = file_list(a, path, &names, err);
    for (size_t i = 0; ok && i < names.len; i++)
        ok = file_remove_tree(path_join(a, path, names.at[i]), err);
    if (ok && rmdir(path) < 0 && errno != ENOENT)
        ok = fail(err, path);
    arena_free(a);
    return ok;
}

const char *path_join(struct arena *a, const char *dir, const char *name)
{
    if (name[0] == '/' || dir[0] == '\0')
        return arena_strdup(a, name);
    size_t dir_len = strlen(dir), name_len = strlen(name);
    char *path = arena_alloc(a, dir_len + 1 + name_len + 1);
    memcpy(path, dir, dir_len);
    if (path[dir_len - 1] != '/')
        path[dir_len++] = '/';
    memcpy(path + dir_len, name, name_len + 1);
    return path;
}

const char *path_dir(struct arena *a, const char *path)
{
    const char *slash = strrchr(path, '/');
    if (!slash)
        return ".";
    return slash == path ? "/" : arena_strndup(a, path, (size_t)(slash - path));
}

const char *path_base(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

const char *path_absolute(struct arena *a, const char *path)
{
    struct str full = STR_IN(a);
    if (path[0] != '/') {
        char cwd[PATH_MAX];
        str_add(&full, getcwd(cwd, sizeof(cwd)) ? cwd : "");
        str_addc(&full, '/');
    }
    str_add(&full, path);
    struct str out = STR_IN(a);
    for (const char *p = full.ptr; *p;) {
        while (*p == '/')
            p++;
        size_t n = strcspn(p, "/");
        if (n == 2 && p[0] == '.' && p[1] == '.') {
            const char *slash = strrchr(out.ptr, '/');
            str_cut(&out, slash ? (size_t)(slash - out.ptr) : 0);
        } else if (n > 0 && !(n == 1 && p[0] == '.')) {
            str_addc(&out, '/');
            str_addn(&out, p, n);
        }
        p += n;
    }
    return out.len ? str_take(&out) : "/";
}

const char *path_real(struct arena *a, const char *path)
{
    char real[PATH_MAX];
    return realpath(path, real) ? arena_strdup(a, real) : NULL;
}

bool path_is_below(const char *path, const char *dir)
{
    size_t len = strlen(dir);
    while (len > 0 && dir[len - 1] == '/')
        len--;
    return strncmp(path, dir, len) == 0 && (path[len] == '/' || path[len] == '\0');
}
