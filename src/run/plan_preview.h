/*
 * Steps of a plan that ask the database: a preview (run/preview.h) answers them. It is opened for
 * the first such step, and sees what the steps before it will have done. A plan without such steps
 * opens none.
 */
#ifndef RUN_PLAN_PREVIEW_H
#define RUN_PLAN_PREVIEW_H

#include <stdbool.h>
#include <stddef.h>

#include "run/plan.h"
#include "run/preview.h"

struct connection;

struct plan_previewer {
    struct arena *arena; /* of the plan */
    struct alembic_project *project;
    const struct preview_source *source;    /* NULL: there is no database to ask */
    const struct version_table *table;      /* that the run creates; NULL: it is there */
    struct name_list settings;              /* what env.py sets before it runs the migrations */
    const struct reading_request *requests; /* of the steps, in order */
    size_t followed;                        /* those whose effects the preview knows */
    struct connection *conn;
    struct preview *preview; /* NULL: not needed so far */
    struct preview_counts asked_before; /* of the statements of the last step */
};

/* Whether step's direction, read without a database, has to be previewed. */
bool plan_previewer_wants(const struct plan_previewer *previewer,
                          const struct revision_reading *reading);

/*
 * Makes the rendering of the i-th step, and all that plan_step keeps of a live one but its
 * statements (plan_preview_number()); scratch is for what is only needed meanwhile. A direction
 * that turns out to do the same without asking is an ordinary one. False: the database cannot be
 * asked.
 */
bool plan_preview_step(struct plan_previewer *previewer, size_t i, struct revision_reading *reading,
                       struct arena *scratch, struct sql_context *context, struct plan_step *step,
                       struct err *err);

/* Says of each statement of that step how many questions came before it. */
void plan_preview_number(const struct plan_previewer *previewer, struct plan_step *step);

/*
 * One direction of one revision alone, on the database as it is now: status, statements and
 * questions as in a step of a plan, without version rows. Free step->rendering with
 * rendering_clear(), also after false, which is when the database cannot be asked.
 */
bool plan_preview_alone(struct arena *a, struct alembic_project *project,
                        const struct preview_source *source, const struct reading_request *request,
                        struct plan_step *step, struct err *err);

/* Ends the preview, and disconnects. */
void plan_previewer_close(struct plan_previewer *previewer);

#endif
