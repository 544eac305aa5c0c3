/*
 * One direction of one revision as statements: reading (src/alembic) and rendering (src/sql) put
 * together. What `render`, the console's SQL pane and every plan are made from.
 */
#ifndef RUN_RENDERING_H
#define RUN_RENDERING_H

#include "alembic/project.h"
#include "alembic/revision.h"
#include "sql/render.h"
#include "sql/statement.h"

struct sql_effect;

struct rendering {
    enum reading_status status;
    struct statement_list statements; /* READING_RAISES: those before the exception */
    struct err err;                   /* why it is not READING_OK; file, line, column */
    struct revision_prints prints;    /* before which statement what was printed */
    uint64_t fingerprint;             /* of the file; 0: it could not be read */
    struct revision_modules modules;  /* that the revision imports */
    /*
     * What each of the statements does (seams: nothing); NULL till plan_look_at() has seen to it.
     */
    const struct sql_effect *effects;
    bool by_alembic; /* READING_PYTHON: the statements are Alembic's (run/rendering_bridge.h) */
};

/*
 * Renders a revision in the arena. context carries what earlier revisions of the same run created;
 * NULL: the revision stands alone. Never fails; rendering_clear() frees the err.
 */
void rendering_make(struct arena *a, struct alembic_project *project,
                    const struct reading_request *request, struct sql_context *context,
                    struct rendering *out);

/*
 * The same of a revision that has been read: path is that of the request, the reading's err is
 * taken over, and what is only needed meanwhile goes to scratch.
 */
void rendering_of(struct arena *a, struct arena *scratch, const char *path,
                  struct revision_reading *reading, struct sql_context *context,
                  struct rendering *out);

/* The statements of what env.py executes itself (ENV_EXECUTE), appended to out. */
bool rendering_env_step(struct arena *a, const struct alembic_project *project,
                        const struct env_step *step, struct statement_list *out, struct err *err);

void rendering_clear(struct rendering *rendering);

/* "ok", "live", "raises", "python" */
const char *rendering_status_name(enum reading_status status);

#endif
