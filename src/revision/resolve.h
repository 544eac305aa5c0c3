/*
 * Revision identifiers and walks (spec/cli.md, sections 4.1, 4.2 and 4.4). For use inside
 * src/revision.
 */
#ifndef REVISION_RESOLVE_H
#define REVISION_RESOLVE_H

#include <stdbool.h>

#include "revision/graph.h"

/* What resolving needs, and the words that its errors take from the command. */
struct resolver {
    struct arena *arena;
    const struct graph *graph;
    const char *destination;    /* as typed; named when there are several heads. NULL: the symbol */
    const char *multiple_heads; /* the whole message for several heads; NULL: the usual one */
    const char *warning;        /* what Alembic would warn of; NULL: nothing */
    struct err *err;
};

/*
 * Where a symbol or a walk leads: a revision, "base" (below every base), or nowhere, which is both
 * what Alembic's functions call None and where a walk ends that goes too far.
 */
enum spot_kind { SPOT_REVISION, SPOT_BASE, SPOT_NOWHERE };

struct spot {
    enum spot_kind kind;
    struct revision *revision;
};

VEC_DEFINE(spot_list, struct spot);

/* A symbol that may stand for several revisions. */
bool resolve_all(struct resolver *rs, const char *symbol, struct spot_list *out);

/* The same, where only revisions make sense. */
bool resolve_revisions(struct resolver *rs, const char *symbol, struct revision_list *out);

/* Each of some ids, as rows of the version table. */
bool resolve_rows(struct resolver *rs, const struct name_list *rows, struct revision_list *out);

/* A symbol that stands for one revision; SPOT_NOWHERE for base. */
bool resolve_one(struct resolver *rs, const char *symbol, struct spot *out);

/*
 * An identifier that is no symbol: exact id or label, or the beginning of one; label may be NULL.
 */
bool resolve_ident(struct resolver *rs, const char *ident, const char *label,
                   struct revision **out);

/* A branch label, or the id (or its beginning) of a revision that stands for its branch. */
bool resolve_branch(struct resolver *rs, const char *label, struct revision **out);

/*
 * The targets that share their lineage with what a symbol stands for; all of them when it stands
 * for nothing (base).
 */
bool resolve_lineage(struct resolver *rs, const struct revision_list *targets, const char *symbol,
                     bool with_dependencies, struct revision_list *out);

/*
 * Goes `steps` up (positive) or down. label (may be NULL) selects among children. strict: going too
 * far gives SPOT_NOWHERE; otherwise the walk stays where it can go no further.
 */
bool resolve_walk(struct resolver *rs, struct spot start, long steps, const char *label,
                  bool strict, struct spot *out);

/* [label@][symbol](+N|-N), found at the beginning of a target; the rest of it is ignored. */
struct relative {
    const char *label, *symbol; /* NULL: not given */
    const char *text;           /* "+2" */
    long steps;
};

bool resolve_parse_relative(struct arena *a, const char *target, struct relative *out);

/* What section 4.1 says for several heads and for what cannot be found. Return false. */
bool resolve_multiple_heads(struct resolver *rs, const char *symbol);
bool resolve_not_found(struct resolver *rs, const char *ident);

#endif
