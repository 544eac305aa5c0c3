#include "config.h"

#include "run/worker.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/mem.h"
#include "config/url.h"
#include "run/channel.h"
#include "run/past.h"
#include "run/plan_json.h"
#include "run/protocol.h"
#include "run/socket.h"

enum {
    CLIENTS_MAX = 16,
    ORDER_MAX_BYTES = 16 << 20, /* of a line of a client */
    LINES_AT_ONCE = 1000,       /* of a client; one that sends more is no client of ours */
    BACKLOG_MAX = 8 << 20,      /* bytes that a client has not taken, besides the greeting */
};

struct client {
    struct channel channel;
    enum client_role role;
    bool opened; /* has said what it wants */
    size_t backlog_max;
};

struct worker {
    struct runner *runner;
    struct plan *plan;
    struct runner_settings run; /* the runner's, with a log of our own */
    struct worker_settings settings;
    struct log log;
    run_event_fn on_event; /* of this process; NULL: none */
    void *payload;
    json_t *about; /* what hello says of the run, without what changes */

    int listener; /* -1: nobody can come */
    const char *run_id;
    VEC(struct client *) clients;
    struct client *steering;
    struct past past;
    int64_t waiting_since; /* for an answer that nobody can give; monotonic, 0: no */
};

/* -- telling ------------------------------------------------------------------------------------
 */

static bool is_told(const struct client *client)
{
    return client->opened && client->role != CLIENT_LOOKS && !client->channel.ended;
}

/* A client that does not read is gone: the run waits for nobody. */
static void tell_line(struct client *client, const char *line, size_t len)
{
    if (channel_backlog(&client->channel) > client->backlog_max)
        client->channel.ended = true;
    else
        channel_send_text(&client->channel, line, len);
}

static bool anybody_listens(const struct worker *w)
{
    for (size_t i = 0; i < w->clients.len; i++)
        if (is_told(w->clients.at[i]))
            return true;
    return false;
}

static void tell_all(struct worker *w, json_t *message)
{
    char *text = json_dumps(message, JSON_COMPACT);
    json_decref(message);
    for (size_t i = 0; text && i < w->clients.len; i++)
        if (is_told(w->clients.at[i]))
            tell_line(w->clients.at[i], text, strlen(text));
    free(text);
}

static void on_event(const struct run_event *event, void *payload)
{
    struct worker *w = payload;
    if (w->on_event)
        w->on_event(event, w->payload);
    if (anybody_listens(w))
        tell_all(w, protocol_event(event, w->plan));
    if (w->listener >= 0 && event->kind != RUN_EVENT_ACTIVITY) /* only the last one says anything */
        past_add(&w->past, event);
}

/* In a process of its own the log belongs to the clients, who show it or do not. */
static void on_log(enum log_level level, const char *origin, const char *text, void *payload)
{
    struct worker *w = payload;
    if (anybody_listens(w))
        tell_all(w, json_pack("{s:s, s:s, s:s, s:s}", "kind", "log", "level", protocol_level(level),
                              "origin", origin, "text", text));
}

static json_t *steering_message(const struct worker *w, const struct client *client)
{
    return json_pack("{s:s, s:b, s:b}", "kind", "steering", "you", w->steering == client, "anybody",
                     w->steering || w->on_event);
}

static void set_steering(struct worker *w, struct client *client)
{
    if (w->steering == client)
        return;
    w->steering = client;
    for (size_t i = 0; i < w->clients.len; i++)
        if (is_told(w->clients.at[i]))
            channel_send(&w->clients.at[i]->channel, steering_message(w, w->clients.at[i]));
}

/* -- greeting -----------------------------------------------------------------------------------
 */

static void set_text(json_t *o, const char *key, const char *text)
{
    json_object_set_new(o, key, text ? json_string(text) : json_null());
}

static json_t *make_about(const struct worker *w, const struct database_url *url)
{
    json_t *o = json_object();
    set_text(o, "kind", "hello");
    json_object_set_new(o, "protocol", json_integer(PROTOCOL_VERSION));
    set_text(o, "retort", PACKAGE_VERSION);
    set_text(o, "run", w->run_id);
    json_object_set_new(o, "pid", json_integer(getpid()));
    set_text(o, "operator", w->run.operator_name);
    set_text(o, "verb", plan_verb_name(w->plan->verb));
    set_text(o, "target", w->plan->target);
    set_text(o, "user", url->user);
    set_text(o, "host", url->host);
    set_text(o, "port", url->port);
    set_text(o, "database", url->database);
    set_text(o, "journal", runner_journal_path(w->runner));
    json_object_set_new(o, "foreground", json_boolean(w->on_event != NULL));
    return o;
}

