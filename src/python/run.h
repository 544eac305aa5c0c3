/*
 * The interpreter, as the embedder sees it.
 *
 *     struct py_run *run = py_run_new(arena, &config);
 *     if (py_run_exec(run, "revision", source, &outcome))
 *         py_run_call(run, py_run_global(run, "revision", "upgrade"), NULL, 0, NULL, &outcome);
 *
 * A run is one hermetic world: its modules, its values, its budgets. It reaches no file, clock,
 * network, environment, process or randomness but through the callbacks of its configuration.
 * Everything it makes lives in the arena given; there is nothing to free besides that arena.
 * Making one is cheap: native modules and classes come to life when a program uses them.
 *
 * A run ends in one of four ways, told apart by struct py_outcome. The functions here are its
 * boundary: they may be called from anywhere that is not inside a native function, and never jump.
 * Inside native functions, use native.h.
 */
#ifndef PYTHON_RUN_H
#define PYTHON_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "python/refusals.h"
#include "python/value.h"

struct arena;
struct err;
struct py_node;
struct source;
struct py_embedded;
struct py_native_module;

enum py_ending {
    PY_OK,
    PY_RAISED,  /* a Python exception that Python would raise too: type, message */
    PY_REFUSED, /* not supported, or the value is not known: reason. Programs cannot catch it */
    PY_LIMIT,   /* a budget was used up: reason. Programs cannot catch it */
};

/* A place in a source file. file is NULL when there is none. */
struct py_place {
    const char *file; /* the source's path */
    int line, column; /* from 1 */
    int end_line;     /* the last line of the call or expression; 0: not known */
};

/* How a call into the run ended. Strings live in the run's arena. */
struct py_outcome {
    enum py_ending ending;
    const char *type;           /* raised: "ValueError"; with its module unless that is builtins */
    const char *message;        /* raised: str(exception) */
    enum py_refusal refusal;    /* refused, limit: which kind */
    const char *reason;         /* refused, limit: one line */
    struct py_place place;      /* where, innermost; of the library only when all of it is there */
    struct py_value exception;  /* raised: the object */
    const struct py_place *traceback; /* raised: outermost call first */
    size_t traceback_len;
    struct py_value result;     /* ok: what the call returned */
};

/* The budgets: see limits.def, which holds names, defaults and descriptions. 0: the default. */
struct py_limits {
#define PY_LIMIT_ROW(name, value, text) uint64_t name;
#include "python/limits.def"
#undef PY_LIMIT_ROW
};

/* What an import callback found; strings are borrowed for the life of the run. */
struct py_found {
    const struct source *source; /* the text; NULL: a folder without __init__.py */
    bool is_package;
};

struct py_environ {
    const char *name, *value;
};

/* A statement that could not be carried out. */
struct py_refused {
    enum py_refusal refusal;
    const char *reason;
    struct py_place place;           /* where it was refused: maybe in what the statement called */
    const struct py_node *statement;
    const struct source *source;     /* that the statement stands in */
    const char *module;              /* its __name__ */
    bool in_class;                   /* of a class's body */
};

struct py_config {
    struct py_limits limits;
    /* Native modules beside the built-in ones, ended by NULL; searched first. */
    const struct py_native_module *const *modules;
    /* Modules written in Python beside those of the standard library; NULL: none. */
    const struct py_embedded *embedded;
    /*
     * Finds a module of the project by its dotted name: true and *found, or false when there is
     * none (the import then gives an unknown). err: there is one, but it cannot be read; that is a
     * refusal. NULL: no project. Asked once per name.
     */
    bool (*find_module)(const char *dotted, struct py_found *found, struct err *err, void *payload);
    /*
     * Whether a module that was not found is absent where the program says what to do without it
     * (try ... except ImportError); elsewhere it is never more than not known. NULL: it is not
     * known there either.
     */
    bool (*is_absent)(const char *dotted, void *payload);
    /* What print() and writes to sys.stdout give; NULL drops it. */
    void (*print)(const char *text, size_t len, void *payload);
    /* os.environ, ended by a NULL name; NULL: empty. */
    const struct py_environ *environ;
    /* Microseconds since 1970 UTC, for datetime.now() and the like; NULL: those are refused. */
    int64_t (*now)(void *payload);
    /* Fills len bytes, for uuid4() and random; NULL: those are refused. */
    void (*random)(unsigned char *bytes, size_t len, void *payload);
    /*
     * A statement of a module's or a class's body (not of a function's) was refused: whether to go
     * on behind it. The names that it would have bound are unknown then, with the refusal's reason.
     * NULL: never.
     */
    bool (*recover)(struct py_run *run, const struct py_refused *refused, void *payload);
    void *payload; /* of the callbacks above */
    void *host;    /* for native code: py_host() */
};

/* A fresh run in the arena; config is copied, what it points to is borrowed. */
struct py_run *py_run_new(struct arena *a, const struct py_config *config);

/*
 * Reads a source and executes it as the module called name (dotted; it is put into sys.modules, so
 * that relative imports inside it and imports of it work). is_package: relative imports start in
 * it. A syntax error is a refusal. True: outcome->ending is PY_OK.
 */
bool py_run_exec(struct py_run *run, const char *name, const struct source *src, bool is_package,
                 struct py_outcome *outcome);

/*
 * Executes what the programs of this run are likely to begin with, so that it can be saved with the
 * arena (arena_save()) and be done once for many runs: modules and classes come to life, and
 * nothing else is left. It does not count against the budgets.
 */
bool py_run_prepare(struct py_run *run, const struct source *src, struct py_outcome *outcome);

/* A global of an executed module; absent when there is none. */
struct py_value py_run_global(struct py_run *run, const char *module, const char *name);

/* Imports a module by its dotted name, as "import a.b.c" does; the result is the module a.b.c. */
bool py_run_import(struct py_run *run, const char *dotted, struct py_outcome *outcome);

/* Calls a value. kwargs may be NULL. The result is in the outcome. */
bool py_run_call(struct py_run *run, struct py_value callable, const struct py_value *args,
                 size_t count, struct py_dict *kwargs, struct py_outcome *outcome);

/*
 * Runs native code that may raise, refuse or hit a limit, and says how it ended. It may be nested:
 * native code uses it to go on after a refusal.
 */
bool py_run_protect(struct py_run *run, void (*body)(struct py_run *run, void *payload),
                    void *payload, struct py_outcome *outcome);

/* Turns an outcome that is not PY_OK into an err: ERR_RAISED, ERR_PYTHON or ERR_LIMIT, its
 * diagnostic, place and source line. Returns false. */
bool py_outcome_err(struct py_run *run, const struct py_outcome *outcome, struct err *err);

/*
 * Strict: calling something unknown, or entering it with "with", is a refusal (what it would have
 * done is not known, and it could have done anything). Not strict, the default: it gives an
 * unknown. Returns what was set before.
 */
bool py_run_set_strict(struct py_run *run, bool strict);

/* How many steps (statements, calls, loop turns) the run has taken. */
uint64_t py_run_steps(const struct py_run *run);

#endif
