/*
 * Runs a Python program with the interpreter and prints what it prints; how it ended comes last:
 * "raises TYPE: MESSAGE", "refused: CODE: REASON" or "limit: CODE: REASON", each with its
 * place.
 *
 *     python_eval FILE
 *
 * Modules are looked for beside the file. Used by tests/python/eval.sh.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/file.h"
#include "base/source.h"
#include "python/parse.h"
#include "python/run.h"

struct host {
    struct arena *arena;
    const char *dir;
};

static void write_out(const char *text, size_t len, void *payload)
{
    (void)payload;
    fwrite(text, 1, len, stdout);
}

static bool find_module(const char *dotted, struct py_found *found, struct err *err, void *payload)
{
    struct host *h = payload;
    char *path = arena_strdup(h->arena, dotted), *text;
    size_t len;
    for (char *p = path; *p; p++) {
        if (*p == '.')
            *p = '/';
    }
    const char *file = arena_printf(h->arena, "%s/%s.py", h->dir, path);
    if (!file_exists(file)) {
        file = arena_printf(h->arena, "%s/%s/__init__.py", h->dir, path);
        found->is_package = true;
    }
    if (!file_exists(file))
        return false;
    if (!file_read(h->arena, file, 1 << 20, &text, &len, err))
        return false;
    found->source = py_source_new(h->arena, file, text, len, err);
    return found->source != NULL;
}

static int64_t now(void *payload)
{
    (void)payload;
    return 1700000000000000;
}

static void finish(const struct py_outcome *o)
{
    if (o->ending == PY_RAISED)
        printf("raises %s: %s\n", o->type, o->message);
    else if (o->ending != PY_OK)
        printf("%s: %s: %s\n", o->ending == PY_REFUSED ? "refused" : "limit",
               py_refusal_code(o->refusal), o->reason);
    if (o->ending != PY_OK && o->place.file)
        printf("  at %s:%d", path_base(o->place.file), o->place.line);
    if (o->ending != PY_OK && o->ending != PY_RAISED && o->place.file)
        printf(":%d", o->place.column);
    if (o->ending != PY_OK && o->place.file)
        putchar('\n');
}

int main(int argc, char **argv)
{
    if (argc != 2)
        return 2;
    struct arena *a = arena_new();
    struct err err = ERR_INIT;
    struct host host = {a, path_dir(a, argv[1])};
    char *text;
    size_t len;
    if (!file_read(a, argv[1], 1 << 20, &text, &len, &err)) {
        fprintf(stderr, "%s\n", err.message);
        return 2;
    }
    static const struct py_environ environ[] = {{"HOME", "/home/me"}, {"EMPTY", ""}, {NULL, NULL}};
    struct py_config config = {
        .find_module = find_module,
        .print = write_out,
        .environ = environ,
        .now = now,
        .payload = &host,
    };
    struct py_run *run = py_run_new(a, &config);
    struct py_outcome outcome;
    py_run_exec(run, "__main__", source_new(a, argv[1], text, len), false, &outcome);
    finish(&outcome);
    arena_free(a);
    return 0;
}
