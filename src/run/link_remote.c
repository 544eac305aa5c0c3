/* The link to a run in another process: what its worker says becomes events and the mirror. */
#include "config.h"

#include <poll.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"
#include "run/activity_json.h"
#include "run/journal_read.h"
#include "run/link_private.h"
#include "run/plan.h"
#include "run/plan_json.h"
#include "run/socket.h"

enum {
    LINE_MAX_BYTES = 1 << 30, /* a plan is one line */
    GREETING = 10000000,      /* microseconds till a worker must have said hello */
    GLANCE = 1000000,         /* the same for one who only looks: it may be stopped */
};

/* -- the greeting -------------------------------------------------------------------------------
 */

static const char *text_of(const json_t *o, const char *key)
{
    return json_string_value(json_object_get(o, key));
}

static void read_breakpoints(struct link *link, const json_t *list)
{
    size_t i;
    const json_t *value;
    struct position at;
    link->breakpoints.len = 0;
    json_array_foreach(list, i, value)
        if (position_read(value, &at))
            vec_push(link->arena, &link->breakpoints, at);
}

static bool read_mirror(struct link *link, const json_t *hello)
{
    struct err err = ERR_INIT;
    if (!runner_state_find(text_of(hello, "state"), &link->state) ||
        !position_read(json_object_get(hello, "next"), &link->next) ||
        !position_read(json_object_get(hello, "committed"), &link->committed))
        return false;
    link->in_transaction = json_is_true(json_object_get(hello, "in_transaction"));
    read_breakpoints(link, json_object_get(hello, "breakpoints"));
    link->outcome_unknown = json_is_true(json_object_get(hello, "outcome_unknown"));
    link->steers = json_is_true(json_object_get(hello, "you"));
    link->is_steered = json_is_true(json_object_get(hello, "anybody"));
    link->ended = link->state == RUNNER_DONE || link->state == RUNNER_STOPPED;
    protocol_read_err(json_object_get(hello, "error"), &err);
    err_move(&link->err, &err);
    return true;
}

static bool bad_greeting(struct err *err)
{
    err_set(err, ERR_IO, "the worker's greeting is not understood");
    return err_hint(err, "another version of retort runs it");
}

static bool take_hello(struct link *link, const json_t *hello, struct err *err)
{
    if (json_integer_value(json_object_get(hello, "protocol")) != PROTOCOL_VERSION ||
        !text_of(hello, "run") || !read_mirror(link, hello))
        return bad_greeting(err);
    const json_t *plan = json_object_get(hello, "plan");
    if (!link->plan && !plan)
        return bad_greeting(err);
    if (!link->plan && !plan_from_json(link->arena, plan, link->graph, &link->own_plan, err))
        return false;
    if (!link->plan)
        link->plan = link->own_plan;
    json_decref(link->hello);
    link->hello = json_copy((json_t *)(uintptr_t)hello); /* shallow; takes no const */
    json_object_del(link->hello, "plan");
    link->run_id = arena_strdup(link->arena, text_of(hello, "run"));
    link->journal = arena_strdup(link->arena, text_of(hello, "journal"));
    return true;
}

/* The first line, waited for. */
static json_t *first_message(struct link *link, struct err *err)
{
    int64_t till = clock_monotonic() + (link->role == CLIENT_LOOKS ? GLANCE : GREETING);
    json_t *message = NULL;
    while (!message && err->code == ERR_NONE && !link->channel.ended && clock_monotonic() < till) {
        struct pollfd pfd = {.fd = link->channel.fd, .events = channel_events(&link->channel)};
        poll(&pfd, 1, 100);
        channel_flush(&link->channel);
        message = channel_receive(&link->channel, err);
    }
    if (!message && err->code == ERR_NONE)
        err_set(err, ERR_IO,
                link->channel.ended ? "the worker ended without a word"
                                    : "the worker does not answer");
    return message;
}

bool remote_begin(struct link *link, int fd, struct err *err)
{
    if (link->channel.fd < 0)
        channel_open(&link->channel, fd, LINE_MAX_BYTES);
    json_t *message = first_message(link, err);
    if (!message)
        return false;
    bool ok = str_eq(text_of(message, "kind"), "hello");
    if (ok)
        ok = take_hello(link, message, err);
    else if (str_eq(text_of(message, "kind"), "failed"))
        protocol_read_err(json_object_get(message, "error"), err);
    if (!ok && err->code == ERR_NONE)
        bad_greeting(err);
    json_decref(message);
    return ok;
}

