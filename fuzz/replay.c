/*
 * Runs a fuzz target over files instead of libFuzzer: over those named on the command line, or over
 * fuzz/corpus/<name> for a program called fuzz_<name>. Beside each file all its beginnings are run,
 * up to a size, since input that ends too early is what parsers forget most.
 */
#include "config.h"

#include "fuzz/fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/file.h"
#include "base/str.h"

enum { FILE_MAX = 1 << 20, PREFIX_MAX = 2048 };

/* A heap copy of exactly this size, so that the address sanitizer sees reads beyond it. */
static void run(const char *text, size_t len)
{
    uint8_t *copy = malloc(len ? len : 1);
    if (!copy)
        abort();
    memcpy(copy, text, len);
    LLVMFuzzerTestOneInput(copy, len);
    free(copy);
}

static bool run_file(struct arena *a, const char *path)
{
    struct err err = ERR_INIT;
    char *text;
    size_t len;
    if (!file_read(a, path, FILE_MAX, &text, &len, &err)) {
        fprintf(stderr, "%s\n", err.message);
        err_clear(&err);
        return false;
    }
    run(text, len);
    for (size_t n = 0; n < len && n < PREFIX_MAX; n++)
        run(text, n);
    return true;
}

static bool run_corpus(struct arena *a, const char *program)
{
    const char *top = getenv("top_srcdir");
    const char *name = strstr(path_base(program), "fuzz_");
    struct err err = ERR_INIT;
    struct path_list files = {0};
    const char *dir = path_join(a, top ? top : ".",
                                arena_printf(a, "fuzz/corpus/%s", name ? name + 5 : ""));
    if (!file_list(a, dir, &files, &err)) {
        fprintf(stderr, "%s\n", err.message);
        err_clear(&err);
        return false;
    }
    bool ok = files.len > 0;
    for (size_t i = 0; i < files.len; i++)
        ok = run_file(a, path_join(a, dir, files.at[i])) && ok;
    printf("%zu files\n", files.len);
    return ok;
}

int main(int argc, char **argv)
{
    struct arena *a = arena_new();
    bool ok = true;
    for (int i = 1; i < argc; i++)
        ok = run_file(a, argv[i]) && ok;
    if (argc == 1)
        ok = run_corpus(a, argv[0]);
    arena_free(a);
    return ok ? 0 : 1;
}
