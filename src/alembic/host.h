/*
 * What the native modules of src/alembic share with whoever runs a program: the host of the
 * interpreter's run (py_config.host). Every run in this folder has one: revisions, env.py, models.
 */
#ifndef ALEMBIC_HOST_H
#define ALEMBIC_HOST_H

#include <stdbool.h>

#include "base/str.h"
#include "python/embedded.h"
#include "python/native.h"
#include "schema/naming.h"
#include "schema/op.h"

struct alembic_live;
struct alembic_project;
struct env_run;

struct alembic_host {
    const struct alembic_project *project; /* NULL in unit tests */
    const char *path;      /* the revision file; NULL: none is being read */
    struct env_run *env;   /* env_run.h; NULL: it is not env.py that runs */
    struct naming naming;  /* of env.py's target metadata */
    struct op_list ops;    /* what the program did, in order */
    bool asked;            /* the connection was asked for data, which offline it does not have */
    bool decided;          /* without a database it went a way that depends on there being none */
    bool for_models;       /* the program is read for its models: what they raise ends it */
    bool in_revision;      /* op and context can be used: upgrade() or downgrade() runs */
    bool to_print;         /* READING_TO_PRINT: parameters of a statement are left out */
    op_text_fn op_text;    /* statements as text for the program; NULL: not here */
    const struct alembic_live *live; /* who answers questions (live.h); NULL: no database */
    size_t flushed;        /* of ops: how many have been carried out (live_flush()) */
};

/* The host of a run. */
static inline struct alembic_host *alembic_host(struct py_run *run)
{
    return py_host(run);
}

/*
 * Adds an operation of this kind, with its place in the program, and answers it for its fields to
 * be filled. Raises what Alembic raises when no revision is being read.
 */
struct op *host_add_op(struct py_run *run, enum op_kind kind);

/* Where the program is: what an operation made now comes from. */
struct op_origin host_origin(struct py_run *run);

/*
 * The same in two steps, for operations whose fields are read from arguments: reading can raise,
 * and half an operation must not be among those that the program did.
 */
struct op *host_new_op(struct py_run *run, enum op_kind kind);
void host_push_op(struct py_run *run, struct op *op);

/* Raises the exception that an err of src/schema or src/sql stands for ("module.Type: message"),
 * refuses for any other code; frees the err. */
PY_NORETURN void host_raise(struct py_run *run, struct err *err);

/* The native modules of this folder, ended by NULL, for py_config.modules. */
extern const struct py_native_module *const alembic_modules[];

/* Libraries' modules that are written in Python (src/alembic/lib), for py_config.embedded. */
extern const struct py_embedded alembic_embedded[];

#endif
