/*
 * The revision graph (spec/cli.md, sections 3, 4 and 6).
 *
 * Built once from the headers of all revision files; immutable afterwards. Revisions are numbered
 * in load order. All of it lives in the arena given to graph_load().
 */
#ifndef REVISION_GRAPH_H
#define REVISION_GRAPH_H

#include <stdbool.h>
#include <stddef.h>

#include "alembic/revision.h"
#include "base/err.h"
#include "base/map.h"
#include "base/vec.h"

struct alembic_project;
struct arena;
struct revision;

VEC_DEFINE(revision_list, struct revision *);

/* Words of the glossary: spec/cli.md, section 3.2. Lists are in load order unless said. */
struct revision {
    size_t index; /* load order */
    const struct revision_header *header;
    struct revision_list down;     /* as declared */
    struct revision_list deps;     /* depends_on resolved, as declared */
    struct revision_list all_down; /* down + deps without repeats */
    struct revision_list ndeps;    /* deps that are not implied by down's ancestors */
    struct revision_list ndown;    /* down + ndeps: what the version table's bookkeeping uses */
    struct revision_list next;     /* children */
    struct revision_list all_next; /* children and dependents */
    struct name_list labels;       /* all that apply to it, sorted */
    bool is_head, is_real_head, is_base, is_real_base, is_branchpoint, is_mergepoint;
};

struct graph {
    struct revision_list revisions;
    /* A revision id that two files declare stands twice in heads and bases, as with Alembic. */
    struct revision_list heads, real_heads, bases, real_bases;
    struct map by_id;    /* id -> struct revision * */
    struct map by_label; /* label -> the labelled revision itself */
    VEC(const char *) warnings; /* "Revision X is present more than once", ... */
};

/*
 * Scans the version locations of the project and builds the graph. False, with the file's place or
 * with Alembic's words, when a header cannot be read or the map is wrong (section 3.3). The
 * warnings found till then are in *warnings (may be NULL; the graph has them too).
 */
bool graph_load(struct arena *a, struct alembic_project *project, struct graph **out,
                struct name_list *warnings, struct err *err);

/* The same from headers that were read already (borrowed), in load order. Pure. */
bool graph_build(struct arena *a, const struct revision_header *headers, size_t count,
                 struct graph **out, struct name_list *warnings, struct err *err);

VEC_DEFINE(revision_headers, struct revision_header);

/* A revision file without a header, and why. */
struct unread_file {
    const char *path;
    struct err err;
};

VEC_DEFINE(unread_files, struct unread_file);

/*
 * The headers of all revision files of the version locations, in load order, and the files whose
 * header cannot be read: what looks at each file alone need not stop at one of them. False when a
 * folder cannot be read. unread_files_clear() frees the errors, in any case.
 */
bool graph_scan(struct arena *a, struct alembic_project *project, struct revision_headers *headers,
                struct unread_files *unread, struct name_list *warnings, struct err *err);
void unread_files_clear(struct unread_files *files);

/* The revision with exactly this id, or NULL. */
struct revision *graph_find(const struct graph *graph, const char *id);

/* All ancestors of the given ones, themselves included; with dependencies, or by down only. */
void graph_ancestors(const struct graph *graph, const struct revision_list *from,
                     bool with_dependencies, bool *in_set); /* in_set[graph->revisions.len] */

/*
 * Resolves a plain identifier (section 4.1): "head", "heads", "base", id, part of an id, label,
 * label@ident, -N. The list is empty for base. False with Alembic's words.
 */
bool graph_resolve(struct arena *a, const struct graph *graph, const char *symbol,
                   struct revision_list *out, struct err *err);

/* Whether an id can be one; else Alembic's words. */
bool graph_check_id(const char *id, struct err *err);

/*
 * What a new revision is put on: all that the symbols stand for, in their order; nothing for base.
 * False: a symbol is not found, "head" is several, or one revision is named twice.
 */
bool graph_resolve_parents(struct arena *a, const struct graph *graph,
                           const struct name_list *symbols, struct revision_list *out,
                           struct err *err);

/* Whether all of them are heads, which only a splice need not be. */
bool graph_check_heads(const struct revision_list *parents, bool splice, struct err *err);

/* The one revision that a symbol of --depends-on stands for. */
bool graph_resolve_dependency(struct arena *a, const struct graph *graph, const char *symbol,
                              struct revision **out, struct err *err);

/*
 * The rows that a run without a database starts from: the left side of START:END (section 4.3),
 * which must be one revision; NULL and "base" are the empty database.
 */
bool graph_resolve_start(struct arena *a, const struct graph *graph, const char *start,
                         struct name_list *rows, struct err *err);

/* One step: a revision and the direction it is taken in. */
struct step {
    struct revision *revision;
    enum direction direction;
};

VEC_DEFINE(step_list, struct step);

/*
 * The steps from the database's rows to a target (sections 4.2, 4.3 and 6), in the order in which
 * they run. current: ids as the version table has them. False with Alembic's words. warning (may
 * be NULL) gets what Alembic warns of ("downgrade -1 from multiple heads is ambiguous; ..."), or
 * NULL.
 */
bool graph_upgrade_steps(struct arena *a, const struct graph *graph,
                         const struct name_list *current, const char *target, struct step_list *out,
                         struct err *err);
bool graph_downgrade_steps(struct arena *a, const struct graph *graph,
                           const struct name_list *current, const char *target,
                           struct step_list *out, const char **warning, struct err *err);

/* One side of a range of `history`: a symbol, or the database's rows; both NULL: the default. */
struct history_bound {
    const char *symbol;
    const struct name_list *rows;
};

/* What `history` lists, children before parents (sections 5.1 and 6.2). Both bounds included. */
bool graph_history(struct arena *a, const struct graph *graph, struct history_bound from,
                   struct history_bound to, struct revision_list *out, struct err *err);

/* How the rows of the version table change with a step or a stamp (section 5.3.2). */
enum row_change_kind { ROW_INSERT, ROW_UPDATE, ROW_DELETE };

struct row_change {
    enum row_change_kind kind;
    const char *from, *to; /* UPDATE: both; INSERT: to; DELETE: from */
};

VEC_DEFINE(row_change_list, struct row_change);

/* The changes for one step; rows (ids) is brought up to date. */
bool graph_step_changes(struct arena *a, const struct graph *graph, struct name_list *rows,
                        const struct step *step, struct row_change_list *out, struct err *err);

/* A stamp: one entry per "Running stamp_revision FROM -> TO" line. */
struct stamp_step {
    struct name_list from, to; /* ids as Alembic logs them */
    struct row_change_list changes;
    bool is_upgrade;           /* to above, or to where no row was */
};

VEC_DEFINE(stamp_list, struct stamp_step);

bool graph_stamp_steps(struct arena *a, const struct graph *graph, const struct name_list *current,
                       const struct name_list *targets, struct stamp_list *out, struct err *err);

/* What `current` shows for these rows (section 5.1), in load order. */
bool graph_current(struct arena *a, const struct graph *graph, const struct name_list *rows,
                   struct revision_list *out, struct err *err);

#endif
