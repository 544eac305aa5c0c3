#include "config.h"

#include "run/journal_read.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/str.h"

/* A journal has a few hundred bytes for each statement. */
#define JOURNAL_MAX ((size_t)1 << 30)

static const char hash_key[] = ",\"hash\":\"";

/* Length of what stands at the end of each record: the hash with its key and the last brace. */
enum { HASH_TAIL = sizeof(hash_key) - 1 + SHA256_HEX + 2 };

void journal_chain(const char *before, const char *text, size_t len, char out[SHA256_HEX + 1])
{
    struct str whole = STR_INIT;
    str_add(&whole, before);
    str_addn(&whole, text, len);
    sha256_hex(whole.ptr, whole.len, out);
    str_clear(&whole);
}

/* Where the line's hash begins; NULL: it has none. */
static const char *hash_of(const char *line, size_t len)
{
    if (len <= HASH_TAIL || memcmp(line + len - 2, "\"}", 2) != 0)
        return NULL;
    const char *tail = line + len - HASH_TAIL;
    return memcmp(tail, hash_key, sizeof(hash_key) - 1) == 0 ? tail + sizeof(hash_key) - 1 : NULL;
}

static void changed(struct arena *a, struct journal_file *file, size_t line, const char *problem)
{
    if (file->state == JOURNAL_CHANGED)
        return;
    file->state = JOURNAL_CHANGED;
    file->line = line;
    file->problem = arena_strdup(a, problem);
}

static void take_line(struct arena *a, struct journal_file *file, const char *text, size_t len,
                      size_t line)
{
    json_t *record = json_loadb(text, len, 0, NULL);
    if (!json_is_object(record)) {
        json_decref(record);
        changed(a, file, line, "this is no record");
        return;
    }
    vec_push(a, &file->records, record);
    const char *hash = hash_of(text, len);
    char expected[SHA256_HEX + 1];
    journal_chain(file->hash, text, hash ? len - HASH_TAIL : len, expected);
    if (journal_number(record, "n") != (json_int_t)line)
        changed(a, file, line,
                arena_printf(a, "record %zu was expected here, this is record %lld", line,
                             (long long)journal_number(record, "n")));
    else if (!hash)
        changed(a, file, line, "the record has no hash");
    else if (memcmp(hash, expected, SHA256_HEX) != 0)
        changed(a, file, line, "the record or the hash of the one before it was changed");
    else if (file->state == JOURNAL_WHOLE)
        memcpy(file->hash, expected, sizeof(expected));
}

/* Text that can go into a JSON string: what is not printable ASCII becomes '?'. */
static const char *printable(struct arena *a, const char *text, size_t len)
{
    char *out = arena_strndup(a, text, len);
    for (size_t i = 0; i < len; i++)
        if (out[i] < 0x20 || out[i] > 0x7e)
            out[i] = '?';
    out[len] = '\0';
    return out;
}

static const char *run_id_of(struct arena *a, const char *path)
{
    const char *name = path_base(path);
    return arena_strndup(a, name, strcspn(name, "."));
}

bool journal_read(struct arena *a, const char *path, struct journal_file *out, struct err *err)
{
    char *text;
    size_t len, line = 0, at = 0;
    *out = (struct journal_file){.path = arena_strdup(a, path), .run_id = run_id_of(a, path)};
    if (!file_read(a, path, JOURNAL_MAX, &text, &len, err))
        return false;
    while (at < len) {
        const char *end = memchr(text + at, '\n', len - at);
        if (!end)
            break;
        take_line(a, out, text + at, (size_t)(end - text) - at, ++line);
        at = (size_t)(end - text) + 1;
    }
    out->size = at;
    if (at < len && out->state == JOURNAL_WHOLE) {
        out->state = JOURNAL_CUT_OFF;
        out->line = line + 1;
        out->problem = "the last record is cut off";
        out->fragment = printable(a, text + at, len - at);
    }
    return true;
}

void journal_file_clear(struct journal_file *file)
{
    for (size_t i = 0; i < file->records.len; i++)
        json_decref(file->records.at[i]);
    file->records.len = 0;
}

/* -- quick looks --------------------------------------------------------------------------------
 */

/* The last `size` bytes of the file, all of it where it is smaller. */
static bool read_tail(int fd, size_t size, struct str *out)
{
    struct stat st;
    if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
        return false;
    off_t from = st.st_size > (off_t)size ? st.st_size - (off_t)size : 0;
    str_cut(out, 0);
    str_fill(out, '\0', (size_t)(st.st_size - from));
    return pread(fd, out->ptr, out->len, from) == (ssize_t)out->len;
}

/* The last complete line of the tail; false: it does not begin in it. */
static bool last_line(const struct str *tail, bool is_all, size_t *from, size_t *len)
{
    const char *end = memrchr(tail->ptr, '\n', tail->len);
    if (!end)
        return false;
    const char *before = memrchr(tail->ptr, '\n', (size_t)(end - tail->ptr));
    if (!before && !is_all)
        return false;
    *from = before ? (size_t)(before - tail->ptr) + 1 : 0;
    *len = (size_t)(end - tail->ptr) - *from;
    return true;
}

json_t *journal_read_last(const char *path)
{
    struct str tail = STR_INIT;
    json_t *record = NULL;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0)
        return NULL;
    for (size_t size = 4096; size < JOURNAL_MAX && read_tail(fd, size, &tail); size *= 16) {
        size_t from, len;
        bool is_all = tail.len < size;
        if (last_line(&tail, is_all, &from, &len)) {
            record = json_loadb(tail.ptr + from, len, 0, NULL);
            break;
        }
        if (is_all)
            break;
    }
    close(fd);
    str_clear(&tail);
    return record;
}

/* Names begin with the time, so that they sort by it. */
bool journal_list(struct arena *a, const char *dir, struct path_list *out, struct err *err)
{
    struct path_list names = {0};
    *out = (struct path_list){0};
    if (file_is_missing(dir))
        return true;
    if (!file_list(a, dir, &names, err))
        return false;
    for (size_t i = names.len; i > 0; i--)
        if (str_ends_with(names.at[i - 1], ".jsonl"))
            vec_push(a, out, path_join(a, dir, names.at[i - 1]));
    return true;
}

bool journal_is_in_use(const char *path)
{
    struct flock all = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0)
        return false;
    bool in_use = fcntl(fd, F_OFD_GETLK, &all) == 0 && all.l_type != F_UNLCK;
    close(fd);
    return in_use;
}

const char *journal_text(const json_t *record, const char *key, const char *otherwise)
{
    const char *text = json_string_value(json_object_get(record, key));
    return text ? text : otherwise;
}

json_int_t journal_number(const json_t *record, const char *key)
{
    const json_t *value = json_object_get(record, key);
    return json_is_integer(value) ? json_integer_value(value) : -1;
}
