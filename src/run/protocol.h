/*
 * What a worker and its clients say to each other: lines of JSON (run/channel.h).
 *
 * A client begins with
 *
 *   {"open": 1, "as": "steer" | "watch" | "look"}     1: PROTOCOL_VERSION
 *
 * and is answered with a line of kind "hello" (protocol_hello()): what the run is and how it
 * stands; for steer and watch also the plan (run/plan_json.h). "look" is told no more than that.
 * Then come
 *
 *   {"kind": "past", "event": {...}}   what happened before, as far as the worker remembers
 *   {"kind": "event", ...}             what happens: protocol_event()
 *   {"kind": "log", "level", "origin", "text"}
 *   {"kind": "answer", "ok": true | false, "error": {...}}    to each order, in their order
 *   {"kind": "steering", "you": bool, "anybody": bool}
 *
 * and the client may say
 *
 *   {"order": NAME, ...}   NAME of run_orders.def; refused unless the client steers
 *   {"order": "signal", "pid": PID, "how": "cancel" | "terminate"}   runner_signal()
 *   {"order": "break", "at": [step, statement], "on": bool}   a breakpoint
 *   {"order": "edit", "edit": {...}}                            run/run_edit.h
 *   {"order": "take"}      steers from now on; who did so before only watches
 *
 * A worker that could not start says {"kind": "failed", "error": {...}} instead of hello. A line
 * that is not of this form ends the connection.
 */
#ifndef RUN_PROTOCOL_H
#define RUN_PROTOCOL_H

#include <stdbool.h>

#include <jansson.h>

#include "base/err.h"
#include "base/log.h"
#include "run/runner.h"

struct arena;

enum { PROTOCOL_VERSION = 1 };

/* How a client comes. */
enum client_role {
    CLIENT_LOOKS,   /* wants to know what runs here, and goes */
    CLIENT_WATCHES, /* gets every event, gives no orders */
    CLIENT_STEERS,  /* gives orders, unless somebody else does */
};

const char *client_role_name(enum client_role role);
bool client_role_find(const char *name, enum client_role *out);

/* Errors, whole; NULL where there is none. protocol_read_err() leaves out empty for what is none.
 */
json_t *protocol_err(const struct err *err);
void protocol_read_err(const json_t *json, struct err *out);

/* "cancel", "terminate", and back. */
const char *protocol_signal(enum watcher_signal how);
bool protocol_read_signal(const char *name, enum watcher_signal *out);

/* A name of enum log_level, and back. */
const char *protocol_level(enum log_level level);
bool protocol_read_level(const char *name, enum log_level *out);

/*
 * An event. Members whose value says nothing (rows -1, no text, ...) are left out; its place in the
 * plan is given by positions:
 *
 *   kind "event", event: a name of run_events.def, state, at: [step, statement],
 *   of: the step it is about where that is not at's, statement: true where it is about one,
 *   text, rows, duration, error, on (of a breakpoint), edit (run/run_edit.h), activity
 * (run/activity_json.h), asked, differs, next, committed, in_transaction, outcome_unknown
 */
json_t *protocol_event(const struct run_event *event, const struct plan *plan);

/*
 * Reads it into out; strings are borrowed from json, err_out (which must be empty) holds its error.
 * Its activity is not read here: activity_from_json() does.
 * False for what is no event of this plan.
 */
bool protocol_read_event(const json_t *json, const struct plan *plan, struct run_event *out,
                         struct err *err_out);

/* What a question was (the member "asked"), borrowed from json; false where that is none. */
bool protocol_read_asked(const json_t *json, struct live_asked *out);

#endif
