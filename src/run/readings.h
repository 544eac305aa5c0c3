/*
 * The readings of many revisions, in order, with several threads at work ahead of who takes them.
 * Each is the same as if it had been read alone (revision_reader_read()).
 */
#ifndef RUN_READINGS_H
#define RUN_READINGS_H

#include <stdbool.h>
#include <stddef.h>

#include "alembic/revision.h"

struct alembic_project;

/*
 * Takes the i-th reading, which is gone afterwards, but for its err, if that is moved. False: stop.
 */
typedef bool (*readings_take_fn)(size_t i, struct revision_reading *reading, void *payload);

/*
 * Reads what is requested and gives it to take(), one after the other and on the calling thread.
 * False when take() was.
 */
bool readings_each(struct alembic_project *project, const struct reading_request *requests,
                   size_t count, readings_take_fn take, void *payload);

#endif
