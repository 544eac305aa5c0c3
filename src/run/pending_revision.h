/*
 * From pending differences to the bodies of a revision: what `revision --autogenerate` and the
 * console write.
 */
#ifndef RUN_PENDING_REVISION_H
#define RUN_PENDING_REVISION_H

#include <stdbool.h>

struct arena;
struct config;
struct differences;
struct draft_bodies;
struct err;
struct pending;

/*
 * Which differences go into a revision unless the operator says otherwise, one flag for each, in
 * the arena: all that Alembic detects, and of what is beyond it the kinds for which [retort] has
 * autogenerate_KIND = true. False: such a setting is neither true nor false.
 */
bool pending_included(struct arena *a, const struct config *config, const struct differences *all,
                      const bool **out, struct err *err);

/*
 * The bodies of upgrade() and downgrade() for those whose flag is set (NULL: all). *keep is false
 * when env.py's process_revision_directives wants no file. False: something cannot be written, or
 * what env.py does with the revision is not known.
 */
bool pending_bodies(struct arena *a, const struct pending *pending, const bool *included,
                    struct draft_bodies *out, bool *keep, struct err *err);

#endif
