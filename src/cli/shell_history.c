#include "config.h"

#include <fcntl.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/str.h"
#include "cli/shell.h"

enum { FILE_MAX = 4 << 20, KEPT_MAX = 1000, FILE_MODE = 0600, FOLDER_MODE = 0700 };

bool shell_history_keeps(const char *line)
{
    /* A URL may hold a password in more than one place; --confirm and --yes are answers. */
    static const char *const never[] = {"://", "--confirm", "--yes", "--url", "password", "passwd"};
    if (!line[strspn(line, " \t")] || *line == ' ' || strlen(line) > KEPT_MAX)
        return false;
    for (size_t i = 0; i < sizeof(never) / sizeof(never[0]); i++)
        if (strcasestr(line, never[i]))
            return false;
    return true;
}

void shell_history_read(struct arena *a, const char *path, struct shell_words *out)
{
    struct err ignored = ERR_INIT;
    struct shell_words all = {0};
    char *text, *save = NULL;
    size_t len;
    *out = (struct shell_words){0};
    bool ok = file_read(a, path, FILE_MAX, &text, &len, &ignored);
    err_clear(&ignored);
    if (!ok)
        return;
    for (char *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
        vec_push(a, &all, line);
    size_t first = all.len > SHELL_HISTORY_MAX ? all.len - SHELL_HISTORY_MAX : 0;
    for (size_t i = first; i < all.len; i++)
        vec_push(a, out, all.at[i]);
    if (all.len <= 2 * SHELL_HISTORY_MAX)
        return;
    struct str kept = STR_IN(a);
    for (size_t i = 0; i < out->len; i++)
        str_addf(&kept, "%s\n", out->at[i]);
    file_write(path, kept.ptr, kept.len, FILE_MODE, true, &ignored);
    err_clear(&ignored);
}

void shell_history_add(const char *path, const char *line)
{
    struct arena *a = arena_new();
    struct err ignored = ERR_INIT;
    const char *text = arena_printf(a, "%s\n", line);
    size_t len = strlen(text);
    if (file_make_dirs(path_dir(a, path), FOLDER_MODE, &ignored)) {
        /* Two shells at a time: one write() each, at the end. */
        int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, FILE_MODE);
        ssize_t written = fd >= 0 ? write(fd, text, len) : 0;
        (void)written;
        if (fd >= 0)
            close(fd);
    }
    err_clear(&ignored);
    arena_free(a);
}