static json_t *breakpoints_json(const struct runner *r)
{
    size_t count;
    const struct position *at = runner_breakpoints(r, &count);
    json_t *array = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(array, position_json(at[i]));
    return array;
}

static void greet(struct worker *w, struct client *client, bool with_plan)
{
    const struct runner *r = w->runner;
    struct err err = ERR_INIT;
    json_t *o = json_copy(w->about);
    json_t *error = protocol_err(runner_err(r));
    set_text(o, "state", runner_state_name(runner_state(r)));
    json_object_set_new(o, "next",
                        position_json((struct position){runner_step(r), runner_statement(r)}));
    json_object_set_new(o, "committed",
                        position_json((struct position){runner_committed_step(r),
                                                            runner_committed_statement(r)}));
    json_object_set_new(o, "in_transaction", json_boolean(runner_in_transaction(r)));
    json_object_set_new(o, "outcome_unknown", json_boolean(runner_outcome_unknown(r)));
    json_object_set_new(o, "breakpoints", breakpoints_json(r));
    json_object_set_new(o, "you", json_boolean(w->steering == client));
    json_object_set_new(o, "anybody", json_boolean(w->steering || w->on_event));
    if (error)
        json_object_set_new(o, "error", error);
    if (with_plan)
        json_object_set_new(o, "plan", plan_to_json(w->plan, &err));
    channel_send(&client->channel, o);
    err_clear(&err);
}

/* What happened before the client came. */
static void tell_past(struct worker *w, struct client *client)
{
    for (size_t i = 0; i < past_count(&w->past); i++)
        channel_send(&client->channel, json_pack("{s:s, s:o}", "kind", "past", "event",
                                                 protocol_event(past_at(&w->past, i), w->plan)));
}

/* From now on it is told what happens; how much it may leave untaken does not count the greeting.
 */
static void let_in(struct client *client)
{
    client->opened = true;
    client->backlog_max = channel_backlog(&client->channel) + BACKLOG_MAX;
}

/* -- what clients say ---------------------------------------------------------------------------
 */

static void answer(struct client *client, const struct err *err)
{
    json_t *o = json_pack("{s:s, s:b}", "kind", "answer", "ok", err->code == ERR_NONE);
    if (err->code != ERR_NONE)
        json_object_set_new(o, "error", protocol_err(err));
    channel_send(&client->channel, o);
}

static bool may_take(const struct worker *w, struct err *err)
{
    if (!w->on_event)
        return true;
    return err_set(err, ERR_USAGE, "the run is steered by the process that it runs in");
}

static bool take_signal(struct worker *w, const json_t *message, struct err *err)
{
    const json_t *pid = json_object_get(message, "pid");
    enum watcher_signal how;
    if (!json_is_integer(pid) ||
        !protocol_read_signal(json_string_value(json_object_get(message, "how")), &how))
        return err_set(err, ERR_USAGE, "no session and way to signal it are given");
    return runner_signal(w->runner, (int)json_integer_value(pid), how, err);
}

static bool take_break(struct worker *w, const json_t *message, struct err *err)
{
    struct position at;
    if (!position_read(json_object_get(message, "at"), &at))
        return err_set(err, ERR_USAGE, "no place for a breakpoint is given");
    return runner_break(w->runner, at, json_is_true(json_object_get(message, "on")), err);
}

static bool take_edit(struct worker *w, const json_t *message, struct err *err)
{
    struct run_edit edit;
    if (!run_edit_read(json_object_get(message, "edit"), &edit))
        return err_set(err, ERR_USAGE, "no edit is given");
    return runner_edit(w->runner, &edit, err);
}

/* Orders that say more than their name. */
static const struct {
    const char *name;
    bool (*take)(struct worker *w, const json_t *message, struct err *err);
} long_orders[] = {
    {"signal", take_signal},
    {"break", take_break},
    {"edit", take_edit},
};

enum { LONG_ORDERS = sizeof(long_orders) / sizeof(long_orders[0]) };

