/*
 * A program that is run beside retort: in a session of its own and without a terminal, so that it
 * can neither ask nor be reached by what is typed; watched through descriptors, and never left
 * behind.
 *
 * A state machine that never waits: poll child_polls(), call child_advance(). Standard output and
 * error come through one pipe, in the order in which they were written. The channel is a socket on
 * descriptor 3: what it is given stands in `input` (an argument could be seen by everybody), and
 * what it writes there is kept as `answer`.
 */
#ifndef RUN_CHILD_H
#define RUN_CHILD_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

struct child;

enum { CHILD_CHANNEL = 3, CHILD_POLLS = 2 };

/* A line that it printed, without the line's end; bytes as they came. Borrowed for the call. */
typedef void (*child_line_fn)(const char *line, size_t len, void *payload);

struct child_request {
    const char *const *argv;     /* argv[0] is an absolute path; ended by NULL */
    const char *const *environ_; /* all of its environment; ended by NULL */
    const char *cwd;             /* NULL: as it is here */
    const char *input;           /* what the channel holds for it; NULL: there is no channel */
    int64_t time_limit;          /* milliseconds; 0: none */
    size_t output_limit;         /* bytes that it may print; 0: any number */
    child_line_fn on_line;       /* NULL: its output goes nowhere */
    void *payload;
};

/* How it ended. */
enum child_end {
    CHILD_RUNNING,
    CHILD_EXITED,
    CHILD_SIGNALLED, /* by others, or by itself */
    CHILD_CANCELLED, /* child_cancel() */
    CHILD_TIMED_OUT,
    CHILD_TOO_LOUD,  /* output_limit */
};

/* Starts it; the request's strings are borrowed for the call. False: ERR_IO. */
bool child_start(const struct child_request *request, struct child **out, struct err *err);

/* What to wait for, at most room of CHILD_POLLS; and how long at most, in milliseconds. */
size_t child_polls(const struct child *child, struct pollfd *polls, size_t room);
int child_timeout(const struct child *child);

/* Goes on as far as possible without waiting; CHILD_RUNNING while it runs. */
enum child_end child_advance(struct child *child);

/*
 * Ends it and all processes of its session's group: SIGINT, after a pause SIGTERM, after another
 * SIGKILL. Once it was called, each further call passes over to the next of the three.
 */
void child_cancel(struct child *child);

int child_pid(const struct child *child);
/* The exit status (CHILD_EXITED) or the signal; what it wrote to the channel so far. */
int child_status(const struct child *child);
const struct str *child_answer(const struct child *child);

/* Kills what still runs, waits for that, frees; NULL is fine. */
void child_free(struct child *child);

#endif
