#include "config.h"

#include "run/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/str.h"
#include "run/journal_read.h"

struct journal {
    int fd;
    char *run_id, *path;
    json_int_t count; /* records written */
    char hash[SHA256_HEX + 1]; /* of the last one */
    char *fragment;   /* to go into the next record; NULL: none */
    bool unflushed;   /* something written may not be on the disk */
};

static bool io_err(struct err *err, const char *path, int code)
{
    err_set(err, ERR_IO, "%s: %s", path, strerror(code));
    return err_hint(err, "the journal must be written before anything is sent: nothing is run "
                         "without it, unless --no-journal says so");
}

/* Sorts by time, and differs between processes and machines. */
static char *make_run_id(void)
{
    int64_t now = clock_wall();
    time_t seconds = (time_t)(now / 1000000);
    struct tm tm;
    char stamp[32];
    unsigned short noise = 0;
    if (getrandom(&noise, sizeof(noise), 0) != sizeof(noise))
        noise = (unsigned short)(clock_monotonic() ^ now);
    gmtime_r(&seconds, &tm);
    strftime(stamp, sizeof(stamp), "%Y%m%dT%H%M%SZ", &tm);
    return mem_printf("%s-%ld-%04x", stamp, (long)getpid(), noise);
}

/* The name of a new file is on the disk only when its folder is. */
static bool sync_dir(const char *dir)
{
    int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return false;
    bool ok = fsync(fd) == 0 || errno == EINVAL; /* EINVAL: the file system has no such thing */
    close(fd);
    return ok;
}

/*
 * An open file description lock: it belongs to this opening of the file and to the processes that
 * inherit it, and ends with the last of them.
 */
static bool lock(int fd)
{
    struct flock all = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    return fcntl(fd, F_OFD_SETLK, &all) == 0;
}

bool journal_open(const char *dir, struct journal **out, struct err *err)
{
    *out = NULL;
    if (!file_is_dir(dir) && !file_make_dirs(dir, 0700, err))
        return false;
    struct journal *journal = mem_zalloc(sizeof(*journal));
    journal->run_id = make_run_id();
    journal->path = mem_printf("%s/%s.jsonl", dir, journal->run_id);
    journal->fd =
        open(journal->path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (journal->fd < 0 || !lock(journal->fd) || !sync_dir(dir)) {
        io_err(err, journal->path, errno);
        journal_close(journal);
        return false;
    }
    *out = journal;
    return true;
}

const char *journal_run_id(const struct journal *journal)
{
    return journal->run_id;
}

const char *journal_path(const struct journal *journal)
{
    return journal->path;
}

size_t journal_count(const struct journal *journal)
{
    return (size_t)journal->count;
}

const char *journal_hash(const struct journal *journal)
{
    return journal->hash;
}

/* A short write (a full disk) is finished or reported; a torn line can only be the last one. */
static bool write_all(int fd, const char *data, size_t len)
{
    while (len > 0) {
        ssize_t n = write(fd, data, len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        data += n;
        len -= (size_t)n;
    }
    return true;
}

/* The text of the record without its hash and without its last brace; free() it. */
static char *record_text(struct journal *journal, const char *kind, json_t *members)
{
    struct arena *a = arena_new();
    json_t *record = json_object();
    json_object_set_new(record, "n", json_integer(journal->count + 1));
    json_object_set_new(record, "at", json_string(clock_format(a, clock_wall())));
    json_object_set_new(record, "kind", json_string(kind));
    if (members)
        json_object_update(record, members);
    if (journal->fragment)
        json_object_set_new(record, "fragment", json_string(journal->fragment));
    char *text = json_dumps(record, JSON_COMPACT);
    json_decref(record);
    arena_free(a);
    if (text)
        text[strlen(text) - 1] = '\0';
    return text;
}

bool journal_add(struct journal *journal, const char *kind, json_t *members, struct err *err)
{
    char *text = record_text(journal, kind, members);
    json_decref(members);
    if (!text)
        return err_set(err, ERR_INTERNAL, "%s: a record \"%s\" cannot be written as JSON",
                       journal->path, kind);
    struct str line = STR_INIT;
    char hash[SHA256_HEX + 1];
    journal_chain(journal->hash, text, strlen(text), hash);
    str_addf(&line, "%s,\"hash\":\"%s\"}\n", text, hash);
    free(text);
    bool ok = write_all(journal->fd, line.ptr, line.len); /* one write, one line */
    int code = errno;
    str_clear(&line);
    if (!ok)
        return io_err(err, journal->path, code);
    memcpy(journal->hash, hash, sizeof(hash));
    mem_free(journal->fragment);
    journal->fragment = NULL;
    journal->count++;
    journal->unflushed = true;
    return true;
}

bool journal_flush(struct journal *journal, struct err *err)
{
    if (journal->unflushed && fdatasync(journal->fd) != 0)
        return io_err(err, journal->path, errno);
    journal->unflushed = false;
    return true;
}

bool journal_record(struct journal *journal, const char *kind, json_t *members, struct err *err)
{
    return journal_add(journal, kind, members, err) && journal_flush(journal, err);
}

/* Takes over where the file ends; what was cut off is remembered and cut away. */
static bool take_over(struct journal *journal, const struct journal_file *file, struct err *err)
{
    if (file->state == JOURNAL_CHANGED) {
        err_set(err, ERR_STALE, "%s: the journal was changed at line %zu: %s", journal->path,
                file->line, file->problem);
        return err_hint(err, "nothing is added to it: what it says of the run cannot be trusted");
    }
    journal->count = (json_int_t)file->records.len;
    memcpy(journal->hash, file->hash, sizeof(journal->hash));
    if (file->state != JOURNAL_CUT_OFF)
        return true;
    journal->fragment = mem_strdup(file->fragment);
    if (ftruncate(journal->fd, (off_t)file->size) == 0)
        return true;
    return io_err(err, journal->path, errno);
}

bool journal_reopen(const char *path, struct journal **out, struct err *err)
{
    *out = NULL;
    struct journal *journal = mem_zalloc(sizeof(*journal));
    journal->path = mem_strdup(path);
    journal->run_id = mem_strndup(path_base(path), strcspn(path_base(path), "."));
    journal->fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC | O_NOFOLLOW);
    if (journal->fd < 0) {
        io_err(err, path, errno);
        journal_close(journal);
        return false;
    }
    if (!lock(journal->fd)) {
        err_set(err, ERR_BUSY, "run %s is running", journal->run_id);
        journal_close(journal);
        return false;
    }
    struct arena *a = arena_new();
    struct journal_file file;
    bool ok = journal_read(a, path, &file, err);
    ok = ok && take_over(journal, &file, err);
    journal_file_clear(&file);
    arena_free(a);
    if (ok)
        *out = journal;
    else
        journal_close(journal);
    return ok;
}

void journal_close(struct journal *journal)
{
    if (!journal)
        return;
    if (journal->fd >= 0)
        close(journal->fd);
    mem_free(journal->run_id);
    mem_free(journal->path);
    mem_free(journal->fragment);
    mem_free(journal);
}