static bool take_order(struct worker *w, struct client *client, const json_t *message,
                       struct err *err)
{
    const char *name = json_string_value(json_object_get(message, "order"));
    enum runner_order order;
    if (str_eq(name, "take")) {
        if (!may_take(w, err))
            return false;
        client->role = CLIENT_STEERS;
        set_steering(w, client);
        return true;
    }
    size_t i = 0;
    while (i < LONG_ORDERS && !str_eq(name, long_orders[i].name))
        i++;
    if (i == LONG_ORDERS && !runner_order_find(name, &order))
        return err_set(err, ERR_USAGE, "no such order: '%s'", name);
    if (w->steering != client)
        return err_set(err, ERR_USAGE, "the run is steered by somebody else");
    return i < LONG_ORDERS ? long_orders[i].take(w, message, err)
                                  : runner_order(w->runner, order, err);
}

/* One that has gone just now does not steer any more, though it is not dropped yet. */
static bool is_steered(const struct worker *w)
{
    return w->steering && !w->steering->channel.ended;
}

/* False: it does not keep to the form. */
static bool take_open(struct worker *w, struct client *client, const json_t *message)
{
    const json_t *version = json_object_get(message, "open");
    if (!json_is_integer(version) || json_integer_value(version) != PROTOCOL_VERSION ||
        !client_role_find(json_string_value(json_object_get(message, "as")), &client->role))
        return false;
    if (client->role == CLIENT_STEERS && !is_steered(w) && !w->on_event)
        set_steering(w, client);
    greet(w, client, client->role != CLIENT_LOOKS);
    if (client->role != CLIENT_LOOKS)
        tell_past(w, client);
    let_in(client);
    return true;
}

static bool take_message(struct worker *w, struct client *client, const json_t *message)
{
    const char *order = json_string_value(json_object_get(message, "order"));
    if (!client->opened)
        return take_open(w, client, message);
    if (!order)
        return false;
    struct err err = ERR_INIT;
    take_order(w, client, message, &err);
    answer(client, &err);
    err_clear(&err);
    return true;
}

static void hear(struct worker *w, struct client *client)
{
    struct err err = ERR_INIT;
    json_t *message;
    bool fair = true;
    for (int i = 0; fair && (message = channel_receive(&client->channel, &err)); i++) {
        fair = i < LINES_AT_ONCE && take_message(w, client, message);
        json_decref(message);
    }
    if (err.code != ERR_NONE || !fair)
        client->channel.ended = true;
    err_clear(&err);
}

/* -- clients come and go ------------------------------------------------------------------------
 */

static struct client *add_client(struct worker *w, int fd)
{
    struct client *client = mem_zalloc(sizeof(*client));
    channel_open(&client->channel, fd, ORDER_MAX_BYTES);
    vec_push(NULL, &w->clients, client);
    return client;
}

void worker_add_client(struct worker *w, int fd)
{
    struct client *client = add_client(w, fd);
    client->role = CLIENT_STEERS;
    w->steering = client;
    greet(w, client, false);
    let_in(client);
}

static void accept_clients(struct worker *w)
{
    int fd;
    while (w->listener >= 0 && (fd = socket_accept(w->listener)) >= 0) {
        if (w->clients.len < CLIENTS_MAX)
            add_client(w, fd);
        else
            close(fd);
    }
}

static void drop_client(struct worker *w, size_t i)
{
    struct client *client = w->clients.at[i];
    vec_remove(&w->clients, i);
    channel_close(&client->channel);
    if (w->steering == client)
        set_steering(w, NULL);
    mem_free(client);
}

static void drop_ended(struct worker *w)
{
    for (size_t i = w->clients.len; i-- > 0;)
        if (w->clients.at[i]->channel.ended)
            drop_client(w, i);
}

/* -- nobody there -------------------------------------------------------------------------------
 */

static bool waits_for_nobody(const struct worker *w)
{
    enum runner_state state = runner_state(w->runner);
    return !w->steering && !w->on_event && (state == RUNNER_PAUSED || state == RUNNER_FAILED);
}

static int64_t detached_deadline(const struct worker *w)
{
    return w->waiting_since + w->settings.detached_timeout * 1000;
}

/* Locks are not held for an answer that nobody is there to give. */
static void watch_attendance(struct worker *w)
{
    if (!waits_for_nobody(w)) {
        w->waiting_since = 0;
        return;
    }
    int64_t now = clock_monotonic();
    if (!w->waiting_since)
        w->waiting_since = now;
    if (now < detached_deadline(w))
        return;
    char *reason = mem_printf("nobody steered it for %.1f s (detached_timeout)",
                              (double)w->settings.detached_timeout / 1000);
    runner_stop_for(w->runner, reason);
    mem_free(reason);
    runner_advance(w->runner);
}

