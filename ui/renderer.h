/*
 * Renders revisions for the panes, on a thread, one after the other: a revision may compute for a
 * second before it comes to a limit, and no key waits for that. Most take less than a millisecond,
 * so that a little patience shows them at once and nothing flickers.
 *
 * The loop polls renderer_fd() and calls renderer_advance().
 */
#ifndef UI_RENDERER_H
#define UI_RENDERER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/vec.h"
#include "revision/graph.h"

struct background;
struct renderer_work;
struct rendering;
struct session;
struct ui_options;

struct wanted_rendering {
    char *id, *path;
    enum direction direction;
};

struct renderer {
    const struct ui_options *options;
    struct background *thread;  /* NULL: nothing is being rendered */
    struct renderer_work *work; /* what the thread makes */
    struct session *working_for; /* whose rendering that is; a use of it */
    bool is_wanted;    /* since the last frame began */
    bool is_cancelled; /* nobody wanted it any more */
    struct session *session;     /* a use of it: whose revisions are wanted; NULL: none are */
    VEC(struct wanted_rendering) wanted; /* in the order in which they were asked for */
    bool has_missed;   /* a pane was gathered without what it wanted, and may show so still */
    bool is_late;      /* and then it came */
    int64_t patience; /* microseconds that are left of what the frame may wait */
    int64_t started;  /* monotonic, of the one being rendered */
};

/* The panes are gathered for a new frame: what was wanted for the last one is not any more. */
void renderer_begin_frame(struct renderer *renderer);

/* The rendering, or NULL: it will come. */
const struct rendering *renderer_get(struct renderer *renderer, struct session *session,
                                     const struct revision *revision, enum direction direction);

int renderer_fd(const struct renderer *renderer); /* readable when there is news; -1: nothing */
bool renderer_is_busy(const struct renderer *renderer);

/* Takes in what has come. */
void renderer_advance(struct renderer *renderer);

/* Whether panes are to be gathered again, since a rendering came that one of them did without. */
bool renderer_was_late(struct renderer *renderer);

/* Gives up, without waiting. */
void renderer_stop(struct renderer *renderer);

#endif
