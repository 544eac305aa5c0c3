/*
 * The evaluation of one revision file: what revision.c and header.c share.
 */
#ifndef ALEMBIC_READING_H
#define ALEMBIC_READING_H

#include "alembic/host.h"
#include "alembic/revision.h"
#include "python/run.h"

/* A revision file larger than this is no revision file. */
enum { REVISION_MAX = 16 << 20 };

/* One evaluation: the run, its host, and what the callbacks need. */
struct reading {
    struct arena *arena;
    struct alembic_project *project;
    struct alembic_host host;
    struct py_run *run;
    const char *module; /* the name of the revision's module */
    const char *text;   /* of the file; NULL: it is on the disk */
    size_t text_len;
    struct revision_prints prints;
    struct revision_modules modules;
    uint64_t fingerprint; /* of the file */
    uint64_t random;    /* state of the generator behind uuid4() and random */
};

/* A fresh interpreter in the arena, still without a file; project may be NULL. */
struct reading *reading_new(struct arena *a, struct alembic_project *project);

/* Names the file that will be read; path is borrowed. Its text, where it is not on the disk, is set
 * afterwards. */
void reading_begin(struct reading *r, const char *path);

/*
 * Reads the file and executes it as a module. False, with err and outcome, when that does not come
 * to its end.
 */
bool reading_exec(struct reading *r, struct py_outcome *outcome, struct err *err);

#endif
