/*
 * What the tests of the runner share: plans made by hand, and a run that is driven and listened to.
 */
#ifndef TESTS_LIVE_RUN_H
#define TESTS_LIVE_RUN_H

#include "live/live.h"

#include <string.h>

#include "base/str.h"
#include "run/runner.h"

struct run {
    struct live *live;
    struct plan *plan;
    struct runner *runner;
    struct runner_settings settings;
    struct str events;  /* one line each */
    struct str notices; /* server's notices */
    const char *activity; /* the last look, as JSON; NULL: none */
    int looks;
    struct str errors;  /* messages of failed statements, with places */
    int cut_at;         /* the event (counted from 1) at which the connection is cut; 0: none */
    int event_count;
    bool has_gate;
    struct err err; /* of runner_start() and orders */
};

/* A run without steps; in the test's arena. */
struct run *run_new(struct live *live, enum plan_scope scope);

/* A step from one revision to the next, before the start: STEP(run, "", "a", "SELECT 1", ...). SQL
 * that begins with ! runs outside of the transaction. */
void run_add_step(struct run *run, const char *from, const char *to, const char *const *sql);
#define STEP(run, from, to, ...)                                                                   \
    run_add_step(run, from, to, (const char *const[]){__VA_ARGS__, NULL})

/* Starts it, and ends it at the end of the test. run_can_start(): false with run->err. */
void run_start(struct run *run);
bool run_can_start(struct run *run);
void run_end(struct run *run);

/* Gives an order; the test fails where that is refused. */
void run_order(struct run *run, enum runner_order o);

/* Drives it: one turn; till it is in a state; till the server is at a query. The test fails when
 * that does not come. */
void run_once(struct run *run);
void run_until(struct run *run, enum runner_state state);
void run_until_on_server(struct run *run, const char *query);

/* A statement that ends once the gate is open; asked for first before the start. */
const char *run_gate(struct run *run);
void run_open_gate(struct run *run);
void run_close_gate(struct run *run);

/* Drives it till the last look has that in it. */
void run_until_seen(struct run *run, const char *part);

/* Cuts its connection. */
void run_terminate(struct run *run);

/* Holds the events since the last time against what is expected. */
void run_expect(struct run *run, const char *expected);

/* The kinds of the journal's records so far, each with a blank behind it. */
const char *run_journal_kinds(struct run *run);

/* The rows of the version table, "a,b". */
const char *run_versions(struct live *live);

static inline bool contains(const char *text, const char *part)
{
    return text && strstr(text, part) != NULL;
}

#endif
