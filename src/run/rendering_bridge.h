/* Revisions that cannot be evaluated, rendered by the project's own Alembic (run/bridge.h). */
#ifndef RUN_RENDERING_BRIDGE_H
#define RUN_RENDERING_BRIDGE_H

#include <stdbool.h>

#include "run/bridge.h"
#include "run/rendering.h"

/*
 * Blocking: puts what `alembic --sql` prints for one direction of a revision, alone, into a
 * rendering whose status is READING_PYTHON: statements, and by_alembic. The status and its reason
 * stay. False: that fails too (err); the rendering is as it was. Whoever calls this was told that
 * Python may run.
 *
 * The text is Alembic's printing, not what it would execute: a revision that asks the database is
 * answered nothing, and characters in literals may be doubled (spec of Alembic's offline mode).
 */
bool rendering_by_bridge(struct arena *a, const struct bridge_settings *settings,
                         const struct revision_header *header, enum direction direction,
                         struct rendering *rendering, struct err *err);

/* What is said wherever such statements are shown. */
extern const char rendering_by_alembic_note[];

#endif
