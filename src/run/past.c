#include "config.h"

#include "run/past.h"

#include <stdint.h>
#include <string.h>

#include "base/mem.h"

enum { EVENTS_MAX = 4096, BYTES_MAX = 4 << 20 };

/* Texts and errors of a copy are its own, though an event has them as const. */
static void drop(struct past *past, struct run_event *event)
{
    struct err *err = (struct err *)(uintptr_t)event->err;
    past->bytes -= event->text ? strlen(event->text) : 0;
    mem_free((char *)(uintptr_t)event->text);
    if (err)
        err_clear(err);
    mem_free(err);
}

static const struct err *copy_err(const struct err *err)
{
    struct err *copy = mem_zalloc(sizeof(*copy));
    err_copy(copy, err);
    return copy;
}

static void make_room(struct past *past)
{
    while (past_count(past) > 0 && (past_count(past) >= EVENTS_MAX || past->bytes > BYTES_MAX))
        drop(past, &past->events.at[past->oldest++]);
    if (past->oldest < EVENTS_MAX)
        return;
    past->events.len -= past->oldest;
    memmove(past->events.at, past->events.at + past->oldest,
            past->events.len * sizeof(*past->events.at));
    past->oldest = 0;
}

void past_add(struct past *past, const struct run_event *event)
{
    struct run_event copy = *event;
    copy.activity = NULL;
    copy.asked = NULL; /* its text says it */
    copy.edit = NULL;  /* the plan that is told with it has it */
    copy.text = event->text ? mem_strdup(event->text) : NULL;
    copy.err = event->err ? copy_err(event->err) : NULL;
    past->bytes += copy.text ? strlen(copy.text) : 0;
    make_room(past);
    vec_push(NULL, &past->events, copy);
}

size_t past_count(const struct past *past)
{
    return past->events.len - past->oldest;
}

const struct run_event *past_at(const struct past *past, size_t i)
{
    return &past->events.at[past->oldest + i];
}

void past_clear(struct past *past)
{
    for (size_t i = past->oldest; i < past->events.len; i++)
        drop(past, &past->events.at[i]);
    vec_clear(&past->events);
    past->oldest = past->bytes = 0;
}
