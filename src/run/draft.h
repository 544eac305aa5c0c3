/*
 * A new revision file: what `revision` and `merge` write, and the console (spec/cli.md,
 * sections 5.4 and 5.5; spec/autogenerate.md, section 13).
 *
 * In four steps, so that a front end can say what is being done: made (nothing is touched, all that
 * can be wrong with the request is found), rendered, written (atomically, never over an existing
 * file), checked (the graph is read again with the new file in it).
 */
#ifndef RUN_DRAFT_H
#define RUN_DRAFT_H

#include <stdbool.h>
#include <stdint.h>

#include "autogenerate/write.h"
#include "base/map.h"
#include "revision/graph.h"

struct alembic_project;
struct arena;
struct err;

struct draft_request {
    const char *message;     /* NULL: none was given */
    const char *id;          /* NULL: a random one */
    struct name_list heads;  /* symbols of what it is put on; empty: "head" */
    bool splice;             /* they need not be heads */
    const char *branch_label; /* NULL: none */
    const char *version_path; /* NULL: chosen */
    struct name_list depends_on;
    int64_t now;             /* microseconds since 1970 UTC: clock_wall() */
};

struct draft {
    const char *id;
    const char *folder;      /* of the version location; may be missing */
    const char *path;        /* of the file */
    const char *path_folder; /* of `path`: below `folder` where the file template says so */
    const char *branch_label;
    struct map variables;    /* of the template, as in template.h; draft_render() takes more */
    const char *text;        /* after draft_render(), encoded */
    size_t len;
};

/* What autogenerate has to say: NULL bodies mean that env.py was not run. */
struct draft_bodies {
    const char *upgrades, *downgrades;
    const char *upgrade_token, *downgrade_token; /* what the template calls them; NULL: so */
    struct write_imports imports;
};

/*
 * Everything about the new file but its text. False with Alembic's words: an id that cannot be, a
 * head that is none, a location that is none of the project's.
 */
bool draft_make(struct arena *a, const struct alembic_project *project, const struct graph *graph,
                const struct draft_request *request, struct draft **out, struct err *err);

/* What stands in both functions where env.py was run and nothing is to be done. */
bool draft_empty_bodies(struct arena *a, struct draft_bodies *out, struct err *err);

/*
 * Evaluates script.py.mako. An import that the bodies need and the template does not have is added
 * to those that Alembic adds. False: the template cannot be read, followed, or encoded.
 */
bool draft_render(struct arena *a, const struct alembic_project *project, struct draft *draft,
                  const struct draft_bodies *bodies, struct err *err);

/* Writes the file; its folder must be there. An existing file is an error and stays as it is. */
bool draft_write(const struct draft *draft, struct err *err);

/*
 * Reads the project's revisions again. False, with the words that Alembic has for it, when they do
 * not fit together any more, or when the template lost the branch label. The file stays.
 */
bool draft_check(struct arena *a, struct alembic_project *project, const struct draft *draft,
                 struct graph **out, struct err *err);

#endif
