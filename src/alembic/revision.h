/*
 * A revision file, read without running it: its header, and the operations of one direction.
 */
#ifndef ALEMBIC_REVISION_H
#define ALEMBIC_REVISION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"
#include "base/vec.h"
#include "schema/op.h"
#include "schema/table.h"

struct arena;
struct alembic_live;
struct alembic_project;
struct env_step;

enum direction { DIRECTION_UPGRADE, DIRECTION_DOWNGRADE };

/* Each direction of each revision has exactly one answer (DESIGN.md, "Reading Python"). */
enum reading_status {
    READING_OK,     /* operations as given */
    READING_LIVE,   /* depend on the database */
    READING_RAISES, /* the revision itself raises: err has "Type: message" and the place */
    READING_PYTHON, /* cannot be evaluated: err has reason, file, line, column */
};

/* The module variables of a revision file (spec/cli.md, section 3.1). */
struct revision_header {
    const char *path;           /* as found */
    const char *id;
    struct name_list down;      /* empty: a base */
    struct name_list depends_on; /* as written: ids or labels */
    struct name_list labels;
    const char *longdoc;        /* the stripped docstring, "" if none */
    const char *doc;            /* its first paragraph, for one-line forms */
};

/* What a revision printed, and before which of its operations. */
struct revision_print {
    size_t before;
    const char *text;
};
VEC_DEFINE(revision_prints, struct revision_print);

/* A file of the project that a revision imports. */
struct revision_module {
    const char *path;
    uint64_t fingerprint;
};
VEC_DEFINE(revision_modules, struct revision_module);

struct revision_reading {
    enum reading_status status;
    struct op_list ops; /* READING_RAISES: those before the exception */
    struct err err;     /* freed with revision_reading_clear() */
    struct revision_prints prints;
    uint64_t fingerprint; /* of the file as it was read; 0: it could not be */
    struct revision_modules modules; /* that were read for it */
    bool asks; /* read without a database, and with one it may do something else */
};

/*
 * Reads the header of the file at path (spec/cli.md, section 3.1): without parsing function bodies
 * where that is safe, else by evaluating the module. False with the place when the file is
 * unreadable, is not Python, or its header cannot be evaluated.
 */
bool alembic_read_header(struct arena *a, struct alembic_project *project, const char *path,
                         struct revision_header *out, struct err *err);

/* The same of a file that is not on the disk, and whose header needs no evaluation. */
bool alembic_header_of_text(struct arena *a, const char *path, const char *text, size_t len,
                            struct revision_header *out, struct err *err);

/* Memory for reading headers, used again and again; each thread has one of its own. */
struct header_scratch {
    struct arena *arena;
    struct str text;
};

void header_scratch_init(struct header_scratch *scratch);
void header_scratch_clear(struct header_scratch *scratch);

/*
 * The same without evaluating anything, for one of thousands of files: path was listed as a regular
 * file of the folder that is open as `folder`. False: that is not possible, or the header is wrong;
 * alembic_read_header() says which. Threads may call it at the same time, each with its own arena.
 */
bool alembic_scan_header(struct arena *a, struct header_scratch *scratch, int folder,
                         const char *path, struct revision_header *out);

/*
 * What the operations are for. They differ where parameters are given with a statement: executed,
 * it has them; Alembic's --sql prints it without (spec/ops.md, section 6, get_bind()).
 */
enum reading_purpose { READING_TO_EXECUTE, READING_TO_PRINT };

struct reading_request {
    const char *path; /* of the revision file; borrowed */
    const char *text; /* what it holds, where it is not on the disk; borrowed. NULL: it is read */
    size_t text_len;
    enum direction direction;
    enum reading_purpose purpose;
    /* upgrade() and downgrade() get the arguments that env.py gives to run_migrations() in this
     * run; NULL: in the one that project_run() knows. */
    const struct env_step *run;
    op_text_fn op_text; /* for programs that compile statements; NULL: they are refused */
    /* Who answers what the revision asks the database (live.h), and carries out its operations one
     * by one; borrowed. NULL: there is no database, and it is read as Alembic's --sql does. */
    const struct alembic_live *live;
};

/*
 * Evaluates one direction of a revision file with a fresh interpreter and collects its operations
 * in the arena. Never fails: what went wrong is in the reading's status and err.
 */
void alembic_read_revision(struct arena *a, struct alembic_project *project,
                           const struct reading_request *request, struct revision_reading *out);

/*
 * The same for many revisions, one after the other: the interpreter and the modules that revisions
 * import are made once, and each revision finds them as they were when they were made. Nothing that
 * one revision does is seen by another. project is borrowed. Threads have a reader each.
 */
struct revision_reader;
struct revision_reader *revision_reader_new(struct alembic_project *project);
void revision_reader_free(struct revision_reader *reader);

/* As alembic_read_revision(); what is in *out lives until the reader reads again. */
void revision_reader_read(struct revision_reader *reader, const struct reading_request *request,
                          struct revision_reading *out);

/* Of the text of a file; never 0. Against accidents, not against attacks. */
uint64_t revision_fingerprint(const char *text, size_t len);

/*
 * Whether the file at path still holds the text with that fingerprint; what is a word for it ("the
 * revision file"). False: ERR_STALE says that it changed or is gone.
 */
bool revision_is_unchanged(const char *path, uint64_t fingerprint, const char *what,
                           struct err *err);

void revision_reading_clear(struct revision_reading *reading);

#endif
