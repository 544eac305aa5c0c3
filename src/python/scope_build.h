/*
 * What scope.c and scope_walk.c share: scopes while they are being made.
 *
 * scope_walk.c walks the tree once, opens a scope for every body and records in it each name that
 * is bound or used there. scope.c then decides, outer scopes first, where each name lives, and
 * writes that into all the references.
 */
#ifndef PYTHON_SCOPE_BUILD_H
#define PYTHON_SCOPE_BUILD_H

#include <setjmp.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/vec.h"
#include "python/ast.h"

enum symbol_flags {
    SYMBOL_PARAM = 1,
    SYMBOL_BOUND = 2,
    SYMBOL_USED = 4,
    SYMBOL_GLOBAL = 8,     /* by a global statement */
    SYMBOL_NONLOCAL = 16,  /* by a nonlocal statement */
    SYMBOL_ANNOTATED = 32,
    SYMBOL_ITERATION = 64, /* a comprehension's own variable */
    SYMBOL_CELL = 128,     /* an inner scope uses it */
};

struct symbol {
    const struct py_name *name;
    unsigned flags;
    uint32_t offset;     /* where it was first seen, or declared global or nonlocal */
    enum py_where where;
    uint32_t slot;
    int free_index;      /* among the scope's frees; -1: not there */
};

struct use {
    struct py_ref *ref;
    uint32_t symbol;
};

struct build {
    struct py_scope *out;
    struct build *parent;
    VEC(struct symbol) symbols;
    uint32_t *table; /* open addressing by name: position + 1 */
    uint32_t table_size;
    VEC(struct use) uses;
    /* What the walk knows about the place it is at. */
    int loops;            /* around it, in this body */
    int except_stars;     /* except* handlers around it, in this body */
    int comp_iterables;   /* comprehension iterables around it */
    enum py_node_kind comprehension; /* which kind it is */
    bool in_comp_target;
    bool is_async_def;
};

struct walk {
    struct arena *arena;
    struct py_module_ast *module;
    struct err *err;
    struct err late; /* the first mistake that CPython's compiler finds, after its symbol tables */
    jmp_buf on_error;
    VEC(struct build *) scopes; /* each after its parent */
    struct build *scope;        /* the innermost */
    int depth, limit;
    VEC(const struct py_name *) classes; /* around it, for mangling */
};

/* Ends the analysis. */
_Noreturn void scope_fail(struct walk *w, uint32_t offset, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Remembers the first error of the later stage. */
void scope_fail_late(struct walk *w, uint32_t offset, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/*
 * The symbol of a name in a scope, made when it is not there yet; good until the next one is made.
 */
struct symbol *scope_symbol(struct walk *w, struct build *b, const struct py_name *name,
                            uint32_t offset);

/* The symbol, or NULL. */
struct symbol *scope_find(const struct build *b, const struct py_name *name);

/* Walks the module (scope_walk.c). */
void scope_walk_module(struct walk *w);

/* Checks a match statement's patterns (scope_pattern.c). */
void scope_check_cases(struct walk *w, const struct py_node *match);

#endif
