/*
 * Who carried out each revision last, and when: from the journal in the database, or from the local
 * ones of runs on this database. What other programs did is in neither.
 */
#ifndef RUN_APPLIED_H
#define RUN_APPLIED_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/map.h"
#include "postgres/database.h"

struct arena;
struct result;

struct applied {
    const char *by; /* the operator */
    int64_t at;     /* wall clock: when the step's last statement was committed, or sent */
    bool downgrade; /* it was taken back */
    bool partial; /* only some of the step's statements are committed, and nobody has seen to it */
};

/* Reads the journal's tables in that schema, which must be there; applied_read() takes it in. */
const char *applied_sql(struct arena *a, const char *schema);

/* Puts a struct applied into the map for each revision; map and texts are in the arena. */
void applied_read(struct arena *a, const struct result *result, struct map *out);

/* Asked before each file: true ends the reading. */
typedef bool (*applied_stop_fn)(const struct map *found, void *payload);

/* The same from the local journals in a folder, newest first. */
bool applied_read_local(struct arena *a, const char *journal_dir, const struct server_info *info,
                        applied_stop_fn stop, void *payload, struct map *out, struct err *err);

/*
 * Whether the revision is half done, where the version table says that it is applied, or is not:
 * what has been completed since is not.
 */
bool applied_is_partial(const struct applied *applied, bool is_applied);

#endif
