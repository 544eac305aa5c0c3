/*
 * Revision files: any bytes are read in both directions and rendered, or refused; and where the
 * header scan is sure of itself, it says what running the module says.
 */
#include "config.h"

#include "fuzz/fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "alembic/host.h"
#include "alembic/revision.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/source.h"
#include "base/str.h"
#include "python/header.h"
#include "python/parse.h"
#include "python/run.h"
#include "run/rendering.h"

static bool same_text(const struct py_header_text *text, struct py_value v)
{
    const struct py_str *s = (const struct py_str *)v.object;
    return py_is_str(v) && s->len == text->len && memcmp(s->ptr, text->text, s->len) == 0;
}

static bool same_items(const struct py_header_value *scanned, const struct py_value *items,
                       size_t count)
{
    bool same = scanned->count == count;
    for (size_t i = 0; same && i < count; i++)
        same = same_text(&scanned->items[i], items[i]);
    return same;
}

static bool same_value(const struct py_header_value *scanned, struct py_value v)
{
    switch (scanned->kind) {
    case PY_HEADER_OTHER:
        return true;
    case PY_HEADER_NONE:
        return py_is_none(v);
    case PY_HEADER_STR:
        return same_text(&scanned->items[0], v);
    case PY_HEADER_TUPLE: {
        const struct py_tuple *tuple = (const struct py_tuple *)v.object;
        return py_is_tuple(v) && same_items(scanned, tuple->items, tuple->len);
    }
    case PY_HEADER_LIST: {
        const struct py_list *list = (const struct py_list *)v.object;
        return py_is_list(v) && same_items(scanned, list->items, list->len);
    }
    case PY_HEADER_SET:
        return py_is_set(v);
    }
    return false;
}

static void compare_header(struct py_run *run, const struct py_header *header)
{
    for (size_t i = 0; i < header->name_count; i++) {
        struct py_value v = py_run_global(run, "fuzz", header->names[i].name);
        if (!same_value(&header->names[i].value, v)) {
            fprintf(stderr, "the scan is wrong about %s\n", header->names[i].name);
            abort();
        }
    }
    struct py_value doc = py_run_global(run, "fuzz", "__doc__");
    if (header->docstring ? !same_text(header->docstring, doc) : py_is_str(doc)) {
        fprintf(stderr, "the scan is wrong about the docstring\n");
        abort();
    }
}

static void call(struct py_run *run, const char *name, struct py_outcome *outcome)
{
    struct py_value function = py_run_global(run, "fuzz", name);
    if (!py_is_absent(function))
        py_run_call(run, function, NULL, 0, NULL, outcome);
}

/* Runs all of it with small budgets; false: one is used up, and the real ones would take long. */
static bool try_it(struct arena *a, const struct source *source, const char *text, size_t size)
{
    struct alembic_host host = {.path = "fuzz.py", .naming.templates = MAP_IN(a)};
    const struct py_config config = {
        .limits = {.steps = 20000, .memory = 8u << 20, .string = 1u << 18, .items = 20000,
                   .int_bits = 1u << 13, .depth = 200},
        .modules = alembic_modules,
        .host = &host,
    };
    struct py_run *run = py_run_new(a, &config);
    struct py_outcome outcome, up = {.ending = PY_OK}, down = {.ending = PY_OK};
    struct py_header header;
    if (py_run_exec(run, "fuzz", source, false, &outcome)) {
        if (py_header_scan(a, text, size, &header))
            compare_header(run, &header);
        host.in_revision = true;
        call(run, "upgrade", &up);
        call(run, "downgrade", &down);
    }
    return outcome.ending != PY_LIMIT && up.ending != PY_LIMIT && down.ending != PY_LIMIT;
}

static void render(struct arena *a, const char *path, enum direction direction)
{
    struct rendering out;
    const struct reading_request request = {.path = path, .direction = direction};
    rendering_make(a, NULL, &request, NULL, &out);
    if (out.status != READING_OK && !out.err.message)
        abort();
    rendering_clear(&out);
}

/* As a file that only this process sees. */
static void read_file(struct arena *a, const uint8_t *data, size_t size)
{
    int fd = memfd_create("revision", MFD_CLOEXEC);
    if (fd < 0 || write(fd, data, size) != (ssize_t)size)
        abort();
    const char *path = arena_printf(a, "/proc/self/fd/%d", fd);
    struct revision_header header;
    struct err err = ERR_INIT;
    if (!alembic_read_header(a, NULL, path, &header, &err) && !err.message)
        abort();
    err_clear(&err);
    render(a, path, DIRECTION_UPGRADE);
    render(a, path, DIRECTION_DOWNGRADE);
    close(fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new();
    struct err err = ERR_INIT;
    const char *text = arena_strndup(a, (const char *)data, size);
    const struct source *source = py_source_new(a, "fuzz.py", text, size, &err);
    if (!source || try_it(a, source, text, size))
        read_file(a, data, size);
    err_clear(&err);
    arena_free(a);
    return 0;
}
