/*
 * Journals: any bytes are read, and told as whole, cut off or changed; the story of what is whole
 * is put together or refused. The first byte says whether the chain of hashes is mended before,
 * since nobody finds a hash by chance.
 */
#include "config.h"

#include "fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "run/journal_read.h"
#include "run/story.h"

/* Each line with the hash that belongs behind it: {...,"hash":"..."} in place of {...}. */
static void chain(const char *text, size_t len, struct str *out)
{
    char hash[SHA256_HEX + 1] = "";
    for (const char *at = text, *end = text + len; at < end;) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        size_t line = (size_t)((stop ? stop : end) - at);
        if (line > 1 && at[line - 1] == '}') {
            journal_chain(hash, at, line - 1, hash);
            str_addn(out, at, line - 1);
            str_addf(out, ",\"hash\":\"%s\"}\n", hash);
        } else {
            str_addn(out, at, line);
            str_addc(out, '\n');
        }
        at += line + 1;
    }
}

static void read_journal(struct arena *a, const char *path)
{
    struct err err = ERR_INIT;
    struct journal_file file;
    if (journal_read(a, path, &file, &err)) {
        if ((file.state == JOURNAL_WHOLE) != (file.problem == NULL))
            abort();
        struct run_story story;
        if (!run_story_read(a, &file, &story, &err) && !err.message)
            abort();
    }
    journal_file_clear(&file);
    err_clear(&err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    struct arena *a = arena_new();
    struct str text = STR_INIT;
    if (data[0] & 1)
        chain((const char *)data + 1, size - 1, &text);
    else
        str_addn(&text, (const char *)data + 1, size - 1);
    int fd = memfd_create("journal", MFD_CLOEXEC);
    if (fd < 0 || write(fd, text.ptr, text.len) != (ssize_t)text.len)
        abort();
    read_journal(a, arena_printf(a, "/proc/self/fd/%d", fd));
    close(fd);
    str_clear(&text);
    arena_free(a);
    return 0;
}
