/*
 * Plan files: a plan (plan_json.h) kept for later, to be read, edited and run. With a digest, so
 * that a file that was cut off or changed by other means is known; it is no signature.
 */
#ifndef RUN_PLAN_FILE_H
#define RUN_PLAN_FILE_H

#include <stdbool.h>

#include "base/err.h"
#include "run/plan.h"

struct arena;

/*
 * Writes the file atomically, mode 0600: statements may hold what is not for everybody. With
 * replace false a file that is there is an error and stays.
 */
bool plan_file_write(const struct plan *plan, const char *path, bool replace, struct err *err);

/*
 * Reads it, with the effects of the statements found again. ERR_IO with the path when it cannot be
 * read, is no plan or is damaged. Free with plan_clear().
 */
bool plan_file_read(struct arena *a, const char *path, const struct graph *graph,
                    struct plan **out, struct err *err);

#endif
