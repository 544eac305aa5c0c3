/*
 * The evaluator: any bytes as a program, with small budgets and no project, end in one of the four
 * ways that there are.
 */
#include "config.h"

#include "fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/source.h"
#include "python/parse.h"
#include "python/run.h"

static int64_t fixed_clock(void *payload)
{
    (void)payload;
    return 1700000000000000;
}

static void no_random(unsigned char *bytes, size_t len, void *payload)
{
    (void)payload;
    memset(bytes, 7, len);
}

/* What a caller may count on, whatever the program was. */
static void check(struct py_run *run, const struct py_outcome *outcome)
{
    struct err err = ERR_INIT;
    if (outcome->ending == PY_OK)
        return;
    if (outcome->ending == PY_RAISED ? !outcome->type || !outcome->message : !outcome->reason)
        abort();
    py_outcome_err(run, outcome, &err);
    if (!err.message)
        abort();
    err_clear(&err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct py_environ environ[] = {{"HOME", "/home/me"}, {NULL, NULL}};
    const struct py_config config = {
        .limits = {.steps = 20000, .memory = 8u << 20, .string = 1u << 18, .items = 20000,
                   .int_bits = 1u << 13, .depth = 200},
        .environ = environ,
        .now = fixed_clock,
        .random = no_random,
    };
    struct arena *a = arena_new();
    struct err err = ERR_INIT;
    const char *text = arena_strndup(a, (const char *)data, size);
    const struct source *source = py_source_new(a, "fuzz.py", text, size, &err);
    if (source) {
        struct py_run *run = py_run_new(a, &config);
        struct py_outcome outcome;
        py_run_exec(run, "__main__", source, false, &outcome);
        check(run, &outcome);
    }
    err_clear(&err);
    arena_free(a);
    return 0;
}
