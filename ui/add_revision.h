/*
 * New revision files from the console: of included differences, empty ones on a head, merges. What
 * `retort revision` and `retort merge` do, by the same functions (run/draft.h); no hook of
 * alembic.ini is run.
 */
#ifndef UI_ADD_REVISION_H
#define UI_ADD_REVISION_H

#include <stdbool.h>

#include "run/draft.h"

struct arena;
struct console;
struct err;
struct session;

/*
 * Writes the file in the session's project, in the arena; bodies NULL: those of an empty revision.
 * *draft names the file as soon as it is known, also where it is refused after it was written.
 */
bool add_revision_write(struct arena *a, struct session *session,
                        const struct draft_request *request, const struct draft_bodies *bodies,
                        struct draft **draft, struct err *err);

/* "; post-write hooks that were not run: black", in the arena; "" where the project has none. */
const char *add_revision_hooks(struct arena *a, const struct session *session);

/* Reads everything again and goes to the new revision, if it was written. */
void add_revision_show(struct console *c, const struct draft *draft);

#endif
