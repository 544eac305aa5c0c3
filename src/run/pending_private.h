/* What the two files of pending share. */
#ifndef RUN_PENDING_PRIVATE_H
#define RUN_PENDING_PRIVATE_H

#include "alembic/project.h"
#include "autogenerate/compare.h"

struct arena;

/* What env.py says about the comparison; its functions are asked through the hooks. env is borrowed
 * for as long as the options are used. */
bool pending_options(struct arena *a, const struct env_options *env, struct compare_options *out,
                     struct err *err);

#endif