/* -- stepping -----------------------------------------------------------------------------------
 */

size_t worker_polls(const struct worker *w, struct pollfd *polls, size_t room)
{
    size_t n = runner_polls(w->runner, polls, room);
    if (n < room)
        polls[n++] = (struct pollfd){.fd = w->listener, .events = POLLIN};
    for (size_t i = 0; i < w->clients.len && n < room; i++)
        polls[n++] = (struct pollfd){.fd = w->clients.at[i]->channel.fd,
                                     .events = channel_events(&w->clients.at[i]->channel)};
    return n;
}

int worker_timeout(const struct worker *w)
{
    int timeout = runner_timeout(w->runner);
    if (!w->waiting_since)
        return timeout;
    int64_t left = detached_deadline(w) - clock_monotonic();
    int till_then = left <= 0 ? 0 : (int)(left / 1000) + 1;
    return timeout < 0 || till_then < timeout ? till_then : timeout;
}

void worker_advance(struct worker *w)
{
    accept_clients(w);
    for (size_t i = 0; i < w->clients.len; i++)
        hear(w, w->clients.at[i]);
    runner_advance(w->runner);
    for (size_t i = 0; i < w->clients.len; i++)
        channel_flush(&w->clients.at[i]->channel);
    drop_ended(w);
    watch_attendance(w);
}

bool worker_order(struct worker *w, enum runner_order order, struct err *err)
{
    return runner_order(w->runner, order, err);
}

bool worker_break(struct worker *w, struct position at, bool on, struct err *err)
{
    return runner_break(w->runner, at, on, err);
}

bool worker_edit(struct worker *w, const struct run_edit *edit, struct err *err)
{
    return runner_edit(w->runner, edit, err);
}

bool worker_signal(struct worker *w, int pid, enum watcher_signal how, struct err *err)
{
    return runner_signal(w->runner, pid, how, err);
}

void worker_stop(struct worker *w, const char *reason)
{
    runner_stop_for(w->runner, reason);
}

/* A lost connection can be made again, as long as there is somebody to order it. */
bool worker_is_over(const struct worker *w)
{
    enum runner_state state = runner_state(w->runner);
    bool can_retry = runner_err(w->runner)->code == ERR_CONNECT && (w->steering || w->on_event);
    return state == RUNNER_DONE || (state == RUNNER_STOPPED && !can_retry);
}

bool worker_is_silent(const struct worker *w)
{
    for (size_t i = 0; i < w->clients.len; i++)
        if (channel_backlog(&w->clients.at[i]->channel) > 0)
            return false;
    return true;
}

const struct runner *worker_runner(const struct worker *w)
{
    return w->runner;
}

/* -- start and end ------------------------------------------------------------------------------
 */

static bool start_run(struct worker *w, const struct database_url *url, struct err *err)
{
    if (!runner_start(w->plan, url, &w->run, on_event, w, &w->runner, err))
        return false;
    w->run_id = runner_run_id(w->runner);
    w->about = make_about(w, url);
    if (!w->settings.socket_dir || !w->run_id ||
        socket_listen(w->settings.socket_dir, w->run_id, &w->listener, err))
        return true;
    if (!w->on_event)
        return false;
    /* It can do without: whoever started it sees it. */
    log_line(w->run.log, LOG_WARNING, "retort.run", "nobody can attach: %s", err->message);
    err_clear(err);
    return true;
}

bool worker_start(struct plan *plan, const struct database_url *url,
                  const struct worker_settings *settings, run_event_fn fn, void *payload,
                  struct worker **out, struct err *err)
{
    struct worker *w = mem_zalloc(sizeof(*w));
    w->plan = plan;
    w->settings = *settings;
    w->run = *settings->run;
    w->on_event = fn;
    w->payload = payload;
    w->listener = -1;
    w->log = (struct log){on_log, w};
    if (!fn)
        w->run.log = &w->log;
    *out = w;
    if (start_run(w, url, err))
        return true;
    worker_free(w);
    *out = NULL;
    return false;
}

void worker_free(struct worker *w)
{
    if (!w)
        return;
    if (w->listener >= 0) {
        socket_remove(w->settings.socket_dir, w->run_id);
        close(w->listener);
    }
    w->listener = -1;
    runner_free(w->runner);
    while (w->clients.len > 0)
        drop_client(w, w->clients.len - 1);
    past_clear(&w->past);
    vec_clear(&w->clients);
    json_decref(w->about);
    mem_free(w);
}