static void say_open(struct link *link, int fd)
{
    channel_open(&link->channel, fd, LINE_MAX_BYTES);
    channel_send(&link->channel, json_pack("{s:i, s:s}", "open", PROTOCOL_VERSION, "as",
                                           client_role_name(link->role)));
}

bool remote_open(struct link *link, int fd, struct err *err)
{
    say_open(link, fd);
    return remote_begin(link, fd, err);
}

bool link_attach(const char *socket_dir, const char *run, enum client_role role,
                 const struct graph *graph, const struct log *log, run_event_fn on_event,
                 void *payload, struct link **out, struct err *err)
{
    int fd;
    *out = NULL;
    if (!socket_connect(socket_dir, run, &fd, err))
        return false;
    struct link *link = link_new(on_event, payload);
    link->socket_dir = arena_strdup(link->arena, socket_dir);
    link->role = role;
    link->graph = graph;
    link->log = log;
    if (!remote_open(link, fd, err)) {
        link_free(link);
        return false;
    }
    *out = link;
    return true;
}

/* -- messages -----------------------------------------------------------------------------------
 */

static void take_event(struct link *link, const json_t *message, bool past)
{
    const json_t *seen = json_object_get(message, "activity");
    const json_t *edited = json_object_get(message, "edit");
    struct run_edit edit;
    struct live_asked asked;
    struct run_event event;
    struct activity activity;
    struct arena *a = arena_new();
    struct err err = ERR_INIT;
    bool is_edit = run_edit_read(edited, &edit);
    if (is_edit && !past && !link_take_edit(link, &edit)) {
        link->channel.ended = true; /* the mirror would show another plan than what runs */
        link->socket_dir = NULL;
        arena_free(a);
        return;
    }
    if (message && protocol_read_event(message, link->plan, &event, &err)) {
        event.past = past;
        event.edit = is_edit ? &edit : NULL;
        event.asked =
            protocol_read_asked(json_object_get(message, "asked"), &asked) ? &asked : NULL;
        if (seen) {
            activity_from_json(a, seen, &activity);
            event.activity = &activity;
        }
        link_take_event(&event, link);
    }
    err_clear(&err);
    arena_free(a);
}

static void take_answer(struct link *link, const json_t *message)
{
    struct err err = ERR_INIT;
    if (link->unanswered > 0)
        link->unanswered--;
    protocol_read_err(json_object_get(message, "error"), &err);
    if (err.code != ERR_NONE)
        link_tell(link, RUN_EVENT_REFUSED, &err);
    err_clear(&err);
}

static void take_log(struct link *link, const json_t *message)
{
    enum log_level level;
    const char *origin = text_of(message, "origin"), *text = text_of(message, "text");
    if (origin && text && protocol_read_level(text_of(message, "level"), &level))
        log_line(link->log, level, origin, "%s", text);
}

static void take_steering(struct link *link, const json_t *message)
{
    link->steers = json_is_true(json_object_get(message, "you"));
    link->is_steered = json_is_true(json_object_get(message, "anybody"));
    link_tell(link, RUN_EVENT_STEERING, NULL);
}

static void take_message(struct link *link, const json_t *message)
{
    const char *kind = text_of(message, "kind");
    struct err err = ERR_INIT;
    if (str_eq(kind, "event"))
        take_event(link, message, false);
    else if (str_eq(kind, "past"))
        take_event(link, json_object_get(message, "event"), true);
    else if (str_eq(kind, "answer"))
        take_answer(link, message);
    else if (str_eq(kind, "log"))
        take_log(link, message);
    else if (str_eq(kind, "steering"))
        take_steering(link, message);
    else if (str_eq(kind, "hello") && take_hello(link, message, &err))
        link_tell(link, RUN_EVENT_STEERING, NULL); /* come back */
    err_clear(&err);
}

/* -- the worker is gone, or has dropped us ------------------------------------------------------
 */

/* A client that was stopped for long (Ctrl-Z) did not read, and was dropped: it comes back. */
static bool come_back(struct link *link)
{
    struct err ignored = ERR_INIT;
    int fd;
    if (!link->socket_dir || !socket_connect(link->socket_dir, link->run_id, &fd, &ignored)) {
        err_clear(&ignored);
        return false;
    }
    channel_close(&link->channel);
    link->unanswered = 0;
    say_open(link, fd);
    return true;
}

