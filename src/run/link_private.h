/*
 * What the files of the link share. Nobody else includes this.
 *
 *   link.c         the mirror, a run in this process, driving
 *   link_remote.c  a run behind a socket
 */
#ifndef RUN_LINK_PRIVATE_H
#define RUN_LINK_PRIVATE_H

#include "run/channel.h"
#include "run/link.h"

struct link {
    struct arena *arena;
    struct plan *plan;
    struct plan *own_plan; /* one that came over the socket */
    run_event_fn on_event;
    void *payload;
    const struct log *log;

    struct worker *here; /* NULL: behind the socket */
    struct channel channel;
    const char *socket_dir;   /* to come back to it; NULL: no way */
    const struct graph *graph; /* for a plan that comes over the socket */
    enum client_role role;
    json_t *hello;
    size_t unanswered; /* orders */
    bool steers, is_steered;

    /* The mirror. */
    enum runner_state state;
    struct position next, committed;
    VEC(struct position) breakpoints;
    bool in_transaction, outcome_unknown;
    bool ended; /* DONE or STOPPED was told, which is after its last record in the journal */
    struct err err;
    const char *run_id, *journal;
};

struct link *link_new(run_event_fn on_event, void *payload);

/* Brings the mirror up to date and passes the event on. */
void link_take_event(const struct run_event *event, void *payload);

/* Edits the mirror's plan as the run's was. False: this is no edit of this plan. */
bool link_take_edit(struct link *link, const struct run_edit *edit);

/* Tells an event that is the link's own: REFUSED, STEERING, STOPPED. */
void link_tell(struct link *link, enum run_event_kind kind, const struct err *err);

/* -- link_remote.c ----------------------------------------------------------------------------- */

/* Takes over the socket and waits for the greeting. */
bool remote_begin(struct link *link, int fd, struct err *err);
/* Says what the client wants; then as above. */
bool remote_open(struct link *link, int fd, struct err *err);
void remote_advance(struct link *link);
/* Sends an order (stolen) that run/protocol.h has. */
bool remote_order(struct link *link, json_t *order, struct err *err);

#endif
