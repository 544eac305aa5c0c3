/*
 * Who carried out which revision, and when: what the reader found in the database's journal, and
 * for what is not there the local journals, read on a thread of its own.
 *
 * The loop polls history_fd() and calls history_advance().
 */
#ifndef UI_HISTORY_H
#define UI_HISTORY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/map.h"
#include "postgres/database.h"
#include "run/applied.h"

struct background;
struct history_work;

struct history {
    struct arena *arena; /* of what was found; NULL: nothing */
    struct map local;    /* struct applied by revision */
    struct background *thread;
    struct history_work *work;
};

/*
 * Reads the newest local journals till each of the revisions in `missing` is found. What is given
 * is copied; the folder is borrowed till history_stop().
 */
void history_start(struct history *history, const char *journal_dir, const struct server_info *info,
                   const struct name_list *missing);

int history_fd(const struct history *history); /* -1: nothing is being read */
/* True when the reading has ended. */
bool history_advance(struct history *history);
/* Ends the reading, waiting for its thread, and forgets. */
void history_stop(struct history *history);

#endif