/* The run came to its end while nobody listened here: the journal says how. */
static bool has_ended_meanwhile(struct link *link)
{
    struct err err = ERR_INIT;
    json_t *last = link->journal ? journal_read_last(link->journal) : NULL;
    bool ended = str_eq(journal_text(last, "kind", NULL), "end");
    bool done = ended && str_eq(journal_text(last, "state", NULL), "done");
    if (ended && position_read(json_object_get(last, "committed"), &link->committed)) {
        link->next = link->committed;
        link->in_transaction = link->outcome_unknown = false;
        link->state = done ? RUNNER_DONE : RUNNER_STOPPED;
        if (!done) {
            err_set(&err, ERR_CANCELLED, "%s", journal_text(last, "message", "stopped"));
            err_hint(&err, "retort runs %s tells all of it", link->run_id);
        }
        link_tell(link, RUN_EVENT_STATE, done ? NULL : &err);
        link_tell(link, done ? RUN_EVENT_DONE : RUN_EVENT_STOPPED, done ? NULL : &err);
    }
    err_clear(&err);
    json_decref(last);
    return link->ended;
}

static void lose(struct link *link)
{
    struct err err = ERR_INIT;
    link->unanswered = 0;
    if (link->ended || has_ended_meanwhile(link))
        return;
    err_set(&err, ERR_IO, "the process of run %s is gone", link->run_id);
    err_hint(&err, "retort resume says what it left");
    link->state = RUNNER_STOPPED;
    link->outcome_unknown = true;
    link->in_transaction = false;
    link_tell(link, RUN_EVENT_STOPPED, &err);
    err_clear(&err);
}

void remote_advance(struct link *link)
{
    struct err err = ERR_INIT;
    json_t *message;
    if (link->channel.fd < 0)
        return;
    channel_flush(&link->channel);
    while ((message = channel_receive(&link->channel, &err))) {
        take_message(link, message);
        json_decref(message);
    }
    if (err.code != ERR_NONE)
        link->channel.ended = true;
    err_clear(&err);
    if (link->channel.ended && (link->ended || !come_back(link))) {
        lose(link);
        channel_close(&link->channel);
    }
}

bool remote_order(struct link *link, json_t *order, struct err *err)
{
    if (link->channel.ended) {
        json_decref(order);
        return err_set(err, ERR_USAGE, "the run is %s", runner_state_words(link->state));
    }
    channel_send(&link->channel, order);
    link->unanswered++;
    return true;
}

/* -- looking ------------------------------------------------------------------------------------
 */

static const char *kept(struct arena *a, const json_t *hello, const char *key)
{
    return arena_strdup(a, text_of(hello, key));
}

static struct link_sight sight_of(struct arena *a, const struct link *link)
{
    const json_t *h = link->hello;
    return (struct link_sight){
        .run = kept(a, h, "run"),
        .operator_name = kept(a, h, "operator"),
        .verb = kept(a, h, "verb"),
        .target = kept(a, h, "target"),
        .user = kept(a, h, "user"),
        .host = kept(a, h, "host"),
        .port = kept(a, h, "port"),
        .database = kept(a, h, "database"),
        .pid = (int)json_integer_value(json_object_get(h, "pid")),
        .state = link->state,
        .is_steered = link->is_steered,
        .is_foreground = json_is_true(json_object_get(h, "foreground")),
    };
}

/* What cannot be connected to, or does not answer, is no run to be seen. */
static void look_at(struct arena *a, const char *socket_dir, const char *run,
                    struct link_sights *out)
{
    int fd;
    struct err ignored = ERR_INIT;
    struct plan none = {0};
    if (socket_connect(socket_dir, run, &fd, &ignored)) {
        struct link *link = link_new(NULL, NULL);
        link->plan = &none; /* not asked for */
        link->role = CLIENT_LOOKS;
        if (remote_open(link, fd, &ignored))
            vec_push(a, out, sight_of(a, link));
        link_free(link);
    }
    err_clear(&ignored);
}

bool link_look(struct arena *a, const char *socket_dir, struct link_sights *out, struct err *err)
{
    struct path_list runs;
    *out = (struct link_sights){0};
    if (!socket_list(a, socket_dir, &runs, err))
        return false;
    for (size_t i = 0; i < runs.len; i++)
        look_at(a, socket_dir, runs.at[i], out);
    return true;
}
