/*
 * Lines of JSON over a stream socket, both ways, never waiting: what a worker and its clients talk
 * through.
 *
 * What is sent is kept till the other end takes it. One who does not read is found out by
 * channel_backlog(); one who sends what is no JSON object, or a line without end, is an error.
 */
#ifndef RUN_CHANNEL_H
#define RUN_CHANNEL_H

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

#include "base/err.h"
#include "base/str.h"

struct channel {
    int fd; /* owned; -1: closed */
    struct str in, out;
    size_t taken; /* bytes of in that were given out */
    size_t sent;  /* bytes of out that are gone */
    size_t line_max;
    bool ended; /* the other end has closed, or is gone */
};

/* Takes over the socket, which becomes non-blocking. line_max: bytes of a line of the other end. */
void channel_open(struct channel *channel, int fd, size_t line_max);
void channel_close(struct channel *channel); /* closing a closed one is fine */

/* Queues one object (stolen), or a line of JSON without its line end, and sends what can be sent.
 */
void channel_send(struct channel *channel, json_t *message);
void channel_send_text(struct channel *channel, const char *line, size_t len);

/* Sends what can be sent without waiting. */
void channel_flush(struct channel *channel);
/* Bytes that the other end has not taken yet. */
size_t channel_backlog(const struct channel *channel);

/*
 * The next object, owned by the caller; NULL without err: there is none yet, or the other end has
 * ended. NULL with err: the other end does not keep to the form.
 */
json_t *channel_receive(struct channel *channel, struct err *err);

/* For poll(). */
short channel_events(const struct channel *channel);

#endif
